"""When what a tile shows was changed last, so that an edit makes only the tiles near it anew.

Triggers note every change, plain SQL included, for squares of 360/2^level degrees at some levels: "changed" where
something in the square was, "all" where, the change being too wide to be told more closely, everything in it counts as
changed. Which squares those are is said in the migration that makes the triggers, and here.
"""

import math
from collections.abc import Iterator, Mapping

from sqlalchemy import BigInteger, Connection, any_, bindparam, select
from sqlalchemy.dialects.postgresql import ARRAY

from gis_infra.catalogue.definitions import Layer
from gis_infra.features.state import LayerState, get_state_of
from gis_infra.tiles.addresses import BUFFER_UNITS, SHEET_ZOOMS, LonLatBox, TileAddress, get_box
from gis_infra.tiles.tables import LAYER_AREA

LEVELS = (0, 8, 10, 12, 14, 16)
CHANGED, ALL = 0, 1
# The database compares boxes in single precision, whose steps are this wide at most.
STEP_DEG = 2e-5
# When each square was changed last, by its number; those that never were are left out.
Areas = Mapping[int, LayerState]
VERSION = (
    select(LAYER_AREA.c.revision, LAYER_AREA.c.changed_at)
    .where(LAYER_AREA.c.layer == bindparam("layer"))
    .where(LAYER_AREA.c.area == any_(bindparam("areas", type_=ARRAY(BigInteger))))
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
    statement = select(LAYER_AREA.c.area, LAYER_AREA.c.revision, LAYER_AREA.c.changed_at)
    statement = statement.where(LAYER_AREA.c.layer == layer.id)
    wanted = bindparam("areas", list(list_areas_within(sheet)), type_=ARRAY(BigInteger))
    rows = connection.execute(statement.where(LAYER_AREA.c.area == any_(wanted)))
    return {area: LayerState(revision, changed_at) for area, revision, changed_at in rows}


def get_version(areas: Areas, address: TileAddress) -> LayerState:
    """What `read_version` says of a tile, from the squares of its sheet."""
    changes = [areas[area] for area in list_areas(address) if area in areas]
    return max(changes, key=lambda each: each.revision, default=LayerState(0, None))


def list_areas_within(sheet: TileAddress) -> Iterator[int]:
    """The numbers of the squares whose changes may show in some tile that is made of a sheet."""
    yield from list_areas(sheet)
    if sheet.zoom < LEVELS[-1] and sheet.zoom == SHEET_ZOOMS[-1]:
        box = get_box(sheet, BUFFER_UNITS)
        yield from list_squares(box, sheet.zoom, ALL)
        yield from list_squares(box, LEVELS[-1], CHANGED)


def list_areas(address: TileAddress) -> Iterator[int]:
    """The numbers of all the squares whose changes may show in the tile."""
    box = get_box(address, BUFFER_UNITS)
    deepest = max(level for level in LEVELS if level <= address.zoom)
    for level in LEVELS[: LEVELS.index(deepest) + 1]:
        yield from list_squares(box, level, CHANGED if level == deepest else ALL)


def list_squares(box: LonLatBox, level: int, kind: int) -> Iterator[int]:
    """The numbers of the squares of a level that the box touches."""
    for column in list_steps(box.west + 180, box.east + 180, level, 360):
        for row in list_steps(box.south + 90, box.north + 90, level, 180):
            yield (2 * level + kind) << 40 | column << 20 | row


def list_steps(least_deg: float, most_deg: float, level: int, world_deg: float) -> range:
    """The columns or rows from `least_deg` to `most_deg`, counted from the edge of the world."""
    ends = (least_deg - STEP_DEG, most_deg + STEP_DEG)
    first, last = (math.floor(min(max(each, 0.0), world_deg) / 360 * (1 << level)) for each in ends)
    return range(first, last + 1)
