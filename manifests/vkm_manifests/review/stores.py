"""Stores: where External Secrets reads from."""

from collections.abc import Mapping
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Resource

# How a store is entered, which says nothing of what is in it.
_WAYS: Final = ("auth", "caBundle", "caProvider", "role", "serviceAccount", "serviceAccountRef", "tls")


def provider(store: Resource) -> Mapping[str, Any]:
    """What a store reads from, but for its credentials."""
    return {
        name: {key: value for key, value in shape.mapping(found).items() if key not in _WAYS}
        for name, found in shape.mapping(store.spec, "provider").items()
    }


def store_named(secret: Resource, item: Mapping[str, Any]) -> Mapping[str, Any]:
    """How an ExternalSecret names the store of one of its items."""
    return shape.mapping(item, "sourceRef", "storeRef") or shape.mapping(secret.spec, "secretStoreRef")


def store_of(graph: Graph, secret: Resource, item: Mapping[str, Any]) -> Resource | None:
    """The store of one of its items, as far as the input has it."""
    ref = store_named(secret, item)
    kind = shape.text(ref, "kind") or "SecretStore"
    return graph.find(kind, secret.namespace if kind == "SecretStore" else "", shape.text(ref, "name"))
