"""Network: what the rules' two examples do not show."""

import pytest

from vkm_manifests.verify import RULES, Finding, verify
from vkm_manifests.verify.rule import examples

NETWORK = [name for name, rule in RULES.items() if rule.group == "Network"]


def _found(rule: str, *documents: str) -> list[Finding]:
    return verify(examples("\n---\n".join(documents)), only=[rule])


def _severities(rule: str, *documents: str) -> list[str]:
    return [finding.severity for finding in _found(rule, *documents)]


def _policy(spec: str, name: str = "policy", namespace: str = "shop") -> str:
    return f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: {name}, namespace: {namespace}}}
spec: {spec}
"""


def _pod(name: str, container: str = "", more: str = "", namespace: str = "shop") -> str:
    return f"""
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {namespace}, labels: {{app: {name}}}}}
spec: {{containers: [{{name: {name}, {container}}}]{more}}}
"""


def _service(name: str, port: int, more: str = "", namespace: str = "shop") -> str:
    return f"""
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: {{app: {name}}}, ports: [{{port: {port}}}]{more}}}
"""


SHOP = "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"
CLOSED = _policy("{podSelector: {}, policyTypes: [Ingress, Egress]}", "default-deny")
CILIUM = "{apiVersion: cilium.io/v2, kind: CiliumNetworkPolicy, metadata: {name: a, namespace: shop}}"
WEB = _pod("web", "env: [{name: DB_HOST, value: 'db:5432'}]")
DB = _pod("db", "ports: [{containerPort: 5432}]")
TALKING = "\n---\n".join((WEB, DB, _service("db", 5432)))
TO_DB = "{podSelector: {matchLabels: {app: db}}}"


@pytest.mark.parametrize(
    ("documents", "severities"),
    [
        ((SHOP, _pod("web")), ["error"]),
        ((_pod("web"),), ["warning"]),
        ((SHOP,), []),
        ((SHOP, _pod("web"), CLOSED), []),
        ((SHOP, _pod("web"), CILIUM), []),
        ((_pod("web", namespace="kube-system"),), []),
        ((SHOP, _pod("web"), _policy("{policyTypes: [Ingress]}", "a"), _policy("{policyTypes: [Egress]}", "b")), []),
        ((SHOP, _pod("web"), _policy("{podSelector: {matchLabels: {app: web}}, egress: [{to: []}]}")), ["error"]),
        # What opens a part of a direction closes the rest; what opens all of it closes nothing.
        ((SHOP, _pod("web"), _policy("{egress: [{ports: [{port: 53}]}]}")), []),
        ((SHOP, _pod("web"), CLOSED, _policy("{egress: [{}]}")), ["error"]),
    ],
)
def test_namespace_is_closed(documents: tuple[str, ...], severities: list[str]) -> None:
    assert _severities("namespace-is-closed", *documents) == severities


def test_a_missing_way_is_found_at_both_ends() -> None:
    (out,) = _found("connection-is-let-out", TALKING, CLOSED)
    assert (str(out.object), out.field) == ("shop/Pod/web", "spec.containers[web].env[DB_HOST]")
    assert "shop/Pod/web is not let out to shop/Pod/db, port 5432" in out.message
    assert "podSelector: {matchLabels: {app: db}}" in out.fix
    (into,) = _found("connection-is-let-in", TALKING, CLOSED)
    assert str(into.object) == "shop/Pod/db"
    assert "shop/Pod/db does not let shop/Pod/web in, port 5432" in into.message


@pytest.mark.parametrize("rule", ["connection-is-let-out", "connection-is-let-in"])
@pytest.mark.parametrize(
    "documents",
    [
        (TALKING,),
        (TALKING, CLOSED, CILIUM),
        (
            _pod("web", "env: [{name: DB_HOST, value: 'db:5432'}]", ", hostNetwork: true"),
            DB,
            _service("db", 5432),
            CLOSED,
        ),
        (WEB, _pod("db", "", ", hostNetwork: true"), _service("db", 5432), CLOSED),
        (WEB, DB, CLOSED),
    ],
)
def test_connections_that_are_not_asked_about(rule: str, documents: tuple[str, ...]) -> None:
    assert _found(rule, *documents) == []


def test_an_address_block_may_be_that_of_pods() -> None:
    block = "[{ipBlock: {cidr: 10.0.0.0/8}}]"
    out = _policy(
        f"{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: {block}, ports: [{{port: 5432}}]}}]}}", "o"
    )
    into = _policy(f"{{podSelector: {{}}, ingress: [{{from: {block}}}]}}", "i")
    assert _severities("connection-is-let-out", TALKING, CLOSED, out) == ["warning"]
    assert _severities("connection-is-let-in", TALKING, CLOSED, into) == ["warning"]


def test_a_shared_config_map_shows_it_with_less_certainty() -> None:
    config = "{apiVersion: v1, kind: ConfigMap, metadata: {name: env, namespace: shop}, data: {DB_HOST: 'db:5432'}}"
    web = _pod("web", "envFrom: [{configMapRef: {name: env}}]")
    assert _severities("connection-is-let-out", config, web, DB, _service("db", 5432), CLOSED) == ["warning"]


def test_clients_that_the_input_does_not_show() -> None:
    exposed = _service("db", 5432, ", type: LoadBalancer")
    assert _severities("connection-is-let-in", DB, exposed, CLOSED) == ["error"]
    assert _found("connection-is-let-out", DB, exposed, CLOSED) == []
    way = _policy("{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 5432}]}]}")
    assert _found("connection-is-let-in", DB, exposed, CLOSED, way) == []


def test_the_api_server_may_have_ways_of_its_own() -> None:
    webhook = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: a}
webhooks: [{name: a, clientConfig: {service: {name: db, namespace: shop, port: 5432}}}]
"""
    assert _severities("connection-is-let-in", DB, _service("db", 5432), CLOSED, webhook) == ["warning"]


