"""A small service: an application with its database, at a host of its own. Writes `dist/`."""

from vkm_constructs import (
    App,
    ExternalSecretRef,
    Gateway,
    Issuer,
    LonghornVolume,
    MariaDbStatefulSet,
    Pods,
    SecretStore,
    ServiceChart,
    ServiceNamespace,
    TlsRoute,
    WebApp,
)  # fmt: skip

traefik = Gateway(pods=Pods(name="traefik", namespace="traefik", labels={"app.kubernetes.io/name": "traefik"}))

with App() as app:
    namespace = ServiceNamespace(ServiceChart(app, "namespaces"), "notes")
    chart = ServiceChart(app, "notes", namespace=namespace)

    keys = {key: f"notes-db/{key}" for key in ("database", "username", "password", "root-password")}
    secret = ExternalSecretRef(chart, "notes-db-creds", store=SecretStore(name="vault"), keys=keys)
    data = LonghornVolume(chart, "notes-data", size="10Gi")
    database = MariaDbStatefulSet(chart, "notes-db", image="mariadb:11.8.8", data=data, credentials=secret)

    notes = WebApp(
        chart, "notes", image="example/notes:1.4.2", port=8080, replicas=2,
        env={"DB_HOST": database.host, "DB_USER": secret["username"], "DB_PASSWORD": secret["password"]},
    )  # fmt: skip
    notes.connect_to(database)
    TlsRoute(chart, "www", host="notes.example.com", to=notes, issuer=Issuer(name="letsencrypt"), gateway=traefik)
