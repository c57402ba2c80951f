"""ServiceAccounts: as which one a pod runs, whether it gets a token, and which bindings give it rights."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.resource import Resource

Holder: TypeAlias = tuple[str, str]
"""Who is given rights: namespace and name of a ServiceAccount; an empty text and the name of a group."""

ALL_ACCOUNTS: Final = "system:serviceaccounts"
"""The group of all ServiceAccounts; with `:namespace`, of those of a namespace."""

_USER: Final = "system:serviceaccount:"


def account_of(pod: Pod) -> str:
    """The name of the ServiceAccount that a pod runs as; `serviceAccount` is the old name of the field."""
    return shape.text(pod.spec, "serviceAccountName") or shape.text(pod.spec, "serviceAccount") or "default"


def has_token(graph: Graph, pod: Pod) -> bool:
    """Whether a pod gets a token of its ServiceAccount: the pod says so, or else the account; it does by default."""
    account = graph.find("ServiceAccount", pod.namespace, account_of(pod))
    default = account.manifest.get("automountServiceAccountToken") if account else None
    own = pod.spec.get("automountServiceAccountToken")
    return (default if own is None else own) is not False


def bindings_of(graph: Graph, pod: Pod) -> list[Resource]:
    """The bindings that give rights to a pod's ServiceAccount, by its name or by a group that it is in."""
    groups = ("system:authenticated", ALL_ACCOUNTS, f"{ALL_ACCOUNTS}:{pod.namespace}")
    holders: list[Holder] = [(pod.namespace, account_of(pod)), *(("", group) for group in groups)]
    bindings = _by_holder(graph)
    return list(dict.fromkeys(binding for holder in holders for binding in bindings.get(holder, ())))


def holders_of(binding: Resource) -> Iterator[Holder]:
    """The ServiceAccounts and groups to which a binding gives its role."""
    for subject in shape.mappings(binding.manifest, "subjects"):
        kind, name = shape.text(subject, "kind"), shape.text(subject, "name")
        if kind == "ServiceAccount":
            yield shape.text(subject, "namespace") or binding.namespace, name
        elif kind == "User" and name.startswith(_USER):
            namespace, _, account = name.removeprefix(_USER).partition(":")
            yield namespace, account
        elif kind == "Group":
            yield "", name


@fact
def _by_holder(graph: Graph) -> Mapping[Holder, Sequence[Resource]]:
    found: dict[Holder, list[Resource]] = defaultdict(list)
    for binding in graph.of_kind("RoleBinding", "ClusterRoleBinding"):
        for holder in holders_of(binding):
            found[holder].append(binding)
    return found
