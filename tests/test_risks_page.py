"""The page about the risks says what they say."""

from tests.risks_page import PAGE, render


def test_the_page_is_what_the_risks_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "make docs"
