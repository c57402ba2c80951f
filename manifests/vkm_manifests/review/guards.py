"""Guards: what stands between a request and a Service, as Traefik 3's and ingress-nginx's objects say it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Resource

_GUARDS: Final = {
    "basicAuth": "asks for a password",
    "digestAuth": "asks for a password",
    "forwardAuth": "asks another service who may pass",
    "ipAllowList": "lets only some addresses pass",
    "ipWhiteList": "lets only some addresses pass",
    "rateLimit": "limits the rate of requests",
    "inFlightReq": "limits how many requests run at a time",
    "redirectScheme": "redirects to https",
}
_HEADERS: Final = {
    "stsSeconds": "tells browsers to come by https only (HSTS)",
    "frameDeny": "keeps pages out of others' frames",
    "customFrameOptionsValue": "keeps pages out of others' frames",
    "contentSecurityPolicy": "has a content security policy",
    "contentTypeNosniff": "keeps browsers from guessing types",
}
_NGINX: Final = "nginx.ingress.kubernetes.io/"
_ANNOTATIONS: Final = {
    "auth-secret": "asks for a password",
    "auth-tls-secret": "asks for the client's certificate",
    "auth-url": "asks another service who may pass",
    "whitelist-source-range": "lets only some addresses pass",
    "allowlist-source-range": "lets only some addresses pass",
    "limit-connections": "limits how many requests run at a time",
    "limit-rpm": "limits the rate of requests",
    "limit-rps": "limits the rate of requests",
    "force-ssl-redirect": "redirects to https",
}
_MIDDLEWARES: Final = "traefik.ingress.kubernetes.io/router.middlewares"
_DEEPEST: Final = 8
# Of one that is not among the manifests, only its name is known.
_MISSING: Final = "passes middleware "


def guards_of(graph: Graph, route: Resource) -> Mapping[str, frozenset[str]]:
    """The rule of each route that an object has (one empty text for an Ingress), to what guards it."""
    if route.kind == "Ingress":
        return {"": frozenset((*_of_annotations(graph, route),))}
    found: dict[str, frozenset[str]] = {}
    for item in shape.mappings(route.spec, "routes"):
        guards = frozenset(
            guard
            for reference in shape.mappings(item, "middlewares")
            for guard in _of_middleware(graph, *_named(reference, route.namespace))
        )
        match = shape.text(item, "match")
        found[match] = found[match] & guards if match in found else guards
    return found


def is_missing(guard: str) -> bool:
    """Whether a guard is a Middleware that is not among the manifests."""
    return guard.startswith(_MISSING)


def _named(reference: Mapping[str, Any], namespace: str) -> tuple[str, str]:
    return shape.text(reference, "namespace") or namespace, shape.text(reference, "name")


def _of_middleware(graph: Graph, namespace: str, name: str, depth: int = 0) -> Iterator[str]:
    # `name@kubernetescrd` has the namespace in front of the name.
    plain, at, provider = name.partition("@")
    if at and provider == "kubernetescrd":
        found = next((m for m in graph.of_kind("Middleware") if f"{m.namespace}-{m.name}" == plain), None)
    else:
        found = graph.find("Middleware", namespace, name)
    if found and depth < _DEEPEST:
        yield from _of_spec(graph, found, depth)
    elif found is None:
        yield f"{_MISSING}{name}"


def _of_spec(graph: Graph, middleware: Resource, depth: int) -> Iterator[str]:
    spec = middleware.spec
    for key, guard in _GUARDS.items():
        if isinstance(spec.get(key), Mapping) and not (key == "rateLimit" and _limits_nothing(spec)):
            yield guard
    for key, guard in _HEADERS.items():
        if shape.dig(spec, "headers", key) not in (None, False, 0, ""):
            yield guard
    for reference in shape.mappings(spec, "chain", "middlewares"):
        yield from _of_middleware(graph, *_named(reference, middleware.namespace), depth + 1)


def _limits_nothing(spec: Mapping[str, Any]) -> bool:
    """An average of 0, which is the default, is no limit."""
    return shape.dig(spec, "rateLimit", "average") in (None, 0, "0")


def _of_annotations(graph: Graph, ingress: Resource) -> Iterator[str]:
    for key, guard in _ANNOTATIONS.items():
        if ingress.annotations.get(f"{_NGINX}{key}", "") not in ("", "false", "0"):
            yield guard
    for name in ingress.annotations.get(_MIDDLEWARES, "").split(","):
        if name.strip():
            yield from _of_middleware(graph, ingress.namespace, name.strip())
