"""References: what the rules' two examples do not show."""

import pytest

from vkm_manifests.graph.graph import Graph
from vkm_manifests.verify import Finding, verify
from vkm_manifests.verify.rule import examples


def _found(rule: str, *documents: str) -> list[Finding]:
    return verify(examples("\n---\n".join(documents)), only=[rule])


def _severities(rule: str, *documents: str) -> list[str]:
    return [finding.severity for finding in _found(rule, *documents)]


def _named(text: str) -> set[tuple[str, str, str, str]]:
    return {(r.kind, r.namespace, r.name, r.key) for r in Graph(examples(text)).references}


POD = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: example/web:1.0.0
    envFrom: [{secretRef: {name: database}}]
"""


def test_a_pod_names_all_that_it_mounts_and_reads() -> None:
    found = _named("""
apiVersion: batch/v1
kind: CronJob
metadata: {name: web, namespace: shop}
spec:
  jobTemplate:
    spec:
      template:
        spec:
          serviceAccountName: web
          priorityClassName: important
          runtimeClassName: gvisor
          imagePullSecrets: [{name: registry}]
          initContainers:
          - name: first
            env: [{name: A, valueFrom: {configMapKeyRef: {name: first, key: a}}}]
          containers:
          - name: web
            env: [{name: B, valueFrom: {secretKeyRef: {name: second, key: b}}}, {name: C, value: plain}]
            envFrom: [{configMapRef: {name: third}}, {secretRef: {name: fourth}}]
          volumes:
          - {name: a, secret: {secretName: fifth, items: [{key: k, path: p}]}}
          - {name: b, projected: {sources: [{secret: {name: sixth}}, {configMap: {name: seventh, items: [{key: k}]}}]}}
          - {name: c, persistentVolumeClaim: {claimName: data}}
          - {name: d, ephemeral: {volumeClaimTemplate: {spec: {storageClassName: fast}}}}
          - {name: e, csi: {driver: example, nodePublishSecretRef: {name: eighth}}}
          - {name: f, emptyDir: {}}
""")
    assert found == {
        ("ServiceAccount", "shop", "web", ""),
        ("PriorityClass", "", "important", ""),
        ("RuntimeClass", "", "gvisor", ""),
        ("Secret", "shop", "registry", ""),
        ("ConfigMap", "shop", "first", "a"),
        ("Secret", "shop", "second", "b"),
        ("ConfigMap", "shop", "third", ""),
        ("Secret", "shop", "fourth", ""),
        ("Secret", "shop", "fifth", ""),
        ("Secret", "shop", "fifth", "k"),
        ("Secret", "shop", "sixth", ""),
        ("ConfigMap", "shop", "seventh", ""),
        ("ConfigMap", "shop", "seventh", "k"),
        ("PersistentVolumeClaim", "shop", "data", ""),
        ("StorageClass", "", "fast", ""),
        ("Secret", "shop", "eighth", ""),
    }


def test_traefik_names_services_middlewares_and_secrets() -> None:
    found = _named("""
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
  - middlewares: [{name: login}, {name: login, namespace: common}, {name: file@file}, {name: my-space-x@kubernetescrd}]
    services:
    - {name: web, port: http, serversTransport: mutual}
    - {name: split, kind: TraefikService, namespace: common}
    - {name: api@internal, kind: TraefikService}
  tls: {secretName: web-tls, options: {name: modern}, store: {name: default}}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: all, namespace: my-space}
spec:
  basicAuth: {secret: users}
  forwardAuth: {tls: {caSecret: ca, certSecret: client}}
  chain: {middlewares: [{name: x}]}
  errors: {service: {name: pages, port: 80}}
""")
    assert found == {
        ("Middleware", "shop", "login", ""),
        ("Middleware", "common", "login", ""),
        ("Middleware", "my-space", "x", ""),
        ("Service", "shop", "web", "http"),
        ("ServersTransport", "shop", "mutual", ""),
        ("TraefikService", "common", "split", ""),
        ("Secret", "shop", "web-tls", "tls.crt"),
        ("Secret", "shop", "web-tls", "tls.key"),
        ("TLSOption", "shop", "modern", ""),
        ("TLSStore", "shop", "default", ""),
        ("Secret", "my-space", "users", ""),
        ("Secret", "my-space", "ca", ""),
        ("Secret", "my-space", "client", "tls.crt"),
        ("Secret", "my-space", "client", "tls.key"),
        ("Service", "my-space", "pages", "80"),
    }


def test_an_issuer_names_its_secrets_but_not_the_key_of_its_account() -> None:
    found = _named("""
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letsencrypt}
spec:
  acme:
    privateKeySecretRef: {name: account}
    solvers:
    - dns01: {cloudflare: {apiTokenSecretRef: {name: cloudflare, key: token}}}
    - dns01: {webhook: {config: {apiKeySecretRef: {name: other, key: token}}}}
    - http01: {ingress: {ingressClassName: traefik}}
