"""Data loss: data, or the means to get it back, may be gone."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Any, Final

from cronsim import CronSim, CronSimError

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import runs, software
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.graph.resource import Resource
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison, PodChange
from vkm_manifests.review.difference import Field
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.spelling import seconds

_DEFAULT_CLASS: Final = "storageclass.kubernetes.io/is-default-class"
_LONGHORN: Final = "driver.longhorn.io"
_DATABASES: Final = (
    "clickhouse-server",
    "couchdb",
    "elasticsearch",
    "etcd",
    "influxdb",
    "keydb",
    "mariadb",
    "mongo",
    "mysql",
    "opensearch",
    "percona",
    "postgis",
    "postgres",
    "postgresql",
    "redis",
    "timescaledb",
    "valkey",
)
# What a tool is told, so that it leaves an object in the cluster that is no longer in its input.
_KEPT_BY: Final = (
    ("helm.sh/resource-policy", "keep", "Helm"),
    ("kustomize.toolkit.fluxcd.io/prune", "disabled", "Flux"),
    ("argocd.argoproj.io/sync-options", "Prune=false", "Argo CD"),
)

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
_DATABASE: Final = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - name: db
        image: mariadb:11.8.8
        volumeMounts:
        - {name: data, mountPath: /var/lib/mysql}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}
"""


