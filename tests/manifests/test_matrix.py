"""The matrix: who can reach whom."""

from vkm_manifests.graph.graph import Graph
from vkm_manifests.matrix import as_table, matrix
from vkm_manifests.verify.rule import examples

PODS = """
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: db, ports: [{name: sql, containerPort: 5432}, {containerPort: 53, protocol: UDP}]}]}
"""


def _rows(*documents: str) -> list[tuple[str, str, str]]:
    rows = matrix(Graph(examples("\n---\n".join((PODS, *documents)))))
    return [(row.source, row.target, row.port) for row in rows]


def _policy(chosen: str, rest: str) -> str:
    return f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: policy, namespace: shop}}
spec: {{podSelector: {{{chosen}}}, {rest}}}
"""


CLOSED = _policy("", "policyTypes: [Ingress, Egress]")
WEB, DB = "matchLabels: {app: web}", "matchLabels: {app: db}"
OUT = _policy(WEB, f"policyTypes: [Egress], egress: [{{to: [{{podSelector: {{{DB}}}}}], ports: [{{port: sql}}]}}]")
IN = _policy(DB, f"ingress: [{{from: [{{podSelector: {{{WEB}}}}}]}}]")
WAY = ("shop/Pod/web", "shop/Pod/db", "5432")


def test_both_ends_are_needed() -> None:
    assert _rows(CLOSED) == []
    assert _rows(CLOSED, OUT) == []
    assert _rows(CLOSED, IN) == []
    assert _rows(CLOSED, OUT, IN) == [WAY]


def test_without_policies_all_is_open() -> None:
    assert _rows() == [("any", "shop/*", "any"), ("shop/*", "any", "any")]


def test_one_that_is_open_meets_one_that_is_closed() -> None:
    assert _rows(IN) == [
        ("any", "shop/Pod/web", "any"),
        ("shop/*", "any", "any"),
        ("shop/Pod/web", "shop/Pod/db", "5432, 53/UDP"),
    ]


def test_outside() -> None:
    entry = _policy(DB, "ingress: [{ports: [{port: 5432}]}, {from: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: []}]")
    assert _rows(CLOSED, entry) == [
        ("10.0.0.0/8", "shop/Pod/db", "5432, 53/UDP"),
        ("everywhere", "shop/Pod/db", "5432"),
    ]
    block = "{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}"
    exit_ = _policy(WEB, f"policyTypes: [Egress], egress: [{{to: [{block}], ports: [{{port: 80, endPort: 90}}]}}]")
    assert _rows(CLOSED, exit_) == [("shop/Pod/web", "0.0.0.0/0 except 10.0.0.0/8", "80-90")]


def test_pods_that_the_input_does_not_have() -> None:
    dns = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}, podSelector: {matchLabels: {k8s-app: kube-dns}}}"  # noqa: E501
    team = "{namespaceSelector: {matchLabels: {team: a}}}"
    ports = "[{port: 53, protocol: UDP}, {port: 53}]"
    rows = _rows(CLOSED, _policy("", f"policyTypes: [Egress], egress: [{{to: [{dns}, {team}], ports: {ports}}}]"))
    # A namespace whose labels are not shown may be of the team.
    assert ("shop/*", "kube-system/Pod/{k8s-app=kube-dns}", "53, 53/UDP") in rows


def test_what_is_declared_to_be_elsewhere() -> None:
    declared = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  namespace: shop
  annotations:
    vkm-constructs/made-outside: |
      - {kind: Pod, name: operator, namespace: operators, labels: {app: operator}, ports: {http: 8080}, by: somebody}
"""
    peer = "{namespaceSelector: {}, podSelector: {matchLabels: {app: operator}}}"
    in_ = _policy(DB, f"ingress: [{{from: [{peer}], ports: [{{port: sql}}]}}]")
    out = _policy(WEB, f"policyTypes: [Egress], egress: [{{to: [{peer}], ports: [{{port: http}}]}}]")
    assert _rows(CLOSED, declared, in_, out) == [
        ("operators/Pod/operator", "shop/Pod/db", "5432"),
        ("shop/Pod/web", "operators/Pod/operator", "8080"),
    ]


def test_table() -> None:
    graph = Graph(examples("\n---\n".join((PODS, CLOSED, OUT, IN))))
    assert as_table(graph) == (
        "From          To           Port\nshop/Pod/web  shop/Pod/db  5432\n\n1 way, 2 workloads, none of them open"
    )


def test_table_says_what_it_leaves_out() -> None:
    cilium = "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: a, namespace: shop}}"
    graph = Graph(examples("\n---\n".join((PODS, cilium))))
    assert as_table(graph).endswith("2 left out, of whom NetworkPolicies alone do not decide")
