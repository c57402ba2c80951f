"""ServiceNamespace: a namespace that nothing enters or leaves unless a connection says so."""

from dataclasses import dataclass
from typing import TypeAlias

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_name, int_or_string
from vkm_constructs.errors import Checks


@dataclass(frozen=True, slots=True)
class ExistingNamespace:
    """A namespace that somebody else makes, such as an operator's chart.

    Args:
        name: of the namespace.
    """

    name: str


class ServiceNamespace(Construct):
    """A namespace for one service.

    Makes a Namespace that admits Pod Security `restricted` only, and the NetworkPolicies `default-deny` (both ways) and
    `allow-dns` (to kube-dns in kube-system, without which no connection finds its host).

    Args:
        id: the namespace's name; a DNS label.

    Attributes:
        name: the namespace's name.
        namespace: the L1 object.

    Raises:
        ConstructError: the id is no name or is taken.
    """

    def __init__(self, scope: Construct, id: str) -> None:
        check = Checks(scope, id)
        check_name(check, "id", id)
        check.done()
        super().__init__(scope, id)
        check.remember(self)

        self.name = id
        self.namespace = k8s.KubeNamespace(
            self,
            "namespace",
            metadata=k8s.ObjectMeta(
                name=id,
                labels={f"pod-security.kubernetes.io/{mode}": "restricted" for mode in ("enforce", "audit", "warn")},
            ),
        )
        everything = k8s.LabelSelector()
        k8s.KubeNetworkPolicy(
            self,
            "default-deny",
            metadata=k8s.ObjectMeta(name="default-deny", namespace=id),
            spec=k8s.NetworkPolicySpec(pod_selector=everything, policy_types=["Ingress", "Egress"]),
        )
        k8s.KubeNetworkPolicy(
            self,
            "allow-dns",
            metadata=k8s.ObjectMeta(name="allow-dns", namespace=id),
            spec=k8s.NetworkPolicySpec(
                pod_selector=everything,
                policy_types=["Egress"],
                egress=[dns_egress()],
            ),
        )


def dns_egress() -> k8s.NetworkPolicyEgressRule:
    """The way to the cluster's DNS: kube-dns (or CoreDNS under its label) in kube-system."""
    dns = k8s.NetworkPolicyPeer(
        namespace_selector=k8s.LabelSelector(match_labels={"kubernetes.io/metadata.name": "kube-system"}),
        pod_selector=k8s.LabelSelector(match_labels={"k8s-app": "kube-dns"}),
    )
    ports = [k8s.NetworkPolicyPort(port=int_or_string(53), protocol=protocol) for protocol in ("UDP", "TCP")]
    return k8s.NetworkPolicyEgressRule(to=[dns], ports=ports)


Namespace: TypeAlias = ServiceNamespace | ExistingNamespace
