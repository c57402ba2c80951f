"""Every shell script of the manifests passes shellcheck, parses and runs under the shell that its image has.

Scripts are what ConfigMaps hold and what `sh -c` is given, in commands, probes and hooks. Those about databases, Redis
and nginx run with the real programs elsewhere in this folder, under this machine's /bin/sh, which is their images' own
shell. Here run those whose programs are too large for this machine, BookStack's and Zammad's: `php` and `bundle` are
stand-ins that say what they were asked, and answer as told.
"""

import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import Manifest
from tests.environments import vkm_manifests
from tests.real.conftest import Start, tool
from tests.real.pods import Image, Namespace, Pod, pod_template

DASH: Final = ["dash"]
BUSYBOX: Final = ["busybox", "sh"]

SHELLS: Final = {
    # image: (what its /bin/sh is, how we know)
    "mariadb": (DASH, "its Dockerfile: FROM ubuntu:noble"),
    "postgres": (DASH, "its Dockerfile of 17/trixie: FROM debian:trixie-slim"),
    "solidnerd/bookstack": (DASH, "its Dockerfile: FROM php:...-apache, which is Debian's"),
    "ghcr.io/zammad/zammad": (DASH, "its Dockerfile: FROM ruby:...-slim-trixie, which is Debian's"),
    "redis": (BUSYBOX, "its tag ends in -alpine: Alpine's /bin/sh is busybox"),
}


@dataclass(frozen=True)
class Script:
    """A script, and the image that it runs in."""

    name: str
    text: str
    image: str
    # Run by its first line; the others are given to a shell, or read by another script.
    by_itself: bool = False


def scripts(manifests: dict[str, Manifest]) -> Iterator[Script]:
    for identity, manifest in manifests.items():
        template = pod_template(manifest)
        if template is None:
            continue
        spec, space = template["spec"], manifest["metadata"]["namespace"]
        configs = {v["name"]: v["configMap"] for v in spec.get("volumes", ()) if "configMap" in v}
        for container in (*spec.get("initContainers", ()), *spec["containers"]):
            image = container["image"].rpartition(":")[0]
            for mount in container.get("volumeMounts", ()):
                config = configs.get(mount["name"])
                if config is None:
                    continue
                for key, text in manifests[f"{space}/ConfigMap/{config['name']}"]["data"].items():
                    if mount.get("subPath", key) == key and _is_script(key, text):
                        by_itself = mount["mountPath"] == "/docker-entrypoint-initdb.d"
                        assert not by_itself or config["defaultMode"] & 0o111, "else the image reads it with bash"
                        yield Script(f"{config['name']}/{key}", text, image, by_itself)
            for where, command in _commands(container):
                if Path(command[0]).name.endswith("sh") and "-c" in command:
                    yield Script(f"{identity}/{container['name']}/{where}", command[command.index("-c") + 1], image)


def _is_script(key: str, text: str) -> bool:
    return key.endswith(".sh") or text.startswith("#!")


def _commands(container: Manifest) -> Iterator[tuple[str, list[str]]]:
    yield "command", [*(container.get("command") or [""]), *container.get("args", ())]
    for name in ("startupProbe", "readinessProbe", "livenessProbe"):
        if "exec" in container.get(name, {}):
            yield name, container[name]["exec"]["command"]
    for name, hook in container.get("lifecycle", {}).items():
        if "exec" in hook:
            yield name, hook["exec"]["command"]


# Read once, for the names of the tests: several containers share a script.
SCRIPTS: Final = {f"{script.name}-{script.image}": script for script in scripts(vkm_manifests())}

every_script = pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)


def test_every_script_of_a_configmap_is_among_them(manifests: dict[str, Manifest]) -> None:
    stored = {
        f"{manifest['metadata']['name']}/{key}"
        for manifest in manifests.values()
        if manifest["kind"] == "ConfigMap"
        for key, text in manifest["data"].items()
        if _is_script(key, text)
    }
    assert stored <= {script.name for script in SCRIPTS.values()}
    assert len(stored) >= 13


