"""What was accepted once, or lost without a word: each of these had to be found."""

from typing import Any

import pytest
from cdk8s_plus_27 import k8s

from tests.conftest import Render
from vkm_constructs import (
    Alert,
    App,
    ConstructError,
    ExistingNamespace,
    ExternalSecretRef,
    LonghornBackupGroup,
    LonghornVolume,
    MariaDbSettings,
    MariaDbStatefulSet,
    Monitor,
    Pods,
    PostgresSettings,
    PostgresStatefulSet,
    Probe,
    Probes,
    RedisCache,
    Resources,
    RoleGrant,
    Rollout,
    Schedule,
    SecretKey,
    SecretStore,
    Security,
    ServiceChart,
    Sidecar,
    WebApp,
    Worker,
)


def an_app(chart: ServiceChart, id: str = "web", **options: Any) -> WebApp:
    smallest: dict[str, Any] = {"image": "shop:1", "port": 8080}
    return WebApp(chart, id, **(smallest | options))


def a_server(c: ServiceChart, kind: Any, **k: Any) -> Any:
    keys = ("database", "username", "password", "root-password", "postgres-password", "exporter-password")
    creds = ExternalSecretRef(c, "creds", store=SecretStore(name="s"), keys={key: f"db/{key}" for key in keys})
    return kind(c, "db", image="server:17", data=LonghornVolume(c, "data", size="1Gi"), credentials=creds, **k)


def test_two_volumes_are_two(chart: ServiceChart, render: Render) -> None:
    """`a--b` and `a-b` are both names, and must not become one volume of the pod."""
    mounts = [LonghornVolume(chart, name, size="1Gi").at(f"/{name}") for name in ("a--b", "a-b")]
    an_app(chart, mounts=mounts, security=Security(writable={}))
    assert len(render()["Deployment/web"]["spec"]["template"]["spec"]["volumes"]) == 2


def test_a_redis_password_is_a_reference(chart: ServiceChart) -> None:
    """A text would stand in the manifest, in clear."""
    with pytest.raises(ConstructError):
        RedisCache(chart, "cache", image="redis:7", password="secret")  # type: ignore[arg-type]


def test_monitor_of_pods_without_labels(chart: ServiceChart) -> None:
    with pytest.raises(ConstructError):
        Monitor(chart, "m", of=Pods(name="x", namespace="shop", labels={}, ports={"metrics": 9000}))


def test_a_service_monitor_looks_into_the_others_namespace(app: App, chart: ServiceChart, render: Render) -> None:
    """Without a namespaceSelector it looks for the Service in its own, and scrapes nothing."""
    web = an_app(ServiceChart(app, "docs", namespace=ExistingNamespace("docs")), extra_ports={"metrics": 9000})
    Monitor(chart, "m", of=web)
    assert render()["ServiceMonitor/web"]["spec"]["namespaceSelector"] == {"matchNames": ["docs"]}


def test_a_worker_has_no_token(chart: ServiceChart, render: Render) -> None:
    """As a Migration: grants go to the application's ServiceAccount."""
    web = an_app(chart, security=Security(api_token=True))
    Worker(chart, "jobs", app=web, command=["run"])
    assert render()["Deployment/jobs"]["spec"]["template"]["spec"]["automountServiceAccountToken"] is False


@pytest.mark.parametrize("settings", [{"shared_buffers": "512Ki"}, {"work_mem": "512Ki"}])
def test_postgres_sizes_in_ki(chart: ServiceChart, settings: Any) -> None:
    """0MB: PostgreSQL does not start."""
    with pytest.raises(ConstructError):
        a_server(chart, PostgresStatefulSet, settings=PostgresSettings(**settings))


@pytest.mark.parametrize("maxmemory", [None, "5Mi"])
def test_redis_in_next_to_no_memory(chart: ServiceChart, maxmemory: Any) -> None:
    """0mb is no limit; and what exceeds the container's memory is accepted."""
    with pytest.raises(ConstructError):
        RedisCache(chart, "cache", image="redis:7", maxmemory=maxmemory, resources=Resources(memory="1Mi"))


@pytest.mark.parametrize("interval", ["30", "30 s", "half a minute", ""])
def test_durations(chart: ServiceChart, interval: str) -> None:
    with pytest.raises(ConstructError):
        an_app(chart).monitor(port="http", interval=interval)
    alert = Alert(name="A", expr="up", for_=interval, severity="warning", summary="s", action="a")
    other = an_app(chart, "other")
    with pytest.raises(ConstructError):
        other.monitor(port="http", alerts=[alert])


def test_monitor_path(chart: ServiceChart) -> None:
    with pytest.raises(ConstructError):
        an_app(chart).monitor(port="http", path="metrics")


def test_a_volume_in_place_of_a_mount(chart: ServiceChart) -> None:
    """A likely slip: `.at("/path")` is missing."""
    with pytest.raises(ConstructError):
        an_app(chart, mounts=[LonghornVolume(chart, "data", size="1Gi")])