""")
    assert found == {("Secret", "cert-manager", "cloudflare", "token"), ("IngressClass", "", "traefik", "")}


def test_a_cluster_store_looks_where_it_says() -> None:
    found = _named("""
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: vault}
spec:
  provider:
    vault:
      caProvider: {type: ConfigMap, name: ca, key: ca.crt, namespace: vault}
      auth:
        kubernetes: {serviceAccountRef: {name: reader, namespace: vault}}
        appRole: {secretRef: {name: role, key: id, namespace: vault}}
        tokenSecretRef: {name: token, key: token}
""")
    assert found == {
        ("ConfigMap", "vault", "ca", "ca.crt"),
        ("ServiceAccount", "vault", "reader", ""),
        ("Secret", "vault", "role", "id"),
    }


def test_a_monitor_names_keys_of_secrets() -> None:
    found = _named("""
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: shop}
spec:
  endpoints:
  - bearerTokenSecret: {key: ""}
    basicAuth: {username: {name: login, key: user}, password: {name: login, key: password, optional: true}}
    tlsConfig: {ca: {configMap: {name: ca, key: ca.crt}}}
    relabelings: [{sourceLabels: [a], targetLabel: b}]
""")
    assert found == {
        ("Secret", "shop", "login", "user"),
        ("Secret", "shop", "login", "password"),
        ("ConfigMap", "shop", "ca", "ca.crt"),
    }


def test_longhorn_names_jobs_groups_and_targets() -> None:
    found = _named("""
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: longhorn}
provisioner: driver.longhorn.io
parameters:
  backupTargetName: far
  recurringJobSelector: '[{"name":"nightly","isGroup":true},{"name":"trim","isGroup":false}]'
  csi.storage.k8s.io/node-stage-secret-name: crypto
  csi.storage.k8s.io/node-stage-secret-namespace: longhorn-system
  csi.storage.k8s.io/node-publish-secret-name: ${pvc.name}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: broken}
provisioner: driver.longhorn.io
parameters: {recurringJobSelector: 'not JSON'}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: shop
  labels: {recurring-job.longhorn.io/source: enabled, recurring-job.longhorn.io/trim: disabled}
spec: {storageClassName: ""}
""")
    assert found == {
        ("BackupTarget", "", "far", ""),
        ("RecurringJob group", "", "nightly", ""),
        ("RecurringJob", "", "trim", ""),
        ("Secret", "longhorn-system", "crypto", ""),
    }


# How sure a finding is.


def test_a_secret_of_another_namespace_is_told() -> None:
    other = "{apiVersion: v1, kind: Secret, metadata: {name: database, namespace: blog}, stringData: {a: b}}"
    (finding,) = _found("secret-exists", POD, other)
    assert finding.message == (
        "names Secret database, which does not exist in namespace shop; it exists in namespace blog"
    )
    assert finding.severity == "error"


@pytest.mark.parametrize(
    "beside",
    [
        pytest.param(
            "{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: database, namespace: shop}}",
            id="an unknown controller",
        ),
        pytest.param(
            """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: certgen, namespace: shop}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get, create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: certgen, namespace: shop}
roleRef: {kind: Role, name: certgen}
""",
            id="a Job with the right to create Secrets",
        ),
        pytest.param(
            """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: operator}
