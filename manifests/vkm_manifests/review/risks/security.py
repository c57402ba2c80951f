"""Security: a protection is weaker than it was."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import Image, software
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.reach import DIRECTIONS, Direction
from vkm_manifests.graph.resource import Finding, Resource
from vkm_manifests.graph.service_account import Holder, account_of, bindings_of, has_token
from vkm_manifests.graph.traefik import traefiks
from vkm_manifests.identity import Identity
from vkm_manifests.review.change import Change
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.difference import Field
from vkm_manifests.review.guards import guards_of, is_missing
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
from vkm_manifests.verify import plain_sight, pod_security
from vkm_manifests.verify.pod_security import ENFORCE, Control, Offence, is_windows
from vkm_manifests.verify.rules import pods as plain

_Concerns: TypeAlias = Iterator[Concern]

_MOST_TOLD: Final = 3
_CONTROLS: Final[tuple[Control, ...]] = (
    pod_security.privileged,
    pod_security.host_paths,
    pod_security.host_namespaces,
    pod_security.host_process,
    pod_security.host_ports,
    pod_security.added_capabilities,
    pod_security.user,
    pod_security.privilege_escalation,
    pod_security.dropped_capabilities,
    pod_security.seccomp,
    pod_security.app_armor,
    pod_security.se_linux,
    pod_security.proc_mount,
    pod_security.sysctls,
    pod_security.volume_types,
    pod_security.probe_hosts,
)
_LEVELS: Final = ("privileged", "baseline", "restricted")

# Pod Security.


@risk(
    "security",
    before="""
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted, tier: front}}
""",
    breaks={"enforce: restricted": "enforce: baseline"},
    passes={"tier: front": "tier: back"},
)
def pod_security_is_loosened(comparison: Comparison) -> _Concerns:
    """A namespace lets in pods that it refused.

    Without the label `pod-security.kubernetes.io/enforce`, Kubernetes (since 1.25) takes `privileged`, unless the
    cluster's administrator has set another default.
    """
    for change in comparison.changes:
        if change.kind != "Namespace" or not change.old or not change.new:
            continue
        before, after = (_enforced(side) for side in (change.old, change.new))
        if _LEVELS.index(after) < _LEVELS.index(before):
            words = f'enforces Pod Security "{after}", no longer "{before}"'
            if ENFORCE not in change.new.labels:
                words = f'no longer enforces Pod Security "{before}"'
            yield change.concern(
                words,
                do=f"keep {ENFORCE}: {before}, and give the pods that need more a namespace of their own",
                field=f"metadata.labels[{ENFORCE}]",
            )


def _enforced(namespace: Resource) -> str:
    found = namespace.labels.get(ENFORCE, "")
    return found if found in _LEVELS else "privileged"


_SAFE: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      serviceAccountName: web
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: web
        image: example/web:1.0.0@sha256:0123
        args: [--verbose]
        env: [{name: PGSSLMODE, value: verify-full}, {name: MODE, value: production}]
        securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
"""


@risk(
    "security",
    before=_SAFE,
    breaks={"readOnlyRootFilesystem: true": "readOnlyRootFilesystem: true, privileged: true"},
    passes={"drop: [ALL]": "drop: [ALL], add: [NET_BIND_SERVICE]"},
)
def pods_may_do_more(comparison: Comparison) -> _Concerns:
    """Pods get a privilege that Pod Security's baseline or restricted refuses, or a root file system to write to.

    Of a workload that is new, it is told whatever they have; of one that was there, what is new of it.
    """
    for change, old, new in _pods(comparison):
        if is_windows(new):
            continue
        gained = _offences(new) if old is None else _gained(_offences(old), _offences(new), old, new)
        told = [f"{subject} {_joined(messages)}" for subject, messages in _by_subject(gained).items()]
        writable = [] if old is None else list(_writable(old, new))
        if not told and not writable:
            continue
        worst = "baseline" if any(offence.level == "baseline" for offence in gained) else "restricted"
        start = f'its pods get what Pod Security "{worst}" refuses: ' if told else ""
        if old is None:
            start = "its pods, which are new, are not restricted: "
        yield change.concern(
            f"{start}{_in_turn([*told, *writable])}",
            do=_what_to_do(comparison.new, new, gained),
            field=gained[0].field if gained else "",
        )


def _offences(pod: Pod) -> list[Offence]:
    found = [offence for control in _CONTROLS for offence in control(pod)]
    return sorted(found, key=lambda offence: offence.level)


_NAME: Final = re.compile(r"(?:initContainers|containers|ephemeralContainers)\[([^\]]*)\]")


