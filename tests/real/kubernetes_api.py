"""A small Kubernetes API: it gets, lists and watches a set of manifests, and refuses what RBAC does not allow.

Of what is written it takes note only. Names, selectors and versions of resources are as far as Traefik
uses them: what it does not know it refuses, so that a test fails rather than passes by chance.
"""

import copy
import json
import re
import ssl
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.conftest import Manifest
from tests.real.network import inside

# All kinds that somebody may ask for: the empty list of one, too, wants its name.
_KINDS = (
    "ConfigMap EndpointSlice Ingress IngressClass IngressRoute IngressRouteTCP IngressRouteUDP Middleware "
    "MiddlewareTCP Node Secret ServersTransport ServersTransportTCP Service TLSOption TLSStore TraefikService"
).split()
_PATH = re.compile(
    r"/(?:api|apis/(?P<group>[^/]+))/(?P<version>v[^/]+)(?:/namespaces/(?P<namespace>[^/]+))?"
    r"/(?P<resource>[^/]+)(?:/(?P<name>[^/]+)(?:/(?P<sub>[^/]+))?)?"
)


def plural(kind: str) -> str:
    """The resource of a kind."""
    return kind.lower() + ("es" if kind.endswith("s") else "s")


_KIND_OF = {plural(kind): kind for kind in _KINDS}


@dataclass(frozen=True)
class Right:
    """To do something with a resource, in a namespace or ("") in all."""

    verb: str
    group: str
    resource: str
    namespace: str

    def __str__(self) -> str:
        return f"{self.verb} {self.resource}{'.' if self.group else ''}{self.group} in {self.namespace or 'all'}"


def granted(manifests: Iterable[Manifest], *, account: str, namespace: str) -> set[Right]:
    """What the roles of manifests allow a service account."""
    objects = list(manifests)
    subject = {"kind": "ServiceAccount", "name": account, "namespace": namespace}
    rights = set()
    for binding in objects:
        if binding["kind"] not in ("RoleBinding", "ClusterRoleBinding") or subject not in binding["subjects"]:
            continue
        where = binding["metadata"].get("namespace", "")
        reference = binding["roleRef"]
        role_in = where if reference["kind"] == "Role" else ""
        (role,) = (
            role
            for role in objects
            if (role["kind"], role["metadata"]["name"]) == (reference["kind"], reference["name"])
            and role["metadata"].get("namespace", "") == role_in
        )
        for rule in role["rules"]:
            assert rule.keys() == {"apiGroups", "resources", "verbs"}, f"not understood here: {rule}"
            assert "*" not in (*rule["apiGroups"], *rule["resources"], *rule["verbs"]), f"allows everything: {rule}"
            rights |= {
                Right(verb, group, resource, where)
                for verb in rule["verbs"]
                for group in rule["apiGroups"]
                for resource in rule["resources"]
            }
    return rights


def endpoints(service: Manifest, workload: Manifest, addresses: Iterable[str]) -> Manifest:
    """What Kubernetes makes of a Service, and of pods at these addresses that its selector finds and that are ready."""
    name, namespace = service["metadata"]["name"], service["metadata"]["namespace"]
    template = workload["spec"]["template"]
    assert namespace == workload["metadata"]["namespace"]
    assert service["spec"]["selector"].items() <= template["metadata"]["labels"].items()
    numbers = {p["name"]: p["containerPort"] for c in template["spec"]["containers"] for p in c.get("ports", ())}
    return {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": f"{name}-1",
            "namespace": namespace,
            "labels": {"kubernetes.io/service-name": name},
        },
        "addressType": "IPv4",
        "ports": [
            {"name": port["name"], "port": numbers[port["targetPort"]], "protocol": "TCP"}
            for port in service["spec"]["ports"]
        ],
        "endpoints": [
            {"addresses": [address], "conditions": {"ready": True, "serving": True, "terminating": False}}
            for address in addresses
        ],
    }


