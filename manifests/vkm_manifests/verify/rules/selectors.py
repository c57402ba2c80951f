"""Selectors: what selects, selects something."""

from collections.abc import Iterator

from vkm_manifests import shape
from vkm_manifests.graph import Graph
from vkm_manifests.resource import Finding
from vkm_manifests.verify.rule import rule


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
        if wanted and not graph.pods_of_service(service):
            yield service.finding(
                "spec.selector",
                f"takes no pod of namespace {service.namespace}",
                fix="write the labels of the workload's pod template",
                severity="warning" if graph.may_have_other_pods(service.namespace) else "error",
            )
