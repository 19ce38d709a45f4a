"""Streets without a database: how they meet, who may use them which way, and how one comes onto them."""

import numpy as np
import pytest
import shapely
from pytest import approx

from gis_infra.analysis.coverage.streets.barriers import is_crossed
from gis_infra.analysis.coverage.streets.model import STEP, Pace
from tests.streets import Quarter, bar, draw, make_profile

ACROSS = [(0, 0), (100, 0)]
INF = float("inf")


def test_a_way_leads_off_the_street_along_it_and_off_it_again():
    assert Quarter(draw(ACROSS)).tell((10, 5), (70, 20)) == approx(60 + 5 + 20)


def test_ends_with_the_same_coordinates_are_one_node():
    graph = Quarter(draw(ACROSS, [(100, 0), (100, 80)])).graph
    assert len(graph.nodes) == 3 and len(graph) == 2


def test_a_street_with_corners_stays_one_edge():
    graph = Quarter(draw([(0, 0), (30, 0), (30, 40), (80, 40)])).graph
    assert graph.length_m.tolist() == [120.0]


@pytest.mark.parametrize(
    ("gap_m", "length"), [(0.4, 100.4 + 30), (0.5, 100.5 + 30), (0.5009, 100.5009 + 30), (0.51, INF)]
)
def test_ends_are_joined_within_half_a_metre_and_the_step_counts(gap_m, length):
    quarter = Quarter(draw(ACROSS, [(100 + gap_m, 0), (200, 0)]), snap_m=1)
    assert quarter.tell((0, 0), (130 + gap_m, 0)) == approx(length)


@pytest.mark.parametrize("gap_m", [0.0, 0.3, -0.3])
def test_an_end_splits_another_street_that_it_meets(gap_m):
    quarter = Quarter(draw(ACROSS, [(40, gap_m), (40, 90)]), snap_m=1)
    assert quarter.tell((0, 0), (40, 60)) == approx(40 + 60 if gap_m >= 0 else 40 + 60 + 0.6)


def test_an_end_that_meets_an_end_splits_nothing():
    graph = Quarter(draw(ACROSS, [(99.8, 0.1), (99.8, 60)])).graph
    assert (graph.street != STEP).sum() == 2 and (graph.street == STEP).sum() == 1


def test_two_ends_on_both_sides_of_a_street_meet_there():
    quarter = Quarter(draw(ACROSS, [(40, 0.2), (40, 50)], [(40, -0.2), (40, -50)], one_way=[1]), snap_m=1)
    assert quarter.tell((40, 50), (40, -50)) == approx(100)


def test_streets_that_cross_without_an_end_do_not_meet():
    assert Quarter(draw(ACROSS, [(50, -50), (50, 50)]), snap_m=1).tell((0, 0), (50, 50)) == INF


def test_a_street_that_ends_where_it_began_leads_round():
    loop = [(0, 0), (60, 0), (60, 60), (0, 60), (0, 0)]
    assert Quarter(draw(loop)).tell((10, 0), (0, 10)) == approx(20)


def test_a_street_whose_own_end_touches_its_line_is_not_split_there():
    lollipop = [(0, 0), (100, 0), (100, 50), (50, 50), (50, 0.1)]
    assert Quarter(draw(lollipop), snap_m=1).tell((0, 0), (50, 40)) == approx(100 + 50 + 50 + 10)


def test_of_parallel_streets_the_shorter_counts():
    quarter = Quarter(draw(ACROSS, [(0, 0), (50, 60), (100, 0)], [(0, 0), (0, -40)], [(100, 0), (100, -40)]))
    assert quarter.tell((0, -40), (100, -40)) == approx(180)


def test_a_street_without_length_is_no_harm():
    quarter = Quarter(draw(ACROSS, [(100, 0), (100, 0)], [(100, 0), (150, 0)]))
    assert quarter.tell((0, 0), (150, 0)) == approx(150)


def test_an_excluded_class_is_not_there_and_joins_nothing():
    lines = draw(ACROSS, [(100, 0), (100, 60)], [(100, 60), (0, 60)], classes=["local", "motorway", None])
    quarter = Quarter(lines, pace=Pace(make_profile(excluded=frozenset({"motorway"}))), snap_m=5)
    assert quarter.tell((50, 0), (50, 60)) == INF


