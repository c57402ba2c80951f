"""Monitoring: what the rules' two examples do not show."""

import json
from typing import Any

import pytest

from vkm_manifests.graph.shape import Manifest
from vkm_manifests.verify import Finding, verify
from vkm_manifests.verify.rule import examples


def _found(rule: str, *documents: str | Manifest) -> list[Finding]:
    texts = [document if isinstance(document, str) else json.dumps(document) for document in documents]
    return verify(examples("\n---\n".join(texts)), only=[rule])


def _severities(rule: str, *documents: str | Manifest) -> list[str]:
    return [finding.severity for finding in _found(rule, *documents)]


def _config_map(name: str, data: dict[str, str], labels: dict[str, str] | None = None) -> Manifest:
    metadata = {"name": name, "namespace": "monitoring", "labels": labels or {}}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": data}


def _server(image: str, config: str = "config", namespace: str = "monitoring") -> str:
    return f"""
apiVersion: v1
kind: Pod
metadata: {{name: server, namespace: {namespace}}}
spec:
  containers: [{{name: server, image: "{image}", volumeMounts: [{{name: files}}]}}]
  volumes: [{{name: files, configMap: {{name: {config}}}}}]
"""


def _alerts(*rules: dict[str, Any]) -> Manifest:
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "web", "namespace": "shop"},
        "spec": {"groups": [{"name": "web", "rules": list(rules)}]},
    }


def _dashboard(content: object, **spec: Any) -> Manifest:
    text = content if isinstance(content, str) else json.dumps(content)
    return {
        "apiVersion": "grafana.integreatly.org/v1beta1",
        "kind": "GrafanaDashboard",
        "metadata": {"name": "web", "namespace": "monitoring"},
        "spec": {"json": text, **spec},
    }


PROMETHEUS = _server("quay.io/prometheus/prometheus:v3.13.2@sha256:00")
GRAFANA = _server("grafana/grafana:13.2.0")
WRONG = "rate(up)"


def test_rules_in_the_files_of_a_prometheus() -> None:
    rules = _config_map("config", {"a.yml": f"groups: [{{name: g, rules: [{{alert: A, expr: {WRONG}}}]}}]"})
    (finding,) = _found("promql-parses", PROMETHEUS, rules)
    assert finding.field == "data[a.yml].groups[g].rules[A].expr"
    # Another server's rules may be in another language.
    assert _found("promql-parses", _server("grafana/loki:3.0.0"), rules) == []
    assert _found("promql-parses", PROMETHEUS, _config_map("config", {"a.yml": "groups: [", "b.yml": "groups"})) == []


@pytest.mark.parametrize(
    ("panel", "count"),
    [
        ({"datasource": {"type": "prometheus"}, "targets": [{"expr": WRONG}]}, 1),
        ({"targets": [{"expr": WRONG, "datasource": {"type": "prometheus", "uid": "a"}}]}, 1),
        ({"datasource": {"type": "prometheus"}, "targets": [{"expr": ""}, {}, None]}, 0),
        ({"datasource": {"type": "loki"}, "targets": [{"expr": '{app="a"} |= "b"'}]}, 0),
        ({"targets": [{"expr": '{app="a"} |= "b"'}]}, 0),
        ({"datasource": "Loki", "targets": [{"expr": WRONG}]}, 0),
        ({"datasource": "$source", "targets": [{"expr": WRONG}]}, 1),
        ({"datasource": "${DS}", "targets": [{"expr": WRONG}]}, 1),
        ({"type": "row", "panels": [{"datasource": {"type": "prometheus"}, "targets": [{"expr": WRONG}]}]}, 1),
    ],
)
def test_queries_of_dashboards(panel: dict[str, Any], count: int) -> None:
    content = {
        "title": "Web",
        "panels": [panel],
        "templating": {"list": [{"name": "source", "type": "datasource", "query": "prometheus"}]},
        "__inputs": [{"name": "DS", "pluginId": "prometheus"}],
    }
    assert len(_found("promql-parses", _dashboard(content))) == count


def test_an_expression_may_be_a_number() -> None:
    assert _found("promql-parses", _alerts({"record": "a", "expr": 1})) == []


