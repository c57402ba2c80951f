"""The pods of one workload, as network policies and Services see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from constructs import Construct

from vkm_constructs.labels import NAME, selector


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Pods:
    """The pods of one workload. Ours come from the constructs; for others, say where they are.

    `Pods(name="legacy", namespace="shop", labels={"app": "legacy"}, ports={"http": 8080})` lets one of our workloads
    connect to pods that somebody else made.

    Args:
        name: as it stands in the policies' names.
        namespace: where the pods run.
        labels: what selects exactly these pods.
        ports: what they listen on, by name: the pods' ports, not the Service's. The first is the default.
        served: names of the ports that a Service offers which has the same labels as the pods.
        family: what selects these pods and their siblings (workers, migrations); None is `labels`.
        scope: the construct that policies about these pods become children of; give it for pods in a namespace of
            yours. None makes none: a first policy would cut off pods that were open until then.
        made_by: who makes them, where that is another project.
    """

    name: str
    namespace: str
    labels: Mapping[str, str]
    ports: Mapping[str, int] = field(default_factory=dict)
    served: Sequence[str] = ()
    family: Mapping[str, str] | None = None
    scope: Construct | None = None
    made_by: str = "another project"
    policies: dict[str, object] = field(default_factory=dict, init=False, repr=False)

    @property
    def pods(self) -> "Pods":
        """Itself, so that it can be connected to like a workload."""
        return self


class Connectable(Protocol):
    """Anything that has pods: a workload of ours, or `Pods` that describe another."""

    @property
    def pods(self) -> Pods:
        """What network policies select, and the ports they open."""
        ...


def workload_pods(
    scope: Construct, name: str, namespace: str, ports: Mapping[str, int], *, served: Sequence[str]
) -> Pods:
    """The pods of one of our own workloads."""
    return Pods(
        scope=scope,
        name=name,
        namespace=namespace,
        labels=selector(name, name),
        ports=ports,
        served=served,
        family={NAME: name},
    )
