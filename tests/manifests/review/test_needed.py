"""Needed: what others name, ask for, or may do, and no longer can."""

import pytest

from tests.reviewed import changed, reasons
from vkm_manifests.review import review
from vkm_manifests.verify.rule import examples

SHOP = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9100}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
        ports: [{name: http, containerPort: 8080}, {name: metrics, containerPort: 9100}]
        env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: login, key: password}}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: worker, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: worker}}
  template:
    metadata: {labels: {app: worker}}
    spec:
      containers:
      - name: worker
        image: example/worker:1.0.0
        env: [{name: SHOP_URL, value: "http://web:80"}]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: login, namespace: shop}
spec:
  secretStoreRef: {name: store, kind: ClusterSecretStore}
  data: [{secretKey: password, remoteRef: {key: shop}}]
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: store}
spec: {provider: {vault: {server: "https://vault.example.com"}}}
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  entryPoints: [websecure]
  routes:
  - kind: Rule
    match: Host(`shop.example.com`)
    middlewares: [{name: limit}]
    services: [{name: web, port: http}]
  tls: {secretName: web-tls}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: limit, namespace: shop}
spec: {rateLimit: {average: 10}}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec:
  secretName: web-tls
  dnsNames: [shop.example.com]
  issuerRef: {name: letsencrypt, kind: ClusterIssuer}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letsencrypt}
spec: {acme: {server: "https://acme-v02.api.letsencrypt.org/directory"}}
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  endpoints: [{port: metrics}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: traefik, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: traefik}}
  template:
    metadata: {labels: {app: traefik}}
    spec:
      serviceAccountName: traefik
      containers:
      - name: traefik
        image: traefik:v3.6.1
        args: [--providers.kubernetescrd, "--entryPoints.websecure.address=:8443"]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: traefik, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: traefik}
