"""API versions that are no longer served, or will not be for long, and what takes their place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Retired:
    """An API version that a release no longer serves.

    Attributes:
        since: the release that deprecated it.
        removed: the release that removed it; empty if none has yet.
        instead: what to write.
        project: whose release that is.
    """

    since: str
    removed: str
    instead: str
    project: str = "Kubernetes"


def _rows() -> Iterator[tuple[str, str, Retired]]:
    """API version, kind (an asterisk for all) and what became of it (kubernetes.io, deprecation guide)."""
    # Kubernetes.
    for kind in ("DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"):
        for version in ("extensions/v1beta1", "apps/v1beta1", "apps/v1beta2"):
            yield version, kind, Retired("1.9", "1.16", "apps/v1")
    yield "extensions/v1beta1", "NetworkPolicy", Retired("1.9", "1.16", "networking.k8s.io/v1")
    yield "extensions/v1beta1", "PodSecurityPolicy", Retired("1.10", "1.16", "Pod Security labels on the Namespace")
    yield "extensions/v1beta1", "Ingress", Retired("1.14", "1.22", "networking.k8s.io/v1")
    for kind in ("Ingress", "IngressClass"):
        yield "networking.k8s.io/v1beta1", kind, Retired("1.19", "1.22", "networking.k8s.io/v1")
    for kind in ("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"):
        yield "admissionregistration.k8s.io/v1beta1", kind, Retired("1.16", "1.22", "admissionregistration.k8s.io/v1")
    yield "apiextensions.k8s.io/v1beta1", "*", Retired("1.16", "1.22", "apiextensions.k8s.io/v1")
    yield "apiregistration.k8s.io/v1beta1", "*", Retired("1.10", "1.22", "apiregistration.k8s.io/v1")
    yield "certificates.k8s.io/v1beta1", "CertificateSigningRequest", Retired("1.19", "1.22", "certificates.k8s.io/v1")
    yield "coordination.k8s.io/v1beta1", "Lease", Retired("1.14", "1.22", "coordination.k8s.io/v1")
    for version in ("rbac.authorization.k8s.io/v1alpha1", "rbac.authorization.k8s.io/v1beta1"):
        yield version, "*", Retired("1.17", "1.22", "rbac.authorization.k8s.io/v1")
    yield "scheduling.k8s.io/v1beta1", "PriorityClass", Retired("1.14", "1.22", "scheduling.k8s.io/v1")
    for kind, since in {
        "CSIDriver": "1.19",
        "CSINode": "1.17",
        "StorageClass": "1.6",
        "VolumeAttachment": "1.13",
    }.items():
        yield "storage.k8s.io/v1beta1", kind, Retired(since, "1.22", "storage.k8s.io/v1")
    yield "storage.k8s.io/v1beta1", "CSIStorageCapacity", Retired("1.24", "1.27", "storage.k8s.io/v1")
    yield "batch/v1beta1", "CronJob", Retired("1.21", "1.25", "batch/v1")
    yield "discovery.k8s.io/v1beta1", "EndpointSlice", Retired("1.21", "1.25", "discovery.k8s.io/v1")
    yield "events.k8s.io/v1beta1", "Event", Retired("1.19", "1.25", "events.k8s.io/v1")
    yield "node.k8s.io/v1beta1", "RuntimeClass", Retired("1.22", "1.25", "node.k8s.io/v1")
    yield "policy/v1beta1", "PodDisruptionBudget", Retired("1.21", "1.25", "policy/v1")
    yield "policy/v1beta1", "PodSecurityPolicy", Retired("1.21", "1.25", "Pod Security labels on the Namespace")
    yield "autoscaling/v2beta1", "*", Retired("1.22", "1.25", "autoscaling/v2")
    yield "autoscaling/v2beta2", "*", Retired("1.23", "1.26", "autoscaling/v2")
    for version, since, removed in (
        ("v1beta1", "1.23", "1.26"),
        ("v1beta2", "1.26", "1.29"),
        ("v1beta3", "1.29", "1.32"),
    ):
        yield f"flowcontrol.apiserver.k8s.io/{version}", "*", Retired(since, removed, "flowcontrol.apiserver.k8s.io/v1")
    yield "v1", "ComponentStatus", Retired("1.19", "", "the health endpoints of the control plane")
    yield "v1", "Endpoints", Retired("1.33", "", "discovery.k8s.io/v1 EndpointSlice")
    # Operators.
    yield "traefik.containo.us/v1alpha1", "*", Retired("2.10", "3.0", "traefik.io/v1alpha1", "Traefik")
    for version, since, removed in (("v1alpha1", "0.9", "0.17"), ("v1beta1", "0.16", "0.17")):
        instead = "external-secrets.io/v1"
        yield f"external-secrets.io/{version}", "*", Retired(since, removed, instead, "External Secrets")
    yield "kubernetes-client.io/v1", "ExternalSecret", Retired("", "1.0", "external-secrets.io/v1", "External Secrets")
    yield "certmanager.k8s.io/v1alpha1", "*", Retired("0.11", "0.11", "cert-manager.io/v1", "cert-manager")
    for group in ("cert-manager.io", "acme.cert-manager.io"):
        for version in ("v1alpha2", "v1alpha3", "v1beta1"):
            yield f"{group}/{version}", "*", Retired("1.4", "1.6", f"{group}/v1", "cert-manager")
    yield "integreatly.org/v1alpha1", "*", Retired("", "5.0", "grafana.integreatly.org/v1beta1", "grafana-operator")


_RETIRED: Final = {(version, kind): retired for version, kind, retired in _rows()}


def retired(api_version: str, kind: str) -> Retired | None:
    """What became of an API version; None for one that nothing is known about."""
    return _RETIRED.get((api_version, kind)) or _RETIRED.get((api_version, "*"))
