"""Dates in the forms they have in Vietnam, and in spreadsheets."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.transfer.cleaning.dates import DateWithDoubt, is_day_missing, parse_date, split_numbers


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("31/12/2020", date(2020, 12, 31)),
        ("1-2-2020", date(2020, 2, 1)),
        ("01.02.2020", date(2020, 2, 1)),
        ("1 2 2020", date(2020, 2, 1)),
        ("2020-12-31", date(2020, 12, 31)),
        ("2020/12/31", date(2020, 12, 31)),
        ("2020-12-31T00:00:00Z", date(2020, 12, 31)),
        ("31/12/2020 00:00:00", date(2020, 12, 31)),
        ("20201231", date(2020, 12, 31)),
        ("31122020", date(2020, 12, 31)),
        ("20122011", date(2011, 12, 20)),
        ("20111220", date(2011, 12, 20)),
        ("201903", date(2019, 3, 1)),
        ("12/2020", date(2020, 12, 1)),
        ("2020-3", date(2020, 3, 1)),
        ("2020", date(2020, 1, 1)),
        ("năm 2020", date(2020, 1, 1)),
        ("Năm 2020", date(2020, 1, 1)),
        ("tháng 3 năm 2019", date(2019, 3, 1)),
        ("Tháng 03/2019", date(2019, 3, 1)),
        ("T3/2019", date(2019, 3, 1)),
        ("ngày 5 tháng 3 năm 2019", date(2019, 3, 5)),
        ("Quý II/2018", date(2018, 4, 1)),
        ("Quý 4 năm 2018", date(2018, 10, 1)),
        ("Q2/2018", date(2018, 4, 1)),
        ("QUÝ IV - 2018", date(2018, 10, 1)),
        ("5 Mar 2019", date(2019, 3, 5)),
        ("12-March-2019", date(2019, 3, 12)),
        ("Mar-2019", date(2019, 3, 1)),
        (2020, date(2020, 1, 1)),
        (2020.0, date(2020, 1, 1)),
        (43831, date(2020, 1, 1)),  # a spreadsheet's: 1 January 2020 is its day 43831
        ("43831", date(2020, 1, 1)),
        (43831.0, date(2020, 1, 1)),
        (20201231.0, date(2020, 12, 31)),
        (date(2020, 12, 31), date(2020, 12, 31)),
        (datetime(2020, 12, 31), date(2020, 12, 31)),
    ],
)
def test_a_date_is_read(value, day):
    assert parse_date(None, value) == day


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("31/02/2020", "is no day of the calendar"),
        ("2020-13-01", "is no day of the calendar"),
        ("13/2020", "is no day of the calendar"),
        ("1/1/0001", "is no date from 1800 to 2200"),
        ("20201301", "is not a date; written as 31/12/2020"),
        ("12345678", "is not a date"),
        ("Quý V/2018", "is not a date; written as 31/12/2020, 2020-12-31, 12/2020, tháng 12 năm 2020, quý IV/2020"),
        ("Smarch 2019", "is not a date"),
        ("1990-1995", "is not a date"),
        ("trước 1975", "is not a date"),
        ("01/02/020", "is not a date"),
        ("5", "is not a date"),
        (99999, "is not a date"),
        (43831.5, "is not a date"),
        ("", "is not a date"),
    ],
)
def test_what_is_no_date_is_refused_with_a_reason(value, reason):
    with pytest.raises(ValueError, match=reason) as caught:
        parse_date(None, value)
    assert not isinstance(caught.value, DateWithDoubt)


@pytest.mark.parametrize(
    ("value", "day", "doubt"),
    [
        ("15/3/98", date(1998, 3, 15), "the year has two digits and is read as 1998"),
        ("1-2-05", date(2005, 2, 1), "the year has two digits and is read as 2005"),
        ("1/1/49", date(2049, 1, 1), "is read as 2049"),
        ("1/1/50", date(1950, 1, 1), "is read as 1950"),
        (datetime(2020, 1, 2, 14, 30), date(2020, 1, 2), "the time of day is left out"),
    ],
)
def test_what_had_to_be_supposed_is_said(value, day, doubt):
    with pytest.raises(DateWithDoubt, match=doubt) as caught:
        parse_date(None, value)
    assert caught.value.day == day


@pytest.mark.parametrize(
    ("order", "value", "day"),
    [
        ("dmy", "3/4/2020", date(2020, 4, 3)),
        ("mdy", "3/4/2020", date(2020, 3, 4)),
        ("mdy", "12/31/2020", date(2020, 12, 31)),
        ("unsure", "31/12/2020", date(2020, 12, 31)),
        ("unsure", "12/31/2020", date(2020, 12, 31)),
        ("unsure", "4/4/2020", date(2020, 4, 4)),
        ("mdy", "2020-04-03", date(2020, 4, 3)),
    ],
)
def test_the_order_of_a_column_decides(order, value, day):
    assert parse_date(order, value) == day


def test_a_date_of_either_order_is_refused_in_a_column_of_both():
    with pytest.raises(ValueError, match="may have the day first or the month first, and the column has both"):
        parse_date("unsure", "3/4/2020")


@settings(max_examples=200, deadline=None)
@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_a_day_written_in_any_form_is_that_day(day):
    forms = ["{0:%d/%m/%Y}", "{0.day}-{0.month}-{0.year}", "{0:%d.%m.%Y}", "{0:%Y-%m-%d}", "{0:%Y%m%d}", "{0:%d%m%Y}"]
    forms += ["ngày {0.day} tháng {0.month} năm {0.year}", "{0:%d-%b-%Y}"]
    for form in forms:
        assert parse_date("dmy", form.format(day)) == day, form.format(day)
    assert parse_date("mdy", f"{day:%m/%d/%Y}") == day
    serial = (day - date(1899, 12, 30)) // timedelta(days=1)  # as spreadsheets count since March 1900
    assert parse_date(None, serial) == day


@pytest.mark.parametrize(
    ("value", "missing"),
    [
        ("2019", True),
        (2019, True),
        ("3/2019", True),
        ("Quý I/2019", True),
        ("201903", True),
        ("Mar 2019", True),
        ("1/3/2019", False),
        (43831, False),
        ("5 Mar 2019", False),
        (date(2019, 1, 1), False),
        (None, False),
        (0, False),
    ],
)
def test_whether_the_day_is_missing(value, missing):
    assert is_day_missing(value) is missing


@pytest.mark.parametrize(
    ("value", "numbers"), [("3/4/2020", (3, 4)), ("2020-04-03", None), (20200403, None), (None, None)]
)
def test_the_numbers_whose_order_is_open(value, numbers):
    assert split_numbers(value) == numbers
