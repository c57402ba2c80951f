"""Downtime: something does not answer for a while."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.pod_resources import scale
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.graph.reach import Port
from vkm_manifests.graph.references import Reference
from vkm_manifests.graph.resource import Finding, Resource
from vkm_manifests.graph.route import hosts_of, routed_hosts
from vkm_manifests.graph.secrets import Keys, config_maps_of, secrets_of
from vkm_manifests.graph.talks import connections, mentions, ports_of, service_at
from vkm_manifests.identity import Identity
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison, PodChange
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.rollout import (
    causes,
    is_replaced,
    liveness_budget,
    replicas,
    rollout,
    seconds_to_start,
    startup_budget,
    template_fields,
)
from vkm_manifests.review.users import clients, hosts_served, named_by, pods_by_workload, services_of
from vkm_manifests.review.wording import counted, does, listed
from vkm_manifests.verify import RULES

_WEB: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  strategy: {type: Recreate}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 60
      nodeSelector: {kubernetes.io/os: linux}
      containers:
      - name: web
        image: example/web:1.0.0
        ports: [{name: http, containerPort: 8080}]
        startupProbe: {httpGet: {port: http}, periodSeconds: 5, failureThreshold: 30}
        readinessProbe: {httpGet: {port: http, path: /ready}}
        livenessProbe: {tcpSocket: {port: http}, periodSeconds: 20}
        resources: {limits: {memory: 512Mi}}
"""
_SERVICE: Final = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}]
"""
_ROUTE: Final = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
  - kind: Rule
    match: Host(`shop.example.com`)
    services: [{name: web, port: 80}]
"""
_SERVED: Final = "---".join((_WEB, _SERVICE, _ROUTE))
_BUDGET: Final = """
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: web}}
"""
_RUNNING_KINDS: Final = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")


# Pods that are not there.


def _unanswered(graph: Graph, pod: Pod) -> str:
    """What does not answer without these pods, and who waits for it."""
    workload = pod.workload
    hosts, waiting = hosts_served(graph, workload), clients(graph, workload)
    if not hosts and not waiting and not services_of(graph).get(workload.identity):
        return f"{workload.name} does not run"
    silent = hosts or [workload.name]
    waits = f", and {listed(waiting)} {does(len(waiting), 'waits', 'wait')} for it" if waiting else ""
    return f"{listed(silent)} {does(len(silent), 'does', 'do')} not answer{waits}"


@risk("downtime", before=_SERVED, breaks={"replicas: 3": "replicas: 0"}, passes={"replicas: 3": "replicas: 2"})
def no_pod_is_left(comparison: Comparison) -> Iterator[Concern]:
    """A workload runs with no pod any more."""
    for pods in comparison.pods:
        before, after = replicas(pods.change)
        if pods.new.runs_on and before > after == 0:
            left = "its pod is stopped" if before == 1 else f"all {before} pods are stopped"
            yield pods.change.concern(
                f"{left}: {_unanswered(comparison.new, pods.new)}",
                do="keep one, or make sure that nobody needs it",
                field="spec.replicas",
            )


@risk("downtime", before=_SERVED, breaks={"replicas: 3": "replicas: 1"}, passes={"replicas: 3": "replicas: 2"})
def one_pod_is_left(comparison: Comparison) -> Iterator[Concern]:
    """One pod of several is left: whenever its node is drained or fails, nothing answers."""
    for pods in comparison.pods:
        before, after = replicas(pods.change)
        if pods.new.runs_on and before > after == 1 and scale(comparison.new, pods.new).scaler is None:
            yield pods.change.concern(
                f"1 pod is left of {before}: while its node is drained or fails, "
                f"{_unanswered(comparison.new, pods.new)}",
                do="keep two",
                field="spec.replicas",
            )


