"""Ports: what the rules' two examples do not show."""

import pytest

from vkm_manifests.verify import Finding, verify
from vkm_manifests.verify.rule import examples


def _found(rule: str, *documents: str) -> list[Finding]:
    return verify(examples("\n---\n".join(documents)), only=[rule])


def _severities(rule: str, *documents: str) -> list[str]:
    return [finding.severity for finding in _found(rule, *documents)]


def _pod(containers: str, init: str = "[]") -> str:
    return f"""
apiVersion: v1
kind: Pod
metadata: {{name: web, namespace: shop, labels: {{app: web}}}}
spec: {{containers: {containers}, initContainers: {init}}}
"""


def _service(ports: str, more: str = "") -> str:
    return f"""
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop, labels: {{app: web}}}}
spec: {{selector: {{app: web}}, ports: {ports}{more}}}
"""


HTTP = _pod("[{name: web, ports: [{name: http, containerPort: 8080}]}]")
SILENT = _pod("[{name: web}]")


@pytest.mark.parametrize(
    ("port", "pod", "severities"),
    [
        ("{port: 80, targetPort: 8080}", HTTP, []),
        ("{port: 8080}", HTTP, []),
        ("{port: 80}", HTTP, ["error"]),
        ("{port: 80}", SILENT, []),
        ("{port: 80, targetPort: http}", HTTP, []),
        ("{port: 80, targetPort: http}", SILENT, ["error"]),
        ("{port: 80, targetPort: http, protocol: UDP}", HTTP, ["error"]),
        ("{port: 80, targetPort: '8080'}", HTTP, []),
        ("{port: 80, targetPort: []}", SILENT, []),
    ],
)
def test_target_ports(port: str, pod: str, severities: list[str]) -> None:
    assert _severities("service-port-reaches-container", _service(f"[{port}]"), pod) == severities


def test_a_sidecar_stays_and_an_init_container_does_not() -> None:
    service = _service("[{port: 80, targetPort: metrics}]")
    init = "{name: a, ports: [{name: metrics, containerPort: 9090}]"
    assert _found("service-port-reaches-container", service, _pod("[{name: web}]", f"[{init}}}]"))
    assert not _found(
        "service-port-reaches-container", service, _pod("[{name: web}]", f"[{init}, restartPolicy: Always}}]")
    )


@pytest.mark.parametrize(("ports", "found"), [("", 0), (", ports: {http: 8080}", 0), (", ports: {metrics: 9090}", 1)])
def test_pods_made_outside_have_the_ports_that_are_declared(ports: str, found: int) -> None:
    declared = f"""
apiVersion: v1
kind: ServiceAccount
metadata:
  name: a
  namespace: shop
  annotations:
    vkm-constructs/made-outside: |
      - {{kind: Pod, name: web, labels: {{app: web}}, by: others{ports}}}
"""
    assert len(_found("service-port-reaches-container", _service("[{port: 80, targetPort: http}]"), declared)) == found


def test_a_service_without_selector_or_of_another_group_is_left_in_peace() -> None:
    knative = "{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {}}"
    bare = "{apiVersion: v1, kind: Service, metadata: {name: web, namespace: shop}, spec: {ports: [{port: 1}]}}"
    assert not _found("service-port-reaches-container", knative, HTTP)
    assert not _found("service-port-reaches-container", bare, HTTP)


@pytest.mark.parametrize(
    ("container", "severities"),
    [
        ("{livenessProbe: {httpGet: {port: http}}, ports: [{name: http, containerPort: 1}]}", []),
        ("{livenessProbe: {httpGet: {port: http}}}", ["error"]),
        ("{startupProbe: {tcpSocket: {port: 8080}}}", []),
        ("{startupProbe: {tcpSocket: {port: 8080}}, ports: [{containerPort: 8081}]}", ["warning"]),
        ("{readinessProbe: {grpc: {port: 8080}}, ports: [{containerPort: 8080}]}", []),
        ("{readinessProbe: {httpGet: {host: example.com, port: 443}}, ports: [{containerPort: 8081}]}", []),
        ("{readinessProbe: {exec: {command: [x]}}}", []),
        ("{lifecycle: {preStop: {httpGet: {port: drain}}}}", ["error"]),
    ],
)
def test_probes(container: str, severities: list[str]) -> None:
    assert _severities("probe-port-exists", _pod(f"[{container}]")) == severities


