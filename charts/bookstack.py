"""BookStack, the wiki."""

from pathlib import Path

from constructs import Construct

from charts.environment import Environment
from vkm_constructs import (
    ConfigFiles,
    DatabaseDump,
    ExternalSecretRef,
    Gateway,
    InitContainer,
    Issuer,
    LonghornBackupGroup,
    LonghornVolume,
    MariaDbStatefulSet,
    Migration,
    Namespace,
    Probe,
    Probes,
    Resources,
    RestoreDrill,
    Rollout,
    SecretStore,
    Security,
    ServiceChart,
    TlsRoute,
    WebApp,
)

FILES = Path(__file__).with_name("bookstack_files")
HOME = "/var/www/bookstack"


class BookstackChart(ServiceChart):
    """BookStack at wiki.<domain>: two replicas, MariaDB behind port 5432, uploads that both replicas share.

    Sessions and cache are in the database, so that a pod can go without logging anybody out. Migrations run once for
    each version, and no pod serves before they have.
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
        backup: LonghornBackupGroup,
    ) -> None:
        super().__init__(scope, "bookstack", namespace=namespace, labels=env.labels)

        credentials = ExternalSecretRef(
            self,
            "bookstack-db-creds",
            store=store,
            keys={
                "database": "bookstack-db/database",
                "username": "bookstack-db/username",
                "password": "bookstack-db/password",
                "root-password": "bookstack-db/root-password",
                "exporter-password": "bookstack-db/exporter-password",
            },
        )
        # It decrypts what the database holds, such as second factors: lost with the Secret, they are lost for good.
        app_key = ExternalSecretRef(
            self, "bookstack-app", store=store, keys={"app-key": "bookstack-app/app-key"}, keep=True
        )
        data = LonghornVolume(self, "bookstack-data", size=env.bookstack.data, backup=backup)
        uploads = LonghornVolume(
            self, "bookstack-config", size=env.bookstack.config, access_mode="ReadWriteMany", backup=backup
        )
        files = ConfigFiles(
            self,
            "bookstack-files",
            files={
                "wait-for-migrations.sh": FILES / "wait-for-migrations.sh",
                "zz-uploads.ini": FILES / "zz-uploads.ini",
            },
        )

        # BookStack speaks MySQL only: the Service has the port that the architecture names, the pod MariaDB's own.
        database = MariaDbStatefulSet(
            self,
            "bookstack-db",
            image=env.images.mariadb,
            data=data,
            credentials=credentials,
            service_port=5432,
            exporter_image=env.images.mysqld_exporter,
        )

        # Twenty minutes before the volumes' backup, which takes the dump along.
        dump = DatabaseDump(self, "bookstack-db-dump", database=database, into=uploads, schedule="10 1 * * *", retain=7)
        RestoreDrill(
            self,
            "bookstack-db-drill",
            dump=dump,
            schedule="10 3 * * 0",
            not_empty=["users", "migrations"],
            scratch=env.bookstack.data,
        )

        wiki = WebApp(
            self,
            "bookstack",
            image=env.images.bookstack,
            replicas=env.bookstack.replicas,
            port=8080,
            # Not the image's entry point, which migrates at each start of each pod.
            command=["apache2-foreground"],
            init=[InitContainer(name="wait-for-migrations", command=["/bin/sh", "/scripts/wait-for-migrations.sh"])],
            env={
                "APP_URL": f"https://{env.host('wiki')}",
                "APP_KEY": app_key["app-key"],
                "APP_ENV": "production",
                "APP_DEBUG": "false",
                "APP_TIMEZONE": env.timezone,
                "APP_PROXIES": ",".join(env.cluster_networks),
                # The port stands in DB_HOST only: BookStack splits it there.
                "DB_HOST": database.address,
                "DB_DATABASE": credentials["database"],
                "DB_USERNAME": credentials["username"],
                "DB_PASSWORD": credentials["password"],
                "SESSION_DRIVER": "database",
                "SESSION_SECURE_COOKIE": "true",
                "CACHE_DRIVER": "database",
                "QUEUE_CONNECTION": "sync",
                "LOG_CHANNEL": "stderr",
                # Images are served to those who are logged in, not to anybody who knows their address.
                "STORAGE_TYPE": "local_secure",
                "FILE_UPLOAD_SIZE_LIMIT": 50,
                # Gravatar and the like: the network policies would refuse it.
                "DISABLE_EXTERNAL_SERVICES": "true",
            },
            mounts=[
                uploads.at(f"{HOME}/public/uploads", sub_path="public-uploads"),
                uploads.at(f"{HOME}/storage/uploads", sub_path="storage-uploads"),
                files.at("/scripts/wait-for-migrations.sh", file="wait-for-migrations.sh"),
                files.at("/usr/local/etc/php/conf.d/zz-uploads.ini", file="zz-uploads.ini"),
            ],
            probes=Probes(
                startup=Probe.tcp(period=5, failures=30),
                # Asks for the database, the cache and the session: a pod that lacks one of them gets no requests.
                readiness=Probe.http("/status", period=15, timeout=5),
                # Not /status: a database that is down is not mended by restarting every pod.
                liveness=Probe.tcp(period=20),
            ),
            resources=Resources(cpu="100m", memory="512Mi"),
            # www-data. Leaf by leaf: an empty parent directory would lack what PHP and Apache expect in it.
            security=Security(
                user=33,
                group=33,
                writable={
                    "/tmp": "256Mi",
                    "/run/apache2": "8Mi",
                    "/run/lock/apache2": "8Mi",
                    f"{HOME}/bootstrap/cache": "16Mi",
                    f"{HOME}/storage/clockwork": "16Mi",
                    f"{HOME}/storage/fonts": "64Mi",
                    f"{HOME}/storage/framework/cache": "64Mi",
                    f"{HOME}/storage/framework/purifier": "16Mi",
                    f"{HOME}/storage/framework/sessions": "16Mi",
                    f"{HOME}/storage/framework/views": "64Mi",
                    f"{HOME}/storage/logs": "16Mi",
                },
            ),
            # The first start waits for the database and for all migrations.
            rollout=Rollout(pre_stop=5, grace=60, deadline=1200),
        )
        self.monitors = (database.monitor(),)
        wiki.connect_to(database)
        Migration(self, "bookstack-migrate", app=wiki, command=["php", "artisan", "migrate", "--force"])
        TlsRoute(
            self, "wiki", host=env.host("wiki"), to=wiki, issuer=issuer, gateway=gateway, rate_limit=env.rate_limit
        )