def test_one_way_is_the_way_the_line_is_drawn():
    quarter = Quarter(draw(ACROSS, one_way=[1]))
    assert quarter.tell((10, 0), (70, 0)) == approx(60)
    assert quarter.tell((70, 0), (10, 0)) == INF


def test_to_the_facility_is_the_other_way_round():
    quarter = Quarter(draw(ACROSS, one_way=[1]))
    assert quarter.tell((10, 0), (70, 0), "to") == INF
    assert quarter.tell((70, 0), (10, 0), "to") == approx(60)


def test_on_a_one_way_street_one_goes_round_about():
    loop = draw(ACROSS, [(100, 0), (100, 50), (0, 50), (0, 0)], one_way=[1])
    assert Quarter(loop, snap_m=5).tell((70, 0), (10, 0)) == approx(30 + 50 + 100 + 50 + 10)


def test_who_does_not_drive_may_go_against_one_way():
    on_foot = Pace(make_profile(one_way=False))
    assert Quarter(draw(ACROSS, one_way=[1]), pace=on_foot).tell((70, 0), (10, 0)) == approx(60)


def test_two_at_one_point_of_a_one_way_street_need_no_way():
    assert Quarter(draw(ACROSS, one_way=[1])).tell((50.0004, 3), (50, 4)) == approx(7, abs=0.001)


def test_who_stands_at_the_end_of_a_one_way_street_is_there():
    quarter = Quarter(draw(ACROSS, [(100, 0), (200, 0)], one_way=[1]), snap_m=20)
    assert quarter.tell((150, 0), (99.9999, 10)) == approx(60, abs=0.001)


def test_minutes_are_by_the_speed_of_the_class_and_on_foot_off_the_streets():
    lines = draw(ACROSS, [(100, 0), (200, 0)], classes=["arterial", None])
    pace = Pace(make_profile(speeds_kmh={"arterial": 30.0}, other_kmh=12.0), "minutes", walking_kmh=6.0)
    # 60 m at 500 m a minute, 40 m at 200 m a minute, 10 m on foot at 100 m a minute
    assert Quarter(lines, pace=pace).tell((40, 4), (140, 6)) == approx(60 / 500 + 40 / 200 + 10 / 100)


@pytest.mark.parametrize(("off_m", "found"), [(50.0, True), (50.001, True), (50.01, False)])
def test_who_is_further_than_the_limit_from_a_street_is_not_reached(off_m, found):
    distance, facility, served = Quarter(draw(ACROSS)).measure([(0, 0)], [(50, off_m)], 1000)[0]
    assert (distance < INF, facility, served) == (found, 0 if found else -1, found)


def test_a_facility_far_from_a_street_reaches_nobody():
    assert Quarter(draw(ACROSS)).measure([(50, 60)], [(50, 0)], 1000) == [(INF, -1, False)]


def test_of_streets_equally_near_that_of_the_smaller_id_counts():
    lines = draw([(0, 20), (100, 20)], ACROSS, [(0, 0), (0, -40)])
    assert Quarter(lines).snap([(50, 10)]).edge.tolist() == [0]
    assert Quarter(lines.take(np.array([1, 0, 2]))).snap([(50, 10 + 4e-7)]).edge.tolist() == [0]


def test_one_walks_to_the_nearest_street_that_no_barrier_hides():
    canal = shapely.box(-10, 5, 200, 8)
    quarter = Quarter(draw(ACROSS, [(0, 40), (100, 40)]), bar(canal), snap_m=35)
    snapped = quarter.snap([(50, 10), (50, 2)])
    assert snapped.edge.tolist() == [1, 0] and snapped.off_m.tolist() == [30.0, 2.0]


def test_another_stretch_of_the_same_street_may_be_walked_to():
    bend = [(0, 0), (100, 0), (100, 60)]
    quarter = Quarter(draw(bend), bar(shapely.LineString([(0, 5), (90, 5)])))
    assert quarter.snap([(80, 10)]).along_m.tolist() == [110.0]


