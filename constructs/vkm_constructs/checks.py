"""The rules that several arguments share: names, ports, sizes, paths. Each notes a problem, none raises."""

import re
from functools import cache
from typing import Final

from cdk8s_plus_27 import k8s

from vkm_constructs.errors import Checks

_LABEL: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?")
_HOST: Final = re.compile(r"([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]([-a-z0-9]*[a-z0-9])?")
_CPU: Final = re.compile(r"[1-9]\d*m?")
_SIZE: Final = re.compile(r"([1-9]\d*)([KMGT]i)")
_BYTES: Final = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def check_name(check: Checks, argument: str, value: str, *, limit: int = 63) -> None:
    """A DNS label, as Kubernetes wants it for names that become labels, Services and host names."""
    if _LABEL.fullmatch(value) and len(value) <= limit:
        return
    why = f"has {len(value)} characters" if len(value) > limit else "is not a name that Kubernetes accepts"
    likely = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")[:limit].strip("-") or "app"
    check.refuse(
        argument,
        value,
        why,
        accepted=f"at most {limit} of a-z, 0-9 and -, a letter or digit at both ends (DNS label, RFC 1123)",
        fix=f'{argument}="{likely}"',
    )


def check_port(check: Checks, argument: str, value: int) -> None:
    """A TCP port."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 65535:
        check.refuse(
            argument, value, "is not a port", accepted="a whole number from 1 to 65535", fix=f"{argument}=8080"
        )


def check_size(check: Checks, argument: str, value: str) -> int:
    """A size in binary units; returns its bytes (0 for one that is refused)."""
    found = _SIZE.fullmatch(value)
    if found:
        return int(found[1]) * _BYTES[found[2]]
    decimal = re.fullmatch(r"([1-9]\d*)\s*([KMGT])i?[Bb]?", value)
    check.refuse(
        argument,
        value,
        "is not a size",
        accepted='a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"',
        fix=f'{argument}="{decimal[1]}{decimal[2]}i"' if decimal else f'{argument}="10Gi"',
    )
    return 0


def check_cpu(check: Checks, argument: str, value: str) -> None:
    """A CPU quantity."""
    if not _CPU.fullmatch(value):
        check.refuse(
            argument,
            value,
            "is not an amount of CPU",
            accepted='whole cores ("2") or thousandths of a core ("100m"), above 0',
            fix=f'{argument}="100m"',
        )


def check_path(check: Checks, argument: str, value: str) -> None:
    """An absolute path inside a container."""
    if not value.startswith("/") or value == "/" or ".." in value.split("/") or value != value.rstrip("/"):
        likely = "/" + "/".join(part for part in value.split("/") if part not in ("", ".."))
        check.refuse(
            argument,
            value,
            "is not a path that can be mounted",
            accepted="an absolute path below /, without .. and without a slash at its end",
            fix=f'"{likely if likely != "/" else "/tmp"}"',
        )


def check_host(check: Checks, argument: str, value: str) -> None:
    """A full host name (no wildcard, no port, no scheme)."""
    if not _HOST.fullmatch(value) or len(value) > 253:
        check.refuse(
            argument,
            value,
            "is not a host name",
            accepted="a full host name in lower case, without scheme, port or path",
            fix=f'{argument}="wiki.example.com"',
        )


def check_at_least(check: Checks, argument: str, value: int, minimum: int) -> None:
    """A whole number with a lower bound."""
    if isinstance(value, bool) or not isinstance(value, int) or value < minimum:
        check.refuse(
            argument, value, "is too small", accepted=f"a whole number from {minimum}", fix=f"{argument}={minimum}"
        )


def size_in_bytes(size: str) -> int:
    """The bytes of a size that was checked."""
    found = _SIZE.fullmatch(size)
    if not found:
        raise ValueError(f"{size!r} was not checked")
    return int(found[1]) * _BYTES[found[2]]


@cache
def quantity(value: str) -> k8s.Quantity:
    """Kubernetes's Quantity. Shared: each one costs a call into jsii."""
    return k8s.Quantity.from_string(value)


@cache
def int_or_string(value: int | str) -> k8s.IntOrString:
    """Kubernetes's IntOrString. Shared: each one costs a call into jsii."""
    return k8s.IntOrString.from_number(value) if isinstance(value, int) else k8s.IntOrString.from_string(value)
