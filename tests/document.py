"""docs/document.md: each line of the architecture document, and the object that fulfils it, read from the manifests.

`python -m tests.document` writes it; a test holds it against the manifests.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from jsonpointer import resolve_pointer

from tests.conftest import ROOT, Manifest
from tests.environments import vkm_manifests

PAGE = ROOT / "docs/document.md"


class Row(NamedTuple):
    """A line of the document, the object that fulfils it, the fields that show it, and what differs from the letter."""

    line: str
    identity: str
    fields: Sequence[str] = ()
    differs: str = ""


HEAD = """\
# The architecture document, line by line

Made from the manifests by `make docs`; a test fails where it does not say what they say. "Differs" names
what is honoured in another way than by its letter, and why.
"""

SECTIONS = {
    "Cloudflare DNS": [
        Row(
            f"{name}.dtdt.tech A 192.168.1.100",
            "external-dns/DNSEndpoint/records",
            [f"/spec/endpoints/{i}/{field}" for field in ("dnsName", "recordType", "targets/0")],
        )
        for i, name in enumerate(["vkm", "wiki.vkm", "help.vkm", "grafana.vkm", "*.vkm"])
    ]
    + [
        Row(
            "_acme-challenge TXT [managed]",
            "ClusterIssuer/letsencrypt-prod",
            ["/spec/acme/solvers/0/dns01/cloudflare/apiTokenSecretRef/name"],
            "cert-manager's solver writes it while it proves a host; no object of ours holds it",
        ),
    ],
    "Load balancer": [
        Row("Service: traefik, type LoadBalancer", "traefik/Service/traefik", ["/spec/type"]),
        Row("at 192.168.1.100", "metallb-system/IPAddressPool/traefik", ["/spec/addresses/0"]),
        Row("announced in the network", "metallb-system/L2Advertisement/traefik", ["/spec/ipAddressPools/0"]),
        Row("Deployment: traefik (3 replicas)", "traefik/Deployment/traefik", ["/spec/replicas"]),
        Row("IngressRoute wiki.vkm.dtdt.tech", "bookstack/IngressRoute/wiki", ["/spec/routes/0/match"]),
        Row("IngressRoute help.vkm.dtdt.tech", "zammad/IngressRoute/help", ["/spec/routes/0/match"]),
        Row(
            "IngressRoute grafana.vkm.dtdt.tech",
            "grafana/IngressRoute/grafana",
            ["/spec/routes/0/match"],
            "without /metrics, which asks for no login",
        ),
    ],
    "cert-manager": [
        Row("ClusterIssuer: letsencrypt-prod, ACME", "ClusterIssuer/letsencrypt-prod", ["/spec/acme/server"]),
        Row(
            "HTTP01 solver: Ingress, port 80",
            "ClusterIssuer/letsencrypt-prod",
            ["/spec/acme/solvers/1/http01/ingress/ingressClassName"],
            "for hosts outside of the domain only: the address is private, and Let's Encrypt cannot reach it",
        ),
        Row("its class", "IngressClass/traefik", ["/spec/controller"]),
        Row(
            "DNS01 solver (Cloudflare): token Secret",
            "cert-manager/ExternalSecret/cloudflare-api-token",
            ["/spec/target/name"],
        ),
        Row(
            "Zone: vkm..",
            "ClusterIssuer/letsencrypt-prod",
            ["/spec/acme/solvers/0/selector/dnsZones/0"],
            "a suffix of host names; the zone at Cloudflare is dtdt.tech, and the token needs rights there",
        ),
        Row("Certificate wiki → Secret", "bookstack/Certificate/wiki", ["/spec/secretName"]),
        Row("Certificate help → Secret", "zammad/Certificate/help", ["/spec/secretName"]),
        Row("Certificate grafana → Secret", "grafana/Certificate/grafana", ["/spec/secretName"]),
    ],
    "BookStack": [
        Row("Deployment: bookstack (2 replicas)", "bookstack/Deployment/bookstack", ["/spec/replicas"]),
        Row(
            "Service: bookstack, ClusterIP, port 80",
            "bookstack/Service/bookstack",
            ["/spec/type", "/spec/ports/0/port"],
        ),
        Row(
            "StatefulSet: bookstack-db, Longhorn PVC",
            "bookstack/StatefulSet/bookstack-db",
            ["/spec/template/spec/volumes/0/persistentVolumeClaim/claimName"],
            "MariaDB: BookStack speaks nothing but MySQL",
        ),
        Row(
            "Service: bookstack-db, ClusterIP, port 5432",
            "bookstack/Service/bookstack-db",
            ["/spec/type", "/spec/ports/0/port", "/spec/ports/0/targetPort"],
            "leads to MariaDB's own port, 3306",
        ),
    ],
    "Zammad": [
        Row(
            "Deployment: zammad (2 replicas)",
            "zammad/Deployment/zammad",
            ["/spec/replicas"],
            "the web server; what may run once only stands beside it: "
            "zammad-scheduler, zammad-websocket, the Job zammad-init, and zammad-memcached, which all of them share",
        ),
        Row("Service: zammad, ClusterIP, port 80", "zammad/Service/zammad", ["/spec/type", "/spec/ports/0/port"]),
        Row(
            "StatefulSet: zammad-db, Longhorn PVC",
            "zammad/StatefulSet/zammad-db",
            ["/spec/template/spec/volumes/0/persistentVolumeClaim/claimName"],
        ),
        Row(
            "Service: zammad-db, ClusterIP, port 5432",
            "zammad/Service/zammad-db",
            ["/spec/type", "/spec/ports/0/port"],
        ),
        Row(
            "Deployment: zammad-redis, Longhorn PVC",
            "zammad/Deployment/zammad-redis",
            ["/spec/template/spec/volumes/0/persistentVolumeClaim/claimName", "/spec/strategy/type"],
        ),
        Row(
            "Service: zammad-redis, ClusterIP, port 6379",
            "zammad/Service/zammad-redis",
            ["/spec/type", "/spec/ports/0/port"],
        ),
    ],
    "Grafana": [
        Row("Deployment: grafana (1 replica)", "grafana/Deployment/grafana", ["/spec/replicas"]),
        Row("Service: grafana, ClusterIP, port 3000", "grafana/Service/grafana", ["/spec/type", "/spec/ports/0/port"]),
    ],
    "Longhorn": [
        Row("StorageClass: longhorn", "StorageClass/longhorn", ["/provisioner"]),
        Row(
            "ReclaimPolicy: Delete", "StorageClass/longhorn", ["/reclaimPolicy"], "so claims are marked never to prune"
        ),
        Row("AllowVolumeExpansion: true", "StorageClass/longhorn", ["/allowVolumeExpansion"]),
        Row("VolumeBindingMode: Immediate", "StorageClass/longhorn", ["/volumeBindingMode"]),
        Row(
            "Longhorn Nodes: Replica Manager, Engine Manager, CSI Driver",
            "StorageClass/longhorn",
            ["/provisioner"],
            "Longhorn's own, made in the cluster by its chart",
        ),
        Row("3-replica volume across nodes", "StorageClass/longhorn", ["/parameters/numberOfReplicas"]),
    ]
    + [
        Row(
            f"PVC: {name}, {size}",
            f"{namespace}/PersistentVolumeClaim/{name}",
            ["/spec/storageClassName", "/spec/resources/requests/storage", "/spec/accessModes/0"],
            differs,
        )
        for namespace, name, size, differs in [
            ("bookstack", "bookstack-data", "10Gi", ""),
            ("zammad", "zammad-data", "15Gi", ""),
            ("grafana", "grafana-data", "10Gi", ""),
            ("bookstack", "bookstack-config", "5Gi", "BookStack has no directory of configuration: uploads and dumps"),
            ("zammad", "zammad-config", "5Gi", "Zammad has no directory of configuration: dumps of its database"),
            ("zammad", "zammad-redis", "5Gi", ""),
            ("zammad", "zammad-uploads", "30Gi", "shared by all parts of Zammad"),
        ]
    ],
    "Prometheus": [
        Row(
            "Deployment: prometheus, Longhorn PVC",
            "prometheus/Deployment/prometheus",
            ["/spec/template/spec/volumes/1/persistentVolumeClaim/claimName"],
            "a plain Prometheus reads no ServiceMonitor: the same jobs and rules stand in its configuration",
        ),
        Row(
            "Service: prometheus, ClusterIP, port 9090",
            "prometheus/Service/prometheus",
            ["/spec/type", "/spec/ports/0/port"],
        ),
    ],
    "External Secrets": [
        Row(
            "ClusterSecretStore: onepassword-store",
            "ClusterSecretStore/onepassword-store",
            ["/spec/provider/onepasswordSDK/vault"],
        ),
        Row(
            "Server: https://vkm.1password.com",
            "ClusterSecretStore/onepassword-store",
            ["/metadata/annotations/vkm.dtdt.tech~1onepassword-account"],
            "where people sign in, not an API: the service account's token knows its account",
        ),
    ]
    + [
        Row(
            f"ES: {name}, StoreRef: onepassword",
            f"{namespace}/ExternalSecret/{name}",
            ["/spec/secretStoreRef/name"],
            "the store's name is onepassword-store",
        )
        for namespace, name in [
            ("bookstack", "bookstack-db-creds"),
            ("zammad", "zammad-db-creds"),
            ("cert-manager", "cloudflare-api-token"),
        ]
    ],
    "Backup": [
        Row(
            "Secret: longhorn-backup-secret",
            "longhorn-system/ExternalSecret/longhorn-backup-secret",
            ["/spec/target/name", "/spec/data/0/secretKey"],
        ),
        Row(
            "Credentials: AWS Access Key",
            "longhorn-system/ExternalSecret/longhorn-backup-secret",
            ["/spec/data/0/secretKey", "/spec/data/1/secretKey"],
        ),
        Row(
            "Target: s3://vkm-backups@us-east-1/",
            "longhorn-system/BackupTarget/default",
            ["/spec/backupTargetURL", "/spec/credentialSecret"],
        ),
    ],
    "Flows (each is walked from end to end by tests/test_flows.py)": [
        Row(
            "DNS resolution: user → DNS → load balancer",
            "external-dns/DNSEndpoint/records",
            ["/spec/endpoints/1/targets/0"],
        ),
        Row(
            "Certificates: challenge → issuance → Secret → Traefik", "bookstack/Certificate/wiki", ["/spec/secretName"]
        ),
        Row(
            "Application request: route → Service → pod",
            "bookstack/IngressRoute/wiki",
            ["/spec/routes/0/services/0/name"],
        ),
        Row(
            "Storage allocation: claim → class → mount",
            "bookstack/StatefulSet/bookstack-db",
            ["/spec/template/spec/containers/0/volumeMounts/0/mountPath"],
        ),
        Row(
            "Secrets: store → Secret → pod",
            "bookstack/Deployment/bookstack",
            ["/spec/template/spec/containers/0/env/1/valueFrom/secretKeyRef/name"],
        ),
        Row(
            "Data flow: user → Traefik → service → pod → database",
            "bookstack/NetworkPolicy/bookstack-to-bookstack-db",
            ["/spec/egress/0/ports/0/port"],
        ),
    ],
    "Kinds": [
        Row(f"{kind}", identity)
        for kind, identity in [
            ("Namespace", "Namespace/bookstack"),
            ("Deployment", "bookstack/Deployment/bookstack"),
            ("StatefulSet", "bookstack/StatefulSet/bookstack-db"),
            ("Service", "bookstack/Service/bookstack"),
            ("IngressRoute", "bookstack/IngressRoute/wiki"),
            ("PersistentVolumeClaim", "bookstack/PersistentVolumeClaim/bookstack-data"),
            ("StorageClass", "StorageClass/longhorn"),
            ("ConfigMap", "bookstack/ConfigMap/bookstack-files"),
            ("ClusterIssuer", "ClusterIssuer/letsencrypt-prod"),
            ("Certificate", "bookstack/Certificate/wiki"),
            ("ExternalSecret", "bookstack/ExternalSecret/bookstack-db-creds"),
            ("ClusterSecretStore", "ClusterSecretStore/onepassword-store"),
            ("ServiceMonitor", "bookstack/ServiceMonitor/bookstack-db"),
            ("PodMonitor", "traefik/PodMonitor/traefik"),
            ("PrometheusRule", "bookstack/PrometheusRule/bookstack-db"),
            ("GrafanaDashboard", "grafana/GrafanaDashboard/bookstack"),
            ("NetworkPolicy", "bookstack/NetworkPolicy/default-deny"),
            ("ServiceAccount", "bookstack/ServiceAccount/bookstack"),
            ("RoleBinding", "bookstack/RoleBinding/traefik"),
        ]
    ]
    + [
        Row(
            "Secret",
            "bookstack/ExternalSecret/bookstack-db-creds",
            ["/spec/target/name"],
            "made in the cluster by External Secrets and cert-manager; no value ever stands in a manifest",
        ),
        Row(
            "PersistentVolume",
            "bookstack/PersistentVolumeClaim/bookstack-data",
            [],
            "made in the cluster by Longhorn, for each claim",
        ),
        Row(
            "Volume",
            "bookstack/StatefulSet/bookstack-db",
            ["/spec/template/spec/volumes/0/name"],
            "the pods' own field of that name",
        ),
    ],
    "Security isolation": [
        Row("Network Policies", "zammad/NetworkPolicy/default-deny", ["/spec/policyTypes/0", "/spec/policyTypes/1"]),
        Row("RBAC", "bookstack/Role/traefik", ["/rules/0/verbs/0"]),
        Row("Secrets management with 1Password", "ClusterSecretStore/onepassword-store"),
        Row("TLS with Let's Encrypt", "bookstack/IngressRoute/wiki", ["/spec/tls/secretName"], "TLS ends at Traefik"),
        Row(
            "Separate namespaces",
            "Namespace/zammad",
            ["/metadata/labels/pod-security.kubernetes.io~1enforce"],
        ),
    ],
}


def render(manifests: dict[str, Manifest]) -> str:
    """The page."""
    lines = [HEAD]
    for section, rows in SECTIONS.items():
        lines += [f"## {section}\n", "| the document | the object | what it says | differs |", "|---|---|---|---|"]
        for row in rows:
            manifest = manifests[row.identity]
            said = ", ".join(_in_words(manifest, field) for field in row.fields)
            lines.append(f"| {row.line} | `{row.identity}` | {said} | {row.differs} |")
        lines.append("")
    return "\n".join(lines)


def _in_words(manifest: Manifest, field: str) -> str:
    value: Any = resolve_pointer(manifest, field)
    name = field.rpartition("/")[2].replace("~1", "/").rpartition("/")[2]
    if name.isdigit():
        name = field.split("/")[-2]
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"{name}: `` {text} ``" if "`" in text else f"{name}: `{text}`"


if __name__ == "__main__":
    PAGE.write_text(render(vkm_manifests()), encoding="utf-8")
