import cdk8s
from cdk8s_plus_27 import k8s

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import App, ExistingNamespace, LonghornVolume, ServiceChart, ServiceNamespace


def test_objects_live_in_the_namespace(app: App, render: Render) -> None:
    chart = ServiceChart(app, "shop", namespace=ExistingNamespace("other"))
    LonghornVolume(chart, "data", size="1Gi")
    k8s.KubeConfigMap(chart, "plain", metadata=k8s.ObjectMeta(name="plain"))

    assert render().keys() == {"other/PersistentVolumeClaim/data", "other/ConfigMap/plain"}


def test_takes_a_namespace_that_is_made_here(app: App, render: Render) -> None:
    namespace = ServiceNamespace(ServiceChart(app, "namespaces"), "other")
    LonghornVolume(ServiceChart(app, "shop", namespace=namespace), "data", size="1Gi")

    assert "other/PersistentVolumeClaim/data" in render()


def test_objects_have_no_hash_in_their_names(app: App, render: Render) -> None:
    chart = ServiceChart(app, "shop", namespace=ExistingNamespace("shop"))
    k8s.KubeConfigMap(chart, "settings")

    assert render().keys() == {"ConfigMap/shop-settings"}


def test_objects_are_labelled_as_parts_of_the_chart(app: App, render: Render) -> None:
    chart = ServiceChart(app, "store", namespace=ExistingNamespace("shop"))
    k8s.KubeConfigMap(chart, "plain", metadata=k8s.ObjectMeta(name="plain"))

    assert render()["ConfigMap/plain"]["metadata"]["labels"] == {
        "app.kubernetes.io/part-of": "store",
        "app.kubernetes.io/managed-by": "cdk8s",
    }


def test_constructs_work_in_a_plain_chart(app: App, render: Render) -> None:
    LonghornVolume(cdk8s.Chart(app, "plain", namespace="shop"), "data", size="1Gi")

    assert render().keys() == {"PersistentVolumeClaim/data"}


def test_rejects_name(app: App) -> None:
    with refused("""
        My_Shop
          id="My_Shop" is not a name that Kubernetes accepts
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="my-shop"
    """):
        ServiceChart(app, "My_Shop")


def test_rejects_an_id_that_is_taken(app: App) -> None:
    ServiceChart(app, "shop")
    with refused("""
        shop
          id="shop" is already the id of another construct in this scope
          accepted: an id that is used once in its scope
          fix:      give one of the two another id
    """):
        ServiceChart(app, "shop")


def test_rejects_what_is_no_namespace(app: App) -> None:
    with refused("""
        shop
          namespace="shop" is not a namespace
          accepted: a ServiceNamespace or an ExistingNamespace
          fix:      namespace=ExistingNamespace("shop")
    """):
        ServiceChart(app, "shop", namespace="shop")  # type: ignore[arg-type]
