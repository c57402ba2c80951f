"""Downtime: what others need."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.reach import Port
from vkm_manifests.graph.references import Reference
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.route import hosts_of, routed_hosts
from vkm_manifests.graph.secrets import Keys, config_maps_of, secrets_of
from vkm_manifests.graph.talks import connections, mentions, ports_of, service_at
from vkm_manifests.identity import Identity
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.examples import ROUTE, SERVED, SERVICE, WEB
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.risks.downtime.workloads import newly, unanswered
from vkm_manifests.review.rollout import (
    causes,
    is_replaced,
    rollout,
    seconds_to_start,
    template_fields,
)
from vkm_manifests.review.users import named_by, pods_by_workload
from vkm_manifests.review.wording import does, listed

_STARTS_WITHOUT: Final = ("ConfigMap", "PersistentVolumeClaim", "PriorityClass", "Secret", "ServiceAccount")


_LOST: Final[Mapping[str, str]] = {
    "ClusterIssuer": "no certificate is issued or renewed",
    "ClusterRole": "its rights are gone",
    "ClusterSecretStore": "its Secrets are not refreshed",
    "IPAddressPool": "no address is given",
    "IngressClass": "no controller takes its routes",
    "Issuer": "no certificate is issued or renewed",
    "Middleware": "Traefik drops the route: 404",
    "MiddlewareTCP": "Traefik drops the route",
    "Role": "its rights are gone",
    "SecretStore": "its Secrets are not refreshed",
    "ServersTransport": "Traefik cannot connect",
    "Service": "nobody answers there",
    "TLSOption": "Traefik does not serve the host",
    "TraefikService": "nobody answers there",
}


@risk(
    "downtime",
    before=f"{SERVICE}---{ROUTE}",
    breaks={SERVICE.lstrip(): ""},
    passes={ROUTE.lstrip(): ""},
)
def others_still_need_it(comparison: Comparison) -> Iterator[Concern]:
    """An object, or a key of one, is gone, and others still name it.

    Pods that run go on without a Secret or ConfigMap; new ones wait in CreateContainerConfigError. Traefik 3 leaves out
    a route whose Middleware does not exist, and answers 404.
    """
    by_address = _clients_by_address(comparison)
    for change in comparison.changes:
        if change.old is None:
            continue
        concern = _of_lost_keys(comparison, change, change.old) or _of_lost_object(
            comparison, change, change.old, by_address
        )
        if concern:
            yield concern


def _of_lost_object(
    comparison: Comparison, change: Change, old: Resource, by_address: Mapping[Identity, list[str]]
) -> Concern | None:
    if change.new and not change.renamed_from:
        return None
    kind, graph = change.kind, comparison.new
    if (kind not in _STARTS_WITHOUT and kind not in _LOST) or graph.exists(kind, old.namespace, old.name):
        return None
    if kind == "Secret" and (old.namespace, old.name) in graph.secrets:
        return None
    users = [_user(r) for r in named_by(graph, kind, old.namespace, old.name) if _breaks(comparison, r)]
    users += by_address.get(old.identity, [])
    if not users:
        return None
    return _lost(change, f"{kind} {old.name}", kind, users)


def _of_lost_keys(comparison: Comparison, change: Change, old: Resource) -> Concern | None:
    for kind, made, known in (
        ("Secret", secrets_of(old), comparison.new.secrets),
        ("ConfigMap", config_maps_of(old), comparison.new.config_maps),
    ):
        for namespace, name, keys in made:
            users = [
                (_user(reference), reference.key)
                for reference in named_by(comparison.new, kind, namespace, name)
                if _is_lost(reference, keys, known) and _breaks(comparison, reference)
            ]
            if users:
                lost = sorted({key for _, key in users if key})
                gone = (
                    f"key {listed(lost)} of {kind} {name}" if lost and (namespace, name) in known else f"{kind} {name}"
                )
                return _lost(change, gone, kind, [user for user, _ in users])
    return None


def _is_lost(reference: Reference, keys: Keys, known: Mapping[tuple[str, str], Keys]) -> bool:
    place = (reference.namespace, reference.name)
    if place not in known:
        return True
    now = known[place]
    return (
        bool(reference.key) and now is not None and reference.key not in now and (keys is None or reference.key in keys)
    )


def _lost(change: Change, gone: str, kind: str, users: list[str]) -> Concern:
    count = len(set(users))
    effect = f"{does(count, 'it does', 'they do')} not start again without it"
    if kind not in _STARTS_WITHOUT or all(" " in user for user in users):
        effect = _LOST.get(kind, "it is missing there")
    return change.concern(
        f"{gone} is gone, and {listed(users)} still {does(count, 'names', 'name')} it: {effect}",
        do="keep it until nobody names it any more",
    )


def _user(reference: Reference) -> str:
    """Who names something: a workload by its name, another object with its kind."""
    source = reference.source
    return source.name if Pod.of(source) else f"{source.kind} {source.name}"


def _breaks(comparison: Comparison, reference: Reference) -> bool:
    """Whether something breaks without what is named: no Job that has run, no subject of a binding."""
    source = reference.source
    if source.kind == "Job" and comparison.old.find("Job", source.namespace, source.name):
        return False
    return reference.kind != "ServiceAccount" or Pod.of(source) is not None


def _clients_by_address(comparison: Comparison) -> Mapping[Identity, list[str]]:
    """The Services that are gone, with the workloads that are still given their addresses."""
    found: dict[Identity, list[str]] = defaultdict(list)
    if not any(True for _ in comparison.removed("Service")):
        return found
    for mention in mentions(comparison.new):
        host, namespace = mention.address.host, mention.pod.namespace
        if mention.sure and mention.pod.workload.kind != "Job" and service_at(comparison.new, host, namespace) is None:
            service = service_at(comparison.old, host, namespace)
            if service:
                found[service.identity].append(mention.pod.workload.name)
    return found


@risk(
    "downtime",
    before=f"{SERVICE}---{ROUTE}",
    breaks={"port: 80, targetPort": "port: 8080, targetPort"},
    passes={"targetPort: 8080": "targetPort: 8081"},
)
def others_still_use_the_port(comparison: Comparison) -> Iterator[Concern]:
    """A Service's port has another number or name, and others still use the one it had."""
    lost = {}
    for change in comparison.changed("Service"):
        if change.field("spec", "ports") and change.old and change.new:
            gone = _ports(change.old) - _ports(change.new)
            if gone:
                lost[change.identity] = (change, gone)
    if not lost:
        return
    users: dict[Identity, list[tuple[str, str]]] = defaultdict(list)
    for identity, (_, gone) in lost.items():
        for reference in named_by(comparison.new, "Service", identity.namespace, identity.name):
            if reference.key in gone:
                users[identity].append((_user(reference), reference.key))
    for mention in mentions(comparison.new):
        service = service_at(comparison.new, mention.address.host, mention.pod.namespace)
        if service and mention.sure and mention.pod.workload.kind != "Job" and service.identity in lost:
            port = str(mention.address.port or "")
            if port in lost[service.identity][1]:
                users[service.identity].append((mention.pod.workload.name, port))
    for identity, found in users.items():
        names = listed(name for name, _ in found)
        yield lost[identity][0].concern(
            f"port {listed(port for _, port in found)} is gone, and {names} still "
            f"{does(len({name for name, _ in found}), 'connects', 'connect')} to it",
            do="keep it until nobody uses it any more",
            field="spec.ports",
        )


