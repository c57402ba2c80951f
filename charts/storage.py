"""Longhorn: the storage class, the backup target and when it is written to."""

from cdk8s import ApiObjectMetadata
from cdk8s_plus_27 import k8s
from constructs import Construct

from charts.environment import Environment
from vkm_constructs import ExternalSecretRef, LonghornBackupGroup, Namespace, Schedule, SecretStore, ServiceChart
from vkm_longhorn.io.longhorn import BackupTarget, BackupTargetSpec, Setting


class StorageChart(ServiceChart):
    """StorageClass `longhorn` with three copies of each volume, and backups of the volumes on S3.

    The StorageClass is ours: Longhorn's chart runs with `persistence.createStorageClass=false`. The BackupTarget
    `default` exists once Longhorn runs, and is taken over by server-side apply.
    """

    def __init__(self, scope: Construct, env: Environment, *, namespace: Namespace, store: SecretStore) -> None:
        super().__init__(scope, "storage", namespace=namespace, labels=env.labels)

        k8s.KubeStorageClass(
            self,
            "longhorn",
            metadata=k8s.ObjectMeta(
                name="longhorn", annotations={"storageclass.kubernetes.io/is-default-class": "true"}
            ),
            provisioner="driver.longhorn.io",
            allow_volume_expansion=True,
            reclaim_policy="Delete",
            volume_binding_mode="Immediate",
            parameters={
                "numberOfReplicas": str(env.volume_replicas),
                "staleReplicaTimeout": "30",
                "fsType": "ext4",
                "dataEngine": "v1",
                "dataLocality": "best-effort",
                "backupTargetName": "default",
            },
        )

        credentials = ExternalSecretRef(
            self,
            "longhorn-backup-secret",
            store=store,
            # The keys that Longhorn reads (Longhorn 1.12, set-backup-target).
            keys={
                "AWS_ACCESS_KEY_ID": "longhorn-backup/access-key-id",
                "AWS_SECRET_ACCESS_KEY": "longhorn-backup/secret-access-key",
            },
        )
        BackupTarget(
            self,
            "default",
            metadata=ApiObjectMetadata(name="default"),
            spec=BackupTargetSpec(
                backup_target_url=env.backups.target, credential_secret=credentials.name, poll_interval="5m0s"
            ),
        )

        # Volumes of dumps are detached but for the minutes of a run: without this, Longhorn would never back them up.
        Setting(
            self,
            "backup-while-detached",
            metadata=ApiObjectMetadata(name="allow-recurring-job-while-volume-detached"),
            value="true",
        )

        self.critical = LonghornBackupGroup(
            self,
            "critical",
            snapshot=Schedule(cron="0 * * * *", retain=24),
            backup=Schedule(cron="30 1 * * *", retain=30),
        )
        self.standard = LonghornBackupGroup(self, "standard", backup=Schedule(cron="30 2 * * *", retain=14))
