"""Data loss: servers that know nothing of each other."""

import re
from collections.abc import Iterator
from typing import Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import runs
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.software import DATABASES, KEEP_DATA
from vkm_manifests.review.change import Changed, Removed
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.rollout import rollout
from vkm_manifests.review.storage import claim_templates, claims_by_volume, users_of_claims
from vkm_manifests.review.wording import listed

# They are alone unless they are told of others.
_ALONE: Final = tuple(
    image
    for image, database in DATABASES.items()
    if database.name in ("InfluxDB", "MariaDB", "MongoDB", "MySQL", "PostgreSQL", "Redis", "Valkey")
    and image not in ("mariadb-galera", "postgresql-repmgr", "redis-cluster")
)
_OF_OTHERS: Final = re.compile(
    r"cluster(?!\.local)|galera|master|patroni|peer|primary|repl|sentinel|slave|wsrep", re.IGNORECASE
)
_RUIN: Final = "and two servers on one set of files can ruin them"


@risk(
    "data-loss",
    before="""
apiVersion: apps/v1
kind: Deployment
metadata: {name: db, namespace: shop}
spec:
  replicas: 1
  strategy: {type: Recreate}
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - name: db
        image: postgres:17.5
        volumeMounts: [{name: data, mountPath: /var/lib/postgresql/data}]
      volumes:
      - name: data
        persistentVolumeClaim: {claimName: db}
""",
    breaks={"replicas: 1": "replicas: 2"},
    passes={"replicas: 1": "replicas: 0"},
)
def servers_are_no_cluster(comparison: Comparison) -> Iterator[Concern]:
    """Several servers of a database run side by side that are none of one cluster.

    On one claim they ruin each other's files: ReadWriteOnce lets all pods of one node mount it. On claims of their own
    each has a part of the data, as the Service leads to any of them.
    """
    for pods in comparison.pods_by_any_name:
        shared = _shared_claims(comparison.new, pods.new)
        if shared and not pods.change.renamed_from:
            before, after = (
                _beside_each_other(graph, pod)
                for graph, pod in ((comparison.old, pods.old), (comparison.new, pods.new))
            )
            if after and not before and pods.old.replicas:
                yield pods.change.concern(
                    f"{after} on volume {listed(shared)}, {_RUIN}",
                    do="keep 1 replica" + (" and strategy Recreate" if pods.change.kind == "Deployment" else ""),
                    field="spec.replicas" if pods.new.replicas > 1 else "spec.strategy",
                )
        if _is_alone(pods.new) and claim_templates(pods.new.workload) and pods.old.replicas <= 1 < pods.new.replicas:
            yield pods.change.concern(
                f"{pods.new.replicas} servers run on volumes of their own, the new ones on empty ones, and nothing "
                "says that they replicate: each request finds another server's data",
                do="keep 1 replica; or set up replication first, and a Service that leads to the primary only",
                field="spec.replicas",
            )
    for change in comparison.removed("StatefulSet", "Deployment", "ReplicaSet"):
        pod = Pod.of(change.old)
        for claim in _shared_claims(comparison.old, pod) if pod else ():
            yield from _successors(comparison, change, claim)


def _shared_claims(graph: Graph, pod: Pod) -> list[str]:
    """The claims that all pods of a database mount."""
    if not pod.runs_on or not runs(pod, *KEEP_DATA):
        return []
    own = claim_templates(pod.workload)
    claims = [claim for volume, claim in claims_by_volume(pod).items() if volume not in own]
    return [claim for claim in claims if not _is_for_one_pod(graph, pod.namespace, claim)]


def _is_for_one_pod(graph: Graph, namespace: str, name: str) -> bool:
    claim = graph.find("PersistentVolumeClaim", namespace, name)
    return claim is not None and "ReadWriteOncePod" in shape.texts(claim.spec, "accessModes")


def _beside_each_other(graph: Graph, pod: Pod) -> str:
    """Whether, and when, pods of one workload run side by side; empty for never."""
    if pod.replicas > 1:
        return f"{pod.replicas} pods run"
    if pod.workload.kind == "Deployment" and pod.replicas == 1:
        rolled = rollout(graph, pod)
        if rolled and not rolled.gap:
            return "whenever its pod is replaced, the new one starts beside the old one"
    return ""


def _is_alone(pod: Pod) -> bool:
    """Whether a database is told of no others."""
    return runs(pod, *_ALONE) and not _OF_OTHERS.search(str(dict(pod.spec)))


def _successors(comparison: Comparison, gone: Removed | Changed, claim: str) -> Iterator[Concern]:
    """New servers on the claim of one that goes: who applies them starts them before the old one is deleted."""
    old = gone.old
    for pod in users_of_claims(comparison.new).get((old.namespace, claim), ()):
        change = comparison.by_identity.get(pod.workload.identity)
        is_new = change is not None and (change.old is None or change.renamed_from)
        if change and is_new and pod.runs_on and runs(pod, *KEEP_DATA):
            former = f"{old.kind} {old.name}"
            yield change.concern(
                f"runs on volume {claim} beside {former} until that is deleted, {_RUIN}",
                do=f"scale {former} to 0 and wait until its pods are gone, delete it, then apply",
                field="metadata.name",
            )
