"""References: what is named, exists."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Final, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.outside import MADE_OUTSIDE
from vkm_manifests.graph.references import RECURRING_JOB_GROUP, SYSTEM_NAMESPACES, Reference
from vkm_manifests.graph.resource import Finding, Resource, Severity
from vkm_manifests.graph.secrets import Keys, secrets_of
from vkm_manifests.graph.selector import matches
from vkm_manifests.verify.rule import rule

_Names: TypeAlias = Mapping[str, set[str]]
"""Name to the namespaces in which there is an object of this name; an empty one stands for any."""

_BUILT_IN: Final = frozenset(
    {
        ("BackupTarget", "default"),
        ("ClusterRole", "admin"),
        ("ClusterRole", "cluster-admin"),
        ("ClusterRole", "edit"),
        ("ClusterRole", "view"),
        ("ConfigMap", "kube-root-ca.crt"),
        ("ConfigMap", "openshift-service-ca.crt"),
        ("PriorityClass", "system-cluster-critical"),
        ("PriorityClass", "system-node-critical"),
        ("Role", "extension-apiserver-authentication-reader"),
        ("ServiceAccount", "default"),
        ("TLSOption", "default"),
        ("TLSStore", "default"),
    }
)
_SYSTEM_ROLES: Final = ("system:", "kubeadm:")
# Kinds that are easily taken for each other: one in a namespace, one for the whole cluster.
_COUNTERPARTS: Final = {
    kind: other
    for pair in (("Issuer", "ClusterIssuer"), ("Role", "ClusterRole"), ("SecretStore", "ClusterSecretStore"))
    for kind, other in (pair, pair[::-1])
}
# Its value names the Secret in which OpenShift keeps a certificate for the Service.
_SERVING_CERTIFICATES: Final = (
    "service.beta.openshift.io/serving-cert-secret-name",
    "service.alpha.openshift.io/serving-cert-secret-name",
)
# What operators make of their objects: the kind, and its name with that of the object.
_MADE_BY_OPERATORS: Final = {
    "ConfigMap": (("Grafana", "{}-ini"), ("Grafana", "{}-plugins")),
    "PersistentVolumeClaim": (("Grafana", "{}-pvc"),),
    "Secret": (("Grafana", "{}-admin-credentials"),),
    "Service": (
        ("Alertmanager", "alertmanager-operated"),
        ("Grafana", "{}-service"),
        ("Prometheus", "prometheus-operated"),
        ("PrometheusAgent", "prometheus-agent-operated"),
        ("ThanosRuler", "thanos-ruler-operated"),
    ),
    "ServiceAccount": (("Grafana", "{}-sa"),),
}
# Copy a Secret or ConfigMap into other namespaces.
_COPIERS: Final = ("reflector.v1.k8s.emberstack.com/", "replicator.v1.mittwald.de/replicate-to")


# What exists.


def _names(graph: Graph, kind: str) -> _Names:
    found: dict[str, set[str]] = defaultdict(set)
    for namespace, name in (*_declared(graph, kind), *_made(graph, kind), *_made_by_operators(graph, kind)):
        found[name].add(namespace)
    return found


def _declared(graph: Graph, kind: str) -> Iterator[tuple[str, str]]:
    for item in graph.declarations:
        if item.outside and item.outside.kind == kind:
            yield item.outside.namespace or "", item.outside.name


def _made(graph: Graph, kind: str) -> Iterator[tuple[str, str]]:
    match kind:
        case "Secret":
            yield from graph.secrets
            yield from _secrets_made_by_others(graph)
            yield from _copies(graph, kind)
        case "ConfigMap":
            yield from graph.config_maps
            yield from (("", bundle.name) for bundle in graph.of_kind("Bundle"))
            yield from _copies(graph, kind)
        case "PersistentVolumeClaim":
            yield from ((claim.namespace, claim.name) for claim in graph.of_kind(kind))
            yield from _claims_of_stateful_sets(graph)
        case "StorageClass":
            yield from (("", storage.name) for storage in graph.of_kind(kind))
            # A volume and a claim find each other by a class that needs no object.
            yield from (("", shape.text(pv.spec, "storageClassName")) for pv in graph.of_kind("PersistentVolume"))
        case "Service":
            yield from ((service.namespace, service.name) for service in graph.of_kind(kind))
            yield "default", "kubernetes"
        case _ if kind == RECURRING_JOB_GROUP:
            for job in graph.of_kind("RecurringJob"):
                yield from ((job.namespace, group) for group in shape.texts(job.spec, "groups"))
        case _:
            yield from ((resource.namespace, resource.name) for resource in graph.of_kind(kind))


def _made_by_operators(graph: Graph, kind: str) -> Iterator[tuple[str, str]]:
    for owner, name in _MADE_BY_OPERATORS.get(kind, ()):
        yield from ((resource.namespace, name.format(resource.name)) for resource in graph.of_kind(owner))


def _secrets_made_by_others(graph: Graph) -> Iterator[tuple[str, str]]:
    for service in graph.of_kind("Service"):
        for annotation in _SERVING_CERTIFICATES:
            if annotation in service.annotations:
                yield service.namespace, service.annotations[annotation]
    for secret in graph.of_kind("ClusterExternalSecret"):
        name = shape.text(secret.spec, "externalSecretName") or secret.name
        yield "", shape.text(secret.spec, "externalSecretSpec", "target", "name") or name
    for ingress in graph.of_kind("Ingress"):
        if any("cert-manager.io/" in annotation for annotation in ingress.annotations):
            yield from (
                (ingress.namespace, shape.text(tls, "secretName")) for tls in shape.mappings(ingress.spec, "tls")
            )


def _copies(graph: Graph, kind: str) -> Iterator[tuple[str, str]]:
    for resource in graph.of_kind(kind):
        if any(annotation.startswith(_COPIERS) for annotation in resource.annotations):
            yield "", resource.name


def _claims_of_stateful_sets(graph: Graph) -> Iterator[tuple[str, str]]:
    for workload in graph.of_kind("StatefulSet"):
        first = shape.number(workload.spec, "ordinals", "start") or 0
        replicas = shape.number(workload.spec, "replicas")
        for claim in shape.mappings(workload.spec, "volumeClaimTemplates"):
            for ordinal in range(first, first + min(1 if replicas is None else replicas, 1000)):
                yield workload.namespace, f"{shape.text(claim, 'metadata', 'name')}-{workload.name}-{ordinal}"


def _is_there(reference: Reference, names: _Names) -> bool:
    kind, name, namespaces = reference.kind, reference.name, names.get(reference.name, set())
    return (
        reference.namespace in namespaces
        or "" in namespaces
        or bool(not reference.namespace and namespaces)
        or (kind, name) in _BUILT_IN
        or (kind in ("Role", "ClusterRole") and name.startswith(_SYSTEM_ROLES))
    )


def _severity(graph: Graph, reference: Reference) -> Severity:
    namespace = reference.namespace
    if namespace in SYSTEM_NAMESPACES or graph.may_make(reference.kind, namespace):
        return "warning"
    # Manifests without namespaces go into one of the user's choice, all of them.
    if not namespace and reference.kind in _BESIDE_ITS_USER:
        return "error"
    return graph.severity_in("RecurringJob" if reference.kind == RECURRING_JOB_GROUP else reference.kind, namespace)


_BESIDE_ITS_USER: Final = frozenset({"ConfigMap", "PersistentVolumeClaim", "Secret", "Service", "ServiceAccount"})


def _missing(graph: Graph, *kinds: str) -> Iterator[Finding]:
    """What names an object of these kinds that does not exist."""
    for kind in kinds:
        references = graph.references_to(kind)
        names = _names(graph, kind) if references else {}
        for reference in references:
            if not reference.optional and not _is_there(reference, names):
                yield _not_there(graph, reference, names)


def _not_there(graph: Graph, reference: Reference, names: _Names) -> Finding:
    kind, name, namespace = reference.kind, reference.name, reference.namespace
    message = f"names {kind} {name}, which does not exist" + (f" in namespace {namespace}" if namespace else "")
    beside = [other for other, namespaces in names.items() if not namespace or namespaces & {namespace, ""}]
    counterpart = _COUNTERPARTS.get(kind, "")
    if elsewhere := sorted(names.get(name, ())):
        message += f"; it exists in namespace {', '.join(elsewhere)}"
        fix = f"make it in namespace {namespace} too: a {kind} is looked for in its own namespace only"
    elif graph.exists(counterpart, "" if counterpart.startswith("Cluster") else namespace, name):
        message += f"; a {counterpart} of this name does"
        fix = f"kind: {counterpart}"
    else:
        near = get_close_matches(name, beside, n=3, cutoff=0.5)
        message += f" (nearest: {', '.join(near)})" if near else ""
        fix = f"write {near[0]}, or make the {kind} {name}" if near else f"make the {kind}"
        fix += f"; or, if others make it, declare it in the annotation {MADE_OUTSIDE}"
    return reference.source.finding(reference.field, message, fix=fix, severity=_severity(graph, reference))


def _keyless(graph: Graph, kind: str, known: Mapping[tuple[str, str], Keys]) -> Iterator[Finding]:
    """What names a key that its Secret or ConfigMap does not have."""
    for reference in graph.references_to(kind):
        keys = _keys(graph, reference, known)
        if reference.key and not reference.optional and keys and reference.key not in keys:
            near = get_close_matches(reference.key, keys, n=1, cutoff=0.4)
            yield reference.source.finding(
                reference.field,
                f"names key {reference.key} of {kind} {reference.name}, which has {_listed(keys)}",
                fix=f"write {near[0]}" if near else f"add the key to the {kind}",
                severity="error",
            )


def _keys(graph: Graph, reference: Reference, known: Mapping[tuple[str, str], Keys]) -> Keys:
    """The keys of what is named; None where somebody else may fill it in, as what has no data at all."""
    found = graph.find(reference.kind, reference.namespace, reference.name)
    if found and shape.text(found.manifest, "type") == "kubernetes.io/service-account-token":
        return None
    return known.get((reference.namespace, reference.name)) or None


def _listed(names: Iterable[str]) -> str:
    found = sorted(names)
    return ", ".join(found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")


# The rules.

_USES_SECRET = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: example/web:1.0.0
    env:
    - name: DATABASE_PASSWORD
      valueFrom:
        secretKeyRef: {name: database, key: password}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: database, namespace: shop}
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: vault}
  data:
  - secretKey: password
    remoteRef: {key: database/password}
"""


