import errno
import io
from pathlib import Path

import pytest

from vkm_manifests.reading import Source, UnreadableError, read

CONFIG = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n"


def names(paths: list[str]) -> list[str]:
    return [item.manifest["metadata"]["name"] for item in read(paths)]


def refused(paths: list[str]) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(paths)
    return str(caught.value)


def write(folder: Path, text: str, name: str = "all.yaml") -> str:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return str(file)


def stdin(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_folder_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied", str(folder))

    # As root, who runs the tests in a container, may read every folder.
    monkeypatch.setattr(Path, "iterdir", refuse)
    assert refused([str(tmp_path)]) == f"{tmp_path}: Permission denied"


def test_each_document_of_a_file_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path, f"# made\n---\n{CONFIG % 'a'}---\n---\n{CONFIG % 'b'}")
    assert [(i.manifest["metadata"]["name"], i.source) for i in read([file])] == [
        ("a", Source(file, 3)),
        ("b", Source(file, 8)),
    ]


def test_a_folder_with_all_below_it_in_a_fixed_order(tmp_path: Path) -> None:
    write(tmp_path, CONFIG % "c", "z/c.yml")
    write(tmp_path, CONFIG % "a", "a.yaml")
    write(tmp_path, '{"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "b"}}', "b.json")
    write(tmp_path, "not: read", "README.md")
    assert names([str(tmp_path)]) == ["a", "b", "c"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin(monkeypatch, CONFIG % "a")
    (item,) = read(["-"])
    assert str(item.source) == "-:1"


def test_the_items_of_a_list_stand_alone(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        "apiVersion: v1\nkind: List\nitems:\n"
        "- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n"
        "- {apiVersion: v1, kind: ConfigMap, metadata: {name: b}}\n",
    )
    assert names([file]) == ["a", "b"]


def test_a_date_stays_a_text(tmp_path: Path) -> None:
    (item,) = read([write(tmp_path, f"{CONFIG % 'a'}data: {{day: 2026-01-31}}\n")])
    assert item.manifest["data"] == {"day": "2026-01-31"}


def test_merge_keys_and_anchors_are_followed(tmp_path: Path) -> None:
    text = f"{CONFIG % 'a'}x: &x {{one: '1'}}\ndata:\n  <<: *x\n  two: '2'\n"
    (item,) = read([write(tmp_path, text)])
    assert item.manifest["data"] == {"one": "1", "two": "2"}


def test_a_byte_order_mark_is_no_content(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbf" + (CONFIG % "a").encode())
    assert names([str(tmp_path)]) == ["a"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [\n", ":2: did not find expected node content"),
        (f"{CONFIG % 'a'}---\nkind: ConfigMap\n", ":5: is no Kubernetes manifest: it has no kind and apiVersion"),
        ("- 1\n", ":1: is no Kubernetes manifest: it has no kind and apiVersion"),
        (f"{CONFIG % 'a'}data: {{}}\ndata: {{}}\n", ":5: the key data stands twice"),
        ("kind: A\napiVersion: v1\nmetadata: x\n", ":1: is no Kubernetes manifest: its metadata is no mapping"),
        ("kind: A\napiVersion: v1\n? [a]\n: 1\n", ":3: a key is no text"),
        ("kind: !own x\napiVersion: v1\n", ":1: could not determine a constructor for the tag '!own'"),
        ("kind: A\n\tapiVersion: v1\n", ":2: found a tab character that violates indentation"),
        ("", ": holds no manifest (read are files that end in .yaml, .yml, .json)"),
        ("---\n# nothing\n", ": holds no manifest (read are files that end in .yaml, .yml, .json)"),
    ],
)
def test_what_cannot_be_read_is_said_with_file_and_line(tmp_path: Path, text: str, message: str) -> None:
    file = write(tmp_path, text)
    assert refused([file]) == f"{file}{message}"


def test_links_are_followed_and_each_folder_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere", CONFIG % "a")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere" / "back").symlink_to(tmp_path / "dist")
    assert names([str(tmp_path / "dist")]) == ["a"]


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "none")
    assert refused([str(tmp_path)]) == f"{tmp_path}/gone.yaml: No such file or directory"


def test_what_is_hidden_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, CONFIG % "a")
    write(tmp_path / ".git", "values: 1")
    write(tmp_path, "values: 1", ".values.yaml")
    assert names([str(tmp_path)]) == ["a"]


@pytest.mark.parametrize(
    "text",
    [
        "x: &x [*x]\n",
        "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" if i else "a0: &a0 [1]\n" for i in range(9)),
    ],
)
def test_a_few_lines_that_stand_for_billions_of_values(tmp_path: Path, text: str) -> None:
    assert "aliases make more than 1000000 values of it" in refused([write(tmp_path, text)])


def test_a_list_without_items(tmp_path: Path) -> None:
    file = write(tmp_path, "apiVersion: v1\nkind: List\n")
    assert refused([file]) == f"{file}:1: is a List without a list of items"


def test_files_put_together_without_a_line_between_them(tmp_path: Path) -> None:
    assert refused([write(tmp_path, CONFIG % "a" + CONFIG % "b")]).endswith(
        ":4: the key apiVersion stands twice (is there a --- before each document?)"
    )


def test_a_missing_file(tmp_path: Path) -> None:
    assert refused([f"{tmp_path}/none.yaml"]) == f"{tmp_path}/none.yaml: No such file or directory"


def test_a_folder_without_manifests(tmp_path: Path) -> None:
    assert refused([str(tmp_path)]).startswith(f"{tmp_path}: holds no manifest")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"a: 1\nb: \xff\xfe\n")
    assert refused([str(tmp_path)]) == f"{tmp_path}/a.yaml:2: is no UTF-8 text"
