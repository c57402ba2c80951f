"""Traefik, with its arguments, environment, probes and rights from the manifests, unchanged.

It reads our IngressRoutes, Middlewares, TLSOption and Services from a stand-in for the Kubernetes API, which allows
what our roles allow, with certificates that an authority issues from our Certificate objects.

Shows: it starts without an error and needs every right that it has, and no more, on old and new clusters; each host
reaches its own pods over verified TLS, and whoever asks for another gets neither an answer nor a certificate; HTTP is
redirected, ACME challenges are answered; headers, compression, rate limit, size limits, passwords and allowed addresses
act; hidden paths stay hidden however they are written; weak TLS is refused; renewed certificates are taken over;
websockets pass; it goes on without a pod that is gone; its API is closed; its metrics are those that alerts and
dashboards use; under load no request is lost; when it stops, requests that run are answered.
"""

import base64
import hashlib
import json
import os
import re
import ssl
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import Any
from urllib.parse import unquote

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.x509 import load_der_x509_certificate

from tests.conftest import Manifest
from tests.real.cluster import Cluster, port, probe, refused_after
from tests.real.conftest import PATIENCE, Start, wait_until
from tests.real.kubernetes_api import endpoints
from tests.real.network import Backend, Client, Reply
from tests.real.pods import notices_within, size
from vkm_constructs import (
    App,
    ExistingNamespace,
    ExternalSecretRef,
    Gateway,
    Issuer,
    Pods,
    SecretStore,
    ServiceChart,
    TlsRoute,
    WebApp,
)

WIKI, HELP, GRAFANA = (f"{name}.vkm.dtdt.tech" for name in ("wiki", "help", "grafana"))
MIB = 2**20


@pytest.fixture(scope="module")
def cluster(
    manifests: dict[str, Manifest], start: Start, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Cluster]:
    cluster = Cluster(manifests, start, tmp_path_factory.mktemp("cluster"))
    cluster.wait()
    yield cluster
    cluster.close()


def who(cluster: Cluster, reply: Reply) -> str:
    """The namespace of the pod that answered."""
    assert reply.status == 200, reply.status
    name = reply.json()["name"]
    return "zammad" if name == "rails" else next(n for n, b in cluster.backends.items() if b.name == name)


def pods(cluster: Cluster, namespace: str) -> list[str]:
    """The names of those that may answer."""
    if namespace == "zammad":
        return ["rails"]
    return [a for found in cluster.slices[namespace]["endpoints"] for a in found["addresses"]]


@contextmanager
def present(cluster: Cluster, *objects: Manifest) -> Iterator[None]:
    """Objects are there for a while."""
    for found in objects:
        cluster.api.put(found)
    try:
        yield
    finally:
        for found in objects:
            cluster.api.delete(found)


def middleware(cluster: Cluster, host: str, kind: str) -> Any:
    """The settings of a middleware of a host's route."""
    route = cluster.hosts[host]
    names = [found["name"] for found in route["spec"]["routes"][0]["middlewares"]]
    space = route["metadata"]["namespace"]
    specs = [cluster.manifests[f"{space}/Middleware/{name}"]["spec"] for name in names]
    (found,) = (spec[kind] for spec in specs if kind in spec)
    return found


def test_hosts(cluster: Cluster) -> None:
    """Each reaches its own pods, all of them, and Traefik tells them who asks."""
    assert cluster.hosts.keys() == {WIKI, HELP, GRAFANA}
    for host, route in cluster.hosts.items():
        somebody = cluster.anybody()
        forged = {"X-Forwarded-For": "203.0.113.9", "X-Real-Ip": "203.0.113.9", "X-Forwarded-Proto": "http"}
        replies = [somebody.request(host, "/a/b?c=d", headers=forged) for _ in range(6)]
        assert {reply.status for reply in replies} == {200}
        assert {reply.json()["name"] for reply in replies} == set(pods(cluster, route["metadata"]["namespace"]))
        for found in (reply.json() for reply in replies):
            assert found["path"] == "/a/b?c=d"
            assert found["headers"]["host"] == host
            assert found["headers"]["x-forwarded-proto"] == "https"
            assert found["headers"]["x-real-ip"] == somebody.source
            assert found["headers"]["x-forwarded-for"].split(", ")[0] == somebody.source


