"""PostgresStatefulSet: one PostgreSQL server."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_at_least, check_name, check_port, check_size, quantity
from vkm_constructs.config_files import ConfigFiles
from vkm_constructs.connections import close, connect
from vkm_constructs.database_server import METRICS, MIB, check_credentials, check_data, database_server, rounded_up
from vkm_constructs.errors import Checks
from vkm_constructs.exporter import EXPORTER_RESOURCES, EXPORTER_SECURITY, exporter_probes
from vkm_constructs.external_secret_ref import ExternalSecretRef
from vkm_constructs.image import check_image
from vkm_constructs.labels import labels
from vkm_constructs.longhorn_volume import LonghornVolume
from vkm_constructs.monitor import Alert, Monitor
from vkm_constructs.mounts import Mount, check_mounts, keep_mounted
from vkm_constructs.pod_template import container, pod_template
from vkm_constructs.pods import Connectable, workload_pods
from vkm_constructs.probes import Probe, Probes
from vkm_constructs.resources import Resources
from vkm_constructs.security import Security
from vkm_constructs.service_account import service_account

PORT = 5432
EXPORTER_PORT = 9187

# A connection is a process: its stack, its caches of the catalogue (PostgreSQL 17, measured by others at 1.5 to 3 MiB).
_PER_CONNECTION = 2 * MIB
# The server's own processes, write-ahead log buffers, autovacuum, and what parallel queries share in /dev/shm.
_SHARED_MEMORY = 128 * MIB
_SERVER = 128 * MIB + _SHARED_MEMORY
_SECRETS = "/run/secrets/postgres"
# The image of 18 and newer moved PGDATA and its volume.
_NEWEST = 17
SCRIPTS = Path(__file__).with_name("scripts")


@dataclass(frozen=True, slots=True, kw_only=True)
class PostgresSettings:
    """Settings of the server that somebody has to decide.

    Args:
        max_connections: sessions at once. Default 100.
        shared_buffers: the server's own cache, in Mi or Gi; None is a quarter of the memory limit.
        work_mem: what one sort or hash may take in memory, in Mi; None is what is left of the limit for each
            connection, at most 64Mi.
    """

    max_connections: int = 100
    shared_buffers: str | None = None
    work_mem: str | None = None


@dataclass(frozen=True, slots=True)
class _Memory:
    shared_buffers: int = 0
    work_mem: int = 0
    effective_cache_size: int = 0


class PostgresStatefulSet(Construct):
    """One PostgreSQL server on one volume, reachable by connected workloads only.

    Makes a StatefulSet, a client Service, a headless Service, a ServiceAccount, and a ConfigMap with the script that
    makes the roles. The application's role owns its database and nothing else; the superuser `postgres` is not the
    application's. Passwords reach the server as files. They are applied when the data directory is first made: a later
    change in the store does not change the server.

    Args:
        id: the name of what it makes; a DNS label of at most 52 characters (the pods' revision label adds 11).
        image: the official image (`postgres`, Debian variant, up to version 17), with tag or digest. Its Alpine variant
            has other uids and sorts text otherwise: the two cannot share a data directory.
        data: a ReadWriteOnce volume; the data lies in its directory `pgdata`.
        credentials: with the keys `database`, `username`, `password` and `postgres-password`.
        service_port: what clients connect to. Default 5432.
        resources: by default 100m CPU and 1Gi memory.
        settings: by default 100 connections, a quarter of the memory for shared buffers.
        exporter_image: `prometheuscommunity/postgres-exporter`; measures the server on port 9187, as a role of its own
            that can read its state and nothing else. It wants the key `exporter-password`. None measures nothing.

    Attributes:
        host, port, address: what clients in the namespace connect to; `address` is `host:port`.
        image, credentials, security: what it runs with, for pods of other kinds that do (dumps).
        engine: the script with what is its own in dumps and restore drills.
        stateful_set, service, headless_service, service_account: the L1 objects.
        pods: what network policies select.

    Raises:
        ConstructError: every argument that cannot work, at once; among them settings that do not fit the memory.
    """

    engine: ClassVar[Path] = SCRIPTS / "postgres-engine.sh"

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        image: str,
        data: LonghornVolume,
        credentials: ExternalSecretRef,
        service_port: int = PORT,
        resources: Resources | None = None,
        settings: PostgresSettings | None = None,
        exporter_image: str | None = None,
    ) -> None:
        resources = resources or Resources(memory="1Gi")
        settings = settings or PostgresSettings()
        security = Security(user=999, group=999, writable={"/tmp": "256Mi", "/var/run/postgresql": "16Mi"})
        mounts = [data.at("/var/lib/postgresql/data"), credentials.at(_SECRETS)]
        keys = ["database", "username", "password", "postgres-password"]

        check = Checks(scope, id)
        namespace = check.namespace()
        check_name(check, "id", id, limit=52)
        parsed = check_image(check, "image", image)
        exporter = None
        if exporter_image is not None:
            exporter = check_image(check, "exporter_image", exporter_image)
            keys.append("exporter-password")
        check_mounts(check, mounts, security.writable, namespace=namespace)
        check_data(check, data)
        check_credentials(check, credentials, keys)
        if "alpine" in (parsed.tag or ""):
            check.refuse(
                "image",
                image,
                "is the Alpine variant, whose user is another and which sorts text otherwise",
                accepted="the Debian variant",
                fix=f'image="{image.replace("alpine", "trixie")}"',
            )
        major = re.match(r"\d+", parsed.tag or "")
        if major and int(major[0]) > _NEWEST:
            check.refuse(
                "image",
                image,
                "keeps its data in another directory, which this construct does not mount",
                accepted=f"version {_NEWEST} or older",
                fix=f'image="postgres:{_NEWEST}-trixie", with its minor version',
            )
        check_port(check, "service_port", service_port)
        if exporter is not None and service_port == EXPORTER_PORT:
            check.refuse(
                "service_port",
                service_port,
                "is the exporter's port, which the Service has as well",
                accepted="another number",
                fix=f"service_port={PORT}",
            )
        limit, storage = resources.check(check)
        security.check(check, storage)
        memory = _memory(check, limit, settings)
        check.done()
        super().__init__(scope, id)
        keep_mounted(mounts, id)

        self.image, self.credentials, self.security = parsed, credentials, security
        self.host, self.port, self.address = id, service_port, f"{id}:{service_port}"
        all_labels = labels(name=id, instance=id, component="database", part_of=namespace, version=parsed.version)
        metadata = k8s.ObjectMeta(name=id, namespace=namespace, labels=all_labels)
        roles = ConfigFiles(self, f"{id}-init", files={"10-roles.sh": SCRIPTS / "postgres-roles.sh"})
        mounts += [roles.at("/docker-entrypoint-initdb.d"), _shared_memory(namespace)]

        ports = {"postgresql": PORT}
        containers = []
        if exporter is not None:
            ports[METRICS] = EXPORTER_PORT
            containers.append(
                container(
                    name="exporter",
                    image=exporter,
                    env={
                        "DATABASE_NAME": credentials["database"],
                        "DATA_SOURCE_URI": f"127.0.0.1:{PORT}/$(DATABASE_NAME)?sslmode=disable",
                        "DATA_SOURCE_USER": "exporter",
                        "DATA_SOURCE_PASS": credentials["exporter-password"],
                    },
                    ports={METRICS: EXPORTER_PORT},
                    mounts=[],
                    probes=exporter_probes(),
                    resources=EXPORTER_RESOURCES,
                    security=EXPORTER_SECURITY,
                )
            )
        server = container(
            name="postgres",
            image=parsed,
            args=[
                part
                for name, value in {
                    "max_connections": str(settings.max_connections),
                    "shared_buffers": f"{memory.shared_buffers // MIB}MB",
                    "effective_cache_size": f"{memory.effective_cache_size // MIB}MB",
                    "work_mem": f"{memory.work_mem // MIB}MB",
                    "password_encryption": "scram-sha-256",
                }.items()
                for part in ("-c", f"{name}={value}")
            ],
            env={
                "POSTGRES_USER": "postgres",
                "POSTGRES_DB_FILE": f"{_SECRETS}/database",
                "POSTGRES_PASSWORD_FILE": f"{_SECRETS}/postgres-password",
                # Without the second, anybody inside of the pod is the superuser over TCP, the exporter too.
                "POSTGRES_INITDB_ARGS": "--data-checksums --auth-host=scram-sha-256",
                # Below the mount, whose root holds lost+found.
                "PGDATA": "/var/lib/postgresql/data/pgdata",
            },
            ports={"postgresql": PORT},
            mounts=mounts,
            probes=_probes(),
            resources=resources,
            security=security,
        )

        self.pods = workload_pods(self, id, namespace, ports, served=tuple(ports))
        close(self.pods)
        self.service_account = service_account(self, metadata)
        self.stateful_set, self.service, self.headless_service = database_server(
            self,
            metadata,
            self.pods,
            service_port=service_port,
            template=pod_template(
                labels=all_labels,
                service_account=id,
                containers=[server, *containers],
                mounts=mounts,
                security=security,
                # The image's stop signal is SIGINT: a fast shutdown, which writes a checkpoint first.
                grace=120,
            ),
        )

    def allow_from(self, other: Connectable, *, port: str | None = None) -> None:
        """Let other pods reach this server, such as a Prometheus that reads its `metrics`.

        Args:
            other: a workload, or `Pods` that describe one.
            port: name of the port; None is the server's own.

        Raises:
            ConstructError: there is no such port.
        """
        connect(self, other.pods, self.pods, port=port)

    def monitor(self) -> Monitor:
        """Have Prometheus scrape the exporter, and warn when the server is down, short of connections or deadlocked.

        It has to be let in as well: `allow_from(prometheus, port="metrics")`.

        Raises:
            ConstructError: there is no exporter.
        """
        of = f'{{job="{self.host}"}}'
        return Monitor(
            self,
            "monitor",
            of=self.pods,
            alerts=[
                Alert(
                    name="PostgresDown",
                    expr=f"pg_up{of} == 0",
                    for_="2m",
                    severity="critical",
                    summary=f"{self.host} does not answer its exporter",
                    action=f"Is its volume full? kubectl logs -n {self.pods.namespace} {self.host}-0 -c postgres",
                ),
                Alert(
                    name="PostgresConnectionsHigh",
                    expr=f"sum(pg_stat_activity_count{of}) / max(pg_settings_max_connections{of}) > 0.8",
                    for_="10m",
                    severity="warning",
                    summary=f"{self.host} uses {{{{ $value | humanizePercentage }}}} of its connections",
                    action="Who holds them (pg_stat_activity)? Raise settings.max_connections, and the memory with it.",
                ),
                Alert(
                    name="PostgresDeadlocks",
                    expr=f"increase(pg_stat_database_deadlocks{of}[15m]) > 5",
                    for_="1m",
                    severity="warning",
                    summary=f"{self.host}: transactions block one another in {{{{ $labels.datname }}}}",
                    action="The server's log names the statements.",
                ),
            ],
        )


def _probes() -> Probes:
    def ready(*, period: int, failures: int) -> Probe:
        # Over TCP: the server that the image starts for its setup listens on its socket only, and is not ready.
        argv = ["pg_isready", "--username=postgres", "--host=127.0.0.1", f"--port={PORT}"]
        return Probe.command(argv, period=period, timeout=5, failures=failures)

    return Probes(
        # Crash recovery replays the write-ahead log before the server answers: up to ten minutes.
        startup=ready(period=5, failures=120),
        readiness=ready(period=10, failures=3),
        liveness=ready(period=10, failures=6),
    )


def _shared_memory(namespace: str) -> Mount:
    """`/dev/shm` for parallel queries; a container's own has 64 MiB. It counts as the container's memory."""
    source = k8s.EmptyDirVolumeSource(medium="Memory", size_limit=quantity(f"{_SHARED_MEMORY // MIB}Mi"))
    return Mount(
        path="/dev/shm",
        volume=k8s.Volume(name="shared-memory", empty_dir=source),
        source="/dev/shm",
        namespace=namespace,
    )


def _memory(check: Checks, limit: int, settings: PostgresSettings) -> _Memory:
    """The sizes that the server is told; a problem where they do not fit the memory together with the connections."""
    # Three are the superuser's, three the exporter's.
    check_at_least(check, "settings.max_connections", settings.max_connections, 10)
    given_buffers = check_size(check, "settings.shared_buffers", settings.shared_buffers or "1Gi")
    given_work = check_size(check, "settings.work_mem", settings.work_mem or "1Mi")
    connections = settings.max_connections
    for argument, size in (("shared_buffers", given_buffers), ("work_mem", given_work)):
        if 0 < size < MIB:
            given = getattr(settings, argument)
            check.refuse(
                f"settings.{argument}", given, "is too little", accepted="at least 1Mi", fix=f'{argument}="1Mi"'
            )
    if not (limit and given_buffers and given_work and isinstance(connections, int) and connections > 0):
        return _Memory()
    buffers = given_buffers if settings.shared_buffers else limit // 4 // MIB * MIB
    left = (limit - buffers - _SERVER) // connections - _PER_CONNECTION
    work = given_work if settings.work_mem else min(max(left // MIB, 1), 64) * MIB
    others = connections * (_PER_CONNECTION + work) + _SERVER
    if buffers + others > limit:
        enough = buffers + others if settings.shared_buffers else others * 4 // 3
        check.refuse(
            "settings",
            f"max_connections={connections}, shared_buffers={settings.shared_buffers}, work_mem={settings.work_mem}",
            f"may take {(buffers + others) // MIB}Mi of the container's {limit // MIB}Mi: {buffers // MIB}Mi shared "
            f"buffers, {(_PER_CONNECTION + work) // MIB}Mi for each connection, {_SERVER // MIB}Mi for the server",
            accepted="settings that fit resources.memory",
            fix=f'resources=Resources(memory="{rounded_up(enough)}"), or fewer max_connections',
        )
    return _Memory(buffers, work, limit * 3 // 4)
