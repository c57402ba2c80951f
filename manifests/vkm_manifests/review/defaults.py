"""What the API server fills in: a manifest that states it says the same as one that leaves it out.

The defaults are Kubernetes' own (API reference, v1.37), those that the CRDs of the contracts state, and those that the
operators document for fields without one. Nothing is here that depends on the cluster, such as a default StorageClass.
"""

from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.images import Image
from vkm_manifests.identity import KUBERNETES_GROUPS, Identity

_Object = MutableMapping[str, Any]


def fill_in(manifest: _Object) -> None:
    """Write into a manifest what it leaves to the API server."""
    identity = Identity.of(manifest)
    group = "" if identity.group in KUBERNETES_GROUPS else identity.group
    fill = _OBJECTS.get((group, identity.kind))
    if fill:
        fill(manifest)
    fill_spec = _SPECS.get((group, identity.kind))
    spec = manifest.get("spec")
    if fill_spec and isinstance(spec, dict):
        fill_spec(spec)


def _fill(place: Any, /, **defaults: Any) -> None:
    if isinstance(place, dict):
        for key, value in defaults.items():
            place.setdefault(key, value)


def _fill_each(place: Any, *path: str, **defaults: Any) -> None:
    for item in shape.mappings(place, *path):
        _fill(item, **defaults)


def _each(place: Any, *path: str) -> list[_Object]:
    return [item for item in shape.mappings(place, *path) if isinstance(item, dict)]


def _pod(spec: Any) -> None:
    _fill(spec, restartPolicy="Always", dnsPolicy="ClusterFirst", schedulerName="default-scheduler")
    _fill(spec, terminationGracePeriodSeconds=30, enableServiceLinks=True)
    _fill(spec, hostNetwork=False, hostPID=False, hostIPC=False, shareProcessNamespace=False, hostUsers=True)
    if isinstance(spec, dict):
        account = spec.pop("serviceAccount", "default")  # the old name of the field
        _fill(spec, serviceAccountName=account)
    for key in ("initContainers", "containers"):
        for container in _each(spec, key):
            _container(container)
            if shape.dig(spec, "hostNetwork") is True:
                for port in _each(container, "ports"):
                    _fill(port, hostPort=port.get("containerPort"))
    for volume in _each(spec, "volumes"):
        _volume(volume)
    _fill_each(spec, "tolerations", operator="Equal")
    _fill_each(spec, "topologySpreadConstraints", nodeAffinityPolicy="Honor", nodeTaintsPolicy="Ignore")


def _volume(volume: _Object) -> None:
    for kind in ("configMap", "secret", "projected", "downwardAPI"):
        _fill(volume.get(kind), defaultMode=420)
    _fill(volume.get("hostPath"), type="")
    _fill(volume.get("emptyDir"), medium="")
    _fill(volume.get("persistentVolumeClaim"), readOnly=False)
    for source in _each(volume, "projected", "sources"):
        _fill(source.get("serviceAccountToken"), expirationSeconds=3600)
    _claim(shape.dig(volume, "ephemeral", "volumeClaimTemplate", "spec"))


def _container(container: _Object) -> None:
    image = Image.of(container.get("image"))
    is_latest = not image.digest and image.tag in ("", "latest")
    _fill(container, imagePullPolicy="Always" if is_latest else "IfNotPresent")
    _fill(container, terminationMessagePath="/dev/termination-log", terminationMessagePolicy="File")
    _fill(container, stdin=False, stdinOnce=False, tty=False)
    _fill(container, securityContext={})
    _fill(container["securityContext"], privileged=False, readOnlyRootFilesystem=False)
    _fill(container["securityContext"], allowPrivilegeEscalation=True)
    _fill_each(container, "ports", protocol="TCP")
    _fill_each(container, "volumeMounts", readOnly=False, subPath="")
    for variable in _each(container, "env"):
        if "valueFrom" not in variable:
            _fill(variable, value="")
        _fill(shape.dig(variable, "valueFrom", "fieldRef"), apiVersion="v1")
        for kind in ("secretKeyRef", "configMapKeyRef"):
            _fill(shape.dig(variable, "valueFrom", kind), optional=False)
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        found = container.get(probe)
        _fill(found, timeoutSeconds=1, periodSeconds=10, successThreshold=1, failureThreshold=3, initialDelaySeconds=0)
        _fill(shape.dig(found, "httpGet"), scheme="HTTP", path="/")
        _fill(shape.dig(found, "grpc"), service="")
    for hook in ("postStart", "preStop"):
        _fill(shape.dig(container, "lifecycle", hook, "httpGet"), scheme="HTTP", path="/")
    limits = shape.mapping(container, "resources", "limits")
    if limits:
        container["resources"].setdefault("requests", {})
        _fill(container["resources"]["requests"], **limits)


