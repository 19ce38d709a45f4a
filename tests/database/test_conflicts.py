"""The conflict engine on PostGIS: each kind of rule, each exemption, and the register over several runs."""

import datetime

import pytest
from sqlalchemy import select, update

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.analysis import scratch
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.register.reading import RegisterQuery, read_register
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.analysis.rules.model import list_in_force
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.runs import running
from gis_infra.errors import InvalidParameter, NotPermitted
from gis_infra.spatial.boxes import Bbox
from tests.builders import insert, make_actor

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
PACKS = ("qcvn01", "vn_cover", "vn_power", "vn_environment", "works")
EAST, NORTH = 603000, 1191500


@pytest.fixture(scope="module")
def ground(settings, catalogue, tables):
    return Ground(read_rules(settings.layers, catalogue), catalogue, tables)


def run(connection, ground, packs=PACKS, now=NOW):
    order = running.RunOrder(SYSTEM, packs, now)
    report = running.run_in(connection, ground, order, list_in_force(ground.book, packs, now.date()))
    scratch.SCRATCH.drop_all(connection)  # they would end with the transaction, which a test goes on with
    return report


def read(connection, *columns):
    names = columns or ("rule", "left_code", "right_code", "required_m", "distance_m")
    # Most assets here tell no depth; what is not known for want of it has tests of its own.
    known = (CONFLICT.c.status != "resolved", CONFLICT.c.severity != "vertical_unknown")
    rows = connection.execute(select(*(CONFLICT.c[each] for each in names)).where(*known).order_by(CONFLICT.c.rule))
    return [tuple(round(value, 3) if isinstance(value, float) else value for value in row) for row in rows]


def line(*points):
    return f"LINESTRING({','.join(f'{EAST + x} {NORTH + y}' for x, y in points)})"


def area(west, south, east, north):
    ring = [(west, south), (east, south), (east, north), (west, north), (west, south)]
    return f"MULTIPOLYGON((({','.join(f'{EAST + x} {NORTH + y}' for x, y in ring)})))"


@pytest.fixture
def lay(connection, tables):
    """Puts an asset into a layer, by its code."""
    return lambda layer, code, wkt, **values: insert(connection, tables, layer, wkt=wkt, asset_code=code, **values)


def test_a_cable_beside_a_main_is_measured_from_wall_to_wall(connection, ground, lay):
    lay("water_pipe", "W", line((0, 0), (100, 0)), outer_diameter_mm=200)
    lay("power_cable_underground", "P", line((20, 0.5), (60, 0.5)), outer_diameter_mm=100)
    run(connection, ground)
    # 0.5 m between axes, less radii of 0.1 and 0.05 m; the limit reaches 0.65 m, so 0.415 m past each end of the cable.
    assert read(connection) == [("qcvn01.horizontal.water_main.power_cable", "W", "P", 0.5, 0.35)]
    assert read(connection, "length_m")[0][0] == pytest.approx(40 + 2 * 0.4140, abs=0.01)


@pytest.mark.parametrize(("gap_m", "found"), [(0.5, 0), (0.4995, 0), (0.498, 1)])
def test_a_pair_at_exactly_the_required_distance_is_clear(connection, ground, lay, gap_m, found):
    lay("water_pipe", "W", line((0, 0), (100, 0)), outer_diameter_mm=200)
    lay("telecom_duct", "T", line((0, 0.2 + gap_m), (100, 0.2 + gap_m)), width_mm=200)
    run(connection, ground)
    assert len(read(connection)) == found


@pytest.mark.parametrize(("north_m", "found"), [(0.5, 1), (5.7, 1), (5.9, 0), (10, 0)])  # 2.9, 29.7, 30.5, 45 degrees
def test_lines_that_cross_at_a_wide_angle_do_not_run_side_by_side(connection, ground, lay, north_m, found):
    lay("water_pipe", "W", line((0, 0), (100, 0)), outer_diameter_mm=200)
    lay("power_cable_underground", "P", line((0, -north_m / 2), (10, north_m / 2)), outer_diameter_mm=50)
    run(connection, ground)
    assert len(read(connection)) == found


