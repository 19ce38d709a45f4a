"""A vector tile from the database, in one statement, small enough to send."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row

from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.plans import prefer_plain
from gis_infra.features.selection import select_visible
from gis_infra.features.state import LayerState
from gis_infra.filters.to_sql import Scope, to_sql
from gis_infra.tiles.areas import list_areas, read_version
from gis_infra.tiles.query import TileQuery
from gis_infra.tiles.statements import TileKind, is_straight, list_values, select_known, select_tile

LARGEST_TILE = 500_000
# One feature is kept per cell of this many tile units (8 are about a pixel) until the tile is small enough.
THINNING_UNITS = (0, 8, 16, 32, 64, 128, 256)
# From here on everything is drawn; before, what is smaller than half a pixel is left out.
FULL_ZOOM = 16
SMALLEST_UNITS = 4
CODE, CODE_ZOOM = "asset_code", 15
STYLE_FIELDS = ("color_by", "width_by")


def make_tile(connection: Connection, tables: LayerTables, query: TileQuery) -> bytes:
    """The tile of a layer as Mapbox Vector Tile bytes, at most 500 kB; empty where there is nothing to draw.

    Raises UnknownLayer; UnknownProperty, InvalidParameter, FilterError, InvalidCrs for a condition the layer does not
    know; BusyError at the time limit. Source: Mapbox Vector Tile Specification 2.1.
    """
    return make_dated(connection, tables, query)[1]


def make_dated(connection: Connection, tables: LayerTables, query: TileQuery) -> tuple[LayerState, bytes]:
    """The layer's state at the last change that may show in the tile, and the tile as of `make_tile`. Raises as that.

    Both are of one moment if the connection sees a single one, or if the tile need not be thinned.
    """
    query.actor.require("read", query.layer)
    if query.layer.kept is not None or query.address.zoom < get_least_zoom(query.layer):
        state = read_version(connection, query.layer, query.address)
        return state, make_thinned(connection, tables, query, 0)
    prefer_plain(connection)
    row = read_tile(connection, tables, query, 0, is_dated=True)
    state = LayerState(0, None) if row.revision is None else LayerState(row.revision, row.changed_at)
    body = bytes(row.body or b"")
    return state, body if len(body) <= LARGEST_TILE else make_thinned(connection, tables, query, 1)


def make_thinned(connection: Connection, tables: LayerTables, query: TileQuery, first: int) -> bytes:
    """The tile, thinned until it is small enough. first: at which of THINNING_UNITS to begin."""
    body = b""
    if query.address.zoom < get_least_zoom(query.layer):
        list_conditions(tables, query)  # what cannot be asked is refused where there is nothing to draw, too
        return body
    prefer_plain(connection)
    for cell_units in THINNING_UNITS[first:]:
        body = bytes(read_tile(connection, tables, query, cell_units, is_dated=False).body or b"")
        if len(body) <= LARGEST_TILE:
            break
    return body


def read_tile(
    connection: Connection, tables: LayerTables, query: TileQuery, cell_units: int, *, is_dated: bool
) -> Row[Any]:
    """The row of a tile's statement. cell_units: of the cells of which each keeps one feature; 0 keeps all."""
    kind = get_kind(tables, query, is_thinned=bool(cell_units))
    # What people ask for is as manifold as they are, and what the program keeps is seen by each in their own way.
    is_told = query.condition is None and query.layer.kept is None
    statement = select_known(kind, is_dated=is_dated) if is_told else select_tile(kind, is_dated=is_dated)
    values = dict(list_values(query.address, SMALLEST_UNITS, cell_units))
    if is_dated:
        values |= {"layer": query.layer.id, "areas": list(list_areas(query.address))}
    return connection.execute(statement, values).one()


def get_kind(tables: LayerTables, query: TileQuery, *, is_thinned: bool) -> TileKind:
    """How the statement of a tile is written. Raises as `make_tile`."""
    layer, zoom = query.layer, query.address.zoom
    return TileKind(
        table=tables.get(layer.id),
        layer_id=layer.id,
        columns=tuple(list_drawn_columns(layer, zoom)),
        view=query.actor.get_view(layer),
        has_least=layer.geometry not in ("Point", "MultiPoint") and zoom < FULL_ZOOM,
        is_straight=is_straight(query.address),
        is_thinned=is_thinned,
        conditions=list_conditions(tables, query),
    )


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