CROSSINGS = [
    (shapely.LineString([(5, -1), (5, 1)]), True),
    (shapely.LineString([(0, -1), (0, 1)]), False),  # begins at it
    (shapely.LineString([(10.0005, -1), (10.0005, 1)]), False),  # ends before it
    (shapely.box(4, -1, 6, 1), True),
    (shapely.box(4, 0, 6, 1), False),  # runs along its edge
    (shapely.box(8, -1, 20, 1), True),  # ends inside
    (shapely.box(-5, -1, 5, 1), False),  # begins inside, and leaves
    (shapely.box(10, -1, 20, 1), False),  # ends at its edge
    (shapely.MultiPolygon([shapely.box(20, 0, 21, 1), shapely.box(4, -1, 6, 1)]), True),
]


@pytest.mark.parametrize(("barrier", "crossed"), CROSSINGS, ids=lambda each: str(each)[:40])
def test_a_way_crosses_a_barrier_when_it_passes_through(barrier, crossed):
    way = np.array([[0.0, 0.0]]), np.array([[10.0, 0.0]])
    assert is_crossed(bar(barrier), *way).tolist() == [crossed]


def test_canals_do_not_cut_streets_which_cross_on_bridges():
    assert Quarter(draw(ACROSS), bar(shapely.box(40, -5, 60, 5))).tell((0, 0), (100, 0)) == approx(100)


@pytest.mark.parametrize(
    "wall", [shapely.LineString([(50, -9), (50, 9)]), shapely.box(40, -9, 60, 9), shapely.box(50, -9, 500, 9)], ids=str
)
def test_what_cuts_streets_is_not_passed(wall):
    quarter = Quarter(draw(ACROSS, [(100, 0), (200, 0)]), bar(wall, cuts=True), snap_m=1)
    assert quarter.tell((0, 0), (200, 0)) == INF
    assert quarter.tell((0, 0), (30, 0)) == approx(30)


def test_streets_that_meet_at_a_wall_do_not_meet():
    wall = bar(shapely.LineString([(100, -9), (100, 9)]), cuts=True)
    assert Quarter(draw(ACROSS, [(100, 0), (200, 0)]), wall, snap_m=1).tell((0, 0), (200, 0)) == INF


def test_a_wall_between_two_ends_keeps_them_apart():
    wall = bar(shapely.LineString([(100.2, -9), (100.2, 9)]), cuts=True)
    assert Quarter(draw(ACROSS, [(100.4, 0), (200, 0)]), wall, snap_m=1).tell((0, 0), (200, 0)) == INF


def test_beside_a_cut_one_may_walk_to_what_is_left():
    wall = bar(shapely.box(40, -9, 60, 9), cuts=True)
    quarter = Quarter(draw(ACROSS), wall)
    assert quarter.tell((10, 10), (35, 10)) == approx(25 + 20)
    assert sorted(quarter.graph.length_m.tolist()) == [40.0, 40.0]


def test_an_area_is_entered_from_every_side():
    park = shapely.box(40, 10, 60, 90)
    quarter = Quarter(draw(ACROSS, [(0, 100), (100, 100)]), snap_m=20)
    distances = [each[0] for each in quarter.measure([park], [(20, 0), (50, 0), (20, 100), (90, 100)])]
    # along the streets to the corner of the park, 10 m off; straight in between there is nothing to walk along
    assert distances == approx([20 + 10, 10 + 10, 20 + 10, 30 + 10])


def test_an_area_a_street_leads_into_is_entered_where_it_does():
    quarter = Quarter(draw(ACROSS))
    snapped = quarter.snap([shapely.box(40, -5, 60, 5)])
    assert snapped.along_m.tolist() == [40.0, 60.0] and snapped.off_m.tolist() == [0.0, 0.0]


def test_an_area_is_not_entered_across_a_barrier():
    quarter = Quarter(draw(ACROSS), bar(shapely.LineString([(0, 4), (100, 4)])), snap_m=20)
    assert quarter.snap([shapely.box(40, 8, 60, 20)]).count_missing() == 1


def test_without_streets_nobody_is_reached():
    quarter = Quarter(draw())
    assert quarter.measure([(0, 0)], [(1, 1)], 100) == [(INF, -1, False)]
    assert quarter.list_pairs([(0, 0)], [(1, 1)], 100) == {} and quarter.draw_area([(0, 0)], 100).is_empty


def test_without_facilities_or_places_there_is_no_answer():
    quarter = Quarter(draw(ACROSS))
    assert quarter.measure([], [(1, 1)]) == [(INF, -1, False)] and quarter.measure([(0, 0)], []) == []
    assert quarter.draw_area([], 10).is_empty
