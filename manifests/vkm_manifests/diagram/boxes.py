"""Boxes: what a picture shows of manifests, each with the few words that a person looks for."""

import re
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from vkm_manifests.diagram.scrapes import scraped_by
from vkm_manifests.graph import shape
from vkm_manifests.graph.addresses import addresses_in
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import Image
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.reach import is_everywhere, is_private_range
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.route import hosts_of
from vkm_manifests.graph.software import KEEP_DATA
from vkm_manifests.graph.talks import is_exposed

BoxKind: TypeAlias = Literal[
    "outside", "entry", "route", "workload", "job", "database", "volume", "platform", "elsewhere"
]
"""What a box stands for: clients and servers outside of the cluster; a Gateway; a host's route; what runs on; what
runs to its end; what keeps data; a volume; what all namespaces share; pods that the manifests name and do not make."""

Mark: TypeAlias = Literal["added", "removed", "changed"]
"""What a change did to a box."""

OUTSIDE: Final = "outside"
"""The key of the box for clients outside of the cluster."""

ROUTES: Final = (
    "GRPCRoute",
    "HTTPRoute",
    "Ingress",
    "IngressRoute",
    "IngressRouteTCP",
    "IngressRouteUDP",
    "TCPRoute",
    "TLSRoute",
    "UDPRoute",
)
"""The kinds that lead requests to Services."""

_PLATFORM: Final = (
    "BackupTarget",
    "ClusterIssuer",
    "ClusterSecretStore",
    "DNSEndpoint",
    "IPAddressPool",
    "Issuer",
    "SecretStore",
    "StorageClass",
)
# What an operator makes pods of.
_OPERATED: Final[Mapping[tuple[str, str], BoxKind]] = {
    ("grafana.integreatly.org", "Grafana"): "workload",
    ("monitoring.coreos.com", "Alertmanager"): "workload",
    ("monitoring.coreos.com", "Prometheus"): "workload",
    ("monitoring.coreos.com", "PrometheusAgent"): "workload",
    ("monitoring.coreos.com", "ThanosRuler"): "workload",
    ("postgresql.cnpg.io", "Cluster"): "database",
}
_ACCESS: Final = {
    "ReadOnlyMany": "read by many",
    "ReadWriteMany": "shared",
    "ReadWriteOnce": "one node",
    "ReadWriteOncePod": "one pod",
}
_SIBLINGS: Final = "app.kubernetes.io/name"
_BACKUP: Final = "recurring-job-group.longhorn.io/"
_ADDRESSES: Final = "metallb.io/loadBalancerIPs"
_IN_CLUSTER: Final = re.compile(r"\.svc(\.|$)")
_PASSWORD: Final = re.compile(r"//[^/@\s]*:[^/@\s]*@")
_WIDTH: Final = 25
_LONGEST: Final = 60
_MOST_HOSTS: Final = 3


@dataclass(frozen=True, slots=True)
class Box:
    """One thing of a picture.

    Attributes:
        key: which one: `namespace/Kind/name`.
        kind: what it stands for.
        title: its name.
        lines: what else is said about it.
        namespace: in which it is drawn; empty for what lives in none.
        siblings: the application that several workloads of the namespace are; empty for what belongs to none.
        mark: what a change did to it.
    """

    key: str
    kind: BoxKind
    title: str
    lines: tuple[str, ...] = ()
    namespace: str = ""
    siblings: str = ""
    mark: Mark | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """What stands below its title: the mark, too, for whoever does not tell the colours apart."""
        return (f"({self.mark})", *self.lines) if self.mark else self.lines


def boxes_of(graph: Graph) -> dict[str, Box]:
    """The boxes of a graph by their keys, sorted, without regard to what a person asked for."""
    found = [
        Box(OUTSIDE, "outside", "Clients", ("outside of the cluster",)),
        *(_pod(graph, pod) for pod in graph.pods),
        *(box for pod in graph.own_pods for box in _claim_templates(pod)),
        *(_claim(resource) for resource in graph.of_kind("PersistentVolumeClaim")),
        *(_route(graph, resource) for resource in graph.of_kind(*ROUTES)),
        *(_entry(resource) for resource in graph.of_kind("Gateway")),
        *(box for service in graph.of_kind("Service") for box in _named_outside(service)),
        *(_platform(graph, resource) for resource in graph.of_kind(*_PLATFORM)),
        *_operated(graph),
    ]
    return {box.key: box for box in sorted(found, key=lambda box: (box.key, box.title, box.lines))}


def claim_template_key(workload: Resource, name: str) -> str:
    """The key of the volumes that a StatefulSet makes of one of its templates."""
    return f"{workload}/{name}"


def wrapped(word: str, names: Iterable[str]) -> list[str]:
    """A word and a list of names, as lines that are not too long; none without names."""
    text = ", ".join(names)
    return _lines(f"{word}: {text}") if text else []


def _lines(text: str) -> list[str]:
    return [_cut(line) for line in textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)]


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


# Workloads.


