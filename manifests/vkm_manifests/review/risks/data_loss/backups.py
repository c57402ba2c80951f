"""Data loss: the means to get data back."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.named import references_by_source
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.graph.references import Reference
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.secrets import secrets_of
from vkm_manifests.review.change import Change, Changed
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.difference import Field
from vkm_manifests.review.examples import WORKLOAD
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.risks.data_loss.schedules import (
    KINDS_OF_BACKUPS,
    SCHEDULES,
    SNAPSHOT_TASKS,
    SOURCES,
    alerts_on_backups,
    all_settings_of,
    backup_word,
    bare_name,
    claims_by_job,
    containers_of,
    duration,
    how_often,
    is_backup,
    is_drill,
    is_tool,
    longest_gap,
    of_what,
    sources_of,
)
from vkm_manifests.review.spelling import seconds
from vkm_manifests.review.storage import BACKUP_TASKS, backups_of, recurring_jobs_of
from vkm_manifests.review.users import makers
from vkm_manifests.review.wording import does, listed

_SCHEDULED: Final = """
apiVersion: postgresql.cnpg.io/v1
kind: ScheduledBackup
metadata: {name: orders, namespace: shop}
spec: {schedule: "0 0 2 * * *", method: volumeSnapshot, cluster: {name: orders}}
"""

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


@risk("data-loss", before=_DUMP + _MAIL, breaks={_DUMP.lstrip("\n"): ""}, passes={_MAIL: ""})
def backup_is_removed(comparison: Comparison) -> Iterator[Concern]:
    """What makes backups is removed: nothing that changes from then on can be restored.

    So it is with what tries whether they can be restored, and with alerts on either. One that is renamed goes on.
    """
    namespaces = {change.old.name for change in comparison.removed("Namespace")}
    for change in comparison.removed(*KINDS_OF_BACKUPS):
        # With a whole namespace goes what made its backups.
        if change.new is not None or change.old.namespace in namespaces:
            continue
        if is_backup(change.old) and not _goes_on(comparison, change.old):
            what = "snapshots" if shape.text(change.old.spec, "task") in SNAPSHOT_TASKS else "backups"
            yield change.concern(
                f"is removed: it made {what}{of_what(comparison.old, change.old)} {how_often(change.old)}, "
                "and does not any more",
                do="keep it; or make sure that another backup has the same data, and that it can be restored",
            )
        elif is_drill(change.old):
            yield change.concern(
                "is removed: nobody notices any more when the backups cannot be restored",
                do="keep it, or try by hand now and then whether the backups can be restored",
            )
    known = {
        text for rule in comparison.new.of_kind("PrometheusRule") for alert in alerts_on_backups(rule) for text in alert
    }
    for rules in comparison.changes:
        watching = alerts_on_backups(rules.old) if rules.old and rules.old.namespace not in namespaces else ()
        gone = [name for name, expr in watching if known.isdisjoint((name, expr))]
        if gone:
            yield rules.concern(
                f"{listed(gone)} {does(len(gone), 'is', 'are')} removed: nobody notices any more when backups are "
                "missing, or cannot be restored",
                do=f"keep {does(len(gone), 'the alert', 'the alerts')}, or let another one watch the same backups",
                field="spec.groups" if rules.new else "",
            )


def _changed_backups(comparison: Comparison) -> Iterator[Changed]:
    """What made backups and is there still, by whatever name."""
    return (change for change in comparison.changes if isinstance(change, Changed) and is_backup(change.old))


def _goes_on(comparison: Comparison, job: Resource) -> bool:
    """Whether something else makes the same backups: the same job, written otherwise."""
    if job.kind != "RecurringJob":
        sources = sources_of(job)
        others = (other for other in comparison.added(job.kind) if other.namespace == job.namespace)
        return bool(sources) and any(is_backup(other) and sources_of(other) == sources for other in others)
    claims = claims_by_job(comparison.old).get(job.name, ())
    pairs = [(claim, comparison.new.find("PersistentVolumeClaim", claim.namespace, claim.name)) for claim in claims]
    still = [(before, now) for before, now in pairs if now]
    return bool(still) and all(_goes_on_for(comparison, job, before, now) for before, now in still)


def _goes_on_for(comparison: Comparison, job: Resource, before: Resource, now: Resource) -> bool:
    """Whether a volume is backed up as well as before, or has snapshots, without one of Longhorn's jobs."""
    if shape.text(job.spec, "task") in SNAPSHOT_TASKS:
        return any(shape.text(other.spec, "task") in SNAPSHOT_TASKS for other in recurring_jobs_of(comparison.new, now))
    return not _worse(backups_of(comparison.old, before), backups_of(comparison.new, now))


