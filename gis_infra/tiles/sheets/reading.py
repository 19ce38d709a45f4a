"""The features about a square of the map, read from the database at once."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, cast

import numpy as np
from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    CursorResult,
    Double,
    Integer,
    Select,
    Table,
    Text,
    bindparam,
    func,
    select,
)
from sqlalchemy.types import NullType, TypeEngine

from gis_infra.catalogue.definitions import ACCESS_LEVELS, Layer
from gis_infra.features.plans import prefer_plain
from gis_infra.features.state import LayerState
from gis_infra.storage.engine import BINARY_ROWS
from gis_infra.tiles.addresses import TileAddress, get_finest_zoom, to_degrees
from gis_infra.tiles.making import SMALLEST_UNITS, list_columns
from gis_infra.tiles.sheets.elements import Elements, code_elements, parse_elements, read_numbers
from gis_infra.tiles.sheets.shapes import parse_shapes
from gis_infra.tiles.sheets.sheet import NO_LEVEL, Levels, Sheet, make_empty
from gis_infra.tiles.sheets.values import Writer, to_attribute, write_double, write_integer, write_truth
from gis_infra.tiles.statements import AROUND, KNOWN_KINDS, LEAST_DEG, is_larger_than, list_values, to_envelope

# To read more would take longer than a tile may take; such tiles are made, and thinned, by the database.
MOST_ROWS = 200_000
# How a value of the database becomes one of a tile, by the type of its column; all others become text there.
WRITERS: Mapping[type[TypeEngine[Any]], Writer] = {Boolean: write_truth, Integer: write_integer, Double: write_double}
LEVELS: Mapping[bytes, int] = {level.encode(): place for place, level in enumerate(ACCESS_LEVELS)}
ID, SHAPE, LEVEL = "_id", "_shape", "_level"
LITTLE_ENDIAN = "NDR"


def read_sheet(connection: Connection, table: Table, layer: Layer, address: TileAddress, version: LayerState) -> Sheet:
    """The sheet of a square. version: of the square, of the same moment. Raises BusyError at the time limit."""
    prefer_plain(connection)
    names = list_columns(layer)
    finest = get_finest_zoom(address)
    has_least = finest is not None and layer.geometry not in ("Point", "MultiPoint")
    least_deg = to_degrees(finest or 0, SMALLEST_UNITS)
    values = {**list_values(address, 0, 0), "least_deg": least_deg, "most": MOST_ROWS + 1}
    with connection.execute(select_sheet(table, tuple(names), has_least=has_least), values) as result:
        columns = take_arrays(result)
    if ID not in columns:
        return make_empty(address, version, names)
    ids = columns[ID]
    if len(ids.starts) > MOST_ROWS:
        return make_empty(address, version, names, is_crowded=True)
    shapes, boxes = parse_shapes(columns[SHAPE], address)
    attributes = {name: to_attribute(columns[name], find_writer(table.c[name])) for name in names}
    numbers = read_numbers(ids.data, ids.starts, ids.lengths)
    return Sheet(address, version, numbers, to_levels(columns[LEVEL]), boxes, shapes, attributes)


@lru_cache(KNOWN_KINDS)
def select_sheet(table: Table, names: tuple[str, ...], *, has_least: bool) -> Select[Any]:
    """One row: of each column the values of all features in an array, in the same order; no arrays if there are none.

    names: of the attributes. has_least: what is small is left out. It is told the place as the statements of
    tiles.statements are, and how many rows to read.
    Rows come one by one through several hands, arrays at once: they take half the time.
    """
    lonlat = table.c.lonlat
    attributes = [to_plain(table.c[name]).label(name) for name in names]
    shape = func.st_asbinary(lonlat, LITTLE_ENDIAN, type_=NullType()).label(SHAPE)
    found = select(table.c.id.label(ID), shape, table.c.sensitivity.label(LEVEL), *attributes)
    found = found.where(lonlat.op("&&")(to_envelope(AROUND))).limit(bindparam("most", type_=Integer))
    if has_least:
        found = found.where(is_larger_than(lonlat, LEAST_DEG))
    rows = found.subquery("found")
    arrays: list[Any] = [func.array_agg(each, type_=NullType()).label(each.name) for each in rows.c]
    return select(*arrays).execution_options(**{BINARY_ROWS: True})


def to_plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column as tiles hold it: what is neither text nor number nor truth is written as text."""
    return column if isinstance(column.type, Text) or find_writer(column) else column.cast(Text)


def find_writer(column: ColumnElement[Any]) -> Writer | None:
    """How a value of a column becomes one of a tile; None if it is text there."""
    return next((writer for kind, writer in WRITERS.items() if isinstance(column.type, kind)), None)


def take_arrays(result: CursorResult[Any]) -> Mapping[str, Elements]:
    """The arrays in the only row of a result, as the driver has them; none if they are null."""
    sent = cast(Any, result.cursor).pgresult  # of psycopg, the only driver here
    arrays = [sent.get_value(0, place) for place in range(sent.nfields)]
    return {name: parse_elements(array) for name, array in zip(result.keys(), arrays, strict=True) if array is not None}


def to_levels(column: Elements) -> Levels:
    """How secret each row is, int8[n], as a sheet holds it."""
    codes, firsts = code_elements(column.data, column.starts, column.lengths)
    ends = column.starts[firsts] + column.lengths[firsts]
    known = [LEVELS[column.data[start:end].tobytes()] for start, end in zip(column.starts[firsts], ends, strict=True)]
    return np.array([*known, NO_LEVEL], np.int8)[codes]
