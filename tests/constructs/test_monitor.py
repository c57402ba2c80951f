"""What Prometheus scrapes and warns of: with an operator by resources, without one by plain values."""

from collections.abc import Callable
from typing import Any, TypeAlias

import cdk8s
import pytest
import yaml

from tests.conftest import Manifest, Render
from tests.promql import metrics_of
from tests.refused import refused
from vkm_constructs import (
    Alert,
    App,
    ExistingNamespace,
    ExternalSecretRef,
    LonghornVolume,
    MariaDbStatefulSet,
    Monitor,
    Pods,
    PostgresStatefulSet,
    RedisCache,
    ScrapeJob,
    SecretStore,
    ServiceChart,
    WebApp,
)

SELECTED = {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "web"}
SLOW = Alert(
    name="Slow",
    expr='rate(slow_total{job="web"}[5m]) > 1',
    for_="15m",
    severity="warning",
    summary="{{ $labels.job }} is slow",
    action="Look at its log.",
)
EVERY_TARGET = ["TargetDown", "TargetAbsent"]


@pytest.fixture
def web(chart: ServiceChart) -> WebApp:
    return WebApp(chart, "web", image="shop:1", port=8080, extra_ports={"metrics": 9100, "admin": 9000})


def rules(manifests: dict[str, Manifest], name: str = "web") -> list[dict[str, Any]]:
    (group,) = manifests[f"PrometheusRule/{name}"]["spec"]["groups"]
    assert group["name"] == name
    found: list[dict[str, Any]] = group["rules"]
    return found


