"""Every object of Kubernetes' own kinds is valid in every version that is supported: from 1.30 to the newest known.

The operators' kinds are held against the contracts, by `make test`, which does so for 1.30 only.
"""

import kubernetes_validate  # type: ignore[import-untyped]
import pytest

from tests.conftest import Manifest
from tests.schemas import OLDEST
from vkm_manifests.identity import KUBERNETES_GROUPS
from vkm_manifests.schema.schemas import kubernetes_versions, numbers_of, schema_of

VERSIONS = [version for version in kubernetes_versions() if numbers_of(version) >= numbers_of(OLDEST)]


@pytest.fixture(scope="module")
def core(manifests: dict[str, Manifest]) -> dict[str, Manifest]:
    return {
        identity: manifest
        for identity, manifest in manifests.items()
        if manifest["apiVersion"].rpartition("/")[0] in KUBERNETES_GROUPS
    }


def test_the_oldest_is_known_and_newer_ones_too() -> None:
    assert VERSIONS[0] == OLDEST
    assert len(VERSIONS) > 1


@pytest.mark.parametrize("version", VERSIONS)
def test_every_object_is_valid(version: str, core: dict[str, Manifest]) -> None:
    assert len(core) > 150
    wrong = []
    for identity, manifest in core.items():
        schema = schema_of(manifest["apiVersion"], manifest["kind"], version)
        assert schema is not None, f"{identity}: {version} does not serve {manifest['apiVersion']}"
        wrong += [f"{identity}: {problem.field} {problem.message}" for problem in schema.problems(manifest)]
    assert wrong == []


@pytest.mark.parametrize("version", [VERSIONS[0], VERSIONS[-1]])
def test_kubernetes_validate_itself_finds_nothing(version: str, core: dict[str, Manifest]) -> None:
    """One object of each kind, the largest: it reads all definitions anew for each, which takes its time."""
    largest = {manifest["kind"]: manifest for manifest in sorted(core.values(), key=lambda found: len(str(found)))}
    assert len(largest) >= 15
    for manifest in largest.values():
        kubernetes_validate.validate(manifest, version, strict=True)
