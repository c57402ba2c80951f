import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb

import cdk8s
import pytest
import yaml
from cdk8s_plus_27 import k8s

from tests.conftest import Render
from vkm_constructs import (
    App,
    ConstructError,
    ExistingNamespace,
    LonghornVolume,
    OutdirError,
    ServiceChart,
    SynthError,
    WebApp,
    override,
)

SHOP = ExistingNamespace("shop")
HEADER = "# Made by vkm_constructs: change the code, not this file.\n"


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """The output folder, as an earlier synth has left it."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "earlier.k8s.yaml").write_text(HEADER + "kind: Earlier\n", encoding="utf-8")
    return folder


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def line(mark: str) -> str:
    """`file:line`, as an error shows it, of the line in this file that ends in `# mark`."""
    file = Path(__file__)
    lines = file.read_text(encoding="utf-8").splitlines()
    (number,) = (number for number, text in enumerate(lines, 1) if text.endswith(f"# {mark}"))
    return f"{file.relative_to(Path.cwd()) if file.is_relative_to(Path.cwd()) else file}:{number}"


@contextmanager
def ends_with(text: str) -> Iterator[None]:
    """The program ends with this text and nothing else, and so with exit code 1.

    Args:
        text: where it shows a line of a library, `…` stands for its number.
    """
    with pytest.raises(SystemExit) as caught:
        yield
    assert re.sub(r"\((\w+\.py):\d+\)", r"(\1:…)", str(caught.value.code)) == text


# On success


def test_writes_one_file_for_each_chart(tmp_path: Path) -> None:
    with App(outdir=tmp_path / "dist") as app:
        LonghornVolume(ServiceChart(app, "shop", namespace=SHOP), "data", size="1Gi")
        ServiceChart(app, "empty")

    assert names(tmp_path / "dist") == {"shop.k8s.yaml", "empty.k8s.yaml"}
    (manifest,) = yaml.safe_load_all((tmp_path / "dist" / "shop.k8s.yaml").read_text(encoding="utf-8"))
    assert (manifest["kind"], manifest["metadata"]["name"]) == ("PersistentVolumeClaim", "data")
    assert (tmp_path / "dist" / "empty.k8s.yaml").read_text(encoding="utf-8") == HEADER


def test_says_in_one_line_what_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with App(outdir=tmp_path / "dist") as app:
        for name in ("docs", "shop"):
            k8s.KubeConfigMap(ServiceChart(app, name, namespace=SHOP), name, metadata=k8s.ObjectMeta(name=name))

    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("2 charts, 2 objects, ")
    assert err.endswith(f" s: {tmp_path}/dist/\n")
    assert err.count("\n") == 1


def test_removes_what_an_earlier_synth_wrote(dist: Path) -> None:
    (dist / "construct-metadata.json").write_text("{}", encoding="utf-8")
    with App(outdir=dist) as app:
        ServiceChart(app, "shop")

    assert names(dist) == {"shop.k8s.yaml"}
    assert names(dist.parent) == {"dist"}, "nothing is left beside it"


def test_makes_the_folder_and_its_parents(tmp_path: Path) -> None:
    with App(outdir=tmp_path / "out" / "dist") as app:
        ServiceChart(app, "shop")

    assert names(tmp_path / "out" / "dist") == {"shop.k8s.yaml"}


def test_the_folder_is_dist_by_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with App() as app:
        ServiceChart(app, "shop")

    assert names(tmp_path / "dist") == {"shop.k8s.yaml"}


def test_synth_returns_what_it_wrote(app: App, chart: ServiceChart) -> None:
    LonghornVolume(chart, "data", size="1Gi")

    written = app.synth()
    assert list(written) == ["shop"]
    assert list(yaml.safe_load_all((Path(app.outdir) / "shop.k8s.yaml").read_text("utf-8"))) == written["shop"]


def test_the_same_charts_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        with App(outdir=tmp_path / folder) as app:
            LonghornVolume(ServiceChart(app, "shop", namespace=SHOP), "data", size="1Gi")

    one, two = (tmp_path / folder / "shop.k8s.yaml" for folder in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


def test_manifests_writes_nothing(app: App, chart: ServiceChart) -> None:
    app.manifests()

    assert not Path(app.outdir).exists()


def test_what_has_no_namespace_gets_none(app: App, chart: ServiceChart, render: Render) -> None:
    """cdk8s would write the chart's namespace on it, and the API server would refuse it."""
    k8s.KubeNamespace(chart, "namespace", metadata=k8s.ObjectMeta(name="docs"))
    k8s.KubeClusterRole(chart, "role", metadata=k8s.ObjectMeta(name="reader"))
    k8s.KubeRole(chart, "own-role", metadata=k8s.ObjectMeta(name="reader"))

    manifests = render()
    assert "namespace" not in manifests["Namespace/docs"]["metadata"]
    assert "namespace" not in manifests["ClusterRole/reader"]["metadata"]
    assert manifests["Role/reader"]["metadata"]["namespace"] == "shop"


