"""Pods: secure, bounded and able to leave."""

import base64
import re
from collections.abc import Iterable, Iterator
from decimal import ROUND_CEILING, Decimal
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import Image
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.pod_resources import amounts, of_objects, of_pod, scale, stated
from vkm_manifests.graph.resource import Finding, Resource, Severity
from vkm_manifests.schema.schemas import numbers_of
from vkm_manifests.verify import plain_sight, pod_security
from vkm_manifests.verify.pod_security import ENFORCE, Control, containers_of, is_windows
from vkm_manifests.verify.rule import rule

_SAFE: Final = """
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: restricted}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext:
    runAsNonRoot: true
    seccompProfile: {type: RuntimeDefault}
  containers:
  - name: web
    image: example/web:1.0.0
    ports: [{containerPort: 8080}]
    readinessProbe: {httpGet: {port: 8080}}
    securityContext:
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      capabilities: {drop: [ALL]}
  volumes: [{name: scratch, emptyDir: {}}]
"""
_RUNNING: Final = """
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
        env: [{name: MODE, value: production}]
        ports: [{containerPort: 8080}]
        lifecycle: {preStop: {sleep: {seconds: 10}}}
        readinessProbe: {httpGet: {port: 8080}}
        livenessProbe: {httpGet: {port: 8080, path: /alive}}
        resources:
          requests: {cpu: 100m, memory: 64Mi}
          limits: {memory: 128Mi}
"""
_SERVED: Final = f"""
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop}}
spec:
  selector: {{app: web}}
  ports: [{{port: 80, targetPort: 8080}}]
---
{_RUNNING.lstrip()}"""
_SCALED: Final = f"""
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: web, namespace: shop}}
spec:
  scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: web}}
  minReplicas: 2
  maxReplicas: 4
  metrics:
  - type: Resource
    resource: {{name: cpu, target: {{type: Utilization, averageUtilization: 80}}}}
---
{_RUNNING.lstrip().replace("  replicas: 2", "  revisionHistoryLimit: 2")}"""
_QUOTA: Final = f"""
apiVersion: v1
kind: ResourceQuota
metadata: {{name: shop, namespace: shop}}
spec:
  hard: {{requests.memory: 256Mi}}
---
{_RUNNING.lstrip()}"""
_BUDGET: Final = f"""
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: web, namespace: shop}}
spec:
  minAvailable: 1
  selector: {{matchLabels: {{app: web}}}}
---
{_RUNNING.lstrip()}"""
_NIGHTLY: Final = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: shop}
spec:
  schedule: 0 2 * * *
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers: [{name: nightly, image: example/web:1.0.0}]
"""
_CONFIG: Final = """
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop}
data:
  DATABASE_URL: postgres://shop@db.shop:5432/shop
