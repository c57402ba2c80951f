"""What the rules' own examples do not show."""

from typing import Any

import pytest
import yaml

from vkm_manifests.verify import verify


def found(rule: str, text: str) -> list[str]:
    manifests: list[dict[str, Any]] = [item for item in yaml.safe_load_all(text) if item]
    return [f"{finding.field}: {finding.message}" for finding in verify(manifests, only=[rule])]


def deployment(strategy: str = "", pod: str = "containers: [{name: web, image: a/b:1.0.0}]") -> str:
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: shop}}
spec: {{{strategy} template: {{spec: {{{pod}}}}}}}
"""


@pytest.mark.parametrize(
    ("strategy", "wrong"),
    [
        ("strategy: {type: Recreate},", False),
        ("strategy: {type: Recreate, rollingUpdate: {maxSurge: 1}},", True),
        ("strategy: {rollingUpdate: {maxSurge: 0%, maxUnavailable: 0}},", True),
        ("strategy: {rollingUpdate: {maxUnavailable: 0}},", False),
        ("strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 25%}},", False),
        ("updateStrategy: {type: OnDelete, rollingUpdate: {partition: 1}},", True),
        ("", False),
    ],
)
def test_rollouts(strategy: str, wrong: bool) -> None:
    assert bool(found("rollout-can-start", deployment(strategy))) == wrong


@pytest.mark.parametrize(("mode", "wrong"), [("0400", False), ("420", False), ("755", True), ("-1", True)])
def test_modes(mode: str, wrong: bool) -> None:
    pod = f"volumes: [{{name: a, secret: {{secretName: a, items: [{{key: a, path: a, mode: {mode}}}]}}}}]"
    assert bool(found("file-mode-is-octal", deployment(pod=pod))) == wrong


@pytest.mark.parametrize(
    ("block", "messages"),
    [
        ("{cidr: '::/0', except: ['fd00::/8']}", []),
        ("{cidr: 10.0.0.0/8, except: [10.1.0.0/16, 11.0.0.0/8]}", ['"11.0.0.0/8" is no network in 10.0.0.0/8']),
        ("{cidr: 10.0.0.0/8, except: ['fd00::/8']}", ['"fd00::/8" is no network in 10.0.0.0/8']),
        ("{cidr: 10.0.0.0/33}", ['"10.0.0.0/33" is no network']),
        ("{cidr: 10.0.0.1/8}", []),
        ("{}", ['"" is no network']),
    ],
)
def test_networks(block: str, messages: list[str]) -> None:
    policy = f"""
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {{name: a, namespace: shop}}
spec: {{podSelector: {{}}, egress: [{{to: [{{ipBlock: {block}}}]}}]}}
"""
    assert [line.partition(": ")[2] for line in found("network-is-valid", policy)] == messages


def test_a_variable_that_is_empty_beside_its_source_is_one_source() -> None:
    env = "env: [{name: A, value: '', valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"
    pod = f"containers: [{{name: web, image: a/b:1.0.0, {env}}}]"
    assert found("variable-has-one-source", deployment(pod=pod)) == []


def test_readiness_may_ask_for_more_than_one_success() -> None:
    pod = "containers: [{name: web, image: a/b:1.0.0, readinessProbe: {successThreshold: 3}}]"
    assert found("probe-succeeds-once", deployment(pod=pod)) == []
