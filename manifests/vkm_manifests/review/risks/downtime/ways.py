"""Downtime: ways that NetworkPolicies close."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final, TypeAlias

from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import runs
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.reach import DIRECTIONS, Direction, Policy, Port, Way
from vkm_manifests.graph.route import routed_hosts
from vkm_manifests.graph.selector import matches
from vkm_manifests.graph.talks import Connection, connections
from vkm_manifests.identity import Identity
from vkm_manifests.matrix import ANY, EVERYWHERE
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.examples import SERVICE, WEB
from vkm_manifests.review.reachable import new_ports, reachable
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.risks.downtime.workloads import newly
from vkm_manifests.review.rollout import is_replaced, rollout
from vkm_manifests.review.users import hosts_served, pods_by_workload, scrapes_less
from vkm_manifests.review.wording import does, listed

_KEEP: Final = "keep the way open, or take away what needs it first"
# What each rule of the verification asks for, with what fails without, and the ports that lead there.
_CLUSTER: Final[Mapping[str, tuple[str, Sequence[Port]]]] = {
    "dns-is-let-out": (
        "the cluster's DNS any more: no name is found, and so nothing that is called by its name",
        ((53, "UDP"), (53, "TCP"), (5353, "UDP"), (5353, "TCP")),
    ),
    "kubernetes-api-is-let-out": (
        "the Kubernetes API any more: what is asked of it fails",
        ((443, "TCP"), (6443, "TCP"), (8443, "TCP"), (16443, "TCP")),
    ),
}

_CLOSED: Final = f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: default-deny, namespace: shop}}
spec: {{podSelector: {{}}, policyTypes: [Ingress]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: web-from-worker, namespace: shop}}
spec:
  podSelector: {{matchLabels: {{app: web}}}}
  policyTypes: [Ingress]
  ingress: [{{from: [{{podSelector: {{matchLabels: {{app: worker}}}}}}], ports: [{{port: 8080}}]}}]
---{SERVICE}---{WEB}---
apiVersion: apps/v1
kind: Deployment
metadata: {{name: worker, namespace: shop}}
spec:
  selector: {{matchLabels: {{app: worker}}}}
  template:
    metadata: {{labels: {{app: worker}}}}
    spec:
      containers:
      - name: worker
        image: example/worker:1.0.0
        env: [{{name: SHOP_URL, value: "http://web:80"}}]
"""


@risk(
    "downtime",
    before=_CLOSED,
    breaks={"ports: [{port: 8080}]": "ports: [{port: 80}]"},
    passes={"ports: [{port: 8080}]": "ports: [{port: 8080}, {port: 8081}]"},
)
def connection_is_stopped(comparison: Comparison) -> Iterator[Concern]:
    """NetworkPolicies stop a connection that the manifests show, and that they let through before."""
    policies = _changed_policies(comparison)
    stopped: dict[Identity, list[str]] = defaultdict(list)
    let = {_ends(c) for c in _shown(comparison.old) if not _closed(comparison.old, c.source, c.target, c.ports)}
    for connection in _shown(comparison.new):
        source, target, ports = connection.source, connection.target, connection.ports
        closed = _closed(comparison.new, source, target, ports)
        before = _before(comparison, source, target)
        if not closed or not before or (_closed(comparison.old, *before, ports) and _ends(connection) not in let):
            continue
        # Of whoever comes from outside, a way that was opened to them is told of.
        if source is None and comparison.old.reach.is_closed(before[1], "ingress"):
            continue
        cause = _cause(comparison, policies, *closed, ports, target) or next(
            (
                change
                for end in (target, source)
                if end and (change := comparison.by_identity.get(end.workload.identity))
            ),
            None,
        )
        if cause:
            stopped[cause.identity].append(f"{_name(connection)} to {target.workload.name}")
    for identity, ways in stopped.items():
        count = len(set(ways))
        yield comparison.by_identity[identity].concern(
            f"{does(count, 'the connection', 'the connections')} of {listed(ways)} {does(count, 'is', 'are')} stopped",
            do="keep the way open, or take away what connects",
        )


def _shown(graph: Graph) -> Iterator[Connection]:
    """The connections of what runs."""
    for connection in connections(graph):
        if connection.sure and not (connection.source and connection.source.workload.kind == "Job"):
            yield connection


