"""Downtime: something does not answer for a while."""

# isort: off
from vkm_manifests.review.risks.downtime import workloads, starts, doors, ways, rights, stores, needed
# isort: on

__all__ = ["doors", "needed", "rights", "starts", "stores", "ways", "workloads"]
