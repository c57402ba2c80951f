"""What looks like a secret that stands where everybody can read it."""

import re
from collections.abc import Iterator
from typing import Any, Final

# The end of a name says what the value is: PASSWORD_FILE and TOKEN_LIFETIME hold no secret.
_SECRET_NAME: Final = re.compile(
    r"(?:^|[_.\-]|(?<=[a-z0-9])(?=[A-Z]))"
    r"(?i:password|passwd|passphrase|pass|pwd|token|secret|secret_?key(?:_?base)?|api_?key|app_?key|access_?key|"
    r"private_?key|signing_?key|encryption_?key|master_?key|credentials?)$"
    r"|^(?:requirepass|masterauth)$"
)
# These name a Secret, or say how one is used.
_NAMES_AN_OBJECT: Final = re.compile(
    r"(?i:(?:tls|cert|certificate|ca|pull|image_?pull|existing|from)[_.\-]?secret)$"
    r"|^(?i:allow|disable|enable|require|use|no|has|is|skip|generate|random)(?=[_.\-A-Z])"
    r"|^(?:OLD)?PWD$"
)
_LITTLE: Final = frozenset(
    {"", "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "enabled", "disabled"}
)
# A reference to be filled in later, by Kubernetes, a shell, a template or a secrets' manager; or a path.
_REFERENCE: Final = re.compile(
    r"\$|\{\{|<[^>]*>|%\(|%[A-Z_]+%|\*{3}|^(?:vault|op|ref\+|arn|awssm|gcpsm|azurekv|secretref|env|file|sm)[:+]"
    r"|^[.~]{0,2}/|^ENC\[|^AQICA"
)
_NUMBER: Final = re.compile(r"[-+]?[\d.]+[a-zA-Z]{0,2}")
# What it is, the text that shows where to look for it, and its form.
_FORMS: Final = tuple(
    (what, hint, re.compile(form))
    for what, hint, form in (
        ("a private key", "PRIVATE KEY-----", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
        ("an AWS access key", "AKIA", r"\bAKIA[0-9A-Z]{16}\b"),
        ("an AWS access key", "ASIA", r"\bASIA[0-9A-Z]{16}\b"),
        ("a GitHub token", "gh", r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
        ("a GitHub token", "github_pat_", r"\bgithub_pat_[A-Za-z0-9_]{60,}\b"),
        ("a GitLab token", "glpat-", r"\bglpat-[A-Za-z0-9_\-]{20,}"),
        ("a Slack token", "xox", r"\bxox[abeoprs]-[A-Za-z0-9\-]{10,}"),
        ("a Google API key", "AIza", r"\bAIza[0-9A-Za-z_\-]{35}\b"),
        ("a Stripe key", "k_live_", r"\b[sr]k_live_[0-9A-Za-z]{16,}"),
        ("a signed token (JWT)", "eyJ", r"\beyJ[A-Za-z0-9_\-]{8,}\.eyJ[A-Za-z0-9_\-]{8,}\.[A-Za-z0-9_\-]{8,}"),
    )
)
_URL: Final = re.compile(r"\b[a-zA-Z][a-zA-Z0-9+.\-]*://[^\s/:@'\"?#]*:([^\s/@'\"?#]+)@")
_FLAG: Final = re.compile(r"(?:^|\s)--?([A-Za-z][\w.\-]*)(?:=|\s+)(\"[^\"]*\"|'[^']*'|\S+)")
_LINE: Final = re.compile(r"^\s*(?:export\s+)?[\"']?([A-Za-z][\w.\-]*)[\"']?\s*[:=]\s*(.*?)\s*,?\s*$")
_COMMENT: Final = re.compile(r"^\s*(?:#|//|;|--|\*)")
# Where each line is a setting.
_SETTINGS: Final = re.compile(r"\.(?:env|properties|ini|cnf|conf|cfg|toml|ya?ml)$|^\.env")


def names_a_secret(name: str) -> bool:
    """Whether what is called so holds a secret.

    >>> names_a_secret("DB_PASSWORD"), names_a_secret("DB_PASSWORD_FILE"), names_a_secret("tokenLifetime")
    (True, False, False)
    """
    return bool(_SECRET_NAME.search(name)) and not _NAMES_AN_OBJECT.search(name)


def is_literal(value: Any) -> bool:
    """Whether a value is what it says, and says enough to be a secret: no reference, path, boolean or number."""
    if not isinstance(value, str):
        return False
    text = value.strip().strip("\"'")
    return text.lower() not in _LITTLE and not _REFERENCE.search(text) and not _NUMBER.fullmatch(text)


def secrets_in(text: str) -> Iterator[str]:
    """What a text holds that is a secret by its form: `a private key`, `a password in a URL`."""
    for what, hint, form in _FORMS:
        if hint in text and form.search(text):
            yield what
    if "://" in text and "@" in text:
        for line in text.splitlines():
            for match in () if _COMMENT.match(line) else _URL.finditer(line):
                if is_literal(match[1]) and not re.search(r"[()\[\]\\^]", match[1]):
                    yield "a password in a URL"


def secret_flags(text: str) -> Iterator[str]:
    """The flags of a command that have a secret as their value."""
    for match in _FLAG.finditer(text):
        if names_a_secret(match[1]) and is_literal(match[2]) and not match[2].startswith("-"):
            yield match[1]


def secret_settings(file: str, text: str) -> Iterator[str]:
    """The settings of a configuration file that have a secret as their value."""
    if not _SETTINGS.search(file):
        return
    for line in text.splitlines():
        match = None if _COMMENT.match(line) else _LINE.match(line)
        if match and names_a_secret(match[1]) and is_literal(match[2]) and " " not in match[2]:
            yield match[1]
