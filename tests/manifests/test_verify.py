"""What holds for verification as a whole: it only looks, finds the same each time, and costs what the input weighs."""

import copy
import cProfile
import os
import pstats
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from vkm_manifests import Identity
from vkm_manifests.reading import read
from vkm_manifests.verify import RULES, verify
from vkm_manifests.verify.rule import examples

POPULAR: Final = Path(__file__).parent / "popular"
SYSTEM: Final = {"default", "kube-system"}


def _popular() -> list[dict[str, Any]]:
    """The popular manifests as one environment, each object once."""
    found = {Identity.of(item.manifest): item.manifest for item in read([str(POPULAR)])}
    return [copy.deepcopy(dict(manifest)) for manifest in found.values()]


def test_it_changes_nothing() -> None:
    manifests = _popular()
    before = copy.deepcopy(manifests)
    verify(manifests)
    assert manifests == before


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_the_input_does_not_matter(seed: int) -> None:
    manifests = _popular()
    found = verify(manifests)
    random.Random(seed).shuffle(manifests)
    assert verify(manifests) == found


def test_the_order_of_an_example_does_not_matter() -> None:
    for rule in RULES.values():
        manifests = examples(rule.fails)
        assert verify(manifests[::-1]) == verify(manifests), rule.name


def test_the_order_of_keys_does_not_matter() -> None:
    manifests = _popular()
    assert verify(_reversed(manifests)) == verify(manifests)


def _reversed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _reversed(item) for key, item in reversed(value.items())}
    return [_reversed(item) for item in value] if isinstance(value, list) else value


def test_the_seed_of_hashes_does_not_matter() -> None:
    """Python gives texts other hashes in each process: what a set holds comes out in another order."""

    def run(seed: str) -> str:
        command = [sys.executable, "-c", "from vkm_manifests.command import vkm; vkm()"]
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        arguments = ["verify", str(POPULAR), "--format", "json"]
        return subprocess.run([*command, *arguments], capture_output=True, text=True, env=environment).stdout

    assert len(run("1")) > 10_000
    assert run("1") == run("2")


def test_the_cost_grows_with_the_input() -> None:
    """Four environments side by side take about four times the calls of one: no rule holds all against all."""
    once = _popular()[::2]
    verify(once)  # reads the schemas
    many = [changed for number in range(4) for changed in _copy(once, number)]
    assert _calls(many) < 6 * _calls(once)


def _calls(manifests: list[dict[str, Any]]) -> int:
    profile = cProfile.Profile()
    profile.runcall(verify, manifests)
    return int(pstats.Stats(profile).total_calls)  # type: ignore[attr-defined]


def _copy(manifests: list[dict[str, Any]], number: int) -> list[dict[str, Any]]:
    """The same environment in other namespaces, with other hosts and other names for what lives in none."""
    metadata = [found["metadata"] for found in manifests if "metadata" in found]
    names = {str(found.get(key)) for found in metadata for key in ("name", "namespace")} - SYSTEM

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: renamed(item) for key, item in value.items()}
        if isinstance(value, list):
            return [renamed(item) for item in value]
        if isinstance(value, str):
            value = re.sub(r"\.example\.com", f"-{number}.example.com", value)
            return f"{value}-{number}" if value in names else value
        return value

    return [renamed(found) for found in manifests]
