"""Constant geometries of a CQL2 filter, from the positions of WKT or GeoJSON alike.

Heights are left out, because every relation asked of a filter is one on the ground plan.
Source: OGC 21-065r2, annex B (geometryLiteral); RFC 7946, clause 3.1.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis_infra.errors import InvalidBbox
from gis_infra.filters import tree
from gis_infra.filters.places import FARTHEST
from gis_infra.filters.spots import Spot, refuse
from gis_infra.spatial import boxes, crs

# How many lists stand around a position.
LEVELS: Mapping[str, int] = {
    "Point": 0,
    "LineString": 1,
    "MultiPoint": 1,
    "Polygon": 2,
    "MultiLineString": 2,
    "MultiPolygon": 3,
}
# Longitudes may be counted once round the Earth either way.
POLE_DEG, TURN_DEG = 90.0, 360.0
COLLECTION = "GeometryCollection"
BUILDERS: Mapping[str, Callable[[Any], BaseGeometry]] = {
    "Point": shapely.Point,
    "LineString": shapely.LineString,
    "MultiPoint": shapely.MultiPoint,
    "Polygon": lambda rings: build_polygon(rings),
    "MultiLineString": shapely.MultiLineString,
    "MultiPolygon": lambda polygons: shapely.MultiPolygon([build_polygon(rings) for rings in polygons]),
}


@dataclass(frozen=True)
class Frame:
    """The CRS geometries are written in. swap_axes: whether northing (latitude) comes first there."""

    srid: int
    swap_axes: bool


def to_shape(geometry: BaseGeometry, frame: Frame, spot: Spot) -> tree.Shape:
    """The geometry as a node of the tree."""
    return tree.Shape(shapely.to_wkb(geometry), frame.srid, spot)


def build_simple(kind: str, coordinates: Any, frame: Frame, spot: Spot) -> BaseGeometry:
    """The geometry of one kind, easting first.

    coordinates: lists of positions as GeoJSON nests them. Raises FilterError.
    """
    positions = read_lists(coordinates, LEVELS[kind], frame, spot)
    try:
        return BUILDERS[kind](positions)
    except (ValueError, shapely.errors.ShapelyError) as error:
        raise refuse(f"the {kind} is broken: {error}", spot) from None


def read_lists(value: Any, level: int, frame: Frame, spot: Spot) -> Any:
    """Lists around positions, each easting first and without height. Raises FilterError."""
    if not isinstance(value, list) or not value:
        raise refuse("coordinates must be lists of numbers, and not empty", spot)
    if level:
        return [read_lists(each, level - 1, frame, spot) for each in value]
    return read_position(value, frame, spot)


def read_position(numbers: list[Any], frame: Frame, spot: Spot) -> tuple[float, float]:
    """A position of two or three finite numbers, easting first. Raises FilterError."""
    if not 2 <= len(numbers) <= 3 or any(
        isinstance(each, bool) or not isinstance(each, int | float) for each in numbers
    ):
        raise refuse(f"a position has two or three numbers, got {str(numbers)[:60]}", spot)
    # NaN is not below anything.
    if not all(abs(each) <= FARTHEST for each in numbers):
        raise refuse(f"coordinates must be finite, up to {FARTHEST:g}", spot)
    first, second = float(numbers[0]), float(numbers[1])
    easting, northing = (second, first) if frame.swap_axes else (first, second)
    if (abs(northing) > POLE_DEG or abs(easting) > TURN_DEG) and crs.is_geographic(frame.srid):
        raise refuse(f"no place has latitude {northing:g} and longitude {easting:g}", spot)
    return easting, northing


def build_polygon(rings: list[list[tuple[float, float]]]) -> shapely.Polygon:
    """A polygon of an outer and any number of inner rings. Raises ValueError unless they are closed."""
    for ring in rings:
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise ValueError("a ring has at least four positions and ends where it starts")
    return shapely.Polygon(rings[0], rings[1:])


def build_box(numbers: list[Any], frame: Frame, spot: Spot) -> tree.Box:
    """The box of four numbers, or of six with heights, which do not count.

    Raises FilterError for any other number of them, for a south edge north of the north edge, and for a box of degrees
    that lies wholly where there are none (OGC 19-079r2, /conf/filter/filter-crs-wgs84).
    """
    if len(numbers) not in (4, 6):
        raise refuse(f"a box has four numbers, or six with heights, got {len(numbers)}", spot)
    half = len(numbers) // 2
    lower, upper = (read_bound(part, frame, spot) for part in (numbers[:half], numbers[half:]))
    try:
        box = boxes.make(*lower, *upper, srid=frame.srid)
    except InvalidBbox as error:
        raise refuse(error.message, spot) from None
    if crs.is_geographic(frame.srid) and not (
        box.xmin <= 180 and box.xmax >= -180 and box.ymin <= 90 and box.ymax >= -90
    ):
        raise refuse("the box lies where there is no longitude or latitude; is filter-crs another one?", spot)
    return tree.Box(box, spot)


def read_bound(numbers: list[Any], frame: Frame, spot: Spot) -> tuple[float, float]:
    """A corner, easting first; clients say "everywhere" with numbers of any size. Raises FilterError."""
    if any(isinstance(each, bool) or not isinstance(each, int | float) for each in numbers):
        raise refuse("a box is made of numbers", spot)
    try:
        first, second = float(numbers[0]), float(numbers[1])
    except OverflowError:
        first = second = math.inf
    if not (math.isfinite(first) and math.isfinite(second)):
        raise refuse("the numbers of a box must be finite", spot)
    return (second, first) if frame.swap_axes else (first, second)
