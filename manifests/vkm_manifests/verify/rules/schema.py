"""Schema: what the API server would refuse or drop."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from difflib import get_close_matches
from functools import cache
from typing import Any, Final
from zoneinfo import available_timezones

from cronsim import CronSim, CronSimError

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.quantity import quantity
from vkm_manifests.graph.resource import Finding, Resource, Severity
from vkm_manifests.identity import CLUSTER_SCOPED, KUBERNETES_GROUPS
from vkm_manifests.schema import names
from vkm_manifests.schema.api_versions import retired
from vkm_manifests.schema.choices import unknown_choices
from vkm_manifests.schema.schemas import Problem, contract_groups, kinds_of, numbers_of, schema_of
from vkm_manifests.verify.pod_security import containers_of
from vkm_manifests.verify.rule import rule

_SCHEDULED: Final = """
apiVersion: longhorn.io/v1beta2
kind: RecurringJob
metadata: {name: nightly, namespace: longhorn-system}
spec:
  task: backup
  cron: 0 2 * * *
  retain: 7
"""
_SERVED: Final = """
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  labels: {app: web}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: http}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - name: web
    image: example/web:1.0.0
    ports: [{name: http, containerPort: 8080}]
    resources:
      requests: {cpu: 100m, memory: 64Mi}
"""


# Schemas.


@fact
def _problems(graph: Graph) -> tuple[tuple[Resource, Problem, bool], ...]:
    """Where objects do not meet their schemas, and whether a schema names a part of the fields only."""
    found: list[tuple[Resource, Problem, bool]] = []
    for resource in graph.resources:
        schema = _schema_of(graph, resource)
        if schema:
            found.extend((resource, problem, schema.selection) for problem in schema.problems(resource.manifest))
    return tuple(found)


def _api_version(resource: Resource) -> str:
    return shape.text(resource.manifest, "apiVersion")


def _schema_of(graph: Graph, resource: Resource) -> Any:
    return schema_of(_api_version(resource), resource.kind, graph.kubernetes)


@rule(passes=_SCHEDULED, breaks={"task: backup": "task: bakcup"})
def values_are_accepted(graph: Graph) -> Iterator[Finding]:
    """Each value is of the type, and among the values, that its field accepts.

    The API server refuses the object. Kubernetes' own kinds are held against its schemas where the extra `schemas` is
    installed, those of the operators against the contracts.
    """
    for resource, problem, _ in _problems(graph):
        if problem.kind == "value":
            yield resource.finding(problem.field, problem.message, fix=problem.fix)
    for resource in graph.resources:
        if resource.group in KUBERNETES_GROUPS:
            for field, value, accepted in unknown_choices(resource):
                likely = get_close_matches(value, accepted, n=1)
                yield resource.finding(
                    field,
                    f'is "{value}", accepted are {", ".join(accepted)}',
                    fix=f"did you mean {likely[0]}?" if likely else f"write {accepted[0]}",
                )


@rule(passes=_SCHEDULED, breaks={"  cron: 0 2 * * *": "  corn: 0 2 * * *"})
def fields_are_known(graph: Graph) -> Iterator[Finding]:
    """Each field is one that its kind has.

    The API server drops the others, if it does not refuse the object. A contract names the fields of an operator that
    most users set: one that it does not name may be right.
    """
    for resource, problem, selection in _problems(graph):
        if problem.kind == "unknown":
            severity: Severity = "warning" if selection else "error"
            yield resource.finding(problem.field, problem.message, fix=problem.fix, severity=severity)


@rule(
    passes="""
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: shop, namespace: shop}
spec:
  secretName: shop-tls
  dnsNames: [shop.example.com]
  issuerRef: {kind: ClusterIssuer, name: letsencrypt}
