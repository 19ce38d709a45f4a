"""Clearances on PostGIS: what is measured, in the plan, across and in space, how sure it is, and where it is."""

import datetime

import pytest
from shapely import wkb
from sqlalchemy import func, select

from gis_infra.analysis import scratch as scratches
from gis_infra.analysis.conflicts.clearance import finding
from gis_infra.analysis.conflicts.finding import find
from gis_infra.analysis.conflicts.focus import FOCUS, Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.scratch import FINDING, SAID
from gis_infra.analysis.rules.model import list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.scratch import make_scratch
from tests.builders import insert

DAY = datetime.date(2026, 11, 23)
EAST, NORTH = 603000, 1191500


@pytest.fixture(scope="module")
def ground(settings, catalogue, tables):
    return Ground(read_rules(settings.layers, catalogue), catalogue, tables)


@pytest.fixture
def lay(connection, tables):
    """Puts an asset into a layer, by its code."""
    return lambda layer, code, wkt, **values: insert(connection, tables, layer, wkt=wkt, asset_code=code, **values)


@pytest.fixture
def run(connection, ground):
    """Runs the clearance rules of QCVN 01; rows of `finding` by name, in the order of rule, assets and stretch."""

    def run_once(*columns, rules=None, focus=None):
        chosen = rules or list_in_force(ground.book, ("qcvn01",), DAY)
        find(connection, ground, chosen, focus)
        order = (SAID.c.rule, FINDING.c.left_code, FINDING.c.right_code, FINDING.c.stretch)
        names = [SAID.c.rule if name == "rule" else FINDING.c[name] for name in columns]
        rows = connection.execute(select(*names).join(SAID, SAID.c.number == FINDING.c.number).order_by(*order)).all()
        scratches.SCRATCH.drop_all(connection)
        return [tuple(round(value, 3) if isinstance(value, float) else value for value in row) for row in rows]

    return run_once


@pytest.fixture
def plan(ground):
    """The rules of QCVN 01 about distances in the plan."""
    return [rule for rule in list_in_force(ground.book, ("qcvn01",), DAY) if rule.measure == "horizontal"]


def line(*points):
    z = " Z" if len(points[0]) == 3 else ""
    places = (f"{EAST + x} {NORTH + y} {' '.join(map(str, rest))}" for x, y, *rest in points)
    return f"LINESTRING{z}({','.join(places)})"


ANSWER = ("severity", "distance_m", "accuracy_m", "accuracy_known")


@pytest.mark.parametrize(
    ("gap_m", "left", "right", "answer"),
    [
        (0.3, {"horizontal_accuracy_m": 0.05}, {"horizontal_accuracy_m": 0.1}, ("violation", 0.3, 0.15, True)),
        (0.4, {"horizontal_accuracy_m": 0.05}, {"horizontal_accuracy_m": 0.1}, ("possible", 0.4, 0.15, True)),
        (0.6, {"horizontal_accuracy_m": 0.05}, {"horizontal_accuracy_m": 0.1}, ("possible", 0.6, 0.15, True)),
        (0.65, {"horizontal_accuracy_m": 0.05}, {"horizontal_accuracy_m": 0.1}, None),
        (0.2, {"quality_level": "a"}, {"quality_level": "b1"}, ("violation", 0.2, 0.2, True)),
        (0.4, {"quality_level": "a"}, {}, ("violation", 0.4, 0.05, False)),
        (2.0, {"quality_level": "d"}, {"horizontal_accuracy_m": 0.0}, ("possible", 2.0, 2.0, True)),
        (5.4, {"horizontal_accuracy_m": 400}, {"quality_level": "a"}, ("possible", 5.4, 5.05, True)),
        (5.6, {"horizontal_accuracy_m": 400}, {"quality_level": "a"}, None),
    ],
)
def test_an_answer_is_as_sure_as_both_accuracies_let_it_be(run, lay, gap_m, left, right, answer):
    lay("water_pipe", "W", line((0, 0), (100, 0)), **left)
    lay("power_cable_underground", "P", line((0, gap_m), (100, gap_m)), **right)
    assert run(*ANSWER) == ([answer] if answer else [])


