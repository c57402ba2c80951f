"""What verification costs: the environment synthesized with it and without it, in turn, each in a process of its own.

.venv/bin/python benchmarks/verification.py [pairs]
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
WITHOUT = """
import vkm_constructs.app
vkm_constructs.app.settle = lambda app, manifests: None
"""
SYNTH = """
import sys
sys.path.insert(0, {root!r})
{setup}
from charts.environment import Environment
from main import vkm
from vkm_constructs import App
with App(outdir={outdir!r}) as app:
    vkm(app, Environment())
"""


def seconds(setup: str) -> float:
    """How long one process takes from its start to its end."""
    with tempfile.TemporaryDirectory() as folder:
        code = SYNTH.format(root=str(ROOT), setup=setup, outdir=f"{folder}/dist")
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
        return time.perf_counter() - begin


def main() -> None:
    """Print both medians and their ratio."""
    pairs = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    runs = [(seconds(WITHOUT), seconds("")) for _ in range(pairs)]
    without, verified = (statistics.median(column) for column in zip(*runs, strict=True))
    ratio = statistics.median(verified / without for without, verified in runs)
    print(f"{pairs} pairs: {without:.2f} s without verification, {verified:.2f} s with it: {ratio:.2f} times as long")


if __name__ == "__main__":
    main()
