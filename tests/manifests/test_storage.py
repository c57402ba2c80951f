"""Rules of storage: what their two examples do not show."""

from typing import Any

import pytest

from vkm_manifests.verify import verify


def _claim(*modes: str, name: str = "data", **spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolumeClaim",
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {"accessModes": list(modes), "resources": {"requests": {"storage": "1Gi"}}, **spec},
    }


def _pods(**spec: Any) -> dict[str, Any]:
    return {
        "metadata": {"labels": {"app": "web"}},
        "spec": {
            "containers": [
                {"name": "web", "image": "example/web:1.0.0", "volumeMounts": [{"name": "data", "mountPath": "/data"}]}
            ],
            "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}],
            **spec,
        },
    }


def _workload(
    kind: str = "Deployment", name: str = "web", pods: dict[str, Any] | None = None, **spec: Any
) -> dict[str, Any]:
    if kind == "Deployment":
        spec = {"strategy": {"type": "Recreate"}, **spec}
    template = _pods() if pods is None else pods
    body = {"jobTemplate": {"spec": {"template": template}}} if kind == "CronJob" else {"template": template}
    group = "batch/v1" if kind in ("CronJob", "Job") else "apps/v1"
    return {
        "apiVersion": group,
        "kind": kind,
        "metadata": {"name": name, "namespace": "shop"},
        "spec": {**spec, **body},
    }


def _severities(rule: str, *manifests: dict[str, Any]) -> list[str]:
    return [finding.severity for finding in verify(manifests, only=[rule])]


_BOUND = {
    "podAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "kubernetes.io/hostname"}]}
}


@pytest.mark.parametrize(
    ("workloads", "severities"),
    [
        ([_workload()], []),
        ([_workload(replicas=0), _workload(name="other")], []),
        ([_workload(replicas=2)], ["error"]),
        ([_workload("StatefulSet")], []),
        ([_workload("StatefulSet", replicas=2)], ["error"]),
        ([_workload("DaemonSet")], ["error"]),
        ([_workload(strategy={})], ["error"]),
        ([_workload(strategy={"rollingUpdate": {"maxSurge": 0}})], []),
        ([_workload(), _workload(name="other")], ["error"]),
        ([_workload(), _workload("CronJob", "other")], ["warning"]),
        ([_workload(), _workload("Job", "other")], ["warning"]),
        ([_workload("CronJob"), _workload("CronJob", "other")], []),
        ([_workload("Job", parallelism=2)], ["error"]),
        ([_workload(), _workload("CronJob", "other", _pods(affinity=_BOUND))], []),
        ([_workload(replicas=2, pods=_pods(nodeSelector={"kubernetes.io/hostname": "one"}))], []),
    ],
)
def test_single_pod_volume(workloads: list[dict[str, Any]], severities: list[str]) -> None:
    assert _severities("single-pod-volume", _claim("ReadWriteOnce"), *workloads) == severities


@pytest.mark.parametrize("modes", [["ReadWriteMany"], ["ReadWriteOnce", "ReadWriteMany"], ["ReadOnlyMany"], []])
def test_volumes_of_many_pods(modes: list[str]) -> None:
    assert _severities("single-pod-volume", _claim(*modes), _workload(replicas=3, strategy={})) == []


def test_a_volume_of_one_pod_is_not_shared_on_a_node() -> None:
    workload = _workload(replicas=2, pods=_pods(nodeSelector={"kubernetes.io/hostname": "one"}))
    assert _severities("single-pod-volume", _claim("ReadWriteOncePod"), workload) == ["error"]


@pytest.mark.parametrize(
    ("kind", "spec", "severities"),
    [
        (
            "HorizontalPodAutoscaler",
            {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "maxReplicas": 3},
            ["error"],
        ),
        ("HorizontalPodAutoscaler", {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "maxReplicas": 1}, []),
        ("HorizontalPodAutoscaler", {"scaleTargetRef": {"kind": "StatefulSet", "name": "web"}, "maxReplicas": 3}, []),
        ("ScaledObject", {"scaleTargetRef": {"name": "web"}}, ["error"]),
        ("ScaledObject", {"scaleTargetRef": {"name": "web"}, "maxReplicaCount": 1}, []),
    ],
)
def test_autoscalers_count(kind: str, spec: dict[str, Any], severities: list[str]) -> None:
    scaler = {"apiVersion": "x/v1", "kind": kind, "metadata": {"name": "web", "namespace": "shop"}, "spec": spec}
    assert _severities("single-pod-volume", _claim("ReadWriteOnce"), _workload(), scaler) == severities


def test_what_a_workload_made_does_not_count_beside_it() -> None:
    made = _workload("ReplicaSet", "web-1")
    made["metadata"]["ownerReferences"] = [{"kind": "Deployment", "name": "web"}]
    assert _severities("single-pod-volume", _claim("ReadWriteOnce"), _workload(), made) == []


