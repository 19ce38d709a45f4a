"""Pairs that clearances do not ask of: joined ones, and those that one tunnel or trench holds apart."""

import numpy as np
import shapely
from sqlalchemy import Connection, Double, Select, cast, func, select, type_coerce
from sqlalchemy.types import NullType

from gis_infra.analysis.conflicts.clearance.assets import Assets, draw
from gis_infra.analysis.conflicts.clearance.pairs import Pairs
from gis_infra.analysis.conflicts.clearance.segments import Facing, Segments, measure_off
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_all, select_present, select_radius
from gis_infra.analysis.copied import copy_rows, fill_null
from gis_infra.analysis.ragged import Marks, Objects, Places
from gis_infra.analysis.rules.model import CONNECTED_M, Member, Side

QUARTER = 16  # segments of a quarter of a circle


def read_containers(connection: Connection, ground: Ground) -> Objects:
    """The outlines of what holds things apart (tunnels, trenches)."""
    found = [np.zeros(0, dtype=object)]
    names = [ground.book.container] if ground.book.container is not None else []
    for member in (each for name in names for each in ground.book.find_members(Side(name))):
        for block in copy_rows(connection, select_containers(ground, member), 1):
            flat = shapely.force_2d(block.to_shapes(0))
            found.append(shapely.buffer(flat, block.numbers["radius_m"], quad_segs=QUARTER))
    return np.concatenate(found)


def select_containers(ground: Ground, member: Member) -> Select[tuple[float, object]]:
    """Half the width and the axis of each."""
    table = ground.tables.get(member.layer)
    radius = select_radius(table, member.layer, ground.book.sizes)
    geom = type_coerce(table.c.geom, NullType()).label("geom")  # as it is, not as a client reads it
    wanted = (select_present(table), ~func.st_isempty(table.c.geom), select_all(table, member.where), radius > 0.0)
    return select(cast(fill_null(radius), Double).label("radius_m"), geom).where(*wanted)


def mark_contained(assets: Assets, pairs: Pairs, containers: Objects) -> Marks:
    """True for pairs of which one tunnel holds both apart: both lie in its width, or one is the tunnel itself."""
    contained = np.zeros(len(pairs), dtype=bool)
    if not len(containers):
        return contained
    west, south, east, north = assets.boxes[pairs.left].T
    pair, container = shapely.STRtree(containers).query(shapely.box(west, south, east, north))
    shapely.prepare(containers)
    for side in (pairs.left, pairs.right):
        shapes, places = draw_each(assets, side[pair])
        inside = shapely.covers(containers[container], shapes[places])
        pair, container = pair[inside], container[inside]
    contained[pair] = True
    return contained


def draw_each(assets: Assets, rows: Places) -> tuple[Objects, Places]:
    """The shapes of assets, each drawn once, and the place of each of the rows among them."""
    drawn, places = np.unique(rows, return_inverse=True)
    return draw(assets, drawn), places


def mark_joined(assets: Assets, segments: Segments, pairs: Pairs, facing: Facing) -> Marks:
    """True for pairs of one sector of which an end of one lies on the other."""
    one_sector = assets.sector[pairs.left] == assets.sector[pairs.right]
    joined = mark_joined_plain(assets, pairs, one_sector & ~pairs.is_lines)
    asked = facing.take(one_sector[facing.pair])
    for one, other in ((asked.left, asked.right), (asked.right, asked.left)):
        for is_end, x, y in (
            (segments.at_start, segments.x, segments.y),
            (segments.at_end, segments.end_x, segments.end_y),
        ):
            ends = is_end[one]
            off_m = measure_off(segments, other[ends], x[one[ends]], y[one[ends]])
            joined[asked.pair[ends][off_m <= CONNECTED_M]] = True
    return joined


def mark_joined_plain(assets: Assets, pairs: Pairs, asked: Marks) -> Marks:
    """The same for pairs in which a point or an area takes part; an area has no end."""
    joined = np.zeros(len(pairs), dtype=bool)
    rows = np.flatnonzero(asked)
    if not len(rows):
        return joined
    shapes, places = draw_each(assets, np.concatenate([pairs.left[rows], pairs.right[rows]]))
    left, right = shapes[places[: len(rows)]], shapes[places[len(rows) :]]
    sides = (left, right, pairs.left[rows]), (right, left, pairs.right[rows])
    for shape, other, asset in sides:
        ends = shape.copy()
        lines = assets.dimension[asset] == 1
        ends[lines] = shapely.boundary(shape[lines])
        has_end = assets.dimension[asset] < 2
        joined[rows] |= has_end & shapely.dwithin(ends, other, CONNECTED_M)
    return joined
