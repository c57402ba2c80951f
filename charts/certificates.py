"""cert-manager: who signs certificates, and how hosts are proved."""

from cdk8s import ApiObjectMetadata
from constructs import Construct

from charts.environment import Environment
from vkm_cert_manager.io.cert_manager import (
    ClusterIssuer,
    ClusterIssuerSpec,
    ClusterIssuerSpecAcme,
    ClusterIssuerSpecAcmePrivateKeySecretRef,
    ClusterIssuerSpecAcmeSolvers,
    ClusterIssuerSpecAcmeSolversDns01,
    ClusterIssuerSpecAcmeSolversDns01Cloudflare,
    ClusterIssuerSpecAcmeSolversDns01CloudflareApiTokenSecretRef,
    ClusterIssuerSpecAcmeSolversHttp01,
    ClusterIssuerSpecAcmeSolversHttp01Ingress,
    ClusterIssuerSpecAcmeSolversSelector,
)
from vkm_constructs import ExternalSecretRef, Issuer, Namespace, SecretStore, ServiceChart


class CertificatesChart(ServiceChart):
    """ClusterIssuer `letsencrypt-prod`: DNS01 through Cloudflare for the domain, HTTP01 through Traefik for all else.

    The load balancer's address is private, so Let's Encrypt can prove the domain's hosts by DNS only.
    """

    def __init__(self, scope: Construct, env: Environment, *, namespace: Namespace, store: SecretStore) -> None:
        super().__init__(scope, "certificates", namespace=namespace, labels=env.labels)

        # A ClusterIssuer's secrets are read from cert-manager's own namespace.
        token = ExternalSecretRef(
            self, "cloudflare-api-token", store=store, keys={"api-token": env.onepassword.cloudflare_token}
        )["api-token"]
        self.issuer = Issuer(name=env.acme.issuer, dns01_zones=(env.domain,))
        ClusterIssuer(
            self,
            self.issuer.name,
            metadata=ApiObjectMetadata(name=self.issuer.name),
            spec=ClusterIssuerSpec(
                acme=ClusterIssuerSpecAcme(
                    server=env.acme.server,
                    email=env.acme.email,
                    private_key_secret_ref=ClusterIssuerSpecAcmePrivateKeySecretRef(
                        name=f"{self.issuer.name}-account-key"
                    ),
                    solvers=[
                        ClusterIssuerSpecAcmeSolvers(
                            selector=ClusterIssuerSpecAcmeSolversSelector(dns_zones=list(self.issuer.dns01_zones)),
                            dns01=ClusterIssuerSpecAcmeSolversDns01(
                                cloudflare=ClusterIssuerSpecAcmeSolversDns01Cloudflare(
                                    api_token_secret_ref=ClusterIssuerSpecAcmeSolversDns01CloudflareApiTokenSecretRef(
                                        name=token.secret, key=token.key
                                    )
                                )
                            ),
                        ),
                        ClusterIssuerSpecAcmeSolvers(
                            http01=ClusterIssuerSpecAcmeSolversHttp01(
                                ingress=ClusterIssuerSpecAcmeSolversHttp01Ingress(
                                    ingress_class_name=env.ingress_class, service_type="ClusterIP"
                                )
                            )
                        ),
                    ],
                )
            ),
        )
