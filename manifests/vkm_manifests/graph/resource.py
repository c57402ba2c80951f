"""One object of the input, and what was found in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.shape import Manifest
from vkm_manifests.identity import Identity

Severity: TypeAlias = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Finding:
    """What is wrong with one object.

    Attributes:
        object: which one.
        field: where in it, such as `spec.template.spec.containers[web].image`; empty for the whole object.
        message: what is wrong, in one sentence without a full stop.
        fix: what to do about it.
        severity: `error` for what does not work, or works and is not safe; `warning` for what cannot be known from
            these manifests alone, or is bad style.
        rule: the rule that found it; set by the engine.
        ignored: why the object's annotation says that this is meant; empty where it says nothing.
    """

    object: Identity
    field: str
    message: str
    fix: str
    severity: Severity
    rule: str = ""
    ignored: str = ""


@dataclass(frozen=True, eq=False)
class Resource:
    """One object of the input."""

    manifest: Manifest
    identity: Identity = field(init=False)

    def __post_init__(self) -> None:
        """Take the identity from the manifest."""
        object.__setattr__(self, "identity", Identity.of(self.manifest))

    @property
    def kind(self) -> str:
        """Its kind."""
        return self.identity.kind

    @property
    def group(self) -> str:
        """Its API group; empty for the core group."""
        return self.identity.group

    @property
    def name(self) -> str:
        """Its name."""
        return self.identity.name

    @property
    def namespace(self) -> str:
        """Its namespace; empty for what lives in none."""
        return self.identity.namespace

    @property
    def spec(self) -> Mapping[str, Any]:
        """Its `spec`; empty where it has none."""
        return shape.mapping(self.manifest, "spec")

    @cached_property
    def labels(self) -> dict[str, str]:
        """Its labels."""
        return shape.labels(self.manifest, "metadata", "labels")

    @cached_property
    def annotations(self) -> dict[str, str]:
        """Its annotations."""
        return shape.labels(self.manifest, "metadata", "annotations")

    def finding(self, field: str, message: str, *, fix: str, severity: Severity = "error") -> Finding:
        """Something wrong with this object."""
        return Finding(object=self.identity, field=field, message=message, fix=fix, severity=severity)

    def __str__(self) -> str:
        """`namespace/Kind/name`."""
        return str(self.identity)
