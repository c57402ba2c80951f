"""What makes backups: which objects do, of what, and how often."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Final

from cronsim import CronSim, CronSimError

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.resource import Resource
from vkm_manifests.review.risks.data_loss.mounts import settings_of
from vkm_manifests.review.spelling import CRON_MACROS, seconds
from vkm_manifests.review.storage import BACKUP_TASKS, recurring_jobs_of
from vkm_manifests.review.wording import listed

_BACKUP_WORDS: Final = re.compile(
    r"(?:^|[^a-z])(backups?|dumps?|pg_?dump(?:all)?|pg_basebackup|(?:mysql|mariadb|mongo)-?dump|mariadb-backup|"
    r"xtrabackup|wal-g|barman|restic|borg|borgmatic|kopia|velero|etcdctl snapshot|snapshots?)(?:$|[^a-z])"
)

_DRILL_WORDS: Final = re.compile(r"(?:^|[^a-z])(?:restore|drill|verify|check|clean-?up|prune|exporter)(?:$|[^a-z])")

_DRILLS: Final = re.compile(
    r"(?:^|[^a-z])(?:restore-?(?:drill|test|check)|backup-?(?:test|verify|check)|drill)(?:$|[^a-z])"
)

# Group and kind of what makes backups at certain times, to its schedule.
SCHEDULES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("batch", "CronJob"): ("spec", "schedule"),
    ("k8s.mariadb.com", "Backup"): ("spec", "schedule", "cron"),
    ("k8up.io", "Schedule"): ("spec", "backup", "schedule"),
    ("longhorn.io", "RecurringJob"): ("spec", "cron"),
    ("postgresql.cnpg.io", "ScheduledBackup"): ("spec", "schedule"),
    ("velero.io", "Schedule"): ("spec", "schedule"),
    ("volsync.backube", "ReplicationSource"): ("spec", "trigger", "schedule"),
}

# To the name of what it makes backups of; a CronJob is told of a host.
SOURCES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("k8s.mariadb.com", "Backup"): ("spec", "mariaDbRef", "name"),
    ("postgresql.cnpg.io", "ScheduledBackup"): ("spec", "cluster", "name"),
    ("volsync.backube", "ReplicationSource"): ("spec", "sourcePVC"),
}

KINDS_OF_BACKUPS: Final = tuple(sorted({kind for _, kind in SCHEDULES}))

SNAPSHOT_TASKS: Final = ("snapshot", "snapshot-force-create")

_HOSTS: Final = ("DATABASE_HOST", "DB_HOST", "MARIADB_HOST", "MYSQL_HOST", "PGHOST", "POSTGRES_HOST", "--host", "-h")

_HOST: Final = re.compile(r"[A-Za-z0-9][\w.-]*")

_NEGATED: Final = re.compile(r'\w+!~?"[^"]*"')


def is_backup(resource: Resource | None) -> bool:
    """Whether an object makes backups at certain times."""
    if resource is None or (resource.group, resource.kind) not in SCHEDULES:
        return False
    if resource.kind == "RecurringJob":
        return shape.text(resource.spec, "task") in (*BACKUP_TASKS, *SNAPSHOT_TASKS)
    if resource.kind != "CronJob":
        return True
    component = resource.labels.get("app.kubernetes.io/component", "")
    named = f"{resource.name} {component}".lower()
    if _DRILL_WORDS.search(named):
        return False
    return bool(_BACKUP_WORDS.search(named)) or any(map(backup_word, containers_of(resource)))


def is_drill(resource: Resource | None) -> bool:
    """Whether an object tries at certain times if backups can be restored."""
    if resource is None or resource.kind != "CronJob":
        return False
    return bool(_DRILLS.search(f"{resource.name} {resource.labels.get('app.kubernetes.io/component', '')}".lower()))


def alerts_on_backups(rule: Resource) -> Iterator[tuple[str, str]]:
    """Name and expression of each alert on backups."""
    if rule.kind != "PrometheusRule":
        return
    for group in shape.mappings(rule.spec, "groups"):
        for alert in shape.mappings(group, "rules"):
            name, expr = shape.text(alert, "alert"), shape.text(alert, "expr")
            # `DumpStale` is two words; what a label shall not be is not watched.
            words = f"{re.sub('(?<=[a-z])(?=[A-Z])', '-', name)} {_NEGATED.sub('', expr)}".lower()
            if name and (_BACKUP_WORDS.search(words) or _DRILLS.search(words)):
                yield name, expr


def containers_of(workload: Resource) -> tuple[Container, ...]:
    """The containers of what has any."""
    pod = Pod.of(workload)
    return pod.containers if pod else ()


def _words(container: Container) -> list[str]:
    return [*shape.texts(container.manifest, "command"), *shape.texts(container.manifest, "args")]


def all_settings_of(container: Container) -> dict[str, str]:
    """The variables and options of a container, those in a line for a shell among them."""
    words = [word for line in _words(container) for word in line.replace(";", " ").split()]
    return settings_of(replace(container, manifest={**container.manifest, "command": words, "args": []}))


def backup_word(container: Container) -> str:
    """What a container runs that makes a backup, such as `pg_dump`; empty if its command names nothing of the kind."""
    found = (_BACKUP_WORDS.search(word.lower()) for word in _words(container))
    return next((match[1] for match in found if match), "")


def is_tool(container: Container) -> bool:
    """Whether its image is there for backups."""
    return bool(_BACKUP_WORDS.search(shape.text(container.manifest, "image").lower()))


def sources_of(job: Resource) -> list[str]:
    """The databases or volumes of which something makes backups, as far as it names them."""
    path = SOURCES.get((job.group, job.kind))
    if path:
        return list(filter(None, [shape.text(job.manifest, *path)]))
    settings = [all_settings_of(container) for container in containers_of(job)]
    return [
        value
        for found in settings
        for name, value in found.items()
        if name in _HOSTS and _HOST.fullmatch(value.partition(":")[0])
    ]


def bare_name(host: str, job: Resource) -> str:
    """A database's name, by whichever of its Services it is reached."""
    name = host.partition(":")[0].removesuffix(".cluster.local").removesuffix(".svc").removesuffix(f".{job.namespace}")
    return re.sub("-(?:headless|primary|r|ro|rw)$", "", name)


