"""Data loss: what holds data is removed, or is no longer kept."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import runs
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.software import KEEP_DATA
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.examples import DATABASE
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.storage import backups_of, claim_templates, claims_by_volume, class_of, users_of_claims
from vkm_manifests.review.wording import counted, does, listed

# What a tool is told, so that it leaves an object in the cluster that is no longer in its input.
_KEPT_BY: Final = (
    ("helm.sh/resource-policy", "keep", "Helm"),
    ("kustomize.toolkit.fluxcd.io/prune", "disabled", "Flux"),
    ("argocd.argoproj.io/sync-options", "Prune=false", "Argo CD"),
)


def _keepers(resource: Resource) -> list[str]:
    """The tools that leave an object in the cluster."""
    said = {key: [word.strip() for word in text.split(",")] for key, text in resource.annotations.items()}
    return [tool for key, value, tool in _KEPT_BY if value in said.get(key, ())]


def _cannot_be(change: Change) -> tuple[str, str, str]:
    """For what has another name or namespace: what cannot be done, what to keep, and how the former one is called."""
    old = change.renamed_from
    if old is None or old.name != change.object.name:
        return "cannot be renamed", "keep the name", old.name if old else ""
    return "cannot be moved to another namespace", "keep the namespace", f"{old.namespace}/{old.name}"


_CLAIM: Final = """
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: driver.longhorn.io
reclaimPolicy: Delete
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: shop
  labels: {team: sales}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: fast
  resources: {requests: {storage: 10Gi}}
