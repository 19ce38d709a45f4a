"""Moments and intervals in relation to each other, in SQL.

An interval begins and ends with the moments it names; a moment begins and ends at once. Open ends are infinite.
Source: OGC 21-065r2, tables of /req/temporal-functions/temporal-functions; W3C Time Ontology in OWL, clause 4.2.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Date, DateTime, Text, and_, cast, literal, or_

from gis_infra.filters import tree
from gis_infra.filters.spots import Spot, refuse
from gis_infra.filters.sql.binding import READERS
from gis_infra.filters.sql.comparisons import to_moment
from gis_infra.filters.sql.expressions import to_term
from gis_infra.filters.sql.terms import MOMENTS, Kind, Scope, Term
from gis_infra.filters.tree import TemporalOperator

Element = ColumnElement[Any]


@dataclass(frozen=True)
class Span:
    """Where something begins and ends."""

    start: Element
    end: Element


def relate(condition: tree.Temporal, scope: Scope) -> ColumnElement[bool]:
    """True where the two times stand in the relation; unknown where a moment of either is.

    Raises UnknownProperty, FilterError if one is no time.
    """
    sides = [to_bounds(each, scope) for each in (condition.left, condition.right)]
    known = [bound for side in sides for bound in side if bound is not None]
    kind: Kind = "date" if known and all(bound.kind == "date" for bound in known) else "timestamp"
    left, right = (to_span(side, kind) for side in sides)
    return RELATIONS[condition.operator](left, right)


def to_bounds(expression: tree.Expression, scope: Scope) -> tuple[Term | None, Term | None]:
    """The first and last moment of an expression, None where it is open. Raises FilterError, UnknownProperty."""
    if not isinstance(expression, tree.Interval):
        moment = to_instant(expression, scope)
        return moment, moment
    start, end = expression.start, expression.end
    require_order(start, end, expression.spot)
    return (
        None if start is None else to_instant(start, scope),
        None if end is None else to_instant(end, scope),
    )


def to_instant(expression: tree.Expression, scope: Scope) -> Term:
    """A moment or day. Raises FilterError if it is neither."""
    term = to_term(expression, scope)
    if isinstance(expression, tree.Literal) and isinstance(expression.value, str):
        term = READERS["date" if len(expression.value) <= len("2026-11-23") else "timestamp"](expression)
    if term.kind not in MOMENTS:
        raise refuse(f"a temporal function compares dates and moments, and {term.name} is {term.kind}", term.spot)
    return term


def require_order(start: tree.Expression | None, end: tree.Expression | None, spot: Spot | None) -> None:
    """Return unless the interval is written from a later to an earlier moment. Raises FilterError."""
    if not (isinstance(start, tree.Literal) and isinstance(end, tree.Literal)):
        return
    first, last = start.value, end.value
    if type(first) is type(last) and not isinstance(first, str) and first > last:  # type: ignore[operator]
        raise refuse(f"the interval begins at {first} after it ends at {last}", spot)


def to_span(bounds: tuple[Term | None, Term | None], kind: Kind) -> Span:
    """Both ends as elements of one type."""
    return Span(to_end(bounds[0], "-infinity", kind), to_end(bounds[1], "infinity", kind))


def to_end(bound: Term | None, open_end: str, kind: Kind) -> Element:
    """One end; an open one is infinite."""
    if bound is None:
        return cast(literal(open_end, Text), Date if kind == "date" else DateTime(timezone=True))
    return bound.element if kind == "date" else to_moment(bound)


def is_before(one: Span, other: Span) -> ColumnElement[bool]:
    """`one` ends before `other` begins."""
    return one.end < other.start


def is_during(one: Span, other: Span) -> ColumnElement[bool]:
    """`one` begins after `other` does and ends before it."""
    return and_(one.start > other.start, one.end < other.end)


def finishes(one: Span, other: Span) -> ColumnElement[bool]:
    """`one` begins after `other` does and ends with it."""
    return and_(one.start > other.start, one.end == other.end)


def meets(one: Span, other: Span) -> ColumnElement[bool]:
    """`one` ends as `other` begins."""
    return one.end == other.start


def overlaps(one: Span, other: Span) -> ColumnElement[bool]:
    """`one` begins before `other` and ends within it."""
    return and_(one.start < other.start, one.end > other.start, one.end < other.end)


def starts(one: Span, other: Span) -> ColumnElement[bool]:
    """`one` begins with `other` and ends before it."""
    return and_(one.start == other.start, one.end < other.end)


RELATIONS: Mapping[TemporalOperator, Callable[[Span, Span], ColumnElement[bool]]] = {
    "after": lambda one, other: is_before(other, one),
    "before": is_before,
    "contains": lambda one, other: is_during(other, one),
    "disjoint": lambda one, other: or_(is_before(one, other), is_before(other, one)),
    "during": is_during,
    "equals": lambda one, other: and_(one.start == other.start, one.end == other.end),
    "finishedby": lambda one, other: finishes(other, one),
    "finishes": finishes,
    "intersects": lambda one, other: and_(one.start <= other.end, one.end >= other.start),
    "meets": meets,
    "metby": lambda one, other: meets(other, one),
    "overlappedby": lambda one, other: overlaps(other, one),
    "overlaps": overlaps,
    "startedby": lambda one, other: starts(other, one),
    "starts": starts,
}
