"""Temporal operators of XML filters: moments and periods of GML 3.2 in relation to a property.

The properties of this city are moments and days, never periods; a relation that only two periods can have holds for
none of them.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

from lxml import etree

from gis_infra.errors import InvalidParameter
from gis_infra.filters import tree
from gis_infra.filters.fes.document import get_local_name, get_text
from gis_infra.filters.fes.expressions import find_kind, is_literal, read_text, read_value
from gis_infra.filters.fes.frames import FilterFrame, refuse
from gis_infra.filters.fes.values import parse_timestamp
from gis_infra.filters.sql.terms import MOMENTS
from gis_infra.filters.tree import Condition, TemporalOperator

# Source: OGC 09-026r2 clause 7.9, which takes their meaning from ISO 19108 clause 5.2.3.5.
RELATIONS: Mapping[str, TemporalOperator] = {
    "After": "after",
    "Before": "before",
    "Begins": "starts",
    "BegunBy": "startedby",
    "TContains": "contains",
    "During": "during",
    "EndedBy": "finishedby",
    "Ends": "finishes",
    "TEquals": "equals",
    "Meets": "meets",
    "MetBy": "metby",
    "TOverlaps": "overlaps",
    "OverlappedBy": "overlappedby",
    "AnyInteracts": "intersects",
}
BETWEEN_PERIODS = frozenset({"Meets", "MetBy", "TOverlaps", "OverlappedBy"})
ENDS = ({"begin", "beginPosition"}, {"end", "endPosition"})


def read_temporal(element: etree._Element, frame: FilterFrame) -> Condition:
    """Two times in a relation. Raises InvalidParameter for what is no time, UnknownProperty."""
    name = get_local_name(element)
    if len(element) != 2:
        raise refuse(f"{name} holds two times, got {len(element)}")
    left, right = (read_time(each, frame) for each in element)
    if not any(isinstance(each, tree.Property | tree.Function) for each in (left, right)):
        raise refuse(f"{name} holds two times, of which one at least is a property's")
    if name in BETWEEN_PERIODS:
        return tree.Or(())
    return tree.Temporal(RELATIONS[name], left, right)


def read_time(element: etree._Element, frame: FilterFrame) -> tree.Expression:
    """A moment or period: a property's, one of GML, or one in a Literal. Raises InvalidParameter."""
    name = get_local_name(element)
    if is_literal(element):
        return read_time(element[0], frame) if len(element) else to_moments(read_text(element))
    if name == "TimeInstant":
        return require_moment(read_position(find_position(element)))
    if name == "TimePeriod":
        return read_period(element)
    found = read_value(element, frame)
    if find_kind(found, frame) not in MOMENTS:
        what = found.name if isinstance(found, tree.Property) else name
        raise InvalidParameter(f"{what} is of type {find_kind(found, frame)}, which is no time", where=what)
    return found


def to_moments(text: str) -> tree.Expression:
    """A moment, or a period written "start/end"; ".." and nothing are open ends."""
    if "/" not in text:
        return tree.Literal(parse_moment(text))
    start, _, end = (part.strip() for part in text.partition("/"))
    first, last = (None if part in {"", ".."} else tree.Literal(parse_moment(part)) for part in (start, end))
    return make_period(first, last)


def read_period(element: etree._Element) -> tree.Interval:
    """A gml:TimePeriod. Raises InvalidParameter unless it has a begin and an end, in order."""
    found = [child for names in ENDS for child in element if get_local_name(child) in names]
    if len(found) != 2:
        raise refuse("gml:TimePeriod needs a begin and an end")
    start, end = (read_position(find_position(each)) for each in found)
    return make_period(start, end)


def make_period(start: tree.Literal | None, end: tree.Literal | None) -> tree.Interval:
    """A period. Raises InvalidParameter if it ends before it begins."""
    if start is not None and end is not None and to_moment(start) > to_moment(end):
        raise refuse(f"the period begins at {start.value} and ends before that, at {end.value}")
    return tree.Interval(start, end)


def to_moment(literal: tree.Literal) -> datetime:
    """The moment of a literal, a day's its start in UTC."""
    value = literal.value
    if isinstance(value, datetime):
        return value
    return parse_timestamp(str(value))


def find_position(element: etree._Element) -> etree._Element:
    """What holds the text of a moment: the element itself or a gml:timePosition below it."""
    return next((each for each in element.iter() if get_local_name(each) == "timePosition"), element)


def read_position(element: etree._Element) -> tree.Literal | None:
    """The moment of a gml:timePosition; None where it is not known. Source: OGC 07-036 clause 14.2.2.7."""
    vague = element.get("indeterminatePosition")
    if vague == "now":
        return tree.Literal(datetime.now(UTC))
    if vague == "unknown":
        return None
    if vague is not None:
        raise refuse(f"indeterminatePosition is now or unknown here, got {vague[:40]!r}")
    return tree.Literal(parse_moment(get_text(element)))


def require_moment(literal: tree.Literal | None) -> tree.Literal:
    """The moment. Raises InvalidParameter if it is not known."""
    if literal is None:
        raise refuse("gml:TimeInstant says no time")
    return literal


def parse_moment(text: str) -> date | datetime:
    """A day, or a moment, in UTC where no zone is written. Raises InvalidParameter."""
    written = text.strip()
    try:
        return parse_timestamp(written) if "T" in written else date.fromisoformat(written.removesuffix("Z"))
    except ValueError:
        raise refuse(f"{text[:60]!r} is no time as 2026-11-23 or 2026-11-23T08:30:00Z") from None


READERS: Mapping[str, Callable[[etree._Element, FilterFrame], Condition]] = dict.fromkeys(RELATIONS, read_temporal)
