from collections.abc import Callable
from functools import partial
from typing import TypeAlias

import pytest

from tests.conftest import Manifest, Render
from tests.refused import refused
from vkm_constructs import (
    App,
    ConstructError,
    ExistingNamespace,
    ExternalSecretRef,
    LonghornVolume,
    PostgresSettings,
    PostgresStatefulSet,
    Resources,
    SecretStore,
    ServiceChart,
    ServiceNamespace,
    WebApp,
)

Make: TypeAlias = Callable[..., PostgresStatefulSet]

SELECTED = {"app.kubernetes.io/name": "db", "app.kubernetes.io/instance": "db"}
KEYS = ("database", "username", "password", "postgres-password", "exporter-password")
EXPORTER = "prometheuscommunity/postgres-exporter:v0.18.1"


def with_keys(chart: ServiceChart, *keys: str) -> ExternalSecretRef:
    return ExternalSecretRef(chart, "creds", store=SecretStore(name="vault"), keys={key: f"db/{key}" for key in keys})


def smallest(chart: ServiceChart) -> Make:
    """The smallest call, but for what a test is about."""
    data = LonghornVolume(chart, "data", size="10Gi")
    return partial(
        PostgresStatefulSet, chart, "db", image="postgres:17", data=data, credentials=with_keys(chart, *KEYS)
    )


@pytest.fixture
def postgres(chart: ServiceChart) -> Make:
    return smallest(chart)


def containers(manifests: dict[str, Manifest]) -> list[Manifest]:
    found: list[Manifest] = manifests["StatefulSet/db"]["spec"]["template"]["spec"]["containers"]
    return found


def settings(manifests: dict[str, Manifest]) -> dict[str, str]:
    """What the server is told, by `-c name=value`."""
    args = containers(manifests)[0]["args"]
    assert set(args[::2]) == {"-c"}
    return dict(arg.split("=") for arg in args[1::2])


def test_manifests(postgres: Make, render: Render) -> None:
    before = render().keys()
    database = postgres()

    manifests = render()
    assert manifests.keys() - before == {
        "ConfigMap/db-init",
        "NetworkPolicy/db-default-deny",
        "Service/db",
        "Service/db-headless",
        "ServiceAccount/db",
        "StatefulSet/db",
    }
    assert manifests["ServiceAccount/db"]["automountServiceAccountToken"] is False
    assert manifests["Service/db"]["spec"] == {
        "type": "ClusterIP",
        "selector": SELECTED,
        "ports": [{"name": "postgresql", "port": 5432, "targetPort": "postgresql"}],
    }
    assert manifests["Service/db-headless"]["spec"] == {
        "clusterIP": "None",
        "selector": SELECTED,
        "publishNotReadyAddresses": True,
        "ports": [{"name": "postgresql", "port": 5432, "targetPort": "postgresql"}],
    }
    assert (database.host, database.port, database.address) == ("db", 5432, "db:5432")
    assert (database.stateful_set.name, database.service_account.name) == ("db", "db")
    assert (database.service.name, database.headless_service.name) == ("db", "db-headless")


