"""Everything that one slip can break in manifests, made from the manifests themselves.

`python -m tests.mutations` writes the list of those that no rule finds (minutes: each means to verify the environment).
"""

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from multiprocessing import Pool
from pathlib import Path as File
from typing import Any, Final, NamedTuple, TypeAlias

from tests.conftest import Manifest
from tests.environments import vkm_manifests
from vkm_manifests import Identity
from vkm_manifests.verify import Finding, verify

Path: TypeAlias = tuple[str | int, ...]

LIST: Final = File(__file__).parent / "unseen.txt"
"""The slips that no rule finds, one on each line."""

_PARTS: Final = 16

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


class Unseen(NamedTuple):
    """Slips that no rule can find, and why: a row of docs/verification.md.

    Attributes:
        slips: matches their text, from its start.
        what: they are, in words.
        why: nothing in the manifests shows them.
    """

    slips: str
    what: str
    why: str


UNSEEN: Final = (
    Unseen(
        r"object  \S+/(GrafanaDashboard|PrometheusRule|ServiceMonitor|PodMonitor|PodDisruptionBudget|CronJob|Job|"
        r"IngressRoute|DNSEndpoint|BackupTarget|RecurringJob|Setting|TLSOption)/",
        "an object is gone that nothing else names: a route, an alert, a monitor, a disruption budget, a backup job",
        "that something is missing shows only beside what was there: in the snapshots",
    ),
    Unseen(
        r"object  zammad/NetworkPolicy/\S+-to-internet|object  grafana/NetworkPolicy/grafana-from-grafana-operator"
        r"|port  \S+/NetworkPolicy/\S+-to-(internet|kubernetes-api)  ",
        "a way to or from the outside of the cluster, or one that an operator uses, is closed or leads to another port",
        "the other end, and what listens there, is not in the manifests",
    ),
    Unseen(
        r"(object|reference|secretKey)  external-dns/ExternalSecret/|key  \S+/ExternalSecret/\S+  \S+/remoteRef/key ",
        "the item of a store, or a Secret that only an operator reads, has another name",
        "neither the store's items nor the operator's own chart is in the manifests",
    ),
    Unseen(
        r"host  external-dns/DNSEndpoint/records  ",
        "a DNS record has another name, beside one for all names of the domain",
        "the wildcard record answers for the host that is routed",
    ),
    Unseen(
        r"port  traefik/Service/traefik  spec/ports/0/port ",
        "the port on which clients come in by HTTP is another one",
        "what port clients use is theirs; that of a redirect is checked",
    ),
    Unseen(
        r"port  \S+/Service/\S+  spec/ports/\d/(name|port) ",
        "a Service's port has another name, or another number, that nothing uses",
        "whoever uses it names the other of the two, or the container's port",
    ),
    Unseen(
        r"port  (prometheus/Deployment/prometheus|zammad/Deployment/zammad)  \S+/containerPort ",
        "a container says that it listens on another port, which only the other containers of its pod use",
        "which port a program listens on is known to the program; loopback addresses are no references",
    ),
    Unseen(
        r"(mountPath|subPath)  ",
        "a volume is mounted at another path, or another folder of it",
        "where a program looks for its files is known to the program; what variables and arguments name is checked",
    ),
    Unseen(
        r"label  \S+/PrometheusRule/|reference  \S+/PrometheusRule/",
        "an alert's label, or the name of its group, is another one",
        "whoever routes alerts by it is not in the manifests",
    ),
    Unseen(
        r"reference  \S+/(ServiceMonitor|PodMonitor)/\S+  \S+/replacement ",
        "a monitor gives its job another name",
        "the Prometheus of the same manifests scrapes the job under the name that the alerts use",
    ),
    Unseen(
        r"label  \S+  \S+/labels/app.kubernetes.io/(part-of|managed-by|version|component) "
        r"|label  \S+/(CronJob|Job)/\S+  \S+/labels/app.kubernetes.io/(name|instance) ",
        "a label of pods is another one, which no selector takes",
        "it is for people and for what watches the cluster",
    ),
    Unseen(
        r"reference  \S+  \S*spec/containers/\d/(name|env/0/value) |reference  \S+/RecurringJob/\S+  spec/name ",
        "a container, a dump's file or a job has another name in its own object",
        "nothing else names it",
    ),
    Unseen(
        r"resources  \S+  \S+/(requests/memory|(requests|limits)/ephemeral-storage) ",
        "a request is left out, where there is a limit; ephemeral storage is not bounded",
        "the limit stands for the request (Kubernetes); whether a program fills its disk is known to the program",
    ),
    Unseen(
        r"security  \S+  \S+/securityContext/(runAsUser|runAsGroup|fsGroup|fsGroupChangePolicy) ",
        "a pod runs as another user or group",
        "which one an image expects is known to the image; that it is not root is checked",
    ),
)


def found_by(mutant: Mutant, manifests: Sequence[Manifest]) -> list[Finding]:
    """What the rules find after the slip."""
    return [finding for finding in verify(mutant.apply(manifests)) if not finding.ignored]


def mutants(manifests: Sequence[Manifest]) -> list[Mutant]:
    """Every slip of every sort, in a fixed order."""
    names = {Identity.of(manifest).name for manifest in manifests}
    found = []
    for manifest in manifests:
        identity = Identity.of(manifest)
        found.append(Mutant("object", identity, (), GONE))
        for path, value in leaves(manifest):
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


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every value that is no mapping and no list, with its path."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from leaves(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from leaves(item, (*path, index))
    else:
        yield path, value


def _missed(manifests: Sequence[Manifest], part: int) -> list[str]:
    return [str(mutant) for mutant in mutants(manifests)[part::_PARTS] if not found_by(mutant, manifests)]


if __name__ == "__main__":
    environment = list(vkm_manifests().values())
    with Pool() as pool:
        missed = pool.starmap(_missed, [(environment, part) for part in range(_PARTS)], chunksize=1)
    LIST.write_text("".join(f"{slip}\n" for slip in sorted(chain(*missed))), encoding="utf-8")
