"""Where a tile of WebMercatorQuad lies: its numbers, and its box in longitude and latitude.

Source: OGC 17-083r4, annex D.1 (WebMercatorQuad, the "XYZ" scheme of web maps: row 0 is the north).
"""

import math
from typing import NamedTuple

from gis_infra.errors import InvalidParameter, MissingError

DEEPEST_ZOOM = 22
LONGEST_NUMBER = 9
TILE_UNITS = 4096
BUFFER_UNITS = 64
# Tiles are made of sheets, which are the squares of tiles of these zooms: a tile of one of them, or of a zoom between,
# of the sheet it lies in. Below the last there are none: they would hold little.
SHEET_ZOOMS = (0, 2, 4, 6, 8, 10, 12, 14)
# By the zoom of a tile, that of the sheet it is made of.
SHEET_ZOOM_OF = tuple(max(each for each in SHEET_ZOOMS if each <= zoom) for zoom in range(DEEPEST_ZOOM + 1))


class TileAddress(NamedTuple):
    """One tile; row 0 is the north, column 0 the west."""

    zoom: int
    row: int
    column: int


class LonLatBox(NamedTuple):
    """A box in degrees."""

    west: float
    south: float
    east: float
    north: float


def parse_address(zoom: str, row: str, column: str) -> TileAddress:
    """The address in the three parts of a path.

    Raises InvalidParameter for what is no number, MissingError for a tile that does not exist.
    """
    numbers = [parse_number(name, text) for name, text in (("zoom", zoom), ("row", row), ("column", column))]
    address = TileAddress(*numbers)
    if address.zoom > DEEPEST_ZOOM:
        raise MissingError(f"zoom goes from 0 to {DEEPEST_ZOOM}, got {zoom}", where="tileMatrix")
    last = 2**address.zoom - 1
    if max(address.row, address.column) > last:
        raise MissingError(
            f"at zoom {zoom} row and column go from 0 to {last}, got {row} and {column}", where="tileRow"
        )
    return address


def parse_number(name: str, text: str) -> int:
    """The whole number in one part of the path. Raises InvalidParameter, MissingError for one beyond any tile."""
    if not (text.isascii() and text.isdigit()):
        raise InvalidParameter(f"{name} of a tile must be a whole number, got {text[:20]!r}", where=name)
    if len(text) > LONGEST_NUMBER:
        raise MissingError(f"there is no tile of {name} {text[:20]}...", where=name)
    return int(text)


def get_box(address: TileAddress, buffer_units: int = 0) -> LonLatBox:
    """The tile's box, larger by `buffer_units` 4096ths of its side all round."""
    side, more = 1 / 2**address.zoom, buffer_units / TILE_UNITS
    return LonLatBox(
        west=to_longitude((address.column - more) * side),
        south=to_latitude((address.row + 1 + more) * side),
        east=to_longitude((address.column + 1 + more) * side),
        north=to_latitude((address.row - more) * side),
    )


def get_sheet(address: TileAddress) -> TileAddress:
    """The square of the sheet that a tile is made of."""
    zoom = SHEET_ZOOM_OF[address.zoom]
    shift = address.zoom - zoom
    return TileAddress(zoom, address.row >> shift, address.column >> shift)


def get_finest_zoom(sheet: TileAddress) -> int | None:
    """The zoom of the finest tiles that are made of a sheet; None for the last sheets, of which all finer ones are."""
    return sheet.zoom + 1 if sheet.zoom < SHEET_ZOOMS[-1] else None


def to_degrees(zoom: int, units: int) -> float:
    """The width of some units of a tile of `zoom`, in degrees of longitude."""
    return 360 / (1 << zoom) * units / TILE_UNITS


def to_longitude(across: float) -> float:
    """Degrees east, from the share of the world's width counted from the west."""
    return across * 360 - 180


def to_latitude(down: float) -> float:
    """Degrees north, from the share of the world's height counted from the north."""
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * down))))


def get_bend(address: TileAddress) -> float:
    """How far Web Mercator bends within the tile: the most, in tile units, by which equal steps of latitude miss.

    Below about zoom 11 at the latitude of the city it is a pixel or more; above it nothing can be seen of it.
    """
    box = get_box(address)
    middle = math.radians((box.south + box.north) / 2)
    down = (1 - math.asinh(math.tan(middle)) / math.pi) / 2
    return abs(math.ldexp(down, address.zoom) - (address.row + 0.5)) * TILE_UNITS
