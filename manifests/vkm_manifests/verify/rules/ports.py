"""Ports: they hold through, from the entry to the container."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.references import Reference
from vkm_manifests.graph.resource import Finding, Resource, Severity
from vkm_manifests.graph.scraping import scraping_of
from vkm_manifests.verify.rule import rule

_PROBES: Final = ("livenessProbe", "readinessProbe", "startupProbe")
_HOOKS: Final = ("postStart", "preStop")
_HANDLERS: Final = ("httpGet", "tcpSocket", "grpc")
_PORT_NAME: Final = re.compile(r"(?=.*[a-z])[a-z0-9]([a-z0-9-]{0,13}[a-z0-9])?")

_Port: TypeAlias = tuple[str, int, str]
_NO_PORT: Final[_Port] = ("", 0, "")


# What a pod listens on.


def _ports(pod: Pod) -> list[_Port]:
    """Name, number and protocol of all ports that the containers that stay list, or a declaration does."""
    if pod.declared_ports is not None:
        return [(name, number, "") for name, number in pod.declared_ports.items()]
    return [port for container in pod.containers if not container.init for port in container.ports()]


def _lacks(pods: Sequence[Pod], wanted: Any, protocol: str = "") -> list[_Port]:
    """The ports that pods list, if none of them has the one that is wanted; otherwise none.

    A container need not list a port to open it: where none lists any, every number is right.
    """
    ports = [port for pod in pods for port in _ports(pod)]
    # Of pods that others make, only what is declared is known.
    if any(pod.outside and not pod.declared_ports for pod in pods):
        return []
    # A port leads to one of the same protocol only; of a declared one, the protocol is not known.
    same = [(name, number) for name, number, other in ports if not protocol or other in ("", protocol)]
    if isinstance(wanted, str):
        return [] if any(name == wanted for name, _ in same) else ports or [_NO_PORT]
    return [] if any(number == wanted for _, number in same) else ports


def _port_of(value: Any) -> str | int | None:
    """A port as it is meant: a name, or a number."""
    if isinstance(value, str):
        return int(value) if value.isdecimal() and len(value) < 6 else value or None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _listed(ports: Iterable[_Port]) -> str:
    """Ports as text: `http (8080), 9090, dns (53/UDP)`."""
    texts = [(name, _with(number, protocol)) for name, number, protocol in ports if number]
    found = dict.fromkeys(f"{name} ({number})" if name else number for name, number in texts)
    return ", ".join(found) or "none"


def _with(port: str | int, protocol: str) -> str:
    return str(port) if protocol in ("", "TCP") else f"{port}/{protocol}"


def _nearest(wanted: Any, ports: Iterable[_Port]) -> str:
    known, protocols = [], []
    for name, number, protocol in ports:
        if number:
            known.append((name, number))
            protocols += [protocol] if wanted in (name, number) and protocol else []
    if protocols:
        return f"protocol: {protocols[0]}, or list the port with this protocol at the container too"
    near = get_close_matches(str(wanted), [name or str(number) for name, number in known], n=1, cutoff=0.5)
    if near:
        return f"write {near[0]}"
    return f"write {known[0][0] or known[0][1]}" if len(known) == 1 else "write a port of the pod's containers"


# The rules.

_SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80, targetPort: web}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - name: web
    image: example/web:1.0.0
    ports: [{name: web, containerPort: 8080}]
    readinessProbe: {httpGet: {path: /, port: web}}
"""


@rule(passes=_SERVICE, breaks={"targetPort: web": "targetPort: 8000"})
def service_port_reaches_container(graph: Graph) -> Iterator[Finding]:
    """A Service's targetPort is a port of a container that its selector takes, by name or number.

    Where no container lists any port, a number is not looked at.
    """
    for service in _services(graph):
        pods = graph.pods_of_service(service)
        for field, port in shape.named(service.spec, "spec.ports", "ports"):
            wanted = _port_of(port.get("targetPort") or port.get("port"))
            protocol = shape.text(port, "protocol") or "TCP"
            if not pods or not wanted:
                continue
            if listed := _lacks(pods, wanted, protocol):
                yield service.finding(
                    f"{field}.targetPort",
                    f"targetPort {_with(wanted, protocol)} is no port of {_of_pods(pods)}, which has {_listed(listed)}",
                    fix=_nearest(wanted, listed),
                    severity="warning" if graph.may_have_other_pods(service.namespace) else "error",
                )
            elif len(pods) > 1 and service.spec.get("clusterIP") != "None":
                yield from _lacking_in_some(service, f"{field}.targetPort", pods, wanted, protocol)


