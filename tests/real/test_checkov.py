"""checkov passes on the manifests, but for what is listed here with its reason: nothing more, and nothing less."""

import json
import subprocess
from pathlib import Path
from typing import Final

import pytest
import yaml

from tests.conftest import ROOT, Manifest

# It wants older versions of packages that we use, too: in an environment of its own.
CHECKOV: Final = ROOT / "build/checkov/bin/checkov"

EVERY_WORKLOAD: Final = "every workload"
SKIPPED: Final[dict[str, tuple[str | frozenset[str], str]]] = {
    "CKV_K8S_11": (
        EVERY_WORKLOAD,
        "CPU limits: they slow a container down while its node idles. Requests share the CPU fairly.",
    ),
    "CKV_K8S_15": (
        EVERY_WORKLOAD,
        "always pull: tags are exact versions, which do not move, and no start depends on a registry that is up.",
    ),
    "CKV_K8S_43": (
        EVERY_WORKLOAD,
        "digests: whoever mirrors the images adds theirs to images.toml; upstream's are none that we could vouch for.",
    ),
    "CKV_K8S_35": (
        frozenset(
            {
                "StatefulSet.bookstack.bookstack-db",
                "StatefulSet.zammad.zammad-db",
                "Deployment.bookstack.bookstack",
                "Job.bookstack.bookstack-migrate",
                "Deployment.zammad.zammad",
                "Deployment.zammad.zammad-scheduler",
                "Deployment.zammad.zammad-websocket",
                "Job.zammad.zammad-init",
                "Deployment.zammad.zammad-redis",
                "Deployment.grafana.grafana",
            }
        ),
        "secrets in variables: where these applications and exporters look for them; where one could read a file, "
        "the same process could read it.",
    ),
    "CKV_K8S_38": (
        frozenset({"Deployment.traefik.traefik", "Deployment.prometheus.prometheus"}),
        "the service account's token: both read the Kubernetes API, with the rights of Roles of their own.",
    ),
    "CKV_K8S_40": (
        frozenset(
            {
                "StatefulSet.bookstack.bookstack-db",
                "CronJob.bookstack.bookstack-db-dump",
                "CronJob.bookstack.bookstack-db-drill",
                "Deployment.bookstack.bookstack",
                "Job.bookstack.bookstack-migrate",
                "StatefulSet.zammad.zammad-db",
                "CronJob.zammad.zammad-db-dump",
                "CronJob.zammad.zammad-db-drill",
                "Deployment.zammad.zammad-redis",
                "Deployment.zammad.zammad",
                "Deployment.zammad.zammad-scheduler",
                "Deployment.zammad.zammad-websocket",
                "Job.zammad.zammad-init",
                "Deployment.grafana.grafana",
            }
        ),
        "a user id above 10000: the images' files belong to their own users.",
    ),
    "CKV_K8S_8": (
        frozenset({"Deployment.zammad.zammad-scheduler"}),
        "liveness: the scheduler listens nowhere; when it cannot go on, it ends.",
    ),
    "CKV_K8S_9": (
        frozenset({"Deployment.zammad.zammad-scheduler"}),
        "readiness: nobody sends the scheduler anything.",
    ),
}
"""By check: which workloads do not pass it, and why that is right. A Job goes by its name without its version."""


def test_checkov_passes_but_for_what_is_explained(manifests: dict[str, Manifest], tmp_path: Path) -> None:
    if not CHECKOV.exists():
        pytest.fail("checkov is not installed: make test-real-deps", pytrace=False)
    (tmp_path / "manifests.yaml").write_text(yaml.dump_all(manifests.values(), Dumper=yaml.CSafeDumper))
    command = [
        "--file",
        "manifests.yaml",
        "--framework",
        "kubernetes",
        "--output",
        "json",
        "--quiet",
        "--skip-download",
    ]
    done = subprocess.run(
        # Its settings would be in the home directory.
        [CHECKOV, *command],
        cwd=tmp_path,
        env={"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(done.stdout)
    assert report["summary"]["parsing_errors"] == 0
    assert report["summary"]["passed"] > 1000

    workloads = {
        _name(f"{manifest['kind']}.{manifest['metadata']['namespace']}.{manifest['metadata']['name']}", manifests)
        for manifest in manifests.values()
        if manifest["kind"] in ("Deployment", "StatefulSet", "Job", "CronJob")
    }
    found: dict[str, set[str]] = {}
    for failed in report["results"]["failed_checks"]:
        found.setdefault(failed["check_id"], set()).add(_name(failed["resource"], manifests))
    expected = {check: workloads if where == EVERY_WORKLOAD else set(where) for check, (where, _) in SKIPPED.items()}
    assert found == expected


def _name(resource: str, manifests: dict[str, Manifest]) -> str:
    """Its name, without the version that a Job's name carries."""
    kind, namespace, name = resource.split(".")
    if kind == "Job":
        name = manifests[f"{namespace}/Job/{name}"]["metadata"]["labels"]["app.kubernetes.io/instance"]
    return f"{kind}.{namespace}.{name}"
