"""What each alert fires on and what it leaves alone: `test_alerts.py` makes promtool's rule unit tests of it.

A rule unit test begins at the time 0, in seconds since 1970: a last backup at 1 is as old as the test is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Series: TypeAlias = Mapping[str, str]
"""Values by series, as promtool spells them: one each step."""

DAY: Final = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One alert.

    Args:
        job: the group of the rule, which is the job that it is about.
        alert: its name.
        fires: what makes it fire.
        after: how long after that has begun; a step earlier, nobody hears of it.
        labels: those of the alert, besides its job and severity.
        summary: what it then says.
        silent: what must not make it fire, by why not.
        severity: how urgent it is.
        step: between two samples, and between two evaluations.
    """

    job: str
    alert: str
    fires: Series
    after: str
    summary: str
    silent: Mapping[str, Series]
    severity: str = "critical"
    labels: Mapping[str, str] = field(default_factory=dict)
    step: str = "1m"


def cases() -> Iterator[Case]:
    """Every alert of the environment."""
    for job, namespace in TARGETS.items():
        yield from _target(job, namespace)
    yield from _traefik()
    yield from _mariadb()
    yield from _postgres()
    yield from _redis()
    yield from _memcached()
    yield from _grafana()
    yield from _cert_manager()
    yield from _external_secrets()
    yield from _longhorn_volumes()
    yield from _longhorn_backups()
    yield from _kube_state_metrics()
    yield from _cron_jobs()
    yield from _prometheus()
    yield from _kubelet()


# Jobs, and where their pods are.
TARGETS: Final = {
    "traefik": "traefik",
    "bookstack-db": "bookstack",
    "zammad-db": "zammad",
    "zammad-redis": "zammad",
    "zammad-memcached": "zammad",
    "grafana": "grafana",
    "cert-manager": "cert-manager",
    "external-dns": "external-dns",
    "external-secrets": "external-secrets",
    "grafana-operator": "grafana-operator",
    "longhorn-manager": "longhorn-system",
    "kube-state-metrics": "kube-state-metrics",
    "prometheus": "prometheus",
}


def _stays(value: float) -> str:
    return f"{float(value)}x2000"


def _grows(each_step: float) -> str:
    return f"0+{each_step}x2000"


def _target(job: str, namespace: str) -> Iterator[Case]:
    up = f'up{{job="{job}",namespace="{namespace}",pod="{job}-0"}}'
    yield Case(
        job=job,
        alert="TargetDown",
        fires={up: _stays(0)},
        after="5m",
        labels={"namespace": namespace, "pod": f"{job}-0"},
        summary=f"{job} does not answer Prometheus: {job}-0",
        silent={
            "it answers": {up: _stays(1)},
            "it misses every other scrape": {up: "0 1 " * 20},
            "another is down": {'up{job="other"}': _stays(0)},
        },
    )
    yield Case(
        job=job,
        alert="TargetAbsent",
        fires={'up{job="other"}': _stays(1)},
        after="10m",
        summary=f"nothing of {job} is there to be scraped",
        silent={"it is there": {up: _stays(1)}, "it is there, and down": {up: _stays(0)}},
    )


