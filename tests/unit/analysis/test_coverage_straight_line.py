"""Straight lines without a database: who is reached by whom, held to the plainest way of telling it."""

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.analysis.coverage.methods import nearest, rings
from gis_infra.analysis.coverage.methods.areas import draw_reach
from gis_infra.analysis.coverage.methods.straight_line import find_reaching, reach_straight
from tests.coverage import SERVICE, make_facilities, make_places

WHOLE = st.integers(0, 40)
POINTS = st.lists(st.tuples(WHOLE, WHOLE), min_size=1, max_size=25)
SHAPES = st.one_of(
    st.builds(shapely.Point, WHOLE, WHOLE),
    st.builds(lambda x, y, w, h: shapely.box(x, y, x + w, y + h), WHOLE, WHOLE, st.integers(1, 9), st.integers(1, 9)),
    st.builds(lambda x, y, w: shapely.LineString([(x, y), (x + w, y + 3)]), WHOLE, WHOLE, st.integers(1, 9)),
)
FACILITIES = st.lists(st.tuples(SHAPES, st.integers(0, 30)), min_size=0, max_size=12)


def reach(places, shapes, reaches, **others):
    return reach_straight(None, SERVICE, make_facilities(shapes, reaches, **others), make_places(places))


def to_order(way):
    """Nearest first to a micrometre, then the first."""
    return round(way[0], 6), way[1]


def tell_slowly(place, shapes, reaches):
    """Whether a place is served, and its facility."""
    ways = [(shape.distance(shapely.Point(place)), row) for row, shape in enumerate(shapes)]
    reaching = [(far, row) for far, row in ways if far <= reaches[row] + 0.001]
    return bool(reaching), min(reaching or ways, key=to_order, default=(math.nan, -1))


@settings(max_examples=150, deadline=None)
@given(places=POINTS, facilities=FACILITIES)
def test_it_agrees_with_looking_at_every_pair(places, facilities):
    shapes, reaches = [shape for shape, _ in facilities], [float(number) for _, number in facilities]
    reached = reach(places, shapes, reaches)
    for row, place in enumerate(places):
        served, (distance, facility) = tell_slowly(place, shapes, reaches)
        assert (reached.served[row], reached.facility[row]) == (served, facility)
        assert reached.distance[row] == pytest.approx(distance, abs=1e-9, nan_ok=True)


def test_a_millimetre_more_than_the_reach_is_within_it():
    reached = reach([(150.001, 0), (150.0021, 0)], [shapely.Point(0, 0)], [150.0])
    assert reached.served.tolist() == [1, 0]


def test_one_that_reaches_far_serves_over_the_head_of_a_nearer_one():
    shapes = [shapely.Point(10, 0), shapely.Point(100, 0), *(shapely.Point(20 + x, 5) for x in range(30))]
    reached = reach([(0, 0)], shapes, [5.0, 120.0, *[1.0] * 30])
    assert (reached.served[0], reached.facility[0], reached.distance[0]) == (1, 1, 100)


def test_of_facilities_equally_far_the_first_counts():
    shapes = [shapely.Point(0, 10), shapely.Point(10, 0), shapely.Point(10, 0), shapely.box(-20, -5, -10, 5)]
    assert reach([(0, 0)], shapes, [50.0] * 4).facility.tolist() == [0]
    assert reach([(0, 0)], shapes[::-1], [50.0] * 4).facility.tolist() == [0]


def test_without_facilities_nobody_is_reached():
    reached = reach([(0, 0), (1, 1)], [], [])
    assert reached.facility.tolist() == [-1, -1] and reached.served.sum() == 0
    assert np.isnan(reached.distance).all() and reached.area.is_empty


def test_without_places_there_is_still_an_area():
    assert reach([], [shapely.Point(0, 0)], [10.0]).area.area == pytest.approx(math.pi * 100, rel=0.0005)


def test_the_area_is_circles_and_bands():
    area = draw_reach(np.array([shapely.Point(0, 0), shapely.box(100, 0, 110, 10)], dtype=object), np.array([5.0, 1.0]))
    # Of 128 sides: 64 sin(2 pi / 128) times the radius squared; the band: 100 m2, 40 m of edge, four quarters.
    circle = 64 * math.sin(2 * math.pi / 128)
    assert area.area == pytest.approx(25 * circle + 100 + 40 + circle, rel=1e-12)


def test_an_areal_place_is_served_by_the_share_of_its_area():
    cells = [shapely.box(0, 0, 100, 100), shapely.box(200, 0, 300, 100), shapely.box(1000, 0, 1001, 1)]
    whole = shapely.box(-50, -50, 150, 50)
    places = make_places([(50, 50), (250, 50), (1000.5, 0.5)], shapes=cells)
    reached = reach_straight(None, SERVICE, make_facilities([whole], [0.0]), places)
    assert reached.served.tolist() == [0.5, 0, 0]


