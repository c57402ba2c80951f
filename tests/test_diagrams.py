"""The pictures in the documentation are those of the committed manifests."""

import pytest

from tests.conftest import ROOT
from tests.diagrams import FOLDER, PAGE, texts


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    return {str(file.relative_to(ROOT)): text for file, text in texts().items()}


def test_the_page_and_its_pictures_are_current(drawn: dict[str, str]) -> None:
    committed = {name: (ROOT / name).read_text(encoding="utf-8") for name in drawn if (ROOT / name).exists()}
    stale = [name for name, text in drawn.items() if committed.get(name) != text]
    assert not stale, "python -m tests.diagrams"


def test_there_is_no_picture_that_nobody_makes(drawn: dict[str, str]) -> None:
    assert {str(file.relative_to(ROOT)) for file in (PAGE, *FOLDER.iterdir())} == set(drawn)
