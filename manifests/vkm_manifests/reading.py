"""Reads manifests from files, folders and standard input, and remembers where each one stands."""

import sys
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from vkm_manifests.graph.shape import Manifest
from vkm_manifests.identity import Identity, duplicates

ENDINGS: Final = (".yaml", ".yml", ".json")
"""Of the files that are read in a folder."""

# A ConfigMap holds a megabyte at most, and a manifest of many thousand lines ten thousands of values.
_MOST_VALUES: Final = 1_000_000


class UnreadableError(ValueError):
    """The input is not what it should be: its text names file and line."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a manifest stands.

    Attributes:
        file: its path as it was given, `-` for standard input.
        line: of its first line, counted from 1.
    """

    file: str
    line: int

    def __str__(self) -> str:
        """`file:line`."""
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Read:
    """A manifest, and where it stands."""

    manifest: Manifest
    source: Source


def read(paths: Iterable[str]) -> list[Read]:
    """All manifests of files, folders (with all below them that is not hidden) and standard input, in a fixed order.

    The items of a `List` count as if they stood alone.

    Raises:
        UnreadableError: there is no such file or no manifest in it; it is no YAML or JSON, or something else as well.
    """
    found = []
    for path in paths:
        here = [item for name, content in _contents(path) for item in parse(name, content)]
        if not here:
            raise UnreadableError(f"{path}: holds no manifest (read are files that end in {', '.join(ENDINGS)})")
        found += here
    return found


def check_unique(found: Collection[Read], name: str) -> None:
    """That no object is there twice, of which only one would reach a cluster.

    Args:
        found: what was read.
        name: what it is called.

    Raises:
        UnreadableError: one is: its text names every place.
    """
    if twice := duplicates(item.manifest for item in found):
        places = [str(item.source) for item in found if Identity.of(item.manifest) == twice[0]]
        more = f" (and {len(twice) - 1} more)" if len(twice) > 1 else ""
        raise UnreadableError(f"{name}: {twice[0]} is there {len(places)} times: {', '.join(places)}{more}")


def parse(name: str, content: bytes) -> Iterator[Read]:
    """All manifests of a file's content, in its order.

    Raises:
        UnreadableError: it is no YAML or JSON, or something else as well.
    """
    yield from _manifests(name, _decoded(name, content))


def _contents(path: str) -> Iterator[tuple[str, bytes]]:
    if path == "-":
        yield path, sys.stdin.buffer.read()
        return
    place = Path(path)
    try:
        files = sorted(_files_below(place, seen=set())) if place.is_dir() else [place]
        contents = [(str(file), file.read_bytes()) for file in files]
    except OSError as error:
        raise UnreadableError(f"{error.filename}: {error.strerror}") from None
    yield from contents


def _files_below(folder: Path, seen: set[Path]) -> Iterator[Path]:
    """Links are followed, each folder once."""
    if folder.resolve() in seen:
        return
    seen.add(folder.resolve())
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.name.startswith("."):
            yield from _files_below(entry, seen)
        elif entry.suffix in ENDINGS and not entry.name.startswith("."):
            yield entry


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableError(f"{name}:{line}: is no UTF-8 text") from None


def _manifests(name: str, text: str) -> Iterator[Read]:
    loader = _Loader(text)
    try:
        while loader.check_node():
            node = loader.get_node()
            if node is not None:
                _check_size(node, {})
            mark = node.start_mark if node else None
            yield from _items(loader.construct_document(node), Source(name, mark.line + 1 if mark else 1))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise UnreadableError(f"{name}:{mark.line + 1 if mark else 1}: {error.problem or error.context}") from None
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, UnreadableError):
            raise
        raise UnreadableError(f"{name}:1: {str(error).splitlines()[0]}") from None
    finally:
        loader.dispose()


def _check_size(node: yaml.Node, known: dict[int, int]) -> int:
    """How many values a document has, aliases followed: a few lines of them can stand for billions."""
    if id(node) in known:
        return known[id(node)]
    # What contains itself never ends.
    known[id(node)] = _MOST_VALUES
    parts = [part for pair in node.value for part in pair] if isinstance(node, yaml.MappingNode) else node.value
    size = 1 + (0 if isinstance(node, yaml.ScalarNode) else sum(_check_size(part, known) for part in parts))
    if size > _MOST_VALUES:
        problem = f"aliases make more than {_MOST_VALUES} values of it"
        raise yaml.constructor.ConstructorError(None, None, problem, node.start_mark)
    known[id(node)] = size
    return size


def _items(document: Any, source: Source) -> Iterator[Read]:
    if document is None:
        return
    kind, version = (document.get("kind"), document.get("apiVersion")) if isinstance(document, dict) else (None, None)
    if not isinstance(kind, str) or not isinstance(version, str) or not kind or not version:
        raise UnreadableError(f"{source}: is no Kubernetes manifest: it has no kind and apiVersion")
    if (kind.endswith("List") and "items" in document) or kind == "List":
        if not isinstance(document.get("items"), list):
            raise UnreadableError(f"{source}: is a {kind} without a list of items")
        for item in document["items"]:
            yield from _items(item, source)
        return
    if not isinstance(document.get("metadata", {}), dict):
        raise UnreadableError(f"{source}: is no Kubernetes manifest: its metadata is no mapping")
    yield Read(document, source)


class _Loader(yaml.CSafeLoader):
    """As kubectl reads: a date stays a text, a key stands once."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    loader.flatten_mapping(node)
    found: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, Hashable):
            raise yaml.constructor.ConstructorError(None, None, "a key is no text", key_node.start_mark)
        if key in found:
            hint = " (is there a --- before each document?)" if key == "apiVersion" else ""
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {key} stands twice{hint}", key_node.start_mark
            )
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _as_text(loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


_Loader.add_constructor("tag:yaml.org,2002:map", _mapping)
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)
