"""Rules about pods: what the two examples of each do not show."""

import copy
from typing import Any

import pytest

from vkm_manifests.verify import verify
from vkm_manifests.verify.pod_security import ENFORCE

Json = dict[str, Any]

SAFE: Json = {"allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True, "capabilities": {"drop": ["ALL"]}}
POD_SAFE: Json = {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}}
REQUESTS: Json = {"requests": {"cpu": "100m", "memory": "64Mi"}, "limits": {"memory": "64Mi"}}


def container(**fields: Any) -> Json:
    return {"name": "web", "image": "example/web:1.0.0", "securityContext": SAFE, "resources": REQUESTS, **fields}


def pod(*containers: Json, kind: str = "Pod", spec: Json | None = None, **fields: Any) -> Json:
    template: Json = {
        "metadata": {"labels": {"app": "web"}},
        "spec": {"securityContext": POD_SAFE, "containers": list(containers or [container()]), **(spec or {})},
    }
    manifest: Json = {"apiVersion": "v1", "kind": kind, "metadata": {"name": "web", "namespace": "shop"}}
    if kind == "Pod":
        manifest["metadata"]["labels"] = {"app": "web"}
        return {**manifest, "spec": template["spec"]}
    manifest["apiVersion"] = "batch/v1" if kind in ("Job", "CronJob") else "apps/v1"
    body = {"jobTemplate": {"spec": {"template": template}}} if kind == "CronJob" else {"template": template}
    return {**manifest, "spec": {**body, **fields}}


def namespace(level: str) -> Json:
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop", "labels": {ENFORCE: level}}}


def made(kind: str, spec: Json, name: str = "web") -> Json:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "shop"}, "spec": spec}


def found(rule: str, *manifests: Json, kubernetes: str | None = None) -> list[tuple[str, str]]:
    findings = verify(copy.deepcopy(list(manifests)), only=[rule], kubernetes=kubernetes)
    return [(finding.severity, finding.field) for finding in findings]


# Pod Security.

