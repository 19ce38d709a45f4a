"""A query as one SELECT. Builds SQL and runs nothing; permission is part of every statement made here."""

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Label,
    Select,
    Table,
    Text,
    bindparam,
    column,
    func,
    null,
    or_,
    select,
    type_coerce,
)

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue import history
from gis_infra.catalogue.definitions import ACCESS_LEVELS, Field, Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import InvalidParameter
from gis_infra.features import paging
from gis_infra.features.formats.geojson_text import GeoJsonText
from gis_infra.features.formats.gml.dialects import DIALECTS
from gis_infra.features.formats.gml.records import select_record
from gis_infra.features.query import FeatureQuery
from gis_infra.features.versions.sources import require_versions, select_as_of
from gis_infra.filters.places import select_in_box
from gis_infra.filters.to_sql import Scope, bind, select_ids, to_sql
from gis_infra.spatial import crs
from gis_infra.storage.engine import BINARY_ROWS

GEOMETRY = "_geometry"
DOCUMENT = "_document"
ALSO = "_also_"
# A system column of every table: where the row lies, by which a statement finds it again sooner than by any index.
ROW_ADDRESS = "ctid"
# A ten-millionth of a degree is 1.1 cm on the ground, a thousandth of a metre 1 mm.
DECIMALS_DEGREES = 7
DECIMALS_METRES = 3
DEEPEST_OFFSET = 2**62
# Parameters of `select_page_and_count`.
MOST, ROWS = bindparam("most", 0, Integer), bindparam("rows", 0, Integer)
BEYOND = bindparam("beyond", 0, BigInteger)
# On the equator; a degree is never longer on the ground, so shapes are never coarser than was asked for.
METRES_PER_DEGREE = 111_319.5


def select_page(tables: LayerTables, query: FeatureQuery, also: Sequence[str] = ()) -> Select[Any]:
    """The rows of the page, in order: id, geometry, attributes, and the columns named in `also`.

    Raises UnknownLayer, UnknownProperty, InvalidParameter, InvalidCrs.
    """
    return select_part(tables, query, query.limit, also, forwards=True)


def select_page_with_keys(tables: LayerTables, query: FeatureQuery) -> Select[Any]:
    """The rows of the page, and the values of their sort keys, of which cursors are made. Raises as `select_page`."""
    return select_part(tables, query, query.limit, list_keys(query), forwards=True)


def select_page_and_next(tables: LayerTables, query: FeatureQuery) -> Select[Any]:
    """The rows of the page with their keys, and one more row that tells whether others follow.

    They come in the direction of the cursor: backwards, the one more is the last all the same. Raises as `select_page`.
    """
    return select_part(tables, query, query.limit + 1, list_keys(query), forwards=not is_backwards(query))


def list_keys(query: FeatureQuery) -> list[str]:
    """The names of what a query sorts by."""
    return [key.name for key in query.sort]


def select_part(
    tables: LayerTables, query: FeatureQuery, limit: int, also: Sequence[str], *, forwards: bool
) -> Select[Any]:
    """The first `limit` rows from the place of the query, in the direction of its cursor; written forwards or not."""
    require_page(query)
    table = get_source(tables, query)
    terms = paging.list_terms(query, table)
    more = [table.c[name].label(f"{ALSO}{name}") for name in also]
    shown = (table.c.id, *select_shown(tables, query, table), *more)
    found = paging.order_by(terms, table.c.id, backwards=is_backwards(query))
    part = select_place(tables, query, table).with_only_columns(table.c.id).order_by(*found).limit(limit)
    part = part.execution_options(**{BINARY_ROWS: query.geometry_form == "document"})
    if not query.offset and forwards != is_backwards(query):
        return part.with_only_columns(*shown)
    # Rows that are skipped are only counted past; their shapes would otherwise be written out and thrown away.
    wanted = part.offset(query.offset or None).subquery("part")
    told = paging.order_by(terms, table.c.id, backwards=not forwards)
    page = select(*shown).select_from(table.join(wanted, wanted.c.id == table.c.id)).order_by(*told)
    return page.execution_options(**part.get_execution_options())


def select_page_and_count(tables: LayerTables, query: FeatureQuery, found: ColumnElement[bool]) -> Select[Any]:
    """The rows of `select_page_and_next`, each with the number of all matches; no row if those are more than `most`.

    For a query by id that skips no rows. What matches is found once, and shapes are read of the page's rows only.
    found: what the query asks for besides permission. Parameters of the statement: `most`, `rows` of the page and one
    more, and `beyond`, the id of the cursor, if there is one. Raises as `select_page`.
    """
    table = get_source(tables, query)
    place: ColumnElement[Any] = column(ROW_ADDRESS)
    visible = select_rows(tables, FeatureQuery(query.layer, query.actor), table).where(found)
    all_found = visible.add_columns(place.label("place")).limit(MOST + 1).cte("found").prefix_with("MATERIALIZED")
    number = select(func.count().label("matched")).select_from(all_found).subquery("number")
    rows = select(all_found.c.id, all_found.c.place, number.c.matched).join_from(
        all_found, number, number.c.matched <= MOST
    )
    if query.cursor is not None:
        rows = rows.where(all_found.c.id < BEYOND if query.cursor.backwards else all_found.c.id > BEYOND)
    order = paging.order_by((), all_found.c.id, backwards=is_backwards(query))
    part = rows.order_by(*order).limit(ROWS).subquery("part")
    told = paging.order_by((), part.c.id, backwards=is_backwards(query))
    shown = (table.c.id, *select_shown(tables, query, table), part.c.matched)
    return select(*shown).select_from(table.join(part, part.c.place == place)).order_by(*told)


