"""Exposure: who can connect to whom."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Final

from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.reach import Direction, Policy, port_name
from vkm_manifests.graph.selector import matches
from vkm_manifests.matrix import ANY, EVERYWHERE
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.reachable import former_names, is_known_by_labels, new_ports, reachable
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.wording import in_turn

_PAIR: Final = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: example/web:1.0.0, ports: [{containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: db, image: postgres:18.1, ports: [{containerPort: 5432}, {containerPort: 9187}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
"""


@risk(
    "exposure",
    before=_PAIR,
    breaks={"ports: [{port: 5432}]": "ports: [{port: 5432}, {port: 9187}]"},
    passes={"{matchLabels: {app: web}}": "{matchLabels: {app: web, tier: front}}"},
)
def policies_are_wider(comparison: Comparison) -> Iterator[Concern]:
    """Somebody can connect to what they could not.

    What the policies of both ends let through is compared, not their text. It is told where a target was there before,
    or somebody outside can reach one that is new; what a new service opens within, and for what is in front of it, is
    no exposure, nor is a port of the target that takes another one's place.
    """
    old, new = reachable(comparison.old), reachable(comparison.new)
    renamed = former_names(comparison)
    before, after = ({str(pod): pod for pod in graph.own_pods} for graph in (comparison.old, comparison.new))
    told: dict[Change, list[str]] = defaultdict(list)
    for (source, target), ports in sorted(new.items()):
        if ANY in (source, target):
            # Nothing closes the other end: of what is no longer closed, another risk tells.
            continue
        was = renamed.get(source, source), renamed.get(target, target)
        known = old.get(was, set())
        left = new_ports(known, set(ports))
        if (
            target in after
            and was[1] in before
            and _have_moved(before[was[1]], after[target], known - set(ports), left)
        ):
            continue
        if not any(end in after and former not in before for end, former in zip((source, target), was, strict=True)):
            left = [port for port in left if not _was_open(comparison.old, before, was, port)]
        if (
            not left
            or is_known_by_labels(comparison.old, was, left)
            or not _matters(was, (source, target), before, after)
        ):
            continue
        change = _who_opened(comparison, after.get(source), after.get(target))
        if change:
            told[change].append(f"{source} → {target}" + (" on any port" if ANY in left else f":{', '.join(left)}"))
    for change, ways in told.items():
        yield change.concern(
            f"newly reachable: {in_turn(ways)}",
            do="check that both ends need it, and that no port or peer can be left out",
            field=change.field("spec") or "",
        )


def _have_moved(old: Pod, new: Pod, gone: Set[str], came: Sequence[str]) -> bool:
    """Whether ports that are newly open are those on which pods listen now, in place of the ones that closed."""
    before, after = (
        {port_name(number, protocol) for c in pod.containers for _, number, protocol in c.ports()} for pod in (old, new)
    )
    return len(came) <= len(gone & (before - after)) and {*came} <= after - before


def _was_open(graph: Graph, before: Mapping[str, Pod], ends: tuple[str, str], port: str) -> bool:
    """Whether the source could connect to the target's port already, by whatever policy."""
    source, target = (before.get(end) for end in ends)
    number, _, protocol = port.partition("/")
    if source and target and number.isdigit():
        way = int(number), protocol or "TCP"
        return graph.reach.lets_out(source, target, way) and graph.reach.lets_in(source, target, way)
    ways = reachable(graph)
    into = any({port, ANY} & set(ways.get((end, ends[1]), ())) for end in (ANY, EVERYWHERE))
    out = any({port, ANY} & set(ways.get((ends[0], end), ())) for end in (ANY, EVERYWHERE))
    # Of somebody outside, nothing says what they may not.
    return (into or not target) and (out or not source)


def _matters(was: tuple[str, str], ends: tuple[str, str], before: Mapping[str, Pod], after: Mapping[str, Pod]) -> bool:
    source, target = ends
    if target in after:
        return was[1] in before or source not in after
    return was[0] in before


def _who_opened(comparison: Comparison, source: Pod | None, target: Pod | None) -> Change | None:
    """The policy that opened the way: that at the target first; or the labels of either end."""
    pairs: tuple[tuple[Pod | None, Pod | None, Direction], ...] = (
        (target, source, "ingress"),
        (source, target, "egress"),
    )
    for pod, other, direction in pairs:
        if pod is None:
            continue
        for policy in comparison.new.reach.policies_of(pod):
            change = comparison.by_identity.get(policy.resource.identity)
            if change and _opens_to(comparison.new, policy, other, direction) and _is_about_ways(change):
                return change
    for pod in (target, source):
        change = comparison.by_identity.get(pod.workload.identity) if pod else None
        if change:
            return change
    return _who_closed(comparison, source, target)


def _is_about_ways(change: Change) -> bool:
    return change.old is None or change.renamed_from is not None or change.field("spec") is not None


def _opens_to(graph: Graph, policy: Policy, other: Pod | None, direction: Direction) -> bool:
    """Whether a policy opens a way to a pod; of somebody whom the manifests do not show, whether it opens any."""
    return any(other is None or graph.reach.names(way, other) for way in policy.ways_of(direction))


def _who_closed(comparison: Comparison, source: Pod | None, target: Pod | None) -> Change | None:
    """A policy that is gone from either end, or a namespace whose labels are others."""
    for pod in filter(None, (target, source)):
        for change in comparison.removed("NetworkPolicy"):
            old = change.old
            if old.namespace == pod.namespace and matches(old.spec.get("podSelector"), pod.labels):
                return change
    for pod in filter(None, (source, target)):
        namespace = comparison.new.find("Namespace", "", pod.namespace)
        if namespace and namespace.identity in comparison.by_identity:
            return comparison.by_identity[namespace.identity]
    return None
