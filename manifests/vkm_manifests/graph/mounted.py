"""Mounted files: the texts of ConfigMaps that the containers of a pod see as files."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.resource import Resource

# Up to what ends a word in a command line or a URL; a pattern such as /etc/rules/*.yml names no file.
_PATH: Final = re.compile(r"(?<![\w/.:*}-])(/[\w.-]+(?:/[\w.-]+)+)(?![\w/*?\[{$])")


@dataclass(frozen=True, slots=True, eq=False)
class MountedFile:
    """A key of a ConfigMap that a pod mounts."""

    config: Resource
    key: str
    text: str

    @property
    def field(self) -> str:
        """Where the text stands in the ConfigMap."""
        return f"data[{self.key}]"


def mounted_files(graph: Graph, pod: Pod) -> Iterator[MountedFile]:
    """The files of the input's ConfigMaps that a pod's containers see."""
    mounts = _mounts_of(pod)
    for volume in shape.mappings(pod.spec, "volumes"):
        mounted = mounts.get(shape.text(volume, "name"), set())
        for source in (volume, *shape.mappings(volume, "projected", "sources")):
            wanted = shape.mapping(source, "configMap")
            config = graph.find("ConfigMap", pod.namespace, shape.text(wanted, "name"))
            if config is None:
                continue
            for key, text in shape.labels(config.manifest, "data").items():
                path = _path_of(key, wanted)
                if path and ("" in mounted or path in mounted):
                    yield MountedFile(config, key, text)


def mounted_folders(graph: Graph, pod: Pod, container: Container) -> Iterator[tuple[str, frozenset[str]]]:
    """The folders in which a container sees Secrets or ConfigMaps, with the files in each, where all can be known."""
    volumes = {shape.text(volume, "name"): volume for volume in shape.mappings(pod.spec, "volumes")}
    for mount in shape.mappings(container.manifest, "volumeMounts"):
        files = _files(graph, pod, volumes.get(shape.text(mount, "name"), {}))
        if files is not None and not shape.text(mount, "subPath") and not shape.text(mount, "subPathExpr"):
            yield shape.text(mount, "mountPath").rstrip("/"), files


def mounted_files_by_sub_path(
    graph: Graph, pod: Pod, container: Container
) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Field and subPath of each mount of one part of a Secret or ConfigMap, with the files there are."""
    volumes = {shape.text(volume, "name"): volume for volume in shape.mappings(pod.spec, "volumes")}
    for field, mount in shape.named(container.manifest, f"{container.field}.volumeMounts", "volumeMounts"):
        files = _files(graph, pod, volumes.get(shape.text(mount, "name"), {}))
        if files is not None and shape.text(mount, "subPath"):
            yield field, shape.text(mount, "subPath"), files


def _files(graph: Graph, pod: Pod, volume: Mapping[str, Any]) -> frozenset[str] | None:
    """The files of a volume; None where it is another sort of volume, or its keys cannot be known."""
    found: set[str] = set()
    for source in shape.mappings(volume, "projected", "sources") or [volume]:
        for kind, known, name in (
            (
                "secret",
                graph.secrets,
                shape.text(source, "secret", "secretName") or shape.text(source, "secret", "name"),
            ),
            ("configMap", graph.config_maps, shape.text(source, "configMap", "name")),
        ):
            if kind in source:
                keys = known.get((pod.namespace, name))
                if keys is None:
                    return None
                found |= {path for key in keys if (path := _path_of(key, shape.mapping(source, kind)))}
                break
        else:
            return None
    return frozenset(found)


def named_paths(container: Container) -> Iterator[tuple[str, str]]:
    """The absolute paths that a container's variables and arguments name, each with its field."""
    for field, variable in shape.named(container.manifest, f"{container.field}.env", "env"):
        for path in _PATH.findall(shape.text(variable, "value")):
            yield field, path
    for key in ("command", "args"):
        for argument in shape.texts(container.manifest, key):
            for path in _PATH.findall(argument):
                yield f"{container.field}.{key}", path


def _mounts_of(pod: Pod) -> Mapping[str, set[str]]:
    """The volumes that the pod's containers mount: which part of each; an empty text is the whole."""
    found: dict[str, set[str]] = defaultdict(set)
    for container in pod.containers:
        for mount in shape.mappings(container.manifest, "volumeMounts"):
            found[shape.text(mount, "name")].add(shape.text(mount, "subPath"))
    return found


def _path_of(key: str, source: Mapping[str, Any]) -> str:
    """Where a key lies in the volume; empty if it is not among the items that are taken."""
    items = shape.mappings(source, "items")
    if not items:
        return key
    return next((shape.text(item, "path") for item in items if item.get("key") == key), "")
