"""Data loss: keys without which data cannot be read."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Container
from vkm_manifests.graph.resource import Resource
from vkm_manifests.review.change import Change, Changed
from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.risk import Concern, risk
from vkm_manifests.review.stores import provider, store_named, store_of
from vkm_manifests.review.wording import does, listed

_LOCKS_DATA: Final = re.compile(
    r"^app[-_.]?key$|(?<![a-z])(?:master|encrypt(?:ion)?|crypto?|cipher)[-_.]?(?:secret[-_.]?)?key(?![a-z])|"
    r"secret[-_.]?key[-_.]?base|fernet|unseal|passphrase|restic[-_.]password|borg[-_.]pass",
    re.IGNORECASE,
)


@risk(
    "data-loss",
    before="""
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: app, namespace: shop}
spec:
  refreshInterval: 1h
  secretStoreRef: {kind: ClusterSecretStore, name: store}
  data:
  - {secretKey: app-key, remoteRef: {key: shop/app-key}}
""",
    breaks={"shop/app-key": "shop/new-key"},
    passes={"refreshInterval: 1h": "refreshInterval: 2h"},
)
def key_to_data_is_another(comparison: Comparison) -> Iterator[Concern]:
    """A key with which data is encrypted gets another value, or is gone: what it locked cannot be read again.

    BookStack and other Laravel applications encrypt with `APP_KEY`, Rails with `SECRET_KEY_BASE`, restic its whole
    repository with its password. Which keys are such is told by their names. What a store holds (External Secrets) is
    not lost with the object that reads it; a sealed value is another one each time it is sealed, and tells nothing.
    """
    for change in comparison.changes:
        if change.old is None or change.kind not in ("Secret", "ExternalSecret"):
            continue
        if change.kind == "ExternalSecret":
            reason = _read_elsewhere(comparison, change)
        elif change.new is None:
            reason = _unlocks("is removed with its {keys}", _stored_keys(change.old))
        else:
            reason = _unlocks("{keys} {has} another value", _changed_keys(change))
        if reason:
            yield change.concern(
                reason,
                do="keep the old value where it can be found again, and encrypt the data anew, if the application can",
                field="" if change.new is None else "spec.data" if change.kind == "ExternalSecret" else "data",
            )
    for change in comparison.changed("ClusterSecretStore", "SecretStore"):
        keys = _keys_in(comparison.new, change.new)
        if keys and provider(change.old) != provider(change.new):
            yield change.concern(
                f"{listed(keys)} {does(len(keys), 'is', 'are')} read from elsewhere: unless the values are the same, "
                "what is encrypted with them cannot be read again",
                do="let the new store hold the old values first",
                field="spec.provider",
            )
    for pods in comparison.pods_by_any_name:
        for old, new in pods.containers():
            names = [name for name in _variables_from_elsewhere(old, new) if _LOCKS_DATA.search(name)]
            if names and new:
                has = {shape.text(variable, "name") for variable in shape.mappings(new.manifest, "env")}
                told = (
                    f"takes {listed(names)} from another place"
                    if has & {*names}
                    else f"has no {listed(names)} any more"
                )
                yield pods.change.concern(
                    f"{new.name} {told}: unless the value is the same, what is encrypted with it cannot be read again",
                    do="let it have the old value, wherever that is",
                    field=f"{new.field}.env[{names[0]}]",
                )


def _unlocks(what: str, keys: Sequence[str]) -> str:
    """What happens to keys, if some of them lock data."""
    found = [key for key in keys if _LOCKS_DATA.search(key)]
    if not found:
        return ""
    told = what.format(keys=listed(found), has="has" if len(found) == 1 else "have")
    return f"{told}: what is encrypted with {'it' if len(found) == 1 else 'them'} cannot be read again"


def _keys_in(graph: Graph, store: Resource) -> list[str]:
    """The keys to data that are read from a store, each with the ExternalSecret that reads it."""
    return [
        f"{shape.text(item, 'secretKey')} of {secret.name}"
        for secret in graph.of_kind("ExternalSecret")
        for item in shape.mappings(secret.spec, "data")
        if _LOCKS_DATA.search(shape.text(item, "secretKey")) and store_of(graph, secret, item) is store
    ]


def _is_same_store(comparison: Comparison, change: Changed, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a key is read from what is one store, whatever it is called."""
    if shape.text(store_named(change.old, old), "name") == shape.text(store_named(change.new, new), "name"):
        return True
    before, after = store_of(comparison.old, change.old, old), store_of(comparison.new, change.new, new)
    return before is not None and after is not None and provider(before) == provider(after)


