"""The guestbook: an application and its database."""

import vkm_constructs as vkm

PLATFORM = "the platform team"


class GuestbookChart(vkm.ServiceChart):
    """The guestbook at guestbook.example.com."""

    def __init__(self, scope: vkm.App, *, replicas: int = 2) -> None:
        namespace = vkm.ServiceNamespace(vkm.ServiceChart(scope, "namespaces"), "guestbook")
        super().__init__(scope, "guestbook", namespace=namespace)

        keys = {key: f"guestbook-db/{key}" for key in ("database", "username", "password", "postgres-password")}
        store = vkm.SecretStore(name="vault", made_by=PLATFORM)
        secret = vkm.ExternalSecretRef(self, "guestbook-db-creds", store=store, keys=keys)
        data = vkm.LonghornVolume(self, "guestbook-data", size="5Gi")
        vkm.made_outside(data.claim, "StorageClass", "longhorn", by=PLATFORM)
        database = vkm.PostgresStatefulSet(
            self, "guestbook-db", image="postgres:17.11-trixie", data=data, credentials=secret
        )

        guestbook = vkm.WebApp(
            self,
            "guestbook",
            image="example/guestbook:2.0.1",
            port=8080,
            replicas=replicas,
            env={"DB_HOST": database.host, "DB_USER": secret["username"], "DB_PASSWORD": secret["password"]},
        )
        guestbook.connect_to(database)

        gateway = vkm.Gateway(pods=vkm.Pods(name="traefik", namespace="traefik", labels={"app": "traefik"}))
        issuer = vkm.Issuer(name="letsencrypt", made_by=PLATFORM)
        vkm.TlsRoute(self, "www", host="guestbook.example.com", to=guestbook, issuer=issuer, gateway=gateway)
