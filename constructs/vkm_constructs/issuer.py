"""A cert-manager issuer."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """An issuer, by name, and how it proves that a host is ours.

    Args:
        name: of the issuer.
        kind: cert-manager would take Issuer where none is given. Default ClusterIssuer.
        dns01_zones: hosts in these zones are proved by a DNS record; all others by an answer on port 80.
        made_by: who makes it, where that is another project; None is this one.
    """

    name: str
    kind: Literal["ClusterIssuer", "Issuer"] = "ClusterIssuer"
    dns01_zones: tuple[str, ...] = ()
    made_by: str | None = None

    def proves_by_http(self, host: str) -> bool:
        """Whether a solver pod in the route's namespace has to answer for this host."""
        return not any(host == zone or host.endswith(f".{zone}") for zone in self.dns01_zones)
