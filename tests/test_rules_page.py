"""The page of the rules says what the rules say."""

from tests.rules_page import PAGE, render


def test_the_page_is_what_the_rules_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "make docs"
