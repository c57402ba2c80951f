"""Who can reach whom, as far as NetworkPolicies say."""

import ipaddress
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.labelled import Labelled
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.selector import matches

if TYPE_CHECKING:
    from vkm_manifests.graph.graph import Graph

Direction: TypeAlias = Literal["ingress", "egress"]
"""Into a pod, or out of it."""
DIRECTIONS: Final[tuple[Direction, Direction]] = ("ingress", "egress")
"""Both."""
Port: TypeAlias = tuple[int, str]
"""A pod's port: number and protocol."""


def port_name(number: object, protocol: str) -> str:
    """A port as it is told.

    >>> port_name(80, "TCP"), port_name(53, "UDP")
    ('80', '53/UDP')
    """
    return f"{number}" if protocol == "TCP" else f"{number}/{protocol}"


NAME_LABEL: Final = "kubernetes.io/metadata.name"
"""The label that each namespace has, with its name."""

_GROUPS: Final = ("networking.k8s.io", "extensions")
# Policies of other makes add to these or overrule them.
_OTHER_KINDS: Final = ("CiliumNetworkPolicy", "NetworkPolicy")
_CLUSTER_WIDE: Final = (
    "AdminNetworkPolicy",
    "BaselineAdminNetworkPolicy",
    "CiliumClusterwideNetworkPolicy",
    "ClusterNetworkPolicy",
    "GlobalNetworkPolicy",
)
_LAST_PORT: Final = 65535
# Where clusters have their pods and nodes.
_PRIVATE: Final = tuple(
    map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"))
)


@dataclass(frozen=True, eq=False)
class Way:
    """One rule of a policy: whom it lets in or out, on which ports.

    Attributes:
        policy: the policy.
        field: where the rule stands, such as `spec.ingress[0]`.
        direction: `ingress` or `egress`.
        peers: as they stand there; empty is everybody, inside and outside.
        ports: as they stand there; empty is every port.
    """

    policy: Resource
    field: str
    direction: Direction
    peers: Sequence[Mapping[str, Any]]
    ports: Sequence[Mapping[str, Any]]

    @property
    def is_on_every_port(self) -> bool:
        """Whether its ports bound nothing, at least for TCP."""
        return not self.ports or any(_is_every_port(item) for item in self.ports)

    def fits(self, target: Pod | None, port: Port) -> bool:
        """Whether it is open on a port of the pod that is connected to."""
        return not self.ports or any(_fits(item, target, port) for item in self.ports)


@dataclass(frozen=True, eq=False)
class Policy:
    """A NetworkPolicy: which pods it closes, and which ways it opens."""

    resource: Resource
    selector: Mapping[str, Any]
    directions: frozenset[Direction]
    ways: Sequence[Way]

    @classmethod
    def of(cls, resource: Resource) -> "Policy":
        """Read a NetworkPolicy."""
        egress = shape.mappings(resource.spec, "egress")
        types = shape.texts(resource.spec, "policyTypes") or ["Ingress", *(["Egress"] if egress else [])]
        directions = frozenset(d for d in DIRECTIONS if d.capitalize() in types)
        return cls(
            resource=resource,
            selector=shape.mapping(resource.spec, "podSelector"),
            directions=directions,
            ways=[way for d in DIRECTIONS if d in directions for way in _ways(resource, d)],
        )

    @property
    def is_for_all(self) -> bool:
        """Whether it is about all pods of its namespace."""
        return not self.selector.get("matchLabels") and not self.selector.get("matchExpressions")

    def ways_of(self, direction: Direction) -> Iterator[Way]:
        """What it opens in one direction."""
        return (way for way in self.ways if way.direction == direction)


