from typing import Literal

import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import (
    App,
    ConfigFiles,
    ExistingNamespace,
    InitContainer,
    LonghornVolume,
    PodField,
    Probe,
    Probes,
    Resources,
    Rollout,
    SecretKey,
    Security,
    ServiceChart,
    WebApp,
)

SELECTED = {"app.kubernetes.io/name": "web", "app.kubernetes.io/instance": "web"}
LABELS = {
    **SELECTED,
    "app.kubernetes.io/component": "web",
    "app.kubernetes.io/part-of": "shop",
    "app.kubernetes.io/managed-by": "cdk8s",
    "app.kubernetes.io/version": "1.27",
}


def test_manifests(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="nginx:1.27", port=8080)

    manifests = render()
    assert manifests.keys() == {"Deployment/web", "Service/web", "ServiceAccount/web"}
    for manifest in manifests.values():
        metadata = {key: value for key, value in manifest["metadata"].items() if key != "annotations"}
        assert metadata == {"name": "web", "namespace": "shop", "labels": LABELS}
    assert manifests["ServiceAccount/web"]["automountServiceAccountToken"] is False
    assert manifests["Service/web"]["spec"] == {
        "type": "ClusterIP",
        "selector": SELECTED,
        "ports": [{"name": "http", "port": 80, "targetPort": "http"}],
    }


