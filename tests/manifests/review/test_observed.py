"""What `kubectl get -o yaml` shows, beside the manifests: what a cluster writes by itself is no change."""

import json
from typing import Any, Final, TypeAlias

import pytest
import yaml

from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.difference import compare

Manifest: TypeAlias = dict[str, Any]

OWNED: Final = "ownerReferences: [{apiVersion: v1, kind: Some, name: a, uid: b, controller: true}]"
SET: Final = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  replicas: 2
  template: {spec: {containers: [{name: db, image: "mariadb:11"}]}}
  volumeClaimTemplates: [{metadata: {name: data}, spec: {resources: {requests: {storage: 1Gi}}}}]
"""
SERVICE: Final = "{apiVersion: v1, kind: Service, metadata: {name: db, namespace: shop}, spec: {selector: {app: db}}}"
ALONE: Final = SERVICE.replace("selector: {app: db}", "clusterIP: None")
CLAIM: Final = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data-db-1, namespace: shop}, spec: {}}"
ENDPOINTS: Final = "{apiVersion: v1, kind: Endpoints, metadata: {name: db, namespace: shop}, subsets: [{}]}"
SLICE: Final = """
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: db-x2k, namespace: shop, labels: {kubernetes.io/service-name: db}}
"""
ACCOUNT: Final = "{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: shop}}"
SECRET: Final = "{apiVersion: v1, kind: Secret, metadata: {name: a, namespace: shop}, type: Opaque, data: {a: YQ==}}"
DISK: Final = """
apiVersion: v1
kind: PersistentVolume
metadata: {name: pvc-1, annotations: {pv.kubernetes.io/provisioned-by: driver.longhorn.io}}
spec: {claimRef: {name: data, namespace: shop}, persistentVolumeReclaimPolicy: Delete}
"""


def load(text: str) -> list[Manifest]:
    return [manifest for manifest in yaml.safe_load_all(text) if manifest]


def told(old: str, new: str) -> list[str]:
    return [f"{change} {change.sort}" for change in Comparison(load(old), load(new)).changes]


@pytest.mark.parametrize(
    ("manifests", "made"),
    [
        ("", SECRET.replace("name: a,", f"name: a, {OWNED},")),
        ("", SECRET.replace("kind: Secret", "kind: Pod").replace("name: a,", f"name: b, {OWNED},")),
        ("", "{apiVersion: v1, kind: ConfigMap, metadata: {name: kube-root-ca.crt, namespace: shop}, data: {a: b}}"),
        ("", "{apiVersion: coordination.k8s.io/v1, kind: Lease, metadata: {name: a, namespace: shop}}"),
        ("", "{apiVersion: apps/v1, kind: ControllerRevision, metadata: {name: a, namespace: shop}}"),
        ("", SECRET.replace("Opaque", "helm.sh/release.v1")),
        ("", SECRET.replace("name: a,", "name: a, annotations: {cert-manager.io/certificate-name: a},")),
        ("", ACCOUNT),
        ("", DISK),
        (SET, CLAIM),
    ],
)
def test_what_a_controller_makes_is_neither_removed_nor_added(manifests: str, made: str) -> None:
    assert told(f"{manifests}\n---\n{made}", manifests) == []
    assert told(manifests, f"{manifests}\n---\n{made}") == []


@pytest.mark.parametrize("made", [ENDPOINTS, SLICE])
def test_the_endpoints_of_a_service_that_chooses_pods_go_with_it(made: str) -> None:
    assert told(f"{SERVICE}\n---\n{made}", SERVICE) == []
    (found,) = told(f"{ALONE}\n---\n{made}", ALONE)
    assert found.endswith("removed")


@pytest.mark.parametrize(
    ("manifests", "written"),
    [
        ("", SECRET),
        ("", CLAIM),
        (SET, CLAIM.replace("data-db-1", "data-db-2")),
        (SET, CLAIM.replace("data-db-1", "other-db-1")),
        (SET, CLAIM.replace("shop", "other")),
        ("", ACCOUNT.replace("}}", "}, automountServiceAccountToken: false}")),
        ("", ACCOUNT.replace("namespace", "annotations: {a: b}, namespace")),
        ("", DISK.replace("provisioned-by", "other")),
        ("", SECRET.replace("name: a,", f"name: a, {OWNED},").replace("controller: true", "controller: false")),
    ],
)
def test_what_somebody_writes_is_told_of(manifests: str, written: str) -> None:
    (found,) = told(f"{manifests}\n---\n{written}", manifests)
    assert found.endswith("removed")


def test_a_claim_of_a_set_that_goes_is_told_of() -> None:
    assert told(f"{SET}\n---\n{CLAIM}", "") == [
        "shop/PersistentVolumeClaim/data-db-1 removed",
        "shop/StatefulSet/db removed",
    ]


def test_a_claim_of_a_pod_that_is_given_up_is_the_sets() -> None:
    assert told(f"{SET}\n---\n{CLAIM}", SET.replace("replicas: 2", "replicas: 1")) == ["shop/StatefulSet/db changed"]


def test_what_is_made_and_is_on_both_sides_is_compared() -> None:
    assert told(DISK, DISK.replace("Delete", "Retain")) == ["PersistentVolume/pvc-1 changed"]


# Fields.

TEMPLATE: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop, resourceVersion: "7"}
spec:
  replicas: 3
  template:
    metadata: {annotations: {kubectl.kubernetes.io/restartedAt: "2026-01-01"}}
    spec: {containers: [{name: web, image: "web:1"}]}
"""
RESTARTED: Final = '\n    metadata: {annotations: {kubectl.kubernetes.io/restartedAt: "2026-01-01"}}'
JOB: Final = """
apiVersion: batch/v1
kind: Job
metadata: {name: a, namespace: shop, uid: b, labels: {job-name: a}}
spec:
  selector: {matchLabels: {batch.kubernetes.io/controller-uid: b}}
  manualSelector: false
  template:
    metadata: {labels: {controller-uid: b, batch.kubernetes.io/job-name: a}}
    spec: {containers: [{name: web, image: "web:1"}]}
"""


