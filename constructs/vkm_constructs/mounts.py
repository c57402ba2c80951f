"""What a container finds at a path: a volume, a Secret's keys or a ConfigMap's files."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdk8s_plus_27 import k8s

from vkm_constructs.checks import check_path, quantity
from vkm_constructs.errors import Checks


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One path of a container; made by `.at(…)` of what is mounted.

    Args:
        path: absolute path in the container.
        volume: the pod's volume.
        namespace: where the volume's source lives; a pod mounts what is in its own namespace only.
        sub_path: file or directory of the volume; None is its root.
        read_only: the container cannot write to it.
        exclusive: only one pod at a time can have it (ReadWriteOnce).
        content: what is in it, where that is known: pods roll when it changes.
    """

    path: str
    volume: k8s.Volume
    namespace: str
    sub_path: str | None = None
    read_only: bool = False
    exclusive: bool = False
    content: str = ""

    def to_k8s(self) -> k8s.VolumeMount:
        """The container's entry in `volumeMounts`."""
        return k8s.VolumeMount(
            name=self.volume.name, mount_path=self.path, sub_path=self.sub_path, read_only=self.read_only or None
        )


def check_mounts(check: Checks, mounts: Sequence[Mount], writable: Mapping[str, str], *, namespace: str) -> None:
    """Note paths that are mounted twice, paths that cannot be, and sources in other namespaces."""
    seen = set(writable)
    for mount in mounts:
        check_path(check, "mounts", mount.path)
        if mount.path in seen:
            check.refuse(
                "mounts",
                mount.path,
                "is mounted twice",
                accepted="each path once, in mounts or in security.writable",
                fix="give one of the two another path",
            )
        seen.add(mount.path)
        if mount.namespace != namespace:
            check.refuse(
                "mounts",
                mount.path,
                f"mounts {mount.volume.name} of namespace {mount.namespace}; a pod mounts from its own only",
                accepted=f"what lives in namespace {namespace}",
                fix=f"make {mount.volume.name} in namespace {namespace}",
            )


def writable_volumes(writable: Mapping[str, str]) -> list[tuple[k8s.Volume, k8s.VolumeMount]]:
    """An emptyDir with a size limit for each path that the software writes."""
    pairs = []
    for path, size in writable.items():
        name = _volume_name(path)
        volume = k8s.Volume(name=name, empty_dir=k8s.EmptyDirVolumeSource(size_limit=quantity(size)))
        pairs.append((volume, k8s.VolumeMount(name=name, mount_path=path)))
    return pairs


def distinct_volumes(mounts: Sequence[Mount]) -> list[k8s.Volume]:
    """The pod's volumes: one for each name, however often it is mounted."""
    return list({mount.volume.name: mount.volume for mount in mounts}.values())


def content_hash(mounts: Sequence[Mount]) -> str | None:
    """A short hash over all mounted files whose content is known here; None where there are none."""
    known = "\0".join(mount.content for mount in mounts if mount.content)
    return hashlib.sha256(known.encode()).hexdigest()[:16] if known else None


def _volume_name(path: str) -> str:
    name = "writable" + re.sub(r"[^a-z0-9]", "-", path.lower())
    if re.fullmatch(r"(/[a-z0-9]+)+", path) and len(name) <= 63:
        return name
    # "/a-b" and "/a/b" must not meet in one name.
    return f"{name[:54].rstrip('-')}-{hashlib.sha256(path.encode()).hexdigest()[:8]}"