def _ports(service: Resource) -> frozenset[str]:
    entries = shape.mappings(service.spec, "ports")
    return frozenset(
        (*map(str, ports_of(service)), *(name for entry in entries if (name := shape.text(entry, "name"))))
    )


@risk(
    "downtime",
    before=f"{WEB}---{SERVICE}",
    breaks={"selector: {app: web}": "selector: {app: wep}"},
    passes={"targetPort: 8080": "targetPort: http"},
)
def service_leads_nowhere(comparison: Comparison) -> Iterator[Concern]:
    """A Service that led to pods leads to none any more, or to a port that they do not have."""
    graph = comparison.new
    for rule in ("service-selects-pods", "service-port-reaches-container"):
        for finding in newly(comparison, rule):
            service = graph.find("Service", finding.object.namespace, finding.object.name)
            before = comparison.old.find("Service", finding.object.namespace, finding.object.name)
            pods_before = comparison.old.pods_of_service(before) if before else []
            if not service or not pods_before:
                continue
            names = (finding.object, *(pod.workload.identity for pod in pods_before))
            change = next((found for name in names if (found := comparison.by_identity.get(name))), None)
            # Of a workload that is gone, that is told.
            if change and change.new:
                told = "" if change.identity == finding.object else f"Service {service.name} "
                yield change.concern(f"{told}{finding.message}: nobody answers there any more", do=finding.fix)


