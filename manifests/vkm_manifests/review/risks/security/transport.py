"""Security: TLS, routes and servers."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import software
from vkm_manifests.graph.pod import Container
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.route import ingress_class
from vkm_manifests.graph.traefik import traefiks
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.difference import Field
from vkm_manifests.review.examples import REDIS, SAFE
from vkm_manifests.review.guards import guards_of, is_missing
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.wording import in_turn, listed

_OPTION: Final = """
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: {name: default, namespace: traefik}
spec: {minVersion: VersionTLS12, sniStrict: true, clientAuth: {clientAuthType: RequireAndVerifyClientCert}}
"""


_VERSIONS: Final = {"VersionTLS10": 10, "VersionTLS11": 11, "VersionTLS12": 12, "VersionTLS13": 13}


_CLIENTS: Final = {
    "RequestClientCert": 1,
    "RequireAnyClientCert": 2,
    "VerifyClientCertIfGiven": 2,
    "RequireAndVerifyClientCert": 3,
}


_WEAK: Final = re.compile(r"^TLS_RSA_|_RC4_|_3DES_|_CBC_")


@risk(
    "security",
    before=_OPTION,
    breaks={"minVersion: VersionTLS12": "minVersion: VersionTLS10"},
    passes={"minVersion: VersionTLS12": "minVersion: VersionTLS13"},
)
def tls_options_are_weaker(comparison: Comparison) -> Iterator[Concern]:
    """Traefik takes connections that are protected less: an older TLS, a weak cipher, no client certificate.

    Without a TLSOption, Traefik 3 takes TLS 1.2 and later with the ciphers that Go calls secure.
    """
    for change in comparison.changes:
        if change.kind != "TLSOption" or change.old is None:
            continue
        if change.new is None and not comparison.new.of_kind("IngressRoute", "IngressRouteTCP", "Ingress"):
            continue
        told = list(_weaker_options(change.old.spec, change.new.spec if change.new else {}))
        if told:
            yield change.concern(in_turn(told), do="keep it, and move the clients that need less", field="spec")


def _weaker_options(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = (_VERSIONS.get(shape.text(side, "minVersion"), 12) for side in (old, new))
    if after < before:
        yield f"TLS 1.{after - 10} is enough, no longer 1.{before - 10}"
    newest_before, newest = (_VERSIONS.get(shape.text(side, "maxVersion"), 13) for side in (old, new))
    if newest < newest_before:
        yield f"TLS is 1.{newest - 10} at most"
    weak = sorted({*shape.texts(new, "cipherSuites")} - {*shape.texts(old, "cipherSuites")})
    if found := [name for name in weak if _WEAK.search(name)]:
        yield f"weak ciphers are taken: {listed(found)}"
    if old.get("sniStrict") is True and new.get("sniStrict") is not True:
        yield "who asks for a host that has no certificate is given the default one"
    if _client(new) < _client(old):
        yield "clients are asked less for a certificate of theirs"


def _client(spec: Mapping[str, Any]) -> int:
    return _CLIENTS.get(shape.text(spec, "clientAuth", "clientAuthType"), 0)


_UNCHECKED: Final = frozenset(
    (
        "insecureskipverify",
        "insecureskiptlsverify",
        "tlsskipverify",
        "skiptlsverify",
        "insecuretls",
        "tls_skip_verify_insecure",
    )
)


_UNCHECKED_OPTION: Final = re.compile(
    r"--?[\w.\-]*(?:insecure-?skip-?verify|insecure-skip-tls-verify|tls-skip-verify|skip-tls-verify|kubelet-insecure-tls)"
    r"(?:=true)?$",
    re.IGNORECASE,
)


@risk(
    "security",
    before="""
