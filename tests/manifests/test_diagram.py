"""The picture: which boxes and edges it has, where they stand, and what a change marks."""

import random
from collections.abc import Mapping
from typing import Any

import pytest

from vkm_manifests.diagram import Mark, Picture, as_d2, as_mermaid
from vkm_manifests.diagram.boxes import Box
from vkm_manifests.diagram.picture import boxes_in
from vkm_manifests.graph.graph import Graph
from vkm_manifests.identity import Identity
from vkm_manifests.verify.rule import examples

SHOP = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccountName: web
      containers:
      - name: web
        image: registry.test/shop/web:1.0@sha256:00
        ports: [{containerPort: 8080}]
        env:
        - {name: DB_HOST, value: "db:5432"}
        - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db-creds, key: password}}}
        - {name: SETTINGS, valueFrom: {configMapKeyRef: {name: settings, key: a}}}
      - {name: proxy, image: nginx:1.29}
---
{apiVersion: v1, kind: ServiceAccount, metadata: {name: web, namespace: shop}}
---
{apiVersion: v1, kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {a: b}}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  template:
    metadata: {labels: {app: db}}
    spec:
      containers: [{name: db, image: "postgres:17", ports: [{containerPort: 5432}]}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: db-data}}]
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {selector: {app: db}, ports: [{port: 5432}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: db-data, namespace: shop}
spec: {accessModes: [ReadWriteOnce], storageClassName: fast, resources: {requests: {storage: 5Gi}}}
---
{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: fast}, provisioner: disks.test}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop}
spec:
  tls: [{hosts: [shop.test], secretName: shop-tls}]
  rules:
  - host: shop.test
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: shop, namespace: shop}
spec: {secretName: shop-tls, dnsNames: [shop.test], issuerRef: {kind: ClusterIssuer, name: letters}}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letters}
spec: {acme: {server: "https://acme.test/directory"}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db, namespace: shop}
spec:
  secretStoreRef: {kind: SecretStore, name: vault}
  target: {name: db-creds}
  data: [{secretKey: password, remoteRef: {key: x}}]
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: vault, namespace: shop}
spec: {provider: {vault: {server: x}}}
"""

WEB, DB, DATA, ROUTE = (
    "shop/Deployment/web",
    "shop/StatefulSet/db",
    "shop/PersistentVolumeClaim/db-data",
    "shop/Ingress/shop",
)


def _picture(*documents: str, **options: Any) -> Picture:
    return Picture.of(Graph(examples("\n---\n".join(documents))), **options)


def _boxes(picture: Picture) -> Mapping[str, Box]:
    return {box.key: box for box in boxes_in(picture)}


def _edges(picture: Picture) -> set[tuple[str, str, str, str]]:
    return {(edge.source, edge.target, edge.kind, edge.label) for edge in picture.edges}


def _workload(name: str, image: str = "x:1", kind: str = "Deployment", more: str = "", labels: str = "") -> str:
    group = "batch/v1" if kind == "Job" else "apps/v1"
    return f"""
apiVersion: {group}
kind: {kind}
metadata: {{name: {name}, namespace: shop}}
spec:
  template:
    metadata: {{labels: {{app: {name}{labels}}}}}
    spec: {{containers: [{{name: main, image: "{image}", ports: [{{containerPort: 80}}]{more}}}]}}
"""


def _policy(pod: str, rest: str) -> str:
    return f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {pod}-policy, namespace: shop}}
spec: {{podSelector: {{matchLabels: {{app: {pod}}}}}, {rest}}}
"""


# Boxes.


def test_what_stands_for_what() -> None:
    kinds = {key: box.kind for key, box in _boxes(_picture(SHOP)).items()}
    assert kinds == {
        "outside": "outside",
        WEB: "workload",
        DB: "database",
        DATA: "volume",
        ROUTE: "route",
        "ClusterIssuer/letters": "platform",
        "StorageClass/fast": "platform",
        "shop/SecretStore/vault": "platform",
    }


def test_a_workload_says_how_many_of_what_and_which_secrets() -> None:
    web = _boxes(_picture(SHOP))[WEB]
    assert (web.title, web.lines) == ("web", ("Deployment \u00d7 2", "web 1.0 + nginx", "secrets: db-creds"))