def _lacking_in_some(
    service: Resource, field: str, pods: Sequence[Pod], wanted: str | int, protocol: str
) -> Iterator[Finding]:
    """A port that one of several workloads lacks. (A Service without an address of its own has no use for ports.)"""
    for pod in pods:
        listed = _lacks([pod], wanted, protocol) if pod.runs_on else []
        if listed:
            by_name = isinstance(wanted, str)
            then = "it gets none of the connections" if by_name else "what is sent to it fails"
            yield service.finding(
                field,
                f"targetPort {_with(wanted, protocol)} is no port of {pod}, which has {_listed(listed)}: {then}",
                fix=f"narrow spec.selector, or list the port at the containers of {pod}",
                # A pod without a port of the name is left out of the Service's endpoints, which may be meant.
                severity="warning" if by_name else "error",
            )


def _services(graph: Graph) -> Iterator[Resource]:
    # Knative's are of another group.
    return (service for service in graph.of_kind("Service") if not service.group)


def _of_pods(pods: Sequence[Pod]) -> str:
    return f"{pods[0]}" + (f" and {len(pods) - 1} more" if len(pods) > 1 else "")


@rule(passes=_SERVICE, breaks={"path: /, port: web": "path: /, port: http"})
def probe_port_exists(graph: Graph) -> Iterator[Finding]:
    """The port of a probe or hook is one of its own container.

    A name that the container does not list fails; a number may be right all the same, so it is a warning.
    """
    for pod in graph.own_pods:
        for container in pod.containers:
            ports = list(container.ports())
            for field, port in _probe_ports(container):
                wanted = _port_of(port)
                named = isinstance(wanted, str)
                if wanted is None or any(wanted in (name, number) for name, number, _ in ports):
                    continue
                if named or ports:
                    yield pod.workload.finding(
                        field,
                        f"port {wanted} is none of container {container.name}, which lists {_listed(ports)}",
                        fix=_nearest(wanted, ports),
                        severity="error" if named else "warning",
                    )


def _probe_ports(container: Container) -> Iterator[tuple[str, Any]]:
    for path in (*((probe,) for probe in _PROBES), *(("lifecycle", hook) for hook in _HOOKS)):
        for handler in _HANDLERS:
            value = shape.mapping(container.manifest, *path, handler)
            if value and not value.get("host"):
                yield ".".join((container.field, *path, handler, "port")), value.get("port")


@rule(
    passes="""
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
  - kind: Rule
    match: Host(`shop.example.com`)
    services: [{name: web, port: 80}]
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}]
""",
    breaks={"{name: web, port: 80}": "{name: web, port: 8080}"},
)
def route_port_exists(graph: Graph) -> Iterator[Finding]:
    """The port of a Service that a route leads to is one of the Service, by its name or its number.

    Looked at are Ingress, IngressRoute, HTTPRoute and their like, middlewares, webhooks and APIServices.
    """
    for reference in graph.references_to("Service"):
        service = graph.find("Service", reference.namespace, reference.name)
        ports = _service_ports(service) if service else []
        if reference.key and ports and not _is_port(reference, ports):
            yield reference.source.finding(
                reference.field,
                f"names port {reference.key} of Service {reference.name}, which has {_listed(ports)}",
                fix=_nearest(reference.key, ports),
            )


def _service_ports(service: Resource) -> list[_Port]:
    """The ports of a Service; none where the name alone counts, or others fill them in."""
    if service.group or shape.text(service.spec, "type") == "ExternalName":
        return []
    return [
        (shape.text(port, "name"), shape.number(port, "port") or 0, shape.text(port, "protocol") or "TCP")
        for port in shape.mappings(service.spec, "ports")
    ]


