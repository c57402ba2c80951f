"""The whole VKM environment: what a reviewer reads, and what the architecture document says of it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import ROOT, Manifest
from tests.environments import vkm_app
from tests.schemas import check_against_schema
from vkm_constructs import App
from vkm_manifests.testing import ManifestSnapshots, assert_verified


@pytest.fixture(scope="module")
def app() -> App:
    return vkm_app()


def test_snapshots(manifests: dict[str, Manifest], manifest_snapshots: ManifestSnapshots) -> None:
    manifest_snapshots.check(manifests)


def test_verified(app: App) -> None:
    assert_verified(app)


def test_schemas(manifests: dict[str, Manifest], subtests: pytest.Subtests) -> None:
    for identity, manifest in manifests.items():
        with subtests.test(identity):
            check_against_schema(manifest)


def pods(manifests: dict[str, Manifest]) -> Iterator[tuple[str, dict[str, Any]]]:
    for identity, manifest in manifests.items():
        match manifest:
            case {"spec": {"template": {"spec": {"containers": _} as pod}}}:
                yield identity, pod
            case {"spec": {"jobTemplate": {"spec": {"template": {"spec": pod}}}}}:
                yield identity, pod


def test_pods_pass_pod_security_restricted(manifests: dict[str, Manifest], subtests: pytest.Subtests) -> None:
    for identity, pod in pods(manifests):
        with subtests.test(identity):
            assert pod["securityContext"]["runAsNonRoot"] is True
            assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
            assert not pod.keys() & {"hostNetwork", "hostPID", "hostIPC"}
            for volume in pod.get("volumes", []):
                assert volume.keys() - {"name"} <= {"configMap", "emptyDir", "persistentVolumeClaim", "secret"}
            for container in pod["containers"] + pod.get("initContainers", []):
                assert container["securityContext"] == {
                    "allowPrivilegeEscalation": False,
                    "capabilities": {"drop": ["ALL"]},
                    "readOnlyRootFilesystem": True,
                }


def test_who_has_a_token_for_the_api(manifests: dict[str, Manifest]) -> None:
    with_token = {identity for identity, pod in pods(manifests) if pod["automountServiceAccountToken"]}
    assert with_token == {"traefik/Deployment/traefik", "prometheus/Deployment/prometheus"}


def test_no_secret_stands_in_a_manifest(manifests: dict[str, Manifest]) -> None:
    assert not [identity for identity, manifest in manifests.items() if manifest["kind"] == "Secret"]


def test_every_pod_is_in_a_namespace_that_denies_by_default(manifests: dict[str, Manifest]) -> None:
    for namespace in {identity.partition("/")[0] for identity, _ in pods(manifests)}:
        deny = manifests[f"{namespace}/NetworkPolicy/default-deny"]["spec"]
        assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def ways(manifest: Manifest) -> list[str]:
    """Each rule of a policy in a line: `from|to <who>: <ports>`."""
    found = []
    for word, rules in (("from", manifest["spec"].get("ingress", [])), ("to", manifest["spec"].get("egress", []))):
        for rule in rules:
            who = " or ".join(peer_in_words(peer) for peer in rule[word])
            found.append(f"{word} {who}: {' '.join(str(port['port']) for port in rule['ports'])}")
    return found


def peer_in_words(peer: dict[str, Any]) -> str:
    if "ipBlock" in peer:
        block = peer["ipBlock"]
        return str(block["cidr"]) + (f" except {' '.join(block['except'])}" if "except" in block else "")
    labels = peer["podSelector"]["matchLabels"]
    namespace = peer.get("namespaceSelector", {}).get("matchLabels", {}).get("kubernetes.io/metadata.name")
    pods = labels.get("app.kubernetes.io/instance") or labels.get("app.kubernetes.io/name") or ",".join(labels.values())
    return f"{namespace}/{pods}" if namespace else pods


def test_what_may_talk_to_what(manifests: dict[str, Manifest]) -> None:
    """All ways that are open, and no others."""
    opened = {
        f"{m['metadata']['namespace']}/{m['metadata']['name']}": ways(m)
        for m in manifests.values()
        if m["kind"] == "NetworkPolicy" and m["metadata"]["name"] not in ("default-deny", "allow-dns")
    }
    for name in {identity.partition("/")[0] for identity, _ in pods(manifests)}:
        assert ways(manifests[f"{name}/NetworkPolicy/default-deny"]) == []
        assert ways(manifests[f"{name}/NetworkPolicy/allow-dns"]) == ["to kube-system/kube-dns: 53 53"]
    private = "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16"
    nodes = private.replace(" ", " or ")
    assert opened == {
        "bookstack/bookstack-db-dump-to-bookstack-db": ["to bookstack-db: 3306"],
        "bookstack/bookstack-db-from-bookstack": ["from bookstack: 3306"],
        "bookstack/bookstack-db-from-bookstack-db-dump": ["from bookstack-db-dump: 3306"],
        "bookstack/bookstack-db-from-prometheus.prometheus-metrics": ["from prometheus/prometheus: 9104"],
        "bookstack/bookstack-from-traefik.traefik": ["from traefik/traefik: 8080"],
        "bookstack/bookstack-to-bookstack-db": ["to bookstack-db: 3306"],
        "grafana/grafana-from-grafana-operator.grafana-operator": ["from grafana-operator/grafana-operator: 3000"],
        "grafana/grafana-from-prometheus.prometheus-http": ["from prometheus/prometheus: 3000"],
        "grafana/grafana-from-traefik.traefik": ["from traefik/traefik: 3000"],
        "grafana/grafana-to-prometheus.prometheus": ["to prometheus/prometheus: 9090"],
        "prometheus/prometheus-from-grafana.grafana": ["from grafana/grafana: 9090"],
        "prometheus/prometheus-to-bookstack.bookstack-db-metrics": ["to bookstack/bookstack-db: 9104"],
        "prometheus/prometheus-to-cert-manager.cert-manager-http-metrics": ["to cert-manager/cert-manager: 9402"],
        "prometheus/prometheus-to-external-dns.external-dns-http": ["to external-dns/external-dns: 7979"],
        "prometheus/prometheus-to-grafana-operator.grafana-operator-metrics": [
            "to grafana-operator/grafana-operator: 9090"
        ],
        "prometheus/prometheus-to-external-secrets.external-secrets-metrics": [
            "to external-secrets/external-secrets: 8080"
        ],
        "prometheus/prometheus-to-grafana.grafana-http": ["to grafana/grafana: 3000"],
        "prometheus/prometheus-to-kube-state-metrics.kube-state-metrics-http": [
            "to kube-state-metrics/kube-state-metrics: 8080"
        ],
        "prometheus/prometheus-to-kubernetes-api": [f"to {nodes}: 443 6443 10250"],
        "prometheus/prometheus-to-longhorn-system.longhorn-manager-manager": [
            "to longhorn-system/longhorn-manager: 9500"
        ],
        "prometheus/prometheus-to-traefik.traefik-metrics": ["to traefik/traefik: 9100"],
        "prometheus/prometheus-to-zammad.zammad-db-metrics": ["to zammad/zammad-db: 9187"],
        "prometheus/prometheus-to-zammad.zammad-memcached-metrics": ["to zammad/zammad-memcached: 9150"],
        "prometheus/prometheus-to-zammad.zammad-redis-metrics": ["to zammad/zammad-redis: 9121"],
        "traefik/traefik-from-clients": ["from 0.0.0.0/0: 8000 8443"],
        "traefik/traefik-from-prometheus.prometheus-metrics": ["from prometheus/prometheus: 9100"],
        "traefik/traefik-to-bookstack.bookstack": ["to bookstack/bookstack: 8080"],
        "traefik/traefik-to-grafana.grafana": ["to grafana/grafana: 3000"],
        "traefik/traefik-to-kubernetes-api": [f"to {nodes}: 443 6443"],
        "traefik/traefik-to-zammad.zammad": ["to zammad/zammad: 8080"],
        "zammad/zammad-db-dump-to-zammad-db": ["to zammad-db: 5432"],
        "zammad/zammad-db-from-prometheus.prometheus-metrics": ["from prometheus/prometheus: 9187"],
        "zammad/zammad-db-from-zammad": ["from zammad: 5432"],
        "zammad/zammad-db-from-zammad-db-dump": ["from zammad-db-dump: 5432"],
        "zammad/zammad-from-traefik.traefik": ["from traefik/traefik: 8080"],
        "zammad/zammad-memcached-from-prometheus.prometheus-metrics": ["from prometheus/prometheus: 9150"],
        "zammad/zammad-memcached-from-zammad": ["from zammad: 11211"],
        "zammad/zammad-redis-from-prometheus.prometheus-metrics": ["from prometheus/prometheus: 9121"],
        "zammad/zammad-redis-from-zammad": ["from zammad: 6379"],
        "zammad/zammad-to-internet": [f"to 0.0.0.0/0 except {private}: 25 465 587 143 993 110 995 443"],
        "zammad/zammad-init-to-internet": [f"to 0.0.0.0/0 except {private}: 25 465 587 143 993 110 995 443"],
        "zammad/zammad-scheduler-to-internet": [f"to 0.0.0.0/0 except {private}: 25 465 587 143 993 110 995 443"],
        "zammad/zammad-to-zammad-db": ["to zammad-db: 5432"],
        "zammad/zammad-to-zammad-memcached": ["to zammad-memcached: 11211"],
        "zammad/zammad-to-zammad-redis": ["to zammad-redis: 6379"],
        "zammad/zammad-to-zammad-websocket": ["to zammad-websocket: 6042"],
        "zammad/zammad-websocket-from-zammad": ["from zammad: 6042"],
    }


def test_dns(manifests: dict[str, Manifest]) -> None:
    endpoints = manifests["external-dns/DNSEndpoint/records"]["spec"]["endpoints"]
    assert {(e["dnsName"], e["recordType"], *e["targets"]) for e in endpoints} == {
        ("vkm.dtdt.tech", "A", "192.168.1.100"),
        ("wiki.vkm.dtdt.tech", "A", "192.168.1.100"),
        ("help.vkm.dtdt.tech", "A", "192.168.1.100"),
        ("grafana.vkm.dtdt.tech", "A", "192.168.1.100"),
        ("*.vkm.dtdt.tech", "A", "192.168.1.100"),
    }


def test_traefik(manifests: dict[str, Manifest]) -> None:
    assert manifests["traefik/Deployment/traefik"]["spec"]["replicas"] == 3
    service = manifests["traefik/Service/traefik"]
    assert service["spec"]["type"] == "LoadBalancer"
    assert service["metadata"]["annotations"]["metallb.io/loadBalancerIPs"] == "192.168.1.100"
    assert manifests["metallb-system/IPAddressPool/traefik"]["spec"]["addresses"] == ["192.168.1.100/32"]
    assert [(port["port"], port["targetPort"]) for port in service["spec"]["ports"]] == [(80, "http"), (443, "https")]
    arguments = manifests["traefik/Deployment/traefik"]["spec"]["template"]["spec"]["containers"][0]["args"]
    assert not [argument for argument in arguments if argument.startswith("--api")], "the dashboard is closed"


def test_traefik_may_only_read_where_it_has_routes(manifests: dict[str, Manifest]) -> None:
    roles = {identity for identity in manifests if identity.endswith("/Role/traefik")}
    assert roles == {f"{name}/Role/traefik" for name in ("traefik", "bookstack", "zammad", "grafana")}
    everywhere = manifests["ClusterRole/traefik"]["rules"]
    assert [rule["resources"] for rule in everywhere] == [["nodes"], ["ingressclasses"]]
    rules = [rule for identity in (*roles, "ClusterRole/traefik") for rule in manifests[identity]["rules"]]
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list", "watch", "update"}
    assert [rule["resources"] for rule in rules if "update" in rule["verbs"]] == [["ingresses/status"]] * 4


def test_prometheus_may_only_list_what_it_scrapes(manifests: dict[str, Manifest]) -> None:
    roles = {i.partition("/")[0]: m["rules"] for i, m in manifests.items() if i.endswith("/Role/prometheus")}
    scraped = {
        monitor["spec"].get("namespaceSelector", {}).get("matchNames", [monitor["metadata"]["namespace"]])[0]
        for monitor in manifests.values()
        if monitor["kind"] in ("ServiceMonitor", "PodMonitor")
    }
    assert roles.keys() == scraped
    for rules in roles.values():
        assert rules == [{"apiGroups": [""], "resources": ["pods"], "verbs": ["get", "list", "watch"]}]
    assert manifests["ClusterRole/prometheus-kubelets"]["rules"] == [
        {"apiGroups": [""], "resources": ["nodes"], "verbs": ["get", "list", "watch"]},
        {"apiGroups": [""], "resources": ["nodes/metrics"], "verbs": ["get"]},
    ]


def test_certificates(manifests: dict[str, Manifest]) -> None:
    dns01, http01 = manifests["ClusterIssuer/letsencrypt-prod"]["spec"]["acme"]["solvers"]
    assert dns01["selector"] == {"dnsZones": ["vkm.dtdt.tech"]}
    assert dns01["dns01"]["cloudflare"]["apiTokenSecretRef"] == {"name": "cloudflare-api-token", "key": "api-token"}
    assert http01["http01"]["ingress"]["ingressClassName"] == manifests["IngressClass/traefik"]["metadata"]["name"]
    token = manifests["cert-manager/ExternalSecret/cloudflare-api-token"]["spec"]
    assert [data["secretKey"] for data in token["data"]] == ["api-token"]


def test_secrets(manifests: dict[str, Manifest]) -> None:
    store = manifests["ClusterSecretStore/onepassword-store"]
    assert store["metadata"]["annotations"]["vkm.dtdt.tech/onepassword-account"] == "https://vkm.1password.com"
    (condition,) = store["spec"]["conditions"]
    used = [manifest for manifest in manifests.values() if manifest["kind"] == "ExternalSecret"]
    for secret in used:
        assert secret["spec"]["secretStoreRef"] == {"name": "onepassword-store", "kind": "ClusterSecretStore"}
        assert secret["metadata"]["namespace"] in condition["namespaces"]
    assert {(s["metadata"]["namespace"], s["metadata"]["name"]) for s in used} == {
        ("bookstack", "bookstack-app"),
        ("bookstack", "bookstack-db-creds"),
        ("cert-manager", "cloudflare-api-token"),
        ("external-dns", "cloudflare-api-token"),
        ("grafana", "grafana-admin"),
        ("longhorn-system", "longhorn-backup-secret"),
        ("zammad", "zammad-db-creds"),
        ("zammad", "zammad-redis-creds"),
    }


def test_storage(manifests: dict[str, Manifest]) -> None:
    longhorn = manifests["StorageClass/longhorn"]
    assert longhorn["provisioner"] == "driver.longhorn.io"
    assert longhorn["reclaimPolicy"] == "Delete"
    assert longhorn["allowVolumeExpansion"] is True
    assert longhorn["volumeBindingMode"] == "Immediate"
    assert longhorn["parameters"]["numberOfReplicas"] == "3"
    assert manifests["longhorn-system/BackupTarget/default"]["spec"] == {
        "backupTargetURL": "s3://vkm-backups@us-east-1/",
        "credentialSecret": "longhorn-backup-secret",
        "pollInterval": "5m0s",
    }
    credentials = manifests["longhorn-system/ExternalSecret/longhorn-backup-secret"]["spec"]["data"]
    assert [data["secretKey"] for data in credentials] == ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]


def test_volumes(manifests: dict[str, Manifest]) -> None:
    claims = {i: m["spec"] for i, m in manifests.items() if m["kind"] == "PersistentVolumeClaim"}
    assert {
        identity: (spec["storageClassName"], spec["resources"]["requests"]["storage"], *spec["accessModes"])
        for identity, spec in claims.items()
    } == {
        "bookstack/PersistentVolumeClaim/bookstack-data": ("longhorn", "10Gi", "ReadWriteOnce"),
        "bookstack/PersistentVolumeClaim/bookstack-config": ("longhorn", "5Gi", "ReadWriteMany"),
        "zammad/PersistentVolumeClaim/zammad-data": ("longhorn", "15Gi", "ReadWriteOnce"),
        "zammad/PersistentVolumeClaim/zammad-config": ("longhorn", "5Gi", "ReadWriteOnce"),
        "zammad/PersistentVolumeClaim/zammad-redis": ("longhorn", "5Gi", "ReadWriteOnce"),
        "zammad/PersistentVolumeClaim/zammad-uploads": ("longhorn", "30Gi", "ReadWriteMany"),
        "grafana/PersistentVolumeClaim/grafana-data": ("longhorn", "10Gi", "ReadWriteOnce"),
        "prometheus/PersistentVolumeClaim/prometheus-data": ("longhorn", "20Gi", "ReadWriteOnce"),
    }
    groups = {group for m in manifests.values() if m["kind"] == "RecurringJob" for group in m["spec"]["groups"]}
    # What is in these can be lost.
    lost = {"zammad/PersistentVolumeClaim/zammad-redis", "prometheus/PersistentVolumeClaim/prometheus-data"}
    for identity in claims.keys() - lost:
        (joined,) = (
            label.partition("/")[2]
            for label in manifests[identity]["metadata"]["labels"]
            if label.startswith("recurring-job-group.")
        )
        assert joined in groups


def test_every_database_is_dumped_drilled_and_backed_up(manifests: dict[str, Manifest]) -> None:
    """Dump, then the backup of the volume that takes it along, then the drill."""
    jobs = {m["metadata"]["name"]: m["spec"] for m in manifests.values() if m["kind"] == "CronJob"}
    assert jobs.keys() == {f"{db}-{job}" for db in ("bookstack-db", "zammad-db") for job in ("dump", "drill")}
    for namespace, claim in (("bookstack", "bookstack-config"), ("zammad", "zammad-config")):
        dump, drill = jobs[f"{namespace}-db-dump"], jobs[f"{namespace}-db-drill"]
        for job in (dump, drill):
            pod = job["jobTemplate"]["spec"]["template"]["spec"]
            (mount,) = (mount for mount in pod["containers"][0]["volumeMounts"] if mount["mountPath"] == "/dumps")
            assert (mount["name"], mount["subPath"]) == (f"claim-{claim}", "dumps")
        group = next(
            label.partition("/")[2]
            for label in manifests[f"{namespace}/PersistentVolumeClaim/{claim}"]["metadata"]["labels"]
            if label.startswith("recurring-job-group.")
        )
        backup = manifests[f"longhorn-system/RecurringJob/{group}-backup"]["spec"]
        assert minute_of_day(dump["schedule"]) < minute_of_day(backup["cron"]) < minute_of_day(drill["schedule"])
        assert (dump["schedule"].split()[2:], drill["schedule"].split()[2:]) == (["*", "*", "*"], ["*", "*", "0"])


def minute_of_day(cron: str) -> int:
    minute, hour, *_ = cron.split()
    return int(hour) * 60 + int(minute)


def test_bookstack_request_from_the_host_to_the_database(manifests: dict[str, Manifest]) -> None:
    """The document's application request flow, step by step."""
    (route,) = manifests["bookstack/IngressRoute/wiki"]["spec"]["routes"]
    assert route["match"] == "Host(`wiki.vkm.dtdt.tech`)"
    assert manifests["bookstack/Certificate/wiki"]["spec"]["dnsNames"] == ["wiki.vkm.dtdt.tech"]
    served = manifests["bookstack/IngressRoute/wiki"]["spec"]["tls"]["secretName"]
    assert served == manifests["bookstack/Certificate/wiki"]["spec"]["secretName"]

    (to,) = route["services"]
    service = manifests[f"bookstack/Service/{to['name']}"]["spec"]
    assert (to["name"], to["port"], service["type"]) == ("bookstack", 80, "ClusterIP")
    assert service["ports"] == [{"name": "http", "port": 80, "targetPort": "http"}]

    deployment = manifests["bookstack/Deployment/bookstack"]["spec"]
    assert deployment["replicas"] == 2
    assert service["selector"].items() <= deployment["template"]["metadata"]["labels"].items()
    (container,) = deployment["template"]["spec"]["containers"]
    assert container["ports"] == [{"name": "http", "containerPort": 8080}]

    variables = {variable["name"]: variable.get("value") for variable in container["env"]}
    host, _, port = str(variables["DB_HOST"]).partition(":")
    assert "DB_PORT" not in variables, "BookStack's image would overwrite it"
    database = manifests[f"bookstack/Service/{host}"]["spec"]
    assert (host, port) == ("bookstack-db", "5432")
    assert database["ports"][0] == {"name": "mysql", "port": 5432, "targetPort": "mysql"}
    server, _ = manifests["bookstack/StatefulSet/bookstack-db"]["spec"]["template"]["spec"]["containers"]
    assert server["ports"] == [{"name": "mysql", "containerPort": 3306}]


