"""The statements that read a vector tile: written once for each kind of tile, and told where the tile lies.

Two habits make them fast. Within a tile of the higher zooms Web Mercator is as good as linear in longitude and
latitude, so the stored `lonlat` is put on the tile's grid as it is, without a transformation per vertex (measured: half
the time). And only features that stick out of the tile are clipped. To write a statement takes as long as many a tile.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    Integer,
    Select,
    Table,
    bindparam,
    func,
    literal_column,
    not_,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import distinct_on

from gis_infra.tiles.addresses import BUFFER_UNITS, TILE_UNITS, LonLatBox, TileAddress, get_bend, get_box, to_degrees
from gis_infra.tiles.areas import VERSION

# So many features are never less than the largest tile has bytes: one that is cut off here is thinned and made again.
MOST_FEATURES = 60_000
MOST_BEND_UNITS = 0.5
WGS84, WEB_MERCATOR = 4326, 3857
GEOMETRY = "geometry"
KNOWN_KINDS = 500

Place = Sequence[ColumnElement[Any]]
# West, south, east and north, in degrees: of the tile, and of it with its margin.
SIDES = LonLatBox._fields
TILE: Place = tuple(bindparam(side, type_=Double) for side in SIDES)
AROUND: Place = tuple(bindparam(f"far_{side}", type_=Double) for side in SIDES)
SQUARE: Place = tuple(bindparam(name, type_=Integer) for name in ("zoom", "column", "row"))
LEAST_DEG, CELL_DEG = bindparam("least_deg", type_=Double), bindparam("cell_deg", type_=Double)


@dataclass(frozen=True)
class TileKind:
    """What decides how the statement of a tile is written; tiles of one kind differ in where they lie.

    columns: the attributes it carries. view: what tells its readers from those who see other rows, as of an actor.
    has_least: what is small is left out. is_straight: longitude and latitude may stand for Web Mercator. is_thinned:
    one feature is kept per cell. conditions: what must hold of a row; the same for all of one kind.
    """

    table: Table
    layer_id: str
    columns: tuple[str, ...]
    view: tuple[str, ...]
    has_least: bool
    is_straight: bool
    is_thinned: bool
    conditions: Sequence[ColumnElement[bool]] = field(compare=False)


def is_straight(address: TileAddress) -> bool:
    """Whether nothing is seen of how Web Mercator bends within the tile."""
    return get_bend(address) <= MOST_BEND_UNITS


def list_values(address: TileAddress, least_units: int, cell_units: int) -> Mapping[str, Any]:
    """What a statement is told of a tile, by parameter. Both units are of the tile."""
    tile, around = get_box(address), get_box(address, BUFFER_UNITS)
    return {
        **dict(zip(SIDES, tile, strict=True)),
        **{f"far_{side}": value for side, value in zip(SIDES, around, strict=True)},
        **address._asdict(),
        "least_deg": to_degrees(address.zoom, least_units),
        "cell_deg": to_degrees(address.zoom, cell_units),
    }


@lru_cache(KNOWN_KINDS)
def select_known(kind: TileKind, *, is_dated: bool) -> Select[Any]:
    """What `select_tile` gives of a kind whose conditions are told by its view."""
    return select_tile(kind, is_dated=is_dated)


def select_tile(kind: TileKind, *, is_dated: bool) -> Select[Any]:
    """One row: the tile as `body`; with `is_dated` also `revision` and `changed_at` as of VERSION in tiles.areas.

    What it must be told when it is run is in `list_values`, and what VERSION must be, too.
    """
    rows = select_rows(kind).where(*kind.conditions)
    tile = (thin(rows, kind.table) if kind.is_thinned else rows).limit(MOST_FEATURES).subquery("tile")
    encoded = func.st_asmvt(tile.table_valued(), kind.layer_id, TILE_UNITS, GEOMETRY, "id")
    found = select(encoded.label("body")).select_from(tile)
    if not is_dated:
        return found
    one, version = select(literal_column("1")).subquery("one"), VERSION.subquery("version")
    both = one.outerjoin(version, true())
    return select(version.c.revision, version.c.changed_at, found.scalar_subquery().label("body")).select_from(both)


def select_rows(kind: TileKind) -> Select[Any]:
    """The features that reach into the tile: id, geometry on the tile's grid, attributes."""
    table, lonlat = kind.table, kind.table.c.lonlat
    geometry = select_grid_geometry(lonlat, is_linear=kind.is_straight).label(GEOMETRY)
    rows = select(table.c.id, geometry, *(table.c[name] for name in kind.columns))
    rows = rows.where(lonlat.op("&&")(to_envelope(AROUND)))
    return rows.where(is_larger_than(lonlat, LEAST_DEG)) if kind.has_least else rows


def select_grid_geometry(lonlat: ColumnElement[Any], *, is_linear: bool) -> ColumnElement[Any]:
    """The geometry in tile units, clipped where it leaves the tile."""
    box = to_envelope(TILE)
    sticks_out = not_(lonlat.op("@")(box))
    if is_linear:
        return func.st_asmvtgeom(lonlat, box, TILE_UNITS, BUFFER_UNITS, sticks_out)
    square, mercator = func.st_tileenvelope(*SQUARE), func.st_transform(lonlat, WEB_MERCATOR)
    return func.st_asmvtgeom(mercator, square, TILE_UNITS, BUFFER_UNITS, sticks_out)


def thin(rows: Select[Any], table: Table) -> Select[Any]:
    """One feature per cell, the largest; which one does not change from request to request."""
    lonlat = table.c.lonlat
    across = func.floor((func.st_xmin(lonlat) + func.st_xmax(lonlat)) / (2 * CELL_DEG))
    down = func.floor((func.st_ymin(lonlat) + func.st_ymax(lonlat)) / (2 * CELL_DEG))
    kept = rows.ext(distinct_on(across, down))
    return kept.order_by(across, down, (get_width(lonlat) + get_height(lonlat)).desc(), table.c.id)


def is_larger_than(lonlat: ColumnElement[Any], least_deg: ColumnElement[float]) -> ColumnElement[bool]:
    """True where the feature's box is wider or higher than some degrees. Its box is stored with it."""
    return or_(get_width(lonlat) > least_deg, get_height(lonlat) > least_deg)


def get_width(lonlat: ColumnElement[Any]) -> ColumnElement[float]:
    """The width of the geometry's box in degrees."""
    width: ColumnElement[float] = func.st_xmax(lonlat) - func.st_xmin(lonlat)
    return width


def get_height(lonlat: ColumnElement[Any]) -> ColumnElement[float]:
    """The height of the geometry's box in degrees."""
    height: ColumnElement[float] = func.st_ymax(lonlat) - func.st_ymin(lonlat)
    return height


def to_envelope(edges: Place) -> ColumnElement[Any]:
    """A box as a geometry in longitude and latitude. edges: west, south, east and north."""
    return func.st_makeenvelope(*edges, WGS84)