# What is removed.


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
        name = change.old.name if change.old else ""
        claims = _claims_by_namespace(comparison.old).get(name, ())
        held = f", {_count(len(claims), 'volume')} among it ({_some(claims)})" if claims else ""
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
    copies = {origin: claim for claim in comparison.added("PersistentVolumeClaim") for origin in _origins(claim)}
    for change in comparison.removed("PersistentVolumeClaim"):
        claim = change.old
        if claim is None or _is_made_by_another(comparison.new, claim):
            continue
        old = comparison.old
        volume = f"volume {claim.name} ({_size_and_class(old, claim)})"
        copy = copies.get((claim.namespace, claim.name))
        if copy:
            yield change.concern(
                f"{volume} is copied to {copy.name}, and then removed: {_fate(old, claim)}",
                do=f"delete {claim.name} only when {copy.name} is bound and its users are well",
            )
        elif change.new is None:
            yield change.concern(f"{volume} is removed: {_fate(old, claim)}", do=_before_it_goes(old, claim))
        else:
            before, after = _names_of_both(claim, change.new)
            yield change.concern(
                f"{volume} cannot be renamed: {after} is a new, empty one{_users(comparison.new, change.new)}; "
                f"of {before}, {_fate(old, claim)}",
                do="keep the name; or stop its pods, copy the data to the new one, and then delete the old claim",
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
    jobs = _some([job.name for job in _backups_of(graph, claim)])
    restored = f", or that what {jobs} has backed up can be restored" if jobs else ""
    return f"make sure that nobody needs what is on it{restored}; otherwise copy or dump it first"


def _names_of_both(old: Resource, new: Resource) -> tuple[str, str]:
    if old.namespace == new.namespace:
        return old.name, new.name
    return f"{old.namespace}/{old.name}", f"{new.namespace}/{new.name}"


def _size_and_class(graph: Graph, claim: Resource) -> str:
    size = shape.dig(claim.spec, "resources", "requests", "storage")
    storage = _class_of(graph, claim.spec)
    name = shape.text(claim.spec, "storageClassName") or (storage.name if storage else "")
    return ", ".join(filter(None, (str(size) if size else "", f"class {name}" if name else ""))) or "of unknown size"


def _fate(graph: Graph, claim: Resource) -> str:
    """What becomes of the disk of a claim that is no longer wanted."""
    policy = _reclaim_policy(graph, claim)
    if policy == "Retain":
        return "the disk is kept (reclaimPolicy Retain), but nothing mounts it"
    unless = " (reclaimPolicy Delete)" if policy == "Delete" else ", unless its reclaimPolicy is Retain"
    tools = [tool for key, value, tool in _KEPT_BY if value in claim.annotations.get(key, "").split(",")]
    if tools:
        leave = f"{_some(tools)} {'leave' if len(tools) > 1 else 'leaves'} the claim"
        fate = f"{leave}, but whoever deletes it deletes the disk{unless}"
    else:
        fate = f"the disk is deleted with the claim{unless}"
    is_alone = graph.of_kind("RecurringJob") and not _backups_of(graph, claim)
    return fate + ("; no RecurringJob backs it up" if is_alone else "")


def _origins(claim: Resource) -> Iterator[tuple[str, str]]:
    """Namespace and name of the claim that this one is filled from."""
    for key in ("dataSource", "dataSourceRef"):
        source = shape.mapping(claim.spec, key)
        if shape.text(source, "kind") == "PersistentVolumeClaim":
            yield shape.text(source, "namespace") or claim.namespace, shape.text(source, "name")


@fact
def _users_of_claims(graph: Graph) -> Mapping[tuple[str, str], Sequence[Pod]]:
    """The pods that mount each claim, by its namespace and name."""
    found: dict[tuple[str, str], list[Pod]] = {}
    for pod in graph.own_pods:
        for name in dict.fromkeys(_claims_by_volume(pod).values()):
            found.setdefault((pod.namespace, name), []).append(pod)
    return found


def _users(graph: Graph, claim: Resource) -> str:
    users = _users_of_claims(graph).get((claim.namespace, claim.name), ())
    return f" for {_some([f'{pod.workload.kind} {pod.workload.name}' for pod in users])}" if users else ""


def _class_of(graph: Graph, spec: Mapping[str, Any]) -> Resource | None:
    """The class of a claim's spec, as far as the input has it."""
    name = spec.get("storageClassName")
    if isinstance(name, str):
        return graph.find("StorageClass", "", name)
    return next((c for c in graph.of_kind("StorageClass") if c.annotations.get(_DEFAULT_CLASS) == "true"), None)


def _reclaim_policy(graph: Graph, claim: Resource) -> str:
    """What happens to the disk of a claim that is deleted; empty if it cannot be known."""
    volume = graph.find("PersistentVolume", "", shape.text(claim.spec, "volumeName"))
    if volume:
        return shape.text(volume.spec, "persistentVolumeReclaimPolicy") or "Retain"
    storage = _class_of(graph, claim.spec)
    return shape.text(storage.manifest, "reclaimPolicy") or "Delete" if storage else ""


@risk(
    "data-loss",
    before=_DATABASE,
    breaks={"name: db, namespace": "name: database, namespace"},
    passes={"image: mariadb:11.8.8": "image: mariadb:11.8.9"},
)
def stateful_workload_is_removed(comparison: Comparison) -> Iterator[Concern]:
    """A StatefulSet with data, or a database, is removed or renamed: what it holds is no longer served.

    A StatefulSet's claims are named after it, and stay when it goes: under a new name it starts with new, empty ones.
    """
    for change in comparison.removed("StatefulSet", "Deployment", "ReplicaSet"):
        pod = Pod.of(change.old) if change.old else None
        if change.old is None or pod is None or not (change.kind == "StatefulSet" or runs(pod, *_DATABASES)):
            continue
        made = _claims_made(change.old)
        if made:
            yield _set_is_gone(change, change.old, made)
            continue
        still = _users_of_claims(comparison.new)
        claims = dict.fromkeys(_claims_by_volume(pod).values())
        lost = [name for name in claims if not still.get((pod.namespace, name))]
        if change.new is None and lost:
            yield change.concern(
                f"is removed: nothing serves what is on {_volumes_called(lost)} any more",
                do="make sure that nobody needs it, and dump it first: a dump needs the server",
            )
        for name in claims if runs(pod, *_DATABASES) else ():
            yield from _successors(comparison, change.old, name)


def _successors(comparison: Comparison, old: Resource, claim: str) -> Iterator[Concern]:
    """New servers on the claim of one that goes: who applies them starts them before the old one is deleted."""
    for pod in _users_of_claims(comparison.new).get((old.namespace, claim), ()):
        change = comparison.by_identity.get(pod.workload.identity)
        is_new = change is not None and (change.old is None or change.renamed_from)
        if change and is_new and pod.runs_on and runs(pod, *_DATABASES):
            yield change.concern(
                f"runs on volume {claim} beside {old.name} until that is deleted, "
                "and two servers on one set of files can ruin them",
                do=f"scale {old.name} to 0 and delete it, then apply",
                field="metadata.name",
            )


def _set_is_gone(change: Change, old: Resource, made: Sequence[str]) -> Concern:
    deleted = shape.text(old.spec, "persistentVolumeClaimRetentionPolicy", "whenDeleted") == "Delete"
    fate = "are deleted with it (whenDeleted: Delete)" if deleted else "stay, but no pod mounts them"
    if change.renamed_from:
        return change.concern(
            f"cannot be renamed: it starts with new, empty volumes; those of {old.name} ({_some(made)}) {fate}",
            do=f"keep the name; or dump {old.name}, and restore that into the new one before {old.name} is deleted",
            field="metadata.name",
        )
    return change.concern(
        f"is removed: its volumes ({_some(made)}) {fate}",
        do="make sure that nobody needs what is on them, and dump it first: a dump needs the server",
    )


def _claims_made(workload: Resource) -> list[str]:
    """The names of the claims that a StatefulSet makes."""
    if workload.kind != "StatefulSet":
        return []
    pod = Pod.of(workload)
    first = shape.number(workload.spec, "ordinals", "start") or 0
    numbers = range(first, first + min(pod.replicas if pod else 0, 100))
    return [f"{name}-{workload.name}-{number}" for name in _templates(workload) for number in numbers]


def _templates(workload: Resource) -> list[str]:
    if workload.kind != "StatefulSet":
        return []
    return [shape.text(claim, "metadata", "name") for claim in shape.mappings(workload.spec, "volumeClaimTemplates")]


_VOLUMES_TOO: Final = "the database and its volumes"
_VOLUMES_IF_TOLD: Final = "the database, and its volumes if the operator is told so"

# Group and kind of what holds data, to what goes with it.
_HOLD_DATA: Final = {
    ("acid.zalan.do", "postgresql"): _VOLUMES_TOO,
    ("clickhouse.altinity.com", "ClickHouseInstallation"): _VOLUMES_TOO,
    ("elasticsearch.k8s.elastic.co", "Elasticsearch"): _VOLUMES_TOO,
    ("k8s.mariadb.com", "MariaDB"): _VOLUMES_IF_TOLD,
    ("kafka.strimzi.io", "Kafka"): "the brokers, and their volumes if deleteClaim says so",
    ("kafka.strimzi.io", "KafkaTopic"): "the topic and all messages in it",
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
    target with the object that stands for it.
    """
    for change in comparison.removed(*{kind for _, kind in _HOLD_DATA}):
        old = change.old
        held = _HOLD_DATA.get((old.group, old.kind)) if old else None
        if old is None or held is None:
            continue
        if change.renamed_from:
            reason = f"cannot be renamed: it starts empty, and with {old.name} goes what that holds: {held}"
            do = f"keep the name; or make a backup of {old.name} and restore it into the new one first"
        else:
            reason = f"is removed, and with it what it holds: {held}"
            do = "make sure that nobody needs it, and that a backup of it can be restored"
        yield change.concern(reason, do=do)


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
    """A PersistentVolume is removed or renamed: the claim that is bound to it is lost.

    The claim cannot be bound to another one: its phase is Lost from then on.
    """
    for change in comparison.removed("PersistentVolume"):
        spec = change.old.spec if change.old else {}
        name = shape.text(spec, "claimRef", "name")
        claim = f"claim {shape.text(spec, 'claimRef', 'namespace')}/{name}" if name else "the claim that is bound to it"
        delete = shape.text(spec, "persistentVolumeReclaimPolicy") == "Delete"
        before = f"{change.renamed_from.name} cannot be renamed" if change.renamed_from else "is removed"
        yield change.concern(
            f"{before}: {claim} loses its data"
            + (", and the disk is deleted" if delete else "; the disk itself stays"),
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
        spec = change.old.spec if change.old else {}
        kind, group = shape.text(spec, "names", "kind") or "its kind", shape.text(spec, "group")
        name = change.old.name if change.old else ""
        yield change.concern(
            f"all objects of kind {kind}{f' ({group})' if group else ''} are deleted from the whole cluster",
            do=f"save them first (kubectl get -A -o yaml {name}), or keep the definition",
        )


# What is kept no longer.

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
    """Disks, claims or snapshots that were kept are deleted together with what they belong to (Retain to Delete)."""
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
    before=_DATABASE.replace(
        "spec:\n  serviceName",
        "spec:\n  replicas: 3\n  persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}\n  serviceName",
    ),
    breaks={"replicas: 3": "replicas: 1"},
    passes={"replicas: 3": "replicas: 5"},
)
def volumes_go_with_replicas(comparison: Comparison) -> Iterator[Concern]:
    """A StatefulSet is scaled down that deletes the volumes of the pods it gives up (whenScaled: Delete)."""
    for change in comparison.changed("StatefulSet"):
        if change.old is None or change.new is None or not change.field("spec", "replicas"):
            continue
        policy = shape.text(change.new.spec, "persistentVolumeClaimRetentionPolicy", "whenScaled")
        after = set(_claims_made(change.new))
        gone = [name for name in _claims_made(change.old) if name not in after]
        if policy == "Delete" and gone:
            yield change.concern(
                f"{_volumes_called(gone)} {'is' if len(gone) == 1 else 'are'} deleted with the pods "
                "(persistentVolumeClaimRetentionPolicy.whenScaled: Delete)",
                do="make sure that the other pods have all data; or set whenScaled: Retain first",
                field="spec.replicas",
            )


# What pods write, and where it goes.


@dataclass(frozen=True, slots=True)
class _Place:
    """What a container finds at a path.

    Attributes:
        volume: the name of the volume that is mounted there; empty if none is.
        claim: the claim that it is; empty if it is none.
        part: the folder of it.
        sort: the kind of volume: `persistentVolumeClaim`, `emptyDir`, ...
        writable: whether it can write there.
    """

    volume: str = ""
    claim: str = ""
    part: str = ""
    sort: str = ""
    writable: bool = False


_WORKLOAD: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
        volumeMounts:
        - {name: data, mountPath: /data}
        - {name: scratch, mountPath: /tmp}
      volumes:
      - name: data
        persistentVolumeClaim: {claimName: data}
      - name: scratch
        emptyDir: {}
"""


@risk(
    "data-loss",
    before=_WORKLOAD,
    breaks={"persistentVolumeClaim: {claimName: data}": "emptyDir: {sizeLimit: 1Gi}"},
    passes={"emptyDir: {}": "emptyDir: {sizeLimit: 1Gi}"},
)
def path_loses_its_volume(comparison: Comparison) -> Iterator[Concern]:
    """A container finds no volume, or another one, where it has kept its data.

    What it writes to an emptyDir, or to no volume at all, is gone with the pod; and what it has written so far is not
    there any more.
    """
    renamed = {
        (change.old.namespace, change.old.name): change.new.name if change.new else ""
        for change in comparison.removed("PersistentVolumeClaim")
        if change.old
    }
    for pods in _pods(comparison):
        by_cause: dict[tuple[str, str, str], list[_Loss]] = {}
        for loss in _losses(pods):
            # A claim that is renamed, or made anew for a renamed StatefulSet, is told of as such.
            if loss.new.claim and renamed.get((pods.old.namespace, loss.old.claim)) == loss.new.claim:
                continue
            by_cause.setdefault((loss.old.claim, loss.new.claim, loss.new.sort), []).append(loss)
        for losses in by_cause.values():
            first = losses[0]
            field = f"{first.container.field}.volumeMounts[{first.path}]"
            yield pods.change.concern(_lost(losses), do=_instead(first), field=field)


def _pods(comparison: Comparison) -> Iterator[PodChange]:
    """The workloads that are not what they were, those under a new name among them."""
    yield from comparison.pods
    for change in comparison.removed():
        old, new = (Pod.of(side) if side else None for side in (change.old, change.new))
        if old and new:
            yield PodChange(change, old, new)


@dataclass(frozen=True, slots=True)
class _Loss:
    """A path at which a container wrote to a claim, and finds something else."""

    container: Container
    path: str
    old: _Place
    new: _Place


def _losses(pods: PodChange) -> Iterator[_Loss]:
    before, after = (_claims_by_volume(pod) for pod in (pods.old, pods.new))
    made = _templates(pods.old.workload), _templates(pods.new.workload)
    renamed_to: dict[str, Container] = {}
    known = {container.name for container in pods.old.containers}
    for container in pods.new.containers:
        if container.name not in known:
            for path in _places(pods.new, container, after):
                renamed_to.setdefault(path, container)
    for old, new in pods.containers():
        for path, place in _places(pods.old, old, before).items() if old else ():
            if not place.claim or not place.writable:
                continue
            # A container that is gone writes nothing; one with the same path may be it, under a new name.
            now = new or renamed_to.get(path)
            if now is None:
                continue
            places = _places(pods.new, now, after)
            found = _place_of(places, path)
            if pods.change.renamed_from and place.volume in made[0] and found.volume in made[1]:
                continue
            if not found.volume and _is_moved(now, place, places):
                continue
            if (found.claim, found.part) != (place.claim, place.part):
                yield _Loss(now, path, place, found)


def _is_moved(container: Container, old: _Place, places: Mapping[str, _Place]) -> bool:
    """Whether the same folder is mounted at another path, of which the program is told."""
    told = [*_settings(container).values(), *shape.texts(container.manifest, "args")]
    return any(
        (place.claim, place.part) == (old.claim, old.part) and any(path in value for value in told)
        for path, place in places.items()
    )


def _places(pod: Pod, container: Container, claims: Mapping[str, str]) -> dict[str, _Place]:
    """What a container finds at each path at which something is mounted."""
    volumes = {shape.text(volume, "name"): volume for volume in shape.mappings(pod.spec, "volumes")}
    found = {}
    for mount in shape.mappings(container.manifest, "volumeMounts"):
        name = shape.text(mount, "name")
        sort = next((str(key) for key in volumes.get(name, {}) if key != "name"), "")
        source = shape.mapping(volumes.get(name), "persistentVolumeClaim")
        found[shape.text(mount, "mountPath").rstrip("/") or "/"] = _Place(
            volume=name,
            claim=claims.get(name, ""),
            part=(shape.text(mount, "subPath") or shape.text(mount, "subPathExpr")).strip("/"),
            sort="persistentVolumeClaim" if name in claims else sort,
            writable=mount.get("readOnly") is not True and source.get("readOnly") is not True,
        )
    return found


def _place_of(places: Mapping[str, _Place], path: str) -> _Place:
    """What is found at a path: mounted there, or a folder of what is mounted above it."""
    below = ""
    above = path
    while above:
        if above in places:
            place = places[above]
            return replace(place, part="/".join(filter(None, (place.part, below))))
        above, _, step = above.rpartition("/")
        below = "/".join(filter(None, (step, below)))
    return _Place()


def _lost(losses: Sequence[_Loss]) -> str:
    old, new = losses[0].old, losses[0].new
    who = _some([loss.container.name for loss in losses])
    finds = "finds" if len({loss.container.name for loss in losses}) == 1 else "find"
    where = _some([loss.path for loss in losses])
    folders = _some([loss.old.part or "/" for loss in losses])
    before = f"volume {old.claim}" + (f" (folder {folders})" if folders != "/" else "")
    if not new.volume:
        return (
            f"{who} {finds} nothing mounted at {where}, where {before} was: what is written there is gone with the pod"
        )
    if new.claim == old.claim:
        found, fate = f"folder {new.part or '/'} of volume {new.claim}", "it starts with what is there, or empty"
        before = f"folder {folders}"
    elif new.claim:
        found, fate = f"volume {new.claim}", "not the data that it had"
    elif new.sort == "emptyDir":
        found, fate = "an emptyDir", "it starts empty, and what is written to it is gone with the pod"
    else:
        found, fate = new.sort or "another volume", "not the data that it had"
    return f"{who} {finds} {found} at {where}, instead of {before}: {fate}"


def _instead(loss: _Loss) -> str:
    if loss.new.claim:
        copied = "copy what is in the old place to the new one first"
        return f"stop the pods and {copied}; or mount {loss.old.claim} as before"
    return (
        f"mount {loss.old.claim} at {loss.path} again; "
        "or make sure that nothing that is written there must outlive a pod"
    )


def _claims_by_volume(pod: Pod) -> Mapping[str, str]:
    """The volumes of a pod that are claims, each to the claim's name; a StatefulSet's end in the set's name."""
    found = {}
    for volume in shape.mappings(pod.spec, "volumes"):
        claim = shape.text(volume, "persistentVolumeClaim", "claimName")
        if claim:
            found[shape.text(volume, "name")] = claim
    for name in _templates(pod.workload):
        found[name] = f"{name}-{pod.workload.name}"
    return found


# Variables and options that say where a database keeps its files.
_DIRECTORIES: Final = ("PGDATA", "MYSQL_DATADIR", "MARIADB_DATADIR", "GF_PATHS_DATA")
_DIRECTORY_OPTIONS: Final = ("--datadir", "--dbpath", "--dir", "--storage.tsdb.path", "--data-dir")


@risk(
    "data-loss",
    before=_DATABASE.replace(
        "image: mariadb:11.8.8", "image: mariadb:11.8.8\n        args: [--datadir=/var/lib/mysql/a]"
    ),
    breaks={"--datadir=/var/lib/mysql/a": "--datadir=/var/lib/mysql/b"},
    passes={"--datadir=/var/lib/mysql/a": "--datadir=/var/lib/mysql/a, --max-connections=10"},
)
def data_directory_is_another(comparison: Comparison) -> Iterator[Concern]:
    """A server is told of another directory for its data: it starts with an empty one."""
    for pods in _pods(comparison):
        for old, new in pods.containers():
            if old is None or new is None:
                continue
            before, after = (_settings(container) for container in (old, new))
            there, here = (
                _places(pod, container, _claims_by_volume(pod)) for pod, container in ((pods.old, old), (pods.new, new))
            )
            for name in (*_DIRECTORIES, *_DIRECTORY_OPTIONS):
                was, now = before.get(name, "").rstrip("/"), after.get(name, "").rstrip("/")
                place, found = _place_of(there, was), _place_of(here, now)
                if was and now and place.claim and (place.claim, place.part) != (found.claim, found.part):
                    yield pods.change.concern(
                        f"{new.name} keeps its data in {now} instead of {was}: it starts with what is there, or empty",
                        do=f"keep {name} as it was; or stop the pods and move the files first",
                        field=f"{new.field}.{'args' if name.startswith('-') else f'env[{name}]'}",
                    )


def _settings(container: Container) -> dict[str, str]:
    """The variables and the long options of a container, each with its value."""
    found = {
        shape.text(variable, "name"): str(variable["value"])
        for variable in shape.mappings(container.manifest, "env")
        if isinstance(variable.get("value"), (str, int, float))
    }
    words = [*shape.texts(container.manifest, "command"), *shape.texts(container.manifest, "args")]
    for word, following in pairwise((*words, "")):
        name, equals, value = word.partition("=")
        if name.startswith("-") and not any(character.isspace() for character in name):
            found[name] = value if equals else "" if following.startswith("--") else following
    return found


_REDIS: Final = ("redis", "redis-stack-server", "valkey", "keydb")
_IN_MEMORY: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: jobs, namespace: shop}
spec:
  selector: {matchLabels: {app: jobs}}
  template:
    metadata: {labels: {app: jobs}}
    spec:
      containers:
      - name: redis
        image: redis:8.8.2
        args: [redis-server, --appendonly, "yes", --maxmemory-policy, noeviction, --maxmemory, 256mb]
        volumeMounts: [{name: data, mountPath: /data}]
      volumes:
      - name: data
        persistentVolumeClaim: {claimName: jobs}
"""


@risk(
    "data-loss",
    before=_IN_MEMORY,
    breaks={'"yes"': '"no"', "noeviction": "allkeys-lru"},
    passes={"256mb": "512mb"},
)
def redis_forgets(comparison: Comparison) -> Iterator[Concern]:
    """A Redis that kept its data no longer writes it to its volume, or evicts it when its memory is full.

    Queued jobs are lost that way, silently. Redis 8 writes no append-only file unless it is told to (`appendonly`),
    and evicts nothing (`maxmemory-policy noeviction`).
    """
    for pods in _pods(comparison):
        for old, new in pods.containers():
            if old is None or new is None or software(shape.text(new.manifest, "image")) not in _REDIS:
                continue
            claims = _claims_by_volume(pods.old)
            if not any(place.claim for place in _places(pods.old, old, claims).values()):
                continue
            before, after = (_settings(container) for container in (old, new))
            causes = []
            if before.get("--appendonly") == "yes" and after.get("--appendonly", "no") != "yes":
                saves = "--save" in after and bool(after["--save"].strip("\"' "))
                causes.append(
                    "what it was told since its last snapshot is gone with each restart (appendonly: no)"
                    if saves
                    else "it keeps nothing over a restart (appendonly: no)"
                    if "--save" in after
                    else "up to an hour of what it was told is gone when it crashes (appendonly: no)"
                )
            policy = after.get("--maxmemory-policy", "noeviction")
            if before.get("--maxmemory-policy", "noeviction") == "noeviction" and policy != "noeviction":
                causes.append(f"it throws keys away when its memory is full (maxmemory-policy: {policy})")
            if causes:
                yield pods.change.concern(
                    f"{new.name} kept its data; now {', and '.join(causes)}",
                    do="keep it durable where jobs or sessions are in it; put what may be lost into another Redis",
                    field=f"{new.field}.args",
                )


# Backups.

_BACKUP_WORDS: Final = re.compile(
    r"(?:^|[^a-z])(?:backups?|dumps?|pg_?dump(?:all)?|pg_basebackup|(?:mysql|mariadb|mongo)-?dump|mariadb-backup|"
    r"xtrabackup|wal-g|barman|restic|borg|borgmatic|kopia|velero|etcdctl snapshot|snapshots?)(?:$|[^a-z])"
)
_DRILL_WORDS: Final = re.compile(r"(?:^|[^a-z])(?:restore|drill|verify|check|clean-?up|prune|exporter)(?:$|[^a-z])")
_DRILLS: Final = re.compile(
    r"(?:^|[^a-z])(?:restore-?(?:drill|test|check)|backup-?(?:test|verify|check)|drill)(?:$|[^a-z])"
)
# Group and kind of what makes backups at certain times, to its schedule.
_SCHEDULES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("batch", "CronJob"): ("spec", "schedule"),
    ("k8s.mariadb.com", "Backup"): ("spec", "schedule", "cron"),
    ("k8up.io", "Schedule"): ("spec", "backup", "schedule"),
    ("longhorn.io", "RecurringJob"): ("spec", "cron"),
    ("postgresql.cnpg.io", "ScheduledBackup"): ("spec", "schedule"),
    ("velero.io", "Schedule"): ("spec", "schedule"),
    ("volsync.backube", "ReplicationSource"): ("spec", "trigger", "schedule"),
}
_KINDS_OF_BACKUPS: Final = tuple(sorted({kind for _, kind in _SCHEDULES}))
_BACKUP_TASKS: Final = ("backup", "backup-force-create", "system-backup")
_SNAPSHOT_TASKS: Final = ("snapshot", "snapshot-force-create")

_DUMP: Final = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: db-dump, namespace: shop}
spec:
  schedule: 10 1 * * *
  suspend: false
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: dump
            image: mariadb:11.8.8
            command: [/bin/sh, /scripts/dump.sh]
            env: [{name: RETAIN, value: "7"}]
"""
_MAIL: Final = """
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: mail, namespace: shop}
spec:
  schedule: 0 6 * * *
"""


def _is_backup(resource: Resource | None) -> bool:
    """Whether an object makes backups at certain times."""
    if resource is None or (resource.group, resource.kind) not in _SCHEDULES:
        return False
    if resource.kind == "RecurringJob":
        return shape.text(resource.spec, "task") in (*_BACKUP_TASKS, *_SNAPSHOT_TASKS)
    if resource.kind != "CronJob":
        return True
    component = resource.labels.get("app.kubernetes.io/component", "")
    named = f"{resource.name} {component}".lower()
    if _DRILL_WORDS.search(named):
        return False
    return bool(_BACKUP_WORDS.search(named)) or any(map(_runs_a_backup, _containers(resource)))


def _is_drill(resource: Resource | None) -> bool:
    """Whether an object tries at certain times if backups can be restored."""
    if resource is None or resource.kind != "CronJob":
        return False
    return bool(_DRILLS.search(f"{resource.name} {resource.labels.get('app.kubernetes.io/component', '')}".lower()))


def _containers(workload: Resource) -> tuple[Container, ...]:
    pod = Pod.of(workload)
    return pod.containers if pod else ()


def _runs_a_backup(container: Container) -> bool:
    words = (*shape.texts(container.manifest, "command"), *shape.texts(container.manifest, "args"))
    return any(_BACKUP_WORDS.search(word.lower()) for word in words)


@risk("data-loss", before=_DUMP + _MAIL, breaks={_DUMP.lstrip("\n"): ""}, passes={_MAIL: ""})
def backup_is_removed(comparison: Comparison) -> Iterator[Concern]:
    """What makes backups is removed: nothing that changes from then on can be restored.

    So it is with what tries whether they can be restored. One that is renamed goes on.
    """
    namespaces = {change.old.name for change in comparison.removed("Namespace") if change.old}
    for change in comparison.removed(*_KINDS_OF_BACKUPS):
        # With a whole namespace goes what made its backups.
        if change.new is not None or change.old is None or change.old.namespace in namespaces:
            continue
        if _is_backup(change.old) and not _goes_on(comparison, change.old):
            what = "snapshots" if shape.text(change.old.spec, "task") in _SNAPSHOT_TASKS else "backups"
            yield change.concern(
                f"is removed: it made {what}{_of_what(comparison.old, change.old)} {_how_often(change.old)}, "
                "and does not any more",
                do="keep it; or make sure that another backup has the same data, and that it can be restored",
            )
        elif _is_drill(change.old):
            yield change.concern(
                "is removed: nobody notices any more when the backups cannot be restored",
                do="keep it, or try by hand now and then whether the backups can be restored",
            )


def _goes_on(comparison: Comparison, job: Resource) -> bool:
    """Whether something else makes the same backups: the same job, written otherwise."""
    if job.kind != "RecurringJob":
        hosts = _hosts(job)
        others = (other for other in comparison.added(job.kind) if other.namespace == job.namespace)
        return bool(hosts) and any(_is_backup(other) and _hosts(other) == hosts for other in others)
    claims = _claims_of(comparison.old).get(job.name, ())
    pairs = [(claim, comparison.new.find("PersistentVolumeClaim", claim.namespace, claim.name)) for claim in claims]
    still = [(before, now) for before, now in pairs if now]
    return bool(still) and all(_goes_on_for(comparison, job, before, now) for before, now in still)


def _goes_on_for(comparison: Comparison, job: Resource, before: Resource, now: Resource) -> bool:
    """Whether a volume is backed up as well as before, or has snapshots, without one of Longhorn's jobs."""
    if shape.text(job.spec, "task") in _SNAPSHOT_TASKS:
        return any(shape.text(other.spec, "task") in _SNAPSHOT_TASKS for other in _jobs_of(comparison.new, now))
    return not _worse(_backups_of(comparison.old, before), _backups_of(comparison.new, now))


@fact
def _claims_of(graph: Graph) -> Mapping[str, Sequence[Resource]]:
    """The claims whose volumes each recurring job of Longhorn takes, by its name."""
    found: dict[str, list[Resource]] = {}
    for claim in graph.of_kind("PersistentVolumeClaim"):
        for job in _jobs_of(graph, claim):
            found.setdefault(job.name, []).append(claim)
    return found


def _of_what(graph: Graph, job: Resource) -> str:
    """Of which volumes or database something makes backups, as far as it can be known."""
    is_longhorns = job.kind == "RecurringJob"
    names = [claim.name for claim in _claims_of(graph).get(job.name, ())] if is_longhorns else _hosts(job)
    return f" of {_some(names)}" if names else ""


def _hosts(job: Resource) -> list[str]:
    """The database servers that a job is told of."""
    settings = [_settings(container) for container in _containers(job)]
    return [value for found in settings for name, value in found.items() if name in _HOSTS and value]


_HOSTS: Final = ("DATABASE_HOST", "DB_HOST", "MARIADB_HOST", "MYSQL_HOST", "PGHOST", "POSTGRES_HOST", "--host", "-h")


def _how_often(job: Resource) -> str:
    gap = _longest_gap(shape.text(job.manifest, *_SCHEDULES[job.group, job.kind]))
    return f"every {_duration(gap)}" if gap else "now and then"


@risk(
    "data-loss",
    before=_DUMP,
    breaks={"suspend: false": "suspend: true"},
    passes={"10 1 * * *": "40 2 * * *"},
)
def backup_is_rarer(comparison: Comparison) -> Iterator[Concern]:
    """Backups are made more rarely, or no longer: more of what changes between two of them can be lost."""
    for change in comparison.changes:
        if not _is_backup(change.old) or change.old is None or change.new is None:
            continue
        for key in ("suspend", "paused"):
            if change.new.spec.get(key) is True and change.old.spec.get(key) is not True:
                yield change.concern(
                    f"is suspended: no backups{_of_what(comparison.old, change.old)} are made until it no longer is",
                    do="let it run; or make a backup by hand before whatever it must be suspended for, and set a date",
                    field=f"spec.{key}",
                )
        path = _SCHEDULES[change.old.group, change.old.kind]
        old, new = (shape.text(side.manifest, *path) for side in (change.old, change.new))
        if old == new:
            continue
        before, after = _longest_gap(old), _longest_gap(new)
        if before and (after is None or after > before * 1.1):
            yield change.concern(
                f"runs every {_duration(after)} instead of every {_duration(before)}: "
                "what changes in between can be lost"
                if after
                else f"never runs at {new!r}: no backups are made any more",
                do="keep the schedule, or make sure that this much can be lost",
                field=".".join(path),
            )


def _longest_gap(schedule: str) -> timedelta | None:
    """The longest time between two runs of a cron schedule; None if it never runs."""
    macros = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0"}
    macros |= {"@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *"}
    text = macros.get(schedule.strip(), schedule.strip())
    every = seconds(text.removeprefix("@every ").strip()) if text.startswith("@every ") else None
    if every:
        return timedelta(seconds=float(every))
    # The seconds come first where there are six fields, as CloudNativePG has them.
    fields = text.split()
    text = " ".join(fields[1:]) if len(fields) == 6 else text
    # A Friday: what rests at the weekend does so soon.
    start = datetime(2023, 12, 29, 12, tzinfo=UTC)
    try:
        runs_at = list(islice(CronSim(text, start), 300))
    except (CronSimError, ValueError):
        return None
    return max((after - before for before, after in pairwise(runs_at)), default=None)


def _duration(gap: timedelta) -> str:
    if gap >= timedelta(days=1):
        count, unit = round(gap / timedelta(days=1)), "day"
    elif gap >= timedelta(hours=1):
        count, unit = round(gap / timedelta(hours=1)), "hour"
    else:
        count, unit = max(1, round(gap / timedelta(minutes=1))), "minute"
    return unit if count == 1 else f"{count} {unit}s"


_KEEPS_FOR: Final = re.compile(
    r"retain|retention|keep|ttl|max_?age|expire|rotate|BACKUP_(?:NUM|COUNT|DAYS)|copies", re.IGNORECASE
)
_HISTORY: Final = ("successfulJobsHistoryLimit", "failedJobsHistoryLimit", "ttlSecondsAfterFinished")


@risk(
    "data-loss",
    before=_DUMP,
    breaks={'value: "7"': 'value: "3"'},
    passes={'value: "7"': 'value: "14"'},
)
def backup_is_kept_shorter(comparison: Comparison) -> Iterator[Concern]:
    """Fewer backups are kept, or each for a shorter time: older ones are deleted at the next run.

    What somebody notices late cannot be restored then. Longhorn (1.9) deletes those above `retain` when it has made
    the next one.
    """
    for change in comparison.changes:
        if not _is_backup(change.old) or change.old is None or change.new is None:
            continue
        for name, old, new, field in (*_amounts_of_fields(change), *_amounts_of_settings(change.old, change.new)):
            if _is_less(old, new):
                yield change.concern(
                    f"keeps {new} backups instead of {old}: the older ones are deleted at the next run ({name})"
                    if _is_count(old) and _is_count(new)
                    else f"keeps backups for {new} instead of {old}: the older ones are deleted ({name})",
                    do="keep as many as before; or copy elsewhere what is still needed",
                    field=field,
                )


_Amount = tuple[str, str, str, Field | str]


def _amounts_of_fields(change: Change) -> Iterator[_Amount]:
    """Fields of operators' kinds that say what is kept."""
    for field in change.fields:
        name = field.path[-1]
        # A container's are told of by their variables and options.
        in_pods = any(step in ("env", "args", "command", "annotations", "labels") for step in field.path)
        if not in_pods and name not in _HISTORY and any(map(_KEEPS_FOR.search, field.path)):
            yield name, str(field.old or ""), str(field.new or ""), field


def _amounts_of_settings(old: Resource, new: Resource) -> Iterator[_Amount]:
    after = {container.name: container for container in _containers(new)}
    for container in _containers(old):
        now = after.get(container.name)
        if now is None:
            continue
        known = _settings(now)
        for name, value in _settings(container).items():
            if _KEEPS_FOR.search(name):
                field = f"{now.field}.{'args' if name.startswith('-') else f'env[{name}]'}"
                yield name, value, known.get(name, ""), field


def _is_count(text: str) -> bool:
    return text.strip().isdecimal()


def _is_less(old: str, new: str) -> bool:
    """Whether something is a smaller amount, count or time than it was."""
    before, after = _amount(old), _amount(new)
    return before is not None and after is not None and after < before


def _amount(text: str) -> float | None:
    text = text.strip()
    time = seconds(text)
    if time is not None:
        return float(time)
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:(days?|d)|(weeks?|w)|(months?|m)|(years?|y))?", text, re.IGNORECASE)
    if found:
        number, day, week, month, year = found.groups()
        scale = 86400 if day else 604800 if week else 2592000 if month else 31536000 if year else 1
        return float(number) * scale
    size = quantity(re.sub(r"(?<=[KMGTPE])B$", "", text))
    return float(size) if size is not None else None


