"""What PromQL expressions ask for: the metrics, and the scrape jobs that have them."""

from collections.abc import Iterator
from typing import Final

import promql_parser

JOBS: Final = {
    "mysql_": {"bookstack-db"},
    "pg_": {"zammad-db"},
    "redis_": {"zammad-redis"},
    "memcached_": {"zammad-memcached"},
    "traefik_": {"traefik"},
    "external_dns_": {"external-dns"},
    "grafana_": {"grafana", "grafana-operator"},
    "prometheus_": {"prometheus"},
    "kube_": {"kube-state-metrics"},
    "kubelet_": {"kubelet"},
    "longhorn_": {"longhorn-manager"},
    "certmanager_": {"cert-manager"},
    "externalsecret_": {"external-secrets"},
    "clustersecretstore_": {"external-secrets"},
}
"""Each exporter's prefix, and the jobs whose targets have its metrics."""

EVERY_JOB: Final = frozenset().union(*JOBS.values())

EVERYWHERE: Final = ("up", "scrape_duration_seconds", "scrape_samples_post_metric_relabeling", "ALERTS", "process_")
"""What Prometheus adds to every target, or every client library has."""


def metrics_of(expr: str) -> set[str]:
    """The names of all metrics that the expression reads.

    Raises:
        ValueError: it is no PromQL.
    """
    return {metric for metric, _ in _selectors(expr)}


def strays_of(expr: str) -> list[str]:
    """What no job can answer: metrics of no known exporter, and jobs that do not have the metric."""
    found = []
    for metric, jobs in _selectors(expr):
        known = _jobs_with(metric)
        if not known:
            found.append(f"{metric}: of no known exporter")
        found += [f"{metric}: not in job {job}" for job in sorted(jobs - known) if known]
    return found


def _jobs_with(metric: str) -> frozenset[str]:
    if any(metric == name or (name.endswith("_") and metric.startswith(name)) for name in EVERYWHERE):
        return EVERY_JOB
    return frozenset().union(*(jobs for prefix, jobs in JOBS.items() if metric.startswith(prefix)))


def _selectors(expr: str) -> Iterator[tuple[str, set[str]]]:
    """Each selector's metric, and the jobs that it names."""
    found: list[tuple[str, set[str]]] = []

    def visit(node: promql_parser.Expr) -> None:
        if isinstance(node, promql_parser.VectorSelector):
            equals = [m for m in node.matchers.matchers if m.op == promql_parser.MatchOp.Equal]
            names = [node.name] if node.name else [m.value for m in equals if m.name == "__name__"]
            assert names, f"{node} reads every metric"
            found.append((names[0], {m.value for m in equals if m.name == "job"}))

    # Grafana's own variable is none of PromQL.
    promql_parser.walk(promql_parser.parse(expr.replace("$__rate_interval", "5m")), visit)
    yield from found