rules: [{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: operator}
roleRef: {kind: ClusterRole, name: operator}
subjects: [{kind: ServiceAccount, name: operator, namespace: shop}]
""",
            id="an operator that may create all",
        ),
    ],
)
def test_what_may_be_made_at_run_time_is_a_warning(beside: str) -> None:
    assert _severities("secret-exists", POD, beside) == ["warning"]


def test_a_right_to_create_elsewhere_or_other_things_does_not_count() -> None:
    role = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: web, namespace: blog}
rules: [{apiGroups: [""], resources: [secrets, configmaps], verbs: [create]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web, namespace: blog}
roleRef: {kind: Role, name: web}
"""
    assert _severities("secret-exists", POD, role) == ["error"]


def test_a_namespace_of_which_nothing_is_known_is_a_warning() -> None:
    binding = """
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: web}
roleRef: {kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: web, namespace: elsewhere}, {kind: User, name: alice}]
"""
    assert _severities("subject-exists", binding) == ["warning"]
    assert _severities("subject-exists", binding.replace("elsewhere", "kube-system"), POD) == ["warning"]


def test_a_kind_of_which_nothing_is_known_is_a_warning() -> None:
    claim = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {storageClassName: gp3}
"""
    assert _severities("storage-class-exists", claim) == ["warning"]


def test_manifests_without_namespaces_are_taken_together() -> None:
    pod = POD.replace(", namespace: shop", "")
    secret = "{apiVersion: v1, kind: Secret, metadata: {name: database}}"
    assert _severities("secret-exists", pod) == ["error"]
    assert not _found("secret-exists", pod, secret)
    assert not _found("secret-exists", POD, secret)


# What is right.


@pytest.mark.parametrize(
    ("rule", "manifests"),
    [
        pytest.param(
            "secret-exists", POD.replace("name: database", "name: database, optional: true"), id="an optional reference"
        ),
        pytest.param(
            "secret-exists",
            """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop, annotations: {cert-manager.io/cluster-issuer: letsencrypt}}
spec: {tls: [{hosts: [shop.example.com], secretName: web-tls}]}
""",
            id="an Ingress for which cert-manager makes the certificate",
        ),
        pytest.param(
            "secret-exists",
            POD.replace("envFrom", "env: [{name: A, value: b}]\n    envFrom").replace("name: database", "name: tls")
            + """
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations: {service.beta.openshift.io/serving-cert-secret-name: tls}
""",
            id="a serving certificate of OpenShift",
        ),
        pytest.param(
            "secret-exists",
            POD
            + """
---
apiVersion: v1
kind: Secret
metadata:
  name: database
  namespace: common
  annotations: {reflector.v1.k8s.emberstack.com/reflection-auto-enabled: "true"}
""",
            id="a Secret that is copied",
        ),
        pytest.param(
            "secret-exists",
            POD
            + """
---
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: {name: database}
spec: {externalSecretSpec: {data: []}}
""",
            id="an ExternalSecret in each namespace",
        ),
        pytest.param(
            "secret-exists",
            """
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
secrets: [{name: web-token-x7k2p}, {name: web-dockercfg-8sfl2}]
""",
            id="an account's tokens, as old clusters list them",
        ),
        pytest.param(
            "secret-has-key",
            POD.replace(
                "envFrom: [{secretRef: {name: database}}]", "env: [{valueFrom: {secretKeyRef: {name: t, key: k}}}]"
            )
            + """
---
apiVersion: v1
kind: Secret
metadata: {name: t, namespace: shop}
""",
            id="a Secret that somebody fills in",
        ),
        pytest.param(
            "secret-has-key",
            POD.replace(
                "envFrom: [{secretRef: {name: database}}]", "env: [{valueFrom: {secretKeyRef: {name: t, key: token}}}]"
            )
            + """
---
apiVersion: v1
kind: Secret
metadata: {name: t, namespace: shop}
type: kubernetes.io/service-account-token
data: {extra: ""}
""",
            id="an account's token",
        ),
        pytest.param(
            "config-map-exists",
            POD.replace("secretRef: {name: database}", "configMapRef: {name: kube-root-ca.crt}"),
            id="a ConfigMap of every namespace",
        ),
        pytest.param(
            "config-map-exists",
            POD.replace("secretRef: {name: database}", "configMapRef: {name: trusted}")
            + "---\n{apiVersion: trust.cert-manager.io/v1alpha1, kind: Bundle, metadata: {name: trusted}}",
            id="a Bundle of trust-manager",
        ),
        pytest.param(
            "claim-exists",
            """