@pytest.mark.parametrize(
    ("values", "rule", "required_m"),
    [
        ({"nominal_diameter_mm": 150}, "domestic_water_foul", 1.5),
        ({"nominal_diameter_mm": 200}, "domestic_water_foul_dn200", 3.0),
        ({"nominal_diameter_mm": 200, "function": "fire"}, "water_main.foul_sewer", 1.0),
        ({}, "domestic_water_foul", 1.5),
    ],
)
def test_the_most_binding_rule_that_fits_a_pair_is_the_one_told(connection, ground, lay, values, rule, required_m):
    lay("water_pipe", "W", line((0, 0), (50, 0)), outer_diameter_mm=200, **values)
    lay("sewer_pipe", "S", line((0, 1), (50, 1)), system="combined", outer_diameter_mm=400)
    run(connection, ground)
    assert read(connection) == [(f"qcvn01.horizontal.{rule}", "W", "S", required_m, 0.7)]


def test_joined_pipes_of_one_sector_are_exempt_and_of_two_sectors_are_not(connection, ground, lay):
    lay("water_pipe", "W1", line((0, 0), (50, 0)))
    lay("water_pipe", "W2", line((50.04, 0), (100, 0)))
    lay("telecom_duct", "T", line((100, 0), (150, 0)))
    run(connection, ground)
    assert read(connection) == [("qcvn01.horizontal.water_main.telecom_cable", "W2", "T", 0.5, 0.0)]


def test_what_lies_in_one_tunnel_is_exempt_and_what_lies_beside_it_is_not(connection, ground, lay):
    lay("utility_tunnel", "U", line((0, 0), (100, 0)), width_mm=2400)
    lay("water_pipe", "W", line((1, 0.5), (99, 0.5)), nominal_diameter_mm=150)
    lay("power_cable_underground", "P", line((1, 0.8), (99, 0.8)), outer_diameter_mm=60)
    lay("water_pipe", "OUT", line((1, 2), (99, 2)), outer_diameter_mm=100)
    run(connection, ground, ("qcvn01",))
    assert [row[1:] for row in read(connection)] == [("OUT", "U", 1.5, 0.75)]


@pytest.mark.parametrize(
    ("layer", "values"),
    [
        ("power_cable_underground", {"status": "removed"}),
        ("power_cable_underground", {"laying": "tunnel"}),
        ("power_cable_underground", {"vertical_position": "overhead"}),
        ("telecom_cable", {"laying": "duct"}),
        ("telecom_cable", {"laying": "aerial"}),
        ("sewer_pipe", {}),
    ],
)
def test_what_belongs_to_no_class_is_never_found(connection, ground, lay, layer, values):
    lay("water_pipe", "W", line((0, 0), (100, 0)))
    lay(layer, "X", line((0, 0.1), (100, 0.1)), **values)
    report = run(connection, ground, ("qcvn01",))
    assert read(connection) == [] and report.layers[layer].checked == 0


def test_cover_is_asked_for_by_what_lies_above(connection, ground, lay):
    lay("road_segment", "R", line((0, 0), (100, 0)), width_m=8)
    lay("sewer_pipe", "UNDER", line((10, 3), (90, 3)), cover_m=0.6, system="storm")
    lay("sewer_pipe", "BESIDE", line((10, 5), (90, 5)), cover_m=0.6, system="storm")
    lay("sewer_pipe", "SHALLOW", line((10, 9), (90, 9)), cover_m=0.2, system="storm")
    lay("sewer_pipe", "UNKNOWN", line((10, 3.9), (90, 3.9)), system="storm")
    report = run(connection, ground, ("vn_cover",))
    assert read(connection) == [
        ("vn_cover.sewer", "SHALLOW", None, 0.3, 0.2),
        ("vn_cover.sewer_under_road", "UNDER", None, 0.7, 0.6),
    ]
    assert report.layers["sewer_pipe"].depth_unknown == 1


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"voltage_kv": 22, "conductor": "insulated"}, []),
        ({"voltage_kv": 22, "conductor": "bare"}, [("vn_power.overhead_22kv_bare", "L", "B", 2.0, 1.5)]),
        ({"voltage_kv": 22}, [("vn_power.overhead_22kv_bare", "L", "B", 2.0, 1.5)]),
        ({"voltage_kv": 110, "conductor": "bare"}, [("vn_power.overhead_110kv", "L", "B", 4.0, 1.5)]),
        ({"voltage_kv": 0.4}, []),
    ],
)
def test_a_building_in_the_corridor_of_an_overhead_line_is_found(connection, ground, lay, values, found):
    lay("power_line_overhead", "L", line((0, 0), (100, 0)), **values)
    lay("building", "B", area(20, 1.5, 30, 10))
    run(connection, ground)
    assert read(connection) == found


