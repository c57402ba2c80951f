"""Grafana's chart: two ways to the same dashboards, and what is open."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from charts.dashboards import DATASOURCE, dashboards
from charts.environment import Environment
from charts.grafana import GrafanaChart
from tests.conftest import Manifest
from tests.promql import strays_of
from tests.schemas import check_against_schema
from vkm_constructs import (
    App,
    ExistingNamespace,
    Gateway,
    Issuer,
    LonghornBackupGroup,
    Pods,
    Schedule,
    SecretStore,
    ServiceChart,
    ServiceNamespace,
)

PROMETHEUS = "http://prometheus.prometheus:9090"


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Manifest]:
    """Grafana's objects by `Kind/name`."""
    app = App(outdir=tmp_path_factory.mktemp("grafana") / "dist")
    chart = build(app)
    assert [monitor.job.name for monitor in chart.monitors] == ["grafana"]
    assert chart.app.address == "grafana:3000"
    found = {f"{m['kind']}/{m['metadata']['name']}": m for m in app.manifests()["grafana"]}
    assert {m["metadata"]["namespace"] for m in found.values()} == {"grafana"}
    return found


def build(app: App) -> GrafanaChart:
    around = ServiceChart(app, "around")
    longhorn = ServiceChart(app, "longhorn", namespace=ExistingNamespace("longhorn-system"))
    traefik = Pods(name="traefik", namespace="traefik", labels={"app": "traefik"}, ports={"http": 8000})
    return GrafanaChart(
        app,
        Environment(),
        namespace=ServiceNamespace(around, "grafana"),
        operator=ExistingNamespace("grafana-operator"),
        store=SecretStore(name="onepassword-store", namespaces=("grafana",)),
        issuer=Issuer(name="letsencrypt", dns01_zones=("vkm.dtdt.tech",)),
        gateway=Gateway(pods=traefik, namespaces=("grafana",)),
        backup=LonghornBackupGroup(longhorn, "standard", backup=Schedule(cron="0 2 * * *", retain=14)),
        prometheus_url=PROMETHEUS,
    )


def container(manifests: dict[str, Manifest]) -> dict[str, Any]:
    (only,) = manifests["Deployment/grafana"]["spec"]["template"]["spec"]["containers"]
    assert isinstance(only, dict)
    return only


def provisioned(manifests: dict[str, Manifest], name: str) -> Any:
    return yaml.safe_load(manifests["ConfigMap/grafana-provisioning"]["data"][name])


def test_what_it_makes(manifests: dict[str, Manifest]) -> None:
    names = {dashboard.name for dashboard in dashboards()}
    assert {key for key in manifests if not key.startswith("GrafanaDashboard/")} == {
        "ExternalSecret/grafana-admin",
        "PersistentVolumeClaim/grafana-data",
        "ConfigMap/grafana-provisioning",
        "ConfigMap/grafana-dashboards",
        "ServiceAccount/grafana",
        "Deployment/grafana",
        "Service/grafana",
        "ServiceMonitor/grafana",
        "PrometheusRule/grafana",
        "Certificate/grafana",
        "Middleware/grafana-headers",
        "Middleware/grafana-retry",
        "Middleware/grafana-rate-limit",
        "Middleware/grafana-compress",
        "IngressRoute/grafana",
        "Grafana/grafana",
        "NetworkPolicy/grafana-from-traefik.traefik",
        "NetworkPolicy/grafana-from-grafana-operator.grafana-operator",
    }
    assert {key.removeprefix("GrafanaDashboard/") for key in manifests if key.startswith("GrafanaDashboard/")} == names


def test_schemas(manifests: dict[str, Manifest], subtests: pytest.Subtests) -> None:
    for name, manifest in manifests.items():
        with subtests.test(name):
            check_against_schema(manifest)


