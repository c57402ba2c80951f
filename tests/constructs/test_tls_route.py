import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import (
    App,
    ExistingNamespace,
    ExternalSecretRef,
    Gateway,
    Issuer,
    Pods,
    RateLimit,
    SecretStore,
    ServiceChart,
    ServiceNamespace,
    TlsRoute,
    WebApp,
)

HTTP01 = Issuer(name="letsencrypt")
DNS01 = Issuer(name="letsencrypt", dns01_zones=("example.com",))
SOLVER = {"acme.cert-manager.io/http01-solver": "true"}


@pytest.fixture
def gateway(app: App) -> Gateway:
    """Traefik, in a chart and a namespace of its own."""
    namespace = ServiceNamespace(ServiceChart(app, "namespaces"), "traefik")
    chart = ServiceChart(app, "traefik", namespace=namespace)
    labels = {"app.kubernetes.io/name": "traefik"}
    pods = Pods(name="traefik", namespace="traefik", labels=labels, ports={"http": 8000}, scope=chart)
    return Gateway(pods=pods, namespaces=("traefik", "shop"))


@pytest.fixture
def web(chart: ServiceChart) -> WebApp:
    return WebApp(chart, "web", image="shop:1", port=8080)


def test_manifests(chart: ServiceChart, render: Render, web: WebApp, gateway: Gateway) -> None:
    before = render().keys()
    TlsRoute(chart, "store", host="www.example.com", to=web, issuer=DNS01, gateway=gateway)

    manifests = render()
    assert manifests.keys() - before == {
        "Certificate/store",
        "IngressRoute/store",
        "Middleware/store-compress",
        "Middleware/store-headers",
        "Middleware/store-retry",
        "NetworkPolicy/web-from-traefik.traefik",
        "traefik/NetworkPolicy/traefik-to-shop.web",
    }


def test_ingress_route(chart: ServiceChart, render: Render, web: WebApp, gateway: Gateway) -> None:
    route = TlsRoute(chart, "store", host="www.example.com", to=web, issuer=DNS01, gateway=gateway)

    assert render()["IngressRoute/store"]["spec"] == {
        "entryPoints": ["websecure"],
        "routes": [
            {
                "kind": "Rule",
                "match": "Host(`www.example.com`)",
                "middlewares": [{"name": "store-headers"}, {"name": "store-compress"}, {"name": "store-retry"}],
                "services": [{"kind": "Service", "name": "web", "port": 80}],
            }
        ],
        "tls": {"secretName": "store-tls"},
    }
    assert (route.host, route.ingress_route.name, route.certificate.name) == ("www.example.com", "store", "store")


def test_certificate(chart: ServiceChart, render: Render, web: WebApp, gateway: Gateway) -> None:
    TlsRoute(chart, "store", host="www.example.com", to=web, issuer=DNS01, gateway=gateway)

    assert render()["Certificate/store"]["spec"] == {
        "secretName": "store-tls",
        "dnsNames": ["www.example.com"],
        "issuerRef": {"name": "letsencrypt", "kind": "ClusterIssuer", "group": "cert-manager.io"},
        "privateKey": {"algorithm": "ECDSA", "size": 256, "rotationPolicy": "Always"},
        "usages": ["digital signature", "server auth"],
        "renewBefore": "720h",
        "revisionHistoryLimit": 1,
    }


def test_security_headers(chart: ServiceChart, render: Render, web: WebApp, gateway: Gateway) -> None:
    TlsRoute(chart, "store", host="www.example.com", to=web, issuer=DNS01, gateway=gateway)

    assert render()["Middleware/store-headers"]["spec"] == {
        "headers": {
            "stsSeconds": 31536000,
            "stsIncludeSubdomains": True,
            "contentTypeNosniff": True,
            "customFrameOptionsValue": "SAMEORIGIN",
            "referrerPolicy": "strict-origin-when-cross-origin",
            "customResponseHeaders": {"Server": "", "X-Powered-By": ""},
        }
    }


