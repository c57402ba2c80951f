"""Declarations: what the rules' two examples do not show."""

import pytest

from vkm_manifests.verify import Finding, verify
from vkm_manifests.verify.rule import examples


def _found(rule: str, *documents: str) -> list[Finding]:
    return verify(examples("\n---\n".join(documents)), only=[rule])


def _declares(item: str) -> str:
    return f"""
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
  annotations:
    vkm-constructs/made-outside: |
      - {{{item}, by: others}}
"""


def _policy(spec: str) -> str:
    return f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: a, namespace: shop}}
spec: {spec}
"""


DNS = _declares("kind: Pod, name: dns, namespace: kube-system, labels: {k8s-app: kube-dns}")
OWN = _declares("kind: Pod, name: web, labels: {app: web}")


@pytest.mark.parametrize(
    "documents",
    [
        pytest.param(
            [
                DNS,
                _policy("{egress: [{to: [{namespaceSelector: {}, podSelector: {matchLabels: {k8s-app: kube-dns}}}]}]}"),
            ],
            id="pods of any namespace",
        ),
        pytest.param(
            [
                DNS,
                _policy(
                    "{egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: kube-system}}}]}]}"
                ),
            ],
            id="all pods of a namespace",
        ),
        pytest.param([OWN, _policy("{podSelector: {matchLabels: {app: web}}}")], id="a policy's own pods"),
        pytest.param(
            [OWN, _policy("{ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}")], id="pods beside it"
        ),
        pytest.param(
            [
                OWN,
                "{apiVersion: v1, kind: Service, metadata: {name: a, namespace: shop}, spec: {selector: {app: web}}}",
            ],
            id="a Service's pods",
        ),
        pytest.param(
            [
                OWN,
                """
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: a, namespace: elsewhere}
spec: {namespaceSelector: {matchNames: [shop]}, selector: {matchLabels: {app: web}}}
""",
            ],
            id="a monitor's pods",
        ),
        pytest.param([_declares("kind: Namespace, name: shop")], id="a namespace that holds something"),
        pytest.param(
            [
                _declares("kind: Namespace, name: far"),
                _policy("{egress: [{to: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: far}}}]}]}"),
            ],
            id="a namespace that is a peer",
        ),
        pytest.param(
            [
                _declares("kind: RecurringJob, name: trim, namespace: longhorn-system"),
                """
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: a, namespace: shop, labels: {recurring-job.longhorn.io/trim: enabled}}
""",
            ],
            id="what is named without its namespace",
        ),
        pytest.param(
            [
                _declares("kind: Service, name: mail, namespace: mail"),
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}, data: {host: mail.mail}}",
            ],
            id="a Service in an address",
        ),
    ],
)
def test_is_needed(documents: list[str]) -> None:
    assert _found("outside-is-needed", *documents) == []


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ("kind: Secret, name: a", "declares Secret a, which nothing names"),
        ("kind: Service, name: mail", "declares Service mail, which nothing names"),
        ("kind: Pod, name: a, labels: {app: a}", "declares Pod a, which nothing selects"),
        ("kind: Namespace, name: a", "declares Namespace a, which nothing is in"),
    ],
)
def test_is_not_needed(item: str, message: str) -> None:
    everything = _policy("{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}")
    assert [finding.message for finding in _found("outside-is-needed", _declares(item), everything)] == [message]


@pytest.mark.parametrize(
    ("item", "inside"),
    [
        (
            "kind: Secret, name: a",
            "{apiVersion: external-secrets.io/v1, kind: ExternalSecret, metadata: {name: a, namespace: shop}}",
        ),
        ("kind: ConfigMap, name: a", "{apiVersion: v1, kind: ConfigMap, metadata: {name: a, namespace: shop}}"),
        (
            "kind: Pod, name: a, labels: {app: web}",
            "{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: shop, labels: {app: web, part: front}}}",
        ),
    ],
)
def test_is_inside(item: str, inside: str) -> None:
    assert len(_found("outside-is-not-inside", _declares(item), inside)) == 1
    assert not _found("outside-is-not-inside", _declares(item), inside.replace("namespace: shop", "namespace: blog"))


@pytest.mark.parametrize("name", ["ignore-is-needed", "outside-is-needed"])
def test_declarations_are_never_excused(name: str) -> None:
    service = f"""
apiVersion: v1
kind: Service
metadata: {{name: web, namespace: shop, annotations: {{ignore-rule.vkm-constructs/{name}: because}}}}
"""
    (finding,) = _found("ignore-names-a-rule", service)
    assert "cannot be ignored" in finding.message
    assert _found("ignore-is-needed", service) == []


def test_a_kind_that_nothing_names_is_not_needed() -> None:
    """Such as a misspelt one."""
    (finding,) = verify(examples(_declares("kind: Sekret, name: a")), only=["outside-is-needed"])
    assert finding.message == "declares Sekret a, which nothing names"
