"""What a layer allows in rows, asked of columns: against a slow second reckoning, row by row and in exact numbers."""

import operator
import re
from datetime import date, timedelta
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.catalogue.definitions import Check, Field, Layer, Style, Term, Title
from gis_infra.features.validation import check_column, find_faults

TODAY = date(2026, 11, 23)
TITLE = Title("x", "x")
COMPARE = {"<": operator.lt, "<=": operator.le, ">=": operator.ge, ">": operator.gt}
MM_IN_M = {"depth_m": Fraction(1), "size_mm": Fraction(1, 1000)}
FIELDS = (
    Field("code", "text", TITLE, max_length=4, pattern="^[A-Z]+[0-9]*$", required=True),
    Field("kind", "code", TITLE, codes={"open": TITLE, "closed": TITLE}),
    Field("floors", "integer", TITLE, minimum=0, maximum=5),
    Field("depth_m", "number", TITLE, unit="m", minimum=-5, maximum=5),
    Field("size_mm", "number", TITLE, unit="mm"),
    Field("begun", "date", TITLE),
    Field("ended", "date", TITLE),
)
CHECKS = (
    Check((Term("begun"),), "<=", (Term("ended"),), "error", TITLE, "begun <= ended"),
    Check((Term("begun"),), "<", (Term("today"),), "warning", TITLE, "begun < today"),
    Check((Term("depth_m"),), ">=", (Term("size_mm"),), "warning", TITLE, "depth_m >= size_mm", unit="m"),
    Check(
        (Term("depth_m"), Term("size_mm", -1)), "<", (Term(0.5),), "error", TITLE, "depth_m - size_mm < 0.5", unit="m",
        unless={"kind": ("closed",)},
    ),
    Check((Term("depth_m"),), "=", (Term("size_mm"), Term(1.0)), "warning", TITLE, "x", unit="m", tolerance=0.25),
)  # fmt: skip
LAYER = Layer("x", "water", TITLE, "Point", "public", FIELDS, Style({}), checks=CHECKS)
TYPES = {"text": pa.string(), "code": pa.string(), "integer": pa.int64(), "number": pa.float64(), "date": pa.date32()}

days = st.integers(-3, 3).map(lambda days: TODAY + timedelta(days=days))
metres = st.integers(-6000, 6000).map(lambda number: number / 1000)
rows = st.fixed_dictionaries(
    {
        "code": st.none() | st.sampled_from(["A1", "a1", "AAAAA", "A\x00", "", "Ă1", "B"]),
        "kind": st.none() | st.sampled_from(["open", "closed", "ajar"]),
        "floors": st.none() | st.integers(-2, 7),
        "depth_m": st.none() | metres,
        "size_mm": st.none() | metres.map(lambda number: round(number * 1000, 1)),
        "begun": st.none() | days,
        "ended": st.none() | days,
    }
)


def judge_value(field, value):
    """Whether a value is allowed in its field, by the plain meaning of each key."""
    if value is None:
        return not field.required
    if field.type == "code":
        return value in field.codes
    if field.type == "text":
        form = field.pattern is None or re.search(field.pattern, value) is not None
        return form and len(value) <= field.max_length and "\x00" not in value
    above = field.minimum is None or value >= field.minimum
    return field.type == "date" or (above and (field.maximum is None or value <= field.maximum))


def add_up(terms, row):
    """The sum of a side in metres, exactly as the decimals are written."""
    total = Fraction(0)
    for term in terms:
        name = term.value
        amount = Fraction(str(row[name])) * MM_IN_M[name] if isinstance(name, str) else Fraction(str(name))
        total += term.sign * amount
    return total


def judge_check(check, row):
    """Whether a check holds for a row; a row that lacks a value is not judged."""
    if any(row[name] is None for name in check.field_names):
        return True
    if any(row[name] in codes for name, codes in check.unless.items()):
        return True
    if check.field_names[0] == "begun":
        other = TODAY if check.right[0].value == "today" else row["ended"]
        return COMPARE[check.comparison](row["begun"], other)
    left, right = add_up(check.left, row), add_up(check.right, row)
    if check.comparison == "=":
        return abs(left - right) <= Fraction(str(check.tolerance))
    return COMPARE[check.comparison](left, right)


