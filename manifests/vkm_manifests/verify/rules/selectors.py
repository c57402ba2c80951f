"""Selectors: what selects, selects something."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.references import SYSTEM_NAMESPACES
from vkm_manifests.graph.resource import Finding, Resource, Severity
from vkm_manifests.graph.scraping import scraping_of
from vkm_manifests.graph.selector import matches
from vkm_manifests.verify.rule import rule

_NAMESPACE_NAME: Final = "kubernetes.io/metadata.name"
# A selector with such a label takes pods or Services that controllers make at run time, in whichever namespace:
# cert-manager's solvers, Longhorn's managers, a CronJob's or Job's own pods.
_LABELS_OF_CONTROLLERS: Final = (
    "acme.cert-manager.io/",
    "batch.kubernetes.io/",
    "job-name",
    "longhorn.io/",
    "statefulset.kubernetes.io/",
)
_APISERVER_LABELS: Final = {"component": "apiserver", "provider": "kubernetes"}


def _is_of_controllers(selector: Any) -> bool:
    keys = [
        *shape.labels(selector, "matchLabels"),
        *(shape.text(expression, "key") for expression in shape.mappings(selector, "matchExpressions")),
    ]
    return any(key.startswith(_LABELS_OF_CONTROLLERS) for key in keys)


def _severity(graph: Graph, namespaces: Iterable[str]) -> Severity:
    return "warning" if any(map(graph.may_have_other_pods, namespaces)) else "error"


def _in(namespaces: Iterable[str]) -> str:
    named = ", ".join(filter(None, namespaces))
    return f" of namespace {named}" if named else ""


def _short(selector: Any) -> str:
    """A selector as text: its labels."""
    labels = ", ".join(f"{key}={value}" for key, value in sorted(shape.labels(selector, "matchLabels").items()))
    return labels or "its expressions"


@rule(
    passes="""
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: example/web:1.0.0}]
""",
    breaks={"selector: {app: web}": "selector: {app: wbe}"},
)
def service_selects_pods(graph: Graph) -> Iterator[Finding]:
    """A Service's selector takes the pods of a workload.

    Otherwise it has no endpoints: every connection is refused.
    """
    for service in graph.of_kind("Service"):
        wanted = shape.labels(service.spec, "selector")
        selector = {"matchLabels": wanted}
        if wanted and not _is_of_controllers(selector) and not graph.pods_of_service(service):
            yield service.finding(
                "spec.selector",
                f"takes no pod{_in([service.namespace])}",
                fix="write the labels of the workload's pod template",
                severity=_severity(graph, [service.namespace]),
            )


def _takes_no_pod(graph: Graph, resource: Resource, field: str, selector: Any) -> Iterator[Finding]:
    if not _is_of_controllers(selector) and not graph.pods_selected(resource.namespace, selector):
        yield resource.finding(
            field,
            f"takes no pod{_in([resource.namespace])}: {_short(selector)}",
            fix="write the labels of the workload's pod template",
            severity=_severity(graph, [resource.namespace]),
        )


@rule(
    passes="""
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: web}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: example/web:1.0.0}]
""",
    breaks={"matchLabels: {app: web}": "matchLabels: {app: wbe}"},
)
def pdb_selects_pods(graph: Graph) -> Iterator[Finding]:
    """A PodDisruptionBudget's selector takes the pods of a workload.

    Otherwise it protects nothing.
    """
    for budget in graph.of_kind("PodDisruptionBudget"):
        selector = shape.mapping(budget.spec, "selector")
        if selector:
            yield from _takes_no_pod(graph, budget, "spec.selector", selector)


_POLICY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: database-from-web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: database}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - podSelector: {matchLabels: {app: web}}
    ports: [{port: 5432}]
---
apiVersion: v1
kind: Pod
metadata: {name: database, namespace: shop, labels: {app: database}}
spec:
  containers: [{name: database, image: example/database:1.0.0}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: example/web:1.0.0}]
"""