def test_one_pod_on_one_disk(manifests: dict[str, Manifest]) -> None:
    spec = manifests["Deployment/grafana"]["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})
    claim = manifests["PersistentVolumeClaim/grafana-data"]
    assert claim["spec"]["resources"]["requests"] == {"storage": "10Gi"}
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]
    assert claim["metadata"]["labels"]["recurring-job-group.longhorn.io/standard"] == "enabled"
    assert manifests["Service/grafana"]["spec"]["ports"] == [{"name": "http", "port": 3000, "targetPort": "http"}]


def test_it_asks_nobody_outside(manifests: dict[str, Manifest]) -> None:
    env = {variable["name"]: variable.get("value") for variable in container(manifests)["env"]}
    assert env["GF_PLUGINS_PREINSTALL_DISABLED"] == "true"
    for name in ("REPORTING_ENABLED", "CHECK_FOR_UPDATES", "CHECK_FOR_PLUGIN_UPDATES"):
        assert env[f"GF_ANALYTICS_{name}"] == "false"
    policies = [m["spec"] for key, m in manifests.items() if key.startswith("NetworkPolicy/")]
    assert not [policy for policy in policies if "egress" in policy]


def test_the_admin_comes_from_the_store(manifests: dict[str, Manifest]) -> None:
    keys = [data["secretKey"] for data in manifests["ExternalSecret/grafana-admin"]["spec"]["data"]]
    assert keys == ["admin-user", "admin-password"]
    secrets = {v["name"]: v["valueFrom"]["secretKeyRef"] for v in container(manifests)["env"] if "valueFrom" in v}
    assert secrets == {
        "GF_SECURITY_ADMIN_USER": {"name": "grafana-admin", "key": "admin-user"},
        "GF_SECURITY_ADMIN_PASSWORD": {"name": "grafana-admin", "key": "admin-password"},
    }


def test_the_host_leads_to_it_but_not_to_its_metrics(manifests: dict[str, Manifest]) -> None:
    (route,) = manifests["IngressRoute/grafana"]["spec"]["routes"]
    assert route["match"] == "Host(`grafana.vkm.dtdt.tech`) && !PathPrefix(`/metrics`)"
    assert [(to["name"], to["port"]) for to in route["services"]] == [("grafana", 3000)]
    certificate = manifests["Certificate/grafana"]["spec"]
    assert (certificate["dnsNames"], certificate["secretName"]) == (["grafana.vkm.dtdt.tech"], "grafana-tls")
    env = {variable["name"]: variable.get("value") for variable in container(manifests)["env"]}
    assert env["GF_SERVER_ROOT_URL"] == "https://grafana.vkm.dtdt.tech/"


def test_who_may_reach_it(manifests: dict[str, Manifest]) -> None:
    (rule,) = manifests["NetworkPolicy/grafana-from-grafana-operator.grafana-operator"]["spec"]["ingress"]
    assert [port["port"] for port in rule["ports"]] == [3000]
    assert rule["from"] == [
        {
            "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "grafana-operator"}},
            "podSelector": {"matchLabels": {"app.kubernetes.io/name": "grafana-operator"}},
        }
    ]


def test_the_datasource_is_the_one_that_the_dashboards_ask(manifests: dict[str, Manifest]) -> None:
    (source,) = provisioned(manifests, "datasource.yaml")["datasources"]
    assert (source["uid"], source["type"], source["url"]) == (DATASOURCE, "prometheus", PROMETHEUS)
    assert source["isDefault"] is True
    assert source["jsonData"] == {"httpMethod": "POST", "timeInterval": "30s"}
    assert not [key for key in manifests if key.startswith("GrafanaDatasource/")], "one uid, one owner"


def test_scraped_as_often_as_the_datasource_says(manifests: dict[str, Manifest]) -> None:
    (endpoint,) = manifests["ServiceMonitor/grafana"]["spec"]["endpoints"]
    (source,) = provisioned(manifests, "datasource.yaml")["datasources"]
    assert endpoint["interval"] == source["jsonData"]["timeInterval"]
    assert (endpoint["port"], endpoint["path"]) == ("http", "/metrics")


