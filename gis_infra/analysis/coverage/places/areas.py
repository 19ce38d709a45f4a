"""Areas with people cut along the units they lie in, people spread evenly. Pure: no database."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.coverage.places.model import NO_UNIT, UnitSet

SLIVER = 1e-9  # share of an area; less is what rounding leaves along a border


@dataclass(frozen=True)
class Pieces:
    """Parts of areas: of which (row), where (shape), in which unit (row or NO_UNIT), and what share of the whole."""

    area: NDArray[np.int64]
    shapes: NDArray[Any]
    unit: NDArray[np.int32]
    share: NDArray[np.float64]


def cut(shapes: NDArray[Any], units: UnitSet) -> Pieces:
    """Each area cut along the units; shares of an area add up to 1, whatever the units leave out or cover twice.

    shapes: shapely areas, valid, each larger than nothing. What two units cover counts for the one with the smaller
    code. Pieces come in the order of the areas, then of the units, then what lies in none.
    """
    left = shapes.copy()
    tree = shapely.STRtree(shapes)
    found: list[tuple[NDArray[np.int64], NDArray[Any], int]] = []
    for row, unit in enumerate(units.shapes):
        near = np.sort(tree.query(unit, predicate="intersects"))
        near = near[~shapely.is_empty(left[near])]
        whole = shapely.covers(unit, left[near])
        parts = left[near]
        parts[~whole] = keep_areas(shapely.intersection(parts[~whole], unit))
        left[near[~whole]] = keep_areas(shapely.difference(left[near[~whole]], unit))
        left[near[whole]] = shapely.Polygon()
        found.append((near, parts, row))
    found.append((np.arange(len(shapes)), left, NO_UNIT))
    return join(found, len(shapes))


def join(found: list[tuple[NDArray[np.int64], NDArray[Any], int]], count: int) -> Pieces:
    """All pieces in one value, without slivers; what slivers had goes to the other pieces of their area."""
    area = np.concatenate([rows for rows, _, _ in found])
    shapes = np.concatenate([parts for _, parts, _ in found])
    unit = np.concatenate([np.full(len(rows), row, np.int32) for rows, _, row in found])
    size = shapely.area(shapes)
    kept = size > SLIVER * np.bincount(area, size, count)[area]
    order = np.flatnonzero(kept)[np.argsort(area[kept], kind="stable")]
    area, shapes, unit, size = area[order], shapes[order], unit[order], size[order]
    return Pieces(area, shapes, unit, size / np.bincount(area, size, count)[area])


def keep_areas(shapes: NDArray[Any]) -> NDArray[Any]:
    """The shapes without the points and lines that cutting leaves where two of them touch."""
    kept = shapes.copy()
    for row in np.flatnonzero(shapely.get_dimensions(shapes) < 2):
        kept[row] = shapely.Polygon()
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    for row in np.flatnonzero(mixed):
        parts = shapely.get_parts(shapes[row])
        kept[row] = shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
    return kept
