import pytest

from vkm_manifests import Identity, duplicates


def manifest(kind: str, name: str, namespace: str | None = None, api_version: str = "v1") -> dict[str, object]:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": namespace}}


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (manifest("ConfigMap", "a", "shop"), "shop/ConfigMap/a"),
        (manifest("ConfigMap", "a"), "ConfigMap/a"),
        (manifest("Namespace", "shop"), "Namespace/shop"),
        (manifest("ClusterRole", "reader", "shop", "rbac.authorization.k8s.io/v1"), "ClusterRole/reader"),
        (manifest("ClusterIssuer", "le", "shop", "cert-manager.io/v1"), "ClusterIssuer/le"),
        ({"apiVersion": "v1", "kind": "ConfigMap"}, "ConfigMap"),
    ],
)
def test_is_written_as_namespace_kind_and_name(given: dict[str, object], text: str) -> None:
    assert str(Identity.of(given)) == text


def test_versions_of_one_group_are_the_same_object() -> None:
    old = Identity.of(manifest("IngressRoute", "a", "shop", "traefik.io/v1alpha1"))

    assert old == Identity.of(manifest("IngressRoute", "a", "shop", "traefik.io/v1"))
    assert old != Identity.of(manifest("IngressRoute", "a", "shop", "traefik.containo.us/v1"))


@pytest.mark.parametrize("api_version", ["v1", "apps/v1"])
def test_group(api_version: str) -> None:
    assert Identity.of(manifest("X", "a", None, api_version)).group == api_version.rpartition("/")[0]


def test_duplicates_are_sorted_and_named_once() -> None:
    found = duplicates(
        [
            manifest("Service", "b", "shop"),
            manifest("Service", "a", "shop"),
            manifest("Service", "b", "shop"),
            manifest("Service", "a", "shop"),
            manifest("Service", "a", "shop"),
            manifest("Service", "c", "shop"),
        ]
    )

    assert list(map(str, found)) == ["shop/Service/a", "shop/Service/b"]


def test_equal_names_are_no_duplicates_elsewhere() -> None:
    assert not duplicates(
        [
            manifest("Service", "a", "shop"),
            manifest("Service", "a", "docs"),
            manifest("ConfigMap", "a", "shop"),
            manifest("Ingress", "a", "shop", "networking.k8s.io/v1"),
            manifest("Ingress", "a", "shop", "extensions/v1beta1"),
        ]
    )


def test_what_has_no_namespace_is_one_object_whatever_it_claims() -> None:
    assert duplicates([manifest("Namespace", "a", "one"), manifest("Namespace", "a", "two")])
