"""Marks: which boxes and edges a change is about."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Final

from vkm_manifests.diagram.boxes import OUTSIDE, Box, Mark
from vkm_manifests.diagram.edges import Edge
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.named import references_by_target
from vkm_manifests.graph.reach import DIRECTIONS, Direction, Way
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.secrets import secrets_of
from vkm_manifests.graph.talks import is_exposed, mentions, service_at
from vkm_manifests.identity import Identity

_READ: Final = ("ConfigMap", "Secret")


def marked_boxes(graph: Graph, boxes: Mapping[str, Box], marks: Mapping[Identity, Mark]) -> dict[str, Mark]:
    """The marks of boxes: their own, or `changed` for what reads a changed object."""
    changed = [resource for resource in graph.resources if resource.identity in marks and str(resource) not in boxes]
    read: dict[str, Mark] = {key: "changed" for resource in changed for key in _readers(graph, boxes, resource)}
    return {**read, **{str(identity): mark for identity, mark in marks.items() if str(identity) in boxes}}


def _readers(graph: Graph, boxes: Mapping[str, Box], resource: Resource) -> Iterator[str]:
    """The boxes that name a ConfigMap, a Secret or what makes one; and the routes that name anything but a Service."""
    made = [("Secret", namespace, name) for namespace, name, _ in secrets_of(resource)]
    for target in ((resource.kind, resource.namespace, resource.name), *made):
        for reference in references_by_target(graph).get(target, ()):
            box = boxes.get(str(reference.source))
            if box and (reference.kind in _READ or (box.kind == "route" and reference.kind != "Service")):
                yield box.key


def marked_edges(graph: Graph, edges: list[Edge], marks: Mapping[Identity, Mark]) -> list[Edge]:
    """The edges, `changed` where a changed Service leads along one, or a changed NetworkPolicy names both its ends."""
    services = [service for service in graph.of_kind("Service") if service.identity in marks]
    changed = {ends for service in services for ends in _led(graph, service)} | _opened(graph, edges, marks)
    return [replace(edge, mark="changed") if (edge.source, edge.target) in changed else edge for edge in edges]


def _led(graph: Graph, service: Resource) -> Iterator[tuple[str, str]]:
    """From who names a Service to the pods behind it."""
    target = ("Service", service.namespace, service.name)
    sources = {str(reference.source) for reference in references_by_target(graph).get(target, ())}
    sources |= _callers(graph).get(service, set()) | ({OUTSIDE} if is_exposed(service) else set())
    yield from product(sources, map(str, graph.pods_of_service(service)))


@fact
def _callers(graph: Graph) -> Mapping[Resource, set[str]]:
    """The pods that are given the address of a Service."""
    found: dict[Resource, set[str]] = defaultdict(set)
    for mention in mentions(graph):
        if service := service_at(graph, mention.address.host, mention.pod.namespace):
            found[service].add(str(mention.pod))
    return found


def _opened(graph: Graph, edges: list[Edge], marks: Mapping[Identity, Mark]) -> set[tuple[str, str]]:
    """The ends of the edges, of which a changed policy selects one pod and names the other."""
    pods = {str(pod): pod for pod in graph.pods}
    ways: dict[tuple[str, Direction], list[Way]] = {
        (str(pod), direction): [way for way in graph.reach.ways(pod, direction) if way.policy.identity in marks]
        for pod in graph.own_pods
        for direction in DIRECTIONS
    }
    found = set()
    for source, target, edge in _connected(edges):
        if source in pods and target in pods:
            out = (graph.reach.names(way, pods[target]) for way in ways.get((source, "egress"), ()))
            into = (graph.reach.names(way, pods[source]) for way in ways.get((target, "ingress"), ()))
            if any(out) or any(into):
                found.add((edge.source, edge.target))
    return found


def _connected(edges: Iterable[Edge]) -> Iterator[tuple[str, str, Edge]]:
    """Who connects to whom along an edge; for a route, those that take its requests do."""
    doors: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        if edge.kind == "routes":
            doors[edge.target].add(edge.source)
    for edge in edges:
        yield edge.source, edge.target, edge
        if edge.kind == "routes":
            yield from ((door, edge.target, edge) for door in doors[edge.source])
