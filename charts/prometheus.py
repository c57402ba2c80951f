"""Prometheus: what is measured, and what is wrong."""

from collections.abc import Sequence
from typing import Any

import yaml
from cdk8s_plus_27 import k8s
from constructs import Construct

from charts.environment import Environment
from vkm_constructs import (
    Alert,
    ConfigFiles,
    LonghornVolume,
    Monitor,
    Namespace,
    Pods,
    Probe,
    Probes,
    Resources,
    RoleGrant,
    Rollout,
    Security,
    ServiceChart,
    Sidecar,
    WebApp,
)
from vkm_constructs.errors import Checks

CONFIG = "/etc/prometheus"
DATA = "/prometheus"
READ = ["get", "list", "watch"]


class PrometheusChart(ServiceChart):
    """Prometheus at port 9090, on a volume of its own. It scrapes what `monitors` offer, and evaluates their alerts.

    A plain Prometheus reads no ServiceMonitor and no PrometheusRule, so the same jobs and rules stand in its own
    configuration: an operator that is installed later finds the same in the resources, but for the kubelets, which it
    scrapes by itself. It may list pods where it has something to scrape, and nothing else. It sends its alerts to the
    Alertmanager that the environment names, if any.
    """

    def __init__(
        self,
        scope: Construct,
        env: Environment,
        *,
        namespace: Namespace,
        monitors: Sequence[Monitor],
        readers: Sequence[WebApp],
    ) -> None:
        _check_distinct_jobs(scope, monitors)
        super().__init__(scope, "prometheus", namespace=namespace, labels=env.labels)

        alertmanager = _alertmanager(env)
        itself = Monitor(self, "itself", of=_pods(self, namespace), port="http", alerts=_alerts(env))
        jobs = [monitor.job.to_config() for monitor in (*monitors, itself)]
        rules = [monitor.rules for monitor in (*monitors, itself)]
        if env.cluster_metrics:
            jobs.append(_kubelet_job())
            rules.append({"name": "kubelet", "rules": [alert.to_rule("kubelet") for alert in _kubelet_alerts()]})
        config = ConfigFiles(
            self,
            "prometheus-config",
            files={
                "prometheus.yml": _yaml(
                    {
                        "global": {"scrape_interval": "30s", "evaluation_interval": "30s"},
                        "rule_files": [f"{CONFIG}/rules.yml"],
                        **_alerting(alertmanager),
                        "scrape_configs": jobs,
                    }
                ),
                "rules.yml": _yaml({"groups": rules}),
            },
        )
        data = LonghornVolume(self, "prometheus-data", size=env.prometheus.data)

        prometheus = WebApp(
            self,
            "prometheus",
            image=env.images.prometheus,
            port=9090,
            service_port=9090,
            args=[
                f"--config.file={CONFIG}/prometheus.yml",
                f"--storage.tsdb.path={DATA}",
                f"--storage.tsdb.retention.time={env.prometheus.retention}",
                f"--storage.tsdb.retention.size={env.prometheus.retention_size}",
                "--web.enable-lifecycle",
            ],
            mounts=[config.at(CONFIG, reloads=True), data.at(DATA)],
            probes=Probes(
                # Replaying the write-ahead log takes minutes after a crash.
                startup=Probe.http("/-/ready", period=10, failures=60),
                readiness=Probe.http("/-/ready", period=5, timeout=4),
                liveness=Probe.http("/-/healthy", period=15, timeout=10),
            ),
            resources=Resources(cpu="200m", memory="2Gi"),
            security=Security(user=65534, group=65534, writable={}, api_token=True),
            # It writes its newest block before it goes.
            rollout=Rollout(pre_stop=0, grace=300, deadline=900),
            sidecars=[
                Sidecar(
                    name="config-reloader",
                    image=env.images.config_reloader,
                    args=[
                        f"--watched-dir={CONFIG}",
                        "--reload-url=http://127.0.0.1:9090/-/reload",
                        "--listen-address=:8080",
                    ],
                    mounts=[config.at(CONFIG, reloads=True)],
                    ports={"reloader": 8080},
                    probes=Probes(),
                ),
            ],
        )
        for monitor in monitors:
            prometheus.connect_to(monitor.pods, port=monitor.port)
        if alertmanager is not None:
            prometheus.connect_to(alertmanager)
        for reader in readers:
            reader.connect_to(prometheus)
        prometheus.connect_to_outside(
            "kubernetes-api",
            cidrs=env.node_networks,
            ports=[443, 6443, *([10250] if env.cluster_metrics else [])],
            reason="lists the pods to scrape; reads the kubelets' metrics",
        )
        for name in sorted({monitor.pods.namespace for monitor in (*monitors, itself)}):
            rule = k8s.PolicyRule(api_groups=[""], resources=["pods"], verbs=READ)
            RoleGrant(self, f"grant-{name}", to=prometheus, namespace=name, rules=[rule])
        if env.cluster_metrics:
            self._may_read_kubelets(prometheus)

    @staticmethod
    def url(namespace: Namespace) -> str:
        """Where the Prometheus of that namespace answers its readers."""
        return f"http://prometheus.{namespace.name}:9090"

    def _may_read_kubelets(self, prometheus: WebApp) -> None:
        """Nodes have no namespace: the one thing that it may read cluster-wide."""
        name = "prometheus-kubelets"
        k8s.KubeClusterRole(
            self,
            "cluster-role",
            metadata=k8s.ObjectMeta(name=name),
            rules=[
                k8s.PolicyRule(api_groups=[""], resources=["nodes"], verbs=READ),
                k8s.PolicyRule(api_groups=[""], resources=["nodes/metrics"], verbs=["get"]),
            ],
        )
        k8s.KubeClusterRoleBinding(
            self,
            "cluster-role-binding",
            metadata=k8s.ObjectMeta(name=name),
            role_ref=k8s.RoleRef(api_group="rbac.authorization.k8s.io", kind="ClusterRole", name=name),
            subjects=[k8s.Subject(kind="ServiceAccount", name=prometheus.host, namespace=prometheus.namespace)],
        )


