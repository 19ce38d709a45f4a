"""What the graph of the streets is made of and what is found on it: frozen values of numpy columns.

Row i of all columns of a value is one street, edge or access. Coordinates are metres in the city's CRS, easting first.
Costs are metres, or minutes where the service's reach is in minutes.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.coverage.standards.model import StreetProfile
from gis_infra.analysis.rules.model import TOLERANCE_M

Unit = Literal["metres", "minutes"]
Objects = NDArray[Any]  # of dtype object
Floats = NDArray[np.float64]
Rows = NDArray[np.int32]

STEP = -1  # in place of a street's id: the step between two ends that are joined
SAME_M = TOLERANCE_M  # two places on a street this near to each other are one


@dataclass(frozen=True)
class StreetLines:
    """Streets as they are drawn.

    ids: int64[k]. shapes: lines, 2D, with a length or without. classes: text, None where not recorded.
    one_way: bool[k], in the direction the line is drawn.
    """

    ids: NDArray[np.int64]
    shapes: Objects
    classes: Objects
    one_way: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: NDArray[Any]) -> "StreetLines":
        """The streets of some rows, indices or bool[k]."""
        return StreetLines(self.ids[rows], self.shapes[rows], self.classes[rows], self.one_way[rows])


@dataclass(frozen=True)
class Barriers:
    """Lines and areas that no way off the streets crosses. cuts: bool[b], no street either."""

    shapes: Objects
    cuts: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.shapes)


@dataclass(frozen=True)
class Pace:
    """Who moves along the streets, and in what the way is counted; walking_kmh: the speed off the streets."""

    profile: StreetProfile
    unit: Unit = "metres"
    walking_kmh: float = 5.0

    @property
    def off_cost(self) -> float:
        """What a metre off the streets costs."""
        return 1.0 if self.unit == "metres" else to_minutes(self.walking_kmh)

    def get_cost(self, road_class: str | None) -> float:
        """What a metre of a street of that class costs."""
        return 1.0 if self.unit == "metres" else to_minutes(self.profile.get_speed_kmh(road_class))


@dataclass(frozen=True)
class Graph:
    """Edges between nodes; an edge is a part of one street from joint to joint, or the step between two joined ends.

    nodes: float64[v,2]. tail, head: int32[e], nodes in the direction drawn. length_m: float64[e]. forward, backward:
    float64[e], the cost of the whole edge, inf where it may not be used that way. street: int64[e], id or STEP.
    first, last: int32[e], first and last row of `corners` (float64[c,2]) the edge passes; measure: float64[c], metres
    along the street as drawn, up to the corner. off_cost: what a metre off the streets costs.
    """

    nodes: Floats
    tail: Rows
    head: Rows
    length_m: Floats
    forward: Floats
    backward: Floats
    street: NDArray[np.int64]
    first: Rows
    last: Rows
    corners: Floats
    measure: Floats
    off_cost: float

    def __len__(self) -> int:
        return len(self.tail)


@dataclass(frozen=True)
class Snapped:
    """Where points or shapes come onto the streets, in the order of their rows; some have no access, areas several.

    count: how many points or shapes there were. row: int32[a], which of them. edge: int32[a]. along_m: float64[a], from
    the edge's tail. off_m: float64[a], straight to the street.
    """

    count: int
    row: Rows
    edge: Rows
    along_m: Floats
    off_m: Floats

    def __len__(self) -> int:
        return len(self.row)

    def take(self, rows: NDArray[Any]) -> "Snapped":
        """Some of the accesses, indices in rising order or bool[a]."""
        return Snapped(self.count, self.row[rows], self.edge[rows], self.along_m[rows], self.off_m[rows])

    def count_missing(self) -> int:
        """How many of the points or shapes have no access."""
        return self.count - len(np.unique(self.row))


@dataclass(frozen=True)
class Nearest:
    """The nearest facility of each place: float64[n], inf where there is none; int32[n], -1 where there is none."""

    distance: Floats
    facility: Rows


@dataclass(frozen=True)
class StreetPairs:
    """Every pair of facility and place within reach, by facility, then place: int32[k], int32[k], float64[k]."""

    facility: Rows
    place: Rows
    distance: Floats

    def __len__(self) -> int:
        return len(self.facility)


def to_minutes(speed_kmh: float) -> float:
    """Minutes for a metre."""
    return 0.06 / speed_kmh


def no_barriers() -> Barriers:
    """No barrier at all."""
    return Barriers(np.empty(0, dtype=object), np.empty(0, dtype=np.bool_))
