"""Coordinates as people write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis_infra.spatial import crs
from gis_infra.spatial.written import find_places

EXTENT = (106.30, 10.30, 107.60, 11.51)
CITY = 9210

# Each means 10.7751 N, 106.6958 E.
DEGREES = [
    "10.7751, 106.6958", "106.6958 10.7751", "10.7751,106.6958", "10,7751 106,6958", "10,7751; 106,6958",
    "10,7751, 106,6958", "10,7751,106,6958", "10.7751/106.6958", "(10.7751, 106.6958)", "10.7751 | 106.6958",
    "lat 10.7751 lon 106.6958", "lat=10.7751 lng=106.6958", "vĩ độ 10.7751 kinh độ 106.6958",
    "Kinh độ: 106,6958; Vĩ độ: 10,7751", "N10.7751 E106.6958", "10.7751N,106.6958E", "10.7751 B 106.6958 Đ",
    "10.7751° N, 106.6958° E", "10°46'30.36\"N 106°41'44.88\"E", "10°46'30,36\"B, 106°41'44,88\"Đ",
    "10° 46′ 30.36″ 106° 41′ 44.88″", "106º41'44.88\" 10º46'30.36\"", "10°46.506' 106°41.748'",
    "10 độ 46 phút 30,36 giây Bắc, 106 độ 41 phút 44,88 giây Đông", "WGS84 10.7751 106.6958",
    "https://www.google.com/maps/@10.7751,106.6958,17z", "https://maps.google.com/?q=10.7751,106.6958",
    "geo:10.7751,106.6958", "http://127.0.0.1:8000/#17.00/10.775100/106.695800&lang=vi", "EPSG:4326 10.7751 106.6958",
]  # fmt: skip
# Each means easting 603000, northing 1191500 in the city's grid.
METRES = [
    "603000 1191500", "1191500 603000", "603000,1191500", "603000, 1191500", "1191500;603000", "603000.0 1191500.0",
    "1.191.500 603.000", "603.000 1.191.500", "603,000 1,191,500", "603,000.00, 1,191,500.00", "603 000 1 191 500",
    "1.191.500,00 603.000,00", "X=1191500.00 Y=603000.00", "X: 1191500 Y: 603000", "X 1.191.500,00 · Y 603.000,00",
    "E 603,000.00 N 1,191,500.00", "603000E 1191500N", "E603000N1191500", "603000mE 1191500mN", "603000 m, 1191500 m",
    "VN-2000 603000 1191500", "VN2000: 1191500, 603000", "EPSG:9210 603000 1191500", "epsg:9210 1191500,603000",
]  # fmt: skip


@pytest.mark.parametrize("text", DEGREES)
def test_degrees_are_read_however_they_are_written(text):
    (reading,) = find_places(text, CITY, EXTENT)
    assert (reading.longitude, reading.latitude) == pytest.approx((106.6958, 10.7751), abs=1e-9)
    assert (reading.srid, reading.is_inside) == (4326, True)


@pytest.mark.parametrize("text", METRES)
def test_metres_are_read_however_they_are_written(text):
    (reading,) = find_places(text, CITY, EXTENT)
    assert (reading.srid, reading.x, reading.y) == (9210, 603000, 1191500)
    where = crs.get_transformer(9210, 4326).transform(603000, 1191500)
    assert (reading.longitude, reading.latitude) == pytest.approx(where, abs=1e-12)


@pytest.mark.parametrize(
    "text",
    [
        "", " ", ",", "12 Lê Lợi", "12/34 Lê Lợi", "3/2", "Đường 3/2", "12 34", "10 106", "CN-003", "TCC-1 2", "123/45",
        "123456 789", "1 2 3 4 5 6", "10.7751", "603000", "10.7751 106.6958 12.5", "10.7751, 106.6958 m2 x y z w",
        "91.5 181.5", "EPSG:1 603000 1191500", "EPSG:5773 603000 1191500", "°°", "1e5 1e6", "nan inf", "1" * 190 + " 2",
        "9" * 300, "10°99 106°", "- -", "10..5 106..7",
    ],
)  # fmt: skip
def test_what_is_no_pair_of_coordinates_is_none(text):
    assert find_places(text, CITY, EXTENT) == ()


def test_degrees_beyond_doubt_are_read_wherever_they_lie():
    (reading,) = find_places("48.8566, 2.3522", CITY, EXTENT)
    assert (reading.latitude, reading.longitude, reading.is_inside) == (48.8566, 2.3522, False)
    (reading,) = find_places("33°51'24\"S 151°12'36\"E", CITY, EXTENT)
    assert (reading.latitude, reading.longitude) == pytest.approx((-33.856667, 151.21), abs=1e-6)
    (reading,) = find_places("40.7128N 74.0060W", CITY, EXTENT)
    assert (reading.latitude, reading.longitude) == (40.7128, -74.006)


def test_metres_too_far_out_for_the_citys_grid_are_read_in_others_too():
    # 685,000 lies 185 km east of the middle of a zone of 3 degrees; in UTM it is in the middle of the city.
    srids = [reading.srid for reading in find_places("685000 1191500", CITY, EXTENT)]
    assert srids == [9210, 3405, 32648]


def test_a_text_that_names_a_grid_is_read_in_that_alone():
    (reading,) = find_places("EPSG:32648 685000 1191500", CITY, EXTENT)
    assert (reading.longitude, reading.latitude) == pytest.approx((106.69195, 10.77399), abs=1e-5)


WRITERS = (
    lambda x, y: f"{y:.6f}, {x:.6f}",
    lambda x, y: f"{x:.6f} {y:.6f}",
    lambda x, y: f"{y:.6f}; {x:.6f}".replace(".", ","),
    lambda x, y: f"{to_dms(y)}N {to_dms(x)}E",
    lambda x, y: f"{to_dms(y)}B, {to_dms(x)}Đ".replace(".", ","),
)


def to_dms(degrees):
    seconds = round(degrees * 3600, 3)
    return f"{int(seconds // 3600)}°{int(seconds % 3600 // 60)}'{seconds % 60:.3f}\""


@given(st.floats(106.31, 107.59), st.floats(10.31, 11.5), st.sampled_from(WRITERS))
def test_every_place_of_the_city_is_read_back(longitude, latitude, write):
    reading = find_places(write(longitude, latitude), CITY, EXTENT)[0]
    assert math.dist((reading.longitude, reading.latitude), (longitude, latitude)) < 1e-6


@given(st.text(max_size=60))
def test_no_text_breaks_the_reading(text):
    require_places(find_places(text, CITY, EXTENT))


@given(st.text(alphabet="0123456789.,;:°'\" -+/EN ", max_size=60))
def test_no_text_of_figures_breaks_the_reading(text):
    require_places(find_places(text, CITY, EXTENT))


def require_places(readings):
    """Fail unless each is a place on the earth."""
    for reading in readings:
        assert -180 <= reading.longitude <= 180 and -90 <= reading.latitude <= 90
