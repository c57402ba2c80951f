"""Replace: what Kubernetes refuses to change."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.graph.resource import Resource
from vkm_manifests.review.change import Changed
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.difference import Field
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.storage import class_of, resized
from vkm_manifests.review.wording import listed

_Paths: TypeAlias = tuple[tuple[str, ...], ...]

_BOUND: Final = "pv.kubernetes.io/bind-completed"
# These are replaced by who applies them.
_HOOKS: Final = ("helm.sh/hook", "argocd.argoproj.io/hook")
_SYNC_OPTIONS: Final = "argocd.argoproj.io/sync-options"


@dataclass(frozen=True, slots=True)
class Fixed:
    """What an object keeps as long as it is there.

    Attributes:
        fields: the paths to it; `*` is any one step.
        but: paths below them that may change.
        do: the steps by which it is replaced.
    """

    fields: _Paths
    do: str
    but: _Paths = ()


_MAKE_ANEW: Final = "delete it and apply it anew, or give it a new name"
_JOB_LABELS: Final = (
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
)
# Kubernetes gives them to each pod.
_GIVEN_TOLERATIONS: Final = ("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable")
# What is told of by name alone: it may hold a password.
_UNTOLD: Final = frozenset(("args", "command", "env"))
# Of a Job that is suspended, they may be changed.
_TEMPLATE_PARTS: Final = ("nodeSelector", "affinity", "tolerations", "schedulingGates")

_RETAIN_FIRST: Final = (
    "set persistentVolumeClaimRetentionPolicy.whenDeleted: Retain first, alone, or its claims are deleted with it"
)

FIXED: Final[Mapping[tuple[str, str], Fixed]] = {
    ("", "PersistentVolume"): Fixed(
        (("spec",),),
        "set persistentVolumeReclaimPolicy: Retain first, alone; then delete claim and volume, and make both anew for "
        "the same disk",
        but=(
            ("spec", "accessModes"),
            ("spec", "capacity"),
            ("spec", "claimRef"),
            ("spec", "mountOptions"),
            ("spec", "persistentVolumeReclaimPolicy"),
            ("spec", "storageClassName"),
            ("spec", "volumeAttributesClassName"),
        ),
    ),
    ("", "Pod"): Fixed(
        (("spec",),),
        "delete it and apply it anew, or let a Deployment make it",
        but=(
            ("spec", "activeDeadlineSeconds"),
            ("spec", "containers", "*", "image"),
            ("spec", "initContainers", "*", "image"),
            ("spec", "schedulingGates"),
        ),
    ),
    ("", "ResourceQuota"): Fixed((("spec", "scopes"),), _MAKE_ANEW),
    ("", "Secret"): Fixed((("type",),), "delete it and apply it anew in one go, or give it a new name"),
    ("apiextensions.k8s.io", "CustomResourceDefinition"): Fixed(
        (("spec", "scope"), ("spec", "names", "kind"), ("spec", "names", "plural")),
        "make a second definition of another name and move the objects: to delete this one deletes them all",
    ),
    ("apps", "DaemonSet"): Fixed(
        (("spec", "selector"),),
        "delete it with --cascade=orphan, apply it anew, and then delete the pods of the old one",
    ),
    ("apps", "Deployment"): Fixed(
        (("spec", "selector"),),
        "delete it with --cascade=orphan, apply it anew, and delete the old ReplicaSet when the new pods are ready",
    ),
    ("apps", "ReplicaSet"): Fixed(
        (("spec", "selector"),), "delete it with --cascade=orphan, apply it anew, and then delete its old pods"
    ),
    ("apps", "StatefulSet"): Fixed(
        (("spec",),),
        "delete it with --cascade=orphan (its pods run on), and apply it anew",
        but=(
            ("spec", "minReadySeconds"),
            ("spec", "ordinals"),
            ("spec", "persistentVolumeClaimRetentionPolicy"),
            ("spec", "replicas"),
            ("spec", "revisionHistoryLimit"),
            ("spec", "template"),
            ("spec", "updateStrategy"),
            # The API server's own.
            ("spec", "volumeClaimTemplates", "*", "apiVersion"),
            ("spec", "volumeClaimTemplates", "*", "kind"),
            ("spec", "volumeClaimTemplates", "*", "metadata", "creationTimestamp"),
            ("spec", "volumeClaimTemplates", "*", "status"),
        ),
    ),
    ("batch", "Job"): Fixed(
        (
            ("spec", "backoffLimitPerIndex"),
            ("spec", "completionMode"),
            ("spec", "completions"),
            ("spec", "managedBy"),
            ("spec", "podFailurePolicy"),
            ("spec", "selector"),
            ("spec", "successPolicy"),
            ("spec", "template"),
        ),
        "give it a new name; or delete it first, and it runs again",
    ),
    ("cert-manager.io", "CertificateRequest"): Fixed((("spec",),), _MAKE_ANEW),
    ("discovery.k8s.io", "EndpointSlice"): Fixed((("addressType",),), _MAKE_ANEW),
    ("gateway.networking.k8s.io", "GatewayClass"): Fixed((("spec", "controllerName"),), _MAKE_ANEW),
    ("networking.k8s.io", "IngressClass"): Fixed((("spec", "controller"),), _MAKE_ANEW),
    ("node.k8s.io", "RuntimeClass"): Fixed((("handler",),), _MAKE_ANEW),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): Fixed(
        (("roleRef",),), "delete it and apply it anew in one go: its subjects have no rights in between"
    ),
    ("rbac.authorization.k8s.io", "RoleBinding"): Fixed(
        (("roleRef",),), "delete it and apply it anew in one go: its subjects have no rights in between"
    ),
    ("scheduling.k8s.io", "PriorityClass"): Fixed((("value",), ("preemptionPolicy",)), _MAKE_ANEW),
    ("snapshot.storage.k8s.io", "VolumeSnapshot"): Fixed((("spec", "source"),), "make another one under a new name"),
    ("snapshot.storage.k8s.io", "VolumeSnapshotContent"): Fixed(
        (("spec", "source"), ("spec", "sourceVolumeMode")), "make another one under a new name"
    ),
    ("storage.k8s.io", "CSIDriver"): Fixed((("spec", "attachRequired"), ("spec", "volumeLifecycleModes")), _MAKE_ANEW),
    ("storage.k8s.io", "StorageClass"): Fixed(
        (("parameters",), ("provisioner",), ("reclaimPolicy",), ("volumeBindingMode",)),
        "delete the class and apply it anew (volumes that exist stay as they are), or make a second one",
    ),
    ("storage.k8s.io", "VolumeAttributesClass"): Fixed((("driverName",), ("parameters",)), _MAKE_ANEW),
}
"""Group and kind to what cannot be changed (Kubernetes 1.36, cert-manager 1.20, Gateway API 1.4)."""

_DEPLOYMENT: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web, tier: front}}
    spec:
      containers:
      - {name: web, image: example/web:1.0.0}
"""


