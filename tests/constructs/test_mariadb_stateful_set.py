from functools import partial

import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import (
    App,
    ConstructError,
    ExistingNamespace,
    ExternalSecretRef,
    LonghornVolume,
    MariaDbSettings,
    MariaDbStatefulSet,
    Resources,
    SecretStore,
    ServiceChart,
    ServiceNamespace,
    WebApp,
)

SELECTED = {"app.kubernetes.io/name": "db", "app.kubernetes.io/instance": "db"}
KEYS = ("database", "username", "password", "root-password", "exporter-password")
EXPORTER = "prom/mysqld-exporter:v0.18.0"


@pytest.fixture
def data(chart: ServiceChart) -> LonghornVolume:
    return LonghornVolume(chart, "data", size="10Gi")


@pytest.fixture
def credentials(chart: ServiceChart) -> ExternalSecretRef:
    store = SecretStore(name="vault")
    return ExternalSecretRef(chart, "creds", store=store, keys={key: f"db/{key}" for key in KEYS})


def test_manifests(chart: ServiceChart, render: Render, data: LonghornVolume, credentials: ExternalSecretRef) -> None:
    database = MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials)

    manifests = render()
    assert manifests.keys() - {"PersistentVolumeClaim/data", "ExternalSecret/creds"} == {
        "NetworkPolicy/db-default-deny",
        "Service/db",
        "Service/db-headless",
        "ServiceAccount/db",
        "StatefulSet/db",
    }
    assert manifests["Service/db"]["spec"] == {
        "type": "ClusterIP",
        "selector": SELECTED,
        "ports": [{"name": "mysql", "port": 3306, "targetPort": "mysql"}],
    }
    assert manifests["Service/db-headless"]["spec"] == {
        "clusterIP": "None",
        "selector": SELECTED,
        "publishNotReadyAddresses": True,
        "ports": [{"name": "mysql", "port": 3306, "targetPort": "mysql"}],
    }
    assert (database.host, database.port, database.address) == ("db", 3306, "db:3306")
    assert (database.stateful_set.name, database.service_account.name) == ("db", "db")
    assert (database.service.name, database.headless_service.name) == ("db", "db-headless")


def test_stateful_set(
    chart: ServiceChart, render: Render, data: LonghornVolume, credentials: ExternalSecretRef
) -> None:
    MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials)

    manifest = render()["StatefulSet/db"]
    assert manifest["metadata"]["labels"] == {
        **SELECTED,
        "app.kubernetes.io/component": "database",
        "app.kubernetes.io/part-of": "shop",
        "app.kubernetes.io/managed-by": "cdk8s",
        "app.kubernetes.io/version": "11.8",
    }
    spec = manifest["spec"]
    assert (spec["replicas"], spec["serviceName"]) == (1, "db-headless")
    assert spec["selector"] == {"matchLabels": SELECTED}
    pod = spec["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] == 120
    assert pod["automountServiceAccountToken"] is False
    assert (pod["securityContext"]["runAsUser"], pod["securityContext"]["fsGroup"]) == (999, 999)
    assert pod["volumes"] == [
        {"name": "claim-data", "persistentVolumeClaim": {"claimName": "data"}},
        {"name": "secret-creds", "secret": {"secretName": "creds", "defaultMode": 0o440}},
        {"name": "writable-tmp", "emptyDir": {"sizeLimit": "256Mi"}},
        {"name": "writable-run-mysqld", "emptyDir": {"sizeLimit": "16Mi"}},
    ]


def test_server(chart: ServiceChart, render: Render, data: LonghornVolume, credentials: ExternalSecretRef) -> None:
    MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials)

    (server,) = render()["StatefulSet/db"]["spec"]["template"]["spec"]["containers"]
    assert (server["name"], server["image"]) == ("mariadb", "mariadb:11.8")
    assert server["ports"] == [{"name": "mysql", "containerPort": 3306}]
    assert server["args"] == [
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_unicode_ci",
        "--max-connections=100",
        "--innodb-buffer-pool-size=512M",
        "--key-buffer-size=8M",
    ]
    assert server["volumeMounts"] == [
        {"name": "claim-data", "mountPath": "/var/lib/mysql", "subPath": "mysql"},
        {"name": "secret-creds", "mountPath": "/run/secrets/mariadb", "readOnly": True},
        {"name": "writable-tmp", "mountPath": "/tmp"},
        {"name": "writable-run-mysqld", "mountPath": "/run/mysqld"},
    ]
    assert server["resources"]["limits"]["memory"] == "1Gi"
    assert server["startupProbe"] == {
        "exec": {"command": ["healthcheck.sh", "--connect", "--innodb_initialized"]},
        "periodSeconds": 5,
        "timeoutSeconds": 5,
        "failureThreshold": 120,
    }
    assert server["readinessProbe"]["exec"]["command"] == ["healthcheck.sh", "--connect", "--innodb_initialized"]
    assert server["livenessProbe"]["exec"]["command"] == ["healthcheck.sh", "--connect"]