# The user's mistakes


def test_a_refusal_is_the_only_text_and_the_folder_is_as_it_was(dist: Path) -> None:
    text = (
        f"{line('refused')}  shop/data\n"
        '  size="10GB" is not a size\n'
        '  accepted: a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"\n'
        '  fix:      size="10Gi"'
    )
    with ends_with(text), App(outdir=dist) as app:
        chart = ServiceChart(app, "shop", namespace=SHOP)
        LonghornVolume(chart, "data", size="10GB")  # refused
    assert names(dist) == {"earlier.k8s.yaml"}
    assert names(dist.parent) == {"dist"}


def test_a_refusal_has_its_parts_as_attributes(chart: ServiceChart) -> None:
    with pytest.raises(ConstructError) as caught:
        LonghornVolume(chart, "data", size="10GB")  # parts
    assert (caught.value.location, caught.value.path) == (line("parts"), "shop/data")
    (problem,) = caught.value.problems
    assert (problem.argument, problem.given, problem.why) == ("size", "10GB", "is not a size")
    assert problem.fix == 'size="10Gi"'


def test_a_refusal_in_a_function_of_the_user_shows_the_line_in_it(chart: ServiceChart) -> None:
    def volume(size: str) -> LonghornVolume:
        return LonghornVolume(chart, "data", size=size)  # inner

    with pytest.raises(ConstructError) as caught:
        volume("10GB")
    assert caught.value.location == line("inner")


def test_two_objects_that_are_the_same_one(dist: Path) -> None:
    text = (
        f"{line('second')}  again/data/claim\n"
        '  name="data" makes shop/PersistentVolumeClaim/data a second time: '
        f"shop/data/claim made it first ({line('first')})\n"
        "  accepted: one object for each kind, namespace and name\n"
        "  fix:      give one of the two another name, or pass the first to where the second is made"
    )
    with ends_with(text), App(outdir=dist) as app:
        LonghornVolume(ServiceChart(app, "shop", namespace=SHOP), "data", size="1Gi")  # first
        LonghornVolume(ServiceChart(app, "again", namespace=SHOP), "data", size="2Gi")  # second
    assert names(dist) == {"earlier.k8s.yaml"}


def test_equal_names_of_other_kinds_or_namespaces_are_no_duplicates(app: App, chart: ServiceChart) -> None:
    elsewhere = ServiceChart(app, "docs", namespace=ExistingNamespace("docs"))
    for scope in (chart, elsewhere):
        k8s.KubeConfigMap(scope, "config-map", metadata=k8s.ObjectMeta(name="same"))
        k8s.KubeSecret(scope, "secret", metadata=k8s.ObjectMeta(name="same"))

    assert [len(found) for found in app.manifests().values()] == [2, 2]


def test_all_findings_of_the_whole_graph_at_once(app: App, chart: ServiceChart) -> None:
    volume = LonghornVolume(chart, "data", size="1Gi")
    override(volume.claim, "/nothing/here", 1)
    for name in ("one", "two", "three"):
        k8s.KubeConfigMap(chart, name, metadata=k8s.ObjectMeta(name="same"))

    with pytest.raises(SynthError) as caught:
        app.manifests()
    assert [error.path for error in caught.value.errors] == ["shop/two", "shop/three", "shop/data/claim"]
    assert str(caught.value) == "\n\n".join(map(str, caught.value.errors))


def test_a_misplaced_override_leaves_the_folder_as_it_was(dist: Path) -> None:
    app = App(outdir=dist)
    override(LonghornVolume(ServiceChart(app, "shop", namespace=SHOP), "data", size="1Gi").claim, "/nothing/here", 1)
    with pytest.raises(SynthError, match="has no place in shop/PersistentVolumeClaim/data"):
        app.synth()
    assert names(dist) == {"earlier.k8s.yaml"}


@pytest.mark.skipif(not __debug__, reason="jsii checks no types under python -O")
def test_a_wrong_type_is_one_text_with_the_users_line(dist: Path) -> None:
    text = (
        f"{line('wrong type')}\n"
        "  TypeError: type of argument immutable must be one of (bool, NoneType); got str instead\n"
        "  accepted: arguments of the types that the constructs declare\n"
        "  fix:      a type checker (mypy, pyright) names the argument at this line"
    )
    with ends_with(text), App(outdir=dist) as app:
        chart = ServiceChart(app, "shop", namespace=SHOP)
        k8s.KubeConfigMap(chart, "config", immutable="yes")  # type: ignore[arg-type]  # wrong type
    assert names(dist) == {"earlier.k8s.yaml"}


def test_an_id_that_cdk8s_refuses_is_one_text_with_the_users_line(dist: Path) -> None:
    text = f"{line('same id')}\n  There is already a Construct with name 'config' in Chart [shop]"
    with ends_with(text), App(outdir=dist) as app:
        chart = ServiceChart(app, "shop", namespace=SHOP)
        for _ in range(2):
            k8s.KubeConfigMap(chart, "config")  # same id
    assert names(dist) == {"earlier.k8s.yaml"}


