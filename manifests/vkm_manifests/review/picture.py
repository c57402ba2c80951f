"""The part of the architecture that a change is about, as a picture."""

from vkm_manifests.diagram.boxes import Mark
from vkm_manifests.diagram.picture import Picture
from vkm_manifests.graph.graph import Graph
from vkm_manifests.identity import Identity
from vkm_manifests.review import Review


def picture_of(review: Review) -> Picture:
    """What changes, marked, with what is beside it; what is removed is drawn, too."""
    changes = review.comparison.changes
    removed = [change.object.manifest for change in changes if change.new is None]
    marks: dict[Identity, Mark] = {change.identity: change.sort for change in changes}
    there = [*(resource.manifest for resource in review.comparison.new.resources), *removed]
    return Picture.of(Graph(there), marks, only_marked=True)
