"""Malformed input: whatever stands in a manifest, verification finds something or nothing, and never fails.

Each value of the rules' own examples and of the popular manifests is replaced by values of other types, each key by
keys that are no text. VKM_EVERYTHING=1 does so everywhere, which takes minutes; otherwise a fixed sample is taken.
"""

import copy
import json
import os
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, TypeAlias

import pytest

from vkm_manifests.graph.graph import Graph
from vkm_manifests.matrix import as_table
from vkm_manifests.reading import read
from vkm_manifests.verify import RULES, verify
from vkm_manifests.verify.rule import examples

Place: TypeAlias = tuple[Any, ...]

EVERYTHING: Final = bool(os.environ.get("VKM_EVERYTHING"))
POPULAR: Final = sorted((Path(__file__).parent / "popular").glob("*.yaml"))
VALUES: Final[tuple[Any, ...]] = (
    *(None, True, 0, -1, 1.5, float("nan"), 10**30),
    *("", "x", "\u0000", "a b\n{{", "1Gi", "-----BEGIN", "*/99 * * * *", "${"),
    *([], [None], [[]], ["x"], [{}], [0, True], ["x", {"name": "x"}]),
    *({}, {"a": None}, {"a": "b"}, {None: 1}, {1: {}}, {"name": []}, {"a": ["x"]}, {"matchLabels": {"a": {}}}),
)
KEYS: Final = (None, True, 1, 1.5, "", b"x")
# One of so many changes is in the sample: primes, so that it meets each value and each place.
EXAMPLES_STEP: Final = 499
POPULAR_STEP: Final = 2003


def _places(value: Any, place: Place = ()) -> Iterator[Place]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*place, key)
        yield from _places(item, (*place, key))


def _changes(manifests: list[dict[str, Any]]) -> Iterator[tuple[Place, bool, Any]]:
    """Where, whether the key is changed, and to what."""
    for place in _places(manifests):
        if len(place) > 1:  # a manifest is a mapping
            yield from ((place, False, value) for value in VALUES)
            yield from ((place, True, key) for key in KEYS if isinstance(place[-1], str))


def _changed(manifests: list[dict[str, Any]], place: Place, is_key: bool, new: Any) -> list[dict[str, Any]]:
    found = list(manifests)
    index, *parents = place[:-1]
    found[index] = holder = copy.deepcopy(manifests[index])
    for step in parents:
        holder = holder[step]
    if is_key:
        items = [(new if key == place[-1] else key, item) for key, item in holder.items()]
        holder.clear()
        holder.update(items)
    else:
        holder[place[-1]] = copy.deepcopy(new)
    return found


def _survives(name: str, manifests: list[dict[str, Any]], step: int) -> None:
    step = 1 if EVERYTHING else step
    for place, is_key, new in islice(_changes(manifests), zlib.crc32(name.encode()) % step, None, step):
        try:
            verify(_changed(manifests, place, is_key, new))
        except Exception as reason:
            raise AssertionError(f"{name} {place} {'key' if is_key else 'value'} {new!r}") from reason


def _popular(file: Path) -> list[dict[str, Any]]:
    # What stands behind an alias is one object in several places: each gets its own.
    return [json.loads(json.dumps(found.manifest)) for found in read([str(file)])]


def test_examples_of_rules() -> None:
    texts = dict.fromkeys(text for rule in RULES.values() for text in (rule.passes, rule.fails))
    for text in texts:
        _survives(text, examples(text), EXAMPLES_STEP)


@pytest.mark.parametrize("file", POPULAR, ids=lambda file: file.stem)
def test_popular_manifests(file: Path) -> None:
    _survives(file.stem, _popular(file), POPULAR_STEP)


@pytest.mark.parametrize(
    "manifest", [{}, {"kind": None}, {"kind": "Pod"}, {"apiVersion": "v1"}, {"apiVersion": [], "kind": {}}, {1: 2}]
)
def test_what_is_no_manifest_at_all(manifest: dict[Any, Any]) -> None:
    verify([manifest, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}}])


@pytest.mark.parametrize("field", ["metadata", "spec"])
@pytest.mark.parametrize(
    ("version", "kind"), [("v1", "Service"), ("networking.k8s.io/v1", "NetworkPolicy"), ("apps/v1", "Deployment")]
)
def test_the_matrix(version: str, kind: str, field: str) -> None:
    for value in VALUES:
        as_table(Graph([{"apiVersion": version, "kind": kind, "metadata": {"name": "web"}, field: value}]))