def test_deployment(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="nginx:1.27", port=8080)

    spec = render()["Deployment/web"]["spec"]
    template = spec.pop("template")
    assert spec == {
        "replicas": 1,
        "revisionHistoryLimit": 3,
        "progressDeadlineSeconds": 600,
        "selector": {"matchLabels": SELECTED},
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
    }
    assert template["metadata"] == {"labels": LABELS}
    tcp = {"tcpSocket": {"port": "http"}, "timeoutSeconds": 5}
    assert template["spec"] == {
        "serviceAccountName": "web",
        "automountServiceAccountToken": False,
        "enableServiceLinks": False,
        "securityContext": {
            "runAsNonRoot": True,
            "runAsUser": 65532,
            "runAsGroup": 65532,
            "fsGroup": 65532,
            "fsGroupChangePolicy": "OnRootMismatch",
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "terminationGracePeriodSeconds": 30,
        "containers": [
            {
                "name": "web",
                "image": "nginx:1.27",
                "imagePullPolicy": "IfNotPresent",
                "ports": [{"name": "http", "containerPort": 8080}],
                "startupProbe": {**tcp, "periodSeconds": 5, "failureThreshold": 30},
                "readinessProbe": {**tcp, "periodSeconds": 10, "failureThreshold": 3},
                "livenessProbe": {**tcp, "periodSeconds": 20, "failureThreshold": 3},
                "lifecycle": {"preStop": {"exec": {"command": ["sleep", "5"]}}},
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
        ],
        "volumes": [{"name": "writable-tmp", "emptyDir": {"sizeLimit": "64Mi"}}],
    }


def test_everything(chart: ServiceChart, render: Render) -> None:
    uploads = LonghornVolume(chart, "uploads", size="1Gi", access_mode="ReadWriteMany")
    web = WebApp(
        chart,
        "web",
        image="nginx:1.27",
        port=8080,
        replicas=3,
        command=["nginx"],
        args=["-g", "daemon off;"],
        env={"MODE": "production"},
        mounts=[uploads.at("/uploads", sub_path="files")],
        init=[InitContainer(name="wait", command=["wait-for", "db"])],
        probes=Probes(readiness=Probe.http("/ready")),
        resources=Resources(cpu="2", memory="1Gi", ephemeral_storage="2Gi"),
        security=Security(user=33, group=34, writable={"/run": "8Mi"}),
        rollout=Rollout(pre_stop=10, grace=90),
        service_port=8000,
        extra_ports={"admin": 9100},
    )

    manifests = render()
    assert manifests.keys() == {
        "Deployment/web",
        "PersistentVolumeClaim/uploads",
        "PodDisruptionBudget/web",
        "Service/web",
        "ServiceAccount/web",
    }
    pod = manifests["Deployment/web"]["spec"]["template"]["spec"]
    assert [container["name"] for container in pod["containers"]] == ["web"]
    assert pod["containers"][0]["command"] == ["nginx"]
    assert pod["containers"][0]["args"] == ["-g", "daemon off;"]
    assert pod["terminationGracePeriodSeconds"] == 90
    assert pod["securityContext"]["runAsUser"] == 33
    assert manifests["Service/web"]["spec"]["ports"] == [{"name": "http", "port": 8000, "targetPort": "http"}]
    assert (web.deployment.name, web.service and web.service.name) == ("web", "web")
    assert web.service_account.name == "web"
    assert web.pod_disruption_budget is not None


def test_several_replicas_are_spread_and_leave_one_by_one(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="nginx:1.27", port=8080, replicas=2)

    manifests = render()
    assert manifests["PodDisruptionBudget/web"]["spec"] == {
        "maxUnavailable": 1,
        "selector": {"matchLabels": SELECTED},
        "unhealthyPodEvictionPolicy": "AlwaysAllow",
    }
    spread = manifests["Deployment/web"]["spec"]["template"]["spec"]["topologySpreadConstraints"]
    assert [constraint["topologyKey"] for constraint in spread] == [
        "kubernetes.io/hostname",
        "topology.kubernetes.io/zone",
    ]
    assert {constraint["whenUnsatisfiable"] for constraint in spread} == {"ScheduleAnyway"}
    assert all(constraint["labelSelector"] == {"matchLabels": SELECTED} for constraint in spread)


@pytest.mark.parametrize("replicas", [0, 1])
def test_up_to_one_replica_has_no_disruption_budget(chart: ServiceChart, render: Render, replicas: int) -> None:
    web = WebApp(chart, "web", image="nginx:1.27", port=8080, replicas=replicas)

    manifests = render()
    assert web.pod_disruption_budget is None
    assert "PodDisruptionBudget/web" not in manifests
    assert manifests["Deployment/web"]["spec"]["replicas"] == replicas
    assert "topologySpreadConstraints" not in manifests["Deployment/web"]["spec"]["template"]["spec"]


def test_service_port_none_makes_no_service(chart: ServiceChart, render: Render) -> None:
    web = WebApp(chart, "web", image="nginx:1.27", port=8080, service_port=None)

    assert web.service is None
    assert render().keys() == {"Deployment/web", "ServiceAccount/web"}


def test_extra_ports_are_the_containers_and_not_the_services(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="nginx:1.27", port=8080, extra_ports={"admin": 9000})

    manifests = render()
    container = manifests["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]
    assert container["ports"] == [
        {"name": "http", "containerPort": 8080},
        {"name": "admin", "containerPort": 9000},
    ]
    assert [port["name"] for port in manifests["Service/web"]["spec"]["ports"]] == ["http"]


def test_the_port_metrics_is_the_services_too(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="nginx:1.27", port=8080, extra_ports={"metrics": 9100})

    assert render()["Service/web"]["spec"]["ports"] == [
        {"name": "http", "port": 80, "targetPort": "http"},
        {"name": "metrics", "port": 9100, "targetPort": "metrics"},
    ]


def test_environment(chart: ServiceChart, render: Render) -> None:
    WebApp(
        chart,
        "web",
        image="nginx:1.27",
        port=8080,
        env={
            "MODE": "production",
            "LIMIT": 50,
            "PASSWORD": SecretKey("creds", "password", "shop"),
            "IP": PodField("status.podIP"),
        },
    )

    container = render()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]
    assert container["env"] == [
        {"name": "MODE", "value": "production"},
        {"name": "LIMIT", "value": "50"},
        {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "creds", "key": "password"}}},
        {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
    ]


def test_one_volume_at_two_paths_is_one_volume(chart: ServiceChart, render: Render) -> None:
    uploads = LonghornVolume(chart, "uploads", size="1Gi")
    WebApp(
        chart,
        "web",
        image="nginx:1.27",
        port=8080,
        mounts=[uploads.at("/public", sub_path="public"), uploads.at("/private", sub_path="private")],
        security=Security(writable={}),
    )

    pod = render()["Deployment/web"]["spec"]["template"]["spec"]
    assert pod["volumes"] == [{"name": "claim-uploads", "persistentVolumeClaim": {"claimName": "uploads"}}]
    assert pod["containers"][0]["volumeMounts"] == [
        {"name": "claim-uploads", "mountPath": "/public", "subPath": "public"},
        {"name": "claim-uploads", "mountPath": "/private", "subPath": "private"},
    ]


@pytest.mark.parametrize(
    ("access_mode", "strategy"), [("ReadWriteOnce", "Recreate"), ("ReadWriteMany", "RollingUpdate")]
)
def test_the_roll_out_follows_from_the_volumes(
    chart: ServiceChart,
    render: Render,
    access_mode: Literal["ReadWriteOnce", "ReadWriteMany"],
    strategy: str,
) -> None:
    data = LonghornVolume(chart, "data", size="1Gi", access_mode=access_mode)
    WebApp(chart, "web", image="nginx:1.27", port=8080, mounts=[data.at("/data")])

    assert render()["Deployment/web"]["spec"]["strategy"]["type"] == strategy


def test_init_containers_have_what_the_application_has(chart: ServiceChart, render: Render) -> None:
    uploads = LonghornVolume(chart, "uploads", size="1Gi")
    WebApp(
        chart,
        "web",
        image="nginx:1.27",
        port=8080,
        env={"MODE": "production"},
        mounts=[uploads.at("/uploads")],
        init=[InitContainer(name="first", command=["one"]), InitContainer(name="second", command=["two"])],
    )

    pod = render()["Deployment/web"]["spec"]["template"]["spec"]
    app = pod["containers"][0]
    shared = ("image", "imagePullPolicy", "env", "volumeMounts", "resources", "securityContext")
    assert pod["initContainers"] == [
        {"name": "first", "command": ["one"], **{key: app[key] for key in shared}},
        {"name": "second", "command": ["two"], **{key: app[key] for key in shared}},
    ]


@pytest.mark.parametrize(("pre_stop", "command"), [(0, None), (7, ["sleep", "7"])])
def test_pre_stop(chart: ServiceChart, render: Render, pre_stop: int, command: list[str] | None) -> None:
    WebApp(chart, "web", image="nginx:1.27", port=8080, rollout=Rollout(pre_stop=pre_stop))

    container = render()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]
    assert container.get("lifecycle") == (command and {"preStop": {"exec": {"command": command}}})


