"""A unit's known number of people, shared out among its buildings by the floor they live on. Pure: no database."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.coverage.places.model import NO_UNIT, UnitSet


@dataclass(frozen=True)
class Buildings:
    """Buildings as they are recorded: row i of every column is one.

    ids: int64[n]; xy: float64[n,2]; footprint_m2, floors, height_m: float64[n], nan where not recorded;
    occupancy: float64[n], persons per m2 of floor; unit: int32[n].
    """

    ids: NDArray[np.int64]
    xy: NDArray[np.float64]
    footprint_m2: NDArray[np.float64]
    floors: NDArray[np.float64]
    height_m: NDArray[np.float64]
    occupancy: NDArray[np.float64]
    unit: NDArray[np.int32]


def count_floors(floors: NDArray[np.float64], height_m: NDArray[np.float64], storey_m: float) -> NDArray[np.float64]:
    """How many floors each building has: as recorded, else by its height rounded up, else 1.

    Numbers that are nan or 0 say nothing.
    """
    by_height = np.where(height_m > 0, np.ceil(height_m / storey_m), 1.0)
    return np.where(floors > 0, floors, by_height)


def scale(housed: NDArray[np.float64], unit: NDArray[np.int32], units: UnitSet) -> NDArray[np.float64]:
    """People by building, so that each unit's add up to its known number.

    housed: float64[n], what occupancy says. Buildings outside of all units, and of units without a known number, keep
    what occupancy says.
    """
    inside = unit != NO_UNIT
    sums = np.bincount(unit[inside], housed[inside], len(units))
    factor = np.ones(len(units) + 1)  # the last is that of no unit
    known = ~np.isnan(units.population) & (sums > 0)
    factor[:-1][known] = units.population[known] / sums[known]
    return housed * factor[unit]


def find_homeless(housed: NDArray[np.float64], unit: NDArray[np.int32], units: UnitSet) -> NDArray[np.int64]:
    """Rows of the units that have people and no building that houses any."""
    inside = unit != NO_UNIT
    sums = np.bincount(unit[inside], housed[inside], len(units))
    return np.flatnonzero((units.population > 0) & (sums <= 0))
