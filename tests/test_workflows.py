"""The workflow that reviews pull requests: its own script, with a stand-in for GitHub's client."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from vkm_manifests.review.as_markdown import MARK

# Notes what it is asked, and answers with the comments that there are.
GH = """#!/bin/sh
printf '%s\\n' "$*" >> calls
case "$*" in *--paginate*) cat comments ;; esac
"""
COMMENTS = "repos/o/r/issues/7/comments"


def workflow() -> dict[Any, Any]:
    found = yaml.safe_load((ROOT / ".github/workflows/review.yml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def run_of(job: str, name: str) -> str:
    (script,) = (step["run"] for step in workflow()["jobs"][job]["steps"] if step.get("name", "").startswith(name))
    assert isinstance(script, str)
    return script


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        ("", f"api --method POST {COMMENTS} --field body=@review.md --silent"),
        ("https://x/9\nhttps://x/12\n", "api --method PATCH https://x/9 --field body=@review.md --silent"),
    ],
)
def test_there_is_one_comment(tmp_path: Path, there: str, asked: str) -> None:
    (tmp_path / "gh").write_text(GH, encoding="utf-8")
    (tmp_path / "gh").chmod(0o755)
    (tmp_path / "comments").write_text(there, encoding="utf-8")
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "COMMENTS": COMMENTS, "GH_TOKEN": "x"}
    script = run_of("comment", "Write the comment")
    subprocess.run(["bash", "-e", "-c", script], cwd=tmp_path, env=environment, check=True)
    first, last = (tmp_path / "calls").read_text(encoding="utf-8").splitlines()
    assert first.startswith(f"api --paginate {COMMENTS} --jq ")
    assert last == asked


def test_the_comment_is_found_by_the_mark_of_the_review() -> None:
    assert f'startswith("{MARK}")' in run_of("comment", "Write the comment")


@pytest.mark.parametrize(("code", "written"), [(0, "## What"), (2, "")])
def test_a_review_that_fails_fails_its_step(tmp_path: Path, code: int, written: str) -> None:
    """Else an empty review would be posted as one that found nothing."""
    vkm = tmp_path / "new/.venv/bin/vkm"
    vkm.parent.mkdir(parents=True)
    vkm.write_text(f"#!/bin/sh\nprintf '%s' '{written}'\nexit {code}\n", encoding="utf-8")
    vkm.chmod(0o755)
    (script,) = (step["run"] for step in workflow()["jobs"]["review"]["steps"] if step.get("id") == "review")
    environment = {"PATH": os.environ["PATH"], "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")}
    shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(shell, cwd=tmp_path, env=environment, check=False)
    assert done.returncode == code
    if code == 0:
        assert (tmp_path / "review.md").read_text(encoding="utf-8") == written
        assert (tmp_path / "summary").read_text(encoding="utf-8") == written
    assert workflow()["defaults"]["run"]["shell"] == "bash", "which GitHub runs with these options"


def test_the_base_is_what_the_pull_request_is_merged_into() -> None:
    steps = workflow()["jobs"]["review"]["steps"]
    assert [step["with"]["fetch-depth"] for step in steps if "checkout" in step.get("uses", "")] == [2]
    assert "git -C new worktree add ../old HEAD^1" in [step.get("run") for step in steps]


def test_what_runs_the_pull_requests_code_may_write_nothing() -> None:
    found = workflow()
    assert found["permissions"] == {"contents": "read"}
    assert "permissions" not in found["jobs"]["review"]
    for step in found["jobs"]["review"]["steps"]:
        if "checkout" in step.get("uses", ""):
            assert step["with"]["persist-credentials"] is False
    assert not any("checkout" in step.get("uses", "") for step in found["jobs"]["comment"]["steps"])


def test_it_fails_on_what_is_replaced_and_worse_unless_a_label_says_that_it_is_meant() -> None:
    (step,) = (step for step in workflow()["jobs"]["review"]["steps"] if "--fail-on" in step.get("run", ""))
    assert step["run"].endswith(" --fail-on replace")
    assert "'risk is meant'" in step["if"]
    assert {"labeled", "unlabeled"} <= set(workflow()[True]["pull_request"]["types"])
