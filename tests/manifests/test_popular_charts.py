"""Manifests that popular charts and tools make: nothing in them is called wrong that is right.

The files in `popular` are written down from what the charts document; the fields that no rule looks at are left out.
Each error below was judged by what a platform engineer would say of it, and `TRUE` says why it is one.
"""

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from vkm_manifests.reading import read
from vkm_manifests.verify import verify

POPULAR: Final = Path(__file__).parent / "popular"

TRUE: Final = {
    "database-is-private": "Bitnami's policies open the database's port to everybody, unless told otherwise",
    "exposed-only-where-declared": "a LoadBalancer, or the node's network: meant, and nothing says so",
    "image-is-fixed": "the image of gitea's connection test is `latest`",
    "memory-limit-is-set": "the charts leave limits to who installs them: without values, a leak takes the node",
    "namespace-is-closed": "the input makes the Namespace, and its pods reach everybody",
    "namespace-is-declared": "the input makes one Namespace and uses two: on a new cluster, applying it fails",
    "no-host-namespaces": "node-exporter sees the node's processes and network: meant, and nothing says so",
    "no-host-path": "node-exporter and Longhorn see the node's files: meant, and nothing says so",
    "no-privileged-containers": "Longhorn's manager is privileged: meant, and nothing says so",
    "not-open-to-everywhere": "the policies of Bitnami and Flux let everybody in, and the pods out to everywhere",
    "rbac-no-escalation": "who changes admission webhooks sees what is created, or changes it",
    "rbac-no-wildcards": "Argo CD deletes whatever it likes, Longhorn and Flux name no verbs",
    "rbac-secrets-are-named": "each of these reads all Secrets of a namespace, or of all",
    "readiness-is-probed": "a Service leads there, and the chart has no probe",
    "requests-are-set": "the charts leave requests to who installs them: without values, the scheduler is blind",
    "root-is-read-only": "the charts, and the running Deployment, leave the root writable",
    "secret-exists": "external-dns and gitea are given a Secret that somebody makes by hand: to be declared",
    "secret-is-made-elsewhere": "helm and kustomize render the password into the manifests",
    "single-pod-volume": "gitea's new pod waits for the volume that the old one has, if it is on another node",
}

