"""Which features of a sheet a tile shows: those in it that may be seen, and not so many that it grows too large. Pure.

It chooses as the statement of tiles.making does, which is how the tests hold it.
"""

import numpy as np

from gis_infra.catalogue.definitions import ACCESS_LEVELS, Access
from gis_infra.tiles.addresses import BUFFER_UNITS, TILE_UNITS, TileAddress, get_box
from gis_infra.tiles.sheets.runs import Integers, Truths
from gis_infra.tiles.sheets.shapes import EAST, NORTH, SOUTH, WEST
from gis_infra.tiles.sheets.sheet import Kind, Sheet


def choose_rows(sheet: Sheet, address: TileAddress, levels: tuple[Access, ...], smallest_units: int) -> Integers:
    """The rows that reach into the tile and may be seen by who sees `levels`.

    smallest_units: of lines and polygons only those are taken whose box is wider or higher than this; 0 takes all.
    """
    chosen = reaches_into(sheet, address)
    if levels != ACCESS_LEVELS:
        chosen &= np.array([True, *(each in levels for each in ACCESS_LEVELS)])[sheet.levels + 1]
    if smallest_units and sheet.shapes.kind is not Kind.POINT:
        least_deg = to_degrees(address, smallest_units)
        west, south, east, north = sheet.boxes
        chosen &= (east - west > least_deg) | (north - south > least_deg)
    return np.flatnonzero(chosen)


def reaches_into(sheet: Sheet, address: TileAddress) -> Truths:
    """Where the box of a row touches the tile or its margin, bool[n]."""
    box = get_box(address, BUFFER_UNITS)
    boxes = sheet.boxes
    across = (boxes[WEST] <= box.east) & (boxes[EAST] >= box.west)
    touched: Truths = across & (boxes[SOUTH] <= box.north) & (boxes[NORTH] >= box.south)
    return touched


def sticks_out(sheet: Sheet, rows: Integers, address: TileAddress) -> Truths:
    """Which of the rows leave the tile and its margin, bool[r]."""
    box = get_box(address, BUFFER_UNITS)
    west, south, east, north = sheet.boxes[:, rows]
    out: Truths = (west < box.west) | (east > box.east) | (south < box.south) | (north > box.north)
    return out


def thin(sheet: Sheet, rows: Integers, address: TileAddress, cell_units: int) -> Integers:
    """One row per cell of `cell_units`, the largest; of several as large the one with the least id."""
    west, south, east, north = sheet.boxes[:, rows]
    cell_deg = to_degrees(address, cell_units)
    across, down = np.floor((west + east) / (2 * cell_deg)), np.floor((south + north) / (2 * cell_deg))
    order = np.lexsort((sheet.ids[rows], -(east - west + (north - south)), down, across))
    across, down = across[order], down[order]
    is_first = np.ones(len(rows), np.bool_)
    is_first[1:] = (across[1:] != across[:-1]) | (down[1:] != down[:-1])
    return rows[order[is_first]]


def to_degrees(address: TileAddress, units: int) -> float:
    """The width of some units of a tile, in degrees of longitude."""
    return 360 / (1 << address.zoom) * units / TILE_UNITS
