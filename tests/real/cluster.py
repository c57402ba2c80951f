"""The environment's front as it runs in a cluster: Traefik and the nginx of Zammad, started from the manifests.

Around them stand-ins: the Kubernetes API, from which Traefik reads our own objects; a certificate authority; a server
at the address and port of each pod that Traefik leads to. Every pod network has addresses of its own, so that each
argument, port and address of the manifests stays as it is: nothing is added but what the kubelet gives to every pod.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.conftest import Manifest
from tests.real.authority import Authority
from tests.real.conftest import PATIENCE, Server, Start, tool, wait_until
from tests.real.kubernetes_api import KubernetesApi, endpoints, granted
from tests.real.network import Backend, Client, give, link
from tests.real.pods import Image, Namespace, Running

_ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"
_TRAEFIK, _API = "10.42.0.1", "10.43.0.1"
# Where people are: Traefik limits and allows by address.
_PEOPLE = "198.51.100"
_TOKEN = "of the service account"


def container(workload: Manifest, name: str) -> Manifest:
    """A container of a workload."""
    found: Manifest
    (found,) = (c for c in workload["spec"]["template"]["spec"]["containers"] if c["name"] == name)
    return found


def port(container: Manifest, name: str) -> int:
    """The number of a container's port."""
    (found,) = (p["containerPort"] for p in container["ports"] if p["name"] == name)
    assert isinstance(found, int)
    return found


def probe(running: Running, name: str, client: Callable[[int], Client]) -> bool:
    """What the kubelet does for a probe by HTTP or TCP, and what it finds."""
    found = running.pod.container[name]
    action = found.get("httpGet") or found["tcpSocket"]
    asks = client(port(running.pod.container, action["port"]))
    asks.seconds = found["timeoutSeconds"]
    try:
        if "tcpSocket" in found:
            asks.dial(None).close()
            return True
        return 200 <= asks.request(asks.to, action["path"]).status < 400
    except OSError:
        return False


def wait_for(running: Running, name: str, client: Callable[[int], Client]) -> None:
    """Return when a probe by HTTP or TCP succeeds."""

    def green() -> bool:
        assert running.server.process.poll() is None, f"it ended:\n{running.server.tail()}"
        return probe(running, name, client)

    wait_until(green, what=f"{name} of {running.pod.container['name']}")


def refused_after(began: float, asks: Callable[[], int]) -> float:
    """The seconds from then on after which nobody gets in any more. Before, every request is answered."""
    while time.monotonic() < began + PATIENCE:
        try:
            status = asks()
        except OSError:
            return time.monotonic() - began
        assert status == 200
        time.sleep(0.2)
    raise AssertionError("requests are still answered")


def streams_for_all(start: Start) -> Start:
    """Whoever a process becomes, it may open its output again by name, as nginx does: container runtimes see to it."""

    def started(command: Sequence[str], **options: Any) -> Server:
        before = os.umask(0)
        try:
            return start(["/bin/sh", "-c", f'umask {before:o} && exec "$@"', "sh", *command], **options)
        finally:
            os.umask(before)

    return started


class ZammadWeb:
    """A web pod of Zammad: its nginx is real; Rails beside it, and the websocket server, are stand-ins."""

    def __init__(self, space: Namespace) -> None:
        self.space = space
        self.web, websocket = space.manifest("Deployment", "zammad"), space.manifest("Deployment", "zammad-websocket")
        self.rails = self.start_rails()
        # Of all addresses: of the Service's, too.
        number = port(container(websocket, "zammad-websocket"), "http")
        self.websocket = Backend("websocket", space.network, "0.0.0.0", number)
        tool("nginx")
        image = Image(
            user="zammad",
            files={
                # The image's own is Debian's, too.
                "/etc/nginx/mime.types": Path("/etc/nginx/mime.types").read_text(),
                "/opt/zammad/public/assets/app.js": "an asset",
            },
        )
        self.pod = space.pod("Deployment", "zammad", "nginx", image)
        self.nginx = self.pod.start()
        wait_for(self.nginx, "readinessProbe", self.kubelet)

    def start_rails(self) -> Backend:
        """Rails, where nginx looks for it."""
        number = port(container(self.web, "zammad"), "rails")
        return Backend("rails", self.space.network, "127.0.0.1", number)

    def kubelet(self, port: int) -> Client:
        """The kubelet, in the pod's own network here."""
        return Client(self.space.network, "127.0.0.1", "127.0.0.1", port)


