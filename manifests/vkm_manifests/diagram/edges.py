"""Edges: who talks to whom, what leads where, and what is used by whom."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from vkm_manifests.diagram.boxes import OUTSIDE, ROUTES, Box, Mark, claim_template_key
from vkm_manifests.diagram.scrapes import scrapes
from vkm_manifests.graph import shape
from vkm_manifests.graph.addresses import is_number
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import runs
from vkm_manifests.graph.named import references_by_source
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.reach import DIRECTIONS, Port, Way, port_name
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.scraping import scraping_of
from vkm_manifests.graph.secrets import secrets_of
from vkm_manifests.graph.talks import connections, is_exposed, pod_ports

EdgeKind: TypeAlias = Literal["blocked", "mounts", "provides", "routes", "scrapes", "talks"]
"""What an edge stands for: a connection that a policy stops; a volume; what the platform gives (Secrets, certificates,
volumes); a request's way in; metrics that are read; a connection."""

_DNS: Final = 53
# The hosts that its arguments name are for a certificate.
_CERTIFICATE_MAKER: Final = "kube-webhook-certgen"
_OF_TRAEFIK: Final = ("IngressRoute", "IngressRouteTCP", "IngressRouteUDP")


@dataclass(frozen=True, slots=True, order=True)
class Edge:
    """Something between two boxes.

    Attributes:
        source: the key of who connects, leads or uses; of a group of siblings, too.
        target: the key of the other end.
        kind: what it stands for.
        label: ports, or the names of Secrets.
        mark: what a change did to it.
    """

    source: str
    target: str
    kind: EdgeKind
    label: str = ""
    mark: Mark | None = None

    @property
    def words(self) -> str:
        """What stands at it: what has changed is said in words, too, where no end of it says so."""
        return f"{self.label} (changed)".lstrip() if self.mark == "changed" else self.label


def edges_of(graph: Graph, boxes: Mapping[str, Box]) -> list[Edge]:
    """The edges between boxes, sorted, without regard to what a person asked for."""
    found: dict[tuple[str, str, EdgeKind], set[str]] = defaultdict(set)
    for source, target, kind, label in (
        *_entries(graph),
        *_routes(graph),
        *_talks(graph),
        *_operators_scrapes(graph),
        *_mounts(graph),
        *_provides(graph),
    ):
        if source in boxes and target in boxes and source != target:
            found[source, target, kind] |= {label} - {""}
    return sorted(Edge(*ends, label=", ".join(sorted(labels, key=_by_number))) for ends, labels in found.items())


_Found: TypeAlias = Iterator[tuple[str, str, EdgeKind, str]]


def _by_number(label: str) -> tuple[bool, int, str]:
    return not label[:1].isdigit(), len(label), label


# The ways in.


def _entries(graph: Graph) -> _Found:
    for service in graph.of_kind("Service"):
        for pod in graph.pods_of_service(service) if is_exposed(service) else ():
            for port in shape.mappings(service.spec, "ports"):
                yield OUTSIDE, str(pod), "routes", str(shape.number(port, "port") or "")
    for gateway in graph.of_kind("Gateway"):
        for listener in shape.mappings(gateway.spec, "listeners"):
            yield OUTSIDE, str(gateway), "routes", str(shape.number(listener, "port") or "")


def _routes(graph: Graph) -> _Found:
    doors = _doors(graph)
    traefik = [str(pod) for pod in graph.own_pods if pod.runs_on and runs(pod, "traefik")]
    for route in graph.of_kind(*ROUTES):
        known = [str(gateway) for gateway in _parents(graph, route)]
        known += traefik if route.kind in _OF_TRAEFIK else []
        for service, wanted in _services(graph, route):
            yield str(route), str(service), "routes", wanted
        led = [(pod, port) for service, wanted in _services(graph, route) for pod, port in _led(graph, service, wanted)]
        for pod, port in led:
            yield str(route), str(pod), "routes", port
        through = {door for pod, _ in led for door in doors.get((route.kind, pod), ())}
        for door in known or sorted(through) or [OUTSIDE]:
            yield door, str(route), "routes", ""


def _parents(graph: Graph, route: Resource) -> list[Resource]:
    found = (
        graph.find("Gateway", shape.text(parent, "namespace") or route.namespace, shape.text(parent, "name"))
        for parent in shape.mappings(route.spec, "parentRefs")
    )
    return [gateway for gateway in found if gateway]


def _doors(graph: Graph) -> Mapping[tuple[str, Pod], set[str]]:
    """Who takes the requests that a kind of route leads to a pod."""
    found: dict[tuple[str, Pod], set[str]] = defaultdict(set)
    for connection in connections(graph):
        if connection.source and connection.evidence.kind in ROUTES:
            found[connection.evidence.kind, connection.target].add(str(connection.source))
    return found


