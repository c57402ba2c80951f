"""What is made outside of the manifests, and says so in an annotation where it is used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from vkm_manifests.graph import shape
from vkm_manifests.graph.resource import Resource
from vkm_manifests.identity import CLUSTER_SCOPED

MADE_OUTSIDE: Final = "vkm-constructs/made-outside"
"""The annotation: a YAML list, one item for each object (see `Outside`)."""

_FIELDS: Final = {"kind", "name", "namespace", "keys", "labels", "ports", "by"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """An object that these manifests use and do not make.

    Attributes:
        kind: `Secret`, `ConfigMap`, `StorageClass`, `ClusterIssuer`, ...; `Pod` for pods that somebody else's
            workload makes.
        name: of the object; of pods, what a person calls them.
        namespace: where it is; None for what lives in none, and for the namespace of the object that declares it.
        keys: those of a Secret or ConfigMap; empty says nothing about them.
        labels: of pods.
        ports: of pods: name to number.
        by: who makes it, for the person who asks.
    """

    kind: str
    name: str
    by: str
    namespace: str | None = None
    keys: tuple[str, ...] = ()
    labels: Mapping[str, str] | None = None
    ports: Mapping[str, int] | None = None

    def to_dict(self) -> dict[str, Any]:
        """As it stands in the annotation: without what is not said."""
        found: dict[str, Any] = {"kind": self.kind, "name": self.name}
        if self.namespace:
            found["namespace"] = self.namespace
        if self.keys:
            found["keys"] = list(self.keys)
        if self.labels:
            found["labels"] = dict(self.labels)
        if self.ports:
            found["ports"] = dict(self.ports)
        return {**found, "by": self.by}


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One item of an annotation, as it was read: what it declares, or what is wrong with it."""

    resource: Resource
    outside: Outside | None
    mistake: str = ""


def declarations(resource: Resource) -> Iterator[Declaration]:
    """What an object's annotation declares, item by item."""
    value = resource.annotations.get(MADE_OUTSIDE)
    if value is None:
        return
    try:
        items = yaml.load(value, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as error:
        yield Declaration(resource=resource, outside=None, mistake=f"is no YAML: {str(error).splitlines()[0]}")
        return
    if not isinstance(items, list):
        yield Declaration(resource=resource, outside=None, mistake="is no list")
        return
    for index, item in enumerate(items):
        mistake = _mistake(item)
        yield Declaration(
            resource=resource,
            outside=None if mistake else _outside(item, resource),
            mistake=f"item {index} {mistake}" if mistake else "",
        )


def _mistake(item: Any) -> str:
    if not isinstance(item, Mapping):
        return "is no mapping"
    for key in ("kind", "name", "by"):
        if not shape.text(item, key):
            return f'says no "{key}"'
    unknown = sorted(str(key) for key in item.keys() - _FIELDS)
    if unknown:
        return f'has an unknown field "{unknown[0]}" (known: {", ".join(sorted(_FIELDS))})'
    if item["kind"] == "Pod" and not shape.labels(item, "labels"):
        return 'declares pods without "labels"'
    return ""


def _outside(item: Mapping[str, Any], resource: Resource) -> Outside:
    ports = {str(name): port for name, port in shape.mapping(item, "ports").items() if isinstance(port, int)}
    return Outside(
        kind=item["kind"],
        name=item["name"],
        by=item["by"],
        namespace=None if item["kind"] in CLUSTER_SCOPED else shape.text(item, "namespace") or resource.namespace,
        keys=tuple(shape.texts(item, "keys")),
        labels=shape.labels(item, "labels") or None,
        ports=ports or None,
    )