@pytest.mark.parametrize(("key", "count"), [("for", 1), ("keep_firing_for", 1), ("annotations", 0)])
def test_durations_of_alerts(key: str, count: int) -> None:
    assert len(_found("alert-duration-is-readable", _alerts({"alert": "A", "expr": "up", key: "5 m"}))) == count


def test_the_same_alert_in_another_group_is_another() -> None:
    group = "{name: %s, rules: [{alert: A, expr: up}]}"
    rules = _config_map("config", {"a.yml": f"groups: [{group % 'a'}, {group % 'b'}]"})
    assert _found("alert-is-named-once", PROMETHEUS, rules) == []


def _monitor(spec: dict[str, Any], kind: str = "ServiceMonitor") -> Manifest:
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": kind,
        "metadata": {"name": "m", "namespace": "shop"},
        "spec": spec,
    }


SERVICE = "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop, labels: {app: web, part: front}}}"
TO_JOB = {"targetLabel": "job", "replacement": "web"}
ALERT = _alerts({"alert": "A", "expr": 'up{job="web"} == 0'})
OTHER = _monitor({"podMetricsEndpoints": [{"port": "http"}]}, "PodMonitor")


@pytest.mark.parametrize(
    ("documents", "severities"),
    [
        ((), []),
        ((OTHER,), ["warning"]),
        ((OTHER, SERVICE, _monitor({"selector": {"matchLabels": {"app": "web"}}, "endpoints": [{}]})), []),
        ((OTHER, SERVICE, _monitor({"jobLabel": "part", "selector": {}, "endpoints": [{}]})), ["warning"]),
        ((OTHER, SERVICE, _monitor({"jobLabel": "none", "selector": {}, "endpoints": [{}]})), []),
        # Whose Services are not shown, or whose labels say it, that may be any job.
        ((OTHER, _monitor({"selector": {"matchLabels": {"app": "web"}}, "endpoints": [{}]})), []),
        ((_monitor({"jobLabel": "a", "podMetricsEndpoints": [{}]}, "PodMonitor"),), []),
        ((_monitor({"podMetricsEndpoints": [{"honorLabels": True}]}, "PodMonitor"),), []),
        ((_monitor({"podMetricsEndpoints": [{"relabelings": [TO_JOB]}]}, "PodMonitor"),), []),
        (
            (_monitor({"podMetricsEndpoints": [{"relabelings": [{**TO_JOB, "action": "drop"}]}]}, "PodMonitor"),),
            ["warning"],
        ),
        ((_monitor({"podMetricsEndpoints": [{"relabelings": [{**TO_JOB, "replacement": "$1"}]}]}, "PodMonitor"),), []),
        (
            (_monitor({"podMetricsEndpoints": [{"relabelings": [{**TO_JOB, "sourceLabels": ["a"]}]}]}, "PodMonitor"),),
            [],
        ),
        ((_monitor({"jobName": "web"}, "Probe"),), []),
        ((_monitor({}, "Probe"),), ["warning"]),
        ((_monitor({"jobName": "web"}, "ScrapeConfig"),), []),
        ((_monitor({}, "ScrapeConfig"),), ["warning"]),
        ((OTHER, _monitor({"additionalScrapeConfigs": {"name": "a", "key": "b"}}, "Prometheus")), []),
        ((PROMETHEUS, _config_map("config", {"p.yml": "scrape_configs: [{job_name: web}]"})), []),
        ((PROMETHEUS, _config_map("config", {"p.yml": "scrape_configs: [{job_name: wbe}]"})), ["error"]),
        (
            (PROMETHEUS, _config_map("config", {"p.yml": "scrape_configs: [{job_name: a}]\nscrape_config_files: [b]"})),
            [],
        ),
        (
            (
                PROMETHEUS,
                _config_map(
                    "config", {"p.yml": "scrape_configs: [{job_name: a, static_configs: [{labels: {job: web}}]}]"}
                ),
            ),
            [],
        ),
    ],
)
def test_scraped_jobs(documents: tuple[str | Manifest, ...], severities: list[str]) -> None:
    assert _severities("scraped-job-exists", *documents, ALERT) == severities


