"""Where next: the greedy choice held to trying everything, and the candidates of each source."""

import dataclasses
import itertools
import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from gis_infra.analysis.coverage.methods.model import Ground
from gis_infra.analysis.coverage.methods.nearest import Pairs
from gis_infra.analysis.coverage.methods.straight_line import reach_straight
from gis_infra.analysis.coverage.places.model import UnitSet
from gis_infra.analysis.coverage.sites import reaches as reaching
from gis_infra.analysis.coverage.sites.candidates import list_candidates, make_grid, put_in_order
from gis_infra.analysis.coverage.sites.finding import find_sites
from gis_infra.analysis.coverage.sites.greedy import choose
from gis_infra.analysis.coverage.sites.model import Reaches, SitesOrder
from gis_infra.analysis.coverage.standards.model import Capacity
from gis_infra.errors import InvalidParameter
from tests.coverage import SERVICE, make_facilities, make_places


def make_reaches(*sets):
    """Which places each candidate reaches, from sets of their numbers."""
    ordered = [sorted(each) for each in sets]
    starts = np.cumsum([0, *map(len, ordered)])
    return Reaches(starts, np.array([place for each in ordered for place in each], dtype=np.int32))


def make_ground(*units):
    """Ground with nothing but units."""
    shapes = np.array(units, dtype=object)
    count = len(shapes)
    nothing = np.full(count, "", dtype=object)
    held = UnitSet(np.arange(count), nothing, nothing, shapes, shapely.area(shapes), np.full(count, np.nan))
    return Ground(None, None, None, held, None)


def choose_slowly(sets, people, n):
    """Rows and gains, by counting everything again for each choice."""
    left, rows, gains = dict(enumerate(people)), [], []
    for _ in range(n):
        counts = [round(sum(left[place] for place in each), 6) for each in sets]
        if max(counts, default=0) <= 0:
            break
        rows.append(counts.index(max(counts)))
        gains.append(max(counts))
        left.update(dict.fromkeys(sets[rows[-1]], 0.0))
    return rows, gains


SETS = st.lists(st.sets(st.integers(0, 11), max_size=6), min_size=1, max_size=7)
PEOPLE = st.lists(st.sampled_from([0.0, 1.0, 2.0, 0.1, 3.5]), min_size=12, max_size=12)


@settings(max_examples=200, deadline=None)
@given(sets=SETS, people=PEOPLE, n=st.integers(1, 4))
def test_each_choice_gains_most_and_the_bound_holds(sets, people, n):
    chosen = choose(make_reaches(*sets), np.array(people), n)
    rows, gains = choose_slowly(sets, people, n)
    assert chosen.rows.tolist() == rows and chosen.gains == pytest.approx(gains)
    best = max(
        sum(people[place] for place in set().union(*some)) for some in itertools.combinations(sets, min(n, len(sets)))
    )
    assert chosen.bound >= best - 1e-9
    assert chosen.gained >= (1 - 1 / math.e) * best - 1e-9
    assert chosen.gained >= chosen.share_of_bound * best - 1e-9


def test_greedy_is_not_always_best_and_says_so():
    # The first takes 6 of 10; the other two share the rest with it, and would have had all 10 together.
    chosen = choose(make_reaches({1, 2, 3, 6, 7, 8}, {0, 1, 2, 3, 4}, {5, 6, 7, 8, 9}), np.ones(10), 2)
    assert chosen.rows.tolist() == [0, 1] and chosen.gains.tolist() == [6, 2]
    assert (chosen.gained, chosen.bound, chosen.share_of_bound) == (8, 10, 0.8)


def test_of_equals_the_one_given_first_is_taken():
    # Three tenths one way and the other differ in the last digit of a computer's number.
    people = np.array([0.1, 0.2, 0.3, 0.3])
    assert choose(make_reaches({2}, {0, 1}, {3}), people, 3).rows.tolist() == [0, 1, 2]
    assert choose(make_reaches({0, 1}, {2}, {3}), people, 1).rows.tolist() == [0]


def test_it_ends_when_none_gains():
    chosen = choose(make_reaches({0}, {0}, set()), np.array([5.0]), 3)
    assert chosen.rows.tolist() == [0] and chosen.share_of_bound == 1
    assert choose(make_reaches(set()), np.array([5.0]), 3).share_of_bound == 1


