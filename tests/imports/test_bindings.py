"""The committed bindings are those of the committed contracts; read from the archives, with neither npm nor jsii."""

import json
import re
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

Json = dict[str, Any]

ROOT = Path(__file__).parents[2]
CONTRACTS = "manifests/vkm_manifests/contracts"
PREFIXES = {path.stem: f"vkm_{path.stem.replace('-', '_')}" for path in sorted(ROOT.glob(f"{CONTRACTS}/*.yaml"))}


def fields_of_schema(schema: Json) -> Iterator[str]:
    """Every field's path; `!` marks a required one."""
    below = schema.get("items", schema.get("additionalProperties"))
    if isinstance(below, dict):
        yield from fields_of_schema(below)
    for name, field in schema.get("properties", {}).items():
        here = f".{name}{'!' if name in schema.get('required', []) else ''}"
        yield here
        yield from (here + path for path in fields_of_schema(field))


def fields_of_type(types: Json, name: str) -> Iterator[str]:
    """The same of a struct in an assembly, which keeps the names of the schema that it was made from."""
    struct = types.get(name, {})
    for field in struct["properties"] if struct.get("datatype") else []:
        here = f".{field['docs']['custom']['schema'].partition('#')[2]}{'' if field.get('optional') else '!'}"
        yield here
        yield from (here + path for path in fields_of_type(types, innermost(field["type"])))


def innermost(reference: Json) -> str:
    """The name of the type that a list or map is of."""
    collection = reference.get("collection")
    return innermost(collection["elementtype"]) if collection else reference.get("fqn", "")


def read_assembly(project: str) -> tuple[Json, str]:
    """A binding's assembly and its JavaScript."""
    (archive,) = (ROOT / "imports" / PREFIXES[project]).rglob("*.jsii.tgz")
    with tarfile.open(archive) as package:
        files = {Path(entry.name).suffix or Path(entry.name).name: package.extractfile(entry) for entry in package}
        texts = {name: file.read().decode() for name, file in files.items() if file}
    return json.loads(texts[".jsii"]), texts[".js"]


def test_every_contract_is_imported_under_a_prefix_of_its_own() -> None:
    config = yaml.safe_load((ROOT / "cdk8s.yaml").read_text(encoding="utf-8"))
    assert config["imports"] == [f"{prefix}:={CONTRACTS}/{project}.yaml" for project, prefix in PREFIXES.items()]
    assert {path.name for path in (ROOT / "imports").iterdir()} == set(PREFIXES.values())


@pytest.mark.parametrize("project", PREFIXES)
def test_a_binding_knows_exactly_the_kinds_and_fields_of_its_contract(project: str) -> None:
    contracts: dict[tuple[str, str], list[str]] = {}
    for crd in yaml.load_all((ROOT / f"{CONTRACTS}/{project}.yaml").read_bytes(), yaml.CSafeLoader):
        (version,) = crd["spec"]["versions"]
        fields = fields_of_schema(version["schema"]["openAPIV3Schema"])
        # The binding fills in the first two, and `metadata` is cdk8s' own type, optional or not.
        expected = sorted(field for field in fields if field.rstrip("!") not in {".apiVersion", ".kind"})
        contracts[f"{crd['spec']['group']}/{version['name']}", crd["spec"]["names"]["kind"]] = expected

    assembly, javascript = read_assembly(project)
    types = assembly["types"]
    kinds = re.findall(r"\.GVK = \{\s*apiVersion: '(.+?)',\s*kind: '(.+?)',?\s*\}", javascript)
    classes = {
        each["docs"]["custom"]["schema"]: name for name, each in types.items() if each.get("base") == "cdk8s.ApiObject"
    }
    bindings = {(api, kind): sorted(fields_of_type(types, f"{classes[kind]}Props")) for api, kind in kinds}

    assert assembly["name"].startswith(PREFIXES[project])
    assert bindings == contracts
