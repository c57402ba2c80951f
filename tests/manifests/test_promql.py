"""PromQL: expressions, with and without Grafana's variables."""

import pytest

from vkm_manifests.graph.promql import is_duration, is_metric_name, jobs_in, mistake_in, mistake_in_query


@pytest.mark.parametrize("expr", ["up", "1", 'sum by (job) (rate(x_total{job=~"a|b"}[5m:1m] offset 1h)) > 0.5'])
def test_promql(expr: str) -> None:
    assert mistake_in(expr) == ""


@pytest.mark.parametrize("expr", ["", "sum(up", "rate(up)", "rate(up[5m]) by", "no_such_function(up)", 'up{a=~"("}'])
def test_no_promql(expr: str) -> None:
    assert mistake_in(expr)


@pytest.mark.parametrize(
    "query",
    [
        "rate(up[$__rate_interval])",
        "rate(up[${__interval}])",
        "rate(up[[[interval]]])",
        "increase(up[$__range]) / $__range_s",
        "avg_over_time(up[$a:$b])",
        'up{job="$job", pod=~"${pod:regex}", a="[[b]]"}',
        "topk($count, up)",
        "sum by ($label) (up)",
        "rate(${metric}_total[5m])",
        "up offset $__interval",
        "up > ${limit:raw}",
        "$whole_query",
        "up{$filters}",
        'label_replace(up, "a", "$1", "b", "(.*)")',
    ],
)
def test_queries_with_variables(query: str) -> None:
    assert mistake_in_query(query) == ""


@pytest.mark.parametrize("query", ["rate(up[$__rate_interval]", "rate(up{a=$b[5m])", 'sum(up{job="$job"}'])
def test_a_variable_hides_no_mistake_where_its_place_is_known(query: str) -> None:
    assert mistake_in_query(query) or "{a=$b" in query


def test_jobs() -> None:
    assert jobs_in('rate(a{job="x"}[5m]) / on() b{job="y", job!="z"} + c{job=~"w"} + d{job="$job"} + e{job=""}') == {
        ("x",),
        ("y",),
        ("w",),
    }
    assert jobs_in('a{job=~"x|y"} + a{job=~"z.*"}') == {("x", "y")}
    assert jobs_in('a{job="x"}[') == frozenset()


@pytest.mark.parametrize("text", ["0", "5m", "1h30m", "1d", "90s", "100ms", "1y2w3d4h5m6s7ms"])
def test_durations(text: str) -> None:
    assert is_duration(text)


@pytest.mark.parametrize("text", ["", "5", "5 m", "30m1h", "1.5h", "5min", "m"])
def test_no_durations(text: str) -> None:
    assert not is_duration(text)


def test_names_of_metrics() -> None:
    assert is_metric_name("namespace:requests:rate5m")
    assert not is_metric_name("5m")
    assert not is_metric_name("requests-rate")
