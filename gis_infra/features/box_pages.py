"""The page of a bare box, with the number of all that lies in it: one statement, kept for each kind of such a page.

Of a page of 1,000 features of 40 attributes in a box, making the statement took this process a third of its time.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import psycopg
from sqlalchemy import ColumnElement, Connection, Double, bindparam, func

from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.counting import is_found_whole
from gis_infra.features.query import FeatureQuery, GeometryForm
from gis_infra.features.selection import require_page, select_page_and_count
from gis_infra.filters.places import Corners, bring_near, intersects_sized, select_in_box, shrink
from gis_infra.spatial import crs
from gis_infra.spatial.boxes import Bbox

# Up to so many matches are all found before a page is read of them, which counts them as well. Where there are more,
# finding that out was in vain: 5,000 take some milliseconds, of a page that takes tens.
MOST_FOUND = 5_000
PLACEHOLDER = re.compile(r"%(?:\((\w+)\)s|%)")
MOST_KEPT = 500  # some 10 kB each
OUTER, INNER = (
    ("west", "south", "east", "north"),
    ("inner_west", "inner_south", "inner_east", "inner_north"),
)


@dataclass(frozen=True)
class Kind:
    """All that the statement of a page depends on; what else a page asks for is handed over with it."""

    layer_id: str
    levels: tuple[str, ...]
    box_srid: int
    backwards: bool | None
    srid: int
    properties: tuple[str, ...] | None
    skip_geometry: bool
    geometry_form: GeometryForm
    decimals: int | None
    swap_axes: bool
    tolerance_m: float | None

    @classmethod
    def of(cls, query: FeatureQuery, box: Bbox) -> "Kind":
        """The kind of a query. box: its own."""
        return cls(
            layer_id=query.layer.id,
            levels=query.actor.get_view(query.layer),
            box_srid=box.srid,
            backwards=None if query.cursor is None else query.cursor.backwards,
            srid=query.srid,
            properties=query.properties,
            skip_geometry=query.skip_geometry,
            geometry_form=query.geometry_form,
            decimals=query.decimals,
            swap_axes=query.swap_axes,
            tolerance_m=query.tolerance_m,
        )


@dataclass(frozen=True)
class Statement:
    """A statement as the server takes it, with $1, $2, ...: psycopg would read one as long anew at each page.

    names: of the values for those places. constants: the values that are the same each time.
    """

    text: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]

    @classmethod
    def of(cls, text: str, constants: Mapping[str, Any]) -> "Statement":
        """A statement as psycopg takes it, with %(name)s for a value and %% for %."""
        names = dict.fromkeys(name for name in PLACEHOLDER.findall(text) if name)
        places = {name: f"${number}" for number, name in enumerate(names, 1)}
        written = PLACEHOLDER.sub(lambda found: places.get(found[1], "%"), text)
        return cls(written, tuple(names), constants)


def find_counted_rows(connection: Connection, tables: LayerTables, query: FeatureQuery) -> Sequence[tuple[Any, ...]]:
    """The rows of `read_box_page`; none where the query is no bare box, or nothing was found in it, or too much.

    Raises as `read_box_page`.
    """
    if query.bbox is None or not is_found_whole(query):
        return ()
    most = MOST_FOUND if query.count_bound is None else min(MOST_FOUND, query.count_bound)
    return read_box_page(connection, tables, query, query.bbox, most)


def read_box_page(
    connection: Connection, tables: LayerTables, query: FeatureQuery, box: Bbox, most: int
) -> Sequence[tuple[Any, ...]]:
    """The rows of `selection.select_page_and_count`: id, what is shown of each, and the number of all matches.

    query: a bare box, by id, that skips no rows; box: its own. None come if more than `most` match.
    Raises as `selection.select_page`.
    """
    query.actor.require("read", query.layer)
    require_page(query)
    values: dict[str, float] = {"most": most, "rows": query.limit + 1}
    if query.cursor is not None:
        values["beyond"] = query.cursor.id
    corners = to_corners(box, tables.srid)
    if corners is None:
        found = select_in_box(tables.get(query.layer.id), box, tables.srid)
        statement = compile_statement(connection, tables, query, found)
    else:
        values.update(zip((*OUTER, *INNER), (*corners[0], *corners[1]), strict=True))
        statement = find_statement(connection, tables, query, box)
    return run(connection, statement, values)


def run(connection: Connection, statement: Statement, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    """The rows of a statement, as the driver has them: SQLAlchemy's are made one by one, with names nobody asks for."""
    given = {**statement.constants, **values}
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)  # the only driver here
    with psycopg.RawCursor(driver) as cursor:
        return cursor.execute(statement.text, [given[name] for name in statement.names], binary=True).fetchall()


def to_corners(box: Bbox, city_srid: int) -> tuple[Corners, Corners] | None:
    """The corners of a box and of what `shrink` leaves of it; None where the box asks for a condition of its own."""
    if box.srid not in (crs.WGS84, city_srid) or box.heights is not None or box.crosses_antimeridian:
        return None
    box = box if box.srid == crs.WGS84 else bring_near(box)
    corners = box.xmin, box.ymin, box.xmax, box.ymax
    smaller = shrink(corners, box.srid)
    return None if smaller is None else (corners, smaller)


def find_statement(connection: Connection, tables: LayerTables, query: FeatureQuery, box: Bbox) -> Statement:
    """The statement of the query's kind, made at its first page; the corners of the box are parameters."""
    kind = Kind.of(query, box)
    known: Statement | None = tables.kept.get(kind)
    if known is not None:
        return known
    if len(tables.kept) >= MOST_KEPT:
        tables.kept.clear()
    table = tables.get(query.layer.id)
    column = table.c.lonlat if box.srid == crs.WGS84 else table.c.geom
    found = intersects_sized(column, make_envelope(OUTER, box.srid), make_envelope(INNER, box.srid))
    made = tables.kept[kind] = compile_statement(connection, tables, query, found)
    return made


def make_envelope(names: Sequence[str], srid: int) -> ColumnElement[Any]:
    """The box whose corners are parameters of these names."""
    return func.st_makeenvelope(*(bindparam(name, 0.0, Double) for name in names), srid)


def compile_statement(
    connection: Connection, tables: LayerTables, query: FeatureQuery, found: ColumnElement[bool]
) -> Statement:
    """The statement of a query. found: the condition its box makes."""
    compiled = select_page_and_count(tables, replace(query, bbox=None), found).compile(
        dialect=connection.dialect, compile_kwargs={"render_postcompile": True}
    )
    return Statement.of(str(compiled), compiled.params)
