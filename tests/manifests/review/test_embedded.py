"""Documents within manifests are held against each other as what they say."""

import json
from typing import Any, TypeAlias

import pytest

from vkm_manifests.review.difference import compare
from vkm_manifests.review.embedded import Document

Manifest: TypeAlias = dict[str, Any]

PROMETHEUS = """
global: {scrape_interval: 30s}
rule_files: [rules.yml]
scrape_configs:
  - job_name: node
    scrape_interval: 60s
    static_configs: [{targets: ["node:9100"]}]
  - job_name: web
    metrics_path: /metrics # of the exporter
"""


def config(name: str, text: str) -> Manifest:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "files"}, "data": {name: text}}


def told(name: str, old: str, new: str) -> list[tuple[str, Any, Any]]:
    return [(field.name, field.old, field.new) for field in compare(config(name, old), config(name, new))]


@pytest.mark.parametrize(
    ("old", "new", "field", "was", "is_now"),
    [
        ("interval: 60s", "interval: 5m", "scrape_configs[node].scrape_interval", "60s", "5m"),
        ("node:9100", "node:9200", "scrape_configs[node].static_configs[0].targets[0]", "node:9100", "node:9200"),
        ("rule_files: [rules.yml]", "", "rule_files", ["rules.yml"], None),
        ("rule_files: [rules.yml]", "rule_files: []", "rule_files[0]", "rules.yml", None),
        ("rule_files: [rules.yml]", "rule_files:", "rule_files", ["rules.yml"], "null"),
    ],
)
def test_a_configuration_is_shown_by_its_fields(old: str, new: str, field: str, was: Any, is_now: Any) -> None:
    assert told("prometheus.yml", PROMETHEUS, PROMETHEUS.replace(old, new)) == [
        (f"data[prometheus.yml].{field}", was, is_now)
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("60s", "1m"),
        ("global: {scrape_interval: 30s}", "global:\n  scrape_interval: '30s'"),
        ("  - job_name: web\n    metrics_path: /metrics # of the exporter\n", ""),
    ],
)
def test_spelling_layout_and_the_order_of_jobs_are_no_difference(old: str, new: str) -> None:
    after = PROMETHEUS.replace(old, new)
    if not new:
        after = after.replace("scrape_configs:\n", "scrape_configs:\n" + old)
    assert after != PROMETHEUS
    assert told("prometheus.yml", PROMETHEUS, after) == []


def test_a_comment_is_read_by_people() -> None:
    after = PROMETHEUS.replace("of the exporter", "of the server")
    assert told("prometheus.yml", PROMETHEUS, after) == [("data[prometheus.yml]", PROMETHEUS, after)]


def test_a_dashboard_is_shown_by_its_panels() -> None:
    panels = [
        {"id": 1, "title": "CPU", "targets": [{"refId": "A", "expr": "up"}]},
        {"id": 2, "title": "Memory", "targets": [{"refId": "A", "expr": "down"}]},
    ]
    old = json.dumps({"panels": panels, "time": None})
    panels[1]["targets"] = [{"refId": "A", "expr": "up == 0"}]
    new = json.dumps({"panels": panels}, indent=2)
    assert told("board.json", old, new) == [
        ("data[board.json].panels[2].targets[A].expr", "down", "up == 0"),
        ("data[board.json].time", "null", None),
    ]
    before, after = ({"kind": "GrafanaDashboard", "spec": {"json": text}} for text in (old, new))
    assert [field.name for field in compare(before, after)] == ["spec.json.panels[2].targets[A].expr", "spec.json.time"]


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("a.json", '{"a": 1, "b": [1, 2]}', '{"b":[1,2],\n"a":1}'),
        ("a.toml", "a = 1\nb = 2\n", "b = 2\na = 1\n"),
        ("a.yaml", "a: 1\nb: [x]\n", "b:\n- x\na: 1\n"),
        ("a.YML", "a: 2026-11-24\n", "a: '2026-11-24'\n"),
    ],
)
def test_documents_say_the_same_in_another_layout(name: str, old: str, new: str) -> None:
    assert told(name, old, new) == []


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("a.json", '{"a": []}', "{}"),
        ("a.json", '{"a": null}', "{}"),
        ("a.json", '{"a": null}', '{"a": "null"}'),
        ("a.json", '{"a": [1, 2]}', '{"a": [2, 1]}'),
        ("a.json", '{"values": ["a", "b"]}', '{"values": ["b", "a"]}'),
        ("a.json", '{"limits": {"cpu": "1"}}', '{"limits": {"cpu": "1000m"}}'),
        ("a.json", '{"a": 1}', '{"a": true}'),
        ("a.json", '{"a": 1, "a": 2}', '{"a": 2}'),
        ("a.yaml", "a: 1\na: 2\n", "a: 2\n"),
        ("a.yaml", "a: yes\n", "a: true\n"),
        ("a.yaml", "a: on\n", "a: 'on'\nb: 1\n"),
        ("a.yaml", "a: [{name: x}, {name: y}]\n", "a: [{name: y}, {name: x}]\n"),
        ("a.yaml", "labels: {interval: 60s}\n", "labels: {interval: 1m}\n"),
        ("a.yaml", "version: 60m\n", "version: 1h\n"),
        ("a.toml", "a = 1\n", "a = '1'\n"),
        ("a.txt", "a: 1\n", "a:  1\n"),
        ("run.sh", "a\n", "a"),
    ],
)
def test_no_difference_is_hidden(name: str, old: str, new: str) -> None:
    assert told(name, old, new)
    assert told(name, new, old)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", "{"),
        ("a.json", "9" * 5000),
        ("a.json", '"a"'),
        ("a.json", "[" * 100_000),
        ("a.json", "[" * 500 + "]" * 500),
        ("a.yaml", "{{ .value }}"),
        ("a.yaml", "a: &a [x]\nb: *a\n"),
        ("a.yaml", "? [a]\n: b\n"),
        ("a.yaml", "[" * 5000 + "]" * 5000),
        ("a.yaml", "a: !python/object:os.system x"),
        ("a.yaml", "\x00"),
        ("a.toml", "a ="),
        ("a.txt", "{}"),
        ("a", "{}"),
    ],
)
def test_what_is_no_document_is_a_text(name: str, text: str) -> None:
    assert Document.of(name, text) is None
    assert told(name, text, f"{text}x") == [(f"data[{name}]" if "." in name else f"data.{name}", text, f"{text}x")]


def test_a_document_that_becomes_another_one_is_shown_as_a_text() -> None:
    assert told("a.json", "{}", "[1]") == [("data[a.json]", "{}", "[1]")]
    assert told("a.yaml", "a: 1\n", "a: {{ .b }}\n") == [("data[a.yaml]", "a: 1\n", "a: {{ .b }}\n")]


def test_several_documents_in_a_file_are_a_list() -> None:
    assert told("a.yaml", "a: 1\n---\nb: 1\n", "a: 1\n---\nb: 2\n") == [("data[a.yaml][1].b", 1, 2)]