def test_a_pumping_station_keeps_its_distance_to_dwellings_by_capacity(connection, ground, lay):
    lay("sewage_pump_station", "S", f"POINT({EAST} {NORTH})", capacity_m3d=300)
    lay("sewage_pump_station", "UNKNOWN", f"POINT({EAST} {NORTH})")
    lay("building", "HOME", area(18, -5, 28, 5), use="residential")
    lay("building", "SHOP", area(18, 6, 28, 16), use="commercial")
    run(connection, ground)
    assert read(connection) == [("vn_environment.pump_station_5000", "S", "HOME", 20.0, 18.0)]


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "found"),
    [("2026-12-10", "2026-12-20", 1), ("2026-12-11", "2026-12-20", 0), (None, "2026-12-20", 1)],
)
def test_works_near_each_other_that_may_share_a_day_are_found(connection, ground, lay, starts_on, ends_on, found):
    lay("works_project", "A", area(0, 0, 50, 10), starts_on="2026-12-01", ends_on="2026-12-10")
    lay("works_project", "B", area(59, 0, 99, 10), starts_on=starts_on, ends_on=ends_on)
    run(connection, ground)
    assert read(connection) == [("works.overlap", "A", "B", 10.0, 9.0)] * found


def test_the_register_is_kept_over_runs(connection, ground, lay, tables):
    lay("water_pipe", "W", line((0, 0), (100, 0)), cover_m=2)
    cable = lay("power_cable_underground", "P", line((0, 0.2), (100, 0.2)), cover_m=2)
    table = tables.get("power_cable_underground")

    def move(wkt):
        connection.execute(update(table).where(table.c.id == cable).values(geom=f"SRID=9210;{wkt}"))
        report = run(connection, ground)
        status = connection.execute(select(CONFLICT.c.status, CONFLICT.c.fingerprint)).all()
        return [row.status for row in status], report

    first = connection.execute(select(CONFLICT.c.fingerprint)).all()
    assert first == []
    assert move(line((0, 0.2), (100, 0.2)))[0] == ["new"]
    assert move(line((0, 0.2), (50, 0.2), (100, 0.2)))[0] == ["active"]  # a vertex more is no other conflict
    statuses, report = move(line((0, 5), (100, 5)))
    assert statuses == ["resolved"] and (report.found, report.resolved) == (0, 1)
    statuses, report = move(line((0, 0.3), (100, 0.3)))
    assert statuses == ["new"] and (report.found, report.found_new, report.reopened) == (1, 0, 1)


def test_what_somebody_approved_stays_approved_when_it_is_found_again(connection, ground, lay):
    lay("water_pipe", "W", line((0, 0), (100, 0)))
    lay("power_cable_underground", "P", line((0, 0.2), (100, 0.2)))
    run(connection, ground)
    connection.execute(update(CONFLICT).values(status="approved", reason="cased"))
    run(connection, ground)
    assert read(connection, "status") == [("approved",)]


def test_a_run_of_one_pack_leaves_the_conflicts_of_others(connection, ground, lay):
    lay("water_pipe", "W", line((0, 0), (100, 0)), cover_m=0.1)
    lay("power_cable_underground", "P", line((0, 0.2), (100, 0.2)))
    run(connection, ground)
    run(connection, ground, ("vn_cover",))
    assert read(connection, "rule", "status") == [
        ("qcvn01.horizontal.water_main.power_cable", "new"),
        ("vn_cover.water", "active"),
    ]


def test_a_run_says_what_it_did_not_check(connection, ground, lay):
    lay("water_pipe", "W", line((0, 0), (100, 0)))
    lay("sewer_pipe", "S", line((0, 9), (100, 9)))
    report = run(connection, ground, ("gb50289", "data"))
    assert report.not_checked["data.outside"]["en"].startswith("no area is recorded: ")
    heat = report.not_checked["gb50289.horizontal.power_cable_direct.heat_direct"]
    assert heat["en"] == "no layer is kept for: Heat main laid direct" and heat["vi"]
    assert not {*report.rules} & {*report.not_checked}
    assert report.layers["water_pipe"].size_unknown == 1 and report.layers["water_pipe"].height_unknown == 1
    assert run(connection, ground, ("qcvn01",)).layers["sewer_pipe"].no_rule == 1
    stored = connection.execute(select(CONFLICT_RUN).order_by(CONFLICT_RUN.c.id)).first()
    assert stored.rules_version == report.rules_version and stored.checked["water_pipe"]["size_unknown"] == 1