@pytest.mark.parametrize(("jobs", "severities"), [("web|gone", ["warning"]), ("nope|gone", ["error", "error"])])
def test_one_of_several_jobs_is_enough(jobs: str, severities: list[str]) -> None:
    config = _config_map("config", {"p.yml": "scrape_configs: [{job_name: web}]"})
    alert = _alerts({"alert": "A", "expr": f'up{{job=~"{jobs}"}} == 0'})
    assert _severities("scraped-job-exists", PROMETHEUS, config, alert) == severities


@pytest.mark.parametrize(("expr", "count"), [(WRONG, 1), ("up", 0)])
def test_queries_of_the_operators_alerts(expr: str, count: int) -> None:
    data = [{"refId": "A", "model": {"expr": expr, "datasource": {"type": "prometheus"}}}]
    group = {**_dashboard(""), "kind": "GrafanaAlertRuleGroup", "spec": {"rules": [{"title": "A", "data": data}]}}
    assert len(_found("promql-parses", group)) == count


@pytest.mark.parametrize(("name", "count"), [("Main", 0), ("Mian", 1)])
def test_datasources_that_the_operator_fills_in(name: str, count: int) -> None:
    inputs = [{"inputName": "DS_MAIN", "datasourceName": name}]
    assert len(_found("dashboard-datasource-exists", _dashboard({"title": "A"}, datasources=inputs), MAIN)) == count


def test_a_recording_rule_may_make_a_job() -> None:
    record = {"record": "a:b", "expr": "up", "labels": {"job": "web"}}
    alert = {"alert": "A", "expr": 'a:b{job="web"} == 0'}
    assert _found("scraped-job-exists", OTHER, _alerts(record, alert)) == []


def test_jobs_of_dashboards() -> None:
    content = {
        "title": "Web",
        "panels": [
            {
                "title": "Up",
                "datasource": {"type": "prometheus"},
                "targets": [{"expr": 'up{job="$job"} + up{job="gone"}'}],
            }
        ],
    }
    (finding,) = _found("scraped-job-exists", OTHER, _dashboard(content))
    assert finding.message.startswith('panel "Up" asks for job "gone"')


@pytest.mark.parametrize(
    ("content", "severities"),
    [
        ("{", ["error"]),
        ("[]", ["error"]),
        ({"panels": []}, ["error"]),
        ({"title": "Web"}, ["warning"]),
        ({"title": "Web", "panels": []}, []),
        ({"title": "Web", "rows": []}, []),
        ({"apiVersion": "dashboard.grafana.app/v2", "kind": "Dashboard", "spec": {"title": "W", "elements": {}}}, []),
    ],
)
def test_dashboard_is_json(content: object, severities: list[str]) -> None:
    assert _severities("dashboard-is-json", _dashboard(content)) == severities


def test_dashboards_in_config_maps() -> None:
    rule = "dashboard-is-json"
    broken = {"a.json": '{"panels": ['}
    assert len(_found(rule, _config_map("config", broken, {"grafana_dashboard": "1"}))) == 1
    assert len(_found(rule, _config_map("config", broken), GRAFANA)) == 1
    assert _found(rule, _config_map("config", broken)) == []
    assert _found(rule, _config_map("config", {"a.json": "{"}), GRAFANA) == []
    assert _found(rule, _config_map("config", {"readme.txt": "a"}, {"grafana_dashboard": "1"})) == []


def _datasource(datasource: dict[str, Any], **spec: Any) -> Manifest:
    return {
        "apiVersion": "grafana.integreatly.org/v1beta1",
        "kind": "GrafanaDatasource",
        "metadata": {"name": "main", "namespace": "monitoring"},
        "spec": {"datasource": datasource, **spec},
    }


MAIN = _datasource({"name": "Main", "uid": "main"})


def _asks(datasource: object, **content: Any) -> dict[str, Any]:
    return {"title": "Web", "panels": [{"title": "A", "datasource": datasource}], **content}


