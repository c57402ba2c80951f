"""WebApp: a stateless application behind a Service."""

from collections.abc import Mapping, Sequence

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_argv, check_at_least, check_name, check_port, check_port_name, int_or_string
from vkm_constructs.connections import allow_from_outside, connect, connect_to_outside
from vkm_constructs.env import EnvValue, check_env
from vkm_constructs.errors import Checks
from vkm_constructs.image import check_image
from vkm_constructs.labels import labels
from vkm_constructs.monitor import Alert, Monitor
from vkm_constructs.mounts import Mount, check_mounts, keep_mounted
from vkm_constructs.pod_template import (
    InitContainer,
    Rollout,
    Sidecar,
    container,
    init_containers,
    pod_template,
    sidecar,
)
from vkm_constructs.pods import Connectable, workload_pods
from vkm_constructs.probes import Probes
from vkm_constructs.resources import Resources
from vkm_constructs.security import Security
from vkm_constructs.service_account import service_account


class WebApp(Construct):
    """An application that serves a port, in one or more equal replicas.

    Makes a Deployment, a ServiceAccount, a Service, and a PodDisruptionBudget where there are several replicas.

    The roll-out follows from the volumes: Recreate where one is ReadWriteOnce, otherwise the new pod is ready before an
    old one leaves. Pods roll when a mounted ConfigMap changes.

    Args:
        id: the name of what it makes; a DNS label.
        image: with tag or digest; `latest` is refused.
        port: what the software listens on.
        replicas: equal pods. Default 1.
        command: replaces the image's entry point.
        args: replaces the image's arguments.
        env: variables; text, numbers, `credentials["key"]` or `PodField(...)`.
        mounts: volumes and files, `volume.at("/path")`.
        init: steps before the application starts, in order.
        probes: by default all three open a TCP connection to `port`.
        resources: by default 100m CPU and 256Mi memory.
        security: user, group and writable paths; by default 65532 and `/tmp`.
        rollout: how a pod leaves; by default 5 seconds of grace for load balancers, 30 in all.
        service_port: what clients in the cluster use to reach the port `http`; None makes no Service. Default 80.
        port_name: name of `port`; another one than `http` where a sidecar serves that, such as a proxy in front of the
            application.
        extra_ports: further ports that the software listens on, by name; the Service has the one named `metrics`.
        sidecars: further containers in each pod.

    Attributes:
        host, address: what clients in the namespace connect to; `address` is `host:port`.
        deployment, service_account, service, pod_disruption_budget: the L1 objects (the last two may be None).
        pods: what network policies select.

    Raises:
        ConstructError: every argument that cannot work, at once.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        image: str,
        port: int,
        replicas: int = 1,
        command: Sequence[str] = (),
        args: Sequence[str] = (),
        env: Mapping[str, EnvValue] | None = None,
        mounts: Sequence[Mount] = (),
        init: Sequence[InitContainer] = (),
        probes: Probes | None = None,
        resources: Resources | None = None,
        security: Security | None = None,
        rollout: Rollout | None = None,
        service_port: int | None = 80,
        port_name: str = "http",
        extra_ports: Mapping[str, int] | None = None,
        sidecars: Sequence[Sidecar] = (),
    ) -> None:
        self.env = dict(env or {})
        self.mounts = tuple(mounts)
        self.resources = resources or Resources()
        self.security = security or Security()
        probes = probes or Probes()
        rollout = rollout or Rollout()
        own_ports = {port_name: port, **(extra_ports or {})}
        ports = _all_ports(own_ports, sidecars)

        check = Checks(scope, id)
        namespace = check.namespace()
        check_name(check, "id", id)
        self.image = check_image(check, "image", image)
        check_port(check, "port", port)
        check_at_least(check, "replicas", replicas, 0)
        check_env(check, "env", self.env, namespace=namespace, given={})
        self.mounts = check_mounts(check, self.mounts, self.security.writable, namespace=namespace)
        check_argv(check, "command", command)
        check_argv(check, "args", args)
        for step in init:
            check_name(check, "init.name", step.name)
            check_argv(check, f"init[{step.name}].command", step.command, empty=False)
        probes.check(check, tuple(own_ports))
        _, storage = self.resources.check(check)
        self.security.check(check, storage)
        rollout.check(check)
        if service_port is not None:
            check_port(check, "service_port", service_port)
        check_port_name(check, "port_name", port_name)
        for name, number in (extra_ports or {}).items():
            check_port_name(check, "extra_ports", name)
            check_port(check, f'extra_ports["{name}"]', number)
        of_sidecars = [mount for side in sidecars for mount in side.check(check, namespace, self.security.writable)]
        _check_distinct_ports(check, own_ports, sidecars)
        _check_distinct_containers(check, [id, *(step.name for step in init), *(side.name for side in sidecars)])
        if port_name in (extra_ports or {}):
            check.refuse(
                f'extra_ports["{port_name}"]',
                (extra_ports or {})[port_name],
                "has the name of the application's own port",
                accepted="another name",
                fix=f'"{port_name}-2", or port_name=',
            )
        if service_port is not None and service_port == ports.get("metrics"):
            check.refuse(
                "service_port",
                service_port,
                "is the number of the port metrics, which the Service has as well",
                accepted="another number",
                fix="service_port=80",
            )
        if "http" not in ports:
            check.refuse(
                "port_name",
                port_name,
                "leaves nothing that is named http, where the Service and the routes lead",
                accepted='"http", or a sidecar with a port of that name',
                fix="leave out port_name",
            )
        all_mounts = [*self.mounts, *of_sidecars]
        exclusive = next((mount.source for mount in all_mounts if mount.exclusive), None)
        if exclusive and isinstance(replicas, int) and replicas > 1:
            check.refuse(
                "replicas",
                replicas,
                f"cannot share volume {exclusive} (ReadWriteOnce)",
                accepted='replicas=1, or a volume with access_mode="ReadWriteMany"',
                fix='LonghornVolume(..., access_mode="ReadWriteMany")',
            )
        check.done()
        super().__init__(scope, id)
        keep_mounted(all_mounts, id)

        self.namespace = namespace
        self.service_port = service_port
        self.host, self.address = id, f"{id}:{service_port or port}"
        self.init = tuple(init)
        served = [] if service_port is None else [name for name in ports if name in ("http", "metrics")]
        self.pods = workload_pods(self, id, namespace, ports, served=served)
        app_labels = labels(name=id, instance=id, component="web", part_of=namespace, version=self.image.version)
        metadata = k8s.ObjectMeta(name=id, namespace=namespace, labels=app_labels)
        selected = k8s.LabelSelector(match_labels=self.pods.labels)

        self.service_account = service_account(self, metadata, api_token=self.security.api_token)
        self.deployment = k8s.KubeDeployment(
            self,
            "deployment",
            metadata=metadata,
            spec=k8s.DeploymentSpec(
                replicas=replicas,
                revision_history_limit=3,
                progress_deadline_seconds=rollout.deadline,
                selector=selected,
                strategy=_strategy(exclusive=exclusive is not None),
                template=pod_template(
                    labels=app_labels,
                    service_account=id,
                    init_containers=init_containers(
                        init,
                        image=self.image,
                        env=self.env,
                        mounts=self.mounts,
                        resources=self.resources,
                        security=self.security,
                    ),
                    containers=[
                        container(
                            name=id,
                            image=self.image,
                            command=command,
                            args=args,
                            ports=own_ports,
                            env=self.env,
                            mounts=self.mounts,
                            probes=probes,
                            resources=self.resources,
                            security=self.security,
                            pre_stop=rollout.pre_stop_command,
                        ),
                        *(sidecar(side, app_image=self.image, security=self.security) for side in sidecars),
                    ],
                    mounts=all_mounts,
                    security=self.security,
                    grace=rollout.grace,
                    spread=self.pods.labels if replicas > 1 else None,
                ),
            ),
        )
        self.service: k8s.KubeService | None = None
        if service_port is not None:
            self.service = k8s.KubeService(
                self,
                "service",
                metadata=metadata,
                spec=k8s.ServiceSpec(
                    type="ClusterIP",
                    selector=self.pods.labels,
                    ports=[
                        k8s.ServicePort(name="http", port=service_port, target_port=int_or_string("http")),
                        *(
                            k8s.ServicePort(name=name, port=ports[name], target_port=int_or_string(name))
                            for name in served
                            if name != "http"
                        ),
                    ],
                ),
            )
        self.pod_disruption_budget: k8s.KubePodDisruptionBudget | None = None
        if replicas > 1:
            self.pod_disruption_budget = k8s.KubePodDisruptionBudget(
                self,
                "pod-disruption-budget",
                metadata=metadata,
                spec=k8s.PodDisruptionBudgetSpec(
                    max_unavailable=int_or_string(1),
                    selector=selected,
                    # A pod that never becomes ready must not keep a node from being drained.
                    unhealthy_pod_eviction_policy="AlwaysAllow",
                ),
            )

    def connect_to(self, other: Connectable, *, port: str | None = None, siblings: bool = True) -> None:
        """Let this application and its siblings reach another workload: egress here, ingress there.

        Args:
            other: a workload, or `Pods` that describe one.
            port: name of the port; None is its first.
            siblings: whether workers and migrations reach it, too. Default True.

        Raises:
            ConstructError: the other listens on nothing, or not on that port.
        """
        connect(self, self.pods, other.pods, port=port, siblings=siblings)

    def allow_from(self, other: Connectable, *, port: str | None = None) -> None:
        """Let other pods reach this application: what `connect_to` of theirs would do, for pods that have no such verb.

        Args:
            other: a workload, or `Pods` that describe one.
            port: name of this application's port; None is `http`.

        Raises:
            ConstructError: this application has no such port.
        """
        connect(self, other.pods, self.pods, port=port)

    def connect_to_outside(
        self,
        name: str,
        *,
        cidrs: Sequence[str],
        excluding: Sequence[str] = (),
        ports: Sequence[int],
        reason: str,
        siblings: bool = True,
    ) -> None:
        """Let this application and its siblings reach addresses that are not pods.

        Args:
            name: what is reached, as it stands in the policy's name.
            cidrs: address blocks.
            excluding: address blocks within these that are not reached.
            ports: TCP ports.
            reason: why; it stands in the manifest.
            siblings: whether workers and migrations reach it, too. Default True.

        Raises:
            ConstructError: what is no address block or no port.
        """
        connect_to_outside(
            self,
            self.pods,
            name,
            cidrs=cidrs,
            excluding=excluding,
            ports=ports,
            reason=reason,
            siblings=siblings,
        )

    def allow_from_outside(self, name: str, *, cidrs: Sequence[str], ports: Sequence[str], reason: str) -> None:
        """Let addresses that are not pods reach this application.

        Args:
            name: who may come in, as it stands in the policy's name.
            cidrs: address blocks.
            ports: names of this application's ports.
            reason: why; it stands in the manifest.
        """
        allow_from_outside(self, self.pods, name, cidrs=cidrs, ports=ports, reason=reason)

    def monitor(
        self, *, port: str = "metrics", path: str = "/metrics", interval: str = "30s", alerts: Sequence[Alert] = ()
    ) -> Monitor:
        """Have Prometheus scrape this application.

        It has to be let in as well: `allow_from(prometheus, port="metrics")`.

        Args:
            port: name of the port that serves the metrics.
            path: what to GET there.
            interval: how often.
            alerts: what to warn of, besides targets that are down or gone.

        Raises:
            ConstructError: there is no such port.
        """
        return Monitor(self, "monitor", of=self.pods, port=port, path=path, interval=interval, alerts=alerts)


def check_sibling(check: Checks, app: WebApp, namespace: str) -> None:
    """A worker or a migration is where its application is."""
    if namespace != app.namespace:
        check.refuse(
            "app",
            app.pods.name,
            f"lives in namespace {app.namespace}; its Secrets and volumes cannot be had elsewhere",
            accepted=f"a WebApp in namespace {namespace}",
            fix=f"make this in the chart of {app.pods.name}",
        )


def _strategy(*, exclusive: bool) -> k8s.DeploymentStrategy:
    if exclusive:
        return k8s.DeploymentStrategy(type="Recreate")
    return k8s.DeploymentStrategy(
        type="RollingUpdate",
        rolling_update=k8s.RollingUpdateDeployment(max_surge=int_or_string(1), max_unavailable=int_or_string(0)),
    )


def _check_distinct_containers(check: Checks, names: Sequence[str]) -> None:
    for name in sorted({name for name in names if names.count(name) > 1}):
        check.refuse(
            "init or sidecars",
            name,
            "is the name of two containers of the pod",
            accepted="each name once; the application's container has the id's",
            fix="give one of them another name",
        )


def _all_ports(own: Mapping[str, int], sidecars: Sequence[Sidecar]) -> dict[str, int]:
    """The pods' ports, `http` first: it is where connections lead that name no other."""
    ports = dict(own)
    for side in sidecars:
        ports.update(side.ports)
    return {name: ports[name] for name in sorted(ports, key=lambda name: name != "http")}


def _check_distinct_ports(check: Checks, own: Mapping[str, int], sidecars: Sequence[Sidecar]) -> None:
    names: set[str] = set()
    numbers: dict[int, str] = {}
    for name, number in [*own.items(), *(item for side in sidecars for item in side.ports.items())]:
        if name in names or number in numbers:
            check.refuse(
                f'ports["{name}"]',
                number,
                f"is the port {numbers.get(number, name)} already",
                accepted="each name and each number once in a pod",
                fix="leave it out, or give the one that it really listens on",
            )
        names.add(name)
        numbers[number] = name
