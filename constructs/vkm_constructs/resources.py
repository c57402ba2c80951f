"""What a container asks of its node."""

from dataclasses import dataclass

from cdk8s_plus_27 import k8s

from vkm_constructs.checks import check_cpu, check_size, quantity
from vkm_constructs.errors import Checks


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Requests and limits of one container.

    Memory and ephemeral storage cannot be shared under pressure, so their request is their limit; CPU can, so it has a
    request and no limit.

    Args:
        cpu: request, `"100m"` (thousandths of a core) or `"2"` (cores).
        memory: request and limit, in Ki, Mi, Gi or Ti.
        ephemeral_storage: request and limit for logs, the writable layer and the writable paths together.
    """

    cpu: str = "100m"
    memory: str = "256Mi"
    ephemeral_storage: str = "1Gi"

    def check(self, check: Checks, at: str = "resources") -> tuple[int, int]:
        """Note what cannot be a request or a limit; the bytes of memory and ephemeral storage, 0 where refused."""
        check_cpu(check, f"{at}.cpu", self.cpu)
        memory = check_size(check, f"{at}.memory", self.memory)
        return memory, check_size(check, f"{at}.ephemeral_storage", self.ephemeral_storage)

    def to_k8s(self) -> k8s.ResourceRequirements:
        """The container's field `resources`."""
        kept = {"memory": quantity(self.memory), "ephemeral-storage": quantity(self.ephemeral_storage)}
        return k8s.ResourceRequirements(requests={"cpu": quantity(self.cpu), **kept}, limits=kept)