def test_deadline(chart: ServiceChart, render: Render) -> None:
    """A first start that waits for a database is no failed roll-out."""
    WebApp(chart, "web", image="nginx:1.27", port=8080, rollout=Rollout(deadline=1200))

    assert render()["Deployment/web"]["spec"]["progressDeadlineSeconds"] == 1200


def test_pods_roll_when_a_mounted_file_changes(app: App, render: Render) -> None:
    texts = {"a": "one", "b": "one", "c": "two"}
    for namespace, text in texts.items():
        chart = ServiceChart(app, namespace, namespace=ExistingNamespace(namespace))
        files = ConfigFiles(chart, "files", files={"settings": text})
        WebApp(chart, "web", image="nginx:1.27", port=8080, mounts=[files.at("/etc/web")])

    manifests = render()
    hashes = [
        manifests[f"{namespace}/Deployment/web"]["spec"]["template"]["metadata"]["annotations"]["checksum/config"]
        for namespace in texts
    ]
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_digest_is_no_version(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image=f"nginx@sha256:{'a' * 64}", port=8080)

    manifest = render()["Deployment/web"]
    assert "app.kubernetes.io/version" not in manifest["metadata"]["labels"]
    assert manifest["spec"]["template"]["spec"]["containers"][0]["image"] == f"nginx@sha256:{'a' * 64}"


def test_rejects_two_replicas_on_one_read_write_once_volume(chart: ServiceChart) -> None:
    data = LonghornVolume(chart, "data", size="1Gi")
    with refused("""
        shop/web
          replicas=2 cannot share volume data (ReadWriteOnce)
          accepted: replicas=1, or a volume with access_mode="ReadWriteMany"
          fix:      LonghornVolume(..., access_mode="ReadWriteMany")
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, replicas=2, mounts=[data.at("/data")])


@pytest.mark.parametrize(("replicas", "shown", "fix"), [(2.5, "2.5", 1), ("3", '"3"', 3), (True, "True", 1)])
def test_rejects_replicas_that_are_no_whole_number(chart: ServiceChart, replicas: object, shown: str, fix: int) -> None:
    with refused(f"""
        shop/web
          replicas={shown} is not a whole number
          accepted: a whole number from 0
          fix:      replicas={fix}
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, replicas=replicas)  # type: ignore[arg-type]