@every_script
def test_shellcheck_finds_nothing(script: Script) -> None:
    # It knows dash by name; what busybox has beyond POSIX, it does not.
    dialect = "dash" if SHELLS[script.image][0] == DASH else "sh"
    command = [tool("shellcheck"), f"--shell={dialect}", "--severity=style", "--norc", "-"]
    done = subprocess.run(command, input=script.text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@every_script
def test_the_shell_of_its_image_parses_it(script: Script) -> None:
    shell, *rest = SHELLS[script.image][0]
    done = subprocess.run([tool(shell), *rest, "-n"], input=script.text, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    if script.by_itself:
        assert script.text.startswith("#!/bin/sh\n")


def test_what_runs_elsewhere_in_this_folder_runs_under_dash() -> None:
    assert Path("/bin/sh").resolve().name == "dash"


@pytest.mark.parametrize(("answer", "ready"), [("PONG", True), ("LOADING it loads", False), ("", False)])
def test_redis_readiness_under_busybox(
    answer: str, ready: bool, manifests: dict[str, Manifest], tmp_path: Path
) -> None:
    (container, *_) = manifests["zammad/Deployment/zammad-redis"]["spec"]["template"]["spec"]["containers"]
    shell, *arguments = container["readinessProbe"]["exec"]["command"]
    assert shell == "sh"
    client = tmp_path / "redis-cli"
    client.write_text(f'#!/bin/sh\n[ "$*" = ping ] && echo "{answer}"\n')
    client.chmod(0o755)
    done = subprocess.run([tool("busybox"), "sh", *arguments], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=False)
    assert (done.returncode == 0) is ready


@pytest.fixture
def pod(manifests: dict[str, Manifest], start: Start, tmp_path: Path) -> "Pods":
    return Pods(manifests, start, tmp_path)


class Pods:
    """Pods of BookStack and Zammad, with stand-ins for their programs."""

    def __init__(self, manifests: dict[str, Manifest], start: Start, folder: Path) -> None:
        self.manifests, self._start, self._folder = manifests, start, folder

    def __call__(self, namespace: str, kind: str, name: str, container: str, **programs: str) -> Pod:
        secrets: dict[str, dict[str, str]] = defaultdict(lambda: defaultdict(lambda: "a secret"))
        space = Namespace(
            self.manifests, namespace, folder=self._folder / namespace, start=self._start, secrets=secrets
        )
        files = {f"/opt/image/{program}": f"#!/bin/sh\n{text}\n" for program, text in programs.items()}
        pod = space.pod(kind, name, container, Image(user="app", programs=["/opt/image"], files=files))
        # A single file is mounted into a folder. PHP's settings would be below /usr, which is this machine's: left out.
        for mount in [path for path, (_, source, *_) in pod._mounts.items() if Path(source).is_file()]:
            argument = pod._mounts.pop(mount)
            if not mount.startswith("/usr/"):
                pod._mounts[str(Path(mount).parent)] = argument
        return pod


# What `artisan migrate:status` says, by how often it was asked.
MIGRATING = """
echo >>/tmp/asked
case $(wc -l </tmp/asked) in
  1) echo "SQLSTATE[HY000] [2002] Connection refused"; exit 1;;
  2) echo "  2015_07_12_create_users_table ...... [1] Ran"; echo "  2026_01_01_new ..... Pending";;
  *) echo "  2026_01_01_new ..... [2] Ran";;
esac
"""


def test_bookstack_waits_for_the_database_and_its_migrations(pod: Pods) -> None:
    # Nobody waits here.
    web = pod("bookstack", "Deployment", "bookstack", "bookstack", php=MIGRATING, sleep="exit 0")
    (wait,) = web.spec["initContainers"]
    done = web.run(*wait["command"])
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["waiting for the database and its migrations"] * 2 + ["all migrations have run"]


def test_bookstack_gives_up_and_says_why(pod: Pods) -> None:
    web = pod("bookstack", "Deployment", "bookstack", "bookstack", php=MIGRATING, sleep="exit 0")
    (wait,) = web.spec["initContainers"]
    done = web.run(*wait["command"], env={"WAIT_SECONDS": "0"})
    assert done.returncode == 1
    assert "Connection refused" in done.stderr


def _bundle(seeded: str) -> str:
    """It says what it was asked; whether there are users is the answer to the first question."""
    return f"""echo "$*" >&2; case $* in *User.exists*) {seeded};; esac"""


@pytest.mark.parametrize(
    ("seeded", "runs"),
    [
        ("echo a warning; echo true", ["rake db:migrate", "rails runner Rails.cache.clear"]),
        ("echo false", ["rake db:migrate db:seed"]),
        ("echo no such table; exit 1", ["rake db:migrate db:seed"]),
    ],
)
def test_zammad_migrates_what_is_there_and_seeds_what_is_empty(seeded: str, runs: list[str], pod: Pods) -> None:
    done = _zammad_job(pod, _bundle(seeded)).run()
    asked = [line.removeprefix("exec ").partition(";")[0] for line in done.stderr.splitlines()]
    assert done.returncode == 0
    assert asked[0] == "rails runner puts User.exists?"
    assert asked[1:-1] == runs
    assert asked[-1].startswith("rails runner Setting.set")


def test_zammad_stops_where_a_migration_fails(pod: Pods) -> None:
    done = _zammad_job(pod, 'echo "$*" >&2; case $* in *User.exists*) echo true;; *db:migrate*) exit 1;; esac').run()
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "exec rake db:migrate"


def _zammad_job(pod: Pods, bundle: str) -> Pod:
    (job,) = (m for m in pod.manifests.values() if m["kind"] == "Job" and m["metadata"]["namespace"] == "zammad")
    (container,) = job["spec"]["template"]["spec"]["containers"]
    return pod("zammad", "Job", job["metadata"]["name"], container["name"], bundle=bundle)
