"""Marks: which boxes a changed object belongs to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from vkm_manifests.diagram.boxes import Box, Mark
from vkm_manifests.diagram.edges import references_by_source
from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.references import Reference
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.scraping import scraping_of
from vkm_manifests.graph.secrets import secrets_of
from vkm_manifests.identity import Identity

# From a Role to its RoleBinding, the ServiceAccount and the pods.
_MOST_HOPS: Final = 3


def marked_boxes(graph: Graph, boxes: Mapping[str, Box], marks: Mapping[Identity, Mark]) -> dict[str, Mark]:
    """The marks of boxes: their own, or `changed` for what belongs to them."""
    found: dict[str, Mark] = {}
    for resource in graph.resources:
        mark = marks.get(resource.identity)
        if mark and str(resource) in boxes:
            found[str(resource)] = mark
        elif mark:
            for key in _belongs_to(graph, boxes, resource, _MOST_HOPS):
                found.setdefault(key, "changed")
    own = {str(identity): mark for identity, mark in marks.items() if str(identity) in boxes}
    return {**found, **own}


def _belongs_to(graph: Graph, boxes: Mapping[str, Box], resource: Resource, hops: int) -> set[str]:
    """The boxes of an object: its own; those that it selects; those that name it, or the ServiceAccount it is about."""
    if str(resource) in boxes:
        return {str(resource)}
    found = {key for key in _selected(graph, resource) if key in boxes}
    if found or not hops:
        return found
    others = {str(other): other for other in (*_users(graph, resource), *_subjects(graph, resource))}
    return {key for other in others.values() for key in _belongs_to(graph, boxes, other, hops - 1)}


def _selected(graph: Graph, resource: Resource) -> Iterator[str]:
    match resource.kind:
        case "NetworkPolicy":
            pods = graph.pods_selected(resource.namespace, shape.mapping(resource.spec, "podSelector"))
        case "PodDisruptionBudget":
            pods = graph.pods_selected(resource.namespace, shape.mapping(resource.spec, "selector"))
        case "PodMonitor":
            pods = list(scraping_of(graph).pods_of(resource))
        case "Service":
            pods = graph.pods_of_service(resource)
        case "ServiceMonitor":
            services = scraping_of(graph).services_of(resource)
            pods = [pod for service in services for pod in graph.pods_of_service(service)]
        case _:
            pods = []
    yield from map(str, pods)


def _users(graph: Graph, resource: Resource) -> Iterator[Resource]:
    """Who names an object, or the Secret that it makes."""
    made = [("Secret", namespace, name) for namespace, name, _ in secrets_of(resource)]
    for key in ((resource.kind, resource.namespace, resource.name), *made):
        for reference in _references_by_target(graph).get(key, ()):
            if reference.source is not resource:
                yield reference.source


def _subjects(graph: Graph, resource: Resource) -> Iterator[Resource]:
    """What an object is about: the workload that it scales, the ServiceAccounts that it gives rights to."""
    for reference in references_by_source(graph).get(resource, ()):
        found = graph.find(reference.kind, reference.namespace, reference.name)
        if found and (reference.kind == "ServiceAccount" or "scaleTargetRef" in reference.field):
            yield found


@fact
def _references_by_target(graph: Graph) -> Mapping[tuple[str, str, str], list[Reference]]:
    found: dict[tuple[str, str, str], list[Reference]] = defaultdict(list)
    for reference in graph.references:
        found[reference.kind, reference.namespace, reference.name].append(reference)
    return found
