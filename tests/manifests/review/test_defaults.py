"""A default that is stated is no difference; any other value is one."""

from typing import Any, Final, TypeAlias

import pytest
import yaml

from vkm_manifests.review.defaults import fill_in
from vkm_manifests.review.difference import compare
from vkm_manifests.schema.schemas import schema_of

Manifest: TypeAlias = dict[str, Any]

POD: Final = """
      hostNetwork: true
      containers:
        - name: web
          image: web:1.0
          ports: [{containerPort: 80}]
          env: [{name: A}, {name: B, valueFrom: {secretKeyRef: {name: s, key: k}}}]
          volumeMounts: [{name: a, mountPath: /a}]
          readinessProbe: {httpGet: {port: 80}}
          livenessProbe: {grpc: {port: 80}}
          lifecycle: {preStop: {httpGet: {port: 80}}}
          resources: {limits: {cpu: 1, memory: 1Gi}}
      tolerations: [{key: a}]
      topologySpreadConstraints: [{topologyKey: zone, maxSkew: 1, whenUnsatisfiable: ScheduleAnyway}]
      volumes:
        - {name: a, configMap: {name: a}}
        - {name: b, hostPath: {path: /b}}
        - {name: c, emptyDir: {}}
        - {name: d, persistentVolumeClaim: {claimName: d}}
        - {name: e, projected: {sources: [{serviceAccountToken: {path: token}}]}}
        - {name: f, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}}
"""
TEMPLATE: Final = (
    f"\n  selector: {{matchLabels: {{a: b}}}}\n  template:\n    metadata: {{labels: {{a: b}}}}\n    spec:{POD}"
)
# The smallest manifests of the kinds, by apiVersion and kind.
SMALLEST: Final = {
    ("apps/v1", "Deployment"): f"spec:{TEMPLATE}",
    ("apps/v1", "DaemonSet"): f"spec:{TEMPLATE}",
    ("apps/v1", "ReplicaSet"): f"spec:{TEMPLATE}",
    (
        "apps/v1",
        "StatefulSet",
    ): f"spec:\n  serviceName: a\n  volumeClaimTemplates: [{{metadata: {{name: a}}, spec: {{}}}}]{TEMPLATE}",
    ("batch/v1", "Job"): f"spec:\n  template:\n    spec:{POD}",
    ("v1", "Pod"): "spec: {containers: [{name: a, image: 'a:1'}]}",
    (
        "batch/v1",
        "CronJob",
    ): "spec: {schedule: '@daily', jobTemplate: {spec: {template: {spec: {containers: [{name: a}]}}}}}",
    ("v1", "Service"): "spec: {ports: [{port: 80}], type: LoadBalancer, sessionAffinity: ClientIP}",
    ("v1", "Namespace"): "",
    ("v1", "Secret"): "",
    ("v1", "PersistentVolume"): "spec: {}",
    ("v1", "PersistentVolumeClaim"): "spec: {}",
    ("networking.k8s.io/v1", "NetworkPolicy"): "spec: {egress: [{ports: [{port: 53}]}]}",
    (
        "autoscaling/v2",
        "HorizontalPodAutoscaler",
    ): "spec: {maxReplicas: 3, scaleTargetRef: {kind: Deployment, name: a}}",
    ("policy/v1", "PodDisruptionBudget"): "spec: {}",
    ("rbac.authorization.k8s.io/v1", "RoleBinding"): (
        "roleRef: {kind: Role, name: a}\nsubjects: [{kind: ServiceAccount, name: a}, {kind: User, name: b}]"
    ),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"): "roleRef: {kind: ClusterRole, name: a}",
    ("scheduling.k8s.io/v1", "PriorityClass"): "value: 1",
    ("storage.k8s.io/v1", "StorageClass"): "provisioner: a",
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"): (
        "webhooks: [{name: a, sideEffects: None, admissionReviewVersions: [v1], "
        "clientConfig: {service: {name: a, namespace: b}}, rules: [{resources: [pods]}]}]"
    ),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"): (
        "webhooks: [{name: a, sideEffects: None, admissionReviewVersions: [v1], "
        "clientConfig: {service: {name: a, namespace: b}}}]"
    ),
    (
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
    ): "spec: {group: a.b, scope: Cluster, names: {kind: A, plural: as}, versions: []}",
    ("cert-manager.io/v1", "Certificate"): "spec: {secretName: a, dnsNames: [a.example.com], issuerRef: {name: a}}",
    ("external-secrets.io/v1", "ExternalSecret"): (
        "spec: {secretStoreRef: {name: a}, data: [{secretKey: a, remoteRef: {key: a}}], "
        "dataFrom: [{extract: {key: a}}]}"
    ),
    ("monitoring.coreos.com/v1", "ServiceMonitor"): (
        "spec: {selector: {}, endpoints: [{port: a, relabelings: [{targetLabel: job, replacement: a}]}]}"
    ),
    ("monitoring.coreos.com/v1", "PodMonitor"): "spec: {selector: {}, podMetricsEndpoints: [{port: a}]}",
    ("traefik.io/v1alpha1", "IngressRoute"): "spec: {routes: [{match: Host(`a`), services: [{name: a, port: 80}]}]}",
    ("metallb.io/v1beta1", "IPAddressPool"): "spec: {addresses: [10.0.0.0/24]}",
}