"""


_CLAIM_ITSELF: Final = _CLAIM.split("---\n")[1]


@risk(
    "data-loss",
    before="""
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {team: sales}
""",
    breaks={"name: shop": "name: store"},
    passes={"team: sales": "team: support"},
)
def namespace_is_removed(comparison: Comparison) -> Iterator[Concern]:
    """A namespace is removed or renamed: all that is in it is deleted with it.

    Also what no manifest shows: its Secrets, and the claims that StatefulSets made. A namespace cannot be renamed: the
    new one starts empty.
    """
    for change in comparison.removed("Namespace"):
        name = change.old.name
        claims = _claims_by_namespace(comparison.old).get(name, ())
        held = f", {counted(len(claims), 'volume')} among it ({listed(claims)})" if claims else ""
        if change.renamed_from:
            reason = (
                f"{name} cannot be renamed: {change.object.name} starts empty, and what is in {name} is deleted with it"
            )
            do = f"keep the name; or copy the data to {change.object.name} before {name} is deleted"
        else:
            reason = f"everything in namespace {name} is deleted with it"
            do = "make sure that nobody needs it, and that its backups can be restored; then delete it by hand"
        yield change.concern(reason + held, do=do)


@risk("data-loss", before=_CLAIM, breaks={_CLAIM_ITSELF: ""}, passes={"team: sales": "team: support"})
def volume_is_removed(comparison: Comparison) -> Iterator[Concern]:
    """A claim is removed or renamed: its disk goes with it, unless its class says Retain.

    A claim cannot be renamed: the one of the new name gets a new, empty disk.
    """
    gone = {change.old.name for change in comparison.removed("Namespace")}
    copies = {origin: claim for claim in comparison.added("PersistentVolumeClaim") for origin in _origins(claim)}
    for change in comparison.removed("PersistentVolumeClaim"):
        claim = change.old
        if _is_made_by_another(comparison.new, claim):
            continue
        old = comparison.old
        volume = f"volume {claim.name} ({_size_and_class(old, claim)})"
        fate = _fate(old, claim, goes_with_namespace=claim.namespace in gone)
        copy = copies.get((claim.namespace, claim.name))
        if copy:
            yield change.concern(
                f"{volume} is copied to {copy.name}, and then removed: {fate}",
                do=f"delete {claim.name} only when {copy.name} is bound and its users are well",
            )
        elif change.new is None:
            yield change.concern(f"{volume} is removed: {fate}", do=_before_it_goes(old, claim))
        else:
            before, after = _names_of_both(claim, change.new)
            cannot, keep, _ = _cannot_be(change)
            yield change.concern(
                f"{volume} {cannot}: {after} is a new, empty one{_users(comparison.new, change.new)}; "
                f"of {before}, {fate}",
                do=f"{keep}; or stop its pods, copy the data to the new one, and then delete the old claim",
                field="metadata.namespace" if claim.namespace != change.new.namespace else "metadata.name",
            )


def _is_made_by_another(graph: Graph, claim: Resource) -> bool:
    """Whether a controller makes a claim, so that it is in a cluster and in no manifests."""
    owned = bool(shape.mappings(claim.manifest, "metadata", "ownerReferences"))
    return owned or (claim.namespace, claim.name) in _made(graph)


@fact
def _made(graph: Graph) -> frozenset[tuple[str, str]]:
    """Namespace and name of the claims that StatefulSets make."""
    return frozenset((made.namespace, name) for made in graph.of_kind("StatefulSet") for name in _claims_made(made))


def _before_it_goes(graph: Graph, claim: Resource) -> str:
    """What to do before a claim is deleted, with the backups that outlive it."""
    jobs = listed([job.name for job in backups_of(graph, claim)])
    restored = f", or that what {jobs} has backed up can be restored" if jobs else ""
    return f"make sure that nobody needs what is on it{restored}; otherwise copy or dump it first"


def _names_of_both(old: Resource, new: Resource) -> tuple[str, str]:
    if old.namespace == new.namespace:
        return old.name, new.name
    return f"{old.namespace}/{old.name}", f"{new.namespace}/{new.name}"


def _size_and_class(graph: Graph, claim: Resource) -> str:
    size = shape.dig(claim.spec, "resources", "requests", "storage")
    storage = class_of(graph, claim.spec)
    name = shape.text(claim.spec, "storageClassName") or (storage.name if storage else "")
    return ", ".join(filter(None, (str(size) if size else "", f"class {name}" if name else ""))) or "of unknown size"


def _fate(graph: Graph, claim: Resource, *, goes_with_namespace: bool) -> str:
    """What becomes of the disk of a claim that is no longer wanted."""
    policy = _reclaim_policy(graph, claim)
    if policy == "Retain":
        return "the disk is kept (reclaimPolicy Retain), but nothing mounts it"
    unless = " (reclaimPolicy Delete)" if policy == "Delete" else ", unless its reclaimPolicy is Retain"
    tools = _keepers(claim)
    if goes_with_namespace:
        fate = f"the disk is deleted with the claim, and that with its namespace{unless}"
    elif tools:
        fate = (
            f"{listed(tools)} {does(len(tools), 'leaves', 'leave')} the claim, but who deletes it, as kubectl apply "
            f"--prune does, deletes the disk{unless}"
        )
    else:
        fate = f"the disk is deleted with the claim, be it by hand or by kubectl apply --prune{unless}"
    is_alone = graph.of_kind("RecurringJob") and not backups_of(graph, claim)
    return fate + ("; no RecurringJob backs it up" if is_alone else "")


def _origins(claim: Resource) -> Iterator[tuple[str, str]]:
    """Namespace and name of the claim that this one is filled from."""
    for key in ("dataSource", "dataSourceRef"):
        source = shape.mapping(claim.spec, key)
        if shape.text(source, "kind") == "PersistentVolumeClaim":
            yield shape.text(source, "namespace") or claim.namespace, shape.text(source, "name")


def _users(graph: Graph, claim: Resource) -> str:
    users = users_of_claims(graph).get((claim.namespace, claim.name), ())
    return f" for {listed([f'{pod.workload.kind} {pod.workload.name}' for pod in users])}" if users else ""


def _reclaim_policy(graph: Graph, claim: Resource) -> str:
    """What happens to the disk of a claim that is deleted; empty if it cannot be known."""
    volume = graph.find("PersistentVolume", "", shape.text(claim.spec, "volumeName"))
    if volume:
        return shape.text(volume.spec, "persistentVolumeReclaimPolicy") or "Retain"
    storage = class_of(graph, claim.spec)
    return shape.text(storage.manifest, "reclaimPolicy") or "Delete" if storage else ""


@risk(
    "data-loss",
    before=DATABASE,
    breaks={"name: db, namespace": "name: database, namespace"},
    passes={"image: mariadb:11.8.8": "image: mariadb:11.8.9"},
)
def stateful_workload_is_removed(comparison: Comparison) -> Iterator[Concern]:
    """A StatefulSet with data, or a database, is removed or renamed: what it holds is no longer served.

    A StatefulSet's claims are named after it, and stay when it goes: under a new name it starts with new, empty ones.
    """
    for change in comparison.removed("StatefulSet", "Deployment", "ReplicaSet"):
        pod = Pod.of(change.old)
        if pod is None or not (change.kind == "StatefulSet" or runs(pod, *KEEP_DATA)):
            continue
        made = _claims_made(change.old)
        if made:
            yield _set_is_gone(change, change.old, made)
            continue
        still = users_of_claims(comparison.new)
        lost = [name for name in claims_by_volume(pod).values() if not still.get((pod.namespace, name))]
        if change.new is None and lost:
            yield change.concern(
                f"is removed: nothing serves what is on {_volumes_called(lost)} any more",
                do="make sure that nobody needs it, and dump it first: a dump needs the server",
            )


def _set_is_gone(change: Change, old: Resource, made: Sequence[str]) -> Concern:
    deleted = shape.text(old.spec, "persistentVolumeClaimRetentionPolicy", "whenDeleted") == "Delete"
    fate = "are deleted with it (whenDeleted: Delete)" if deleted else "stay, but no pod mounts them"
    if change.renamed_from:
        cannot, keep, was = _cannot_be(change)
        return change.concern(
            f"{cannot}: it starts with new, empty volumes; those of {was} ({listed(made)}) {fate}",
            do=f"{keep}; or dump {was}, and restore that into the new one before {was} is deleted",
            field="metadata.namespace" if was != old.name else "metadata.name",
        )
    return change.concern(
        f"is removed: its volumes ({listed(made)}) {fate}",
        do="make sure that nobody needs what is on them, and dump it first: a dump needs the server",
    )


def _claims_made(workload: Resource) -> list[str]:
    """The names of the claims that a StatefulSet makes."""
    if workload.kind != "StatefulSet":
        return []
    pod = Pod.of(workload)
    first = shape.number(workload.spec, "ordinals", "start") or 0
    numbers = range(first, first + min(pod.replicas if pod else 0, 100))
    return [f"{name}-{workload.name}-{number}" for name in claim_templates(workload) for number in numbers]


_VOLUMES_TOO: Final = "the database and its volumes"


_VOLUMES_IF_TOLD: Final = "the database, and its volumes if the operator is told so"


_APPLIED: Final = "all that it has applied, claims among it"


# Group and kind of what holds data, to what goes with it.
_HOLD_DATA: Final = {
    ("acid.zalan.do", "postgresql"): _VOLUMES_TOO,
    ("argoproj.io", "Application"): _APPLIED,
    ("clickhouse.altinity.com", "ClickHouseInstallation"): _VOLUMES_TOO,
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"): _VOLUMES_TOO,
    ("helm.toolkit.fluxcd.io", "HelmRelease"): _APPLIED,
    ("k8s.mariadb.com", "MariaDB"): _VOLUMES_IF_TOLD,
    ("kafka.strimzi.io", "Kafka"): "the brokers, and their volumes if deleteClaim says so",
    ("kafka.strimzi.io", "KafkaTopic"): "the topic and all messages in it",
    ("kustomize.toolkit.fluxcd.io", "Kustomization"): _APPLIED,
    ("longhorn.io", "Backup"): "the backup in the backup target",
    ("longhorn.io", "BackupVolume"): "all backups of the volume in the backup target",
    ("longhorn.io", "Volume"): "the volume with all of its replicas and snapshots",
    ("minio.min.io", "Tenant"): "the buckets, and their volumes if the operator is told so",
    ("mongodbcommunity.mongodb.com", "MongoDBCommunity"): _VOLUMES_IF_TOLD,
    ("mysql.oracle.com", "InnoDBCluster"): _VOLUMES_IF_TOLD,
    ("postgres-operator.crunchydata.com", "PostgresCluster"): _VOLUMES_TOO,
    ("postgresql.cnpg.io", "Cluster"): _VOLUMES_TOO,
    ("psmdb.percona.com", "PerconaServerMongoDB"): _VOLUMES_IF_TOLD,
    ("pxc.percona.com", "PerconaXtraDBCluster"): _VOLUMES_IF_TOLD,
    ("rabbitmq.com", "RabbitmqCluster"): "the queues and their volumes",
    ("redis.redis.opstreelabs.in", "Redis"): _VOLUMES_IF_TOLD,
    ("redis.redis.opstreelabs.in", "RedisCluster"): _VOLUMES_IF_TOLD,
    ("snapshot.storage.k8s.io", "VolumeSnapshot"): "the snapshot, unless its deletionPolicy is Retain",
    ("snapshot.storage.k8s.io", "VolumeSnapshotContent"): "the snapshot, unless its deletionPolicy is Retain",
}


@risk(
    "data-loss",
    before="""
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: orders, namespace: shop}
spec: {instances: 3, storage: {size: 10Gi}}
""",
    breaks={"name: orders": "name: sales"},
    passes={"instances: 3": "instances: 2"},
)
def data_of_operator_is_removed(comparison: Comparison) -> Iterator[Concern]:
    """An object is removed or renamed by which an operator keeps data: its pods go with it, and often its volumes.

    CloudNativePG's claims (1.25), for one, belong to their Cluster, and the garbage collection deletes them with it;
    Strimzi (0.46) keeps those of a Kafka unless `deleteClaim` says otherwise. Longhorn (1.9) deletes a backup in its
    target with the object that stands for it. Argo CD (3.x) deletes what an Application with its finalizer has applied,
    Flux (2.x) what a HelmRelease, or a Kustomization with `prune`, has; a suspended one leaves it.
    """
    for change in comparison.removed(*{kind for _, kind in _HOLD_DATA}):
        old = change.old
        held = _HOLD_DATA.get((old.group, old.kind))
        if held is None or (held is _APPLIED and not _deletes_what_it_applied(old)):
            continue
        if change.renamed_from:
            cannot, keep, was = _cannot_be(change)
            reason = f"{cannot}: it starts empty, and with {was} goes what that holds: {held}"
            do = f"{keep}; or make a backup of {was} and restore it into the new one first"
        else:
            reason = f"is removed, and with it what it holds: {held}"
            do = "make sure that nobody needs it, and that a backup of it can be restored"
        if held is _APPLIED:
            first = "take its finalizer away" if change.kind == "Application" else "suspend it"
            do = f"{first} before it is deleted: what it has applied stays then"
        yield change.concern(reason, do=do)


def _deletes_what_it_applied(old: Resource) -> bool:
    """Whether what a tool has applied is deleted with the object that told it to."""
    if old.kind == "Application":
        finalizers = shape.texts(old.manifest, "metadata", "finalizers")
        return any(name.startswith("resources-finalizer.argocd.argoproj.io") for name in finalizers)
    return old.spec.get("suspend") is not True and (old.kind == "HelmRelease" or old.spec.get("prune") is True)


_DISK: Final = """
apiVersion: v1
kind: PersistentVolume
metadata: {name: archive}
spec:
  capacity: {storage: 1Ti}
  accessModes: [ReadWriteMany]
  persistentVolumeReclaimPolicy: Retain
  claimRef: {name: files, namespace: shop}
  nfs: {server: nas.example, path: /archive}
