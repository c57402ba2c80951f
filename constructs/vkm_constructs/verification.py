"""Verification at synth: findings in the manifests, told at the user's lines."""

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

import cdk8s

from vkm_constructs.declarations import made_outside
from vkm_constructs.errors import SynthError
from vkm_constructs.location import location_of
from vkm_constructs.service_chart import ServiceChart
from vkm_manifests import CLUSTER_SCOPED, Identity
from vkm_manifests.verify import Finding, verify

Manifest: TypeAlias = dict[str, Any]


class VerificationError(SynthError):
    """The manifests are wrong together.

    Attributes:
        findings: the errors and warnings, as `vkm verify` finds them.
    """

    def __init__(self, findings: Iterable[Finding], text: str) -> None:
        super().__init__([])
        self.findings = tuple(findings)
        self.args = (text,)


def serialize(app: cdk8s.App) -> dict[str, list[Manifest]]:
    """The manifests of an app by chart, as cdk8s would write them."""
    _declare_namespaces(app)
    return {cdk8s.Names.to_dns_label(chart): chart.to_json() for chart in app.charts}


def _declare_namespaces(app: cdk8s.App) -> None:
    """Say on the first object in each ExistingNamespace of each chart who makes it."""
    for chart in app.charts:
        if isinstance(chart, ServiceChart) and chart.undeclared:
            namespace = chart.undeclared
            objects = (node for node in chart.node.find_all() if isinstance(node, cdk8s.ApiObject))
            inside = (found for found in objects if found.metadata.namespace == namespace.name)
            first = next((found for found in inside if found.kind not in CLUSTER_SCOPED), None)
            if first is not None:
                made_outside(first, "Namespace", namespace.name, by=namespace.made_by)
                chart.undeclared = None


def settle(app: cdk8s.App, manifests: Sequence[Manifest]) -> None:
    """Verify manifests, and tell the warnings on standard error.

    Raises:
        VerificationError: something is wrong.
    """
    findings = [finding for finding in verify(manifests) if not finding.ignored]
    if findings:
        # Imported here: an app in which nothing is wrong needs no report.
        from vkm_manifests.report import as_plain_text

        made = makers(app, {finding.object for finding in findings})
        text = as_plain_text(findings, {found: list(map("  ".join, places)) for found, places in made.items()})
        if any(finding.severity == "error" for finding in findings):
            raise VerificationError(findings, text)
        print(text, file=sys.stderr)


def makers(app: cdk8s.App, wanted: Collection[Identity]) -> dict[Identity, list[tuple[str, str]]]:
    """The line and the path of each construct that made one of these objects (one call into jsii for each object)."""
    found = defaultdict(list)
    for node in app.node.find_all():
        if isinstance(node, cdk8s.ApiObject):
            identity = Identity.of(node.to_json())
            if identity in wanted:
                found[identity].append((location_of(node), node.node.path))
    return found
