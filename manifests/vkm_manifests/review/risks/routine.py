"""Routine: what takes effect by itself."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.pod_resources import scale
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.difference import ORDER, Field
from vkm_manifests.review.examples import SAFE
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.rollout import (
    causes,
    changed_keys,
    is_paused,
    is_replaced,
    kept_keys,
    keys_at,
    readers_of,
    reloaded,
    replicas,
    restart_of,
    rollout,
    template_fields,
)
from vkm_manifests.review.storage import LONGHORN, class_of, resized
from vkm_manifests.review.wording import counted, does, listed

_RUNNING: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  progressDeadlineSeconds: 600
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "example/web:1.0.0"}
"""
_ON_DELETE: Final = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  replicas: 2
  serviceName: db
  updateStrategy: {type: OnDelete}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - {name: db, image: "example/db:1.0.0"}
"""
_NIGHTLY: Final = """
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: shop}
spec:
  schedule: 0 2 * * *
  concurrencyPolicy: Forbid
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers: [{name: nightly, image: "example/web:1.0.0"}]
"""
_CLAIM: Final = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: longhorn
  resources: {requests: {storage: 5Gi}}
"""
_CONFIGURED: Final = f"""
apiVersion: v1
kind: ConfigMap
metadata: {{name: web, namespace: shop}}
data: {{mode: production}}
---
{_RUNNING.strip()}
        env:
        - name: MODE
          valueFrom: {{configMapKeyRef: {{name: web, key: mode}}}}
""".replace('- {name: web, image: "example/web:1.0.0"}', '- name: web\n        image: "example/web:1.0.0"')
_ALERTS: Final = """
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: web, namespace: shop}
spec:
  groups:
  - name: web
    rules:
    - alert: WebIsDown
      expr: up == 0
      for: 5m
"""


# Workloads.


@risk("routine", before=_RUNNING, breaks={"replicas: 2": "replicas: 3"}, passes={"replicas: 2": "replicas: 1"})
def more_pods(comparison: Comparison) -> Iterator[Concern]:
    """A workload gets more pods; those that run stay."""
    for change in comparison.changed("Deployment", "StatefulSet", "ReplicaSet"):
        before, after = replicas(change)
        if after > before:
            yield change.concern(
                f"{counted(after - before, 'more pod')}: {after} instead of {before}",
                do="",
                field="spec.replicas",
            )


@risk(
    "routine",
    before=_RUNNING.replace("replicas: 2", "replicas: 4"),
    breaks={"replicas: 4": "replicas: 3"},
    passes={"replicas: 4": "replicas: 1"},
)
def fewer_pods(comparison: Comparison) -> Iterator[Concern]:
    """A workload gets fewer pods, and still has several."""
    for change in comparison.changed("Deployment", "StatefulSet", "ReplicaSet"):
        before, after = replicas(change)
        if before > after > 1:
            yield change.concern(
                f"{counted(before - after, 'pod')} less: {after} instead of {before}",
                do="see that the others carry the load",
                field="spec.replicas",
            )


# What no change of these may be said to leave as it is.
_FIXED: Final = (
    "selector",
    "serviceName",
    "volumeClaimTemplates",
    "podManagementPolicy",
    "replicas",
    "ordinals",
    "paused",
)


@risk(
    "routine",
    before=_RUNNING,
    breaks={"progressDeadlineSeconds: 600": "progressDeadlineSeconds: 900"},
    passes={"web:1.0.0": "web:1.0.1"},
)
def pods_stay(comparison: Comparison) -> Iterator[Concern]:
    """A workload's own fields change, and none of its pods: its labels, its strategy, its deadlines."""
    for pods in comparison.pods:
        change = pods.change
        if not pods.template or change.kind == "Job" or template_fields(pods):
            continue
        if not any(change.field("spec", fixed) for fixed in _FIXED) and not _is_of_next_run(change):
            fields = listed(name for field in change.fields for name in _short(field))
            text = f"no pod is replaced: {fields} of the {change.kind} itself"
            if change.field("spec", "strategy") and shape.text(change.new.spec, "strategy", "type") == "Recreate":
                text += "; from now on, each rollout stops all pods before it starts new ones"
            yield change.concern(text, do="")


def _is_of_next_run(change: Change) -> bool:
    return change.kind == "CronJob" and change.field("spec") is not None


def _short(field: Field) -> Iterator[str]:
    """A field as a sentence names it: `label team`, `revisionHistoryLimit`."""
    match field.path:
        case ("metadata", "labels" | "annotations" as kind, *rest):
            yield from (f"{kind.removesuffix('s')} {key}" for key in keys_at(tuple(rest), field))
        case _:
            yield field.name.removeprefix("spec.")


