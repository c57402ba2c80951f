"""Data loss: the means to get data back."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from typing import Final

from cronsim import CronSim, CronSimError

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.graph.resource import Resource
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.difference import Field
from vkm_manifests.review.examples import WORKLOAD
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.risks.data_loss.mounts import settings_of
from vkm_manifests.review.spelling import seconds
from vkm_manifests.review.storage import BACKUP_TASKS, backups_of, recurring_jobs_of
from vkm_manifests.review.wording import listed

LONGHORN: Final = "driver.longhorn.io"


_BACKUP_WORDS: Final = re.compile(
    r"(?:^|[^a-z])(?:backups?|dumps?|pg_?dump(?:all)?|pg_basebackup|(?:mysql|mariadb|mongo)-?dump|mariadb-backup|"
    r"xtrabackup|wal-g|barman|restic|borg|borgmatic|kopia|velero|etcdctl snapshot|snapshots?)(?:$|[^a-z])"
)


_DRILL_WORDS: Final = re.compile(r"(?:^|[^a-z])(?:restore|drill|verify|check|clean-?up|prune|exporter)(?:$|[^a-z])")


_DRILLS: Final = re.compile(
    r"(?:^|[^a-z])(?:restore-?(?:drill|test|check)|backup-?(?:test|verify|check)|drill)(?:$|[^a-z])"
)


# Group and kind of what makes backups at certain times, to its schedule.
_SCHEDULES: Final[Mapping[tuple[str, str], tuple[str, ...]]] = {
    ("batch", "CronJob"): ("spec", "schedule"),
    ("k8s.mariadb.com", "Backup"): ("spec", "schedule", "cron"),
    ("k8up.io", "Schedule"): ("spec", "backup", "schedule"),
    ("longhorn.io", "RecurringJob"): ("spec", "cron"),
    ("postgresql.cnpg.io", "ScheduledBackup"): ("spec", "schedule"),
    ("velero.io", "Schedule"): ("spec", "schedule"),
    ("volsync.backube", "ReplicationSource"): ("spec", "trigger", "schedule"),
}


_KINDS_OF_BACKUPS: Final = tuple(sorted({kind for _, kind in _SCHEDULES}))


_SNAPSHOT_TASKS: Final = ("snapshot", "snapshot-force-create")


_DUMP: Final = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: db-dump, namespace: shop}
spec:
  schedule: 10 1 * * *
  suspend: false
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: dump
            image: mariadb:11.8.8
            command: [/bin/sh, /scripts/dump.sh]
            env: [{name: RETAIN, value: "7"}]
"""


_MAIL: Final = """
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: mail, namespace: shop}
spec:
  schedule: 0 6 * * *
"""


def _is_backup(resource: Resource | None) -> bool:
    """Whether an object makes backups at certain times."""
    if resource is None or (resource.group, resource.kind) not in _SCHEDULES:
        return False
    if resource.kind == "RecurringJob":
        return shape.text(resource.spec, "task") in (*BACKUP_TASKS, *_SNAPSHOT_TASKS)
    if resource.kind != "CronJob":
        return True
    component = resource.labels.get("app.kubernetes.io/component", "")
    named = f"{resource.name} {component}".lower()
    if _DRILL_WORDS.search(named):
        return False
    return bool(_BACKUP_WORDS.search(named)) or any(map(_runs_a_backup, _containers(resource)))


def _is_drill(resource: Resource | None) -> bool:
    """Whether an object tries at certain times if backups can be restored."""
    if resource is None or resource.kind != "CronJob":
        return False
    return bool(_DRILLS.search(f"{resource.name} {resource.labels.get('app.kubernetes.io/component', '')}".lower()))


def _containers(workload: Resource) -> tuple[Container, ...]:
    pod = Pod.of(workload)
    return pod.containers if pod else ()


def _runs_a_backup(container: Container) -> bool:
    words = (*shape.texts(container.manifest, "command"), *shape.texts(container.manifest, "args"))
    return any(_BACKUP_WORDS.search(word.lower()) for word in words)


