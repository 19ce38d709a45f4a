"""Pipes that become smaller downstream: water backs up where the next one takes less."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Double, Select, Text, cast, func, literal, null, select

from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.kinds.cases import (
    Group,
    list_fits,
    list_narrowings,
    select_any,
    select_boxes_meet,
    select_number,
    select_once,
    select_required,
)
from gis_infra.analysis.conflicts.kinds.neighbours import describe_side
from gis_infra.analysis.conflicts.matching import select_present
from gis_infra.analysis.rules.model import CONNECTED_M, TOLERANCE_M, Size


def select_neighbours(ground: Ground, group: Group, focus: Focus | None) -> Iterator[Select[tuple[object, ...]]]:
    """Pairs of lines of which the left one ends where the right, smaller one begins, as rows of `NEIGHBOUR`.

    Lines are drawn in the direction of the flow: the first vertex is upstream.
    """
    left: Any = ground.tables.get(group.left).alias("l")
    right: Any = ground.tables.get(group.right).alias("r")
    fits = list_fits(group, left, right)
    required = select_required(fits)
    grown = select_growth(left, ground.book.bores[group.left], right, ground.book.bores[group.right])
    end, start = func.st_endpoint(left.c.geom), func.st_startpoint(right.c.geom)
    boxes_meet = select_boxes_meet(left, right, CONNECTED_M, (end, start))
    chosen = select(
        select_number(fits), cast(null(), Text), required, literal(0.0, Double), literal(True), literal(0.0, Double),
        grown, func.st_force2d(end), *describe_side(left, group.left), *describe_side(right, group.right),
    ).select_from(left.join(right, boxes_meet)).where(
        func.st_dwithin(end, start, CONNECTED_M),
        select_once(group, left, right),
        select_present(left),
        select_present(right),
        select_any(fits),
        grown < required - TOLERANCE_M,
    )  # fmt: skip
    for narrowed in list_narrowings(focus, group, left, right):
        yield chosen.where(narrowed)


def select_growth(left: Any, ours: Size, right: Any, theirs: Size) -> ColumnElement[float]:
    """The inner size of the right one less that of the left one, metres, by the first attribute that both have.

    Null where they have none in common: an outer size less a nominal one would tell of walls.
    """
    both = [name for name in ours.fields if name in theirs.fields]
    grown = [
        cast(right.c[name], Double) * theirs.factor_m - cast(left.c[name], Double) * ours.factor_m for name in both
    ]
    return func.coalesce(*grown, cast(null(), Double))
