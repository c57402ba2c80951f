"""Downtime: rights in the cluster that pods no longer have."""

from collections import defaultdict
from collections.abc import Iterator, Set

from vkm_manifests.graph import shape
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.service_account import account_of, bindings_of, has_token
from vkm_manifests.identity import Identity
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.rights import Right, beyond, given_by, rights_of, role_of, scope_of
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.users import scrapes_less
from vkm_manifests.review.wording import in_turn, listed


@risk(
    "downtime",
    before="""
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: operator, namespace: shop}
rules: [{apiGroups: [""], resources: [services], verbs: [get, watch]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: operator, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: operator}
subjects: [{kind: ServiceAccount, name: operator, namespace: shop}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: operator, namespace: shop}
spec:
  template:
    spec:
      serviceAccountName: operator
      containers: [{name: operator, image: "example/operator:1.0.0"}]
""",
    breaks={"verbs: [get, watch]": "verbs: [get]"},
    passes={"verbs: [get, watch]": "verbs: [get, watch, list]"},
)
def rights_are_gone(comparison: Comparison) -> Iterator[Concern]:
    """Pods may no longer do in the cluster what they could, and nothing else lets them.

    Of pods that get another image it is not told: that may need less; as may a Prometheus that scrapes less. A role
    that is gone and still given is told of itself.
    """
    old, new = comparison.old, comparison.new
    images = {pods.change.identity for pods in comparison.pods if _images(pods.old) != _images(pods.new)}
    told: dict[Identity, dict[str, set[Right]]] = defaultdict(lambda: defaultdict(set))
    for pod in new.own_pods:
        before = comparison.old_pod(pod)
        if before is None or not pod.runs_on or not has_token(old, before):
            continue
        if pod.workload.identity in images or scrapes_less(comparison, pod):
            continue
        now: dict[str, set[Right]] = defaultdict(set)
        for binding in bindings_of(new, pod) if has_token(new, pod) else ():
            role = role_of(new, binding) or role_of(old, binding)
            now[scope_of(binding)] |= rights_of(role) if role else given_by(new, binding)
        is_another = not has_token(new, pod) or account_of(before) != account_of(pod)
        for binding in bindings_of(old, before):
            role, scope = role_of(old, binding), scope_of(binding)
            if role is None or (scope and scope not in new.namespaces):
                continue
            blamed = (binding.identity, role.identity, *((pod.workload.identity,) if is_another else ()))
            cause = next((change for at in blamed if (change := comparison.by_identity.get(at))), None)
            lost = beyond(rights_of(role), now[scope], now[""])
            if lost and cause:
                told[cause.identity][pod.workload.name] |= lost
    for identity, names in told.items():
        lost = {right for rights in names.values() for right in rights}
        yield comparison.by_identity[identity].concern(
            f"{listed(names)} may no longer {_in_words(lost)}", do="keep the right, unless nothing that runs uses it"
        )


def _in_words(rights: Set[Right]) -> str:
    """By the resource: `list and watch secrets; update leases`."""
    verbs: dict[str, set[str]] = defaultdict(set)
    for right in rights:
        verbs[f"{right.resource} {right.name}".rstrip()].add(right.verb)
    resources: dict[str, list[str]] = defaultdict(list)
    for resource in sorted(verbs):
        resources[listed(sorted(verbs[resource]))].append(resource)
    return in_turn([f"{words} {listed(some)}" for words, some in sorted(resources.items())])


def _images(pod: Pod) -> list[str]:
    return [shape.text(container.manifest, "image") for container in pod.containers]