def _read_elsewhere(comparison: Comparison, change: Change) -> str:
    """What happens to a key that is read from another place in a store, or in another one; empty if none is."""
    if not isinstance(change, Changed):
        return ""
    before, after = (
        {shape.text(item, "secretKey"): item for item in shape.mappings(side.spec, "data")}
        for side in (change.old, change.new)
    )
    for key, old in before.items():
        new = after.get(key)
        if not new or not _LOCKS_DATA.search(key):
            continue
        place, now = _place_in_store(change.old, old), _place_in_store(change.new, new)
        if place[1:] != now[1:] or not _is_same_store(comparison, change, old, new):
            there, here = (" ".join(filter(None, side)) for side in (place, now))
            told = f"{key} is read from {here} instead of {there}"
            return f"{told}: unless the value is the same, what is encrypted with it cannot be read again"
    return ""


def _variables_from_elsewhere(old: Container | None, new: Container | None) -> Iterator[str]:
    """The variables of a container that take their value from elsewhere, have another one, or are gone."""
    if old is None or new is None:
        return
    before, after = (
        {shape.text(item, "name"): item for item in shape.mappings(container.manifest, "env")}
        for container in (old, new)
    )
    for name, variable in before.items():
        now = after.get(name, {})
        if any(variable.get(key) != now.get(key) for key in ("value", "valueFrom")):
            yield name


def _place_in_store(secret: Resource, item: Mapping[str, Any]) -> tuple[str, ...]:
    ref = shape.mapping(item, "remoteRef")
    return shape.text(store_named(secret, item), "name"), *(
        shape.text(ref, key) for key in ("key", "property", "version")
    )


def _stored_keys(secret: Resource) -> list[str]:
    return [str(key) for path in (("data",), ("stringData",)) for key in shape.mapping(secret.manifest, *path)]


def _changed_keys(change: Change) -> list[str]:
    """The keys of a Secret whose value is not what it was."""
    found = []
    for path in (("data",), ("stringData",)):
        for field in change.below(*path):
            if len(field.path) > len(path) and field.old is not None:
                found.append(field.path[len(path)])
    return found


@risk(
    "data-loss",
    before="""
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: app, namespace: shop}
spec:
  refreshInterval: 1h
  secretStoreRef: {kind: ClusterSecretStore, name: store}
  target: {creationPolicy: Orphan, deletionPolicy: Retain}
  data:
  - {secretKey: app-key, remoteRef: {key: shop/app-key}}
""",
    breaks={"creationPolicy: Orphan": "creationPolicy: Owner"},
    passes={"refreshInterval: 1h": "refreshInterval: 2h"},
)
def key_to_data_is_no_longer_kept(comparison: Comparison) -> Iterator[Concern]:
    """A Secret with a key that locks data is deleted with the ExternalSecret, or when the store no longer has it.

    External Secrets (2.x): `creationPolicy: Owner` in place of Orphan or Merge, `deletionPolicy: Delete` in place of
    Retain.
    """
    for change in comparison.changed("ExternalSecret"):
        keys = [shape.text(item, "secretKey") for item in shape.mappings(change.new.spec, "data")]
        locking = [key for key in keys if _LOCKS_DATA.search(key)]
        old, new = (shape.mapping(side.spec, "target") for side in (change.old, change.new))
        causes = []
        stays = shape.text(old, "creationPolicy") in ("Orphan", "Merge")
        if stays and shape.text(new, "creationPolicy") in ("", "Owner"):
            causes.append("with this object (creationPolicy: Owner)")
        if shape.text(old, "deletionPolicy") in ("", "Retain") and shape.text(new, "deletionPolicy") == "Delete":
            causes.append("when the store no longer has it (deletionPolicy: Delete)")
        if locking and causes:
            yield change.concern(
                f"the Secret with {listed(locking)} is deleted {' and '.join(causes)} from now on",
                do="keep creationPolicy: Orphan and deletionPolicy: Retain for what locks data",
                field="spec.target",
            )
