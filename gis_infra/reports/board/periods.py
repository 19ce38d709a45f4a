"""Periods that are reported on: "2026-10" a month, "2026-H1" half a year, "2026" a year. Pure.

They begin and end at midnight by the clocks of the city.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Literal

from gis_infra.analysis.coverage.runs.periods import MONTHS, add_months, get_current
from gis_infra.errors import InvalidParameter
from gis_infra.reports.clocks import CITY_TIME
from gis_infra.reports.coverage.telling import Words, name_period

Kind = Literal["month", "half_year", "year"]

KINDS: tuple[Kind, ...] = ("month", "half_year", "year")
# How many of each are offered, the current one first.
OFFERED = {"month": 13, "half_year": 5, "year": 4}
WRITTEN = re.compile(r"(?P<year>\d{4})(?:-(?P<month>0[1-9]|1[0-2])|-H(?P<half>[12]))?", re.ASCII)
OLDEST = 1900


@dataclass(frozen=True)
class Period:
    """A month, half year or year, by its first day."""

    kind: Kind
    first: datetime.date

    @property
    def next_first(self) -> datetime.date:
        """The first day after it."""
        return add_months(self.first, MONTHS[self.kind])

    @property
    def code(self) -> str:
        """How an address writes it."""
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        return f"{self.first:%Y}" + (f"-H{1 + self.first.month // 7}" if self.kind == "half_year" else "")

    @property
    def title(self) -> Words:
        """What it is called."""
        return name_period(self.kind, self.first) or {"vi": self.code, "en": self.code}


def parse_period(text: str, today: datetime.date) -> Period:
    """The period written in `text`. Raises InvalidParameter for what is none, or has not begun by `today`."""
    found = WRITTEN.fullmatch(text)
    if found is None or int(found["year"]) < OLDEST:
        message = f"of must be a month as 2026-10, half a year as 2026-H1 or a year as 2026, got {text[:40]!r}"
        raise InvalidParameter(message, where="of")
    year = int(found["year"])
    if found["month"]:
        period = Period("month", datetime.date(year, int(found["month"]), 1))
    elif found["half"]:
        period = Period("half_year", datetime.date(year, 1 if found["half"] == "1" else 7, 1))
    else:
        period = Period("year", datetime.date(year, 1, 1))
    if period.first > today:
        raise InvalidParameter(f"{text} has not begun; today is {today:%Y-%m-%d}", where="of")
    return period


def list_periods(today: datetime.date) -> tuple[Period, ...]:
    """The periods that are offered: months, half years, years, the newest of each first."""
    return tuple(
        Period(kind, add_months(get_current(kind, today), -MONTHS[kind] * back))
        for kind in KINDS
        for back in range(OFFERED[kind])
    )


def get_last_month(today: datetime.date) -> Period:
    """The month that ended last."""
    return Period("month", add_months(get_current("month", today), -1))


def to_moment(day: datetime.date) -> datetime.datetime:
    """Midnight at the beginning of a day, by the clocks of the city."""
    return datetime.datetime.combine(day, datetime.time.min, CITY_TIME)


def find_span(period: Period, now: datetime.datetime) -> tuple[datetime.datetime, datetime.datetime]:
    """From when to when a period is looked at: up to its end, or up to now while it goes on."""
    return to_moment(period.first), min(to_moment(period.next_first), now)
