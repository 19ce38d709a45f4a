"""Which coordinate system a file is in, and when that is only a guess."""

import pytest
from pyproj import CRS

from gis_infra.errors import InvalidCrs
from gis_infra.transfer.coordinates.finding import find_crs
from gis_infra.transfer.coordinates.systems import City, swap
from tests.unit.transfer.coordinates.definitions_seen import CITY, QUARTER, UTM_QUARTER, esri, write

VUNG_TAU = (424000.0, 1145000.0, 428000.0, 1149000.0)  # in EPSG:5899
BOTH = (650000.0, 1190500.0, 652000.0, 1192500.0)  # in the city as EPSG:9210 and as UTM 48N
DEGREES = (106.6, 10.7, 106.7, 10.8)
ROTTERDAM = City(28992, (3.95, 51.84, 4.65, 52.0))
ZAATARI = City(32637, (36.28, 32.26, 36.36, 32.32))
SEWERS = (82874.0, 430957.0, 83674.0, 431745.0)  # in EPSG:28992


@pytest.mark.parametrize(
    ("wkt", "bounds", "srid"),
    [
        (CRS.from_epsg(9210).to_wkt(), QUARTER, 9210),
        (esri(), QUARTER, 9210),
        (esri(meridian=107.75), VUNG_TAU, 5899),
        (write(32648), UTM_QUARTER, 32648),
        (esri(meridian=105, scale=0.9996), UTM_QUARTER, 3405),
        (write(4326), DEGREES, 4326),
        (write(4756), DEGREES, 4756),
    ],
)
def test_what_the_file_says_is_believed_where_it_lands_in_the_city(wkt, bounds, srid):
    guess = find_crs(None, wkt, bounds, CITY)
    assert (guess.srid, guess.is_certain, guess.swap_xy, guess.alternatives) == (srid, True, False, ())
    assert guess.landing.distance_km == 0


def test_a_datum_that_cannot_be_is_a_guess_that_says_so():
    guess = find_crs(None, esri(datum="WGS_1984"), QUARTER, CITY)
    assert (guess.srid, guess.is_certain, guess.is_datum_guess) == (9210, False, True)
    assert "names the datum 'World Geodetic System 1984'" in guess.reason


def test_utm_on_an_unknown_datum_is_left_open_with_both():
    guess = find_crs(None, esri(datum="unknown", meridian=105, scale=0.9996), UTM_QUARTER, CITY)
    assert (guess.srid, guess.is_certain, guess.is_datum_guess) == (32648, False, True)
    assert "226 m apart" in guess.reason
    assert [each.srid for each in guess.alternatives] == [3405]


@pytest.mark.parametrize(("bounds", "srid"), [(QUARTER, 9210), (VUNG_TAU, 5899)])
def test_without_a_statement_the_only_system_that_lands_in_the_city_is_the_best_guess(bounds, srid):
    guess = find_crs(None, "", bounds, CITY)
    assert (guess.srid, guess.is_certain, guess.alternatives) == (srid, False, ())
    assert f"of the systems in use here only EPSG:{srid} (VN-2000" in guess.reason


@pytest.mark.parametrize(("bounds", "srids"), [(BOTH, (9210, 3405, 32648)), (DEGREES, (4326, 4756))])
def test_without_a_statement_several_that_fit_are_named(bounds, srids):
    guess = find_crs(None, "", bounds, CITY)
    assert (guess.srid, *(each.srid for each in guess.alternatives)) == srids
    assert not guess.is_certain
    assert f"and so would EPSG:{srids[1]}" in guess.reason


@pytest.mark.parametrize(
    ("wkt", "bounds", "srid"),
    [
        ("", swap(QUARTER), 9210),
        (esri(), swap(QUARTER), 9210),
        (esri(datum="WGS_1984"), swap(QUARTER), 9210),
        (esri(meridian=107.75), swap(VUNG_TAU), 5899),
        (write(32648), swap(UTM_QUARTER), 32648),
        ("", swap(DEGREES), 4326),
        (write(4326), swap(DEGREES), 4326),
        (write(4756), swap(DEGREES), 4756),
    ],
)
def test_axes_that_are_swapped_are_found_and_a_guess(wkt, bounds, srid):
    guess = find_crs(None, wkt, bounds, CITY)
    assert (guess.srid, guess.swap_xy, guess.is_certain) == (srid, True, False)
    assert guess.landing.distance_km == 0
    assert "swapped" in guess.reason


@pytest.mark.parametrize("wkt", [esri(), "", write(9210)])
def test_axes_said_to_be_swapped_are_taken_as_said(wkt):
    guess = find_crs(None, wkt, swap(QUARTER), CITY, swap_xy=True)
    assert (guess.srid, guess.swap_xy, guess.is_certain) == (9210, True, wkt != "")
    asked = find_crs("EPSG:9210", wkt, swap(QUARTER), CITY, swap_xy=True)
    assert (asked.is_certain, asked.swap_xy, asked.landing.distance_km) == (True, True, 0)