@pytest.mark.parametrize(
    ("text", "filled_in"),
    [
        (TEMPLATE, [RESTARTED, "\n  replicas: 3"]),
        (
            JOB,
            [
                ", labels: {job-name: a}",
                "\n  selector: {matchLabels: {batch.kubernetes.io/controller-uid: b}}",
                "\n  manualSelector: false",
                "\n    metadata: {labels: {controller-uid: b, batch.kubernetes.io/job-name: a}}",
            ],
        ),
        (
            "{apiVersion: v1, kind: Service, metadata: {name: a, uid: b, finalizers: [service.kubernetes.io/x]}, spec: "
            "{clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ports: [{port: 80, nodePort: 30080}, {port: 81}]}}",
            [
                ", finalizers: [service.kubernetes.io/x]",
                "clusterIP: 10.0.0.1, clusterIPs: [10.0.0.1], ",
                ", nodePort: 30080",
            ],
        ),
        (
            "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: a, uid: b, annotations: "
            "{volume.kubernetes.io/storage-provisioner: x}}, spec: {storageClassName: longhorn, volumeName: pvc-1}}",
            [
                ", annotations: {volume.kubernetes.io/storage-provisioner: x}",
                "storageClassName: longhorn, volumeName: pvc-1",
            ],
        ),
        (
            "{apiVersion: v1, kind: Namespace, metadata: {name: a, uid: b}, spec: {finalizers: [kubernetes]}}",
            [", spec: {finalizers: [kubernetes]}"],
        ),
        (
            "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingWebhookConfiguration, metadata: {name: a, "
            "uid: b}, webhooks: [{name: a, clientConfig: {service: {name: a}, caBundle: YQ==}}]}",
            [", caBundle: YQ=="],
        ),
    ],
)
def test_what_the_cluster_fills_in_is_no_change(text: str, filled_in: list[str]) -> None:
    manifest = text
    for part in filled_in:
        assert part in manifest
        manifest = manifest.replace(part, "")
    (read,), (written,) = load(text), load(manifest)
    assert compare(read, written) == compare(written, read) == ()


@pytest.mark.parametrize(
    ("text", "part", "field"),
    [
        (TEMPLATE, RESTARTED, "spec.template.metadata"),
        (TEMPLATE, "\n  replicas: 3", "spec.replicas"),
        (SERVICE.replace("selector: {app: db}", "clusterIP: 10.0.0.1"), "clusterIP: 10.0.0.1", "spec.clusterIP"),
    ],
)
def test_where_a_manifest_says_it_it_is_meant(text: str, part: str, field: str) -> None:
    text = text.replace(', resourceVersion: "7"', "")
    (old,), (new,) = load(text.replace(part, "")), load(text)
    assert [found.name for found in compare(old, new)] == [field]
    assert [found.name for found in compare(new, old)] == [field]


def test_what_both_say_is_compared_though_it_can_be_filled_in() -> None:
    text = "{apiVersion: v1, kind: Service, metadata: {name: a, uid: b}, spec: {ports: [{port: 80, nodePort: 30080}]}}"
    (old,), (new,) = load(text), load(text.replace("30080", "30081").replace(", uid: b", ""))
    assert [found.name for found in compare(old, new)] == ["spec.ports[80].nodePort"]


def test_what_was_applied_and_is_left_out_is_taken_back() -> None:
    (read,), (written,) = load(TEMPLATE), load(TEMPLATE.replace("\n  replicas: 3", "").replace(RESTARTED, ""))
    last = "kubectl.kubernetes.io/last-applied-configuration"
    read["metadata"]["annotations"] = {last: json.dumps({"spec": {"replicas": 3}})}
    assert [found.name for found in compare(read, written)] == ["spec.replicas"]
    read["metadata"]["annotations"] = {last: "{}}"}
    assert compare(read, written) == ()
