"""What a risk is: a function that looks at a comparison, with its meaning and an example of each side."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal, TypeAlias, get_args

from vkm_manifests.identity import Identity

if TYPE_CHECKING:
    from vkm_manifests.review.comparison import Comparison

Level: TypeAlias = Literal[
    "data-loss", "replace", "downgrade", "security", "exposure", "downtime", "restart", "routine"
]
"""What a change can do to a running system."""

LEVELS: Final[tuple[Level, ...]] = get_args(Level)
"""All levels, the worst first."""

MEANINGS: Final[Mapping[Level, str]] = {
    "data-loss": "Data, or the means to get it back, may be gone.",
    "replace": "Kubernetes refuses the change: the object keeps what it has for as long as it is there.",
    "downgrade": "A version goes back, or forward where no way leads.",
    "security": "A protection is weaker than it was.",
    "exposure": "Something can be reached that could not be.",
    "downtime": "Something does not answer for a while.",
    "restart": "Pods are replaced, with others that answer meanwhile.",
    "routine": "Nothing of the above.",
}
"""Each level in a sentence."""


@dataclass(frozen=True, slots=True)
class Concern:
    """What somebody should know of a change.

    Attributes:
        object: that is changed.
        reason: what will happen, in one sentence without a full stop.
        do: what to do about it, likewise.
        field: that makes it happen; empty for the object as a whole.
        level: how bad it is; set by the engine.
        risk: the name of the risk that it is of; set by the engine, empty where none is.
    """

    object: Identity
    reason: str
    do: str
    field: str = ""
    level: Level = "routine"
    risk: str = ""

    @property
    def rank(self) -> int:
        """0 for the worst level."""
        return LEVELS.index(self.level)


Check: TypeAlias = "Callable[[Comparison], Iterable[Concern]]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """One thing that a change can do.

    Attributes:
        name: such as `volume-is-removed`.
        level: how bad it is.
        meaning: what happens, in one sentence.
        why: why it does, or where the fact is from; may be empty.
        before: manifests, as YAML.
        breaks: texts in `before`, and what stands there after a change of which it is told.
        passes: texts in `before`, and what stands there after a change that looks alike and is none of it.
    """

    name: str
    level: Level
    meaning: str
    why: str
    before: str
    breaks: tuple[tuple[str, str], ...]
    passes: tuple[tuple[str, str], ...]
    _check: Check

    def check(self, comparison: "Comparison") -> tuple[Concern, ...]:
        """What it has to tell of a comparison."""
        found = (replace(concern, level=self.level, risk=self.name) for concern in self._check(comparison))
        return tuple(dict.fromkeys(found))

    @property
    def risky(self) -> str:
        """The manifests after the change of which it is told."""
        return self._after(self.breaks)

    @property
    def harmless(self) -> str:
        """The manifests after the change that is none of it."""
        return self._after(self.passes)

    def _after(self, replaced: Iterable[tuple[str, str]]) -> str:
        text = self.before
        for old, new in replaced:
            if text.count(old) != 1:
                raise ValueError(f"{self.name}: {old!r} does not stand once in the example")
            text = text.replace(old, new)
        return text


RISKS: Final[dict[str, Risk]] = {}
"""All risks by name, in the order of their page: the worst first."""


def risk(
    level: Level, *, before: str, breaks: Mapping[str, str], passes: Mapping[str, str]
) -> Callable[[Check], Check]:
    """Make a risk of a function.

    Its name is the function's, its meaning the first paragraph of the docstring.

    Args:
        level: how bad it is.
        before: manifests, as YAML.
        breaks: text in `before` (which stands there once) to what stands in its place after a change of which the
            function tells; an empty text removes it.
        passes: likewise, after a change that looks alike and of which it tells nothing.
    """

    def register(check: Check) -> Check:
        meaning, _, why = (check.__doc__ or "").partition("\n\n")
        name = check.__name__.replace("_", "-")
        RISKS[name] = Risk(
            name=name,
            level=level,
            meaning=" ".join(meaning.split()),
            why=" ".join(why.split()),
            before=before.lstrip("\n"),
            breaks=tuple(breaks.items()),
            passes=tuple(passes.items()),
            _check=check,
        )
        return check

    return register