def _gained(old: Sequence[Offence], new: Sequence[Offence], pod_before: Pod, pod: Pod) -> list[Offence]:
    """What is new; of a container that is called otherwise, what the one that is gone did not have."""
    known = {(offence.field, offence.message) for offence in old}
    left = [offence for offence in new if (offence.field, offence.message) not in known]
    names = {container.name for container in pod.containers}
    gone = {container.name for container in pod_before.containers} - names
    spare = Counter(_anonymous(offence) for offence in old if _container(offence) in gone)
    came = names - {container.name for container in pod_before.containers}
    found = []
    for offence in left:
        if _container(offence) in came and spare[_anonymous(offence)] > 0:
            spare[_anonymous(offence)] -= 1
        else:
            found.append(offence)
    return found


def _container(offence: Offence) -> str:
    match = _NAME.search(offence.field)
    return match[1] if match else ""


def _anonymous(offence: Offence) -> tuple[str, str]:
    return _NAME.sub("containers[]", offence.field), offence.message


def _by_subject(offences: Iterable[Offence]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for offence in offences:
        found[_subject(offence)].append(offence.message.partition(", accepted")[0])
    return found


def _subject(offence: Offence) -> str:
    """Who does what the offence says: `container web`, `volume data`, `hostNetwork`."""
    volume = re.search(r"volumes\[([^\]]*)\]", offence.field)
    if volume:
        return f"volume {volume[1]}"
    last = offence.field.removesuffix(".type").rpartition(".")[2]
    if "securityContext" not in offence.field and not _container(offence):
        return last
    holder = f"container {_container(offence)}" if _container(offence) else "the pod"
    return f"{holder}'s {last}" if offence.message.startswith("is ") else holder


def _writable(old: Pod, new: Pod) -> Iterator[str]:
    before = {container.name: container for container in old.containers}
    for container in new.containers:
        was = before.get(container.name)
        if was and _is_read_only(was) and not _is_read_only(container):
            yield f"container {container.name} may write to its root file system"


def _is_read_only(container: Container) -> bool:
    return shape.dig(container.manifest, "securityContext", "readOnlyRootFilesystem") is True


def _what_to_do(graph: Graph, pod: Pod, offences: Sequence[Offence]) -> str:
    namespace = graph.find("Namespace", "", pod.namespace)
    enforced = _enforced(namespace) if namespace else "privileged"
    if any(_LEVELS.index(offence.level) <= _LEVELS.index(enforced) for offence in offences):
        return f'take it back: namespace {pod.namespace} enforces "{enforced}" and will refuse the pods'
    fixes = list(dict.fromkeys(offence.fix for offence in offences))
    return (
        f"say why they need it, or: {'; '.join(fixes[:_MOST_TOLD])}" if fixes else "mount an emptyDir where it writes"
    )


@risk(
    "security",
    before=_SAFE,
    breaks={"automountServiceAccountToken: false": "automountServiceAccountToken: true"},
    passes={"automountServiceAccountToken: false": "automountServiceAccountToken: false\n      hostname: web"},
)
def pods_get_a_token(comparison: Comparison) -> _Concerns:
    """Pods get a token of their service account, which they did not have.

    Whoever gets into such a pod speaks to the API server with the account's rights.
    """
    before = {str(pod): pod for pod in comparison.old.own_pods}
    for pod in comparison.new.own_pods:
        old = _old_pod(comparison, before, pod)
        if old is None or has_token(comparison.old, old) or not has_token(comparison.new, pod):
            continue
        account = Identity(pod.namespace, "ServiceAccount", account_of(pod))
        change = comparison.by_identity.get(pod.workload.identity) or comparison.by_identity.get(account)
        if change:
            has_rights = bool(bindings_of(comparison.new, pod))
            rights = "whose rights a binding gives" if has_rights else "to which nothing is bound here"
            yield change.concern(
                f"the pods of {pod.workload.kind} {pod.workload.name} get a token of service account "
                f"{account_of(pod)}, {rights}",
                do="automountServiceAccountToken: false, unless they speak to the API server",
                field=f"{pod.spec_field}.automountServiceAccountToken" if change.object is pod.workload else "",
            )


# RBAC.

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
def rights_are_wider(comparison: Comparison) -> _Concerns:
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
    renamed = _former(comparison, Identity(namespace, "ServiceAccount", name)) if namespace else None
    former = (renamed.namespace, renamed.name) if renamed else holder
    old_binding = _former(comparison, binding.identity)
    scopes = {scope_of(binding), "", old_binding.namespace if old_binding else ""}
    before = held(comparison.old)
    yield from (before.get((scope, who), frozenset()) for scope in sorted(scopes) for who in (holder, former))


def _roles_bound_elsewhere(comparison: Comparison) -> _Concerns:
    roles = (role_of(comparison.new, b) for b in comparison.new.of_kind("RoleBinding", "ClusterRoleBinding"))
    bound = {role.identity for role in roles if role}
    for change in comparison.changed("Role", "ClusterRole"):
        if change.old and change.new and change.identity not in bound:
            rights = beyond(rights_of(change.new), rights_of(change.old))
            if rights:
                where = change.object.namespace or "the whole cluster"
                yield change.concern(
                    f"whoever has this role may newly {in_words(rights)} of {where}", do=_LESS, field=_rbac(change)
                )


def _names(holders: Iterable[Holder]) -> str:
    return _and_more(sorted(f"service account {space}/{name}" if space else name for space, name in holders))


@risk(
    "security",
    before=_SAFE + "---" + _ROLE.replace("ServiceAccount, name: web", "ServiceAccount, name: admin"),
    breaks={"serviceAccountName: web": "serviceAccountName: admin"},
    passes={"serviceAccountName: web": "serviceAccountName: other"},
)
def pods_run_as_somebody_with_more_rights(comparison: Comparison) -> _Concerns:
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


# Network policies.

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
    before=_SAFE + "---" + _CLOSED,
    breaks={"policyTypes: [Ingress, Egress]": "policyTypes: [Ingress]"},
    passes={"tier: base": "tier: first"},
)
def pods_are_no_longer_closed(comparison: Comparison) -> _Concerns:
    """No NetworkPolicy closes pods any more that one closed.

    A pod is open in a direction as long as no policy with that policyType selects it.
    """
    before = {str(pod): pod for pod in comparison.old.own_pods}
    opened: dict[tuple[Change, Direction], list[str]] = defaultdict(list)
    for pod in comparison.new.own_pods:
        old = _old_pod(comparison, before, pod)
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
        opened[change, direction].append("pods that no other policy selects, such as those of a job to come")
    for (change, direction), names in opened.items():
        yield change.concern(
            f"{_WAYS[direction]} {_and_more(names)}",
            do=f"keep a policy that selects all pods of {change.object.namespace} with policyTypes: [Ingress, Egress]",
            field=_first(change, "spec"),
        )


