"""A small service: an application with its database, at a host of its own. Writes `dist/`."""

import vkm_constructs as vkm

with vkm.App() as app:
    namespace = vkm.ServiceNamespace(vkm.ServiceChart(app, "namespaces"), "notes")
    chart = vkm.ServiceChart(app, "notes", namespace=namespace)

    store = vkm.SecretStore(name="vault", made_by="the platform team")
    keys = {key: f"notes-db/{key}" for key in ("database", "username", "password", "root-password")}
    secret = vkm.ExternalSecretRef(chart, "notes-db-creds", store=store, keys=keys)
    data = vkm.LonghornVolume(chart, "notes-data", size="10Gi")
    vkm.made_outside(data.claim, "StorageClass", "longhorn", by="Longhorn's own chart")
    database = vkm.MariaDbStatefulSet(chart, "notes-db", image="mariadb:11.8.8", data=data, credentials=secret)

    notes = vkm.WebApp(
        chart, "notes", image="example/notes:1.4.2", port=8080, replicas=2,
        env={"DB_HOST": database.host, "DB_USER": secret["username"], "DB_PASSWORD": secret["password"]},
    )  # fmt: skip
    notes.connect_to(database)

    traefik = vkm.Pods(name="traefik", namespace="traefik", labels={"app.kubernetes.io/name": "traefik"})
    issuer = vkm.Issuer(name="letsencrypt", made_by="the platform team")
    gateway = vkm.Gateway(pods=traefik)
    vkm.TlsRoute(chart, "www", host="notes.example.com", to=notes, issuer=issuer, gateway=gateway)
