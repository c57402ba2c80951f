"""The graph of manifests: their objects, and what each is to the others."""

from vkm_manifests.graph.graph import Graph

__all__ = ["Graph"]
