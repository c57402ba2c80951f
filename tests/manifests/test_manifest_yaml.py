from typing import Any

import pytest
import yaml

from vkm_manifests import dump, dump_all


def test_reads_like_a_manifest_that_a_person_wrote() -> None:
    deployment = {
        "spec": {
            "template": {
                "spec": {
                    "volumes": [{"emptyDir": {}, "name": "tmp"}],
                    "containers": [
                        {
                            "volumeMounts": [{"mountPath": "/tmp", "name": "tmp"}],
                            "env": [{"value": "1", "name": "A"}],
                            "image": "shop:1",
                            "name": "shop",
                        }
                    ],
                },
                "metadata": {"labels": {"b": "2", "a": "1"}},
            },
            "replicas": 2,
        },
        "metadata": {"labels": {"a": "1"}, "namespace": "shop", "name": "shop"},
        "kind": "Deployment",
        "apiVersion": "apps/v1",
    }

    assert dump(deployment) == (
        """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: shop
  labels:
    a: "1"
spec:
  replicas: 2
  template:
    metadata:
      labels:
        a: "1"
        b: "2"
    spec:
      containers:
      - name: shop
        image: shop:1
        env:
        - name: A
          value: "1"
        volumeMounts:
        - name: tmp
          mountPath: /tmp
      volumes:
      - name: tmp
        emptyDir: {}
"""
    )


def test_the_order_of_keys_does_not_matter() -> None:
    one = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "zone": 1, "area": 2}}
    two = {"metadata": {"area": 2, "zone": 1, "name": "a"}, "kind": "ConfigMap", "apiVersion": "v1"}

    assert dump(one) == dump(two)


def test_lists_keep_their_order() -> None:
    assert yaml.safe_load(dump({"args": ["b", "a", "c"]})) == {"args": ["b", "a", "c"]}


def test_does_not_change_what_it_is_given() -> None:
    given = {"spec": {"b": 1, "a": 2}, "kind": "X"}
    dump(given)

    assert list(given) == ["spec", "kind"]


AMBIGUOUS = """
1 0 -1 +1 1.5 .5 1. 1e3 1E3 1.5e-3 12e4567 0o17 0x1F 0b101 017 08 1_000 1:30 12:30:45 .inf -.inf .NaN
0O17 0X1F 0B1 -0o17 +0o17 -0X1F 0o1_7
true false True FALSE yes no Yes NO on off On OFF y n Y N null Null NULL ~ = <<
2024-01-01 2024-01-01T00:00:00Z
""".split()


@pytest.mark.parametrize("text", ["", *AMBIGUOUS])
def test_text_that_looks_like_something_else_is_quoted(text: str) -> None:
    """YAML parsers differ in what they take for a number or a boolean; Kubernetes's reads YAML 1.1 and parts of 1.2."""
    assert dump({"value": text}) == f'value: "{text}"\n'
    assert dump({text: "value"}) == f'"{text}": value\n'


@pytest.mark.parametrize(
    "text", ["shop", "shop:1", "1Gi", "100m", "a b", "/tmp", "v1", "1.2.3-rc", "no way", "10.0.0.0/8"]
)
def test_other_text_is_not(text: str) -> None:
    assert dump({"value": text}) == f"value: {text}\n"


@pytest.mark.parametrize(("value", "text"), [(1, "1"), (True, "true"), (None, "null"), (0.5, "0.5"), ([], "[]")])
def test_what_is_no_text_is_not_quoted(value: object, text: str) -> None:
    assert dump({"value": value}) == f"value: {text}\n"


def test_several_lines_are_a_block() -> None:
    script = '#!/bin/sh\n# "quotes" and \\backslashes\\ stay\n\nif true; then\n  echo: ü\nfi\n'

    assert dump({"run.sh": script}) == (
        'run.sh: |\n  #!/bin/sh\n  # "quotes" and \\backslashes\\ stay\n\n  if true; then\n    echo: ü\n  fi\n'
    )


@pytest.mark.parametrize(
    "text",
    [
        "a\nb",
        "a\nb\n",
        "a\nb\n\n",
        "\n",
        "\n\n",
        "\na\n",
        " a\nb\n",
        "a \nb\n",
        "a\n ",
        "a\n  b\n",
        "\ta\n",
        "a\tb\nc\n",
        "a\r\nb\r\n",
        "a\rb",
        "# a\n",
        "---\na\n",
        "...\na\n",
        "- a\n- b\n",
        "a: b\nc: d\n",
        "%a\n",
        "ü\n😀\n",
        "\ufeffa\n",
        "a\x85b\n",
        "a\u2028b\n",
        "a\x00b\x07\n",
        " ",
        " a ",
        "'",
        '"',
        "a: b",
        "- a",
        "*a",
        "&a",
        "!a",
        "{a}",
        "[a]",
        "a # b",
        "@a",
        "`a`",
        "|",
        ">",
        "%",
        "-",
        "?",
        ":",
        "---",
        "x" * 5000,
        "x y " * 2000 + "\n" + "z " * 2000,
    ],
)
def test_every_text_comes_back_as_it_was(text: str) -> None:
    manifest = {"data": {"key": text, "list": [text], text[:100] or "empty": 1}}

    assert yaml.safe_load(dump(manifest)) == manifest


def test_no_line_is_folded() -> None:
    command = "run " + " ".join(f"--option-{number}=value" for number in range(200))

    assert dump({"args": [command]}) == f"args:\n- {command}\n"


def test_equal_parts_are_written_out() -> None:
    shared: dict[str, Any] = {"app": "shop"}

    assert dump({"labels": shared, "matchLabels": shared}) == "labels:\n  app: shop\nmatchLabels:\n  app: shop\n"


def test_letters_of_all_languages_stay() -> None:
    assert dump({"title": "Größe 寸法"}) == "title: Größe 寸法\n"


def test_dump_all_separates_documents() -> None:
    text = dump_all([{"kind": "A"}, {"kind": "B", "text": "a\n\n"}, {"kind": "C"}])

    assert text.startswith("kind: A\n---\nkind: B\n")
    assert list(yaml.safe_load_all(text)) == [{"kind": "A"}, {"kind": "B", "text": "a\n\n"}, {"kind": "C"}]


def test_dump_all_of_nothing_is_nothing() -> None:
    assert dump_all([]) == ""
