"""A query as one SELECT. Builds SQL and runs nothing; permission is part of every statement made here."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, Table, Text, func, literal, null, or_, select, type_coerce

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import ACCESS_LEVELS, Field, Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidParameter
from gis_infra.features.query import FeatureQuery, SortKey
from gis_infra.filters.places import select_in_box
from gis_infra.filters.to_sql import Scope, bind, select_ids, to_sql
from gis_infra.spatial import crs

GEOMETRY = "_geometry"
# A ten-millionth of a degree is 1.1 cm on the ground, a thousandth of a metre 1 mm.
DECIMALS_DEGREES = 7
DECIMALS_METRES = 3
DEEPEST_OFFSET = 2**62


def select_page(tables: LayerTables, query: FeatureQuery) -> Select[Any]:
    """The rows of the page and one more, in order: id, geometry, attributes.

    The one more tells whether rows follow. Raises UnknownLayer, UnknownProperty, InvalidParameter, InvalidCrs.
    """
    require_page(query)
    table = tables.get(query.layer.id)
    columns = [table.c[field.name] for field in list_fields(query)]
    rows = select_rows(tables, query)
    wanted = rows.with_only_columns(table.c.id, select_geometry(table, query, tables.srid), *columns)
    return order_for_paging(wanted, table, query).limit(query.limit + 1).offset(query.offset or None)


def select_rows(tables: LayerTables, query: FeatureQuery) -> Select[Any]:
    """Every row that matches the query and that its actor may see, with no columns, order or limit of note.

    Raises UnknownLayer, UnknownProperty, InvalidParameter, InvalidCrs.
    """
    query.actor.require("read", query.layer)
    table = tables.get(query.layer.id)
    scope = Scope(query.layer, table, tables.srid)
    conditions = [select_visible(table, query.layer, query.actor)]
    conditions += [select_equal(scope, name, text) for name, text in query.equals.items()]
    if query.bbox is not None:
        conditions.append(select_in_box(table, query.bbox, tables.srid))
    if query.filter is not None:
        conditions.append(to_sql(query.filter, scope))
    if query.ids is not None:
        conditions.append(select_ids(table, query.ids))
    if query.after is not None:
        conditions.append(table.c.id > literal(query.after, BigInteger))
    return select(table.c.id).where(*(each for each in conditions if each is not None))


def select_visible(table: Table, layer: Layer, actor: Actor) -> ColumnElement[bool] | None:
    """True for rows the actor may see; None when that is every row."""
    levels = actor.get_visible_levels(layer)
    if levels == ACCESS_LEVELS:
        return None
    column = table.c.sensitivity
    return or_(column.is_(None), column.in_(levels))


def select_equal(scope: Scope, name: str, text: str) -> ColumnElement[bool]:
    """True where the property called `name` has the value written in `text`.

    Raises UnknownProperty, InvalidParameter.
    """
    field = scope.layer.get_field(name)
    equal: ColumnElement[bool] = scope.table.c[name] == bind(field, text, exact=True)
    return equal


def select_geometry(table: Table, query: FeatureQuery, city_srid: int) -> ColumnElement[Any]:
    """The geometry in the query's CRS and form, labelled `GEOMETRY`."""
    if query.skip_geometry:
        return null().label(GEOMETRY)
    shape = select_shape(table, query.srid, city_srid)
    if query.geometry_form == "wkb":
        return func.st_asbinary(shape).label(GEOMETRY)
    if query.swap_axes:
        shape = func.st_flipcoordinates(shape)
    return type_coerce(func.st_asgeojson(shape, get_decimals(query), 0), Text).label(GEOMETRY)


def select_shape(table: Table, srid: int, city_srid: int) -> ColumnElement[Any]:
    """The geometry in CRS `srid`: one of the two that are stored, or the city's one transformed."""
    if srid == crs.WGS84:
        return table.c.lonlat
    if srid == city_srid:
        return table.c.geom
    return func.st_transform(table.c.geom, srid)


def get_decimals(query: FeatureQuery) -> int:
    """Digits after the point that keep a centimetre. Raises InvalidCrs."""
    if query.decimals is not None:
        return query.decimals
    return DECIMALS_DEGREES if crs.is_geographic(query.srid) else DECIMALS_METRES


def order_for_paging(statement: Select[Any], table: Table, query: FeatureQuery) -> Select[Any]:
    """Sort by the named columns, nulls last, then by id, so that pages never overlap. Raises UnknownProperty."""
    named = [order_by(query.layer, table, key) for key in query.sort]
    return statement.order_by(*named, table.c.id)


def order_by(layer: Layer, table: Table, key: SortKey) -> ColumnElement[Any]:
    """One column to sort by. Raises UnknownProperty."""
    column = table.c[layer.get_field(key.name).name]
    return (column.desc() if key.descending else column.asc()).nulls_last()


def list_fields(query: FeatureQuery) -> Sequence[Field]:
    """The attributes wanted, in the layer's order. Raises UnknownProperty, which names the first unknown one."""
    if query.properties is None:
        return query.layer.fields
    wanted = {query.layer.get_field(name).name for name in query.properties}
    return [field for field in query.layer.fields if field.name in wanted]


def require_page(query: FeatureQuery) -> None:
    """Return if limit, offset, after and sort can be had together. Raises InvalidParameter."""
    if query.limit < 0:
        raise InvalidParameter(f"limit must be at least 0, got {query.limit}", where="limit")
    if not 0 <= query.offset <= DEEPEST_OFFSET:
        raise InvalidParameter(f"offset must be from 0 to 2^62, got {query.offset}", where="offset")
    if len(query.sort) > len(query.layer.fields):
        most = len(query.layer.fields)
        raise InvalidParameter(f"at most {most} properties can be sorted by, got {len(query.sort)}", where="sortby")
    if query.after is not None and query.sort:
        raise InvalidParameter(
            "after goes with no sort: pages sorted by a property are reached by offset", where="after"
        )
