"""pytest's fixtures for projects that make manifests (docs/testing.md).

Loaded at every start of pytest where the package is installed: so it imports next to nothing, and only what is used
starts jsii or needs syrupy.
"""

import pickle
from typing import Any, Final
from weakref import WeakKeyDictionary

import pytest

from vkm_manifests.testing import Manifests, ManifestSnapshots, manifests_of

_NO_APP: Final = """\
manifests needs a fixture `app`, in conftest.py or in the test module, such as

    @pytest.fixture(scope="session")
    def app() -> App:
        app = App()
        MyChart(app, "shop")
        return app
"""
_NO_SYRUPY: Final = "manifest_snapshots needs syrupy: install vkm-constructs with its extra [pytest]"

_TAKEN: Final = pytest.StashKey[dict[str, str]]()
_read: Final[WeakKeyDictionary[Any, bytes]] = WeakKeyDictionary()


def pytest_configure(config: pytest.Config) -> None:
    """Keep syrupy from removing, or calling unused, what no `check` has looked at: only `check` removes files."""
    # Syrupy's `--snapshot-ignore-file-extensions`: by it, no YAML file is taken for a snapshot that nobody asked for.
    if hasattr(config.option, "ignore_file_extensions"):
        config.option.ignore_file_extensions = [*(config.option.ignore_file_extensions or ()), "yaml"]


@pytest.fixture
def manifests(request: pytest.FixtureRequest) -> Manifests:
    """Every object of the fixture `app` by `namespace/Kind/name`; read once for each app, a copy for each test."""
    try:
        app = request.getfixturevalue("app")
    except pytest.FixtureLookupError as error:
        if error.argname != "app":
            raise
        pytest.fail(_NO_APP, pytrace=False)
    # Not a fixture of the session: that one would keep the first app where modules have apps of their own.
    if app not in _read:
        _read[app] = pickle.dumps(manifests_of(app))
    found: Manifests = pickle.loads(_read[app])
    return found


@pytest.fixture
def manifest_snapshots(request: pytest.FixtureRequest) -> ManifestSnapshots:
    """The snapshots of the test module, one YAML file for each object: `manifest_snapshots.check(manifests)`."""
    try:
        from vkm_manifests.testing.object_files import object_files

        snapshot = request.getfixturevalue("snapshot")
    except (ModuleNotFoundError, pytest.FixtureLookupError):
        pytest.fail(_NO_SYRUPY, pytrace=False)
    return ManifestSnapshots(object_files(snapshot), request.session.stash.setdefault(_TAKEN, {}))
