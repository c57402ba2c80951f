"""Data loss: what pods write, and where it goes."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.images import Image, software
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.software import DATABASES
from vkm_manifests.review.comparison import Comparison, PodChange
from vkm_manifests.review.examples import DATABASE, WORKLOAD
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.storage import claim_templates, claims_by_volume
from vkm_manifests.review.wording import listed


@dataclass(frozen=True, slots=True)
class _Place:
    """What a container finds at a path.

    Attributes:
        volume: the name of the volume that is mounted there; empty if none is.
        claim: the claim that it is; empty if it is none.
        keeps: what outlives the pods there: the claim, a node's folder or a share; empty if nothing does.
        part: the folder of it.
        sort: the kind of volume: `persistentVolumeClaim`, `emptyDir`, ...
        writable: whether it can write there.
    """

    volume: str = ""
    claim: str = ""
    keeps: str = ""
    part: str = ""
    sort: str = ""
    writable: bool = False


@risk(
    "data-loss",
    before=WORKLOAD,
    breaks={"persistentVolumeClaim: {claimName: data}": "emptyDir: {sizeLimit: 1Gi}"},
    passes={"emptyDir: {}": "emptyDir: {sizeLimit: 1Gi}"},
)
def path_loses_its_volume(comparison: Comparison) -> Iterator[Concern]:
    """A container finds no volume, or another one, where it has kept its data.

    What it writes to an emptyDir, or to no volume at all, is gone with the pod; and what it has written so far is not
    there any more.
    """
    renamed = {
        (change.old.namespace, change.old.name): change.new.name if change.new else ""
        for change in comparison.removed("PersistentVolumeClaim")
    }
    for pods in comparison.pods_by_any_name:
        by_cause: dict[tuple[str, str, str], list[_Loss]] = {}
        for loss in _losses(pods):
            # A claim that is renamed, or made anew for a renamed StatefulSet, is told of as such.
            if loss.new.claim and renamed.get((pods.old.namespace, loss.old.claim)) == loss.new.claim:
                continue
            by_cause.setdefault((loss.old.keeps, loss.new.keeps, loss.new.sort), []).append(loss)
        for losses in by_cause.values():
            first = losses[0]
            field = f"{first.container.field}.volumeMounts[{first.path}]"
            yield pods.change.concern(_lost(losses), do=_instead(first), field=field)


@dataclass(frozen=True, slots=True)
class _Loss:
    """A path at which a container wrote to what is kept, and finds something else."""

    container: Container
    path: str
    old: _Place
    new: _Place


def _losses(pods: PodChange) -> Iterator[_Loss]:
    before, after = (claims_by_volume(pod) for pod in (pods.old, pods.new))
    made = claim_templates(pods.old.workload), claim_templates(pods.new.workload)
    renamed_to: dict[str, Container] = {}
    known = {container.name for container in pods.old.containers}
    for container in pods.new.containers:
        if container.name not in known:
            for path in _places(pods.new, container, after):
                renamed_to.setdefault(path, container)
    for old, new in pods.containers():
        for path, place in _places(pods.old, old, before).items() if old else ():
            if not place.keeps or not place.writable:
                continue
            # A container that is gone writes nothing; one with the same path may be it, under a new name.
            now = new or renamed_to.get(path)
            if now is None:
                continue
            places = _places(pods.new, now, after)
            found = _place_of(places, path)
            if pods.change.renamed_from and place.volume in made[0] and found.volume in made[1]:
                continue
            if not found.volume and _is_moved(now, place, places):
                continue
            if (found.keeps, found.part) != (place.keeps, place.part):
                yield _Loss(now, path, place, found)


def _is_moved(container: Container, old: _Place, places: Mapping[str, _Place]) -> bool:
    """Whether the same folder is mounted at another path, of which the program is told."""
    told = [*settings_of(container).values(), *shape.texts(container.manifest, "args")]
    return any(
        (place.keeps, place.part) == (old.keeps, old.part) and any(path in value for value in told)
        for path, place in places.items()
    )


def _places(pod: Pod, container: Container, claims: Mapping[str, str]) -> dict[str, _Place]:
    """What a container finds at each path at which something is mounted."""
    volumes = {shape.text(volume, "name"): volume for volume in shape.mappings(pod.spec, "volumes")}
    found = {}
    for mount in shape.mappings(container.manifest, "volumeMounts"):
        name = shape.text(mount, "name")
        sort = next((str(key) for key in volumes.get(name, {}) if key != "name"), "")
        source = shape.mapping(volumes.get(name), "persistentVolumeClaim")
        found[shape.text(mount, "mountPath").rstrip("/") or "/"] = _Place(
            volume=name,
            claim=claims.get(name, ""),
            keeps=f"volume {claims[name]}" if name in claims else _keeps(pod, volumes.get(name)),
            part=(shape.text(mount, "subPath") or shape.text(mount, "subPathExpr")).strip("/"),
            sort="persistentVolumeClaim" if name in claims else sort,
            writable=mount.get("readOnly") is not True and source.get("readOnly") is not True,
        )
    return found


# What is below these is the node's own, and is there again when it starts.
_OF_NODE: Final = re.compile(r"/?|/(?:dev|etc|lib|proc|run|sys|tmp|usr|var/lib/kubelet|var/log|var/run)(?:/.*)?")


def _keeps(pod: Pod, volume: Mapping[str, Any] | None) -> str:
    """What outlives the pods in a volume that is no claim; empty if nothing does, or only what agents of nodes see."""
    folder = shape.text(volume, "hostPath", "path")
    if folder and pod.workload.kind != "DaemonSet" and not _OF_NODE.fullmatch(folder):
        return f"the node's folder {folder}"
    share = shape.mapping(volume, "nfs") or shape.mapping(volume, "csi", "volumeAttributes")
    server, path = (shape.text(share, key) for key in ("server", "path" if "path" in share else "share"))
    where = f"{server}:{path}" if server and path else shape.text(share, "source")
    return f"the share {where}" if where else ""


def _place_of(places: Mapping[str, _Place], path: str) -> _Place:
    """What is found at a path: mounted there, or a folder of what is mounted above it."""
    below = ""
    above = path
    while above:
        if above in places:
            place = places[above]
            return replace(place, part="/".join(filter(None, (place.part, below))))
        above, _, step = above.rpartition("/")
        below = "/".join(filter(None, (step, below)))
    return _Place()


def _lost(losses: Sequence[_Loss]) -> str:
    old, new = losses[0].old, losses[0].new
    who = listed([loss.container.name for loss in losses])
    finds = "finds" if len({loss.container.name for loss in losses}) == 1 else "find"
    where = listed([loss.path for loss in losses])
    folders = listed([loss.old.part or "/" for loss in losses])
    before = old.keeps + (f" (folder {folders})" if folders != "/" else "")
    if not new.volume:
        return (
            f"{who} {finds} nothing mounted at {where}, where {before} was: what is written there is gone with the pod"
        )
    if new.keeps == old.keeps:
        found, fate = f"folder {new.part or '/'} of {new.keeps}", "it starts with what is there, or empty"
        before = f"folder {folders}"
    elif new.keeps:
        found, fate = new.keeps, "not the data that it had"
    elif new.sort == "emptyDir":
        found, fate = "an emptyDir", "it starts empty, and what is written to it is gone with the pod"
    else:
        found, fate = new.sort or "another volume", "not the data that it had"
    return f"{who} {finds} {found} at {where}, instead of {before}: {fate}"


def _instead(loss: _Loss) -> str:
    if loss.new.keeps:
        copied = "copy what is in the old place to the new one first"
        return f"stop the pods and {copied}; or mount {loss.old.keeps} as before"
    return (
        f"mount {loss.old.keeps} at {loss.path} again; "
        "or make sure that nothing that is written there must outlive a pod"
    )


# Variables and options that say where a database keeps its files.
_DIRECTORIES: Final = ("PGDATA", "MYSQL_DATADIR", "MARIADB_DATADIR", "GF_PATHS_DATA")


_DIRECTORY_OPTIONS: Final = ("--datadir", "--dbpath", "--dir", "--storage.tsdb.path", "--data-dir")


@risk(
    "data-loss",
    before=DATABASE.replace(
        "image: mariadb:11.8.8", "image: mariadb:11.8.8\n        args: [--datadir=/var/lib/mysql/a]"
    ),
    breaks={"--datadir=/var/lib/mysql/a": "--datadir=/var/lib/mysql/b"},
    passes={"--datadir=/var/lib/mysql/a": "--datadir=/var/lib/mysql/a, --max-connections=10"},
)
def data_directory_is_another(comparison: Comparison) -> Iterator[Concern]:
    """A server is told of another directory for its data, or its image has another one: it starts with an empty one.

    Bitnami's images keep it in `/bitnami`, timescaledb-ha in `/home/postgres`, those of the makers elsewhere.
    """
    for pods in comparison.pods_by_any_name:
        for old, new in pods.containers():
            if old is None or new is None:
                continue
            before, after = (settings_of(container) for container in (old, new))
            there, here = (
                _places(pod, container, claims_by_volume(pod)) for pod, container in ((pods.old, old), (pods.new, new))
            )
            yield from _in_folder_of_image(pods, old, new, there)
            for name in (*_DIRECTORIES, *_DIRECTORY_OPTIONS):
                was, now = before.get(name, "").rstrip("/"), after.get(name, "").rstrip("/")
                place, found = _place_of(there, was), _place_of(here, now)
                moved = (place.keeps, place.part) != (found.keeps, found.part)
                if now and was != now and place.keeps and moved:
                    yield pods.change.concern(
                        f"{new.name} keeps its data in {now} instead of {was}: it starts with what is there, or empty",
                        do=f"keep {name} as it was; or stop the pods and move the files first",
                        field=f"{new.field}.{'args' if name.startswith('-') else f'env[{name}]'}",
                    )


def _in_folder_of_image(
    pods: PodChange, old: Container, new: Container, places: Mapping[str, _Place]
) -> Iterator[Concern]:
    before, after = Image.of(old.manifest.get("image")), Image.of(new.manifest.get("image"))
    server = DATABASES.get(before.basename)
    same = server is not None and server == DATABASES.get(after.basename)
    if same and _layout(before) != _layout(after) and any(place.keeps for place in places.values()):
        yield pods.change.concern(
            f"{new.name} finds nothing of what {before.repository} has written, as {after.repository} keeps its data "
            "in another folder: it starts empty",
            do="keep the image; or dump the database, start the new image on an empty volume, and restore",
            field=f"{new.field}.image",
        )


def _layout(image: Image) -> str:
    """Whose folders an image has; empty for those of the software's makers."""
    return next((name for name in ("bitnami", "timescaledb-ha") if name in image.repository), "")


