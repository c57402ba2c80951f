"""Every contract against upstream's CRD, where upstream's CRDs are present."""

import copy
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
CRDS = ROOT / "crds"
FILES = sorted((ROOT / "manifests/vkm_manifests/contracts").glob("*.yaml"))
UPSTREAM = Path(os.environ.get("VKM_UPSTREAM_CRDS", ""))
needs_upstream = pytest.mark.skipif(
    # A folder that is named and missing is a mistake, and no reason to skip.
    "VKM_UPSTREAM_CRDS" not in os.environ,
    reason="VKM_UPSTREAM_CRDS does not name a folder with upstream's CRDs (<project>/<plural>.yaml)",
)

# Descriptive, or about merging; and the CEL rules, which crds/not-checked.md lists.
NOT_COMPARED = {"default", "description", "example", "x-kubernetes-map-type", "x-kubernetes-validations"}


def load(path: Path) -> list[Json]:
    return list(yaml.load_all(path.read_bytes(), yaml.CSafeLoader))


@cache
def upstream_crds(project: str) -> dict[str, Json]:
    return {crd["spec"]["names"]["kind"]: crd for path in (UPSTREAM / project).glob("*.yaml") for crd in load(path)}


def served_schemas(crd: Json) -> dict[str, Json]:
    return {each["name"]: each["schema"]["openAPIV3Schema"] for each in crd["spec"]["versions"] if each["served"]}


def pairs(ours: Json, theirs: Json, path: str = "") -> Iterator[tuple[str, Json, Json]]:
    """Every part that both schemas have, with its path."""
    yield path, ours, theirs
    for name, field in ours.get("properties", {}).items():
        if name in theirs.get("properties", {}):
            yield from pairs(field, theirs["properties"][name], f"{path}.{name}".removeprefix("."))
    for keyword, step in {"items": "[]", "additionalProperties": "{}"}.items():
        if isinstance(ours.get(keyword), dict) and isinstance(theirs.get(keyword), dict):
            yield from pairs(ours[keyword], theirs[keyword], path + step)


def differences(contract: Json, upstream: Json) -> Iterator[str]:
    """Whatever the contract allows and upstream refuses; and every bound that is not upstream's own."""
    for path, ours, theirs in pairs(contract, upstream):
        for name in ours.get("properties", {}).keys() - theirs.get("properties", {}).keys():
            yield f"{path}: upstream has no field {name}"
        for name in set(theirs.get("required", ())) - set(ours.get("required", ())):
            yield f"{path}: upstream requires {name}"
        if "enum" in theirs and not ("enum" in ours and set(ours["enum"]) <= set(theirs["enum"])):
            yield f"{path}: enum {ours.get('enum')} allows more than upstream's {theirs['enum']}"
        for keyword in (ours.keys() | theirs.keys()) - NOT_COMPARED - {"enum", "required"}:
            mine, upstreams = ours.get(keyword), theirs.get(keyword)
            walked = isinstance(mine, dict) and isinstance(upstreams, dict)
            if not walked and mine != upstreams:
                yield f"{path}: {keyword} {mine} is {upstreams} upstream"


CONTRACTS = {(path.stem, crd["spec"]["names"]["kind"]): crd for path in FILES for crd in load(path)}
each_contract = pytest.mark.parametrize(("project", "kind"), CONTRACTS)


@needs_upstream
@each_contract
def test_a_contract_is_a_part_of_upstream(project: str, kind: str) -> None:
    contract, upstream = CONTRACTS[project, kind], upstream_crds(project)[kind]
    assert {key: contract["spec"][key] for key in ("group", "names", "scope")}.items() <= upstream["spec"].items()
    ((version, schema),) = served_schemas(contract).items()
    assert list(differences(schema, served_schemas(upstream)[version])) == []


@needs_upstream
@each_contract
def test_every_cel_rule_of_upstream_is_listed_as_not_checked(project: str, kind: str) -> None:
    ((version, schema),) = served_schemas(CONTRACTS[project, kind]).items()
    rules = [
        f"| {project} | {kind} | `{path}` | {len(theirs['x-kubernetes-validations'])} |"
        for path, _, theirs in pairs(schema, served_schemas(upstream_crds(project)[kind])[version])
        if "x-kubernetes-validations" in theirs
    ]
    listed = (CRDS / "not-checked.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in listed if line.startswith(f"| {project} | {kind} |")] == rules


@needs_upstream
def test_the_script_makes_exactly_the_committed_files(tmp_path: Path) -> None:
    subprocess.run([sys.executable, CRDS / "make_contracts.py", UPSTREAM, "--output", tmp_path], check=True)
    made = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    committed = {path.name: path.read_text(encoding="utf-8") for path in (*FILES, CRDS / "not-checked.md")}
    assert made == committed


DATA = ("properties", "spec", "properties", "data", "items")
KEY = (*DATA, "properties", "secretKey")
POLICY = ("properties", "spec", "properties", "refreshPolicy", "enum")


@pytest.mark.parametrize(
    ("where", "value", "found"),
    [
        pytest.param((*KEY, "type"), "integer", "spec.data[].secretKey: type integer is string upstream", id="type"),
        pytest.param(
            (*KEY, "pattern"), ".*", "spec.data[].secretKey: pattern .* is ^[-._a-zA-Z0-9]+$ upstream", id="pattern"
        ),
        pytest.param((*KEY, "maxLength"), 999, "spec.data[].secretKey: maxLength 999 is 253 upstream", id="bound"),
        pytest.param((*KEY, "minLength"), None, "spec.data[].secretKey: minLength None is 1 upstream", id="no bound"),
        pytest.param((*KEY, "format"), "uuid", "spec.data[].secretKey: format uuid is None upstream", id="new bound"),
        pytest.param((*DATA, "required"), ["remoteRef"], "spec.data[]: upstream requires secretKey", id="required"),
        pytest.param((*DATA, "properties", "colour"), {}, "spec.data[]: upstream has no field colour", id="field"),
        pytest.param(DATA, None, "spec.data: items None is {", id="items"),
        pytest.param(
            POLICY, ["Never", "OnChange"], "spec.refreshPolicy: enum ['Never', 'OnChange'] allows more", id="enum"
        ),
        pytest.param(POLICY, None, "spec.refreshPolicy: enum None allows more", id="no enum"),
    ],
)
def test_the_walk_finds_a_tampered(where: tuple[str, ...], value: object, found: str) -> None:
    upstream = served_schemas(CONTRACTS["external-secrets", "ExternalSecret"])["v1"]
    (difference,) = differences(changed(upstream, where, value), upstream)
    assert difference.startswith(found)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        pytest.param((*DATA, "required"), ["remoteRef", "secretKey", "sourceRef"], id="more required"),
        pytest.param(POLICY, ["OnChange"], id="narrower enum"),
    ],
)
def test_the_walk_lets_a_contract_be_stricter(where: tuple[str, ...], value: object) -> None:
    upstream = served_schemas(CONTRACTS["external-secrets", "ExternalSecret"])["v1"]
    assert list(differences(changed(upstream, where, value), upstream)) == []


def changed(schema: Json, where: tuple[str, ...], value: object) -> Json:
    """A copy of the schema with one value replaced, or removed for `None`."""
    copied = copy.deepcopy(schema)
    inner = copied
    for step in where[:-1]:
        inner = inner[step]
    if value is None:
        del inner[where[-1]]
    else:
        inner[where[-1]] = value
    return copied
