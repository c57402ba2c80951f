"""Dashboards: Grafana's JSON, wherever it stands, what it asks and the datasources that answer."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import runs
from vkm_manifests.graph.mounted import mounted_files
from vkm_manifests.graph.resource import Resource

_DASHBOARD_LABEL: Final = "grafana_dashboard"
_DATASOURCE_LABEL: Final = "grafana_datasource"
# What Grafana itself answers.
_BUILT_IN: Final = frozenset({"", "__expr__", "-- dashboard --", "-- grafana --", "-- mixed --", "default", "grafana"})
_BUILT_IN_TYPES: Final = frozenset({"__expr__", "datasource", "grafana"})


@dataclass(frozen=True, eq=False)
class Dashboard:
    """A dashboard of the input.

    Attributes:
        resource: the object that holds it.
        field: where in it.
        content: the dashboard; empty if its text is no JSON.
        mistake: why it is none; empty otherwise.
        scope: what it shares with those that go to the same Grafana.
        inputs: the names of variables that the object gives values to.
    """

    resource: Resource
    field: str
    content: Mapping[str, Any]
    mistake: str
    scope: str
    inputs: frozenset[str] = frozenset()

    @property
    def uid(self) -> str:
        """Its uid; empty if Grafana is to choose one."""
        return shape.text(self.content, "uid")

    def panels(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Its panels, those in rows too, each with what a person calls it."""
        rows = [row for holder in (self.content, *shape.mappings(self.content, "rows")) for row in _panels(holder)]
        for panel in rows:
            yield f'panel "{shape.text(panel, "title") or panel.get("id", "")}"', panel

    def queries(self) -> Iterator[tuple[str, str]]:
        """The queries that a Prometheus answers, each with its panel's name."""
        for name, panel in self.panels():
            for target in shape.mappings(panel, "targets"):
                expr = shape.text(target, "expr")
                if expr and self._is_prometheus(target.get("datasource") or panel.get("datasource")):
                    yield name, expr

    def datasources(self) -> Iterator[tuple[str, Any]]:
        """What is named as a datasource, each with who names it."""
        for name, panel in self.panels():
            yield name, panel.get("datasource")
            for target in shape.mappings(panel, "targets"):
                yield name, target.get("datasource")
        for word in ("templating", "annotations"):
            for item in shape.mappings(self.content, word, "list"):
                yield f'{word} "{shape.text(item, "name")}"', item.get("datasource")

    def has_variable(self, name: str) -> bool:
        """Whether a variable of this name has a value."""
        own = (shape.text(item, "name") for item in shape.mappings(self.content, "templating", "list"))
        return name in self.inputs or name in own

    def _is_prometheus(self, datasource: Any) -> bool:
        if isinstance(datasource, Mapping):
            return datasource.get("type") == "prometheus"
        variables = shape.mappings(self.content, "templating", "list")
        types = {shape.text(item, "name"): item.get("query") for item in variables if item.get("type") == "datasource"}
        types |= {shape.text(item, "name"): item.get("pluginId") for item in shape.mappings(self.content, "__inputs")}
        return isinstance(datasource, str) and types.get(variable_in(datasource)) == "prometheus"


@dataclass(frozen=True, slots=True)
class Datasources:
    """The datasources of the input.

    Attributes:
        names: all names.
        uids: all uids; None where Grafana chooses some.
    """

    names: frozenset[str]
    uids: frozenset[str] | None

    def may_be(self, datasource: Any) -> bool:
        """Whether what a panel names may be among them, or is Grafana's own."""
        if isinstance(datasource, Mapping):
            uid, kind = datasource.get("uid"), shape.text(datasource, "type")
            if not isinstance(uid, str) or kind in _BUILT_IN_TYPES or self.uids is None:
                return True
            return uid.lower() in _BUILT_IN or uid in self.uids or uid in self.names
        if not isinstance(datasource, str) or datasource.lower() in _BUILT_IN:
            return True
        return self.uids is None or datasource in self.names or datasource in self.uids


def variable_in(text: str) -> str:
    """The name of the variable that a text is, without its format; empty if it is none."""
    if text.startswith("${") and text.endswith("}"):
        return text[2:-1].partition(":")[0]
    return text[1:] if text.startswith("$") else ""


@fact
def dashboards(graph: Graph) -> tuple[Dashboard, ...]:
    """The dashboards of a graph."""
    return (*_of_operator(graph), *_of_config_maps(graph))


