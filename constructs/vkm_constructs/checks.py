"""The rules that several arguments share: names, ports, sizes, paths, schedules. Each notes a problem, none raises."""

import ipaddress
import re
import shlex
from collections.abc import Sequence
from functools import cache
from typing import Final

from cdk8s_plus_27 import k8s

from vkm_constructs.errors import Checks

# Services want a letter first until Kubernetes 1.34 (RFC 1035), and everything here may get one.
_LABEL: Final = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_SUBDOMAIN: Final = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_HOST: Final = re.compile(r"([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?\.)+[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
_PORT_NAME: Final = re.compile(r"(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*")
_FIELD: Final = r"(\*|\d+(-\d+)?)(/\d+)?(,(\*|\d+(-\d+)?)(/\d+)?)*"
_CRON: Final = re.compile(rf"{_FIELD}( {_FIELD}){{4}}")
_DURATION: Final = re.compile(r"(?=.*[1-9])(\d+w)?(\d+d)?(\d+h)?(\d+m)?(\d+s)?(\d+ms)?")
_CRON_BOUNDS: Final = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 6))
_CPU: Final = re.compile(r"[1-9]\d*m?")
_SIZE: Final = re.compile(r"([1-9]\d*)([KMGT]i)")
_BYTES: Final = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "Ti": 2**40}


def check_name(check: Checks, argument: str, value: str, *, limit: int = 63) -> None:
    """A DNS label, as Kubernetes wants it for names that become labels, Services and host names."""
    if _LABEL.fullmatch(value) and len(value) <= limit:
        return
    why = f"has {len(value)} characters" if len(value) > limit else "is not a name that Kubernetes accepts"
    likely = re.sub(r"[^a-z0-9]+", "-", value.lower()).lstrip("-0123456789")[:limit].strip("-") or "app"
    check.refuse(
        argument,
        value,
        why,
        accepted=f"at most {limit} of a-z, 0-9 and -, first a letter, last a letter or digit (DNS label, RFC 1035)",
        fix=f'{argument}="{likely}"',
    )


def check_reference(check: Checks, argument: str, value: str) -> None:
    """The name of something that was made elsewhere: a DNS subdomain."""
    if not _SUBDOMAIN.fullmatch(value) or len(value) > 253:
        check.refuse(
            argument,
            value,
            "is not a name that Kubernetes accepts",
            accepted="a-z, 0-9, - and ., a letter or digit at both ends (DNS subdomain, RFC 1123)",
            fix="the name as the cluster has it",
        )


def check_port_name(check: Checks, argument: str, value: str) -> None:
    """The name of a port."""
    if not _PORT_NAME.fullmatch(value) or len(value) > 15:
        check.refuse(
            argument,
            value,
            "is not a port's name",
            accepted="at most 15 of a-z, 0-9 and single -, with a letter (RFC 6335)",
            fix=f'"{_likely_port_name(value)}"',
        )


def _likely_port_name(value: str) -> str:
    bare = re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")
    return (f"port-{bare}" if bare.isdigit() else bare)[:15].strip("-") or "http"


def check_argv(check: Checks, argument: str, value: Sequence[str], *, empty: bool = True) -> None:
    """A program and its arguments: a list, each part by itself."""
    accepted = "a list of texts: the program, then each argument"
    if isinstance(value, str):
        check.refuse(argument, value, "is one text", accepted=accepted, fix=f"{argument}={shlex.split(value)!r}")
    elif not all(isinstance(part, str) for part in value):
        check.refuse(argument, list(value), "has parts that are not text", accepted=accepted, fix='"5", not 5')
    elif not value and not empty:
        check.refuse(argument, [], "runs nothing", accepted=accepted, fix=f'{argument}=["rake", "db:migrate"]')


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
    decimal = re.fullmatch(r"([1-9]\d*)\s*([kKmMgGtT])[iI]?[bB]?", value)
    check.refuse(
        argument,
        value,
        "is not a size",
        accepted='a whole number above 0 of Ki, Mi, Gi or Ti, such as "10Gi"',
        fix=f'{argument}="{decimal[1]}{decimal[2].upper()}i"' if decimal else f'{argument}="10Gi"',
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
            fix=f'"{_likely_cpu(value)}"',
        )


def _likely_cpu(value: str) -> str:
    return f"{round(float(value) * 1000)}m" if re.fullmatch(r"\d*\.\d+", value) and float(value) > 0 else "100m"


def check_path(check: Checks, argument: str, value: str) -> None:
    """An absolute path inside a container."""
    likely = "/" + "/".join(_parts(value.replace(":", "-")))
    if value == "/" or value != likely:
        check.refuse(
            argument,
            value,
            "is not a path that can be mounted",
            accepted="an absolute path below /, without . and .. and :, single slashes, none at its end",
            fix=f'"{likely if likely != "/" else "/tmp"}"',
        )


def check_sub_path(check: Checks, argument: str, value: str) -> None:
    """A path inside a volume."""
    if value != "/".join(_parts(value)):
        check.refuse(
            argument,
            value,
            "is not a path inside a volume",
            accepted="a relative path without . and ..",
            fix=f'{argument}="{"/".join(_parts(value)) or "data"}"',
        )


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".", "..")]


