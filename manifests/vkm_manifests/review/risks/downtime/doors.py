"""Downtime: by what one comes in: hosts, names, addresses, certificates."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.reach import port_name
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.route import Claim, claims, hosts_of, routed_hosts, served_secrets
from vkm_manifests.graph.talks import is_exposed
from vkm_manifests.graph.traefik import traefiks
from vkm_manifests.graph.traefik_rule import Branch
from vkm_manifests.identity import Identity
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.examples import ROUTE
from vkm_manifests.review.requests import Requests, all_requests
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.risks.downtime.workloads import newly
from vkm_manifests.review.users import named_by
from vkm_manifests.review.wording import does, listed


@risk("downtime", before=ROUTE, breaks={"shop.example": "store.example"}, passes={"port: 80": "port: 81"})
def host_is_gone(comparison: Comparison) -> Iterator[Concern]:
    """A host is not routed any more: it does not answer."""
    routed = {item.host for item in routed_hosts(comparison.new)}
    for change in comparison.changes:
        if change.old is not None:
            gone = list(dict.fromkeys(item.host for item in hosts_of(change.old) if item.host not in routed))
            if gone:
                count = len(gone)
                yield change.concern(
                    f"{listed(gone)} {does(count, 'is', 'are')} not routed any more: "
                    f"{does(count, 'it gives', 'they give')} an error",
                    do="keep the old host as a redirect, or tell those who use it",
                )


@risk(
    "downtime",
    before=ROUTE,
    breaks={"match: Host(`shop.example.com`)": "match: Host(`shop.example.com`) && PathPrefix(`/shop`)"},
    passes={"match: Host(`shop.example.com`)": "match: Host(`shop.example.com`) && !PathPrefix(`/metrics`)"},
)
def route_takes_less(comparison: Comparison) -> Iterator[Concern]:
    """A host is routed for a part of the requests that it was routed for: others give an error.

    What is left out by a `!` is meant. Of a host that is routed no more, that is told.
    """
    redirected = {
        entry
        for traefik in traefiks(comparison.new)
        for entry in traefik.entry_points
        if traefik.has(f"entrypoints.{entry}.http.redirections")
    }
    taken: dict[frozenset[str], list[Requests]] = defaultdict(list)
    for request in all_requests(comparison.new):
        taken[request.hosts].append(request)
    told: dict[Identity, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for request in all_requests(comparison.old):
        now = () if _entry_point(request) in redirected else taken.get(request.hosts, ())
        change = comparison.by_identity.get(request.resource.identity)
        change = change or next((c for left in now if (c := comparison.by_identity.get(left.resource.identity))), None)
        if change and request.hosts and now and not any(_takes(left, request) for left in (*now, *taken[frozenset()])):
            told[change.identity][_text(request)] |= {_text(left) for left in now}
    for change in comparison.changed("HTTPRoute", "GRPCRoute"):
        for index, rule in enumerate(shape.mappings(change.object.spec, "rules")):
            backends = shape.mappings(rule, "backendRefs")
            if backends and all(backend.get("weight") == 0 for backend in backends) and change.field("spec", "rules"):
                yield change.concern(
                    "each Service has the weight 0: every request gives an error",
                    do="give one of them a weight",
                    field=f"spec.rules[{index}].backendRefs",
                )
    for identity, lost in told.items():
        left = listed(sorted({text for texts in lost.values() for text in texts}))
        yield comparison.by_identity[identity].concern(
            f"no longer taken: {listed(sorted(lost))}; what is left of it: {left}",
            do="keep a route for the rest, or make sure that nobody asks for it",
        )


@risk(
    "downtime",
    before=ROUTE
    + "---"
    + ROUTE.replace("name: web, namespace", "name: wiki, namespace").replace("shop.example", "wiki.example"),
    breaks={"wiki.example": "shop.example"},
    passes={"Host(`wiki.example.com`)": "Host(`shop.example.com`) && PathPrefix(`/wiki`)"},
)
def requests_are_claimed_twice(comparison: Comparison) -> Iterator[Concern]:
    """Two routes take the same requests with the same priority: it is an accident which of them answers."""
    told: dict[Identity, list[str]] = defaultdict(list)
    before = _claimers(comparison.old)
    for what, some in _claimers(comparison.new).items():
        known = before.get(what, {})
        changes = (c for identity in some if (c := comparison.by_identity.get(identity)))
        change = next((c for c in changes if not c.old or c.old.identity not in known), None)
        if len(some) > 1 and len(known) < 2 and change:
            others = (claim.resource for identity, claim in some.items() if identity != change.identity)
            told[change.identity] += [f"{some[change.identity].text} by {other.identity}" for other in others]
    for identity, claimed in told.items():
        yield comparison.by_identity[identity].concern(
            f"taken already, so that it is an accident which of both answers: {listed(claimed)}",
            do="take it away from one of them, or give one the higher priority",
        )


def _claimers(graph: Graph) -> Mapping[Hashable, Mapping[Identity, Claim]]:
    """Who claims which requests: one claim of each object."""
    found: dict[Hashable, dict[Identity, Claim]] = defaultdict(dict)
    for claim in claims(graph):
        found[claim.what].setdefault(claim.resource.identity, claim)
    return found


def _takes(new: Requests, old: Requests) -> bool:
    """Whether a route takes all requests that another one took, as far as can be told: what a pattern takes cannot."""
    entries = [_entry_point(request) for request in (new, old)]
    return (not all(entries) or entries[0] == entries[1]) and all(
        not wanted
        or (wanted, matcher) in old.branch
        or matcher.name.endswith(("Regexp", "RegularExpression"))
        or (matcher.name == "PathPrefix" and _is_below(old.branch, matcher.values[0]))
        for wanted, matcher in new.branch
    )


def _entry_point(request: Requests) -> str:
    """The entry point of Traefik at which a route takes requests; empty where none is named."""
    entry = request.entry
    return str(entry[2]) if isinstance(entry, tuple) and entry[0] != "gateway" else ""


def _text(request: Requests) -> str:
    entry = _entry_point(request)
    return f"{request.text} at entry point {entry}" if entry else request.text


def _is_below(branch: Branch, prefix: str) -> bool:
    return prefix == "/" or any(
        wanted and matcher.name in ("Path", "PathPrefix") and matcher.values[0].startswith(prefix)
        for wanted, matcher in branch
    )


_GATEWAY: Final = """
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  gatewayClassName: traefik
  listeners:
  - {name: https, protocol: HTTPS, port: 443, hostname: "*.example.com"}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: public, sectionName: https}]
  hostnames: [shop.example.com]
  rules: [{backendRefs: [{name: web, port: 80}]}]
