"""Rules of RBAC: what their two examples do not show."""

from typing import Any

import pytest

from vkm_manifests.verify import verify

_API = "rbac.authorization.k8s.io"


def _role(*rules: dict[str, Any], kind: str = "Role", name: str = "r", **metadata: Any) -> dict[str, Any]:
    place = {"namespace": "shop"} if kind == "Role" else {}
    return {
        "apiVersion": f"{_API}/v1",
        "kind": kind,
        "metadata": {"name": name, **place, **metadata},
        "rules": list(rules),
    }


def _rule(group: str, resource: str, *verbs: str, **more: Any) -> dict[str, Any]:
    return {"apiGroups": [group], "resources": [resource], "verbs": list(verbs), **more}


def _binding(*subjects: dict[str, Any], role: str = "r", kind: str = "RoleBinding", **metadata: Any) -> dict[str, Any]:
    return {
        "apiVersion": f"{_API}/v1",
        "kind": kind,
        "metadata": {"name": "b", "namespace": "shop", **metadata},
        "roleRef": {"apiGroup": _API, "kind": "Role" if kind == "RoleBinding" else "ClusterRole", "name": role},
        "subjects": list(subjects),
    }


def _account(name: str, namespace: str = "shop") -> dict[str, Any]:
    return {"kind": "ServiceAccount", "name": name, "namespace": namespace}


def _pod(**spec: Any) -> dict[str, Any]:
    containers = [{"name": "web", "image": "example/web:1.0.0"}]
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"containers": containers, **spec},
    }


def _severities(rule: str, *manifests: dict[str, Any]) -> list[str]:
    return [finding.severity for finding in verify(manifests, only=[rule])]


@pytest.mark.parametrize(
    "rule",
    [
        _rule("*", "pods", "get"),
        _rule("", "*", "get"),
        _rule("", "pods", "*"),
        _rule("", "*/exec", "get"),
        {"nonResourceURLs": ["*"], "verbs": ["get"]},
        {"nonResourceURLs": ["/*"], "verbs": ["get"]},
    ],
)
def test_wildcards(rule: dict[str, Any]) -> None:
    assert _severities("rbac-no-wildcards", _role(rule)) == ["error"]


def test_scaling_and_a_part_of_the_urls_are_no_wildcards() -> None:
    urls = {"nonResourceURLs": ["/metrics/*"], "verbs": ["get"]}
    assert _severities("rbac-no-wildcards", _role(_rule("apps", "*/scale", "get"), urls)) == []


@pytest.mark.parametrize("resource", ["pods/*", "*/*"])
def test_what_is_no_wildcard_of_kubernetes(resource: str) -> None:
    (found,) = verify([_role(_rule("", resource, "get"))], only=["rbac-no-wildcards"])
    assert found.message == f"{resource} gives nothing: RBAC has no such wildcard"


def test_rules_of_an_aggregated_role_are_judged_where_they_are_written() -> None:
    role = _role(_rule("*", "*", "*"), kind="ClusterRole") | {"aggregationRule": {"clusterRoleSelectors": []}}
    assert _severities("rbac-no-wildcards", role) == []


def test_what_kubernetes_brings_is_not_judged() -> None:
    labels = {"kubernetes.io/bootstrapping": "rbac-defaults"}
    assert _severities("rbac-no-wildcards", _role(_rule("*", "*", "*"), kind="ClusterRole", labels=labels)) == []
    binding = _binding(role="cluster-admin", kind="ClusterRoleBinding", labels=labels)
    assert _severities("rbac-no-cluster-admin", binding) == []


@pytest.mark.parametrize(
    ("rule", "severities"),
    [
        (_rule(_API, "roles", "escalate"), ["error"]),
        (_rule(_API, "clusterroles", "bind"), ["error"]),
        (_rule(_API, "clusterroles", "bind", resourceNames=["view"]), []),
        (_rule("", "users", "impersonate"), ["error"]),
        (_rule("", "pods/exec", "create"), ["error"]),
        (_rule("", "pods/exec", "list"), []),
        (_rule("", "serviceaccounts/token", "create"), ["error"]),
        (_rule("", "serviceaccounts/token", "create", resourceNames=["web"]), []),
        (_rule("", "nodes/proxy", "create"), ["error"]),
        (_rule("", "nodes/proxy", "get"), ["warning"]),
        (_rule("", "nodes/metrics", "get"), []),
        (_rule(_API, "rolebindings", "create", "update"), ["error"]),
        (_rule(_API, "rolebindings", "get", "list"), []),
        (_rule("admissionregistration.k8s.io", "mutatingwebhookconfigurations", "patch"), ["error"]),
        (_rule("certificates.k8s.io", "certificatesigningrequests/approval", "update"), ["error"]),
        (_rule("", "pods", "create"), ["warning"]),
        (_rule("apps", "deployments", "create"), ["warning"]),
        (_rule("apps", "deployments", "patch"), ["warning"]),
        (_rule("batch", "cronjobs", "update"), ["warning"]),
        (_rule("batch", "jobs", "update"), []),
        (_rule("", "pods", "patch"), []),
        (_rule("apps", "deployments", "get", "list"), []),
        (_rule("", "persistentvolumes", "create"), ["warning"]),
        (_rule("", "persistentvolumes", "get"), []),
        (_rule("", "pods/ephemeralcontainers", "patch"), ["error"]),
        (_rule("", "pods/ephemeralcontainers", "get"), []),
        (_rule("", "*/ephemeralcontainers", "patch"), ["error"]),
        (_rule("example.com", "roles", "create"), []),
    ],
)
def test_escalation(rule: dict[str, Any], severities: list[str]) -> None:
    assert _severities("rbac-no-escalation", _role(rule)) == severities


