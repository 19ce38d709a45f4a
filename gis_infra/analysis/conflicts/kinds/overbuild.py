"""Networks that lie under buildings or parcels."""

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
    select_boxes_meet,
    select_number,
    select_once,
    select_required,
)
from gis_infra.analysis.conflicts.kinds.neighbours import describe_side
from gis_infra.analysis.conflicts.matching import select_present


def select_neighbours(ground: Ground, group: Group, focus: Focus | None) -> Iterator[Select[tuple[object, ...]]]:
    """Assets with the areas that a rule widens onto them, as rows of `NEIGHBOUR`; each pair is in one SELECT."""
    left: Any = ground.tables.get(group.left).alias("l")
    right: Any = ground.tables.get(group.right).alias("r")
    fits = list_fits(group, left, right)
    required = select_required(fits)
    boxes_meet = select_boxes_meet(left, right, group.reach_m)
    chosen = select(
        select_number(fits), cast(null(), Text), required, literal(0.0, Double), literal(True), literal(0.0, Double),
        cast(null(), Double), cast(null(), Text), *describe_side(left, group.left), *describe_side(right, group.right),
    ).select_from(left.join(right, boxes_meet)).where(
        select_once(group, left, right),
        select_present(left),
        select_present(right),
        select_any(fits),
        func.st_dimension(right.c.geom) == 2,
        func.st_dwithin(left.c.geom, right.c.geom, required),
    )  # fmt: skip
    for narrowed in list_narrowings(focus, group, left, right):
        yield chosen.where(narrowed)