@pytest.mark.parametrize(
    ("port", "service", "found"),
    [
        ("{name: http}", _service("[{name: http, port: 80}]"), 0),
        ("{name: web}", _service("[{name: http, port: 80}]"), 1),
        ("{number: 80}", _service("[{name: http, port: 80}]"), 0),
        ("{number: 8080}", _service("[{name: http, port: 80, targetPort: 8080}]"), 1),
        ("{number: 8080}", _service("[{port: 80}]", ", type: ExternalName"), 0),
        (
            "{number: 8080}",
            "{apiVersion: serving.knative.dev/v1, kind: Service, metadata: {name: web, namespace: shop}}",
            0,
        ),
    ],
)
def test_the_port_of_an_ingress(port: str, service: str, found: int) -> None:
    ingress = f"""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: web, namespace: shop}}
spec: {{defaultBackend: {{service: {{name: web, port: {port}}}}}}}
"""
    assert len(_found("route-port-exists", ingress, service)) == found


@pytest.mark.parametrize(("port", "found"), [("", 0), (", port: 443", 0), (", port: 8443", 1)])
def test_the_port_of_a_webhook(port: str, found: int) -> None:
    webhook = f"""
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {{name: a}}
webhooks: [{{name: b, clientConfig: {{service: {{name: web, namespace: shop{port}}}}}}}]
"""
    assert len(_found("route-port-exists", webhook, _service("[{port: 443}]"))) == found


@pytest.mark.parametrize(
    ("endpoint", "severities"),
    [
        ("{port: http}", []),
        ("{port: metrics}", ["error"]),
        ("{targetPort: http}", []),
        ("{targetPort: 8080}", []),
        ("{targetPort: 9090}", ["error"]),
        ("{path: /metrics}", []),
    ],
)
def test_the_port_of_a_service_monitor(endpoint: str, severities: list[str]) -> None:
    monitor = f"""
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {{name: a, namespace: shop}}
spec: {{selector: {{}}, endpoints: [{endpoint}]}}
"""
    service = _service("[{name: http, port: 80, targetPort: http}]")
    assert _severities("monitor-port-exists", monitor, service, HTTP) == severities


def test_a_number_in_place_of_a_port_name_is_told() -> None:
    monitor = """
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: a, namespace: shop}
spec: {selector: {}, endpoints: [{port: "80"}]}
"""
    (finding,) = _found("monitor-port-exists", monitor, _service("[{name: http, port: 80}]"))
    assert finding.fix == "write http"


@pytest.mark.parametrize(
    ("endpoint", "severities"),
    [("{port: http}", []), ("{port: metrics}", ["error"]), ("{portNumber: 8080}", []), ("{portNumber: 1}", ["error"])],
)
def test_the_port_of_a_pod_monitor(endpoint: str, severities: list[str]) -> None:
    monitor = f"""
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {{name: a, namespace: shop}}
spec: {{selector: {{}}, podMetricsEndpoints: [{endpoint}]}}
"""
    assert _severities("monitor-port-exists", monitor, HTTP) == severities


def test_a_monitor_of_all_namespaces_may_find_its_port_elsewhere() -> None:
    monitor = """
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: a, namespace: shop}
spec: {selector: {}, namespaceSelector: {any: true}, podMetricsEndpoints: [{port: metrics}]}
"""
    assert _severities("monitor-port-exists", monitor, HTTP) == ["warning"]


@pytest.mark.parametrize(
    ("ports", "messages"),
    [
        ("[{port: 80}]", []),
        ("[{port: 53, name: a, protocol: UDP}, {port: 53, name: b, protocol: TCP}]", []),
        ("[{port: 53, name: a}, {port: 53, name: b, protocol: TCP}]", ["two ports have number 53 (TCP)"]),
        ("[{port: 80}, {port: 81, name: b}]", ["has several ports, and one without a name"]),
    ],
)
def test_the_ports_of_a_service(ports: str, messages: list[str]) -> None:
    assert [finding.message for finding in _found("service-port-names-unique", _service(ports))] == messages


