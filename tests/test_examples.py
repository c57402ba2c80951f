"""Examples do what they say, and the README shows them as they are."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.conftest import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
PROJECT = ROOT / "examples/project"
TESTING = (ROOT / "docs/testing.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_runs(example: Path, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, str(example)], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert done.stderr.splitlines()[-1].endswith("s: dist/")
    assert len(done.stderr.splitlines()) == 1, "no banner, no warning"
    assert list((tmp_path / "dist").glob("*.k8s.yaml"))
    if example.name == "notes.py":
        objects = done.stderr.partition("charts, ")[2].partition(",")[0]
        assert f"It makes {objects}:" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_shows_the_example() -> None:
    code = (ROOT / "examples/notes.py").read_text(encoding="utf-8").partition('"""\n\n')[2]
    assert f"```python\n{code}```" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_readme_shows_the_error(tmp_path: Path) -> None:
    code = (ROOT / "examples/notes.py").read_text(encoding="utf-8")
    (tmp_path / "app.py").write_text(code.replace(', "root-password"', ""), encoding="utf-8")
    done = subprocess.run([sys.executable, "app.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"```\n{done.stderr}```" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert not (tmp_path / "dist").exists()


def test_the_projects_tests_name_what_has_changed(tmp_path: Path) -> None:
    """One run shows both: it is the only object that differs from the snapshots, and the other tests pass.

    Others differ, too? Then the constructs make something else now: `pytest --snapshot-update` in examples/project.
    """
    project = tmp_path / "project"
    shutil.copytree(PROJECT, project, ignore=shutil.ignore_patterns("__pycache__", ".*_cache"))
    chart = project / "guestbook.py"
    chart.write_text(chart.read_text(encoding="utf-8").replace("replicas: int = 2", "replicas: int = 3"), "utf-8")
    command = [sys.executable, "-m", "pytest", "-W", "error", "-p", "no:cacheprovider"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert "1 failed, 2 passed" in done.stdout, done.stdout + done.stderr
    said = "\n".join(re.findall(r"^E {7}(.*)$", done.stdout, re.MULTILINE))
    assert f"```\n{said}\n```" in TESTING


def test_the_page_shows_the_project() -> None:
    shown = re.findall(r"^```python\n(.*?)^```$", TESTING, re.MULTILINE | re.DOTALL)
    files = [PROJECT / "tests/conftest.py", PROJECT / "tests/test_guestbook.py"]
    assert shown == [file.read_text(encoding="utf-8").partition('"""\n\n')[2] for file in files]


def test_the_page_installs_an_extra_that_there_is() -> None:
    asked = re.findall(r"vkm-constructs\[(\w+)\]", TESTING + (PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(asked) == {"pytest"} <= project["optional-dependencies"].keys()
