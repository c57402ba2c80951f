"""Verification at synth: who is told what, where, and that nothing is written."""

import os
import subprocess
import sys
from pathlib import Path

import cdk8s
import cdk8s_plus_27 as kplus
import pytest
import yaml
from cdk8s_plus_27 import k8s

from tests.conftest import ROOT, Render
from vkm_constructs import (
    App,
    ConstructError,
    ExistingNamespace,
    Pods,
    ServiceChart,
    ServiceNamespace,
    VerificationError,
    ignore_rule,
    made_outside,
    override,
    verified_synth,
)
from vkm_manifests.graph.outside import MADE_OUTSIDE
from vkm_manifests.reading import read
from vkm_manifests.verify import verify

RULE = "service-selects-pods"
PORTS = [k8s.ServicePort(port=80)]


def service(scope: cdk8s.Chart, **selector: str) -> k8s.KubeService:
    metadata = k8s.ObjectMeta(name="web", namespace="shop")
    spec = k8s.ServiceSpec(selector=selector, ports=PORTS)
    return k8s.KubeService(scope, "web", metadata=metadata, spec=spec)  # service


def line(mark: str) -> str:
    """`file:line`, as an error shows it, of the line in this file that ends in `# mark`."""
    file = Path(__file__)
    lines = file.read_text(encoding="utf-8").splitlines()
    (number,) = (number for number, text in enumerate(lines, 1) if text.endswith(f"# {mark}"))
    return f"{file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file}:{number}"


def service_without_pods(chart: cdk8s.Chart) -> None:
    """A Service that selects none of the pods."""
    k8s.KubePod(
        chart,
        "pod",
        metadata=k8s.ObjectMeta(name="web", labels={"app": "web"}),
        spec=k8s.PodSpec(containers=[k8s.Container(name="web", image="example/web:1.0.0")]),
    )
    service(chart, app="wbe")


@pytest.fixture
def wrong(app: App, chart: ServiceChart) -> App:
    service_without_pods(chart)
    return app


# Our App


def test_errors_are_told_at_the_users_line_and_nothing_is_written(wrong: App) -> None:
    with pytest.raises(VerificationError) as caught:
        wrong.synth()
    assert not Path(wrong.outdir).exists()
    assert (
        f"{line('service')}  shop/web  shop/Service/web\n"
        f"  error    {RULE}  spec.selector\n"
        "           takes no pod of namespace shop"
    ) in str(caught.value)
    assert RULE in {finding.rule for finding in caught.value.findings}


def test_they_are_the_only_text_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as caught, App(outdir=tmp_path / "dist") as app:
        service_without_pods(ServiceChart(app, "shop", namespace=ExistingNamespace("shop")))
    assert f"  error    {RULE}  spec.selector\n" in str(caught.value.code)
    assert "Traceback" not in str(caught.value.code)
    assert not (tmp_path / "dist").exists()


def test_as_yaml_it_is_verified_as_well(wrong: App) -> None:
    with pytest.raises(VerificationError):
        wrong.synth_yaml()


def test_manifests_are_to_be_had_unverified(wrong: App) -> None:
    assert wrong.manifests()


def test_warnings_are_told_and_the_files_are_written(
    app: App, chart: ServiceChart, capsys: pytest.CaptureFixture[str]
) -> None:
    service(chart, app="web")
    app.synth()
    assert (Path(app.outdir) / "shop.k8s.yaml").exists()
    assert f"  warning  {RULE}  spec.selector\n" in capsys.readouterr().err


def test_an_override_is_seen(wrong: App) -> None:
    """What is written is what is verified."""
    made = next(node for node in wrong.node.find_all() if isinstance(node, k8s.KubeService))
    override(made, "/spec/selector/app", "web")
    with pytest.raises(VerificationError) as caught:
        wrong.synth()
    assert RULE not in {finding.rule for finding in caught.value.findings}


# What is meant


def test_an_exception_travels_with_the_object(app: App, chart: ServiceChart, render: Render) -> None:
    ignore_rule(service(chart, app="web"), RULE, because="the pods are made at night")
    annotations = render()["Service/web"]["metadata"]["annotations"]
    assert annotations[f"ignore-rule.vkm-constructs/{RULE}"] == "the pods are made at night"


def test_an_exception_for_a_rule_that_is_none(chart: ServiceChart) -> None:
    made = service(chart, app="web")
    with pytest.raises(ConstructError) as caught:
        ignore_rule(made, "service-select-pods", because="")  # both
    assert str(caught.value) == (
        f"{line('both')}  shop/web\n"
        '  rule="service-select-pods" is no rule\n'
        "  accepted: one of those that `vkm verify --list-rules` lists\n"
        f'  fix:      ignore_rule(..., "{RULE}", because=...)\n'
        '  because="" says nothing\n'
        "  accepted: the reason, in words\n"
        '  fix:      because="..."'
    )