OFFENCES = [
    ("runs-as-non-root", "restricted", {"securityContext": {**SAFE, "runAsNonRoot": False}}),
    ("runs-as-non-root", "restricted", {"securityContext": {**SAFE, "runAsUser": 0}}),
    ("no-privilege-escalation", "restricted", {"securityContext": None}),
    ("drops-all-capabilities", "restricted", {"securityContext": {}}),
    ("adds-no-capabilities", "restricted", {"securityContext": {"capabilities": {"add": ["CHOWN"]}}}),
    ("adds-no-capabilities", "baseline", {"securityContext": {"capabilities": {"add": ["SYS_ADMIN"]}}}),
    ("seccomp-profile-is-set", "baseline", {"securityContext": {"seccompProfile": {"type": "Unconfined"}}}),
    ("no-privileged-containers", "baseline", {"securityContext": {"privileged": True}}),
    ("no-host-ports", "baseline", {"ports": [{"name": "http", "containerPort": 80, "hostPort": 80}]}),
    ("probes-stay-in-the-pod", "baseline", {"lifecycle": {"preStop": {"httpGet": {"port": 1, "host": "10.0.0.1"}}}}),
    ("no-host-process", "baseline", {"securityContext": {"windowsOptions": {"hostProcess": True}}}),
    ("se-linux-confines", "baseline", {"securityContext": {"seLinuxOptions": {"role": "sysadm_r"}}}),
    ("app-armor-confines", "baseline", {"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}),
    ("proc-is-masked", "baseline", {"securityContext": {"procMount": "Unmasked"}}),
]


@pytest.mark.parametrize("place", ["containers", "initContainers", "ephemeralContainers"])
@pytest.mark.parametrize(("rule", "level", "fields"), OFFENCES)
def test_every_container_counts_and_the_level_decides(rule: str, level: str, fields: Json, place: str) -> None:
    offender = container(**fields)
    manifest = pod(spec={"containers": [container(name="safe")], place: [offender]})

    def severities(*others: Json) -> set[str]:
        return {severity for severity, field in found(rule, manifest, *others) if f"{place}[web]" in field}

    assert severities(namespace("restricted")) == {"error"}
    assert severities(namespace("baseline")) == ({"error"} if level == "baseline" else set())
    assert severities(namespace("privileged")) == set()
    assert severities() == ({"error"} if level == "baseline" else {"warning"})


@pytest.mark.parametrize(
    ("rule", "spec"),
    [
        ("runs-as-non-root", {"securityContext": {"runAsNonRoot": False}}),
        ("runs-as-non-root", {"securityContext": {**POD_SAFE, "runAsUser": 0}}),
        ("seccomp-profile-is-set", {"securityContext": {"seccompProfile": {"type": "Unconfined"}}}),
        ("no-host-namespaces", {"hostPID": True}),
        ("no-host-namespaces", {"hostIPC": True}),
        ("no-host-path", {"volumes": [{"name": "a", "hostPath": {"path": "/"}}]}),
        ("volume-types-are-safe", {"volumes": [{"name": "a", "iscsi": {}}]}),
        ("se-linux-confines", {"securityContext": {"seLinuxOptions": {"user": "root"}}}),
        ("sysctls-are-safe", {"securityContext": {"sysctls": [{"name": "kernel.sem", "value": "1"}]}}),
    ],
)
def test_the_pod_counts(rule: str, spec: Json) -> None:
    assert found(rule, pod(spec=spec), namespace("restricted"))


@pytest.mark.parametrize(
    ("rule", "manifest"),
    [
        ("runs-as-non-root", pod(container(securityContext={"runAsNonRoot": True}), spec={"securityContext": {}})),
        ("runs-as-non-root", pod(spec={"hostUsers": False, "securityContext": {}})),
        ("no-privilege-escalation", pod(container(securityContext={}), spec={"os": {"name": "windows"}})),
        ("drops-all-capabilities", pod(container(securityContext={}), spec={"os": {"name": "windows"}})),
        ("adds-no-capabilities", pod(container(securityContext={"capabilities": {"add": ["NET_BIND_SERVICE"]}}))),
        ("seccomp-profile-is-set", pod(spec={"os": {"name": "windows"}, "securityContext": {}})),
        (
            "seccomp-profile-is-set",
            pod(container(securityContext={"seccompProfile": {"type": "Localhost"}}), spec={"securityContext": {}}),
        ),
        ("no-host-namespaces", pod(spec={"hostNetwork": False, "hostPID": None})),
        ("no-host-ports", pod(container(ports=[{"containerPort": 80, "hostPort": 0}]))),
        ("no-privileged-containers", pod(container(securityContext={"privileged": False}))),
        ("proc-is-masked", pod(container(securityContext={"procMount": "Unmasked"}), spec={"hostUsers": False})),
        ("se-linux-confines", pod(spec={"securityContext": {"seLinuxOptions": {"type": "container_t", "user": ""}}})),
        ("sysctls-are-safe", pod(spec={"securityContext": {"sysctls": [{"name": "net.ipv4.tcp_syncookies"}]}})),
        (
            "volume-types-are-safe",
            pod(
                spec={
                    "volumes": [
                        {"name": kind, kind: {}}
                        for kind in (
                            "configMap csi downwardAPI emptyDir ephemeral persistentVolumeClaim projected secret"
                        ).split()
                    ]
                }
            ),
        ),
    ],
)
def test_what_restricted_admits(rule: str, manifest: Json) -> None:
    assert found(rule, manifest, namespace("restricted")) == []


def test_a_pod_says_that_it_is_no_root_although_a_container_does_not() -> None:
    manifest = pod(container(securityContext={"runAsNonRoot": True}), spec={"securityContext": {"runAsNonRoot": False}})
    assert found("runs-as-non-root", manifest) == [("warning", "spec.securityContext.runAsNonRoot")]


def test_app_armor_may_be_an_annotation_of_the_template() -> None:
    manifest = pod(kind="Deployment")
    key = "container.apparmor.security.beta.kubernetes.io/web"
    manifest["spec"]["template"]["metadata"]["annotations"] = {key: "unconfined"}
    assert found("app-armor-confines", manifest) == [("error", f"spec.template.metadata.annotations[{key}]")]


def test_the_host_of_a_probe_counts_since_1_34() -> None:
    manifest = pod(container(livenessProbe={"tcpSocket": {"port": 1, "host": "10.0.0.1"}}))
    assert found("probes-stay-in-the-pod", manifest, kubernetes="1.34")
    assert found("probes-stay-in-the-pod", manifest, kubernetes="1.33") == []


def test_a_namespace_without_pods_needs_no_level() -> None:
    bare = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "shop"}}
    assert found("namespace-declares-a-level", bare) == []
    assert found("namespace-declares-a-level", bare, pod()) == [("warning", f"metadata.labels[{ENFORCE}]")]


