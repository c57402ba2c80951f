"""Who names whom: each field of an object that holds the name of another one."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeAlias

from vkm_manifests.graph import shape
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.resource import Resource
from vkm_manifests.identity import CLUSTER_SCOPED

CERT_MANAGER: Final = "cert-manager"
"""Where a ClusterIssuer's Secrets are read from, unless cert-manager was told otherwise."""

RECURRING_JOB_GROUP: Final = "RecurringJob group"
"""The kind of a reference to a group of Longhorn's recurring jobs, which is no object of its own."""

SYSTEM_NAMESPACES: Final = frozenset({"kube-node-lease", "kube-public", "kube-system"})
"""Where Kubernetes and its distributions keep things that no manifests show."""

_SERVICE_PORT: Final = 443  # of a webhook or an APIService that names none
_CRD_PROVIDER: Final = "@kubernetescrd"
_ISSUERS: Final = {"cert-manager.io/issuer": "Issuer", "cert-manager.io/cluster-issuer": "ClusterIssuer"}
_BOUND: Final = "pv.kubernetes.io/bind-completed"
_DATA_SOURCES: Final = (("", "PersistentVolumeClaim"), ("snapshot.storage.k8s.io", "VolumeSnapshot"))
_TLS_KEYS: Final = ("tls.crt", "tls.key")
_SELECTOR_FIELDS: Final = {"name", "key", "optional"}
# Volumes of drivers that log in to something: kind of the volume to the field of its Secret.
_VOLUME_SECRETS: Final = {
    "cephfs": "secretRef",
    "csi": "nodePublishSecretRef",
    "flexVolume": "secretRef",
    "iscsi": "secretRef",
    "rbd": "secretRef",
    "scaleIO": "secretRef",
    "storageos": "secretRef",
}


@dataclass(frozen=True, kw_only=True)
class Reference:
    """A field of an object that holds the name of another one.

    Attributes:
        source: the object that has the field.
        field: which one.
        kind: of the object that is named.
        namespace: where that is; empty for what lives in none, and where the field does not say.
        name: of it.
        key: which key of a Secret or ConfigMap, or which port of a Service (its name, or its number as text); empty
            for the whole.
        optional: whether nothing is wrong when it is missing.
    """

    source: Resource
    field: str
    kind: str
    namespace: str
    name: str
    key: str = ""
    optional: bool = False


References: TypeAlias = Iterator[Reference]


def references_of(resource: Resource, namespaces: Collection[str] = ()) -> References:
    """What an object names.

    Args:
        resource: the object.
        namespaces: the known ones: Traefik writes `namespace-name@kubernetescrd`, where either part may have dashes.
    """
    found = _FINDERS.get((_group(resource), resource.kind))
    for reference in (*(found(resource) if found else ()), *_of_pods(resource)):
        if "@" not in reference.name:
            yield reference
        elif reference.name.endswith(_CRD_PROVIDER):
            yield _qualified(reference, namespaces)


def _group(resource: Resource) -> str:
    return {"traefik.containo.us": "traefik.io", "extensions": "networking.k8s.io"}.get(resource.group, resource.group)


def _qualified(reference: Reference, namespaces: Collection[str]) -> Reference:
    full = reference.name.removesuffix(_CRD_PROVIDER)
    known = [namespace for namespace in namespaces if full.startswith(f"{namespace}-")]
    namespace = max(known, key=len, default=full.partition("-")[0])
    return replace(reference, namespace=namespace, name=full[len(namespace) + 1 :])


def _to(
    source: Resource,
    field: str,
    kind: str,
    name: Any,
    *,
    namespace: str | None = None,
    key: Any = "",
    optional: bool = False,
) -> References:
    """The one reference that a field is, or none if it holds no name."""
    if not isinstance(name, str) or not name:
        return
    where = "" if kind in CLUSTER_SCOPED else source.namespace if namespace is None else namespace
    number = isinstance(key, int) and not isinstance(key, bool)
    text = str(key) if number or isinstance(key, str) else ""
    yield Reference(source=source, field=field, kind=kind, namespace=where, name=name, key=text, optional=optional)


def _selector(source: Resource, field: str, kind: str, value: Any, *, namespace: str | None = None) -> References:
    """A key of a Secret or ConfigMap: `{name, key, optional}`."""
    yield from _to(
        source,
        field,
        kind,
        shape.dig(value, "name"),
        namespace=namespace,
        key=shape.dig(value, "key"),
        optional=shape.dig(value, "optional") is True,
    )


