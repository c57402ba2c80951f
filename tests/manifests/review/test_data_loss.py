"""Data, and the means to get it back, that may be gone."""

from copy import deepcopy
from typing import Any

import pytest

from vkm_manifests.review import Concern, review

Manifest = dict[str, Any]

KEPT = {
    "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
    "helm.sh/resource-policy": "keep",
    "kustomize.toolkit.fluxcd.io/prune": "disabled",
}


def _object(kind: str, group: str, name: str, /, metadata: Manifest | None = None, **body: Any) -> Manifest:
    return {
        "apiVersion": group,
        "kind": kind,
        "metadata": {"name": name, "namespace": "shop", **(metadata or {})},
        **body,
    }


def _claim(name: str = "data", labels: Manifest | None = None, annotations: Manifest | None = None) -> Manifest:
    spec: Manifest = {"accessModes": ["ReadWriteOnce"], "storageClassName": "fast"}
    spec["resources"] = {"requests": {"storage": "10Gi"}}
    metadata = {"labels": labels or {}, "annotations": annotations or {}}
    return _object("PersistentVolumeClaim", "v1", name, metadata, spec=spec)


def _class(policy: str = "Delete") -> Manifest:
    body = {"provisioner": "driver.longhorn.io", "reclaimPolicy": policy}
    return {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": "fast"}, **body}


def _workload(
    *volumes: Manifest,
    kind: str = "StatefulSet",
    name: str = "orders",
    image: str = "mariadb:11.8.8",
    mounts: list[Manifest] | None = None,
    container: Manifest | None = None,
    **spec: Any,
) -> Manifest:
    main = {"name": "main", "image": image, "volumeMounts": mounts or [{"name": "data", "mountPath": "/data"}]}
    pod = {"containers": [main | (container or {})], "volumes": list(volumes)}
    template = {"metadata": {"labels": {"app": "db"}}, "spec": pod}
    return _object(
        kind, "apps/v1", name, spec={"selector": {"matchLabels": {"app": "db"}}, "template": template, **spec}
    )


def _volume(claim: str = "data", name: str = "data") -> Manifest:
    return {"name": name, "persistentVolumeClaim": {"claimName": claim}}


def _templates(*names: str) -> list[Manifest]:
    return [{"metadata": {"name": name}, "spec": {"accessModes": ["ReadWriteOnce"]}} for name in names]


def _concerns(old: list[Manifest], new: list[Manifest]) -> list[Concern]:
    found = review(old, new).objects
    return [concern for item in found for concern in item.concerns if concern.level == "data-loss"]


def _told(old: list[Manifest], new: list[Manifest]) -> list[str]:
    return [concern.reason for concern in _concerns(old, new)]


# Volumes and what serves them.


def test_a_namespace_takes_its_volumes_with_it() -> None:
    namespace: Manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    found = _concerns([namespace, _claim("a"), _claim("b")], [_claim("a"), _claim("b")])
    assert [concern.reason for concern in found] == [
        "everything in namespace shop is deleted with it, 2 volumes among it (a and b)"
    ]


def test_a_namespace_that_is_renamed_starts_empty() -> None:
    def all_in(namespace: str) -> list[Manifest]:
        found = [{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}]
        for manifest in (_claim(), _workload(_volume())):
            manifest["metadata"]["namespace"] = namespace
            found.append(manifest)
        return found

    told = _told(all_in("shop"), all_in("store"))
    assert (
        "shop cannot be renamed: store starts empty, and what is in shop is deleted with it, 1 volume among it (data)"
        in told
    )
    assert any(
        reason.startswith("volume data (10Gi, class fast) cannot be moved to another namespace: store/data is a new")
        for reason in told
    )


@pytest.mark.parametrize(
    ("others", "fate"),
    [
        (
            [_class()],
            "the disk is deleted with the claim, be it by hand or by kubectl apply --prune (reclaimPolicy Delete)",
        ),
        ([_class("Retain")], "the disk is kept (reclaimPolicy Retain), but nothing mounts it"),
        (
            [],
            "the disk is deleted with the claim, be it by hand or by kubectl apply --prune, unless its reclaimPolicy "
            "is Retain",
        ),
    ],
)
def test_the_class_says_what_becomes_of_a_disk(others: list[Manifest], fate: str) -> None:
    assert _told([_claim(), *others], others) == [f"volume data (10Gi, class fast) is removed: {fate}"]


def test_a_claim_that_tools_leave() -> None:
    assert _told([_class(), _claim(annotations=KEPT)], [_class()]) == [
        "volume data (10Gi, class fast) is removed: Helm, Flux and Argo CD leave the claim, but who deletes it, as "
        "kubectl apply --prune does, deletes the disk (reclaimPolicy Delete)"
    ]


def test_a_claim_that_goes_with_its_namespace_is_left_by_nobody() -> None:
    namespace: Manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    told = _told([namespace, _class(), _claim(annotations=KEPT)], [_class()])
    assert told[1] == (
        "volume data (10Gi, class fast) is removed: the disk is deleted with the claim, and that with its namespace "
        "(reclaimPolicy Delete)"
    )


def test_a_claim_that_is_renamed_is_told_of_once() -> None:
    old, new = [_claim("data"), _workload(_volume("data"))], [_claim("files"), _workload(_volume("files"))]
    assert _told(old, new) == [
        "volume data (10Gi, class fast) cannot be renamed: files is a new, empty one for StatefulSet orders; of data, "
        "the disk is deleted with the claim, be it by hand or by kubectl apply --prune, unless its reclaimPolicy is "
        "Retain"
    ]


def test_a_claim_that_is_copied_is_not_empty() -> None:
    new = _claim("files")
    new["spec"]["dataSource"] = {"kind": "PersistentVolumeClaim", "name": "data"}
    (found,) = _concerns([_claim("data")], [new])
    assert found.reason.startswith("volume data (10Gi, class fast) is copied to files, and then removed")


def test_a_claim_that_a_controller_has_made_is_in_no_manifests() -> None:
    workload = _workload(volumeClaimTemplates=_templates("data"), replicas=2)
    assert _told([_claim("data-orders-1"), workload], [workload]) == []
    assert len(_told([_claim("data-orders-2"), workload], [workload])) == 1, "there is no third pod"
    owned = _claim("orders-1")
    owned["metadata"]["ownerReferences"] = [
        {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "name": "orders"}
    ]
    assert _told([owned], []) == []


def test_the_backups_of_a_claim_that_goes_are_named() -> None:
    groups = {"recurring-job.longhorn.io/source": "enabled", "recurring-job-group.longhorn.io/critical": "enabled"}
    (with_backup,) = _concerns([_class(), _job(), _claim(labels=groups)], [_class(), _job()])
    assert "what nightly has backed up can be restored" in with_backup.do
    (without,) = _concerns([_class(), _job(), _claim()], [_class(), _job()])
    assert without.reason.endswith("; no RecurringJob backs it up")


def test_a_set_that_makes_claims_starts_with_new_ones_under_a_new_name() -> None:
    old, new = (
        _workload(name=name, volumeClaimTemplates=_templates("data"), replicas=2) for name in ("orders", "sales")
    )
    assert _told([old], [new]) == [
        "cannot be renamed: it starts with new, empty volumes; those of orders (data-orders-0 and data-orders-1) "
        "stay, but no pod mounts them"
    ]
    assert _told([old], []) == [
        "is removed: its volumes (data-orders-0 and data-orders-1) stay, but no pod mounts them"
    ]


def test_a_set_in_another_namespace_starts_with_new_ones_as_well() -> None:
    old, new = (_workload(volumeClaimTemplates=_templates("data")) for _ in "ab")
    new["metadata"]["namespace"] = "store"
    spaces: list[Manifest] = [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}} for name in ("shop", "store")
    ]
    (found,) = _concerns([*spaces, old], [*spaces, new])
    assert found.reason == (
        "cannot be moved to another namespace: it starts with new, empty volumes; those of shop/orders (data-orders-0) "
        "stay, but no pod mounts them"
    )
    assert found.do.startswith("keep the namespace; or dump shop/orders")


