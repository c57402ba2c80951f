"""What the project relies on."""

from vkm_constructs import App
from vkm_manifests.testing import Manifests, ManifestSnapshots, assert_verified


def test_snapshots(manifests: Manifests, manifest_snapshots: ManifestSnapshots) -> None:
    manifest_snapshots.check(manifests)


def test_verified(app: App) -> None:
    assert_verified(app)


def test_only_the_application_reaches_the_database(manifests: Manifests) -> None:
    ways = [name for name in manifests if name.startswith("guestbook/NetworkPolicy/guestbook-db-from-")]
    assert ways == ["guestbook/NetworkPolicy/guestbook-db-from-guestbook"]