@rule(passes=_USES_SECRET, breaks={"secretKeyRef: {name: database": "secretKeyRef: {name: databse"})
def secret_exists(graph: Graph) -> Iterator[Finding]:
    """A Secret that something names exists in the namespace in which it is looked for.

    Known are plain Secrets, and those that an ExternalSecret, a Certificate or a SealedSecret makes.
    """
    yield from _missing(graph, "Secret")
    yield from _merged_into_nothing(graph)


def _merged_into_nothing(graph: Graph) -> Iterator[Finding]:
    """What adds to a Secret that nobody makes: External Secrets does not make it either."""
    merging = list(filter(_merges, graph.of_kind("ExternalSecret")))
    if not merging:
        return
    others = (resource for resource in graph.resources if not _merges(resource))
    made = {
        *((namespace, name) for resource in others for namespace, name, _ in secrets_of(resource)),
        *_declared(graph, "Secret"),
        *_secrets_made_by_others(graph),
        *_copies(graph, "Secret"),
        *_made_by_operators(graph, "Secret"),
    }
    for secret in merging:
        name = shape.text(secret.spec, "target", "name") or secret.name
        if not made & {(secret.namespace, name), ("", name)}:
            yield secret.finding(
                "spec.target.creationPolicy",
                f"Merge adds to Secret {name}, which nothing here makes",
                fix=f"creationPolicy: Owner; or, if others make it, declare it in the annotation {MADE_OUTSIDE}",
                severity="warning",
            )


