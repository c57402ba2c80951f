"""Mounted files: the texts of ConfigMaps that the containers of a pod see as files."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.resource import Resource


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
