"""A container image's reference."""

import re
from dataclasses import dataclass
from typing import Final

from vkm_constructs.errors import Checks

_TAG: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}")
_PART: Final = r"[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*"
_REPOSITORY: Final = re.compile(rf"(?:(?:localhost|(?=[^/]*[.:])[a-zA-Z0-9.-]+)(?::\d+)?/)?{_PART}(?:/{_PART})*")
_LABEL_VALUE: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Image:
    """`repository:tag`, `repository@sha256:…` or both."""

    reference: str
    repository: str
    tag: str | None
    digest: str | None

    @property
    def version(self) -> str | None:
        """The tag, where it can stand in the label `app.kubernetes.io/version`."""
        return self.tag if self.tag and _LABEL_VALUE.fullmatch(self.tag) else None


def parse_image(reference: str) -> Image:
    """Split a reference; whether its parts are acceptable is `check_image`'s business."""
    name, _, digest = reference.partition("@")
    path, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    return Image(reference, path + slash + last, tag or None, digest or None)


def check_image(check: Checks, argument: str, reference: str) -> Image:
    """An image that will still be the same one tomorrow: by tag or digest, and not by `latest`."""
    image = parse_image(reference)
    if reference.endswith(("@", ":")):
        why = "ends where its tag or digest should be"
    elif not image.tag and not image.digest:
        why = "has neither tag nor digest, which means latest"
    elif image.tag == "latest" and not image.digest:
        why = "is whatever was pushed last"
    elif not _REPOSITORY.fullmatch(image.repository):
        why = "has no repository name that a registry accepts"
    elif image.tag and not _TAG.fullmatch(image.tag):
        why = "has a tag that a registry does not accept"
    elif image.digest and not _DIGEST.fullmatch(image.digest):
        why = "has a digest that is not sha256: and 64 hexadecimal digits"
    else:
        return image
    check.refuse(
        argument,
        reference,
        why,
        accepted='"repository:tag", "repository@sha256:<64 hex digits>" or "repository:tag@sha256:…"; not latest',
        fix=f'{argument}="{image.repository if _REPOSITORY.fullmatch(image.repository) else "repository"}:<version>"',
    )
    return image