def test_passwords_are_files(
    chart: ServiceChart, render: Render, data: LonghornVolume, credentials: ExternalSecretRef
) -> None:
    MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials)

    (server,) = render()["StatefulSet/db"]["spec"]["template"]["spec"]["containers"]
    env = {variable["name"]: variable["value"] for variable in server["env"]}
    assert {name: value for name, value in env.items() if name.endswith("_FILE")} == {
        "MARIADB_DATABASE_FILE": "/run/secrets/mariadb/database",
        "MARIADB_USER_FILE": "/run/secrets/mariadb/username",
        "MARIADB_PASSWORD_FILE": "/run/secrets/mariadb/password",
        "MARIADB_ROOT_PASSWORD_FILE": "/run/secrets/mariadb/root-password",
    }
    assert env["MARIADB_ROOT_HOST"] == "localhost"


def test_everything(chart: ServiceChart, render: Render, data: LonghornVolume, credentials: ExternalSecretRef) -> None:
    database = MariaDbStatefulSet(
        chart,
        "db",
        image="mariadb:11.8",
        data=data,
        credentials=credentials,
        service_port=5432,
        resources=Resources(cpu="2", memory="4Gi"),
        settings=MariaDbSettings(
            max_connections=300, buffer_pool="1Gi", character_set="latin1", collation="latin1_swedish_ci"
        ),
    )

    manifests = render()
    (server,) = manifests["StatefulSet/db"]["spec"]["template"]["spec"]["containers"]
    assert server["args"] == [
        "--character-set-server=latin1",
        "--collation-server=latin1_swedish_ci",
        "--max-connections=300",
        "--innodb-buffer-pool-size=1024M",
        "--key-buffer-size=8M",
    ]
    assert server["resources"]["requests"] == {"cpu": "2", "memory": "4Gi", "ephemeral-storage": "1Gi"}
    assert manifests["Service/db"]["spec"]["ports"] == [{"name": "mysql", "port": 5432, "targetPort": "mysql"}]
    assert manifests["Service/db-headless"]["spec"]["ports"][0]["port"] == 3306
    assert database.address == "db:5432"


def test_clients_reach_the_pods_port_behind_any_service_port(
    chart: ServiceChart, render: Render, data: LonghornVolume, credentials: ExternalSecretRef
) -> None:
    database = MariaDbStatefulSet(
        chart, "db", image="mariadb:11.8", data=data, credentials=credentials, service_port=5432
    )
    WebApp(chart, "web", image="nginx:1.27", port=8080).connect_to(database)

    manifests = render()
    port = [{"port": 3306, "protocol": "TCP"}]
    assert manifests["NetworkPolicy/web-to-db"]["spec"]["egress"][0]["ports"] == port
    assert manifests["NetworkPolicy/db-from-web"]["spec"]["ingress"][0]["ports"] == port


# The exporter


