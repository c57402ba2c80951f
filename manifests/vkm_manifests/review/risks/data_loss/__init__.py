"""Data loss: data, or the means to get it back, may be gone."""

# isort: off
from vkm_manifests.review.risks.data_loss import removed, mounts, servers, backups, keys
# isort: on

__all__ = ["backups", "keys", "mounts", "removed", "servers"]
