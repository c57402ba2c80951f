"""Rules about schemas: what the two examples of each do not show."""

from typing import Any

import pytest

from vkm_manifests.verify import verify

Json = dict[str, Any]


def made(kind: str, name: Any = "web", api_version: str = "v1", namespace: str | None = "shop", **fields: Any) -> Json:
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **fields.pop("metadata", {})}
    return {"apiVersion": api_version, "kind": kind, "metadata": metadata, **fields}


def pod(*, spec: Json | None = None, **container: Any) -> Json:
    containers = [{"name": "web", "image": "example/web:1.0.0", **container}]
    return made("Pod", spec={"containers": containers, **(spec or {})})


def found(rule: str, *manifests: Json, kubernetes: str | None = None) -> list[tuple[str, str]]:
    return [(f.severity, f.field) for f in verify(manifests, only=[rule], kubernetes=kubernetes)]


# Schemas.


def test_an_unknown_field_is_an_error_in_a_core_kind_and_a_warning_in_a_contract() -> None:
    assert found("fields-are-known", pod(imagePullPolcy="Always")) == [("error", "spec.containers[web].imagePullPolcy")]
    route = made("Middleware", api_version="traefik.io/v1alpha1", spec={"redirectScheme": {"shceme": "https"}})
    assert found("fields-are-known", route) == [("warning", "spec.redirectScheme.shceme")]


def test_a_field_is_known_or_not_to_a_version() -> None:
    manifest = pod(lifecycle={"stopSignal": "SIGUSR1"})
    assert found("fields-are-known", manifest, kubernetes="1.30") == [
        ("error", "spec.containers[web].lifecycle.stopSignal")
    ]
    assert found("fields-are-known", manifest) == []


@pytest.mark.parametrize(
    ("manifest", "field"),
    [
        (pod(imagePullPolicy="Alwys"), "spec.containers[web].imagePullPolicy"),
        (pod(spec={"restartPolicy": "never"}), "spec.restartPolicy"),
        (pod(spec={"tolerations": [{"effect": "NoSchedul"}]}), "spec.tolerations[0].effect"),
        (
            pod(readinessProbe={"httpGet": {"port": 1, "scheme": "https"}}),
            "spec.containers[web].readinessProbe.httpGet.scheme",
        ),
        (made("Service", spec={"type": "LoadBalncer"}), "spec.type"),
        (made("Service", spec={"ports": [{"name": "a", "port": 1, "protocol": "tcp"}]}), "spec.ports[a].protocol"),
        (made("PersistentVolumeClaim", spec={"accessModes": ["RWO"]}), "spec.accessModes"),
        (
            made("NetworkPolicy", api_version="networking.k8s.io/v1", spec={"policyTypes": ["Outgress"]}),
            "spec.policyTypes",
        ),
        (
            made(
                "StorageClass", api_version="storage.k8s.io/v1", namespace=None, provisioner="a", reclaimPolicy="Keep"
            ),
            "reclaimPolicy",
        ),
    ],
)
def test_a_choice_that_the_schemas_do_not_list(manifest: Json, field: str) -> None:
    assert ("error", field) in found("values-are-accepted", manifest)


@pytest.mark.parametrize(
    "manifest",
    [
        made("Service", spec={"type": "", "selector": {"protocol": "http"}, "ports": [{"port": 1, "protocol": "UDP"}]}),
        pod(spec={"nodeSelector": {"effect": "light"}, "tolerations": [{"operator": "Exists"}]}),
        pod(env=[{"name": "protocol", "value": "http"}]),
        made("Crane", api_version="example.org/v1", spec={"operator": "me", "protocol": "http"}),
        made("ConfigMap", data={"protocol": "http"}),
    ],
)
def test_what_only_looks_like_a_choice(manifest: Json) -> None:
    assert found("values-are-accepted", manifest) == []


@pytest.mark.parametrize(
    "manifest",
    [
        made("Deploy", api_version="example.org/v1"),
        made("Deployment", api_version="apps/v9"),
        made("Ingress", api_version="extensions/v1beta1"),
        {"apiVersion": "v1", "kind": "List", "items": []},
    ],
)
def test_a_kind_that_may_be(manifest: Json) -> None:
    assert found("kind-is-known", manifest) == []


def test_a_kind_that_is_not() -> None:
    (finding,) = verify([made("Deploymnet", api_version="apps/v1")], only=["kind-is-known"])
    assert (finding.message, finding.fix) == ("is no kind of apps/v1", "did you mean Deployment?")
    (finding,) = verify([made("Deployment", api_version="v1")], only=["kind-is-known"])
    assert finding.message == "is no kind of v1"