@settings(max_examples=150, deadline=None)
@given(st.lists(rows, max_size=12))
def test_the_rows_told_are_those_that_one_by_one_are_not_allowed(found):
    columns = {field.name: pa.array([row[field.name] for row in found], TYPES[field.type]) for field in FIELDS}
    told = {True: set(), False: set()}
    for finding in find_faults(LAYER, columns, len(found), TODAY):
        assert finding.faults
        told[finding.is_error] |= {(finding.field, row) for row in finding.faults}
    expected = {True: set(), False: set()}
    for number, row in enumerate(found):
        expected[True] |= {(field.name, number) for field in FIELDS if not judge_value(field, row[field.name])}
        for check in CHECKS:
            if not judge_check(check, row):
                expected[check.severity == "error"].add((check.field_names[0], number))
    assert told == expected


def find_one(**row):
    columns = {name: pa.array([value]) for name, value in row.items()}
    found = find_faults(LAYER, {"code": pa.array(["A"]), **columns}, 1, TODAY)
    return [(each.field, each.faults[0], each.is_error) for each in found]


def test_what_must_hold_is_told_with_the_other_values():
    told = find_one(begun=date(2020, 5, 2), ended=date(2020, 5, 1))
    assert told == [("begun", "must hold: begun <= ended (x); here ended is 2020-05-01", True)]


def test_a_day_that_is_compared_with_today_is_told_without_it():
    assert find_one(begun=date(2027, 1, 1)) == [("begun", "must hold: begun < today (x)", False)]


def test_decimals_that_binary_cannot_hold_are_equal_all_the_same():
    assert find_one(depth_m=0.3, size_mm=300.0) == [("depth_m", "must hold: x (x); here size_mm is 300.0", False)]
    assert find_one(depth_m=1.25, size_mm=0.0, kind="closed") == []  # to 0.25 of 0 + 1


def test_a_field_without_a_column_lacks_its_value_in_every_row():
    (finding,) = find_faults(LAYER, {}, 3, TODAY)
    assert finding.is_lack and finding.faults == dict.fromkeys(range(3), "must have a value")


def test_no_rows_have_no_faults():
    assert find_faults(LAYER, {field.name: pa.array([], TYPES[field.type]) for field in FIELDS}, 0, TODAY) == ()


@pytest.mark.parametrize(
    ("value", "field", "reason"),
    [
        (10, {"type": "integer", "minimum": 15, "unit": "mm"}, "is below the least allowed, 15 mm"),
        (5000.0, {"type": "number", "maximum": 4000, "unit": "mm"}, "is above the greatest allowed, 4000 mm"),
        (float("nan"), {"type": "number"}, "is not a finite number"),
        (float("inf"), {"type": "number"}, "is not a finite number"),
        ("abcd", {"type": "text", "max_length": 3}, "is longer than the 3 letters allowed; it is not cut"),
        ("12a", {"type": "text", "pattern": "^[0-9]+$"}, "does not have the form ^[0-9]+$"),
        ("a\x00b", {"type": "text"}, "holds a NUL character"),
        ("ajar", {"type": "code", "codes": {"open": TITLE, "shut": TITLE}}, "is none of the codes open, shut"),
    ],
)
def test_what_the_layer_does_not_allow_is_told(value, field, reason):
    kind = field.pop("type")
    assert check_column(pa.array([value, None]), Field("x", kind, TITLE, **field)) == {0: reason}


def test_values_at_the_bounds_are_allowed():
    assert check_column(pa.array([15, 4000, None]), Field("x", "integer", TITLE, minimum=15, maximum=4000)) == {}
    assert check_column(pa.array(["ốngABC"]), Field("x", "text", TITLE, max_length=6)) == {}
