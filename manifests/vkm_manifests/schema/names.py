"""The forms of names, labels and ports that the API server accepts."""

import re
from typing import Final

_LABEL: Final = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_DNS_LABEL: Final = re.compile(_LABEL)
_SERVICE_LABEL: Final = re.compile(r"[a-z](?:[a-z0-9-]*[a-z0-9])?")
_SUBDOMAIN: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_PORT: Final = re.compile(r"(?=[a-z0-9-]*[a-z])(?!.*--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_QUALIFIED: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?")
_KEY: Final = re.compile(r"[-._a-zA-Z0-9]+")

LABEL: Final = "small letters, digits and -, at most 63 of them, a letter or digit at both ends"
"""What `is_label` accepts."""
SUBDOMAIN: Final = "small letters, digits, - and ., at most 253 of them, a letter or digit at both ends"
"""What `is_subdomain` accepts."""
PORT: Final = "small letters, digits and single -, at most 15 of them, one a letter"
"""What `is_port` accepts."""
LABEL_VALUE: Final = "letters, digits, -, _ and ., at most 63 of them, a letter or digit at both ends"
"""What `is_label_value` accepts."""


def is_label(text: str) -> bool:
    """Whether it is a DNS label (RFC 1123), as the name of a Namespace or a container."""
    return len(text) <= 63 and bool(_DNS_LABEL.fullmatch(text))


def is_service_label(text: str) -> bool:
    """Whether it is a DNS label that starts with a letter (RFC 1035), as the name of a Service before 1.36."""
    return len(text) <= 63 and bool(_SERVICE_LABEL.fullmatch(text))


def is_subdomain(text: str) -> bool:
    """Whether it is a DNS name (RFC 1123), as the names of most objects."""
    return len(text) <= 253 and bool(_SUBDOMAIN.fullmatch(text))


def is_path_segment(text: str) -> bool:
    """Whether it may stand in a URL's path, as the name of a role."""
    return text not in ("", ".", "..") and "/" not in text and "%" not in text


def is_port(text: str) -> bool:
    """Whether it is the name of a container's port (RFC 6335)."""
    return len(text) <= 15 and bool(_PORT.fullmatch(text))


def is_label_key(text: str) -> bool:
    """Whether it is the key of a label or annotation: a name, perhaps with a DNS name and a slash before it."""
    prefix, slash, name = text.rpartition("/")
    return len(name) <= 63 and bool(_QUALIFIED.fullmatch(name)) and (is_subdomain(prefix) if slash else True)


def is_label_value(text: str) -> bool:
    """Whether it is the value of a label."""
    return not text or (len(text) <= 63 and bool(_QUALIFIED.fullmatch(text)))


def is_key(text: str) -> bool:
    """Whether it is the key of a ConfigMap or Secret."""
    return len(text) <= 253 and bool(_KEY.fullmatch(text)) and text not in (".", "..")
