"""Safe ways into a manifest that anybody may have written: what has another shape than expected counts as absent."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Manifest: TypeAlias = Mapping[str, Any]
"""One Kubernetes object as plain data."""


def dig(value: Any, *path: str | int) -> Any:
    """What lies at a path of keys and indices; None where the path ends early."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return None
    return value


def mapping(value: Any, *path: str | int) -> Mapping[str, Any]:
    """The mapping at a path; empty where there is none."""
    found = dig(value, *path)
    return found if isinstance(found, dict) else {}


def mappings(value: Any, *path: str | int) -> list[Mapping[str, Any]]:
    """The mappings in the list at a path; empty where there is none."""
    found = dig(value, *path)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def text(value: Any, *path: str | int) -> str:
    """The text at a path; empty where there is none."""
    found = dig(value, *path)
    return found if isinstance(found, str) else ""


def texts(value: Any, *path: str | int) -> list[str]:
    """The texts in the list at a path; empty where there is none."""
    found = dig(value, *path)
    return [item for item in found if isinstance(item, str)] if isinstance(found, list) else []


def number(value: Any, *path: str | int) -> int | None:
    """The whole number at a path; None where there is none."""
    found = dig(value, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def labels(value: Any, *path: str | int) -> dict[str, str]:
    """The labels or annotations at a path: whatever maps a text to a text."""
    found: Mapping[Any, Any] = mapping(value, *path)
    return {key: item for key, item in found.items() if isinstance(key, str) and isinstance(item, str)}


def named(value: Any, field: str, *path: str | int) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The mappings in the list at a path, each with its field: `field[name]`, or `field[0]` for what has no name.

    >>> dict(named({"env": [{"name": "A"}, {"value": "b"}]}, "spec.env", "env"))
    {'spec.env[A]': {'name': 'A'}, 'spec.env[1]': {'value': 'b'}}
    """
    found = dig(value, *path)
    for index, item in enumerate(found if isinstance(found, list) else []):
        if isinstance(item, dict):
            yield f"{field}[{text(item, 'name') or index}]", item


def walk(value: Any, field: str = "") -> Iterator[tuple[str, str, Any]]:
    """Every value below this one: its field, its key in the mapping that holds it, and itself."""
    if isinstance(value, dict):
        for key, item in value.items():
            below = f"{field}.{key}" if field else str(key)
            yield below, str(key), item
            yield from walk(item, below)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            name = text(item, "name") or index
            yield from walk(item, f"{field}[{name}]")
