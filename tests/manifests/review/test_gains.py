"""Gains: the short table of what comes, goes and alters."""

import pytest

from vkm_manifests.review.comparison import Comparison
from vkm_manifests.review.gains import gains
from vkm_manifests.verify.rule import examples

PODS = """
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web}}, spec: {}}
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: shop, labels: {app: db}}
spec: {containers: [{name: db, ports: [{containerPort: 5432}, {containerPort: 9187}]}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web, namespace: shop}
spec: {podSelector: {matchLabels: {app: web}}, egress: [{}], policyTypes: [Egress]}
"""
INTO_DB = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
"""
ROUTE = """
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  entryPoints: [websecure]
  routes:
  - {match: Host(`shop.test`) && PathPrefix(`/api`), kind: Rule, services: [{name: api, port: 80}]}
  - {match: Host(`Shop.test`), kind: Rule, services: [{name: web, port: 80}]}
"""
CERTIFICATE = """
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec: {secretName: web-tls, dnsNames: [shop.test], issuerRef: {name: letsencrypt}}
"""
SECRET = """
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db, namespace: shop}
spec:
  secretStoreRef: {name: vault}
  data: [{secretKey: password, remoteRef: {key: db, property: password}}]
"""
VOLUMES = """
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {storageClassName: fast, resources: {requests: {storage: 10Gi}}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: blog}
spec:
  volumeClaimTemplates:
  - {metadata: {name: data}, spec: {storageClassName: fast, resources: {requests: {storage: 1Ti}}}}
"""
ALERT = """
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: web, namespace: shop}
spec:
  groups:
  - name: web
    rules: [{alert: Down, expr: up == 0, for: 5m, labels: {severity: critical}}]
"""


def _gains(old: str, new: str) -> list[tuple[str, str, str, str, str]]:
    found = gains(Comparison(examples(old), examples(new)))
    return [(gain.sort, gain.change, gain.name, gain.old, gain.new) for gain in found]


def test_nothing_comes_or_goes_where_nothing_changes() -> None:
    everything = PODS + INTO_DB + ROUTE + CERTIFICATE + SECRET + VOLUMES + ALERT
    assert _gains(everything, everything) == []


def test_a_connection_that_a_policy_opens_is_added_and_one_that_it_closes_is_removed() -> None:
    way = "shop/Pod/web → shop/Pod/db"
    assert _gains(PODS, PODS + INTO_DB) == [("connection", "added", way, "", "5432")]
    assert _gains(PODS + INTO_DB, PODS) == [("connection", "removed", way, "5432", "")]


def test_of_a_connection_only_the_ports_that_are_new_are_told() -> None:
    wider = INTO_DB.replace("ports: [{port: 5432}]", "ports: [{port: 5432}, {port: 9187}]")
    assert _gains(PODS + INTO_DB, PODS + wider) == [
        ("connection", "added", "shop/Pod/web → shop/Pod/db", "", "9187"),
    ]


def test_a_whole_namespace_is_one_connection() -> None:
    source = """
---
{apiVersion: v1, kind: Pod, metadata: {name: prometheus, namespace: metrics}, spec: {}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: closed, namespace: metrics}
spec: {podSelector: {}, policyTypes: [Ingress]}
"""
    opened = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: metrics, namespace: shop}
spec:
  podSelector: {}
  ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: metrics}}}], ports: [{port: 9187}]}]
"""
    assert _gains(PODS + source, PODS + source + opened) == [
        ("connection", "added", "metrics/Pod/prometheus → shop/*", "", "9187"),
    ]


def test_a_workload_more_in_a_namespace_shows_as_itself() -> None:
    """The group `shop/*` is another one then, and what was open before is not told again."""
    more = "\n---\n{apiVersion: v1, kind: Pod, metadata: {name: third, namespace: shop, labels: {app: x}}, spec: {}}\n"
    opened = """
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: out, namespace: shop}
spec: {podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: 192.0.2.0/24}}], ports: [{port: 443}]}]}
"""
    assert _gains(PODS + opened, PODS + opened + more) == [
        ("connection", "added", "shop/Pod/third → 192.0.2.0/24", "", "443"),
    ]


def test_hosts_have_their_path_and_the_service_behind() -> None:
    assert _gains("", ROUTE) == [
        ("host", "added", "shop.test", "", "shop/web:80"),
        ("host", "added", "shop.test/api…", "", "shop/api:80"),
    ]
    assert _gains(ROUTE, ROUTE.replace("name: api,", "name: api2,")) == [
        ("host", "changed", "shop.test/api…", "shop/api:80", "shop/api2:80"),
    ]


def test_certificates_with_their_hosts_and_issuer() -> None:
    assert _gains("", CERTIFICATE) == [("certificate", "added", "shop/web", "", "shop.test by letsencrypt")]
    assert _gains(CERTIFICATE, CERTIFICATE.replace("[shop.test]", "[www.shop.test, shop.test]")) == [
        ("certificate", "changed", "shop/web", "shop.test", "shop.test, www.shop.test"),
    ]


