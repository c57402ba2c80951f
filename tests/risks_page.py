"""The page of the risks, made from them: `make docs`."""

import difflib
from itertools import groupby

from tests.conftest import ROOT
from vkm_manifests.review import MEANINGS, RISKS, Concern, Risk, review
from vkm_manifests.verify.rule import examples

PAGE = ROOT / "docs" / "risks.md"

HEAD = """# The risks

What `vkm review` tells of a change, the worst first. [Review](review.md) says how to run it and how to read it. This
page is made from the risks (`make docs`). Each has a change of which it tells, and one that looks alike and of which it
does not: `-` is how it was, `+` how it is.
"""


def render() -> str:
    """The page."""
    lines = [HEAD]
    levels = [(level, list(risks)) for level, risks in groupby(RISKS.values(), key=lambda risk: risk.level)]
    for level, risks in levels:
        lines += [f"**{level}**\n", "| risk | what happens |", "|---|---|"]
        lines += [f"| [{risk.name}](#{risk.name}) | {_in_table(risk.meaning)} |" for risk in risks]
        lines.append("")
    for level, risks in levels:
        lines.append(f"## {level}\n")
        lines.append(f"{MEANINGS[level]}\n")
        lines += [line for risk in risks for line in _section(risk)]
    return "\n".join(lines)


def _section(risk: Risk) -> list[str]:
    lines = [f"### {risk.name}\n", f"{risk.meaning} {risk.why}".rstrip() + "\n"]
    lines += ["<details><summary>example</summary>\n", "```diff", *_diff(risk.before, risk.risky), "```\n", "```"]
    for concern in told(risk):
        lines.append(f"{concern.level}  {concern.object}  {concern.field}".rstrip())
        lines.append(f"  {concern.reason}")
        lines += [f"  do: {concern.do}"] if concern.do else []
    lines += ["```\n", "It tells nothing of this:\n", "```diff", *_changes(risk.before, risk.harmless), "```\n"]
    return [*lines, "</details>\n"]


def told(risk: Risk) -> list[Concern]:
    """What a risk tells of its example."""
    objects = review(examples(risk.before), examples(risk.risky)).objects
    return [concern for item in objects for concern in item.concerns if concern.risk == risk.name]


def _diff(before: str, after: str) -> list[str]:
    """The whole example, with what changes marked."""
    compared = difflib.ndiff(before.rstrip().splitlines(), after.rstrip().splitlines())
    return [line.rstrip() for line in compared if not line.startswith("?")]


def _changes(before: str, after: str) -> list[str]:
    """Only what changes."""
    return [line for line in _diff(before, after) if line.startswith(("-", "+"))]


def _in_table(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
