from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import pytest

from tests.conftest import Manifest, Render
from tests.refused import refused
from vkm_constructs import (
    App,
    ConfigFiles,
    ExistingNamespace,
    InitContainer,
    LonghornVolume,
    Migration,
    Monitor,
    Probe,
    Probes,
    Resources,
    Rollout,
    SecretKey,
    Security,
    ServiceChart,
    Sidecar,
    WebApp,
    Worker,
)

Make: TypeAlias = Callable[..., WebApp]

SELECTED = {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "jobs"}
LABELS = {
    **SELECTED,
    "app.kubernetes.io/component": "worker",
    "app.kubernetes.io/part-of": "shop",
    "app.kubernetes.io/managed-by": "cdk8s",
    "app.kubernetes.io/version": "v2",
}


@pytest.fixture
def application(chart: ServiceChart) -> Make:
    return partial(WebApp, chart, "web", image="shop:v2", port=8080)


@pytest.fixture
def web(application: Make) -> WebApp:
    return application()


def pod(manifests: dict[str, Manifest], name: str = "jobs") -> dict[str, Any]:
    found: dict[str, Any] = manifests[f"Deployment/{name}"]["spec"]["template"]["spec"]
    return found


def test_manifests(chart: ServiceChart, render: Render, web: WebApp) -> None:
    before = render()
    worker = Worker(chart, "jobs", app=web, command=["run", "jobs"])

    manifests = render()
    assert manifests.keys() - before.keys() == {"Deployment/jobs", "ServiceAccount/jobs"}
    assert {key: manifests[key] for key in before} == before
    for key in manifests.keys() - before.keys():
        assert manifests[key]["metadata"] == {"name": "jobs", "namespace": "shop", "labels": LABELS}
    assert manifests["ServiceAccount/jobs"]["automountServiceAccountToken"] is False
    assert (worker.deployment.name, worker.service_account.name, worker.service) == ("jobs", "jobs", None)


