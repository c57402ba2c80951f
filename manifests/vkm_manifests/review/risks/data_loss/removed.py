"""Data loss: what holds data is removed, or is no longer kept."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import runs
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.resource import Resource
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.examples import DATABASE
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.storage import backups_of, claim_templates, claims_by_volume, class_of
from vkm_manifests.review.wording import counted, listed

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


def _fate(graph: Graph, claim: Resource) -> str:
    """What becomes of the disk of a claim that is no longer wanted."""
    policy = _reclaim_policy(graph, claim)
    if policy == "Retain":
        return "the disk is kept (reclaimPolicy Retain), but nothing mounts it"
    unless = " (reclaimPolicy Delete)" if policy == "Delete" else ", unless its reclaimPolicy is Retain"
    tools = [tool for key, value, tool in _KEPT_BY if value in claim.annotations.get(key, "").split(",")]
    if tools:
        leave = f"{listed(tools)} {'leave' if len(tools) > 1 else 'leaves'} the claim"
        fate = f"{leave}, but whoever deletes it deletes the disk{unless}"
    else:
        fate = f"the disk is deleted with the claim{unless}"
    is_alone = graph.of_kind("RecurringJob") and not backups_of(graph, claim)
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
        for name in dict.fromkeys(claims_by_volume(pod).values()):
            found.setdefault((pod.namespace, name), []).append(pod)
    return found


def _users(graph: Graph, claim: Resource) -> str:
    users = _users_of_claims(graph).get((claim.namespace, claim.name), ())
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
        pod = Pod.of(change.old) if change.old else None
        if change.old is None or pod is None or not (change.kind == "StatefulSet" or runs(pod, *_DATABASES)):
            continue
        made = _claims_made(change.old)
        if made:
            yield _set_is_gone(change, change.old, made)
            continue
        still = _users_of_claims(comparison.new)
        claims = dict.fromkeys(claims_by_volume(pod).values())
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
            f"cannot be renamed: it starts with new, empty volumes; those of {old.name} ({listed(made)}) {fate}",
            do=f"keep the name; or dump {old.name}, and restore that into the new one before {old.name} is deleted",
            field="metadata.name",
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
    before=DATABASE.replace(
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


@fact
def _claims_by_namespace(graph: Graph) -> Mapping[str, Sequence[str]]:
    found: dict[str, list[str]] = {}
    for claim in graph.of_kind("PersistentVolumeClaim"):
        found.setdefault(claim.namespace, []).append(claim.name)
    return found


def _volumes_called(names: Sequence[str]) -> str:
    return f"{'volume' if len(set(names)) == 1 else 'volumes'} {listed(names)}"
