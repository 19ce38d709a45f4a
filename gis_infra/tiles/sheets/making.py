"""A vector tile of a sheet, without the database, small enough to send. Pure."""

from gis_infra.tiles.making import (
    FULL_ZOOM,
    LARGEST_TILE,
    SMALLEST_UNITS,
    THINNING_UNITS,
    get_least_zoom,
    list_drawn_columns,
)
from gis_infra.tiles.query import TileQuery
from gis_infra.tiles.sheets.choosing import choose_rows, thin
from gis_infra.tiles.sheets.drawing import draw
from gis_infra.tiles.sheets.encoding import encode
from gis_infra.tiles.sheets.sheet import Sheet
from gis_infra.tiles.statements import MOST_FEATURES


def render_tile(sheet: Sheet, query: TileQuery) -> bytes:
    """The tile as its actor may see it, as Mapbox Vector Tile bytes, at most 500 kB; empty with nothing to draw.

    Raises UnknownLayer for a layer the actor may not see. Source: Mapbox Vector Tile Specification 2.1.
    """
    query.actor.require("read", query.layer)
    layer, address = query.layer, query.address
    if address.zoom < get_least_zoom(layer):
        return b""
    smallest = SMALLEST_UNITS if address.zoom < FULL_ZOOM else 0
    rows = choose_rows(sheet, address, query.actor.get_visible_levels(layer), smallest)
    body = b""
    for cell_units in THINNING_UNITS:
        kept = thin(sheet, rows, address, cell_units) if cell_units else rows
        # So many are never less than LARGEST_TILE bytes.
        if len(kept) > MOST_FEATURES:
            continue
        body = encode(sheet, draw(sheet, kept, address), layer.id, list_drawn_columns(layer, address.zoom))
        if len(body) <= LARGEST_TILE:
            break
    return body
