import pytest

from tests.conftest import Manifest, Render
from tests.refused import refused
from vkm_constructs import (
    App,
    ConstructError,
    ExistingNamespace,
    ExternalSecretRef,
    LonghornVolume,
    RedisCache,
    Resources,
    SecretKey,
    SecretStore,
    ServiceChart,
    ServiceNamespace,
    WebApp,
)

SELECTED = {"app.kubernetes.io/name": "cache", "app.kubernetes.io/instance": "cache"}
EXPORTER = "oliver006/redis_exporter:v1.80.1"
PASSWORD = SecretKey("creds", "password", "shop")


def containers(manifests: dict[str, Manifest], name: str = "cache") -> list[Manifest]:
    found: list[Manifest] = manifests[f"Deployment/{name}"]["spec"]["template"]["spec"]["containers"]
    return found


def options(manifests: dict[str, Manifest], name: str = "cache") -> dict[str, str]:
    """What the server is told, by `--option value`; without the commands that it loses."""
    program, *args = containers(manifests, name)[0]["args"]
    assert program == "redis-server"
    told = args[: args.index("--rename-command")]
    return dict(zip(told[::2], told[1::2], strict=True))


@pytest.fixture
def data(chart: ServiceChart) -> LonghornVolume:
    return LonghornVolume(chart, "disk", size="1Gi")


def test_manifests(chart: ServiceChart, render: Render) -> None:
    cache = RedisCache(chart, "cache", image="redis:7-alpine")

    manifests = render()
    assert manifests.keys() == {
        "Deployment/cache",
        "NetworkPolicy/cache-default-deny",
        "Service/cache",
        "ServiceAccount/cache",
    }
    labels = {
        **SELECTED,
        "app.kubernetes.io/component": "cache",
        "app.kubernetes.io/part-of": "shop",
        "app.kubernetes.io/managed-by": "cdk8s",
        "app.kubernetes.io/version": "7-alpine",
    }
    for kind in ("Deployment", "Service", "ServiceAccount"):
        assert manifests[f"{kind}/cache"]["metadata"] == {"name": "cache", "namespace": "shop", "labels": labels}
    assert manifests["ServiceAccount/cache"]["automountServiceAccountToken"] is False
    assert manifests["Service/cache"]["spec"] == {
        "type": "ClusterIP",
        "selector": SELECTED,
        "ports": [{"name": "redis", "port": 6379, "targetPort": "redis"}],
    }
    assert (cache.durable, cache.host, cache.port, cache.address) == (False, "cache", 6379, "cache:6379")
    assert (cache.deployment.name, cache.service.name, cache.service_account.name) == ("cache", "cache", "cache")


def test_deployment(chart: ServiceChart, render: Render) -> None:
    RedisCache(chart, "cache", image="redis:7-alpine")

    manifests = render()
    spec = manifests["Deployment/cache"]["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"}), "never two at once"
    assert spec["selector"] == {"matchLabels": SELECTED}
    pod = spec["template"]["spec"]
    assert (pod["securityContext"]["runAsUser"], pod["securityContext"]["runAsGroup"]) == (999, 1000)
    assert pod["terminationGracePeriodSeconds"] == 30
    assert pod["automountServiceAccountToken"] is False
    assert "volumes" not in pod
    (server,) = pod["containers"]
    assert (server["name"], server["image"]) == ("redis", "redis:7-alpine")
    assert server["ports"] == [{"name": "redis", "containerPort": 6379}]
    assert server["resources"]["limits"]["memory"] == "256Mi"
    assert server["securityContext"]["readOnlyRootFilesystem"] is True
    assert not server.keys() & {"env", "volumeMounts"}


def test_a_cache_keeps_nothing_and_evicts(chart: ServiceChart, render: Render) -> None:
    RedisCache(chart, "cache", image="redis:7")

    assert options(render()) == {
        "--maxmemory": "192mb",
        "--maxmemory-policy": "allkeys-lru",
        "--appendonly": "no",
        "--save": "",
        "--dir": "/data",
        "--protected-mode": "no",
    }