@pytest.mark.parametrize(
    ("api_version", "kind", "kubernetes", "expected"),
    [
        ("batch/v1beta1", "CronJob", None, ["error"]),
        ("batch/v1beta1", "CronJob", "1.25", ["error"]),
        ("batch/v1beta1", "CronJob", "1.24", ["warning"]),
        ("batch/v1beta1", "CronJob", "1.20", []),
        ("batch/v1", "CronJob", None, []),
        ("extensions/v1beta1", "Ingress", None, ["error"]),
        ("scheduling.k8s.io/v1beta1", "Workload", None, []),
        ("v1", "Endpoints", None, ["warning"]),
        ("v1", "Endpoints", "1.32", []),
        ("traefik.containo.us/v1alpha1", "IngressRoute", None, ["warning"]),
        ("external-secrets.io/v1beta1", "ExternalSecret", "1.30", ["warning"]),
        ("cert-manager.io/v1alpha2", "Certificate", None, ["warning"]),
        ("cert-manager.io/v1", "Certificate", None, []),
        ("apps/v2", "Deployment", None, ["error"]),
        ("networking.k8s.io/v11", "NetworkPolicy", "1.30", ["error"]),
        ("networking.k8s.io/v1", "NetworkPolicy", None, []),
        ("resource.k8s.io/v1alpha2", "ResourceClaim", None, []),
    ],
)
def test_an_api_version(api_version: str, kind: str, kubernetes: str | None, expected: list[str]) -> None:
    manifest = made(kind, api_version=api_version)
    assert found("api-version-is-served", manifest, kubernetes=kubernetes) == [
        (each, "apiVersion") for each in expected
    ]


# Identity.


@pytest.mark.parametrize(
    ("manifest", "good"),
    [
        (made("ConfigMap", ""), False),
        (made("ConfigMap", None), False),
        (made("ConfigMap", None, metadata={"generateName": "web-"}), True),
        ({"apiVersion": "kustomize.config.k8s.io/v1beta1", "kind": "Kustomization"}, True),
        ({"apiVersion": "v1", "kind": "PodList", "items": []}, True),
    ],
)
def test_a_name_is_given(manifest: Json, good: bool) -> None:
    assert bool(found("name-is-given", manifest)) is not good


RBAC = "rbac.authorization.k8s.io/v1"


@pytest.mark.parametrize(
    ("kind", "api_version", "name", "good"),
    [
        ("ConfigMap", "v1", "a.b-c", True),
        ("ConfigMap", "v1", "a" * 253, True),
        ("ConfigMap", "v1", "a" * 254, False),
        ("ConfigMap", "v1", "A", False),
        ("ConfigMap", "v1", "a..b", False),
        ("ConfigMap", "v1", "-a", False),
        ("Namespace", "v1", "a.b", False),
        ("Namespace", "v1", "a" * 64, False),
        ("Service", "v1", "a.b", False),
        ("Service", "v1", "a" * 63, True),
        ("ClusterRole", RBAC, "system:controller:a_B", True),
        ("RoleBinding", RBAC, "a/b", False),
        ("CronJob", "batch/v1", "a" * 52, True),
        ("CronJob", "batch/v1", "a" * 53, False),
        ("Job", "batch/v1", "a" * 64, False),
        ("StatefulSet", "apps/v1", "a" * 53, False),
        ("Deployment", "apps/v1", "a" * 100, True),
        ("CertificateSigningRequest", "certificates.k8s.io/v1", "me:you", True),
        ("Certificate", "cert-manager.io/v1", "a_b", False),
        ("Group", "user.openshift.io/v1", "My Group", True),
        ("APIService", "apiregistration.k8s.io/v1", "v1.example.org", True),
    ],
)
def test_a_name(kind: str, api_version: str, name: str, good: bool) -> None:
    findings = found("name-is-valid", made(kind, name, api_version))
    assert findings == ([] if good else [("error", "metadata.name")])


def test_a_service_may_start_with_a_digit_since_1_36() -> None:
    assert found("name-is-valid", made("Service", "1a"), kubernetes="1.35")
    assert found("name-is-valid", made("Service", "1a"), kubernetes="1.36") == []
    assert found("name-is-valid", made("Service", "1a")) == []


def test_containers_and_volumes_have_names() -> None:
    manifest = pod(name="Web", ports=[]) | {}
    assert found("name-is-valid", manifest) == [("error", "spec.containers[Web].name")]
    assert found("name-is-valid", pod(spec={"volumes": [{"name": "a.b"}]})) == [("error", "spec.volumes[a.b].name")]


