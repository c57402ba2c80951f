"""Findings as a person, a program, GitHub or a code scanner reads them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from textwrap import indent
from typing import Any, Final, TypeAlias

import click

from vkm_manifests.graph.resource import Finding
from vkm_manifests.identity import Identity
from vkm_manifests.reading import Source
from vkm_manifests.verify import RULES

Sources: TypeAlias = Mapping[Identity, Sequence[Source]]
"""Where each object stands: in one place, but for objects that are there twice."""

_COLOURS: Final = {"error": "red", "warning": "yellow"}


def as_text(findings: Sequence[Finding], sources: Mapping[Identity, Sequence[object]]) -> str:
    """Grouped by object, under the places that it is made in; the fix in each; a closing count."""
    lines: list[str] = []
    for identity, group in groupby(findings, key=lambda finding: finding.object):
        *others, place = sources.get(identity, [""])
        lines += [f"{other}  {identity}" for other in others]
        lines.append(f"{place}{'  ' if place else ''}{click.style(str(identity), bold=True)}")
        for finding in group:
            lines += _lines(finding)
        lines.append("")
    return "\n".join([*lines, count(findings)])


def as_plain_text(findings: Sequence[Finding], sources: Mapping[Identity, Sequence[object]]) -> str:
    """As `as_text`, without colour."""
    return click.unstyle(as_text(findings, sources))


def _lines(finding: Finding) -> Iterator[str]:
    where = f"  {finding.field}" if finding.field else ""
    if finding.ignored:
        yield click.style(f"  ignored  {finding.rule}{where}: {finding.ignored}", dim=True)
        return
    yield f"  {click.style(f'{finding.severity:8}', fg=_COLOURS[finding.severity])} {finding.rule}{where}"
    yield indent(f"{finding.message}\nfix: {finding.fix}", " " * 11)


def count(findings: Iterable[Finding]) -> str:
    """How many there are of each sort: `2 errors, 1 warning, 3 ignored`."""
    sorts = ["ignored" if finding.ignored else finding.severity for finding in findings]
    errors, warnings, ignored = (sorts.count(sort) for sort in ("error", "warning", "ignored"))
    text = f"{errors} error{'' if errors == 1 else 's'}, {warnings} warning{'' if warnings == 1 else 's'}"
    return f"{text}, {ignored} ignored" if ignored else text


def as_json(findings: Sequence[Finding], sources: Sources) -> str:
    """A list of objects; what is ignored is no error, and says so."""
    return json.dumps(
        [
            {
                "rule": finding.rule,
                "severity": "warning" if finding.ignored else finding.severity,
                "object": str(finding.object),
                "field": finding.field,
                "message": finding.message,
                "fix": finding.fix,
                "source": str(_last(sources, finding) or ""),
                "ignored": finding.ignored,
            }
            for finding in findings
        ],
        indent=2,
        ensure_ascii=False,
    )


def as_github(findings: Sequence[Finding], sources: Sources) -> str:
    """Annotations, as GitHub's workflow commands; what is ignored is a notice, with its reason."""
    lines = []
    for finding in findings:
        source = _last(sources, finding)
        place = f"file={_property(source.file)},line={source.line}," if source else ""
        title = _property(f"{finding.rule}: {finding.object}")
        where = f"{finding.field}: " if finding.field else ""
        then = f"ignored: {finding.ignored}" if finding.ignored else f"fix: {finding.fix}"
        text = _data(f"{where}{finding.message}\n{then}")
        lines.append(f"::{'notice' if finding.ignored else finding.severity} {place}title={title}::{text}")
    return "\n".join(lines)


def _last(sources: Sources, finding: Finding) -> Source | None:
    places = sources.get(finding.object)
    return places[-1] if places else None


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(findings: Sequence[Finding], sources: Sources) -> str:
    """SARIF 2.1.0, which code scanners read; what is ignored is suppressed, with its reason."""
    names = sorted({finding.rule for finding in findings})
    run = {
        "tool": {
            "driver": {
                "name": "vkm verify",
                "rules": [
                    {
                        "id": name,
                        "shortDescription": {"text": RULES[name].meaning},
                        "defaultConfiguration": {"level": RULES[name].severity},
                    }
                    for name in names
                ],
            }
        },
        "results": [_sarif_result(finding, _last(sources, finding)) for finding in findings],
    }
    log = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=False)


def _sarif_result(finding: Finding, source: Source | None) -> dict[str, Any]:
    location: dict[str, Any] = {
        "logicalLocations": [{"fullyQualifiedName": f"{finding.object} {finding.field}".rstrip(), "kind": "resource"}]
    }
    if source and source.file != "-":
        location["physicalLocation"] = {
            "artifactLocation": {"uri": source.file},
            "region": {"startLine": source.line},
        }
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": finding.severity,
        "message": {"text": f"{finding.message}. Fix: {finding.fix}"},
        "locations": [location],
    }
    if finding.ignored:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.ignored}]
    return result


FORMATS: Final[Mapping[str, Callable[[Sequence[Finding], Sources], str]]] = {
    "text": as_text,
    "json": as_json,
    "github": as_github,
    "sarif": as_sarif,
}
"""The formats by the names that the command knows."""
