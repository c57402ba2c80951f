import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import LonghornBackupGroup, LonghornVolume, Schedule, ServiceChart


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
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
        "helm.sh/resource-policy": "keep",
        "kustomize.toolkit.fluxcd.io/prune": "disabled",
    }


def test_backup_joins_the_group(chart: ServiceChart, render: Render) -> None:
    nightly = LonghornBackupGroup(chart, "nightly", backup=Schedule(cron="0 2 * * *", retain=7))
    LonghornVolume(chart, "data", size="10Gi", backup=nightly)

    manifests = render()
    assert manifests["PersistentVolumeClaim/data"]["metadata"]["labels"] == {
        "recurring-job.longhorn.io/source": "enabled",
        "recurring-job-group.longhorn.io/nightly": "enabled",
    }
    assert manifests["RecurringJob/nightly-backup"]["spec"]["groups"] == ["nightly"]


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