""",
    breaks={"  secretName: shop-tls\n": ""},
)
def fields_are_given(graph: Graph) -> Iterator[Finding]:
    """Each field that a kind requires is there."""
    for resource, problem, _ in _problems(graph):
        if problem.kind == "missing":
            yield resource.finding(problem.field, problem.message, fix=problem.fix)


@rule(passes=_SERVED, breaks={"kind: Service": "kind: Sevrice"})
def kind_is_known(graph: Graph) -> Iterator[Finding]:
    """An object in one of Kubernetes' own API versions is of a kind that the version has."""
    for resource in graph.resources:
        if resource.group in KUBERNETES_GROUPS and not resource.kind.endswith("List"):
            version = _api_version(resource)
            known = frozenset() if _schema_of(graph, resource) else kinds_of(version, graph.kubernetes)
            if known and not retired(version, resource.kind):
                likely = get_close_matches(resource.kind, sorted(known), n=1)
                yield resource.finding(
                    "kind",
                    f"is no kind of {version}",
                    fix=f"did you mean {likely[0]}?" if likely else "look the kind's apiVersion up",
                )


@rule(
    passes="""
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: web, namespace: shop}
spec:
  maxUnavailable: 1
  selector: {matchLabels: {app: web}}
""",
    breaks={"apiVersion: policy/v1": "apiVersion: policy/v1beta1"},
)
def api_version_is_served(graph: Graph) -> Iterator[Finding]:
    """An object's API version is served, and will be.

    Of an operator the manifests do not show the release: there, one that was removed is a warning.
    """
    for resource in graph.resources:
        found = retired(_api_version(resource), resource.kind)
        if found is None:
            if resource.group and resource.group in KUBERNETES_GROUPS:
                yield from _unknown_version(resource, graph.kubernetes)
            continue
        own = found.project == "Kubernetes"
        gone = bool(found.removed) and (
            not own or graph.kubernetes is None or numbers_of(found.removed) <= numbers_of(graph.kubernetes)
        )
        if gone:
            message = f"was removed in {found.project} {found.removed}"
        elif own and graph.kubernetes and numbers_of(graph.kubernetes) < numbers_of(found.since):
            continue
        else:
            message = f"is deprecated since {found.project} {found.since}"
        yield resource.finding(
            "apiVersion",
            message,
            fix=f"use {found.instead}",
            severity="error" if gone and own else "warning",
        )


_EARLY: Final = re.compile(r"v\d+(?:alpha|beta)\d+")


def _unknown_version(resource: Resource, kubernetes: str | None) -> Iterator[Finding]:
    """A version that the group does not have; alpha and beta ones come and go, and are left in peace."""
    served = _api_version(resource).rpartition("/")[2]
    known = [f"{resource.group}/{each}" for each in ("v2", "v1") if kinds_of(f"{resource.group}/{each}", kubernetes)]
    if known and not _EARLY.fullmatch(served) and not kinds_of(_api_version(resource), kubernetes):
        yield resource.finding("apiVersion", f"is no version of {resource.group}", fix=f"use {known[0]}")


# Identity.


def _is_known(resource: Resource) -> bool:
    """Whether it is an object of an API whose rules are known, and no configuration file of a tool."""
    return resource.group in KUBERNETES_GROUPS or resource.group in contract_groups()


def _given_name(resource: Resource) -> str:
    """The name as it stands; a generated one has its end still to come."""
    return shape.text(resource.manifest, "metadata", "name")


@rule(passes=_SCHEDULED, breaks={"{name: nightly, namespace: longhorn-system}": "{namespace: longhorn-system}"})
def name_is_given(graph: Graph) -> Iterator[Finding]:
    """Each object has a name."""
    for resource in graph.resources:
        named = _given_name(resource) or shape.text(resource.manifest, "metadata", "generateName")
        if not named and _is_known(resource) and not resource.kind.endswith("List"):
            yield resource.finding("metadata.name", "is missing", fix="metadata: {name: ...}")


_FREE_NAMES: Final = frozenset(
    {"CertificateSigningRequest", "ClusterTrustBundle", "IPAddress", "PodCertificateRequest"}
)
_PATH_SEGMENTS: Final = frozenset({"ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"})
# What the controllers add to the name in what they make has to fit into 63 characters.
_ROOM: Final = {
    "CronJob": (52, "its jobs get 11 more"),
    "Job": (63, "it is a label of its pods"),
    "StatefulSet": (52, "a label of its pods holds it and up to 11 more"),
}


