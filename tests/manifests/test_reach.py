"""Reach: what NetworkPolicies open and close."""

from typing import Any

import pytest

from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Pod
from vkm_manifests.verify.rule import examples

PODS = """
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: data, labels: {app: db}}
spec: {containers: [{name: db, ports: [{name: sql, containerPort: 5432}]}]}
"""
SQL = (5432, "TCP")


def _graph(*documents: str) -> Graph:
    return Graph(examples("\n---\n".join((PODS, *documents))))


def _pods(graph: Graph) -> tuple[Pod, Pod]:
    web, db = graph.own_pods
    return web, db


def _policy(spec: str, namespace: str = "data") -> str:
    return f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: policy, namespace: {namespace}}}
spec: {spec}
"""


def _ingress(peers: str, ports: str = "[]") -> str:
    return _policy(f"{{podSelector: {{}}, ingress: [{{from: {peers}, ports: {ports}}}]}}")


def _egress(peers: str, ports: str = "[]") -> str:
    return _policy(f"{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: {peers}, ports: {ports}}}]}}", "shop")


def _lets_in(*documents: str, port: tuple[int, str] = SQL) -> bool:
    graph = _graph(*documents)
    return graph.reach.lets_in(*_pods(graph), port)


def _lets_out(*documents: str) -> bool:
    graph = _graph(*documents)
    return graph.reach.lets_out(*_pods(graph), SQL)


def test_without_policies_everything_is_open() -> None:
    assert _lets_in()
    assert _lets_out()


@pytest.mark.parametrize(
    ("spec", "ingress", "egress"),
    [
        ("{podSelector: {}}", True, False),
        ("{podSelector: {}, egress: [{}]}", True, True),
        ("{podSelector: {}, policyTypes: [Egress]}", False, True),
        ("{podSelector: {}, policyTypes: [Ingress], egress: [{}]}", True, False),
        ("{podSelector: {matchLabels: {app: web}}}", False, False),
        ("null", True, False),
    ],
)
def test_what_a_policy_closes(spec: str, ingress: bool, egress: bool) -> None:
    graph = _graph(_policy(spec))
    _, db = _pods(graph)
    assert (graph.reach.is_closed(db, "ingress"), graph.reach.is_closed(db, "egress")) == (ingress, egress)


@pytest.mark.parametrize(
    ("peers", "expected"),
    [
        ("[]", True),
        ("null", True),
        ("[{podSelector: {}}]", False),
        ("[{podSelector: {matchLabels: {app: web}}}]", False),
        ("[{namespaceSelector: {}}]", True),
        ("[{namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]", True),
        ("[{namespaceSelector: {}, podSelector: {matchLabels: {app: db}}}]", False),
        ("[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}]", True),
        ("[{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: data}}}]", False),
        (
            "[{namespaceSelector: {matchExpressions: "
            "[{key: kubernetes.io/metadata.name, operator: In, values: [other]}]}}]",
            False,
        ),
        ("[{ipBlock: {cidr: 0.0.0.0/0}}]", True),
        ("[{ipBlock: {cidr: '::/0'}}]", True),
        ("[{ipBlock: {cidr: 0.0.0.0/0, except: [169.254.169.254/32]}}]", True),
        ("[{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]", False),
        ("[{ipBlock: {cidr: 10.0.0.0/8}}]", False),
        ("[{ipBlock: {cidr: nonsense}}]", False),
    ],
)
def test_peers(peers: str, expected: bool) -> None:
    assert _lets_in(_ingress(peers)) is expected


@pytest.mark.parametrize(
    ("ports", "port", "expected"),
    [
        ("[{port: 5432}]", SQL, True),
        ("[{port: 5433}]", SQL, False),
        ("[{port: sql}]", SQL, True),
        ("[{port: http}]", SQL, False),
        ("[{port: 5000, endPort: 6000}]", SQL, True),
        ("[{port: 5000, endPort: 5431}]", SQL, False),
        ("[{protocol: TCP}]", SQL, True),
        ("[{port: 5432, protocol: UDP}]", SQL, False),
        ("[{port: 53, protocol: UDP}]", (53, "UDP"), True),
        ("[{port: 1}, {port: 5432}]", SQL, True),
        ("[{port: [5432]}]", SQL, False),
    ],
)
def test_ports(ports: str, port: tuple[int, str], expected: bool) -> None:
    assert _lets_in(_ingress("[]", ports), port=port) is expected


def test_a_named_port_is_the_destinations_own() -> None:
    assert _lets_out(_egress("[{namespaceSelector: {}}]", "[{port: sql}]"))
    assert not _lets_out(_egress("[{namespaceSelector: {}}]", "[{port: http}]"))


def test_policies_add_up() -> None:
    assert _lets_in(_policy("{podSelector: {}}"), _ingress("[{namespaceSelector: {}}]"))


@pytest.mark.parametrize(("label", "expected"), [("a", True), ("b", False)])
def test_a_namespaces_labels(label: str, expected: bool) -> None:
    namespace = f"{{apiVersion: v1, kind: Namespace, metadata: {{name: shop, labels: {{team: {label}}}}}}}"
    assert _lets_in(namespace, _ingress("[{namespaceSelector: {matchLabels: {team: a}}}]")) is expected


def test_labels_that_the_input_does_not_show_may_be_there() -> None:
    assert _lets_in(_ingress("[{namespaceSelector: {matchLabels: {team: a}}}]"))


@pytest.mark.parametrize(
    ("document", "judged"),
    [
        ("{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: a, namespace: data}}", False),
        ("{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: a, namespace: shop}}", True),
        ("{apiVersion: crd.projectcalico.org/v1, kind: NetworkPolicy, metadata: {name: a, namespace: data}}", False),
        ("{apiVersion: policy.networking.k8s.io/v1alpha1, kind: AdminNetworkPolicy, metadata: {name: a}}", False),
        ("{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: data}}", True),
    ],
)
def test_other_makes_are_not_judged(document: str, judged: bool) -> None:
    graph = _graph(document)
    _, db = _pods(graph)
    assert graph.reach.is_judged(db) is judged


def test_a_pod_of_the_hosts_network_is_not_judged() -> None:
    pod: dict[str, Any] = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "agent", "namespace": "shop"},
        "spec": {"hostNetwork": True},
    }
    graph = Graph([pod])
    assert not graph.reach.is_judged(graph.own_pods[0])
