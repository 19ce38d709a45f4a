"""How much of what a service gives its facilities hold, such as square metres of green, by unit."""

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.coverage.methods.model import Facilities, Ground
from gis_infra.analysis.coverage.methods.rows import read_attributes, to_numbers
from gis_infra.analysis.coverage.standards.model import AREA, Service


def sum_amounts(
    ground: Ground, service: Service, facilities: Facilities, located: NDArray[np.int32]
) -> NDArray[np.float64] | None:
    """float64[units + 1]: the amount of the facilities in no unit, then in each; None where the service asks for none.

    located: row of the unit that each facility lies in, -1 for none. What is not recorded is nothing.
    """
    if service.amount is None:
        return None
    if service.amount == AREA:
        amount = np.asarray(shapely.area(facilities.shapes), dtype=np.float64)
    else:
        amount = read_amounts(ground, service.amount, facilities)
    return np.bincount(located + 1, weights=amount, minlength=len(ground.units) + 1).astype(np.float64)


def read_amounts(ground: Ground, field: str, facilities: Facilities) -> NDArray[np.float64]:
    """float64[m]: the attribute of each facility, 0 where its layer has none or it is not recorded."""
    amount = np.zeros(len(facilities))
    for layer in sorted({each for each in facilities.layers if each}):
        own = np.flatnonzero(facilities.layers == layer)
        amount[own] = np.nan_to_num(to_numbers(read_attributes(ground, layer, facilities.ids[own], [field])[0]))
    return amount
