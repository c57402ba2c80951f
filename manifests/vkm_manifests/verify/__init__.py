"""Verification: everything that is wrong with manifests, before a cluster sees them."""

from collections.abc import Collection, Iterable
from dataclasses import replace

from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Finding
from vkm_manifests.graph.shape import Manifest
from vkm_manifests.identity import Identity
from vkm_manifests.verify import rules
from vkm_manifests.verify.ignore import ignored_rules
from vkm_manifests.verify.rule import RULES, Rule

__all__ = ["RULES", "Finding", "Rule", "rules", "verify"]


def verify(
    manifests: Iterable[Manifest],
    *,
    only: Collection[str] = (),
    skip: Collection[str] = (),
    kubernetes: str | None = None,
) -> list[Finding]:
    """Everything that is wrong with manifests, sorted by object.

    Args:
        manifests: plain data, after every patch.
        only: names of the rules to run; empty is all.
        skip: names of rules not to run.
        kubernetes: the version that core kinds are checked against, such as `1.30`. Default the newest known.

    Returns:
        findings; those that an annotation ignores have the reason in `ignored`.
    """
    # In one order, so that of two objects that do not fit each other the same one is named each time.
    graph = Graph(sorted(manifests, key=Identity.of), kubernetes=kubernetes)
    reasons = {resource.identity: found for resource in graph.resources if (found := ignored_rules(resource))}
    chosen = [rule for name, rule in RULES.items() if name not in skip and (not only or name in only)]
    findings = [
        replace(finding, ignored=reasons.get(finding.object, {}).get(finding.rule, ""))
        for rule in chosen
        for finding in rule.check(graph)
    ]
    return sorted(set(findings))