"""


@risk(
    "downtime",
    before=_GATEWAY,
    breaks={"{name: https, protocol": "{name: websecure, protocol"},
    passes={'hostname: "*.example.com"': "hostname: shop.example.com"},
)
def gateway_takes_no_longer(comparison: Comparison) -> Iterator[Concern]:
    """A Gateway takes a route no longer: no listener has the name, the port or the host that the route asks for."""
    old, new = comparison.old, comparison.new
    for route in new.of_kind("HTTPRoute", "GRPCRoute", "TLSRoute"):
        before = old.find(route.kind, route.namespace, route.name)
        for parent in shape.mappings(route.spec, "parentRefs"):
            place = ("Gateway", shape.text(parent, "namespace") or route.namespace, shape.text(parent, "name"))
            now, then = new.find(*place), old.find(*place)
            if not before or not now or not then or _is_taken(now, route, parent):
                continue
            parents = shape.mappings(before.spec, "parentRefs")
            named = [p for p in parents if shape.text(p, "name") == now.name]
            change = comparison.by_identity.get(now.identity) or comparison.by_identity.get(route.identity)
            if change and any(_is_taken(then, before, p) for p in named):
                yield change.concern(
                    f"no listener of Gateway {now.name} takes {route.kind} {route.name} any more: "
                    f"{listed(shape.texts(route.spec, 'hostnames')) or 'it'} gives an error",
                    do="keep the listener, or let the route name one that there is, with a hostname that fits",
                )


def _is_taken(gateway: Resource, route: Resource, parent: Mapping[str, Any]) -> bool:
    section, port = shape.text(parent, "sectionName"), shape.number(parent, "port")
    for listener in shape.mappings(gateway.spec, "listeners"):
        is_same = section in ("", shape.text(listener, "name")) and port in (None, shape.number(listener, "port"))
        routes_from = shape.text(listener, "allowedRoutes", "namespaces", "from") or "Same"
        if is_same and (routes_from != "Same" or route.namespace == gateway.namespace):
            own, hosts = shape.text(listener, "hostname"), shape.texts(route.spec, "hostnames")
            if not own or not hosts or any(_fit(own.lower(), host.lower()) for host in hosts):
                return True
    return False


def _fit(one: str, other: str) -> bool:
    """Whether two hosts, each a name or a wildcard, have a name in common."""
    return one == other or any(
        wide.startswith("*.") and narrow.endswith(wide[1:]) for wide, narrow in ((one, other), (other, one))
    )


@risk(
    "downtime",
    before="""
