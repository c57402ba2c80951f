"""Security: what pods may do."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container, Pod
from vkm_manifests.graph.resource import Resource
from vkm_manifests.graph.service_account import account_of, bindings_of, has_token
from vkm_manifests.identity import Identity
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.examples import SAFE
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.wording import in_turn, listed
from vkm_manifests.verify.pod_security import ENFORCE, Offence, is_windows, offences

_LEVELS: Final = ("privileged", "baseline", "restricted")


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
def pod_security_is_loosened(comparison: Comparison) -> Iterator[Concern]:
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


@risk(
    "security",
    before=SAFE,
    breaks={"readOnlyRootFilesystem: true": "readOnlyRootFilesystem: true, privileged: true"},
    passes={"drop: [ALL]": "drop: [ALL], add: [NET_BIND_SERVICE]"},
)
def pods_may_do_more(comparison: Comparison) -> Iterator[Concern]:
    """Pods get a privilege that Pod Security's baseline or restricted refuses, or a root file system to write to.

    Of a workload that is new, it is told whatever they have; of one that was there, or takes the place of one of
    another kind, what is new of it. A container that comes into a pod, as a sidecar does, adds what none in it had; a
    folder of the node in place of another one adds nothing, unless it is the node's own, as /etc is.
    """
    gone = {
        (pod.namespace, pod.workload.name): pod
        for pod in comparison.old.own_pods
        if (change := comparison.by_identity.get(pod.workload.identity)) and change.new is None
    }
    for change, known, new in comparison.new_pods():
        if is_windows(new):
            continue
        old = known or gone.get((new.namespace, new.workload.name))
        gained = offences(new) if old is None else _gained(offences(old), offences(new), old)
        told = [f"{subject} {listed(messages)}" for subject, messages in _by_subject(gained).items()]
        writable = [] if old is None else list(_writable(old, new))
        if not told and not writable:
            continue
        worst = "baseline" if any(offence.level == "baseline" for offence in gained) else "restricted"
        start = f'its pods get what Pod Security "{worst}" refuses: ' if told else ""
        if old is None:
            start = "its pods, which are new, are not restricted: "
        yield change.concern(
            f"{start}{in_turn([*told, *writable])}",
            do=_what_to_do(comparison.new, new, gained),
            field=gained[0].field if gained else "",
        )


_NAME: Final = re.compile(r"(?:initContainers|containers|ephemeralContainers)\[([^\]]*)\]")
_VOLUME: Final = re.compile(r"volumes\[([^\]]*)\]")
_FOLDER: Final = re.compile(
    r"folder /(?!(?:(?:var/)?run|boot|dev|etc|proc|root|sys|var/lib/(?:containerd|docker|kubelet))?(?:/|$)).*"
)


def _gained(old: Sequence[Offence], new: Sequence[Offence], pod_before: Pod) -> list[Offence]:
    """What is new: of a container that was not there, what none had; of volumes, those that are more than before."""
    known = {(offence.field, offence.message) for offence in old}
    containers = {container.name for container in pod_before.containers}
    before = Counter(map(_anonymous, old))
    more = Counter(map(_anonymous, new)) - before
    # What a container may do all the time, one that only runs first may as well.
    had = {*before, *((field.replace(".containers[", ".initContainers["), message) for field, message in before)}
    found = []
    for offence in new:
        same = _anonymous(offence)
        if (offence.field, offence.message) in known:
            continue
        if _VOLUME.search(offence.field):
            more[same] -= 1
            is_new = more[same] >= 0
        else:
            is_new = _container(offence) in {"", *containers} or same not in had
        if is_new:
            found.append(offence)
    return found


def _container(offence: Offence) -> str:
    match = _NAME.search(offence.field)
    return match[1] if match else ""


def _anonymous(offence: Offence) -> tuple[str, str]:
    """It without names; a folder that is not the node's own is one as any other."""
    return re.sub(r"\[[^\]]*\]", "[]", offence.field), _FOLDER.sub("folder", offence.message)


def _by_subject(offences: Iterable[Offence]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for offence in offences:
        found[_subject(offence)].append(offence.message.partition(", accepted")[0])
    return found


def _subject(offence: Offence) -> str:
    """Who does what the offence says: `container web`, `volume data`, `hostNetwork`."""
    volume = _VOLUME.search(offence.field)
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
    return f"say why they need it, or: {in_turn(fixes)}" if fixes else "mount an emptyDir where it writes"


@risk(
    "security",
    before=SAFE,
    breaks={"automountServiceAccountToken: false": "automountServiceAccountToken: true"},
    passes={"automountServiceAccountToken: false": "automountServiceAccountToken: false\n      hostname: web"},
)
def pods_get_a_token(comparison: Comparison) -> Iterator[Concern]:
    """Pods get a token of their service account, which they did not have.

    Whoever gets into such a pod speaks to the API server with the account's rights.
    """
    for pod in comparison.new.own_pods:
        old = comparison.old_pod(pod)
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
