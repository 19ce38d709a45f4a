"""Which area holds a point. Shapes are shapely, metres, 2D."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray


def find_holding(xy: NDArray[np.float64], areas: NDArray[Any]) -> NDArray[np.int32]:
    """int32[k]: the first of the areas that holds each point, its edge too; -1 where none does. xy: float64[k,2]."""
    found = np.full(len(xy), -1, dtype=np.int32)
    for number, (area, box) in enumerate(zip(areas, shapely.bounds(areas), strict=True)):
        inside = (xy[:, 0] >= box[0]) & (xy[:, 1] >= box[1]) & (xy[:, 0] <= box[2]) & (xy[:, 1] <= box[3])
        rows = np.flatnonzero(inside & (found < 0))
        if len(rows):
            shapely.prepare(area)
            found[rows[shapely.intersects_xy(area, xy[rows])]] = number
    return found
