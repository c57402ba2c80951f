"""promtool evaluates the rules that Prometheus gets: each alert fires when it should, not before, and not else."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Manifest
from tests.real.alerts import Case, cases
from tests.real.conftest import tool

CASES = list(cases())


@pytest.fixture(scope="module")
def rules(manifests: dict[str, Manifest]) -> str:
    """The rule file, as the ConfigMap has it."""
    content = manifests["prometheus/ConfigMap/prometheus-config"]["data"]["rules.yml"]
    assert isinstance(content, str)
    return content


@pytest.fixture(scope="module")
def alerts(rules: str) -> dict[tuple[str, str], Any]:
    """The rules by group and name."""
    return {
        (group["name"], rule["alert"]): rule for group in yaml.safe_load(rules)["groups"] for rule in group["rules"]
    }


def test_promtool_takes_the_rules(rules: str, tmp_path: Path) -> None:
    file = tmp_path / "rules.yml"
    file.write_text(rules, encoding="utf-8")
    _promtool("check", "rules", str(file))


def test_every_alert_is_in_the_table(alerts: dict[tuple[str, str], Any]) -> None:
    assert {(case.job, case.alert) for case in CASES} == set(alerts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.job}-{case.alert}")
def test_fires_and_stays_silent(case: Case, alerts: dict[tuple[str, str], Any], tmp_path: Path) -> None:
    rule = alerts[case.job, case.alert]
    labels = {"job": case.job, **case.labels}
    fired = {
        "exp_labels": labels | {"severity": case.severity},
        "exp_annotations": {
            "summary": case.summary,
            "description": _filled(rule["annotations"]["description"], labels),
        },
    }
    step, after = _seconds(case.step), _seconds(case.after)
    tests = [
        _test(case, "it fires", case.fires, {after - step: [], after: [fired]}),
        *(_test(case, why, series, {after: [], 2 * after: []}) for why, series in case.silent.items()),
    ]
    # The rule alone: promtool evaluates the whole file at each step, and the 60 others would only take their time.
    (tmp_path / "rule.yml").write_text(yaml.safe_dump({"groups": [{"name": case.job, "rules": [rule]}]}))
    file = tmp_path / "tests.yml"
    file.write_text(yaml.safe_dump({"rule_files": ["rule.yml"], "evaluation_interval": case.step, "tests": tests}))
    _promtool("test", "rules", str(file))


def _test(case: Case, why: str, series: Any, expected: dict[int, list[Any]]) -> dict[str, Any]:
    return {
        "name": why,
        "interval": case.step,
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [
            {"eval_time": f"{at}s", "alertname": case.alert, "exp_alerts": alerts} for at, alerts in expected.items()
        ],
    }


def _filled(text: str, labels: dict[str, str]) -> str:
    """The text as the template engine fills it in; one that names a label that the alert lacks is a KeyError."""
    return re.sub(r"\{\{ \$labels\.(\w+) \}\}", lambda found: labels[found[1]], text)


def _seconds(duration: str) -> int:
    return sum(int(number) * {"h": 3600, "m": 60}[unit] for number, unit in re.findall(r"(\d+)([hm])", duration))


def _promtool(*args: str) -> None:
    done = subprocess.run([tool("promtool"), *args], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
