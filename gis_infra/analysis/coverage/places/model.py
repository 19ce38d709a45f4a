"""Places to be reached and the units they lie in: frozen values of numpy columns, row i of all is one place or unit.

Coordinates and shapes are in the city's CRS, easting first, metres, without heights.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

NO_UNIT = -1


@dataclass(frozen=True)
class UnitSet:
    """The units of one level on one day, in the order of their codes (of equal codes, of their ids).

    ids: int64[n]; codes, names: text[n] as objects, "" where not recorded; shapes: shapely areas, valid;
    area_m2: float64[n]; population: float64[n], nan where not recorded.
    """

    ids: NDArray[np.int64]
    codes: NDArray[Any]
    names: NDArray[Any]
    shapes: NDArray[Any]
    area_m2: NDArray[np.float64]
    population: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class Places:
    """What is to be reached.

    layer: the layer its rows are of. ids: int64[n], the feature's; -id of the unit for people of a unit without homes.
    xy: float64[n,2]. people: float64[n], at least 0. unit: int32[n], row of the `UnitSet`, NO_UNIT for none.
    shapes: None for points; else the area of each. An areal place is cut along the units, so that each row lies in one
    of them: its id then stands in several rows, and `people` is spread by area.
    total: the sum of `people`. told: what the report says of how they were made, by word.
    """

    layer: str
    ids: NDArray[np.int64]
    xy: NDArray[np.float64]
    people: NDArray[np.float64]
    unit: NDArray[np.int32]
    total: float
    areal: bool = False
    shapes: NDArray[Any] | None = None
    told: Mapping[str, int | float] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)
