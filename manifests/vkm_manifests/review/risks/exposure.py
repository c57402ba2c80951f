"""Exposure: something can be reached that could not be."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from ipaddress import collapse_addresses, ip_network
from typing import Any, Final, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.reach import Direction, Policy
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.route import hosts_of, routed_hosts
from vkm_manifests.graph.selector import matches
from vkm_manifests.graph.traefik import Traefik, traefiks
from vkm_manifests.graph.traefik_rule import Branch
from vkm_manifests.matrix import ANY, EVERYWHERE
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.reachable import is_known_by_labels, new_ports, reachable
from vkm_manifests.review.requests import Requests, all_requests, backends, hosts_in, requests
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.wording import does, in_turn, listed

_Concerns: TypeAlias = Iterator[Concern]

_ROUTES: Final = ("IngressRoute", "IngressRouteTCP", "Ingress", "HTTPRoute", "GRPCRoute", "TLSRoute")
_WITHOUT_HOSTS: Final = ("IngressRouteUDP", "TCPRoute", "UDPRoute")

# Routes.

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
def route_takes_more(comparison: Comparison) -> _Concerns:
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
def service_is_routed(comparison: Comparison) -> _Concerns:
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
def more_addresses_may_pass(comparison: Comparison) -> _Concerns:
    """A list of addresses that may pass has more of them: of a Middleware, or of ingress-nginx."""
    for change in comparison.changed("Middleware", "MiddlewareTCP"):
        for key in ("ipAllowList", "ipWhiteList"):
            before, after = _ranges(change, "spec", key, "sourceRange")
            wider = _wider(before, after) if before and after else []
            if wider:
                yield change.concern(
                    f"requests from {listed(wider)} pass", do=_ADDRESSES, field=f"spec.{key}.sourceRange"
                )

    for change in comparison.changed("Ingress"):
        if change.old and change.new:
            for key in _ALLOWED:
                old, new = (
                    [text.strip() for text in side.annotations.get(key, "").split(",") if text.strip()]
                    for side in (change.old, change.new)
                )
                if old and new and (wider := _wider(old, new)):
                    yield change.concern(
                        f"requests from {listed(wider)} pass", do=_ADDRESSES, field=f"metadata.annotations[{key}]"
                    )


_ADDRESSES: Final = "check whose addresses these are"
_ALLOWED: Final = (
    "nginx.ingress.kubernetes.io/allowlist-source-range",
    "nginx.ingress.kubernetes.io/whitelist-source-range",
)


def _ranges(change: Change, *path: str) -> tuple[list[str], list[str]]:
    old, new = (shape.texts(side.manifest if side else {}, *path) for side in (change.old, change.new))
    return old, new


def _wider(old: Sequence[str], new: Sequence[str]) -> list[str]:
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


# Services.

_SERVICE: Final = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {tier: front}}
spec:
  type: ClusterIP
  selector: {app: web}
  ports: [{name: http, port: 80}]
"""


@risk(
    "exposure",
    before=_SERVICE,
    breaks={"type: ClusterIP": "type: LoadBalancer"},
    passes={"{name: http, port: 80}": "{name: http, port: 80}, {name: metrics, port: 9100}"},
)
def service_is_open_to_the_outside(comparison: Comparison) -> _Concerns:
    """A Service can be reached from outside of the cluster where it could not, or on more ports, or by more addresses.

    A ClusterIP's ports are open to the cluster only; NetworkPolicies decide there.
    """
    for change in comparison.changes:
        if change.kind != "Service" or change.new is None:
            continue
        before, after = change.old.spec if change.old else {}, change.new.spec
        told = list(_openings(before, after, change))
        if told:
            yield change.concern(
                in_turn(told),
                do="keep type: ClusterIP behind a route, or bound the addresses by loadBalancerSourceRanges",
                field=change.field("spec") or "",
            )


_PUBLIC: Final = ("LoadBalancer", "NodePort")
_HOSTNAME: Final = "external-dns.alpha.kubernetes.io/hostname"