@pytest.mark.parametrize(
    ("level", "severity"), [("privileged", "warning"), ("baseline", "warning"), ("restircted", "error")]
)
def test_a_level_that_is_not_restricted(level: str, severity: str) -> None:
    assert found("namespace-level-is-restricted", namespace(level)) == [(severity, f"metadata.labels[{ENFORCE}]")]


def test_a_windows_root_is_not_read_only() -> None:
    assert found("root-is-read-only", pod(container(securityContext={}), spec={"os": {"name": "windows"}})) == []
    assert found("root-is-read-only", pod(container(securityContext={"readOnlyRootFilesystem": "true"})))


# Images.


@pytest.mark.parametrize(
    "image",
    [
        *("", None, "web", "example/web", "localhost:5000/web", "web:latest", "web:Stable", "web:main", "web:"),
        *("web:latest-alpine", "web:stable-alpine3.20", "web:lts-jdk21", "web:main-abc"),
        *("web@sha256:zz", "web:1.0@sha256:0123", "web@"),
    ],
)
def test_an_image_that_moves(image: str | None) -> None:
    assert found("image-is-fixed", pod(container(image=image))) == [("error", "spec.containers[web].image")]


@pytest.mark.parametrize(
    "image",
    [
        *("web:1", "localhost:5000/web:1.0", "a/b/c:v1.0-alpine", "web:1.0-latest", "web:releases-a"),
        *(f"web@sha256:{'0a' * 32}", f"web:latest@sha256:{'0a' * 32}"),
        *("web:main-3f2a9c1", "web:nightly-2026-01-31", "web:release-v1.2.3", "web:alpine-3.20"),
    ],
)
def test_an_image_that_is_fixed(image: str) -> None:
    assert found("image-is-fixed", pod(container(image=image))) == []


# Resources.

LIMIT_RANGE = made("LimitRange", {"limits": [{"type": "Container", "default": {"cpu": "1", "memory": "1Gi"}}]})


@pytest.mark.parametrize(
    ("manifests", "expected"),
    [
        ([pod(container(resources={"limits": {"cpu": 1, "memory": "1Gi"}}))], []),
        ([pod(container(resources={})), LIMIT_RANGE], []),
        ([pod(container(resources={}), spec={"resources": {"requests": {"cpu": 1, "memory": "1Gi"}}})], []),
        ([pod(container(resources={}))], [("error", "spec.containers[web].resources.requests")]),
        (
            [pod(spec={"initContainers": [container(name="init", resources=None)]})],
            [("error", "spec.initContainers[init].resources.requests")],
        ),
    ],
)
def test_requests(manifests: list[Json], expected: list[tuple[str, str]]) -> None:
    assert found("requests-are-set", *manifests) == expected


def test_a_memory_limit_may_be_the_limit_ranges_or_the_pods() -> None:
    bare = container(resources={})
    assert found("memory-limit-is-set", pod(bare))
    assert found("memory-limit-is-set", pod(bare), LIMIT_RANGE) == []
    assert found("memory-limit-is-set", pod(bare, spec={"resources": {"limits": {"memory": "1Gi"}}})) == []


@pytest.mark.parametrize(
    ("request_", "limit", "good"),
    [("1", "1000m", True), ("1.5", "1500m", True), ("2", "1500m", False), ("1", "garbage", True), (1, 1, True)],
)
def test_a_request_is_within_its_limit(request_: Any, limit: Any, good: bool) -> None:
    resources = {"requests": {"cpu": request_}, "limits": {"cpu": limit}}
    assert bool(found("requests-are-within-limits", pod(container(resources=resources)))) is not good


def test_a_request_may_be_more_than_the_limit_ranges_limit() -> None:
    manifest = pod(container(resources={"requests": {"memory": "2Gi"}}))
    assert found("requests-are-within-limits", manifest, LIMIT_RANGE)


def quota(**fields: Any) -> Json:
    return made("ResourceQuota", fields)


