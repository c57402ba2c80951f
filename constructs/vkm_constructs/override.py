"""The way out: any field of any manifest, also those that the typed objects do not know."""

from dataclasses import dataclass
from typing import Any

from cdk8s import ApiObject
from jsonpointer import JsonPointer, JsonPointerException

from vkm_constructs.errors import Checks, ConstructError, Problem, user_location
from vkm_manifests import Identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One override, as `App` keeps it until the manifests are there."""

    identity: Identity
    pointer: str
    value: Any
    location: str
    path: str

    def apply(self, manifest: dict[str, Any]) -> None:
        """Set, replace or remove the field.

        Raises:
            ConstructError: what should hold the field is not there.
        """
        pointer = JsonPointer(self.pointer)
        try:
            parent, last = pointer.to_last(manifest)
            if self.value is not None and last == "-":
                parent.append(self.value)
            elif self.value is not None:
                parent[last] = self.value
            else:
                del parent[last]
        except (JsonPointerException, KeyError, IndexError, TypeError, AttributeError):
            raise ConstructError(self.location, self.path, [self._unplaced(manifest, pointer)]) from None

    def _unplaced(self, manifest: dict[str, Any], pointer: JsonPointer) -> Problem:
        found: Any = manifest
        deepest: list[str] = []
        for part in pointer.get_parts():
            try:
                found = found[int(part)] if isinstance(found, list) else found[part]
            except (KeyError, IndexError, TypeError, ValueError):
                break
            deepest.append(part)
        place = JsonPointer.from_parts(deepest).path or "/"
        known = (
            ", ".join(found)
            if isinstance(found, dict)
            else f"{len(found)} items"
            if isinstance(found, list)
            else "a value"
        )
        return Problem(
            argument="override",
            given=self.pointer,
            why=f"has no place in {self.identity}",
            accepted=f"a path whose parent exists; {place} holds {known}",
            fix="correct the path, or override its parent with all that it should hold",
        )


def override(target: ApiObject, path: str, value: Any) -> None:
    """Set one field of an object's manifest, in the manifest's own terms; None removes it.

    Applied to the plain manifest, after serialization, so that every field of every Kubernetes version works. (cdk8s's
    own `add_json_patch` runs before a typed object is serialized, which silently drops what the type does not know:
    cdk8s 2.70.)

    Args:
        target: an L1 object, such as `app.deployment`.
        path: a JSON pointer (RFC 6901) such as `/spec/template/spec/hostUsers`; `-` appends to a list.
        value: what a manifest can hold.

    Raises:
        ConstructError: now, if the object is not part of a `vkm_constructs.App` or the path is no JSON pointer; at
            synth, if the path's parent does not exist.
    """
    from vkm_constructs.app import App

    check = Checks(target)
    app = target.node.root
    if not isinstance(app, App):
        check.refuse(
            "override",
            path,
            "would have no effect: plain cdk8s.App writes the manifests itself",
            accepted="objects of a vkm_constructs.App",
            fix="with vkm_constructs.App() as app: ...",
        )
    if not path.startswith("/") or path == "/":
        check.refuse(
            "path",
            path,
            "is not a path into a manifest",
            accepted='a JSON pointer such as "/spec/replicas"',
            fix=f'"/{path.strip("/").replace(".", "/") or "spec"}"',
        )
    check.done()
    assert isinstance(app, App)
    identity = Identity.of(
        {
            "apiVersion": target.api_version,
            "kind": target.kind,
            "metadata": {"name": target.name, "namespace": target.metadata.namespace},
        }
    )
    app.overrides.append(
        Override(identity=identity, pointer=path, value=value, location=user_location(), path=target.node.path)
    )
