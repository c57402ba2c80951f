import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import Resources, Security, ServiceChart, WebApp


def test_cpu_has_no_limit_and_the_rest_is_its_own_limit(chart: ServiceChart, render: Render) -> None:
    resources = Resources(cpu="2", memory="1Gi", ephemeral_storage="3Gi")
    WebApp(chart, "web", image="shop:1", port=8080, resources=resources)

    assert render()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]["resources"] == {
        "requests": {"cpu": "2", "memory": "1Gi", "ephemeral-storage": "3Gi"},
        "limits": {"memory": "1Gi", "ephemeral-storage": "3Gi"},
    }


@pytest.mark.parametrize("cpu", ["1m", "1500m", "16"])
def test_accepts_cpu(chart: ServiceChart, render: Render, cpu: str) -> None:
    WebApp(chart, "web", image="shop:1", port=8080, resources=Resources(cpu=cpu))

    container = render()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]
    assert container["resources"]["requests"]["cpu"] == cpu


@pytest.mark.parametrize(
    ("cpu", "fix"),
    [
        ("0.5", "500m"),
        (".25", "250m"),
        ("0", "100m"),
        ("-1", "100m"),
        ("100 m", "100m"),
        ("", "100m"),
        ("half", "100m"),
    ],
)
def test_rejects_cpu(chart: ServiceChart, cpu: str, fix: str) -> None:
    with refused(f"""
        shop/web
          resources.cpu="{cpu}" is not an amount of CPU
          accepted: whole cores ("2") or thousandths of a core ("100m"), above 0
          fix:      "{fix}"
    """):
        WebApp(chart, "web", image="shop:1", port=8080, resources=Resources(cpu=cpu))


def test_rejects_all_at_once(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          resources.cpu="0.5" is not an amount of CPU
          accepted: whole cores ("2") or thousandths of a core ("100m"), above 0
          fix:      "500m"
          resources.memory="0Mi" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      resources.memory="10Gi"
          resources.ephemeral_storage="1GB" is not a size
          accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"
          fix:      resources.ephemeral_storage="1Gi"
    """):
        WebApp(
            chart,
            "web",
            image="shop:1",
            port=8080,
            resources=Resources(cpu="0.5", memory="0Mi", ephemeral_storage="1GB"),
            security=Security(writable={}),
        )
