"""Gains: what a change adds to the system, takes from it, and alters in it, sort by sort, for a short table."""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import compress, count
from typing import Final, Literal, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.secrets import secrets_of
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.reachable import ends_of, former_names, is_known_by_labels, new_ports, reachable, rows
from vkm_manifests.review.requests import backends, hosts_in, requests

Sort: TypeAlias = Literal["connection", "host", "certificate", "secret key", "volume", "alert"]
"""What can be gained or lost."""

Turn: TypeAlias = Literal["added", "removed", "changed"]
"""What becomes of it."""


@dataclass(frozen=True, slots=True)
class Gain:
    """One thing that comes, goes, or is not what it was.

    Attributes:
        sort: what it is.
        change: what becomes of it.
        name: what a reader calls it.
        old: what it was; empty where it is added.
        new: what it is; empty where it is removed.
    """

    sort: Sort
    change: Turn
    name: str
    old: str
    new: str


_Things: TypeAlias = Mapping[str, tuple[str, ...]]
"""What is there by name, in parts, as many for all of a sort."""


# As much of a condition as a table's cell has room for.
_SHORT: Final = 60


@dataclass(frozen=True, slots=True)
class _Alert:
    words: str
    condition: str


def gains(comparison: Comparison) -> tuple[Gain, ...]:
    """What comes, goes, and is not what it was: connections, hosts, certificates, Secrets' keys, volumes, alerts."""
    found = [*_connections(comparison)]
    for sort, things in _SORTS.items():
        found += _compared(sort, things(comparison.old), things(comparison.new))
    return (*found, *_alerts_compared(_alerts(comparison.old), _alerts(comparison.new)))


def _compared(sort: Sort, old: _Things, new: _Things) -> Iterator[Gain]:
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before is None:
            yield Gain(sort, "added", name, "", _told(new[name]))
        elif after is None:
            yield Gain(sort, "removed", name, _told(before), "")
        elif before != after:
            # What is the same in both is left out.
            differs = [one != other for one, other in zip(before, after, strict=True)]
            yield Gain(sort, "changed", name, _told(compress(before, differs)), _told(compress(after, differs)))


def _told(parts: Iterable[str]) -> str:
    return " ".join(filter(None, parts))


def _connections(comparison: Comparison) -> Iterator[Gain]:
    """The ways that are open on one side only; one that is open on other ports shows those that came or went."""
    old, new = comparison.old, comparison.new
    former = former_names(comparison)
    renamed = {before: after for after, before in former.items()}
    for name, ports in sorted(_only_in(new, old, renamed).items()):
        yield Gain("connection", "added", name, "", ports)
    for name, ports in sorted(_only_in(old, new, former).items()):
        yield Gain("connection", "removed", name, ports, "")


def _only_in(graph: Graph, other: Graph, names: Mapping[str, str]) -> Mapping[str, str]:
    """`who → whom` to the ports: of a whole namespace, where all of it is open in one graph only.

    `names` are those of the other graph that are others here.
    """
    known = {(names.get(a, a), names.get(b, b)): ports for (a, b), ports in reachable(other).items()}
    found = {}
    for row in rows(graph):
        open_on = set(row.port.split(", "))
        fresh = {ends: new_ports(known.get(ends, set()), open_on) for ends in ends_of(graph, row)}
        if len({tuple(ports) for ports in fresh.values()}) == 1:
            fresh = {(row.source, row.target): next(iter(fresh.values()))}
        for (source, target), left in fresh.items():
            if left and not is_known_by_labels(other, (source, target), left):
                found[f"{source} → {target}"] = ", ".join(left)
    return found


def _hosts(graph: Graph) -> _Things:
    """Each host that is routed, with its path, to the Services behind it."""
    found: dict[str, set[str]] = {}
    for route, taken in requests(graph).items():
        for request in taken:
            place = f"{request.field.rpartition('.')[0]}."
            services = {
                f"{lead.namespace}/{lead.name}" + (f":{lead.key}" if lead.key else "")
                for lead in backends(graph).get(route, ())
                if lead.field.startswith(place)
            }
            for host in hosts_in(request.branch):
                found.setdefault(host, set()).update(services)
    return {host: (", ".join(sorted(services)),) for host, services in found.items()}


def _certificates(graph: Graph) -> _Things:
    found = {}
    for certificate in graph.of_kind("Certificate"):
        hosts = ", ".join(sorted(shape.texts(certificate.spec, "dnsNames"))) or shape.text(
            certificate.spec, "commonName"
        )
        issuer = shape.text(certificate.spec, "issuerRef", "name")
        found[f"{certificate.namespace}/{certificate.name}"] = hosts, f"by {issuer}" if issuer else ""
    return found