def _merges(resource: Resource) -> bool:
    return resource.kind == "ExternalSecret" and shape.dig(resource.spec, "target", "creationPolicy") == "Merge"


@rule(passes=_USES_SECRET, breaks={"key: password}": "key: passwd}"})
def secret_has_key(graph: Graph) -> Iterator[Finding]:
    """A Secret has the key that something names.

    Otherwise a container is not started, or what reads the Secret finds nothing in it.
    """
    yield from _keyless(graph, "Secret", graph.secrets)


_USES_CONFIG_MAP = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers: [{name: web, image: example/web:1.0.0}]
  volumes:
  - name: config
    configMap:
      name: web-config
      items: [{key: web.conf, path: web.conf}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web-config, namespace: shop}
data:
  web.conf: listen 8080
"""


@rule(passes=_USES_CONFIG_MAP, breaks={"      name: web-config": "      name: web-conf"})
def config_map_exists(graph: Graph) -> Iterator[Finding]:
    """A ConfigMap that something names exists in its namespace."""
    yield from _missing(graph, "ConfigMap")


@rule(passes=_USES_CONFIG_MAP, breaks={"key: web.conf": "key: web.config"})
def config_map_has_key(graph: Graph) -> Iterator[Finding]:
    """A ConfigMap has the key that something names."""
    yield from _keyless(graph, "ConfigMap", graph.config_maps)


_USES_CLAIM = """
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers: [{name: web, image: example/web:1.0.0}]
  volumes:
  - name: data
    persistentVolumeClaim: {claimName: web-data}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: web-data, namespace: shop}
