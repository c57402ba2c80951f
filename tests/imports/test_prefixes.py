"""Two bindings of one API group in one process.

Of two assemblies with one name, jsii loads the first, and silently drops what only the second knows.
"""

import importlib
from pathlib import Path

import cdk8s
import pytest

from vkm_traefik.io import traefik


def test_an_unprefixed_binding_of_the_same_group_and_ours_lose_no_field(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    theirs = importlib.import_module("unprefixed.io.traefik")
    chart = cdk8s.Chart(cdk8s.App(outdir=str(tmp_path)), "chart")
    metadata = cdk8s.ApiObjectMetadata(name="route")

    traefik.IngressRoute(
        chart,
        "ours",
        metadata=metadata,
        spec=traefik.IngressRouteSpec(
            routes=[traefik.IngressRouteSpecRoutes(match="ours")],
            ingress_class_name="only ours has this",
        ),
    )
    theirs.IngressRoute(
        chart,
        "theirs",
        metadata=metadata,
        spec=theirs.IngressRouteSpec(
            routes=[theirs.IngressRouteSpecRoutes(match="theirs")],
            parent_refs=[theirs.IngressRouteSpecParentRefs(name="only theirs has this")],
        ),
    )

    assert [manifest["spec"] for manifest in chart.to_json()] == [
        {"routes": [{"match": "ours"}], "ingressClassName": "only ours has this"},
        {"routes": [{"match": "theirs"}], "parentRefs": [{"name": "only theirs has this"}]},
    ]
