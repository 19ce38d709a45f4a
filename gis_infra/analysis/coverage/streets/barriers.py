"""Whether a straight way off the streets crosses a barrier. To touch one, or to end at it, is not to cross it."""

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.coverage.streets.model import SAME_M, Barriers, Floats

LINE = 1  # how many dimensions a line has


def is_crossed(barriers: Barriers, starts: Floats, ends: Floats) -> NDArray[np.bool_]:
    """bool[n]: whether the straight way from starts[i] to ends[i] (float64[n,2]) crosses a barrier.

    A line is crossed where they have a point in common, an area where the way passes through its inside; both ends of
    the way are left out to 1 mm. An area with the start inside does not count.
    """
    crossed = np.zeros(len(starts), dtype=np.bool_)
    rows, ways = shorten(starts, ends)
    if not len(barriers) or not len(rows):
        return crossed
    lines = np.asarray(shapely.linestrings(ways))
    barrier, way = shapely.STRtree(lines).query(barriers.shapes, predicate="intersects")
    is_line = shapely.get_dimensions(barriers.shapes[barrier]) <= LINE
    crossed[rows[way[is_line]]] = True
    barrier, way = barrier[~is_line], way[~is_line]
    areas = barriers.shapes[barrier]
    through = shapely.relate_pattern(lines[way], areas, "T********")
    leaves = shapely.contains_xy(areas, starts[rows[way]])
    crossed[rows[way[through & ~leaves]]] = True
    return crossed


def shorten(starts: Floats, ends: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Rows of the ways that are longer than 2 mm, and those ways without 1 mm at either end: float64[k,2,2]."""
    away = ends - starts
    length = np.hypot(away[:, 0], away[:, 1])
    rows = np.flatnonzero(length > 2 * SAME_M)
    part = away[rows] * (SAME_M / length[rows])[:, None]
    return rows, np.stack([starts[rows] + part, ends[rows] - part], axis=1)