def _selectors_below(source: Resource, field: str, value: Any) -> References:
    """All `{name, key, optional}` below a value: a ConfigMap's where their field says so, a Secret's otherwise."""
    for below, key, item in shape.walk(value, field):
        if isinstance(item, Mapping) and {"name", "key"} <= item.keys() <= _SELECTOR_FIELDS:
            yield from _selector(source, below, "ConfigMap" if "configmap" in key.lower() else "Secret", item)


def _tls_secret(source: Resource, field: str, name: Any, *, namespace: str | None = None) -> References:
    for key in _TLS_KEYS:
        yield from _to(source, field, "Secret", name, namespace=namespace, key=key)


def _names(source: Resource, field: str, kind: str, *path: str) -> References:
    """The names in a list of texts."""
    for index, name in enumerate(shape.texts(source.manifest, *path)):
        yield from _to(source, f"{field}[{index}]", kind, name)


def _named(source: Resource, field: str, kind: str, value: Any, *path: str) -> References:
    """The names in a list of `{name, namespace}`."""
    for below, item in shape.named(value, field, *path):
        yield from _to(source, below, kind, item.get("name"), namespace=shape.text(item, "namespace") or None)


# Pods.


def _of_pods(workload: Resource) -> References:
    pod = Pod.of(workload)
    if not pod:
        return
    for container in pod.containers:
        yield from _of_environment(workload, container.field, container.manifest)
    yield from _of_pod_spec(workload, pod.spec_field, pod.spec)


def _of_pod_spec(source: Resource, field: str, spec: Mapping[str, Any]) -> References:
    """What a pod names beside its containers; operators' kinds have these fields too."""
    for below, volume in shape.named(spec, f"{field}.volumes", "volumes"):
        yield from _of_volume(source, below, volume)
    for below, item in shape.named(spec, f"{field}.imagePullSecrets", "imagePullSecrets"):
        yield from _to(source, below, "Secret", item.get("name"))
    account = "serviceAccountName" if shape.text(spec, "serviceAccountName") else "serviceAccount"
    yield from _to(source, f"{field}.{account}", "ServiceAccount", spec.get(account))
    yield from _to(source, f"{field}.priorityClassName", "PriorityClass", spec.get("priorityClassName"))
    yield from _to(source, f"{field}.runtimeClassName", "RuntimeClass", spec.get("runtimeClassName"))


def _of_environment(source: Resource, field: str, container: Any) -> References:
    for below, variable in shape.named(container, f"{field}.env", "env"):
        value = shape.mapping(variable, "valueFrom")
        yield from _selector(source, below, "Secret", value.get("secretKeyRef"))
        yield from _selector(source, below, "ConfigMap", value.get("configMapKeyRef"))
    for below, item in shape.named(container, f"{field}.envFrom", "envFrom"):
        for kind, key in (("Secret", "secretRef"), ("ConfigMap", "configMapRef")):
            ref = shape.mapping(item, key)
            yield from _to(source, below, kind, ref.get("name"), optional=ref.get("optional") is True)


def _of_volume(source: Resource, field: str, volume: Mapping[str, Any]) -> References:
    yield from _of_files(source, field, "Secret", volume.get("secret"), "secretName")
    yield from _of_files(source, field, "ConfigMap", volume.get("configMap"), "name")
    for index, part in enumerate(shape.mappings(volume, "projected", "sources")):
        yield from _of_files(source, f"{field}.sources[{index}]", "Secret", part.get("secret"), "name")
        yield from _of_files(source, f"{field}.sources[{index}]", "ConfigMap", part.get("configMap"), "name")
    claim = shape.dig(volume, "persistentVolumeClaim", "claimName")
    yield from _to(source, field, "PersistentVolumeClaim", claim)
    template = shape.dig(volume, "ephemeral", "volumeClaimTemplate", "spec")
    yield from _to(source, field, "StorageClass", shape.dig(template, "storageClassName"))
    yield from _to(source, field, "Secret", shape.dig(volume, "azureFile", "secretName"))
    for driver, key in _VOLUME_SECRETS.items():
        yield from _to(source, field, "Secret", shape.dig(volume, driver, key, "name"))