def scaler(least: int | None, most: int) -> Json:
    target = {"kind": "Deployment", "name": "web"}
    spec = {"scaleTargetRef": target, "maxReplicas": most} | ({"minReplicas": least} if least else {})
    return made("HorizontalPodAutoscaler", spec)


@pytest.mark.parametrize(
    ("manifests", "expected"),
    [
        ([quota(hard={"memory": "128Mi"}), pod(kind="Deployment", replicas=2)], []),
        (
            [quota(hard={"memory": "100Mi"}), pod(kind="Deployment", replicas=2)],
            [("error", "spec.hard.requests.memory")],
        ),
        ([quota(hard={"pods": 1}), pod(kind="Deployment", replicas=2)], [("error", "spec.hard.pods")]),
        ([quota(hard={"pods": 2}), pod(kind="Deployment"), scaler(None, 3)], [("warning", "spec.hard.pods")]),
        ([quota(hard={"pods": 2}), pod(kind="Deployment"), scaler(3, 3)], [("error", "spec.hard.pods")]),
        ([quota(hard={"requests.cpu": "100m"}), pod(kind="Job"), pod()], [("warning", "spec.hard.requests.cpu")]),
        ([quota(hard={"limits.memory": "1Mi"}, scopes=["BestEffort"]), pod()], []),
        ([quota(hard={"requests.storage": "1Gi", "count/secrets": 1}), pod()], []),
        ([quota(hard={"requests.memory": "64Mi"}), pod(spec={"initContainers": [container(name="init")]})], []),
        (
            [
                quota(hard={"requests.memory": "64Mi"}),
                pod(spec={"initContainers": [container(name="side", restartPolicy="Always")]}),
            ],
            [("error", "spec.hard.requests.memory")],
        ),
    ],
)
def test_a_quota_has_room(manifests: list[Json], expected: list[tuple[str, str]]) -> None:
    assert found("quota-is-enough", *manifests) == expected


def claim(storage: str) -> Json:
    spec = {"storageClassName": "fast", "resources": {"requests": {"storage": storage}}}
    return made("PersistentVolumeClaim", spec)


def ports(kind: str, **spec: Any) -> Json:
    return made("Service", {"type": kind, "ports": [{"port": 80}, {"port": 443, "nodePort": 30443}], **spec})


@pytest.mark.parametrize(
    ("hard", "manifest", "good"),
    [
        ({"requests.storage": "1Gi", "persistentvolumeclaims": 1}, claim("1Gi"), True),
        ({"requests.storage": "1Gi"}, claim("2Gi"), False),
        ({"fast.storageclass.storage.k8s.io/requests.storage": "1Gi"}, claim("2Gi"), False),
        ({"slow.storageclass.storage.k8s.io/requests.storage": "1Gi"}, claim("2Gi"), True),
        ({"persistentvolumeclaims": 0}, claim("garbage"), False),
        ({"requests.storage": "3Gi"}, pod(kind="StatefulSet", replicas=2, volumeClaimTemplates=[claim("1Gi")]), True),
        ({"requests.storage": "1Gi"}, pod(kind="StatefulSet", replicas=2, volumeClaimTemplates=[claim("1Gi")]), False),
        ({"count/pods": 1}, pod(), True),
        ({"count/pods": 1}, pod(kind="Deployment", replicas=2), False),
        ({"count/deployments.apps": 0}, pod(kind="Deployment"), False),
        ({"count/deployments.extensions": 0}, pod(kind="Deployment"), True),
        ({"services.nodeports": 1, "services.loadbalancers": 1}, ports("ClusterIP"), True),
        ({"services.nodeports": 1}, ports("NodePort"), False),
        ({"services.nodeports": 1}, ports("LoadBalancer", allocateLoadBalancerNodePorts=False), True),
        ({"services.loadbalancers": 0}, ports("LoadBalancer"), False),
        ({"services": 0}, ports("ClusterIP"), False),
    ],
)
def test_a_quota_has_room_for_other_objects(hard: Json, manifest: Json, good: bool) -> None:
    assert bool(found("quota-is-enough", quota(hard=hard), manifest)) is not good


def test_a_claim_that_was_read_with_its_stateful_set_counts_once() -> None:
    template = {**claim("1Gi"), "metadata": {"name": "data"}}
    first = {**claim("1Gi"), "metadata": {"name": "data-web-0", "namespace": "shop"}}
    stateful_set = pod(kind="StatefulSet", volumeClaimTemplates=[template])
    assert found("quota-is-enough", quota(hard={"requests.storage": "1Gi"}), stateful_set, first) == []


