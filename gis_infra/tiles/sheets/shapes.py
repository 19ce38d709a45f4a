"""Geometries of the database as columns of numbers. Pure."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import GeometryType

from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.sheets.runs import Floats
from gis_infra.tiles.sheets.sheet import Kind, Places, Shapes, Singles

KINDS = {
    GeometryType.POINT: Kind.POINT,
    GeometryType.MULTIPOINT: Kind.POINT,
    GeometryType.LINESTRING: Kind.LINE,
    GeometryType.MULTILINESTRING: Kind.LINE,
    GeometryType.POLYGON: Kind.POLYGON,
    GeometryType.MULTIPOLYGON: Kind.POLYGON,
}
WEST, SOUTH, EAST, NORTH = range(4)
AREAL = 2  # dimensions


def parse_shapes(documents: Sequence[bytes], sheet: TileAddress) -> tuple[Shapes, Floats]:
    """The geometries in widths of a sheet, and their boxes, float64[4, n] in degrees.

    documents: well-known binary, longitude first; all points, all lines or all polygons, single ones or several.
    """
    geometries = shapely.from_wkb(documents)
    if shapely.get_dimensions(geometries[0]) == AREAL:
        # Seen with the north above; on the grid of a tile, whose y goes south, this is the positive direction.
        geometries = shapely.orient_polygons(geometries, exterior_cw=True)
    kind, lonlat, offsets = shapely.to_ragged_array(geometries, include_z=False)
    xy = to_world(lonlat) * 2.0**sheet.zoom - (sheet.column, sheet.row)
    levels = [each.astype(np.int32) for each in offsets]
    return to_shapes(KINDS[kind], xy.astype(np.float32), levels), np.ascontiguousarray(shapely.bounds(geometries).T)


def to_shapes(kind: Kind, xy: Singles, offsets: list[Places]) -> Shapes:
    """Shapes from arrays as Shapely tells them. offsets: from the vertices upwards, of what is made of the one before.

    Single points have none, several and lines one, several lines and polygons two, several polygons three.
    """
    if kind is Kind.POINT:
        parts = np.arange(len(xy) + 1, dtype=np.int32)
        return Shapes(kind, xy, parts, offsets[0] if offsets else parts, np.ones(len(xy), np.bool_))
    parts = offsets[0]
    are_shells = np.ones(len(parts) - 1, np.bool_)
    if kind is Kind.LINE:
        features = offsets[1] if len(offsets) > 1 else np.arange(len(parts), dtype=np.int32)
        return Shapes(kind, xy, parts, features, are_shells)
    are_shells[:] = False
    are_shells[offsets[1][:-1]] = True
    return Shapes(kind, xy, parts, offsets[1][offsets[2]] if len(offsets) > 2 else offsets[1], are_shells)


def to_world(lonlat: NDArray[Any]) -> Floats:
    """Shares of the world's width and height, from the north-west. lonlat: float64[v, 2] in degrees.

    Source: OGC 17-083r4, annex D.1 (WebMercatorQuad).
    """
    world = np.empty_like(lonlat)
    world[:, 0] = (lonlat[:, 0] + 180) / 360
    world[:, 1] = (1 - np.arcsinh(np.tan(np.radians(lonlat[:, 1]))) / np.pi) / 2
    return world
