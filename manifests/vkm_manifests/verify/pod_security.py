"""The Pod Security Standards of Kubernetes 1.37, control by control: what in a pod each level refuses."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.pod import Pod

ENFORCE: Final = "pod-security.kubernetes.io/enforce"
"""The label of a Namespace that says its level."""

Level: TypeAlias = Literal["baseline", "restricted"]

_CAPABILITIES: Final = frozenset(
    "AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID "
    "SYS_CHROOT".split()
)
_VOLUMES: Final = frozenset(
    {
        "configMap",
        "csi",
        "downwardAPI",
        "emptyDir",
        "ephemeral",
        "persistentVolumeClaim",
        "projected",
        "secret",
    }
)
_SYSCTLS: Final = frozenset(
    {
        "kernel.shm_rmid_forced",
        "net.ipv4.ip_local_port_range",
        "net.ipv4.ip_local_reserved_ports",
        "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ping_group_range",
        "net.ipv4.tcp_fin_timeout",
        "net.ipv4.tcp_keepalive_intvl",
        "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_keepalive_time",
        "net.ipv4.tcp_rmem",
        "net.ipv4.tcp_syncookies",
        "net.ipv4.tcp_wmem",
    }
)
_SE_LINUX_TYPES: Final = ("", "container_engine_t", "container_init_t", "container_kvm_t", "container_t")
_PROFILES: Final = ("RuntimeDefault", "Localhost")
_APP_ARMOR_ANNOTATION: Final = "container.apparmor.security.beta.kubernetes.io/"
_HANDLERS: Final = (
    ("startupProbe",),
    ("readinessProbe",),
    ("livenessProbe",),
    ("lifecycle", "postStart"),
    ("lifecycle", "preStop"),
)


@dataclass(frozen=True, slots=True)
class Offence:
    """What a level refuses in a pod; every stricter level refuses it too."""

    level: Level
    field: str
    message: str
    fix: str


Control: TypeAlias = Callable[[Pod], Iterator[Offence]]


def containers_of(pod: Pod) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every container of a pod, with its field: ephemeral ones too."""
    for key in ("initContainers", "containers", "ephemeralContainers"):
        yield from shape.named(pod.spec, f"{pod.spec_field}.{key}", key)


def is_windows(pod: Pod) -> bool:
    """Whether the pods run on Windows, which knows no Linux security."""
    return shape.text(pod.spec, "os", "name") == "windows"


def _has_own_users(pod: Pod) -> bool:
    """Whether the pods' root is not the node's: some controls then have no object (since Kubernetes 1.34)."""
    return pod.spec.get("hostUsers") is False