def test_rules_that_have_ended_are_silent(connection, ground, lay):
    lay("power_line_overhead", "L", line((0, 0), (100, 0)), voltage_kv=110)
    lay("building", "B", area(20, 1.5, 30, 10))
    run(connection, ground, ("vn_power_2014",))
    assert read(connection) == []
    run(connection, ground, ("vn_power_2014",), datetime.datetime(2025, 3, 3, tzinfo=datetime.UTC))
    assert [row[0] for row in read(connection)] == ["vn_power_2014.overhead_110kv"]


def test_a_conflict_shows_only_to_those_who_see_both_assets(connection, ground, lay, tables):
    lay("sewer_pipe", "S1", line((0, 0), (100, 0)), system="foul", cover_m=2)
    lay("sewer_pipe", "S2", line((0, 0.2), (100, 0.2)), system="foul", sensitivity="shared", cover_m=2)
    lay("sewer_pipe", "S3", line((0, 9), (100, 9)), system="foul", cover_m=0.1)
    lay("power_cable_underground", "P", line((0, 9.3), (100, 9.3)), cover_m=2)
    run(connection, ground)

    def codes(actor):
        page = read_register(connection, ground.catalogue, tables, RegisterQuery(actor))
        assert page.matched == len(page.conflicts)
        return sorted((each.left.code, each.right.code if each.right else "") for each in page.conflicts)

    assert codes(ANONYMOUS) == [("S3", "")]
    assert codes(make_actor()) == [("S1", "S2"), ("S3", "")]
    assert codes(make_actor(("power_cable_underground", "viewer"))) == [("S1", "S2"), ("S3", ""), ("S3", "P")]
    assert len(codes(SYSTEM)) == 3


def test_the_register_is_read_by_box_rule_and_status(connection, ground, lay, tables):
    lay("water_pipe", "W", line((0, 0), (100, 0)), cover_m=0.1)
    lay("sewer_pipe", "S", line((2000, 0), (2100, 0)), system="storm", cover_m=0.1)
    run(connection, ground)

    def codes(**wanted):
        page = read_register(connection, ground.catalogue, tables, RegisterQuery(SYSTEM, **wanted))
        return [each.left.code for each in page.conflicts]

    assert codes() == ["W", "S"]  # the furthest below what is required first: 0.4 and 0.2 m
    assert codes(bbox=Bbox(EAST + 40, NORTH, EAST + 60, NORTH, 9210)) == ["W"]
    # The middle of the pipe is at 106.69404, 10.77292.
    assert codes(bbox=Bbox(106.69, 10.77, 106.70, 10.78, 4326)) == ["W"]
    assert codes(bbox=Bbox(-180, -90, 180, 90, 4326)) == ["W", "S"]
    assert codes(rule="vn_cover") == ["W", "S"] and codes(rule="vn_cover.sewer") == ["S"] and codes(rule="x.y") == []
    assert codes(statuses=("resolved",)) == [] and codes(limit=1) == ["W"]
    with pytest.raises(InvalidParameter, match="status must be one of new, active"):
        codes(statuses=("open",))


def test_only_an_administrator_may_run_it(engine, ground):
    with pytest.raises(NotPermitted, match="administrator"):
        running.run_conflicts(engine, ground, running.RunOrder(make_actor(("water_pipe", "editor")), PACKS, NOW))
    with pytest.raises(InvalidParameter, match="there is no rule pack 'x'; there are australia"):
        running.run_conflicts(engine, ground, running.RunOrder(SYSTEM, ("x",), NOW))


def test_a_run_that_is_broken_off_leaves_nothing_of_itself(engine, ground, tables):
    order = running.RunOrder(SYSTEM, PACKS, NOW)
    with pytest.raises(KeyboardInterrupt), engine.begin() as broken:
        insert(broken, tables, "water_pipe", wkt=line((0, 0), (100, 0)), cover_m=0.1)
        report = running.run_in(broken, ground, order, list_in_force(ground.book, PACKS, NOW.date()))
        assert report.found == 1
        raise KeyboardInterrupt
    with engine.connect() as connection:
        assert connection.execute(select(CONFLICT)).all() == connection.execute(select(CONFLICT_RUN)).all() == []