def _of_files(source: Resource, field: str, kind: str, value: Any, name: str) -> References:
    """A Secret or ConfigMap as files: all of its keys, or those in `items`."""
    optional = shape.dig(value, "optional") is True
    yield from _to(source, field, kind, shape.dig(value, name), optional=optional)
    for item in shape.mappings(value, "items"):
        yield from _to(source, field, kind, shape.dig(value, name), key=item.get("key"), optional=optional)


# Kubernetes.


def _of_service_account(account: Resource) -> References:
    yield from _named(account, "imagePullSecrets", "Secret", account.manifest, "imagePullSecrets")
    for field, item in shape.named(account.manifest, "secrets", "secrets"):
        name = shape.text(item, "name")
        # Made by a controller, together with the account: by old Kubernetes, and by OpenShift.
        if "-token-" not in name and "-dockercfg-" not in name:
            yield from _to(account, field, "Secret", name)


def _of_stateful_set(workload: Resource) -> References:
    yield from _to(workload, "spec.serviceName", "Service", workload.spec.get("serviceName"))
    for index, claim in enumerate(shape.mappings(workload.spec, "volumeClaimTemplates")):
        name = shape.text(claim, "metadata", "name") or index
        field = f"spec.volumeClaimTemplates[{name}].spec.storageClassName"
        yield from _to(workload, field, "StorageClass", shape.dig(claim, "spec", "storageClassName"))


def _of_claim(claim: Resource) -> References:
    if not shape.text(claim.spec, "volumeName"):
        yield from _to(claim, "spec.storageClassName", "StorageClass", claim.spec.get("storageClassName"))
        yield from _of_data_source(claim)
    # What a controller has bound has the name of a volume that no manifest shows.
    if _BOUND not in claim.annotations:
        yield from _to(claim, "spec.volumeName", "PersistentVolume", claim.spec.get("volumeName"))
    for label, value in claim.labels.items():
        prefix, _, name = label.partition("/")
        field = f"metadata.labels[{label}]"
        if value == "enabled" and prefix == "recurring-job-group.longhorn.io":
            yield from _to(claim, field, RECURRING_JOB_GROUP, name, namespace="")
        if value == "enabled" and prefix == "recurring-job.longhorn.io" and name != "source":
            yield from _to(claim, field, "RecurringJob", name, namespace="")


def _of_data_source(claim: Resource) -> References:
    """What a new volume is filled from. The API server copies one of the two fields to the other."""
    key = "dataSourceRef" if shape.mapping(claim.spec, "dataSourceRef") else "dataSource"
    source = shape.mapping(claim.spec, key)
    if (source.get("apiGroup") or "", source.get("kind")) in _DATA_SOURCES:
        namespace = shape.text(source, "namespace") or None
        yield from _to(claim, f"spec.{key}", str(source["kind"]), source.get("name"), namespace=namespace)


def _of_storage_class(storage: Resource) -> References:
    parameters = shape.labels(storage.manifest, "parameters")
    for key, name in parameters.items():
        namespace = parameters.get(key.removesuffix("-name") + "-namespace", "")
        if key.startswith("csi.storage.k8s.io/") and key.endswith("-secret-name") and "$" not in name + namespace:
            yield from _to(storage, f"parameters[{key}]", "Secret", name, namespace=namespace)
    if shape.text(storage.manifest, "provisioner") != "driver.longhorn.io":
        return
    yield from _to(
        storage, "parameters[backupTargetName]", "BackupTarget", parameters.get("backupTargetName"), namespace=""
    )
    for job in _json_list(parameters.get("recurringJobSelector", "")):
        kind = RECURRING_JOB_GROUP if job.get("isGroup") is True else "RecurringJob"
        yield from _to(storage, "parameters[recurringJobSelector]", kind, job.get("name"), namespace="")


def _json_list(text: str) -> list[Mapping[str, Any]]:
    try:
        return shape.mappings(json.loads(text)) if text else []
    except ValueError:
        return []


def _of_ingress(ingress: Resource) -> References:
    spec = ingress.spec
    yield from _to(ingress, "spec.ingressClassName", "IngressClass", spec.get("ingressClassName"))
    yield from _of_issuer_annotations(ingress)
    if not _has_shimmed_certificate(ingress):
        for index, item in enumerate(shape.mappings(spec, "tls")):
            yield from _tls_secret(ingress, f"spec.tls[{index}].secretName", item.get("secretName"))
    for key in ("defaultBackend", "backend"):
        yield from _of_ingress_backend(ingress, f"spec.{key}", spec.get(key))
    for index, rule in enumerate(shape.mappings(spec, "rules")):
        for number, path in enumerate(shape.mappings(rule, "http", "paths")):
            field = f"spec.rules[{shape.text(rule, 'host') or index}].http.paths[{shape.text(path, 'path') or number}]"
            yield from _of_ingress_backend(ingress, f"{field}.backend", path.get("backend"))
    yield from _of_traefik_annotations(ingress)
    yield from _of_nginx_annotations(ingress)


