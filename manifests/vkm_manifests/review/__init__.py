"""Review: what a change of manifests will do to the running system, before a cluster sees it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.shape import Manifest
from vkm_manifests.identity import KUBERNETES_GROUPS, Identity
from vkm_manifests.review import risks
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.difference import Field
from vkm_manifests.review.risk import LEVELS, MEANINGS, RISKS, Concern, Level, Risk

__all__ = [
    "LEVELS",
    "MEANINGS",
    "RISKS",
    "Change",
    "Comparison",
    "Concern",
    "Field",
    "Level",
    "Review",
    "Reviewed",
    "Risk",
    "review",
    "risks",
]

# Risks of downtime, which only a rollout brings.
_OF_ROLLOUTS: Final = ("pods-stop-before-others-start",)


@dataclass(frozen=True, eq=False)
class Reviewed:
    """One changed object, and what somebody should know of it.

    Attributes:
        change: what becomes of it.
        concerns: the worst first; never empty.
    """

    change: Change
    concerns: tuple[Concern, ...]

    @property
    def worst(self) -> Concern:
        """The worst of them."""
        return self.concerns[0]


@dataclass(frozen=True, eq=False)
class Review:
    """What a change of manifests will do.

    Attributes:
        comparison: both sets of manifests.
        objects: those that are not what they were, the worst first.
    """

    comparison: Comparison
    objects: tuple[Reviewed, ...]

    @property
    def worst(self) -> Level:
        """The worst that it does; `routine` where nothing is changed."""
        return self.objects[0].worst.level if self.objects else LEVELS[-1]


def review(old: Iterable[Manifest], new: Iterable[Manifest]) -> Review:
    """What a change of manifests will do to the running system.

    Args:
        old: plain data: what runs.
        new: what shall run.
    """
    comparison = Comparison(old, new)
    found: dict[object, list[Concern]] = {change.identity: [] for change in comparison.changes}
    for risk in RISKS.values():
        for concern in risk.check(comparison):
            found[concern.object].append(concern)
    objects = [Reviewed(change, _told(change, found[change.identity])) for change in comparison.changes]
    return Review(comparison, tuple(sorted(objects, key=lambda item: (item.worst.rank, item.change.identity))))


def _told(change: Change, concerns: list[Concern]) -> tuple[Concern, ...]:
    """The worst first; nothing routine beside what is not, and no restart of what is refused as a whole."""
    refused = any(concern.level == "replace" for concern in concerns)
    serious = [
        concern
        for concern in concerns
        if concern.level != "routine" and not (refused and (concern.level == "restart" or concern.risk in _OF_ROLLOUTS))
    ]
    return tuple(sorted(serious or concerns, key=lambda concern: concern.rank)) or (_routine(change),)


def _routine(change: Change) -> Concern:
    """What is told of a change of which no risk tells."""
    match change.sort:
        case "added":
            return change.concern("is new", do="")
        case "removed":
            do = f"delete it when nothing needs it: {_delete(change.identity)}"
            return change.concern("is no longer wanted; kubectl apply leaves it in the cluster", do=do)
    if change.renamed_from:
        do = f"delete the old one when nothing needs it: {_delete(change.renamed_from)}"
        return change.concern(f"was {change.renamed_from}", do=do)
    if change.kind == "Job" and not shape.text(change.object.manifest, "metadata", "name"):
        return change.concern("runs once, under a name of its own, whenever it is created", do="")
    if change.object.group not in KUBERNETES_GROUPS:
        return change.concern("takes effect when its controller takes it up", do="")
    return change.concern("takes effect without a restart", do="")


def _delete(identity: Identity) -> str:
    where = f"-n {identity.namespace} " if identity.namespace else ""
    # `service` alone is Kubernetes' own, whatever other group has a kind of that name.
    group = "" if identity.group in KUBERNETES_GROUPS else f".{identity.group}"
    return f"kubectl {where}delete {identity.kind.lower()}{group} {identity.name}"
