"""Break one thing at a time in the environment's own manifests: each slip is found, on the object that it is about."""

import os
import re

import pytest

from tests.conftest import ROOT, Manifest
from tests.environments import vkm_manifests
from tests.mutations import LIST, UNSEEN, Mutant, found_by, leaves, mutants
from vkm_manifests import Identity, dump
from vkm_manifests.verify import Finding, verify

# Each slip means to verify the whole environment: all of them take minutes, so the suite takes every so many.
STEP = 1 if os.environ.get("VKM_EVERYTHING") else 60
PARTS = 8


@pytest.fixture(scope="module")
def manifests() -> list[Manifest]:
    return list(vkm_manifests().values())


@pytest.fixture(scope="module")
def unseen() -> list[str]:
    return LIST.read_text(encoding="utf-8").splitlines()


def is_about(finding: Finding, mutant: Mutant, manifests: dict[Identity, Manifest]) -> bool:
    """The finding is on the object, or says what it is known by; or one of the two objects names the other."""
    manifest = manifests[mutant.identity]
    known_by = {mutant.identity.name, *_labels_and_groups(manifest)} - {mutant.identity.namespace}
    return (
        finding.object == mutant.identity
        or any(name in f"{finding.field} {finding.message}" for name in known_by)
        or finding.object.name in dump(manifest)
        or mutant.identity.name in dump(manifests.get(finding.object, {}))
    )


def _labels_and_groups(manifest: Manifest) -> set[str]:
    paths = [(path, value) for path, value in leaves(manifest) if "labels" in path or "groups" in path]
    return {value for _, value in paths if isinstance(value, str)}


def test_nothing_is_wrong_before(manifests: list[Manifest]) -> None:
    assert [finding for finding in verify(manifests) if not finding.ignored] == []


@pytest.mark.parametrize("part", range(PARTS))
def test_every_slip_is_found(manifests: list[Manifest], unseen: list[str], part: int) -> None:
    """All but those of the list; what is found by now has to leave it: python -m tests.mutations."""
    by_identity = {Identity.of(manifest): manifest for manifest in manifests}
    missed, elsewhere, listed = [], [], set(unseen)
    for mutant in mutants(manifests)[part * STEP :: STEP * PARTS]:
        found = found_by(mutant, manifests)
        if (not found) != (str(mutant) in listed):
            missed.append(str(mutant))
        elif found and not any(is_about(finding, mutant, by_identity) for finding in found):
            elsewhere.append(f"{mutant}: {found[0]}")
    assert missed == [], "found by no rule, or listed and found"
    assert elsewhere == [], "found on other objects only"


def test_every_slip_of_the_list_has_its_reason(unseen: list[str]) -> None:
    for slip in unseen:
        assert any(re.match(entry.slips, slip) for entry in UNSEEN), slip
    for entry in UNSEEN:
        assert any(re.match(entry.slips, slip) for slip in unseen), entry.what


def test_the_list_is_of_these_manifests(manifests: list[Manifest], unseen: list[str]) -> None:
    assert set(unseen) <= {str(mutant) for mutant in mutants(manifests)}, "python -m tests.mutations"


def test_the_reasons_are_documented() -> None:
    page = (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")
    for entry in UNSEEN:
        assert f"| {entry.what} | {entry.why} |\n" in page