def _of_ingress_backend(ingress: Resource, field: str, backend: Any) -> References:
    port = shape.dig(backend, "service", "port", "name") or shape.dig(backend, "service", "port", "number")
    # AWS's controller: the name is that of an annotation.
    if port != "use-annotation":
        yield from _to(ingress, f"{field}.service", "Service", shape.dig(backend, "service", "name"), key=port)
        old = shape.dig(backend, "serviceName")
        yield from _to(ingress, f"{field}.serviceName", "Service", old, key=shape.dig(backend, "servicePort"))


def _of_issuer_annotations(resource: Resource) -> References:
    if resource.annotations.get("cert-manager.io/issuer-group", "cert-manager.io") == "cert-manager.io":
        for annotation, kind in _ISSUERS.items():
            name = resource.annotations.get(annotation)
            yield from _to(resource, f"metadata.annotations[{annotation}]", kind, name)


def _has_shimmed_certificate(resource: Resource) -> bool:
    """Whether cert-manager makes the Certificates, hence the Secrets, that an Ingress or Gateway names."""
    annotations = resource.annotations
    return any(name in annotations for name in _ISSUERS) or annotations.get("kubernetes.io/tls-acme") == "true"


def _of_traefik_annotations(ingress: Resource) -> References:
    prefix = "traefik.ingress.kubernetes.io/router."
    for kind, key in (("Middleware", f"{prefix}middlewares"), ("TLSOption", f"{prefix}tls.options")):
        for name in ingress.annotations.get(key, "").split(","):
            if "@" in name:
                yield from _to(ingress, f"metadata.annotations[{key}]", kind, name.strip())


def _of_nginx_annotations(ingress: Resource) -> References:
    """Secrets that ingress-nginx reads: `name` or `namespace/name`."""
    for key in ("auth-secret", "auth-tls-secret", "proxy-ssl-secret"):
        annotation = f"nginx.ingress.kubernetes.io/{key}"
        namespace, _, name = ingress.annotations.get(annotation, "").rpartition("/")
        yield from _to(ingress, f"metadata.annotations[{annotation}]", "Secret", name, namespace=namespace or None)


def _of_bindings(binding: Resource) -> References:
    role = shape.mapping(binding.manifest, "roleRef")
    if role.get("kind") in ("Role", "ClusterRole"):
        yield from _to(binding, "roleRef", str(role["kind"]), role.get("name"))
    for field, subject in shape.named(binding.manifest, "subjects", "subjects"):
        if subject.get("kind") == "ServiceAccount":
            namespace = shape.text(subject, "namespace") or None
            yield from _to(binding, field, "ServiceAccount", subject.get("name"), namespace=namespace)


_SCALED: Final = ("Deployment", "ReplicaSet", "ReplicationController", "StatefulSet")


def _of_scaler(scaler: Resource) -> References:
    """A HorizontalPodAutoscaler, a VerticalPodAutoscaler, or KEDA's ScaledObject."""
    for field in ("scaleTargetRef", "targetRef"):
        target = shape.mapping(scaler.spec, field)
        kind = shape.text(target, "kind") or ("Deployment" if scaler.kind == "ScaledObject" else "")
        if kind in _SCALED:
            yield from _to(scaler, f"spec.{field}", kind, target.get("name"))


def _of_webhooks(configuration: Resource) -> References:
    for field, webhook in shape.named(configuration.manifest, "webhooks", "webhooks"):
        yield from _to_webhook(configuration, f"{field}.clientConfig", shape.dig(webhook, "clientConfig"))


def _of_definition(definition: Resource) -> References:
    field = "spec.conversion.webhook.clientConfig"
    yield from _to_webhook(definition, field, shape.dig(definition.spec, "conversion", "webhook", "clientConfig"))


def _of_api_service(service: Resource) -> References:
    yield from _to_webhook(service, "spec", service.spec)