@rule(passes=_SERVED, breaks={"metadata:\n  name: web\n": "metadata:\n  name: web_shop\n"})
def name_is_valid(graph: Graph) -> Iterator[Finding]:
    """The names of objects, containers and volumes have the form that the API server wants."""
    for resource in graph.resources:
        name = _given_name(resource)
        if name and _is_known(resource):
            for message, fix in _name_mistakes(resource, name, graph.kubernetes):
                yield resource.finding("metadata.name", message, fix=fix)
    for pod in graph.own_pods:
        for field, item in (*containers_of(pod), *shape.named(pod.spec, f"{pod.spec_field}.volumes", "volumes")):
            name = shape.text(item, "name")
            if name and not names.is_label(name):
                fix = _as_label(name)
                yield pod.workload.finding(f"{field}.name", f'"{name}" is no name: accepted are {names.LABEL}', fix=fix)


def _name_mistakes(resource: Resource, name: str, kubernetes: str | None) -> Iterator[tuple[str, str]]:
    match resource.kind:
        case kind if kind in _FREE_NAMES:
            return
        case kind if kind in _PATH_SEGMENTS:
            if not names.is_path_segment(name):
                yield f'"{name}" is no name: / and % are not accepted', f"name: {_as_label(name)}"
        case "Namespace" | "Service":
            if not names.is_label(name):
                yield f'"{name}" is no name: accepted are {names.LABEL}', f"name: {_as_label(name)}"
            elif resource.kind == "Service" and not names.is_service_label(name) and _before(kubernetes, "1.36"):
                yield f'"{name}" is no name of a Service: it starts with no letter', f"name: s-{name}"
        case kind:
            if not names.is_subdomain(name):
                yield f'"{name}" is no name: accepted are {names.SUBDOMAIN}', f"name: {_as_label(name)}"
            room, reason = _ROOM.get(kind, (253, ""))
            if room < len(name) <= 253:
                yield f"has {len(name)} characters, accepted are {room}: {reason}", f"name: {name[:room].rstrip('-.')}"


def _before(kubernetes: str | None, version: str) -> bool:
    """Whether the cluster's version is older; not so where none is given."""
    return kubernetes is not None and numbers_of(kubernetes) < numbers_of(version)