def test_stateful_set(postgres: Make, render: Render) -> None:
    postgres()

    manifest = render()["StatefulSet/db"]
    labels = {
        **SELECTED,
        "app.kubernetes.io/component": "database",
        "app.kubernetes.io/part-of": "shop",
        "app.kubernetes.io/managed-by": "cdk8s",
        "app.kubernetes.io/version": "17",
    }
    assert manifest["metadata"] == {"name": "db", "namespace": "shop", "labels": labels}
    spec = manifest["spec"]
    assert (spec["replicas"], spec["serviceName"]) == (1, "db-headless")
    assert spec["selector"] == {"matchLabels": SELECTED}
    assert spec["template"]["metadata"]["labels"] == labels
    pod = spec["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] == 120
    assert pod["automountServiceAccountToken"] is False
    assert (pod["securityContext"]["runAsUser"], pod["securityContext"]["fsGroup"]) == (999, 999)
    assert pod["volumes"] == [
        {"name": "claim-data", "persistentVolumeClaim": {"claimName": "data"}},
        {"name": "secret-creds", "secret": {"secretName": "creds", "defaultMode": 0o440}},
        {"name": "config-db-init", "configMap": {"name": "db-init", "defaultMode": 0o555}},
        {"name": "shared-memory", "emptyDir": {"medium": "Memory", "sizeLimit": "128Mi"}},
        {"name": "writable-tmp", "emptyDir": {"sizeLimit": "256Mi"}},
        {"name": "writable-var-run-postgresql", "emptyDir": {"sizeLimit": "16Mi"}},
    ]


def test_server(postgres: Make, render: Render) -> None:
    postgres()

    manifests = render()
    (server,) = containers(manifests)
    assert (server["name"], server["image"]) == ("postgres", "postgres:17")
    assert server["ports"] == [{"name": "postgresql", "containerPort": 5432}]
    assert settings(manifests) == {
        "max_connections": "100",
        "shared_buffers": "256MB",
        "effective_cache_size": "768MB",
        "work_mem": "3MB",
        "password_encryption": "scram-sha-256",
    }
    assert server["volumeMounts"] == [
        {"name": "claim-data", "mountPath": "/var/lib/postgresql/data"},
        {"name": "secret-creds", "mountPath": "/run/secrets/postgres", "readOnly": True},
        {"name": "config-db-init", "mountPath": "/docker-entrypoint-initdb.d", "readOnly": True},
        {"name": "shared-memory", "mountPath": "/dev/shm"},
        {"name": "writable-tmp", "mountPath": "/tmp"},
        {"name": "writable-var-run-postgresql", "mountPath": "/var/run/postgresql"},
    ]
    assert server["resources"] == {
        "requests": {"cpu": "100m", "memory": "1Gi", "ephemeral-storage": "1Gi"},
        "limits": {"memory": "1Gi", "ephemeral-storage": "1Gi"},
    }


def test_probes_ask_over_tcp(postgres: Make, render: Render) -> None:
    """The server that the image starts for its setup listens on its socket only."""
    postgres()

    (server,) = containers(render())
    ready = {
        "exec": {"command": ["pg_isready", "--username=postgres", "--host=127.0.0.1", "--port=5432"]},
        "timeoutSeconds": 5,
    }
    assert server["startupProbe"] == {**ready, "periodSeconds": 5, "failureThreshold": 120}
    assert server["readinessProbe"] == {**ready, "periodSeconds": 10, "failureThreshold": 3}
    assert server["livenessProbe"] == {**ready, "periodSeconds": 10, "failureThreshold": 6}


def test_passwords_are_files(postgres: Make, render: Render) -> None:
    postgres()

    (server,) = containers(render())
    assert server["env"] == [
        {"name": "POSTGRES_USER", "value": "postgres"},
        {"name": "POSTGRES_DB_FILE", "value": "/run/secrets/postgres/database"},
        {"name": "POSTGRES_PASSWORD_FILE", "value": "/run/secrets/postgres/postgres-password"},
        {"name": "POSTGRES_INITDB_ARGS", "value": "--data-checksums --auth-host=scram-sha-256"},
        {"name": "PGDATA", "value": "/var/lib/postgresql/data/pgdata"},
    ]


def test_the_application_is_no_superuser(postgres: Make, render: Render) -> None:
    """Its role is made by a script that runs once, when the data directory is first made."""
    postgres()

    (script,) = render()["ConfigMap/db-init"]["data"].values()
    assert 'CREATE ROLE :"username" LOGIN PASSWORD' in script
    assert 'ALTER DATABASE :"database" OWNER TO :"username"' in script
    assert "SUPERUSER" not in script


def test_everything(postgres: Make, render: Render) -> None:
    before = render().keys()
    database = postgres(
        image="postgres:17.2-bookworm",
        service_port=15432,
        resources=Resources(cpu="2", memory="4Gi", ephemeral_storage="2Gi"),
        settings=PostgresSettings(max_connections=200, shared_buffers="2Gi", work_mem="4Mi"),
        exporter_image=EXPORTER,
    )

    manifests = render()
    assert manifests.keys() - before == {
        "ConfigMap/db-init",
        "NetworkPolicy/db-default-deny",
        "Service/db",
        "Service/db-headless",
        "ServiceAccount/db",
        "StatefulSet/db",
    }
    assert settings(manifests) == {
        "max_connections": "200",
        "shared_buffers": "2048MB",
        "effective_cache_size": "3072MB",
        "work_mem": "4MB",
        "password_encryption": "scram-sha-256",
    }
    server = containers(manifests)[0]
    assert server["image"] == "postgres:17.2-bookworm"
    assert server["resources"]["requests"] == {"cpu": "2", "memory": "4Gi", "ephemeral-storage": "2Gi"}
    assert manifests["Service/db"]["spec"]["ports"] == [
        {"name": "postgresql", "port": 15432, "targetPort": "postgresql"},
        {"name": "metrics", "port": 9187, "targetPort": "metrics"},
    ]
    assert [port["port"] for port in manifests["Service/db-headless"]["spec"]["ports"]] == [5432]
    assert database.address == "db:15432"


# The exporter


def test_exporter(postgres: Make, render: Render) -> None:
    postgres(exporter_image=EXPORTER)

    _, exporter = containers(render())
    assert (exporter["name"], exporter["image"]) == ("exporter", EXPORTER)
    assert exporter["ports"] == [{"name": "metrics", "containerPort": 9187}]
    assert exporter["env"] == [
        {"name": "DATABASE_NAME", "valueFrom": {"secretKeyRef": {"name": "creds", "key": "database"}}},
        {"name": "DATA_SOURCE_URI", "value": "127.0.0.1:5432/$(DATABASE_NAME)?sslmode=disable"},
        {"name": "DATA_SOURCE_USER", "value": "exporter"},
        {"name": "DATA_SOURCE_PASS", "valueFrom": {"secretKeyRef": {"name": "creds", "key": "exporter-password"}}},
    ]
    assert exporter["resources"]["limits"]["memory"] == "64Mi"
    assert exporter["readinessProbe"]["tcpSocket"] == exporter["livenessProbe"]["tcpSocket"] == {"port": "metrics"}
    assert "volumeMounts" not in exporter


def test_the_exporter_changes_nothing_of_the_server(app: App, render: Render) -> None:
    for name, image in {"without": None, "with": EXPORTER}.items():
        smallest(ServiceChart(app, name, namespace=ExistingNamespace(name)))(exporter_image=image)

    manifests = render()
    without, with_ = (
        manifests[f"{name}/StatefulSet/db"]["spec"]["template"]["spec"]["containers"][0] for name in ("without", "with")
    )
    assert without == with_


def test_rejects_an_exporter_without_its_password(chart: ServiceChart) -> None:
    data = LonghornVolume(chart, "data", size="10Gi")
    credentials = with_keys(chart, *KEYS[:-1])
    PostgresStatefulSet(chart, "fits", image="postgres:17", data=data, credentials=credentials)
    with refused("""
        shop/db
          exporter_image="exporter:latest" is whatever was pushed last
          accepted: "repository:tag", "repository@sha256:<64 hex digits>" or "repository:tag@sha256:…"; not latest
          fix:      exporter_image="exporter:<version>"
          credentials="creds" lacks "exporter-password"
          accepted: the keys "database", "username", "password", "postgres-password", "exporter-password"
          fix:      keys={..., "exporter-password": "item/exporter-password"}
    """):
        PostgresStatefulSet(
            chart,
            "db",
            image="postgres:17",
            data=LonghornVolume(chart, "other", size="1Gi"),
            credentials=credentials,
            exporter_image="exporter:latest",
        )


def test_rejects_the_exporters_port_for_the_clients(postgres: Make) -> None:
    with refused("""
        shop/db
          service_port=9187 is the exporter's port, which the Service has as well
          accepted: another number
          fix:      service_port=5432
    """):
        postgres(service_port=9187, exporter_image=EXPORTER)


# Who reaches it


def test_nothing_reaches_it_without_a_connection(postgres: Make, render: Render) -> None:
    postgres()

    policies = {key: manifest["spec"] for key, manifest in render().items() if "NetworkPolicy/" in key}
    assert policies == {
        "NetworkPolicy/db-default-deny": {"podSelector": {"matchLabels": SELECTED}, "policyTypes": ["Ingress"]}
    }


def test_a_closed_namespace_needs_no_policy_of_its_own(app: App, render: Render) -> None:
    chart = ServiceChart(app, "shop", namespace=ServiceNamespace(ServiceChart(app, "namespaces"), "shop"))
    smallest(chart)()

    assert [key for key in render() if "NetworkPolicy/" in key] == [
        "NetworkPolicy/default-deny",
        "NetworkPolicy/allow-dns",
    ]


def test_clients_reach_the_pods_port_behind_any_service_port(
    chart: ServiceChart, postgres: Make, render: Render
) -> None:
    database = postgres(service_port=15432, exporter_image=EXPORTER)
    web = WebApp(chart, "web", image="shop:1", port=8080)
    before = render()
    web.connect_to(database)

    manifests = render()
    assert manifests.keys() - before.keys() == {
        "NetworkPolicy/db-from-web",
        "NetworkPolicy/web-to-db",
        "NetworkPolicy/web-to-kube-system.dns",
    }
    port = [{"port": 5432, "protocol": "TCP"}]
    assert manifests["NetworkPolicy/web-to-db"]["spec"]["egress"][0]["ports"] == port
    (ingress,) = manifests["NetworkPolicy/db-from-web"]["spec"]["ingress"]
    assert ingress == {
        "from": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}}}],
        "ports": port,
    }


