"""A service as the environment has them, with stand-ins for what the environment hands it. Writes `dist/`."""

from dataclasses import dataclass, field

import vkm_constructs as vkm

PLATFORM = "the platform team"


@dataclass(frozen=True, kw_only=True)
class Images:
    """Stands in for charts/images.toml."""

    polls: str = "example/polls:3.2.0"
    postgres: str = "postgres:17.11-trixie"
    postgres_exporter: str = "prometheuscommunity/postgres-exporter:v0.20.1"
    redis: str = "redis:8.8.2-alpine"
    redis_exporter: str = "oliver006/redis_exporter:v1.88.0-alpine"


@dataclass(frozen=True, kw_only=True)
class PollsSize:
    """Polls and its database."""

    replicas: int = 2
    data: str = "10Gi"
    uploads: str = "5Gi"


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Stands in for charts/environment.py."""

    domain: str = "example.com"
    rate_limit: vkm.RateLimit | None = field(default_factory=lambda: vkm.RateLimit(average=100, burst=200))
    images: Images = field(default_factory=Images)
    polls: PollsSize = field(default_factory=PollsSize)

    def host(self, name: str) -> str:
        """The full name of a host below the domain."""
        return f"{name}.{self.domain}"


class PollsChart(vkm.ServiceChart):
    """Polls at vote.<domain>: two replicas, PostgreSQL, a cache, uploads that both replicas share."""

    def __init__(
        self,
        scope: vkm.App,
        env: Environment,
        *,
        namespace: vkm.Namespace,
        store: vkm.SecretStore,
        issuer: vkm.Issuer,
        gateway: vkm.Gateway,
        backup: vkm.LonghornBackupGroup,
    ) -> None:
        super().__init__(scope, "polls", namespace=namespace)

        keys = ("database", "username", "password", "postgres-password", "exporter-password")
        credentials = vkm.ExternalSecretRef(
            self, "polls-db-creds", store=store, keys={key: f"polls-db/{key}" for key in keys}
        )
        own = vkm.ExternalSecretRef(
            self,
            "polls-app",
            store=store,
            keys={"session-key": "polls-app/session-key", "redis-password": "polls-app/redis-password"},
        )
        data = vkm.LonghornVolume(self, "polls-data", size=env.polls.data, backup=backup)
        uploads = vkm.LonghornVolume(
            self, "polls-uploads", size=env.polls.uploads, access_mode="ReadWriteMany", backup=backup
        )

        database = vkm.PostgresStatefulSet(
            self,
            "polls-db",
            image=env.images.postgres,
            data=data,
            credentials=credentials,
            exporter_image=env.images.postgres_exporter,
        )
        # Before the volumes' backup at 01:30, which takes the dump along.
        dump = vkm.DatabaseDump(self, "polls-db-dump", database=database, into=uploads, schedule="50 0 * * *")
        vkm.RestoreDrill(self, "polls-db-drill", dump=dump, schedule="10 4 * * 0", not_empty=["users"])
        # Without a volume it is a cache: nothing in it may matter.
        cache = vkm.RedisCache(
            self,
            "polls-redis",
            image=env.images.redis,
            password=own["redis-password"],
            exporter_image=env.images.redis_exporter,
        )

        polls = vkm.WebApp(
            self,
            "polls",
            image=env.images.polls,
            replicas=env.polls.replicas,
            port=3000,
            env={
                "PUBLIC_URL": f"https://{env.host('vote')}",
                "SESSION_KEY": own["session-key"],
                "DB_HOST": database.host,
                "DB_PORT": database.port,
                "DB_NAME": credentials["database"],
                "DB_USER": credentials["username"],
                "DB_PASSWORD": credentials["password"],
                "REDIS_ADDRESS": cache.address,
                "REDIS_PASSWORD": own["redis-password"],
            },
            mounts=[uploads.at("/srv/uploads", sub_path="uploads")],
            probes=vkm.Probes(readiness=vkm.Probe.http("/health", period=10)),
            resources=vkm.Resources(cpu="100m", memory="512Mi"),
            security=vkm.Security(user=1000, group=1000, writable={"/tmp": "128Mi"}),
        )
        polls.connect_to(database)
        polls.connect_to(cache)
        vkm.TlsRoute(
            self,
            "vote",
            host=env.host("vote"),
            to=polls,
            issuer=issuer,
            gateway=gateway,
            rate_limit=env.rate_limit,
        )
        self.data, self.database, self.cache = data, database, cache
        self.monitors = (database.monitor(), cache.monitor())


if __name__ == "__main__":
    with vkm.App() as app:
        polls = PollsChart(
            app,
            Environment(),
            namespace=vkm.ServiceNamespace(vkm.ServiceChart(app, "namespaces"), "polls"),
            store=vkm.SecretStore(name="onepassword-store", made_by=PLATFORM),
            issuer=vkm.Issuer(name="letsencrypt-prod", dns01_zones=("example.com",), made_by=PLATFORM),
            gateway=vkm.Gateway(pods=vkm.Pods(name="traefik", namespace="traefik", labels={"app": "traefik"})),
            backup=vkm.LonghornBackupGroup(
                vkm.ServiceChart(app, "storage", namespace=vkm.ExistingNamespace("longhorn-system", made_by=PLATFORM)),
                "critical",
                backup=vkm.Schedule(cron="30 1 * * *", retain=30),
            ),
        )
        vkm.made_outside(polls.data.claim, "StorageClass", "longhorn", by=PLATFORM)
        prometheus = vkm.Pods(name="prometheus", namespace="prometheus", labels={"app": "prometheus"})
        for scraped in (polls.database, polls.cache):
            scraped.allow_from(prometheus, port="metrics")
