"""Months, half years and years: which one ended last, and when the next one ends. Pure."""

import datetime
from collections.abc import Mapping

MONTHS: Mapping[str, int] = {"month": 1, "half_year": 6, "year": 12}


def get_last(period: str, day: datetime.date) -> datetime.date:
    """The first day of the period that ended last before `day`, or with the day before it."""
    current = get_current(period, day)
    return add_months(current, -MONTHS[period])


def get_current(period: str, day: datetime.date) -> datetime.date:
    """The first day of the period that a day belongs to."""
    length = MONTHS[period]
    return datetime.date(day.year, (day.month - 1) // length * length + 1, 1)


def get_next(period: str, day: datetime.date) -> datetime.date:
    """The first day after the period that a day belongs to: when it can be run."""
    return add_months(get_current(period, day), MONTHS[period])


def add_months(first: datetime.date, months: int) -> datetime.date:
    """The first day of the month that is so many months later."""
    number = first.year * 12 + first.month - 1 + months
    return datetime.date(number // 12, number % 12 + 1, 1)