def test_a_durable_one_keeps_everything_and_refuses_writes(
    chart: ServiceChart, render: Render, data: LonghornVolume
) -> None:
    cache = RedisCache(chart, "cache", image="redis:7", data=data)

    manifests = render()
    assert cache.durable
    assert options(manifests) == {
        "--maxmemory": "128mb",
        "--maxmemory-policy": "noeviction",
        "--appendonly": "yes",
        "--save": "",
        "--dir": "/data",
        "--protected-mode": "no",
    }
    pod = manifests["Deployment/cache"]["spec"]["template"]["spec"]
    assert pod["volumes"] == [{"name": "claim-disk", "persistentVolumeClaim": {"claimName": "disk"}}]
    assert pod["containers"][0]["volumeMounts"] == [{"name": "claim-disk", "mountPath": "/data"}]
    assert pod["terminationGracePeriodSeconds"] == 60


def test_nobody_empties_or_halts_it(chart: ServiceChart, render: Render) -> None:
    RedisCache(chart, "cache", image="redis:7")

    args = containers(render())[0]["args"]
    renamed = {args[i + 1]: args[i + 2] for i, arg in enumerate(args) if arg == "--rename-command"}
    assert renamed == {"FLUSHALL": "", "FLUSHDB": "", "DEBUG": ""}


def test_probes(chart: ServiceChart, render: Render) -> None:
    """While it loads its data it answers, but not PONG: no requests yet, and no reason to restart it."""
    RedisCache(chart, "cache", image="redis:7")

    (server,) = containers(render())
    ping = {"command": ["redis-cli", "ping"]}
    assert server["startupProbe"] == {"exec": ping, "periodSeconds": 5, "timeoutSeconds": 5, "failureThreshold": 60}
    assert server["livenessProbe"] == {"exec": ping, "periodSeconds": 10, "timeoutSeconds": 5, "failureThreshold": 6}
    assert server["readinessProbe"] == {
        "exec": {"command": ["sh", "-c", '[ "$(redis-cli ping)" = PONG ]']},
        "periodSeconds": 10,
        "timeoutSeconds": 5,
        "failureThreshold": 3,
    }


def test_password(chart: ServiceChart, render: Render) -> None:
    """It stands in no manifest: the server and the probes read it from their environment."""
    secret = ExternalSecretRef(chart, "creds", store=SecretStore(name="vault"), keys={"password": "redis/password"})
    RedisCache(chart, "cache", image="redis:7", password=secret["password"])

    manifests = render()
    source = {"secretKeyRef": {"name": "creds", "key": "password"}}
    assert containers(manifests)[0]["env"] == [
        {"name": "REDIS_PASSWORD", "valueFrom": source},
        {"name": "REDISCLI_AUTH", "valueFrom": source},
    ]
    assert options(manifests)["--requirepass"] == "$(REDIS_PASSWORD)"


def test_everything(chart: ServiceChart, render: Render, data: LonghornVolume) -> None:
    RedisCache(
        chart,
        "cache",
        image="redis:7",
        data=data,
        password=PASSWORD,
        maxmemory="400Mi",
        resources=Resources(cpu="2", memory="1Gi"),
        exporter_image=EXPORTER,
    )

    manifests = render()
    assert manifests.keys() - {"PersistentVolumeClaim/disk"} == {
        "Deployment/cache",
        "NetworkPolicy/cache-default-deny",
        "Service/cache",
        "ServiceAccount/cache",
    }
    assert options(manifests)["--maxmemory"] == "400mb"
    assert [container["name"] for container in containers(manifests)] == ["redis", "exporter"]
    requests = containers(manifests)[0]["resources"]["requests"]
    assert requests == {"cpu": "2", "memory": "1Gi", "ephemeral-storage": "1Gi"}
    assert manifests["Service/cache"]["spec"]["ports"] == [
        {"name": "redis", "port": 6379, "targetPort": "redis"},
        {"name": "metrics", "port": 9121, "targetPort": "metrics"},
    ]


# The exporter


