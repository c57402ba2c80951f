"""The pods of one workload, as network policies and Services see them, and the connections between them."""

import ipaddress
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_name, check_port, int_or_string
from vkm_constructs.errors import Checks, nearest, spell
from vkm_constructs.labels import NAME, selector


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pods:
    """The pods of one workload. Ours come from the constructs; for others, say where they are.

    `Pods(name="legacy", namespace="shop", labels={"app": "legacy"}, ports={"http": 8080})` lets one of our workloads
    connect to pods that somebody else made.

    Args:
        name: as it stands in the policies' names.
        namespace: where the pods run.
        labels: what selects exactly these pods.
        ports: what they listen on, by name: the pods' ports, not the Service's. The first is the default.
        family: what selects these pods and their siblings (workers, migrations); None is `labels`.
        scope: the construct that policies about these pods become children of. None makes none: a first policy would
            cut off pods that were open until then.
    """

    name: str
    namespace: str
    labels: Mapping[str, str]
    ports: Mapping[str, int] = field(default_factory=dict)
    family: Mapping[str, str] | None = None
    scope: Construct | None = None

    @property
    def pods(self) -> "Pods":
        """Itself, so that it can be connected to like a workload."""
        return self


class Connectable(Protocol):
    """Anything that has pods: a workload of ours, or `Pods` that describe another."""

    @property
    def pods(self) -> Pods:
        """What network policies select, and the ports they open."""
        ...


def workload_pods(scope: Construct, name: str, namespace: str, ports: Mapping[str, int]) -> Pods:
    """The pods of one of our own workloads."""
    return Pods(
        scope=scope, name=name, namespace=namespace, labels=selector(name, name), ports=ports, family={NAME: name}
    )


def connect(caller: Construct, source: Pods, target: Pods, *, port: str | None = None) -> None:
    """Let `source` and its siblings reach `target`: egress there, ingress here, on the pods' port.

    Makes the NetworkPolicies `<source>-to-<target>` and `<target>-from-<source>`, each beside the pods it is about and
    for pods of ours only. A name from another namespace is written `<namespace>.<name>`, unless the two are the same
    word. A connection that is there already is left as it is.

    Raises:
        ConstructError: `target` listens on nothing, or not on `port`.
    """
    check = Checks(caller)
    if not target.ports:
        check.refuse(
            "connect_to",
            target.name,
            "listens on nothing",
            accepted="a workload that declares a port",
            fix="connect to the workload that serves it, or let that one call this",
        )
    elif port is not None and port not in target.ports:
        known = nearest(port, target.ports)
        check.refuse(
            "port",
            port,
            f"is not a port of {target.name}",
            accepted=", ".join(map(spell, known)),
            fix=f"port={spell(known[0])}",
        )
    check.done()

    ports = [_tcp(target.ports[port or next(iter(target.ports))])]
    far = source.namespace != target.namespace
    suffix = f"-{port}" if port else ""
    _policy(
        source,
        f"{source.name}-to-{_seen_from(source, target)}{suffix}",
        egress=k8s.NetworkPolicyEgressRule(to=[_peer(target.labels, target.namespace if far else None)], ports=ports),
    )
    _policy(
        target,
        f"{target.name}-from-{_seen_from(target, source)}{suffix}",
        ingress=k8s.NetworkPolicyIngressRule(
            from_=[_peer(source.family or source.labels, source.namespace if far else None)], ports=ports
        ),
    )


def connect_to_outside(
    caller: Construct,
    source: Pods,
    name: str,
    *,
    cidrs: Sequence[str],
    excluding: Sequence[str] = (),
    ports: Sequence[int],
    reason: str,
) -> None:
    """Let `source` and its siblings reach addresses that are not pods: the NetworkPolicy `<source>-to-<name>`."""
    check = Checks(caller)
    check_name(check, "name", name)
    _check_cidrs(check, "cidrs", cidrs)
    _check_cidrs(check, "excluding", excluding)
    for number in ports:
        check_port(check, "ports", number)
    check.done()
    _policy(
        source,
        f"{source.name}-to-{name}",
        reason=reason,
        egress=k8s.NetworkPolicyEgressRule(to=_blocks(cidrs, excluding), ports=[_tcp(port) for port in ports]),
    )


