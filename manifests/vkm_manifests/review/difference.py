"""What is different between two forms of an object, in the words of its fields."""

import base64
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import count, takewhile, zip_longest
from typing import Any, Final

from vkm_manifests.graph.images import Image
from vkm_manifests.graph.shape import Manifest
from vkm_manifests.identity import KUBERNETES_GROUPS, Identity
from vkm_manifests.manifest_yaml import rank
from vkm_manifests.review.defaults import fill_in
from vkm_manifests.review.embedded import Document, documents_in
from vkm_manifests.review.observed import drop_filled_in, wanted
from vkm_manifests.review.spelling import Path, is_reordered, is_same, is_set, item_keys

HIDDEN: Final = "(hidden)"
"""In place of a Secret's value."""

ORDER: Final = "[order]"
"""The last step to the order of a list, where nothing else of it is different and it means something."""

# Empty is the same as absent, but for what is chosen by being there: an emptyDir, a selector of all.
_NOTHING_IF_EMPTY: Final = frozenset(
    (
        "affinity",
        "annotations",
        "binaryData",
        "data",
        "labels",
        "limits",
        "matchLabels",
        "metadata",
        "nodeSelector",
        "requests",
        "resources",
        "securityContext",
        "strategy",
        "stringData",
        "updateStrategy",
    )
)
# What nests deeper is read as a text: nobody writes it, and what reads it calls itself once for each level.
_DEEPEST: Final = 80
# More pairs of items of two lists are not held against each other.
_MOST_COMPARED: Final = 250_000
_MOST_MATCHED: Final = 900


@dataclass(frozen=True, slots=True)
class Field:
    """A field that is not what it was.

    Attributes:
        path: the way to it.
        old: what it was; None where it was not there.
        new: what it is; None where it no longer is.
    """

    path: Path
    old: Any
    new: Any

    @property
    def name(self) -> str:
        """As people write it: `spec.template.spec.containers[web].image`."""
        return field_name(self.path)

    @property
    def is_text(self) -> bool:
        """Whether it is a text of several lines, which is read as a diff of its own."""
        return any(isinstance(value, str) and "\n" in value for value in (self.old, self.new))

    def is_below(self, *path: str) -> bool:
        """Whether it is what lies at a path, or a part of it; `*` stands for any one step."""
        return len(path) <= len(self.path) and all(
            want in ("*", have) for want, have in zip(path, self.path, strict=False)
        )

    def touches(self, *path: str) -> bool:
        """Whether what lies at a path is different by it: it is below, or all of it came or went at once."""
        if len(path) <= len(self.path):
            return self.is_below(*path)
        rest = path[len(self.path) :]
        return self.is_below(*path[: len(self.path)]) and (_holds(self.old, rest) or _holds(self.new, rest))


def _holds(value: Any, path: Path) -> bool:
    """Whether a value has something at a path below it."""
    if not path:
        return value is not None
    if isinstance(value, list):
        return any(_holds(item, path[1:]) for item in value)
    if not isinstance(value, Mapping):
        return False
    below = value.values() if path[0] == "*" else (value.get(path[0]),)
    return any(_holds(item, path[1:]) for item in below)


def field_name(path: Iterable[str]) -> str:
    """A path as people write it; a key with dots or slashes in it stands in brackets."""
    text = ""
    for step in path:
        if step.startswith("[") and step.endswith("]"):
            text += step
        elif "." in step or "/" in step:
            text += f"[{step}]"
        else:
            text += f".{step}" if text else step
    return text


def compare(old: Manifest, new: Manifest) -> tuple[Field, ...]:
    """The fields in which two manifests say something else, in the order of the manifest.

    Nothing is: the order of what Kubernetes takes by name, a default that is stated, another spelling of a quantity or
    a duration, and what the API server writes.
    """
    if _encoded(old) == _encoded(new) is not None:
        return ()
    before, after = _said(old), _said(new)
    drop_filled_in(before, after, old)
    drop_filled_in(after, before, new)
    stated = {field.path: field for field in _compare(before, after, ())}
    if not stated:
        return ()
    ways = {_way(path) for path in stated}
    fields = (
        _as_stated(field, stated)
        for field in _compare(_filled(before), _filled(after), ())
        # What neither states, and another field brings about, is told of by that one.
        if any(field.path[:length] in ways for length in range(len(field.path) + 1))
    )
    hide = _hiding(old, new)
    return tuple(map(hide, fields)) if hide else tuple(fields)


