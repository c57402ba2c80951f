"""Storage: volumes, who mounts them, and what becomes of their data."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.mounted import mounted_files_by_sub_path, mounted_folders, named_paths
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.pod_resources import scale
from vkm_manifests.graph.resource import Finding, Resource
from vkm_manifests.verify.rule import rule

_ONE_NODE: Final = frozenset({"ReadWriteOnce", "ReadWriteOncePod"})
_DEFAULT_CLASS: Final = "storageclass.kubernetes.io/is-default-class"
_HOSTNAME: Final = "kubernetes.io/hostname"
_TASKS: Final = (
    "backup",
    "backup-force-create",
    "filesystem-trim",
    "snapshot",
    "snapshot-cleanup",
    "snapshot-delete",
    "snapshot-force-create",
    "system-backup",
)
# These keep nothing: Longhorn sets their retain to 0.
_KEEPS_NOTHING: Final = ("filesystem-trim", "snapshot-cleanup")
_S3_KEYS: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")

_CLAIM: Final = """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: fast
  resources: {requests: {storage: 5Gi}}
"""
_WORKLOAD: Final = """
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  strategy: {type: Recreate}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
        volumeMounts:
        - {name: data, mountPath: /data}
        - {name: temporary, mountPath: /tmp}
      volumes:
      - name: data
        persistentVolumeClaim: {claimName: data}
      - name: temporary
        emptyDir: {sizeLimit: 64Mi}
