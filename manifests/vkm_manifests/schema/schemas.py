"""The schemas that manifests are held against: Kubernetes' own, and our contracts with the operators."""

import importlib.util
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, Literal

import jsonschema_rs
import yaml

from vkm_manifests.graph import shape
from vkm_manifests.graph.shape import Manifest
from vkm_manifests.identity import KUBERNETES_GROUPS

_CONTRACTS: Final = Path(__file__).parent.parent / "contracts"
_DEFINITIONS: Final = "/api/_definitions.json#"
_WORDS: Final = {
    "array": "a list",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "object": "a mapping",
    "string": "a text",
}
# What the API server takes without looking at it, or fills in itself.
_OPEN: Final[Mapping[str, Any]] = {"apiVersion": {}, "kind": {}, "metadata": {}, "status": {}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Where a manifest does not meet its schema.

    Attributes:
        field: where in it.
        message: what was given, and what is accepted.
        fix: what to write.
        kind: what is wrong: a field that the schema does not name, one that it wants, or a value.
    """

    field: str
    message: str
    fix: str
    kind: Literal["unknown", "missing", "value"] = "value"


class Schema:
    """The schema of one kind.

    Args:
        schema: JSON schema, with all that it refers to in `$defs`.
        source: whose it is, such as `Kubernetes 1.30`.
        selection: whether it names a part of the fields only, so that an unknown one may be right.
    """

    def __init__(self, schema: Mapping[str, Any], *, source: str, selection: bool) -> None:
        self.source = source
        self.selection = selection
        self._schema = schema

    @cached_property
    def _validator(self) -> jsonschema_rs.Validator:
        return jsonschema_rs.Draft202012Validator(dict(self._schema), validate_formats=False, offline=True)

    def problems(self, manifest: Manifest) -> Iterator[Problem]:
        """Where a manifest does not meet the schema."""
        try:
            if self._validator.is_valid(manifest):
                return
            present = _without_nulls(manifest)
            errors = list(self._validator.iter_errors(present))
        except (ValueError, RecursionError) as reason:
            yield Problem(
                field="", message=f"is no JSON: {reason}", fix="write texts, numbers, lists and mappings only"
            )
            return
        for error in errors:
            yield from self._problem(error, present)

    def _problem(self, error: jsonschema_rs.ValidationError, manifest: Manifest) -> Iterator[Problem]:
        path, kind, given = error.instance_path, error.kind, error.instance
        field = _field(manifest, path)
        match kind:
            case jsonschema_rs.ValidationErrorKind.AdditionalProperties(unexpected=names):
                known = sorted(self._fields_at(path))
                for name in names:
                    yield Problem(
                        field=_below(field, name),
                        message=f"is not among the fields that {self.source} knows",
                        fix=_nearest(name, known),
                        kind="unknown",
                    )
            case jsonschema_rs.ValidationErrorKind.Required(property=name):
                yield Problem(field=_below(field, name), message="is missing", fix=f"write {name}", kind="missing")
            case jsonschema_rs.ValidationErrorKind.Enum(options=options):
                accepted = [str(option) for option in options if option is not None]
                yield Problem(
                    field=field,
                    message=f"is {_short(given)}, accepted are {', '.join(accepted)}",
                    fix=_nearest(str(given), accepted),
                )
            case _ if types := list(_types(kind)):
                wanted = " or ".join(dict.fromkeys(_WORDS.get(name, name) for name in types))
                quoted = isinstance(given, (bool, int, float)) and "string" in types
                yield Problem(
                    field=field,
                    message=f"is {_short(given)}, accepted is {wanted}",
                    fix=f'"{json.dumps(given)}"' if quoted else f"write {wanted}",
                )
            case _:
                yield Problem(field=field, message=_one_line(error.message), fix=f"write what {self.source} accepts")

    def _fields_at(self, path: Iterable[str | int]) -> set[str]:
        """The fields that the schema names at a place."""
        here: Any = self._followed(self._schema)
        for step in path:
            below = shape.mapping(here, "properties")
            inner = below.get(str(step)) or here.get("items" if isinstance(step, int) else "additionalProperties")
            here = self._followed(inner)
        return set(map(str, shape.mapping(here, "properties")))

    def _followed(self, schema: Any) -> Mapping[str, Any]:
        name = shape.text(schema, "$ref").rpartition("/")[2]
        return shape.mapping(self._schema, "$defs", name) if name else shape.mapping(schema)


def _types(kind: Any) -> Iterator[str]:
    """The types that are accepted, where it is the type that is wrong."""
    match kind:
        case jsonschema_rs.ValidationErrorKind.Type(types=types):
            yield from (name for name in types if name != "null")
        case (
            jsonschema_rs.ValidationErrorKind.AnyOf(context=context)
            | jsonschema_rs.ValidationErrorKind.OneOfNotValid(context=context)
        ):
            branches = [list(_types(errors[0].kind)) if len(errors) == 1 else [] for errors in context]
            if all(branches):
                yield from (name for branch in branches for name in branch)


def _field(manifest: Any, path: Iterable[str | int]) -> str:
    """A place as findings name it, with an item's name in brackets."""
    field, here = "", manifest
    for step in path:
        here = shape.dig(here, step)
        field = f"{field}[{shape.text(here, 'name') or step}]" if isinstance(step, int) else _below(field, step)
    return field


def _below(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name


def _nearest(name: str, known: list[str]) -> str:
    close = get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return f"known are {', '.join(known[:12])}{', ...' if len(known) > 12 else ''}" if known else "remove it"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _one_line(text: str) -> str:
    return " ".join(text.split()).removesuffix(".")[:200]


def _without_nulls(value: Any) -> Any:
    """The value as the API server reads it: a field that is null is absent."""
    if isinstance(value, Mapping):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, (list, tuple)):
        return [_without_nulls(item) for item in value]
    return value


def schema_of(api_version: str, kind: str, kubernetes: str | None = None) -> Schema | None:
    """The schema of a kind; None where there is none.

    Args:
        api_version: such as `apps/v1`.
        kind: such as `Deployment`.
        kubernetes: the version whose schemas are taken, such as `1.30`. Default the newest known.
    """
    group = api_version.rpartition("/")[0]
    if group not in KUBERNETES_GROUPS:
        return _contract(api_version, kind)
    version = _version(kubernetes)
    return _core_schema(api_version, kind, version) if version else None


# Kubernetes' own.


@cache
def _schemas_folder() -> Path | None:
    """Where the package kubernetes-validate has its schemas; it is not imported: that takes longer than reading one."""
    found = importlib.util.find_spec("kubernetes_validate")
    folders = list(found.submodule_search_locations or ()) if found else []
    return Path(folders[0]) / "kubernetes-json-schema" if folders else None


def core_schemas_available() -> bool:
    """Whether Kubernetes' own schemas are installed, which the extra `schemas` brings."""
    return bool(kubernetes_versions())


@cache
def kubernetes_versions() -> tuple[str, ...]:
    """The versions of Kubernetes whose schemas are installed, such as `1.30`; the oldest first."""
    folder = _schemas_folder()
    found = (re.fullmatch(r"v(\d+\.\d+)\.\d+-local-strict", path.name) for path in folder.glob("v*")) if folder else ()
    return tuple(sorted((match[1] for match in found if match), key=numbers_of))


def numbers_of(version: str) -> tuple[int, ...]:
    """A version as numbers, so that 1.9 is before 1.30."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def _version(wanted: str | None) -> str | None:
    """The newest known version that is not newer than the one that is wanted; else the oldest."""
    known = kubernetes_versions()
    if not known or wanted is None:
        return known[-1] if known else None
    return next((each for each in reversed(known) if numbers_of(each) <= numbers_of(wanted)), known[0])


@cache
def _core_schema(api_version: str, kind: str, version: str) -> Schema | None:
    path = _core_file(api_version, kind, version)
    if path is None or not path.is_file():
        return None
    schema = _read(path)
    if "kind" not in shape.mapping(schema, "properties"):
        return None
    definitions = _definitions(version)
    needed: dict[str, Any] = {}
    wanted = list(_references(schema))
    while wanted:
        name = wanted.pop()
        if name in definitions and name not in needed:
            needed[name] = definitions[name]
            wanted.extend(_referred(version, name))
    del schema["$id"]
    return Schema({**schema, "$defs": needed}, source=f"Kubernetes {version}", selection=False)


@cache
def kinds_of(api_version: str, kubernetes: str | None = None) -> frozenset[str]:
    """The kinds of one of Kubernetes' own API versions; empty where its schemas are not installed."""
    folder, version = _schemas_folder(), _version(kubernetes)
    group, _, served = api_version.rpartition("/")
    if folder is None or version is None or group not in KUBERNETES_GROUPS or not served.isalnum():
        return frozenset()
    ending = "-".join(filter(None, (group.partition(".")[0], served)))
    name = re.compile(rf"[a-z]+-{ending}\.json")
    paths = (folder / f"v{version}.0-local-strict").iterdir()
    kinds = (shape.dig(_read(path), "properties", "kind", "enum") for path in paths if name.fullmatch(path.name))
    return frozenset(str(kind) for each in kinds if isinstance(each, list) for kind in each)


def _core_file(api_version: str, kind: str, version: str) -> Path | None:
    folder = _schemas_folder()
    group, _, served = api_version.rpartition("/")
    name = "-".join(filter(None, (kind.lower(), group.partition(".")[0], served)))
    # A kind that is no plain name leads out of the folder.
    return folder / f"v{version}.0-local-strict/{name}.json" if folder and re.fullmatch(r"[\w-]+", name) else None


@cache
def _definitions(version: str) -> Mapping[str, Any]:
    folder = _schemas_folder()
    return shape.mapping(_read(folder / f"v{version}.0-local-strict/_definitions.json"), "$defs") if folder else {}


@cache
def _referred(version: str, name: str) -> frozenset[str]:
    """The definitions that a definition refers to."""
    return frozenset(_references(_definitions(version)[name]))


def _read(path: Path) -> dict[str, Any]:
    """A schema file, its references made to lead into itself."""
    found = json.loads(path.read_text(encoding="utf-8").replace(_DEFINITIONS, "#"))
    return found if isinstance(found, dict) else {}


def _references(schema: Any) -> Iterator[str]:
    """The names of the definitions that a schema refers to."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref" and isinstance(value, str):
                yield value.rpartition("/")[2]
            elif key != "description":
                yield from _references(value)
    elif isinstance(schema, list):
        for item in schema:
            yield from _references(item)


# The contracts.


@cache
def _contract_texts() -> Mapping[tuple[str, str], tuple[str, str]]:
    """Group and kind to whose contract it is and its text, which is parsed for an object of that kind only."""
    found = {}
    for path in sorted(_CONTRACTS.glob("*.yaml")):
        header, *contracts = path.read_text(encoding="utf-8").split("---\n")
        source = re.match(r"# The contract with (\S+ \S+)\. ", header)
        for text in contracts:
            group = re.search(r"^  group: (\S+)$", text, re.MULTILINE)
            kind = re.search(r"^  names:.*?\bkind: (\w+)", text, re.MULTILINE | re.DOTALL)
            if source and group and kind:
                found[group[1], kind[1]] = f"the contract with {source[1]}", text
    return found


@cache
def _contract(api_version: str, kind: str) -> Schema | None:
    group, _, wanted = api_version.rpartition("/")
    source, text = _contract_texts().get((group, kind), ("", ""))
    crd = yaml.load(text, Loader=yaml.CSafeLoader)
    for version in shape.mappings(crd, "spec", "versions"):
        if version["name"] == wanted:
            schema = _closed(version["schema"]["openAPIV3Schema"])
            schema["properties"] |= _OPEN
            return Schema(schema, source=source, selection=True)
    return None


def contract_groups() -> frozenset[str]:
    """The API groups with which there are contracts."""
    return frozenset(group for group, _ in _contract_texts())


def _closed(schema: Any) -> Any:
    """The schema as the API server means it: what it does not name, it drops; here that is a problem."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    names_all = isinstance(closed.get("properties"), dict) and not schema.get("x-kubernetes-preserve-unknown-fields")
    if names_all:
        closed.setdefault("additionalProperties", False)
    if schema.get("x-kubernetes-int-or-string"):
        closed.pop("type", None)
    return closed
