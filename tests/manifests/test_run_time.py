"""What workloads may make or change at run time, by the roles that the input gives them."""

import pytest
import yaml

from vkm_manifests.graph.graph import Graph

_ROLE = """
- apiVersion: rbac.authorization.k8s.io/v1
  kind: Role
  metadata: {{name: agent, namespace: vault}}
  rules: [{{apiGroups: [{group}], resources: [{resource}], verbs: [{verb}]}}]
- apiVersion: rbac.authorization.k8s.io/v1
  kind: RoleBinding
  metadata: {{name: agent, namespace: vault}}
  roleRef: {{apiGroup: rbac.authorization.k8s.io, kind: Role, name: agent}}
  subjects: [{{kind: ServiceAccount, name: agent}}]
- apiVersion: v1
  kind: Pod
  metadata: {{name: web, namespace: vault}}
"""


@pytest.mark.parametrize(
    ("group", "resource", "verb", "may"),
    [
        ('""', "pods", "patch", True),
        ('""', "pods", "update", True),
        ('""', "pods", "create", True),
        ('""', "pods", "get", False),
        ('""', "pods/status", "patch", False),
        ("apps", "deployments", "create", True),
        ("apps", "deployments", "patch", False),
        ("metrics.k8s.io", "pods", "patch", False),
        ('"*"', '"*"', '"*"', True),
    ],
)
def test_who_may_label_or_start_pods(group: str, resource: str, verb: str, may: bool) -> None:
    graph = Graph(yaml.safe_load(_ROLE.format(group=group, resource=resource, verb=verb)))
    assert graph.may_have_other_pods("vault") is may
    assert graph.may_have_other_pods("shop"), "the input holds no workload there"


def test_what_its_controller_made_is_no_pod_of_its_own() -> None:
    owner = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "name": "web-1", "controller": True}
    metadata = {"name": "web-1-a", "namespace": "shop"}
    copy = {"apiVersion": "v1", "kind": "Pod", "metadata": {**metadata, "ownerReferences": [owner]}}
    replica_set = {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": {"name": "web-1", "namespace": "shop"}}
    mirror = {**copy, "metadata": {**metadata, "annotations": {"kubernetes.io/config.mirror": "3f2a"}}}
    assert len(Graph([replica_set, copy]).own_pods) == 1
    assert len(Graph([copy]).own_pods) == 1, "its ReplicaSet is not in the input"
    rollout = {"apiVersion": "argoproj.io/v1alpha1", "kind": "ReplicaSet", "metadata": replica_set["metadata"]}
    assert len(Graph([rollout, copy]).own_pods) == 1, "of what makes it, the pods are not known"
    assert len(Graph([mirror]).own_pods) == 0
