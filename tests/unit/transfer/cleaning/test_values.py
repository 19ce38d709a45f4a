"""Values of a file as values of a field, and what is refused."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.catalogue.definitions import Field, Title
from gis_infra.transfer.cleaning.values import convert
from gis_infra.transfer.mapping.columns import MappedColumn

CODES = {"ductile_iron": Title("Gang dẻo", "Ductile iron"), "none": Title("Không", "None")}


def make_field(kind, **more):
    return Field("x", kind, Title("x", "x"), codes=CODES if kind == "code" else {}, **more)


def convert_one(value, kind, **more):
    """The value, or the reason it is refused for."""
    result = convert(pa.array([value]), MappedColumn("X", make_field(kind, **more), ""))
    return result.faults.get(0, result.column.to_pylist()[0])


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1,5", 1.5),
        ("1.5", 1.5),
        (" 150 ", 150.0),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1234567.0),
        ("1,234", 1.234),  # a decimal comma, as Vietnam writes it
        ("-0,25", -0.25),
        ("\u22122", -2.0),
        ("1e3", 1000.0),
        (",5", 0.5),
        (7, 7.0),
        (2.5, 2.5),
        (float("nan"), None),
        ("", None),
        ("<Null>", None),
        ("-", None),
    ],
)
def test_numbers(value, number):
    assert convert_one(value, "number") == number


@pytest.mark.parametrize("value", ["DN150", "D150", "Ø150", "150 mm", "150mm", "Φ 150"])
def test_a_diameter_may_carry_its_sign_or_unit(value):
    assert convert_one(value, "integer", unit="mm") == 150


@pytest.mark.parametrize(
    ("values", "kind", "found"),
    [
        (pa.array([5, None], pa.int64()), "integer", [50, None]),
        (pa.array([5, None], pa.int32()), "integer", [50, None]),
        (pa.array([5.5, None], pa.float64()), "number", [55.0, None]),
        (pa.array([5, None], pa.int64()), "number", [50.0, None]),
        (pa.array(["5", None]), "integer", [50, None]),
    ],
)
def test_numbers_in_another_unit_are_converted_whatever_their_type(values, kind, found):
    mapped = MappedColumn("X", make_field(kind, unit="mm"), "", unit="cm")
    assert convert(values, mapped).column.to_pylist() == found


@pytest.mark.parametrize(
    ("value", "kind", "reason"),
    [
        ("abc", "number", "is not a number"),
        ("1.2.3", "number", "is not a number"),
        ("150 cm", "number", "is not a number"),
        ("1e999", "number", "is not a finite number"),
        (float("inf"), "number", "is not a finite number"),
        ("1,5", "integer", "is not a whole number"),
        (1.5, "integer", "is not a whole number"),
        ("1.500", "integer", "is not a whole number"),  # 1500 or 1.5: nobody can tell
        (2.0**60, "integer", "is too large to be exact"),
        ("99999999999999999999", "integer", "is too large"),
        ("maybe", "boolean", "is neither yes nor no"),
        (2, "boolean", "is neither yes nor no"),
        ("31/02/2020", "date", "is no day of the calendar"),
        ("01/02/020", "date", "is not a date"),
        ("thép", "code", "is none of the codes ductile_iron, none"),
    ],
)
def test_what_cannot_be_converted_is_refused_with_a_reason(value, kind, reason):
    assert reason in str(convert_one(value, kind))


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("31/12/2020", date(2020, 12, 31)),
        ("1-2-2020", date(2020, 2, 1)),
        ("01.02.2020", date(2020, 2, 1)),
        ("2020-12-31", date(2020, 12, 31)),
        ("2020/12/31", date(2020, 12, 31)),
        ("20201231", date(2020, 12, 31)),
        ("12/2020", date(2020, 12, 1)),
        ("2020", date(2020, 1, 1)),
        (2020, date(2020, 1, 1)),
        (2020.0, date(2020, 1, 1)),
        (date(2020, 12, 31), date(2020, 12, 31)),
        (0, None),
        ("00000000", None),
        ("", None),
    ],
)
def test_dates(value, day):
    assert convert_one(value, "date") == day


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("ductile_iron", "ductile_iron"),
        ("DUCTILE IRON", "ductile_iron"),
        ("Gang dẻo", "ductile_iron"),
        ("gang deo", "ductile_iron"),
        ("none", "none"),  # a code here, although elsewhere it stands for nothing
        ("", None),
    ],
)
def test_codes_are_known_by_code_and_title_without_marks(value, code):
    assert convert_one(value, "code") == code


@pytest.mark.parametrize(
    ("value", "yes"), [("có", True), ("Không", False), (1, True), (0, False), ("x", True), ("N", False)]
)
def test_yes_and_no(value, yes):
    assert convert_one(value, "boolean") is yes


@pytest.mark.parametrize(
    ("value", "text"), [("  a b ", "a b"), ("   ", None), (12.0, "12"), (12.5, "12.5"), (7, "7"), ("none", "none")]
)
def test_text(value, text):
    assert convert_one(value, "text") == text


def test_a_fault_is_told_of_every_row_that_has_the_value():
    result = convert(pa.array(["1", "x", None, "x"]), MappedColumn("X", make_field("integer"), ""))
    assert result.column.to_pylist() == [1, None, None, None]
    assert list(result.faults) == [1, 3]


@given(st.lists(st.one_of(st.none(), st.floats(-1e15, 1e15)), min_size=1))
def test_float_columns_convert_as_their_values_do_one_by_one(values):
    column = pa.array(values, pa.float64())
    assert convert(column, MappedColumn("X", make_field("number"), "")).column.to_pylist() == values


@given(st.lists(st.one_of(st.none(), st.integers(-(2**52), 2**52)), min_size=1))
def test_whole_floats_become_the_same_integers(values):
    column = pa.array([None if value is None else float(value) for value in values], pa.float64())
    assert convert(column, MappedColumn("X", make_field("integer"), "")).column.to_pylist() == values


@pytest.mark.parametrize(
    ("values", "bounds", "kept", "told"),
    [
        ([0, 100, None, 0], (15, 4000), [None, 100, None, None], [0, 3]),
        ([0, -1, 5], (0, 100), [0, -1, 5], []),  # 0 may be measured here, and -1 is a fault, not a lack
        ([-9999, -999, -99999, -5], (-200, 3500), [None, None, None, -5], [0, 1, 2]),
        ([0, 5], (None, 100), [0, 5], []),
        ([0, 5], (None, None), [0, 5], []),
    ],
)
@pytest.mark.parametrize("kind", ["integer", "number"])
def test_a_placeholder_is_no_value_where_no_such_number_is_allowed_and_is_told(values, bounds, kept, told, kind):
    field = make_field(kind, minimum=bounds[0], maximum=bounds[1])
    for column in (pa.array(values), pa.array([None if each is None else str(each) for each in values])):
        result = convert(column, MappedColumn("X", field, ""))
        assert (result.column.to_pylist(), sorted(result.warnings), result.faults) == (kept, told, {})