def test_what_a_quota_counts_is_stated() -> None:
    count = quota(hard={"limits.cpu": "4", "pods": 4})
    assert found("quota-finds-its-amounts", count, pod()) == [("error", "spec.containers[web].resources.limits.cpu")]
    assert found("quota-finds-its-amounts", count, pod(), LIMIT_RANGE) == []


# Probes and the way out.

PORTS = [{"name": "http", "containerPort": 8080}]


def service(target: Any = "http", **spec: Any) -> Json:
    return made("Service", {"selector": {"app": "web"}, "ports": [{"port": 8080, "targetPort": target}], **spec})


@pytest.mark.parametrize(
    ("manifests", "fields"),
    [
        ([service(), pod(container(ports=PORTS))], ["spec.containers[web]"]),
        ([service(8080), pod(container(ports=PORTS), container(name="side"))], ["spec.containers[web]"]),
        ([service(None), pod(container(ports=PORTS), container(name="side"))], ["spec.containers[web]"]),
        ([service(9090), pod(container())], ["spec.containers[web]"]),
        ([service(9090), pod(container(), container(name="side"))], []),
        ([service(type="ExternalName"), pod(container(ports=PORTS))], []),
        ([service(), pod(container(ports=PORTS), kind="Job")], []),
        ([service(), pod(container(ports=PORTS, readinessProbe={"exec": {}}, livenessProbe={"exec": {}}))], []),
    ],
)
def test_the_container_that_a_service_leads_to_is_probed(manifests: list[Json], fields: list[str]) -> None:
    assert found("readiness-is-probed", *manifests) == [("error", f"{field}.readinessProbe") for field in fields]
    assert found("liveness-is-probed", *manifests) == [("warning", f"{field}.livenessProbe") for field in fields]


def test_a_service_that_does_not_wait_needs_no_readiness() -> None:
    manifests = [service(publishNotReadyAddresses=True), pod(container(ports=PORTS))]
    assert found("readiness-is-probed", *manifests) == []


@pytest.mark.parametrize(
    ("handler", "grace", "good"),
    [
        ({"sleep": {"seconds": 29}}, None, True),
        ({"sleep": {"seconds": 30}}, None, False),
        ({"exec": {"command": ["sleep", "40"]}}, None, False),
        ({"exec": {"command": ["sleep", "40"]}}, 60, True),
        ({"exec": {"command": ["/bin/sleep", "40"]}}, None, False),
        ({"exec": {"command": ["sh", "-c", "sleep 20 && kill 1; sleep 15s"]}}, None, False),
        ({"exec": {"command": ["sh", "-c", "sleep 1m"]}}, None, False),
        ({"exec": {"command": ["sh", "-c", "sleep 0.5; nginx -s quit"]}}, None, True),
        ({"exec": {"command": ["sh", "-c", "usleep 90"]}}, None, True),
        ({"httpGet": {"port": 80}}, 0, True),
    ],
)
def test_the_grace_period_covers_the_hook(handler: Json, grace: int | None, good: bool) -> None:
    manifest = pod(container(lifecycle={"preStop": handler}), spec={"terminationGracePeriodSeconds": grace})
    assert bool(found("grace-period-covers-pre-stop", manifest)) is not good


