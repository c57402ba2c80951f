"""Who talks to whom: the connections that the manifests themselves show, each with what shows it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.addresses import Address, addresses_in, bare_names_in, is_number, port_variable
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import runs, software
from vkm_manifests.graph.mounted import mounted_files
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.reach import Port
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.route import ingress_class
from vkm_manifests.graph.scraping import Scraping, scraping_of

_FILLED_IN: Final = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_TRAEFIK: Final = "traefik"
_NGINX: Final = "nginx"
_CONTROLLERS: Final = {"traefik.io/ingress-controller": _TRAEFIK, "k8s.io/ingress-nginx": _NGINX}
_API_SERVER: Final = "API server"
# Who connects to the Services that a kind of object names; empty where the input does not show it.
_ROUTES: Final[dict[str, str]] = {
    "APIService": _API_SERVER,
    "CustomResourceDefinition": _API_SERVER,
    "GRPCRoute": "",
    "HTTPRoute": "",
    "Ingress": "",
    "IngressRoute": _TRAEFIK,
    "IngressRouteTCP": _TRAEFIK,
    "IngressRouteUDP": _TRAEFIK,
    "Middleware": _TRAEFIK,
    "MutatingWebhookConfiguration": _API_SERVER,
    "TCPRoute": "",
    "TLSRoute": "",
    "TraefikService": _TRAEFIK,
    "UDPRoute": "",
    "ValidatingWebhookConfiguration": _API_SERVER,
}


@dataclass(frozen=True, slots=True, eq=False)
class Connection:
    """Pods that connect to others.

    Attributes:
        source: who connects; None for somebody whom the input does not show.
        target: to whom.
        ports: of the target's pods; one of them, if there are several.
        evidence: the object that shows it.
        field: where in it.
        by_name: whether the source looks up a name first.
        sure: false where only a ConfigMap shows it that several workloads have: each may use a part of it.
    """

    source: Pod | None
    target: Pod
    ports: tuple[Port, ...]
    evidence: Resource
    field: str
    by_name: bool = False
    sure: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """An address that a pod is given.

    Attributes:
        pod: who is given it.
        address: the host and its port.
        variable: under which name; empty in a file and in an argument without a flag.
        evidence: the pod's workload, or the ConfigMap or ExternalSecret in which it stands.
        field: where in it.
        sure: whether this pod reads that place.
        in_file: whether that is a file, of whose syntax nothing is known.
    """

    pod: Pod
    address: Address
    variable: str
    evidence: Resource
    field: str
    sure: bool = True
    in_file: bool = False


@fact
def connections(graph: Graph) -> tuple[Connection, ...]:
    """All connections that the manifests show, each once."""
    found: dict[tuple[Pod | None, Pod, tuple[Port, ...]], Connection] = {}
    for connection in (
        *_from_addresses(graph),
        *_from_references(graph),
        *_from_scraping(graph),
        *_from_outside(graph),
    ):
        key = (connection.source, connection.target, connection.ports)
        before = found.get(key)
        if not connection.ports or connection.source is connection.target:
            continue
        if before is None or (connection.sure and not before.sure):
            found[key] = connection
    return tuple(found.values())


# Addresses.


@fact
def mentions(graph: Graph) -> tuple[Mention, ...]:
    """The addresses that the input's pods are given."""
    in_templates = (mention for pod in graph.own_pods for mention in _mentions_of(graph, pod))
    return (*in_templates, *_mentions_of_files(graph))


def service_at(graph: Graph, host: str, namespace: str) -> Resource | None:
    """The Service whose address this is, as a pod of the namespace sees it; None if it is that of none."""
    name, *rest = host.split(".")
    if not rest:
        return graph.find("Service", namespace, name)
    if len(rest) == 1 or rest[1] == "svc":
        found = graph.find("Service", rest[0], name)
        if found:
            return found
    # Of a StatefulSet's pod: its name stands before the address of a headless Service.
    found = service_at(graph, ".".join(rest), namespace)
    return found if found and is_headless(found) else None


def is_headless(service: Resource) -> bool:
    """Whether its name stands for the pods' own addresses, so that ports are the pods' own, too."""
    return service.spec.get("clusterIP") == "None"


def pod_ports(graph: Graph, service: Resource, wanted: int | str | None) -> Iterator[tuple[Pod, tuple[Port, ...]]]:
    """The pods behind a Service, each with the ports to which the wanted one leads; to which all lead, for None."""
    entries = [
        entry
        for entry in shape.mappings(service.spec, "ports")
        if wanted is None or wanted in (entry.get("port"), entry.get("name"))
    ]
    for pod in graph.pods_of_service(service):
        if pod.runs_on:
            ports = [port for entry in entries if (port := _pod_port(service, entry, pod))]
            if not entries and isinstance(wanted, int) and is_headless(service):
                ports = [(wanted, "TCP")]
            yield pod, tuple(dict.fromkeys(ports))