@pytest.mark.parametrize("password", [None, PASSWORD])
def test_exporter(chart: ServiceChart, render: Render, password: SecretKey | None) -> None:
    RedisCache(chart, "cache", image="redis:7", password=password, exporter_image=EXPORTER)

    _, exporter = containers(render())
    assert (exporter["name"], exporter["image"]) == ("exporter", EXPORTER)
    assert exporter["ports"] == [{"name": "metrics", "containerPort": 9121}]
    source = {"secretKeyRef": {"name": "creds", "key": "password"}}
    assert exporter["env"] == [
        {"name": "REDIS_ADDR", "value": "redis://127.0.0.1:6379"},
        *([{"name": "REDIS_PASSWORD", "valueFrom": source}] if password else []),
    ]
    assert exporter["livenessProbe"]["tcpSocket"] == {"port": "metrics"}
    assert "volumeMounts" not in exporter


# Who reaches it


def test_nothing_reaches_it_without_a_connection(chart: ServiceChart, render: Render) -> None:
    RedisCache(chart, "cache", image="redis:7")

    assert render()["NetworkPolicy/cache-default-deny"]["spec"] == {
        "podSelector": {"matchLabels": SELECTED},
        "policyTypes": ["Ingress"],
    }


def test_a_closed_namespace_needs_no_policy_of_its_own(app: App, render: Render) -> None:
    chart = ServiceChart(app, "shop", namespace=ServiceNamespace(ServiceChart(app, "namespaces"), "shop"))
    RedisCache(chart, "cache", image="redis:7")

    assert "NetworkPolicy/cache-default-deny" not in render()


def test_connected_workloads_reach_its_port_and_not_the_exporters(chart: ServiceChart, render: Render) -> None:
    cache = RedisCache(chart, "cache", image="redis:7", exporter_image=EXPORTER)
    web = WebApp(chart, "web", image="shop:1", port=8080)
    before = render().keys()
    web.connect_to(cache)

    manifests = render()
    assert manifests.keys() - before == {
        "NetworkPolicy/cache-from-web",
        "NetworkPolicy/web-to-cache",
        "NetworkPolicy/web-to-kube-system.dns",
    }
    port = [{"port": 6379, "protocol": "TCP"}]
    assert manifests["NetworkPolicy/web-to-cache"]["spec"]["egress"][0]["ports"] == port
    assert manifests["NetworkPolicy/cache-from-web"]["spec"]["ingress"] == [
        {"from": [{"podSelector": {"matchLabels": {"app.kubernetes.io/name": "web"}}}], "ports": port}
    ]


# Memory


@pytest.mark.parametrize(
    ("memory", "cache", "durable"),
    [("9Mi", "6mb", "4mb"), ("10Gi", "7680mb", "5120mb")],
)
def test_memory_is_derived_from_the_limit(
    chart: ServiceChart, render: Render, data: LonghornVolume, memory: str, cache: str, durable: str
) -> None:
    RedisCache(chart, "cache", image="redis:7", resources=Resources(memory=memory))
    RedisCache(chart, "durable", image="redis:7", resources=Resources(memory=memory), data=data)

    manifests = render()
    assert options(manifests)["--maxmemory"] == cache
    assert options(manifests, "durable")["--maxmemory"] == durable


def test_maxmemory_may_be_all_of_its_share(chart: ServiceChart, render: Render, data: LonghornVolume) -> None:
    RedisCache(chart, "cache", image="redis:7", maxmemory="192Mi")
    RedisCache(chart, "durable", image="redis:7", maxmemory="128Mi", data=data)

    manifests = render()
    assert options(manifests)["--maxmemory"] == "192mb"
    assert options(manifests, "durable")["--maxmemory"] == "128mb"


def test_rejects_maxmemory_without_room_beside_it(chart: ServiceChart) -> None:
    with refused("""
        shop/cache
          maxmemory="193Mi" leaves too little of the container's 256Mi for buffers and fragmentation
          accepted: at most 192Mi
          fix:      maxmemory="192Mi", or more resources.memory
    """):
        RedisCache(chart, "cache", image="redis:7", maxmemory="193Mi")


