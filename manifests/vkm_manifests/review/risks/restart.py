"""Restart: pods are replaced, with others that answer meanwhile."""

from collections.abc import Iterator
from typing import Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.pod_resources import scale
from vkm_manifests.review.comparison import Comparison, PodChange
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.rollout import (
    causes,
    changed_keys,
    is_paused,
    is_replaced,
    reloaded,
    rollout,
    template_fields,
)
from vkm_manifests.review.wording import listed

_RUNNING: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
        env: [{name: MODE, value: production}]
"""
_RELOADED: Final = """
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop}
data: {mode: production}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
  annotations: {reloader.stakater.com/auto: "true"}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
        env:
        - name: MODE
          valueFrom: {configMapKeyRef: {name: web, key: mode}}
"""


@risk("restart", before=_RUNNING, breaks={"web:1.0.0": "web:1.0.1"}, passes={"replicas: 2": "replicas: 3"})
def pods_are_replaced(comparison: Comparison) -> Iterator[Concern]:
    """The pods of a workload are replaced, while others of them answer.

    Whatever changes in a pod's description, its labels and annotations included, replaces the pod: none is changed in
    place (Kubernetes: Deployments, StatefulSets, DaemonSets). The number of replicas and the strategy are none of it.
    """
    for pods in comparison.pods:
        how = rollout(comparison.new, pods.new)
        if how and is_paused(pods.old) and not is_replaced(pods, comparison.new):
            yield pods.change.concern(
                "is no longer paused: what was changed while it was replaces its pods now",
                do=f"see what that is: {_kubectl(pods)} rollout history {_name(pods)}",
                field="spec.paused",
            )
        if not how or how.gap or not is_replaced(pods, comparison.new):
            continue
        reason = f"{how}: {listed(causes(comparison, pods))}"
        waits = _held_volume(comparison.new, pods.new) if pods.change.kind == "Deployment" else None
        if waits:
            name, mode = waits
            where = " on another node" if mode == "ReadWriteOnce" else ""
            reason += f"; a new pod{where} waits for volume {name}, which is {mode}"
        watch = f"{_kubectl(pods)} rollout status {_name(pods)}"
        do = f"watch {watch}; if it hangs, take the Recreate strategy" if waits else f"watch {watch}"
        yield pods.change.concern(reason, do=do, field=template_fields(pods)[0])


def _kubectl(pods: PodChange) -> str:
    return f"kubectl -n {pods.change.identity.namespace or 'default'}"


def _name(pods: PodChange) -> str:
    return f"{pods.change.kind.lower()}/{pods.change.identity.name}"


def _held_volume(graph: Graph, pod: Pod) -> tuple[str, str] | None:
    """The first of a pod's volumes that only one node, or one pod, can mount, with its access mode."""
    for volume in shape.mappings(pod.spec, "volumes"):
        name = shape.text(volume, "persistentVolumeClaim", "claimName")
        claim = graph.find("PersistentVolumeClaim", pod.namespace, name) if name else None
        modes = set(shape.texts(claim.spec, "accessModes")) if claim else set()
        if len(modes) == 1 and modes <= {"ReadWriteOnce", "ReadWriteOncePod"}:
            return name, modes.pop()
    return None


_OPERATED: Final = ("Alertmanager", "Grafana", "Prometheus", "PrometheusAgent", "ThanosRuler")


@risk(
    "restart",
    before="""
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: main, namespace: monitoring}
spec: {version: v3.1.0}
""",
    breaks={"v3.1.0": "v3.2.0"},
    passes={"namespace: monitoring": "namespace: monitoring, labels: {a: b}"},
)
def operator_replaces_pods(comparison: Comparison) -> Iterator[Concern]:
    """An operator may replace the pods that it runs for an object.

    Which changes do is the operator's business. Known are those of Prometheus and Grafana, and whatever describes pods
    as a Deployment does, such as a Rollout of Argo or a Service of Knative.
    """
    for change in comparison.changed():
        if Pod.of(change.new) or shape.mapping(change.new.spec, "external"):
            continue
        fields = list(change.below(*(("spec",) if change.kind in _OPERATED else ("spec", "template", "spec"))))
        if fields:
            names = listed(field.name.removeprefix("spec.") for field in fields)
            yield change.concern(f"its operator may replace its pods: {names}", do="watch them", field=fields[0])


@risk("restart", before=_RELOADED, breaks={"mode: production": "mode: test"}, passes={'"true"': '"false"'})
def reloader_replaces_pods(comparison: Comparison) -> Iterator[Concern]:
    """Reloader replaces the pods that read a Secret or ConfigMap, since it is not what it was.

    Stakater's Reloader 1.x changes the template of a workload that has the annotation `reloader.stakater.com/auto` (or
    `configmap.` or `secret.` before that), or that lists the object in `configmap.reloader.stakater.com/reload` or
    `secret.reloader.stakater.com/reload`.
    """
    rolling = {pods.change.identity for pods in comparison.pods if is_replaced(pods, comparison.new)}
    for change in comparison.changed("ConfigMap", "Secret", "ExternalSecret", "SealedSecret"):
        pods = [pod for pod in reloaded(comparison.new, change) if pod.workload.identity not in rolling]
        if pods:
            total = [f"{scale(comparison.new, pod).least} of {pod.workload.name}" for pod in pods]
            yield change.concern(
                f"Reloader replaces the pods that read it ({listed(total)}): {listed(sorted(changed_keys(change)))}",
                do="apply it when these may restart",
            )