@risk(
    "replace",
    before=_DEPLOYMENT,
    breaks={"matchLabels: {app: web}": "matchLabels: {app: web, tier: front}"},
    passes={"labels: {app: web, tier: front}": "labels: {app: web, tier: back}"},
)
def field_cannot_change(comparison: Comparison) -> Iterator[Concern]:
    """A field is changed that an object keeps as long as it is there, such as a selector: the API server refuses it.

    The change is refused as a whole: nothing else of it takes effect either.
    """
    for change in comparison.changed():
        fixed = FIXED.get((change.object.group, change.kind))
        if fixed is None or _is_replaced_anyway(change):
            continue
        fields = [field for field in _fixed_fields(change, fixed) if not _is_allowed(change, field)]
        if fields:
            yield change.concern(_refused(fields), do=_steps(change, fixed, fields), field=fields[0])


def _is_replaced_anyway(change: Changed) -> bool:
    """Whether who applies it deletes it before it is made anew, or makes another one each time (`generateName`)."""
    annotations = change.object.annotations
    options = annotations.get(_SYNC_OPTIONS, "").replace(" ", "").split(",")
    is_new = not shape.text(change.object.manifest, "metadata", "name")
    return is_new or any(hook in annotations for hook in _HOOKS) or {"Replace=true", "Force=true"} <= set(options)


