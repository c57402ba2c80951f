import pytest

from tests.conftest import IN_SHOP, Render
from tests.refused import refused
from vkm_constructs import LonghornBackupGroup, LonghornVolume, Schedule, ServiceChart, WebApp


def test_manifests(chart: ServiceChart, render: Render) -> None:
    LonghornVolume(chart, "data", size="10Gi")

    manifests = render()
    assert manifests.keys() == {"PersistentVolumeClaim/data"}
    assert manifests["PersistentVolumeClaim/data"]["spec"] == {
        "accessModes": ["ReadWriteOnce"],
        "storageClassName": "longhorn",
        "resources": {"requests": {"storage": "10Gi"}},
    }


def test_is_never_pruned(chart: ServiceChart, render: Render) -> None:
    LonghornVolume(chart, "data", size="10Gi")

    annotations = render()["PersistentVolumeClaim/data"]["metadata"]["annotations"]
    assert annotations == {
        **IN_SHOP,
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
        "helm.sh/resource-policy": "keep",
        "kustomize.toolkit.fluxcd.io/prune": "disabled",
    }


def test_backup_joins_the_group(chart: ServiceChart, render: Render) -> None:
    nightly = LonghornBackupGroup(chart, "nightly", backup=Schedule(cron="0 2 * * *", retain=7))
    LonghornVolume(chart, "data", size="10Gi", backup=nightly)

    manifests = render()
    labels = manifests["PersistentVolumeClaim/data"]["metadata"]["labels"]
    assert {key: value for key, value in labels.items() if "longhorn.io" in key} == {
        "recurring-job.longhorn.io/source": "enabled",
        "recurring-job-group.longhorn.io/nightly": "enabled",
    }
    assert manifests["longhorn-system/RecurringJob/nightly-backup"]["spec"]["groups"] == ["nightly"]


@pytest.mark.parametrize(
    ("size", "fix"),
    [("10GB", "10Gi"), ("10", "10Gi"), ("0Gi", "10Gi"), ("-5Gi", "10Gi"), ("1.5Gi", "10Gi"), ("7G", "7Gi")],
)
def test_rejects_size(chart: ServiceChart, size: str, fix: str) -> None:
    with refused(f"""
        shop/data
          size="{size}" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      size="{fix}"
    """):
        LonghornVolume(chart, "data", size=size)


def test_everything(chart: ServiceChart, render: Render) -> None:
    nightly = LonghornBackupGroup(chart, "nightly", backup=Schedule(cron="0 2 * * *", retain=7))
    volume = LonghornVolume(
        chart, "data", size="5Gi", access_mode="ReadWriteMany", backup=nightly, storage_class="fast"
    )

    assert render()["PersistentVolumeClaim/data"]["spec"] == {
        "accessModes": ["ReadWriteMany"],
        "storageClassName": "fast",
        "resources": {"requests": {"storage": "5Gi"}},
    }
    assert (volume.size, volume.access_mode, volume.claim.name) == ("5Gi", "ReadWriteMany", "data")


def test_without_a_group_it_joins_none(chart: ServiceChart, render: Render) -> None:
    LonghornVolume(chart, "data", size="10Gi")

    assert "longhorn.io" not in str(render()["PersistentVolumeClaim/data"]["metadata"]["labels"])


def test_at_mounts_it(chart: ServiceChart, render: Render) -> None:
    volume = LonghornVolume(chart, "data", size="10Gi")
    WebApp(chart, "web", image="shop:1", port=8080, mounts=[volume.at("/data"), volume.at("/old", sub_path="a/b")])

    pod = render()["Deployment/web"]["spec"]["template"]["spec"]
    assert pod["volumes"][0] == {"name": "claim-data", "persistentVolumeClaim": {"claimName": "data"}}
    assert pod["containers"][0]["volumeMounts"][:2] == [
        {"name": "claim-data", "mountPath": "/data"},
        {"name": "claim-data", "mountPath": "/old", "subPath": "a/b"},
    ]


def test_is_one_pods(chart: ServiceChart, render: Render) -> None:
    volume = LonghornVolume(chart, "data", size="10Gi")
    WebApp(chart, "one", image="shop:1", port=8080, mounts=[volume.at("/data")])
    with refused("""
        shop/two
          mounts="/data" mounts data (ReadWriteOnce), which one has
          accepted: a volume of its own, or one with access_mode="ReadWriteMany"
          fix:      make a LonghornVolume for each
    """):
        WebApp(chart, "two", image="shop:1", port=8080, mounts=[volume.at("/data")])


@pytest.mark.parametrize("sub_path", ["/uploads", "../uploads", "./uploads", "uploads/", "//uploads"])
def test_rejects_sub_path(chart: ServiceChart, sub_path: str) -> None:
    volume = LonghornVolume(chart, "data", size="10Gi")
    with refused(f"""
        shop/web
          sub_path="{sub_path}" is not a path inside a volume
          accepted: a relative path without . and ..
          fix:      sub_path="uploads"
    """):
        WebApp(chart, "web", image="shop:1", port=8080, mounts=[volume.at("/data", sub_path=sub_path)])


@pytest.mark.parametrize(
    ("mode", "fix"),
    [
        ("RWX", "ReadWriteMany"),
        ("readwritemany", "ReadWriteMany"),
        ("Many", "ReadWriteMany"),
        ("RWO", "ReadWriteOnce"),
        ("readwriteonce", "ReadWriteOnce"),
    ],
)
def test_rejects_access_mode(chart: ServiceChart, mode: str, fix: str) -> None:
    with refused(f"""
        shop/data
          access_mode="{mode}" is not an access mode of Longhorn
          accepted: "ReadWriteOnce", "ReadWriteMany"
          fix:      access_mode="{fix}"
    """):
        LonghornVolume(chart, "data", size="10Gi", access_mode=mode)  # type: ignore[arg-type]


def test_rejects_all_at_once(chart: ServiceChart) -> None:
    with refused("""
        shop/Data
          id="Data" is not a name that Kubernetes accepts
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="data"
          size="10GB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      size="10Gi"
    """):
        LonghornVolume(chart, "Data", size="10GB")