apiVersion: externaldns.k8s.io/v1alpha1
kind: DNSEndpoint
metadata: {name: records, namespace: dns}
spec:
  endpoints:
  - {dnsName: shop.example.com, recordType: A, targets: [192.0.2.1]}
  - {dnsName: www.example.com, recordType: A, targets: [192.0.2.1]}
""",
    breaks={"  - {dnsName: www.example.com, recordType: A, targets: [192.0.2.1]}\n": ""},
    passes={"[192.0.2.1]}\n  - ": "[192.0.2.2]}\n  - "},
)
def name_is_gone(comparison: Comparison) -> Iterator[Concern]:
    """A DNS name has no record any more: nobody finds what answers there.

    ExternalDNS deletes what no source names any more under its policy `sync`; under `upsert-only` it stays.
    """
    kept = {record for endpoint in comparison.new.of_kind("DNSEndpoint") for record in _records(endpoint)}
    for change in comparison.changes:
        if change.kind == "DNSEndpoint" and change.old:
            gone = [name for name, kind in _records(change.old) if (name, kind) not in kept]
            if gone:
                yield change.concern(
                    f"{listed(gone)} {does(len(set(gone)), 'has', 'have')} no record any more",
                    do="make sure that nobody uses the name",
                    field="spec.endpoints",
                )


def _records(endpoint: Resource) -> list[tuple[str, str]]:
    """Name and type of the records that an object asks for."""
    return [
        (shape.text(item, "dnsName").lower(), shape.text(item, "recordType") or "A")
        for item in shape.mappings(endpoint.spec, "endpoints")
        if shape.texts(item, "targets")
    ]


_ADDRESSES: Final = ("metallb.io/loadBalancerIPs", "metallb.universe.tf/loadBalancerIPs")
_DOOR: Final = """
apiVersion: v1
kind: Service
metadata: {name: door, namespace: shop, annotations: {metallb.io/loadBalancerIPs: 192.0.2.1}}
spec:
  type: LoadBalancer
  selector: {app: door}
  ports: [{name: https, port: 443}, {name: http, port: 80}]
