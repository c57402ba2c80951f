"""The rules of Traefik's routers, as version 3 reads them: ``Host(`shop.test`) && !PathPrefix(`/metrics`)``."""

import ipaddress
import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, TypeAlias

_HTTP: Final[Mapping[str, tuple[int, int]]] = {
    "ClientIP": (1, 1),
    "Header": (2, 2),
    "HeaderRegexp": (2, 2),
    "Host": (1, 1),
    "HostRegexp": (1, 1),
    "Method": (1, 1),
    "Path": (1, 1),
    "PathPrefix": (1, 1),
    "PathRegexp": (1, 1),
    "Query": (1, 2),
    "QueryRegexp": (1, 2),
}
_TCP: Final[Mapping[str, tuple[int, int]]] = {
    "ALPN": (1, 1),
    "ClientIP": (1, 1),
    "HostSNI": (1, 1),
    "HostSNIRegexp": (1, 1),
}
# Version 2 called them so; version 3 has the names without the s.
_RENAMED: Final = {"Headers": "Header", "HeadersRegexp": "HeaderRegexp", "HostHeader": "Host"}
_TOKEN: Final = re.compile(r'\s*(?:(&&|\|\||[!(),]|`[^`]*`|"(?:[^"\\\n]|\\.)*"|[A-Za-z_]\w*)|(\S)|\Z)')
# Not what a deployment tool fills in, ${NAME}.
_TEMPLATE: Final = re.compile(r"(?<!\$)\{[A-Za-z_]\w*(?::|\})")
_DEEPEST: Final = 50
_MOST_BRANCHES: Final = 64


class RuleError(ValueError):
    """What is wrong with a rule.

    Attributes:
        version_2: whether Traefik 2 took it.
    """

    def __init__(self, message: str, *, version_2: bool = False) -> None:
        super().__init__(message)
        self.version_2 = version_2


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition, such as ``Host(`shop.test`)``; its name as Traefik's documentation writes it."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Whatever a rule does not match."""

    rule: "Rule"


