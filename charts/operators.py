"""The operators' metrics. They are not ours: what they tell is looked at, in their own namespaces."""

from collections.abc import Sequence

from constructs import Construct

from charts.environment import Environment
from vkm_constructs import (
    Alert,
    ExistingNamespace,
    LonghornBackupGroup,
    LonghornVolume,
    Monitor,
    Namespace,
    ServiceChart,
    ServiceNamespace,
)


class OperatorsChart(ServiceChart):
    """What the operators tell Prometheus, and kube-state-metrics where it runs.

    Volumes in `quiet` may stay as they are for days; those in `seldom` are mounted for minutes only.
    """

    def __init__(
        self,
        scope: Construct,
        env: Environment,
        *,
        namespace: Namespace,
        cert_manager: ExistingNamespace,
        external_dns: ExistingNamespace,
        external_secrets: ExistingNamespace,
        grafana_operator: ExistingNamespace,
        longhorn: ExistingNamespace,
        kube_state_metrics: ExistingNamespace,
        backups: Sequence[LonghornBackupGroup],
        quiet: Sequence[LonghornVolume],
        seldom: Sequence[LonghornVolume],
        services: Sequence[ServiceNamespace],
    ) -> None:
        super().__init__(scope, "operators", namespace=namespace, labels=env.labels)

        monitors = [
            _cert_manager(self, cert_manager),
            _external_dns(self, external_dns),
            _external_secrets(self, external_secrets),
            _grafana_operator(self, grafana_operator),
            _longhorn(self, longhorn, backups, quiet=quiet, seldom=seldom, cluster_metrics=env.cluster_metrics),
        ]
        if env.cluster_metrics:
            monitors.append(_kube_state_metrics(self, kube_state_metrics, services))
        self.monitors = tuple(monitors)


def _cert_manager(scope: Construct, namespace: ExistingNamespace) -> Monitor:
    """Certificates that are not issued, or not renewed."""
    return Monitor(
        scope,
        "cert-manager",
        of=namespace.pods(
            "cert-manager",
            labels={"app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": "controller"},
            ports={"http-metrics": 9402},
        ),
        port="http-metrics",
        alerts=[
            Alert(
                name="CertificateNotReady",
                expr='certmanager_certificate_ready_status{job="cert-manager",condition="False"} == 1',
                for_="30m",
                severity="critical",
                summary="certificate {{ $labels.exported_namespace }}/{{ $labels.name }} is not issued",
                action="kubectl describe challenge -A: what does the authority or Cloudflare say?",
            ),
            Alert(
                name="CertificateExpires",
                expr='certmanager_certificate_expiration_timestamp_seconds{job="cert-manager"} - time() < 14 * 86400',
                for_="1h",
                severity="critical",
                summary="certificate {{ $labels.exported_namespace }}/{{ $labels.name }} expires within 14 days",
                action="It should have been renewed a month before: kubectl describe certificate, then its challenge.",
            ),
        ],
    )


def _external_secrets(scope: Construct, namespace: ExistingNamespace) -> Monitor:
    """Secrets that no longer follow their store."""
    return Monitor(
        scope,
        "external-secrets",
        of=namespace.pods(
            "external-secrets",
            labels={"app.kubernetes.io/name": "external-secrets"},
            ports={"metrics": 8080},
        ),
        alerts=[
            Alert(
                name="ExternalSecretNotSynced",
                expr='externalsecret_status_condition{job="external-secrets",condition="Ready",status="False"} == 1',
                for_="15m",
                severity="critical",
                summary="external secret {{ $labels.exported_namespace }}/{{ $labels.name }} is not synced",
                action="kubectl describe externalsecret: is the item there, has the token expired?",
            ),
            Alert(
                name="SecretStoreNotReady",
                expr=(
                    'clustersecretstore_status_condition{job="external-secrets",condition="Ready",status="False"} == 1'
                ),
                for_="15m",
                severity="critical",
                summary="secret store {{ $labels.name }} cannot be read",
                action="Is 1Password reachable, has the service account's token expired?",
            ),
        ],
    )


