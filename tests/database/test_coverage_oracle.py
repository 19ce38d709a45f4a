"""The slow oracle of coverage, held to scenes small enough to be worked out by hand."""

import pytest
from shapely import LineString, Point, box

from tests.database.coverage_oracle import linked, nearest, people, results, sight, sites
from tests.database.coverage_oracle.streets import Barrier, Network, Street, Travel
from tests.database.coverage_oracle.values import Facility, Found, Place, Unit

HOME = Place(1, Point(100, 10), 4.0)
HYDRANT = Facility(7, Point(0, 5), 150.0)


def measure(lines, travel=Travel(), barriers=(), home=HOME, hydrant=HYDRANT):  # noqa: B008
    streets = [line if isinstance(line, Street) else Street(i, LineString(line)) for i, line in enumerate(lines)]
    found = Network(streets, travel, tuple(barriers)).measure([home], [hydrant])
    return found.get((home.id, hydrant.id))


@pytest.mark.parametrize(
    ("lines", "metres"),
    [
        ([[(0, 0), (100, 0)]], 115),
        ([[(0, 0), (60, 0)], [(60.4, 0), (100, 0)]], 115),  # joined by a step of 40 cm
        ([[(0, 0), (60, 0)], [(60.6, 0), (100, 0)]], None),
        ([[(0, 0), (60, 0)], [(100, 0), (60, 30), (60, 0.3)]], 5 + 60 + 30 + 44 + 8),
        ([[(-50, 0), (60, 0)], [(20, 0.3), (20, 40)], [(20.2, 40), (100, 40), (100, 10)]], 5 + 20 + 40 + 80 + 30),
        ([[(-50, 0), (60, 0)], [(20, -9), (20, 40)], [(20, 40), (100, 40), (100, 10)]], None),  # a bridge
    ],
)
def test_streets_are_joined_at_ends_and_at_lines_and_never_where_they_only_cross(lines, metres):
    assert measure(lines, Travel(snap_m=20)) == (None if metres is None else pytest.approx(metres))


def test_one_way_counts_in_the_direction_asked_for():
    away = Street(1, LineString([(0, 0), (100, 0)]), one_way=True)  # drawn from the hydrant to the home
    assert measure([away], Travel(one_way=True, direction="from")) == pytest.approx(115)
    assert measure([away], Travel(one_way=True, direction="to")) is None
    assert measure([away], Travel(direction="to")) == pytest.approx(115)


def test_minutes_follow_the_speed_of_the_class_and_of_walking():
    streets = [Street(1, LineString([(0, 0), (100, 0)]), "local")]
    assert measure(streets, Travel(speeds_kmh={"local": 30.0}, walking_kmh=6.0)) == pytest.approx(0.2 + 0.15)


def test_a_street_of_an_excluded_class_joins_nothing():
    lines = [Street(1, LineString([(0, 0), (50, 0)])), Street(2, LineString([(50, 0), (100, 0)]), "motorway")]
    assert measure(lines, Travel(excluded=frozenset({"motorway"}), snap_m=20)) is None


@pytest.mark.parametrize(
    ("barrier", "metres"),
    [
        (Barrier(box(40, -1, 50, 1)), 115),  # streets cross canals on bridges
        (Barrier(box(40, -1, 50, 1), "streets"), None),
        (Barrier(LineString([(45, -9), (45, 9)]), "streets"), None),
        (Barrier(box(-9, 1, 9, 2)), None),  # the hydrant stands behind a canal
        (Barrier(box(-9, 1, 9, 9)), 115),  # and here in it, so that it may leave
        (Barrier(box(90, 0, 110, 10)), None),
        (Barrier(box(90, 10, 110, 12)), 115),  # the home stands on its edge
    ],
)
def test_barriers_stop_ways_off_the_streets_and_some_cut_streets(barrier, metres):
    far = measure([[(0, 0), (100, 0)]], Travel(snap_m=20), [barrier])
    assert far == (None if metres is None else pytest.approx(metres))


def test_a_home_walks_to_a_further_street_where_the_nearest_is_behind_a_canal():
    lines = [[(0, 0), (200, 0)], [(200, 0), (200, 30), (90, 30)]]
    far = measure(lines, Travel(snap_m=20.001), [Barrier(box(50, 4, 190, 6))])
    assert far == pytest.approx(5 + 200 + 30 + 100 + 20)