class _Handler(BaseHTTPRequestHandler):
    """One connection of a client."""

    server: "KubernetesApi"
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        found = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(found.query).items()}
        asked = self._asked(found.path, watch=query.get("watch") in ("1", "true"))
        if asked is None:
            return
        right, version, resource, name = asked
        unknown = query.keys() - {
            *("watch", "resourceVersion", "resourceVersionMatch", "limit", "timeout", "timeoutSeconds"),
            *("allowWatchBookmarks", "sendInitialEvents", "fieldSelector", "labelSelector"),
        }
        if unknown or query.get("labelSelector", "owner!=helm") != "owner!=helm":
            self._refuse(400, f"not understood here: {found.query}")
            return
        if name:
            objects = [o for o in self.server.objects(right) if o["metadata"]["name"] == name]
            if objects:
                self._answer(200, objects[0])
            else:
                self._refuse(404, f"no {resource} {name}")
            return
        if "fieldSelector" in query:
            self._refuse(400, f"not understood here: {found.query}")
        elif "sendInitialEvents" in query and not self.server.watch_lists:
            self._refuse(422, "sendInitialEvents is forbidden")
        elif right.verb == "watch":
            self._watch(right, version, query)
        else:
            self._answer(200, self._list(right, version))

    def do_PUT(self) -> None:
        asked = self._asked(urlsplit(self.path).path, watch=False)
        if asked is not None:
            right, _, _, name = asked
            body = self.rfile.read(int(self.headers["Content-Length"]))
            (found,) = (
                found
                for found in self.server.objects(right)
                if found["metadata"]["name"] == name and found["metadata"]["namespace"] == right.namespace
            )
            self.server.written.append((right, body))
            self._answer(200, found)

    def _asked(self, path: str, *, watch: bool) -> tuple[Right, str, str, str | None] | None:
        """What is asked for, if it may be."""
        if self.headers.get("Authorization") != f"Bearer {self.server.token}":
            self._refuse(401, "who is it?")
            return None
        match = _PATH.fullmatch(path)
        if match is None or match["resource"] not in _KIND_OF or match["sub"] not in (None, "status"):
            self.server.not_understood.append(f"{self.command} {path}")
            self._refuse(404, f"not understood here: {path}")
            return None
        resource = match["resource"] + (f"/{match['sub']}" if match["sub"] else "")
        reads = "get" if match["name"] else "watch" if watch else "list"
        verb = {"GET": reads, "PUT": "update"}[self.command]
        right = Right(verb, match["group"] or "", resource, match["namespace"] or "")
        if not self.server.allows(right):
            self._refuse(403, f"{right} is not allowed")
            return None
        return right, match["version"], resource, match["name"]

    def _list(self, right: Right, version: str) -> Manifest:
        return {
            "apiVersion": f"{right.group}/{version}" if right.group else version,
            "kind": f"{_KIND_OF[right.resource]}List",
            "metadata": {"resourceVersion": str(self.server.now)},
            "items": self.server.objects(right),
        }

    def _watch(self, right: Right, version: str, query: dict[str, str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        since = int(query.get("resourceVersion") or 0)
        if query.get("sendInitialEvents") == "true":
            with self.server.changed:
                since, objects = self.server.now, self.server.objects(right)
            for found in objects:
                self._event("ADDED", found)
            end = {"resourceVersion": str(since), "annotations": {"k8s.io/initial-events-end": "true"}}
            listed = self._list(right, version)
            kind = listed["kind"].removesuffix("List")
            self._event("BOOKMARK", {"apiVersion": listed["apiVersion"], "kind": kind, "metadata": end})
        while self.server.open:
            since, events = self.server.after(since)
            for kind, found in events:
                if self.server.concerns(found, right):
                    self._event(kind, found)

    def _event(self, kind: str, found: Manifest) -> None:
        text = json.dumps({"type": kind, "object": found}).encode() + b"\n"
        self.wfile.write(b"%x\r\n%s\r\n" % (len(text), text))

    def _refuse(self, status: int, message: str) -> None:
        reason = {
            401: "Unauthorized",
            403: "Forbidden",
            404: "NotFound",
            415: "UnsupportedMediaType",
            422: "Invalid",
        }.get(status, "BadRequest")
        error = {"status": "Failure", "code": status, "reason": reason, "message": message}
        self._answer(status, {"apiVersion": "v1", "kind": "Status", "metadata": {}, **error})

    def _answer(self, status: int, found: Manifest) -> None:
        body = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


class KubernetesApi(ThreadingTCPServer):
    """The API, for one service account.

    Args:
        objects: what there is.
        network, address: where it listens, on port 443.
        tls: its certificate.
        token: the service account's.
        rights: the service account's.

    Attributes:
        asked: every right that was made use of.
        refused: every right that was missing, as often as it was asked for.
        watch_lists: a watch may begin with all there is, as it may from Kubernetes 1.32 on.
        written: what was updated, in bytes: clients write protobuf, and read JSON where they get no protobuf.
        not_understood: requests that this API does not know.
    """

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self,
        objects: Iterable[Manifest],
        *,
        network: int,
        address: str,
        tls: ssl.SSLContext,
        token: str,
        rights: set[Right],
    ) -> None:
        self.token, self.rights = token, rights
        self.asked: set[Right] = set()
        self.refused: list[Right] = []
        self.written: list[tuple[Right, bytes]] = []
        self.not_understood: list[str] = []
        self.changed = threading.Condition(threading.RLock())
        self.open = True
        self.watch_lists = True
        # What happened: the version of a resource is its place in here.
        self.events: list[tuple[str, Manifest]] = []
        self._objects: dict[tuple[str, str, str], Manifest] = {}
        for found in objects:
            self.put(found)
        with inside(network):
            super().__init__((address, 443), _Handler)
        # The handshake is the connection's own thread's.
        self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def now(self) -> int:
        """The newest version."""
        return len(self.events)

    def put(self, found: Manifest) -> None:
        """Make an object, or replace it."""
        with self.changed:
            key = _key(found)
            found = copy.deepcopy(found)
            found["metadata"] |= {"resourceVersion": str(self.now + 1), "uid": "-".join(filter(None, key))}
            self.events.append(("MODIFIED" if key in self._objects else "ADDED", found))
            self._objects[key] = found
            self.changed.notify_all()

    def delete(self, found: Manifest) -> None:
        """Remove an object."""
        with self.changed:
            self.events.append(("DELETED", self._objects.pop(_key(found))))
            self.changed.notify_all()

    def after(self, version: int) -> tuple[int, list[tuple[str, Manifest]]]:
        """The newest version, and what happened since another: as soon as something does, or after a while nothing."""
        with self.changed:
            self.changed.wait_for(lambda: self.now > version or not self.open, timeout=1)
            return self.now, self.events[version:]

    def allows(self, right: Right) -> bool:
        """Whether it is allowed; it is remembered."""
        with self.changed:
            # What is allowed in all namespaces is allowed in each.
            allowed = bool(self.rights & {right, Right(right.verb, right.group, right.resource, "")})
            if allowed:
                self.asked.add(right)
            else:
                self.refused.append(right)
            return allowed

    def objects(self, right: Right) -> list[Manifest]:
        """The objects that a request is about."""
        with self.changed:
            return [found for found in self._objects.values() if self.concerns(found, right)]

    def concerns(self, found: Manifest, right: Right) -> bool:
        """Whether a request is about an object."""
        group, _, _ = found["apiVersion"].rpartition("/")
        where = found["metadata"].get("namespace", "")
        resource = right.resource.partition("/")[0]
        return (plural(found["kind"]), group) == (resource, right.group) and right.namespace in ("", where)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""

    def close(self) -> None:
        """End it, and every watch."""
        with self.changed:
            self.open = False
            self.changed.notify_all()
        self.shutdown()
        self.server_close()


def _key(found: Manifest) -> tuple[str, str, str]:
    return found["kind"], found["metadata"].get("namespace", ""), found["metadata"]["name"]
