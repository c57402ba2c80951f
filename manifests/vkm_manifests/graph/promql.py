"""PromQL: whether expressions parse, and which jobs they ask for."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import promql_parser

# Grafana's variables: $name, ${name}, ${name:format}, and the old [[name]].
_OLD_VARIABLE: Final = re.compile(r"\[\[(\w+)(?::\w+)?\]\]")
_VARIABLE: Final = re.compile(r"\$\{[^}]*\}|\$\w+")
# What a variable may stand in: a string, a range, or anywhere else.
_PLACES: Final = re.compile(
    r"""(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|(?P<range>\[[^\]"'`]*\])|(?P<variable>\$\{[^}]*\}|\$\w+)"""
)
_SPANS: Final = re.compile(r"\$\{?__(?:rate_interval|interval|range)\b(?!_)")
# Outside of strings and ranges a variable may be a number, a name, or a piece of an expression.
_GUESSES: Final = ("1", "x")

_DURATION: Final = re.compile(r"(?=.)(?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?(?:\d+ms)?")
# A regular expression that is nothing but names.
_WORDS: Final = re.compile(r"[\w/-]+(?:\|[\w/-]+)*")
_NAME: Final = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")


def mistake_in(expr: str) -> str:
    """Why an expression is no PromQL; empty if it is.

    >>> mistake_in("rate(up)")
    "expected type matrix in call to function 'rate', got vector"
    """
    found = _parsed(expr)
    return found if isinstance(found, str) else ""


def mistake_in_query(query: str) -> str:
    """The same of a dashboard's query, whatever its variables are."""
    mistakes = [mistake_in(expr) for expr in _without_variables(query)]
    is_free = len(mistakes) > 1
    return "" if "" in mistakes or is_free else mistakes[0]


def jobs_in(expr: str) -> frozenset[tuple[str, ...]]:
    """The jobs that an expression asks for by name, each with its alternatives; none that a variable stands for.

    >>> jobs_in('up{job=~"web|shop"}')
    frozenset({('shop', 'web')})
    """
    for candidate in _without_variables(expr):
        found = _parsed(candidate)
        if not isinstance(found, str):
            return frozenset(jobs for jobs in _jobs(found) if not any("$" in job for job in jobs))
    return frozenset()


def is_duration(text: str) -> bool:
    """Whether a text is a duration as Prometheus writes it: `5m`, `1h30m`."""
    return text == "0" or _DURATION.fullmatch(text) is not None


def is_metric_name(text: str) -> bool:
    """Whether a text may be written as a metric's name without quotes."""
    return _NAME.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _parsed(expr: str) -> promql_parser.Expr | str:
    """The expression, or why it is none."""
    try:
        return promql_parser.parse(expr)
    except ValueError as error:
        return " ".join(str(error).split())


@lru_cache(maxsize=4096)
def _without_variables(query: str) -> tuple[str, ...]:
    """A query with something in place of its variables: several, if they may stand for different things."""
    query = _OLD_VARIABLE.sub(r"${\1}", query)
    if "$" not in query:
        return (query,)
    found = (_PLACES.sub(lambda place, guess=guess: _filled(place, guess), query) for guess in _GUESSES)  # type: ignore[misc]
    return tuple(dict.fromkeys(found))


def _filled(place: re.Match[str], guess: str) -> str:
    text = place.group()
    if place["string"]:
        return _VARIABLE.sub("$x", text)
    if place["range"] or _SPANS.match(text):
        return _VARIABLE.sub("5m", text)
    return guess


def _jobs(expr: promql_parser.Expr) -> Iterator[tuple[str, ...]]:
    found: list[promql_parser.VectorSelector] = []

    def visit(node: promql_parser.Expr) -> None:
        if isinstance(node, promql_parser.VectorSelector):
            found.append(node)

    promql_parser.walk(expr, visit)
    for selector in found:
        for matcher in selector.matchers.matchers:
            if matcher.name != "job" or not matcher.value:
                continue
            if matcher.op == promql_parser.MatchOp.Equal:
                yield (matcher.value,)
            elif matcher.op == promql_parser.MatchOp.Re and _WORDS.fullmatch(matcher.value):
                yield tuple(sorted(matcher.value.split("|")))
