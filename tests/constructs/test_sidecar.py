"""Further containers in an application's pods, and an application that is reached through one of them."""

from typing import Any

import pytest

from tests.conftest import Manifest, Render
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
    SecretKey,
    Security,
    ServiceChart,
    Sidecar,
    WebApp,
)


def pod(manifests: dict[str, Manifest]) -> dict[str, Any]:
    found: dict[str, Any] = manifests["Deployment/web"]["spec"]["template"]["spec"]
    return found


def test_manifests(chart: ServiceChart, render: Render) -> None:
    """The smallest one: the application's image, and nothing else of it but the writable paths."""
    WebApp(chart, "web", image="shop:1", port=8080, env={"MODE": "x"}, sidecars=[Sidecar(name="mate")])

    manifests = render()
    assert manifests.keys() == {"Deployment/web", "Service/web", "ServiceAccount/web"}
    web, mate = pod(manifests)["containers"]
    assert web["name"] == "web"
    assert mate == {
        "name": "mate",
        "image": "shop:1",
        "imagePullPolicy": "IfNotPresent",
        "resources": {
            "requests": {"cpu": "50m", "memory": "64Mi", "ephemeral-storage": "256Mi"},
            "limits": {"memory": "64Mi", "ephemeral-storage": "256Mi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [{"name": "writable-tmp", "mountPath": "/tmp"}],
    }


def test_changes_nothing_else(app: App, render: Render) -> None:
    for name, sidecars in {"without": [], "with": [Sidecar(name="mate", image="mate:1")]}.items():
        chart = ServiceChart(app, name, namespace=ExistingNamespace(name))
        WebApp(chart, "web", image="shop:1", port=8080, sidecars=sidecars)

    manifests = render()
    without, with_ = (manifests[f"{name}/Deployment/web"]["spec"] for name in ("without", "with"))
    assert with_["template"]["spec"]["containers"].pop()["name"] == "mate"
    with_["template"]["metadata"]["labels"]["app.kubernetes.io/part-of"] = "without"
    assert with_ == without


def test_everything(chart: ServiceChart, render: Render) -> None:
    files = ConfigFiles(chart, "files", files={"proxy.conf": "x"})
    WebApp(
        chart,
        "web",
        image="shop:1",
        port=8080,
        sidecars=[
            Sidecar(
                name="proxy",
                image="proxy:2",
                command=["proxy"],
                args=["--verbose"],
                env={"KEY": SecretKey("creds", "key", "shop"), "IP": PodField("status.podIP"), "N": 3},
                mounts=[files.at("/etc/proxy")],
                ports={"admin": 9000, "metrics": 9100},
                probes=Probes(readiness=Probe.http("/ready", port="metrics")),
                pre_stop=["proxy", "--drain"],
                resources=Resources(cpu="1", memory="128Mi", ephemeral_storage="1Gi"),
            )
        ],
    )

    _, proxy = pod(render())["containers"]
    tcp = {"tcpSocket": {"port": "admin"}, "timeoutSeconds": 5}
    assert proxy == {
        "name": "proxy",
        "image": "proxy:2",
        "imagePullPolicy": "IfNotPresent",
        "command": ["proxy"],
        "args": ["--verbose"],
        "env": [
            {"name": "KEY", "valueFrom": {"secretKeyRef": {"name": "creds", "key": "key"}}},
            {"name": "IP", "valueFrom": {"fieldRef": {"fieldPath": "status.podIP"}}},
            {"name": "N", "value": "3"},
        ],
        "ports": [{"name": "admin", "containerPort": 9000}, {"name": "metrics", "containerPort": 9100}],
        "startupProbe": {**tcp, "periodSeconds": 5, "failureThreshold": 30},
        "readinessProbe": {
            "httpGet": {"path": "/ready", "port": "metrics"},
            "periodSeconds": 10,
            "timeoutSeconds": 5,
            "failureThreshold": 3,
        },
        "livenessProbe": {**tcp, "periodSeconds": 20, "failureThreshold": 3},
        "lifecycle": {"preStop": {"exec": {"command": ["proxy", "--drain"]}}},
        "resources": {
            "requests": {"cpu": "1", "memory": "128Mi", "ephemeral-storage": "1Gi"},
            "limits": {"memory": "128Mi", "ephemeral-storage": "1Gi"},
        },
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        },
        "volumeMounts": [
            {"name": "config-files", "mountPath": "/etc/proxy", "readOnly": True},
            {"name": "writable-tmp", "mountPath": "/tmp"},
        ],
    }


def test_shares_the_pods_user_and_writable_paths(chart: ServiceChart, render: Render) -> None:
    security = Security(user=33, group=34, writable={"/run/shop": "8Mi"})
    WebApp(chart, "web", image="shop:1", port=8080, security=security, sidecars=[Sidecar(name="mate")])

    found = pod(render())
    assert [container["volumeMounts"] for container in found["containers"]] == [
        [{"name": "writable-run-shop", "mountPath": "/run/shop"}]
    ] * 2
    assert len(found["volumes"]) == 1
    assert not any("runAsUser" in container["securityContext"] for container in found["containers"])


def test_init_containers_have_nothing_of_a_sidecar(chart: ServiceChart, render: Render) -> None:
    files = ConfigFiles(chart, "files", files={"a": "1"})
    sidecar = Sidecar(name="mate", image="mate:1", mounts=[files.at("/etc/mate")])
    init = [InitContainer(name="wait", command=["wait"])]
    WebApp(chart, "web", image="shop:1", port=8080, init=init, sidecars=[sidecar])

    (step,) = pod(render())["initContainers"]
    assert (step["image"], [mount["mountPath"] for mount in step["volumeMounts"]]) == ("shop:1", ["/tmp"])


def test_a_volume_of_both_is_one_volume(chart: ServiceChart, render: Render) -> None:
    data = LonghornVolume(chart, "data", size="1Gi")
    sidecar = Sidecar(name="mate", mounts=[data.at("/shared")])
    WebApp(chart, "web", image="shop:1", port=8080, mounts=[data.at("/data")], sidecars=[sidecar])

    found = pod(render())
    assert [volume["name"] for volume in found["volumes"]] == ["claim-data", "writable-tmp"]
    assert [container["volumeMounts"][0]["mountPath"] for container in found["containers"]] == ["/data", "/shared"]


def test_pods_roll_when_a_file_of_a_sidecar_changes(app: App, render: Render) -> None:
    for text in ("one", "two"):
        chart = ServiceChart(app, text, namespace=ExistingNamespace(text))
        files = ConfigFiles(chart, "files", files={"a": text})
        sidecar = Sidecar(name="mate", mounts=[files.at("/etc/mate")])
        WebApp(chart, "web", image="shop:1", port=8080, sidecars=[sidecar])

    manifests = render()
    one, two = (manifests[f"{name}/Deployment/web"]["spec"]["template"]["metadata"] for name in ("one", "two"))
    assert one["annotations"] != two["annotations"]


def test_its_read_write_once_volume_is_the_pods(chart: ServiceChart, render: Render) -> None:
    data = LonghornVolume(chart, "data", size="1Gi")
    WebApp(chart, "web", image="shop:1", port=8080, sidecars=[Sidecar(name="mate", mounts=[data.at("/data")])])

    assert render()["Deployment/web"]["spec"]["strategy"] == {"type": "Recreate"}
    with refused("""
        shop/other
          mounts="/data" mounts data (ReadWriteOnce), which web has
          accepted: a volume of its own, or one with access_mode="ReadWriteMany"
          fix:      make a LonghornVolume for each
    """):
        WebApp(chart, "other", image="shop:1", port=8080, mounts=[data.at("/data")])


def test_rejects_replicas_that_would_share_its_volume(chart: ServiceChart) -> None:
    data = LonghornVolume(chart, "data", size="1Gi")
    sidecar = Sidecar(name="mate", mounts=[data.at("/data")])
    with refused("""
        shop/web
          replicas=2 cannot share volume data (ReadWriteOnce)
          accepted: replicas=1, or a volume with access_mode="ReadWriteMany"
          fix:      LonghornVolume(..., access_mode="ReadWriteMany")
    """):
        WebApp(chart, "web", image="shop:1", port=8080, replicas=2, sidecars=[sidecar])


# Ports


def test_its_ports_are_the_pods(chart: ServiceChart, render: Render) -> None:
    sidecar = Sidecar(name="exporter", image="exporter:1", ports={"metrics": 9100, "admin": 9000})
    web = WebApp(chart, "web", image="shop:1", port=8080, sidecars=[sidecar])

    assert dict(web.pods.ports) == {"http": 8080, "metrics": 9100, "admin": 9000}
    assert render()["Service/web"]["spec"]["ports"] == [
        {"name": "http", "port": 80, "targetPort": "http"},
        {"name": "metrics", "port": 9100, "targetPort": "metrics"},
    ]


def test_port_name_leaves_http_to_a_sidecar(chart: ServiceChart, render: Render) -> None:
    """A proxy before the application: Service, routes and connections lead to the proxy, probes to each itself."""
    proxy = Sidecar(name="proxy", image="proxy:1", ports={"http": 8080}, probes=Probes())
    web = WebApp(chart, "web", image="shop:1", port=3000, port_name="app", sidecars=[proxy])
    WebApp(chart, "api", image="api:1", port=9000).connect_to(web)

    manifests = render()
    app, front = pod(manifests)["containers"]
    assert app["ports"] == [{"name": "app", "containerPort": 3000}]
    assert app["livenessProbe"]["tcpSocket"] == {"port": "app"}
    assert front["ports"] == [{"name": "http", "containerPort": 8080}]
    assert front["livenessProbe"]["tcpSocket"] == {"port": "http"}
    assert manifests["Service/web"]["spec"]["ports"] == [{"name": "http", "port": 80, "targetPort": "http"}]
    port = [{"port": 8080, "protocol": "TCP"}]
    assert manifests["NetworkPolicy/api-to-web"]["spec"]["egress"][0]["ports"] == port
    assert manifests["NetworkPolicy/web-from-api"]["spec"]["ingress"][0]["ports"] == port


def test_rejects_a_port_name_that_leaves_nothing_to_serve(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          port_name="app" leaves nothing that is named http, where the Service and the routes lead
          accepted: "http", or a sidecar with a port of that name
          fix:      leave out port_name
    """):
        WebApp(chart, "web", image="shop:1", port=8080, port_name="app", sidecars=[Sidecar(name="mate")])


@pytest.mark.parametrize(
    ("ports", "text"),
    [
        ({"http": 8081}, 'ports["http"]=8081 is the port http already'),
        ({"admin": 8080}, 'ports["admin"]=8080 is the port http already'),
        ({"metrics": 9999}, 'ports["metrics"]=9999 is the port metrics already'),
        ({"a": 9000, "b": 9000}, 'ports["b"]=9000 is the port a already'),
    ],
)
def test_rejects_a_port_that_the_pod_has_already(chart: ServiceChart, ports: dict[str, int], text: str) -> None:
    with refused(f"""
        shop/web
          {text}
          accepted: each name and each number once in a pod
          fix:      leave it out, or give the one that it really listens on
    """):
        WebApp(
            chart,
            "web",
            image="shop:1",
            port=8080,
            extra_ports={"metrics": 9100},
            sidecars=[Sidecar(name="mate", ports=ports)],
        )


def test_rejects_a_metrics_port_that_is_the_services(chart: ServiceChart) -> None:
    sidecar = Sidecar(name="exporter", image="exporter:1", ports={"metrics": 9100})
    with refused("""
        shop/web
          service_port=9100 is the number of the port metrics, which the Service has as well
          accepted: another number
          fix:      service_port=80
    """):
        WebApp(chart, "web", image="shop:1", port=8080, service_port=9100, sidecars=[sidecar])


# Refusals


@pytest.mark.parametrize("name", ["web", "wait", "mate"])
def test_rejects_two_containers_of_one_name(chart: ServiceChart, name: str) -> None:
    with refused(f"""
        shop/web
          init or sidecars="{name}" is the name of two containers of the pod
          accepted: each name once; the application's container has the id's
          fix:      give one of them another name
    """):
        WebApp(
            chart,
            "web",
            image="shop:1",
            port=8080,
            init=[InitContainer(name="wait", command=["wait"])],
            sidecars=[Sidecar(name=name), Sidecar(name="other" if name != "mate" else "mate")],
        )


def test_rejects_what_lives_in_another_namespace(app: App, chart: ServiceChart) -> None:
    elsewhere = ServiceChart(app, "docs", namespace=ExistingNamespace("docs"))
    files = ConfigFiles(elsewhere, "files", files={"a": "1"})
    with refused("""
        shop/web
          sidecars[mate].env["KEY"]="creds" is a Secret of namespace docs; a pod reads those of its own only
          accepted: a Secret in namespace shop
          fix:      make an ExternalSecretRef in namespace shop
          sidecars[mate].mounts="/etc/mate" mounts files of namespace docs; a pod mounts from its own only
          accepted: what lives in namespace shop
          fix:      make files in namespace shop
    """):
        WebApp(
            chart,
            "web",
            image="shop:1",
            port=8080,
            sidecars=[
                Sidecar(name="mate", env={"KEY": SecretKey("creds", "k", "docs")}, mounts=[files.at("/etc/mate")])
            ],
        )


def test_rejects_a_path_that_is_writable_already(chart: ServiceChart) -> None:
    data = LonghornVolume(chart, "data", size="1Gi")
    with refused("""
        shop/web
          sidecars[mate].mounts="/tmp" is mounted twice
          accepted: each path once, in mounts or in security.writable
          fix:      give one of the two another path
    """):
        WebApp(chart, "web", image="shop:1", port=8080, sidecars=[Sidecar(name="mate", mounts=[data.at("/tmp")])])


def test_rejects_all_at_once(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          port_name="A" is not a port's name
          accepted: at most 15 of a-z, 0-9 and single -, with a letter (RFC 6335)
          fix:      "a"
          sidecars[Mate].name="Mate" is not a name that Kubernetes accepts
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      sidecars[Mate].name="mate"
          sidecars[Mate].image="mate" has neither tag nor digest, which means latest
          accepted: "repository:tag", "repository@sha256:<64 hex digits>" or "repository:tag@sha256:…"; not latest
          fix:      sidecars[Mate].image="mate:<version>"
          sidecars[Mate].env="A-B" is not a variable's name
          accepted: letters, digits and _, not starting with a digit
          fix:      "A_B"
          sidecars[Mate].command="mate -v" is one text
          accepted: a list of texts: the program, then each argument
          fix:      sidecars[Mate].command=['mate', '-v']
          sidecars[Mate].pre_stop="drain" is one text
          accepted: a list of texts: the program, then each argument
          fix:      sidecars[Mate].pre_stop=['drain']
          sidecars[Mate].ports["http"]=0 is not a port
          accepted: a whole number from 1 to 65535
          fix:      sidecars[Mate].ports["http"]=8080
    """):
        WebApp(
            chart,
            "web",
            image="shop:1",
            port=8080,
            port_name="A",
            sidecars=[
                Sidecar(
                    name="Mate",
                    image="mate",
                    env={"A-B": "x"},
                    command="mate -v",
                    pre_stop="drain",
                    ports={"http": 0},
                )
            ],
        )
