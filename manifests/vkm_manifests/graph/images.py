"""Images: which software a container runs, as far as its image's name says."""

from dataclasses import dataclass
from typing import Any

from vkm_manifests.graph import shape
from vkm_manifests.graph.pod import Pod


@dataclass(frozen=True, slots=True)
class Image:
    """An image's name, in its parts; each is empty where the name does not have it.

    Attributes:
        repository: such as `quay.io/prometheus/prometheus`.
        tag: such as `v3.13.2`.
        digest: such as `sha256:0123...`.
    """

    repository: str
    tag: str
    digest: str

    @classmethod
    def of(cls, name: Any) -> "Image":
        """An image by its name; what is no text has no parts.

        >>> Image.of("localhost:5000/web:1.0@sha256:0123")
        Image(repository='localhost:5000/web', tag='1.0', digest='sha256:0123')
        """
        named, _, digest = name.strip().partition("@") if isinstance(name, str) else ("", "", "")
        folder, slash, last = named.rpartition("/")
        base, _, tag = last.partition(":")
        return cls(repository=f"{folder}{slash}{base}", tag=tag, digest=digest)

    @property
    def basename(self) -> str:
        """The last part of the repository."""
        return self.repository.rpartition("/")[2]


def software(image: Any) -> str:
    """The last part of an image's name, without tag and digest.

    >>> software("quay.io/prometheus/prometheus:v3.13.2@sha256:0123")
    'prometheus'
    """
    return Image.of(image).basename


def runs(pod: Pod, *names: str) -> bool:
    """Whether one of the pod's containers that stay has an image of such a name."""
    return any(software(shape.text(c.manifest, "image")) in names for c in pod.containers if not c.init)