def _deployment(spec: _Object) -> None:
    _fill(spec, replicas=1, revisionHistoryLimit=10, progressDeadlineSeconds=600, minReadySeconds=0, paused=False)
    _rolling(spec, "strategy", maxSurge="25%", maxUnavailable="25%")
    _pod(shape.dig(spec, "template", "spec"))


def _rolling(spec: _Object, key: str, **defaults: Any) -> None:
    _fill(spec, **{key: {}})
    _fill(spec[key], type="RollingUpdate")
    if shape.dig(spec, key, "type") == "RollingUpdate":
        _fill(spec[key], rollingUpdate={})
        _fill(spec[key]["rollingUpdate"], **defaults)


def _stateful_set(spec: _Object) -> None:
    _fill(spec, replicas=1, revisionHistoryLimit=10, podManagementPolicy="OrderedReady", minReadySeconds=0)
    _rolling(spec, "updateStrategy", partition=0)
    _fill(spec, persistentVolumeClaimRetentionPolicy={})
    _fill(spec["persistentVolumeClaimRetentionPolicy"], whenDeleted="Retain", whenScaled="Retain")
    for claim in _each(spec, "volumeClaimTemplates"):
        _fill(claim, apiVersion="v1", kind="PersistentVolumeClaim")
        claim.pop("status", None)
        _claim(claim.get("spec"))
    _pod(shape.dig(spec, "template", "spec"))


def _daemon_set(spec: _Object) -> None:
    _fill(spec, revisionHistoryLimit=10, minReadySeconds=0)
    _rolling(spec, "updateStrategy", maxSurge=0, maxUnavailable=1)
    _pod(shape.dig(spec, "template", "spec"))


def _replica_set(spec: _Object) -> None:
    _fill(spec, replicas=1, minReadySeconds=0)
    _pod(shape.dig(spec, "template", "spec"))


def _job(spec: Any) -> None:
    if not isinstance(spec, dict):
        return
    if "parallelism" not in spec:
        _fill(spec, parallelism=1, completions=1)
    _fill(spec, completionMode="NonIndexed", suspend=False, manualSelector=False)
    if "backoffLimitPerIndex" not in spec:
        _fill(spec, backoffLimit=6)
    _fill(spec, podReplacementPolicy="Failed" if "podFailurePolicy" in spec else "TerminatingOrFailed")
    _pod(shape.dig(spec, "template", "spec"))


def _cron_job(spec: _Object) -> None:
    _fill(spec, concurrencyPolicy="Allow", suspend=False, successfulJobsHistoryLimit=3, failedJobsHistoryLimit=1)
    _job(shape.dig(spec, "jobTemplate", "spec"))


def _claim(spec: Any) -> None:
    _fill(spec, volumeMode="Filesystem")


def _volume_of_cluster(spec: _Object) -> None:
    _fill(spec, volumeMode="Filesystem", persistentVolumeReclaimPolicy="Retain")


def _service(spec: _Object) -> None:
    _fill(spec, type="ClusterIP", sessionAffinity="None", publishNotReadyAddresses=False)
    if spec["type"] != "ExternalName":
        _fill(spec, internalTrafficPolicy="Cluster")
    if spec["type"] in ("LoadBalancer", "NodePort"):
        _fill(spec, externalTrafficPolicy="Cluster")
    if spec["type"] == "LoadBalancer":
        _fill(spec, allocateLoadBalancerNodePorts=True)
    if spec["sessionAffinity"] == "ClientIP":
        _fill(spec, sessionAffinityConfig={})
        _fill(spec["sessionAffinityConfig"], clientIP={})
        _fill(shape.dig(spec, "sessionAffinityConfig", "clientIP"), timeoutSeconds=10800)
    for port in _each(spec, "ports"):
        _fill(port, protocol="TCP")
        if "port" in port:
            _fill(port, targetPort=port["port"])