def _to_webhook(source: Resource, field: str, value: Any) -> References:
    service = shape.mapping(value, "service")
    port = service.get("port") or _SERVICE_PORT
    namespace = shape.text(service, "namespace")
    yield from _to(source, f"{field}.service", "Service", service.get("name"), namespace=namespace, key=port)


# Gateway API.


def _of_gateway(gateway: Resource) -> References:
    yield from _to(gateway, "spec.gatewayClassName", "GatewayClass", gateway.spec.get("gatewayClassName"))
    yield from _of_issuer_annotations(gateway)
    if _has_shimmed_certificate(gateway):
        return
    for field, listener in shape.named(gateway.spec, "spec.listeners", "listeners"):
        for below, ref in shape.named(listener, f"{field}.tls.certificateRefs", "tls", "certificateRefs"):
            if ref.get("kind", "Secret") == "Secret":
                yield from _tls_secret(gateway, below, ref.get("name"), namespace=shape.text(ref, "namespace") or None)


def _of_gateway_route(route: Resource) -> References:
    for field, parent in shape.named(route.spec, "spec.parentRefs", "parentRefs"):
        if parent.get("kind", "Gateway") == "Gateway":
            namespace = shape.text(parent, "namespace") or None
            yield from _to(route, field, "Gateway", parent.get("name"), namespace=namespace)
    for field, rule in shape.named(route.spec, "spec.rules", "rules"):
        for below, backend in shape.named(rule, f"{field}.backendRefs", "backendRefs"):
            yield from _to_backend(route, below, backend)
        for index, item in enumerate(shape.mappings(rule, "filters")):
            mirror = shape.mapping(item, "requestMirror", "backendRef")
            yield from _to_backend(route, f"{field}.filters[{index}].requestMirror.backendRef", mirror)


def _to_backend(route: Resource, field: str, backend: Mapping[str, Any]) -> References:
    if not backend.get("group") and backend.get("kind", "Service") == "Service":
        namespace = shape.text(backend, "namespace") or None
        yield from _to(route, field, "Service", backend.get("name"), namespace=namespace, key=backend.get("port"))


# Traefik.


def _of_ingress_route(route: Resource) -> References:
    """An IngressRoute, IngressRouteTCP or IngressRouteUDP."""
    tcp = route.kind == "IngressRouteTCP"
    middleware = "MiddlewareTCP" if tcp else "Middleware"
    yield from _named(route, "spec.parentRefs", "IngressRoute", route.spec, "parentRefs")
    for index, rule in enumerate(shape.mappings(route.spec, "routes")):
        field = f"spec.routes[{index}]"
        yield from _named(route, f"{field}.middlewares", middleware, rule, "middlewares")
        for below, service in shape.named(rule, f"{field}.services", "services"):
            yield from _to_traefik_service(route, below, service)
    tls = shape.mapping(route.spec, "tls")
    yield from _tls_secret(route, "spec.tls.secretName", tls.get("secretName"))
    for key, kind in (("options", "TLSOption"), ("store", "TLSStore")):
        name, namespace = shape.dig(tls, key, "name"), shape.text(tls, key, "namespace") or None
        yield from _to(route, f"spec.tls.{key}", kind, name, namespace=namespace)


def _to_traefik_service(source: Resource, field: str, service: Mapping[str, Any]) -> References:
    """One of a route's, a middleware's or a TraefikService's services."""
    kind = shape.text(service, "kind") or "Service"
    namespace = shape.text(service, "namespace") or None
    port = service.get("port") if kind == "Service" else ""
    if kind in ("Service", "TraefikService"):
        yield from _to(source, field, kind, service.get("name"), namespace=namespace, key=port)
    yield from _named(source, f"{field}.middlewares", "Middleware", service, "middlewares")
    transport = "ServersTransportTCP" if source.kind == "IngressRouteTCP" else "ServersTransport"
    yield from _to(source, f"{field}.serversTransport", transport, service.get("serversTransport"), namespace=namespace)


def _of_middleware(middleware: Resource) -> References:
    spec = middleware.spec
    for auth in ("basicAuth", "digestAuth"):
        yield from _to(middleware, f"spec.{auth}.secret", "Secret", shape.dig(spec, auth, "secret"))
    yield from _to(middleware, "spec.rateLimit.redis.secret", "Secret", shape.dig(spec, "rateLimit", "redis", "secret"))
    for path in (("forwardAuth", "tls"), ("rateLimit", "redis", "tls")):
        field, tls = ".".join(("spec", *path)), shape.mapping(spec, *path)
        yield from _to(middleware, f"{field}.caSecret", "Secret", tls.get("caSecret"))
        yield from _tls_secret(middleware, f"{field}.certSecret", tls.get("certSecret"))
    yield from _named(middleware, "spec.chain.middlewares", "Middleware", spec, "chain", "middlewares")
    yield from _to_traefik_service(middleware, "spec.errors.service", shape.mapping(spec, "errors", "service"))


