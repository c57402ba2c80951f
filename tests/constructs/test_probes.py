import pytest

from tests.conftest import Render
from tests.refused import refused
from vkm_constructs import Probe, Probes, ServiceChart, WebApp


def test_http(chart: ServiceChart, render: Render) -> None:
    probe = Probe.http("/ready", port="admin", period=20, timeout=4, failures=2)
    WebApp(
        chart,
        "web",
        image="shop:1",
        port=8080,
        extra_ports={"admin": 9000},
        probes=Probes(readiness=probe),
    )

    assert render()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]["readinessProbe"] == {
        "httpGet": {"path": "/ready", "port": "admin"},
        "periodSeconds": 20,
        "timeoutSeconds": 4,
        "failureThreshold": 2,
    }


def test_tcp(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="shop:1", port=8080, probes=Probes(startup=Probe.tcp(period=1, timeout=1, failures=60)))

    assert render()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]["startupProbe"] == {
        "tcpSocket": {"port": "http"},
        "periodSeconds": 1,
        "timeoutSeconds": 1,
        "failureThreshold": 60,
    }


def test_command(chart: ServiceChart, render: Render) -> None:
    WebApp(
        chart, "web", image="shop:1", port=8080, probes=Probes(liveness=Probe.command(["check", "--fast"], period=30))
    )

    assert render()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]["livenessProbe"] == {
        "exec": {"command": ["check", "--fast"]},
        "periodSeconds": 30,
        "timeoutSeconds": 5,
        "failureThreshold": 3,
    }


def test_by_default_all_open_the_first_port_and_startup_has_150_seconds(chart: ServiceChart, render: Render) -> None:
    WebApp(chart, "web", image="shop:1", port=8080)

    container = render()["Deployment/web"]["spec"]["template"]["spec"]["containers"][0]
    probes = [container[f"{name}Probe"] for name in ("startup", "readiness", "liveness")]
    assert all(probe["tcpSocket"] == {"port": "http"} for probe in probes)
    assert probes[0]["periodSeconds"] * probes[0]["failureThreshold"] == 150


def test_rejects_a_probe_that_runs_nothing(chart: ServiceChart) -> None:
    """It would be taken for one that opens a connection."""
    with refused("""
        shop/web
          probes.readiness.argv="check --fast" is one text
          accepted: a list of texts: the program, then each argument
          fix:      probes.readiness.argv=['check', '--fast']
          probes.liveness.argv=[] runs nothing
          accepted: a list of texts: the program, then each argument
          fix:      probes.liveness.argv=["rake", "db:migrate"]
    """):
        WebApp(
            chart,
            "web",
            image="shop:1",
            port=8080,
            probes=Probes(readiness=Probe.command("check --fast"), liveness=Probe.command([])),
        )


def test_a_period_that_is_none_is_the_only_finding(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          probes.liveness.period=0 is too small
          accepted: a whole number from 1
          fix:      probes.liveness.period=1
    """):
        WebApp(chart, "web", image="shop:1", port=8080, probes=Probes(liveness=Probe.tcp(period=0)))


@pytest.mark.parametrize("name", ["startup", "readiness", "liveness"])
def test_rejects_a_probe_slower_than_its_period(chart: ServiceChart, name: str) -> None:
    slow = Probe.tcp(period=5, timeout=6)
    with refused(f"""
        shop/web
          probes.{name}.timeout=6 is longer than the period, 5: a new try starts before the last has failed
          accepted: 1 to 5 seconds
          fix:      period=6
    """):
        WebApp(
            chart,
            "web",
            image="shop:1",
            port=8080,
            probes=Probes(
                startup=slow if name == "startup" else Probe.tcp(),
                readiness=slow if name == "readiness" else Probe.tcp(),
                liveness=slow if name == "liveness" else Probe.tcp(),
            ),
        )


def test_rejects_all_at_once(chart: ServiceChart) -> None:
    with refused("""
        shop/web
          probes.startup.failures=0 is too small
          accepted: a whole number from 1
          fix:      probes.startup.failures=1
          probes.readiness.path="ready" is not a path
          accepted: a path that starts with /
          fix:      "/ready"
          probes.readiness.port="htp" is not a port of this workload
          accepted: "http", "admin"
          fix:      port="http"
          probes.liveness.timeout=0 is too small
          accepted: a whole number from 1
          fix:      probes.liveness.timeout=1
    """):
        WebApp(
            chart,
            "web",
            image="shop:1",
            port=8080,
            extra_ports={"admin": 9000},
            probes=Probes(
                startup=Probe.tcp(failures=0),
                readiness=Probe.http("ready", port="htp"),
                liveness=Probe.tcp(timeout=0),
            ),
        )
