"""The palette: a colour for each kind of box, in light and in dark."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vkm_manifests.diagram.boxes import BoxKind, Mark
from vkm_manifests.diagram.edges import EdgeKind


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour, as it is in light and in dark."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Paint:
    """How something looks.

    Attributes:
        fill: its inside.
        stroke: its line.
        dashed: whether the line is.
    """

    fill: Colour
    stroke: Colour
    dashed: bool = False


TEXT: Final = Colour("#1b1f24", "#e6e9ee")
"""Titles, and what stands in boxes."""
PAPER: Final = Colour("#ffffff", "#0d1117")
"""What all stands on."""

BOXES: Final[Mapping[BoxKind, Paint]] = {
    "database": Paint(Colour("#e2f5ea", "#0f3322"), Colour("#16834a", "#4cc38a")),
    "elsewhere": Paint(Colour("#fdfdfd", "#181c22"), Colour("#9099a6", "#717b8a"), dashed=True),
    "entry": Paint(Colour("#fff1d6", "#3a2c11"), Colour("#b86e00", "#e2a645")),
    "job": Paint(Colour("#f0f5fd", "#192233"), Colour("#6a8fd0", "#6f90c9"), dashed=True),
    "outside": Paint(Colour("#f1f2f4", "#272c34"), Colour("#4b5563", "#9da7b5")),
    "platform": Paint(Colour("#f4ebfe", "#2c1e41"), Colour("#8347c3", "#bf95ef")),
    "route": Paint(Colour("#fff4df", "#3a2d12"), Colour("#c27803", "#e3a740")),
    "volume": Paint(Colour("#eeeff2", "#2a2d33"), Colour("#6f7480", "#a3a9b5")),
    "workload": Paint(Colour("#e4efff", "#15294c"), Colour("#2563c9", "#6ea3f6")),
}
"""The boxes by their kinds."""

EDGES: Final[Mapping[EdgeKind, Colour]] = {
    "blocked": Colour("#c9252d", "#f4655f"),
    "mounts": Colour("#868c98", "#8a92a0"),
    "provides": Colour("#9a6fce", "#a988d6"),
    "routes": Colour("#b97408", "#dba03c"),
    "scrapes": Colour("#4e9a97", "#5fb3b0"),
    "talks": Colour("#3c69b4", "#7fa9ee"),
}
"""The edges by their kinds."""

MARKS: Final[Mapping[Mark, Paint]] = {
    "added": Paint(Colour("#d9f9e0", "#0e3b1d"), Colour("#1a7f37", "#3fb950")),
    "changed": Paint(Colour("#fff6c0", "#3f3207"), Colour("#9a6700", "#d29923")),
    "removed": Paint(Colour("#ffe8e6", "#491618"), Colour("#cf222e", "#f85149")),
}
"""What a change did to them."""

NAMESPACE: Final = Paint(Colour("#fafbfc", "#11161d"), Colour("#c8d0d9", "#3c444d"))
"""What stands around the boxes of a namespace."""
SIBLINGS: Final = Paint(Colour("#eef3fb", "#141d2c"), Colour("#a9c1ea", "#3b5684"))
"""What stands around the workloads of one application."""
