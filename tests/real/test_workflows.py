"""actionlint passes on every workflow, with shellcheck on their scripts."""

import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.real.conftest import tool

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))


def actionlint(text: str) -> str:
    """What it finds; empty where it passes."""
    command = [tool("actionlint"), f"-shellcheck={tool('shellcheck')}", "-no-color", "-oneline", "-"]
    done = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.stem)
def test_a_workflow_passes(workflow: Path) -> None:
    assert actionlint(workflow.read_text(encoding="utf-8")) == ""


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("steps.review.outcome", "steps.reviw.outcome", "reviw"),
        ('"$COMMENTS" --field', "$COMMENTS --field", "SC2086"),
        ("needs: review\n", "needs: nothing\n", "nothing"),
    ],
)
def test_a_mistake_is_found(old: str, new: str, found: str) -> None:
    text = (ROOT / ".github/workflows/review.yml").read_text(encoding="utf-8")
    assert old in text
    assert found in actionlint(text.replace(old, new))
