"""Downtime: pods that are not there, cannot start, or are ended too soon."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.pod_resources import Scale, scale
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.graph.resource import Finding, Resource
from vkm_manifests.identity import Identity
from vkm_manifests.review.change import Change, Changed, Removed
from vkm_manifests.review.comparison import Comparison, PodChange
from vkm_manifests.review.examples import SERVED, SERVICE, WEB
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.rollout import (
    liveness_budget,
    replicas,
    startup_budget,
)
from vkm_manifests.review.storage import claim_templates, claims_by_volume
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

_SCALER: Final = """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 6
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
            yield pods.change.concern(_one_is_left(comparison, pods.new, before), do="keep two", field="spec.replicas")
    for change, pod, was, now in _scaled(comparison):
        if was.least > 1 >= now.least and now.scaler:
            left = _one_is_left(comparison, pod, was.least, now.least)
            yield change.concern(f"without load, {left}", do="keep two")


def _one_is_left(comparison: Comparison, pod: Pod, before: int, after: int = 1) -> str:
    when = "1 pod is left of {}: while its node is drained or fails, {}" if after else "no pod is left of {}: {}"
    return when.format(before, unanswered(comparison.new, pod))


def _scaled(comparison: Comparison) -> Iterator[tuple[Change, Pod, Scale, Scale]]:
    """The changes of what decides how many pods there are: the pods, and how many there were and are."""
    for pod in comparison.new.own_pods:
        old = comparison.old_pod(pod)
        before = scale(comparison.old, old) if old else None
        change = comparison.by_identity.get(before.scaler.identity) if before and before.scaler else None
        if change and before:
            yield change, pod, before, scale(comparison.new, pod)