class Cluster:
    """Traefik, what it reads, and what it leads to."""

    def __init__(self, manifests: dict[str, Manifest], start: Start, folder: Path) -> None:
        self.manifests, self.folder = manifests, folder
        self.authority = Authority()
        self.hosts = {_host(m): m for m in manifests.values() if m["kind"] == "IngressRoute"}
        names = ["traefik", *(route["metadata"]["namespace"] for route in self.hosts.values())]
        self.spaces = {
            name: Namespace(manifests, name, folder=folder / name, start=streams_for_all(start), secrets={})
            for name in names
        }
        self.network = self.spaces["traefik"].network
        give(self.network, f"{_TRAEFIK}/32", f"{_API}/32", f"{_PEOPLE}.0/24")
        self._people = iter(range(1, 255))
        self.slices: dict[str, Manifest] = {}
        # By the address at which Traefik finds it.
        self.backends: dict[str, Backend] = {}
        for number, name in enumerate(names[1:], 1):
            network = self.spaces[name].network
            link(self.network, _TRAEFIK, network, f"10.42.{number}.0/24")
            give(network, f"10.42.{number}.0/24")
            workload = manifests[f"{name}/Deployment/{name}"]
            addresses = [f"10.42.{number}.{pod}" for pod in range(1, workload["spec"]["replicas"] + 1)]
            self.slices[name] = endpoints(manifests[f"{name}/Service/{name}"], workload, addresses)
            if name != "zammad":
                for address in addresses:
                    self.start_backend(name, address)
        # One nginx for both pods of Zammad: it listens on every address of the network.
        self.zammad = ZammadWeb(self.spaces["zammad"])
        certificates = [m for m in manifests.values() if m["kind"] == "Certificate"]
        balancer = manifests["traefik/Service/traefik"]
        self.address = balancer["metadata"]["annotations"]["metallb.io/loadBalancerIPs"]
        deployment = manifests["traefik/Deployment/traefik"]
        self.api = KubernetesApi(
            [
                *manifests.values(),
                *self.slices.values(),
                *map(self.authority.secret, certificates),
                # What MetalLB writes.
                {**balancer, "status": {"loadBalancer": {"ingress": [{"ip": self.address}]}}},
            ],
            network=self.network,
            address=_API,
            tls=self.authority.server(_API, folder),
            token=_TOKEN,
            rights=granted(
                manifests.values(),
                account=deployment["spec"]["template"]["spec"]["serviceAccountName"],
                namespace=deployment["metadata"]["namespace"],
            ),
        )
        self.traefik = self._start()

    def start_backend(self, namespace: str, address: str) -> None:
        """A server in place of a pod's."""
        number = self.slices[namespace]["ports"][0]["port"]
        self.backends[address] = Backend(address, self.spaces[namespace].network, address, number)

    def anybody(self, port_name: str = "https") -> Client:
        """Somebody who was not here before, at one of Traefik's ports."""
        return self.person(next(self._people), port_name)

    def person(self, number: int, port_name: str = "https") -> Client:
        """Somebody whose address ends in that number."""
        tls = self.authority.trust() if port_name == "https" else None
        number_of_port = port(self.traefik.pod.container, port_name)
        return Client(self.network, f"{_PEOPLE}.{number}", _TRAEFIK, number_of_port, tls)

    def kubelet(self, port: int) -> Client:
        """The kubelet, as its probes reach Traefik."""
        return Client(self.network, _TRAEFIK, _TRAEFIK, port)

    def restart(self) -> None:
        """Start Traefik again."""
        self.traefik.restart()
        self.wait()

    def wait(self) -> None:
        """Return when it is ready, and has read what it routes."""
        wait_for(self.traefik, "startupProbe", self.kubelet)
        wait_for(self.traefik, "readinessProbe", self.kubelet)
        for host in self.hosts:
            wait_until(lambda host=host: self.serves(host), what=host)  # type: ignore[misc]

    def serves(self, host: str, path: str = "/") -> bool:
        """Whether somebody gets an answer."""
        try:
            return self.person(254).request(host, path).status == 200
        except OSError:
            return False

    def close(self) -> None:
        """End what no fixture ends."""
        self.api.close()

    def _start(self) -> Running:
        program = Path(tool(str(Path(sys.executable).with_name("traefik"))))
        image = Image(
            user="traefik",
            entrypoint=["/image/traefik"],
            # The kubelet gives these to every pod whose service account is mounted.
            env={"KUBERNETES_SERVICE_HOST": _API, "KUBERNETES_SERVICE_PORT": "443"},
            files={
                f"{_ACCOUNT}/token": _TOKEN,
                f"{_ACCOUNT}/ca.crt": self.authority.root,
                f"{_ACCOUNT}/namespace": "traefik",
            },
        )
        pod = self.spaces["traefik"].pod("Deployment", "traefik", "traefik", image)
        assert pod.spec["automountServiceAccountToken"] is True
        # The program itself is too large for a text, and not below /usr.
        pod._mounts["/image"] = ["--ro-bind", str(program.parent), "/image"]
        return pod.start()


def _host(route: Manifest) -> str:
    """The host of an IngressRoute."""
    (rule,) = (found["match"] for found in route["spec"]["routes"])
    host = str(rule).split("`")[1]
    assert f"Host(`{host}`)" in rule
    return host