"""


@dataclass(frozen=True, slots=True)
class _Use:
    """Pods that mount a claim, and the volume by which they do."""

    pod: Pod
    field: str


@dataclass(frozen=True, slots=True)
class _Claim:
    """A claim that pods mount.

    Attributes:
        name: `namespace/PersistentVolumeClaim/name`.
        modes: its access modes.
        uses: those that mount it by its name.
        of_set: the StatefulSet that makes it for one of its pods, if it does: one use, or none.
    """

    name: str
    modes: list[str]
    uses: list[_Use]
    of_set: list[_Use]


@rule(passes=_CLAIM + _WORKLOAD, breaks={"type: Recreate": "type: RollingUpdate"})
def single_pod_volume(graph: Graph) -> Iterator[Finding]:
    """A volume that one node at a time can mount (ReadWriteOnce) is mounted by one pod at a time.

    A second pod on another node waits for the volume for ever; so does the new pod of a rolling update, whose
    predecessor stays until it is ready. Pods that are bound to one node may share it.
    """
    for claim in _claims_in_use(graph):
        if not claim.modes or not _ONE_NODE.issuperset(claim.modes):
            continue
        one_pod = claim.modes == ["ReadWriteOncePod"]
        free, of_set = (
            [use for use in uses if one_pod or not _is_bound_to_a_node(use.pod)] for uses in (claim.uses, claim.of_set)
        )
        for use in free:
            yield from _alone(graph, use, claim)
        yield from _together(of_set + free, claim)


def _alone(graph: Graph, use: _Use, claim: _Claim) -> Iterator[Finding]:
    workload = use.pod.workload
    replicas = _most(graph, use.pod)
    if replicas > 1:
        count = "on each node" if workload.kind == "DaemonSet" else f"in {replicas} replicas"
        yield workload.finding(
            use.field,
            f"mounts {claim.name}, which one node at a time can mount, {count}",
            fix="accessModes: [ReadWriteMany], or one replica, or volumeClaimTemplates of a StatefulSet",
        )
    elif workload.kind == "Deployment" and replicas and _rolls(workload):
        yield workload.finding(
            use.field,
            f"mounts {claim.name}, which one node at a time can mount, with strategy RollingUpdate",
            fix="strategy: {type: Recreate}",
        )


def _most(graph: Graph, pod: Pod) -> int:
    """How many of these pods there may be."""
    found = scale(graph, pod)
    if found.scaler and found.scaler.kind == "ScaledObject":
        # Without a bound, KEDA 2 makes up to a hundred.
        bound = shape.number(found.scaler.spec, "maxReplicaCount")
        return max(pod.replicas, 100 if bound is None else bound)
    return max(pod.replicas, found.most)


def _rolls(deployment: Resource) -> bool:
    """Whether a new pod starts before the old one is gone."""
    strategy = shape.mapping(deployment.spec, "strategy")
    surge = shape.dig(strategy, "rollingUpdate", "maxSurge")
    return shape.text(strategy, "type") != "Recreate" and surge not in (0, "0", "0%")


def _together(uses: list[_Use], claim: _Claim) -> Iterator[Finding]:
    """Those that stay exclude each other; one that runs to its end may find the volume taken."""
    staying = [use for use in uses if _stays(use.pod)]
    for use in staying[1:]:
        yield use.pod.workload.finding(
            use.field,
            f"mounts {claim.name}, which one node at a time can mount, beside {staying[0].pod.workload}",
            fix="accessModes: [ReadWriteMany], or a volume of its own",
        )
    for use in uses if staying else ():
        if not use.pod.runs_on:
            yield use.pod.workload.finding(
                use.field,
                f"mounts {claim.name}, which one node at a time can mount, while {staying[0].pod.workload} does",
                fix="podAffinity to its pods with topologyKey: kubernetes.io/hostname, or accessModes: [ReadWriteMany]",
                severity="warning",
            )


def _stays(pod: Pod) -> bool:
    return pod.runs_on and pod.replicas > 0 and "helm.sh/hook" not in pod.workload.annotations


def _is_bound_to_a_node(pod: Pod) -> bool:
    affinity = shape.mapping(pod.spec, "affinity")
    required = shape.mappings(affinity, "podAffinity", "requiredDuringSchedulingIgnoredDuringExecution")
    return (
        bool(shape.text(pod.spec, "nodeName"))
        or _HOSTNAME in shape.mapping(pod.spec, "nodeSelector")
        or any(shape.text(term, "topologyKey") == _HOSTNAME for term in required)
        or any(key == "key" and value == _HOSTNAME for _, key, value in shape.walk(affinity.get("nodeAffinity")))
    )


def _claims_in_use(graph: Graph) -> Iterator[_Claim]:
    """The claims that pods mount by name. Pods that another workload made do not count beside it."""
    found: dict[tuple[str, str], list[_Use]] = defaultdict(list)
    made: dict[tuple[str, str], tuple[_Use, Mapping[str, Any]]] = {}
    for pod in graph.own_pods:
        if not shape.mappings(pod.workload.manifest, "metadata", "ownerReferences"):
            names: dict[str, str] = {}
            for field, volume in _volumes(pod):
                names.setdefault(shape.text(volume, "persistentVolumeClaim", "claimName"), field)
            for name, field in names.items():
                found[pod.namespace, name].append(_Use(pod, field))
            for field, template in _templates(pod.workload):
                name = f"{shape.text(template, 'metadata', 'name')}-{pod.workload.name}"
                made[pod.namespace, name] = _Use(pod, field), shape.mapping(template, "spec")
    for (namespace, name), uses in found.items():
        prefix, _, ordinal = name.rpartition("-")
        of_set, template = made.get((namespace, prefix), (None, {}))
        claim = graph.find("PersistentVolumeClaim", namespace, name)
        if claim or of_set:
            modes = shape.texts(claim.spec if claim else template, "accessModes")
            owner = [of_set] if of_set and _has_ordinal(of_set.pod, ordinal) else []
            yield _Claim(f"{namespace}/PersistentVolumeClaim/{name}", modes, uses, owner)


def _has_ordinal(pod: Pod, ordinal: str) -> bool:
    """Whether a StatefulSet has a pod of this number."""
    first = shape.number(pod.workload.spec, "ordinals", "start") or 0
    return re.fullmatch("[0-9]{1,9}", ordinal) is not None and first <= int(ordinal) < first + pod.replicas


# Volumes and mounts.


def _volumes(pod: Pod) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield from shape.named(pod.spec, f"{pod.spec_field}.volumes", "volumes")


def _templates(workload: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The claims that a StatefulSet makes for each of its pods."""
    if workload.kind == "StatefulSet":
        for index, claim in enumerate(shape.mappings(workload.spec, "volumeClaimTemplates")):
            yield f"spec.volumeClaimTemplates[{shape.text(claim, 'metadata', 'name') or index}]", claim


