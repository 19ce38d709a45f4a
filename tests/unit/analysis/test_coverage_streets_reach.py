"""Who is within reach along streets: pairs, the nearest that reaches, ties, and the area around what is reached."""

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pytest import approx

from gis_infra.analysis.coverage.streets import pairs
from gis_infra.analysis.coverage.streets.model import Pace
from gis_infra.errors import InvalidParameter
from tests.streets import Quarter, bar, draw, make_profile

ACROSS = [(0, 0), (400, 0)]
WHOLE = st.integers(0, 12)
POINT = st.tuples(WHOLE, WHOLE)
LINES = st.lists(st.lists(POINT, min_size=2, max_size=3, unique=True), min_size=1, max_size=12)


@settings(max_examples=60, deadline=None)
@given(LINES, st.lists(POINT, min_size=1, max_size=5), st.lists(POINT, min_size=1, max_size=8), st.data())
def test_pairs_and_the_nearest_tell_the_same_and_nothing_is_nearer_than_straight(lines, facilities, places, data):
    one_way = data.draw(st.sets(st.integers(1, len(lines))))
    reach = np.array([data.draw(st.integers(0, 30)) for _ in facilities], dtype=float)
    quarter = Quarter(draw(*lines, one_way=list(one_way)), join_m=0.4, snap_m=4)
    every = quarter.list_pairs(facilities, places, 1e6)
    for row, (distance, facility, served) in enumerate(quarter.measure(facilities, places, reach)):
        ways = [(round(far, 6), number) for (number, place), far in every.items() if place == row]
        reaching = [(far, number) for far, number in ways if far <= reach[number] + 0.001]
        assert served == bool(reaching)
        assert (round(distance, 6), facility) == min(reaching or ways, default=(math.inf, -1))
    assert all(far >= math.dist(facilities[f], places[p]) - 1e-6 for (f, p), far in every.items())


def test_of_facilities_equally_near_the_first_counts():
    assert Quarter(draw(ACROSS)).measure([(300, 0), (100, 0), (100, 0)], [(200, 0), (90, 0)]) == [
        (approx(100), 0, True),
        (approx(10), 1, True),
    ]


@pytest.mark.parametrize(("off_m", "served"), [(0.0, True), (0.0009, True), (0.002, False)])
def test_a_millimetre_more_is_still_within_reach(off_m, served):
    assert Quarter(draw(ACROSS)).measure([(0, 0)], [(150 + off_m, 0)], 150)[0][2] is served


def test_more_pairs_than_memory_should_hold_are_refused(monkeypatch):
    monkeypatch.setattr(pairs, "LARGEST_PAIRS", 3)
    with pytest.raises(InvalidParameter, match="more than 3 pairs"):
        Quarter(draw(ACROSS)).list_pairs([(0, 0), (1, 0)], [(2, 0), (3, 0)], 100)


def test_the_area_is_what_lies_around_the_streets_that_are_reached():
    area = Quarter(draw(ACROSS), snap_m=20).draw_area([(200, 0)], 100)
    # 80 m either way with 20 m left, and the circles of 32 sides at both ends
    assert area.area == approx(160 * 40 + math.pi * 20**2, rel=0.002)
    assert area.bounds == approx((100, -20, 300, 20))


def test_near_the_end_of_the_reach_one_goes_off_less_far():
    area = Quarter(draw(ACROSS), snap_m=50).draw_area([(200, 10)], 30)
    assert area.area == approx(math.pi * 20**2, rel=0.01)


def test_who_drives_tapers_off():
    pace = Pace(make_profile(other_kmh=30.0), "minutes", walking_kmh=6.0)
    area = Quarter(draw(ACROSS), pace=pace, snap_m=50).draw_area([(0, 0)], 0.6)
    # 300 m at 500 m a minute; with 100 m a minute on foot 50 m are left at 50 m, 20 m at 200 m, none at 300 m
    assert shapely.contains_xy(area, [200, 200, 295, 305], [18, 25, 0, 0]).tolist() == [True, False, True, False]


def test_the_area_ends_at_a_barrier():
    quarter = Quarter(draw(ACROSS), bar(shapely.LineString([(-500, 10), (900, 10)])), snap_m=50)
    area = quarter.draw_area([(200, 0)], 100)
    assert shapely.contains_xy(area, [200, 200, 200], [9, 12, -40]).tolist() == [True, False, True]


def test_facilities_of_different_reach_share_one_area():
    quarter = Quarter(draw(ACROSS), snap_m=10)
    both = quarter.draw_area([(50, 0), (300, 0)], [20, 60])
    apart = shapely.union(quarter.draw_area([(50, 0)], 20), quarter.draw_area([(300, 0)], 60))
    assert shapely.symmetric_difference(both, apart).area == approx(0, abs=1e-6)


def has_one_way_in(lines, place):
    """Whether one piece of street is nearer than all others, of which either would be right."""
    pieces = [shapely.LineString(ends) for line in lines for ends in pairwise(line)]
    distances = sorted(shapely.distance(pieces, shapely.Point(place)).tolist())
    return len(distances) == 1 or distances[1] - distances[0] > 1e-6


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(LINES, st.lists(POINT, min_size=1, max_size=3), st.sampled_from([2.0, 7.0, 15.0]))
def test_the_area_is_the_same_whichever_way_streets_are_drawn(lines, facilities, reach):
    # Lengths that are not those of the lattice, so that no circle touches another one only just.
    lines = [[(1.37 * x, 1.73 * y) for x, y in line] for line in lines]
    facilities = [(1.13 * x, 0.91 * y) for x, y in facilities]
    assume(all(has_one_way_in(lines, each) for each in facilities))
    one, other = (
        Quarter(draw(*drawn), snap_m=4).draw_area(facilities, reach)
        for drawn in (lines, [line[::-1] for line in lines])
    )
    assert shapely.symmetric_difference(one, other).area == approx(0, abs=1e-6)


def test_around_a_facility_at_the_end_of_a_one_way_street_there_is_area_though_nothing_leads_on():
    area = Quarter(draw(ACROSS, one_way=[1]), snap_m=20).draw_area([(400, 0)], 100)
    assert area.area == approx(math.pi * 20**2, rel=0.01)
