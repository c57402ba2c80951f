from typing import Any

import cdk8s
import cdk8s_plus_27 as kplus
import pytest
from cdk8s_plus_27 import k8s

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import App, LonghornVolume, ServiceChart, ServiceNamespace, SynthError, WebApp, override


@pytest.fixture
def web(chart: ServiceChart) -> WebApp:
    return WebApp(chart, "web", image="shop:1", port=8080)


@pytest.fixture
def data(chart: ServiceChart) -> LonghornVolume:
    return LonghornVolume(chart, "data", size="1Gi")


def test_sets_a_field_that_the_typed_object_does_not_know(web: WebApp, render: Render) -> None:
    assert web.service is not None
    override(web.service, "/spec/trafficDistribution", "PreferClose")

    assert render()["Service/web"]["spec"]["trafficDistribution"] == "PreferClose"


def test_changes_nothing_else(web: WebApp, render: Render) -> None:
    expected = render()
    override(web.deployment, "/spec/template/spec/hostUsers", False)

    expected["Deployment/web"]["spec"]["template"]["spec"]["hostUsers"] = False
    assert render() == expected


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("/spec/replicas", 7),
        ("/spec/strategy/rollingUpdate/maxSurge", "50%"),
        ("/spec/template/spec/containers/0/resources/limits/memory", "2Gi"),
        ("/metadata/annotations", {"a": "b"}),
        ("/metadata/labels/example.com~1team", "shop"),
    ],
)
def test_path_is_a_json_pointer_in_the_manifests_terms(web: WebApp, render: Render, path: str, value: object) -> None:
    override(web.deployment, path, value)

    found: Any = render()["Deployment/web"]
    for part in path.split("/")[1:]:
        found = found[int(part) if part.isdigit() else part.replace("~1", "/")]
    assert found == value


def test_dash_appends_to_a_list(web: WebApp, render: Render) -> None:
    override(web.deployment, "/spec/template/spec/containers/-", {"name": "proxy", "image": "proxy:1"})

    containers = render()["Deployment/web"]["spec"]["template"]["spec"]["containers"]
    assert [container["name"] for container in containers] == ["web", "proxy"]


def test_manifests_are_the_same_each_time(app: App, data: LonghornVolume) -> None:
    """A list that one override gives and another appends to is not the user's own."""
    mine: list[str] = []
    override(data.claim, "/spec/list", mine)
    override(data.claim, "/spec/list/-", "x")

    assert app.manifests() == app.manifests()
    assert mine == []


def test_none_removes(web: WebApp, render: Render) -> None:
    override(web.deployment, "/spec/revisionHistoryLimit", None)
    override(web.deployment, "/spec/template/spec/containers/0/lifecycle", None)

    spec = render()["Deployment/web"]["spec"]
    assert "revisionHistoryLimit" not in spec
    assert "lifecycle" not in spec["template"]["spec"]["containers"][0]


def test_the_last_one_wins(data: LonghornVolume, render: Render) -> None:
    override(data.claim, "/spec/volumeMode", "Block")
    override(data.claim, "/spec/volumeMode", "Filesystem")

    assert render()["PersistentVolumeClaim/data"]["spec"]["volumeMode"] == "Filesystem"


def test_a_later_one_sees_an_earlier_one(data: LonghornVolume, render: Render) -> None:
    override(data.claim, "/metadata/labels", {})
    override(data.claim, "/metadata/labels/a", "b")

    assert render()["PersistentVolumeClaim/data"]["metadata"]["labels"] == {"a": "b"}


def test_objects_of_plain_cdk8s(chart: ServiceChart, render: Render) -> None:
    config = k8s.KubeConfigMap(chart, "plain", data={"a": "b"})
    legacy = kplus.Deployment(chart, "legacy", containers=[kplus.ContainerProps(image="legacy:1")])
    override(config, "/immutable", True)
    override(cdk8s.ApiObject.of(legacy), "/spec/paused", True)

    manifests = render()
    assert manifests["ConfigMap/shop-plain"]["immutable"] is True
    assert manifests["Deployment/shop-legacy"]["spec"]["paused"] is True


