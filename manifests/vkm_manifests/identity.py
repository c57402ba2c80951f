"""Which object a manifest is about."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

CLUSTER_SCOPED: Final = frozenset(
    {
        "APIService",
        "CertificateSigningRequest",
        "ClusterExternalSecret",
        "ClusterIssuer",
        "ClusterRole",
        "ClusterRoleBinding",
        "ClusterSecretStore",
        "CSIDriver",
        "CSINode",
        "CustomResourceDefinition",
        "GatewayClass",
        "IngressClass",
        "MutatingWebhookConfiguration",
        "Namespace",
        "Node",
        "PersistentVolume",
        "PriorityClass",
        "RuntimeClass",
        "StorageClass",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
        "VolumeSnapshotClass",
        "VolumeSnapshotContent",
    }
)
"""Kinds that live in no namespace: Kubernetes's own and those of the operators that the constructs use."""

KUBERNETES_GROUPS: Final = frozenset(
    {
        "",
        "admissionregistration.k8s.io",
        "apiextensions.k8s.io",
        "apiregistration.k8s.io",
        "apps",
        "autoscaling",
        "batch",
        "certificates.k8s.io",
        "coordination.k8s.io",
        "discovery.k8s.io",
        "events.k8s.io",
        "extensions",
        "flowcontrol.apiserver.k8s.io",
        "networking.k8s.io",
        "node.k8s.io",
        "policy",
        "rbac.authorization.k8s.io",
        "resource.k8s.io",
        "scheduling.k8s.io",
        "storage.k8s.io",
    }
)
"""The API groups of Kubernetes itself; the core group is the empty text."""


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """What makes two manifests the same object to the API server: group, kind, namespace and name."""

    namespace: str
    kind: str
    name: str
    group: str = ""

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> "Identity":
        """The identity of a manifest; empty texts for what it does not say."""
        kind, metadata = str(manifest.get("kind") or ""), manifest.get("metadata")
        named = metadata if isinstance(metadata, Mapping) else {}
        namespace = "" if kind in CLUSTER_SCOPED else str(named.get("namespace") or "")
        group, slash, _ = str(manifest.get("apiVersion") or "").rpartition("/")
        return cls(namespace, kind, str(named.get("name") or named.get("generateName") or ""), group if slash else "")

    def __str__(self) -> str:
        """`namespace/Kind/name`, without a namespace for what has none."""
        return "/".join(filter(None, (self.namespace, self.kind, self.name)))


def duplicates(manifests: Iterable[Mapping[str, Any]]) -> list[Identity]:
    """The identities that more than one manifest claims, sorted: the last one applied would win silently."""
    return sorted(identity for identity, count in Counter(map(Identity.of, manifests)).items() if count > 1)
