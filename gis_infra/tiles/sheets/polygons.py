"""Polygons on the grid of a tile: rings that stay rings, each in its direction, none crossing itself or another. Pure.

Rings as they come end where they began; rings as they are drawn end one vertex before.
Source: Mapbox Vector Tile Specification 2.1, clause 4.3.4.4.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType

from gis_infra.tiles.sheets.parts import (
    LEAST,
    MOST,
    Drawing,
    Snapped,
    drop_repeated,
    drop_straight,
    join,
    keep_parts,
    keep_vertices,
    to_drawing,
)
from gis_infra.tiles.sheets.runs import Integers, Truths, get_starts, sum_runs

LEAST_VERTICES = 4  # of a ring that comes back to its first vertex


def tidy(snapped: Snapped) -> Drawing:
    """The rings without vertices that say nothing; without holes, and polygons, that have become a point or a line.

    What came to cross itself on the grid is put right.
    """
    cleared = clear(snapped)
    if not len(cleared.drawing.counts):
        return cleared.drawing
    areas = measure(cleared.drawing)
    features, geometries = build(cleared)
    turned = cleared.drawing.rows[(areas > 0) != cleared.are_shells]
    wrong = ~shapely.is_valid(geometries) | np.isin(features, turned)
    right = keep_parts(cleared.drawing, ~np.isin(cleared.drawing.rows, features[wrong]))
    return join(open_rings(right), mend(geometries[wrong], features[wrong]))


def cut(snapped: Snapped) -> Drawing:
    """The polygons within the margin of the tile."""
    cleared = clear(snapped)
    if not len(cleared.drawing.counts):
        return cleared.drawing
    features, geometries = build(cleared)
    return mend(geometries, features)


def clear(snapped: Snapped) -> Snapped:
    """The rings that are left on the grid: of no polygon whose outer ring is gone."""
    drawing = drop_repeated(snapped.drawing)
    left = drawing.counts >= LEAST_VERTICES
    drawing = drop_straight(drawing)
    left &= (drawing.counts >= LEAST_VERTICES) & (measure(drawing) != 0)
    polygons = np.cumsum(snapped.are_shells) - 1
    left &= left[np.flatnonzero(snapped.are_shells)][polygons]
    return Snapped(keep_parts(drawing, left), snapped.are_shells[left])


def measure(rings: Drawing) -> Integers:
    """Twice the area of each ring, int64[p]; positive for what is an outer ring to whom sees y go south."""
    if not len(rings.counts):
        return np.zeros(0, np.int64)
    # From the first vertex of each ring, so that numbers stay small.
    x, y = (rings.xy - np.repeat(rings.xy[get_starts(rings.counts)], rings.counts, axis=0)).T
    crossed = np.zeros(len(x), np.int64)
    crossed[:-1] = x[:-1] * y[1:] - x[1:] * y[:-1]
    # Every ring ends at its own origin, so that a step to the next ring adds nothing.
    return sum_runs(crossed, rings.counts)


def build(snapped: Snapped) -> tuple[Integers, NDArray[np.object_]]:
    """The features, int64[f], and the geometry of each, of several polygons or one."""
    rows = snapped.drawing.rows[snapped.are_shells]
    firsts = np.flatnonzero(np.concatenate(([True], rows[1:] != rows[:-1])))
    rings = np.concatenate(([0], np.cumsum(snapped.drawing.counts)))
    polygons = np.append(np.flatnonzero(snapped.are_shells), len(snapped.are_shells))
    offsets = (rings, polygons, np.append(firsts, len(rows)))
    xy = snapped.drawing.xy.astype(np.float64)
    return rows[firsts], shapely.from_ragged_array(GeometryType.MULTIPOLYGON, xy, offsets)


def mend(geometries: NDArray[np.object_], features: Integers) -> Drawing:
    """What is within the margin, on the grid, crossing nothing. features: int64[f], of each geometry."""
    within = shapely.clip_by_rect(make_valid(geometries), LEAST, LEAST, MOST, MOST)
    snapped = shapely.set_precision(make_valid(within), 1)
    several, origins = shapely.get_parts(snapped, return_index=True)
    polygons, of_several = shapely.get_parts(several, return_index=True)
    origins = origins[of_several]
    are_polygons = (shapely.get_type_id(polygons) == GeometryType.POLYGON) & ~shapely.is_empty(polygons)
    oriented = shapely.orient_polygons(polygons[are_polygons], exterior_cw=False)
    rings, of_polygons = shapely.get_rings(oriented, return_index=True)
    return open_rings(drop_repeated(to_drawing(rings, features[origins[are_polygons][of_polygons]])))


def make_valid(geometries: NDArray[np.object_]) -> NDArray[np.object_]:
    """The geometries, those that cross themselves in the way that is nearest to how they look."""
    wrong = ~shapely.is_valid(geometries)
    if not wrong.any():
        return geometries
    right = geometries.copy()
    right[wrong] = shapely.make_valid(geometries[wrong])
    return right


def open_rings(rings: Drawing) -> Drawing:
    """The rings without their last vertices."""
    kept: Truths = np.ones(len(rings.xy), np.bool_)
    kept[np.cumsum(rings.counts) - 1] = False
    return keep_vertices(rings, kept)
