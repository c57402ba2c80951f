"""Spelling: what says the same in other words: amounts, durations, schedules, lists whose order means nothing."""

import math
import re
from collections.abc import Mapping, Sequence, Set
from decimal import Decimal
from itertools import takewhile
from typing import Any, Final, TypeAlias

from vkm_manifests.graph.quantity import quantity

Path: TypeAlias = tuple[str, ...]
"""The way to a field: keys, and `[name]` for an item of a list."""

_Key: TypeAlias = tuple[str, ...]
"""The fields that together tell an item from the others, with dots for what lies below."""

# Lists by what tells their items apart, where their order means nothing: Kubernetes' x-kubernetes-list-map-keys
# (v1.37), and lists that it replaces as a whole but reads as if they had keys. Of several keys, the first counts whose
# fields are all there.
_KEYED: Final[Mapping[str, tuple[_Key, ...]]] = {
    "containers": (("name",),),
    "env": (("name",),),
    "ephemeralContainers": (("name",),),
    "volumes": (("name",),),
    "volumeMounts": (("mountPath",),),
    "volumeDevices": (("devicePath",),),
    "volumeClaimTemplates": (("metadata.name",),),
    "imagePullSecrets": (("name",),),
    "hostAliases": (("ip",),),
    "topologySpreadConstraints": (("topologyKey", "whenUnsatisfiable"),),
    "resourceClaims": (("name",),),
    "schedulingGates": (("name",),),
    "secrets": (("name",),),
    "matchConditions": (("name",),),
    "ownerReferences": (("uid",),),
    "items": (("key", "path"), ("path",)),
    "sysctls": (("name",),),
    "subjects": (("kind", "namespace", "name"), ("kind", "name")),
    "webhooks": (("name",),),
    "versions": (("name",),),
    "paths": (("path", "pathType"), ("path",)),
    "tls": (("secretName",),),
    # An Ingress's by host; those of Prometheus by name.
    "rules": (("host",), ("alert",), ("record",)),
    "groups": (("name",),),
    "routes": (("match",),),
    "services": (("namespace", "name", "port"), ("name", "port"), ("name",)),
    "data": (("secretKey",),),
    "endpoints": (("dnsName", "recordType"), ("dnsName",), ("port", "path"), ("targetPort", "path")),
    "podMetricsEndpoints": (("port", "path"), ("targetPort", "path")),
    "dashboards": (("name",),),
    "scrape_configs": (("job_name",),),
    "targets": (("refId",),),
}
# Lists of which each item is a whole, and whose order means nothing. In a document such a name may be anything.
_SETS: Final = frozenset(
    (
        "accessModes",
        "add",
        "allowedSourceRanges",
        "apiGroups",
        "apiVersions",
        "audiences",
        "dnsNames",
        "dnsZones",
        "domains",
        "drop",
        "egress",
        "entryPoints",
        "except",
        "externalIPs",
        "finalizers",
        "from",
        "groups",
        "hosts",
        "httpHeaders",
        "ingress",
        "ipAddressPools",
        "ipAddresses",
        "loadBalancerSourceRanges",
        "matchExpressions",
        "matchFields",
        "matchLabelKeys",
        "matchNames",
        "metrics",
        "namespaces",
        "nodeSelectorTerms",
        "nonResourceURLs",
        "operations",
        "policies",
        "policyTypes",
        "preferredDuringSchedulingIgnoredDuringExecution",
        "readinessGates",
        "requiredDuringSchedulingIgnoredDuringExecution",
        "resourceNames",
        "resources",
        "rules",
        "scopes",
        "sourceRange",
        "sources",
        "supplementalGroups",
        "taints",
        "targets",
        "to",
        "tolerations",
        "uris",
        "usages",
        "values",
        "verbs",
    )
)
# What tells items apart in lists that are not known; their order may mean something.
_NAMES: Final[tuple[_Key, ...]] = (("name",), ("job_name",), ("refId",), ("id",), ("uid",))
_VARIABLE: Final = re.compile(r"(?<!\$)\$\(([^()]+)\)")


def item_keys(path: Path, items: Sequence[Any]) -> list[str] | None:
    """What tells each item of the list at a path from the others; None where its place in the list does.

    >>> item_keys(("env",), [{"name": "A"}, {"name": "B"}, {"name": "A"}])
    ['[A]', '[B]', '[A 2]']
    """
    found: dict[str, None] = {}
    for item in items:
        key = _key(path[-1] if path else "", item)
        if key is None:
            return None
        name, count = key, 1
        while f"[{name}]" in found:
            count += 1
            name = f"{key} {count}"
        found[f"[{name}]"] = None
    return list(found)


def _key(name: str, item: Any) -> str | None:
    if not isinstance(item, Mapping) or name in ("args", "command"):
        return None
    if name == "ports":
        return _port(item)
    for fields in _KEYED.get(name, _NAMES):
        values = [_below(item, field) for field in fields]
        if all(isinstance(value, (str, int)) and not isinstance(value, bool) for value in values):
            return " ".join(map(str, values))
    # An Ingress's rule for all hosts.
    return "*" if name == "rules" and "http" in item else None


