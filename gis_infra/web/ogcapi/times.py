"""The `datetime` parameter: a moment or an interval, against the time a feature of the layer is there.

Source: OGC 17-069r4, /req/core/fc-time-definition and /req/core/fc-time-response.
"""

from dataclasses import dataclass
from datetime import date, datetime

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import InvalidParameter
from gis_infra.filters.tree import And, Condition, IsNull, Or, Property, compare

# First pair the layer has: when a feature begins to be there, and when it ends.
TIME_FIELDS = (("starts_on", "ends_on"), ("valid_from", "valid_to"), ("installed_on", "decommissioned_on"))


@dataclass(frozen=True)
class Interval:
    """From one day to another, both inside; None is open."""

    first: date | None
    last: date | None


def parse_interval(text: str) -> Interval:
    """The days a `datetime` parameter spans; layers keep days, so a time of day counts as its day.

    text: "2026-11-23", "2026-11-23T08:00:00Z", "a/b", "../b", "a/" and so on.
    Raises InvalidParameter.
    """
    parts = text.split("/")
    if len(parts) == 1:
        day = parse_day(parts[0])
        return Interval(day, day)
    if len(parts) != 2:
        raise InvalidParameter(f"datetime must be a moment or two with one slash, got {text[:80]!r}", where="datetime")
    first, last = (None if part in ("", "..") else parse_day(part) for part in parts)
    if first is not None and last is not None and first > last:
        raise InvalidParameter(f"datetime begins on {first} after it ends on {last}", where="datetime")
    return Interval(first, last)


def parse_day(text: str) -> date:
    """The day of an RFC 3339 date or date and time. Raises InvalidParameter."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text.upper())
        if moment.tzinfo is None or "T" not in text.upper():
            raise ValueError
        return moment.date()
    except ValueError:
        raise InvalidParameter(
            f"datetime must be as 2026-11-23 or 2026-11-23T08:00:00Z, got {text[:80]!r}", where="datetime"
        ) from None


def to_condition(layer: Layer, interval: Interval) -> Condition | None:
    """True for features that are there on some day of the interval; one that does not say when is always there.

    None if the layer knows no time.
    """
    names = {field.name for field in layer.fields}
    for start, end in TIME_FIELDS:
        if start in names and end in names:
            return And(
                (
                    *((Or((IsNull(Property(start)), compare(start, "<=", interval.last))),) if interval.last else ()),
                    *((Or((IsNull(Property(end)), compare(end, ">=", interval.first))),) if interval.first else ()),
                )
            )
    return None
