import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import LonghornBackupGroup, Schedule, ServiceChart


def test_manifests(chart: ServiceChart, render: Render) -> None:
    group = LonghornBackupGroup(chart, "nightly", backup=Schedule(cron="0 2 * * *", retain=7))

    manifests = render()
    assert manifests.keys() == {"longhorn-system/RecurringJob/nightly-backup"}
    assert manifests["longhorn-system/RecurringJob/nightly-backup"]["spec"] == {
        "name": "nightly-backup",
        "task": "backup",
        "cron": "0 2 * * *",
        "retain": 7,
        "concurrency": 1,
        "groups": ["nightly"],
    }
    assert group.name == "nightly"


def test_everything(chart: ServiceChart, render: Render) -> None:
    LonghornBackupGroup(
        chart,
        "nightly",
        snapshot=Schedule(cron="*/15 * * * *", retain=4),
        backup=Schedule(cron="0 2 * * *", retain=7),
    )

    manifests = render()
    assert manifests.keys() == {
        "longhorn-system/RecurringJob/nightly-snapshot",
        "longhorn-system/RecurringJob/nightly-backup",
    }
    snapshot = manifests["longhorn-system/RecurringJob/nightly-snapshot"]["spec"]
    assert (snapshot["task"], snapshot["cron"], snapshot["retain"]) == ("snapshot", "*/15 * * * *", 4)
    assert snapshot["groups"] == ["nightly"]


def test_lives_where_longhorn_runs(chart: ServiceChart, render: Render) -> None:
    LonghornBackupGroup(chart, "nightly", backup=Schedule(cron="0 2 * * *", retain=7), longhorn_namespace="storage")

    assert render().keys() == {"storage/RecurringJob/nightly-backup"}


def test_only_snapshots(chart: ServiceChart, render: Render) -> None:
    LonghornBackupGroup(chart, "hourly", snapshot=Schedule(cron="0 * * * *", retain=24))

    assert render().keys() == {"longhorn-system/RecurringJob/hourly-snapshot"}


@pytest.mark.parametrize("cron", ["* * * * *", "0 2 * * 0", "0-30/5 1,13 1-7 */2 1-5", "59 23 31 12 6"])
def test_accepts_cron(chart: ServiceChart, render: Render, cron: str) -> None:
    LonghornBackupGroup(chart, "nightly", backup=Schedule(cron=cron, retain=1))

    assert render()["longhorn-system/RecurringJob/nightly-backup"]["spec"]["cron"] == cron


@pytest.mark.parametrize(
    "cron",
    [
        "",
        "0 2 * *",
        "0 2 * * * *",
        "0  2 * * *",
        "every night",
        "0 2 * * ?",
        "60 0 * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 32 * *",
        "0 0 * 0 *",
        "0 0 * 13 *",
        "0 0 * * 7",
        "*/0 * * * *",
        "5-1 * * * *",
        "0-60 * * * *",
        "0,99 * * * *",
    ],
)
def test_rejects_cron(chart: ServiceChart, cron: str) -> None:
    with refused(f"""
        shop/nightly
          backup.cron="{cron}" is not a cron expression
          accepted: minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-6, with * - , and / as cron has them
          fix:      cron="0 2 * * *"
    """):
        LonghornBackupGroup(chart, "nightly", backup=Schedule(cron=cron, retain=7))


def test_rejects_a_group_that_does_nothing(chart: ServiceChart) -> None:
    with refused("""
        shop/nightly
          backup=None and snapshot=None make a group that does nothing
          accepted: at least one of the two
          fix:      backup=Schedule(cron="0 2 * * *", retain=14)
    """):
        LonghornBackupGroup(chart, "nightly")


def test_rejects_all_at_once(chart: ServiceChart) -> None:
    long = "g" * 32
    with refused(f"""
        shop/{long}
          id="{long}" has 32 characters
          accepted: at most 31 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="{"g" * 31}"
          snapshot.cron="hourly" is not a cron expression
          accepted: minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-6, with * - , and / as cron has them
          fix:      cron="0 2 * * *"
          backup.retain=0 is too small
          accepted: a whole number from 1
          fix:      backup.retain=1
    """):
        LonghornBackupGroup(
            chart,
            long,
            snapshot=Schedule(cron="hourly", retain=1),
            backup=Schedule(cron="0 2 * * *", retain=0),
        )


def test_accepts_31_characters(chart: ServiceChart, render: Render) -> None:
    LonghornBackupGroup(chart, "g" * 31, snapshot=Schedule(cron="0 * * * *", retain=1))

    (manifest,) = render().values()
    assert len(manifest["metadata"]["name"]) == 40, "what Longhorn takes"
