"""Verdicts: what a reviewer is told of everyday changes, and of dangerous ones, of the environment's manifests."""

from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest

from tests.conftest import ROOT
from vkm_manifests.graph.shape import Manifest
from vkm_manifests.reading import read
from vkm_manifests.review import Level, review

GONE = object()


@cache
def _committed() -> list[Manifest]:
    return [found.manifest for found in read([str(ROOT / "tests/__snapshots__/test_environment")])]


@cache
def _around(namespace: str) -> list[Manifest]:
    """What is in a namespace, and what all of them need: smaller than the whole environment, and so quicker."""
    near = (namespace, "traefik", "longhorn-system", None)
    return [manifest for manifest in _committed() if manifest["metadata"].get("namespace") in near]


def _name(manifest: Manifest) -> str:
    metadata = manifest["metadata"]
    return "/".join(filter(None, (metadata.get("namespace"), manifest["kind"], metadata["name"])))


def _changed(before: list[Manifest], name: str, path: str, value: Any) -> Iterator[Manifest]:
    """The manifests, with a value at a path of one object; without the object, where no path is given."""
    found = False
    for manifest in before:
        if _name(manifest) != name:
            yield manifest
            continue
        found = True
        if path:
            copy = deepcopy(manifest)
            _put(copy, path.split("|"), value)
            yield copy
    assert found, name


def _put(place: Any, path: list[str], value: Any) -> None:
    """Set, replace (`(old, new)` within a text), call with what is there, or take away."""
    for step in path[:-1]:
        place = place[_key(place, step)]
    last = _key(place, path[-1])
    if value is GONE:
        del place[last]
    elif isinstance(value, tuple):
        before, after = value
        assert before in place[last]
        place[last] = place[last].replace(before, after)
    elif callable(value):
        place[last] = value(place[last])
    else:
        place[last] = value


def _key(place: Any, step: str) -> Any:
    """A step: a key, a number, or the name (or key) of a list's item."""
    if not isinstance(place, list):
        return step
    if step.isdigit():
        return int(step)
    return next(at for at, item in enumerate(place) if step in (item.get("name"), item.get("secretKey")))


def _reversed(items: list[Any]) -> list[Any]:
    return items[::-1]


DB, ZAMMAD_DB = "bookstack/StatefulSet/bookstack-db", "zammad/StatefulSet/zammad-db"
APP, GRAFANA = "bookstack/Deployment/bookstack", "grafana/Deployment/grafana"
DATA, WIKI = "bookstack/PersistentVolumeClaim/bookstack-data", "bookstack/IngressRoute/wiki"
POD = "spec|template|spec"
NOT_KEPT = {"name": "claim-grafana-data", "emptyDir": {}}