rules:
- {apiGroups: [""], resources: [services, secrets], verbs: [get, list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: traefik}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: traefik}
subjects: [{kind: ServiceAccount, name: traefik, namespace: shop}]
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: driver.longhorn.io
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 5Gi}}}
"""
OTHER = "\napiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n"


def downtime(*replaced: tuple[str, str]) -> dict[str, list[str]]:
    return reasons("downtime", SHOP, changed(SHOP, *replaced))


@pytest.mark.parametrize(
    ("before", "after", "object_", "told"),
    [
        ("middlewares: [{name: limit}]", "middlewares: [{name: limits}]", "IngressRoute/web", "and answers 404"),
        ("[{name: web, port: http}]", "[{name: web, port: 81}]", "IngressRoute/web", ": nobody answers there"),
        ("[{name: web, port: http}]", "[{name: wbe, port: http}]", "IngressRoute/web", ": nobody answers there"),
        ("[websecure]", "[websecured]", "IngressRoute/web", ": Traefik does not take its requests there"),
        ("tls: {secretName: web-tls}", "tls: {secretName: web}", "IngressRoute/web", "certificate that browsers trust"),
        ("issuerRef: {name: lets", "issuerRef: {name: let", "Certificate/web", "no certificate is issued or renewed"),
        ("Ref: {name: store,", "Ref: {name: vault,", "ExternalSecret/login", ": its Secrets are not refreshed"),
        ("{name: login, key: password}", "{name: logins, key: password}", "Deployment/web", "pods do not start"),
        ("{name: login, key: password}", "{name: login, key: passwd}", "Deployment/web", "pods do not start"),
        ("serviceAccountName: traefik", "serviceAccountName: traefk", "Deployment/traefik", "pods are refused"),
        ("[{port: metrics}]", "[{port: metric}]", "ServiceMonitor/web", "scraped, and its alerts stay silent"),
        (
            "labels: {app: web}}\nspec:\n  selector: {app",
            "labels: {app: w}}\nspec:\n  selector: {app",
            "Service/web",
            "silent",
        ),
    ],
)
def test_a_slip_of_the_pen(before: str, after: str, object_: str, told: str) -> None:
    found = downtime((before, after))[f"shop/{object_}"]
    assert any(reason.endswith(told) for reason in found), found


@pytest.mark.parametrize(("host", "told"), [("wbe", 1), ("web", 0)])
def test_an_address_that_is_that_of_no_service(host: str, told: int) -> None:
    before = SHOP + "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"
    after = before.replace("http://web:80", f"http://{host}.shop.svc:80")
    found = [c.reason for item in review(examples(before), examples(after)).objects for c in item.concerns]
    assert sum(reason.endswith("names no Service of namespace shop: nobody answers there") for reason in found) == told


def test_an_entry_point_that_traefik_has_no_longer() -> None:
    found = downtime(("--entryPoints.websecure.", "--entryPoints.secure."))
    assert found["shop/Deployment/traefik"][0] == (
        'IngressRoute web names entry point "websecure" (known: secure, traefik): Traefik does not take its requests '
        "there"
    )


def test_a_store_that_no_longer_serves_a_namespace() -> None:
    before = SHOP.replace("spec: {provider: {vault", "spec: {conditions: [{namespaces: [shop]}], provider: {vault")
    found = reasons("downtime", before, changed(before, ("namespaces: [shop]", "namespaces: [blog]")))
    assert found == {
        "ClusterSecretStore/store": [
            "ExternalSecret login names ClusterSecretStore store, whose conditions do not admit namespace shop: its "
            "Secrets are not refreshed"
        ]
    }


def test_several_that_find_no_longer_what_they_name() -> None:
    before = SHOP.replace("--providers.kubernetescrd,", "--providers.kubernetescrd.namespaces=shop,")
    found = reasons("downtime", before, changed(before, ("namespaces=shop", "namespaces=blog")))
    assert found["shop/Deployment/traefik"][0].startswith(
        "IngressRoute web and Middleware limit are in a namespace that no Traefik watches"
    )


@pytest.mark.parametrize(("target", "told"), [("", True), ("\n  target: {creationPolicy: Orphan}", False)])
def test_a_secret_that_stays_when_its_external_secret_is_gone(target: str, told: bool) -> None:
    before = SHOP.replace("data: [{secretKey", f"refreshInterval: 1h{target}\n  data: [{{secretKey")
    gone = next(text for text in before.split("---\n") if "kind: ExternalSecret" in text)
    found = reasons("downtime", before, changed(before, (gone, OTHER.lstrip())))
    reason = "Secret login is gone, and web still names it: it does not start again without it"
    assert found == ({"shop/ExternalSecret/login": [reason]} if told else {})


QUOTA = """---
apiVersion: v1
kind: ResourceQuota
metadata: {name: cpu, namespace: shop}
spec: {hard: {requests.cpu: 4}}
"""


def test_an_amount_that_a_quota_counts_is_not_stated() -> None:
    told = "not state requests.cpu, which a ResourceQuota counts: pods are refused when they are made the next time"
    assert reasons("downtime", SHOP, SHOP + QUOTA) == {"shop/ResourceQuota/cpu": [f"traefik, web and worker do {told}"]}
    stated = SHOP.replace("image: ", "resources: {requests: {cpu: 100m}}\n        image: ")
    assert reasons("downtime", stated, stated + QUOTA) == {}
    one = stated.replace("resources: {requests: {cpu: 100m}}\n        image: example/worker", "image: example/worker")
    assert reasons("downtime", stated + QUOTA, one + QUOTA) == {"shop/Deployment/worker": [f"worker does {told}"]}


def test_what_was_missing_before_is_no_news() -> None:
    before = SHOP.replace("middlewares: [{name: limit}]", "middlewares: [{name: limits}]")
    after = before.replace("example/web:1.0.0", "example/web:1.0.1").replace("average: 10", "average: 20")
    told = [c.risk for item in review(examples(before), examples(after)).objects for c in item.concerns]
    assert "what-it-names-is-not-there" not in told


def test_where_some_secrets_are_made_elsewhere_others_may_be() -> None:
    before = SHOP.replace('value: "http://web:80"', "valueFrom: {secretKeyRef: {name: by-hand, key: url}}")
    after = before.replace("secretKeyRef: {name: login,", "secretKeyRef: {name: logins,")
    told = [c.risk for item in review(examples(before), examples(after)).objects for c in item.concerns]
    assert told == ["pods-are-replaced"]


def test_a_target_that_is_gone_is_told_once() -> None:
    middleware = SHOP.split("---\n")[6]
    assert downtime((middleware, OTHER.lstrip())) == {
        "shop/Middleware/limit": [
            "Middleware limit is gone, and IngressRoute web still names it: Traefik drops the route, and answers 404"
        ]
    }


def test_a_class_of_volumes_that_is_gone() -> None:
    storage_class = next(text for text in SHOP.split("---\n") if "kind: StorageClass" in text)
    assert downtime((storage_class, OTHER.lstrip())) == {
        "StorageClass/fast": [
            "StorageClass fast is gone, and PersistentVolumeClaim data still names it: no volume of it is made or grows"
        ]
    }


@pytest.mark.parametrize(
    ("replaced", "told"),
    [
        # The old pods of worker ask port 80 until all are new.
        (
            [("port: 80, targetPort: 8080", "port: 8080"), ("http://web:80", "http://web:8080")],
            "port 80 is gone at once, and worker connects to it until all pods are new",
        ),
        (
            [("targetPort: 8080", "targetPort: 9090"), ("containerPort: 8080", "containerPort: 9090")],
            "it leads at once port 80 to 9090, on which those pods of web that run do not listen: until all are new, "
            "requests fail",
        ),
        ([("targetPort: 8080", "targetPort: http"), ("containerPort: 8080", "containerPort: 9090")], None),
        ([("name: http, port: 80,", "name: http, port: 80, appProtocol: http,")], None),
        (
            [("  selector: {app: web}\n", "  type: ExternalName\n  externalName: shop.example.com\n")],
            "it leads to shop.example.com and no longer to web",
        ),
        (
            [
                (
                    "  selector: {app: web}\n",
                    "  selector: {app: web}\n  type: ExternalName\n  externalName: db.example.com\n",
                )
            ],
            "it leads to db.example.com and no longer to web",
        ),
        (
            [
                (
                    "  ports: [{name: http, port: 80, targetPort: 8080}, {name: metrics, port: 9100}]",
                    "  type: ExternalName\n  externalName: db.example.com",
                )
            ],
            "it leads to db.example.com and no longer to web",
        ),
        (
            [("  selector: {app: web}\n", "")],
            "it has no selector any more: it leads to the pods of web that run now, and to none that come",
        ),
    ],
)
def test_a_service_that_others_connect_to(replaced: list[tuple[str, str]], told: str | None) -> None:
    assert downtime(*replaced).get("shop/Service/web", []) == ([told] if told else [])


READ = "resources: [services, secrets], verbs: [get, list, watch]"


@pytest.mark.parametrize(
    ("replaced", "told"),
    [
        (
            [(READ, "resources: [services, secrets], verbs: [get]")],
            {"ClusterRole/traefik": "list and watch secrets and services"},
        ),
        (
            [(READ, "resources: [services], verbs: [get, list, watch]")],
            {"ClusterRole/traefik": "get, list and watch secrets"},
        ),
        (
            [("name: traefik, namespace: shop}]", "name: traefik, namespace: ship}]")],
            {"ClusterRoleBinding/traefik": "get, list and watch secrets and services"},
        ),
        ([(READ, 'resources: ["*"], verbs: [get, list, watch]')], {}),
        # Another version may need less.
        ([(READ, "resources: [services], verbs: [get]"), ("traefik:v3.6.1", "traefik:v3.6.2")], {}),
    ],
)
def test_rights_that_are_gone(replaced: list[tuple[str, str]], told: dict[str, str]) -> None:
    assert downtime(*replaced) == {name: [f"traefik may no longer {rights}"] for name, rights in told.items()}