@pytest.mark.parametrize(
    ("key", "good"), [("a_B.c-1", True), (".env", True), ("a/b", False), ("..", False), ("", False)]
)
def test_a_key(key: str, good: bool) -> None:
    assert bool(found("key-is-valid", made("Secret", data={key: ""}))) is not good


def test_an_object_is_there_once() -> None:
    assert len(found("objects-are-unique", made("Secret"), made("Secret"), made("Secret", "other"))) == 1
    hook = {"annotations": {"helm.sh/hook": "pre-install"}}
    assert found("objects-are-unique", made("Secret", metadata=hook), made("Secret", metadata=hook)) == []
    nameless = made("Secret", None, metadata={"generateName": "a-"})
    assert found("objects-are-unique", nameless, nameless) == []
    assert found("objects-are-unique", made("Role", api_version=RBAC), made("Role", api_version="example.org/v1")) == []


def test_a_namespace_is_declared() -> None:
    assert found("namespace-is-declared", made("Secret"), made("ConfigMap")) == [], "meant for one that is there"
    other = made("Namespace", "blog", namespace=None)
    assert found("namespace-is-declared", made("Secret"), other) == [("error", "metadata.namespace")]
    assert found("namespace-is-declared", made("Secret"), made("Namespace", "shop", namespace=None)) == []
    assert found("namespace-is-declared", made("Secret", namespace="kube-system"), made("Secret", namespace=None)) == []
    outside = {"annotations": {"vkm-constructs/made-outside": "[{kind: Namespace, name: shop, by: the platform}]"}}
    assert found("namespace-is-declared", made("Secret", metadata=outside), other) == []


def test_a_namespace_of_what_has_none_is_a_warning() -> None:
    manifest = made("ClusterRole", api_version=RBAC)
    assert found("cluster-scoped-has-no-namespace", manifest) == [("warning", "metadata.namespace")]
    assert found("cluster-scoped-has-no-namespace", made("Role", api_version=RBAC)) == []


# Values.


@pytest.mark.parametrize(
    ("key", "value", "good"),
    [
        ("app.kubernetes.io/name", "web", True),
        ("a", "", True),
        ("a", None, True),
        ("a", "1.0_x-Y", True),
        ("a", "a" * 64, False),
        ("a", "web+1", False),
        ("a", "-web", False),
        ("a" * 64, "web", False),
        ("a/b/c", "web", False),
        ("/a", "web", False),
        ("Example.com/a", "web", False),
        ("a b", "web", False),
    ],
)
def test_a_label(key: str, value: str | None, good: bool) -> None:
    expected = [] if good else [("error", f"metadata.labels[{key}]")]
    assert found("label-is-valid", made("Secret", metadata={"labels": {key: value}})) == expected
    selector = made(
        "NetworkPolicy", api_version="networking.k8s.io/v1", spec={"podSelector": {"matchLabels": {key: value}}}
    )
    assert bool(found("label-is-valid", selector)) is not good
    assert bool(found("label-is-valid", made("Service", spec={"selector": {key: value}}))) is not good


def test_annotations_are_free_texts() -> None:
    assert found("label-is-valid", made("Secret", metadata={"annotations": {"a": "any text\n" * 99}})) == []
    route = made("IngressRoute", api_version="traefik.io/v1alpha1", metadata={"annotations": {"a": True}})
    assert found("label-is-valid", route) == [("error", "metadata.annotations[a]")]


@pytest.mark.parametrize(
    ("resources", "fix"),
    [
        ({"limits": {"memory": "64MB"}}, "64Mi"),
        ({"limits": {"memory": "1 G"}}, "1Gi"),
        ({"limits": {"memory": "512m"}}, "512Mi"),
        ({"limits": {"cpu": "-1"}}, "1"),
        ({"limits": {"cpu": "half"}}, "write 250m, 1.5 or 512Mi"),
    ],
)
def test_a_quantity_that_is_none(resources: Json, fix: str) -> None:
    (finding,) = verify([pod(resources=resources)], only=["quantity-is-valid"])
    assert finding.fix == fix


