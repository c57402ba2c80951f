"""A Traefik of the input: its static configuration, as its arguments give it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from vkm_manifests.graph import shape
from vkm_manifests.graph.graph import Graph
from vkm_manifests.graph.images import Image, software
from vkm_manifests.graph.pod import Container, Pod

TRAEFIK_CONTROLLER: Final = "traefik.io/ingress-controller"
"""What an IngressClass names for Traefik to take its Ingresses."""

ENTRY_POINT: Final = "traefik"
"""The entry point that Traefik adds by itself, for its API, its ping and its metrics."""

_ADDRESS: Final = ".address"
_ENTRY_POINTS: Final = "entrypoints."


@dataclass(frozen=True, eq=False)
class Traefik:
    """The pods of one Traefik.

    Attributes:
        pod: its pods.
        container: the one that runs Traefik.
        options: of its arguments: name in small letters (Traefik takes any) to value.
    """

    pod: Pod
    container: Container
    options: Mapping[str, str]

    def says(self, option: str) -> bool:
        """Whether an option is set, to anything but false."""
        return self.options.get(option.lower(), "false").lower() not in ("false", "0", "f")

    def has(self, option: str) -> bool:
        """Whether an option, or one below it, is set."""
        below = f"{option.lower()}."
        return self.says(option) or any(name.startswith(below) and self.says(name) for name in self.options)

    def names(self, option: str) -> list[str]:
        """The names that an option lists."""
        return [name.strip() for name in self.options.get(option.lower(), "").split(",") if name.strip()]

    @cached_property
    def entry_points(self) -> Mapping[str, int]:
        """Name (in small letters) to port of each entry point; 0 for a port that its address does not tell."""
        found = {}
        for option, value in self.options.items():
            if option.startswith(_ENTRY_POINTS) and option.endswith(_ADDRESS):
                port = value.partition("/")[0].rpartition(":")[2]
                name = option.removeprefix(_ENTRY_POINTS).removesuffix(_ADDRESS)
                found[name] = int(port) if port.isascii() and port.isdigit() else 0
        return {ENTRY_POINT: 8080, **found}

    @cached_property
    def default_entry_points(self) -> tuple[str, ...]:
        """The entry points of a route that names none."""
        chosen = tuple(name for name in self.entry_points if self.says(f"entrypoints.{name}.asdefault"))
        return chosen or tuple(
            name
            for name in self.entry_points
            if name != ENTRY_POINT and not self.options[f"entrypoints.{name}.address"].endswith("/udp")
        )

    def has_tls(self, entry_point: str) -> bool:
        """Whether every HTTP route of an entry point serves TLS."""
        return self.has(f"entrypoints.{entry_point}.http.tls")

    def watches(self, provider: str, namespace: str) -> bool:
        """Whether a provider (`kubernetescrd`, `kubernetesingress`) reads a namespace's objects."""
        listed = self.names(f"providers.{provider}.namespaces")
        return self.has(f"providers.{provider}") and (not listed or namespace in listed)


def traefiks(graph: Graph) -> tuple[Traefik, ...]:
    """The input's Traefiks, if all of them say in their arguments how they are configured; otherwise none."""
    found = []
    for pod in graph.own_pods:
        for container in pod.containers:
            if software(shape.text(container.manifest, "image")).endswith("traefik"):
                options = dict(_options(container.manifest))
                if not _is_whole(options, container.manifest):
                    return ()
                found.append(Traefik(pod=pod, container=container, options=options))
    return tuple(found)


def version(traefik: Traefik) -> str:
    """The tag of its image, such as `v3.7.11`; empty where it has none."""
    return Image.of(shape.text(traefik.container.manifest, "image")).tag


def _options(container: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    arguments = [*shape.texts(container, "command"), *shape.texts(container, "args")]
    for argument, following in zip(arguments, [*arguments, "-"][1:], strict=True):
        if argument.startswith("-"):
            name, given, value = argument.lstrip("-").partition("=")
            if not given:
                value = "true" if following.startswith("-") else following
            yield name.lower(), value


def _is_whole(options: Mapping[str, str], container: Mapping[str, Any]) -> bool:
    """Whether nothing else configures it: a file and variables would go before the arguments, or beside them."""
    mounted = (shape.text(mount, "mountPath") for mount in shape.mappings(container, "volumeMounts"))
    variables = (shape.text(variable, "name") for variable in shape.mappings(container, "env"))
    return (
        any(name.startswith(_ENTRY_POINTS) for name in options)
        and "configfile" not in options
        and not any(path.startswith("/etc/traefik") for path in mounted)
        and not any(name.startswith("TRAEFIK_") for name in variables)
        and not any("$(" in value for value in options.values())
    )