def _traefik() -> Iterator[Case]:
    yield Case(
        job="traefik",
        alert="TraefikTooFewReplicas",
        fires={'up{job="traefik",pod="a"}': _stays(1), 'up{job="traefik",pod="b"}': _stays(0)},
        after="5m",
        summary="so few pods of Traefik are left that the next one to go may take everything with it",
        silent={"one of three is down": {f'up{{job="traefik",pod="{p}"}}': _stays(int(p != "a")) for p in "abc"}},
    )

    service = "zammad-help-a1@kubernetescrd"

    def answers(**by_code: float) -> Series:
        of = f'job="traefik",service="{service}"'
        return {
            f'traefik_service_requests_total{{{of},pod="{pod}",code="{code[1:]}"}}': _grows(n)
            for code, n in by_code.items()
            for pod in "abc"
        }

    yield Case(
        job="traefik",
        alert="ServiceFails",
        fires=answers(_200=90, _502=10),
        # A rate takes two samples.
        after="11m",
        labels={"service": service},
        summary=f"{service} answers 10% of requests with an error",
        silent={
            "few fail": answers(_200=96, _500=4),
            "the clients are wrong": answers(_200=10, _404=90),
            "nobody asks": answers(_200=0, _502=0),
        },
    )

    def lasted(until_1_2: float, protocol: str = "http") -> Series:
        """How many of 100 requests took less than 1.2 s, all of them less than 5 s: Traefik's own buckets."""
        of = f'job="traefik",service="{service}",protocol="{protocol}"'
        counts = {"0.1": 0.0, "0.3": 0.0, "1.2": until_1_2, "5.0": 100.0, "+Inf": 100.0}
        return {
            f'traefik_service_request_duration_seconds_bucket{{{of},le="{le}"}}': _grows(n) for le, n in counts.items()
        }

    yield Case(
        job="traefik",
        alert="ServiceSlow",
        fires=lasted(90),
        after="16m",
        severity="warning",
        labels={"service": service},
        summary=f"{service}: one request in twenty takes longer than 3.1s",
        silent={
            "it is a little faster": lasted(91),
            "nobody asks": {k: _stays(0) for k in lasted(90)},
            "websockets end": lasted(0, protocol="websocket"),
        },
    )

    certificate = 'traefik_tls_certs_not_after{job="traefik",pod="a",cn="wiki.vkm.dtdt.tech",sans="wiki.vkm.dtdt.tech"}'
    yield Case(
        job="traefik",
        alert="ServedCertificateExpires",
        fires={certificate: _stays(14 * DAY - 1), certificate.replace('"a"', '"b"'): _stays(60 * DAY)},
        after="1h",
        labels={"cn": "wiki.vkm.dtdt.tech"},
        summary="the certificate that is served for wiki.vkm.dtdt.tech expires within 14 days",
        silent={"it has a while to go": {certificate: _stays(15 * DAY)}},
    )


def _mariadb() -> Iterator[Case]:
    yield Case(
        job="bookstack-db",
        alert="MariaDbDown",
        fires={'mysql_up{job="bookstack-db"}': _stays(0)},
        after="2m",
        summary="bookstack-db does not answer its exporter",
        silent={
            "it answers": {'mysql_up{job="bookstack-db"}': _stays(1)},
            "it restarts": {'mysql_up{job="bookstack-db"}': "1 0 1 1 0 1 1 0 1"},
        },
    )

    def connections(used: int) -> Series:
        return {
            'mysql_global_status_threads_connected{job="bookstack-db",pod="a"}': _stays(used),
            'mysql_global_variables_max_connections{job="bookstack-db",pod="a"}': _stays(100),
        }

    yield Case(
        job="bookstack-db",
        alert="MariaDbConnectionsHigh",
        fires=connections(81),
        after="10m",
        severity="warning",
        labels={"pod": "a"},
        summary="bookstack-db uses 81% of its connections",
        silent={"there is room": connections(80)},
    )
    slow = 'mysql_global_status_slow_queries{job="bookstack-db"}'
    yield Case(
        job="bookstack-db",
        alert="MariaDbSlowQueries",
        fires={slow: _grows(15)},
        # Nine minutes of so many are too many for ten minutes.
        after="24m",
        severity="warning",
        summary="bookstack-db answers slowly",
        silent={"a slow query now and then": {slow: _grows(10)}, "many, once": {slow: f"0 500 {_stays(500)}"}},
    )


