"""Prometheus, with the configuration that it gets, and the dashboards that ask it.

Shows: promtool and the server take the configuration and every rule; each job's relabeling finds its pods among all of
its namespace and nothing else; what each alert compares, and what each dashboard asks, has values where the exporter
runs; an exporter, a server and a configuration that fail are noticed; samples survive a kill. `monitored.py` says what
runs here and what does not. That alerts fire when they should is shown by `test_alerts.py`.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import promql_parser
import pytest
import yaml

from tests.conftest import Manifest
from tests.promql import JOBS, metrics_of
from tests.real.conftest import Start, tool, wait_until
from tests.real.monitored import CONFIG, RUNNING, Monitored
from tests.real.pods import pod_template

# Grafana's $__rate_interval is four times the datasource's timeInterval.
RATE_INTERVAL = "2m"

# Metrics of the manifests' Prometheus that Debian's (2.42) does not have yet.
NEWER = {"prometheus_tsdb_wal_storage_size_bytes"}


@pytest.fixture(scope="module")
def monitored(
    manifests: dict[str, Manifest], start: Start, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Monitored]:
    monitored = Monitored(manifests, start, tmp_path_factory.mktemp("monitored"))
    yield monitored
    monitored.close()


@pytest.fixture(scope="module")
def rules(manifests: dict[str, Manifest]) -> dict[tuple[str, str], Any]:
    groups = yaml.safe_load(manifests[CONFIG]["data"]["rules.yml"])["groups"]
    return {(group["name"], rule["alert"]): rule for group in groups for rule in group["rules"]}


def test_promtool_takes_the_configuration(monitored: Monitored) -> None:
    # Where Prometheus reads it: it names its rules and the service account's token by their paths.
    file = monitored.prometheus.pod.container["args"][0].removeprefix("--config.file=")
    done = monitored.prometheus.execute(tool("promtool"), "check", "config", file)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_server_has_the_settings(monitored: Monitored) -> None:
    flags = monitored.get("status/flags")
    for argument in monitored.prometheus.pod.container["args"]:
        name, _, value = argument.removeprefix("--").partition("=")
        given, expected = flags[name], value or "true"
        # It tells durations and sizes in the largest units that fit.
        assert given == {"15d": "15d", "16GB": "16GiB"}.get(expected, expected), name


def test_every_rule_is_evaluated(monitored: Monitored, rules: dict[tuple[str, str], Any]) -> None:
    groups = monitored.get("rules")["groups"]
    assert {(group["name"], rule["name"]) for group in groups for rule in group["rules"]} == set(rules)
    assert {rule["health"] for group in groups for rule in group["rules"]} == {"ok"}


def test_each_job_finds_its_pods_and_no_others(monitored: Monitored, manifests: dict[str, Manifest]) -> None:
    """The monitors say which: an operator would read them in place of the configuration."""
    expected = set()
    for monitor in manifests.values():
        if monitor["kind"] not in ("ServiceMonitor", "PodMonitor"):
            continue
        spec, metadata = monitor["spec"], monitor["metadata"]
        (namespace,) = spec.get("namespaceSelector", {}).get("matchNames", [metadata["namespace"]])
        (endpoint,) = spec.get("endpoints") or spec["podMetricsEndpoints"]
        for workload in manifests.values():
            template = pod_template(workload)
            if template is None or workload["metadata"]["namespace"] != namespace:
                continue
            if spec["selector"]["matchLabels"].items() <= template["metadata"]["labels"].items():
                (port,) = (
                    port["containerPort"]
                    for container in template["spec"]["containers"]
                    for port in container.get("ports", ())
                    if port["name"] == endpoint["port"]
                )
                url = f"http://127.0.0.1:{port}{endpoint['path']}"
                expected.add((metadata["name"], namespace, f"{workload['metadata']['name']}-0", url))
    found = [
        (target["labels"]["job"], target["labels"]["namespace"], target["labels"]["pod"], target["scrapeUrl"])
        for target in monitored.get("targets", state="active")["activeTargets"]
    ]
    assert sorted(found) == sorted(expected)
    # The pods of our own namespaces, but for the operators', which are none of the manifests.
    assert {job for job, *_ in found} == {*RUNNING, "zammad-memcached", "grafana"}


@pytest.mark.parametrize("job", RUNNING)
def test_what_alerts_compare_has_values(job: str, monitored: Monitored, rules: dict[tuple[str, str], Any]) -> None:
    looked_at = 0
    for (group, name), rule in rules.items():
        if group != job or name == "TargetAbsent" or NEWER & metrics_of(rule["expr"]):
            continue
        compared = promql_parser.parse(rule["expr"])
        assert isinstance(compared, promql_parser.BinaryExpr), f"{name}: {rule['expr']}"
        for side in (compared.lhs, compared.rhs):
            assert monitored.has(str(side)), f"{name}: nothing has {side}"
        looked_at += 1
    assert looked_at >= 3


def test_dashboards_show_what_is_there(monitored: Monitored, manifests: dict[str, Manifest]) -> None:
    shown, empty = 0, []
    for name, content in manifests["grafana/ConfigMap/grafana-dashboards"]["data"].items():
        for panel in json.loads(content)["panels"]:
            for target in panel["targets"]:
                # It fails where Prometheus's own parser refuses it.
                expr = target["expr"].replace("$__rate_interval", RATE_INTERVAL)
                found = monitored.query(expr)
                # A panel that has a text for "nothing" says itself that this is good.
                quiet = "noValue" in panel["fieldConfig"]["defaults"]
                # Not each: PostgreSQL's shared objects are in no database.
                labels = {label for series in found for label in series["metric"]}
                legend = set(re.findall(r"{{(\w+)}}", target["legendFormat"]))
                assert not found or legend <= labels, f"{name}: {panel['title']}: {legend - labels}"
                if found:
                    shown += 1
                elif not quiet and _runs(target["expr"]) and not monitored.has(expr):
                    empty.append(f"{name}: {panel['title']}: {target['expr']}")
    assert empty == []
    # Two thirds of all: the others are about what does not run here.
    assert shown > 80


def _runs(expr: str) -> bool:
    """Whether all that the expression reads is scraped here."""
    metrics = metrics_of(expr)
    jobs = set(re.findall(r'job="([^"]+)"', expr))
    jobs.update(job for metric in metrics for prefix in JOBS if metric.startswith(prefix) for job in JOBS[prefix])
    return jobs <= set(RUNNING) and not NEWER & metrics


def test_a_new_configuration_is_taken_and_a_broken_one_is_refused(monitored: Monitored) -> None:
    # What the sidecar does when the ConfigMap has changed; the mount itself is read-only.
    (file,) = monitored.spaces["prometheus"].folder.glob("*/volumes/*/prometheus.yml")
    content = file.read_text()
    file.write_text("scrape_configs: [nonsense]")
    assert monitored.post("/-/reload") == 500
    monitored.wait_for_alert("PrometheusConfigurationRefused", "prometheus")
    assert monitored.has('up{job="traefik"} == 1'), "it goes on with the old one"
    file.write_text(content)
    assert monitored.post("/-/reload") == 200
    wait_until(lambda: not monitored.query('ALERTS{alertname="PrometheusConfigurationRefused"}'), what="good again")


def test_a_server_that_is_gone_is_noticed(monitored: Monitored) -> None:
    for server, alert, job in (
        (monitored.mariadb, "MariaDbDown", "bookstack-db"),
        (monitored.postgres, "PostgresDown", "zammad-db"),
        (monitored.redis, "RedisDown", "zammad-redis"),
    ):
        server.kill()
        monitored.wait_for_alert(alert, job)


def test_an_exporter_that_is_gone_is_noticed(monitored: Monitored) -> None:
    monitored.redis_exporter.kill()
    monitored.wait_for_alert("TargetDown", "zammad-redis")


def test_samples_survive_a_kill(monitored: Monitored) -> None:
    count = 'count_over_time(up{job="traefik"}[10m])'
    before = float(monitored.query(count)[0]["value"][1])
    assert before > 5
    monitored.prometheus.kill()
    monitored.prometheus.restart()
    monitored.wait_until_ready()
    # It writes each scrape to its log at once.
    assert float(monitored.query(count)[0]["value"][1]) >= before
