"""The dashboards by themselves: what Grafana would refuse, or show empty."""

import json
import re
from collections.abc import Iterator
from itertools import combinations
from typing import Any

import pytest

from charts.dashboards import DATASOURCE, Bars, Dashboard, Graph, Number, dashboards
from tests.promql import metrics_of, strays_of

DASHBOARDS = dashboards()
MODELS: dict[str, dict[str, Any]] = {dashboard.name: json.loads(dashboard.to_json()) for dashboard in DASHBOARDS}

every_model = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)


def expressions(model: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for panel in model["panels"]:
        for target in panel["targets"]:
            yield panel["title"], target["expr"]


def test_one_for_each_service_and_server() -> None:
    assert list(MODELS) == [
        "bookstack",
        "grafana",
        "longhorn",
        "mariadb",
        "memcached",
        "postgresql",
        "prometheus",
        "redis",
        "secrets",
        "traefik",
        "zammad",
    ]


def test_uids_and_titles_are_unique() -> None:
    assert len({model["uid"] for model in MODELS.values()}) == len(MODELS)
    assert len({model["title"] for model in MODELS.values()}) == len(MODELS)
    # With room for the suffix of the operator's copies.
    assert all(re.fullmatch(r"[a-z0-9-]{1,30}", model["uid"]) for model in MODELS.values())


@every_model
def test_small_enough_to_be_taken_in(model: dict[str, Any]) -> None:
    assert 6 <= len(model["panels"]) <= 12
    assert (model["refresh"], model["schemaVersion"], model["tags"][0]) == ("1m", 42, "vkm")


@every_model
def test_panels_fill_24_columns_and_do_not_overlap(model: dict[str, Any]) -> None:
    places = [panel["gridPos"] for panel in model["panels"]]
    for at in places:
        assert at["x"] >= 0
        assert at["x"] + at["w"] <= 24
    for a, b in combinations(places, 2):
        beside = a["x"] + a["w"] <= b["x"] or b["x"] + b["w"] <= a["x"]
        assert beside or a["y"] + a["h"] <= b["y"] or b["y"] + b["h"] <= a["y"]
    for y in {at["y"] for at in places}:
        assert sum(at["w"] for at in places if at["y"] == y) == 24
    assert [panel["id"] for panel in model["panels"]] == list(range(1, len(places) + 1))


@every_model
def test_everything_asks_the_provisioned_datasource(model: dict[str, Any]) -> None:
    def references(value: Any) -> Iterator[Any]:
        if isinstance(value, dict):
            yield from (value[key] for key in value if key == "datasource")
            value = list(value.values())
        if isinstance(value, list):
            for item in value:
                yield from references(item)

    found = list(references(model))
    assert len(found) == len(model["panels"]) + len(list(expressions(model)))
    assert all(reference == {"type": "prometheus", "uid": DATASOURCE} for reference in found)


@every_model
def test_panels_have_titles_units_and_legends(model: dict[str, Any]) -> None:
    titles = [(panel["title"], panel["type"]) for panel in model["panels"]]
    assert len(set(titles)) == len(titles)
    for panel in model["panels"]:
        assert panel["title"]
        assert panel["fieldConfig"]["defaults"]["unit"]
        legends = [target["legendFormat"] for target in panel["targets"]]
        assert len(set(legends)) == len(legends)
        assert len({target["refId"] for target in panel["targets"]}) == len(legends) > 0
        # A number may stand for itself.
        assert all(legends) or panel["type"] == "stat", panel["title"]


@every_model
def test_thresholds_rise(model: dict[str, Any]) -> None:
    for panel in model["panels"]:
        first, *others = panel["fieldConfig"]["defaults"]["thresholds"]["steps"]
        values = [step["value"] for step in others]
        assert first["value"] is None
        assert values == sorted(values)


@every_model
def test_queries_read_metrics_that_some_job_has(model: dict[str, Any]) -> None:
    for title, expr in expressions(model):
        assert metrics_of(expr), title
        assert strays_of(expr) == [], f"{title}: {expr}"


@every_model
def test_rates_follow_the_zoom(model: dict[str, Any]) -> None:
    for title, expr in expressions(model):
        for window in re.findall(r"\brate\([^\[]+\[([^\]]+)\]", expr):
            assert window == "$__rate_interval", title


def test_a_service_s_dashboard_reads_its_own_traffic_and_servers() -> None:
    for name in ("bookstack", "zammad"):
        text = json.dumps(MODELS[name])
        assert set(re.findall(r"service=~\\+\"([^\\]+)\\", text)) == {f"{name}-.*"}
        jobs = set(re.findall(r"job=\\+\"([^\\]+)\\", text))
        assert jobs
        assert all(job.startswith(f"{name}-") for job in jobs)


def test_one_line_for_each_panel() -> None:
    """A review sees which panel has changed."""
    dashboard = Dashboard(
        name="shop",
        title="Shop",
        tag="service",
        rows=[[Number("a", "up"), Number("b", "up")], [Graph("c", {"{{job}}": "up"}), Bars("d", {"{{job}}": "up"})]],
    )
    lines = dashboard.to_json().splitlines()
    panels = [json.loads(line.rstrip(",")) for line in lines if line.startswith('{"id"')]
    assert [(panel["title"], panel["type"], *panel["gridPos"].values()) for panel in panels] == [
        ("a", "stat", 0, 0, 12, 4),
        ("b", "stat", 12, 0, 12, 4),
        ("c", "timeseries", 0, 4, 12, 8),
        ("d", "bargauge", 12, 4, 12, 8),
    ]


def test_a_panel_with_everything() -> None:
    panel = Number(
        "Server",
        {"{{job}}": "up", "none": "absent(up)"},
        "short",
        base="red",
        steps=[(1, "green")],
        words={0: ("down", "red")},
        empty="nobody",
        hint="Look.",
    )
    model = panel.to_model(7, x=0, y=4, width=6)
    assert (model["id"], model["description"]) == (7, "Look.")
    assert model["fieldConfig"]["defaults"] == {
        "unit": "short",
        "color": {"mode": "thresholds"},
        "thresholds": {
            "mode": "absolute",
            "steps": [{"color": "red", "value": None}, {"color": "green", "value": 1}],
        },
        "mappings": [{"type": "value", "options": {"0": {"text": "down", "color": "red"}}}],
        "noValue": "nobody",
    }
    assert [(t["refId"], t["legendFormat"], t["expr"], t["instant"]) for t in model["targets"]] == [
        ("A", "{{job}}", "up", True),
        ("B", "none", "absent(up)", True),
    ]


def test_the_table_of_metrics_notices() -> None:
    assert metrics_of('sum(rate(a_total{b="c"}[$__rate_interval])) / max_over_time(d[1h:5m]) > {__name__="e"}') == {
        "a_total",
        "d",
        "e",
    }
    assert strays_of("nginx_up == 0") == ["nginx_up: of no known exporter"]
    assert strays_of('pg_up{job="bookstack-db"}') == ["pg_up: not in job bookstack-db"]
    assert strays_of('up{job="bookstack-bd"}') == ["up: not in job bookstack-bd"]
    assert strays_of('pg_up{job="zammad-db"} == 0 or absent(up{job="traefik"})') == []
    with pytest.raises(ValueError, match="unclosed left parenthesis"):
        metrics_of("sum(up")
