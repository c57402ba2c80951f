"""What `override` asks for, until the manifests are there."""

from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from cdk8s import ApiObject
from jsonpointer import JsonPointer, JsonPointerException

from vkm_constructs.errors import Checks, ConstructError, Problem
from vkm_manifests import Identity

_IDENTITY = ("/apiVersion", "/kind", "/metadata", "/metadata/name", "/metadata/namespace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One override, as `App` keeps it until the manifests are there."""

    target: ApiObject
    pointer: JsonPointer
    value: Any
    location: str

    def apply(self, manifest: dict[str, Any]) -> None:
        """Set, replace or remove the field.

        Raises:
            ConstructError: there is nothing to be removed, or what should hold the field is not there.
        """
        try:
            parent, last = self.pointer.to_last(manifest)
            if self.value is None:
                del parent[last]
            elif last == "-":
                parent.append(deepcopy(self.value))
            else:
                parent[last] = deepcopy(self.value)
        except (JsonPointerException, KeyError, IndexError, TypeError, AttributeError):
            problem = self._unplaced(manifest)
            raise ConstructError(self.location, self.target.node.path, [problem]) from None

    def _unplaced(self, manifest: dict[str, Any]) -> Problem:
        found: Any = manifest
        deepest: list[str] = []
        for part in self.pointer.get_parts():
            try:
                found = found[int(part)] if isinstance(found, list) else found[part]
            except (KeyError, IndexError, TypeError, ValueError):
                break
            deepest.append(part)
        place = JsonPointer.from_parts(deepest).path or "/"
        if isinstance(found, dict):
            holds = ", ".join(found) or "nothing"
        else:
            holds = f"a list of {len(found)}" if isinstance(found, list) else "a single value"
        gone = self.value is None
        return Problem(
            argument="override",
            given=self.pointer.path,
            why=f"is not in {Identity.of(manifest)}" if gone else f"has no place in {Identity.of(manifest)}",
            accepted=f"a path that {'exists' if gone else 'has a parent'}; {place} holds {holds}",
            fix="leave it out, or correct the path" if gone else "correct the path, or override its parent as a whole",
        )


def pointer_to(check: Checks, path: str) -> JsonPointer:
    """The path as a JSON pointer; a problem where it is none, or would make the object another one."""
    try:
        pointer = JsonPointer(path)
    except JsonPointerException:
        pointer = JsonPointer("")
    if not path.startswith("/") or path == "/" or not pointer.get_parts():
        check.refuse(
            "path",
            path,
            "is not a path into a manifest",
            accepted='a JSON pointer (RFC 6901) such as "/spec/replicas"; ~1 stands for / and ~0 for ~',
            fix=f'"/{path.strip("/").replace("~", "~0").replace(".", "/") or "spec"}"',
        )
    elif path in _IDENTITY:
        check.refuse(
            "path",
            path,
            "would make it another object",
            accepted="any field but apiVersion, kind, name and namespace",
            fix="give it that name where it is made",
        )
    return pointer