def _services(graph: Graph, route: Resource) -> Iterator[tuple[Resource, str]]:
    """The Services that a route leads to, with their ports; through TraefikServices, too."""
    waiting, seen = [route], {route}
    while waiting:
        for reference in references_by_source(graph).get(waiting.pop().identity, ()):
            found = graph.find(reference.kind, reference.namespace, reference.name)
            if found and reference.kind == "Service":
                yield found, reference.key
            elif found and reference.kind == "TraefikService" and found not in seen:
                seen.add(found)
                waiting.append(found)


def _led(graph: Graph, service: Resource, wanted: str) -> Iterator[tuple[Pod, str]]:
    for pod, ports in pod_ports(graph, service, int(wanted) if is_number(wanted) else wanted or None):
        yield from ((pod, port_name(*port)) for port in ports)


# Connections.


def _talks(graph: Graph) -> _Found:
    known: set[tuple[Pod, Pod]] = set()
    read = frozenset(scrapes(graph))
    for connection in connections(graph):
        source, target = connection.source, connection.target
        if not source or not connection.sure or runs(source, _CERTIFICATE_MAKER):
            continue
        if connection.evidence.kind in (*ROUTES, "TraefikService"):
            known.add((source, target))
            continue
        if connection in read:
            known.add((source, target))
            kind: EdgeKind = "scrapes"
        else:
            kind = "talks" if any(_is_open(graph, source, target, port) for port in connection.ports) else "blocked"
        for port in connection.ports:
            yield str(source), str(target), kind, port_name(*port)
    for source, target, port in _opened(graph):
        if (source, target) not in known and not (target.outside and port[0] == _DNS):
            yield str(source), str(target), "talks", port_name(*port)


def _operators_scrapes(graph: Graph) -> _Found:
    """What the servers that an operator makes read: any of them may be the one that takes a monitor."""
    for connection in scrapes(graph) if scraping_of(graph).operated else ():
        for server in scraping_of(graph).operated if connection.source is None else ():
            for port in connection.ports:
                yield str(server), str(connection.target), "scrapes", port_name(*port)


def _opened(graph: Graph) -> Iterator[tuple[Pod, Pod, Port]]:
    """What policies open for pods that they name by labels: that is meant for somebody."""
    for pod in graph.own_pods:
        for direction in DIRECTIONS:
            for way in graph.reach.ways(pod, direction):
                for other in _named(graph, way):
                    source, target = (other, pod) if direction == "ingress" else (pod, other)
                    for port in _ports(way, target) if source is not target else ():
                        if _is_open(graph, source, target, port):
                            yield source, target, port


def _named(graph: Graph, way: Way) -> Iterator[Pod]:
    for peer in way.peers:
        if shape.mapping(peer, "podSelector"):
            yield from graph.reach.pods_of(peer, way.policy.namespace)


def _ports(way: Way, target: Pod) -> list[Port]:
    """The target's ports on which a way is open; those that the way says, if the target lists none."""
    if target.outside:
        listed = {(number, "TCP") for number in target.port_numbers}
    else:
        listed = {(number, protocol) for c in target.containers if not c.init for _, number, protocol in c.ports()}
    said = {
        (number, shape.text(item, "protocol") or "TCP")
        for item in way.ports
        if (number := shape.number(item, "port")) is not None
    }
    return sorted(port for port in listed or said if way.fits(target, port))


def _is_open(graph: Graph, source: Pod, target: Pod, port: Port) -> bool:
    reach = graph.reach
    out = not reach.is_judged(source) or reach.lets_out(source, target, port)
    return out and (not reach.is_judged(target) or reach.lets_in(source, target, port))


# What is used.


def _mounts(graph: Graph) -> _Found:
    for reference in graph.references_to("PersistentVolumeClaim"):
        claim = graph.find(reference.kind, reference.namespace, reference.name)
        if claim and Pod.of(reference.source):
            yield str(reference.source), str(claim), "mounts", ""
    for pod in graph.own_pods:
        for template in shape.mappings(pod.workload.spec, "volumeClaimTemplates"):
            name = shape.text(template, "metadata", "name")
            yield str(pod), claim_template_key(pod.workload, name), "mounts", ""


def _provides(graph: Graph) -> _Found:
    """What the platform gives: a store the Secrets, an issuer the certificates, a class the volumes."""
    users: dict[tuple[str, str], set[str]] = defaultdict(set)
    for reference in graph.references_to("Secret"):
        users[reference.namespace, reference.name].add(str(reference.source))
    for reference in graph.references_to("ClusterIssuer", "ClusterSecretStore", "Issuer", "SecretStore"):
        giver = str(graph.find(reference.kind, reference.namespace, reference.name))
        for namespace, secret, _ in secrets_of(reference.source):
            for user in users.get((namespace, secret), ()):
                yield giver, user, "provides", secret
    for reference in graph.references_to("StorageClass"):
        giver = str(graph.find(reference.kind, reference.namespace, reference.name))
        yield giver, str(reference.source), "provides", ""