def test_each_stretch_is_one_finding_with_its_worst_place_and_side(run, lay, plan):
    lay("water_pipe", "W", line((0, 0), (100, 0)))
    # Near from 10 to 20, 0.4 m off; away; near from 40 to 60, 0.2 m off to the other side.
    lay("telecom_duct", "T", line((10, 0.4), (20, 0.4), (21, 8), (30, 8), (40, -0.2), (60, -0.2), (60.1, -9)))
    rows = run("stretch", "severity", "side", "distance_m", "length_m", rules=plan)
    # The right one turns off steeply at the ends; its limit of 0.499 m goes round its first end by 0.298 m.
    assert rows == [
        (1, "violation", "left", 0.4, pytest.approx(10 + 2 * 0.298, abs=0.01)),
        (2, "violation", "right", 0.2, pytest.approx(20 + 2 * 0.457, abs=0.01)),
    ]
    places = [
        wkb.loads(bytes.fromhex(str(row[0])) if isinstance(row[0], str) else bytes(row[0].data))
        for row in run("place", rules=plan)
    ]
    assert [(round(place.x - EAST, 3), round(place.y - NORTH, 3)) for place in places] == [(10, 0.2), (40, -0.1)]


@pytest.mark.parametrize(("gap_m", "stretches"), [(0.95, 1), (1.05, 2)])
def test_parts_less_than_a_metre_apart_are_one_stretch(run, lay, gap_m, stretches):
    reach_m = (0.499**2 - 0.3**2) ** 0.5
    first, second = 10 - reach_m, 10 + gap_m + reach_m
    lay("power_cable_underground", "P1", line((0, 0), (30, 0)))
    lay("water_pipe", "W", line((0, 0.3), (first, 0.3), (first, 9), (second, 9), (second, 0.3), (30, 0.3)))
    # The left line is the pipe; along the straight cable its two legs leave a gap where it goes round.
    assert len(run("stretch")) == 2
    lay("telecom_duct", "T", line((0, -0.3), (first, -0.3), (first, -9), (second, -9), (second, -0.3), (30, -0.3)))
    assert len([row for row in run("left_code", "right_code") if row == ("P1", "T")]) == stretches


def test_a_vertex_more_changes_nothing(run, lay, connection, tables):
    lay("water_pipe", "W", line((0, 0), (100, 0)), outer_diameter_mm=200)
    lay("power_cable_underground", "P", line((20, 0.5), (60, 0.5)), outer_diameter_mm=100)
    columns = ("rule", "stretch", "distance_m", "length_m", "severity", "side")
    before = run(*columns)
    table = tables.get("water_pipe")
    connection.execute(table.update().values(geom=func.st_segmentize(table.c.geom, 7.0)))
    assert run(*columns) == before and len(before) == 1


ACROSS = ("rule", "severity", "side", "distance_m", "vertical_m", "accuracy_m")
VERTICAL = "qcvn01.vertical.water_main.power_cable"


