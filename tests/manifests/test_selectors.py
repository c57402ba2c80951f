"""Selectors: what the rules' two examples do not show."""

import pytest

from vkm_manifests.verify import Finding, verify
from vkm_manifests.verify.rule import examples


def _found(rule: str, *documents: str) -> list[Finding]:
    return verify(examples("\n---\n".join(documents)), only=[rule])


def _severities(rule: str, *documents: str) -> list[str]:
    return [finding.severity for finding in _found(rule, *documents)]


POD = "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {}}"
UNKNOWN = "{apiVersion: example.com/v1, kind: Cluster, metadata: {name: a, namespace: shop}}"
CREATES_PODS = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: runner, namespace: shop}
rules: [{apiGroups: [batch], resources: [jobs], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: runner, namespace: shop}
roleRef: {kind: Role, name: runner}
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {selector: {app: wbe}}
"""


def _outside(kind: str, text: str, namespace: str = "shop") -> str:
    return f"""
apiVersion: v1
kind: ServiceAccount
metadata:
  name: declares
  namespace: {namespace}
  annotations:
    vkm-constructs/made-outside: |
      - {{kind: {kind}, {text}, by: others}}
"""


@pytest.mark.parametrize(
    ("documents", "severities"),
    [
        ([SERVICE, POD], ["error"]),
        ([SERVICE], ["warning"]),
        ([SERVICE, POD, UNKNOWN], ["warning"]),
        ([SERVICE, POD, CREATES_PODS], ["warning"]),
        ([SERVICE, _outside("Pod", "name: web, labels: {app: wbe}")], []),
        ([SERVICE.replace("spec: {selector: {app: wbe}}", "spec: {type: ExternalName}"), POD], []),
        ([SERVICE.replace("app: wbe", "statefulset.kubernetes.io/pod-name: web-0"), POD], []),
    ],
)
def test_a_service_without_pods(documents: list[str], severities: list[str]) -> None:
    assert _severities("service-selects-pods", *documents) == severities


@pytest.mark.parametrize(
    ("selector", "severities"),
    [
        ("{}", []),
        ("{matchLabels: {app: web}}", []),
        ("{matchLabels: {app: wbe}}", ["error"]),
        ("{matchExpressions: [{key: app, operator: In, values: [web, api]}]}", []),
        ("{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}", ["error"]),
        ("{matchLabels: {acme.cert-manager.io/http01-solver: 'true'}}", []),
    ],
)
def test_a_policy_for_no_pod(selector: str, severities: list[str]) -> None:
    policy = f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: a, namespace: shop}}
spec: {{podSelector: {selector}}}
"""
    assert _severities("network-policy-selects-pods", policy, POD) == severities


@pytest.mark.parametrize(
    ("peer", "severities"),
    [
        pytest.param("{ipBlock: {cidr: 10.0.0.0/8}}", [], id="an address"),
        pytest.param("{podSelector: {}}", [], id="all pods"),
        pytest.param("{podSelector: {matchLabels: {app: wbe}}}", ["error"], id="no pod of its own namespace"),
        pytest.param(
            "{podSelector: {matchLabels: {app: web}}}, {podSelector: {matchLabels: {web-client: 'true'}}}",
            ["warning"],
            id="a label that clients may have, beside another peer",
        ),
        pytest.param(
            "{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}", [], id="any namespace"
        ),
        pytest.param(
            "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}", [], id="a system's one"
        ),
        pytest.param(
            "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: elsewhere}},"
            " podSelector: {matchLabels: {app: wbe}}}",
            [],
            id="a namespace of which nothing is known",
        ),
        pytest.param(
            "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: traefki}}}",
            ["warning"],
            id="nearly a known one",
        ),
        pytest.param(
            "{namespaceSelector: {matchExpressions:"
            " [{key: kubernetes.io/metadata.name, operator: In, values: [traefik, shop]}]},"
            " podSelector: {matchLabels: {app: web}}}",
            [],
            id="one of two namespaces",
        ),
        pytest.param("{namespaceSelector: {matchLabels: {team: a}}}", [], id="by a label of a known one"),
        pytest.param("{namespaceSelector: {matchLabels: {team: b}}}", ["warning"], id="by a label of none"),
    ],
)
def test_peers(peer: str, severities: list[str]) -> None:
    policy = f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: a, namespace: shop}}