def _longhorn(
    scope: Construct,
    namespace: ExistingNamespace,
    backups: Sequence[LonghornBackupGroup],
    *,
    quiet: Sequence[LonghornVolume],
    seldom: Sequence[LonghornVolume],
    cluster_metrics: bool,
) -> Monitor:
    """Volumes that are degraded, nearly full, or not backed up."""
    volumes = "|".join(sorted(volume for group in backups for volume in group.volumes))
    still = _any(quiet)
    of = 'job="longhorn-manager"'
    return Monitor(
        scope,
        "longhorn-manager",
        of=namespace.pods(
            "longhorn-manager",
            labels={"app": "longhorn-manager"},
            ports={"manager": 9500},
        ),
        port="manager",
        alerts=[
            Alert(
                name="VolumeDegraded",
                expr=f'longhorn_volume_robustness{{{of},state="degraded"}} == 1',
                for_="10m",
                severity="warning",
                summary="volume {{ $labels.pvc }} lacks a replica",
                action="Is a node down or full? Longhorn rebuilds by itself when it can.",
            ),
            Alert(
                name="VolumeFaulted",
                expr=f'longhorn_volume_robustness{{{of},state="faulted"}} == 1',
                for_="2m",
                severity="critical",
                summary="volume {{ $labels.pvc }} has no replica left",
                action="Its pod cannot write. Longhorn's UI shows what is left; else restore the newest backup.",
            ),
            Alert(
                name="VolumeReadOnly",
                expr=f"longhorn_volume_file_system_read_only{{{of}}} == 1",
                for_="2m",
                severity="critical",
                summary="volume {{ $labels.pvc }} became read-only",
                action="The file system met an error: restart its pod, then check the node's disk.",
            ),
            # The kubelets know better: what is free in the file system, without the snapshots.
            # But for what is mounted for minutes only, such as a volume of dumps.
            _volume_nearly_full(f'{of},pvc=~"{_any(seldom)}"' if cluster_metrics else of),
            Alert(
                name="NodeStorageNearlyFull",
                expr=f"longhorn_node_storage_usage_bytes{{{of}}} / longhorn_node_storage_capacity_bytes{{{of}}} > 0.7",
                for_="10m",
                severity="warning",
                summary="node {{ $labels.node }} uses {{ $value | humanizePercentage }} of its storage",
                action="Add a disk to the node, or move replicas to another in Longhorn's UI.",
            ),
            # Nothing is backed up of a volume that nobody wrote to: where that may be, a quiet week is no fault.
            Alert(
                name="BackupStale",
                expr=(
                    f'time() - (longhorn_volume_last_backup_at{{{of},pvc=~"{volumes}",pvc!~"{still}"}} > 0) > 36 * 3600'
                    f' or time() - (longhorn_volume_last_backup_at{{{of},pvc=~"{still}"}} > 0) > 8 * 86400'
                ),
                for_="1h",
                severity="critical",
                summary="volume {{ $labels.pvc }} was not backed up when it should have been",
                action="kubectl get backups,recurringjobs -n longhorn-system; are the S3 credentials still good?",
            ),
            Alert(
                name="BackupMissing",
                expr=f'longhorn_volume_last_backup_at{{{of},pvc=~"{volumes}"}} == 0',
                for_="36h",
                severity="critical",
                summary="volume {{ $labels.pvc }} has never been backed up",
                action="kubectl get backuptargets,recurringjobs -n longhorn-system; are the S3 credentials good?",
            ),
            Alert(
                name="BackupFailed",
                expr=f"longhorn_backup_state{{{of}}} == 4",
                for_="5m",
                severity="warning",
                summary="backup {{ $labels.backup }} of volume {{ $labels.volume }} failed",
                action="kubectl describe backup -n longhorn-system {{ $labels.backup }}",
            ),
        ],
    )


def _any(volumes: Sequence[LonghornVolume]) -> str:
    return "|".join(sorted(volume.name for volume in volumes))


