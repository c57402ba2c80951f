"""RBAC: nobody may do more than what is needed."""

from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Finding, Resource, Severity
from vkm_manifests.verify.rule import rule

_GROUP: Final = "rbac.authorization.k8s.io"
_WRITE: Final = frozenset({"create", "update", "patch"})
_EXECUTE: Final = frozenset({"create", "get"})
_EVERYBODY: Final = frozenset({"system:anonymous", "system:unauthenticated", "system:authenticated"})

# What lets its holder become more than it is: API group, resource, verbs, and what one gets by it.
_LADDERS: Final = (
    ("", "pods/exec", _EXECUTE, "runs commands in any pod"),
    ("", "pods/attach", _EXECUTE, "runs commands in any pod"),
    ("", "serviceaccounts/token", frozenset({"create"}), "becomes any service account"),
    ("", "nodes/proxy", _WRITE, "runs commands in any pod of a node"),
    (_GROUP, "roles", _WRITE, "writes its own rights"),
    (_GROUP, "clusterroles", _WRITE, "writes its own rights"),
    (_GROUP, "rolebindings", _WRITE, "gives itself rights"),
    (_GROUP, "clusterrolebindings", _WRITE, "gives itself rights"),
    ("admissionregistration.k8s.io", "mutatingwebhookconfigurations", _WRITE, "changes whatever is created"),
    ("admissionregistration.k8s.io", "validatingwebhookconfigurations", _WRITE, "reads whatever is created"),
    ("certificates.k8s.io", "certificatesigningrequests/approval", _WRITE, "issues itself any identity"),
)
# What starts pods may mount any Secret and any service account of its namespace.
_STARTS_PODS: Final = (
    ("", "pods"),
    ("", "replicationcontrollers"),
    ("apps", "daemonsets"),
    ("apps", "deployments"),
    ("apps", "replicasets"),
    ("apps", "statefulsets"),
    ("batch", "cronjobs"),
    ("batch", "jobs"),
)

_ROLE: Final = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- apiGroups: [""]
  resources: [configmaps]
  verbs: [get]