@pytest.mark.parametrize(
    ("rule", "severities"),
    [
        (_rule("", "secrets", "list"), ["error"]),
        (_rule("", "secrets", "get", resourceNames=["one"]), []),
        (_rule("", "secrets", "create"), []),
        (_rule("example.com", "secrets", "get"), []),
    ],
)
@pytest.mark.parametrize("kind", ["Role", "ClusterRole"])
def test_secrets(rule: dict[str, Any], severities: list[str], kind: str) -> None:
    assert _severities("rbac-secrets-are-named", _role(rule, kind=kind)) == severities


@pytest.mark.parametrize(("role", "severities"), [("admin", ["error"]), ("edit", ["error"]), ("view", [])])
def test_roles_of_kubernetes_that_read_secrets(role: str, severities: list[str]) -> None:
    rule, everywhere = "rbac-secrets-are-named", _binding(_account("web"), role=role, kind="ClusterRoleBinding")
    assert _severities(rule, everywhere) == severities
    assert _severities(rule, everywhere, _role(kind="ClusterRole", name=role)) == []
    own = _role(kind="ClusterRole", name=role, labels={"kubernetes.io/bootstrapping": "rbac-defaults"})
    assert _severities(rule, everywhere, own) == severities
    assert _severities(rule, everywhere | {"kind": "RoleBinding"}) == []


def test_a_subject_without_a_namespace() -> None:
    subject = {"kind": "ServiceAccount", "name": "web"}
    rule = "subject-has-a-namespace"
    assert _severities(rule, _binding(subject, kind="ClusterRoleBinding")) == ["error"]
    assert _severities(rule, _binding(subject)) == []
    assert _severities(rule, _binding({"kind": "Group", "name": "web"}, kind="ClusterRoleBinding")) == []


@pytest.mark.parametrize(
    ("subject", "severities"),
    [
        ({"kind": "User", "name": "system:anonymous"}, ["error"]),
        ({"kind": "Group", "name": "system:unauthenticated"}, ["error"]),
        ({"kind": "Group", "name": "system:serviceaccounts"}, ["error"]),
        ({"kind": "Group", "name": "system:serviceaccounts:shop"}, ["warning"]),
        ({"kind": "Group", "name": "developers"}, []),
    ],
)
def test_anonymous(subject: dict[str, Any], severities: list[str]) -> None:
    assert _severities("rbac-no-anonymous", _binding(subject)) == severities


def test_a_binding_without_subjects_at_all() -> None:
    binding = _binding()
    del binding["subjects"]
    assert _severities("binding-has-subjects", binding) == ["error"]


def test_roles_that_are_aggregated_need_no_binding() -> None:
    labels = {f"{_API}/aggregate-to-view": "true"}
    assert _severities("role-is-bound", _role(kind="ClusterRole", labels=labels)) == []
    assert _severities("role-is-bound", _role(kind="ClusterRole")) == ["warning"]
    assert _severities("role-is-bound", _role(kind="ClusterRole"), _binding(kind="ClusterRoleBinding")) == []


@pytest.mark.parametrize(
    "subject",
    [
        _account("web"),
        {"kind": "User", "name": "system:serviceaccount:shop:web"},
        {"kind": "Group", "name": "system:serviceaccounts:shop"},
    ],
)
def test_a_token_with_rights(subject: dict[str, Any]) -> None:
    rule = "token-is-mounted-for-a-reason"
    assert _severities(rule, _pod(serviceAccountName="web"), _binding(subject)) == []
    assert _severities(rule, _pod(serviceAccount="web"), _binding(subject)) == []
    assert _severities(rule, _pod(serviceAccountName="other"), _binding(_account("web"))) == ["warning"]


def test_a_token_that_is_not_mounted() -> None:
    rule = "token-is-mounted-for-a-reason"
    account = {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": {"name": "web", "namespace": "shop"},
        "automountServiceAccountToken": False,
    }
    assert _severities(rule, _pod(automountServiceAccountToken=False)) == []
    assert _severities(rule, _pod(serviceAccountName="web"), account) == []
    assert _severities(rule, _pod(serviceAccountName="web", automountServiceAccountToken=True), account) == ["warning"]


def test_pods_of_another_workload_are_not_judged_again() -> None:
    pod = _pod()
    pod["metadata"]["ownerReferences"] = [{"kind": "ReplicaSet", "name": "web"}]
    assert _severities("token-is-mounted-for-a-reason", pod) == []