def _ends(connection: Connection) -> tuple[Identity | None, Identity]:
    source = connection.source
    return source.workload.identity if source else None, connection.target.workload.identity


def _name(connection: Connection) -> str:
    """Who connects: a workload, or what somebody outside comes by."""
    source, evidence = connection.source, connection.evidence
    return source.workload.name if source else f"{evidence.kind} {evidence.name}"


def _before(comparison: Comparison, source: Pod | None, target: Pod) -> tuple[Pod | None, Pod] | None:
    """Both ends as they were; None where one was not there."""
    old_source, old_target = source and comparison.old_pod(source), comparison.old_pod(target)
    return None if old_target is None or (source and old_source is None) else (old_source, old_target)


def _closed(graph: Graph, source: Pod | None, target: Pod, ports: Sequence[Port]) -> tuple[Pod, Direction] | None:
    """The end that lets nothing through on any of these ports, and in which direction; None where both do."""
    reach = graph.reach
    if target.spec.get("hostNetwork") is True or (source and source.spec.get("hostNetwork") is True):
        return None
    if source and reach.is_judged(source) and not any(reach.lets_out(source, target, port) for port in ports):
        return source, "egress"
    if reach.is_judged(target) and not any(reach.lets_in(source, target, port) for port in ports):
        return target, "ingress"
    return None


_Policies: TypeAlias = Mapping[str, Sequence[Change]]


def _changed_policies(comparison: Comparison) -> _Policies:
    """The changes of NetworkPolicies, by their namespace."""
    found: dict[str, list[Change]] = defaultdict(list)
    for change in comparison.changes:
        if change.kind == "NetworkPolicy":
            found[change.object.namespace].append(change)
    return found


def _cause(
    comparison: Comparison,
    policies: _Policies,
    pod: Pod,
    direction: Direction,
    ports: Sequence[Port],
    target: Pod | None = None,
) -> Change | None:
    """The change that closed a way of a pod: of the policy that opened it, of one that closes, or of the labels."""
    before, closing = comparison.old_pod(pod), None
    for change in policies.get(pod.namespace, ()):
        old, new = (Policy.of(policy) if policy else None for policy in (change.old, change.new))
        took = old is not None and before is not None and matches(old.selector, before.labels)
        if old and took and any(_opens(way, target, ports) for way in old.ways_of(direction)):
            return change
        if new and not took and direction in new.directions and matches(new.selector, pod.labels):
            closing = closing or change
    if closing is None and before is not None and before.labels != pod.labels:
        return comparison.by_identity.get(pod.workload.identity)
    return closing


def _opens(way: Way, target: Pod | None, ports: Sequence[Port]) -> bool:
    """Whether a way is open on one of these ports; where none is known, that cannot be told."""
    return not ports or any(way.fits(target, port) for port in ports)


_DENY: Final = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---"""


@risk(
    "downtime",
    before=f"""{_DENY}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: allow-dns, namespace: shop}}
spec:
  podSelector: {{}}
  policyTypes: [Egress]
  egress: [{{to: [{{namespaceSelector: {{}}}}], ports: [{{port: 53, protocol: UDP}}, {{port: 53, protocol: TCP}}]}}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: web-to-mail, namespace: shop}}
spec:
  podSelector: {{matchLabels: {{app: web}}}}
  policyTypes: [Egress]
  egress: [{{to: [{{ipBlock: {{cidr: 192.0.2.0/24}}}}], ports: [{{port: 465}}]}}]
---{WEB}""",
    breaks={"port: 53, protocol: UDP": "port: 54, protocol: UDP"},
    passes={"namespaceSelector: {}": "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}"},
)
def cluster_is_out_of_reach(comparison: Comparison) -> Iterator[Concern]:
    """NetworkPolicies no longer let pods out to the cluster's DNS, or to its API, for which they have rights."""
    policies = _changed_policies(comparison)
    told: dict[tuple[Identity, str], list[str]] = defaultdict(list)
    for rule, (_, ports) in _CLUSTER.items():
        for finding in newly(comparison, rule):
            pod = pods_by_workload(comparison.new).get(finding.object)
            if pod and pod.workload.kind != "Job" and comparison.old_pod(pod):
                cause = _cause(comparison, policies, pod, "egress", ports)
                if cause:
                    told[cause.identity, rule].append(pod.workload.name)
    for (identity, rule), names in told.items():
        count = len(set(names))
        yield comparison.by_identity[identity].concern(
            f"{listed(names)} {does(count, 'is', 'are')} not let out to {_CLUSTER[rule][0]}", do=_KEEP
        )