def test_deployment(chart: ServiceChart, render: Render, web: WebApp) -> None:
    Worker(chart, "jobs", app=web, command=["run", "jobs"])

    spec = render()["Deployment/jobs"]["spec"]
    template = spec.pop("template")
    assert spec == {
        "replicas": 1,
        "revisionHistoryLimit": 3,
        "progressDeadlineSeconds": 600,
        "selector": {"matchLabels": SELECTED},
        "strategy": {"type": "Recreate"},
    }
    assert template["metadata"] == {"labels": LABELS}
    assert template["spec"]["serviceAccountName"] == "jobs"
    assert template["spec"]["terminationGracePeriodSeconds"] == 30
    assert template["spec"]["containers"] == [
        {
            "name": "jobs",
            "image": "shop:v2",
            "imagePullPolicy": "IfNotPresent",
            "command": ["run", "jobs"],
            "resources": {
                "requests": {"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "1Gi"},
                "limits": {"memory": "256Mi", "ephemeral-storage": "1Gi"},
            },
            "securityContext": {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            },
            "volumeMounts": [{"name": "writable-tmp", "mountPath": "/tmp"}],
        }
    ]


def test_runs_as_the_application_does(chart: ServiceChart, render: Render, application: Make) -> None:
    uploads = LonghornVolume(chart, "uploads", size="1Gi", access_mode="ReadWriteMany")
    files = ConfigFiles(chart, "files", files={"a": "1"})
    app = application(
        env={"MODE": "production", "KEY": SecretKey("creds", "key", "shop")},
        mounts=[uploads.at("/uploads"), files.at("/etc/shop")],
        init=[InitContainer(name="wait", command=["wait"])],
        security=Security(user=33, group=34, writable={"/run": "8Mi"}),
    )
    Worker(chart, "jobs", app=app, command=["run"])

    manifests = render()
    of_app, of_worker = pod(manifests, "web"), pod(manifests)
    for shared in ("securityContext", "volumes", "initContainers"):
        assert of_worker[shared] == of_app[shared]
    for shared in ("image", "env", "volumeMounts", "securityContext"):
        assert of_worker["containers"][0][shared] == of_app["containers"][0][shared]
    hashes = [
        manifests[f"Deployment/{name}"]["spec"]["template"]["metadata"]["annotations"] for name in ("web", "jobs")
    ]
    assert hashes[0] == hashes[1], "both roll when a file changes"


def test_has_none_of_the_applications_sidecars(chart: ServiceChart, render: Render, application: Make) -> None:
    app = application(sidecars=[Sidecar(name="proxy", image="proxy:1", ports={"admin": 9000})])
    Worker(chart, "jobs", app=app, command=["run"])

    assert [container["name"] for container in pod(render())["containers"]] == ["jobs"]


def test_everything(chart: ServiceChart, render: Render, web: WebApp) -> None:
    worker = Worker(
        chart,
        "jobs",
        app=web,
        command=["run", "websockets"],
        replicas=2,
        port=6042,
        env={"THREADS": 4},
        probes=Probes(readiness=Probe.http("/ready")),
        resources=Resources(cpu="1", memory="1Gi"),
        rollout=Rollout(pre_stop=3, grace=90, deadline=1200),
    )

    manifests = render()
    assert {"Deployment/jobs", "Service/jobs", "ServiceAccount/jobs"} <= manifests.keys()
    spec = manifests["Deployment/jobs"]["spec"]
    assert (spec["replicas"], spec["progressDeadlineSeconds"]) == (2, 1200)
    assert spec["strategy"] == {"type": "RollingUpdate"}
    assert pod(manifests)["terminationGracePeriodSeconds"] == 90
    spread = pod(manifests)["topologySpreadConstraints"]
    assert all(constraint["labelSelector"] == {"matchLabels": SELECTED} for constraint in spread)
    (container,) = pod(manifests)["containers"]
    assert container["ports"] == [{"name": "http", "containerPort": 6042}]
    assert container["env"] == [{"name": "THREADS", "value": "4"}]
    assert container["lifecycle"] == {"preStop": {"exec": {"command": ["sleep", "3"]}}}
    assert container["resources"]["limits"]["memory"] == "1Gi"
    assert container["readinessProbe"]["httpGet"] == {"path": "/ready", "port": "http"}
    assert container["livenessProbe"]["tcpSocket"] == {"port": "http"}
    assert worker.service is not None
    assert manifests["Service/jobs"]["spec"] == {
        "type": "ClusterIP",
        "selector": SELECTED,
        "ports": [{"name": "http", "port": 6042, "targetPort": "http"}],
    }


@pytest.mark.parametrize(("replicas", "strategy"), [(0, "RollingUpdate"), (1, "Recreate"), (3, "RollingUpdate")])
def test_a_single_one_is_never_run_twice(
    chart: ServiceChart, render: Render, web: WebApp, replicas: int, strategy: str
) -> None:
    Worker(chart, "jobs", app=web, command=["run"], replicas=replicas)

    spec = render()["Deployment/jobs"]["spec"]
    assert (spec["replicas"], spec["strategy"]) == (replicas, {"type": strategy})


def test_a_port_brings_a_service_and_probes(chart: ServiceChart, render: Render, web: WebApp) -> None:
    Worker(chart, "jobs", app=web, command=["run"])
    Worker(chart, "sockets", app=web, command=["run"], port=6042)

    manifests = render()
    silent, serving = pod(manifests)["containers"][0], pod(manifests, "sockets")["containers"][0]
    assert not silent.keys() & {"ports", "startupProbe", "readinessProbe", "livenessProbe"}
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert serving[probe]["tcpSocket"] == {"port": "http"}
    assert "Service/jobs" not in manifests
    assert "Service/sockets" in manifests


def test_without_a_port_it_can_be_probed_by_a_command(chart: ServiceChart, render: Render, web: WebApp) -> None:
    alive = Probe.command(["alive"])
    Worker(chart, "jobs", app=web, command=["run"], probes=Probes(startup=alive, readiness=alive, liveness=alive))

    assert pod(render())["containers"][0]["livenessProbe"]["exec"] == {"command": ["alive"]}


def test_shares_the_applications_connections(chart: ServiceChart, render: Render, web: WebApp) -> None:
    """What the application reaches, before or after the worker was made, the worker reaches as well."""
    web.connect_to(WebApp(chart, "api", image="api:1", port=9000))
    Worker(chart, "jobs", app=web, command=["run"])
    web.connect_to_outside("smtp", cidrs=["192.0.2.0/24"], ports=[465], reason="sends mail")

    manifests = render()
    assert not [key for key in manifests if key.startswith("NetworkPolicy/") and "jobs" in key]
    labels = manifests["Deployment/jobs"]["spec"]["template"]["metadata"]["labels"].items()
    for name in ("web-to-api", "web-to-smtp", "web-to-kube-system.dns"):
        assert manifests[f"NetworkPolicy/{name}"]["spec"]["podSelector"]["matchLabels"].items() <= labels
    (peer,) = manifests["NetworkPolicy/api-from-web"]["spec"]["ingress"][0]["from"]
    assert peer["podSelector"]["matchLabels"].items() <= labels


def test_is_not_reached_as_the_application_is(chart: ServiceChart, render: Render, web: WebApp) -> None:
    WebApp(chart, "api", image="api:1", port=9000).connect_to(web)
    Worker(chart, "jobs", app=web, command=["run"], port=6042)

    manifests = render()
    labels = manifests["Deployment/jobs"]["spec"]["template"]["metadata"]["labels"].items()
    for selector in (
        manifests["Service/web"]["spec"]["selector"],
        manifests["Deployment/web"]["spec"]["selector"]["matchLabels"],
        manifests["NetworkPolicy/web-from-api"]["spec"]["podSelector"]["matchLabels"],
    ):
        assert not selector.items() <= labels


def test_the_application_connects_to_it(chart: ServiceChart, render: Render, web: WebApp) -> None:
    worker = Worker(chart, "sockets", app=web, command=["run"], port=6042)
    web.connect_to(worker)

    manifests = render()
    port = [{"port": 6042, "protocol": "TCP"}]
    assert manifests["NetworkPolicy/web-to-sockets"]["spec"]["egress"][0]["ports"] == port
    ingress = manifests["NetworkPolicy/sockets-from-web"]["spec"]
    assert ingress["podSelector"] == {"matchLabels": {**SELECTED, "app.kubernetes.io/instance": "sockets"}}
    assert ingress["ingress"][0]["ports"] == port


def test_without_a_port_nothing_connects_to_it(chart: ServiceChart, web: WebApp) -> None:
    worker = Worker(chart, "jobs", app=web, command=["run"])
    with refused("""
        shop/web
          connect_to="jobs" listens on nothing
          accepted: a workload that declares a port
          fix:      Pods(..., "jobs", ports={"http": 8080}), or connect to the workload that serves it
    """):
        web.connect_to(worker)


def test_is_monitored_by_its_pods(chart: ServiceChart, render: Render, web: WebApp) -> None:
    worker = Worker(chart, "sockets", app=web, command=["run"], port=6042)
    Monitor(chart, "monitor", of=worker, port="http")

    selected = render()["PodMonitor/sockets"]["spec"]["selector"]
    assert selected == {"matchLabels": {**SELECTED, "app.kubernetes.io/instance": "sockets"}}


# Refusals


def test_rejects_a_read_write_once_volume(chart: ServiceChart, application: Make) -> None:
    data = LonghornVolume(chart, "data", size="1Gi")
    app = application(mounts=[data.at("/data")])
    with refused("""
        shop/jobs
          app="web" mounts data (ReadWriteOnce), which a worker on another node could not
          accepted: an application whose volumes have access_mode="ReadWriteMany"
          fix:      LonghornVolume(..., access_mode="ReadWriteMany")
    """):
        Worker(chart, "jobs", app=app, command=["run"])


def test_rejects_a_variable_given_twice(chart: ServiceChart, application: Make) -> None:
    app = application(env={"MODE": "web"})
    with refused("""
        shop/jobs
          env["MODE"]="jobs" is given a second time
          accepted: each variable once
          fix:      leave it out here, or where it was given first
    """):
        Worker(chart, "jobs", app=app, command=["run"], env={"MODE": "jobs"})


def test_rejects_another_namespace(app: App, web: WebApp) -> None:
    elsewhere = ServiceChart(app, "docs", namespace=ExistingNamespace("docs"))
    with refused("""
        docs/jobs
          app="web" lives in namespace shop; its Secrets and volumes cannot be had elsewhere
          accepted: a WebApp in namespace docs
          fix:      make this in the chart of web
    """):
        Worker(elsewhere, "jobs", app=web, command=["run"])


def test_rejects_probes_of_a_port_that_it_has_not(chart: ServiceChart, web: WebApp) -> None:
    alive = Probe.command(["alive"])
    with refused("""
        shop/jobs
          probes.startup="TCP" has no port to ask: the workload declares none
          accepted: Probe.command([...])
          fix:      declare a port, or probe by a command
          probes.readiness="GET /ready" has no port to ask: the workload declares none
          accepted: Probe.command([...])
          fix:      declare a port, or probe by a command
    """):
        Worker(
            chart,
            "jobs",
            app=web,
            command=["run"],
            probes=Probes(startup=Probe.tcp(), readiness=Probe.http("/ready"), liveness=alive),
        )


def test_rejects_the_applications_writable_paths_that_do_not_fit(chart: ServiceChart, application: Make) -> None:
    app = application(security=Security(writable={"/cache": "512Mi"}))
    with refused("""
        shop/jobs
          security.writable={'/cache': '512Mi'} is more than the ephemeral storage, 256Mi: the pod is evicted before they are full
          accepted: paths that sum up to 256Mi at most
          fix:      resources=Resources(ephemeral_storage="1Gi", ...)
    """):  # noqa: E501
        Worker(chart, "jobs", app=app, command=["run"], resources=Resources(ephemeral_storage="256Mi"))


def test_rejects_all_at_once(chart: ServiceChart, web: WebApp) -> None:
    with refused("""
        shop/Jobs
          id="Jobs" is not a name that Kubernetes accepts
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="jobs"
          command=[] runs nothing
          accepted: a list of texts: the program, then each argument
          fix:      command=["rake", "db:migrate"]
          replicas=-1 is too small
          accepted: a whole number from 0
          fix:      replicas=1
          port=0 is not a port
          accepted: a whole number from 1 to 65535
          fix:      port=8080
          env="A-B" is not a variable's name
          accepted: letters, digits and _, not starting with a digit
          fix:      "A_B"
          resources.cpu="0.5" is not an amount of CPU
          accepted: whole cores ("2") or thousandths of a core ("100m"), above 0
          fix:      "500m"
          rollout.grace=5 is over before the 5 seconds of pre_stop are: the software is killed without a word
          accepted: more than 5 seconds
          fix:      grace=30
    """):
        Worker(
            chart,
            "Jobs",
            app=web,
            command=[],
            replicas=-1,
            port=0,
            env={"A-B": "x"},
            resources=Resources(cpu="0.5"),
            rollout=Rollout(pre_stop=5, grace=5),
        )


def test_reaches_what_its_application_does_not(chart: ServiceChart, render: Render) -> None:
    app = WebApp(chart, "web", image="shop:1", port=8080)
    worker = Worker(chart, "jobs", app=app, command=["run"])
    migration = Migration(chart, "migrate", app=app, command=["migrate"])
    queue = WebApp(chart, "queue", image="queue:1", port=5672)
    for part in (worker, migration):
        part.connect_to(queue)
        part.connect_to_outside("mail", cidrs=["192.0.2.0/24"], ports=[25], reason="sends receipts")

    manifests = render()
    for name in ("jobs", "migrate"):
        itself = {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": name}
        for policy in (f"{name}-to-queue", f"{name}-to-mail"):
            assert manifests[f"NetworkPolicy/{policy}"]["spec"]["podSelector"]["matchLabels"] == itself
        (way,) = manifests[f"NetworkPolicy/queue-from-{name}"]["spec"]["ingress"]
        assert way["from"] == [{"podSelector": {"matchLabels": itself}}]
    assert "NetworkPolicy/web-to-queue" not in manifests
