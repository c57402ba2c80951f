"""Graph: the input's objects, and who is what to whom. Built once, shared by all rules."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.labelled import Labelled
from vkm_manifests.graph.outside import Declaration, Outside, declarations
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.reach import Reach
from vkm_manifests.graph.references import Reference, references_of
from vkm_manifests.graph.resource import Finding, Resource, Severity
from vkm_manifests.graph.run_time import POD_LABELS, Creators, creators
from vkm_manifests.graph.secrets import Keys, config_maps_of, secrets_of
from vkm_manifests.graph.shape import Manifest
from vkm_manifests.identity import KUBERNETES_GROUPS

# Groups whose objects start no pods of their own: an unknown one may, as a Prometheus or a Cluster does.
_PODLESS_GROUPS: Final = frozenset(
    (
        *KUBERNETES_GROUPS,
        "cert-manager.io",
        "external-secrets.io",
        "generators.external-secrets.io",
        "externaldns.k8s.io",
        "gateway.networking.k8s.io",
        "longhorn.io",
        "metallb.io",
        "traefik.io",
    )
)
_PODLESS_KINDS: Final = frozenset(
    (
        "GrafanaAlertRuleGroup",
        "GrafanaContactPoint",
        "GrafanaDashboard",
        "GrafanaDatasource",
        "GrafanaFolder",
        "PodMonitor",
        "Probe",
        "PrometheusRule",
        "ScrapeConfig",
        "ServiceMonitor",
        "AlertmanagerConfig",
    )
)

# The kubelet's, of a pod that a file on its node describes.
_MIRROR: Final = "kubernetes.io/config.mirror"


class Graph:
    """The input's objects, and who is what to whom.

    Args:
        manifests: plain data, after every patch.
        kubernetes: the version that core kinds are checked against, such as `1.30`; None is the newest that is known.
    """

    def __init__(self, manifests: Iterable[Manifest], *, kubernetes: str | None = None) -> None:
        self.resources: tuple[Resource, ...] = tuple(map(Resource, manifests))
        self.kubernetes = kubernetes
        self.findings: dict[str, tuple[Finding, ...]] = {}
        """What each rule that has run found, by the rule's name."""
        self.facts: dict[object, Any] = {}
        """What has been worked out once, by the function that did it: see `fact`."""

    # What there is.

    @cached_property
    def _by_kind(self) -> Mapping[str, Sequence[Resource]]:
        found: dict[str, list[Resource]] = defaultdict(list)
        for resource in self.resources:
            found[resource.kind].append(resource)
        return found

    @cached_property
    def _by_name(self) -> Mapping[tuple[str, str, str], Resource]:
        return {(r.kind, r.namespace, r.name): r for r in self.resources}

    def of_kind(self, *kinds: str) -> list[Resource]:
        """All objects of these kinds, whatever their API group's version, in the input's order."""
        return [resource for kind in kinds for resource in self._by_kind.get(kind, ())]

    def find(self, kind: str, namespace: str, name: str) -> Resource | None:
        """The object of this kind and name (namespace empty for what lives in none); None if the input has none."""
        return self._by_name.get((kind, namespace, name))

    @cached_property
    def namespaces(self) -> Mapping[str, Mapping[str, str]]:
        """The labels of each namespace in which the input holds something, as far as it shows them."""
        found: dict[str, dict[str, str]] = {
            r.namespace: {"kubernetes.io/metadata.name": r.namespace} for r in self.resources if r.namespace
        }
        for resource in self.of_kind("Namespace"):
            found[resource.name] = {**resource.labels, "kubernetes.io/metadata.name": resource.name}
        return found

    # What is made elsewhere.

    @cached_property
    def declarations(self) -> tuple[Declaration, ...]:
        """What the annotations declare to be made elsewhere, and what is wrong with them."""
        return tuple(item for resource in self.resources for item in declarations(resource))

    @cached_property
    def _outside(self) -> Mapping[tuple[str, str, str], Outside]:
        declared = (item.outside for item in self.declarations if item.outside)
        return {(o.kind, o.namespace or "", o.name): o for o in declared}

    def is_made_outside(self, kind: str, namespace: str, name: str) -> bool:
        """Whether an annotation declares that this object is made elsewhere."""
        return (kind, namespace, name) in self._outside

    def exists(self, kind: str, namespace: str, name: str) -> bool:
        """Whether the input has this object, or declares it to be made elsewhere."""
        return self.find(kind, namespace, name) is not None or self.is_made_outside(kind, namespace, name)

    def severity_in(self, kind: str, namespace: str) -> Severity:
        """How sure it is that something is missing, when it is.

        It is not sure in a namespace of which the input holds nothing; nor for a kind that lives in no namespace, if
        the input holds none of that kind.
        """
        known = namespace in self.namespaces if namespace else kind in self._by_kind
        return "error" if known else "warning"

    # Who names whom.

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """All references, in the input's order."""
        return tuple(found for resource in self.resources for found in references_of(resource, self.namespaces))

    @cached_property
    def _references_by_kind(self) -> Mapping[str, Sequence[Reference]]:
        found: dict[str, list[Reference]] = defaultdict(list)
        for reference in self.references:
            found[reference.kind].append(reference)
        return found

    def references_to(self, *kinds: str) -> list[Reference]:
        """The references to objects of these kinds."""
        return [reference for kind in kinds for reference in self._references_by_kind.get(kind, ())]

    # Secrets and ConfigMaps, whoever makes them.

    @cached_property
    def secrets(self) -> Mapping[tuple[str, str], Keys]:
        """The Secrets that will exist: (namespace, name) to their keys; None where the keys cannot be known."""
        return self._made("Secret", [made for r in self.resources for made in secrets_of(r)])

    @cached_property
    def config_maps(self) -> Mapping[tuple[str, str], Keys]:
        """The ConfigMaps that will exist: (namespace, name) to their keys; None where the keys cannot be known."""
        return self._made("ConfigMap", [made for r in self.resources for made in config_maps_of(r)])

    def _made(self, kind: str, made: list[tuple[str, str, Keys]]) -> Mapping[tuple[str, str], Keys]:
        found: dict[tuple[str, str], Keys] = {}
        for (declared, namespace, name), outside in self._outside.items():
            if declared == kind:
                found[namespace, name] = frozenset(outside.keys) if outside.keys else None
        for namespace, name, keys in made:
            if (namespace, name) in found:
                # Two may write into one Secret, as an ExternalSecret that merges does.
                before = found[namespace, name]
                keys = None if before is None or keys is None else before | keys
            found[namespace, name] = keys
        return found

    # Pods.

    @cached_property
    def pods(self) -> tuple[Pod, ...]:
        """The pods of the input's workloads, and those that are declared to be made elsewhere."""
        own = tuple(pod for r in self.resources if not self._is_made_by_another(r) and (pod := Pod.of(r)))
        return (*own, *self._pods_made_outside())

    def _is_made_by_another(self, resource: Resource) -> bool:
        """Whether a workload of the input, or a file of a node, made what was read from a cluster: that one counts."""
        owners = shape.mappings(resource.manifest, "metadata", "ownerReferences")
        return _MIRROR in resource.annotations or any(
            owner.get("controller") is True
            and (found := self.find(shape.text(owner, "kind"), resource.namespace, shape.text(owner, "name")))
            and Pod.of(found)
            for owner in owners
        )

    @cached_property
    def own_pods(self) -> tuple[Pod, ...]:
        """The pods of the input's workloads."""
        return tuple(pod for pod in self.pods if not pod.outside)

    def _pods_made_outside(self) -> Iterable[Pod]:
        for item in self.declarations:
            outside = item.outside
            if outside and outside.kind == "Pod":
                yield Pod(
                    workload=item.resource,
                    field="",
                    labels=outside.labels or {},
                    namespace=outside.namespace or "",
                    spec={},
                    outside=outside.name,
                    declared_ports=outside.ports or {},
                )

    @cached_property
    def _pods_by_namespace(self) -> Mapping[str, Sequence[Pod]]:
        found: dict[str, list[Pod]] = defaultdict(list)
        for pod in self.pods:
            found[pod.namespace].append(pod)
        return found

    def pods_in(self, namespace: str) -> Sequence[Pod]:
        """The pods of a namespace."""
        return self._pods_by_namespace.get(namespace, ())

    @cached_property
    def labelled_pods(self) -> Labelled[Pod]:
        """The pods, to be found by their labels."""
        return Labelled((pod.namespace, pod.labels, pod) for pod in self.pods)

    @cached_property
    def labelled_services(self) -> Labelled[Resource]:
        """The Services, to be found by their labels."""
        return Labelled((service.namespace, service.labels, service) for service in self.of_kind("Service"))

    @cached_property
    def labelled_namespaces(self) -> Labelled[str]:
        """The names of the namespaces in which the input holds something, to be found by their labels."""
        return Labelled(("", labels, name) for name, labels in self.namespaces.items())

    def pods_selected(self, namespace: str | None, selector: Any) -> list[Pod]:
        """The pods of a namespace (of all, for None) that a label selector takes; all, if the selector is empty."""
        return self.labelled_pods.selected(namespace, selector)

    def services_selected(self, namespace: str | None, selector: Any) -> list[Resource]:
        """The Services of a namespace (of all, for None) that a label selector takes."""
        return self.labelled_services.selected(namespace, selector)

    def pods_of_service(self, service: Resource) -> list[Pod]:
        """The pods that a Service leads to: none, if it has no selector."""
        wanted = shape.labels(service.spec, "selector")
        return self.pods_selected(service.namespace, {"matchLabels": wanted}) if wanted else []

    @cached_property
    def reach(self) -> Reach:
        """Who can reach whom, as far as NetworkPolicies say."""
        return Reach(self)

    def may_have_other_pods(self, namespace: str) -> bool:
        """Whether pods may run there that the input does not show, or does not show with all their labels.

        So it is where the input holds no workload; or an object of an unknown kind, whose controller may start some; or
        a role with which a workload may, or may label them.
        """
        may = self.may_make("Pod", namespace) or self.may_make(POD_LABELS, namespace)
        return namespace not in self._pods_by_namespace or may

    def may_make(self, kind: str, namespace: str) -> bool:
        """Whether something in a namespace may make objects of a kind at run time, as far as the input shows it.

        Either the controller of an object of an unknown kind, or who has the right to create them.
        """
        return namespace in self._with_unknown_kinds or namespace in self._creators.get(kind, ())

    @cached_property
    def _creators(self) -> Creators:
        return creators(self.of_kind("Role", "ClusterRole"), self.of_kind("RoleBinding", "ClusterRoleBinding"))

    @cached_property
    def _with_unknown_kinds(self) -> frozenset[str]:
        return frozenset(r.namespace for r in self.resources if not _is_podless(r))


def _is_podless(resource: Resource) -> bool:
    # The operator only fills a Grafana that runs elsewhere.
    external = resource.kind == "Grafana" and bool(shape.mapping(resource.spec, "external"))
    return external or resource.group in _PODLESS_GROUPS or resource.kind in _PODLESS_KINDS