apiVersion: traefik.io/v1alpha1
kind: ServersTransport
metadata: {name: inner, namespace: shop}
spec: {insecureSkipVerify: false, serverName: web}
""",
    breaks={"insecureSkipVerify: false": "insecureSkipVerify: true"},
    passes={"serverName: web": "serverName: shop"},
)
def certificate_is_not_checked(comparison: Comparison) -> Iterator[Concern]:
    """A client takes any certificate: whoever stands between reads and changes what is sent."""
    for change in comparison.changes:
        if change.new is None:
            continue
        before = set(_unchecked(change.old)) if change.old else set()
        for field in _unchecked(change.new):
            if field not in before:
                yield change.concern(
                    f"{field.rpartition('.')[2]} is on: any certificate is taken",
                    do="leave it off, and give the CA that the certificate is of",
                    field=field,
                )


def _unchecked(resource: Resource) -> Iterator[str]:
    for field, key, value in shape.walk(dict(resource.manifest)):
        if key.lower() in _UNCHECKED and value in (True, "true"):
            yield field
        elif key in ("args", "command") and isinstance(value, list):
            yield from (
                f"{field}.{item.lstrip('-').partition('=')[0].replace('.', '-')}"
                for item in value
                if isinstance(item, str) and _UNCHECKED_OPTION.match(item)
            )


_CERTIFICATE: Final = """
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {secretName: web-tls, dnsNames: [shop.test], privateKey: {algorithm: RSA, size: 4096}}
"""


# What a key of RSA is worth, as NIST SP 800-57 (part 1, revision 5) and its formula say.
_RSA: Final = {2048: 112, 3072: 128, 4096: 140, 7680: 192, 8192: 200}


@risk(
    "security",
    before=_CERTIFICATE,
    breaks={"size: 4096": "size: 2048"},
    passes={"algorithm: RSA, size: 4096": "algorithm: ECDSA, size: 384"},
)
def key_is_weaker(comparison: Comparison) -> Iterator[Concern]:
    """A certificate's private key is smaller than it was.

    cert-manager's default is RSA of 2048 bits; RSA of 3072 bits is worth as much as ECDSA of 256.
    """
    for change in comparison.changed("Certificate"):
        before, after = (shape.mapping(side.spec, "privateKey") for side in (change.old, change.new))
        if _strength(after) < _strength(before):
            yield change.concern(
                f"its key is {_key(after)}, no longer {_key(before)}",
                do=f"keep {_key(before)}",
                field="spec.privateKey",
            )


def _key(key: Mapping[str, Any]) -> str:
    algorithm = shape.text(key, "algorithm") or "RSA"
    default = {"RSA": 2048, "ECDSA": 256}.get(algorithm)
    size = shape.number(key, "size") or default
    return f"{algorithm} {size}" if default else algorithm


def _strength(key: Mapping[str, Any]) -> int:
    algorithm, size = shape.text(key, "algorithm") or "RSA", shape.number(key, "size")
    if algorithm == "RSA":
        return max((worth for bits, worth in _RSA.items() if bits <= (size or 2048)), default=80)
    return (size or 256) // 2 if algorithm == "ECDSA" else 128


ROUTE: Final = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  entryPoints: [websecure]
  routes:
  - match: Host(`shop.test`)
    kind: Rule
    middlewares: [{name: login}, {name: compress}]
    services: [{name: web, port: 80}]
  tls: {secretName: web-tls}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: shop}
spec: {basicAuth: {secret: users}}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: compress, namespace: shop}
spec: {compress: {}}
"""


@risk(
    "security",
    before=ROUTE,
    breaks={"  tls: {secretName: web-tls}\n": ""},
    passes={"tls: {secretName: web-tls}": "tls: {secretName: shop-tls}"},
)
def route_is_not_encrypted(comparison: Comparison) -> Iterator[Concern]:
    """What was served by TLS only can be asked for without it."""
    for change in comparison.changed("IngressRoute", "IngressRouteTCP", "Ingress", "Gateway"):
        before, after = _open_entries(comparison.old, change.old), _open_entries(comparison.new, change.new)
        for what in sorted(after - before if after and not before else ()):
            yield change.concern(
                f"{what} is served without TLS",
                do="keep tls, and redirect from http",
                field=change.field("spec") or change.field("metadata", "annotations") or "",
            )
    for change in comparison.changed("IngressRoute", "IngressRouteTCP"):
        before_name, after_name = (shape.text(side.spec, "tls", "options", "name") for side in (change.old, change.new))
        if before_name and not after_name and change.new.spec.get("tls") is not None:
            yield change.concern(
                f"it no longer has the TLS options {before_name}, but the default ones",
                do="keep them",
                field="spec.tls.options",
            )