def _fixed_fields(change: Changed, fixed: Fixed) -> list[Field]:
    return [
        field
        for field in change.fields
        if any(field.touches(*path) for path in fixed.fields) and not any(field.is_below(*path) for path in fixed.but)
    ]


def _is_allowed(change: Changed, field: Field) -> bool:
    """Whether a field may change here, though it may not elsewhere."""
    if field.new is None and _is_filled_in(change, field):
        return True
    if change.kind == "Pod":
        if field.is_below("spec", "tolerations"):
            before, after = _tolerations(change.old), _tolerations(change.new)
            return all(toleration in after for toleration in before)
        if field.path == ("spec", "terminationGracePeriodSeconds"):
            return isinstance(field.old, int) and field.old < 0 and field.new == 1
    if change.kind == "Job":
        if field.path[:3] == ("spec", "template", "metadata"):
            return _is_suspended(change.old)
        if field.path[:3] == ("spec", "template", "spec") and len(field.path) > 3:
            return _is_suspended(change.old) and field.path[3] in _TEMPLATE_PARTS
        if field.path == ("spec", "completions") and shape.text(change.old.spec, "completionMode") == "Indexed":
            return change.new.spec.get("completions") == change.new.spec.get("parallelism")
    return change.kind == "Secret" and {field.old or "Opaque", field.new or "Opaque"} == {"Opaque"}


def _is_filled_in(change: Changed, field: Field) -> bool:
    """Whether the API server has added a field to what was read from a cluster, and keeps it if it is left out."""
    if change.kind == "Job":
        filled = field.path[:2] == ("spec", "selector")
        return filled or field.path[-1] in _JOB_LABELS or (field.path == ("spec", "completions") and field.old == 1)
    if change.kind == "PersistentVolume":
        return field.path == ("spec", "volumeMode")
    return change.kind == "Pod" and (
        field.path[1:2] in (("nodeName",), ("priority",), ("preemptionPolicy",), ("serviceAccount",))
        or any("kube-api-access" in step or "kubernetes.io/serviceaccount" in step for step in field.path)
    )


def _tolerations(pod: Resource) -> list[dict[str, Any]]:
    """Those that somebody gave a pod; for how long each holds may change."""
    return [
        {key: value for key, value in toleration.items() if key != "tolerationSeconds"}
        for toleration in shape.mappings(pod.spec, "tolerations")
        if toleration.get("key") not in _GIVEN_TOLERATIONS
    ]


def _is_suspended(job: Resource) -> bool:
    return job.spec.get("suspend") is True


def _refused(fields: Sequence[Field]) -> str:
    told = [_told(field) for field in fields[:3]]
    more = f" and {len(fields) - 3} more" if len(fields) > 3 else ""
    return f"Kubernetes refuses to change {', '.join(told)}{more}"


def _told(field: Field) -> str:
    if not _UNTOLD.isdisjoint(field.path):
        return field.name
    old, new = _short(field.old), _short(field.new)
    if old and new:
        return f"{field.name} ({old} to {new})"
    return f"{field.name} ({f'{new} comes' if new else f'{old} goes'})" if old or new else field.name


def _short(value: Any) -> str:
    """A value that can be read in a sentence; empty for any other."""
    if isinstance(value, bool):
        return str(value).lower()
    text = str(value) if isinstance(value, (str, int, float)) else ""
    return text if len(text) <= 60 and "\n" not in text else ""