def _template_names(workload: Resource) -> list[str]:
    return [shape.text(claim, "metadata", "name") for _, claim in _templates(workload)]


def _mounts(pod: Pod) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    """Each mount of each container: its field, itself, and the key of the path in it."""
    for container in pod.containers:
        for key, path in (("volumeMounts", "mountPath"), ("volumeDevices", "devicePath")):
            for field, mount in shape.named(container.manifest, f"{container.field}.{key}", key):
                yield field, mount, path


@rule(passes=_CLAIM + _WORKLOAD, breaks={"        - {name: temporary, mountPath: /tmp}\n": ""})
def volume_is_mounted(graph: Graph) -> Iterator[Finding]:
    """Each volume of a pod, and each claim that its StatefulSet makes, is mounted by one of its containers."""
    for pod in graph.own_pods:
        mounted = {shape.text(mount, "name") for _, mount, _ in _mounts(pod)}
        named = [(field, shape.text(volume, "name")) for field, volume in _volumes(pod)]
        named += [(field, shape.text(claim, "metadata", "name")) for field, claim in _templates(pod.workload)]
        for field, name in named:
            if name not in mounted:
                yield pod.workload.finding(
                    field, "is mounted by no container", fix="mount it, or remove it", severity="warning"
                )


@rule(passes=_CLAIM + _WORKLOAD, breaks={"{name: data, mountPath: /data}": "{name: date, mountPath: /data}"})
def mount_has_volume(graph: Graph) -> Iterator[Finding]:
    """Each mount names a volume of the pod, or a claim that its StatefulSet makes.

    Kubernetes refuses the pod otherwise.
    """
    for pod in graph.own_pods:
        names = [shape.text(volume, "name") for _, volume in _volumes(pod)] + _template_names(pod.workload)
        for field, mount, _ in _mounts(pod):
            name = shape.text(mount, "name")
            if name and name not in names:
                likely = get_close_matches(name, names, n=1)
                yield pod.workload.finding(
                    field,
                    f"names no volume of the pod (known: {', '.join(sorted(names)) or 'none'})",
                    fix=f"name: {likely[0]}" if likely else f"a volume with name: {name}",
                )


_CONFIGURED: Final = """
apiVersion: v1
kind: ConfigMap
metadata: {name: config, namespace: shop}
data: {web.conf: "listen 8080"}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: example/web:1.0.0
    args: [--config=/etc/web/web.conf]
    volumeMounts: [{name: config, mountPath: /etc/web}]
  volumes:
  - name: config
    configMap: {name: config}
"""


@rule(
    passes=_CONFIGURED,
    breaks={"--config=/etc/web/web.conf": "--config=/etc/web/web.cnf"},
)
def named_file_is_mounted(graph: Graph) -> Iterator[Finding]:
    """A file that a variable or an argument names, in the folder of a mounted Secret or ConfigMap, is one of its keys.

    The program does not find it otherwise.
    """
    for pod in graph.own_pods:
        for container in pod.containers:
            folders = dict(mounted_folders(graph, pod, container))
            for field, path in named_paths(container) if folders else ():
                folder, _, name = path.rpartition("/")
                keys = folders.get(folder)
                if keys is not None and name and name not in keys:
                    likely = get_close_matches(name, keys, n=1)
                    known = ", ".join(sorted(keys)) or "nothing"
                    yield pod.workload.finding(
                        field,
                        f"names {path}, which is not among what is mounted there ({known})",
                        fix=f"{folder}/{likely[0]}" if likely else f"a key {name}",
                    )