def _openings(old: Mapping[str, Any], new: Mapping[str, Any], change: Change) -> Iterator[str]:
    kind_before, kind = (shape.text(side, "type") or "ClusterIP" for side in (old, new))
    ports = sorted(_ports(new) - (_ports(old) if kind_before in _PUBLIC else set()), key=lambda port: (len(port), port))
    words = f"{does(len(ports), 'port', 'ports')} {listed(ports)} {does(len(ports), 'is', 'are')}"
    if kind in _PUBLIC and kind_before not in _PUBLIC:
        yield f"{words} open to the outside, as {kind}"
    elif kind == "LoadBalancer" and kind_before == "NodePort":
        yield "it gets an address to the outside, as LoadBalancer"
    elif kind in _PUBLIC and ports:
        yield f"{words} open to the outside"
    addresses = sorted({*shape.texts(new, "externalIPs")} - {*shape.texts(old, "externalIPs")})
    if addresses:
        yield f"nodes take what is sent to {listed(addresses)} for it"
    before, after = _ranges(change, "spec", "loadBalancerSourceRanges")
    if before and kind in _PUBLIC and (not after or _wider(before, after)):
        yield f"{listed(_wider(before, after)) if after else 'every address'} may connect to it"
    annotations_before = change.old.annotations if change.old else {}
    host = change.object.annotations.get(_HOSTNAME, "")
    if host and host != annotations_before.get(_HOSTNAME):
        yield f"the name {host} leads to it"


def _ports(spec: Mapping[str, Any]) -> set[str]:
    return {
        f"{item.get('port')}" + ("" if protocol == "TCP" else f"/{protocol}")
        for item in shape.mappings(spec, "ports")
        if (protocol := shape.text(item, "protocol") or "TCP")
    }


@risk(
    "exposure",
    before="""
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: gateway}
spec:
  gatewayClassName: traefik
  listeners:
  - {name: https, protocol: HTTPS, port: 443, hostname: "*.shop.test", allowedRoutes: {namespaces: {from: Same}}}
""",
    breaks={"from: Same": "from: All"},
    passes={"name: https": "name: websecure"},
)
def gateway_opens_more(comparison: Comparison) -> _Concerns:
    """A Gateway listens on another port or for other hosts, or takes the routes of more namespaces."""
    for change in comparison.changes:
        if change.kind != "Gateway" or change.new is None:
            continue
        before = _listeners(change.old) if change.old else {}
        told = []
        for place, routes_from in sorted(_listeners(change.new).items()):
            port, host = place
            if place not in before:
                told.append(f"it listens on port {port}" + (f" for {host}" if host else " for every host"))
            elif _FROM.index(routes_from) > _FROM.index(before[place]):
                told.append(f"port {port} takes the routes of {'every namespace' if routes_from == 'All' else 'more'}")
        if told:
            yield change.concern(
                in_turn(told), do="check that it is meant", field=change.field("spec", "listeners") or ""
            )


_FROM: Final = ("Same", "Selector", "All")


def _listeners(gateway: Resource) -> dict[tuple[int, str], str]:
    """Port and host of each listener, to whose routes it takes."""
    found = {}
    for listener in shape.mappings(gateway.spec, "listeners"):
        said = shape.text(listener, "allowedRoutes", "namespaces", "from")
        place = shape.number(listener, "port") or 0, shape.text(listener, "hostname").lower()
        found[place] = said if said in _FROM else "Same"
    return found


_POD: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
        ports: [{containerPort: 8080}]
        env: [{name: GF_AUTH_ANONYMOUS_ENABLED, value: "false"}]
"""


@risk(
    "exposure",
    before=_POD,
    breaks={"{containerPort: 8080}": "{containerPort: 8080, hostPort: 80}"},
    passes={"{containerPort: 8080}": "{containerPort: 8080}, {containerPort: 9100}"},
)
def port_of_the_node_is_open(comparison: Comparison) -> _Concerns:
    """A container takes a port of each node that it runs on, which nothing but the node's firewall bounds."""
    for change, old, pod in comparison.new_pods():
        taken = set(_host_ports(old)) if old else set()
        for port, field in sorted(_host_ports(pod).items()):
            if port not in taken:
                yield change.concern(
                    f"port {port} of each node that runs it leads to it", do="use a Service", field=field
                )
        if pod.spec.get("hostNetwork") is True and not (old and old.spec.get("hostNetwork") is True):
            yield change.concern(
                "its ports are open on each node that runs it, and no NetworkPolicy is about them",
                do="remove hostNetwork, and use a Service",
                field=f"{pod.spec_field}.hostNetwork",
            )