@risk(
    "downtime",
    before=f"""{_DENY}
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: web-from-clients, namespace: shop}}
spec:
  podSelector: {{matchLabels: {{app: web}}}}
  policyTypes: [Ingress]
  ingress: [{{from: [{{ipBlock: {{cidr: 0.0.0.0/0}}}}], ports: [{{port: 8080}}]}}]
---{WEB}""",
    breaks={"cidr: 0.0.0.0/0": "cidr: 10.0.0.0/8"},
    passes={"ports: [{port: 8080}]": "ports: [{port: 8080}, {port: 8081}]"},
)
def way_is_closed(comparison: Comparison) -> Iterator[Concern]:
    """NetworkPolicies close a way that they opened, to or from whom the manifests do not show, or between workloads.

    Of two workloads it is told where neither is changed: otherwise the one may have been made to need the other no
    more. What a policy that is new closes is not told: nothing says who came by it; nor what a Prometheus needed that
    scrapes less than it did.
    """
    policies = _changed_policies(comparison)
    told: dict[tuple[Identity, Direction], list[tuple[Pod, str, list[str]]]] = defaultdict(list)
    for pod, direction, other, gone in _lost(comparison):
        ports = [port for word in gone if (port := _port(word))]
        cause = _cause(comparison, policies, pod, direction, ports, pod if direction == "ingress" else None)
        if cause:
            told[cause.identity, direction].append((pod, other, gone))
    for (identity, direction), ways in told.items():
        names = listed(pod.workload.name for pod, _, _ in ways)
        others = listed(other for _, other, _ in ways)
        on = listed(sorted({port for _, _, gone in ways for port in gone}, key=lambda port: (len(port), port)))
        if direction == "ingress":
            hosts = listed(host for pod, _, _ in ways for host in _hosts(comparison.new, pod))
            text = f"{names} {does(len({pod for pod, _, _ in ways}), 'is', 'are')} no longer reached from {others}"
            effect = f"by this way come the requests to {hosts}" if hosts else "what needed it fails"
        else:
            text = f"{names} no longer {does(len({pod for pod, _, _ in ways}), 'reaches', 'reach')} {others}"
            effect = "what needed it fails"
        yield comparison.by_identity[identity].concern(f"{text}, port {on}: {effect}", do=_KEEP)


def _hosts(graph: Graph, pod: Pod) -> list[str]:
    """The hosts for which pods take requests: of Traefik's, all that are routed."""
    return [item.host for item in routed_hosts(graph)] if runs(pod, "traefik") else hosts_served(graph, pod.workload)


def _port(word: str) -> Port | None:
    """The port that the matrix names so; None for one by name, and for any."""
    number, _, protocol = word.partition("/")
    return (int(number), protocol or "TCP") if number.isdigit() else None


_Lost: TypeAlias = tuple[Pod, Direction, str, list[str]]
_Ways: TypeAlias = Mapping[tuple[str, Direction], Mapping[str, Set[str]]]


def _lost(comparison: Comparison) -> Iterator[_Lost]:
    """The ways that are gone of pods that were closed, and are: pod, direction, the other end, and ports."""
    old, new = comparison.old, comparison.new
    if not any(change.kind == "NetworkPolicy" and change.old for change in comparison.changes):
        return
    own_before = {str(pod): pod for pod in old.own_pods}
    now_called = {str(before): str(pod) for pod in new.own_pods if (before := comparison.old_pod(pod))}
    unchanged = {str(pod) for pod in new.own_pods if pod.workload.identity not in comparison.by_identity}
    shown = {(str(c.source), str(c.target)) for c in connections(new)}
    asked = {finding.object.namespace for rule in _CLUSTER for finding in newly(comparison, rule)}
    for pod in new.own_pods:
        before = comparison.old_pod(pod)
        if before is None or pod.workload.kind == "Job" or not new.reach.is_judged(pod):
            continue
        for direction in DIRECTIONS:
            then, now = (_ways(graph).get((str(p), direction), {}) for graph, p in ((old, before), (new, pod)))
            if ANY in then or (direction == "egress" and scrapes_less(comparison, pod)):
                continue
            for other, ports in then.items():
                if other in own_before:
                    if scrapes_less(comparison, own_before[other]):
                        continue
                    ends = (str(pod), now_called.get(other, ""))
                    ends = ends if direction == "egress" else ends[::-1]
                    # Told once, at the end that is reached.
                    if direction == "egress" or not {*ends} <= unchanged or ends in shown:
                        continue
                known = (now.get(name, set()) for name in (now_called.get(other, other), ANY, EVERYWHERE))
                gone = new_ports(set().union(*known, _beside(now, other)), ports)
                if direction == "egress" and pod.namespace in asked:
                    gone = [port for port in gone if port not in _CLUSTER_PORTS]
                elif direction == "egress" and any(port in _DNS_PORTS for left in now.values() for port in left):
                    gone = [port for port in gone if port not in _DNS_PORTS]
                if gone:
                    yield pod, direction, own_before[other].workload.name if other in own_before else other, gone


