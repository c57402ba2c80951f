"""Security: who may do what in the API, and who reaches whom."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.images import Image
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.reach import DIRECTIONS, Direction
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.service_account import Holder, account_of
from vkm_manifests.identity import Identity
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.examples import SAFE
from vkm_manifests.review.rights import (
    Right,
    all_holders_of,
    beyond,
    given_by,
    held,
    in_words,
    rights_of,
    role_of,
    scope_of,
)
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.wording import listed

_ROLE: Final = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [""], resources: [configmaps, pods], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
"""


@risk(
    "security",
    before=_ROLE,
    breaks={"resources: [configmaps, pods]": "resources: [configmaps, secrets]"},
    passes={"resources: [configmaps, pods]": "resources: [pods]"},
)
def rights_are_wider(comparison: Comparison) -> Iterator[Concern]:
    """Somebody may do in Kubernetes what they could not.

    Rights are compared, not roles: the same right by another role or binding is none that is new. To read what is no
    Secret, in a namespace that is new itself, is none either.
    """
    gained: dict[tuple[Change, str], dict[Holder, set[Right]]] = defaultdict(lambda: defaultdict(set))
    for binding in comparison.new.of_kind("RoleBinding", "ClusterRoleBinding"):
        change = _blamed(comparison, binding)
        if change is None:
            continue
        given = given_by(comparison.new, binding)
        for holder in all_holders_of(binding):
            rights = beyond(given, *_held_before(comparison, binding, holder))
            if scope_of(binding) and binding.namespace not in comparison.old.namespaces:
                rights = {right for right in rights if not right.is_harmless}
            if rights:
                gained[change, scope_of(binding)][holder] |= rights
    for (change, scope), holders in gained.items():
        rights = {right for some in holders.values() for right in some}
        where = scope or "the whole cluster"
        yield change.concern(
            f"{_names(holders)} may newly {in_words(rights)} of {where}", do=_LESS, field=_rbac(change)
        )
    yield from _roles_bound_elsewhere(comparison)


_LESS: Final = "give only what is needed: resources, verbs and resourceNames by name"


def _rbac(change: Change) -> str:
    return next((field.name for field in change.fields if field.path[0] in ("rules", "subjects", "roleRef")), "")


def _blamed(comparison: Comparison, binding: Resource) -> Change | None:
    """The change by which a binding may give more: its own, or its role's."""
    role = role_of(comparison.new, binding)
    own = comparison.by_identity.get(binding.identity)
    of_role = comparison.by_identity.get(role.identity) if role else None
    is_own = own and (own.old is None or own.renamed_from or own.field("subjects") or own.field("roleRef"))
    return own if is_own else of_role


def _held_before(comparison: Comparison, binding: Resource, holder: Holder) -> Iterator[Any]:
    namespace, name = holder
    renamed = comparison.former(Identity(namespace, "ServiceAccount", name)) if namespace else None
    former = (renamed.namespace, renamed.name) if renamed else holder
    old_binding = comparison.former(binding.identity)
    scopes = {scope_of(binding), "", old_binding.namespace if old_binding else ""}
    before = held(comparison.old)
    yield from (before.get((scope, who), frozenset()) for scope in sorted(scopes) for who in (holder, former))


def _roles_bound_elsewhere(comparison: Comparison) -> Iterator[Concern]:
    roles = (role_of(comparison.new, b) for b in comparison.new.of_kind("RoleBinding", "ClusterRoleBinding"))
    bound = {role.identity for role in roles if role}
    for change in comparison.changed("Role", "ClusterRole"):
        if change.identity not in bound:
            rights = beyond(rights_of(change.new), rights_of(change.old))
            if rights:
                where = change.object.namespace or "the whole cluster"
                yield change.concern(
                    f"whoever has this role may newly {in_words(rights)} of {where}", do=_LESS, field=_rbac(change)
                )


def _names(holders: Iterable[Holder]) -> str:
    return listed(sorted(f"service account {space}/{name}" if space else name for space, name in holders))


@risk(
    "security",
    before=SAFE + "---" + _ROLE.replace("ServiceAccount, name: web", "ServiceAccount, name: admin"),
    breaks={"serviceAccountName: web": "serviceAccountName: admin"},
    passes={"serviceAccountName: web": "serviceAccountName: other"},
)
def pods_run_as_somebody_with_more_rights(comparison: Comparison) -> Iterator[Concern]:
    """Pods run as another service account, which may do what theirs could not."""
    for item in comparison.pods:
        before, after = account_of(item.old), account_of(item.new)
        if before == after:
            continue
        namespace = item.new.namespace
        old = held(comparison.old)
        gained = {
            right
            for scope in sorted(
                {namespace, "", *(scope for scope, who in held(comparison.new) if who == (namespace, after))}
            )
            for right in beyond(
                held(comparison.new).get((scope, (namespace, after)), frozenset()),
                old.get((scope, (namespace, before)), frozenset()),
                old.get(("", (namespace, before)), frozenset()),
            )
        }
        if gained:
            yield item.change.concern(
                f"its pods run as service account {after}, which may {in_words(gained)}, and no longer as {before}",
                do="give the account that they have the rights that they need",
                field=".".join((*item.spec, "serviceAccountName")),
            )


