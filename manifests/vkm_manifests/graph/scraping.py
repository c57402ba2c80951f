"""Scraping: the Prometheus servers of the input, their configuration, and the jobs under which they scrape."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import yaml

from vkm_manifests.graph import shape
from vkm_manifests.graph.fact import fact
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import runs
from vkm_manifests.graph.mounted import mounted_files
from vkm_manifests.graph.pod import Pod
from vkm_manifests.graph.resource import Resource

MONITORS: Final = ("PodMonitor", "Probe", "ScrapeConfig", "ServiceMonitor")
"""What a Prometheus operator makes scrape jobs of."""
OPERATED: Final = ("Prometheus", "PrometheusAgent")
"""What a Prometheus operator makes Prometheus servers of."""
MONITORING_GROUP: Final = "monitoring.coreos.com"


@dataclass(frozen=True, eq=False)
class ConfigFile:
    """A YAML file of a ConfigMap that a Prometheus mounts."""

    resource: Resource
    field: str
    content: Mapping[str, Any]


class Scraping:
    """What is scraped, by whom and under which job."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    @cached_property
    def servers(self) -> tuple[Pod, ...]:
        """The pods that run Prometheus."""
        return tuple(pod for pod in self._graph.own_pods if pod.runs_on and runs(pod, "prometheus"))

    @cached_property
    def operated(self) -> tuple[Resource, ...]:
        """The Prometheus servers that an operator makes."""
        return tuple(r for r in self._graph.of_kind(*OPERATED) if r.group == MONITORING_GROUP)

    @cached_property
    def monitors(self) -> tuple[Resource, ...]:
        """The objects that an operator makes scrape jobs of."""
        return tuple(r for r in self._graph.of_kind(*MONITORS) if r.group == MONITORING_GROUP)

    @cached_property
    def _files_of(self) -> Mapping[Pod, tuple[ConfigFile, ...]]:
        return {pod: tuple(_yaml_files(self._graph, pod)) for pod in self.servers}

    @cached_property
    def files(self) -> tuple[ConfigFile, ...]:
        """The YAML files that the servers mount."""
        found = {(id(file.resource), file.field): file for files in self._files_of.values() for file in files}
        return tuple(found.values())

    @cached_property
    def _configured(self) -> Mapping[str, tuple[Pod, ...]]:
        found: dict[str, list[Pod]] = defaultdict(list)
        for pod, files in self._files_of.items():
            for file in files:
                for config in shape.mappings(file.content, "scrape_configs"):
                    for job in _jobs_of_config(config) or ():
                        found[job].append(pod)
        return {job: tuple(dict.fromkeys(pods)) for job, pods in found.items()}

    def servers_with(self, job: str) -> tuple[Pod, ...]:
        """The Prometheus pods in whose configuration a job of this name stands."""
        return self._configured.get(job, ())

    @property
    def is_configured(self) -> bool:
        """Whether the configuration of a Prometheus is in the input, with its jobs."""
        return any("scrape_configs" in file.content for file in self.files)

    @cached_property
    def jobs(self) -> frozenset[str] | None:
        """All names of jobs; None if they cannot be known."""
        found: set[str] = set()
        for monitor in self.monitors:
            named = self.jobs_of(monitor)
            if named is None:
                return None
            found |= named
        for file in self.files:
            if file.content.get("scrape_config_files"):
                return None
            for config in shape.mappings(file.content, "scrape_configs"):
                configured = _jobs_of_config(config)
                if configured is None:
                    return None
                found |= configured
        if any("additionalScrapeConfigs" in r.spec for r in self.operated):
            return None
        return frozenset(found)

    def jobs_of(self, monitor: Resource) -> set[str] | None:
        """The names of the jobs that a monitor makes; None if they cannot be known."""
        spec, full = monitor.spec, f"{monitor.namespace}/{monitor.name}"
        match monitor.kind:
            case "ServiceMonitor":
                return self._jobs_of_endpoints(monitor, "endpoints", self._jobs_of_services(monitor))
            case "PodMonitor":
                default = None if shape.text(spec, "jobLabel") else {full}
                return self._jobs_of_endpoints(monitor, "podMetricsEndpoints", default)
            case "Probe":
                return {shape.text(spec, "jobName") or f"probe/{full}"}
        return _relabelled(shape.mappings(spec, "relabelings"), {shape.text(spec, "jobName") or f"scrapeConfig/{full}"})

    def _jobs_of_endpoints(self, monitor: Resource, key: str, default: set[str] | None) -> set[str] | None:
        found: set[str] = set()
        for endpoint in shape.mappings(monitor.spec, key):
            relabelled = _relabelled(shape.mappings(endpoint, "relabelings"), default)
            if relabelled is None or endpoint.get("honorLabels") is True:
                return None
            found |= relabelled
        return found

    def _jobs_of_services(self, monitor: Resource) -> set[str] | None:
        services = list(self.services_of(monitor))
        label = shape.text(monitor.spec, "jobLabel")
        return {service.labels.get(label) or service.name for service in services} or None

    def services_of(self, monitor: Resource) -> Iterator[Resource]:
        """The input's Services that a ServiceMonitor selects."""
        selector = shape.mapping(monitor.spec, "selector")
        for namespace in _watched(monitor):
            yield from self._graph.services_selected(namespace, selector)

    def pods_of(self, monitor: Resource) -> Iterator[Pod]:
        """The pods that a PodMonitor selects."""
        for namespace in _watched(monitor):
            yield from self._graph.pods_selected(namespace, shape.mapping(monitor.spec, "selector"))


