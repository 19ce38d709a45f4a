"""Numbers with units, signs and fractions, as files write them."""

from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.catalogue.definitions import Field, Title
from gis_infra.catalogue.units import ALL_UNITS, UNITS, get_ratio, list_alike
from gis_infra.errors import InvalidParameter
from gis_infra.transfer.cleaning.values import convert
from gis_infra.transfer.mapping.columns import MappedColumn
from gis_infra.transfer.mapping.unit_names import SPELLINGS, find_unit, parse_unit, split_unit


def convert_one(value, kind, unit=None, asked=None):
    """The value, or the reason it is refused for."""
    field = Field("x", kind, Title("x", "x"), unit=unit)
    result = convert(pa.array([value]), MappedColumn("X", field, "", unit=asked))
    return result.faults.get(0, result.column.to_pylist()[0])


@pytest.mark.parametrize(
    ("value", "unit", "number"),
    [
        ("15 cm", "mm", 150.0),
        ("0,15m", "mm", 150.0),
        ("4 inch", "mm", 101.6),
        ('4"', "mm", 101.6),
        ('1 1/2"', "mm", 38.1),
        ("3/4 inch", "mm", 19.05),
        ("Ø200", "mm", 200.0),
        ("Φ 200", "mm", 200.0),
        ("DN=200", "mm", 200.0),
        ("OD110 mm", "mm", 110.0),
        ("1.2 mét", "m", 1.2),
        ("80 phân", "m", 0.8),
        ("22 kV", "kV", 22.0),
        ("400V", "kV", 0.4),
        ("0,4KV", "kV", 0.4),
        ("1,6 MVA", "kVA", 1600.0),
        ("PN10", "bar", 10.0),
        ("PN 16", "bar", 16.0),
        ("6 kg/cm2", "bar", 5.88399),
        ("20 mH2O", "bar", 1.96133),
        ("20 m.c.n", "bar", 1.96133),
        ("600 kPa", "bar", 6.0),
        ("0.6 MPa", "bar", 6.0),
        ("1,5 ha", "m2", 15000.0),
        ("1.500,5 m²", "m2", 1500.5),
        ("36 m3/h", "l/s", 10.0),
        ("2 giờ", "min", 120.0),
        ("3 ‰", "%", 0.3),
        ("12 tấn/ngày", "t/d", 12.0),
        ("500 m3/ngày đêm", "m3/d", 500.0),
    ],
)
def test_a_unit_behind_a_number_is_turned_into_the_field_s(value, unit, number):
    assert convert_one(value, "number", unit) == number


@pytest.mark.parametrize(
    ("value", "asked", "unit", "number"),
    [
        (0.3, "m", "mm", 300.0),
        (0.57, "m", "mm", 570.0),
        ("0,3", "m", "mm", 300.0),
        (15, "cm", "mm", 150.0),
        ("20 mm", "cm", "mm", 20.0),  # what stands behind a number goes before what is said of the column
        ("Ø20", "cm", "mm", 200.0),
        (22000.0, "V", "kV", 22.0),
        (1.1, "km", "m", 1100.0),
        (None, "m", "mm", None),
        ("", "m", "mm", None),
    ],
)
def test_a_column_s_unit_is_turned_into_the_field_s(value, asked, unit, number):
    assert convert_one(value, "number", unit, asked) == number


@pytest.mark.parametrize(
    ("value", "asked", "size"),
    [
        ("4 inch", None, 100),
        ('1/2"', None, 15),
        ('1 1/4"', None, 32),
        (4, "in", 100),
        (0.75, "in", 20),
        ("1 1/2", "in", 40),
        ("12", "in", 300),
        (0.3, "m", 300),
        ("15 cm", None, 150),
        ("DN150", None, 150),
    ],
)
def test_whole_millimetres_in_inches_are_trade_sizes(value, asked, size):
    assert convert_one(value, "integer", "mm", asked) == size


