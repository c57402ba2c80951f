"""Scrapes: who reads whose metrics."""

from typing import Final

from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.scraping import scraping_of
from vkm_manifests.graph.talks import Connection, connections

_MONITORS: Final = ("PodMonitor", "ServiceMonitor")


@fact
def scrapes(graph: Graph) -> tuple[Connection, ...]:
    """The connections by which metrics are read."""
    servers = scraping_of(graph).servers
    return tuple(c for c in connections(graph) if c.evidence.kind in _MONITORS or c.source in servers)


def scraped_by(graph: Graph, server: Pod) -> int:
    """How many workloads somebody reads the metrics of."""
    return len({connection.target for connection in scrapes(graph) if connection.source is server})