@risk("data-loss", before=_DUMP + _MAIL, breaks={_DUMP.lstrip("\n"): ""}, passes={_MAIL: ""})
def backup_is_removed(comparison: Comparison) -> Iterator[Concern]:
    """What makes backups is removed: nothing that changes from then on can be restored.

    So it is with what tries whether they can be restored. One that is renamed goes on.
    """
    namespaces = {change.old.name for change in comparison.removed("Namespace") if change.old}
    for change in comparison.removed(*_KINDS_OF_BACKUPS):
        # With a whole namespace goes what made its backups.
        if change.new is not None or change.old is None or change.old.namespace in namespaces:
            continue
        if _is_backup(change.old) and not _goes_on(comparison, change.old):
            what = "snapshots" if shape.text(change.old.spec, "task") in _SNAPSHOT_TASKS else "backups"
            yield change.concern(
                f"is removed: it made {what}{_of_what(comparison.old, change.old)} {_how_often(change.old)}, "
                "and does not any more",
                do="keep it; or make sure that another backup has the same data, and that it can be restored",
            )
        elif _is_drill(change.old):
            yield change.concern(
                "is removed: nobody notices any more when the backups cannot be restored",
                do="keep it, or try by hand now and then whether the backups can be restored",
            )


def _goes_on(comparison: Comparison, job: Resource) -> bool:
    """Whether something else makes the same backups: the same job, written otherwise."""
    if job.kind != "RecurringJob":
        hosts = _hosts(job)
        others = (other for other in comparison.added(job.kind) if other.namespace == job.namespace)
        return bool(hosts) and any(_is_backup(other) and _hosts(other) == hosts for other in others)
    claims = _claims_of(comparison.old).get(job.name, ())
    pairs = [(claim, comparison.new.find("PersistentVolumeClaim", claim.namespace, claim.name)) for claim in claims]
    still = [(before, now) for before, now in pairs if now]
    return bool(still) and all(_goes_on_for(comparison, job, before, now) for before, now in still)


def _goes_on_for(comparison: Comparison, job: Resource, before: Resource, now: Resource) -> bool:
    """Whether a volume is backed up as well as before, or has snapshots, without one of Longhorn's jobs."""
    if shape.text(job.spec, "task") in _SNAPSHOT_TASKS:
        return any(
            shape.text(other.spec, "task") in _SNAPSHOT_TASKS for other in recurring_jobs_of(comparison.new, now)
        )
    return not _worse(backups_of(comparison.old, before), backups_of(comparison.new, now))


@fact
def _claims_of(graph: Graph) -> Mapping[str, Sequence[Resource]]:
    """The claims whose volumes each recurring job of Longhorn takes, by its name."""
    found: dict[str, list[Resource]] = {}
    for claim in graph.of_kind("PersistentVolumeClaim"):
        for job in recurring_jobs_of(graph, claim):
            found.setdefault(job.name, []).append(claim)
    return found


def _of_what(graph: Graph, job: Resource) -> str:
    """Of which volumes or database something makes backups, as far as it can be known."""
    is_longhorns = job.kind == "RecurringJob"
    names = [claim.name for claim in _claims_of(graph).get(job.name, ())] if is_longhorns else _hosts(job)
    return f" of {listed(names)}" if names else ""


def _hosts(job: Resource) -> list[str]:
    """The database servers that a job is told of."""
    settings = [settings_of(container) for container in _containers(job)]
    return [value for found in settings for name, value in found.items() if name in _HOSTS and value]


_HOSTS: Final = ("DATABASE_HOST", "DB_HOST", "MARIADB_HOST", "MYSQL_HOST", "PGHOST", "POSTGRES_HOST", "--host", "-h")


def _how_often(job: Resource) -> str:
    gap = _longest_gap(shape.text(job.manifest, *_SCHEDULES[job.group, job.kind]))
    return f"every {_duration(gap)}" if gap else "now and then"


