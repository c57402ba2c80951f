"""Monitoring: what is scraped, what alerts, and what is shown."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.dashboards import Dashboard, alert_queries, dashboards, datasources, variable_in
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.promql import is_duration, is_metric_name, jobs_in, mistake_in, mistake_in_query
from vkm_manifests.graph.resource import Finding, Resource
from vkm_manifests.graph.scraping import MONITORING_GROUP, scraping_of
from vkm_manifests.graph.selector import matches
from vkm_manifests.verify.rule import rule

_MONITOR_AND_ALERT = """
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  podMetricsEndpoints: [{port: metrics}]
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: web, namespace: shop}
spec:
  groups:
    - name: web
      rules:
        - alert: WebDown
          expr: sum(up{job="shop/web"}) < 1
          for: 5m
"""


@dataclass(frozen=True, eq=False)
class _Rule:
    """An alerting or a recording rule, wherever it stands."""

    resource: Resource
    field: str
    group: str
    manifest: Mapping[str, Any]

    @property
    def expr(self) -> str:
        """Its expression: a number is one, too."""
        found = self.manifest.get("expr")
        return str(found) if isinstance(found, str | int | float) else ""


def _groups(graph: Graph) -> Iterator[tuple[Resource, str, Mapping[str, Any]]]:
    """The groups of rules: those of the operator's objects, and those in files that a Prometheus mounts."""
    for resource in graph.of_kind("PrometheusRule"):
        for field, group in shape.named(resource.spec, "spec.groups", "groups"):
            yield resource, field, group
    for file in scraping_of(graph).files:
        for field, group in shape.named(file.content, f"{file.field}.groups", "groups"):
            yield file.resource, field, group


def _rules(graph: Graph) -> Iterator[_Rule]:
    for resource, field, group in _groups(graph):
        for index, manifest in enumerate(shape.mappings(group, "rules")):
            name = shape.text(manifest, "alert") or shape.text(manifest, "record") or index
            yield _Rule(resource, f"{field}.rules[{name}]", field, manifest)


@rule(passes=_MONITOR_AND_ALERT, breaks={'sum(up{job="shop/web"})': 'sum(up{job="shop/web"}'})
def promql_parses(graph: Graph) -> Iterator[Finding]:
    """The expressions of alerts, of recording rules and of dashboards are PromQL.

    Prometheus refuses a whole file of rules for one expression. In dashboards, Grafana's variables are filled in first.
    """
    for item in _rules(graph):
        if item.expr and (mistake := mistake_in(item.expr)):
            yield item.resource.finding(f"{item.field}.expr", f"is no PromQL: {mistake}", fix=_FIX_PROMQL)
    for dashboard in dashboards(graph):
        for name, query in dashboard.queries():
            if mistake := mistake_in_query(query):
                yield dashboard.resource.finding(
                    dashboard.field, f"{name} asks what is no PromQL: {mistake}: {_short(query)}", fix=_FIX_PROMQL
                )
    for resource, field, query in alert_queries(graph):
        if mistake := mistake_in_query(query):
            yield resource.finding(field, f"is no PromQL: {mistake}", fix=_FIX_PROMQL)


_FIX_PROMQL: Final = "an expression that Prometheus reads: promtool check rules, or its page Graph, shows the place"


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:77]}..."


@rule(passes=_MONITOR_AND_ALERT, breaks={"for: 5m": "for: 5 minutes"})
def alert_duration_is_readable(graph: Graph) -> Iterator[Finding]:
    """The durations of alerts and of their groups are Prometheus's: `5m`, `1h30m`."""
    for resource, field, group in _groups(graph):
        yield from _unreadable(resource, field, group, "interval", "query_offset")
    for item in _rules(graph):
        yield from _unreadable(item.resource, item.field, item.manifest, "for", "keep_firing_for")


