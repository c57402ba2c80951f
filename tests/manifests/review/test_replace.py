"""What Kubernetes refuses to change, and what it does not."""

from typing import Any

import pytest

from vkm_manifests.review import Concern, review

POD = {"containers": [{"name": "web", "image": "example/web:1.0.0"}]}
TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": POD}
SELECTOR = {"matchLabels": {"app": "web"}}


def _object(kind: str, group: str = "v1", /, **body: Any) -> dict[str, Any]:
    metadata = {"name": "web", "namespace": "shop", **body.pop("metadata", {})}
    return {"apiVersion": group, "kind": kind, "metadata": metadata, **body}


def _spec(kind: str, group: str = "v1", /, **spec: Any) -> dict[str, Any]:
    return _object(kind, group, spec=spec)


def _told(old: dict[str, Any] | list[dict[str, Any]], new: dict[str, Any] | list[dict[str, Any]]) -> list[Concern]:
    before, after = (side if isinstance(side, list) else [side] for side in (old, new))
    found = review(before, after).objects
    return [concern for item in found for concern in item.concerns if concern.level == "replace"]


def _set(**spec: Any) -> dict[str, Any]:
    return _spec("StatefulSet", "apps/v1", **{"serviceName": "web", "selector": SELECTOR, "template": TEMPLATE, **spec})


def _template(size: str = "1Gi", name: str = "data") -> dict[str, Any]:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    return {"metadata": {"name": name}, "spec": spec}


