"""Boxes and shapes of a request as conditions on a layer's two geometry columns.

The constant moves to the column's CRS, never the column: an index serves a column only as it is stored. Longitude and
latitude meet `lonlat`, everything else meets `geom` in the city's CRS. The operators of PostGIS's index work on boxes
of 32-bit numbers (0.8 m at these longitudes), so each condition ends in an exact test.
"""

import math
from functools import lru_cache, partial
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, FromClause, and_, case, false, func, or_, true

from gis_infra.errors import InvalidBbox, InvalidCrs, InvalidParameter
from gis_infra.filters.tree import SpatialOperator
from gis_infra.spatial import crs
from gis_infra.spatial.boxes import Bbox

# A side of a box is a straight line in its own CRS and a curve in the city's; 64 pieces keep a 50 km side within 1 cm.
PIECES = 64
# Degrees around the area a CRS is made for within which a projection still has numbers.
DOMAIN_MARGIN_DEG = 5.0
# Twice the step between neighbouring 32-bit numbers at 180 degrees and at 10,000 km.
FLOAT_SLACK_DEG = 3.1e-5
FLOAT_SLACK_M = 2.0
WITHOUT_HEIGHTS = (0, 1)  # what ST_Zmflag says of x,y and of x,y with a measure
MAX_VERTICES = 100_000
MOST_MENDED_VERTICES = 200
# xmin, ymin, xmax, ymax.
Corners = tuple[float, float, float, float]
# Farther out than any coordinate on Earth in any unit; GEOS computes with products of these.
FARTHEST = 1e12


def select_in_box(table: FromClause, box: Bbox, city_srid: int) -> ColumnElement[bool]:
    """True for rows whose geometry shares a point with `box`; the edge is inside.

    A box with heights asks besides that the feature, from its lowest to its highest point, reaches into them; one that
    has no heights of its own is at any.
    city_srid: EPSG code of the column `geom`.
    Raises InvalidCrs for a box in a CRS that has no numbers around the city.
    Source: OGC 17-069r4, /req/core/fc-bbox-response.
    """
    plan = select_in_plan(table, box, city_srid)
    return plan if box.heights is None else and_(plan, reaches_into(table.c.geom, box.heights))


def reaches_into(column: ColumnElement[object], heights: tuple[float, float]) -> ColumnElement[bool]:
    """True where the geometry has no heights, or some between the two, which are inside."""
    lowest, highest = heights
    flat = func.st_zmflag(column).in_(WITHOUT_HEIGHTS)
    return or_(flat, and_(func.st_zmax(column) >= lowest, func.st_zmin(column) <= highest))


def select_in_plan(table: FromClause, box: Bbox, city_srid: int) -> ColumnElement[bool]:
    """True for rows whose geometry, seen from above, shares a point with `box`. Raises InvalidCrs."""
    if box.srid == crs.WGS84:
        if box.crosses_antimeridian:
            west, east = (box.xmin, box.ymin, 180.0, box.ymax), (-180.0, box.ymin, box.xmax, box.ymax)
            return or_(*(intersects_envelope(table.c.lonlat, side, crs.WGS84) for side in (west, east)))
        return intersects_envelope(table.c.lonlat, (box.xmin, box.ymin, box.xmax, box.ymax), crs.WGS84)
    box = bring_near(box)
    if box.srid == city_srid:
        return intersects_envelope(table.c.geom, (box.xmin, box.ymin, box.xmax, box.ymax), city_srid)
    moved = to_city(shapely.box(box.xmin, box.ymin, box.xmax, box.ymax), box.srid, city_srid)
    return false() if moved is None else func.st_intersects(table.c.geom, to_constant(moved, city_srid))


def bring_near(box: Bbox) -> Bbox:
    """The same box, its sides no farther out than `FARTHEST`; clients say "everything" with numbers up to 1e308."""
    xmin, ymin, xmax, ymax = (max(-FARTHEST, min(FARTHEST, each)) for each in (box.xmin, box.ymin, box.xmax, box.ymax))
    return Bbox(xmin, ymin, xmax, ymax, box.srid)