@risk("routine", before=_ON_DELETE, breaks={"db:1.0.0": "db:1.0.1"}, passes={"type: OnDelete": "type: RollingUpdate"})
def pods_change_when_deleted(comparison: Comparison) -> Iterator[Concern]:
    """The pods of a workload stay as they are until somebody deletes them.

    So it is with `updateStrategy: {type: OnDelete}`, below a StatefulSet's `partition`, and of a ReplicaSet; those of a
    Deployment that is paused stay until it no longer is.
    """
    for pods in comparison.pods:
        runs = pods.new.runs_on and pods.template and pods.new.replicas > 0
        # Of what a controller has made, and a cluster shows: that replaces it.
        made = shape.mappings(pods.new.workload.manifest, "metadata", "ownerReferences")
        if runs and not made and template_fields(pods) and rollout(comparison.new, pods.new) is None:
            change = pods.change
            paused = is_paused(pods.new)
            yield change.concern(
                f"no pod is replaced until {'it is no longer paused' if paused else 'somebody deletes it'}: "
                f"{listed(causes(comparison, pods))}",
                do="set paused: false when they may restart"
                if paused
                else "delete the pods, one after the other, when they may restart",
                field=template_fields(pods)[0],
            )


@risk(
    "routine",
    before=_NIGHTLY,
    breaks={"web:1.0.0": "web:1.0.1"},
    passes={"metadata: {": "metadata: {labels: {a: b}, "},
)
def next_run(comparison: Comparison) -> Iterator[Concern]:
    """A CronJob's next run is another one; what runs now goes on as it began."""
    for pods in comparison.pods:
        change = pods.change
        if not _is_of_next_run(change):
            continue
        suspended = change.field("spec", "suspend")
        if suspended and change.new.spec.get("suspend") is True:
            yield change.concern("is suspended: it runs no more", do="set suspend: false to go on", field=suspended)
            continue
        schedule = change.field("spec", "schedule")
        found = [f"schedule {schedule.old} → {schedule.new}"] if schedule else []
        found += causes(comparison, pods)
        others = [field for field in change.fields if not field.is_below(*pods.template) and field is not schedule]
        found += [name for field in others for name in _short(field)]
        yield change.concern(f"takes effect with its next run: {listed(found)}", do="", field=change.fields[0])


@risk(
    "routine",
    before=_CLAIM,
    breaks={"{storage: 5Gi}}\n": f"{{storage: 5Gi}}}}\n---\n{SAFE.lstrip()}"},
    passes={"storage: 5Gi": "storage: 6Gi"},
)
def workload_starts(comparison: Comparison) -> Iterator[Concern]:
    """A workload is new: its pods start, or its Job runs once."""
    for change in comparison.come("CronJob", "DaemonSet", "Deployment", "Job", "StatefulSet"):
        pod = Pod.of(change.object)
        if not pod or change.old:
            continue
        match change.kind:
            case "CronJob":
                text = f"is new: it runs at {shape.text(change.object.spec, 'schedule') or 'its schedule'}"
            case "Job":
                text = "is new: it runs once, as soon as it is applied"
            case "DaemonSet":
                text = "is new: a pod starts on each node"
            case _:
                count = scale(comparison.new, pod).least
                text = f"is new: {counted(count, 'pod')} {does(count, 'starts', 'start')}"
        yield change.concern(text, do="")


@risk(
    "routine",
    before="""
apiVersion: batch/v1
kind: Job
metadata: {name: migrate-1, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: "example/web:1.0.0"}]
""",
    breaks={"name: migrate-1": "name: migrate-2", "web:1.0.0": "web:1.1.0"},
    passes={"namespace: shop": "namespace: shop, labels: {a: b}"},
)
def job_runs_again(comparison: Comparison) -> Iterator[Concern]:
    """A Job has a new name, so that it runs once more: a Job that is there cannot change."""
    for change in comparison.come("Job"):
        if change.renamed_from:
            name, namespace = change.identity.name, change.identity.namespace or "default"
            yield change.concern(
                f"runs once, as soon as it is applied; {change.renamed_from.name} stays until somebody deletes it",
                do=f"see that it completes: kubectl -n {namespace} wait --for=condition=complete job/{name}",
            )


# Volumes.