_CLOSED: Final = """
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop, labels: {tier: base}}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
"""


_WAYS: Final[Mapping[Direction, str]] = {
    "ingress": "everybody may connect to",
    "egress": "nothing bounds the connections of",
}


@risk(
    "security",
    before=SAFE + "---" + _CLOSED,
    breaks={"policyTypes: [Ingress, Egress]": "policyTypes: [Ingress]"},
    passes={"tier: base": "tier: first"},
)
def pods_are_no_longer_closed(comparison: Comparison) -> Iterator[Concern]:
    """No NetworkPolicy closes pods any more that one closed.

    A pod is open in a direction as long as no policy with that policyType selects it.
    """
    opened: dict[tuple[Change, Direction], list[str]] = defaultdict(list)
    for pod in comparison.new.own_pods:
        old = comparison.old_pod(pod)
        if (
            old is None
            or not comparison.old.reach.is_judged(old)
            or not comparison.new.reach.is_judged_in(pod.namespace)
        ):
            continue
        for direction in DIRECTIONS:
            is_open = not comparison.new.reach.is_closed(pod, direction)
            if is_open and comparison.old.reach.is_closed(old, direction):
                change = _who_opened(comparison, old, pod, direction)
                if change:
                    opened[change, direction].append(f"{pod.workload.kind} {pod.workload.name}")
    for change, direction in _no_longer_for_all(comparison):
        opened[change, direction].append(
            f"pods of {change.object.namespace} that no other policy selects, such as those of a job to come"
        )
    for (change, direction), names in opened.items():
        yield change.concern(
            f"{_WAYS[direction]} {listed(names)}",
            do=f"keep a policy that selects all pods of {change.object.namespace} with policyTypes: [Ingress, Egress]",
            field=change.field("spec") or "",
        )


def _no_longer_for_all(comparison: Comparison) -> Iterator[tuple[Change, Direction]]:
    """The policies that closed all pods of a namespace, where none does any more, unless the namespace is left."""
    left = {pod.namespace for pod in comparison.old.own_pods} - {pod.namespace for pod in comparison.new.own_pods}
    left |= {change.old.name for change in comparison.removed("Namespace")}
    for policy in comparison.old.reach.policies:
        namespace, change = policy.resource.namespace, comparison.by_identity.get(policy.resource.identity)
        if not policy.is_for_all or not change or namespace in left:
            continue
        for direction in DIRECTIONS:
            kept = comparison.new.reach.policies_in(namespace)
            is_kept = any(other.is_for_all and direction in other.directions for other in kept)
            if direction in policy.directions and not is_kept and comparison.new.reach.is_judged_in(namespace):
                yield change, direction


def _who_opened(comparison: Comparison, old: Pod, pod: Pod, direction: Direction) -> Change | None:
    """The policy that closed it and is not what it was; or its own labels."""
    closing = [
        policy.resource
        for policy in comparison.old.reach.policies_of(old)
        if direction in policy.directions and policy.resource.identity in comparison.by_identity
    ]
    # That of all pods first.
    for_all = [resource for resource in closing if not shape.mapping(resource.spec, "podSelector")]
    chosen = (for_all or closing or [pod.workload])[0]
    return comparison.by_identity.get(chosen.identity)


@risk(
    "security",
    before=SAFE,
    breaks={"image: example/web:1.0.0@sha256:0123": "image: example/web:1.0.0"},
    passes={"image: example/web:1.0.0@sha256:0123": "image: example/web:1.0.1@sha256:4567"},
)
def image_is_no_longer_pinned(comparison: Comparison) -> Iterator[Concern]:
    """An image's name may stand for another image tomorrow, which it could not.

    A digest names one image for ever; a tag can be moved; `latest`, or none, is moved with each release.
    """
    for item in comparison.pods:
        for old, new in item.containers():
            if not old or not new:
                continue
            before, after = (_pinned(shape.text(side.manifest, "image")) for side in (old, new))
            if after < before:
                lost = "by its tag alone, no longer by its digest" if after else "by no version"
                yield item.change.concern(
                    f"container {new.name} names its image {lost}: {shape.text(new.manifest, 'image')}",
                    do="name the version, and its digest: image:tag@sha256:...",
                    field=f"{new.field}.image",
                )


def _pinned(name: str) -> int:
    image = Image.of(name)
    return 2 if image.digest else int(image.tag not in ("", "latest"))
