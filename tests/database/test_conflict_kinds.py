"""Every kind of conflict that is no clearance, on PostGIS: what is found, what nearly is, and how sure it is."""

import datetime
import shutil
from textwrap import dedent, indent

import pytest
from sqlalchemy import select, update

from gis_infra.analysis import scratch
from gis_infra.analysis.conflicts.finding import find
from gis_infra.analysis.conflicts.focus import FOCUS, Focus
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.conflicts.kinds.outside import find_lack
from gis_infra.analysis.conflicts.scratch import FINDING
from gis_infra.analysis.rules.model import list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.settings import ROOT
from tests.builders import insert

TODAY = datetime.date.today()
EAST, NORTH = 603000, 1191500
HEAD = """\
title: {vi: Thử, en: Test}
authority: nation
source: a test
legal_basis: none
verified: no
valid_from: 2020-01-01
rules:
"""


def line(*points):
    return f"LINESTRING({','.join(f'{EAST + x} {NORTH + y}' for x, y in points)})"


def area(west, south, east, north):
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return f"MULTIPOLYGON((({','.join(f'{EAST + x} {NORTH + y}' for x, y in ring)})))"


def point(x, y):
    return f"POINT({EAST + x} {NORTH + y})"


@pytest.fixture
def lay(connection, tables):
    """Puts an asset into a layer, by its code."""
    return lambda layer, code, wkt, **values: insert(connection, tables, layer, wkt=wkt, asset_code=code, **values)


@pytest.fixture
def make_ground(tmp_path, catalogue, tables):
    """A ground with the classes of this checkout and one pack of the rules given, as text."""

    def make(rules, **packs):
        folder = tmp_path / "layers" / "rules"
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("classes.yaml", "accuracy.yaml"):
            shutil.copy(ROOT / "layers" / "rules" / name, folder)
        titled = "\n".join(
            text if text.startswith((" ", "}")) or not text else text + "\n  title: {vi: a, en: b}\n  clause: c"
            for text in dedent(rules).strip().splitlines()
        )
        (folder / "pack.yaml").write_text(HEAD + indent(titled, "  "), encoding="utf-8")
        for name, text in packs.items():
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
        return Ground(read_rules(tmp_path / "layers", catalogue), catalogue, tables)

    return make


@pytest.fixture
def found(connection, make_ground):
    """What rules find, as rows of the columns asked for."""

    def look(rules, *names, focus=()):
        ground = make_ground(rules)
        return look_at(connection, ground, list_in_force(ground.book, ("pack",), TODAY), names, focus)

    return look


def look_at(connection, ground, rules, names=(), focus=()):
    """The findings of some rules, narrowed to a focus of (layer, id) if one is given."""
    if focus:
        scratch.make_scratch(connection, FOCUS)
        connection.execute(FOCUS.insert(), [{"layer": layer, "id": each} for layer, each in focus])
    find(connection, ground, rules, Focus(frozenset(layer for layer, _ in focus)) if focus else None)
    columns = [FINDING.c[name] for name in names or ("left_code", "right_code", "severity", "distance_m")]
    rows = connection.execute(select(*columns).order_by(FINDING.c.left_code, FINDING.c.right_code, FINDING.c.number))
    told = [tuple(round(value, 3) if isinstance(value, float) else value for value in row) for row in rows]
    scratch.SCRATCH.drop_all(connection)  # they would end with the transaction, which a test goes on with
    return told


CORRIDOR = """
one:
  kind: corridor
  left: overhead_line
  right: building
  required_m: 4
"""