@risk(
    "data-loss",
    before=_WORKLOAD.replace(
        "image: example/web:1.0.0", "image: prom/prometheus:v3.13.2\n        args: [--storage.tsdb.retention.time=30d]"
    ),
    breaks={"retention.time=30d": "retention.time=7d"},
    passes={"retention.time=30d": "retention.time=60d"},
)
def data_is_kept_shorter(comparison: Comparison) -> Iterator[Concern]:
    """A server keeps what it stores for a shorter time, or less of it: what is older is deleted soon."""
    for change in comparison.changed():
        if change.old is None or change.new is None or change.kind == "CronJob":
            continue
        if Pod.of(change.old):
            amounts: Iterable[_Amount] = _amounts_of_settings(change.old, change.new)
        elif (change.old.group, change.kind) in _SCHEDULES:
            continue
        else:
            amounts = _amounts_of_fields(change)
        for name, old, new, field in amounts:
            if "retention" in name.lower() and _is_less(old, new):
                yield change.concern(
                    f"keeps its data for {new} instead of {old}: what is older is deleted ({name})"
                    if seconds(old) is not None
                    else f"keeps {new} of its data instead of {old}: what is older is deleted ({name})",
                    do="keep it as before, or make sure that nobody needs what is older",
                    field=field,
                )