def _pod(graph: Graph, pod: Pod) -> Box:
    if pod.outside:
        return Box(str(pod), "elsewhere", _cut(pod.outside), ("made elsewhere",), pod.namespace)
    staying = [container for container in pod.containers if not container.init]
    kind: BoxKind = "job" if not pod.runs_on else "database" if _is_database(staying) else "workload"
    lines = [
        _how_many(pod),
        *_images(staying),
        *_addresses(graph, pod),
        *_secrets(graph, pod),
        *_way_out(graph, pod),
        *_count(scraped_by(graph, pod), "workload", before="scrapes "),
    ]
    siblings = pod.labels.get(_SIBLINGS, "")
    return Box(str(pod), kind, _cut(pod.workload.name), tuple(lines), pod.namespace, siblings)


def _is_database(staying: list[Container]) -> bool:
    return bool(staying) and Image.of(staying[0].manifest.get("image")).basename in KEEP_DATA


def _how_many(pod: Pod) -> str:
    kind = pod.workload.kind
    if kind == "CronJob":
        return f"CronJob {shape.text(pod.workload.spec, 'schedule')}".rstrip()
    return {"DaemonSet": "DaemonSet on each node", "Job": "Job", "Pod": "Pod"}.get(
        kind, f"{kind} \u00d7 {pod.replicas}"
    )


def _images(staying: list[Container]) -> list[str]:
    """The first one's with its version, and the names of those beside it."""
    images = [Image.of(container.manifest.get("image")) for container in staying]
    beside = dict.fromkeys(image.basename for image in images[1:] if image.basename != images[0].basename)
    first = [f"{image.basename} {image.tag}".strip() for image in images[:1]]
    return _lines(" + ".join(filter(None, (*first, *beside))))


def _addresses(graph: Graph, pod: Pod) -> list[str]:
    """The addresses outside of the cluster that lead to it."""
    return wrapped("address", sorted(_outer_addresses(graph).get(pod, ())))


@fact
def _outer_addresses(graph: Graph) -> Mapping[Pod, set[str]]:
    found: dict[Pod, set[str]] = defaultdict(set)
    for service in graph.of_kind("Service"):
        wanted = shape.text(service.spec, "loadBalancerIP") or service.annotations.get(_ADDRESSES, "")
        for pod in graph.pods_of_service(service) if wanted and is_exposed(service) else ():
            found[pod] |= {part.strip() for part in wanted.split(",")}
    return found


def _secrets(graph: Graph, pod: Pod) -> list[str]:
    return wrapped("secrets", sorted(_named_secrets(graph).get(pod.workload, ())))


@fact
def _named_secrets(graph: Graph) -> Mapping[Resource, set[str]]:
    found: dict[Resource, set[str]] = defaultdict(set)
    for reference in graph.references_to("Secret"):
        found[reference.source].add(reference.name)
    return found


def _way_out(graph: Graph, pod: Pod) -> list[str]:
    """Where its policies let it connect by address: what has no box."""
    if not graph.reach.is_judged(pod) or not graph.reach.is_closed(pod, "egress"):
        return []
    found: dict[str, set[str]] = defaultdict(set)
    for way in graph.reach.ways(pod, "egress"):
        for peer in way.peers:
            if place := _block(peer):
                ports = (item["port"] for item in way.ports if isinstance(item.get("port"), int | str))
                found[place] |= set(map(str, ports)) or {"any port"}
    return [line for place, ports in sorted(found.items()) for line in wrapped(place, sorted(ports, key=_by_number))]


def _block(peer: Mapping[str, Any]) -> str:
    """A block of addresses in words; empty for a peer that is none."""
    cidr = shape.text(peer, "ipBlock", "cidr")
    if is_everywhere(peer):
        return "to the internet"
    return "to private addresses" if is_private_range(peer) else cidr and f"to {cidr}"


def _by_number(port: str) -> tuple[int, str]:
    return len(port), port


def _operated(graph: Graph) -> Iterator[Box]:
    """What operators make pods of; not a Grafana that runs elsewhere and is only filled."""
    for (group, kind), stands_for in _OPERATED.items():
        for resource in graph.of_kind(kind):
            if resource.group == group and not shape.mapping(resource.spec, "external"):
                number = shape.number(resource.spec, "replicas") or shape.number(resource.spec, "instances") or 1
                secrets = wrapped("secrets", sorted(_named_secrets(graph).get(resource, ())))
                lines = (f"{kind} \u00d7 {number}", "run by its operator", *secrets)
                yield Box(str(resource), stands_for, _cut(resource.name), lines, resource.namespace)


# Volumes.


def _claim(claim: Resource) -> Box:
    groups = [label.removeprefix(_BACKUP) for label in claim.labels if label.startswith(_BACKUP)]
    lines = [_size(claim.spec), *wrapped("backup", sorted(groups))]
    return Box(str(claim), "volume", _cut(claim.name), tuple(filter(None, lines)), claim.namespace)


def _claim_templates(pod: Pod) -> Iterator[Box]:
    for template in shape.mappings(pod.workload.spec, "volumeClaimTemplates"):
        name = shape.text(template, "metadata", "name")
        lines = (_size(shape.mapping(template, "spec")), "one for each pod")
        yield Box(claim_template_key(pod.workload, name), "volume", name, tuple(filter(None, lines)), pod.namespace)