@pytest.mark.parametrize(
    ("west_m", "values", "answer"),
    [
        (3.0, {}, ("violation", 3.0, False)),
        (3.9995, {}, None),  # short by half a millimetre
        (3.0, {"horizontal_accuracy_m": 0.9, "other": 0.05}, ("violation", 3.0, True)),
        (3.0, {"horizontal_accuracy_m": 0.95, "other": 0.05}, ("possible", 3.0, True)),
        (4.9, {"quality_level": "c", "other": 0.05}, ("possible", 4.9, True)),
        (5.1, {"quality_level": "c", "other": 0.05}, None),
        (8.9, {"horizontal_accuracy_m": 80, "other": 0}, ("possible", 8.9, True)),  # none counts for more than 5 m
        (9.1, {"horizontal_accuracy_m": 80, "other": 0}, None),
        (3.0, {"horizontal_accuracy_m": 0.5}, ("violation", 3.0, False)),
    ],
)
def test_what_stands_in_a_corridor_is_told_as_surely_as_it_is_known(found, lay, west_m, values, answer):
    other = {"horizontal_accuracy_m": values.pop("other")} if "other" in values else {}
    lay("power_line_overhead", "L", line((0, 0), (0, 100)), **values)
    lay("building", "B", area(west_m, 20, 20, 30), **other)
    rows = found(CORRIDOR, "severity", "distance_m", "accuracy_known", "side")
    assert rows == ([(*answer, "right")] if answer else [])


def test_a_building_across_a_line_stands_inside_and_is_told_with_the_part_within_reach(found, lay):
    lay("power_line_overhead", "L", line((0, 0), (0, 100)))
    lay("building", "B", area(-5, 20, 5, 30))
    rows = found(CORRIDOR, "side", "distance_m", "length_m", "stretch")
    assert rows == [("inside", 0.0, 18.0, 1)]  # 10 m inside and 4 m before and after


def test_a_silent_rule_of_the_city_silences_that_of_the_nation(connection, make_ground, lay):
    lay("power_line_overhead", "L", line((0, 0), (0, 100)))
    lay("building", "B", area(1, 20, 20, 30))
    city = HEAD.replace("nation", "city") + indent(
        "one: {kind: corridor, title: {vi: a, en: b}, clause: c, left: overhead_line, right: building, required_m: 0}",
        "  ",
    )
    ground = make_ground(CORRIDOR, city=city)
    assert len(look_at(connection, ground, list_in_force(ground.book, ("pack",), TODAY))) == 1
    assert look_at(connection, ground, list_in_force(ground.book, ("pack", "city"), TODAY)) == []


def test_a_rule_with_one_class_on_both_sides_finds_each_pair_once(found, lay):
    lay("works_project", "W", area(13, 0, 20, 10))
    lay("building", "B", area(0, 0, 10, 10))
    lay("building", "C", area(0, 12, 10, 20))
    assert found("""
        one:
          kind: corridor
          left: built
          right: built
          required_m: 3.5
        """) == [("B", "C", "violation", 2.0), ("B", "W", "violation", 3.0)]


COVER = """
one:
  kind: cover
  asset: sewer
  required_m: 0.5
"""


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"cover_m": 0.3}, ("violation", 0.3, False)),
        ({"cover_m": 0.4995}, None),
        ({"cover_m": 0.3, "vertical_accuracy_m": 0.3}, ("possible", 0.3, True)),
        ({"cover_m": 1.0, "quality_level": "b2"}, ("possible", 1.0, True)),
        ({"cover_m": 1.0, "quality_level": "a"}, None),
        ({}, ("vertical_unknown", None, False)),
        ({"cover_m": 0.3, "status": "removed"}, None),
    ],
)
def test_cover_that_is_too_small_or_not_known_is_told(found, lay, values, answer):
    lay("sewer_pipe", "S", line((0, 0), (10, 0)), **values)
    assert found(COVER, "severity", "distance_m", "accuracy_known") == ([answer] if answer else [])


OVERBUILD = """
one:
  kind: overbuild
  left: sewer
  right: building
  required_m: 0
wide:
  kind: overbuild
  left: {class: sewer, where: {system: [foul]}}
  right: building
  required_m: 2
  other_owner: yes
"""