apiVersion: v1
kind: Pod
metadata: {name: reader, namespace: shop}
spec: {volumes: [{name: data, persistentVolumeClaim: {claimName: data-database-1}}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: database, namespace: shop}
spec: {replicas: 2, volumeClaimTemplates: [{metadata: {name: data}}]}
""",
            id="a StatefulSet's claim",
        ),
        pytest.param(
            "storage-class-exists",
            """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {storageClassName: manual}
---
apiVersion: v1
kind: PersistentVolume
metadata: {name: data}
spec: {storageClassName: manual}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
""",
            id="a class that a volume and its claim agree on",
        ),
        pytest.param(
            "service-account-exists",
            POD.replace("spec:", "spec:\n  serviceAccountName: default"),
            id="the account of every namespace",
        ),
        pytest.param(
            "priority-class-exists",
            POD.replace("spec:", "spec:\n  priorityClassName: system-cluster-critical"),
            id="a class of Kubernetes",
        ),
        pytest.param(
            "role-exists",
            """
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: a, namespace: kube-system}
roleRef: {kind: Role, name: extension-apiserver-authentication-reader}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: b}
roleRef: {kind: ClusterRole, name: system:auth-delegator}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: other}
""",
            id="roles of Kubernetes",
        ),
        pytest.param(
            "service-exists",
            """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  rules: [{http: {paths: [{backend: {service: {name: ssl-redirect, port: {name: use-annotation}}}}]}}]
""",
            id="an action of AWS's controller",
        ),
        pytest.param(
            "issuer-exists",
            """
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {issuerRef: {group: awspca.cert-manager.io, kind: AWSPCAClusterIssuer, name: private}}
""",
            id="an issuer of another group",
        ),
        pytest.param(
            "scale-target-exists",
            """
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {scaleTargetRef: {apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web}}
""",
            id="a target of an unknown kind",
        ),
        pytest.param(
            "store-admits-namespace",
            """
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: vault}
spec: {conditions: [{namespaceRegexes: ["^sh"]}, {namespaceSelector: {matchLabels: {team: a}}}]}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: a, namespace: shop}
spec: {secretStoreRef: {kind: ClusterSecretStore, name: vault}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: a, namespace: labels-unknown}
spec: {secretStoreRef: {kind: ClusterSecretStore, name: vault}}
""",
            id="a pattern, and labels that are not known",
        ),
        pytest.param(
            "secret-has-one-maker",
            """
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: web-tls, namespace: shop}
spec: {target: {creationPolicy: Merge}}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {secretName: web-tls}
---
apiVersion: v1
kind: Secret
metadata: {name: web-tls, namespace: shop, annotations: {cert-manager.io/certificate-name: web}}
""",
            id="one that merges, and a copy from the cluster",
        ),
        pytest.param(
            "login-secret-has-one-key",
            """
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: shop}
spec: {basicAuth: {secret: users}}
---
apiVersion: v1
kind: Secret
metadata: {name: users, namespace: shop}
type: kubernetes.io/basic-auth
stringData: {username: alice, password: example}
""",
            id="a Secret of Kubernetes's own type",
        ),
        pytest.param(
            "grafana-instance-exists",
            """
apiVersion: grafana.integreatly.org/v1beta1
kind: Grafana
metadata: {name: grafana, namespace: grafana, labels: {dashboards: grafana}}
---
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDashboard
metadata: {name: shop, namespace: shop}
spec: {allowCrossNamespaceImport: true, instanceSelector: {matchLabels: {dashboards: grafana}}}
""",
            id="a Grafana of another namespace",
        ),
        pytest.param(
            "kind-can-be-named",
            """
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {issuerRef: {group: example.com, kind: Anything, name: private}}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: api, namespace: shop}
spec: {issuerRef: {name: private}}
""",
            id="a kind of another group, and the default",
        ),
    ],
)
def test_finds_nothing(rule: str, manifests: str) -> None:
    assert _found(rule, manifests) == []


# What is wrong.


def test_a_middleware_of_the_wrong_name_is_found_in_an_annotation() -> None:
    ingress = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: my-shop
  annotations: {traefik.ingress.kubernetes.io/router.middlewares: "my-shop-login@kubernetescrd,x@file"}
"""
    middleware = "{apiVersion: traefik.io/v1alpha1, kind: Middleware, metadata: {name: login, namespace: my-shop}}"
    assert not _found("middleware-exists", ingress, middleware)
    assert _severities("middleware-exists", ingress, middleware.replace("login", "headers")) == ["error"]