def _host_ports(pod: Pod) -> dict[int, str]:
    return {
        number: container.field
        for container in pod.containers
        for port in shape.mappings(container.manifest, "ports")
        if (number := shape.number(port, "hostPort")) and pod.spec.get("hostNetwork") is not True
    }


@risk(
    "exposure",
    before=_POD,
    breaks={'value: "false"': 'value: "true"'},
    passes={"env: [": 'env: [{name: GF_ANALYTICS_ENABLED, value: "true"}, '},
)
def anybody_may_come_in(comparison: Comparison) -> _Concerns:
    """Grafana lets in whoever comes: without an account, or with one that they make for themselves.

    By a variable of its container, or by `spec.config` of the operator's Grafana (Grafana 12, grafana-operator 5).
    """
    for item in comparison.pods:
        for old, new in item.containers():
            if new is None:
                continue
            for name, what in _LETS_IN.items():
                if _is_on(_variable(new, name)) and not (old and _is_on(_variable(old, name))):
                    yield item.change.concern(what, do=f'{name}: "false"', field=f"{new.field}.env[{name}]")
    for change in comparison.changed("Grafana"):
        if change.old and change.new:
            for path, what in _LETS_IN_BY_CONFIG.items():
                before, after = (shape.dig(side.spec, "config", *path) for side in (change.old, change.new))
                if _is_on(after) and not _is_on(before):
                    yield change.concern(what, do="leave it off", field=".".join(("spec.config", *path)))


_WITHOUT_ACCOUNT: Final = "whoever reaches Grafana sees it without an account"
_WITH_OWN_ACCOUNT: Final = "whoever reaches Grafana may make an account"
_LETS_IN: Final = {
    "GF_AUTH_ANONYMOUS_ENABLED": _WITHOUT_ACCOUNT,
    "GF_USERS_ALLOW_SIGN_UP": _WITH_OWN_ACCOUNT,
}
_LETS_IN_BY_CONFIG: Final = {
    ("auth.anonymous", "enabled"): _WITHOUT_ACCOUNT,
    ("users", "allow_sign_up"): _WITH_OWN_ACCOUNT,
}


def _variable(container: Container, name: str) -> str:
    variables = shape.mappings(container.manifest, "env")
    return next((shape.text(item, "value") for item in variables if item.get("name") == name), "")


def _is_on(value: Any) -> bool:
    return str(value).lower() in ("true", "1")


# Names.


@risk(
    "exposure",
    before="""
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: records, namespace: dns}
spec:
  endpoints:
  - {dnsName: shop.test, recordType: A, recordTTL: 300, targets: [192.0.2.1]}
""",
    breaks={"targets: [192.0.2.1]": "targets: [192.0.2.2]"},
    passes={"recordTTL: 300": "recordTTL: 60"},
)
def name_leads_elsewhere(comparison: Comparison) -> _Concerns:
    """A DNS name is new, or leads to another address."""
    before = _records(comparison.old)
    for change in comparison.changes:
        if change.kind != "DNSEndpoint" or change.new is None:
            continue
        fresh, moved = [], []
        for endpoint in shape.mappings(change.new.spec, "endpoints"):
            key, targets = _record(endpoint), sorted(shape.texts(endpoint, "targets"))
            old = before.get(key)
            if old is None:
                fresh.append(f"{key[0]} leads to {', '.join(targets)}")
            elif old != targets:
                moved.append(f"{key[0]} leads to {', '.join(targets)}, no longer to {', '.join(old)}")
        field = change.field("spec", "endpoints") or ""
        if fresh:
            yield change.concern(
                f"new in DNS: {in_turn(fresh)}", do="check that what answers there may be found", field=field
            )
        if moved:
            yield change.concern(
                in_turn(moved), do="lower the TTL first, and keep the old address until it has passed", field=field
            )


def _record(endpoint: Mapping[str, Any]) -> tuple[str, str]:
    return shape.text(endpoint, "dnsName").lower(), shape.text(endpoint, "recordType") or "A"