"""


@risk(
    "data-loss",
    before=_DISK,
    breaks={"name: archive": "name: records"},
    passes={"storage: 1Ti": "storage: 2Ti"},
)
def disk_is_removed(comparison: Comparison) -> Iterator[Concern]:
    """A PersistentVolume is removed or renamed: nothing binds to it again.

    Kubernetes keeps it, Terminating, until the claim that is bound to it is gone (finalizer
    `kubernetes.io/pv-protection`).
    """
    for change in comparison.removed("PersistentVolume"):
        spec = change.old.spec
        name = shape.text(spec, "claimRef", "name")
        claim = f"claim {shape.text(spec, 'claimRef', 'namespace')}/{name}" if name else "the claim that is bound to it"
        delete = shape.text(spec, "persistentVolumeReclaimPolicy") == "Delete"
        before = f"{change.renamed_from.name} cannot be renamed" if change.renamed_from else "is removed"
        yield change.concern(
            f"{before}: it stays, Terminating, until {claim} is gone"
            + (", and its disk is deleted then" if delete else "; the disk itself stays"),
            do="keep it; or stop the pods, back the data up, and delete claim and volume together"
            + ("" if delete else ": a new volume of the same disk can serve a new claim"),
        )


@risk(
    "data-loss",
    before="""
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: orders.shop.example}
spec:
  group: shop.example
  names: {kind: Order, plural: orders}
  scope: Namespaced
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
""",
    breaks={
        "apiVersion: apiextensions.k8s.io/v1\n": "",
        "kind: CustomResourceDefinition\n": "",
        "metadata: {name: orders.shop.example}\n": "",
        "spec:\n  group: shop.example\n  names: {kind: Order, plural: orders}\n  scope: Namespaced\n": "",
    },
    passes={"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings, namespace: shop}\n": ""},
)
def definition_is_removed(comparison: Comparison) -> Iterator[Concern]:
    """A CustomResourceDefinition is removed: all objects of its kind are deleted from the whole cluster with it."""
    for change in comparison.removed("CustomResourceDefinition"):
        spec = change.old.spec
        kind, group = shape.text(spec, "names", "kind") or "its kind", shape.text(spec, "group")
        name = change.old.name
        yield change.concern(
            f"all objects of kind {kind}{f' ({group})' if group else ''} are deleted from the whole cluster",
            do=f"save them first (kubectl get -A -o yaml {name}), or keep the definition",
        )


@risk(
    "data-loss",
    before="""
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: orders.shop.example}
spec:
  group: shop.example
  names: {kind: Order, plural: orders}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec:
            type: object
            properties: {items: {type: integer}, note: {type: string}}
