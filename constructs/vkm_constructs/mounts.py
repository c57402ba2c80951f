"""What a container finds at a path: a volume, a Secret's keys or a ConfigMap's files."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdk8s_plus_27 import k8s

from vkm_constructs.checks import check_path, check_sub_path, quantity
from vkm_constructs.errors import Checks


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """One path of a container; made by `.at(…)` of what is mounted.

    Args:
        path: absolute path in the container.
        volume: the pod's volume.
        source: name of what is mounted: a claim, a Secret or a ConfigMap.
        namespace: where that lives; a pod mounts what is in its own namespace only.
        sub_path: file or directory of the volume; None is its root.
        read_only: the container cannot write to it.
        exclusive: only one pod at a time can have it (ReadWriteOnce).
        users: the workloads that keep the volume mounted, as long as they run.
        visitors: the jobs that mount it for a while, one after the other.
        content: what is in it, where that is known: pods roll when it changes.
    """

    path: str
    volume: k8s.Volume
    source: str
    namespace: str
    sub_path: str | None = None
    read_only: bool = False
    exclusive: bool = False
    users: list[str] = field(default_factory=list)
    visitors: list[str] = field(default_factory=list)
    content: str = ""

    def to_k8s(self) -> k8s.VolumeMount:
        """The container's entry in `volumeMounts`."""
        return k8s.VolumeMount(
            name=self.volume.name, mount_path=self.path, sub_path=self.sub_path, read_only=self.read_only or None
        )


def check_mounts(
    check: Checks, mounts: Sequence[Mount], writable: Mapping[str, str], *, namespace: str, at: str = "mounts"
) -> tuple[Mount, ...]:
    """Note paths that are mounted twice, paths that cannot be, sources in other namespaces, volumes in use.

    Returns those that are mounts at all.
    """
    seen = set(writable)
    for mount in mounts:
        if not isinstance(mount, Mount):
            check.refuse(at, mount, "is not a mount", accepted='volume.at("/path")', fix='....at("/data")')
            continue
        check_path(check, at, mount.path)
        if mount.sub_path is not None:
            check_sub_path(check, "sub_path", mount.sub_path)
        others = [*mount.users, *mount.visitors]
        if mount.exclusive and others:
            check.refuse(
                at,
                mount.path,
                f"mounts {mount.source} (ReadWriteOnce), which {others[0]} has",
                accepted='a volume of its own, or one with access_mode="ReadWriteMany"',
                fix="make a LonghornVolume for each",
            )
        if mount.path in seen:
            check.refuse(
                at,
                mount.path,
                "is mounted twice",
                accepted="each path once, in mounts or in security.writable",
                fix="give one of the two another path",
            )
        seen.add(mount.path)
        if namespace and mount.namespace != namespace:
            check.refuse(
                at,
                mount.path,
                f"mounts {mount.source} of namespace {mount.namespace}; a pod mounts from its own only",
                accepted=f"what lives in namespace {namespace}",
                fix=f"make {mount.source} in namespace {namespace}",
            )
    return tuple(mount for mount in mounts if isinstance(mount, Mount))


def keep_mounted(mounts: Sequence[Mount], workload: str) -> None:
    """Remember who has the volumes, so that a second workload cannot claim one that only one pod can have."""
    for mount in mounts:
        if mount.exclusive and workload not in mount.users:
            mount.users.append(workload)


def writable_volumes(writable: Mapping[str, str]) -> list[tuple[k8s.Volume, k8s.VolumeMount]]:
    """An emptyDir with a size limit for each path that the software writes."""
    pairs = []
    for path, size in writable.items():
        name = volume_name("writable", path)
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


def volume_name(kind: str, source: str) -> str:
    """A name for a pod's volume: the kind of its source and the source's name or path.

    The kind stands first, so that a claim and a ConfigMap of one name do not meet; a hash follows where the rest was
    changed or cut, so that `/a-b` and `/a/b` do not.
    """
    name = f"{kind}-{re.sub(r'[^a-z0-9]+', '-', source.lower()).strip('-')}"
    is_plain = name == f"{kind}-{source}" or re.fullmatch(r"(/[a-z0-9]+)+", source)
    if is_plain and len(name) <= 63:
        return name
    return f"{name[:54].rstrip('-')}-{hashlib.sha256(source.encode()).hexdigest()[:8]}"
