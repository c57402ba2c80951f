"""The environment's manifests, for the tests that read them."""

from functools import cache
from tempfile import gettempdir

from charts.environment import Environment
from main import vkm
from tests.conftest import Manifest
from vkm_constructs import App
from vkm_manifests.testing import Manifests, manifests_of


@cache
def vkm_app(env: Environment | None = None) -> App:
    """The environment; VKM's own where none is given. Shared: no test adds to it."""
    app = App(outdir=f"{gettempdir()}/never-written")
    vkm(app, env or Environment())
    return app


@cache
def vkm_manifests(env: Environment | None = None) -> Manifests:
    """Every object by `namespace/Kind/name`. Nothing is written."""
    return manifests_of(vkm_app(env))


def find(manifests: Manifests, kind: str) -> Manifest:
    """The only object of a kind."""
    (found,) = (manifest for manifest in manifests.values() if manifest["kind"] == kind)
    return found
