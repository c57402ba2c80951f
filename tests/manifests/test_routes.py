"""Rules of routes and certificates: what their two examples do not show."""

from typing import Any

import pytest
import yaml

from vkm_manifests.verify import Finding, verify

_TRAEFIK = """
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
        image: docker.io/traefik:v3.7.11
        args: [%s]
"""
_ARGUMENTS = (
    "--entryPoints.web.address=:8000/tcp",
    "--entrypoints.websecure.address=0.0.0.0:8443",
    "--providers.kubernetescrd",
    "--providers.kubernetesingress=true",
)


def _traefik(*more: str, arguments: tuple[str, ...] = _ARGUMENTS, **container: Any) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_TRAEFIK % "")
    found["spec"]["template"]["spec"]["containers"][0].update(args=[*arguments, *more], **container)
    return found


def _object(kind: str, name: str = "web", namespace: str = "shop", group: str = "", **body: Any) -> dict[str, Any]:
    return {
        "apiVersion": f"{group}/v1" if group else "v1",
        "kind": kind,
        "metadata": {"name": name, "namespace": namespace, "annotations": body.pop("annotations", {})},
        **body,
    }


def _route(
    *rules: str, name: str = "web", kind: str = "IngressRoute", annotations: Any = None, **spec: Any
) -> dict[str, Any]:
    priority = spec.pop("priority", None)
    routes = [
        {"kind": "Rule", "match": match, "services": [{"name": "web", "port": 80}]}
        | ({"priority": priority} if priority else {})
        for match in rules
    ]
    return _object(
        kind,
        name,
        group="traefik.io",
        annotations=annotations or {},
        spec={"entryPoints": ["websecure"], "routes": routes, **spec},
    )


def _ingress(host: str, name: str = "web", path: str = "/", annotations: Any = None, **spec: Any) -> dict[str, Any]:
    paths = [{"path": path, "pathType": "Prefix", "backend": {"service": {"name": "web", "port": {"number": 80}}}}]
    body = {"rules": [{"host": host, "http": {"paths": paths}}], **spec}
    return _object("Ingress", name, group="networking.k8s.io", annotations=annotations or {}, spec=body)


def _class(name: str, controller: str = "traefik.io/ingress-controller") -> dict[str, Any]:
    return _object("IngressClass", name, group="networking.k8s.io", spec={"controller": controller})


def _certificate(
    *names: str, secret: str = "web-tls", name: str = "web", labels: Any = None, **spec: Any
) -> dict[str, Any]:
    issuer = {"kind": "ClusterIssuer", "name": "acme"}
    body = {"secretName": secret, "dnsNames": list(names), "issuerRef": issuer, **spec}
    found = _object("Certificate", name, group="cert-manager.io", spec=body)
    found["metadata"]["labels"] = labels or {}
    return found


def _issuer(*solvers: dict[str, Any]) -> dict[str, Any]:
    return _object("ClusterIssuer", "acme", group="cert-manager.io", spec={"acme": {"solvers": list(solvers)}})


def _records(*names: str) -> dict[str, Any]:
    endpoints = [{"dnsName": name, "recordType": "A", "targets": ["192.0.2.1"]} for name in names]
    return _object("DNSEndpoint", "records", "dns", "externaldns.k8s.io", spec={"endpoints": endpoints})


def _found(rule: str, *manifests: dict[str, Any]) -> list[Finding]:
    return verify(manifests, only=[rule])


def _severities(rule: str, *manifests: dict[str, Any]) -> list[str]:
    return [finding.severity for finding in _found(rule, *manifests)]


A = "Host(`a.test`)"
TLS = {"secretName": "web-tls"}


def test_rules_of_version_2() -> None:
    two = _route("Host(`a.test`, `b.test`)")
    assert _severities("route-rule-parses", two) == ["warning"]
    assert _severities("route-rule-parses", two, _traefik()) == ["error"]
    assert _severities("route-rule-parses", two, _traefik(image="traefik:v2.11.0")) == []
    assert _severities("route-rule-parses", two | {"apiVersion": "traefik.containo.us/v1alpha1"}) == []
    two["spec"]["routes"][0]["syntax"] = "v2"
    assert _severities("route-rule-parses", two, _traefik()) == []


