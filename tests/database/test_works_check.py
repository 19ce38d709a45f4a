"""What drawn works meet: reach, depth, dates, owners, and what the public may know of it."""

import datetime

import pytest
from shapely import LineString, Point, box

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.rules.model import list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.works.checking import check_works
from gis_infra.analysis.works.works import Works
from tests.builders import insert, make_actor

TODAY = datetime.date(2026, 11, 23)
EAST, NORTH = 603000, 1191500
PIT = box(EAST, NORTH, EAST + 10, NORTH + 10)


@pytest.fixture(scope="module")
def ground(settings, catalogue, tables):
    return Ground(read_rules(settings.layers, catalogue), catalogue, tables)


@pytest.fixture
def check(connection, ground, settings):
    rules = list_in_force(ground.book, settings.rule_packs, TODAY)
    return lambda works, actor=SYSTEM: check_works(connection, ground, rules, works, actor)


@pytest.fixture
def lay(connection, tables):
    return lambda layer, code, wkt, **values: insert(connection, tables, layer, wkt=wkt, asset_code=code, **values)


def along(north_m):
    """A line east-west, so far north of the pit's south edge."""
    return f"LINESTRING({EAST - 50} {NORTH + north_m},{EAST + 50} {NORTH + north_m})"


def told(answer):
    return [(each.asset.code, each.rule.id, each.severity, round(each.distance_m, 3)) for each in answer.reached.met]


def test_what_lies_inside_and_near_is_met_with_its_size_taken_off(check, lay):
    lay("water_pipe", "IN", along(5), outer_diameter_mm=200)
    lay("water_pipe", "NEAR", along(10.55), outer_diameter_mm=200)  # 0.45 m from its wall, 0.5 m is asked
    lay("water_pipe", "EXACT", along(10.6), outer_diameter_mm=200)
    lay("power_cable_underground", "CABLE", along(10.9))  # inside the metre of a power cable
    answer = check(Works(PIT))
    assert told(answer) == [
        ("IN", "works.asset", "violation", 0.0),
        ("NEAR", "works.asset", "violation", 0.45),
        ("CABLE", "vn_power.works.power_cable", "violation", 0.9),
    ]
    assert {"water_pipe", "tree", "works_project"} <= set(answer.reached.layers) and answer.reached.matched == 3


def test_a_wider_look_around_finds_more(check, lay):
    lay("telecom_duct", "FAR", along(14))
    assert told(check(Works(PIT))) == []
    assert told(check(Works(PIT, buffer_m=5))) == [("FAR", "works.asset", "clear", 4.0)]


@pytest.mark.parametrize(
    ("cover_m", "works", "severity", "unknown"),
    [
        (1.0, {}, "violation", 0),
        (None, {}, "violation", 1),
        (1.0, {"depth_m": 1.2}, "violation", 0),
        (None, {"depth_m": 1.2}, "vertical_unknown", 1),
        (1.7, {"depth_m": 1.2}, None, 0),
        (1.69, {"depth_m": 1.2}, "violation", 0),
        (1.0, {"depth_m": 3.0, "method": "trenchless"}, "possible", 0),
        (1.0, {"depth_m": 1.4, "method": "trenchless"}, "violation", 0),
    ],
)
def test_depth_is_judged_only_where_it_is_known(check, lay, cover_m, works, severity, unknown):
    lay("water_pipe", "W", along(5), outer_diameter_mm=200, cover_m=cover_m)
    answer = check(Works(PIT, **works))
    assert [each.severity for each in answer.reached.met] == ([severity] if severity else [])
    assert answer.reached.unknown_depth == unknown


def test_what_stands_above_ground_is_met_whatever_the_depth(check, lay):
    lay("power_pole", "POLE", f"POINT({EAST + 5} {NORTH + 5})")
    lay("telecom_cable", "AERIAL", along(5), vertical_position="overhead", laying="aerial")
    lay("power_line_overhead", "22KV", along(13), voltage_kv=22, conductor="bare")
    answer = check(Works(PIT, depth_m=0.5))
    assert sorted(told(answer)) == [
        ("22KV", "vn_power.works.overhead_35kv", "violation", 3.0),
        ("AERIAL", "works.asset", "violation", 0.0),
        ("POLE", "works.asset", "violation", 0.0),
    ]
    assert answer.reached.unknown_depth == 0


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "severity"),
    [
        ("2026-12-31", "2027-01-15", "violation"),
        ("2027-01-01", "2027-01-15", None),
        (None, "2026-11-30", None),
        (None, "2027-01-15", "possible"),
        (None, None, "possible"),
    ],
)
def test_other_works_are_met_where_days_may_be_common(check, lay, starts_on, ends_on, severity):
    ring = f"MULTIPOLYGON((({EAST} {NORTH + 15},{EAST + 9} {NORTH + 15},{EAST} {NORTH + 25},{EAST} {NORTH + 15})))"
    lay("works_project", "OTHER", ring, starts_on=starts_on, ends_on=ends_on)
    answer = check(Works(PIT, starts_on=datetime.date(2026, 12, 1), ends_on=datetime.date(2026, 12, 31)))
    assert told(answer) == ([("OTHER", "works.overlap", severity, 5.0)] if severity else [])


def test_owners_are_counted_by_layer_those_not_recorded_last(check, lay):
    lay("water_pipe", "A", along(5), owner="Sawaco")
    lay("water_pipe", "B", along(6), owner="Sawaco")
    lay("fire_hydrant", "C", f"POINT({EAST + 5} {NORTH + 5})", owner="Sawaco")
    lay("sewer_pipe", "D", along(7))
    lay("telecom_duct", "E", along(8), owner="VNPT")
    owners = check(Works(PIT)).reached.owners
    assert list(owners.items()) == [
        ("Sawaco", {"fire_hydrant": 1, "water_pipe": 2}),
        ("VNPT", {"telecom_duct": 1}),
        (None, {"sewer_pipe": 1}),
    ]


def test_the_public_learns_of_public_assets_only(check, lay):
    lay("water_pipe", "SHARED-LAYER", along(5))
    lay("sewer_pipe", "PUBLIC", along(6))
    lay("sewer_pipe", "SECRET", along(7), sensitivity="restricted")
    answer = check(Works(PIT), ANONYMOUS)
    assert [each.asset.code for each in answer.reached.met] == ["PUBLIC"] and answer.reached.matched == 1
    assert "water_pipe" not in answer.reached.layers
    answer = check(Works(PIT), make_actor())
    assert sorted(each.asset.code for each in answer.reached.met) == ["PUBLIC", "SHARED-LAYER"]


def test_a_line_and_a_point_are_works_too(check, lay):
    lay("sewer_pipe", "S", along(5))
    lay("sewer_pipe", "GONE", along(5), status="removed")
    assert len(told(check(Works(LineString([(EAST, NORTH), (EAST, NORTH + 10)]))))) == 1
    assert len(told(check(Works(Point(EAST, NORTH + 5.3))))) == 1
    assert told(check(Works(Point(EAST, NORTH + 5.5)))) == []


def test_the_part_within_reach_is_given_in_longitude_and_latitude(check, lay):
    lay("sewer_pipe", "S", along(5))
    part = check(Works(PIT)).reached.met[0].geometry
    assert part["type"] == "LineString"
    # 603000 1191000 is 106.69358409, 10.76840366; the line runs 505 m north of it, and 0.5 m of reach to each side.
    (west, south), (east, _) = part["coordinates"]
    assert (round(west, 4), round(south, 4)) == (106.6936, 10.773)
    assert (east - west) * 111_320 * 0.98237 == pytest.approx(11.0, abs=0.05)
