"""Routes and certificates: who answers for a host, and with which certificate."""

import ipaddress
import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Set
from difflib import get_close_matches
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.addresses import Address, addresses_in
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Finding, Resource, Severity
from vkm_manifests.graph.route import (
    Claim,
    claims,
    default_ingress_classes,
    hosts_of,
    ingress_class,
    is_child,
    is_tcp,
    route_class,
    routed_hosts,
    served_secrets,
)
from vkm_manifests.graph.selector import matches
from vkm_manifests.graph.talks import is_headless, ports_of, service_at
from vkm_manifests.graph.traefik import TRAEFIK_CONTROLLER, Traefik, traefiks, version
from vkm_manifests.graph.traefik_rule import RuleError, parse
from vkm_manifests.verify.rule import rule

_ROUTES: Final = ("IngressRoute", "IngressRouteTCP", "IngressRouteUDP")
_READ_BY_TRAEFIK: Final = (
    *_ROUTES,
    "Middleware",
    "MiddlewareTCP",
    "ServersTransport",
    "ServersTransportTCP",
    "TLSOption",
    "TLSStore",
    "TraefikService",
)
_TRAEFIK_GROUPS: Final = ("traefik.io", "traefik.containo.us")
_ADDRESS_ANNOTATIONS: Final = (
    "metallb.io/loadBalancerIPs",
    "metallb.universe.tf/loadBalancerIPs",
    "kube-vip.io/loadbalancerIPs",
    "lbipam.cilium.io/ips",
    "io.cilium/lb-ipam-ips",
)
_BETWEEN_WORDS: Final = re.compile(r"[\s=,:;\"']+")
# A longer text is a script or a document.
_LONGEST_MENTION: Final = 600

_TRAEFIK: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: traefik, namespace: entry}
spec:
  selector: {matchLabels: {app: traefik}}
  template:
    metadata: {labels: {app: traefik}}
    spec:
      containers:
      - name: traefik
        image: traefik:v3.7.11
        args:
        - --entryPoints.web.address=:8000/tcp
        - --entryPoints.websecure.address=:8443/tcp
        - --entryPoints.websecure.http.tls=true
        - --providers.kubernetescrd.namespaces=entry,shop
        ports: [{name: http, containerPort: 8000}, {name: https, containerPort: 8443}]
---
"""
_ROUTE: Final = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`shop.test`) && PathPrefix(`/cart`)
    services: [{name: web, port: 80}]
  tls: {secretName: web-tls}
"""
_CERTIFICATE: Final = """
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec:
  secretName: web-tls
  dnsNames: [shop.test]
  issuerRef: {kind: ClusterIssuer, name: letsencrypt}
"""
_ISSUER: Final = """
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letsencrypt}
spec:
  acme:
    server: https://acme.test/directory
    privateKeySecretRef: {name: account}
    solvers:
    - selector: {dnsZones: [shop.test]}
      http01: {ingress: {ingressClassName: traefik}}
"""


# Rules of routers.


@rule(passes=_ROUTE, breaks={"Host(`shop.test`) && PathPrefix": "Host(`shop.test`) & PathPrefix"})
def route_rule_parses(graph: Graph) -> Iterator[Finding]:
    """The rule of each route is one that Traefik 3 reads, and that can match.

    Traefik logs what it cannot read and serves the others; a rule of version 2 is only warned about where the
    manifests do not show which version reads it.
    """
    known = traefiks(graph)
    if any(version(traefik).removeprefix("v").startswith(("1.", "2.")) for traefik in known):
        return
    for route in graph.of_kind("IngressRoute", "IngressRouteTCP"):
        if route.group != "traefik.io":
            continue
        for field, item in shape.named(route.spec, "spec.routes", "routes"):
            match = item.get("match")
            if not isinstance(match, str) or shape.text(item, "syntax") == "v2":
                continue
            try:
                parse(match, tcp=is_tcp(route))
            except RuleError as error:
                yield route.finding(
                    f"{field}.match",
                    str(error),
                    fix="HostSNI(`shop.test`)" if is_tcp(route) else "Host(`shop.test`) && PathPrefix(`/cart`)",
                    severity="warning" if error.version_2 and not known else "error",
                )


@rule(passes=_ROUTE, breaks={"{name: web, port: 80}": "{name: web, namespace: blog, port: 80}"})
def route_stays_in_its_namespace(graph: Graph) -> Iterator[Finding]:
    """What a route uses is in the route's own namespace, unless Traefik is told to look further.

    Without allowCrossNamespace Traefik refuses the reference and drops the route.
    """
    known = traefiks(graph)
    if any(traefik.says("providers.kubernetescrd.allowCrossNamespace") for traefik in known):
        return
    for resource in graph.of_kind(*_ROUTES, "Middleware", "TraefikService"):
        if resource.group not in _TRAEFIK_GROUPS:
            continue
        for field, key, value in shape.walk(resource.spec, "spec"):
            elsewhere = key == "namespace" and isinstance(value, str) and value not in ("", resource.namespace)
            qualified = key == "name" and isinstance(value, str) and value.endswith("@kubernetescrd")
            if (elsewhere or qualified) and not field.startswith("spec.plugin."):
                yield resource.finding(
                    field,
                    f'names "{value}", which is outside of namespace {resource.namespace}',
                    fix=f"make it in namespace {resource.namespace}, or run Traefik with "
                    "--providers.kubernetescrd.allowCrossNamespace=true",
                    severity="error" if known else "warning",
                )