def test_a_volume_says_its_size_class_and_access() -> None:
    assert _boxes(_picture(SHOP))[DATA].lines == ("5Gi · fast · one node",)


def test_a_route_is_called_after_its_host_and_names_its_issuer() -> None:
    route = _boxes(_picture(SHOP))[ROUTE]
    assert (route.title, route.lines) == ("shop.test", ("Ingress shop", "TLS: letters"))


def test_the_platform_says_what_it_is_and_how_many_use_it() -> None:
    boxes = _boxes(_picture(SHOP))
    assert boxes["ClusterIssuer/letters"].lines == ("ClusterIssuer", "acme.test", "1 certificate")
    assert boxes["StorageClass/fast"].lines == ("StorageClass", "disks.test", "1 volume")
    assert boxes["shop/SecretStore/vault"].lines == ("SecretStore", "vault", "1 secret")


@pytest.mark.parametrize(("kind", "words"), [("Job", "Job"), ("DaemonSet", "DaemonSet on each node")])
def test_kinds_of_workloads(kind: str, words: str) -> None:
    (box,) = boxes_in(_picture(_workload("a", kind=kind)))
    assert (box.lines[0], box.kind) == (words, "job" if kind == "Job" else "workload")


def test_a_cron_job_says_when() -> None:
    (box,) = boxes_in(
        _picture('{apiVersion: batch/v1, kind: CronJob, metadata: {name: a}, spec: {schedule: "5 1 * * *"}}')
    )
    assert (box.kind, box.lines) == ("job", ("CronJob 5 1 * * *",))


def test_a_stateful_set_has_the_volumes_of_its_templates() -> None:
    claims = "volumeClaimTemplates: [{metadata: {name: data}, spec: {resources: {requests: {storage: 1Gi}}}}]"
    picture = _picture(
        f"{{apiVersion: apps/v1, kind: StatefulSet, metadata: {{name: a, namespace: n}}, spec: {{{claims}}}}}"
    )
    assert _boxes(picture)["n/StatefulSet/a/data"].lines == ("1Gi", "one for each pod")
    assert _edges(picture) == {("n/StatefulSet/a", "n/StatefulSet/a/data", "mounts", "")}


def test_a_gateway_stands_between_clients_and_routes() -> None:
    picture = _picture(
        "{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {name: gate, namespace: shop},"
        " spec: {listeners: [{port: 443, protocol: HTTPS}]}}",
        "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: web, namespace: shop},"
        " spec: {hostnames: [a.test], parentRefs: [{name: gate}], rules: [{backendRefs: [{name: web, port: 80}]}]}}",
        SHOP.partition("---\napiVersion: networking")[0],
    )
    assert _edges(picture) >= {
        ("outside", "shop/Gateway/gate", "routes", "443"),
        ("shop/Gateway/gate", "shop/HTTPRoute/web", "routes", ""),
        ("shop/HTTPRoute/web", WEB, "routes", "8080"),
    }


OPERATED = """
{apiVersion: monitoring.coreos.com/v1, kind: Prometheus, metadata: {name: p, namespace: shop}, spec: {replicas: 2}}
---
{apiVersion: postgresql.cnpg.io/v1, kind: Cluster, metadata: {name: pg, namespace: shop}, spec: {instances: 3}}
---
apiVersion: grafana.integreatly.org/v1beta1
kind: Grafana
metadata: {name: filled, namespace: shop}
spec: {external: {url: http://g.test}}
---
{apiVersion: cluster.x-k8s.io/v1, kind: Cluster, metadata: {name: other, namespace: shop}}
"""


def test_what_an_operator_makes_pods_of_is_a_box() -> None:
    boxes = {box.title: (box.kind, box.lines[0]) for box in boxes_in(_picture(OPERATED))}
    assert boxes == {"p": ("workload", "Prometheus \u00d7 2"), "pg": ("database", "Cluster \u00d7 3")}


def test_an_operators_prometheus_reads_what_the_monitors_select() -> None:
    monitor = """
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: a, namespace: shop}
spec: {selector: {matchLabels: {app: a}}, podMetricsEndpoints: [{portNumber: 80}]}
"""
    documents = (_workload("a"), _workload("b"), OPERATED, monitor)
    assert _edges(_picture(*documents, show=["scrapes"])) == {
        ("shop/Prometheus/p", "shop/Deployment/a", "scrapes", "80")
    }