@pytest.mark.parametrize(
    ("value", "severities"),
    [
        ("db:5432", []),
        ("db", []),
        ("db:80", ["error"]),
        ("bd", ["error"]),
        ("http://bd/", ["error"]),
        ("db.shop.svc:80", ["error"]),
        ("bd.shop.svc.cluster.local", ["error"]),
        ("bd.shop:5432", ["error"]),
        ("bd.elsewhere.svc", ["warning"]),
        ("kubernetes.default.svc", []),
        ("metrics.kube-system.svc", []),
        ("db.example.org:80", []),
        ("localhost", []),
        ("legacy", []),
        ("10.0.0.1:80", []),
        ("$(DB):80", []),
    ],
)
def test_address_names_a_service(value: str, severities: list[str]) -> None:
    aliases = ", hostAliases: [{ip: 192.0.2.1, hostnames: [legacy]}]"
    web = _pod("web", f'env: [{{name: DB_HOST, value: "{value}"}}]', aliases)
    rule = "address-names-a-service"
    assert _severities(rule, SHOP, web, DB, _service("db", 5432)) == severities
    # Without its Namespace the input may be a part of what is there.
    assert "error" not in _severities(rule, web, DB, _service("db", 5432))


@pytest.mark.parametrize(
    ("name", "value"), [("IMAGE", "db:8080"), ("CHARSET_SERVER", "utf8mb4"), ("HOSTNAME", "web-0"), ("MODE", "bd:80")]
)
def test_words_that_are_no_addresses(name: str, value: str) -> None:
    web = _pod("web", f'env: [{{name: {name}, value: "{value}"}}]')
    assert _found("address-names-a-service", SHOP, web, DB, _service("db", 5432)) == []


def test_words_in_files_are_no_addresses() -> None:
    config = """
apiVersion: v1
kind: ConfigMap
metadata: {name: nginx, namespace: shop}
data: {app.conf: "listen bd:80, log db:80 and proxy to http://app"}
"""
    web = _pod("web", "volumeMounts: [{name: a}]", ", volumes: [{name: a, configMap: {name: nginx}}]")
    assert _found("address-names-a-service", SHOP, config, web, DB, _service("db", 5432)) == []


@pytest.mark.parametrize(("address", "ok"), [("db:5432", True), ("bd:5432", False), ("db:80", False)])
def test_the_servers_of_an_upstream_of_nginx_are_addresses(address: str, ok: bool) -> None:
    config = f"""
apiVersion: v1
kind: ConfigMap
metadata: {{name: nginx, namespace: shop}}
data: {{nginx.conf: "upstream app {{ server {address}; }} proxy_pass http://app;"}}
"""
    web = _pod("web", "volumeMounts: [{name: a}]", ", volumes: [{name: a, configMap: {name: nginx}}]")
    found = _found("address-names-a-service", SHOP, config, web, DB, _service("db", 5432))
    assert [finding.severity for finding in found] == ([] if ok else ["error"])