def _records(graph: Graph) -> Mapping[tuple[str, str], list[str]]:
    return {
        _record(endpoint): sorted(shape.texts(endpoint, "targets"))
        for resource in graph.of_kind("DNSEndpoint")
        for endpoint in shape.mappings(resource.spec, "endpoints")
    }


# Traefik.


@risk(
    "exposure",
    before="""
apiVersion: apps/v1
kind: Deployment
metadata: {name: traefik, namespace: traefik}
spec:
  template:
    spec:
      containers:
      - name: traefik
        image: traefik:v3.7.15
        args:
        - --entryPoints.websecure.address=:8443
        - --log.level=INFO
""",
    breaks={"--log.level=INFO": "--api.insecure=true"},
    passes={"--log.level=INFO": "--log.level=DEBUG"},
)
def traefik_opens_more(comparison: Comparison) -> _Concerns:
    """Traefik listens on another port, shows its API, or takes the routes of more namespaces."""
    before = {str(traefik.pod): traefik for traefik in traefiks(comparison.old)}
    for traefik in traefiks(comparison.new):
        old, change = before.get(str(traefik.pod)), comparison.by_identity.get(traefik.pod.workload.identity)
        told = list(_opened(old, traefik)) if old and change else []
        if change and told:
            yield change.concern(
                in_turn(told),
                do="check that it is meant, and that the Service and the policies are no wider than needed",
                field=f"{traefik.container.field}.args",
            )


def _opened(old: Traefik, new: Traefik) -> Iterator[str]:
    for name, port in new.entry_points.items():
        if name not in old.entry_points:
            yield f"entry point {name} is open on port {port}" if port else f"entry point {name} is open"
    for option, what in _API.items():
        if new.says(option) and not old.says(option):
            yield what
    wider: dict[str, list[str]] = defaultdict(list)
    for provider in ("kubernetescrd", "kubernetesingress"):
        option = f"providers.{provider}.namespaces"
        before, after = old.names(option), new.names(option)
        if before and not after and new.has(f"providers.{provider}"):
            wider["every namespace"].append(provider)
        elif before and set(after) - set(before):
            wider[listed(sorted(set(after) - set(before)))].append(provider)
    for namespaces, providers in wider.items():
        yield f"the routes of {namespaces} are taken ({', '.join(providers)})"


_API: Final = {
    "api.insecure": "its API is open to whoever reaches entry point traefik",
    "api.dashboard": "its dashboard is on",
    "api.debug": "its API shows what is in its memory",
    "providers.kubernetescrd.allowcrossnamespace": "routes may lead to other namespaces",
    "providers.kubernetescrd.allowexternalnameservices": "routes may lead to hosts by name",
    "providers.kubernetesingress.allowexternalnameservices": "routes may lead to hosts by name",
}

# Network policies.