"""


@risk("downtime", before=_DOOR, breaks={"192.0.2.1": "192.0.2.2"}, passes={"port: 443": "port: 443, targetPort: 8443"})
def door_moves(comparison: Comparison) -> Iterator[Concern]:
    """A Service has another address outside of the cluster: nobody answers at the one that it had."""
    for change in comparison.changed("Service"):
        if (old := _address(change.old)) and _address(change.new) != old:
            yield change.concern(
                f"nobody answers at {old} any more: the address is {_address(change.new) or 'left to the cluster'}",
                do=f"let another Service keep {old} (and its pool) until the DNS records and the router lead to the "
                "new address, and the records' TTL has passed",
                field="spec.loadBalancerIP" if change.field("spec", "loadBalancerIP") else "metadata.annotations",
            )


def _address(service: Resource) -> str:
    """The address that a Service asks for; empty where it takes any."""
    annotated = (service.annotations.get(name, "") for name in _ADDRESSES)
    return next(filter(None, annotated), "") or shape.text(service.spec, "loadBalancerIP")


@risk(
    "downtime",
    before=_DOOR,
    breaks={", {name: http, port: 80}": ""},
    passes={", {name: http, port: 80}": ", {name: http, port: 80}, {name: quic, port: 443, protocol: UDP}"},
)
def door_is_gone(comparison: Comparison) -> Iterator[Concern]:
    """A Service can be reached from outside of the cluster no longer, or on fewer ports, or addresses.

    Of a renamed Service with an address of its own, the doors of all that have this address count.
    """
    for change in comparison.changes:
        if change.kind != "Service" or not change.old or not is_exposed(change.old):
            continue
        address = _address(change.old)
        heirs = [
            s for s in comparison.new.of_kind("Service") if address and s.kind == "Service" and _address(s) == address
        ]
        left = set().union(*(_doors(service, change.old) for service in (*heirs, *filter(None, (change.new,)))))
        gone = sorted(_doors(change.old) - left, key=lambda door: (len(door), door))
        if gone:
            yield change.concern(
                f"nobody answers from outside any more at {listed(gone)}",
                do="keep it until nobody comes by it: look at the DNS records, the router and the clients",
                field=change.field("spec") or "",
            )
        elif change.renamed_from and not address and shape.text(change.old.spec, "type") == "LoadBalancer":
            yield change.concern(
                "the Service under its new name gets another address outside of the cluster",
                do="keep the old one until the DNS records and the router lead to the new address",
            )


def _doors(service: Resource, former: Resource | None = None) -> set[str]:
    """By what a Service is reached from outside: ports of its own address, ports of the nodes, addresses.

    One that was there before keeps the nodes' ports of which it says nothing; a LoadBalancer has such, too.
    """
    kind = shape.text(service.spec, "type")
    kept = {_port(entry): entry.get("nodePort") for entry in _ports(former)}
    addresses = {f"address {address}" for address in shape.texts(service.spec, "externalIPs")}
    found = set(addresses)
    for entry in _ports(service):
        port = _port(entry)
        if kind == "LoadBalancer" or addresses:
            found.add(f"port {port}")
        if kind == "NodePort" or (kind == "LoadBalancer" and former):
            number = entry.get("nodePort") or kept.get(port)
            found.add(f"port {number} of the nodes" if number else f"the nodes' port for {port}")
    return found


def _ports(service: Resource | None) -> list[Mapping[str, Any]]:
    return shape.mappings(service.spec, "ports") if service else []


def _port(entry: Mapping[str, Any]) -> str:
    return port_name(entry.get("port"), shape.text(entry, "protocol") or "TCP")


@risk(
    "downtime",
    before=f"""{_DOOR}---
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {{name: public, namespace: metallb-system}}
spec: {{addresses: [192.0.2.0/28]}}
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: {{name: public, namespace: metallb-system}}
spec: {{ipAddressPools: [public]}}
""",
    breaks={"ipAddressPools: [public]": "ipAddressPools: [inner]"},
    passes={"192.0.2.0/28": "192.0.2.0/24"},
)
def address_is_not_given(comparison: Comparison) -> Iterator[Concern]:
    """MetalLB no longer gives a Service its address, or no longer tells the network where a pool's addresses are.

    An address that is given stays at first; MetalLB asks the pools again when it restarts or the Service changes.
    """
    for rule, kinds, effect in (
        ("load-balancer-address-is-in-a-pool", ("IPAddressPool",), "it loses it, at the latest when MetalLB restarts"),
        ("address-pool-is-advertised", ("L2Advertisement", "BGPAdvertisement"), "nobody finds its addresses"),
    ):
        for finding in newly(comparison, rule):
            place = (finding.object.kind, finding.object.namespace, finding.object.name)
            by_others = (c for c in comparison.changes if c.kind in kinds and c.old)
            change = next(by_others, None) or comparison.by_identity.get(finding.object)
            if change and comparison.old.find(*place):
                yield change.concern(
                    f"{finding.object.kind} {finding.object.name} {finding.message}: {effect}", do=finding.fix
                )


_SERVED_WITH_TLS: Final = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
  - {kind: Rule, match: Host(`shop.example.com`), services: [{name: web, port: 80}]}
  tls: {secretName: web-tls}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec:
  secretName: web-tls
  dnsNames: [shop.example.com]
  issuerRef: {name: letsencrypt}
"""


