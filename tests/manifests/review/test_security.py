"""Risks for security: what their two examples do not show."""

import pytest

from tests.reviewed import changed, told_of
from vkm_manifests.review import RISKS, Comparison
from vkm_manifests.verify.rule import examples

NAMESPACE = """
---
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
"""
POD = """
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    metadata: {labels: {app: web}}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: web
        image: example/web:1.0.0
        securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
      volumes: [{name: data, emptyDir: {}}]
"""
WEB = "shop/Deployment/web"


def test_a_pod_that_was_restricted_and_is_not_is_told_once_with_the_worst_first() -> None:
    less = changed(
        POD,
        ("emptyDir: {}", "hostPath: {path: /srv}"),
        ("runAsNonRoot: true, ", ""),
        ("drop: [ALL]", "add: [SYS_ADMIN]"),
    )
    assert told_of("security", POD, less) == [
        (
            WEB,
            "pods-may-do-more",
            'its pods get what Pod Security "baseline" refuses: volume data is the node\'s folder /srv; container web '
            "adds SYS_ADMIN, may be root and keeps the runtime's capabilities",
        )
    ]


def test_of_a_pod_that_was_never_restricted_only_what_is_new_is_told() -> None:
    loose = changed(POD, ("runAsNonRoot: true, ", ""))
    assert told_of("security", loose, loose.replace("web:1.0.0", "web:1.0.1")) == []
    (told,) = told_of(
        "security", loose, loose.replace("allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true")
    )
    start = 'its pods get what Pod Security "restricted" refuses: '
    assert told[2] == f"{start}container web lets a process get more rights than its parent"


def test_a_container_with_another_name_is_what_it_was() -> None:
    loose = changed(POD, ("runAsNonRoot: true, ", ""))
    assert told_of("security", loose, loose.replace("- name: web", "- name: app")) == []


def test_a_workload_with_another_name_is_what_it_was() -> None:
    loose = changed(POD, ("runAsNonRoot: true, ", ""))
    renamed = loose.replace("web", "front").replace("example/front", "example/web")
    assert told_of("security", loose, renamed) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"      - name: web\n": "      - {name: log, image: example/log:1.0.0}\n      - name: web\n"}, ""),
        ({"      containers:\n": "      initContainers: [{name: a, image: example/a:1.0.0}]\n      containers:\n"}, ""),
        (
            {"      - name: web\n": "      - {name: log, securityContext: {privileged: true}}\n      - name: web\n"},
            "container log has all rights on the node",
        ),
        ({"/srv/data": "/srv/other"}, ""),
        ({"name: data": "name: other"}, ""),
        ({"/srv/data": "/var/run/docker.sock"}, "volume data is the node's folder /var/run/docker.sock"),
        ({"/srv/data": "/"}, "volume data is the node's folder /"),
        ({"volumes: [": "volumes: [{name: b, hostPath: {path: /srv/b}}, "}, "volume b is the node's folder /srv/b"),
        ({"kind: Deployment": "kind: StatefulSet"}, ""),
        ({"kind: Deployment": "kind: DaemonSet", "/srv/data": "/etc"}, "volume data is the node's folder /etc"),
    ],
)
def test_a_pod_that_was_never_restricted_and_what_no_container_in_it_had(changes: dict[str, str], told: str) -> None:
    loose = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
      volumes: [{name: data, hostPath: {path: /srv/data}}]
