"""Verification at synth: findings in the manifests, told at the user's lines."""

import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import Any, TypeAlias

import cdk8s

from vkm_constructs.declarations import add_outside
from vkm_constructs.errors import SynthError
from vkm_constructs.location import location_of
from vkm_constructs.service_chart import ServiceChart
from vkm_constructs.service_namespace import ExistingNamespace
from vkm_manifests import CLUSTER_SCOPED, Identity
from vkm_manifests.graph.outside import MADE_OUTSIDE, Outside
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
    """The manifests of an app by chart, as plain data."""
    charts: dict[str, list[Manifest]] = {cdk8s.Names.to_dns_label(chart): chart.to_json() for chart in app.charts}
    everything = [manifest for found in charts.values() for manifest in found]
    for manifest in everything:
        if manifest["kind"] in CLUSTER_SCOPED:
            # cdk8s writes the chart's namespace on these too, and the API server refuses it (cdk8s 2.70).
            manifest["metadata"].pop("namespace", None)
    made = {manifest["metadata"].get("name") for manifest in everything if manifest["kind"] == "Namespace"}
    for chart, found in zip(app.charts, charts.values(), strict=True):
        if isinstance(chart, ServiceChart) and chart.existing and chart.existing.name not in made:
            _declare(chart.existing, found)
    return charts


def _declare(namespace: ExistingNamespace, manifests: list[Manifest]) -> None:
    """Say on the first object in a namespace that somebody else makes it."""
    for manifest in manifests:
        if manifest["metadata"].get("namespace") == namespace.name:
            annotations = manifest["metadata"].setdefault("annotations", {})
            outside = Outside(kind="Namespace", name=namespace.name, by=namespace.made_by)
            annotations[MADE_OUTSIDE] = add_outside(annotations.get(MADE_OUTSIDE), outside)
            return


def settle(app: cdk8s.App, manifests: Sequence[Manifest]) -> None:
    """Verify manifests, and tell the warnings on standard error.

    Raises:
        VerificationError: something is wrong.
    """
    findings = [finding for finding in verify(manifests) if not finding.ignored]
    if findings:
        # Imported here: an app in which nothing is wrong needs no report.
        from vkm_manifests.report import as_plain_text

        places = {identity: "  ".join(made[-1]) for identity, made in makers(app, {f.object for f in findings}).items()}
        text = as_plain_text(findings, places)
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
