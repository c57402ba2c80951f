"""The same bytes, whatever the machine is set to."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def test_the_same_bytes_on_every_machine(tmp_path: Path) -> None:
    settings = {
        "one": {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC", "cwd": str(ROOT)},
        "two": {"PYTHONHASHSEED": "4242", "LC_ALL": "C.UTF-8", "TZ": "Asia/Kolkata", "cwd": str(tmp_path)},
    }
    running = []
    for name, setting in settings.items():
        environment = os.environ | setting | {"CDK8S_OUTDIR": str(tmp_path / name)}
        command = [sys.executable, str(ROOT / "main.py")]
        running.append(subprocess.Popen(command, env=environment, cwd=setting["cwd"], stderr=subprocess.PIPE))
    for process in running:
        _, errors = process.communicate()
        assert process.returncode == 0, errors.decode()

    one, two = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in settings)
    assert one == two
    assert "bookstack.k8s.yaml" in one
