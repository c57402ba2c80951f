"""The values that describe a Traefik and an issuer; what routes make of them is in `test_tls_route.py`."""

import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import Gateway, Issuer, Pods, ServiceChart, TlsRoute, WebApp

TRAEFIK = Pods(name="traefik", namespace="traefik", labels={"app": "traefik"}, ports={"web": 8000})
ISSUER = Issuer(name="letsencrypt", dns01_zones=("example.com",))


@pytest.fixture
def web(chart: ServiceChart) -> WebApp:
    return WebApp(chart, "web", image="shop:1", port=8080)


def test_defaults() -> None:
    assert (Issuer(name="x").kind, Issuer(name="x").dns01_zones) == ("ClusterIssuer", ())
    assert (Gateway(pods=TRAEFIK).namespaces, Gateway(pods=TRAEFIK).entry_point) == (None, "websecure")


@pytest.mark.parametrize(
    ("zones", "host", "http"),
    [
        ((), "example.com", True),
        (("example.com",), "example.com", False),
        (("example.com",), "a.b.example.com", False),
        (("example.com",), "notexample.com", True),
        (("example.com",), "example.com.org", True),
        (("shop.example.com",), "example.com", True),
        (("example.org", "example.com"), "www.example.com", False),
    ],
)
def test_hosts_outside_of_the_dns01_zones_are_proved_by_http(zones: tuple[str, ...], host: str, http: bool) -> None:
    assert Issuer(name="letsencrypt", dns01_zones=zones).proves_by_http(host) is http


def test_a_gateway_watches_all_namespaces_unless_it_names_some(
    chart: ServiceChart, render: Render, web: WebApp
) -> None:
    TlsRoute(chart, "all", host="a.example.com", to=web, issuer=ISSUER, gateway=Gateway(pods=TRAEFIK))
    one = Gateway(pods=TRAEFIK, namespaces=("shop",))
    TlsRoute(chart, "one", host="b.example.com", to=web, issuer=ISSUER, gateway=one)

    assert {"IngressRoute/all", "IngressRoute/one"} <= render().keys()


def test_rejects_a_gateway_that_watches_nothing(chart: ServiceChart, web: WebApp) -> None:
    with refused("""
        shop/store
          gateway="traefik" does not watch namespace shop
          accepted: a namespace that it watches: none
          fix:      Gateway(namespaces=(..., "shop")), where the gateway is made
    """):
        TlsRoute(
            chart,
            "store",
            host="a.example.com",
            to=web,
            issuer=ISSUER,
            gateway=Gateway(pods=TRAEFIK, namespaces=()),
        )


def test_rejects_an_issuer_whose_name_is_none(chart: ServiceChart, web: WebApp) -> None:
    with refused("""
        shop/store
          issuer.name="Let's Encrypt" is not a name that Kubernetes accepts
          accepted: a-z, 0-9, - and ., a letter or digit at both ends (DNS subdomain, RFC 1123)
          fix:      the name as the cluster has it
    """):
        TlsRoute(
            chart,
            "store",
            host="a.example.com",
            to=web,
            issuer=Issuer(name="Let's Encrypt"),
            gateway=Gateway(pods=TRAEFIK),
        )