@pytest.mark.parametrize(
    ("value", "kind", "unit", "asked", "reason"),
    [
        ("22 kV", "number", "mm", None, "is in the wrong unit: kV is a unit of voltage, mm one of length"),
        ("22 smoots", "number", "mm", None, "is not a number in mm: 'smoots' is no unit known here"),
        ("5 mm", "number", None, None, "is not a number: 'mm' is no unit known here"),
        ("110/22 kV", "number", "kV", None, "is not a number in kV"),
        ("1/2", "number", "mm", None, "is not a number in mm"),
        ('1/0"', "number", "mm", None, "is not a number in mm"),
        ("2000x1500", "number", "mm", None, "is not a number in mm"),
        ("100-150", "number", "mm", None, "is not a number in mm"),
        ("DN", "number", "mm", None, "is not a number in mm"),
        ("PN10", "number", "mm", None, "is not a number in mm"),
        ("0.1234 m", "integer", "mm", None, "is not a whole number"),
        ("7 inch", "integer", "mm", None, "is no trade size of pipes in inches"),
        (True, "number", "mm", "m", "is not a number"),
        ("1e99999999", "number", "mm", None, "is not a finite number"),
    ],
)
def test_what_is_no_number_of_the_field_is_refused_with_a_reason(value, kind, unit, asked, reason):
    assert reason in str(convert_one(value, kind, unit, asked))


PAIRS = [(unit, target) for target in UNITS for unit in list_alike(target)]


@settings(max_examples=150, deadline=None)
@given(st.decimals(0, 10**6, places=4), st.sampled_from(PAIRS), st.booleans())
def test_numbers_in_any_unit_are_the_nearest_to_the_exact_product(number, pair, with_comma):
    unit, target = pair
    text = f"{number:f}".replace(".", "," if with_comma else ".")
    found = convert_one(f"{text} {ALL_UNITS[unit].symbol}", "number", target)
    expected = Fraction(Decimal(number)) * get_ratio(unit, target)
    assert found == float(expected)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | st.floats(-1e9, 1e9) | st.just(float("nan"))), st.sampled_from(PAIRS))
def test_a_column_of_numbers_is_turned_like_its_values_one_by_one(numbers, pair):
    unit, target = pair
    field = Field("x", "number", Title("x", "x"), unit=target)
    found = convert(pa.array(numbers, pa.float64()), MappedColumn("X", field, "", unit=unit)).column.to_pylist()
    exact = [
        None if each is None or each != each else Fraction(repr(each)) * get_ratio(unit, target) for each in numbers
    ]
    assert found == [None if each is None else float(each) for each in exact]


def test_a_number_that_is_infinite_in_a_column_of_another_unit_is_refused():
    assert "is not a finite number" in convert_one(float("inf"), "number", "mm", "m")


@pytest.mark.parametrize(
    ("column", "parts"),
    [
        ("DK_MM", ("DK", "mm")),
        ("DUONG_KINH_CM", ("DUONG_KINH", "cm")),
        ("Đường kính (mm)", ("Đường kính", "mm")),
        ("DT [m²]", ("DT", "m2")),
        ("D_INCH", ("D", "in")),
        ("DKMM", ("DK", "mm")),
        ("AP_LUC (kg/cm2)", ("AP_LUC", "kgf/cm2")),
        ("LL_M3/NGAY", ("LL", "m3/d")),
        ("TEN_DUONG", None),
        ("MM", None),
        ("FORM", None),
        ("(mm)", ("", "mm")),
    ],
)
def test_the_unit_in_a_column_s_name_is_seen(column, parts):
    assert split_unit(column) == parts


def test_every_unit_is_found_by_its_name_its_symbol_and_all_its_spellings():
    for name, unit in ALL_UNITS.items():
        for spelling in (name, unit.symbol, *SPELLINGS.get(name, "").split()):
            assert find_unit(spelling) == find_unit(spelling.upper()) == name, spelling


@pytest.mark.parametrize(
    ("text", "target", "words"),
    [
        ("kV", "mm", "DK goes to a field in mm, and cannot be in 'kV'; allowed are mm, cm, m, km, dm, in, ft"),
        ("smoot", "bar", "cannot be in 'smoot'; allowed are bar, kPa, MPa, mH2O, kgf/cm2"),
        ("mm", None, "DK goes to a field without a unit, and cannot be in 'mm'"),
    ],
)
def test_a_unit_that_cannot_be_is_refused_with_those_that_can(text, target, words):
    with pytest.raises(InvalidParameter, match=words.replace("(", "\\(")):
        parse_unit(text, target, "DK")