# Secrets in plain sight.


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTGRES_PASSWORD", "hunter2"),
        ("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI"),
        ("clientSecret", "abc"),
        ("SECRET_KEY_BASE", "abc"),
        ("PGPASSWORD", "hunter2"),
        ("DBPASSWORD", "12345678"),
        ("REDISCLI_AUTH", "hunter2"),
        ("RABBITMQ_ERLANG_COOKIE", "hunter2"),
        ("WEB_AUTH_KEY", "hunter2"),
        ("PASSWORD", "pa$word1"),
        ("PASSWORD", "$ecret!"),
        ("PASSWORD", "/ab3dEF/9xK+Qw=="),
        ("PASSWORD", "/ab3dEF9xKQw"),
        ("PASSWORD", "/ab3dEF9xKQwab3dEF9xKQwab3dEF9xKQw/x"),
        ("DATABASE_URL", "postgres://shop:hunter2@db:5432/shop"),
        ("REDIS_URL", "redis://:hunter2@redis:6379"),
        ("KEY", "AKIAIOSFODNN7EXAMPLE"),
        ("SOMETHING", "ghp_" + "a" * 36),
        ("CERT", "-----BEGIN RSA PRIVATE KEY-----\nMIIE"),
        ("SLACK", "xoxb-123456789012-abcdef"),
        ("JWT", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w"),
    ],
)
def test_a_secret_in_the_environment(name: str, value: str) -> None:
    manifest = pod(container(env=[{"name": name, "value": value}]))
    assert found("no-secret-in-environment", manifest) == [("error", f"spec.containers[web].env[{name}]")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTGRES_PASSWORD_FILE", "/run/secrets/password"),
        ("PASSWORD", "/run/secrets/password"),
        ("PASSWORD", ""),
        ("PASSWORD", "$(OTHER)"),
        ("PASSWORD", "${OTHER}"),
        ("PASSWORD", "$OTHER"),
        ("PASSWORD", "$2y$10$abcdefghijklmnopqrstuv"),
        ("PASSWORD", "/password"),
        ("PASSWORD", "~/.pgpass"),
        ("PASSWORD", "/vault/secrets/DB_PASSWORD"),
        ("PASSWORD", "1"),
        ("ALLOW_NOPASSWORD", "always"),
        ("GUEST_NOPASSWD", "always"),
        ("PASSWORD", "vault:secret/data/web#password"),
        ("PASSWORD", "{{ .Values.password }}"),
        ("ALLOW_EMPTY_PASSWORD", "yes"),
        ("USE_TOKEN", "always"),
        ("CSRF_TOKEN", "true"),
        ("MAX_TOKEN", "4096"),
        ("PASSWORD_POLICY", "strict"),
        ("TLS_SECRET", "web-tls"),
        ("WEBHOOK_SECRET", "made"),
        ("COMPASS", "north"),
        ("PWD", "work"),
        ("DATABASE_URL", "postgres://shop:$(PASSWORD)@db:5432/shop"),
        ("DATABASE_URL", "postgres://shop@db:5432/shop"),
        ("REGEX", "https://([^:]+):(.+)@x"),
    ],
)
def test_no_secret_in_the_environment(name: str, value: str) -> None:
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "made", "namespace": "shop"}}
    assert found("no-secret-in-environment", pod(container(env=[{"name": name, "value": value}])), secret) == []


@pytest.mark.parametrize(
    ("command", "good"),
    [
        (["--password=hunter2"], False),
        (["redis-server", "--requirepass", "hunter2"], False),
        (["redis-server", "--masterauth", "hunter2"], False),
        (["--password=12345678"], False),
        (["--token=12345678"], True),
        (["sh", "-c", "mysql --password=$PASSWORD; true"], True),
        (["sh", "-c", "mysql --password=hunter2"], False),
        (["curl", "https://me:hunter2@example.com"], False),
        (["--password=$(PASSWORD)"], True),
        (["sh", "-c", 'redis-server --requirepass "$PASSWORD"'], True),
        (["--password-file=/run/password", "--token-ttl=5m", "--token"], True),
        (["--token", "--verbose"], True),
        (["--tls-secret=web-tls"], True),
    ],
)
def test_a_secret_in_an_argument(command: list[str], good: bool) -> None:
    assert bool(found("no-secret-in-arguments", pod(container(args=command)))) is not good


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("DB_PASSWORD", "hunter2", ["error"]),
        ("id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl", ["error"]),
        ("web.env", "A=1\nDB_PASSWORD=hunter2\n", ["warning"]),
        ("datasource.yaml", "url: x\nsecureJsonData:\n  password: hunter2\n", ["warning"]),
        ("web.env", "# DB_PASSWORD=hunter2\nDB_PASSWORD_FILE=/run/password\nTOKEN=${TOKEN}\n", []),
        ("settings", "name: web\npassword: hunter2 # ours\n", ["warning"]),
        ("web.json", '{"name": "web", "password": "hunter2", "token": 4096}', ["warning"]),
        ("web.json", '{"password": "", "token": {"length": 16}, "tokenPath": "x"}', []),
        ("redis.conf", "requirepass hunter2\nmasterauth hunter2\nport 6379\n", ["warning", "warning"]),
        ("nginx.conf", "location / {\n  proxy_pass http://web:8080;\n}\n", []),
        ("start.sh", "export PASSWORD=hunter2\n", ["warning"]),
        ("start.sh", "PASSWORD=$1\nTOKEN=$(cat /run/token)\nPASSWORD=$PASSWORD;\nPASS=0;\n", []),
        ("config.alloy", 'password = "hunter2"\n', ["warning"]),
        ("config.alloy", "password = local.file.password.content\n", []),
        ("notes.txt", "password: ask me", []),
        ("web.conf", "# redis://user:password@host\n", []),
        ("tls.crt", "-----BEGIN CERTIFICATE-----\nMIIE", []),
    ],
)
def test_a_secret_in_a_config_map(key: str, value: str, expected: list[str]) -> None:
    manifest = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "web"}, "data": {key: value}}
    assert found("no-secret-in-config-map", manifest) == [(severity, f"data[{key}]") for severity in expected]


