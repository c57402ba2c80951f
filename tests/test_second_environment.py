"""The environment is a value: another one is made from the same charts, and shares nothing with the first."""

import pytest
import yaml

from charts.environment import (
    Acme,
    Backups,
    BookstackSize,
    Environment,
    GrafanaSize,
    OnePassword,
    PrometheusSize,
    TraefikSize,
    ZammadSize,
)
from tests.conftest import Manifest
from tests.environments import vkm_manifests
from tests.refused import refused
from tests.schemas import check_against_schema

LAB = Environment(
    domain="lab.example.org",
    address="10.20.30.40",
    volume_replicas=1,
    acme=Acme(
        issuer="letsencrypt-staging",
        server="https://acme-staging-v02.api.letsencrypt.org/directory",
        email="lab@example.org",
    ),
    onepassword=OnePassword(account="https://lab.1password.com", vault="lab"),
    backups=Backups(target="s3://lab-backups@eu-central-1/"),
    traefik=TraefikSize(replicas=1),
    bookstack=BookstackSize(replicas=1, data="2Gi", config="1Gi"),
    zammad=ZammadSize(replicas=1, data="3Gi", config="1Gi", redis="1Gi", uploads="4Gi"),
    grafana=GrafanaSize(data="1Gi"),
    prometheus=PrometheusSize(data="5Gi", retention="2d", retention_size="4GB"),
    cluster_metrics=False,
)


@pytest.fixture(scope="module")
def lab() -> dict[str, Manifest]:
    return vkm_manifests(LAB)


def test_it_shares_nothing_with_the_first(lab: dict[str, Manifest]) -> None:
    text = yaml.safe_dump_all(lab.values())
    for of_vkm in (
        "vkm.dtdt.tech",
        "192.168.1.100",
        "letsencrypt-prod",
        "vkm-backups",
        "acme-v02",
        "vkm.1password.com",
    ):
        assert of_vkm not in text
    text = yaml.safe_dump_all(vkm_manifests().values())
    for of_lab in ("example.org", "10.20.30.40", "letsencrypt-staging", "lab-backups", "lab.1password"):
        assert of_lab not in text


def test_its_objects_are_valid(lab: dict[str, Manifest]) -> None:
    for manifest in lab.values():
        check_against_schema(manifest)


def test_one_replica_everywhere(lab: dict[str, Manifest]) -> None:
    replicas = {i: m["spec"]["replicas"] for i, m in lab.items() if m["kind"] in ("Deployment", "StatefulSet")}
    assert set(replicas.values()) == {1}
    assert not [m for m in lab.values() if m["kind"] == "PodDisruptionBudget"], "it would keep nodes from being drained"
    assert lab["StorageClass/longhorn"]["parameters"]["numberOfReplicas"] == "1"


def test_its_own_sizes(lab: dict[str, Manifest]) -> None:
    sizes = {
        m["metadata"]["name"]: m["spec"]["resources"]["requests"]["storage"]
        for m in lab.values()
        if m["kind"] == "PersistentVolumeClaim"
    }
    assert sizes == {
        "bookstack-data": "2Gi",
        "bookstack-config": "1Gi",
        "zammad-data": "3Gi",
        "zammad-config": "1Gi",
        "zammad-redis": "1Gi",
        "zammad-uploads": "4Gi",
        "grafana-data": "1Gi",
        "prometheus-data": "5Gi",
    }


def test_its_own_names(lab: dict[str, Manifest]) -> None:
    assert lab["bookstack/Certificate/wiki"]["spec"]["dnsNames"] == ["wiki.lab.example.org"]
    assert lab["bookstack/Certificate/wiki"]["spec"]["issuerRef"]["name"] == "letsencrypt-staging"
    assert "ClusterIssuer/letsencrypt-staging" in lab
    assert lab["traefik/Service/traefik"]["metadata"]["annotations"]["metallb.io/loadBalancerIPs"] == "10.20.30.40"


def test_refuses_what_no_installation_could_have() -> None:
    with refused(
        """
        Environment
          domain="https://lab.example.org/" is not a host name
          accepted: a full host name in lower case, without scheme, port or path
          fix:      domain="lab.example.org"
          cluster_networks="10.0.0.0/8" is one text
          accepted: a list of CIDR blocks
          fix:      cluster_networks=["10.0.0.0/8"]
          node_networks="10.0.0.7/8" is not a network
          accepted: a CIDR block such as "10.0.0.0/8"; a single address is "10.1.2.3/32"
          fix:      "10.0.0.0/8"
          volume_replicas=0 is too small
          accepted: a whole number from 1
          fix:      volume_replicas=1
          address="999.1.1.1" is no address (Octet 999 (> 255) not permitted in '999.1.1.1')
          accepted: IPv4
          fix:      "192.168.1.100"
          backups.target="s3://lab@eu-central-1" lacks the slash at its end, without which Longhorn finds no backups
          accepted: s3://<bucket>@<region>/
          fix:      Backups(target="s3://lab@eu-central-1/")
        """
    ):
        Environment(
            domain="https://lab.example.org/",
            address="999.1.1.1",
            cluster_networks="10.0.0.0/8",  # type: ignore[arg-type]
            node_networks=("10.0.0.7/8",),
            volume_replicas=0,
            onepassword=OnePassword(account="https://lab.1password.com", vault="lab"),
            backups=Backups(target="s3://lab@eu-central-1"),
        )


def test_refuses_to_keep_more_than_the_volume_holds() -> None:
    with refused(
        """
        Environment
          prometheus.retention_size="16GB" does not fit prometheus-data, 5Gi
          accepted: a size in MB, GB or TB, at most 4GB
          fix:      PrometheusSize(retention_size="4GB")
        """
    ):
        Environment(prometheus=PrometheusSize(data="5Gi"))


def test_every_object_has_the_labels_of_the_environment() -> None:
    labelled = vkm_manifests(Environment(labels={"release": "kube-prometheus-stack"}))
    for manifest in labelled.values():
        assert manifest["metadata"]["labels"]["release"] == "kube-prometheus-stack"