_SECOND: Final = """
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: blog, namespace: shop}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`blog.test`)
    services: [{name: blog, port: 80}]
  tls: {secretName: web-tls}
"""


@rule(passes=_ROUTE + _SECOND, breaks={"Host(`blog.test`)": "PathPrefix(`/cart`) && Host(`shop.test`)"})
def host_and_path_claimed_once(graph: Graph) -> Iterator[Finding]:
    """No two routes claim the same requests on the same entry point with the same priority.

    Which of them answers is then an accident: of the rules' lengths, names or ages.
    """
    first: dict[Hashable, Claim] = {}
    reported: set[tuple[Resource, str, Resource]] = set()
    for claim in claims(graph):
        other = first.setdefault(claim.what, claim)
        if other is claim or (other.resource, other.field) == (claim.resource, claim.field):
            continue
        if (claim.resource, claim.field, other.resource) not in reported:
            reported.add((claim.resource, claim.field, other.resource))
            whose = "itself" if other.resource is claim.resource else other.resource
            yield claim.resource.finding(
                claim.field,
                f"claims {claim.text}, which {whose} claims in {other.field}",
                fix="remove one of them, or give one the higher priority",
            )


# Who calls the Service of a URL, and from where, is told by the kind: Traefik, Grafana, Prometheus.
_URLS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, str]]]] = {
    "Grafana": (("grafana.integreatly.org",), ("external", "url")),
    "GrafanaDatasource": (("grafana.integreatly.org",), ("datasource", "url")),
    "Middleware": (_TRAEFIK_GROUPS, ("forwardAuth", "address")),
    "Probe": (("monitoring.coreos.com",), ("prober", "url")),
}
# What is there, no manifests show.
_SYSTEM: Final = ("default", "kube-system")


@rule(
    passes="""
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: shop}
spec: {forwardAuth: {address: "http://login.shop.svc:4180/verify"}}
---
apiVersion: v1
kind: Service
metadata: {name: login, namespace: shop}
spec: {selector: {app: login}, ports: [{port: 4180}]}
""",
    breaks={"http://login.shop.svc": "http://lgoin.shop.svc"},
)
def url_names_a_service(graph: Graph) -> Iterator[Finding]:
    """A name in the cluster in the URL of a forwardAuth, a Grafana, its datasource or a prober is that of a Service.

    It has the URL's port. An error where the input has the namespace itself, and nothing whose controller may make
    Services there.
    """
    for kind, (groups, path) in _URLS.items():
        for resource in graph.of_kind(kind):
            found = addresses_in(shape.text(resource.spec, *path))
            if resource.group in groups and found:
                yield from _not_of_a_service(graph, resource, ".".join(("spec", *path)), found[0])


def _not_of_a_service(graph: Graph, resource: Resource, field: str, address: Address) -> Iterator[Finding]:
    for namespace in _namespaces_of(graph, resource, address):
        name = address.host.partition(".")[0]
        if graph.is_made_outside("Service", namespace, name):
            continue
        service = service_at(graph, address.host, namespace)
        if service is None:
            known = [found.name for found in graph.of_kind("Service") if found.namespace == namespace]
            near = get_close_matches(name, known, n=3, cutoff=0.4)
            message = f"{address} names no Service of namespace {namespace}"
            fix = f"a Service that there is{': ' + ', '.join(near) if near else ''}"
            yield resource.finding(field, message, fix=fix, severity=_severity_of_service(graph, namespace))
            continue
        ports, port = [number for number in ports_of(service) if number], address.port or address.usual_port
        if port and ports and port not in ports and not is_headless(service):
            fix = f"one of its ports: {', '.join(map(str, ports))}"
            yield resource.finding(field, f"{address}: {service} has no port {port}", fix=fix)


def _namespaces_of(graph: Graph, resource: Resource, address: Address) -> list[str]:
    """Where a Service must be that has this address: of a single word, where a Traefik of the input looks for it."""
    _, *rest = address.host.split(".")
    if not rest:
        pods = [traefik.pod for traefik in traefiks(graph)] if resource.kind == "Middleware" else []
        found = {pod.namespace for pod in pods}
        knows_others = any(pod.spec.get(key) for pod in pods for key in ("hostAliases", "dnsConfig"))
        return [*found] if len(found) == 1 and not knows_others else []
    if rest[0] in _SYSTEM:
        return []
    # It may as well be somebody's domain.
    is_known = len(rest) == 1 and address.port and graph.find("Namespace", "", rest[0])
    return [rest[0]] if is_known or rest[1:2] == ["svc"] else []


def _severity_of_service(graph: Graph, namespace: str) -> Severity:
    is_whole = graph.find("Namespace", "", namespace) and not graph.may_have_other_pods(namespace)
    return "error" if is_whole and not graph.may_make("Service", namespace) else "warning"


# Certificates.