def _policies(graph: Graph) -> list[Resource]:
    return [policy for policy in graph.of_kind("NetworkPolicy") if policy.group in ("networking.k8s.io", "extensions")]


@rule(passes=_POLICY, breaks={"matchLabels: {app: database}": "matchLabels: {app: databse}"})
def network_policy_selects_pods(graph: Graph) -> Iterator[Finding]:
    """A NetworkPolicy's podSelector takes the pods of a workload.

    Otherwise the pods that it was written for are open, or cut off.
    """
    for policy in _policies(graph):
        selector = shape.mapping(policy.spec, "podSelector")
        if selector:
            yield from _takes_no_pod(graph, policy, "spec.podSelector", selector)


@rule(passes=_POLICY, breaks={"matchLabels: {app: web}": "matchLabels: {app: wbe}"})
def network_policy_peers_exist(graph: Graph) -> Iterator[Finding]:
    """A NetworkPolicy's peers take pods: those of the namespaces that are named, or of its own.

    Otherwise the connection that it was written for stays closed.
    """
    for policy in _policies(graph):
        peers = list(peers_of(policy))
        beside = Counter(field.rpartition("[")[0] for field, _ in peers)
        for field, peer in peers:
            yield from _without_namespace(graph, policy, field, peer)
            for finding in _without_pods(graph, policy, field, peer):
                # One of several may be a label that pods are invited to have, as Bitnami's charts do it.
                yield replace(finding, severity="warning") if beside[field.rpartition("[")[0]] > 1 else finding


