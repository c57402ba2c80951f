"""The picture of manifests: what there is, and who talks to whom; as Mermaid, as D2 and as SVG."""

from vkm_manifests.diagram.boxes import Mark
from vkm_manifests.diagram.d2 import as_d2
from vkm_manifests.diagram.mermaid import as_mermaid
from vkm_manifests.diagram.picture import Picture
from vkm_manifests.diagram.svg import NoD2Error, as_svg

__all__ = ["Mark", "NoD2Error", "Picture", "as_d2", "as_mermaid", "as_svg"]
