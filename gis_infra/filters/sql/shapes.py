"""Shapes of a condition: the feature's own beside constant ones, in whatever CRS those are."""

from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry
from sqlalchemy import ColumnElement, FromClause, false, func, literal, true

from gis_infra.filters import places, tree
from gis_infra.filters.spots import refuse
from gis_infra.filters.sql.terms import Scope, is_geometry
from gis_infra.filters.tree import SpatialOperator
from gis_infra.spatial.boxes import Bbox

MIRRORED: dict[SpatialOperator, SpatialOperator] = {"within": "contains", "contains": "within"}
FARTHEST_M = 1e7  # a quarter of the way round the Earth


def relate(condition: tree.Spatial, scope: Scope) -> ColumnElement[bool]:
    """True where the two shapes stand in the relation; unknown for a feature without geometry.

    Raises FilterError if one is no shape, InvalidParameter for one that cannot be used, InvalidCrs.
    Source: OGC 21-065r2, /req/spatial-functions/spatial-functions.
    """
    left, right, operator = condition.left, condition.right, condition.operator
    for each in (left, right):
        require_geometry(each, scope)
    if isinstance(left, tree.Shape | tree.Box):
        if isinstance(right, tree.Shape | tree.Box):
            return relate_constants(operator, left, right, scope)
        left, right, operator = right, left, MIRRORED.get(operator, operator)
    if isinstance(right, tree.Box):
        if operator == "intersects":
            return places.select_in_box(scope.get_of(left).table, right.box, scope.city_srid)
        right = to_shape(right)
    if isinstance(right, tree.Shape):
        return places.select_related(scope.get_of(left).table, operator, right.wkb, right.srid, scope.city_srid)
    first, second = (get_geometry(scope.get_of(each).table) for each in (left, right))
    related: ColumnElement[bool] = getattr(func, f"st_{operator}")(first, second)
    return related


def require_geometry(expression: tree.Expression, scope: Scope) -> None:
    """Return if the expression is a shape. Raises FilterError, UnknownProperty."""
    if is_geometry(expression):
        return
    if isinstance(expression, tree.Property):
        raise refuse(f"{expression.name} is not a geometry; the geometry of {scope.layer.id} is geom", expression.spot)
    raise refuse("a spatial function compares the geometry geom with a geometry", expression.spot)


def relate_constants(
    operator: SpatialOperator, left: tree.Shape | tree.Box, right: tree.Shape | tree.Box, scope: Scope
) -> ColumnElement[bool]:
    """The relation of two constants, which is the same for every feature."""
    first, second = (move_to_city(each, scope) if to_shape(left).srid != to_shape(right).srid else read(each)
                     for each in (left, right))  # fmt: skip
    if first is None or second is None:
        return true() if operator == "disjoint" else false()
    return literal(bool(getattr(first, operator)(second)))


def read(constant: tree.Shape | tree.Box) -> BaseGeometry:
    """The constant in its own CRS. Raises InvalidParameter."""
    return places.read_constant(to_shape(constant).wkb)


def move_to_city(constant: tree.Shape | tree.Box, scope: Scope) -> BaseGeometry | None:
    """The constant in the city's CRS; None if it lies far outside. Raises InvalidParameter, InvalidCrs."""
    shape = to_shape(constant)
    geometry = places.read_constant(shape.wkb)
    return geometry if shape.srid == scope.city_srid else places.to_city(geometry, shape.srid, scope.city_srid)


def to_shape(constant: tree.Shape | tree.Box) -> tree.Shape:
    """The constant as a geometry; a box over the antimeridian is two."""
    if isinstance(constant, tree.Shape):
        return constant
    box = constant.box
    sides = [box]
    if box.crosses_antimeridian:
        sides = [
            Bbox(box.xmin, box.ymin, 180.0, box.ymax, box.srid),
            Bbox(-180.0, box.ymin, box.xmax, box.ymax, box.srid),
        ]
    near = [places.bring_near(side) for side in sides]
    parts = [shapely.box(side.xmin, side.ymin, side.xmax, side.ymax) for side in near]
    whole = parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)
    return tree.Shape(shapely.to_wkb(whole), box.srid, constant.spot)


def to_city_element(expression: tree.Expression, scope: Scope) -> ColumnElement[Any]:
    """A shape in the city's CRS, where metres are metres. Raises FilterError for a constant far outside."""
    if not isinstance(expression, tree.Shape | tree.Box):
        return get_geometry(scope.get_of(expression).table)
    moved = move_to_city(expression, scope)
    if moved is None:
        raise refuse("the geometry lies so far outside the city that nothing can be measured to it", expression.spot)
    return places.to_constant(moved, scope.city_srid)


def get_geometry(table: FromClause) -> ColumnElement[Any]:
    """The column of the geometry in the city's CRS."""
    column: ColumnElement[Any] = table.c.geom
    return column


def select_near(condition: tree.Near, scope: Scope) -> ColumnElement[bool]:
    """True where the two shapes come as close as the distance. Raises FilterError, InvalidParameter, InvalidCrs."""
    for each in (condition.left, condition.right):
        require_geometry(each, scope)
    if not 0 <= condition.distance_m <= FARTHEST_M:
        raise refuse(f"the distance must be 0 to {FARTHEST_M:g} metres, got {condition.distance_m:g}", condition.spot)
    left, right = (to_city_element(each, scope) for each in (condition.left, condition.right))
    near: ColumnElement[bool] = func.st_dwithin(left, right, condition.distance_m)
    return near