def test_rejects_negative_replicas(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          replicas=-1 is too small
          accepted: a whole number from 0
          fix:      replicas=1
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, replicas=-1)


@pytest.mark.parametrize("path", ["/data", "/tmp"])
def test_rejects_a_path_mounted_twice(chart: ServiceChart, path: str) -> None:
    data = LonghornVolume(chart, "data", size="1Gi")
    other = LonghornVolume(chart, "other", size="1Gi")
    with refused(f"""
        shop/web
          mounts="{path}" is mounted twice
          accepted: each path once, in mounts or in security.writable
          fix:      give one of the two another path
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, mounts=[data.at("/data"), other.at(path)])


def test_rejects_a_volume_of_another_namespace(app: App, chart: ServiceChart) -> None:
    elsewhere = ServiceChart(app, "wiki", namespace=ExistingNamespace("wiki"))
    data = LonghornVolume(elsewhere, "data", size="1Gi")
    with refused("""
        shop/web
          mounts="/data" mounts data of namespace wiki; a pod mounts from its own only
          accepted: what lives in namespace shop
          fix:      make data in namespace shop
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, mounts=[data.at("/data")])


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_rejects_port(chart: ServiceChart, port: int) -> None:
    with refused(f"""
        shop/web
          port={port} is not a port
          accepted: a whole number from 1 to 65535
          fix:      port=8080
          service_port={port} is not a port
          accepted: a whole number from 1 to 65535
          fix:      service_port=8080
    """):
        WebApp(chart, "web", image="nginx:1.27", port=port, service_port=port)


def test_rejects_extra_port(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          extra_ports["admin"]=99999 is not a port
          accepted: a whole number from 1 to 65535
          fix:      extra_ports["admin"]=8080
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, extra_ports={"admin": 99999})


@pytest.mark.parametrize("port", [1, 65535])
def test_accepts_every_port(chart: ServiceChart, render: Render, port: int) -> None:
    WebApp(chart, "web", image="nginx:1.27", port=port, service_port=port)

    assert render()["Service/web"]["spec"]["ports"][0]["port"] == port


def test_rejects_a_port_declared_twice(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          ports["admin"]=8080 is the port http already
          accepted: each name and each number once in a pod
          fix:      leave it out, or give the one that it really listens on
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, extra_ports={"admin": 8080})


@pytest.mark.parametrize(("name", "fix"), [("a--b", "a-b"), ("Admin", "admin"), ("a" * 16, "a" * 15), ("-", "http")])
def test_rejects_a_ports_name(chart: ServiceChart, name: str, fix: str) -> None:
    with refused(f"""
        shop/web
          extra_ports="{name}" is not a port's name
          accepted: at most 15 of a-z, 0-9 and single -, with a letter (RFC 6335)
          fix:      "{fix}"
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, extra_ports={name: 9000})


def test_rejects_a_port_with_the_name_of_the_applications_own(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          extra_ports["http"]=9100 has the name of the application's own port
          accepted: another name
          fix:      "http-2", or port_name=
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, extra_ports={"http": 9100})


def test_rejects_a_service_port_that_is_the_metrics_port(chart: ServiceChart) -> None:
    """A Service has each number once."""
    with refused("""
        shop/web
          service_port=9100 is the number of the port metrics, which the Service has as well
          accepted: another number
          fix:      service_port=80
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, service_port=9100, extra_ports={"metrics": 9100})


def test_rejects_a_grace_period_that_pre_stop_uses_up(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          rollout.grace=10 is over before the 10 seconds of pre_stop are: the software is killed without a word
          accepted: more than 10 seconds
          fix:      grace=35
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, rollout=Rollout(pre_stop=10, grace=10))


def test_rejects_a_rollout_without_time(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          rollout.pre_stop=-1 is too small
          accepted: a whole number from 0
          fix:      rollout.pre_stop=1
          rollout.deadline=0 is too small
          accepted: a whole number from 1
          fix:      rollout.deadline=1
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, rollout=Rollout(pre_stop=-1, deadline=0))


