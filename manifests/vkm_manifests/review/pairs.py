"""Which object of one set of manifests is which of the other: by its name, or, where that is gone, by what it says."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from typing import Final, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.images import Image
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.resource import Resource
from vkm_manifests.identity import KUBERNETES_GROUPS, Identity
from vkm_manifests.review.difference import leaves

Pair: TypeAlias = tuple[Resource | None, Resource | None]

# An object is the other one under a new name if so much of what either says, both say.
_ALIKE: Final = 0.7
# So much is enough in common, where one value is different.
_FEW: Final = 2
# More pairs of objects, or of namespaces, are not held against each other one by one.
_MOST_OBJECTS: Final = 4000
_MOST_NAMESPACES: Final = 400
# Every object has them, and they tell none.
_NO_CONTENT: Final = frozenset((("apiVersion",), ("kind",), ("metadata", "namespace"), ("metadata", "name")))

# They are about the namespace that they are in.
_OF_NAMESPACE: Final = frozenset(("LimitRange", "NetworkPolicy", "ResourceQuota", "ServiceAccount"))

_Content: TypeAlias = Mapping[tuple[Hashable, ...], tuple[Hashable, ...]]
"""What is said, to the same with `*` for the own name and namespace."""

_Place: TypeAlias = tuple[str, str, str]


def pairs(old: Iterable[Resource], new: Iterable[Resource]) -> Iterator[Pair]:
    """Each object of either set once: with its other form, with its other name, or alone."""
    before, after = ({_served(resource): resource for resource in side} for side in (old, new))
    yield from ((resource, after[identity]) for identity, resource in before.items() if identity in after)
    gone = [resource for identity, resource in before.items() if identity not in after]
    come = [resource for identity, resource in after.items() if identity not in before]
    renamed: list[tuple[Resource, Resource]] = []
    if gone and come:
        renamed = _Renames(before, after).among(gone, come)
    yield from renamed
    taken = {id(resource) for pair in renamed for resource in pair}
    yield from ((resource, None) for resource in gone if id(resource) not in taken)
    yield from ((None, resource) for resource in come if id(resource) not in taken)


def _served(resource: Resource) -> Identity:
    """The identity, whichever of Kubernetes' own groups serves it: an Ingress of `extensions` is one of today's."""
    identity = resource.identity
    return replace(identity, group="") if identity.group in KUBERNETES_GROUPS else identity


def _sort(resource: Resource) -> tuple[str, str]:
    return _served(resource).group, resource.kind


class _Renames:
    """Finds the objects that are there under another name, or in another namespace."""

    def __init__(self, before: Mapping[Identity, Resource], after: Mapping[Identity, Resource]) -> None:
        self._namespaces = [
            {identity.name if identity.kind == "Namespace" else identity.namespace for identity in side}
            for side in (before, after)
        ]
        places = [Counter((i.group, i.kind, i.name) for i in side) for side in (before, after)]
        self._alone = {
            place for place in places[0].keys() & places[1].keys() if places[0][place] == places[1][place] == 1
        }
        self._contents: dict[int, _Content] = {}
        self._images: dict[int, frozenset[str]] = {}

    def among(self, gone: Sequence[Resource], come: Sequence[Resource]) -> list[tuple[Resource, Resource]]:
        """Those that are gone, each with the one that has come in its place."""
        moved = self._moved(gone, come)
        spaces = {resource.name: resource for resource in come if resource.kind == "Namespace"}
        found = [(r, spaces[moved[r.name]]) for r in gone if r.kind == "Namespace" and moved.get(r.name) in spaces]

        def in_namespace(resource: Resource, to: Mapping[str, str]) -> Hashable:
            return (*_sort(resource), to.get(resource.namespace, resource.namespace))

        # What runs, first: what belongs to it is renamed with it, and gone with it.
        for runs in (True, False):
            lost, won = (
                [r for r in _without(side, found) if r.kind != "Namespace" and bool(self._images_of(r)) is runs]
                for side in (gone, come)
            )
            if not runs:
                lost, won = _without_owner(lost, _without(gone, found)), _without_owner(won, _without(come, found))
            found += self._closest(_grouped(lost, won, lambda r: in_namespace(r, moved), lambda r: in_namespace(r, {})))
        lost, won = ([r for r in _without(side, found) if self._can_move(r)] for side in (gone, come))
        return found + self._closest(
            _grouped(lost, won, lambda r: (*_sort(r), r.name), lambda r: (*_sort(r), r.name)), by_name=False
        )

    def _can_move(self, resource: Resource) -> bool:
        """Whether its name is enough to find it in another namespace: it is there once, and has left one that stays."""
        stays = bool(resource.namespace) and resource.namespace in self._namespaces[1]
        return stays and resource.kind not in _OF_NAMESPACE and (*_sort(resource), resource.name) in self._alone

    def _moved(self, gone: Sequence[Resource], come: Sequence[Resource]) -> dict[str, str]:
        """Namespaces that are gone, to the one that has come in each one's place."""
        lost = _by_namespace(gone, self._namespaces[1])
        won = _by_namespace(come, self._namespaces[0])
        if len(lost) * len(won) > _MOST_NAMESPACES:
            return {}
        contents = {
            id(there): {
                (resource.kind, *said): (resource.kind, *starred)
                for resource in there
                for said, starred in self._content(resource).items()
            }
            for there in (*lost.values(), *won.values())
        }
        images = {
            id(there): frozenset(image for resource in there for image in self._images_of(resource))
            for there in (*lost.values(), *won.values())
        }
        scores = [
            (-_share(contents[id(there)], contents[id(here)]), name, other)
            for name, there in lost.items()
            for other, here in won.items()
            if _same_software(images[id(there)], images[id(here)])
        ]
        found: dict[str, str] = {}
        for score, name, other in sorted(scores):
            if -score >= _ALIKE and name not in found and other not in found.values():
                found[name] = other
        return found

    def _closest(
        self, groups: Iterable[tuple[list[Resource], list[Resource]]], *, by_name: bool = True
    ) -> list[tuple[Resource, Resource]]:
        """The closest first; each object once."""
        scores = []
        for lost, won in groups:
            few = ((lost, won),) if len(lost) * len(won) <= _MOST_OBJECTS else self._by_content(lost, won)
            scores += [
                (self._likeness(a, b, by_name=by_name), a, b) for some, other in few for a in some for b in other
            ]
        found: list[tuple[Resource, Resource]] = []
        taken: set[int] = set()
        likely = [(-score, -_alike_names(a, b), a, b) for score, a, b in scores if score >= _ALIKE]
        for _, _, a, b in sorted(likely, key=lambda item: (*item[:2], item[2].identity, item[3].identity)):
            if not {id(a), id(b)} & taken:
                found.append((a, b))
                taken |= {id(a), id(b)}
        return found

    def _by_content(self, lost: list[Resource], won: list[Resource]) -> Iterator[tuple[list[Resource], list[Resource]]]:
        """Of many, only those that say all the same."""

        def said(resource: Resource) -> Hashable:
            return frozenset(self._content(resource).values())

        return (group for group in _grouped(lost, won, said, said) if len(group[0]) * len(group[1]) <= _MOST_OBJECTS)

    def _likeness(self, old: Resource, new: Resource, *, by_name: bool) -> float:
        """How much of what either says, both say: 0 to 1."""
        if by_name and old.name == new.name:
            return 1.0
        if not _same_software(self._images_of(old), self._images_of(new)):
            return 0.0
        return _share(self._content(old), self._content(new))

    def _content(self, resource: Resource) -> _Content:
        if id(resource) not in self._contents:
            self._contents[id(resource)] = _content(resource)
        return self._contents[id(resource)]

    def _images_of(self, resource: Resource) -> frozenset[str]:
        if id(resource) not in self._images:
            pod = Pod.of(resource)
            names = [shape.text(container.manifest, "image") for container in pod.containers] if pod else []
            self._images[id(resource)] = frozenset(Image.of(name).basename for name in names)
        return self._images[id(resource)]


