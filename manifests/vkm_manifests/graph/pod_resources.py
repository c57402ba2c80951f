"""What pods ask for: requests and limits as the API server fills them in, and how many pods there may be."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.graph.resource import Resource

_ZERO: Final = Decimal(0)


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


@lru_cache(maxsize=1)
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
    return {**needed, "pods": Decimal(1)}


@lru_cache(maxsize=1)
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
