"""Who can reach whom, workload by workload: the matrix without its groups, so that two of them can be compared."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Final

from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.matrix import ANY, Row, matrix
from vkm_manifests.review.comparison import Comparison

# How the matrix names pods that the manifests do not have.
_BY_LABELS: Final = "/Pod/{"


@fact
def rows(graph: Graph) -> tuple[Row, ...]:
    """The matrix's rows."""
    return tuple(matrix(graph))


@fact
def reachable(graph: Graph) -> Mapping[tuple[str, str], Set[str]]:
    """Who (or a word for whom) can reach whom, to the ports on which."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows(graph):
        for ends in ends_of(graph, row):
            found[ends].update(row.port.split(", "))
    return found


def former_names(comparison: Comparison) -> Mapping[str, str]:
    """What workloads were called that have another name, or are of another kind under the name that they had."""
    found = {str(change): str(change.renamed_from) for change in comparison.changes if change.renamed_from}
    now = {str(pod) for pod in comparison.new.own_pods}
    gone = {(pod.namespace, pod.workload.name): str(pod) for pod in comparison.old.own_pods if str(pod) not in now}
    for pod in comparison.new.own_pods:
        before = gone.get((pod.namespace, pod.workload.name))
        if before and comparison.old_pod(pod) is None:
            found[str(pod)] = before
    return found


def ends_of(graph: Graph, row: Row) -> Iterator[tuple[str, str]]:
    """The workloads at both ends of a row, one by one."""
    for source in _members(graph, row.source):
        yield from ((source, target) for target in _members(graph, row.target) if source != target)


def _members(graph: Graph, name: str) -> Set[str]:
    namespace, slash, rest = name.partition("/")
    own = _workloads(graph).get(namespace) if slash and rest == "*" else None
    return own or {name}


@fact
def _workloads(graph: Graph) -> Mapping[str, Set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for pod in graph.own_pods:
        found[pod.namespace].add(str(pod))
    return found


def new_ports(old: Set[str], new: Set[str]) -> list[str]:
    """The ports of `new` that `old` does not have, sorted by their number."""
    left = set() if ANY in old else new - old
    return sorted(left, key=lambda port: (not port[:1].isdigit(), len(port), port))


def is_known_by_labels(graph: Graph, ends: tuple[str, str], ports: Iterable[str]) -> bool:
    """Whether a way is to pods known by their labels only, or from them, and somebody of their namespace had it.

    So it is when a workload is gone that a policy still names, or when a policy takes fewer pods than it did.
    """
    source, target = ends
    if _BY_LABELS in target:
        known = _in_namespaces(graph).get((source, _namespace(target)), frozenset())
    elif _BY_LABELS in source:
        known = _in_namespaces(graph).get((_namespace(source), target), frozenset())
    else:
        return False
    return ANY in known or set(ports) <= known


@fact
def _in_namespaces(graph: Graph) -> Mapping[tuple[str, str], Set[str]]:
    """As `reachable`, with a namespace in place of one of both ends."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for (source, target), ports in reachable(graph).items():
        found[source, _namespace(target)] |= ports
        found[_namespace(source), target] |= ports
    return found


def _namespace(name: str) -> str:
    return name.partition("/")[0]