def test_the_same_pods_described_twice(chart: ServiceChart, render: Render) -> None:
    """A connection that is there already is left as it is."""
    web = an_app(chart)
    for _ in range(2):
        web.connect_to(Pods(name="old", namespace="shop", labels={"a": "1"}, ports={"http": 80}, scope=chart))
    render()


@pytest.mark.parametrize(
    "options",
    [
        {"rollout": Rollout(grace="60")},  # type: ignore[arg-type]
        {"probes": Probes(liveness=Probe.tcp(timeout="3"))},  # type: ignore[arg-type]
        {"replicas": "2"},
    ],
)
def test_numbers_as_text(chart: ServiceChart, options: Any) -> None:
    """Comparing them must not come before the text that they have."""
    data = LonghornVolume(chart, "data", size="1Gi")
    with pytest.raises(ConstructError):
        an_app(chart, mounts=[data.at("/data")], **options)


@pytest.mark.parametrize("kind", [MariaDbStatefulSet, PostgresStatefulSet])
def test_connections_as_text(chart: ServiceChart, kind: Any) -> None:
    settings: Any = MariaDbSettings if kind is MariaDbStatefulSet else PostgresSettings
    with pytest.raises(ConstructError):
        a_server(chart, kind, settings=settings(max_connections="5"))


@pytest.mark.parametrize(
    "rules",
    [[], [k8s.PolicyRule(api_groups=[""], resources=["*/scale"], verbs=["get"])], [k8s.PolicyRule(verbs=["get"])]],
)
def test_grants(chart: ServiceChart, rules: Any) -> None:
    """Nothing at all; every resource's subresource; a rule without resources, which the API server refuses."""
    with pytest.raises(ConstructError):
        RoleGrant(chart, "g", to=an_app(chart, security=Security(api_token=True)), namespace="shop", rules=rules)


def test_grant_in_no_namespace(chart: ServiceChart) -> None:
    rule = k8s.PolicyRule(api_groups=[""], resources=["pods"], verbs=["get"])
    with pytest.raises(ConstructError):
        RoleGrant(chart, "g", to=an_app(chart, security=Security(api_token=True)), namespace="My Shop", rules=[rule])


def test_host_in_upper_case_without_a_dot(chart: ServiceChart) -> None:
    """Docker takes `Org` for no host (no dot, no port, not localhost), and upper case is no repository."""
    with pytest.raises(ConstructError):
        an_app(chart, image="Org/app:1")


def test_cron_step_of_zeros(chart: ServiceChart) -> None:
    with pytest.raises(ConstructError):
        LonghornBackupGroup(chart, "g", backup=Schedule(cron="*/00 * * * *", retain=1))


def test_an_address_without_a_service(chart: ServiceChart) -> None:
    assert "None" not in str(an_app(chart, service_port=None).address)


def test_fix_of_a_port_name_of_digits(chart: ServiceChart) -> None:
    with pytest.raises(ConstructError) as caught:
        an_app(chart, extra_ports={"8080": 9000})
    assert caught.value.problems[0].fix != '"8080"'


def test_a_sidecars_problems_name_it(chart: ServiceChart) -> None:
    data = LonghornVolume(chart, "data", size="1Gi")
    sidecar = Sidecar(name="mate", resources=Resources(memory="1GB"), probes=Probes(), mounts=[data.at("data")])
    with pytest.raises(ConstructError) as caught:
        an_app(chart, sidecars=[sidecar])
    assert all(problem.argument.startswith("sidecars[mate].") for problem in caught.value.problems)


def test_a_foreign_password_is_one_finding(chart: ServiceChart) -> None:
    with pytest.raises(ConstructError) as caught:
        RedisCache(chart, "cache", image="redis:7", password=SecretKey("creds", "key", "docs"))
    assert [problem.argument for problem in caught.value.problems] == ["password"]


def test_maxmemory_fix_without_a_memory(chart: ServiceChart) -> None:
    with pytest.raises(ConstructError) as caught:
        RedisCache(chart, "cache", image="redis:7", maxmemory="512Ki", resources=Resources(memory="1GB"))
    assert "0Mi" not in "".join(f"{p.accepted} {p.fix}" for p in caught.value.problems)


def test_monitor_fix_of_a_server(chart: ServiceChart) -> None:
    """monitor() of a server has no argument `port`."""
    with pytest.raises(ConstructError) as caught:
        RedisCache(chart, "cache", image="redis:7").monitor()
    assert not caught.value.problems[0].fix.startswith("port=")


def test_a_volume_in_place_of_a_sidecars_mount(chart: ServiceChart) -> None:
    data: Any = LonghornVolume(chart, "data", size="1Gi")
    with pytest.raises(ConstructError) as caught:
        an_app(chart, sidecars=[Sidecar(name="mate", mounts=[data])])
    assert [problem.argument for problem in caught.value.problems] == ["sidecars[mate].mounts"]