def _dns(peer: str, ports: str = "[{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]") -> str:
    return _policy(f"{{podSelector: {{}}, policyTypes: [Egress], egress: [{{to: [{peer}], ports: {ports}}}]}}", "dns")


SYSTEM = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}"


@pytest.mark.parametrize(
    ("policy", "severities"),
    [
        (_dns(f"{{{SYSTEM}}}"), []),
        (_dns(f"{{{SYSTEM}, podSelector: {{matchLabels: {{k8s-app: kube-dns}}}}}}"), []),
        (_dns(f"{{{SYSTEM}, podSelector: {{matchLabels: {{k8s-app: dns-kube}}}}}}"), ["error"]),
        (_dns("{namespaceSelector: {}}"), []),
        (_dns("{namespaceSelector: {matchLabels: {name: kube-system}}}"), []),
        (_dns("{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}"), ["error"]),
        (_dns("{podSelector: {}}"), ["error"]),
        (_dns("{ipBlock: {cidr: 169.254.20.10/32}}"), []),
        (_dns(f"{{{SYSTEM}}}", "[]"), []),
        (_dns(f"{{{SYSTEM}}}", "[{port: dns, protocol: UDP}, {port: dns-tcp}]"), []),
        (_dns(f"{{{SYSTEM}}}", "[{port: 53, protocol: UDP}]"), ["warning"]),
        (_dns(f"{{{SYSTEM}}}", "[{port: 53}]"), ["error"]),
        (_policy("{podSelector: {}, egress: [{}]}"), []),
        (CILIUM, []),
    ],
)
def test_dns(policy: str, severities: list[str]) -> None:
    closed = _policy("{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}", "closed")
    assert _severities("dns-is-let-out", TALKING, closed, policy) == severities


def test_dns_of_who_talks_to_nobody_by_name() -> None:
    assert _found("dns-is-let-out", DB, CLOSED) == []
    way = _policy("{podSelector: {}, policyTypes: [Egress], egress: [{ports: [{port: 443}]}]}")
    assert _severities("dns-is-let-out", DB, CLOSED, way) == ["warning"]


def _by_name(expression: str) -> str:
    return f"{{namespaceSelector: {{matchExpressions: [{{key: kubernetes.io/metadata.name, {expression}}}]}}}}"


@pytest.mark.parametrize(
    ("rule", "severities"),
    [
        ("ingress: [{}]", ["error"]),
        ("ingress: [{ports: [{port: 80}]}]", ["error"]),
        ("ingress: [{from: []}]", ["error"]),
        ("ingress: [{from: [{namespaceSelector: {}}]}]", ["error"]),
        ("ingress: [{from: [{namespaceSelector: {}, podSelector: {matchLabels: {app: a}}}]}]", []),
        ("ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]", []),
        ("ingress: [{from: [{podSelector: {}}]}]", []),
        ("ingress: [{from: [{ipBlock: {cidr: '::/0'}}]}]", ["error"]),
        ("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]", ["error"]),
        ("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/1}}, {ipBlock: {cidr: 128.0.0.0/1}}]}]", ["error"]),
        ("ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/1}}]}]", ["warning"]),
        ("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8}}]}]", ["warning"]),
        ("ingress: [{from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]}]", []),
        ("ingress: [{from: [{ipBlock: {cidr: 10.1.0.0/16}}]}]", []),
        (f"ingress: [{{from: [{_by_name('operator: Exists')}]}}]", ["error"]),
        (f"ingress: [{{from: [{_by_name('operator: NotIn, values: [other]')}]}}]", ["error"]),
        (f"ingress: [{{from: [{_by_name('operator: NotIn, values: [shop]')}]}}]", []),
        ("egress: [{to: [{namespaceSelector: {}}]}]", ["error"]),
        ("egress: [{to: [{namespaceSelector: {}}], ports: [{port: 443}]}]", []),
        ("egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{protocol: TCP}]}]", ["error"]),
        ("egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 1, endPort: 65535}]}]", ["error"]),
        ("ingress: []", []),
        ("egress: [{}]", ["error"]),
        ("egress: [{ports: [{port: 443}]}]", []),
        ("egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]", ["error"]),
        ("egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]", ["warning"]),
        ("egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}], ports: [{port: 443}]}]", []),
        ("egress: [{to: [{podSelector: {}}]}]", []),
        ("policyTypes: [Ingress], egress: [{}]", []),
    ],
)
def test_not_open_to_everywhere(rule: str, severities: list[str]) -> None:
    assert _severities("not-open-to-everywhere", _policy(f"{{podSelector: {{}}, {rule}}}")) == severities