"""


# Pod Security.


def _declared_level(graph: Graph, namespace: str) -> str:
    """The level that a Namespace of the input enforces; empty where it says none."""
    found = graph.find("Namespace", "", namespace)
    return found.labels.get(ENFORCE, "") if found else ""


def _severity(graph: Graph, namespace: str, level: str) -> Severity | None:
    """How bad it is that a pod offends against a level: where none is declared, `restricted` is advice."""
    match _declared_level(graph, namespace):
        case "privileged":
            return None
        case "baseline":
            return "error" if level == "baseline" else None
        case "restricted":
            return "error"
    return "error" if level == "baseline" else "warning"


def _offences(graph: Graph, control: Control) -> Iterator[Finding]:
    for pod in graph.own_pods:
        for offence in control(pod):
            severity = _severity(graph, pod.namespace, offence.level)
            if severity:
                yield pod.workload.finding(offence.field, offence.message, fix=offence.fix, severity=severity)


@rule(passes=_SAFE, breaks={"runAsNonRoot: true": "runAsUser: 0"})
def runs_as_non_root(graph: Graph) -> Iterator[Finding]:
    """No container runs as root: `runAsNonRoot` is true and `runAsUser` is not 0.

    Pod Security `restricted` refuses the pod. An error where the Namespace declares that level, else a warning.
    """
    yield from _offences(graph, pod_security.user)


@rule(passes=_SAFE, breaks={"      allowPrivilegeEscalation: false\n": ""})
def no_privilege_escalation(graph: Graph) -> Iterator[Finding]:
    """Each container says `allowPrivilegeEscalation: false`.

    Pod Security `restricted` refuses the pod.
    """
    yield from _offences(graph, pod_security.privilege_escalation)


@rule(passes=_SAFE, breaks={"drop: [ALL]": "drop: [NET_RAW]"})
def drops_all_capabilities(graph: Graph) -> Iterator[Finding]:
    """Each container drops all capabilities.

    Pod Security `restricted` refuses the pod.
    """
    yield from _offences(graph, pod_security.dropped_capabilities)


@rule(passes=_SAFE, breaks={"drop: [ALL]": "drop: [ALL], add: [SYS_ADMIN]"})
def adds_no_capabilities(graph: Graph) -> Iterator[Finding]:
    """No container adds a capability, but for `NET_BIND_SERVICE`.

    Pod Security `restricted` refuses the pod; `baseline` those that are not among a runtime's usual ones.
    """
    yield from _offences(graph, pod_security.added_capabilities)


@rule(passes=_SAFE, breaks={"    seccompProfile: {type: RuntimeDefault}\n": ""})
def seccomp_profile_is_set(graph: Graph) -> Iterator[Finding]:
    """Each container has a seccomp profile: the runtime's, or one of the node's.

    Pod Security `restricted` refuses the pod; `baseline` one that says Unconfined.
    """
    yield from _offences(graph, pod_security.seccomp)


@rule(passes=_SAFE, breaks={"  volumes:": "  hostNetwork: true\n  volumes:"})
def no_host_namespaces(graph: Graph) -> Iterator[Finding]:
    """No pod shares the node's network, processes or memory.

    Pod Security `baseline` refuses it.
    """
    yield from _offences(graph, pod_security.host_namespaces)


@rule(passes=_SAFE, breaks={"      allowPrivilegeEscalation": "      privileged: true\n      allowPrivilegeEscalation"})
def no_privileged_containers(graph: Graph) -> Iterator[Finding]:
    """No container is privileged.

    Pod Security `baseline` refuses the pod.
    """
    yield from _offences(graph, pod_security.privileged)


@rule(passes=_SAFE, breaks={"emptyDir: {}": "hostPath: {path: /var/run/docker.sock}"})
def no_host_path(graph: Graph) -> Iterator[Finding]:
    """No volume is a folder or file of the node.

    Pod Security `baseline` refuses the pod.
    """
    yield from _offences(graph, pod_security.host_paths)


@rule(passes=_SAFE, breaks={"emptyDir: {}": "nfs: {server: nas.example.com, path: /shop}"})
def volume_types_are_safe(graph: Graph) -> Iterator[Finding]:
    """Each volume is of a type that leads to nothing of the node: a claim, a Secret, a ConfigMap, an emptyDir.

    Pod Security `restricted` refuses the pod.
    """
    yield from _offences(graph, pod_security.volume_types)


@rule(passes=_SAFE, breaks={"containerPort: 8080": "containerPort: 8080, hostPort: 80"})
def no_host_ports(graph: Graph) -> Iterator[Finding]:
    """No container takes a port of the node.

    Pod Security `baseline` refuses the pod.
    """
    yield from _offences(graph, pod_security.host_ports)


@rule(passes=_SAFE, breaks={"httpGet: {port: 8080}": "httpGet: {port: 8080, host: 10.0.0.1}"})
def probes_stay_in_the_pod(graph: Graph) -> Iterator[Finding]:
    """Probes and lifecycle hooks name no host: they go to the pod.

    Pod Security `baseline` refuses the pod since Kubernetes 1.34.
    """
    if graph.kubernetes is None or numbers_of(graph.kubernetes) >= (1, 34):
        yield from _offences(graph, pod_security.probe_hosts)


@rule(
    passes=_SAFE, breaks={"    runAsNonRoot: true": "    runAsNonRoot: true\n    windowsOptions: {hostProcess: true}"}
)
def no_host_process(graph: Graph) -> Iterator[Finding]:
    """No Windows container is a process of the node.

    Pod Security `baseline` refuses the pod.
    """
    yield from _offences(graph, pod_security.host_process)


@rule(passes=_SAFE, breaks={"    runAsNonRoot: true": "    runAsNonRoot: true\n    seLinuxOptions: {type: spc_t}"})
def se_linux_confines(graph: Graph) -> Iterator[Finding]:
    """A pod's SELinux type is one for containers, and its user and role are the runtime's.

    Pod Security `baseline` refuses others.
    """
    yield from _offences(graph, pod_security.se_linux)


@rule(
    passes=_SAFE, breaks={"    runAsNonRoot: true": "    runAsNonRoot: true\n    appArmorProfile: {type: Unconfined}"}
)
def app_armor_confines(graph: Graph) -> Iterator[Finding]:
    """No pod is taken out of AppArmor's confinement.

    Pod Security `baseline` refuses it.
    """
    yield from _offences(graph, pod_security.app_armor)


@rule(passes=_SAFE, breaks={"      allowPrivilege": "      procMount: Unmasked\n      allowPrivilege"})
def proc_is_masked(graph: Graph) -> Iterator[Finding]:
    """What the runtime hides of /proc stays hidden.

    Pod Security `baseline` refuses the pod, but with users of its own (`hostUsers: false`).
    """
    yield from _offences(graph, pod_security.proc_mount)


@rule(
    passes=_SAFE,
    breaks={"    runAsNonRoot: true": '    runAsNonRoot: true\n    sysctls: [{name: kernel.msgmax, value: "65536"}]'},
)
def sysctls_are_safe(graph: Graph) -> Iterator[Finding]:
    """A pod changes only those kernel settings that are its own.

    Pod Security `baseline` refuses others.
    """
    yield from _offences(graph, pod_security.sysctls)


@rule(passes=_SAFE, breaks={"  labels: {pod-security.kubernetes.io/enforce: restricted}\n": ""})
def namespace_declares_a_level(graph: Graph) -> Iterator[Finding]:
    """A Namespace in which pods run says which level of Pod Security it enforces."""
    for namespace in graph.of_kind("Namespace"):
        runs = any(not pod.outside for pod in graph.pods_in(namespace.name))
        if runs and not _declared_level(graph, namespace.name):
            yield namespace.finding(
                f"metadata.labels[{ENFORCE}]",
                "is missing: the namespace takes any pod",
                fix=f"{ENFORCE}: restricted",
                severity="warning",
            )


@rule(
    passes=_SAFE,
    breaks={"pod-security.kubernetes.io/enforce: restricted": "pod-security.kubernetes.io/enforce: baseline"},
)
def namespace_level_is_restricted(graph: Graph) -> Iterator[Finding]:
    """The level of Pod Security that a Namespace enforces is `restricted`."""
    for namespace in graph.of_kind("Namespace"):
        level = _declared_level(graph, namespace.name)
        if level and level not in ("baseline", "privileged", "restricted"):
            yield namespace.finding(
                f"metadata.labels[{ENFORCE}]",
                f'is "{level}", accepted are privileged, baseline, restricted',
                fix=f"{ENFORCE}: restricted",
            )
        elif level in ("baseline", "privileged"):
            yield namespace.finding(
                f"metadata.labels[{ENFORCE}]",
                f"is {level}: pods may do more than they usually need",
                fix=f"{ENFORCE}: restricted",
                severity="warning",
            )


@rule(passes=_SAFE, breaks={"      readOnlyRootFilesystem: true\n": ""})
def root_is_read_only(graph: Graph) -> Iterator[Finding]:
    """Each container's root file system is read-only.

    Who breaks in can otherwise change the program. What has to be written goes to a volume.
    """
    for pod in graph.own_pods:
        for container in () if is_windows(pod) else pod.containers:
            if shape.dig(container.manifest, "securityContext", "readOnlyRootFilesystem") is not True:
                yield pod.workload.finding(
                    f"{container.field}.securityContext.readOnlyRootFilesystem",
                    "is not true",
                    fix="readOnlyRootFilesystem: true, with an emptyDir volume where files are written",
                )


# Images.

_MOVING: Final = frozenset(
    "alpha beta canary current dev devel develop development edge head latest lts main mainline master next nightly "
    "preview prod production release snapshot stable staging test testing trunk unstable".split()
)
# What a part of a tag says that was made once: a version, a date or a commit.
_FIXED: Final = re.compile(r"v?\d[\w.]*|[0-9a-f]{7,}")
_DIGEST: Final = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")


@rule(passes=_RUNNING, breaks={"image: example/web:1.0.0": "image: example/web:latest"})
def image_is_fixed(graph: Graph) -> Iterator[Finding]:
    """Each container's image has a digest, or a tag that names a version.

    A tag such as `latest` is another program tomorrow, and on each node the one that it pulled.
    """
    for pod in graph.own_pods:
        for field, container in containers_of(pod):
            mistake = _image_mistake(shape.text(container, "image").strip())
            if mistake:
                yield pod.workload.finding(f"{field}.image", mistake, fix="image: name:version, or name@sha256:...")


def _image_mistake(name: str) -> str:
    image = Image.of(name)
    if not name:
        return "is missing"
    if "@" in name:
        return "" if _DIGEST.fullmatch(image.digest) else f'"{name}" has no digest: it is sha256: and 64 hex digits'
    if not image.tag:
        return f'"{name}" has no tag: it is the latest image'
    first, *others = re.split("[-_]", image.tag.lower())
    # `latest-alpine` moves, `main-3f2a9c1` does not.
    return f'"{name}" has a tag that moves' if first in _MOVING and not any(map(_FIXED.fullmatch, others)) else ""


# Resources.


@rule(passes=_RUNNING, breaks={"requests: {cpu: 100m, memory: 64Mi}": "requests: {memory: 64Mi}"})
def requests_are_set(graph: Graph) -> Iterator[Finding]:
    """Each container requests cpu and memory.

    Otherwise the scheduler takes it to need nothing. A limit is a request too; a LimitRange may state both.
    """
    for pod, container in _containers(graph):
        missing = [name for name in ("cpu", "memory") if name not in _requested(graph, pod, container)]
        if missing:
            fix = ", ".join(f"{name}: {'100m' if name == 'cpu' else '128Mi'}" for name in missing)
            yield pod.workload.finding(
                f"{container.field}.resources.requests",
                f"names no {' and no '.join(missing)}",
                fix=f"requests: {{{fix}}}",
            )


def _containers(graph: Graph) -> Iterator[tuple[Pod, Container]]:
    for pod in graph.own_pods:
        for container in pod.containers:
            yield pod, container


def _requested(graph: Graph, pod: Pod, container: Container) -> dict[str, Decimal]:
    """What a container requests, or its pod as a whole."""
    whole = {**stated(pod.spec, "resources", "limits"), **stated(pod.spec, "resources", "requests")}
    return {**whole, **amounts(graph, pod, container).requests}


def _limited(graph: Graph, pod: Pod, container: Container) -> dict[str, Decimal]:
    return {**stated(pod.spec, "resources", "limits"), **amounts(graph, pod, container).limits}


@rule(passes=_RUNNING, breaks={"\n          limits: {memory: 128Mi}": ""})
def memory_limit_is_set(graph: Graph) -> Iterator[Finding]:
    """Each container has a memory limit.

    Otherwise one that leaks takes the node's memory, and its neighbours with it.
    """
    for pod, container in _containers(graph):
        if "memory" not in _limited(graph, pod, container):
            yield pod.workload.finding(
                f"{container.field}.resources.limits.memory", "is missing", fix="limits: {memory: 256Mi}"
            )


@rule(passes=_RUNNING, breaks={"limits: {memory: 128Mi}": "limits: {memory: 32Mi}"})
def requests_are_within_limits(graph: Graph) -> Iterator[Finding]:
    """No container requests more than its limit.

    The API server refuses the pod.
    """
    for pod, container in _containers(graph):
        found = amounts(graph, pod, container)
        for name, limit in found.limits.items():
            if found.requests.get(name, limit) > limit:
                request, most = (
                    shape.dig(container.manifest, "resources", key, name) or "the LimitRange's"
                    for key in ("requests", "limits")
                )
                yield pod.workload.finding(
                    f"{container.field}.resources.requests.{name}",
                    f"is {request}, more than the limit of {most}",
                    fix=f"requests: {{{name}: {most}}}",
                )


_QUOTA_NAMES: Final = {"cpu": "requests.cpu", "memory": "requests.memory"}


def _quotas(graph: Graph) -> Iterator[tuple[Resource, dict[str, Decimal]]]:
    """The quotas that count all pods of their namespace, by the longer form of the names."""
    for quota in graph.of_kind("ResourceQuota"):
        if not quota.spec.get("scopes") and not quota.spec.get("scopeSelector"):
            yield quota, {_QUOTA_NAMES.get(name, name): amount for name, amount in stated(quota.spec, "hard").items()}


@rule(passes=_QUOTA, breaks={"requests.memory: 256Mi": "requests.memory: 100Mi"})
def quota_is_enough(graph: Graph) -> Iterator[Finding]:
    """A namespace's quota has room for all its pods, as many as an autoscaler may start, and for its other objects.

    Otherwise some of them do not start. A warning where only the autoscaler's last pods, or jobs, have no room.
    """
    for quota, hard in _quotas(graph):
        pods = [pod for pod in graph.pods_in(quota.namespace) if not pod.outside]
        needs = [(pod, of_pod(graph, pod), scale(graph, pod)) for pod in pods]
        others = of_objects(graph).get(quota.namespace, {})
        for name, most in hard.items():
            other = others.get(name, _ZERO)
            always = sum((need.get(name, _ZERO) * size.least for pod, need, size in needs if pod.runs_on), other)
            at_most = sum((need.get(name, _ZERO) * size.most for _, need, size in needs), other)
            if at_most > most:
                yield quota.finding(
                    f"spec.hard.{name}",
                    f"has room for {_amount(name, most)}, the manifests take {_amount(name, at_most)}",
                    fix=f"{name}: {_amount(name, at_most)}",
                    severity="error" if always > most else "warning",
                )


_ZERO: Final = Decimal(0)


def _amount(name: str, value: Decimal) -> str:
    """An amount as a person writes it."""
    if name.endswith("cpu"):
        return f"{int((value * 1000).to_integral_value(ROUND_CEILING))}m"
    whole = int(value.to_integral_value(ROUND_CEILING))
    for unit, size in (("Gi", 2**30), ("Mi", 2**20), ("Ki", 2**10)):
        if whole and whole % size == 0 and name.endswith(("memory", "storage")):
            return f"{whole // size}{unit}"
    return str(whole)


@rule(passes=_QUOTA, breaks={"requests.memory: 256Mi": "limits.cpu: 4"})
def quota_finds_its_amounts(graph: Graph) -> Iterator[Finding]:
    """Where a quota counts cpu or memory, each container states it.

    The API server refuses pods that do not.
    """
    for quota, hard in _quotas(graph):
        for pod in graph.pods_in(quota.namespace):
            for container in () if pod.outside else pod.containers:
                found = {"requests": _requested(graph, pod, container), "limits": _limited(graph, pod, container)}
                for name in hard:
                    kind, _, resource = name.partition(".")
                    if kind in found and resource in ("cpu", "memory") and resource not in found[kind]:
                        yield pod.workload.finding(
                            f"{container.field}.resources.{name}",
                            f"is missing, and ResourceQuota {quota.name} counts it",
                            fix=f"{kind}: {{{resource}: ...}}",
                        )


# Probes and the way out.


@fact
def _listening(graph: Graph) -> tuple[tuple[Resource, Pod, Container], ...]:
    """Each Service's pods with the container that it leads to, where that is sure."""
    found: list[tuple[Resource, Pod, Container]] = []
    for service in graph.of_kind("Service"):
        if shape.text(service.spec, "type") == "ExternalName":
            continue
        pods = [pod for pod in graph.pods_of_service(service) if not pod.outside and pod.runs_on]
        for port in shape.mappings(service.spec, "ports"):
            target = port.get("targetPort") or port.get("port")
            found.extend((service, pod, each) for pod in pods for each in _listeners(pod, target))
    return tuple(found)


