"""The area that lies within reach along streets: what surrounds the streets that are reached with something left."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_infra.analysis.coverage.standards.kinds import Direction
from gis_infra.analysis.coverage.streets.arcs import start_journey
from gis_infra.analysis.coverage.streets.bands import Bands, list_bands, list_runs
from gis_infra.analysis.coverage.streets.measuring import spread_costs
from gis_infra.analysis.coverage.streets.model import SAME_M, Barriers, Floats, Graph, Objects, Snapped
from gis_infra.analysis.coverage.streets.stretches import list_stretches

QUARTER = 8  # sides of a quarter of a circle
NEAR_M = 1.5 * SAME_M  # a part this near to a street is not cut off from it


def reach_area(
    graph: Graph, barriers: Barriers, facilities: Snapped, reach: Floats, snap_m: float, direction: Direction = "from"
) -> BaseGeometry:
    """The area around all streets that the facilities reach, each within its `reach` (float64[m]); empty if none.

    Around each point of a street one may go off as far as what is left of the reach goes, at most `snap_m`, and not
    across a barrier.
    Source: docs/coverage.md, streets.
    """
    off_m = facilities.off_m * graph.off_cost
    reaches = facilities.take(off_m <= reach[facilities.row])
    if not len(reaches):
        return shapely.Polygon()
    journey = start_journey(graph, direction)
    left = reach[reaches.row] - reaches.off_m * graph.off_cost
    most = float(left.max())
    spread = spread_costs(journey, reaches, most - left, most)
    wide, narrow = list_bands(journey, list_runs(journey, reaches, left, spread, most), snap_m)
    few = begins_no_wide_band(graph, reaches, left / graph.off_cost - snap_m)
    around = stand_at(graph, reaches.take(few), np.minimum(left[few] / graph.off_cost, snap_m))
    return surround(wide, put_together(narrow, around), barriers, snap_m)


def begins_no_wide_band(graph: Graph, accesses: Snapped, spare_m: Floats) -> NDArray[np.bool_]:
    """bool[a]: whether what surrounds an access has to be drawn, for no band as wide as may be surely begins there.

    spare_m: float64[a], metres off the street that are left beyond the widest band. At an end of a one-way street
    nothing begins.
    """
    along_m, length_m = accesses.along_m, graph.length_m[accesses.edge]
    return (spare_m <= SAME_M) | (along_m <= SAME_M) | (along_m >= length_m - SAME_M)


def stand_at(graph: Graph, accesses: Snapped, width_m: Floats) -> Bands:
    """Bands of no length where each access comes onto its street."""
    stretches = list_stretches(graph, accesses.edge)
    counts = graph.last[accesses.edge] - graph.first[accesses.edge]
    access = np.repeat(np.arange(len(accesses)), counts)
    passed = stretches.along_m <= accesses.along_m[access]
    passed[np.cumsum(counts) - counts] = True
    row = np.maximum.reduceat(np.where(passed, np.arange(len(access)), 0), np.cumsum(counts) - counts)
    length_m = stretches.length_m[row]
    share = np.divide(accesses.along_m - stretches.along_m[row], length_m, out=np.zeros(len(row)), where=length_m > 0)
    way = stretches.ends[row] - stretches.starts[row]
    xy = stretches.starts[row] + np.clip(share, 0.0, 1.0)[:, None] * way
    return Bands(xy, xy, width_m, width_m)


def put_together(one: Bands, other: Bands) -> Bands:
    """The bands of both."""
    return Bands(
        np.concatenate([one.starts, other.starts]),
        np.concatenate([one.ends, other.ends]),
        np.concatenate([one.start_m, other.start_m]),
        np.concatenate([one.end_m, other.end_m]),
    )


def surround(wide: Bands, narrow: Bands, barriers: Barriers, snap_m: float) -> BaseGeometry:
    """The area of all bands, without what barriers cut off from them."""
    by_wide, by_narrow = (is_near(each, barriers, snap_m) for each in (wide, narrow))
    # Off a street that costs what the way off it costs, one comes no further than from where it began to shrink, unless
    # something stands between.
    length_m = np.hypot(*(narrow.ends - narrow.starts).T)
    gains = (np.abs(narrow.start_m - narrow.end_m) < length_m - SAME_M) | (length_m == 0.0)
    parts = [
        # Each by itself and then the union of all: around many lines at once it takes ten times as long.
        np.asarray(shapely.buffer(wide.take(~by_wide).to_lines(), snap_m, quad_segs=QUARTER)),
        narrow.take(~by_narrow & gains).to_areas(QUARTER),
        cut_off(put_together(wide.take(by_wide), narrow.take(by_narrow)), barriers),
    ]
    return shapely.union_all(np.concatenate(parts))


def is_near(bands: Bands, barriers: Barriers, snap_m: float) -> NDArray[np.bool_]:
    """bool[b]: whether a barrier stands near the band."""
    near = np.zeros(len(bands), dtype=np.bool_)
    if len(bands) and len(barriers):
        tree = shapely.STRtree(bands.to_lines())
        near[tree.query(barriers.shapes, predicate="dwithin", distance=snap_m)[1]] = True
    return near


def cut_off(bands: Bands, barriers: Barriers) -> Objects:
    """The area of each band, without the parts that barriers cut off from the street in its middle."""
    if not len(bands):
        return np.empty(0, dtype=object)
    areas, lines = bands.to_areas(QUARTER), bands.to_lines()
    is_line = shapely.get_dimensions(barriers.shapes) <= 1
    walls = barriers.shapes.copy()
    walls[is_line] = shapely.buffer(walls[is_line], SAME_M, quad_segs=QUARTER)
    band, wall = shapely.STRtree(walls).query(areas, predicate="intersects")
    for row in np.unique(band):
        areas[row] = shapely.difference(areas[row], shapely.union_all(walls[wall[band == row]]))
    parts, of_band = shapely.get_parts(areas, return_index=True)
    kept: Objects = parts[shapely.dwithin(parts, lines[of_band], NEAR_M)]
    return kept
