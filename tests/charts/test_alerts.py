"""What Prometheus warns of: expressions that parse, about metrics that somebody scrapes, in both worlds the same."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from charts.environment import Environment, TraefikSize
from charts.prometheus import PrometheusChart
from tests.conftest import Manifest
from tests.environments import vkm_manifests
from tests.promql import strays_of
from vkm_constructs import App, ConstructError, ExistingNamespace, ServiceChart, WebApp


@pytest.fixture(scope="module")
def manifests() -> list[Manifest]:
    return list(vkm_manifests().values())


def config(manifests: list[Manifest], file: str) -> dict[str, Any]:
    (found,) = (m for m in manifests if m["metadata"]["name"] == "prometheus-config")
    loaded: dict[str, Any] = yaml.safe_load(found["data"][file])
    return loaded


def groups(manifests: list[Manifest]) -> list[dict[str, Any]]:
    return [g for m in manifests if m["kind"] == "PrometheusRule" for g in m["spec"]["groups"]]


def test_every_expression_is_about_what_is_scraped(manifests: list[Manifest]) -> None:
    for group in config(manifests, "rules.yml")["groups"]:
        for rule in group["rules"]:
            assert strays_of(rule["expr"]) == [], rule["alert"]


def test_the_plain_prometheus_has_the_rules_of_the_operators_resources(manifests: list[Manifest]) -> None:
    plain = {group["name"]: group for group in config(manifests, "rules.yml")["groups"]}
    assert plain.pop("kubelet")
    assert plain == {group["name"]: group for group in groups(manifests)}


def test_the_plain_prometheus_scrapes_what_the_monitors_select(manifests: list[Manifest]) -> None:
    jobs = {job["job_name"]: job for job in config(manifests, "prometheus.yml")["scrape_configs"]}
    assert jobs.pop("kubelet")
    monitors = [m for m in manifests if m["kind"] in ("ServiceMonitor", "PodMonitor")]
    assert jobs.keys() == {monitor["metadata"]["name"] for monitor in monitors}
    for monitor in monitors:
        spec, job = monitor["spec"], jobs[monitor["metadata"]["name"]]
        (endpoint,) = spec.get("endpoints") or spec["podMetricsEndpoints"]
        here = [monitor["metadata"]["namespace"]]
        assert job["kubernetes_sd_configs"][0]["namespaces"]["names"] == spec.get("namespaceSelector", {}).get(
            "matchNames", here
        )
        assert (job["metrics_path"], job["scrape_interval"]) == (endpoint["path"], endpoint["interval"])
        kept = [rule["regex"] for rule in job["relabel_configs"] if rule.get("action") == "keep"]
        assert sorted(kept) == sorted([*spec["selector"]["matchLabels"].values(), endpoint["port"]])


def test_every_job_is_missed_when_it_is_gone(manifests: list[Manifest]) -> None:
    rules = [rule for group in config(manifests, "rules.yml")["groups"] for rule in group["rules"]]
    missed = {rule["expr"] for rule in rules if rule["alert"] == "TargetAbsent"}
    jobs = config(manifests, "prometheus.yml")["scrape_configs"]
    assert missed == {f'absent(up{{job="{job["job_name"]}"}})' for job in jobs}


def test_every_alert_says_what_is_wrong_and_what_to_do(manifests: list[Manifest]) -> None:
    for group in config(manifests, "rules.yml")["groups"]:
        for rule in group["rules"]:
            assert rule["labels"]["severity"] in ("critical", "warning")
            assert rule["annotations"].keys() == {"summary", "description"}


def test_without_cluster_metrics_nothing_waits_for_them() -> None:
    manifests = list(vkm_manifests(Environment(cluster_metrics=False)).values())
    jobs = {job["job_name"] for job in config(manifests, "prometheus.yml")["scrape_configs"]}
    assert not jobs & {"kubelet", "kube-state-metrics"}
    assert "kube_" not in yaml.safe_dump(config(manifests, "rules.yml"))
    assert not [m for m in manifests if m["metadata"]["name"] == "prometheus-kubelets"]


def test_alerts_are_sent_where_the_environment_says() -> None:
    manifests = vkm_manifests(Environment(alertmanager="alerts"))
    sent = config(list(manifests.values()), "prometheus.yml")["alerting"]["alertmanagers"]
    assert sent == [{"static_configs": [{"targets": ["alertmanager.alerts:9093"]}]}]
    way = manifests["prometheus/NetworkPolicy/prometheus-to-alerts.alertmanager"]["spec"]["egress"]
    assert [port["port"] for rule in way for port in rule["ports"]] == [9093]
    assert "alerting" not in config(list(vkm_manifests().values()), "prometheus.yml")


def test_traefik_is_missed_before_it_is_gone() -> None:
    one = list(vkm_manifests(Environment(traefik=TraefikSize(replicas=1))).values())
    rules = [rule for group in groups(one) for rule in group["rules"]]
    (few,) = (rule["expr"] for rule in rules if rule["alert"] == "TraefikTooFewReplicas")
    assert few == 'sum(up{job="traefik"}) < 1'


def test_refuses_two_jobs_of_one_name(tmp_path: Path) -> None:
    app = App(outdir=tmp_path / "dist")
    monitors = []
    for name in ("docs", "wiki"):
        chart = ServiceChart(app, name, namespace=ExistingNamespace(name))
        monitors.append(WebApp(chart, "web", image="web:1", port=8080).monitor(port="http"))
    with pytest.raises(ConstructError) as caught:
        PrometheusChart(app, Environment(), namespace=ExistingNamespace("prometheus"), monitors=monitors, readers=[])
    (problem,) = caught.value.problems
    assert (problem.argument, problem.given) == ("monitors", "web")
    assert problem.why == "is a job in several namespaces (docs, wiki): Prometheus could not tell them apart"


def test_every_volume_that_is_backed_up_is_missed_when_it_is_not(manifests: list[Manifest]) -> None:
    rules = {rule["alert"]: rule["expr"] for group in groups(manifests) for rule in group["rules"]}
    for manifest in manifests:
        labels = manifest["metadata"].get("labels", {})
        if any(label.startswith("recurring-job-group.") for label in labels):
            assert manifest["metadata"]["name"] in rules["BackupStale"]
            assert manifest["metadata"]["name"] in rules["BackupMissing"]
