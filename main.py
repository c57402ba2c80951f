"""The VKM environment, from top to bottom."""

from charts.bookstack import BookstackChart
from charts.certificates import CertificatesChart
from charts.dns import DnsChart
from charts.environment import Environment
from charts.grafana import GrafanaChart
from charts.namespaces import NamespacesChart
from charts.operators import OperatorsChart
from charts.prometheus import PrometheusChart
from charts.secrets import SecretsChart
from charts.storage import StorageChart
from charts.traefik import TraefikChart
from charts.zammad import ZammadChart
from vkm_constructs import App


def vkm(app: App, env: Environment) -> None:
    """Assemble the charts; what one needs of another it is handed here."""
    spaces = NamespacesChart(app, env)
    store = SecretsChart(app, env, operator=spaces.external_secrets, users=spaces.secret_users).store
    storage = StorageChart(app, env, namespace=spaces.longhorn, store=store)
    issuer = CertificatesChart(app, env, namespace=spaces.cert_manager, store=store).issuer
    DnsChart(app, env, namespace=spaces.external_dns, store=store)
    traefik = TraefikChart(app, env, namespace=spaces.traefik, routes_in=spaces.services, load_balancer=spaces.metallb)

    wiki = BookstackChart(
        app,
        env,
        namespace=spaces.bookstack,
        store=store,
        issuer=issuer,
        gateway=traefik.gateway,
        backup=storage.critical,
    )
    help_desk = ZammadChart(
        app,
        env,
        namespace=spaces.zammad,
        store=store,
        issuer=issuer,
        gateway=traefik.gateway,
        critical=storage.critical,
        standard=storage.standard,
    )
    grafana = GrafanaChart(
        app,
        env,
        namespace=spaces.grafana,
        operator=spaces.grafana_operator,
        store=store,
        issuer=issuer,
        gateway=traefik.gateway,
        backup=storage.standard,
        prometheus_url=PrometheusChart.url(spaces.prometheus),
    )

    operators = OperatorsChart(
        app,
        env,
        namespace=spaces.prometheus,
        cert_manager=spaces.cert_manager,
        external_dns=spaces.external_dns,
        external_secrets=spaces.external_secrets,
        grafana_operator=spaces.grafana_operator,
        longhorn=spaces.longhorn,
        kube_state_metrics=spaces.kube_state_metrics,
        backups=[storage.critical, storage.standard],
        quiet=[help_desk.uploads],
        seldom=[help_desk.dumps],
        services=[spaces.traefik, *spaces.services, spaces.prometheus],
    )
    PrometheusChart(
        app,
        env,
        namespace=spaces.prometheus,
        monitors=[*traefik.monitors, *wiki.monitors, *help_desk.monitors, *grafana.monitors, *operators.monitors],
        readers=[grafana.app],
    )


if __name__ == "__main__":
    with App() as app:
        vkm(app, Environment())