# What volumes are backed up by.

_VOLUMES_BACKED_UP: Final = """
apiVersion: longhorn.io/v1beta2
kind: RecurringJob
metadata: {name: daily, namespace: longhorn-system}
spec: {name: daily, task: backup, cron: 30 1 * * *, retain: 30, concurrency: 1, groups: [critical]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: shop
  labels:
    recurring-job.longhorn.io/source: enabled
    recurring-job-group.longhorn.io/critical: enabled
    team: sales
spec: {accessModes: [ReadWriteOnce], storageClassName: longhorn, resources: {requests: {storage: 10Gi}}}
"""


@risk(
    "data-loss",
    before=_VOLUMES_BACKED_UP,
    breaks={"    recurring-job-group.longhorn.io/critical: enabled\n": ""},
    passes={"    team: sales\n": ""},
)
def volume_leaves_backup(comparison: Comparison) -> Iterator[Concern]:
    """A volume is no longer backed up: it, or what made its backups, has left the group.

    Longhorn (1.9) takes the groups from the claim's labels while it has `recurring-job.longhorn.io/source: enabled`;
    a volume without any is in the group `default`.
    """
    changed = {change.identity: change for change in comparison.changed("RecurringJob", "PersistentVolumeClaim")}
    left: dict[Change, list[str]] = {}
    for claim in comparison.old.of_kind("PersistentVolumeClaim"):
        now = comparison.new.find("PersistentVolumeClaim", claim.namespace, claim.name)
        before = _backups_of(comparison.old, claim)
        if now is None or not before:
            continue
        after = _backups_of(comparison.new, now)
        own = changed.get(now.identity)
        if own and any(_is_of_longhorn(field) for field in own.below("metadata", "labels")):
            worse = _worse(before, after)
            if worse:
                yield own.concern(
                    f"volume {claim.name} {worse}",
                    do="give it the labels again; or make sure that another backup has its data",
                    field="metadata.labels",
                )
        elif not after:
            for job in before:
                if job.identity in changed:
                    left.setdefault(changed[job.identity], []).append(claim.name)
    for change, claims in left.items():
        yield change.concern(
            f"no longer makes backups of {_some(claims)}, and nothing else does",
            do="let it take their group again; or give the volumes the group of another backup first",
            field=change.field("spec", "task") or change.field("spec", "groups") or "",
        )