def _no_longer_for_all(comparison: Comparison) -> Iterator[tuple[Change, Direction]]:
    """The policies that closed all pods of a namespace that is still there, where none does any more."""
    inhabited = {pod.namespace for pod in comparison.new.own_pods}
    for policy in comparison.old.reach.policies:
        namespace, change = policy.resource.namespace, comparison.by_identity.get(policy.resource.identity)
        if not policy.is_for_all or not change or namespace not in inhabited:
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


# Images.


@risk(
    "security",
    before=_SAFE,
    breaks={"image: example/web:1.0.0@sha256:0123": "image: example/web:1.0.0"},
    passes={"image: example/web:1.0.0@sha256:0123": "image: example/web:1.0.1@sha256:4567"},
)
def image_is_no_longer_pinned(comparison: Comparison) -> _Concerns:
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


# TLS.

_OPTION: Final = """
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: {name: default, namespace: traefik}
spec: {minVersion: VersionTLS12, sniStrict: true, clientAuth: {clientAuthType: RequireAndVerifyClientCert}}
"""
_VERSIONS: Final = {"VersionTLS10": 10, "VersionTLS11": 11, "VersionTLS12": 12, "VersionTLS13": 13}
_CLIENTS: Final = {
    "RequestClientCert": 1,
    "RequireAnyClientCert": 2,
    "VerifyClientCertIfGiven": 2,
    "RequireAndVerifyClientCert": 3,
}
_WEAK: Final = re.compile(r"^TLS_RSA_|_RC4_|_3DES_|_CBC_")


@risk(
    "security",
    before=_OPTION,
    breaks={"minVersion: VersionTLS12": "minVersion: VersionTLS10"},
    passes={"minVersion: VersionTLS12": "minVersion: VersionTLS13"},
)
def tls_options_are_weaker(comparison: Comparison) -> _Concerns:
    """Traefik takes connections that are protected less: an older TLS, a weak cipher, no client certificate.

    Without a TLSOption, Traefik 3 takes TLS 1.2 and later with the ciphers that Go calls secure.
    """
    for change in comparison.changes:
        if change.kind != "TLSOption" or change.old is None:
            continue
        if change.new is None and not comparison.new.of_kind("IngressRoute", "IngressRouteTCP", "Ingress"):
            continue
        told = list(_weaker_options(change.old.spec, change.new.spec if change.new else {}))
        if told:
            yield change.concern(_in_turn(told), do="keep it, and move the clients that need less", field="spec")


