"""A store that External Secrets reads."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretStore:
    """A ClusterSecretStore or SecretStore, by name.

    Args:
        name: of the store.
        kind: External Secrets would take SecretStore where none is given. Default ClusterSecretStore.
        namespaces: those that the store's conditions admit; None is all.
        made_by: who makes it, where that is another project; None is this one.
    """

    name: str
    kind: Literal["ClusterSecretStore", "SecretStore"] = "ClusterSecretStore"
    namespaces: tuple[str, ...] | None = None
    made_by: str | None = None
