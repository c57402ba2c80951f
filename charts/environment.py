"""The facts of one installation."""

import ipaddress
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from vkm_constructs import RateLimit
from vkm_constructs.checks import (
    check_at_least,
    check_duration,
    check_host,
    check_networks,
    check_reference,
    check_size,
)
from vkm_constructs.errors import Checks

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")


@dataclass(frozen=True, slots=True, kw_only=True)
class Images:
    """The container images, by tag or digest."""

    bookstack: str
    grafana: str
    config_reloader: str
    mariadb: str
    memcached: str
    memcached_exporter: str
    mysqld_exporter: str
    postgres: str
    postgres_exporter: str
    prometheus: str
    redis: str
    redis_exporter: str
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
    cloudflare_token: str = "cloudflare/api-token"


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
    database_memory: str = "2Gi"


@dataclass(frozen=True, slots=True, kw_only=True)
class GrafanaSize:
    """Grafana: its users and what they made."""

    data: str = "10Gi"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrometheusSize:
    """How much Prometheus keeps: until its time or its size is reached, whichever is first."""

    data: str = "20Gi"
    retention: str = "15d"
    retention_size: str = "16GB"

    def check(self, check: Checks) -> None:
        """Refuse to keep more than the volume holds: a tenth of it is for what is not yet compacted."""
        check_duration(check, "prometheus.retention", self.retention)
        room = check_size(check, "prometheus.data", self.data) * 9 // 10
        # Prometheus's units are powers of two (Prometheus 3.13).
        kept = re.fullmatch(r"([1-9]\d*)(MB|GB|TB)", self.retention_size)
        size = int(kept[1]) * {"MB": 2**20, "GB": 2**30, "TB": 2**40}[kept[2]] if kept else 0
        if kept is None or size > room > 0:
            check.refuse(
                "prometheus.retention_size",
                self.retention_size,
                f"does not fit prometheus-data, {self.data}",
                accepted=f"a size in MB, GB or TB, at most {room // 2**30}GB",
                fix=f'PrometheusSize(retention_size="{room // 2**30}GB")',
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """All that differs between two installations of the same charts. The defaults are VKM's.

    Args:
        domain: the services are hosts below it.
        address: IPv4 address of the load balancer, which the DNS records name.
        cluster_networks: where Traefik's pods may stand; the applications trust their X-Forwarded headers, and the
            network policies let nobody else in.
        node_networks: where the nodes and the Service of the Kubernetes API are; narrow it to your own.
        volume_replicas: copies of each volume, on different nodes. Fixed once the cluster has the StorageClass.
        timezone: of the applications, by its tz database name.
        rate_limit: of requests for each client and host, at each of Traefik's replicas; None is none.
        alertmanager: namespace in which an Alertmanager runs (Service `alertmanager`, port 9093); None tells nobody:
            alerts stand in Prometheus and Grafana only.
        labels: of every object, such as the one by which your prometheus-operator selects its monitors and rules
            (`{"release": "kube-prometheus-stack"}`).
        cluster_metrics: kube-state-metrics runs in the cluster and the kubelets may be scraped: what only they can tell
            (replicas, jobs, dumps, drills, free space of volumes) is watched.
        ingress_class: the class that cert-manager's HTTP01 solver asks for and Traefik serves.

    Raises:
        ConstructError: values that no installation could have.
    """

    domain: str = "vkm.dtdt.tech"
    address: str = "192.168.1.100"
    cluster_networks: tuple[str, ...] = PRIVATE
    node_networks: tuple[str, ...] = PRIVATE
    volume_replicas: int = 3
    timezone: str = "UTC"
    ingress_class: str = "traefik"
    rate_limit: RateLimit | None = field(default_factory=lambda: RateLimit(average=100, burst=200))
    labels: Mapping[str, str] = field(default_factory=dict, hash=False)
    alertmanager: str | None = None
    cluster_metrics: bool = True
    images: Images = field(default_factory=Images.load)
    acme: Acme = field(default_factory=Acme)
    onepassword: OnePassword = field(default_factory=OnePassword)
    backups: Backups = field(default_factory=Backups)
    traefik: TraefikSize = field(default_factory=TraefikSize)
    bookstack: BookstackSize = field(default_factory=BookstackSize)
    zammad: ZammadSize = field(default_factory=ZammadSize)
    prometheus: PrometheusSize = field(default_factory=PrometheusSize)
    grafana: GrafanaSize = field(default_factory=GrafanaSize)

    def __post_init__(self) -> None:
        """Refuse, at the line that makes the environment, what would only fail in a chart or in the cluster."""
        check = Checks("Environment")
        check_host(check, "domain", self.domain)
        check_networks(check, "cluster_networks", self.cluster_networks)
        check_networks(check, "node_networks", self.node_networks)
        check_at_least(check, "volume_replicas", self.volume_replicas, 1)
        try:
            ipaddress.IPv4Address(self.address)
        except ValueError as error:
            check.refuse("address", self.address, f"is no address ({error})", accepted="IPv4", fix='"192.168.1.100"')
        self.prometheus.check(check)
        sizes = {
            "bookstack": ("data", "config"),
            "zammad": ("data", "config", "redis", "uploads", "database_memory"),
            "grafana": ("data",),
        }
        for service, names in sizes.items():
            for name in names:
                check_size(check, f"{service}.{name}", getattr(getattr(self, service), name))
        if not self.onepassword.vault:
            check.refuse("onepassword.vault", "", "is no vault", accepted="its name", fix='OnePassword(vault="vkm")')
        for service in ("traefik", "bookstack", "zammad"):
            check_at_least(check, f"{service}.replicas", getattr(self, service).replicas, 1)
        check_reference(check, "ingress_class", self.ingress_class)
        check_reference(check, "acme.issuer", self.acme.issuer)
        if self.alertmanager is not None:
            check_reference(check, "alertmanager", self.alertmanager)
        if not self.acme.server.startswith("https://"):
            check.refuse(
                "acme.server",
                self.acme.server,
                "is not the address of an ACME directory",
                accepted="an address with https://",
                fix='Acme(server="https://acme-v02.api.letsencrypt.org/directory")',
            )
        if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", self.acme.email):
            check.refuse(
                "acme.email", self.acme.email, "is not an e-mail address", accepted="one", fix='"hostmaster@dtdt.tech"'
            )
        if not re.match(r"(s3|nfs|cifs|azblob)://.", self.backups.target):
            check.refuse(
                "backups.target",
                self.backups.target,
                "is not an address that Longhorn can write to",
                accepted="s3://<bucket>@<region>/, or one with nfs://, cifs:// or azblob://",
                fix='Backups(target="s3://vkm-backups@us-east-1/")',
            )
        elif not self.backups.target.endswith("/"):
            check.refuse(
                "backups.target",
                self.backups.target,
                "lacks the slash at its end, without which Longhorn finds no backups",
                accepted="s3://<bucket>@<region>/",
                fix=f'Backups(target="{self.backups.target}/")',
            )
        check.done()

    def host(self, name: str) -> str:
        """The full name of a host below the domain."""
        return f"{name}.{self.domain}"
