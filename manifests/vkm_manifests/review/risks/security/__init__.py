"""Security: a protection is weaker than it was."""

# isort: off
from vkm_manifests.review.risks.security import pods, transport, rights, secrets
# isort: on

__all__ = ["pods", "rights", "secrets", "transport"]