def peers_of(policy: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The peers of a NetworkPolicy, of both directions, each with its field."""
    for direction, side in (("ingress", "from"), ("egress", "to")):
        for index, item in enumerate(shape.mappings(policy.spec, direction)):
            for number, peer in enumerate(shape.mappings(item, side)):
                yield f"spec.{direction}[{index}].{side}[{number}]", peer


def named_namespaces(selector: Any) -> list[str]:
    """The namespaces that a selector takes by their names; empty if it takes them by something else."""
    name = shape.text(selector, "matchLabels", _NAMESPACE_NAME)
    if name:
        return [name]
    for expression in shape.mappings(selector, "matchExpressions"):
        if expression.get("key") == _NAMESPACE_NAME and expression.get("operator") == "In":
            return shape.texts(expression, "values")
    return []


def _without_namespace(graph: Graph, policy: Resource, field: str, peer: Mapping[str, Any]) -> Iterator[Finding]:
    """A peer whose namespaceSelector takes none of the namespaces, if it can be known that there is none."""
    selector = shape.mapping(peer, "namespaceSelector")
    names, namespaces = named_namespaces(selector), graph.namespaces
    among = [name for name in names if name in namespaces] if names else namespaces
    if not selector or SYSTEM_NAMESPACES & set(names) or any(matches(selector, namespaces[name]) for name in among):
        return
    near = [match for name in names for match in get_close_matches(name, namespaces, n=1, cutoff=0.75)]
    declared = any(graph.is_made_outside("Namespace", "", name) for name in names)
    # Labels are known of the namespaces whose manifests are here; a name is likely wrong if it is nearly a known one.
    if not declared and (near if names else graph.of_kind("Namespace")):
        yield policy.finding(
            f"{field}.namespaceSelector",
            f"takes no namespace: {_short(selector)}" + (f" (nearest: {near[0]})" if near else ""),
            fix=f"matchLabels: {{{_NAMESPACE_NAME}: {near[0] if near else '...'}}}",
            severity="warning",
        )


def _without_pods(graph: Graph, policy: Resource, field: str, peer: Mapping[str, Any]) -> Iterator[Finding]:
    """A peer whose podSelector takes none of the pods of namespaces whose pods are known."""
    selector = shape.mapping(peer, "podSelector")
    among = peer.get("namespaceSelector")
    named = named_namespaces(among) if "namespaceSelector" in peer else [policy.namespace]
    namespaces = named or _labelled(graph, among)
    known = [namespace for namespace in namespaces if graph.pods_in(namespace)]
    # Of several with a label, the peer may be in the one whose pods are not shown.
    if not selector or not known or (not named and known != namespaces) or _is_of_controllers(selector):
        return
    if not any(graph.pods_selected(namespace, selector) for namespace in namespaces):
        yield policy.finding(
            f"{field}.podSelector",
            f"takes no pod{_in(namespaces)}: {_short(selector)}",
            fix="write the labels of the peer's pod template",
            # Further namespaces than the input's may have these labels.
            severity=_severity(graph, namespaces) if named else "warning",
        )


def _labelled(graph: Graph, selector: Any) -> list[str]:
    """The input's namespaces with the labels that a selector asks for; none where it asks for none."""
    wanted = shape.labels(selector, "matchLabels")
    return graph.labelled_namespaces.selected(None, selector) if wanted else []


_MONITOR = """
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  endpoints: [{port: metrics}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  selector: {app: web}
  ports: [{name: metrics, port: 9090}]
"""


def _monitored_namespaces(graph: Graph, monitor: Resource) -> list[str]:
    """The namespaces in which a ServiceMonitor or PodMonitor looks, as far as the input shows them."""
    selector = shape.mapping(monitor.spec, "namespaceSelector")
    if selector.get("any") is True:
        return sorted(filter(None, {*graph.namespaces, monitor.namespace}))
    return list(filter(None, shape.texts(selector, "matchNames") or [monitor.namespace]))


@rule(passes=_MONITOR, breaks={"selector: {matchLabels: {app: web}}": "selector: {matchLabels: {app: wbe}}"})
def service_monitor_selects_services(graph: Graph) -> Iterator[Finding]:
    """A ServiceMonitor's selector takes a Service, by the labels of the Service itself.

    Otherwise nothing is scraped, and no alert says so.
    """
    scraping = scraping_of(graph)
    for monitor in graph.of_kind("ServiceMonitor"):
        selector = monitor.spec.get("selector")
        namespaces = _monitored_namespaces(graph, monitor)
        is_known = _is_of_controllers(selector) or matches(selector, _APISERVER_LABELS)
        if is_known or _selects_declared(graph, "Service", selector) or any(scraping.services_of(monitor)):
            continue
        sure = all(
            namespace in graph.namespaces and not graph.may_make("Service", namespace) for namespace in namespaces
        )
        anywhere = shape.dig(monitor.spec, "namespaceSelector", "any") is True
        yield monitor.finding(
            "spec.selector",
            f"takes no Service{_in(namespaces)}: {_short(selector)}",
            fix="write the labels of the Service (not those of its selector), or its namespace in namespaceSelector",
            severity="error" if sure and not anywhere and not SYSTEM_NAMESPACES & set(namespaces) else "warning",
        )


def _selects_declared(graph: Graph, kind: str, selector: Any) -> bool:
    declared = (item.outside for item in graph.declarations if item.outside and item.outside.kind == kind)
    return any(matches(selector, outside.labels or {}) for outside in declared)


@rule(
    passes="""
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  podMetricsEndpoints: [{port: metrics}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: example/web:1.0.0, ports: [{name: metrics, containerPort: 9090}]}]
""",
    breaks={"selector: {matchLabels: {app: web}}": "selector: {matchLabels: {app: wbe}}"},
)
def pod_monitor_selects_pods(graph: Graph) -> Iterator[Finding]:
    """A PodMonitor's selector takes the pods of a workload.

    Otherwise nothing is scraped, and no alert says so.
    """
    for monitor in graph.of_kind("PodMonitor"):
        selector = monitor.spec.get("selector")
        if not _is_of_controllers(selector) and not any(scraping_of(graph).pods_of(monitor)):
            namespaces = _monitored_namespaces(graph, monitor)
            anywhere = shape.dig(monitor.spec, "namespaceSelector", "any") is True
            yield monitor.finding(
                "spec.selector",
                f"takes no pod{_in(namespaces)}: {_short(selector)}",
                fix="write the labels of the workload's pod template, or its namespace in namespaceSelector",
                severity="warning" if anywhere else _severity(graph, namespaces),
            )


_DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, part: front}}
    spec: {containers: [{name: web, image: example/web:1.0.0}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker, namespace: shop}
spec:
  selector: {matchLabels: {app: worker}}
  template:
    metadata: {labels: {app: worker, part: back}}
    spec: {containers: [{name: worker, image: example/web:1.0.0}]}
"""
_WITH_SELECTOR: Final = ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet")


def _workloads(graph: Graph) -> Iterator[tuple[Pod, Any]]:
    """The workloads that say by a selector which pods are theirs."""
    for pod in graph.own_pods:
        workload = pod.workload
        manual = workload.kind == "Job" and workload.spec.get("manualSelector") is True
        if workload.kind in _WITH_SELECTOR or manual:
            selector = shape.mapping(workload.spec, "selector")
        elif workload.kind == "ReplicationController":
            selector = {"matchLabels": shape.labels(workload.spec, "selector")}
        else:
            continue
        if any(selector.values()):
            yield pod, selector


@rule(passes=_DEPLOYMENT, breaks={"labels: {app: web, part: front}": "labels: {app: wbe, part: front}"})
def selector_matches_template(graph: Graph) -> Iterator[Finding]:
    """A workload's selector takes the pods of its own template.

    Otherwise the API server refuses it.
    """
    for pod, selector in _workloads(graph):
        if not matches(selector, pod.labels):
            yield pod.workload.finding(
                "spec.selector",
                f"does not take the template's own pods: {_short(selector)}",
                fix="write the same labels in spec.selector and spec.template.metadata.labels",
            )


@rule(
    passes=_DEPLOYMENT,
    breaks={
        "matchLabels: {app: worker}": "matchLabels: {app: web}",
        "labels: {app: worker, part: back}": "labels: {app: web, part: back}",
    },
)
def selectors_do_not_overlap(graph: Graph) -> Iterator[Finding]:
    """No two workloads of a namespace have selectors that take each other's pods.

    Otherwise a Service, an autoscaler or a budget of the one counts the pods of the other.
    """
    selectors = {pod.workload: selector for pod, selector in _workloads(graph) if not _is_owned(pod.workload)}
    for pod, selector in _workloads(graph):
        if pod.workload not in selectors:
            continue
        others = (other.workload for other in graph.pods_selected(pod.namespace, selector))
        mutual = sorted(
            str(other)
            for other in others
            if other is not pod.workload and other in selectors and matches(selectors[other], pod.labels)
        )
        if mutual:
            yield pod.workload.finding(
                "spec.selector",
                f"takes the pods of {mutual[0]}, whose selector takes these: {_short(selector)}",
                fix="add to both selectors and templates a label in which they differ",
            )


def _is_owned(resource: Resource) -> bool:
    """Whether a controller made it, as a Deployment its ReplicaSets: then both have the same pods."""
    return bool(shape.mappings(resource.manifest, "metadata", "ownerReferences"))


@rule(
    passes="""
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: database, namespace: shop}
spec:
  serviceName: database
  selector: {matchLabels: {app: database}}
  template:
    metadata: {labels: {app: database}}
    spec: {containers: [{name: database, image: example/database:1.0.0}]}