def test_files_are_where_grafana_looks(manifests: dict[str, Manifest]) -> None:
    volumes = {v["name"]: v for v in manifests["Deployment/grafana"]["spec"]["template"]["spec"]["volumes"]}

    def source(volume: dict[str, Any]) -> str:
        return str(volume.get("configMap", {}).get("name") or volume.get("persistentVolumeClaim", {}).get("claimName"))

    mounts = {
        mount["mountPath"]: (source(volumes[mount["name"]]), mount.get("subPath"))
        for mount in container(manifests)["volumeMounts"]
    }
    (provider,) = provisioned(manifests, "dashboards.yaml")["providers"]
    assert mounts[provider["options"]["path"]] == ("grafana-dashboards", None)
    provisioning = "/etc/grafana/provisioning"
    assert mounts[f"{provisioning}/datasources/datasource.yaml"] == ("grafana-provisioning", "datasource.yaml")
    assert mounts[f"{provisioning}/dashboards/dashboards.yaml"] == ("grafana-provisioning", "dashboards.yaml")
    assert mounts["/var/lib/grafana"] == ("grafana-data", None)


def test_each_dashboard_is_the_same_as_file_and_as_resource(manifests: dict[str, Manifest]) -> None:
    files = manifests["ConfigMap/grafana-dashboards"]["data"]
    resources = {
        m["metadata"]["name"]: m["spec"] for key, m in manifests.items() if key.startswith("GrafanaDashboard/")
    }
    assert {f"{name}.json": spec["json"] for name, spec in resources.items()} == files


def test_the_operator_writes_nothing_that_came_from_a_file(manifests: dict[str, Manifest]) -> None:
    resources = [m["spec"] for key, m in manifests.items() if key.startswith("GrafanaDashboard/")]
    (provider,) = provisioned(manifests, "dashboards.yaml")["providers"]
    ours = {json.loads(text)["uid"] for text in manifests["ConfigMap/grafana-dashboards"]["data"].values()}
    theirs = {spec["uid"] for spec in resources}
    assert len(theirs) == len(resources)
    assert not ours & theirs
    assert all(len(uid) <= 40 for uid in theirs)
    assert {spec["folder"] for spec in resources}.isdisjoint({provider["folder"]})
    assert provider["allowUiUpdates"] is False


def test_the_operator_finds_the_grafana(manifests: dict[str, Manifest]) -> None:
    grafana = manifests["Grafana/grafana"]
    assert grafana["spec"] == {
        "external": {
            "url": "http://grafana.grafana:3000",
            "adminUser": {"name": "grafana-admin", "key": "admin-user"},
            "adminPassword": {"name": "grafana-admin", "key": "admin-password"},
        }
    }
    for key, manifest in manifests.items():
        if key.startswith("GrafanaDashboard/"):
            wanted = manifest["spec"]["instanceSelector"]["matchLabels"]
            assert wanted.items() <= grafana["metadata"]["labels"].items()


def test_config_maps_fit_into_an_annotation(manifests: dict[str, Manifest]) -> None:
    """`kubectl apply` keeps the whole object in one, of 256 KiB at most; a ConfigMap may have 1 MiB."""
    for key, manifest in manifests.items():
        assert len(json.dumps(manifest)) < 256 * 1024, key


def test_alerts_read_metrics_of_grafana(manifests: dict[str, Manifest]) -> None:
    (group,) = manifests["PrometheusRule/grafana"]["spec"]["groups"]
    assert [rule["alert"] for rule in group["rules"]] == ["GrafanaFailing", "TargetDown", "TargetAbsent"]
    for rule in group["rules"]:
        assert strays_of(rule["expr"]) == []


def test_a_changed_dashboard_does_not_restart_grafana(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def checksum() -> Any:
        app = App(outdir=tmp_path / "dist")
        build(app)
        (deployment,) = (m for m in app.manifests()["grafana"] if m["kind"] == "Deployment")
        return deployment["spec"]["template"]["metadata"]["annotations"]

    before = checksum()
    monkeypatch.setattr("charts.grafana.dashboards", lambda: dashboards()[:1])
    assert checksum() == before
