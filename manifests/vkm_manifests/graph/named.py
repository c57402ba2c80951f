"""Who is named by whom: the references of a graph, by either end."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.references import Reference
from vkm_manifests.identity import Identity

Target: TypeAlias = tuple[str, str, str]
"""Kind, namespace and name of what is named."""


@fact
def references_by_target(graph: Graph) -> Mapping[Target, Sequence[Reference]]:
    """The references to each object that is named."""
    found: dict[Target, list[Reference]] = defaultdict(list)
    for reference in graph.references:
        found[reference.kind, reference.namespace, reference.name].append(reference)
    return found


@fact
def references_by_source(graph: Graph) -> Mapping[Identity, Sequence[Reference]]:
    """The references of each object that names others."""
    found: dict[Identity, list[Reference]] = defaultdict(list)
    for reference in graph.references:
        found[reference.source.identity].append(reference)
    return found