def _without(resources: Iterable[Resource], found: Iterable[tuple[Resource, Resource]]) -> list[Resource]:
    taken = {id(resource) for pair in found for resource in pair}
    return [resource for resource in resources if id(resource) not in taken]


def _without_owner(resources: Iterable[Resource], alone: Iterable[Resource]) -> list[Resource]:
    """Those that do not belong, by their names, to a workload which has no other form itself."""
    owners = {(resource.namespace, resource.name) for resource in alone if Pod.of(resource)}

    def is_owned(resource: Resource) -> bool:
        words = resource.name.split("-")
        return any((resource.namespace, "-".join(words[:length])) in owners for length in range(1, len(words) + 1))

    return [resource for resource in resources if not is_owned(resource)]


def _grouped(
    lost: Iterable[Resource],
    won: Iterable[Resource],
    key: Callable[[Resource], Hashable],
    key_of_won: Callable[[Resource], Hashable],
) -> Iterable[tuple[list[Resource], list[Resource]]]:
    groups: dict[Hashable, tuple[list[Resource], list[Resource]]] = defaultdict(lambda: ([], []))
    for resource in lost:
        groups[key(resource)][0].append(resource)
    for resource in won:
        groups[key_of_won(resource)][1].append(resource)
    return groups.values()


def _by_namespace(resources: Iterable[Resource], but: set[str]) -> dict[str, list[Resource]]:
    found: dict[str, list[Resource]] = defaultdict(list)
    for resource in resources:
        if resource.namespace not in but:
            found[resource.namespace].append(resource)
    return found


def _content(resource: Resource) -> _Content:
    names = sorted(filter(None, (resource.name, resource.namespace)), key=len, reverse=True)
    own = re.compile("|".join(rf"(?<![A-Za-z0-9]){re.escape(name)}(?![A-Za-z0-9])" for name in names) or r"(?!)")
    return {
        # A key that is no more than the name, such as the label `app`, is not there for the name.
        (path, line): (*(step if own.fullmatch(step) else own.sub("*", step) for step in path), own.sub("*", line))
        for path, line in leaves(resource.manifest)
        if path not in _NO_CONTENT
    }


def _share(old: _Content, new: _Content) -> float:
    """How much of what either says, both say, be it of themselves: 0 to 1."""
    same, starred = old.keys() & new.keys(), frozenset(new.values())
    both = len(same) + sum(1 for said, of_itself in old.items() if said not in same and of_itself in starred)
    longer = max(len(old), len(new))
    if both >= _FEW and longer <= both + 1:
        # One value is another one.
        return max(_ALIKE, both / longer)
    return both / max(1, len(old) + len(new) - both) if longer else 1.0


def _same_software(old: frozenset[str], new: frozenset[str]) -> bool:
    return bool(old & new) or not (old or new)


def _alike_names(old: Resource, new: Resource) -> float:
    return SequenceMatcher(a=old.name, b=new.name, autojunk=False).ratio()