def _as_stated(field: Field, stated: Mapping[Path, Field]) -> Field:
    """What came or went as a whole, without the defaults of its parts."""
    whole = (field.old is None or field.new is None) and _way(field.path) == field.path
    return stated.get(field.path, field) if whole else field


def _way(path: Path) -> Path:
    """The path up to where it goes by number, which depends on all items of a list."""
    return tuple(takewhile(lambda step: not (step.startswith("[") and step[1:-1].isdigit()), path))


def leaves(manifest: Manifest) -> Iterator[tuple[Path, str]]:
    """Every value that a manifest states, as text and line by line, with the path to it; no defaults."""
    yield from _leaves(_said(manifest), ())


def _leaves(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, Document):
        value = value.value
    if isinstance(value, list):
        steps = item_keys(path, value) or [f"[{index}]" for index in range(len(value))]
        value = dict(zip(steps, value, strict=True))
    if isinstance(value, Mapping):
        for step, item in value.items():
            yield from _leaves(item, (*path, step))
        return
    for line in str(value).splitlines():
        yield path, line


def _encoded(manifest: Manifest) -> str | None:
    """A text that is the same only for what is the same; None where there is none."""
    try:
        return json.dumps(manifest)
    except (TypeError, ValueError, RecursionError):
        return None


# What a manifest says.


def _said(manifest: Manifest) -> dict[str, Any]:
    """What somebody wants by a manifest: without what is observed."""
    identity = Identity.of(manifest)
    # A schema within a definition says something by `{}` and `[]`.
    ours = identity.group in KUBERNETES_GROUPS and identity.kind != "CustomResourceDefinition"
    said: dict[str, Any] = _copied({key: value for key, value in manifest.items() if key != "status"}, 0, ours=ours)
    if isinstance(said.get("metadata"), dict):
        said["metadata"] = {k: v for k, v in wanted(said["metadata"]).items() if not _is_nothing(k, v)}
    return _decoded(said) if said.get("kind") == "Secret" else documents_in(said)


def _filled(said: dict[str, Any]) -> dict[str, Any]:
    """A copy, with what is left to the API server."""
    filled: dict[str, Any] = _apart(said)
    fill_in(filled)
    return filled


def _apart(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _apart(item) for key, item in value.items()}
    return [_apart(item) for item in value] if isinstance(value, list) else value


def _copied(value: Any, level: int, *, ours: bool) -> Any:
    """A copy in JSON's types, in order, without what is null and, in Kubernetes' own objects, without what is empty."""
    match value:
        case str() | bool() | int() | float():
            return value
        case Mapping() | list() | tuple() if level > _DEEPEST:
            return _flat(value)
        case Mapping():
            copied = {_key(k): _copied(item, level + 1, ours=ours) for k, item in value.items() if item is not None}
            return {k: copied[k] for k in sorted(copied, key=rank) if not (ours and _is_nothing(k, copied[k]))}
        case list() | tuple():
            return [_copied(item, level + 1, ours=ours) for item in value]
        case set() | frozenset():
            return sorted(map(str, value))
    return None if value is None else str(value)


def _key(key: Any) -> str:
    """As JSON writes it."""
    return json.dumps(key) if isinstance(key, (bool, type(None))) else str(key)


def _is_nothing(key: str, value: Any) -> bool:
    return value == [] or (value == {} and key in _NOTHING_IF_EMPTY)


def _flat(value: Any) -> str:
    """All of a value in one text, without calling itself."""
    found: list[str] = []
    seen: set[int] = set()
    todo = [value]
    while todo:
        item = todo.pop()
        if not isinstance(item, (Mapping, list, tuple)):
            found.append(json.dumps(item, default=str))
        elif id(item) not in seen:
            seen.add(id(item))
            found.append(f"{type(item).__name__} {len(item)}")
            todo += item.values() if isinstance(item, Mapping) else item
            todo += map(str, item) if isinstance(item, Mapping) else ()
    return " ".join(found)