"""
    found = [
        reason
        for _, name, reason in told_of("security", loose, changed(loose, *changes.items()))
        if name == "pods-may-do-more"
    ]
    assert found == ([f'its pods get what Pod Security "baseline" refuses: {told}'] if told else [])


def test_what_an_init_container_had_is_new_for_one_that_goes_on() -> None:
    first = POD.replace("volumes:", "initContainers: [{name: a, securityContext: {privileged: true}}]\n      volumes:")
    found = told_of(
        "security",
        first,
        changed(
            first,
            ("      - name: web", "      - {name: b, securityContext: {privileged: true}}\n      - name: web"),
        ),
    )
    assert [reason.partition(" has")[0] for _, _, reason in found] == [
        'its pods get what Pod Security "baseline" refuses: container b'
    ]


def test_a_new_pod_is_told_unless_it_is_restricted() -> None:
    assert told_of("security", "", POD) == []
    assert told_of("security", "", changed(POD, ("drop: [ALL]", "drop: [NET_RAW]"))) == [
        (
            WEB,
            "pods-may-do-more",
            "its pods, which are new, are not restricted: container web keeps the runtime's capabilities",
        )
    ]


def test_where_the_namespace_refuses_the_pods_that_is_what_is_said_to_do() -> None:
    comparison = Comparison(
        examples(NAMESPACE + POD), examples(NAMESPACE + POD.replace("runAsNonRoot: true", "runAsUser: 0"))
    )
    (concern,) = RISKS["pods-may-do-more"].check(comparison)
    assert concern.do == 'take it back: namespace shop enforces "restricted" and will refuse the pods'
    assert concern.reason == (
        'its pods get what Pod Security "restricted" refuses: '
        "the pod's runAsUser is 0: root; container web may be root"
    )


def test_a_root_file_system_to_write_to() -> None:
    assert told_of("security", POD, changed(POD, ("readOnlyRootFilesystem: true, ", ""))) == [
        (WEB, "pods-may-do-more", "container web may write to its root file system")
    ]


def test_a_label_that_enforces_nothing_known_is_none() -> None:
    assert [
        name
        for _, name, _ in told_of("security", NAMESPACE, NAMESPACE.replace("enforce: restricted", "enforce: strict"))
    ] == ["pod-security-is-loosened"]
    assert told_of("security", NAMESPACE.replace("restricted", "baseline"), NAMESPACE) == []


def test_a_token_that_the_account_gives() -> None:
    account = """
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: default, namespace: shop}, automountServiceAccountToken: false}
"""
    pod = changed(POD, ("      automountServiceAccountToken: false\n", ""))
    assert told_of("security", account + pod, account.replace("false", "true") + pod) == [
        (
            "shop/ServiceAccount/default",
            "pods-get-a-token",
            "the pods of Deployment web get a token of service account default, to which nothing is bound here",
        )
    ]


ROLE = """
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [""], resources: [configmaps], verbs: [get, list]}
"""
BINDING = """
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
"""


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ('{apiGroups: [""], resources: [secrets], verbs: [get]}', "read all secrets"),
        ('{apiGroups: [""], resources: [secrets], verbs: [get], resourceNames: [b, a]}', "read secrets a and b"),
        ('{apiGroups: [""], resources: [configmaps], verbs: [get, update, patch]}', "write all configmaps"),
        ('{apiGroups: [""], resources: [pods/exec], verbs: [create]}', "run commands in all pods"),
        ('{apiGroups: ["*"], resources: ["*"], verbs: ["*"]}', "do anything with everything"),
        ("{apiGroups: [apps], resources: [deployments], verbs: [delete]}", "delete all deployments"),
    ],
)
def test_a_role_that_gives_more_says_to_whom_what_and_where(rule: str, words: str) -> None:
    wider = ROLE + f"- {rule}\n"
    assert told_of("security", ROLE + BINDING, wider + BINDING) == [
        ("shop/Role/reader", "rights-are-wider", f"service account shop/web may newly {words} of shop")
    ]


def test_the_same_rights_in_another_form_are_no_more() -> None:
    split = """
