"""What is around the pods that run here: their addresses, and small servers and clients inside of their networks."""

import ctypes
import json
import os
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any

from tests.real.conftest import tool

_LIBC = ctypes.CDLL(None, use_errno=True)
_CLONE_NEWNET = 0x40000000


def _enter(namespace: int) -> None:
    if _LIBC.setns(namespace, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns: real tests run as root")


@contextmanager
def inside(network: int) -> Iterator[None]:
    """Sockets that this thread makes in the block belong to the network of that process, and stay there."""
    here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/proc/{network}/ns/net", os.O_RDONLY)
    try:
        _enter(there)
        try:
            yield
        finally:
            _enter(here)
    finally:
        os.close(there)
        os.close(here)


def give(network: int, *addresses: str) -> None:
    """Let a network be at home at addresses, or at all of `198.51.100.0/24`."""
    for address in addresses:
        _ip(network, "route", "add", "local", address, "dev", "lo")


def link(hub: int, address: str, network: int, addresses: str) -> None:
    """A cable between a network and a hub that has one address, by which it reaches all `addresses`: a network's."""
    to, back = f"to-{network}", f"to-{hub}"
    ends = ("link", "add", to, "netns", str(hub), "type", "veth", "peer", "name", back, "netns", str(network))
    subprocess.run([tool("ip"), *ends], check=True)
    _ip(hub, "link", "set", to, "up")
    _ip(network, "link", "set", back, "up")
    _ip(hub, "route", "add", addresses, "dev", to, "src", address)
    _ip(network, "route", "add", address, "dev", back)


def _ip(network: int, *command: str) -> None:
    subprocess.run([tool("nsenter"), f"--target={network}", "--net", "--", tool("ip"), *command], check=True)


class _Handler(BaseHTTPRequestHandler):
    """Answers every request with who answers and what arrived; some paths do more."""

    server: "Backend"
    protocol_version = "HTTP/1.1"
    # An answer is one packet, not two of which the second waits.
    wbufsize = -1
    disable_nagle_algorithm = True

    def version_string(self) -> str:
        return "Backend/1.0"

    def do_GET(self) -> None:
        if self.headers.get("Upgrade") == "websocket":
            self._websocket()
            return
        received = 0
        left = int(self.headers.get("Content-Length", 0))
        while left:
            chunk = self.rfile.read(min(left, 1 << 20))
            if not chunk:
                return
            received += len(chunk)
            left -= len(chunk)
        if self.path.startswith("/held"):
            self.server.holding.set()
            self.server.release.wait()
        found = {
            "name": self.server.name,
            "path": self.path,
            "received": received,
            "headers": {name.lower(): value for name, value in self.headers.items()},
        }
        # Long enough to be worth compressing where that is asked for.
        body = json.dumps(found).encode().ljust(20_000 if self.path.startswith("/long") else 0)
        self.send_response(200)
        self.send_header("X-Powered-By", "Backend")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_GET  # noqa: N815 # the names that http.server looks for

    def _websocket(self) -> None:
        """What comes in goes back: frames are the business of others."""
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("X-Backend", self.server.name)
        self.end_headers()
        self.wfile.flush()
        while chunk := self.connection.recv(1 << 16):
            self.connection.sendall(chunk)
        self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Backend(ThreadingTCPServer):
    """A server in place of a pod's: it says its name.

    `/held` waits for `release` before it answers, and sets `holding`.
    """

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, name: str, network: int, address: str, port: int) -> None:
        self.name = name
        self.holding, self.release = threading.Event(), threading.Event()
        self._connections: set[socket.socket] = set()
        with inside(network):
            super().__init__((address, port), _Handler)
        self._serving = threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True)
        self._serving.start()

    def get_request(self) -> tuple[socket.socket, Any]:
        """Remember the connection."""
        connection, client = super().get_request()
        self._connections.add(connection)
        return connection, client

    def shutdown_request(self, request: Any) -> None:
        """Forget the connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""

    def gone(self) -> None:
        """Be gone like a pod that was killed: nobody listens, and what was open breaks off."""
        self.release.set()
        self.shutdown()
        self.server_close()
        for connection in list(self._connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self._serving.join()


class Reply:
    """An answer, read to its end."""

    def __init__(self, connection: HTTPConnection) -> None:
        response = connection.getresponse()
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    def json(self) -> Any:
        """What a Backend says."""
        return json.loads(self.body)


class Client:
    """A browser somewhere: it reaches one server, from one address.

    Args:
        network: where it is.
        source: its address.
        to: the server's.
        port: of HTTP, or of HTTPS with a `tls`.
        tls: which certificates it believes.
    """

    def __init__(self, network: int, source: str, to: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.network, self.source, self.to, self.port, self.tls = network, source, to, port, tls
        self.seconds: float = 60

    def dial(self, host: str | None) -> socket.socket:
        """A connection to a host; None is none named in TLS."""
        with inside(self.network):
            plain = socket.create_connection(
                (self.to, self.port), timeout=self.seconds, source_address=(self.source, 0)
            )
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.tls is None:
            return plain
        try:
            return self.tls.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise

    def connect(self, host: str) -> HTTPConnection:
        """A connection for any number of requests."""
        connection = HTTPConnection(host)
        connection.auto_open = 0
        connection.sock = self.dial(host)
        return connection

    def request(
        self,
        host: str,
        path: str = "/",
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Reply:
        """One request by a connection of its own."""
        connection = self.connect(host)
        try:
            connection.request(method, path, body=body, headers={"Connection": "close", **(headers or {})})
            return Reply(connection)
        finally:
            connection.close()

    def upload(self, host: str, path: str, *, length: int, headers: dict[str, str] | None = None) -> int:
        """POST so many bytes, slowly, and stop as soon as there is an answer. Gives its status.

        A server that refuses may close once it has answered; who sends all at once may then not see the answer.
        """
        fields = {"Host": host, "Content-Length": str(length), **(headers or {})}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        answer = b""
        with self.dial(host) as connection:
            connection.sendall(f"POST {path} HTTP/1.1\r\n{head}\r\n".encode())
            connection.settimeout(0.1)
            deadline = time.monotonic() + self.seconds
            while b"\r\n" not in answer:
                assert time.monotonic() < deadline, f"no answer, with {length} bytes to send"
                try:
                    answer += connection.recv(4096)
                except TimeoutError:
                    part = min(length, 1 << 16)
                    connection.sendall(bytes(part))
                    length -= part
        return int(answer.split()[1])

    def websocket(self, host: str, path: str) -> tuple[socket.socket, str]:
        """An open websocket, and the head of the answer that opened it."""
        opened = self.dial(host)
        opened.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        head = b""
        while b"\r\n\r\n" not in head:
            chunk = opened.recv(4096)
            if not chunk:
                break
            head += chunk
        return opened, head.decode()