def _weaker_options(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = (_VERSIONS.get(shape.text(side, "minVersion"), 12) for side in (old, new))
    if after < before:
        yield f"TLS 1.{after - 10} is enough, no longer 1.{before - 10}"
    newest_before, newest = (_VERSIONS.get(shape.text(side, "maxVersion"), 13) for side in (old, new))
    if newest < newest_before:
        yield f"TLS is 1.{newest - 10} at most"
    weak = sorted({*shape.texts(new, "cipherSuites")} - {*shape.texts(old, "cipherSuites")})
    if found := [name for name in weak if _WEAK.search(name)]:
        yield f"weak ciphers are taken: {_and_more(found)}"
    if old.get("sniStrict") is True and new.get("sniStrict") is not True:
        yield "who asks for a host that has no certificate is given the default one"
    if _client(new) < _client(old):
        yield "clients are asked less for a certificate of theirs"


def _client(spec: Mapping[str, Any]) -> int:
    return _CLIENTS.get(shape.text(spec, "clientAuth", "clientAuthType"), 0)


_UNCHECKED: Final = frozenset(
    (
        "insecureskipverify",
        "insecureskiptlsverify",
        "tlsskipverify",
        "skiptlsverify",
        "insecuretls",
        "tls_skip_verify_insecure",
    )
)
_UNCHECKED_OPTION: Final = re.compile(
    r"--?[\w.\-]*(?:insecure-?skip-?verify|insecure-skip-tls-verify|tls-skip-verify|skip-tls-verify|kubelet-insecure-tls)"
    r"(?:=true)?$",
    re.IGNORECASE,
)


@risk(
    "security",
    before="""
apiVersion: traefik.io/v1alpha1
kind: ServersTransport
metadata: {name: inner, namespace: shop}
spec: {insecureSkipVerify: false, serverName: web}
""",
    breaks={"insecureSkipVerify: false": "insecureSkipVerify: true"},
    passes={"serverName: web": "serverName: shop"},
)
def certificate_is_not_checked(comparison: Comparison) -> _Concerns:
    """A client takes any certificate: whoever stands between reads and changes what is sent."""
    for change in comparison.changes:
        if change.new is None:
            continue
        before = set(_unchecked(change.old)) if change.old else set()
        for field in _unchecked(change.new):
            if field not in before:
                yield change.concern(
                    f"{field.rpartition('.')[2]} is on: any certificate is taken",
                    do="leave it off, and give the CA that the certificate is of",
                    field=field,
                )


def _unchecked(resource: Resource) -> Iterator[str]:
    for field, key, value in shape.walk(dict(resource.manifest)):
        if key.lower() in _UNCHECKED and value in (True, "true"):
            yield field
        elif key in ("args", "command") and isinstance(value, list):
            yield from (
                f"{field}.{item.lstrip('-').partition('=')[0].replace('.', '-')}"
                for item in value
                if isinstance(item, str) and _UNCHECKED_OPTION.match(item)
            )


_CERTIFICATE: Final = """
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {secretName: web-tls, dnsNames: [shop.test], privateKey: {algorithm: RSA, size: 4096}}
"""
# What a key of RSA is worth, as NIST SP 800-57 (part 1, revision 5) and its formula say.
_RSA: Final = {2048: 112, 3072: 128, 4096: 140, 7680: 192, 8192: 200}


@risk(
    "security",
    before=_CERTIFICATE,
    breaks={"size: 4096": "size: 2048"},
    passes={"algorithm: RSA, size: 4096": "algorithm: ECDSA, size: 384"},
)
def key_is_weaker(comparison: Comparison) -> _Concerns:
    """A certificate's private key is smaller than it was.

    cert-manager's default is RSA of 2048 bits; RSA of 3072 bits is worth as much as ECDSA of 256.
    """
    for change in comparison.changed("Certificate"):
        if change.old and change.new:
            before, after = (shape.mapping(side.spec, "privateKey") for side in (change.old, change.new))
            if _strength(after) < _strength(before):
                yield change.concern(
                    f"its key is {_key(after)}, no longer {_key(before)}",
                    do=f"keep {_key(before)}",
                    field="spec.privateKey",
                )


def _key(key: Mapping[str, Any]) -> str:
    algorithm = shape.text(key, "algorithm") or "RSA"
    default = {"RSA": 2048, "ECDSA": 256}.get(algorithm)
    size = shape.number(key, "size") or default
    return f"{algorithm} {size}" if default else algorithm


def _strength(key: Mapping[str, Any]) -> int:
    algorithm, size = shape.text(key, "algorithm") or "RSA", shape.number(key, "size")
    if algorithm == "RSA":
        return max((worth for bits, worth in _RSA.items() if bits <= (size or 2048)), default=80)
    return (size or 256) // 2 if algorithm == "ECDSA" else 128


_ROUTE: Final = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  entryPoints: [websecure]
  routes:
  - match: Host(`shop.test`)
    kind: Rule
    middlewares: [{name: login}, {name: compress}]
    services: [{name: web, port: 80}]
  tls: {secretName: web-tls}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: shop}
