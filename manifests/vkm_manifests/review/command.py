"""The command `vkm review`."""

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import click

from vkm_manifests.reading import UnreadableError, check_unique
from vkm_manifests.review import LEVELS, MEANINGS, RISKS, Level, Review, review
from vkm_manifests.review.as_json import as_json
from vkm_manifests.review.as_markdown import as_markdown
from vkm_manifests.review.as_text import as_text
from vkm_manifests.review.revisions import SNAPSHOTS, read_side, split_range
from vkm_manifests.wrong_input import WrongInputError

_FORMATS: Final[Mapping[str, Callable[[Review], str]]] = {
    "text": as_text,
    "markdown": as_markdown,
    "json": as_json,
}


@click.command("review")
@click.argument("sides", nargs=-1, metavar="OLD NEW")
@click.option("--format", "format_", type=click.Choice(list(_FORMATS)), default="text", show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice(LEVELS),
    metavar="RISK",
    help=f"Exit with 1 if a change is as bad as this, or worse: {', '.join(LEVELS)}.",
)
@click.option(
    "--in", "folder", metavar="FOLDER", default=SNAPSHOTS, show_default=True, help="What is read of a git revision."
)
@click.option("--list-risks", is_flag=True, help="List the risks, the worst first, with what each one means.")
def review_command(sides: tuple[str, ...], format_: str, fail_on: Level | None, folder: str, list_risks: bool) -> None:
    """Tell what a change of manifests will do to the running system.

    OLD and NEW are files, folders, - for standard input, or git revisions, of which the committed snapshots are read;
    a revision may name its own folder or file.

    \b
    vkm review main..HEAD                what HEAD changes
    vkm review main...HEAD               what it changes since it left main, as a pull request does
    vkm review HEAD tests/__snapshots__  what is not committed yet
    vkm review old/dist/ dist/           two folders
    vkm review main:dist dist/           a folder of a revision, and one on disk

    Exits with 0, with 1 if --fail-on says so, with 2 for wrong use and for what cannot be read.
    """
    if list_risks:
        click.echo("\n".join(_risk_lines()))
        return
    try:
        pair = (split_range(sides[0]) if len(sides) == 1 else None) or sides
        if len(pair) != 2:
            raise click.UsageError("say two sets of manifests, OLD and NEW, or a range such as main..HEAD.")
        if pair == ("-", "-"):
            raise click.UsageError("standard input can be one of both sides.")
        old, new = (read_side(side, folder) for side in pair)
        check_unique(old, pair[0])
        check_unique(new, pair[1])
    except UnreadableError as error:
        raise WrongInputError(str(error)) from None
    found = review((item.manifest for item in old), (item.manifest for item in new))
    click.echo(_FORMATS[format_](found), color=False if os.environ.get("NO_COLOR") else None)
    sys.exit(bool(fail_on and found.objects and LEVELS.index(found.worst) <= LEVELS.index(fail_on)))


def _risk_lines() -> Iterable[str]:
    width = max(map(len, RISKS), default=0)
    for level in LEVELS:
        yield f"{level}: {MEANINGS[level]}"
        yield from (f"  {risk.name:{width}}  {risk.meaning}" for risk in RISKS.values() if risk.level == level)
        yield ""
