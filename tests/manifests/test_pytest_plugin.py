"""What a project's tests rely on: `manifests`, `manifest_snapshots`, `assert_verified`."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any, TypeAlias

import cdk8s
import pytest
from cdk8s_plus_27 import k8s

from vkm_constructs import App, ExistingNamespace, ServiceChart, override
from vkm_manifests.testing import assert_verified, manifests_of
from vkm_manifests.testing.names import distinct

pytest_plugins = ["pytester"]

Run: TypeAlias = Callable[..., pytest.RunResult]

WEB = "shop/ConfigMap/web"
SNAPSHOTS = Path("__snapshots__/test_shop")

MANIFESTS = """
import pytest

@pytest.fixture
def manifests():
    def config_map(name, **data):
        return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "shop"}, "data": data}

    return {f"shop/ConfigMap/{name}": config_map(name, **data) for name, data in DATA.items()}
"""
CHECK = """
def test_manifests(manifests, manifest_snapshots):
    manifest_snapshots.check(manifests)
"""
APP = """
import cdk8s
import pytest

@pytest.fixture(scope="session")
def app():
    app = cdk8s.App()
    cdk8s.ApiObject(cdk8s.Chart(app, "shop"), "web", api_version="v1", kind="ConfigMap", metadata={"name": NAME})
    return app
"""


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """What these tests run is no part of the run that they are part of."""
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """pytest, in this process (which has jsii already), in a project of its own; a warning is an error."""

    def run(*arguments: str) -> pytest.RunResult:
        return pytester.runpytest_inprocess("-Werror", "-p", "no:cacheprovider", *arguments)

    return run


@pytest.fixture
def shop(pytester: pytest.Pytester) -> Callable[..., None]:
    """A project that makes these ConfigMaps."""

    def shop(test: str = CHECK, **data: dict[str, str]) -> None:
        pytester.makeconftest(f"DATA = {data}\n{MANIFESTS}")
        pytester.makepyfile(test_shop=test)

    return shop


def said(result: pytest.RunResult) -> list[str]:
    """The message of the failed assertion, without pytest's margin."""
    margin = len("E       ")
    lines = [line[margin:] for line in result.outlines if line.startswith("E")]
    return [lines[0].removeprefix("AssertionError: "), *lines[1:]]


def files() -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in SNAPSHOTS.iterdir()}


