"""Downtime: something does not answer for a while."""

# isort: off
from vkm_manifests.review.risks.downtime import workloads, starts, logins, doors, ways, rights, stores, needed
# isort: on

__all__ = ["doors", "logins", "needed", "rights", "starts", "stores", "ways", "workloads"]
