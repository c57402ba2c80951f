"""The whole VKM environment: what a reviewer reads, and what the architecture document says of it."""

from collections.abc import Iterator
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from charts.environment import Environment
from main import vkm
from tests.conftest import ROOT, Manifest
from tests.schemas import check_against_schema
from tests.snapshots import ManifestSnapshots
from vkm_constructs import App
from vkm_manifests import Identity


@pytest.fixture(scope="module")
def manifests(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Manifest]:
    """Every object, by `namespace/Kind/name`."""
    app = App(outdir=tmp_path_factory.mktemp("vkm") / "dist")
    vkm(app, Environment())
    return {str(Identity.of(m)): m for found in app.manifests().values() for m in found}


def test_snapshots(manifests: dict[str, Manifest], snapshot: SnapshotAssertion, subtests: pytest.Subtests) -> None:
    shots = snapshot.use_extension(ManifestSnapshots)
    for identity, manifest in manifests.items():
        with subtests.test(identity):
            assert manifest == shots(name=identity.replace("/", "."))


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


def test_only_traefik_has_a_token_for_the_api(manifests: dict[str, Manifest]) -> None:
    with_token = {identity for identity, pod in pods(manifests) if pod["automountServiceAccountToken"]}
    assert with_token == {"traefik/Deployment/traefik"}


def test_no_secret_stands_in_a_manifest(manifests: dict[str, Manifest]) -> None:
    assert not [identity for identity, manifest in manifests.items() if manifest["kind"] == "Secret"]


def test_every_pod_is_in_a_namespace_that_denies_by_default(manifests: dict[str, Manifest]) -> None:
    for identity, _ in pods(manifests):
        deny = manifests[f"{identity.split('/')[0]}/NetworkPolicy/default-deny"]["spec"]
        assert deny == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_what_may_talk_to_what(manifests: dict[str, Manifest]) -> None:
    """All ways that are open, as (policy, ports)."""
    opened = {}
    for manifest in manifests.values():
        if manifest["kind"] == "NetworkPolicy":
            rules = manifest["spec"].get("egress", []) + manifest["spec"].get("ingress", [])
            opened[manifest["metadata"]["namespace"], manifest["metadata"]["name"]] = [
                port["port"] for rule in rules for port in rule["ports"]
            ]
    assert opened == {
        ("traefik", "default-deny"): [],
        ("traefik", "allow-dns"): [53, 53],
        ("traefik", "traefik-from-clients"): [8000, 8443],
        ("traefik", "traefik-to-kubernetes-api"): [443, 6443],
        ("traefik", "traefik-to-bookstack"): [8080],
        ("traefik", "traefik-to-zammad"): [8080],
        ("bookstack", "default-deny"): [],
        ("bookstack", "allow-dns"): [53, 53],
        ("bookstack", "bookstack-from-traefik"): [8080],
        ("bookstack", "bookstack-to-bookstack-db"): [3306],
        ("bookstack", "bookstack-db-from-bookstack"): [3306],
        ("zammad", "default-deny"): [],
        ("zammad", "allow-dns"): [53, 53],
        ("zammad", "zammad-from-traefik"): [8080],
        ("zammad", "zammad-to-internet"): [25, 465, 587, 143, 993, 110, 995, 443],
        ("zammad", "zammad-to-zammad-db"): [5432],
        ("zammad", "zammad-db-from-zammad"): [5432],
        ("zammad", "zammad-to-zammad-redis"): [6379],
        ("zammad", "zammad-redis-from-zammad"): [6379],
        ("zammad", "zammad-to-zammad-memcached"): [11211],
        ("zammad", "zammad-memcached-from-zammad"): [11211],
        ("zammad", "zammad-to-zammad-websocket"): [6042],
        ("zammad", "zammad-websocket-from-zammad"): [6042],
    }


def test_dns(manifests: dict[str, Manifest]) -> None:
    endpoints = manifests["external-dns/DNSEndpoint/vkm"]["spec"]["endpoints"]
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
    assert service["metadata"]["annotations"] == {"metallb.io/loadBalancerIPs": "192.168.1.100"}
    assert manifests["metallb-system/IPAddressPool/traefik"]["spec"]["addresses"] == ["192.168.1.100/32"]
    assert [(port["port"], port["targetPort"]) for port in service["spec"]["ports"]] == [(80, "http"), (443, "https")]
    arguments = manifests["traefik/Deployment/traefik"]["spec"]["template"]["spec"]["containers"][0]["args"]
    assert not [argument for argument in arguments if argument.startswith("--api")], "the dashboard is closed"


def test_traefik_may_only_read_where_it_has_routes(manifests: dict[str, Manifest]) -> None:
    roles = {identity for identity in manifests if "/Role/" in identity}
    assert roles == {"traefik/Role/traefik", "bookstack/Role/traefik", "zammad/Role/traefik"}
    everywhere = manifests["ClusterRole/traefik"]["rules"]
    assert [rule["resources"] for rule in everywhere] == [["nodes"], ["ingressclasses"]]
    rules = [rule for identity in (*roles, "ClusterRole/traefik") for rule in manifests[identity]["rules"]]
    assert {verb for rule in rules for verb in rule["verbs"]} == {"get", "list", "watch", "update"}
    assert [rule["resources"] for rule in rules if "update" in rule["verbs"]] == [["ingresses/status"]] * 3


def test_certificates(manifests: dict[str, Manifest]) -> None:
    dns01, http01 = manifests["ClusterIssuer/letsencrypt-prod"]["spec"]["acme"]["solvers"]
    assert dns01["selector"] == {"dnsZones": ["vkm.dtdt.tech"]}
    assert dns01["dns01"]["cloudflare"]["apiTokenSecretRef"] == {"name": "cloudflare-api-token", "key": "api-token"}
    assert http01["http01"]["ingress"]["ingressClassName"] == manifests["IngressClass/traefik"]["metadata"]["name"]
    token = manifests["cert-manager/ExternalSecret/cloudflare-api-token"]["spec"]
    assert [data["secretKey"] for data in token["data"]] == ["api-token"]


def test_secrets(manifests: dict[str, Manifest]) -> None:
    store = manifests["ClusterSecretStore/onepassword-store"]
    assert store["metadata"]["annotations"] == {"vkm.dtdt.tech/onepassword-account": "https://vkm.1password.com"}
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
    }
    groups = {group for m in manifests.values() if m["kind"] == "RecurringJob" for group in m["spec"]["groups"]}
    # What is in zammad-redis can be lost.
    for identity in claims.keys() - {"zammad/PersistentVolumeClaim/zammad-redis"}:
        (joined,) = (
            label.partition("/")[2]
            for label in manifests[identity]["metadata"]["labels"]
            if label.startswith("recurring-job-group.")
        )
        assert joined in groups


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
    assert database["ports"] == [{"name": "mysql", "port": 5432, "targetPort": "mysql"}]
    (server,) = manifests["bookstack/StatefulSet/bookstack-db"]["spec"]["template"]["spec"]["containers"]
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
    (job,) = (m for i, m in manifests.items() if i.startswith("bookstack/Job/bookstack-migrate-26-5-1-"))
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