OWN = "{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: shop}}}"
OTHER = "namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: other}}"


@pytest.mark.parametrize(
    ("peers", "severities"),
    [
        ("[{podSelector: {}}]", []),
        (f"[{OWN}]", []),
        (f"[{{{OTHER}, podSelector: {{matchLabels: {{app: a}}}}}}]", []),
        (f"[{{{OTHER}}}]", ["error"]),
        (f"[{{{OTHER}, podSelector: {{}}}}]", ["error"]),
        ("[{namespaceSelector: {}}]", ["error"]),
        ("[{ipBlock: {cidr: 10.0.0.0/8}}]", ["error"]),
        ("[{ipBlock: {cidr: 192.0.2.1/32}}]", []),
        ("[]", ["error"]),
    ],
)
def test_database_is_private(peers: str, severities: list[str]) -> None:
    assert _severities("database-is-private", DB, _policy(f"{{ingress: [{{from: {peers}}}]}}")) == severities


@pytest.mark.parametrize(
    ("container", "severities"),
    [
        ("ports: [{containerPort: 8080}]", []),
        ("ports: [{containerPort: 6379}]", ["error"]),
        ("image: docker.io/bitnami/postgresql:17, ports: [{containerPort: 9999}]", ["error"]),
        ("image: 'redis@sha256:0', ports: [{containerPort: 9999, name: http-metrics}]", []),
        ("image: redis", ["error"]),
        ("image: 'timescale/timescaledb:2.17.2-pg17'", ["error"]),
        ("image: 'example/web:1'", []),
        ("image: 'example/web:1', ports: [{name: admin, containerPort: 8081}]", ["warning"]),
    ],
)
def test_what_is_a_database(container: str, severities: list[str]) -> None:
    way = _policy(f"{{ingress: [{{from: [{{{OTHER}}}]}}]}}")
    assert _severities("database-is-private", _pod("a", container), way) == severities


@pytest.mark.parametrize(
    ("document", "fields"),
    [
        (_service("a", 80), []),
        (_service("a", 80, ", type: ExternalName"), []),
        (_service("a", 80, ", type: LoadBalancer"), ["spec.type"]),
        (_service("a", 80, ", externalIPs: [192.0.2.1]"), ["spec.externalIPs"]),
        (_pod("a", "", ", hostNetwork: true"), ["spec.hostNetwork"]),
        (_pod("a", "", ", hostNetwork: false"), []),
        (
            _pod("a", "ports: [{name: http, containerPort: 80, hostPort: 80}]"),
            ["spec.containers[a].ports[http].hostPort"],
        ),
        (_pod("a", "ports: [{containerPort: 80, hostPort: 0}]"), []),
    ],
)
def test_exposed_only_where_declared(document: str, fields: list[str]) -> None:
    assert [finding.field for finding in _found("exposed-only-where-declared", document)] == fields


OUT = _policy(
    "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress], "
    f"egress: [{{to: [{TO_DB}], ports: [{{port: 5432}}]}}]}}",
    "out",
)


@pytest.mark.parametrize(
    ("documents", "severities"),
    [
        ((WEB, DB, CLOSED, OUT), ["warning"]),
        ((WEB, DB, OUT), []),
        ((WEB, OUT), []),
        ((DB, CLOSED, OUT), []),
        ((WEB, DB, CLOSED, OUT, CILIUM), []),
        ((WEB, DB, CLOSED, OUT, _policy("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}")), []),
    ],
)
def test_policy_ends_meet(documents: tuple[str, ...], severities: list[str]) -> None:
    assert _severities("policy-ends-meet", *documents) == severities


def test_one_pod_that_gets_through_is_enough() -> None:
    wide = OUT.replace("podSelector: {matchLabels: {app: web}}, policyTypes", "podSelector: {}, policyTypes")
    into = f"{{podSelector: {{matchLabels: {{app: db}}}}, ingress: [{{from: [{TO_DB.replace('db', 'web')}]}}]}}"
    assert _found("policy-ends-meet", WEB, DB, _pod("other"), CLOSED, wide, _policy(into, "in")) == []


