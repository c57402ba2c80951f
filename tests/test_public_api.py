"""What `from vkm_constructs import …` offers is complete and documented."""

import ast
import inspect
import re

import pytest

import vkm_constructs
import vkm_manifests
from tests.conftest import ROOT


@pytest.mark.parametrize("package", [vkm_constructs, vkm_manifests], ids=lambda package: package.__name__)
def test_all_is_what_is_imported(package: object) -> None:
    source = ast.parse(inspect.getsource(package))  # type: ignore[arg-type]
    imported = {
        alias.asname or alias.name for node in source.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert set(package.__all__) == imported - {"use_bundled_node"}  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", sorted(set(vkm_constructs.__all__) - {"Namespace", "Connectable"}))
def test_every_argument_is_documented(name: str) -> None:
    thing = getattr(vkm_constructs, name)
    text = inspect.getdoc(thing) or ""
    assert text
    if inspect.isclass(thing) and issubclass(thing, Exception):
        return
    # jsii's metaclass hides a construct's own signature.
    signature = inspect.signature(thing.__init__ if inspect.isclass(thing) else thing)
    for parameter in signature.parameters.values():
        if parameter.name not in ("self", "scope"):
            assert re.search(rf"^ *(\w+, )*{parameter.name}(, \w+)*:", text, re.MULTILINE), f"{parameter.name}=…"


def test_the_folder_constructs_shadows_nothing() -> None:
    """With an `__init__.py`, a source root named `constructs` would hide the PyPI package of that name."""
    for root in ("constructs", "imports", "manifests"):
        assert not (ROOT / root / "__init__.py").exists()
