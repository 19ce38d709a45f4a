"""What stands too near: corridors, distances to dwellings, works beside works, and works in a new street."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Double, Integer, Select, Text, and_, case, cast, func, literal, null, select

from gis_infra.analysis.conflicts.accuracy import select_accuracy, select_known
from gis_infra.analysis.conflicts.focus import Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.kinds import times
from gis_infra.analysis.conflicts.kinds.cases import (
    Fit,
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
from gis_infra.analysis.conflicts.matching import select_present, select_radius
from gis_infra.analysis.rules.kinds import MEASURED_KINDS, Kind

KINDS: tuple[Kind, ...] = (*MEASURED_KINDS, "works_overlap", "moratorium", "joint_trench")


def select_neighbours(
    ground: Ground, group: Group, widest_m: float, focus: Focus | None
) -> Iterator[Select[tuple[object, ...]]]:
    """Pairs of two layers that a rule joins and that may be too near, as rows of `NEIGHBOUR`; each is in one SELECT.

    widest_m: the largest radius that is taken off, metres.
    """
    left = ground.tables.get(group.left).alias("l")
    right = ground.tables.get(group.right).alias("r")
    fits = list_fits(group, left, right)
    required, radius = select_required(fits), select_radius_off(ground, group, left, right)
    accuracy = select_pair_accuracy(ground, group, left, right)
    when = select_severity(ground, group, fits, left, right)
    boxes_meet = select_boxes_meet(left, right, find_reach(ground, group, widest_m))
    chosen = select(
        select_number(fits), when[1], required, *accuracy, radius, cast(null(), Double), cast(null(), Text),
        *describe_side(left, group.left), *describe_side(right, group.right),
    ).select_from(left.join(right, boxes_meet)).where(
        select_once(group, left, right),
        select_present(left),
        select_present(right),
        select_any(fits),
        required > 0,
        when[0],
        func.st_dwithin(left.c.geom, right.c.geom, required + radius + accuracy[0]),
    )  # fmt: skip
    for narrowed in list_narrowings(focus, group, left, right):
        yield chosen.where(narrowed)


def find_reach(ground: Ground, group: Group, widest_m: float) -> float:
    """Metres between outlines beyond which no pair of the group is found."""
    unsure_m = 2 * ground.book.accuracy.largest_m if group.kind in MEASURED_KINDS else 0.0
    return group.reach_m + widest_m + unsure_m


def get_wide_layer(group: Group) -> str | None:
    """The layer whose half width is taken off the distance; None if none is."""
    return {"corridor": group.left, "environment": group.left, "moratorium": group.right}.get(group.kind)


def select_radius_off(ground: Ground, group: Group, left: Any, right: Any) -> ColumnElement[float]:
    """What is taken off the distance between the outlines: half the width of what is protected, or of the street."""
    layer_id = get_wide_layer(group)
    if layer_id is None:
        return literal(0.0, Double)
    return cast(select_radius(right if group.kind == "moratorium" else left, layer_id, ground.book.sizes), Double)


def select_pair_accuracy(
    ground: Ground, group: Group, left: Any, right: Any
) -> tuple[ColumnElement[float], ColumnElement[bool]]:
    """The sum of both horizontal accuracies, and whether both are known; works are compared as drawn."""
    if group.kind not in MEASURED_KINDS:
        return literal(0.0, Double), literal(True)
    metres = [select_accuracy(table, ground.book.accuracy, "horizontal") for table in (left, right)]
    known = [select_known(table, ground.book.accuracy, "horizontal") for table in (left, right)]
    return cast(metres[0] + metres[1], Double), and_(*known)


def select_severity(
    ground: Ground, group: Group, fits: Sequence[Fit], left: Any, right: Any
) -> tuple[ColumnElement[bool], ColumnElement[Any]]:
    """Where the days let the two meet, and the answer then; no answer where the distance gives it."""
    if group.kind in MEASURED_KINDS:
        return literal(True), cast(null(), Text)
    ours = ground.book.windows[group.left]
    if group.kind == "moratorium":
        months = case(*((fit.condition, cast(literal(fit.case.rule.months), Integer)) for fit in fits))
        return times.select_new_surface(left, ours, right, ground.book.surfaces[group.right], months)
    theirs = ground.book.windows[group.right]
    if group.kind == "works_overlap":
        return times.select_common_day(left, ours, right, theirs)
    days = case(*((fit.condition, cast(literal(fit.case.rule.days), Integer)) for fit in fits))
    return times.select_soon_after(left, ours, right, theirs, days)