# Memory

MEMORY = {
    # memory, connections: shared buffers, work_mem, the cache that it may count on, in MiB
    ("1Gi", 100): (256, 3, 768),
    ("2Gi", 300): (512, 2, 1536),
    ("1Gi", 10): (256, 49, 768),
    ("1025Mi", 100): (256, 3, 768),
}


def test_memory_is_derived_from_the_limit_and_the_connections(app: App, render: Render) -> None:
    for number, (memory, connections) in enumerate(MEMORY):
        chart = ServiceChart(app, f"shop-{number}", namespace=ExistingNamespace(f"shop-{number}"))
        smallest(chart)(resources=Resources(memory=memory), settings=PostgresSettings(max_connections=connections))

    manifests = render()
    for number, sizes in enumerate(MEMORY.values()):
        told = settings({"StatefulSet/db": manifests[f"shop-{number}/StatefulSet/db"]})
        found = [told[name].removesuffix("MB") for name in ("shared_buffers", "work_mem", "effective_cache_size")]
        assert tuple(map(int, found)) == sizes


def test_settings_may_fill_the_memory_exactly(postgres: Make, render: Render) -> None:
    # 268 + 100 * (2 + 3) + 256
    postgres(resources=Resources(memory="1Gi"), settings=PostgresSettings(shared_buffers="268Mi", work_mem="3Mi"))

    assert "StatefulSet/db" in render()


