from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import App, ServiceChart, ServiceNamespace


def test_manifests(app: App, render: Render) -> None:
    namespace = ServiceNamespace(ServiceChart(app, "namespaces"), "shop")

    manifests = render()
    assert manifests.keys() == {"Namespace/shop", "NetworkPolicy/default-deny", "NetworkPolicy/allow-dns"}
    labels = manifests["Namespace/shop"]["metadata"]["labels"]
    assert {key: value for key, value in labels.items() if key.startswith("pod-security")} == {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
    }
    assert (namespace.name, namespace.namespace.name) == ("shop", "shop")


def test_nothing_enters_or_leaves(app: App, render: Render) -> None:
    ServiceNamespace(ServiceChart(app, "namespaces"), "shop")

    manifest = render()["NetworkPolicy/default-deny"]
    assert manifest["metadata"]["namespace"] == "shop"
    assert manifest["spec"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_but_the_question_for_a_name(app: App, render: Render) -> None:
    ServiceNamespace(ServiceChart(app, "namespaces"), "shop")

    manifest = render()["NetworkPolicy/allow-dns"]
    assert manifest["metadata"]["namespace"] == "shop"
    assert manifest["spec"] == {
        "podSelector": {},
        "policyTypes": ["Egress"],
        "egress": [
            {
                "to": [
                    {
                        "namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}},
                        "podSelector": {"matchLabels": {"k8s-app": "kube-dns"}},
                    }
                ],
                "ports": [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}],
            }
        ],
    }


def test_several(app: App, render: Render) -> None:
    chart = ServiceChart(app, "namespaces")
    for name in ("docs", "wiki"):
        ServiceNamespace(chart, name)

    assert render().keys() == {
        "Namespace/docs",
        "docs/NetworkPolicy/default-deny",
        "docs/NetworkPolicy/allow-dns",
        "Namespace/wiki",
        "wiki/NetworkPolicy/default-deny",
        "wiki/NetworkPolicy/allow-dns",
    }


def test_rejects_name(app: App) -> None:
    chart = ServiceChart(app, "namespaces")
    with refused("""
        namespaces/my_shop
          id="my_shop" is not a name that Kubernetes accepts
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="my-shop"
    """):
        ServiceNamespace(chart, "my_shop")
