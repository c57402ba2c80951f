"""LonghornVolume: a disk that outlives its pods."""

import re
from typing import Literal, TypeAlias

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_name, check_reference, check_size, quantity
from vkm_constructs.errors import Checks, spell
from vkm_constructs.longhorn_backup_group import LonghornBackupGroup
from vkm_constructs.mounts import Mount, volume_name

AccessMode: TypeAlias = Literal["ReadWriteOnce", "ReadWriteMany"]

# Deleting the claim deletes the data (reclaim policy Delete), so no tool may prune it: Argo CD, Flux, Helm.
_KEEP = {
    "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
    "kustomize.toolkit.fluxcd.io/prune": "disabled",
    "helm.sh/resource-policy": "keep",
}


class LonghornVolume(Construct):
    """A volume on Longhorn. Makes a PersistentVolumeClaim that GitOps tools are told never to prune.

    Args:
        id: the claim's name; a DNS label.
        size: `"10Gi"`; it can grow later, never shrink.
        access_mode: ReadWriteOnce for one pod; ReadWriteMany for several, which Longhorn serves over NFS, so not for
            databases. It cannot be changed later. Default ReadWriteOnce.
        backup: the group of recurring jobs that snapshot and back it up; None is none.
        storage_class: name of the StorageClass. Default `longhorn`.

    Attributes:
        name, size, access_mode: as given.
        claim: the L1 object.

    Raises:
        ConstructError: a size that is none, a name that Kubernetes refuses.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        size: str,
        access_mode: AccessMode = "ReadWriteOnce",
        backup: LonghornBackupGroup | None = None,
        storage_class: str = "longhorn",
    ) -> None:
        check = Checks(scope, id)
        namespace = check.namespace()
        check_name(check, "id", id)
        check_size(check, "size", size)
        check_reference(check, "storage_class", storage_class)
        if access_mode not in ("ReadWriteOnce", "ReadWriteMany"):
            several = re.search("x|many", access_mode.lower())
            check.refuse(
                "access_mode",
                access_mode,
                "is not an access mode of Longhorn",
                accepted='"ReadWriteOnce", "ReadWriteMany"',
                fix=f"access_mode={spell('ReadWriteMany' if several else 'ReadWriteOnce')}",
            )
        check.done()
        super().__init__(scope, id)

        self.size, self.access_mode = size, access_mode
        self.name, self.namespace = id, namespace
        self._users: list[str] = []
        self._visitors: list[str] = []
        if backup is not None:
            backup.volumes.append(id)
        self.claim = k8s.KubePersistentVolumeClaim(
            self,
            "claim",
            metadata=k8s.ObjectMeta(name=id, namespace=namespace, labels=_joined(backup), annotations=_KEEP),
            spec=k8s.PersistentVolumeClaimSpec(
                access_modes=[access_mode],
                storage_class_name=storage_class,
                resources=k8s.ResourceRequirements(requests={"storage": quantity(size)}),
            ),
        )

    def at(self, path: str, *, sub_path: str | None = None) -> Mount:
        """Mount it at `path`.

        Args:
            path: absolute path in the container.
            sub_path: directory of the volume; None is its root.
        """
        return Mount(
            path=path,
            volume=k8s.Volume(
                name=volume_name("claim", self.name),
                persistent_volume_claim=k8s.PersistentVolumeClaimVolumeSource(claim_name=self.name),
            ),
            source=self.name,
            namespace=self.namespace,
            sub_path=sub_path,
            exclusive=self.access_mode == "ReadWriteOnce",
            users=self._users,
            visitors=self._visitors,
        )


def _joined(backup: LonghornBackupGroup | None) -> dict[str, str] | None:
    if backup is None:
        return None
    # Longhorn ignores the group's label without the first one (Longhorn 1.12).
    return {
        "recurring-job.longhorn.io/source": "enabled",
        f"recurring-job-group.longhorn.io/{backup.name}": "enabled",
    }
