"""Holds manifests against their schemas: core kinds against Kubernetes's, all others against the contracts."""

from typing import Any

from vkm_manifests.schema.schemas import schema_of

OLDEST = "1.30"


def check_against_schema(manifest: dict[str, Any]) -> None:
    """Raise, naming the field, if the API server would refuse or silently drop part of the manifest."""
    schema = schema_of(manifest["apiVersion"], manifest["kind"], OLDEST)
    if schema is None:
        raise ValueError(f"no schema for {manifest['apiVersion']} {manifest['kind']}")
    if problems := list(schema.problems(manifest)):
        raise ValueError("\n".join(f"{problem.field}: {problem.message}" for problem in problems))