class TestSnapshots:
    def test_the_first_run_says_how_they_are_made(self, run: Run, shop: Callable[..., None]) -> None:
        shop(web={"a": "1"}, db={})
        result = run()
        result.assert_outcomes(failed=1)
        assert said(result) == [
            f"2 objects differ from the snapshots in {SNAPSHOTS}",
            "  new      shop/ConfigMap/db",
            f"  new      {WEB}",
            "pytest --snapshot-update accepts the manifests as they are now",
        ]
        assert "test_shop.py:2: AssertionError" in result.outlines, "the user's line, none of ours"
        assert not SNAPSHOTS.exists()

    def test_a_file_for_each_object(self, run: Run, shop: Callable[..., None]) -> None:
        shop(web={"a": "1"}, db={})
        run("--snapshot-update").assert_outcomes(passed=1)
        assert files().keys() == {"shop.ConfigMap.db.yaml", "shop.ConfigMap.web.yaml"}
        assert files()["shop.ConfigMap.web.yaml"] == (
            'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n  namespace: shop\ndata:\n  a: "1"\n'
        )
        run().assert_outcomes(passed=1)

    def test_what_differs_is_named_then_shown(self, run: Run, shop: Callable[..., None]) -> None:
        shop(web={"a": "1", "b": "2"}, old={"a": "1"}, same={})
        run("--snapshot-update")
        before = files()
        shop(web={"a": "1", "b": "3"}, more={"a": "1"}, same={})
        result = run()
        result.assert_outcomes(failed=1)
        assert said(result)[:6] == [
            f"3 objects differ from the snapshots in {SNAPSHOTS}",
            "  new      shop/ConfigMap/more",
            "  gone     shop/ConfigMap/old",
            f"  changed  {WEB}",
            "pytest --snapshot-update accepts the manifests as they are now",
            "",
        ]
        assert said(result)[-7:] == [
            f"changed: {WEB}",
            "@@ -5,4 +5,4 @@",
            "   namespace: shop",
            " data:",
            '   a: "1"',
            '-  b: "2"',
            '+  b: "3"',
        ]
        assert {"+kind: ConfigMap", "-kind: ConfigMap"} <= set(said(result)), "what is new and gone is shown, too"
        assert files() == before

    @pytest.mark.parametrize("selection", [[], ["-k", "test_manifests"], ["test_shop.py::test_manifests"]])
    def test_an_update_accepts_all_that_differs(
        self, run: Run, shop: Callable[..., None], selection: list[str]
    ) -> None:
        shop(web={"a": "1"}, old={})
        run("--snapshot-update")
        shop(CHECK + "\ndef test_other():\n    pass\n", web={"a": "2"}, more={})
        assert run("--snapshot-update", *selection).ret == 0
        assert files().keys() == {"shop.ConfigMap.more.yaml", "shop.ConfigMap.web.yaml"}
        assert 'a: "2"' in files()["shop.ConfigMap.web.yaml"]
        assert run().ret == 0

    @pytest.mark.parametrize(
        "test",
        [
            "def test_manifests(broken, manifest_snapshots):\n    pass\n",
            "def test_manifests(manifest_snapshots):\n    assert 0\n",
            f"def test_first():\n    assert 0\n{CHECK}",
            f"import pytest\n@pytest.mark.skip\n{CHECK.lstrip()}",
            f"def test_first(snapshot):\n    assert 0\n{CHECK}",
            "def test_other():\n    pass\n",
        ],
        ids=["no-app", "fails-before", "stops-before", "skipped", "stops-with-syrupy", "test-removed"],
    )
    @pytest.mark.parametrize("options", [["-x"], ["-x", "--snapshot-update"]], ids=["read", "update"])
    def test_what_was_not_checked_stays(
        self, run: Run, shop: Callable[..., None], test: str, options: list[str]
    ) -> None:
        shop(web={}, db={})
        run("--snapshot-update")
        before = files()
        shop(test, web={})
        result = run(*options)
        assert files() == before
        result.stdout.no_fnmatch_line("*unused*")

    def test_a_rename_of_the_test_moves_no_file(self, run: Run, shop: Callable[..., None]) -> None:
        shop(web={})
        run("--snapshot-update")
        shop(f"class TestShop:\n    def test_all(self, {CHECK.partition('(')[2].replace('    ', ' ' * 8)}", web={})
        run().assert_outcomes(passed=1)
        assert run().ret == 0

    def test_new_files_alone_can_be_accepted(self, run: Run, shop: Callable[..., None]) -> None:
        shop(web={"a": "1"})
        run("--snapshot-update")
        shop(web={"a": "2"}, more={})
        result = run("--snapshot-update-new-only")
        result.assert_outcomes(failed=1)
        assert said(result)[1:3] == [
            f"  changed  {WEB}",
            "pytest --snapshot-update accepts the manifests as they are now",
        ]
        assert 'a: "1"' in files()["shop.ConfigMap.web.yaml"]

    def test_a_file_that_is_no_manifest_is_gone(self, run: Run, shop: Callable[..., None]) -> None:
        shop(web={})
        run("--snapshot-update")
        (SNAPSHOTS / "other.yaml").write_bytes(b"\xff{")
        result = run()
        assert result.ret == 1
        assert "  gone     other.yaml" in result.stdout.str()

    def test_a_module_has_one_set(self, run: Run, shop: Callable[..., None]) -> None:
        shop(CHECK + CHECK.replace("test_manifests", "test_again"), web={})
        result = run("--snapshot-update")
        result.assert_outcomes(passed=1, failed=1)
        assert f"{SNAPSHOTS} holds what test_shop.py::test_manifests checks" in result.stdout.str()

    def test_an_object_that_is_there_twice(self, run: Run, shop: Callable[..., None]) -> None:
        shop(CHECK.replace("(manifests)", "({**manifests, 'again': manifests['shop/ConfigMap/web']})"), web={})
        result = run("--snapshot-update")
        result.assert_outcomes(failed=1)
        assert f"given twice: {WEB}" in result.stdout.str()

    def test_syrupys_own_fixture_stays_its_own(self, run: Run, shop: Callable[..., None]) -> None:
        shop("def test_other(snapshot):\n    assert 1 == snapshot\n" + CHECK, web={})
        run("--snapshot-update").assert_outcomes(passed=2)
        assert Path("__snapshots__/test_shop.ambr").exists()
        assert run().ret == 0

    def test_without_syrupy(self, run: Run, shop: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
        shop(web={})
        asked = "manifest_snapshots needs syrupy: install vkm-constructs with its extra [pytest]"
        assert asked in run("-p", "no:syrupy").stdout.str()
        monkeypatch.delitem(sys.modules, "vkm_manifests.testing.object_files", raising=False)
        monkeypatch.setitem(sys.modules, "syrupy.assertion", None)
        assert asked in run("-p", "no:syrupy").stdout.str()

    def test_on_several_cores(self, run: Run, pytester: pytest.Pytester, shop: Callable[..., None]) -> None:
        """The processes write and remove together what one would: no file is left over."""
        shop(web={"a": "1"}, old={}, same={})
        run("--snapshot-update")
        shop(CHECK + "\ndef test_other():\n    pass\n", web={"a": "2"}, more={}, same={})
        cores = ("-Werror", "-p", "no:cacheprovider", "-n", "2", "--dist", "worksteal")
        pytester.runpytest_subprocess(*cores, "--snapshot-update").assert_outcomes(passed=2)
        assert files().keys() == {f"shop.ConfigMap.{name}.yaml" for name in ("web", "more", "same")}
        run().assert_outcomes(passed=2)


def object_of(api: str, kind: str, namespace: str, name: str) -> dict[str, Any]:
    return {"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": namespace}}