VERDICTS: list[tuple[str, str, Any, Level | None, str]] = [
    # Nothing, and what everybody does each week.
    (APP, "spec|progressDeadlineSeconds", 900, "routine", "no pod is replaced: progressDeadlineSeconds"),
    (APP, f"{POD}|containers|bookstack|env", _reversed, None, ""),
    (APP, "metadata|labels|team", "wiki", "routine", "no pod is replaced: label team"),
    (APP, "spec|replicas", 3, "routine", "1 more pod: 3 instead of 2"),
    (DATA, "spec|resources|requests|storage", "20Gi", "routine", "the volume grows from 10Gi to 20Gi"),
    (DATA, "spec|resources|requests|storage", "10240Mi", None, ""),
    ("bookstack/Middleware/wiki-rate-limit", "spec|rateLimit|average", 1, "routine", "rateLimit.average 100 → 1"),
    ("bookstack/CronJob/bookstack-db-dump", "spec|schedule", "0 4 * * *", "routine", "takes effect with its next run"),
    ("bookstack/Certificate/wiki", "spec|renewBefore", "400h", "routine", "takes effect"),
    ("grafana/PrometheusRule/grafana", "metadata|labels|team", "a", "routine", "takes effect"),
    ("zammad/PrometheusRule/zammad-memcached", "", GONE, "routine", "gone: MemcachedDown"),
    ("Namespace/bookstack", "metadata|labels|team", "wiki", "routine", "takes effect without a restart"),
    ("zammad/ServiceMonitor/zammad-redis", "spec|endpoints|0|interval", "90s", "routine", "takes effect"),
    ("longhorn-system/RecurringJob/critical-backup", "spec|cron", "30 3 * * *", "routine", ""),
    ("bookstack/Service/bookstack", "spec|ports|0|appProtocol", "http", "routine", ""),
    # Pods that stand in for each other.
    (APP, f"{POD}|containers|bookstack|resources|limits|memory", "2Gi", "restart", "memory limit"),
    (APP, f"{POD}|containers|bookstack|env|APP_TIMEZONE|value", "Europe/Berlin", "restart", "APP_TIMEZONE"),
    ("zammad/Deployment/zammad", f"{POD}|terminationGracePeriodSeconds", 300, "restart", ""),
    (APP, f"{POD}|containers|bookstack|image", (":26.5.1", ":26.5.2"), "restart", "2 pods are replaced one by one"),
    (APP, f"{POD}|containers|bookstack|resources|requests|cpu", "150m", "restart", "cpu request"),
    ("traefik/Deployment/traefik", f"{POD}|containers|traefik|image", ("3.7.15", "3.7.16"), "restart", "3 pods"),
    # Something does not answer.
    (
        GRAFANA,
        f"{POD}|containers|grafana|env|GF_SERVER_ROOT_URL|value",
        "https://wiki.vkm.dtdt.tech/",
        "downtime",
        "does not answer",
    ),
    (APP, "spec|replicas", 1, "downtime", "1 pod is left of 2"),
    (APP, "spec|replicas", 0, "downtime", "all 2 pods are stopped: wiki.vkm.dtdt.tech does not answer"),
    (APP, "", GONE, "downtime", "wiki.vkm.dtdt.tech does not answer any more"),
    (
        GRAFANA,
        f"{POD}|securityContext|runAsUser",
        1000,
        "downtime",
        "what it wrote to volume grafana-data as 472 is not its own",
    ),
    ("bookstack/Service/bookstack-db", "", GONE, "downtime", "bookstack"),
    (WIKI, "", GONE, "downtime", "wiki.vkm.dtdt.tech is not routed any more"),
    (
        "bookstack/ExternalSecret/bookstack-db-creds",
        "spec|data|password|remoteRef|key",
        "other/password",
        "downtime",
        "bookstack-db keeps the password that it was set up with",
    ),
    ("zammad/Deployment/zammad-redis", f"{POD}|containers|redis|resources|limits|memory", "64Mi", "downtime", "64Mi"),
    (APP, f"{POD}|containers|bookstack|readinessProbe", GONE, "downtime", "no readinessProbe any more"),
    (APP, f"{POD}|nodeSelector", {"disk": "fast"}, "downtime", "disk=fast"),
    ("bookstack/NetworkPolicy/allow-dns", "", GONE, "downtime", "DNS"),
    ("traefik/Service/traefik", "spec|type", "ClusterIP", "downtime", ""),
    ("metallb-system/L2Advertisement/traefik", "", GONE, "downtime", ""),
    ("bookstack/IngressRoute/wiki", "spec|routes|0|services|0|port", 81, "downtime", "81"),
    ("ClusterIssuer/letsencrypt-prod", "spec|acme|server", ("acme-v02", "acme-staging-v02"), "downtime", ""),
    ("bookstack/Certificate/wiki", "spec|dnsNames", ["other.vkm.dtdt.tech"], "downtime", ""),
    (WIKI, "spec|routes|0|match", "Host(`wiki.vkm.dtdt.tech`) && PathPrefix(`/a`)", "downtime", ""),
    # Somebody reaches more.
    ("traefik/Service/traefik", "spec|externalTrafficPolicy", "Cluster", "security", ""),
    ("bookstack/Service/bookstack", "spec|type", "NodePort", "exposure", ""),
    (WIKI, "spec|routes|0|match", "Host(`wiki.vkm.dtdt.tech`) || Host(`x.vkm.dtdt.tech`)", "exposure", "x.vkm"),
    ("bookstack/NetworkPolicy/default-deny", "", GONE, "security", ""),
    ("Namespace/bookstack", "metadata|labels|pod-security.kubernetes.io/enforce", "baseline", "security", "baseline"),
    (APP, f"{POD}|containers|bookstack|securityContext|privileged", True, "security", "has all rights on the node"),
    (APP, f"{POD}|containers|bookstack|image", "solidnerd/bookstack:latest", "security", "by no version"),
    # Versions.
    (DB, f"{POD}|containers|mariadb|image", ("11.", "10."), "downgrade", "goes back"),
    (ZAMMAD_DB, f"{POD}|containers|postgres|image", ("17.", "18."), "downgrade", ""),
    # Refused.
    (DB, "spec|serviceName", "other", "replace", "refuses"),
    (APP, "spec|selector|matchLabels|a", "b", "replace", "refuses"),
    (DATA, "spec|storageClassName", "other", "replace", ""),
    (DATA, "spec|resources|requests|storage", "5Gi", "replace", "5Gi"),
    # Data.
    (DATA, "", GONE, "data-loss", "bookstack-data"),
    (DB, "", GONE, "data-loss", ""),
    ("Namespace/bookstack", "", GONE, "data-loss", "bookstack"),
    ("bookstack/CronJob/bookstack-db-dump", "", GONE, "data-loss", ""),
    ("longhorn-system/RecurringJob/critical-backup", "spec|retain", 1, "data-loss", ""),
    ("longhorn-system/RecurringJob/critical-backup", "spec|task", "snapshot", "data-loss", ""),
    ("longhorn-system/BackupTarget/default", "spec|credentialSecret", "other", "data-loss", ""),
    ("longhorn-system/RecurringJob/critical-backup", "spec|groups", ["other"], "data-loss", ""),
    ("bookstack/CronJob/bookstack-db-dump", "spec|suspend", True, "data-loss", ""),
    (GRAFANA, f"{POD}|volumes|claim-grafana-data", NOT_KEPT, "data-loss", "an emptyDir"),
    ("bookstack/ExternalSecret/bookstack-app", "spec|data|app-key|remoteRef|key", "other/key", "data-loss", ""),
]


@pytest.mark.parametrize(
    ("name", "path", "value", "level", "told"), VERDICTS, ids=[f"{row[3]} {row[0]} {row[1]}" for row in VERDICTS]
)
def test_what_is_told_of_a_change(name: str, path: str, value: Any, level: Level | None, told: str) -> None:
    namespace = name.removeprefix("Namespace/").partition("/")[0]
    before = _committed() if namespace == "ClusterIssuer" else _around(namespace)
    found = review(before, _changed(before, name, path, value))
    assert (found.worst if found.objects else None) == level
    assert any(told in concern.reason for item in found.objects for concern in item.concerns) or not told