def test_unknown_host(cluster: Cluster) -> None:
    """No answer by name, and no certificate by SNI: nobody learns from the address which hosts there are."""
    somebody = cluster.anybody()
    assert somebody.request(WIKI, headers={"Host": "www.example.org"}).status == 404

    somebody.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    somebody.tls.check_hostname, somebody.tls.verify_mode = False, ssl.CERT_NONE
    for unknown in ("www.example.org", "vkm.dtdt.tech", None):
        with pytest.raises(ssl.SSLError) as refused:
            somebody.dial(unknown).close()
        assert refused.value.reason == "TLSV1_UNRECOGNIZED_NAME"


def test_redirect(cluster: Cluster) -> None:
    """To the port that people use, not to the container's."""
    for host in cluster.hosts:
        reply = cluster.anybody("http").request(host, "/a/b?c=d")
        assert (reply.status, reply.headers["location"]) == (301, f"https://{host}/a/b?c=d")


def solver(cluster: Cluster, host: str) -> tuple[list[Manifest], str]:
    """What cert-manager makes for a challenge of a host, and its path."""
    (issuer,) = (m for m in cluster.manifests.values() if m["kind"] == "ClusterIssuer")
    (http01,) = (s["http01"]["ingress"] for s in issuer["spec"]["acme"]["solvers"] if "http01" in s)
    path = "/.well-known/acme-challenge/a-token"
    labels = {"acme.cert-manager.io/http01-solver": "true"}
    named = {"name": "cm-acme-http-solver-x7kqz", "namespace": "bookstack", "labels": labels}
    service: Manifest = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": named,
        "spec": {
            "type": http01["serviceType"],
            "ports": [{"name": "http", "port": 8089, "targetPort": "http", "protocol": "TCP"}],
            "selector": labels,
        },
    }
    container = {"name": "acmesolver", "ports": [{"name": "http", "containerPort": 8089}]}
    pod = {
        "metadata": named,
        "spec": {"template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}}},
    }
    backend = {"service": {"name": named["name"], "port": {"number": 8089}}}
    paths = [{"path": path, "pathType": "ImplementationSpecific", "backend": backend}]
    ingress: Manifest = {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": named,
        "spec": {
            "ingressClassName": http01["ingressClassName"],
            "rules": [{"host": host, "http": {"paths": paths}}],
        },
    }
    slice_ = endpoints(service, pod, ["10.42.1.100"])
    return [service, slice_, ingress], path


def told(cluster: Cluster) -> bool:
    """Whether Traefik has written its address into the status of an Ingress."""
    return any(
        right.resource == "ingresses/status" and cluster.address.encode() in body for right, body in cluster.api.written
    )


def test_acme_challenge(cluster: Cluster) -> None:
    """On port 80, by the Ingress that cert-manager makes, whose status is written; all else is redirected."""
    host = "www.example.org"
    objects, path = solver(cluster, host)
    answers = Backend("solver", cluster.spaces["bookstack"].network, "10.42.1.100", 8089)
    somebody = cluster.anybody("http")
    try:
        assert somebody.request(host, path).status == 404, "not redirected, although nobody answers"
        with present(cluster, *objects):
            wait_until(lambda: somebody.request(host, path).status == 200, what="the challenge's answer")
            assert somebody.request(host, path).json()["name"] == "solver"
            assert somebody.request(host, "/").status == 301
            wait_until(lambda: told(cluster), what="the Ingress's status")
        wait_until(lambda: somebody.request(host, path).status == 404, what="the end of the challenge")
    finally:
        answers.gone()


def test_headers(cluster: Cluster) -> None:
    """Those of the middleware, on answers of every host; what the server is, nobody learns."""
    for host in cluster.hosts:
        spec = middleware(cluster, host, "headers")
        found = cluster.anybody().request(host).headers
        assert found["strict-transport-security"] == f"max-age={spec['stsSeconds']}; includeSubDomains"
        assert found["x-content-type-options"] == "nosniff"
        assert found["x-frame-options"] == spec["customFrameOptionsValue"] == "SAMEORIGIN"
        assert found["referrer-policy"] == spec["referrerPolicy"]
        assert not found.keys() & {"server", "x-powered-by"}


def test_compression(cluster: Cluster) -> None:
    """Where the route has it, in each of the ways that browsers know."""
    for host, compressed in ((WIKI, True), (GRAFANA, True), (HELP, False)):
        somebody = cluster.anybody()
        for encoding in ("gzip", "br", "zstd"):
            reply = somebody.request(host, "/long", headers={"Accept-Encoding": encoding})
            assert reply.headers.get("content-encoding") == (encoding if compressed else None)
            assert (len(reply.body) < 2000) is compressed
        assert "content-encoding" not in somebody.request(host, "/long").headers


def test_rate_limit(cluster: Cluster) -> None:
    """By address, which nobody can choose by a header."""
    limit = middleware(cluster, WIKI, "rateLimit")
    somebody, other = cluster.anybody(), cluster.anybody()
    statuses: list[int] = []
    began = time.monotonic()

    def ask() -> None:
        connection = somebody.connect(WIKI)
        # A machine that has much else to do takes longer to become too fast.
        while 429 not in statuses and time.monotonic() < began + PATIENCE / 5:
            for number in range(150):
                connection.request("GET", "/", headers={"X-Forwarded-For": f"203.0.113.{number}"})
                statuses.append(Reply(connection).status)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    passed = statuses.count(200)
    assert set(statuses) == {200, 429}
    assert limit["burst"] <= passed <= limit["burst"] + limit["average"] * took + 10
    assert other.request(WIKI).status == 200


def test_large_uploads(cluster: Cluster) -> None:
    """Traefik has no limit of its own; Zammad's nginx has."""
    body = bytes(49 * MIB)
    for host in (HELP, WIKI):
        reply = cluster.anybody().request(host, "/upload", method="POST", body=body)
        assert (reply.status, reply.json()["received"]) == (200, len(body))
    assert cluster.anybody().upload(HELP, "/upload", length=51 * MIB) == 413


def test_metrics_of_grafana_are_hidden(cluster: Cluster) -> None:
    """However the path is written."""
    somebody = cluster.anybody()
    for path in (
        *("/metrics", "/metrics/", "/metrics?a", "//metrics", "/./metrics", "/x/../metrics", "/%6detrics"),
        *("/%2e/metrics", "/x/%2e%2e/metrics", "/%2fmetrics", "/metrics%2f", "/x/..%2fmetrics", "/\\metrics"),
    ):
        reply = somebody.request(GRAFANA, path)
        # Grafana compares the decoded path as it is.
        assert reply.status == 404 or unquote(reply.json()["path"].partition("?")[0]) != "/metrics", path
    assert somebody.request(GRAFANA, "/api/metrics").status == 200


def test_every_option_of_a_route(cluster: Cluster) -> None:
    """What the environment does not use of TlsRoute, in a chart of this test's own."""
    host = "shop.example.org"
    app = App(outdir=cluster.folder / "never-written")
    chart = ServiceChart(app, "shop", namespace=ExistingNamespace("grafana"))
    web = WebApp(chart, "shop-web", image="shop:1", port=8080)
    users = ExternalSecretRef(chart, "shop-users", store=SecretStore(name="store"), keys={"users": "shop/users"})
    TlsRoute(
        chart,
        "shop",
        host=host,
        to=web,
        issuer=Issuer(name="letsencrypt", dns01_zones=("example.org",)),
        gateway=Gateway(
            pods=Pods(
                name="traefik",
                namespace="traefik",
                labels={"app.kubernetes.io/name": "traefik"},
                ports={"http": 8000},
                scope=chart,
            ),
            namespaces=("grafana",),
        ),
        path_prefix="/app",
        hidden=["/app/admin"],
        max_body="64Ki",
        allow_cidrs=["198.51.100.0/25"],
        basic_auth=users["users"],
    )
    made = {m["kind"] + "/" + m["metadata"]["name"]: m for found in app.manifests().values() for m in found}
    served = Backend("shop", cluster.spaces["grafana"].network, "10.42.3.100", 8080)
    hashed = base64.b64encode(hashlib.sha1(b"secret").digest()).decode()
    htpasswd = base64.b64encode(f"anna:{{SHA}}{hashed}\n".encode()).decode()
    secret = {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": {"name": "shop-users", "namespace": "grafana"},
        "data": {"users": htpasswd},
    }
    objects = [
        *(m for m in made.values() if m["kind"] in ("Service", "Middleware", "IngressRoute")),
        endpoints(made["Service/shop-web"], made["Deployment/shop-web"], ["10.42.3.100"]),
        cluster.authority.secret(made["Certificate/shop"]),
        secret,
    ]
    anna = {"Authorization": "Basic " + base64.b64encode(b"anna:secret").decode()}
    wrong = {"Authorization": "Basic " + base64.b64encode(b"anna:wrong").decode()}
    inside, outside = cluster.person(100), cluster.person(200)

    def routed() -> bool:
        try:
            return inside.request(host, "/app", headers=anna).status == 200
        except OSError:
            return False

    try:
        with present(cluster, *objects):
            wait_until(routed, what=host)
            reply = inside.request(host, "/app/x", headers=anna)
            assert (reply.status, reply.json()["name"], reply.json()["path"]) == (200, "shop", "/app/x")
            assert "authorization" not in reply.json()["headers"]
            assert inside.request(host, "/app/x").status == 401
            assert inside.request(host, "/app/x", headers=wrong).status == 401
            assert outside.request(host, "/app/x", headers=anna).status == 403
            assert outside.request(host, "/app/x", headers={**anna, "X-Forwarded-For": "198.51.100.1"}).status == 403
            for hidden in ("/", "/other", "/app/admin", "/app/admin/x", "/app/x/../admin", "/app/%61dmin"):
                assert inside.request(host, hidden, headers=anna).status == 404, hidden
            limit = size("64Ki")
            fits = inside.request(host, "/app/x", method="POST", headers=anna, body=bytes(limit))
            assert (fits.status, fits.json()["received"]) == (200, limit)
            assert inside.upload(host, "/app/x", length=limit + 1, headers=anna) == 413
    finally:
        served.gone()


def test_certificates(cluster: Cluster) -> None:
    """The whole chain, with the key that was asked for: a client that knows the root only is content."""
    for host, route in cluster.hosts.items():
        (certificate,) = (
            m
            for m in cluster.manifests.values()
            if m["kind"] == "Certificate"
            and m["metadata"]["namespace"] == route["metadata"]["namespace"]
            and m["spec"]["secretName"] == route["spec"]["tls"]["secretName"]
        )
        with cluster.anybody().dial(host) as connection:
            assert isinstance(connection, ssl.SSLSocket)
            found, der = connection.getpeercert(), connection.getpeercert(binary_form=True)
            version = connection.version()
        assert found is not None
        assert der is not None
        assert found["subjectAltName"] == tuple(("DNS", name) for name in certificate["spec"]["dnsNames"])
        key, wanted = load_der_x509_certificate(der).public_key(), certificate["spec"]["privateKey"]
        assert isinstance(key, EllipticCurvePublicKey)
        assert (wanted["algorithm"], wanted["size"]) == ("ECDSA", key.key_size)
        assert version == "TLSv1.3"


def test_renewed_certificate(cluster: Cluster) -> None:
    """Without a restart."""

    def serial() -> str:
        with cluster.person(253).dial(WIKI) as connection:
            assert isinstance(connection, ssl.SSLSocket)
            found = connection.getpeercert()
            assert found is not None
            return str(found["serialNumber"])

    before = serial()
    cluster.api.put(cluster.authority.secret(cluster.manifests["bookstack/Certificate/wiki"]))
    wait_until(lambda: serial() != before, what="the renewed certificate")


def test_tls_versions(cluster: Cluster) -> None:
    """Below 1.2 nothing; in 1.2 only ciphers that keep what was said a secret for good, without CBC."""

    def handshake(version: ssl.TLSVersion, ciphers: str) -> str:
        somebody = cluster.person(252)
        assert somebody.tls is not None
        with warnings.catch_warnings():
            # It is not this test that wants the old versions.
            warnings.simplefilter("ignore", DeprecationWarning)
            somebody.tls.minimum_version = somebody.tls.maximum_version = version
        somebody.tls.set_ciphers(f"{ciphers}:@SECLEVEL=0")
        try:
            with somebody.dial(WIKI) as connection:
                assert isinstance(connection, ssl.SSLSocket)
                return str(connection.version())
        except ssl.SSLError as error:
            return str(error.reason)

    assert handshake(ssl.TLSVersion.TLSv1, "ALL") == "TLSV1_ALERT_PROTOCOL_VERSION"
    assert handshake(ssl.TLSVersion.TLSv1_1, "ALL") == "TLSV1_ALERT_PROTOCOL_VERSION"
    assert handshake(ssl.TLSVersion.TLSv1_2, "ALL") == "TLSv1.2"
    for good in ("AES128-GCM-SHA256", "AES256-GCM-SHA384", "CHACHA20-POLY1305"):
        assert handshake(ssl.TLSVersion.TLSv1_2, f"ECDHE-ECDSA-{good}") == "TLSv1.2"
    for weak in ("ECDHE-ECDSA-AES128-SHA", "ECDHE-ECDSA-AES256-SHA", "ECDHE-ECDSA-AES128-SHA256"):
        assert handshake(ssl.TLSVersion.TLSv1_2, weak) == "SSLV3_ALERT_HANDSHAKE_FAILURE", weak
    assert handshake(ssl.TLSVersion.TLSv1_3, "ALL") == "TLSv1.3"


def test_websockets(cluster: Cluster) -> None:
    """Zammad's, to the websocket server and to Rails, through nginx; and those of Grafana's live panels."""
    for host, path, to in ((HELP, "/ws", "websocket"), (HELP, "/cable", "rails"), (GRAFANA, "/api/live/ws", None)):
        opened, head = cluster.anybody().websocket(host, path)
        with opened:
            assert head.startswith("HTTP/1.1 101 "), head
            assert f"x-backend: {to or pods(cluster, 'grafana')[0]}" in head.lower()
            for length in (1, 100_000):
                sent = os.urandom(length)
                opened.sendall(sent)
                received = b""
                while len(received) < length:
                    received += opened.recv(1 << 16)
                assert received == sent


def test_a_pod_is_gone(cluster: Cluster) -> None:
    """Its requests go to the next at once, before Kubernetes has noticed: nobody sees an error.

    When no pod is left, it is 503; when one comes back, it is used.
    """
    first, second = pods(cluster, "bookstack")

    def are(*ready: str) -> None:
        service, workload = (cluster.manifests[f"bookstack/{kind}/bookstack"] for kind in ("Service", "Deployment"))
        cluster.api.put(endpoints(service, workload, ready))

    def is_left() -> bool:
        return not cluster.traefik.execute("ss", "-Htn", "dst", first).stdout

    with closing(cluster.anybody().connect(WIKI)) as connection:

        def ask() -> tuple[int, str]:
            connection.request("GET", "/")
            reply = Reply(connection)
            return reply.status, reply.json()["name"] if reply.status == 200 else ""

        both = {(200, first), (200, second)}
        assert {ask() for _ in range(4)} == both
        assert not is_left()
        cluster.backends[first].gone()
        # What is sent to a pod while it dies is lost: nobody knows whether it has acted.
        wait_until(is_left, what="that the pod's connections are closed")
        try:
            assert {ask() for _ in range(10)} == {(200, second)}
            are(second)
            wait_until(lambda: {ask() for _ in range(10)} == {(200, second)}, what="only what is left")
            are()
            wait_until(lambda: ask()[0] == 503, what="503")
        finally:
            cluster.start_backend("bookstack", first)
            are(first, second)
        wait_until(lambda: {ask() for _ in range(4)} == both, what="both pods")


def test_api_is_closed(cluster: Cluster) -> None:
    """Neither dashboard nor API nor profiles, on any port; those paths of a host belong to its application."""
    container = cluster.traefik.pod.container
    paths = ("/dashboard/", "/api/rawdata", "/api/version", "/api/http/routers", "/debug/pprof/", "/debug/vars")
    for name in ("ping", "metrics"):
        for path in paths:
            assert cluster.kubelet(port(container, name)).request("traefik", path).status == 404, (name, path)
    for path in paths:
        assert cluster.anybody("http").request("traefik", path).status == 301
        assert cluster.anybody().request(WIKI, path).json()["path"] == path
    assert cluster.kubelet(port(container, "ping")).request("traefik", "/metrics").status == 404


def test_load(cluster: Cluster) -> None:
    """2,000 requests over 50 connections: each is answered, by the right one, and the pods share them."""

    def forty(somebody: Client) -> list[tuple[int, str]]:
        connection = somebody.connect(WIKI)
        found = []
        for number in range(40):
            connection.request("GET", f"/{somebody.source}/{number}")
            reply = Reply(connection)
            assert reply.json()["path"] == f"/{somebody.source}/{number}"
            found.append((reply.status, reply.json()["name"]))
        connection.close()
        return found

    with ThreadPoolExecutor(50) as crowd:
        found = [one for person in crowd.map(forty, [cluster.anybody() for _ in range(50)]) for one in person]
    assert len(found) == 2000
    first, second = pods(cluster, "bookstack")
    assert set(found) == {(200, first), (200, second)}
    assert abs(found.count((200, first)) - 1000) < 100


def test_metrics(cluster: Cluster) -> None:
    """Where the PodMonitor looks: every metric of our alerts and of the dashboard, with the labels that they use."""
    monitor = cluster.manifests["traefik/PodMonitor/traefik"]["spec"]["podMetricsEndpoints"][0]
    for host in cluster.hosts:
        assert cluster.anybody().request(host).status == 200
    number = port(cluster.traefik.pod.container, monitor["port"])
    text = cluster.kubelet(number).request("traefik", monitor["path"]).body.decode()

    users = [cluster.manifests[f"{at}/traefik"] for at in ("traefik/PrometheusRule", "grafana/GrafanaDashboard")]
    wanted = {name for user in users for name in re.findall(r"traefik_[a-z0-9_]+", json.dumps(user["spec"]))}
    assert wanted
    assert {name for name in wanted if not re.search(rf"^{name}[{{ ]", text, re.MULTILINE)} == set()
    # The alerts say that a service's name begins with its namespace and its route.
    services = set(re.findall(r'^traefik_service_requests_total{[^}]*service="([^"]+)"', text, re.MULTILINE))
    for route in cluster.hosts.values():
        prefix = f"{route['metadata']['namespace']}-{route['metadata']['name']}-"
        assert any(service.startswith(prefix) for service in services), (prefix, services)
    expiring = dict(re.findall(r'^traefik_tls_certs_not_after{cn="([^"]+)".*} (\S+)$', text, re.MULTILINE))
    for host in cluster.hosts:
        assert 89 < (float(expiring[host]) - time.time()) / 86400 < 91


def test_rights(cluster: Cluster) -> None:
    """It asks for nothing that it is refused, and makes use of all it has, on a cluster before 1.32 and after."""
    api = cluster.api
    try:
        cluster.traefik.kill()
        api.watch_lists = False
        cluster.restart()
    finally:
        api.watch_lists = True
    objects, _ = solver(cluster, "www.example.org")
    with present(cluster, *objects):
        wait_until(lambda: told(cluster), what="the Ingress's status")

    assert api.not_understood == []
    assert api.refused == []
    # `get` gives nobody more than `list` does; Traefik makes no use of it.
    used = {(right.verb, right.group, right.resource) for right in api.asked}
    having = {(right.verb, right.group, right.resource) for right in api.rights}
    assert {right for right in having - used if right[0] != "get"} == set()
    assert {right[2] for right in having} - {right[2] for right in used} == set()


def test_stop(cluster: Cluster) -> None:
    """The probe is red at once, new connections are accepted for a while, what runs is answered, all in time."""
    traefik, somebody = cluster.traefik, cluster.anybody()
    server = cluster.backends[pods(cluster, "grafana")[0]]
    replies: list[Reply] = []
    running = threading.Thread(target=lambda: replies.append(somebody.request(GRAFANA, "/held")))
    running.start()
    assert server.holding.wait(PATIENCE)
    began = time.monotonic()
    os.kill(traefik.process, traefik.pod.image.stop)
    try:
        red = lambda: not probe(traefik, "readinessProbe", cluster.kubelet)  # noqa: E731
        promised = notices_within(traefik.pod.container, "readinessProbe")
        wait_until(red, seconds=promised, what="red readiness")
        # Until the load balancer knows, people still come.
        assert refused_after(began, lambda: cluster.person(254).request(GRAFANA).status) > 8
        assert running.is_alive()
    finally:
        server.release.set()
    running.join(PATIENCE)
    assert [reply.status for reply in replies] == [200]
    grace = traefik.pod.grace - (time.monotonic() - began)
    assert traefik.server.process.wait(grace) == 0
    server.release.clear()
    server.holding.clear()
    cluster.restart()


def test_log(cluster: Cluster) -> None:
    """Lines of JSON: requests, and no error; of warnings only known ones."""

    def read() -> list[dict[str, Any]]:
        # The last line may be on its way.
        return [json.loads(line) for line in cluster.traefik.server.log.read_text().split("\n")[:-1]]

    # A request is written down after it was answered.
    wait_until(lambda: {line.get("RequestHost") for line in read()} >= cluster.hosts.keys(), what="each host's request")
    lines = read()
    notes = [line["message"] for line in lines if "RequestMethod" not in line and line["level"] != "info"]
    # Each is about an option that is left at its default.
    known = (
        "SafeNaming is not",
        "Traefik can reject some encoded characters",
    )
    assert [note for note in notes if not note.startswith(known)] == []
    requests = [line for line in lines if "RequestMethod" in line]
    assert requests[-1]["ClientHost"].startswith("198.51.100.")