class TestNames:
    def test_the_group_where_there_are_two(self) -> None:
        names = distinct(
            [
                object_of("networking.k8s.io/v1", "NetworkPolicy", "shop", "web"),
                object_of("crd.projectcalico.org/v1", "NetworkPolicy", "shop", "web"),
                object_of("networking.k8s.io/v1", "NetworkPolicy", "shop", "db"),
            ]
        )
        assert {str(name): name.file for name in names} == {
            "shop/NetworkPolicy.networking.k8s.io/web": "shop.NetworkPolicy.web@networking.k8s.io",
            "shop/NetworkPolicy.crd.projectcalico.org/web": "shop.NetworkPolicy.web@crd.projectcalico.org",
            "shop/NetworkPolicy/db": "shop.NetworkPolicy.db",
        }

    def test_no_two_objects_share_a_file(self) -> None:
        """Not even where the file system takes `A` for `a`, as on macOS and Windows."""
        role = "rbac.authorization.k8s.io/v1"
        names = distinct(
            [
                object_of("v1", "ConfigMap", "c", "a.b"),
                object_of("v1", "ConfigMap", "c", "a-b"),
                object_of("v1", "ConfigMap", "", "c.a.b"),
                object_of(role, "ClusterRole", "", "view"),
                object_of(role, "ClusterRole", "", "View"),
                object_of(role, "ClusterRole", "", "%56iew"),
                object_of(role, "ClusterRole", "", "system:node"),
                object_of(role, "ClusterRole", "", "system/node"),
                object_of(role, "ClusterRole", "", "systemnode"),
                object_of(role, "ClusterRole", "", "ü"),
                object_of(role, "ClusterRole", "", "a" * 300),
                object_of(role, "ClusterRole", "", "a" * 299 + "b"),
                object_of("a.io/v1", "Job", "c", "b"),
                object_of("b.io/v1", "Job", "c", "b"),
                object_of("a.io/v1", "Job", "c", "b@a.io"),
            ]
        )
        stems = [name.file for name in names]
        assert len({stem.casefold() for stem in stems}) == len(names)
        assert all(len(stem) <= 250 and not set(stem) & set('/\\:*?"<>| ') and stem.isascii() for stem in stems)