spec: {basicAuth: {secret: users}}
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: compress, namespace: shop}
spec: {compress: {}}
"""


@risk(
    "security",
    before=_ROUTE,
    breaks={"  tls: {secretName: web-tls}\n": ""},
    passes={"tls: {secretName: web-tls}": "tls: {secretName: shop-tls}"},
)
def route_is_not_encrypted(comparison: Comparison) -> _Concerns:
    """What was served by TLS only can be asked for without it."""
    for change in comparison.changed("IngressRoute", "IngressRouteTCP", "Ingress", "Gateway"):
        if not change.old or not change.new:
            continue
        before, after = _open_entries(comparison.old, change.old), _open_entries(comparison.new, change.new)
        for what in sorted(after - before if after and not before else ()):
            yield change.concern(
                f"{what} is served without TLS", do="keep tls, and redirect from http", field=change.field("spec") or ""
            )
    for change in comparison.changed("IngressRoute", "IngressRouteTCP"):
        if change.old and change.new:
            before_name, after_name = (
                shape.text(side.spec, "tls", "options", "name") for side in (change.old, change.new)
            )
            if before_name and not after_name and change.new.spec.get("tls") is not None:
                yield change.concern(
                    f"it no longer has the TLS options {before_name}, but the default ones",
                    do="keep them",
                    field="spec.tls.options",
                )


def _open_entries(graph: Graph, resource: Resource) -> set[str]:
    """Where an object can be asked without TLS: entry points, hosts or listeners."""
    if resource.kind == "Gateway":
        listeners = shape.mappings(resource.spec, "listeners")
        return {shape.text(item, "name") for item in listeners if shape.text(item, "protocol") in ("HTTP", "TCP")}
    known = traefiks(graph)
    if resource.kind == "Ingress":
        if shape.mappings(resource.spec, "tls"):
            return set()
        given = resource.annotations.get("traefik.ingress.kubernetes.io/router.entrypoints", "").split(",")
        if resource.annotations.get("traefik.ingress.kubernetes.io/router.tls") == "true":
            return set()
    else:
        if isinstance(resource.spec.get("tls"), Mapping):
            return set()
        given = shape.texts(resource.spec, "entryPoints")
    entries = {entry.strip().lower() for entry in given if entry.strip()}
    entries = entries or {entry for traefik in known for entry in traefik.default_entry_points}
    found = {entry for entry in entries if not any(traefik.has_tls(entry) for traefik in known)}
    return {f"entry point {entry}" for entry in found} or (set() if entries else {"the route"})


@risk(
    "security",
    before=_ROUTE,
    breaks={"{name: login}, ": ""},
    passes={", {name: compress}": ""},
)
def route_is_guarded_less(comparison: Comparison) -> _Concerns:
    """A route no longer asks who comes, no longer limits how often, or no longer protects browsers.

    Middlewares of Traefik 3 are looked up, through chains as well; annotations of ingress-nginx are read. Nothing is
    told of a route that names a Middleware which is gone: Traefik does not serve it ("middleware does not exist").
    """
    for route in comparison.new.of_kind("IngressRoute", "IngressRouteTCP", "Ingress"):
        change = comparison.by_identity.get(route.identity)
        old = change.old if change else comparison.old.find(route.kind, route.namespace, route.name)
        if old is None:
            continue
        before, after = guards_of(comparison.old, old), guards_of(comparison.new, route)
        usual = frozenset.intersection(*before.values()) if before else frozenset()
        if any(is_missing(guard) for match, guards in after.items() for guard in guards - before.get(match, usual)):
            continue
        lost = sorted({guard for match, guards in after.items() for guard in before.get(match, usual) - guards})
        blamed = _guard_changes(comparison, old, route) if lost else []
        if blamed:
            yield blamed[0].concern(
                f"{route.kind} {route.name} no longer {_and_more(lost)}",
                do="keep the middleware, or say what guards the route now",
                field=_first(blamed[0], "spec") or _first(blamed[0], "metadata"),
            )


def _guard_changes(comparison: Comparison, old: Resource, new: Resource) -> list[Change]:
    """The route, if it lists other middlewares; else those that are no longer what they were."""
    change = comparison.by_identity.get(new.identity)
    if change and (change.field("spec", "routes") or change.field("metadata", "annotations")):
        return [change]
    named = {(r.namespace, r.name) for r in comparison.old.references_to("Middleware") if r.source is old}
    middlewares = [item for item in comparison.changes if item.kind == "Middleware" and item.old]
    return [item for item in middlewares if item.old and (item.old.namespace, item.old.name) in named] or middlewares[
        :1
    ]


def _first(change: Change, *path: str) -> str:
    found = change.field(*path)
    return found.name if found else ""


@risk(
    "security",
    before="""
apiVersion: apps/v1
kind: Deployment
metadata: {name: traefik, namespace: traefik}
spec:
  template:
    spec:
      containers:
      - name: traefik
        image: traefik:v3.7.15
        args:
        - --entryPoints.web.address=:8000
        - --entryPoints.web.http.redirections.entryPoint.to=:443
        - --entryPoints.websecure.address=:8443
        - --entryPoints.websecure.http.tls=true
        - --log.level=INFO
