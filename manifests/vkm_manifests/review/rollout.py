"""Rollout: whether a change replaces a workload's pods, why, and how."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import Image
from vkm_manifests.graph.named import references_by_source, references_by_target
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.pod_resources import scale
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.secrets import config_maps_of, secrets_of
from vkm_manifests.review.change import Change, Changed
from vkm_manifests.review.comparison import Comparison, PodChange
from vkm_manifests.review.difference import Field, field_name
from vkm_manifests.review.users import makers, pods_by_workload
from vkm_manifests.review.wording import counted

_CHECKSUM: Final = re.compile(r"checksum|hash", re.IGNORECASE)
_VERSION: Final = "app.kubernetes.io/version"
_DIGEST_SHOWN: Final = len("sha256:") + 12
_LISTS: Final = ("containers", "initContainers")
_RESTARTED_BY_KUBECTL: Final = ("DaemonSet", "Deployment", "StatefulSet")
_RELOADER: Final = "reloader.stakater.com"
# What is told first.
_FIRST, _SECOND, _THIRD, _LAST = range(4)


@dataclass(frozen=True, slots=True)
class Rollout:
    """How the pods of a workload are replaced.

    Attributes:
        pods: how many, in words.
        way: `one by one`, ...
        gap: whether for a while none of them answers.
    """

    pods: str
    way: str
    gap: bool

    def __str__(self) -> str:
        """`2 pods are replaced one by one`."""
        one = self.pods == "1 pod" or self.pods.startswith("the pod")
        return f"{self.pods} {'is' if one else 'are'} replaced{', ' if self.gap else ' '}{self.way}"


def rollout(graph: Graph, pod: Pod) -> Rollout | None:
    """How a workload's pods are replaced when their description changes; None where that replaces none by itself."""
    size = scale(graph, pod)
    count, most = (size.least or 1, size.most) if size.scaler else (pod.replicas, pod.replicas)
    pods = counted(count, "pod") if count == most else f"{count} to {most} pods"
    if count <= 0:
        return None
    match pod.workload.kind:
        case "Deployment" if not is_paused(pod):
            return _of_deployment(pod, count, most, pods)
        case "StatefulSet" if shape.text(pod.workload.spec, "updateStrategy", "type") != "OnDelete":
            return _of_stateful_set(pod, count, pods)
        case "DaemonSet" if shape.text(pod.workload.spec, "updateStrategy", "type") != "OnDelete":
            missing = shape.dig(pod.workload.spec, "updateStrategy", "rollingUpdate", "maxUnavailable")
            at_once = missing == "100%"
            way = "on all nodes at once, the old before the new" if at_once else "node by node"
            return Rollout("the pod of each node", way, gap=at_once)
    return None


def is_paused(pod: Pod) -> bool:
    """Whether a Deployment replaces no pods until somebody lets it."""
    return pod.workload.kind == "Deployment" and pod.workload.spec.get("paused") is True


def _of_deployment(pod: Pod, count: int, most: int, pods: str) -> Rollout:
    strategy = shape.mapping(pod.workload.spec, "strategy")
    at_once = "the old before the new" if pods == "1 pod" else "all at once, the old before the new"
    if shape.text(strategy, "type") == "Recreate":
        return Rollout(pods, at_once, gap=True)
    surge = share(shape.dig(strategy, "rollingUpdate", "maxSurge"), count, up=True)
    missing = share(shape.dig(strategy, "rollingUpdate", "maxUnavailable"), count, up=False)
    if not surge and not missing:
        missing = 1
    if missing >= count:
        return Rollout(pods, at_once, gap=True)
    if most == 1:
        return Rollout(pods, "once the new one is ready", gap=False)
    at_a_time = min(surge + missing, count)
    way = "one by one" if at_a_time == 1 else f"up to {at_a_time} at a time"
    return Rollout(pods, f"{way}, {missing} missing meanwhile" if missing else way, gap=False)


def _of_stateful_set(pod: Pod, count: int, pods: str) -> Rollout | None:
    partition = shape.number(pod.workload.spec, "updateStrategy", "rollingUpdate", "partition") or 0
    count = min(count, count - partition) if partition > 0 else count
    if count <= 0:
        return None
    if partition > 0:
        return Rollout(counted(count, "pod"), f"from the last down to number {partition}", gap=False)
    gap = count == 1 and pods == "1 pod"
    return Rollout(pods, "the old before the new" if gap else "one by one, from the last", gap=gap)


