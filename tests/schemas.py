"""Holds manifests against their schemas: Kubernetes's own kinds against Kubernetes's, all others against crds/."""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import yaml
from kubernetes_validate.utils import schema_contents
from referencing import Registry, Resource

OLDEST = "1.30"
CONTRACTS = Path(__file__).parent.parent / "crds"


def check_against_schema(manifest: dict[str, Any]) -> None:
    """Raise, naming the field, if the API server would refuse or silently drop part of the manifest."""
    key = (manifest["apiVersion"], manifest["kind"])
    (contract_validators().get(key) or kubernetes_validator(*key)).validate(manifest)


@cache
def kubernetes_validator(api_version: str, kind: str) -> jsonschema.Draft202012Validator:
    """As `kubernetes_validate.validate(strict=True)`, which reads 2 MB of definitions anew for each object (1.37)."""
    group, _, version = api_version.rpartition("/")
    name = "-".join(filter(None, (kind.lower(), group.partition(".")[0], version)))
    folder = f"kubernetes-json-schema/v{OLDEST}.0-local-strict"
    schema = schema_contents(f"{folder}/{name}.json", OLDEST)
    return jsonschema.Draft202012Validator(schema, registry=definitions(folder))


@cache
def definitions(folder: str) -> Registry[Any]:
    return Resource.from_contents(schema_contents(f"{folder}/_definitions.json", OLDEST)) @ Registry()


@cache
def contract_validators() -> dict[tuple[str, str], jsonschema.Draft7Validator]:
    found = {}
    for file in sorted(CONTRACTS.glob("*.yaml")):
        for crd in yaml.load_all(file.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
            if not isinstance(crd, dict) or crd.get("kind") != "CustomResourceDefinition":
                continue
            for version in crd["spec"]["versions"]:
                schema = _closed(version["schema"]["openAPIV3Schema"])
                schema["properties"] |= {"apiVersion": {}, "kind": {}, "metadata": {}}
                key = (f"{crd['spec']['group']}/{version['name']}", crd["spec"]["names"]["kind"])
                found[key] = jsonschema.Draft7Validator(schema)
    return found


def _closed(schema: Any) -> Any:
    """The schema as the API server means it: what it does not name, it drops; here that is an error."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    names_all = isinstance(closed.get("properties"), dict) and not schema.get("x-kubernetes-preserve-unknown-fields")
    if names_all:
        closed.setdefault("additionalProperties", False)
    if schema.get("x-kubernetes-int-or-string"):
        closed.pop("type", None)
    return closed
