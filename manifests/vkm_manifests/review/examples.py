"""Examples: manifests that several risks change."""

from typing import Final

DATABASE: Final = """
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: shop}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      containers:
      - name: db
        image: mariadb:11.8.8
        volumeMounts:
        - {name: data, mountPath: /var/lib/mysql}
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Gi}}}
"""

WORKLOAD: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: example/web:1.0.0
        volumeMounts:
        - {name: data, mountPath: /data}
        - {name: scratch, mountPath: /tmp}
      volumes:
      - name: data
        persistentVolumeClaim: {claimName: data}
      - name: scratch
        emptyDir: {}
"""

REDIS: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cache, namespace: shop}
spec:
  template:
    spec:
      containers:
      - name: redis
        image: redis:8.2.1
        args: [--requirepass, $(PASSWORD), --save, ""]
        env: [{name: PASSWORD, valueFrom: {secretKeyRef: {name: cache, key: password}}}]
"""

SAFE: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  template:
    spec:
      serviceAccountName: web
      automountServiceAccountToken: false
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: web
        image: example/web:1.0.0@sha256:0123
        args: [--verbose]
        env: [{name: PGSSLMODE, value: verify-full}, {name: MODE, value: production}]
        securityContext: {allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: {drop: [ALL]}}
"""

SERVICE: Final = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}]
"""

WEB: Final = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 3
  strategy: {type: Recreate}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      terminationGracePeriodSeconds: 60
      nodeSelector: {kubernetes.io/os: linux}
      containers:
      - name: web
        image: example/web:1.0.0
        ports: [{name: http, containerPort: 8080}]
        startupProbe: {httpGet: {port: http}, periodSeconds: 5, failureThreshold: 30}
        readinessProbe: {httpGet: {port: http, path: /ready}}
        livenessProbe: {tcpSocket: {port: http}, periodSeconds: 20}
        resources: {limits: {memory: 512Mi}}
"""

ROUTE: Final = """
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
  - kind: Rule
    match: Host(`shop.example.com`)
    services: [{name: web, port: 80}]
"""

SERVED: Final = "---".join((WEB, SERVICE, ROUTE))
