"""Pod templates: what is the same for every workload stands here once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cdk8s_plus_27 import k8s

from vkm_constructs.checks import check_at_least
from vkm_constructs.env import EnvValue, env_vars
from vkm_constructs.errors import Checks
from vkm_constructs.image import Image
from vkm_constructs.mounts import Mount, content_hash, distinct_volumes, writable_volumes
from vkm_constructs.probes import Probes
from vkm_constructs.resources import Resources
from vkm_constructs.security import Security, of_container


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """How a pod leaves.

    Args:
        pre_stop: seconds that it goes on serving after it was told to stop, while load balancers forget it. Runs the
            image's own `sleep`; 0 is none.
        grace: seconds from being told to stop until it is killed; longer than `pre_stop`.
    """

    pre_stop: int = 5
    grace: int = 30

    def check(self, check: Checks) -> None:
        """Note a grace period that ends before the software is told."""
        check_at_least(check, "rollout.pre_stop", self.pre_stop, 0)
        if self.grace <= self.pre_stop:
            check.refuse(
                "rollout.grace",
                self.grace,
                f"is over before the {self.pre_stop} seconds of pre_stop are: the software is killed without a word",
                accepted=f"more than {self.pre_stop} seconds",
                fix=f"grace={self.pre_stop + 25}",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class InitContainer:
    """A step before the application starts, with its image, environment and mounts.

    Args:
        name: of the container; a DNS label.
        command: program and arguments; the pod waits until it exits with 0.
    """

    name: str
    command: Sequence[str]


def container(
    *,
    name: str,
    image: Image,
    command: Sequence[str] = (),
    args: Sequence[str] = (),
    env: Mapping[str, EnvValue],
    mounts: Sequence[Mount],
    security: Security,
    resources: Resources,
    ports: Mapping[str, int] | None = None,
    probes: Probes | None = None,
    pre_stop: int = 0,
) -> k8s.Container:
    """One container of any workload."""
    names = list(ports or {})
    return k8s.Container(
        name=name,
        image=image.reference,
        # The reference is fixed, so a copy on the node is the right one.
        image_pull_policy="IfNotPresent",
        command=list(command) or None,
        args=list(args) or None,
        ports=[k8s.ContainerPort(name=n, container_port=p) for n, p in (ports or {}).items()] or None,
        env=env_vars(env) or None,
        startup_probe=probes.startup.to_k8s(names) if probes else None,
        readiness_probe=probes.readiness.to_k8s(names) if probes else None,
        liveness_probe=probes.liveness.to_k8s(names) if probes else None,
        lifecycle=k8s.Lifecycle(
            pre_stop=k8s.LifecycleHandler(exec=k8s.ExecAction(command=["sleep", str(pre_stop)])),
        )
        if pre_stop
        else None,
        resources=resources.to_k8s(),
        security_context=of_container(),
        volume_mounts=[
            *(mount.to_k8s() for mount in mounts),
            *(mount for _, mount in writable_volumes(security.writable)),
        ]
        or None,
    )


def pod_template(
    *,
    labels: Mapping[str, str],
    service_account: str,
    containers: Sequence[k8s.Container],
    init_containers: Sequence[k8s.Container] = (),
    mounts: Sequence[Mount],
    security: Security,
    grace: int,
    spread: Mapping[str, str] | None = None,
    restart_policy: str | None = None,
) -> k8s.PodTemplateSpec:
    """The template of any workload.

    Args:
        labels: all labels of the pods.
        service_account: the workload's own.
        containers: made by `container`.
        init_containers: made by `container`, in the order in which they run.
        mounts: what the containers mount, all of them.
        security: identity of the pod, and its writable paths.
        grace: seconds from being told to stop until being killed.
        spread: labels of the replicas that should not share a node or a zone, if there are several.
        restart_policy: for Jobs.
    """
    checksum = content_hash(mounts)
    return k8s.PodTemplateSpec(
        metadata=k8s.ObjectMeta(labels=labels, annotations={"checksum/config": checksum} if checksum else None),
        spec=k8s.PodSpec(
            service_account_name=service_account,
            automount_service_account_token=security.api_token,
            # Variables such as BOOKSTACK_DB_PORT, made from Services' names, collide with the software's own.
            enable_service_links=False,
            security_context=security.of_pod(),
            init_containers=list(init_containers) or None,
            containers=list(containers),
            restart_policy=restart_policy,
            termination_grace_period_seconds=grace,
            topology_spread_constraints=[_spread(key, spread) for key in _SPREAD_OVER] if spread else None,
            volumes=[*distinct_volumes(mounts), *(volume for volume, _ in writable_volumes(security.writable))] or None,
        ),
    )


_SPREAD_OVER = ("kubernetes.io/hostname", "topology.kubernetes.io/zone")


def _spread(key: str, labels: Mapping[str, str]) -> k8s.TopologySpreadConstraint:
    return k8s.TopologySpreadConstraint(
        topology_key=key,
        max_skew=1,
        # Better a second pod on a node than a pod that cannot start.
        when_unsatisfiable="ScheduleAnyway",
        label_selector=k8s.LabelSelector(match_labels=labels),
        # Count the new ReplicaSet's pods only, or a roll-out is spread against the pods that it replaces.
        match_label_keys=["pod-template-hash"],
    )