def _pod_port(service: Resource, entry: Mapping[str, Any], pod: Pod) -> Port | None:
    target = entry.get("targetPort")
    number = pod.port(entry.get("port") if target is None or is_headless(service) else target)
    return (number, shape.text(entry, "protocol") or "TCP") if number else None


def _from_addresses(graph: Graph) -> Iterator[Connection]:
    for mention in mentions(graph):
        address = mention.address
        service = service_at(graph, address.host, mention.pod.namespace)
        if service is None:
            continue
        usual = address.usual_port
        wanted = address.port or (usual if usual in ports_of(service) else None)
        for pod, ports in pod_ports(graph, service, wanted):
            yield Connection(mention.pod, pod, ports, mention.evidence, mention.field, by_name=True, sure=mention.sure)


def ports_of(service: Resource) -> list[int | None]:
    """The numbers of a Service's ports."""
    return [shape.number(entry, "port") for entry in shape.mappings(service.spec, "ports")]


def _mentions_of_files(graph: Graph) -> Iterator[Mention]:
    readers: dict[tuple[Resource, str], list[Pod]] = defaultdict(list)
    for pod in graph.own_pods:
        for file in mounted_files(graph, pod):
            readers[file.config, file.key].append(pod)
    for (config, key), pods in readers.items():
        # A ConfigMap that several mount has files for each: who names the file, reads it.
        named = [pod for pod in pods if len(pods) > 1 and any(key in argument for argument in _arguments(pod))]
        for pod in named or pods:
            sure = bool(named) or len(pods) == 1
            for address in addresses_in(shape.text(config.manifest, "data", key)):
                yield Mention(pod, address, "", config, f"data[{key}]", sure, in_file=True)


def _arguments(pod: Pod) -> Iterator[str]:
    for container in pod.containers:
        for key in ("command", "args"):
            yield from shape.texts(container.manifest, key)


def _mentions_of(graph: Graph, pod: Pod) -> Iterator[Mention]:
    for container in pod.containers:
        yield from _mentions_of_variables(graph, pod, container.manifest, f"{container.field}.env")
        for source in shape.mappings(container.manifest, "envFrom"):
            for kind in ("configMapRef", "secretRef"):
                for key, config, field, text in _texts_of(graph, kind, pod.namespace, shape.text(source, kind, "name")):
                    yield from _mentions_in(pod, key, text, config, field, sure=False)
        for key in ("command", "args"):
            for flag, value in _flags(shape.texts(container.manifest, key)):
                yield from _mentions_in(pod, flag, value, pod.workload, f"{container.field}.{key}")


def _mentions_of_variables(graph: Graph, pod: Pod, container: Mapping[str, Any], field: str) -> Iterator[Mention]:
    values = {shape.text(v, "name"): shape.text(v, "value") for v in shape.mappings(container, "env")}
    for where, variable in shape.named(container, field, "env"):
        name = shape.text(variable, "name")
        port = values.get(port_variable(name), "")
        if "value" in variable:
            yield from _mentions_in(pod, name, shape.text(variable, "value"), pod.workload, where, port=port)
        for kind in ("configMapKeyRef", "secretKeyRef"):
            ref = shape.mapping(variable, "valueFrom", kind)
            for key, config, where_text, text in _texts_of(graph, kind, pod.namespace, shape.text(ref, "name")):
                if key == shape.text(ref, "key"):
                    yield from _mentions_in(pod, name, text, config, where_text)


def _texts_of(graph: Graph, ref: str, namespace: str, name: str) -> Iterator[tuple[str, Resource, str, str]]:
    """What a ConfigMap holds, or a Secret by its ExternalSecret's template: key, object, field and text of each."""
    if ref.startswith("configMap"):
        config = graph.find("ConfigMap", namespace, name)
        if config:
            for key, text in shape.labels(config.manifest, "data").items():
                yield key, config, f"data[{key}]", text
        return
    for made in _templated_secrets(graph).get((namespace, name), ()):
        for key, text in shape.labels(made.spec, "target", "template", "data").items():
            # What is filled in is known to nobody here, as a variable is.
            yield key, made, f"spec.target.template.data[{key}]", _FILLED_IN.sub("$x", text)


@fact
def _templated_secrets(graph: Graph) -> Mapping[tuple[str, str], list[Resource]]:
    """The ExternalSecrets, by the namespace and name of the Secret that each makes."""
    found: dict[tuple[str, str], list[Resource]] = defaultdict(list)
    for resource in graph.of_kind("ExternalSecret"):
        found[resource.namespace, shape.text(resource.spec, "target", "name") or resource.name].append(resource)
    return found


def _flags(arguments: list[str]) -> Iterator[tuple[str, str]]:
    """Each argument's value with its flag's name: of `--host=db`, and of `--host` before `db`."""
    before = ""
    for argument in arguments:
        name, equals, value = argument.partition("=")
        if argument.startswith("-") and equals and " " not in name:
            yield name, value
        else:
            yield before, argument
        before = argument if argument.startswith("-") and not equals else ""


