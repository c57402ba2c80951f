"""Doors: hosts, names, addresses and certificates by which one comes in."""

import pytest

from tests.reviewed import changed, reasons

DOOR = """
apiVersion: v1
kind: Service
metadata: {name: door, namespace: shop, annotations: {metallb.io/loadBalancerIPs: 192.0.2.1}}
spec:
  type: LoadBalancer
  selector: {app: door}
  ports: [{name: https, port: 443}, {name: http, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: game, namespace: shop}
spec:
  type: NodePort
  externalIPs: [198.51.100.7]
  selector: {app: game}
  ports: [{name: game, port: 7777, nodePort: 30777, protocol: UDP}]
---
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: public, namespace: metallb-system}
spec: {addresses: [192.0.2.0/28]}
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: {name: public, namespace: metallb-system}
spec: {ipAddressPools: [public]}
"""
ROUTE = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`shop.example.com`)
    services: [{name: web, port: 80}]
  tls: {secretName: web-tls}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec:
  secretName: web-tls
  dnsNames: [shop.example.com]
  issuerRef: {name: letsencrypt, kind: ClusterIssuer}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letsencrypt}
spec: {acme: {server: "https://acme-v02.api.letsencrypt.org/directory"}}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: own}
spec: {selfSigned: {}}
"""
GATEWAY = """
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
  rules: [{backendRefs: [{name: web, port: 80, weight: 1}]}]
"""


def downtime(old: str, *replaced: tuple[str, str]) -> dict[str, list[str]]:
    return reasons("downtime", old, changed(old, *replaced))


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("type: LoadBalancer", "type: ClusterIP", "nobody answers from outside any more at port 80 and port 443"),
        (", {name: http, port: 80}", "", "nobody answers from outside any more at port 80"),
        ("port: 443", "port: 8443", "nobody answers from outside any more at port 443"),
        ("30777", "30778", "nobody answers from outside any more at port 30777 of the nodes"),
        ("nodePort: 30777, ", "", None),
        ("type: NodePort", "type: LoadBalancer", None),
        ("198.51.100.7", "198.51.100.8", "nobody answers from outside any more at address 198.51.100.7"),
        ("192.0.2.1}", "192.0.2.2}", "nobody answers at 192.0.2.1 any more: the address is 192.0.2.2"),
        ("{name: door, namespace: shop,", "{name: entry, namespace: shop,", None),
        ("port: 443}", "port: 443, targetPort: 8443}", None),
        ("type: LoadBalancer", "type: LoadBalancer\n  externalTrafficPolicy: Local", None),
    ],
)
def test_by_what_nobody_comes_in_any_more(before: str, after: str, told: str | None) -> None:
    found = downtime(DOOR, (before, after))
    assert [reason for reasons in found.values() for reason in reasons] == ([told] if told else [])


def test_a_service_without_an_address_of_its_own_gets_another_under_a_new_name() -> None:
    old = DOOR.replace(", annotations: {metallb.io/loadBalancerIPs: 192.0.2.1}", "")
    assert downtime(old, ("name: door, namespace", "name: entry, namespace")) == {
        "shop/Service/entry": ["the Service under its new name gets another address outside of the cluster"]
    }


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "192.0.2.0/28",
            "192.0.2.16/28",
            "Service door asks for 192.0.2.1, which is in no IPAddressPool: it loses it, at the latest when MetalLB "
            "restarts",
        ),
        (
            DOOR.rpartition("---")[2],
            "\napiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n",
            "IPAddressPool public is announced by no L2Advertisement or BGPAdvertisement: nobody finds its addresses",
        ),
        ("192.0.2.0/28", "192.0.2.0/24", None),
        ("ipAddressPools: [public]", "ipAddressPools: []", None),
    ],
)
def test_an_address_that_metallb_gives_no_longer(before: str, after: str, told: str | None) -> None:
    found = downtime(DOOR, (before, after))
    assert [reason for reasons in found.values() for reason in reasons] == ([told] if told else [])


@pytest.mark.parametrize(
    ("match", "left"),
    [
        ("Host(`shop.example.com`) && PathPrefix(`/shop`)", "Host(shop.example.com) && PathPrefix(/shop)"),
        ("Host(`shop.example.com`) && Header(`a`, `b`)", "Header(a, b) && Host(shop.example.com)"),
        ("Host(`shop.example.com`) && !PathPrefix(`/metrics`)", ""),
        ("Host(`shop.example.com`) || Host(`www.example.com`)", ""),
        ("Host(`shop.example.com`) && PathPrefix(`/`)", ""),
        ("Host(`shop.example.com`) && PathRegexp(`^/`)", ""),
    ],
)
def test_a_route_that_takes_less(match: str, left: str) -> None:
    told = (
        f"no longer taken: Host(shop.example.com) at entry point websecure; what is left of it: {left} at entry point "
        "websecure"
    )
    found = downtime(ROUTE, ("match: Host(`shop.example.com`)", f"match: {match}"))
    assert found.get("shop/IngressRoute/web", []) == ([told] if left else [])


def test_a_path_that_a_wider_one_takes_is_no_less() -> None:
    old = ROUTE.replace("match: Host(`shop.example.com`)", "match: Host(`shop.example.com`) && Path(`/shop/cart`)")
    assert downtime(old, ("&& Path(`/shop/cart`)", "&& PathPrefix(`/shop`)")) == {}


def test_a_route_that_leaves_its_entry_point() -> None:
    ((reason,),) = downtime(ROUTE, ("[websecure]", "[web]")).values()
    assert reason.startswith("no longer taken: Host(shop.example.com) at entry point websecure")


def test_an_entry_point_that_redirects_by_itself_needs_no_route() -> None:
    traefik = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: traefik, namespace: traefik}
spec:
  template:
    spec:
      containers:
      - name: traefik
        image: traefik:v3.6.1
        args: ["--entryPoints.websecure.address=:8443", "--entryPoints.web.address=:8000"]
"""
    old = f"{traefik}---" + ROUTE.replace("[websecure]", "[web, websecure]")
    redirect = (
        'web.address=:8000"',
        'web.address=:8000", "--entryPoints.web.http.redirections.entryPoint.to=websecure"',
    )
    assert [*downtime(old, ("[web, websecure]", "[websecure]"))] == ["shop/IngressRoute/web"]
    assert downtime(old, ("[web, websecure]", "[websecure]"), redirect).get("shop/IngressRoute/web") is None