def test_a_set_may_delete_its_claims() -> None:
    policy = {"whenDeleted": "Delete"}
    old = _workload(volumeClaimTemplates=_templates("data"), persistentVolumeClaimRetentionPolicy=policy)
    assert _told([old], []) == ["is removed: its volumes (data-orders-0) are deleted with it (whenDeleted: Delete)"]


def test_a_set_on_a_claim_that_stays() -> None:
    old, new = _workload(_volume()), _workload(_volume(), name="sales")
    assert _told([_claim(), old], [_claim()]) == ["is removed: nothing serves what is on volume data any more"]
    assert _told([_claim(), old], [_claim(), new]) == [
        "runs on volume data beside StatefulSet orders until that is deleted, and two servers on one set of files can "
        "ruin them"
    ]


def test_a_workload_without_data_may_go() -> None:
    empty = {"name": "data", "emptyDir": {}}
    assert _told([_workload(empty)], []) == []
    assert _told([_claim(), _workload(_volume(), kind="Deployment", image="example/web:1.0.0")], [_claim()]) == []


def test_a_deployment_may_be_a_database() -> None:
    redis = _workload(_volume(), kind="Deployment", image="redis:8.8.2")
    assert _told([_claim(), redis], [_claim()]) == ["is removed: nothing serves what is on volume data any more"]


# Servers beside each other.

SURGE = {"type": "RollingUpdate"}
RECREATE = {"type": "Recreate"}
OTHERS = {"env": [{"name": "POSTGRESQL_REPLICATION_MODE", "value": "master"}]}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"strategy": RECREATE}, {"strategy": RECREATE, "replicas": 2}, "2 pods run on volume data"),
        ({"kind": "StatefulSet"}, {"kind": "StatefulSet", "replicas": 2}, "2 pods run on volume data"),
        ({"strategy": RECREATE}, {"strategy": SURGE}, "whenever its pod is replaced, the new one starts beside"),
        ({"strategy": RECREATE}, {}, "whenever its pod is replaced, the new one starts beside"),
        ({"strategy": SURGE}, {"strategy": RECREATE}, ""),
        ({"strategy": RECREATE, "replicas": 0}, {"strategy": RECREATE, "replicas": 1}, ""),
        ({"replicas": 0}, {"replicas": 1}, ""),
        ({"image": "example/web:1.0.0"}, {"image": "example/web:1.0.0", "replicas": 2}, ""),
    ],
)
def test_two_servers_on_one_volume(old: Manifest, new: Manifest, told: str) -> None:
    before, after = (_workload(_volume(), **{"kind": "Deployment", "replicas": 1, **side}) for side in (old, new))
    found = _told([before], [after])
    assert len(found) == bool(told)
    assert all(reason.startswith(told) and reason.endswith("can ruin them") for reason in found)


