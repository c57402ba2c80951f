from collections.abc import Callable
from typing import TypeAlias

import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import (
    App,
    ConstructError,
    DatabaseDump,
    ExistingNamespace,
    ExternalSecretRef,
    LonghornVolume,
    MariaDbStatefulSet,
    PostgresStatefulSet,
    SecretStore,
    ServiceChart,
    ServiceNamespace,
    WebApp,
)

MakeDatabase: TypeAlias = Callable[[ServiceChart], MariaDbStatefulSet | PostgresStatefulSet]
DAILY = "10 2 * * *"
NAMESPACES = {"NetworkPolicy/default-deny", "NetworkPolicy/allow-dns"}


def mariadb(chart: ServiceChart) -> MariaDbStatefulSet:
    return MariaDbStatefulSet(
        chart,
        "db",
        image="mariadb:11.8",
        data=LonghornVolume(chart, "data", size="10Gi"),
        credentials=credentials(chart, "root-password"),
        service_port=5432,
    )


def postgres(chart: ServiceChart) -> PostgresStatefulSet:
    return PostgresStatefulSet(
        chart,
        "db",
        image="postgres:17.11-trixie",
        data=LonghornVolume(chart, "data", size="10Gi"),
        credentials=credentials(chart, "postgres-password"),
    )


def credentials(chart: ServiceChart, superuser: str) -> ExternalSecretRef:
    keys = ("database", "username", "password", superuser)
    return ExternalSecretRef(chart, "creds", store=SecretStore(name="vault"), keys={key: f"db/{key}" for key in keys})


@pytest.fixture
def chart(app: App) -> ServiceChart:
    """The chart `shop`, in a namespace that is closed but for DNS."""
    return ServiceChart(app, "shop", namespace=ServiceNamespace(ServiceChart(app, "namespaces"), "shop"))


@pytest.fixture
def into(chart: ServiceChart) -> LonghornVolume:
    return LonghornVolume(chart, "dumps", size="5Gi")


@pytest.mark.parametrize("make", [mariadb, postgres])
def test_manifests(chart: ServiceChart, render: Render, make: MakeDatabase, into: LonghornVolume) -> None:
    database = make(chart)
    before = render().keys()
    dump = DatabaseDump(chart, "db-dump", database=database, into=into, schedule=DAILY)

    manifests = render()
    assert manifests.keys() - before == {
        "ConfigMap/db-dump-script",
        "CronJob/db-dump",
        "NetworkPolicy/db-dump-to-db",
        "NetworkPolicy/db-from-db-dump",
        "ServiceAccount/db-dump",
    }
    spec = manifests["CronJob/db-dump"]["spec"]
    job = spec.pop("jobTemplate")["spec"]
    assert spec == {
        "schedule": DAILY,
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 3600,
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 3,
    }
    assert (job["backoffLimit"], job["activeDeadlineSeconds"]) == (2, 7200)
    assert job["template"]["spec"]["restartPolicy"] == "Never"
    assert (dump.cron_job.name, dump.service_account.name, dump.namespace) == ("db-dump", "db-dump", "shop")


