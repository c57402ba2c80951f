"""Two sets of manifests, side by side. Built once, shared by all risks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.shape import Manifest
from vkm_manifests.identity import Identity
from vkm_manifests.review.change import Added, Change, Changed, Removed
from vkm_manifests.review.difference import compare
from vkm_manifests.review.observed import is_provisioned, written
from vkm_manifests.review.pairs import pairs


@dataclass(frozen=True, eq=False)
class PodChange:
    """A workload that is there before and after, and whose pods are described otherwise.

    Attributes:
        change: of the workload.
        old: its pods as they were.
        new: its pods as they are.
    """

    change: Changed
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
        before, after = (
            sorted(((Identity.of(manifest), manifest) for manifest in side), key=itemgetter(0)) for side in (old, new)
        )
        self.old = Graph(written(before, after))
        self.new = Graph(written(after, before))

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        """The objects that are not what they were, sorted."""
        found: list[Change] = []
        for before, after in pairs(self.old.resources, self.new.resources):
            if before and after:
                fields = compare(before.manifest, after.manifest)
                found += [Changed(before, after, fields)] if fields else []
            elif before and not is_provisioned(before):
                found.append(Removed(before, None))
            elif after and not is_provisioned(after):
                found.append(Added(None, after))
        return tuple(sorted(found, key=lambda change: change.identity))

    def added(self, *kinds: str) -> Iterator[Resource]:
        """The objects of these kinds (of all, for none) that are there under a new name: added, or renamed."""
        return (change.new for change in self.come(*kinds))

    def removed(self, *kinds: str) -> Iterator[Removed | Changed]:
        """The changes by which an object of these kinds (of all, for none) is no longer there: removed, or renamed."""
        for change in self._of_kind(kinds):
            if isinstance(change, Removed) or (isinstance(change, Changed) and change.renamed_from):
                yield change

    def changed(self, *kinds: str) -> Iterator[Changed]:
        """The changes of objects of these kinds (of all, for none) that are there before and after, by one name."""
        for change in self._of_kind(kinds):
            if isinstance(change, Changed) and not change.renamed_from:
                yield change

    def come(self, *kinds: str) -> Iterator[Added | Changed]:
        """The changes by which an object of these kinds (of all, for none) is new: added, or renamed."""
        for change in self._of_kind(kinds):
            if isinstance(change, Added) or (isinstance(change, Changed) and change.renamed_from):
                yield change

    def _of_kind(self, kinds: Sequence[str]) -> Iterator[Change]:
        return (change for change in self.changes if not kinds or change.kind in kinds)

    @cached_property
    def by_identity(self) -> Mapping[Identity, Change]:
        """Each change by the object as it is, or was."""
        return {change.identity: change for change in self.changes}

    @cached_property
    def pods(self) -> tuple[PodChange, ...]:
        """The workloads that are there before and after, by one name, and are not what they were."""
        return tuple(pods for pods in self.pods_by_any_name if not pods.change.renamed_from)

    @cached_property
    def pods_by_any_name(self) -> tuple[PodChange, ...]:
        """As `pods`, with the workloads that have a new name."""
        found = []
        for change in self.changes:
            if isinstance(change, Changed):
                old, new = Pod.of(change.old), Pod.of(change.new)
                if old and new:
                    found.append(PodChange(change, old, new))
        return tuple(found)

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