- {apiGroups: [""], resources: [configmaps], verbs: [list]}
- {apiGroups: [""], resources: [configmaps], verbs: [get], resourceNames: [a]}
"""
    wide = ROLE.replace("verbs: [get, list]", 'verbs: ["*"]')
    assert told_of("security", ROLE + BINDING, ROLE + split.lstrip("\n") + BINDING) == []
    assert told_of("security", wide + BINDING, ROLE + BINDING) == []


def test_a_role_and_its_binding_under_another_name_give_no_more() -> None:
    assert told_of("security", ROLE + BINDING, (ROLE + BINDING).replace("name: reader", "name: viewer")) == []


def test_a_subject_more_is_told_of_the_binding() -> None:
    more = BINDING.replace("subjects: [", "subjects: [{kind: User, name: eve}, ")
    assert told_of("security", ROLE + BINDING, ROLE + more) == [
        ("shop/RoleBinding/reader", "rights-are-wider", "eve may newly read all configmaps of shop")
    ]


def test_a_role_that_is_not_among_the_manifests() -> None:
    bound = BINDING.replace("kind: Role, name: reader", "kind: ClusterRole, name: {role}")
    admin, view = bound.replace("{role}", "cluster-admin"), bound.replace("{role}", "view")
    assert (
        told_of("security", "", view)[0][2]
        == "service account shop/web may newly do what ClusterRole view gives of shop"
    )
    assert (
        told_of("security", view, admin)[0][2]
        == "service account shop/web may newly do anything with everything of shop"
    )
    assert told_of("security", admin, view) == []


def test_a_new_service_that_is_watched_is_not_told_of_but_who_reads_its_secrets_is() -> None:
    assert told_of("security", "", ROLE + BINDING) == []
    secrets = (ROLE + BINDING).replace("configmaps", "secrets")
    assert [reason for _, _, reason in told_of("security", "", secrets)] == [
        "service account shop/web may newly read all secrets of shop"
    ]


def test_a_role_that_is_bound_elsewhere() -> None:
    assert told_of("security", ROLE, ROLE.replace("configmaps", "secrets")) == [
        ("shop/Role/reader", "rights-are-wider", "whoever has this role may newly read all secrets of shop")
    ]


DENY = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
"""
ALLOW = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress, Egress]}
"""


def test_a_default_deny_that_is_gone() -> None:
    assert told_of("security", POD + DENY, POD) == [
        (
            "shop/NetworkPolicy/default-deny",
            "pods-are-no-longer-closed",
            f"{way} Deployment web and pods of shop that no other policy selects, such as those of a job to come",
        )
        for way in ("everybody may connect to", "nothing bounds the connections of")
    ]


def test_a_default_deny_that_is_gone_where_the_pods_have_policies_of_their_own() -> None:
    assert [reason for _, _, reason in told_of("security", POD + DENY + ALLOW, POD + ALLOW)] == [
        f"{way} pods of shop that no other policy selects, such as those of a job to come"
        for way in ("everybody may connect to", "nothing bounds the connections of")
    ]


def test_a_default_deny_by_another_name_or_of_a_namespace_that_is_gone() -> None:
    assert told_of("security", POD + DENY, POD + DENY.replace("default-deny", "deny-all")) == []
    assert told_of("security", POD + DENY, "") == []


def test_a_default_deny_of_a_namespace_whose_pods_are_elsewhere() -> None:
    assert [reason for _, _, reason in told_of("security", DENY, "")] == [
        f"{way} pods of shop that no other policy selects, such as those of a job to come"
        for way in ("everybody may connect to", "nothing bounds the connections of")
    ]
    assert told_of("security", NAMESPACE + DENY, "") == []
    assert told_of("security", NAMESPACE + DENY, (NAMESPACE + DENY).replace("shop", "store")) == []


def test_a_pod_whose_labels_no_policy_selects_any_more() -> None:
    (into, _) = told_of("security", POD + ALLOW, POD.replace("labels: {app: web}", "labels: {app: front}") + ALLOW)
    assert into == (WEB, "pods-are-no-longer-closed", "everybody may connect to Deployment web")


ROUTE = """
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
  - match: Host(`shop.test`)
    kind: Rule
    middlewares: [{name: all}]
    services: [{name: web, port: 80}]
  tls: {secretName: web-tls, options: {name: strict}}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: all, namespace: shop}
