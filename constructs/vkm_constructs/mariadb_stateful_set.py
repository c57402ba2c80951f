"""MariaDbStatefulSet: one MariaDB server."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_at_least, check_name, check_port, check_size
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
from vkm_constructs.mounts import check_mounts, keep_mounted
from vkm_constructs.pod_template import container, pod_template
from vkm_constructs.pods import Connectable, workload_pods
from vkm_constructs.probes import Probe, Probes
from vkm_constructs.resources import Resources
from vkm_constructs.security import Security
from vkm_constructs.service_account import service_account

PORT = 3306
EXPORTER_PORT = 9104

# Session buffers and stack of a connection that sorts and joins, at the server's defaults (MariaDB 11.8).
_PER_CONNECTION = 3 * MIB
# The server itself, its dictionary, log buffers, and the Aria page cache of internal temporary tables.
_SERVER = 192 * MIB
_SMALLEST_POOL = 8 * MIB
_SECRETS = "/run/secrets/mariadb"
SCRIPTS = Path(__file__).with_name("scripts")


@dataclass(frozen=True, slots=True, kw_only=True)
class MariaDbSettings:
    """Settings of the server that somebody has to decide.

    Args:
        max_connections: sessions at once; each may take 3 MiB besides the buffer pool. Default 100.
        buffer_pool: InnoDB's cache, in Mi or Gi; None is half of the memory limit.
        character_set: of new databases. Default utf8mb4.
        collation: of new databases. Default utf8mb4_unicode_ci.
    """

    max_connections: int = 100
    buffer_pool: str | None = None
    character_set: str = "utf8mb4"
    collation: str = "utf8mb4_unicode_ci"


class MariaDbStatefulSet(Construct):
    """One MariaDB server on one volume, reachable by connected workloads only.

    Makes a StatefulSet, a client Service, a headless Service and a ServiceAccount. The server listens on 3306; the
    client Service's port is free to choose. Passwords reach the server as files. They are applied when the data
    directory is first made: a later change in the store does not change the server.

    Args:
        id: the name of what it makes; a DNS label of at most 52 characters (the pods' revision label adds 11).
        image: the official image (`mariadb`), with tag or digest.
        data: a ReadWriteOnce volume; the data lies in its directory `mysql`.
        credentials: with the keys `database`, `username`, `password` and `root-password`.
        service_port: what clients connect to. Default 3306.
        resources: by default 100m CPU and 1Gi memory.
        settings: by default 100 connections and half of the memory for InnoDB's buffer pool.
        exporter_image: `prom/mysqld-exporter`; measures the server on port 9104, as a user of its own that can read
            its state and nothing else. It wants the key `exporter-password`. None measures nothing.

    Attributes:
        host, port, address: what clients in the namespace connect to; `address` is `host:port`.
        image, credentials, security: what it runs with, for pods of other kinds that do (dumps).
        engine: the script with what is its own in dumps and restore drills.
        stateful_set, service, headless_service, service_account: the L1 objects.
        pods: what network policies select.

    Raises:
        ConstructError: every argument that cannot work, at once; among them settings that do not fit the memory.
    """

    engine: ClassVar[Path] = SCRIPTS / "mariadb-engine.sh"

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
        settings: MariaDbSettings | None = None,
        exporter_image: str | None = None,
    ) -> None:
        resources = resources or Resources(memory="1Gi")
        settings = settings or MariaDbSettings()
        security = Security(user=999, group=999, writable={"/tmp": "256Mi", "/run/mysqld": "16Mi"})
        mounts = [data.at("/var/lib/mysql", sub_path="mysql"), credentials.at(_SECRETS)]
        keys = ["database", "username", "password", "root-password"]

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
        pool = _buffer_pool(check, limit, settings)
        check.done()
        super().__init__(scope, id)
        keep_mounted(mounts, id)

        self.image, self.credentials, self.security = parsed, credentials, security
        self.host, self.port, self.address = id, service_port, f"{id}:{service_port}"
        ports = {"mysql": PORT}
        all_labels = labels(name=id, instance=id, component="database", part_of=namespace, version=parsed.version)
        metadata = k8s.ObjectMeta(name=id, namespace=namespace, labels=all_labels)
        containers = []
        if exporter is not None:
            ports[METRICS] = EXPORTER_PORT
            script = ConfigFiles(self, f"{id}-init", files={"10-exporter.sh": SCRIPTS / "mariadb-exporter.sh"})
            mounts.append(script.at("/docker-entrypoint-initdb.d"))
            containers.append(
                container(
                    name="exporter",
                    image=exporter,
                    args=[f"--mysqld.address=127.0.0.1:{PORT}", "--mysqld.username=exporter"],
                    env={"MYSQLD_EXPORTER_PASSWORD": credentials["exporter-password"]},
                    ports={METRICS: EXPORTER_PORT},
                    mounts=[],
                    probes=exporter_probes(),
                    resources=EXPORTER_RESOURCES,
                    security=EXPORTER_SECURITY,
                )
            )
        server = container(
            name="mariadb",
            image=parsed,
            args=[
                f"--character-set-server={settings.character_set}",
                f"--collation-server={settings.collation}",
                f"--max-connections={settings.max_connections}",
                f"--innodb-buffer-pool-size={pool // MIB}M",
                # MyISAM's cache would take 128M that nothing here uses.
                "--key-buffer-size=8M",
            ],
            env={
                "MARIADB_DATABASE_FILE": f"{_SECRETS}/database",
                "MARIADB_USER_FILE": f"{_SECRETS}/username",
                "MARIADB_PASSWORD_FILE": f"{_SECRETS}/password",
                "MARIADB_ROOT_PASSWORD_FILE": f"{_SECRETS}/root-password",
                # The superuser comes in through the pod's own socket only.
                "MARIADB_ROOT_HOST": "localhost",
                "MARIADB_AUTO_UPGRADE": "1",
                "MARIADB_INITDB_SKIP_TZINFO": "1",
            },
            ports={"mysql": PORT},
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
                # InnoDB writes back what it holds before it stops.
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
        """Have Prometheus scrape the exporter, and warn when the server is down, short of connections or slow.

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
                    name="MariaDbDown",
                    expr=f"mysql_up{of} == 0",
                    for_="2m",
                    severity="critical",
                    summary=f"{self.host} does not answer its exporter",
                    action=f"Is its volume full? kubectl logs -n {self.pods.namespace} {self.host}-0 -c mariadb",
                ),
                Alert(
                    name="MariaDbConnectionsHigh",
                    expr=(
                        f"mysql_global_status_threads_connected{of} / mysql_global_variables_max_connections{of} > 0.8"
                    ),
                    for_="10m",
                    severity="warning",
                    summary=f"{self.host} uses {{{{ $value | humanizePercentage }}}} of its connections",
                    action="Who holds them (SHOW PROCESSLIST)? Raise settings.max_connections, and the memory with it.",
                ),
                Alert(
                    name="MariaDbSlowQueries",
                    expr=f"rate(mysql_global_status_slow_queries{of}[10m]) > 0.2",
                    for_="15m",
                    severity="warning",
                    summary=f"{self.host} answers slowly",
                    action="Look at the dashboard's buffer pool: reads from disk mean that it is too small.",
                ),
            ],
        )