def test_a_very_long_name_is_cut() -> None:
    (box,) = boxes_in(_picture(_workload("a" * 200, image=f"{'b' * 200}:1")))
    assert (box.title, box.lines[1:]) == ("a" * 59 + "…", ("b" * 59 + "…", "1"))


def test_pods_made_elsewhere_are_there_only_if_somebody_connects() -> None:
    note = "vkm-constructs/made-outside: '[{kind: Pod, name: op, namespace: ops, labels: {app: op}, by: x}]'"
    noted = f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: c, namespace: shop, annotations: {{{note}}}}}}}"
    assert "ops/Pod/op" not in _boxes(_picture(SHOP, noted))
    peer = "from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: op}}}]"
    picture = _picture(SHOP, noted, _policy("web", f"ingress: [{{{peer}}}]"))
    assert _boxes(picture)["ops/Pod/op"].kind == "elsewhere"
    assert ("ops/Pod/op", WEB, "talks", "8080") in _edges(picture)


def test_the_way_out_by_address_is_said_in_the_box() -> None:
    out = (
        "egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}, {to: [{ipBlock: {cidr: 192.0.2.1/32}}]}]"
    )
    lines = _boxes(_picture(SHOP, _policy("web", f"policyTypes: [Egress], {out}")))[WEB].lines
    assert lines[-2:] == ("to 192.0.2.1/32: any port", "to the internet: 443")


def test_a_password_in_an_address_is_not_drawn() -> None:
    target = """
apiVersion: longhorn.io/v1beta2
kind: BackupTarget
metadata: {name: b, namespace: n}
spec: {backupTargetURL: "https://me:hunter2@backup.test/x"}
"""
    (box,) = boxes_in(_picture(target))
    assert box.lines == ("BackupTarget", "https://backup.test/x")


def test_the_value_of_a_secret_is_never_drawn() -> None:
    secret = (
        "{apiVersion: v1, kind: Secret, metadata: {name: db-creds, namespace: shop}, stringData: {password: hunter2}}"
    )
    used = _workload("a", more=", env: [{name: P, value: hunter2}], args: [--password=hunter2]")
    picture = _picture(SHOP, secret, used, show=["provides", "scrapes"])
    assert "hunter2" not in as_mermaid(picture)
    assert "hunter2" not in as_d2(picture)


# Edges.


def test_the_edges_of_a_small_shop() -> None:
    assert _edges(_picture(SHOP)) == {
        ("outside", ROUTE, "routes", ""),
        (ROUTE, WEB, "routes", "8080"),
        (WEB, DB, "talks", "5432"),
        (DB, DATA, "mounts", ""),
    }


def test_the_platform_is_joined_on_request() -> None:
    more = _edges(_picture(SHOP, show=["provides"])) - _edges(_picture(SHOP))
    assert more == {
        ("ClusterIssuer/letters", ROUTE, "provides", "shop-tls"),
        ("StorageClass/fast", DATA, "provides", ""),
        ("shop/SecretStore/vault", WEB, "provides", "db-creds"),
    }


def test_who_reads_metrics_is_drawn_on_request_and_counted_always() -> None:
    config = '"scrape_configs: [{job_name: web}]"'
    documents = (
        SHOP,
        "{apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: web, namespace: shop},"
        " spec: {selector: {}, endpoints: [{targetPort: 8080}]}}",
        f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: prom, namespace: shop}}, data: {{p.yml: {config}}}}}",
        """
apiVersion: apps/v1
kind: Deployment
metadata: {name: prom, namespace: shop}
spec:
  template:
    spec:
      containers: [{name: p, image: "prom/prometheus:v3", volumeMounts: [{name: c, mountPath: /etc/p}]}]
      volumes: [{name: c, configMap: {name: prom}}]
""",
    )
    scraping = ("shop/Deployment/prom", WEB, "scrapes", "8080")
    assert scraping in _edges(_picture(*documents, show=["scrapes"]))
    assert scraping not in _edges(_picture(*documents))
    assert "scrapes 2 workloads" in _boxes(_picture(*documents))["shop/Deployment/prom"].lines


