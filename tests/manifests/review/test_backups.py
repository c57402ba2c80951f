"""Backups that silently end."""

import pytest
import yaml

from vkm_manifests.review import Concern, review

DUMP = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: orders-dump, namespace: shop}
spec:
  schedule: 0 2 * * *
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: dump
            image: postgres:17.5
            command: [sh, -c, "pg_dump -h orders -f /dumps/new; find /dumps -mtime +30 -delete; restic --keep-daily 7"]
            env: [{name: PGPASSWORD, valueFrom: {secretKeyRef: {name: orders, key: password}}}]
            volumeMounts: [{name: scripts, mountPath: /scripts}]
          volumes: [{name: scripts, configMap: {name: scripts}}]
---
apiVersion: v1
kind: Secret
metadata: {name: orders, namespace: shop}
data: {password: eA==, username: eA==}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: scripts, namespace: shop}
data: {dump.sh: pg_dump}
---
apiVersion: v1
kind: Service
metadata: {name: orders, namespace: shop}
spec: {ports: [{port: 5432}]}
"""
SECRET, CONFIG_MAP, SERVICE = (part.lstrip("\n") for part in DUMP.split("---")[1:])
LONGHORN = """
apiVersion: longhorn.io/v1beta2
kind: RecurringJob
metadata: {name: nightly, namespace: longhorn-system}
spec: {name: nightly, task: backup, cron: 0 2 * * *, retain: 30, groups: [critical], concurrency: 1}
---
apiVersion: longhorn.io/v1beta2
kind: BackupTarget
metadata: {name: default, namespace: longhorn-system}
spec: {backupTargetURL: "s3://backups@eu/", credentialSecret: s3}
---
apiVersion: longhorn.io/v1beta2
kind: Setting
metadata: {name: allow-recurring-job-while-volume-detached, namespace: longhorn-system}
value: "true"
---
apiVersion: v1
kind: Secret
metadata: {name: s3, namespace: longhorn-system}
data: {AWS_ACCESS_KEY_ID: eA==}
"""
OTHER_JOB = """
---
apiVersion: longhorn.io/v1beta2
kind: RecurringJob
metadata: {name: weekly, namespace: longhorn-system}
spec: {name: weekly, task: backup, cron: 0 2 * * 0, retain: 30, groups: [critical]}
"""
OPERATED = """
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: orders, namespace: shop}
spec: {instances: 1, storage: {size: 1Gi}}
---
apiVersion: postgresql.cnpg.io/v1
kind: ScheduledBackup
metadata: {name: nightly, namespace: shop}
spec: {schedule: "0 0 2 * * *", cluster: {name: orders}}
---
apiVersion: velero.io/v1
kind: BackupStorageLocation
metadata: {name: default, namespace: velero}
spec: {accessMode: ReadWrite, objectStorage: {bucket: backups}}
"""
SECOND = """
---
apiVersion: postgresql.cnpg.io/v1
kind: ScheduledBackup
metadata: {name: second, namespace: shop}
spec: {schedule: "0 0 3 * * *", cluster: {name: orders}}
"""
ALERTS = """
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: jobs, namespace: monitoring}
spec:
  groups:
  - name: jobs
    rules:
    - {alert: DumpStale, expr: time() - last_success > 36 * 3600}
    - {alert: RestoreDrillStale, expr: time() - last_success > 8 * 86400}
    - {alert: Failures, expr: velero_backup_failure_total > 0}
    - {alert: JobFailed, expr: 'kube_job_failed{job!~".*-backup"} > 0'}