def test_objects_without_a_namespace(chart: ServiceChart, render: Render) -> None:
    override(ServiceNamespace(chart, "docs").namespace, "/metadata/labels/team", "docs")

    assert render()["Namespace/docs"]["metadata"]["labels"]["team"] == "docs"


@pytest.mark.parametrize(
    ("path", "holds"),
    [
        ("/spec/nothing/here", "/spec holds accessModes, resources, storageClassName"),
        ("/spec/accessModes/3/x", "/spec/accessModes holds a list of 1"),
        ("/spec/storageClassName/x", "/spec/storageClassName holds a single value"),
        ("/speck/storageClassName", "/ holds apiVersion, kind, metadata, spec"),
    ],
)
def test_rejects_a_path_without_a_parent(app: App, data: LonghornVolume, path: str, holds: str) -> None:
    override(data.claim, path, "x")
    with pytest.raises(SynthError) as caught:
        app.manifests()
    (error,) = caught.value.errors
    assert str(error).partition("  ")[2] == (
        "shop/data/claim\n"
        f'  override="{path}" has no place in shop/PersistentVolumeClaim/data\n'
        f"  accepted: a path that has a parent; {holds}\n"
        "  fix:      correct the path, or override its parent as a whole"
    )


def test_all_misplaced_ones_are_reported_at_once_each_with_its_line(app: App, data: LonghornVolume) -> None:
    override(data.claim, "/a/b", 1)
    override(data.claim, "/c/d", 1)
    with pytest.raises(SynthError) as caught:
        app.manifests()
    first, second = caught.value.errors
    assert [error.problems[0].given for error in (first, second)] == ["/a/b", "/c/d"]
    assert int(second.location.rpartition(":")[2]) == int(first.location.rpartition(":")[2]) + 1


@pytest.mark.parametrize(
    ("path", "fix"), [("spec.volumeMode", "/spec/volumeMode"), ("", "/spec"), ("/", "/spec"), ("/spec/~x", "/spec/~0x")]
)
def test_rejects_what_is_no_pointer(data: LonghornVolume, path: str, fix: str) -> None:
    with refused(f"""
        shop/data/claim
          path="{path}" is not a path into a manifest
          accepted: a JSON pointer (RFC 6901) such as "/spec/replicas"; ~1 stands for / and ~0 for ~
          fix:      "{fix}"
    """):
        override(data.claim, path, 3)


def test_rejects_removing_what_is_not_there(app: App, data: LonghornVolume) -> None:
    override(data.claim, "/spec/volumeMode", None)
    with pytest.raises(SynthError) as caught:
        app.manifests()
    assert str(caught.value).partition("  ")[2] == (
        "shop/data/claim\n"
        '  override="/spec/volumeMode" is not in shop/PersistentVolumeClaim/data\n'
        "  accepted: a path that exists; /spec holds accessModes, resources, storageClassName\n"
        "  fix:      leave it out, or correct the path"
    )


@pytest.mark.parametrize("path", ["/kind", "/metadata", "/metadata/name", "/metadata/namespace"])
def test_rejects_what_would_make_it_another_object(data: LonghornVolume, path: str) -> None:
    with refused(f"""
        shop/data/claim
          path="{path}" would make it another object
          accepted: any field but apiVersion, kind, name and namespace
          fix:      give it that name where it is made
    """):
        override(data.claim, path, "other")


def test_rejects_a_value_that_no_manifest_can_hold(data: LonghornVolume) -> None:
    with refused("""
        shop/data/claim
          value={1} cannot stand in a manifest (Object of type set is not JSON serializable)
          accepted: text, numbers, booleans, lists and dicts of these
          fix:      str(...)
    """):
        override(data.claim, "/spec/volumeMode", {1})


def test_rejects_an_object_of_a_plain_app() -> None:
    chart = cdk8s.Chart(cdk8s.App(), "shop", namespace="shop")
    data = LonghornVolume(chart, "data", size="1Gi")
    with refused("""
        shop/data/claim
          override="/spec/volumeMode" would have no effect: plain cdk8s.App writes the manifests itself
          accepted: objects of a vkm_constructs.App
          fix:      with vkm_constructs.App() as app: ...
    """):
        override(data.claim, "/spec/volumeMode", "Block")