def _listeners(pod: Pod, target: Any) -> list[Container]:
    stay = [container for container in pod.containers if not container.init]
    listed = [c for c in stay if any(target in (name, number) for name, number, _ in c.ports() if target)]
    return listed or (stay if len(stay) == 1 else [])


def _once(listening: Iterable[tuple[Resource, Pod, Container]]) -> list[tuple[Resource, Pod, Container]]:
    """Each container with one of the Services that lead to it: the first by name."""
    ordered = sorted(listening, key=lambda each: each[0].identity, reverse=True)
    return list({container: (service, pod, container) for service, pod, container in ordered}.values())


@rule(passes=_SERVED, breaks={"        readinessProbe: {httpGet: {port: 8080}}\n": ""})
def readiness_is_probed(graph: Graph) -> Iterator[Finding]:
    """A container that a Service leads to has a readiness probe.

    Otherwise the Service sends connections to a pod that is still starting.
    """
    ready = [each for each in _listening(graph) if not each[0].spec.get("publishNotReadyAddresses")]
    for service, pod, container in _once(ready):
        if not shape.mapping(container.manifest, "readinessProbe"):
            yield pod.workload.finding(
                f"{container.field}.readinessProbe",
                f"is missing, and Service {service.name} leads here",
                fix="readinessProbe: {httpGet: {path: /, port: ...}}",
            )