# Severity, rule and object; with a number where the rule finds several things in the object.
FOUND: Final = {
    "argo-cd": """
error memory-limit-is-set argocd/Deployment/argocd-redis
error memory-limit-is-set argocd/Deployment/argocd-repo-server 2
error memory-limit-is-set argocd/Deployment/argocd-server
error memory-limit-is-set argocd/Job/argocd-redis-secret-init
error rbac-no-wildcards ClusterRole/argocd-server 2
error readiness-is-probed argocd/Deployment/argocd-redis
error requests-are-set argocd/Deployment/argocd-redis
error requests-are-set argocd/Deployment/argocd-repo-server 2
error requests-are-set argocd/Deployment/argocd-server
error requests-are-set argocd/Job/argocd-redis-secret-init
warning address-names-a-service argocd/ConfigMap/argocd-cmd-params-cm
warning empty-dir-is-bounded argocd/Deployment/argocd-repo-server 3
warning liveness-is-probed argocd/Deployment/argocd-redis
warning namespace-is-closed argocd/Deployment/argocd-redis
warning network-policy-peers-exist argocd/NetworkPolicy/argocd-redis-network-policy
warning secret-exists argocd/Deployment/argocd-redis
warning secret-exists argocd/Deployment/argocd-repo-server
warning secret-exists argocd/Deployment/argocd-server
warning token-is-mounted-for-a-reason argocd/Deployment/argocd-redis
warning token-is-mounted-for-a-reason argocd/Deployment/argocd-repo-server
""",
    "bitnami-postgresql": """
error database-is-private shop/NetworkPolicy/pg-postgresql
error not-open-to-everywhere shop/NetworkPolicy/pg-postgresql 2
error secret-is-made-elsewhere shop/Secret/pg-postgresql 2
warning empty-dir-is-bounded shop/StatefulSet/pg-postgresql
warning namespace-is-closed shop/StatefulSet/pg-postgresql
""",
    "bitnami-rabbitmq": """
error secret-is-made-elsewhere mq/Secret/mq-rabbitmq
warning namespace-is-closed mq/StatefulSet/mq-rabbitmq
warning network-policy-peers-exist mq/NetworkPolicy/mq-rabbitmq
warning network-policy-port-exists mq/NetworkPolicy/mq-rabbitmq
warning secret-is-made-elsewhere mq/Secret/mq-rabbitmq
warning secret-is-made-elsewhere mq/Secret/mq-rabbitmq-config
""",
    "bitnami-redis": """
error database-is-private shop/NetworkPolicy/cache-redis 2
error not-open-to-everywhere shop/NetworkPolicy/cache-redis 2
error secret-is-made-elsewhere shop/Secret/cache-redis
warning namespace-is-closed shop/StatefulSet/cache-redis-master
""",
    "cert-manager": """
error memory-limit-is-set cert-manager/Deployment/cert-manager
error memory-limit-is-set cert-manager/Deployment/cert-manager-cainjector
error memory-limit-is-set cert-manager/Deployment/cert-manager-webhook
error memory-limit-is-set cert-manager/Job/cert-manager-startupapicheck
error rbac-no-escalation ClusterRole/cert-manager-cainjector 2
error rbac-secrets-are-named ClusterRole/cert-manager-cainjector
error rbac-secrets-are-named ClusterRole/cert-manager-controller-issuers
error readiness-is-probed cert-manager/Deployment/cert-manager
error requests-are-set cert-manager/Deployment/cert-manager
error requests-are-set cert-manager/Deployment/cert-manager-cainjector
error requests-are-set cert-manager/Deployment/cert-manager-webhook
error requests-are-set cert-manager/Job/cert-manager-startupapicheck
warning namespace-is-closed cert-manager/Deployment/cert-manager
""",
    "config-files": """
warning address-names-a-service observe/ConfigMap/files 2
""",
    "external-dns": """
error memory-limit-is-set external-dns/Deployment/external-dns
error requests-are-set external-dns/Deployment/external-dns
error secret-exists external-dns/Deployment/external-dns
warning namespace-is-closed external-dns/Deployment/external-dns
""",
    "external-secrets": """
error memory-limit-is-set external-secrets/Deployment/external-secrets-cert-controller
error memory-limit-is-set external-secrets/Deployment/external-secrets-webhook
error rbac-secrets-are-named ClusterRole/external-secrets-cert-controller
error requests-are-set external-secrets/Deployment/external-secrets-cert-controller
error requests-are-set external-secrets/Deployment/external-secrets-webhook
warning fields-are-known ClusterSecretStore/aws
warning fields-are-known ClusterSecretStore/vault
warning liveness-is-probed external-secrets/Deployment/external-secrets-webhook
warning namespace-is-closed external-secrets/Deployment/external-secrets-cert-controller
warning probe-port-exists external-secrets/Deployment/external-secrets-cert-controller
warning probe-port-exists external-secrets/Deployment/external-secrets-webhook
warning role-is-bound ClusterRole/external-secrets-servicebindings
warning secret-exists ClusterSecretStore/aws 2
warning token-is-mounted-for-a-reason external-secrets/Deployment/external-secrets-webhook
""",
    "gateway-api": """
error namespace-is-closed Namespace/shop
error namespace-is-declared gateways/Gateway/public
warning issuer-exists gateways/Gateway/public
""",
    "gitea": """
error image-is-fixed gitea/Pod/gitea-test-connection
error memory-limit-is-set gitea/Deployment/gitea 3
error memory-limit-is-set gitea/Pod/gitea-test-connection
error requests-are-set gitea/Deployment/gitea
error requests-are-set gitea/Pod/gitea-test-connection
error root-is-read-only gitea/Deployment/gitea 3
error root-is-read-only gitea/Pod/gitea-test-connection
error secret-exists gitea/Deployment/gitea
error single-pod-volume gitea/Deployment/gitea
warning drops-all-capabilities gitea/Deployment/gitea 3
warning drops-all-capabilities gitea/Pod/gitea-test-connection
warning empty-dir-is-bounded gitea/Deployment/gitea
warning ingress-class-exists gitea/Ingress/gitea
warning issuer-exists gitea/Ingress/gitea
warning namespace-is-closed gitea/Deployment/gitea
warning no-privilege-escalation gitea/Deployment/gitea 3
warning no-privilege-escalation gitea/Pod/gitea-test-connection
warning runs-as-non-root gitea/Deployment/gitea 3
warning runs-as-non-root gitea/Pod/gitea-test-connection
warning seccomp-profile-is-set gitea/Deployment/gitea 3
warning seccomp-profile-is-set gitea/Pod/gitea-test-connection
warning secret-is-made-elsewhere gitea/Secret/gitea-init 2
warning secret-is-made-elsewhere gitea/Secret/gitea-inline-config 3
warning token-is-mounted-for-a-reason gitea/Pod/gitea-test-connection
warning volume-is-mounted gitea/Deployment/gitea
""",
    "ingress-nginx": """
error exposed-only-where-declared ingress-nginx/Service/ingress-nginx-controller
error memory-limit-is-set ingress-nginx/Deployment/ingress-nginx-controller
error memory-limit-is-set ingress-nginx/Job/ingress-nginx-admission-create
error memory-limit-is-set ingress-nginx/Job/ingress-nginx-admission-patch
error rbac-no-escalation ClusterRole/ingress-nginx-admission
error rbac-secrets-are-named ClusterRole/ingress-nginx
error rbac-secrets-are-named ingress-nginx/Role/ingress-nginx
error rbac-secrets-are-named ingress-nginx/Role/ingress-nginx-admission
error requests-are-set ingress-nginx/Job/ingress-nginx-admission-create
error requests-are-set ingress-nginx/Job/ingress-nginx-admission-patch
error root-is-read-only ingress-nginx/Deployment/ingress-nginx-controller
warning namespace-is-closed ingress-nginx/Deployment/ingress-nginx-controller
warning probe-port-exists ingress-nginx/Deployment/ingress-nginx-controller 2
warning secret-exists ingress-nginx/Deployment/ingress-nginx-controller
""",
    "kube-prometheus-stack": """
error exposed-only-where-declared monitoring/DaemonSet/mon-prometheus-node-exporter
error memory-limit-is-set monitoring/DaemonSet/mon-prometheus-node-exporter
error memory-limit-is-set monitoring/Deployment/mon-grafana 2
error no-host-namespaces monitoring/DaemonSet/mon-prometheus-node-exporter 2
error no-host-path monitoring/DaemonSet/mon-prometheus-node-exporter 2
error rbac-secrets-are-named ClusterRole/mon-grafana-clusterrole
error requests-are-set monitoring/DaemonSet/mon-prometheus-node-exporter
error requests-are-set monitoring/Deployment/mon-grafana 2
error root-is-read-only monitoring/Deployment/mon-grafana 2
error secret-is-made-elsewhere monitoring/Secret/mon-grafana
warning drops-all-capabilities monitoring/DaemonSet/mon-prometheus-node-exporter
warning empty-dir-is-bounded monitoring/Deployment/mon-grafana 2
warning fields-are-known monitoring/ServiceMonitor/mon-kube-prometheus-stack-apiserver 2
warning fields-are-known monitoring/ServiceMonitor/mon-kube-prometheus-stack-coredns
warning fields-are-known monitoring/ServiceMonitor/mon-kube-prometheus-stack-kubelet 2
warning namespace-is-closed monitoring/DaemonSet/mon-prometheus-node-exporter
warning no-privilege-escalation monitoring/DaemonSet/mon-prometheus-node-exporter
warning seccomp-profile-is-set monitoring/DaemonSet/mon-prometheus-node-exporter
warning secret-is-made-elsewhere monitoring/Secret/alertmanager-mon-kube-prometheus-stack-alertmanager
warning secret-is-made-elsewhere monitoring/Secret/mon-grafana
warning service-monitor-selects-services monitoring/ServiceMonitor/mon-kube-prometheus-stack-kubelet
warning service-selects-pods kube-system/Service/mon-kube-prometheus-stack-coredns
warning service-selects-pods monitoring/Service/mon-kube-prometheus-stack-alertmanager
warning service-selects-pods monitoring/Service/mon-kube-prometheus-stack-prometheus
""",
    "kubectl-get-stateful": """
warning autoscaler-owns-replicas live/Deployment/api
warning namespace-is-closed live/CronJob/clean
""",
    "kubectl-get": """
error root-is-read-only shop/Deployment/web
warning address-names-a-service shop/ConfigMap/web
warning api-version-is-served shop/Endpoints/web
warning namespace-is-closed shop/Deployment/web
""",
    "kustomize": """
error secret-is-made-elsewhere Secret/shop-secret-9bf4c7h6ck
""",
    "loki": """
error memory-limit-is-set logs/Deployment/loki-gateway
error memory-limit-is-set logs/StatefulSet/loki 2
error requests-are-set logs/Deployment/loki-gateway
error requests-are-set logs/StatefulSet/loki 2
error root-is-read-only logs/StatefulSet/loki
warning data-is-kept logs/StatefulSet/loki 2
warning drops-all-capabilities logs/StatefulSet/loki
warning empty-dir-is-bounded logs/Deployment/loki-gateway
warning empty-dir-is-bounded logs/StatefulSet/loki 2
warning liveness-is-probed logs/Deployment/loki-gateway
warning liveness-is-probed logs/StatefulSet/loki
warning namespace-is-closed logs/Deployment/loki-gateway
warning no-privilege-escalation logs/StatefulSet/loki
warning seccomp-profile-is-set logs/Deployment/loki-gateway
warning seccomp-profile-is-set logs/StatefulSet/loki 2
warning token-is-mounted-for-a-reason logs/Deployment/loki-gateway
warning token-is-mounted-for-a-reason logs/StatefulSet/loki
""",
    "longhorn": """
error memory-limit-is-set longhorn-system/DaemonSet/longhorn-manager 2
error memory-limit-is-set longhorn-system/Deployment/longhorn-driver-deployer 2
error memory-limit-is-set longhorn-system/Deployment/longhorn-ui
error memory-limit-is-set longhorn-system/Job/longhorn-uninstall
error no-host-path longhorn-system/DaemonSet/longhorn-manager 2
error no-privileged-containers longhorn-system/DaemonSet/longhorn-manager
error rbac-no-wildcards ClusterRole/longhorn-role 4
error readiness-is-probed longhorn-system/Deployment/longhorn-ui
error requests-are-set longhorn-system/DaemonSet/longhorn-manager 2
error requests-are-set longhorn-system/Deployment/longhorn-driver-deployer 2
error requests-are-set longhorn-system/Deployment/longhorn-ui
error requests-are-set longhorn-system/Job/longhorn-uninstall
error root-is-read-only longhorn-system/DaemonSet/longhorn-manager 2
error root-is-read-only longhorn-system/Deployment/longhorn-driver-deployer 2
error root-is-read-only longhorn-system/Deployment/longhorn-ui
error root-is-read-only longhorn-system/Job/longhorn-uninstall
warning drops-all-capabilities longhorn-system/DaemonSet/longhorn-manager 2
warning drops-all-capabilities longhorn-system/Deployment/longhorn-driver-deployer 2
warning drops-all-capabilities longhorn-system/Deployment/longhorn-ui
warning drops-all-capabilities longhorn-system/Job/longhorn-uninstall
warning empty-dir-is-bounded longhorn-system/Deployment/longhorn-ui 2
warning liveness-is-probed longhorn-system/DaemonSet/longhorn-manager
warning liveness-is-probed longhorn-system/Deployment/longhorn-ui
warning namespace-is-closed longhorn-system/DaemonSet/longhorn-manager
warning no-privilege-escalation longhorn-system/DaemonSet/longhorn-manager 2
warning no-privilege-escalation longhorn-system/Deployment/longhorn-driver-deployer 2
warning no-privilege-escalation longhorn-system/Deployment/longhorn-ui
warning no-privilege-escalation longhorn-system/Job/longhorn-uninstall
warning runs-as-non-root longhorn-system/DaemonSet/longhorn-manager 2
warning runs-as-non-root longhorn-system/Deployment/longhorn-driver-deployer 3
warning runs-as-non-root longhorn-system/Deployment/longhorn-ui
warning runs-as-non-root longhorn-system/Job/longhorn-uninstall
warning seccomp-profile-is-set longhorn-system/DaemonSet/longhorn-manager 2
warning seccomp-profile-is-set longhorn-system/Deployment/longhorn-driver-deployer 2
warning seccomp-profile-is-set longhorn-system/Deployment/longhorn-ui
warning seccomp-profile-is-set longhorn-system/Job/longhorn-uninstall
""",
    "metallb": """
error exposed-only-where-declared metallb-system/DaemonSet/speaker
error memory-limit-is-set metallb-system/DaemonSet/speaker
error memory-limit-is-set metallb-system/Deployment/controller
error namespace-is-closed Namespace/metallb-system
error rbac-secrets-are-named metallb-system/Role/controller
error requests-are-set metallb-system/DaemonSet/speaker
error requests-are-set metallb-system/Deployment/controller
warning namespace-level-is-restricted Namespace/metallb-system
warning secret-exists metallb-system/DaemonSet/speaker
""",
    "metrics-server": """
error memory-limit-is-set kube-system/Deployment/metrics-server
warning empty-dir-is-bounded kube-system/Deployment/metrics-server
""",
    "namesakes": """
""",
    "operators": """
warning address-names-a-service shop/Deployment/worker 2
warning ingress-class-exists shop/Ingress/web
warning namespace-is-closed shop/Deployment/worker
warning pdb-selects-pods shop/PodDisruptionBudget/web
warning secret-exists shop/Deployment/worker 3
warning service-selects-pods shop/Service/web
warning service-selects-pods shop/Service/web-canary
""",
    "policies": """
error not-open-to-everywhere flux-system/NetworkPolicy/allow-egress
error not-open-to-everywhere flux-system/NetworkPolicy/allow-scraping
error not-open-to-everywhere flux-system/NetworkPolicy/allow-webhooks
error rbac-no-wildcards ClusterRole/crd-controller-flux-system 2
warning empty-dir-is-bounded flux-system/Deployment/source-controller 2
warning namespace-is-closed flux-system/Deployment/notification-controller
""",
    "traefik-apps": """
warning api-version-is-served apps/IngressRoute/old
warning ingress-class-exists apps/Ingress/app
warning issuer-exists apps/Certificate/e
warning middleware-exists apps/Ingress/app
warning middleware-exists apps/IngressRoute/old
warning route-stays-in-its-namespace apps/IngressRoute/old
warning service-selects-pods apps/Service/app
""",
    "traefik": """
error exposed-only-where-declared traefik/Service/traefik
error memory-limit-is-set traefik/Deployment/traefik
error rbac-secrets-are-named ClusterRole/traefik-traefik
error requests-are-set traefik/Deployment/traefik
warning empty-dir-is-bounded traefik/Deployment/traefik 2
warning namespace-is-closed traefik/Deployment/traefik
""",
    "unusual": """
warning dns-is-let-out lab/Deployment/app
warning subject-exists ClusterRoleBinding/monitoring
""",
    "vault": """
error memory-limit-is-set vault/Deployment/vault-agent-injector
error memory-limit-is-set vault/Pod/vault-server-test
error memory-limit-is-set vault/StatefulSet/vault
error requests-are-set vault/Deployment/vault-agent-injector
error requests-are-set vault/Pod/vault-server-test
error requests-are-set vault/StatefulSet/vault
error root-is-read-only vault/Deployment/vault-agent-injector
error root-is-read-only vault/Pod/vault-server-test
error root-is-read-only vault/StatefulSet/vault
warning drops-all-capabilities vault/Pod/vault-server-test
warning drops-all-capabilities vault/StatefulSet/vault
warning empty-dir-is-bounded vault/StatefulSet/vault
warning liveness-is-probed vault/StatefulSet/vault
warning namespace-is-closed vault/Deployment/vault-agent-injector
warning no-privilege-escalation vault/Pod/vault-server-test
warning runs-as-non-root vault/Pod/vault-server-test
warning seccomp-profile-is-set vault/Deployment/vault-agent-injector
warning seccomp-profile-is-set vault/Pod/vault-server-test
warning seccomp-profile-is-set vault/StatefulSet/vault
warning service-selects-pods vault/Service/vault-active
warning token-is-mounted-for-a-reason vault/Deployment/vault-agent-injector
warning token-is-mounted-for-a-reason vault/Pod/vault-server-test
""",
}


@pytest.mark.parametrize("name", FOUND)
def test_what_is_found(name: str) -> None:
    findings = verify([item.manifest for item in read([str(POPULAR / f"{name}.yaml")])])
    found = Counter(f"{finding.severity} {finding.rule} {finding.object}" for finding in findings)
    lines = sorted(f"{line} {count}" if count > 1 else line for line, count in found.items())
    assert lines == FOUND[name].splitlines()[1:]


def test_every_error_was_judged() -> None:
    errors = {line.split()[1] for text in FOUND.values() for line in text.splitlines() if line.startswith("error")}
    assert errors == TRUE.keys()


def test_every_file_is_looked_at() -> None:
    assert sorted(FOUND) == sorted(file.stem for file in POPULAR.iterdir())
