"""Images: which software a container runs, as far as its image's name says."""

import re
from typing import Any

from vkm_manifests.graph import shape
from vkm_manifests.graph.pod import Pod

_TAG_AND_DIGEST = re.compile(r"(:[^/@]*)?(@.*)?$")


def software(image: Any) -> str:
    """The last part of an image's name, without tag and digest.

    >>> software("quay.io/prometheus/prometheus:v3.13.2@sha256:0123")
    'prometheus'
    """
    return _TAG_AND_DIGEST.sub("", image).rpartition("/")[2] if isinstance(image, str) else ""


def runs(pod: Pod, *names: str) -> bool:
    """Whether one of the pod's containers that stay has an image of such a name."""
    return any(software(shape.text(c.manifest, "image")) in names for c in pod.containers if not c.init)