spec: {chain: {middlewares: [{name: login}, {name: limit}]}}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: shop}
spec: {forwardAuth: {address: http://auth}}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: limit, namespace: shop}
spec: {rateLimit: {average: 100}}
"""


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {"    middlewares: [{name: all}]\n": ""},
            ("shop/IngressRoute/web", "asks another service who may pass and limits the rate of requests"),
        ),
        ({", {name: limit}": ""}, ("shop/Middleware/all", "limits the rate of requests")),
        ({"average: 100": "average: 0"}, ("shop/Middleware/limit", "limits the rate of requests")),
        (
            {"forwardAuth: {address: http://auth}": "compress: {}"},
            ("shop/Middleware/login", "asks another service who may pass"),
        ),
        ({"forwardAuth": "basicAuth"}, ("shop/Middleware/login", "asks another service who may pass")),
        ({"average: 100": "average: 200"}, None),
        ({"Host(`shop.test`)": "Host(`shop.test`) && PathPrefix(`/a`)"}, None),
    ],
)
def test_what_guards_a_route_is_looked_up_through_chains(changes: dict[str, str], told: tuple[str, str] | None) -> None:
    found = told_of("security", ROUTE, changed(ROUTE, *changes.items()))
    expected = [(told[0], "route-is-guarded-less", f"IngressRoute web no longer {told[1]}")] if told else []
    assert found == expected


def test_a_route_whose_middleware_is_not_there_is_not_served_at_all() -> None:
    gone = ROUTE[: ROUTE.rindex("---")]
    assert told_of("security", ROUTE, gone) == []


def test_a_route_that_uses_the_default_tls_options() -> None:
    assert told_of("security", ROUTE, ROUTE.replace(", options: {name: strict}", "")) == [
        (
            "shop/IngressRoute/web",
            "route-is-not-encrypted",
            "it no longer has the TLS options strict, but the default ones",
        )
    ]


def test_an_ingress_of_nginx_without_its_password() -> None:
    ingress = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop, annotations: {nginx.ingress.kubernetes.io/auth-secret: users}}
spec: {tls: [{hosts: [shop.test]}], rules: [{host: shop.test}]}
"""
    assert told_of(
        "security", ingress, ingress.replace(", annotations: {nginx.ingress.kubernetes.io/auth-secret: users}", "")
    ) == [("shop/Ingress/web", "route-is-guarded-less", "Ingress web no longer asks for a password")]
    assert told_of("security", ingress, ingress.replace("tls: [{hosts: [shop.test]}], ", "")) == [
        ("shop/Ingress/web", "route-is-not-encrypted", "the route is served without TLS")
    ]


@pytest.mark.parametrize(("name", "what"), [("nginx", "the route"), ("traefik", "entry point web")])
def test_an_ingress_without_tls_is_open_where_its_controller_takes_it(name: str, what: str) -> None:
    before = f"""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: web, namespace: shop}}
spec: {{ingressClassName: {name}, tls: [{{hosts: [shop.test]}}], rules: [{{host: shop.test}}]}}
---
apiVersion: v1
kind: Pod
metadata: {{name: traefik, namespace: shop}}
spec: {{containers: [{{name: traefik, image: "traefik:v3.6.1", args: ["--entryPoints.web.address=:8000"]}}]}}
"""
    after = before.replace("tls: [{hosts: [shop.test]}], ", "")
    assert told_of("security", before, after) == [
        ("shop/Ingress/web", "route-is-not-encrypted", f"{what} is served without TLS")
    ]


@pytest.mark.parametrize(
    ("annotations", "rest", "is_told"),
    [
        ('nginx.ingress.kubernetes.io/ssl-redirect: "false"', "ingressClassName: nginx", True),
        ('nginx.ingress.kubernetes.io/ssl-redirect: "false"', "ingressClassName: traefik", False),
        (
            'nginx.ingress.kubernetes.io/ssl-redirect: "false", nginx.ingress.kubernetes.io/force-ssl-redirect: "true"',
            "ingressClassName: nginx",
            False,
        ),
        ('nginx.ingress.kubernetes.io/ssl-redirect: "true"', "ingressClassName: nginx", False),
    ],
)
def test_an_ingress_of_nginx_that_no_longer_redirects(annotations: str, rest: str, is_told: bool) -> None:
    ingress = f"""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: web, namespace: shop, annotations: {{}}}}
spec: {{{rest}, tls: [{{hosts: [shop.test]}}], rules: [{{host: shop.test}}]}}
"""
    found = told_of("security", ingress, ingress.replace("annotations: {}", f"annotations: {{{annotations}}}"))
    told = ("shop/Ingress/web", "route-is-not-encrypted", "the route is served without TLS")
    assert found == ([told] if is_told else [])


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("APP_DEBUG=false", "APP_DEBUG=true", "whoever causes an error is shown what is inside, secrets among it"),
        ("BITNAMI_DEBUG=false", "BITNAMI_DEBUG=true", ""),
        (
            "GF_SECURITY_COOKIE_SECURE=true",
            "GF_SECURITY_COOKIE_SECURE=false",
            "browsers send the session without TLS as well",
        ),
        ("APP_PROXIES=10.0.0.0/8", "APP_PROXIES=*", "whoever connects may say that they come from any address"),
        ("APP_PROXIES=10.0.0.0/8", "APP_PROXIES=10.1.0.0/16,10.2.0.*", ""),
        (
            "RAILS_TRUSTED_PROXIES=10.0.0.0/8",
            "RAILS_TRUSTED_PROXIES=127.0.0.1, 0.0.0.0/0",
            "whoever connects may say that they come from any address",
        ),
        ("POSTGRES_HOST_AUTH_METHOD=md5", "POSTGRES_HOST_AUTH_METHOD=trust", "nobody is asked for a password"),
        ("MYSQL_ALLOW_EMPTY_PASSWORD=1", "MYSQL_ALLOW_EMPTY_PASSWORD=yes", ""),
    ],
)
def test_variables_that_let_in_or_show_more_are_told_of_what_goes_on(old: str, new: str, told: str) -> None:
    def pod(variable: str) -> str:
        name, _, value = variable.partition("=")
        env = f'env: [{{name: {name}, value: "{value}"}}]'
        first = f"      initContainers: [{{name: first, {env}}}]\n"
        return POD.replace("        image", f"        {env}\n        image").replace(
            "      volumes", f"{first}      volumes"
        )

    reason = f"container web has {new}: {told}"
    assert told_of("security", pod(old), pod(new)) == ([(WEB, "server-asks-for-less", reason)] if told else [])
    job = [text.replace("kind: Deployment", "kind: Job") for text in (pod(old), pod(new))]
    assert told_of("security", *job) == []


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("web:1.0.0@sha256:01", "web:1.0.0", "names its image by its tag alone, no longer by its digest: web:1.0.0"),
        ("web:1.0.0", "web:latest", "names its image by no version: web:latest"),
        ("web:1.0.0", "web", "names its image by no version: web"),
        ("web", "web:latest", ""),
        ("web:1.0.0", "web@sha256:01", ""),
    ],
)
def test_images(old: str, new: str, reason: str) -> None:
    before, after = (POD.replace("example/web:1.0.0", image) for image in (old, new))
    assert [found for _, _, found in told_of("security", before, after)] == (
        [f"container web {reason}"] if reason else []
    )


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("algorithm: ECDSA, size: 256", "algorithm: RSA, size: 2048", "its key is RSA 2048, no longer ECDSA 256"),
        ("algorithm: RSA, size: 4096", "rotationPolicy: Always", "its key is RSA 2048, no longer RSA 4096"),
        ("algorithm: RSA, size: 3072", "algorithm: ECDSA", ""),
        ("algorithm: RSA, size: 3072", "algorithm: Ed25519", ""),
    ],
)
def test_keys(old: str, new: str, reason: str) -> None:
    text = "{apiVersion: cert-manager.io/v1, kind: Certificate, metadata: {name: a}, spec: {privateKey: {KEY}}}"
    found = told_of("security", text.replace("KEY", old), text.replace("KEY", new))
    assert [told for _, _, told in found] == ([reason] if reason else [])