# Group and kind to the object's name (empty for any), a field, what it says when backups are off, and what that means.
_SWITCHES: Final[Mapping[tuple[str, str], tuple[str, tuple[str, ...], str, str]]] = {
    ("longhorn.io", "Setting"): (
        "allow-recurring-job-while-volume-detached",
        ("value",),
        "false",
        "no backups are made of volumes while no pod has them",
    ),
    ("velero.io", "BackupStorageLocation"): (
        "",
        ("spec", "accessMode"),
        "ReadOnly",
        "no backups are written there",
    ),
}


@risk(
    "data-loss",
    before=_DUMP,
    breaks={"suspend: false": "suspend: true"},
    passes={"10 1 * * *": "40 2 * * *"},
)
def backup_is_rarer(comparison: Comparison) -> Iterator[Concern]:
    """Backups are made more rarely, or no longer: more of what changes between two of them can be lost.

    Longhorn (1.9) takes volumes that no pod has only where `allow-recurring-job-while-volume-detached` is true.
    """
    for change in comparison.changes:
        name, switch, off, meaning = _SWITCHES.get((change.object.group, change.kind), ("", (), "", ""))
        if not switch or change.old is None or name not in ("", change.old.name):
            continue
        was = shape.text(change.old.manifest, *switch)
        if change.new is None and name and was != off:
            yield change.concern(f"is gone, and so {off}, its default: {meaning}", do="keep it")
        elif change.new and was != off and shape.text(change.new.manifest, *switch) == off:
            yield change.concern(f"is {off}: {meaning}", do="keep it as it was", field=".".join(switch))
    for change in _changed_backups(comparison):
        for key in ("suspend", "paused"):
            if change.new.spec.get(key) is True and change.old.spec.get(key) is not True:
                yield change.concern(
                    f"is suspended: no backups{of_what(comparison.old, change.old)} are made until it no longer is",
                    do="let it run; or make a backup by hand before whatever it must be suspended for, and set a date",
                    field=f"spec.{key}",
                )
        path = SCHEDULES[change.old.group, change.old.kind]
        old, new = (shape.text(side.manifest, *path) for side in (change.old, change.new))
        if old == new:
            continue
        before, after = longest_gap(old), longest_gap(new)
        if before and (after is None or after > before * 1.1):
            yield change.concern(
                f"runs every {duration(after)} instead of every {duration(before)}: what changes in between can be lost"
                if after
                else f"never runs at {new!r}: no backups are made any more",
                do="keep the schedule, or make sure that this much can be lost",
                field=".".join(path),
            )


@risk(
    "data-loss",
    before="""
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: s3, namespace: longhorn-system}
spec:
  refreshInterval: 1h
  secretStoreRef: {kind: ClusterSecretStore, name: store}
  data:
  - {secretKey: AWS_SECRET_ACCESS_KEY, remoteRef: {key: backups/secret}}
---
apiVersion: longhorn.io/v1beta2
kind: BackupTarget
metadata: {name: default, namespace: longhorn-system}
spec: {backupTargetURL: "s3://backups@eu/", credentialSecret: s3}
""",
    breaks={"backups/secret": "backups/other"},
    passes={"refreshInterval: 1h": "refreshInterval: 2h"},
)
def backups_log_in_otherwise(comparison: Comparison) -> Iterator[Concern]:
    """What backups log in to their target with is read from another place: with a wrong one, none is made."""
    targets = {
        (reference.namespace, reference.name): reference.source
        for reference in comparison.new.references_to("Secret")
        if reference.source.kind in ("BackupTarget", "BackupStorageLocation", "ObjectStore")
    }
    for change in comparison.changed("ExternalSecret"):
        field = change.field("spec", "data", "*", "remoteRef") or change.field("spec", "secretStoreRef")
        for namespace, name, _ in secrets_of(change.new):
            target = targets.get((namespace, name))
            if field and target:
                yield change.concern(
                    f"{target.kind} {target.name} logs in with what it holds, which is read from another place: "
                    "with a wrong one, no backup is made, and nothing says so",
                    do="see that a backup succeeds once it is applied",
                    field=field,
                )


