import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import (
    App,
    DatabaseDump,
    ExistingNamespace,
    ExternalSecretRef,
    LonghornVolume,
    MariaDbStatefulSet,
    PostgresStatefulSet,
    RestoreDrill,
    SecretStore,
    ServiceChart,
    ServiceNamespace,
)

WEEKLY = "10 3 * * 0"
KEYS = ("database", "username", "password", "root-password", "postgres-password")


def a_dump(chart: ServiceChart, kind: type[MariaDbStatefulSet] | type[PostgresStatefulSet]) -> DatabaseDump:
    credentials = ExternalSecretRef(
        chart, "creds", store=SecretStore(name="vault"), keys={key: f"db/{key}" for key in KEYS}
    )
    data = LonghornVolume(chart, "data", size="10Gi")
    database = kind(chart, "db", image="server:17", data=data, credentials=credentials)
    into = LonghornVolume(chart, "dumps", size="5Gi")
    return DatabaseDump(chart, "db-dump", database=database, into=into, schedule="10 2 * * *")


@pytest.fixture
def chart(app: App) -> ServiceChart:
    """The chart `shop`, in a namespace that is closed but for DNS."""
    return ServiceChart(app, "shop", namespace=ServiceNamespace(ServiceChart(app, "namespaces"), "shop"))


@pytest.fixture
def dump(chart: ServiceChart) -> DatabaseDump:
    return a_dump(chart, PostgresStatefulSet)


@pytest.mark.parametrize(("kind", "program"), [(MariaDbStatefulSet, "mariadbd"), (PostgresStatefulSet, "pg_ctl")])
def test_manifests(
    chart: ServiceChart,
    render: Render,
    kind: type[MariaDbStatefulSet] | type[PostgresStatefulSet],
    program: str,
) -> None:
    dump = a_dump(chart, kind)
    before = render().keys()
    drill = RestoreDrill(chart, "db-drill", dump=dump, schedule=WEEKLY)

    manifests = render()
    assert manifests.keys() - before == {
        "ConfigMap/db-drill-script",
        "CronJob/db-drill",
        "ServiceAccount/db-drill",
    }, "no network policy: it needs no network"
    spec = manifests["CronJob/db-drill"]["spec"]
    job = spec.pop("jobTemplate")["spec"]
    assert spec == {
        "schedule": WEEKLY,
        "concurrencyPolicy": "Forbid",
        "startingDeadlineSeconds": 3600,
        "successfulJobsHistoryLimit": 1,
        "failedJobsHistoryLimit": 3,
    }
    assert (job["backoffLimit"], job["activeDeadlineSeconds"]) == (1, 14400)
    assert job["template"]["spec"]["restartPolicy"] == "Never"
    scripts = manifests["ConfigMap/db-drill-script"]["data"]
    assert scripts.keys() == {"restore-drill.sh", "engine.sh"}
    assert f" {program} " in scripts["engine.sh"]
    assert (drill.cron_job.name, drill.service_account.name) == ("db-drill", "db-drill")