def test_a_claim_for_one_pod_has_no_second_server() -> None:
    claim = _claim()
    claim["spec"]["accessModes"] = ["ReadWriteOncePod"]
    old, new = (_workload(_volume(), replicas=count) for count in (1, 2))
    assert _told([claim, old], [claim, new]) == [], "the second one waits for it"


@pytest.mark.parametrize(
    ("workload", "told"),
    [({}, True), ({"container": OTHERS}, False), ({"image": "elasticsearch:9.2.1"}, False)],
    ids=["nothing says that it replicates", "told of others", "a cluster by itself"],
)
def test_servers_on_volumes_of_their_own(workload: Manifest, told: bool) -> None:
    old, new = (_workload(volumeClaimTemplates=_templates("data"), replicas=count, **workload) for count in (1, 3))
    assert len(_told([old], [new])) == told
    assert _told([new], [old]) == []


# What pods find.


def _found(new: Manifest, **old: Any) -> list[str]:
    return _told([_claim(), _claim("other"), _workload(_volume(), **old)], [_claim(), _claim("other"), new])


@pytest.mark.parametrize(
    ("new", "reason"),
    [
        (
            _workload({"name": "data", "emptyDir": {}}),
            "main finds an emptyDir at /data, instead of volume data: it starts empty, and what is written to it is "
            "gone with the pod",
        ),
        (
            _workload(_volume("other")),
            "main finds volume other at /data, instead of volume data: not the data that it had",
        ),
        (
            _workload({"name": "data", "hostPath": {"path": "/srv"}}),
            "main finds the node's folder /srv at /data, instead of volume data: not the data that it had",
        ),
        (
            _workload(_volume(), mounts=[{"name": "data", "mountPath": "/files"}]),
            "main finds nothing mounted at /data, where volume data was: what is written there is gone with the pod",
        ),
        (
            _workload(_volume(), mounts=[{"name": "data", "mountPath": "/data", "subPath": "db"}]),
            "main finds folder db of volume data at /data, instead of folder /: it starts with what is there, or empty",
        ),
    ],
)
def test_a_path_that_loses_its_volume(new: Manifest, reason: str) -> None:
    assert _found(new) == [reason]


@pytest.mark.parametrize(
    "new",
    [
        _workload(_volume(name="files"), mounts=[{"name": "files", "mountPath": "/data/"}]),
        _workload(_volume(), mounts=[{"name": "data", "mountPath": "/data"}, {"name": "data", "mountPath": "/more"}]),
        _workload(_volume(), container={"name": "other"}),
    ],
    ids=["volume renamed", "second mount", "container renamed"],
)
def test_a_path_that_keeps_it(new: Manifest) -> None:
    assert _found(new) == []


EMPTY: Manifest = {"emptyDir": {}}


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"hostPath": {"path": "/srv/a"}}, EMPTY, "an emptyDir at /data, instead of the node's folder /srv/a"),
        ({"hostPath": {"path": "/srv/a"}}, {"hostPath": {"path": "/srv/b"}}, "the node's folder /srv/b at /data"),
        ({"hostPath": {"path": "/var/run/docker.sock"}}, EMPTY, ""),
        ({"hostPath": {"path": "/srv/a"}}, {"hostPath": {"path": "/srv/a", "type": "Directory"}}, ""),
        ({"nfs": {"server": "a", "path": "/x"}}, {"nfs": {"server": "b", "path": "/x"}}, "the share b:/x at /data"),
        (
            {"csi": {"driver": "nfs.csi.k8s.io", "volumeAttributes": {"server": "a", "share": "/x"}}},
            EMPTY,
            "an emptyDir at /data, instead of the share a:/x",
        ),
        ({"csi": {"driver": "secrets-store.csi.k8s.io", "volumeAttributes": {"secretProviderClass": "a"}}}, EMPTY, ""),
        ({"configMap": {"name": "a"}}, EMPTY, ""),
    ],
)
def test_what_is_kept_outside_of_claims(old: Manifest, new: Manifest, told: str) -> None:
    found = _told([_workload({"name": "data", **old})], [_workload({"name": "data", **new})])
    assert len(found) == bool(told)
    assert all(reason.startswith(f"main finds {told}") for reason in found)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("postgres:17.5", "bitnami/postgresql:17.5.0", True),
        ("bitnami/redis:8.2.1", "redis:8.2.1", True),
        ("bitnami/redis:8.2.1", "bitnamilegacy/redis:8.2.1", False),
        ("postgres:17.5", "postgis/postgis:17-3.5", False),
        ("example/web:1.0", "bitnami/nginx:1.0", False),
    ],
)
def test_an_image_that_keeps_its_data_in_another_folder(old: str, new: str, told: bool) -> None:
    assert len(_found(_workload(_volume(), image=new), image=old)) == told


def test_a_directory_on_another_volume_is_told_of_once() -> None:
    where = {"env": [{"name": "PGDATA", "value": "/data"}]}
    assert len(_found(_workload(_volume("other"), container=where), container=where)) == 1


