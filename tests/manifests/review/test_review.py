"""What is told of each object in the end."""

from typing import Any

import pytest

from vkm_manifests.review import review


def _object(kind: str, group: str, /, name: str = "web", **body: Any) -> dict[str, Any]:
    return {"apiVersion": group, "kind": kind, "metadata": {"name": name, "namespace": "shop"}, **body}


def _deployment(app: str = "web", image: str = "example/web:1.0.0", **spec: Any) -> dict[str, Any]:
    pods = {"containers": [{"name": "web", "image": image}]}
    template = {"metadata": {"labels": {"app": app}}, "spec": pods}
    return _object(
        "Deployment", "apps/v1", spec={"selector": {"matchLabels": {"app": app}}, "template": template, **spec}
    )


def _told(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(c.level, c.reason, c.do) for item in review(old, new).objects for c in item.concerns]


def test_what_is_left_in_the_cluster_is_deleted_one_by_one() -> None:
    assert _told([_object("Middleware", "traefik.io/v1alpha1")], []) == [
        (
            "routine",
            "is no longer wanted; kubectl apply leaves it in the cluster",
            "delete it when nothing needs it: kubectl -n shop delete middleware.traefik.io web",
        )
    ]
    spec = {"compress": {"minResponseBodyBytes": 1200, "excludedContentTypes": ["text/event-stream"]}}
    old, new = (_object("Middleware", "traefik.io/v1alpha1", name=name, spec=spec) for name in ("web", "compress"))
    assert _told([old], [new]) == [
        (
            "routine",
            "was shop/Middleware/web",
            "delete the old one when nothing needs it: kubectl -n shop delete middleware.traefik.io web",
        )
    ]


@pytest.mark.parametrize("strategy", ["RollingUpdate", "Recreate"])
def test_what_is_refused_restarts_nothing(strategy: str) -> None:
    old = _deployment(strategy={"type": strategy}, replicas=2)
    assert [level for level, _, _ in _told([old], [_deployment("shop", strategy={"type": strategy}, replicas=2)])] == [
        "replace"
    ]
    image = _deployment(image="example/web:1.0.1", strategy={"type": strategy}, replicas=2)
    assert {level for level, _, _ in _told([old], [image])} == {
        "restart" if strategy == "RollingUpdate" else "downtime"
    }


def test_a_job_that_is_named_when_it_is_created() -> None:
    def job(image: str) -> dict[str, Any]:
        pods = {"restartPolicy": "Never", "containers": [{"name": "web", "image": image}]}
        found = _object("Job", "batch/v1", spec={"template": {"spec": pods}})
        return {**found, "metadata": {"generateName": "web-", "namespace": "shop"}}

    assert _told([job("example/web:1.0.0")], [job("example/web:1.0.1")]) == [
        ("routine", "runs once, under a name of its own, whenever it is created", "")
    ]