""",
    breaks={", note: {type: string}": ""},
    passes={", note: {type: string}": ", note: {type: string, maxLength: 80}"},
)
def definition_loses_fields(comparison: Comparison) -> Iterator[Concern]:
    """A CustomResourceDefinition has no longer a field: what objects say there is dropped when they are next written.

    What a structural schema does not know is pruned (Kubernetes: Custom Resources, field pruning).
    """
    for change in comparison.changed("CustomResourceDefinition"):
        gone = []
        for field in change.below("spec", "versions"):
            names = [step for above, step in pairwise(field.path) if above == "properties"]
            if field.new is None and field.path[-2] == "properties" and names[0] != "status":
                gone.append(".".join(names))
        if gone:
            kind = shape.text(change.object.spec, "names", "kind") or "its kind"
            yield change.concern(
                f"{listed(gone)} {does(len(set(gone)), 'is', 'are')} gone from {kind}: what objects say there is "
                "dropped when they are next written",
                do=f"see who says it (kubectl get -A -o yaml {change.object.name}), and move it first",
                field="spec.versions",
            )


# Kind to the fields that say whether data is kept, and what is deleted otherwise.
_KEEPS: Final[Mapping[str, tuple[tuple[tuple[str, ...], str], ...]]] = {
    "PersistentVolume": ((("spec", "persistentVolumeReclaimPolicy"), "the disk is deleted with the claim"),),
    "StatefulSet": (
        (
            ("spec", "persistentVolumeClaimRetentionPolicy", "whenDeleted"),
            "the volumes are deleted with the StatefulSet",
        ),
        (
            ("spec", "persistentVolumeClaimRetentionPolicy", "whenScaled"),
            "the volumes of pods are deleted when it is scaled down",
        ),
    ),
    "StorageClass": (
        (("reclaimPolicy",), "the disks of claims that are made from now on are deleted with the claims"),
    ),
    "VolumeSnapshotClass": (
        (("deletionPolicy",), "snapshots that are made from now on are deleted with their objects"),
    ),
    "VolumeSnapshotContent": ((("spec", "deletionPolicy"), "the snapshot is deleted with its object"),),
}


@risk(
    "data-loss",
    before=_DISK,
    breaks={"persistentVolumeReclaimPolicy: Retain": "persistentVolumeReclaimPolicy: Delete"},
    passes={"storage: 1Ti": "storage: 2Ti"},
)
def data_is_no_longer_kept(comparison: Comparison) -> Iterator[Concern]:
    """Disks, claims or snapshots that were kept are deleted together with what they belong to.

    Their policy becomes Delete, or the annotation is gone by which Helm, Flux or Argo CD leaves an object in the
    cluster that is no longer in its input.
    """
    for change in comparison.changed("Namespace", "PersistentVolume", "PersistentVolumeClaim"):
        tools = [tool for tool in _keepers(change.old) if tool not in _keepers(change.new)]
        if tools:
            yield change.concern(
                f"{listed(tools)} {does(len(tools), 'deletes', 'delete')} it from now on when it is no longer in the "
                "input, and with it what it holds",
                do="keep the annotation where the data must outlive its application",
                field=change.field("metadata", "annotations") or "",
            )
    for change in comparison.changed(*_KEEPS):
        for path, what in _KEEPS[change.kind]:
            for field in change.below(*path):
                # A whole policy comes or goes at once.
                rest = path[len(field.path) :]
                old, new = (shape.text(value, *rest) for value in (field.old, field.new))
                if (old or "Retain") == "Retain" and new in ("Delete", "Recycle"):
                    yield change.concern(
                        f"{what} ({path[-1]}: {new} instead of Retain)",
                        do="keep Retain, and delete by hand what nobody needs; or make sure that there are backups",
                        field=field,
                    )


@risk(
    "data-loss",
    before=DATABASE.replace(
        "spec:\n  serviceName",
        "spec:\n  replicas: 3\n  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}\n  serviceName",
    ),
    breaks={"replicas: 3": "replicas: 1"},
    passes={"replicas: 3": "replicas: 5"},
)
def volumes_go_with_replicas(comparison: Comparison) -> Iterator[Concern]:
    """A StatefulSet gives up pods whose volumes are deleted (whenScaled: Delete), or has others on empty volumes.

    Its pods are numbered from `ordinals.start` on: with another one, some are stopped, and others start with new, empty
    volumes.
    """
    for change in comparison.changed("StatefulSet"):
        if change.field("spec", "volumeClaimTemplates"):
            continue
        before, after = _claims_made(change.old), _claims_made(change.new)
        gone, come = ([name for name in one if name not in other] for one, other in ((before, after), (after, before)))
        if gone and shape.text(change.new.spec, "persistentVolumeClaimRetentionPolicy", "whenScaled") == "Delete":
            yield change.concern(
                f"{_volumes_called(gone)} {does(len(gone), 'is', 'are')} deleted with the pods "
                "(persistentVolumeClaimRetentionPolicy.whenScaled: Delete)",
                do="make sure that the other pods have all data; or set whenScaled: Retain first",
                field="spec.replicas" if change.field("spec", "replicas") else "spec.ordinals.start",
            )
        elif gone and come:
            yield change.concern(
                f"no pod mounts {_volumes_called(gone)} any more, and {listed(come)} {does(len(come), 'is', 'are')} "
                "new and empty: its pods have other numbers",
                do="keep ordinals.start, or make sure that the new pods get the data from others",
                field="spec.ordinals.start",
            )


@fact
def _claims_by_namespace(graph: Graph) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for claim in graph.of_kind("PersistentVolumeClaim"):
        found.setdefault(claim.namespace, []).append(claim.name)
    return found


def _volumes_called(names: Sequence[str]) -> str:
    return f"{'volume' if len(set(names)) == 1 else 'volumes'} {listed(names)}"