def _is_port(reference: Reference, ports: Iterable[_Port]) -> bool:
    return any(reference.key in (name, str(number)) for name, number, _ in ports)


@rule(
    passes=_SERVICE
    + """
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  endpoints: [{port: http, path: /metrics}]
""",
    breaks={"port: http, path: /metrics": "port: metrics, path: /metrics"},
)
def monitor_port_exists(graph: Graph) -> Iterator[Finding]:
    """The port of a monitor's endpoint is a port's name of a Service that it takes, or of a pod's container.

    A ServiceMonitor names a Service's port, a PodMonitor a container's. Otherwise nothing is scraped.
    """
    scraping = scraping_of(graph)
    for monitor in graph.of_kind("ServiceMonitor"):
        yield from _of_service_monitor(graph, monitor, list(scraping.services_of(monitor)))
    for monitor in graph.of_kind("PodMonitor"):
        pods = list(scraping.pods_of(monitor))
        for index, endpoint in enumerate(shape.mappings(monitor.spec, "podMetricsEndpoints")):
            field = f"spec.podMetricsEndpoints[{index}]"
            for key in ("port", "portNumber", "targetPort"):
                yield from _scrapes_nothing(graph, monitor, f"{field}.{key}", pods, endpoint.get(key))


def _of_service_monitor(graph: Graph, monitor: Resource, services: Sequence[Resource]) -> Iterator[Finding]:
    known = [port for service in services for port in _service_ports(service)]
    for index, endpoint in enumerate(shape.mappings(monitor.spec, "endpoints")):
        field, name = f"spec.endpoints[{index}]", shape.text(endpoint, "port")
        if name and known and not any(name == port for port, _, _ in known):
            number = next((port for port, number, _ in known if str(number) == name and port), "")
            yield monitor.finding(
                f"{field}.port",
                f"port {name} is no port's name of Service {services[0].name}, which has {_listed(known)}",
                fix=f"write {number}" if number else _nearest(name, known),
                severity=_severity_of(monitor),
            )
        elif not name and endpoint.get("targetPort"):
            pods = [pod for service in services for pod in graph.pods_of_service(service)]
            yield from _scrapes_nothing(graph, monitor, f"{field}.targetPort", pods, endpoint["targetPort"])


def _scrapes_nothing(graph: Graph, monitor: Resource, field: str, pods: Sequence[Pod], value: Any) -> Iterator[Finding]:
    wanted = _port_of(value)
    listed = _lacks(pods, wanted) if pods and wanted is not None else []
    if listed:
        other = any(graph.may_have_other_pods(pod.namespace) for pod in pods)
        yield monitor.finding(
            field,
            f"port {wanted} is no port of {_of_pods(pods)}, which has {_listed(listed)}",
            fix=_nearest(wanted, listed),
            severity="warning" if other else _severity_of(monitor),
        )


def _severity_of(monitor: Resource) -> Severity:
    # What looks everywhere may find its port where these manifests do not show it.
    return "warning" if shape.dig(monitor.spec, "namespaceSelector", "any") is True else "error"


@rule(
    passes="""
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports:
  - {name: http, port: 80}
  - {name: metrics, port: 9090}
""",
    breaks={"name: metrics, port: 9090": "name: http, port: 9090"},
)
def service_port_names_unique(graph: Graph) -> Iterator[Finding]:
    """A Service's ports have names of their own, where it has several, and numbers of their own for each protocol.

    Otherwise the API server refuses it.
    """
    for service in _services(graph):
        ports = _service_ports(service)
        names = Counter(name for name, _, _ in ports)
        numbers = Counter((number, protocol) for _, number, protocol in ports if number)
        if len(ports) > 1 and names[""]:
            yield service.finding("spec.ports", "has several ports, and one without a name", fix="name each port")
        for name, count in names.items():
            if name and count > 1:
                yield service.finding(
                    f"spec.ports[{name}]", "two ports have this name", fix="name each port differently"
                )
        for (number, protocol), count in numbers.items():
            if count > 1:
                message = f"two ports have number {number} ({protocol})"
                yield service.finding("spec.ports", message, fix="give each port its own number, or its own protocol")