def _worse(before: Sequence[Resource], after: Sequence[Resource]) -> str:
    """How a volume's backups are worse than before by its labels; empty if they are not."""
    took = _some([job.name for job in before])
    if not after:
        return f"is no longer backed up: {took} took it, and will not"
    will = f"{_some([job.name for job in after])} takes it instead of {took}"
    gaps = [[gap for job in jobs if (gap := _longest_gap(shape.text(job.spec, "cron")))] for jobs in (before, after)]
    kept = [sum(shape.number(job.spec, "retain") or 0 for job in jobs) for jobs in (before, after)]
    if all(gaps) and min(gaps[1]) > min(gaps[0]) * 1.1:
        return f"is backed up every {_duration(min(gaps[1]))} instead of every {_duration(min(gaps[0]))}: {will}"
    return f"keeps {kept[1]} backups instead of {kept[0]}: {will}" if kept[1] < kept[0] else ""


def _is_of_longhorn(field: Field) -> bool:
    names = field.path[2:3] or tuple(map(str, {**shape.mapping(field.old), **shape.mapping(field.new)}))
    return any("longhorn.io/" in name for name in names)


@fact
def _jobs_by_group(graph: Graph) -> Mapping[str, Sequence[Resource]]:
    """Longhorn's recurring jobs by their groups, and by `job/name`."""
    found: dict[str, list[Resource]] = {}
    for job in graph.of_kind("RecurringJob"):
        if job.group == "longhorn.io":
            for group in (f"job/{job.name}", *shape.texts(job.spec, "groups")):
                found.setdefault(group, []).append(job)
    return found