def _secret_keys(graph: Graph) -> _Things:
    found: dict[str, tuple[str]] = {}
    for resource in graph.of_kind("ExternalSecret", "SealedSecret", "Secret"):
        sources = dict(_sources(resource))
        for namespace, name, keys in secrets_of(resource):
            for key in sorted(keys) if keys is not None else ["*"]:
                found[f"{namespace}/{name}[{key}]"] = (sources.get(key) or sources.get("*") or _maker(resource),)
    return found


def _maker(resource: Resource) -> str:
    return "the manifests" if resource.kind == "Secret" else f"{resource.kind} {resource.name}"


def _sources(resource: Resource) -> Iterator[tuple[str, str]]:
    """The keys of a Secret that are fetched, to where they are from; `*` for those that the store names."""
    store = shape.text(resource.spec, "secretStoreRef", "name")
    for item in shape.mappings(resource.spec, "data"):
        of_item = shape.text(item, "sourceRef", "storeRef", "name") or store
        remote = ".".join(
            filter(None, (shape.text(item, "remoteRef", "key"), shape.text(item, "remoteRef", "property")))
        )
        yield shape.text(item, "secretKey"), f"{of_item}: {remote}"
    for item in shape.mappings(resource.spec, "dataFrom"):
        yield "*", f"{store}: {shape.text(item, 'extract', 'key') or 'whatever it finds'}"


def _volumes(graph: Graph) -> _Things:
    found = {}
    for claim in graph.of_kind("PersistentVolumeClaim"):
        found[f"{claim.namespace}/{claim.name}"] = _size_and_class(claim.spec)
    for workload in graph.of_kind("StatefulSet"):
        for template in shape.mappings(workload.spec, "volumeClaimTemplates"):
            name = f"{shape.text(template, 'metadata', 'name')}-{workload.name}-*"
            found[f"{workload.namespace}/{name}"] = _size_and_class(shape.mapping(template, "spec"))
    return found


def _size_and_class(spec: Mapping[str, object]) -> tuple[str, str]:
    size = shape.dig(spec, "resources", "requests", "storage")
    return _size(size), shape.text(spec, "storageClassName")


def _size(value: object) -> str:
    """A size in the largest unit in which it is a whole number, so that its spelling is no difference."""
    amount = quantity(value)
    if amount is None:
        return "" if value is None else str(value)
    for unit, power in (("Ti", 40), ("Gi", 30), ("Mi", 20), ("Ki", 10)):
        if amount and amount % 2**power == 0:
            return f"{amount // 2**power}{unit}"
    return str(value)


def _alerts_compared(old: Mapping[str, _Alert], new: Mapping[str, _Alert]) -> Iterator[Gain]:
    """A condition shows from where it differs; one that is long after that stands in the diff."""
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        if before is None:
            yield Gain("alert", "added", name, "", new[name].words)
        elif after is None:
            yield Gain("alert", "removed", name, before.words, "")
        elif before != after:
            parts = [_apart(before.condition, after.condition)] if before.condition != after.condition else []
            if before.words != after.words:
                parts.insert(0, (before.words, after.words))
            was, now = (", ".join(filter(None, side)) for side in zip(*parts, strict=True))
            yield Gain("alert", "changed", name, was, now)


def _apart(before: str, after: str) -> tuple[str, str]:
    """Two conditions, if they are long from the word before the first that differs: the thresholds, as a rule."""
    if max(len(before), len(after)) >= _SHORT:
        old, new = before.split(), after.split()
        same = next(
            (i for i, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
        )
        before, after = (" ".join(("…", *words[max(0, same - 1) :])) for words in (old, new))
    return (before, after) if max(len(before), len(after)) < _SHORT else ("", "another condition")


def _alerts(graph: Graph) -> Mapping[str, _Alert]:
    found: dict[str, _Alert] = {}
    for resource in graph.of_kind("PrometheusRule"):
        for group in shape.mappings(resource.spec, "groups"):
            for rule in shape.mappings(group, "rules"):
                if alert := shape.text(rule, "alert"):
                    found[_free(f"{resource.namespace}/{resource.name}: {alert}", found)] = _alert(rule)
    return found


def _free(name: str, taken: Container[str]) -> str:
    """The name, with a number if another alert has it: one for each severity may."""
    return next(free for number in count(1) if (free := f"{name} ({number})" if number > 1 else name) not in taken)


def _alert(rule: Mapping[str, object]) -> _Alert:
    held = shape.text(rule, "for")
    words = filter(None, (shape.text(rule, "labels", "severity"), held and f"for {held}"))
    return _Alert(" ".join(words), " ".join(str(rule.get("expr", "")).split()))


_SORTS: Final[Mapping[Sort, Callable[[Graph], _Things]]] = {
    "host": _hosts,
    "certificate": _certificates,
    "secret key": _secret_keys,
    "volume": _volumes,
}
