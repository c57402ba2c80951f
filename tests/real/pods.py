"""Runs a container of the manifests on this machine, in namespaces of its own (bubblewrap), without its image.

As in the cluster: command, arguments, environment, mounts at their own paths, Secrets with their modes, user, groups,
no capabilities, a root that is read-only where the manifest says so, the pods' own loopback with the manifests' own
ports, process 1, probes run inside, the stop signal and SIGKILL after the grace period.

Not as in the cluster, because there is neither a container runtime nor an image here:
- programs are this machine's, from /usr; what an image has beside them is in `images.py`;
- all pods of a namespace share one loopback, on which the Services' names are 127.0.0.2, so network policies do not
  act; a Service's port that is not its pods' is forwarded by socat;
- memory, CPU and ephemeral storage have no limits, but for emptyDirs in memory; there is no seccomp profile;
- a volume is a folder, with the owner and mode that the kubelet gives it.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.conftest import Manifest
from tests.real.conftest import PATIENCE, Server, Start, tool, wait_until

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
"""What the kubelet asks."""

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
# The address of all Services of a namespace, on the loopback that its pods share.
_SERVICES = "127.0.0.2"
_UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30}

_BWRAP = ("--die-with-parent", "--unshare-pid", "--as-pid-1")
# An empty root, and this machine's programs.
_ROOT = (
    *("--ro-bind", "/usr", "/usr"),
    *(part for name in ("bin", "sbin", "lib", "lib64") for part in ("--symlink", f"usr/{name}", f"/{name}")),
    *("--proc", "/proc", "--dev", "/dev"),
)


def size(quantity: str) -> int:
    """The bytes of a quantity."""
    return int(quantity[:-2]) * _UNITS[quantity[-2:]]


def pod_template(manifest: Manifest) -> Manifest | None:
    """The template of a workload's pods."""
    spec = manifest.get("spec", {})
    found: Manifest | None = spec.get("jobTemplate", {}).get("spec", spec).get("template")
    return found if found and "spec" in found else None


def process_1(server: Server) -> int:
    """The process that a bubblewrap runs, once it has replaced bubblewrap's own."""
    found: list[int] = []

    def running() -> bool:
        assert server.process.poll() is None, f"it ended:\n{server.tail()}"
        found.extend(_run_by(server.process.pid))
        return bool(found)

    wait_until(running, what="a container")
    return found[0]


def _run_by(parent: int) -> Iterator[int]:
    """What the programs run that make namespaces, or enter them."""
    # One that is just ending runs nothing.
    with suppress(FileNotFoundError, ProcessLookupError):
        for child in Path(f"/proc/{parent}/task/{parent}/children").read_text().split():
            if Path(f"/proc/{child}/exe").readlink().name.startswith(("bwrap", "nsenter")):
                yield from _run_by(int(child))
            else:
                yield int(child)


def _folders(path: Path) -> list[str]:
    """The arguments that make a folder and those above it; by itself, bubblewrap makes them for root only."""
    folders = [str(folder) for folder in (path, *path.parents) if folder != Path("/")]
    return [part for folder in reversed(folders) for part in ("--dir", folder)]


def _expanded(text: str, env: Mapping[str, str]) -> str:
    """`$(NAME)` as Kubernetes replaces it: `$$` is a dollar sign, an unknown name stays as it is."""
    return re.sub(r"\$\$|\$\(([A-Za-z_][A-Za-z0-9_]*)\)", lambda m: env.get(m[1], m[0]) if m[1] else "$", text)


@dataclass(frozen=True, kw_only=True)
class Image:
    """What a container finds in its image and not on this machine.

    Args:
        user: the name of the user that the manifest runs it as; a name is what some servers insist on.
        entrypoint: what its arguments are given to, where the manifest names no command.
        programs: folders that are first in PATH.
        env: variables.
        files: more files, by their paths.
        folders: empty folders.
        stop: the signal that ends it.
    """

    user: str
    entrypoint: Sequence[str] = ()
    programs: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    folders: Sequence[str] = ()
    stop: signal.Signals = signal.SIGTERM