def test_a_network_under_a_building_is_told_by_how_much_of_it_lies_inside(found, lay):
    lay("building", "B", area(10, -5, 30, 5), owner="A")
    lay("sewer_pipe", "ACROSS", line((0, 0), (100, 0)))
    lay("sewer_pipe", "EDGE", line((0, 5), (20, 5)))
    lay("sewer_pipe", "TOUCH", line((0, 1), (10, 1)))
    lay("sewer_pipe", "BESIDE", line((0, 6), (100, 6)), owner="A")
    lay("sewer_pipe", "WIDE", line((0, 6.5), (100, 6.5)), owner="C", system="foul")
    lay("sewer_pipe", "OWN", line((0, 6.5), (100, 6.5)), owner="A", system="foul")
    *whole, wide = found(OVERBUILD, "left_code", "distance_m", "side", "length_m")
    assert whole == [("ACROSS", -20.0, "inside", 20.0), ("EDGE", -10.0, "inside", 10.0)]
    # 20 m, and at 1.5 m what the 2 m around each corner leave: 2 * sqrt(2 ** 2 - 1.5 ** 2) m.
    assert wide == ("WIDE", pytest.approx(-22.646, abs=0.01), "inside", pytest.approx(22.646, abs=0.01))


WORKS = """
overlap:
  kind: works_overlap
  left: works
  right: works
  required_m: 10
chance:
  kind: joint_trench
  left: {class: works, where: {method: [open_cut]}}
  right: {class: works, where: {method: [open_cut]}}
  required_m: 10
  days: 90
"""


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ({"starts_on": "2026-12-10", "ends_on": "2026-12-20"}, "violation"),
        ({"starts_on": None, "ends_on": "2026-12-20"}, "possible"),
        ({"starts_on": "2026-12-05", "ends_on": None}, "possible"),
        ({"starts_on": "2026-12-11", "ends_on": None}, None),
        ({"starts_on": "2026-12-11", "ends_on": "2026-12-20"}, "opportunity"),
        ({"starts_on": "2026-12-11", "ends_on": "2026-12-20", "applicant": "A"}, None),
        ({"starts_on": "2026-12-11", "ends_on": "2026-12-20", "method": "trenchless"}, None),
        ({"starts_on": "2027-03-09", "ends_on": "2027-04-20"}, "opportunity"),  # 89 days after
        ({"starts_on": "2027-03-10", "ends_on": "2027-04-20"}, None),
        ({"starts_on": "2026-01-01", "ends_on": "2026-11-30"}, "opportunity"),
    ],
)
def test_works_that_meet_in_time_collide_and_those_that_follow_could_share(found, lay, values, answer):
    works = {"applicant": "A", "method": "open_cut", "starts_on": "2026-12-01", "ends_on": "2026-12-10"}
    lay("works_project", "ONE", area(0, 0, 50, 10), **works)
    lay("works_project", "TWO", area(59, 0, 99, 10), **{**works, "applicant": "B", **values})
    assert found(WORKS) == ([("ONE", "TWO", answer, 9.0)] if answer else [])


def test_cancelled_works_meet_nothing(found, lay):
    lay("works_project", "ONE", area(0, 0, 50, 10))
    lay("works_project", "TWO", area(59, 0, 99, 10), phase="cancelled")
    assert found(WORKS) == []


MORATORIUM = """
one:
  kind: moratorium
  left: works
  right: road
  required_m: 0.5
  months: 24
"""
NEXT_YEAR = (TODAY + datetime.timedelta(days=365)).isoformat()
LAST_YEAR = (TODAY - datetime.timedelta(days=365)).isoformat()


