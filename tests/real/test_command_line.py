"""cdk8s's own command line makes exactly the committed bindings, and writes the bytes that main.py writes."""

import fcntl
import subprocess

from tests.conftest import ROOT


def test_cdk8s_import_and_synth() -> None:
    (ROOT / "build").mkdir(exist_ok=True)
    # It works in build/cli: one at a time, and what goes on after tests that were killed is waited for.
    with (ROOT / "build/cli.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [ROOT / "scripts" / "check-cli.sh"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, pass_fds=[lock.fileno()])
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "imports/ is what cdk8s import makes of the contracts" in done.stdout
    assert "cdk8s synth writes what main.py writes" in done.stdout
