"""A review as a person, a pull request and a program read it."""

import json
import re
from typing import Any

import click
import pytest
import yaml

from vkm_manifests.review import Review, review
from vkm_manifests.review.as_json import as_json
from vkm_manifests.review.as_markdown import LIMIT, MARK, as_markdown
from vkm_manifests.review.as_text import as_text

OLD = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: files, namespace: shop}
data: {start.sh: "#!/bin/sh\\necho 1\\nexec server\\n"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: left, namespace: shop}
data: {a: b}
"""
NEW = (
    OLD.replace("10Gi", "5Gi").replace("echo 1", "echo 2").replace("name: left", "name: right").replace("a: b", "c: d")
)


def manifests(text: str) -> list[dict[str, Any]]:
    return [manifest for manifest in yaml.safe_load_all(text) if manifest]


def of(old: str, new: str) -> Review:
    return review(manifests(old), manifests(new))


def config(data: dict[str, str]) -> str:
    return yaml.safe_dump({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": data})


@pytest.mark.parametrize("new", [OLD, OLD.replace("10Gi", "10240Mi")])
def test_nothing_changes(new: str) -> None:
    assert as_text(of(OLD, new)) == "nothing changes"
    assert as_markdown(of(OLD, new)).endswith("\n\nNothing changes.\n")
    assert as_json(of(OLD, new)) == "[]"


def test_text_has_each_object_under_its_level_with_its_fields() -> None:
    text = click.unstyle(as_text(of(OLD, NEW)))
    first, *_ = text.splitlines()
    assert first == "replace"
    assert "  shop/PersistentVolumeClaim/data  changed\n" in text
    assert "    - spec.resources.requests.storage: 10Gi\n    + spec.resources.requests.storage: 5Gi\n" in text
    assert "    -   echo 1\n    +   echo 2\n" in text
    assert "  shop/ConfigMap/left  removed\n" in text
    assert "  shop/ConfigMap/right  added\n" in text
    assert text.index("shop/PersistentVolumeClaim/data") < text.index("routine")
    assert text.endswith("\n4 objects change: 1 replace, 3 routine")


def test_json_has_what_a_program_needs() -> None:
    found = json.loads(as_json(of(OLD, NEW)))
    assert [(item["object"], item["change"]) for item in found] == [
        ("shop/PersistentVolumeClaim/data", "changed"),
        ("shop/ConfigMap/files", "changed"),
        ("shop/ConfigMap/left", "removed"),
        ("shop/ConfigMap/right", "added"),
    ]
    (claim, *_) = found
    assert claim["risk"] == "replace"
    assert claim["reason"] == claim["concerns"][0]["reason"]
    assert claim["fields"] == [{"field": "spec.resources.requests.storage", "old": "10Gi", "new": "5Gi"}]


def test_a_rename_is_told_as_one() -> None:
    renamed = OLD.replace("name: left", "name: other")
    assert "  shop/ConfigMap/other  renamed from shop/ConfigMap/left\n" in click.unstyle(as_text(of(OLD, renamed)))
    (item,) = json.loads(as_json(of(OLD, renamed)))
    assert (item["object"], item["change"], item["renamed_from"]) == (
        "shop/ConfigMap/other",
        "changed",
        "shop/ConfigMap/left",
    )


class TestMarkdown:
    def test_it_begins_with_the_mark_and_the_counts(self) -> None:
        text = as_markdown(of(OLD, NEW))
        assert text.startswith(f"{MARK}\n\n## ")
        assert "\n\n4 objects change: 1 replace, 3 routine.\n\n" in text

    def test_what_needs_somebody_is_in_the_open_and_what_is_routine_is_folded(self) -> None:
        before, _, after = as_markdown(of(OLD, NEW)).partition("<details>")
        assert "| **replace** | `shop/PersistentVolumeClaim/data`<br>changed |" in before
        assert "shop/ConfigMap" not in before
        assert "<details><summary>Routine: 3</summary>" in f"<details>{after}"

    def test_what_to_do_is_told_of_what_is_routine_as_well(self) -> None:
        (line,) = [
            line for line in as_markdown(of(OLD, NEW)).splitlines() if line.startswith("| `shop/ConfigMap/left`")
        ]
        assert "kubectl -n shop delete configmap left" in line

    def test_each_diff_can_be_opened(self) -> None:
        text = as_markdown(of(OLD, NEW))
        assert "<summary><code>shop/PersistentVolumeClaim/data</code>: 1 field</summary>" in text
        assert "```diff\n- spec.resources.requests.storage: 10Gi\n+ spec.resources.requests.storage: 5Gi\n```" in text

    def test_the_picture_is_of_what_changes(self) -> None:
        _, _, drawing = as_markdown(of(OLD, NEW)).partition("```mermaid\n")
        assert "<b>data</b>" in drawing.partition("```")[0]

    def test_there_is_none_where_nothing_of_it_changes(self) -> None:
        assert "mermaid" not in as_markdown(of(config({"a": "b"}), config({"a": "c"})))

    def test_fences_within_do_not_end_the_diff(self) -> None:
        text = as_markdown(of(config({"a.md": "x\n````\n"}), config({"a.md": "z\n````\n"})))
        assert "\n`````diff\n" in text
        assert re.search(r"\n`````\n\n</details>", text)

    def test_nobody_is_called_and_nothing_is_html(self) -> None:
        old = OLD.replace("name: left", "name: left, annotations: {a: b}")
        new = old.replace("data, namespace: shop", '"@org/team|<b>*x*</b>", namespace: shop')
        (told,) = [line for line in as_markdown(of(old, new)).splitlines() if line.startswith("| **data-loss**")]
        outside_of_code = re.sub(r"`[^`]*`", "", told)
        assert "@org" not in outside_of_code
        assert "<b>" not in outside_of_code
        assert len(re.findall(r"(?<!\\)\|", told)) == 5, "the cell's own bar ends it"

    def test_it_never_outgrows_a_comment(self) -> None:
        def many(letter: str) -> str:
            each = config({"a": f"{letter}\n" * 50})
            return "---\n".join(each.replace("name: c", f"name: {'c' * 240}-{number}") for number in range(120))

        for old, new in ((many("x"), many("y")), (OLD, many("x")), (many("x"), OLD)):
            text = as_markdown(of(old, new))
            assert len(text) <= LIMIT
            assert re.search(r"\d+ more, left out here: `vkm review` prints them all", text)

    def test_one_huge_diff_leaves_room_for_the_others(self) -> None:
        old = config({"a.txt": "x\n" * 10_000}) + "---\n" + OLD
        text = as_markdown(of(old, NEW + "---\n" + config({"a.txt": "y\n" * 10_000})))
        assert len(text) <= LIMIT
        assert "<code>shop/PersistentVolumeClaim/data</code>: 1 field" in text
        assert "1 more diff, left out here" in text