@rule(
    passes=_MONITOR_AND_ALERT.replace(
        "for: 5m", "for: 5m\n          annotations: {summary: '{{ $labels.pod }} is down'}"
    ),
    breaks={"{{ $labels.pod }}": "{{ $labels.pod }"},
)
def alert_template_is_closed(graph: Graph) -> Iterator[Finding]:
    """Each `{{` of an alert's labels and annotations has its `}}`.

    Prometheus refuses the whole file of rules otherwise.
    """
    for item in _rules(graph):
        for key in ("labels", "annotations"):
            for name, text in shape.labels(item.manifest, key).items():
                if text.count("{{") != text.count("}}"):
                    yield item.resource.finding(
                        f"{item.field}.{key}.{name}", f"has an open template: {_short(text)}", fix="{{ $labels.pod }}"
                    )


def _unreadable(resource: Resource, field: str, manifest: Mapping[str, Any], *keys: str) -> Iterator[Finding]:
    for key in keys:
        given = shape.text(manifest, key)
        if given and not is_duration(given):
            yield resource.finding(
                f"{field}.{key}",
                f'"{given}" is no duration: numbers with y, w, d, h, m, s or ms, the greatest first',
                fix=f"{key}: 5m",
            )


@rule(
    passes="""
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: web, namespace: shop}
spec:
  groups:
    - name: web
      rules:
        - record: namespace:web_requests:rate5m
          expr: sum by (namespace) (rate(web_requests_total[5m]))
""",
    breaks={"record: namespace:web_requests:rate5m": "record: namespace-web-requests-rate5m"},
)
def record_has_a_plain_name(graph: Graph) -> Iterator[Finding]:
    """A recording rule's name is a metric's: letters, digits, `_` and `:`, no digit first.

    Prometheus 2 refuses others; since 3 they are allowed, and have to be quoted wherever they are used.
    """
    for item in _rules(graph):
        name = shape.text(item.manifest, "record")
        if name and not is_metric_name(name):
            yield item.resource.finding(
                f"{item.field}.record",
                f'"{name}" is no plain name of a metric',
                fix="level:metric:operations, such as namespace:web_requests:rate5m",
                severity="warning",
            )


@rule(
    passes=_MONITOR_AND_ALERT
    + """
        - alert: WebDown
          expr: sum(up{job="shop/web"}) < 2
          for: 1h
          labels: {severity: warning}
""",
    breaks={"          labels: {severity: warning}\n": ""},
)
def alert_is_named_once(graph: Graph) -> Iterator[Finding]:
    """Two alerts of a group differ in their names or in their labels.

    Otherwise they are one to whoever is told: when one of them ends, it looks as if both did.
    """
    seen: set[object] = set()
    for item in _rules(graph):
        name = shape.text(item.manifest, "alert")
        key = (item.resource, item.group, name, frozenset(shape.labels(item.manifest, "labels").items()))
        if name and key in seen:
            yield item.resource.finding(
                f"{item.field}.alert",
                "another alert of the group has the same name and the same labels",
                fix="another name, or a label that tells them apart, such as severity",
                severity="warning",
            )
        seen.add(key)


@rule(passes=_MONITOR_AND_ALERT, breaks={'up{job="shop/web"}': 'up{job="web"}'})
def scraped_job_exists(graph: Graph) -> Iterator[Finding]:
    """A job that an alert or a dashboard asks for by name is one under which something is scraped.

    Otherwise the alert never fires. A ServiceMonitor's job is the Service's name, a PodMonitor's `namespace/name`, if
    no `jobLabel` or relabelling says another. An error where the input has a Prometheus's own configuration; else the
    job may be another monitor's.
    """
    scraping = scraping_of(graph)
    jobs = scraping.jobs
    if not jobs:
        return
    known = jobs | {shape.text(item.manifest, "labels", "job") for item in _rules(graph)}
    for resource, field, who, expr in _expressions(graph):
        for asked in sorted(jobs_in(expr)):
            for job in (missing := [job for job in asked if job not in known]):
                near = get_close_matches(job, known, n=3, cutoff=0.4)
                # One of several is enough for the expression to have an answer.
                yield resource.finding(
                    field,
                    f'{who}asks for job "{job}", under which nothing is scraped',
                    fix=f"a job that there is: {', '.join(near or sorted(jobs)[:5])}",
                    severity="error" if scraping.is_configured and len(missing) == len(asked) else "warning",
                )