def _of_tls_option(option: Resource) -> References:
    yield from _names(option, "spec.clientAuth.secretNames", "Secret", "spec", "clientAuth", "secretNames")


def _of_tls_store(store: Resource) -> References:
    default = shape.dig(store.spec, "defaultCertificate", "secretName")
    yield from _tls_secret(store, "spec.defaultCertificate.secretName", default)
    for index, item in enumerate(shape.mappings(store.spec, "certificates")):
        yield from _tls_secret(store, f"spec.certificates[{index}].secretName", item.get("secretName"))


def _of_traefik_service(service: Resource) -> References:
    for path in (("weighted", "services"), ("mirroring", "mirrors"), ("highestRandomWeight", "services")):
        for field, item in shape.named(service.spec, ".".join(("spec", *path)), *path):
            yield from _to_traefik_service(service, field, item)
    yield from _to_traefik_service(service, "spec.mirroring", shape.mapping(service.spec, "mirroring"))


def _of_servers_transport(transport: Resource) -> References:
    spec = shape.mapping(transport.spec, "tls") or transport.spec
    for index, item in enumerate(shape.mappings(spec, "rootCAs")):
        yield from _to(transport, f"spec.rootCAs[{index}].secret", "Secret", item.get("secret"))
        yield from _to(transport, f"spec.rootCAs[{index}].configMap", "ConfigMap", item.get("configMap"))
    for index, name in enumerate(shape.texts(spec, "rootCAsSecrets")):
        yield from _to(transport, f"spec.rootCAsSecrets[{index}]", "Secret", name)
    for index, name in enumerate(shape.texts(spec, "certificatesSecrets")):
        yield from _tls_secret(transport, f"spec.certificatesSecrets[{index}]", name)


# cert-manager.


def _of_certificate(certificate: Resource) -> References:
    issuer = shape.mapping(certificate.spec, "issuerRef")
    kind = shape.text(issuer, "kind") or "Issuer"
    if (shape.text(issuer, "group") or "cert-manager.io") == "cert-manager.io" and kind in _ISSUERS.values():
        yield from _to(certificate, "spec.issuerRef", kind, issuer.get("name"))
    for store in ("jks", "pkcs12"):
        ref = shape.dig(certificate.spec, "keystores", store, "passwordSecretRef")
        yield from _selector(certificate, f"spec.keystores.{store}.passwordSecretRef", "Secret", ref)


def _of_issuer(issuer: Resource) -> References:
    namespace = CERT_MANAGER if issuer.kind == "ClusterIssuer" else issuer.namespace
    for field, key, item in shape.walk(issuer.spec, "spec"):
        # An account's key is made by cert-manager; a webhook's configuration has a shape of its own.
        if key == "privateKeySecretRef" or ".webhook." in field:
            continue
        if key.lower().endswith("secretref") or key == "credentialsRef":
            yield from _selector(issuer, field, "Secret", item, namespace=namespace)
        elif key == "serviceAccountRef":
            yield from _to(issuer, field, "ServiceAccount", shape.dig(item, "name"), namespace=namespace)
        elif key == "ingressClassName":
            yield from _to(issuer, field, "IngressClass", item)
    yield from _tls_secret(
        issuer, "spec.ca.secretName", shape.dig(issuer.spec, "ca", "secretName"), namespace=namespace
    )


# External Secrets.

_STORES: Final = ("SecretStore", "ClusterSecretStore")


