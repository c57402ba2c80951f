"""Network: closed, but for the ways that something needs."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.addresses import is_address, is_host
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import runs, software
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.reach import (
    DIRECTIONS,
    NAME_LABEL,
    Direction,
    Port,
    Way,
    everywhere,
    is_one_address,
    is_private_range,
    named_namespace,
)
from vkm_manifests.graph.resource import Finding, Resource, Severity
from vkm_manifests.graph.selector import matches
from vkm_manifests.graph.software import DATABASES
from vkm_manifests.graph.talks import (
    Connection,
    Mention,
    connections,
    is_exposed,
    is_headless,
    mentions,
    ports_of,
    service_at,
)
from vkm_manifests.verify.rule import rule

# Kubernetes' own: what starts every node cannot be closed.
_SYSTEM: Final = frozenset({"kube-node-lease", "kube-public", "kube-system"})

_CLOSED = """
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
---
"""

_WEB_AND_DATABASE = (
    _CLOSED
    + """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
    - name: web
      image: example/web:1.0.0
      env: [{name: DB_HOST, value: "db:5432"}]
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec:
  containers:
    - name: db
      image: postgres:17.2
      ports: [{name: postgresql, containerPort: 5432}]
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec:
  selector: {app: db}
  ports: [{port: 5432, targetPort: postgresql}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web-to-db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress:
    - to: [{podSelector: {matchLabels: {app: db}}}]
      ports: [{port: 5432}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db-from-web, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  policyTypes: [Ingress]
  ingress:
    - from: [{podSelector: {matchLabels: {app: web}}}]
      ports: [{port: postgresql}]
"""
)


@rule(
    passes=_CLOSED
    + """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers: [{name: web, image: example/web:1.0.0}]
""",
    breaks={"policyTypes: [Ingress, Egress]": "policyTypes: [Ingress]"},
)
def namespace_is_closed(graph: Graph) -> Iterator[Finding]:
    """A namespace with pods has a NetworkPolicy that takes all of them, for what comes in and for what goes out.

    A pod that no policy takes is open: everybody in the cluster reaches it, and it reaches everybody.
    """
    first = {pod.namespace: pod for pod in reversed(graph.own_pods)}
    for namespace in sorted(first.keys() - _SYSTEM):
        open_ways = [direction.capitalize() for direction in DIRECTIONS if not _is_closed(graph, namespace, direction)]
        if open_ways and graph.reach.is_judged_in(namespace):
            known = graph.find("Namespace", "", namespace)
            yield (known or first[namespace].workload).finding(
                "",
                f"no NetworkPolicy of {_in_words(namespace)} closes all its pods for {' and '.join(open_ways)}",
                fix="a NetworkPolicy with spec: {podSelector: {}, policyTypes: [Ingress, Egress]}, "
                "and one for each way that is needed",
                severity="error" if known else "warning",
            )


def _is_closed(graph: Graph, namespace: str, direction: Direction) -> bool:
    policies = [p for p in graph.reach.policies_in(namespace) if p.is_for_all and direction in p.directions]
    opens_all = any(not way.peers and not way.ports for p in policies for way in p.ways_of(direction))
    return bool(policies) and not opens_all


@rule(passes=_WEB_AND_DATABASE, breaks={"ports: [{port: 5432}]\n": "ports: [{port: 3306}]\n"})
def connection_is_let_out(graph: Graph) -> Iterator[Finding]:
    """Where the manifests show that a pod connects to another, its own NetworkPolicies let it out to that pod's port.

    What shows it: a route to a Service's pods, a Service's address in a variable, an argument or a mounted file, a
    monitor's target. Policies see the pod's port, not the Service's.
    """
    for connection in connections(graph):
        source, target = connection.source, connection.target
        if source is None or not graph.reach.is_judged(source) or target.spec.get("hostNetwork") is True:
            continue
        if not any(graph.reach.lets_out(source, target, port) for port in connection.ports):
            yield source.workload.finding(
                connection.field if connection.evidence is source.workload else "",
                f"{source} is not let out to {target}, {_ports(connection.ports)}; {_shown_by(connection)}",
                fix=f"a NetworkPolicy in {_in_words(source.namespace)} that takes {_labels(source)}, with egress: "
                f"[{{to: [{_peer(target, source.namespace)}], ports: [{{port: {connection.ports[0][0]}}}]}}]",
                severity=_severity(graph, connection, source, "egress"),
            )


@rule(passes=_WEB_AND_DATABASE, breaks={"ports: [{port: postgresql}]": "ports: [{port: metrics}]"})
def connection_is_let_in(graph: Graph) -> Iterator[Finding]:
    """Where the manifests show that somebody connects to a pod, that pod's NetworkPolicies let them in on its port.

    Of somebody whom the manifests do not show, such as clients or another's ingress controller, only this is asked:
    that the port is open to anybody at all.
    """
    for connection in connections(graph):
        source, target = connection.source, connection.target
        if not graph.reach.is_judged(target) or (source is not None and source.spec.get("hostNetwork") is True):
            continue
        if not any(graph.reach.lets_in(source, target, port) for port in connection.ports):
            peer = f"[{_peer(source, target.namespace)}]" if source else "[...]"
            yield target.workload.finding(
                "",
                f"{target} does not let {source or 'anybody'} in, {_ports(connection.ports)}; {_shown_by(connection)}",
                fix=f"a NetworkPolicy in {_in_words(target.namespace)} that takes {_labels(target)}, with ingress: "
                f"[{{from: {peer}, ports: [{{port: {connection.ports[0][0]}}}]}}]",
                severity=_severity(graph, connection, target, "ingress"),
            )


def _severity(graph: Graph, connection: Connection, pod: Pod, direction: Direction) -> Severity:
    by_address = any(graph.reach.may_by_address(pod, direction, connection.target, port) for port in connection.ports)
    return "error" if connection.sure and not by_address else "warning"


def _shown_by(connection: Connection) -> str:
    return f"{connection.evidence} shows that connection ({connection.field})"


@rule(passes=_WEB_AND_DATABASE, breaks={'value: "db:5432"': 'value: "bd:5432"'})
def address_names_a_service(graph: Graph) -> Iterator[Finding]:
    """A name in the cluster that a variable, an argument or a mounted file gives is that of a Service, with its port.

    An error where the input has the namespace itself, and nothing whose controller may make Services there.
    """
    for mention in mentions(graph):
        mistake = _mistake(graph, mention)
        if mistake:
            yield mention.evidence.finding(
                mention.field, mistake[0], fix=mistake[1], severity=_severity_of_name(graph, mention)
            )


def _mistake(graph: Graph, mention: Mention) -> tuple[str, str] | None:
    """What is wrong with an address, and what to do; None if it may be right, or is one of the outside."""
    address, here = mention.address, mention.pod.namespace
    service = service_at(graph, address.host, here)
    if service is None:
        namespace = _namespace_of(graph, mention)
        if namespace is None:
            return None
        known = [found.name for found in graph.of_kind("Service") if found.namespace == namespace]
        near = get_close_matches(address.host.partition(".")[0], known, n=3, cutoff=0.4)
        fix = f"a Service that there is{': ' + ', '.join(near) if near else ''}"
        return f"{address} names no Service of {_in_words(namespace)}", fix
    ports = [port for port in ports_of(service) if port]
    if address.port is None or address.port in ports or is_headless(service) or not ports or not _is_sure(mention):
        return None
    return f"{address}: {service} has no such port", f"one of its ports: {', '.join(map(str, ports))}"


def _namespace_of(graph: Graph, mention: Mention) -> str | None:
    """Where a Service would be that has this address; None if it need not be one."""
    _, *rest = mention.address.host.split(".")
    if not rest:
        # A word of its own may be anything, but for a URL's host and in a variable that says what it is.
        is_host_name = (
            mention.address.scheme or is_host(mention.variable) or (mention.address.port and _is_sure(mention))
        )
        is_here = is_host_name and (not mention.in_file or _is_upstream(mention)) and not _is_known_elsewhere(mention)
        return mention.pod.namespace if is_here else None
    if len(rest) > 1 and rest[1] == "svc":
        is_system = rest[0] in _SYSTEM or mention.address.host.startswith("kubernetes.default.")
        return None if is_system else rest[0]
    # It may as well be somebody's domain.
    return rest[0] if len(rest) == 1 and mention.address.port and graph.find("Namespace", "", rest[0]) else None


def _is_sure(mention: Mention) -> bool:
    """Whether what stands there is an address: in a file, a word and a number may be anything else."""
    if "." in mention.address.host or _is_upstream(mention):
        return True
    return not mention.in_file and (bool(mention.address.scheme) or is_address(mention.variable))


def _is_upstream(mention: Mention) -> bool:
    """Whether a file says it as nginx does: `server name:port;` in an upstream, which is no name of the file's own."""
    text = shape.text(mention.evidence.manifest, "data", mention.field.removeprefix("data[").removesuffix("]"))
    return re.search(rf"\bserver\s+{re.escape(str(mention.address))}[\s;]", text) is not None


def _is_known_elsewhere(mention: Mention) -> bool:
    aliases = [
        name for item in shape.mappings(mention.pod.spec, "hostAliases") for name in shape.texts(item, "hostnames")
    ]
    return mention.address.host in ("localhost", *aliases)


def _severity_of_name(graph: Graph, mention: Mention) -> Severity:
    _, *rest = mention.address.host.split(".")
    namespace = rest[0] if rest else mention.pod.namespace
    is_whole = graph.find("Namespace", "", namespace) is not None and not graph.may_have_other_pods(namespace)
    return "error" if is_whole and mention.sure else "warning"


_DNS_PORTS: Final = ((53, "UDP"), (53, "TCP"))
_DNS_NAMESPACES: Final = ("kube-system", "openshift-dns")
_DNS_LABELS: Final = frozenset({"kube-dns", "coredns", "core-dns", "node-local-dns", "nodelocaldns"})


@rule(
    passes=_WEB_AND_DATABASE
    + """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: allow-dns, namespace: shop}
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress:
    - to:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}
          podSelector: {matchLabels: {k8s-app: kube-dns}}
      ports:
        - {port: 53, protocol: UDP}
        - {port: 53, protocol: TCP}
""",
    breaks={"kubernetes.io/metadata.name: kube-system": "kubernetes.io/metadata.name: dns"},
)
def dns_is_let_out(graph: Graph) -> Iterator[Finding]:
    """A pod that is let out to somebody may ask the cluster's DNS, by UDP and by TCP.

    An error where the manifests show that it connects to a name. Answers that do not fit into a datagram come by TCP.
    """
    by_name = {connection.source for connection in connections(graph) if connection.by_name}
    for pod in graph.own_pods:
        if not graph.reach.is_judged(pod) or not graph.reach.is_closed(pod, "egress"):
            continue
        ways = list(graph.reach.ways(pod, "egress"))
        missing = [port for port in _DNS_PORTS if not any(_leads_to_dns(graph, way, port) for way in ways)]
        if missing and (pod in by_name or any(not _is_for_dns(way) for way in ways)):
            yield pod.workload.finding(
                "",
                f"is not let out to the cluster's DNS, port 53 by {' and '.join(protocol for _, protocol in missing)}",
                fix="a NetworkPolicy with podSelector: {} and egress: [{to: [{namespaceSelector: {matchLabels: "
                f"{{{NAME_LABEL}: kube-system}}}}, podSelector: {{matchLabels: {{k8s-app: kube-dns}}}}}}], "
                "ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]}]",
                severity="error" if pod in by_name and _DNS_PORTS[0] in missing else "warning",
            )


def _is_for_dns(way: Way) -> bool:
    return bool(way.ports) and all(item.get("port") in (53, 5353) for item in way.ports)


def _leads_to_dns(graph: Graph, way: Way, port: Port) -> bool:
    # OpenShift's listens on another port.
    if not way.fits(None, port) and not way.fits(None, (5353, port[1])) and not _is_named_dns(way, port):
        return False
    return not way.peers or any(_is_dns(graph, peer, way.policy.namespace) for peer in way.peers)


def _is_named_dns(way: Way, port: Port) -> bool:
    names = [item.get("port") for item in way.ports if (shape.text(item, "protocol") or "TCP") == port[1]]
    return any(isinstance(name, str) and "dns" in name for name in names)


def _is_dns(graph: Graph, peer: Mapping[str, Any], namespace: str) -> bool:
    if "ipBlock" in peer:
        return True
    label = shape.text(peer, "podSelector", "matchLabels", "k8s-app")
    if label and label not in _DNS_LABELS:
        return False
    selector = peer.get("namespaceSelector")
    if selector is None:
        return namespace in _DNS_NAMESPACES
    return any(graph.reach.takes_namespace(selector, name) for name in _DNS_NAMESPACES)


_API_PORTS: Final = ((443, "TCP"), (6443, "TCP"), (8443, "TCP"), (16443, "TCP"))
_API_NAMESPACES: Final = ("default", "kube-system")


@rule(
    passes="""
apiVersion: v1
kind: Pod
metadata: {name: watcher, namespace: shop, labels: {app: watcher}}
spec:
  serviceAccountName: watcher
  containers: [{name: watcher, image: example/watcher:1.0.0}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: watcher, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: watcher}
subjects: [{kind: ServiceAccount, name: watcher}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: watcher-to-kubernetes-api, namespace: shop}
spec:
  podSelector: {matchLabels: {app: watcher}}
  policyTypes: [Egress]
  egress:
    - to: [{ipBlock: {cidr: 10.0.0.0/8}}]
      ports: [{port: 6443}]
""",
    breaks={"port: 6443": "port: 8080"},
)
def kubernetes_api_is_let_out(graph: Graph) -> Iterator[Finding]:
    """A pod whose ServiceAccount has roles, and that gets its token, is let out to the Kubernetes API.

    That has the address of a node, and behind its Service often port 6443. Nobody would have given roles for less.
    """
    bound = {
        account for binding in graph.of_kind("RoleBinding", "ClusterRoleBinding") for account in _bound(graph, binding)
    }
    for pod in graph.own_pods:
        account = shape.text(pod.spec, "serviceAccountName") or shape.text(pod.spec, "serviceAccount") or "default"
        if (pod.namespace, account) not in bound or not _has_token(graph, pod, account):
            continue
        if graph.reach.is_judged(pod) and graph.reach.is_closed(pod, "egress") and not _is_let_out_to_api(graph, pod):
            yield pod.workload.finding(
                "",
                f"is not let out to the Kubernetes API, for which ServiceAccount {account} has roles",
                fix="egress: [{to: [{ipBlock: {cidr: that of the control plane's nodes}}], "
                "ports: [{port: 443}, {port: 6443}]}]; or automountServiceAccountToken: false",
                severity="warning",
            )


def _bound(graph: Graph, binding: Resource) -> Iterator[tuple[str, str]]:
    ref = shape.mapping(binding.manifest, "roleRef")
    kind = shape.text(ref, "kind")
    role = graph.find(kind, binding.namespace if kind == "Role" else "", shape.text(ref, "name"))
    rules = shape.mappings(role.manifest, "rules") if role else []
    # The right to run in a certain way is none that the pod itself uses.
    if rules and all(shape.texts(item, "verbs") == ["use"] for item in rules):
        return
    for subject in shape.mappings(binding.manifest, "subjects"):
        if subject.get("kind") == "ServiceAccount":
            yield shape.text(subject, "namespace") or binding.namespace, shape.text(subject, "name")


def _has_token(graph: Graph, pod: Pod, account: str) -> bool:
    found = graph.find("ServiceAccount", pod.namespace, account)
    own = pod.spec.get("automountServiceAccountToken")
    given = found.manifest.get("automountServiceAccountToken") if found and own is None else own
    return given is not False


def _is_let_out_to_api(graph: Graph, pod: Pod) -> bool:
    return any(
        any(way.fits(None, port) for port in _API_PORTS)
        and (not way.peers or any(_may_be_api(graph, peer) for peer in way.peers))
        for way in graph.reach.ways(pod, "egress")
    )


def _may_be_api(graph: Graph, peer: Mapping[str, Any]) -> bool:
    selector = peer.get("namespaceSelector")
    return "ipBlock" in peer or (
        selector is not None and any(graph.reach.takes_namespace(selector, name) for name in _API_NAMESPACES)
    )


@rule(
    passes="""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web-from-gateway, namespace: shop}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Ingress]
  ingress:
    - from:
        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: gateway}}
          podSelector: {matchLabels: {app: gateway}}
      ports: [{port: 8080}]
""",
    breaks={
        "        - namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: gateway}}\n": "",
        "          podSelector: {matchLabels: {app: gateway}}": "        - ipBlock: {cidr: 0.0.0.0/0}",
    },
)
def not_open_to_everywhere(graph: Graph) -> Iterator[Finding]:
    """No NetworkPolicy lets everybody in, or lets pods out to everywhere on every port.

    A rule without `from` or `to` is open to everybody. The one entry of a cluster is an exception, with its reason.
    """
    for policy in graph.reach.policies:
        for way in policy.ways_of("ingress"):
            if who := _everybody(graph, way):
                yield way.policy.finding(
                    way.field,
                    f"lets {who} in{_on_ports(way)}",
                    fix="from: the pods that need it, by podSelector and namespaceSelector",
                )
            elif ranges := [shape.text(peer, "ipBlock", "cidr") for peer in way.peers if is_private_range(peer)]:
                yield way.policy.finding(
                    way.field,
                    f"lets all private addresses of {' and '.join(ranges)} in{_on_ports(way)}",
                    fix="from: the pods that need it, or the block of the nodes or clients that do",
                    severity="warning",
                )
        for way in policy.ways_of("egress"):
            if way.is_on_every_port and (where := _wherever(graph, way)):
                blocks = everywhere(way.peers)
                is_partly = bool(blocks) and all(shape.texts(block, "ipBlock", "except") for block in blocks)
                yield way.policy.finding(
                    way.field,
                    f"lets pods out to {where}, on every port",
                    fix="to: the pods that they need; or the ports, such as ports: [{port: 443}]",
                    severity="warning" if is_partly else "error",
                )


def _everybody(graph: Graph, way: Way) -> str:
    if not way.peers:
        return "everybody"
    if blocks := everywhere(way.peers):
        return f"everybody ({' and '.join(shape.text(block, 'ipBlock', 'cidr') for block in blocks)})"
    return "all pods of all namespaces" if any(_is_all_pods(graph, peer) for peer in way.peers) else ""


def _wherever(graph: Graph, way: Way) -> str:
    if not way.peers or everywhere(way.peers):
        return "everywhere"
    return "all pods of all namespaces" if any(_is_all_pods(graph, peer) for peer in way.peers) else ""


def _is_all_pods(graph: Graph, peer: Mapping[str, Any]) -> bool:
    is_everywhere = graph.reach.takes_all_namespaces(peer.get("namespaceSelector"))
    return is_everywhere and not any(shape.mapping(peer, "podSelector").values())


_DATABASE_PORTS: Final = frozenset(
    {1433, 1521, 2379, 2380, 3306, 5432, 5672, 6379, 9042, 9200, 9300, 11211, 15672, 26379, 27017}
)
_ADMIN_PORTS: Final = frozenset({"admin", "api-admin", "dashboard", "management"})


@rule(
    passes=_WEB_AND_DATABASE,
    breaks={
        "from: [{podSelector: {matchLabels: {app: web}}}]": "from: [{namespaceSelector: {matchLabels: {team: a}}}]"
    },
)
def database_is_private(graph: Graph) -> Iterator[Finding]:
    """The ports of a database, a cache or a queue are open to chosen pods, and to none but those of another namespace.

    Found by the image's name, the label `app.kubernetes.io/component` or the well-known port. A warning for a port that
    is named as one for administrators: `admin`, `api-admin`, `dashboard`, `management`.
    """
    for pod in graph.own_pods:
        private = _private_ports(pod)
        admin = [port for port in _admin_ports(pod) if port not in private]
        for way in graph.reach.ways(pod, "ingress") if private or admin else ():
            wide = [who for peer in way.peers if (who := _crowd(peer, pod.namespace))] if way.peers else ["everybody"]
            opened = [port for port in private if way.fits(pod, port)]
            by_name = [port for port in admin if way.fits(pod, port)]
            if wide and (opened or by_name):
                yield way.policy.finding(
                    way.field,
                    f"opens {pod}, {_ports(opened or by_name)}, to {' and '.join(wide)}",
                    fix="from: [{namespaceSelector: ..., podSelector: {matchLabels: those of the pods that need it}}]",
                    severity="error" if opened else "warning",
                )


def _private_ports(pod: Pod) -> list[Port]:
    component = pod.labels.get("app.kubernetes.io/component")
    is_database = component in ("cache", "database") or runs(pod, *DATABASES)
    staying = [container for container in pod.containers if not container.init]
    listed = {
        (number, protocol)
        for container in staying
        for name, number, protocol in container.ports()
        if number in _DATABASE_PORTS or (is_database and "metrics" not in name)
    }
    # Listing ports is not needed for them to be open.
    images = [software(container.manifest.get("image")) for container in staying if not any(container.ports())]
    return sorted(listed | {(DATABASES[image].port, "TCP") for image in images if image in DATABASES})


def _admin_ports(pod: Pod) -> list[Port]:
    return [
        (number, protocol)
        for container in pod.containers
        if not container.init
        for name, number, protocol in container.ports()
        if name in _ADMIN_PORTS
    ]


def _crowd(peer: Mapping[str, Any], namespace: str) -> str:
    """Whom a peer takes without choosing pods; empty if it chooses, or takes those of the own namespace."""
    if "ipBlock" in peer:
        return "" if is_one_address(peer) else f"the addresses {shape.text(peer, 'ipBlock', 'cidr')}"
    selector = peer.get("namespaceSelector")
    if selector is None or any(shape.mapping(peer, "podSelector").values()):
        return ""
    name = named_namespace(selector)
    if name == namespace:
        return ""
    return f"all pods of namespace {name}" if name else "all pods of other namespaces"


@rule(
    passes="""
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: ClusterIP
  selector: {app: web}
  ports: [{port: 80}]
""",
    breaks={"type: ClusterIP": "type: NodePort"},
)
def exposed_only_where_declared(graph: Graph) -> Iterator[Finding]:
    """Nothing has an address outside of the cluster, or a port of its node, but by an exception with its reason."""
    for service in graph.of_kind("Service"):
        if is_exposed(service):
            kind = shape.text(service.spec, "type")
            is_type = kind in ("NodePort", "LoadBalancer")
            yield service.finding(
                "spec.type" if is_type else "spec.externalIPs",
                f"is reachable from outside of the cluster{f', as a {kind}' if is_type else ''}",
                fix="type: ClusterIP, and a route to it; or the annotation that says why it is meant",
            )
    for pod in graph.own_pods:
        if pod.spec.get("hostNetwork") is True:
            yield pod.workload.finding(
                f"{pod.spec_field}.hostNetwork",
                "shares its node's network: its ports are the node's, and no NetworkPolicy holds",
                fix="hostNetwork: false; or the annotation that says why it is meant",
            )
        else:
            yield from _host_ports(pod)


def _host_ports(pod: Pod) -> Iterator[Finding]:
    for container in pod.containers:
        for field, port in shape.named(container.manifest, f"{container.field}.ports", "ports"):
            if number := shape.number(port, "hostPort"):
                yield pod.workload.finding(
                    f"{field}.hostPort",
                    f"opens port {number} of its node",
                    fix="a Service in its place; or the annotation that says why it is meant",
                )


@rule(
    passes=_WEB_AND_DATABASE,
    breaks={"from: [{podSelector: {matchLabels: {app: web}}}]": "from: [{podSelector: {matchLabels: {app: wbe}}}]"},
)
def policy_ends_meet(graph: Graph) -> Iterator[Finding]:
    """A way that a NetworkPolicy opens to or from chosen pods is open at its other end, too.

    A connection needs both: egress at the pod that connects, ingress at the pod that is connected to.
    """
    for policy in graph.reach.policies:
        here = graph.pods_selected(policy.resource.namespace, policy.selector)
        for way in policy.ways:
            for other, port in _ends(graph, way, here):
                pairs = [(pod, other) if way.direction == "egress" else (other, pod) for pod in here]
                if not any(_is_open_beyond(graph, way, source, target, port) for source, target in pairs):
                    word = "does not let them in" if way.direction == "egress" else "is not let out to them"
                    yield policy.resource.finding(
                        way.field,
                        f"the way ends half-way: {other} {word}, {_ports([port])}",
                        fix=f"the other half, a NetworkPolicy in {_in_words(other.namespace)}; or remove this one",
                        severity="warning",
                    )


def _ends(graph: Graph, way: Way, here: Sequence[Pod]) -> Iterator[tuple[Pod, Port]]:
    """The chosen pods at the other end of a way, each with each port."""
    for peer in way.peers if here else ():
        if any(shape.mapping(peer, "podSelector").values()):
            for other in graph.reach.pods_of(peer, way.policy.namespace):
                targets = [other] if way.direction == "egress" else here
                yield from ((other, port) for port in sorted({p for target in targets for p in _opened(way, target)}))


def _opened(way: Way, target: Pod) -> Iterator[Port]:
    for item in way.ports:
        if number := target.port(item.get("port")):
            yield number, shape.text(item, "protocol") or "TCP"


def _is_open_beyond(graph: Graph, way: Way, source: Pod, target: Pod, port: Port) -> bool:
    reach = graph.reach
    if way.direction == "egress":
        return not reach.is_judged(target) or reach.lets_in(source, target, port)
    return not reach.is_judged(source) or reach.lets_out(source, target, port)


# Words.


def _in_words(namespace: str) -> str:
    return f"namespace {namespace}" if namespace else "the namespace"


def _ports(ports: Iterable[Port]) -> str:
    words = [f"{number}" if protocol == "TCP" else f"{number}/{protocol}" for number, protocol in ports]
    return f"port {' or '.join(words)}"


def _on_ports(way: Way) -> str:
    words = [str(item.get("port")) for item in way.ports if item.get("port") is not None]
    return f" on port {', '.join(words)}" if words else " on every port"


def _labels(pod: Pod) -> str:
    """Labels by which to choose a pod: those that its workload itself chooses it by, if it does."""
    chosen = shape.labels(pod.workload.spec, "selector", "matchLabels")
    if pod.outside or not chosen or not matches({"matchLabels": chosen}, pod.labels):
        chosen = dict(pod.labels)
    return "{" + ", ".join(f"{key}: {value}" for key, value in sorted(chosen.items())) + "}"


def _peer(pod: Pod, namespace: str) -> str:
    """A pod as a peer of a policy in the namespace."""
    chosen = f"podSelector: {{matchLabels: {_labels(pod)}}}"
    if pod.namespace == namespace:
        return f"{{{chosen}}}"
    return f"{{namespaceSelector: {{matchLabels: {{{NAME_LABEL}: {pod.namespace}}}}}, {chosen}}}"