def test_a_park_is_entered_from_every_stretch_that_is_near_enough():
    park = Facility(7, box(40, 5, 60, 9), 1)
    assert measure([[(0, 0), (100, 0)]], hydrant=park) == pytest.approx(5 + 40 + 10)
    assert measure([[(0, 0), (50, 0)], [(50, 40), (100, 40)]], Travel(snap_m=31), hydrant=park) == pytest.approx(
        31 + 40 + 30
    )


def test_on_one_street_the_way_back_is_round_about_if_it_is_one_way():
    ring = [
        Street(1, LineString([(0, 0), (100, 0)]), one_way=True),
        Street(2, LineString([(100, 0), (50, 50), (0, 0)])),
    ]
    home, hydrant = Place(1, Point(20, 0), 1), Facility(7, Point(80, 0), 1)
    travel = Travel(one_way=True, direction="from")
    assert measure(ring, travel, home=home, hydrant=hydrant) == pytest.approx(20 + 2 * 5000**0.5 + 20)
    assert measure(ring, Travel(one_way=True), home=home, hydrant=hydrant) == pytest.approx(60)


def test_of_equally_near_facilities_the_smaller_id_counts_and_drawn_ones_come_last():
    both = [Facility(9, Point(0, 0), 50), Facility(8, Point(20, 0), 50)]
    home = [Place(1, Point(10, 0), 1)]
    assert nearest.serve(home, both, nearest.measure_straight(home, both)).facility == {1: 8}
    assert nearest.serve(home, both, nearest.measure_straight(home, both), drawn=1).facility == {1: 9}


def test_a_facility_that_reaches_counts_before_a_nearer_one_that_does_not():
    both = [Facility(1, Point(0, 0), 5), Facility(2, Point(100, 0), 95)]
    home = [Place(1, Point(10, 0), 1)]
    found = nearest.serve(home, both, nearest.measure_straight(home, both))
    assert (found.facility, found.distance, found.served) == ({1: 2}, {1: 90}, {1: 1.0})


def test_full_facilities_leave_people_unassigned_and_share_a_place():
    homes = [Place(1, Point(1, 0), 30), Place(2, Point(2, 0), 30), Place(3, Point(500, 0), 9)]
    posts = [Facility(1, Point(0, 0), 100, 40), Facility(2, Point(50, 0), 100, 5)]
    found = nearest.assign(homes, posts, nearest.measure_straight(homes, posts))
    assert found.served == {1: 1.0, 2: 0.5, 3: 0.0} and found.unassigned == 15


@pytest.mark.parametrize(
    ("roof", "far", "target", "hidden"),
    [
        (
            8.1,
            50,
            0.0,
            True,
        ),  # from 10 m down to the ground the line is at 8 m over the near wall, at 6 m over the far one
        (6.1, 50, 0.0, True),
        (5.9, 50, 0.0, False),
        (8.1, 50, 7.0, False),
        (None, 50, 0.0, False),
        (99, 15, 0.0, False),  # the house looked at
    ],
)
def test_a_roof_hides_what_the_sight_line_passes_below_it(roof, far, target, hidden):
    house = [sight.Building(1, box(10, -5, 20, 5), roof)]
    camera = Facility(1, Point(0, 0), 100, eye_m=10.0)
    assert sight.is_hidden(camera, Place(1, Point(far, 0), 1), house, target) is hidden


@pytest.mark.parametrize(("east", "north", "seen"), [(0, 10, True), (10, 0, False), (7, 7.1, True), (7.1, 7, False)])
def test_a_sector_is_turned_from_north_clockwise(east, north, seen):
    camera = Facility(1, Point(0, 0), 100, direction=0.0, angle=90.0)
    assert sight.is_in_sector(camera, Point(east, north)) is seen


def test_connections_serve_by_building_parcel_distance_and_code():
    home = Place(1, Point(5, 5), 1, box(0, 0, 10, 10), code="N1")
    tap = [Facility(1, Point(12, 5), 0, code="N1")]
    assert linked.serve_by_connection([home], tap, [], 1.9).served == {1: 0.0}
    assert linked.serve_by_connection([home], tap, [], 2.0).served == {1: 1.0}
    assert linked.serve_by_connection([home], tap, [box(-5, -5, 15, 15)], 0).served == {1: 1.0}
    assert linked.serve_by_code([home], tap).served == {1: 1.0}