def _decoded(secret: dict[str, Any]) -> dict[str, Any]:
    """A Secret with all that it holds in `data`, as bytes: what `stringData` has counts."""
    data, texts = secret.get("data", {}), secret.get("stringData", {})
    if not isinstance(data, dict) or not isinstance(texts, dict):
        return secret
    held = {key: _bytes(value) for key, value in data.items()}
    held |= {key: value.encode(errors="replace") if isinstance(value, str) else value for key, value in texts.items()}
    return {**{key: value for key, value in secret.items() if key != "stringData"}, "data": held}


def _bytes(value: Any) -> Any:
    try:
        return base64.b64decode("".join(value.split()), validate=True) if isinstance(value, str) else value
    except ValueError:
        return value


# The comparison.


def _compare(old: Any, new: Any, path: Path, in_document: bool = False) -> Iterator[Field]:
    match old, new:
        case Document(), Document():
            yield from _compare_documents(old, new, path)
        case Mapping(), Mapping():
            for key in sorted(old.keys() | new.keys(), key=rank):
                yield from _compare(old.get(key), new.get(key), (*path, key), in_document)
        case list(), list():
            yield from _compare_lists(old, new, path, in_document)
        case _:
            if not is_same(old, new, path, in_document):
                yield Field(path, _plain(old), _plain(new))


def _compare_documents(old: Document, new: Document, path: Path) -> Iterator[Field]:
    if old.text == new.text:
        return
    found = list(_compare(old.value, new.value, path, in_document=True)) if old.format == new.format else []
    if found and all(len(field.path) > len(path) for field in found):
        yield from found
    elif found or old.format != new.format or _is_told_by_layout(old, new):
        yield Field(path, old.text, new.text)


def _is_told_by_layout(old: Document, new: Document) -> bool:
    """Whether people read more in it than machines do: comments. JSON has none."""
    return old.format != "json" and _comments(old.text) != _comments(new.text)


def _comments(text: str) -> list[str]:
    return sorted(line.partition("#")[2].strip() for line in text.splitlines() if "#" in line)


def _compare_lists(old: list[Any], new: list[Any], path: Path, in_document: bool = False) -> Iterator[Field]:
    keys = item_keys(path, old), item_keys(path, new)
    if keys[0] is not None and keys[1] is not None:
        before, after = dict(zip(keys[0], old, strict=True)), dict(zip(keys[1], new, strict=True))
        if path and path[-1] in _RENAMED and not in_document:
            after = _under_old_keys(path[-1], before, after)
        for key in dict.fromkeys((*before, *after)):
            yield from _compare(before.get(key), after.get(key), (*path, key), in_document)
        if is_reordered(path, before, after):
            names = ([key[1:-1] for key in side] for side in keys if side is not None)
            yield Field((*path, ORDER), next(names), next(names))
    elif is_set(path, in_document):
        yield from _compare_sets(old, new, path)
    else:
        yield from _compare_in_order(old, new, path, in_document)


def _runs(container: Mapping[str, Any]) -> str:
    return _as_text([Image.of(container.get("image")).repository, container.get("command"), container.get("args")])


# Lists in which an item can be renamed, to what tells that it is the same: of a route, whatever it is for.
_RENAMED: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "containers": _runs,
    "initContainers": _runs,
    "routes": lambda _: "",
    "volumes": lambda volume: _as_text({**volume, "name": ""}),
}