def test_pods_of_hooks_do_not_stay() -> None:
    hook = {"apiVersion": "v1", "kind": "Pod", **_pods()}
    hook["metadata"] = {"name": "test", "namespace": "shop", "annotations": {"helm.sh/hook": "test"}}
    assert _severities("single-pod-volume", _claim("ReadWriteOnce"), _workload(), hook) == []


def _set(**spec: Any) -> dict[str, Any]:
    template = {"metadata": {"name": "data"}, "spec": _claim("ReadWriteOnce")["spec"]}
    return _workload("StatefulSet", pods=_pods(volumes=[]), volumeClaimTemplates=[template], **spec)


def test_claims_of_a_stateful_set_are_volumes_of_its_pods() -> None:
    assert _severities("mount-has-volume", _set(replicas=3)) == []
    assert _severities("claim-is-used", _set(), _claim("ReadWriteOnce", name="data-web-0")) == []
    assert _severities("claim-is-used", _set(), _claim("ReadWriteOnce", name="data-other-0")) == ["warning"]


def _takes(claim: str, **spec: Any) -> dict[str, Any]:
    return _pods(volumes=[{"name": "data", "persistentVolumeClaim": {"claimName": claim}}], **spec)


@pytest.mark.parametrize(
    ("workload", "severities"),
    [
        (_workload(name="other", pods=_takes("data-web-0")), ["error"]),
        (_workload("Job", "other", _takes("data-web-2")), ["warning"]),
        (_workload("Job", "other", _takes("data-web-3")), []),
        (_workload("Job", "other", _takes("data-web-x")), []),
        (_workload("Job", "other", _takes("data-other-0")), []),
        (_workload("Job", "other", _takes("data-web-0", affinity=_BOUND)), []),
    ],
)
def test_the_claim_of_a_stateful_set_beside_it(workload: dict[str, Any], severities: list[str]) -> None:
    assert _severities("single-pod-volume", _set(replicas=3), workload) == severities


def test_a_claim_of_a_stateful_set_is_mounted() -> None:
    assert _severities("volume-is-mounted", _set()) == []
    unused = _set()
    unused["spec"]["template"]["spec"]["containers"][0]["volumeMounts"] = []
    (found,) = verify([unused], only=["volume-is-mounted"])
    assert (found.severity, found.field) == ("warning", "spec.volumeClaimTemplates[data]")


def test_devices_are_mounts() -> None:
    pods = _pods()
    container = pods["spec"]["containers"][0]
    container["volumeDevices"] = [{"name": "data", "devicePath": "/dev/xvda"}]
    del container["volumeMounts"]
    assert _severities("volume-is-mounted", _workload(pods=pods)) == []
    container["volumeDevices"][0]["name"] = "date"
    assert _severities("mount-has-volume", _workload(pods=pods)) == ["error"]


def test_init_containers_mount_too() -> None:
    pods = _pods()
    pods["spec"]["initContainers"] = pods["spec"].pop("containers")
    assert _severities("volume-is-mounted", _workload(pods=pods)) == []


def test_one_volume_twice_at_a_path() -> None:
    pods = _pods()
    mounts = pods["spec"]["containers"][0]["volumeMounts"]
    mounts.append({"name": "data", "mountPath": "/other", "subPath": "other"})
    assert _severities("mount-paths-are-unique", _workload(pods=pods)) == []
    mounts.append({"name": "data", "mountPath": "/data", "subPath": "again"})
    assert _severities("mount-paths-are-unique", _workload(pods=pods)) == ["error"]


def test_two_containers_have_paths_of_their_own() -> None:
    pods = _pods()
    pods["spec"]["containers"].append({**pods["spec"]["containers"][0], "name": "other"})
    assert _severities("mount-paths-are-unique", _workload(pods=pods)) == []


def test_a_claim_in_place_of_a_volume() -> None:
    workload = _set()
    workload["spec"]["template"]["spec"]["volumes"] = [{"name": "data", "emptyDir": {"sizeLimit": "1Gi"}}]
    assert _severities("volume-names-are-unique", workload) == []
    workload["spec"]["volumeClaimTemplates"] *= 2
    assert _severities("volume-names-are-unique", workload) == ["error"]