@risk(
    "downtime",
    before=_SERVED_WITH_TLS,
    breaks={
        "tls: {secretName: web-tls}": "tls: {secretName: shop-tls}",
        "  secretName: web-tls\n": "  secretName: shop-tls\n",
    },
    passes={"[shop.example.com]": "[shop.example.com, www.example.com]"},
)
def certificate_is_not_there_yet(comparison: Comparison) -> Iterator[Concern]:
    """A host that is served already gets its certificate from a Secret that is yet to be issued.

    Until it is there, Traefik serves its default certificate, of which browsers warn.
    """
    served = {item.host for item in routed_hosts(comparison.old)}
    for change in (*comparison.changed("Certificate"), *comparison.come("Certificate")):
        if change.old and not change.field("spec", "secretName"):
            continue
        name = shape.text(change.new.spec, "secretName")
        if (change.new.namespace, name) in comparison.old.secrets:
            continue
        hosts = [
            item.host
            for reference in named_by(comparison.new, "Secret", change.new.namespace, name)
            for item in hosts_of(reference.source)
            if item.host in served
        ]
        if hosts:
            yield change.concern(
                f"browsers warn at {listed(hosts)} until Secret {name} is issued",
                do="apply the Certificate first, wait until it is READY, then the route",
                field="spec.secretName",
            )


@risk(
    "downtime",
    before=_SERVED_WITH_TLS,
    breaks={"[shop.example.com]": "[www.example.com]"},
    passes={"[shop.example.com]": "[shop.example.com, www.example.com]"},
)
def certificate_loses_a_host(comparison: Comparison) -> Iterator[Concern]:
    """A certificate no longer names a host that is served with it: browsers warn."""
    bare = {finding.object for finding in newly(comparison, "route-host-has-certificate")}
    for change in comparison.changed("Certificate") if bare else ():
        lost = {*_names(change.old)} - {*_names(change.new)}
        secret = (change.object.namespace, shape.text(change.object.spec, "secretName"))
        hosts = [
            host.host
            for use in served_secrets(comparison.new)
            if (use.namespace, use.secret) == secret
            for host in use.hosts
            if host.resource.identity in bare and {host.host, f"*.{host.host.partition('.')[2]}"} & lost
        ]
        if hosts:
            yield change.concern(
                f"{listed(hosts)} {does(len(set(hosts)), 'is', 'are')} served with it, and not named any more: "
                "browsers warn as soon as it is issued",
                do="keep the name until no route serves the host",
                field="spec.dnsNames",
            )


@risk(
    "downtime",
    before=_SERVED_WITH_TLS,
    breaks={"tls: {secretName: web-tls}": "tls: {}"},
    passes={"tls: {secretName: web-tls}": "tls: {certResolver: letsencrypt}"},
)
def certificate_is_not_loaded(comparison: Comparison) -> Iterator[Concern]:
    """A route no longer names the certificate of its hosts, and nothing else loads one for them.

    Traefik finds a host's certificate among those that its routes and its TLSStore name.
    """
    graph = comparison.new
    loaded = {(use.namespace, use.secret) for use in served_secrets(graph) if use.resource.kind != "Gateway"}
    certificates = {(c.namespace, shape.text(c.spec, "secretName")): _names(c) for c in graph.of_kind("Certificate")}
    names = {name for place in loaded for name in certificates.get(place, ())}
    strict = {option.name for option in graph.of_kind("TLSOption") if option.spec.get("sniStrict") is True}
    for change in comparison.changed("IngressRoute"):
        before, after = (shape.mapping(side.spec, "tls") for side in (change.old, change.new))
        place = (change.object.namespace, shape.text(before, "secretName"))
        if not place[1] or place in loaded or after.keys() & {"secretName", "certResolver"}:
            continue
        hosts = [h.host for h in hosts_of(change.new) if not {h.host, f"*.{h.host.partition('.')[2]}"} & names]
        if hosts and not graph.of_kind("TLSStore") and _serves_tls(graph, change.new):
            is_strict = (shape.text(after, "options", "name") or "default") in strict
            effect = "Traefik refuses every connection (sniStrict)" if is_strict else "browsers warn"
            yield change.concern(
                f"Secret {place[1]} is not loaded any more, and no other certificate for {listed(hosts)}: {effect}",
                do=f"keep tls.secretName: {place[1]}",
                field="spec.tls",
            )


def _serves_tls(graph: Graph, route: Resource) -> bool:
    """Whether a route serves TLS by certificates that it does not get by itself."""
    entries, known = shape.texts(route.spec, "entryPoints"), traefiks(graph)
    at = [(traefik, entry.lower()) for traefik in known for entry in entries or traefik.default_entry_points]
    if any(traefik.has(f"entrypoints.{entry}.http.tls.certresolver") for traefik, entry in at):
        return False
    return isinstance(route.spec.get("tls"), Mapping) or any(traefik.has_tls(entry) for traefik, entry in at)