def _under_old_keys(name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """The items of a list, those that have another key and are the old ones all the same under their old keys."""
    old, new = list(before), list(after)
    gone = [index for index, key in enumerate(old) if key not in after]
    come = [index for index, key in enumerate(new) if key not in before]
    matched = _matched(list(before.values()), gone, list(after.values()), come)
    renamed = {
        new[is_now]: old[was]
        for was, is_now in matched.items()
        if _RENAMED[name](before[old[was]]) == _RENAMED[name](after[new[is_now]])
    }
    return {renamed.get(key, key): item for key, item in after.items()}


def _compare_sets(old: list[Any], new: list[Any], path: Path) -> Iterator[Field]:
    """Each item is in either or in both; of those in one only, what is most alike is held against each other."""
    before, after = ({_whole(item, path): index for index, item in enumerate(side)} for side in (old, new))
    gone = [index for whole, index in before.items() if whole not in after]
    come = [index for whole, index in after.items() if whole not in before]
    matched = _matched(old, gone, new, come)
    for was, is_now in matched.items():
        yield from _compare(old[was], new[is_now], (*path, f"[{was}]"))
    for index in gone:
        if index not in matched:
            yield Field((*path, _step(old[index], index)), old[index], None)
    used, known = set(gone), set(matched.values())
    numbers = (number for number in count() if number not in used)
    for index in come:
        if index not in known:
            yield Field((*path, _step(new[index], next(numbers))), None, new[index])


def _matched(old: list[Any], gone: list[int], new: list[Any], come: list[int]) -> dict[int, int]:
    """Which mapping of those that are gone has most in common with which that has come; each once."""
    before, after = (
        [index for index in some if isinstance(side[index], dict)] for side, some in ((old, gone), (new, come))
    )
    if len(before) * len(after) > _MOST_MATCHED:
        return dict(zip(before, after, strict=False))
    pairs = [(-_in_common(old[was], new[is_now]), was, is_now) for was in before for is_now in after]
    found: dict[int, int] = {}
    for _, was, is_now in sorted(pairs):
        if was not in found and is_now not in found.values():
            found[was] = is_now
    return dict(sorted(found.items()))


def _in_common(old: Mapping[str, Any], new: Mapping[str, Any]) -> int:
    return sum(1 for key, value in old.items() if key in new and _as_text(value) == _as_text(new[key]))


def _step(item: Any, number: int) -> str:
    return f"[{number}]" if isinstance(item, (dict, list)) else f"[{item}]"


def _whole(value: Any, path: Path) -> str:
    """A text for all of an item, the same for what says the same."""
    if isinstance(value, Mapping):
        return json.dumps({key: _whole(value[key], (*path, key)) for key in sorted(value)})
    if isinstance(value, list):
        items = [_whole(item, path) for item in value]
        return json.dumps(sorted(items) if is_set(path, False) or item_keys(path, value) else items)
    return _as_text(value)


def _compare_in_order(old: list[Any], new: list[Any], path: Path, in_document: bool = False) -> Iterator[Field]:
    """A list whose order means something, such as a command's arguments."""
    for before, after, first in _moved(old, new):
        for index, (was, is_now) in enumerate(zip_longest(before, after)):
            yield from _compare(was, is_now, (*path, f"[{first + index}]"), in_document)


def _moved(old: list[Any], new: list[Any]) -> Iterator[tuple[list[Any], list[Any], int]]:
    """The stretches of two lists that are not the same in both, each with where it begins."""
    if len(old) * len(new) > _MOST_COMPARED:
        yield old, new, 0
        return
    before, after = list(map(_as_text, old)), list(map(_as_text, new))
    for tag, a, b, c, d in SequenceMatcher(a=before, b=after, autojunk=False).get_opcodes():
        if tag != "equal":
            yield old[a:b], new[c:d], a if b > a else c


def _as_text(value: Any) -> str:
    return json.dumps(_plain(value), sort_keys=True, default=str)


def _plain(value: Any) -> Any:
    """With the texts of documents in place of what they say."""
    if isinstance(value, Document):
        return value.text
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list) else value


# What is not shown.


def _hiding(old: Manifest, new: Manifest) -> Callable[[Field], Field] | None:
    """What hides the values of fields of such manifests; None where nothing needs to be hidden."""
    kinds = {old.get("kind"), new.get("kind")} if _are_texts(old.get("kind"), new.get("kind")) else {"Secret"}
    if "Secret" in kinds:
        step = "data" if "data" in old or "data" in new else "stringData"
        return lambda field: _hidden(field, step)
    return _shortened if "ConfigMap" in kinds else None


def _are_texts(*values: Any) -> bool:
    return all(isinstance(value, str) for value in values)


def _hidden(field: Field, step: str) -> Field:
    if field.path[:1] not in (("data",), ("stringData",)):
        return field
    path = (step, *field.path[1:]) if field.is_below("data") else field.path
    return Field(path, _each(field.old, lambda _: HIDDEN), _each(field.new, lambda _: HIDDEN))


def _shortened(field: Field) -> Field:
    """What is no text is told apart by its digest."""

    def digest(value: Any) -> str:
        return f"(binary, {hashlib.sha256(str(value).encode(errors='replace')).hexdigest()[:12]})"

    if not field.is_below("binaryData"):
        return field
    return Field(field.path, _each(field.old, digest), _each(field.new, digest))


def _each(value: Any, shown: Callable[[Any], str]) -> Any:
    if isinstance(value, Mapping):
        return {key: shown(item) for key, item in value.items()}
    return None if value is None else shown(value)
