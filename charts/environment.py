"""The facts of one installation."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """The container images, by tag or digest."""

    bookstack: str
    mariadb: str
    memcached: str
    postgres: str
    redis: str
    traefik: str
    zammad: str

    @classmethod
    def load(cls) -> "Images":
        """Read `images.toml`; a name too many or too few is a TypeError."""
        file = Path(__file__).with_name("images.toml")
        return cls(**tomllib.loads(file.read_text(encoding="utf-8")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Acme:
    """The certificate authority, and the address that it warns."""

    issuer: str = "letsencrypt-prod"
    server: str = "https://acme-v02.api.letsencrypt.org/directory"
    email: str = "hostmaster@dtdt.tech"


@dataclass(frozen=True, slots=True, kw_only=True)
class OnePassword:
    """Where External Secrets reads: one vault, by a service account whose token is put into the cluster by hand."""

    account: str = "https://vkm.1password.com"
    vault: str = "vkm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """Where Longhorn writes backups to."""

    target: str = "s3://vkm-backups@us-east-1/"


@dataclass(frozen=True, slots=True, kw_only=True)
class TraefikSize:
    """The entry to the cluster."""

    replicas: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BookstackSize:
    """BookStack and its database."""

    replicas: int = 2
    data: str = "10Gi"
    config: str = "5Gi"


@dataclass(frozen=True, slots=True, kw_only=True)
class ZammadSize:
    """Zammad, its database and its caches."""

    replicas: int = 2
    data: str = "15Gi"
    config: str = "5Gi"
    redis: str = "5Gi"
    uploads: str = "30Gi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """All that differs between two installations of the same charts. The defaults are VKM's.

    Args:
        domain: the services are hosts below it.
        address: IPv4 address of the load balancer, which the DNS records name.
        cluster_networks: where Traefik's pods may stand; the applications trust their X-Forwarded headers.
        api_server_networks: where the Kubernetes API may be reached; narrow it to your control plane's addresses.
        volume_replicas: copies of each volume, on different nodes.
    """

    domain: str = "vkm.dtdt.tech"
    address: str = "192.168.1.100"
    cluster_networks: tuple[str, ...] = ("10.0.0.0/8",)
    api_server_networks: tuple[str, ...] = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
    volume_replicas: int = 3
    timezone: str = "UTC"
    images: Images = field(default_factory=Images.load)
    acme: Acme = field(default_factory=Acme)
    onepassword: OnePassword = field(default_factory=OnePassword)
    backups: Backups = field(default_factory=Backups)
    traefik: TraefikSize = field(default_factory=TraefikSize)
    bookstack: BookstackSize = field(default_factory=BookstackSize)
    zammad: ZammadSize = field(default_factory=ZammadSize)

    def host(self, name: str) -> str:
        """The full name of a host below the domain."""
        return f"{name}.{self.domain}"
