import json

import click

from vkm_manifests import Identity
from vkm_manifests.graph.resource import Finding
from vkm_manifests.reading import Source
from vkm_manifests.report import as_github, as_json, as_sarif, as_text, count

WEB = Identity("shop", "Service", "web")
ERROR = Finding(
    object=WEB,
    field="spec.selector",
    message="takes no pod",
    fix="app: web",
    severity="error",
    rule="service-selects-pods",
)
WARNING = Finding(
    object=WEB, field="", message="50% is\ntoo much", fix="less", severity="warning", rule="ignore-is-needed"
)
IGNORED = Finding(
    object=WEB,
    field="spec",
    message="never mind",
    fix="nothing",
    severity="error",
    rule="ignore-is-needed",
    ignored="it is meant",
)
FOUND = [ERROR, WARNING, IGNORED]
SOURCES = {WEB: [Source("dist/shop.yaml", 7)]}


def test_text_groups_by_object() -> None:
    assert click.unstyle(as_text(FOUND, SOURCES)).splitlines() == [
        "dist/shop.yaml:7  shop/Service/web",
        "  error    service-selects-pods  spec.selector",
        "           takes no pod",
        "           fix: app: web",
        "  warning  ignore-is-needed",
        "           50% is",
        "           too much",
        "           fix: less",
        "  ignored  ignore-is-needed  spec: it is meant",
        "",
        "1 error, 1 warning, 1 ignored",
    ]


def test_the_count_says_what_there_is() -> None:
    assert count([]) == "0 errors, 0 warnings"
    assert count([ERROR, ERROR]) == "2 errors, 0 warnings"
    assert count([IGNORED, WARNING, WARNING]) == "0 errors, 2 warnings, 1 ignored"


def test_json_lists_all_and_what_is_ignored_is_no_error() -> None:
    assert json.loads(as_json(FOUND, SOURCES)) == [
        {
            "rule": "service-selects-pods",
            "severity": "error",
            "object": "shop/Service/web",
            "field": "spec.selector",
            "message": "takes no pod",
            "fix": "app: web",
            "source": "dist/shop.yaml:7",
            "ignored": "",
        },
        {
            "rule": "ignore-is-needed",
            "severity": "warning",
            "object": "shop/Service/web",
            "field": "",
            "message": "50% is\ntoo much",
            "fix": "less",
            "source": "dist/shop.yaml:7",
            "ignored": "",
        },
        {
            "rule": "ignore-is-needed",
            "severity": "warning",
            "object": "shop/Service/web",
            "field": "spec",
            "message": "never mind",
            "fix": "nothing",
            "source": "dist/shop.yaml:7",
            "ignored": "it is meant",
        },
    ]
    assert json.loads(as_json([], SOURCES)) == []


def test_github_escapes_what_its_commands_would_take_as_their_own() -> None:
    assert as_github(FOUND, SOURCES).splitlines() == [
        "::error file=dist/shop.yaml,line=7,title=service-selects-pods%3A shop/Service/web"
        "::spec.selector: takes no pod%0Afix: app: web",
        "::warning file=dist/shop.yaml,line=7,title=ignore-is-needed%3A shop/Service/web"
        "::50%25 is%0Atoo much%0Afix: less",
        "::notice file=dist/shop.yaml,line=7,title=ignore-is-needed%3A shop/Service/web"
        "::spec: never mind%0Aignored: it is meant",
    ]
    assert as_github([], {}) == ""


def test_sarif_suppresses_what_is_ignored() -> None:
    log = json.loads(as_sarif(FOUND, SOURCES))
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["ignore-is-needed", "service-selects-pods"]
    first, _, last = run["results"]
    assert (first["ruleId"], first["level"]) == ("service-selects-pods", "error")
    assert first["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "dist/shop.yaml"},
        "region": {"startLine": 7},
    }
    assert "suppressions" not in first
    assert last["suppressions"] == [{"kind": "inSource", "justification": "it is meant"}]


def test_standard_input_is_no_file_for_a_scanner() -> None:
    (run,) = json.loads(as_sarif([ERROR], {WEB: [Source("-", 1)]}))["runs"]
    assert "physicalLocation" not in run["results"][0]["locations"][0]


def test_what_is_there_twice_is_shown_at_both_places() -> None:
    twice = {WEB: [Source("a.yaml", 1), Source("b.yaml", 2)]}
    assert click.unstyle(as_text([ERROR], twice)).splitlines()[:2] == [
        "a.yaml:1  shop/Service/web",
        "b.yaml:2  shop/Service/web",
    ]