def _jobs_of(graph: Graph, claim: Resource) -> list[Resource]:
    """The recurring jobs of Longhorn that take a claim's volume."""
    storage = _class_of(graph, claim.spec)
    if storage and shape.text(storage.manifest, "provisioner") != _LONGHORN:
        return []
    wanted = []
    if claim.labels.get("recurring-job.longhorn.io/source") == "enabled":
        for label, value in claim.labels.items():
            prefix, _, name = label.partition("/")
            if value == "enabled" and prefix == "recurring-job-group.longhorn.io":
                wanted.append(name)
            if value == "enabled" and prefix == "recurring-job.longhorn.io" and name != "source":
                wanted.append(f"job/{name}")
    known = _jobs_by_group(graph)
    found = [job for group in wanted or ["default"] for job in known.get(group, ())]
    return list(dict.fromkeys(found))


def _backups_of(graph: Graph, claim: Resource) -> list[Resource]:
    """Those of them that make backups, which outlive the volume, unlike snapshots."""
    return [job for job in _jobs_of(graph, claim) if shape.text(job.spec, "task") in _BACKUP_TASKS]


# Kind to where backups go.
_TARGETS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "BackupStorageLocation": (("spec", "objectStorage", "bucket"), ("spec", "objectStorage", "prefix")),
    "BackupTarget": (("spec", "backupTargetURL"),),
    "Cluster": (("spec", "backup", "barmanObjectStore", "destinationPath"),),
    "ObjectStore": (("spec", "configuration", "destinationPath"),),
    "Setting": (("value",),),
}
_TARGET_SETTINGS: Final = ("backup-target",)