@risk(
    "downtime",
    before=_SERVED,
    breaks={_WEB.lstrip(): ""},
    passes={_SERVICE.lstrip(): ""},
)
def workload_is_gone(comparison: Comparison) -> Iterator[Concern]:
    """A workload is removed, or has another name: its pods are stopped."""
    for change in comparison.removed(*_RUNNING_KINDS):
        pod = Pod.of(change.old) if change.old else None
        if not pod or pod.replicas == 0 or change.old is None:
            continue
        if change.renamed_from:
            yield change.concern(
                f"was {change.renamed_from.name}: its pods are made anew under the new name; those of the old one "
                "run on until it is deleted",
                do=f"delete the old one when the new one is ready: kubectl -n {change.renamed_from.namespace} delete "
                f"{change.kind.lower()} {change.renamed_from.name}",
            )
            continue
        count = "the pod of each node" if change.kind == "DaemonSet" else counted(pod.replicas, "pod")
        text = f"{count} {does(1 if change.kind == 'DaemonSet' else pod.replicas, 'is', 'are')} stopped"
        heirs = list(dict.fromkeys(_heirs(comparison, change.old)))
        if heirs:
            text += f"; {listed(heirs)} {does(len(heirs), 'takes', 'take')} the place"
            do = "delete it when the new one is ready: kubectl apply leaves it running"
        else:
            waiting = [name for name in clients(comparison.old, change.old) if _is_left(comparison, change, name)]
            hosts = hosts_served(comparison.old, change.old)
            text += f": {listed(hosts)} {does(len(hosts), 'does', 'do')} not answer any more" if hosts else ""
            text += f"; {listed(waiting)} still {does(len(waiting), 'connects', 'connect')} to it" if waiting else ""
            do = "make sure that nobody needs it, then delete it: kubectl apply leaves it running"
        yield change.concern(text, do=do)


def _heirs(comparison: Comparison, workload: Resource) -> Iterator[str]:
    """The workloads to which the Services lead now that led to this one, each with its kind."""
    for service in services_of(comparison.old).get(workload.identity, ()):
        now = comparison.new.find("Service", service.namespace, service.name)
        for pod in comparison.new.pods_of_service(now) if now else ():
            yield f"{pod.workload.kind} {pod.workload.name}"


def _is_left(comparison: Comparison, change: Change, name: str) -> bool:
    return any(comparison.new.find(kind, change.identity.namespace, name) for kind in _RUNNING_KINDS)


@risk(
    "downtime",
    before="""
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 6
""",
    breaks={"maxReplicas: 6": "maxReplicas: 3"},
    passes={"maxReplicas: 6": "maxReplicas: 8"},
)
def fewer_pods_at_most(comparison: Comparison) -> Iterator[Concern]:
    """An autoscaler may start fewer pods under load than before."""
    for change in comparison.changed("HorizontalPodAutoscaler", "ScaledObject"):
        key = "maxReplicaCount" if change.kind == "ScaledObject" else "maxReplicas"
        old, new = (shape.number(r.spec, key) if r else None for r in (change.old, change.new))
        if old is not None and new is not None and new < old:
            yield change.concern(
                f"no more than {counted(new, 'pod')} under load, instead of {old}",
                do="see in the monitoring how many ran at most",
                field=f"spec.{key}",
            )


# Drains.


def newly(comparison: Comparison, rule: str) -> Iterator[Finding]:
    """The errors and warnings that a rule of the verification finds now, and did not find before."""
    before = {(finding.object, finding.field) for finding in RULES[rule].check(comparison.old)}
    for finding in RULES[rule].check(comparison.new):
        if (finding.object, finding.field) not in before:
            yield finding


@risk(
    "downtime",
    before=f"{_BUDGET}---{_WEB}",
    breaks={"maxUnavailable: 1": "maxUnavailable: 0"},
    passes={"maxUnavailable: 1": "maxUnavailable: 2"},
)
def budget_lets_no_pod_go(comparison: Comparison) -> Iterator[Concern]:
    """A disruption budget lets no pod go: draining a node hangs."""
    for finding in newly(comparison, "disruption-budget-lets-go"):
        change = comparison.by_identity.get(finding.object)
        selector = shape.mapping(_found(comparison.new, finding.object), "spec", "selector")
        pods = comparison.new.pods_selected(finding.object.namespace, selector)
        # The budget may be what it was, and the pods fewer.
        others = (comparison.by_identity.get(pod.workload.identity) for pod in pods)
        cause = change or next((other for other in others if other), None)
        if cause and finding.severity == "error":
            budget = "the budget" if cause is change else f"PodDisruptionBudget {finding.object.name}"
            yield cause.concern(
                f"{budget} {finding.message}: draining a node, as for an upgrade, hangs at it",
                do=finding.fix,
                field=finding.field if cause is change else "spec.replicas",
            )


def _found(graph: Graph, identity: Identity) -> Mapping[str, Any]:
    found = graph.find(identity.kind, identity.namespace, identity.name)
    return found.manifest if found else {}