@fact
def scraping_of(graph: Graph) -> Scraping:
    """What is scraped in a graph."""
    return Scraping(graph)


def _watched(monitor: Resource) -> Iterable[str | None]:
    """The namespaces where a monitor looks for its targets: its own, unless it says more; None is all.

    What has no namespace goes into one of the user's choice.
    """
    wanted = shape.mapping(monitor.spec, "namespaceSelector")
    if wanted.get("any") is True:
        return [None]
    return dict.fromkeys([*(shape.texts(wanted, "matchNames") or [monitor.namespace]), ""])


def _yaml_files(graph: Graph, pod: Pod) -> Iterator[ConfigFile]:
    for file in mounted_files(graph, pod):
        content = _mapping_in(file.text) if "scrape_configs" in file.text or "groups" in file.text else {}
        if content:
            yield ConfigFile(file.config, file.field, content)


def _mapping_in(text: str) -> Mapping[str, Any]:
    try:
        found = yaml.load(text, Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, ValueError):
        return {}
    return found if isinstance(found, Mapping) else {}


def _jobs_of_config(config: Mapping[str, Any]) -> set[str] | None:
    """The jobs under which a scrape config's targets appear."""
    if config.get("honor_labels") is True:
        return None
    found = {shape.text(config, "job_name")}
    for static in shape.mappings(config, "static_configs"):
        if job := shape.text(static, "labels", "job"):
            found.add(job)
    return _relabelled(shape.mappings(config, "relabel_configs"), found)


def _relabelled(rules: list[Mapping[str, Any]], jobs: set[str] | None) -> set[str] | None:
    """What relabelling makes of the names of jobs."""
    for rule in rules:
        action = (shape.text(rule, "action") or "replace").lower()
        target = shape.text(rule, "targetLabel") or shape.text(rule, "target_label")
        if action == "replace" and target == "job":
            replacement = rule.get("replacement")
            if not isinstance(replacement, str) or "$" in replacement:
                return None
            # With sources it may not apply to every target.
            jobs = {replacement} if not _sources(rule) else jobs and jobs | {replacement}
    return jobs


def _sources(rule: Mapping[str, Any]) -> list[str]:
    return shape.texts(rule, "sourceLabels") or shape.texts(rule, "source_labels")