def test_a_gateway_that_takes_routes_of_its_own_namespace_only() -> None:
    old = GATEWAY.replace("metadata: {name: web, namespace: shop}", "metadata: {name: web, namespace: blog}")
    old = old.replace("{name: public, sectionName", "{name: public, namespace: shop, sectionName")
    old = old.replace('"*.example.com"}', '"*.example.com", allowedRoutes: {namespaces: {from: All}}}')
    assert list(downtime(old, ("from: All", "from: Same"))) == ["shop/Gateway/public"]


def test_an_entry_point_that_is_named_where_none_was_is_the_same_perhaps() -> None:
    named = "spec:\n  entryPoints: [websecure]\n  routes"
    assert downtime(ROUTE.replace("  entryPoints: [websecure]\n", ""), ("spec:\n  routes", named)) == {}


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("{name: https, protocol", "{name: secure, protocol", "shop/Gateway/public"),
        ('"*.example.com"', '"*.example.org"', "shop/Gateway/public"),
        ("sectionName: https", "sectionName: http", "shop/HTTPRoute/web"),
        ("weight: 1", "weight: 0", "shop/HTTPRoute/web"),
        ("[{name: public, sectionName", "[{name: public, namespace: shop, sectionName", None),
        ('"*.example.com"', "shop.example.com", None),
        ("weight: 1", "weight: 2", None),
    ],
)
def test_a_route_that_no_gateway_takes(before: str, after: str, told: str | None) -> None:
    assert list(downtime(GATEWAY, (before, after))) == ([told] if told else [])


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "[shop.example.com]",
            "[www.example.com]",
            {
                "shop/Certificate/web": "shop.example.com is served with it, and not named any more: browsers warn as "
                "soon as it is issued"
            },
        ),
        ("[shop.example.com]", '["*.example.com"]', {}),
        (
            "acme-v02",
            "acme-staging-v02",
            {
                "ClusterIssuer/letsencrypt": "browsers do not trust what it issues from now on: that issuer is one for "
                "tests, or signs itself"
            },
        ),
        (
            "issuerRef: {name: letsencrypt,",
            "issuerRef: {name: own,",
            {
                "shop/Certificate/web": "browsers do not trust it, once own has issued it: that issuer is one for "
                "tests, or signs itself"
            },
        ),
    ],
)
def test_a_certificate_that_browsers_take_no_longer(before: str, after: str, told: dict[str, str]) -> None:
    assert downtime(ROUTE, (before, after)) == {name: [reason] for name, reason in told.items()}