@risk("routine", before=_CLAIM, breaks={"storage: 5Gi": "storage: 10Gi"}, passes={"storage: 5Gi": "storage: 4Gi"})
def volume_grows(comparison: Comparison) -> Iterator[Concern]:
    """A volume gets larger, while it is used.

    The claim's StorageClass must say `allowVolumeExpansion: true`. Longhorn 1.4 and newer, and most CSI drivers, grow
    volumes while pods use them. There is no way back.
    """
    for change, before, after in resized(comparison):
        old, new = quantity(before), quantity(after)
        known = class_of(comparison.new, change.new.spec)
        if (
            old is None
            or new is None
            or new <= old
            or (known and known.manifest.get("allowVolumeExpansion") is not True)
        ):
            continue
        name = known.name if known else shape.text(change.new.spec, "storageClassName")
        longhorn = known and shape.text(known.manifest, "provisioner") == LONGHORN
        how = "while it is used" if longhorn else f"if {name or 'its StorageClass'} lets it"
        yield change.concern(
            f"the volume grows from {before} to {after}, {how}; it cannot shrink again",
            do="",
            field="spec.resources.requests.storage",
        )


# Configuration.

# What pods do that go on, in the order of who is latest to know.
_TAKEN: Final[Mapping[str, tuple[str, str]]] = {
    "env": (
        "goes on with the old value until its pods restart",
        "go on with the old value until their pods restart",
    ),
    "part": (
        "goes on with the old file, which is mounted by subPath, until its pods restart",
        "go on with the old file, which is mounted by subPath, until their pods restart",
    ),
    "files": ("sees the change in about a minute", "see the change in about a minute"),
    "rolling": ("restarts with it", "restart with it"),
    "run": ("takes it with the next run", "take it with the next run"),
}


@risk(
    "routine",
    before=_CONFIGURED,
    breaks={"mode: production": "mode: test"},
    passes={"progressDeadlineSeconds: 600": "progressDeadlineSeconds: 900"},
)
def pods_read_it(comparison: Comparison) -> Iterator[Concern]:
    """A Secret or ConfigMap is another one: when the pods that read it will know.

    A variable, and a file that is mounted by subPath, stay what they were at the pod's start; a mounted folder follows
    within the kubelet's sync period and cache, about a minute (Kubernetes: ConfigMaps, Mounted ConfigMaps are updated
    automatically).
    """
    graph = comparison.new
    rolling = {pods.change.identity for pods in comparison.pods if is_replaced(pods, graph)}
    for change in comparison.changed("ConfigMap", "Secret", "ExternalSecret", "SealedSecret"):
        keys = kept_keys(change) or changed_keys(change)
        by_reloader = {pod.workload.identity for pod in reloaded(graph, change)} - rolling
        told: dict[str, list[Pod]] = defaultdict(list)
        for pod, way in readers_of(graph, change, keys):
            if pod.workload.identity not in by_reloader:
                told["rolling" if pod.workload.identity in rolling else way if pod.runs_on else "run"].append(pod)
        sentences = [
            f"{listed(pod.workload.name for pod in told[way])} {does(len(told[way]), *verbs)}"
            for way, verbs in _TAKEN.items()
            if told[way]
        ]
        if sentences:
            restart = restart_of([*told["env"], *told["part"]])
            yield change.concern(
                f"{listed(sorted(keys))}: {'; '.join(sentences)}",
                do=f"if it shall be known now, {restart}" if restart else "",
            )


@risk(
    "routine",
    before="""
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: app, namespace: shop}
spec:
  refreshInterval: 1h
  secretStoreRef: {kind: ClusterSecretStore, name: store}
  data: [{secretKey: token, remoteRef: {key: shop/token}}]
""",
    breaks={"refreshInterval: 1h": 'refreshInterval: "0"'},
    passes={"refreshInterval: 1h": "refreshInterval: 2h"},
)
def secret_is_not_read_again(comparison: Comparison) -> Iterator[Concern]:
    """A Secret is not read from its store again: it keeps what it has.

    External Secrets reads once where `refreshInterval` is 0, with its refreshPolicy Periodic, which is the default.
    """
    for change in comparison.changed("ExternalSecret"):
        field = change.field("spec", "refreshInterval")
        is_none = field and re.search("[1-9]", str(field.new)) is None and "0" in str(field.new)
        if is_none and shape.text(change.new.spec, "refreshPolicy") in ("", "Periodic"):
            yield change.concern(
                "is never read again: the Secret keeps what it has, whatever the store has",
                do="give it an interval, such as 1h",
                field=field,
            )


# Monitoring.


