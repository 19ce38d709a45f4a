"""Pairs of assets that may be too near: one SELECT for two layers, with every clearance rule that joins them in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Double,
    FromClause,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from gis_infra.analysis.conflicts.accuracy import select_accuracy, select_known
from gis_infra.analysis.conflicts.clearance.joining import (
    Asked,
    LayerPair,
    list_asked,
    select_any,
    select_farthest,
)
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.matching import select_present, select_radius
from gis_infra.analysis.conflicts.vertical import Heights, select_heights, select_highest, select_lowest
from gis_infra.analysis.rules.model import TOLERANCE_M


@dataclass(frozen=True)
class Side:
    """One asset of a pair: its row, and what is made of it."""

    layer: str
    table: FromClause
    radius: ColumnElement[float]
    heights: Heights


def make_side(ground: Ground, layer_id: str, name: str) -> Side:
    """The rows of a layer under a name of their own."""
    table = ground.tables.get(layer_id).alias(name)
    radius = cast(select_radius(table, layer_id, ground.book.sizes), Double)
    return Side(layer_id, table, radius, select_heights(table, layer_id, ground.book))


def select_pairs(
    ground: Ground, pair: LayerPair, widest: Mapping[str, float], focus: Focus | None
) -> Iterator[Select[Any]]:
    """Pairs of rows of two layers that may be nearer than a rule allows, as rows of `CLEARANCE_PAIR`.

    widest: layer id -> the most that width and accuracy of an asset of it add to a distance, metres.
    Of several selects each gives other pairs; with a focus each can be answered by an index from its side.
    """
    left, right = make_side(ground, pair.left, "l"), make_side(ground, pair.right, "r")
    asked = list_asked(pair, left.table, right.table)
    plan, height = select_sum(ground, left, right, "horizontal"), select_sum(ground, left, right, "vertical")
    chosen: Select[Any] = select(
        literal(is_lines(ground, pair), Boolean),
        literal(get_sector(ground, pair.left) == get_sector(ground, pair.right), Boolean),
        *(column for each in asked for column in (each.number, each.required)),
        *plan,
        *height,
        *describe_side(left),
        *describe_side(right),
    ).where(
        select_near(pair, left.table, right.table, widest),
        left.table.c.id < right.table.c.id if pair.left == pair.right else true(),
        select_present(left.table),
        select_present(right.table),
        select_any(pair, left.table, right.table),
        not_(select_same_duct(ground, left, right)),
        select_open(ground, pair, (left, right), asked, (plan[0], height[0])),
    )
    for narrowed in list_narrowings(focus, pair, left.table, right.table):
        yield chosen.where(narrowed)


def select_near(
    pair: LayerPair, left: FromClause, right: FromClause, widest: Mapping[str, float]
) -> ColumnElement[bool]:
    """True for rows whose boxes come within the reach of the rules; an index of either side can answer it."""
    reach_m = pair.farthest_m + widest[pair.left] + widest[pair.right]
    return and_(
        right.c.geom.op("&&")(func.st_expand(left.c.geom, reach_m)),
        left.c.geom.op("&&")(func.st_expand(right.c.geom, reach_m)),
    )


def select_open(
    ground: Ground,
    pair: LayerPair,
    sides: tuple[Side, Side],
    asked: list[Asked],
    accuracies: tuple[ColumnElement[float], ColumnElement[float]],
) -> ColumnElement[bool]:
    """True for pairs that are not clear at first sight: near enough in the plan, and not far enough apart in height."""
    left, right = sides
    plan, vertical, spatial = asked
    unsure = func.greatest(*accuracies)
    farthest = select_farthest([plan, spatial])
    limit = case((farthest > 0, farthest + left.radius + right.radius + unsure), else_=TOLERANCE_M)
    apart = select_apart(left, right)
    may_near = and_(spatial.number.is_not(None), select_below(apart, spatial.required + unsure))
    may_cross = and_(vertical.number.is_not(None), select_below(apart, vertical.required + accuracies[1]))
    crossing = may_cross if is_lines(ground, pair) else false()
    return and_(
        func.st_dwithin(left.table.c.geom, right.table.c.geom, limit),
        or_(plan.number.is_not(None), may_near, crossing),
    )


def select_below(apart: ColumnElement[float], limit: ColumnElement[float]) -> ColumnElement[bool]:
    """True where a gap is less than a limit, or not known."""
    return func.coalesce(apart < limit, True)


def select_apart(left: Side, right: Side) -> ColumnElement[float]:
    """The least gap in height that two rows can have anywhere; null where their heights cannot be compared."""
    over = select_lowest(left.heights, left.table.c.geom) - select_highest(right.heights, right.table.c.geom)
    under = select_lowest(right.heights, right.table.c.geom) - select_highest(left.heights, left.table.c.geom)
    # greatest() passes over what is not known: a gap known from one side alone is a true one if it is positive.
    return case((left.heights.frame == right.heights.frame, func.greatest(over, under)))


def select_sum(
    ground: Ground, left: Side, right: Side, direction: Any
) -> tuple[ColumnElement[float], ColumnElement[bool]]:
    """The sum of both accuracies in metres, and whether both are known."""
    given = ground.book.accuracy
    both = (left.table, right.table)
    metres = [select_accuracy(table, given, direction) for table in both]
    return metres[0] + metres[1], and_(*(select_known(table, given, direction) for table in both))


def select_same_duct(ground: Ground, left: Side, right: Side) -> ColumnElement[bool]:
    """True for two that name the same duct."""
    names = [ground.book.same.get(each.layer) for each in (left, right)]
    if names[0] is None or names[1] is None:
        return false()
    return func.coalesce(left.table.c[names[0]] == right.table.c[names[1]], False)


def describe_side(side: Side) -> tuple[ColumnElement[Any], ...]:
    """The columns of one side of a pair."""
    columns = side.table.c
    return (
        cast(literal(side.layer), Text),
        cast(columns.id, BigInteger),
        columns.asset_code,
        columns.owner,
        columns.geom,
        side.radius,
        *side.heights.list_columns(),
    )


def list_narrowings(
    focus: Focus | None, pair: LayerPair, left: FromClause, right: FromClause
) -> list[ColumnElement[bool]]:
    """Conditions that together leave each pair with an asset of the focus, once."""
    if focus is None:
        return [true()]
    found = [focus.select_in(pair.left, left)] if focus.is_touched(pair.left) else []
    if focus.is_touched(pair.right):
        found.append(and_(focus.select_in(pair.right, right), not_(focus.select_in(pair.left, left))))
    return found


def is_lines(ground: Ground, pair: LayerPair) -> bool:
    """Whether both layers are of lines."""
    return all(ground.catalogue.get_layer(each).geometry.endswith("LineString") for each in (pair.left, pair.right))


def get_sector(ground: Ground, layer_id: str) -> str:
    """The sector a layer belongs to."""
    return ground.catalogue.get_layer(layer_id).sector