spec:
  accessModes: [ReadWriteOnce]
  storageClassName: longhorn
  resources: {requests: {storage: 1Gi}}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: longhorn}
provisioner: driver.longhorn.io
"""


@rule(passes=_USES_CLAIM, breaks={"claimName: web-data": "claimName: data"})
def claim_exists(graph: Graph) -> Iterator[Finding]:
    """A PersistentVolumeClaim that a pod mounts exists in its namespace.

    Those of a StatefulSet's volumeClaimTemplates exist too, as template-name-number. Looked at is also what a claim is
    filled from, and the volume that it names, where there are volumes or snapshots.
    """
    yield from _missing(graph, "PersistentVolumeClaim")
    if graph.of_kind("PersistentVolume"):
        yield from _missing(graph, "PersistentVolume")
    if graph.of_kind("VolumeSnapshot"):
        # Schedules and people make them too.
        yield from (replace(finding, severity="warning") for finding in _missing(graph, "VolumeSnapshot"))


@rule(passes=_USES_CLAIM, breaks={"storageClassName: longhorn": "storageClassName: longhron"})
def storage_class_exists(graph: Graph) -> Iterator[Finding]:
    """A StorageClass that a claim names exists."""
    yield from _missing(graph, "StorageClass")


@rule(
    passes="""
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  serviceAccountName: web
  containers: [{name: web, image: example/web:1.0.0}]
""",
    breaks={"serviceAccountName: web": "serviceAccountName: wbe"},
)
def service_account_exists(graph: Graph) -> Iterator[Finding]:
    """A ServiceAccount that something runs as exists in its namespace.

    Otherwise its pods are not created.
    """
    for finding in _missing(graph, "ServiceAccount"):
        if not finding.object.kind.endswith("RoleBinding"):
            yield finding


@rule(
    passes="""
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata: {name: important}
value: 1000
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  priorityClassName: important
  containers: [{name: web, image: example/web:1.0.0}]
""",
    breaks={"priorityClassName: important": "priorityClassName: urgent"},
)
def priority_class_exists(graph: Graph) -> Iterator[Finding]:
    """A PriorityClass or RuntimeClass that a pod names exists.

    Otherwise its pods are not created.
    """
    yield from _missing(graph, "PriorityClass", "RuntimeClass")


_ROUTE = """
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: traefik}
spec: {controller: traefik.io/ingress-controller}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  ingressClassName: traefik
  rules:
  - host: shop.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend: {service: {name: web, port: {number: 80}}}
"""


@rule(passes=_ROUTE, breaks={"ingressClassName: traefik": "ingressClassName: nginx"})
def ingress_class_exists(graph: Graph) -> Iterator[Finding]:
    """An IngressClass that an Ingress or an issuer's solver names exists.

    Otherwise no controller serves it.
    """
    yield from _missing(graph, "IngressClass")


@rule(passes=_ROUTE, breaks={"service: {name: web": "service: {name: wbe"})
def service_exists(graph: Graph) -> Iterator[Finding]:
    """A Service that something leads to exists in the namespace in which it is looked for.

    Looked at are routes of every kind, middlewares, a StatefulSet's serviceName, webhooks and APIServices.
    """
    yield from _missing(graph, "Service", "TraefikService")


@rule(
    passes="""
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
  - kind: Rule
    match: Host(`shop.example.com`)
    middlewares: [{name: headers}]
    services: [{name: web, port: 80}]
