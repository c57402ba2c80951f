"""Fields that take one of a few values which Kubernetes' schemas do not list."""

from collections.abc import Iterator
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.resource import Resource

_IP_FAMILY: Final = ("SingleStack", "PreferDualStack", "RequireDualStack")
_TRAFFIC: Final = ("Cluster", "Local")
# By the field's name, or its parent's and its own where the name alone means several things.
_CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "accessModes": ("ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"),
    "appArmorProfile.type": ("Localhost", "RuntimeDefault", "Unconfined"),
    "completionMode": ("NonIndexed", "Indexed"),
    "concurrencyPolicy": ("Allow", "Forbid", "Replace"),
    "dnsPolicy": ("ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"),
    "effect": ("NoSchedule", "PreferNoSchedule", "NoExecute"),
    "externalTrafficPolicy": _TRAFFIC,
    "fsGroupChangePolicy": ("OnRootMismatch", "Always"),
    "httpGet.scheme": ("HTTP", "HTTPS"),
    "imagePullPolicy": ("Always", "IfNotPresent", "Never"),
    "internalTrafficPolicy": _TRAFFIC,
    "ipFamilies": ("IPv4", "IPv6"),
    "ipFamilyPolicy": _IP_FAMILY,
    "mountPropagation": ("None", "HostToContainer", "Bidirectional"),
    "operator": ("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt", "Equal"),
    "pathType": ("Exact", "Prefix", "ImplementationSpecific"),
    "persistentVolumeReclaimPolicy": ("Retain", "Delete", "Recycle"),
    "podManagementPolicy": ("OrderedReady", "Parallel"),
    "policyTypes": ("Ingress", "Egress"),
    "preemptionPolicy": ("PreemptLowerPriority", "Never"),
    "procMount": ("Default", "Unmasked"),
    "protocol": ("TCP", "UDP", "SCTP"),
    "restartPolicy": ("Always", "OnFailure", "Never"),
    "seccompProfile.type": ("Localhost", "RuntimeDefault", "Unconfined"),
    "sessionAffinity": ("ClientIP", "None"),
    "strategy.type": ("Recreate", "RollingUpdate"),
    "terminationMessagePolicy": ("File", "FallbackToLogsOnError"),
    "unhealthyPodEvictionPolicy": ("IfHealthyBudget", "AlwaysAllow"),
    "updateStrategy.type": ("RollingUpdate", "OnDelete"),
    "volumeMode": ("Filesystem", "Block"),
    "whenDeleted": ("Retain", "Delete"),
    "whenScaled": ("Retain", "Delete"),
    "whenUnsatisfiable": ("DoNotSchedule", "ScheduleAnyway"),
}
_OF_OBJECT: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "Service": {"spec.type": ("ClusterIP", "NodePort", "LoadBalancer", "ExternalName")},
    "StorageClass": {"reclaimPolicy": ("Delete", "Retain"), "volumeBindingMode": ("Immediate", "WaitForFirstConsumer")},
}
_KINDS: Final = frozenset(
    "CronJob DaemonSet Deployment Ingress Job NetworkPolicy PersistentVolume PersistentVolumeClaim Pod "
    "PodDisruptionBudget ReplicaSet ReplicationController Service StatefulSet StorageClass".split()
)
# Below these, keys are the user's.
_FREE: Final = frozenset(
    "annotations labels matchLabels nodeSelector selector volumeAttributes options parameters env csi "
    "flexVolume limits requests".split()
)


def unknown_choices(resource: Resource) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """The fields of an object whose value is none of those that are accepted: field, value, accepted."""
    if resource.kind not in _KINDS:
        return
    chosen = [
        (field, shape.dig(resource.manifest, *field.split(".")), accepted)
        for field, accepted in _OF_OBJECT.get(resource.kind, {}).items()
    ]
    for field, value, accepted in (*chosen, *_chosen(resource.spec, "spec", "spec")):
        for given in value if isinstance(value, list) else [value]:
            # An empty text is the default.
            if isinstance(given, str) and given and given not in accepted:
                yield field, given, accepted


def _chosen(value: Any, field: str, name: str) -> Iterator[tuple[str, Any, tuple[str, ...]]]:
    """The fields below a value that take one of a few values."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _chosen(item, f"{field}[{shape.text(item, 'name') or index}]", name)
    elif isinstance(value, dict):
        for key, item in value.items():
            below = f"{field}.{key}"
            accepted = _CHOICES.get(str(key)) or _CHOICES.get(f"{name}.{key}")
            if accepted:
                yield below, item, accepted
            if isinstance(item, (dict, list)) and (key not in _FREE or _is_selector(key, item)):
                yield from _chosen(item, below, str(key))


def _is_selector(key: Any, value: Any) -> bool:
    """Whether it is a label selector, in which only the expressions take one of a few values."""
    return key == "selector" and isinstance(value, dict) and isinstance(value.get("matchExpressions"), list)