def _probes() -> Probes:
    def healthy(*flags: str, period: int, failures: int) -> Probe:
        return Probe.command(["healthcheck.sh", *flags], period=period, timeout=5, failures=failures)

    return Probes(
        # Crash recovery reads the whole redo log before the server answers, an upgrade all tables: up to ten minutes.
        startup=healthy("--connect", "--innodb_initialized", period=5, failures=120),
        readiness=healthy("--connect", "--innodb_initialized", period=10, failures=3),
        liveness=healthy("--connect", period=10, failures=6),
    )


def _buffer_pool(check: Checks, limit: int, settings: MariaDbSettings) -> int:
    """The buffer pool's bytes; a problem where it does not fit the memory together with the connections."""
    check_at_least(check, "settings.max_connections", settings.max_connections, 1)
    given = check_size(check, "settings.buffer_pool", settings.buffer_pool) if settings.buffer_pool else None
    if given is not None and 0 < given < _SMALLEST_POOL:
        check.refuse(
            "settings.buffer_pool",
            settings.buffer_pool,
            "is less than InnoDB starts with",
            accepted=f"at least {_SMALLEST_POOL // MIB}Mi",
            fix="leave it out: half of the memory limit",
        )
    if not isinstance(settings.max_connections, int):
        return 0
    pool = given if given is not None else limit // 2 // MIB * MIB
    others = settings.max_connections * _PER_CONNECTION + _SERVER
    if limit and pool + others > limit:
        enough = pool + others if given is not None else 2 * others
        check.refuse(
            "settings",
            f"max_connections={settings.max_connections}, buffer_pool={settings.buffer_pool}",
            f"may take {(pool + others) // MIB}Mi of the container's {limit // MIB}Mi: {pool // MIB}Mi for the buffer "
            f"pool, {_PER_CONNECTION // MIB}Mi for each connection, {_SERVER // MIB}Mi for the server",
            accepted="settings that fit resources.memory",
            fix=f'resources=Resources(memory="{rounded_up(enough)}"), or fewer max_connections',
        )
    return pool
