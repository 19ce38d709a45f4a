"""How far below works an asset lies, as SQL. Runs nothing. Meaning: docs/conflicts.md, "Planned works".

Heights are metres, up; a depth is negative.
"""

from dataclasses import fields
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Label,
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

from gis_infra.analysis.conflicts.accuracy import select_accuracy
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

End = Literal["top", "bottom"]

ABOVE_GROUND = ("overhead", "surface")
HEIGHTS = tuple(each.name for each in fields(Heights))


def list_facts(ground: Ground, table: FromClause, layer_id: str) -> list[Label[Any]]:
    """What is taken of each row to tell how deep it lies; `list_gaps` reads it by these names."""
    heights = select_heights(table, layer_id, ground.book)
    in_ground = select_in_ground(table)
    return [
        *(getattr(heights, name).label(name) for name in HEIGHTS),
        in_ground.label("in_ground"),
        and_(in_ground, heights.frame.is_(None), table.c.cover_m.is_(None)).label("depth_unknown"),
        table.c.geom.label("geom"),
        table.c.cover_m.label("cover_m"),
        select_outer_height(table, layer_id, ground.book).label("outer_m"),
        select_accuracy(table, ground.book.accuracy, "vertical").label("vertical_accuracy_m"),
    ]


def select_in_ground(table: FromClause) -> ColumnElement[bool]:
    """True for rows of a buried layer that do lie in the ground."""
    return func.coalesce(table.c.vertical_position.not_in(ABOVE_GROUND), True)


def select_depth_unknown(ground: Ground, table: FromClause, layer_id: str) -> ColumnElement[bool]:
    """True for rows that lie in the ground and of which nothing tells how deep."""
    if layer_id not in ground.book.buried:
        return literal(False)
    frame = select_heights(table, layer_id, ground.book).frame
    return and_(select_in_ground(table), frame.is_(None), table.c.cover_m.is_(None))


def is_deep(works: Works) -> bool:
    """Whether it is known how deep works go."""
    return works.find_depth() is not None or works.find_bottom_level() is not None


def list_gaps(ground: Ground, near: FromClause, works: Works, part: ColumnElement[Any]) -> list[Label[Any]]:
    """How far rows lie below works; near: rows with their facts; part: of each what is within reach, without heights.

    vertical_m: from the bottom of the works down to the top of the asset; null where they cannot be compared. over_m:
    from the top of a bore up to its bottom; null likewise.
    """
    heights = Heights(*(near.c[name] for name in HEIGHTS))
    bottom = select_works_bottom(ground, works, heights)
    depth, bore_m = literal(works.find_depth(), Double), works.bore_m or 0.0
    gap = func.coalesce(bottom - select_worst(heights, near, part, "top"), near.c.cover_m - depth)
    over: ColumnElement[float] = cast(null(), Double)
    if works.method == "trenchless":
        lowest = select_worst(heights, near, part, "bottom") - bottom - bore_m
        over = func.coalesce(lowest, depth - bore_m - near.c.cover_m - near.c.outer_m)
    return [case((near.c.in_ground, gap)).label("vertical_m"), case((near.c.in_ground, over)).label("over_m")]


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


def select_worst(heights: Heights, near: FromClause, part: ColumnElement[Any], end: End) -> ColumnElement[float]:
    """The highest top, or the lowest bottom, of the part of each row that is within reach.

    Both run straight between vertices, so that they are worst at one of those or at an end of the part.
    """
    over = heights.top_over if end == "top" else heights.bottom_over
    even = and_(not_(heights.by_z), heights.ref_up == heights.ref_down)
    corner = func.st_dumppoints(part).table_valued(column("geom"), name="corner").lateral()
    is_line = func.geometrytype(near.c.geom) == "LINESTRING"
    fraction = case((is_line, func.st_linelocatepoint(func.st_force2d(near.c.geom), corner.c.geom)), else_=0.0)
    place = (heights, near.c.geom, fraction)
    worst: ColumnElement[float] = func.max(select_top(*place)) if end == "top" else func.min(select_bottom(*place))
    along = select(worst).select_from(corner).correlate(near).scalar_subquery()
    return case((even, heights.ref_up + over), else_=along)


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
