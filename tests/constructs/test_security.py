import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import Resources, Security, ServiceChart, WebApp


def test_every_container_is_contained(chart: ServiceChart, render: Render) -> None:
    """Pod Security `restricted`, and a read-only root file system: not a choice."""
    WebApp(chart, "web", image="shop:1", port=8080, security=Security(user=33, group=34))

    pod = render()["Deployment/web"]["spec"]["template"]["spec"]
    assert pod["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 33,
        "runAsGroup": 34,
        "fsGroup": 34,
        "fsGroupChangePolicy": "OnRootMismatch",
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert [container["securityContext"] for container in pod["containers"]] == [
        {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
    ]


def test_writable_paths_are_empty_and_bounded(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="shop:1", port=8080, security=Security(writable={"/tmp": "64Mi", "/var/cache": "512Mi"}))

    pod = render()["Deployment/web"]["spec"]["template"]["spec"]
    assert pod["volumes"] == [
        {"name": "writable-tmp", "emptyDir": {"sizeLimit": "64Mi"}},
        {"name": "writable-var-cache", "emptyDir": {"sizeLimit": "512Mi"}},
    ]
    assert pod["containers"][0]["volumeMounts"] == [
        {"name": "writable-tmp", "mountPath": "/tmp"},
        {"name": "writable-var-cache", "mountPath": "/var/cache"},
    ]


def test_writable_paths_never_meet_in_one_volume(chart: ServiceChart, render: Render) -> None:
    paths = ["/a/b", "/a-b", "/a.b", "/A/b", "/" + "x" * 80, "/" + "x" * 81]
    WebApp(chart, "web", image="shop:1", port=8080, security=Security(writable=dict.fromkeys(paths, "1Mi")))

    pod = render()["Deployment/web"]["spec"]["template"]["spec"]
    assert len({volume["name"] for volume in pod["volumes"]}) == len(paths)
    assert max(len(volume["name"]) for volume in pod["volumes"]) <= 63
    assert [mount["mountPath"] for mount in pod["containers"][0]["volumeMounts"]] == paths


def test_no_writable_path(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="shop:1", port=8080, security=Security(writable={}))

    pod = render()["Deployment/web"]["spec"]["template"]["spec"]
    assert "volumes" not in pod
    assert "volumeMounts" not in pod["containers"][0]


@pytest.mark.parametrize("api_token", [False, True])
def test_api_token(chart: ServiceChart, render: Render, api_token: bool) -> None:
    WebApp(chart, "web", image="shop:1", port=8080, security=Security(api_token=api_token))

    manifests = render()
    assert manifests["ServiceAccount/web"]["automountServiceAccountToken"] is api_token
    assert manifests["Deployment/web"]["spec"]["template"]["spec"]["automountServiceAccountToken"] is api_token


def test_rejects_all_at_once(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          security.user=0 is too small
          accepted: a whole number from 1
          fix:      security.user=1
          security.group=-1 is too small
          accepted: a whole number from 1
          fix:      security.group=1
          security.writable="cache" is not a path that can be mounted
          accepted: an absolute path below /, without . and .. and :, single slashes, none at its end
          fix:      "/cache"
          security.writable["cache"]="64MB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      security.writable["cache"]="64Mi"
    """):
        WebApp(
            chart,
            "web",
            image="shop:1",
            port=8080,
            security=Security(user=0, group=-1, writable={"cache": "64MB"}),
        )


def test_rejects_writable_paths_that_do_not_fit(chart: ServiceChart, render: Render) -> None:
    fits = Security(writable={"/tmp": "512Mi", "/cache": "512Mi"})
    WebApp(chart, "fits", image="shop:1", port=8080, security=fits, resources=Resources(ephemeral_storage="1Gi"))
    with refused("""
        shop/web
          security.writable={'/tmp': '513Mi', '/cache': '512Mi'} is more than the ephemeral storage, 1024Mi: the pod is evicted before they are full
          accepted: paths that sum up to 1024Mi at most
          fix:      resources=Resources(ephemeral_storage="2Gi", ...)
    """):  # noqa: E501
        WebApp(
            chart,
            "web",
            image="shop:1",
            port=8080,
            security=Security(writable={"/tmp": "513Mi", "/cache": "512Mi"}),
            resources=Resources(ephemeral_storage="1Gi"),
        )
