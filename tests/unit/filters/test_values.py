"""Values as callers write them, read as the type of their field."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.catalogue.definitions import Field, Title
from gis_infra.errors import InvalidParameter
from gis_infra.filters.values import parse_value

TITLE = Title("t", "t")


def field(kind, **more):
    return Field("f", kind, TITLE, **more)


CODE = field("code", codes={"steel": TITLE, "hdpe": TITLE})


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("text", "Nguyễn", "Nguyễn"),
        ("text", 12, "12"),
        ("text", True, "true"),
        ("text", date(2026, 1, 2), "2026-01-02"),
        ("integer", "150", 150),
        ("integer", " -7 ", -7),
        ("integer", "150.0", 150),
        ("integer", 150.0, 150),
        ("integer", "9223372036854775807", 2**63 - 1),
        ("number", "1.5", 1.5),
        ("number", "1e3", 1000.0),
        ("number", ".5", 0.5),
        ("boolean", "TRUE", True),
        ("boolean", "0", False),
        ("boolean", 1, True),
        ("date", "2026-11-23", date(2026, 11, 23)),
        ("date", "2026-11-23T00:00:00Z", date(2026, 11, 23)),
        ("timestamp", "2026-11-23", datetime(2026, 11, 23, tzinfo=UTC)),
        ("timestamp", "2026-11-23T08:30:00", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
        ("timestamp", "2026-11-23T08:30:00Z", datetime(2026, 11, 23, 8, 30, tzinfo=UTC)),
    ],
)
def test_a_value_is_read_as_its_field_s_type(kind, value, expected):
    read = parse_value(field(kind), value)
    assert read == expected and type(read) is type(expected)


@pytest.mark.parametrize(
    ("asked", "value", "words"),
    [
        (CODE, "stel", "f must be one of hdpe, steel, got 'stel'"),
        (field("integer"), "12.5", "f must be a whole number, got '12.5'"),
        (field("integer"), "9223372036854775808", "at most 19 digits"),
        (field("integer"), "", "f must be a number, got ''"),
        (field("integer"), True, "f must be a number"),
        (field("number"), "1_000", "f must be a number, got '1_000'"),
        (field("number"), "nan", "f must be a number, got 'nan'"),
        (field("number"), "1e999", "f must be a number"),
        (field("number"), "٣", "f must be a number"),
        (field("boolean"), "maybe", "f must be true or false, got 'maybe'"),
        (field("date"), "23/11/2026", "f must be a date as 2026-11-23, got '23/11/2026'"),
        (field("date"), "2026-02-30", "f must be a date as 2026-11-23"),
        (field("date"), "2026-11-23T08:30:00Z", "without a time of day"),
        (field("timestamp"), "yesterday", "f must be a date and time"),
        (field("text"), "a\x00b", "without a zero byte"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_words_that_help(asked, value, words):
    with pytest.raises(InvalidParameter, match="f must be") as caught:
        parse_value(asked, value)
    assert words in caught.value.message and caught.value.where == "f"


def test_a_long_list_of_codes_is_cut_short():
    many = field("code", codes={f"c{number:03}": TITLE for number in range(60)})
    with pytest.raises(InvalidParameter, match="c039 and 20 more"):
        parse_value(many, "x")


@given(st.integers(min_value=-(2**63) + 1, max_value=2**63 - 1))
@settings(max_examples=50)
def test_no_digit_of_an_integer_is_lost(number):
    assert parse_value(field("integer"), str(number)) == number