def _as_label(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-") or "web"


@rule(
    passes="""
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop}
data:
  app.conf: "port = 8080"
""",
    breaks={"app.conf:": "conf/app.conf:"},
)
def key_is_valid(graph: Graph) -> Iterator[Finding]:
    """The keys of ConfigMaps and Secrets have the form of a file's name."""
    for resource in graph.of_kind("ConfigMap", "Secret"):
        for field in ("data", "binaryData", "stringData"):
            for key in map(str, shape.mapping(resource.manifest, field)):
                if not names.is_key(key):
                    yield resource.finding(
                        f"{field}[{key}]",
                        "is no key: accepted are letters, digits, -, _ and ., at most 253 of them",
                        fix=re.sub(r"[^-._a-zA-Z0-9]", "-", key)[:253],
                    )


@rule(
    passes="""
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: blog}
""",
    breaks={"namespace: blog": "namespace: shop"},
)
def objects_are_unique(graph: Graph) -> Iterator[Finding]:
    """No object is there twice: the one that is applied last would win."""
    # Helm makes hooks one after the other.
    named = [r for r in graph.resources if _given_name(r) and "helm.sh/hook" not in r.annotations]
    count = Counter(resource.identity for resource in named)
    for resource in named:
        if count[resource.identity] > 1:
            yield resource.finding(
                "metadata.name", f"is there {count[resource.identity]} times", fix="remove or rename one of them"
            )


@rule(
    passes="""
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: web, namespace: shop}
""",
    breaks={"namespace: shop": "namespace: shpo"},
)
def namespace_is_declared(graph: Graph) -> Iterator[Finding]:
    """Each namespace that objects are in is made here, or declared to be made elsewhere.

    Input without any Namespace is meant for one that is there. What is declared to be elsewhere stands in one, too.
    """
    made = [resource.name for resource in graph.of_kind("Namespace")]
    if not made:
        return
    outside = {item.outside.namespace for item in graph.declarations if item.outside}
    seen = {"", "default", "kube-node-lease", "kube-public", "kube-system", *made, *outside}
    for resource in graph.resources:
        name = resource.namespace
        if name not in seen and not graph.is_made_outside("Namespace", "", name):
            likely = get_close_matches(name, made, n=1, cutoff=0.8)
            yield resource.finding(
                "metadata.namespace",
                f"there is no Namespace {name}",
                fix=f"did you mean {likely[0]}?" if likely else f"make the Namespace {name}, or declare it as outside",
            )
        seen.add(name)


@rule(
    passes="""
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: {name: fast}
provisioner: driver.longhorn.io
""",
    breaks={"{name: fast}": "{name: fast, namespace: shop}"},
)
def cluster_scoped_has_no_namespace(graph: Graph) -> Iterator[Finding]:
    """An object that lives in no namespace names none."""
    for resource in graph.resources:
        namespace = shape.text(resource.manifest, "metadata", "namespace")
        # Longhorn's Node shares its kind's name only.
        if namespace and resource.kind in CLUSTER_SCOPED and _is_known(resource) and resource.group != "longhorn.io":
            yield resource.finding(
                "metadata.namespace",
                f"a {resource.kind} lives in no namespace",
                fix="remove namespace",
                severity="warning",
            )


# Values.


@rule(passes=_SERVED, breaks={"labels: {app: web}\nspec:\n  selector": "labels: {app: web shop}\nspec:\n  selector"})
def label_is_valid(graph: Graph) -> Iterator[Finding]:
    """Labels, selectors and annotations have keys and values that the API server accepts."""
    for resource in graph.resources:
        if resource.kind == "CustomResourceDefinition":
            continue
        for field, labels in _labels_of(resource):
            for key, value in labels.items():
                place = f"{field}[{key}]"
                if not names.is_label_key(str(key)):
                    yield resource.finding(place, "is no key of a label", fix=f"accepted are {names.LABEL_VALUE}")
                if isinstance(value, str):
                    if not field.endswith("annotations") and not names.is_label_value(value):
                        yield resource.finding(
                            place,
                            f'"{value[:80]}" is no value of a label: accepted are {names.LABEL_VALUE}',
                            fix=re.sub(r"[^A-Za-z0-9_.-]+", "-", value)[:63].strip("-_."),
                        )
                elif value is not None and resource.group not in KUBERNETES_GROUPS:
                    # Kubernetes' own schemas say so of its own kinds.
                    given = str(value).lower() if isinstance(value, bool) else value
                    yield resource.finding(place, f"is {given}, accepted is a text", fix=f'"{given}"')


def _labels_of(resource: Resource) -> Iterator[tuple[str, Any]]:
    """The mappings of an object that hold labels, or annotations, with their fields."""
    for name in ("labels", "annotations"):
        yield f"metadata.{name}", shape.mapping(resource.manifest, "metadata", name)
    if resource.kind in ("ReplicationController", "Service"):
        yield "spec.selector", shape.mapping(resource.spec, "selector")
    if resource.group in KUBERNETES_GROUPS:
        yield from _labels_below(resource.spec, "spec", "spec")


def _labels_below(value: Any, field: str, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, item in value.items():
            is_labels = key in ("matchLabels", "nodeSelector") or (
                name == "metadata" and key in ("annotations", "labels")
            )
            if is_labels and isinstance(item, dict):
                yield f"{field}.{key}", item
            elif isinstance(item, (dict, list)):
                yield from _labels_below(item, f"{field}.{key}", str(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, (dict, list)):
                yield from _labels_below(item, f"{field}[{shape.text(item, 'name') or index}]", name)


@rule(passes=_SERVED, breaks={"memory: 64Mi": "memory: 64MB"})
def quantity_is_valid(graph: Graph) -> Iterator[Finding]:
    """Amounts of cpu, memory and storage are quantities."""
    for resource in graph.resources:
        for field, value in _quantities_of(resource):
            yield from _quantity_mistakes(resource, field, value)
    for pod in graph.own_pods:
        for field, value in _quantities_of_pod(pod):
            yield from _quantity_mistakes(pod.workload, field, value)


def _quantity_mistakes(resource: Resource, field: str, value: Any) -> Iterator[Finding]:
    amount = quantity(value)
    if amount is None:
        if isinstance(value, (str, int, float)):
            likely = re.sub(
                r"(?i)^([\d.]+)\s*([kmgtpe])i?b?$", lambda match: f"{match[1]}{match[2].upper()}i", str(value)
            )
            fix = likely if quantity(likely) is not None else "write 250m, 1.5 or 512Mi"
            yield resource.finding(field, f'"{value}" is no quantity', fix=fix)
    elif amount < 0:
        yield resource.finding(field, f"is less than nothing: {value}", fix=str(value).lstrip("-"))
    elif amount != amount.to_integral_value() and field.rpartition(".")[2] in ("memory", "storage", "sizeLimit"):
        likely = re.sub(r"[num]?$", "Mi", str(value), count=1)
        yield resource.finding(field, f"is a part of a byte: {value}", fix=likely if quantity(likely) else "512Mi")


def _amounts(value: Any, field: str, *path: str) -> Iterator[tuple[str, Any]]:
    for key, item in shape.mapping(value, *path).items():
        yield f"{field}.{'.'.join(path)}.{key}", item


def _quantities_of(resource: Resource) -> Iterator[tuple[str, Any]]:
    spec = resource.spec
    match resource.kind:
        case "PersistentVolumeClaim":
            yield from _amounts(spec, "spec", "resources", "requests")
        case "PersistentVolume":
            yield from _amounts(spec, "spec", "capacity")
        case "ResourceQuota":
            yield from _amounts(spec, "spec", "hard")
        case "StatefulSet":
            for index, claim in enumerate(shape.mappings(spec, "volumeClaimTemplates")):
                name = shape.text(claim, "metadata", "name") or index
                yield from _amounts(claim, f"spec.volumeClaimTemplates[{name}]", "spec", "resources", "requests")
        case "LimitRange":
            for index, limit in enumerate(shape.mappings(spec, "limits")):
                for name in ("default", "defaultRequest", "max", "min"):
                    yield from _amounts(limit, f"spec.limits[{index}]", name)


def _quantities_of_pod(pod: Pod) -> Iterator[tuple[str, Any]]:
    for field, container in ((pod.spec_field, pod.spec), *containers_of(pod)):
        for name in ("requests", "limits"):
            yield from _amounts(container, field, "resources", name)
    for field, volume in shape.named(pod.spec, f"{pod.spec_field}.volumes", "volumes"):
        size = shape.dig(volume, "emptyDir", "sizeLimit")
        if size is not None:
            yield f"{field}.emptyDir.sizeLimit", size


@rule(passes=_SERVED, breaks={"targetPort: http": 'targetPort: "8080"'})
def port_is_valid(graph: Graph) -> Iterator[Finding]:
    """Ports are numbers from 1 to 65535, or names of at most 15 characters."""
    for service in graph.of_kind("Service"):
        for field, port in shape.named(service.spec, "spec.ports", "ports"):
            name = shape.text(port, "name")
            if name and not names.is_label(name):
                message = f'"{name}" is no name of a port: accepted are {names.LABEL}'
                yield service.finding(f"{field}.name", message, fix=_as_label(name))
            for key in ("port", "targetPort", "nodePort"):
                yield from _port_mistakes(service, f"{field}.{key}", port.get(key), named=key == "targetPort")
    for pod in graph.own_pods:
        for field, container in containers_of(pod):
            for place, port in shape.named(container, f"{field}.ports", "ports"):
                for key in ("containerPort", "hostPort"):
                    yield from _port_mistakes(pod.workload, f"{place}.{key}", port.get(key), named=False)
            for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
                for action in ("httpGet", "tcpSocket", "grpc"):
                    port = shape.dig(container, probe, action, "port")
                    yield from _port_mistakes(pod.workload, f"{field}.{probe}.{action}.port", port)
    for policy in graph.of_kind("NetworkPolicy"):
        for direction in ("ingress", "egress"):
            for index, way in enumerate(shape.mappings(policy.spec, direction)):
                for field, port in shape.named(way, f"spec.{direction}[{index}].ports", "ports"):
                    yield from _port_mistakes(policy, f"{field}.port", port.get("port"))


def _port_mistakes(resource: Resource, field: str, port: Any, *, named: bool = True) -> Iterator[Finding]:
    if isinstance(port, int) and not isinstance(port, bool):
        # Zero is what Kubernetes writes for none.
        if not (1 <= port <= 65535 or (port == 0 and field.endswith(("hostPort", "nodePort", "targetPort")))):
            yield resource.finding(field, f"is {port}, accepted are 1 to 65535", fix="write the port's number")
    elif isinstance(port, str) and port and named and not names.is_port(port):
        fix = port if port.isdigit() else _as_label(port)[:15].strip("-")
        message = f'"{port}" is no name of a port: accepted are {names.PORT}'
        yield resource.finding(field, message, fix=f"write {fix}")


_MACROS: Final = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_EVERY: Final = re.compile(r"@every (?:\d+(?:\.\d*)?(?:ns|us|µs|ms|s|m|h))+")
_CRON: Final = re.compile(r"[\d*,/?A-Za-z-]+(?: +[\d*,/?A-Za-z-]+){4}")


@rule(passes=_SCHEDULED, breaks={"cron: 0 2 * * *": "cron: 0 25 * * *"})
def cron_is_valid(graph: Graph) -> Iterator[Finding]:
    """A schedule is a cron expression of five fields, or a macro such as `@daily`, and its time comes.

    Kubernetes and Longhorn read it with robfig/cron 3: minute 0-59, hour 0-23, day 1-31, month 1-12, weekday 0-6.
    """
    for resource in graph.resources:
        name = {"CronJob": "schedule", "RecurringJob": "cron"}.get(resource.kind, "")
        text = shape.text(resource.spec, name)
        # Longhorn's system makes RecurringJobs without a schedule, to be run by hand.
        mistake = _cron_mistake(text) if name and text else ""
        if mistake:
            yield resource.finding(f"spec.{name}", f'"{text}" {mistake}', fix=f'{name}: "0 2 * * *"')
        zone = shape.dig(resource.spec, "timeZone")
        if resource.kind == "CronJob" and isinstance(zone, str):
            yield from _zone_mistake(resource, zone)


def _zone_mistake(job: Resource, zone: str) -> Iterator[Finding]:
    known = _time_zones()
    if not zone or zone.lower() == "local":
        yield job.finding("spec.timeZone", f'"{zone}" is no time zone', fix="timeZone: Europe/Berlin")
    elif known and zone not in known:
        # The cluster's list may be newer than this machine's.
        likely = get_close_matches(zone, sorted(known), n=1)
        fix = f"did you mean {likely[0]}?" if likely else "timeZone: Europe/Berlin"
        yield job.finding("spec.timeZone", f'"{zone}" is no known time zone', fix=fix, severity="warning")


@cache
def _time_zones() -> frozenset[str]:
    """The time zones that this machine knows; none where it has no list of them."""
    return frozenset(available_timezones())


def _cron_mistake(text: str) -> str:
    if re.match(r"(CRON_)?TZ=", text):
        return "sets a time zone, which belongs into timeZone"
    if text in _MACROS or _EVERY.fullmatch(text):
        return ""
    if text.startswith("@"):
        return f"is no macro: accepted are {', '.join(_MACROS)} and @every 1h"
    if not _CRON.fullmatch(text.strip()):
        return "is no cron expression: accepted are five fields: minute, hour, day, month, weekday"
    *_, weekday = text.split()
    if re.search(r"(?<!/)\b[7-9]", weekday):
        return "has a weekday after 6: Sunday is 0"
    if re.search(r"\bL\b|\d[LW]|LW", text):
        return "has a last or nearest day, which Kubernetes does not know"
    try:
        next(CronSim(text.replace("?", "*"), datetime(2026, 1, 1, tzinfo=UTC)))
    except CronSimError as error:
        return f"is no cron expression: {str(error).lower()}"
    except StopIteration:
        return "never comes"
    return ""