def _postgres() -> Iterator[Case]:
    yield Case(
        job="zammad-db",
        alert="PostgresDown",
        fires={'pg_up{job="zammad-db"}': _stays(0)},
        after="2m",
        summary="zammad-db does not answer its exporter",
        silent={
            "it answers": {'pg_up{job="zammad-db"}': _stays(1)},
            "it restarts": {'pg_up{job="zammad-db"}': "1 0 1 1 0 1 1 0 1"},
        },
    )

    def connections(idle: int, active: int) -> Series:
        return {
            'pg_stat_activity_count{job="zammad-db",datname="zammad",state="idle"}': _stays(idle),
            'pg_stat_activity_count{job="zammad-db",datname="zammad",state="active"}': _stays(active),
            'pg_settings_max_connections{job="zammad-db",server="127.0.0.1:5432"}': _stays(300),
        }

    yield Case(
        job="zammad-db",
        alert="PostgresConnectionsHigh",
        fires=connections(200, 70),
        after="10m",
        severity="warning",
        summary="zammad-db uses 90% of its connections",
        silent={"there is room": connections(200, 40)},
    )
    deadlocks = 'pg_stat_database_deadlocks{job="zammad-db",datname="zammad"}'
    yield Case(
        job="zammad-db",
        alert="PostgresDeadlocks",
        # Ten at once: a minute later, the increase is seen, and another minute later told.
        fires={deadlocks: f"0 10 {_stays(10)}"},
        after="2m",
        severity="warning",
        labels={"datname": "zammad"},
        summary="zammad-db: transactions block one another in zammad",
        silent={"a few": {deadlocks: f"0 4 {_stays(4)}"}},
    )


def _redis() -> Iterator[Case]:
    yield Case(
        job="zammad-redis",
        alert="RedisDown",
        fires={'redis_up{job="zammad-redis"}': _stays(0)},
        after="2m",
        summary="zammad-redis does not answer its exporter",
        silent={
            "it answers": {'redis_up{job="zammad-redis"}': _stays(1)},
            "it restarts": {'redis_up{job="zammad-redis"}': "1 0 1 1 0 1 1 0 1"},
        },
    )
    rejected = 'redis_rejected_connections_total{job="zammad-redis"}'
    yield Case(
        job="zammad-redis",
        alert="RedisRejectsConnections",
        fires={rejected: _grows(1)},
        after="6m",
        severity="warning",
        summary="zammad-redis has no connections left",
        silent={"it takes them all": {rejected: _stays(0)}, "that is over": {rejected: _stays(9)}},
    )

    def memory(used: int) -> Series:
        return {
            'redis_memory_used_bytes{job="zammad-redis"}': _stays(used * 2**20),
            'redis_memory_max_bytes{job="zammad-redis"}': _stays(200 * 2**20),
        }

    yield Case(
        job="zammad-redis",
        alert="RedisMemoryHigh",
        fires=memory(190),
        after="10m",
        summary="zammad-redis will soon refuse writes: memory 95% used",
        silent={"there is room": memory(180)},
    )
    written = 'redis_aof_last_write_status{job="zammad-redis"}'
    yield Case(
        job="zammad-redis",
        alert="RedisPersistenceFailing",
        fires={written: _stays(0)},
        after="5m",
        summary="zammad-redis cannot write its append-only file",
        silent={"it writes": {written: _stays(1)}},
    )


def _memcached() -> Iterator[Case]:
    up = 'memcached_up{job="zammad-memcached"}'
    yield Case(
        job="zammad-memcached",
        alert="MemcachedDown",
        fires={up: _stays(0)},
        after="5m",
        severity="warning",
        summary="zammad-memcached does not answer its exporter",
        silent={"it answers": {up: _stays(1)}},
    )


def _grafana() -> Iterator[Case]:
    def answers(**by_code: float) -> Series:
        metric = 'grafana_http_request_duration_seconds_count{job="grafana",namespace="grafana",status_code="'
        return {f'{metric}{code[1:]}"}}': _grows(n) for code, n in by_code.items()}

    yield Case(
        job="grafana",
        alert="GrafanaFailing",
        fires=answers(_200=90, _500=10),
        after="11m",
        severity="warning",
        labels={"namespace": "grafana"},
        summary="Grafana fails 10% of its requests",
        silent={"few fail": answers(_200=96, _500=4), "the clients are wrong": answers(_200=10, _401=90)},
    )