def test_rejects_settings_that_do_not_fit_the_memory(postgres: Make) -> None:
    with refused("""
        shop/db
          settings="max_connections=100, shared_buffers=269Mi, work_mem=3Mi" may take 1025Mi of the container's 1024Mi: 269Mi shared buffers, 5Mi for each connection, 256Mi for the server
          accepted: settings that fit resources.memory
          fix:      resources=Resources(memory="1280Mi"), or fewer max_connections
    """):  # noqa: E501
        postgres(settings=PostgresSettings(shared_buffers="269Mi", work_mem="3Mi"))


def test_rejects_connections_that_do_not_fit_the_memory(postgres: Make) -> None:
    with refused("""
        shop/db
          settings="max_connections=100, shared_buffers=None, work_mem=None" may take 684Mi of the container's 512Mi: 128Mi shared buffers, 3Mi for each connection, 256Mi for the server
          accepted: settings that fit resources.memory
          fix:      resources=Resources(memory="768Mi"), or fewer max_connections
    """):  # noqa: E501
        postgres(resources=Resources(memory="512Mi"))


@pytest.mark.parametrize(
    "too_much",
    [
        PostgresSettings(),
        PostgresSettings(max_connections=1000),
        PostgresSettings(shared_buffers="1Gi"),
        PostgresSettings(work_mem="16Mi"),
        PostgresSettings(max_connections=437, shared_buffers="333Mi", work_mem="7Mi"),
    ],
    ids=str,
)
def test_the_fix_for_the_memory_works(postgres: Make, too_much: PostgresSettings) -> None:
    with pytest.raises(ConstructError) as caught:
        postgres(settings=too_much, resources=Resources(memory="512Mi"))
    postgres(settings=too_much, resources=Resources(memory=caught.value.problems[0].fix.split('"')[1]))


@pytest.mark.parametrize("max_connections", [0, -1])
def test_rejects_no_connections(postgres: Make, max_connections: int) -> None:
    with refused(f"""
        shop/db
          settings.max_connections={max_connections} is too small
          accepted: a whole number from 10
          fix:      settings.max_connections=10
    """):
        postgres(settings=PostgresSettings(max_connections=max_connections))


# Refusals


@pytest.mark.parametrize("image", ["postgres:18", "postgres:18.1-trixie", f"postgres:18@sha256:{'0' * 64}"])
def test_rejects_a_version_with_another_data_directory(postgres: Make, image: str) -> None:
    with refused(f"""
        shop/db
          image="{image}" keeps its data in another directory, which this construct does not mount
          accepted: version 17 or older
          fix:      image="postgres:17-trixie", with its minor version
    """):
        postgres(image=image)