def test_exporter(chart: ServiceChart, render: Render, data: LonghornVolume, credentials: ExternalSecretRef) -> None:
    before = render().keys()
    MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials, exporter_image=EXPORTER)

    manifests = render()
    assert manifests.keys() - before == {
        "ConfigMap/db-init",
        "NetworkPolicy/db-default-deny",
        "Service/db",
        "Service/db-headless",
        "ServiceAccount/db",
        "StatefulSet/db",
    }
    _, exporter = manifests["StatefulSet/db"]["spec"]["template"]["spec"]["containers"]
    assert (exporter["name"], exporter["image"]) == ("exporter", EXPORTER)
    assert exporter["args"] == ["--mysqld.address=127.0.0.1:3306", "--mysqld.username=exporter"]
    source = {"secretKeyRef": {"name": "creds", "key": "exporter-password"}}
    assert exporter["env"] == [{"name": "MYSQLD_EXPORTER_PASSWORD", "valueFrom": source}]
    assert exporter["ports"] == [{"name": "metrics", "containerPort": 9104}]
    assert exporter["resources"]["limits"]["memory"] == "64Mi"
    assert exporter["readinessProbe"]["tcpSocket"] == exporter["livenessProbe"]["tcpSocket"] == {"port": "metrics"}
    assert "volumeMounts" not in exporter
    assert manifests["Service/db"]["spec"]["ports"] == [
        {"name": "mysql", "port": 3306, "targetPort": "mysql"},
        {"name": "metrics", "port": 9104, "targetPort": "metrics"},
    ]
    assert [port["name"] for port in manifests["Service/db-headless"]["spec"]["ports"]] == ["mysql"]


def test_the_exporters_user_is_made_once_and_sees_no_rows(
    chart: ServiceChart, render: Render, data: LonghornVolume, credentials: ExternalSecretRef
) -> None:
    MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials, exporter_image=EXPORTER)

    manifests = render()
    (script,) = manifests["ConfigMap/db-init"]["data"].values()
    grants = [line for line in script.splitlines() if line.startswith("GRANT ")]
    assert grants == ["GRANT PROCESS, REPLICATION CLIENT, SLAVE MONITOR ON *.* TO 'exporter'@'127.0.0.1';"]
    server = manifests["StatefulSet/db"]["spec"]["template"]["spec"]["containers"][0]
    assert {"name": "config-db-init", "mountPath": "/docker-entrypoint-initdb.d", "readOnly": True} in server[
        "volumeMounts"
    ]


def test_rejects_an_exporter_without_its_password(chart: ServiceChart, data: LonghornVolume) -> None:
    credentials = ExternalSecretRef(
        chart, "few", store=SecretStore(name="vault"), keys={key: f"db/{key}" for key in KEYS[:-1]}
    )
    with refused("""
        shop/db
          exporter_image="exporter:latest" is whatever was pushed last
          accepted: "repository:tag", "repository@sha256:<64 hex digits>" or "repository:tag@sha256:…"; not latest
          fix:      exporter_image="exporter:<version>"
          credentials="few" lacks "exporter-password"
          accepted: the keys "database", "username", "password", "root-password", "exporter-password"
          fix:      keys={..., "exporter-password": "item/exporter-password"}
    """):
        MariaDbStatefulSet(
            chart,
            "db",
            image="mariadb:11.8",
            data=data,
            credentials=credentials,
            exporter_image="exporter:latest",
        )


def test_rejects_the_exporters_port_for_the_clients(
    chart: ServiceChart, data: LonghornVolume, credentials: ExternalSecretRef
) -> None:
    with refused("""
        shop/db
          service_port=9104 is the exporter's port, which the Service has as well
          accepted: another number
          fix:      service_port=3306
    """):
        MariaDbStatefulSet(
            chart,
            "db",
            image="mariadb:11.8",
            data=data,
            credentials=credentials,
            service_port=9104,
            exporter_image=EXPORTER,
        )


# Who reaches it


