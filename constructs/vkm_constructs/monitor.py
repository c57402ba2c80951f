"""Monitor: what Prometheus scrapes of a workload, and what it warns of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cdk8s import ApiObject, ApiObjectMetadata
from constructs import Construct

from vkm_constructs.checks import check_duration
from vkm_constructs.connections import check_pods
from vkm_constructs.declarations import made_outside
from vkm_constructs.errors import Checks, nearest, spell
from vkm_constructs.pods import Connectable
from vkm_prometheus_operator.com.coreos.monitoring import (
    PodMonitor,
    PodMonitorSpec,
    PodMonitorSpecNamespaceSelector,
    PodMonitorSpecPodMetricsEndpoints,
    PodMonitorSpecPodMetricsEndpointsRelabelings,
    PodMonitorSpecSelector,
    PrometheusRule,
    PrometheusRuleSpec,
    PrometheusRuleSpecGroups,
    PrometheusRuleSpecGroupsRules,
    PrometheusRuleSpecGroupsRulesExpr,
    ServiceMonitor,
    ServiceMonitorSpec,
    ServiceMonitorSpecEndpoints,
    ServiceMonitorSpecEndpointsRelabelings,
    ServiceMonitorSpecNamespaceSelector,
    ServiceMonitorSpecSelector,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """Something that somebody should know.

    Args:
        name: in CamelCase.
        expr: PromQL that returns a series for each thing that is wrong.
        for_: how long it has to be so, `"5m"`.
        severity: `critical` wakes somebody, `warning` waits for the morning.
        summary: what is wrong, in a line; `{{ $labels.job }}` and the like are filled in.
        action: what to look at first.
    """

    name: str
    expr: str
    for_: str
    severity: Literal["critical", "warning"]
    summary: str
    action: str

    def check(self, check: Checks) -> None:
        """Note what would make Prometheus refuse all of its rules, or leave somebody without a word."""
        at = f"alerts[{self.name}]"
        if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", self.name):
            likely = "".join(word.capitalize() for word in re.findall(r"[A-Za-z0-9]+", self.name)) or "ShopDown"
            check.refuse(f"{at}.name", self.name, "is not CamelCase", accepted="letters and digits", fix=f'"{likely}"')
        check_duration(check, f"{at}.for_", self.for_)
        if self.severity not in ("critical", "warning"):
            check.refuse(
                f"{at}.severity",
                self.severity,
                "is no severity",
                accepted='"critical", which wakes somebody, or "warning", which waits',
                fix='severity="warning"',
            )
        for name in ("expr", "summary", "action"):
            if not getattr(self, name).strip():
                check.refuse(f"{at}.{name}", "", "says nothing", accepted="a text", fix=f"{name}=...")

    def to_rule(self, job: str) -> dict[str, Any]:
        """The rule of a job, as it stands in a PrometheusRule and in a plain Prometheus's rule file."""
        return {
            "alert": self.name,
            "expr": self.expr,
            "for": self.for_,
            "labels": {"job": job, "severity": self.severity},
            "annotations": {"summary": self.summary, "description": self.action},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ScrapeJob:
    """What a Prometheus without the operator has to know to scrape the same pods.

    Args:
        name: value of the label `job`.
        namespace: where the pods are.
        labels: what selects them.
        port: name of the container port.
        path: what to GET.
        interval: how often, `"30s"`.
    """

    name: str
    namespace: str
    labels: dict[str, str]
    port: str
    path: str
    interval: str

    def to_config(self) -> dict[str, Any]:
        """An entry of `scrape_configs`: the pods of the namespace, kept by their labels and the port's name."""
        keep = [
            {"source_labels": [_meta(f"label_{label}")], "regex": value.replace(".", r"\."), "action": "keep"}
            for label, value in sorted(self.labels.items())
        ]
        return {
            "job_name": self.name,
            "metrics_path": self.path,
            "scrape_interval": self.interval,
            "kubernetes_sd_configs": [{"role": "pod", "namespaces": {"names": [self.namespace]}}],
            "relabel_configs": [
                *keep,
                {"source_labels": [_meta("container_port_name")], "regex": self.port, "action": "keep"},
                # A finished Job's pod keeps its labels and answers no more.
                {"source_labels": [_meta("phase")], "regex": "Succeeded|Failed", "action": "drop"},
                {"source_labels": ["__meta_kubernetes_namespace"], "target_label": "namespace"},
                {"source_labels": [_meta("name")], "target_label": "pod"},
                {"source_labels": [_meta("container_name")], "target_label": "container"},
            ],
        }


class Monitor(Construct):
    """Scrapes a workload and warns of what goes wrong with it.

    Makes a ServiceMonitor where the workload's Service offers the port, else a PodMonitor; and a PrometheusRule with
    `alerts` and two that every target has: `TargetDown` and `TargetAbsent`. The same is there as plain values, `job`
    and `rules`, for a Prometheus that no operator configures. Who scrapes has to be connected to it.

    Args:
        id: of the construct; what it makes is named after the workload.
        of: the workload, or `Pods` that describe one of another namespace.
        port: name of the port that serves the metrics. Default `metrics`.
        path: default `/metrics`.
        interval: default `30s`.
        alerts: what else to warn of.

    Attributes:
        pods, port: what a Prometheus has to reach.
        job: the scrape job.
        rules: the rule group.

    Raises:
        ConstructError: the workload has no such port.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        of: Connectable,
        port: str = "metrics",
        path: str = "/metrics",
        interval: str = "30s",
        alerts: Sequence[Alert] = (),
    ) -> None:
        pods = of.pods
        check = Checks(scope, id)
        namespace = check.namespace()
        check_pods(check, pods)
        check_duration(check, "interval", interval)
        if not path.startswith("/"):
            check.refuse("path", path, "is not a path", accepted="a path that starts with /", fix=f'path="/{path}"')
        for alert in alerts:
            alert.check(check)
        if port not in pods.ports:
            known = nearest(port, pods.ports)
            check.refuse(
                "port",
                port,
                f"is not a port of {pods.name}",
                accepted=", ".join(map(spell, known)) or "a workload that declares a port",
                fix=_give_it(port, known),
            )
        check.done()
        super().__init__(scope, id)

        self.pods, self.port = pods, port
        self.job = ScrapeJob(
            name=pods.name,
            namespace=pods.namespace,
            labels=dict(pods.labels),
            port=port,
            path=path,
            interval=interval,
        )
        rules = [alert.to_rule(pods.name) for alert in (*alerts, *_every_target(pods.name))]
        self.rules: dict[str, Any] = {"name": pods.name, "rules": rules}
        metadata = ApiObjectMetadata(name=pods.name, namespace=namespace)
        elsewhere = pods.namespace != namespace
        make = _service_monitor if port in pods.served else _pod_monitor
        monitor = make(self, metadata, self.job, elsewhere=elsewhere)
        if pods.scope is None:
            made_outside(
                monitor,
                "Pod",
                pods.name,
                namespace=pods.namespace,
                labels=pods.labels,
                ports=pods.ports,
                by=pods.made_by,
            )
        PrometheusRule(
            self,
            "rule",
            metadata=metadata,
            spec=PrometheusRuleSpec(
                groups=[
                    PrometheusRuleSpecGroups(
                        name=pods.name,
                        rules=[
                            PrometheusRuleSpecGroupsRules(
                                alert=rule["alert"],
                                expr=PrometheusRuleSpecGroupsRulesExpr.from_string(rule["expr"]),
                                for_=rule["for"],
                                labels=rule["labels"],
                                annotations=rule["annotations"],
                            )
                            for rule in rules
                        ],
                    )
                ]
            ),
        )


def _give_it(port: str, known: Sequence[str]) -> str:
    if port == "metrics":
        return "a server has that port with an exporter_image, a WebApp with extra_ports"
    return f"port={spell(known[0])}" if known else "declare the port"


def _every_target(job: str) -> list[Alert]:
    return [
        Alert(
            name="TargetDown",
            expr=f'up{{job="{job}"}} == 0',
            for_="5m",
            severity="critical",
            summary="{{ $labels.job }} does not answer Prometheus: {{ $labels.pod }}",
            action="Is the pod ready (kubectl get pods -n {{ $labels.namespace }})? If so, see its exporter's logs.",
        ),
        Alert(
            name="TargetAbsent",
            expr=f'absent(up{{job="{job}"}})',
            for_="10m",
            severity="critical",
            summary=f"nothing of {job} is there to be scraped",
            action="Is it scaled to zero, were its labels changed, or may Prometheus no longer list its pods?",
        ),
    ]


def _meta(name: str) -> str:
    return "__meta_kubernetes_pod_" + re.sub(r"[^a-zA-Z0-9_]", "_", name)


def _service_monitor(scope: Construct, metadata: ApiObjectMetadata, job: ScrapeJob, *, elsewhere: bool) -> ApiObject:
    return ServiceMonitor(
        scope,
        "service-monitor",
        metadata=metadata,
        spec=ServiceMonitorSpec(
            selector=ServiceMonitorSpecSelector(match_labels=job.labels),
            namespace_selector=ServiceMonitorSpecNamespaceSelector(match_names=[job.namespace]) if elsewhere else None,
            endpoints=[
                ServiceMonitorSpecEndpoints(
                    port=job.port,
                    path=job.path,
                    interval=job.interval,
                    relabelings=[ServiceMonitorSpecEndpointsRelabelings(target_label="job", replacement=job.name)],
                )
            ],
        ),
    )


def _pod_monitor(scope: Construct, metadata: ApiObjectMetadata, job: ScrapeJob, *, elsewhere: bool) -> ApiObject:
    return PodMonitor(
        scope,
        "pod-monitor",
        metadata=metadata,
        spec=PodMonitorSpec(
            selector=PodMonitorSpecSelector(match_labels=job.labels),
            namespace_selector=PodMonitorSpecNamespaceSelector(match_names=[job.namespace]) if elsewhere else None,
            pod_metrics_endpoints=[
                PodMonitorSpecPodMetricsEndpoints(
                    port=job.port,
                    path=job.path,
                    interval=job.interval,
                    relabelings=[
                        PodMonitorSpecPodMetricsEndpointsRelabelings(target_label="job", replacement=job.name)
                    ],
                )
            ],
        ),
    )