def _expressions(graph: Graph) -> Iterator[tuple[Resource, str, str, str]]:
    for item in _rules(graph):
        yield item.resource, f"{item.field}.expr", "", item.expr
    for dashboard in dashboards(graph):
        for name, query in dashboard.queries():
            yield dashboard.resource, dashboard.field, f"{name} ", query
    for resource, field, query in alert_queries(graph):
        yield resource, field, "", query


_DASHBOARD = """
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDatasource
metadata: {name: prometheus, namespace: monitoring}
spec:
  instanceSelector: {matchLabels: {dashboards: grafana}}
  datasource: {name: Prometheus, uid: prometheus, type: prometheus, access: proxy, url: "http://prometheus:9090"}
---
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDashboard
metadata: {name: web, namespace: monitoring}
spec:
  instanceSelector: {matchLabels: {dashboards: grafana}}
  json: |
    {
      "uid": "web",
      "title": "Web",
      "panels": [{
        "title": "Requests",
        "datasource": {"type": "prometheus", "uid": "prometheus"},
        "targets": [{"expr": "sum(rate(web_requests_total[$__rate_interval]))"}]
      }]
    }
"""


@rule(passes=_DASHBOARD, breaks={'"title": "Web",': '"title": "Web"'})
def dashboard_is_json(graph: Graph) -> Iterator[Finding]:
    """A dashboard is JSON, has a title, and shows something.

    Grafana loads none that has no title; its log is the only one to say so.
    """
    for dashboard in dashboards(graph):
        if dashboard.mistake:
            yield dashboard.resource.finding(
                dashboard.field, f"is no JSON: {dashboard.mistake}", fix="the text that Grafana exports"
            )
        elif not shape.text(dashboard.content, "title"):
            yield dashboard.resource.finding(dashboard.field, "has no title", fix='"title": "..."')
        elif not dashboard.content.keys() & {"panels", "rows", "elements"}:
            yield dashboard.resource.finding(
                dashboard.field, "has no panels", fix='"panels": [...]', severity="warning"
            )


@rule(passes=_DASHBOARD, breaks={'"type": "prometheus", "uid": "prometheus"': '"type": "prometheus", "uid": "prom"'})
def dashboard_datasource_exists(graph: Graph) -> Iterator[Finding]:
    """A datasource that a dashboard names is provided, or is one of the dashboard's variables.

    Asked where the input shows a datasource at all. One that is provided without a uid gets a new one from Grafana.
    """
    known = datasources(graph)
    for resource in graph.of_kind("GrafanaDashboard") if known else ():
        for field, item in shape.named(resource.spec, "spec.datasources", "datasources"):
            given = shape.text(item, "datasourceName")
            if known and not known.may_be(given):
                yield resource.finding(
                    f"{field}.datasourceName",
                    f'names the datasource "{given}", which is not provided',
                    fix=f"one that is: {', '.join(sorted(known.names))}",
                )
    for dashboard in dashboards(graph) if known else ():
        for name, given in dashboard.datasources():
            text = given if isinstance(given, str) else shape.text(given, "uid")
            variable = variable_in(text)
            if variable and not dashboard.has_variable(variable):
                yield dashboard.resource.finding(
                    dashboard.field,
                    f"{name} asks the datasource {text}, a variable that has no value",
                    fix=f'a variable "{variable}" of type datasource in templating, or spec.datasources',
                    severity="warning",
                )
            elif known and not variable and not known.may_be(given):
                names = sorted((known.uids or frozenset()) | known.names)
                yield dashboard.resource.finding(
                    dashboard.field,
                    f'{name} asks the datasource "{text}", which is not provided',
                    fix=f"one that is: {', '.join(names)}",
                )