def _network_policy(spec: _Object) -> None:
    _fill(spec, podSelector={}, policyTypes=["Ingress", *(["Egress"] if spec.get("egress") else [])])
    for direction in ("ingress", "egress"):
        for rule in _each(spec, direction):
            _fill_each(rule, "ports", protocol="TCP")


def _autoscaler(spec: _Object) -> None:
    _fill(spec, minReplicas=1)


def _disruption_budget(spec: _Object) -> None:
    _fill(spec, unhealthyPodEvictionPolicy="IfHealthyBudget")


def _binding(manifest: _Object) -> None:
    _fill(manifest.get("roleRef"), apiGroup="rbac.authorization.k8s.io")
    for subject in _each(manifest, "subjects"):
        _fill(subject, apiGroup="" if subject.get("kind") == "ServiceAccount" else "rbac.authorization.k8s.io")


def _storage_class(manifest: _Object) -> None:
    _fill(manifest, reclaimPolicy="Delete", volumeBindingMode="Immediate", allowVolumeExpansion=False)


def _priority_class(manifest: _Object) -> None:
    _fill(manifest, globalDefault=False, preemptionPolicy="PreemptLowerPriority")


def _secret(manifest: _Object) -> None:
    _fill(manifest, type="Opaque")


def _definition(spec: _Object) -> None:
    kind = shape.text(spec, "names", "kind")
    if kind:
        _fill(spec["names"], listKind=f"{kind}List", singular=kind.lower())
    _fill(spec, conversion={})
    _fill(spec["conversion"], strategy="None")
    _fill(spec, preserveUnknownFields=False)


def _webhooks(manifest: _Object) -> None:
    _fill_each(manifest, "webhooks", failurePolicy="Fail", matchPolicy="Equivalent", timeoutSeconds=10)
    _fill_each(manifest, "webhooks", namespaceSelector={}, objectSelector={})
    for webhook in _each(manifest, "webhooks"):
        _fill_each(webhook, "rules", scope="*")
        _fill(shape.dig(webhook, "clientConfig", "service"), port=443)
        if manifest.get("kind") == "MutatingWebhookConfiguration":
            _fill(webhook, reinvocationPolicy="Never")


def _namespace(manifest: _Object) -> None:
    metadata = manifest.get("metadata")
    _fill(metadata, labels={})
    name = shape.text(metadata, "name")
    if name:
        _fill(shape.dig(metadata, "labels"), **{"kubernetes.io/metadata.name": name})


def _external_secret(spec: _Object) -> None:
    _fill(spec, refreshInterval="1h0m0s", target={})
    _fill(spec["target"], creationPolicy="Owner", deletionPolicy="Retain")
    _fill(shape.dig(spec, "target", "template"), engineVersion="v2", mergePolicy="Replace")
    _fill(spec.get("secretStoreRef"), kind="SecretStore")
    for item in _each(spec, "data"):
        _remote(item.get("remoteRef"))
    for item in _each(spec, "dataFrom"):
        _remote(item.get("extract"))


def _remote(reference: Any) -> None:
    _fill(reference, conversionStrategy="Default", decodingStrategy="None", metadataPolicy="None")
    _fill(reference, nullBytePolicy="Ignore")


def _certificate(spec: _Object) -> None:
    # Always: cert-manager v1.18 and newer.
    _fill(spec, duration="2160h", revisionHistoryLimit=1, privateKey={})
    _fill(spec.get("issuerRef"), kind="Issuer", group="cert-manager.io")
    _fill(spec["privateKey"], algorithm="RSA", encoding="PKCS1", rotationPolicy="Always")


def _ingress_route(spec: _Object) -> None:
    for route in _each(spec, "routes"):
        _fill(route, kind="Rule")
        _fill_each(route, "services", kind="Service", passHostHeader=True)


def _service_monitor(spec: _Object) -> None:
    for key in ("endpoints", "podMetricsEndpoints"):
        for endpoint in _each(spec, key):
            _fill(endpoint, path="/metrics", scheme="http")
            for relabelings in ("relabelings", "metricRelabelings"):
                _fill_each(endpoint, relabelings, action="replace")