def test_a_part_of_a_volume_may_be_mounted_as_a_whole() -> None:
    parts = [{"name": "data", "mountPath": "/data/files", "subPath": "files"}]
    assert _found(_workload(_volume(), mounts=[{"name": "data", "mountPath": "/data"}]), mounts=parts) == []


def test_what_is_only_read_is_not_lost() -> None:
    mounts = [{"name": "data", "mountPath": "/data", "readOnly": True}]
    assert _found(_workload({"name": "data", "emptyDir": {}}, mounts=mounts), mounts=mounts) == []


def test_one_volume_at_several_paths_is_one_concern() -> None:
    mounts = [{"name": "data", "mountPath": f"/data/{part}", "subPath": part} for part in "abcd"]
    new = _workload({"name": "data", "emptyDir": {}}, mounts=mounts)
    assert _found(new, mounts=mounts) == [
        "main finds an emptyDir at /data/a, /data/b, /data/c and 1 more, instead of volume data (folder a, b, c and 1 "
        "more): it starts empty, and what is written to it is gone with the pod"
    ]


def test_a_sidecar_that_goes_loses_nothing() -> None:
    old = _workload(_volume())
    old["spec"]["template"]["spec"]["containers"].append(
        {"name": "sidecar", "image": "a:1", "volumeMounts": [{"name": "data", "mountPath": "/seen"}]}
    )
    assert _told([_claim(), old], [_claim(), _workload(_volume())]) == []


def test_a_claim_that_a_set_made_itself() -> None:
    old = _workload(volumeClaimTemplates=_templates("data"))
    told = _told([old], [_workload({"name": "data", "emptyDir": {}})])
    assert told == [
        "main finds an emptyDir at /data, instead of volume data-orders: it starts empty, and what is written to it "
        "is gone with the pod"
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ({"env": [{"name": "PGDATA", "value": "/data/a"}]}, {"env": [{"name": "PGDATA", "value": "/data/b"}]}, True),
        ({"args": ["--datadir", "/data/a"]}, {"args": ["--datadir=/data/b"]}, True),
        ({"args": ["--datadir", "/data/a"]}, {"args": ["--datadir=/data/a/"]}, False),
        ({"args": ["--datadir=/tmp/a"]}, {"args": ["--datadir=/tmp/b"]}, False),
        ({"args": ["--log-dir", "/data/a"]}, {"args": ["--log-dir", "/data/b"]}, False),
    ],
)
def test_another_directory_for_the_data(old: Manifest, new: Manifest, told: bool) -> None:
    assert len(_found(_workload(_volume(), container=new), container=old)) == told


def test_a_volume_that_moves_together_with_its_path() -> None:
    def at(path: str) -> Manifest:
        mounts = [{"name": "data", "mountPath": path}]
        return _workload(_volume(), mounts=mounts, container={"args": [f"--storage.tsdb.path={path}"]})

    assert _told([_claim(), at("/prometheus")], [_claim(), at("/metrics")]) == []


REDIS = ["--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction"]


@pytest.mark.parametrize(
    ("args", "reason"),
    [
        (REDIS[2:], "main kept its data; now it keeps nothing over a restart (appendonly: no)"),
        (
            ["--appendonly", "no", "--save", "60 1"],
            "main kept its data; now what it was told since its last snapshot is gone with each restart (appendonly: "
            "no)",
        ),
        (
            [*REDIS[:4], "--maxmemory-policy", "volatile-lru"],
            "main kept its data; now it throws keys away when its memory is full (maxmemory-policy: volatile-lru)",
        ),
        (REDIS[:4], None),
        ([*REDIS, "--maxmemory", "1gb"], None),
    ],
)
def test_a_redis_that_forgets(args: list[str], reason: str | None) -> None:
    old, new = {"args": REDIS}, {"args": args}
    found = _found(_workload(_volume(), image="redis:8.8.2", container=new), image="redis:8.8.2", container=old)
    assert found == ([reason] if reason else [])


def test_a_cache_has_nothing_to_forget() -> None:
    empty = {"name": "data", "emptyDir": {}}
    old, new = (_workload(empty, image="redis:8.8.2", container={"args": args}) for args in (REDIS, REDIS[2:]))
    assert _told([old], [new]) == []


# What is kept.


@pytest.mark.parametrize(
    ("kind", "group", "old", "new", "told"),
    [
        ("StorageClass", "storage.k8s.io/v1", {"reclaimPolicy": "Retain"}, {}, True),
        ("StorageClass", "storage.k8s.io/v1", {}, {"reclaimPolicy": "Retain"}, False),
        ("StorageClass", "storage.k8s.io/v1", {}, {"reclaimPolicy": "Delete", "allowVolumeExpansion": True}, False),
        (
            "VolumeSnapshotClass",
            "snapshot.storage.k8s.io/v1",
            {"deletionPolicy": "Retain"},
            {"deletionPolicy": "Delete"},
            True,
        ),
        (
            "PersistentVolume",
            "v1",
            {"spec": {"persistentVolumeReclaimPolicy": "Retain"}},
            {"spec": {"persistentVolumeReclaimPolicy": "Delete"}},
            True,
        ),
    ],
)
def test_what_is_kept_no_longer(kind: str, group: str, old: Manifest, new: Manifest, told: bool) -> None:
    assert len(_told([_object(kind, group, "a", **old)], [_object(kind, group, "a", **new)])) == told


