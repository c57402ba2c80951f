"""Picture: the boxes and edges that are drawn, in their groups."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import count
from typing import Final, TypeAlias

from vkm_manifests.diagram.boxes import Box, BoxKind, Mark, boxes_of
from vkm_manifests.diagram.edges import Edge, EdgeKind, edges_of
from vkm_manifests.diagram.marks import marked_boxes, marked_edges
from vkm_manifests.graph.graph import Graph
from vkm_manifests.identity import Identity

DEFAULT_EDGES: Final[tuple[EdgeKind, ...]] = ("blocked", "mounts", "routes", "talks")
"""What is drawn unless somebody asks for more."""

_ORDER: Final[tuple[BoxKind, ...]] = (
    "outside", "entry", "route", "workload", "job", "database", "volume", "platform", "elsewhere"
)  # fmt: skip
_MOST_MARKED: Final = 40
_CLUSTER: Final = "/cluster-wide"
_NOWHERE: Final = "/no namespace"
_OUTSIDE: Final = "/outside"
_PASSED_ON: Final[tuple[Mark, ...]] = ("removed", "added")


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes that stand together: a namespace, or the workloads of one application.

    Attributes:
        key: the namespace, or `namespace/application`.
        title: what stands above it.
        boxes: those that stand in it.
        groups: the applications within a namespace.
    """

    key: str
    title: str
    boxes: tuple[Box, ...]
    groups: tuple["Group", ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """What is drawn.

    Attributes:
        boxes: those in no group.
        groups: the namespaces.
        edges: between boxes, and between groups of siblings and boxes; of an overview, between namespaces.
        overview: whether boxes are no more than names, and what is within a namespace is not joined.
    """

    boxes: tuple[Box, ...]
    groups: tuple[Group, ...]
    edges: tuple[Edge, ...]
    overview: bool = False

    @classmethod
    def of(
        cls,
        graph: Graph,
        marks: Mapping[Identity, Mark] | None = None,
        *,
        only_marked: bool = False,
        namespaces: Collection[str] = (),
        show: Collection[EdgeKind] = (),
        overview: bool = False,
    ) -> "Picture":
        """The picture of a graph.

        Args:
            graph: what is there; for a picture of a change, what was removed as well.
            marks: what a change did to objects; an object that is no box marks the boxes that read it, and the edges
                that it leads along or opens.
            only_marked: only what is marked and what is beside it, at most 40 boxes; how many are left out is said.
            namespaces: only these, and what is beside them; all if there are none.
            show: kinds of edges beyond `DEFAULT_EDGES`.
            overview: only names and kinds, and which namespaces are joined: what fits on a page.
        """
        boxes = boxes_of(graph)
        edges = edges_of(graph, boxes)
        if marks:
            edges = marked_edges(graph, edges, marks)
            boxes |= {key: replace(boxes[key], mark=mark) for key, mark in marked_boxes(graph, boxes, marks).items()}
        drawn = [edge for edge in edges if edge.kind in (*DEFAULT_EDGES, *show)]
        if namespaces:
            wanted = {box.key for box in boxes.values() if box.namespace in namespaces}
            drawn = _beside(drawn, wanted)
            boxes = _only(boxes, wanted | _ends_of(drawn))
        if only_marked:
            wanted = {box.key for box in boxes.values() if box.mark}
            drawn = _beside(drawn, wanted)
            boxes = _only(boxes, wanted | _ends_of(drawn))
        left_out = len(boxes) - _MOST_MARKED if only_marked else 0
        if left_out > 0:
            boxes = _first(boxes, _ends_of(edge for edge in drawn if edge.mark), _MOST_MARKED)
        drawn = [edge for edge in drawn if edge.source in boxes and edge.target in boxes]
        joined = _ends_of(drawn)
        shown = [box for box in boxes.values() if box.key in joined or box.kind not in ("elsewhere", "outside")]
        picture = _overview(shown, drawn) if overview else _grouped(shown, drawn)
        note = Box("/left out", "elsewhere", f"and {left_out} more")
        return replace(picture, boxes=(*picture.boxes, note)) if left_out > 0 else picture


def boxes_in(picture: Picture) -> Iterator[Box]:
    """All boxes."""
    yield from picture.boxes
    for group in picture.groups:
        yield from group.boxes
        yield from (box for inner in group.groups for box in inner.boxes)


def ids_of(picture: Picture) -> dict[str, str]:
    """A plain word for each key: what every language of diagrams takes as a name."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    groups = [key for group in picture.groups for key in (group.key, *(inner.key for inner in group.groups))]
    for key in (*groups, *(box.key for box in boxes_in(picture))):
        word = "x_" + re.sub(r"[^a-z0-9]+", "_", key.lower()).strip("_")
        numbered = (f"{word}_{number}" for number in count(2))
        found[key] = word if word not in taken else next(name for name in numbered if name not in taken)
        taken.add(found[key])
    return found


def _beside(edges: list[Edge], wanted: set[str]) -> list[Edge]:
    """The edges of wanted boxes, the whole ways that requests take to and from them, and marked edges."""
    routes = [edge for edge in edges if edge.kind == "routes"]
    up, down = set(wanted), set(wanted)
    for _ in routes:
        before = len(up) + len(down)
        up |= {edge.source for edge in routes if edge.target in up}
        down |= {edge.target for edge in routes if edge.source in down}
        if len(up) + len(down) == before:
            break
    return [
        edge
        for edge in edges
        if edge.mark
        or edge.source in wanted
        or edge.target in wanted
        or (edge.kind == "routes" and (edge.target in up or edge.source in down))
    ]


def _ends_of(edges: Iterable[Edge]) -> set[str]:
    return {key for edge in edges for key in (edge.source, edge.target)}


def _only(boxes: Mapping[str, Box], keys: set[str]) -> dict[str, Box]:
    return {key: box for key, box in boxes.items() if key in keys}


def _first(boxes: Mapping[str, Box], ends: Collection[str], number: int) -> dict[str, Box]:
    """So many boxes, marked ones first, then the ends of marked edges."""
    first = sorted(boxes.values(), key=lambda box: (box.mark is None, box.key not in ends, box.key))[:number]
    return {box.key: box for box in first}


# Groups.


def _grouped(boxes: list[Box], edges: list[Edge]) -> Picture:
    siblings = _siblings(boxes, edges)
    by_key = {box.key: box for box in boxes}
    places: dict[str, dict[str, list[Box]]] = defaultdict(lambda: defaultdict(list))
    for box in sorted(boxes, key=lambda box: (_ORDER.index(box.kind), box.title, box.key)):
        places[_place(box)][siblings.get(box.key, "")].append(box)
    return Picture(
        boxes=tuple(places.pop(_OUTSIDE, {}).get("", ())),
        groups=tuple(_group(place, inner) for place, inner in sorted(places.items())),
        edges=tuple(_marked(edge, by_key) for edge in _lifted(siblings, edges)),
    )


def _overview(boxes: list[Box], edges: list[Edge]) -> Picture:
    """Each namespace as a whole; of what all share, only what is joined."""
    joined = _ends_of(edges)
    short = [
        replace(box, lines=() if box.kind in ("outside", "volume") else box.lines[:1])
        for box in boxes
        if box.kind != "platform" or box.key in joined
    ]
    homes = {box.key: box.key if box.kind == "outside" else _place(box) for box in short}
    between = {Edge(homes[edge.source], homes[edge.target], edge.kind) for edge in edges}
    return replace(
        _grouped(short, []),
        edges=tuple(sorted(edge for edge in between if edge.source != edge.target)),
        overview=True,
    )


def _place(box: Box) -> str:
    """Where a box stands: its namespace, or what cannot be the name of one."""
    if box.kind == "outside":
        return _OUTSIDE
    return box.namespace or (_CLUSTER if box.kind == "platform" else _NOWHERE)


def _group(place: str, inner: Mapping[str, list[Box]]) -> Group:
    """A namespace, with its boxes by the key of their siblings; an empty key is for those without any."""
    groups = tuple(Group(key, key.rpartition("/")[2], tuple(inner[key])) for key in sorted(inner) if key)
    return Group(place, place.lstrip("/"), tuple(inner.get("", ())), groups)


def _siblings(boxes: Iterable[Box], edges: Iterable[Edge]) -> dict[str, str]:
    """For each box that has siblings with which it shares an edge, the key of their group."""
    members: dict[str, set[str]] = defaultdict(set)
    for box in boxes:
        if box.siblings and box.kind in ("job", "workload"):
            members[f"{box.namespace}/*/{box.siblings}"].add(box.key)
    ends = _ends(edges)
    return {box: key for key, group in members.items() if len(group) > 1 and _in_common(group, ends) for box in group}


_End: TypeAlias = tuple[str, bool, EdgeKind, str, Mark | None]


def _ends(edges: Iterable[Edge]) -> Mapping[str, set[_End]]:
    """What begins or ends at each box: the other end, whether it is the target, kind, label and mark."""
    found: dict[str, set[_End]] = defaultdict(set)
    for edge in edges:
        found[edge.source].add((edge.target, True, edge.kind, edge.label, edge.mark))
        found[edge.target].add((edge.source, False, edge.kind, edge.label, edge.mark))
    return found


def _in_common(group: Collection[str], ends: Mapping[str, set[_End]]) -> set[_End]:
    return set.intersection(*(ends.get(box, set()) for box in group))


def _lifted(siblings: Mapping[str, str], edges: list[Edge]) -> list[Edge]:
    """The edges, with one of a group in place of those that all of its boxes have."""
    members: dict[str, set[str]] = defaultdict(set)
    for box, key in siblings.items():
        members[key].add(box)
    ends = _ends(edges)
    common = {key: _in_common(group, ends) for key, group in members.items()}
    return sorted({_lift(edge, siblings, common) for edge in edges})


def _lift(edge: Edge, siblings: Mapping[str, str], common: Mapping[str, set[_End]]) -> Edge:
    source, target = siblings.get(edge.source, ""), siblings.get(edge.target, "")
    if source and (edge.target, True, edge.kind, edge.label, edge.mark) in common[source]:
        edge = replace(edge, source=source)
    elif target and (edge.source, False, edge.kind, edge.label, edge.mark) in common[target]:
        edge = replace(edge, target=target)
    return edge


def _marked(edge: Edge, boxes: Mapping[str, Box]) -> Edge:
    """The edge, with the mark of an end that came or went."""
    marks = {boxes[key].mark for key in (edge.source, edge.target) if key in boxes}
    for mark in _PASSED_ON:
        if mark in marks:
            return replace(edge, mark=mark)
    return edge
