"""The page of the rules, made from them: `make docs`."""

import difflib
from itertools import groupby

from tests.conftest import ROOT
from vkm_manifests.verify import RULES, Rule, verify
from vkm_manifests.verify.rule import examples

PAGE = ROOT / "docs" / "rules.md"

HEAD = """# The rules

What `vkm verify` and every synth look for. [Verification](verification.md) says how to run it, how to say that
something is meant, and what it cannot see. This page is made from the rules (`make docs`). In each example, the lines
with `-` and `+` are the mistake; without it, the rule finds nothing.
"""


def render() -> str:
    """The page."""
    lines = [HEAD]
    groups = [(group, list(rules)) for group, rules in groupby(RULES.values(), key=lambda rule: rule.group)]
    for group, rules in groups:
        lines += [f"**{group}**\n", "| rule | what must be true |", "|---|---|"]
        lines += [f"| [{rule.name}](#{rule.name}) | {_in_table(rule.meaning)} |" for rule in rules]
        lines.append("")
    for group, rules in groups:
        lines.append(f"## {group}\n")
        lines += [line for rule in rules for line in _section(rule)]
    return "\n".join(lines)


def _section(rule: Rule) -> list[str]:
    found = verify(examples(rule.fails), only=[rule.name])
    lines = [f"### {rule.name}\n", f"{rule.meaning} {rule.why}".rstrip() + "\n"]
    lines += ["<details><summary>example</summary>\n", "```diff", *_diff(rule), "```\n", "```"]
    for finding in found:
        lines.append(f"{finding.severity}  {finding.object}  {finding.field}".rstrip())
        lines.append(f"  {finding.message}")
        lines.append(f"  fix: {finding.fix}")
    return [*lines, "```\n", "</details>\n"]


def _diff(rule: Rule) -> list[str]:
    """The whole example, with what changes marked."""
    before, after = rule.passes.rstrip().splitlines(), rule.fails.rstrip().splitlines()
    return [line.rstrip() for line in difflib.ndiff(before, after) if not line.startswith("?")]


def _in_table(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(render(), encoding="utf-8")