"""
_BINDING: Final = """
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
"""


@rule(passes=_ROLE, breaks={"verbs: [get]": 'verbs: ["*"]'})
def rbac_no_wildcards(graph: Graph) -> Iterator[Finding]:
    """A role names its verbs, resources and API groups.

    A wildcard also gives what later versions and other operators add.
    """
    for role, field, granted in _grants(graph):
        for key in ("apiGroups", "resources", "verbs", "nonResourceURLs"):
            if "*" in shape.texts(granted, key):
                yield role.finding(f"{field}.{key}", "holds a wildcard", fix=f"{key}: those that are needed, by name")


@rule(passes=_ROLE, breaks={"resources: [configmaps]": "resources: [pods/exec]"})
def rbac_no_escalation(graph: Graph) -> Iterator[Finding]:
    """A role gives nothing by which its holder gets further rights.

    Such are the verbs escalate, bind and impersonate, commands in pods, tokens of service accounts, and writing roles,
    bindings, admission webhooks and approvals of certificates; with resourceNames they are bounded. What starts pods
    reaches whatever its namespace holds.
    """
    for role, field, granted in _grants(graph):
        verbs = set(shape.texts(granted, "verbs"))
        if shape.texts(granted, "resourceNames"):
            continue
        for verb in ("escalate", "bind", "impersonate"):
            if verb in verbs:
                yield _ladder(role, f"{field}.verbs", f'gives the verb "{verb}" on whatever name')
        for group, resource, wanted, what in _LADDERS:
            given = " and ".join(sorted(verbs & wanted))
            if given and _covers(granted, group, resource):
                yield _ladder(role, f"{field}.resources", f"gives {given} on {resource}, which {what}")
        yield from _lesser_ladders(role, field, granted, verbs)


def _lesser_ladders(role: Resource, field: str, granted: Mapping[str, Any], verbs: Set[str]) -> Iterator[Finding]:
    if "get" in verbs and not verbs & _WRITE and _covers(granted, "", "nodes/proxy"):
        message = "gives get on nodes/proxy, which reaches all that kubelets answer"
        yield _ladder(role, f"{field}.resources", message, "warning")
    starts = [resource for group, resource in _STARTS_PODS if _covers(granted, group, resource)]
    if starts and "create" in verbs:
        message = f"gives create on {', '.join(starts)}, by which any Secret can be mounted"
        yield _ladder(role, f"{field}.resources", message, "warning")


def _ladder(role: Resource, field: str, message: str, severity: Severity = "error") -> Finding:
    return role.finding(field, message, fix="remove it, or say in an exception why it is needed", severity=severity)


@rule(passes=_ROLE, breaks={"resources: [configmaps]": "resources: [configmaps, secrets]"})
def rbac_secrets_are_named(graph: Graph) -> Iterator[Finding]:
    """A role that reads Secrets names them."""
    for role, field, granted in _grants(graph):
        reads = {"get", "list", "watch"} & set(shape.texts(granted, "verbs"))
        if reads and _covers(granted, "", "secrets") and not shape.texts(granted, "resourceNames"):
            where = "of every namespace" if role.kind == "ClusterRole" else f"of namespace {role.namespace}"
            yield role.finding(
                f"{field}.resources",
                f"reads every Secret {where}",
                fix="a rule of its own for secrets, with resourceNames: [...]",
            )


@rule(passes=_ROLE + _BINDING, breaks={"kind: Role, name: reader": "kind: ClusterRole, name: cluster-admin"})
def rbac_no_cluster_admin(graph: Graph) -> Iterator[Finding]:
    """Nothing is bound to cluster-admin."""
    for binding in _bindings(graph):
        if _role_of(binding) == ("ClusterRole", "", "cluster-admin"):
            yield binding.finding("roleRef.name", "gives every right there is", fix="a role of what is needed")


@rule(
    passes=_ROLE + _BINDING,
    breaks={"kind: ServiceAccount, name: web, namespace: shop": "kind: Group, name: system:authenticated"},
)
def rbac_no_anonymous(graph: Graph) -> Iterator[Finding]:
    """Nothing is bound to everybody, be they authenticated or not."""
    for binding in _bindings(graph):
        for field, subject in shape.named(binding.manifest, "subjects", "subjects"):
            name = shape.text(subject, "name")
            if name in _EVERYBODY and shape.text(subject, "kind") in ("User", "Group"):
                yield binding.finding(field, f"gives rights to {name}", fix="name the service accounts that need them")


@rule(
    passes=_ROLE + _BINDING, breaks={"subjects: [{kind: ServiceAccount, name: web, namespace: shop}]": "subjects: []"}
)
def binding_has_subjects(graph: Graph) -> Iterator[Finding]:
    """A binding gives its role to somebody."""
    for binding in _bindings(graph):
        if not binding.manifest.get("subjects"):
            yield binding.finding(
                "subjects",
                "names nobody",
                fix="subjects: [{kind: ServiceAccount, name: ..., namespace: ...}]",
            )


@rule(passes=_ROLE + _BINDING, breaks={"kind: Role, name: reader": "kind: Role, name: raeder"})
def role_is_bound(graph: Graph) -> Iterator[Finding]:
    """A role is given to somebody by a binding.

    One that is aggregated into another, or of others, needs none.
    """
    bound = {_role_of(binding) for binding in _bindings(graph)}
    for role in _roles(graph):
        aggregated = any(key.startswith(f"{_GROUP}/aggregate-to-") for key in role.labels)
        if aggregated or isinstance(role.manifest.get("aggregationRule"), Mapping):
            continue
        if (role.kind, role.namespace, role.name) not in bound:
            yield role.finding("", "is bound to nobody here", fix="bind it, or remove it", severity="warning")


_POD: Final = """
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  serviceAccountName: web
  containers: [{name: web, image: example/web:1.0.0}]
