"""Exposure: what routes take."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from ipaddress import collapse_addresses, ip_network
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.route import hosts_of, routed_hosts
from vkm_manifests.graph.traefik import Traefik, traefiks
from vkm_manifests.graph.traefik_rule import Branch
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.requests import Requests, all_requests, backends, hosts_in, requests
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.wording import listed

_ROUTES: Final = ("IngressRoute", "IngressRouteTCP", "Ingress", "HTTPRoute", "GRPCRoute", "TLSRoute")
_WITHOUT_HOSTS: Final = ("IngressRouteUDP", "TCPRoute", "UDPRoute")

_ROUTE: Final = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  entryPoints: [websecure]
  routes:
  - match: Host(`shop.test`) && !PathPrefix(`/metrics`)
    kind: Rule
    services: [{name: web, port: 80}]
  tls: {secretName: web-tls}
"""


@risk(
    "exposure",
    before=_ROUTE,
    breaks={" && !PathPrefix(`/metrics`)": ""},
    passes={" && !PathPrefix(`/metrics`)": " && !PathPrefix(`/metrics`) && !PathPrefix(`/admin`)"},
)
def route_takes_more(comparison: Comparison) -> Iterator[Concern]:
    """A route takes requests that none took: of another host or path, or at another entry point.

    Rules are compared by what they match, however they are written. A route that moves to another object takes
    nothing new, nor does one at an entry point or Gateway that is not there.
    """
    known: dict[tuple[Hashable, frozenset[str]], list[Branch]] = defaultdict(list)
    entries: dict[Branch, set[Hashable]] = defaultdict(set)
    hosts: set[str] = set()
    for request in all_requests(comparison.old):
        known[request.entry, request.hosts].append(request.branch)
        entries[request.branch].add(request.entry)
        hosts |= request.hosts
    told: dict[Change, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    fields: dict[Change, str] = {}
    servers = traefiks(comparison.new)
    for request in all_requests(comparison.new):
        change = comparison.by_identity.get(request.resource.identity)
        old = (*known[request.entry, request.hosts], *known[request.entry, frozenset()])
        if (
            change
            and not any(branch <= request.branch for branch in old)
            and _is_there(comparison.new, servers, request)
        ):
            how, what = _newly(request, hosts, old, bool(entries.get(request.branch)))
            told[change][how].append(what)
            fields.setdefault(change, request.field)
    for change, hosts_alone in _hosts_alone(comparison):
        if change not in told:
            told[change] = {_NEWLY: hosts_alone}
    for change, ways in told.items():
        services = _services_of(comparison.new, change.object)
        words = [f"{how}: {listed(sorted(set(what)))}" for how, what in sorted(ways.items())]
        leads = [f"it leads to {listed(services)}"] if services else []
        yield change.concern(
            "; ".join((*words, *leads)),
            do="check that whoever comes there may see all of it, or add a middleware that asks who they are",
            field=fields.get(change, ""),
        )


def _hosts_alone(comparison: Comparison) -> Iterator[tuple[Change, list[str]]]:
    """The hosts that an object newly names, for routes of which nothing else is known."""
    before = {routed.host for routed in routed_hosts(comparison.old)}
    for change in comparison.changes:
        hosts = sorted({routed.host for routed in hosts_of(change.new)} - before) if change.new else []
        if hosts:
            yield change, hosts


def _is_there(graph: Graph, servers: Sequence[Traefik], request: Requests) -> bool:
    """Whether requests can come in there, as far as the manifests show who listens."""
    if not isinstance(request.entry, tuple):
        return True
    if request.entry[0] == "gateway":
        kind, namespace, name, section = request.entry[1:5]
        gateway = graph.find("Gateway", namespace, name) if kind == "Gateway" and section else None
        return not gateway or any(item.get("name") == section for item in shape.mappings(gateway.spec, "listeners"))
    entry = request.entry[2]
    return not entry or not servers or any(entry in traefik.entry_points for traefik in servers)


_NEWLY: Final = "newly routed"


def _newly(request: Requests, hosts: set[str], old: Sequence[Branch], elsewhere: bool) -> tuple[str, str]:
    """How a route takes more, and what."""
    if elsewhere:
        return f"newly taken at {_entry(request)}", _words(request)
    if request.hosts - hosts:
        return _NEWLY, _words(request)
    dropped = {condition for branch in old for condition in branch - request.branch if not condition[0]}
    paths = sorted(matcher.values[0] for _, matcher in dropped if matcher.name.startswith("Path"))
    if paths:
        return "no longer left out", f"{listed(paths)} of {_words(request)}"
    is_plain = all(
        wanted and matcher.name in ("Host", "HostSNI", "Path", "PathPrefix") for wanted, matcher in request.branch
    )
    return _NEWLY, _words(request) if is_plain else request.text


def _words(request: Requests) -> str:
    return listed(sorted(hosts_in(request.branch))) or request.text


def _entry(request: Requests) -> str:
    if not isinstance(request.entry, tuple):
        return "another entry point"
    if request.entry[0] == "gateway":
        return f"Gateway {'/'.join(map(str, request.entry[2:4]))}"
    return f"entry point {request.entry[2]}" if request.entry[2] else f"ingress class {request.entry[1]}"


def _services_of(graph: Graph, resource: Resource) -> list[str]:
    leads = backends(graph).get(resource, ())
    return sorted({f"{lead.kind} {'/'.join(filter(None, (lead.namespace, lead.name)))}" for lead in leads})


@risk(
    "exposure",
    before=_ROUTE,
    breaks={"services: [{name: web, port: 80}]": "services: [{name: admin, port: 80}]"},
    passes={"services: [{name: web, port: 80}]": "services: [{name: web, port: 80, passHostHeader: false}]"},
)
def service_is_routed(comparison: Comparison) -> Iterator[Concern]:
    """A route leads to a Service to which none led.

    Of an HTTP route that is new, its hosts are told; of a Service that is not there, nothing, where the manifests hold
    others of its namespace.
    """
    before = {
        service
        for route in comparison.old.of_kind(*_ROUTES, *_WITHOUT_HOSTS)
        for service in _routed(comparison.old, route)
    }
    # One that is called otherwise is what it was.
    moved = {(c.object.namespace, c.object.name) for c in comparison.come("Service") if c.renamed_from}
    known = {(service.namespace, service.name) for service in comparison.new.of_kind("Service")}
    namespaces = {namespace for namespace, _ in known}
    for change in comparison.changes:
        is_told = change.old is None and change.kind not in _WITHOUT_HOSTS
        if change.kind not in (*_ROUTES, *_WITHOUT_HOSTS) or not change.new or is_told:
            continue
        services = _routed(comparison.new, change.new) - before - moved
        there = (item for item in sorted(services) if item in known or item[0] not in namespaces)
        names = [f"{namespace}/{name}" for namespace, name in there]
        if names:
            taken = requests(comparison.new).get(change.new, ())
            hosts = sorted({host for request in taken for host in hosts_in(request.branch)})
            at = f" at {listed(hosts)}" if hosts else ""
            yield change.concern(
                f"Service {listed(names)} can be reached{at}, to which no route led",
                do="check that whoever comes there may see all of it",
                field=change.field("spec") or "",
            )


def _routed(graph: Graph, route: Resource) -> set[tuple[str, str]]:
    return {(lead.namespace, lead.name) for lead in backends(graph).get(route, ()) if lead.kind == "Service"}


@risk(
    "exposure",
    before="""
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: office, namespace: shop}
spec: {ipAllowList: {sourceRange: [10.1.0.0/16, 10.2.0.0/16]}}
""",
    breaks={"10.2.0.0/16": "10.0.0.0/8"},
    passes={"10.2.0.0/16": "10.2.3.0/24"},
)
def more_addresses_may_pass(comparison: Comparison) -> Iterator[Concern]:
    """A list of addresses that may pass has more of them: of a Middleware, or of ingress-nginx."""
    for change in comparison.changed("Middleware", "MiddlewareTCP"):
        for key in ("ipAllowList", "ipWhiteList"):
            before, after = ranges(change, "spec", key, "sourceRange")
            wider = wider_ranges(before, after) if before and after else []
            if wider:
                yield change.concern(
                    f"requests from {listed(wider)} pass", do=_ADDRESSES, field=f"spec.{key}.sourceRange"
                )

    for change in comparison.changed("Ingress"):
        for key in _ALLOWED:
            old, new = (
                [text.strip() for text in side.annotations.get(key, "").split(",") if text.strip()]
                for side in (change.old, change.new)
            )
            if old and new and (wider := wider_ranges(old, new)):
                yield change.concern(
                    f"requests from {listed(wider)} pass", do=_ADDRESSES, field=f"metadata.annotations[{key}]"
                )


_ADDRESSES: Final = "check whose addresses these are"
_ALLOWED: Final = (
    "nginx.ingress.kubernetes.io/allowlist-source-range",
    "nginx.ingress.kubernetes.io/whitelist-source-range",
)


def ranges(change: Change, *path: str) -> tuple[list[str], list[str]]:
    """The ranges of addresses at a path, as they were and as they are."""
    old, new = (shape.texts(side.manifest if side else {}, *path) for side in (change.old, change.new))
    return old, new


def wider_ranges(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """Those ranges that are in none of the old ones."""
    known = [network for text in old if (network := _network(text))]
    merged = [
        *collapse_addresses([network for network in known if network.version == 4]),
        *collapse_addresses([network for network in known if network.version == 6]),
    ]
    return [text for text in dict.fromkeys(new) if text not in old and not _is_within(_network(text), merged)]


def _network(text: str) -> Any:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


def _is_within(network: Any, known: Sequence[Any]) -> bool:
    return network is not None and any(network.version == other.version and network.subnet_of(other) for other in known)
