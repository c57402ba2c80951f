"""The nginx in front of Zammad, with its configuration and its commands from the manifests, unchanged.

Shows: nginx finds no fault in its configuration; pages go to Rails, websockets to the websocket server or to Rails, and
stay open; assets come from the image, with an expiry; a client's own address arrives at Rails, and a client cannot
choose it; every hop says https; 50 MB pass and more do not; the probes are red when Rails is gone; a request that runs
when the pod stops is answered.

A stand-in is at Rails' port, another at the websocket server's.
"""

import threading
import time

import pytest

from tests.conftest import Manifest
from tests.real.cluster import ZammadWeb, port, probe, refused_after, streams_for_all, wait_for
from tests.real.conftest import PATIENCE, Start
from tests.real.network import Client, Reply, give
from tests.real.pods import Namespace

TRAEFIK = "10.42.0.1"
STRANGER = "198.51.100.7"
HOST = "help.vkm.dtdt.tech"
MIB = 2**20


@pytest.fixture(scope="module")
def zammad(manifests: dict[str, Manifest], start: Start, tmp_path_factory: pytest.TempPathFactory) -> ZammadWeb:
    """A web pod, in whose network Traefik's address and a stranger's are, too."""
    folder = tmp_path_factory.mktemp("zammad") / "zammad"
    space = Namespace(manifests, "zammad", folder=folder, start=streams_for_all(start), secrets={})
    give(space.network, f"{TRAEFIK}/32", f"{STRANGER}/32")
    return ZammadWeb(space)


@pytest.fixture
def traefik(zammad: ZammadWeb) -> Client:
    """Who asks nginx in production."""
    return client(zammad, TRAEFIK)


def client(zammad: ZammadWeb, source: str) -> Client:
    return Client(zammad.space.network, source, "127.0.0.1", port(zammad.pod.container, "http"))


def test_configuration(zammad: ZammadWeb) -> None:
    """Not a warning, either."""
    checked = zammad.pod.launch("-t")
    code = checked.process.wait(PATIENCE)
    lines = [line for line in checked.tail().splitlines() if not line.endswith(("syntax is ok", "test is successful"))]
    assert (code, lines) == (0, [])


def test_pages(traefik: Client) -> None:
    reply = traefik.request(HOST, "/tickets?page=2")

    assert (reply.status, reply.json()["name"], reply.json()["path"]) == (200, "rails", "/tickets?page=2")
    assert reply.headers["server"] == "nginx", "it says its version"


def test_assets(traefik: Client) -> None:
    reply = traefik.request(HOST, "/assets/app.js")

    assert (reply.status, reply.body) == (200, b"an asset")
    assert reply.headers["content-type"] == "application/javascript"
    assert reply.headers["cache-control"] == "max-age=315360000"
    assert traefik.request(HOST, "/assets/missing.js").status == 404


@pytest.mark.parametrize(("path", "to"), [("/ws", "websocket"), ("/cable", "rails")])
def test_websocket(traefik: Client, path: str, to: str) -> None:
    opened, head = traefik.websocket(HOST, path)
    with opened:
        assert head.startswith("HTTP/1.1 101 "), head
        assert f"X-Backend: {to}" in head
        for size in (1, 100_000):
            opened.sendall(bytes(size))
            received = 0
            while received < size:
                received += len(opened.recv(1 << 16))


def test_client_address(zammad: ZammadWeb, traefik: Client) -> None:
    """Traefik says it; what a client says before Traefik, or instead of it, does not count."""
    sent = {
        "X-Forwarded-For": "203.0.113.9, 198.51.100.20",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Scheme": "http",
        "X-Forwarded-Ssl": "off",
        "Forwarded": "proto=http",
        # What Rails takes for the same as X-Real-Ip.
        "X_Real_Ip": "203.0.113.9",
        "X.Real.Ip": "203.0.113.9",
    }
    seen = traefik.request(HOST, "/", headers=sent).json()["headers"]
    assert seen["x-real-ip"] == "198.51.100.20"
    assert seen["host"] == HOST
    assert seen["x-forwarded-proto"] == "https"
    assert not seen.keys() & {"forwarded", "x-forwarded-ssl", "x-forwarded-scheme", "x_real_ip", "x.real.ip"}
    # Through another proxy of the cluster, too.
    through = {"X-Forwarded-For": "203.0.113.9, 198.51.100.20, 10.42.0.9"}
    assert traefik.request(HOST, "/", headers=through).json()["headers"]["x-real-ip"] == "198.51.100.20"

    seen = client(zammad, STRANGER).request(HOST, "/", headers=sent).json()["headers"]
    assert seen["x-real-ip"] == STRANGER


def test_body_limit(traefik: Client) -> None:
    """Below, all of it arrives: nginx finds a place for it although its root is read-only."""
    arrived = traefik.request(HOST, "/upload", method="POST", body=bytes(49 * MIB))
    assert (arrived.status, arrived.json()["received"]) == (200, 49 * MIB)

    assert traefik.upload(HOST, "/upload", length=51 * MIB) == 413


def test_rails_is_gone(zammad: ZammadWeb, traefik: Client) -> None:
    """Readiness notices; liveness does not, since a restart of nginx would not help."""
    zammad.rails.gone()
    try:
        assert traefik.request(HOST).status == 502
        assert not probe(zammad.nginx, "readinessProbe", zammad.kubelet)
        assert probe(zammad.nginx, "livenessProbe", zammad.kubelet)
    finally:
        zammad.rails = zammad.start_rails()
    wait_for(zammad.nginx, "readinessProbe", zammad.kubelet)


def test_nginx_hangs(zammad: ZammadWeb) -> None:
    """The liveness probe only opens a connection, which the kernel does by itself; readiness wants an answer."""
    zammad.nginx.freeze(True)
    try:
        assert not probe(zammad.nginx, "readinessProbe", zammad.kubelet)
    finally:
        zammad.nginx.freeze(False)
    wait_for(zammad.nginx, "readinessProbe", zammad.kubelet)


def test_stop(zammad: ZammadWeb, traefik: Client) -> None:
    """preStop ends nginx by itself, after the request that runs and within the pod's grace period."""
    replies: list[Reply] = []
    running = threading.Thread(target=lambda: replies.append(traefik.request(HOST, "/held")))
    running.start()
    assert zammad.rails.holding.wait(PATIENCE)
    began = time.monotonic()
    command = zammad.pod.container["lifecycle"]["preStop"]["exec"]["command"]
    stopping = threading.Thread(target=lambda: zammad.nginx.execute(*command, seconds=zammad.pod.grace))
    stopping.start()
    try:
        # Until Traefik knows, requests still come.
        assert refused_after(began, lambda: traefik.request(HOST).status) > 4
        assert running.is_alive()
    finally:
        zammad.rails.release.set()
    running.join(PATIENCE)
    stopping.join(zammad.pod.grace)
    assert [reply.status for reply in replies] == [200]
    assert zammad.nginx.server.process.wait(PATIENCE) == 0
    zammad.nginx.restart()
    wait_for(zammad.nginx, "readinessProbe", zammad.kubelet)