@dataclass(frozen=True, slots=True)
class All:
    """What all of these match (`&&`)."""

    rules: tuple["Rule", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """What at least one of these matches (`||`)."""

    rules: tuple["Rule", ...]


Rule: TypeAlias = Matcher | Not | All | Some

Branch: TypeAlias = frozenset[tuple[bool, Matcher]]
"""Conditions that hold together; each with whether it must hold, or must not."""


@lru_cache(maxsize=1024)
def parse(text: str, *, tcp: bool = False) -> Rule:
    """Read a rule: of an HTTP router, or of a TCP router.

    Raises:
        RuleError: Traefik 3 refuses it, or it can never match.

    >>> parse("Host(`shop.test`)")
    Matcher(name='Host', values=('shop.test',))
    """
    parser = _Parser(_tokens(text), _TCP if tcp else _HTTP)
    rule = parser.some(0)
    parser.end()
    return rule


def hosts(rule: Rule) -> tuple[str, ...]:
    """The hosts that a rule names in order to match them, in small letters; not those that a regular expression takes.

    >>> hosts(parse("Host(`a.test`) || Host(`B.test`) && !Host(`c.test`)"))
    ('a.test', 'b.test')
    """
    named = (
        _plain_host(matcher.values[0])
        for wanted, matcher in _matchers(rule, True)
        if wanted and matcher.name in ("Host", "HostSNI")
    )
    return tuple(dict.fromkeys(host for host in named if host != "*"))


def branches(rule: Rule) -> frozenset[Branch] | None:
    """The ways in which a rule can match, each as the conditions that hold together; None for very many.

    Two rules with a branch in common both match the same requests, however they are written.
    """
    found = _branches(rule, True)
    return None if found is None else frozenset(found)


def _branches(rule: Rule, wanted: bool) -> set[Branch] | None:
    match rule:
        case Matcher():
            return {frozenset(() if _is_always_true(rule) and wanted else ((wanted, _plain(rule)),))}
        case Not():
            return _branches(rule.rule, not wanted)
    together = isinstance(rule, All) == wanted
    found: set[Branch] = {frozenset()} if together else set()
    for part in rule.rules:
        below = _branches(part, wanted)
        if below is None:
            return None
        found = {one | other for one in found for other in below} if together else found | below
        if len(found) > _MOST_BRANCHES:
            return None
    return found


def _plain(matcher: Matcher) -> Matcher:
    """The same condition with its host in small letters, as Traefik compares them."""
    if matcher.name not in ("Host", "HostSNI"):
        return matcher
    return Matcher(matcher.name, tuple(_plain_host(value) for value in matcher.values))


def _plain_host(host: str) -> str:
    return host.lower().rstrip(".")


def _is_always_true(matcher: Matcher) -> bool:
    return matcher == Matcher("PathPrefix", ("/",)) or matcher == Matcher("HostSNI", ("*",))


def _matchers(rule: Rule, wanted: bool) -> Iterator[tuple[bool, Matcher]]:
    match rule:
        case Matcher():
            yield wanted, rule
        case Not():
            yield from _matchers(rule.rule, not wanted)
        case All() | Some():
            for part in rule.rules:
                yield from _matchers(part, wanted)


def _tokens(text: str) -> list[str]:
    found, position = [], 0
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None or token[2]:
            raise RuleError(_strange(text, token.start(2) if token else position))
        if token[1]:
            found.append(token[1])
        position = token.end()
    return found


def _strange(text: str, position: int) -> str:
    character = text[position]
    if character == "'":
        return "has single quotes: values stand in backticks or double quotes"
    if character in '`"':
        return f"has a value without its closing {character}"
    if character in "&|":
        return f'has a single "{character}": write "{character}{character}"'
    return f'has "{character}" at {position}, outside of a value in backticks'


class _Parser:
    """Recursive descent; && binds closer than ||."""

    def __init__(self, tokens: list[str], known: Mapping[str, tuple[int, int]]) -> None:
        self._tokens = tokens
        self._known = known
        # Traefik also takes each name in small letters, in capitals, and with one capital.
        self._names = {form: name for name in known for form in (name, name.lower(), name.upper(), name.capitalize())}
        self._next = 0

    def end(self) -> None:
        if self._peek():
            raise RuleError(f'goes on with "{self._peek()}" where "&&", "||" or its end is expected')

    def some(self, depth: int) -> Rule:
        if depth > _DEEPEST:
            raise RuleError("is nested too deeply")
        rules = [self._all(depth)]
        while self._takes("||"):
            rules.append(self._all(depth))
        return rules[0] if len(rules) == 1 else Some(tuple(rules))

    def _all(self, depth: int) -> Rule:
        rules = [self._one(depth)]
        while self._takes("&&"):
            rules.append(self._one(depth))
        return rules[0] if len(rules) == 1 else All(tuple(rules))

    def _one(self, depth: int) -> Rule:
        if depth > _DEEPEST:
            raise RuleError("is nested too deeply")
        if self._takes("!"):
            return Not(self._one(depth + 1))
        if self._takes("("):
            rule = self.some(depth + 1)
            self._expect(")")
            return rule
        return self._matcher()

    def _matcher(self) -> Matcher:
        given = self._peek()
        if not given or not (given[0].isalpha() or given[0] == "_"):
            raise RuleError(
                f'has "{given}" where a matcher is expected' if given else "ends where a matcher is expected"
            )
        self._next += 1
        name = self._names.get(given)
        if name is None:
            raise RuleError(self._unknown(given), version_2=given in _RENAMED)
        values = self._values(given)
        self._check_count(name, values)
        _check_value(name, values[-1])
        return Matcher(name, values)

    def _unknown(self, given: str) -> str:
        likely = [_RENAMED[given]] if given in _RENAMED else get_close_matches(given, self._known, n=1)
        hint = f"did you mean {likely[0]}?" if likely else f"known: {', '.join(self._known)}"
        return f"has an unknown matcher {given} ({hint})"

    def _values(self, name: str) -> tuple[str, ...]:
        if not self._takes("("):
            raise RuleError(f'has no "(" after {name}')
        found: list[str] = []
        while not self._takes(")"):
            if found:
                self._expect(",")
            token = self._peek()
            if token[:1] not in ("`", '"') or not token:
                raise RuleError(f"has a value of {name} that stands neither in backticks nor in double quotes")
            found.append(_unquoted(token))
            self._next += 1
        return tuple(found)

    def _check_count(self, name: str, values: tuple[str, ...]) -> None:
        least, most = self._known[name]
        if len(values) > most:
            raise RuleError(
                f"gives {name} {len(values)} values: Traefik 3 takes {most}, more are joined by ||", version_2=True
            )
        if len(values) < least:
            raise RuleError(f"gives {name} {len(values)} values: it takes {least}")

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _takes(self, token: str) -> bool:
        taken = self._peek() == token
        self._next += taken
        return taken

    def _expect(self, token: str) -> None:
        if not self._takes(token):
            raise RuleError(
                f'has "{self._peek()}" where "{token}" is expected' if self._peek() else f'lacks a "{token}"'
            )


def _unquoted(token: str) -> str:
    inner = token[1:-1]
    if token[0] == "`":
        return inner
    wrong = re.search(r"\\([^abfnrtvxuU0-7\\\"])", re.sub(r"\\\\", "", inner))
    if wrong:
        raise RuleError(f'has "\\{wrong[1]}" in double quotes, which is no escape: put the value in backticks')
    return re.sub(r"\\([\\\"])", r"\1", inner)


def _check_value(name: str, value: str) -> None:
    if name.endswith("Regexp"):
        _check_regexp(name, value)
    elif name in ("Path", "PathPrefix"):
        if not value.startswith("/"):
            raise RuleError(f'has {name} "{value}", which does not start with "/"')
    elif name in ("Host", "HostSNI"):
        _check_host(name, value)
    elif name == "ClientIP":
        _check_address(value)
    if name in ("HostRegexp", "HostSNIRegexp", "Host", "Path", "PathPrefix") and _TEMPLATE.search(value):
        raise RuleError(f'has a template in {name} "{value}", which Traefik 3 takes literally', version_2=True)


def _check_host(name: str, value: str) -> None:
    if not value:
        raise RuleError(f"has a {name} without a host")
    if name == "Host" and not value.isascii():
        raise RuleError(f'has Host "{value}": letters beyond ASCII are written in punycode (xn--)')
    if "/" in value or " " in value or re.fullmatch(r"[^:]*:\d+", value):
        raise RuleError(f'has {name} "{value}", which is more than a host')


def _check_address(value: str) -> None:
    try:
        ipaddress.ip_network(value, strict=False)
    except ValueError:
        raise RuleError(f'has ClientIP "{value}", which is no address and no range') from None


def _check_regexp(name: str, value: str) -> None:
    """Report what Go's regular expressions surely refuse; Python's differ too much to report all it refuses."""
    plain = re.sub(r"\\.", "", value)
    if re.search(r"\(\?(?:[=!]|<[=!])", plain):
        raise RuleError(f'has {name} "{value}" with a look-around, which Go does not know')
    if r"\Q" in value:
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(value)
    except (re.error, OverflowError, RecursionError) as error:
        if re.match(r"missing \)|unbalanced paren|unterminated character set", str(error)):
            raise RuleError(f'has {name} "{value}", which is no regular expression: {error}') from None
