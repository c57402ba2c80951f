"""Schemas: Kubernetes' own and the contracts, and how a problem reads."""

import subprocess
import sys
from datetime import datetime
from typing import Any

import pytest

from vkm_manifests.schema import schemas
from vkm_manifests.schema.schemas import Problem, kinds_of, kubernetes_versions, schema_of


def deployment(**container: Any) -> dict[str, Any]:
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "web"},
        "spec": {
            "selector": {},
            "template": {"spec": {"containers": [{"name": "web", "image": "example/web:1.0.0", **container}]}},
        },
    }


def problems(manifest: dict[str, Any], kubernetes: str | None = None) -> list[Problem]:
    schema = schema_of(manifest["apiVersion"], manifest["kind"], kubernetes)
    assert schema
    return list(schema.problems(manifest))


WEB = "spec.template.spec.containers[web]"


@pytest.mark.parametrize(
    ("container", "field", "message", "fix"),
    [
        pytest.param(
            {"tty": "yes"}, f"{WEB}.tty", 'is "yes", accepted is true or false', "write true or false", id="a type"
        ),
        pytest.param({"image": 1.5}, f"{WEB}.image", "is 1.5, accepted is a text", '"1.5"', id="quotes are missing"),
        pytest.param(
            {"ports": [{"containerPort": "80"}]},
            f"{WEB}.ports[0].containerPort",
            'is "80", accepted is a whole number',
            "write a whole number",
            id="a field below an item without a name",
        ),
        pytest.param(
            {"livenessProbe": {"tcpSocket": {"port": []}}},
            f"{WEB}.livenessProbe.tcpSocket.port",
            "is [], accepted is a text or a whole number",
            "write a text or a whole number",
            id="one of two types",
        ),
        pytest.param(
            {"imagePullPolcy": "Always"},
            f"{WEB}.imagePullPolcy",
            f"is not among the fields that Kubernetes {kubernetes_versions()[-1]} knows",
            "did you mean imagePullPolicy?",
            id="an unknown field",
        ),
        pytest.param(
            {"lifecycle": {"zzz": 1}},
            f"{WEB}.lifecycle.zzz",
            f"is not among the fields that Kubernetes {kubernetes_versions()[-1]} knows",
            "known are postStart, preStop, stopSignal",
            id="an unknown field that is near to none",
        ),
        pytest.param(
            {"volumeMounts": [{"name": "data"}]},
            f"{WEB}.volumeMounts[data].mountPath",
            "is missing",
            "write mountPath",
            id="a missing field",
        ),
    ],
)
def test_a_problem(container: dict[str, Any], field: str, message: str, fix: str) -> None:
    (problem,) = problems(deployment(**container))
    assert (problem.field, problem.message, problem.fix) == (field, message, fix)


@pytest.mark.parametrize(
    "container",
    [
        {"resources": None, "env": None, "ports": []},
        {"resources": {"limits": {"cpu": 1, "memory": "1Gi"}}},
        {"livenessProbe": {"httpGet": {"port": "http"}}, "readinessProbe": {"httpGet": {"port": 80}}},
    ],
)
def test_what_is_accepted(container: dict[str, Any]) -> None:
    assert problems({**deployment(**container), "status": {}}) == []


@pytest.mark.parametrize("value", [datetime(2026, 1, 1), {1: "a"}, b"a", {"a"}])
def test_what_is_no_json_is_a_problem(value: Any) -> None:
    (problem,) = problems(deployment(args=[value]))
    assert problem.message.startswith("is no JSON: ")


def test_a_value_without_end_is_a_problem() -> None:
    manifest = deployment()
    manifest["spec"]["template"]["spec"]["again"] = manifest
    assert problems(manifest)


ROUTE: dict[str, Any] = {
    "apiVersion": "traefik.io/v1alpha1",
    "kind": "IngressRoute",
    "metadata": {"name": "web", "labels": {"a": "b"}},
    "spec": {"routes": [{"match": "Host(`shop.example.com`)", "services": [{"name": "web", "port": "http"}]}]},
    "status": {"anything": True},
}


def test_a_contract_leaves_metadata_and_status_in_peace() -> None:
    assert problems(ROUTE) == []


def test_a_contract_is_a_selection() -> None:
    schema = schema_of("traefik.io/v1alpha1", "IngressRoute")
    assert schema
    assert schema.selection
    (problem,) = schema.problems({**ROUTE, "spec": {"routes": [{"match": "PathPrefix(`/`)", "syntx": "v3"}]}})
    assert problem.kind == "unknown"
    assert problem.message.startswith("is not among the fields that the contract with traefik v")


def test_a_choice_names_what_is_accepted() -> None:
    manifest = {"apiVersion": "longhorn.io/v1beta2", "kind": "RecurringJob", "spec": {"task": "bakcup"}}
    (problem,) = problems(manifest)
    assert problem.message.startswith('is "bakcup", accepted are snapshot, ')
    assert problem.fix == "did you mean backup?"


@pytest.mark.parametrize(
    ("api_version", "kind"),
    [
        ("apps/v9", "Deployment"),
        ("example.org/v1", "Deployment"),
        ("apps.example.org/v1", "Deployment"),
        ("v1", "List"),
        ("v1", "Container"),
        ("traefik.io/v1", "IngressRoute"),
        ("v1", "../deployment-apps"),
        ("", ""),
    ],
)
def test_what_has_no_schema(api_version: str, kind: str) -> None:
    assert schema_of(api_version, kind) is None


def test_every_contract_is_found() -> None:
    kinds = {kind for _, kind in schemas._contract_texts()}
    assert {"Certificate", "ClusterIssuer", "ExternalSecret", "Grafana", "IngressRoute", "ServiceMonitor"} <= kinds
    assert len(kinds) == 24
    assert "cert-manager.io" in schemas.contract_groups()


@pytest.mark.parametrize(
    ("wanted", "taken"), [(None, -1), ("1.99", -1), ("1.0", 0), ("1.30", kubernetes_versions().index("1.30"))]
)
def test_the_version_is_the_newest_that_is_not_newer(wanted: str | None, taken: int) -> None:
    schema = schema_of("v1", "ConfigMap", wanted)
    assert schema
    assert schema.source == f"Kubernetes {kubernetes_versions()[taken]}"


def test_the_kinds_of_an_api_version() -> None:
    assert {"CronJob", "Job"} <= kinds_of("batch/v1")
    assert "Pod" in kinds_of("v1")
    assert "Deployment" not in kinds_of("v1")
    assert kinds_of("batch/v9") == kinds_of("example.org/v1") == kinds_of("**/v1") == frozenset()


def test_without_the_extra_core_kinds_have_no_schema() -> None:
    code = (
        "import importlib.util; importlib.util.find_spec = lambda name: None\n"
        "from vkm_manifests.schema import schemas\n"
        "assert not schemas.core_schemas_available()\n"
        "assert schemas.schema_of('v1', 'ConfigMap') is None and not schemas.kinds_of('v1')\n"
        "assert schemas.schema_of('cert-manager.io/v1', 'Certificate')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
