"""What make_contracts.py does with a small selection, run as its user runs it."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "crds" / "make_contracts.py"

UPSTREAM = """\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.org, annotations: {made-by: upstream}}
spec:
  group: example.org
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
  - {name: v1alpha1, served: false, storage: false, schema: {openAPIV3Schema: {type: object}}}
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        description: Upstream's words.
        type: object
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          status: {type: object}
          spec:
            type: object
            properties:
              size: {type: integer, minimum: 1, default: 3, description: Upstream's words.}
              parts:
                type: array
                items:
                  type: object
                  required: [name]
                  x-kubernetes-validations: [{rule: self.name != 'none'}]
                  properties:
                    name: {type: string, maxLength: 8}
                    colour: {type: string, enum: [red, blue]}
                    # A field may be called like a keyword.
                    description: {type: string}
              limits:
                type: object
                additionalProperties: {type: object, properties: {low: {type: integer}, high: {type: integer}}}
"""

EXPECTED = """\
# The contract with maker v9. Made by crds/make_contracts.py: edit crds/selection.yaml, not this file.
# For `cdk8s import` and `vkm verify`, never for a cluster: there it would prune the fields that it leaves out.
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.example.org}
spec:
  group: example.org
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        required: [spec]
        properties:
          apiVersion: {type: string}
          kind: {type: string}
          metadata: {type: object}
          spec:
            type: object
            properties:
              size: {type: integer, minimum: 1}
              parts:
                type: array
                items:
                  type: object
                  required: [name]
                  properties:
                    name: {type: string, maxLength: 8}
                    colour:
                      type: string
                      enum: [red, blue]
                    description: {type: string}
              limits:
                type: object
                additionalProperties:
                  type: object
                  properties:
                    high: {type: integer}
"""


@pytest.fixture
def upstream(tmp_path: Path) -> Path:
    folder = tmp_path / "upstream"
    (folder / "maker").mkdir(parents=True)
    (folder / "maker/widgets.yaml").write_text(UPSTREAM, encoding="utf-8")
    return folder


def make_contracts(upstream: Path, kinds: str) -> tuple[int, str, dict[str, str]]:
    """The script's exit code and complaint, and the files that it wrote."""
    selection, output = upstream.parent / "selection.yaml", upstream.parent / "contracts"
    selection.write_text(f"maker: {{release: v9, kinds: {kinds}}}", encoding="utf-8")
    output.mkdir()
    command: list[str | Path] = [sys.executable, SCRIPT, upstream, f"--selection={selection}", f"--output={output}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr, {path.name: path.read_text(encoding="utf-8") for path in output.iterdir()}


def test_a_contract_holds_what_is_selected_and_what_that_requires(upstream: Path) -> None:
    fields = "{spec: [size], spec.parts: [colour, description], spec.limits: [high]}"
    code, complaint, files = make_contracts(upstream, f"{{Widget: {{version: v1, fields: {fields}}}}}")
    assert (code, complaint, sorted(files)) == (0, "", ["maker.yaml", "not-checked.md"])
    assert files["not-checked.md"].endswith("|--:|\n| maker | Widget | `spec.parts[]` | 1 |\n")
    assert files["maker.yaml"] == EXPECTED


def test_every_mistake_is_named_at_once_and_nothing_is_written(upstream: Path) -> None:
    kinds = """{
      Widget: {version: v1, fields: {spec: [sise, limits], spec.parts: [name.first, color], spec.limits: [low]}},
      Wigdet: {version: v1, fields: {}},
    }"""
    complaint = """\
maker, Widget: spec.limits is selected as a whole and again in part
maker, Widget: no field spec.sise; nearest to sise is size
maker, Widget: no field spec.parts.name.first
maker, Widget: no field spec.parts.color; nearest to color is colour
maker, Wigdet: no kind Wigdet; nearest to Wigdet is Widget
"""
    assert make_contracts(upstream, kinds) == (1, complaint, {})


def test_a_version_that_upstream_does_not_serve_is_refused(upstream: Path) -> None:
    complaint = "maker, Widget: no served version v1alpha1; nearest to v1alpha1 is v1\n"
    assert make_contracts(upstream, "{Widget: {version: v1alpha1, fields: {}}}") == (1, complaint, {})


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    code, complaint, files = make_contracts(tmp_path / "nowhere", "{}")
    assert (code, files) == (2, {})
    assert complaint.endswith("nowhere is not a folder\n")