class Reach:
    """Who can reach whom: what the NetworkPolicies of a graph open and close."""

    def __init__(self, graph: "Graph") -> None:
        self._graph = graph
        self._chosen: dict[Pod, tuple[Policy, ...]] = {}

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        """All policies."""
        return tuple(Policy.of(r) for r in self._graph.of_kind("NetworkPolicy") if r.group in _GROUPS)

    @cached_property
    def _by_namespace(self) -> Mapping[str, Sequence[Policy]]:
        found: dict[str, list[Policy]] = defaultdict(list)
        for policy in self.policies:
            found[policy.resource.namespace].append(policy)
        return found

    def policies_in(self, namespace: str) -> Sequence[Policy]:
        """The policies of a namespace."""
        return self._by_namespace.get(namespace, ())

    def policies_of(self, pod: Pod) -> tuple[Policy, ...]:
        """The policies that select a pod."""
        if pod not in self._chosen:
            here = self.policies_in(pod.namespace)
            self._chosen[pod] = tuple(p for p in here if matches(p.selector, pod.labels))
        return self._chosen[pod]

    # What can be judged.

    @cached_property
    def _with_other_policies(self) -> frozenset[str]:
        found = self._graph.of_kind(*_OTHER_KINDS)
        return frozenset(r.namespace for r in found if r.group not in _GROUPS)

    @cached_property
    def _all_with_other_policies(self) -> bool:
        return bool(self._graph.of_kind(*_CLUSTER_WIDE))

    def is_judged_in(self, namespace: str) -> bool:
        """Whether NetworkPolicies alone decide there: not where Cilium's, Calico's or an administrator's do, too."""
        return not self._all_with_other_policies and namespace not in self._with_other_policies

    def is_judged(self, pod: Pod) -> bool:
        """Whether NetworkPolicies alone decide about a pod: not if it has its node's address."""
        return self.is_judged_in(pod.namespace) and pod.spec.get("hostNetwork") is not True

    # Who reaches whom.

    def is_closed(self, pod: Pod, direction: Direction) -> bool:
        """Whether a pod is let through in a direction only where a policy says so."""
        return any(direction in policy.directions for policy in self.policies_of(pod))

    def ways(self, pod: Pod, direction: Direction) -> Iterator[Way]:
        """What is open to a pod that is closed in this direction."""
        return (way for policy in self.policies_of(pod) for way in policy.ways_of(direction))

    def lets_out(self, source: Pod, target: Pod, port: Port) -> bool:
        """Whether the source's policies let it connect to the target's port."""
        return not self.is_closed(source, "egress") or any(
            way.fits(target, port) and self.names(way, target) for way in self.ways(source, "egress")
        )

    def lets_in(self, source: Pod | None, target: Pod, port: Port) -> bool:
        """Whether the target's policies let the source connect to its port; of None, whether they let anybody."""
        return not self.is_closed(target, "ingress") or any(
            way.fits(target, port) and (source is None or self.names(way, source))
            for way in self.ways(target, "ingress")
        )

    def may_by_address(self, pod: Pod, direction: Direction, target: Pod, port: Port) -> bool:
        """Whether a way to addresses is open, among which another pod's may be: that depends on the cluster."""
        return any(
            "ipBlock" in peer for way in self.ways(pod, direction) if way.fits(target, port) for peer in way.peers
        )

    def names(self, way: Way, pod: Pod) -> bool:
        """Whether a pod is among those that a way is open to."""
        return not way.peers or any(self.takes(peer, way.policy.namespace, pod) for peer in way.peers)

    def takes(self, peer: Mapping[str, Any], namespace: str, pod: Pod) -> bool:
        """Whether a peer of a policy in this namespace takes a pod; of blocks of addresses, only one of all does."""
        if "ipBlock" in peer:
            return is_everywhere(peer) and not _leaves_out_the_cluster(peer)
        if peer.get("namespaceSelector") is None:
            here = pod.namespace == namespace
        else:
            here = self.takes_namespace(peer["namespaceSelector"], pod.namespace)
        return here and matches(peer.get("podSelector"), pod.labels)

    def takes_namespace(self, selector: Any, namespace: str) -> bool:
        """Whether a selector takes a namespace: true as well where the input does not show the labels that it wants."""
        if not namespace:
            return True
        labels = self._graph.namespaces.get(namespace, {NAME_LABEL: namespace})
        if self._graph.find("Namespace", "", namespace) is None:
            selector = _by_name_only(selector)
        return matches(selector, labels)

    def takes_all_namespaces(self, selector: Any) -> bool:
        """Whether a selector takes all namespaces, whatever they are named and labelled."""
        if not isinstance(selector, Mapping) or shape.mapping(selector, "matchLabels"):
            return False
        expressions = shape.mappings(selector, "matchExpressions")
        names = self._graph.namespaces if expressions else ()
        is_about_names = all(
            item.get("key") == NAME_LABEL and item.get("operator") in ("Exists", "NotIn") for item in expressions
        )
        return is_about_names and all(matches(selector, {NAME_LABEL: name}) for name in names)

    def pods_of(self, peer: Mapping[str, Any], namespace: str) -> list[Pod]:
        """The pods that a peer of a policy in this namespace takes."""
        if "ipBlock" in peer:
            return []
        wanted, selector = peer.get("podSelector"), peer.get("namespaceSelector")
        if selector is None:
            return self._graph.pods_selected(namespace, wanted)
        names = [named_namespace(selector)] if named_namespace(selector) else self._namespaces_with(selector)
        pods = self._graph.labelled_pods.candidates(None, wanted)
        if len(pods) < len(names):
            return [
                pod for labels, pod in pods if matches(wanted, labels) and self.takes_namespace(selector, pod.namespace)
            ]
        taken = [name for name in names if self.takes_namespace(selector, name)]
        return [pod for name in taken for pod in self._graph.pods_selected(name, wanted)]

    @cached_property
    def _labelled_namespaces(self) -> Labelled[str]:
        found = self._graph.namespaces.items()
        return Labelled(("", labels, name) for name, labels in found if self._graph.find("Namespace", "", name))

    @cached_property
    def _unlabelled_namespaces(self) -> tuple[str, ...]:
        """Those of whose labels the input shows nothing, and those of pods made elsewhere."""
        names = dict.fromkeys((*self._graph.namespaces, *(pod.namespace for pod in self._graph.pods)))
        return tuple(name for name in names if not self._graph.find("Namespace", "", name))

    def _namespaces_with(self, selector: Any) -> list[str]:
        """The namespaces that a selector may take."""
        labelled = (name for _, name in self._labelled_namespaces.candidates(None, selector))
        return [*labelled, *self._unlabelled_namespaces]