@risk(
    "data-loss",
    before=_DUMP,
    breaks={"suspend: false": "suspend: true"},
    passes={"10 1 * * *": "40 2 * * *"},
)
def backup_is_rarer(comparison: Comparison) -> Iterator[Concern]:
    """Backups are made more rarely, or no longer: more of what changes between two of them can be lost."""
    for change in comparison.changes:
        if not _is_backup(change.old) or change.old is None or change.new is None:
            continue
        for key in ("suspend", "paused"):
            if change.new.spec.get(key) is True and change.old.spec.get(key) is not True:
                yield change.concern(
                    f"is suspended: no backups{_of_what(comparison.old, change.old)} are made until it no longer is",
                    do="let it run; or make a backup by hand before whatever it must be suspended for, and set a date",
                    field=f"spec.{key}",
                )
        path = _SCHEDULES[change.old.group, change.old.kind]
        old, new = (shape.text(side.manifest, *path) for side in (change.old, change.new))
        if old == new:
            continue
        before, after = _longest_gap(old), _longest_gap(new)
        if before and (after is None or after > before * 1.1):
            yield change.concern(
                f"runs every {_duration(after)} instead of every {_duration(before)}: "
                "what changes in between can be lost"
                if after
                else f"never runs at {new!r}: no backups are made any more",
                do="keep the schedule, or make sure that this much can be lost",
                field=".".join(path),
            )


def _longest_gap(schedule: str) -> timedelta | None:
    """The longest time between two runs of a cron schedule; None if it never runs."""
    macros = {"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0"}
    macros |= {"@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *"}
    text = macros.get(schedule.strip(), schedule.strip())
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


def _duration(gap: timedelta) -> str:
    if gap >= timedelta(days=1):
        count, unit = round(gap / timedelta(days=1)), "day"
    elif gap >= timedelta(hours=1):
        count, unit = round(gap / timedelta(hours=1)), "hour"
    else:
        count, unit = max(1, round(gap / timedelta(minutes=1))), "minute"
    return unit if count == 1 else f"{count} {unit}s"


_KEEPS_FOR: Final = re.compile(
    r"retain|retention|keep|ttl|max_?age|expire|rotate|BACKUP_(?:NUM|COUNT|DAYS)|copies", re.IGNORECASE
)


_HISTORY: Final = ("successfulJobsHistoryLimit", "failedJobsHistoryLimit", "ttlSecondsAfterFinished")


@risk(
    "data-loss",
    before=_DUMP,
    breaks={'value: "7"': 'value: "3"'},
    passes={'value: "7"': 'value: "14"'},
)
def backup_is_kept_shorter(comparison: Comparison) -> Iterator[Concern]:
    """Fewer backups are kept, or each for a shorter time: older ones are deleted at the next run.

    What somebody notices late cannot be restored then. Longhorn (1.9) deletes those above `retain` when it has made
    the next one.
    """
    for change in comparison.changes:
        if not _is_backup(change.old) or change.old is None or change.new is None:
            continue
        for name, old, new, field in (*_amounts_of_fields(change), *_amounts_of_settings(change.old, change.new)):
            if _is_less(old, new):
                yield change.concern(
                    f"keeps {new} backups instead of {old}: the older ones are deleted at the next run ({name})"
                    if _is_count(old) and _is_count(new)
                    else f"keeps backups for {new} instead of {old}: the older ones are deleted ({name})",
                    do="keep as many as before; or copy elsewhere what is still needed",
                    field=field,
                )


_Amount = tuple[str, str, str, Field | str]


def _amounts_of_fields(change: Change) -> Iterator[_Amount]:
    """Fields of operators' kinds that say what is kept."""
    for field in change.fields:
        name = field.path[-1]
        # A container's are told of by their variables and options.
        in_pods = any(step in ("env", "args", "command", "annotations", "labels") for step in field.path)
        if not in_pods and name not in _HISTORY and any(map(_KEEPS_FOR.search, field.path)):
            yield name, str(field.old or ""), str(field.new or ""), field