def test_nothing_reaches_it_without_a_connection(
    chart: ServiceChart, render: Render, data: LonghornVolume, credentials: ExternalSecretRef
) -> None:
    MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials)

    policies = {key: manifest["spec"] for key, manifest in render().items() if "NetworkPolicy/" in key}
    assert policies == {
        "NetworkPolicy/db-default-deny": {"podSelector": {"matchLabels": SELECTED}, "policyTypes": ["Ingress"]}
    }


def test_a_closed_namespace_needs_no_policy_of_its_own(app: App, render: Render) -> None:
    chart = ServiceChart(app, "shop", namespace=ServiceNamespace(ServiceChart(app, "namespaces"), "shop"))
    keys = {key: f"db/{key}" for key in KEYS}
    credentials = ExternalSecretRef(chart, "creds", store=SecretStore(name="vault"), keys=keys)
    data = LonghornVolume(chart, "data", size="1Gi")
    MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials)

    assert "NetworkPolicy/db-default-deny" not in render()


# Memory


@pytest.mark.parametrize(("memory", "pool"), [("2Gi", 1024), ("985Mi", 492)])
def test_the_buffer_pool_is_half_of_the_memory(
    chart: ServiceChart,
    render: Render,
    data: LonghornVolume,
    credentials: ExternalSecretRef,
    memory: str,
    pool: int,
) -> None:
    resources = Resources(memory=memory)
    MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials, resources=resources)

    (server,) = render()["StatefulSet/db"]["spec"]["template"]["spec"]["containers"]
    assert f"--innodb-buffer-pool-size={pool}M" in server["args"]


def test_settings_may_fill_the_memory_exactly(
    chart: ServiceChart, render: Render, data: LonghornVolume, credentials: ExternalSecretRef
) -> None:
    MariaDbStatefulSet(
        chart,
        "db",
        image="mariadb:11.8",
        data=data,
        credentials=credentials,
        # 532 + 100 * 3 + 192
        resources=Resources(memory="1Gi"),
        settings=MariaDbSettings(buffer_pool="532Mi"),
    )

    assert "StatefulSet/db" in render()


def test_rejects_settings_that_do_not_fit_the_memory(
    chart: ServiceChart, data: LonghornVolume, credentials: ExternalSecretRef
) -> None:
    settings = MariaDbSettings(buffer_pool="533Mi")
    with refused("""
        shop/db
          settings="max_connections=100, buffer_pool=533Mi" may take 1025Mi of the container's 1024Mi: 533Mi for the buffer pool, 3Mi for each connection, 192Mi for the server
          accepted: settings that fit resources.memory
          fix:      resources=Resources(memory="1280Mi"), or fewer max_connections
    """):  # noqa: E501
        MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials, settings=settings)


@pytest.mark.parametrize(
    "too_much",
    [
        MariaDbSettings(),
        MariaDbSettings(max_connections=1000),
        MariaDbSettings(buffer_pool="1Gi"),
        MariaDbSettings(max_connections=437, buffer_pool="333Mi"),
    ],
    ids=str,
)
def test_the_fix_for_the_memory_works(
    chart: ServiceChart, data: LonghornVolume, credentials: ExternalSecretRef, too_much: MariaDbSettings
) -> None:
    make = partial(
        MariaDbStatefulSet,
        chart,
        "db",
        image="mariadb:11.8",
        data=data,
        credentials=credentials,
        settings=too_much,
    )
    with pytest.raises(ConstructError) as caught:
        make(resources=Resources(memory="512Mi"))
    make(resources=Resources(memory=caught.value.problems[0].fix.split('"')[1]))


def test_rejects_a_pool_that_innodb_does_not_start_with(
    chart: ServiceChart, data: LonghornVolume, credentials: ExternalSecretRef
) -> None:
    settings = MariaDbSettings(buffer_pool="512Ki")
    with refused("""
        shop/db
          settings.buffer_pool="512Ki" is less than InnoDB starts with
          accepted: at least 8Mi
          fix:      leave it out: half of the memory limit
    """):
        MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials, settings=settings)


# Refusals


