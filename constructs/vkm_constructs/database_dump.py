"""DatabaseDump: a database as a file, every so often."""

from pathlib import Path
from typing import Final, TypeAlias

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_at_least, check_cron, check_name, check_sub_path
from vkm_constructs.config_files import ConfigFiles
from vkm_constructs.connections import connect
from vkm_constructs.cron_job import cron_job
from vkm_constructs.errors import Checks
from vkm_constructs.external_secret_ref import ExternalSecretRef
from vkm_constructs.labels import labels
from vkm_constructs.longhorn_volume import LonghornVolume
from vkm_constructs.mariadb_stateful_set import MariaDbStatefulSet
from vkm_constructs.mounts import Mount, volume_name
from vkm_constructs.pod_template import container, pod_template
from vkm_constructs.pods import workload_pods
from vkm_constructs.postgres_stateful_set import PostgresStatefulSet
from vkm_constructs.resources import Resources
from vkm_constructs.security import Security
from vkm_constructs.service_account import service_account

Database: TypeAlias = MariaDbStatefulSet | PostgresStatefulSet

# The longest that a table's lock, or a server that is gone, may keep a dump waiting.
DEADLINE: Final = 2 * 60 * 60
DUMPS: Final = "/dumps"
SCRIPT: Final = Path(__file__).with_name("scripts") / "dump.sh"


class DatabaseDump(Construct):
    """Dumps a database to a volume, and keeps the newest few. Makes a CronJob, a ServiceAccount and a ConfigMap.

    The dump is taken by the server's own image, as the application's user, while the application goes on writing: it
    shows one moment. A file `<id>-20261124T021000Z.<sql.gz or dump>` is a whole dump, read back before it got that
    name, with its SHA-256 beside it (`sha256sum --check`). Older ones go once a new one is there, and only then.

    The way to the database opens by itself, for these pods only.

    Args:
        id: the CronJob's name, and how the dumps' names begin; a DNS label of at most 52 characters (the Jobs' names
            add 11).
        database: what is dumped.
        into: a volume that no running workload has for itself; best one that is backed up to another place.
        folder: directory of the volume. Default `dumps`.
        schedule: five cron fields, in the cluster's time zone, which is mostly UTC: `"10 2 * * *"`.
        retain: the newest that are kept, from 1; the volume needs room for one more. Default 7.

    Attributes:
        name, namespace, database: as given, or of the chart.
        files: the mount with the dumps.
        cron_job, service_account: the L1 objects.
        pods: what network policies select.

    Raises:
        ConstructError: every argument that cannot work, at once; among them a volume or a database of another
            namespace.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        database: Database,
        into: LonghornVolume,
        folder: str = "dumps",
        schedule: str,
        retain: int = 7,
    ) -> None:
        # The database's user, so that its image finds itself at home; nothing is written but the dumps.
        security = Security(user=database.security.user, group=database.security.group, writable={})
        files = into.at(DUMPS, sub_path=folder or None)

        check = Checks(scope, id)
        namespace = check.namespace()
        check_name(check, "id", id, limit=52)
        if database.pods.namespace != namespace:
            check.refuse(
                "database",
                database.host,
                f"lives in namespace {database.pods.namespace}; its credentials cannot be had elsewhere",
                accepted=f"a database in namespace {namespace}",
                fix=f"make the DatabaseDump in the chart of {database.host}",
            )
        _check_volume(check, into, files, namespace)
        check_sub_path(check, "folder", folder)
        check_cron(check, "schedule", schedule)
        check_at_least(check, "retain", retain, 1)
        check.done()
        super().__init__(scope, id)
        files.visitors.append(id)

        self.name, self.namespace, self.database, self.files = id, namespace, database, files
        all_labels = labels(name=id, instance=id, component="dump", part_of=namespace, version=database.image.version)
        metadata = k8s.ObjectMeta(name=id, namespace=namespace, labels=all_labels)
        scripts = ConfigFiles(self, f"{id}-script", files={"dump.sh": SCRIPT, "engine.sh": database.engine})
        mounts = [files, _login(database.credentials), scripts.at("/scripts")]

        self.pods = workload_pods(self, id, namespace, {}, served=())
        self.service_account = service_account(self, metadata)
        self.cron_job = cron_job(
            self,
            metadata,
            schedule=schedule,
            retries=2,
            deadline=DEADLINE,
            template=pod_template(
                labels=all_labels,
                service_account=id,
                containers=[
                    container(
                        name="dump",
                        image=database.image,
                        command=["/bin/sh", "/scripts/dump.sh"],
                        env={
                            "DUMP": id,
                            "RETAIN": retain,
                            "DATABASE_HOST": database.host,
                            "DATABASE_PORT": database.port,
                        },
                        mounts=mounts,
                        resources=Resources(cpu="100m", memory="512Mi", ephemeral_storage="64Mi"),
                        security=security,
                    )
                ],
                mounts=mounts,
                security=security,
                grace=30,
                restart_policy="Never",
            ),
        )
        connect(self, self.pods, database.pods)


def _login(credentials: ExternalSecretRef) -> Mount:
    """What the application's user needs, and not the superuser's password, which is in the same Secret."""
    source = k8s.SecretVolumeSource(
        secret_name=credentials.name,
        default_mode=0o440,
        items=[k8s.KeyToPath(key=key, path=key) for key in ("database", "username", "password")],
    )
    return Mount(
        path="/run/secrets/database",
        volume=k8s.Volume(name=volume_name("secret", credentials.name), secret=source),
        source=credentials.name,
        namespace=credentials.namespace,
        read_only=True,
    )


def _check_volume(check: Checks, into: LonghornVolume, files: Mount, namespace: str) -> None:
    if into.namespace != namespace:
        check.refuse(
            "into",
            into.name,
            f"lives in namespace {into.namespace}; a pod mounts from its own only",
            accepted=f"a volume in namespace {namespace}",
            fix=f"make {into.name} in namespace {namespace}",
        )
    elif files.exclusive and files.users:
        check.refuse(
            "into",
            into.name,
            f"is ReadWriteOnce, and {files.users[0]} has it",
            accepted='a volume for dumps alone, or one with access_mode="ReadWriteMany"',
            fix=f'LonghornVolume(..., "{files.users[0]}-dumps", size="5Gi", backup=...)',
        )
