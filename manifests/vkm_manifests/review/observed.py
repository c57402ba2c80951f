"""Observed: what a cluster writes by itself, so that what `kubectl get -o yaml` shows says what manifests say."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.shape import Manifest
from vkm_manifests.identity import Identity
from vkm_manifests.review.spelling import Path, item_keys

# Objects.

_MADE_KINDS: Final = frozenset(
    ("ControllerRevision", "CSINode", "CSIStorageCapacity", "Event", "Lease", "Node", "VolumeAttachment")
)
# By kind and name.
_MADE_NAMES: Final = frozenset(
    (
        ("ConfigMap", "istio-ca-root-cert"),
        ("ConfigMap", "kube-root-ca.crt"),
        ("ConfigMap", "openshift-service-ca.crt"),
        ("PriorityClass", "system-cluster-critical"),
        ("PriorityClass", "system-node-critical"),
    )
)
# Labels and annotations by which who makes an object marks it: Kubernetes, cert-manager, Helm.
_MARKS: Final = (
    ("labels", "kubernetes.io/bootstrapping"),
    ("annotations", "cert-manager.io/certificate-name"),
)
_HELM: Final = "helm.sh/release.v1"

Named: TypeAlias = tuple[Identity, Manifest]
"""A manifest, with what it is about."""


def written(objects: Sequence[Named], others: Sequence[Named]) -> Iterator[Manifest]:
    """The manifests without those that a controller makes, where the others do not have them."""
    known = frozenset(identity for identity, _ in others)
    claims, endpoints = _claims(objects, others), _endpoints(objects)
    for identity, manifest in objects:
        if identity in known or not (
            _is_made(identity, manifest) or _is_of_set(identity, claims) or _service_of(identity, manifest) in endpoints
        ):
            yield manifest


def is_provisioned(resource: Resource) -> bool:
    """Whether it is a volume that was made for a claim. The claim is what somebody wants; what it says, counts."""
    return resource.kind == "PersistentVolume" and "pv.kubernetes.io/provisioned-by" in resource.annotations


def _is_made(identity: Identity, manifest: Manifest) -> bool:
    if identity.kind in _MADE_KINDS or (identity.kind, identity.name) in _MADE_NAMES:
        return True
    metadata = shape.mapping(manifest, "metadata")
    return (
        shape.text(manifest, "type") == _HELM
        or any(key in shape.mapping(metadata, place) for place, key in _MARKS)
        or any(owner.get("controller") is True for owner in shape.mappings(metadata, "ownerReferences"))
        or ((identity.kind, identity.name) == ("ServiceAccount", "default") and _says_nothing(manifest))
    )


def _says_nothing(account: Manifest) -> bool:
    metadata = shape.mapping(account, "metadata")
    return account.keys() <= {"apiVersion", "kind", "metadata", "secrets"} and not (
        metadata.get("annotations") or metadata.get("labels")
    )


# Of a claim: its namespace, and its name up to the pod's number.
_Start: TypeAlias = tuple[str, str]


def _claims(objects: Sequence[Named], others: Sequence[Named]) -> Mapping[_Start, int]:
    """The claims of StatefulSets that the others have, to how many pods there are on either side."""
    found: dict[_Start, int] = {}
    for side in (others, objects):
        for identity, manifest in side:
            if identity.kind == "StatefulSet":
                spec = shape.mapping(manifest, "spec")
                replicas = shape.number(spec, "replicas")
                end = (shape.number(spec, "ordinals", "start") or 0) + (1 if replicas is None else replicas)
                for template in shape.mappings(spec, "volumeClaimTemplates"):
                    start = identity.namespace, f"{shape.text(template, 'metadata', 'name')}-{identity.name}"
                    if side is others or start in found:
                        found[start] = max(found.get(start, 0), end)
    return found


def _is_of_set(identity: Identity, claims: Mapping[_Start, int]) -> bool:
    start, _, number = identity.name.rpartition("-")
    is_numbered = identity.kind == "PersistentVolumeClaim" and re.fullmatch(r"\d{1,9}", number)
    return bool(is_numbered) and int(number) < claims.get((identity.namespace, start), 0)


def _endpoints(objects: Sequence[Named]) -> frozenset[tuple[str, str]]:
    """Namespace and name of the Services that choose pods; the endpoints of any other are written by somebody."""
    return frozenset(
        (identity.namespace, identity.name)
        for identity, manifest in objects
        if identity.kind == "Service" and shape.mapping(manifest, "spec", "selector")
    )


def _service_of(identity: Identity, manifest: Manifest) -> tuple[str, str] | None:
    if identity.kind == "EndpointSlice":
        return identity.namespace, shape.text(manifest, "metadata", "labels", "kubernetes.io/service-name")
    return (identity.namespace, identity.name) if identity.kind == "Endpoints" else None


# Fields.

# In the metadata, of whatever kind: nobody writes them.
_METADATA: Final = frozenset(
    ("creationTimestamp", "deletionTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")
)
_ANNOTATIONS: Final = frozenset(
    (
        "control-plane.alpha.kubernetes.io/leader",
        "deployment.kubernetes.io/revision",
        "deprecated.daemonset.template.generation",
        "endpoints.kubernetes.io/last-change-trigger-time",
        "kubectl.kubernetes.io/last-applied-configuration",
        "longhorn.io/update-setting-from-longhorn",
        "metallb.io/ip-allocated-from-pool",
        "metallb.universe.tf/ip-allocated-from-pool",
        "prometheus-operator-validated",
        "pv.kubernetes.io/bind-completed",
        "pv.kubernetes.io/bound-by-controller",
        "volume.beta.kubernetes.io/storage-provisioner",
        "volume.kubernetes.io/selected-node",
        "volume.kubernetes.io/storage-provisioner",
    )
)


def wanted(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """An object's metadata, without what is nobody's wish."""
    kept = {key: value for key, value in metadata.items() if key not in _METADATA}
    if isinstance(kept.get("annotations"), dict):
        kept["annotations"] = {key: item for key, item in kept["annotations"].items() if key not in _ANNOTATIONS}
    return kept


_RESTARTED: Final = ("metadata", "annotations", "kubectl.kubernetes.io/restartedAt")
_CA: Final = ("clientConfig", "caBundle")
_OF_JOB: Final = ("batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "controller-uid", "job-name")
# What is filled in where nobody says anything, by kind: a manifest may say it as well.
_OF_ALL: Final[tuple[Path, ...]] = (("metadata", "finalizers"), ("metadata", "ownerReferences"))
_FILLED_IN: Final[Mapping[str, tuple[Path, ...]]] = {
    "APIService": (("spec", "caBundle"),),
    "BackupTarget": (("spec", "syncRequestedAt"),),
    "CronJob": (("spec", "jobTemplate", "spec", "template", *_RESTARTED),),
    "CustomResourceDefinition": (("spec", "conversion", "webhook", *_CA),),
    "DaemonSet": (("spec", "template", *_RESTARTED),),
    "Deployment": (("spec", "replicas"), ("spec", "template", *_RESTARTED)),
    "Ingress": (("spec", "ingressClassName"),),
    "Job": (
        ("spec", "selector"),
        *((*place, "metadata", "labels", label) for place in ((), ("spec", "template")) for label in _OF_JOB),
    ),
    "MutatingWebhookConfiguration": (("webhooks", "*", *_CA),),
    "Namespace": (("spec", "finalizers"),),
    "PersistentVolume": (("spec", "claimRef"), ("spec", "claimRef", "resourceVersion"), ("spec", "claimRef", "uid")),
    "PersistentVolumeClaim": (("spec", "storageClassName"), ("spec", "volumeName")),
    "Service": (
        *(("spec", key) for key in ("clusterIP", "clusterIPs", "healthCheckNodePort", "ipFamilies", "ipFamilyPolicy")),
        ("spec", "ports", "*", "nodePort"),
    ),
    "ServiceAccount": (("secrets",),),
    "StatefulSet": (("spec", "replicas"), ("spec", "template", *_RESTARTED)),
    "ValidatingWebhookConfiguration": (("webhooks", "*", *_CA),),
}


def drop_filled_in(said: dict[str, Any], other: Manifest, manifest: Manifest) -> None:
    """Take from what a manifest says what is filled in, where it is from a cluster.

    What the other form of it says as well stays, and what was applied: who leaves that out takes it back.
    """
    metadata = shape.mapping(manifest, "metadata")
    # What the API server has stored has a version.
    if not (metadata.get("resourceVersion") or metadata.get("uid")):
        return
    applied = _json(shape.text(metadata, "annotations", "kubectl.kubernetes.io/last-applied-configuration"))
    for path in (*_OF_ALL, *_FILLED_IN.get(str(said.get("kind")), ())):
        if shape.dig(applied, *path) is None:
            _drop(said, other, path)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _drop(value: Any, other: Any, path: Path) -> None:
    step, rest = path[0], path[1:]
    if not isinstance(value, dict) or step not in value:
        return
    theirs = other.get(step) if isinstance(other, Mapping) else None
    if rest[:1] == ("*",):
        for item, same in _side_by_side(step, value[step], theirs):
            _drop(item, same, rest[1:])
    elif rest:
        _drop(value[step], theirs, rest)
    if theirs is None and (not rest or value[step] == {}):
        del value[step]


def _side_by_side(name: str, value: Any, other: Any) -> Iterator[tuple[Any, Any]]:
    """The items of a list, each with the one of the other list that has its key."""
    items, others = (side if isinstance(side, list) else [] for side in (value, other))
    theirs = dict(zip(item_keys((name,), others) or (), others, strict=False))
    yield from ((item, theirs.get(key)) for key, item in zip(item_keys((name,), items) or (), items, strict=False))
