"""A changed field as the lines of a diff: what a person compares by eye."""

import difflib
from collections.abc import Iterator
from typing import Any, Final

from vkm_manifests.manifest_yaml import dump
from vkm_manifests.review.difference import Field

_CONTEXT: Final = 2  # lines around those of a text that changed


def field_lines(field: Field) -> Iterator[str]:
    """The lines: with `-` before what it was, with `+` before what it is; a name above what needs several."""
    if isinstance(field.old, str) and isinstance(field.new, str) and field.is_text:
        yield f"  {field.name}"
        yield from _texts(field.old, field.new)
        return
    old, new = _lines(field.old), _lines(field.new)
    if len(old) <= 1 and len(new) <= 1 and not any(isinstance(v, (dict, list)) and v for v in (field.old, field.new)):
        yield from (f"- {field.name}: {line}" for line in old)
        yield from (f"+ {field.name}: {line}" for line in new)
        return
    yield f"  {field.name}"
    yield from (f"-   {line}" for line in old)
    yield from (f"+   {line}" for line in new)


def _texts(old: str, new: str) -> Iterator[str]:
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), n=_CONTEXT, lineterm="")
    for line in list(lines)[2:]:
        # Where in the text, in place of the line numbers of a patch.
        yield "    ..." if line.startswith("@@") else f"{line[0]}   {line[1:]}"


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return value.splitlines() or ['""']
    if isinstance(value, bool):
        return [str(value).lower()]
    if isinstance(value, (dict, list)):
        text = dump({"": value}).partition("\n")[2]
        return _dedented(text) if text.strip() else [str(value)]
    return [str(value)]


def _dedented(text: str) -> list[str]:
    lines = text.splitlines()
    indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[indent:] for line in lines]