def check_host(check: Checks, argument: str, value: str) -> None:
    """A full host name (no wildcard, no port, no scheme)."""
    if not _HOST.fullmatch(value) or len(value) > 253:
        check.refuse(
            argument,
            value,
            "is not a host name",
            accepted="a full host name in lower case, without scheme, port or path",
            fix=f'{argument}="{_likely_host(value)}"',
        )


def _likely_host(value: str) -> str:
    bare = re.sub(r"^[a-z]+://|[:/].*$", "", value.lower().strip())
    return bare if _HOST.fullmatch(bare) else "wiki.example.com"


def check_duration(check: Checks, argument: str, value: str) -> None:
    """A duration in Prometheus's form."""
    if not _DURATION.fullmatch(value):
        check.refuse(
            argument,
            value,
            "is not a duration",
            accepted='numbers with ms, s, m, h, d or w, the largest first: "30s", "1h30m"',
            fix=f'"{value}s"' if value.isdigit() and value != "0" else '"30s"',
        )


def check_cron(check: Checks, argument: str, value: str) -> None:
    """A schedule, as Kubernetes and Longhorn both read it."""
    if not _CRON.fullmatch(value) or not all(map(_in_bounds, value.split(), _CRON_BOUNDS)):
        check.refuse(
            argument,
            value,
            "is not a cron expression",
            accepted="minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-6, with * - , and / as cron has them",
            fix=f'{argument.rpartition(".")[2]}="0 2 * * *"',
        )


def _in_bounds(field: str, bounds: tuple[int, int]) -> bool:
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        numbers = [int(number) for number in (first, last) if number.isdigit()]
        if (
            (step and not int(step))
            or numbers != sorted(numbers)
            or any(not bounds[0] <= n <= bounds[1] for n in numbers)
        ):
            return False
    return True


def check_at_least(check: Checks, argument: str, value: int, minimum: int) -> None:
    """A whole number with a lower bound."""
    accepted = f"a whole number from {minimum}"
    if isinstance(value, bool) or not isinstance(value, int):
        likely = int(value) if isinstance(value, str) and value.isdigit() else max(minimum, 1)
        check.refuse(argument, value, "is not a whole number", accepted=accepted, fix=f"{argument}={likely}")
    elif value < minimum:
        check.refuse(argument, value, "is too small", accepted=accepted, fix=f"{argument}={max(minimum, 1)}")


def check_some(check: Checks, argument: str, values: Sequence[object], fix: str) -> None:
    """Not nothing: where Kubernetes takes an empty list for "all"."""
    if not values:
        check.refuse(argument, list(values), "would open all of them", accepted="at least one", fix=fix)


def check_networks(check: Checks, argument: str, cidrs: Sequence[str]) -> None:
    """Address blocks, at least one."""
    if isinstance(cidrs, str):
        check.refuse(argument, cidrs, "is one text", accepted="a list of CIDR blocks", fix=f'{argument}=["{cidrs}"]')
        return
    check_some(check, argument, cidrs, f'{argument}=["10.0.0.0/8"]')
    for cidr in cidrs:
        if not _is_network(cidr):
            check.refuse(
                argument,
                cidr,
                "is not a network",
                accepted='a CIDR block such as "10.0.0.0/8"; a single address is "10.1.2.3/32"',
                fix=_likely_network(cidr),
            )


def check_within(check: Checks, excluding: Sequence[str], cidrs: Sequence[str]) -> None:
    """Each block to be left out is a part of one that is let in."""
    for block in excluding:
        if _is_network(block) and all(map(_is_network, cidrs)) and not any(within(block, cidr) for cidr in cidrs):
            check.refuse(
                "excluding",
                block,
                f"is no part of {', '.join(cidrs)}",
                accepted="blocks smaller than one of cidrs, and inside of it",
                fix="leave it out: it is not reached anyway",
            )


def within(block: str, cidr: str) -> bool:
    """Whether a network is a part of another, and not all of it."""
    inner, outer = ipaddress.ip_network(block), ipaddress.ip_network(cidr)
    if isinstance(inner, ipaddress.IPv4Network) and isinstance(outer, ipaddress.IPv4Network):
        return inner != outer and inner.subnet_of(outer)
    if isinstance(inner, ipaddress.IPv6Network) and isinstance(outer, ipaddress.IPv6Network):
        return inner != outer and inner.subnet_of(outer)
    return False


def _is_network(cidr: str) -> bool:
    try:
        return str(ipaddress.ip_network(cidr)) == cidr
    except ValueError:
        return False


def _likely_network(cidr: str) -> str:
    try:
        return f'"{ipaddress.ip_network(cidr, strict=False)}"'
    except ValueError:
        return '"10.0.0.0/8"'


@cache
def quantity(value: str) -> k8s.Quantity:
    """Kubernetes's Quantity. Shared: each one costs a call into jsii."""
    return k8s.Quantity.from_string(value)


@cache
def int_or_string(value: int | str) -> k8s.IntOrString:
    """Kubernetes's IntOrString. Shared: each one costs a call into jsii."""
    return k8s.IntOrString.from_number(value) if isinstance(value, int) else k8s.IntOrString.from_string(value)