def _open_entries(graph: Graph, resource: Resource) -> set[str]:
    """Where an object can be asked without TLS: entry points, hosts or listeners."""
    if resource.kind == "Gateway":
        listeners = shape.mappings(resource.spec, "listeners")
        return {shape.text(item, "name") for item in listeners if shape.text(item, "protocol") in ("HTTP", "TCP")}
    known = traefiks(graph)
    if resource.kind == "Ingress":
        known = known if "traefik" in (ingress_class(graph, resource) or "traefik") else ()
        if shape.mappings(resource.spec, "tls"):
            return {"the route"} if _keeps_http(graph, resource) else set()
        given = resource.annotations.get("traefik.ingress.kubernetes.io/router.entrypoints", "").split(",")
        if resource.annotations.get("traefik.ingress.kubernetes.io/router.tls") == "true":
            return set()
    else:
        if isinstance(resource.spec.get("tls"), Mapping):
            return set()
        given = shape.texts(resource.spec, "entryPoints")
    entries = {entry.strip().lower() for entry in given if entry.strip()}
    entries = entries or {entry for traefik in known for entry in traefik.default_entry_points}
    found = {entry for entry in entries if not any(traefik.has_tls(entry) for traefik in known)}
    return {f"entry point {entry}" for entry in found} or (set() if entries else {"the route"})


def _keeps_http(graph: Graph, ingress: Resource) -> bool:
    """Whether ingress-nginx is told not to redirect to https, as it does where an Ingress has TLS."""
    said = (ingress.annotations.get(f"nginx.ingress.kubernetes.io/{name}ssl-redirect", "") for name in ("", "force-"))
    return tuple(said) in (("false", ""), ("false", "false")) and "traefik" not in ingress_class(graph, ingress)


@risk(
    "security",
    before=ROUTE,
    breaks={"{name: login}, ": ""},
    passes={", {name: compress}": ""},
)
def route_is_guarded_less(comparison: Comparison) -> Iterator[Concern]:
    """A route no longer asks who comes, no longer limits how often, or no longer protects browsers.

    Middlewares of Traefik 3 are looked up, through chains as well; annotations of ingress-nginx are read. Nothing is
    told of a route that names a Middleware which is gone: Traefik does not serve it ("middleware does not exist").
    """
    for route in comparison.new.of_kind("IngressRoute", "IngressRouteTCP", "Ingress"):
        change = comparison.by_identity.get(route.identity)
        old = change.old if change else comparison.old.find(route.kind, route.namespace, route.name)
        if old is None:
            continue
        before, after = guards_of(comparison.old, old), guards_of(comparison.new, route)
        usual = frozenset.intersection(*before.values()) if before else frozenset()
        if any(is_missing(guard) for match, guards in after.items() for guard in guards - before.get(match, usual)):
            continue
        lost = sorted({guard for match, guards in after.items() for guard in before.get(match, usual) - guards})
        blamed = _guard_changes(comparison, old, route) if lost else []
        if blamed:
            yield blamed[0].concern(
                f"{route.kind} {route.name} no longer {listed(lost)}",
                do="keep the middleware, or say what guards the route now",
                field=blamed[0].field("spec") or blamed[0].field("metadata") or "",
            )


def _guard_changes(comparison: Comparison, old: Resource, new: Resource) -> list[Change]:
    """The route, if it lists other middlewares; else those that are no longer what they were."""
    change = comparison.by_identity.get(new.identity)
    if change and (change.field("spec", "routes") or change.field("metadata", "annotations")):
        return [change]
    named = {(r.namespace, r.name) for r in comparison.old.references_to("Middleware") if r.source is old}
    middlewares = [item for item in comparison.changes if item.kind == "Middleware" and item.old]
    return [item for item in middlewares if item.old and (item.old.namespace, item.old.name) in named] or middlewares[
        :1
    ]