def test_rules_of_tcp() -> None:
    assert _severities("route-rule-parses", _route("HostSNI(`*`)", kind="IngressRouteTCP")) == []
    assert _severities("route-rule-parses", _route(A, kind="IngressRouteTCP")) == ["error"]


def test_other_namespaces() -> None:
    rule = "route-stays-in-its-namespace"
    route = _route(A, tls={"options": {"name": "strict", "namespace": "entry"}})
    assert _severities(rule, route) == ["warning"]
    assert _severities(rule, route, _traefik()) == ["error"]
    assert _severities(rule, route, _traefik("--providers.kubernetescrd.allowCrossNamespace=true")) == []
    assert _severities(rule, _route(A, tls={"options": {"name": "strict", "namespace": "shop"}})) == []
    qualified = _route(A)
    qualified["spec"]["routes"][0]["middlewares"] = [{"name": "entry-headers@kubernetescrd"}, {"name": "a@file"}]
    assert _severities(rule, qualified) == ["warning"]
    plugin = _object("Middleware", group="traefik.io", spec={"plugin": {"own": {"namespace": "x"}}})
    assert _severities(rule, plugin) == []


@pytest.mark.parametrize(
    ("other", "count"),
    [
        (_route(A, name="b"), 1),
        (_route("PathPrefix(`/`) && Host(`a.test`)", name="b"), 1),
        (_route("Host(`a.test`) || Host(`b.test`)", name="b"), 1),
        (_route(A, name="b", priority=5), 0),
        (_route(A, name="b", entryPoints=["web"]), 0),
        (_route(A, name="b", tls={}), 0),
        (_route("Host(`a.test`) && Path(`/b`)", name="b"), 0),
        (_route(A, name="b", annotations={"kubernetes.io/ingress.class": "internal"}), 0),
        (_route(A, name="b", parentRefs=[{"name": "web"}]), 0),
        (_route("HostSNI(`a.test`)", name="b", kind="IngressRouteTCP"), 0),
    ],
)
def test_claims_of_routes(other: dict[str, Any], count: int) -> None:
    assert len(_found("host-and-path-claimed-once", _route(A), other)) == count


def test_a_route_that_claims_twice() -> None:
    found = _found("host-and-path-claimed-once", _route(A, A, entryPoints=["web", "websecure"]))
    assert [finding.field for finding in found] == ["spec.routes[1].match"]


def test_hosts_are_claimed_in_any_letters() -> None:
    rule, upper = "host-and-path-claimed-once", _route("Host(`A.test`)", name="b")
    assert _severities(rule, _route(A), upper) == ["error"]
    assert _severities(rule, _route(A + " && Path(`/b`)"), _route(A + " && Path(`/B`)", name="b")) == []


def _service(name: str = "login", namespace: str = "shop", **spec: Any) -> dict[str, Any]:
    return _object("Service", name, namespace, spec={"ports": [{"port": 4180}], **spec})


def _login(address: str) -> dict[str, Any]:
    return _object("Middleware", "login", group="traefik.io", spec={"forwardAuth": {"address": address}})


_SHOP = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
_POD = _object("Pod", "login", spec={"containers": [{"name": "login", "image": "example/login:1.0.0"}]})


@pytest.mark.parametrize(
    ("address", "severities"),
    [
        ("http://login.shop.svc:4180/verify", []),
        ("http://login.shop:4180", []),
        ("http://login.shop.svc.cluster.local:4180", []),
        ("http://login.shop.svc:4181", ["error"]),
        ("http://login.shop.svc", ["error"]),
        ("http://lgoin.shop.svc:4180/?to=https://login.shop.svc", ["error"]),
        ("http://lgoin.shop:4180", ["error"]),
        ("http://lgoin.shop", []),
        ("http://login.blog.svc:4180", ["warning"]),
        ("http://login.blog:4180", []),
        ("http://lgoin:4180", []),
        ("https://login.example.com/verify", []),
        ("https://kubernetes.default.svc", []),
        ("http://${LOGIN}.shop.svc", []),
        ("", []),
    ],
)
def test_the_url_of_a_middleware(address: str, severities: list[str]) -> None:
    assert _severities("url-names-a-service", _login(address), _service(), _SHOP, _POD) == severities


