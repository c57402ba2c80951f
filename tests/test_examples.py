"""Examples do what they say, and the README shows them as they are."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

EXAMPLES = sorted((ROOT / "examples").glob("*.py"))


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