def test_opens_the_way_from_the_gateway_and_no_other(
    chart: ServiceChart, render: Render, web: WebApp, gateway: Gateway
) -> None:
    TlsRoute(chart, "store", host="www.example.com", to=web, issuer=DNS01, gateway=gateway)

    manifests = render()
    port = [{"port": 8080, "protocol": "TCP"}]
    assert manifests["NetworkPolicy/web-from-traefik.traefik"]["spec"]["ingress"] == [
        {
            "from": [
                {
                    "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "traefik"}},
                    "podSelector": {"matchLabels": {"app.kubernetes.io/name": "traefik"}},
                }
            ],
            "ports": port,
        }
    ]
    assert manifests["traefik/NetworkPolicy/traefik-to-shop.web"]["spec"]["egress"][0]["ports"] == port


def test_http01_opens_the_way_to_the_solver(chart: ServiceChart, render: Render, web: WebApp, gateway: Gateway) -> None:
    TlsRoute(chart, "store", host="www.example.com", to=web, issuer=HTTP01, gateway=gateway)

    manifests = render()
    egress = manifests["traefik/NetworkPolicy/traefik-to-shop.store-acme-solver"]["spec"]["egress"]
    ingress = manifests["NetworkPolicy/store-acme-solver-from-traefik.traefik"]["spec"]
    port = [{"port": 8089, "protocol": "TCP"}]
    assert (ingress["podSelector"], ingress["ingress"][0]["ports"]) == ({"matchLabels": SOLVER}, port)
    assert (egress[0]["to"][0]["podSelector"], egress[0]["ports"]) == ({"matchLabels": SOLVER}, port)


@pytest.mark.parametrize(
    ("host", "solver"), [("example.com", False), ("www.example.com", False), ("www.example.org", True)]
)
def test_only_hosts_outside_the_dns01_zones_have_a_solver(
    chart: ServiceChart, render: Render, web: WebApp, gateway: Gateway, host: str, solver: bool
) -> None:
    TlsRoute(chart, "store", host=host, to=web, issuer=DNS01, gateway=gateway)

    assert ("NetworkPolicy/store-acme-solver-from-traefik.traefik" in render()) is solver


def test_everything(chart: ServiceChart, render: Render, gateway: Gateway) -> None:
    web = WebApp(chart, "web", image="shop:1", port=8080, service_port=8000)
    TlsRoute(
        chart,
        "store",
        host="www.example.com",
        to=web,
        issuer=Issuer(name="internal", kind="Issuer"),
        gateway=Gateway(pods=gateway.pods, entry_point="tls"),
        compress=False,
    )

    manifests = render()
    assert "Middleware/store-compress" not in manifests
    spec = manifests["IngressRoute/store"]["spec"]
    assert spec["entryPoints"] == ["tls"]
    assert spec["routes"][0]["middlewares"] == [{"name": "store-headers"}, {"name": "store-retry"}]
    assert spec["routes"][0]["services"][0]["port"] == 8000
    assert manifests["Certificate/store"]["spec"]["issuerRef"] == {
        "name": "internal",
        "kind": "Issuer",
        "group": "cert-manager.io",
    }


def test_two_hosts_of_one_application(chart: ServiceChart, render: Render, web: WebApp, gateway: Gateway) -> None:
    TlsRoute(chart, "store", host="www.example.com", to=web, issuer=DNS01, gateway=gateway)
    TlsRoute(chart, "legacy", host="shop.example.com", to=web, issuer=DNS01, gateway=gateway)

    manifests = render()
    assert {"IngressRoute/store", "IngressRoute/legacy"} <= manifests.keys()
    assert [key for key in manifests if "-from-" in key or "-to-" in key] == [
        "NetworkPolicy/web-from-traefik.traefik",
        "traefik/NetworkPolicy/traefik-to-shop.web",
    ]