def test_the_port_of_a_headless_service() -> None:
    login = _login("http://login.shop.svc:9")
    assert _severities("url-names-a-service", login, _service(clusterIP="None")) == []


def test_traefik_looks_for_a_word_where_it_runs() -> None:
    rule, login = "url-names-a-service", _login("http://login:4180")
    assert _severities(rule, login, _service(), _traefik()) == ["warning"]
    assert _severities(rule, login, _service(namespace="entry"), _traefik()) == []


@pytest.mark.parametrize(
    ("kind", "group", "spec"),
    [
        ("Grafana", "grafana.integreatly.org", {"external": {"url": "http://lgoin.shop.svc:4180"}}),
        ("GrafanaDatasource", "grafana.integreatly.org", {"datasource": {"url": "http://lgoin.shop.svc:4180"}}),
        ("Probe", "monitoring.coreos.com", {"prober": {"url": "lgoin.shop.svc:4180"}}),
    ],
)
def test_other_urls(kind: str, group: str, spec: dict[str, Any]) -> None:
    rule, found = "url-names-a-service", _object(kind, "found", "watch", group=group, spec=spec)
    assert _severities(rule, found, _service(), _SHOP, _POD) == ["error"]
    assert _severities(rule, found, _service("lgoin"), _SHOP, _POD) == []
    assert _severities(rule, found) == ["warning"]


def test_claims_on_default_entry_points() -> None:
    rule = "host-and-path-claimed-once"
    routes = _route(A), _route(A, name="b", entryPoints=None)
    assert _severities(rule, *routes) == []
    assert _severities(rule, *routes, _traefik()) == ["error"]
    assert _severities(rule, *routes, _traefik("--entryPoints.web.asDefault=true")) == []


def test_claims_of_ingresses() -> None:
    rule = "host-and-path-claimed-once"
    one = _ingress("a.test", ingressClassName="nginx")
    assert _severities(rule, one, _ingress("a.test", "b", ingressClassName="nginx")) == ["error"]
    assert _severities(rule, one, _ingress("a.test", "b", path="/b", ingressClassName="nginx")) == []
    assert _severities(rule, one, _ingress("a.test", "b", ingressClassName="other")) == []
    canary = {"nginx.ingress.kubernetes.io/canary": "true"}
    assert _severities(rule, one, _ingress("a.test", "b", annotations=canary, ingressClassName="nginx")) == []


def test_a_route_and_an_ingress_of_traefik() -> None:
    annotation = {"traefik.ingress.kubernetes.io/router.entrypoints": "websecure"}
    ingress = _ingress("a.test", annotations=annotation, ingressClassName="traefik")
    assert _severities("host-and-path-claimed-once", _route(A), ingress) == ["error"]
    ingress["metadata"]["annotations"]["traefik.ingress.kubernetes.io/router.priority"] = "7"
    assert _severities("host-and-path-claimed-once", _route(A), ingress) == []


def _http_route(name: str, section: str = "https", **match: Any) -> dict[str, Any]:
    spec = {
        "parentRefs": [{"name": "entry", "sectionName": section}],
        "hostnames": ["a.test"],
        "rules": [{"matches": [match] if match else []}],
    }
    return _object("HTTPRoute", name, group="gateway.networking.k8s.io", spec=spec)


def test_claims_of_http_routes() -> None:
    rule = "host-and-path-claimed-once"
    prefix = {"type": "PathPrefix", "value": "/"}
    assert _severities(rule, _http_route("a"), _http_route("b", path=prefix)) == ["error"]
    assert _severities(rule, _http_route("a"), _http_route("b", section="http")) == []
    assert _severities(rule, _http_route("a"), _http_route("b", method="GET")) == []
    header = {"name": "x", "value": "1"}
    assert _severities(rule, _http_route("a"), _http_route("b", headers=[header])) == []