@rule(
    passes=_CONFIGURED.replace("mountPath: /etc/web}", "mountPath: /etc/web/web.conf, subPath: web.conf}"),
    breaks={"subPath: web.conf": "subPath: web.cnf"},
)
def sub_path_is_a_key(graph: Graph) -> Iterator[Finding]:
    """A part of a Secret or ConfigMap that is mounted by itself is one of its keys.

    The kubelet makes an empty folder of that name otherwise.
    """
    for pod in graph.own_pods:
        for container in pod.containers:
            for field, sub_path, files in mounted_files_by_sub_path(graph, pod, container):
                # An item may lie in a folder, which can be mounted as a whole.
                if not any(file == sub_path or file.startswith(f"{sub_path}/") for file in files):
                    likely = get_close_matches(sub_path, files, n=1)
                    yield pod.workload.finding(
                        f"{field}.subPath",
                        f"is {sub_path}, which is no key there ({', '.join(sorted(files)) or 'nothing'})",
                        fix=f"subPath: {likely[0]}" if likely else f"a key {sub_path}",
                    )


@rule(passes=_CLAIM + _WORKLOAD, breaks={"mountPath: /tmp": "mountPath: /data/"})
def mount_paths_are_unique(graph: Graph) -> Iterator[Finding]:
    """A container mounts one volume at a path.

    Kubernetes refuses the second; written with a slash at its end, it hides the first.
    """
    for pod in graph.own_pods:
        first: dict[tuple[str, str], str] = {}
        for field, mount, key in _mounts(pod):
            container, _, own = field.rpartition(".")
            place = (container, shape.text(mount, key).rstrip("/"))
            if not shape.text(mount, key):
                continue
            if place in first:
                yield pod.workload.finding(
                    f"{field}.{key}",
                    f'is "{shape.text(mount, key)}", where {first[place]} is mounted',
                    fix="a path of its own",
                )
            first.setdefault(place, own)


@rule(passes=_CLAIM + _WORKLOAD, breaks={"- name: temporary\n": "- name: data\n"})
def volume_names_are_unique(graph: Graph) -> Iterator[Finding]:
    """No two volumes of a pod have one name, and no two claims of a StatefulSet.

    A StatefulSet's claim may have the name of a volume, in whose place it then stands.
    """
    for pod in graph.own_pods:
        for names, field in (
            ([shape.text(volume, "name") for _, volume in _volumes(pod)], f"{pod.spec_field}.volumes"),
            (_template_names(pod.workload), "spec.volumeClaimTemplates"),
        ):
            for name, count in Counter(names).items():
                if name and count > 1:
                    yield pod.workload.finding(
                        f"{field}[{name}]", f"is there {count} times", fix="a name of its own for each"
                    )


@rule(passes=_WORKLOAD, breaks={"emptyDir: {sizeLimit: 64Mi}": "emptyDir: {medium: Memory}"})
def empty_dir_is_bounded(graph: Graph) -> Iterator[Finding]:
    """An emptyDir has a sizeLimit, or its containers have limits that bound it.

    One on the disk fills the node, until all its pods are evicted; one in memory counts as its containers' memory,
    and without their limits takes half of the node's.
    """
    for pod in graph.own_pods:
        for field, volume in _volumes(pod):
            directory = volume.get("emptyDir", "absent")
            # It may be empty, and still be one.
            if directory == "absent" or shape.dig(directory, "sizeLimit"):
                continue
            in_memory = shape.text(directory, "medium") == "Memory"
            bounded = _all_limited(pod, "memory" if in_memory else "ephemeral-storage")
            if in_memory or not bounded:
                yield pod.workload.finding(
                    f"{field}.emptyDir.sizeLimit",
                    f"is missing: the node's {'memory' if in_memory else 'disk'} is the bound"
                    if not bounded
                    else "is missing: the containers' memory limit is the bound",
                    fix="sizeLimit: 64Mi",
                    severity="error" if in_memory and not bounded else "warning",
                )


def _all_limited(pod: Pod, resource: str) -> bool:
    limits = [shape.mapping(container.manifest, "resources", "limits") for container in pod.containers]
    return bool(shape.mapping(pod.spec, "resources", "limits").get(resource)) or all(
        resource in limit for limit in limits
    )


# Claims and classes.


