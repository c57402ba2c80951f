"""The Traefik that routes lead through."""

from dataclasses import dataclass, field

from vkm_constructs.pods import Pods


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A running Traefik, as routes need to know it.

    Args:
        pods: what has to reach the applications.
        namespaces: those that it watches; a route elsewhere would be ignored. None is all.
        entry_point: the one that serves HTTPS. Default `websecure`.
    """

    pods: Pods
    namespaces: tuple[str, ...] | None = None
    entry_point: str = "websecure"
    claimed: dict[tuple[str, str], str] = field(default_factory=dict, init=False, repr=False, compare=False)