def allow_from_outside(
    caller: Construct, target: Pods, name: str, *, cidrs: Sequence[str], ports: Sequence[str], reason: str
) -> None:
    """Let addresses that are not pods reach `target`: the NetworkPolicy `<target>-from-<name>`."""
    check = Checks(caller)
    check_name(check, "name", name)
    _check_cidrs(check, "cidrs", cidrs)
    for port in ports:
        if port not in target.ports:
            known = nearest(port, target.ports)
            check.refuse(
                "ports",
                port,
                f"is not a port of {target.name}",
                accepted=", ".join(map(spell, known)),
                fix=f"ports=[{spell(known[0])}]" if known else "declare the port",
            )
    check.done()
    _policy(
        target,
        f"{target.name}-from-{name}",
        reason=reason,
        ingress=k8s.NetworkPolicyIngressRule(
            from_=_blocks(cidrs),
            ports=[_tcp(target.ports[port]) for port in ports],
        ),
    )


def _seen_from(here: Pods, there: Pods) -> str:
    # A dot stands in no workload's name, so two peers never share a policy's name.
    return there.name if there.namespace in (here.namespace, there.name) else f"{there.namespace}.{there.name}"


def _tcp(port: int) -> k8s.NetworkPolicyPort:
    return k8s.NetworkPolicyPort(port=int_or_string(port), protocol="TCP")


def _check_cidrs(check: Checks, argument: str, cidrs: Sequence[str]) -> None:
    for cidr in cidrs:
        try:
            ipaddress.ip_network(cidr)
        except ValueError as error:
            check.refuse(
                argument,
                cidr,
                f"is not a network ({error})",
                accepted='a CIDR block such as "10.0.0.0/8"; a single address is "10.1.2.3/32"',
                fix=_likely_cidr(cidr),
            )


def _likely_cidr(cidr: str) -> str:
    try:
        return f'"{ipaddress.ip_network(cidr, strict=False)}"'
    except ValueError:
        return '"10.0.0.0/8"'


def _blocks(cidrs: Sequence[str], excluding: Sequence[str] = ()) -> list[k8s.NetworkPolicyPeer]:
    blocks = (k8s.IpBlock(cidr=cidr, except_=list(excluding) or None) for cidr in cidrs)
    return [k8s.NetworkPolicyPeer(ip_block=block) for block in blocks]


def _peer(labels: Mapping[str, str], namespace: str | None) -> k8s.NetworkPolicyPeer:
    # Namespace and pods in one peer: both must match. Two peers would mean "or".
    return k8s.NetworkPolicyPeer(
        pod_selector=k8s.LabelSelector(match_labels=labels),
        namespace_selector=k8s.LabelSelector(match_labels={"kubernetes.io/metadata.name": namespace})
        if namespace
        else None,
    )


def _policy(
    about: Pods,
    name: str,
    *,
    egress: k8s.NetworkPolicyEgressRule | None = None,
    ingress: k8s.NetworkPolicyIngressRule | None = None,
    reason: str | None = None,
) -> None:
    if about.scope is None or about.scope.node.try_find_child(name) is not None:
        return
    # What a workload reaches, its siblings reach as well; what reaches it, reaches only itself.
    selected = about.family or about.labels if egress else about.labels
    k8s.KubeNetworkPolicy(
        about.scope,
        name,
        metadata=k8s.ObjectMeta(
            name=name,
            namespace=about.namespace,
            annotations={"kubernetes.io/description": reason} if reason else None,
        ),
        spec=k8s.NetworkPolicySpec(
            pod_selector=k8s.LabelSelector(match_labels=selected),
            policy_types=["Egress"] if egress else ["Ingress"],
            egress=[egress] if egress else None,
            ingress=[ingress] if ingress else None,
        ),
    )
