"""Zammad, the help desk."""

from pathlib import Path

from constructs import Construct

from charts.environment import PRIVATE, Environment
from vkm_constructs import (
    Alert,
    ConfigFiles,
    DatabaseDump,
    ExternalSecretRef,
    Gateway,
    InitContainer,
    Issuer,
    LonghornBackupGroup,
    LonghornVolume,
    Migration,
    Namespace,
    PostgresSettings,
    PostgresStatefulSet,
    Probe,
    Probes,
    RedisCache,
    Resources,
    RestoreDrill,
    Rollout,
    SecretStore,
    Security,
    ServiceChart,
    Sidecar,
    TlsRoute,
    WebApp,
    Worker,
)

FILES = Path(__file__).with_name("zammad_files")
TMP = "/opt/zammad/tmp"
ANYWHERE = ["0.0.0.0/0"]
MAIL_AND_WEB = [25, 465, 587, 143, 993, 110, 995, 443]
REASON = "fetches and sends mail; sign-in with Google or Microsoft, webhooks, translations"


class ZammadChart(ServiceChart):
    """Zammad at help.<domain>: two web replicas, one scheduler, one websocket server; PostgreSQL, Redis, memcached.

    A web pod is nginx in front of Rails. Attachments are files on a volume that all parts share. Zammad's database is
    brought to the image's version by a Job; until then every part refuses to start.
    """

    def __init__(
        self,
        scope: Construct,
        env: Environment,
        *,
        namespace: Namespace,
        store: SecretStore,
        issuer: Issuer,
        gateway: Gateway,
        critical: LonghornBackupGroup,
        standard: LonghornBackupGroup,
    ) -> None:
        super().__init__(scope, "zammad", namespace=namespace, labels=env.labels)

        credentials = ExternalSecretRef(
            self,
            "zammad-db-creds",
            store=store,
            keys={
                "database": "zammad-db/database",
                "username": "zammad-db/username",
                "password": "zammad-db/password",
                "postgres-password": "zammad-db/postgres-password",
                "exporter-password": "zammad-db/exporter-password",
            },
        )
        redis_password = ExternalSecretRef(
            self, "zammad-redis-creds", store=store, keys={"password": "zammad-redis/password"}
        )["password"]

        # A scope of their own: the claim zammad-redis has the name of the Deployment that mounts it.
        volumes = Construct(self, "volumes")
        data = LonghornVolume(volumes, "zammad-data", size=env.zammad.data, backup=critical)
        # Mounted by the dumps only, which it holds.
        self.dumps = LonghornVolume(volumes, "zammad-config", size=env.zammad.config, backup=standard)
        self.uploads = LonghornVolume(
            volumes, "zammad-uploads", size=env.zammad.uploads, access_mode="ReadWriteMany", backup=critical
        )

        # Each process of Zammad holds up to 50 connections: two web pods, the scheduler, the websocket server; the Job,
        # dumps and a console come on top.
        database = PostgresStatefulSet(
            self,
            "zammad-db",
            image=env.images.postgres,
            data=data,
            credentials=credentials,
            resources=Resources(cpu="250m", memory=env.zammad.database_memory),
            settings=PostgresSettings(max_connections=50 * (env.zammad.replicas + 2) + 100),
            exporter_image=env.images.postgres_exporter,
        )
        # Twenty minutes before the volume's backup. Eight dumps, while the oldest goes, fit 5Gi up to 640Mi each.
        dump = DatabaseDump(self, "zammad-db-dump", database=database, into=self.dumps, schedule="10 2 * * *", retain=7)
        RestoreDrill(
            self,
            "zammad-db-drill",
            dump=dump,
            schedule="40 3 * * 0",
            not_empty=["users", "tickets"],
            scratch=env.zammad.data,
        )
        # It carries websocket sessions, so nothing in it may be evicted.
        redis = RedisCache(
            self,
            "zammad-redis",
            image=env.images.redis,
            data=LonghornVolume(volumes, "zammad-redis", size=env.zammad.redis),
            password=redis_password,
            resources=Resources(cpu="100m", memory="512Mi"),
            exporter_image=env.images.redis_exporter,
        )
        memcached = WebApp(
            self,
            "zammad-memcached",
            image=env.images.memcached,
            port=11211,
            service_port=11211,
            args=["-m", "256", "-c", "1024"],
            resources=Resources(cpu="50m", memory="384Mi"),
            security=Security(user=11211, group=11211, writable={}),
            rollout=Rollout(pre_stop=0),
            sidecars=[
                Sidecar(
                    name="exporter",
                    image=env.images.memcached_exporter,
                    args=["--memcached.address=127.0.0.1:11211"],
                    ports={"metrics": 9150},
                    probes=Probes(),
                ),
            ],
        )
        self.monitors = (database.monitor(), redis.monitor(), memcached.monitor(alerts=[_memcached_down()]))

        files = ConfigFiles(
            self,
            "zammad-files",
            files={
                "init.sh": FILES / "init.sh",
                "nginx.conf": _nginx(env),
                "stop-nginx.sh": FILES / "stop-nginx.sh",
            },
        )
        zammad = WebApp(
            self,
            "zammad",
            image=env.images.zammad,
            replicas=env.zammad.replicas,
            port=3000,
            port_name="rails",
            command=["bundle", "exec", "puma", "-b", "tcp://[::]:3000", "-w", "0", "-e", "production"],
            # Ruby refuses a directory for temporary files that everybody can write to, as an emptyDir is.
            init=[InitContainer(name="private-tmp", command=["install", "-d", "-m", "0700", f"{TMP}/private"])],
            env={
                "POSTGRESQL_HOST": database.host,
                "POSTGRESQL_PORT": database.port,
                "POSTGRESQL_DB": credentials["database"],
                "POSTGRESQL_USER": credentials["username"],
                "POSTGRESQL_PASS": credentials["password"],
                "POSTGRESQL_OPTIONS": "?pool=50",
                "POSTGRESQL_DB_CREATE": "false",
                "REDIS_PASSWORD": redis_password,
                "REDIS_URL": f"redis://:$(REDIS_PASSWORD)@{redis.address}",
                "MEMCACHE_SERVERS": memcached.address,
                "RAILS_TRUSTED_PROXIES": ",".join(("127.0.0.1", "::1", *env.cluster_networks)),
                # Ends a process that finds migrations pending: it is started again until the Job has run them.
                "RAILS_CHECK_PENDING_MIGRATIONS": "true",
                "ZAMMAD_HTTP_TYPE": "https",
                "ZAMMAD_FQDN": env.host("help"),
                "ELASTICSEARCH_ENABLED": "false",
                "BACKGROUND_SERVICES_LOG_TO_STDOUT": "1",
                "TMP": f"{TMP}/private",
                "TMPDIR": f"{TMP}/private",
                "TZ": env.timezone,
            },
            mounts=[self.uploads.at("/opt/zammad/storage"), files.at("/config")],
            probes=Probes(
                # Rails starts slowly on a cold disk: five minutes.
                startup=Probe.tcp(period=5, failures=60),
                readiness=Probe.http("/", period=10, timeout=5, failures=5),
                liveness=Probe.tcp(period=10, failures=5),
            ),
            resources=Resources(cpu="100m", memory="2Gi"),
            security=Security(user=1000, group=1000, writable={"/tmp": "128Mi", TMP: "512Mi"}),
            # The first start waits for the database and its seed.
            rollout=Rollout(pre_stop=5, grace=60, deadline=1200),
            sidecars=[
                Sidecar(
                    name="nginx",
                    command=["/usr/sbin/nginx", "-e", "stderr", "-c", "/config/nginx.conf", "-g", "daemon off;"],
                    mounts=[files.at("/config")],
                    ports={"http": 8080},
                    probes=Probes(
                        startup=Probe.tcp(period=5, failures=60),
                        readiness=Probe.http("/", period=10, timeout=5, failures=5),
                        liveness=Probe.tcp(period=10, failures=5),
                    ),
                    pre_stop=["/bin/sh", "/config/stop-nginx.sh"],
                ),
            ],
        )
        scheduler = Worker(
            self,
            "zammad-scheduler",
            app=zammad,
            command=["bundle", "exec", "script/background-worker.rb", "start"],
            resources=Resources(cpu="100m", memory="1Gi"),
            rollout=Rollout(pre_stop=0, grace=60),
        )
        websocket = Worker(
            self,
            "zammad-websocket",
            app=zammad,
            command=["bundle", "exec", "script/websocket-server.rb", "-b", "::", "-p", "6042", "start"],
            port=6042,
            resources=Resources(cpu="100m", memory="512Mi"),
        )
        init = Migration(
            self,
            "zammad-init",
            app=zammad,
            command=["/bin/sh", "/config/init.sh"],
            without=["RAILS_CHECK_PENDING_MIGRATIONS"],
        )

        for server in (database, redis, memcached):
            zammad.connect_to(server)
        zammad.connect_to(websocket, siblings=False)
        # Not the websocket server, which talks to browsers only.
        zammad.connect_to_outside(
            "internet", cidrs=ANYWHERE, excluding=PRIVATE, ports=MAIL_AND_WEB, reason=REASON, siblings=False
        )
        for part in (scheduler, init):
            part.connect_to_outside("internet", cidrs=ANYWHERE, excluding=PRIVATE, ports=MAIL_AND_WEB, reason=REASON)
        TlsRoute(
            self,
            "help",
            host=env.host("help"),
            to=zammad,
            issuer=issuer,
            gateway=gateway,
            # It would sit in the websockets' way.
            compress=False,
            rate_limit=env.rate_limit,
        )


def _memcached_down() -> Alert:
    return Alert(
        name="MemcachedDown",
        expr='memcached_up{job="zammad-memcached"} == 0',
        for_="5m",
        severity="warning",
        summary="zammad-memcached does not answer its exporter",
        action="Zammad goes on without its cache, slowly: kubectl logs -n zammad deployment/zammad-memcached",
    )


def _nginx(env: Environment) -> str:
    trusted = "\n  ".join(f"set_real_ip_from {network};" for network in env.cluster_networks)
    return (FILES / "nginx.conf").read_text(encoding="utf-8").replace("@trusted@", trusted)
