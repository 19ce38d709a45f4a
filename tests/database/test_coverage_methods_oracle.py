"""The engine's methods and a slow, separate oracle agree on scenes that hypothesis makes."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import get_coordinates, unary_union

from gis_infra.analysis.coverage.methods.nearest import Pairs
from gis_infra.analysis.coverage.methods.sight import Blocks, Eyes, Scene, is_hidden, is_in_sector
from gis_infra.analysis.coverage.methods.straight_line import reach_straight
from gis_infra.analysis.coverage.methods.zone import reach_zones
from gis_infra.analysis.coverage.runs.distances import spread
from gis_infra.analysis.coverage.runs.figures import Served
from gis_infra.analysis.coverage.runs.gaps import find_gaps, find_parts
from gis_infra.analysis.coverage.sites.greedy import choose
from gis_infra.analysis.coverage.sites.model import Reaches
from tests.database.coverage_oracle import engine, linked, nearest, people, results, scenes, sight, sites
from tests.database.coverage_oracle.values import Found

SCENES = settings(max_examples=120, deadline=None)
SAME = 1e-9


def agree(told: Found, found: Found) -> bool:
    """Whether both say the same of every place."""
    assert found.served == pytest.approx(told.served, abs=SAME)
    assert found.facility == told.facility
    assert found.distance.keys() == told.distance.keys()
    return all(found.distance[each] == pytest.approx(told.distance[each], abs=SAME) for each in told.distance)


@SCENES
@given(scenes.make_places(), scenes.make_facilities())
def test_straight_lines_reach_whom_the_oracle_says(places, facilities):
    found = reach_straight(None, None, engine.to_facilities(facilities), engine.to_places(places))
    told = nearest.serve(places, facilities, nearest.measure_straight(places, facilities))
    assert agree(told, engine.to_found(found, places, facilities))


@SCENES
@given(scenes.make_places(), scenes.make_facilities(capacity=scenes.CAPACITIES))
def test_full_facilities_leave_over_whom_the_oracle_says(places, facilities):
    found = reach_straight(None, None, engine.to_facilities(facilities), engine.to_places(places))
    distances = nearest.measure_straight(places, facilities)
    limited = any(each.capacity is not None for each in facilities)
    told = (nearest.assign if limited else nearest.serve)(places, facilities, distances)
    assert agree(told, engine.to_found(found, places, facilities))
    assert float(found.unassigned.sum()) == pytest.approx(told.unassigned, abs=SAME)
    if found.assigned is not None:
        taken = np.bincount(found.assigned.facility, found.assigned.people, minlength=len(facilities))
        assert all(each.capacity is None or taken[row] <= each.capacity + SAME for row, each in enumerate(facilities))
        assert float(taken.sum()) == pytest.approx(sum(each.people * told.served[each.id] for each in places), abs=SAME)


@SCENES
@given(scenes.make_places(shapes=scenes.BOXES), scenes.make_facilities())
def test_cells_are_served_by_the_share_of_their_area(places, facilities):
    found = reach_straight(None, None, engine.to_facilities(facilities), engine.to_places(places, areal=True))
    reach = unary_union([each.shape.buffer(each.reach, quad_segs=32) for each in facilities])
    told = {each.id: each.shape.intersection(reach).area / each.shape.area for each in places}
    # The corners of the circles may be elsewhere: a circle of 128 sides is 0.04 % short.
    assert engine.to_found(found, places, facilities).served == pytest.approx(told, abs=0.002)
    assert (found.area is None and not facilities) or found.area.area == pytest.approx(reach.area, rel=0.0005)


@SCENES
@given(scenes.make_places(), scenes.make_facilities(scenes.BOXES))
def test_zones_serve_whoever_they_cover(places, zones):
    found = reach_zones(None, None, engine.to_facilities(zones), engine.to_places(places))
    assert engine.to_found(found, places, zones).served == linked.serve_by_zone(places, zones).served
    for place, row in zip(places, found.facility, strict=True):
        covering = [each.id for each in zones if each.shape.covers(place.point)]
        assert (zones[row].id if row >= 0 else None) == min(covering, default=None)


@settings(max_examples=300, deadline=None)
@given(scenes.make_places(), scenes.CAMERAS, scenes.make_buildings(), st.sampled_from([0.0, 1.5, 12.2]))
def test_cameras_see_whom_the_oracle_says(places, cameras, buildings, target_m):
    told = sight.measure_sight(places, cameras, buildings, target_m)
    assert see(places, cameras, buildings, target_m) == told.keys()


def see(places, cameras, buildings, target_m):
    """Pairs of place and camera of which the engine says that one sees the other."""
    known = [each for each in buildings if each.roof_m is not None]
    blocks = Blocks(np.array([each.id for each in known], dtype=np.int64),
                    engine.to_objects([each.shape for each in known]),
                    np.array([each.roof_m for each in known], dtype=float))  # fmt: skip
    round_about = [each.direction is None or each.angle >= 360 for each in cameras]
    eyes = Eyes(
        get_coordinates([each.shape for each in cameras]).reshape(-1, 2),
        np.array([each.eye_m for each in cameras], dtype=float),
        np.array([0.0 if each.direction is None else each.direction for each in cameras]),
        np.array([180.0 if whole else each.angle / 2 for whole, each in zip(round_about, cameras, strict=True)]),
        np.array([each.reach for each in cameras], dtype=float),
    )  # fmt: skip
    xy = engine.to_xy(places)
    all_pairs = [(row, column) for row in range(len(places)) for column in range(len(cameras))]
    rows = np.array(all_pairs, dtype=np.int32).reshape(-1, 2)
    across = [places[row].point.distance(cameras[column].shape) for row, column in all_pairs]
    pairs = Pairs(rows[:, 0], rows[:, 1], np.array(across, dtype=float))
    scene = Scene(eyes, blocks, target_m, xy, np.full(len(places), -1, dtype=np.int64))
    seen = is_in_sector(eyes, xy, pairs) & ~is_hidden(scene, pairs)
    return {(places[row].id, cameras[column].id) for (row, column), yes in zip(all_pairs, seen, strict=True) if yes}


@SCENES
@given(scenes.make_places(), scenes.make_facilities(), scenes.make_units())
def test_gaps_hold_everybody_who_is_unserved_in_a_unit(places, facilities, units):
    units = sorted(units, key=lambda each: each.code)
    unit_of = {each.id: people.find_unit(each.point, units) for each in places}
    found = nearest.serve(places, facilities, nearest.measure_straight(places, facilities))
    reach = unary_union([each.shape.buffer(each.reach, quad_segs=32) for each in facilities])
    told = results.find_gaps(units, reach, places, found, unit_of)
    rows = engine.to_places(places, unit_of, [each.code for each in units])
    served = np.array([found.served[each.id] for each in places])
    columns = Served(np.ones(len(places)), rows.people, served, np.zeros(len(places)), np.zeros(len(places)),
                     rows.unit + 1)  # fmt: skip
    unit_set = engine.to_units(units)
    gaps = find_gaps(unit_set, rows, columns, find_parts(unit_set, reach))
    assert sum(each.people for each in gaps) == pytest.approx(
        sum(each.people * (1 - found.served[each.id]) for each in places if unit_of[each.id]), abs=SAME
    )
    assert [each.people for each in gaps] == sorted((each.people for each in gaps), reverse=True)
    if not is_tie(told, places, found, unit_of):
        describe = sorted(
            (round(each.people, 6), round(each.shape.area, 3), str(units[each.unit].code)) for each in gaps
        )
        assert describe == sorted((round(gap.people, 6), round(gap.shape.area, 3), gap.unit) for gap in told)


def is_tie(gaps, places, found, unit_of):
    """Whether an unserved place lies as near to two gaps as to one, or everywhere of its unit is within reach."""
    for each in places:
        if unit_of[each.id] and found.served[each.id] < 1:
            far = sorted(gap.shape.distance(each.point) for gap in gaps if gap.unit == unit_of[each.id])
            if not far or (len(far) > 1 and far[1] - far[0] < 1e-6):
                return True
    return False


@SCENES
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 9)), max_size=12))
def test_percentiles_are_where_that_share_of_the_people_live(rows):
    rows = sorted(rows)
    told = spread(np.array([metres for metres, _ in rows], dtype=float), np.array([n for _, n in rows], dtype=float))
    ways = [(float(metres), float(n)) for metres, n in rows if n]
    expected = [results.find_percentile(ways, share) for share in (0.5, 0.9, 1.0)]
    assert [told.median, told.p90, told.largest] == expected


REACHES = st.lists(st.frozensets(st.integers(0, 11), max_size=6), min_size=1, max_size=7)


@SCENES
@given(REACHES, st.lists(scenes.PEOPLE, min_size=12, max_size=12), st.frozensets(st.integers(0, 11)), st.integers(1, 4))
def test_the_greedy_choice_is_the_oracles_and_keeps_both_bounds(candidates, weights, served, n):
    reaches = dict(enumerate(candidates))
    living = {place: float(weight) for place, weight in enumerate(weights)}
    starts = np.cumsum([0, *map(len, candidates)])
    places = np.array([place for each in candidates for place in sorted(each)], dtype=np.int32)
    unserved = np.array([0.0 if place in served else living[place] for place in range(12)])
    found = choose(Reaches(starts.astype(np.int64), places), unserved, n)
    told = sites.choose(reaches, living, served, n)
    assert found.rows.tolist() == [row for row, _ in told]
    assert found.gains.tolist() == pytest.approx([gain for _, gain in told], abs=SAME)
    assert found.bound == pytest.approx(sites.bound(reaches, living, served, [row for row, _ in told], n), abs=SAME)
    best = sites.find_best(reaches, living, served, n)
    assert found.gained >= (1 - 1 / math.e) * best - SAME and found.bound >= best - SAME


NEAREST = st.lists(st.lists(st.integers(0, 9), max_size=6, unique=True), min_size=1, max_size=6)
ROOMS = st.lists(st.one_of(st.none(), st.integers(0, 15)), min_size=6, max_size=6)


@SCENES
@given(NEAREST, st.lists(st.integers(0, 9), min_size=10, max_size=10), ROOMS, st.integers(1, 4))
def test_full_sites_are_chosen_as_the_oracle_does_and_serve_half_of_the_best(reached, weights, rooms, n):
    reaches, living = dict(enumerate(reached)), dict(enumerate(weights))
    room = {row: math.inf if rooms[row] is None else float(rooms[row]) for row in reaches}
    starts = np.cumsum([0, *map(len, reached)])
    places = np.array([place for each in reached for place in each], dtype=np.int32)
    capacity = np.array([math.nan if rooms[row] is None else rooms[row] for row in reaches], dtype=float)
    found = choose(Reaches(starts.astype(np.int64), places, capacity), np.array(weights, dtype=float), n)
    told = sites.choose_limited(reaches, living, room, n)
    assert found.rows.tolist() == [row for row, _ in told] and found.limited
    assert found.gains.tolist() == pytest.approx([gain for _, gain in told], abs=SAME)
    assert all(gain <= room[row] for row, gain in told)
    best = sites.find_best_limited(reaches, living, room, n)
    assert found.gained >= 0.5 * best - SAME and found.bound >= best - SAME


@SCENES
@given(scenes.make_units(), st.lists(scenes.FOOTPRINTS, max_size=8))
def test_the_oracle_itself_neither_creates_people_nor_loses_them(units, footprints):
    houses = [
        people.House(number, shape, number % 4, None, "residential") for number, shape in enumerate(footprints, 1)
    ]
    spread_out = people.spread(houses, units, {"residential": 0.04})
    homeless = people.find_homeless(houses, units, {"residential": 0.04})
    for unit in units:
        if unit.population is not None:
            here = [each.id for each in houses if people.find_unit(each.shape.centroid, units) == unit.code]
            living = math.fsum(spread_out.get(each, 0.0) for each in here) + homeless.get(unit.code, 0.0)
            assert living == pytest.approx(unit.population, rel=SAME)