@risk(
    "security",
    before="""
apiVersion: apps/v1
kind: Deployment
metadata: {name: traefik, namespace: traefik}
spec:
  template:
    spec:
      containers:
      - name: traefik
        image: traefik:v3.7.15
        args:
        - --entryPoints.web.address=:8000
        - --entryPoints.web.http.redirections.entryPoint.to=:443
        - --entryPoints.websecure.address=:8443
        - --entryPoints.websecure.http.tls=true
        - --log.level=INFO
""",
    breaks={"        - --entryPoints.web.http.redirections.entryPoint.to=:443\n": ""},
    passes={"        - --log.level=INFO\n": ""},
)
def entry_point_is_guarded_less(comparison: Comparison) -> Iterator[Concern]:
    """Traefik no longer redirects to https, or no longer serves TLS, on an entry point."""
    before = {str(traefik.pod): traefik for traefik in traefiks(comparison.old)}
    for traefik in traefiks(comparison.new):
        old, change = before.get(str(traefik.pod)), comparison.by_identity.get(traefik.pod.workload.identity)
        if not old or not change:
            continue
        for entry in sorted(old.entry_points.keys() & traefik.entry_points.keys()):
            redirection = f"entrypoints.{entry}.http.redirections.entrypoint.to"
            if old.has(redirection) and not traefik.has(redirection):
                yield change.concern(
                    f"entry point {entry} no longer redirects to https",
                    do=f"keep --{redirection}",
                    field=f"{traefik.container.field}.args",
                )
            if old.has_tls(entry) and not traefik.has_tls(entry):
                yield change.concern(
                    f"entry point {entry} serves TLS only for routes that say so themselves",
                    do=f"keep --entrypoints.{entry}.http.tls=true",
                    field=f"{traefik.container.field}.args",
                )


@risk(
    "security",
    before="""
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 31000, ports: [{port: 443}]}
""",
    breaks={"externalTrafficPolicy: Local": "externalTrafficPolicy: Cluster"},
    passes={"type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 31000": "type: ClusterIP"},
)
def clients_have_no_address(comparison: Comparison) -> Iterator[Concern]:
    """Pods no longer see who connects, so that limits and lists by address take all clients for one.

    With `externalTrafficPolicy: Cluster`, which is the default, a node puts its own address in place of the client's
    before it passes a connection on.
    """
    for change in comparison.changed("Service"):
        if shape.text(change.new.spec, "type") in ("LoadBalancer", "NodePort"):
            was, is_now = (shape.text(side.spec, "externalTrafficPolicy") for side in (change.old, change.new))
            if was == "Local" and is_now != "Local":
                yield change.concern(
                    "its pods see nodes' addresses in place of the clients': limits of the rate, lists of addresses "
                    "and logs take all clients for one",
                    do="keep externalTrafficPolicy: Local, unless the clients' addresses come by the PROXY protocol",
                    field="spec.externalTrafficPolicy",
                )


_MODES: Final = {
    "disable": 0,
    "disabled": 0,
    "allow": 1,
    "prefer": 2,
    "preferred": 2,
    "require": 3,
    "required": 3,
    "verify-ca": 4,
    "verify_ca": 4,
    "verify-full": 5,
    "verify_identity": 5,
}


_MODE_NAME: Final = re.compile(r"ssl[_\-]?mode\]?$", re.IGNORECASE)


_MODE_IN_TEXT: Final = re.compile(r"ssl[_\-]?mode[\"']?\s*[=: ]\s*[\"']?([a-z_\-]+)", re.IGNORECASE)


# What libpq takes without it (PostgreSQL 18); MySQL's clients do the same.
_MODE_BY_DEFAULT: Final = "prefer"


@risk(
    "security",
    before=SAFE,
    breaks={"value: verify-full": "value: require"},
    passes={"value: production": "value: require"},
)
def database_is_trusted_more(comparison: Comparison) -> Iterator[Concern]:
    """A client of a database encrypts less, or no longer checks whom it speaks to: its `sslmode` is lower.

    Below `require` it takes an unencrypted connection as well; below `verify-full`, any server's certificate of the
    CA, or any at all.
    """
    for change in comparison.changed():
        for field in change.fields:
            before, after = _mode(field, field.old), _mode(field, field.new)
            if before and (after or _MODE_BY_DEFAULT) != before:
                after = after or _MODE_BY_DEFAULT
                if _MODES[after] < _MODES[before]:
                    yield change.concern(
                        f"the database's sslmode is {after}, no longer {before}", do=f"keep {before}", field=field
                    )


def _mode(field: Field, value: Any) -> str:
    """The mode that a field's value is, or has in it; empty for none that is known."""
    if isinstance(value, Mapping):
        value = f"{value.get('name')}={value.get('value')}"
    if not isinstance(value, str):
        return ""
    if any(_MODE_NAME.search(step) for step in field.path) and value.lower() in _MODES:
        return value.lower()
    match = _MODE_IN_TEXT.search(value)
    return match[1].lower() if match and match[1].lower() in _MODES else ""


