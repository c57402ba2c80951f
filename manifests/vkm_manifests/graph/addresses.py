"""Addresses in texts: the hosts that environment variables, arguments and configuration files name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_HOST: Final = r"[a-z](?:[a-z0-9.-]*[a-z0-9])?"
# A name that goes on, as with a variable or a bracket, is not the whole name.
_END: Final = r"(?![\w$({%=-]|\.[\w$({%]|:\d)"
_URL: Final = re.compile(rf"(?<![a-z0-9+.-])([a-z][a-z0-9+.-]*)://(?:[^\s/@\"'`<>]*@)?({_HOST})(?::(\d{{1,5}}))?{_END}")
_NAME: Final = re.compile(rf"(?<![\w.$/:~%}})-])({_HOST})(?::(\d{{1,5}}))?{_END}")
_WORD: Final = re.compile(_HOST)
_NUMBER: Final = re.compile(r"[0-9]{1,5}")

# A line of its own, or what follows a blank: in a URL, # begins a fragment.
_COMMENT: Final = re.compile(r"^[ \t]*(?:#|;|//).*$|[ \t]#[ \t].*$|<!--.*?-->", re.MULTILINE)

_ADDRESS_WORDS: Final = frozenset(
    "ADDR ADDRESS ADDRESSES BROKER BROKERS DSN ENDPOINT ENDPOINTS HOST HOSTNAME HOSTS SERVER SERVERS "
    "UPSTREAM UPSTREAMS URI URIS URL URLS".split()
)
# Names that are compared or told to somebody else, and not connected to.
_NOT_CALLED: Final = frozenset("ADVERTISED ALLOWED CALLBACK CORS LISTEN ORIGIN ORIGINS REDIRECT TRUSTED".split())

_SCHEME_PORTS: Final = {
    "amqp": 5672,
    "http": 80,
    "https": 443,
    "ldap": 389,
    "memcached": 11211,
    "mongodb": 27017,
    "mysql": 3306,
    "nats": 4222,
    "postgres": 5432,
    "postgresql": 5432,
    "redis": 6379,
}


@dataclass(frozen=True, slots=True)
class Address:
    """A host that a text names.

    Attributes:
        host: as it stands there, without the last dot.
        port: None where none is said.
        scheme: of a URL; empty elsewhere.
    """

    host: str
    port: int | None = None
    scheme: str = ""

    @property
    def usual_port(self) -> int | None:
        """The port that the URL's scheme stands for."""
        return _SCHEME_PORTS.get(self.scheme)

    def __str__(self) -> str:
        """As a person writes it."""
        return f"{self.host}:{self.port}" if self.port else self.host


@lru_cache(maxsize=1024)
def addresses_in(text: str) -> tuple[Address, ...]:
    """The hosts in a text: of URLs, with a port (`db:5432`), or with a dot (`db.shop`)."""
    if "\n" in text:
        text = _COMMENT.sub("", text)
    found = [Address(host, int(port) if port else None, scheme) for scheme, host, port in _URL.findall(text)]
    found += [Address(host, int(port) if port else None) for host, port in _NAME.findall(text) if port or "." in host]
    return tuple(dict.fromkeys(found))


def bare_names_in(variable: str, value: str, port: str = "") -> Iterator[Address]:
    """The single words of a variable's value, if the variable's name says that it is an address.

    Args:
        variable: its name.
        value: its value.
        port: the value of the variable beside it that is named as its port; empty if there is none.
    """
    if is_address(variable):
        for word in re.split(r"[,;\s]+", value):
            if _WORD.fullmatch(word) and "." not in word:
                yield Address(word, int(port) if is_number(port) else None)


def is_number(text: str) -> bool:
    """Whether a text may be a port's number."""
    return _NUMBER.fullmatch(text) is not None


def port_variable(variable: str) -> str:
    """The name of the variable in which a host's port stands: `DB_PORT` beside `DB_HOST`; empty if there is none."""
    prefix, _, last = variable.rpartition("_")
    return f"{prefix}_PORT" if prefix and last in _ADDRESS_WORDS else ""


def is_address(variable: str) -> bool:
    """Whether a variable's or flag's name says that it is an address: `DB_HOST`, `--upstream`, `spring.redis.url`."""
    parts = [part.rstrip("0123456789") for part in re.split(r"[._-]+", variable.upper()) if part]
    return bool(parts) and parts[-1] in _ADDRESS_WORDS and not _NOT_CALLED & set(parts)


def is_host(variable: str) -> bool:
    """Whether a variable's name says that it is somebody's host name: `DB_HOST`, but not the own `HOSTNAME`."""
    return is_address(variable) and variable.upper().endswith(("_HOST", "_HOSTS", "_HOSTNAME"))