def test_the_other_kind_of_the_same_name_is_told() -> None:
    certificate = """
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {issuerRef: {name: letsencrypt}}
"""
    issuer = "{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, metadata: {name: letsencrypt}}"
    (finding,) = _found("issuer-exists", certificate, issuer)
    assert finding.message.endswith("; a ClusterIssuer of this name does")
    assert finding.fix == "kind: ClusterIssuer"


def test_a_second_external_secret_and_a_plain_secret_make_the_same() -> None:
    plain = "{apiVersion: v1, kind: Secret, metadata: {name: database, namespace: shop}}"
    first = "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: database, namespace: shop}}"
    second = first.replace(
        "{name: database, namespace: shop}}", "{name: b, namespace: shop}, spec: {target: {name: database}}}"
    )
    assert _severities("secret-has-one-maker", first, second) == ["error"]
    assert _severities("secret-has-one-maker", plain, first) == ["warning"]


def test_a_grafana_that_the_input_does_not_show_is_a_warning() -> None:
    dashboard = """
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDashboard
metadata: {name: shop, namespace: shop}
spec: {instanceSelector: {matchLabels: {dashboards: grafana}}}
"""
    assert _severities("grafana-instance-exists", dashboard) == ["warning"]


def test_a_certificate_has_no_other_keys() -> None:
    route = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {volumes: [{name: tls, secret: {secretName: web-tls, items: [{key: tls.pem, path: a}, {key: tls.crt, path: b}]}}]}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {secretName: web-tls}
"""
    (finding,) = _found("secret-has-key", route)
    assert finding.message == "names key tls.pem of Secret web-tls, which has ca.crt, tls.crt, tls.key"
    assert finding.severity == "error"


def test_a_prometheus_and_an_alertmanager_name_what_they_mount() -> None:
    found = _named("""
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: {name: main, namespace: watch}
spec:
  serviceAccountName: prometheus
  imagePullSecrets: [{name: registry}]
  secrets: [client-tls]
  configMaps: [extra]
  additionalScrapeConfigs: {name: scrape, key: jobs.yaml}
  storage: {volumeClaimTemplate: {spec: {storageClassName: fast}}}
  volumes: [{name: ca, configMap: {name: ca}}]
  alerting:
    alertmanagers:
    - {name: alerts, namespace: alerting, port: web}
    - {name: local, port: 9093}
---
apiVersion: monitoring.coreos.com/v1
kind: Alertmanager
metadata: {name: main, namespace: watch}
spec: {configSecret: routes, secrets: []}
""")
    assert found == {
        ("ServiceAccount", "watch", "prometheus", ""),
        ("Secret", "watch", "registry", ""),
        ("Secret", "watch", "client-tls", ""),
        ("ConfigMap", "watch", "extra", ""),
        ("Secret", "watch", "scrape", "jobs.yaml"),
        ("StorageClass", "", "fast", ""),
        ("ConfigMap", "watch", "ca", ""),
        ("Service", "alerting", "alerts", "web"),
        ("Service", "watch", "local", ""),
        ("Secret", "watch", "routes", ""),
    }


GRAFANA = """
apiVersion: grafana.integreatly.org/v1beta1
kind: Grafana
metadata: {name: main, namespace: watch}
spec:
  persistentVolumeClaim: {spec: {storageClassName: fast}}
  deployment:
    spec:
      template:
        spec:
          containers: [{name: grafana, env: [{name: A, valueFrom: {secretKeyRef: {name: login, key: a}}}]}]
          volumes: [{name: grafana-data, persistentVolumeClaim: {claimName: main-pvc}}]