def test_a_set_that_deletes_its_claims_from_now_on() -> None:
    policy = {"whenDeleted": "Delete"}
    made = _templates("data")
    old = _workload(volumeClaimTemplates=made)
    new = _workload(volumeClaimTemplates=made, persistentVolumeClaimRetentionPolicy=policy)
    assert _told([old], [new]) == [
        "the volumes are deleted with the StatefulSet (whenDeleted: Delete instead of Retain)"
    ]


def test_the_claims_of_pods_that_are_given_up() -> None:
    policy = {"whenScaled": "Delete"}

    def scaled(replicas: int, **spec: Any) -> Manifest:
        return _workload(volumeClaimTemplates=_templates("data"), replicas=replicas, **spec)

    kept = _told([scaled(3)], [scaled(1)])
    assert kept == [], "they stay, and are mounted again when it is scaled up"
    old, new = (scaled(count, persistentVolumeClaimRetentionPolicy=policy) for count in (3, 2))
    assert _told([old], [new]) == [
        "volume data-orders-2 is deleted with the pods (persistentVolumeClaimRetentionPolicy.whenScaled: Delete)"
    ]
    assert _told([new], [old]) == []


@pytest.mark.parametrize(
    ("annotations", "tool"),
    [
        ({"argocd.argoproj.io/sync-options": "Prune=true, Delete=false"}, "Argo CD deletes"),
        ({"argocd.argoproj.io/sync-options": "Validate=false, Prune=false"}, ""),
        ({"kustomize.toolkit.fluxcd.io/prune": "enabled"}, "Flux deletes"),
        ({"helm.sh/resource-policy": ""}, "Helm deletes"),
    ],
)
def test_a_claim_that_a_tool_leaves_no_longer(annotations: Manifest, tool: str) -> None:
    found = _told([_claim(annotations=KEPT)], [_claim(annotations=KEPT | annotations)])
    assert found == (
        [f"{tool} it from now on when it is no longer in the input, and with it what it holds"] if tool else []
    )


def test_pods_with_other_numbers_start_empty() -> None:
    old, new = (_workload(volumeClaimTemplates=_templates("data"), ordinals={"start": start}) for start in (0, 1))
    assert _told([old], [new]) == [
        "no pod mounts volume data-orders-0 any more, and data-orders-1 is new and empty: its pods have other numbers"
    ]


ARGO = ("Application", "argoproj.io/v1alpha1")
FLUX = ("Kustomization", "kustomize.toolkit.fluxcd.io/v1")


@pytest.mark.parametrize(
    ("sort", "metadata", "spec", "told"),
    [
        (ARGO, {"finalizers": ["resources-finalizer.argocd.argoproj.io"]}, {}, True),
        (ARGO, {}, {}, False),
        (FLUX, {}, {"prune": True}, True),
        (FLUX, {}, {"prune": True, "suspend": True}, False),
        (FLUX, {}, {"prune": False}, False),
        (("HelmRelease", "helm.toolkit.fluxcd.io/v2"), {}, {}, True),
    ],
)
def test_what_a_tool_has_applied_goes_with_its_object(
    sort: tuple[str, str], metadata: Manifest, spec: Manifest, told: bool
) -> None:
    reason = "is removed, and with it what it holds: all that it has applied, claims among it"
    assert _told([_object(*sort, "apps", metadata, spec=spec)], []) == ([reason] if told else [])


def test_an_operators_object_and_one_of_the_same_kind_that_holds_nothing() -> None:
    assert _told([_object("Cluster", "postgresql.cnpg.io/v1", "orders")], []) == [
        "is removed, and with it what it holds: the database and its volumes"
    ]
    assert _told([_object("Cluster", "cluster.x-k8s.io/v1", "orders")], []) == []


def test_fields_that_a_definition_no_longer_has() -> None:
    def definition(*names: str, **status: Any) -> Manifest:
        item = {"type": "object", "properties": {name: {"type": "string"} for name in ("items", *names)}}
        properties = {
            "spec": {"type": "object", "properties": {"items": {"type": "array", "items": item}}},
            "status": {"type": "object", "properties": status},
        }
        schema = {"openAPIV3Schema": {"type": "object", "properties": properties}}
        versions = [{"name": name, "served": True, "schema": schema} for name in ("v1", "v1beta1")]
        spec = {"names": {"kind": "Order"}, "versions": versions}
        return _object("CustomResourceDefinition", "apiextensions.k8s.io/v1", "orders.shop.example", spec=spec)

    assert _told([definition("a", "b")], [definition("a", "c")]) == [
        "spec.items.b is gone from Order: what objects say there is dropped when they are next written"
    ]
    assert _told([definition("a")], [definition("a", "b")]) == []
    assert _told([definition("a", phase={"type": "string"})], [definition("a")]) == [], "its controller writes it anew"


# Backups.


def _cron_job(
    name: str = "db-dump",
    command: str = "/scripts/run.sh",
    labels: Manifest | None = None,
    env: Manifest | None = None,
    args: list[str] | None = None,
    **spec: Any,
) -> Manifest:
    variables = [{"name": key, "value": value} for key, value in (env or {}).items()]
    container = {"name": "main", "image": "a:1", "command": [command], "args": args or [], "env": variables}
    pods = {"template": {"spec": {"restartPolicy": "Never", "containers": [container]}}}
    spec = {"schedule": "10 1 * * *", "jobTemplate": {"spec": pods}, **spec}
    return _object("CronJob", "batch/v1", name, {"labels": labels or {}}, spec=spec)