@risk(
    "downtime",
    before=f"{_BUDGET}---{_WEB}",
    breaks={_BUDGET.lstrip(): ""},
    passes={"maxUnavailable: 1": "minAvailable: 2"},
)
def budget_is_gone(comparison: Comparison) -> Iterator[Concern]:
    """Several pods have no disruption budget any more: a drain may stop all of them at once."""
    graph = comparison.new
    kept = {pod for budget in graph.of_kind("PodDisruptionBudget") for pod in _budgeted(graph, budget)}
    for change in (*comparison.removed("PodDisruptionBudget"), *comparison.changed("PodDisruptionBudget")):
        if change.old is None:
            continue
        pods = _budgeted(graph, change.old)
        bare = [pod for pod in pods if pod not in kept and pod.runs_on and scale(graph, pod).least > 1]
        if bare:
            which = listed(f"{scale(graph, pod).least} pods of {pod.workload.name}" for pod in bare)
            yield change.concern(
                f"{which} have no budget any more: draining nodes may stop all of them at once",
                do="keep a PodDisruptionBudget with maxUnavailable: 1",
            )


def _budgeted(graph: Graph, budget: Resource) -> list[Pod]:
    """The pods that a disruption budget is about: none, without a selector."""
    selector = budget.spec.get("selector")
    return graph.pods_selected(budget.namespace, selector) if isinstance(selector, dict) else []


# Probes.


@risk(
    "downtime",
    before=_WEB,
    breaks={"{port: http, path: /ready}": "{port: web, path: /ready}"},
    passes={"{port: http, path: /ready}": "{port: 8080, path: /ready}"},
)
def probe_cannot_pass(comparison: Comparison) -> Iterator[Concern]:
    """A probe or hook asks at a port that its container does not list, and did not before.

    New pods do not become ready, or are killed again and again.
    """
    told: set[Identity] = set()
    for finding in newly(comparison, "probe-port-exists"):
        change = comparison.by_identity.get(finding.object)
        if change and change.old and change.identity not in told:
            told.add(change.identity)
            probe = finding.field.rpartition("]")[2].strip(".").partition(".")[0]
            sure = "cannot pass" if finding.severity == "error" else "can hardly pass"
            yield change.concern(f"the {probe} {sure}: {finding.message}", do=finding.fix, field=finding.field)


@risk(
    "downtime",
    before=_WEB,
    breaks={"failureThreshold: 30": "failureThreshold: 3"},
    passes={"failureThreshold: 30": "failureThreshold: 60"},
)
def less_time_to_start(comparison: Comparison) -> Iterator[Concern]:
    """A container has less time to start before it is killed, and begins anew.

    The time is periodSeconds x failureThreshold of its startup probe; without one, that of its liveness probe.
    """
    for pods, name, old, new, field in _shorter(comparison, startup_budget):
        yield pods.change.concern(
            f"{name} is killed if it does not answer {new} s after its start, instead of {old} s",
            do="see how long it takes at most, on a slow node and with an upgrade of its data, and leave it that long",
            field=field,
        )


@risk(
    "downtime",
    before=_WEB,
    breaks={"periodSeconds: 20": "periodSeconds: 1"},
    passes={"periodSeconds: 20": "periodSeconds: 30"},
)
def killed_sooner(comparison: Comparison) -> Iterator[Concern]:
    """A container that does not answer is killed sooner than it was.

    The time is periodSeconds x failureThreshold of its liveness probe. What is only slow under load dies with it.
    """
    for pods, name, old, new, field in _shorter(comparison, liveness_budget):
        yield pods.change.concern(
            f"{name} is killed after {new} s without an answer, instead of {old} s",
            do="leave it time for its slowest answer under load",
            field=f"{field}.livenessProbe",
        )


def _shorter(
    comparison: Comparison, budget: Callable[[Container], int | None]
) -> Iterator[tuple[PodChange, str, int, int, str]]:
    """The containers that have less time now than they had: pods, name, how long it was and is, and where it stands."""
    for pods in comparison.pods:
        for old, new in pods.containers():
            before, after = (budget(c) if c and not c.init else None for c in (old, new))
            if new and before is not None and after is not None and after < before:
                yield pods, new.name, before, after, new.field


@risk(
    "downtime",
    before=f"{_WEB}---{_SERVICE}",
    breaks={"        readinessProbe: {httpGet: {port: http, path: /ready}}\n": ""},
    passes={"path: /ready": "path: /health"},
)
def readiness_is_not_probed(comparison: Comparison) -> Iterator[Concern]:
    """A Service sends requests to pods that are not ready for them, since the readiness probe is gone."""
    bare = {(finding.object, finding.field): finding for finding in newly(comparison, "readiness-is-probed")}
    for pods in comparison.pods:
        for old, new in pods.containers():
            field = f"{new.field}.readinessProbe" if new else ""
            if old and shape.mapping(old.manifest, "readinessProbe") and (pods.change.identity, field) in bare:
                yield pods.change.concern(
                    f"{old.name} has no readinessProbe any more: it gets requests while it starts, with each restart",
                    do="keep it",
                    field=field,
                )


