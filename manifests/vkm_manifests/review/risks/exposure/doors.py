"""Exposure: what is open to the outside."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.reach import port_name
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.traefik import Traefik, traefiks
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.risks.exposure.routes import ranges, wider_ranges
from vkm_manifests.review.wording import does, in_turn, listed

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
def service_is_open_to_the_outside(comparison: Comparison) -> Iterator[Concern]:
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
    before, after = ranges(change, "spec", "loadBalancerSourceRanges")
    if before and kind in _PUBLIC and (not after or wider_ranges(before, after)):
        yield f"{listed(wider_ranges(before, after)) if after else 'every address'} may connect to it"
    annotations_before = change.old.annotations if change.old else {}
    host = change.object.annotations.get(_HOSTNAME, "")
    if host and host != annotations_before.get(_HOSTNAME):
        yield f"the name {host} leads to it"


def _ports(spec: Mapping[str, Any]) -> set[str]:
    return {
        port_name(item.get("port"), shape.text(item, "protocol") or "TCP") for item in shape.mappings(spec, "ports")
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
def gateway_opens_more(comparison: Comparison) -> Iterator[Concern]:
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
def port_of_the_node_is_open(comparison: Comparison) -> Iterator[Concern]:
    """A container takes a port of each node that it runs on."""
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
def anybody_may_come_in(comparison: Comparison) -> Iterator[Concern]:
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
def name_leads_elsewhere(comparison: Comparison) -> Iterator[Concern]:
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
def traefik_opens_more(comparison: Comparison) -> Iterator[Concern]:
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