@pytest.mark.parametrize(
    ("names", "host", "count"),
    [
        (["a.test"], "a.test", 0),
        (["A.test"], "a.test", 0),
        (["*.a.test"], "b.a.test", 0),
        (["*.a.test"], "c.b.a.test", 1),
        (["*.a.test"], "a.test", 1),
        ([], "a.test", 1),
    ],
)
def test_certificates_of_hosts(names: list[str], host: str, count: int) -> None:
    route = _route(f"Host(`{host}`)", tls=TLS)
    assert len(_found("route-host-has-certificate", route, _certificate(*names))) == count


def test_certificates_by_common_name() -> None:
    assert _severities("route-host-has-certificate", _route(A, tls=TLS), _certificate(commonName="a.test")) == []


def test_secrets_that_no_certificate_makes_are_not_judged() -> None:
    assert _severities("route-host-has-certificate", _route(A, tls=TLS), _certificate("b.test", secret="other")) == []


def test_traefik_takes_any_certificate_that_is_loaded() -> None:
    certificates = _certificate("b.test"), _certificate("a.test", name="a", secret="a-tls")
    route = _route(A, tls=TLS)
    assert _severities("route-host-has-certificate", route, *certificates) == ["error"]
    store = _object("TLSStore", "default", group="traefik.io", spec={"defaultCertificate": {"secretName": "a-tls"}})
    assert _severities("route-host-has-certificate", route, store, *certificates) == []


def test_certificates_of_ingresses() -> None:
    rule = "route-host-has-certificate"
    ingress = _ingress("a.test", tls=[{"hosts": ["a.test"], "secretName": "web-tls"}])
    assert _severities(rule, ingress, _certificate("a.test")) == []
    assert [found.field for found in _found(rule, ingress, _certificate("b.test"))] == ["spec.tls[0].hosts"]
    assert _severities(rule, _ingress("a.test", tls=[{"secretName": "web-tls"}]), _certificate("b.test")) == ["error"]


def test_certificates_of_gateways() -> None:
    listener = {"name": "https", "hostname": "a.test", "tls": {"certificateRefs": [{"name": "web-tls"}]}}
    gateway = _object("Gateway", group="gateway.networking.k8s.io", spec={"listeners": [listener]})
    assert _severities("route-host-has-certificate", gateway, _certificate("a.test")) == []
    assert _severities("route-host-has-certificate", gateway, _certificate("b.test")) == ["error"]
    assert _severities("certificate-is-served", gateway, _certificate("a.test")) == []


def test_tls_without_any_certificate() -> None:
    rule = "route-host-has-certificate"
    assert _severities(rule, _route(A, tls={})) == []
    assert _severities(rule, _route(A, tls={}), _traefik()) == ["warning"]
    assert _severities(rule, _route(A), _traefik()) == []
    assert _severities(rule, _route(A), _traefik("--entryPoints.websecure.http.tls=true")) == ["warning"]
    assert _severities(rule, _route(A, tls={"certResolver": "acme"}), _traefik()) == []
    assert _severities(rule, _route(A, tls={}), _traefik("--entryPoints.websecure.http.tls.certResolver=acme")) == []


def test_routes_for_https_without_tls() -> None:
    rule = "route-serves-tls"
    assert _severities(rule, _route(A)) == ["warning"]
    assert _severities(rule, _route(A), _traefik()) == ["error"]
    assert _severities(rule, _route(A), _traefik("--entrypoints.websecure.http.tls")) == []
    assert _severities(rule, _route(A, tls={}), _traefik()) == []
    assert _severities(rule, _route(A, entryPoints=["web"]), _traefik()) == []
    assert _severities(rule, _route("HostSNI(`*`)", kind="IngressRouteTCP")) == []
    assert _severities(rule, _route("HostSNI(`a.test`)", kind="IngressRouteTCP")) == ["error"]