def test_sslmode_in_a_url_and_where_it_is_no_longer_said() -> None:
    text = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {URL: 'postgres://db/shop?sslmode=MODE'}}"
    old = text.replace("MODE", "verify-full")
    assert [told for _, _, told in told_of("security", old, text.replace("MODE", "disable"))] == [
        "the database's sslmode is disable, no longer verify-full"
    ]
    assert [told for _, _, told in told_of("security", old, text.replace("?sslmode=MODE", ""))] == [
        "the database's sslmode is prefer, no longer verify-full"
    ]
    assert told_of("security", text.replace("MODE", "require"), old) == []


def test_a_secret_among_the_manifests_is_told_when_it_comes_and_never_with_its_value() -> None:
    secret = "{apiVersion: v1, kind: Secret, metadata: {name: db}, stringData: {password: hunter22}}"
    found = told_of("security", "", secret)
    assert found == [("Secret/db", "secret-is-in-plain-sight", "stringData[password] is a secret in plain sight")]
    assert told_of("security", secret, secret.replace("hunter22", "hunter33")) == []


def test_a_secret_in_a_config_map() -> None:
    config = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {DB_PASSWORD: $(PASSWORD)}}"
    assert told_of("security", config, config.replace("$(PASSWORD)", "hunter22")) == [
        ("ConfigMap/web", "secret-is-in-plain-sight", "data[DB_PASSWORD] holds a secret")
    ]


def test_certificates_that_are_not_checked_by_a_field_or_an_argument() -> None:
    monitor = "{apiVersion: v1, kind: ServiceMonitor, metadata: {name: a}, spec: {endpoints: [{port: a}]}}"
    assert [
        told
        for _, _, told in told_of(
            "security", monitor, monitor.replace("port: a", "tlsConfig: {insecureSkipVerify: true}")
        )
    ] == ["insecureSkipVerify is on: any certificate is taken"]
    off = POD.replace("image: example", "args: [--insecure-skip-verify=false]\n        image: example")
    assert told_of("security", POD, off) == []
    on = off.replace("=false", "")
    assert [told for _, _, told in told_of("security", off, on)] == [
        "insecure-skip-verify is on: any certificate is taken"
    ]


