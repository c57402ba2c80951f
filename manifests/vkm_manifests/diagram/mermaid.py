"""Mermaid: a picture as the text that GitHub, GitLab and many editors draw."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from vkm_manifests.diagram.boxes import Box, BoxKind
from vkm_manifests.diagram.edges import Edge, EdgeKind
from vkm_manifests.diagram.palette import BOXES, EDGES, MARKS, NAMESPACE, SIBLINGS, TEXT, Paint
from vkm_manifests.diagram.picture import Group, Picture, boxes_in, ids_of

_SHAPES: Final[Mapping[BoxKind, tuple[str, str]]] = {
    "database": ("[(", ")]"),
    "elsewhere": ("[", "]"),
    "entry": ("([", "])"),
    "job": ("(", ")"),
    "outside": ("([", "])"),
    "platform": ("[", "]"),
    "route": ("{{", "}}"),
    "volume": ("[(", ")]"),
    "workload": ("[", "]"),
}
_ARROWS: Final[Mapping[EdgeKind, str]] = {
    "blocked": "-.-x",
    "mounts": "---",
    "provides": "-.->",
    "routes": "==>",
    "scrapes": "-.->",
    "talks": "-->",
}
# Lines are broken already.
_SETTINGS: Final = '%%{init: {"flowchart": {"wrappingWidth": 600}}}%%'
# Mermaid reads Markdown and HTML in labels: all else is written as the number of its character.
_PLAIN: Final = re.compile(r"[^A-Za-z0-9 ,/:._·\u00d7→+-]|^[+-]|(?<=\d)\.(?= )|[^\S ]")


def as_mermaid(picture: Picture) -> str:
    """The picture as a flowchart, from left to right."""
    ids = ids_of(picture)
    lines = ["flowchart LR", *_classes(picture)]
    lines += [_box(box, ids) for box in picture.boxes]
    lines += [line for group in picture.groups for line in _group(group, ids, picture)]
    for group in picture.groups:
        lines.append(f"style {ids[group.key]} fill:transparent,stroke:{NAMESPACE.stroke.light}")
        lines += [f"style {ids[inner.key]} fill:transparent,stroke:{SIBLINGS.stroke.light}" for inner in group.groups]
    lines += [_edge(edge, ids) for edge in picture.edges]
    lines += [_edge_style(number, edge) for number, edge in enumerate(picture.edges)]
    return f"{_SETTINGS}\n" + "\n  ".join(lines) + "\n"


def _group(group: Group, ids: Mapping[str, str], picture: Picture) -> Iterator[str]:
    yield f'subgraph {ids[group.key]}["{_text(group.title)}"]'
    for inner in group.groups:
        yield from (f"  {line}" for line in _group(inner, ids, picture))
    yield from (f"  {_box(box, ids)}" for box in _last_first(group.boxes, picture))
    yield "end"


def _last_first(boxes: Iterable[Box], picture: Picture) -> list[Box]:
    """Those first to which others of them connect: Mermaid lets the edges of a group begin at its first box."""
    keys = {box.key for box in boxes}
    within = [edge for edge in picture.edges if edge.source in keys and edge.target in keys]
    sources, targets = {edge.source for edge in within}, {edge.target for edge in within}
    return sorted(boxes, key=lambda box: (box.key in sources, box.key not in targets))


def _box(box: Box, ids: Mapping[str, str]) -> str:
    before, after = _SHAPES[box.kind]
    title = "<br/>".join(f"<b>{_text(line)}</b>" for line in box.title.split("\n"))
    label = "<br/>".join((title, *map(_text, box.words)))
    return f'{ids[box.key]}{before}"{label}"{after}:::{box.mark or box.kind}'


def _edge(edge: Edge, ids: Mapping[str, str]) -> str:
    label = f'|"{_text(edge.words)}"|' if edge.words else ""
    return f"{ids[edge.source]} {_ARROWS[edge.kind]}{label} {ids[edge.target]}"


def _edge_style(number: int, edge: Edge) -> str:
    """The colour of dark, which is seen on white as well."""
    colour = MARKS[edge.mark].stroke if edge.mark else EDGES[edge.kind]
    return f"linkStyle {number} stroke:{colour.dark},stroke-width:{3 if edge.mark else 2}px"


def _classes(picture: Picture) -> Iterator[str]:
    """Light boxes with dark words: readable on white and on black."""
    boxes = list(boxes_in(picture))
    for kind in sorted({box.kind for box in boxes if not box.mark}):
        yield _class(kind, BOXES[kind], 1)
    for mark in sorted({box.mark for box in boxes if box.mark}):
        yield _class(mark, MARKS[mark], 3)


def _class(name: str, paint: Paint, width: int) -> str:
    dashes = ",stroke-dasharray:4" if paint.dashed else ""
    fill, stroke = paint.fill.light, paint.stroke.light
    return f"classDef {name} fill:{fill},stroke:{stroke},color:{TEXT.light},stroke-width:{width}px{dashes}"


def _text(text: str) -> str:
    return _PLAIN.sub(lambda found: f"#{ord(found[0])};", text)