""",
    breaks={"        - --entryPoints.web.http.redirections.entryPoint.to=:443\n": ""},
    passes={"        - --log.level=INFO\n": ""},
)
def entry_point_is_guarded_less(comparison: Comparison) -> _Concerns:
    """Traefik no longer redirects to https, or no longer serves TLS, on an entry point."""
    before = {str(traefik.pod): traefik for traefik in traefiks(comparison.old)}
    for traefik in traefiks(comparison.new):
        old, change = before.get(str(traefik.pod)), comparison.by_identity.get(traefik.pod.workload.identity)
        if not old or not change:
            continue
        for entry in sorted(old.entry_points.keys() & traefik.entry_points.keys()):
            redirection = f"entrypoints.{entry}.http.redirections.entrypoint.to"
            if old.has(redirection) and not traefik.has(redirection):
                yield change.concern(
                    f"entry point {entry} no longer redirects to https",
                    do=f"keep --{redirection}",
                    field=f"{traefik.container.field}.args",
                )
            if old.has_tls(entry) and not traefik.has_tls(entry):
                yield change.concern(
                    f"entry point {entry} serves TLS only for routes that say so themselves",
                    do=f"keep --entrypoints.{entry}.http.tls=true",
                    field=f"{traefik.container.field}.args",
                )


# Databases.

_MODES: Final = {
    "disable": 0,
    "disabled": 0,
    "allow": 1,
    "prefer": 2,
    "preferred": 2,
    "require": 3,
    "required": 3,
    "verify-ca": 4,
    "verify_ca": 4,
    "verify-full": 5,
    "verify_identity": 5,
}
_MODE_NAME: Final = re.compile(r"ssl[_\-]?mode\]?$", re.IGNORECASE)
_MODE_IN_TEXT: Final = re.compile(r"ssl[_\-]?mode[\"']?\s*[=: ]\s*[\"']?([a-z_\-]+)", re.IGNORECASE)
# What libpq takes without it (PostgreSQL 18); MySQL's clients do the same.
_MODE_BY_DEFAULT: Final = "prefer"


@risk(
    "security",
    before=_SAFE,
    breaks={"value: verify-full": "value: require"},
    passes={"value: production": "value: require"},
)
def database_is_trusted_more(comparison: Comparison) -> _Concerns:
    """A client of a database encrypts less, or no longer checks whom it speaks to: its `sslmode` is lower.

    Below `require` it takes an unencrypted connection as well; below `verify-full`, any server's certificate of the
    CA, or any at all.
    """
    for change in comparison.changed():
        for field in change.fields:
            before, after = _mode(field, field.old), _mode(field, field.new)
            if before and (after or _MODE_BY_DEFAULT) != before:
                after = after or _MODE_BY_DEFAULT
                if _MODES[after] < _MODES[before]:
                    yield change.concern(
                        f"the database's sslmode is {after}, no longer {before}", do=f"keep {before}", field=field
                    )


def _mode(field: Field, value: Any) -> str:
    """The mode that a field's value is, or has in it; empty for none that is known."""
    if isinstance(value, Mapping):
        value = f"{value.get('name')}={value.get('value')}"
    if not isinstance(value, str):
        return ""
    if any(_MODE_NAME.search(step) for step in field.path) and value.lower() in _MODES:
        return value.lower()
    match = _MODE_IN_TEXT.search(value)
    return match[1].lower() if match and match[1].lower() in _MODES else ""


_REDIS: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cache, namespace: shop}
spec:
  template:
    spec:
      containers:
      - name: redis
        image: redis:8.2.1
        args: [--requirepass, $(PASSWORD), --save, ""]
        env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: cache, key: password}}}]