def test_a_traefik_whose_configuration_is_elsewhere() -> None:
    for traefik in (
        _traefik("--configFile=/config/traefik.yaml"),
        _traefik(arguments=()),
        _traefik(env=[{"name": "TRAEFIK_ENTRYPOINTS_WEB_ADDRESS", "value": ":80"}]),
        _traefik(volumeMounts=[{"name": "config", "mountPath": "/etc/traefik"}]),
    ):
        assert _severities("entry-point-exists", _route(A, entryPoints=["other"]), traefik) == []
    assert _severities("entry-point-exists", _route(A, entryPoints=["other"]), _traefik()) == ["error"]


HTTP = {"http01": {"ingress": {"ingressClassName": "traefik"}}}
DNS: dict[str, Any] = {"dns01": {"cloudflare": {}}}


@pytest.mark.parametrize(
    ("name", "solvers", "count"),
    [
        ("a.test", [HTTP], 0),
        ("a.test", [], 1),
        ("a.test", [{}], 1),
        ("*.a.test", [HTTP], 1),
        ("*.a.test", [HTTP, DNS], 0),
        ("a.test", [HTTP | {"selector": {"dnsZones": ["test"]}}], 0),
        ("xa.test", [HTTP | {"selector": {"dnsZones": ["a.test"]}}], 1),
        ("*.a.test", [DNS | {"selector": {"dnsNames": ["*.a.test"]}}], 0),
        ("b.a.test", [DNS | {"selector": {"dnsNames": ["*.a.test"]}}], 1),
        ("a.test", [HTTP | {"selector": {"matchLabels": {"kind": "public"}}}], 0),
        ("a.test", [HTTP | {"selector": {"matchLabels": {"kind": "other"}}}], 1),
        ("a.test", [HTTP | {"selector": {"dnsZones": ["a.test"], "dnsNames": ["b.test"]}}], 1),
    ],
)
def test_solvers(name: str, solvers: list[dict[str, Any]], count: int) -> None:
    certificate = _certificate(name, labels={"kind": "public"})
    assert len(_found("certificate-issuer-can-solve", certificate, _issuer(*solvers))) == count


def test_issuers_that_are_not_judged() -> None:
    rule = "certificate-issuer-can-solve"
    own = _object("ClusterIssuer", "acme", group="cert-manager.io", spec={"selfSigned": {}})
    assert _severities(rule, _certificate("a.test"), own) == []
    assert _severities(rule, _certificate("a.test")) == []
    assert _severities(rule, _certificate("a.test", issuerRef={"name": "acme"}), _issuer()) == []


def _mounting(secret: str) -> dict[str, Any]:
    return _object("Pod", spec={"containers": [], "volumes": [{"name": "tls", "secret": {"secretName": secret}}]})


@pytest.mark.parametrize(
    ("user", "severities"),
    [
        (_route(A, tls=TLS), []),
        (_mounting("web-tls"), []),
        (_mounting("other"), ["warning"]),
        (_object("Thing", group="example.com", spec={"args": ["--cert=web-tls,other"]}), []),
        (_object("Thing", "x", "other", "example.com", spec={"secret": "web-tls"}), ["warning"]),
        (_object("Thing", "x", "other", "example.com", spec={"args": ["--default-ssl-certificate=shop/web-tls"]}), []),
        (_object("Hook", "x", "", "example.com", annotations={"cert-manager.io/inject-ca-from": "shop/web"}), []),
    ],
)
def test_uses_of_certificates(user: dict[str, Any], severities: list[str]) -> None:
    assert _severities("certificate-is-served", _certificate("a.test"), user) == severities


def test_a_certificate_that_is_copied_elsewhere() -> None:
    copied = _certificate("a.test", secretTemplate={"annotations": {"reflector/allowed": "true"}})
    assert _severities("certificate-is-served", copied) == []


def test_the_class_of_a_solver() -> None:
    rule = "http01-class-exists"
    annotated = {"http01": {"ingress": {"class": "nginx"}}}
    assert _severities(rule, _issuer(annotated)) == []
    assert _severities(rule, _issuer(annotated), _class("nginx")) == []
    # One slip, one finding.
    assert _severities(rule, _issuer(HTTP), _class("nginx")) == []
    assert _severities("ingress-class-exists", _issuer(HTTP), _class("nginx")) == ["error"]
    assert _severities(rule, _issuer(annotated), _class("traefik")) == ["warning"]
    assert _severities(rule, _issuer(DNS), _class("nginx")) == []


