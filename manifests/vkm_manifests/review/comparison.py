"""Two sets of manifests, side by side. Built once, shared by all risks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.shape import Manifest
from vkm_manifests.identity import Identity
from vkm_manifests.review.change import Change
from vkm_manifests.review.difference import compare
from vkm_manifests.review.pairs import pairs


@dataclass(frozen=True, eq=False)
class PodChange:
    """A workload that is there before and after, and whose pods are described otherwise.

    Attributes:
        change: of the workload.
        old: its pods as they were.
        new: its pods as they are.
    """

    change: Change
    old: Pod
    new: Pod

    @property
    def template(self) -> tuple[str, ...]:
        """The path to the pods' description: `("spec", "template")`; empty for a bare Pod."""
        return tuple(self.new.field.split(".")) if self.new.field else ()

    @property
    def spec(self) -> tuple[str, ...]:
        """The path to the pods' spec."""
        return (*self.template, "spec")

    def containers(self) -> Iterator[tuple[Container | None, Container | None]]:
        """Each container, as it was and as it is, by its name."""
        old, new = ({container.name: container for container in pod.containers} for pod in (self.old, self.new))
        for name in dict.fromkeys((*old, *new)):
            yield old.get(name), new.get(name)


class Comparison:
    """Two sets of manifests, side by side.

    Args:
        old: plain data, as it was.
        new: as it is.
    """

    def __init__(self, old: Iterable[Manifest], new: Iterable[Manifest]) -> None:
        self.old = Graph(sorted(old, key=Identity.of))
        self.new = Graph(sorted(new, key=Identity.of))

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The objects that are not what they were, sorted."""
        found = []
        for before, after in pairs(self.old.resources, self.new.resources):
            if before is None or after is None:
                found.append(Change(before, after))
                continue
            fields = compare(before.manifest, after.manifest)
            if fields:
                found.append(Change(before, after, fields))
        return tuple(sorted(found, key=lambda change: change.identity))

    def added(self, *kinds: str) -> Iterator[Resource]:
        """The objects of these kinds (of all, for none) that are there under a new name: added, or renamed."""
        for change in self._of_kind(kinds):
            if change.new and (change.old is None or change.renamed_from):
                yield change.new

    def removed(self, *kinds: str) -> Iterator[Change]:
        """The changes by which an object of these kinds (of all, for none) is no longer there: removed, or renamed."""
        return (change for change in self._of_kind(kinds) if change.old and (change.new is None or change.renamed_from))

    def changed(self, *kinds: str) -> Iterator[Change]:
        """The changes of objects of these kinds (of all, for none) that are there before and after, by one name."""
        return (change for change in self._of_kind(kinds) if change.old and change.new and not change.renamed_from)

    def come(self, *kinds: str) -> Iterator[Change]:
        """The changes by which an object of these kinds (of all, for none) is new: added, or renamed."""
        return (change for change in self._of_kind(kinds) if change.new and (change.old is None or change.renamed_from))

    def _of_kind(self, kinds: Sequence[str]) -> Iterator[Change]:
        return (change for change in self.changes if not kinds or change.kind in kinds)

    @cached_property
    def by_identity(self) -> Mapping[Identity, Change]:
        """Each change by the object as it is, or was."""
        return {change.identity: change for change in self.changes}

    @cached_property
    def pods(self) -> tuple[PodChange, ...]:
        """The workloads that are there before and after, by one name, and are not what they were."""
        found = []
        for change in self.changed():
            old, new = Pod.of(_of(change.old)), Pod.of(_of(change.new))
            if old and new:
                found.append(PodChange(change, old, new))
        return tuple(found)

    @cached_property
    def pods_by_any_name(self) -> tuple[PodChange, ...]:
        """As `pods`, with the workloads that have a new name."""
        renamed = []
        for change in self.changes:
            if change.renamed_from:
                old, new = Pod.of(_of(change.old)), Pod.of(_of(change.new))
                if old and new:
                    renamed.append(PodChange(change, old, new))
        return (*self.pods, *renamed)

    def former(self, identity: Identity) -> Identity | None:
        """What an object was called; None where it is called as it was, or is new."""
        change = self.by_identity.get(identity)
        return change.renamed_from if change else None

    @cached_property
    def _old_pods(self) -> Mapping[str, Pod]:
        return {str(pod): pod for pod in self.old.own_pods}

    def old_pod(self, pod: Pod) -> Pod | None:
        """The same workload's pods as they were, whatever it was called."""
        return self._old_pods.get(str(self.former(pod.workload.identity) or pod.workload.identity))

    def new_pods(self) -> Iterator[tuple[Change, Pod | None, Pod]]:
        """The pods that are described otherwise, or are new, each with what they were."""
        for pod in self.new.own_pods:
            change = self.by_identity.get(pod.workload.identity)
            if change:
                yield change, self.old_pod(pod), pod


def _of(resource: Resource | None) -> Resource:
    if resource is None:
        raise ValueError("it is there")
    return resource
