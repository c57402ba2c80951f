"""Grafana, where the metrics are looked at."""

from collections.abc import Mapping
from typing import Any

import yaml
from cdk8s import ApiObjectMetadata
from constructs import Construct

from charts.dashboards import DATASOURCE, Dashboard, dashboards
from charts.environment import Environment
from vkm_constructs import (
    Alert,
    ConfigFiles,
    ExistingNamespace,
    ExternalSecretRef,
    Gateway,
    Issuer,
    LonghornBackupGroup,
    LonghornVolume,
    Namespace,
    Pods,
    Probe,
    Probes,
    Resources,
    Rollout,
    SecretStore,
    Security,
    ServiceChart,
    TlsRoute,
    WebApp,
)
from vkm_grafana_operator.org.integreatly.grafana import (
    Grafana,
    GrafanaDashboard,
    GrafanaDashboardSpec,
    GrafanaDashboardSpecInstanceSelector,
    GrafanaSpec,
    GrafanaSpecExternal,
    GrafanaSpecExternalAdminPassword,
    GrafanaSpecExternalAdminUser,
)

DATA = "/var/lib/grafana"
DASHBOARDS = "/etc/grafana/dashboards"
PROVISIONING = "/etc/grafana/provisioning"
# What binds the operator's dashboards to this Grafana.
INSTANCE = {"dashboards": "grafana"}


class GrafanaChart(ServiceChart):
    """Grafana at grafana.<domain>: one replica, its users on a volume, datasource and dashboards from files.

    The same dashboards are GrafanaDashboard resources, for a grafana-operator, which finds the Grafana as an external
    one and runs nothing. Grafana itself needs none of it.

    Args:
        operator: namespace of the grafana-operator.
        prometheus_url: what Grafana asks; who makes that Prometheus connects the two.

    Attributes:
        app: Grafana.
        monitors: what Prometheus scrapes here.
    """

    def __init__(
        self,
        scope: Construct,
        env: Environment,
        *,
        namespace: Namespace,
        operator: ExistingNamespace,
        store: SecretStore,
        issuer: Issuer,
        gateway: Gateway,
        backup: LonghornBackupGroup,
        prometheus_url: str,
    ) -> None:
        super().__init__(scope, "grafana", namespace=namespace, labels=env.labels)
        host = env.host("grafana")

        # Set when the database is made, at the first start: later, change it in Grafana and in the store.
        admin = ExternalSecretRef(
            self,
            "grafana-admin",
            store=store,
            keys={"admin-user": "grafana-admin/admin-user", "admin-password": "grafana-admin/admin-password"},
        )
        data = LonghornVolume(self, "grafana-data", size=env.grafana.data, backup=backup)
        provisioning = ConfigFiles(
            self,
            "grafana-provisioning",
            files={"datasource.yaml": _datasource(prometheus_url), "dashboards.yaml": _provider()},
        )
        models = {board: board.to_json() for board in dashboards()}
        boards = ConfigFiles(
            self, "grafana-dashboards", files={f"{board.name}.json": model for board, model in models.items()}
        )

        grafana = WebApp(
            self,
            "grafana",
            image=env.images.grafana,
            port=3000,
            service_port=3000,
            env={
                "GF_SERVER_DOMAIN": host,
                "GF_SERVER_ROOT_URL": f"https://{host}/",
                "GF_SECURITY_ADMIN_USER": admin["admin-user"],
                "GF_SECURITY_ADMIN_PASSWORD": admin["admin-password"],
                "GF_SECURITY_COOKIE_SECURE": "true",
                "GF_USERS_ALLOW_SIGN_UP": "false",
                "GF_PATHS_DATA": DATA,
                "GF_PATHS_PLUGINS": f"{DATA}/plugins",
                "GF_PATHS_PROVISIONING": PROVISIONING,
                "GF_UNIFIED_STORAGE_INDEX_PATH": "/var/lib/grafana-search/bleve",
                "GF_LOG_MODE": "console",
                # All that would ask the internet: the network policies refuse it. The plug-ins above all, which Grafana
                # would try to replace at each start, and lose (Grafana 12 and newer).
                "GF_PLUGINS_PREINSTALL_DISABLED": "true",
                "GF_PLUGINS_PREINSTALL_AUTO_UPDATE": "false",
                "GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED": "true",
                "GF_ANALYTICS_REPORTING_ENABLED": "false",
                "GF_ANALYTICS_CHECK_FOR_UPDATES": "false",
                "GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES": "false",
                "GF_NEWS_NEWS_FEED_ENABLED": "false",
                "GF_SECURITY_DISABLE_GRAVATAR": "true",
                "GF_SNAPSHOTS_EXTERNAL_ENABLED": "false",
                # 90 % of the memory limit, so that Go collects before the kernel kills.
                "GOMEMLIMIT": "460MiB",
            },
            mounts=[
                data.at(DATA),
                # File by file: the image has further directories there, which Grafana looks into.
                provisioning.at(f"{PROVISIONING}/datasources/datasource.yaml", file="datasource.yaml"),
                provisioning.at(f"{PROVISIONING}/dashboards/dashboards.yaml", file="dashboards.yaml"),
                boards.at(DASHBOARDS, reloads=True),
            ],
            probes=Probes(
                # The first start makes the database, one after an upgrade changes it: five minutes.
                startup=Probe.http("/api/health", period=5, timeout=5, failures=60),
                readiness=Probe.http("/api/health", period=10, timeout=5, failures=3),
                liveness=Probe.http("/api/health", period=20, timeout=10, failures=5),
            ),
            resources=Resources(cpu="100m", memory="512Mi"),
            security=Security(user=472, group=472, writable={"/tmp": "128Mi", "/var/lib/grafana-search": "256Mi"}),
            # There is no other pod that requests could go to meanwhile.
            rollout=Rollout(pre_stop=0),
        )
        self.app = grafana
        self.monitors = (grafana.monitor(port="http", alerts=[_failing(grafana.host)]),)

        # A scope of its own: the route, and with it the certificate, has the application's name.
        TlsRoute(
            Construct(self, "route"),
            "grafana",
            host=host,
            to=grafana,
            issuer=issuer,
            gateway=gateway,
            # Grafana asks for no login there; Prometheus comes from within.
            hidden=["/metrics"],
            rate_limit=env.rate_limit,
        )
        self._for_operator(operator, grafana, admin, models)

    def _for_operator(
        self,
        operator: ExistingNamespace,
        grafana: WebApp,
        admin: ExternalSecretRef,
        models: Mapping[Dashboard, str],
    ) -> None:
        """The dashboards once more, as resources, and the way in for the operator."""
        scope = Construct(self, "operator")
        user, password = admin["admin-user"], admin["admin-password"]
        Grafana(
            scope,
            "instance",
            metadata=ApiObjectMetadata(name="grafana", labels=INSTANCE),
            spec=GrafanaSpec(
                external=GrafanaSpecExternal(
                    url=f"http://{grafana.host}.{grafana.namespace}:{grafana.service_port}",
                    admin_user=GrafanaSpecExternalAdminUser(name=user.secret, key=user.key),
                    admin_password=GrafanaSpecExternalAdminPassword(name=password.secret, key=password.key),
                )
            ),
        )
        for board, model in models.items():
            GrafanaDashboard(
                scope,
                board.name,
                metadata=ApiObjectMetadata(name=board.name),
                spec=GrafanaDashboardSpec(
                    instance_selector=GrafanaDashboardSpecInstanceSelector(match_labels=INSTANCE),
                    # A uid and a folder of its own. Grafana's API lets nobody write or delete what came from a file, so
                    # with the file's uid the operator would fail for ever, and a deleted resource never go. (To allow
                    # it, allowUiUpdates, makes two writers of one dashboard: the last one wins, until the next sync.)
                    # The uid of the specification wins over that of the JSON (grafana-operator 5.24).
                    uid=f"{board.uid}-operator",
                    folder="VKM (grafana-operator)",
                    json=model,
                ),
            )
        caller = Pods(
            name="grafana-operator",
            namespace=operator.name,
            labels={"app.kubernetes.io/name": "grafana-operator"},
        )
        grafana.allow_from(caller)


