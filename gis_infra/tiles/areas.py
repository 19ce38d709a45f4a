"""When what a tile shows was changed last, so that an edit makes only the tiles near it anew.

Triggers note every change, plain SQL included, for squares of 360/2^level degrees at some levels: "changed" where
something in the square was, "all" where, the change being too wide to be told more closely, everything in it counts as
changed. Which squares those are is said in the migration that makes the triggers, and here.
"""

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from gis_infra.catalogue.definitions import Layer
from gis_infra.features.state import LayerState, get_state_of
from gis_infra.tiles.addresses import BUFFER_UNITS, DEEPEST_ZOOM, SHEET_ZOOMS, LonLatBox, TileAddress, get_box
from gis_infra.tiles.tables import LAYER_AREA

LEVELS = (0, 8, 10, 12, 14, 16)  # each square of one is in one of those before
CHANGED, ALL = 0, 1
# The database compares boxes in single precision, whose steps are this wide at most.
STEP_DEG = 2e-5
# By the zoom of a tile, the levels of the squares that count for it, and of which kind.
KINDS_OF = tuple(
    tuple(
        (level, CHANGED if other > zoom else ALL)
        for level, other in zip(LEVELS, (*LEVELS[1:], math.inf), strict=True)
        if level <= zoom
    )
    for zoom in range(DEEPEST_ZOOM + 1)
)
KNOWN_ADDRESSES = 1000  # of which the squares are known: several looks are taken at each tile
# When each square was changed last, by its number; those that never were are left out.
Areas = Mapping[int, LayerState]


class Span(NamedTuple):
    """Squares of the last level that touch, from one to another."""

    west: int
    east: int
    south: int
    north: int


OF_LAYER = LAYER_AREA.c.layer == bindparam("layer")
OF_AREAS = LAYER_AREA.c.area == any_(bindparam("areas", type_=ARRAY(BigInteger)))
AREAS = select(LAYER_AREA.c.area, LAYER_AREA.c.revision, LAYER_AREA.c.changed_at).where(OF_LAYER, OF_AREAS)
VERSION = (
    select(LAYER_AREA.c.revision, LAYER_AREA.c.changed_at)
    .where(OF_LAYER, OF_AREAS)
    .order_by(LAYER_AREA.c.revision.desc(), LAYER_AREA.c.area)
    .limit(1)
)


def read_version(connection: Connection, layer: Layer, address: TileAddress) -> LayerState:
    """The layer's revision at the last change that may show in the tile, and its moment.

    Of a layer that the program keeps, that is the state of all layers: its rows are seen by who sees others.
    """
    if layer.kept is not None:
        return get_state_of(connection, layer)
    given = {"layer": layer.id, "areas": list(list_areas(address))}
    row = connection.execute(VERSION, given).one_or_none()
    return LayerState(0, None) if row is None else LayerState(row.revision, row.changed_at)


def read_areas(connection: Connection, layer: Layer, sheet: TileAddress) -> Areas:
    """When the squares were changed that count for some tile made of a sheet; of a layer people put features in."""
    rows = connection.execute(AREAS, {"layer": layer.id, "areas": list(list_areas_within(sheet))})
    return {area: LayerState(revision, changed_at) for area, revision, changed_at in rows}


def get_version(areas: Areas, address: TileAddress) -> LayerState:
    """What `read_version` says of a tile, from the squares of its sheet."""
    changes = [areas[area] for area in list_areas(address) if area in areas]
    return max(changes, key=lambda each: each.revision, default=LayerState(0, None))


def list_areas_within(sheet: TileAddress) -> Iterator[int]:
    """The numbers of the squares whose changes may show in some tile that is made of a sheet."""
    yield from list_areas(sheet)
    if sheet.zoom < LEVELS[-1] and sheet.zoom == SHEET_ZOOMS[-1]:
        span = find_span(get_box(sheet, BUFFER_UNITS))
        yield from list_squares(span, sheet.zoom, ALL)
        yield from list_squares(span, LEVELS[-1], CHANGED)


@lru_cache(KNOWN_ADDRESSES)
def list_areas(address: TileAddress) -> tuple[int, ...]:
    """The numbers of all the squares whose changes may show in the tile."""
    span = find_span(get_box(address, BUFFER_UNITS))
    squares: list[int] = []
    for level, kind in KINDS_OF[address.zoom]:
        squares += list_squares(span, level, kind)
    return tuple(squares)


def find_span(box: LonLatBox) -> Span:
    """The squares of the last level that the box touches."""
    return Span(
        to_step(box.west + 180 - STEP_DEG, 360),
        to_step(box.east + 180 + STEP_DEG, 360),
        to_step(box.south + 90 - STEP_DEG, 180),
        to_step(box.north + 90 + STEP_DEG, 180),
    )


def to_step(distance_deg: float, world_deg: float) -> int:
    """The column or row of the last level at a distance from the edge of the world."""
    return math.floor(min(max(distance_deg, 0.0), world_deg) / 360 * (1 << LEVELS[-1]))


def list_squares(span: Span, level: int, kind: int) -> list[int]:
    """The numbers of the squares of a level in which a span is."""
    first, up = (2 * level + kind) << 40, LEVELS[-1] - level
    rows = range(span.south >> up, (span.north >> up) + 1)
    columns = range(span.west >> up, (span.east >> up) + 1)
    return [first | column << 20 | row for column in columns for row in rows]