@rule(passes=_SERVED, breaks={"        livenessProbe: {httpGet: {port: 8080, path: /alive}}\n": ""})
def liveness_is_probed(graph: Graph) -> Iterator[Finding]:
    """A container that a Service leads to has a liveness probe.

    Otherwise one that hangs stays so.
    """
    for service, pod, container in _once(_listening(graph)):
        if not shape.mapping(container.manifest, "livenessProbe"):
            yield pod.workload.finding(
                f"{container.field}.livenessProbe",
                f"is missing, and Service {service.name} leads here",
                fix="livenessProbe: {tcpSocket: {port: ...}, failureThreshold: 6}",
                severity="warning",
            )


_SLEEP: Final = re.compile(r"(?:^|[\s;&|(/])sleep\s+(\d+)(?!\d|\.\d)\s*([smh]?)(?=$|[\s;&|)])")
_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3600}


@rule(passes=_RUNNING, breaks={"sleep: {seconds: 10}": 'exec: {command: [sh, -c, "sleep 30"]}'})
def grace_period_covers_pre_stop(graph: Graph) -> Iterator[Finding]:
    """What a container does before it stops takes less time than the pod's grace period, which is 30 s by default.

    Otherwise it is killed before it gets the signal to stop.
    """
    for pod in graph.own_pods:
        grace = shape.number(pod.spec, "terminationGracePeriodSeconds")
        grace = 30 if grace is None else grace
        for container in pod.containers:
            seconds = _pre_stop_seconds(shape.mapping(container.manifest, "lifecycle", "preStop"))
            if seconds and seconds >= grace:
                yield pod.workload.finding(
                    f"{container.field}.lifecycle.preStop",
                    f"takes {seconds} s, and the grace period is {grace} s",
                    fix=f"terminationGracePeriodSeconds: {seconds + 30}",
                )