def _amounts_of_settings(old: Resource, new: Resource) -> Iterator[_Amount]:
    after = {container.name: container for container in _containers(new)}
    for container in _containers(old):
        now = after.get(container.name)
        if now is None:
            continue
        known = settings_of(now)
        for name, value in settings_of(container).items():
            if _KEEPS_FOR.search(name):
                field = f"{now.field}.{'args' if name.startswith('-') else f'env[{name}]'}"
                yield name, value, known.get(name, ""), field


def _is_count(text: str) -> bool:
    return text.strip().isdecimal()


def _is_less(old: str, new: str) -> bool:
    """Whether something is a smaller amount, count or time than it was."""
    before, after = _amount(old), _amount(new)
    return before is not None and after is not None and after < before


def _amount(text: str) -> float | None:
    text = text.strip()
    time = seconds(text)
    if time is not None:
        return float(time)
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(?:(days?|d)|(weeks?|w)|(months?|m)|(years?|y))?", text, re.IGNORECASE)
    if found:
        number, day, week, month, year = found.groups()
        scale = 86400 if day else 604800 if week else 2592000 if month else 31536000 if year else 1
        return float(number) * scale
    size = quantity(re.sub(r"(?<=[KMGTPE])B$", "", text))
    return float(size) if size is not None else None


@risk(
    "data-loss",
    before=WORKLOAD.replace(
        "image: example/web:1.0.0", "image: prom/prometheus:v3.13.2\n        args: [--storage.tsdb.retention.time=30d]"
    ),
    breaks={"retention.time=30d": "retention.time=7d"},
    passes={"retention.time=30d": "retention.time=60d"},
)
def data_is_kept_shorter(comparison: Comparison) -> Iterator[Concern]:
    """A server keeps what it stores for a shorter time, or less of it: what is older is deleted soon."""
    for change in comparison.changed():
        if change.old is None or change.new is None or change.kind == "CronJob":
            continue
        if Pod.of(change.old):
            amounts: Iterable[_Amount] = _amounts_of_settings(change.old, change.new)
        elif (change.old.group, change.kind) in _SCHEDULES:
            continue
        else:
            amounts = _amounts_of_fields(change)
        for name, old, new, field in amounts:
            if "retention" in name.lower() and _is_less(old, new):
                yield change.concern(
                    f"keeps its data for {new} instead of {old}: what is older is deleted ({name})"
                    if seconds(old) is not None
                    else f"keeps {new} of its data instead of {old}: what is older is deleted ({name})",
                    do="keep it as before, or make sure that nobody needs what is older",
                    field=field,
                )


_VOLUMES_BACKED_UP: Final = """
apiVersion: longhorn.io/v1beta2
kind: RecurringJob
metadata: {name: daily, namespace: longhorn-system}
spec: {name: daily, task: backup, cron: 30 1 * * *, retain: 30, concurrency: 1, groups: [critical]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: shop
  labels:
    recurring-job.longhorn.io/source: enabled
    recurring-job-group.longhorn.io/critical: enabled
    team: sales
spec: {accessModes: [ReadWriteOnce], storageClassName: longhorn, resources: {requests: {storage: 10Gi}}}
"""


@risk(
    "data-loss",
    before=_VOLUMES_BACKED_UP,
    breaks={"    recurring-job-group.longhorn.io/critical: enabled\n": ""},
    passes={"    team: sales\n": ""},
)
def volume_leaves_backup(comparison: Comparison) -> Iterator[Concern]:
    """A volume is no longer backed up: it, or what made its backups, has left the group.

    Longhorn (1.9) takes the groups from the claim's labels while it has `recurring-job.longhorn.io/source: enabled`;
    a volume without any is in the group `default`.
    """
    changed = {change.identity: change for change in comparison.changed("RecurringJob", "PersistentVolumeClaim")}
    left: dict[Change, list[str]] = {}
    for claim in comparison.old.of_kind("PersistentVolumeClaim"):
        now = comparison.new.find("PersistentVolumeClaim", claim.namespace, claim.name)
        before = backups_of(comparison.old, claim)
        if now is None or not before:
            continue
        after = backups_of(comparison.new, now)
        own = changed.get(now.identity)
        if own and any(_is_of_longhorn(field) for field in own.below("metadata", "labels")):
            worse = _worse(before, after)
            if worse:
                yield own.concern(
                    f"volume {claim.name} {worse}",
                    do="give it the labels again; or make sure that another backup has its data",
                    field="metadata.labels",
                )
        elif not after:
            for job in before:
                if job.identity in changed:
                    left.setdefault(changed[job.identity], []).append(claim.name)
    for change, claims in left.items():
        yield change.concern(
            f"no longer makes backups of {listed(claims)}, and nothing else does",
            do="let it take their group again; or give the volumes the group of another backup first",
            field=change.field("spec", "task") or change.field("spec", "groups") or "",
        )


