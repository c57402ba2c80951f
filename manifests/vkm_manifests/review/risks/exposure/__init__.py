"""Exposure: something can be reached that could not be."""

# isort: off
from vkm_manifests.review.risks.exposure import routes, doors, policies
# isort: on

__all__ = ["doors", "policies", "routes"]
