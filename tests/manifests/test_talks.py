"""Talks: which connections manifests show."""

import pytest

from vkm_manifests.graph.addresses import Address, addresses_in, bare_names_in, is_address
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.talks import connections
from vkm_manifests.verify.rule import examples

DATABASE = """
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec:
  containers:
    - {name: db, ports: [{name: sql, containerPort: 3306}, {name: metrics, containerPort: 9104}]}
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop, labels: {app: db}}
spec:
  selector: {app: db}
  ports: [{name: sql, port: 5432, targetPort: sql}, {name: metrics, port: 9104}]
---
apiVersion: v1
kind: Service
metadata: {name: db-headless, namespace: shop}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 3306}]}
"""


def _pod(containers: str, name: str = "web", namespace: str = "shop", volumes: str = "[]") -> str:
    return f"""
apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: {namespace}, labels: {{app: {name}}}}}
spec: {{containers: {containers}, volumes: {volumes}}}
"""


def _shown(*documents: str) -> list[tuple[str, str, list[int]]]:
    graph = Graph(examples("\n---\n".join(documents)))
    return [(str(c.source), c.target.workload.name, [n for n, _ in c.ports]) for c in connections(graph)]


def _ports(container: str, namespace: str = "shop") -> list[list[int]]:
    return [ports for _, _, ports in _shown(DATABASE, _pod(f"[{{name: web, {container}}}]", namespace=namespace))]


BOTH = [3306, 9104]


@pytest.mark.parametrize(
    ("name", "value", "ports"),
    [
        ("DB_HOST", "db", [BOTH]),
        ("DB_HOST", "db:5432", [[3306]]),
        ("DB_HOST", "db:9104", [[9104]]),
        ("DB_HOST", "db:1", []),
        ("DB_HOST", "db-headless:3306", [[3306]]),
        ("DB_HOST", "db-0.db-headless", [[3306]]),
        ("DB_HOST", "db-0.db", []),
        ("ANYTHING", "db.shop", [BOTH]),
        ("ANYTHING", "db.shop.svc", [BOTH]),
        ("ANYTHING", "db.shop.svc.cluster.local.", [BOTH]),
        ("ANYTHING", "db.shop.svc.cluster.local:5432", [[3306]]),
        ("ANYTHING", "postgresql://user:$(PASSWORD)@db/shop?sslmode=disable", [[3306]]),
        ("ANYTHING", "jdbc:mysql://db:5432/shop", [[3306]]),
        ("ANYTHING", "user:word@tcp(db:5432)/shop", [[3306]]),
        ("servers", "cache,db", [BOTH]),
        ("DB_DATABASE", "db", []),
        ("SERVER_NAME", "db", []),
        ("ALLOWED_HOSTS", "db", []),
        ("NO_PROXY", "db.shop.svc", []),
        ("DB_URL", "http://db.example.org", []),
        ("DB_URL", "http://db-$(COLOUR)/", []),
        ("FILE", "/var/db.shop/x", []),
        ("IMAGE", "registry.example.org/db:5432", []),
    ],
)
def test_variables(name: str, value: str, ports: list[list[int]]) -> None:
    assert _ports(f'env: [{{name: {name}, value: "{value}"}}]') == ports


def test_the_port_beside_the_host() -> None:
    assert _ports('env: [{name: DB_HOST, value: db}, {name: DB_PORT, value: "5432"}]') == [[3306]]


def test_a_bare_name_is_of_the_own_namespace() -> None:
    assert _ports("env: [{name: DB_HOST, value: db}]", namespace="other") == []
    assert _ports("env: [{name: DB_HOST, value: db.shop}]", namespace="other") == [BOTH]


@pytest.mark.parametrize(
    ("container", "shown"),
    [
        ("args: ['--db-host=db']", True),
        ("args: ['--db-host', db]", True),
        ("args: ['--verbose', db]", False),
        ("command: [sh, -c, 'until nc -z db:5432; do sleep 1; done']", True),
        ('command: [sh, -c, "# db:5432\\nsleep 1"]', False),
        ("args: ['--metrics.shop=true']", False),
    ],
)
def test_arguments(container: str, shown: bool) -> None:
    assert bool(_ports(container)) is shown


