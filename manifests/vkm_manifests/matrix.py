"""The matrix: who can reach whom, on which port, as far as NetworkPolicies say."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.reach import DIRECTIONS, NAME_LABEL, Port, Way, is_everywhere, port_name

ANY: Final = "any"
"""Whoever it may be, and every port."""
EVERYWHERE: Final = "everywhere"
"""Inside and outside of the cluster."""


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """Somebody who can reach somebody else.

    Attributes:
        source: `namespace/Kind/name` of a workload; `namespace/*` for all of a namespace; `namespace/Pod/{label=value}`
            for pods that the input does not have; a block of addresses; `everywhere`; `any`, where no policy asks.
        target: likewise.
        port: of the target: `8080`, `53/UDP`, several with commas, or `any`.
    """

    source: str
    target: str
    port: str


def matrix(graph: Graph) -> list[Row]:
    """Who can reach whom, sorted: what both ends' policies let through."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for source, target, port in (*_into(graph), *_out_of(graph)):
        found[source, target].add(port)
    rows = {(source, target): _joined(ports) for (source, target), ports in found.items()}
    workloads = _workloads(graph)
    sources = _grouped([(source, (target, port)) for (source, target), port in rows.items()], workloads)
    targets = _grouped([(target, (source, port)) for source, (target, port) in sources], workloads)
    return sorted({Row(source, target, port) for target, (source, port) in targets})


def as_table(graph: Graph) -> str:
    """The matrix as text, with a line at its end that counts."""
    rows = matrix(graph)
    cells = [("From", "To", "Port"), *((row.source, row.target, row.port) for row in rows)]
    first, second = (max(len(line[column]) for line in cells) for column in (0, 1))
    lines = [f"{source:{first}}  {target:{second}}  {port}".rstrip() for source, target, port in cells]
    return "\n".join((*lines, "", _closing_line(graph, rows)))


def _closing_line(graph: Graph, rows: list[Row]) -> str:
    pods = [pod for pod in graph.own_pods if graph.reach.is_judged(pod)]
    closed = [pod for pod in pods if all(graph.reach.is_closed(pod, direction) for direction in DIRECTIONS)]
    words = (
        f"{_count(len(rows), 'way')}, {_count(len(pods), 'workload')}, {len(pods) - len(closed) or 'none'} of them open"
    )
    left_out = len(graph.own_pods) - len(pods)
    return f"{words}; {left_out} left out, of whom NetworkPolicies alone do not decide" if left_out else words


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


_Ways = Iterator[tuple[str, str, str]]


def _into(graph: Graph) -> _Ways:
    """The ways into the input's pods."""
    reach = graph.reach
    for target in graph.own_pods:
        if not reach.is_judged(target):
            continue
        if not reach.is_closed(target, "ingress"):
            yield ANY, str(target), ANY
        for way in reach.ways(target, "ingress"):
            for source in _others(graph, way):
                for port, name in _ports(way, target):
                    if isinstance(source, str):
                        yield source, str(target), name
                    elif source is not target and (source.outside or _lets_out(graph, source, target, port)):
                        yield str(source), str(target), name


def _out_of(graph: Graph) -> _Ways:
    """The ways out of the input's pods: those into its pods that are closed are found from there."""
    reach = graph.reach
    for source in graph.own_pods:
        if not reach.is_judged(source):
            continue
        if not reach.is_closed(source, "egress"):
            yield str(source), ANY, ANY
        for way in reach.ways(source, "egress"):
            for target in _others(graph, way):
                if isinstance(target, str):
                    yield from ((str(source), target, name) for name in _port_names(way))
                elif target is not source and (target.outside or not reach.is_closed(target, "ingress")):
                    yield from ((str(source), str(target), name) for _, name in _ports(way, target))


def _lets_out(graph: Graph, source: Pod, target: Pod, port: Port | None) -> bool:
    if not graph.reach.is_judged(source):
        return True
    ports = [port] if port else [(number, "TCP") for number in sorted(target.port_numbers)]
    return not ports or any(graph.reach.lets_out(source, target, port) for port in ports)


def _others(graph: Graph, way: Way) -> Iterator[Pod | str]:
    """Whom a way is open to: pods, or words for whom the input does not have."""
    if not way.peers:
        yield EVERYWHERE
    for peer in way.peers:
        pods = graph.reach.pods_of(peer, way.policy.namespace)
        yield from pods
        if not pods:
            yield _in_words(peer, way.policy.namespace)


def _in_words(peer: Mapping[str, Any], namespace: str) -> str:
    if "ipBlock" in peer:
        left_out = shape.texts(peer, "ipBlock", "except")
        if is_everywhere(peer) and not left_out:
            return EVERYWHERE
        words = shape.text(peer, "ipBlock", "cidr")
        return f"{words} except {', '.join(left_out)}" if left_out else words
    selector = peer.get("namespaceSelector")
    wanted = shape.labels(selector, "matchLabels")
    if selector is not None:
        namespace = wanted[NAME_LABEL] if wanted.keys() == {NAME_LABEL} else _selected(selector)
    pods = _selected(peer.get("podSelector"))
    return f"{namespace}/*" if pods == "*" else f"{namespace}/Pod/{pods}"


def _selected(selector: Any) -> str:
    words = [f"{key}={value}" for key, value in sorted(shape.labels(selector, "matchLabels").items())]
    for item in shape.mappings(selector, "matchExpressions"):
        values = ",".join(shape.texts(item, "values"))
        words.append(f"{shape.text(item, 'key')} {shape.text(item, 'operator')} {values}".rstrip())
    return f"{{{','.join(words)}}}" if words else "*"


def _ports(way: Way, target: Pod) -> Iterator[tuple[Port | None, str]]:
    """The target's ports on which a way is open; those that the way says, if the target lists none."""
    listed = sorted(_listed(target))
    if listed:
        yield from ((port, port_name(*port)) for port in listed if way.fits(target, port))
    else:
        yield from ((None, name) for name in _port_names(way))


def _listed(pod: Pod) -> set[Port]:
    if pod.outside:
        return {(number, "TCP") for number in pod.port_numbers}
    return {(number, protocol) for c in pod.containers if not c.init for _, number, protocol in c.ports() if number}


def _port_names(way: Way) -> Iterator[str]:
    if not way.ports:
        yield ANY
    for item in way.ports:
        first, last = item.get("port", ANY), item.get("endPort")
        protocol = shape.text(item, "protocol") or "TCP"
        yield port_name(f"{first}-{last}" if last else first, protocol)


def _joined(ports: set[str]) -> str:
    return ANY if ANY in ports else ", ".join(sorted(ports, key=lambda port: (not port[:1].isdigit(), len(port), port)))


def _workloads(graph: Graph) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for pod in graph.own_pods:
        found[pod.namespace].add(str(pod))
    return {namespace: frozenset(names) for namespace, names in found.items()}


_Rest = tuple[str, str]


def _grouped(rows: Iterable[tuple[str, _Rest]], workloads: Mapping[str, frozenset[str]]) -> list[tuple[str, _Rest]]:
    """The rows, with one for a namespace in place of one for each of its workloads."""
    by_rest: dict[_Rest, set[str]] = defaultdict(set)
    for name, rest in rows:
        by_rest[rest].add(name)
    found = []
    for rest, names in by_rest.items():
        for namespace in {name.partition("/")[0] for name in names} & workloads.keys():
            # The other end may be one of them, who does not reach itself.
            own = workloads[namespace] - {rest[0]}
            if len(own) > 1 and own <= names:
                names = (names - own) | {f"{namespace}/*"}
        found += [(name, rest) for name in names]
    return found