def _size(spec: Mapping[str, Any]) -> str:
    modes = [_ACCESS.get(mode, mode) for mode in shape.texts(spec, "accessModes")]
    words = (shape.text(spec, "resources", "requests", "storage"), shape.text(spec, "storageClassName"), *modes)
    return " · ".join(filter(None, words))


# Ways in.


def _route(graph: Graph, route: Resource) -> Box:
    hosts = list(dict.fromkeys(found.host for found in hosts_of(route)))
    title = "\n".join(hosts[:_MOST_HOSTS]) or _cut(route.name)
    more = [f"and {len(hosts) - _MOST_HOSTS} more hosts"] if len(hosts) > _MOST_HOSTS else []
    middlewares = {
        (reference.namespace, reference.name)
        for reference in graph.references_to("Middleware")
        if reference.source is route
    }
    lines = [*more, f"{route.kind} {route.name}", *_certificate(graph, route), *_count(len(middlewares), "middleware")]
    return Box(str(route), "route", title, tuple(lines), route.namespace)


def _certificate(graph: Graph, route: Resource) -> list[str]:
    secrets = sorted(_named_secrets(graph).get(route, ()))
    issuers = sorted({issuer for secret in secrets for issuer in _issuers(graph).get((route.namespace, secret), ())})
    return wrapped("TLS", issuers) or wrapped("TLS", secrets)


@fact
def _issuers(graph: Graph) -> Mapping[tuple[str, str], set[str]]:
    """The names of those that issue the certificate of a Secret."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for certificate in graph.of_kind("Certificate"):
        key = (certificate.namespace, shape.text(certificate.spec, "secretName"))
        found[key].add(shape.text(certificate.spec, "issuerRef", "name"))
    return found


def _entry(gateway: Resource) -> Box:
    listeners = shape.mappings(gateway.spec, "listeners")
    ports = {f"{shape.text(listener, 'protocol')} {listener.get('port', '')}".strip() for listener in listeners}
    return Box(str(gateway), "entry", gateway.name, ("Gateway", *wrapped("listens", sorted(ports))), gateway.namespace)


def _named_outside(service: Resource) -> Iterator[Box]:
    """Where an ExternalName leads, unless that is in the cluster."""
    host = shape.text(service.spec, "externalName")
    if shape.text(service.spec, "type") == "ExternalName" and not _IN_CLUSTER.search(host):
        yield Box(str(service), "outside", _cut(host), ("outside of the cluster",))


# What all share.


def _platform(graph: Graph, resource: Resource) -> Box:
    lines = [resource.kind, *_about(graph, resource)]
    return Box(str(resource), "platform", _cut(resource.name), tuple(filter(None, lines)), resource.namespace)


def _about(graph: Graph, resource: Resource) -> list[str]:
    spec = resource.spec
    match resource.kind:
        case "ClusterIssuer" | "Issuer":
            return [_issuer(spec), *_count(_users(graph, resource), "certificate")]
        case "ClusterSecretStore" | "SecretStore":
            return [*_provider(spec), *_count(_users(graph, resource), "secret")]
        case "StorageClass":
            replicas = shape.text(resource.manifest, "parameters", "numberOfReplicas")
            volumes = _count(_users(graph, resource), "volume")
            return [shape.text(resource.manifest, "provisioner"), replicas and f"{replicas} replicas", *volumes]
        case "BackupTarget":
            jobs = [job for job in graph.of_kind("RecurringJob") if job.namespace == resource.namespace]
            plans = sorted(f"{job.name} {shape.text(job.spec, 'cron')}" for job in jobs)
            return [_PASSWORD.sub("//", shape.text(spec, "backupTargetURL")), *plans]
        case "DNSEndpoint":
            return _records(spec)
    return wrapped("addresses", shape.texts(spec, "addresses"))


def _users(graph: Graph, resource: Resource) -> int:
    """How many name it."""
    return len(
        {
            str(reference.source)
            for reference in graph.references_to(resource.kind)
            if (reference.namespace, reference.name) == (resource.namespace, resource.name)
        }
    )


def _issuer(spec: Mapping[str, Any]) -> str:
    host = next((address.host for address in addresses_in(shape.text(spec, "acme", "server"))), "ACME")
    return host if "acme" in spec else next(iter(sorted(map(str, spec))), "")


def _provider(spec: Mapping[str, Any]) -> list[str]:
    found = shape.mapping(spec, "provider")
    return [
        " · ".join(filter(None, (str(name), shape.text(found, name, "vault") and f"vault {found[name]['vault']}")))
        for name in sorted(found, key=str)
    ]


def _records(spec: Mapping[str, Any]) -> list[str]:
    names: dict[str, list[str]] = defaultdict(list)
    for record in shape.mappings(spec, "endpoints"):
        names[", ".join(shape.texts(record, "targets"))].append(shape.text(record, "dnsName"))
    return [line for target, hosts in sorted(names.items()) for line in (*hosts, f"→ {target}")]


def _count(number: int, word: str, before: str = "") -> list[str]:
    return [f"{before}{number} {word}{'' if number == 1 else 's'}"] if number else []