@pytest.mark.parametrize(
    ("left", "right", "answer"),
    [
        # Tops 1.0 and 1.6 m deep; the cable is 0.1 m high: 0.5 m between them, which is just enough.
        ({"cover_m": 1.6}, {"cover_m": 1.0}, None),
        ({"cover_m": 1.59}, {"cover_m": 1.0}, ("violation", "above", 0.49)),
        ({"cover_m": 1.0, "vertical_accuracy_m": 0.1}, {"cover_m": 1.65}, ("possible", "below", 0.45)),
        ({"cover_m": 1.0}, {"cover_m": 1.0}, ("violation", "above", -0.1)),
        ({"cover_m": 1.0}, {}, ("vertical_unknown", "across", None)),
        ({"cover_m": 1.0}, {"crown_level_m": 1.0}, ("vertical_unknown", "across", None)),
        ({"crown_level_m": 2.0}, {"crown_level_m": 1.6}, ("violation", "below", 0.2)),
        # The pipe's outside is 0.2 m high, its wall 0.025 m: the top is 0.175 m above the invert.
        ({"invert_level_m": 1.0, "nominal_diameter_mm": 150}, {"crown_level_m": 1.475}, ("violation", "above", 0.2)),
        (
            {"crown_level_m": 2.0, "vertical_datum": "hon_dau"},
            {"crown_level_m": 1.5},
            ("vertical_unknown", "across", None),
        ),
        (
            {"crown_level_m": 2.0, "vertical_datum": "hon_dau"},
            {"crown_level_m": 1.5, "vertical_datum": "ha_tien"},
            ("violation", "below", 0.133),
        ),
        ({"crown_level_m": 2.0}, {"crown_level_m": 1.3, "vertical_datum": "unknown"}, None),
    ],
)
def test_where_axes_cross_the_gap_in_height_counts(run, lay, left, right, answer):
    lay("water_pipe", "W", line((0, 0), (100, 0)), outer_diameter_mm=200, **left)
    lay("power_cable_underground", "P", line((50, -9), (50, 9)), outer_diameter_mm=100, **right)
    found = run(*ACROSS)
    accuracy = left.get("vertical_accuracy_m", 0.0)
    assert found == ([(VERTICAL, *answer, answer[2], accuracy)] if answer else [])


def test_levels_of_vertices_and_of_both_ends_are_followed_along_the_line(run, lay):
    # The sewer's inner bottom falls from 2.0 to 1.0 m, the axis of the pipe rises from 2.2 to 3.2. Half-way the top
    # of the sewer is at 1.5 + 0.4, the bottom of the pipe at 2.7 - 0.1.
    lay("water_pipe", "W", line((0, 0, 2.2), (100, 0, 3.2)), outer_diameter_mm=200, level_reference="axis")
    lay(
        "sewer_pipe",
        "S",
        line((50, -50), (50, 50)),
        system="storm",
        outer_diameter_mm=400,
        invert_up_m=2,
        invert_down_m=1,
    )
    assert run(*ACROSS) == []
    lay("water_pipe", "W2", line((0, 20, 1.9), (100, 20, 2.9)), outer_diameter_mm=200, level_reference="axis")
    # At 0.7 of the way: 1.3 + 0.4 and 2.4 - 0.1, so 0.6 m. At 0.1: 1.9 + 0.4 and 2.4 - 0.1, so none.
    lay("water_pipe", "W3", line((0, -40, 1.9), (100, -40, 2.9)), outer_diameter_mm=200, level_reference="axis")
    rule = "qcvn01.vertical.water_main.storm_drain"
    assert run("rule", "left_code", "side", "distance_m") == [(rule, "W3", "below", 0.0)]


def test_crossings_of_one_pair_far_apart_are_several_and_near_ones_the_worst_of_them(run, lay):
    lay("water_pipe", "W", line((0, 0), (100, 0)), cover_m=1)
    lay("power_cable_underground", "P", line((10, -3), (10, 3), (10.5, 3), (10.5, -3), (30, -3), (30, 3)), cover_m=1.2)
    rows = run("stretch", "severity", "distance_m", "length_m")
    assert rows == [(1, "vertical_unknown", None, 0.0), (2, "vertical_unknown", None, 0.0)]


def test_only_findings_with_an_asset_of_the_focus_are_told(run, lay, connection):
    lay("water_pipe", "W1", line((0, 0), (50, 0)))
    lay("water_pipe", "W2", line((0, 30), (50, 30)))
    lay("power_cable_underground", "P1", line((0, 0.2), (50, 0.2)))
    changed = lay("power_cable_underground", "P2", line((0, 30.2), (50, 30.2)))
    pairs = ("left_code", "right_code")
    assert run(*pairs) == [("W1", "P1"), ("W2", "P2")]
    make_scratch(connection, FOCUS)
    connection.execute(FOCUS.insert().values(layer="power_cable_underground", id=changed))
    assert run(*pairs, focus=Focus(frozenset({"power_cable_underground"}))) == [("W2", "P2")]