def test_rejects_an_id_that_is_taken(chart: ServiceChart) -> None:
    LonghornVolume(chart, "web", size="1Gi")
    with refused("""
        shop/web
          id="web" is already the id of another construct in this scope
          accepted: an id that is used once in its scope
          fix:      give one of the two another id
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080)


def test_rejects_a_chart_without_a_namespace(app: App) -> None:
    chart = ServiceChart(app, "shop")
    with refused("""
        shop/web
          scope="ServiceChart" is in a chart without a namespace
          accepted: a chart that has a namespace, or a construct in one
          fix:      ServiceChart(app, "shop", namespace=...) or cdk8s.Chart(app, "shop", namespace="shop")
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080)


def test_a_chart_without_a_namespace_is_the_only_finding(app: App, chart: ServiceChart) -> None:
    """Volumes and Secrets are not called far away from a namespace that is not known."""
    data = LonghornVolume(chart, "data", size="1Gi")
    with refused("""
        lost/web
          scope="ServiceChart" is in a chart without a namespace
          accepted: a chart that has a namespace, or a construct in one
          fix:      ServiceChart(app, "shop", namespace=...) or cdk8s.Chart(app, "shop", namespace="shop")
    """):
        WebApp(
            ServiceChart(app, "lost"),
            "web",
            image="nginx:1.27",
            port=8080,
            env={"KEY": SecretKey("creds", "key", "shop")},
            mounts=[data.at("/data")],
        )


def test_rejects_an_app_in_place_of_a_chart(app: App) -> None:
    with refused("""
        web
          scope="App" is not inside of a chart
          accepted: a chart that has a namespace, or a construct in one
          fix:      ServiceChart(app, "shop", namespace=...) or cdk8s.Chart(app, "shop", namespace="shop")
    """):
        WebApp(app, "web", image="nginx:1.27", port=8080)


def test_rejects_a_command_in_one_text(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          command="nginx -g 'daemon off;'" is one text
          accepted: a list of texts: the program, then each argument
          fix:      command=['nginx', '-g', 'daemon off;']
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, command="nginx -g 'daemon off;'")


def test_rejects_two_containers_of_one_name(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          init or sidecars="web" is the name of two containers of the pod
          accepted: each name once; the application's container has the id's
          fix:      give one of them another name
    """):
        WebApp(chart, "web", image="nginx:1.27", port=8080, init=[InitContainer(name="web", command=["x"])])


def test_rejects_all_at_once(chart: ServiceChart) -> None:
    data = LonghornVolume(chart, "data", size="1Gi")
    with refused("""
        shop/Web_Shop
          id="Web_Shop" is not a name that Kubernetes accepts
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="web-shop"
          image="nginx:latest" is whatever was pushed last
          accepted: "repository:tag", "repository@sha256:<64 hex digits>" or "repository:tag@sha256:…"; not latest
          fix:      image="nginx:<version>"
          port=80800 is not a port
          accepted: a whole number from 1 to 65535
          fix:      port=8080
          env="LOG-LEVEL" is not a variable's name
          accepted: letters, digits and _, not starting with a digit
          fix:      "LOG_LEVEL"
          mounts="data" is not a path that can be mounted
          accepted: an absolute path below /, without . and .. and :, single slashes, none at its end
          fix:      "/data"
          probes.readiness.timeout=15 is longer than the period, 10: a new try starts before the last has failed
          accepted: 1 to 10 seconds
          fix:      period=15
          resources.memory="512MB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      resources.memory="512Mi"
          replicas=2 cannot share volume data (ReadWriteOnce)
          accepted: replicas=1, or a volume with access_mode="ReadWriteMany"
          fix:      LonghornVolume(..., access_mode="ReadWriteMany")
    """):
        WebApp(
            chart,
            "Web_Shop",
            image="nginx:latest",
            port=80800,
            replicas=2,
            env={"LOG-LEVEL": "debug"},
            mounts=[data.at("data")],
            probes=Probes(readiness=Probe.tcp(timeout=15)),
            resources=Resources(memory="512MB"),
        )


def test_a_refused_app_leaves_nothing_behind(chart: ServiceChart, render: Render) -> None:
    with pytest.raises(ValueError, match="is not a port"):
        WebApp(chart, "web", image="nginx:1.27", port=0)
    WebApp(chart, "web", image="nginx:1.27", port=8080)

    assert render().keys() == {"Deployment/web", "Service/web", "ServiceAccount/web"}