def _port(item: Mapping[str, Any]) -> str | None:
    """A port of a container, a Service or a policy."""
    number = item.get("containerPort", item.get("port", "any"))
    if isinstance(number, bool) or not isinstance(number, (str, int)):
        return None
    protocol = item.get("protocol", "TCP")
    return f"{number}" if protocol == "TCP" else f"{number}/{protocol}"


def _below(item: Any, field: str) -> Any:
    for step in field.split("."):
        item = item.get(step) if isinstance(item, Mapping) else None
    return item


def is_set(path: Path, in_document: bool) -> bool:
    """Whether a list at a path is a set: each of its items is a whole, and their order means nothing."""
    if not path or in_document or path[-1] not in _SETS:
        return False
    # Of RBAC and of webhooks; of what else has rules, the first that fits may count.
    return path[-1] != "rules" or path == ("rules",) or path[0] == "webhooks"


def is_reordered(path: Path, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether the items that two lists at a path have in common stand in another order, and that means something."""
    name = path[-1] if path else ""
    both = old.keys() & new.keys()
    if name == "env":
        known = ([_refers(side, key, both) for key in sorted(both) if old[key] == new[key]] for side in (old, new))
        return next(known) != next(known)
    if name in _KEYED or name == "ports":
        return False
    return [key for key in old if key in both] != [key for key in new if key in both]


def _refers(variables: Mapping[str, Any], key: str, known: Set[str]) -> list[str]:
    """The variables that the value of one names and that stand before it, so that it gets their values (Kubernetes)."""
    value = _below(variables[key], "value")
    named = [f"[{name}]" for name in _VARIABLE.findall(value)] if isinstance(value, str) else []
    before = set(takewhile(lambda other: other != key, variables)) if named else set()
    return [name for name in named if name in before and name in known]


# The last key before an amount; of a LimitRange, and of what a HorizontalPodAutoscaler aims at.
_AMOUNTS: Final = frozenset(("capacity", "hard", "limits", "podFixed", "requests"))
_LIMIT_RANGE: Final = frozenset(("default", "defaultRequest", "max", "maxLimitRequestRatio", "min"))
_AMOUNT_KEYS: Final = frozenset(("averageValue", "divisor", "sizeLimit"))
_DURATION_KEY: Final = re.compile(
    r"for|keep_firing_for|keepFiringFor|renewBefore|(.*[a-z]_?)?([Ii]nterval|[Tt]imeout|[Dd]uration|[Pp]eriod|[Rr]etention|[Tt]tl|TTL|wait)"
)
# In these, a text is what it is.
_VERBATIM: Final = frozenset(("annotations", "env", "labels", "matchLabels", "selector"))
CRON_MACROS: Final = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
"""Names of schedules, to what they stand for (cron)."""


def is_same(old: Any, new: Any, path: Path, in_document: bool = False) -> bool:
    """Whether two values that are no mappings and no lists say the same at a path."""
    if type(old) is type(new) and (old == new or (isinstance(old, float) and math.isnan(old) and math.isnan(new))):
        return True
    if not _is_scalar(old) or not _is_scalar(new):
        return False
    if not in_document and _is_amount(path):
        before = quantity(old)
        return before is not None and before == quantity(new)
    key = path[-1] if path else ""
    if not isinstance(old, str) or not isinstance(new, str) or _VERBATIM & set(path[:-1]):
        return False
    if not in_document and path[:1] == ("spec",) and key in ("schedule", "cron"):
        return _schedule(old) == _schedule(new)
    if _DURATION_KEY.fullmatch(key) and (in_document or path[0] != "data"):
        length = seconds(old)
        return length is not None and length == seconds(new)
    return False


def _is_scalar(value: Any) -> bool:
    return isinstance(value, (str, int, float)) and not isinstance(value, bool)


def _is_amount(path: Path) -> bool:
    if path[:1] != ("spec",) or len(path) < 3:
        return False
    in_limit_range = len(path) == 5 and path[1] == "limits" and path[3] in _LIMIT_RANGE
    return path[-2] in _AMOUNTS or path[-1] in _AMOUNT_KEYS or in_limit_range


def _schedule(text: str) -> str:
    words = " ".join(text.split())
    return CRON_MACROS.get(words, words)


_UNIT: Final = r"(\d{1,30}(?:\.\d{1,30})?)(ms|us|µs|ns|[smhdwy])"
_DURATION: Final = re.compile(rf"(?:{_UNIT})+")
_DURATION_PART: Final = re.compile(_UNIT)
_SECONDS: Final = {
    "ns": Decimal("1e-9"),
    "us": Decimal("1e-6"),
    "µs": Decimal("1e-6"),
    "ms": Decimal("1e-3"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
    "d": Decimal(86_400),
    "w": Decimal(604_800),
    "y": Decimal(31_536_000),
}


def seconds(text: str) -> Decimal | None:
    """A duration such as `1h30m` in seconds; None for what is none.

    >>> seconds("1h30m"), seconds("90m0s"), seconds("soon")
    (Decimal('5400'), Decimal('5400'), None)
    """
    if text == "0":
        return Decimal(0)
    if not _DURATION.fullmatch(text):
        return None
    return sum((Decimal(number) * _SECONDS[unit] for number, unit in _DURATION_PART.findall(text)), Decimal(0))