def test_redirects_of_challenges() -> None:
    rule, redirect = "acme-challenge-is-not-redirected", "--entryPoints.web.http.redirections.entryPoint.to=websecure"
    tls = "--entryPoints.websecure.http.tls=true"
    strict = _object("TLSOption", "default", group="traefik.io", spec={"sniStrict": True})
    assert _severities(rule, _issuer(HTTP), _traefik(redirect)) == ["error"]
    assert _severities(rule, _issuer(HTTP), _traefik(redirect, tls)) == ["warning"]
    assert _severities(rule, _issuer(HTTP), _traefik(redirect, tls), strict) == ["error"]
    assert _severities(rule, _issuer(HTTP), _traefik(redirect, "--entryPoints.web.allowACMEByPass=true")) == []
    assert _severities(rule, _issuer(HTTP), _traefik()) == []
    assert _severities(rule, _issuer(DNS), _traefik(redirect)) == []
    nginx = {"http01": {"ingress": {"ingressClassName": "nginx"}}}
    assert _severities(rule, _issuer(nginx), _class("nginx", "k8s.io/ingress-nginx"), _traefik(redirect)) == []


@pytest.mark.parametrize(
    ("records", "host", "severities"),
    [
        ([], "a.shop.test", []),
        (["a.shop.test"], "a.shop.test", []),
        (["*.shop.test"], "b.a.shop.test", []),
        (["b.shop.test"], "a.shop.test", ["error"]),
        (["shop.test"], "a.shop.test", ["error"]),
        (["shop.test"], "blog.test", ["warning"]),
        (["shop.co.uk"], "blog.co.uk", ["warning"]),
    ],
)
def test_records_of_hosts(records: list[str], host: str, severities: list[str]) -> None:
    rule = "route-host-has-dns-record"
    assert _severities(rule, _records(*records), _route(f"Host(`{host}`)")) == severities


def test_records_that_come_from_the_routes() -> None:
    rule, records = "route-host-has-dns-record", _records("shop.test")
    route = _route("Host(`a.shop.test`)", annotations={"external-dns.alpha.kubernetes.io/target": "192.0.2.1"})
    assert _severities(rule, records, route) == []
    assert _severities(rule, records, _ingress("a.shop.test")) == ["warning"]
    container = {"image": "external-dns/external-dns:v0.22.0", "args": ["--source=crd", "--source=ingress"]}
    reader = _object("Pod", spec={"containers": [container]})
    assert _severities(rule, records, _ingress("a.shop.test"), reader) == []


def _balancer(annotations: Any = None, **spec: Any) -> dict[str, Any]:
    return _object("Service", annotations=annotations or {}, spec={"type": "LoadBalancer", **spec})


@pytest.mark.parametrize(
    ("service", "severities"),
    [
        (_balancer(), []),
        (_balancer(loadBalancerIP="192.0.2.1"), []),
        (_balancer(loadBalancerIP="192.0.2.2"), ["warning"]),
        (_balancer({"metallb.io/loadBalancerIPs": "2001:db8::1, 192.0.2.1"}), []),
        (_balancer(externalIPs=["192.0.2.2"]), ["warning"]),
        (_balancer() | {"status": {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}}}, []),
    ],
)
def test_targets_of_records(service: dict[str, Any], severities: list[str]) -> None:
    assert _severities("dns-record-leads-to-entry", _records("a.test"), service) == severities


@pytest.mark.parametrize(
    ("addresses", "severities"),
    [
        (["192.0.2.1/32"], []),
        (["192.0.2.0-192.0.2.9"], []),
        (["2001:db8::/64", "192.0.2.9/32"], ["error"]),
        (["nonsense", "192.0.2.1-::1"], []),
        ([], []),
    ],
)
def test_pools(addresses: list[str], severities: list[str]) -> None:
    pool = _object("IPAddressPool", "pool", "metallb-system", "metallb.io", spec={"addresses": addresses})
    service = _balancer({"metallb.io/loadBalancerIPs": "192.0.2.1"})
    assert _severities("load-balancer-address-is-in-a-pool", pool, service) == severities


