"""Pod templates: what is the same for every workload stands here once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from cdk8s_plus_27 import k8s

from vkm_constructs.checks import check_argv, check_at_least, check_name, check_port, check_port_name
from vkm_constructs.env import EnvValue, check_env, env_vars
from vkm_constructs.errors import Checks
from vkm_constructs.image import Image, check_image, parse_image
from vkm_constructs.mounts import Mount, check_mounts, content_hash, distinct_volumes, writable_volumes
from vkm_constructs.probes import Probes
from vkm_constructs.resources import Resources
from vkm_constructs.security import Security, of_container


@dataclass(frozen=True, slots=True, kw_only=True)
class Rollout:
    """How one pod takes another's place.

    Args:
        pre_stop: seconds that it goes on serving after it was told to stop, while load balancers forget it. Runs the
            image's own `sleep`; 0 is none.
        grace: seconds from being told to stop until it is killed; longer than `pre_stop`.
        deadline: seconds that a new pod may take to become ready, its init containers included, before the roll-out
            counts as failed.
    """

    pre_stop: int = 5
    grace: int = 30
    deadline: int = 600

    @property
    def pre_stop_command(self) -> Sequence[str]:
        """What a container runs before it is told to stop."""
        return ["sleep", str(self.pre_stop)] if self.pre_stop else ()

    def check(self, check: Checks) -> None:
        """Note a grace period that ends before the software is told."""
        check_at_least(check, "rollout.pre_stop", self.pre_stop, 0)
        check_at_least(check, "rollout.deadline", self.deadline, 1)
        check_at_least(check, "rollout.grace", self.grace, 1)
        if isinstance(self.grace, int) and isinstance(self.pre_stop, int) and 1 <= self.grace <= self.pre_stop:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """A second container in the application's pods, which share their network and writable paths.

    Args:
        name: of the container; a DNS label.
        image: None is the application's.
        command: replaces the image's entry point.
        args: replaces the image's arguments.
        env: variables of its own; it gets none of the application's.
        mounts: volumes and files of its own.
        ports: what it listens on, by name. The name `http` takes the Service and the routes over.
        probes: None asks nothing.
        pre_stop: a command that runs before it is told to stop. Default none.
        resources: by default 50m CPU and 64Mi memory.
    """

    name: str
    image: str | None = None
    command: Sequence[str] = ()
    args: Sequence[str] = ()
    env: Mapping[str, EnvValue] = field(default_factory=dict)
    mounts: Sequence[Mount] = ()
    ports: Mapping[str, int] = field(default_factory=dict)
    probes: Probes | None = None
    pre_stop: Sequence[str] = ()
    resources: Resources = field(default_factory=lambda: Resources(cpu="50m", memory="64Mi", ephemeral_storage="256Mi"))

    def check(self, check: Checks, namespace: str, writable: Mapping[str, str]) -> tuple[Mount, ...]:
        """Note what cannot work in this container; its mounts, those that are some."""
        at = f"sidecars[{self.name}]"
        check_name(check, f"{at}.name", self.name)
        if self.image is not None:
            check_image(check, f"{at}.image", self.image)
        check_env(check, f"{at}.env", self.env, namespace=namespace, given={})
        mounts = check_mounts(check, self.mounts, writable, namespace=namespace, at=f"{at}.mounts")
        check_argv(check, f"{at}.command", self.command)
        check_argv(check, f"{at}.args", self.args)
        check_argv(check, f"{at}.pre_stop", self.pre_stop)
        for name, port in self.ports.items():
            check_port_name(check, f"{at}.ports", name)
            check_port(check, f'{at}.ports["{name}"]', port)
        if self.probes is not None:
            self.probes.check(check, tuple(self.ports), f"{at}.probes")
        self.resources.check(check, f"{at}.resources")
        return mounts


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
    pre_stop: Sequence[str] = (),
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
        lifecycle=k8s.Lifecycle(pre_stop=k8s.LifecycleHandler(exec=k8s.ExecAction(command=list(pre_stop))))
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


def init_containers(
    steps: Sequence[InitContainer],
    *,
    image: Image,
    env: Mapping[str, EnvValue],
    mounts: Sequence[Mount],
    resources: Resources,
    security: Security,
) -> list[k8s.Container]:
    """The containers of an application's steps before it starts."""
    return [
        container(
            name=step.name,
            image=image,
            command=step.command,
            env=env,
            mounts=mounts,
            resources=resources,
            security=security,
        )
        for step in steps
    ]


def sidecar(spec: Sidecar, *, app_image: Image, security: Security) -> k8s.Container:
    """A sidecar's container."""
    return container(
        name=spec.name,
        image=parse_image(spec.image) if spec.image is not None else app_image,
        command=spec.command,
        args=spec.args,
        env=spec.env,
        mounts=spec.mounts,
        ports=spec.ports,
        probes=spec.probes,
        pre_stop=spec.pre_stop,
        resources=spec.resources,
        security=security,
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
