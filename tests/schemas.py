"""Holds manifests against their schemas: Kubernetes's own kinds against Kubernetes's, all others against crds/."""

from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import yaml

OLDEST = "1.30"
CONTRACTS = Path(__file__).parent.parent / "crds"


def check_against_schema(manifest: dict[str, Any]) -> None:
    """Raise, naming the field, if the API server would refuse or silently drop part of the manifest."""
    validator = contract_validators().get((manifest["apiVersion"], manifest["kind"]))
    if validator is None:
        kubernetes_validate.validate(manifest, OLDEST, strict=True)
    else:
        validator.validate(manifest)


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