_KEEPS_FOR: Final = re.compile(
    r"retain|retention|keep|ttl|max_?age|expire|rotate|BACKUP_(?:NUM|COUNT|DAYS)|copies|^-mtime$", re.IGNORECASE
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
    for change in _changed_backups(comparison):
        what = "snapshots" if shape.text(change.new.spec, "task") in SNAPSHOT_TASKS else "backups"
        for name, old, new, field in (*_amounts_of_fields(change), *_amounts_of_settings(change.old, change.new)):
            if _is_less(old, new):
                yield change.concern(
                    f"keeps {new} {what} instead of {old}: the older ones are deleted at the next run ({name})"
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
    after = {container.name: container for container in containers_of(new)}
    for container in containers_of(old):
        now = after.get(container.name)
        if now is None:
            continue
        known = all_settings_of(now)
        for name, value in all_settings_of(container).items():
            if _KEEPS_FOR.search(name):
                option = "args" if shape.texts(now.manifest, "args") else "command"
                field = f"{now.field}.{option if name.startswith('-') else f'env[{name}]'}"
                # Of find: older than so many days.
                amounts = (value, known.get(name, ""))
                was, will = (f"{amount.lstrip('+')}d" if name == "-mtime" else amount for amount in amounts)
                yield name, was, will, field


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
        if change.kind == "CronJob":
            continue
        if Pod.of(change.old):
            amounts: Iterable[_Amount] = _amounts_of_settings(change.old, change.new)
        elif (change.old.group, change.kind) in SCHEDULES:
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
    for change in comparison.changed("PersistentVolumeClaim"):
        if any(map(_is_of_longhorn, change.below("metadata", "labels"))):
            before = backups_of(comparison.old, change.old)
            worse = _worse(before, backups_of(comparison.new, change.new)) if before else ""
            if worse:
                yield change.concern(
                    f"volume {change.old.name} {worse}",
                    do="give it the labels again; or make sure that another backup has its data",
                    field="metadata.labels",
                )
    for change in comparison.changed("RecurringJob"):
        stops = _stops(comparison, change)
        if stops:
            yield change.concern(
                stops,
                do="let it make backups of them again; or give the volumes the group of another backup first",
                field=change.field("spec", "task") or change.field("spec", "groups") or "",
            )


def _stops(comparison: Comparison, change: Changed) -> str:
    """What a job of Longhorn no longer makes backups of, nor does any other; empty if there is nothing."""
    task = shape.text(change.new.spec, "task")
    if shape.text(change.old.spec, "task") not in BACKUP_TASKS:
        return ""
    still = {
        group
        for job in comparison.new.of_kind("RecurringJob")
        if shape.text(job.spec, "task") in BACKUP_TASKS
        for group in shape.texts(job.spec, "groups")
    }
    groups = [group for group in shape.texts(change.old.spec, "groups") if group not in still]
    if (task in BACKUP_TASKS and not groups) or _goes_on(comparison, change.old):
        return ""
    claims = [
        claim.name
        for claim in claims_by_job(comparison.old).get(change.old.name, ())
        if (now := comparison.new.find(claim.kind, claim.namespace, claim.name)) and not backups_of(comparison.new, now)
    ]
    if claims:
        return f"no longer makes backups of {listed(claims)}, and nothing else does"
    if task in SNAPSHOT_TASKS:
        return "makes snapshots instead of backups: they are lost with their volume"
    if task not in BACKUP_TASKS:
        return f"makes no backups any more, but does {task or 'nothing'}"
    return f"no longer makes backups of the volumes in group {listed(groups)}, and nothing else does"


def _worse(before: Sequence[Resource], after: Sequence[Resource]) -> str:
    """How a volume's backups are worse than before by its labels; empty if they are not."""
    took = listed([job.name for job in before])
    if not after:
        return f"is no longer backed up: {took} took it, and will not"
    will = f"{listed([job.name for job in after])} takes it instead of {took}"
    gaps = [[gap for job in jobs if (gap := longest_gap(shape.text(job.spec, "cron")))] for jobs in (before, after)]
    kept = [sum(shape.number(job.spec, "retain") or 0 for job in jobs) for jobs in (before, after)]
    if all(gaps) and min(gaps[1]) > min(gaps[0]) * 1.1:
        return f"is backed up every {duration(min(gaps[1]))} instead of every {duration(min(gaps[0]))}: {will}"
    return f"keeps {kept[1]} backups instead of {kept[0]}: {will}" if kept[1] < kept[0] else ""


def _is_of_longhorn(field: Field) -> bool:
    names = field.path[2:3] or tuple(map(str, {**shape.mapping(field.old), **shape.mapping(field.new)}))
    return any("longhorn.io/" in name for name in names)


@risk(
    "data-loss",
    before=_SCHEDULED,
    breaks={"cluster: {name: orders}": "cluster: {name: sessions}"},
    passes={"method: volumeSnapshot": "method: plugin"},
)
def backup_is_of_another(comparison: Comparison) -> Iterator[Concern]:
    """A backup is of another database or volume than before, and nothing else makes one of the first."""
    for change in _changed_backups(comparison):
        before, after = ([bare_name(name, job) for name in sources_of(job)] for job in (change.old, change.new))
        if not after or before == after:
            continue
        others = {
            bare_name(name, job)
            for job in comparison.new.of_kind(*KINDS_OF_BACKUPS)
            if job.namespace == change.new.namespace and is_backup(job)
            for name in sources_of(job)
        }
        gone = [name for name in before if name not in others and not _is_gone(comparison, change.old, name)]
        if gone:
            yield change.concern(
                f"makes backups of {listed(after)} instead of {listed(gone)}, of which nothing else does",
                do="give it back what it was of; and make a second one for the other",
                field=".".join(SOURCES.get((change.old.group, change.old.kind), ())) or change.field("spec") or "",
            )


_BACKED_UP: Final = ("Cluster", "MariaDB", "PersistentVolumeClaim", "Service")


def _is_gone(comparison: Comparison, job: Resource, name: str) -> bool:
    """Whether what it made backups of was among the manifests, and is so no longer."""
    was, is_there = (
        any(graph.find(kind, job.namespace, name) for kind in _BACKED_UP) for graph in (comparison.old, comparison.new)
    )
    return was and not is_there


@risk(
    "data-loss",
    before=_DUMP,
    breaks={"[/bin/sh, /scripts/dump.sh]": "[/bin/true]"},
    passes={"[/bin/sh, /scripts/dump.sh]": "[/bin/sh, /scripts/backup.sh]"},
)
def backup_is_in_vain(comparison: Comparison) -> Iterator[Concern]:
    """What makes backups runs in vain: its command is none of a backup, or a Secret or file that it needs is missing.

    The command is judged by its words, such as `pg_dump` or `/scripts/backup.sh`.
    """
    for change in _changed_backups(comparison):
        ran = [word for word in map(backup_word, containers_of(change.old)) if word]
        if ran and not any(backup_word(each) or is_tool(each) for each in containers_of(change.new)):
            name = f"job {change.new.name}-by-hand --from=cronjob/{change.new.name}"
            yield change.concern(
                f"makes no backup any more, as far as its command says, which no longer names {listed(ran)}",
                do="keep the command; or run it once and look for the backup: "
                f"kubectl -n {change.new.namespace or 'default'} create {name}",
                field=next((field for field in change.fields if {"command", "args"} & set(field.path)), ""),
            )
    for job in comparison.new.resources:
        if is_backup(job) or job.kind == "BackupTarget":
            yield from _without(comparison, job)


def _without(comparison: Comparison, job: Resource) -> Iterator[Concern]:
    """The Secrets and ConfigMaps that a backup needs, and that are no longer there, or under another name."""
    former = comparison.former(job.identity) or job.identity
    named = references_by_source(comparison.old).get(former, ())
    change = comparison.by_identity.get(job.identity)
    for reference in references_by_source(comparison.new).get(job.identity, ()):
        before = [each for each in named if each.field == reference.field]
        if reference.optional or not before or _is_there(comparison.new, reference):
            continue
        # A volume may name several keys.
        was = next((each for each in before if (each.name, each.key) == (reference.name, reference.key)), before[0])
        what = f"{reference.kind} {reference.name}"
        if reference.key and _is_there(comparison.new, replace(reference, key="")):
            what = f"key {reference.key} of {what}"
        if (was.name, was.key) != (reference.name, reference.key):
            if job.kind == "BackupTarget":
                # `backup_target_is_another` tells of it.
                continue
            cause, reason = change, f"makes no backups any more: {what} is not there"
        else:
            kept = makers(comparison.old).get((was.kind, was.namespace, was.name), ())
            cause = next((each for each in comparison.changes if each.old in kept), None)
            reason = f"{job.kind} {job.name} makes no backups without {what}"
        if cause and _is_there(comparison.old, was):
            field = reference.field if cause is change else ""
            yield cause.concern(reason, do="name one that is there, or keep it, before the next run", field=field)
            return


def _is_there(graph: Graph, reference: Reference) -> bool:
    """Whether a Secret or ConfigMap, or the key of it that is named, is among the manifests; true of other kinds."""
    made = {"Secret": graph.secrets, "ConfigMap": graph.config_maps}.get(reference.kind)
    if made is None:
        return True
    found = (reference.namespace, reference.name)
    keys = made.get(found)
    return found in made and (keys is None or not reference.key or reference.key in keys)


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

    Longhorn (1.9) removes its objects of the backups in the old target, not the backups. It is told as well when
    another Secret is used to log in.
    """
    for change in comparison.changes:
        old = change.old
        if old is None or change.kind not in _TARGETS or old.group in ("", "cluster.x-k8s.io"):
            continue
        if change.kind == "Setting" and old.name not in _TARGET_SETTINGS:
            continue
        before = [shape.text(old.manifest, *path) for path in _TARGETS[change.kind]]
        after = [shape.text(change.new.manifest, *path) if change.new else "" for path in _TARGETS[change.kind]]
        if not any(before):
            continue
        if before == after:
            secret = change.field("spec", "credentialSecret") if change.kind == "BackupTarget" else None
            if secret and change.new:
                was, now = ((old.namespace, shape.text(side.spec, "credentialSecret")) for side in (old, change.new))
                is_missing = was in comparison.old.secrets and now not in comparison.new.secrets
                yield change.concern(
                    f"logs in to {before[0]} with Secret {now[1] or '(none)'} instead of {was[1] or '(none)'}, "
                    f"{'which is not there' if is_missing else 'which may have no right to write there'}",
                    do="look whether it is available afterwards: "
                    f"kubectl -n {change.new.namespace or 'default'} get backuptargets.longhorn.io {change.new.name}",
                    field=secret,
                )
            continue
        if change.new is None and change.kind == "Cluster":
            # The whole database is removed.
            continue
        there, where = (" ".join(filter(None, side)) for side in (before, after))
        yield change.concern(
            f"backups go to {where} instead of {there}: those made so far cannot be restored from here"
            if where
            else f"backups no longer go to {there}: none are made, and none can be restored",
            do="keep the old target beside the new one until the new one has as many backups as are needed"
            if where
            else "keep it, or name another one first",
            field=".".join(_TARGETS[change.kind][0]) if change.new else "",
        )