def _of_external_secret(secret: Resource) -> References:
    yield from _to_store(secret, "spec.secretStoreRef", secret.spec.get("secretStoreRef"))
    for part in ("data", "dataFrom"):
        for index, item in enumerate(shape.mappings(secret.spec, part)):
            field, ref = f"spec.{part}[{index}].sourceRef", shape.mapping(item, "sourceRef")
            yield from _to_store(secret, f"{field}.storeRef", ref.get("storeRef"))
            generator = shape.mapping(ref, "generatorRef")
            kind = shape.text(generator, "kind")
            namespace = "" if kind == "ClusterGenerator" else None
            if kind:
                yield from _to(secret, f"{field}.generatorRef", kind, generator.get("name"), namespace=namespace)
    for index, item in enumerate(shape.mappings(secret.spec, "target", "template", "templateFrom")):
        field = f"spec.target.template.templateFrom[{index}]"
        yield from _of_files(secret, f"{field}.secret", "Secret", item.get("secret"), "name")
        yield from _of_files(secret, f"{field}.configMap", "ConfigMap", item.get("configMap"), "name")


def _to_store(source: Resource, field: str, ref: Any) -> References:
    kind = shape.text(ref, "kind") or "SecretStore"
    if kind in _STORES:
        yield from _to(source, field, kind, shape.dig(ref, "name"))


def _of_secret_store(store: Resource) -> References:
    """A SecretStore or ClusterSecretStore: whatever looks like a key of a Secret, whatever the provider calls it."""
    cluster = store.kind == "ClusterSecretStore"
    for field, key, item in shape.walk(shape.dig(store.spec, "provider"), "spec.provider"):
        kind = _store_target(key, item)
        namespace = shape.text(item, "namespace") if cluster else store.namespace
        # Without a namespace, a cluster's store looks where the ExternalSecret is.
        if kind and (namespace or not cluster):
            yield from _selector(store, field, kind, item, namespace=namespace)


def _store_target(key: str, item: Any) -> str:
    if not isinstance(item, Mapping) or not shape.text(item, "name"):
        return ""
    if key in ("serviceAccountRef", "serviceAccount"):
        return "ServiceAccount"
    if item.get("type") == "ConfigMap" or key == "credConfig":
        return "ConfigMap"
    fields = item.keys() - {"name", "namespace", "type"}
    return "Secret" if fields == {"key"} or (not fields and key.lower().endswith("secretref")) else ""


def _of_push_secret(secret: Resource) -> References:
    for field, ref in shape.named(secret.spec, "spec.secretStoreRefs", "secretStoreRefs"):
        yield from _to_store(secret, field, ref)
    name = shape.dig(secret.spec, "selector", "secret", "name")
    yield from _to(secret, "spec.selector.secret", "Secret", name)
    for index, item in enumerate(shape.mappings(secret.spec, "data")):
        key = shape.dig(item, "match", "secretKey")
        yield from _to(secret, f"spec.data[{index}].match.secretKey", "Secret", name, key=key)


# Longhorn, MetalLB, monitoring.


def _of_backup_target(target: Resource) -> References:
    yield from _to(target, "spec.credentialSecret", "Secret", target.spec.get("credentialSecret"))


def _of_advertisement(advertisement: Resource) -> References:
    yield from _names(advertisement, "spec.ipAddressPools", "IPAddressPool", "spec", "ipAddressPools")


def _of_service(service: Resource) -> References:
    for annotation in ("metallb.io/address-pool", "metallb.universe.tf/address-pool"):
        name = service.annotations.get(annotation)
        yield from _to(service, f"metadata.annotations[{annotation}]", "IPAddressPool", name, namespace="")


def _of_spec(resource: Resource) -> References:
    """An object whose spec names keys of Secrets and ConfigMaps, and nothing else that looks like one."""
    yield from _selectors_below(resource, "spec", resource.spec)


def _of_operated(resource: Resource) -> References:
    """An Alertmanager, a Prometheus and its like, which have the fields of a pod and some of their own."""
    spec = resource.spec
    yield from _of_spec(resource)
    yield from _of_pod_spec(resource, "spec", spec)
    yield from _names(resource, "spec.secrets", "Secret", "spec", "secrets")
    yield from _names(resource, "spec.configMaps", "ConfigMap", "spec", "configMaps")
    yield from _to(resource, "spec.configSecret", "Secret", spec.get("configSecret"))
    claim = ("storage", "volumeClaimTemplate", "spec", "storageClassName")
    yield from _to(resource, ".".join(("spec", *claim)), "StorageClass", shape.dig(spec, *claim))
    for field, item in shape.named(spec, "spec.alerting.alertmanagers", "alerting", "alertmanagers"):
        # A number is one of the container's ports, not of the Service.
        port, namespace = shape.text(item, "port"), shape.text(item, "namespace") or None
        yield from _to(resource, field, "Service", item.get("name"), namespace=namespace, key=port)