def named_namespace(selector: Any) -> str:
    """The name of the one namespace that a selector asks for; empty if it does not ask by name."""
    return shape.text(selector, "matchLabels", NAME_LABEL)


@lru_cache(maxsize=4096)
def _network(cidr: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        return None


def is_everywhere(peer: Mapping[str, Any]) -> bool:
    """Whether a peer is a block of all addresses (whatever it leaves out)."""
    network = _network(shape.text(peer, "ipBlock", "cidr"))
    return network is not None and network.prefixlen == 0


def everywhere(peers: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Those peers that are blocks, if together they are all addresses (whatever they leave out); else none."""
    blocks = {id(peer): network for peer in peers if (network := _network(shape.text(peer, "ipBlock", "cidr")))}
    fours = [network for network in blocks.values() if isinstance(network, ipaddress.IPv4Network)]
    sixes = [network for network in blocks.values() if isinstance(network, ipaddress.IPv6Network)]
    is_all = any(network.prefixlen == 0 for network in ipaddress.collapse_addresses(fours)) or any(
        network.prefixlen == 0 for network in ipaddress.collapse_addresses(sixes)
    )
    return [peer for peer in peers if id(peer) in blocks] if is_all else []


def is_private_range(peer: Mapping[str, Any]) -> bool:
    """Whether a peer is a whole range of private addresses, or more: some cluster's pods and nodes, all of them."""
    network = _network(shape.text(peer, "ipBlock", "cidr"))
    is_whole = not shape.texts(peer, "ipBlock", "except")
    return (
        is_whole
        and network is not None
        and any(
            network.version == private.version and network.overlaps(private) and network.prefixlen <= private.prefixlen
            for private in _PRIVATE
        )
    )


def is_one_address(peer: Mapping[str, Any]) -> bool:
    """Whether a peer is a block of one address."""
    network = _network(shape.text(peer, "ipBlock", "cidr"))
    return network is not None and network.num_addresses == 1


def _leaves_out_the_cluster(peer: Mapping[str, Any]) -> bool:
    left_out = [network for cidr in shape.texts(peer, "ipBlock", "except") if (network := _network(cidr))]
    return any(
        network.version == private.version and network.overlaps(private) for network in left_out for private in _PRIVATE
    )


def _by_name_only(selector: Any) -> dict[str, Any]:
    wanted = shape.mapping(selector, "matchLabels")
    return {
        "matchLabels": {NAME_LABEL: wanted[NAME_LABEL]} if NAME_LABEL in wanted else {},
        "matchExpressions": [e for e in shape.mappings(selector, "matchExpressions") if e.get("key") == NAME_LABEL],
    }


def _ways(resource: Resource, direction: Direction) -> Iterator[Way]:
    key = "from" if direction == "ingress" else "to"
    for field, rule in shape.named(resource.spec, f"spec.{direction}", direction):
        yield Way(
            policy=resource,
            field=field,
            direction=direction,
            peers=shape.mappings(rule, key),
            ports=shape.mappings(rule, "ports"),
        )


def _is_every_port(item: Mapping[str, Any]) -> bool:
    first, last = item.get("port"), shape.number(item, "endPort") or 0
    is_whole = first is None or (first in (0, 1) and last >= _LAST_PORT)
    return (shape.text(item, "protocol") or "TCP") == "TCP" and is_whole


def _fits(item: Mapping[str, Any], target: Pod | None, port: Port) -> bool:
    number, protocol = port
    if (shape.text(item, "protocol") or "TCP") != protocol:
        return False
    wanted = item.get("port")
    if wanted is None:
        return True
    if isinstance(wanted, str):
        return target is not None and target.port(wanted) == number
    first = shape.number(item, "port")
    return first is not None and first <= number <= (shape.number(item, "endPort") or first)
