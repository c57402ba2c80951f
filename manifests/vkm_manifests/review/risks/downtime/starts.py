"""Downtime: pods that do not start, or not again, or that cannot work with what they find."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.pod_resources import amounts, stated
from vkm_manifests.graph.resource import Resource
from vkm_manifests.identity import Identity
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.examples import WEB, WORKLOAD
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.risks.downtime.workloads import newly
from vkm_manifests.review.risks.replace import stored_versions_gone
from vkm_manifests.review.storage import claims_by_volume
from vkm_manifests.review.wording import does, listed
from vkm_manifests.verify.pod_security import ENFORCE, offences


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
        if asked and pods.new.workload.kind not in ("DaemonSet", "Pod"):
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


@risk(
    "downtime",
    before=f"""
apiVersion: v1
kind: Namespace
metadata: {{name: shop, labels: {{pod-security.kubernetes.io/enforce: baseline}}}}
---{WEB}""",
    breaks={"enforce: baseline": "enforce: restricted"},
    passes={"metadata: {name: shop, labels: {pod": "metadata: {name: shop, labels: {tier: front, pod"},
)
def pods_are_refused(comparison: Comparison) -> Iterator[Concern]:
    """Pods that were let in are refused when they are made anew: by Pod Security, or by a LimitRange.

    Kubernetes looks at pods when they are made. Those that run stay until they are replaced, or their node is drained.
    """
    refused: dict[tuple[Change, str], list[str]] = defaultdict(list)
    namespaces = {change.object.name for change in comparison.changes if change.kind == "Namespace"}
    namespaces |= {change.object.namespace for change in comparison.changes if change.kind == "LimitRange"}
    for pod in comparison.new.own_pods:
        if pod.namespace not in namespaces and pod.workload.identity not in comparison.by_identity:
            continue
        old = comparison.old_pod(pod)
        before = {who.kind for who, _ in _refusals(comparison.old, old)} if old else set()
        for who, why in _refusals(comparison.new, pod) if old else ():
            # Of a workload that asks for more than Pod Security lets in, security tells.
            causes = (who, pod.workload.identity) if who.kind == "LimitRange" else (who,)
            cause = next(filter(None, map(comparison.by_identity.get, causes)), None)
            if cause and who.kind not in before:
                refused[cause, why].append(pod.workload.name)
    for (change, why), names in refused.items():
        if Pod.of(change.object):
            yield change.concern(f"{why} refuses its new pods", do="change them so that they fit")
        else:
            yield change.concern(
                f"{why} refuses the pods of {listed(names)} when they are made the next time",
                do="change these first, and see that they run",
            )


def _refusals(graph: Graph, pod: Pod) -> Iterator[tuple[Identity, str]]:
    """Who refuses pods, and why."""
    namespace = graph.find("Namespace", "", pod.namespace)
    level = namespace.labels.get(ENFORCE, "") if namespace else ""
    levels = {"baseline": ("baseline",), "restricted": ("baseline", "restricted")}.get(level, ())
    if namespace and levels and any(offence.level in levels for offence in offences(pod)):
        yield namespace.identity, f'Pod Security "{level}"'
    for limits in _limits(graph).get(pod.namespace, ()):
        if over := _over(graph, pod, limits):
            yield limits.identity, over


@fact
def _limits(graph: Graph) -> Mapping[str, Sequence[Resource]]:
    found: dict[str, list[Resource]] = defaultdict(list)
    for limits in graph.of_kind("LimitRange"):
        found[limits.namespace].append(limits)
    return found


def _over(graph: Graph, pod: Pod, limits: Resource) -> str:
    """The most that a LimitRange allows of what a container takes more of; empty where it takes no more."""
    for item in shape.mappings(limits.spec, "limits"):
        most = stated(item, "max") if shape.text(item, "type") == "Container" else {}
        for container in pod.containers if most else ():
            asked = amounts(graph, pod, container)
            for name, amount in most.items():
                if max(asked.limits.get(name, _NONE), asked.requests.get(name, _NONE)) > amount:
                    return f"a LimitRange of at most {shape.dig(item, 'max', name)} {name}"
    return ""


_NONE: Final = Decimal(0)


@risk(
    "downtime",
    before=WORKLOAD.replace(
        "      containers:", "      securityContext: {runAsUser: 1000, fsGroup: 1000}\n      containers:"
    ),
    breaks={"runAsUser: 1000": "runAsUser: 2000"},
    passes={"fsGroup: 1000": "fsGroup: 2000"},
)
def files_keep_their_owner(comparison: Comparison) -> Iterator[Concern]:
    """Pods run as another user, and find files on a volume that belong to the one before.

    Kubernetes gives the files on a volume to the group `fsGroup`, and never to another user; databases refuse to start
    on files that are not their own.
    """
    for pods in comparison.pods_by_any_name:
        volumes = claims_by_volume(pods.new)
        for old, new in pods.containers():
            if old is None or new is None:
                continue
            before, after = (_user(pod, container) for pod, container in ((pods.old, old), (pods.new, new)))
            mounted = {shape.text(mount, "name") for mount in shape.mappings(new.manifest, "volumeMounts")}
            kept = [claim for name, claim in volumes.items() if name in mounted]
            if kept and before is not None and after is not None and before != after:
                yield pods.change.concern(
                    f"{new.name} runs as user {after}: "
                    f"what it wrote to volume {listed(kept)} as {before} is not its own",
                    do=f"see that {after} may write there, or give them to it in one step: stop the pods, and chown -R "
                    f"{after} as root",
                    field=f"{pods.new.spec_field}.securityContext",
                )


def _user(pod: Pod, container: Container) -> int | None:
    own = shape.number(container.manifest, "securityContext", "runAsUser")
    return shape.number(pod.spec, "securityContext", "runAsUser") if own is None else own


# Kinds.


@risk(
    "downtime",
    before="""
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: orders.shop.example}
spec:
  group: shop.example
  names: {kind: Order, plural: orders}
  scope: Namespaced
  versions:
  - {name: v1, served: true, storage: true}
  - {name: v1beta1, served: true, storage: false}
""",
    breaks={"name: v1beta1, served: true": "name: v1beta1, served: false"},
    passes={"name: v1beta1, served: true": "name: v1beta1, deprecated: true, served: true"},
)
def definition_serves_less(comparison: Comparison) -> Iterator[Concern]:
    """A CustomResourceDefinition no longer serves a version of its kind: who asks for that gets an error."""
    for change in comparison.changed("CustomResourceDefinition"):
        # Of what is refused, that is told.
        after = (*_served_versions(change.new), *stored_versions_gone(change))
        gone = [name for name in _served_versions(change.old) if name not in after]
        if gone:
            kind = shape.text(change.new.spec, "names", "kind") or "its kind"
            yield change.concern(
                f"{listed(gone)} of {kind} {does(len(gone), 'is', 'are')} not served any more: controllers and "
                "manifests that name it get an error",
                do="move them to a version that is served first",
                field="spec.versions",
            )


def _served_versions(definition: Resource) -> list[str]:
    versions = shape.mappings(definition.spec, "versions")
    return [shape.text(version, "name") for version in versions if version.get("served") is True]