@pytest.mark.parametrize(
    "job",
    [
        _cron_job("db-dump"),
        _cron_job("nightly-backup"),
        _cron_job("nightly", labels={"app.kubernetes.io/component": "backup"}),
        _cron_job("nightly", command="pg_dumpall"),
        _cron_job("nightly", command="restic backup /data"),
        _cron_job("nightly", command="/usr/bin/mariadb-dump"),
    ],
)
def test_what_makes_backups(job: Manifest) -> None:
    assert _told([job], []) == ["is removed: it made backups every day, and does not any more"]


@pytest.mark.parametrize("name", ["mail", "backup-exporter", "dumpling", "cleanup-backups", "sessions"])
def test_what_makes_none(name: str) -> None:
    assert _told([_cron_job(name)], []) == []


def test_a_backup_names_what_it_was_of() -> None:
    assert _told([_cron_job(env={"DATABASE_HOST": "orders-db"}, schedule="0 */6 * * *")], []) == [
        "is removed: it made backups of orders-db every 6 hours, and does not any more"
    ]


def test_a_drill_that_goes() -> None:
    assert _told([_cron_job("db-restore-drill")], []) == [
        "is removed: nobody notices any more when the backups cannot be restored"
    ]


def test_a_backup_that_is_renamed_goes_on() -> None:
    old, new = _cron_job("db-dump"), _cron_job("database-dump")
    assert review([old], [new]).objects[0].change.renamed_from
    assert _told([old], [new]) == []


def test_a_backup_that_is_written_otherwise_goes_on() -> None:
    host = {"DATABASE_HOST": "orders-db"}
    old, new = (
        _cron_job("db-dump", env=host),
        _cron_job("nightly-backup", command="pg_dump", env={**host, "RETAIN": "7"}),
    )
    assert {item.change.sort for item in review([old], [new]).objects} == {"removed", "added"}
    assert _told([old], [new]) == []
    new = _cron_job("nightly-backup", command="pg_dump", env={"DATABASE_HOST": "other-db", "RETAIN": "7"})
    assert len(_told([old], [new])) == 1


def test_the_backups_of_a_whole_namespace_go_with_it() -> None:
    namespace: Manifest = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    assert _told([namespace, _cron_job()], []) == ["everything in namespace shop is deleted with it"]


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("10 1 * * *", "10 1 * * 0", "runs every 7 days instead of every day: what changes in between can be lost"),
        ("@hourly", "@daily", "runs every day instead of every hour: what changes in between can be lost"),
        ("0 * * * *", "0 8-18 * * *", "runs every 14 hours instead of every hour: what changes in between can be lost"),
        ("*/5 * * * *", "*/5 8-17 * * 1-5", "runs every 3 days instead of every 5 minutes"),
        ("10 1 * * *", "0 0 31 2 *", "never runs at '0 0 31 2 *': no backups are made any more"),
        ("10 1 * * *", "40 3 * * *", None),
        ("10 1 * * 0", "10 1 * * *", None),
        ("@daily", "0 0 * * *", None),
        ("not a schedule", "10 1 * * *", None),
    ],
)
def test_a_backup_that_is_rarer(old: str, new: str, reason: str | None) -> None:
    found = _told([_cron_job(schedule=old)], [_cron_job(schedule=new)])
    assert len(found) == (1 if reason else 0)
    assert all(told.startswith(reason or "") for told in found)


def test_a_backup_that_is_suspended() -> None:
    assert _told([_cron_job()], [_cron_job(suspend=True)]) == [
        "is suspended: no backups are made until it no longer is"
    ]
    assert _told([_cron_job(suspend=True)], [_cron_job(suspend=False)]) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (
            {"RETAIN": "7"},
            {"RETAIN": "3"},
            "keeps 3 backups instead of 7: the older ones are deleted at the next run (RETAIN)",
        ),
        (
            {"KEEP_FOR": "30d"},
            {"KEEP_FOR": "1w"},
            "keeps backups for 1w instead of 30d: the older ones are deleted (KEEP_FOR)",
        ),
        ({"RETAIN": "7"}, {"RETAIN": "14"}, None),
        ({"RETAIN": "7d"}, {"RETAIN": "168h"}, None),
        ({"PARALLEL": "7"}, {"PARALLEL": "3"}, None),
    ],
)
def test_backups_that_are_kept_shorter(old: Manifest, new: Manifest, reason: str | None) -> None:
    assert _told([_cron_job(env=old)], [_cron_job(env=new)]) == ([reason] if reason else [])


def test_an_option_says_how_long_as_well() -> None:
    old, new = (
        _cron_job(args=["--keep-daily=14", "--keep-weekly", "8"]),
        _cron_job(args=["--keep-daily=7", "--keep-weekly", "8"]),
    )
    assert _told([old], [new]) == [
        "keeps 7 backups instead of 14: the older ones are deleted at the next run (--keep-daily)"
    ]


def test_the_history_of_jobs_is_no_backup() -> None:
    assert _told([_cron_job(successfulJobsHistoryLimit=5)], [_cron_job(successfulJobsHistoryLimit=1)]) == []


