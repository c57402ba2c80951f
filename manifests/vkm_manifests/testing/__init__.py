"""For tests of projects that make manifests: what `vkm_manifests.pytest_plugin` gives, and its types.

Importing it starts no jsii, and needs neither pytest nor syrupy.
"""

from vkm_manifests.testing.app import Manifest, Manifests, assert_verified, manifests_of
from vkm_manifests.testing.snapshots import ManifestSnapshots

__all__ = ["Manifest", "ManifestSnapshots", "Manifests", "assert_verified", "manifests_of"]