def _pre_stop_seconds(handler: Any) -> int:
    command = " ".join(shape.texts(handler, "exec", "command"))
    slept = sum(int(number[:9]) * _SECONDS[unit] for number, unit in _SLEEP.findall(command))
    return slept or shape.number(handler, "sleep", "seconds") or 0


# Secrets in plain sight.


@rule(passes=_RUNNING, breaks={"{name: MODE, value: production}": "{name: DB_PASSWORD, value: hunter2}"})
def no_secret_in_environment(graph: Graph) -> Iterator[Finding]:
    """No environment variable has a secret as its value.

    Who may read the workload would read it too.
    """
    for pod in graph.own_pods:
        for field, container in containers_of(pod):
            for place, variable in shape.named(container, f"{field}.env", "env"):
                name, value = shape.text(variable, "name"), shape.text(variable, "value")
                what = next(plain_sight.secrets_in(value), "")
                if not what and plain_sight.is_secret(name, value):
                    # It may name the Secret.
                    what = "" if (pod.namespace, value) in graph.secrets else "a secret, as its name says"
                if what:
                    yield pod.workload.finding(
                        place,
                        f"has {what} as its value",
                        fix=f"{name}: valueFrom: {{secretKeyRef: {{name: ..., key: ...}}}}",
                    )


