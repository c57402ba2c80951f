"""Downtime: what others need."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.named import references_by_source
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.references import Reference
from vkm_manifests.graph.resource import Finding, Resource
from vkm_manifests.graph.scraping import scraping_of
from vkm_manifests.graph.secrets import Keys, config_maps_of, secrets_of
from vkm_manifests.graph.talks import is_headless, mentions, ports_of, service_at
from vkm_manifests.graph.traefik import traefiks
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
from vkm_manifests.review.users import named_by, services_of
from vkm_manifests.review.wording import does, listed
from vkm_manifests.verify import RULES

_STARTS_WITHOUT: Final = ("ConfigMap", "PersistentVolumeClaim", "PriorityClass", "Secret", "ServiceAccount")


_LOST: Final[Mapping[str, str]] = {
    "ClusterIssuer": "no certificate is issued or renewed",
    "ClusterRole": "its rights are gone",
    "ClusterSecretStore": "its Secrets are not refreshed",
    "Gateway": "no request comes in by it",
    "GatewayClass": "no controller serves it",
    "IPAddressPool": "no address is given",
    "IngressClass": "no controller takes its routes",
    "Issuer": "no certificate is issued or renewed",
    "Middleware": "Traefik drops the route, and answers 404",
    "MiddlewareTCP": "Traefik drops the route",
    "Role": "its rights are gone",
    "Secret": "what it is for fails, such as a login, or a certificate that browsers trust",
    "SecretStore": "its Secrets are not refreshed",
    "ServersTransport": "Traefik cannot connect",
    "Service": "nobody answers there",
    "StorageClass": "no volume of it is made or grows",
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

    Pods that run go on without a Secret or ConfigMap; new ones wait, in CreateContainerConfigError for a
    variable and in ContainerCreating for a volume. Traefik 3 leaves out a route whose Middleware does not exist, and
    answers 404.
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
            if (namespace, name) not in known and _leaves_its_secret(old):
                continue
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


def _leaves_its_secret(resource: Resource) -> bool:
    """Whether the Secret that External Secrets made stays when nothing asks for it any more."""
    target = shape.mapping(resource.spec, "target")
    return shape.text(target, "creationPolicy") == "Orphan" and shape.text(target, "deletionPolicy") != "Delete"


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


_NO_START: Final = "its new pods do not start"
_NOT_THERE: Final[Mapping[str, str]] = {
    "address-names-a-service": "nobody answers there",
    "claim-exists": _NO_START,
    "config-map-exists": _NO_START,
    "config-map-has-key": _NO_START,
    "entry-point-exists": "Traefik does not take its requests there",
    "gateway-exists": _LOST["Gateway"],
    "ingress-class-exists": _LOST["IngressClass"],
    "ip-address-pool-exists": _LOST["IPAddressPool"],
    "issuer-exists": _LOST["Issuer"],
    "middleware-exists": _LOST["Middleware"],
    "monitor-port-exists": "nothing is scraped, and its alerts stay silent",
    "pod-monitor-selects-pods": "nothing is scraped, and its alerts stay silent",
    "priority-class-exists": "its new pods are refused",
    "route-port-exists": _LOST["Service"],
    "route-rule-parses": "Traefik drops the route",
    "scale-target-exists": "nothing is scaled",
    "secret-exists": _NO_START,
    "secret-has-key": _NO_START,
    "secret-store-exists": _LOST["SecretStore"],
    "service-account-exists": "its new pods are refused",
    "service-exists": _LOST["Service"],
    "service-monitor-selects-services": "nothing is scraped, and its alerts stay silent",
    "store-admits-namespace": _LOST["SecretStore"],
    "tls-option-exists": _LOST["TLSOption"],
    "traefik-watches-namespace": "Traefik does not take its requests",
    "url-names-a-service": "nobody answers there",
}
"""What each of these rules of the verification asks for, is not there: what comes of it."""


@risk(
    "downtime",
    before=f"{SERVICE}---{ROUTE}",
    breaks={"services: [{name: web, port: 80}]": "services: [{name: wbe, port: 80}]"},
    passes={"services: [{name: web, port: 80}]": "services: [{name: web, port: http}]"},
)
def what_it_names_is_not_there(comparison: Comparison) -> Iterator[Concern]:
    """An object that worked names what does not exist, by a slip of the pen perhaps.

    Only where the manifests must have what is named, and had all of its kind that their namespace named. What is gone
    while others name it as before, is told of itself.
    """
    for rule in _NOT_THERE:
        told: dict[Identity, list[Finding]] = defaultdict(list)
        elsewhere = {finding.object.namespace for finding in RULES[rule].check(comparison.old)}
        for finding in newly(comparison, rule):
            own = comparison.by_identity.get(finding.object)
            if own and _is_as_before(comparison, own, finding):
                own = None
            change = own or _of_others(comparison, rule, finding.object)
            is_told_elsewhere = not change or not change.old or not change.new
            is_sure = finding.severity == "error" and finding.object.namespace not in elsewhere
            if change and not is_told_elsewhere and is_sure:
                told[change.identity].append(finding)
        for identity, findings in told.items():
            change, first = comparison.by_identity[identity], findings[0]
            users = list(dict.fromkeys(f"{f.object.kind} {f.object.name}" for f in findings if f.object != identity))
            verb, _, rest = first.message.partition(" ")
            several = "are" if verb == "is" else verb.removesuffix("s")
            by_users = f"{listed(users)} {does(len(users), verb, several)} {rest}"
            yield change.concern(
                f"{by_users if users else listed(f.message for f in findings)}: {_effect(rule, change)}",
                do=listed(f.fix for f in findings) if " " in first.fix else f"write {first.fix}",
                field="" if users else first.field,
            )


def _effect(rule: str, change: Change) -> str:
    if _NOT_THERE[rule] != _NO_START or Pod.of(change.object):
        return _NOT_THERE[rule]
    return _LOST["Secret"] if rule.startswith("secret") else "it is missing there"


def _is_as_before(comparison: Comparison, change: Change, finding: Finding) -> bool:
    """Whether an object names there what it named before, in whatever field."""
    # An address is in a text, and no reference.
    if finding.rule == "address-names-a-service":
        return not any(field.name.startswith(finding.field) for field in change.fields)
    before, after = (
        {(r.field, r.kind, r.namespace, r.name, r.key) for r in references_by_source(graph).get(identity, ())}
        for graph, identity in (
            (comparison.old, (change.old or change.object).identity),
            (comparison.new, change.identity),
        )
    )
    named = {what[1:] for what in after if what[0] == finding.field}
    return bool(named) and named <= {what[1:] for what in before}


def _of_others(comparison: Comparison, rule: str, user: Identity) -> Change | None:
    """The change by which an object finds no longer what it asks for as before: of Traefik, a Service, or a store."""
    others: list[Identity] = []
    if rule in ("entry-point-exists", "traefik-watches-namespace"):
        others = [traefik.pod.workload.identity for traefik in traefiks(comparison.new)]
    elif rule in ("monitor-port-exists", "service-monitor-selects-services"):
        monitor = comparison.old.find(user.kind, user.namespace, user.name)
        others = [service.identity for service in scraping_of(comparison.old).services_of(monitor)] if monitor else []
    elif rule == "store-admits-namespace":
        stores = (r for r in references_by_source(comparison.new).get(user, ()) if r.kind == "ClusterSecretStore")
        others = [store.identity for r in stores if (store := comparison.new.find(r.kind, "", r.name))]
    return next((change for other in others if (change := comparison.by_identity.get(other))), None)


@risk(
    "downtime",
    before=f"""{WEB}---