@pytest.mark.parametrize(
    ("fields", "good"),
    [
        ({"data": {"a": "aHVudGVyMg=="}}, False),
        ({"type": "kubernetes.io/tls", "data": {"tls.key": "LS0t"}}, False),
        ({"data": {"a": ""}, "stringData": None}, True),
        ({"type": "kubernetes.io/service-account-token", "data": {"token": "ZXlK"}}, True),
        ({"stringData": {"a": "ENC[AES256_GCM,data:x]"}}, True),
        ({"stringData": {"a": "<path:secret/data/web#a>"}}, True),
    ],
)
def test_a_plain_secret(fields: Json, good: bool) -> None:
    manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web", "namespace": "shop"}, **fields}
    assert bool(found("secret-is-made-elsewhere", manifest)) is not good
    assert found("secret-is-made-elsewhere", {**manifest, "metadata": {"name": "web", "uid": "1"}}) == []


@pytest.mark.parametrize(
    ("fields", "severities"),
    [
        ({"data": {"admin-user": "YWRtaW4=", "admin-password": "aHVudGVyMg=="}}, ["error", "warning"]),
        ({"stringData": {"url": "postgres://shop:hunter2@db:5432/shop"}}, ["error"]),
        ({"stringData": {"settings": "HOST=db\nDB_PASSWORD=hunter2"}}, ["error"]),
        ({"data": {"config": "SE9TVD1kYgpEQl9QQVNTV09SRD1odW50ZXIy"}}, ["error"]),
        ({"data": {"alertmanager.yaml": "cm91dGU6IHt9"}}, ["warning"]),
        ({"data": {"keystore": "/u3+7QAA", "broken": "no base64!"}}, ["warning", "warning"]),
        ({"data": {"tls.crt": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t", "ca.crt": "LS0t"}}, []),
        ({"stringData": {"both.crt": "-----BEGIN PRIVATE KEY-----"}}, ["error"]),
    ],
)
def test_what_may_be_a_secret_is_a_warning(fields: Json, severities: list[str]) -> None:
    manifest = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web", "namespace": "shop"}, **fields}
    assert sorted(severity for severity, _ in found("secret-is-made-elsewhere", manifest)) == severities


def test_a_name_stands_once_among_all_containers() -> None:
    first = pod(spec={"initContainers": [container()]})
    assert found("container-names-are-unique", first) == [("error", "spec.containers[web].name")]
    nameless = pod({"image": "a"}, {"image": "b"})
    assert found("container-names-are-unique", nameless) == []


def test_a_variable_may_stand_in_two_containers() -> None:
    env = {"env": [{"name": "A", "value": "1"}]}
    assert found("environment-is-unique", pod(container(**env), container(name="side", **env))) == []


# Workloads.


def budget(name: str = "web", **spec: Any) -> Json:
    return made("PodDisruptionBudget", {"selector": {"matchLabels": {"app": "web"}}, **spec}, name)


@pytest.mark.parametrize(
    ("spec", "others", "expected"),
    [
        ({"maxUnavailable": 0}, [], ["error"]),
        ({"maxUnavailable": "0%"}, [], ["error"]),
        ({"maxUnavailable": "1%"}, [], []),
        ({"maxUnavailable": 1}, [], []),
        ({"minAvailable": 2}, [], ["error"]),
        ({"minAvailable": "50%"}, [], []),
        ({"minAvailable": "51%"}, [], ["error"]),
        ({"minAvailable": "100%"}, [], ["error"]),
        ({"minAvailable": 1}, [scaler(None, 5)], ["error"]),
        ({"minAvailable": 1}, [scaler(2, 5)], []),
        ({"minAvailable": "many", "maxUnavailable": None}, [], []),
        ({"minAvailable": 2, "selector": {"matchLabels": {"app": "other"}}}, [], []),
        ({"maxUnavailable": 0, "selector": None}, [], []),
    ],
)
def test_a_budget_lets_a_pod_go(spec: Json, others: list[Json], expected: list[str]) -> None:
    workload = pod(kind="Deployment", replicas=2)
    severities = [severity for severity, _ in found("disruption-budget-lets-go", budget(**spec), workload, *others)]
    assert severities == expected


def test_a_budget_of_no_pods_blocks_nothing() -> None:
    assert found("disruption-budget-lets-go", budget(minAvailable=1), pod(kind="Deployment", replicas=0)) == []
    assert found("disruption-budget-lets-go", budget(minAvailable=2), pod(kind="DaemonSet")) == []


def test_where_other_pods_may_run_it_is_a_warning() -> None:
    unknown = {"apiVersion": "example.org/v1", "kind": "Farm", "metadata": {"name": "a", "namespace": "shop"}}
    manifests = [budget(minAvailable=1), pod(kind="Deployment", replicas=1), unknown]
    assert found("disruption-budget-lets-go", *manifests) == [("warning", "spec.minAvailable")]


def test_an_autoscaler_owns_replicas() -> None:
    assert found("autoscaler-owns-replicas", pod(kind="Deployment"), scaler(1, 2)) == []
    keda = made("ScaledObject", {"scaleTargetRef": {"name": "web"}})
    assert found("autoscaler-owns-replicas", pod(kind="Deployment", replicas=1), keda) == [("warning", "spec.replicas")]
    other = made("HorizontalPodAutoscaler", {"scaleTargetRef": {"kind": "StatefulSet", "name": "web"}})
    assert found("autoscaler-owns-replicas", pod(kind="Deployment", replicas=1), other) == []


@pytest.mark.parametrize(
    ("metrics", "good"),
    [
        ({"targetCPUUtilizationPercentage": 80}, False),
        ({"metrics": [{"resource": {"name": "memory", "target": {"type": "Utilization"}}}]}, True),
        ({"metrics": [{"resource": {"name": "cpu", "target": {"type": "AverageValue"}}}]}, True),
        (
            {
                "metrics": [
                    {"containerResource": {"name": "cpu", "container": "web", "target": {"type": "Utilization"}}}
                ]
            },
            False,
        ),
        (
            {"metrics": [{"containerResource": {"name": "cpu", "container": "a", "target": {"type": "Utilization"}}}]},
            True,
        ),
    ],
)
def test_an_autoscaler_finds_requests(metrics: Json, good: bool) -> None:
    workload = pod(container(resources={"requests": {"memory": "64Mi"}}), kind="Deployment")
    target = {"scaleTargetRef": {"kind": "Deployment", "name": "web"}, "maxReplicas": 3}
    manifests = [workload, made("HorizontalPodAutoscaler", {**target, **metrics})]
    assert bool(found("autoscaler-finds-requests", *manifests)) is not good


@pytest.mark.parametrize(("policy", "good"), [(None, False), ("Allow", False), ("Forbid", True), ("Replace", True)])
def test_a_cron_job_says_whether_runs_overlap(policy: str | None, good: bool) -> None:
    manifest = pod(kind="CronJob", concurrencyPolicy=policy)
    assert found("cron-job-runs-alone", manifest) == ([] if good else [("warning", "spec.concurrencyPolicy")])


@pytest.mark.parametrize(
    ("kind", "policy", "good"),
    [
        ("Job", None, False),
        ("Job", "Always", False),
        ("Job", "Never", True),
        ("CronJob", "OnFailure", True),
        ("Deployment", None, True),
        ("Deployment", "Never", False),
        ("Pod", "Never", True),
    ],
)
def test_a_restart_policy(kind: str, policy: str | None, good: bool) -> None:
    assert bool(found("restart-policy-fits", pod(kind=kind, spec={"restartPolicy": policy}))) is not good