@rule(passes=_RUNNING, breaks={"        env:": "        args: [--token=hunter2]\n        env:"})
def no_secret_in_arguments(graph: Graph) -> Iterator[Finding]:
    """No command or argument of a container has a secret in it.

    Who may read the workload, or list the node's processes, would read it too.
    """
    for pod in graph.own_pods:
        for field, container in containers_of(pod):
            for key in ("command", "args"):
                text = "\n".join(shape.texts(container, key))
                found = [*plain_sight.secrets_in(text), *(f"--{flag}" for flag in plain_sight.secret_flags(text))]
                for what in found:
                    yield pod.workload.finding(
                        f"{field}.{key}",
                        f"holds {what} in plain text",
                        fix="take it from a Secret into an environment variable, and write $(NAME) here",
                    )


@rule(passes=_CONFIG, breaks={"postgres://shop@db": "postgres://shop:hunter2@db"})
def no_secret_in_config_map(graph: Graph) -> Iterator[Finding]:
    """No ConfigMap holds a secret.

    Who may read ConfigMaps would read it too. A warning for a line of a file that only looks like one.
    """
    for resource in graph.of_kind("ConfigMap"):
        for key, value in shape.labels(resource.manifest, "data").items():
            found = list(plain_sight.secrets_in(value))
            if "\n" not in value and plain_sight.is_secret(key, value):
                found.append("a secret, as its name says")
            for what in found:
                yield resource.finding(f"data[{key}]", f"holds {what}", fix="put it into a Secret")
            for name in plain_sight.secret_settings(key, value):
                yield resource.finding(
                    f"data[{key}]", f"holds a value of {name}", fix="put it into a Secret", severity="warning"
                )


_MADE_BY_KUBERNETES: Final = ("kubernetes.io/service-account-token", "helm.sh/release.v1")
# Each value of these is known to be a secret, or to have one in it.
_SECRET_KEYS: Final = (".dockercfg", ".dockerconfigjson", "ssh-privatekey", "tls.key")


@rule(
    passes="""
apiVersion: v1
kind: Secret
metadata: {name: web, namespace: shop}
type: Opaque
data: {}
""",
    breaks={"data: {}": "stringData: {password: hunter2}"},
)
def secret_is_made_elsewhere(graph: Graph) -> Iterator[Finding]:
    """No Secret among the manifests has values: an ExternalSecret, a SealedSecret or a generator makes it.

    Base64 hides nothing: who may read the manifests would read the secret. A value that is none by its key and its
    form, as a user's name, is a warning; a certificate is none at all.
    """
    for secret in graph.of_kind("Secret"):
        if shape.text(secret.manifest, "type") in _MADE_BY_KUBERNETES or _is_from_a_cluster(secret):
            continue
        for field in ("data", "stringData"):
            for key, value in shape.mapping(secret.manifest, field).items():
                if value and not re.match(r"ENC\[|<path:|\$\{|\{\{|vault:|ref\+", str(value)):
                    yield from _in_plain_sight(secret, field, str(key), str(value))