@rule(
    passes=_DASHBOARD
    + """
---
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDashboard
metadata: {name: shop, namespace: monitoring}
spec:
  instanceSelector: {matchLabels: {dashboards: grafana}}
  json: |
    {"uid": "shop", "title": "Shop", "panels": []}
""",
    breaks={'"uid": "shop"': '"uid": "web"'},
)
def dashboard_uid_unique(graph: Graph) -> Iterator[Finding]:
    """No two dashboards of one Grafana have the same uid.

    The one that is loaded last replaces the other.
    """
    found: dict[tuple[str, str], list[Dashboard]] = defaultdict(list)
    for dashboard in dashboards(graph):
        if dashboard.uid:
            found[dashboard.scope, dashboard.uid].append(dashboard)
    for (_, uid), same in found.items():
        for dashboard in same[1:]:
            yield dashboard.resource.finding(
                dashboard.field,
                f'has the uid "{uid}", as {same[0].resource} {same[0].field} has',
                fix='another "uid"',
            )


_SELECTORS: Final = {
    "PodMonitor": "podMonitor",
    "Probe": "probe",
    "PrometheusRule": "rule",
    "ScrapeConfig": "scrapeConfig",
    "ServiceMonitor": "serviceMonitor",
}
"""Kinds that a Prometheus takes by a selector, and what its fields' names begin with."""


@rule(
    passes="""
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: main, namespace: shop}
spec:
  serviceMonitorSelector: {matchLabels: {release: main}}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: shop, labels: {release: main}}
spec:
  selector: {matchLabels: {app: web}}
  endpoints: [{port: metrics}]
""",
    breaks={"labels: {release: main}": "labels: {release: web}"},
)
def monitor_is_selected(graph: Graph) -> Iterator[Finding]:
    """A monitor or a PrometheusRule is taken by a Prometheus of the input, if that has one that an operator makes.

    By its labels, and in its namespace. A selector that is not given takes nothing; an empty one takes everything.
    """
    servers = [r for r in graph.of_kind("Prometheus", "PrometheusAgent", "ThanosRuler") if r.group == MONITORING_GROUP]
    for kind, prefix in _SELECTORS.items():
        able = [server for server in servers if _selects_by(server, kind)]
        for monitor in graph.of_kind(kind) if able else ():
            if not any(_selects(graph, server, prefix, monitor) for server in able):
                wanted = {str(s): shape.labels(s.spec, f"{prefix}Selector", "matchLabels") for s in able}
                asked = "; ".join(f"{name} asks for {_in_words(labels)}" for name, labels in wanted.items())
                yield monitor.finding(
                    "metadata.labels",
                    f"is taken by no Prometheus: {asked}",
                    fix=f"those labels, or another {prefix}Selector or {prefix}NamespaceSelector",
                    severity="warning",
                )


def _selects_by(server: Resource, kind: str) -> bool:
    """Whether a server takes objects of a kind by selectors: one without any has a configuration of its own."""
    if kind == "PrometheusRule":
        return server.kind != "PrometheusAgent"
    return server.kind != "ThanosRuler" and any(f"{prefix}Selector" in server.spec for prefix in _SELECTORS.values())


def _selects(graph: Graph, server: Resource, prefix: str, monitor: Resource) -> bool:
    selector, namespaces = (server.spec.get(f"{prefix}{suffix}") for suffix in ("Selector", "NamespaceSelector"))
    if selector is None or not matches(selector, monitor.labels):
        return False
    if namespaces is None:
        return monitor.namespace == server.namespace
    return graph.reach.takes_namespace(namespaces, monitor.namespace)


def _in_words(labels: Mapping[str, str]) -> str:
    return ", ".join(f"{key}: {value}" for key, value in labels.items()) or "others"