def _contexts(pod: Pod) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The pod's security context and every container's, with their fields."""
    yield f"{pod.spec_field}.securityContext", shape.mapping(pod.spec, "securityContext")
    yield from _container_contexts(pod)


def _container_contexts(pod: Pod) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for field, container in containers_of(pod):
        yield f"{field}.securityContext", shape.mapping(container, "securityContext")


def _is_set(value: Any) -> bool:
    return value is not None and value is not False


def user(pod: Pod) -> Iterator[Offence]:
    """Nobody is root."""
    if _has_own_users(pod):
        return
    of_pod = shape.mapping(pod.spec, "securityContext").get("runAsNonRoot") is True
    for index, (field, context) in enumerate(_contexts(pod)):
        said = context.get("runAsNonRoot")
        if (said is not None and said is not True) or (said is None and index and not of_pod):
            yield Offence("restricted", f"{field}.runAsNonRoot", "may be root", "runAsNonRoot: true")
        if shape.number(context, "runAsUser") == 0:
            yield Offence("restricted", f"{field}.runAsUser", "is 0: root", "runAsUser: 10001")


def privilege_escalation(pod: Pod) -> Iterator[Offence]:
    """No process gets more rights than its parent."""
    for field, context in () if is_windows(pod) else _container_contexts(pod):
        if context.get("allowPrivilegeEscalation") is not False:
            yield Offence(
                "restricted",
                f"{field}.allowPrivilegeEscalation",
                "lets a process get more rights than its parent",
                "allowPrivilegeEscalation: false",
            )


def dropped_capabilities(pod: Pod) -> Iterator[Offence]:
    """All capabilities are dropped."""
    for field, context in () if is_windows(pod) else _container_contexts(pod):
        if "ALL" not in shape.texts(context, "capabilities", "drop"):
            yield Offence("restricted", f"{field}.capabilities.drop", "keeps the runtime's capabilities", "drop: [ALL]")


def added_capabilities(pod: Pod) -> Iterator[Offence]:
    """None comes back, but the one to listen on a low port."""
    for field, context in () if is_windows(pod) else _container_contexts(pod):
        for name in shape.texts(context, "capabilities", "add"):
            if name != "NET_BIND_SERVICE":
                yield Offence(
                    "restricted" if name in _CAPABILITIES else "baseline",
                    f"{field}.capabilities.add",
                    f"adds {name}, accepted is NET_BIND_SERVICE",
                    f"remove {name}",
                )


def seccomp(pod: Pod) -> Iterator[Offence]:
    """The runtime's system call filter, or one of the node's, is on."""
    of_pod = shape.text(pod.spec, "securityContext", "seccompProfile", "type") in _PROFILES
    for index, (field, context) in enumerate(_contexts(pod)):
        profile = shape.text(context, "seccompProfile", "type")
        if profile == "Unconfined":
            yield Offence("baseline", f"{field}.seccompProfile.type", "is Unconfined", "type: RuntimeDefault")
        elif (profile not in ("", *_PROFILES) or (not profile and index and not of_pod)) and not is_windows(pod):
            yield Offence(
                "restricted",
                f"{field}.seccompProfile",
                "filters no system calls",
                "seccompProfile: {type: RuntimeDefault}",
            )


def host_namespaces(pod: Pod) -> Iterator[Offence]:
    """The pod does not share the node's network, processes or memory."""
    for name in ("hostNetwork", "hostPID", "hostIPC"):
        if _is_set(pod.spec.get(name)):
            yield Offence("baseline", f"{pod.spec_field}.{name}", "shares what is the node's", f"remove {name}")


def privileged(pod: Pod) -> Iterator[Offence]:
    """No container is privileged."""
    for field, context in _container_contexts(pod):
        if _is_set(context.get("privileged")):
            yield Offence("baseline", f"{field}.privileged", "has all rights on the node", "remove privileged")


def host_paths(pod: Pod) -> Iterator[Offence]:
    """No volume is a folder of the node."""
    for field, volume in shape.named(pod.spec, f"{pod.spec_field}.volumes", "volumes"):
        if volume.get("hostPath") is not None:
            path = shape.text(volume, "hostPath", "path")
            yield Offence(
                "baseline", f"{field}.hostPath", f"is the node's folder {path}", "use a claim or an emptyDir volume"
            )


def volume_types(pod: Pod) -> Iterator[Offence]:
    """Each volume is of a kind that leads to nothing of the node."""
    for field, volume in shape.named(pod.spec, f"{pod.spec_field}.volumes", "volumes"):
        for kind in sorted(str(key) for key, value in volume.items() if value is not None):
            if kind not in ("name", "hostPath", *_VOLUMES):
                yield Offence(
                    "restricted",
                    f"{field}.{kind}",
                    f"is a {kind}, accepted are {', '.join(sorted(_VOLUMES))}",
                    "use a persistentVolumeClaim",
                )


def host_ports(pod: Pod) -> Iterator[Offence]:
    """No container takes a port of the node."""
    for field, container in containers_of(pod):
        for place, port in shape.named(container, f"{field}.ports", "ports"):
            number = shape.number(port, "hostPort")
            # With the node's network every port is one of the node's, and Kubernetes fills hostPort in.
            if number and pod.spec.get("hostNetwork") is not True:
                yield Offence("baseline", f"{place}.hostPort", f"takes port {number} of the node", "use a Service")


