"""What a search for sites is asked for and gives: frozen values. Coordinates: city's CRS, easting first, metres."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.coverage.methods.model import Objects
from gis_infra.analysis.rules.model import Member

Source = Literal["given", "nodes", "grid", "layer"]
SOURCES: tuple[Source, ...] = ("given", "nodes", "grid", "layer")


@dataclass(frozen=True)
class SitesOrder:
    """Where one more facility would help most: the best `n` of the candidates of a source.

    points: those given, (easting, northing) in the city's CRS. spacing_m: of the grid. member: the rows of a layer.
    """

    n: int
    source: Source
    points: tuple[tuple[float, float], ...] = ()
    spacing_m: float | None = None
    member: Member | None = None


@dataclass(frozen=True)
class Candidates:
    """Where a facility might be, in the order in which ties are broken. ids: int64[c], of rows of a layer; else -1.

    names: what the reader is told of each, text or None. shapes: 2D. capacity: float64[c], people, nan without limit.
    """

    ids: NDArray[np.int64]
    names: Objects
    shapes: Objects
    capacity: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Reaches:
    """Which places each candidate reaches: places[starts[c]:starts[c + 1]] (int32) of candidate c.

    capacity: float64[c], people that each takes, nan without limit; None where none has a limit. The places are then
    in order of number, else the nearest first.
    """

    starts: NDArray[np.int64]
    places: NDArray[np.int32]
    capacity: NDArray[np.float64] | None = None

    def __len__(self) -> int:
        return len(self.starts) - 1

    def get_room(self, row: int) -> float:
        """How many people one candidate takes; inf without limit."""
        if self.capacity is None or np.isnan(self.capacity[row]):
            return float("inf")
        return float(self.capacity[row])


@dataclass(frozen=True)
class Chosen:
    """The best candidates, best first. rows: int64[k], k at most n; gains: float64[k], people newly served by each.

    bound: people that no choice of as many can newly serve more than. limited: whether some take only so many people.
    """

    rows: NDArray[np.int64]
    gains: NDArray[np.float64]
    bound: float
    limited: bool = False

    @property
    def gained(self) -> float:
        """People newly served by all of them."""
        return float(self.gains.sum())

    @property
    def share_of_bound(self) -> float:
        """At least this share of the best possible choice; 1 where nothing is to be gained."""
        return self.gained / self.bound if self.bound > 0 else 1.0


@dataclass(frozen=True)
class Sites:
    """Where a facility might be, and the best of them."""

    candidates: Candidates
    chosen: Chosen
