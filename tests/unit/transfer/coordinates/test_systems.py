"""Which coordinate system a file is in, where it would land, and when that is only a guess."""

import pytest
from pyproj import CRS

from gis_infra.errors import InvalidCrs
from gis_infra.transfer.coordinates.systems import City, find_crs, find_landing, list_candidates
from tests.sources import TM3_ESRI

CITY = City(9210, (106.30, 10.30, 107.60, 11.51))
QUARTER = (602000.0, 1190500.0, 604000.0, 1192500.0)  # District 3 in EPSG:9210
VUNG_TAU = (424000.0, 1145000.0, 428000.0, 1149000.0)  # in EPSG:5899
BOTH = (650000.0, 1190500.0, 652000.0, 1192500.0)  # in the city as EPSG:9210 and as UTM 48N


def esri(datum="Vietnam_2000", meridian=105.75, scale=0.9999, name="VN2000_HCM"):
    return TM3_ESRI.format(datum=datum, meridian=meridian, scale=scale, name=name)


@pytest.mark.parametrize(
    ("wkt", "bounds", "srid"),
    [
        (CRS.from_epsg(9210).to_wkt(), QUARTER, 9210),
        (esri(name="anything at all"), QUARTER, 9210),
        (esri(datum="WGS_1984"), QUARTER, 9210),
        (esri(datum="unknown"), QUARTER, 9210),
        (esri(meridian=105.7500000001), QUARTER, 9210),
        (esri(meridian=107.75), VUNG_TAU, 5899),
        (esri(datum="WGS_1984", meridian=105, scale=0.9996), (686000.0, 1190000.0, 687000.0, 1191000.0), 32648),
        (esri(meridian=105, scale=0.9996), (686000.0, 1190000.0, 687000.0, 1191000.0), 3405),
        (CRS.from_epsg(4326).to_wkt("WKT1_ESRI"), (106.6, 10.7, 106.7, 10.8), 4326),
        (CRS.from_epsg(4756).to_wkt("WKT1_ESRI"), (106.6, 10.7, 106.7, 10.8), 4756),
        ("\ufeff" + CRS.from_epsg(32648).to_wkt("WKT1_ESRI"), (686000.0, 1190000.0, 687000.0, 1191000.0), 32648),
    ],
)
def test_what_the_file_says_is_matched_by_its_parameters(wkt, bounds, srid):
    guess = find_crs(None, wkt, bounds, CITY)
    assert (guess.srid, guess.is_certain) == (srid, True)
    assert guess.landing.distance_km == 0


def test_a_datum_that_cannot_be_is_taken_for_vn2000_and_said():
    guess = find_crs(None, esri(datum="WGS_1984"), QUARTER, CITY)
    assert "names the datum 'World Geodetic System 1984'" in guess.reason
    assert "a guess" in guess.reason


def test_utm_on_an_unknown_datum_is_left_open_with_both():
    guess = find_crs(
        None, esri(datum="unknown", meridian=105, scale=0.9996), (686000.0, 1190000.0, 687000.0, 1191000.0), CITY
    )
    assert not guess.is_certain
    assert "226 m apart" in guess.reason
    assert any(text.startswith("EPSG:3405") for text in guess.alternatives)


def test_without_prj_the_only_system_that_lands_in_the_city_is_taken_and_said():
    guess = find_crs(None, "", QUARTER, CITY)
    assert (guess.srid, guess.is_certain) == (9210, True)
    assert "a guess" in guess.reason
    assert find_crs(None, "", VUNG_TAU, CITY).srid == 5899


@pytest.mark.parametrize(
    ("bounds", "srids"),
    [(BOTH, (9210, 3405, 32648)), ((106.6, 10.7, 106.7, 10.8), (4326, 4756))],
)
def test_without_prj_several_that_fit_are_left_open(bounds, srids):
    guess = find_crs(None, "", bounds, CITY)
    assert not guess.is_certain
    assert [text.split()[0] for text in guess.alternatives] == [f"EPSG:{srid}" for srid in srids]
    assert "--crs" in guess.reason


def test_northing_first_is_told():
    guess = find_crs(None, "", (1190500.0, 602000.0, 1192500.0, 604000.0), CITY)
    assert guess.srid is None
    assert "swapped" in guess.reason


def test_a_prj_that_lands_outside_while_another_system_lands_inside_is_not_believed():
    guess = find_crs(None, CRS.from_epsg(32648).to_wkt(), QUARTER, CITY)
    assert not guess.is_certain
    assert guess.landing.distance_km == pytest.approx(38.1, abs=0.1)
    assert guess.alternatives[0].startswith("EPSG:9210 (VN-2000 / TM-3 105-45): in the city")


def test_degrees_that_run_to_hundreds_of_thousands_are_not_believed():
    guess = find_crs(None, CRS.from_epsg(4326).to_wkt("WKT1_ESRI"), QUARTER, CITY)
    assert guess.srid == 9210
    assert "says degrees" in guess.reason


def test_data_that_is_elsewhere_says_how_far():
    guess = find_crs(None, CRS.from_epsg(28992).to_wkt("WKT1_ESRI"), (82874.0, 430957.0, 83674.0, 431745.0), CITY)
    assert guess.srid == 28992
    assert str(guess.landing).startswith("9,815.5 km outside the city")


def test_what_is_asked_is_taken_and_its_landing_shown():
    guess = find_crs("EPSG:5899", "", QUARTER, CITY)
    assert (guess.srid, guess.is_certain) == (5899, True)
    assert guess.landing.distance_km > 100


def test_an_unknown_system_is_refused():
    with pytest.raises(InvalidCrs, match="999999"):
        find_crs("EPSG:999999", "", QUARTER, CITY)


@pytest.mark.parametrize("wkt", ["", "nonsense[", 'LOCAL_CS["x"]', esri(scale=0.99975)])
def test_an_empty_file_of_no_known_system_is_no_error_here(wkt):
    guess = find_crs(None, wkt, None, CITY)
    assert not guess.is_certain
    assert guess.landing is None


def test_the_box_lands_on_the_right_meridian():
    landing = find_landing(9210, (603000.0, 1191000.0, 603000.0, 1191000.0), CITY)
    # EPSG:6960 by hand, from the reference: (603000, 1191000) = 106.69358409, 10.76840366
    assert landing.box[:2] == pytest.approx((106.69358409, 10.76840366), abs=1e-8)


def test_zones_of_other_provinces_are_no_candidates():
    assert list_candidates(CITY) == (9210, 5899, 3405, 3406, 32648, 32649, 4326, 4756)
    assert 9209 not in list_candidates(CITY)