def _job(
    task: str = "backup", retain: int = 30, name: str = "nightly", groups: tuple[str, ...] = ("critical",)
) -> Manifest:
    spec = {
        "name": name,
        "task": task,
        "cron": "30 1 * * *",
        "retain": retain,
        "concurrency": 1,
        "groups": list(groups),
    }
    return _object("RecurringJob", "longhorn.io/v1beta2", name, spec=spec)


GROUPS = {"recurring-job.longhorn.io/source": "enabled", "recurring-job-group.longhorn.io/critical": "enabled"}


def test_a_job_of_longhorn_names_its_volumes() -> None:
    claims = [_claim(name, GROUPS) for name in "abcde"]
    assert _told([*claims, _job()], claims) == [
        "is removed: it made backups of a, b, c and 2 more every day, and does not any more"
    ]
    assert _told([*claims, _job("snapshot")], claims) == [
        "is removed: it made snapshots of a, b, c and 2 more every day, and does not any more"
    ]
    assert _told([*claims, _job("filesystem-trim")], claims) == []


def test_a_job_of_longhorn_in_whose_place_another_comes() -> None:
    claims = [_claim("a", GROUPS), _claim("b", GROUPS)]
    assert _told([*claims, _job()], [*claims, _job(name="late", retain=60)]) == []
    assert len(_told([*claims, _job()], [*claims, _job("snapshot", name="late", retain=60)])) == 1


def test_a_job_of_longhorn_that_keeps_fewer() -> None:
    assert _told([_job(retain=30)], [_job(retain=7)]) == [
        "keeps 7 backups instead of 30: the older ones are deleted at the next run (retain)"
    ]


def test_a_group_that_no_job_takes_any_more() -> None:
    claims = [_claim("a", GROUPS), _claim("b", GROUPS), _claim("c")]
    assert _told([*claims, _job()], [*claims, _job(groups=("other",))]) == [
        "no longer makes backups of a and b, and nothing else does"
    ]
    other = _job(name="weekly")
    assert _told([*claims, _job(), other], [*claims, _job(groups=("other",)), other]) == []


def test_a_job_that_makes_snapshots_from_now_on() -> None:
    assert _told([_claim("a", GROUPS), _job()], [_claim("a", GROUPS), _job("snapshot")]) == [
        "no longer makes backups of a, and nothing else does"
    ]


@pytest.mark.parametrize(
    ("labels", "reason"),
    [
        ({}, "volume data is no longer backed up: nightly took it, and will not"),
        (
            {"recurring-job-group.longhorn.io/critical": "enabled"},
            "volume data is no longer backed up: nightly took it, and will not",
        ),
        (
            {"recurring-job.longhorn.io/source": "enabled", "recurring-job.longhorn.io/short": "enabled"},
            "volume data keeps 3 backups instead of 30: short takes it instead of nightly",
        ),
        ({"recurring-job.longhorn.io/source": "enabled", "recurring-job.longhorn.io/long": "enabled"}, None),
        ({**GROUPS, "team": "sales"}, None),
    ],
)
def test_a_volume_that_leaves_its_backup(labels: Manifest, reason: str | None) -> None:
    jobs = [_job(), _job(name="short", retain=3, groups=()), _job(name="long", retain=90, groups=())]
    found = _told([_claim(labels=GROUPS), *jobs], [_claim(labels=labels), *jobs])
    assert found == ([reason] if reason else [])


def test_where_backups_go() -> None:
    def target(url: str) -> Manifest:
        spec = {"backupTargetURL": url, "pollInterval": "5m"}
        return _object("BackupTarget", "longhorn.io/v1beta2", "default", spec=spec)

    assert _told([target("s3://a@eu/")], [target("s3://b@eu/")]) == [
        "backups go to s3://b@eu/ instead of s3://a@eu/: those made so far cannot be restored from here"
    ]
    assert _told([target("s3://a@eu/")], []) == [
        "backups no longer go to s3://a@eu/: none are made, and none can be restored"
    ]
    assert _told([target("")], [target("s3://b@eu/")]) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [("30d", "7d", True), ("15d", "2w", True), ("15d", "360h", False), ("15d", "30d", False)],
)
def test_metrics_that_are_kept_shorter(old: str, new: str, told: bool) -> None:
    before, after = (
        _workload(image="prom/prometheus:v3.13.2", container={"args": [f"--storage.tsdb.retention.time={time}"]})
        for time in (old, new)
    )
    assert len(_told([before], [after])) == told


def test_an_operator_and_a_file_say_it_as_well() -> None:
    def cluster(time: str) -> Manifest:
        return _object("Cluster", "postgresql.cnpg.io/v1", "orders", spec={"backup": {"retentionPolicy": time}})

    def config(time: str) -> Manifest:
        text = f"limits_config:\n  retention_period: {time}\n"
        return _object("ConfigMap", "v1", "logs", data={"loki.yaml": text})

    assert _told([cluster("30d")], [cluster("7d")]) == [
        "keeps its data for 7d instead of 30d: what is older is deleted (retentionPolicy)"
    ]
    assert _told([config("744h")], [config("168h")]) == [
        "keeps its data for 168h instead of 744h: what is older is deleted (retention_period)"
    ]


