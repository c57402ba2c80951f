"""Declarations: exceptions and what is made outside, said in annotations."""

from collections.abc import Iterator
from difflib import get_close_matches

from vkm_manifests.graph import Graph
from vkm_manifests.outside import MADE_OUTSIDE
from vkm_manifests.resource import Finding
from vkm_manifests.verify.ignore import IGNORE_RULE, ignored_rules
from vkm_manifests.verify.rule import RULES, rule

_IGNORED = """
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations:
    ignore-rule.vkm-constructs/service-selects-pods: "the pods are made by a job at night"
spec:
  selector: {app: nightly}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: example/web:1.0.0}]
"""


@rule(passes=_IGNORED, breaks={"selector: {app: nightly}": "selector: {app: web}"})
def ignore_is_needed(graph: Graph) -> Iterator[Finding]:
    """An exception excuses something that its rule finds in the same object.

    One that excuses nothing would hide the next mistake.
    """
    for resource in graph.resources:
        for name in ignored_rules(resource):
            known = RULES.get(name)
            if known and not any(found.object == resource.identity for found in known.check(graph)):
                yield resource.finding(
                    f"metadata.annotations[{IGNORE_RULE}{name}]",
                    f"excuses nothing: {name} finds nothing here",
                    fix="remove the annotation",
                )


@rule(passes=_IGNORED, breaks={"ignore-rule.vkm-constructs/service-selects-pods": "ignore-rule.vkm-constructs/no-pods"})
def ignore_names_a_rule(graph: Graph) -> Iterator[Finding]:
    """An exception names a rule that there is."""
    for resource in graph.resources:
        for name in ignored_rules(resource):
            if name not in RULES:
                likely = get_close_matches(name, RULES, n=1, cutoff=0.4)
                yield resource.finding(
                    f"metadata.annotations[{IGNORE_RULE}{name}]",
                    "names no rule",
                    fix=f"{IGNORE_RULE}{likely[0]}" if likely else "vkm verify --list-rules",
                )


@rule(passes=_IGNORED, breaks={'"the pods are made by a job at night"': '""'})
def ignore_gives_a_reason(graph: Graph) -> Iterator[Finding]:
    """An exception says why."""
    for resource in graph.resources:
        for name, reason in ignored_rules(resource).items():
            if not reason.strip():
                yield resource.finding(
                    f"metadata.annotations[{IGNORE_RULE}{name}]",
                    "gives no reason",
                    fix="write as its value why this is meant",
                )


@rule(
    passes="""
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
  annotations:
    vkm-constructs/made-outside: |
      - kind: Secret
        name: registry
        by: the platform team
imagePullSecrets: [{name: registry}]
""",
    breaks={"        name: registry\n": "        nmae: registry\n"},
)
def made_outside_is_readable(graph: Graph) -> Iterator[Finding]:
    """What is declared to be made outside is a YAML list of objects, each with kind, name and maker."""
    for item in graph.declarations:
        if item.mistake:
            yield item.resource.finding(
                f"metadata.annotations[{MADE_OUTSIDE}]",
                item.mistake,
                fix="- {kind: Secret, name: ..., keys: [...], by: who makes it}",
            )