def test_namespaces_that_are_watched() -> None:
    rule = "traefik-watches-namespace"
    assert _severities(rule, _route(A)) == []
    assert _severities(rule, _route(A), _traefik()) == []
    assert _severities(rule, _route(A), _traefik("--providers.kubernetescrd.namespaces", "shop")) == []
    other = "--providers.kubernetescrd.namespaces=other"
    assert _severities(rule, _route(A), _traefik(other)) == ["error"]
    second = _traefik()
    second["metadata"]["name"] = "second"
    assert _severities(rule, _route(A), _traefik(other), second) == []
    assert _severities(rule, _route(A), _traefik(arguments=_ARGUMENTS[:2])) == ["error"]


def test_ingresses_that_are_watched() -> None:
    rule, other = "traefik-watches-namespace", "--providers.kubernetesingress.namespaces=other"
    ingress = _ingress("a.test", ingressClassName="public")
    assert _severities(rule, ingress, _traefik(other), _class("public")) == ["error"]
    assert _severities(rule, ingress, _traefik(), _class("public")) == []
    assert _severities(rule, ingress, _traefik(other), _class("public", "k8s.io/ingress-nginx")) == []
    assert _severities(rule, ingress, _traefik(other)) == []


def test_classes_that_are_taken() -> None:
    rule, annotation = "traefik-watches-namespace", {"kubernetes.io/ingress.class": "internal"}
    internal = "--providers.kubernetescrd.ingressClass=internal"
    assert _severities(rule, _route(A, annotations=annotation), _traefik(internal)) == []
    assert _severities(rule, _route(A, annotations=annotation), _traefik()) == ["error"]
    assert _severities(rule, _route(A), _traefik(internal)) == ["error"]
    assert _severities(rule, _route(A, annotations={"kubernetes.io/ingress.class": "traefik"}), _traefik()) == []


def test_entry_points_that_are_named() -> None:
    rule = "entry-point-exists"
    assert _severities(rule, _route(A, entryPoints=["WebSecure", "traefik"]), _traefik()) == []
    annotation = {"traefik.ingress.kubernetes.io/router.entrypoints": "web, https"}
    assert _severities(rule, _ingress("a.test", annotations=annotation), _traefik()) == ["error"]
    redirect = "--entryPoints.web.http.redirections.entryPoint.to="
    assert _severities(rule, _traefik(redirect + ":443", "--metrics.prometheus.entryPoint=web")) == []
    assert _severities(rule, _traefik(redirect + "https", "--metrics.prometheus.entryPoint=metrics")) == ["error"] * 2


def test_ports_on_which_traefik_listens() -> None:
    rule = "entry-point-listens"
    service = _object("Service", "traefik", "entry", spec={"selector": {"app": "traefik"}})
    service["spec"]["ports"] = [{"name": "a", "port": 8000}, {"name": "b", "port": 443, "targetPort": 8443}]
    assert _severities(rule, _traefik(), service) == []
    service["spec"]["ports"].append({"name": "c", "port": 9000})
    assert [(f.field, f.severity) for f in _found(rule, _traefik(), service)] == [("spec.ports[c].targetPort", "error")]
    beside = _traefik()
    exporter = {"name": "exporter", "image": "example/exporter:1.0.0", "ports": [{"containerPort": 9000}]}
    beside["spec"]["template"]["spec"]["containers"].append(exporter)
    assert _severities(rule, beside, service) == []
    assert _severities(rule, _traefik(ports=[{"containerPort": 9000}])) == ["warning"]


def test_weak_tls() -> None:
    for version, count in (("VersionTLS10", 1), ("VersionTLS13", 0), (None, 0)):
        option = _object("TLSOption", group="traefik.io", spec={"minVersion": version})
        assert len(_found("tls-is-not-weak", option)) == count


def test_a_default_option_and_a_default_store() -> None:
    kinds = [_object(kind, "default", group="traefik.io", spec={}) for kind in ("TLSOption", "TLSStore")]
    assert _severities("default-tls-option-is-one", *kinds) == []
