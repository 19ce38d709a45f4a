"""CSV: RFC 4180 to the byte, and harmless in a spreadsheet when asked."""

import csv
import io

import pytest
from shapely.geometry import LineString, Point

from gis_infra.transfer.exporting.delimited import write_csv
from tests.exports import make_content

HOSTILE = ("=1+1", "+84 28", "-5 m", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")')


@pytest.fixture
def write(layers, tmp_path):
    """A function that writes rows of hydrants and gives the bytes."""

    def write(rows, properties=("asset_code", "flow_lps", "in_service", "tested_on", "remarks"), **more):
        path = tmp_path / "file.csv"
        write_csv(path, make_content(layers["fire_hydrant"], rows, properties=properties, **more))
        return path.read_bytes()

    return write


def read(body):
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def test_lines_end_as_the_standard_says_and_null_is_not_empty_text(write):
    rows = [
        {"asset_code": 'Trụ "1",\nđường', "flow_lps": 0.1, "in_service": True, "geometry": Point(1, 2)},
        {"remarks": ""},
    ]
    assert write(rows).decode() == (
        '"flow_lps","tested_on","in_service","asset_code","remarks","WKT","CRS"\r\n'
        '0.1,,true,"Trụ ""1"",\nđường",,"POINT (1 2)","EPSG:9210"\r\n'
        ',,,,"",,"EPSG:9210"\r\n'
    )


def test_heights_and_tenths_of_a_millimetre_are_kept(write):
    line = LineString([(603000.12345, 1191000.00009, 2.5), (603001, 1191001, -1.25)])
    assert read(write([{"geometry": line}]))[0]["WKT"] == (
        "LINESTRING Z (603000.1234 1191000.0001 2.5, 603001 1191001 -1.25)"
    )


def test_degrees_have_as_many_digits_as_a_tenth_of_a_millimetre_needs(write):
    found = read(write([{"geometry": Point(106.1234567891, 10.5)}], srid=4326))[0]
    assert (found["WKT"], found["CRS"]) == ("POINT (106.123456789 10.5)", "EPSG:4326")


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_exact_unless_it_is_for_a_spreadsheet(write, text):
    plain, excel = write([{"remarks": text}]), write([{"remarks": text}], excel=True)
    assert not plain.startswith(b"\xef\xbb\xbf") and excel.startswith(b"\xef\xbb\xbf")
    assert f'"{text}"'.replace('HYPERLINK("http://x","y")', 'HYPERLINK(""http://x"",""y"")').encode() in plain
    assert read(excel)[0]["remarks"].startswith(f"'{text[0]}")


def test_numbers_below_zero_and_ordinary_text_stay_as_they_are_in_a_spreadsheet(write):
    found = read(write([{"flow_lps": 1.5, "remarks": "a=b", "geometry": Point(-1, -2)}], excel=True))[0]
    assert (found["flow_lps"], found["remarks"], found["WKT"]) == ("1.5", "a=b", "POINT (-1 -2)")


def test_it_is_said_that_text_was_changed(layers, tmp_path):
    content = make_content(layers["fire_hydrant"], [], excel=True)
    assert write_csv(tmp_path / "a.csv", content) == ("text that begins like a formula has an apostrophe before it",)


def test_the_id_is_a_column_when_it_is_wanted(write):
    assert read(write([{"asset_code": "H1"}], with_id=True))[0]["id"] == "1"