@risk(
    "data-loss",
    before="""
apiVersion: longhorn.io/v1beta2
kind: BackupTarget
metadata: {name: default, namespace: longhorn-system}
spec: {backupTargetURL: s3://backups@eu/, credentialSecret: s3, pollInterval: 5m}
""",
    breaks={"s3://backups@eu/": "s3://other@eu/"},
    passes={"pollInterval: 5m": "pollInterval: 10m"},
)
def backup_target_is_another(comparison: Comparison) -> Iterator[Concern]:
    """Backups go elsewhere, or nowhere: those that exist are no longer listed, and cannot be restored from here.

    Longhorn (1.9) removes its objects of the backups in the old target, not the backups.
    """
    for change in comparison.changes:
        old = change.old
        if old is None or change.kind not in _TARGETS or old.group in ("", "cluster.x-k8s.io"):
            continue
        if change.kind == "Setting" and old.name not in _TARGET_SETTINGS:
            continue
        before = [shape.text(old.manifest, *path) for path in _TARGETS[change.kind]]
        after = [shape.text(change.new.manifest, *path) if change.new else "" for path in _TARGETS[change.kind]]
        if not any(before) or before == after:
            continue
        if change.new is None and change.kind == "Cluster":
            # The whole database is removed.
            continue
        there, where = (" ".join(filter(None, side)) for side in (before, after))
        yield change.concern(
            f"backups go to {where} instead of {there}: those made so far cannot be restored from here"
            if where
            else f"backups no longer go to {there}: none are made, and none can be restored",
            do="keep the old target beside the new one until the new one has as many backups as are needed",
            field=".".join(_TARGETS[change.kind][0]) if change.new else "",
        )


# Keys.

_LOCKS_DATA: Final = re.compile(
    r"^app[-_.]?key$|(?<![a-z])(?:master|encrypt(?:ion)?|crypto?|cipher)[-_.]?(?:secret[-_.]?)?key(?![a-z])|"
    r"secret[-_.]?key[-_.]?base|fernet|unseal|passphrase|restic[-_.]password|borg[-_.]pass",
    re.IGNORECASE,
)