---
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: headers, namespace: shop}
spec: {headers: {frameDeny: true}}
""",
    breaks={"middlewares: [{name: headers}]": "middlewares: [{name: header}]"},
)
def middleware_exists(graph: Graph) -> Iterator[Finding]:
    """A Middleware that a route or a chain names exists.

    Otherwise Traefik drops the route: its host answers 404.
    """
    yield from _missing(graph, "Middleware", "MiddlewareTCP")


@rule(
    passes="""
apiVersion: traefik.io/v1alpha1
kind: Middleware
metadata: {name: login, namespace: shop}
spec: {basicAuth: {secret: users}}
---
apiVersion: v1
kind: Secret
metadata: {name: users, namespace: shop}
stringData:
  users: alice:$2y$05$example
""",
    breaks={"  users: alice:$2y$05$example": "  users: alice:$2y$05$example\n  auth: alice:$2y$05$example"},
)
def login_secret_has_one_key(graph: Graph) -> Iterator[Finding]:
    """The Secret of a Middleware's basicAuth or digestAuth has one key, whatever its name.

    Otherwise Traefik (3.x) refuses the Middleware and drops the route. A Secret of type kubernetes.io/basic-auth has
    two: username and password.
    """
    for reference in graph.references_to("Secret"):
        if reference.source.kind == "Middleware" and reference.field.endswith("Auth.secret"):
            keys = _keys(graph, reference, graph.secrets)
            if keys and len(keys) != 1 and not {"username", "password"} <= keys:
                yield reference.source.finding(
                    reference.field,
                    f"names Secret {reference.name}, which has {len(keys)} keys: {_listed(keys)}",
                    fix="keep one key in it, such as users, with a line for each user",
                )


@rule(
    passes="""
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata: {name: web, namespace: shop}
spec:
  routes:
  - kind: Rule
    match: Host(`shop.example.com`)
    services: [{name: web, port: 80}]
  tls:
    secretName: web-tls
    options: {name: modern}
---
apiVersion: traefik.io/v1alpha1
kind: TLSOption
metadata: {name: modern, namespace: shop}
spec: {minVersion: VersionTLS13}
""",
    breaks={"options: {name: modern}": "options: {name: modren}"},
)
def tls_option_exists(graph: Graph) -> Iterator[Finding]:
    """A TLSOption, TLSStore, ServersTransport or parent that a route names exists.

    Otherwise Traefik drops the route.
    """
    yield from _missing(graph, "TLSOption", "TLSStore", "ServersTransport", "ServersTransportTCP", "IngressRoute")


@rule(
    passes="""
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  gatewayClassName: traefik
  listeners: [{name: http, port: 80, protocol: HTTP}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: web, namespace: shop}
spec:
  parentRefs: [{name: public}]
""",
    breaks={"parentRefs: [{name: public}]": "parentRefs: [{name: pubic}]"},
)
def gateway_exists(graph: Graph) -> Iterator[Finding]:
    """A Gateway that a route names exists, and so does the GatewayClass that a Gateway names."""
    yield from _missing(graph, "Gateway")
    # A class is mostly made by its controller, which says so in no manifest.
    yield from (finding for finding in _missing(graph, "GatewayClass") if finding.severity == "error")


_CERTIFICATE = """
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec:
  secretName: web-tls
  dnsNames: [shop.example.com]
  issuerRef: {kind: ClusterIssuer, name: letsencrypt}
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: {name: letsencrypt}
spec: {selfSigned: {}}
"""


@rule(
    passes=_CERTIFICATE,
    breaks={"issuerRef: {kind: ClusterIssuer, name: letsencrypt}": "issuerRef: {name: letsencrypt}"},
)
def issuer_exists(graph: Graph) -> Iterator[Finding]:
    """The issuer of a Certificate, an Ingress or a Gateway exists: an Issuer in its namespace, or a ClusterIssuer.

    Where the reference says no kind, it is an Issuer (cert-manager 1.x).
    """
    yield from _missing(graph, "Issuer", "ClusterIssuer")


_STORE = """
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: vault}
spec:
  provider: {fake: {data: []}}
  conditions:
  - namespaces: [shop]
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: database, namespace: shop}
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: vault}
  data:
  - secretKey: password
    remoteRef: {key: database/password}
