"""Requests that are routed: what each route takes, so that two sets of routes can be compared."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from vkm_manifests.graph import route
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.references import Reference
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.traefik_rule import Branch


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests that one of an object's routes takes.

    Attributes:
        resource: the object.
        field: that says so.
        entry: where they come in, as an entry point of a class, or a Gateway.
        branch: the conditions that they meet.
        text: these in words.
    """

    resource: Resource
    field: str
    entry: Hashable
    branch: Branch
    text: str

    @property
    def hosts(self) -> frozenset[str]:
        """The hosts that are asked for; none where all are."""
        return frozenset(
            matcher.values[0] for wanted, matcher in self.branch if wanted and matcher.name in ("Host", "HostSNI")
        )


@fact
def requests(graph: Graph) -> Mapping[Resource, Sequence[Requests]]:
    """What the routes of a graph take, by the object."""
    found: dict[Resource, list[Requests]] = defaultdict(list)
    for claim in route.claims(graph):
        what = claim.what
        if not isinstance(what, tuple):
            continue
        # Of Traefik's, what TLS and priority add decides who takes a request, not whether somebody does.
        entry = what[:-1] if what[0] == "gateway" else what[:3]
        found[claim.resource].append(Requests(claim.resource, claim.field, entry, what[-1], claim.text))
    return found


def all_requests(graph: Graph) -> Iterator[Requests]:
    """What all routes of a graph take."""
    return (request for taken in requests(graph).values() for request in taken)


@fact
def backends(graph: Graph) -> Mapping[Resource, Sequence[Reference]]:
    """The Services that an object names."""
    found: dict[Resource, list[Reference]] = defaultdict(list)
    for reference in graph.references_to("Service", "TraefikService"):
        found[reference.source].append(reference)
    return found


def hosts_in(branch: Branch) -> Iterator[str]:
    """The hosts of a branch with its path: `shop.test`, `shop.test/api…`, `shop.test/login`."""
    paths = [
        matcher.values[0] + ("" if matcher.name == "Path" else "…")
        for wanted, matcher in branch
        if wanted and matcher.name in ("Path", "PathPrefix")
    ]
    for wanted, matcher in branch:
        if wanted and matcher.name in ("Host", "HostSNI", "HostRegexp", "HostSNIRegexp"):
            yield matcher.values[0] + (max(paths, key=lambda path: (len(path), path)) if paths else "")