@risk("downtime", before=ROUTE, breaks={"shop.example": "store.example"}, passes={"port: 80": "port: 81"})
def host_is_gone(comparison: Comparison) -> Iterator[Concern]:
    """A host is not routed any more: it does not answer."""
    routed = {item.host for item in routed_hosts(comparison.new)}
    for change in comparison.changes:
        if change.old is not None:
            gone = list(dict.fromkeys(item.host for item in hosts_of(change.old) if item.host not in routed))
            if gone:
                yield change.concern(
                    f"{listed(gone)} {does(len(gone), 'is', 'are')} not routed any more: it gives an error",
                    do="keep the old host as a redirect, or tell those who use it",
                )


@risk(
    "downtime",
    before="""
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: records, namespace: dns}
spec:
  endpoints:
  - {dnsName: shop.example.com, recordType: A, targets: [192.0.2.1]}
  - {dnsName: www.example.com, recordType: A, targets: [192.0.2.1]}
""",
    breaks={"  - {dnsName: www.example.com, recordType: A, targets: [192.0.2.1]}\n": ""},
    passes={"[192.0.2.1]}\n  - ": "[192.0.2.2]}\n  - "},
)
def name_is_gone(comparison: Comparison) -> Iterator[Concern]:
    """A DNS name has no record any more: nobody finds what answers there.

    ExternalDNS deletes what no source names any more under its policy `sync`; under `upsert-only` it stays.
    """
    kept = {record for endpoint in comparison.new.of_kind("DNSEndpoint") for record in _records(endpoint)}
    for change in comparison.changes:
        if change.kind == "DNSEndpoint" and change.old:
            gone = [name for name, kind in _records(change.old) if (name, kind) not in kept]
            if gone:
                yield change.concern(
                    f"{listed(gone)} {does(len(set(gone)), 'has', 'have')} no record any more",
                    do="make sure that nobody uses the name",
                    field="spec.endpoints",
                )


def _records(endpoint: Resource) -> list[tuple[str, str]]:
    """Name and type of the records that an object asks for."""
    return [
        (shape.text(item, "dnsName").lower(), shape.text(item, "recordType") or "A")
        for item in shape.mappings(endpoint.spec, "endpoints")
        if shape.texts(item, "targets")
    ]


_ADDRESS_ANNOTATIONS: Final = ("metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs")


@risk(
    "downtime",
    before="""
apiVersion: v1
kind: Service
metadata: {name: door, namespace: shop, annotations: {metallb.io/loadBalancerIPs: 192.0.2.1}}
spec:
  type: LoadBalancer
  selector: {app: door}
  ports: [{port: 443}]
""",
    breaks={"192.0.2.1": "192.0.2.2"},
    passes={"port: 443": "port: 8443"},
)
def door_moves(comparison: Comparison) -> Iterator[Concern]:
    """A Service has another address outside of the cluster: nobody answers at the one that it had."""
    for change in comparison.changed("Service"):
        if change.old and change.new and (old := _outside(change.old)) and _outside(change.new) != old:
            yield change.concern(
                f"nobody answers at {old} any more: the address is {_outside(change.new) or 'left to the cluster'}",
                do="change the DNS records and the router in the same step",
                field="spec.loadBalancerIP" if change.field("spec", "loadBalancerIP") else "metadata.annotations",
            )


def _outside(service: Resource) -> str:
    """The address that a Service asks for; empty where it takes any."""
    annotated = (service.annotations.get(name, "") for name in _ADDRESS_ANNOTATIONS)
    return next(filter(None, annotated), "") or shape.text(service.spec, "loadBalancerIP")


@risk(
    "downtime",
    before="""
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
  - {kind: Rule, match: Host(`shop.example.com`), services: [{name: web, port: 80}]}
  tls: {secretName: web-tls}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec:
  secretName: web-tls
  dnsNames: [shop.example.com]
  issuerRef: {name: letsencrypt}
""",
    breaks={
        "tls: {secretName: web-tls}": "tls: {secretName: shop-tls}",
        "  secretName: web-tls\n": "  secretName: shop-tls\n",
    },
    passes={"[shop.example.com]": "[shop.example.com, www.example.com]"},
)
def certificate_is_not_there_yet(comparison: Comparison) -> Iterator[Concern]:
    """A host that is served already gets its certificate from a Secret that is yet to be issued.

    Until it is there, Traefik serves its default certificate, of which browsers warn.
    """
    served = {item.host for item in routed_hosts(comparison.old)}
    for change in (*comparison.changed("Certificate"), *comparison.come("Certificate")):
        if change.new is None or (change.old and not change.field("spec", "secretName")):
            continue
        name = shape.text(change.new.spec, "secretName")
        if (change.new.namespace, name) in comparison.old.secrets:
            continue
        hosts = [
            item.host
            for reference in named_by(comparison.new, "Secret", change.new.namespace, name)
            for item in hosts_of(reference.source)
            if item.host in served
        ]
        if hosts:
            yield change.concern(
                f"browsers warn at {listed(hosts)} until Secret {name} is issued",
                do="apply the Certificate first, wait until it is READY, then the route",
                field="spec.secretName",
            )


