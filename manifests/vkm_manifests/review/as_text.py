"""A review on a person's terminal."""

from collections.abc import Iterator
from itertools import groupby
from typing import Final

import click

from vkm_manifests.review import Review, Reviewed
from vkm_manifests.review.field_lines import field_lines
from vkm_manifests.review.gains import Gain, gains
from vkm_manifests.review.risk import Level
from vkm_manifests.review.summary import count, what_becomes_of

_COLOURS: Final[dict[Level, str]] = {
    "data-loss": "red",
    "replace": "red",
    "downgrade": "red",
    "security": "magenta",
    "exposure": "magenta",
    "downtime": "yellow",
    "restart": "yellow",
    "routine": "green",
}
_SIGNS: Final = {"-": "red", "+": "green"}


def as_text(review: Review) -> str:
    """By level, the worst first: each object with what happens, what to do about it, and its fields."""
    lines: list[str] = []
    for level, group in groupby(review.objects, key=lambda item: item.worst.level):
        lines.append(click.style(level, fg=_COLOURS[level], bold=True))
        for item in group:
            lines += _object(item)
        lines.append("")
    if found := gains(review.comparison):
        lines += [click.style("there newly, no longer, or otherwise", bold=True), *map(_gain, found), ""]
    return "\n".join([*lines, count(review)])


def _gain(gain: Gain) -> str:
    sign, colour = {"added": ("+", "green"), "removed": ("-", "red"), "changed": ("~", "yellow")}[gain.change]
    detail = " → ".join(filter(None, (gain.old, gain.new)))
    return click.style(f"  {sign} {gain.sort}  {gain.name}  {detail}".rstrip(), fg=colour)


def _object(item: Reviewed) -> Iterator[str]:
    yield f"  {click.style(str(item.change), bold=True)}  {what_becomes_of(item.change)}"
    for concern in item.concerns:
        level = (
            "" if concern.level == item.worst.level else f"{click.style(concern.level, fg=_COLOURS[concern.level])}: "
        )
        yield f"    {level}{concern.reason}"
        if concern.do:
            yield f"    {click.style('do:', dim=True)} {concern.do}"
    for field in item.change.fields:
        for line in field_lines(field):
            colour = _SIGNS.get(line[0])
            yield click.style(f"    {line}", fg=colour) if colour else f"    {line}"