def probe_hosts(pod: Pod) -> Iterator[Offence]:
    """Probes and lifecycle hooks go to the pod itself (since Kubernetes 1.34)."""
    for field, container in containers_of(pod):
        for path in _HANDLERS:
            for action in ("httpGet", "tcpSocket"):
                if host := shape.text(container, *path, action, "host"):
                    place = ".".join((field, *path, action, "host"))
                    yield Offence("baseline", place, f"goes to {host} instead of the pod", "remove host")


def host_process(pod: Pod) -> Iterator[Offence]:
    """No Windows container is a process of the node."""
    for field, context in _contexts(pod):
        if _is_set(shape.dig(context, "windowsOptions", "hostProcess")):
            yield Offence(
                "baseline", f"{field}.windowsOptions.hostProcess", "is a process of the node", "remove hostProcess"
            )


def se_linux(pod: Pod) -> Iterator[Offence]:
    """SELinux separates containers as the runtime wants it."""
    for field, context in _contexts(pod):
        options = shape.mapping(context, "seLinuxOptions")
        kind = shape.text(options, "type")
        if kind not in _SE_LINUX_TYPES:
            yield Offence(
                "baseline",
                f"{field}.seLinuxOptions.type",
                f"is {kind}, accepted are {', '.join(_SE_LINUX_TYPES[1:])}",
                "remove type",
            )
        for name in ("user", "role"):
            if shape.text(options, name):
                yield Offence("baseline", f"{field}.seLinuxOptions.{name}", "must not be set", f"remove {name}")


def app_armor(pod: Pod) -> Iterator[Offence]:
    """AppArmor confines each container."""
    for field, context in _contexts(pod):
        if shape.text(context, "appArmorProfile", "type") == "Unconfined":
            yield Offence("baseline", f"{field}.appArmorProfile.type", "is Unconfined", "type: RuntimeDefault")
    template = shape.mapping(pod.workload.manifest, *pod.field.split(".")) if pod.field else pod.workload.manifest
    metadata = f"{pod.field}.metadata" if pod.field else "metadata"
    for key, value in shape.labels(template, "metadata", "annotations").items():
        if key.startswith(_APP_ARMOR_ANNOTATION) and value == "unconfined":
            yield Offence("baseline", f"{metadata}.annotations[{key}]", "is unconfined", "remove the annotation")


def proc_mount(pod: Pod) -> Iterator[Offence]:
    """What the runtime hides in /proc stays hidden."""
    for field, context in _container_contexts(pod):
        if shape.text(context, "procMount") not in ("", "Default") and not _has_own_users(pod):
            yield Offence("baseline", f"{field}.procMount", "shows all of /proc", "remove procMount")


def sysctls(pod: Pod) -> Iterator[Offence]:
    """Only those kernel settings change that are the pod's own."""
    field = f"{pod.spec_field}.securityContext.sysctls"
    for place, item in shape.named(pod.spec, field, "securityContext", "sysctls"):
        if shape.text(item, "name") not in _SYSCTLS:
            yield Offence("baseline", place, "is no setting of the pod alone", "set it on the node")


_CONTROLS: Final[tuple[Control, ...]] = (
    privileged,
    host_paths,
    host_namespaces,
    host_process,
    host_ports,
    added_capabilities,
    user,
    privilege_escalation,
    dropped_capabilities,
    seccomp,
    app_armor,
    se_linux,
    proc_mount,
    sysctls,
    volume_types,
    probe_hosts,
)


def offences(pod: Pod) -> list[Offence]:
    """What Pod Security's profiles refuse of a pod."""
    found = [offence for control in _CONTROLS for offence in control(pod)]
    return sorted(found, key=lambda offence: offence.level)