def test_no_two_findings_have_one_fingerprint(run, lay):
    # Longer than any cell of the grid, in which they meet many times; they cross and run side by side twice.
    lay("water_pipe", "W", line((0, 0), (400, 0)))
    lay("power_cable_underground", "P", line((0, 0.3), (100, 0.3), (100, 5), (150, 5), (150, -5), (200, -5), (200, 0.3),
        (410, 0.3)))  # fmt: skip
    rows = run("rule", "left_code", "right_code", "stretch")
    assert len(rows) == len(set(rows))
    assert [stretch for rule, *_, stretch in rows if "horizontal" in rule] == [1, 2]
    assert [stretch for rule, *_, stretch in rows if "vertical" in rule] == [1, 2]


def test_lines_longer_than_any_cell_are_found_wherever_they_come_near(run, lay):
    lay("water_pipe", "W", line((0, 0), (3000, 3000)))
    lay("power_cable_underground", "P", line((2000, 2000.2), (3000, 3000.2)))
    lay("power_cable_underground", "far", line((2000, 2003), (3000, 3003)))
    ((left, right, distance_m, length_m),) = run("left_code", "right_code", "distance_m", "length_m")
    assert (left, right) == ("W", "P")
    assert distance_m == pytest.approx(0.2 / 2**0.5, abs=0.001) and length_m == pytest.approx(1000 * 2**0.5, abs=1)


def test_near_a_few_that_changed_the_same_is_found_as_in_the_city(run, lay, connection):
    changed = lay("water_pipe", "W", line((0, 0), (300, 0)), outer_diameter_mm=300, horizontal_accuracy_m=0.2)
    lay("power_cable_underground", "P", line((10, 0.7), (200, 0.9)))
    lay("telecom_duct", "T", line((150, -40), (150, 40)), cover_m=1)
    lay("sewer_pipe", "S", line((0, -1.5), (60, -1.3)), system="foul")
    columns = ("rule", "severity", "left_code", "right_code", "stretch", "distance_m", "length_m", "side")
    whole = run(*columns)
    assert {row[3] for row in whole} | {row[2] for row in whole} == {"W", "P", "T", "S"}
    make_scratch(connection, FOCUS)
    connection.execute(FOCUS.insert().values(layer="water_pipe", id=changed))
    assert run(*columns, focus=Focus(frozenset({"water_pipe"}))) == [row for row in whole if "W" in row]


def bend(count, north):
    """A line of so many vertices from west to east, ten metres in all."""
    return line(*((10 * at / (count - 1), north + 0.001 * (at % 2)) for at in range(count)))


@pytest.mark.parametrize("vertices", [3, 90])
def test_lines_of_many_vertices_are_looked_at_as_those_of_few(run, lay, vertices):
    lay("water_pipe", "W", bend(vertices, 0))
    lay("power_cable_underground", "C", bend(vertices, 0.3))
    ((severity, distance_m, length_m),) = run("severity", "distance_m", "length_m")
    assert (severity, distance_m) == ("violation", pytest.approx(0.3, abs=0.001))
    assert length_m == pytest.approx(10, abs=0.05)


def test_a_line_across_the_city_is_near_only_what_is_beside_it(run, lay):
    lay("water_pipe", "W", line((0, 0), (8000, 8000)))
    for number, (x, y) in enumerate([(10, 10), (7990, 7990), (4000, 4000.2), (10, 7000)]):
        lay("power_cable_underground", f"C{number}", line((x, y), (x + 5, y + 5)))
    assert [code for (code,) in run("right_code")] == ["C0", "C1", "C2"]


def test_pairs_looked_at_a_few_at_a_time_are_found_as_all_at_once(run, lay, monkeypatch):
    for number in range(12):
        lay("water_pipe", f"W{number}", line((0, number * 0.4), (20, number * 0.4)))
        lay("power_cable_underground", f"C{number}", line((number, -5), (number, 5)), cover_m=0.5)
    columns = ("rule", "left_code", "right_code", "stretch", *ANSWER, "length_m")
    whole = run(*columns)
    monkeypatch.setattr(finding, "TOGETHER", 5)
    assert len(whole) > 100 and run(*columns) == whole