spec: {{podSelector: {{}}, egress: [{{to: [{peer}]}}]}}
"""
    namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: traefik, labels: {team: a}}}"
    assert _severities("network-policy-peers-exist", policy, POD, namespace) == severities


def test_a_peer_among_declared_pods() -> None:
    policy = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: a, namespace: shop}
spec:
  egress:
  - to:
    - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
      podSelector: {matchLabels: {k8s-app: kube-dns}}
"""
    declared = _outside("Pod", "name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}")
    assert not _found("network-policy-peers-exist", policy, declared)
    wrong = declared.replace("{k8s-app: kube-dns}", "{k8s-app: coredns}")
    assert _severities("network-policy-peers-exist", policy, wrong) == ["error"]


def _monitor(kind: str, selector: str, namespaces: str = "{}") -> str:
    return f"""
apiVersion: monitoring.coreos.com/v1
kind: {kind}
metadata: {{name: a, namespace: shop}}
spec: {{selector: {selector}, namespaceSelector: {namespaces}}}
"""


@pytest.mark.parametrize(
    ("selector", "namespaces", "severities"),
    [
        ("{matchLabels: {app: web}}", "{}", []),
        ("{}", "{}", []),
        ("{matchLabels: {app: wbe}}", "{}", ["error"]),
        ("{matchLabels: {app: wbe}}", "{any: true}", ["warning"]),
        ("{matchLabels: {app: web}}", "{matchNames: [elsewhere]}", ["warning"]),
        ("{matchLabels: {app: web}}", "{matchNames: [elsewhere, shop]}", []),
        ("{matchLabels: {component: apiserver}}", "{matchNames: [default]}", []),
    ],
)
def test_service_monitors(selector: str, namespaces: str, severities: list[str]) -> None:
    monitor = _monitor("ServiceMonitor", selector, namespaces)
    assert _severities("service-monitor-selects-services", monitor, SERVICE) == severities


def test_a_service_of_the_kubelet_is_made_by_the_operator() -> None:
    monitor = _monitor("ServiceMonitor", "{matchLabels: {k8s-app: kubelet}}", "{matchNames: [kube-system]}")
    dns = "{apiVersion: v1, kind: Service, metadata: {name: dns, namespace: kube-system}}"
    assert _severities("service-monitor-selects-services", monitor, dns) == ["warning"]


def test_a_monitor_takes_what_is_declared_or_has_no_namespace() -> None:
    monitor = _monitor("ServiceMonitor", "{matchLabels: {app: api}}")
    declared = _outside("Service", "name: api, labels: {app: api}")
    assert not _found("service-monitor-selects-services", monitor, declared)
    bare = SERVICE.replace(", namespace: shop", "").replace("labels: {app: web}", "labels: {app: api}")
    assert not _found("service-monitor-selects-services", monitor, bare)


@pytest.mark.parametrize(
    ("selector", "namespaces", "severities"),
    [
        ("{matchLabels: {app: web}}", "{}", []),
        ("{matchLabels: {app: wbe}}", "{}", ["error"]),
        ("{matchLabels: {app: wbe}}", "{any: true}", ["warning"]),
        ("{matchLabels: {app: web}}", "{matchNames: [elsewhere]}", ["warning"]),
    ],
)
def test_pod_monitors(selector: str, namespaces: str, severities: list[str]) -> None:
    assert _severities("pod-monitor-selects-pods", _monitor("PodMonitor", selector, namespaces), POD) == severities


def _workload(
    kind: str = "Deployment",
    name: str = "web",
    labels: str = "{app: web}",
    selector: str = "{matchLabels: {app: web}}",
    owned: str = "",
    spec: str = "{}",
    more: str = "",
) -> str:
    return f"""
apiVersion: {"batch/v1" if kind == "Job" else "v1" if kind == "ReplicationController" else "apps/v1"}
kind: {kind}
metadata: {{name: {name}, namespace: shop, ownerReferences: [{owned}]}}
spec: {{selector: {selector}, template: {{metadata: {{labels: {labels}}}, spec: {spec}}}{more}}}
"""


@pytest.mark.parametrize(
    ("workload", "severities"),
    [
        (_workload("DaemonSet", labels="{app: api}"), ["error"]),
        (_workload("ReplicationController", selector="{app: web}"), []),
        (_workload("ReplicationController", selector="{app: api}"), ["error"]),
        (_workload("Job", labels="{app: api}"), []),
        (_workload("Job", labels="{app: api}", more=", manualSelector: true"), ["error"]),
        (_workload(selector="null"), []),
    ],
)
def test_a_selector_and_its_template(workload: str, severities: list[str]) -> None:
    assert _severities("selector-matches-template", workload) == severities