@rule(passes=_CLAIM + _WORKLOAD, breaks={"{claimName: data}": "{claimName: other}"})
def claim_is_used(graph: Graph) -> Iterator[Finding]:
    """Each claim is mounted by a pod, where the input shows all pods of its namespace."""
    claimed = {
        (pod.namespace, shape.text(volume, "persistentVolumeClaim", "claimName"))
        for pod in graph.own_pods
        for _, volume in _volumes(pod)
    }
    made = {
        (pod.namespace, f"{name}-{pod.workload.name}")
        for pod in graph.own_pods
        for name in _template_names(pod.workload)
    }
    for claim in graph.of_kind("PersistentVolumeClaim"):
        # A StatefulSet takes over the claims that have the names of those it would make.
        of_set = (claim.namespace, re.sub(r"-\d+$", "", claim.name)) in made
        if of_set or graph.may_have_other_pods(claim.namespace):
            continue
        if (claim.namespace, claim.name) not in claimed:
            yield claim.finding("", "is mounted by no pod here", fix="mount it, or remove it", severity="warning")


def _claims(graph: Graph) -> Iterator[tuple[Resource, str, Mapping[str, Any]]]:
    """Every claim that the input makes or lets be made: the object, where the claim's spec stands, and that spec."""
    for claim in graph.of_kind("PersistentVolumeClaim"):
        yield claim, "spec", claim.spec
    for pod in graph.own_pods:
        for field, template in _templates(pod.workload):
            yield pod.workload, f"{field}.spec", shape.mapping(template, "spec")
        for field, volume in _volumes(pod):
            template = shape.mapping(volume, "ephemeral", "volumeClaimTemplate")
            if template:
                yield pod.workload, f"{field}.ephemeral.volumeClaimTemplate.spec", shape.mapping(template, "spec")


@rule(passes=_CLAIM, breaks={"  resources: {requests: {storage: 5Gi}}\n": ""})
def claim_size_is_given(graph: Graph) -> Iterator[Finding]:
    """Each claim says how much it wants."""
    for resource, field, spec in _claims(graph):
        if not shape.dig(spec, "resources", "requests", "storage"):
            yield resource.finding(
                f"{field}.resources.requests.storage",
                "is missing",
                fix="resources: {requests: {storage: 5Gi}}",
            )


_CLASS: Final = """
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast, annotations: {storageclass.kubernetes.io/is-default-class: "true"}}
provisioner: driver.longhorn.io
allowVolumeExpansion: true
"""


@rule(passes=_CLAIM + _CLASS, breaks={"allowVolumeExpansion: true": "allowVolumeExpansion: false"})
def claim_expands(graph: Graph) -> Iterator[Finding]:
    """A claim's StorageClass allows it to grow, where the input has that class."""
    default = next((found.name for found in _default_classes(graph)), "")
    for resource, field, spec in _claims(graph):
        name = spec.get("storageClassName", default)
        found = graph.find("StorageClass", "", name) if isinstance(name, str) else None
        if found and found.manifest.get("allowVolumeExpansion") is not True:
            yield resource.finding(
                f"{field}.storageClassName",
                f'is "{name}", whose volumes cannot grow',
                fix=f"allowVolumeExpansion: true in StorageClass {name}",
                severity="warning",
            )


def _default_classes(graph: Graph) -> list[Resource]:
    return [found for found in graph.of_kind("StorageClass") if found.annotations.get(_DEFAULT_CLASS) == "true"]


@rule(
    passes=_CLASS
    + """
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: slow, annotations: {storageclass.kubernetes.io/is-default-class: "false"}}
provisioner: driver.longhorn.io
""",
    breaks={'"false"': '"true"'},
)
def default_storage_class_is_one(graph: Graph) -> Iterator[Finding]:
    """At most one StorageClass is the default.

    With two, the newest gives the volumes (Kubernetes 1.26), which depends on the order of their creation.
    """
    for second in _default_classes(graph)[1:]:
        yield second.finding(
            f"metadata.annotations[{_DEFAULT_CLASS}]",
            f"makes it the default, which {_default_classes(graph)[0]} is already",
            fix=f'{_DEFAULT_CLASS}: "false"',
        )