"""
# An option of a server that asks for a password or for TLS, and what is no longer so without it.
_SERVER_OPTIONS: Final = (
    (re.compile(r"(?:^|[\s\-])(?:requirepass|aclfile)\b", re.IGNORECASE), "asks for no password"),
    (
        re.compile(r"require[_\-]secure[_\-]transport(?:[= ](?:on|1|true))?(?=\s|$)", re.IGNORECASE),
        "takes connections without TLS",
    ),
)
# A variable of a database's image, and the value with which anybody may come in.
_OPEN_TO_ALL: Final[Mapping[str, Callable[[str], bool]]] = {
    "ALLOW_EMPTY_PASSWORD": lambda value: value.lower() in ("yes", "true", "1"),
    "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD": bool,
    "MYSQL_ALLOW_EMPTY_PASSWORD": bool,
    "POSTGRES_HOST_AUTH_METHOD": lambda value: value == "trust",
}


@risk(
    "security",
    before=_REDIS,
    breaks={"--requirepass, $(PASSWORD), --save": "--save"},
    passes={'--save, ""': "--appendonly, yes"},
)
def server_asks_for_less(comparison: Comparison) -> _Concerns:
    """A database's server no longer asks for a password, or for TLS.

    Arguments of Redis, Valkey, MariaDB and MySQL, and variables of the images of these and of PostgreSQL are read.
    """
    for item in comparison.pods:
        for old, new in item.containers():
            if not old or not new or not _is_same_software(old, new):
                continue
            before, after = _command_of(old), _command_of(new)
            for option, lost in _SERVER_OPTIONS:
                if option.search(before) and not option.search(after):
                    yield item.change.concern(
                        f"container {new.name} {lost}", do="keep the option", field=f"{new.field}.args"
                    )
            for name in sorted(_open_variables(new) - _open_variables(old)):
                yield item.change.concern(
                    f"container {new.name} asks for no password: {name} is set",
                    do="give it a password from a Secret",
                    field=f"{new.field}.env[{name}]",
                )


def _is_same_software(old: Container, new: Container) -> bool:
    before, after = (software(shape.text(side.manifest, "image")) for side in (old, new))
    return before == after


def _command_of(container: Container) -> str:
    return " ".join((*shape.texts(container.manifest, "command"), *shape.texts(container.manifest, "args")))


def _open_variables(container: Container) -> set[str]:
    return {
        name
        for variable in shape.mappings(container.manifest, "env")
        if (name := shape.text(variable, "name")) in _OPEN_TO_ALL and _OPEN_TO_ALL[name](shape.text(variable, "value"))
    }


# Secrets.

_IN_PLAIN_SIGHT: Final = (
    plain.no_secret_in_environment,
    plain.no_secret_in_arguments,
    plain.no_secret_in_config_map,
    plain.secret_is_made_elsewhere,
)


@risk(
    "security",
    before=_REDIS,
    breaks={"valueFrom: {secretKeyRef: {name: cache, key: password}}": "value: hunter2"},
    passes={"key: password": "key: main-password"},
)
def secret_is_in_plain_sight(comparison: Comparison) -> _Concerns:
    """A secret stands in the manifests, where whoever reads them reads it.

    Once it has been pushed, it is known: only another one helps. What looks like a secret is found as the
    verification does: by its name, and by its form.
    """
    told: dict[Change, list[Finding]] = defaultdict(list)
    for check in _IN_PLAIN_SIGHT:
        known = {(found.object, found.field, found.message) for found in check(comparison.old)}
        for found in check(comparison.new):
            change = comparison.by_identity.get(found.object)
            if change and not _was_found(comparison, found, known):
                told[change].append(found)
    for change, findings in told.items():
        words = [f"{_short(found.field)} {found.message.replace(', as its name says', '')}" for found in findings]
        fix = findings[0].fix
        yield change.concern(
            _in_turn(words), do=f"{fix}; and change the secret, which is known now", field=findings[0].field
        )


def _short(field: str) -> str:
    """The end of a field: `containers[web].env[PASSWORD]`."""
    return field[field.index("ontainers[") - 1 :] if "ontainers[" in field else field


def _was_found(comparison: Comparison, found: Finding, known: set[tuple[Identity, str, str]]) -> bool:
    former = _former(comparison, found.object) or found.object
    return any((identity, found.field, found.message) in known for identity in (found.object, former))


@risk(
    "security",
    before=_REDIS.replace("PASSWORD", "USER_NAME"),
    breaks={"valueFrom: {secretKeyRef: {name: cache, key: password}}": "value: shop"},
    passes={"key: password": "key: user"},
)
def value_was_from_a_secret(comparison: Comparison) -> _Concerns:
    """A variable that came from a Secret stands in the manifest.

    Where its name or form says that it is a secret, that is told instead.
    """
    for item in comparison.pods:
        for old, new in item.containers():
            if not old or not new:
                continue
            before = {
                name: value for name, value in _variables(old) if shape.mapping(value, "valueFrom", "secretKeyRef")
            }
            names = [name for name, value in _variables(new) if name in before and shape.text(value, "value")]
            left = [name for name in names if not _looks_like_a_secret(dict(_variables(new))[name])]
            if left:
                yield item.change.concern(
                    f"no longer from a Secret, but as text: {_and_more(left)} of container {new.name}",
                    do="keep secretKeyRef, if it is a secret",
                    field=f"{new.field}.env[{left[0]}]",
                )


def _variables(container: Container) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((shape.text(item, "name"), item) for item in shape.mappings(container.manifest, "env"))


def _looks_like_a_secret(variable: Mapping[str, Any]) -> bool:
    name, value = shape.text(variable, "name"), shape.text(variable, "value")
    return plain_sight.is_secret(name, value) or any(plain_sight.secrets_in(value))


_STORE: Final = """
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: vault}
spec:
  conditions: [{namespaces: [shop, blog]}]
  provider: {fake: {data: []}}