def test_a_units_buildings_share_its_known_number():
    houses = [
        people.House(1, box(0, 0, 10, 10), floors=3, use="residential"),
        people.House(2, box(20, 0, 30, 10), height_m=3.4, use="residential"),
        people.House(3, box(40, 0, 50, 10), floors=9, use="office"),
        people.House(4, box(200, 0, 210, 10), use="residential"),
    ]
    units = [Unit("1", box(0, 0, 100, 100), 50.0), Unit("2", box(300, 0, 400, 100), 8.0)]
    occupancy = {"residential": 0.04}
    assert people.spread(houses, units, occupancy) == pytest.approx({1: 30, 2: 20, 4: 4})
    assert people.find_homeless(houses, units, occupancy) == {"2": 8.0}


def test_people_are_told_by_unit_with_the_distances_they_have():
    homes = [Place(i, Point(10 * i, 0), weight) for i, weight in ((1, 5), (2, 1), (3, 4), (4, 0))]
    found = Found({1: 1.0, 2: 1.0, 3: 0.5, 4: 0.0}, {1: 10.0, 2: 20.0, 3: 30.0, 4: None})
    assert results.sum_up(homes, found) == results.Sums(10, 8, 4, 2.5, 19.0, 10.0, 30.0, 30.0)


def test_an_unserved_home_counts_for_the_nearest_part_of_its_own_unit():
    unit = Unit("1", box(0, 0, 100, 10))
    homes = [Place(1, Point(1, 5), 2), Place(2, Point(59, 5), 7)]
    gaps = results.find_gaps([unit], box(40, 0, 60, 10), homes, Found({1: 0, 2: 0}), {1: "1", 2: "1"})
    assert [(gap.people, gap.shape.area) for gap in gaps] == [(7, 400), (2, 400)]
    spread = results.find_clusters([*homes, Place(3, Point(8, 5), 1)], Found({1: 0, 2: 0, 3: 0}), {})
    assert spread == [(7, 1), (3, 2)]


def test_an_unserved_home_within_reach_all_round_is_a_gap_of_its_own():
    unit = Unit("1", box(0, 0, 100, 10))
    homes = [Place(1, Point(50, 5), 2), Place(2, Point(57, 5), 1), Place(3, Point(4, 5), 7)]
    gaps = results.find_gaps(
        [unit], box(10, 0, 100, 10), homes, Found(dict.fromkeys((1, 2, 3), 0)), dict.fromkeys((1, 2, 3), "1")
    )
    assert [(gap.people, gap.shape.area > 100, gap.shape.contains(Point(50, 5))) for gap in gaps] == [
        (7, False, False), (3, True, True)
    ]  # fmt: skip


def test_what_changed_adds_up_to_the_difference():
    before = {1: ("a", 5.0, 1.0), 2: ("a", 4.0, 0.0), 3: ("b", 3.0, 1.0), 4: ("a", 2.0, 1.0)}
    after = {1: ("a", 6.0, 0.5), 2: ("a", 4.0, 1.0), 3: ("a", 3.0, 1.0), 5: ("b", 9.0, 1.0)}
    changes = results.compare(before, after)
    assert changes["a"] == results.Change(came=3, went=-2, changed=1, newly=4, no_longer=-3)
    assert changes["a"].difference == (3 + 4 + 3) - (5 + 2) and changes["b"].difference == 9 - 3


def test_the_greedy_choice_keeps_its_bound_and_may_be_worse_than_the_best():
    reaches = {1: frozenset({1, 2, 3, 4}), 2: frozenset({1, 2, 5}), 3: frozenset({3, 4, 6})}
    weights = dict.fromkeys(range(1, 7), 1.0)
    chosen = sites.choose(reaches, weights, frozenset(), 2)
    assert chosen == [(1, 4.0), (2, 1.0)] and sites.find_best(reaches, weights, frozenset(), 2) == 6.0
    assert sites.bound(reaches, weights, frozenset(), [1, 2], 2) == 5 + 1 + 0


def test_units_on_a_shared_border_go_to_the_smaller_code():
    units = [Unit("2", box(0, 0, 1, 1)), Unit("1", box(1, 0, 2, 1))]
    assert people.find_unit(Point(1, 0.5), units) == "1" and people.find_unit(Point(9, 9), units) is None
    assert linked.serve_by_zone([Place(1, Point(1, 1), 1)], [Facility(1, box(0, 0, 1, 1), 0)]).served == {1: 1.0}