@rule(passes=_ROUTE + _CERTIFICATE, breaks={"dnsNames: [shop.test]": "dnsNames: [www.shop.test]"})
def route_host_has_certificate(graph: Graph) -> Iterator[Finding]:
    """Each host that is served with TLS is named by a certificate that is served for it.

    A wildcard covers one label. Traefik takes, for each host, whichever certificate fits of all that its routes and
    its TLSStore load; other controllers take that of the Secret. Secrets that no Certificate makes are not judged.
    """
    made = _names_by_secret(graph)
    served = list(served_secrets(graph))
    loaded = {
        name
        for use in served
        if use.resource.group in _TRAEFIK_GROUPS
        for name in made.get((use.namespace, use.secret), ())
    }
    for use in served:
        names = made.get((use.namespace, use.secret))
        for host in use.hosts if names is not None else ():
            covered = _covers(names or (), host.host)
            if not covered and not (use.resource.group in _TRAEFIK_GROUPS and _covers(loaded, host.host)):
                yield host.resource.finding(
                    host.field,
                    f'serves "{host.host}" with Secret {use.secret}, whose Certificate names '
                    f"{', '.join(sorted(names or ())) or 'no host'}",
                    fix=f"dnsNames: [{host.host}]",
                )
    yield from _hosts_without_certificate(graph, loaded)


def _hosts_without_certificate(graph: Graph, loaded: Set[str]) -> Iterator[Finding]:
    """The hosts for which Traefik would serve its own certificate, which no browser trusts."""
    known = traefiks(graph)
    if not known or graph.of_kind("TLSStore") or any(_finds_certificates_itself(traefik) for traefik in known):
        return
    for route in graph.of_kind("IngressRoute"):
        tls = shape.mapping(route.spec, "tls")
        if tls.get("secretName") or tls.get("certResolver") or not _serves_tls(route, known):
            continue
        for host in hosts_of(route):
            if not _covers(loaded, host.host):
                yield route.finding(
                    host.field,
                    f'serves "{host.host}" with TLS, and no route loads a certificate for it',
                    fix="tls: {secretName: ...}",
                    severity="warning",
                )


def _serves_tls(route: Resource, known: Iterable[Traefik]) -> bool:
    entries = [entry.lower() for entry in shape.texts(route.spec, "entryPoints")]
    return isinstance(route.spec.get("tls"), Mapping) or any(
        traefik.has_tls(entry) for traefik in known for entry in entries
    )


def _finds_certificates_itself(traefik: Traefik) -> bool:
    return traefik.has("providers.file") or any(
        traefik.has(f"entrypoints.{entry}.http.tls.certresolver") for entry in traefik.entry_points
    )


def _names_by_secret(graph: Graph) -> Mapping[tuple[str, str], Set[str]]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for certificate in graph.of_kind("Certificate"):
        if certificate.group == "cert-manager.io":
            key = (certificate.namespace, shape.text(certificate.spec, "secretName"))
            found[key].update(name.lower() for name in _certified(certificate))
    return found


def _certified(certificate: Resource) -> Iterator[str]:
    """The names for which a Certificate asks."""
    yield from shape.texts(certificate.spec, "dnsNames")
    yield from shape.texts(certificate.spec, "ipAddresses")
    if name := shape.text(certificate.spec, "commonName"):
        yield name


def _covers(names: Set[str] | tuple[()], host: str) -> bool:
    """Whether a name is the host, or a wildcard for its first label; true for what is no plain host."""
    return host in names or f"*.{host.partition('.')[2]}" in names or host == "*" or host.startswith("**")


@rule(
    passes=_TRAEFIK + _ROUTE,
    breaks={"        - --entryPoints.websecure.http.tls=true\n": "", "  tls: {secretName: web-tls}\n": ""},
)
def route_serves_tls(graph: Graph) -> Iterator[Finding]:
    """A route on the entry point for HTTPS serves TLS: by itself, or because the entry point makes it.

    Without it, Traefik answers plain HTTP there; and a TCP route that tells hosts apart needs TLS to see them.
    """
    known = traefiks(graph)
    for route in graph.of_kind("IngressRoute"):
        entries = [entry.lower() for entry in shape.texts(route.spec, "entryPoints")]
        if "websecure" in entries and not is_child(route) and not _serves_tls(route, known):
            yield route.finding(
                "spec.tls",
                "is missing on a route of entry point websecure"
                + (", whose arguments do not add it" if known else ": does the entry point add it?"),
                fix="tls: {secretName: ...}",
                severity="error" if known else "warning",
            )
    for route in graph.of_kind("IngressRouteTCP"):
        if not isinstance(route.spec.get("tls"), Mapping):
            for host in hosts_of(route):
                yield route.finding(
                    host.field,
                    f'tells "{host.host}" apart without TLS, where only HostSNI(`*`) works',
                    fix="tls: {passthrough: true}",
                )


@rule(
    passes=_CERTIFICATE
    + _CERTIFICATE.replace("name: web,", "name: blog,")
    .replace("web-tls", "blog-tls")
    .replace("shop.test", "blog.test"),
    breaks={"secretName: blog-tls": "secretName: web-tls"},
)
def certificate_secret_is_its_own(graph: Graph) -> Iterator[Finding]:
    """No two Certificates write one Secret.

    cert-manager issues neither of them then (1.21), as each would undo what the other has written.
    """
    first: dict[tuple[str, str], Resource] = {}
    for certificate in graph.of_kind("Certificate"):
        secret = shape.text(certificate.spec, "secretName")
        if certificate.group == "cert-manager.io" and secret:
            other = first.setdefault((certificate.namespace, secret), certificate)
            if other is not certificate:
                yield certificate.finding(
                    "spec.secretName",
                    f'is "{secret}", which {other} writes',
                    fix=f"secretName: {certificate.name}-tls",
                )


