"""`vkm review` reads what is committed, wherever in the repository somebody stands."""

import subprocess
from pathlib import Path

import pytest

from vkm_manifests.reading import UnreadableError
from vkm_manifests.review.revisions import SNAPSHOTS, read_side, split_range

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"
NEW_FOLDER = "dist"


def git(*arguments: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    return subprocess.run(["git", *who, *arguments], capture_output=True, text=True, check=True).stdout.strip()


def commit(tag: str, files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
    git("add", "--all")
    git("commit", "--quiet", "--message", tag)
    git("tag", tag)


@pytest.fixture(autouse=True)
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A first commit, one after it on `main`, and one after it on `side`."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    for variable in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(variable, raising=False)
    git("init", "--quiet", "--initial-branch", "main")
    commit("first", {f"{SNAPSHOTS}/test_shop/a.yaml": CONFIG % "a"})
    git("checkout", "--quiet", "-b", "side")
    commit("second", {f"{SNAPSHOTS}/test_shop/side.yaml": CONFIG % "side"})
    git("checkout", "--quiet", "main")
    commit("third", {f"{SNAPSHOTS}/test_shop/b.yaml": CONFIG % "b", f"{NEW_FOLDER}/all.yaml": CONFIG % "c"})


def names(side: str, folder: str = SNAPSHOTS) -> list[str]:
    return [item.manifest["metadata"]["name"] for item in read_side(side, folder)]


def refused(side: str, folder: str = SNAPSHOTS) -> str:
    with pytest.raises(UnreadableError) as caught:
        read_side(side, folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("side", "found"), [("first", ["a"]), ("main", ["a", "b"]), ("HEAD~1", ["a"]), ("side", ["a", "side"])]
)
def test_the_snapshots_of_a_revision(side: str, found: list[str]) -> None:
    assert names(side) == found


def test_what_is_not_committed_is_not_read() -> None:
    Path(SNAPSHOTS, "test_shop/a.yaml").write_text(CONFIG % "changed", encoding="utf-8")
    assert names("HEAD") == ["a", "b"]
    assert names(SNAPSHOTS) == ["changed", "b"]


def test_a_revision_may_name_its_own_folder_or_file() -> None:
    assert names(f"main:{NEW_FOLDER}") == ["c"]
    assert names(f"main:{NEW_FOLDER}/all.yaml") == ["c"]
    assert names("main", NEW_FOLDER) == ["c"]
    assert names("main:.") == ["c", "a", "b"]


def test_a_source_names_revision_file_and_line() -> None:
    (item,) = read_side(f"main:{NEW_FOLDER}")
    assert str(item.source) == "main:dist/all.yaml:1"


def test_from_a_folder_within(monkeypatch: pytest.MonkeyPatch) -> None:
    commit("nested", {f"project/{SNAPSHOTS}/test_project/d.yaml": CONFIG % "d"})
    monkeypatch.chdir("project")
    assert names("nested") == ["d"], "what is below the folder where somebody stands"
    assert names("first") == ["a"], "else what is below the top"


def test_what_is_there_as_a_folder_is_no_revision() -> None:
    git("branch", NEW_FOLDER, "first")
    assert names(NEW_FOLDER) == ["c"]


def test_only_manifests_are_read_and_nothing_hidden() -> None:
    commit("more", {f"{NEW_FOLDER}/README.md": "# no", f"{NEW_FOLDER}/.hidden/x.yaml": "no: manifest"})
    assert names("more", NEW_FOLDER) == ["c"]


def test_ranges() -> None:
    assert split_range("first..main") == ("first", "main")
    assert split_range("first..") == ("first", "HEAD")
    assert split_range("..side") == ("HEAD", "side")
    assert split_range("main") is None
    assert split_range(f"{NEW_FOLDER}/../{NEW_FOLDER}") is None


def test_three_dots_start_where_the_revisions_part() -> None:
    assert split_range("main...side") == (git("rev-parse", "first"), "side")
    with pytest.raises(UnreadableError, match=r"^nowhere: is no file or folder, and no revision"):
        split_range("main...nowhere")
    git("checkout", "--quiet", "--orphan", "apart")
    git("commit", "--quiet", "--message", "apart")
    with pytest.raises(UnreadableError, match=r"^main\.\.\.apart: the revisions have nothing in common"):
        split_range("main...apart")


def test_what_is_neither_file_nor_revision() -> None:
    assert refused("nowhere") == "nowhere: is no file or folder, and no revision of this git repository"
    assert refused("") == "'' names no file, folder or revision"
    assert refused("--help") == "--help: is no file or folder, and no revision of this git repository"


def test_outside_of_a_repository(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path_factory.mktemp("elsewhere")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(folder.parent))
    monkeypatch.chdir(folder)
    assert refused("main") == "main: there is no such file or folder, and this is no git repository"


def test_a_revision_without_manifests_says_where_there_are_some() -> None:
    assert refused("main", "snapshots") == (
        "main: holds no manifest in snapshots; there are snapshots in tests/__snapshots__/test_shop:"
        " name the folder with --in, or as main:tests/__snapshots__/test_shop"
    )
    git("rm", "-r", "--quiet", "tests")
    git("commit", "--quiet", "--message", "no tests")
    assert refused("HEAD") == (
        "HEAD: holds no manifest in tests/__snapshots__; name the folder with --in, or as HEAD:FOLDER"
    )


def test_a_broken_file_is_named_with_its_revision() -> None:
    commit("broken", {f"{NEW_FOLDER}/bad.yaml": "a: [1"})
    assert refused("broken", NEW_FOLDER) == "broken:dist/bad.yaml:2: did not find expected ',' or ']'"


def test_files_with_odd_names_and_links() -> None:
    odd = f"{NEW_FOLDER}/a line\nand another.yaml"
    commit("odd", {odd: CONFIG % "odd"})
    Path(NEW_FOLDER, "link.yaml").symlink_to("all.yaml")
    git("add", "--all")
    git("commit", "--quiet", "--message", "link")
    assert names("HEAD", NEW_FOLDER) == ["odd", "c"], "a link is what it leads to, once"