def test_a_store_for_every_namespace() -> None:
    store = "{apiVersion: v1, kind: ClusterSecretStore, metadata: {name: a}, spec: {conditions: [{namespaces: [b]}]}}"
    open_to_all = store.replace("conditions: [{namespaces: [b]}]", "provider: {}")
    assert [told for _, _, told in told_of("security", store, open_to_all)] == [
        "every namespace may read the store, and whatever it can read"
    ]
    assert told_of("security", open_to_all, store) == []


def test_a_webhook_that_is_gone() -> None:
    webhook = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: policy}
webhooks: [{name: a.test}]
"""
    assert told_of("security", webhook, "") == [
        ("ValidatingWebhookConfiguration/policy", "admission-is-not-enforced", "what it refused gets in")
    ]
    assert [
        told
        for _, _, told in told_of("security", webhook, webhook.replace("a.test}", "a.test, failurePolicy: Ignore}"))
    ] == ["what webhook a.test refuses gets in while it does not answer"]
    assert [told for _, _, told in told_of("security", webhook, webhook.replace("a.test", "b.test"))] == [
        "webhook a.test is no longer asked"
    ]


def test_a_webhook_that_is_asked_about_less() -> None:
    webhook = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: policy}
webhooks: [{name: a.test, rules: [{operations: [CREATE, UPDATE]}]}]
"""
    assert [told for _, _, told in told_of("security", webhook, webhook.replace("CREATE, UPDATE", "CREATE"))] == [
        "webhook a.test is no longer asked about UPDATE"
    ]
    assert told_of("security", webhook, webhook.replace("CREATE, UPDATE", '"*"')) == []


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"validationFailureAction: Enforce": "validationFailureAction: Audit"},
            "what rule a and rule b find gets in",
        ),
        ({"{name: a, validate: {": "{name: a, validate: {failureAction: Audit, "}, "what rule a finds gets in"),
        ({", {name: b, validate: {pattern: {}}}": ""}, "what rule b finds gets in"),
        ({"Enforce": "enforce"}, ""),
        ({"background: true": "background: false"}, ""),
    ],
)
def test_a_policy_of_kyverno(changes: dict[str, str], reason: str) -> None:
    policy = """
apiVersion: kyverno.io/v1
kind: ClusterPolicy
metadata: {name: labels}
spec:
  validationFailureAction: Enforce
  background: true
  rules: [{name: a, validate: {pattern: {}}}, {name: b, validate: {pattern: {}}}]
"""
    found = told_of("security", policy, changed(policy, *changes.items()))
    assert [told for _, _, told in found] == ([reason] if reason else [])
    assert [told for _, _, told in told_of("security", policy, "")] == ["what it refused gets in"]
    assert told_of("security", policy.replace("Enforce", "Audit"), "") == []


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Deployment", "{template: {spec: {containers: [1, {env: [2]}], volumes: x}}}"),
        ("IngressRoute", "{routes: [{middlewares: 3, match: 4}], tls: 5}"),
        ("Ingress", "{tls: 1, rules: [2]}"),
        ("Certificate", "{privateKey: [1]}"),
        ("TLSOption", "{minVersion: 1, cipherSuites: 2, clientAuth: 3}"),
        ("ClusterSecretStore", "{conditions: [1, {namespaces: 2}]}"),
        ("Gateway", "{listeners: [1, {name: 2}]}"),
        ("NetworkPolicy", "{podSelector: 1}"),
    ],
)
def test_what_has_another_shape_is_no_error(kind: str, spec: str) -> None:
    group = {"Deployment": "apps/v1", "NetworkPolicy": "networking.k8s.io/v1"}.get(kind, "example.test/v1")
    good = f"{{apiVersion: {group}, kind: {kind}, metadata: {{name: a, namespace: shop}}, spec: {{x: 1}}}}"
    bad = good.replace("{x: 1}", spec)
    for old, new in ((good, bad), (bad, good), (bad, ""), ("", bad)):
        told_of("security", old, new)


def test_a_line_of_a_config_map_that_sets_a_password() -> None:
    config = "{apiVersion: v1, kind: ConfigMap, metadata: {name: web}, data: {web.env: 'MODE=a'}}"
    assert told_of("security", config, config.replace("MODE=a", "DB_PASSWORD=hunter22")) == [
        ("ConfigMap/web", "secret-is-in-plain-sight", "data[web.env] holds a value of DB_PASSWORD")
    ]
