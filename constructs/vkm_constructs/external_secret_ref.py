"""ExternalSecretRef: a Secret that External Secrets keeps in step with a store."""

import re
from collections.abc import Mapping
from typing import Final, Literal

from cdk8s import ApiObjectMetadata
from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_name
from vkm_constructs.declarations import made_outside
from vkm_constructs.env import SecretKey
from vkm_constructs.errors import Checks, nearest, spell
from vkm_constructs.mounts import Mount, volume_name
from vkm_constructs.secret_store import SecretStore
from vkm_external_secrets.io.external_secrets import (
    ExternalSecret,
    ExternalSecretSpec,
    ExternalSecretSpecData,
    ExternalSecretSpecDataRemoteRef,
    ExternalSecretSpecDataRemoteRefConversionStrategy,
    ExternalSecretSpecDataRemoteRefDecodingStrategy,
    ExternalSecretSpecDataRemoteRefMetadataPolicy,
    ExternalSecretSpecRefreshPolicy,
    ExternalSecretSpecSecretStoreRef,
    ExternalSecretSpecSecretStoreRefKind,
    ExternalSecretSpecTarget,
    ExternalSecretSpecTargetCreationPolicy,
    ExternalSecretSpecTargetDeletionPolicy,
)

_KEY: Final = re.compile(r"(?!\.$|\.\.)[-._a-zA-Z0-9]{1,253}")


class ExternalSecretRef(Construct):
    """A Secret whose values come from a store; the manifests hold names only. Makes an ExternalSecret.

    Each key is reached as `secret["password"]`, in a workload's environment, or all of them as files with
    `secret.at("/path")`. The store is read every hour: 1Password limits how often it may be (External Secrets 2.9).

    Args:
        id: the name of the ExternalSecret and of the Secret that it makes; a DNS label.
        store: where the values are.
        keys: each key of the Secret, and where the store has its value, as the store's provider spells it; for
            1Password `"item/field"` or `"item/section/field"`.
        keep: leave the Secret in place when the ExternalSecret is deleted. For what cannot be had again, such as a key
            that encrypts data. Default False.

    Attributes:
        name: of the Secret.
        keys: the names of its keys.
        external_secret: the L1 object.

    Raises:
        ConstructError: no keys, a key that no Secret can hold, a namespace that the store does not admit.
    """

    def __init__(
        self, scope: Construct, id: str, *, store: SecretStore, keys: Mapping[str, str], keep: bool = False
    ) -> None:
        check = Checks(scope, id)
        namespace = check.namespace()
        check_name(check, "id", id)
        if not keys:
            check.refuse(
                "keys", {}, "asks for nothing", accepted="at least one key", fix='keys={"password": "item/password"}'
            )
        for key, remote in keys.items():
            if not _KEY.fullmatch(key):
                check.refuse(
                    "keys",
                    key,
                    "is not a key that a Secret can hold",
                    accepted="letters, digits, -, _ and .",
                    fix=f'"{re.sub(r"[^-._a-zA-Z0-9]", "-", key).strip("-.") or "password"}"',
                )
            if not remote.strip("/ "):
                check.refuse(
                    f'keys["{key}"]',
                    remote,
                    "names nothing in the store",
                    accepted="the store's own spelling of where the value is",
                    fix=f'"item/{key}"',
                )
        if store.namespaces is not None and namespace and namespace not in store.namespaces:
            check.refuse(
                "store",
                store.name,
                f"does not admit namespace {namespace}",
                accepted=f"a namespace of its conditions: {', '.join(store.namespaces) or 'none'}",
                fix=f'SecretStore(namespaces=(..., "{namespace}")), where the store is made',
            )
        check.done()
        super().__init__(scope, id)

        self.name = id
        self.keys = tuple(keys)
        self.namespace = namespace
        creation: Literal["ORPHAN", "OWNER"] = "ORPHAN" if keep else "OWNER"
        self.external_secret = ExternalSecret(
            self,
            "external-secret",
            metadata=ApiObjectMetadata(name=id, namespace=namespace),
            spec=ExternalSecretSpec(
                refresh_policy=ExternalSecretSpecRefreshPolicy.PERIODIC,
                refresh_interval="1h0m0s",
                secret_store_ref=ExternalSecretSpecSecretStoreRef(
                    name=store.name, kind=ExternalSecretSpecSecretStoreRefKind[_screaming(store.kind)]
                ),
                target=ExternalSecretSpecTarget(
                    name=id,
                    creation_policy=ExternalSecretSpecTargetCreationPolicy[creation],
                    # A value that is missing in the store for a moment must not take the Secret away from running pods.
                    deletion_policy=ExternalSecretSpecTargetDeletionPolicy.RETAIN,
                ),
                data=[
                    ExternalSecretSpecData(
                        secret_key=key,
                        remote_ref=ExternalSecretSpecDataRemoteRef(
                            key=remote,
                            # What the API server would fill in: written out, or GitOps tools see a difference forever.
                            conversion_strategy=ExternalSecretSpecDataRemoteRefConversionStrategy.DEFAULT,
                            decoding_strategy=ExternalSecretSpecDataRemoteRefDecodingStrategy.NONE,
                            metadata_policy=ExternalSecretSpecDataRemoteRefMetadataPolicy.NONE,
                        ),
                    )
                    for key, remote in keys.items()
                ],
            ),
        )
        if store.made_by:
            made_outside(self.external_secret, store.kind, store.name, by=store.made_by)

    def __contains__(self, key: object) -> bool:
        """Whether the Secret has that key."""
        return key in self.keys

    def __getitem__(self, key: str) -> SecretKey:
        """The reference to one key, for a workload's `env`.

        Raises:
            ConstructError: the Secret has no such key; names those that it has.
        """
        if key not in self.keys:
            check = Checks(self)
            known = nearest(key, self.keys)
            check.refuse(
                "key",
                key,
                f"is not a key of Secret {self.name}",
                accepted=", ".join(map(spell, known)),
                fix=f"{self.name}[{spell(known[0])}], or add it to keys",
            )
            check.done()
        return SecretKey(self.name, key, self.namespace)

    def at(self, path: str) -> Mount:
        """Mount all keys as files into the directory `path`, read-only, for the pod's group."""
        return Mount(
            path=path,
            volume=k8s.Volume(
                name=volume_name("secret", self.name),
                secret=k8s.SecretVolumeSource(secret_name=self.name, default_mode=0o440),
            ),
            source=self.name,
            namespace=self.namespace,
            read_only=True,
        )


def _screaming(kind: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind).upper()
