"""The command `vkm`."""

import os
import sys
from collections import defaultdict
from collections.abc import Iterable
from difflib import get_close_matches
from importlib.metadata import version

import click

from vkm_manifests.diagram.command import diagram_command
from vkm_manifests.graph.graph import Graph
from vkm_manifests.identity import Identity
from vkm_manifests.matrix import as_table
from vkm_manifests.reading import Read, Source, UnreadableError, read
from vkm_manifests.report import FORMATS
from vkm_manifests.review.command import review_command
from vkm_manifests.schema.schemas import core_schemas_available, kubernetes_versions
from vkm_manifests.verify import RULES, verify
from vkm_manifests.wrong_input import WrongInputError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("vkm-constructs"), message="%(version)s")
def vkm() -> None:
    """Read Kubernetes manifests, whoever made them."""


vkm.add_command(review_command)
vkm.add_command(diagram_command)


def _rules(_context: click.Context, _parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """The rules' names, given one by one or with commas between them."""
    names = tuple(name.strip() for item in value for name in item.split(",") if name.strip())
    for name in names:
        if name not in RULES:
            near = get_close_matches(name, RULES, n=1, cutoff=0.4)
            hint = f"did you mean {near[0]}?" if near else "--list-rules lists them."
            raise click.BadParameter(f"there is no rule {name}; {hint}")
    return names


@vkm.command("verify", short_help="Find what is wrong with manifests.")
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--format", "format_", type=click.Choice(list(FORMATS)), default="text", show_default=True)
@click.option("--only", multiple=True, metavar="RULE", callback=_rules, help="Run this rule; may be repeated.")
@click.option("--skip", multiple=True, metavar="RULE", callback=_rules, help="Leave this rule out; may be repeated.")
@click.option("--kubernetes", metavar="VERSION", help="Check core kinds against this version, such as 1.30.")
@click.option("--list-rules", is_flag=True, help="List the rules, with what each one means.")
@click.option("--matrix", is_flag=True, help="Print who can reach whom, on which port, instead of findings.")
def verify_command(
    paths: tuple[str, ...],
    format_: str,
    only: tuple[str, ...],
    skip: tuple[str, ...],
    kubernetes: str | None,
    list_rules: bool,
    matrix: bool,
) -> None:
    """Find what is wrong with manifests: files, folders with all below them, or - for standard input.

    \b
    vkm verify dist/
    helm template web ./chart | vkm verify -

    Exits with 0 if there is no error, 1 if there is one, 2 for wrong use and for what cannot be read. What is meant
    to be is said in the manifest, by the annotation ignore-rule.vkm-constructs/RULE with the reason as its value.
    """
    if list_rules:
        click.echo("\n".join(_rule_lines()))
        return
    if not paths:
        raise click.UsageError("say which manifests: a file, a folder, or - for standard input.")
    if kubernetes and core_schemas_available() and kubernetes not in kubernetes_versions():
        raise click.BadParameter(f"known are {', '.join(kubernetes_versions())}.", param_hint="--kubernetes")
    try:
        found = read(paths)
    except UnreadableError as error:
        raise WrongInputError(str(error)) from None
    if matrix:
        click.echo(as_table(Graph([item.manifest for item in found])))
        return
    if not core_schemas_available():
        click.echo(
            "core kinds are not held against their schemas: install vkm-constructs with its extra [schemas]", err=True
        )
    findings = verify([item.manifest for item in found], only=only, skip=skip, kubernetes=kubernetes)
    text = FORMATS[format_](findings, _sources(found))
    if text:
        click.echo(text, color=_colour())
    sys.exit(any(finding.severity == "error" and not finding.ignored for finding in findings))


def _rule_lines() -> Iterable[str]:
    width = max(map(len, RULES))
    group = ""
    for rule in RULES.values():
        if rule.group != group:
            yield f"{rule.group}:" if not group else f"\n{rule.group}:"
            group = rule.group
        yield f"  {rule.name:{width}}  {rule.severity:8} {rule.meaning}"


def _sources(found: Iterable[Read]) -> dict[Identity, list[Source]]:
    sources: dict[Identity, list[Source]] = defaultdict(list)
    for item in found:
        sources[Identity.of(item.manifest)].append(item.source)
    return sources


def _colour() -> bool | None:
    """No colour where NO_COLOR is set (no-color.org); else click's choice: on a terminal."""
    return False if os.environ.get("NO_COLOR") else None