@risk(
    "downtime",
    before=f"{WEB}---{_SCALER}",
    breaks={"  replicas: 3\n": ""},
    passes={"replicas: 3": "replicas: 4"},
)
def scale_starts_anew(comparison: Comparison) -> Iterator[Concern]:
    """The manifest leaves the number of pods to an autoscaler: with the first apply, it is 1.

    `kubectl apply` takes out what its last manifest said, and the API server fills in 1, until the autoscaler looks
    again (Kubernetes: Horizontal Pod Autoscaling, Migrating Deployments and StatefulSets to horizontal autoscaling).
    With server-side apply it stays where another manager says it as well (Server-Side Apply, Transferring ownership).
    """
    for pods in comparison.pods:
        change, scaler = pods.change, scale(comparison.new, pods.new).scaler
        before = shape.number(change.old.spec, "replicas") or 0
        if scaler and before > 1 and "replicas" not in change.new.spec:
            where = f"kubectl -n {change.identity.namespace or 'default'} apply"
            name = f"{change.kind} {change.identity.name}"
            yield change.concern(
                f"1 pod is left until {scaler.kind} {scaler.name} looks again: "
                f"{unanswered(comparison.new, pods.new)} while that is too few",
                do=f"with server-side apply, first give the field away: {where} --server-side "
                f"--field-manager=handover, of a manifest of {name} with only its name and its present replicas; "
                f"with client-side apply, first take it out of what kubectl remembers: {where} edit-last-applied "
                f"{change.kind.lower()}/{change.identity.name}",
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
    mounted, alike = _newly_mounted(comparison), _newly_called(comparison)
    for change in comparison.removed(*_RUNNING_KINDS):
        pod = Pod.of(change.old)
        if not pod or pod.replicas == 0:
            continue
        if change.renamed_from:
            yield _renamed(comparison, change, pod, _shared(pod, mounted))
            continue
        each = change.kind == "DaemonSet"
        count = "the pod of each node" if each else counted(pod.replicas, "pod")
        text = f"{count} {does(1 if each else pod.replicas, 'is', 'are')} stopped"
        heirs = [*_heirs(comparison, change.old), *alike.get((change.old.namespace, change.old.name), ())]
        if heirs:
            text += f"; {listed(heirs)} {does(len(set(heirs)), 'takes', 'take')} the place"
            do = "delete it when the new one is ready: kubectl apply leaves it running"
            do = _one_at_a_time(pod, _shared(pod, mounted)) or do
        else:
            waiting = [name for name in clients(comparison.old, change.old) if _is_left(comparison, change, name)]
            hosts = hosts_served(comparison.old, change.old)
            text += f": {listed(hosts)} {does(len(hosts), 'does', 'do')} not answer any more" if hosts else ""
            text += f"; {listed(waiting)} still {does(len(waiting), 'connects', 'connect')} to it" if waiting else ""
            do = "make sure that nobody needs it, then delete it: kubectl apply leaves it running"
        yield change.concern(text, do=do)


def _renamed(comparison: Comparison, change: Removed | Changed, old: Pod, shared: Sequence[str]) -> Concern:
    """What is told of a workload that has another name, or is in another namespace."""
    before, now = change.old, change.object
    name = before.name if before.name != now.name else ""
    place = f"in namespace {before.namespace or 'default'}" if before.namespace != now.namespace else ""
    text = f"was {' '.join(filter(None, (name, place)))}: its pods are made anew"
    new = Pod.of(now)
    services = services_of(comparison.new).get(now.identity, ())
    # Services lead to the new pods as soon as they are applied.
    if new and services and not any(_leads_to(service, old) for service in services):
        text += f"; until they are ready, {unanswered(comparison.new, new)}"
    text += "; those of the old one run on until it is deleted"
    do = f"kubectl -n {before.namespace or 'default'} delete {before.kind.lower()} {before.name}"
    do = _one_at_a_time(old, shared) or f"delete the old one when the new one is ready: {do}"
    if set(claims_by_volume(old).values()) - set(shared):
        do = "delete the old one only when its data is where the new one finds it"
    return change.concern(text, do=do)


def _leads_to(service: Resource, pod: Pod) -> bool:
    wanted = shape.labels(service.spec, "selector")
    return service.namespace == pod.namespace and wanted.items() <= pod.labels.items()


def _newly_mounted(comparison: Comparison) -> Set[tuple[str, str]]:
    """Namespace and name of the claims that pods mount which were not there."""
    return {
        (pod.namespace, claim)
        for change, old, pod in comparison.new_pods()
        if pod.runs_on and (old is None or change.renamed_from)
        for claim in claims_by_volume(pod).values()
    }


def _shared(pod: Pod, mounted: Set[tuple[str, str]]) -> list[str]:
    """The claims of pods that go which others mount as well; none that a StatefulSet makes for itself."""
    made = claim_templates(pod.workload)
    found = (claim for name, claim in claims_by_volume(pod).items() if name not in made)
    return [claim for claim in found if (pod.namespace, claim) in mounted]


def _one_at_a_time(old: Pod, shared: Sequence[str]) -> str:
    """What to do where new pods mount what the one old pod alone did; empty where they do not."""
    name = old.workload.name
    do = f"scale {name} to 0 and delete it, then apply: both would use volume {listed(shared)}"
    return do if shared and old.replicas == 1 else ""


def _heirs(comparison: Comparison, workload: Resource) -> Iterator[str]:
    """The workloads to which the Services lead now that led to this one, each with its kind."""
    for service in services_of(comparison.old).get(workload.identity, ()):
        now = comparison.new.find("Service", service.namespace, service.name)
        for pod in comparison.new.pods_of_service(now) if now else ():
            yield f"{pod.workload.kind} {pod.workload.name}"


def _newly_called(comparison: Comparison) -> Mapping[tuple[str, str], list[str]]:
    """What describes pods and was not there, as a Deployment or Argo's Rollout, by namespace and name."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for change in comparison.come():
        now = change.new
        if now.kind == "Rollout" or shape.mappings(now.spec, "template", "spec", "containers"):
            found[now.namespace, now.name].append(f"{now.kind} {now.name}")
    return found


def _is_left(comparison: Comparison, change: Change, name: str) -> bool:
    return any(comparison.new.find(kind, change.identity.namespace, name) for kind in _RUNNING_KINDS)


@risk(
    "downtime",
    before=f"{WEB}---{_SCALER}",
    breaks={"maxReplicas: 6": "maxReplicas: 3"},
    passes={"maxReplicas: 6": "maxReplicas: 8"},
)
def fewer_pods_at_most(comparison: Comparison) -> Iterator[Concern]:
    """An autoscaler starts fewer pods under load than before, or is gone."""
    for change in comparison.changed("HorizontalPodAutoscaler", "ScaledObject"):
        key = "maxReplicaCount" if change.kind == "ScaledObject" else "maxReplicas"
        old, new = (shape.number(resource.spec, key) for resource in (change.old, change.new))
        if old is not None and new is not None and new < old:
            yield change.concern(
                f"no more than {counted(new, 'pod')} under load, instead of {old}",
                do="see in the monitoring how many ran at most",
                field=f"spec.{key}",
            )
    for cause, pod, before, after in _scaled(comparison):
        if after.scaler is None:
            stated = shape.number(pod.workload.spec, "replicas")
            count = "as many pods as there happen to be" if stated is None else counted(stated, "pod")
            yield cause.concern(
                f"{pod.workload.name} has {count} under any load, instead of {before.least} to {before.most}",
                do=f"say in {pod.workload.kind} {pod.workload.name} how many it needs under load: spec.replicas",
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