"""


@rule(passes=_ROLE + _BINDING + _POD, breaks={"serviceAccountName: web": "serviceAccountName: default"})
def token_is_mounted_for_a_reason(graph: Graph) -> Iterator[Finding]:
    """A pod that gets a token of its service account has rights to use it for.

    A token without rights still tells the API server, and whoever steals it, who its holder is.
    """
    holders = set(_holders(graph))
    for pod in graph.own_pods:
        account = shape.text(pod.spec, "serviceAccountName") or "default"
        if _is_owned(pod.workload) or not _mounts_token(graph, pod.spec, pod.namespace, account):
            continue
        groups = ("system:authenticated", "system:serviceaccounts", f"system:serviceaccounts:{pod.namespace}")
        if not {(pod.namespace, account), *(("", group) for group in groups)} & holders:
            yield pod.workload.finding(
                f"{pod.spec_field}.automountServiceAccountToken",
                f'mounts a token of service account "{account}", to which nothing is bound here',
                fix="automountServiceAccountToken: false",
                severity="warning",
            )


def _mounts_token(graph: Graph, spec: Mapping[str, Any], namespace: str, account: str) -> bool:
    found = graph.find("ServiceAccount", namespace, account)
    default = found.manifest.get("automountServiceAccountToken") if found else None
    own = spec.get("automountServiceAccountToken")
    return (default if own is None else own) is not False


def _is_owned(workload: Resource) -> bool:
    """Whether another workload made it, which is judged instead."""
    return bool(shape.mappings(workload.manifest, "metadata", "ownerReferences"))


@rule(passes=_ROLE + _BINDING, breaks={"kind: ServiceAccount, name: web": "kind: ServiceAccount, name: default"})
def default_service_account_has_no_rights(graph: Graph) -> Iterator[Finding]:
    """The service account default, which every pod has that names no other, has no rights."""
    for binding in _bindings(graph):
        for field, subject in shape.named(binding.manifest, "subjects", "subjects"):
            if shape.text(subject, "kind") == "ServiceAccount" and shape.text(subject, "name") == "default":
                yield binding.finding(
                    field,
                    f"gives rights to every pod of namespace {shape.text(subject, 'namespace') or binding.namespace} "
                    "that names no service account",
                    fix="a service account of its own",
                )


def _roles(graph: Graph) -> Iterator[Resource]:
    yield from (role for role in graph.of_kind("Role", "ClusterRole") if _is_own(role))


def _bindings(graph: Graph) -> Iterator[Resource]:
    yield from (binding for binding in graph.of_kind("RoleBinding", "ClusterRoleBinding") if _is_own(binding))


def _is_own(resource: Resource) -> bool:
    """Whether it is about rights in Kubernetes, and not one that Kubernetes itself brings."""
    return resource.group == _GROUP and "kubernetes.io/bootstrapping" not in resource.labels


def _grants(graph: Graph) -> Iterator[tuple[Resource, str, Mapping[str, Any]]]:
    """Each role's rules, with the fields where they stand."""
    for role in _roles(graph):
        # A controller fills the rules of an aggregated role: those are judged where they are written.
        if not isinstance(role.manifest.get("aggregationRule"), Mapping):
            for field, granted in shape.named(role.manifest, "rules", "rules"):
                yield role, field, granted


def _covers(granted: Mapping[str, Any], group: str, resource: str) -> bool:
    """Whether a rule names a resource; one that a wildcard covers is found as such."""
    groups: Set[str] = set(shape.texts(granted, "apiGroups"))
    return resource in shape.texts(granted, "resources") and bool(groups & {group, "*"})


def _role_of(binding: Resource) -> tuple[str, str, str]:
    reference = shape.mapping(binding.manifest, "roleRef")
    kind = shape.text(reference, "kind")
    return kind, "" if kind == "ClusterRole" else binding.namespace, shape.text(reference, "name")


def _holders(graph: Graph) -> Iterator[tuple[str, str]]:
    """Who has rights: namespace and name of service accounts, an empty text and name of groups."""
    for binding in graph.of_kind("RoleBinding", "ClusterRoleBinding"):
        for _, subject in shape.named(binding.manifest, "subjects", "subjects"):
            kind, name = shape.text(subject, "kind"), shape.text(subject, "name")
            if kind == "ServiceAccount":
                yield shape.text(subject, "namespace") or binding.namespace, name
            elif kind == "User" and name.startswith("system:serviceaccount:"):
                namespace, _, account = name.removeprefix("system:serviceaccount:").partition(":")
                yield namespace, account
            elif kind == "Group":
                yield "", name
