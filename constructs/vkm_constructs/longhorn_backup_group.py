"""LonghornBackupGroup: when volumes are snapshotted and backed up."""

from dataclasses import dataclass
from typing import Literal

from cdk8s import ApiObjectMetadata
from constructs import Construct

from vkm_constructs.checks import check_at_least, check_cron, check_name, check_reference
from vkm_constructs.errors import Checks
from vkm_longhorn.io.longhorn import RecurringJob, RecurringJobSpec, RecurringJobSpecTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """How often, and how many are kept.

    Args:
        cron: five fields, in UTC: minute, hour, day of month, month, day of week.
        retain: the newest that are kept of each volume, from 1.
    """

    cron: str
    retain: int


class LonghornBackupGroup(Construct):
    """A group that volumes join by `LonghornVolume(..., backup=group)`.

    Makes the RecurringJobs `<id>-snapshot` (on the same disks: quick to go back to) and `<id>-backup` (to the backup
    target: survives the cluster), in Longhorn's own namespace, the only one where it looks for them.

    Args:
        id: the group's name; a DNS label of at most 31 characters (Longhorn 1.12 takes 40 for a job's name).
        snapshot: None is no snapshots of their own.
        backup: None is no backups.
        longhorn_namespace: where Longhorn runs. Default `longhorn-system`.

    Attributes:
        volumes: names of the claims that have joined it.

    Raises:
        ConstructError: neither is given, a schedule that is no cron expression, nothing retained.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        snapshot: Schedule | None = None,
        backup: Schedule | None = None,
        longhorn_namespace: str = "longhorn-system",
    ) -> None:
        tasks: dict[Literal["SNAPSHOT", "BACKUP"], Schedule | None] = {"SNAPSHOT": snapshot, "BACKUP": backup}
        schedules = {task: schedule for task, schedule in tasks.items() if schedule is not None}
        check = Checks(scope, id)
        check_reference(check, "longhorn_namespace", longhorn_namespace)
        check_name(check, "id", id, limit=31)
        if not schedules:
            check.refuse(
                "backup",
                None,
                "and snapshot=None make a group that does nothing",
                accepted="at least one of the two",
                fix='backup=Schedule(cron="0 2 * * *", retain=14)',
            )
        for task, schedule in schedules.items():
            check_at_least(check, f"{task.lower()}.retain", schedule.retain, 1)
            check_cron(check, f"{task.lower()}.cron", schedule.cron)
        check.done()
        super().__init__(scope, id)

        self.name = id
        self.volumes: list[str] = []
        for task, schedule in schedules.items():
            name = f"{id}-{task.lower()}"
            RecurringJob(
                self,
                task.lower(),
                metadata=ApiObjectMetadata(name=name, namespace=longhorn_namespace),
                spec=RecurringJobSpec(
                    name=name,
                    task=RecurringJobSpecTask[task],
                    cron=schedule.cron,
                    retain=schedule.retain,
                    concurrency=1,
                    groups=[id],
                ),
            )
