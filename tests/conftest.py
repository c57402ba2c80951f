from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from tests.schemas import check_against_schema
from vkm_constructs import App, ExistingNamespace, ServiceChart

Manifest: TypeAlias = dict[str, Any]
Render: TypeAlias = Callable[[], dict[str, Manifest]]

ROOT = Path(__file__).parent.parent
IN_SHOP = {"vkm-constructs/made-outside": "- kind: Namespace\n  name: shop\n  by: another project\n"}
"""What the first object of the chart `shop` says of its namespace."""


@pytest.fixture
def app(tmp_path: Path) -> App:
    return App(outdir=tmp_path / "dist")


@pytest.fixture
def chart(app: App) -> ServiceChart:
    """The chart `shop`, in namespace `shop`, which most tests build in."""
    return ServiceChart(app, "shop", namespace=ExistingNamespace("shop"))


@pytest.fixture
def render(app: App) -> Render:
    """All manifests by `Kind/name` (`namespace/Kind/name` outside of `shop`), each held against its schema."""

    def render() -> dict[str, Manifest]:
        found = {}
        for manifests in app.manifests().values():
            for manifest in manifests:
                check_against_schema(manifest)
                namespace = manifest["metadata"].get("namespace", "shop")
                prefix = "" if namespace == "shop" else f"{namespace}/"
                found[f"{prefix}{manifest['kind']}/{manifest['metadata']['name']}"] = manifest
        return found

    return render