def _volume_nearly_full(of: str) -> Alert:
    return Alert(
        name="VolumeNearlyFull",
        expr=f"longhorn_volume_actual_size_bytes{{{of}}} / longhorn_volume_capacity_bytes{{{of}}} > 0.9",
        for_="10m",
        severity="warning",
        summary="volume {{ $labels.pvc }} takes {{ $value | humanizePercentage }} of its size, with snapshots",
        action="Grow the claim in the environment, or let Longhorn purge snapshots.",
    )


def _external_dns(scope: Construct, namespace: ExistingNamespace) -> Monitor:
    """Whether records are still kept."""
    labels = {"app.kubernetes.io/name": "external-dns"}
    pods = namespace.pods("external-dns", labels=labels, ports={"http": 7979})
    return Monitor(scope, "external-dns", of=pods, port="http")


def _grafana_operator(scope: Construct, namespace: ExistingNamespace) -> Monitor:
    """Whether dashboards are still kept."""
    labels = {"app.kubernetes.io/name": "grafana-operator"}
    pods = namespace.pods("grafana-operator", labels=labels, ports={"metrics": 9090})
    return Monitor(scope, "grafana-operator", of=pods)


def _kube_state_metrics(
    scope: Construct, namespace: ExistingNamespace, services: Sequence[ServiceNamespace]
) -> Monitor:
    """Pods, dumps and restore drills of the services that are not as they should be."""
    # `namespace` is that of kube-state-metrics itself; what it tells about gets the prefix when it is scraped.
    ours = f'job="kube-state-metrics",exported_namespace=~"{"|".join(space.name for space in services)}"'
    return Monitor(
        scope,
        "kube-state-metrics",
        of=namespace.pods(
            "kube-state-metrics",
            labels={"app.kubernetes.io/name": "kube-state-metrics"},
            ports={"http": 8080},
        ),
        port="http",
        alerts=[
            Alert(
                name="ReplicasMissing",
                expr=(
                    f"kube_deployment_spec_replicas{{{ours}}} > kube_deployment_status_replicas_available{{{ours}}}"
                    f" or kube_statefulset_replicas{{{ours}}} > kube_statefulset_status_replicas_ready{{{ours}}}"
                ),
                for_="15m",
                severity="critical",
                summary="{{ $labels.deployment }}{{ $labels.statefulset }} lacks replicas",
                action="kubectl get pods in that namespace; then describe the one that is not ready.",
            ),
            Alert(
                name="JobFailed",
                expr=(
                    f'kube_job_failed{{{ours},condition="true"}} == 1 and on (exported_namespace, job_name) '
                    f"time() - kube_job_status_start_time{{{ours}}} < 86400"
                ),
                for_="5m",
                severity="critical",
                summary="job {{ $labels.exported_namespace }}/{{ $labels.job_name }} has given up",
                action="kubectl describe job; the last line of its pod's log says why, where the pod is still there.",
            ),
            Alert(
                name="DumpStale",
                expr=_not_succeeded(f'{ours},cronjob=~".+-dump"', "36 * 3600"),
                for_="1h",
                severity="critical",
                summary="{{ $labels.cronjob }} has not succeeded for 36 hours",
                action="kubectl logs of its newest job; then run it by hand: kubectl create job --from=cronjob/...",
            ),
            Alert(
                name="RestoreDrillStale",
                expr=_not_succeeded(f'{ours},cronjob=~".+-drill"', "8 * 86400"),
                for_="1h",
                severity="critical",
                summary="{{ $labels.cronjob }} has not restored a dump for 8 days",
                action="Until it does, count on no dump. kubectl logs of its newest job: the last line says why.",
            ),
        ],
    )


def _not_succeeded(cron_jobs: str, age: str) -> str:
    """CronJobs whose last success is older than `age` seconds, or that are older and never had one."""
    last = f"kube_cronjob_status_last_successful_time{{{cron_jobs}}}"
    return (
        f"time() - {last} > {age}"
        f" or (time() - kube_cronjob_created{{{cron_jobs}}} > {age}) unless on (exported_namespace, cronjob) {last}"
    )
