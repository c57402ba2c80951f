"""Pods, as the templates of their workloads describe them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.resource import Resource

_TEMPLATES: Final[dict[str, tuple[str, ...]]] = {
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "DaemonSet": ("spec", "template"),
    "Deployment": ("spec", "template"),
    "Job": ("spec", "template"),
    "Pod": (),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
}
_GROUPS: Final = ("", "apps", "batch")


@dataclass(frozen=True, slots=True, eq=False)
class Container:
    """A container of a pod.

    Attributes:
        field: where it stands, such as `spec.template.spec.containers[web]`.
        manifest: what stands there.
        init: whether it runs to its end before the others start.
    """

    field: str
    manifest: Mapping[str, Any]
    init: bool

    @property
    def name(self) -> str:
        """Its name."""
        return shape.text(self.manifest, "name")

    def ports(self) -> Iterator[tuple[str, int, str]]:
        """Name (or an empty text), number and protocol of each port."""
        for port in shape.mappings(self.manifest, "ports"):
            yield (
                shape.text(port, "name"),
                shape.number(port, "containerPort") or 0,
                shape.text(port, "protocol") or "TCP",
            )


@dataclass(frozen=True, eq=False)
class Pod:
    """The pods of one workload, or of one that somebody else makes.

    Attributes:
        workload: the object that has the template, or that declares these pods.
        field: where the template stands, such as `spec.template`; empty for a bare Pod.
        labels: of the pods.
        namespace: where they run.
        spec: the pods' spec; empty for those made elsewhere.
        outside: the name under which they are declared to be made elsewhere; empty for the input's own.
        declared_ports: name to number, for those made elsewhere.
    """

    workload: Resource
    field: str
    labels: Mapping[str, str]
    namespace: str
    spec: Mapping[str, Any]
    outside: str = ""
    declared_ports: Mapping[str, int] | None = None

    @classmethod
    def of(cls, workload: Resource) -> "Pod | None":
        """The pods that an object makes; None for one that makes none."""
        path = _TEMPLATES.get(workload.kind)
        if path is None or workload.group not in _GROUPS:
            return None
        template = shape.mapping(workload.manifest, *path)
        return cls(
            workload=workload,
            field=".".join(path),
            labels=shape.labels(template, "metadata", "labels"),
            namespace=workload.namespace,
            spec=shape.mapping(template, "spec"),
        )

    @property
    def spec_field(self) -> str:
        """Where the pods' spec stands, such as `spec.template.spec`."""
        return f"{self.field}.spec" if self.field else "spec"

    @cached_property
    def containers(self) -> tuple[Container, ...]:
        """All containers: first those that run to their end, then those that stay (sidecars among them)."""
        found = []
        for key in ("initContainers", "containers"):
            for field, manifest in shape.named(self.spec, f"{self.spec_field}.{key}", key):
                init = key == "initContainers" and manifest.get("restartPolicy") != "Always"
                found.append(Container(field=field, manifest=manifest, init=init))
        return tuple(sorted(found, key=lambda container: not container.init))

    @property
    def runs_on(self) -> bool:
        """Whether the pods stay, instead of running to their end as a Job's do."""
        return self.workload.kind not in ("Job", "CronJob")

    @property
    def replicas(self) -> int:
        """How many run side by side, from the workload alone (a DaemonSet's: two stand for one on each node)."""
        match self.workload.kind:
            case "DaemonSet":
                return 2
            case "Job":
                found = shape.number(self.workload.spec, "parallelism")
            case "CronJob":
                found = shape.number(self.workload.spec, "jobTemplate", "spec", "parallelism")
            case _:
                found = shape.number(self.workload.spec, "replicas")
        return 1 if found is None else found

    def port(self, wanted: Any) -> int | None:
        """The number of a container's port, by its name or number; None where no container has it.

        A number that no container lists is taken as it is: listing ports is not needed for them to be open.
        """
        if isinstance(wanted, int) and not isinstance(wanted, bool):
            return wanted
        if self.declared_ports is not None:
            return self.declared_ports.get(str(wanted))
        for container in self.containers:
            for name, number, _ in container.ports():
                if name == wanted and not container.init:
                    return number
        return None

    @cached_property
    def port_numbers(self) -> frozenset[int]:
        """All ports that the containers that stay say they listen on."""
        if self.declared_ports is not None:
            return frozenset(self.declared_ports.values())
        return frozenset(
            number for container in self.containers if not container.init for _, number, _ in container.ports()
        )

    def __str__(self) -> str:
        """`namespace/Kind/name` of the workload, or `namespace/Pod/name` of pods made elsewhere."""
        return f"{self.namespace}/Pod/{self.outside}" if self.outside else str(self.workload)