@pytest.mark.parametrize(
    ("road", "starts_on", "answer"),
    [
        ({"surfaced_on": "2026-01-15"}, "2028-01-14", "violation"),
        ({"surfaced_on": "2026-01-15"}, "2028-01-15", None),
        ({"surfaced_on": "2026-01-15"}, "2026-01-15", "violation"),
        ({"surfaced_on": "2026-01-15"}, "2026-01-14", None),  # those the street was surfaced after
        ({"moratorium_until": "2028-05-31"}, "2028-05-31", "violation"),
        ({"moratorium_until": "2028-05-31"}, "2028-06-01", None),
        ({"moratorium_until": "2028-05-31", "surfaced_on": "2020-05-31"}, "2019-01-01", None),
        ({"moratorium_until": NEXT_YEAR}, None, "possible"),
        ({"moratorium_until": LAST_YEAR}, None, None),
        ({"surfaced_on": LAST_YEAR}, None, "possible"),
        ({}, "2028-05-31", None),
    ],
)
def test_a_street_is_not_dug_again_while_its_surface_is_new(found, lay, road, starts_on, answer):
    lay("road_segment", "R", line((0, 0), (100, 0)), width_m=8, **road)
    lay("works_project", "W", area(0, 4.3, 20, 9), starts_on=starts_on)
    lay("works_project", "FAR", area(0, 4.5, 20, 9), starts_on=starts_on)
    assert found(MORATORIUM) == ([("W", "R", answer, 0.3)] if answer else [])


DUPLICATE = """
one:
  kind: duplicate
  asset: water_main
  required_m: 0.1
"""


def test_rows_that_stand_for_the_same_thing_are_found_whatever_their_vertices(found, lay):
    lay("water_pipe", "A", line((0, 0), (100, 0)), owner="X")
    lay("water_pipe", "B", line((100, 0.1), (50, 0.05), (0, 0)), owner="Y")
    lay("water_pipe", "LONGER", line((0, 0), (101, 0)))
    lay("water_pipe", "BESIDE", line((0, 0.2), (100, 0.2)))
    assert found(DUPLICATE) == [("A", "B", "violation", 0.1)]
    other = DUPLICATE.replace("required_m: 0.1", "required_m: 1\n  other_owner: yes")
    assert [row[:2] for row in found(other)] == [("A", "B")]  # the others name no owner


NEARLY = """
one:
  kind: nearly_joined
  asset: water_main
  required_m: 0.5
"""


def test_an_end_that_nearly_meets_a_line_is_found_once(found, lay):
    lay("water_pipe", "MAIN", line((0, 0), (100, 0)))
    lay("water_pipe", "GAP", line((50, 0.3), (50, 20)))
    lay("water_pipe", "JOINED", line((60, 0.04), (60, 20)))
    lay("water_pipe", "FAR", line((70, 0.502), (70, 20)))
    lay("water_pipe", "NEXT", line((100.2, 0), (150, 0)))  # both ends look at each other
    lay("water_pipe", "RING", line((200, 0), (210, 0), (210, 10), (200, 0)))
    lay("power_cable_underground", "P", line((150.2, 0), (180, 0)))
    assert found(NEARLY) == [("MAIN", "GAP", "violation", 0.3), ("MAIN", "NEXT", "violation", 0.2)]


def test_the_nearest_line_is_told_and_of_equally_near_ones_the_first(found, lay):
    for code, wkt in (
        ("ONE", line((0, 0), (10, 0))),
        ("TWO", line((0, 0), (0, 10))),
        ("OFF", line((-0.3, 0), (-9, -9))),
    ):
        lay("water_pipe", code, wkt)
    assert found(NEARLY) == [("ONE", "OFF", "violation", 0.3)]


def test_a_changed_neighbour_that_frees_an_end_is_all_an_incremental_look_needs(found, lay):
    main = lay("water_pipe", "MAIN", line((0, 0), (100, 0)))
    gap = lay("water_pipe", "GAP", line((50, 0.3), (50, 20)))
    lay("water_pipe", "ELSE", line((500, 0.3), (500, 20)))
    lay("water_pipe", "END", line((500, 0), (600, 0)))
    for each in (main, gap):
        assert found(NEARLY, focus=[("water_pipe", each)]) == [("MAIN", "GAP", "violation", 0.3)]


