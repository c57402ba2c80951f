"""What becomes of one object."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from vkm_manifests.graph.resource import Resource
from vkm_manifests.identity import Identity
from vkm_manifests.review.difference import Field
from vkm_manifests.review.risk import Concern

Sort: TypeAlias = Literal["added", "removed", "changed"]
"""What can become of an object; one that is renamed is changed."""


@dataclass(frozen=True, eq=False)
class Change:
    """What becomes of one object.

    Attributes:
        old: the object as it was; None where it is added.
        new: as it is; None where it is removed.
        fields: what is different; empty where it is added or removed.
    """

    old: Resource | None
    new: Resource | None
    fields: tuple[Field, ...] = ()

    @property
    def object(self) -> Resource:
        """As it is, or was."""
        found = self.new or self.old
        if found is None:
            raise ValueError("a change is of something")
        return found

    @property
    def identity(self) -> Identity:
        """Of the object as it is, or was."""
        return self.object.identity

    @property
    def kind(self) -> str:
        """Its kind."""
        return self.object.kind

    @property
    def sort(self) -> Sort:
        """What becomes of it."""
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"

    @property
    def renamed_from(self) -> Identity | None:
        """What it was called; None where it is called as before."""
        if self.old is None or self.new is None:
            return None
        before, after = self.old.identity, self.new.identity
        same = (before.namespace, before.kind, before.name) == (after.namespace, after.kind, after.name)
        return None if same else before

    def below(self, *path: str) -> Iterator[Field]:
        """The fields that are at a path or below it, and those of which it is a part; `*` is any one step."""
        return (field for field in self.fields if field.touches(*path))

    def field(self, *path: str) -> Field | None:
        """The first of them."""
        return next(self.below(*path), None)

    def concern(self, reason: str, *, do: str, field: Any = "") -> Concern:
        """What somebody should know of it.

        Args:
            reason: what will happen, in one sentence without a full stop.
            do: what to do about it, likewise.
            field: the field, or its name, that makes it happen; empty for the object as a whole.
        """
        return Concern(self.identity, reason, do, field.name if isinstance(field, Field) else field)

    def __str__(self) -> str:
        """`namespace/Kind/name`."""
        return str(self.identity)


@dataclass(frozen=True, eq=False)
class Added(Change):
    """An object that was not there."""

    new: Resource


@dataclass(frozen=True, eq=False)
class Removed(Change):
    """An object that is no longer there."""

    old: Resource


@dataclass(frozen=True, eq=False)
class Changed(Change):
    """An object that is there before and after, by whatever name."""

    old: Resource
    new: Resource
