"""Storage: which class, disks and backups a claim has."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.resource import Resource
from vkm_manifests.review.change import Changed
from vkm_manifests.review.comparison import Comparison

DEFAULT_CLASS: Final = "storageclass.kubernetes.io/is-default-class"
"""The annotation of the class that claims have which name none."""
LONGHORN: Final = "driver.longhorn.io"
"""Longhorn's provisioner."""
BACKUP_TASKS: Final = ("backup", "backup-force-create", "system-backup")
"""What Longhorn's recurring jobs do that outlives a volume."""


def class_of(graph: Graph, spec: Mapping[str, Any]) -> Resource | None:
    """The class of a claim's spec, as far as the input has it."""
    name = spec.get("storageClassName")
    if isinstance(name, str):
        return graph.find("StorageClass", "", name)
    return next((c for c in graph.of_kind("StorageClass") if c.annotations.get(DEFAULT_CLASS) == "true"), None)


def claim_templates(workload: Resource) -> list[str]:
    """The names of the claims that a StatefulSet makes for each pod."""
    if workload.kind != "StatefulSet":
        return []
    return [shape.text(claim, "metadata", "name") for claim in shape.mappings(workload.spec, "volumeClaimTemplates")]


def claims_by_volume(pod: Pod) -> Mapping[str, str]:
    """The volumes of a pod that are claims, each to the claim's name; a StatefulSet's end in the set's name."""
    found = {}
    for volume in shape.mappings(pod.spec, "volumes"):
        claim = shape.text(volume, "persistentVolumeClaim", "claimName")
        if claim:
            found[shape.text(volume, "name")] = claim
    for name in claim_templates(pod.workload):
        found[name] = f"{name}-{pod.workload.name}"
    return found


@fact
def users_of_claims(graph: Graph) -> Mapping[tuple[str, str], Sequence[Pod]]:
    """The pods that mount each claim, by its namespace and name."""
    found: dict[tuple[str, str], list[Pod]] = {}
    for pod in graph.own_pods:
        for name in dict.fromkeys(claims_by_volume(pod).values()):
            found.setdefault((pod.namespace, name), []).append(pod)
    return found


@fact
def _jobs_by_group(graph: Graph) -> Mapping[str, Sequence[Resource]]:
    """Longhorn's recurring jobs by their groups, and by `job/name`."""
    found: dict[str, list[Resource]] = {}
    for job in graph.of_kind("RecurringJob"):
        if job.group == "longhorn.io":
            for group in (f"job/{job.name}", *shape.texts(job.spec, "groups")):
                found.setdefault(group, []).append(job)
    return found


def recurring_jobs_of(graph: Graph, claim: Resource) -> list[Resource]:
    """The recurring jobs of Longhorn that take a claim's volume."""
    storage = class_of(graph, claim.spec)
    if storage and shape.text(storage.manifest, "provisioner") != LONGHORN:
        return []
    wanted = []
    if claim.labels.get("recurring-job.longhorn.io/source") == "enabled":
        for label, value in claim.labels.items():
            prefix, _, name = label.partition("/")
            if value == "enabled" and prefix == "recurring-job-group.longhorn.io":
                wanted.append(name)
            if value == "enabled" and prefix == "recurring-job.longhorn.io" and name != "source":
                wanted.append(f"job/{name}")
    known = _jobs_by_group(graph)
    found = [job for group in wanted or ["default"] for job in known.get(group, ())]
    return list(dict.fromkeys(found))


def backups_of(graph: Graph, claim: Resource) -> list[Resource]:
    """Those of them that make backups, which outlive the volume, unlike snapshots."""
    return [job for job in recurring_jobs_of(graph, claim) if shape.text(job.spec, "task") in BACKUP_TASKS]


def resized(comparison: Comparison) -> Iterator[tuple[Changed, str, str]]:
    """The claims whose size is another one: before and after."""
    path = ("spec", "resources", "requests", "storage")
    for change in comparison.changed("PersistentVolumeClaim"):
        if change.field(*path):
            before, after = (str(shape.dig(side.manifest, *path) or "") for side in (change.old, change.new))
            yield change, before, after