CHECKS = """
climbs:
  kind: contradiction
  asset: {class: sewer, where: {system: [foul]}}
  check: invert_up_m >= invert_down_m
  unless: {flow: [pressure]}
sizes:
  kind: contradiction
  asset: sewer
  check: nominal_diameter_mm <= outer_diameter_mm
dates:
  kind: contradiction
  asset: {class: sewer, where: {status: [in_service]}}
  check: today <= decommissioned_on
"""


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"system": "foul", "invert_up_m": 1.0, "invert_down_m": 1.2}, [("pack.climbs", -0.2)]),
        ({"system": "foul", "invert_up_m": 1.0, "invert_down_m": 1.0}, []),
        ({"system": "foul", "invert_up_m": 1.0}, []),
        ({"system": "foul", "invert_up_m": 1.0, "invert_down_m": 1.2, "flow": "pressure"}, []),
        ({"system": "storm", "invert_up_m": 1.0, "invert_down_m": 1.2}, []),
        ({"nominal_diameter_mm": 600, "outer_diameter_mm": 500}, [("pack.sizes", 0.1)]),
        ({"status": "in_service", "decommissioned_on": "2020-01-01"}, [("pack.dates", 0.0)]),
        ({"status": "abandoned", "decommissioned_on": "2020-01-01"}, []),
        (
            {
                "system": "foul",
                "invert_up_m": 1,
                "invert_down_m": 2,
                "nominal_diameter_mm": 6000,
                "outer_diameter_mm": 50,
            },
            [("pack.climbs", -1.0), ("pack.sizes", 5.95)],
        ),
    ],
)
def test_attributes_that_contradict_each_other_are_told_by_every_check(connection, make_ground, lay, values, told):
    lay("sewer_pipe", "S", line((0, 0), (10, 0)), **values)
    ground = make_ground(CHECKS)
    rules = list_in_force(ground.book, ("pack",), TODAY)
    rows = look_at(connection, ground, rules, ("number", "distance_m"))
    assert sorted((rules[number].id, metres) for number, metres in rows) == told


SHRINKING = """
one:
  kind: shrinking
  asset: {class: sewer, where: {flow: {not: [pressure]}}}
"""


@pytest.mark.parametrize(
    ("down", "metres"),
    [
        ({"nominal_diameter_mm": 500}, -0.1),
        ({"nominal_diameter_mm": 600, "outer_diameter_mm": 650}, None),
        ({"nominal_diameter_mm": 500, "flow": "pressure"}, None),
        ({"outer_diameter_mm": 100}, None),
    ],
)
def test_a_pipe_that_becomes_smaller_downstream_is_found(found, lay, down, metres):
    lay("sewer_pipe", "DOWN", line((50, 0.04), (100, 0)), **down)
    lay("sewer_pipe", "UP", line((0, 0), (50, 0)), nominal_diameter_mm=600, outer_diameter_mm=720)
    lay("sewer_pipe", "BACK", line((90, 9), (0, 0)), nominal_diameter_mm=800)  # ends at the upper one's start
    assert found(SHRINKING) == [
        ("BACK", "UP", "violation", -0.2),
        *([("UP", "DOWN", "violation", metres)] if metres else []),
    ]


OUTSIDE = """
one:
  kind: outside
  asset: water_main
  area: city_area
  required_m: 5
"""


def test_without_a_city_nothing_is_outside_and_a_run_can_say_why(connection, make_ground, lay):
    ground = make_ground(OUTSIDE)
    rule = ground.book.packs["pack"].rules[0]
    assert find_lack(connection, ground, rule).en == "no area is recorded: Area of the city"
    lay("admin_unit", "CITY", area(0, 0, 1, 1))
    assert find_lack(connection, ground, rule) is None


