"""cdk8s's own command line makes exactly the committed bindings, and writes the bytes that main.py writes."""

import subprocess

from tests.conftest import ROOT


def test_cdk8s_import_and_synth() -> None:
    done = subprocess.run([ROOT / "scripts" / "check-cli.sh"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "imports/ is what cdk8s import makes of the contracts" in done.stdout
    assert "cdk8s synth writes what main.py writes" in done.stdout