# An option of a server that asks for a password or for TLS, and what is no longer so without it.
_SERVER_OPTIONS: Final = (
    (re.compile(r"(?:^|[\s\-])(?:requirepass|aclfile)\b", re.IGNORECASE), "asks for no password"),
    (
        re.compile(r"require[_\-]secure[_\-]transport(?:[= ](?:on|1|true))?(?=\s|$)", re.IGNORECASE),
        "takes connections without TLS",
    ),
)


_NO_PASSWORD: Final = "nobody is asked for a password", "give it a password from a Secret"
# Variables of images, with the values that let in or show more than others do, what that is, and what to do.
_VARIABLES: Final = tuple(
    (re.compile(names), re.compile(values, re.IGNORECASE), what)
    for names, values, what in (
        ("ALLOW_EMPTY_PASSWORD", "yes|true|1", _NO_PASSWORD),
        ("(MARIADB_ALLOW_EMPTY_ROOT|MYSQL_ALLOW_EMPTY)_PASSWORD", r"\w+", _NO_PASSWORD),
        ("POSTGRES_HOST_AUTH_METHOD", "trust", _NO_PASSWORD),
        (
            "(APP|DJANGO|FLASK|WORDPRESS)_DEBUG",
            "true|1|yes|on",
            ("whoever causes an error is shown what is inside, secrets among it", "leave it off where others come"),
        ),
        (
            "GF_SECURITY_COOKIE_SECURE|SESSION_SECURE_COOKIE",
            "false|0|no|off",
            ("browsers send the session without TLS as well", "keep it true"),
        ),
        (
            "(APP|TRUSTED|RAILS_TRUSTED)_PROXIES|FORWARDED_ALLOW_IPS",
            r"(.*,)?\s*(\*\*?|(0\.0\.0\.0|::)/0)\s*(,.*)?",
            ("whoever connects may say that they come from any address", "name the proxies' own addresses"),
        ),
    )
)


@risk(
    "security",
    before=REDIS,
    breaks={"--requirepass, $(PASSWORD), --save": "--save"},
    passes={'--save, ""': "--appendonly, yes"},
)
def server_asks_for_less(comparison: Comparison) -> Iterator[Concern]:
    """A server no longer asks for a password or for TLS, believes more of who connects, or shows them more.

    Arguments of Redis, Valkey, MariaDB and MySQL are read, and variables of the images of these, of PostgreSQL and
    Grafana, and of applications made with Laravel, Rails, Django, Flask or WordPress.
    """
    for item in comparison.pods:
        for old, new in item.containers():
            if not old or not new or not _is_same_software(old, new):
                continue
            before, after = _command_of(old), _command_of(new)
            for option, lost in _SERVER_OPTIONS:
                if option.search(before) and not option.search(after):
                    yield item.change.concern(
                        f"container {new.name} {lost}", do="keep the option", field=f"{new.field}.args"
                    )
            # What ends does not answer.
            for name, what, do in _looser_variables(old, new) if item.new.runs_on and not new.init else ():
                yield item.change.concern(
                    f"container {new.name} has {name}: {what}",
                    do=do,
                    field=f"{new.field}.env[{name.partition('=')[0]}]",
                )


def _is_same_software(old: Container, new: Container) -> bool:
    before, after = (software(shape.text(side.manifest, "image")) for side in (old, new))
    return before == after


def _command_of(container: Container) -> str:
    return " ".join((*shape.texts(container.manifest, "command"), *shape.texts(container.manifest, "args")))


def _looser_variables(old: Container, new: Container) -> Iterator[tuple[str, str, str]]:
    """The variables that let in or show more: `name=value`, what that is, and what to do."""
    before = _values(old)
    for name, value in _values(new).items():
        for names, values, what in _VARIABLES:
            if names.fullmatch(name) and values.fullmatch(value) and not values.fullmatch(before.get(name, "")):
                yield f"{name}={value}", *what


def _values(container: Container) -> Mapping[str, str]:
    variables = shape.mappings(container.manifest, "env")
    return {shape.text(item, "name"): shape.text(item, "value") for item in variables}