def test_a_gateway_that_is_not_ours(chart: ServiceChart, render: Render, web: WebApp) -> None:
    pods = Pods(name="traefik", namespace="kube-system", labels={"app": "traefik"}, ports={"web": 8000})
    TlsRoute(chart, "store", host="www.example.com", to=web, issuer=DNS01, gateway=Gateway(pods=pods))

    manifests = render()
    assert [key for key in manifests if "NetworkPolicy" in key] == ["NetworkPolicy/web-from-kube-system.traefik"]
    (peer,) = manifests["NetworkPolicy/web-from-kube-system.traefik"]["spec"]["ingress"][0]["from"]
    assert peer["podSelector"] == {"matchLabels": {"app": "traefik"}}


HOSTS = {
    "wiki": "wiki.example.com",
    "": "wiki.example.com",
    "a..b": "wiki.example.com",
    "*.example.com": "wiki.example.com",
    f"{'a' * 64}.example.com": "wiki.example.com",
    "https://www.example.com": "www.example.com",
    "www.example.com/a": "www.example.com",
    "a.example.com:443": "a.example.com",
    "Www.Example.com": "www.example.com",
}


def test_rejects_what_is_no_full_host_name(chart: ServiceChart, web: WebApp, gateway: Gateway) -> None:
    for host, fix in HOSTS.items():
        with refused(f"""
            shop/store
              host="{host}" is not a host name
              accepted: a full host name in lower case, without scheme, port or path
              fix:      host="{fix}"
        """):
            TlsRoute(chart, "store", host=host, to=web, issuer=DNS01, gateway=gateway)


def test_rejects_all_at_once(chart: ServiceChart, gateway: Gateway) -> None:
    web = WebApp(chart, "web", image="shop:1", port=8080, service_port=None)
    gateway = Gateway(pods=gateway.pods, namespaces=("docs", "traefik"))
    long = "s" * 55
    with refused(f"""
        shop/{long}
          id="{long}" has 55 characters
          accepted: at most 54 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="{"s" * 54}"
          to="web" has no Service
          accepted: a WebApp with a service_port
          fix:      WebApp(..., "web", service_port=80)
          gateway="traefik" does not watch namespace shop
          accepted: a namespace that it watches: docs, traefik
          fix:      Gateway(namespaces=(..., "shop")), where the gateway is made
    """):
        TlsRoute(chart, long, host="www.example.com", to=web, issuer=DNS01, gateway=gateway)


def test_rejects_an_application_of_another_namespace(app: App, web: WebApp, gateway: Gateway) -> None:
    chart = ServiceChart(app, "docs", namespace=ExistingNamespace("docs"))
    with refused("""
        docs/store
          to="web" lives in namespace shop; Traefik follows no reference out of the route's own (Traefik 3.7)
          accepted: a WebApp in namespace docs
          fix:      make the TlsRoute in the chart of web
    """):
        TlsRoute(chart, "store", host="www.example.com", to=web, issuer=DNS01, gateway=Gateway(pods=gateway.pods))


def test_a_refused_route_opens_nothing(chart: ServiceChart, render: Render, web: WebApp, gateway: Gateway) -> None:
    before = render()
    with pytest.raises(ValueError, match="is not a host name"):
        TlsRoute(chart, "store", host="wiki", to=web, issuer=HTTP01, gateway=gateway)

    assert render() == before