@pytest.mark.parametrize(
    ("wkt", "bounds", "srid", "reason"),
    [
        (write(32648), QUARTER, 9210, "would land 38.1 km outside the city"),
        (esri(meridian=107.75), QUARTER, 9210, "would land 118.6 km outside the city"),
        (write(4326), QUARTER, 9210, "(WGS 84), which is degrees, but its coordinates run to 1,192,500"),
        (esri(), DEGREES, 4326, "would land 1,268.2 km outside the city"),
    ],
)
def test_a_statement_that_lands_outside_while_another_system_lands_inside_is_not_believed(wkt, bounds, srid, reason):
    guess = find_crs(None, wkt, bounds, CITY)
    assert (guess.srid, guess.is_certain, guess.landing.distance_km) == (srid, False, 0)
    assert reason in guess.reason


@pytest.mark.parametrize(("meridian", "srid"), [(105.5, 9209), (106.25, 9212)])
def test_the_zone_of_another_province_is_doubted_where_the_citys_own_fits_too(meridian, srid):
    guess = find_crs(None, esri(meridian=meridian), QUARTER, CITY)
    assert (guess.srid, guess.is_certain) == (srid, False)
    assert [each.srid for each in guess.alternatives] == [9210]
    assert "zone of other provinces" in guess.reason


def test_the_zone_of_another_province_is_believed_where_the_citys_own_does_not_fit():
    # A city two hundredths of a degree wide: its own zone would put the data 27 km east of it.
    guess = find_crs(
        None, esri(meridian=105.5), (595000.0, 1190500.0, 596000.0, 1192500.0), City(9210, (106.35, 10.3, 106.37, 11.5))
    )
    assert (guess.srid, guess.is_certain) == (9209, True)


@pytest.mark.parametrize(
    ("wkt", "bounds", "reason"),
    [
        (
            "",
            SEWERS,
            "no system in use here puts its coordinates (82,874.00 430,957.00 83,674.00 431,745.00)",
        ),
        ("", tuple(1000 * number for number in QUARTER), "look like millimetres"),
        ("", (0.0, 0.0, 604000.0, 1192500.0), "some may be stray"),
        ("", (530000.0, 1190500.0, 540000.0, 1192500.0), "no system in use here puts it in the city"),
        ("", None, "no coordinates to judge by"),
        ("nonsense[", None, "cannot be read"),
        ('LOCAL_CS["x"]', None, "names no place"),
        (esri(scale=0.99975), None, "no EPSG system"),
    ],
)
def test_there_may_be_no_guess_at_all(wkt, bounds, reason):
    guess = find_crs(None, wkt, bounds, CITY)
    assert (guess.srid, guess.is_certain, guess.landing) == (None, False, None)
    assert reason in guess.reason


def test_one_stray_corner_leaves_the_one_system_that_touches_the_city():
    guess = find_crs(None, "", (106.6, 0.0, 106.7, 10.8), City(9210, CITY.extent))
    assert guess.srid is None  # degrees on two datums touch it
    guess = find_crs(None, "", (11_877_000.0, 1_000_000.0, 11_878_000.0, 1_203_000.0), CITY)
    assert (guess.srid, guess.landing.place) == (3857, "partly outside the city")
    assert "puts it partly in the city" in guess.reason


def test_data_that_is_elsewhere_says_how_far_and_nothing_is_made_up():
    guess = find_crs(None, write(28992), SEWERS, CITY)
    assert (guess.srid, guess.is_certain, guess.alternatives) == (28992, True, ())
    assert str(guess.landing).startswith("9,815.5 km outside the city")


def test_what_is_asked_is_taken_and_its_landing_shown_with_what_fits():
    guess = find_crs("EPSG:5899", "", QUARTER, CITY)
    assert (guess.srid, guess.is_certain) == (5899, True)
    assert guess.landing.distance_km > 100
    assert [each.words for each in guess.alternatives] == ["--crs EPSG:9210"]
    swapped = find_crs("EPSG:9210", "", swap(QUARTER), CITY)
    assert [each.words for each in swapped.alternatives] == ["--crs EPSG:9210 --swap-xy"]


def test_an_unknown_system_is_refused():
    with pytest.raises(InvalidCrs, match="999999"):
        find_crs("EPSG:999999", "", QUARTER, CITY)


def test_a_datum_that_nobody_has_tied_to_the_citys_is_told():
    hanoi = (18_680_000.0, 1_190_000.0, 18_681_000.0, 1_191_000.0)
    assert "hundreds of metres off" in find_crs(None, write(2044, "WKT2_2019"), hanoi, CITY).reason


@pytest.mark.parametrize(
    ("city", "wkt", "bounds", "srid", "is_certain"),
    [
        (ROTTERDAM, write(28992), SEWERS, 28992, True),
        (ROTTERDAM, "", SEWERS, 28992, False),
        (ROTTERDAM, "", swap(SEWERS), 28992, False),
        (ROTTERDAM, write(4326), (4.4, 51.9, 4.5, 51.95), 4326, True),
        (ROTTERDAM, "", (51.9, 4.4, 51.95, 4.5), 4326, False),  # a point of Somalia by its numbers
        (ZAATARI, write(32637), (244500.0, 3575000.0, 247000.0, 3577000.0), 32637, True),
        (ZAATARI, "", (244500.0, 3575000.0, 247000.0, 3577000.0), 32637, False),
        (ZAATARI, "", (32.28, 36.31, 32.3, 36.34), 4326, False),
    ],
)
def test_other_cities_are_served_by_their_settings_alone(city, wkt, bounds, srid, is_certain):
    guess = find_crs(None, wkt, bounds, city)
    assert (guess.srid, guess.is_certain, guess.landing.distance_km) == (srid, is_certain, 0)
