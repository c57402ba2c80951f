"""The pages about verification say what it says."""

from pathlib import Path

import pytest
from cdk8s_plus_27 import k8s

from charts.environment import Environment
from main import vkm
from tests.conftest import ROOT
from tests.rules_page import PAGE, render
from vkm_constructs import App, VerificationError, override
from vkm_manifests.verify import RULES


def test_the_page_is_what_the_rules_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == render(), "make docs"


def test_the_readme_counts_the_rules() -> None:
    assert f"[{len(RULES)} rules](docs/rules.md)" in (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_error_that_is_shown_is_what_a_wrong_key_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    app = App(outdir=tmp_path / "dist")
    vkm(app, Environment())
    (wiki,) = (
        node for node in app.node.find_all() if isinstance(node, k8s.KubeDeployment) and node.name == "bookstack"
    )
    variables = wiki.to_json()["spec"]["template"]["spec"]["containers"][0]["env"]
    (index,) = (i for i, variable in enumerate(variables) if variable["name"] == "DB_PASSWORD")
    override(wiki, f"/spec/template/spec/containers/0/env/{index}/valueFrom/secretKeyRef/key", "pasword")
    with pytest.raises(VerificationError) as caught:
        app.synth()
    assert f"```\n{caught.value}\n```" in (ROOT / "docs" / "verification.md").read_text(encoding="utf-8")
