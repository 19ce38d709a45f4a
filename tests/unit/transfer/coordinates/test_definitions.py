"""Right and wrong definitions seen in the field are matched to the system they are of, and what is wrong is told."""

import re

import pytest
from pyproj import CRS

from gis_infra.transfer.coordinates.definitions import read_definition
from tests.unit.transfer.coordinates.definitions_seen import NOT_NEGATED, OFFICIAL, esri, mapinfo, shifted, write


@pytest.mark.parametrize(
    ("wkt", "srid"),
    [
        (CRS.from_epsg(9210).to_wkt(), 9210),
        (write(9210), 9210),
        (esri(name="anything at all"), 9210),
        (esri(meridian=105.7500000001), 9210),
        (esri(meridian=107.75), 5899),
        (esri(meridian=105), 5897),
        (esri(datum="WGS_1984", meridian=105, scale=0.9996), 32648),
        (esri(meridian=105, scale=0.9996), 3405),
        (esri(datum="WGS_1984", meridian=39, scale=0.9996), 32637),
        (write(4326), 4326),
        (write(4756), 4756),
        (write(28992), 28992),
        (write(25831), 25831),  # its ellipsoid differs from that of WGS 84 in the eighth digit
        (CRS.from_epsg(4979).to_wkt(), 4326),  # GeoJSON with heights
        (write(32719), 32719),  # UTM south of the equator
        ("\ufeff" + write(32648) + "\r\n\x00", 32648),
        (CRS("EPSG:9210+5773").to_wkt("WKT1_GDAL"), 9210),  # with a system for heights
        (CRS("EPSG:9210+5773").to_wkt(), 9210),
        (shifted(OFFICIAL), 9210),
        (shifted(OFFICIAL, "unknown"), 9210),
        (mapinfo(OFFICIAL, NOT_NEGATED), 9210),  # MapInfo takes the rotations as the decision prints them
    ],
)
def test_a_right_definition_is_believed_without_a_remark(wkt, srid):
    definition = read_definition(wkt)
    assert (definition.srid, definition.is_certain, definition.is_datum_guess) == (srid, True, False)
    assert "shift" not in definition.reason


@pytest.mark.parametrize(
    ("wkt", "remark"),
    [
        (shifted(NOT_NEGATED), "have the wrong sign, about 0.5 m"),
        (shifted(NOT_NEGATED, "unknown"), "have the wrong sign, about 0.5 m"),
        (mapinfo(NOT_NEGATED, OFFICIAL), "have the wrong sign, about 0.5 m"),
        (shifted("-191.90441429,-39.30318279,-111.45032835"), "lacks the rotations, about 0.3 m"),
        (shifted("-191.90441429,-39.30318279,-111.45032835,0,0,0,0", "unknown"), "lacks the rotations, about 0.3 m"),
        (shifted("-192.873,-39.382,-111.202,-0.00205,-0.0005,0.00335,0.0188"), "is not the official one"),
        (
            write(9210, "WKT1_GDAL").replace('"7030"]],', f'"7030"]],TOWGS84[{NOT_NEGATED}],', 1),  # with EPSG's code
            "have the wrong sign, about 0.5 m",
        ),
    ],
)
def test_a_wrong_shift_is_told_and_the_official_one_used(wkt, remark):
    definition = read_definition(wkt)
    assert (definition.srid, definition.is_certain) == (9210, True)
    assert remark in definition.reason


@pytest.mark.parametrize(
    ("wkt", "srid", "reason"),
    [
        (esri(datum="WGS_1984"), 9210, "names the datum 'World Geodetic System 1984'.*226 m hang on it"),
        (esri(datum="unknown"), 9210, "names the datum 'unknown'.*226 m hang on it"),
        (shifted("0,0,0,0,0,0,0"), 9210, "shifts it to WGS 84 by nothing, and the two lie 226 m apart"),
        (shifted("0,0,0", "unknown"), 9210, "226 m hang on it"),
        (shifted("0,0,0,0,0,0,0", "WGS_1984"), 9210, "226 m hang on it"),
        (shifted("100,200,300,0,0,0,0"), 9210, "none that VN-2000 is known by"),
        (esri(datum="unknown", meridian=105, scale=0.9996), 32648, "unknown datum.*226 m apart"),
        (write(4756).replace("298.257223563]", "298.257223563],TOWGS84[0,0,0,0,0,0,0]"), 4756, "by nothing"),
    ],
)
def test_a_datum_that_cannot_be_is_a_guess(wkt, srid, reason):
    definition = read_definition(wkt)
    assert (definition.srid, definition.is_certain, definition.is_datum_guess) == (srid, False, True)
    assert re.search(reason, definition.reason)


@pytest.mark.parametrize("datum", ["Vietnam_2000", "WGS_1984", "unknown"])
def test_the_scale_of_utm_on_a_meridian_of_vn2000_is_taken_for_a_slip(datum):
    definition = read_definition(esri(datum=datum, scale=0.9996))
    assert (definition.srid, definition.is_certain) == (9210, False)
    assert "k 0.9996 where that has 0.9999" in definition.reason
    assert "359 m" in definition.reason


@pytest.mark.parametrize(
    ("wkt", "reason"),
    [
        ("", "does not say"),
        (" \x00\r\n", "does not say"),
        ("nonsense[", "cannot be read"),
        ('LOCAL_CS["Undefined Cartesian SRS"]', "names no place on earth"),
        (esri(scale=0.99975), "no EPSG system has the definition"),
        (esri().replace("6378137.0,298.257223563", "6378245.0,298.3"), "no EPSG system has the definition"),
        (esri().replace('UNIT["Meter",1.0]', 'UNIT["Foot",0.3048]'), "no EPSG system has the definition"),
        (esri().replace("500000.0", "400000.0"), "no EPSG system has the definition"),
    ],
)
def test_what_is_no_known_system_is_said(wkt, reason):
    definition = read_definition(wkt)
    assert definition.srid is None
    assert reason in definition.reason
