"""Reads Kubernetes manifests, whoever made them: plain dicts in, findings out. Never starts jsii."""

from vkm_manifests.identity import CLUSTER_SCOPED, Identity, duplicates
from vkm_manifests.manifest_yaml import dump, dump_all

__all__ = ["CLUSTER_SCOPED", "Identity", "dump", "dump_all", "duplicates"]