def _in_plain_sight(secret: Resource, field: str, key: str, value: str) -> Iterator[Finding]:
    text = _decoded(value) if field == "data" else value
    if key.endswith(".crt") and "PRIVATE KEY" not in text:
        return
    sure = (
        key in _SECRET_KEYS
        or plain_sight.names_a_secret(key)
        or any(plain_sight.secrets_in(text))
        or any(plain_sight.secret_settings(key, text))
    )
    yield secret.finding(
        f"{field}[{key}]",
        "is a secret in plain sight" if sure else "is in plain sight, if it is a secret",
        fix="make it with an ExternalSecret, or declare it as made outside",
        severity="error" if sure else "warning",
    )


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value).decode(errors="replace")
    except ValueError:
        return value


def _is_from_a_cluster(resource: Resource) -> bool:
    """Whether the object was read from a cluster, or its controller makes it."""
    metadata = shape.mapping(resource.manifest, "metadata")
    return bool(shape.text(metadata, "uid") or shape.mappings(metadata, "ownerReferences"))


# Names within a pod.


def _repeated(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name and (name in seen or seen.add(name))]  # type: ignore[func-returns-value]


@rule(passes=_RUNNING, breaks={"[{name: MODE, value: production}]": "[{name: MODE, value: a}, {name: MODE, value: b}]"})
def environment_is_unique(graph: Graph) -> Iterator[Finding]:
    """A container sets each environment variable once.

    The last one counts, and the server-side apply of Argo CD and Flux refuses the object.
    """
    for pod in graph.own_pods:
        for field, container in containers_of(pod):
            for name in _repeated(shape.text(item, "name") for item in shape.mappings(container, "env")):
                yield pod.workload.finding(f"{field}.env[{name}]", "is set more than once", fix="remove one")


@rule(
    passes=_RUNNING,
    breaks={"      containers:": "      initContainers: [{name: web, image: example/web:1.0.0}]\n      containers:"},
)
def container_names_are_unique(graph: Graph) -> Iterator[Finding]:
    """No two containers of a pod have one name, those that run first included.

    The API server refuses the pod.
    """
    for pod in graph.own_pods:
        for name in _repeated(shape.text(container, "name") for _, container in containers_of(pod)):
            yield pod.workload.finding(
                f"{pod.spec_field}.containers[{name}].name", f"is the name of two containers: {name}", fix="rename one"
            )


# Workloads.


def _budgeted(graph: Graph) -> Iterator[tuple[Resource, list[Pod]]]:
    """Each disruption budget, with the pods that it is about."""
    for budget in graph.of_kind("PodDisruptionBudget"):
        selector = budget.spec.get("selector")
        if isinstance(selector, dict):
            yield budget, [pod for pod in graph.pods_selected(budget.namespace, selector) if not pod.outside]


@rule(passes=_BUDGET, breaks={"minAvailable: 1": "minAvailable: 2"})
def disruption_budget_lets_go(graph: Graph) -> Iterator[Finding]:
    """A disruption budget lets at least one pod go, also when an autoscaler runs as few as it may.

    Otherwise a node cannot be drained.
    """
    for budget, pods in _budgeted(graph):
        scaled = [pod for pod in pods if pod.runs_on and pod.workload.kind != "DaemonSet"]
        total = sum(scale(graph, pod).least for pod in scaled)
        other = graph.may_have_other_pods(budget.namespace) or len(scaled) < len(pods)
        for field, allowed in _allowed(budget, total):
            if allowed <= 0:
                yield budget.finding(
                    f"spec.{field}",
                    f"lets none of {total} pods go" if total else "lets no pod go",
                    fix="maxUnavailable: 1, with two replicas or more",
                    severity="warning" if other and field == "minAvailable" else "error",
                )


def _allowed(budget: Resource, total: int) -> Iterator[tuple[str, int]]:
    """How many of the pods may go, by the field that says so; percentages are rounded up, as Kubernetes does."""
    most = _share(budget.spec.get("maxUnavailable"), total or 1)
    if most is not None:
        yield "maxUnavailable", most
    least = _share(budget.spec.get("minAvailable"), total)
    if least is not None and total:
        yield "minAvailable", total - least


