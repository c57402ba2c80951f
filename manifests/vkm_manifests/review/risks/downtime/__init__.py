"""Downtime: something does not answer for a while."""

# isort: off
from vkm_manifests.review.risks.downtime import workloads, needed
# isort: on

__all__ = ["needed", "workloads"]