CONFIG = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data:
  DB_HOST: db
  app.conf: |
    # http://old.shop
    url = http://db:5432/ # not http://cache.shop
    upstream = db:9999
  other.conf: |
    ; db:9104
"""


def test_files_of_a_config_map() -> None:
    mounted = "[{name: web, volumeMounts: [{name: files}]}]"
    volumes = "[{name: files, configMap: {name: settings}}]"
    assert _shown(DATABASE, CONFIG, _pod(mounted, volumes=volumes)) == [("shop/Pod/web", "db", [3306])]
    assert _shown(DATABASE, CONFIG, _pod("[{name: web}]", volumes=volumes)) == []
    one = "[{name: files, configMap: {name: settings, items: [{key: other.conf, path: a}]}}]"
    assert _shown(DATABASE, CONFIG, _pod(mounted, volumes=one)) == []
    part = "[{name: web, volumeMounts: [{name: files, subPath: other.conf}]}]"
    assert _shown(DATABASE, CONFIG, _pod(part, volumes=volumes)) == []


def test_variables_from_a_config_map() -> None:
    whole = "[{name: web, envFrom: [{configMapRef: {name: settings}}]}]"
    assert _shown(DATABASE, CONFIG, _pod(whole)) == [("shop/Pod/web", "db", BOTH), ("shop/Pod/web", "db", [3306])]
    one = "[{name: web, env: [{name: DB_HOST, valueFrom: {configMapKeyRef: {name: settings, key: DB_HOST}}}]}]"
    assert _shown(DATABASE, CONFIG, _pod(one)) == [("shop/Pod/web", "db", BOTH)]


def test_variables_from_an_external_secrets_template() -> None:
    secret = """
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: settings, namespace: shop}
spec: {target: {template: {data: {DB_URL: "mysql://app:{{ .password }}@db:5432/app"}}}}
"""
    one = "[{name: web, env: [{name: DB_URL, valueFrom: {secretKeyRef: {name: settings, key: DB_URL}}}]}]"
    assert _shown(DATABASE, secret, _pod(one)) == [("shop/Pod/web", "db", [3306])]
    assert _shown(DATABASE, secret, _pod(one.replace("key: DB_URL", "key: OTHER"))) == []


def test_a_file_that_several_mount_is_that_of_whoever_names_it() -> None:
    volumes = "[{name: files, configMap: {name: settings}}]"
    web = _pod("[{name: a, args: [-c, /config/app.conf], volumeMounts: [{name: files}]}]", volumes=volumes)
    worker = _pod("[{name: a, volumeMounts: [{name: files}]}]", name="worker", volumes=volumes)
    assert _shown(DATABASE, CONFIG, web, worker) == [("shop/Pod/web", "db", [3306])]


def test_where_nobody_names_it_nobody_is_sure() -> None:
    volumes = "[{name: files, configMap: {name: settings}}]"
    pods = [_pod("[{name: a, volumeMounts: [{name: files}]}]", name=n, volumes=volumes) for n in ("web", "worker")]
    graph = Graph(examples("\n---\n".join((DATABASE, CONFIG, *pods))))
    assert [connection.sure for connection in connections(graph)] == [False, False]


def test_nobody_connects_to_itself() -> None:
    assert _shown(DATABASE.replace("{name: db, ports", "{name: db, env: [{name: A_HOST, value: db}], ports")) == []


TRAEFIK = _pod("[{name: traefik, image: traefik:v3.0.0}]", name="traefik", namespace="gateway")
NGINX = _pod(
    "[{name: c, image: 'registry.k8s.io/ingress-nginx/controller:v1@sha256:0'}]", name="nginx", namespace="gateway"
)
BACKEND = "http: {paths: [{path: /, backend: {service: {name: db, port: {name: sql}}}}]}"


@pytest.mark.parametrize(
    ("route", "source"),
    [
        (
            "{apiVersion: traefik.io/v1alpha1, kind: IngressRoute, metadata: {name: a, namespace: shop}, "
            "spec: {routes: [{services: [{name: db, port: 5432}]}]}}",
            "gateway/Pod/traefik",
        ),
        (
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a, namespace: shop}, "
            f"spec: {{ingressClassName: nginx, rules: [{{{BACKEND}}}]}}}}",
            "gateway/Pod/nginx",
        ),
        (
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a, namespace: shop}, "
            f"spec: {{ingressClassName: traefik, rules: [{{{BACKEND}}}]}}}}",
            "gateway/Pod/traefik",
        ),
        (
            "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: a, namespace: shop}, "
            f"spec: {{ingressClassName: haproxy, rules: [{{{BACKEND}}}]}}}}",
            "None",
        ),
        (
            "{apiVersion: gateway.networking.k8s.io/v1, kind: HTTPRoute, metadata: {name: a, namespace: shop}, "
            "spec: {rules: [{backendRefs: [{name: db, port: 5432}]}]}}",
            "None",
        ),
    ],
)
def test_routes(route: str, source: str) -> None:
    assert _shown(DATABASE, TRAEFIK, NGINX, route) == [(source, "db", [3306])]


MONITOR = """
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: db, namespace: shop}
spec: {selector: {matchLabels: {app: db}}, endpoints: [{port: metrics}]}
"""
POD_MONITOR = """
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: db, namespace: other}
spec:
  namespaceSelector: {matchNames: [shop]}
  selector: {matchLabels: {app: db}}
  podMetricsEndpoints: [{port: metrics, relabelings: [{targetLabel: job, replacement: db}]}]
