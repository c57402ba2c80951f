"""The command `vkm diagram`."""

import tempfile
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Final

import click

from vkm_manifests.diagram.d2 import as_d2
from vkm_manifests.diagram.edges import EdgeKind
from vkm_manifests.diagram.mermaid import as_mermaid
from vkm_manifests.diagram.picture import Picture, boxes_in
from vkm_manifests.diagram.svg import NoD2Error, as_svg
from vkm_manifests.graph.graph import Graph
from vkm_manifests.reading import UnreadableError, check_unique, read
from vkm_manifests.wrong_input import WrongInputError

_FORMATS: Final = {"mermaid": as_mermaid, "svg": as_svg, "d2": as_d2}
_ENDINGS: Final[Mapping[str, str]] = {
    ".d2": "d2",
    ".mermaid": "mermaid",
    ".mmd": "mermaid",
    ".svg": "svg",
}
_SHOWN: Final[Mapping[str, EdgeKind]] = {"platform": "provides", "scraping": "scrapes"}


@click.command("diagram", short_help="Draw the architecture from manifests.")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(_FORMATS)),
    help="The default is what --output's ending says, or else mermaid; svg needs d2 (vkm-constructs[diagram]).",
)
@click.option("--output", type=click.Path(dir_okay=False), help="Write to this file, not to the standard output.")
@click.option(
    "--namespace",
    "namespaces",
    multiple=True,
    metavar="NAME",
    help="Only this namespace and what is beside it; may be repeated.",
)
@click.option(
    "--show",
    multiple=True,
    type=click.Choice(list(_SHOWN)),
    help="Draw as well who reads metrics (scraping), or who gets Secrets, certificates and volumes from where "
    "(platform); may be repeated.",
)
@click.option("--overview", is_flag=True, help="Only names and kinds, and which namespaces are joined: fits on a page.")
def diagram_command(
    paths: tuple[str, ...],
    format_: str | None,
    output: str | None,
    namespaces: tuple[str, ...],
    show: tuple[str, ...],
    overview: bool,
) -> None:
    """Draw the architecture from manifests: files, folders with all below them, or - for standard input.

    \b
    vkm diagram dist/ --overview --output architecture.svg
    helm template web ./chart | vkm diagram - --namespace shop

    From left to right, or in an SVG from top to bottom: clients, routes, workloads, databases, volumes; grouped by
    namespace. Arrows are connections that the manifests show or that NetworkPolicies open by name, with the ports of
    the pods. Exits with 2 for wrong use and for what cannot be read or drawn.
    """
    if not paths:
        raise click.UsageError("say which manifests: a file, a folder, or - for standard input.")
    drawn_as = _format_of(format_, output)
    try:
        found = read(paths)
        check_unique(found, " ".join(paths))
        graph = Graph([item.manifest for item in found])
    except UnreadableError as error:
        raise WrongInputError(str(error)) from None
    _check_namespaces(graph, namespaces)
    shown = [_SHOWN[name] for name in show]
    picture = Picture.of(graph, namespaces=namespaces, show=shown, overview=overview)
    if not any(True for _ in boxes_in(picture)):
        raise WrongInputError(f"{' '.join(paths)}: holds nothing to draw")
    try:
        text = _FORMATS[drawn_as](picture)
    except NoD2Error as error:
        raise WrongInputError(str(error)) from None
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(Path(output), text)


def _format_of(said: str | None, output: str | None) -> str:
    """The format that was said, or that the output's ending says: they have to agree."""
    ending = Path(output).suffix.lower() if output else ""
    if not ending:
        return said or "mermaid"
    if ending not in _ENDINGS:
        raise click.BadParameter(f"known are the endings {', '.join(_ENDINGS)}, not {ending}.", param_hint="--output")
    if said not in (None, _ENDINGS[ending]):
        raise click.BadParameter(f"{said} is not what a file ending in {ending} holds.", param_hint="--format")
    return _ENDINGS[ending]


def _check_namespaces(graph: Graph, wanted: tuple[str, ...]) -> None:
    known = sorted({pod.namespace for pod in graph.pods} | graph.namespaces.keys())
    for name in wanted:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(known) or 'none'}."
            raise click.BadParameter(f"there is no namespace {name}; {hint}", param_hint="--namespace")


def _write(file: Path, text: str) -> None:
    """Replace the file as a whole: whoever reads it meets the old picture or the new one."""
    try:
        if file.exists() and not file.is_file():  # such as /dev/stdout
            file.write_text(text, encoding="utf-8")
            return
        with tempfile.TemporaryDirectory(prefix=f".{file.name}-", dir=file.parent) as staged:
            new = Path(staged, file.name)
            new.write_text(text, encoding="utf-8")
            new.replace(file.resolve())
    except OSError as error:
        raise WrongInputError(f"{file}: {error.strerror}") from None