def _of_grafana(grafana: Resource) -> References:
    """A Grafana that the operator runs, or one that runs elsewhere."""
    spec, field = grafana.spec, "spec.deployment.spec.template.spec"
    yield from _selectors_below(grafana, "spec.external", spec.get("external"))
    template = shape.mapping(spec, "deployment", "spec", "template", "spec")
    yield from _of_pod_spec(grafana, field, template)
    for key in ("initContainers", "containers"):
        for below, container in shape.named(template, f"{field}.{key}", key):
            yield from _of_environment(grafana, below, container)
    claim = ("persistentVolumeClaim", "spec", "storageClassName")
    yield from _to(grafana, ".".join(("spec", *claim)), "StorageClass", shape.dig(spec, *claim))


def _of_grafana_content(resource: Resource) -> References:
    yield from _of_spec(resource)
    for key in ("folderRef", "parentFolderRef"):
        yield from _to(resource, f"spec.{key}", "GrafanaFolder", resource.spec.get(key))


_Finder: TypeAlias = Callable[[Resource], Iterable[Reference]]
_FINDERS: Final[Mapping[tuple[str, str], _Finder]] = {
    ("", "PersistentVolumeClaim"): _of_claim,
    ("", "Service"): _of_service,
    ("", "ServiceAccount"): _of_service_account,
    ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"): _of_webhooks,
    ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"): _of_webhooks,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): _of_definition,
    ("apiregistration.k8s.io", "APIService"): _of_api_service,
    ("apps", "StatefulSet"): _of_stateful_set,
    ("autoscaling", "HorizontalPodAutoscaler"): _of_scaler,
    ("autoscaling.k8s.io", "VerticalPodAutoscaler"): _of_scaler,
    ("keda.sh", "ScaledObject"): _of_scaler,
    ("networking.k8s.io", "Ingress"): _of_ingress,
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): _of_bindings,
    ("rbac.authorization.k8s.io", "RoleBinding"): _of_bindings,
    ("storage.k8s.io", "StorageClass"): _of_storage_class,
    ("gateway.networking.k8s.io", "Gateway"): _of_gateway,
    **{
        ("gateway.networking.k8s.io", f"{protocol}Route"): _of_gateway_route
        for protocol in ("GRPC", "HTTP", "TCP", "TLS", "UDP")
    },
    ("traefik.io", "IngressRoute"): _of_ingress_route,
    ("traefik.io", "IngressRouteTCP"): _of_ingress_route,
    ("traefik.io", "IngressRouteUDP"): _of_ingress_route,
    ("traefik.io", "Middleware"): _of_middleware,
    ("traefik.io", "ServersTransport"): _of_servers_transport,
    ("traefik.io", "ServersTransportTCP"): _of_servers_transport,
    ("traefik.io", "TLSOption"): _of_tls_option,
    ("traefik.io", "TLSStore"): _of_tls_store,
    ("traefik.io", "TraefikService"): _of_traefik_service,
    ("cert-manager.io", "Certificate"): _of_certificate,
    ("cert-manager.io", "ClusterIssuer"): _of_issuer,
    ("cert-manager.io", "Issuer"): _of_issuer,
    ("external-secrets.io", "ClusterSecretStore"): _of_secret_store,
    ("external-secrets.io", "ExternalSecret"): _of_external_secret,
    ("external-secrets.io", "PushSecret"): _of_push_secret,
    ("external-secrets.io", "SecretStore"): _of_secret_store,
    ("longhorn.io", "BackupTarget"): _of_backup_target,
    ("metallb.io", "BGPAdvertisement"): _of_advertisement,
    ("metallb.io", "L2Advertisement"): _of_advertisement,
    **{
        ("monitoring.coreos.com", kind): _of_spec
        for kind in ("AlertmanagerConfig", "PodMonitor", "Probe", "ScrapeConfig", "ServiceMonitor")
    },
    **{
        ("grafana.integreatly.org", kind): _of_grafana_content
        for kind in ("GrafanaAlertRuleGroup", "GrafanaContactPoint", "GrafanaDashboard", "GrafanaDatasource")
    },
    ("grafana.integreatly.org", "GrafanaFolder"): _of_grafana_content,
    ("grafana.integreatly.org", "Grafana"): _of_grafana,
    **{
        ("monitoring.coreos.com", kind): _of_operated
        for kind in ("Alertmanager", "Prometheus", "PrometheusAgent", "ThanosRuler")
    },
}