def intersects_envelope(column: ColumnElement[object], corners: Corners, srid: int) -> ColumnElement[bool]:
    """True where `column` shares a point with the box xmin, ymin, xmax, ymax in `srid`."""
    envelope = func.st_makeenvelope(*corners, srid)
    smaller = shrink(corners, srid)
    if smaller is None:
        exact: ColumnElement[bool] = func.st_intersects(column, envelope)
        return exact
    return intersects_sized(column, envelope, func.st_makeenvelope(*smaller, srid))


def intersects_sized(
    column: ColumnElement[object], envelope: ColumnElement[Any], inner: ColumnElement[Any]
) -> ColumnElement[bool]:
    """True where `column` shares a point with `envelope`. inner: what `shrink` leaves of it.

    Most rows of a box lie wholly inside, and for those a look at their own box is enough: `@` asks whether it lies in
    the inner one. It is asked in a CASE, which hides it from the planner: an OR of the two is taken for an index search
    of its own each, and a hundred times too few rows are expected.
    """
    exact: ColumnElement[bool] = func.st_intersects(column, envelope)
    is_inside = column.op("@", is_comparison=True)(inner)
    return and_(column.op("&&", is_comparison=True)(envelope), case((is_inside, true()), else_=exact))


def shrink(corners: Corners, srid: int) -> Corners | None:
    """A box smaller by more than 32-bit numbers can be off; None where that leaves nothing."""
    xmin, ymin, xmax, ymax = corners
    slack = FLOAT_SLACK_DEG if srid == crs.WGS84 else FLOAT_SLACK_M
    if min(xmax - xmin, ymax - ymin) <= 2 * slack:
        return None
    return xmin + slack, ymin + slack, xmax - slack, ymax - slack


def select_related(
    table: FromClause, operator: SpatialOperator, wkb: bytes, srid: int, city_srid: int
) -> ColumnElement[bool]:
    """True for rows whose geometry stands in relation `operator` to the constant geometry in `wkb`.

    wkb: easting first, in `srid`.
    Raises InvalidParameter for bytes that are no geometry, that are not finite or have too many vertices.
    """
    constant = read_constant(wkb)
    column = table.c.lonlat if srid == crs.WGS84 else table.c.geom
    if srid not in (crs.WGS84, city_srid):
        moved = to_city(constant, srid, city_srid)
        if moved is None:
            return table.c.geom.is_not(None) if operator == "disjoint" else false()
        constant, srid = moved, city_srid
    related: ColumnElement[bool] = getattr(func, f"st_{operator}")(column, to_constant(constant, srid))
    return related


def read_constant(wkb: bytes) -> BaseGeometry:
    """The geometry in `wkb`, mended if it is not valid. Raises InvalidParameter if it cannot be used."""
    try:
        geometry = shapely.from_wkb(wkb)
    except shapely.errors.ShapelyError:
        raise InvalidParameter("the geometry of the filter cannot be read", where="filter") from None
    if geometry.is_empty or not all(abs(each) <= FARTHEST for each in geometry.bounds):
        raise InvalidParameter(
            f"the geometry of the filter must have finite coordinates, up to {FARTHEST:g}", where="filter"
        )
    vertices = shapely.get_num_coordinates(geometry)
    if vertices > MAX_VERTICES:
        raise InvalidParameter(
            f"the geometry of the filter has {vertices} vertices, at most {MAX_VERTICES} are allowed", where="filter"
        )
    # GEOS stops with an error on a self-crossing ring in most relations; a bow tie is read as its two halves.
    return mend(geometry, "filter")


