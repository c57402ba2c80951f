"""Pod Security `restricted`, and what it costs an application that writes to its own file system."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from cdk8s_plus_27 import k8s

from vkm_constructs.checks import check_at_least, check_path, check_size
from vkm_constructs.errors import Checks


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """Who a pod runs as, where it may write and whether it may speak to the Kubernetes API.

    The rest is not a choice: non-root, read-only root file system, no privilege escalation, all capabilities dropped,
    seccomp `RuntimeDefault`.

    Args:
        user: numeric uid that the image is built for, above 0.
        group: numeric gid, above 0; volumes are handed to it.
        writable: paths that the software writes besides its volumes, each with the most that it may hold; each becomes
            an emptyDir. `{"/tmp": "64Mi"}`.
        api_token: mount a token for the Kubernetes API.
    """

    user: int = 65532
    group: int = 65532
    writable: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({"/tmp": "64Mi"}))
    api_token: bool = False

    def check(self, check: Checks, ephemeral_storage: int) -> None:
        """Note what cannot pass `restricted`, and writable paths that do not fit the ephemeral storage (in bytes)."""
        check_at_least(check, "security.user", self.user, 1)
        check_at_least(check, "security.group", self.group, 1)
        total = 0
        for path, size in self.writable.items():
            check_path(check, "security.writable", path)
            total += check_size(check, f'security.writable["{path}"]', size)
        if total > ephemeral_storage > 0:
            limit = f"{ephemeral_storage // 2**20}Mi"
            check.refuse(
                "security.writable",
                dict(self.writable),
                f"is more than the ephemeral storage, {limit}: the pod is evicted before they are full",
                accepted=f"paths that sum up to {limit} at most",
                fix=f'resources=Resources(ephemeral_storage="{-(-total // 2**30)}Gi", ...)',
            )

    def of_pod(self) -> k8s.PodSecurityContext:
        """The pod's field `securityContext`: identity."""
        return k8s.PodSecurityContext(
            run_as_non_root=True,
            run_as_user=self.user,
            run_as_group=self.group,
            fs_group=self.group,
            # Walks the volume only when its root has another owner, not at each start.
            fs_group_change_policy="OnRootMismatch",
            seccomp_profile=k8s.SeccompProfile(type="RuntimeDefault"),
        )


def of_container() -> k8s.SecurityContext:
    """The container's field `securityContext`: containment."""
    return k8s.SecurityContext(
        allow_privilege_escalation=False,
        read_only_root_filesystem=True,
        capabilities=k8s.Capabilities(drop=["ALL"]),
    )