def test_what_reaches_out_of_the_city_is_told_by_how_far(found, lay):
    lay("water_pipe", "IN", line((10, 10), (190, 10)))
    assert found(OUTSIDE) == []  # no area is known, so nothing can be said
    lay("admin_unit", "EAST", area(100, 0, 200, 100))
    lay("admin_unit", "WEST", area(0, 0, 99.9, 100))  # a sliver lies between the two
    lay("water_pipe", "ACROSS", line((150, 50), (230, 50)))
    lay("water_pipe", "LITTLE", line((150, 60), (204.9, 60)))
    lay("water_pipe", "AWAY", line((300, 300), (310, 300)))
    rows = found(OUTSIDE, "left_code", "distance_m", "length_m")
    assert rows == [("ACROSS", 30.0, 30.0), ("AWAY", round((110**2 + 200**2) ** 0.5, 3), 10.0)]


ONES = {
    "corridor": CORRIDOR, "cover": COVER, "moratorium": MORATORIUM, "twice": DUPLICATE, "nearly": NEARLY,
    "shrinking": SHRINKING, "outside": OUTSIDE, "under": OVERBUILD,
}  # fmt: skip
ALL = WORKS + CHECKS + "".join(text.replace("one:", f"{name}:") for name, text in ONES.items())


def test_a_look_at_some_assets_finds_what_a_whole_one_finds_of_them(connection, make_ground, lay, tables):
    lay("admin_unit", "CITY", area(-50, -50, 60, 60))
    lay("road_segment", "R", line((0, 0), (100, 0)), width_m=8, moratorium_until=NEXT_YEAR)
    pipes = [
        lay("sewer_pipe", f"S{k}", line((k * 10.0, k % 3), (k * 10 + 10, (k + 1) % 3)), system="foul",
            nominal_diameter_mm=600 - 50 * (k % 4), cover_m=0.1 * k if k % 5 else None, invert_up_m=1, invert_down_m=k)
        for k in range(12)
    ]  # fmt: skip
    mains = [lay("water_pipe", f"W{k}", line((k * 10, k // 2), (k * 10 + 9.7, k // 2))) for k in range(8)]
    mains.append(lay("water_pipe", "W1 again", line((10, 0), (19.7, 0))))
    houses = [lay("building", f"B{k}", area(k * 9, -1, k * 9 + 5, 1)) for k in range(8)]
    lay("power_line_overhead", "L", line((-10, 2), (120, 2)))
    works = [
        lay("works_project", f"P{k}", area(k * 15, 0, k * 15 + 9, 9), starts_on="2027-01-01", ends_on="2027-01-09",
            applicant=f"{k}", method="open_cut")
        for k in range(4)
    ]  # fmt: skip
    ground = make_ground(ALL)
    rules = list_in_force(ground.book, ("pack",), TODAY)
    names = (
        "number",
        "severity",
        "left_layer",
        "left_id",
        "right_layer",
        "right_id",
        "distance_m",
        "required_m",
        "side",
    )
    whole = look_at(connection, ground, rules, names)
    assert {rules[row[0]].kind for row in whole} == {rule.kind for rule in rules} - {"joint_trench"}
    ids = [("sewer_pipe", each) for each in pipes[::3]] + [("water_pipe", each) for each in mains[::2]]
    ids += [("building", houses[0]), ("works_project", works[1])]
    some = look_at(connection, ground, rules, names, ids)
    assert sorted(some, key=str) == sorted((row for row in whole if {row[2:4], row[4:6]} & set(ids)), key=str)


def test_a_row_without_a_shape_or_taken_out_of_the_ground_is_never_found(connection, found, lay, tables):
    lay("water_pipe", "A", line((0, 0), (100, 0)))
    twin = lay("water_pipe", "B", line((0, 0), (100, 0)))
    table = tables.get("water_pipe")
    connection.execute(update(table).where(table.c.id == twin).values(status="removed"))
    assert found(DUPLICATE) == []
    connection.execute(update(table).where(table.c.id == twin).values(status=None, geom=None))
    assert found(DUPLICATE) == []