def replicas(change: Changed) -> tuple[int, int]:
    """How many pods there were, and are; none and none where that field says the same."""
    if not change.field("spec", "replicas"):
        return 0, 0
    before, after = (shape.number(resource.spec, "replicas") for resource in (change.old, change.new))
    return 1 if before is None else before, 1 if after is None else after


def share(value: Any, total: int, *, up: bool) -> int:
    """A number of pods, or a percentage of them; 25% where nothing is said, as of a Deployment's rollingUpdate."""
    if isinstance(value, int) and not isinstance(value, bool):
        return max(value, 0)
    match = re.fullmatch(r"(\d{1,4})%", value) if isinstance(value, str) else None
    percent = int(match[1]) if match else 25
    return -(-percent * total // 100) if up else percent * total // 100


def seconds_to_start(pod: Pod) -> int:
    """How long the pod's containers may take to start, by their startup probes; 0 where none is probed so."""
    return max((_budget(c.manifest, "startupProbe") or 0 for c in pod.containers if not c.init), default=0)


def startup_budget(container: Container) -> int | None:
    """After how many seconds a container that does not answer from its start is killed; None for never."""
    startup = _budget(container.manifest, "startupProbe")
    return _budget(container.manifest, "livenessProbe") if startup is None else startup


def liveness_budget(container: Container) -> int | None:
    """After how many seconds a container that has started, and stops to answer, is killed; None for never.

    None as well without a startup probe, where the liveness probe decides about the start, too.
    """
    found = _budget(container.manifest, "livenessProbe")
    delay = shape.number(container.manifest, "livenessProbe", "initialDelaySeconds") or 0
    return None if found is None or not shape.mapping(container.manifest, "startupProbe") else found - delay


def _budget(container: Mapping[str, Any], key: str) -> int | None:
    probe = shape.mapping(container, key)
    if not probe:
        return None
    period, failures = shape.number(probe, "periodSeconds") or 10, shape.number(probe, "failureThreshold") or 3
    return (shape.number(probe, "initialDelaySeconds") or 0) + period * failures


def template_fields(pods: PodChange) -> list[Field]:
    """The fields of the pods' description that are not what they were."""
    return list(pods.change.below(*pods.template)) if pods.template else []


def is_replaced(pods: PodChange, graph: Graph) -> bool:
    """Whether pods are replaced by the change."""
    return bool(template_fields(pods)) and rollout(graph, pods.new) is not None


# Why.


def causes(comparison: Comparison, pods: PodChange) -> list[str]:
    """What is different in the pods' description, the most telling first."""
    found: dict[tuple[int, str], list[str]] = {}
    for field in template_fields(pods):
        for rank, text, container in _causes_of(comparison, pods, field):
            found.setdefault((rank, text), []).append(container)
    main = next((container.name for container in pods.new.containers if "containers[" in container.field), "")
    ordered = sorted(found.items(), key=lambda item: item[0][0])
    if any(rank == _FIRST for (rank, _), _ in ordered):
        ordered = [item for item in ordered if item[0][1] != f"label {_VERSION}"]
    return [
        text if rank == _SECOND or {"", main} & set(containers) else f"{text} of {containers[0]}"
        for (rank, text), containers in ordered
    ]


def _causes_of(comparison: Comparison, pods: PodChange, field: Field) -> Iterator[tuple[int, str, str]]:
    """Rank, text and container (or an empty text) of each cause that a field is."""
    spec = pods.spec
    if not field.is_below(*spec):
        yield from ((rank, text, "") for rank, text in _causes_in_metadata(comparison, pods, field))
        return
    rest = field.path[len(spec) :]
    match rest:
        case (kind, container) if kind in _LISTS:
            name = container.strip("[]")
            yield _FIRST, f"{'new container' if field.old is None else 'without container'} {name}", ""
        case (kind, container, "name") if kind in _LISTS:
            yield _THIRD, f"container {container.strip('[]')} is called {field.new}", ""
        case (kind, container, *below) if kind in _LISTS:
            rank, text = _cause_in_container(below, field)
            yield rank, text, container.strip("[]")
        case ("volumes", volume, *_):
            yield _THIRD, f"volume {volume.strip('[]')}", ""
        case ("securityContext", name):
            yield _THIRD, f"{name} {_shown(field.old)} → {_shown(field.new)}", ""
        case (name, *_):
            yield _THIRD, name, ""
        case _:
            yield _THIRD, "all of it", ""


def _cause_in_container(below: list[str], field: Field) -> tuple[int, str]:
    match below:
        case ["image"]:
            return _FIRST, f"image {_image(field.old, field.new)}"
        case ["env", variable, *_]:
            return _SECOND, variable.strip("[]")
        case ["resources", amounts, resource]:
            word = {"limits": "limit", "requests": "request"}.get(amounts, amounts)
            return _THIRD, f"{resource} {word} {_shown(field.old)} → {_shown(field.new)}"
        case ["volumeMounts", path, *_]:
            return _THIRD, f"mount {path.strip('[]')}"
    return _THIRD, below[0]


def _shown(value: Any) -> str:
    return "none" if value is None else str(value)


def _image(old: Any, new: Any) -> str:
    before, after = Image.of(old), Image.of(new)
    if before.repository != after.repository:
        return f"{_shown(old)} → {_shown(new)}"
    if before.tag != after.tag:
        return f"{before.tag or 'without a tag'} → {after.tag or 'without a tag'}"
    return " → ".join((image.digest or "without a digest")[:_DIGEST_SHOWN] for image in (before, after))


def _causes_in_metadata(comparison: Comparison, pods: PodChange, field: Field) -> Iterator[tuple[int, str]]:
    below = field.path[len(pods.template) :]
    for key in keys_at(below[2:], field):
        if below[1:2] == ("annotations",) and _CHECKSUM.search(key):
            files = list(changed_and_read(comparison, pods.new))
            yield from ((_SECOND, f"{name} of {source}") for source, name in files)
            if files:
                continue
        yield _LAST, f"{below[1].removesuffix('s')} {key}"
    if below[1:2] not in (("labels",), ("annotations",)):
        yield _LAST, field_name(below) or "all of it"


def keys_at(rest: tuple[str, ...], field: Field) -> Iterator[str]:
    """The keys of labels or annotations that a field is, or holds."""
    if rest:
        yield rest[0]
    elif field.path[-1] in ("labels", "annotations"):
        old, new = (value if isinstance(value, dict) else {} for value in (field.old, field.new))
        yield from (str(key) for key in {**old, **new} if old.get(key) != new.get(key))


# What pods read.

WAYS: Final = ("env", "part", "files")
"""How pods read a Secret or ConfigMap, in the order of who is latest to know that it is another one."""


def changed_keys(change: Change) -> frozenset[str]:
    """The keys of a Secret or ConfigMap that are not what they were, as far as manifests say."""
    return frozenset(key for field in change.fields for key in _keys_of(change, field))


def kept_keys(change: Change) -> frozenset[str]:
    """Those of them that are there still."""
    return frozenset(
        key
        for field in change.fields
        for key in _keys_of(change, field)
        # Of what is gone from a file, the file is there still.
        if field.new is not None or (len(field.path) > 1 and field.path[-1].strip("[]") != key)
    )


def _keys_of(change: Change, field: Field) -> Iterator[str]:
    match field.path:
        case ("data" | "binaryData" | "stringData", key, *_):
            yield key
        case ("data" | "binaryData" | "stringData",):
            yield from (str(key) for value in (field.old, field.new) if isinstance(value, dict) for key in value)
        case ("spec", "data", key, *_) if change.kind == "ExternalSecret":
            yield key.strip("[]")
        case ("spec", "encryptedData", key) if change.kind == "SealedSecret":
            yield key
        case ("spec", "target", "template", "data", key, *_):
            yield key


def changed_and_read(comparison: Comparison, pod: Pod) -> Iterator[tuple[str, str]]:
    """The changed Secrets and ConfigMaps that a pod reads: name, and each key that it reads."""
    for kind, name, keys, _ in readings(comparison.new, pod):
        for maker in makers(comparison.new).get((kind, pod.namespace, name), ()):
            change = comparison.by_identity.get(maker.identity)
            changed = changed_keys(change) if change and change.old else frozenset()
            yield from ((name, key) for key in sorted(changed) if not keys or key in keys)


def naming(graph: Graph, resource: Resource) -> Iterator[tuple[str, str, Pod]]:
    """Kind and name of each Secret and ConfigMap that an object is or makes, with each workload's pods that name it."""
    for kind, made in (("Secret", secrets_of(resource)), ("ConfigMap", config_maps_of(resource))):
        for namespace, name, _ in made:
            sources = (r.source.identity for r in references_by_target(graph).get((kind, namespace, name), ()))
            for workload in dict.fromkeys(sources):
                if pod := pods_by_workload(graph).get(workload):
                    yield kind, name, pod


def readers_of(graph: Graph, change: Changed, keys: frozenset[str]) -> Iterator[tuple[Pod, str]]:
    """The pods that read these keys of what an object is or makes, each once, with the way that is latest to know."""
    for kind, name, pod in naming(graph, change.new):
        ways = {
            way
            for of_kind, of_name, read, way in readings(graph, pod)
            if (of_kind, of_name) == (kind, name) and (not read or read & keys)
        }
        if ways and keys and pod.workload.kind != "Job":
            yield pod, next(way for way in WAYS if way in ways)


def reloaded(graph: Graph, change: Changed) -> Iterator[Pod]:
    """The pods that Reloader replaces when an object changes."""
    for kind, name, pod in naming(graph, change.new) if changed_keys(change) else ():
        if pod.runs_on and _is_reloaded(pod, kind, name):
            yield pod


def _is_reloaded(pod: Pod, kind: str, name: str) -> bool:
    annotations, own = pod.workload.annotations, f"{kind.lower()}.{_RELOADER}"
    wanted = (item.strip() for item in annotations.get(f"{own}/reload", "").split(","))
    return "true" in (annotations.get(f"{_RELOADER}/auto"), annotations.get(f"{own}/auto")) or name in wanted


def restart_of(pods: Iterable[Pod]) -> str:
    """The command that restarts pods; empty for none, and for a bare Pod, which kubectl does not restart."""
    names: dict[str, list[str]] = {}
    for pod in (pod for pod in pods if pod.workload.kind in _RESTARTED_BY_KUBECTL):
        names.setdefault(pod.namespace or "default", []).append(f"{pod.workload.kind.lower()}/{pod.workload.name}")
    return " and ".join(f"kubectl -n {space} rollout restart {' '.join(found)}" for space, found in names.items())


def readings(graph: Graph, pod: Pod) -> Iterator[tuple[str, str, frozenset[str], str]]:
    """What a pod reads of Secrets and ConfigMaps: kind, name, keys (empty for all), and as what.

    It is `env`, which stays as it was at the start; `part`, a mount by subPath, which does as well; or `files`, which
    change in the running pod.
    """
    in_full: set[str] = set()
    in_part: dict[str, set[str]] = {}
    for container in pod.containers:
        for mount in shape.mappings(container.manifest, "volumeMounts"):
            part = shape.text(mount, "subPath")
            if part:
                in_part.setdefault(shape.text(mount, "name"), set()).add(part.partition("/")[0])
            else:
                in_full.add(shape.text(mount, "name"))
    found = references_by_source(graph).get(pod.workload.identity, ())
    by_items = {reference.field for reference in found if reference.key}
    for reference in found:
        if reference.kind not in ("Secret", "ConfigMap") or reference.namespace != pod.namespace:
            continue
        if not reference.key and reference.field in by_items:
            continue
        keys = frozenset(filter(None, (reference.key,)))
        prefix = f"{pod.spec_field}.volumes["
        if not reference.field.startswith(prefix):
            if ".env" in reference.field:
                yield reference.kind, reference.name, keys, "env"
            continue
        volume = reference.field.removeprefix(prefix).partition("]")[0]
        if volume in in_full:
            yield reference.kind, reference.name, keys, "files"
        elif volume in in_part:
            yield reference.kind, reference.name, keys or frozenset(in_part[volume]), "part"