@risk(
    "routine",
    before=_ALERTS,
    breaks={"      for: 5m\n": "      for: 5m\n    - alert: WebIsSlow\n      expr: slow > 1\n"},
    passes={"name: web, namespace": "labels: {a: b}, name: web, namespace"},
)
def alerts_change(comparison: Comparison) -> Iterator[Concern]:
    """Alerts come, go or change."""
    kept = {name for rule in comparison.new.of_kind("PrometheusRule") for name in _alerts(rule.spec)}
    known = {name for rule in comparison.old.of_kind("PrometheusRule") for name in _alerts(rule.spec)}
    for change in comparison.changes:
        if change.kind != "PrometheusRule":
            continue
        old, new = (_alerts(resource.spec if resource else {}) for resource in (change.old, change.new))
        other = [name for name in old.keys() & new.keys() if old[name] != new[name]]
        gone = old.keys() - kept
        told = [
            f"{counted(len(names), 'alert')} {does(len(names), 'is', 'are')} {text}: {listed(sorted(names))}"
            for names, text in ((new.keys() - known, "new"), (gone, "gone"), (other, "changed"))
            if names
        ]
        if told:
            do = "see that nobody misses those that are gone" if gone else ""
            yield change.concern("; ".join(told), do=do)


def _alerts(spec: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for group in shape.mappings(spec, "groups"):
        for rule in shape.mappings(group, "rules"):
            if name := shape.text(rule, "alert"):
                found[name].append(rule)
    return found


# Routes.

_ROUTED: Final = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
  - kind: Rule
    match: Host(`shop.example.com`)
    priority: 10
    middlewares: [{name: compress}, {name: limit}]
    services: [{name: web, port: 80}]
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: limit, namespace: shop}
spec: {rateLimit: {average: 100}}
"""


@risk(
    "routine",
    before=_ROUTED,
    breaks={"average: 100": "average: 10"},
    passes={"metadata: {name: limit, ": "metadata: {labels: {a: b}, name: limit, "},
)
def middleware_is_set_otherwise(comparison: Comparison) -> Iterator[Concern]:
    """A middleware has another setting, which Traefik takes at once, for all routes that name it.

    What may be a secret is told without its value.
    """
    for change in comparison.changed("Middleware", "MiddlewareTCP"):
        fields = list(change.below("spec"))
        if fields:
            names = listed(_setting(field) for field in fields)
            yield change.concern(f"{names}: at once, for all routes that name it", do="", field=fields[0])


def _setting(field: Field) -> str:
    """A field with its values, where these are numbers, times or switches."""
    values = [_shown(value) for value in (field.old, field.new)]
    name = field.name.removeprefix("spec.")
    return f"{name} {' → '.join(values)}" if all(values) else name


def _shown(value: Any) -> str:
    """A number, a time or a switch as YAML has it; empty for what is none."""
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case int() | float():
            return str(value)
        case str() if re.fullmatch(r"\d{1,9}(ms|[smh])", value):
            return value
    return ""


@risk(
    "routine",
    before=_ROUTED,
    breaks={"[{name: compress}, {name: limit}]": "[{name: limit}, {name: compress}]"},
    passes={"priority: 10": "priority: 20"},
)
def middlewares_run_in_another_order(comparison: Comparison) -> Iterator[Concern]:
    """Traefik runs the same middlewares of a route in another order."""
    for change in comparison.changed("IngressRoute", "IngressRouteTCP"):
        for field in change.below("spec", "routes"):
            if field.path[-2:] == ("middlewares", ORDER) and isinstance(field.new, list):
                yield change.concern(
                    f"its middlewares run in another order: {', '.join(field.new)}", do="", field=field
                )


# Certificates.

# With another of these, a certificate stays the one that was issued.
_KEPT_BY_CERTIFICATE: Final = tuple(
    (name,) for name in ("renewBefore", "renewBeforePercentage", "revisionHistoryLimit", "secretTemplate")
)


@risk(
    "routine",
    before="""
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec:
  secretName: web-tls
  dnsNames: [shop.example.com]
  issuerRef: {name: letsencrypt, kind: ClusterIssuer}
""",
    breaks={"[shop.example.com]": "[shop.example.com, www.example.com]"},
    passes={"secretName: web-tls": "secretName: shop-tls"},
)
def certificate_is_issued_anew(comparison: Comparison) -> Iterator[Concern]:
    """A certificate is issued anew; the old one is served until the new one is there.

    cert-manager 1.x writes into the Secret only what has been issued, so an order that fails changes nothing at first.
    """
    for change in comparison.changed("Certificate"):
        fields = [field for field in change.below("spec") if field.path[1:2] not in _KEPT_BY_CERTIFICATE]
        if fields and not change.field("spec", "secretName"):
            names = listed(name for field in fields for name in _short(field))
            yield change.concern(
                f"is issued anew for {names}; the old one is served until then",
                do="see that the Certificate becomes READY again",
                field=fields[0],
            )
