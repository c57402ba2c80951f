import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from vkm_manifests.command import vkm
from vkm_manifests.verify import RULES

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80}]}
"""
POD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec: {containers: [{name: web, image: example/web:1.0.0}]}
"""
RULE = "service-selects-pods"
ONLY = ("--only", RULE)
WRONG = SERVICE + "---" + POD.replace("labels: {app: web}", "labels: {app: other}")


def run(*arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(vkm, ["verify", *arguments], input=stdin)


def test_nothing_wrong_exits_with_0() -> None:
    result = run("-", *ONLY, stdin=f"{SERVICE}---{POD}")
    assert (result.exit_code, result.stdout) == (0, "0 errors, 0 warnings\n")


def test_an_error_exits_with_1_and_says_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "shop.yaml"
    file.write_text(WRONG, encoding="utf-8")
    result = run(str(tmp_path), *ONLY)
    assert result.exit_code == 1
    assert result.stdout.startswith(f"{file}:2  shop/Service/web\n  error    {RULE}  spec.selector\n")
    assert result.stdout.endswith("\n1 error, 0 warnings\n")


def test_a_warning_alone_exits_with_0() -> None:
    result = run("-", *ONLY, stdin=SERVICE)
    assert result.exit_code == 0
    assert result.stdout.endswith("\n0 errors, 1 warning\n")


def test_what_is_ignored_is_told_with_its_reason_and_is_no_error() -> None:
    ignored = WRONG.replace(
        "{name: web, namespace: shop}",
        f"{{name: web, namespace: shop, annotations: {{ignore-rule.vkm-constructs/{RULE}: it is meant}}}}",
    )
    result = run("-", *ONLY, stdin=ignored)
    assert result.exit_code == 0
    assert f"  ignored  {RULE}  spec.selector: it is meant\n" in result.stdout
    (finding,) = json.loads(run("-", *ONLY, "--format", "json", stdin=ignored).stdout)
    assert (finding["severity"], finding["ignored"]) == ("warning", "it is meant")


@pytest.mark.parametrize("format_", ["text", "json", "github", "sarif"])
def test_every_format_fails_on_an_error_and_passes_without(format_: str) -> None:
    assert run("-", *ONLY, "--format", format_, stdin=WRONG).exit_code == 1
    assert run("-", *ONLY, "--format", format_, stdin=f"{SERVICE}---{POD}").exit_code == 0


def test_json_names_the_object() -> None:
    (finding,) = json.loads(run("-", *ONLY, "--format", "json", stdin=WRONG).stdout)
    assert (finding["rule"], finding["severity"], finding["object"]) == (RULE, "error", "shop/Service/web")
    assert finding.keys() >= {"field", "message", "fix"}


def test_a_rule_can_be_left_out() -> None:
    assert RULE in run("-", stdin=WRONG).stdout
    assert RULE not in run("-", "--skip", f"{RULE},image-is-fixed", stdin=WRONG).stdout


def test_lists_the_rules() -> None:
    result = run("--list-rules")
    assert result.exit_code == 0
    for rule in RULES.values():
        assert f"  {rule.name} " in result.stdout
        assert rule.meaning in result.stdout


def test_prints_who_can_reach_whom() -> None:
    result = run("-", "--matrix", stdin=f"{SERVICE}---{POD}")
    assert result.exit_code == 0
    assert "From" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "stdin", "message"),
    [
        ([], None, "say which manifests: a file, a folder, or - for standard input."),
        (
            ["-", "--only", "service-select-pods"],
            SERVICE,
            f"there is no rule service-select-pods; did you mean {RULE}?",
        ),
        (["-", "--skip", "zzz"], SERVICE, "there is no rule zzz; --list-rules lists them."),
        (["-", "--format", "xml"], SERVICE, "'xml' is not one of 'text', 'json', 'github', 'sarif'."),
        (["-", "--kubernetes", "1.2"], SERVICE, "Invalid value for --kubernetes: known are 1."),
        (["-"], "kind: [", "Error: -:"),
        (["-"], "", "Error: -: holds no manifest"),
        (["no-such-folder"], None, "Error: no-such-folder: No such file or directory"),
    ],
)
def test_wrong_use_and_what_cannot_be_read_exit_with_2(arguments: list[str], stdin: str | None, message: str) -> None:
    result = run(*arguments, stdin=stdin)
    assert result.exit_code == 2
    assert message in result.stderr
    assert result.stdout == ""


def test_is_installed_and_starts_no_node() -> None:
    """`vkm` is used where there is no Node.js."""
    code = "import sys; import vkm_manifests.command; sys.exit('jsii' in sys.modules or 'cdk8s' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    vkm_ = Path(sys.executable).parent / "vkm"
    assert subprocess.run([vkm_, "--version"], check=False, capture_output=True).returncode == 0
