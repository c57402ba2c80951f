"""What a user sees when a construct refuses its arguments."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from cdk8s import Chart
from constructs import Construct

from vkm_constructs.location import user_location


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One argument that is refused.

    Args:
        argument: its name.
        given: its value.
        why: what is wrong with it; follows on `argument=given`.
        accepted: what would be right.
        fix: the likeliest, as code where possible.
    """

    argument: str
    given: object
    why: str
    accepted: str
    fix: str

    def __str__(self) -> str:
        """Three lines, as they stand in the error's text."""
        return f"  {self.argument}={spell(self.given)} {self.why}\n  accepted: {self.accepted}\n  fix:      {self.fix}"


class ConstructError(ValueError):
    """The user's mistakes in one call, all at once.

    Attributes:
        location: `file:line` of the user's call.
        path: the construct's path in the tree, `bookstack/bookstack-db`.
        problems: what was refused.
    """

    def __init__(self, location: str, path: str, problems: Iterable[Problem]) -> None:
        self.location = location
        self.path = path
        self.problems = tuple(problems)
        super().__init__("\n".join((f"{location}  {path}", *map(str, self.problems))))


class SynthError(ValueError):
    """What only the whole graph shows, all at once.

    Attributes:
        errors: one for each refusal; none in a VerificationError, which has findings.
    """

    def __init__(self, errors: Iterable[ConstructError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n\n".join(map(str, self.errors)))


class Checks:
    """Gathers the problems of one call and raises them together, before anything is made.

    Args:
        scope: the construct that the call is about, or the scope of the one that it is going to make; a text for what
            is no construct.
        id: the id of the construct that the call is going to make, if it makes one.
    """

    def __init__(self, scope: Construct | str, id: str | None = None) -> None:
        self._scope = scope
        self._id = id
        self._problems: list[Problem] = []

    def refuse(self, argument: str, given: object, why: str, *, accepted: str, fix: str) -> None:
        """Note a problem; `done` raises it."""
        self._problems.append(Problem(argument=argument, given=given, why=why, accepted=accepted, fix=fix))

    def done(self) -> None:
        """Raise `ConstructError` if anything was refused, or if the id is taken in the scope."""
        if not self._problems and self._id and self._is_taken(self._id):
            self.refuse(
                "id",
                self._id,
                "is already the id of another construct in this scope",
                accepted="an id that is used once in its scope",
                fix="give one of the two another id",
            )
        if self._problems:
            raise ConstructError(user_location(), self.path, self._problems)

    def namespace(self) -> str:
        """The namespace of the chart that the call is in; a problem, if it has none."""
        try:
            namespace = Chart.of(self._scope).namespace if not isinstance(self._scope, str) else None
            why = "is in a chart without a namespace"
        except (RuntimeError, TypeError):
            namespace, why = None, "is not inside of a chart"
        if namespace is None:
            self.refuse(
                "scope",
                type(self._scope).__name__,
                why,
                accepted="a chart that has a namespace, or a construct in one",
                fix='ServiceChart(app, "shop", namespace=...) or cdk8s.Chart(app, "shop", namespace="shop")',
            )
        return namespace or ""

    @property
    def path(self) -> str:
        """The path of the construct in question (two calls into jsii: for errors only)."""
        scope = self._scope if isinstance(self._scope, str) else self._scope.node.path
        return "/".join(filter(None, (scope, self._id)))

    def _is_taken(self, id: str) -> bool:
        return not isinstance(self._scope, str) and self._scope.node.try_find_child(id) is not None


def spell(value: object) -> str:
    """A value as the user would write it, with double quotes."""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value)


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names, those that resemble `name` first."""
    names = sorted(known)
    close = get_close_matches(name, names, n=3, cutoff=0.5)
    return close + [other for other in names if other not in close]