OTHER_POD = {"containers": [{"name": "web", "image": "example/web:2.0.0"}]}
OTHER_TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": OTHER_POD}
JOB = {"template": TEMPLATE}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            _spec("Deployment", "apps/v1", selector=SELECTOR, template=TEMPLATE),
            _spec("Deployment", "apps/v1", selector={"matchLabels": {"app": "shop"}}, template=TEMPLATE),
        ),
        (_set(), _set(serviceName="other")),
        (_set(), _set(podManagementPolicy="Parallel")),
        (_set(volumeClaimTemplates=[_template()]), _set()),
        (_spec("Job", "batch/v1", **JOB), _spec("Job", "batch/v1", template=OTHER_TEMPLATE)),
        (_spec("Job", "batch/v1", **JOB, completions=1), _spec("Job", "batch/v1", **JOB, completions=2)),
        (_spec("Pod", **POD), _spec("Pod", **POD, hostNetwork=True)),
        (_spec("Pod", **POD), _spec("Pod", **POD, terminationGracePeriodSeconds=60)),
        (_spec("Pod", **POD, tolerations=[{"key": "a"}]), _spec("Pod", **POD)),
        (_spec("Pod", **POD, tolerations=[{"key": "a"}]), _spec("Pod", **POD, tolerations=[{"key": "b"}])),
        (
            _object("RoleBinding", "rbac.authorization.k8s.io/v1", roleRef={"kind": "Role", "name": "a"}),
            _object("RoleBinding", "rbac.authorization.k8s.io/v1", roleRef={"kind": "Role", "name": "b"}),
        ),
        (
            _object("StorageClass", "storage.k8s.io/v1", parameters={"numberOfReplicas": "3"}),
            _object("StorageClass", "storage.k8s.io/v1", parameters={"numberOfReplicas": "2"}),
        ),
        (
            _object("StorageClass", "storage.k8s.io/v1"),
            _object("StorageClass", "storage.k8s.io/v1", volumeBindingMode="WaitForFirstConsumer"),
        ),
        (_object("Secret", type="Opaque"), _object("Secret", type="kubernetes.io/tls")),
        (
            _object("PriorityClass", "scheduling.k8s.io/v1", value=1),
            _object("PriorityClass", "scheduling.k8s.io/v1", value=2),
        ),
        (
            _spec("IngressClass", "networking.k8s.io/v1", controller="a.example/x"),
            _spec("IngressClass", "networking.k8s.io/v1", controller="b.example/x"),
        ),
        (
            _object("RuntimeClass", "node.k8s.io/v1", handler="a"),
            _object("RuntimeClass", "node.k8s.io/v1", handler="b"),
        ),
        (
            _spec("PersistentVolume", nfs={"server": "a", "path": "/"}),
            _spec("PersistentVolume", nfs={"server": "b", "path": "/"}),
        ),
        (
            _spec("CustomResourceDefinition", "apiextensions.k8s.io/v1", scope="Namespaced"),
            _spec("CustomResourceDefinition", "apiextensions.k8s.io/v1", scope="Cluster"),
        ),
    ],
    ids=lambda value: value["kind"],
)
def test_refused(old: dict[str, Any], new: dict[str, Any]) -> None:
    (found,) = _told(old, new)
    assert found.reason.startswith("Kubernetes refuses to change ")
    assert found.do
    assert found.field


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (_set(), _set(replicas=3, minReadySeconds=5, revisionHistoryLimit=2, updateStrategy={"type": "OnDelete"})),
        (_set(), _set(template=OTHER_TEMPLATE, ordinals={"start": 1})),
        (_set(), _set(persistentVolumeClaimRetentionPolicy={"whenDeleted": "Delete"})),
        (_set(podManagementPolicy="OrderedReady"), _set()),
        (
            _set(
                volumeClaimTemplates=[
                    {**_template(), "apiVersion": "v1", "kind": "PersistentVolumeClaim", "status": {}}
                ]
            ),
            _set(volumeClaimTemplates=[_template()]),
        ),
        (_spec("Job", "batch/v1", **JOB), _spec("Job", "batch/v1", **JOB, parallelism=2, suspend=True)),
        (
            _spec("Job", "batch/v1", **JOB, selector={"matchLabels": {"controller-uid": "1"}}),
            _spec("Job", "batch/v1", **JOB),
        ),
        (
            _spec("CronJob", "batch/v1", schedule="0 1 * * *", jobTemplate={"spec": JOB}),
            _spec("CronJob", "batch/v1", schedule="0 1 * * *", jobTemplate={"spec": {"template": OTHER_TEMPLATE}}),
        ),
        (_spec("Pod", **POD), _spec("Pod", **OTHER_POD)),
        (_spec("Pod", **POD, nodeName="one"), _spec("Pod", **POD)),
        (_spec("Pod", **POD, terminationGracePeriodSeconds=-1), _spec("Pod", **POD, terminationGracePeriodSeconds=1)),
        (
            _spec("Pod", **POD, tolerations=[{"key": "a"}]),
            _spec("Pod", **POD, tolerations=[{"key": "b"}, {"key": "a"}]),
        ),
        (
            _spec("Pod", **POD, tolerations=[{"key": "node.kubernetes.io/not-ready", "tolerationSeconds": 300}]),
            _spec("Pod", **POD, tolerations=[{"key": "a"}]),
        ),
        (
            _spec("Job", "batch/v1", **JOB, podReplacementPolicy="Failed"),
            _spec("Job", "batch/v1", **JOB, podReplacementPolicy="TerminatingOrFailed", maxFailedIndexes=2),
        ),
        (
            _object("StorageClass", "storage.k8s.io/v1", reclaimPolicy="Delete"),
            _object("StorageClass", "storage.k8s.io/v1", allowVolumeExpansion=True),
        ),
        (_object("Secret", type="Opaque"), _object("Secret", stringData={"a": "b"})),
        (
            _object("RoleBinding", "rbac.authorization.k8s.io/v1", subjects=[]),
            _object("RoleBinding", "rbac.authorization.k8s.io/v1", subjects=[{"kind": "Group", "name": "a"}]),
        ),
        (
            _spec("PersistentVolume", capacity={"storage": "1Gi"}),
            _spec("PersistentVolume", capacity={"storage": "2Gi"}),
        ),
    ],
    ids=lambda value: value["kind"],
)
def test_not_refused(old: dict[str, Any], new: dict[str, Any]) -> None:
    assert review([old], [new]).objects or old["kind"] == "StatefulSet"
    assert _told(old, new) == []


def test_one_concern_tells_of_the_first_three_fields() -> None:
    old = _object("StorageClass", "storage.k8s.io/v1", parameters=dict.fromkeys("abcde", "1"))
    new = _object("StorageClass", "storage.k8s.io/v1", parameters=dict.fromkeys("abcde", "2"))
    (found,) = _told(old, new)
    assert found.reason == (
        "Kubernetes refuses to change parameters.a (1 to 2), parameters.b (1 to 2), parameters.c (1 to 2) and 2 more"
    )


