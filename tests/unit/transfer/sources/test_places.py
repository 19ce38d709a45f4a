"""Where the rows of a table are: names of columns, and coordinates as people write them."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.transfer.sources.places import Place, find_place, fold, to_coordinate
from tests.sources import to_surface


@pytest.mark.parametrize(
    ("names", "place"),
    [
        (["A", "X", "Y"], Place((1, 2))),
        (["Y", "X"], Place((1, 0))),
        (["x", "y", "z"], Place((0, 1, 2))),
        (["LON", "LAT"], Place((0, 1))),
        (["Latitude", "Longitude"], Place((1, 0))),
        (["KINH_DO", "VI_DO"], Place((0, 1))),
        (["Vĩ độ", "Kinh độ"], Place((1, 0))),
        (["E", "N"], Place((0, 1))),
        (["Easting (m)", "Northing (m)"], None),
        (["TOA_DO_X", "TOA_DO_Y"], Place((0, 1))),
        (["POINT_X", "POINT_Y"], Place((0, 1))),
        (["X", "Y", "X"], None),
        (["X", "LAT"], None),
        (["A", "B"], None),
    ],
)
def test_the_columns_of_coordinates_are_known_by_their_names(names, place):
    assert find_place(names, []) == place


@pytest.mark.parametrize("encoding", ["UTF-8", "TCVN3", "VNI", "CP1258"])
def test_names_are_known_in_every_encoding(encoding):
    assert fold(to_surface("Kinh độ", encoding)) == "kinhdo"


@pytest.mark.parametrize(
    ("names", "row", "place"),
    [
        (["A", "WKT"], ["a", "POINT (1 2)"], Place(shape=1)),
        (["A", "what"], ["a", "LINESTRING(1 2, 3 4)"], Place(shape=1)),
        (["X", "Y", "geom"], ["1", "2", "POINT (1 2)"], Place(shape=2)),
        (["X", "Y", "geom"], ["1", "2", ""], Place((0, 1))),
        (["A", "geom"], ["a", "0101000000000000000000F03F0000000000000040"], Place(shape=1)),
        (["note", "geom"], ["POINT (0 0) is it", "POINT (1 2)"], Place(shape=1)),
        (["A", "geom"], ["a", "somewhere"], None),
    ],
)
def test_a_column_of_shapes_is_known_by_its_values(names, row, place):
    assert find_place(names, [row]) == place


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("603000.5", 603000.5),
        ("603000,5", 603000.5),
        ("603.000,5", 603000.5),
        ("603,000.5", 603000.5),
        ("1.191.000", 1191000),
        ("1,191,000", 1191000),
        ("1.191.000,25", 1191000.25),
        ("603 000.5", 603000.5),
        ("603\xa0000,5", 603000.5),
        ("-12,5", -12.5),
        ("+7", 7),
        ("1e3", 1000),
        ("10°46'06.3\"", 10.768416666),
        ("10°46'06,3\"N", 10.768416666),
        ("N 10° 46′ 06.3″", 10.768416666),
        ("106°41'36\"Đ", 106.693333333),
        ("10°30'", 10.5),
        ("10.5°S", -10.5),
        ("-10°30'", -10.5),
        ("1°0'0''T", -1),
    ],
)
def test_a_coordinate_is_read_as_people_write_it(text, number):
    assert to_coordinate(text) == pytest.approx(number, abs=1e-9)


@pytest.mark.parametrize("text", ["", "abc", "1..2", "12m", "--1", "10°46'x", None, "nan", "1,2,3.4.5"])
def test_what_is_no_coordinate_is_nan(text):
    assert math.isnan(to_coordinate(text))


@settings(max_examples=100, deadline=None)
@given(st.floats(-1e7, 1e7), st.sampled_from([(".", ""), (",", ""), (",", "."), (".", ","), (",", " ")]))
def test_a_number_in_any_way_of_writing_is_the_same_number(number, way):
    decimal, thousands = way
    text = f"{number:,.3f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
    assert to_coordinate(text) == pytest.approx(round(number, 3), abs=1e-6)
