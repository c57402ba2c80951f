"""Make the contracts from upstream's CRDs and `selection.yaml`.

A contract is a CRD cut down to the fields that production users set. It keeps every constraint that a manifest can
break, but for CEL rules, which nothing here evaluates: `not-checked.md` lists where those are. It drops upstream's
descriptions, and its defaults: the API server fills them in, so they are no part of a manifest.
"""

import argparse
import difflib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]

HERE = Path(__file__).parent
CONTRACTS = HERE.parent / "manifests" / "vkm_manifests" / "contracts"
NOT_CHECKED = "not-checked.md"
ALWAYS = ("apiVersion", "kind", "metadata")
DROPPED = {"default", "description", "example", "x-kubernetes-map-type", "x-kubernetes-validations"}

CONTRACT_HEADER = """\
# The contract with {project} {release}. Made by crds/make_contracts.py: edit crds/selection.yaml, not this file.
# For `cdk8s import` and `vkm verify`, never for a cluster: there it would prune the fields that it leaves out.
"""
NOT_CHECKED_HEADER = """\
# Not checked

Where upstream has CEL rules (`x-kubernetes-validations`) on what the contracts hold, and how many. The API server
evaluates them; nothing here does. Made by `crds/make_contracts.py`.

| contract | kind | path | rules |
|---|---|---|--:|
"""


class SelectionError(ValueError):
    """What is wrong with the selection: each argument is one mistake."""


def main() -> None:
    """Write all the files, or none and say why."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("upstream", type=Path, metavar="UPSTREAM_DIR", help="upstream's CRDs: <project>/<plural>.yaml")
    parser.add_argument("--selection", type=Path, default=HERE / "selection.yaml", metavar="FILE")
    parser.add_argument("--output", type=Path, metavar="DIR", help="where all files go (default: each to its place)")
    arguments = parser.parse_args()
    if not arguments.upstream.is_dir():
        parser.error(f"{arguments.upstream} is not a folder")
    try:
        files = make(yaml.safe_load(arguments.selection.read_text(encoding="utf-8")), arguments.upstream)
    except SelectionError as error:
        sys.exit("\n".join(error.args))
    for name, text in files.items():
        place = HERE if name == NOT_CHECKED else CONTRACTS
        ((arguments.output or place) / name).write_text(text, encoding="utf-8")


def make(selection: Json, upstream: Path) -> dict[str, str]:
    """Make the text of every file, by the file's name."""
    files: dict[str, str] = {}
    mistakes: list[str] = []
    not_checked = NOT_CHECKED_HEADER
    for project, chosen in selection.items():
        crds = load_crds(upstream / project)
        contracts: list[Json] = []
        for kind, choice in chosen["kinds"].items():
            try:
                crd = find(crds, kind, "kind")
                schema = find(served_schemas(crd), choice["version"], "served version")
                contract = cut(schema, as_tree(schema, choice["fields"]))
            except SelectionError as error:
                mistakes += [f"{project}, {kind}: {mistake}" for mistake in error.args]
                continue
            contracts.append(as_crd(crd, choice["version"], contract))
            for path, count in cel_rules(contract, schema):
                not_checked += f"| {project} | {kind} | `{path}` | {count} |\n"
        files[f"{project}.yaml"] = CONTRACT_HEADER.format(project=project, release=chosen["release"]) + dump(contracts)
    if mistakes:
        raise SelectionError(*mistakes)
    return {**files, NOT_CHECKED: not_checked}


def load_crds(folder: Path) -> dict[str, Json]:
    """Read a project's CRDs, by kind."""
    # The C loader: the pure one takes ten times as long for upstream's two megabytes.
    documents = (crd for file in folder.glob("*.yaml") for crd in yaml.load_all(file.read_bytes(), yaml.CSafeLoader))
    return {crd["spec"]["names"]["kind"]: crd for crd in documents}


def served_schemas(crd: Json) -> dict[str, Json]:
    """Take the schemas out of a CRD, by version."""
    return {each["name"]: each["schema"]["openAPIV3Schema"] for each in crd["spec"]["versions"] if each["served"]}


def find(known: dict[str, Json], name: str, what: str) -> Json:
    """Look up a kind or a version."""
    if name not in known:
        raise SelectionError(f"no {what} {name}{nearest(name, known)}")
    return known[name]


def as_tree(schema: Json, fields: dict[str, list[str]]) -> Json:
    """Turn the selected paths into nested dictionaries, an empty one standing for all that is below it."""
    tree: Json = {name: {} for name in ALWAYS}
    paths = [f"{parent}.{field}" for parent, chosen in fields.items() for field in chosen]
    halves = [path for path in paths if any(other.startswith(f"{path}.") for other in paths)]
    mistakes = [f"{path} is selected as a whole and again in part" for path in halves]
    for path in paths:
        node, here = tree, schema
        for name in path.split("."):
            known = inner(here).get("properties", {})
            if name not in known:
                mistakes.append(f"no field {path}{nearest(name, known)}")
                break
            node, here = node.setdefault(name, {}), known[name]
    if mistakes:
        raise SelectionError(*mistakes)
    return tree


def inner(schema: Json) -> Json:
    """Step into lists and maps, down to the schema that has fields."""
    below = schema.get("items", schema.get("additionalProperties"))
    return inner(below) if isinstance(below, dict) else schema


def nearest(name: str, known: Iterable[str]) -> str:
    """End a message about an unknown name with the known one that is nearest to it, if there is any."""
    matches = difflib.get_close_matches(name, known, n=1, cutoff=0)
    return f"; nearest to {name} is {matches[0]}" if matches else ""


def cut(schema: Json, tree: Json) -> Json:
    """Cut a schema down to the fields in the tree, or keep all fields when the tree is empty."""
    kept = {keyword: value for keyword, value in schema.items() if keyword not in DROPPED}
    for below in ("items", "additionalProperties"):
        if isinstance(schema.get(below), dict):
            kept[below] = cut(schema[below], tree)
    if "properties" in schema:
        wanted = {*(tree or schema["properties"]), *schema.get("required", [])}
        fields = schema["properties"].items()
        kept["properties"] = {name: cut(field, tree.get(name, {})) for name, field in fields if name in wanted}
    return kept


def as_crd(upstream: Json, version: str, schema: Json) -> Json:
    """Wrap a schema as a CRD, as `cdk8s import` wants it."""
    spec = upstream["spec"]
    served = {"name": version, "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    return {
        "apiVersion": upstream["apiVersion"],
        "kind": upstream["kind"],
        "metadata": {"name": upstream["metadata"]["name"]},
        "spec": {"group": spec["group"], "names": spec["names"], "scope": spec["scope"], "versions": [served]},
    }


def cel_rules(contract: Json, upstream: Json, path: str = "") -> Iterator[tuple[str, int]]:
    """Find where upstream has CEL rules on what the contract holds, and how many."""
    if rules := upstream.get("x-kubernetes-validations"):
        yield path, len(rules)
    for name, field in contract.get("properties", {}).items():
        yield from cel_rules(field, upstream["properties"][name], f"{path}.{name}".removeprefix("."))
    for keyword, step in {"items": "[]", "additionalProperties": "{}"}.items():
        if isinstance(contract.get(keyword), dict):
            yield from cel_rules(contract[keyword], upstream[keyword], path + step)


def dump(documents: list[Json]) -> str:
    """Write YAML with the innermost lists and maps on one line each, which keeps a field together."""
    return yaml.safe_dump_all(documents, default_flow_style=None, sort_keys=False, explicit_start=True, width=1000)


if __name__ == "__main__":
    main()
