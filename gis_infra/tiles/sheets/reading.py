"""The features about a square of the map, read from the database at once."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from sqlalchemy import Boolean, ColumnElement, Connection, Double, Integer, Row, Select, Table, Text, cast, func, select
from sqlalchemy.types import NullType

from gis_infra.catalogue.definitions import ACCESS_LEVELS, Layer
from gis_infra.features.plans import prefer_plain
from gis_infra.features.state import LayerState
from gis_infra.storage.engine import BINARY_ROWS
from gis_infra.tiles.addresses import BUFFER_UNITS, TileAddress, get_box, get_finest_zoom
from gis_infra.tiles.making import SMALLEST_UNITS, is_larger_than, list_columns, to_envelope
from gis_infra.tiles.sheets.shapes import parse_shapes
from gis_infra.tiles.sheets.sheet import Sheet, make_empty
from gis_infra.tiles.sheets.values import to_attribute

# To read more would take longer than a tile may take; such tiles are made, and thinned, by the database.
MOST_ROWS = 200_000
AS_THEY_ARE = (Text, Boolean, Integer, Double)
LEVELS: Mapping[str | None, int] = {None: -1, **{level: place for place, level in enumerate(ACCESS_LEVELS)}}
ID, SHAPE, LEVEL = "_id", "_shape", "_level"


def read_sheet(connection: Connection, table: Table, layer: Layer, address: TileAddress, version: LayerState) -> Sheet:
    """The sheet of a square. version: of the square, of the same moment. Raises BusyError at the time limit."""
    prefer_plain(connection)
    row = connection.execute(select_sheet(table, layer, address)).one()
    if len(row._mapping[ID] or ()) > MOST_ROWS:
        return make_empty(address, version, list_columns(layer), is_crowded=True)
    return to_sheet(row, layer, address, version)


def select_sheet(table: Table, layer: Layer, address: TileAddress) -> Select[Any]:
    """One row: of each column the values of all features in an array, in the same order; no arrays if there are none.

    Rows come one by one through several hands, arrays at once: they take half the time.
    """
    lonlat = table.c.lonlat
    attributes = [to_plain(table.c[name]).label(name) for name in list_columns(layer)]
    level = table.c.sensitivity.label(LEVEL)
    found = select(table.c.id.label(ID), func.st_asbinary(lonlat, type_=NullType()).label(SHAPE), level, *attributes)
    found = found.where(lonlat.op("&&")(to_envelope(get_box(address, BUFFER_UNITS)))).limit(MOST_ROWS + 1)
    finest = get_finest_zoom(address)
    if finest is not None and layer.geometry not in ("Point", "MultiPoint"):
        found = found.where(is_larger_than(lonlat, TileAddress(finest, 0, 0), SMALLEST_UNITS))
    rows = found.subquery("found")
    arrays: list[Any] = [func.array_agg(each, type_=NullType()).label(each.name) for each in rows.c]
    return select(*arrays).execution_options(**{BINARY_ROWS: True})


def to_plain(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column as tiles hold it: what is neither text nor number nor truth is written as text."""
    return column if isinstance(column.type, AS_THEY_ARE) else cast(column, Text)


def to_sheet(row: Row[Any], layer: Layer, address: TileAddress, version: LayerState) -> Sheet:
    """The sheet in the row of `select_sheet`."""
    columns = row._mapping
    if columns[ID] is None:
        return make_empty(address, version, list_columns(layer))
    shapes, boxes = parse_shapes(columns[SHAPE], address)
    levels = np.array([LEVELS[each] for each in columns[LEVEL]], np.int8)
    attributes = {name: to_attribute(columns[name]) for name in list_columns(layer)}
    return Sheet(address, version, np.array(columns[ID], np.int64), levels, boxes, shapes, attributes)