def test_bookstack_variables_come_from_keys_that_exist(manifests: dict[str, Manifest]) -> None:
    keys = {
        (secret["metadata"]["name"], data["secretKey"])
        for secret in manifests.values()
        if secret["kind"] == "ExternalSecret"
        for data in secret["spec"]["data"]
    }
    (container,) = manifests["bookstack/Deployment/bookstack"]["spec"]["template"]["spec"]["containers"]
    refs = {v["name"]: v["valueFrom"]["secretKeyRef"] for v in container["env"] if "valueFrom" in v}
    assert refs.keys() == {"APP_KEY", "DB_DATABASE", "DB_USERNAME", "DB_PASSWORD"}
    assert {(ref["name"], ref["key"]) for ref in refs.values()} <= keys


def test_bookstack_keeps_nothing_in_a_pod(manifests: dict[str, Manifest]) -> None:
    pod = manifests["bookstack/Deployment/bookstack"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    variables = {variable["name"]: variable.get("value") for variable in container["env"]}
    assert variables["SESSION_DRIVER"] == variables["CACHE_DRIVER"] == "database"
    shared = {mount["mountPath"] for mount in container["volumeMounts"] if mount["name"] == "claim-bookstack-config"}
    assert shared == {"/var/www/bookstack/public/uploads", "/var/www/bookstack/storage/uploads"}


def test_bookstack_serves_after_its_migrations(manifests: dict[str, Manifest]) -> None:
    pod = manifests["bookstack/Deployment/bookstack"]["spec"]["template"]["spec"]
    (job,) = (m for i, m in manifests.items() if i.startswith("bookstack/Job/bookstack-migrate-"))
    (migration,) = job["spec"]["template"]["spec"]["containers"]
    (gate,) = pod["initContainers"]
    (server,) = pod["containers"]
    assert migration["command"] == ["php", "artisan", "migrate", "--force"]
    assert gate["command"] == ["/bin/sh", "/scripts/wait-for-migrations.sh"]
    assert server["command"] == ["apache2-foreground"], "the image's entry point migrates in every pod"
    assert migration["image"] == gate["image"] == server["image"]
    assert migration["env"] == gate["env"] == server["env"]


def test_the_bootstrap_page_names_every_item_of_the_vault(manifests: dict[str, Manifest]) -> None:
    rows = (ROOT / "docs/bootstrap.md").read_text(encoding="utf-8").splitlines()
    for manifest in manifests.values():
        if manifest["kind"] == "ExternalSecret":
            for data in manifest["spec"]["data"]:
                item, _, field = data["remoteRef"]["key"].partition("/")
                (row,) = (row for row in rows if row.startswith(f"| `{item}` |"))
                assert f"`{field}`" in row
