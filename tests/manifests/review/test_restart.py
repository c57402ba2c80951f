"""Restart: which pods are replaced, how, and why."""

import pytest

from tests.reviewed import changed, reasons

WEB = """
apiVersion: v1
kind: ConfigMap
metadata: {name: web-files, namespace: shop}
data: {php.ini: "a = 1", other.ini: "b = 1"}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 4
  selector: {matchLabels: {app: web}}
  template:
    metadata:
      labels: {app: web, app.kubernetes.io/version: "1.0.0"}
      annotations: {checksum/config: "1"}
    spec:
      initContainers:
      - {name: wait, image: "example/web:1.0.0"}
      containers:
      - name: web
        image: example/web:1.0.0
        env: [{name: MODE, value: production}, {name: ZONE, value: a}]
        resources: {limits: {memory: 256Mi}}
        volumeMounts: [{name: files, mountPath: /etc/php.ini, subPath: php.ini}]
      - {name: proxy, image: "example/proxy:2.0.0"}
      volumes: [{name: files, configMap: {name: web-files}}]
"""


def restarts(old: str, *replaced: tuple[str, str]) -> dict[str, str]:
    found = reasons("restart", old, changed(old, *replaced))
    return {name: reason for name, (reason,) in found.items()}


def test_an_image_is_one_cause_whichever_containers_have_it() -> None:
    found = restarts(WEB, ("web:1.0.0", "web:1.0.1"), ('version: "1.0.0"', 'version: "1.0.1"'))
    assert found == {
        "shop/Deployment/web": "4 pods are replaced up to 2 at a time, 1 missing meanwhile: image 1.0.0 → 1.0.1"
    }


def test_an_image_of_a_sidecar_is_told_with_its_name() -> None:
    (reason,) = restarts(WEB, ("proxy:2.0.0", "proxy:2.1.0")).values()
    assert reason.endswith(": image 2.0.0 → 2.1.0 of proxy")


def test_another_repository_is_told_whole() -> None:
    (reason,) = restarts(WEB, ("example/proxy:2.0.0", "other/proxy:2.0.0")).values()
    assert reason.endswith(": image example/proxy:2.0.0 → other/proxy:2.0.0 of proxy")


def test_the_most_telling_causes_come_first_and_the_others_are_counted() -> None:
    (reason,) = restarts(
        WEB,
        ("web:1.0.0", "web:1.0.1"),
        ("value: production", "value: test"),
        ("value: a}", "value: b}"),
        ("memory: 256Mi", "memory: 512Mi"),
        ("labels: {app: web, ", "labels: {app: web, tier: front, "),
    ).values()
    assert reason.endswith(": image 1.0.0 → 1.0.1, MODE, ZONE and 2 more")


def test_resources_are_told_with_their_amounts() -> None:
    (reason,) = restarts(WEB, ("memory: 256Mi", "memory: 512Mi")).values()
    assert reason.endswith(": memory limit 256Mi → 512Mi")


def test_a_checksum_is_told_as_the_files_that_changed_and_that_the_pods_read() -> None:
    (reason,) = restarts(
        WEB, ('checksum/config: "1"', 'checksum/config: "2"'), ("a = 1", "a = 2"), ("b = 1", "b = 2")
    ).values()
    assert reason.endswith(": php.ini of web-files")


def test_a_checksum_without_a_changed_file_is_told_as_the_annotation() -> None:
    (reason,) = restarts(WEB, ('checksum/config: "1"', 'checksum/config: "2"')).values()
    assert reason.endswith(": annotation checksum/config")


@pytest.mark.parametrize(
    ("replicas", "strategy", "how"),
    [
        (1, "", "1 pod is replaced once the new one is ready"),
        (2, "{rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}", "2 pods are replaced one by one"),
        (2, "", "2 pods are replaced one by one"),
        (3, "{rollingUpdate: {maxSurge: 0, maxUnavailable: 1}}", "3 pods are replaced one by one, 1 missing meanwhile"),
        (10, "{rollingUpdate: {maxSurge: 30%}}", "10 pods are replaced up to 5 at a time, 2 missing meanwhile"),
        # Kubernetes takes 0 and 0 as 0 and 1.
        (
            2,
            "{rollingUpdate: {maxSurge: 0%, maxUnavailable: 0%}}",
            "2 pods are replaced one by one, 1 missing meanwhile",
        ),
    ],
)
def test_how_a_deployment_replaces_its_pods(replicas: int, strategy: str, how: str) -> None:
    old = WEB.replace("replicas: 4", f"replicas: {replicas}" + (f"\n  strategy: {strategy}" if strategy else ""))
    (reason,) = restarts(old, ("web:1.0.0", "web:1.0.1")).values()
    assert reason == f"{how}: image 1.0.0 → 1.0.1"


SET = WEB.replace("kind: Deployment", "kind: StatefulSet")


def test_a_stateful_set_goes_from_the_last_pod_to_the_first() -> None:
    (reason,) = restarts(SET, ("web:1.0.0", "web:1.0.1")).values()
    assert reason == "4 pods are replaced one by one, from the last: image 1.0.0 → 1.0.1"


