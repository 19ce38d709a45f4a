"""When works meet works or a new street, as SQL: where it can be, and how sure that is. Runs nothing."""

from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, literal, or_

from gis_infra.analysis.rules.model import Surface, Window

Answer = tuple[ColumnElement[bool], ColumnElement[Any]]


def select_common_day(left: Any, ours: Window, right: Any, theirs: Window) -> Answer:
    """Where both may last on a common day; possible where one of the four days is missing, for it may be any."""
    starts, ends = left.c[ours.from_field], left.c[ours.to_field]
    other_starts, other_ends = right.c[theirs.from_field], right.c[theirs.to_field]
    known = and_(*(day.is_not(None) for day in (starts, ends, other_starts, other_ends)))
    return (
        and_(func.coalesce(starts <= other_ends, True), func.coalesce(other_starts <= ends, True)),
        cast(case((known, "violation"), else_="possible"), Text),
    )


def select_soon_after(left: Any, ours: Window, right: Any, theirs: Window, days: ColumnElement[Any]) -> Answer:
    """Where works of two known applicants follow each other within less than `days`, sharing none: an opportunity."""
    starts, ends = left.c[ours.from_field], left.c[ours.to_field]
    other_starts, other_ends = right.c[theirs.from_field], right.c[theirs.to_field]
    by, other_by = left.c[ours.by_field], right.c[theirs.by_field]
    soon = or_(
        and_(ends < other_starts, other_starts - ends < days, starts.is_not(None), other_ends.is_not(None)),
        and_(other_ends < starts, starts - other_ends < days, other_starts.is_not(None), ends.is_not(None)),
    )
    return func.coalesce(and_(by != other_by, soon), False), cast(literal("opportunity"), Text)


def select_new_surface(left: Any, ours: Window, right: Any, surface: Surface, months: ColumnElement[Any]) -> Answer:
    """Where works start while a street may not be dug; possible where their start is missing and the time still runs.

    Works that start before the street was surfaced are those it was surfaced after.
    """
    starts, surfaced = left.c[ours.from_field], right.c[surface.on_field]
    until = right.c[surface.until_field] if surface.until_field else None
    aged = surfaced + func.make_interval(0, months)  # the first moment the surface is no longer new
    in_months = func.coalesce(starts < aged, False)
    in_ban = func.coalesce(starts <= until, False) if until is not None else literal(False)
    bans = [func.coalesce(until >= func.current_date(), False)] if until is not None else []
    runs = or_(func.coalesce(func.current_date() < aged, False), *bans)
    return (
        or_(
            and_(or_(in_months, in_ban), func.coalesce(surfaced <= starts, True)),
            and_(starts.is_(None), runs),
        ),
        cast(case((starts.is_(None), "possible"), else_="violation"), Text),
    )
