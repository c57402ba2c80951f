"""Rights: what roles let their holders do, as sets that can be compared, and in words."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from itertools import product
from typing import Final, NamedTuple

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.service_account import Holder, holders_of
from vkm_manifests.review.wording import listed

_ANY: Final = "*"
# What a role gives that is not among the manifests.
_UNKNOWN: Final = "what it gives"

_READ: Final = frozenset(("get", "list", "watch"))
_WRITE: Final = frozenset(("create", "update", "patch"))
_DELETE: Final = frozenset(("delete", "deletecollection"))
_BECOME: Final = frozenset(("escalate", "bind", "impersonate"))
# By these one gets further rights, whatever they are.
_LADDERS: Final = frozenset(
    (
        "certificatesigningrequests/approval",
        "clusterrolebindings",
        "clusterroles",
        "mutatingwebhookconfigurations",
        "nodes/proxy",
        "pods/attach",
        "pods/ephemeralcontainers",
        "pods/exec",
        "rolebindings",
        "roles",
        "serviceaccounts/token",
        "validatingwebhookconfigurations",
    )
)
_IN_WORDS: Final = {
    "pods/attach": "run commands in",
    "pods/ephemeralcontainers": "run commands in",
    "pods/exec": "run commands in",
    "serviceaccounts/token": "get tokens of",
}


class Right(NamedTuple):
    """One thing that a role lets its holders do.

    Attributes:
        group: of the API; `*` for all.
        resource: such as `secrets`, or a path such as `/metrics`; `*` for all.
        verb: such as `get`; `*` for all.
        name: of the one object; empty for all.
    """

    group: str
    resource: str
    verb: str
    name: str

    @property
    def is_harmless(self) -> bool:
        """Whether it is to read what is no secret."""
        return self.verb in _READ and not self.resource.startswith(("secrets", _ANY)) and self.resource not in _LADDERS


def role_of(graph: Graph, binding: Resource) -> Resource | None:
    """The role that a binding gives; None where the manifests do not have it."""
    reference = shape.mapping(binding.manifest, "roleRef")
    kind = shape.text(reference, "kind")
    return graph.find(kind, "" if kind == "ClusterRole" else binding.namespace, shape.text(reference, "name"))


def rights_of(role: Resource) -> frozenset[Right]:
    """What a role gives."""
    return frozenset(right for rule in shape.mappings(role.manifest, "rules") for right in _rights(rule))


def _rights(rule: Mapping[str, object]) -> Iterator[Right]:
    verbs = shape.texts(rule, "verbs")
    for group, resource, verb, name in product(
        shape.texts(rule, "apiGroups"),
        shape.texts(rule, "resources"),
        verbs,
        shape.texts(rule, "resourceNames") or [""],
    ):
        yield Right(group, resource, verb, name)
    for path, verb in product(shape.texts(rule, "nonResourceURLs"), verbs):
        yield Right("", path, verb, "")


def given_by(graph: Graph, binding: Resource) -> frozenset[Right]:
    """What a binding gives its holders."""
    role = role_of(graph, binding)
    if role:
        return rights_of(role)
    name = shape.text(binding.manifest, "roleRef", "name")
    if name == "cluster-admin":
        return frozenset((Right(_ANY, _ANY, _ANY, ""),))
    return frozenset((Right("", f"{shape.text(binding.manifest, 'roleRef', 'kind')} {name}", _UNKNOWN, ""),))


def all_holders_of(binding: Resource) -> list[Holder]:
    """Who is given a binding's role: ServiceAccounts, and groups and users (without a namespace)."""
    users = (
        ("", shape.text(subject, "name"))
        for subject in shape.mappings(binding.manifest, "subjects")
        if shape.text(subject, "kind") == "User"
    )
    others = (user for user in users if not user[1].startswith("system:serviceaccount:"))
    return list(dict.fromkeys((*holders_of(binding), *others)))


def scope_of(binding: Resource) -> str:
    """Where a binding gives its role: a namespace; empty for the whole cluster."""
    return binding.namespace if binding.kind == "RoleBinding" else ""


@fact
def held(graph: Graph) -> Mapping[tuple[str, Holder], Set[Right]]:
    """Where (a namespace; empty for the whole cluster) who has which rights."""
    found: dict[tuple[str, Holder], set[Right]] = defaultdict(set)
    for binding in graph.of_kind("RoleBinding", "ClusterRoleBinding"):
        given = given_by(graph, binding)
        for holder in all_holders_of(binding):
            found[scope_of(binding), holder] |= given
    return found


def beyond(rights: Iterable[Right], *known: Set[Right]) -> set[Right]:
    """Those rights that none of the known ones gives, by a wildcard either."""
    return {right for right in rights if not any(_covers(some, right) for some in known if some)}


def _covers(known: Set[Right], right: Right) -> bool:
    _, slash, below = right.resource.partition("/")
    resources = (right.resource, _ANY, f"{_ANY}/{below}") if slash else (right.resource, _ANY)
    return any(
        Right(*wanted) in known
        for wanted in product((right.group, _ANY), resources, (right.verb, _ANY), dict.fromkeys((right.name, "")))
    )


def in_words(rights: Iterable[Right]) -> str:
    """What rights let one do, the most telling first: `read all secrets and write all configmaps`."""
    names: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for group, resource, verb, name in rights:
        names[group, resource, verb].add(name)
    merged: dict[tuple[str, str, frozenset[str]], set[str]] = defaultdict(set)
    for (group, resource, verb), some in names.items():
        merged[group, resource, frozenset(some)].add(verb)
    parts = sorted(
        (_danger(resource, given), _phrase(group, resource, given, some))
        for (group, resource, some), given in merged.items()
    )
    return listed(phrase for _, phrase in parts)


def _danger(resource: str, verbs: Set[str]) -> int:
    if verbs & {_ANY, *_BECOME} or resource == _ANY or (resource in _LADDERS and verbs - _READ):
        return 0
    if resource == "secrets" or resource in _LADDERS or _UNKNOWN in verbs:
        return 1
    return 3 if verbs <= _READ else 2


def _phrase(group: str, resource: str, verbs: Set[str], names: Set[str]) -> str:
    if _UNKNOWN in verbs:
        return f"do what {resource} gives"
    if resource == _ANY:
        what = "everything" if group in (_ANY, "") else f"everything of {group}"
    elif resource.startswith("/") or " " in resource:
        what = resource
    else:
        shown = resource.partition("/")[0] if resource in _IN_WORDS else resource
        what = f"all {shown}" if "" in names else f"{shown} {listed(sorted(names))}"
    return f"{_IN_WORDS.get(resource) or _verbs(verbs)} {what}"


def _verbs(verbs: Set[str]) -> str:
    if _ANY in verbs:
        return "do anything with"
    words = ["read"] if verbs & _READ else []
    words += ["write"] if len(verbs & _WRITE) > 1 else sorted(verbs & _WRITE)
    words += ["delete"] if verbs & _DELETE else []
    words += sorted(verbs - _READ - _WRITE - _DELETE)
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]