def _steps(change: Changed, fixed: Fixed, fields: Iterable[Field]) -> str:
    if change.kind != "StatefulSet":
        return fixed.do
    touched = {field.path[1] for field in fields if len(field.path) > 1}
    if "selector" in touched:
        steps = "delete it and apply it anew: its pods stop in between, its claims stay"
        return f"{_RETAIN_FIRST}; then {steps}" if _deletes_claims(change) else steps
    sizes = _claim_sizes(change)
    if any(_less(after, before) for before, after in sizes):
        return "keep the size: no volume can become smaller, and a claim that exists stays as it is"
    if sizes:
        return "let the claims grow (kubectl patch pvc), then delete it with --cascade=orphan, and apply it anew"
    if "volumeClaimTemplates" in touched:
        return (
            "delete it with --cascade=orphan, and apply it anew: claims that exist stay as they are, and one of a new "
            "name starts empty, so copy the data first"
        )
    return fixed.do


def _deletes_claims(change: Changed) -> bool:
    path = ("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted")
    return any(shape.text(side.manifest, *path) == "Delete" for side in (change.old, change.new))


def _claim_sizes(change: Changed) -> list[tuple[Any, Any]]:
    """The sizes of the claims that a StatefulSet makes, before and after; none if more is changed of them."""
    fields = list(change.below("spec", "volumeClaimTemplates"))
    is_size = (field.path[-3:] == ("resources", "requests", "storage") for field in fields)
    return [(field.old, field.new) for field in fields] if all(is_size) else []


@risk(
    "replace",
    before="""
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: orders.shop.example}
spec:
  group: shop.example
  names: {kind: Order, plural: orders}
  scope: Namespaced
  versions:
  - {name: v1, served: true, storage: false}
  - {name: v1beta1, served: true, storage: true}
""",
    breaks={
        "  - {name: v1beta1, served: true, storage: true}\n": "",
        "name: v1, served: true, storage: false": "name: v1, served: true, storage: true",
    },
    passes={
        "name: v1beta1, served: true, storage: true": "name: v1beta1, served: true, storage: false",
        "name: v1, served: true, storage: false": "name: v1, served: true, storage: true",
    },
)
def stored_version_is_gone(comparison: Comparison) -> Iterator[Concern]:
    """A CustomResourceDefinition no longer has the version in which its objects are stored: the API server refuses it.

    A version stays in `status.storedVersions` until somebody takes it out.
    """
    for change in comparison.changed("CustomResourceDefinition"):
        if gone := stored_versions_gone(change):
            names = listed(gone)
            yield change.concern(
                f"Kubernetes refuses it: objects are stored as {names}, which status.storedVersions names",
                do=f"set storage: false for {names} and storage: true for another version first; write all objects "
                f"anew, take {names} out of status.storedVersions, and only then out of spec.versions",
                field="spec.versions",
            )


def stored_versions_gone(change: Changed) -> list[str]:
    """The versions of a CustomResourceDefinition as which objects were stored, and which it no longer has."""
    left = {shape.text(version, "name") for version in shape.mappings(change.new.spec, "versions")}
    stored = (v for v in shape.mappings(change.old.spec, "versions") if v.get("storage") is True)
    return [name for version in stored if (name := shape.text(version, "name")) not in left]


_SETTINGS: Final = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
immutable: true
data: {mode: fast}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: texts, namespace: shop}
data: {greeting: hello}
"""


@risk(
    "replace",
    before=_SETTINGS,
    breaks={"mode: fast": "mode: safe"},
    passes={"greeting: hello": "greeting: welcome"},
)
def immutable_data_changes(comparison: Comparison) -> Iterator[Concern]:
    """A ConfigMap or Secret that says `immutable: true` cannot be changed, nor made mutable again."""
    for change in comparison.changed("ConfigMap", "Secret"):
        if change.old.manifest.get("immutable") is not True:
            continue
        fields = [field for key in ("data", "stringData", "binaryData", "immutable") for field in change.below(key)]
        if fields:
            names = [field.path[1] for field in fields if len(field.path) > 1]
            yield change.concern(
                f"is immutable: Kubernetes refuses to change {', '.join(dict.fromkeys(names)) or fields[0].name}",
                do="give it a new name, and name that where it is used",
                field=fields[0],
            )


_CLAIM: Final = """
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: driver.longhorn.io
allowVolumeExpansion: true
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: fast
  resources: {requests: {storage: 10Gi}}