def _address_pool(spec: _Object) -> None:
    _fill(spec, autoAssign=True, avoidBuggyIPs=False)


_GATEWAYS: Final = "gateway.networking.k8s.io"


def _gateway(spec: _Object) -> None:
    for listener in _each(spec, "listeners"):
        _fill(listener, allowedRoutes={})
        _fill(listener["allowedRoutes"], namespaces={})
        _fill(shape.dig(listener, "allowedRoutes", "namespaces"), **{"from": "Same"})
        _fill_each(listener, "allowedRoutes", "kinds", group=_GATEWAYS)
        _fill(listener.get("tls"), mode="Terminate")
        _fill_each(listener, "tls", "certificateRefs", group="", kind="Secret")


def _gateway_route(spec: _Object) -> None:
    _fill_each(spec, "parentRefs", group=_GATEWAYS, kind="Gateway")
    for rule in _each(spec, "rules"):
        _fill_each(rule, "backendRefs", group="", kind="Service", weight=1)


def _http_route(spec: _Object) -> None:
    _gateway_route(spec)
    if not spec.get("rules"):
        spec["rules"] = [{}]
    for rule in _each(spec, "rules"):
        if not rule.get("matches"):
            rule["matches"] = [{}]
        for match in _each(rule, "matches"):
            _fill(match, path={})
            _fill(match["path"], type="PathPrefix", value="/")
            for named in ("headers", "queryParams"):
                _fill_each(match, named, type="Exact")
        for choice in _each(rule, "filters"):
            _fill(choice.get("requestRedirect"), statusCode=302)
            _fill(shape.dig(choice, "requestMirror", "backendRef"), group="", kind="Service")


def _grafana_part(spec: _Object) -> None:
    _fill(spec, allowCrossNamespaceImport=False, resyncPeriod="10m")


# Kubernetes' own groups are the empty text: the kinds tell them apart, and old manifests have old groups.
_OBJECTS: Final[Mapping[tuple[str, str], Callable[[_Object], None]]] = {
    ("", "ClusterRoleBinding"): _binding,
    ("", "MutatingWebhookConfiguration"): _webhooks,
    ("", "Namespace"): _namespace,
    ("", "PriorityClass"): _priority_class,
    ("", "RoleBinding"): _binding,
    ("", "Secret"): _secret,
    ("", "StorageClass"): _storage_class,
    ("", "ValidatingWebhookConfiguration"): _webhooks,
}
_SPECS: Final[Mapping[tuple[str, str], Callable[[_Object], None]]] = {
    ("", "CronJob"): _cron_job,
    ("", "CustomResourceDefinition"): _definition,
    ("", "DaemonSet"): _daemon_set,
    ("", "Deployment"): _deployment,
    ("", "HorizontalPodAutoscaler"): _autoscaler,
    ("", "Job"): _job,
    ("", "NetworkPolicy"): _network_policy,
    ("", "PersistentVolume"): _volume_of_cluster,
    ("", "PersistentVolumeClaim"): _claim,
    ("", "Pod"): _pod,
    ("", "PodDisruptionBudget"): _disruption_budget,
    ("", "ReplicaSet"): _replica_set,
    ("", "Service"): _service,
    ("", "StatefulSet"): _stateful_set,
    ("cert-manager.io", "Certificate"): _certificate,
    ("external-secrets.io", "ExternalSecret"): _external_secret,
    (_GATEWAYS, "GRPCRoute"): _gateway_route,
    (_GATEWAYS, "Gateway"): _gateway,
    (_GATEWAYS, "HTTPRoute"): _http_route,
    (_GATEWAYS, "TCPRoute"): _gateway_route,
    (_GATEWAYS, "TLSRoute"): _gateway_route,
    ("grafana.integreatly.org", "GrafanaDashboard"): _grafana_part,
    ("grafana.integreatly.org", "GrafanaDatasource"): _grafana_part,
    ("grafana.integreatly.org", "GrafanaFolder"): _grafana_part,
    ("metallb.io", "IPAddressPool"): _address_pool,
    ("monitoring.coreos.com", "PodMonitor"): _service_monitor,
    ("monitoring.coreos.com", "ServiceMonitor"): _service_monitor,
    ("traefik.io", "IngressRoute"): _ingress_route,
}
