"""RestoreDrill: proves every so often that a dump can be restored."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_at_least, check_cron, check_name, check_size
from vkm_constructs.config_files import ConfigFiles
from vkm_constructs.cron_job import cron_job
from vkm_constructs.database_dump import DatabaseDump
from vkm_constructs.errors import Checks
from vkm_constructs.labels import labels
from vkm_constructs.pod_template import container, pod_template
from vkm_constructs.resources import Resources
from vkm_constructs.security import Security
from vkm_constructs.service_account import service_account

DEADLINE: Final = 4 * 60 * 60
SCRIPT: Final = Path(__file__).with_name("scripts") / "restore-drill.sh"
MIB: Final = 2**20
# What an empty server takes, with its logs.
_SMALLEST: Final = 512 * MIB
_TABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class RestoreDrill(Construct):
    """Restores the newest dump into a server of its own and counts tables and rows. Makes what `DatabaseDump` makes.

    The server is of the dump's image, listens on a socket in the pod alone and is gone with it. The pod has no network
    policy and no secret: it needs nothing but the dumps, which it cannot write. The run fails, and says why in the last
    line of its log, when there is no dump, when the newest is too old, not what was dumped, cannot be restored, or
    lacks what it should hold.

    Args:
        id: the CronJob's name; a DNS label of at most 52 characters (the Jobs' names add 11).
        dump: whose dumps.
        schedule: five cron fields, in the cluster's time zone, which is mostly UTC; some time after a dump.
        max_age_hours: how old the newest dump may be. Default 48: a daily dump that failed once.
        at_least_tables: how many tables it has at least. Default 1.
        not_empty: tables that must have rows, by name.
        scratch: what the restored database may take of its node's disk, at least 512Mi; as much as the database's
            volume is always enough. The pod is evicted, and the drill fails, when it takes more. Default 5Gi.

    Attributes:
        cron_job, service_account: the L1 objects.

    Raises:
        ConstructError: every argument that cannot work, at once.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        dump: DatabaseDump,
        schedule: str,
        max_age_hours: int = 48,
        at_least_tables: int = 1,
        not_empty: Sequence[str] = (),
        scratch: str = "5Gi",
    ) -> None:
        image = dump.database.image
        of = dump.database.security
        security = Security(user=of.user, group=of.group, writable={"/scratch": scratch})

        check = Checks(scope, id)
        namespace = check.namespace()
        check_name(check, "id", id, limit=52)
        if dump.namespace != namespace:
            check.refuse(
                "dump",
                dump.name,
                f"lives in namespace {dump.namespace}; its volume cannot be had elsewhere",
                accepted=f"a DatabaseDump in namespace {namespace}",
                fix=f"make the RestoreDrill in the chart of {dump.name}",
            )
        check_cron(check, "schedule", schedule)
        check_at_least(check, "max_age_hours", max_age_hours, 1)
        check_at_least(check, "at_least_tables", at_least_tables, 1)
        _check_tables(check, not_empty)
        size = check_size(check, "scratch", scratch)
        if 0 < size < _SMALLEST:
            check.refuse(
                "scratch",
                scratch,
                "is less than an empty server takes",
                accepted=f"at least {_SMALLEST // MIB}Mi",
                fix=f'scratch="{_SMALLEST // MIB}Mi"',
            )
        check.done()
        super().__init__(scope, id)

        all_labels = labels(name=id, instance=id, component="restore-drill", part_of=namespace, version=image.version)
        metadata = k8s.ObjectMeta(name=id, namespace=namespace, labels=all_labels)
        scripts = ConfigFiles(
            self, f"{id}-script", files={"restore-drill.sh": SCRIPT, "engine.sh": dump.database.engine}
        )
        mounts = [replace(dump.files, read_only=True), scripts.at("/scripts")]

        self.service_account = service_account(self, metadata)
        self.cron_job = cron_job(
            self,
            metadata,
            schedule=schedule,
            # A node that was drained is no reason to wait for the next time.
            retries=1,
            deadline=DEADLINE,
            template=pod_template(
                labels=all_labels,
                service_account=id,
                containers=[
                    container(
                        name="restore-drill",
                        image=image,
                        command=["/bin/sh", "/scripts/restore-drill.sh"],
                        env={
                            "DUMP": dump.name,
                            "MAX_AGE_HOURS": max_age_hours,
                            "AT_LEAST_TABLES": at_least_tables,
                            "NOT_EMPTY": " ".join(not_empty),
                        },
                        mounts=mounts,
                        resources=Resources(cpu="100m", memory="1Gi", ephemeral_storage=f"{-(-size // MIB) + 64}Mi"),
                        security=security,
                    )
                ],
                mounts=mounts,
                security=security,
                grace=30,
                restart_policy="Never",
            ),
        )


def _check_tables(check: Checks, not_empty: Sequence[str]) -> None:
    if isinstance(not_empty, str):
        check.refuse(
            "not_empty", not_empty, "is one text", accepted="a list of names", fix=f"not_empty={not_empty.split()!r}"
        )
        return
    for table in not_empty:
        if not _TABLE.fullmatch(table):
            check.refuse(
                "not_empty",
                table,
                "is not a plain table name",
                accepted="letters, digits and _, not starting with a digit; without schema or quotes",
                fix=f'"{re.sub(r"[^A-Za-z0-9_]", "_", table.rpartition(".")[2]).lstrip("0123456789") or "users"}"',
            )
