"""Routes: the hosts that are routed, the Secrets that are served for them, and who claims which requests."""

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vkm_manifests.graph import shape, traefik_rule
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.traefik import Traefik, traefiks
from vkm_manifests.graph.traefik_rule import Branch, Matcher, Rule

_CLASS_ANNOTATION: Final = "kubernetes.io/ingress.class"
_ROUTER: Final = "traefik.ingress.kubernetes.io/router."
_MATCHERS: Final = {"Exact": "Path", "Prefix": "PathPrefix", "ImplementationSpecific": "PathPrefix"}
_GATEWAY_MATCHERS: Final = {"Exact": "Path", "PathPrefix": "PathPrefix", "RegularExpression": "PathRegexp"}


@dataclass(frozen=True, slots=True)
class RoutedHost:
    """A host that an object routes, and the field that says so."""

    resource: Resource
    field: str
    host: str


@dataclass(frozen=True, slots=True)
class ServedSecret:
    """A Secret whose certificate an object serves, and for which hosts."""

    resource: Resource
    namespace: str
    secret: str
    hosts: tuple[RoutedHost, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """Requests that an object wants: what is claimed, by which field, in words."""

    resource: Resource
    field: str
    what: Hashable
    text: str


def rule_of(text: str, *, tcp: bool = False) -> Rule | None:
    """A router's rule; None for one that cannot be read."""
    try:
        return traefik_rule.parse(text, tcp=tcp)
    except traefik_rule.RuleError:
        return None


def is_tcp(resource: Resource) -> bool:
    """Whether it routes TCP, not HTTP."""
    return resource.kind == "IngressRouteTCP"


def is_child(resource: Resource) -> bool:
    """Whether an IngressRoute only takes what another one, its parent, took before."""
    return bool(shape.mappings(resource.spec, "parentRefs"))


def hosts_of(resource: Resource) -> Iterator[RoutedHost]:
    """The hosts that an object names in order to route them."""
    spec = resource.spec
    match resource.kind:
        case "IngressRoute" | "IngressRouteTCP":
            for field, route in shape.named(spec, "spec.routes", "routes"):
                rule = rule_of(shape.text(route, "match"), tcp=is_tcp(resource))
                for host in traefik_rule.hosts(rule) if rule else ():
                    yield RoutedHost(resource, f"{field}.match", host)
        case "Ingress":
            for index, item in enumerate(shape.mappings(spec, "rules")):
                if host := shape.text(item, "host"):
                    yield RoutedHost(resource, f"spec.rules[{index}].host", host.lower())
        case "HTTPRoute" | "GRPCRoute" | "TLSRoute":
            for index, host in enumerate(shape.texts(spec, "hostnames")):
                yield RoutedHost(resource, f"spec.hostnames[{index}]", host.lower())


def routed_hosts(graph: Graph) -> Iterator[RoutedHost]:
    """The hosts that the input routes."""
    for resource in graph.of_kind("IngressRoute", "IngressRouteTCP", "Ingress", "HTTPRoute", "GRPCRoute", "TLSRoute"):
        yield from hosts_of(resource)


def served_secrets(graph: Graph) -> Iterator[ServedSecret]:
    """The Secrets whose certificates the input serves."""
    for resource in graph.of_kind("IngressRoute", "IngressRouteTCP"):
        secret = shape.text(resource.spec, "tls", "secretName")
        if secret:
            yield ServedSecret(resource, resource.namespace, secret, tuple(hosts_of(resource)))
    for resource in graph.of_kind("TLSStore"):
        stored = [shape.mapping(resource.spec, "defaultCertificate"), *shape.mappings(resource.spec, "certificates")]
        for item in stored:
            yield ServedSecret(resource, resource.namespace, shape.text(item, "secretName"), ())
    for resource in graph.of_kind("Ingress"):
        for index, item in enumerate(shape.mappings(resource.spec, "tls")):
            hosts = tuple(
                RoutedHost(resource, f"spec.tls[{index}].hosts", host.lower()) for host in shape.texts(item, "hosts")
            )
            secret = shape.text(item, "secretName")
            yield ServedSecret(resource, resource.namespace, secret, hosts or tuple(hosts_of(resource)))
    for resource in graph.of_kind("Gateway"):
        yield from _gateway_secrets(resource)


def _gateway_secrets(gateway: Resource) -> Iterator[ServedSecret]:
    for field, listener in shape.named(gateway.spec, "spec.listeners", "listeners"):
        host = shape.text(listener, "hostname").lower()
        hosts = (RoutedHost(gateway, f"{field}.hostname", host),) if host else ()
        references = shape.mappings(listener, "tls", "certificateRefs")
        for reference in references:
            namespace = shape.text(reference, "namespace") or gateway.namespace
            # With several, each serves the hosts that it has.
            yield ServedSecret(gateway, namespace, shape.text(reference, "name"), hosts if len(references) == 1 else ())


def ingress_class(graph: Graph, ingress: Resource) -> str:
    """The class of an Ingress: its own, or the input's default; empty if neither says one."""
    own = shape.text(ingress.spec, "ingressClassName") or ingress.annotations.get(_CLASS_ANNOTATION, "")
    return own or next((found.name for found in default_ingress_classes(graph)), "")


def default_ingress_classes(graph: Graph) -> list[Resource]:
    """The IngressClasses that are marked as the default."""
    marked = "ingressclass.kubernetes.io/is-default-class"
    return [found for found in graph.of_kind("IngressClass") if found.annotations.get(marked) == "true"]


def route_class(route: Resource) -> str:
    """The class of an IngressRoute; empty if it says none."""
    return shape.text(route.spec, "ingressClassName") or route.annotations.get(_CLASS_ANNOTATION, "")


def claims(graph: Graph) -> Iterator[Claim]:
    """What the input's routes claim: an entry with the conditions under which a request is theirs."""
    known = traefiks(graph)
    for resource in graph.of_kind("IngressRoute", "IngressRouteTCP"):
        if not is_child(resource):
            yield from _route_claims(resource, known)
    for resource in graph.of_kind("Ingress"):
        if not _shares_its_paths(resource):
            yield from _ingress_claims(resource, ingress_class(graph, resource), known)
    for resource in graph.of_kind("HTTPRoute"):
        yield from _gateway_claims(resource)


def _route_claims(route: Resource, known: tuple[Traefik, ...]) -> Iterator[Claim]:
    entries = _entries(shape.texts(route.spec, "entryPoints"), known)
    tls = isinstance(route.spec.get("tls"), Mapping)
    for field, item in shape.named(route.spec, "spec.routes", "routes"):
        rule = rule_of(shape.text(item, "match"), tcp=is_tcp(route))
        priority = shape.number(item, "priority") or 0
        for branch in (rule and traefik_rule.branches(rule)) or ():
            yield from _traefik_claims(
                route, f"{field}.match", branch, route_class(route) or "traefik", entries, tls, priority, known
            )


def _ingress_claims(ingress: Resource, name: str, known: tuple[Traefik, ...]) -> Iterator[Claim]:
    given = ingress.annotations.get(f"{_ROUTER}entrypoints", "")
    entries = _entries([entry.strip() for entry in given.split(",") if entry.strip()], known)
    tls = ingress.annotations.get(f"{_ROUTER}tls") == "true" or bool(shape.mappings(ingress.spec, "tls"))
    priority = ingress.annotations.get(f"{_ROUTER}priority", "")
    for index, item in enumerate(shape.mappings(ingress.spec, "rules")):
        for below, path in enumerate(shape.mappings(item, "http", "paths")):
            branch = frozenset(
                (True, matcher)
                for matcher in (
                    Matcher("Host", (shape.text(item, "host").lower(),)),
                    Matcher(_MATCHERS.get(shape.text(path, "pathType"), "Path"), (shape.text(path, "path") or "/",)),
                )
                if matcher.values[0] and matcher != Matcher("PathPrefix", ("/",))
            )
            yield from _traefik_claims(
                ingress,
                f"spec.rules[{index}].http.paths[{below}].path",
                branch,
                name,
                entries,
                tls,
                int(priority) if priority.isascii() and priority.isdigit() else 0,
                known,
            )


def _traefik_claims(
    resource: Resource,
    field: str,
    branch: Branch,
    name: str,
    entries: tuple[str, ...],
    tls: bool,
    priority: int,
    known: tuple[Traefik, ...],
) -> Iterator[Claim]:
    for entry in entries:
        served = tls or any(traefik.has_tls(entry) for traefik in known)
        yield Claim(resource, field, (is_tcp(resource), name, entry, served, priority, branch), _words(branch))


def _gateway_claims(route: Resource) -> Iterator[Claim]:
    parents = [
        tuple(str(parent.get(key) or "") for key in ("kind", "namespace", "name", "sectionName", "port"))
        for parent in shape.mappings(route.spec, "parentRefs")
    ]
    for index, rule in enumerate(shape.mappings(route.spec, "rules")):
        for branch in _gateway_branches(rule):
            for host in shape.texts(route.spec, "hostnames") or [""]:
                whole = branch | {(True, Matcher("Host", (host.lower(),)))} if host else branch
                for kind, namespace, *rest in parents:
                    what = ("gateway", kind or "Gateway", namespace or route.namespace, *rest, whole)
                    yield Claim(route, f"spec.rules[{index}].matches", what, _words(whole))


def _gateway_branches(rule: Mapping[str, Any]) -> Iterator[Branch]:
    for match in shape.mappings(rule, "matches") or [{}]:
        path = shape.text(match, "path", "value") or "/"
        matchers = [Matcher(_GATEWAY_MATCHERS.get(shape.text(match, "path", "type"), "PathPrefix"), (path,))]
        if method := shape.text(match, "method"):
            matchers.append(Matcher("Method", (method,)))
        for key, name in (("headers", "Header"), ("queryParams", "Query")):
            for item in shape.mappings(match, key):
                kind = shape.text(item, "type")
                matchers.append(Matcher(name + kind, (shape.text(item, "name"), shape.text(item, "value"))))
        yield frozenset((True, matcher) for matcher in matchers if matcher != Matcher("PathPrefix", ("/",)))


def _entries(given: list[str], known: tuple[Traefik, ...]) -> tuple[str, ...]:
    """The entry points of a route, in small letters; an empty name stands for default ones that are not known."""
    if given:
        return tuple(dict.fromkeys(entry.lower() for entry in given))
    return tuple(dict.fromkeys(entry for traefik in known for entry in traefik.default_entry_points)) or ("",)


def _shares_its_paths(ingress: Resource) -> bool:
    """Whether annotations of its controller tell its requests from another's, as for a canary."""
    marks = ("/canary", "/conditions.", "/mergeable-ingress-type")
    return any(mark in key for key in ingress.annotations for mark in marks)


def _words(branch: Branch) -> str:
    parts = (
        f"{'' if wanted else '!'}{matcher.name}({', '.join(matcher.values)})"
        for wanted, matcher in sorted(branch, key=lambda item: (not item[0], item[1].name, item[1].values))
    )
    return " && ".join(parts) or "every request"