def test_what_is_made_outside_travels_with_the_object(app: App, chart: ServiceChart, render: Render) -> None:
    made = service(chart, app="web")
    made_outside(made, "Secret", "token", keys=["a"], by="hand")
    made_outside(made, "Pod", "web", namespace="far", labels={"app": "web"}, ports={"http": 80}, by="them")
    *declared, namespace = yaml.safe_load(render()["Service/web"]["metadata"]["annotations"][MADE_OUTSIDE])
    assert namespace["kind"] == "Namespace", "that of the chart"
    assert declared == [
        {"kind": "Secret", "name": "token", "keys": ["a"], "by": "hand"},
        {
            "kind": "Pod",
            "name": "web",
            "namespace": "far",
            "labels": {"app": "web"},
            "ports": {"http": 80},
            "by": "them",
        },
    ]


def test_a_declaration_that_says_too_little(chart: ServiceChart) -> None:
    made = service(chart, app="web")
    with pytest.raises(ConstructError) as caught:
        made_outside(made, "Pod", " ", by="")
    assert [problem.argument for problem in caught.value.problems] == ["name", "by", "labels"]


def test_an_existing_namespace_is_declared_where_it_is_used(app: App) -> None:
    chart = ServiceChart(app, "shop", namespace=ExistingNamespace("shop", made_by="the platform"))
    k8s.KubeClusterRole(chart, "role", metadata=k8s.ObjectMeta(name="reader"))
    for name in ("first", "second"):
        k8s.KubeConfigMap(chart, name, metadata=k8s.ObjectMeta(name=name, annotations={"a": "b"}))
    role, first, second = app.manifests()["shop"]
    assert "annotations" not in role["metadata"]
    assert yaml.safe_load(first["metadata"]["annotations"][MADE_OUTSIDE]) == [
        {"kind": "Namespace", "name": "shop", "by": "the platform"}
    ]
    assert second["metadata"]["annotations"] == {"a": "b"}


def test_pods_of_an_existing_namespace(app: App, chart: ServiceChart) -> None:
    namespace = ExistingNamespace("far", made_by="them")
    pods = namespace.pods("web", labels={"app": "web"}, ports={"http": 80})
    assert (pods.name, pods.namespace, pods.made_by, pods.ports) == ("web", "far", "them", {"http": 80})
    assert isinstance(pods, Pods)


# Any cdk8s app


PLAIN = """
import cdk8s
import cdk8s_plus_27 as kplus
from cdk8s_plus_27 import k8s
from constructs import Construct
from vkm_constructs import verified_synth

class Shop(cdk8s.Chart):
    def __init__(self, scope: Construct, id: str) -> None:
        super().__init__(scope, id, namespace="shop")
        kplus.Deployment(self, "web", containers=[kplus.ContainerProps(image="example/web", port=80)])
        k8s.KubeService(self, "svc", spec=k8s.ServiceSpec(selector={"app": "no"}, ports=[k8s.ServicePort(port=80)]))
        cdk8s.ApiObject(self, "raw", api_version="v1", kind="Sercive", metadata={"name": "raw"})

app = cdk8s.App()
Shop(app, "shop")
verified_synth(app)
"""


def test_a_plain_app_is_verified_by_one_line(tmp_path: Path) -> None:
    """L1, L2 and raw objects, each at the line that made it; no trace, nothing written, exit code 1."""
    main = tmp_path / "main.py"
    main.write_text(PLAIN, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, main],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT / "constructs")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "Traceback" not in ran.stderr
    assert f"main.py:12  shop/svc  shop/Service/shop-svc-c884f6ac\n  error    {RULE}" in ran.stderr
    assert "main.py:11  shop/web/Resource  shop/Deployment/shop-web-c81100ac\n" in ran.stderr
    assert "main.py:13  shop/raw  shop/Sercive/raw\n" in ran.stderr
    assert not (tmp_path / "dist").exists()


def test_a_plain_app_in_which_nothing_is_wrong_is_written_by_cdk8s(tmp_path: Path) -> None:
    app = cdk8s.App(outdir=str(tmp_path / "dist"))
    kplus.ConfigMap(cdk8s.Chart(app, "shop", namespace="shop"), "config", data={"a": "b"})
    verified_synth(app)
    assert (tmp_path / "dist" / "shop.k8s.yaml").exists()


def test_what_is_verified_is_what_is_written(tmp_path: Path) -> None:
    """Also what a chart says of a namespace that others make."""
    app = cdk8s.App(outdir=str(tmp_path / "dist"))
    ServiceNamespace(cdk8s.Chart(app, "spaces"), "own")
    chart = ServiceChart(app, "shop", namespace=ExistingNamespace("shop"))
    k8s.KubeConfigMap(chart, "config", metadata=k8s.ObjectMeta(name="config"), data={"a": "b"})
    verified_synth(app)
    written = [item.manifest for item in read([str(tmp_path / "dist")])]
    assert verify(written, only=["namespace-is-declared", "outside-is-needed"]) == []


def test_a_folder_that_is_not_ours_is_no_trace(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    app = App(outdir=tmp_path)
    ServiceChart(app, "shop")
    with pytest.raises(SystemExit):
        verified_synth(app)


def test_our_own_app_is_verified_once(wrong: App) -> None:
    with pytest.raises(SystemExit) as caught:
        verified_synth(wrong)
    assert RULE in str(caught.value.code)