@pytest.mark.parametrize(
    ("containers", "init", "messages"),
    [
        ("[{name: a, ports: [{containerPort: 53, protocol: UDP}, {containerPort: 53}]}]", "[]", []),
        ("[{name: a, ports: [{name: x, containerPort: 80}, {name: y, containerPort: 80}]}]", "[]", []),
        (
            "[{name: a, ports: [{name: x, containerPort: 80}, {name: x, containerPort: 81}]}]",
            "[]",
            ["two ports have this name"],
        ),
        (
            "[{name: a, ports: [{name: x, containerPort: 80}]}, {name: b, ports: [{name: x, containerPort: 81}]}]",
            "[]",
            ["port name x is that of container a too"],
        ),
        ("[{name: a, ports: [{containerPort: 80}]}]", "[{name: b, ports: [{containerPort: 80}]}]", []),
        (
            "[{name: a, ports: [{containerPort: 80}]}]",
            "[{name: b, restartPolicy: Always, ports: [{containerPort: 80}]}]",
            ["port 80 (TCP) is that of container b too"],
        ),
    ],
)
def test_the_ports_of_containers(containers: str, init: str, messages: list[str]) -> None:
    found = _found("container-ports-unique", _pod(containers, init))
    assert sorted(finding.message.replace("container a", "container b") for finding in found) == sorted(
        message.replace("container a", "container b") for message in messages
    )


@pytest.mark.parametrize(
    ("name", "found"),
    [("http", 0), ("h2", 0), ("8080", 1), ("Http", 1), ("a--b", 1), ("a-", 1), ("exactly15chars0", 0)],
)
def test_port_names(name: str, found: int) -> None:
    pod = _pod(f"[{{name: web, ports: [{{name: '{name}', containerPort: 8080}}]}}]")
    assert len(_found("container-port-names-are-valid", pod)) == found


@pytest.mark.parametrize(
    ("port", "pod", "found"),
    [
        ("{port: 8080}", HTTP, 0),
        ("{port: 80}", HTTP, 1),
        ("{port: 80}", SILENT, 0),
        ("{port: http}", HTTP, 0),
        ("{port: web}", HTTP, 1),
        ("{port: 1, endPort: 9000}", HTTP, 0),
        ("{protocol: TCP}", HTTP, 0),
    ],
)
def test_the_port_of_a_policy(port: str, pod: str, found: int) -> None:
    policy = f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: a, namespace: shop}}
spec: {{podSelector: {{}}, ingress: [{{ports: [{port}]}}]}}
"""
    assert _severities("network-policy-port-exists", policy, pod) == ["warning"] * found


@pytest.mark.parametrize(
    ("port", "containers", "messages"),
    [
        ("{port: 53, protocol: UDP}", "[{name: dns, ports: [{containerPort: 53, protocol: UDP}]}]", []),
        ("{port: 53, protocol: UDP}", "[{name: dns}]", []),
        (
            "{port: 53, protocol: UDP}",
            "[{name: dns, ports: [{containerPort: 53}]}]",
            ["targetPort 53/UDP is no port of shop/Pod/web, which has 53"],
        ),
        (
            "{port: 53}",
            "[{name: dns, ports: [{containerPort: 53, protocol: UDP}]}]",
            ["targetPort 53 is no port of shop/Pod/web, which has 53/UDP"],
        ),
    ],
)
def test_a_target_port_of_another_protocol(port: str, containers: str, messages: list[str]) -> None:
    found = _found("service-port-reaches-container", _service(f"[{port}]"), _pod(containers))
    assert [finding.message for finding in found] == messages
    assert all(finding.fix.startswith("protocol: ") for finding in found)


@pytest.mark.parametrize(
    ("port", "more", "severities"),
    [
        ("{port: 80, targetPort: http}", "", ["warning"]),
        ("{port: 80, targetPort: 8080}", "", ["error"]),
        ("{port: 80, targetPort: 8080}", ", clusterIP: None", []),
    ],
)
def test_a_service_over_a_workload_without_its_port(port: str, more: str, severities: list[str]) -> None:
    service = _service(f"[{port}]", more)
    other = _pod("[{name: database, ports: [{name: postgres, containerPort: 5432}]}]").replace(
        "name: web", "name: db", 1
    )
    found = _found("service-port-reaches-container", service, HTTP, other)
    assert [finding.severity for finding in found] == severities
    assert all("no port of shop/Pod/db, which has postgres (5432)" in finding.message for finding in found)
    alike = HTTP.replace("name: web", "name: canary", 1)
    assert not _found("service-port-reaches-container", service, HTTP, alike)