class Namespace:
    """A namespace of the manifests: its Secrets' values, its volumes, its network.

    Args:
        manifests: by `namespace/Kind/name`.
        name: whose.
        folder: where its volumes and files are.
        secrets: values by Secret and key.
    """

    def __init__(
        self,
        manifests: Mapping[str, Manifest],
        name: str,
        *,
        folder: Path,
        start: Start,
        secrets: Mapping[str, Mapping[str, str]],
    ) -> None:
        self.name, self.folder, self.secrets, self.start = name, folder, secrets, start
        # Above it are folders that only root can enter; pods get there by their own mounts.
        folder.mkdir(parents=True)
        self._manifests = manifests
        self._pods = 0
        services = [m for m in manifests.values() if m["kind"] == "Service" and m["metadata"]["namespace"] == name]
        self.services = [service["metadata"]["name"] for service in services]
        # What Kubernetes calls the pause container: it holds the network while others come and go.
        forwards = " ".join(
            f"socat TCP-LISTEN:{port},bind={_SERVICES},fork,reuseaddr TCP:{_SERVICES}:{target},bind={_SERVICES} &"
            for port, target in sorted(self._forwards(services))
        )
        tool("socat")
        # glibc resolves no name for whoever has 127.0.0.1 only.
        address = f"{tool('ip')} address add {_SERVICES}/8 dev lo &&"
        pause = [*_BWRAP, "--unshare-net", "--bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
        self._pause = start([tool("bwrap"), *pause, "/bin/sh", "-c", f"{address} {forwards} exec sleep infinity"])
        self.network = process_1(self._pause)

    def manifest(self, kind: str, name: str) -> Manifest:
        """One of its objects."""
        return self._manifests[f"{self.name}/{kind}/{name}"]

    def pod(self, kind: str, name: str, container: str, image: Image) -> "Pod":
        """A pod of a workload, of which one container runs."""
        self._pods += 1
        return Pod(self, self.manifest(kind, name), container, image, folder=self.folder / f"pod-{self._pods}")

    def volume(self, claim: str) -> Path:
        """The folder of a claim, with the owner and mode that the kubelet gives its root."""
        folder = self.folder / "volumes" / claim
        if not folder.exists():
            folder.mkdir(parents=True)
            # Longhorn's shared volumes are open to everybody; the kubelet gives the others to the pod's fsGroup.
            shared = self.manifest("PersistentVolumeClaim", claim)["spec"]["accessModes"] == ["ReadWriteMany"]
            folder.chmod(0o777 if shared else 0o755)
        return folder

    def _forwards(self, services: Iterable[Manifest]) -> set[tuple[int, int]]:
        """Ports of Services that are not the pods' own, with those."""
        found = set()
        for service in services:
            selector = service["spec"].get("selector", {}).items()
            for manifest in self._manifests.values():
                template = pod_template(manifest)
                if template and manifest["metadata"]["namespace"] == self.name:
                    if not selector <= template["metadata"]["labels"].items():
                        continue
                    ports = {
                        p["name"]: p["containerPort"]
                        for c in template["spec"]["containers"]
                        for p in c.get("ports", ())
                    }
                    found |= {
                        (p["port"], ports.get(p["targetPort"], p["targetPort"])) for p in service["spec"]["ports"]
                    }
        return {(port, target) for port, target in found if port != target}


class Pod:
    """A pod, one of whose containers runs here. Started again, it is the same pod: its emptyDirs are as they were."""

    def __init__(self, namespace: Namespace, manifest: Manifest, container: str, image: Image, *, folder: Path) -> None:
        template = pod_template(manifest)
        assert template is not None, f"{manifest['kind']} has no pods"
        self.spec = template["spec"]
        (self.container,) = (c for c in template["spec"]["containers"] if c["name"] == container)
        self.image, self.namespace, self._folder = image, namespace, folder
        self.grace: int = self.spec["terminationGracePeriodSeconds"]
        security = self.spec["securityContext"]
        self.user: int = security["runAsUser"]
        self.group: int = security["runAsGroup"]
        self.fs_group: int = security["fsGroup"]
        assert security["runAsNonRoot"] is True
        assert self.container["securityContext"]["allowPrivilegeEscalation"] is False
        folder.mkdir()
        self.env = {
            "PATH": ":".join([*image.programs, _PATH]),
            "HOME": "/",
            "HOSTNAME": manifest["metadata"]["name"],
            **image.env,
        }
        for variable in self.container.get("env", ()):
            self.env[variable["name"]] = self._value(variable)
        self._mounts = {m["mountPath"]: self._mount(m) for m in self.container.get("volumeMounts", ())}

    def start(self) -> "Running":
        """Start its container."""
        return Running(self)

    def launch(self, *more: str) -> Server:
        """The container's process, with more arguments than the manifest has, if any."""
        return self.namespace.start(self._argv([*self._command(), *more]), env=self.env)

    def run(
        self, *command: str, seconds: float = PATIENCE, input: str | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run its container until it ends: a Job's. Another command, more variables: as a person would patch them."""
        return subprocess.run(
            self._argv(command or self._command()),
            env={**self.env, **(env or {})},
            input=input,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def file(self, path: str) -> Path:
        """Where one of its image's files is on this machine."""
        return self._folder / "image" / path.strip("/")

    def as_user(self, *command: str) -> list[str]:
        """A command as the container's user, who can become nobody else."""
        return [
            tool("setpriv"),
            f"--reuid={self.user}",
            f"--regid={self.group}",
            f"--groups={self.fs_group}",
            "--no-new-privs",
            "--bounding-set=-all",
            "--inh-caps=-all",
            "--",
            *command,
        ]

    def _command(self) -> list[str]:
        command = self.container.get("command") or self.image.entrypoint
        return [*command, *(_expanded(a, self.env) for a in self.container.get("args", ()))]

    def _argv(self, command: Sequence[str]) -> list[str]:
        # Its processes are the namespace's, too, and end with it: bubblewrap may not kill who became another user.
        into = ("--mount", "--net", "--pid")
        network = [tool("nsenter"), f"--target={self.namespace.network}", *into, "--", tool("bwrap")]
        arguments = [*_BWRAP, "--unshare-ipc", "--unshare-uts", *_ROOT]
        for path, text in self._files().items():
            file = self.file(path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            file.chmod(0o755)
            arguments += [*_folders(Path(path).parent), "--ro-bind", str(file), path]
        for folder in self.image.folders:
            arguments += _folders(Path(folder))
        for mount, argument in self._mounts.items():
            arguments += [*_folders(Path(mount)), *argument]
        if self.container["securityContext"].get("readOnlyRootFilesystem"):
            arguments += ["--remount-ro", "/"]
        return [*network, *arguments, "--", *self.as_user(*command)]

    def _files(self) -> dict[str, str]:
        name = self.image.user
        return {
            "/etc/passwd": f"root:x:0:0::/:/bin/sh\n{name}:x:{self.user}:{self.group}::/:/bin/sh\n",
            "/etc/group": f"root:x:0:\n{name}:x:{self.group}:\n",
            "/etc/hosts": f"127.0.0.1 localhost\n{_SERVICES} {' '.join(self.namespace.services)}\n",
            "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
            **self.image.files,
        }

    def _value(self, variable: Manifest) -> str:
        if "valueFrom" not in variable:
            return _expanded(variable["value"], self.env)
        reference = variable["valueFrom"]["secretKeyRef"]
        return self.namespace.secrets[reference["name"]][reference["key"]]

    def _mount(self, mount: Manifest) -> list[str]:
        """The arguments that make a mount."""
        (volume,) = (v for v in self.spec["volumes"] if v["name"] == mount["name"])
        path = mount["mountPath"]
        memory = volume.get("emptyDir", {})
        if memory.get("medium") == "Memory":
            return ["--perms", "1777", "--size", str(size(memory["sizeLimit"])), "--tmpfs", path]
        source = self._source(volume)
        if "subPath" in mount:
            source /= mount["subPath"]
            if not source.exists():
                # As the kubelet makes it: the mode of the volume's root, whose group it inherits.
                source.mkdir()
                source.chmod(source.parent.stat().st_mode)
        return ["--ro-bind" if mount.get("readOnly") else "--bind", str(source), path]

    def _source(self, volume: Manifest) -> Path:
        if "persistentVolumeClaim" in volume:
            folder = self.namespace.volume(volume["persistentVolumeClaim"]["claimName"])
            if folder.stat().st_mode & 0o777 != 0o777:
                os.chown(folder, 0, self.fs_group)
                folder.chmod(0o2775)
            return folder
        folder = self._folder / "volumes" / str(volume["name"])
        if folder.exists():
            return folder
        folder.mkdir(parents=True)
        if "emptyDir" in volume:
            os.chown(folder, 0, self.fs_group)
            folder.chmod(0o2777)
            return folder
        if "secret" in volume:
            kind, values = volume["secret"], self.namespace.secrets[volume["secret"]["secretName"]]
        else:
            kind, values = (
                volume["configMap"],
                self.namespace.manifest("ConfigMap", volume["configMap"]["name"])["data"],
            )
        for item in kind.get("items") or [{"key": key, "path": key} for key in values]:
            file = folder / str(item["path"])
            file.write_text(values[item["key"]])
            os.chown(file, 0, self.fs_group)
            file.chmod(kind["defaultMode"])
        return folder


class Running:
    """A pod's container while it runs."""

    def __init__(self, pod: Pod) -> None:
        self.pod = pod
        self._clients: list[subprocess.Popen[bytes]] = []
        self.restart()

    def restart(self, *more: str) -> "Running":
        """Start it anew where it has ended, with more arguments than the manifest has, if any."""
        self.server = self.pod.launch(*more)
        self.process = process_1(self.server)
        return self

    def argv(self, *command: str) -> list[str]:
        """A command inside of the container, as its user: what `kubectl exec` and a probe do."""
        into = ("--mount", "--net", "--ipc", "--uts", "--pid")
        return [tool("nsenter"), f"--target={self.process}", *into, "--", *self.pod.as_user(*command)]

    def execute(
        self, *command: str, seconds: float = PATIENCE, input: str | None = None, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run it inside, and give what came of it."""
        return subprocess.run(
            self.argv(*command),
            env={**self.pod.env, **(env or {})},
            input=input,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def client(
        self, *command: str, env: Mapping[str, str] | None = None, given: Path | None = None, output: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Run it inside, and do not wait: input and output are files. It ends with the container, or by `hang_up`."""
        with (given or Path(os.devnull)).open("rb") as stdin, (output or Path(os.devnull)).open("wb") as stdout:
            client = subprocess.Popen(
                self.argv(*command),
                env={**self.pod.env, **(env or {})},
                stdin=stdin,
                stdout=stdout,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        self._clients.append(client)
        return client

    def succeeds(self, probe: str) -> bool:
        """Whether a probe's own command succeeds within its own timeout."""
        found = self.pod.container[probe]
        try:
            return self.execute(*found["exec"]["command"], seconds=found["timeoutSeconds"]).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def wait_for(self, probe: str) -> "Running":
        """Return when a probe succeeds."""

        def green() -> bool:
            assert self.server.process.poll() is None, f"it ended:\n{self.server.tail()}"
            return self.succeeds(probe)

        wait_until(green, what=f"{probe} of {self.pod.container['name']}")
        return self

    def processes(self) -> list[int]:
        """All processes of the container."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            # One that is just ending, or none of ours.
            with suppress(FileNotFoundError, ProcessLookupError, PermissionError):
                if (entry / "ns" / "pid").readlink() == Path(f"/proc/{self.process}/ns/pid").readlink():
                    found.append(int(entry.name))
        return found

    def freeze(self, frozen: bool) -> None:
        """Let every process of the container hang, as on a disk that no longer answers; or go on."""
        for process in self.processes():
            # One that has just ended hangs no longer.
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGSTOP if frozen else signal.SIGCONT)

    def kill(self) -> None:
        """End it as a node's out-of-memory killer does, if it runs."""
        if self.server.process.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.process, signal.SIGKILL)
        self._ended()

    def stop(self) -> int:
        """End it as the kubelet does. Gives its exit code: 137 if it did not end within the grace period."""
        os.kill(self.process, self.pod.image.stop)
        with suppress(subprocess.TimeoutExpired):
            self.server.process.wait(self.pod.grace)
            self._ended()
            return self.server.process.returncode
        self.kill()
        return 137

    def hang_up(self) -> None:
        """End its clients, whatever they are doing."""
        for client in self._clients:
            if client.poll() is None:
                os.killpg(client.pid, signal.SIGKILL)
            client.wait()
        self._clients.clear()

    def _ended(self) -> None:
        self.server.process.wait()
        # What runs inside ends with process 1: a client has written out what it was told.
        for client in self._clients:
            client.wait()
        self._clients.clear()


def notices_within(container: Manifest, probe: str) -> int:
    """The seconds after which a probe's verdict changes, at the latest: what the manifest promises."""
    found = container[probe]
    seconds = found["periodSeconds"] * found["failureThreshold"] + found["timeoutSeconds"]
    assert isinstance(seconds, int)
    return seconds