def test_keys_of_secrets_with_where_they_are_from_and_never_a_value() -> None:
    assert _gains("", SECRET) == [("secret key", "added", "shop/db[password]", "", "vault: db.password")]
    plain = "{apiVersion: v1, kind: Secret, metadata: {name: db, namespace: shop}, stringData: {password: hunter2}}"
    assert _gains(SECRET, plain) == [
        ("secret key", "changed", "shop/db[password]", "vault: db.password", "the manifests"),
    ]


def test_volumes_with_size_and_class_whatever_the_spelling() -> None:
    assert [gain for gain in _gains("", VOLUMES) if gain[0] == "volume"] == [
        ("volume", "added", "blog/data-db-*", "", "1Ti fast"),
        ("volume", "added", "shop/data", "", "10Gi fast"),
    ]
    assert _gains(VOLUMES, VOLUMES.replace("10Gi", "10240Mi")) == []
    assert _gains(VOLUMES, VOLUMES.replace("10Gi", "20Gi")) == [
        ("volume", "changed", "shop/data", "10Gi", "20Gi"),
    ]


LONG = "min by (common_name) (traefik_tls_certs_not_after{job='traefik'}) - time() < 14 * 86400"
OTHER = "sum by (instance) (rate(node_cpu_seconds_total{mode='idle'}[5m])) / count(up) < 0.1"


@pytest.mark.parametrize(
    ("before", "after", "was", "now"),
    [
        ("up == 0, for: 5m", "up == 0, for: 1h", "critical for 5m", "critical for 1h"),
        ("up == 0, for: 5m", "up == 1, for: 5m", "up == 0", "up == 1"),
        ("up == 0, for: 5m", "up == 1, for: 1h", "critical for 5m, up == 0", "critical for 1h, up == 1"),
        (f'"{LONG}"', f'"{LONG.replace("14", "2")}"', "… < 14 * 86400", "… < 2 * 86400"),
        (f'"{LONG}"', f'"{LONG} or vector(1)"', "… 86400", "… 86400 or vector(1)"),
        (f'"{LONG} or vector(1)"', f'"{LONG}"', "… 86400 or vector(1)", "… 86400"),
        (f'"{LONG}"', f'"{OTHER}"', "", "another condition"),
    ],
)
def test_alerts_with_severity_and_duration_and_what_their_condition_is(
    before: str, after: str, was: str, now: str
) -> None:
    old, new = (ALERT.replace("up == 0, for: 5m", text) for text in (before, after))
    assert _gains(old, new) == [("alert", "changed", "shop/web: Down", was, now)]


def test_an_alert_that_is_gone() -> None:
    assert _gains(ALERT, "") == [("alert", "removed", "shop/web: Down", "critical for 5m", "")]


def test_what_has_another_shape_is_nothing() -> None:
    odd = "\n---\n".join(
        f"{{apiVersion: {api}, kind: {kind}, metadata: {{name: x, namespace: shop}}, spec: [1]}}"
        for api, kind in (
            ("traefik.io/v1alpha1", "IngressRoute"),
            ("cert-manager.io/v1", "Certificate"),
            ("external-secrets.io/v1", "ExternalSecret"),
            ("v1", "PersistentVolumeClaim"),
            ("apps/v1", "StatefulSet"),
            ("monitoring.coreos.com/v1", "PrometheusRule"),
        )
    )
    assert {(gain[0], gain[4]) for gain in _gains("", odd) if gain[0] != "connection"} == {
        ("certificate", ""),
        ("volume", ""),
    }


def test_an_alert_for_each_severity_is_told_apart() -> None:
    second = ", {alert: Down, expr: up == 0, for: 1h, labels: {severity: warning}}]"
    both = ALERT.replace("}}]", "}}" + second)
    assert _gains(ALERT, both) == [("alert", "added", "shop/web: Down (2)", "", "warning for 1h")]


def test_a_workload_that_is_renamed_keeps_its_ways() -> None:
    web = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "example/web:1.0.0"}]}
---
"""
    for before, after in (("{name: web,", "{name: site,"), ("kind: Deployment", "kind: StatefulSet")):
        assert _gains(web + INTO_DB, web.replace(before, after) + INTO_DB) == []


def test_a_workload_that_is_gone_leaves_no_way_to_its_labels() -> None:
    """A policy that still names it is no new connection."""
    without_web = (
        PODS.replace("{name: web, namespace: shop, labels: {app: web}}", "{name: x, namespace: blog}") + INTO_DB
    )
    found = [gain[:3] for gain in _gains(PODS + INTO_DB, without_web)]
    assert ("connection", "removed", "shop/Pod/web → shop/Pod/db") in found
    assert not [name for _, _, name in found if "{" in name]