def smallest(api_version: str, kind: str) -> Manifest:
    name = {"apiVersion": api_version, "kind": kind, "metadata": {"name": "a"}}
    return {**name, **(yaml.safe_load(SMALLEST[api_version, kind]) or {})}


def filled(manifest: Manifest) -> Manifest:
    found: Manifest = yaml.safe_load(yaml.safe_dump(manifest))
    fill_in(found)
    return found


@pytest.mark.parametrize(("api_version", "kind"), SMALLEST)
def test_what_states_its_defaults_is_no_other(api_version: str, kind: str) -> None:
    manifest = smallest(api_version, kind)
    assert filled(manifest) != manifest
    assert compare(manifest, filled(manifest)) == ()
    assert compare(filled(manifest), manifest) == ()


@pytest.mark.parametrize(("api_version", "kind"), SMALLEST)
def test_a_default_is_a_field_that_there_is(api_version: str, kind: str) -> None:
    schema = schema_of(api_version, kind)
    assert schema, "what checks it is among the development dependencies"
    known = {problem.field for problem in schema.problems(smallest(api_version, kind))}
    # A contract names a part of the fields only.
    wanted = {"value"} if schema.selection else {"value", "unknown"}
    found = [
        p for p in schema.problems(filled(smallest(api_version, kind))) if p.kind in wanted and p.field not in known
    ]
    assert found == []


@pytest.mark.parametrize(
    ("kind", "short", "stored"),
    [
        (
            "HTTPRoute",
            "{parentRefs: [{name: main}], rules: [{backendRefs: [{name: web, port: 80}]}]}",
            """
parentRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: main}]
rules:
  - backendRefs: [{group: "", kind: Service, name: web, port: 80, weight: 1}]
    matches: [{path: {type: PathPrefix, value: /}}]
""",
        ),
        ("HTTPRoute", "{}", "rules: [{matches: [{path: {type: PathPrefix, value: /}}]}]"),
        (
            "HTTPRoute",
            "rules: [{matches: [{path: {value: /a}, headers: [{name: a}]}], filters: [{requestRedirect: {}}]}]",
            """
rules:
  - matches: [{path: {type: PathPrefix, value: /a}, headers: [{name: a, type: Exact}]}]
    filters: [{requestRedirect: {statusCode: 302}}]
""",
        ),
        ("TLSRoute", "rules: [{backendRefs: [{name: web}]}]", "rules: [{backendRefs: [{name: web, weight: 1}]}]"),
        (
            "Gateway",
            "listeners: [{name: a, tls: {certificateRefs: [{name: a}]}}]",
            """
listeners:
  - name: a
    allowedRoutes: {namespaces: {from: Same}}
    tls: {mode: Terminate, certificateRefs: [{group: "", kind: Secret, name: a}]}
""",
        ),
    ],
)
def test_what_the_gateway_api_fills_in(kind: str, short: str, stored: str) -> None:
    manifest = {"apiVersion": "gateway.networking.k8s.io/v1", "kind": kind, "metadata": {"name": "a"}}
    old, new = ({**manifest, "spec": yaml.safe_load(text)} for text in (short, stored))
    assert compare(old, new) == compare(new, old) == ()
    other = {**manifest, "spec": yaml.safe_load(stored.replace("Same", "All").replace("/", "/b").replace(": 1", ": 0"))}
    assert compare(old, other)


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Deployment", {"replicas": 2}),
        ("Deployment", {"strategy": {"type": "Recreate"}}),
        ("Deployment", {"strategy": {"rollingUpdate": {"maxSurge": 0}}}),
        ("StatefulSet", {"persistentVolumeClaimRetentionPolicy": {"whenDeleted": "Delete"}}),
        ("StatefulSet", {"updateStrategy": {"type": "OnDelete"}}),
        ("Service", {"type": "NodePort"}),
        ("Service", {"internalTrafficPolicy": "Local"}),
        ("CronJob", {"suspend": True}),
        ("Job", {"backoffLimit": 0}),
        ("PersistentVolume", {"persistentVolumeReclaimPolicy": "Delete"}),
        ("NetworkPolicy", {"policyTypes": ["Egress"]}),
        ("NetworkPolicy", {"policyTypes": ["Ingress", "Egress"]}),
        ("Pod", {"hostNetwork": True}),
        ("Pod", {"restartPolicy": "Never"}),
    ],
)
def test_another_value_is_a_difference(kind: str, spec: Manifest) -> None:
    manifest = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "a"}}
    assert compare({**manifest, "spec": {}}, {**manifest, "spec": spec})


def test_a_kind_of_the_same_name_of_somebody_else_has_no_defaults_of_ours() -> None:
    service = {"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "a"}}
    assert compare({**service, "spec": {}}, {**service, "spec": {"type": "ClusterIP"}})


def test_a_job_does_not_say_by_default_what_it_must_say() -> None:
    # Always, which Kubernetes then refuses for a Job.
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "a"}}
    old, new = ({**job, "spec": {"template": {"spec": pod}}} for pod in ({}, {"restartPolicy": "Never"}))
    assert [field.name for field in compare(old, new)] == ["spec.template.spec.restartPolicy"]