@pytest.mark.parametrize(
    ("directory", "limits", "severities"),
    [
        ({}, {}, ["warning"]),
        (None, {}, ["warning"]),
        ({}, {"memory": "1Gi"}, ["warning"]),
        ({}, {"ephemeral-storage": "1Gi"}, []),
        ({"sizeLimit": "1Gi"}, {}, []),
        ({"medium": "Memory"}, {}, ["error"]),
        ({"medium": "Memory"}, {"memory": "1Gi"}, ["warning"]),
        ({"medium": "Memory", "sizeLimit": "1Gi"}, {}, []),
    ],
)
def test_empty_dirs(directory: Any, limits: dict[str, str], severities: list[str]) -> None:
    pods = _pods(volumes=[{"name": "data", "emptyDir": directory}])
    pods["spec"]["containers"][0]["resources"] = {"limits": limits}
    assert _severities("empty-dir-is-bounded", _workload(pods=pods)) == severities


def test_a_claim_where_others_may_run() -> None:
    other = {"apiVersion": "example.com/v1", "kind": "Database", "metadata": {"name": "db", "namespace": "shop"}}
    assert _severities("claim-is-used", _claim("ReadWriteOnce")) == []
    assert _severities("claim-is-used", _claim("ReadWriteOnce", name="x"), _workload(), other) == []
    assert _severities("claim-is-used", _claim("ReadWriteOnce", name="x"), _workload()) == ["warning"]


def test_sizes_of_claims_that_pods_and_sets_make() -> None:
    workload = _set()
    workload["spec"]["volumeClaimTemplates"][0]["spec"] = {}
    assert _severities("claim-size-is-given", workload) == ["error"]
    volume = {"name": "data", "ephemeral": {"volumeClaimTemplate": {"spec": {}}}}
    assert _severities("claim-size-is-given", _workload(pods=_pods(volumes=[volume]))) == ["error"]


def _class(name: str, *, default: bool = False, **fields: Any) -> dict[str, Any]:
    annotations = {"storageclass.kubernetes.io/is-default-class": "true"} if default else {}
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name, "annotations": annotations},
        **fields,
    }


def test_the_default_class_is_that_of_a_claim_without_one() -> None:
    assert _severities("claim-expands", _claim("ReadWriteOnce"), _class("a", default=True)) == ["warning"]
    assert _severities("claim-expands", _claim("ReadWriteOnce", storageClassName=""), _class("a", default=True)) == []
    assert _severities("claim-expands", _claim("ReadWriteOnce", storageClassName="b"), _class("a", default=True)) == []


def test_data_without_claims_is_not_kept_anyway() -> None:
    policy = {"whenDeleted": "Delete", "whenScaled": "Delete"}
    assert _severities("data-is-kept", _workload("StatefulSet", persistentVolumeClaimRetentionPolicy=policy)) == []
    assert _severities("data-is-kept", _set(persistentVolumeClaimRetentionPolicy=policy)) == ["warning"] * 2


def _longhorn(kind: str, name: str = "default", **spec: Any) -> dict[str, Any]:
    metadata = {"name": name, "namespace": "longhorn-system"}
    return {"apiVersion": "longhorn.io/v1beta2", "kind": kind, "metadata": metadata, "spec": spec}


@pytest.mark.parametrize(
    ("spec", "fields"),
    [
        ({"task": "backup", "retain": 1}, []),
        ({"task": "backups", "retain": 1}, ["spec.task"]),
        ({"task": "filesystem-trim", "retain": 0}, []),
        ({"task": "snapshot", "retain": 1, "concurrency": 0}, ["spec.concurrency"]),
    ],
)
def test_recurring_jobs(spec: dict[str, Any], fields: list[str]) -> None:
    found = verify([_longhorn("RecurringJob", **spec)], only=["backup-job-keeps-something"])
    assert [finding.field for finding in found] == fields


def test_names_of_recurring_jobs() -> None:
    assert _severities("backup-job-keeps-something", _longhorn("RecurringJob", "a" * 41, task="backup")) == ["error"]


@pytest.mark.parametrize(
    ("url", "secret", "keys", "fields"),
    [
        ("nfs://host/path", None, [], []),
        ("s3://bucket@region/", None, [], ["spec.credentialSecret"]),
        ("s3://bucket@region/", "elsewhere", [], []),
        ("s3://bucket@region/", "own", ["AWS_IAM_ROLE_ARN"], []),
        ("s3://bucket@region/", "own", ["AWS_ACCESS_KEY_ID"], ["spec.credentialSecret"]),
        ("s3://bucket@region", "elsewhere", [], ["spec.backupTargetURL"]),
        ("s3://bucket/", "elsewhere", [], ["spec.backupTargetURL"]),
    ],
)
def test_backup_targets(url: str, secret: str | None, keys: list[str], fields: list[str]) -> None:
    own = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "own", "namespace": "longhorn-system"},
        "stringData": dict.fromkeys(keys, "x"),
    }
    target = _longhorn("BackupTarget", backupTargetURL=url, credentialSecret=secret)
    assert [finding.field for finding in verify([target, own], only=["backup-target-has-credentials"])] == fields
