"""Labelled things: found by selectors, without a look at all of them for each."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, Generic, TypeAlias, TypeVar

from vkm_manifests.graph import shape
from vkm_manifests.graph.selector import matches

_Thing = TypeVar("_Thing")

_Labels: TypeAlias = Mapping[str, str]
_ALL: Final = ("", "")


class Labelled(Generic[_Thing]):
    """Things with labels.

    Args:
        things: each with the namespace that it is in and its labels.
    """

    def __init__(self, things: Iterable[tuple[str, _Labels, _Thing]]) -> None:
        self._found: dict[tuple[str | None, tuple[str, str]], list[tuple[_Labels, _Thing]]] = defaultdict(list)
        for namespace, labels, thing in things:
            for label in (_ALL, *labels.items()):
                self._found[namespace, label].append((labels, thing))
                self._found[None, label].append((labels, thing))

    def candidates(self, namespace: str | None, selector: Any) -> Sequence[tuple[_Labels, _Thing]]:
        """Those that have the rarest of the labels that a selector asks for, with their labels."""
        wanted = shape.labels(selector, "matchLabels").items()
        return min((self._found.get((namespace, label), ()) for label in wanted or [_ALL]), key=len)

    def selected(self, namespace: str | None, selector: Any) -> list[_Thing]:
        """Those that a label selector takes in a namespace, in all for None; all, if it is empty."""
        return [thing for labels, thing in self.candidates(namespace, selector) if matches(selector, labels)]