@pytest.fixture(params=[4_000_000, 30])
def pairs_together(request, monkeypatch):
    """As many pairs at a time as usual, and few."""
    monkeypatch.setattr(nearest, "MOST_PAIRS", request.param)
    monkeypatch.setattr(rings, "MOST_PAIRS", request.param)


def assign_slowly(places, people, shapes, reaches, capacity):
    """Who goes where: {(place, facility): people}."""
    pairs = sorted(
        (round(shapes[f].distance(shapely.Point(p)), 6), row, f)
        for row, p in enumerate(places)
        for f in range(len(shapes))
    )
    left, room, gone = list(people), list(capacity), {}
    for distance, row, facility in pairs:
        number = min(left[row], room[facility])
        if distance <= reaches[facility] + 0.001 and number > 0:
            left[row] -= number
            room[facility] -= number
            gone[row, facility] = number
    return gone


@pytest.mark.parametrize("seed", range(12))
def test_capacities_are_filled_in_order_of_distance(pairs_together, seed):
    draw = np.random.default_rng(seed)
    places = [tuple(xy) for xy in draw.integers(0, 30, (25, 2)).tolist()]
    people = draw.choice([0.0, 1.0, 2.5, 7.0], 25).tolist()
    corners = draw.integers(0, 30, (6, 2)).tolist()
    shapes = [
        shapely.Point(xy) if row % 2 else shapely.box(*xy, xy[0] + 2, xy[1] + 2) for row, xy in enumerate(corners)
    ]
    reaches = draw.choice([5.0, 12.0, 40.0], 6).tolist()
    capacity = draw.choice([3.0, 10.0, 0.0, np.inf], 6, p=[0.4, 0.3, 0.2, 0.1]).tolist()
    limits = [number if np.isfinite(number) else np.nan for number in capacity[:-1]] + [5.0]
    facilities = make_facilities(shapes, reaches, capacity=limits)
    reached = reach_straight(None, SERVICE, facilities, make_places(places, people))
    gone = assign_slowly(places, people, shapes, reaches, [*capacity[:-1], 5.0])
    found = reached.assigned
    assert dict(zip(zip(found.place.tolist(), found.facility.tolist(), strict=True), found.people, strict=True)) == gone
    for row in range(len(places)):
        mine = [number for (place, _), number in gone.items() if place == row]
        within = tell_slowly(places[row], shapes, reaches)[0]
        assert reached.served[row] == pytest.approx(sum(mine) / people[row] if people[row] else float(within))
        assert reached.unassigned[row] == pytest.approx(people[row] - sum(mine) if within else 0)


def test_a_place_may_be_served_in_part_and_by_several():
    shapes, reaches = [shapely.Point(10, 0), shapely.Point(0, 30), shapely.Point(500, 0)], [100.0] * 3
    facilities = make_facilities(shapes, reaches, capacity=[4.0, 3.0, 100.0])
    reached = reach_straight(None, SERVICE, facilities, make_places([(0, 0), (1, 0)], [10.0, 2.0]))
    # The nearer place (9 m) takes 2 of the 4; the other the 2 left and 3 of the second facility, and 5 stay.
    assert reached.served.tolist() == [0.5, 1] and reached.unassigned.tolist() == [5, 0]
    assert reached.assigned.people.tolist() == [2, 2, 3] and reached.assigned.distance.tolist() == [9, 10, 30]
    assert reached.facility.tolist() == [0, 0] and reached.told == {"people_unassigned": 5}


def test_who_is_served_by_a_farther_one_has_its_distance():
    facilities = make_facilities([shapely.Point(0, 0), shapely.Point(50, 0)], [100.0, 100.0], capacity=[0.0, 9.0])
    reached = reach_straight(None, SERVICE, facilities, make_places([(10, 0)], [5.0]))
    assert (reached.facility[0], reached.distance[0], reached.served[0]) == (1, 40, 1)


def test_many_reaches_are_found_in_classes(monkeypatch):
    draw = np.random.default_rng(7)
    xy, places = draw.uniform(0, 5000, (400, 2)), draw.uniform(0, 5000, (3000, 2))
    reaches = np.where(np.arange(400) % 50 == 0, draw.uniform(500, 3000, 400), draw.uniform(5, 80, 400))
    monkeypatch.setattr(nearest, "MOST_PAIRS", 500)
    found, served = find_reaching(np.asarray(shapely.points(xy), dtype=object), reaches, places)
    apart = np.hypot(*(places[:, None, :] - xy[None, :, :]).transpose(2, 0, 1))
    fits = np.where(apart <= reaches + 0.001, apart, np.inf)
    assert served.tolist() == np.isfinite(fits.min(axis=1)).tolist()
    expected = np.where(served, fits.argmin(axis=1), apart.argmin(axis=1))
    assert found.facility.tolist() == expected.tolist()