def test_manifests(render: Render, web: WebApp) -> None:
    before = render()
    monitor = web.monitor()

    manifests = render()
    assert manifests.keys() - before.keys() == {"PrometheusRule/web", "ServiceMonitor/web"}
    assert {key: manifests[key] for key in before} == before, "nothing is opened, nothing changed"
    assert manifests["ServiceMonitor/web"]["metadata"] == {
        "name": "web",
        "namespace": "shop",
        "labels": {"app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "cdk8s"},
    }
    assert manifests["ServiceMonitor/web"]["spec"] == {
        "selector": {"matchLabels": SELECTED},
        "endpoints": [
            {
                "port": "metrics",
                "path": "/metrics",
                "interval": "30s",
                "relabelings": [{"targetLabel": "job", "replacement": "web"}],
            }
        ],
    }
    assert [rule["alert"] for rule in rules(manifests)] == EVERY_TARGET
    assert (monitor.pods, monitor.port) == (web.pods, "metrics")


def test_selects_the_service_that_offers_the_port(render: Render, web: WebApp) -> None:
    web.monitor()

    manifests = render()
    service, endpoint = manifests["Service/web"], manifests["ServiceMonitor/web"]["spec"]["endpoints"][0]
    selector = manifests["ServiceMonitor/web"]["spec"]["selector"]["matchLabels"]
    assert selector.items() <= service["metadata"]["labels"].items()
    assert endpoint["port"] in [port["name"] for port in service["spec"]["ports"]]


def test_a_port_that_no_service_offers_is_scraped_at_the_pods(render: Render, web: WebApp) -> None:
    web.monitor(port="admin")

    manifests = render()
    assert "ServiceMonitor/web" not in manifests
    assert manifests["PodMonitor/web"]["spec"] == {
        "selector": {"matchLabels": SELECTED},
        "podMetricsEndpoints": [
            {
                "port": "admin",
                "path": "/metrics",
                "interval": "30s",
                "relabelings": [{"targetLabel": "job", "replacement": "web"}],
            }
        ],
    }


def test_without_a_service_the_pods_are_scraped(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="shop:1", port=8080, service_port=None).monitor(port="http")

    manifests = render()
    assert {"PodMonitor/web", "PrometheusRule/web"} <= manifests.keys()
    assert "ServiceMonitor/web" not in manifests


def test_everything(render: Render, web: WebApp) -> None:
    monitor = web.monitor(port="http", path="/stats", interval="1m", alerts=[SLOW])

    manifests = render()
    (endpoint,) = manifests["ServiceMonitor/web"]["spec"]["endpoints"]
    assert (endpoint["port"], endpoint["path"], endpoint["interval"]) == ("http", "/stats", "1m")
    assert [rule["alert"] for rule in rules(manifests)] == ["Slow", *EVERY_TARGET]
    assert monitor.port == "http"
    assert (monitor.job.port, monitor.job.path, monitor.job.interval) == ("http", "/stats", "1m")


# What it warns of


def test_an_alert_is_a_rule(render: Render, web: WebApp) -> None:
    web.monitor(alerts=[SLOW])

    rule = rules(render())[0]
    assert rule == {
        "alert": "Slow",
        "expr": 'rate(slow_total{job="web"}[5m]) > 1',
        "for": "15m",
        "labels": {"job": "web", "severity": "warning"},
        "annotations": {"summary": "{{ $labels.job }} is slow", "description": "Look at its log."},
    }
    assert rule == SLOW.to_rule("web")


def test_every_target_is_watched(render: Render, web: WebApp) -> None:
    web.monitor()

    found = {rule["alert"]: (rule["expr"], rule["for"], rule["labels"]) for rule in rules(render())}
    labels = {"job": "web", "severity": "critical"}
    assert found == {
        "TargetDown": ('up{job="web"} == 0', "5m", labels),
        "TargetAbsent": ('absent(up{job="web"})', "10m", labels),
    }


def test_rules_are_the_same_as_plain_values(render: Render, web: WebApp) -> None:
    monitor = web.monitor(alerts=[SLOW])

    assert monitor.rules == {"name": "web", "rules": rules(render())}


# A Prometheus that no operator configures


def test_job(web: WebApp) -> None:
    assert web.monitor().job == ScrapeJob(
        name="web", namespace="shop", labels=SELECTED, port="metrics", path="/metrics", interval="30s"
    )


def test_a_job_keeps_what_the_resources_select(web: WebApp) -> None:
    name, instance = (f"__meta_kubernetes_pod_label_app_kubernetes_io_{label}" for label in ("name", "instance"))
    assert web.monitor(port="admin", path="/stats", interval="1m").job.to_config() == {
        "job_name": "web",
        "metrics_path": "/stats",
        "scrape_interval": "1m",
        "kubernetes_sd_configs": [{"role": "pod", "namespaces": {"names": ["shop"]}}],
        "relabel_configs": [
            {"source_labels": [instance], "regex": "web", "action": "keep"},
            {"source_labels": [name], "regex": "web", "action": "keep"},
            {"source_labels": ["__meta_kubernetes_pod_container_port_name"], "regex": "admin", "action": "keep"},
            {"source_labels": ["__meta_kubernetes_pod_phase"], "regex": "Succeeded|Failed", "action": "drop"},
            {"source_labels": ["__meta_kubernetes_namespace"], "target_label": "namespace"},
            {"source_labels": ["__meta_kubernetes_pod_name"], "target_label": "pod"},
            {"source_labels": ["__meta_kubernetes_pod_container_name"], "target_label": "container"},
        ],
    }


def test_a_label_stands_for_itself_in_a_job() -> None:
    """Prometheus knows a label by its letters, digits and _ only, and takes its value for a pattern."""
    job = ScrapeJob(
        name="old",
        namespace="shop",
        labels={"example.com/app-name": "old.app"},
        port="http",
        path="/metrics",
        interval="30s",
    )

    assert job.to_config()["relabel_configs"][0] == {
        "source_labels": ["__meta_kubernetes_pod_label_example_com_app_name"],
        "regex": r"old\.app",
        "action": "keep",
    }


def test_a_jobs_configuration_is_yaml(web: WebApp) -> None:
    config = web.monitor().job.to_config()

    assert yaml.safe_load(yaml.safe_dump(config)) == config


# Pods of others


def test_pods_that_are_not_ours(chart: ServiceChart, render: Render) -> None:
    legacy = Pods(name="legacy", namespace="shop", labels={"app": "legacy"}, ports={"http": 5000})
    Monitor(chart, "legacy", of=legacy, port="http")

    manifests = render()
    assert manifests.keys() == {"PodMonitor/legacy", "PrometheusRule/legacy"}
    assert manifests["PodMonitor/legacy"]["spec"]["selector"] == {"matchLabels": {"app": "legacy"}}
    assert "namespaceSelector" not in manifests["PodMonitor/legacy"]["spec"]


def test_pods_of_another_namespace(chart: ServiceChart, render: Render) -> None:
    """The resources live in the chart's namespace and look into the other."""
    operator = Pods(name="operator", namespace="system", labels={"app": "operator"}, ports={"metrics": 8080})
    monitor = Monitor(chart, "operator", of=operator)

    manifests = render()
    assert manifests.keys() == {"PodMonitor/operator", "PrometheusRule/operator"}
    assert manifests["PodMonitor/operator"]["spec"]["namespaceSelector"] == {"matchNames": ["system"]}
    assert monitor.job.namespace == "system"


def test_who_scrapes_is_connected_to_it(chart: ServiceChart, render: Render, web: WebApp) -> None:
    monitor = web.monitor()
    prometheus = WebApp(chart, "prometheus", image="prometheus:1", port=9090)
    prometheus.connect_to(monitor, port=monitor.port)

    (ingress,) = render()["NetworkPolicy/web-from-prometheus-metrics"]["spec"]["ingress"]
    assert ingress["ports"] == [{"port": 9100, "protocol": "TCP"}]


# The constructs' own

Make: TypeAlias = Callable[[ServiceChart, str | None], MariaDbStatefulSet | PostgresStatefulSet | RedisCache]


def credentials(chart: ServiceChart) -> ExternalSecretRef:
    keys = ("database", "username", "password", "root-password", "postgres-password", "exporter-password")
    return ExternalSecretRef(chart, "creds", store=SecretStore(name="vault"), keys={key: f"db/{key}" for key in keys})


def mariadb(chart: ServiceChart, exporter: str | None) -> MariaDbStatefulSet:
    data = LonghornVolume(chart, "data", size="1Gi")
    return MariaDbStatefulSet(
        chart, "db", image="mariadb:11", data=data, credentials=credentials(chart), exporter_image=exporter
    )


def postgres(chart: ServiceChart, exporter: str | None) -> PostgresStatefulSet:
    data = LonghornVolume(chart, "data", size="1Gi")
    return PostgresStatefulSet(
        chart, "db", image="postgres:17", data=data, credentials=credentials(chart), exporter_image=exporter
    )


def cache(chart: ServiceChart, exporter: str | None) -> RedisCache:
    return RedisCache(chart, "db", image="redis:7", exporter_image=exporter)


def durable(chart: ServiceChart, exporter: str | None) -> RedisCache:
    data = LonghornVolume(chart, "data", size="1Gi")
    return RedisCache(chart, "db", image="redis:7", data=data, exporter_image=exporter)


@pytest.mark.parametrize(
    ("make", "alerts"),
    [
        (mariadb, {"MariaDbDown", "MariaDbConnectionsHigh", "MariaDbSlowQueries"}),
        (postgres, {"PostgresDown", "PostgresConnectionsHigh", "PostgresDeadlocks"}),
        (cache, {"RedisDown", "RedisRejectsConnections"}),
        (durable, {"RedisDown", "RedisRejectsConnections", "RedisMemoryHigh", "RedisPersistenceFailing"}),
    ],
)
def test_a_server_is_scraped_through_its_service(
    chart: ServiceChart, render: Render, make: Make, alerts: set[str]
) -> None:
    server = make(chart, "exporter:1")
    before = render().keys()
    server.monitor()

    manifests = render()
    assert manifests.keys() - before == {"PrometheusRule/db", "ServiceMonitor/db"}
    found = rules(manifests, "db")
    assert {rule["alert"] for rule in found} == {*alerts, *EVERY_TARGET}
    for rule in found:
        assert metrics_of(rule["expr"])
        assert 'job="db"' in rule["expr"], "of this server only"
    selector = manifests["ServiceMonitor/db"]["spec"]["selector"]["matchLabels"].items()
    services = [m for m in manifests.values() if m["kind"] == "Service" and selector <= m["metadata"]["labels"].items()]
    assert [service["metadata"]["name"] for service in services] == ["db"], "the headless one would count twice"
    assert "metrics" in [port["name"] for port in services[0]["spec"]["ports"]]


@pytest.mark.parametrize(("make", "port"), [(mariadb, "mysql"), (postgres, "postgresql"), (cache, "redis")])
def test_rejects_a_server_without_an_exporter(chart: ServiceChart, make: Make, port: str) -> None:
    server = make(chart, None)
    with refused(f"""
        shop/db/monitor
          port="metrics" is not a port of db
          accepted: "{port}"
          fix:      a server has that port with an exporter_image, a WebApp with extra_ports
    """):
        server.monitor()


# Refusals


def test_rejects_a_port_that_is_not_declared(web: WebApp) -> None:
    with refused("""
        shop/web/monitor
          port="metric" is not a port of web
          accepted: "metrics", "admin", "http"
          fix:      port="metrics"
    """):
        web.monitor(port="metric")


def test_rejects_what_listens_on_nothing(chart: ServiceChart) -> None:
    with refused("""
        shop/legacy
          port="metrics" is not a port of legacy
          accepted: a workload that declares a port
          fix:      a server has that port with an exporter_image, a WebApp with extra_ports
    """):
        Monitor(chart, "legacy", of=Pods(name="legacy", namespace="shop", labels={"app": "legacy"}))


def test_rejects_a_second_one(web: WebApp) -> None:
    web.monitor()
    with refused("""
        shop/web/monitor
          id="monitor" is already the id of another construct in this scope
          accepted: an id that is used once in its scope
          fix:      give one of the two another id
    """):
        web.monitor(port="admin")


def test_rejects_a_chart_without_a_namespace(app: App, web: WebApp) -> None:
    chart = ServiceChart(app, "monitors")
    with refused("""
        monitors/web
          scope="ServiceChart" is in a chart without a namespace
          accepted: a chart that has a namespace, or a construct in one
          fix:      ServiceChart(app, "shop", namespace=...) or cdk8s.Chart(app, "shop", namespace="shop")
    """):
        Monitor(chart, "web", of=web)


def test_a_refused_one_leaves_nothing_behind(render: Render, web: WebApp) -> None:
    before = render()
    with pytest.raises(ValueError, match="is not a port of web"):
        web.monitor(port="nothing")

    assert render() == before


def test_in_a_plain_chart(app: App, render: Render) -> None:
    chart = cdk8s.Chart(app, "plain", namespace="shop")
    Monitor(chart, "legacy", of=Pods(name="legacy", namespace="shop", labels={"a": "b"}, ports={"metrics": 1}))

    assert render().keys() == {"PodMonitor/legacy", "PrometheusRule/legacy"}


def test_equal_names_in_two_namespaces_are_two(app: App, render: Render) -> None:
    for name in ("docs", "wiki"):
        chart = ServiceChart(app, name, namespace=ExistingNamespace(name))
        WebApp(chart, "web", image="shop:1", port=8080).monitor(port="http")

    assert {"docs/ServiceMonitor/web", "wiki/ServiceMonitor/web"} <= render().keys()


def test_rejects_an_alert_that_prometheus_would_refuse(web: WebApp) -> None:
    alert = Alert(name="shop is down", expr=" ", for_="5", severity="page", summary="down", action="")  # type: ignore[arg-type]
    with refused("""
        shop/web/monitor
          alerts[shop is down].name="shop is down" is not CamelCase
          accepted: letters and digits
          fix:      "ShopIsDown"
          alerts[shop is down].for_="5" is not a duration
          accepted: numbers with ms, s, m, h, d or w, the largest first: "30s", "1h30m"
          fix:      "5s"
          alerts[shop is down].severity="page" is no severity
          accepted: "critical", which wakes somebody, or "warning", which waits
          fix:      severity="warning"
          alerts[shop is down].expr="" says nothing
          accepted: a text
          fix:      expr=...
          alerts[shop is down].action="" says nothing
          accepted: a text
          fix:      action=...
    """):
        web.monitor(alerts=[alert])


@pytest.mark.parametrize("make", [mariadb, postgres, cache])
def test_a_servers_metrics_are_opened_to_who_scrapes(chart: ServiceChart, render: Render, make: Make) -> None:
    labels = {"app.kubernetes.io/name": "prometheus"}
    server = make(chart, "exporter:1")
    server.allow_from(Pods(name="prometheus", namespace="monitoring", labels=labels), port="metrics")

    spec = render()["NetworkPolicy/db-from-monitoring.prometheus-metrics"]["spec"]
    (way,) = spec["ingress"]
    (peer,) = way["from"]
    assert peer["podSelector"]["matchLabels"] == labels
    assert peer["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": "monitoring"}
    assert [port["port"] for port in way["ports"]] == [server.pods.ports["metrics"]]