def test_a_grid_is_of_whole_multiples_inside_units_from_south_to_north():
    grid = make_grid(np.array([shapely.box(95, 95, 210, 205), shapely.box(210, 0, 400, 1)], dtype=object), 100.0)
    assert grid.tolist() == [[300, 0], [400, 0], [100, 100], [200, 100], [100, 200], [200, 200]]


def test_street_nodes_are_in_the_order_of_a_grid():
    assert put_in_order(np.array([[5.0, 2], [1, 2], [9, 1], [1, 2]])).tolist() == [[9, 1], [1, 2], [5, 2]]


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (SitesOrder(1, "grid"), "more than 0 m"),
        (SitesOrder(1, "grid", spacing_m=0.0), "more than 0 m"),
        (SitesOrder(1, "grid", spacing_m=math.nan), "more than 0 m"),
        (SitesOrder(1, "grid", spacing_m=0.01), "larger spacing"),
        (SitesOrder(1, "grid", spacing_m=2.0), "there are 250000 candidates"),
        (SitesOrder(1, "given"), "there are 0 candidates"),
        (SitesOrder(1, "layer"), "name of one"),
    ],
)
def test_an_order_that_cannot_be_looked_at_is_refused(order, words):
    with pytest.raises(InvalidParameter, match=words):
        list_candidates(make_ground(shapely.box(1, 1, 1001, 1001)), SERVICE, order)


def find(places, points, facilities=None, n=2, service=SERVICE):
    facilities = make_facilities([], []) if facilities is None else facilities
    reached = reach_straight(None, service, facilities, places)
    return find_sites(make_ground(), service, places, reached, SitesOrder(n, "given", points=points)).chosen


def test_who_is_served_already_counts_for_nobody():
    places = make_places([(0, 0), (1000, 0), (1010, 0), (5000, 0)], [50, 3, 4, 1])
    chosen = find(places, ((0, 0), (1000, 0), (5000, 0)), make_facilities([shapely.Point(0, 1)], [150.0]))
    assert chosen.rows.tolist() == [1, 2] and chosen.gains.tolist() == [7, 1]


def test_a_place_served_in_part_gains_what_is_left():
    places = make_places([(0, 0), (1000, 0)], [50, 3])
    chosen = find(places, ((0, 0), (1000, 0)), make_facilities([shapely.Point(0, 1)], [150.0], capacity=[48.0]))
    assert chosen.rows.tolist() == [1, 0] and chosen.gains == pytest.approx([3, 2])


def test_a_site_takes_no_more_people_than_the_service_says_and_the_nearest_first():
    places = make_places([(0, 0), (10, 0), (20, 0), (100, 0)], [5, 4, 8, 3])
    service = dataclasses.replace(SERVICE, capacity=Capacity(people=7.0))
    chosen = find(places, ((0, 0), (160, 0), (11, 0)), service=service, n=3)
    assert chosen.rows.tolist() == [0, 1, 2] and chosen.gains.tolist() == [7, 7, 6]
    assert chosen.limited


def test_a_site_that_takes_nobody_is_never_chosen():
    service = dataclasses.replace(SERVICE, capacity=Capacity(people=0.0))
    chosen = find(make_places([(0, 0)], [5]), ((0, 0),), service=service)
    assert chosen.rows.tolist() == [] and chosen.bound == 0 and chosen.share_of_bound == 1


def test_where_each_facility_has_its_own_capacity_a_new_one_has_no_limit():
    service = dataclasses.replace(SERVICE, capacity=Capacity(field="seats"))
    chosen = find(make_places([(0, 0)], [5000]), ((0, 0),), service=service)
    assert chosen.gains.tolist() == [5000] and not chosen.limited


def test_a_candidate_reaches_as_far_as_the_service():
    places = make_places([(150.001, 0), (0, 150.01)], [1, 5])
    assert find(places, ((0, 0),)).gains.tolist() == [1]


def test_more_pairs_than_memory_should_hold_are_refused(monkeypatch):
    monkeypatch.setattr(reaching, "MOST_PAIRS", 3)
    pairs = Pairs(np.arange(4, dtype=np.int32), np.zeros(4, np.int32), np.zeros(4))
    with pytest.raises(InvalidParameter, match="more than 3 places"):
        reaching.gather([pairs], 1, 4)
