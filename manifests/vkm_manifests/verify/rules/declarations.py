"""Declarations: exceptions and what is made outside, said in annotations."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cached_property
from typing import Any

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.labelled import Labelled
from vkm_manifests.graph.outside import MADE_OUTSIDE, Outside
from vkm_manifests.graph.resource import Finding
from vkm_manifests.graph.secrets import secrets_of
from vkm_manifests.graph.selector import matches
from vkm_manifests.verify.ignore import IGNORE_RULE, ignored_rules
from vkm_manifests.verify.rule import RULES, rule
from vkm_manifests.verify.rules.selectors import named_namespaces, peers_of

_IGNORED = """
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations:
    ignore-rule.vkm-constructs/service-selects-pods: "the pods are made by a job at night"
spec:
  selector: {app: nightly}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers: [{name: web, image: example/web:1.0.0}]
"""


@rule(passes=_IGNORED, breaks={"selector: {app: nightly}": "selector: {app: web}"})
def ignore_is_needed(graph: Graph) -> Iterator[Finding]:
    """An exception excuses something that its rule finds in the same object.

    One that excuses nothing would hide the next mistake.
    """
    for resource in graph.resources:
        for name in ignored_rules(resource):
            known = RULES.get(name)
            if (
                known
                and not _is_never_excused(name)
                and not any(found.object == resource.identity for found in known.check(graph))
            ):
                yield resource.finding(
                    f"metadata.annotations[{IGNORE_RULE}{name}]",
                    f"excuses nothing: {name} finds nothing here",
                    fix="remove the annotation",
                )


@rule(passes=_IGNORED, breaks={"ignore-rule.vkm-constructs/service-selects-pods": "ignore-rule.vkm-constructs/no-pods"})
def ignore_names_a_rule(graph: Graph) -> Iterator[Finding]:
    """An exception names a rule that there is, and that is not itself about exceptions and declarations."""
    for resource in graph.resources:
        for name in ignored_rules(resource):
            if _is_never_excused(name):
                yield resource.finding(
                    f"metadata.annotations[{IGNORE_RULE}{name}]",
                    f"{name} cannot be ignored: it is about what annotations say",
                    fix="correct the annotation that it names",
                )
            elif name not in RULES:
                likely = get_close_matches(name, RULES, n=1, cutoff=0.4)
                yield resource.finding(
                    f"metadata.annotations[{IGNORE_RULE}{name}]",
                    "names no rule",
                    fix=f"{IGNORE_RULE}{likely[0]}" if likely else "vkm verify --list-rules",
                )


def _is_never_excused(name: str) -> bool:
    """Whether a rule is one of these here: an exception to one of them would be judged by itself."""
    return name in RULES and RULES[name].group == RULES["ignore-is-needed"].group


@rule(passes=_IGNORED, breaks={'"the pods are made by a job at night"': '""'})
def ignore_gives_a_reason(graph: Graph) -> Iterator[Finding]:
    """An exception says why."""
    for resource in graph.resources:
        for name, reason in ignored_rules(resource).items():
            if not reason.strip():
                yield resource.finding(
                    f"metadata.annotations[{IGNORE_RULE}{name}]",
                    "gives no reason",
                    fix="write as its value why this is meant",
                )


@rule(
    passes="""
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
  annotations:
    vkm-constructs/made-outside: |
      - kind: Secret
        name: registry
        by: the platform team
imagePullSecrets: [{name: registry}]
""",
    breaks={"        name: registry\n": "        nmae: registry\n"},
)
def made_outside_is_readable(graph: Graph) -> Iterator[Finding]:
    """What is declared to be made outside is a YAML list of objects, each with kind, name and maker."""
    for item in graph.declarations:
        if item.mistake:
            yield item.resource.finding(
                f"metadata.annotations[{MADE_OUTSIDE}]",
                item.mistake,
                fix="- {kind: Secret, name: ..., keys: [...], by: who makes it}",
            )


_DECLARED = """
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
  annotations:
    vkm-constructs/made-outside: |
      - {kind: Secret, name: registry, by: the platform team}
