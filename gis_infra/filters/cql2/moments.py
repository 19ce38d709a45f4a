"""Dates and moments as CQL2 writes them. Source: OGC 21-065r2, annex B (dateInstant, timestampInstant); RFC 3339."""

import re
from datetime import date, datetime

from gis_infra.filters import tree
from gis_infra.filters.spots import Spot, refuse

DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
OPEN = ".."


def parse_date(text: str, spot: Spot) -> tree.Literal:
    """The day. Raises FilterError."""
    try:
        if DATE.fullmatch(text):
            return tree.Literal(date.fromisoformat(text), spot)
    except ValueError:
        pass  # no such day
    raise refuse(f"a date is as 2026-11-23, got {text[:60]!r}", spot)


def parse_timestamp(text: str, spot: Spot) -> tree.Literal:
    """The moment, its zone known; digits beyond a microsecond are cut off. Raises FilterError."""
    try:
        if TIMESTAMP.fullmatch(text):
            return tree.Literal(datetime.fromisoformat(text.upper()), spot)
    except ValueError:
        pass  # no such day or hour
    raise refuse(f"a timestamp is as 2026-11-23T08:30:00Z, got {text[:60]!r}", spot)


def parse_end(text: str, spot: Spot) -> tree.Literal:
    """An end of an interval: a date, a moment, or ".." as it stands. Raises FilterError."""
    if text == OPEN:
        return tree.Literal(text, spot)
    return parse_date(text, spot) if DATE.fullmatch(text) else parse_timestamp(text, spot)