"""


@rule(
    passes=_STORE,
    breaks={
        "secretStoreRef: {kind: ClusterSecretStore, name: vault}": "secretStoreRef: {name: vault}",
    },
)
def secret_store_exists(graph: Graph) -> Iterator[Finding]:
    """The store of an ExternalSecret or PushSecret exists: a SecretStore in its namespace, or a ClusterSecretStore.

    Where the reference says no kind, it is a SecretStore (External Secrets 2.x).
    """
    yield from _missing(graph, "SecretStore", "ClusterSecretStore")


@rule(passes=_STORE, breaks={"namespaces: [shop]": "namespaces: [blog]"})
def store_admits_namespace(graph: Graph) -> Iterator[Finding]:
    """A ClusterSecretStore's conditions admit the namespace of each object that uses it."""
    for reference in graph.references_to("ClusterSecretStore"):
        store = graph.find(reference.kind, "", reference.name)
        namespace = reference.source.namespace
        if store and namespace and not _admits(graph, store, namespace):
            yield reference.source.finding(
                reference.field,
                f"names ClusterSecretStore {store.name}, whose conditions do not admit namespace {namespace}",
                fix=f"add {namespace} to spec.conditions of the store",
            )


def _admits(graph: Graph, store: Resource, namespace: str) -> bool:
    conditions = shape.mappings(store.spec, "conditions")
    return not conditions or any(_meets(graph, condition, namespace) for condition in conditions)


def _meets(graph: Graph, condition: Mapping[str, object], namespace: str) -> bool:
    if namespace in shape.texts(condition, "namespaces"):
        return True
    if any(_is_like(pattern, namespace) for pattern in shape.texts(condition, "namespaceRegexes")):
        return True
    if "namespaceSelector" not in condition:
        return False
    labels = graph.namespaces.get(namespace, {})
    # Its labels are known from its manifest only.
    return not graph.find("Namespace", "", namespace) or matches(condition["namespaceSelector"], labels)


