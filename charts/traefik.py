"""Traefik, the only way in, and the address that it has."""

from cdk8s import ApiObjectMetadata
from cdk8s_plus_27 import k8s
from constructs import Construct

from charts.environment import Environment
from vkm_constructs import (
    Alert,
    ExistingNamespace,
    Gateway,
    Namespace,
    Probe,
    Probes,
    Resources,
    RoleGrant,
    Rollout,
    Security,
    ServiceChart,
    WebApp,
    ignore_rule,
    made_outside,
)
from vkm_metallb.io.metallb import IpAddressPool, IpAddressPoolSpec, L2Advertisement, L2AdvertisementSpec
from vkm_traefik.io.traefik import TlsOption, TlsOptionSpec

ENTRY = "the public entry of the environment"
ENTRY_POINTS = ("traefik", "metrics", "web", "websecure")
READ = ["get", "list", "watch"]
# Goes on accepting while the load balancer forgets the pod, then finishes what it has begun.
STOPPING = ("requestAcceptGraceTimeout=10s", "graceTimeOut=30s")


class TraefikChart(ServiceChart):
    """Traefik: three replicas behind one address. HTTP is redirected to HTTPS, but for ACME challenges.

    It watches the namespaces that have routes and no others. Its dashboard and API are off.
    """

    def __init__(
        self,
        scope: Construct,
        env: Environment,
        *,
        namespace: Namespace,
        routes_in: tuple[Namespace, ...],
        load_balancer: ExistingNamespace,
    ) -> None:
        super().__init__(scope, "traefik", namespace=namespace, labels=env.labels)
        watched = (namespace.name, *(space.name for space in routes_in))

        traefik = WebApp(
            self,
            "traefik",
            image=env.images.traefik,
            replicas=env.traefik.replicas,
            port=8000,
            extra_ports={"https": 8443, "ping": 8080, "metrics": 9100},
            service_port=None,
            args=_arguments(watched),
            # 90 % of the memory limit, so that Go collects before the kernel kills.
            env={"GOMEMLIMIT": "460MiB"},
            probes=Probes(
                startup=Probe.http("/ping", port="ping", period=2, timeout=2, failures=30),
                readiness=Probe.http("/ping", port="ping", period=10, timeout=2, failures=1),
                liveness=Probe.http("/ping", port="ping", period=10, timeout=2, failures=3),
            ),
            resources=Resources(cpu="100m", memory="512Mi"),
            security=Security(user=65532, group=65532, api_token=True),
            # Traefik itself goes on accepting for a while (requestAcceptGraceTimeout below).
            rollout=Rollout(pre_stop=0, grace=60),
        )
        traefik.allow_from_outside("clients", cidrs=["0.0.0.0/0"], ports=["http", "https"], reason=ENTRY)
        traefik.connect_to_outside(
            "kubernetes-api",
            cidrs=env.node_networks,
            ports=[443, 6443],
            reason="reads routes, services and certificates from the Kubernetes API",
        )
        self._load_balancer(env, traefik, load_balancer)
        self._permissions(traefik, watched)
        k8s.KubeIngressClass(
            self,
            "ingress-class",
            metadata=k8s.ObjectMeta(name=env.ingress_class),
            spec=k8s.IngressClassSpec(controller="traefik.io/ingress-controller"),
        )
        # The name `default` makes it the options of every host; there may be one in all watched namespaces.
        TlsOption(
            self,
            "default",
            metadata=ApiObjectMetadata(name="default"),
            spec=TlsOptionSpec(
                min_version="VersionTLS12",
                sni_strict=True,
                # For TLS 1.2; those of 1.3 are all good and cannot be chosen.
                cipher_suites=[
                    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                    "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                ],
            ),
        )
        self.monitors = (traefik.monitor(alerts=_alerts(env.traefik.replicas)),)
        self.gateway = Gateway(pods=traefik.pods, namespaces=watched)

    def _load_balancer(self, env: Environment, traefik: WebApp, metallb: ExistingNamespace) -> None:
        """Service `traefik` at the environment's address, which MetalLB announces."""
        service = k8s.KubeService(
            self,
            "load-balancer",
            metadata=k8s.ObjectMeta(name="traefik", annotations={"metallb.io/loadBalancerIPs": env.address}),
            spec=k8s.ServiceSpec(
                type="LoadBalancer",
                # Keeps the clients' own addresses.
                external_traffic_policy="Local",
                selector=traefik.pods.labels,
                ports=[
                    k8s.ServicePort(name="http", port=80, target_port=k8s.IntOrString.from_string("http")),
                    k8s.ServicePort(name="https", port=443, target_port=k8s.IntOrString.from_string("https")),
                ],
            ),
        )
        ignore_rule(service, "exposed-only-where-declared", because=ENTRY)
        pool = IpAddressPool(
            self,
            "address-pool",
            metadata=ApiObjectMetadata(name="traefik", namespace=metallb.name),
            spec=IpAddressPoolSpec(addresses=[f"{env.address}/32"], auto_assign=False),
        )
        made_outside(pool, "Namespace", metallb.name, by=metallb.made_by)
        L2Advertisement(
            self,
            "advertisement",
            metadata=ApiObjectMetadata(name="traefik", namespace=metallb.name),
            spec=L2AdvertisementSpec(ip_address_pools=["traefik"]),
        )

    def _permissions(self, traefik: WebApp, watched: tuple[str, ...]) -> None:
        """To read what it routes, in the namespaces that it watches; cluster-wide only what has no namespace."""
        for name in watched:
            grant = RoleGrant(self, f"grant-{name}", to=traefik, namespace=name, rules=_namespaced_rules())
            ignore_rule(
                grant.role,
                "rbac-secrets-are-named",
                because="Traefik serves the certificates of the namespace's routes, whose names the routes tell it",
            )
        metadata = k8s.ObjectMeta(name="traefik")
        k8s.KubeClusterRole(
            self,
            "cluster-role",
            metadata=metadata,
            rules=[
                k8s.PolicyRule(api_groups=[""], resources=["nodes"], verbs=READ),
                k8s.PolicyRule(api_groups=["networking.k8s.io"], resources=["ingressclasses"], verbs=READ),
            ],
        )
        k8s.KubeClusterRoleBinding(
            self,
            "cluster-role-binding",
            metadata=metadata,
            role_ref=k8s.RoleRef(api_group="rbac.authorization.k8s.io", kind="ClusterRole", name="traefik"),
            subjects=[k8s.Subject(kind="ServiceAccount", name=traefik.host, namespace=traefik.namespace)],
        )


def _alerts(replicas: int) -> list[Alert]:
    served = 'traefik_service_requests_total{job="traefik"'
    return [
        Alert(
            name="TraefikTooFewReplicas",
            expr=f'sum(up{{job="traefik"}}) < {max(replicas - 1, 1)}',
            for_="5m",
            severity="critical",
            summary="so few pods of Traefik are left that the next one to go may take everything with it",
            action="kubectl get pods -n traefik -o wide: is a node down?",
        ),
        Alert(
            name="ServiceFails",
            expr=(
                f'sum by (service) (rate({served},code=~"5.."}}[5m])) / sum by (service) (rate({served}}}[5m])) > 0.05'
            ),
            for_="10m",
            severity="critical",
            summary="{{ $labels.service }} answers {{ $value | humanizePercentage }} of requests with an error",
            action="The service's namespace stands before its route's name: look at its pods and its database.",
        ),
        Alert(
            name="ServiceSlow",
            expr=(
                "histogram_quantile(0.95, sum by (le, service) "
                '(rate(traefik_service_request_duration_seconds_bucket{job="traefik",protocol="http"}[5m]))) > 3'
            ),
            for_="15m",
            severity="warning",
            summary="{{ $labels.service }}: one request in twenty takes longer than {{ $value | humanizeDuration }}",
            action="Look at its dashboard: is it the pods, or the database?",
        ),
        Alert(
            name="ServedCertificateExpires",
            expr='min by (cn) (traefik_tls_certs_not_after{job="traefik"}) - time() < 14 * 86400',
            for_="1h",
            severity="critical",
            summary="the certificate that is served for {{ $labels.cn }} expires within 14 days",
            action="If cert-manager has renewed it, Traefik did not take it over: restart its pods.",
        ),
    ]


def _namespaced_rules() -> list[k8s.PolicyRule]:
    """Those of Traefik's own chart for the providers kubernetescrd and kubernetesingress, but for pods (chart 41.3)."""
    return [
        k8s.PolicyRule(api_groups=[""], resources=["configmaps", "secrets", "services"], verbs=READ),
        k8s.PolicyRule(api_groups=["discovery.k8s.io"], resources=["endpointslices"], verbs=["list", "watch"]),
        k8s.PolicyRule(api_groups=["networking.k8s.io"], resources=["ingresses"], verbs=READ),
        k8s.PolicyRule(api_groups=["networking.k8s.io"], resources=["ingresses/status"], verbs=["update"]),
        k8s.PolicyRule(
            api_groups=["traefik.io"],
            resources=[
                "ingressroutes",
                "ingressroutetcps",
                "ingressrouteudps",
                "middlewares",
                "middlewaretcps",
                "serverstransports",
                "serverstransporttcps",
                "tlsoptions",
                "tlsstores",
                "traefikservices",
            ],
            verbs=READ,
        ),
    ]


def _arguments(watched: tuple[str, ...]) -> list[str]:
    namespaces = ",".join(watched)
    return [
        "--global.checkNewVersion=false",
        "--global.sendAnonymousUsage=false",
        "--log.level=INFO",
        "--log.format=json",
        "--accesslog=true",
        "--accesslog.format=json",
        "--ping=true",
        "--entryPoints.traefik.address=:8080/tcp",
        "--metrics.prometheus=true",
        "--metrics.prometheus.entryPoint=metrics",
        "--metrics.prometheus.addEntryPointsLabels=true",
        "--metrics.prometheus.addRoutersLabels=true",
        "--metrics.prometheus.addServicesLabels=true",
        "--entryPoints.metrics.address=:9100/tcp",
        "--entryPoints.web.address=:8000/tcp",
        # cert-manager's HTTP01 solver answers on port 80. All else is sent to the port that clients use, which an
        # entry point's name would not give: it means the container's (Traefik 3.7).
        "--entryPoints.web.allowACMEByPass=true",
        "--entryPoints.web.http.redirections.entryPoint.to=:443",
        "--entryPoints.web.http.redirections.entryPoint.scheme=https",
        "--entryPoints.web.http.redirections.entryPoint.permanent=true",
        *(f"--entryPoints.web.transport.lifeCycle.{flag}" for flag in STOPPING),
        "--entryPoints.websecure.address=:8443/tcp",
        "--entryPoints.websecure.http.tls=true",
        # The whole body of a request: 50 MB over a slow line.
        "--entryPoints.websecure.transport.respondingTimeouts.readTimeout=600s",
        "--entryPoints.websecure.transport.respondingTimeouts.idleTimeout=180s",
        *(f"--entryPoints.websecure.transport.lifeCycle.{flag}" for flag in STOPPING),
        # A header that spells another one with dots or underscores would pass for it (an option since Traefik 3.7.12).
        *(f"--entryPoints.{name}.http.aliasHeadersStrategy=delete" for name in ENTRY_POINTS),
        "--providers.kubernetescrd=true",
        f"--providers.kubernetescrd.namespaces={namespaces}",
        "--providers.kubernetescrd.allowEmptyServices=true",
        "--providers.kubernetesingress=true",
        f"--providers.kubernetesingress.namespaces={namespaces}",
        "--providers.kubernetesingress.allowEmptyServices=true",
        f"--providers.kubernetesingress.ingressEndpoint.publishedService={watched[0]}/traefik",
    ]
