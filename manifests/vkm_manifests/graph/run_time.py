"""What workloads make at run time: where the input itself gives somebody the right to create objects."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.resource import Resource

Creators: TypeAlias = Mapping[str, frozenset[str]]
"""The kind to the namespaces in which something may create objects of it."""

# Who may create a workload, may create its pods.
_KINDS: Final[Mapping[tuple[str, str], str]] = {
    ("", "configmaps"): "ConfigMap",
    ("", "persistentvolumeclaims"): "PersistentVolumeClaim",
    ("", "pods"): "Pod",
    ("", "secrets"): "Secret",
    ("", "serviceaccounts"): "ServiceAccount",
    ("", "services"): "Service",
    ("apps", "daemonsets"): "Pod",
    ("apps", "deployments"): "Pod",
    ("apps", "replicasets"): "Pod",
    ("apps", "statefulsets"): "Pod",
    ("batch", "cronjobs"): "Pod",
    ("batch", "jobs"): "Pod",
}
_ALL: Final = "*"

POD_LABELS: Final = "labels of a Pod"
"""The kind of what is made by who may change pods: Vault and Patroni label the one that leads."""


def creators(roles: Iterable[Resource], bindings: Iterable[Resource]) -> Creators:
    """In which namespaces a binding lets somebody create objects, by kind.

    Who may create everywhere counts in the namespace of its ServiceAccount only: there it keeps what it needs itself,
    as a webhook its certificate.
    """
    created = {(role.kind, role.namespace, role.name): frozenset(_created(role)) for role in roles}
    found: dict[str, set[str]] = defaultdict(set)
    for binding in bindings:
        ref = shape.mapping(binding.manifest, "roleRef")
        kind = shape.text(ref, "kind")
        namespace = binding.namespace if kind == "Role" else ""
        for made in created.get((kind, namespace, shape.text(ref, "name")), ()):
            found[made].update(_namespaces(binding))
    return {kind: frozenset(namespaces) for kind, namespaces in found.items()}


def _created(role: Resource) -> Iterator[str]:
    for item in shape.mappings(role.manifest, "rules"):
        verbs, groups = set(shape.texts(item, "verbs")), set(shape.texts(item, "apiGroups"))
        resources = set(shape.texts(item, "resources"))
        if {"patch", "update", _ALL} & verbs and {"", _ALL} & groups and {"pods", _ALL} & resources:
            yield POD_LABELS
        if {"create", _ALL} & verbs:
            for (group, resource), kind in _KINDS.items():
                if {group, _ALL} & groups and {resource, _ALL} & resources:
                    yield kind


def _namespaces(binding: Resource) -> Iterator[str]:
    if binding.kind == "RoleBinding":
        yield binding.namespace
        return
    subject: Mapping[str, Any]
    for subject in shape.mappings(binding.manifest, "subjects"):
        yield shape.text(subject, "namespace")
