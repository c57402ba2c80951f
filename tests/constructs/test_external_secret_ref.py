import pytest

from tests.conftest import IN_SHOP, Render
from tests.refused import refused
from vkm_constructs import ExternalSecretRef, SecretKey, SecretStore, ServiceChart, WebApp

STORE = SecretStore(name="vault")


def test_manifests(chart: ServiceChart, render: Render) -> None:
    ExternalSecretRef(chart, "creds", store=STORE, keys={"password": "db/password"})

    manifests = render()
    assert manifests.keys() == {"ExternalSecret/creds"}
    assert manifests["ExternalSecret/creds"]["metadata"] == {
        "name": "creds",
        "namespace": "shop",
        "annotations": IN_SHOP,
        "labels": {"app.kubernetes.io/part-of": "shop", "app.kubernetes.io/managed-by": "cdk8s"},
    }
    assert manifests["ExternalSecret/creds"]["spec"] == {
        "refreshPolicy": "Periodic",
        "refreshInterval": "1h0m0s",
        "secretStoreRef": {"name": "vault", "kind": "ClusterSecretStore"},
        "target": {"name": "creds", "creationPolicy": "Owner", "deletionPolicy": "Retain"},
        "data": [
            {
                "secretKey": "password",
                "remoteRef": {
                    "key": "db/password",
                    "conversionStrategy": "Default",
                    "decodingStrategy": "None",
                    "metadataPolicy": "None",
                },
            }
        ],
    }


def test_everything(chart: ServiceChart, render: Render) -> None:
    secret = ExternalSecretRef(
        chart,
        "creds",
        store=SecretStore(name="own", kind="SecretStore", namespaces=("docs", "shop")),
        keys={"b": "item/b", "a": "item/section/a"},
        keep=True,
    )

    spec = render()["ExternalSecret/creds"]["spec"]
    assert spec["secretStoreRef"] == {"name": "own", "kind": "SecretStore"}
    assert spec["target"]["creationPolicy"] == "Orphan"
    assert [(entry["secretKey"], entry["remoteRef"]["key"]) for entry in spec["data"]] == [
        ("b", "item/b"),
        ("a", "item/section/a"),
    ]
    assert (secret.name, secret.keys, secret.external_secret.name) == ("creds", ("b", "a"), "creds")


def test_a_key_is_a_reference_and_no_value(chart: ServiceChart) -> None:
    secret = ExternalSecretRef(chart, "creds", store=STORE, keys={"password": "db/password"})

    assert secret["password"] == SecretKey(secret="creds", key="password", namespace="shop")


def test_at_mounts_all_keys_as_files(chart: ServiceChart, render: Render) -> None:
    secret = ExternalSecretRef(chart, "creds", store=STORE, keys={"password": "db/password"})
    WebApp(chart, "web", image="shop:1", port=8080, mounts=[secret.at("/run/secrets/db")])

    pod = render()["Deployment/web"]["spec"]["template"]["spec"]
    assert pod["volumes"][0] == {"name": "secret-creds", "secret": {"secretName": "creds", "defaultMode": 0o440}}
    assert pod["containers"][0]["volumeMounts"][0] == {
        "name": "secret-creds",
        "mountPath": "/run/secrets/db",
        "readOnly": True,
    }


def test_rejects_an_unknown_key(chart: ServiceChart) -> None:
    secret = ExternalSecretRef(
        chart, "creds", store=STORE, keys={"database": "db/database", "password": "db/password", "user": "db/user"}
    )
    with refused("""
        shop/creds
          key="pasword" is not a key of Secret creds
          accepted: "password", "database", "user"
          fix:      creds["password"], or add it to keys
    """):
        secret["pasword"]


def test_rejects_no_keys(chart: ServiceChart) -> None:
    with refused("""
        shop/creds
          keys={} asks for nothing
          accepted: at least one key
          fix:      keys={"password": "item/password"}
    """):
        ExternalSecretRef(chart, "creds", store=STORE, keys={})


def test_rejects_all_at_once(chart: ServiceChart) -> None:
    store = SecretStore(name="vault", namespaces=("docs", "wiki"))
    with refused("""
        shop/DB
          id="DB" is not a name that Kubernetes accepts
          accepted: at most 63 of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)
          fix:      id="db"
          keys="root password" is not a key that a Secret can hold
          accepted: letters, digits, -, _ and .
          fix:      "root-password"
          keys["user"]="/" names nothing in the store
          accepted: the store's own spelling of where the value is
          fix:      "item/user"
          store="vault" does not admit namespace shop
          accepted: a namespace of its conditions: docs, wiki
          fix:      SecretStore(namespaces=(..., "shop")), where the store is made
    """):
        ExternalSecretRef(chart, "DB", store=store, keys={"root password": "db/root", "user": "/"})


@pytest.mark.parametrize(
    ("key", "fix"),
    [("root password", "root-password"), ("", "password"), (".", "password"), ("..", "password"), ("..data", "data")],
)
def test_rejects_key(chart: ServiceChart, key: str, fix: str) -> None:
    """Kubernetes keeps names that begin with two dots for itself."""
    with refused(f"""
        shop/creds
          keys="{key}" is not a key that a Secret can hold
          accepted: letters, digits, -, _ and .
          fix:      "{fix}"
    """):
        ExternalSecretRef(chart, "creds", store=STORE, keys={key: "db/password"})


@pytest.mark.parametrize("key", ["a", "A.b-c_9", "tls.crt", ".env", "a..b", "k" * 253])
def test_accepts_every_key_that_a_secret_can_hold(chart: ServiceChart, render: Render, key: str) -> None:
    ExternalSecretRef(chart, "creds", store=STORE, keys={key: "item/field"})

    assert render()["ExternalSecret/creds"]["spec"]["data"][0]["secretKey"] == key
