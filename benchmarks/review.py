"""What a review costs, and how that grows: beside verification and a textual diff of the same manifests.

.venv/bin/python benchmarks/review.py [applications ...]
"""

import copy
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from vkm_manifests.review import review
from vkm_manifests.verify import verify

RUNS = 3
APPLICATION = """
apiVersion: v1
kind: Namespace
metadata: {name: NAME, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: NAME, namespace: NAME}
spec:
  replicas: 2
  selector: {matchLabels: {app.kubernetes.io/name: NAME}}
  template:
    metadata: {labels: {app.kubernetes.io/name: NAME}}
    spec:
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: web
          image: registry.example.com/NAME:1.4.2
          env:
            - {name: DB_HOST, value: NAME-db.NAME.svc.cluster.local}
            - {name: MODE, value: production}
            - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: NAME-credentials, key: password}}}
          ports: [{name: http, containerPort: 8080}]
          readinessProbe: {httpGet: {path: /ready, port: http}}
          resources: {requests: {cpu: 50m, memory: 128Mi}, limits: {memory: 256Mi}}
          securityContext: {allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}
          volumeMounts: [{name: data, mountPath: /data}, {name: config, mountPath: /etc/app}]
      volumes:
        - {name: data, persistentVolumeClaim: {claimName: NAME-data}}
        - {name: config, configMap: {name: NAME-config}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: NAME-data, namespace: NAME}
spec: {accessModes: [ReadWriteMany], storageClassName: longhorn, resources: {requests: {storage: 10Gi}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: NAME-config, namespace: NAME}
data:
  app.yaml: |
    server: {port: 8080, timeout: 30s}
    features: [search, export]
    limits: {uploads: 20, users: 500}
---
apiVersion: v1
kind: Service
metadata: {name: NAME, namespace: NAME}
spec: {selector: {app.kubernetes.io/name: NAME}, ports: [{name: http, port: 80, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: NAME}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: NAME-from-traefik, namespace: NAME}
spec:
  podSelector: {matchLabels: {app.kubernetes.io/name: NAME}}
  policyTypes: [Ingress]
  ingress:
    - from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: traefik}}}]
      ports: [{port: 8080}]
---
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: NAME, namespace: NAME}
spec:
  entryPoints: [websecure]
  routes: [{match: Host(`NAME.example.com`), kind: Rule, services: [{name: NAME, port: http}]}]
"""

Manifests = list[dict[str, Any]]


def made(applications: int) -> tuple[Manifests, Manifests]:
    """So many applications; in the second set, one of ten has another image, and another one another name."""
    text = "---".join(APPLICATION.replace("NAME", f"app-{number}") for number in range(applications))
    old = list(yaml.load_all(text, Loader=yaml.CSafeLoader))
    new = copy.deepcopy(old)
    for number, manifest in enumerate(item for item in new if item["kind"] == "Deployment"):
        if number % 10 == 0:
            container = manifest["spec"]["template"]["spec"]["containers"][0]
            container["image"] = container["image"].replace("1.4.2", "1.5.0")
        elif number % 10 == 1:
            manifest["metadata"]["name"] += "-web"
    return old, new


def seconds(do: Callable[[], object]) -> float:
    """The processor time that it takes, of several runs the median."""

    def once() -> float:
        begin = time.process_time()
        do()
        return time.process_time() - begin

    return statistics.median(once() for _ in range(RUNS))


def textual(old: Manifests, new: Manifests) -> float:
    """How long git takes for the difference of the texts: one file for each object."""
    with tempfile.TemporaryDirectory() as folder:
        for side, manifests in (("old", old), ("new", new)):
            place = Path(folder, side)
            place.mkdir()
            for number, manifest in enumerate(manifests):
                (place / f"{number}.yaml").write_text(yaml.dump(manifest, Dumper=yaml.CSafeDumper), encoding="utf-8")
        begin = time.perf_counter()
        subprocess.run(["git", "diff", "--no-index", "old", "new"], cwd=folder, check=False, capture_output=True)
        return time.perf_counter() - begin


def main() -> None:
    """Print a line for each number of applications."""
    sizes = [int(word) for word in sys.argv[1:]] or [100, 200, 400, 800]
    print("applications  objects  review  per object  verify  git diff   (seconds; per object in ms)")
    for size in sizes:
        old, new = made(size)
        took = seconds(lambda old=old, new=new: review(old, new))  # type: ignore[misc]
        verified = seconds(lambda new=new: verify(new))  # type: ignore[misc]
        print(
            f"{size:12}  {len(old):7}  {took:6.2f}  {took / len(old) * 1000:10.3f}  {verified:6.2f}"
            f"  {textual(old, new):8.2f}"
        )


if __name__ == "__main__":
    main()