def test_rejects_maxmemory_without_room_for_the_fork(chart: ServiceChart, data: LonghornVolume) -> None:
    with refused("""
        shop/cache
          maxmemory="129Mi" leaves too little of the container's 256Mi for the fork that rewrites the append-only file
          accepted: at most 128Mi
          fix:      maxmemory="128Mi", or more resources.memory
    """):
        RedisCache(chart, "cache", image="redis:7", maxmemory="129Mi", data=data)


def test_rejects_maxmemory_below_what_redis_counts_in(chart: ServiceChart) -> None:
    """0mb would be no limit at all."""
    with refused("""
        shop/cache
          maxmemory="512Ki" is next to nothing
          accepted: 1Mi to 192Mi
          fix:      maxmemory="192Mi"
    """):
        RedisCache(chart, "cache", image="redis:7", maxmemory="512Ki")


@pytest.mark.parametrize("maxmemory", ["512Ki", "1Gi"])
@pytest.mark.parametrize("durable", [False, True])
def test_the_fix_for_the_memory_works(chart: ServiceChart, data: LonghornVolume, maxmemory: str, durable: bool) -> None:
    volume = data if durable else None
    with pytest.raises(ConstructError) as caught:
        RedisCache(chart, "cache", image="redis:7", maxmemory=maxmemory, data=volume)
    fixed = caught.value.problems[0].fix.split('"')[1]
    RedisCache(chart, "cache", image="redis:7", maxmemory=fixed, data=volume)


# Refusals


def test_rejects_a_shared_volume(chart: ServiceChart) -> None:
    data = LonghornVolume(chart, "shared", size="1Gi", access_mode="ReadWriteMany")
    with refused("""
        shop/cache
          data="shared" is ReadWriteMany, which Longhorn serves over NFS: a database loses data on it
          accepted: a ReadWriteOnce volume
          fix:      LonghornVolume(..., "shared", access_mode="ReadWriteOnce")
    """):
        RedisCache(chart, "cache", image="redis:7", data=data)


def test_rejects_a_volume_that_another_has(chart: ServiceChart, data: LonghornVolume) -> None:
    RedisCache(chart, "one", image="redis:7", data=data)
    with refused("""
        shop/two
          mounts="/data" mounts disk (ReadWriteOnce), which one has
          accepted: a volume of its own, or one with access_mode="ReadWriteMany"
          fix:      make a LonghornVolume for each
    """):
        RedisCache(chart, "two", image="redis:7", data=data)


def test_rejects_a_volume_of_another_namespace(app: App, chart: ServiceChart) -> None:
    elsewhere = ServiceChart(app, "docs", namespace=ExistingNamespace("docs"))
    with refused("""
        shop/cache
          mounts="/data" mounts disk of namespace docs; a pod mounts from its own only
          accepted: what lives in namespace shop
          fix:      make disk in namespace shop
    """):
        RedisCache(chart, "cache", image="redis:7", data=LonghornVolume(elsewhere, "disk", size="1Gi"))


def test_rejects_all_at_once(chart: ServiceChart) -> None:
    with refused("""
        shop/Cache
          id="Cache" is not a name that Kubernetes accepts
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="cache"
          image="redis:latest" is whatever was pushed last
          accepted: "repository:tag", "repository@sha256:<64 hex digits>" or "repository:tag@sha256:…"; not latest
          fix:      image="redis:<version>"
          exporter_image="exporter" has neither tag nor digest, which means latest
          accepted: "repository:tag", "repository@sha256:<64 hex digits>" or "repository:tag@sha256:…"; not latest
          fix:      exporter_image="exporter:<version>"
          resources.memory="1GB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      resources.memory="1Gi"
          maxmemory="100MB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      maxmemory="100Mi"
    """):
        RedisCache(
            chart,
            "Cache",
            image="redis:latest",
            exporter_image="exporter",
            resources=Resources(memory="1GB"),
            maxmemory="100MB",
        )
