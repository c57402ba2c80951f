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


@dataclass(frozen=True, slots=True, order=True)
class Identity:
    """What makes two manifests the same object to the API server: group, kind, namespace and name."""

    namespace: str
    kind: str
    name: str
    group: str = ""

    @classmethod
    def of(cls, manifest: Mapping[str, Any]) -> "Identity":
        """The identity of a manifest."""
        kind, metadata = manifest["kind"], manifest.get("metadata", {})
        namespace = "" if kind in CLUSTER_SCOPED else metadata.get("namespace") or ""
        group, slash, _ = str(manifest["apiVersion"]).rpartition("/")
        return cls(namespace, kind, metadata.get("name", ""), group if slash else "")

    def __str__(self) -> str:
        """`namespace/Kind/name`, without a namespace for what has none."""
        return "/".join(filter(None, (self.namespace, self.kind, self.name)))


def duplicates(manifests: Iterable[Mapping[str, Any]]) -> list[Identity]:
    """The identities that more than one manifest claims, sorted: the last one applied would win silently."""
    return sorted(identity for identity, count in Counter(map(Identity.of, manifests)).items() if count > 1)
