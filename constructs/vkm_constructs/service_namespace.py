"""ServiceNamespace: a namespace that nothing enters or leaves unless a connection says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import check_name, int_or_string
from vkm_constructs.declarations import made_outside
from vkm_constructs.errors import Checks
from vkm_constructs.pods import Pods


@dataclass(frozen=True, slots=True)
class ExistingNamespace:
    """A namespace that somebody else makes, such as an operator's chart.

    The first object in it of each of its charts declares it to be made outside.

    Args:
        name: of the namespace.
        made_by: who makes it, for the person who asks.
    """

    name: str
    made_by: str = "another project"

    def pods(self, name: str, *, labels: Mapping[str, str], ports: Mapping[str, int]) -> Pods:
        """Pods that somebody else runs in it: to be watched, or connected to.

        Args:
            name: as it stands in the names of policies and monitors.
            labels: what selects exactly these pods.
            ports: what they listen on, by name: the pods' ports, not the Service's.
        """
        return Pods(name=name, namespace=self.name, labels=labels, ports=ports, made_by=self.made_by)


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
        allow_dns = k8s.KubeNetworkPolicy(
            self,
            "allow-dns",
            metadata=k8s.ObjectMeta(name="allow-dns", namespace=id),
            spec=k8s.NetworkPolicySpec(
                pod_selector=everything,
                policy_types=["Egress"],
                egress=[dns_egress()],
            ),
        )
        declare_dns(allow_dns)


def dns_egress() -> k8s.NetworkPolicyEgressRule:
    """The way to the cluster's DNS: kube-dns (or CoreDNS under its label) in kube-system."""
    dns = k8s.NetworkPolicyPeer(
        namespace_selector=k8s.LabelSelector(match_labels={"kubernetes.io/metadata.name": "kube-system"}),
        pod_selector=k8s.LabelSelector(match_labels={"k8s-app": "kube-dns"}),
    )
    ports = [k8s.NetworkPolicyPort(port=int_or_string(53), protocol=protocol) for protocol in ("UDP", "TCP")]
    return k8s.NetworkPolicyEgressRule(to=[dns], ports=ports)


def declare_dns(policy: k8s.KubeNetworkPolicy) -> None:
    """Say on a policy that leads to the cluster's DNS who makes its pods."""
    made_outside(
        policy,
        "Pod",
        "kube-dns",
        namespace="kube-system",
        labels={"k8s-app": "kube-dns"},
        ports={"dns": 53, "dns-tcp": 53},
        by="Kubernetes",
    )


Namespace: TypeAlias = ServiceNamespace | ExistingNamespace