TRAEFIK = """---
apiVersion: apps/v1
kind: Deployment
metadata: {name: traefik, namespace: traefik}
spec:
  replicas: 2
  template:
    spec:
      containers:
      - name: traefik
        image: traefik:v3.6.1
        args: ["--entryPoints.websecure.address=:8443", --entryPoints.websecure.http.tls=true]
---
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: {name: default, namespace: traefik}
spec: {sniStrict: true}
"""
STORE = """---
apiVersion: traefik.io/v1alpha1
kind: TLSStore
metadata: {name: default, namespace: traefik}
spec: {defaultCertificate: {secretName: wildcard}}
"""
ANOTHER = """---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: blog, namespace: shop}
spec:
  entryPoints: [websecure]
  routes: [{kind: Rule, match: Host(`blog.example.com`), services: [{name: web, port: 80}]}]
  tls: {secretName: web-tls}
"""
TLS = "services: [{name: web, port: 80}]\n  tls: {secretName: web-tls}"


@pytest.mark.parametrize(
    ("more", "after", "told"),
    [
        (TRAEFIK, "", "Traefik refuses every connection (sniStrict)"),
        (TRAEFIK, "\n  tls: {}", "Traefik refuses every connection (sniStrict)"),
        (TRAEFIK.replace("sniStrict: true", "sniStrict: false"), "", "browsers warn"),
        (TRAEFIK, "\n  tls: {certResolver: letsencrypt}", None),
        # Without TLS, no certificate is missed.
        (TRAEFIK.replace("http.tls=true", "http.tls=false"), "", None),
        (TRAEFIK + STORE, "", None),
        (TRAEFIK + ANOTHER, "", None),
    ],
)
def test_a_certificate_that_no_route_names_any_more(more: str, after: str, told: str | None) -> None:
    reason = f"Secret web-tls is not loaded any more, and no other certificate for shop.example.com: {told}"
    new = changed(ROUTE, (TLS, f"services: [{{name: web, port: 80}}]{after}")) + more
    old = ROUTE + more
    assert reasons("downtime", old, new) == ({"shop/IngressRoute/web": [reason]} if told else {})


SOLVED = ROUTE.replace(
    'spec: {acme: {server: "https://acme-v02.api.letsencrypt.org/directory"}}',
    """spec:
  acme:
    solvers:
    - {selector: {dnsZones: [example.com]}, dns01: {cloudflare: {apiTokenSecretRef: {name: token, key: token}}}}
    - {selector: {matchLabels: {by: http}}, http01: {ingress: {ingressClassName: traefik}}}
""",
)


ELSEWHERE = ("dnsZones: [example.com]", "dnsZones: [example.org]")
FOR_ALL = ("selector: {matchLabels: {by: http}}, ", "")


@pytest.mark.parametrize(
    ("name", "replaced", "told"),
    [
        ("shop.example.com", [ELSEWHERE], True),
        ("shop.example.com", [("dnsZones: [example.com]", "dnsNames: [shop.example.com]")], False),
        ("shop.example.com", [("matchLabels: {by: http}", "matchLabels: {by: web}")], False),
        ("shop.example.com", [ELSEWHERE, FOR_ALL], False),
        # A wildcard is proved by DNS only.
        ("*.example.com", [ELSEWHERE, FOR_ALL], True),
    ],
)
def test_a_name_that_no_solver_proves_any_more(name: str, replaced: list[tuple[str, str]], told: bool) -> None:
    old = SOLVED.replace("[shop.example.com]", f'["{name}"]')
    reason = f"no solver proves {name} any more: no certificate for it is issued or renewed"
    assert downtime(old, *replaced) == ({"ClusterIssuer/letsencrypt": [reason]} if told else {})


def test_requests_that_two_routes_take() -> None:
    old = ROUTE + ANOTHER
    # The other one is changed as well, but takes what it took.
    named = ("{name: blog, namespace: shop}", "{name: blog, namespace: shop, labels: {a: b}}")
    assert downtime(old, ("Host(`shop", "Host(`shop.example.com`) || Host(`blog"), named) == {
        "shop/IngressRoute/web": [
            "taken already, so that it is an accident which of both answers: Host(blog.example.com) by "
            "shop/IngressRoute/blog"
        ]
    }


def test_a_port_of_the_nodes_that_is_gone_is_told_alone() -> None:
    """The Service's own ports are no doors where it has no address outside."""
    both = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{name: http, port: 80, nodePort: 30080}, {name: https, port: 443, nodePort: 30443}]
"""
    ((reason,),) = downtime(both, ("{name: http, port: 80, nodePort: 30080}, ", "")).values()
    assert "port 30080 of the nodes" in reason
    assert "443" not in reason