@rule(passes=_CERTIFICATE + _ISSUER, breaks={"dnsNames: [shop.test]": 'dnsNames: ["*.shop.test"]'})
def certificate_issuer_can_solve(graph: Graph) -> Iterator[Finding]:
    """The issuer of each Certificate has an ACME solver for each of its names.

    A solver takes the names that its selector admits, in all three of its parts; a wildcard is only ever proven by
    DNS01.
    """
    for certificate in graph.of_kind("Certificate"):
        issuer = _issuer(graph, certificate)
        if issuer is None or not isinstance(issuer.spec.get("acme"), Mapping):
            continue
        solvers = shape.mappings(issuer.spec, "acme", "solvers")
        names = shape.texts(certificate.spec, "dnsNames") or [shape.text(certificate.spec, "commonName")]
        for name in filter(None, names):
            taking = [solver for solver in solvers if _takes(solver, certificate, name.lower())]
            if not taking:
                wanted = "one by DNS01" if any(_admits(s, certificate, name.lower()) for s in solvers) else "one"
                yield certificate.finding(
                    "spec.dnsNames",
                    f'asks {issuer} for "{name}", which has no solver for it: {wanted} is needed',
                    fix=f"a solver in spec.acme.solvers of {issuer} whose selector takes {name}",
                )


def _issuer(graph: Graph, certificate: Resource) -> Resource | None:
    reference = shape.mapping(certificate.spec, "issuerRef")
    if shape.text(reference, "group") not in ("", "cert-manager.io"):
        return None
    kind = shape.text(reference, "kind") or "Issuer"
    namespace = "" if kind == "ClusterIssuer" else certificate.namespace
    return graph.find(kind, namespace, shape.text(reference, "name"))


def _takes(solver: Mapping[str, Any], certificate: Resource, name: str) -> bool:
    wildcard = name.startswith("*.")
    return _admits(solver, certificate, name) and ("dns01" in solver or ("http01" in solver and not wildcard))


def _admits(solver: Mapping[str, Any], certificate: Resource, name: str) -> bool:
    selector = shape.mapping(solver, "selector")
    names = [known.lower() for known in shape.texts(selector, "dnsNames")]
    zones = [zone.lower().strip(".") for zone in shape.texts(selector, "dnsZones")]
    return (
        (not names or name in names)
        and (not zones or any(name == zone or name.endswith(f".{zone}") for zone in zones))
        and matches({"matchLabels": shape.labels(selector, "matchLabels")}, certificate.labels)
    )


@rule(passes=_ROUTE + _CERTIFICATE, breaks={"secretName: web-tls}": "secretName: other-tls}"})
def certificate_is_served(graph: Graph) -> Iterator[Finding]:
    """Each Certificate's Secret is used by something.

    Otherwise it is renewed for nobody, or what should serve it names another.
    """
    certificates = {
        (c.namespace, shape.text(c.spec, "secretName")): c
        for c in graph.of_kind("Certificate")
        if c.group == "cert-manager.io"
        # Annotations of the Secret may have it copied to where it is used.
        and not shape.mapping(c.spec, "secretTemplate", "annotations")
    }
    if not certificates:
        return
    used, qualified = _mentions(graph, {secret for _, secret in certificates})
    used |= {(use.namespace, use.secret) for use in served_secrets(graph)}
    for (namespace, secret), certificate in certificates.items():
        whole = {f"{namespace}/{secret}", f"{namespace}/{certificate.name}"}
        if secret and not {(namespace, secret), ("", secret)} & used and not whole & qualified:
            yield certificate.finding(
                "spec.secretName",
                f'makes Secret "{secret}", which nothing here uses',
                fix=f"serve it: tls: {{secretName: {secret}}}",
                severity="warning",
            )


def _mentions(graph: Graph, names: Set[str]) -> tuple[set[tuple[str, str]], set[str]]:
    """Where names are mentioned, as (namespace, name); and whatever is mentioned as `namespace/name`."""
    found: set[tuple[str, str]] = set()
    qualified: set[str] = set()
    for resource in graph.resources:
        for text in _texts(resource.manifest) if resource.kind != "Certificate" else ():
            words = _BETWEEN_WORDS.split(text) if len(text) < _LONGEST_MENTION else ()
            found.update((resource.namespace, word) for word in words if word in names)
            qualified.update(word for word in words if "/" in word)
    return found, qualified


def _texts(value: Any) -> Iterator[str]:
    waiting = [value]
    while waiting:
        below = waiting.pop()
        if isinstance(below, str):
            yield below
        elif isinstance(below, Mapping):
            waiting.extend(below.values())
        elif isinstance(below, list):
            waiting.extend(below)


@rule(
    passes=_ISSUER.replace("ingressClassName", "class")
    + """
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: traefik}
spec: {controller: traefik.io/ingress-controller}
""",
    breaks={"{class: traefik}": "{class: nginx}"},
)
def http01_class_exists(graph: Graph) -> Iterator[Finding]:
    """The class with which an HTTP01 solver annotates its Ingresses exists, where the input has ingress classes.

    A controller may know one without an IngressClass. An ingressClassName is judged by ingress-class-exists.
    """
    names = [found.name for found in graph.of_kind("IngressClass")]
    for issuer in graph.of_kind("Issuer", "ClusterIssuer"):
        for field, ingress in _http01_ingresses(issuer) if names else ():
            name = shape.text(ingress, "class")
            if name and not graph.exists("IngressClass", "", name):
                yield issuer.finding(
                    f"{field}.class",
                    f'names class "{name}" (known: {", ".join(sorted(names))})',
                    fix=f"class: {(get_close_matches(name, names, n=1) or sorted(names))[0]}",
                    severity="warning",
                )