def test_runs_the_dumps_image_as_its_user(chart: ServiceChart, render: Render, dump: DatabaseDump) -> None:
    RestoreDrill(chart, "db-drill", dump=dump, schedule=WEEKLY)

    manifests = render()
    dumping = manifests["CronJob/db-dump"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    pod = manifests["CronJob/db-drill"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["image"] == dumping["containers"][0]["image"] == "server:17"
    assert pod["securityContext"] == dumping["securityContext"]
    assert container["command"] == ["/bin/sh", "/scripts/restore-drill.sh"]
    assert container["env"] == [
        {"name": "DUMP", "value": "db-dump"},
        {"name": "MAX_AGE_HOURS", "value": "48"},
        {"name": "AT_LEAST_TABLES", "value": "1"},
        {"name": "NOT_EMPTY", "value": ""},
    ]


def test_reads_the_dumps_and_has_no_secret(chart: ServiceChart, render: Render, dump: DatabaseDump) -> None:
    RestoreDrill(chart, "db-drill", dump=dump, schedule=WEEKLY)

    pod = render()["CronJob/db-drill"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    assert pod["containers"][0]["volumeMounts"] == [
        {"name": "claim-dumps", "mountPath": "/dumps", "subPath": "dumps", "readOnly": True},
        {"name": "config-db-drill-script", "mountPath": "/scripts", "readOnly": True},
        {"name": "writable-scratch", "mountPath": "/scratch"},
    ]
    assert [volume.keys() - {"name"} for volume in pod["volumes"]] == [
        {"persistentVolumeClaim"},
        {"configMap"},
        {"emptyDir"},
    ]


def test_no_policy_takes_its_pods_for_the_dumps(chart: ServiceChart, render: Render, dump: DatabaseDump) -> None:
    RestoreDrill(chart, "db-drill", dump=dump, schedule=WEEKLY)

    manifests = render()
    labels = manifests["CronJob/db-drill"]["spec"]["jobTemplate"]["spec"]["template"]["metadata"]["labels"]
    policies = {key: manifest["spec"] for key, manifest in manifests.items() if key.startswith("NetworkPolicy/")}
    selected = {key: policy["podSelector"].get("matchLabels", {}) for key, policy in policies.items()}
    assert {key for key, wanted in selected.items() if wanted.items() <= labels.items()} == {
        "NetworkPolicy/default-deny",
        "NetworkPolicy/allow-dns",
    }


def test_everything(chart: ServiceChart, render: Render, dump: DatabaseDump) -> None:
    RestoreDrill(
        chart,
        "db-drill",
        dump=dump,
        schedule="0 4 1 * *",
        max_age_hours=26,
        at_least_tables=40,
        not_empty=["users", "Tickets_2"],
        scratch="20Gi",
    )

    spec = render()["CronJob/db-drill"]["spec"]
    assert spec["schedule"] == "0 4 1 * *"
    pod = spec["jobTemplate"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert {variable["name"]: variable["value"] for variable in container["env"]} == {
        "DUMP": "db-dump",
        "MAX_AGE_HOURS": "26",
        "AT_LEAST_TABLES": "40",
        "NOT_EMPTY": "users Tickets_2",
    }
    assert {"name": "writable-scratch", "emptyDir": {"sizeLimit": "20Gi"}} in pod["volumes"]
    assert container["resources"]["limits"]["ephemeral-storage"] == f"{20 * 1024 + 64}Mi", "scratch and the log"


def test_rejects_a_dump_of_another_namespace(app: App, chart: ServiceChart) -> None:
    dump = a_dump(ServiceChart(app, "wiki", namespace=ExistingNamespace("wiki")), MariaDbStatefulSet)
    with refused("""
        shop/db-drill
          dump="db-dump" lives in namespace wiki; its volume cannot be had elsewhere
          accepted: a DatabaseDump in namespace shop
          fix:      make the RestoreDrill in the chart of db-dump
    """):
        RestoreDrill(chart, "db-drill", dump=dump, schedule=WEEKLY)


@pytest.mark.parametrize(
    ("table", "fix"), [("public.users", "users"), ("my table", "my_table"), ("2fa", "fa"), ("", "users"), ('a"', "a_")]
)
def test_rejects_table(chart: ServiceChart, dump: DatabaseDump, table: str, fix: str) -> None:
    shown = table.replace('"', '\\"')
    with refused(f"""
        shop/db-drill
          not_empty="{shown}" is not a plain table name
          accepted: letters, digits and _, not starting with a digit; without schema or quotes
          fix:      "{fix}"
    """):
        RestoreDrill(chart, "db-drill", dump=dump, schedule=WEEKLY, not_empty=[table])


def test_rejects_tables_in_one_text(chart: ServiceChart, dump: DatabaseDump) -> None:
    with refused("""
        shop/db-drill
          not_empty="users tickets" is one text
          accepted: a list of names
          fix:      not_empty=['users', 'tickets']
    """):
        RestoreDrill(chart, "db-drill", dump=dump, schedule=WEEKLY, not_empty="users tickets")


def test_rejects_all_at_once(chart: ServiceChart, dump: DatabaseDump) -> None:
    long = "d" * 53
    with refused(f"""
        shop/{long}
          id="{long}" has 53 characters
          accepted: at most 52 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="{"d" * 52}"
          schedule="weekly" is not a cron expression
          accepted: minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-6, with * - , and / as cron has them
          fix:      schedule="0 2 * * *"
          max_age_hours=0 is too small
          accepted: a whole number from 1
          fix:      max_age_hours=1
          at_least_tables=0 is too small
          accepted: a whole number from 1
          fix:      at_least_tables=1
          scratch="511Mi" is less than an empty server takes
          accepted: at least 512Mi
          fix:      scratch="512Mi"
    """):
        RestoreDrill(chart, long, dump=dump, schedule="weekly", max_age_hours=0, at_least_tables=0, scratch="511Mi")


def test_rejects_scratch_that_is_no_size(chart: ServiceChart, dump: DatabaseDump) -> None:
    with refused("""
        shop/db-drill
          scratch="5GB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      scratch="5Gi"
    """):
        RestoreDrill(chart, "db-drill", dump=dump, schedule=WEEKLY, scratch="5GB")


def test_accepts_the_smallest_scratch_and_52_characters(
    chart: ServiceChart, render: Render, dump: DatabaseDump
) -> None:
    RestoreDrill(chart, "d" * 52, dump=dump, schedule=WEEKLY, scratch="512Mi")

    assert f"CronJob/{'d' * 52}" in render()
