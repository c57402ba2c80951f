"""Everything that one slip can break in manifests, made from the manifests themselves."""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from tests.conftest import Manifest
from vkm_manifests import Identity

Path: TypeAlias = tuple[str | int, ...]

GONE: Final = object()
"""In place of a value: it is removed."""


@dataclass(frozen=True)
class Mutant:
    """One slip.

    Attributes:
        sort: which sort of slip it is.
        identity: of the object that has it.
        path: where in the object; empty for the object as a whole.
        value: what stands there now.
    """

    sort: str
    identity: Identity
    path: Path
    value: Any

    def __str__(self) -> str:
        """Such as `port  shop/Service/web  spec/ports/0/port = 81`."""
        value = "removed" if self.value is GONE else self.value
        return f"{self.sort}  {self.identity}  {'/'.join(map(str, self.path))} = {value}"

    def apply(self, manifests: Sequence[Manifest]) -> list[Manifest]:
        """The manifests with the slip; those that it is not about are the same objects."""
        index = next(i for i, manifest in enumerate(manifests) if Identity.of(manifest) == self.identity)
        if not self.path:
            return [*manifests[:index], *manifests[index + 1 :]]
        changed = copy.deepcopy(manifests[index])
        *parents, last = self.path
        place: Any = changed
        for step in parents:
            place = place[step]
        if self.value is GONE:
            del place[last]
        else:
            place[last] = self.value
        return [*manifests[:index], changed, *manifests[index + 1 :]]


def mutants(manifests: Sequence[Manifest]) -> list[Mutant]:
    """Every slip of every sort, in a fixed order."""
    names = {Identity.of(manifest).name for manifest in manifests}
    found = []
    for manifest in manifests:
        identity = Identity.of(manifest)
        found.append(Mutant("object", identity, (), GONE))
        for path, value in _leaves(manifest):
            found += [Mutant(sort, identity, at, new) for sort, at, new in _slips(path, value, names)]
    return list(dict.fromkeys(found))


def _slips(path: Path, value: Any, names: set[str]) -> Iterator[tuple[str, Path, Any]]:
    key, place = path[-1], path[:-1]
    if path[:2] == ("metadata", "annotations") or path[0] in ("data", "apiVersion", "kind", "status"):
        return
    if path[:2] == ("metadata", "labels"):
        if str(key).startswith("pod-security.kubernetes.io/enforce"):
            yield "security", path, "privileged"
        if str(key).startswith("recurring-job-group."):
            yield "reference", (*place, f"{key}x"), value
        return
    if path[0] == "metadata":
        return
    if "labels" in place or "matchLabels" in place or path[:2] == ("spec", "selector"):
        yield "label", path, f"{value}x"
        return
    if "securityContext" in place:
        yield "security", path, (not value) if isinstance(value, bool) else GONE
        return
    if isinstance(value, int) and not isinstance(value, bool) and str(key).lower().endswith("port"):
        yield "port", path, value + 1
    elif key in ("port", "targetPort") or (key == "name" and "ports" in place):
        yield "port", path, f"{value}x"
    elif key in ("key", "secretKey", "subPath", "mountPath"):
        yield str(key), path, f"{value}x"
    elif key == "image" and isinstance(value, str):
        yield "image", path, value.partition(":")[0]
    elif key == "expr":
        yield "promql", path, f"{value} ) ("
        yield from (("job", path, re.sub(r'job="([^"]+)"', r'job="\1x"', str(value))),) if 'job="' in str(value) else ()
    elif key == "match" and isinstance(value, str):
        yield "host", path, value.replace("Host(`", "Host(`x")
        yield "host", path, value.replace("`)", "`")
    elif isinstance(value, str) and (value in names or "volumeMounts" in place or key == "claimName"):
        yield "reference", path, f"{value}x"
    elif isinstance(value, str) and (key in ("dnsNames", "dnsName") or "dnsNames" in place):
        yield "host", path, f"x{value}"
    elif isinstance(value, str) and key in ("cron", "schedule"):
        yield "cron", path, f"{value} 61"
    elif isinstance(value, str) and ("requests" in place or "limits" in place):
        yield "quantity", path, f"{value}B"
        yield "resources", path, GONE


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _leaves(item, (*path, index))
    else:
        yield path, value