def test_a_connection_that_a_policy_stops_is_drawn_as_stopped() -> None:
    assert (WEB, DB, "blocked", "5432") in _edges(_picture(SHOP, _policy("db", "policyTypes: [Ingress]")))
    opened = _policy("db", "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]")
    assert (WEB, DB, "talks", "5432") in _edges(_picture(SHOP, opened))


def test_what_policies_open_by_label_is_a_connection_only_if_both_ends_agree() -> None:
    into = _policy("b", "ingress: [{from: [{podSelector: {matchLabels: {app: a}}}]}]")
    way = ("shop/Deployment/a", "shop/Deployment/b", "talks", "80")
    assert _edges(_picture(_workload("a"), _workload("b"), into)) == {way}
    shut = _policy("a", "policyTypes: [Egress]")
    assert _edges(_picture(_workload("a"), _workload("b"), into, shut)) == set()


def test_a_policy_for_everybody_draws_no_web_of_arrows() -> None:
    everybody = _policy("b", "ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}}]}]")
    assert _edges(_picture(_workload("a"), _workload("b"), everybody)) == set()


def test_looking_up_names_is_left_out() -> None:
    noted = """
apiVersion: v1
kind: ConfigMap
metadata:
  name: c
  namespace: shop
  annotations:
    vkm-constructs/made-outside: "[{kind: Pod, name: dns, namespace: s, labels: {k: dns}, ports: {dns: 53}, by: x}]"
"""
    rule = "egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k: dns}}}], ports: [{port: 53}]}]"
    assert _edges(_picture(_workload("a"), noted, _policy("a", rule))) == set()


def test_an_exposed_service_lets_clients_in_on_its_own_ports() -> None:
    service = SHOP.replace("spec: {selector: {app: web}, ports", "spec: {type: NodePort, selector: {app: web}, ports")
    assert ("outside", WEB, "routes", "80") in _edges(_picture(service))


def test_traefik_stands_before_its_routes() -> None:
    route = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec: {routes: [{kind: Rule, match: Host(`a.test`), services: [{kind: TraefikService, name: split}]}]}
---
apiVersion: traefik.io/v1alpha1
kind: TraefikService
metadata: {name: split, namespace: shop}
spec: {weighted: {services: [{name: web, port: 80}]}}
"""
    edges = _edges(_picture(SHOP, route, _workload("traefik", image="traefik:v3")))
    assert ("shop/Deployment/traefik", "shop/IngressRoute/web", "routes", "") in edges
    assert ("shop/IngressRoute/web", WEB, "routes", "8080") in edges
    assert ("shop/Deployment/traefik", WEB, "talks", "8080") not in edges


def test_a_route_to_what_is_not_there_still_comes_from_traefik() -> None:
    route = "{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {name: a, namespace: shop}}"
    edges = _edges(_picture(route, _workload("traefik", image="traefik:v3")))
    assert edges == {("shop/Deployment/traefik", "shop/IngressRoute/a", "routes", "")}
    assert _edges(_picture(route)) == {("outside", "shop/IngressRoute/a", "routes", "")}


@pytest.mark.parametrize(("host", "drawn"), [("db.example.com", True), ("db.shop.svc.cluster.local", False)])
def test_a_route_may_lead_out_of_the_cluster(host: str, drawn: bool) -> None:
    route = f"""
