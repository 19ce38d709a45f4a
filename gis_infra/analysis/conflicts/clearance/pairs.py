"""Pairs of assets that may be too near, and the rules that ask it of them. Runs nothing.

Over the whole city the assets meet in the cells of a grid: one statement for all layers, which may be shared among
processes. Around a few that changed, the index of each layer is asked.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
)
from sqlalchemy.types import NullType

from gis_infra.analysis.conflicts.clearance.assets import Grid, select_assets, select_entries
from gis_infra.analysis.conflicts.clearance.joining import Joining, select_number, select_required
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.rules.kinds import MEASURES
from gis_infra.analysis.rules.model import PARALLEL_DEGREES, TOLERANCE_M


def select_met(grid: Grid) -> Select[Any]:
    """Pairs that meet in a cell of the grid and may be too near, as rows of `MET`; one of long lines more than once."""
    entries = select_entries(grid)
    left, right = entries.alias("l"), entries.alias("r")
    # Of the cells that both touch, the one with the lower left corner of what their boxes share speaks of them.
    corner = grid.select_cell(func.greatest(left.c.x0, right.c.x0), func.greatest(left.c.y0, right.c.y0))
    return select_pair(grid.joining, left, right).where(
        left.c.cell == right.c.cell,
        left.c.x0 <= right.c.x1,
        right.c.x0 <= left.c.x1,
        left.c.y0 <= right.c.y1,
        right.c.y0 <= left.c.y1,
        or_(left.c.layer < right.c.layer, and_(left.c.layer == right.c.layer, left.c.id < right.c.id)),
        left.c.cell == corner,
        select_open(grid.ground, grid.joining, left, right),
    )


def list_met_around(ground: Ground, joining: Joining, widest: Mapping[str, float], focus: Focus) -> list[Select[Any]]:
    """Pairs with an asset of the focus that may be too near, as rows of `MET`; one of two such assets may be twice.

    widest: layer id -> the largest `pad_m` of its assets.
    """
    found = []
    for names in joining.list_pairs():
        left = select_assets(ground, joining, names[0]).subquery("l")
        right = select_assets(ground, joining, names[1]).subquery("r")
        reach_m = widest[names[0]] + widest[names[1]]
        chosen = select_pair(joining, left, right).where(
            right.c.geom.op("&&")(func.st_expand(left.c.geom, reach_m)),
            left.c.geom.op("&&")(func.st_expand(right.c.geom, reach_m)),
            left.c.id < right.c.id if names[0] == names[1] else literal(True),
            select_open(ground, joining, left, right),
        )
        for table, layer_id in zip((left, right), names, strict=True):
            if focus.is_touched(layer_id):
                found.append(chosen.where(focus.select_in(layer_id, table)))
    return found


def select_pair(joining: Joining, left: FromClause, right: FromClause) -> Select[Any]:
    """The columns of `MET`."""
    numbers = [select_number(joining, measure, left, right) for measure in MEASURES]
    return select(left.c.layer, left.c.id, right.c.layer, right.c.id, *numbers)


def select_open(ground: Ground, joining: Joining, left: FromClause, right: FromClause) -> ColumnElement[bool]:
    """True for pairs that are not clear at first sight: near in the plan, and not known to be far apart in height."""
    plan, vertical, spatial = (select_required(joining, measure, left, right) for measure in MEASURES)
    height = left.c.height_m + right.c.height_m
    unsure = func.greatest(left.c.plan_m + right.c.plan_m, height)
    apart = select_apart(left, right)
    # Nulls are passed over: what no rule asks for is no reason to look closer.
    asked = func.coalesce(func.greatest(plan, case((func.coalesce(apart < spatial + unsure, True), spatial))), 0.0)
    limit = asked + left.c.radius_m + right.c.radius_m + unsure
    lines = [place for place, layer in enumerate(joining.layers) if is_line(ground, layer)]
    both_lines = and_(left.c.layer.in_(lines), right.c.layer.in_(lines)) if lines else false()
    crosses = and_(vertical.is_not(None), both_lines, func.coalesce(apart < vertical + height, True))
    beside = and_(asked > 0, or_(~both_lines, select_alongside(left.c.geom, right.c.geom, limit)))
    reach = case((asked > 0, limit), else_=TOLERANCE_M)
    return and_(or_(asked > 0, crosses), func.st_dwithin(left.c.geom, right.c.geom, reach), or_(crosses, beside))


def select_apart(left: FromClause, right: FromClause) -> ColumnElement[float]:
    """The least gap in height that two assets can have anywhere; null where their heights cannot be compared."""
    over, under = left.c.lowest_m - right.c.highest_m, right.c.lowest_m - left.c.highest_m
    # greatest() passes over what is not known: a gap known from one side alone is a true one if it is positive.
    return case((left.c.frame == right.c.frame, func.greatest(over, under)))


def select_alongside(left: ColumnElement[Any], right: ColumnElement[Any], limit: Any) -> ColumnElement[bool]:
    """True for lines of which two segments lie within a limit and do not cross at a wide angle."""
    ours = func.st_dumpsegments(left).table_valued("path", "geom", name="ours")
    theirs = func.st_dumpsegments(right).table_valued("path", "geom", name="theirs")
    one, other = (type_coerce(each.c.geom, NullType()) for each in (ours, theirs))
    # A little wider than the rules mean, which the measuring holds to exactly.
    narrow = func.abs(func.cos(func.st_angle(one, other))) >= func.cosd(PARALLEL_DEGREES) - 1e-6
    inner = select(literal(1)).select_from(ours).join(theirs, literal(True))
    return exists(inner.where(narrow, func.st_dwithin(one, other, limit)).correlate_except(ours, theirs))


def is_line(ground: Ground, layer_id: str) -> bool:
    """Whether a layer is of lines."""
    return ground.catalogue.get_layer(layer_id).geometry.endswith("LineString")