def _datasource(url: str) -> str:
    """By file only: one uid must not have two owners, and this way Grafana works without the operator."""
    return _yaml(
        {
            "apiVersion": 1,
            "datasources": [
                {
                    "name": "Prometheus",
                    "uid": DATASOURCE,
                    "type": "prometheus",
                    "access": "proxy",
                    "url": url,
                    "isDefault": True,
                    "editable": False,
                    # The scrape interval, from which Grafana computes $__rate_interval.
                    "jsonData": {"httpMethod": "POST", "timeInterval": "30s"},
                }
            ],
        }
    )


def _provider() -> str:
    return _yaml(
        {
            "apiVersion": 1,
            "providers": [
                {
                    "name": "vkm",
                    "type": "file",
                    "folder": "VKM",
                    "folderUid": "vkm",
                    # The files are the truth. Whoever wants a dashboard to be different saves a copy.
                    "allowUiUpdates": False,
                    "disableDeletion": False,
                    "updateIntervalSeconds": 60,
                    "options": {"path": DASHBOARDS},
                }
            ],
        }
    )


def _yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False)


def _failing(job: str) -> Alert:
    def rate(labels: str = "") -> str:
        requests = f'grafana_http_request_duration_seconds_count{{job="{job}"{labels}}}'
        return f"sum by (namespace) (rate({requests}[5m]))"

    failed = rate(',status_code=~"5.."')
    return Alert(
        name="GrafanaFailing",
        expr=f"{failed} / {rate()} > 0.05",
        for_="10m",
        severity="warning",
        summary="Grafana fails {{ $value | humanizePercentage }} of its requests",
        action="Does Prometheus answer? Is the volume full? kubectl logs -n {{ $labels.namespace }} deployment/grafana",
    )