@rule(
    passes="""
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  persistentVolumeClaimRetentionPolicy: {whenDeleted: Retain, whenScaled: Retain}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - {name: db, image: example/db:1.0.0, volumeMounts: [{name: data, mountPath: /data}]}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 5Gi}}}
""",
    breaks={"whenDeleted: Retain": "whenDeleted: Delete"},
)
def data_is_kept(graph: Graph) -> Iterator[Finding]:
    """The volumes of a StatefulSet outlive it."""
    for workload in graph.of_kind("StatefulSet"):
        policy = shape.mapping(workload.spec, "persistentVolumeClaimRetentionPolicy")
        for key in ("whenDeleted", "whenScaled"):
            if shape.text(policy, key) == "Delete" and _template_names(workload):
                yield workload.finding(
                    f"spec.persistentVolumeClaimRetentionPolicy.{key}",
                    "deletes the volumes, with all data in them",
                    fix=f"{key}: Retain",
                    severity="warning",
                )


# Longhorn's backups.


@rule(
    passes="""
apiVersion: longhorn.io/v1beta2
kind: RecurringJob
metadata: {name: nightly, namespace: longhorn-system}
spec:
  name: nightly
  cron: 30 1 * * *
  groups: [default]
  task: backup
  retain: 14
  concurrency: 1
""",
    breaks={"retain: 14": "retain: 0"},
)
def backup_job_keeps_something(graph: Graph) -> Iterator[Finding]:
    """A RecurringJob has a task that Longhorn knows, and keeps at least one of what it makes.

    Longhorn 1.12 refuses it otherwise; its name has at most 40 letters.
    """
    for job in graph.of_kind("RecurringJob"):
        if job.group != "longhorn.io":
            continue
        task = shape.text(job.spec, "task")
        if task not in _TASKS:
            yield job.finding(
                "spec.task",
                f'is "{task}" (known: {", ".join(_TASKS)})',
                fix=f"task: {(get_close_matches(task, _TASKS, n=1) or ['backup'])[0]}",
            )
        for key, needed in (("retain", task not in _KEEPS_NOTHING), ("concurrency", True)):
            found = shape.number(job.spec, key)
            if needed and found is not None and found < 1:
                yield job.finding(f"spec.{key}", f"is {found}: at least 1 is needed", fix=f"{key}: 1")
        if len(job.name) > 40:
            yield job.finding("metadata.name", f"has {len(job.name)} letters: at most 40 fit", fix="a shorter name")


@rule(
    passes="""
apiVersion: longhorn.io/v1beta2
kind: BackupTarget
metadata: {name: default, namespace: longhorn-system}
spec:
  backupTargetURL: s3://backups@us-east-1/
  credentialSecret: backup-credentials
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: backup-credentials, namespace: longhorn-system}
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: vault}
  data:
  - {secretKey: AWS_ACCESS_KEY_ID, remoteRef: {key: backup/id}}
  - {secretKey: AWS_SECRET_ACCESS_KEY, remoteRef: {key: backup/key}}
""",
    breaks={"secretKey: AWS_SECRET_ACCESS_KEY": "secretKey: AWS_SECRET_KEY"},
)
def backup_target_has_credentials(graph: Graph) -> Iterator[Finding]:
    """A BackupTarget in S3 names a Secret, which has the keys that Longhorn reads; and its address is whole."""
    for target in graph.of_kind("BackupTarget"):
        url = shape.text(target.spec, "backupTargetURL")
        if target.group != "longhorn.io" or not url.startswith("s3://"):
            continue
        if not re.fullmatch(r"s3://[^@/]+@[^@/]+/.*", url):
            yield target.finding(
                "spec.backupTargetURL",
                f'is "{url}": bucket, region and a slash at its end are needed',
                fix="backupTargetURL: s3://bucket@region/",
            )
        secret = shape.text(target.spec, "credentialSecret")
        keys = graph.secrets.get((target.namespace, secret))
        missing = sorted(set(_S3_KEYS) - keys) if keys is not None and "AWS_IAM_ROLE_ARN" not in keys else []
        if not secret:
            yield target.finding("spec.credentialSecret", "is missing for S3", fix="credentialSecret: ...")
        elif missing:
            yield target.finding(
                "spec.credentialSecret",
                f"is {secret}, which has no key {' and no key '.join(missing)}",
                fix=f"the keys {', '.join(_S3_KEYS)} in Secret {secret}",
            )
