"""What objects are called in tests, and the files of their snapshots."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any, Final

from vkm_manifests.identity import Identity

_IN_NAMES: Final = frozenset(ascii_lowercase + digits + ".-")
_IN_KINDS: Final = _IN_NAMES | frozenset(ascii_uppercase)
# A file's name has 255 bytes at most, with its ending.
_LONGEST: Final = 240


@dataclass(frozen=True, slots=True)
class Name:
    """What one object is called among others.

    Attributes:
        identity: which object it is.
        group: its API group, if there is another object of this namespace, kind and name, of another group.
    """

    identity: Identity
    group: str

    def __str__(self) -> str:
        """`namespace/Kind/name`, or `namespace/Kind.group/name`."""
        kind = f"{self.identity.kind}.{self.group}" if self.group else self.identity.kind
        return "/".join(filter(None, (self.identity.namespace, kind, self.identity.name)))

    @property
    def file(self) -> str:
        """The stem of its file: `namespace.Kind.name`, or `namespace.Kind.name@group`.

        Two objects never have the same one, not even on a file system that takes `A` for `a`: what no namespace, kind
        or ordinary name contains, such as the colon of `system:node`, is written as `%3a`.
        """
        namespace, kind, name, group = self.identity.namespace, self.identity.kind, self.identity.name, self.group
        parts = (_written(namespace, _IN_NAMES), _written(kind, _IN_KINDS), _written(name, _IN_NAMES))
        stem = ".".join(filter(None, parts)) + (f"@{_written(group, _IN_NAMES)}" if group else "")
        return stem if len(stem) <= _LONGEST else f"{stem[:_LONGEST]}+{sha256(stem.encode()).hexdigest()[:8]}"


def distinct(manifests: Iterable[Mapping[str, Any]]) -> list[Name]:
    """What each manifest is called."""
    identities = list(map(Identity.of, manifests))
    count = Counter(map(str, identities))
    return [Name(identity, identity.group if count[str(identity)] > 1 else "") for identity in identities]


def _written(text: str, allowed: frozenset[str]) -> str:
    return "".join(
        letter if letter in allowed else "".join(f"%{byte:02x}" for byte in letter.encode()) for letter in text
    )
