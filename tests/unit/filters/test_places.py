"""Boxes and shapes brought into the city's CRS before they meet a table."""

import math

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.errors import InvalidCrs, InvalidParameter
from gis_infra.filters import places
from gis_infra.spatial import crs

CITY = 9210


def test_a_box_in_another_system_is_moved_to_the_city_s():
    moved = places.to_city(shapely.box(106.69, 10.76, 106.70, 10.77), 4756, CITY)
    # VN-2000 degrees to TM-3 of the same datum: 0.01 degrees are about 1,093 by 1,106 m here.
    xmin, ymin, xmax, ymax = moved.bounds
    assert xmax - xmin == pytest.approx(1093, abs=5) and ymax - ymin == pytest.approx(1106, abs=5)


def test_the_whole_world_in_metres_becomes_the_region_of_the_city():
    moved = places.to_city(shapely.box(-1e8, -1e8, 1e8, 1e8), 3857, CITY)
    assert moved.contains(shapely.Point(603000, 1191000)) and moved.is_valid


def test_a_box_on_the_other_side_of_the_world_is_nowhere():
    assert places.to_city(shapely.box(-8e6, 4e6, -7e6, 5e6), 3857, CITY) is None


def test_a_system_of_another_country_is_refused_by_name():
    # EPSG:2193, New Zealand: its projection has no numbers near Viet Nam, or has them far off; both must not crash.
    try:
        domain = places.get_domain(2193, CITY)
    except InvalidCrs as error:
        assert "2193" in error.message
    else:
        assert all(math.isfinite(each) for each in domain)


@given(st.floats(595000, 620000), st.floats(1180000, 1205000), st.floats(1, 9000), st.floats(1, 9000), st.floats(0, 1))
@settings(max_examples=40, deadline=None)
def test_a_point_is_in_the_moved_box_just_when_it_was_in_the_box(x, y, width, height, share):
    """The oracle transforms the point instead of the box; points within 2 cm of the edge may go either way."""
    back = crs.get_transformer(CITY, 3857)
    px, py = back.transform(x, y)
    box = shapely.box(px - width * share, py - height, px + width, py + height * share + 1)
    for dx, dy in ((0.0, 0.0), (width, height), (-width, -height), (3 * width, 0.0)):
        there = shapely.Point(*back.transform(x + dx, y + dy))
        if there.distance(box.exterior) > 0.02:
            moved = places.to_city(box, 3857, CITY)
            assert moved.contains(shapely.Point(x + dx, y + dy)) == box.contains(there)


@pytest.mark.parametrize(
    ("wkb", "words"),
    [
        (b"", "cannot be read"),
        (b"\x01\x01", "cannot be read"),
        (shapely.to_wkb(shapely.Point()), "finite coordinates"),
        (shapely.to_wkb(shapely.Point(math.inf, 1)), "finite coordinates"),
        (shapely.to_wkb(shapely.LineString([(i, i % 2) for i in range(100_001)])), "100001 vertices"),
    ],
)
def test_a_shape_that_cannot_be_used_is_refused(wkb, words):
    with pytest.raises(InvalidParameter, match=words):
        places.read_constant(wkb)


def test_a_bow_tie_is_mended():
    tie = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
    assert places.read_constant(shapely.to_wkb(tie)).is_valid
