"""The command `vkm review`: what it takes, prints, and exits with."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vkm_manifests.command import vkm
from vkm_manifests.review import LEVELS, RISKS

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example/web:1.0.0"}]}
"""
RESTARTED = DEPLOYMENT.replace("1.0.0", "1.0.1")
REPLACED = DEPLOYMENT.replace("app: web}", "app: other}")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in (("old", DEPLOYMENT), ("restarted", RESTARTED), ("replaced", REPLACED)):
        Path(name).mkdir()
        Path(name, "all.yaml").write_text(text, encoding="utf-8")


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(vkm, ["review", *arguments], input=stdin)


def test_text_is_what_is_printed_unless_asked() -> None:
    result = run("old", "restarted")
    assert result.exit_code == 0
    assert result.stdout.startswith("restart\n  shop/Deployment/web  changed\n")
    assert result.stdout.endswith("\n1 object changes: 1 restart\n")


def test_standard_input_can_be_read_once() -> None:
    result = run("-", "-", stdin=DEPLOYMENT)
    assert result.exit_code == 2
    assert "standard input can be one of both sides." in result.stderr


def test_the_formats() -> None:
    assert run("old", "restarted", "--format", "markdown").stdout.startswith("<!-- vkm review -->\n")
    (item,) = json.loads(run("old", "restarted", "--format", "json").stdout)
    assert (item["object"], item["change"], item["risk"]) == ("shop/Deployment/web", "changed", "restart")


def test_standard_input_is_a_side() -> None:
    assert run("-", "restarted", stdin=DEPLOYMENT).stdout == run("old", "restarted").stdout
    assert run("old", "-", stdin=RESTARTED).stdout == run("old", "restarted").stdout


@pytest.mark.parametrize(
    ("new", "fail_on", "code"),
    [
        ("restarted", "replace", 0),
        ("restarted", "downtime", 0),
        ("restarted", "restart", 1),
        ("restarted", "routine", 1),
        ("replaced", "replace", 1),
        ("replaced", "data-loss", 0),
        ("old", "routine", 0),
    ],
)
def test_it_fails_on_a_risk_and_what_is_worse(new: str, fail_on: str, code: int) -> None:
    assert run("old", new, "--fail-on", fail_on).exit_code == code
    assert run("old", new).exit_code == 0


def test_the_risks_are_listed_the_worst_first() -> None:
    lines = run("--list-risks").stdout.splitlines()
    assert [line.partition(":")[0] for line in lines if line and not line.startswith(" ")] == list(LEVELS)
    assert [line.split()[0] for line in lines if line.startswith("  ")] == list(RISKS)


@pytest.mark.parametrize("sides", [(), ("old",), ("old", "restarted", "replaced")])
def test_two_sides_are_needed(sides: tuple[str, ...]) -> None:
    result = run(*sides)
    assert result.exit_code == 2
    assert "say two sets of manifests, OLD and NEW, or a range such as main..HEAD." in result.stderr


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (None, "new: holds no manifest (read are files that end in .yaml, .yml, .json)"),
        ("a: [", "new/all.yaml:2: did not find expected node content"),
        ("a: 1", "new/all.yaml:1: is no Kubernetes manifest: it has no kind and apiVersion"),
        (
            f"{DEPLOYMENT}---{DEPLOYMENT}",
            "new: shop/Deployment/web is there 2 times: new/all.yaml:2, new/all.yaml:12",
        ),
    ],
)
def test_what_cannot_be_read_is_one_line_and_exits_with_2(content: str | None, error: str) -> None:
    Path("new").mkdir()
    if content is not None:
        Path("new/all.yaml").write_text(content, encoding="utf-8")
    result = run("old", "new", "--fail-on", "routine")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"Error: {error}")
    assert len(result.stderr.splitlines()) == 1


def test_wrong_options() -> None:
    for arguments in (("--fail-on", "danger"), ("--format", "yaml")):
        result = run("old", "restarted", *arguments)
        assert result.exit_code == 2
        assert f"Invalid value for '{arguments[0]}'" in result.stderr


def test_help_shows_how() -> None:
    text = run("--help").stdout
    for words in ("vkm review main..HEAD", "--fail-on", "--in FOLDER", "tests/__snapshots__", "Exits with 0"):
        assert words in text