def _share(value: Any, total: int) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    percent = re.fullmatch(r"(\d{1,4})%", value) if isinstance(value, str) else None
    return -(-int(percent[1]) * total // 100) if percent else None


@rule(
    passes=f"""{_BUDGET}---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: worker, namespace: shop}}
spec:
  maxUnavailable: 1
  selector: {{matchLabels: {{app: worker}}}}
""",
    breaks={"{app: worker}": "{app: web}"},
)
def one_disruption_budget(graph: Graph) -> Iterator[Finding]:
    """A pod has one disruption budget at most.

    With two, the API server refuses each eviction.
    """
    first: dict[Pod, Resource] = {}
    for budget, pods in _budgeted(graph):
        for pod in pods:
            other = first.setdefault(pod, budget)
            if other is not budget:
                yield budget.finding(
                    "spec.selector",
                    f"takes pods of {pod.workload.kind} {pod.workload.name}, as {other.name} does",
                    fix="remove one of the budgets",
                )


@rule(passes=_SCALED, breaks={"  revisionHistoryLimit: 2": "  replicas: 2"})
def autoscaler_owns_replicas(graph: Graph) -> Iterator[Finding]:
    """A workload that an autoscaler scales says nothing about replicas.

    Otherwise each apply sets its number back.
    """
    for pod in graph.own_pods:
        scaler = scale(graph, pod).scaler
        if scaler and shape.number(pod.workload.spec, "replicas") is not None:
            yield pod.workload.finding(
                "spec.replicas",
                f"is what {scaler.kind} {scaler.name} decides",
                fix="remove replicas",
                severity="warning",
            )


@rule(passes=_SCALED, breaks={"requests: {cpu: 100m, memory: 64Mi}": "requests: {memory: 64Mi}"})
def autoscaler_finds_requests(graph: Graph) -> Iterator[Finding]:
    """Where an autoscaler looks at a part of the requests, each container that stays has one.

    Otherwise it does not scale.
    """
    for pod in graph.own_pods:
        scaler = scale(graph, pod).scaler
        if scaler is None or scaler.kind != "HorizontalPodAutoscaler":
            continue
        for name, only in _utilizations(scaler):
            for container in pod.containers:
                asked = only in ("", container.name) and not container.init
                if asked and name not in _requested(graph, pod, container):
                    yield pod.workload.finding(
                        f"{container.field}.resources.requests.{name}",
                        f"is missing, and {scaler.kind} {scaler.name} looks at a part of it",
                        fix=f"requests: {{{name}: ...}}",
                    )


def _utilizations(scaler: Resource) -> Iterator[tuple[str, str]]:
    """The resources of which an autoscaler looks at a part, and of which container (empty for all)."""
    if scaler.spec.get("targetCPUUtilizationPercentage") is not None:
        yield "cpu", ""
    for metric in shape.mappings(scaler.spec, "metrics"):
        for key in ("resource", "containerResource"):
            source = shape.mapping(metric, key)
            if shape.text(source, "target", "type") == "Utilization":
                yield shape.text(source, "name"), shape.text(source, "container")


@rule(passes=_NIGHTLY, breaks={"concurrencyPolicy: Forbid": "successfulJobsHistoryLimit: 1"})
def cron_job_runs_alone(graph: Graph) -> Iterator[Finding]:
    """A CronJob says whether a run waits for the one before it.

    By default they run at the same time, more of them each night that one hangs.
    """
    for job in graph.of_kind("CronJob"):
        if job.spec.get("concurrencyPolicy") in (None, "", "Allow"):
            yield job.finding(
                "spec.concurrencyPolicy",
                "lets several runs overlap",
                fix="concurrencyPolicy: Forbid",
                severity="warning",
            )


@rule(passes=_NIGHTLY, breaks={"restartPolicy: OnFailure": "restartPolicy: Always"})
def restart_policy_fits(graph: Graph) -> Iterator[Finding]:
    """A Job's pods are restarted on failure or never, those of other workloads always.

    The API server refuses others; the default is Always.
    """
    for pod in graph.own_pods:
        if pod.workload.kind == "Pod":
            continue
        accepted = ("Always",) if pod.runs_on else ("OnFailure", "Never")
        policy = shape.text(pod.spec, "restartPolicy") or "Always"
        if policy not in accepted and policy in ("Always", "OnFailure", "Never"):
            yield pod.workload.finding(
                f"{pod.spec_field}.restartPolicy",
                f"is {policy}, accepted for a {pod.workload.kind} is {' or '.join(accepted)}",
                fix=f"restartPolicy: {accepted[0]}",
            )