@pytest.mark.parametrize("make", [mariadb, postgres])
def test_runs_the_servers_image_as_its_user(
    chart: ServiceChart, render: Render, make: MakeDatabase, into: LonghornVolume
) -> None:
    DatabaseDump(chart, "db-dump", database=make(chart), into=into, schedule=DAILY)

    manifests = render()
    server = manifests["StatefulSet/db"]["spec"]["template"]["spec"]
    pod = manifests["CronJob/db-dump"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["image"] == server["containers"][-1]["image"]
    assert pod["securityContext"] == server["securityContext"]
    assert pod["automountServiceAccountToken"] is False
    assert container["command"] == ["/bin/sh", "/scripts/dump.sh"]
    assert container["env"] == [
        {"name": "DUMP", "value": "db-dump"},
        {"name": "RETAIN", "value": "7"},
        {"name": "DATABASE_HOST", "value": "db"},
        {"name": "DATABASE_PORT", "value": "5432"},
    ]
    assert container["volumeMounts"] == [
        {"name": "claim-dumps", "mountPath": "/dumps", "subPath": "dumps"},
        {"name": "secret-creds", "mountPath": "/run/secrets/database", "readOnly": True},
        {"name": "config-db-dump-script", "mountPath": "/scripts", "readOnly": True},
    ]


@pytest.mark.parametrize("make", [mariadb, postgres])
def test_gets_the_applications_login_and_no_superusers(
    chart: ServiceChart, render: Render, make: MakeDatabase, into: LonghornVolume
) -> None:
    DatabaseDump(chart, "db-dump", database=make(chart), into=into, schedule=DAILY)

    pod = render()["CronJob/db-dump"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert [volume["secret"] for volume in pod["volumes"] if "secret" in volume] == [
        {
            "secretName": "creds",
            "defaultMode": 0o440,
            "items": [{"key": key, "path": key} for key in ("database", "username", "password")],
        }
    ]
    assert not [variable for variable in pod["containers"][0]["env"] if "valueFrom" in variable]


@pytest.mark.parametrize(("make", "program"), [(mariadb, "mariadb-dump"), (postgres, "pg_dump")])
def test_scripts_are_the_engines(
    chart: ServiceChart, render: Render, make: MakeDatabase, program: str, into: LonghornVolume
) -> None:
    DatabaseDump(chart, "db-dump", database=make(chart), into=into, schedule=DAILY)

    scripts = render()["ConfigMap/db-dump-script"]["data"]
    assert scripts.keys() == {"dump.sh", "engine.sh"}
    assert ". /scripts/engine.sh" in scripts["dump.sh"]
    assert f" {program} " in scripts["engine.sh"]


@pytest.mark.parametrize(("make", "port"), [(mariadb, 3306), (postgres, 5432)])
def test_only_it_gets_to_the_database_and_nowhere_else(
    chart: ServiceChart, render: Render, make: MakeDatabase, port: int, into: LonghornVolume
) -> None:
    DatabaseDump(chart, "db-dump", database=make(chart), into=into, schedule=DAILY)

    manifests = render()
    policies = {
        key: manifest["spec"]
        for key, manifest in manifests.items()
        if key.startswith("NetworkPolicy/") and key not in NAMESPACES
    }
    dump = {"matchLabels": {"app.kubernetes.io/name": "db-dump"}}
    database = {"matchLabels": {"app.kubernetes.io/name": "db", "app.kubernetes.io/instance": "db"}}
    ports = [{"port": port, "protocol": "TCP"}]
    assert policies == {
        "NetworkPolicy/db-dump-to-db": {
            "podSelector": dump,
            "policyTypes": ["Egress"],
            "egress": [{"to": [{"podSelector": database}], "ports": ports}],
        },
        "NetworkPolicy/db-from-db-dump": {
            "podSelector": database,
            "policyTypes": ["Ingress"],
            "ingress": [{"from": [{"podSelector": dump}], "ports": ports}],
        },
    }
    labels = manifests["CronJob/db-dump"]["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
    assert dump["matchLabels"].items() <= labels.items()
    assert not database["matchLabels"].items() <= labels.items()


def test_everything(chart: ServiceChart, render: Render) -> None:
    shared = LonghornVolume(chart, "shared", size="5Gi", access_mode="ReadWriteMany")
    DatabaseDump(
        chart, "nightly", database=mariadb(chart), into=shared, folder="a/b", schedule="*/30 0-6 * * 1-5", retain=30
    )

    spec = render()["CronJob/nightly"]["spec"]
    assert spec["schedule"] == "*/30 0-6 * * 1-5"
    (container,) = spec["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    assert container["volumeMounts"][0] == {"name": "claim-shared", "mountPath": "/dumps", "subPath": "a/b"}
    assert {"name": "RETAIN", "value": "30"} in container["env"]
    assert {"name": "DUMP", "value": "nightly"} in container["env"]


def test_two_dumps_of_one_database(chart: ServiceChart, render: Render, into: LonghornVolume) -> None:
    """Their files and policies have their own names; the volume is free between the runs."""
    database = postgres(chart)
    DatabaseDump(chart, "daily", database=database, into=into, schedule=DAILY)
    DatabaseDump(chart, "monthly", database=database, into=into, schedule="10 3 1 * *", retain=12)

    assert {key for key in render() if key.startswith("NetworkPolicy/")} - NAMESPACES == {
        "NetworkPolicy/daily-to-db",
        "NetworkPolicy/db-from-daily",
        "NetworkPolicy/monthly-to-db",
        "NetworkPolicy/db-from-monthly",
    }


def test_rejects_the_databases_own_volume(chart: ServiceChart) -> None:
    data = LonghornVolume(chart, "db-data", size="10Gi")
    database = PostgresStatefulSet(
        chart, "db", image="postgres:17", data=data, credentials=credentials(chart, "postgres-password")
    )
    with refused("""
        shop/db-dump
          into="db-data" is ReadWriteOnce, and db has it
          accepted: a volume for dumps alone, or one with access_mode="ReadWriteMany"
          fix:      LonghornVolume(..., "db-dumps", size="5Gi", backup=...)
    """):
        DatabaseDump(chart, "db-dump", database=database, into=data, schedule=DAILY)


def test_rejects_what_lives_elsewhere(app: App, chart: ServiceChart) -> None:
    elsewhere = ServiceChart(app, "wiki", namespace=ExistingNamespace("wiki"))
    database = mariadb(elsewhere)
    into = LonghornVolume(elsewhere, "dumps", size="5Gi")
    with refused("""
        shop/db-dump
          database="db" lives in namespace wiki; its credentials cannot be had elsewhere
          accepted: a database in namespace shop
          fix:      make the DatabaseDump in the chart of db
          into="dumps" lives in namespace wiki; a pod mounts from its own only
          accepted: a volume in namespace shop
          fix:      make dumps in namespace shop
    """):
        DatabaseDump(chart, "db-dump", database=database, into=into, schedule=DAILY)


@pytest.mark.parametrize("schedule", ["", "10 2 * *", "10  2 * * *", "@daily", "10 24 * * *"])
def test_rejects_schedule(chart: ServiceChart, into: LonghornVolume, schedule: str) -> None:
    database = postgres(chart)
    with refused(f"""
        shop/db-dump
          schedule="{schedule}" is not a cron expression
          accepted: minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-6, with * - , and / as cron has them
          fix:      schedule="0 2 * * *"
    """):
        DatabaseDump(chart, "db-dump", database=database, into=into, schedule=schedule)


def test_rejects_all_at_once(chart: ServiceChart, into: LonghornVolume) -> None:
    database = postgres(chart)
    long = "d" * 53
    with refused(f"""
        shop/{long}
          id="{long}" has 53 characters
          accepted: at most 52 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="{"d" * 52}"
          folder="/dumps/../x" is not a path inside a volume
          accepted: a relative path without . and ..
          fix:      folder="dumps/x"
          schedule="hourly" is not a cron expression
          accepted: minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-6, with * - , and / as cron has them
          fix:      schedule="0 2 * * *"
          retain=0 is too small
          accepted: a whole number from 1
          fix:      retain=1
    """):
        DatabaseDump(chart, long, database=database, into=into, folder="/dumps/../x", schedule="hourly", retain=0)


def test_accepts_52_characters(chart: ServiceChart, render: Render, into: LonghornVolume) -> None:
    DatabaseDump(chart, "d" * 52, database=postgres(chart), into=into, schedule=DAILY)

    assert f"CronJob/{'d' * 52}" in render()


def test_a_volume_of_dumps_is_no_workloads(chart: ServiceChart, into: LonghornVolume) -> None:
    """Whichever of the two comes first in the chart."""
    DatabaseDump(chart, "db-dump", database=postgres(chart), into=into, schedule=DAILY)
    with pytest.raises(ConstructError) as caught:
        WebApp(chart, "web", image="shop:1", port=8080, mounts=[into.at("/dumps")])
    (problem,) = caught.value.problems
    assert problem.why == f"mounts {into.name} (ReadWriteOnce), which db-dump has"
