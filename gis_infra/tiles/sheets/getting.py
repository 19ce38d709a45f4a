"""A sheet for a tile: the one that is kept if nothing in its square has changed since, else read anew.

However many threads ask at once for a sheet that is not kept, it is read once.
"""

from dataclasses import dataclass
from functools import partial

from gis_infra.catalogue.definitions import Layer
from gis_infra.features.plans import PLAIN_PLANS
from gis_infra.features.state import LayerState
from gis_infra.storage.faults import translated
from gis_infra.storage.transactions import reading
from gis_infra.tiles.addresses import SHEET_ZOOMS, TileAddress, get_sheet
from gis_infra.tiles.areas import Areas, get_version, read_areas
from gis_infra.tiles.query import TileQuery
from gis_infra.tiles.sheets.reading import read_sheet
from gis_infra.tiles.sheets.sheet import Sheet
from gis_infra.tiles.sheets.stock import SheetKey
from gis_infra.tiles.source import TileSource

# Of what it takes to read a sheet, what the smallest tile takes that is made without one.
LEAST_SHARE = 1 / 4


@dataclass(frozen=True)
class Ground:
    """A sheet, and when the squares in it were changed, both of one moment."""

    areas: Areas
    sheet: Sheet


def has_sheet(query: TileQuery) -> bool:
    """Whether the tile can be made of a sheet: those hold all that people put into a layer, whatever it is."""
    return query.condition is None and query.layer.kept is None


def get_areas(source: TileSource, layer: Layer, sheet: TileAddress, state: LayerState) -> Areas:
    """When the squares in a sheet were changed last. state: of the layer, read before the call."""
    key = SheetKey(layer.id, sheet)
    known = source.shelf.stock.find_areas(key, state)
    if known is not None:
        return known
    with translated(), source.engine.connect() as plain:
        areas = read_areas(plain.execution_options(isolation_level="AUTOCOMMIT"), layer, sheet)
    source.shelf.stock.store_areas(key, state, areas)
    return areas


def find_ground(source: TileSource, query: TileQuery, areas: Areas) -> Ground | None:
    """The sheet of a tile if it is at hand, being read for another, or worth being read; None otherwise.

    It is as it is now, or as it was when `areas` were read if nothing in it has changed since.
    Raises BusyError at the time limit, StorageError.
    """
    layer, address = query.layer, get_sheet(query.address)
    key, version = SheetKey(layer.id, address), get_version(areas, address)
    kept = source.shelf.stock.find(key, version)
    if kept is not None:
        return Ground(areas, kept)
    is_awaited = source.shelf.reading.is_running((key, version)) or is_worth_it(source, query, key, version)
    return get_ground(source, layer, address, areas) if is_awaited else None


def is_worth_it(source: TileSource, query: TileQuery, key: SheetKey, version: LayerState) -> bool:
    """Whether tiles of a sheet were made without it that took about as long together as to read it; one more is.

    So what is done in vain is never more than what would have been done anyway. The last sheets are small: to read one
    takes as long as to make the tile of its square, or two of the four in it, of which a map shows most at once.
    """
    depth = query.address.zoom - key.address.zoom
    if key.address.zoom == SHEET_ZOOMS[-1] and depth <= 1:
        return True
    share = 1 / 4**depth
    return source.shelf.stock.add_missed(key, version, max(share, LEAST_SHARE)) >= 1


def find_kept(source: TileSource, layer: Layer, sheet: TileAddress, areas: Areas) -> Sheet | None:
    """The sheet that is kept, if it is still right."""
    return source.shelf.stock.find(SheetKey(layer.id, sheet), get_version(areas, sheet))


def get_ground(source: TileSource, layer: Layer, sheet: TileAddress, areas: Areas) -> Ground:
    """The sheet as it is now, read by the first thread that asks for it, and kept. Raises as `find_ground`."""
    # Who asks after a change wants another version, and does not wait for what was begun before it.
    key = SheetKey(layer.id, sheet), get_version(areas, sheet)
    ground: Ground = source.shelf.reading.get(key, partial(read_ground, source, layer, sheet), source.limit_s)
    return ground


def read_ground(source: TileSource, layer: Layer, sheet: TileAddress) -> Ground:
    """The sheet as it is now, which is kept. Raises as `find_ground`."""
    with reading(source.engine, source.limit_s, PLAIN_PLANS) as connection:
        areas = read_areas(connection, layer, sheet)
        found = read_sheet(connection, source.tables.get(layer.id), layer, sheet, get_version(areas, sheet))
    source.shelf.stock.store(SheetKey(layer.id, sheet), found)
    return Ground(areas, found)
