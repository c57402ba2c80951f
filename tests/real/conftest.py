"""Real software on the loopback interface, started from the synthesized manifests: `make test-real`."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.conftest import Manifest
from tests.environments import vkm_manifests

# Beside this Python, what comes from PyPI; Debian's servers are not on everybody's PATH.
_PLACES = (
    str(Path(sys.executable).parent),
    *os.get_exec_path(),
    *("/usr/sbin", "/sbin"),
    *sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin"))),
)

PATIENCE = 300
"""The seconds after which a test gives up: a machine that has much else to do fails no test."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs what `make test-real-deps` installs: `make test` leaves it out."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.real)


@pytest.fixture(scope="session", autouse=True)
def _umask() -> Iterator[None]:
    """What is made here is for the users of the pods, too; containers have the same."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def tool(name: str) -> str:
    """The path of a program; the test fails, with the command that installs it, where it is missing."""
    found = shutil.which(name, path=os.pathsep.join(_PLACES))
    if found is None:
        pytest.fail(f"{name} is not installed: make test-real-deps", pytrace=False)
    return found


def wait_until(true: Callable[[], bool], *, what: str, seconds: float = PATIENCE) -> None:
    """Return as soon as it is true; fail after so many seconds: fewer only where somebody promises them."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            pytest.fail(f"{what}: not within {seconds} s")
        time.sleep(0.05)


class Server:
    """A process that runs until the test ends, with its output in a file."""

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self.log = log

    def kill(self) -> None:
        """End it as a machine that loses power would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, *, seconds: float = 30) -> int:
        """End it as Kubernetes does: SIGTERM, and SIGKILL after the grace period. Gives its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        return self.process.returncode

    def tail(self) -> str:
        """The end of what it wrote."""
        return self.log.read_text(errors="replace")[-4000:]


Start: TypeAlias = Callable[..., Server]


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Start servers that end with the module, however its tests end."""
    started: list[Server] = []

    def start(
        command: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        user: str | None = None,
    ) -> Server:
        log = tmp_path_factory.mktemp("log") / "output"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=dict(env) if env is not None else None,
                cwd=cwd,
                user=user,
                start_new_session=True,
            )
        started.append(Server(process, log))
        return started[-1]

    yield start
    for server in reversed(started):
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="session")
def manifests() -> dict[str, Manifest]:
    """Every object of the environment by `namespace/Kind/name`, synthesized: never a copy of it."""
    return vkm_manifests()