def _names(certificate: Resource | None) -> list[str]:
    return shape.texts(certificate.spec, "dnsNames") if certificate else []


@risk(
    "downtime",
    before=f"""{_SERVED_WITH_TLS}---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {{name: letsencrypt, namespace: shop}}
spec: {{acme: {{server: "https://acme-v02.api.letsencrypt.org/directory", email: a@example.com}}}}
""",
    breaks={"acme-v02": "acme-staging-v02"},
    passes={"a@example.com": "b@example.com"},
)
def certificate_is_not_trusted(comparison: Comparison) -> Iterator[Concern]:
    """Certificates come from an issuer that browsers do not trust: one for tests, or one that signs itself.

    cert-manager asks the issuer again when a certificate is renewed, or names another issuer.
    """
    do = "keep the issuer of the hosts that are served; try the other one with a certificate of its own"
    for change in comparison.changed("ClusterIssuer", "Issuer"):
        if _is_trusted(change.old) and not _is_trusted(change.new):
            yield change.concern(f"browsers do not trust what it issues from now on: {_UNTRUSTED}", do=do)
    for change in comparison.changed("Certificate"):
        old = _issuer(comparison.old, change.old)
        new = _issuer(comparison.new, change.object)
        if old and new and old.identity != new.identity and _is_trusted(old) and not _is_trusted(new):
            yield change.concern(f"browsers do not trust it, once {new.name} has issued it: {_UNTRUSTED}", do=do)


_UNTRUSTED: Final = "that issuer is one for tests, or signs itself"


def _issuer(graph: Graph, certificate: Resource) -> Resource | None:
    reference = shape.mapping(certificate.spec, "issuerRef")
    kind = shape.text(reference, "kind") or "Issuer"
    return graph.find(kind, "" if kind == "ClusterIssuer" else certificate.namespace, shape.text(reference, "name"))


def _is_trusted(issuer: Resource) -> bool:
    return "staging" not in shape.text(issuer.spec, "acme", "server") and "selfSigned" not in issuer.spec


@risk(
    "downtime",
    before=f"""{_SERVED_WITH_TLS}---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: {{name: letsencrypt, namespace: shop}}
spec:
  acme:
    solvers:
    - {{selector: {{dnsZones: [example.com]}}, dns01: {{route53: {{region: eu-west-1}}}}}}
    - {{selector: {{dnsZones: [example.org]}}, http01: {{ingress: {{ingressClassName: traefik}}}}}}
""",
    breaks={"dnsZones: [example.com]": "dnsZones: [example.net]"},
    passes={"dnsZones: [example.org]": "dnsZones: [example.net]"},
)
def solver_is_gone(comparison: Comparison) -> Iterator[Concern]:
    """An issuer has no solver any more that proves a name: its certificate is neither issued nor renewed.

    A wildcard is proved by DNS only (ACME).
    """
    for change in comparison.changed("ClusterIssuer", "Issuer"):
        if not change.field("spec", "acme", "solvers") or not shape.mapping(change.new.spec, "acme"):
            continue
        names = [
            name
            for certificate in comparison.new.of_kind("Certificate")
            if _issuer(comparison.new, certificate) is change.new
            for name in _names(certificate)
            if _is_proved(change.old, certificate, name) and not _is_proved(change.new, certificate, name)
        ]
        if names:
            yield change.concern(
                f"no solver proves {listed(names)} any more: no certificate for it is issued or renewed",
                do="keep the solver, or let the selector of another one take these names",
                field="spec.acme.solvers",
            )


def _is_proved(issuer: Resource, certificate: Resource, name: str) -> bool:
    """Whether a solver of an issuer is for a name of a certificate."""
    for solver in shape.mappings(issuer.spec, "acme", "solvers"):
        selector = shape.mapping(solver, "selector")
        zones, names = shape.texts(selector, "dnsZones"), shape.texts(selector, "dnsNames")
        is_for = shape.labels(selector, "matchLabels").items() <= certificate.labels.items()
        in_zone = not zones or any(f".{name}".endswith(f".{zone}") for zone in zones)
        if is_for and in_zone and (not names or name in names) and ("dns01" in solver or not name.startswith("*.")):
            return True
    return False
