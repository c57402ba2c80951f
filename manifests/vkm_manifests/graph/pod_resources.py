"""What pods and other objects take: requests and limits as the API server fills them in, and how many there may be."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.graph.resource import Resource

_ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Amounts:
    """Requests and limits by resource: `cpu`, `memory`, ..."""

    requests: Mapping[str, Decimal]
    limits: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Scale:
    """How many pods a workload has: as few as that, as many as that, and who decides."""

    least: int
    most: int
    scaler: Resource | None = None


def stated(value: Any, *path: str) -> dict[str, Decimal]:
    """The quantities in the mapping at a path."""
    return {
        str(key): found for key, item in shape.mapping(value, *path).items() if (found := quantity(item)) is not None
    }


@fact
def _defaults(graph: Graph) -> Mapping[str, Amounts]:
    """What a container gets that says nothing, by namespace."""
    found: dict[str, Amounts] = {}
    for resource in graph.of_kind("LimitRange"):
        for item in shape.mappings(resource.spec, "limits"):
            if shape.text(item, "type") == "Container":
                limits = {**stated(item, "max"), **stated(item, "default")}
                requests = {**stated(item, "min"), **limits, **stated(item, "defaultRequest")}
                before = found.get(resource.namespace, Amounts({}, {}))
                found[resource.namespace] = Amounts({**requests, **before.requests}, {**limits, **before.limits})
    return found


def amounts(graph: Graph, pod: Pod, container: Container) -> Amounts:
    """A container's requests and limits: a request that is not stated is the limit, or else the LimitRange's."""
    defaults = _defaults(graph).get(pod.namespace, Amounts({}, {}))
    own = stated(container.manifest, "resources", "limits")
    requests = stated(container.manifest, "resources", "requests")
    return Amounts({**defaults.requests, **own, **requests}, {**defaults.limits, **own})


def of_pod(graph: Graph, pod: Pod) -> Mapping[str, Decimal]:
    """What one pod counts for in a quota, by the quota's names: `requests.cpu`, `limits.memory`, `pods`.

    Those that run to their end need what the largest of them needs; never less than what the others need together.
    """
    stay: dict[str, Decimal] = defaultdict(Decimal)
    first: dict[str, Decimal] = defaultdict(Decimal)
    for container in pod.containers:
        asked = amounts(graph, pod, container)
        for prefix, each in (("requests", asked.requests), ("limits", asked.limits)):
            for name, amount in each.items():
                key = f"{prefix}.{name}"
                if container.init:
                    first[key] = max(first[key], amount)
                else:
                    stay[key] += amount
    needed = {key: max(stay[key], first[key]) for key in {*stay, *first}}
    for prefix in ("requests", "limits"):
        for name, amount in stated(pod.spec, "resources", prefix).items():
            needed[f"{prefix}.{name}"] = amount
    for claim in shape.mappings(pod.workload.spec, "volumeClaimTemplates"):
        _add(needed, _of_claim(claim))
    return {**needed, "pods": _ONE, "count/pods": _ONE}


@fact
def of_objects(graph: Graph) -> Mapping[str, Mapping[str, Decimal]]:
    """What objects other than pods count for in a quota: by namespace, then by the quota's names.

    Helm's hooks are there for a while only; the claims of a StatefulSet count with its pods.
    """
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    of_pods = {
        (stateful_set.namespace, f"{shape.text(claim, 'metadata', 'name')}-{stateful_set.name}")
        for stateful_set in graph.of_kind("StatefulSet")
        for claim in shape.mappings(stateful_set.spec, "volumeClaimTemplates")
    }
    for resource in graph.resources:
        is_of_pod = resource.kind == "Pod" or (resource.namespace, resource.name.rpartition("-")[0]) in of_pods
        if not is_of_pod and "helm.sh/hook" not in resource.annotations:
            _add(found[resource.namespace], _of_object(resource))
    return found


def _of_object(resource: Resource) -> Mapping[str, Decimal]:
    name = _plural(resource.kind)
    if resource.group:
        return {f"count/{name}.{resource.group}": _ONE}
    counted = {name: _ONE, f"count/{name}": _ONE}
    match resource.kind:
        case "PersistentVolumeClaim":
            return counted | _of_claim(resource.manifest)
        case "Service":
            return counted | _of_service(resource)
    return counted


def _plural(kind: str) -> str:
    name = kind.lower()
    if name.endswith("y") and not name.endswith("ey"):
        return f"{name[:-1]}ies"
    return name if name == "endpoints" else f"{name}es" if name.endswith(("s", "x", "ch")) else f"{name}s"


def _of_claim(claim: Any) -> dict[str, Decimal]:
    storage = stated(claim, "spec", "resources", "requests").get("storage", _ZERO)
    counted = {"persistentvolumeclaims": _ONE, "requests.storage": storage}
    of_class = shape.text(claim, "spec", "storageClassName")
    if of_class:
        counted |= {f"{of_class}.storageclass.storage.k8s.io/{name}": amount for name, amount in counted.items()}
    return {**counted, "count/persistentvolumeclaims": _ONE}


def _of_service(service: Resource) -> dict[str, Decimal]:
    ports = shape.mappings(service.spec, "ports")
    match service.spec.get("type"):
        case "NodePort":
            return {"services.nodeports": Decimal(len(ports))}
        case "LoadBalancer":
            if service.spec.get("allocateLoadBalancerNodePorts") is False:
                ports = [port for port in ports if port.get("nodePort")]
            return {"services.loadbalancers": _ONE, "services.nodeports": Decimal(len(ports))}
    return {}


def _add(amounts_so_far: dict[str, Decimal], more: Mapping[str, Decimal]) -> None:
    for name, amount in more.items():
        amounts_so_far[name] = amounts_so_far.get(name, _ZERO) + amount


@fact
def _scalers(graph: Graph) -> Mapping[tuple[str, str, str], Resource]:
    found = {}
    for scaler in graph.of_kind("HorizontalPodAutoscaler", "ScaledObject"):
        target = shape.mapping(scaler.spec, "scaleTargetRef")
        kind = shape.text(target, "kind") or ("Deployment" if scaler.kind == "ScaledObject" else "")
        found[scaler.namespace, kind, shape.text(target, "name")] = scaler
    return found


def scale(graph: Graph, pod: Pod) -> Scale:
    """How many of these pods there may be at a time."""
    scaler = _scalers(graph).get((pod.namespace, pod.workload.kind, pod.workload.name))
    if scaler is None:
        return Scale(pod.replicas, pod.replicas)
    least, most = (
        ("minReplicaCount", "maxReplicaCount") if scaler.kind == "ScaledObject" else ("minReplicas", "maxReplicas")
    )
    fewest = shape.number(scaler.spec, least)
    if fewest is None:
        fewest = 0 if scaler.kind == "ScaledObject" else 1
    return Scale(fewest, max(fewest, shape.number(scaler.spec, most) or fewest), scaler)