"""


@risk(
    "replace",
    before=_CLAIM,
    breaks={"storage: 10Gi": "storage: 5Gi"},
    passes={"storage: 10Gi": "storage: 20Gi"},
)
def volume_shrinks(comparison: Comparison) -> Iterator[Concern]:
    """A claim asks for less than it has: no volume can become smaller."""
    for change, before, after in resized(comparison):
        if _less(after, before):
            yield change.concern(
                f"volume {change.object.name} would be {after} instead of {before}, which no volume can be",
                do="keep the size; or make a new, smaller claim, stop the pods, copy the data, and let them mount that",
                field="spec.resources.requests.storage",
            )


@risk(
    "replace",
    before=_CLAIM.replace("allowVolumeExpansion: true", "allowVolumeExpansion: false"),
    breaks={"storage: 10Gi": "storage: 20Gi"},
    passes={"storage: 10Gi": "storage: 20Gi", "allowVolumeExpansion: false": "allowVolumeExpansion: true"},
)
def volume_cannot_grow(comparison: Comparison) -> Iterator[Concern]:
    """A claim asks for more, but its class does not let volumes grow (`allowVolumeExpansion`)."""
    for change, before, after in resized(comparison):
        storage = class_of(comparison.new, change.object.spec)
        if storage and storage.manifest.get("allowVolumeExpansion") is not True and _less(before, after):
            yield change.concern(
                f"volume {change.object.name} would be {after} instead of {before}, "
                f"and class {storage.name} lets none grow",
                do=f"set allowVolumeExpansion: true in {storage.name}, if its driver can let them grow; "
                "or make a new claim, and copy the data",
                field="spec.resources.requests.storage",
            )


def _less(one: Any, other: Any) -> bool:
    small, large = quantity(one), quantity(other)
    return small is not None and large is not None and small < large


@risk(
    "replace",
    before=_CLAIM,
    breaks={"[ReadWriteOnce]": "[ReadWriteMany]"},
    passes={
        "metadata: {name: data, namespace: shop}": "metadata: {name: data, namespace: shop, labels: {team: sales}}"
    },
)
def claim_cannot_change(comparison: Comparison) -> Iterator[Concern]:
    """A claim's class, access modes or source is changed: only its size may, and that only grow."""
    for change in comparison.changed("PersistentVolumeClaim"):
        fields = [field for field in change.below("spec") if _is_fixed_in_claim(comparison, change, field)]
        if not fields:
            continue
        parts: dict[str, Field] = {}
        for field in fields:
            parts.setdefault(field.path[1] if len(field.path) > 1 else "spec", field)
        told = [f"{part}{_from_to(change, part)}" for part in parts]
        yield change.concern(
            f"volume {change.object.name} stays as it was made: Kubernetes refuses to change {', '.join(told)}",
            do="make a new claim of another name, stop the pods, copy the data, and let them mount that",
            field=fields[0],
        )


def _is_fixed_in_claim(comparison: Comparison, change: Changed, field: Field) -> bool:
    part = field.path[1] if len(field.path) > 1 else ""
    if part in ("resources", "volumeAttributesClassName"):
        return False
    if part == "storageClassName" and (field.old is None or field.new is None):
        default = class_of(comparison.old if field.old is None else comparison.new, {})
        stated = field.old or field.new
        return not (default and default.name == stated) and not (field.new is None and _is_of_cluster(change.old))
    if part in ("volumeName", "dataSource", "dataSourceRef"):
        # A controller writes them, so that a claim may or may not have them.
        return field.new is not None and (part != "volumeName" or field.old is not None)
    return True


