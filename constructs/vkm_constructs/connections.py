"""Connections between workloads: the network policies at both ends, named for both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdk8s import Chart
from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import (
    check_name,
    check_networks,
    check_port,
    check_port_name,
    check_reference,
    check_some,
    check_within,
    int_or_string,
    within,
)
from vkm_constructs.errors import Checks, nearest, spell
from vkm_constructs.pods import Pods
from vkm_constructs.service_chart import ServiceChart
from vkm_constructs.service_namespace import declare_dns, dns_egress
from vkm_manifests.verify.ignore import IGNORE_RULE


def connect(caller: Construct, source: Pods, target: Pods, *, port: str | None = None, siblings: bool = True) -> None:
    """Let `source`, and its siblings if they are to, reach `target`: egress there, ingress here, on the pods' port.

    Makes the NetworkPolicies `<source>-to-<target>` and `<target>-from-<source>`, each beside the pods it is about and
    for pods of ours only. A name from another namespace is written `<namespace>.<name>`. A connection that is there
    already is left as it is. Outside of a ServiceNamespace, DNS is opened with a workload's first connection.

    Raises:
        ConstructError: `target` listens on nothing, or not on `port`, or another connection has that name.
    """
    check = Checks(caller)
    for pods in (source, target):
        check_pods(check, pods)
    if not target.ports:
        check.refuse(
            "connect_to",
            target.name,
            "listens on nothing",
            accepted="a workload that declares a port",
            fix=f'Pods(..., "{target.name}", ports={{"http": 8080}}), or connect to the workload that serves it',
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

    number = target.ports[port or next(iter(target.ports))]
    far = source.namespace != target.namespace
    suffix = f"-{port}" if port else ""
    # What an application reaches, its workers and migrations reach as well; what reaches it, reaches only itself.
    came_from = (source.family or source.labels) if siblings else source.labels
    policies = [
        _Policy(
            about=source,
            selected=came_from,
            name=f"{source.name}-to-{_seen_from(source, target)}{suffix}",
            egress=True,
            peers=(_Peer(labels=target.labels, namespace=target.namespace if far else None),),
            ports=(number,),
        ),
        _Policy(
            about=target,
            selected=target.labels,
            name=f"{target.name}-from-{_seen_from(target, source)}{suffix}",
            egress=False,
            peers=(_Peer(labels=came_from, namespace=source.namespace if far else None),),
            ports=(number,),
        ),
    ]
    _make(caller, policies)


def connect_to_outside(
    caller: Construct,
    source: Pods,
    name: str,
    *,
    cidrs: Sequence[str],
    excluding: Sequence[str] = (),
    ports: Sequence[int],
    reason: str,
    siblings: bool = True,
) -> None:
    """Let `source`, and its siblings if they are to, reach addresses that are not pods.

    Makes the NetworkPolicy `<source>-to-<name>`.
    """
    check = Checks(caller)
    check_name(check, "name", name)
    check_networks(check, "cidrs", cidrs)
    if excluding:
        check_networks(check, "excluding", excluding)
        check_within(check, excluding, cidrs)
    for number in ports:
        check_port(check, "ports", number)
    check_some(check, "ports", ports, "ports=[443]")
    check.done()
    peers = tuple(_Block(cidr=cidr, excluding=tuple(b for b in excluding if within(b, cidr))) for cidr in cidrs)
    policy = _Policy(
        about=source,
        selected=(source.family or source.labels) if siblings else source.labels,
        name=f"{source.name}-to-{name}",
        egress=True,
        peers=peers,
        ports=tuple(ports),
        reason=reason,
    )
    _make(caller, [policy])


def allow_from_outside(
    caller: Construct, target: Pods, name: str, *, cidrs: Sequence[str], ports: Sequence[str], reason: str
) -> None:
    """Let addresses that are not pods reach `target`: the NetworkPolicy `<target>-from-<name>`."""
    check = Checks(caller)
    check_name(check, "name", name)
    check_networks(check, "cidrs", cidrs)
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
    check_some(check, "ports", ports, 'ports=["http"]')
    check.done()
    peers = tuple(_Block(cidr=cidr) for cidr in cidrs)
    numbers = tuple(target.ports[port] for port in ports)
    policy = _Policy(
        about=target,
        selected=target.labels,
        name=f"{target.name}-from-{name}",
        egress=False,
        peers=peers,
        ports=numbers,
        reason=reason,
    )
    _make(caller, [policy])


def close(pods: Pods) -> None:
    """Let nothing reach these pods but what a connection lets in.

    A ServiceNamespace does that for all of its pods; elsewhere this makes the NetworkPolicy `<name>-default-deny`.
    """
    if pods.scope is not None and not _in_closed_namespace(pods.scope):
        name = f"{pods.name}-default-deny"
        k8s.KubeNetworkPolicy(
            pods.scope,
            name,
            metadata=k8s.ObjectMeta(name=name, namespace=pods.namespace),
            spec=k8s.NetworkPolicySpec(
                pod_selector=k8s.LabelSelector(match_labels=pods.labels), policy_types=["Ingress"]
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Peer:
    """Pods at the other end."""

    labels: Mapping[str, str]
    namespace: str | None

    def to_k8s(self) -> k8s.NetworkPolicyPeer:
        # Namespace and pods in one peer: both must match. Two peers would mean "or".
        space = {"kubernetes.io/metadata.name": self.namespace} if self.namespace else None
        return k8s.NetworkPolicyPeer(
            pod_selector=k8s.LabelSelector(match_labels=self.labels),
            namespace_selector=k8s.LabelSelector(match_labels=space) if space else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """Addresses at the other end."""

    cidr: str
    excluding: tuple[str, ...] = ()

    def to_k8s(self) -> k8s.NetworkPolicyPeer:
        return k8s.NetworkPolicyPeer(ip_block=k8s.IpBlock(cidr=self.cidr, except_=list(self.excluding) or None))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Policy:
    """One NetworkPolicy: who is at the other end, and on which of the pods' ports."""

    about: Pods
    selected: Mapping[str, str]
    name: str
    egress: bool
    peers: tuple[_Peer | _Block, ...]
    ports: tuple[int, ...]
    reason: str | None = None

    def make(self, scope: Construct) -> None:
        pods = self.about
        peers = [peer.to_k8s() for peer in self.peers]
        ports = [k8s.NetworkPolicyPort(port=int_or_string(port), protocol="TCP") for port in self.ports]
        k8s.KubeNetworkPolicy(
            scope,
            self.name,
            metadata=k8s.ObjectMeta(
                name=self.name,
                namespace=pods.namespace,
                annotations=self._annotations(),
            ),
            spec=k8s.NetworkPolicySpec(
                pod_selector=k8s.LabelSelector(match_labels=self.selected),
                policy_types=["Egress" if self.egress else "Ingress"],
                egress=[k8s.NetworkPolicyEgressRule(to=peers, ports=ports)] if self.egress else None,
                ingress=None if self.egress else [k8s.NetworkPolicyIngressRule(from_=peers, ports=ports)],
            ),
        )

    def _annotations(self) -> dict[str, str] | None:
        if self.reason is None:
            return None
        said = {"kubernetes.io/description": self.reason}
        everybody = not self.egress and any(isinstance(p, _Block) and p.cidr.endswith("/0") for p in self.peers)
        # To let everybody in was asked for in so many words, with a reason.
        return said | {f"{IGNORE_RULE}not-open-to-everywhere": self.reason} if everybody else said