imagePullSecrets: [{name: registry}]
---
apiVersion: v1
kind: Secret
metadata: {name: database, namespace: shop}
stringData: {password: example}
"""


@rule(passes=_DECLARED, breaks={"imagePullSecrets: [{name: registry}]": "automountServiceAccountToken: false"})
def outside_is_needed(graph: Graph) -> Iterator[Finding]:
    """What is declared to be made outside is named by something, or taken by a selector.

    A declaration that nothing needs would hide the next mistake.
    """
    used = _Used(graph)
    for item in graph.declarations:
        outside = item.outside
        if outside and not used.needs(outside):
            yield item.resource.finding(
                f"metadata.annotations[{MADE_OUTSIDE}]",
                f"declares {outside.kind} {outside.name}, which nothing {_verb(outside.kind)}",
                fix="remove the item, or correct its name and namespace",
            )


def _verb(kind: str) -> str:
    return {"Pod": "selects", "Namespace": "is in"}.get(kind, "names")


class _Used:
    """What the input's references and selectors need."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._named = {(r.kind, r.namespace, r.name) for r in graph.references}
        self._selectors: dict[str, list[Any]] = defaultdict(list)
        """Namespace to the selectors of pods in it; an empty one stands for any."""
        self._namespaces = {resource.namespace for resource in graph.resources}
        for kind, path in (("NetworkPolicy", "podSelector"), ("PodDisruptionBudget", "selector")):
            for resource in graph.of_kind(kind):
                self._add([resource.namespace], resource.spec.get(path))
        for service in graph.of_kind("Service"):
            self._add([service.namespace], {"matchLabels": shape.labels(service.spec, "selector")})
        for monitor in graph.of_kind("PodMonitor"):
            self._add_monitor(monitor.namespace, monitor.spec)
        for policy in graph.of_kind("NetworkPolicy"):
            for _, peer in peers_of(policy):
                self._add_peer(policy.namespace, peer)

    def _add(self, namespaces: list[str], selector: Any) -> None:
        # An empty one takes everything, so it needs nothing in particular.
        if any(shape.mapping(selector).values()):
            for namespace in namespaces:
                self._selectors[namespace].append(selector)

    def _add_monitor(self, namespace: str, spec: Mapping[str, Any]) -> None:
        anywhere = shape.dig(spec, "namespaceSelector", "any") is True
        names = shape.texts(spec, "namespaceSelector", "matchNames") or [namespace]
        self._add([""] if anywhere else names, spec.get("selector"))

    def _add_peer(self, namespace: str, peer: Mapping[str, Any]) -> None:
        names = named_namespaces(peer.get("namespaceSelector"))
        self._namespaces.update(names)
        if "namespaceSelector" not in peer:
            self._add([namespace], peer.get("podSelector"))
        elif peer.get("podSelector"):
            self._add(names or [""], peer.get("podSelector"))
        else:
            for name in names:
                self._selectors[name].append({})

    @cached_property
    def _taken(self) -> frozenset[int]:
        """The pods that a selector takes, each as the declaration's id."""
        declared = [item.outside for item in self._graph.declarations if item.outside]
        pods = Labelled((item.namespace or "", item.labels or {}, id(item)) for item in declared if item.kind == "Pod")
        return frozenset(
            pod
            for namespace, selectors in self._selectors.items()
            for selector in selectors
            for pod in pods.selected(namespace or None, selector)
        )

    def needs(self, outside: Outside) -> bool:
        """Whether anything needs what is declared."""
        kind, namespace, name = outside.kind, outside.namespace or "", outside.name
        if kind == "Pod":
            return id(outside) in self._taken
        if kind == "Namespace":
            return name in self._namespaces
        # Some fields name an object in whichever namespace it is.
        named = not self._named.isdisjoint({(kind, namespace, name), (kind, "", name)})
        return named or (kind == "Service" and self._is_mentioned(outside))

    def _is_mentioned(self, outside: Outside) -> bool:
        """Whether a Service's labels are selected by a monitor, or its name stands in any text, as in an address."""
        monitors = self._graph.of_kind("ServiceMonitor") if outside.labels else ()
        if any(matches(monitor.spec.get("selector"), outside.labels or {}) for monitor in monitors):
            return True
        return outside.name in self._texts

    @cached_property
    def _texts(self) -> str:
        """All texts of the input in one, but for names and annotations."""
        return "\n".join(
            value
            for resource in self._graph.resources
            for field, _, value in shape.walk(resource.manifest)
            if isinstance(value, str) and not field.startswith("metadata.")
        )


@rule(passes=_DECLARED, breaks={"{name: database, namespace: shop}": "{name: registry, namespace: shop}"})
def outside_is_not_inside(graph: Graph) -> Iterator[Finding]:
    """What is declared to be made outside is not made here too."""
    secrets = {(namespace, name) for resource in graph.resources for namespace, name, _ in secrets_of(resource)}
    for item in graph.declarations:
        outside = item.outside
        if outside and _is_inside(graph, outside, secrets):
            yield item.resource.finding(
                f"metadata.annotations[{MADE_OUTSIDE}]",
                f"declares {outside.kind} {outside.name}, which is made here",
                fix="remove the item",
            )


def _is_inside(graph: Graph, outside: Outside, secrets: set[tuple[str, str]]) -> bool:
    namespace = outside.namespace or ""
    if outside.kind == "Pod":
        pods = graph.pods_selected(namespace, {"matchLabels": outside.labels or {}})
        return any(not pod.outside for pod in pods)
    if outside.kind == "Secret":
        return (namespace, outside.name) in secrets
    return graph.find(outside.kind, namespace, outside.name) is not None
