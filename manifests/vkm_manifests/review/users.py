"""Users: who depends on an object, and who breaks without it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import runs
from vkm_manifests.graph.named import Target, references_by_target
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.references import Reference
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.route import hosts_of
from vkm_manifests.graph.scraping import scraping_of
from vkm_manifests.graph.secrets import config_maps_of, secrets_of
from vkm_manifests.graph.talks import connections
from vkm_manifests.identity import Identity
from vkm_manifests.review.comparison import Comparison

_MONITORS: Final = ("PodMonitor", "Probe", "ScrapeConfig", "ServiceMonitor")


@fact
def makers(graph: Graph) -> Mapping[Target, Sequence[Resource]]:
    """The objects that are, or make, each Secret and ConfigMap."""
    found: dict[Target, list[Resource]] = defaultdict(list)
    for resource in graph.resources:
        for kind, made in (("Secret", secrets_of(resource)), ("ConfigMap", config_maps_of(resource))):
            for namespace, name, _ in made:
                found[kind, namespace, name].append(resource)
    return found


@fact
def pods_by_workload(graph: Graph) -> Mapping[Identity, Pod]:
    """The pods of each workload of the input."""
    return {pod.workload.identity: pod for pod in graph.own_pods}


@fact
def _clients(graph: Graph) -> Mapping[Identity, Sequence[str]]:
    found: dict[Identity, list[str]] = defaultdict(list)
    for connection in connections(graph):
        source, evidence = connection.source, connection.evidence
        # Who scrapes does not wait.
        scrapes = evidence.kind in _MONITORS or (source is not None and runs(source, "prometheus"))
        if source and source.runs_on and connection.sure and not scrapes and not _hosts(evidence):
            found[connection.target.workload.identity].append(source.workload.name)
    return found


def scrapes_less(comparison: Comparison, pod: Pod) -> bool:
    """Whether pods are a Prometheus that scrapes less than it did: what it had for the rest, it needs no more."""
    if not runs(pod, "prometheus"):
        return False
    before, after = (scraping_of(graph).jobs for graph in (comparison.old, comparison.new))
    return before is not None and after is not None and after < before


@fact
def _served(graph: Graph) -> Mapping[Identity, Sequence[str]]:
    found: dict[Identity, list[str]] = defaultdict(list)
    for connection in connections(graph):
        found[connection.target.workload.identity] += _hosts(connection.evidence)
    return found


def _hosts(route: Resource) -> list[str]:
    return [item.host for item in hosts_of(route)]


@fact
def services_of(graph: Graph) -> Mapping[Identity, Sequence[Resource]]:
    """The Services that lead to the pods of each workload."""
    found: dict[Identity, list[Resource]] = defaultdict(list)
    for service in graph.of_kind("Service"):
        for pod in graph.pods_of_service(service):
            found[pod.workload.identity].append(service)
    return found


def hosts_served(graph: Graph, workload: Resource) -> list[str]:
    """The hosts that lead to the pods of a workload."""
    return list(dict.fromkeys(_served(graph).get(workload.identity, ())))


def clients(graph: Graph, workload: Resource) -> list[str]:
    """The names of the workloads that connect to a workload's pods, but for routes, monitors and jobs."""
    found = dict.fromkeys(_clients(graph).get(workload.identity, ()))
    return [name for name in found if name != workload.name]


def named_by(graph: Graph, kind: str, namespace: str, name: str) -> Iterator[Reference]:
    """The references to one object, but for those that may lead nowhere."""
    found = references_by_target(graph).get((kind, namespace, name), ())
    return (reference for reference in found if not reference.optional)