def settings_of(container: Container) -> dict[str, str]:
    """The variables and the long options of a container, each with its value."""
    found = {
        shape.text(variable, "name"): str(variable["value"])
        for variable in shape.mappings(container.manifest, "env")
        if isinstance(variable.get("value"), (str, int, float))
    }
    words = [*shape.texts(container.manifest, "command"), *shape.texts(container.manifest, "args")]
    for word, following in pairwise((*words, "")):
        name, equals, value = word.partition("=")
        if name.startswith("-") and not any(character.isspace() for character in name):
            found[name] = value if equals else "" if following.startswith("--") else following
    return found


def _is_redis(container: Container) -> bool:
    found = DATABASES.get(software(container.manifest.get("image")))
    return found is not None and found.name in ("KeyDB", "Redis", "Valkey")


_IN_MEMORY: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: jobs, namespace: shop}
spec:
  selector: {matchLabels: {app: jobs}}
  template:
    metadata: {labels: {app: jobs}}
    spec:
      containers:
      - name: redis
        image: redis:8.8.2
        args: [redis-server, --appendonly, "yes", --maxmemory-policy, noeviction, --maxmemory, 256mb]
        volumeMounts: [{name: data, mountPath: /data}]
      volumes:
      - name: data
        persistentVolumeClaim: {claimName: jobs}
