"""A review as the comment of a pull request."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from vkm_manifests.diagram.mermaid import as_mermaid
from vkm_manifests.diagram.picture import boxes_in
from vkm_manifests.review import Review, Reviewed
from vkm_manifests.review.field_lines import field_lines
from vkm_manifests.review.gains import Gain, gains
from vkm_manifests.review.picture import picture_of
from vkm_manifests.review.summary import count, what_becomes_of

MARK: Final = "<!-- vkm review -->"
"""The first line: by it, the comment that is there already is found."""

LIMIT: Final = 60_000
"""Characters of the whole: GitHub takes 65,536 in a comment."""

# What each part may have of the limit; the diffs get what the others leave.
_TOLD, _GAINED, _PICTURE, _ROUTINE = 24_000, 12_000, 8_000, 10_000
# For the closing lines that count what is left out.
_RESERVE: Final = 600
_RISKS: Final = ("| risk | object | what happens | what to do |", "|---|---|---|---|")
_GAINS: Final = ("| | what | | was | is |", "|---|---|---|---|---|")


def as_markdown(review: Review, *, title: str = "What this does to the cluster") -> str:
    """What happens, the worst first; what can newly be reached; then a diff of each object, to open.

    At most `LIMIT` characters: of what does not fit, it says how much there is.
    """
    head = [MARK, f"## {title}", f"{count(review)[:1].upper()}{count(review)[1:]}."]
    told = [item for item in review.objects if item.worst.level != "routine"]
    routine = review.objects[len(told) :]
    parts = [*head]
    if told:
        parts.append(_table(_RISKS, map(_told, told), _TOLD))
    if found := gains(review.comparison):
        parts += ["**What is there newly, and what no longer is**", _table(_GAINS, map(_gain, found), _GAINED)]
    picture = picture_of(review)
    if any(boxes_in(picture)):
        drawing = as_mermaid(picture).rstrip()
        too_large = "Too large to be drawn here: `vkm diagram` draws all of it."
        inside = f"```mermaid\n{drawing}\n```" if len(drawing) <= _PICTURE else too_large
        parts.append(_folded("The part of the architecture that changes", inside))
    if routine:
        table = _table(("| object | what happens | what to do |", "|---|---|---|"), map(_routine, routine), _ROUTINE)
        parts.append(_folded(f"Routine: {len(routine)}", table))
    text = "\n\n".join(parts)
    return f"{text}\n\n{_diffs(review.objects, LIMIT - _RESERVE - len(text))}".rstrip() + "\n"


def _table(head: Sequence[str], rows: Iterable[str], limit: int) -> str:
    """As many rows as fit, and how many do not."""
    lines, size, left_out = list(head), 0, 0
    for row in rows:
        size += len(row) + 1
        if size > limit:
            left_out += 1
        else:
            lines.append(row)
    if left_out:
        lines += ["", f"{left_out} more, left out here: `vkm review` prints them all."]
    return "\n".join(lines)


def _told(item: Reviewed) -> str:
    level = item.worst.level
    here = [concern for concern in item.concerns if concern.level != "routine"]
    reasons = [_words(c.reason) if c.level == level else f"**{c.level}**: {_words(c.reason)}" for c in here]
    steps = dict.fromkeys(_words(concern.do) for concern in here if concern.do)
    what = f"{_code(str(item.change))}<br>{_words(what_becomes_of(item.change))}"
    return f"| **{level}** | {what} | {'<br>'.join(reasons)} | {'<br>'.join(steps)} |"


def _routine(item: Reviewed) -> str:
    words = what_becomes_of(item.change)
    reasons = "<br>".join(_words(concern.reason) for concern in item.concerns)
    steps = dict.fromkeys(_words(concern.do) for concern in item.concerns if concern.do)
    return f"| {_code(str(item.change))} | {_words(words)}: {reasons} | {'<br>'.join(steps)} |"


def _gain(gain: Gain) -> str:
    sign = {"added": "+", "removed": "-", "changed": "±"}[gain.change]
    return f"| {sign} | {gain.sort} | {_code(gain.name)} | {_words(gain.old)} | {_words(gain.new)} |"


def _words(text: str) -> str:
    """In a cell of a table: nothing is Markdown, HTML or somebody's name."""
    return re.sub(r"([\\`*_\[\]|~])", r"\\\1", _html(" ".join(text.split())))


def _code(text: str) -> str:
    return f"`{' '.join(text.split()).replace('|', chr(92) + '|')}`" if "`" not in text else _words(text)


def _folded(title: str, text: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{text}\n\n</details>"


def _diffs(objects: Sequence[Reviewed], limit: int) -> str:
    """A diff of each object whose fields change, while they fit; then how many do not."""
    found, size, left_out = [], 0, 0
    for item in objects:
        if not item.change.fields:
            continue
        part = _diff_of(item)
        size += len(part) + 2
        if size > limit:
            size -= len(part) + 2
            left_out += 1
        else:
            found.append(part)
    if left_out:
        words = "diff" if left_out == 1 else "diffs"
        found.append(f"{left_out} more {words}, left out here: `vkm review` prints them all.")
    return "\n\n".join(found)


def _diff_of(item: Reviewed) -> str:
    lines = "\n".join(line for field in item.change.fields for line in field_lines(field))
    # Longer than any fence that stands in it.
    longest = max(map(len, re.findall(r"`{3,}", lines)), default=2)
    fence = "`" * (longest + 1)
    number = len(item.change.fields)
    title = f"<code>{_html(str(item.change))}</code>: {number} field{'' if number == 1 else 's'}"
    return _folded(title, f"{fence}diff\n{lines}\n{fence}")


def _html(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "@<!-- -->")