def test_a_partition_replaces_only_the_pods_above_it() -> None:
    old = SET.replace("replicas: 4", "replicas: 4\n  updateStrategy: {rollingUpdate: {partition: 3}}")
    (reason,) = restarts(old, ("web:1.0.0", "web:1.0.1")).values()
    assert reason == "1 pod is replaced from the last down to number 3: image 1.0.0 → 1.0.1"


def test_a_daemon_set_goes_node_by_node() -> None:
    (reason,) = restarts(WEB.replace("kind: Deployment", "kind: DaemonSet"), ("web:1.0.0", "web:1.0.1")).values()
    assert reason == "the pod of each node is replaced node by node: image 1.0.0 → 1.0.1"


@pytest.mark.parametrize(
    "replaced",
    [
        ("metadata: {name: web, namespace: shop}", "metadata: {name: web, namespace: shop, labels: {team: a}}"),
        ("replicas: 4", "replicas: 5"),
        ("replicas: 4", "replicas: 4\n  strategy: {rollingUpdate: {maxSurge: 2}}"),
        ("a = 1", "a = 2"),
        (
            "[{name: MODE, value: production}, {name: ZONE, value: a}]",
            "[{name: ZONE, value: a}, {name: MODE, value: production}]",
        ),
        ("memory: 256Mi", "memory: 262144Ki"),
    ],
)
def test_what_replaces_no_pod(replaced: tuple[str, str]) -> None:
    assert restarts(WEB, replaced) == {}


def test_what_was_held_back_is_rolled_out_once_it_is_no_longer_paused() -> None:
    old = WEB.replace("replicas: 4", "replicas: 4\n  paused: true")
    assert restarts(old, ("  paused: true\n", "")) == {
        "shop/Deployment/web": "is no longer paused: what was changed while it was replaces its pods now"
    }
    (reason,) = restarts(old, ("  paused: true\n", ""), ("web:1.0.0", "web:1.0.1")).values()
    assert reason.startswith("4 pods are replaced")


def test_a_new_workload_and_one_without_pods_restart_nothing() -> None:
    assert (
        restarts(
            "kind: Namespace\nmetadata: {name: shop}\n",
            ("kind: Namespace", f"kind: Namespace\n---{WEB}---\nkind: Namespace"),
        )
        == {}
    )
    assert restarts(WEB.replace("replicas: 4", "replicas: 0"), ("web:1.0.0", "web:1.0.1")) == {}


def test_pods_of_an_autoscaler_are_counted_from_the_fewest_to_the_most() -> None:
    scaler = """---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 1
  maxReplicas: 6
"""
    (reason,) = restarts(WEB.replace("  replicas: 4\n", "") + scaler, ("web:1.0.0", "web:1.0.1")).values()
    assert reason == "1 to 6 pods are replaced one by one: image 1.0.0 → 1.0.1"


def test_an_unknown_kind_that_describes_pods_may_replace_them() -> None:
    old = WEB.replace("apiVersion: apps/v1\nkind: Deployment", "apiVersion: argoproj.io/v1alpha1\nkind: Rollout")
    (reason,) = restarts(old, ("proxy:2.0.0", "proxy:2.1.0")).values()
    assert reason == "its operator may replace its pods: template.spec.containers[proxy].image"
    assert restarts(old, ("replicas: 4", "replicas: 5")) == {}


def test_a_new_pod_on_another_node_waits_for_a_volume_of_one_node() -> None:
    claim = """---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data, namespace: shop}
spec: {accessModes: [ReadWriteOnce]}
"""
    volumes = "[{name: data, persistentVolumeClaim: {claimName: data}}, "
    old = WEB.replace("replicas: 4", "replicas: 1").replace("volumes: [", f"volumes: {volumes}") + claim
    (reason,) = restarts(old, ("web:1.0.0", "web:1.0.1")).values()
    assert reason.endswith("; a new pod on another node waits for volume data, which is ReadWriteOnce")


@pytest.mark.parametrize(
    ("annotation", "told"),
    [
        ('reloader.stakater.com/auto: "true"', True),
        ("configmap.reloader.stakater.com/reload: 'other, web-files'", True),
        ("configmap.reloader.stakater.com/reload: other", False),
        ("secret.reloader.stakater.com/reload: web-files", False),
        ('configmap.reloader.stakater.com/auto: "true"', True),
        ('secret.reloader.stakater.com/auto: "true"', False),
    ],
)
def test_reloader_replaces_the_pods_that_say_so(annotation: str, told: bool) -> None:
    old = WEB.replace("{name: web, namespace: shop}", f"{{name: web, namespace: shop, annotations: {{{annotation}}}}}")
    expected = "Reloader replaces the pods that read it (4 of web): php.ini"
    assert restarts(old, ("a = 1", "a = 2")) == ({"shop/ConfigMap/web-files": expected} if told else {})


def test_what_rolls_anyway_is_not_told_again_for_reloader() -> None:
    old = WEB.replace(
        "{name: web, namespace: shop}",
        '{name: web, namespace: shop, annotations: {reloader.stakater.com/auto: "true"}}',
    )
    assert list(restarts(old, ("a = 1", "a = 2"), ("web:1.0.0", "web:1.0.1"))) == ["shop/Deployment/web"]
