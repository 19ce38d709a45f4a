"""Rows of one class that stand for the same thing."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Double, Select, Text, cast, func, literal, null, select

from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.kinds.cases import (
    Group,
    list_fits,
    list_narrowings,
    select_any,
    select_number,
    select_once,
    select_required,
)
from gis_infra.analysis.conflicts.kinds.neighbours import describe_side
from gis_infra.analysis.conflicts.matching import select_present
from gis_infra.analysis.rules.model import TOLERANCE_M


def select_neighbours(ground: Ground, group: Group, focus: Focus | None) -> Iterator[Select[tuple[object, ...]]]:
    """Pairs whose boxes lie so near that the shapes may, as rows of `NEIGHBOUR`; each pair is in one SELECT.

    Nothing of one may be further from the other than the rule says, so each box lies in the other's, widened.
    """
    left: Any = ground.tables.get(group.left).alias("l")
    right: Any = ground.tables.get(group.right).alias("r")
    fits = list_fits(group, left, right)
    reach_m = group.reach_m + TOLERANCE_M
    boxes_meet = left.c.geom.op("@")(func.st_expand(right.c.geom, reach_m))
    chosen = select(
        select_number(fits), cast(null(), Text), select_required(fits), literal(0.0, Double), literal(True),
        literal(0.0, Double), cast(null(), Double), cast(null(), Text),
        *describe_side(left, group.left), *describe_side(right, group.right),
    ).select_from(left.join(right, boxes_meet)).where(
        right.c.geom.op("@")(func.st_expand(left.c.geom, reach_m)),
        func.st_dimension(left.c.geom) == func.st_dimension(right.c.geom),
        select_once(group, left, right),
        select_present(left),
        select_present(right),
        select_any(fits),
    )  # fmt: skip
    for narrowed in list_narrowings(focus, group, left, right):
        yield chosen.where(narrowed)
