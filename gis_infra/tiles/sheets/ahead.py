"""Sheets that are read before a tile waits for them: those of which tiles were asked for, then those around them.

Nobody waits for it, so it is done while no tiles are asked for, leaves half of that time to others, keeps nothing at
the cost of what was asked for, and goes no farther than there are features.
"""

import logging
import time
from collections.abc import Iterator
from functools import partial

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import GisInfraError
from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.looking import look
from gis_infra.tiles.sheets.getting import find_kept, get_areas, read_ground
from gis_infra.tiles.sheets.sheet import Sheet
from gis_infra.tiles.source import TileSource

log = logging.getLogger(__name__)

FARTHEST = 6  # sheets from the one of which a tile was asked for
RESTS = 1.0  # seconds for each second of reading


def read_ahead(source: TileSource, layer: Layer, sheet: TileAddress) -> None:
    """Have a sheet read soon, and then those around it, if they are not kept."""
    source.shelf.ahead.add(partial(read_with_others, source, layer, sheet))


def read_with_others(source: TileSource, layer: Layer, sheet: TileAddress) -> None:
    """Read a sheet, and have those around it read after what else is wanted."""
    found = read_one(source, layer, sheet)
    if found is not None and len(found.ids):
        for other in list_around(sheet):
            source.shelf.ahead.add(partial(read_one, source, layer, other), is_wanted=False)


def read_one(source: TileSource, layer: Layer, sheet: TileAddress) -> Sheet | None:
    """Read a sheet if it is not kept; None where there is no room, or the database does not give it now."""
    if not source.shelf.stock.has_room():
        return None
    began = time.monotonic()
    try:
        areas = get_areas(source, layer, sheet, look(source.engine, layer))
        # Not as a flight: who asks for a tile meanwhile has it sooner from the database.
        found = find_kept(source, layer, sheet, areas) or read_ground(source, layer, sheet).sheet
    except GisInfraError as error:
        log.info("no features of %s could be read ahead: %s", layer.id, error)
        return None
    time.sleep(RESTS * (time.monotonic() - began))
    return found


def list_around(sheet: TileAddress) -> Iterator[TileAddress]:
    """The squares around one, the nearest first."""
    last = 2**sheet.zoom - 1
    rows = range(max(sheet.row - FARTHEST, 0), min(sheet.row + FARTHEST, last) + 1)
    columns = range(max(sheet.column - FARTHEST, 0), min(sheet.column + FARTHEST, last) + 1)
    others = [TileAddress(sheet.zoom, row, column) for row in rows for column in columns]
    yield from sorted(others, key=lambda each: max(abs(each.row - sheet.row), abs(each.column - sheet.column)))[1:]
