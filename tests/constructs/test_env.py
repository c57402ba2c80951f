import pytest

from tests.conftest import Manifest, Render
from tests.refused import refused
from vkm_constructs import App, ExistingNamespace, ExternalSecretRef, PodField, SecretStore, ServiceChart, WebApp


def env_of(manifests: dict[str, Manifest]) -> list[dict[str, object]]:
    container: dict[str, list[dict[str, object]]]
    (container,) = manifests["Deployment/web"]["spec"]["template"]["spec"]["containers"]
    return container["env"]


def test_the_order_is_the_users(chart: ServiceChart, render: Render) -> None:
    """Kubernetes lets a variable refer to those before it."""
    env = {"Z_HOST": "db", "A_URL": "mysql://$(Z_HOST)", "M": ""}
    WebApp(chart, "web", image="shop:1", port=8080, env=env)

    assert [(variable["name"], variable["value"]) for variable in env_of(render())] == list(env.items())


def test_every_value_is_text(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="shop:1", port=8080, env={"A": 0, "B": -5, "C": "", "D": "yes", "E": "1e3"})

    assert [variable["value"] for variable in env_of(render())] == ["0", "-5", "", "yes", "1e3"]


def test_a_secrets_value_stands_in_no_manifest(chart: ServiceChart, render: Render) -> None:
    secret = ExternalSecretRef(chart, "creds", store=SecretStore(name="vault"), keys={"password": "db/password"})
    WebApp(chart, "web", image="shop:1", port=8080, env={"PASSWORD": secret["password"]})

    manifests = render()
    assert env_of(manifests) == [
        {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "creds", "key": "password"}}}
    ]
    assert not [key for key in manifests if key.startswith("Secret/")]


def test_a_field_of_the_pod(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="shop:1", port=8080, env={"NODE": PodField("spec.nodeName")})

    assert env_of(render()) == [{"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}]


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        ("LOG-LEVEL", "LOG_LEVEL"),
        ("log.level", "log_level"),
        ("A B", "A_B"),
        ("1X", "_1X"),
        ("", "NAME"),
    ],
)
def test_rejects_name(chart: ServiceChart, name: str, fix: str) -> None:
    with refused(f"""
        shop/web
          env="{name}" is not a variable's name
          accepted: letters, digits and _, not starting with a digit
          fix:      "{fix}"
    """):
        WebApp(chart, "web", image="shop:1", port=8080, env={name: "x"})


@pytest.mark.parametrize(
    ("value", "shown", "fix"),
    [(True, "True", '"true"'), (None, "None", "leave it out"), (1.5, "1.5", '"1.5"')],
)
def test_rejects_value(chart: ServiceChart, value: object, shown: str, fix: str) -> None:
    with refused(f"""
        shop/web
          env["A"]={shown} is not a variable's value
          accepted: text, a whole number, credentials["key"] or PodField(...)
          fix:      {fix}
    """):
        WebApp(chart, "web", image="shop:1", port=8080, env={"A": value})  # type: ignore[dict-item]


def test_rejects_a_field_that_no_pod_can_be_told(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          env["IP"]="status.podIp" is not a field that a pod can be told
          accepted: metadata.name, metadata.namespace, metadata.uid, spec.nodeName, spec.serviceAccountName, status.hostIP, status.hostIPs, status.podIP, status.podIPs, metadata.labels['…'], metadata.annotations['…']
          fix:      PodField("status.podIP")
    """):  # noqa: E501
        WebApp(chart, "web", image="shop:1", port=8080, env={"IP": PodField("status.podIp")})


def test_rejects_a_secret_of_another_namespace(app: App, chart: ServiceChart) -> None:
    elsewhere = ServiceChart(app, "docs", namespace=ExistingNamespace("docs"))
    secret = ExternalSecretRef(elsewhere, "creds", store=SecretStore(name="vault"), keys={"password": "db/password"})
    with refused("""
        shop/web
          env["PASSWORD"]="creds" is a Secret of namespace docs; a pod reads those of its own only
          accepted: a Secret in namespace shop
          fix:      make an ExternalSecretRef in namespace shop
    """):
        WebApp(chart, "web", image="shop:1", port=8080, env={"PASSWORD": secret["password"]})