def _cert_manager() -> Iterator[Case]:
    of = 'job="cert-manager",namespace="cert-manager",exported_namespace="bookstack",name="wiki"'
    labels = {"namespace": "cert-manager", "exported_namespace": "bookstack", "name": "wiki"}

    def ready(is_ready: bool) -> Series:
        status = f'certmanager_certificate_ready_status{{{of},condition="'
        return {status + 'True"}': _stays(is_ready), status + 'False"}': _stays(not is_ready)}

    yield Case(
        job="cert-manager",
        alert="CertificateNotReady",
        fires=ready(False),
        after="30m",
        labels=labels | {"condition": "False"},
        summary="certificate bookstack/wiki is not issued",
        silent={"it is": ready(True)},
    )
    expires = f"certmanager_certificate_expiration_timestamp_seconds{{{of}}}"
    yield Case(
        job="cert-manager",
        alert="CertificateExpires",
        fires={expires: _stays(14 * DAY - 1)},
        after="1h",
        labels=labels,
        summary="certificate bookstack/wiki expires within 14 days",
        silent={"it has a while to go": {expires: _stays(15 * DAY)}},
    )


def _external_secrets() -> Iterator[Case]:
    def condition(metric: str, of: str, ready: bool) -> Series:
        status = f'{metric}{{job="external-secrets",{of},condition="Ready",status="'
        return {status + 'True"}': _stays(ready), status + 'False"}': _stays(not ready)}

    secret = ("externalsecret_status_condition", 'exported_namespace="zammad",name="zammad-db-creds"')
    yield Case(
        job="external-secrets",
        alert="ExternalSecretNotSynced",
        fires=condition(*secret, False),
        after="15m",
        labels={"exported_namespace": "zammad", "name": "zammad-db-creds", "condition": "Ready", "status": "False"},
        summary="external secret zammad/zammad-db-creds is not synced",
        silent={
            "it is": condition(*secret, True),
            "it is not deleted": {
                f'{secret[0]}{{job="external-secrets",condition="Deleted",status="False"}}': _stays(1)
            },
        },
    )
    store = ("clustersecretstore_status_condition", 'name="onepassword"')
    yield Case(
        job="external-secrets",
        alert="SecretStoreNotReady",
        fires=condition(*store, False),
        after="15m",
        labels={"name": "onepassword", "condition": "Ready", "status": "False"},
        summary="secret store onepassword cannot be read",
        silent={"it is ready": condition(*store, True)},
    )


