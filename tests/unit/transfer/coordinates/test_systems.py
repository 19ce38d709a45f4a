"""Which systems files of a city come in, and where coordinates would land."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from gis_infra.spatial.crs import get_transformer
from gis_infra.transfer.coordinates.systems import (
    City,
    find_candidates,
    find_landing,
    list_candidates,
    measure_distance_km,
    swap,
)
from tests.unit.transfer.coordinates.definitions_seen import CITY, QUARTER

ROTTERDAM = City(28992, (3.95, 51.84, 4.65, 52.0))
ZAATARI = City(32637, (36.28, 32.26, 36.36, 32.32))
BOXES = st.tuples(st.floats(100, 112), st.floats(5, 15), st.floats(0.01, 3), st.floats(0.01, 3)).map(
    lambda box: (box[0], box[1], box[0] + box[2], box[1] + box[3])
)


def test_zones_of_other_provinces_are_no_candidates():
    assert list_candidates(CITY) == (9210, 5899, 3405, 32648, 4326, 4756, 3857)


@pytest.mark.parametrize(
    ("city", "srids"), [(ROTTERDAM, (28992, 32631, 4326, 4289, 3857)), (ZAATARI, (32637, 4326, 3857))]
)
def test_another_city_has_systems_of_its_own(city, srids):
    assert list_candidates(city) == srids


def test_a_city_south_of_the_equator_across_two_zones_has_both():
    assert list_candidates(City(32748, (107.5, -7.1, 108.4, -6.1)))[:3] == (32748, 32749, 4326)


def test_the_box_lands_on_the_right_meridian():
    landing = find_landing(9210, (603000.0, 1191000.0, 603000.0, 1191000.0), CITY)
    # EPSG:6960 by hand, from the reference: (603000, 1191000) = 106.69358409, 10.76840366
    assert landing.box[:2] == pytest.approx((106.69358409, 10.76840366), abs=1e-8)


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        (QUARTER, "in the city (longitude 106.6844 to 106.7028, latitude 10.7639 to 10.7820)"),
        ((540000.0, 1190500.0, 604000.0, 1192500.0), "partly outside the city (longitude 106.1175"),
        ((540000.0, 1190500.0, 550000.0, 1192500.0), "10.0 km outside the city (longitude 106.1175"),
        ((1190500.0, 602000.0, 1192500.0, 604000.0), "722.7 km outside the city"),
    ],
)
def test_where_it_lands_is_told_in_words(bounds, words):
    assert str(find_landing(9210, bounds, CITY)).startswith(words)


def test_what_lands_in_the_city_is_told_with_the_words_to_add():
    plain, *rest = find_candidates(QUARTER, CITY)
    swapped = find_candidates(swap(QUARTER), CITY)[0]
    assert not rest
    assert str(plain).startswith("EPSG:9210 (VN-2000 / TM-3 105-45): in the city")
    assert plain.words == "--crs EPSG:9210"
    assert str(swapped).startswith("EPSG:9210 (VN-2000 / TM-3 105-45), its axes swapped: in the city")
    assert swapped.words == "--crs EPSG:9210 --swap-xy"


def test_nothing_farther_than_a_hundred_kilometres_is_suggested():
    assert find_candidates((82874.0, 430957.0, 83674.0, 431745.0), CITY) == ()  # Rotterdam
    near = find_candidates((530000.0, 1190500.0, 540000.0, 1192500.0), CITY)
    assert [(each.srid, round(each.landing.distance_km, 1)) for each in near] == [(9210, 20.0), (5899, 46.6)]


@pytest.mark.parametrize(
    ("bounds", "srid"),
    [((1e300, 1e300, 1e300, 1e300), 9210), ((106.0, 200.0, 107.0, 201.0), 4326), ((0.0, 0.0, 1.0, 1.0), None)],
)
def test_numbers_that_are_nowhere_land_nowhere(bounds, srid):
    assert find_landing(srid, bounds, CITY) is None


@settings(max_examples=60, deadline=None)
@given(BOXES)
def test_the_distance_to_the_city_is_that_between_the_nearest_corners_or_edges(box):
    # The slow way: points along the edges of both boxes, every pair of them.
    def edge(west, south, east, north, steps=24):
        xs = [west + (east - west) * step / steps for step in range(steps + 1)]
        ys = [south + (north - south) * step / steps for step in range(steps + 1)]
        return [(x, y) for x in xs for y in (south, north)] + [(x, y) for y in ys for x in (west, east)]

    meets = box[0] <= CITY.extent[2] and CITY.extent[0] <= box[2] and box[1] <= CITY.extent[3]
    if meets and CITY.extent[1] <= box[3]:
        assert measure_distance_km(box, CITY.extent) == 0
        return
    geod = Geod(ellps="WGS84")
    ours, theirs = edge(*box), edge(*CITY.extent)
    flat = [(a, b, c, d) for a, b in ours for c, d in theirs]
    _, _, metres = geod.inv(*(list(column) for column in zip(*flat, strict=True)))
    # Points apart by a twenty-fourth of an edge may miss the nearest pair by a few kilometres.
    assert measure_distance_km(box, CITY.extent) == pytest.approx(min(metres) / 1000, abs=8)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from([9210, 5899, 3405, 32648, 4326, 4756, 3857]), st.booleans(), st.floats(0, 1), st.floats(0, 1))
def test_data_of_the_city_in_any_of_its_systems_is_among_the_candidates(srid, is_swapped, across, up):
    west, south, east, north = CITY.extent
    x = west + 0.02 + across * (east - west - 0.04)
    y = south + 0.02 + up * (north - south - 0.04)
    bounds = get_transformer(4326, srid).transform_bounds(x - 0.001, y - 0.001, x + 0.001, y + 0.001)
    found = find_candidates(swap(bounds) if is_swapped else bounds, CITY)
    assert (srid, is_swapped) in [(each.srid, each.swap_xy) for each in found if each.is_within]