@pytest.mark.parametrize(
    ("manifest", "fields"),
    [
        (pod(resources={"limits": {"cpu": 1.5, "memory": 1e9, "nvidia.com/gpu": 1}}), []),
        (
            pod(spec={"volumes": [{"name": "a", "emptyDir": {"sizeLimit": "1GB"}}]}),
            ["spec.volumes[a].emptyDir.sizeLimit"],
        ),
        (
            made("PersistentVolumeClaim", spec={"resources": {"requests": {"storage": "8GiB"}}}),
            ["spec.resources.requests.storage"],
        ),
        (made("PersistentVolume", spec={"capacity": {"storage": "8Gi"}}), []),
        (made("ResourceQuota", spec={"hard": {"pods": "ten"}}), ["spec.hard.pods"]),
        (made("LimitRange", spec={"limits": [{"max": {"cpu": "?"}}]}), ["spec.limits[0].max.cpu"]),
        (
            made(
                "StatefulSet",
                api_version="apps/v1",
                spec={
                    "volumeClaimTemplates": [
                        {"metadata": {"name": "data"}, "spec": {"resources": {"requests": {"storage": "0.5"}}}}
                    ]
                },
            ),
            ["spec.volumeClaimTemplates[data].spec.resources.requests.storage"],
        ),
    ],
)
def test_where_quantities_are(manifest: Json, fields: list[str]) -> None:
    assert found("quantity-is-valid", manifest) == [("error", field) for field in fields]


def service(**port: Any) -> Json:
    return made("Service", spec={"ports": [{"name": "http", "port": 80, **port}]})


@pytest.mark.parametrize(
    ("manifest", "fields"),
    [
        (service(targetPort="http"), []),
        (service(targetPort=0, nodePort=0), []),
        (service(name="a" * 63), []),
        (service(port=0), ["spec.ports[http].port"]),
        (service(port=65536), ["spec.ports[http].port"]),
        (service(targetPort="8080"), ["spec.ports[http].targetPort"]),
        (service(targetPort="a" * 16), ["spec.ports[http].targetPort"]),
        (service(targetPort="a--b"), ["spec.ports[http].targetPort"]),
        (service(name="my_port"), ["spec.ports[my_port].name"]),
        (pod(ports=[{"name": "http-of-this-container", "containerPort": 80}]), []),
        (pod(ports=[{"containerPort": 99999}]), ["spec.containers[web].ports[0].containerPort"]),
        (pod(livenessProbe={"httpGet": {"port": "Http"}}), ["spec.containers[web].livenessProbe.httpGet.port"]),
        (made("NetworkPolicy", spec={"egress": [{"ports": [{"port": 0}]}]}), ["spec.egress[0].ports[0].port"]),
        (made("NetworkPolicy", spec={"ingress": [{"ports": [{"port": "http"}, {"port": 53}]}]}), []),
    ],
)
def test_a_port(manifest: Json, fields: list[str]) -> None:
    assert found("port-is-valid", manifest) == [("error", field) for field in fields]


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        ("0 2 * * *", ""),
        ("*/5,10 0-6/2 ? JAN-MAR mon-fri", ""),
        ("@hourly", ""),
        ("@every 1h30m", ""),
        ("0 0 29 2 *", ""),
        ("*/15 * * * */7", ""),
        ("0 0 1 JUL *", ""),
        ("@reboot", "is no macro"),
        ("@every day", "is no macro"),
        ("TZ=Europe/Berlin 0 2 * * *", "sets a time zone"),
        ("CRON_TZ=UTC 0 2 * * *", "sets a time zone"),
        ("0 2 * *", "is no cron expression: accepted are five fields"),
        ("0 0 2 * * *", "is no cron expression: accepted are five fields"),
        ("60 2 * * *", "is no cron expression: bad minute"),
        ("0 0 31 2 *", "is no cron expression: bad day-of-month"),
        ("0 0 * * 7", "has a weekday after 6"),
        ("0 0 * * 1-7", "has a weekday after 6"),
        ("0 0 L * *", "has a last or nearest day"),
        ("tonight", "is no cron expression"),
    ],
)
def test_a_schedule(schedule: str, message: str) -> None:
    cron_job = made("CronJob", api_version="batch/v1", spec={"schedule": schedule})
    messages = [finding.message for finding in verify([cron_job], only=["cron-is-valid"])]
    assert len(messages) == bool(message)
    assert message in "".join(messages)


@pytest.mark.parametrize(("zone", "good"), [("Europe/Berlin", True), (None, True), ("", False), ("Local", False)])
def test_a_time_zone(zone: str | None, good: bool) -> None:
    cron_job = made("CronJob", api_version="batch/v1", spec={"schedule": "@daily", "timeZone": zone})
    assert bool(found("cron-is-valid", cron_job)) is not good


def test_an_unknown_time_zone_is_a_warning() -> None:
    cron_job = made("CronJob", api_version="batch/v1", spec={"schedule": "@daily", "timeZone": "Europe/Berln"})
    (finding,) = verify([cron_job], only=["cron-is-valid"])
    assert (finding.severity, finding.fix) == ("warning", "did you mean Europe/Berlin?")


def test_a_recurring_job_may_have_no_schedule() -> None:
    assert found("cron-is-valid", made("RecurringJob", api_version="longhorn.io/v1beta2", spec={"cron": ""})) == []