@risk(
    "data-loss",
    before="""
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: app, namespace: shop}
spec:
  refreshInterval: 1h
  secretStoreRef: {kind: ClusterSecretStore, name: store}
  data:
  - {secretKey: app-key, remoteRef: {key: shop/app-key}}
""",
    breaks={"shop/app-key": "shop/new-key"},
    passes={"refreshInterval: 1h": "refreshInterval: 2h"},
)
def key_to_data_is_another(comparison: Comparison) -> Iterator[Concern]:
    """A key with which data is encrypted gets another value, or is gone: what it locked cannot be read again.

    BookStack and other Laravel applications encrypt with `APP_KEY`, Rails with `SECRET_KEY_BASE`, restic its whole
    repository with its password. Which keys are such is told by their names. What a store holds (External Secrets) is
    not lost with the object that reads it; a sealed value is another one each time it is sealed, and tells nothing.
    """
    for change in comparison.changes:
        if change.old is None or change.kind not in ("Secret", "ExternalSecret"):
            continue
        if change.kind == "ExternalSecret":
            reason = _read_elsewhere(change)
        elif change.new is None:
            reason = _unlocks("is removed with its {keys}", _stored_keys(change.old))
        else:
            reason = _unlocks("{keys} {has} another value", _changed_keys(change))
        if reason:
            yield change.concern(
                reason,
                do="keep the old value where it can be found again, and encrypt the data anew, if the application can",
                field="" if change.new is None else "spec.data" if change.kind == "ExternalSecret" else "data",
            )
    for pods in _pods(comparison):
        for old, new in pods.containers():
            names = [name for name in _variables_from_elsewhere(old, new) if _LOCKS_DATA.search(name)]
            if names and new:
                yield pods.change.concern(
                    f"{new.name} takes {_some(names)} from another place: unless the value is the same, "
                    "what is encrypted with it cannot be read again",
                    do="let the new place hold the old value",
                    field=f"{new.field}.env[{names[0]}]",
                )


def _unlocks(what: str, keys: Sequence[str]) -> str:
    """What happens to keys, if some of them lock data."""
    found = [key for key in keys if _LOCKS_DATA.search(key)]
    if not found:
        return ""
    told = what.format(keys=_some(found), has="has" if len(found) == 1 else "have")
    return f"{told}: what is encrypted with {'it' if len(found) == 1 else 'them'} cannot be read again"


def _read_elsewhere(change: Change) -> str:
    """What happens to a key that is read from another place in a store, or in another one; empty if none is."""
    if change.old is None or change.new is None:
        return ""
    before, after = (
        {shape.text(item, "secretKey"): _place_in_store(side, item) for item in shape.mappings(side.spec, "data")}
        for side in (change.old, change.new)
    )
    for key, place in before.items():
        now = after.get(key)
        if _LOCKS_DATA.search(key) and now and now != place:
            there, here = (" ".join(filter(None, side)) for side in (place, now))
            told = f"{key} is read from {here} instead of {there}"
            return f"{told}: unless the value is the same, what is encrypted with it cannot be read again"
    return ""


def _variables_from_elsewhere(old: Container | None, new: Container | None) -> Iterator[str]:
    """The variables of a container that take their value from another key than before, or have another one."""
    if old is None or new is None:
        return
    before, after = (
        {shape.text(item, "name"): item for item in shape.mappings(container.manifest, "env")}
        for container in (old, new)
    )
    for name, variable in before.items():
        now = after.get(name)
        if now and any(variable.get(key) != now.get(key) for key in ("value", "valueFrom")):
            yield name


def _place_in_store(secret: Resource, item: Mapping[str, Any]) -> tuple[str, ...]:
    store = shape.mapping(item, "sourceRef", "storeRef") or shape.mapping(secret.spec, "secretStoreRef")
    ref = shape.mapping(item, "remoteRef")
    return shape.text(store, "name"), *(shape.text(ref, key) for key in ("key", "property", "version"))


def _stored_keys(secret: Resource) -> list[str]:
    return [str(key) for path in (("data",), ("stringData",)) for key in shape.mapping(secret.manifest, *path)]


def _changed_keys(change: Change) -> list[str]:
    """The keys of a Secret whose value is not what it was."""
    found = []
    for path in (("data",), ("stringData",)):
        for field in change.below(*path):
            if len(field.path) > len(path) and field.old is not None:
                found.append(field.path[len(path)])
    return found


@risk(
    "data-loss",
    before="""
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: app, namespace: shop}
spec:
  refreshInterval: 1h
  secretStoreRef: {kind: ClusterSecretStore, name: store}
  target: {creationPolicy: Orphan, deletionPolicy: Retain}
  data:
  - {secretKey: app-key, remoteRef: {key: shop/app-key}}
""",
    breaks={"creationPolicy: Orphan": "creationPolicy: Owner"},
    passes={"refreshInterval: 1h": "refreshInterval: 2h"},
)
def key_to_data_is_no_longer_kept(comparison: Comparison) -> Iterator[Concern]:
    """A Secret with a key that locks data is deleted with the ExternalSecret, or when the store no longer has it.

    External Secrets (2.x): `creationPolicy: Owner` in place of Orphan or Merge, `deletionPolicy: Delete` in place of
    Retain.
    """
    for change in comparison.changed("ExternalSecret"):
        if change.old is None or change.new is None:
            continue
        keys = [shape.text(item, "secretKey") for item in shape.mappings(change.new.spec, "data")]
        locking = [key for key in keys if _LOCKS_DATA.search(key)]
        old, new = (shape.mapping(side.spec, "target") for side in (change.old, change.new))
        causes = []
        stays = shape.text(old, "creationPolicy") in ("Orphan", "Merge")
        if stays and shape.text(new, "creationPolicy") in ("", "Owner"):
            causes.append("with this object (creationPolicy: Owner)")
        if shape.text(old, "deletionPolicy") in ("", "Retain") and shape.text(new, "deletionPolicy") == "Delete":
            causes.append("when the store no longer has it (deletionPolicy: Delete)")
        if locking and causes:
            yield change.concern(
                f"the Secret with {_some(locking)} is deleted {' and '.join(causes)} from now on",
                do="keep creationPolicy: Orphan and deletionPolicy: Retain for what locks data",
                field="spec.target",
            )


# Words.


@fact
def _claims_by_namespace(graph: Graph) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for claim in graph.of_kind("PersistentVolumeClaim"):
        found.setdefault(claim.namespace, []).append(claim.name)
    return found


def _volumes_called(names: Sequence[str]) -> str:
    return f"{'volume' if len(set(names)) == 1 else 'volumes'} {_some(names)}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _some(words: Iterable[str]) -> str:
    """At most three of them, and how many more there are."""
    found = list(dict.fromkeys(words))
    told = [*found[:3], f"{len(found) - 3} more"] if len(found) > 3 else found
    return " and ".join(filter(None, (", ".join(told[:-1]), *told[-1:])))