@fact
def datasources(graph: Graph) -> Datasources | None:
    """The datasources of a graph; None if it shows none."""
    found = [*_given_to_operator(graph), *_provisioned(graph)]
    if not found:
        return None
    uids = [uid for _, uid in found]
    return Datasources(frozenset(name for name, _ in found if name), None if "" in uids else frozenset(uids))


def alert_queries(graph: Graph) -> Iterator[tuple[Resource, str, str]]:
    """The queries of the operator's alerts that say that a Prometheus answers them: the object, where, and what."""
    for resource in graph.of_kind("GrafanaAlertRuleGroup"):
        for rule_field, rule in shape.named(resource.spec, "spec.rules", "rules"):
            for field, query in shape.named(rule, f"{rule_field}.data", "data"):
                model = shape.mapping(query, "model")
                if shape.text(model, "datasource", "type") == "prometheus" and shape.text(model, "expr"):
                    yield resource, f"{field}.model.expr", shape.text(model, "expr")


def _of_operator(graph: Graph) -> Iterator[Dashboard]:
    for resource in graph.of_kind("GrafanaDashboard"):
        field, text = "spec.json", shape.text(resource.spec, "json")
        ref = shape.mapping(resource.spec, "configMapRef")
        config = graph.find("ConfigMap", resource.namespace, shape.text(ref, "name"))
        if config and not text:
            field, text = "spec.configMapRef", shape.text(config.manifest, "data", shape.text(ref, "key"))
        if text:
            selector = shape.walk(resource.spec.get("instanceSelector"))
            scope = sorted(f"{field}={item}" for field, _, item in selector if not isinstance(item, Mapping))
            inputs = (shape.text(item, "inputName") for item in shape.mappings(resource.spec, "datasources"))
            yield _dashboard(resource, field, text, f"GrafanaDashboard {scope}", frozenset(inputs))


def _of_config_maps(graph: Graph) -> Iterator[Dashboard]:
    found: dict[tuple[Resource, str], str] = {}
    for resource in graph.of_kind("ConfigMap"):
        if _DASHBOARD_LABEL in resource.labels:
            found |= {(resource, key): text for key, text in shape.labels(resource.manifest, "data").items()}
    for pod in graph.own_pods:
        for file in mounted_files(graph, pod) if runs(pod, "grafana") else ():
            if '"panels"' in file.text or '"schemaVersion"' in file.text:
                found[file.config, file.key] = file.text
    for (resource, key), text in found.items():
        if key.endswith(".json"):
            yield _dashboard(resource, f"data[{key}]", text, f"ConfigMap {resource.namespace}")


def _dashboard(
    resource: Resource, field: str, text: str, scope: str, inputs: frozenset[str] = frozenset()
) -> Dashboard:
    content, mistake = {}, ""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        mistake = str(error)
    if not mistake and not isinstance(content, dict):
        content, mistake = {}, "a dashboard is an object"
    if "spec" in content and "kind" in content:  # as Grafana's own API writes it
        content = dict(shape.mapping(content, "spec"))
    if resource.kind == "ConfigMap":
        # Who loads the file may fill these in.
        inputs |= {shape.text(item, "name") for item in shape.mappings(content, "__inputs")}
    return Dashboard(resource, field, content, mistake, scope, inputs)


def _panels(holder: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for panel in shape.mappings(holder, "panels"):
        yield panel
        yield from shape.mappings(panel, "panels")


def _given_to_operator(graph: Graph) -> Iterator[tuple[str, str]]:
    for resource in graph.of_kind("GrafanaDatasource"):
        datasource = shape.mapping(resource.spec, "datasource")
        uid = shape.text(resource.spec, "uid") or shape.text(datasource, "uid")
        yield shape.text(datasource, "name") or resource.name, uid


def _provisioned(graph: Graph) -> Iterator[tuple[str, str]]:
    """Name and uid of each datasource in a file that Grafana reads; without a uid where it is not known."""
    found: dict[tuple[Resource, str], str] = {}
    for resource in graph.of_kind("ConfigMap", "Secret"):
        if _DATASOURCE_LABEL in resource.labels:
            key = "data" if resource.kind == "ConfigMap" else "stringData"
            found |= {(resource, name): text for name, text in shape.labels(resource.manifest, key).items()}
    for pod in graph.own_pods:
        if runs(pod, "grafana"):
            found |= {(file.config, file.key): file.text for file in mounted_files(graph, pod)}
    for text in found.values():
        for item in shape.mappings(_yaml_in(text), "datasources") if "datasources" in text else ():
            yield shape.text(item, "name"), shape.text(item, "uid")


def _yaml_in(text: str) -> Any:
    try:
        return yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return None