"""


@risk(
    "security",
    before=_STORE,
    breaks={"namespaces: [shop, blog]": "namespaces: [shop, blog, forum]"},
    passes={"namespaces: [shop, blog]": "namespaces: [blog]"},
)
def store_serves_more_namespaces(comparison: Comparison) -> _Concerns:
    """More namespaces may read a ClusterSecretStore: an ExternalSecret there gets whatever the store can read.

    Without conditions, all namespaces may (External Secrets 2.x).
    """
    for change in comparison.changed("ClusterSecretStore"):
        if not change.old or not change.new:
            continue
        before, after = (shape.mappings(side.spec, "conditions") for side in (change.old, change.new))
        moved = {f"namespace {c.object.name}" for c in comparison.come("Namespace") if c.renamed_from}
        told = sorted(_conditions(after) - _conditions(before) - moved)
        if before and not after:
            told = ["every namespace"]
        if before and told:
            yield change.concern(
                f"{_and_more(told)} may read the store, and whatever it can read",
                do="check that everybody who may create ExternalSecrets there may know all of the store's secrets",
                field=_first(change, "spec", "conditions"),
            )


def _conditions(conditions: Sequence[Mapping[str, Any]]) -> set[str]:
    found = set()
    for condition in conditions:
        found |= {f"namespace {name}" for name in shape.texts(condition, "namespaces")}
        found |= {f"each namespace like {form}" for form in shape.texts(condition, "namespaceRegexes")}
        if selector := shape.mapping(condition, "namespaceSelector"):
            wanted = ", ".join(f"{key}={value}" for key, value in sorted(shape.labels(selector, "matchLabels").items()))
            found.add(f"each namespace with {wanted or 'the labels of its selector'}")
    return found


# Admission.

_WEBHOOK: Final = """
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingWebhookConfiguration
metadata: {name: policy}
webhooks:
- {name: policy.shop.test, failurePolicy: Fail, timeoutSeconds: 5, sideEffects: None}
"""


@risk(
    "security",
    before=_WEBHOOK,
    breaks={"failurePolicy: Fail": "failurePolicy: Ignore"},
    passes={"timeoutSeconds: 5": "timeoutSeconds: 10"},
)
def admission_is_not_enforced(comparison: Comparison) -> _Concerns:
    """What an admission webhook or policy refuses gets in when it does not answer, or always.

    In `admissionregistration.k8s.io/v1`, failurePolicy is Fail by default.
    """
    for change in comparison.changed("ValidatingWebhookConfiguration", "MutatingWebhookConfiguration"):
        if change.old and change.new:
            before, after = _failing(change.old), _failing(change.new)
            for name in sorted(before & {*_webhooks(change.new)} - after):
                yield change.concern(
                    f"what webhook {name} refuses gets in while it does not answer",
                    do="keep failurePolicy: Fail, and have two replicas of it",
                    field=f"webhooks[{name}].failurePolicy",
                )
    for change in comparison.removed("ValidatingWebhookConfiguration", "ValidatingAdmissionPolicy"):
        if change.new is None:
            yield change.concern("what it refused gets in", do="say what refuses it now")
    for change in comparison.changed("ValidatingAdmissionPolicy"):
        if change.old and change.new and _fails(change.old.spec) and not _fails(change.new.spec):
            yield change.concern(
                "what it cannot judge gets in", do="keep failurePolicy: Fail", field="spec.failurePolicy"
            )
    for change in comparison.changed("ValidatingAdmissionPolicyBinding"):
        if change.old and change.new:
            denied, denies = (
                "Deny" in shape.texts(side.spec, "validationActions") for side in (change.old, change.new)
            )
            if denied and not denies:
                yield change.concern(
                    "what its policy finds gets in", do="keep Deny", field=_first(change, "spec", "validationActions")
                )


def _webhooks(configuration: Resource) -> Iterator[str]:
    return (shape.text(item, "name") for item in shape.mappings(configuration.manifest, "webhooks"))


def _failing(configuration: Resource) -> set[str]:
    webhooks = shape.mappings(configuration.manifest, "webhooks")
    return {shape.text(item, "name") for item in webhooks if _fails(item)}


def _fails(item: Mapping[str, Any]) -> bool:
    return (shape.text(item, "failurePolicy") or "Fail") == "Fail"


# Who was who.


def _former(comparison: Comparison, identity: Identity) -> Identity | None:
    """What an object was called before; None where it is called as it was, or is new."""
    change = comparison.by_identity.get(identity)
    return change.renamed_from if change else None


def _old_pod(comparison: Comparison, before: Mapping[str, Pod], pod: Pod) -> Pod | None:
    """The same workload's pods before, whatever it was called."""
    return before.get(str(_former(comparison, pod.workload.identity) or pod.workload.identity))


def _pods(comparison: Comparison) -> Iterator[tuple[Change, Pod | None, Pod]]:
    """The pods that are described otherwise than before, or are new, each with what they were."""
    before = {str(pod): pod for pod in comparison.old.own_pods}
    for pod in comparison.new.own_pods:
        change = comparison.by_identity.get(pod.workload.identity)
        if change:
            yield change, _old_pod(comparison, before, pod), pod


# Words.


def _joined(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]


def _and_more(words: Sequence[str]) -> str:
    """The first of them: `a, b, c and 4 more`."""
    if len(words) > _MOST_TOLD + 1:
        words = [*words[:_MOST_TOLD], f"{len(words) - _MOST_TOLD} more"]
    return _joined(words)


def _in_turn(words: Sequence[str]) -> str:
    """The first of them, where they have commas of their own: `a, b; c; 4 more`."""
    if len(words) > _MOST_TOLD + 1:
        words = [*words[:_MOST_TOLD], f"{len(words) - _MOST_TOLD} more"]
    return "; ".join(words)
