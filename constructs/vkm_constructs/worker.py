"""Worker: a part of an application that runs beside its web server."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_argv, check_at_least, check_name, check_port, int_or_string
from vkm_constructs.connections import connect, connect_to_outside
from vkm_constructs.env import EnvValue, check_env
from vkm_constructs.errors import Checks
from vkm_constructs.labels import NAME, labels, selector
from vkm_constructs.pod_template import Rollout, container, init_containers, pod_template
from vkm_constructs.pods import Connectable, Pods
from vkm_constructs.probes import Probes
from vkm_constructs.resources import Resources
from vkm_constructs.service_account import service_account
from vkm_constructs.web_app import WebApp, check_sibling


class Worker(Construct):
    """A sibling of an application: a scheduler, a queue's consumer, a websocket server.

    It shares the application's image, environment, mounts, init containers, user and outgoing connections. Makes a
    Deployment, a ServiceAccount, and a Service where it listens on a port. A single one is never run twice: it is
    stopped before another takes its place.

    Args:
        id: the name of what it makes; a DNS label.
        app: the application.
        command: program and arguments.
        replicas: equal pods. Default 1.
        port: what it listens on, for the Service and the probes; None is nothing, and no probes.
        env: variables besides the application's.
        probes: by default all three open a TCP connection to `port`.
        resources: by default 100m CPU and 256Mi memory.
        rollout: how a pod leaves; by default at once when told, 30 seconds at most.

    Attributes:
        deployment, service_account, service: the L1 objects (the last may be None).
        pods: what network policies select.

    Raises:
        ConstructError: every argument that cannot work, at once.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        app: WebApp,
        command: Sequence[str],
        replicas: int = 1,
        port: int | None = None,
        env: Mapping[str, EnvValue] | None = None,
        probes: Probes | None = None,
        resources: Resources | None = None,
        rollout: Rollout | None = None,
    ) -> None:
        resources = resources or Resources()
        rollout = rollout or Rollout(pre_stop=0)
        ports = {"http": port} if port is not None else {}
        probes = probes or (Probes() if ports else None)

        check = Checks(scope, id)
        namespace = check.namespace()
        check_name(check, "id", id)
        check_argv(check, "command", command, empty=False)
        check_at_least(check, "replicas", replicas, 0)
        if port is not None:
            check_port(check, "port", port)
        check_env(check, "env", env or {}, namespace=namespace, given=app.env)
        check_sibling(check, app, namespace)
        exclusive = next((mount.source for mount in app.mounts if mount.exclusive), None)
        if exclusive:
            check.refuse(
                "app",
                app.pods.name,
                f"mounts {exclusive} (ReadWriteOnce), which a worker on another node could not",
                accepted='an application whose volumes have access_mode="ReadWriteMany"',
                fix='LonghornVolume(..., access_mode="ReadWriteMany")',
            )
        if probes is not None:
            probes.check(check, tuple(ports))
        _, storage = resources.check(check)
        app.security.check(check, storage)
        rollout.check(check)
        check.done()
        super().__init__(scope, id)
        # Its own ServiceAccount has no permissions: it has no business with the Kubernetes API.
        security = replace(app.security, api_token=False)

        family = app.pods.family or app.pods.labels
        self.pods = Pods(
            scope=self,
            name=id,
            namespace=namespace,
            labels=selector(family[NAME], id),
            ports=ports,
        )
        all_labels = labels(
            name=family[NAME], instance=id, component="worker", part_of=namespace, version=app.image.version
        )
        metadata = k8s.ObjectMeta(name=id, namespace=namespace, labels=all_labels)
        self.service_account = service_account(self, metadata)
        self.deployment = k8s.KubeDeployment(
            self,
            "deployment",
            metadata=metadata,
            spec=k8s.DeploymentSpec(
                replicas=replicas,
                revision_history_limit=3,
                progress_deadline_seconds=rollout.deadline,
                selector=k8s.LabelSelector(match_labels=self.pods.labels),
                strategy=k8s.DeploymentStrategy(type="Recreate" if replicas == 1 else "RollingUpdate"),
                template=pod_template(
                    labels=all_labels,
                    service_account=id,
                    init_containers=init_containers(
                        app.init,
                        image=app.image,
                        env=app.env,
                        mounts=app.mounts,
                        resources=resources,
                        security=security,
                    ),
                    containers=[
                        container(
                            name=id,
                            image=app.image,
                            command=command,
                            ports=ports,
                            env={**app.env, **(env or {})},
                            mounts=app.mounts,
                            probes=probes,
                            resources=resources,
                            security=security,
                            pre_stop=rollout.pre_stop_command,
                        )
                    ],
                    mounts=app.mounts,
                    security=security,
                    grace=rollout.grace,
                    spread=self.pods.labels if replicas > 1 else None,
                ),
            ),
        )
        self.service: k8s.KubeService | None = None
        if port is not None:
            self.service = k8s.KubeService(
                self,
                "service",
                metadata=metadata,
                spec=k8s.ServiceSpec(
                    type="ClusterIP",
                    selector=self.pods.labels,
                    ports=[k8s.ServicePort(name="http", port=port, target_port=int_or_string("http"))],
                ),
            )

    def connect_to(self, other: Connectable, *, port: str | None = None) -> None:
        """Let it reach another workload that its application does not reach: egress here, ingress there.

        Args:
            other: a workload, or `Pods` that describe one.
            port: name of the port; None is its first.

        Raises:
            ConstructError: the other listens on nothing, or not on that port.
        """
        connect(self, self.pods, other.pods, port=port)

    def connect_to_outside(
        self, name: str, *, cidrs: Sequence[str], excluding: Sequence[str] = (), ports: Sequence[int], reason: str
    ) -> None:
        """Let it reach addresses that are not pods, and that its application does not let its siblings reach.

        Args:
            name: what is reached, as it stands in the policy's name.
            cidrs: address blocks.
            excluding: address blocks within these that are not reached.
            ports: TCP ports.
            reason: why; it stands in the manifest.

        Raises:
            ConstructError: what is no address block or no port.
        """
        connect_to_outside(self, self.pods, name, cidrs=cidrs, excluding=excluding, ports=ports, reason=reason)
