"""Dates as they are written in Vietnam, to the day. A date that could be read in two ways is not guessed one by one.

Whether a column has the day first or the month is decided for the whole of it (`mapping.surveying`) and handed in.
"""

import re
from datetime import date, datetime, timedelta
from typing import Literal

from gis_infra.catalogue.names import fold_alias

DateOrder = Literal["dmy", "mdy", "unsure"]
TIME = r"(?:[T ]+0{1,2}:00(?::00(?:\.0+)?)?Z?)?"
THREE_NUMBERS = re.compile(rf"(\d{{1,2}})[/.\-\s](\d{{1,2}})[/.\-\s](\d{{4}}|\d{{2}}){TIME}")
YEAR_FIRST = re.compile(rf"(\d{{4}})[/.\-](\d{{1,2}})[/.\-](\d{{1,2}}){TIME}")
MONTH_YEAR = re.compile(r"(?:thang|t)?_?(\d{1,2})_(?:nam_)?(\d{4})")
DAY_MONTH_YEAR = re.compile(r"(?:ngay_)?(\d{1,2})_thang_(\d{1,2})_nam_(\d{4})")
QUARTER_YEAR = re.compile(r"(?:quy|q|qui|quarter)_?(iv|i{1,3}|[1-4])_(?:nam_)?(\d{4})")
YEAR_MONTH = re.compile(r"(\d{4})_(\d{1,2})")
NAMED_MONTH = re.compile(r"(?:(\d{1,2})_)?([a-z]{3})[a-z]*_(\d{4})")
YEAR = re.compile(r"(?:nam_)?(\d{4})")
DIGITS = re.compile(r"\d+(?:\.0*)?")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
YEARS = range(1800, 2201)
# Day 1 of a spreadsheet is 1 January 1900, and it counts a 29 February 1900 that never was.
SERIALS = range(18264, 73416)  # 1950 to 2100
SERIAL_START = date(1899, 12, 30)
CENTURY_TURN = 50  # a year of two digits below it is of this century, any other of the last
FORMS = "31/12/2020, 2020-12-31, 12/2020, tháng 12 năm 2020, quý IV/2020 or 2020"


class DateWithDoubt(ValueError):
    """A date was read, but something about it had to be supposed. day: the date."""

    def __init__(self, day: date, doubt: str) -> None:
        super().__init__(doubt)
        self.day = day


def parse_date(order: DateOrder | None, value: object) -> date:
    """A date: 31/12/2020, 31-12-20, 2020-12-31, 20201231, tháng 12 năm 2020, quý IV/2020, 2020; a spreadsheet's 44196.

    Of a month, a quarter or a year it is the first day. order: how 03/04/2020 is read, None for day first.
    Raises ValueError for what is no date, and DateWithDoubt, which has the date, for one with a year of two digits or a
    time of day.
    """
    if isinstance(value, datetime):
        return drop_time(value)
    if isinstance(value, date):
        return value
    text = str(value).strip()
    if DIGITS.fullmatch(text):
        return parse_digits(text.split(".")[0])
    if match := THREE_NUMBERS.fullmatch(text):
        return parse_three_numbers(match, order or "dmy")
    if match := YEAR_FIRST.fullmatch(text):
        return make_date(match[1], match[2], match[3])
    return parse_words(fold_alias(text))


def drop_time(moment: datetime) -> date:
    """The day of a moment. Raises DateWithDoubt if the moment is not midnight."""
    if moment.time().replace(tzinfo=None) != moment.min.time():
        raise DateWithDoubt(moment.date(), "the time of day is left out")
    return moment.date()


def parse_digits(text: str) -> date:
    """A date of digits alone: a year, a year and month, a spreadsheet's count of days, or eight digits.

    Raises ValueError.
    """
    number = int(text)
    if len(text) == 4 and number in YEARS:
        return date(number, 1, 1)
    if len(text) == 5 and number in SERIALS:
        return SERIAL_START + timedelta(days=number)
    if len(text) == 6 and number // 100 in YEARS:
        return make_date(text[:4], text[4:], "1")
    if len(text) == 8:
        # No eight digits are a date of these centuries both ways: a year's first two digits are no month.
        if number // 10_000 in YEARS and number // 100 % 100 <= 12:
            return make_date(text[:4], text[4:6], text[6:])
        if number % 10_000 in YEARS:
            return make_date(text[4:], text[2:4], text[:2])
    raise ValueError(f"is not a date; written as {FORMS}")


def parse_three_numbers(match: re.Match[str], order: DateOrder) -> date:
    """A date of three numbers with the year last. Raises ValueError, DateWithDoubt."""
    first, second, year = int(match[1]), int(match[2]), match[3]
    if order == "unsure" and first <= 12 and second <= 12 and first != second:
        raise ValueError("may have the day first or the month first, and the column has both")
    month_first = second > 12 if order == "unsure" else order == "mdy"
    day, month = (second, first) if month_first else (first, second)
    if len(year) == 4:
        return make_date(year, month, day)
    century = 2000 if int(year) < CENTURY_TURN else 1900
    found = make_date(century + int(year), month, day)
    raise DateWithDoubt(found, f"the year has two digits and is read as {found.year}")


def parse_words(text: str) -> date:
    """A date in words, folded: "thang_3_nam_2019", "quy_ii_2018", "5_mar_2019". Raises ValueError."""
    if match := DAY_MONTH_YEAR.fullmatch(text):
        return make_date(match[3], match[2], match[1])
    if match := QUARTER_YEAR.fullmatch(text):
        quarter = QUARTERS.get(match[1]) or int(match[1])
        return make_date(match[2], 3 * quarter - 2, 1)
    if match := MONTH_YEAR.fullmatch(text):
        return make_date(match[2], match[1], 1)
    if match := YEAR_MONTH.fullmatch(text):
        return make_date(match[1], match[2], 1)
    if (match := NAMED_MONTH.fullmatch(text)) and match[2] in MONTHS:
        return make_date(match[3], MONTHS.index(match[2]) + 1, match[1] or 1)
    if match := YEAR.fullmatch(text):
        return make_date(match[1], 1, 1)
    raise ValueError(f"is not a date; written as {FORMS}")


def make_date(year: object, month: object, day: object) -> date:
    """The day of the calendar. Raises ValueError."""
    try:
        found = date(int(str(year)), int(str(month)), int(str(day)))
    except ValueError:
        raise ValueError("is no day of the calendar") from None
    if found.year not in YEARS:
        raise ValueError(f"is no date from {YEARS[0]} to {YEARS[-1]}")
    return found


def split_numbers(value: object) -> tuple[int, int] | None:
    """The first two numbers of a date whose order they leave open; None for a date of another form, or none."""
    match = THREE_NUMBERS.fullmatch(str(value).strip()) if isinstance(value, str) else None
    return (int(match[1]), int(match[2])) if match else None


def is_day_missing(value: object) -> bool:
    """Whether a value is a date of which only the year, the quarter or the month is told."""
    if value is None or isinstance(value, date):
        return False
    text = str(value).strip()
    if DIGITS.fullmatch(text):
        return len(text.split(".")[0]) in {4, 6} and int(text.split(".")[0]) > 0
    folded = fold_alias(text)
    named = NAMED_MONTH.fullmatch(folded)
    forms = (QUARTER_YEAR, MONTH_YEAR, YEAR_MONTH, YEAR)
    return any(form.fullmatch(folded) for form in forms) or (named is not None and named[1] is None)
