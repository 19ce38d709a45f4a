"""A vector tile from the database, in one statement, small enough to send.

Two habits make it fast. Within a tile of the higher zooms Web Mercator is as good as linear in longitude and latitude,
so the stored `lonlat` is put on the tile's grid as it is, without a transformation per vertex (measured: half the
time). And only features that stick out of the tile are clipped.
"""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, func, literal, not_, or_, select
from sqlalchemy.dialects.postgresql import distinct_on

from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.plans import prefer_plain
from gis_infra.features.selection import select_visible
from gis_infra.filters.to_sql import Scope, to_sql
from gis_infra.tiles.addresses import BUFFER_UNITS, TILE_UNITS, LonLatBox, TileAddress, get_bend, get_box
from gis_infra.tiles.query import TileQuery

LARGEST_TILE = 500_000
# So many features are never less than LARGEST_TILE bytes, so a tile cut off here is thinned and made again.
MOST_FEATURES = 60_000
# One feature is kept per cell of this many tile units (8 are about a pixel) until the tile is small enough.
THINNING_UNITS = (0, 8, 16, 32, 64, 128, 256)
MOST_BEND_UNITS = 0.5
# From here on everything is drawn; before, what is smaller than half a pixel is left out.
FULL_ZOOM = 16
SMALLEST_UNITS = 4
WGS84, WEB_MERCATOR = 4326, 3857
CODE, CODE_ZOOM = "asset_code", 15
STYLE_FIELDS = ("color_by", "width_by")
GEOMETRY = "geometry"


def make_tile(connection: Connection, tables: LayerTables, query: TileQuery) -> bytes:
    """The tile of a layer as Mapbox Vector Tile bytes, at most 500 kB; empty where there is nothing to draw.

    Raises UnknownLayer; UnknownProperty, InvalidParameter, FilterError, InvalidCrs for a condition the layer does not
    know; BusyError at the time limit. Source: Mapbox Vector Tile Specification 2.1.
    """
    query.actor.require("read", query.layer)
    conditions = list_conditions(tables, query)
    body = b""
    if query.address.zoom < get_least_zoom(query.layer):
        return body
    prefer_plain(connection)
    table = tables.get(query.layer.id)
    for cell_units in THINNING_UNITS:
        statement = select_tile(table, query, conditions, cell_units)
        body = bytes(connection.execute(statement).scalar_one() or b"")
        if len(body) <= LARGEST_TILE:
            break
    return body


def list_conditions(tables: LayerTables, query: TileQuery) -> list[ColumnElement[bool]]:
    """What must hold of a row besides its place: that it may be seen, and what is asked. Raises as `make_tile`."""
    table = tables.get(query.layer.id)
    visible = select_visible(table, query.layer, query.actor)
    asked = None if query.condition is None else to_sql(query.condition, Scope(query.layer, table, tables.srid))
    return [each for each in (visible, asked) if each is not None]


def get_least_zoom(layer: Layer) -> int:
    """The zoom of the first tiles the layer is drawn from; a style may begin between two."""
    return int(layer.style.rules.get("min_zoom", 0))


def list_columns(layer: Layer) -> tuple[str, ...]:
    """The attributes a tile carries: what names the feature and what its style looks at."""
    symbols = (rule for rule in layer.style.rules.values() if isinstance(rule, dict))
    styled = (symbol.get(key) for symbol in symbols for key in STYLE_FIELDS)
    known = {field.name for field in layer.fields}
    wanted = (CODE, layer.label, *styled)
    return tuple(dict.fromkeys(name for name in wanted if name is not None and name in known))


def list_drawn_columns(layer: Layer, zoom: int) -> list[str]:
    """The attributes a tile of `zoom` carries.

    Codes are left out from afar: nobody reads them there, and encoding a different text a feature takes most of the
    time of a crowded tile.
    """
    return [name for name in list_columns(layer) if name != CODE or zoom >= CODE_ZOOM]