@risk(
    "downtime",
    before=f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: default-deny, namespace: shop}}
spec: {{podSelector: {{}}, policyTypes: [Ingress]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: web-from-worker, namespace: shop}}
spec:
  podSelector: {{matchLabels: {{app: web}}}}
  policyTypes: [Ingress]
  ingress: [{{from: [{{podSelector: {{matchLabels: {{app: worker}}}}}}], ports: [{{port: 8080}}]}}]
---{SERVICE}---{WEB}---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: worker, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: worker}}}}
  template:
    metadata: {{labels: {{app: worker}}}}
    spec:
      containers:
      - name: worker
        image: example/worker:1.0.0
        env: [{{name: SHOP_URL, value: "http://web:80"}}]
""",
    breaks={"ports: [{port: 8080}]": "ports: [{port: 80}]"},
    passes={"ports: [{port: 8080}]": "ports: [{port: 8080}, {port: 8081}]"},
)
def connection_is_stopped(comparison: Comparison) -> Iterator[Concern]:
    """NetworkPolicies stop a connection that the manifests show, and that they let through before."""
    old, new = comparison.old, comparison.new
    changed = [change for change in comparison.changes if change.kind == "NetworkPolicy"]
    if not changed:
        return
    before = pods_by_workload(old)
    stopped: dict[Identity, list[str]] = defaultdict(list)
    for connection in connections(new):
        source, target = connection.source, connection.target
        if source is None or source.workload.kind == "Job" or not connection.sure:
            continue
        if _is_let(new, source, target, connection.ports):
            continue
        ends = before.get(source.workload.identity), before.get(target.workload.identity)
        if ends[0] is None or ends[1] is None or not _is_let(old, ends[0], ends[1], connection.ports):
            continue
        cause = _policy_about(changed, source, target, ends[0], ends[1], comparison)
        if cause:
            stopped[cause.identity].append(f"{source.workload.name} to {target.workload.name}")
    for identity, ways in stopped.items():
        yield comparison.by_identity[identity].concern(
            f"{does(len(ways), 'the connection', 'the connections')} of {listed(ways)} "
            f"{does(len(ways), 'is', 'are')} stopped",
            do="keep the way open, or take away what connects",
        )


def _is_let(graph: Graph, source: Pod, target: Pod, ports: tuple[Port, ...]) -> bool:
    reach = graph.reach
    on_node = source.spec.get("hostNetwork") is True or target.spec.get("hostNetwork") is True
    out = on_node or not reach.is_judged(source) or any(reach.lets_out(source, target, port) for port in ports)
    return out and (
        on_node or not reach.is_judged(target) or any(reach.lets_in(source, target, port) for port in ports)
    )


def _policy_about(
    changed: list[Change], source: Pod, target: Pod, old_source: Pod, old_target: Pod, comparison: Comparison
) -> Change | None:
    """The change of a policy that takes either end; what is removed first."""
    for change in sorted(changed, key=lambda change: (change.new is not None, change.old is None)):
        for graph, policy, ends in (
            (comparison.old, change.old, (old_target, old_source)),
            (comparison.new, change.new, (target, source)),
        ):
            if policy is None:
                continue
            taken = graph.pods_selected(policy.namespace, shape.mapping(policy.spec, "podSelector"))
            if any(end in taken for end in ends):
                return change
    return None


@risk(
    "downtime",
    before=SERVED,
    breaks={"web:1.0.0": "web:1.0.1"},
    passes={"strategy: {type: Recreate}": "strategy: {type: RollingUpdate}", "web:1.0.0": "web:1.0.1"},
)
def pods_stop_before_others_start(comparison: Comparison) -> Iterator[Concern]:
    """All pods of a workload stop before new ones start.

    So it is with the strategy Recreate, with a StatefulSet of one pod, and where maxUnavailable allows it for all.
    """
    graph = comparison.new
    for pods in comparison.pods:
        how = rollout(graph, pods.new)
        if not how or not how.gap or not is_replaced(pods, graph):
            continue
        seconds = seconds_to_start(pods.new)
        took = f" (it has up to {seconds} s to start)" if seconds else ""
        yield pods.change.concern(
            f"{how}: {listed(causes(comparison, pods))}; until a new one is ready, {unanswered(graph, pods.new)}{took}",
            do="apply it when nobody works with it",
            field=template_fields(pods)[0],
        )