@pytest.mark.parametrize("foreign", ["README.md", "by-hand.k8s.yaml", "sub/file.k8s.yaml"])
def test_refuses_a_folder_that_holds_something_else(dist: Path, foreign: str) -> None:
    top = foreign.partition("/")[0]
    (dist / foreign).parent.mkdir(exist_ok=True)
    (dist / foreign).write_text("mine", encoding="utf-8")
    text = (
        f"{dist}\n"
        f"  holds what synth has not written, and would be lost: {top}\n"
        "  accepted: a folder that synth wrote, an empty one, or one that does not exist\n"
        '  fix:      App(outdir="build/manifests"), or move that away'
    )
    with ends_with(text), App(outdir=dist) as app:
        ServiceChart(app, "shop")
    assert names(dist) == {"earlier.k8s.yaml", top}
    assert (dist / foreign).read_text(encoding="utf-8") == "mine"


def test_refuses_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    file = tmp_path / "dist"
    file.write_text("mine", encoding="utf-8")
    app = App(outdir=file)
    ServiceChart(app, "shop")
    with pytest.raises(OutdirError, match="would be lost: it is a file, not a folder"):
        app.synth()
    assert file.read_text(encoding="utf-8") == "mine"


# All other errors


def test_a_bug_in_the_users_code_keeps_its_traceback(dist: Path) -> None:
    def program() -> None:
        with App(outdir=dist) as app:
            ServiceChart(app, "shop")
            list[int]()[1]  # bug

    with pytest.raises(IndexError) as caught:
        program()
    assert line("bug").rpartition(":")[2] in {str(frame.lineno) for frame in extract_tb(caught.tb)}
    assert names(dist) == {"earlier.k8s.yaml"}


def test_a_type_error_in_the_users_code_keeps_its_traceback(dist: Path) -> None:
    def program() -> None:
        with App(outdir=dist) as app:
            ServiceChart(app, "shop")
            sum(["not", "a", "number"])  # type: ignore[list-item]

    with pytest.raises(TypeError, match="unsupported operand"):
        program()
    assert names(dist) == {"earlier.k8s.yaml"}


def test_a_missing_argument_is_one_text_with_the_users_line(dist: Path) -> None:
    text = (
        f"{line('missing')}\n"
        "  TypeError: LonghornVolume.__init__() missing 1 required keyword-only argument: 'size'\n"
        "  accepted: arguments of the types that the constructs declare\n"
        "  fix:      a type checker (mypy, pyright) names the argument at this line"
    )
    with ends_with(text), App(outdir=dist) as app:
        chart = ServiceChart(app, "shop", namespace=SHOP)
        LonghornVolume(chart, "data")  # type: ignore[call-arg]  # missing
    assert names(dist) == {"earlier.k8s.yaml"}


def test_a_wrong_type_that_a_construct_trips_over_names_its_line_too(dist: Path) -> None:
    text = (
        f"{line('no text')}\n"
        "  AttributeError: 'int' object has no attribute 'partition' (image.py:…)\n"
        "  accepted: arguments of the types that the constructs declare\n"
        "  fix:      a type checker (mypy, pyright) names the argument at this line"
    )
    with ends_with(text), App(outdir=dist) as app:
        chart = ServiceChart(app, "shop", namespace=SHOP)
        WebApp(chart, "web", image=5, port=8080)  # type: ignore[arg-type]  # no text
    assert names(dist) == {"earlier.k8s.yaml"}


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
def test_leaving_the_program_writes_nothing(dist: Path, error: BaseException) -> None:
    def program() -> None:
        with App(outdir=dist) as app:
            ServiceChart(app, "shop")
            raise error

    with pytest.raises(type(error)) as caught:
        program()
    assert caught.value is error
    assert names(dist) == {"earlier.k8s.yaml"}


def test_a_plain_cdk8s_chart_is_written_too(tmp_path: Path) -> None:
    with App(outdir=tmp_path / "dist") as app:
        k8s.KubeConfigMap(cdk8s.Chart(app, "plain"), "config", metadata=k8s.ObjectMeta(name="config"))

    assert names(tmp_path / "dist") == {"plain.k8s.yaml"}


def test_a_misspelt_argument_names_the_right_one(dist: Path) -> None:
    text = (
        f"{line('misspelt')}\n"
        "  WebApp has no argument replica\n"
        "  accepted: image, port, replicas, command, args, env, mounts, init, probes, resources, security, rollout, "
        "service_port, port_name, extra_ports, sidecars\n"
        "  fix:      replicas=..."
    )
    with ends_with(text), App(outdir=dist) as app:
        chart = ServiceChart(app, "shop", namespace=SHOP)
        WebApp(chart, "web", image="shop:1", port=8080, replica=2)  # type: ignore[call-arg]  # misspelt
    assert names(dist) == {"earlier.k8s.yaml"}