def _is_like(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return True


@rule(
    passes="""
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: session-key, namespace: shop}
spec:
  dataFrom:
  - sourceRef:
      generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: long}
---
apiVersion: generators.external-secrets.io/v1alpha1
kind: Password
metadata: {name: long, namespace: shop}
spec: {length: 48}
""",
    breaks={"kind: Password, name: long": "kind: Password, name: logn"},
)
def generator_exists(graph: Graph) -> Iterator[Finding]:
    """The generator of an ExternalSecret exists in its namespace."""
    generators = {reference.kind for reference in graph.references if reference.field.endswith(".generatorRef")}
    yield from _missing(graph, *sorted(generators))


@rule(
    passes="""
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: web, namespace: shop}
spec:
  secretName: web-tls
  dnsNames: [shop.example.com]
  issuerRef: {name: internal}
---
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: api, namespace: shop}
spec:
  secretName: api-tls
  dnsNames: [api.example.com]
  issuerRef: {name: internal}
""",
    breaks={"secretName: api-tls": "secretName: web-tls"},
)
def secret_has_one_maker(graph: Graph) -> Iterator[Finding]:
    """Each Secret is made by one object.

    Two makers overwrite each other without end. An ExternalSecret with creationPolicy Merge adds to what another makes.
    """
    first: dict[tuple[str, str], Resource] = {}
    for resource, field, name in _makers(graph):
        before = first.setdefault((resource.namespace, name), resource)
        if before is not resource:
            yield resource.finding(
                field,
                f"makes Secret {name}, which {before.kind} {before.name} makes too",
                fix="give each its own Secret",
                # Whoever writes the plain Secret may know that the other one takes it over.
                severity="warning" if before.kind == "Secret" else "error",
            )


def _makers(graph: Graph) -> Iterator[tuple[Resource, str, str]]:
    for secret in graph.of_kind("Secret"):
        if not _is_copy(secret):
            yield secret, "metadata.name", secret.name
    for certificate in graph.of_kind("Certificate"):
        if certificate.group == "cert-manager.io":
            yield certificate, "spec.secretName", shape.text(certificate.spec, "secretName")
    for secret in graph.of_kind("ExternalSecret"):
        if (shape.text(secret.spec, "target", "creationPolicy") or "Owner") in ("Owner", "Orphan"):
            yield secret, "spec.target.name", shape.text(secret.spec, "target", "name") or secret.name


def _is_copy(secret: Resource) -> bool:
    """Whether a Secret was read from a cluster, in which its maker had made it."""
    return bool(
        shape.mappings(secret.manifest, "metadata", "ownerReferences")
        or "cert-manager.io/certificate-name" in secret.annotations
        or "reconcile.external-secrets.io/managed" in secret.labels
        or "reconcile.external-secrets.io/created-by" in secret.labels
    )


_BINDING = """
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: web-reads, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, namespace: shop, name: web}
"""


@rule(passes=_BINDING, breaks={"kind: Role, name: reader": "kind: Role, name: raeder"})
def role_exists(graph: Graph) -> Iterator[Finding]:
    """The Role or ClusterRole that a binding gives exists."""
    yield from _missing(graph, "Role", "ClusterRole")


@rule(passes=_BINDING, breaks={"kind: Role, name: reader": "kind: Rule, name: reader"})
def kind_can_be_named(graph: Graph) -> Iterator[Finding]:
    """Where a field names an object by kind and name, it is a kind that this field can name.

    Looked at are a binding's roleRef and subjects, a Certificate's issuerRef, an ExternalSecret's secretStoreRef and an
    autoscaler's target.
    """
    for resource in graph.of_kind("RoleBinding", "ClusterRoleBinding"):
        if resource.group != "rbac.authorization.k8s.io":
            continue
        roles = ("Role", "ClusterRole") if resource.kind == "RoleBinding" else ("ClusterRole",)
        yield from _of_kind(resource, "roleRef.kind", shape.dig(resource.manifest, "roleRef", "kind"), roles)
        for field, subject in shape.named(resource.manifest, "subjects", "subjects"):
            yield from _of_kind(resource, f"{field}.kind", subject.get("kind"), _SUBJECTS)
    for resource in graph.of_kind("Certificate"):
        group = shape.text(resource.spec, "issuerRef", "group") or "cert-manager.io"
        if resource.group == group == "cert-manager.io":
            kind = shape.dig(resource.spec, "issuerRef", "kind")
            yield from _of_kind(resource, "spec.issuerRef.kind", kind, ("Issuer", "ClusterIssuer"))
        # Issuers of other groups are other controllers'; one that differs by a letter or two is none.
        elif group != "cert-manager.io" and get_close_matches(group, ["cert-manager.io"], cutoff=0.93):
            message = f"{group} is nearly cert-manager.io: no issuer of cert-manager's own is meant by it"
            yield resource.finding("spec.issuerRef.group", message, fix="group: cert-manager.io", severity="warning")
    for resource in graph.of_kind("ExternalSecret"):
        kind = shape.dig(resource.spec, "secretStoreRef", "kind")
        yield from _of_kind(resource, "spec.secretStoreRef.kind", kind, ("SecretStore", "ClusterSecretStore"))
    for resource in graph.of_kind(*_SCALERS):
        field, accepted = _SCALERS[resource.kind]
        target = shape.mapping(resource.spec, field)
        if shape.text(target, "apiVersion").startswith("apps/"):
            yield from _of_kind(resource, f"spec.{field}.kind", target.get("kind"), accepted)


_SCALED: Final = ("Deployment", "ReplicaSet", "StatefulSet")
# An autoscaler to its field, and to the kinds of the group `apps` that it can scale.
_SCALERS: Final = {
    "HorizontalPodAutoscaler": ("scaleTargetRef", _SCALED),
    "ScaledObject": ("scaleTargetRef", _SCALED),
    "VerticalPodAutoscaler": ("targetRef", (*_SCALED, "DaemonSet")),
}
_SUBJECTS: Final = ("Group", "ServiceAccount", "User")


def _of_kind(resource: Resource, field: str, kind: object, accepted: Sequence[str]) -> Iterator[Finding]:
    if isinstance(kind, str) and kind and kind not in accepted:
        near = get_close_matches(kind, accepted, n=1, cutoff=0.0)
        yield resource.finding(field, f"{kind} is none of {', '.join(accepted)}", fix=f"kind: {near[0]}")


@rule(
    passes=_BINDING,
    breaks={"kind: ServiceAccount, namespace: shop, name: web": "kind: ServiceAccount, namespace: shop, name: wbe"},
)
def subject_exists(graph: Graph) -> Iterator[Finding]:
    """The ServiceAccount that a binding gives a role to exists.

    Otherwise whoever makes one of this name later gets the rights.
    """
    for finding in _missing(graph, "ServiceAccount"):
        if finding.object.kind.endswith("RoleBinding"):
            yield finding


@rule(
    passes="""
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: shop}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 3
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: example/web:1.0.0}]}
""",
    breaks={"kind: Deployment, name: web": "kind: StatefulSet, name: web"},
)
def scale_target_exists(graph: Graph) -> Iterator[Finding]:
    """The workload that an autoscaler scales exists in its namespace.

    Looked at are HorizontalPodAutoscaler, VerticalPodAutoscaler and ScaledObject.
    """
    yield from _missing(graph, "Deployment", "ReplicaSet", "ReplicationController", "StatefulSet")


@rule(
    passes="""
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: shop
  labels:
    recurring-job.longhorn.io/source: enabled
    recurring-job-group.longhorn.io/critical: enabled
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
---
apiVersion: longhorn.io/v1beta2
kind: RecurringJob
metadata: {name: backup, namespace: longhorn-system}
spec:
  task: backup
  cron: 30 1 * * *
  groups: [critical]
""",
    breaks={"groups: [critical]": "groups: [important]"},
)
def backup_group_exists(graph: Graph) -> Iterator[Finding]:
    """A recurring job, or group of them, that a volume asks for exists, and so does a StorageClass's BackupTarget.

    Otherwise Longhorn (1.12) makes no backup and says nothing.
    """
    yield from _missing(graph, RECURRING_JOB_GROUP, "RecurringJob", "BackupTarget")


@rule(
    passes="""
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: {name: public, namespace: metallb-system}
spec: {addresses: [192.0.2.10/32]}
---
apiVersion: metallb.io/v1beta1
kind: L2Advertisement
metadata: {name: public, namespace: metallb-system}
spec: {ipAddressPools: [public]}
""",
    breaks={"ipAddressPools: [public]": "ipAddressPools: [pubic]"},
)
def ip_address_pool_exists(graph: Graph) -> Iterator[Finding]:
    """An IPAddressPool that an advertisement or a Service names exists.

    Otherwise the address is not announced.
    """
    yield from _missing(graph, "IPAddressPool")


@rule(
    passes="""
apiVersion: grafana.integreatly.org/v1beta1
kind: Grafana
metadata: {name: grafana, namespace: grafana, labels: {dashboards: grafana}}
spec: {external: {url: http://grafana.grafana:3000}}
---
apiVersion: grafana.integreatly.org/v1beta1
kind: GrafanaDashboard
metadata: {name: shop, namespace: grafana}
spec:
  instanceSelector: {matchLabels: {dashboards: grafana}}
  json: "{}"
""",
    breaks={
        "instanceSelector: {matchLabels: {dashboards: grafana}}": "instanceSelector: {matchLabels: {dashboards: shop}}"
    },
)
def grafana_instance_exists(graph: Graph) -> Iterator[Finding]:
    """A dashboard's, datasource's or folder's instanceSelector takes a Grafana, and the folder that it names exists.

    One in its own namespace, unless it says allowCrossNamespaceImport (grafana-operator 5.x).
    """
    grafanas = graph.of_kind("Grafana")
    for resource in graph.resources:
        selector = resource.spec.get("instanceSelector")
        is_content = resource.group == "grafana.integreatly.org" and isinstance(selector, Mapping)
        if is_content and not _has_grafana(resource, selector, grafanas):
            yield resource.finding(
                "spec.instanceSelector",
                f"takes no Grafana{_of_namespace(resource)}",
                fix="write the labels of the Grafana, or allowCrossNamespaceImport: true if it is elsewhere",
                severity="error" if grafanas else "warning",
            )
    yield from _missing(graph, "GrafanaFolder")


def _has_grafana(resource: Resource, selector: object, grafanas: Sequence[Resource]) -> bool:
    anywhere = resource.spec.get("allowCrossNamespaceImport") is True
    return any(
        matches(selector, grafana.labels)
        for grafana in grafanas
        if anywhere or not grafana.namespace or not resource.namespace or grafana.namespace == resource.namespace
    )


def _of_namespace(resource: Resource) -> str:
    across = resource.spec.get("allowCrossNamespaceImport") is True
    return "" if across or not resource.namespace else f" of namespace {resource.namespace}"