def _watcher(account: str = "serviceAccountName: watcher", verbs: str = "[list]") -> str:
    return f"""
apiVersion: v1
kind: Pod
metadata: {{name: watcher, namespace: shop}}
spec: {{{account}}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {{name: watcher}}
rules: [{{apiGroups: [""], resources: [pods], verbs: {verbs}}}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {{name: watcher}}
roleRef: {{kind: ClusterRole, name: watcher}}
subjects: [{{kind: ServiceAccount, name: watcher, namespace: shop}}]
"""


@pytest.mark.parametrize(
    ("documents", "severities"),
    [
        ((_watcher(), CLOSED), ["warning"]),
        ((_watcher(),), []),
        ((_watcher(""), CLOSED), []),
        ((_watcher("serviceAccountName: watcher, automountServiceAccountToken: false"), CLOSED), []),
        ((_watcher(verbs="[use]"), CLOSED), []),
        ((_watcher(), CLOSED, CILIUM), []),
        ((_watcher(), CLOSED, _policy("{egress: [{}]}")), []),
        ((_watcher(), CLOSED, _policy("{egress: [{to: [{namespaceSelector: {}}], ports: [{port: 443}]}]}")), []),
        ((_watcher(), CLOSED, _policy("{egress: [{to: [{podSelector: {}}], ports: [{port: 443}]}]}")), ["warning"]),
        (
            (_watcher(), CLOSED, _policy("{egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}], ports: [{port: 53}]}]}")),
            ["warning"],
        ),
    ],
)
def test_kubernetes_api_is_let_out(documents: tuple[str, ...], severities: list[str]) -> None:
    assert _severities("kubernetes-api-is-let-out", *documents) == severities


def test_an_application_as_charts_make_it_without_policies() -> None:
    """No namespace in the manifests, a Service's name in a variable, a monitor, a route of a class elsewhere."""
    documents = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: release-app}
spec:
  template:
    metadata: {labels: {app.kubernetes.io/name: app}}
    spec:
      containers:
        - name: app
          image: example/app:1.0.0
          ports: [{name: http, containerPort: 8080}]
          env:
            - {name: DATABASE_HOST, value: release-postgresql}
            - {name: CACHE_URL, value: "redis://release-redis-master:6379/0"}
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector.observability.svc.cluster.local:4317"}
---
apiVersion: v1
kind: Service
metadata: {name: release-app}
spec: {type: ClusterIP, selector: {app.kubernetes.io/name: app}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: release-app}
spec:
  ingressClassName: alb
  rules: [{http: {paths: [{path: /, backend: {service: {name: release-app, port: {name: http}}}}]}}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: release-app}
spec: {selector: {matchLabels: {app.kubernetes.io/name: app}}, endpoints: [{port: http}]}
"""
    assert {finding.severity for finding in verify(examples(documents), only=NETWORK)} == {"warning"}


def test_a_database_as_charts_close_it() -> None:
    """A policy for the chart's own pods: clients by a label, DNS and the rest of the cluster by port."""
    documents = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: release-postgresql, namespace: shop}
spec:
  serviceName: release-postgresql-hl
  template:
    metadata: {labels: {app.kubernetes.io/name: postgresql, app.kubernetes.io/component: primary}}
    spec:
      containers:
        - name: postgresql
          image: docker.io/bitnami/postgresql:17
          ports: [{name: tcp-postgresql, containerPort: 5432}]
---
apiVersion: v1
kind: Service
metadata: {name: release-postgresql, namespace: shop}
spec:
  selector: {app.kubernetes.io/name: postgresql, app.kubernetes.io/component: primary}
  ports: [{name: tcp-postgresql, port: 5432, targetPort: tcp-postgresql}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: release-postgresql, namespace: shop}
spec:
  podSelector: {matchLabels: {app.kubernetes.io/name: postgresql}}
  policyTypes: [Ingress, Egress]
  egress:
    - ports: [{port: 53, protocol: UDP}, {port: 53, protocol: TCP}]
  ingress:
    - from: [{podSelector: {matchLabels: {release-postgresql-client: "true"}}}]
      ports: [{port: 5432}]
"""
    assert [finding.rule for finding in verify(examples(documents), only=NETWORK)] == ["namespace-is-closed"]
