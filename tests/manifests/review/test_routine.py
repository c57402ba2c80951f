"""Routine: what takes effect by itself, and when the pods that read it will know."""

import pytest

from tests.reviewed import changed, reasons
from vkm_manifests.review import review
from vkm_manifests.verify.rule import examples

READERS = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
data: {mode: production, app.conf: "a = 1"}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: login, namespace: shop}
spec:
  secretStoreRef: {name: store, kind: ClusterSecretStore}
  data: [{secretKey: password, remoteRef: {key: shop, property: password}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: by-env, namespace: shop}
spec:
  selector: {matchLabels: {app: by-env}}
  template:
    metadata: {labels: {app: by-env}}
    spec:
      containers:
      - name: main
        image: example/web:1.0.0
        env:
        - {name: MODE, valueFrom: {configMapKeyRef: {name: settings, key: mode}}}
        - {name: PASSWORD, valueFrom: {secretKeyRef: {name: login, key: password}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: by-part, namespace: shop}
spec:
  selector: {matchLabels: {app: by-part}}
  template:
    metadata: {labels: {app: by-part}}
    spec:
      containers:
      - name: main
        image: example/web:1.0.0
        volumeMounts: [{name: files, mountPath: /etc/app.conf, subPath: app.conf}]
      volumes: [{name: files, configMap: {name: settings}}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: by-folder, namespace: shop}
spec:
  selector: {matchLabels: {app: by-folder}}
  template:
    metadata: {labels: {app: by-folder}}
    spec:
      containers:
      - name: main
        image: example/web:1.0.0
        volumeMounts: [{name: files, mountPath: /etc/app}]
      volumes: [{name: files, configMap: {name: settings}}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: shop}
spec:
  schedule: 0 2 * * *
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
          - name: main
            image: example/job:1.0.0
            envFrom: [{configMapRef: {name: settings}}]
"""


def routine(old: str, *replaced: tuple[str, str]) -> dict[str, str]:
    found = reasons("routine", old, changed(old, *replaced))
    return {name: told[0] for name, told in found.items()}


def test_each_reader_is_told_when_it_will_know() -> None:
    assert routine(READERS, ("mode: production", "mode: test")) == {
        "shop/ConfigMap/settings": "mode: by-env goes on with the old value until its pods restart; "
        "by-folder sees the change in about a minute; nightly takes it with the next run"
    }


def test_who_mounts_one_file_by_sub_path_goes_on_with_it() -> None:
    assert routine(READERS, ("a = 1", "a = 2")) == {
        "shop/ConfigMap/settings": "app.conf: by-part goes on with the old file, which is mounted by subPath, "
        "until its pods restart; by-folder sees the change in about a minute; nightly takes it with the next run"
    }


def test_a_secret_that_is_fetched_from_elsewhere_is_read_at_the_start_too() -> None:
    assert routine(READERS, ("property: password", "property: new-password")) == {
        "shop/ExternalSecret/login": "password: by-env goes on with the old value until its pods restart"
    }


def test_the_command_is_told_by_which_they_know_it_now() -> None:
    new = READERS.replace("mode: production", "mode: test")
    (item,) = review(examples(READERS), examples(new)).objects
    assert item.worst.do == "if it shall be known now, kubectl -n shop rollout restart deployment/by-env"


def test_who_restarts_in_the_same_step_knows_it_then() -> None:
    found = routine(READERS, ("mode: production", "mode: test"), ("name: MODE", "name: APP_MODE"))
    assert "by-env restarts with it" in found["shop/ConfigMap/settings"]


@pytest.mark.parametrize(
    ("replaced", "reason"),
    [
        (("schedule: 0 2 * * *", "schedule: 0 3 * * *"), "schedule 0 2 * * * → 0 3 * * *"),
        (("job:1.0.0", "job:1.0.1"), "image 1.0.0 → 1.0.1"),
        (("schedule: 0 2 * * *", "schedule: 0 2 * * *\n  concurrencyPolicy: Forbid"), "concurrencyPolicy"),
    ],
)
def test_a_cron_job_takes_effect_with_its_next_run(replaced: tuple[str, str], reason: str) -> None:
    assert routine(READERS, replaced) == {"shop/CronJob/nightly": f"takes effect with its next run: {reason}"}


def test_a_suspended_cron_job_runs_no_more() -> None:
    found = routine(READERS, ("schedule: 0 2 * * *", "schedule: 0 2 * * *\n  suspend: true"))
    assert found == {"shop/CronJob/nightly": "is suspended: it runs no more"}


def test_the_labels_of_a_workload_itself_replace_no_pod() -> None:
    found = routine(READERS, ("{name: by-env, namespace: shop}", "{name: by-env, namespace: shop, labels: {team: a}}"))
    assert found == {"shop/Deployment/by-env": "no pod is replaced: label team of the Deployment itself"}


def test_a_deployment_that_stops_all_pods_from_now_on() -> None:
    strategy = ("{matchLabels: {app: by-env}}", "{matchLabels: {app: by-env}}\n  strategy: {type: Recreate}")
    assert routine(READERS, strategy)["shop/Deployment/by-env"].endswith(
        " of the Deployment itself; from now on, each rollout stops all pods before it starts new ones"
    )


@pytest.mark.parametrize(
    ("interval", "told"),
    [
        ("0", True),
        ('"0"', True),
        ("0s", True),
        ("0h0m0s", True),
        ("10m", False),
        ("0s\n  refreshPolicy: OnChange", False),
    ],
)
def test_a_secret_without_an_interval_is_not_read_again(interval: str, told: bool) -> None:
    found = routine(READERS, ("  secretStoreRef:", f"  refreshInterval: {interval}\n  secretStoreRef:"))
    assert ("is never read again" in found["shop/ExternalSecret/login"]) is told


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ("allowVolumeExpansion: true", "the volume grows from 5Gi to 10Gi, while it is used; it cannot shrink again"),
        ("allowVolumeExpansion: false", None),
    ],
)
def test_a_volume_grows_where_its_class_lets_it(parameters: str, reason: str | None) -> None:
    old = f"""
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {{name: longhorn}}
provisioner: driver.longhorn.io
{parameters}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {{name: data, namespace: shop}}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: longhorn
  resources: {{requests: {{storage: 5Gi}}}}
"""
    new = old.replace("5Gi", "10Gi")
    told = [c for item in review(examples(old), examples(new)).objects for c in item.concerns]
    assert [c.reason for c in told if c.risk == "volume-grows"] == ([reason] if reason else [])


def test_alerts_that_come_and_go_are_named() -> None:
    old = """
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: web, namespace: shop}
spec:
  groups:
  - name: web
    rules:
    - {alert: Down, expr: up == 0, for: 5m}
    - {alert: Slow, expr: slow > 1}
"""
    found = routine(old, ("alert: Slow", "alert: VerySlow"), ("for: 5m", "for: 10m"))
    assert found == {
        "shop/PrometheusRule/web": "1 alert is new: VerySlow; 1 alert is gone: Slow; 1 alert is changed: Down"
    }


def rules(name: str, *alerts: str) -> str:
    """A PrometheusRule with these alerts."""
    found = ", ".join(f"{{alert: {alert}, expr: up == 0}}" for alert in alerts)
    return f"""
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {{name: {name}, namespace: shop}}
spec: {{groups: [{{name: all, rules: [{found}]}}]}}
"""


def test_alerts_go_with_their_object_unless_another_has_them() -> None:
    old = "---".join((rules("web", "A", "B", "C", "D"), rules("db", "E")))
    assert routine(old, (rules("web", "A", "B", "C", "D").strip(), "")) == {
        "shop/PrometheusRule/web": "4 alerts are gone: A, B, C and 1 more"
    }
    moved = routine(old, (rules("db", "E").strip(), ""), ("[{alert: A,", "[{alert: E, expr: up == 0}, {alert: A,"))
    assert not any("alert" in reason for reason in moved.values())


def test_who_reads_a_whole_folder_sees_that_a_file_is_gone() -> None:
    found = routine(READERS, ("mode: production, app.conf", "mode: production, other.conf: x, app.conf"))
    assert "by-folder sees the change" in found["shop/ConfigMap/settings"]
    old = READERS.replace("mode: production, app.conf", "mode: production, other.conf: x, app.conf")
    found = routine(old, ("other.conf: x, ", ""))
    assert found["shop/ConfigMap/settings"].startswith("other.conf: by-folder sees the change in about a minute")


def test_a_file_that_loses_a_rule_is_there_still() -> None:
    old = READERS.replace('app.conf: "a = 1"', 'rules.yml: "groups: [{name: a, rules: []}, {name: b, rules: []}]"')
    found = routine(old, (", {name: b, rules: []}", ""))
    assert "rules.yml: by-folder sees the change in about a minute" in found["shop/ConfigMap/settings"]


PAUSED = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  paused: true
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "example/web:1.0.0"}]
"""


def test_a_deployment_that_is_paused_replaces_no_pod() -> None:
    assert routine(PAUSED, ("web:1.0.0", "web:1.0.1")) == {
        "shop/Deployment/web": "no pod is replaced until it is no longer paused: image 1.0.0 → 1.0.1"
    }


def test_another_first_number_of_a_stateful_set_is_not_said_to_replace_no_pod() -> None:
    old = PAUSED.replace("kind: Deployment", "kind: StatefulSet").replace("paused: true", "ordinals: {start: 0}")
    assert "no pod" not in routine(old, ("start: 0", "start: 1")).get("shop/StatefulSet/web", "")


MIDDLEWARE = """
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: limit, namespace: shop}
spec: {rateLimit: {average: 100, period: 1s}, headers: {customRequestHeaders: {X-Key: example-1}}}
"""


@pytest.mark.parametrize(
    ("replaced", "reason"),
    [
        (("average: 100", "average: 1"), "rateLimit.average 100 → 1"),
        (("period: 1s", "period: 1m"), "rateLimit.period 1s → 1m"),
        # What may be a secret is not shown.
        (("example-1", "example-2"), "headers.customRequestHeaders.X-Key"),
    ],
)
def test_a_middleware_is_told_with_its_settings(replaced: tuple[str, str], reason: str) -> None:
    assert routine(MIDDLEWARE, replaced) == {"shop/Middleware/limit": f"{reason}: at once, for all routes that name it"}