def is_backwards(query: FeatureQuery) -> bool:
    """Whether rows come from the end of the page to its beginning."""
    return query.cursor is not None and query.cursor.backwards


def get_source(tables: LayerTables, query: FeatureQuery) -> FromClause:
    """What a query reads from: the layer's table, or what it held at the moment that is asked for."""
    table = tables.get(query.layer.id)
    if query.as_of is None:
        return table
    require_versions(query.layer)
    return select_as_of(table, history.build(table), query.as_of, query.actor.get_visible_levels(query.layer))


def select_place(tables: LayerTables, query: FeatureQuery, source: FromClause | None = None) -> Select[Any]:
    """The rows that match the query beyond the place of its cursor; all that match, without one.

    source: as of `select_rows`, which raises the same.
    """
    table = get_source(tables, query) if source is None else source
    rows = select_rows(tables, query, table)
    if query.cursor is None:
        return rows
    return rows.where(paging.select_beyond(paging.list_terms(query, table), table.c.id, query.cursor))


def select_rows(tables: LayerTables, query: FeatureQuery, source: FromClause | None = None) -> Select[Any]:
    """The id of every row that matches the query and that its actor may see, whatever its page.

    source: what `get_source` gave, for who selects further columns of it.
    Raises UnknownLayer, UnknownProperty, InvalidParameter, InvalidCrs.
    """
    query.actor.require("read", query.layer)
    # What a filter asks of a table it asks as well of a subquery with the same columns.
    table = cast(Table, get_source(tables, query) if source is None else source)
    scope = Scope(query.layer, table, tables.srid)
    conditions = [select_visible(table, query.layer, query.actor)]
    conditions += [select_equal(scope, name, text) for name, text in query.equals.items()]
    if query.bbox is not None:
        conditions.append(select_in_box(table, query.bbox, tables.srid))
    if query.filter is not None:
        conditions.append(to_sql(query.filter, scope))
    if query.ids is not None:
        conditions.append(select_ids(table, query.ids))
    # The source is named, so that who counts the rows and takes no column of it still counts those.
    return select(table.c.id).select_from(table).where(*(each for each in conditions if each is not None))


def select_visible(table: FromClause, layer: Layer, actor: Actor) -> ColumnElement[bool] | None:
    """True for rows the actor may see; None when that is every row."""
    if layer.kept is not None:
        return cast("ColumnElement[bool]", layer.kept.select_visible(table, actor))
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


def select_shown(tables: LayerTables, query: FeatureQuery, table: FromClause) -> list[ColumnElement[Any]]:
    """What is told of each feature besides its id: its geometry and its attributes, or one document of both.

    Attributes for GML are one column, of `gml.records.select_record`.
    """
    geometry = select_geometry(table, query, tables.srid)
    columns = [table.c[field.name] for field in list_fields(query)]
    if query.geometry_form in DIALECTS:
        return [geometry, select_record(columns)]
    if query.geometry_form == "document":
        return [GeoJsonText(table.c.id, geometry.element, *columns).label(DOCUMENT)]
    return [geometry, *columns]


def select_geometry(table: FromClause, query: FeatureQuery, city_srid: int) -> Label[Any]:
    """The geometry in the query's CRS and form, labelled `GEOMETRY`."""
    if query.skip_geometry:
        return null().label(GEOMETRY)
    shape = select_shape(table, query, city_srid)
    if query.geometry_form == "wkb" or query.geometry_form in DIALECTS:
        return func.st_asbinary(shape).label(GEOMETRY)
    if query.swap_axes:
        shape = func.st_flipcoordinates(shape)
    return type_coerce(func.st_asgeojson(shape, get_decimals(query), 0), Text).label(GEOMETRY)


def select_shape(table: FromClause, query: FeatureQuery, city_srid: int) -> ColumnElement[Any]:
    """The geometry in the query's CRS: one of the two that are stored, or the city's one transformed."""
    if query.srid == crs.WGS84:
        return simplify(table.c.lonlat, query, METRES_PER_DEGREE)
    shape = simplify(table.c.geom, query, 1.0)
    return shape if query.srid == city_srid else func.st_transform(shape, query.srid)


def simplify(shape: ColumnElement[Any], query: FeatureQuery, metres_per_unit: float) -> ColumnElement[Any]:
    """The shape without the bends that are smaller than the query's tolerance; of the layer's type as before.

    What is valid stays valid and nothing vanishes: a ring keeps four of its points, and rings do not come to cross.
    """
    if not query.tolerance_m:
        return shape
    simple = func.st_simplifypreservetopology(shape, query.tolerance_m / metres_per_unit)
    # A collection of one part comes back as that part.
    return func.st_multi(simple) if query.layer.geometry.startswith("Multi") else simple


def get_decimals(query: FeatureQuery) -> int:
    """Digits after the point that keep a centimetre. Raises InvalidCrs."""
    if query.decimals is not None:
        return query.decimals
    return DECIMALS_DEGREES if crs.is_geographic(query.srid) else DECIMALS_METRES


def list_fields(query: FeatureQuery) -> Sequence[Field]:
    """The attributes wanted, in the layer's order. Raises UnknownProperty, which names the first unknown one."""
    if query.properties is None:
        return query.layer.fields
    wanted = {query.layer.get_field(name).name for name in query.properties}
    return [field for field in query.layer.fields if field.name in wanted]


def require_page(query: FeatureQuery) -> None:
    """Return if limit and offset can be had. Raises InvalidParameter."""
    if query.limit < 0:
        raise InvalidParameter(f"limit must be at least 0, got {query.limit}", where="limit")
    if not 0 <= query.offset <= DEEPEST_OFFSET:
        raise InvalidParameter(f"offset must be from 0 to 2^62, got {query.offset}", where="offset")
