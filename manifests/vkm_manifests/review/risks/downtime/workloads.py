"""Downtime: pods that are not there, cannot start, or are ended too soon."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.pod_resources import scale
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.graph.resource import Finding, Resource
from vkm_manifests.identity import Identity
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison, PodChange
from vkm_manifests.review.examples import SERVED, SERVICE, WEB
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.rollout import (
    liveness_budget,
    replicas,
    startup_budget,
)
from vkm_manifests.review.users import clients, hosts_served, services_of
from vkm_manifests.review.wording import counted, does, listed
from vkm_manifests.verify import RULES

_BUDGET: Final = """
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: web}}
"""


_RUNNING_KINDS: Final = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")


def unanswered(graph: Graph, pod: Pod) -> str:
    """What does not answer without these pods, and who waits for it."""
    workload = pod.workload
    hosts, waiting = hosts_served(graph, workload), clients(graph, workload)
    if not hosts and not waiting and not services_of(graph).get(workload.identity):
        return f"{workload.name} does not run"
    silent = hosts or [workload.name]
    waits = f", and {listed(waiting)} {does(len(waiting), 'waits', 'wait')} for it" if waiting else ""
    return f"{listed(silent)} {does(len(silent), 'does', 'do')} not answer{waits}"


@risk("downtime", before=SERVED, breaks={"replicas: 3": "replicas: 0"}, passes={"replicas: 3": "replicas: 2"})
def no_pod_is_left(comparison: Comparison) -> Iterator[Concern]:
    """A workload runs with no pod any more."""
    for pods in comparison.pods:
        before, after = replicas(pods.change)
        if pods.new.runs_on and before > after == 0:
            left = "its pod is stopped" if before == 1 else f"all {before} pods are stopped"
            yield pods.change.concern(
                f"{left}: {unanswered(comparison.new, pods.new)}",
                do="keep one, or make sure that nobody needs it",
                field="spec.replicas",
            )


@risk("downtime", before=SERVED, breaks={"replicas: 3": "replicas: 1"}, passes={"replicas: 3": "replicas: 2"})
def one_pod_is_left(comparison: Comparison) -> Iterator[Concern]:
    """One pod of several is left: whenever its node is drained or fails, nothing answers."""
    for pods in comparison.pods:
        before, after = replicas(pods.change)
        if pods.new.runs_on and before > after == 1 and scale(comparison.new, pods.new).scaler is None:
            yield pods.change.concern(
                f"1 pod is left of {before}: while its node is drained or fails, "
                f"{unanswered(comparison.new, pods.new)}",
                do="keep two",
                field="spec.replicas",
            )


@risk(
    "downtime",
    before=SERVED,
    breaks={WEB.lstrip(): ""},
    passes={SERVICE.lstrip(): ""},
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


def newly(comparison: Comparison, rule: str) -> Iterator[Finding]:
    """The errors and warnings that a rule of the verification finds now, and did not find before."""
    before = {(finding.object, finding.field) for finding in RULES[rule].check(comparison.old)}
    for finding in RULES[rule].check(comparison.new):
        if (finding.object, finding.field) not in before:
            yield finding


@risk(
    "downtime",
    before=f"{_BUDGET}---{WEB}",
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
    before=f"{_BUDGET}---{WEB}",
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


@risk(
    "downtime",
    before=WEB,
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
    before=WEB,
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
    before=WEB,
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
    before=f"{WEB}---{SERVICE}",
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
    before=WEB,
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
    before=f"{WEB}        lifecycle: {{preStop: {{sleep: {{seconds: 10}}}}}}\n---{SERVICE}",
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


@risk("downtime", before=WEB, breaks={"memory: 512Mi": "memory: 256Mi"}, passes={"memory: 512Mi": "memory: 1Gi"})
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
    before=WEB,
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
---{WEB}""",
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
{WEB.strip()}
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
