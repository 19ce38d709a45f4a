"""How far below works an asset lies, as SQL. Runs nothing. Meaning: docs/conflicts.md, "Planned works".

Heights are metres, up; a depth is negative.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    and_,
    case,
    cast,
    column,
    func,
    literal,
    not_,
    null,
    or_,
    select,
)

from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.vertical import (
    DEPTH,
    LEVEL,
    UNNAMED,
    Heights,
    select_bottom,
    select_heights,
    select_outer_height,
    select_top,
)
from gis_infra.analysis.works.works import Works

ABOVE_GROUND = ("overhead", "surface")


@dataclass(frozen=True)
class Depths:
    """An asset against works.

    in_ground: depth matters to it. unknown: nothing tells how deep it lies. gap_m: from the bottom of the works down to
    its top; null where they cannot be compared. over_m: from the top of a bore up to its bottom; null likewise.
    """

    in_ground: ColumnElement[bool]
    unknown: ColumnElement[bool]
    gap_m: ColumnElement[float]
    over_m: ColumnElement[float]


def select_depths(ground: Ground, table: FromClause, layer_id: str, works: Works, part: ColumnElement[Any]) -> Depths:
    """The rows of a layer against works; part: of each row what is within reach, without heights."""
    heights = select_heights(table, layer_id, ground.book)
    position = table.c.vertical_position
    buried = layer_id in ground.book.buried
    in_ground = func.coalesce(position.not_in(ABOVE_GROUND), True) if buried else literal(False)
    if not buried or (works.find_depth() is None and works.find_bottom_level() is None):
        nothing = cast(null(), Double)
        return Depths(in_ground, and_(in_ground, heights.frame.is_(None)), nothing, nothing)
    bottom = select_works_bottom(ground, works, heights)
    at_depth = literal(works.find_depth(), Double)
    outer = select_outer_height(table, layer_id, ground.book)
    return Depths(
        in_ground,
        and_(in_ground, heights.frame.is_(None)),
        func.coalesce(bottom - select_worst(heights, table, part, "top"), table.c.cover_m - at_depth),
        func.coalesce(
            select_worst(heights, table, part, "bottom") - bottom - (works.bore_m or 0.0),
            at_depth - (works.bore_m or 0.0) - table.c.cover_m - outer,
        ),
    )


def select_works_bottom(ground: Ground, works: Works, heights: Heights) -> ColumnElement[float]:
    """The bottom of the works in each row's frame; null where it is not known in that."""
    depth_m, level_m = works.find_depth(), works.find_bottom_level()
    known: list[tuple[ColumnElement[bool], Any]] = []
    if depth_m is not None:
        known.append((heights.frame == DEPTH, literal(-depth_m, Double)))
    if level_m is not None:
        shift = ground.book.accuracy.datums.metres.get(works.vertical_datum or "", 0.0)
        frame = UNNAMED if works.vertical_datum is None else LEVEL
        known.append((heights.frame == frame, literal(level_m + shift, Double)))
    return case(*known, else_=cast(null(), Double))


def select_worst(heights: Heights, table: FromClause, part: ColumnElement[Any], end: str) -> ColumnElement[float]:
    """The highest top, or the lowest bottom, of the part of each row that is within reach.

    Both run straight between vertices, so that they are worst at one of those or at an end of the part.
    """
    over = heights.top_over if end == "top" else heights.bottom_over
    level = and_(not_(heights.by_z), heights.ref_up == heights.ref_down)
    corner = func.st_dumppoints(part).table_valued(column("geom"), name="corner").lateral()
    is_line = func.geometrytype(table.c.geom) == "LINESTRING"
    fraction = case((is_line, func.st_linelocatepoint(func.st_force2d(table.c.geom), corner.c.geom)), else_=0.0)
    if end == "top":
        worst = select(func.max(select_top(heights, table.c.geom, fraction)))
    else:
        worst = select(func.min(select_bottom(heights, table.c.geom, fraction)))
    along = worst.select_from(corner).correlate(table).scalar_subquery()
    return case((level, heights.ref_up + over), else_=along)


def select_answer(
    measured: ColumnElement[float], required: ColumnElement[float], accuracy: ColumnElement[float], slack_m: float
) -> ColumnElement[str]:
    """violation, possible or clear; null where nothing was measured."""
    return case(
        (measured.is_(None), null()),
        (measured + accuracy < required - slack_m, "violation"),
        (measured < required + accuracy - slack_m, "possible"),
        else_="clear",
    )


def select_both(plan: ColumnElement[str], depth: ColumnElement[str], beneath: ColumnElement[bool]) -> Any:
    """The answer of a row from that in the plan and that in depth (null: not comparable).

    beneath: a bore is known to pass under it.
    """
    return case(
        (or_(plan == "clear", depth == "clear"), "clear"),
        (depth.is_(None), "vertical_unknown"),
        (or_(plan == "possible", depth == "possible", func.coalesce(beneath, False)), "possible"),
        else_="violation",
    )