"""


def _concerns(old: str, new: str) -> list[Concern]:
    before, after = ([item for item in yaml.safe_load_all(text) if item] for text in (old, new))
    found = review(before, after).objects
    return [concern for item in found for concern in item.concerns if concern.level == "data-loss"]


@pytest.mark.parametrize(
    ("manifests", "old", "new", "reason"),
    [
        # What is run.
        (
            DUMP,
            "pg_dump -h orders -f /dumps/new; find /dumps -mtime +30 -delete; restic --keep-daily 7",
            "true",
            "makes no backup any more, as far as its command says, which no longer names pg_dump",
        ),
        (DUMP, "pg_dump -h orders", "pg_dumpall -h orders", None),
        (DUMP, "-mtime +30", "-mtime +3", "keeps backups for 3d instead of 30d: the older ones are deleted (-mtime)"),
        (DUMP, "-mtime +30", "-mtime +60", None),
        (
            DUMP,
            "--keep-daily 7",
            "--keep-daily 1",
            "keeps 1 backups instead of 7: the older ones are deleted at the next run (--keep-daily)",
        ),
        # Of what.
        (DUMP, "-h orders", "-h users", "makes backups of users instead of orders, of which nothing else does"),
        (DUMP, "-h orders", "-h orders-ro.shop.svc.cluster.local:5432", None),
        (DUMP, "-h orders", "-h $HOST", None),
        (
            OPERATED,
            "cluster: {name: orders}",
            "cluster: {name: users}",
            "makes backups of users instead of orders, of which nothing else does",
        ),
        (OPERATED + SECOND, '0 2 * * *", cluster: {name: orders}', '0 2 * * *", cluster: {name: users}', None),
        # What it needs.
        (
            DUMP,
            "secretKeyRef: {name: orders,",
            "secretKeyRef: {name: order,",
            "makes no backups any more: Secret order is not there",
        ),
        (
            DUMP,
            "key: password}",
            "key: passwort}",
            "makes no backups any more: key passwort of Secret orders is not there",
        ),
        (DUMP, "key: password}", "key: username}", None),
        (
            DUMP,
            "configMap: {name: scripts}",
            "configMap: {name: script}",
            "makes no backups any more: ConfigMap script is not there",
        ),
        (DUMP, "configMap: {name: scripts}", "configMap: {name: script, optional: true}", None),
        (DUMP, CONFIG_MAP, "", "CronJob orders-dump makes no backups without ConfigMap scripts"),
        (DUMP, "{password: eA==, ", "{", "CronJob orders-dump makes no backups without key password of Secret orders"),
        (DUMP, "username: eA==", "username: eQ==", None),
        # Whether it is let.
        (LONGHORN, 'value: "true"', 'value: "false"', "is false: no backups are made of volumes while no pod has them"),
        (LONGHORN.replace('"true"', '"false"'), 'value: "false"', 'value: "true"', None),
        (OPERATED, "accessMode: ReadWrite", "accessMode: ReadOnly", "is ReadOnly: no backups are written there"),
        # Longhorn, though no claim is known.
        (
            LONGHORN,
            "task: backup",
            "task: snapshot",
            "makes snapshots instead of backups: they are lost with their volume",
        ),
        (LONGHORN, "task: backup", "task: filesystem-trim", "makes no backups any more, but does filesystem-trim"),
        (LONGHORN, "task: backup", "task: backup-force-create", None),
        (
            LONGHORN,
            "[critical]",
            "[default]",
            "no longer makes backups of the volumes in group critical, and nothing else does",
        ),
        (LONGHORN, "[critical]", "[critical, default]", None),
        (LONGHORN + OTHER_JOB, "[critical], concurrency: 1", "[], concurrency: 1", None),
        (
            LONGHORN,
            "credentialSecret: s3",
            "credentialSecret: s4",
            "logs in to s3://backups@eu/ with Secret s4 instead of s3, which is not there",
        ),
        (
            LONGHORN.replace("{name: s3,", "{name: s5,"),
            "credentialSecret: s3",
            "credentialSecret: s5",
            "logs in to s3://backups@eu/ with Secret s5 instead of s3, which may have no right to write there",
        ),
        (
            LONGHORN,
            "metadata: {name: s3,",
            "metadata: {name: s4,",
            "BackupTarget default makes no backups without Secret s3",
        ),
        # Who watches.
        (
            ALERTS,
            "    - {alert: DumpStale, expr: time() - last_success > 36 * 3600}\n",
            "",
            "DumpStale is removed: nobody notices any more when backups are missing, or cannot be restored",
        ),
        (ALERTS, "alert: DumpStale", "alert: DumpTooOld", None),
        (ALERTS, "36 * 3600", "48 * 3600", None),
        (ALERTS, """    - {alert: JobFailed, expr: 'kube_job_failed{job!~".*-backup"} > 0'}\n""", "", None),
        (ALERTS, "{name: jobs, namespace", "{labels: {a: b}, name: jobs, namespace", None),
        (
            ALERTS,
            ALERTS.lstrip("\n"),
            "",
            "DumpStale, RestoreDrillStale and Failures are removed: nobody notices any more when backups are missing, "
            "or cannot be restored",
        ),
    ],
)
def test_what_ends_a_backup(manifests: str, old: str, new: str, reason: str | None) -> None:
    assert manifests.count(old) == 1
    found = _concerns(manifests, manifests.replace(old, new))
    assert [concern.reason for concern in found] == ([reason] if reason else [])


def test_a_database_that_goes_needs_no_backup() -> None:
    other = DUMP.replace(SERVICE, SERVICE.replace("name: orders", "name: shop-db")).replace("-h orders", "-h shop-db")
    assert _concerns(DUMP, other) == []
