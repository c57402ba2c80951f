"""D2: a picture as the text that the program d2 draws."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, TypeAlias

from vkm_manifests.diagram.boxes import Box, BoxKind
from vkm_manifests.diagram.edges import Edge
from vkm_manifests.diagram.palette import BOXES, EDGES, MARKS, NAMESPACE, SIBLINGS, TEXT, Paint
from vkm_manifests.diagram.picture import Group, Picture, boxes_in, ids_of

Direction: TypeAlias = Literal["down", "right"]
"""Where arrows lead."""

_SHAPES: Final[Mapping[BoxKind, str]] = {
    "database": "cylinder",
    "outside": "oval",
    "volume": "cylinder",
}
# Of an overview: a namespace of more boxes than these has two columns of them.
_ONE_COLUMN: Final = 4
_DASHED: Final = ("blocked", "provides", "scrapes")
_ESCAPED: Final = re.compile(r'[\\"$]')


def as_d2(picture: Picture, direction: Direction = "right") -> str:
    """The picture in D2's language, from left to right unless told otherwise, in the colours of light."""
    ids = ids_of(picture)
    paths = _paths(picture, ids)
    lines = [
        f"direction: {direction}",
        "classes: {",
        *(f"  {line}" for line in _classes(picture)),
        "}",
    ]
    lines += [_box(box, ids) for box in picture.boxes]
    for group in picture.groups:
        lines += _group(group, ids, "namespace", _grid(group) if picture.overview else ())
    drawn = {(edge.source, edge.target) for edge in picture.edges}
    entered = {_outer(paths[edge.target]) for edge in picture.edges if edge.kind == "routes"}
    for edge in picture.edges:
        source, target = _outer(paths[edge.source]), _outer(paths[edge.target])
        is_behind = not picture.overview and edge.kind == "talks" and source in entered and target not in entered
        lines.append(_edge(edge, paths, turned=is_behind or (edge.target, edge.source) in drawn))
    return "\n".join(lines) + "\n"


def _paths(picture: Picture, ids: Mapping[str, str]) -> dict[str, str]:
    """Where each box and each group of siblings stands: its id after those of the groups around it."""
    found = {box.key: ids[box.key] for box in picture.boxes}
    for group in picture.groups:
        outer = found[group.key] = ids[group.key]
        found |= {box.key: f"{outer}.{ids[box.key]}" for box in group.boxes}
        for inner in group.groups:
            found[inner.key] = f"{outer}.{ids[inner.key]}"
            found |= {box.key: f"{outer}.{ids[inner.key]}.{ids[box.key]}" for box in inner.boxes}
    return found


def _grid(group: Group) -> tuple[str, str]:
    return f"grid-columns: {1 if len(group.boxes) <= _ONE_COLUMN else 2}", "grid-gap: 12"


def _group(group: Group, ids: Mapping[str, str], kind: str, layout: Iterable[str] = ()) -> Iterator[str]:
    yield f"{ids[group.key]}: {_text(group.title)} {{"
    yield from (f"  {line}" for line in (f"class: {kind}", "label.near: top-left", *layout))
    for inner in group.groups:
        yield from (f"  {line}" for line in _group(inner, ids, "siblings"))
    yield from (f"  {_box(box, ids)}" for box in group.boxes)
    yield "}"


def _box(box: Box, ids: Mapping[str, str]) -> str:
    label = "\n".join((box.title, *box.words))
    classes = f"[{box.kind}; {box.mark}]" if box.mark else box.kind
    return f"{ids[box.key]}: {_text(label)} {{class: {classes}}}"


def _edge(edge: Edge, paths: Mapping[str, str], *, turned: bool) -> str:
    """One edge; turned, its target stands on the left: what no request enters, and who connects back, too."""
    source, arrow, target = paths[edge.source], "--" if edge.kind == "mounts" else "->", paths[edge.target]
    if turned and edge.kind == "talks":
        source, arrow, target = target, "<-", source
    label = f": {_text(edge.words)}" if edge.words else ":"
    classes = f"[{edge.kind}; {edge.mark}-edge]" if edge.mark else edge.kind
    return f"{source} {arrow} {target}{label} {{class: {classes}}}"


def _outer(path: str) -> str:
    """The outermost group that a path leads through."""
    return path.partition(".")[0]


def _classes(picture: Picture) -> Iterator[str]:
    boxes = list(boxes_in(picture))
    yield _class("namespace", NAMESPACE, 1, size=18)
    yield _class("siblings", SIBLINGS, 1, size=14)
    for kind in sorted({box.kind for box in boxes}):
        shape = "rectangle" if picture.overview and kind != "outside" else _SHAPES.get(kind, "rectangle")
        yield _class(kind, BOXES[kind], 1, f"shape: {shape}; ")
    for mark in sorted({box.mark for box in boxes if box.mark}):
        yield _class(mark, MARKS[mark], 4)
    for mark in sorted({edge.mark for edge in picture.edges if edge.mark}):
        yield f'{mark}-edge: {{style: {{stroke: "{MARKS[mark].stroke.light}"; stroke-width: 3}}}}'
    for edge in sorted({edge.kind for edge in picture.edges}):
        dashes = "; stroke-dash: 4" if edge in _DASHED else ""
        colour = EDGES[edge].light
        yield f'{edge}: {{style: {{stroke: "{colour}"; font-color: "{colour}"; font-size: 13{dashes}}}}}'


def _class(name: str, paint: Paint, width: int, shape: str = "", size: int = 13) -> str:
    dashes = "; stroke-dash: 4" if paint.dashed else ""
    colours = f'fill: "{paint.fill.light}"; stroke: "{paint.stroke.light}"; font-color: "{TEXT.light}"'
    rest = f"font-size: {size}; bold: false; stroke-width: {width}; border-radius: 6{dashes}"
    return f"{name}: {{{shape}style: {{{colours}; {rest}}}}}"


def _text(text: str) -> str:
    escaped = _ESCAPED.sub(lambda found: f"\\{found[0]}", text)
    return '"' + escaped.replace("\n", "\\n") + '"'
