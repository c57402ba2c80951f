"""The risks, a file or a folder for each level. Importing this package registers them all, the worst first."""

# isort: off
from vkm_manifests.review.risks import data_loss, replace, downgrade, security
from vkm_manifests.review.risks import exposure, downtime, restart, routine
# isort: on

__all__ = ["data_loss", "downgrade", "downtime", "exposure", "replace", "restart", "routine", "security"]