@pytest.mark.parametrize("annotations", [{"helm.sh/hook": "pre-upgrade"}, {"argocd.argoproj.io/hook": "PreSync"}])
def test_a_hook_is_made_anew_by_who_applies_it(annotations: dict[str, str]) -> None:
    old, new = (
        _object("Job", "batch/v1", metadata={"annotations": annotations}, spec={"template": template})
        for template in (TEMPLATE, OTHER_TEMPLATE)
    )
    assert _told(old, new) == []


def test_a_suspended_job_may_go_elsewhere() -> None:
    def job(suspend: bool, **pod: Any) -> dict[str, Any]:
        template = {**TEMPLATE, "spec": {**POD, **pod}}
        return _spec("Job", "batch/v1", template=template, suspend=suspend)

    assert _told(job(True), job(True, nodeSelector={"disk": "fast"})) == []
    assert len(_told(job(False), job(False, nodeSelector={"disk": "fast"}))) == 1


def test_the_steps_for_claims_of_a_set_that_grow() -> None:
    (found,) = _told(_set(volumeClaimTemplates=[_template("1Gi")]), _set(volumeClaimTemplates=[_template("2Gi")]))
    assert found.reason == (
        "Kubernetes refuses to change spec.volumeClaimTemplates[data].spec.resources.requests.storage (1Gi to 2Gi)"
    )
    assert (
        found.do == "let the claims grow (kubectl patch pvc), then delete it with --cascade=orphan, and apply it anew"
    )


def test_the_steps_for_claims_of_a_set_that_are_renamed() -> None:
    (found,) = _told(_set(volumeClaimTemplates=[_template()]), _set(volumeClaimTemplates=[_template(name="files")]))
    assert "one of a new name starts empty, so copy the data first" in found.do


def test_the_steps_for_claims_of_a_set_that_shrink() -> None:
    (found,) = _told(_set(volumeClaimTemplates=[_template("2Gi")]), _set(volumeClaimTemplates=[_template("1Gi")]))
    assert found.do == "keep the size: no volume can become smaller, and a claim that exists stays as it is"


@pytest.mark.parametrize(
    ("policy", "steps"),
    [
        ("Retain", "delete it and apply it anew: its pods stop in between, its claims stay"),
        (
            "Delete",
            "set persistentVolumeClaimRetentionPolicy.whenDeleted: Retain first, alone, or its claims are deleted with "
            "it; then delete it and apply it anew: its pods stop in between, its claims stay",
        ),
    ],
)
def test_the_steps_for_another_selector_of_a_set(policy: str, steps: str) -> None:
    retention = {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": policy}}
    selector = {"matchLabels": {"app": "web", "tier": "front"}}
    (found,) = _told(_set(**retention), _set(**retention, selector=selector))
    assert found.do == steps


@pytest.mark.parametrize("place", ["env", "args", "command"])
def test_what_may_be_a_password_is_not_shown(place: str) -> None:
    def job(password: str) -> dict[str, Any]:
        value: Any = [{"name": "PASSWORD", "value": password}] if place == "env" else ["--password", password]
        pods = {"containers": [{"name": "web", "image": "example/web:1.0.0", place: value}]}
        return _spec("Job", "batch/v1", template={"spec": pods})

    (found,) = _told(job("hunter-2"), job("hunter-3"))
    assert place in found.reason
    assert "hunter" not in found.reason + found.do


# Claims.


def _claim(size: str = "10Gi", **spec: Any) -> dict[str, Any]:
    default = {"accessModes": ["ReadWriteOnce"], "storageClassName": "fast"}
    return _spec("PersistentVolumeClaim", **{**default, "resources": {"requests": {"storage": size}}, **spec})


def _class(name: str = "fast", **body: Any) -> dict[str, Any]:
    return {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "metadata": {"name": name}, **body}


DEFAULT = {"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass", "allowVolumeExpansion": True}
DEFAULT |= {"metadata": {"name": "fast", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}}}


def test_a_claim_cannot_shrink() -> None:
    (found,) = _told(_claim("10Gi"), _claim("5Gi"))
    assert found.reason == "volume web would be 5Gi instead of 10Gi, which no volume can be"


def test_a_claim_of_the_same_size_in_other_words() -> None:
    assert _told(_claim("10Gi"), _claim("10240Mi")) == []