"""


@risk(
    "data-loss",
    before=_IN_MEMORY,
    breaks={'"yes"': '"no"', "noeviction": "allkeys-lru"},
    passes={"256mb": "512mb"},
)
def redis_forgets(comparison: Comparison) -> Iterator[Concern]:
    """A Redis that kept its data no longer writes it to its volume, or evicts it when its memory is full.

    Queued jobs are lost that way, silently. Redis 8 writes no append-only file unless it is told to (`appendonly`),
    and evicts nothing (`maxmemory-policy noeviction`).
    """
    for pods in comparison.pods_by_any_name:
        for old, new in pods.containers():
            if old is None or new is None or not _is_redis(new):
                continue
            claims = claims_by_volume(pods.old)
            if not any(place.claim for place in _places(pods.old, old, claims).values()):
                continue
            before, after = (settings_of(container) for container in (old, new))
            causes = []
            if before.get("--appendonly") == "yes" and after.get("--appendonly", "no") != "yes":
                saves = "--save" in after and bool(after["--save"].strip("\"' "))
                causes.append(
                    "what it was told since its last snapshot is gone with each restart (appendonly: no)"
                    if saves
                    else "it keeps nothing over a restart (appendonly: no)"
                    if "--save" in after
                    else "up to an hour of what it was told is gone when it crashes (appendonly: no)"
                )
            policy = after.get("--maxmemory-policy", "noeviction")
            if before.get("--maxmemory-policy", "noeviction") == "noeviction" and policy != "noeviction":
                causes.append(f"it throws keys away when its memory is full (maxmemory-policy: {policy})")
            if causes:
                yield pods.change.concern(
                    f"{new.name} kept its data; now {', and '.join(causes)}",
                    do="keep it durable where jobs or sessions are in it; put what may be lost into another Redis",
                    field=f"{new.field}.args",
                )
