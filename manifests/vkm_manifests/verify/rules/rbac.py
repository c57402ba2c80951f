"""RBAC: nobody may do more than what is needed."""

from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Finding, Resource, Severity
from vkm_manifests.graph.service_account import ALL_ACCOUNTS, account_of, bindings_of, has_token
from vkm_manifests.verify.rule import rule

_GROUP: Final = "rbac.authorization.k8s.io"
_WRITE: Final = frozenset({"create", "update", "patch"})
_EXECUTE: Final = frozenset({"create", "get"})
_EVERYBODY: Final = frozenset({"system:anonymous", "system:unauthenticated", "system:authenticated", ALL_ACCOUNTS})
# Kubernetes' own roles that read Secrets.
_READS_SECRETS: Final = ("admin", "edit")

# What lets its holder become more than it is: API group, resource, verbs, and what one gets by it.
_LADDERS: Final = (
    ("", "pods/exec", _EXECUTE, "runs commands in any pod"),
    ("", "pods/attach", _EXECUTE, "runs commands in any pod"),
    ("", "pods/ephemeralcontainers", _WRITE, "runs commands in any pod"),
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
# What starts pods may mount any Secret and any service account of its namespace; so may what changes their template.
_CREATE: Final = frozenset({"create"})
_STARTS_PODS: Final = (
    ("", "pods", _CREATE),
    ("", "replicationcontrollers", _WRITE),
    ("apps", "daemonsets", _WRITE),
    ("apps", "deployments", _WRITE),
    ("apps", "replicasets", _WRITE),
    ("apps", "statefulsets", _WRITE),
    ("batch", "cronjobs", _WRITE),
    # The template of one that is there cannot be changed.
    ("batch", "jobs", _CREATE),
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

    A wildcard also gives what later versions and other operators add. `*/scale` is none: it is for what scales
    whatever can be scaled. Kubernetes knows no `pods/*` and no `*/*`: they give nothing.
    """
    for role, field, granted in _grants(graph):
        for key in ("apiGroups", "resources", "verbs", "nonResourceURLs"):
            texts = shape.texts(granted, key)
            if any(_is_wildcard(key, text) for text in texts):
                yield role.finding(f"{field}.{key}", "holds a wildcard", fix=f"{key}: those that are needed, by name")
            for text in texts if key == "resources" else ():
                if text.endswith("/*"):
                    yield role.finding(
                        f"{field}.{key}", f"{text} gives nothing: RBAC has no such wildcard", fix="each, by name"
                    )


def _is_wildcard(key: str, text: str) -> bool:
    if key == "resources" and text.startswith("*/"):
        return text not in ("*/scale", "*/*")
    return text == "*" or (key == "nonResourceURLs" and text == "/*")


@rule(passes=_ROLE, breaks={"resources: [configmaps]": "resources: [pods/exec]"})
def rbac_no_escalation(graph: Graph) -> Iterator[Finding]:
    """A role gives nothing by which its holder gets further rights.

    Such are the verbs escalate, bind and impersonate, commands in pods, tokens of service accounts, and writing roles,
    bindings, admission webhooks and approvals of certificates; with resourceNames they are bounded. What starts pods,
    or changes their template, reaches whatever its namespace holds.
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
    starts = [
        (resource, verbs & wanted) for group, resource, wanted in _STARTS_PODS if _covers(granted, group, resource)
    ]
    given = sorted({verb for _, found in starts for verb in found})
    if given:
        names = ", ".join(resource for resource, found in starts if found)
        message = f"gives {' and '.join(given)} on {names}, by which any Secret can be mounted"
        yield _ladder(role, f"{field}.resources", message, "warning")
    if "create" in verbs and _covers(granted, "", "persistentvolumes"):
        message = "gives create on persistentvolumes, by which any folder of a node can be mounted"
        yield _ladder(role, f"{field}.resources", message, "warning")


def _ladder(role: Resource, field: str, message: str, severity: Severity = "error") -> Finding:
    return role.finding(field, message, fix="remove it, or say in an exception why it is needed", severity=severity)


@rule(passes=_ROLE, breaks={"resources: [configmaps]": "resources: [configmaps, secrets]"})
def rbac_secrets_are_named(graph: Graph) -> Iterator[Finding]:
    """A role that reads Secrets names them.

    Kubernetes' own roles admin and edit read all of them: no ClusterRoleBinding gives these for every namespace.
    """
    for role, field, granted in _grants(graph):
        reads = {"get", "list", "watch"} & set(shape.texts(granted, "verbs"))
        if reads and _covers(granted, "", "secrets") and not shape.texts(granted, "resourceNames"):
            where = "of every namespace" if role.kind == "ClusterRole" else f"of namespace {role.namespace}"
            yield role.finding(
                f"{field}.resources",
                f"reads every Secret {where}",
                fix="a rule of its own for secrets, with resourceNames: [...]",
            )
    for binding in _bindings(graph):
        kind, _, name = _role_of(binding)
        is_everywhere = (binding.kind, kind) == ("ClusterRoleBinding", "ClusterRole")
        found = graph.find("ClusterRole", "", name)
        # One of the input that has this name, and is not Kubernetes' own, is judged itself.
        if is_everywhere and name in _READS_SECRETS and not (found and _is_own(found)):
            yield binding.finding(
                "roleRef.name",
                f"gives {name} in every namespace, which reads every Secret",
                fix="a RoleBinding in the namespace that is meant, or a role of what is needed",
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
    """Nothing is bound to everybody, be they authenticated or not, and nothing to all service accounts.

    All of one namespace are better named, too.
    """
    for binding in _bindings(graph):
        for field, subject in shape.named(binding.manifest, "subjects", "subjects"):
            name, kind = shape.text(subject, "name"), shape.text(subject, "kind")
            of_namespace = kind == "Group" and name.startswith(f"{ALL_ACCOUNTS}:")
            if of_namespace or (name in _EVERYBODY and kind in ("User", "Group")):
                yield binding.finding(
                    field,
                    f"gives rights to {name}",
                    fix="name the service accounts that need them",
                    severity="warning" if of_namespace else "error",
                )


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


@rule(
    passes="""
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
""",
    breaks={"name: web, namespace: shop": "name: web"},
)
def subject_has_a_namespace(graph: Graph) -> Iterator[Finding]:
    """A ServiceAccount to which a ClusterRoleBinding gives a role has a namespace.

    Kubernetes refuses the binding otherwise. In a RoleBinding, that of the binding is the default.
    """
    for binding in graph.of_kind("ClusterRoleBinding"):
        for field, subject in shape.named(binding.manifest, "subjects", "subjects"):
            if shape.text(subject, "kind") == "ServiceAccount" and not subject.get("namespace"):
                yield binding.finding(f"{field}.namespace", "is missing", fix="namespace: that of the ServiceAccount")


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
    for pod in graph.own_pods:
        if not _is_owned(pod.workload) and has_token(graph, pod) and not bindings_of(graph, pod):
            yield pod.workload.finding(
                f"{pod.spec_field}.automountServiceAccountToken",
                f'mounts a token of service account "{account_of(pod)}", to which nothing is bound here',
                fix="automountServiceAccountToken: false",
                severity="warning",
            )


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
    """Whether a rule names a resource, or its subresource of everything; what `*` covers is found as such."""
    names = {resource, f"*/{resource.partition('/')[2]}"}
    return bool(names & set(shape.texts(granted, "resources"))) and bool(
        {group, "*"} & set(shape.texts(granted, "apiGroups"))
    )


def _role_of(binding: Resource) -> tuple[str, str, str]:
    reference = shape.mapping(binding.manifest, "roleRef")
    kind = shape.text(reference, "kind")
    return kind, "" if kind == "ClusterRole" else binding.namespace, shape.text(reference, "name")