---
apiVersion: v1
kind: Service
metadata: {name: database, namespace: shop}
spec:
  clusterIP: None
  selector: {app: database}
  ports: [{port: 5432}]
""",
    breaks={"  selector: {app: database}": "  selector: {app: web}"},
)
def stateful_set_service_is_its_own(graph: Graph) -> Iterator[Finding]:
    """A StatefulSet's serviceName is a headless Service that takes its pods.

    Otherwise its pods have no names in DNS.
    """
    for pod in graph.own_pods:
        service = graph.find("Service", pod.namespace, shape.text(pod.workload.spec, "serviceName"))
        if pod.workload.kind != "StatefulSet" or not service or service.group:
            continue
        wanted = shape.labels(service.spec, "selector")
        if not wanted or not matches({"matchLabels": wanted}, pod.labels):
            yield pod.workload.finding(
                "spec.serviceName",
                f"names Service {service.name}, which does not take its pods",
                fix="name a Service whose selector takes the labels of spec.template",
            )
        elif shape.text(service.spec, "clusterIP") != "None":
            yield pod.workload.finding(
                "spec.serviceName",
                f"names Service {service.name}, which is not headless",
                fix="clusterIP: None, in a Service of its own",
                severity="warning",
            )


@rule(
    passes="""
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      topologySpreadConstraints:
      - maxSkew: 1
        topologyKey: kubernetes.io/hostname
        whenUnsatisfiable: ScheduleAnyway
        labelSelector: {matchLabels: {app: web}}
      containers: [{name: web, image: example/web:1.0.0}]