apiVersion: v1
kind: ResourceQuota
metadata: {{name: shop, namespace: shop}}
spec: {{hard: {{pods: 10}}}}
""",
    breaks={"hard: {pods: 10}": "hard: {pods: 10, limits.cpu: 4}"},
    passes={"hard: {pods: 10}": "hard: {pods: 20}"},
)
def quota_counts_what_is_not_stated(comparison: Comparison) -> Iterator[Concern]:
    """A quota counts cpu or memory that containers do not state: the API server refuses their pods."""
    told: dict[Identity, list[Finding]] = defaultdict(list)
    quotas = [change for change in comparison.changes if change.kind == "ResourceQuota" and change.new]
    for finding in newly(comparison, "quota-finds-its-amounts"):
        pod = finding.object
        by_quota = (
            q for q in quotas if q.object.namespace == pod.namespace and f" {q.object.name} " in finding.message
        )
        change = next(by_quota, None) or comparison.by_identity.get(pod)
        if change and pod.kind != "Job" and comparison.old.find(pod.kind, pod.namespace, pod.name):
            told[change.identity].append(finding)
    for identity, findings in told.items():
        names = dict.fromkeys(finding.object.name for finding in findings)
        amounts = listed(sorted({finding.field.rpartition("resources.")[2] for finding in findings}))
        yield comparison.by_identity[identity].concern(
            f"{listed(names)} {does(len(names), 'does', 'do')} not state {amounts}, which a ResourceQuota counts: pods "
            "are refused when they are made the next time",
            do="state it in each container first, or let a LimitRange give a default",
        )


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
    new = comparison.new
    lost: dict[Identity, frozenset[str]] = {}
    for change in comparison.changed("Service"):
        if change.field("spec", "ports") and not _is_alias(change.new):
            lost[change.identity] = _ports(change.old) - _ports(change.new)
    users: dict[Identity, list[tuple[str, str]]] = defaultdict(list)
    for identity, gone in lost.items():
        for reference in named_by(new, "Service", identity.namespace, identity.name):
            if reference.key in gone:
                users[identity].append((_user(reference), reference.key))
    for name, service, port in _ports_given(new, lost):
        users[service].append((name, port))
    for identity, found in users.items():
        names = dict.fromkeys(name for name, _ in found)
        yield comparison.by_identity[identity].concern(
            f"port {listed(port for _, port in found)} is gone, and {listed(names)} still "
            f"{does(len(names), 'connects', 'connect')} to it",
            do="keep it until nobody uses it any more",
            field="spec.ports",
        )
    rolled = {pods.change.identity.name for pods in comparison.pods if is_replaced(pods, new)}
    waiting: dict[Identity, list[tuple[str, str]]] = defaultdict(list)
    for name, service, port in _ports_given(comparison.old, lost):
        if name in rolled and (name, port) not in users.get(service, ()):
            waiting[service].append((name, port))
    for identity, found in waiting.items():
        names = dict.fromkeys(name for name, _ in found)
        yield comparison.by_identity[identity].concern(
            f"port {listed(port for _, port in found)} is gone at once, and {listed(names)} "
            f"{does(len(names), 'connects', 'connect')} to it until all pods are new",
            do="keep both ports, and take the old one away when the new pods are ready",
            field="spec.ports",
        )


def _ports_given(graph: Graph, lost: Mapping[Identity, Set[str]]) -> Iterator[tuple[str, Identity, str]]:
    """The workloads that are given an address with one of these ports of Services, each with Service and port."""
    for mention in mentions(graph) if any(lost.values()) else ():
        service = service_at(graph, mention.address.host, mention.pod.namespace)
        port = str(mention.address.port or "")
        if service and mention.sure and mention.pod.workload.kind != "Job" and port in lost.get(service.identity, ()):
            yield mention.pod.workload.name, service.identity, port


def _ports(service: Resource) -> frozenset[str]:
    entries = shape.mappings(service.spec, "ports")
    return frozenset(
        (*map(str, ports_of(service)), *(name for entry in entries if (name := shape.text(entry, "name"))))
    )


@risk(
    "downtime",
    before=f"{WEB.replace('strategy: {type: Recreate}', 'strategy: {}')}---{SERVICE}",
    breaks={"targetPort: 8080": "targetPort: 9090", "containerPort: 8080": "containerPort: 9090"},
    passes={"targetPort: 8080": "targetPort: http", "containerPort: 8080": "containerPort: 9090"},
)
def service_is_ahead_of_pods(comparison: Comparison) -> Iterator[Concern]:
    """A Service leads to a port that only the new pods have: it does so at once, and they come in turn.

    Where targetPort is a port's name, each pod is asked on its own port.
    """
    new = comparison.new
    for pods in comparison.pods:
        how = rollout(new, pods.new)
        if not how or how.gap or not is_replaced(pods, new):
            continue
        for service in services_of(new).get(pods.change.identity, ()):
            change = comparison.by_identity.get(service.identity)
            ahead = [
                f"port {entry.get('port')} to {entry.get('targetPort')}"
                for entry in shape.mappings(service.spec, "ports")
                if change and change.old and entry.get("targetPort") is not None and not is_headless(service)
                if _leads(entry, pods.new) and not _leads(entry, pods.old)
                if any(_leads(e, pods.old) for e in _entries(change.old, entry.get("port")))
            ]
            if change and ahead:
                yield change.concern(
                    f"it leads at once {listed(ahead)}, on which those pods of {pods.new.workload.name} that run do "
                    "not listen: until all are new, requests fail",
                    do="give the port of the pods one name before and after, and let targetPort be that name",
                    field="spec.ports",
                )


def _entries(service: Resource, port: object) -> list[Mapping[str, Any]]:
    return [entry for entry in shape.mappings(service.spec, "ports") if entry.get("port") == port]


def _leads(entry: Mapping[str, Any], pod: Pod) -> bool:
    """Whether a Service's port leads to a port that pods list."""
    return pod.port(entry.get("targetPort", entry.get("port"))) in pod.port_numbers


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
    for change in comparison.changed("Service"):
        pods = comparison.old.pods_of_service(change.old) if not _is_alias(change.old) else []
        if not pods or (shape.labels(change.new.spec, "selector") and not _is_alias(change.new)):
            continue
        told = listed(pod.workload.name for pod in pods)
        if _is_alias(change.new):
            yield change.concern(
                f"it leads to {shape.text(change.new.spec, 'externalName')} and no longer to {told}",
                do="check that it answers there, on the ports and by the host name that its clients use",
                field="spec.type",
            )
        elif not any(item.labels.get(_SLICE_OF) == change.new.name for item in graph.of_kind("EndpointSlice")):
            yield change.concern(
                f"it has no selector any more: it leads to the pods of {told} that run now, and to none that come",
                do="keep the selector, or make its EndpointSlice",
                field="spec.selector",
            )


_SLICE_OF: Final = "kubernetes.io/service-name"


def _is_alias(service: Resource) -> bool:
    """Whether a Service is another name for a host, whatever ports and selector it has."""
    return shape.text(service.spec, "type") == "ExternalName"


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
