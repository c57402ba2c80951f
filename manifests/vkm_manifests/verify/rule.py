"""What a rule is: a function that looks at the graph, with its meaning and an example of each side."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

import yaml

from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Finding, Severity

Check: TypeAlias = Callable[[Graph], Iterable[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that must be true of manifests.

    Attributes:
        name: as users write it, `service-selects-pods`.
        group: the part of the rules' page that it stands in.
        meaning: what must be true, in one sentence.
        why: what happens otherwise, or where the fact is from; may be empty.
        passes: manifests, as YAML, in which it finds nothing.
        breaks: texts in `passes`, and what stands there in the example in which it finds something.
    """

    name: str
    group: str
    meaning: str
    why: str
    passes: str
    breaks: tuple[tuple[str, str], ...]
    _check: Check

    def check(self, graph: Graph) -> tuple[Finding, ...]:
        """What it finds; looked for once in each graph."""
        if self.name not in graph.findings:
            graph.findings[self.name] = tuple(replace(found, rule=self.name) for found in self._check(graph))
        return graph.findings[self.name]

    @property
    def severity(self) -> Severity:
        """That of what it finds in its example; it says a warning, too, of what it cannot know."""
        found = self._check(Graph(examples(self.fails)))
        return "error" if any(finding.severity == "error" for finding in found) else "warning"

    @property
    def fails(self) -> str:
        """The example in which it finds something, as YAML."""
        changed = self.passes
        for old, new in self.breaks:
            if changed.count(old) != 1:
                raise ValueError(f"{self.name}: {old!r} does not stand once in the example")
            changed = changed.replace(old, new)
        return changed


RULES: Final[dict[str, Rule]] = {}
"""All rules by name, in the order of the rules' page."""


def rule(*, passes: str, breaks: dict[str, str]) -> Callable[[Check], Check]:
    """Make a rule of a function.

    Its name is the function's, its meaning the first paragraph of the docstring, its group the first line of the
    module's docstring.

    Args:
        passes: manifests, as YAML, in which the rule finds nothing.
        breaks: text in `passes` (which stands there once) to what stands in its place in the example of a finding.
    """

    def register(check: Check) -> Check:
        meaning, _, why = (check.__doc__ or "").partition("\n\n")
        name = check.__name__.replace("_", "-")
        RULES[name] = Rule(
            name=name,
            group=_group(check),
            meaning=_one_line(meaning),
            why=_one_line(why),
            passes=passes.lstrip("\n"),
            breaks=tuple(breaks.items()),
            _check=check,
        )
        return check

    return register


def examples(text: str) -> list[dict[str, Any]]:
    """The manifests of an example."""
    return [manifest for manifest in yaml.load_all(text, Loader=yaml.CSafeLoader) if manifest]


def _group(check: Check) -> str:
    module = check.__globals__["__doc__"] or ""
    return module.partition("\n")[0].partition(":")[0].rstrip(".")


def _one_line(text: str) -> str:
    return " ".join(text.split())
