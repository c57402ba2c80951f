"""Verification: everything that is wrong with manifests, before a cluster sees them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Finding
from vkm_manifests.graph.shape import Manifest
from vkm_manifests.identity import Identity
from vkm_manifests.verify import rules
from vkm_manifests.verify.ignore import DECLARATIONS, ignored_rules
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
        replace(finding, ignored=_reason(rule, reasons.get(finding.object, {})))
        for rule in chosen
        for finding in rule.check(graph)
    ]
    return sorted(set(findings))


def _reason(rule: Rule, reasons: Mapping[str, str]) -> str:
    """Why the object says that this is meant. What is wrong with an exception cannot itself be excused."""
    return "" if rule.group == DECLARATIONS else reasons.get(rule.name, "")