@pytest.mark.parametrize("max_connections", [0, -1])
def test_rejects_no_connections(
    chart: ServiceChart, data: LonghornVolume, credentials: ExternalSecretRef, max_connections: int
) -> None:
    settings = MariaDbSettings(max_connections=max_connections)
    with refused(f"""
        shop/db
          settings.max_connections={max_connections} is too small
          accepted: a whole number from 1
          fix:      settings.max_connections=1
    """):
        MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials, settings=settings)


def test_rejects_missing_keys(chart: ServiceChart, data: LonghornVolume) -> None:
    credentials = ExternalSecretRef(
        chart, "few", store=SecretStore(name="vault"), keys={"password": "db/password", "database": "db/database"}
    )
    with refused("""
        shop/db
          credentials="few" lacks "username", "root-password"
          accepted: the keys "database", "username", "password", "root-password"
          fix:      keys={..., "username": "item/username"}
    """):
        MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials)


def test_rejects_a_shared_volume(chart: ServiceChart, credentials: ExternalSecretRef) -> None:
    data = LonghornVolume(chart, "shared", size="10Gi", access_mode="ReadWriteMany")
    with refused("""
        shop/db
          data="shared" is ReadWriteMany, which Longhorn serves over NFS: a database loses data on it
          accepted: a ReadWriteOnce volume
          fix:      LonghornVolume(..., "shared", access_mode="ReadWriteOnce")
    """):
        MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials)


def test_rejects_a_volume_that_another_has(
    chart: ServiceChart, data: LonghornVolume, credentials: ExternalSecretRef
) -> None:
    MariaDbStatefulSet(chart, "one", image="mariadb:11.8", data=data, credentials=credentials)
    with refused("""
        shop/two
          mounts="/var/lib/mysql" mounts data (ReadWriteOnce), which one has
          accepted: a volume of its own, or one with access_mode="ReadWriteMany"
          fix:      make a LonghornVolume for each
    """):
        MariaDbStatefulSet(chart, "two", image="mariadb:11.8", data=data, credentials=credentials)


def test_rejects_what_lives_in_another_namespace(app: App, chart: ServiceChart, credentials: ExternalSecretRef) -> None:
    data = LonghornVolume(ServiceChart(app, "docs", namespace=ExistingNamespace("docs")), "data", size="1Gi")
    with refused("""
        shop/db
          mounts="/var/lib/mysql" mounts data of namespace docs; a pod mounts from its own only
          accepted: what lives in namespace shop
          fix:      make data in namespace shop
    """):
        MariaDbStatefulSet(chart, "db", image="mariadb:11.8", data=data, credentials=credentials)


def test_rejects_all_at_once(chart: ServiceChart, data: LonghornVolume, credentials: ExternalSecretRef) -> None:
    long = "d" * 53
    with refused(f"""
        shop/{long}
          id="{long}" has 53 characters
          accepted: at most 52 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="{"d" * 52}"
          image="mariadb" has neither tag nor digest, which means latest
          accepted: "repository:tag", "repository@sha256:<64 hex digits>" or "repository:tag@sha256:…"; not latest
          fix:      image="mariadb:<version>"
          service_port=70000 is not a port
          accepted: a whole number from 1 to 65535
          fix:      service_port=8080
          resources.memory="1GB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      resources.memory="1Gi"
          settings.buffer_pool="512MB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      settings.buffer_pool="512Mi"
    """):
        MariaDbStatefulSet(
            chart,
            long,
            image="mariadb",
            data=data,
            credentials=credentials,
            service_port=70000,
            resources=Resources(memory="1GB"),
            settings=MariaDbSettings(buffer_pool="512MB"),
        )


def test_accepts_52_characters(
    chart: ServiceChart, render: Render, data: LonghornVolume, credentials: ExternalSecretRef
) -> None:
    MariaDbStatefulSet(chart, "d" * 52, image="mariadb:11.8", data=data, credentials=credentials)

    assert f"StatefulSet/{'d' * 52}" in render()
