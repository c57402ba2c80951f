"""Facts: what is worked out from a graph once, and kept with it."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from vkm_manifests.graph.graph import Graph

_Found = TypeVar("_Found")


def fact(work_out: Callable[[Graph], _Found]) -> Callable[[Graph], _Found]:
    """Keep what a function finds with the graph that it is asked about, as long as that lives."""

    @wraps(work_out)
    def known(graph: Graph) -> _Found:
        if work_out not in graph.facts:
            graph.facts[work_out] = work_out(graph)
        found: _Found = graph.facts[work_out]
        return found

    return known
