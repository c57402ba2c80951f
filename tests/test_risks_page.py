"""The page about the risks says what they say."""

from tests.conftest import ROOT
from tests.risks_page import PAGE, render
from vkm_manifests.review import MEANINGS


def test_the_page_is_what_the_risks_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "make docs"


def test_the_page_about_reviews_lists_the_levels_the_worst_first() -> None:
    table = "\n".join(f"| {level} | {meaning} |" for level, meaning in MEANINGS.items())
    assert f"| risk | what it means |\n|---|---|\n{table}\n" in (ROOT / "docs/review.md").read_text(encoding="utf-8")
