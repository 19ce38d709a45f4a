"""Instants and intervals of CQL2, compared as the table of temporal functions says.

Both its ends belong to an interval. An end is a date, a timestamp, UNBOUNDED, or None where a property has no value; a
relation is then unknown unless the other ends decide it.
Source: OGC 21-065r2, clause 7.6, "Definitions of standardized temporal comparison functions", and the Time Ontology in
OWL it names.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from tests.conformance.cql2.truth import Truth, join_all, join_any, negate

UNBOUNDED = ".."
Instant = date | datetime


@dataclass(frozen=True)
class Interval:
    """A time between two ends, both of which belong to it; an instant has the same end twice."""

    start: Instant | str | None
    end: Instant | str | None
    is_instant: bool = False


def parse_instant(text: str) -> Instant:
    """A date ("2020-01-31") or a timestamp in UTC ("2020-01-31T08:00:00Z")."""
    if len(text) == 10:
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(UTC)


def is_before(left: tuple[int, Instant | None], right: tuple[int, Instant | None]) -> Truth:
    """Whether an end comes before another; ends are (-1, None) and (1, None) where unbounded, else (0, instant)."""
    if left[0] or right[0]:
        # An end without a value is unknown here too, though no end lies beyond an open one.
        if (left[0] == 0 and left[1] is None) or (right[0] == 0 and right[1] is None):
            return None
        return left[0] < right[0]
    if left[1] is None or right[1] is None:
        return None
    return left[1] < right[1]


class Relation:
    """The two starts and ends of a pair of intervals, and how they stand to each other."""

    def __init__(self, one: Interval, two: Interval) -> None:
        self.start_1, self.end_1 = place(one.start, -1), place(one.end, 1)
        self.start_2, self.end_2 = place(two.start, -1), place(two.end, 1)

    def evaluate(self, name: str) -> Truth:
        """Whether the relation `name` (as "t_after") holds."""
        return join_all(relate(getattr(self, left), sign, getattr(self, right)) for left, sign, right in TABLE[name])


def place(end: Instant | str | None, side: int) -> tuple[int, Instant | None]:
    """An end as it can be compared: unbounded ends lie before (-1) or after (1) every instant."""
    return (side, None) if isinstance(end, str) else (0, end)


def relate(left: tuple[int, Instant | None], sign: str, right: tuple[int, Instant | None]) -> Truth:
    """Whether the ends stand as `sign` says; two ends that are unbounded on the same side coincide."""
    if sign == "<":
        return is_before(left, right)
    if sign == ">":
        return is_before(right, left)
    return join_all((negate(is_before(left, right)), negate(is_before(right, left))))


# T1 is the first operand; all conditions of a relation must hold.
TABLE = {
    "t_after": [("start_1", ">", "end_2")],
    "t_before": [("end_1", "<", "start_2")],
    "t_equals": [("start_1", "=", "start_2"), ("end_1", "=", "end_2")],
    "t_contains": [("start_1", "<", "start_2"), ("end_1", ">", "end_2")],
    "t_during": [("start_1", ">", "start_2"), ("end_1", "<", "end_2")],
    "t_finishedby": [("start_1", "<", "start_2"), ("end_1", "=", "end_2")],
    "t_finishes": [("start_1", ">", "start_2"), ("end_1", "=", "end_2")],
    "t_meets": [("end_1", "=", "start_2")],
    "t_metby": [("start_1", "=", "end_2")],
    "t_overlappedby": [("start_1", ">", "start_2"), ("start_1", "<", "end_2"), ("end_1", ">", "end_2")],
    "t_overlaps": [("start_1", "<", "start_2"), ("end_1", ">", "start_2"), ("end_1", "<", "end_2")],
    "t_startedby": [("start_1", "=", "start_2"), ("end_1", ">", "end_2")],
    "t_starts": [("start_1", "=", "start_2"), ("end_1", "<", "end_2")],
}
# These two, and those of TABLE named here, take instants as well; the others are of intervals only.
ALSO_INSTANTS = frozenset({"t_after", "t_before", "t_disjoint", "t_equals", "t_intersects"})
NAMES = (*TABLE, "t_disjoint", "t_intersects")
# As the JSON schema spells them, where that is not in small letters.
SPELT = {f"t_{each}by": f"t_{each}By" for each in ("finished", "met", "overlapped", "started")}


def compare(name: str, one: Interval, two: Interval) -> Truth:
    """Whether the temporal function `name`, in small letters, holds between two intervals or instants."""
    relation = Relation(one, two)
    if name not in TABLE:
        apart = join_any((relation.evaluate("t_before"), relation.evaluate("t_after")))
        return apart if name == "t_disjoint" else negate(apart)
    return relation.evaluate(name)