apiVersion: traefik.io/v1alpha1
kind: IngressRouteTCP
metadata: {{name: db, namespace: shop}}
spec: {{routes: [{{match: HostSNI(`*`), services: [{{name: far, port: 5432}}]}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: far, namespace: shop}}
spec: {{type: ExternalName, externalName: {host}}}
"""
    picture = _picture(route)
    assert (("shop/IngressRouteTCP/db", "shop/Service/far", "routes", "5432") in _edges(picture)) is drawn
    assert (host in {box.title for box in picture.boxes}) is drawn


def test_the_host_of_a_certificate_is_not_connected_to() -> None:
    service = (
        "{apiVersion: v1, kind: Service, metadata: {name: b, namespace: shop},"
        " spec: {selector: {app: b}, ports: [{port: 80}]}}"
    )
    for image, drawn in (("registry.test/kube-webhook-certgen:v1", False), ("x:1", True)):
        job = _workload("a", image=image, kind="Job", more=", args: [create, '--host=b,b.shop.svc']")
        assert bool(_edges(_picture(job, _workload("b"), service))) is drawn


# Groups.


def test_boxes_stand_in_their_namespace_and_what_has_none_apart() -> None:
    picture = _picture(SHOP, "{apiVersion: v1, kind: Pod, metadata: {name: lost}}")
    titles = {group.title: {box.title for box in group.boxes} for group in picture.groups}
    assert titles == {
        "cluster-wide": {"fast", "letters"},
        "no namespace": {"lost"},
        "shop": {"db", "db-data", "shop.test", "vault", "web"},
    }


SIBLINGS = ", app.kubernetes.io/name: app"
TO_DB = ", env: [{name: DB_HOST, value: 'db:5432'}]"


def test_siblings_share_the_arrows_that_all_of_them_have() -> None:
    picture = _picture(
        SHOP,
        _workload("one", more=TO_DB, labels=SIBLINGS),
        _workload(
            "two",
            more=", env: [{name: DB_HOST, value: 'db:5432'}, {name: WEB_URL, value: 'http://web'}]",
            labels=SIBLINGS,
        ),
    )
    (shop,) = (group for group in picture.groups if group.title == "shop")
    (app,) = shop.groups
    assert (app.title, [box.title for box in app.boxes]) == ("app", ["one", "two"])
    of_app = {edge for edge in _edges(picture) if edge[0] in (app.key, "shop/Deployment/one", "shop/Deployment/two")}
    assert of_app == {(app.key, DB, "talks", "5432"), ("shop/Deployment/two", WEB, "talks", "8080")}


def test_siblings_with_nothing_in_common_stand_alone() -> None:
    picture = _picture(SHOP, _workload("one", more=TO_DB, labels=SIBLINGS), _workload("two", labels=SIBLINGS))
    assert all(not group.groups for group in picture.groups)


# Parts of it.


OTHER = """
apiVersion: v1
kind: Pod
metadata: {name: far, namespace: other}
spec: {containers: [{name: a, env: [{name: DB_HOST, value: "db.shop:5432"}]}]}
---
{apiVersion: v1, kind: Pod, metadata: {name: alone, namespace: other}}
"""


def test_one_namespace_with_what_is_beside_it() -> None:
    assert set(_boxes(_picture(SHOP, OTHER, namespaces=["other"]))) == {"other/Pod/far", "other/Pod/alone", DB}
    shop = set(_boxes(_picture(SHOP, OTHER, namespaces=["shop"])))
    assert shop == {*_boxes(_picture(SHOP)), "other/Pod/far"} - {"ClusterIssuer/letters", "StorageClass/fast"}


def test_one_namespace_with_what_the_platform_gives_it() -> None:
    other_class = "{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: slow}, provisioner: disks.test}"
    assert set(_boxes(_picture(SHOP, other_class, namespaces=["shop"], show=["provides"]))) == set(
        _boxes(_picture(SHOP))
    )


def test_the_whole_way_of_requests_is_kept() -> None:
    route = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec: {routes: [{kind: Rule, match: Host(`a.test`), services: [{name: web, port: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: t, namespace: edge}
spec: {type: LoadBalancer, selector: {app: t}, ports: [{port: 443}]}
---
apiVersion: v1
kind: Pod
metadata: {name: t, namespace: edge, labels: {app: t}}
spec: {containers: [{image: traefik}]}
"""
    whole = {"outside", "edge/Pod/t", "shop/IngressRoute/web", WEB}
    assert whole <= set(_boxes(_picture(SHOP, route, namespaces=["shop"])))
    assert whole == set(_boxes(_picture(SHOP, route, namespaces=["edge"])))


# The overview.


def test_an_overview_says_names_and_joins_namespaces() -> None:
    picture = _picture(SHOP, OTHER, overview=True)
    assert {(box.title, box.lines) for box in boxes_in(picture)} == {
        ("Clients", ()),
        ("alone", ("Pod",)),
        ("db", ("StatefulSet \u00d7 1",)),
        ("db-data", ()),
        ("far", ("Pod",)),
        ("shop.test", ("Ingress shop",)),
        ("web", ("Deployment \u00d7 2",)),
    }
    assert _edges(picture) == {("other", "shop", "talks", ""), ("outside", "shop", "routes", "")}
    assert "x_other --> x_shop" in as_mermaid(picture)
    assert "x_other -> x_shop:" in as_d2(picture)


def test_an_overview_shows_the_platform_that_is_joined() -> None:
    picture = _picture(SHOP, overview=True, show=["provides"])
    assert {box.title for box in boxes_in(picture) if box.kind == "platform"} == {"fast", "letters", "vault"}
    assert ("/cluster-wide", "shop", "provides", "") in _edges(picture)


# Changes.


def _marks(*changes: tuple[str, str, Mark]) -> Mapping[str, Mark | None]:
    graph = Graph(examples("\n---\n".join((SHOP, OTHER, BELONGING))))
    identities = {(r.kind, r.name): r.identity for r in graph.resources}
    marks: dict[Identity, Mark] = {identities[kind, name]: mark for kind, name, mark in changes}
    return {box.key: box.mark for box in boxes_in(Picture.of(graph, marks, only_marked=True))}


BELONGING = """
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec: {selector: {matchLabels: {app: web}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}}
---
{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: reader, namespace: shop}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web, namespace: shop}
roleRef: {kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: all, namespace: shop}
spec: {selector: {matchLabels: {a: b}}}
"""


def test_a_change_shows_what_changed_and_what_is_beside_it() -> None:
    assert _marks(("StatefulSet", "db", "removed")) == {
        DB: "removed", WEB: None, DATA: None, "other/Pod/far": None,
    }  # fmt: skip


def test_a_mark_is_said_in_words_too() -> None:
    graph = Graph(examples(SHOP))
    picture = Picture.of(graph, {Identity("shop", "StatefulSet", "db", "apps"): "added"}, only_marked=True)
    assert "#40;added#41;" in as_mermaid(picture)
    assert r"db\n(added)\n" in as_d2(picture)


@pytest.mark.parametrize(
    ("kind", "name", "box"),
    [("ConfigMap", "settings", WEB), ("ExternalSecret", "db", WEB), ("Certificate", "shop", ROUTE)],
)
def test_what_is_read_marks_who_reads_it(kind: str, name: str, box: str) -> None:
    marked = {key for key, mark in _marks((kind, name, "added")).items() if mark == "changed"}
    assert marked == {box}


@pytest.mark.parametrize(
    ("kind", "name", "ends"),
    [
        ("Service", "web", (ROUTE, WEB)),
        ("Service", "db", (WEB, DB)),
        ("NetworkPolicy", "db", (WEB, DB)),
        ("NetworkPolicy", "out", (WEB, DB)),
    ],
)
def test_what_lies_between_two_boxes_marks_the_arrow(kind: str, name: str, ends: tuple[str, str]) -> None:
    """No box is marked: a workload does not restart because somebody may connect to it."""
    out = "{podSelector: {matchLabels: {app: web}}, egress: [{to: [{podSelector: {matchLabels: {app: db}}}]}]}"
    policies = (
        _policy("db", "ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]").replace("db-policy", "db"),
        "{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {name: out, namespace: shop},"
        f" spec: {out}}}",
    )
    identity = Identity("shop", kind, name, "networking.k8s.io" if kind == "NetworkPolicy" else "")
    picture = _picture(SHOP, *policies, marks={identity: "changed"}, only_marked=True)
    assert {(edge.source, edge.target) for edge in picture.edges if edge.mark == "changed"} == {ends}
    assert {key for key, box in _boxes(picture).items() if not box.mark} == set(ends)
    assert as_mermaid(picture).count("#40;changed#41;") == 1
    assert as_d2(picture).count("(changed)") == 1


def test_a_policy_for_who_takes_requests_marks_the_arrow_behind_the_route() -> None:
    route = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec: {routes: [{kind: Rule, match: Host(`a.test`), services: [{name: web, port: 80}]}]}
"""
    into = _policy("web", "ingress: [{from: [{podSelector: {matchLabels: {app: traefik}}}]}]")
    documents = (SHOP, _workload("traefik", image="traefik:v3"), route, into)
    marks: dict[Identity, Mark] = {Identity("shop", "NetworkPolicy", "web-policy", "networking.k8s.io"): "added"}
    picture = _picture(*documents, marks=marks, only_marked=True)
    assert {(edge.source, edge.target) for edge in picture.edges if edge.mark} == {("shop/IngressRoute/web", WEB)}


def test_a_box_keeps_its_own_mark() -> None:
    found = _marks(("Deployment", "web", "added"), ("ConfigMap", "settings", "changed"))
    assert found[WEB] == "added"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("HorizontalPodAutoscaler", "web"),
        ("NetworkPolicy", "web"),
        ("PodDisruptionBudget", "web"),
        ("Role", "reader"),
        ("RoleBinding", "web"),
        ("ServiceAccount", "web"),
        ("ServiceMonitor", "all"),
    ],
)
def test_what_nobody_reads_marks_nothing(kind: str, name: str) -> None:
    assert _marks((kind, name, "added")) == {}


def test_the_arrows_of_what_came_or_went_are_marked() -> None:
    graph = Graph(examples(SHOP))
    picture = Picture.of(graph, {Identity("shop", "StatefulSet", "db", "apps"): "removed"})
    assert {(edge.source, edge.target): edge.mark for edge in picture.edges} == {
        ("outside", ROUTE): None,
        (ROUTE, WEB): None,
        (WEB, DB): "removed",
        (DB, DATA): "removed",
    }


def test_a_large_change_is_cut_to_what_can_be_read_marked_boxes_first() -> None:
    pods = [f"{{apiVersion: v1, kind: Pod, metadata: {{name: p{n:02}, namespace: n}}}}" for n in range(45)]
    graph = Graph(examples("\n---\n".join((*pods, SHOP))))
    marks: dict[Identity, Mark] = {Identity("n", "Pod", f"p{n:02}"): "added" for n in range(39)}
    marks[Identity("shop", "StatefulSet", "db", "apps")] = "changed"
    boxes = list(boxes_in(Picture.of(graph, marks, only_marked=True)))
    assert [box.title for box in boxes if not box.mark] == ["and 2 more"]
    assert len(boxes) == 41


# Whatever comes.


def test_the_order_of_the_input_changes_nothing() -> None:
    manifests = examples("\n---\n".join((SHOP, OTHER, BELONGING)))
    drawn = as_d2(Picture.of(Graph(manifests), show=["provides", "scrapes"]))
    for seed in range(5):
        random.Random(seed).shuffle(manifests)
        assert as_d2(Picture.of(Graph(manifests), show=["provides", "scrapes"])) == drawn


ODD = """
{apiVersion: networking.k8s.io/v1, kind: Ingress, spec: {rules: [{host: 3}, 4]}}
---
{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, spec: {listeners: [{port: x}, 5, {port: 80}]}}
---
{apiVersion: cert-manager.io/v1, kind: ClusterIssuer, spec: {acme: {server: "http://[::bad"}}}
---
{apiVersion: external-secrets.io/v1, kind: SecretStore, spec: {provider: {1: {vault: {a: 1}}, x: null}}}
---
{apiVersion: storage.k8s.io/v1, kind: StorageClass, parameters: {numberOfReplicas: 3}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
spec:
  podSelector: {}
  egress: [{to: [{ipBlock: {cidr: x}}, {ipBlock: null}, {podSelector: {matchLabels: {a: 3}}}], ports: [{port: {}}, {}]}]
---
{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: s}, spec: {replicas: "2", volumeClaimTemplates: [{}, 3]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {containers: [{image: 3}, {}]}}
---
{apiVersion: externaldns.k8s.io/v1alpha1, kind: DNSEndpoint, spec: {endpoints: [{dnsName: 1, targets: [2]}]}}
---
{apiVersion: longhorn.io/v1beta2, kind: BackupTarget, spec: {backupTargetURL: []}}
"""


def test_odd_manifests_are_drawn_as_far_as_they_go() -> None:
    picture = _picture(ODD, show=["provides", "scrapes"])
    assert len(list(boxes_in(picture))) == 11
    assert as_mermaid(picture)
    assert as_d2(picture)


def test_hundreds_of_workloads_are_drawn() -> None:
    picture = _picture(*(_workload(f"w{n}") for n in range(500)))
    assert as_mermaid(picture).count(":::workload") == 500