def mend(geometry: BaseGeometry, where: str) -> BaseGeometry:
    """The same geometry, its rings not crossing themselves.

    Every side of a ring may cross every other, and nothing stops GEOS once it is at it: a scribble of 300 vertices
    took over a minute. So only few vertices are mended.
    where: the parameter the geometry came in, for the message. Raises InvalidParameter for a large one that crosses
    itself.
    """
    if geometry.is_valid:
        return geometry
    vertices = shapely.get_num_coordinates(geometry)
    if vertices > MOST_MENDED_VERTICES:
        raise InvalidParameter(
            f"the geometry crosses itself, which is allowed up to {MOST_MENDED_VERTICES} vertices, and has {vertices}",
            where=where,
        )
    return shapely.make_valid(geometry, method="structure")


def to_constant(geometry: BaseGeometry, srid: int) -> ColumnElement[object]:
    """The geometry as a bound value in SQL."""
    return func.st_geomfromwkb(shapely.to_wkb(geometry), srid)


def to_city(geometry: BaseGeometry, srid: int, city_srid: int) -> BaseGeometry | None:
    """The geometry in the city's CRS, its straight edges followed closely; None if it lies far outside.

    Clients ask for the whole world in metres (QGIS sends 1e8); far from its zone a projection has no numbers, so what
    is far outside is cut away first.
    Raises InvalidCrs for a CRS that has no numbers around the city.
    """
    near = cut_off(geometry, get_domain(srid, city_srid))
    if near.is_empty:
        return None
    xmin, ymin, xmax, ymax = near.bounds
    longest = max(xmax - xmin, ymax - ymin)
    if longest > 0:
        require_straight(near, longest)
        near = shapely.segmentize(near, longest / PIECES)
    moved = shapely.transform(near, partial(move_points, crs.get_transformer(srid, city_srid)))
    if not all(math.isfinite(each) for each in moved.bounds):
        raise InvalidBbox("the box or shape has no coordinates in the city's system", where="bbox")
    return mend(moved, "bbox")


def require_straight(geometry: BaseGeometry, longest: float) -> None:
    """Return if following the sides closely does not make millions of vertices of them. Raises InvalidParameter."""
    if geometry.length / longest * PIECES > MAX_VERTICES:
        raise InvalidParameter("the geometry runs to and fro too often to be moved to the city's CRS", where="filter")


def cut_off(geometry: BaseGeometry, box: tuple[float, float, float, float]) -> BaseGeometry:
    """The part of a valid geometry inside the box; lines are not taken apart where they cross themselves."""
    xmin, ymin, xmax, ymax = geometry.bounds
    if box[0] <= xmin and box[1] <= ymin and xmax <= box[2] and ymax <= box[3]:
        return geometry
    if geometry.geom_type == "GeometryCollection":
        return shapely.GeometryCollection([cut_off(part, box) for part in shapely.get_parts(geometry)])
    if "Line" in geometry.geom_type:
        return shapely.clip_by_rect(geometry, *box)
    return shapely.intersection(geometry, shapely.box(*box))


def move_points(transformer: Transformer, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points in rows of x, y, moved by the transformer."""
    return np.column_stack(transformer.transform(points[:, 0], points[:, 1]))


@lru_cache(maxsize=64)
def get_domain(srid: int, city_srid: int) -> tuple[float, float, float, float]:
    """The box, in `srid`, in which both it and the city's CRS have numbers: xmin, ymin, xmax, ymax.

    Raises InvalidCrs if there is none.
    """
    area = crs.get_crs(city_srid).area_of_use
    if area is None:
        raise InvalidCrs(f"EPSG:{city_srid} has no area of use", where="bbox-crs")
    margin = DOMAIN_MARGIN_DEG
    west, east = max(area.west - margin, -180.0), min(area.east + margin, 180.0)
    south, north = max(area.south - margin, -85.0), min(area.north + margin, 85.0)
    corners = crs.get_transformer(crs.WGS84, srid).transform_bounds(west, south, east, north)
    if not all(math.isfinite(each) for each in corners):
        raise InvalidCrs(f"EPSG:{srid} is not made for the region of the city", where="bbox-crs")
    return corners[0], corners[1], corners[2], corners[3]
