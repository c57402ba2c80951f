"""The namespaces: one for each service, and those that the operators brought."""

from constructs import Construct

from charts.environment import Environment
from vkm_constructs import ExistingNamespace, ServiceChart, ServiceNamespace

THEIR_CHARTS = "the operators' own charts (docs/bootstrap.md)"


class NamespacesChart(ServiceChart):
    """A namespace for each service, default-deny both ways. Applied first: everything else lives in them."""

    def __init__(self, scope: Construct, env: Environment) -> None:
        super().__init__(scope, "namespaces", labels=env.labels)

        self.traefik = ServiceNamespace(self, "traefik")
        self.bookstack = ServiceNamespace(self, "bookstack")
        self.zammad = ServiceNamespace(self, "zammad")
        self.grafana = ServiceNamespace(self, "grafana")
        self.prometheus = ServiceNamespace(self, "prometheus")
        self.services = (self.bookstack, self.zammad, self.grafana)

        self.cert_manager = ExistingNamespace("cert-manager", made_by=THEIR_CHARTS)
        self.external_dns = ExistingNamespace("external-dns", made_by=THEIR_CHARTS)
        self.external_secrets = ExistingNamespace("external-secrets", made_by=THEIR_CHARTS)
        self.grafana_operator = ExistingNamespace("grafana-operator", made_by=THEIR_CHARTS)
        self.kube_state_metrics = ExistingNamespace("kube-state-metrics", made_by=THEIR_CHARTS)
        self.longhorn = ExistingNamespace("longhorn-system", made_by=THEIR_CHARTS)
        self.metallb = ExistingNamespace("metallb-system", made_by=THEIR_CHARTS)
        self.secret_users = (*self.services, self.cert_manager, self.external_dns, self.longhorn)