def _mentions_in(
    pod: Pod, variable: str, text: str, evidence: Resource, field: str, *, sure: bool = True, port: str = ""
) -> Iterator[Mention]:
    if variable.upper() != "NO_PROXY":
        for address in (*addresses_in(text), *bare_names_in(variable, text, port)):
            yield Mention(pod, address, variable, evidence, field, sure)


# Routes, and what else names a Service that somebody connects to.


def _from_references(graph: Graph) -> Iterator[Connection]:
    doors = {_TRAEFIK: _pods_of_traefik(graph), _NGINX: _pods_of_nginx(graph)}
    for reference in graph.references_to("Service"):
        route = reference.source
        service = graph.find("Service", reference.namespace, reference.name)
        if service is None or route.kind not in _ROUTES:
            continue
        door = _controller(graph, ingress_class(graph, route)) if route.kind == "Ingress" else _ROUTES[route.kind]
        port = int(reference.key) if is_number(reference.key) else reference.key or None
        for target, ports in pod_ports(graph, service, port):
            for source in doors.get(door) or (None,):
                # The API server, who calls webhooks, has a node's address, which some networks always let in.
                yield Connection(source, target, ports, route, reference.field, sure=door != _API_SERVER)


def _pods_of_traefik(graph: Graph) -> tuple[Pod, ...]:
    return tuple(pod for pod in graph.own_pods if pod.runs_on and runs(pod, "traefik"))


def _pods_of_nginx(graph: Graph) -> tuple[Pod, ...]:
    def is_nginx(image: str) -> bool:
        return "ingress-nginx/controller" in image or software(image) == "nginx-ingress-controller"

    return tuple(
        pod
        for pod in graph.own_pods
        if pod.runs_on and any(is_nginx(shape.text(container.manifest, "image")) for container in pod.containers)
    )


def _controller(graph: Graph, name: str) -> str:
    """Whose an IngressClass is, by its controller; by its name, if the input has no such class."""
    found = graph.find("IngressClass", "", name)
    return _CONTROLLERS.get(shape.text(found.spec, "controller"), "") if found else name


# Scraping.


def _from_scraping(graph: Graph) -> Iterator[Connection]:
    scraping = scraping_of(graph)
    for monitor in scraping.monitors:
        servers = _servers_of(scraping, monitor)
        for field, target, ports in _scraped(graph, scraping, monitor):
            for server in servers or (None,):
                yield Connection(server, target, ports, monitor, field)


def _servers_of(scraping: Scraping, monitor: Resource) -> tuple[Pod, ...]:
    """The pods that scrape what a monitor names: without an operator's, those that have its job."""
    if scraping.operated:
        return ()
    found = (server for job in scraping.jobs_of(monitor) or () for server in scraping.servers_with(job))
    return tuple(dict.fromkeys(found))


def _scraped(graph: Graph, scraping: Scraping, monitor: Resource) -> Iterator[tuple[str, Pod, tuple[Port, ...]]]:
    if monitor.kind == "PodMonitor":
        pods = list(scraping.pods_of(monitor))
        for field, endpoint in shape.named(monitor.spec, "spec.podMetricsEndpoints", "podMetricsEndpoints"):
            wanted = endpoint.get("port") or endpoint.get("portNumber") or endpoint.get("targetPort")
            yield from ((field, pod, ((number, "TCP"),)) for pod in pods if (number := pod.port(wanted)))
    if monitor.kind == "ServiceMonitor":
        services = list(scraping.services_of(monitor))
        for field, endpoint in shape.named(monitor.spec, "spec.endpoints", "endpoints"):
            for service in services:
                for pod, ports in _scraped_behind(graph, service, endpoint):
                    yield field, pod, ports


def _scraped_behind(
    graph: Graph, service: Resource, endpoint: Mapping[str, Any]
) -> Iterator[tuple[Pod, tuple[Port, ...]]]:
    if name := shape.text(endpoint, "port"):
        yield from pod_ports(graph, service, name)
    else:
        for pod in graph.pods_of_service(service):
            if number := pod.port(endpoint.get("targetPort")):
                yield pod, ((number, "TCP"),)


# From outside of the cluster.


def _from_outside(graph: Graph) -> Iterator[Connection]:
    for service in graph.of_kind("Service"):
        if is_exposed(service):
            for field, entry in shape.named(service.spec, "spec.ports", "ports"):
                for pod, ports in pod_ports(graph, service, shape.number(entry, "port")):
                    yield Connection(None, pod, ports, service, field)


def is_exposed(service: Resource) -> bool:
    """Whether a Service has an address outside of the cluster."""
    return shape.text(service.spec, "type") in ("NodePort", "LoadBalancer") or bool(
        shape.texts(service.spec, "externalIPs")
    )
