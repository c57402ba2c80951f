"""Documents within manifests: the files of a ConfigMap, a dashboard's JSON, read as what they are."""

import json
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import yaml

Format: TypeAlias = Literal["json", "yaml", "toml"]

# Kinds to the place that holds files by name, and to the one that holds a JSON document.
_FILES: Final = {"ConfigMap": ("data",), "ExternalSecret": ("spec", "target", "template", "data")}
_JSON: Final = {"GrafanaDashboard": ("spec", "json")}
_ENDINGS: Final[Mapping[str, Format]] = {".json": "json", ".yaml": "yaml", ".yml": "yaml", ".toml": "toml"}
# A document is read as text that nests deeper, or in which aliases could stand for billions.
_DEEPEST: Final = 60


class _Null(str):
    """A null of a document, where it is no less than any other value; in a manifest it is nothing."""


NULL: Final = _Null("null")


@dataclass(frozen=True, eq=False)
class Document:
    """A text that is read as what it says.

    Attributes:
        text: as it stands there.
        format: how it was read.
        value: what it says: a mapping or a list.
    """

    text: str
    format: Format
    value: Any

    @classmethod
    def of(cls, name: str, text: str) -> "Document | None":
        """The document in a file of this name; None where it is no more than text."""
        format_ = next((found for ending, found in _ENDINGS.items() if name.lower().endswith(ending)), None)
        if format_ is None:
            return None
        try:
            value = _plain(_read(format_, text), _DEEPEST)
        except (ValueError, RecursionError, yaml.YAMLError):
            return None
        return cls(text, format_, value) if isinstance(value, (dict, list)) else None


def _read(format_: Format, text: str) -> Any:
    match format_:
        case "json":
            return json.loads(text, object_pairs_hook=_once)
        case "toml":
            return tomllib.loads(text)
    _check_nesting(text)
    found = list(yaml.load_all(text, Loader=_Loader))
    return found[0] if len(found) == 1 else found


def _once(pairs: list[tuple[Any, Any]]) -> dict[Any, Any]:
    """A mapping, each key once: of two, programs take the one or the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


class _Loader(yaml.CSafeLoader):
    """Takes a date for a text, and only true and false for what they are, as most programs do (YAML 1.2)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """A mapping, each key once."""
        found: dict[Any, Any] = super().construct_mapping(node, deep)
        if len(found) != len(node.value):
            raise ValueError("a key stands twice")
        return found


# They stand under the characters that a value may begin with.
_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in resolvers
        if not tag.endswith(":timestamp") and (not tag.endswith(":bool") or first in "tTfF")
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def _check_nesting(text: str) -> None:
    """Before anything is built of it: what builds it calls itself once for each level."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("aliases")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                raise ValueError("nests too deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _plain(value: Any, levels: int) -> Any:
    """Of mappings, lists, texts, numbers, true and false only: a date is the text that it was written as."""
    if levels < 0:
        raise ValueError("nests too deep")
    match value:
        case Mapping():
            return {str(key): _plain(item, levels - 1) for key, item in value.items()}
        case list():
            return [_plain(item, levels - 1) for item in value]
        case None:
            return NULL
    return value if isinstance(value, (str, bool, int, float)) else str(value)


def documents_in(manifest: dict[str, Any]) -> dict[str, Any]:
    """The manifest, with its embedded documents in place of their texts."""
    kind = str(manifest.get("kind"))
    found: dict[str, Any]
    if kind in _FILES:
        found = _at(manifest, _FILES[kind], _files)
    elif kind in _JSON:
        found = _at(manifest, _JSON[kind], lambda text: _document("document.json", text))
    else:
        return manifest
    return found


def _files(data: Any) -> Any:
    return {key: _document(str(key), text) for key, text in data.items()} if isinstance(data, Mapping) else data


def _document(name: str, text: Any) -> Any:
    return (Document.of(name, text) or text) if isinstance(text, str) else text


def _at(value: Any, path: tuple[str, ...], change: Callable[[Any], Any]) -> Any:
    """A copy, with what lies at the path changed."""
    if not path:
        return change(value)
    if not isinstance(value, Mapping) or path[0] not in value:
        return value
    return {**value, path[0]: _at(value[path[0]], path[1:], change)}