@pytest.mark.parametrize(
    ("datasource", "severities"),
    [
        ({"type": "prometheus", "uid": "main"}, []),
        ({"type": "prometheus", "uid": "Main"}, []),
        ({"type": "prometheus", "uid": "mian"}, ["error"]),
        ({"type": "prometheus"}, []),
        ({"type": "datasource", "uid": "grafana"}, []),
        ({"type": "__expr__", "uid": "__expr__"}, []),
        ({"type": ["a"], "uid": 5}, []),
        ("Main", []),
        ("-- Mixed --", []),
        ("-- Grafana --", []),
        ("Other", ["error"]),
        (None, []),
        ("$known", []),
        ({"uid": "${known:raw}"}, []),
        ("${DS_MAIN}", ["warning"]),
    ],
)
def test_datasources(datasource: object, severities: list[str]) -> None:
    content = _asks(datasource, templating={"list": [{"name": "known", "type": "datasource", "query": "prometheus"}]})
    assert _severities("dashboard-datasource-exists", _dashboard(content), MAIN) == severities
    assert _found("dashboard-datasource-exists", _dashboard(content)) == []


def test_where_datasources_come_from() -> None:
    rule, dashboard = "dashboard-datasource-exists", _dashboard(_asks({"uid": "main"}))
    file = {"a.yaml": "datasources: [{name: Main, uid: %s}]"}
    for uid, count in (("main", 0), ("other", 1), ("''", 0)):
        data = {key: text % uid for key, text in file.items()}
        assert len(_found(rule, dashboard, _config_map("config", data), GRAFANA)) == count
        assert len(_found(rule, dashboard, _config_map("config", data, {"grafana_datasource": "1"}))) == count
    # The operator and Grafana choose a uid where none is given.
    assert _found(rule, dashboard, _datasource({"name": "Other"})) == []
    assert _found(rule, dashboard, _datasource({"name": "Other"}, uid="main")) == []


def test_inputs_that_the_operator_fills_in() -> None:
    inputs = [{"inputName": "DS_MAIN", "datasourceName": "Main"}]
    assert _found("dashboard-datasource-exists", _dashboard(_asks("${DS_MAIN}"), datasources=inputs), MAIN) == []


def test_a_uid_is_one_grafanas() -> None:
    content = {"uid": "a", "title": "A", "panels": []}
    one = _dashboard(content, instanceSelector={"matchLabels": {"g": "1"}})
    other = _dashboard(content, instanceSelector={"matchLabels": {"g": "2"}})
    file = _config_map("config", {"a.json": json.dumps(content)}, {"grafana_dashboard": "1"})
    assert _found("dashboard-uid-unique", one, other, file) == []
    twice = _config_map(
        "config", {"a.json": json.dumps(content), "b.json": json.dumps(content)}, {"grafana_dashboard": ""}
    )
    assert [finding.field for finding in _found("dashboard-uid-unique", twice)] == ["data[b.json]"]


WEB = {
    "apiVersion": "monitoring.coreos.com/v1",
    "kind": "ServiceMonitor",
    "metadata": {"name": "web", "namespace": "shop", "labels": {"release": "main"}},
}
SHOP = "{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {team: a}}}"


def _prometheus(spec: dict[str, Any], namespace: str = "shop") -> Manifest:
    return {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "Prometheus",
        "metadata": {"name": "p", "namespace": namespace},
        "spec": spec,
    }


@pytest.mark.parametrize(
    ("server", "count"),
    [
        (_prometheus({"serviceMonitorSelector": {}}), 0),
        (_prometheus({"serviceMonitorSelector": {"matchLabels": {"release": "main"}}}), 0),
        (_prometheus({"serviceMonitorSelector": {"matchLabels": {"release": "other"}}}), 1),
        (_prometheus({"serviceMonitorSelector": None, "podMonitorSelector": {}}), 1),
        (_prometheus({"serviceMonitorSelector": {}}, "monitoring"), 1),
        (_prometheus({"serviceMonitorSelector": {}, "serviceMonitorNamespaceSelector": {}}, "monitoring"), 0),
        (
            _prometheus(
                {"serviceMonitorSelector": {}, "serviceMonitorNamespaceSelector": {"matchLabels": {"team": "b"}}},
                "monitoring",
            ),
            1,
        ),
        # Without any selector its configuration is its owner's.
        (_prometheus({}), 0),
    ],
)
def test_monitor_is_selected(server: Manifest, count: int) -> None:
    assert _severities("monitor-is-selected", SHOP, WEB, server) == ["warning"] * count
