"""Which features of a sheet a tile shows: those in it that may be seen, and not so many that it grows too large. Pure.

It chooses as the statements of tiles.statements do, which is how the tests hold it.
"""

import numpy as np

from gis_infra.catalogue.definitions import ACCESS_LEVELS, Access
from gis_infra.compiled import compiled
from gis_infra.tiles.addresses import BUFFER_UNITS, TileAddress, get_box, to_degrees
from gis_infra.tiles.sheets.runs import Floats, Integers, Truths
from gis_infra.tiles.sheets.shapes import EAST, NORTH, SOUTH, WEST
from gis_infra.tiles.sheets.sheet import Kind, Levels, Sheet

# West, south, east and north in degrees.
Edges = tuple[float, float, float, float]
EDGES = "UniTuple(float64, 4)"


def choose_rows(sheet: Sheet, address: TileAddress, levels: tuple[Access, ...], smallest_units: int) -> Integers:
    """The rows that reach into the tile or its margin and may be seen by who sees `levels`.

    smallest_units: of lines and polygons only those are taken whose box is wider or higher than this; 0 takes all.
    """
    has_least = smallest_units > 0 and sheet.shapes.kind is not Kind.POINT
    least_deg = to_degrees(address.zoom, smallest_units) if has_least else -1.0
    seen = np.array([True, *(each in levels for each in ACCESS_LEVELS)])
    return find_touching((sheet.boxes, sheet.levels), get_margin(address), seen, least_deg)


def sticks_out(sheet: Sheet, rows: Integers, address: TileAddress) -> Truths:
    """Which of the rows leave the tile and its margin, bool[r]."""
    return find_leaving(sheet.boxes, rows, get_margin(address))


def get_margin(address: TileAddress) -> Edges:
    """West, south, east and north of a tile with its margin, in degrees."""
    box = get_box(address, BUFFER_UNITS)
    return box.west, box.south, box.east, box.north


@compiled(f"int64[::1](Tuple((float64[:,::1], int8[::1])), {EDGES}, boolean[::1], float64)")
def find_touching(of_rows: tuple[Floats, Levels], edges: Edges, seen: Truths, least_deg: float) -> Integers:
    """The rows whose box touches one of these edges, is wider or higher than `least_deg`, and whose level is seen.

    of_rows: boxes and levels as in a sheet. seen: bool[k + 1], of each level; first of rows without one.
    """
    boxes, levels = of_rows
    found, count = np.empty(len(levels), np.int64), 0
    for row in range(len(levels)):
        west, south, east, north = boxes[WEST, row], boxes[SOUTH, row], boxes[EAST, row], boxes[NORTH, row]
        touches = west <= edges[2] and east >= edges[0] and south <= edges[3] and north >= edges[1]
        if touches and seen[levels[row] + 1] and (east - west > least_deg or north - south > least_deg):
            found[count] = row
            count += 1
    return found[:count]


@compiled(f"boolean[::1](float64[:,::1], int64[::1], {EDGES})")
def find_leaving(boxes: Floats, rows: Integers, edges: Edges) -> Truths:
    """Which of the rows have a box that goes beyond one of these edges, bool[r]. boxes: as in a sheet."""
    leaves = np.empty(len(rows), np.bool_)
    for place, row in enumerate(rows):
        leaves[place] = (
            boxes[WEST, row] < edges[0]
            or boxes[SOUTH, row] < edges[1]
            or boxes[EAST, row] > edges[2]
            or boxes[NORTH, row] > edges[3]
        )
    return leaves


def thin(sheet: Sheet, rows: Integers, address: TileAddress, cell_units: int) -> Integers:
    """One row per cell of `cell_units`, the largest; of several as large the one with the least id."""
    west, south, east, north = sheet.boxes[:, rows]
    cell_deg = to_degrees(address.zoom, cell_units)
    across, down = np.floor((west + east) / (2 * cell_deg)), np.floor((south + north) / (2 * cell_deg))
    order = np.lexsort((sheet.ids[rows], -(east - west + (north - south)), down, across))
    across, down = across[order], down[order]
    is_first = np.ones(len(rows), np.bool_)
    is_first[1:] = (across[1:] != across[:-1]) | (down[1:] != down[:-1])
    return rows[order[is_first]]
