"""What a MariaDB and a PostgreSQL server have in common: one pod, one volume, two Services."""

from collections.abc import Sequence
from typing import NamedTuple

from cdk8s_plus_27 import k8s
from constructs import Construct

from vkm_constructs.checks import int_or_string
from vkm_constructs.errors import Checks, spell
from vkm_constructs.external_secret_ref import ExternalSecretRef
from vkm_constructs.longhorn_volume import LonghornVolume
from vkm_constructs.pods import Pods

MIB = 2**20
METRICS = "metrics"


class DatabaseServer(NamedTuple):
    """The objects that run one server."""

    stateful_set: k8s.KubeStatefulSet
    service: k8s.KubeService
    headless_service: k8s.KubeService


def database_server(
    scope: Construct, metadata: k8s.ObjectMeta, pods: Pods, *, service_port: int, template: k8s.PodTemplateSpec
) -> DatabaseServer:
    """A StatefulSet of one pod; the Service that clients use; the headless one that a StatefulSet wants.

    The first of the pods' ports is the database's; the Service offers it on `service_port`, the others as they are.
    """
    main, *others = pods.ports
    headless = f"{pods.name}-headless"
    selected = k8s.LabelSelector(match_labels=pods.labels)
    stateful_set = k8s.KubeStatefulSet(
        scope,
        "stateful-set",
        metadata=metadata,
        spec=k8s.StatefulSetSpec(
            replicas=1, revision_history_limit=3, service_name=headless, selector=selected, template=template
        ),
    )
    service = k8s.KubeService(
        scope,
        "service",
        metadata=metadata,
        spec=k8s.ServiceSpec(
            type="ClusterIP",
            selector=pods.labels,
            ports=[
                k8s.ServicePort(name=main, port=service_port, target_port=int_or_string(main)),
                *(k8s.ServicePort(name=n, port=pods.ports[n], target_port=int_or_string(n)) for n in others),
            ],
        ),
    )
    headless_service = k8s.KubeService(
        scope,
        "headless-service",
        # Without the labels: a monitor that selects the server's Service must not find this one as well.
        metadata=k8s.ObjectMeta(name=headless, namespace=pods.namespace),
        spec=k8s.ServiceSpec(
            cluster_ip="None",
            selector=pods.labels,
            publish_not_ready_addresses=True,
            ports=[k8s.ServicePort(name=main, port=pods.ports[main], target_port=int_or_string(main))],
        ),
    )
    return DatabaseServer(stateful_set, service, headless_service)


def rounded_up(needed: int) -> str:
    """Bytes as the next size that a person would choose."""
    step = 256 * MIB
    return f"{-(-needed // step) * step // MIB}Mi"


def check_data(check: Checks, data: LonghornVolume) -> None:
    """A database's volume belongs to one pod."""
    if data.access_mode != "ReadWriteOnce":
        check.refuse(
            "data",
            data.name,
            f"is {data.access_mode}, which Longhorn serves over NFS: a database loses data on it",
            accepted="a ReadWriteOnce volume",
            fix=f'LonghornVolume(..., "{data.name}", access_mode="ReadWriteOnce")',
        )


def check_credentials(check: Checks, credentials: ExternalSecretRef, keys: Sequence[str]) -> None:
    """The Secret has every key that the server is set up with."""
    missing = [key for key in keys if key not in credentials.keys]
    if missing:
        check.refuse(
            "credentials",
            credentials.name,
            f"lacks {', '.join(map(spell, missing))}",
            accepted=f"the keys {', '.join(map(spell, keys))}",
            fix=f'keys={{..., "{missing[0]}": "item/{missing[0]}"}}',
        )
