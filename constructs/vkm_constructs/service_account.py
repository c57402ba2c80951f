"""A workload's own identity towards the Kubernetes API."""

from cdk8s_plus_27 import k8s
from constructs import Construct


def service_account(scope: Construct, metadata: k8s.ObjectMeta, *, api_token: bool = False) -> k8s.KubeServiceAccount:
    """A ServiceAccount that no other workload uses; its token is mounted only where the API is spoken to."""
    return k8s.KubeServiceAccount(
        scope, "service-account", metadata=metadata, automount_service_account_token=api_token
    )