def test_a_claim_grows_where_its_class_lets_it() -> None:
    assert (
        _told([_class(allowVolumeExpansion=True), _claim()], [_class(allowVolumeExpansion=True), _claim("20Gi")]) == []
    )
    (found,) = _told([_class(), _claim()], [_class(), _claim("20Gi")])
    assert found.reason == "volume web would be 20Gi instead of 10Gi, and class fast lets none grow"


def test_nothing_is_said_of_a_class_that_is_not_known() -> None:
    assert _told(_claim(), _claim("20Gi")) == []


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"storageClassName": "slow"}, "storageClassName from fast to slow"),
        ({"accessModes": ["ReadWriteMany"]}, "accessModes from ReadWriteOnce to ReadWriteMany"),
        ({"volumeMode": "Block"}, "volumeMode from Filesystem to Block"),
        ({"dataSource": {"kind": "VolumeSnapshot", "name": "a"}}, "dataSource"),
    ],
)
def test_a_claim_keeps_all_else(spec: dict[str, Any], reason: str) -> None:
    (found,) = _told(_claim(), _claim(**spec))
    assert found.reason == f"volume web stays as it was made: Kubernetes refuses to change {reason}"


def test_a_class_that_is_stated_is_the_one_that_it_had() -> None:
    assert _told([DEFAULT, _claim(storageClassName=None)], [DEFAULT, _claim()]) == []
    assert len(_told([DEFAULT, _claim(storageClassName=None)], [DEFAULT, _claim(storageClassName="slow")])) == 1


def test_a_class_that_a_cluster_has_filled_in() -> None:
    read = _claim()
    read["metadata"]["annotations"] = {"pv.kubernetes.io/bind-completed": "yes"}
    assert _told(read, _claim(storageClassName=None)) == []
    assert len(_told(_claim(), _claim(storageClassName=None))) == 1


def test_the_name_of_the_volume_is_a_controllers() -> None:
    assert _told(_claim(volumeName="pvc-1"), _claim()) == []
    assert len(_told(_claim(volumeName="pvc-1"), _claim(volumeName="pvc-2"))) == 1


# Services.


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ({}, {"clusterIP": "None"}, "cannot become headless: Kubernetes refuses to change its clusterIP to None"),
        ({"clusterIP": "None"}, {}, "stays headless: Kubernetes keeps clusterIP: None where it is left out"),
        (
            {},
            {"clusterIP": "10.0.0.1"},
            "keeps its clusterIP: Kubernetes refuses to change it from the one it was given to 10.0.0.1",
        ),
        (
            {"clusterIP": "10.0.0.1"},
            {"clusterIP": "10.0.0.2"},
            "keeps its clusterIP: Kubernetes refuses to change it from 10.0.0.1 to 10.0.0.2",
        ),
        (
            {"ipFamilies": ["IPv4", "IPv6"]},
            {"ipFamilies": ["IPv6", "IPv4"]},
            "keeps its first address: Kubernetes refuses to change the first of its ipFamilies from IPv4 to IPv6",
        ),
        ({"clusterIP": "10.0.0.1"}, {}, None),
        ({"clusterIP": "10.0.0.1"}, {"type": "ExternalName", "externalName": "a.example"}, None),
        ({"type": "ExternalName", "externalName": "a.example"}, {"clusterIP": "None"}, None),
        ({"ipFamilies": ["IPv4"]}, {"ipFamilies": ["IPv4", "IPv6"]}, None),
        ({"type": "ClusterIP"}, {"type": "LoadBalancer", "loadBalancerClass": "example.com/a"}, None),
    ],
)
def test_the_address_of_a_service(old: dict[str, Any], new: dict[str, Any], reason: str | None) -> None:
    ports = [{"port": 80}]
    found = _told(_spec("Service", ports=ports, **old), _spec("Service", ports=ports, **new))
    assert [concern.reason for concern in found] == ([reason] if reason else [])


@pytest.mark.parametrize("kind", ["ConfigMap", "Secret"])
def test_immutable_data(kind: str) -> None:
    old, new = (_object(kind, immutable=True, data={"a": value, "b": "x"}) for value in ("eA==", "eQ=="))
    assert [concern.reason for concern in _told(old, new)] == ["is immutable: Kubernetes refuses to change a"]
    assert len(_told(old, _object(kind, data={"a": "eA==", "b": "x"}))) == 1, "nor is it made mutable again"
    assert _told(_object(kind, data={"a": "eA=="}), new) == [], "it may become immutable with its last change"