def _is_of_cluster(claim: Resource) -> bool:
    """Whether it was read from a cluster, which fills in what nobody stated."""
    return _BOUND in claim.annotations


def _from_to(change: Changed, part: str) -> str:
    default = "Filesystem" if part == "volumeMode" else None
    values = [side.spec.get(part, default) for side in (change.old, change.new)]
    old, new = (", ".join(map(str, value)) if isinstance(value, list) else _short(value) for value in values)
    return f" from {old or 'none'} to {new or 'none'}" if old or new else ""


_SERVICE: Final = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  clusterIP: 10.43.0.10
  selector: {app: web}
  ports:
  - {port: 80}
"""


@risk(
    "replace",
    before=_SERVICE,
    breaks={"clusterIP: 10.43.0.10": "clusterIP: None"},
    passes={"  clusterIP: 10.43.0.10\n": ""},
)
def service_address_is_another(comparison: Comparison) -> Iterator[Concern]:
    """A Service is to have another address, or none (headless): it keeps the one that it was given first.

    Left out, it stays as it is: a headless Service does not get an address that way. Only to and from the type
    ExternalName it changes.
    """
    for change in comparison.changed("Service"):
        sides = change.old.spec, change.new.spec
        if any(shape.text(side, "type") == "ExternalName" for side in sides):
            continue
        concern = _another_address(change, *sides) or _another_family(change, *sides)
        if concern:
            yield concern


def _another_address(change: Changed, old: Mapping[str, Any], new: Mapping[str, Any]) -> Concern | None:
    before, after = _address(old), _address(new)
    if before == after or (not after and before != "None"):
        return None
    steps = "delete the Service and apply it anew (nothing answers under its name in between), or give it a new name"
    if not after:
        reason = "stays headless: Kubernetes keeps clusterIP: None where it is left out"
    elif after == "None":
        reason = "cannot become headless: Kubernetes refuses to change its clusterIP to None"
    else:
        reason = (
            f"keeps its clusterIP: Kubernetes refuses to change it from {before or 'the one it was given'} to {after}"
        )
    return change.concern(reason, do=steps, field="spec.clusterIP")


def _address(spec: Mapping[str, Any]) -> str:
    return shape.text(spec, "clusterIP") or next(iter(shape.texts(spec, "clusterIPs")), "")


def _another_family(change: Changed, old: Mapping[str, Any], new: Mapping[str, Any]) -> Concern | None:
    before, after = (next(iter(shape.texts(side, "ipFamilies")), "") for side in (old, new))
    if not before or not after or before == after:
        return None
    return change.concern(
        f"keeps its first address: Kubernetes refuses to change the first of its ipFamilies from {before} to {after}",
        do=f"put {before} first and {after} second; or delete the Service and apply it anew",
        field="spec.ipFamilies",
    )


@risk(
    "replace",
    before="""
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  loadBalancerClass: example.com/inside
  externalTrafficPolicy: Local
  selector: {app: web}
  ports:
  - {port: 80}
""",
    breaks={"example.com/inside": "example.com/outside"},
    passes={"externalTrafficPolicy: Local": "externalTrafficPolicy: Cluster"},
)
def load_balancer_is_another(comparison: Comparison) -> Iterator[Concern]:
    """A Service of type LoadBalancer is to be served by another class of load balancers: it keeps the first one."""
    for change in comparison.changed("Service"):
        field = change.field("spec", "loadBalancerClass")
        both = all(shape.text(side.spec, "type") == "LoadBalancer" for side in (change.old, change.new))
        if field and both:
            yield change.concern(
                f"Kubernetes refuses to change loadBalancerClass from {field.old or 'none'} to {field.new or 'none'}",
                do="delete the Service and apply it anew: it may get another address, so look at the DNS records",
                field=field,
            )