@risk(
    "downtime",
    before=_WEB,
    breaks={"terminationGracePeriodSeconds: 60": "terminationGracePeriodSeconds: 5"},
    passes={"terminationGracePeriodSeconds: 60": "terminationGracePeriodSeconds: 90"},
)
def less_time_to_stop(comparison: Comparison) -> Iterator[Concern]:
    """Pods have less time to finish what they do before they are killed; 30 s where nothing is said."""
    for pods in comparison.pods:
        old, new = (shape.number(pod.spec, "terminationGracePeriodSeconds") for pod in (pods.old, pods.new))
        before, after = 30 if old is None else old, 30 if new is None else new
        if after < before and pods.new.runs_on:
            yield pods.change.concern(
                f"pods are killed {after} s after they are told to stop, instead of {before} s",
                do="leave it time for its longest request; a database, to write what it holds in memory",
                field=f"{pods.new.spec_field}.terminationGracePeriodSeconds",
            )


@risk(
    "downtime",
    before=f"{_WEB}        lifecycle: {{preStop: {{sleep: {{seconds: 10}}}}}}\n---{_SERVICE}",
    breaks={"        lifecycle: {preStop: {sleep: {seconds: 10}}}\n": ""},
    passes={"seconds: 10": "seconds: 15"},
)
def requests_are_cut_off(comparison: Comparison) -> Iterator[Concern]:
    """A container behind a Service has no preStop hook any more: requests on their way fail when it stops.

    A pod gets requests for a few seconds after it is told to stop, until all nodes know that it goes.
    """
    behind = services_of(comparison.new)
    for pods in comparison.pods:
        if pods.change.identity not in behind:
            continue
        for old, new in pods.containers():
            had, has = (shape.mapping(c.manifest if c else None, "lifecycle", "preStop") for c in (old, new))
            if new and had and not has:
                yield pods.change.concern(
                    f"{new.name} does not wait any more before it stops: requests on their way fail with each restart",
                    do="keep the preStop hook, such as sleep: {seconds: 5}",
                    field=f"{new.field}.lifecycle",
                )


# Resources and nodes.


@risk("downtime", before=_WEB, breaks={"memory: 512Mi": "memory: 256Mi"}, passes={"memory: 512Mi": "memory: 1Gi"})
def less_memory(comparison: Comparison) -> Iterator[Concern]:
    """A container may use less memory than before: it is killed when it needs more."""
    for pods in comparison.pods:
        for old, new in pods.containers():
            before, after = (shape.dig(c.manifest, "resources", "limits", "memory") if c else None for c in (old, new))
            amounts = quantity(before), quantity(after)
            if new and amounts[0] is not None and amounts[1] is not None and amounts[1] < amounts[0]:
                yield pods.change.concern(
                    f"{new.name} is killed when it needs more memory than {after}, instead of {before}",
                    do="see in the monitoring what it used at most",
                    field=f"{new.field}.resources.limits.memory",
                )


@risk(
    "downtime",
    before=_WEB,
    breaks={"nodeSelector: {kubernetes.io/os: linux}": "nodeSelector: {kubernetes.io/os: linux, disk: fast}"},
    passes={"      nodeSelector: {kubernetes.io/os: linux}\n": ""},
)
def fewer_nodes_fit(comparison: Comparison) -> Iterator[Concern]:
    """Pods may run on fewer nodes than before: if none of them fits, new pods wait."""
    for pods in comparison.pods:
        asked = list(_newly_asked(pods.old.spec, pods.new.spec))
        if asked and pods.new.workload.kind != "DaemonSet":
            yield pods.change.concern(
                f"pods start only on nodes that fit: {listed(text for _, text in asked)}",
                do="see that such nodes have room: kubectl get nodes --show-labels",
                field=f"{pods.new.spec_field}.{asked[0][0]}",
            )


