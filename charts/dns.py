"""Cloudflare's records, kept by external-dns."""

from cdk8s import ApiObjectMetadata
from constructs import Construct

from charts.environment import Environment
from vkm_constructs import ExternalSecretRef, Namespace, SecretStore, ServiceChart
from vkm_external_dns.io.k8s.externaldns import (
    DnsEndpoint,
    DnsEndpointSpec,
    DnsEndpointSpecEndpoints,
    DnsEndpointSpecEndpointsProviderSpecific,
)


class DnsChart(ServiceChart):
    """The five A records, all to the load balancer. `_acme-challenge` is the DNS01 solver's, never ours."""

    def __init__(self, scope: Construct, env: Environment, *, namespace: Namespace, store: SecretStore) -> None:
        super().__init__(scope, "dns", namespace=namespace, labels=env.labels)

        ExternalSecretRef(
            self, "cloudflare-api-token", store=store, keys={"api-token": env.onepassword.cloudflare_token}
        )
        names = (env.domain, env.host("wiki"), env.host("help"), env.host("grafana"), env.host("*"))
        DnsEndpoint(
            self,
            "records",
            metadata=ApiObjectMetadata(name="records"),
            spec=DnsEndpointSpec(
                endpoints=[
                    DnsEndpointSpecEndpoints(
                        dns_name=name,
                        record_type="A",
                        record_ttl=300,
                        targets=[env.address],
                        # The address is private: Cloudflare could not reach it as a proxy.
                        provider_specific=[
                            DnsEndpointSpecEndpointsProviderSpecific(
                                name="external-dns.kubernetes.io/cloudflare-proxied", value="false"
                            )
                        ],
                    )
                    for name in names
                ]
            ),
        )
