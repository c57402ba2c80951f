"""The environment's manifests, for the tests that read them."""

from functools import cache
from tempfile import gettempdir

from charts.environment import Environment
from main import vkm
from tests.conftest import Manifest
from vkm_constructs import App
from vkm_manifests import Identity


@cache
def vkm_manifests(env: Environment | None = None) -> dict[str, Manifest]:
    """Every object by `namespace/Kind/name`; VKM's own where no environment is given. Nothing is written."""
    app = App(outdir=f"{gettempdir()}/never-written")
    vkm(app, env or Environment())
    return {str(Identity.of(m)): m for found in app.manifests().values() for m in found}


def find(manifests: dict[str, Manifest], kind: str) -> Manifest:
    """The only object of a kind."""
    (found,) = (manifest for manifest in manifests.values() if manifest["kind"] == kind)
    return found