def select_tile(table: Table, query: TileQuery, conditions: list[ColumnElement[bool]], cell_units: int) -> Select[Any]:
    """One value: the tile, thinned to a feature per cell of `cell_units` unless that is 0."""
    rows = select_rows(table, query.layer, query.address).where(*conditions)
    if cell_units:
        rows = thin(rows, table, query.address, cell_units)
    tile = rows.limit(MOST_FEATURES).subquery("tile")
    encoded = func.st_asmvt(tile.table_valued(), query.layer.id, TILE_UNITS, GEOMETRY, "id")
    return select(encoded).select_from(tile)


def select_rows(table: Table, layer: Layer, address: TileAddress) -> Select[Any]:
    """The features that reach into the tile: id, geometry on the tile's grid, attributes."""
    lonlat = table.c.lonlat
    around = to_envelope(get_box(address, BUFFER_UNITS))
    columns = [table.c[name] for name in list_drawn_columns(layer, address.zoom)]
    geometry = select_grid_geometry(lonlat, address).label(GEOMETRY)
    rows = select(table.c.id, geometry, *columns).where(lonlat.op("&&")(around))
    if layer.geometry not in ("Point", "MultiPoint") and address.zoom < FULL_ZOOM:
        rows = rows.where(is_larger_than(lonlat, address, SMALLEST_UNITS))
    return rows


def select_grid_geometry(lonlat: ColumnElement[Any], address: TileAddress) -> ColumnElement[Any]:
    """The geometry in tile units, clipped where it leaves the tile."""
    box = to_envelope(get_box(address))
    sticks_out = not_(lonlat.op("@")(box))
    if get_bend(address) <= MOST_BEND_UNITS:
        return func.st_asmvtgeom(lonlat, box, TILE_UNITS, BUFFER_UNITS, sticks_out)
    square = func.st_tileenvelope(address.zoom, address.column, address.row)
    mercator = func.st_transform(lonlat, WEB_MERCATOR)
    return func.st_asmvtgeom(mercator, square, TILE_UNITS, BUFFER_UNITS, sticks_out)


def thin(rows: Select[Any], table: Table, address: TileAddress, cell_units: int) -> Select[Any]:
    """One feature per cell, the largest; which one does not change from request to request."""
    lonlat = table.c.lonlat
    cell_deg = 360 / 2**address.zoom * cell_units / TILE_UNITS
    across = func.floor((func.st_xmin(lonlat) + func.st_xmax(lonlat)) / literal(2 * cell_deg))
    down = func.floor((func.st_ymin(lonlat) + func.st_ymax(lonlat)) / literal(2 * cell_deg))
    kept = rows.ext(distinct_on(across, down))
    return kept.order_by(across, down, (get_width(lonlat) + get_height(lonlat)).desc(), table.c.id)


def is_larger_than(lonlat: ColumnElement[Any], address: TileAddress, units: int) -> ColumnElement[bool]:
    """True where the feature's box is wider or higher than `units` of the tile. Its box is stored with it."""
    least_deg = literal(360 / 2**address.zoom * units / TILE_UNITS)
    return or_(get_width(lonlat) > least_deg, get_height(lonlat) > least_deg)


def get_width(lonlat: ColumnElement[Any]) -> ColumnElement[float]:
    """The width of the geometry's box in degrees."""
    width: ColumnElement[float] = func.st_xmax(lonlat) - func.st_xmin(lonlat)
    return width


def get_height(lonlat: ColumnElement[Any]) -> ColumnElement[float]:
    """The height of the geometry's box in degrees."""
    height: ColumnElement[float] = func.st_ymax(lonlat) - func.st_ymin(lonlat)
    return height


def to_envelope(box: LonLatBox) -> ColumnElement[Any]:
    """The box as a geometry in longitude and latitude."""
    return func.st_makeenvelope(box.west, box.south, box.east, box.north, WGS84)