def _http01_ingresses(issuer: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for field, solver in shape.named(issuer.spec, "spec.acme.solvers", "acme", "solvers"):
        ingress = shape.dig(solver, "http01", "ingress")
        if isinstance(ingress, Mapping):
            yield f"{field}.http01.ingress", ingress


_REDIRECT: Final = """        - --entryPoints.web.http.redirections.entryPoint.to=:443
        - --entryPoints.web.allowACMEByPass=true
"""


@rule(
    passes=_TRAEFIK.replace("        ports:", f"{_REDIRECT}        ports:") + _ISSUER,
    breaks={"        - --entryPoints.web.allowACMEByPass=true\n": ""},
)
def acme_challenge_is_not_redirected(graph: Graph) -> Iterator[Finding]:
    """Where an issuer proves names by HTTP01 through Traefik, no entry point redirects the challenge.

    The redirect goes before every other route. An authority follows it to HTTPS, but what answers there has no
    certificate yet: that works only if the entry point serves TLS by itself, and sniStrict is off.
    """
    solved = [issuer for issuer in graph.of_kind("Issuer", "ClusterIssuer") if _solves_through_traefik(graph, issuer)]
    for traefik in traefiks(graph) if solved else ():
        works = any(map(traefik.has_tls, traefik.entry_points)) and not any(
            option.spec.get("sniStrict") is True for option in graph.of_kind("TLSOption") if option.name == "default"
        )
        for entry in traefik.entry_points:
            redirects = traefik.has(f"entrypoints.{entry}.http.redirections.entrypoint.to")
            if redirects and not traefik.says(f"entrypoints.{entry}.allowACMEByPass"):
                yield traefik.pod.workload.finding(
                    f"{traefik.container.field}.args",
                    f"redirect entry point {entry}, with the HTTP01 challenges of {solved[0]}",
                    fix=f"--entryPoints.{entry}.allowACMEByPass=true",
                    severity="warning" if works else "error",
                )


def _solves_through_traefik(graph: Graph, issuer: Resource) -> bool:
    for _, ingress in _http01_ingresses(issuer):
        name = shape.text(ingress, "ingressClassName") or shape.text(ingress, "class")
        found = graph.find("IngressClass", "", name)
        if name == "traefik" or not name or (found and found.spec.get("controller") == TRAEFIK_CONTROLLER):
            return True
    return False


# Names.


_RECORDS: Final = """
---
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: records, namespace: dns}
spec:
  endpoints:
  - {dnsName: "*.shop.test", recordType: A, targets: [192.0.2.10]}
  - {dnsName: shop.test, recordType: A, targets: [192.0.2.10]}
"""


@rule(passes=_ROUTE + _RECORDS, breaks={"{dnsName: shop.test": "{dnsName: web.shop.test"})
def route_host_has_dns_record(graph: Graph) -> Iterator[Finding]:
    """Each host that is routed has a DNS record, where the input has any for its domain.

    What external-dns takes from the routes themselves is not judged.
    """
    records = {name for _, _, endpoint in _dns_endpoints(graph) if (name := shape.text(endpoint, "dnsName").lower())}
    zones = {zone for name in records for zone in (name, name.partition(".")[2]) if not _may_be_suffix(zone)}
    if not records or _reads_names_from_routes(graph):
        return
    for routed in routed_hosts(graph):
        above = list(_domains_above(routed.host))
        annotated = any(key.startswith("external-dns.") for key in routed.resource.annotations)
        if annotated or routed.host in records or any(f"*.{domain}" in records for domain in above):
            continue
        known = routed.resource.kind.startswith("IngressRoute") and not zones.isdisjoint([routed.host, *above])
        yield routed.resource.finding(
            routed.field,
            f'routes "{routed.host}", for which no DNSEndpoint has a record',
            fix=f"a DNSEndpoint with dnsName: {routed.host}",
            severity="error" if known else "warning",
        )


def _dns_endpoints(graph: Graph) -> Iterator[tuple[Resource, str, Mapping[str, Any]]]:
    for resource in graph.of_kind("DNSEndpoint"):
        for index, endpoint in enumerate(shape.mappings(resource.spec, "endpoints")):
            yield resource, f"spec.endpoints[{shape.text(endpoint, 'dnsName') or index}]", endpoint


def _domains_above(host: str) -> Iterator[str]:
    while "." in host:
        host = host.partition(".")[2]
        yield host


def _may_be_suffix(zone: str) -> bool:
    """Whether names in it may belong to different owners, as in `com` and `co.uk`."""
    labels = zone.split(".")
    return len(labels) < 2 or all(len(label) <= 3 for label in labels)


def _reads_names_from_routes(graph: Graph) -> bool:
    sources = ("--source=ingress", "--source=traefik-proxy", "--source=gateway-")
    return any(
        argument.startswith(sources)
        for pod in graph.own_pods
        for container in pod.containers
        if "external-dns" in shape.text(container.manifest, "image")
        for argument in shape.texts(container.manifest, "args")
    )


_BALANCER: Final = """
---
apiVersion: v1
kind: Service
metadata: {name: traefik, namespace: entry, annotations: {metallb.io/loadBalancerIPs: 192.0.2.10}}
spec:
  type: LoadBalancer
  selector: {app: traefik}
  ports: [{name: https, port: 443, targetPort: https}]
"""


@rule(
    passes=_BALANCER + _RECORDS,
    breaks={
        "annotations: {metallb.io/loadBalancerIPs: 192.0.2.10}": "annotations: {metallb.io/loadBalancerIPs: 192.0.2.11}"
    },
)
def dns_record_leads_to_entry(graph: Graph) -> Iterator[Finding]:
    """An address record leads to a LoadBalancer of the input, where all of those have fixed addresses."""
    services = [service for service in graph.of_kind("Service") if service.spec.get("type") == "LoadBalancer"]
    fixed = [set(_addresses(service)) for service in services]
    if not fixed or not all(fixed):
        return
    known = set().union(*fixed)
    for resource, field, endpoint in _dns_endpoints(graph):
        for target in shape.texts(endpoint, "targets"):
            if shape.text(endpoint, "recordType") in ("A", "AAAA") and _address(target) not in known:
                yield resource.finding(
                    f"{field}.targets",
                    f"leads to {target}, which is no LoadBalancer here ({', '.join(sorted(map(str, known)))})",
                    fix=f"targets: [{min(map(str, known))}]",
                    severity="warning",
                )


_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def _address(text: str) -> _Address | None:
    try:
        return ipaddress.ip_address(text.strip())
    except ValueError:
        return None


def _addresses(service: Resource) -> Iterator[_Address]:
    """The addresses that a Service asks for, or has."""
    given = [text for key in _ADDRESS_ANNOTATIONS for text in service.annotations.get(key, "").split(",")]
    given += [shape.text(service.spec, "loadBalancerIP"), *shape.texts(service.spec, "externalIPs")]
    given += [shape.text(i, "ip") for i in shape.mappings(service.manifest, "status", "loadBalancer", "ingress")]
    yield from _known_addresses(given)


def _known_addresses(texts: Iterable[str]) -> Iterator[_Address]:
    for text in texts:
        if address := _address(text):
            yield address


@rule(
    passes=_BALANCER
    + """
---
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: entry, namespace: metallb-system}
spec: {addresses: [192.0.2.8/29]}
""",
    breaks={"192.0.2.8/29": "192.0.2.16/29"},
)
def load_balancer_address_is_in_a_pool(graph: Graph) -> Iterator[Finding]:
    """The address that a Service asks MetalLB for is in one of its pools, where the input has any.

    MetalLB gives no other: the Service stays without an address.
    """
    pools = [pool for resource in graph.of_kind("IPAddressPool") for pool in _ranges(resource)]
    for service in graph.of_kind("Service") if pools else ():
        for key in ("metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs"):
            for address in _known_addresses(service.annotations.get(key, "").split(",")):
                if not any(address.version == version and low <= int(address) <= high for version, low, high in pools):
                    yield service.finding(
                        f"metadata.annotations[{key}]",
                        f"asks for {address}, which is in no IPAddressPool",
                        fix=f"an IPAddressPool with addresses: [{address}/{address.max_prefixlen}]",
                    )


@rule(
    passes="""
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: entry, namespace: metallb-system}
spec: {addresses: [192.0.2.8/29]}
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: {name: entry, namespace: metallb-system}
spec: {ipAddressPools: [entry]}
""",
    breaks={"ipAddressPools: [entry]": "ipAddressPools: [exit]"},
)
def address_pool_is_advertised(graph: Graph) -> Iterator[Finding]:
    """An L2Advertisement or BGPAdvertisement announces each of MetalLB's pools.

    Nobody learns where its addresses are otherwise. One without pools and selectors announces all.
    """
    advertisements = graph.of_kind("L2Advertisement", "BGPAdvertisement")
    for pool in graph.of_kind("IPAddressPool"):
        if not any(_announces(advertisement, pool) for advertisement in advertisements):
            yield pool.finding(
                "metadata.name",
                "is announced by no L2Advertisement or BGPAdvertisement",
                fix=f"an L2Advertisement with spec: {{ipAddressPools: [{pool.name}]}}",
                severity="error" if advertisements else "warning",
            )


def _announces(advertisement: Resource, pool: Resource) -> bool:
    if advertisement.namespace != pool.namespace:
        return False
    names = shape.texts(advertisement.spec, "ipAddressPools")
    selectors = shape.mappings(advertisement.spec, "ipAddressPoolSelectors")
    chosen = pool.name in names or any(matches(selector, pool.labels) for selector in selectors)
    return chosen or not (names or selectors)


@rule(
    passes=_TRAEFIK.replace(
        "        - --entryPoints.websecure.address",
        "        - --entryPoints.web.http.redirections.entryPoint.to=:443\n        - --entryPoints.websecure.address",
    )
    + _BALANCER,
    breaks={"port: 443": "port: 8443"},
)
def redirect_leads_to_entry(graph: Graph) -> Iterator[Finding]:
    """The port that Traefik redirects clients to is a port of a Service in front of it.

    Clients connect to the Service's port, not to the container's.
    """
    services = graph.of_kind("Service")
    for traefik in traefiks(graph):
        in_front = [service for service in services if traefik.pod in graph.pods_of_service(service)]
        open_ports = {
            shape.number(port, "port") for service in in_front for port in shape.mappings(service.spec, "ports")
        }
        for entry in traefik.entry_points:
            port = traefik.options.get(f"entrypoints.{entry}.http.redirections.entrypoint.to", "").removeprefix(":")
            if open_ports and port.isascii() and port.isdigit() and int(port) not in open_ports:
                known = ", ".join(str(port) for port in sorted(filter(None, open_ports)))
                yield in_front[0].finding(
                    "spec.ports",
                    f"has no port {port}, to which {traefik.pod} redirects ({known})",
                    fix=f"port: {port}",
                )


@rule(
    passes=_TRAEFIK.replace(
        "        - --entryPoints.websecure.address",
        "        - --providers.kubernetesingress.ingressEndpoint.publishedService=entry/traefik\n"
        "        - --entryPoints.websecure.address",
    )
    + _BALANCER,
    breaks={"publishedService=entry/traefik": "publishedService=entry/treafik"},
)
def published_service_exists(graph: Graph) -> Iterator[Finding]:
    """The Service whose address Traefik writes into Ingresses exists."""
    for traefik in traefiks(graph):
        name = traefik.options.get("providers.kubernetesingress.ingressendpoint.publishedservice", "")
        namespace, slash, service = name.partition("/")
        if slash and not graph.exists("Service", namespace, service):
            yield traefik.pod.workload.finding(
                f"{traefik.container.field}.args",
                f"names Service {name}, which does not exist",
                fix="the Service that leads to Traefik, as namespace/name",
                severity=graph.severity_in("Service", namespace),
            )


def _ranges(pool: Resource) -> Iterator[tuple[int, int, int]]:
    """IP version, lowest and highest address of each of a pool's ranges."""
    for text in shape.texts(pool.spec, "addresses"):
        first, is_range, last = text.partition("-")
        try:
            if is_range:
                low, high = ipaddress.ip_address(first.strip()), ipaddress.ip_address(last.strip())
            else:
                network = ipaddress.ip_network(text.strip(), strict=False)
                low, high = network.network_address, network.broadcast_address
        except ValueError:
            continue
        if low.version == high.version:
            yield low.version, int(low), int(high)


# Traefik itself.


@rule(passes=_TRAEFIK + _ROUTE, breaks={"namespaces=entry,shop": "namespaces=entry"})
def traefik_watches_namespace(graph: Graph) -> Iterator[Finding]:
    """A Traefik of the input reads each route: it watches its namespace and takes its class."""
    known = traefiks(graph)
    if not known:
        return
    for resource in graph.of_kind(*_READ_BY_TRAEFIK):
        if resource.group in _TRAEFIK_GROUPS:
            yield from _unread(known, "kubernetescrd", resource)
    for ingress in graph.of_kind("Ingress"):
        found = graph.find("IngressClass", "", ingress_class(graph, ingress))
        if found and found.spec.get("controller") == TRAEFIK_CONTROLLER:
            yield from _unread(known, "kubernetesingress", ingress)


def _unread(known: tuple[Traefik, ...], provider: str, resource: Resource) -> Iterator[Finding]:
    watching = [traefik for traefik in known if traefik.watches(provider, resource.namespace)]
    if not watching:
        option = f"providers.{provider}.namespaces"
        listed = sorted({name for traefik in known for name in traefik.names(option)})
        yield resource.finding(
            "metadata.namespace",
            f"is in a namespace that no Traefik watches (watched: {', '.join(listed) or 'none'})",
            fix=f"--{option}={','.join([*listed, resource.namespace])}",
        )
        return
    taken = {name for traefik in watching for name in _classes(traefik)}
    if resource.kind in _ROUTES and route_class(resource) not in taken:
        yield resource.finding(
            "metadata.annotations[kubernetes.io/ingress.class]",
            f'is of class "{route_class(resource)}", which no Traefik takes (taken: {", ".join(sorted(taken))})',
            fix=f"kubernetes.io/ingress.class: {max(taken)}",
        )


def _classes(traefik: Traefik) -> tuple[str, ...]:
    """The classes of IngressRoutes that it takes: without an option, those without a class and its own name."""
    return tuple(traefik.names("providers.kubernetescrd.ingressClass")) or ("", "traefik")


@rule(passes=_TRAEFIK + _ROUTE, breaks={"entryPoints: [websecure]": "entryPoints: [https]"})
def entry_point_exists(graph: Graph) -> Iterator[Finding]:
    """Each entry point that is named is one of Traefik's, where the input has a Traefik."""
    known = traefiks(graph)
    names = sorted({name for traefik in known for name in traefik.entry_points})
    for resource, field, name in _entry_points_named(graph, known) if known else ():
        if name.lower() not in names:
            yield resource.finding(
                field,
                f'names entry point "{name}" (known: {", ".join(names)})',
                fix=(get_close_matches(name.lower(), names, n=1) or names)[0],
            )


def _entry_points_named(graph: Graph, known: tuple[Traefik, ...]) -> Iterator[tuple[Resource, str, str]]:
    for route in graph.of_kind(*_ROUTES):
        for name in shape.texts(route.spec, "entryPoints"):
            yield route, "spec.entryPoints", name
    annotation = "traefik.ingress.kubernetes.io/router.entrypoints"
    for ingress in graph.of_kind("Ingress"):
        for name in filter(None, ingress.annotations.get(annotation, "").split(",")):
            yield ingress, f"metadata.annotations[{annotation}]", name.strip()
    for traefik in known:
        redirects = [f"entrypoints.{entry}.http.redirections.entrypoint.to" for entry in traefik.entry_points]
        for option in (*redirects, "metrics.prometheus.entrypoint", "ping.entrypoint"):
            for name in traefik.names(option):
                if not name.startswith(":"):
                    yield traefik.pod.workload, f"{traefik.container.field}.args", name


@rule(passes=_TRAEFIK + _BALANCER, breaks={"websecure.address=:8443": "websecure.address=:443"})
def entry_point_listens(graph: Graph) -> Iterator[Finding]:
    """Each port of a Service in front of Traefik, and each that its container lists, is one of its entry points."""
    by_pod = {id(traefik.pod): traefik for traefik in traefiks(graph)}
    for traefik in by_pod.values():
        for index, (name, number, _) in enumerate(traefik.container.ports()):
            if not _listens(traefik, number):
                yield traefik.pod.workload.finding(
                    f"{traefik.container.field}.ports[{name or index}].containerPort",
                    f"is {number}, on which no entry point listens ({_entries(traefik)})",
                    fix=f"--entryPoints.{name or 'web'}.address=:{number}",
                    severity="warning",
                )
    for service in graph.of_kind("Service") if by_pod else ():
        for pod in graph.pods_of_service(service):
            if id(pod) in by_pod:
                yield from _deaf_ports(service, by_pod[id(pod)])


def _deaf_ports(service: Resource, traefik: Traefik) -> Iterator[Finding]:
    for field, port in shape.named(service.spec, "spec.ports", "ports"):
        target = port.get("targetPort", port.get("port"))
        number = traefik.pod.port(target) if isinstance(target, int | str) else None
        if number is not None and not _listens(traefik, number):
            yield service.finding(
                f"{field}.targetPort",
                f"leads to port {number} of {traefik.pod}, on which no entry point listens ({_entries(traefik)})",
                fix=f"--entryPoints.{shape.text(port, 'name') or 'web'}.address=:{number}",
            )


def _listens(traefik: Traefik, number: int) -> bool:
    others = (c for c in traefik.pod.containers if c is not traefik.container)
    ports = traefik.entry_points.values()
    return number in ports or 0 in ports or any(number == n for c in others for _, n, _ in c.ports())


def _entries(traefik: Traefik) -> str:
    return ", ".join(f"{name} {port}" for name, port in sorted(traefik.entry_points.items()))


_OPTION: Final = """
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: {name: default, namespace: entry}
spec: {minVersion: VersionTLS12}
"""


@rule(passes=_OPTION, breaks={"VersionTLS12": "VersionTLS11"})
def tls_is_not_weak(graph: Graph) -> Iterator[Finding]:
    """TLS options admit TLS 1.2 and newer only, and no cipher that is broken.

    Nothing that is still in use needs TLS 1.0 or 1.1, or a cipher with RC4 or 3DES.
    """
    for option in graph.of_kind("TLSOption"):
        if shape.text(option.spec, "minVersion") in ("VersionSSL30", "VersionTLS10", "VersionTLS11"):
            yield option.finding(
                "spec.minVersion",
                f"is {shape.text(option.spec, 'minVersion')}, which is broken (known: VersionTLS12, VersionTLS13)",
                fix="minVersion: VersionTLS12",
            )
        for cipher in shape.texts(option.spec, "cipherSuites"):
            if "RC4" in cipher or "3DES" in cipher:
                yield option.finding("spec.cipherSuites", f"admits {cipher}, which is broken", fix="remove it")


@rule(
    passes=_OPTION
    + """
---
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: {name: mutual, namespace: shop}
spec: {clientAuth: {secretNames: [clients], clientAuthType: RequireAndVerifyClientCert}}
""",
    breaks={"name: mutual": "name: default"},
)
def default_tls_option_is_one(graph: Graph) -> Iterator[Finding]:
    """There is one TLSOption, and one TLSStore, named default.

    These are Traefik's own, for all namespaces: of two, it takes neither (Traefik 3.7).
    """
    for kind in ("TLSOption", "TLSStore"):
        yield from _second([found for found in graph.of_kind(kind) if found.name == "default"], "metadata.name")


@rule(
    passes="""
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: traefik, annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}
spec: {controller: traefik.io/ingress-controller}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx, annotations: {ingressclass.kubernetes.io/is-default-class: "false"}}
spec: {controller: k8s.io/ingress-nginx}
""",
    breaks={'"false"': '"true"'},
)
def default_ingress_class_is_one(graph: Graph) -> Iterator[Finding]:
    """At most one IngressClass is the default.

    With two, Kubernetes refuses each Ingress that names none.
    """
    yield from _second(default_ingress_classes(graph), "metadata.annotations")


def _second(found: list[Resource], field: str) -> Iterator[Finding]:
    for resource in found[1:]:
        yield resource.finding(
            field,
            f"makes it the default, which {found[0]} is already",
            fix="keep one of them",
        )