def test_rejects_missing_keys(chart: ServiceChart) -> None:
    credentials = with_keys(chart, "password", "database")
    with refused("""
        shop/db
          credentials="creds" lacks "username", "postgres-password"
          accepted: the keys "database", "username", "password", "postgres-password"
          fix:      keys={..., "username": "item/username"}
    """):
        PostgresStatefulSet(
            chart,
            "db",
            image="postgres:17",
            data=LonghornVolume(chart, "data", size="1Gi"),
            credentials=credentials,
        )


def test_rejects_a_shared_volume(chart: ServiceChart, postgres: Make) -> None:
    data = LonghornVolume(chart, "shared", size="10Gi", access_mode="ReadWriteMany")
    with refused("""
        shop/db
          data="shared" is ReadWriteMany, which Longhorn serves over NFS: a database loses data on it
          accepted: a ReadWriteOnce volume
          fix:      LonghornVolume(..., "shared", access_mode="ReadWriteOnce")
    """):
        postgres(data=data)


def test_rejects_a_volume_that_another_has(chart: ServiceChart, postgres: Make) -> None:
    data = LonghornVolume(chart, "disk", size="10Gi")
    WebApp(chart, "web", image="shop:1", port=8080, mounts=[data.at("/data")])
    with refused("""
        shop/db
          mounts="/var/lib/postgresql/data" mounts disk (ReadWriteOnce), which web has
          accepted: a volume of its own, or one with access_mode="ReadWriteMany"
          fix:      make a LonghornVolume for each
    """):
        postgres(data=data)


def test_rejects_what_lives_in_another_namespace(app: App, chart: ServiceChart) -> None:
    elsewhere = ServiceChart(app, "docs", namespace=ExistingNamespace("docs"))
    data, credentials = LonghornVolume(elsewhere, "data", size="1Gi"), with_keys(elsewhere, *KEYS)
    with refused("""
        shop/db
          mounts="/var/lib/postgresql/data" mounts data of namespace docs; a pod mounts from its own only
          accepted: what lives in namespace shop
          fix:      make data in namespace shop
          mounts="/run/secrets/postgres" mounts creds of namespace docs; a pod mounts from its own only
          accepted: what lives in namespace shop
          fix:      make creds in namespace shop
    """):
        PostgresStatefulSet(chart, "db", image="postgres:17", data=data, credentials=credentials)


def test_rejects_all_at_once(chart: ServiceChart) -> None:
    long = "d" * 53
    data, credentials = LonghornVolume(chart, "data", size="1Gi"), with_keys(chart, *KEYS)
    with refused(f"""
        shop/{long}
          id="{long}" has 53 characters
          accepted: at most 52 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="{"d" * 52}"
          image="postgres" has neither tag nor digest, which means latest
          accepted: "repository:tag", "repository@sha256:<64 hex digits>" or "repository:tag@sha256:…"; not latest
          fix:      image="postgres:<version>"
          service_port=70000 is not a port
          accepted: a whole number from 1 to 65535
          fix:      service_port=8080
          resources.memory="1GB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      resources.memory="1Gi"
          settings.shared_buffers="512MB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      settings.shared_buffers="512Mi"
          settings.work_mem="4" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      settings.work_mem="10Gi"
    """):
        PostgresStatefulSet(
            chart,
            long,
            image="postgres",
            data=data,
            credentials=credentials,
            service_port=70000,
            resources=Resources(memory="1GB"),
            settings=PostgresSettings(shared_buffers="512MB", work_mem="4"),
        )


def test_accepts_52_characters(chart: ServiceChart, render: Render) -> None:
    data, credentials = LonghornVolume(chart, "data", size="1Gi"), with_keys(chart, *KEYS)
    PostgresStatefulSet(chart, "d" * 52, image="postgres:17", data=data, credentials=credentials)

    assert f"StatefulSet/{'d' * 52}" in render()


def test_a_refused_server_takes_no_volume(chart: ServiceChart, postgres: Make, render: Render) -> None:
    with pytest.raises(ValueError, match="is not a port"):
        postgres(service_port=0)
    postgres()

    assert "StatefulSet/db" in render()


def test_rejects_the_alpine_variant(postgres: Make) -> None:
    with refused("""
        shop/db
          image="postgres:17.11-alpine" is the Alpine variant, whose user is another and which sorts text otherwise
          accepted: the Debian variant
          fix:      image="postgres:17.11-trixie"
    """):
        postgres(image="postgres:17.11-alpine")
