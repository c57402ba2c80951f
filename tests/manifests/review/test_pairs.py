"""Which object is which: by name, else by what it says; nobody is taken for somebody else."""

import copy
import random
from collections.abc import Iterable
from typing import Any, TypeAlias

import pytest
import yaml

from vkm_manifests.graph.resource import Resource
from vkm_manifests.review.pairs import pairs

Manifest: TypeAlias = dict[str, Any]

APP = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: SPACE, labels: {app: NAME}}
spec:
  replicas: 2
  selector: {matchLabels: {app: NAME}}
  template:
    metadata: {labels: {app: NAME}}
    spec:
      automountServiceAccountToken: false
      serviceAccountName: NAME
      securityContext: {runAsNonRoot: true, runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000}
      containers:
        - name: NAME
          image: IMAGE
          ports: [{containerPort: 8080}]
          resources: {requests: {cpu: 10m, memory: 64Mi}, limits: {memory: 64Mi}}
          securityContext: {readOnlyRootFilesystem: true, allowPrivilegeEscalation: false}
---
apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: SPACE, labels: {app: NAME}}
spec: {selector: {app: NAME}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: NAME, namespace: SPACE, labels: {app: NAME}}
automountServiceAccountToken: false
"""
DENY = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: SPACE}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: v1
kind: Namespace
metadata: {name: SPACE}
"""
CLAIM = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: NAME, namespace: SPACE}
spec: {accessModes: [ReadWriteOnce], storageClassName: longhorn, resources: {requests: {storage: 10Gi}}}
"""
FILES = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: NAME, namespace: SPACE}\ndata: {run.sh: TEXT}\n"


def make(text: str, name: str = "web", space: str = "shop", image: str = "web:1.0") -> list[Manifest]:
    filled = text.replace("NAME", name).replace("SPACE", space).replace("IMAGE", image)
    return [item for item in yaml.safe_load_all(filled) if item]


def paired(old: Iterable[Manifest], new: Iterable[Manifest]) -> set[tuple[str, str]]:
    """The objects whose names are not what they were, each with its other name, or with none."""
    sides = ([Resource(manifest) for manifest in side] for side in (old, new))
    found = ((str(a) if a else "", str(b) if b else "") for a, b in pairs(*sides))
    return {(a, b) for a, b in found if a != b}


def test_an_object_is_the_one_of_its_name() -> None:
    old, new = make(APP), make(APP, image="other:2.0")
    assert paired(old, new) == set()
    assert paired(old, []) == {("shop/Deployment/web", ""), ("shop/Service/web", ""), ("shop/ServiceAccount/web", "")}


def test_an_application_is_renamed_with_all_that_is_its_own() -> None:
    assert paired(make(APP), make(APP, name="front", image="web:1.1")) == {
        ("shop/Deployment/web", "shop/Deployment/front"),
        ("shop/Service/web", "shop/Service/front"),
        ("shop/ServiceAccount/web", "shop/ServiceAccount/front"),
    }


def test_another_application_in_its_place_is_no_rename() -> None:
    found = paired(make(APP), make(APP, name="cache", image="redis:8.2"))
    assert all("" in pair for pair in found)
    assert len(found) == 6


def test_another_application_in_another_namespace_is_no_rename() -> None:
    old = make(APP) + make(DENY)
    new = make(APP, "cache", "memory", "redis:8.2") + make(DENY, space="memory")
    found = paired(old, new)
    assert all("" in pair for pair in found)
    assert len(found) == len(old) + len(new)


def test_a_namespace_is_renamed_with_all_that_is_in_it() -> None:
    old = make(APP) + make(DENY) + make(CLAIM)
    new = make(APP, space="store") + make(DENY, space="store") + make(CLAIM, space="store")
    assert paired(old, new) == {
        ("Namespace/shop", "Namespace/store"),
        ("shop/Deployment/web", "store/Deployment/web"),
        ("shop/NetworkPolicy/default-deny", "store/NetworkPolicy/default-deny"),
        ("shop/PersistentVolumeClaim/web", "store/PersistentVolumeClaim/web"),
        ("shop/Service/web", "store/Service/web"),
        ("shop/ServiceAccount/web", "store/ServiceAccount/web"),
    }


def test_what_is_about_its_namespace_does_not_move() -> None:
    spaces = [item for space in ("a", "b") for item in make(DENY, space=space)]
    old = [item for item in spaces if item["metadata"].get("namespace") != "a"]
    new = [item for item in spaces if item["metadata"].get("namespace") != "b"]
    assert paired(old, new) == {("b/NetworkPolicy/default-deny", ""), ("", "a/NetworkPolicy/default-deny")}


def test_an_object_that_moves_alone_is_followed_by_its_name() -> None:
    spaces = make(DENY, space="shop") + make(DENY, space="store")
    for space in ("store", "new"):
        assert paired(spaces + make(CLAIM), spaces + make(CLAIM, space=space)) == {
            ("shop/PersistentVolumeClaim/web", f"{space}/PersistentVolumeClaim/web")
        }


def test_a_name_that_many_namespaces_have_is_not_followed() -> None:
    spaces = [item for space in ("a", "b", "c") for item in make(DENY, space=space)]
    old, new = ([*spaces, *make(CLAIM, "data", "c"), *make(CLAIM, "data", space)] for space in ("a", "b"))
    assert paired(old, new) == {("a/PersistentVolumeClaim/data", ""), ("", "b/PersistentVolumeClaim/data")}


def test_a_volume_claim_under_another_name_and_of_another_size_is_a_rename() -> None:
    new = make(CLAIM, name="data")
    new[0]["spec"]["resources"]["requests"]["storage"] = "20Gi"
    assert paired(make(CLAIM), new) == {("shop/PersistentVolumeClaim/web", "shop/PersistentVolumeClaim/data")}


def test_a_job_with_its_version_in_its_name_is_the_next_one() -> None:
    job = APP.partition("---")[0].replace("apps/v1", "batch/v1").replace("Deployment", "Job")
    assert paired(make(job, "web-migrate-1-0-ab12"), make(job, "web-migrate-1-1-cd34", image="web:1.1")) == {
        ("shop/Job/web-migrate-1-0-ab12", "shop/Job/web-migrate-1-1-cd34")
    }


def test_a_long_text_with_another_line_is_the_same_file() -> None:
    lines = [f"echo {number}" for number in range(50)]
    old, new = (make(FILES, name) for name in ("start", "begin"))
    old[0]["data"]["run.sh"], new[0]["data"]["run.sh"] = "\n".join(lines), "\n".join([*lines, "echo end"])
    assert paired(old, new) == {("shop/ConfigMap/start", "shop/ConfigMap/begin")}
    new[0]["data"]["run.sh"] = "exit 1"
    assert all("" in pair for pair in paired(old, new))


def test_of_several_that_are_alike_the_nearest_name_is_taken() -> None:
    old = make(CLAIM, "a-data") + make(CLAIM, "b-data")
    new = make(CLAIM, "b-files") + make(CLAIM, "a-files")
    assert paired(old, new) == {
        ("shop/PersistentVolumeClaim/a-data", "shop/PersistentVolumeClaim/a-files"),
        ("shop/PersistentVolumeClaim/b-data", "shop/PersistentVolumeClaim/b-files"),
    }


@pytest.mark.parametrize("name", ["a", "e", "1", "app"])
def test_a_short_name_is_no_part_of_other_words(name: str) -> None:
    assert ("shop/Deployment/web", f"shop/Deployment/{name}") in paired(make(APP), make(APP, name))


def test_another_kind_of_the_same_name_is_another_object() -> None:
    new = make(APP)
    new[0]["kind"] = "StatefulSet"
    assert paired(make(APP), new) == {("shop/Deployment/web", ""), ("", "shop/StatefulSet/web")}


def test_an_object_is_the_same_under_an_older_group_of_kubernetes() -> None:
    ingress = {"kind": "Ingress", "metadata": {"name": "web", "namespace": "shop"}}
    old = {"apiVersion": "extensions/v1beta1", **ingress}
    new = {"apiVersion": "networking.k8s.io/v1", **ingress}
    assert paired([old], [new]) == set()
    assert [(a is None, b is None) for a, b in pairs([Resource(old)], [Resource(new)])] == [(False, False)]


def test_the_same_kind_of_two_operators_is_not_the_same_object() -> None:
    named = {"kind": "Certificate", "metadata": {"name": "web", "namespace": "shop"}, "spec": {"a": 1}}
    old, new = {"apiVersion": "cert-manager.io/v1", **named}, {"apiVersion": "example.com/v1", **named}
    assert len(list(pairs([Resource(old)], [Resource(new)]))) == 2


def test_two_objects_that_swap_their_names_are_compared_by_name() -> None:
    old = make(CLAIM, "a") + make(FILES, "b")
    new = make(FILES, "a") + make(CLAIM, "b")
    assert {pair for pair in paired(old, new) if "" not in pair} == {
        ("shop/PersistentVolumeClaim/a", "shop/PersistentVolumeClaim/b"),
        ("shop/ConfigMap/b", "shop/ConfigMap/a"),
    }


def test_each_object_is_there_once_whatever_the_order() -> None:
    old = [item for name in ("a", "b", "c") for item in make(APP + "---" + CLAIM, name)]
    new = [item for name in ("c", "d", "e", "f") for item in make(APP + "---" + CLAIM, name)]
    expected = paired(old, new)
    for seed in range(5):
        before, after = copy.deepcopy(old), copy.deepcopy(new)
        random.Random(seed).shuffle(before)
        random.Random(seed + 1).shuffle(after)
        assert paired(before, after) == expected
        found = list(pairs([Resource(item) for item in before], [Resource(item) for item in after]))
        assert sum(a is not None for a, _ in found) == len(old)
        assert sum(b is not None for _, b in found) == len(new)


@pytest.mark.parametrize(
    "manifest", [{}, {"kind": []}, {"metadata": []}, {"kind": "Pod", "metadata": {"name": 1}, "spec": []}]
)
def test_any_shape_has_its_place(manifest: Manifest) -> None:
    old, new = Resource(manifest), Resource({"kind": "Pod", "metadata": {"name": "a"}, "spec": [None]})
    assert len(list(pairs([old], [new]))) in (1, 2)
