"""The pages say what the manifests say. `python -m tests.test_docs` brings their tables up to date."""

import ast
import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pytest
import yaml

from charts.environment import Environment
from main import vkm
from tests.conftest import ROOT, Manifest
from tests.pages import OPERATIONS, PAGES, anchors, blocks, prose
from vkm_constructs import App
from vkm_manifests.command import vkm as vkm_command

PAGED = [page.stem for page in PAGES if page.parent.name == "charts"]
EXAMPLE = (ROOT / "examples/polls.py").read_text(encoding="utf-8")
OBJECTS_TABLE = "| kind | name | namespace | why |\n|---|---|---|---|\n"
ALERTS_TABLE = "| alert | severity | after | what to do |\n|---|---|---|---|\n"
UPDATE = "make docs, then fill in what has a question mark"

Row = tuple[str, str, str]


@cache
def charts() -> dict[str, list[Manifest]]:
    """The environment's manifests, by chart; nothing is written."""
    app = App(outdir=f"{gettempdir()}/never-written")
    vkm(app, Environment())
    return app.manifests()


def page_of(chart: str) -> Path:
    return ROOT / f"docs/charts/{chart}.md"


def objects(chart: str) -> list[Row]:
    """Kind, name and namespaces of what a chart makes; the part of a Job's name that changes is left out."""
    found: dict[tuple[str, str], list[str]] = {}
    for manifest in charts()[chart]:
        kind, metadata = manifest["kind"], manifest["metadata"]
        name = metadata["name"]
        if kind == "Job":
            name = f"{metadata['labels']['app.kubernetes.io/instance']}-…"
        found.setdefault((kind, name), []).append(metadata.get("namespace", "(cluster)"))
    return [(kind, f"`{name}`", ", ".join(namespaces)) for (kind, name), namespaces in found.items()]


def rules(manifests: list[Manifest]) -> Iterator[dict[str, Any]]:
    """What the manifests warn of: the operator's resources, and the file that a plain Prometheus reads."""
    for manifest in manifests:
        groups = manifest["spec"]["groups"] if manifest["kind"] == "PrometheusRule" else []
        file = manifest["data"].get("rules.yml") if manifest["kind"] == "ConfigMap" else None
        for group in [*groups, *(yaml.safe_load(file)["groups"] if file else [])]:
            yield from group["rules"]


def alerts() -> list[Row]:
    everything = [manifest for manifests in charts().values() for manifest in manifests]
    return sorted({(f"`{rule['alert']}`", rule["labels"]["severity"], rule["for"]) for rule in rules(everything)})


def filled(page: str, table: str, rows: list[Row]) -> str:
    """The page with these rows in the table; what is said of a thing that is there already stays."""
    before, found, rest = page.partition(table)
    assert found, f"the page lacks the table\n{table}"
    old = re.match(r"(\|.*\n)*", rest)
    assert old
    said = {}
    for line in old.group().splitlines():
        first, second, *_, last = (cell.strip() for cell in line.strip("|").split(" | "))
        said[first, second] = last
    lines = [f"| {' | '.join(row)} | {said.get(row[:2], '?')} |\n" for row in rows]
    return before + found + "".join(lines) + rest[old.end() :]


def update() -> None:
    for page, table, rows in [
        *((page_of(chart), OBJECTS_TABLE, objects(chart)) for chart in charts()),
        (OPERATIONS, ALERTS_TABLE, alerts()),
    ]:
        page.write_text(filled(page.read_text(encoding="utf-8"), table, rows), encoding="utf-8")


def test_every_chart_has_its_page() -> None:
    assert set(PAGED) == charts().keys()


@pytest.mark.parametrize("chart", PAGED)
def test_a_page_lists_what_its_chart_makes(chart: str) -> None:
    page = page_of(chart).read_text(encoding="utf-8")
    assert filled(page, OBJECTS_TABLE, objects(chart)) == page, UPDATE
    assert "| ? |" not in page, UPDATE


@pytest.mark.parametrize("chart", PAGED)
def test_a_page_names_the_alerts_of_its_chart(chart: str) -> None:
    section = page_of(chart).read_text(encoding="utf-8").partition("\n## Alerts\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"`[A-Z]\w+`", section))
    own = {f"`{rule['alert']}`" for rule in rules([m for m in charts()[chart] if m["kind"] == "PrometheusRule"])}
    assert own <= named
    assert named <= {name for name, *_ in alerts()}


def test_every_alert_wants_something() -> None:
    page = OPERATIONS.read_text(encoding="utf-8")
    assert filled(page, ALERTS_TABLE, alerts()) == page, UPDATE
    assert "| ? |" not in page, UPDATE


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
class TestPage:
    def test_links_lead_somewhere(self, page: Path) -> None:
        for target in re.findall(r"\]\(([^)\s]+)\)", prose(page)):
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            there = page.parent / file if file else page
            assert there.exists(), target
            assert not anchor or anchor in anchors(there), target

    def test_code_can_be_read(self, page: Path) -> None:
        for code in blocks(page, "sh", "bash"):
            done = subprocess.run(["bash", "-n"], input=code, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, ""), code
        for code in blocks(page, "python"):
            ast.parse(code)
        for code in blocks(page, "yaml"):
            list(yaml.safe_load_all(code))


def shown_commands() -> Iterator[list[str]]:
    """The calls of `vkm` on the pages, up to a pipe, a redirection or a comment."""
    for page in PAGES:
        for code in blocks(page, "sh", "bash"):
            for call in re.findall(r"(?:^|\| *)(?:\.venv/bin/)?vkm ([^|>#\n]+)", code, re.MULTILINE):
                yield shlex.split(call)


def test_the_commands_that_are_shown_are_taken() -> None:
    shown = list(shown_commands())
    assert {name for name, *_ in shown} == set(vkm_command.commands)
    for name, *arguments in shown:
        vkm_command.commands[name].make_context(name, arguments)


def test_the_walk_shows_the_example() -> None:
    assert f"```python\n{EXAMPLE}```" in OPERATIONS.read_text(encoding="utf-8")


if __name__ == "__main__":
    update()