def test_what_a_deployment_made_does_not_overlap_with_it() -> None:
    made = _workload("ReplicaSet", name="web-7d9f", owned="{kind: Deployment, name: web}")
    assert not _found("selectors-do-not-overlap", _workload(), made, POD)


def test_one_selector_may_take_the_pods_of_a_narrower_one() -> None:
    narrower = _workload(
        name="worker", labels="{app: web, part: worker}", selector="{matchLabels: {app: web, part: worker}}"
    )
    assert not _found("selectors-do-not-overlap", _workload(), narrower)


def test_both_that_overlap_are_told() -> None:
    found = _found("selectors-do-not-overlap", _workload(), _workload("StatefulSet", name="other"))
    assert [str(finding.object) for finding in found] == ["shop/Deployment/web", "shop/StatefulSet/other"]


@pytest.mark.parametrize(
    ("service", "severities"),
    [
        ("spec: {clusterIP: None, selector: {app: web}}", []),
        ("spec: {selector: {app: web}}", ["warning"]),
        ("spec: {clusterIP: None}", ["error"]),
    ],
)
def test_the_service_of_a_stateful_set(service: str, severities: list[str]) -> None:
    workload = _workload("StatefulSet", more=", serviceName: web")
    found = f"apiVersion: v1\nkind: Service\nmetadata: {{name: web, namespace: shop}}\n{service}"
    assert _severities("stateful-set-service-is-its-own", workload, found) == severities


def test_a_stateful_set_without_its_service_is_left_to_another_rule() -> None:
    assert not _found("stateful-set-service-is-its-own", _workload("StatefulSet", more=", serviceName: other"))
    assert not _found("stateful-set-service-is-its-own", _workload("StatefulSet"))


def test_spread_over_other_pods_is_a_warning() -> None:
    spread = "{topologySpreadConstraints: [{labelSelector: {matchLabels: {app: api}}}, {maxSkew: 1}]}"
    api = POD.replace("web", "api")
    assert _severities("topology-spread-counts-its-own", _workload(spec=spread), api) == ["warning"]
    assert _severities("topology-spread-counts-its-own", _workload(spec=spread)) == ["error"]


@pytest.mark.parametrize(
    ("term", "severities"),
    [
        ("{labelSelector: {matchLabels: {app: web}}}", []),
        ("{labelSelector: {matchLabels: {app: wbe}}}", ["error"]),
        ("{labelSelector: {matchLabels: {app: wbe}}, namespaces: [elsewhere]}", ["warning"]),
        ("{labelSelector: {matchLabels: {app: wbe}}, namespaceSelector: {}}", []),
        ("{topologyKey: kubernetes.io/hostname}", []),
    ],
)
def test_affinity(term: str, severities: list[str]) -> None:
    preferred = f"preferredDuringSchedulingIgnoredDuringExecution: [{{podAffinityTerm: {term}}}]"
    workload = _workload(spec=f"{{affinity: {{podAffinity: {{{preferred}}}}}}}")
    assert _severities("pod-affinity-selects-pods", workload) == severities


def test_a_budget_for_all_pods() -> None:
    budget = """
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: a, namespace: shop}
spec: {selector: {}}
"""
    assert not _found("pdb-selects-pods", budget, POD)


@pytest.mark.parametrize(
    ("labels", "more", "severities"),
    [
        pytest.param("{app: web}", "", [], id="takes one"),
        pytest.param("{app: wbe}", "", ["warning"], id="takes none, and further namespaces may have the label"),
        pytest.param(
            "{app: wbe}",
            "{apiVersion: v1, kind: Namespace, metadata: {name: blog, labels: {team: a}}}",
            [],
            id="another namespace with the label, of which no pod is shown",
        ),
    ],
)
def test_a_peer_in_namespaces_by_their_label(labels: str, more: str, severities: list[str]) -> None:
    policy = f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: a, namespace: client}}
spec:
  egress:
  - to: [{{namespaceSelector: {{matchLabels: {{team: a}}}}, podSelector: {{matchLabels: {labels}}}}}]
"""
    namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}"
    assert _severities("network-policy-peers-exist", policy, POD, namespace, more) == severities