def test_two_servers_on_one_volume_while_the_kind_changes() -> None:
    old, new = _workload(_volume(), kind="Deployment", name="cache"), _workload(_volume(), name="orders")
    (found,) = _concerns([_claim(), old], [_claim(), new])
    assert str(found.object) == "shop/StatefulSet/orders"
    assert found.reason.startswith("runs on volume data beside Deployment cache until that is deleted")


# Keys.


@pytest.mark.parametrize(
    "key", ["app-key", "APP_KEY", "encryption-key", "N8N_ENCRYPTION_KEY", "secret_key_base", "RESTIC_PASSWORD"]
)
def test_a_key_that_locks_data(key: str) -> None:
    old, new = (_object("Secret", "v1", "web", data={key: value}) for value in ("eA==", "eQ=="))
    assert _told([old], [new]) == [f"{key} has another value: what is encrypted with it cannot be read again"]
    assert _told([old], []) == [f"is removed with its {key}: what is encrypted with it cannot be read again"]


@pytest.mark.parametrize("key", ["password", "tls.key", "api-key", "datadog-app-key", "ssh-key", "token"])
def test_a_key_that_locks_none(key: str) -> None:
    old, new = (_object("Secret", "v1", "web", data={key: value}) for value in ("eA==", "eQ=="))
    assert _told([old], [new]) == []
    assert _told([old], []) == []


def test_the_same_value_in_clear_text() -> None:
    old, new = (
        _object("Secret", "v1", "web", **body)
        for body in ({"data": {"app-key": "eA=="}}, {"stringData": {"app-key": "x"}})
    )
    assert _told([old], [new]) == []


def test_a_key_in_a_store() -> None:
    def secret(place: str, **spec: Any) -> Manifest:
        data = [{"secretKey": "app-key", "remoteRef": {"key": place}}]
        return _object("ExternalSecret", "external-secrets.io/v1", "web", spec={"data": data, **spec})

    assert _told([secret("a/key")], [secret("b/key")]) == [
        "app-key is read from b/key instead of a/key: unless the value is the same, what is encrypted with it cannot "
        "be read again"
    ]
    assert _told([secret("a/key")], [secret("a/key", refreshInterval="2h")]) == []
    assert _told([secret("a/key")], []) == [], "the store still has it"


VAULT = {"server": "https://vault.example", "path": "a", "auth": {"kubernetes": {"role": "a"}}}


@pytest.mark.parametrize(
    ("name", "vault", "told"),
    [
        ("store", {"path": "b"}, "app-key of web is read from elsewhere"),
        ("store", {"auth": {"kubernetes": {"role": "b"}}}, ""),
        ("vault", {}, ""),
        ("vault", {"path": "b"}, "app-key is read from vault shop/key instead of store shop/key"),
    ],
    ids=["another path", "another role", "renamed", "renamed and another path"],
)
def test_a_store_with_a_key(name: str, vault: Manifest, told: str) -> None:
    def both(name: str, vault: Manifest) -> list[Manifest]:
        data = [{"secretKey": "app-key", "remoteRef": {"key": "shop/key"}}]
        spec = {"secretStoreRef": {"name": name}, "data": data}
        return [
            _object("ExternalSecret", "external-secrets.io/v1", "web", spec=spec),
            _object("SecretStore", "external-secrets.io/v1", name, spec={"provider": {"vault": vault}}),
        ]

    found = _told(both("store", VAULT), both(name, VAULT | vault))
    assert len(found) == bool(told)
    assert all(reason.startswith(told) for reason in found)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ({}, {"deletionPolicy": "Delete"}, "when the store no longer has it (deletionPolicy: Delete)"),
        ({"creationPolicy": "Orphan"}, {}, "with this object (creationPolicy: Owner)"),
        ({"creationPolicy": "Owner"}, {"creationPolicy": "Orphan"}, None),
        ({"deletionPolicy": "Delete"}, {"deletionPolicy": "Retain"}, None),
    ],
)
def test_a_secret_with_a_key_that_is_no_longer_kept(old: Manifest, new: Manifest, reason: str | None) -> None:
    def secret(key: str, target: Manifest) -> Manifest:
        spec = {"data": [{"secretKey": key, "remoteRef": {"key": "a"}}], "target": target}
        return _object("ExternalSecret", "external-secrets.io/v1", "web", spec=spec)

    told = _told([secret("app-key", old)], [secret("app-key", new)])
    assert told == ([f"the Secret with app-key is deleted {reason} from now on"] if reason else [])
    assert _told([secret("password", old)], [secret("password", new)]) == []


def test_a_variable_that_takes_its_key_elsewhere() -> None:
    def workload(name: str, secret: str) -> Manifest:
        env = {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": "key"}}}
        return _workload(_volume(), container={"env": [env]})

    assert _told([workload("APP_KEY", "old")], [workload("APP_KEY", "new")]) == [
        "main takes APP_KEY from another place: unless the value is the same, what is encrypted with it cannot be read "
        "again"
    ]
    assert _told([workload("DB_PASSWORD", "old")], [workload("DB_PASSWORD", "new")]) == []


def test_nothing_is_changed_by_looking() -> None:
    old, new = [_claim(), _workload(_volume())], [_workload({"name": "data", "emptyDir": {}})]
    before = deepcopy((old, new))
    assert _told(old, new)
    assert (old, new) == before
