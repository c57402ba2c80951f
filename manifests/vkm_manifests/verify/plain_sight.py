"""What looks like a secret that stands where everybody can read it."""

import re
from collections.abc import Iterator
from typing import Final

# The end of a name says what the value is: PASSWORD_FILE and TOKEN_LIFETIME hold no secret.
_SECRET_NAME: Final = re.compile(
    r"(?:^|[_.\-]|(?<=[a-z0-9])(?=[A-Z]))"
    r"(?i:pass|pwd|token|secret|secret_?key(?:_?base)?|api_?key|app_?key|access_?key|auth_?key|private_?key|"
    r"signing_?key|encryption_?key|master_?key|erlang_?cookie|credentials?)$"
    r"|^REDISCLI_AUTH$"
)
# These say it whatever stands before them, as in PGPASSWORD; and of a number as well.
_PASSWORD: Final = re.compile(r"(?i)(?:(?<!no)(?:password|passwd|passphrase)|^requirepass|^masterauth)$")
# These name a Secret, or say how one is used.
_NAMES_AN_OBJECT: Final = re.compile(
    r"(?i:(?:tls|cert|certificate|ca|pull|image_?pull|existing|from)[_.\-]?secret)$"
    r"|^(?i:allow|disable|enable|require|use|no|has|is|skip|generate|random)(?=[_.\-A-Z])"
    r"|^(?:OLD)?PWD$"
)
_LITTLE: Final = frozenset(
    {"", "true", "false", "yes", "no", "on", "off", "none", "null", "nil", "enabled", "disabled"}
)
# A reference to be filled in later, by Kubernetes, a shell, a template or a secrets' manager. A dollar sign within a
# word is none, and `$2y$10$...` is a hash.
_REFERENCE: Final = re.compile(
    r"\$[({]|^\$[\w.:\-]*(?:[^\w.:\-!#%^*@]|$)|\{\{|<[^>]*>|%\(|%[A-Z_]+%|\*{3}|^ENC\[|^AQICA"
    r"|^(?:vault|op|ref\+|arn|awssm|gcpsm|azurekv|secretref|env|file|sm)[:+]"
)
_NUMBER: Final = re.compile(r"[-+]?[\d.]+[a-zA-Z]{0,2}")
_LONG_NUMBER: Final = re.compile(r"\d{4,}")
# A part of a path; a long one of all sorts of characters is base64, where a slash is one of them.
_WORD: Final = re.compile(r"[a-z0-9_.@\-]*|[\w.@\-]{1,24}")
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
_LINE: Final = re.compile(r"\s*(?:- +)?(?:export\s+)?[\"']?([A-Za-z][\w.\-]*)[\"']?(?:\s*[:=]|(\s))\s*(\S.*)")
_PAIR: Final = re.compile(r"\"([A-Za-z][\w.\-]*)\"\s*:\s*(\"[^\"\\]*\"|\d+)")
_COMMENT: Final = re.compile(r"^\s*(?:#|//|;|--|\*)")
# Where a word without quotes is a variable.
_PROGRAM: Final = re.compile(
    r"\.(?:alloy|hcl|river|tf|vcl|rego|lua|py|rb|pl|go|php|java|groovy|[jt]sx?|[cm]js|sql|html?)$"
)


def names_a_secret(name: str) -> bool:
    """Whether what is called so holds a secret.

    >>> names_a_secret("DB_PASSWORD"), names_a_secret("DB_PASSWORD_FILE"), names_a_secret("tokenLifetime")
    (True, False, False)
    """
    return bool(_SECRET_NAME.search(name) or _PASSWORD.search(name)) and not _NAMES_AN_OBJECT.search(name)


def is_secret(name: str, value: str) -> bool:
    """Whether a value is a secret, as its name says: no reference or path, and no number but for a password.

    >>> is_secret("DB_PASSWORD", "hunter2"), is_secret("DB_PASSWORD", "1234"), is_secret("MAX_TOKEN", "1234")
    (True, True, False)
    """
    number = _PASSWORD.search(name) and _LONG_NUMBER.fullmatch(_bare(value))
    return names_a_secret(name) and bool(number or _is_literal(value))


def _is_literal(value: str) -> bool:
    """Whether a value is what it says, and says enough to be a secret: no reference, path, boolean or number."""
    text = _bare(value)
    return not (text.lower() in _LITTLE or _REFERENCE.search(text) or _is_path(text) or _NUMBER.fullmatch(text))


def _bare(value: str) -> str:
    return value.strip().strip("\"'\\")


def _is_path(text: str) -> bool:
    start, *parts = text.split("/")
    words = start in ("", ".", "..", "~") and all(map(_WORD.fullmatch, parts))
    return words and (len(parts) > 1 or (bool(parts) and not re.search(r"[A-Z0-9]", parts[0])))


def secrets_in(text: str) -> Iterator[str]:
    """What a text holds that is a secret by its form: `a private key`, `a password in a URL`."""
    for what, hint, form in _FORMS:
        if hint in text and form.search(text):
            yield what
    if "://" in text and "@" in text:
        for line in text.splitlines():
            for match in () if _COMMENT.match(line) else _URL.finditer(line):
                if _is_literal(match[1]) and not re.search(r"[()\[\]\\^]", match[1]):
                    yield "a password in a URL"


def secret_flags(text: str) -> Iterator[str]:
    """The flags of a command that have a secret as their value."""
    for match in _FLAG.finditer(text):
        if is_secret(match[1], match[2]) and not match[2].startswith("-"):
            yield match[1]


def secret_settings(file: str, text: str) -> Iterator[str]:
    """The settings of a configuration file that have a secret as their value."""
    for name, value in _pairs(text) if file.endswith(".json") else _lines(text):
        is_text = value[:1] in ("'", '"') or not _PROGRAM.search(file)
        if is_text and is_secret(name, value) and not re.search(r"[\s()]", value):
            yield name


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    for match in _PAIR.finditer(text):
        yield match[1], match[2]


def _lines(text: str) -> Iterator[tuple[str, str]]:
    for line in text.splitlines():
        match = None if _COMMENT.match(line) else _LINE.match(line)
        # Most words that a space follows are no setting, but `requirepass hunter2` is.
        if match and (not match[2] or _PASSWORD.search(match[1])):
            yield match[1], match[3].partition(" #")[0].rstrip(" \t,;")