_DNS_PORTS: Final = ("53/UDP", "53")
_CLUSTER_PORTS: Final = (*_DNS_PORTS, "443", "6443")


def _beside(ways: Mapping[str, Set[str]], other: str) -> Set[str]:
    """The ports of the ways to others of the same namespace: by labels, one cannot tell whether it is the same pods."""
    namespace, slash, rest = other.partition("/")
    if not slash or not rest.startswith(("Pod/", "*")):
        return set()
    return {port for name, ports in ways.items() if name.startswith(f"{namespace}/") for port in ports}


@fact
def _ways(graph: Graph) -> _Ways:
    """The ways of each workload, in each direction: to whom, or from whom, on which ports."""
    found: dict[tuple[str, Direction], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for (source, target), ports in reachable(graph).items():
        found[source, "egress"][target] |= ports
        found[target, "ingress"][source] |= ports
    return found


@risk(
    "downtime",
    before=_CLOSED.replace("strategy: {type: Recreate}", "strategy: {}"),
    breaks={
        "ports: [{port: 8080}]": "ports: [{port: 9090}]",
        "targetPort: 8080": "targetPort: http",
        "containerPort: 8080": "containerPort: 9090",
    },
    passes={
        "ports: [{port: 8080}]": "ports: [{port: 8080}, {port: 9090}]",
        "targetPort: 8080": "targetPort: http",
        "containerPort: 8080": "containerPort: 9090",
    },
)
def policy_is_ahead_of_pods(comparison: Comparison) -> Iterator[Concern]:
    """A NetworkPolicy fits the new pods, and closes those that still run: it takes effect at once."""
    new, policies = comparison.new, _changed_policies(comparison)
    rolled = {pods.change.identity: pods.new for pods in comparison.pods if is_replaced(pods, new)}
    now = {_ends(connection): connection for connection in _shown(new)}
    told: dict[Identity, list[str]] = defaultdict(list)
    for connection in _shown(comparison.old) if rolled else ():
        source, target, ports = connection.source, connection.target, connection.ports
        ends = _ends(connection)
        after = now.get(ends)
        # Who scrapes does not wait.
        if not after or not rolled.keys() & {*ends} or (source and runs(source, "prometheus")):
            continue
        if _stops_at_once(new, rolled.get(ends[1])):
            continue
        closed = _closed(new, source, target, ports)
        if not closed or _closed(comparison.old, source, target, ports):
            continue
        if _closed(new, after.source, after.target, after.ports):
            continue
        pod = after.target if closed[1] == "ingress" else after.source
        cause = pod and _cause(comparison, policies, pod, closed[1], ports, target)
        if cause:
            told[cause.identity].append(f"{_name(connection)} to {target.workload.name}")
    for identity, ways in told.items():
        yield comparison.by_identity[identity].concern(
            f"until all pods are new, the old ones' {does(len(set(ways)), 'connection', 'connections')} of "
            f"{listed(ways)} {does(len(set(ways)), 'is', 'are')} stopped",
            do="keep both ways open, and take the old one away when the new pods are ready",
        )


def _stops_at_once(graph: Graph, pod: Pod | None) -> bool:
    """Whether a workload's pods all stop before others start: that is told of it."""
    how = rollout(graph, pod) if pod else None
    return how is not None and bool(how.gap)