def _check_distinct_jobs(scope: Construct, monitors: Sequence[Monitor]) -> None:
    check = Checks(scope, "prometheus")
    names = [monitor.job.name for monitor in monitors]
    for name in sorted({name for name in names if names.count(name) > 1}):
        spaces = ", ".join(monitor.job.namespace for monitor in monitors if monitor.job.name == name)
        check.refuse(
            "monitors",
            name,
            f"is a job in several namespaces ({spaces}): Prometheus could not tell them apart",
            accepted="each workload's name once",
            fix="give one of the workloads another name",
        )
    check.done()


def _pods(scope: Construct, namespace: Namespace) -> Pods:
    """Its own pods, before they are made: its configuration names them."""
    return Pods(
        scope=scope,
        name="prometheus",
        namespace=namespace.name,
        labels={"app.kubernetes.io/name": "prometheus", "app.kubernetes.io/instance": "prometheus"},
        ports={"http": 9090},
        served=["http"],
    )


def _alertmanager(env: Environment) -> Pods | None:
    if env.alertmanager is None:
        return None
    labels = {"app.kubernetes.io/name": "alertmanager"}
    return Pods(name="alertmanager", namespace=env.alertmanager, labels=labels, ports={"http": 9093})


def _alerting(alertmanager: Pods | None) -> dict[str, Any]:
    if alertmanager is None:
        return {}
    targets = [f"alertmanager.{alertmanager.namespace}:{alertmanager.ports['http']}"]
    return {"alerting": {"alertmanagers": [{"static_configs": [{"targets": targets}]}]}}


def _alerts(env: Environment) -> list[Alert]:
    of = '{job="prometheus"}'
    return [
        Alert(
            name="PrometheusConfigurationRefused",
            expr=f"prometheus_config_last_reload_successful{of} == 0",
            for_="10m",
            severity="critical",
            summary="Prometheus runs on an old configuration",
            action="kubectl logs -n prometheus deployment/prometheus -c prometheus: the line names the error.",
        ),
        Alert(
            name="PrometheusRulesFail",
            expr=f"increase(prometheus_rule_evaluation_failures_total{of}[5m]) > 0",
            for_="15m",
            severity="warning",
            summary="alerts are not evaluated: {{ $labels.rule_group }}",
            action="Prometheus's page Rules shows the error.",
        ),
        Alert(
            name="PrometheusStorageNearlyFull",
            expr=(
                f"prometheus_tsdb_storage_blocks_bytes{of} + prometheus_tsdb_wal_storage_size_bytes{of}"
                f" > 0.95 * prometheus_tsdb_retention_limit_bytes{of}"
            ),
            for_="6h",
            severity="warning",
            summary="Prometheus drops its oldest samples to stay within its size",
            action=f"Grow prometheus-data ({env.prometheus.data}) and its retention_size, or scrape less.",
        ),
    ]


def _kubelet_alerts() -> list[Alert]:
    of = '{job="kubelet"}'
    return [
        Alert(
            name="FileSystemNearlyFull",
            # A volume that several nodes mount is one.
            expr=(
                f"max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_available_bytes{of}"
                f" / kubelet_volume_stats_capacity_bytes{of}) < 0.1"
            ),
            for_="10m",
            severity="critical",
            summary="less than 10 % is free on {{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }}",
            action="Grow the claim in the environment: Longhorn expands it while it is in use.",
        ),
        Alert(
            name="TargetDown",
            expr='up{job="kubelet"} == 0',
            for_="5m",
            severity="warning",
            summary="the kubelet of node {{ $labels.node }} does not answer Prometheus",
            action="Is the node ready (kubectl get nodes)? The other alerts do not see its volumes meanwhile.",
        ),
        Alert(
            name="TargetAbsent",
            expr='absent(up{job="kubelet"})',
            for_="10m",
            severity="critical",
            summary="no kubelet is scraped",
            action="May Prometheus still list nodes (ClusterRole prometheus-kubelets)?",
        ),
    ]


def _kubelet_job() -> dict[str, Any]:
    account = "/var/run/secrets/kubernetes.io/serviceaccount"
    return {
        "job_name": "kubelet",
        "scheme": "https",
        "authorization": {"credentials_file": f"{account}/token"},
        # Kubelets mostly serve with certificates that they signed themselves.
        "tls_config": {"insecure_skip_verify": True},
        "kubernetes_sd_configs": [{"role": "node"}],
        "relabel_configs": [{"source_labels": ["__meta_kubernetes_node_name"], "target_label": "node"}],
        "metric_relabel_configs": [
            {"source_labels": ["__name__"], "regex": "kubelet_volume_stats_.*|up", "action": "keep"}
        ],
    }


def _yaml(value: dict[str, Any]) -> str:
    return yaml.safe_dump(value, sort_keys=False, width=1000)