""",
    breaks={"labelSelector: {matchLabels: {app: web}}": "labelSelector: {matchLabels: {app: wbe}}"},
)
def topology_spread_counts_its_own(graph: Graph) -> Iterator[Finding]:
    """The labelSelector of a pod's topologySpreadConstraints takes the pod itself.

    Otherwise its copies are not counted, and may all run on one node.
    """
    for pod in graph.own_pods:
        for index, constraint in enumerate(shape.mappings(pod.spec, "topologySpreadConstraints")):
            selector = constraint.get("labelSelector")
            if selector and not matches(selector, pod.labels):
                others = graph.pods_selected(pod.namespace, selector)
                yield pod.workload.finding(
                    f"{pod.spec_field}.topologySpreadConstraints[{index}].labelSelector",
                    f"does not take the pod itself: {_short(selector)}",
                    fix="write labels of the pod template",
                    severity="warning" if others else _severity(graph, [pod.namespace]),
                )


@rule(
    passes="""
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  affinity:
    podAntiAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
      - topologyKey: kubernetes.io/hostname
        labelSelector: {matchLabels: {app: web}}
  containers: [{name: web, image: example/web:1.0.0}]
""",
    breaks={"labelSelector: {matchLabels: {app: web}}": "labelSelector: {matchLabels: {app: wbe}}"},
)
def pod_affinity_selects_pods(graph: Graph) -> Iterator[Finding]:
    """The selectors of a pod's affinity and anti-affinity to other pods take pods.

    Otherwise it is placed as if they did not stand there, or nowhere at all.
    """
    for pod in graph.own_pods:
        for field, term in _affinity_terms(pod):
            selector = shape.mapping(term, "labelSelector")
            namespaces = shape.texts(term, "namespaces") or [pod.namespace]
            anywhere = "namespaceSelector" in term or _is_of_controllers(selector)
            if selector and not anywhere and not any(graph.pods_selected(name, selector) for name in namespaces):
                yield pod.workload.finding(
                    f"{field}.labelSelector",
                    f"takes no pod{_in(namespaces)}: {_short(selector)}",
                    fix="write labels of the pod template that is meant",
                    severity=_severity(graph, namespaces),
                )


def _affinity_terms(pod: Pod) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind in ("podAffinity", "podAntiAffinity"):
        field = f"{pod.spec_field}.affinity.{kind}"
        rules = shape.mapping(pod.spec, "affinity", kind)
        required, preferred = (f"{when}DuringSchedulingIgnoredDuringExecution" for when in ("required", "preferred"))
        for index, term in enumerate(shape.mappings(rules, required)):
            yield f"{field}.{required}[{index}]", term
        for index, item in enumerate(shape.mappings(rules, preferred)):
            yield f"{field}.{preferred}[{index}].podAffinityTerm", shape.mapping(item, "podAffinityTerm")