def test_every_option_has_its_middleware(chart: ServiceChart, render: Render, web: WebApp, gateway: Gateway) -> None:
    users = ExternalSecretRef(chart, "users", store=SecretStore(name="vault"), keys={"users": "shop/htpasswd"})
    TlsRoute(
        chart,
        "admin",
        host="www.example.com",
        to=web,
        issuer=DNS01,
        gateway=gateway,
        path_prefix="/admin",
        hidden=["/admin/metrics", "/admin/debug"],
        compress=False,
        rate_limit=RateLimit(average=10, burst=20),
        max_body="50Mi",
        allow_cidrs=["10.0.0.0/8", "192.168.1.7/32"],
        basic_auth=users["users"],
    )

    manifests = render()
    (rule,) = manifests["IngressRoute/admin"]["spec"]["routes"]
    assert rule["match"] == (
        "Host(`www.example.com`) && PathPrefix(`/admin`)"
        " && !PathPrefix(`/admin/metrics`) && !PathPrefix(`/admin/debug`)"
    )
    # Who may not come in costs nothing more; who comes too often does not get to guess passwords.
    order = [f"admin-{name}" for name in ("allow-list", "rate-limit", "basic-auth", "max-body", "headers", "retry")]
    assert [middleware["name"] for middleware in rule["middlewares"]] == order
    specs = {name: manifests[f"Middleware/{name}"]["spec"] for name in order[:-2]}
    assert specs == {
        "admin-allow-list": {"ipAllowList": {"sourceRange": ["10.0.0.0/8", "192.168.1.7/32"]}},
        "admin-rate-limit": {"rateLimit": {"average": 10, "burst": 20}},
        "admin-basic-auth": {"basicAuth": {"secret": "users", "removeHeader": True}},
        "admin-max-body": {"buffering": {"maxRequestBodyBytes": 50 * 2**20}},
    }


def test_rejects_options(chart: ServiceChart, web: WebApp, gateway: Gateway) -> None:
    keys = {"password": "shop/password"}
    secret = ExternalSecretRef(chart, "login", store=SecretStore(name="vault"), keys=keys)
    with refused(
        """
        shop/store
          path_prefix="admin`)" is not the beginning of a path
          accepted: a path that starts with /, without query and without backtick
          fix:      "/admin"
          hidden="/metrics?x=1" is not the beginning of a path
          accepted: a path that starts with /, without query and without backtick
          fix:      "/metrics"
          rate_limit.average=0 is too small
          accepted: a whole number from 1
          fix:      rate_limit.average=1
          max_body="50MB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      max_body="50Mi"
          allow_cidrs="10.0.0.7/8" is not a network
          accepted: a CIDR block such as "10.0.0.0/8"; a single address is "10.1.2.3/32"
          fix:      "10.0.0.0/8"
          basic_auth=SecretKey(secret='login', key='password', namespace='shop') is not where Traefik looks for users
          accepted: the key "users" of a Secret in namespace shop
          fix:      ExternalSecretRef(..., keys={"users": "item/htpasswd"})["users"]
        """
    ):
        TlsRoute(
            chart,
            "store",
            host="www.example.com",
            to=web,
            issuer=DNS01,
            gateway=gateway,
            path_prefix="admin`)",
            hidden=["/metrics?x=1"],
            rate_limit=RateLimit(average=0, burst=1),
            max_body="50MB",
            allow_cidrs=["10.0.0.7/8"],
            basic_auth=secret["password"],
        )


def test_rejects_a_host_and_path_that_another_route_has(chart: ServiceChart, web: WebApp, gateway: Gateway) -> None:
    TlsRoute(chart, "store", host="www.example.com", to=web, issuer=DNS01, gateway=gateway)
    TlsRoute(chart, "api", host="www.example.com", path_prefix="/api", to=web, issuer=DNS01, gateway=gateway)
    with refused("""
        shop/again
          host="www.example.com" with path_prefix / leads somewhere already: shop/store
          accepted: each host and path once: which of two answers would be chance
          fix:      another host, or another path_prefix
    """):
        TlsRoute(chart, "again", host="www.example.com", to=web, issuer=DNS01, gateway=gateway)


def test_a_pod_that_is_gone_costs_nobody_an_error(
    chart: ServiceChart, render: Render, web: WebApp, gateway: Gateway
) -> None:
    """Traefik tries the next one; by default it repeats nothing that may have done something, such as a POST."""
    TlsRoute(chart, "store", host="www.example.com", to=web, issuer=DNS01, gateway=gateway)
    assert render()["Middleware/store-retry"]["spec"] == {"retry": {"attempts": 2}}