@fact
def claims_by_job(graph: Graph) -> Mapping[str, Sequence[Resource]]:
    """The claims whose volumes each recurring job of Longhorn takes, by its name."""
    found: dict[str, list[Resource]] = {}
    for claim in graph.of_kind("PersistentVolumeClaim"):
        for job in recurring_jobs_of(graph, claim):
            found.setdefault(job.name, []).append(claim)
    return found


def of_what(graph: Graph, job: Resource) -> str:
    """Of which volumes or database something makes backups, as far as it can be known."""
    is_longhorns = job.kind == "RecurringJob"
    names = [claim.name for claim in claims_by_job(graph).get(job.name, ())] if is_longhorns else sources_of(job)
    return f" of {listed(names)}" if names else ""


def how_often(job: Resource) -> str:
    """How often something makes backups, in words."""
    gap = longest_gap(shape.text(job.manifest, *SCHEDULES[job.group, job.kind]))
    return f"every {duration(gap)}" if gap else "now and then"


def longest_gap(schedule: str) -> timedelta | None:
    """The longest time between two runs of a cron schedule; None if it never runs."""
    text = CRON_MACROS.get(schedule.strip(), schedule.strip())
    every = seconds(text.removeprefix("@every ").strip()) if text.startswith("@every ") else None
    if every:
        return timedelta(seconds=float(every))
    # The seconds come first where there are six fields, as CloudNativePG has them.
    fields = text.split()
    text = " ".join(fields[1:]) if len(fields) == 6 else text
    # A Friday: what rests at the weekend does so soon.
    start = datetime(2023, 12, 29, 12, tzinfo=UTC)
    try:
        runs_at = list(islice(CronSim(text, start), 300))
    except (CronSimError, ValueError):
        return None
    return max((after - before for before, after in pairwise(runs_at)), default=None)


def duration(gap: timedelta) -> str:
    """A time in words: `day`, `6 hours`."""
    if gap >= timedelta(days=1):
        count, unit = round(gap / timedelta(days=1)), "day"
    elif gap >= timedelta(hours=1):
        count, unit = round(gap / timedelta(hours=1)), "hour"
    else:
        count, unit = max(1, round(gap / timedelta(minutes=1))), "minute"
    return unit if count == 1 else f"{count} {unit}s"
