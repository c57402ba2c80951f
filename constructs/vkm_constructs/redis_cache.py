"""RedisCache: one Redis, as a cache or as a durable store."""

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_name, check_size, int_or_string
from vkm_constructs.connections import close, connect
from vkm_constructs.database_server import METRICS, MIB, check_data
from vkm_constructs.env import EnvValue, SecretKey
from vkm_constructs.errors import Checks
from vkm_constructs.exporter import EXPORTER_RESOURCES, EXPORTER_SECURITY, exporter_probes
from vkm_constructs.image import check_image
from vkm_constructs.labels import labels
from vkm_constructs.longhorn_volume import LonghornVolume
from vkm_constructs.monitor import Alert, Monitor
from vkm_constructs.mounts import check_mounts, keep_mounted
from vkm_constructs.pod_template import container, pod_template
from vkm_constructs.pods import Connectable, workload_pods
from vkm_constructs.probes import Probe, Probes
from vkm_constructs.resources import Resources
from vkm_constructs.security import Security
from vkm_constructs.service_account import service_account

PORT = 6379
EXPORTER_PORT = 9121

# They empty or halt the server for everybody who shares it.
_DANGEROUS = ("FLUSHALL", "FLUSHDB", "DEBUG")


class RedisCache(Construct):
    """One Redis server, reachable by connected workloads only.

    Makes a Deployment of one pod, a Service and a ServiceAccount. Without `data` it is a cache: nothing is kept, and
    when memory is full the keys that were used longest ago go (allkeys-lru). With `data` it is durable: every second is
    on disk (append-only file), and when memory is full it refuses writes (noeviction) rather than lose what it has.

    Redis gets three quarters of the memory limit as a cache, and half of it when durable, because rewriting the
    append-only file forks the server and copies what changes meanwhile.

    Args:
        id: the name of what it makes; a DNS label.
        image: the official image (`redis`), with tag or digest.
        data: a ReadWriteOnce volume; None is a cache.
        password: `credentials["password"]`; None asks for none.
        maxmemory: in Mi or Gi; None is derived from the memory limit.
        resources: by default 100m CPU and 256Mi memory.
        exporter_image: `oliver006/redis_exporter`; measures the server on port 9121. None measures nothing.

    Attributes:
        durable: whether it keeps what it is given.
        host, port, address: what clients in the namespace connect to; `address` is `host:port`.
        deployment, service, service_account: the L1 objects.
        pods: what network policies select.

    Raises:
        ConstructError: every argument that cannot work, at once; among them a maxmemory that does not fit the limit.
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        image: str,
        data: LonghornVolume | None = None,
        password: SecretKey | None = None,
        maxmemory: str | None = None,
        resources: Resources | None = None,
        exporter_image: str | None = None,
    ) -> None:
        resources = resources or Resources()
        # The image's Alpine variant: uid 999, gid 1000.
        security = Security(user=999, group=1000, writable={})
        mounts = [data.at("/data")] if data else []
        env: dict[str, EnvValue] = {"REDIS_PASSWORD": password, "REDISCLI_AUTH": password} if password else {}

        check = Checks(scope, id)
        namespace = check.namespace()
        check_name(check, "id", id)
        parsed = check_image(check, "image", image)
        exporter = check_image(check, "exporter_image", exporter_image) if exporter_image is not None else None
        if data:
            check_data(check, data)
        _check_password(check, password, namespace)
        check_mounts(check, mounts, security.writable, namespace=namespace)
        memory, _ = resources.check(check)
        limit = _maxmemory(check, memory, maxmemory, durable=data is not None)
        check.done()
        super().__init__(scope, id)
        keep_mounted(mounts, id)

        self.durable = data is not None
        self.host, self.port, self.address = id, PORT, f"{id}:{PORT}"
        all_labels = labels(name=id, instance=id, component="cache", part_of=namespace, version=parsed.version)
        metadata = k8s.ObjectMeta(name=id, namespace=namespace, labels=all_labels)
        ports = {"redis": PORT}
        containers = [
            container(
                name="redis",
                image=parsed,
                args=_arguments(limit, durable=data is not None, password=password is not None),
                env=env,
                ports={"redis": PORT},
                mounts=mounts,
                probes=_probes(),
                resources=resources,
                security=security,
            )
        ]
        if exporter is not None:
            ports[METRICS] = EXPORTER_PORT
            containers.append(
                container(
                    name="exporter",
                    image=exporter,
                    env={"REDIS_ADDR": f"redis://127.0.0.1:{PORT}"}
                    | ({"REDIS_PASSWORD": password} if password else {}),
                    ports={METRICS: EXPORTER_PORT},
                    mounts=[],
                    probes=exporter_probes(),
                    resources=EXPORTER_RESOURCES,
                    security=EXPORTER_SECURITY,
                )
            )

        self.pods = workload_pods(self, id, namespace, ports, served=tuple(ports))
        close(self.pods)
        self.service_account = service_account(self, metadata)
        self.deployment = k8s.KubeDeployment(
            self,
            "deployment",
            metadata=metadata,
            spec=k8s.DeploymentSpec(
                replicas=1,
                revision_history_limit=3,
                selector=k8s.LabelSelector(match_labels=self.pods.labels),
                # Never two at once: on one volume they could not be, and as a cache they would disagree.
                strategy=k8s.DeploymentStrategy(type="Recreate"),
                template=pod_template(
                    labels=all_labels,
                    service_account=id,
                    containers=containers,
                    mounts=mounts,
                    security=security,
                    grace=60 if data else 30,
                ),
            ),
        )
        self.service = k8s.KubeService(
            self,
            "service",
            metadata=metadata,
            spec=k8s.ServiceSpec(
                type="ClusterIP",
                selector=self.pods.labels,
                ports=[k8s.ServicePort(name=n, port=p, target_port=int_or_string(n)) for n, p in ports.items()],
            ),
        )

    def allow_from(self, other: Connectable, *, port: str | None = None) -> None:
        """Let other pods reach this server, such as a Prometheus that reads its `metrics`.

        Args:
            other: a workload, or `Pods` that describe one.
            port: name of the port; None is the server's own.

        Raises:
            ConstructError: there is no such port.
        """
        connect(self, other.pods, self.pods, port=port)

    def monitor(self) -> Monitor:
        """Have Prometheus scrape the exporter, and warn when the server is down, full, or cannot write.

        It has to be let in as well: `allow_from(prometheus, port="metrics")`.

        Raises:
            ConstructError: there is no exporter.
        """
        of = f'{{job="{self.host}"}}'
        alerts = [
            Alert(
                name="RedisDown",
                expr=f"redis_up{of} == 0",
                for_="2m",
                severity="critical",
                summary=f"{self.host} does not answer its exporter",
                action=f"kubectl logs -n {self.pods.namespace} deployment/{self.host} -c redis",
            ),
            Alert(
                name="RedisRejectsConnections",
                expr=f"increase(redis_rejected_connections_total{of}[5m]) > 0",
                for_="5m",
                severity="warning",
                summary=f"{self.host} has no connections left",
                action="Which client holds them (CLIENT LIST)?",
            ),
        ]
        if self.durable:
            alerts += [
                Alert(
                    name="RedisMemoryHigh",
                    expr=f"redis_memory_used_bytes{of} / redis_memory_max_bytes{of} > 0.9",
                    for_="10m",
                    severity="critical",
                    summary=f"{self.host} will soon refuse writes: memory {{{{ $value | humanizePercentage }}}} used",
                    action="Give it more resources.memory, or find what grows (redis-cli --bigkeys).",
                ),
                Alert(
                    name="RedisPersistenceFailing",
                    expr=f"redis_aof_last_write_status{of} == 0",
                    for_="5m",
                    severity="critical",
                    summary=f"{self.host} cannot write its append-only file",
                    action="Is its volume full or read-only?",
                ),
            ]
        return Monitor(self, "monitor", of=self.pods, alerts=alerts)


def _check_password(check: Checks, password: object, namespace: str) -> None:
    accepted = f"a key of an ExternalSecretRef in namespace {namespace}"
    if password is not None and not isinstance(password, SecretKey):
        check.refuse(
            "password",
            "***",
            "would stand in the manifest, for everybody to read",
            accepted=accepted,
            fix='credentials["password"]',
        )
    elif isinstance(password, SecretKey) and namespace and password.namespace != namespace:
        check.refuse(
            "password",
            password.secret,
            f"is a Secret of namespace {password.namespace}; a pod reads those of its own only",
            accepted=accepted,
            fix=f"make an ExternalSecretRef in namespace {namespace}",
        )


def _arguments(limit: int, *, durable: bool, password: bool) -> list[str]:
    options = {
        "maxmemory": f"{limit // MIB}mb",
        "maxmemory-policy": "noeviction" if durable else "allkeys-lru",
        "appendonly": "yes" if durable else "no",
        "save": "",
        "dir": "/data",
        # Without a password it would answer its own pod only; who may come in, the network policies say.
        "protected-mode": "no",
    }
    if password:
        options["requirepass"] = "$(REDIS_PASSWORD)"
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    for command in _DANGEROUS:
        arguments += ["--rename-command", command, ""]
    return ["redis-server", *arguments]


def _probes() -> Probes:
    return Probes(
        startup=Probe.command(["redis-cli", "ping"], period=5, failures=60),
        # While it loads its data it answers, but not PONG: no requests yet, and no reason to restart it.
        readiness=Probe.command(["sh", "-c", '[ "$(redis-cli ping)" = PONG ]'], period=10),
        liveness=Probe.command(["redis-cli", "ping"], period=10, failures=6),
    )


def _maxmemory(check: Checks, memory: int, given: str | None, *, durable: bool) -> int:
    """Redis's share of the memory; a problem where there is no room left beside it."""
    wanted = check_size(check, "maxmemory", given) if given is not None else None
    if 0 < memory < 8 * MIB:
        check.refuse(
            "resources.memory",
            f"{memory // MIB}Mi",
            "is less than Redis needs to start",
            accepted="at least 8Mi",
            fix='Resources(memory="64Mi")',
        )
    most = (memory // 2 if durable else memory * 3 // 4) // MIB * MIB
    if wanted is not None and 0 < wanted < MIB and most > 0:
        check.refuse(
            "maxmemory",
            given,
            "is next to nothing",
            accepted=f"1Mi to {most // MIB}Mi",
            fix=f'maxmemory="{most // MIB}Mi"',
        )
    if wanted is not None and wanted > most > 0:
        check.refuse(
            "maxmemory",
            given,
            f"leaves too little of the container's {memory // MIB}Mi for "
            + ("the fork that rewrites the append-only file" if durable else "buffers and fragmentation"),
            accepted=f"at most {most // MIB}Mi",
            fix=f'maxmemory="{most // MIB}Mi", or more resources.memory',
        )
    return most if wanted is None else wanted