"""


def test_a_grafana_of_the_operator_names_what_it_mounts() -> None:
    assert _named(GRAFANA) == {
        ("StorageClass", "", "fast", ""),
        ("Secret", "watch", "login", "a"),
        ("PersistentVolumeClaim", "watch", "main-pvc", ""),
    }
    assert not _found("claim-exists", GRAFANA)
    assert _severities("claim-exists", GRAFANA.replace("main-pvc", "data")) == ["warning"]


@pytest.mark.parametrize(
    ("spec", "annotations", "severities"),
    [
        ("dataSource: {kind: PersistentVolumeClaim, name: old}", "{}", []),
        ("dataSource: {kind: PersistentVolumeClaim, name: odl}", "{}", ["error"]),
        ("dataSourceRef: {kind: PersistentVolumeClaim, name: odl}, volumeName: volume", "{}", []),
        ("dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: daily}", "{}", []),
        ("dataSource: {apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: weekly}", "{}", ["warning"]),
        ("dataSource: {apiGroup: example.com, kind: Anything, name: x}", "{}", []),
        ("dataSource: [1]", "{}", []),
        ("volumeName: volume", "{}", []),
        ("volumeName: volmue", "{}", ["error"]),
        ("volumeName: pvc-1", "{pv.kubernetes.io/bind-completed: 'yes'}", []),
    ],
)
def test_what_a_claim_is_made_of(spec: str, annotations: str, severities: list[str]) -> None:
    claim = f"""
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: new, namespace: shop, annotations: {annotations}}}
spec: {{{spec}}}
"""
    old = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: old, namespace: shop}}"
    volume = "{apiVersion: v1, kind: PersistentVolume, metadata: {name: volume}}"
    snapshot = (
        "{apiVersion: snapshot.storage.k8s.io/v1, kind: VolumeSnapshot, metadata: {name: daily, namespace: shop}}"
    )
    there = (old, volume, snapshot) if "snapshot" in spec else (old, volume)
    assert _severities("claim-exists", claim, *there) == severities
    if "PersistentVolumeClaim" not in spec:
        # Whoever keeps volumes and snapshots elsewhere, keeps all of them there.
        assert not _found("claim-exists", claim, old)


@pytest.mark.parametrize(("name", "severities"), [("login", []), ("shop/login", []), ("lgoin", ["error"])])
def test_the_login_of_an_ingress_of_nginx(name: str, severities: list[str]) -> None:
    ingress = f"""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: web, namespace: shop, annotations: {{nginx.ingress.kubernetes.io/auth-secret: {name}}}}}
"""
    secret = "{apiVersion: v1, kind: Secret, metadata: {name: login, namespace: shop}}"
    assert _severities("secret-exists", ingress, secret) == severities


@pytest.mark.parametrize(
    ("other", "severities"),
    [
        ("", ["warning"]),
        ("{apiVersion: v1, kind: Secret, metadata: {name: login, namespace: shop}}", []),
        ("{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: login, namespace: shop}}", []),
        ("{apiVersion: v1, kind: Secret, metadata: {name: login, namespace: blog}}", ["warning"]),
    ],
)
def test_an_external_secret_adds_to_what_another_makes(other: str, severities: list[str]) -> None:
    merging = """
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: more, namespace: shop}
spec: {target: {name: login, creationPolicy: Merge}}
"""
    assert _severities("secret-exists", merging, other) == severities


@pytest.mark.parametrize(
    ("kind", "field", "target", "severities"),
    [
        ("HorizontalPodAutoscaler", "scaleTargetRef", "{apiVersion: apps/v1, kind: Deployment, name: a}", []),
        ("HorizontalPodAutoscaler", "scaleTargetRef", "{apiVersion: apps/v1, kind: Deploymnt, name: a}", ["error"]),
        ("HorizontalPodAutoscaler", "scaleTargetRef", "{apiVersion: apps/v1, kind: DaemonSet, name: a}", ["error"]),
        ("HorizontalPodAutoscaler", "scaleTargetRef", "{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: a}", []),
        ("VerticalPodAutoscaler", "targetRef", "{apiVersion: apps/v1, kind: DaemonSet, name: a}", []),
        ("ScaledObject", "scaleTargetRef", "{name: a}", []),
    ],
)
def test_the_kind_that_is_scaled(kind: str, field: str, target: str, severities: list[str]) -> None:
    scaler = f"""
apiVersion: example/v1
kind: {kind}
metadata: {{name: a, namespace: shop}}
spec: {{{field}: {target}}}
"""
    assert _severities("kind-can-be-named", scaler) == severities


@pytest.mark.parametrize(
    ("group", "severities"),
    [
        ("cert-manager.io", []),
        ("cert-manger.io", ["warning"]),
        ("awspca.cert-manager.io", []),
        ("certmanager.step.sm", []),
    ],
)
def test_the_group_of_an_issuer(group: str, severities: list[str]) -> None:
    certificate = f"""
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {{name: web, namespace: shop}}
spec: {{issuerRef: {{group: {group}, name: private}}}}
"""
    assert _severities("kind-can-be-named", certificate) == severities