@rule(
    passes="""
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: example/web:1.0.0
    ports: [{name: http, containerPort: 8080}]
  - name: exporter
    image: example/exporter:1.0.0
    ports: [{name: metrics, containerPort: 9090}]
""",
    breaks={"name: metrics, containerPort: 9090": "name: metrics, containerPort: 8080"},
)
def container_ports_unique(graph: Graph) -> Iterator[Finding]:
    """The containers of a pod listen on ports of their own, under names of their own.

    They share one network: the second that opens a port fails, and a name leads to the first that has it.
    """
    for pod in graph.own_pods:
        staying = [container for container in pod.containers if not container.init]
        seen_names: dict[str, Container] = {}
        seen_numbers: dict[tuple[int, str, str], Container] = {}
        for container in staying:
            for port, (name, number, protocol) in zip(
                shape.mappings(container.manifest, "ports"), container.ports(), strict=True
            ):
                field = f"{container.field}.ports[{name or number}]"
                key = (number, protocol, shape.text(port, "hostIP"))
                if number and (before := seen_numbers.setdefault(key, container)) is not container:
                    message = f"port {number} ({protocol}) is that of container {before.name} too"
                    yield pod.workload.finding(field, message, fix="give each container its own port")
                elif name and (before := seen_names.setdefault(name, container)) is not container:
                    message = f"port name {name} is that of container {before.name} too"
                    yield pod.workload.finding(field, message, fix="name each port of the pod differently")
            yield from _repeated(pod, container)


def _repeated(pod: Pod, container: Container) -> Iterator[Finding]:
    for name, count in Counter(name for name, _, _ in container.ports() if name).items():
        if count > 1:
            field = f"{container.field}.ports[{name}]"
            yield pod.workload.finding(field, "two ports have this name", fix="name each port differently")


@rule(
    passes=_SERVICE, breaks={"{name: web, containerPort: 8080}": "{name: web-of-the-great-shop, containerPort: 8080}"}
)
def container_port_names_are_valid(graph: Graph) -> Iterator[Finding]:
    """A container port's name has at most 15 characters: lower-case letters, digits and dashes, with a letter.

    Otherwise the API server refuses the pod.
    """
    for pod in graph.own_pods:
        for container in pod.containers:
            for name, _, _ in container.ports():
                if name and (not _PORT_NAME.fullmatch(name) or "--" in name):
                    yield pod.workload.finding(
                        f"{container.field}.ports[{name}]",
                        f"{name} is no name for a port: at most 15 of a-z, 0-9 and single dashes, with a letter",
                        fix="write a shorter one, such as http or metrics",
                    )


@rule(
    passes="""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web-from-all, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
  ingress:
  - ports: [{port: 8080}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - name: web
    image: example/web:1.0.0
    ports: [{name: http, containerPort: 8080}]
""",
    breaks={"ports: [{port: 8080}]": "ports: [{port: 80}]"},
)
def network_policy_port_exists(graph: Graph) -> Iterator[Finding]:
    """A port that a NetworkPolicy opens is one of the pods that it selects.

    Policies see the pods' ports, not those of the Service before them.
    """
    for policy in graph.of_kind("NetworkPolicy"):
        pods: Sequence[Pod] | None = None
        for field, port in _opened(policy):
            wanted = _port_of(port.get("port"))
            if wanted is None or "endPort" in port:
                continue
            if pods is None:
                pods = graph.pods_selected(policy.namespace, policy.spec.get("podSelector"))
            listed = _lacks(pods, wanted, shape.text(port, "protocol") or "TCP") if pods else []
            if listed:
                yield policy.finding(
                    field,
                    f"port {wanted} is no port of {_of_pods(pods)}, which has {_listed(listed)}",
                    fix=_nearest(wanted, listed),
                    severity="warning",
                )


def _opened(policy: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for index, item in enumerate(shape.mappings(policy.spec, "ingress")):
        for number, port in enumerate(shape.mappings(item, "ports")):
            yield f"spec.ingress[{index}].ports[{number}]", port
