"""Values: what the API server refuses, though each field by itself has the right form."""

import ipaddress
from collections.abc import Iterator
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Finding
from vkm_manifests.verify.rule import rule

_DEPLOYMENT: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  strategy:
    type: RollingUpdate
    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
        env:
        - name: TOKEN
          valueFrom: {secretKeyRef: {name: web, key: token}}
        livenessProbe: {tcpSocket: {port: 8080}, successThreshold: 1}
      volumes:
      - name: files
        configMap: {name: web, defaultMode: 0644}
"""
_MOST_MODE: Final = 0o777


@rule(passes=_DEPLOYMENT, breaks={"maxSurge: 1": "maxSurge: 0"})
def rollout_can_start(graph: Graph) -> Iterator[Finding]:
    """A rolling update may add a pod or take one away; another strategy says nothing of it."""
    for workload in graph.of_kind("Deployment", "DaemonSet", "StatefulSet"):
        for key in ("strategy", "updateStrategy"):
            strategy = shape.mapping(workload.spec, key)
            rolling = shape.mapping(strategy, "rollingUpdate")
            if shape.text(strategy, "type") in ("Recreate", "OnDelete") and rolling:
                yield workload.finding(
                    f"spec.{key}.rollingUpdate",
                    f"is set beside type {strategy['type']}",
                    fix="remove rollingUpdate, or type: RollingUpdate",
                )
            elif {"maxSurge", "maxUnavailable"} <= rolling.keys() and all(_is_none(item) for item in rolling.values()):
                yield workload.finding(
                    f"spec.{key}.rollingUpdate",
                    "neither adds a pod nor takes one away",
                    fix="maxSurge: 1",
                )


def _is_none(value: Any) -> bool:
    return value in (0, "0", "0%") and not isinstance(value, bool)


@rule(passes=_DEPLOYMENT, breaks={"replicas: 2": "replicas: -2"})
def replicas_are_a_number_of_pods(graph: Graph) -> Iterator[Finding]:
    """A workload has no or more replicas."""
    for workload in graph.of_kind("Deployment", "StatefulSet", "ReplicaSet"):
        replicas = shape.number(workload.spec, "replicas")
        if replicas is not None and replicas < 0:
            yield workload.finding("spec.replicas", f"is {replicas}", fix="replicas: 1")


@rule(
    passes="""
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 5
""",
    breaks={"minReplicas: 2": "minReplicas: 8"},
)
def autoscaler_has_room(graph: Graph) -> Iterator[Finding]:
    """An autoscaler's least number of replicas is at most its largest."""
    for autoscaler in graph.of_kind("HorizontalPodAutoscaler"):
        least, most = (shape.number(autoscaler.spec, key) for key in ("minReplicas", "maxReplicas"))
        if least is not None and most is not None and least > most:
            yield autoscaler.finding(
                "spec.minReplicas", f"is {least}, more than maxReplicas {most}", fix=f"maxReplicas: {least}"
            )


@rule(passes=_DEPLOYMENT, breaks={"successThreshold: 1": "successThreshold: 3"})
def probe_succeeds_once(graph: Graph) -> Iterator[Finding]:
    """Liveness and startup are proved by one success: only readiness may ask for more."""
    for pod in graph.own_pods:
        for container in pod.containers:
            for probe in ("livenessProbe", "startupProbe"):
                wanted = shape.number(container.manifest, probe, "successThreshold")
                if wanted not in (None, 1):
                    yield pod.workload.finding(
                        f"{container.field}.{probe}.successThreshold", f"is {wanted}", fix="successThreshold: 1"
                    )


@rule(
    passes=_DEPLOYMENT,
    breaks={"        - name: TOKEN\n": '        - name: TOKEN\n          value: "1"\n'},
)
def variable_has_one_source(graph: Graph) -> Iterator[Finding]:
    """A variable has a value, or a place that its value is from, not both."""
    for pod in graph.own_pods:
        for container in pod.containers:
            for field, variable in shape.named(container.manifest, f"{container.field}.env", "env"):
                if shape.text(variable, "value") and shape.mapping(variable, "valueFrom"):
                    yield pod.workload.finding(field, "has a value and valueFrom", fix="remove one of the two")


@rule(passes=_DEPLOYMENT, breaks={"defaultMode: 0644": "defaultMode: 644"})
def file_mode_is_octal(graph: Graph) -> Iterator[Finding]:
    """The mode of mounted files is one of 0 to 0777.

    YAML reads 0644 as an octal number and 644 as a decimal one, which is 01204.
    """
    for pod in graph.own_pods:
        for field, key, value in shape.walk(pod.spec.get("volumes"), f"{pod.spec_field}.volumes"):
            if key in ("defaultMode", "mode") and isinstance(value, int) and not 0 <= value <= _MOST_MODE:
                yield pod.workload.finding(
                    field, f"is {value}, which is {value:#o} in octal; accepted are 0 to 0777", fix=f"{key}: 0{value}"
                )


@rule(
    passes="""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web-from-office, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
  ingress:
  - from:
    - ipBlock: {cidr: 192.0.2.0/24, except: [192.0.2.7/32]}
""",
    breaks={"cidr: 192.0.2.0/24": "cidr: 192.0.2.0"},
)
def network_is_valid(graph: Graph) -> Iterator[Finding]:
    """A policy's block of addresses is a network with its length, and what it leaves out lies in it."""
    for policy in graph.of_kind("NetworkPolicy"):
        for field, key, block in shape.walk(policy.spec, "spec"):
            if key == "ipBlock":
                cidr = shape.text(block, "cidr")
                whole = _network(cidr)
                if whole is None:
                    yield policy.finding(
                        f"{field}.cidr", f'"{cidr}" is no network', fix=f"cidr: {cidr or '10.0.0.0'}/32"
                    )
                for left_out in shape.texts(block, "except"):
                    part = _network(left_out)
                    if part is None or (whole is not None and not _is_in(part, whole)):
                        yield policy.finding(
                            f"{field}.except",
                            f'"{left_out}" is no network in {whole or "the block"}',
                            fix="a part of the block, such as 10.1.0.0/16 of 10.0.0.0/8",
                        )


_Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def _network(text: str) -> _Network | None:
    try:
        return ipaddress.ip_network(text, strict=False) if "/" in text else None
    except ValueError:
        return None


def _is_in(part: _Network, whole: _Network) -> bool:
    return (
        part.version == whole.version
        and int(part.network_address) >= int(whole.network_address)
        and int(part.broadcast_address) <= int(whole.broadcast_address)
    )