"""
PROMETHEUS = """
apiVersion: v1
kind: Pod
metadata: {name: prometheus, namespace: prometheus}
spec:
  containers: [{name: prometheus, image: prom/prometheus:v3.0.0, volumeMounts: [{name: config}]}]
  volumes: [{name: config, configMap: {name: config}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: config, namespace: prometheus}
data:
  prometheus.yml: "scrape_configs: [{job_name: db}]"
"""


@pytest.mark.parametrize("monitor", [MONITOR, POD_MONITOR])
def test_scraping(monitor: str) -> None:
    assert _shown(DATABASE, monitor, PROMETHEUS) == [("prometheus/Pod/prometheus", "db", [9104])]
    assert _shown(DATABASE, monitor) == [("None", "db", [9104])]
    assert _shown(DATABASE, monitor, PROMETHEUS.replace("job_name: db", "job_name: a")) == [("None", "db", [9104])]


def test_an_exposed_service_is_connected_to_from_outside() -> None:
    exposed = DATABASE.replace("{clusterIP: None,", "{type: LoadBalancer,")
    assert _shown(exposed) == [("None", "db", [3306])]


def test_addresses_in_texts() -> None:
    assert addresses_in("see a.b, c:80; (d.e:443) <f.g>") == (
        Address("a.b"),
        Address("c", 80),
        Address("d.e", 443),
        Address("f.g"),
    )
    assert addresses_in("12:30 1.2 $HOST:80 a.b=c x_y.z {{ .Values.host }}:80") == ()
    assert list(bare_names_in("DB_HOST", "db, $(HOST) 10.0.0.1 A")) == [Address("db")]


@pytest.mark.parametrize("variable", ["DB_HOST", "spring.datasource.url", "--upstream", "REDIS_HOST1", "BROKERS"])
def test_names_of_addresses(variable: str) -> None:
    assert is_address(variable)


@pytest.mark.parametrize("variable", ["", "DB_NAME", "HOSTED", "CORS_URL", "_"])
def test_names_of_no_addresses(variable: str) -> None:
    assert not is_address(variable)