class TestManifests:
    def test_every_object_of_the_app_after_overrides(self, app: App, chart: ServiceChart) -> None:
        made = k8s.KubeConfigMap(chart, "web", metadata=k8s.ObjectMeta(name="web"), data={"a": "1"})
        k8s.KubeNamespace(chart, "shop", metadata=k8s.ObjectMeta(name="shop"))
        override(made, "/data/a", "2")
        manifests = manifests_of(app)
        assert manifests.keys() == {"Namespace/shop", WEB}
        assert manifests[WEB]["data"] == {"a": "2"}
        assert not Path(app.outdir).exists()

    def test_of_any_cdk8s_app(self) -> None:
        app = cdk8s.App()
        k8s.KubeConfigMap(cdk8s.Chart(app, "shop", namespace="shop"), "web", metadata=k8s.ObjectMeta(name="web"))
        assert manifests_of(app).keys() == {WEB}

    def test_an_object_made_twice(self) -> None:
        app = cdk8s.App()
        for chart in ("one", "two"):
            k8s.KubeConfigMap(cdk8s.Chart(app, chart, namespace="shop"), "web", metadata=k8s.ObjectMeta(name="web"))
        with pytest.raises(ValueError, match=f"^made twice: {WEB}$"):
            manifests_of(app)

    def test_of_what_is_no_such_app(self) -> None:
        with pytest.raises(TypeError, match=r"^a str is no cdk8s\.App$"):
            manifests_of("app")  # type: ignore[arg-type]

    def test_each_module_may_have_its_app(self, run: Run, pytester: pytest.Pytester) -> None:
        test = "def test_mine(manifests):\n    assert list(manifests) == [f'ConfigMap/{NAME}']\n"
        pytester.makepyfile(test_one=f"NAME = 'one'\n{APP}\n{test}", test_two=f"NAME = 'two'\n{APP}\n{test}")
        run().assert_outcomes(passed=2)

    def test_a_test_that_changes_them_changes_its_own(self, run: Run, pytester: pytest.Pytester) -> None:
        test = "def test_{}(manifests):\n    manifests.popitem()[1]['kind'] = ''\n    assert not manifests\n"
        pytester.makepyfile(f"NAME = 'web'\n{APP}\n{test.format('one')}\n{test.format('two')}")
        run().assert_outcomes(passed=2)

    def test_an_app_is_read_once(self, run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
        read = []
        to_json = cdk8s.Chart.to_json

        def counted(chart: cdk8s.Chart) -> list[Any]:
            read.append(chart)
            return to_json(chart)

        monkeypatch.setattr(cdk8s.Chart, "to_json", counted)
        tests = "".join(f"def test_{number}(manifests):\n    assert manifests\n" for number in range(3))
        pytester.makepyfile(f"NAME = 'web'\n{APP}\n{tests}")
        run().assert_outcomes(passed=3)
        assert len(read) == 1

    def test_without_an_app(self, run: Run, pytester: pytest.Pytester) -> None:
        pytester.makepyfile("def test_it(manifests):\n    pass\n")
        result = run()
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(
            ["manifests needs a fixture `app`, in conftest.py or in the test module, such as", "    def app() -> App:"]
        )

    def test_an_app_that_lacks_a_fixture(self, run: Run, pytester: pytest.Pytester) -> None:
        pytester.makepyfile(
            "import pytest\n@pytest.fixture\ndef app(nothing): pass\ndef test_it(manifests):\n    pass\n"
        )
        result = run()
        result.assert_outcomes(errors=1)
        result.stdout.fnmatch_lines(["E*fixture 'nothing' not found"])


class TestAssertVerified:
    def test_what_is_right(self, app: App, chart: ServiceChart, capsys: pytest.CaptureFixture[str]) -> None:
        """With warnings, which are told."""
        ports = [k8s.ServicePort(port=80)]
        k8s.KubeService(
            chart, "web", metadata=k8s.ObjectMeta(name="web"), spec=k8s.ServiceSpec(selector={"a": "b"}, ports=ports)
        )
        assert_verified(app)
        assert "  warning  service-selects-pods  spec.selector\n" in capsys.readouterr().err

    @pytest.mark.parametrize("kind", [App, cdk8s.App])
    def test_what_is_wrong(self, kind: type[cdk8s.App]) -> None:
        chart = ServiceChart(kind(), "shop", namespace=ExistingNamespace("shop"))
        k8s.KubeConfigMap(chart, "web", metadata=k8s.ObjectMeta(name="We b"))
        with pytest.raises(AssertionError) as caught:
            assert_verified(cdk8s.App.of(chart))
        assert f"{Path(__file__).name}:" in str(caught.value).partition("  shop/web  shop/ConfigMap/We b")[0]
        assert str(caught.value).endswith("1 error, 0 warnings")

    def test_an_override_without_a_place(self, app: App, chart: ServiceChart) -> None:
        made = k8s.KubeConfigMap(chart, "web", metadata=k8s.ObjectMeta(name="web"))
        override(made, "/spec/template/a", "2")
        with pytest.raises(AssertionError, match="/spec/template/a"):
            assert_verified(app)


class TestWhoDoesNotUseIt:
    def test_pays_next_to_nothing(self, tmp_path: Path) -> None:
        """The plugin is loaded at every start of pytest; no jsii, and so no Node.js, and no library that is large."""
        (tmp_path / "test_it.py").write_text(
            dedent("""
                import sys

                LARGE = {"jsii", "cdk8s", "vkm_constructs", "syrupy", "jsonschema_rs", "click", "vkm_manifests.graph"}

                def test_it():
                    assert "vkm_manifests.pytest_plugin" in sys.modules
                    assert not LARGE & sys.modules.keys()
            """),
            encoding="utf-8",
        )
        command = [sys.executable, "-m", "pytest", "-Werror", "-p", "no:syrupy", "-p", "no:cacheprovider", "test_it.py"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout
