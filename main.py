"""The VKM environment, from top to bottom."""

from charts.bookstack import BookstackChart
from charts.certificates import CertificatesChart
from charts.dns import DnsChart
from charts.environment import Environment
from charts.namespaces import NamespacesChart
from charts.secrets import SecretsChart
from charts.storage import StorageChart
from charts.traefik import TraefikChart
from charts.zammad import ZammadChart
from vkm_constructs import App


def vkm(app: App, env: Environment) -> None:
    """Assemble the charts; what one needs of another it is handed here."""
    spaces = NamespacesChart(app)
    store = SecretsChart(app, env, operator=spaces.external_secrets, users=spaces.secret_users).store
    storage = StorageChart(app, env, namespace=spaces.longhorn, store=store)
    issuer = CertificatesChart(app, env, namespace=spaces.cert_manager, store=store).issuer
    DnsChart(app, env, namespace=spaces.external_dns, store=store)
    gateway = TraefikChart(
        app, env, namespace=spaces.traefik, routes_in=spaces.services, load_balancer=spaces.metallb
    ).gateway

    BookstackChart(
        app,
        env,
        namespace=spaces.bookstack,
        store=store,
        issuer=issuer,
        gateway=gateway,
        backup=storage.critical,
    )
    ZammadChart(
        app,
        env,
        namespace=spaces.zammad,
        store=store,
        issuer=issuer,
        gateway=gateway,
        critical=storage.critical,
        standard=storage.standard,
    )


if __name__ == "__main__":
    with App() as app:
        vkm(app, Environment())