def _newly_asked(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    before = shape.labels(old, "nodeSelector")
    for label, value in sorted(shape.labels(new, "nodeSelector").items()):
        if before.get(label) != value:
            yield "nodeSelector", f"{label}={value}"
    required = "requiredDuringSchedulingIgnoredDuringExecution"
    for kind, text in (("nodeAffinity", "nodes"), ("podAffinity", "nodes by other pods"), ("podAntiAffinity", "")):
        was, now = (shape.dig(spec, "affinity", kind, required) for spec in (old, new))
        if now and not was:
            yield f"affinity.{kind}", f"it asks for {text}" if text else "not beside other pods"
    for constraint in shape.mappings(new, "topologySpreadConstraints"):
        key = shape.text(constraint, "topologyKey")
        strict = shape.text(constraint, "whenUnsatisfiable") != "ScheduleAnyway"
        if strict and not any(
            shape.text(other, "topologyKey") == key and shape.text(other, "whenUnsatisfiable") != "ScheduleAnyway"
            for other in shape.mappings(old, "topologySpreadConstraints")
        ):
            yield "topologySpreadConstraints", f"spread over {key}"
    lost = [item for item in shape.mappings(old, "tolerations") if item not in shape.mappings(new, "tolerations")]
    wide = any(item.get("operator") == "Exists" and not item.get("key") for item in shape.mappings(new, "tolerations"))
    for item in lost if not wide else ():
        yield "tolerations", f"no longer {shape.text(item, 'key') or 'any taint'}"


@risk(
    "downtime",
    before=f"""
apiVersion: v1
kind: ResourceQuota
metadata: {{name: shop, namespace: shop}}
spec:
  hard: {{limits.memory: 2Gi}}
---{_WEB}""",
    breaks={"limits.memory: 2Gi": "limits.memory: 1Gi"},
    passes={"limits.memory: 2Gi": "limits.memory: 1536Mi"},
)
def quota_has_no_room(comparison: Comparison) -> Iterator[Concern]:
    """A quota has no room for all pods any more: the last ones do not start, or not again."""
    for finding in newly(comparison, "quota-is-enough"):
        change = comparison.by_identity.get(finding.object)
        pods = comparison.new.pods_in(finding.object.namespace)
        others = (comparison.by_identity.get(pod.workload.identity) for pod in pods)
        cause = change or next((other for other in others if other), None)
        if cause and finding.severity == "error":
            quota = "the quota" if cause is change else f"ResourceQuota {finding.object.name}"
            text = f"{quota} {finding.message}: the last pods do not start"
            yield cause.concern(text, do=finding.fix, field=finding.field if cause is change else "")


@risk(
    "downtime",
    before=f"""
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {{name: high}}
value: 1000
---
{_WEB.strip()}
      priorityClassName: high
""",
    breaks={"      priorityClassName: high\n": ""},
    passes={"value: 1000": "value: 2000"},
)
def priority_is_lower(comparison: Comparison) -> Iterator[Concern]:
    """Pods have a lower priority than before: where a node is full, they give way to others."""
    for pods in comparison.pods:
        before, after = _priority(comparison.old, pods.old), _priority(comparison.new, pods.new)
        if before is not None and after is not None and after < before:
            yield pods.change.concern(
                f"pods have priority {after} instead of {before}: where a node is full, they give way to others",
                do="keep the priorityClassName",
                field=f"{pods.new.spec_field}.priorityClassName",
            )


_SYSTEM_PRIORITIES: Final = {"system-cluster-critical": 2000000000, "system-node-critical": 2000001000}


def _priority(graph: Graph, pod: Pod) -> int | None:
    """The priority of pods; None where the manifests cannot tell."""
    name = shape.text(pod.spec, "priorityClassName")
    if name in _SYSTEM_PRIORITIES:
        return _SYSTEM_PRIORITIES[name]
    if name:
        found = graph.find("PriorityClass", "", name)
        return shape.number(found.manifest, "value") if found else None
    classes = (found.manifest for found in graph.of_kind("PriorityClass"))
    return next((shape.number(each, "value") for each in classes if each.get("globalDefault") is True), 0)


# What others need.

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
    before=f"{_SERVICE}---{_ROUTE}",
    breaks={_SERVICE.lstrip(): ""},
    passes={_ROUTE.lstrip(): ""},
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
    before=f"{_SERVICE}---{_ROUTE}",
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
    before=f"{_WEB}---{_SERVICE}",
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


@risk("downtime", before=_ROUTE, breaks={"shop.example": "store.example"}, passes={"port: 80": "port: 81"})
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


# Connections that policies stop.


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
---{_SERVICE}---{_WEB}---
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


# Pods that are replaced. Last, since what is wrong with them counts for more.


@risk(
    "downtime",
    before=_SERVED,
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
            f"{how}: {listed(causes(comparison, pods))}; until a new one is ready, "
            f"{_unanswered(graph, pods.new)}{took}",
            do="apply it when nobody works with it",
            field=template_fields(pods)[0],
        )