def _longhorn_volumes() -> Iterator[Case]:
    def robustness(state: str) -> Series:
        series = 'longhorn_volume_robustness{{job="longhorn-manager",pvc="zammad-data",state="{}"}}'
        return {series.format(each): _stays(each == state) for each in ("healthy", "degraded", "faulted", "unknown")}

    yield Case(
        job="longhorn-manager",
        alert="VolumeDegraded",
        fires=robustness("degraded"),
        after="10m",
        severity="warning",
        labels={"pvc": "zammad-data", "state": "degraded"},
        summary="volume zammad-data lacks a replica",
        silent={"it is healthy": robustness("healthy"), "it is detached": robustness("unknown")},
    )
    yield Case(
        job="longhorn-manager",
        alert="VolumeFaulted",
        fires=robustness("faulted"),
        after="2m",
        labels={"pvc": "zammad-data", "state": "faulted"},
        summary="volume zammad-data has no replica left",
        silent={"it has one": robustness("degraded")},
    )
    read_only = 'longhorn_volume_file_system_read_only{job="longhorn-manager",pvc="zammad-data"}'
    yield Case(
        job="longhorn-manager",
        alert="VolumeReadOnly",
        fires={read_only: _stays(1)},
        after="2m",
        labels={"pvc": "zammad-data"},
        summary="volume zammad-data became read-only",
        silent={"it can be written": {read_only: _stays(0)}},
    )

    def takes(tenths_of_gib: int, pvc: str = "zammad-config") -> Series:
        of = f'{{job="longhorn-manager",pvc="{pvc}"}}'
        return {
            f"longhorn_volume_actual_size_bytes{of}": _stays(tenths_of_gib * 2**30 // 10),
            f"longhorn_volume_capacity_bytes{of}": _stays(5 * 2**30),
        }

    yield Case(
        job="longhorn-manager",
        alert="VolumeNearlyFull",
        fires=takes(50),
        after="10m",
        severity="warning",
        labels={"pvc": "zammad-config"},
        summary="volume zammad-config takes 100% of its size, with snapshots",
        silent={"there is room": takes(45), "the kubelet tells of that one": takes(50, "zammad-data")},
    )

    def node(used: int) -> Series:
        of = '{job="longhorn-manager",node="n1"}'
        return {
            f"longhorn_node_storage_usage_bytes{of}": _stays(used * 2**30),
            f"longhorn_node_storage_capacity_bytes{of}": _stays(100 * 2**30),
        }

    yield Case(
        job="longhorn-manager",
        alert="NodeStorageNearlyFull",
        fires=node(75),
        after="10m",
        severity="warning",
        labels={"node": "n1"},
        summary="node n1 uses 75% of its storage",
        silent={"there is room": node(70)},
    )


def _longhorn_backups() -> Iterator[Case]:
    def backed_up(pvc: str, at: str) -> Series:
        return {f'longhorn_volume_last_backup_at{{job="longhorn-manager",pvc="{pvc}"}}': at}

    every_day = " ".join(f"{1 + DAY * day}x143" for day in range(8))
    yield Case(
        job="longhorn-manager",
        alert="BackupStale",
        fires=backed_up("zammad-data", "1x2000"),
        # 36 hours, the second at which the backup was made, and the hour that follows.
        after="37h10m",
        step="10m",
        labels={"pvc": "zammad-data"},
        summary="volume zammad-data was not backed up when it should have been",
        silent={
            "it is backed up every day": backed_up("zammad-data", every_day),
            "this one is backed up once a week": backed_up("zammad-uploads", "1x2000"),
            "nobody wants this one backed up": backed_up("prometheus-data", "1x2000"),
        },
    )
    every_week = " ".join(f"{1 + 7 * DAY * week}x167" for week in range(3))
    yield Case(
        job="longhorn-manager",
        alert="BackupStale",
        fires=backed_up("zammad-uploads", "1x2000"),
        after="194h",
        step="1h",
        labels={"pvc": "zammad-uploads"},
        summary="volume zammad-uploads was not backed up when it should have been",
        silent={"it is backed up every week": backed_up("zammad-uploads", every_week)},
    )
    yield Case(
        job="longhorn-manager",
        alert="BackupMissing",
        fires=backed_up("zammad-uploads", _stays(0)),
        after="36h",
        step="10m",
        labels={"pvc": "zammad-uploads"},
        summary="volume zammad-uploads has never been backed up",
        silent={
            "the first one was made a day later": backed_up("zammad-uploads", f"0x143 {DAY}x2000"),
            "nobody wants this one backed up": backed_up("prometheus-data", _stays(0)),
        },
    )

    def backup(state: int) -> Series:
        return {'longhorn_backup_state{job="longhorn-manager",backup="backup-1",volume="pvc-1"}': _stays(state)}

    yield Case(
        job="longhorn-manager",
        alert="BackupFailed",
        fires=backup(4),
        after="5m",
        severity="warning",
        labels={"backup": "backup-1", "volume": "pvc-1"},
        summary="backup backup-1 of volume pvc-1 failed",
        silent={"it is complete": backup(3), "it is under way": backup(2)},
    )


def _kube_state_metrics() -> Iterator[Case]:
    def deployment(wanted: int, available: int, *, namespace: str = "bookstack") -> Series:
        of = f'{{job="kube-state-metrics",exported_namespace="{namespace}",deployment="bookstack"}}'
        return {
            f"kube_deployment_spec_replicas{of}": _stays(wanted),
            f"kube_deployment_status_replicas_available{of}": _stays(available),
        }

    def stateful_set(ready: int, *, namespace: str = "zammad") -> Series:
        of = f'{{job="kube-state-metrics",exported_namespace="{namespace}",statefulset="zammad-db"}}'
        return {
            f"kube_statefulset_replicas{of}": _stays(1),
            f"kube_statefulset_status_replicas_ready{of}": _stays(ready),
        }

    yield Case(
        job="kube-state-metrics",
        alert="ReplicasMissing",
        fires={**deployment(2, 1), **stateful_set(1)},
        after="15m",
        labels={"exported_namespace": "bookstack", "deployment": "bookstack"},
        summary="bookstack lacks replicas",
        silent={
            "all are there": {**deployment(2, 2), **stateful_set(1)},
            "it is scaled to zero": deployment(0, 0),
            "it is somebody else's": deployment(2, 1, namespace="kube-system"),
        },
    )
    yield Case(
        job="kube-state-metrics",
        alert="ReplicasMissing",
        fires={**deployment(2, 2), **stateful_set(0)},
        after="15m",
        labels={"exported_namespace": "zammad", "statefulset": "zammad-db"},
        summary="zammad-db lacks replicas",
        silent={"all are there": stateful_set(1), "it is somebody else's": stateful_set(0, namespace="kube-system")},
    )

    def job(started: int, *, failed: int = 1, namespace: str = "zammad") -> Series:
        of = f'job="kube-state-metrics",exported_namespace="{namespace}",job_name="zammad-init"'
        return {
            f'kube_job_failed{{{of},condition="true"}}': _stays(failed),
            f'kube_job_failed{{{of},condition="false"}}': _stays(1 - failed),
            f"kube_job_status_start_time{{{of}}}": _stays(started),
        }

    yield Case(
        job="kube-state-metrics",
        alert="JobFailed",
        fires=job(-DAY * 9 // 10),
        after="5m",
        labels={"exported_namespace": "zammad", "job_name": "zammad-init", "condition": "true"},
        summary="job zammad/zammad-init has given up",
        silent={
            "it runs": job(0, failed=0),
            "that was yesterday": job(-DAY * 11 // 10),
            "it is somebody else's": job(0, namespace="kube-system"),
        },
    )


def _cron_jobs() -> Iterator[Case]:
    def cron_job(name: str, *, succeeded: str | None, created: float = 0, namespace: str = "zammad") -> Series:
        of = f'{{job="kube-state-metrics",exported_namespace="{namespace}",cronjob="{name}"}}'
        found = {f"kube_cronjob_created{of}": _stays(created)}
        return found if succeeded is None else found | {f"kube_cronjob_status_last_successful_time{of}": succeeded}

    every_day = " ".join(f"{DAY * day}x23" for day in range(40))
    every_week = " ".join(f"{7 * DAY * week}x167" for week in range(6))
    for name, alert, after, summary, often in (
        ("zammad-db-dump", "DumpStale", "38h", "zammad-db-dump has not succeeded for 36 hours", every_day),
        (
            "zammad-db-drill",
            "RestoreDrillStale",
            "194h",
            "zammad-db-drill has not restored a dump for 8 days",
            every_week,
        ),
    ):
        labels = {"exported_namespace": "zammad", "cronjob": name}
        for fires in (cron_job(name, succeeded=_stays(0)), cron_job(name, succeeded=None)):
            yield Case(
                job="kube-state-metrics",
                alert=alert,
                # More than so many hours: the step after them is the first; and the hour that follows.
                after=after,
                step="1h",
                fires=fires,
                labels=labels,
                summary=summary,
                silent={
                    "it succeeds": cron_job(name, succeeded=often),
                    "it is new, and has not run yet": cron_job(name, succeeded=None, created=40 * DAY),
                    "it is another CronJob": cron_job("cleanup", succeeded=_stays(0)),
                    "it is somebody else's": cron_job(name, succeeded=_stays(0), namespace="velero"),
                    "it is somebody else's, and new": cron_job(name, succeeded=None, namespace="velero"),
                },
            )


def _prometheus() -> Iterator[Case]:
    reloaded = 'prometheus_config_last_reload_successful{job="prometheus"}'
    yield Case(
        job="prometheus",
        alert="PrometheusConfigurationRefused",
        fires={reloaded: _stays(0)},
        after="10m",
        summary="Prometheus runs on an old configuration",
        silent={"it took it": {reloaded: _stays(1)}},
    )
    failures = (
        'prometheus_rule_evaluation_failures_total{job="prometheus",rule_group="/etc/prometheus/rules.yml;traefik"}'
    )
    yield Case(
        job="prometheus",
        alert="PrometheusRulesFail",
        fires={failures: _grows(2)},
        after="16m",
        severity="warning",
        labels={"rule_group": "/etc/prometheus/rules.yml;traefik"},
        summary="alerts are not evaluated: /etc/prometheus/rules.yml;traefik",
        silent={"none fails": {failures: _stays(0)}, "that is over": {failures: _stays(9)}},
    )

    def stored(blocks: int, wal: int) -> Series:
        return {
            'prometheus_tsdb_storage_blocks_bytes{job="prometheus"}': _stays(blocks * 2**30),
            'prometheus_tsdb_wal_storage_size_bytes{job="prometheus"}': _stays(wal * 2**30),
            'prometheus_tsdb_retention_limit_bytes{job="prometheus"}': _stays(16 * 2**30),
        }

    yield Case(
        job="prometheus",
        alert="PrometheusStorageNearlyFull",
        fires=stored(14, 2),
        after="6h",
        severity="warning",
        summary="Prometheus drops its oldest samples to stay within its size",
        silent={"there is room": stored(14, 1)},
    )


def _kubelet() -> Iterator[Case]:
    def volume(free: float, node: str = "n1") -> Series:
        of = f'{{job="kubelet",node="{node}",namespace="zammad",persistentvolumeclaim="data-zammad-db-0"}}'
        return {
            f"kubelet_volume_stats_available_bytes{of}": _stays(int(free * 2**30)),
            f"kubelet_volume_stats_capacity_bytes{of}": _stays(15 * 2**30),
        }

    yield Case(
        job="kubelet",
        alert="FileSystemNearlyFull",
        fires={**volume(1.4), **volume(1.4, "n2")},
        after="10m",
        labels={"namespace": "zammad", "persistentvolumeclaim": "data-zammad-db-0"},
        summary="less than 10 % is free on zammad/data-zammad-db-0",
        silent={"there is room": volume(1.6)},
    )
    up = 'up{job="kubelet",node="n1"}'
    yield Case(
        job="kubelet",
        alert="TargetDown",
        fires={up: _stays(0)},
        after="5m",
        severity="warning",
        labels={"node": "n1"},
        summary="the kubelet of node n1 does not answer Prometheus",
        silent={"it answers": {up: _stays(1)}},
    )
    yield Case(
        job="kubelet",
        alert="TargetAbsent",
        fires={'up{job="other"}': _stays(1)},
        after="10m",
        summary="no kubelet is scraped",
        silent={"it is there": {up: _stays(1)}, "it is there, and down": {up: _stays(0)}},
    )