def _worse(before: Sequence[Resource], after: Sequence[Resource]) -> str:
    """How a volume's backups are worse than before by its labels; empty if they are not."""
    took = listed([job.name for job in before])
    if not after:
        return f"is no longer backed up: {took} took it, and will not"
    will = f"{listed([job.name for job in after])} takes it instead of {took}"
    gaps = [[gap for job in jobs if (gap := _longest_gap(shape.text(job.spec, "cron")))] for jobs in (before, after)]
    kept = [sum(shape.number(job.spec, "retain") or 0 for job in jobs) for jobs in (before, after)]
    if all(gaps) and min(gaps[1]) > min(gaps[0]) * 1.1:
        return f"is backed up every {_duration(min(gaps[1]))} instead of every {_duration(min(gaps[0]))}: {will}"
    return f"keeps {kept[1]} backups instead of {kept[0]}: {will}" if kept[1] < kept[0] else ""


def _is_of_longhorn(field: Field) -> bool:
    names = field.path[2:3] or tuple(map(str, {**shape.mapping(field.old), **shape.mapping(field.new)}))
    return any("longhorn.io/" in name for name in names)


# Kind to where backups go.
_TARGETS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "BackupStorageLocation": (("spec", "objectStorage", "bucket"), ("spec", "objectStorage", "prefix")),
    "BackupTarget": (("spec", "backupTargetURL"),),
    "Cluster": (("spec", "backup", "barmanObjectStore", "destinationPath"),),
    "ObjectStore": (("spec", "configuration", "destinationPath"),),
    "Setting": (("value",),),
}


_TARGET_SETTINGS: Final = ("backup-target",)


@risk(
    "data-loss",
    before="""
apiVersion: longhorn.io/v1beta2
kind: BackupTarget
metadata: {name: default, namespace: longhorn-system}
spec: {backupTargetURL: s3://backups@eu/, credentialSecret: s3, pollInterval: 5m}
""",
    breaks={"s3://backups@eu/": "s3://other@eu/"},
    passes={"pollInterval: 5m": "pollInterval: 10m"},
)
def backup_target_is_another(comparison: Comparison) -> Iterator[Concern]:
    """Backups go elsewhere, or nowhere: those that exist are no longer listed, and cannot be restored from here.

    Longhorn (1.9) removes its objects of the backups in the old target, not the backups.
    """
    for change in comparison.changes:
        old = change.old
        if old is None or change.kind not in _TARGETS or old.group in ("", "cluster.x-k8s.io"):
            continue
        if change.kind == "Setting" and old.name not in _TARGET_SETTINGS:
            continue
        before = [shape.text(old.manifest, *path) for path in _TARGETS[change.kind]]
        after = [shape.text(change.new.manifest, *path) if change.new else "" for path in _TARGETS[change.kind]]
        if not any(before) or before == after:
            continue
        if change.new is None and change.kind == "Cluster":
            # The whole database is removed.
            continue
        there, where = (" ".join(filter(None, side)) for side in (before, after))
        yield change.concern(
            f"backups go to {where} instead of {there}: those made so far cannot be restored from here"
            if where
            else f"backups no longer go to {there}: none are made, and none can be restored",
            do="keep the old target beside the new one until the new one has as many backups as are needed",
            field=".".join(_TARGETS[change.kind][0]) if change.new else "",
        )
