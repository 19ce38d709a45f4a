"""Which month, half year and year ended last, and when the next one ends."""

import datetime

import pytest

from gis_infra.analysis.coverage.runs.periods import get_last, get_next

LAST = [
    ("month", "2026-11-23", "2026-10-01", "2026-12-01"),
    ("month", "2027-01-01", "2026-12-01", "2027-02-01"),
    ("half_year", "2026-06-30", "2025-07-01", "2026-07-01"),
    ("half_year", "2026-07-01", "2026-01-01", "2027-01-01"),
    ("year", "2026-12-31", "2025-01-01", "2027-01-01"),
    ("year", "2027-01-01", "2026-01-01", "2028-01-01"),
]


@pytest.mark.parametrize(("period", "day", "last", "following"), LAST)
def test_a_period_is_the_last_one_once_it_has_ended(period, day, last, following):
    given = datetime.date.fromisoformat(day)
    assert get_last(period, given).isoformat() == last
    assert get_next(period, given).isoformat() == following