def check_pods(check: Checks, pods: Pods) -> None:
    """What a policy or a monitor could not select, or would select too much by."""
    at = f"Pods({spell(pods.name)})"
    check_reference(check, f"{at}.name", pods.name)
    check_reference(check, f"{at}.namespace", pods.namespace)
    if not pods.labels:
        check.refuse(
            f"{at}.labels",
            {},
            "would select every pod of the namespace",
            accepted="at least one label",
            fix=f'labels={{"app.kubernetes.io/name": {spell(pods.name)}}}',
        )
    for name, port in pods.ports.items():
        check_port_name(check, f"{at}.ports", name)
        check_port(check, f'{at}.ports["{name}"]', port)


def _make(caller: Construct, policies: Sequence[_Policy]) -> None:
    """Make those that are not there yet; refuse one whose name stands for another connection."""
    check = Checks(caller)
    for policy in policies:
        known = policy.about.policies.get(policy.name)
        if known is not None and known != (policy.selected, policy.peers, policy.ports):
            check.refuse(
                "connection",
                policy.name,
                "is there already, with another end or other ports",
                accepted="one connection of that name",
                fix="give the other end another name, or make one connection of both",
            )
    check.done()
    for policy in policies:
        pods = policy.about
        if pods.scope is None or policy.name in pods.policies or pods.scope.node.try_find_child(policy.name):
            continue
        pods.policies[policy.name] = (policy.selected, policy.peers, policy.ports)
        policy.make(pods.scope)
        if policy.egress and "dns" not in pods.policies and not _in_closed_namespace(pods.scope):
            pods.policies["dns"] = True
            _allow_dns(pods, pods.scope)


def _in_closed_namespace(scope: Construct) -> bool:
    chart = Chart.of(scope)
    return isinstance(chart, ServiceChart) and chart.closed


def _allow_dns(pods: Pods, scope: Construct) -> None:
    """The first policy on what pods may reach cuts them off from DNS, without which they find nothing."""
    # With a dot, which no name of the user's has.
    name = f"{pods.name}-to-kube-system.dns"
    policy = k8s.KubeNetworkPolicy(
        scope,
        name,
        metadata=k8s.ObjectMeta(name=name, namespace=pods.namespace),
        spec=k8s.NetworkPolicySpec(
            pod_selector=k8s.LabelSelector(match_labels=pods.family or pods.labels),
            policy_types=["Egress"],
            egress=[dns_egress()],
        ),
    )
    declare_dns(policy)


def _seen_from(here: Pods, there: Pods) -> str:
    # A dot stands in no workload's name: a far peer never has the name of a near one.
    return there.name if there.namespace == here.namespace else f"{there.namespace}.{there.name}"