_PAIR: Final = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: example/web:1.0.0, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: db, image: postgres:18.1, ports: [{containerPort: 5432}, {containerPort: 9187}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
"""


@risk(
    "exposure",
    before=_PAIR,
    breaks={"ports: [{port: 5432}]": "ports: [{port: 5432}, {port: 9187}]"},
    passes={"{matchLabels: {app: web}}": "{matchLabels: {app: web, tier: front}}"},
)
def policies_are_wider(comparison: Comparison) -> _Concerns:
    """Somebody can connect to what they could not.

    What the policies of both ends let through is compared, not their text. It is told where a target was there before,
    or somebody outside can reach one that is new; what a new service opens within, and for what is in front of it, is
    no exposure, nor is a port of the target that takes another one's place.
    """
    old, new = reachable(comparison.old), reachable(comparison.new)
    renamed = {str(c.identity): str(c.renamed_from) for c in comparison.come() if c.renamed_from}
    before, after = ({str(pod): pod for pod in graph.own_pods} for graph in (comparison.old, comparison.new))
    told: dict[Change, list[str]] = defaultdict(list)
    for (source, target), ports in sorted(new.items()):
        if ANY in (source, target):
            # Nothing closes the other end: of what is no longer closed, another risk tells.
            continue
        was = renamed.get(source, source), renamed.get(target, target)
        known = old.get(was, set())
        left = new_ports(known, set(ports))
        if (
            target in after
            and was[1] in before
            and _have_moved(before[was[1]], after[target], known - set(ports), left)
        ):
            continue
        if not any(end in after and former not in before for end, former in zip((source, target), was, strict=True)):
            left = [port for port in left if not _was_open(comparison.old, before, was, port)]
        if (
            not left
            or is_known_by_labels(comparison.old, was, left)
            or not _matters(was, (source, target), before, after)
        ):
            continue
        change = _who_opened(comparison, after.get(source), after.get(target))
        if change:
            told[change].append(f"{source} → {target}" + (" on any port" if ANY in left else f":{', '.join(left)}"))
    for change, ways in told.items():
        yield change.concern(
            f"newly reachable: {in_turn(ways)}",
            do="check that both ends need it, and that no port or peer can be left out",
            field=change.field("spec") or "",
        )


def _have_moved(old: Pod, new: Pod, gone: Set[str], came: Sequence[str]) -> bool:
    """Whether ports that are newly open are those on which pods listen now, in place of the ones that closed."""
    before, after = (
        {
            str(number) + ("" if protocol == "TCP" else f"/{protocol}")
            for c in pod.containers
            for _, number, protocol in c.ports()
        }
        for pod in (old, new)
    )
    return len(came) <= len(gone & (before - after)) and {*came} <= after - before


def _was_open(graph: Graph, before: Mapping[str, Pod], ends: tuple[str, str], port: str) -> bool:
    """Whether the source could connect to the target's port already, by whatever policy."""
    source, target = (before.get(end) for end in ends)
    number, _, protocol = port.partition("/")
    if source and target and number.isdigit():
        way = int(number), protocol or "TCP"
        return graph.reach.lets_out(source, target, way) and graph.reach.lets_in(source, target, way)
    ways = reachable(graph)
    into = any({port, ANY} & set(ways.get((end, ends[1]), ())) for end in (ANY, EVERYWHERE))
    out = any({port, ANY} & set(ways.get((ends[0], end), ())) for end in (ANY, EVERYWHERE))
    # Of somebody outside, nothing says what they may not.
    return (into or not target) and (out or not source)


def _matters(was: tuple[str, str], ends: tuple[str, str], before: Mapping[str, Pod], after: Mapping[str, Pod]) -> bool:
    source, target = ends
    if target in after:
        return was[1] in before or source not in after
    return was[0] in before


def _who_opened(comparison: Comparison, source: Pod | None, target: Pod | None) -> Change | None:
    """The policy that opened the way: that at the target first; or the labels of either end."""
    pairs: tuple[tuple[Pod | None, Pod | None, Direction], ...] = (
        (target, source, "ingress"),
        (source, target, "egress"),
    )
    for pod, other, direction in pairs:
        if pod is None:
            continue
        for policy in comparison.new.reach.policies_of(pod):
            change = comparison.by_identity.get(policy.resource.identity)
            if change and _opens_to(comparison.new, policy, other, direction) and _is_about_ways(change):
                return change
    for pod in (target, source):
        change = comparison.by_identity.get(pod.workload.identity) if pod else None
        if change:
            return change
    return _who_closed(comparison, source, target)


def _is_about_ways(change: Change) -> bool:
    return change.old is None or change.renamed_from is not None or change.field("spec") is not None


def _opens_to(graph: Graph, policy: Policy, other: Pod | None, direction: Direction) -> bool:
    """Whether a policy opens a way to a pod; of somebody whom the manifests do not show, whether it opens any."""
    return any(other is None or graph.reach.names(way, other) for way in policy.ways_of(direction))


def _who_closed(comparison: Comparison, source: Pod | None, target: Pod | None) -> Change | None:
    """A policy that is gone from either end, or a namespace whose labels are others."""
    for pod in filter(None, (target, source)):
        for change in comparison.removed("NetworkPolicy"):
            old = change.old
            if old and old.namespace == pod.namespace and matches(old.spec.get("podSelector"), pod.labels):
                return change
    for pod in filter(None, (source, target)):
        namespace = comparison.new.find("Namespace", "", pod.namespace)
        if namespace and namespace.identity in comparison.by_identity:
            return comparison.by_identity[namespace.identity]
    return None
