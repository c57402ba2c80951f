"""Rules of Traefik's routers: what is read, what is refused, what two rules have in common."""

import pytest

from vkm_manifests.graph.traefik_rule import All, Matcher, Not, RuleError, Some, branches, hosts, parse

A, B, C = (Matcher("Host", (name,)) for name in ("a.test", "b.test", "c.test"))


def test_and_binds_closer_than_or() -> None:
    assert parse("Host(`a.test`) || Host(`b.test`) && Host(`c.test`)") == Some((A, All((B, C))))
    assert parse("(Host(`a.test`) || Host(`b.test`)) && Host(`c.test`)") == All((Some((A, B)), C))
    assert parse("!Host(`a.test`) && Host(`b.test`)") == All((Not(A), B))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('Host("a.test")', A),
        ("  host( `a.test` )\n", A),
        ("HOST(`a.test`)", A),
        ("PathPrefix(`/a`)", Matcher("PathPrefix", ("/a",))),
        ("Pathprefix(`/a`)", Matcher("PathPrefix", ("/a",))),
        (r'PathRegexp("^/a\\.b\"$")', Matcher("PathRegexp", (r'^/a\.b"$',))),
        ("Header(`X-Kind`, `a`)", Matcher("Header", ("X-Kind", "a"))),
        ("Query(`a`)", Matcher("Query", ("a",))),
        ("Query(`a`, `b`)", Matcher("Query", ("a", "b"))),
        ("ClientIP(`10.0.0.1/8`)", Matcher("ClientIP", ("10.0.0.1/8",))),
        ("ClientIP(`::1`)", Matcher("ClientIP", ("::1",))),
        (r"HostRegexp(`^(?i:[a-z]{1,3})\.a\.test$`)", Matcher("HostRegexp", (r"^(?i:[a-z]{1,3})\.a\.test$",))),
        (r"PathRegexp(`^/\pL+\z`)", Matcher("PathRegexp", (r"^/\pL+\z",))),
        ("Host(`*.a.test`)", Matcher("Host", ("*.a.test",))),
        ("Host(`wiki.${DOMAIN}`)", Matcher("Host", ("wiki.${DOMAIN}",))),
    ],
)
def test_reads(text: str, rule: Matcher) -> None:
    assert parse(text) == rule


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "ends where a matcher is expected"),
        ("Host(`a.test`) &&", "ends where a matcher is expected"),
        ("Host(`a.test`) & Host(`b.test`)", 'has a single "&"'),
        ("Host(`a.test`) Path(`/a`)", 'goes on with "Path"'),
        ("(Host(`a.test`)", 'lacks a ")"'),
        ("Host(`a.test`))", 'goes on with ")"'),
        ("Host('a.test')", "single quotes"),
        ("Host(`a.test", "without its closing `"),
        ("Host(a.test)", "backticks"),
        ("Host", 'has no "(" after Host'),
        ("Host()", "gives Host 0 values"),
        ("Hots(`a.test`)", "did you mean Host?"),
        ("HostSNI(`a.test`)", "unknown matcher HostSNI"),
        ("Host(`a.test`) + 1", 'has "+"'),
        ("Host(``)", "without a host"),
        ("Host(`https://a.test`)", "more than a host"),
        ("Host(`a.test:8080`)", "more than a host"),
        ("Host(`ä.test`)", "punycode"),
        ("Path(`a`)", 'does not start with "/"'),
        ("ClientIP(`10.0.0`)", "no address"),
        ("HostRegexp(`(a`)", "no regular expression"),
        ("PathRegexp(`^/(?!api)`)", "look-around"),
        (r'HostRegexp("a\.test")', "no escape"),
        ("!" * 60 + "Host(`a.test`)", "nested too deeply"),
        ("(" * 60 + "Host(`a.test`)", "nested too deeply"),
        ("&& Host(`a.test`)", 'has "&&" where a matcher is expected'),
    ],
)
def test_refuses(text: str, message: str) -> None:
    with pytest.raises(RuleError) as error:
        parse(text)
    assert message in str(error.value)
    assert not error.value.version_2


@pytest.mark.parametrize(
    "text",
    [
        "Host(`a.test`, `b.test`)",
        "Headers(`a`, `b`)",
        "HostRegexp(`{name:[a-z]+}.a.test`)",
        "PathPrefix(`/{id}`)",
    ],
)
def test_knows_what_version_2_took(text: str) -> None:
    with pytest.raises(RuleError) as error:
        parse(text)
    assert error.value.version_2


def test_tcp_has_matchers_of_its_own() -> None:
    assert hosts(parse("HostSNI(`a.test`) && ALPN(`h2`)", tcp=True)) == ("a.test",)
    assert hosts(parse("HostSNI(`*`)", tcp=True)) == ()
    with pytest.raises(RuleError):
        parse("Host(`a.test`)", tcp=True)


def test_hosts_are_those_that_are_wanted() -> None:
    assert hosts(parse("Host(`A.test`) || Host(`b.test.`)")) == ("a.test", "b.test")
    assert hosts(parse("Host(`a.test`) && !(Host(`b.test`) || !Host(`c.test`))")) == ("a.test", "c.test")
    assert hosts(parse("HostRegexp(`.+`)")) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Host(`a.test`) && Path(`/b`)", "Path(`/b`) && Host(`a.test`)"),
        ("Host(`a.test`)", "Host(`a.test`) || Host(`b.test`)"),
        ("Host(`a.test`)", "Host(`a.test`) && PathPrefix(`/`)"),
        ("Host(`a.test`) && (Path(`/b`) || Path(`/c`))", "Host(`a.test`) && Path(`/c`)"),
        ("!(Host(`a.test`) || Host(`b.test`))", "!Host(`a.test`) && !Host(`b.test`)"),
        ("Host(`A.test`)", "Host(`a.test.`)"),
    ],
)
def test_common_branches(one: str, other: str) -> None:
    assert (branches(parse(one)) or set()) & (branches(parse(other)) or set())


def test_different_branches() -> None:
    assert branches(parse("Host(`a.test`)")) != branches(parse("!Host(`a.test`)"))
    assert not (branches(parse("Host(`a.test`) && Path(`/b`)")) or set()) & (branches(parse("Path(`/b`)")) or set())


def test_very_many_branches_are_not_counted() -> None:
    assert branches(parse(" && ".join(["(Path(`/a`) || Path(`/b`) || Path(`/c`))"] * 3))) is not None
    many = " && ".join(f"(Path(`/{n}`) || Path(`/x{n}`))" for n in range(10))
    assert branches(parse(many)) is None
