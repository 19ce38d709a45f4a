"""Runs of coverage: what is found and kept, for whom, and what a run that is broken off leaves."""

import datetime

import numpy as np
import pytest
from shapely import Point, box
from sqlalchemy import func, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.coverage.runs import comparing, computing, reading, running, storing
from gis_infra.analysis.coverage.runs.orders import CoverageOrder, Drawn, WhatIf
from gis_infra.analysis.coverage.runs.tables import COVERAGE_PLACE
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.analysis.coverage.standards.reading import read_services
from gis_infra.errors import InvalidParameter
from tests.builders import insert

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
EAST, NORTH = 603000, 1191500


@pytest.fixture(scope="module")
def book(settings, catalogue):
    return read_services(settings.layers, catalogue)


def area(west, south, east, north):
    return f"MULTIPOLYGON((({','.join(f'{x} {y}' for x, y in box(west, south, east, north).exterior.coords)})))"


def shifted(west, south, east, north):
    return area(EAST + west, NORTH + south, EAST + east, NORTH + north)


def point(east, north):
    return f"POINT({EAST + east} {NORTH + north})"


@pytest.fixture
def lay(connection, tables):
    return lambda layer, wkt, **values: insert(connection, tables, layer, wkt=wkt, **values)


@pytest.fixture
def wards(lay):
    """Two wards of 1 km, side by side, and the one they were before the reform."""
    common = {"level": "commune"}
    lay("admin_unit", shifted(0, 0, 1000, 1000), code="26701", name="Tây", valid_from="2025-07-01", **common)
    lay("admin_unit", shifted(1000, 0, 2000, 1000), code="26702", name="Đông", valid_from="2025-07-01", **common)
    lay("admin_unit", shifted(0, 0, 2000, 1000), code="26600", name="Cũ", valid_to="2025-07-01", **common)


@pytest.fixture
def order(tmp_path, catalogue):
    def make(service="post_office", **wanted):
        known = {"actor": SYSTEM, "service": service, "now": NOW, "cache": tmp_path, "catalogue": catalogue}
        return CoverageOrder(**{**known, **wanted})

    return make


@pytest.fixture
def run(connection, tables, book, order, catalogue):
    """Runs an order inside the test's transaction; returns the report."""

    def run_order(service="post_office", **wanted):
        asked = order(service, **wanted)
        run_id = keep(connection, tables, book, asked)
        return reading.read_report(connection, run_id, Reader(asked.actor, catalogue))

    return run_order


def keep(connection, tables, book, asked):
    plan, data = running.check_order(connection, tables, book, asked)
    outcome = computing.compute(connection, tables, book, asked, plan)
    return storing.store(connection, tables.srid, book, asked, (plan, data, outcome, running.hash_outcome(outcome)))


def house(lay, east, north, residents=None, **values):
    return lay("building", shifted(east - 5, north - 5, east + 5, north + 5), residents=residents, **values)


def test_results_are_given_by_the_units_of_the_day_and_add_up_to_the_city(lay, wards, run):
    lay("post_office", point(0, 500))
    house(lay, 500, 500, 5)
    house(lay, 1500, 500, 7)
    house(lay, 5000, 5, 2)
    report = run()
    told = [(each.scope, each.code, each.people, each.people_served, each.places) for each in report.units]
    assert told == [("unit", "26701", 5, 5, 1), ("unit", "26702", 7, 0, 1), ("outside", None, 2, 0, 1)]
    assert (report.city.people, report.city.people_served, report.city.facilities) == (14, 5, 1)
    circle = Point(0, 500).buffer(1000, quad_segs=32)
    assert report.units[0].area_served_m2 == pytest.approx(circle.intersection(box(0, 0, 1000, 1000)).area)
    assert report.city.area_served_m2 == pytest.approx(sum(each.area_served_m2 for each in report.units))
    assert (report.run.official, report.run.shared, report.run.day) == (True, True, datetime.date(2026, 11, 23))
    before = run(day=datetime.date(2025, 6, 30))
    assert [each.code for each in before.units] == ["26600", None]
    assert not before.run.official and before.run.shared


def test_distances_are_told_by_people_and_by_class(lay, wards, run):
    lay("post_office", point(0, 500))
    for east, residents in ((100, 6), (300, 3), (900, 1), (700, 0)):
        house(lay, east, 500, residents)
    city = run().city
    assert (city.mean_distance, city.median_distance) == (pytest.approx(240), pytest.approx(100))
    assert (city.p90_distance, city.largest_distance) == (pytest.approx(300), pytest.approx(900))
    assert [(each.over, each.up_to, each.people, each.places) for each in city.classes][:5] == [
        (0, 200, 6, 1),
        (200, 400, 3, 1),
        (400, 600, 0, 0),
        (600, 800, 0, 1),
        (800, 1000, 1, 1),
    ]
    assert len(city.classes) == 11 and city.classes[-1].up_to is None


def test_targets_are_met_missed_or_not_known(lay, wards, run):
    assert {each.indicator: each.answer for each in run().city.targets} == {
        "mean_radius_m": "not_known",
        "people_per_facility": "not_known",
    }
    lay("post_office", point(100, 500))
    house(lay, 500, 500, 8001)
    report = run()
    assert {each.indicator: each.answer for each in report.city.targets} == {
        "mean_radius_m": "met",
        "people_per_facility": "missed",
    }
    # Two square kilometres around one point: the radius of a circle of that area.
    assert report.city.mean_radius_m == pytest.approx((2e6 / np.pi) ** 0.5)
    assert [(each.code, [(t.indicator, t.found, t.answer) for t in each.targets]) for each in report.units] == [
        ("26701", [("facilities", 1, "met")]),
        ("26702", [("facilities", 0, "missed")]),
    ]


def test_gaps_are_ranked_by_the_people_in_them_and_lose_nobody(lay, wards, run):
    lay("post_office", point(0, 0))
    house(lay, 900, 900, 3)
    house(lay, 1500, 500, 9)
    house(lay, 1600, 500)
    report = run(distance_m=500.0)
    assert [(each.rank, each.unit_code, each.people, each.places) for each in report.gaps] == [
        (1, "26702", 9, 2),
        (2, "26701", 3, 1),
    ]
    assert sum(each.area_m2 for each in report.gaps) + report.city.area_served_m2 == pytest.approx(2e6)
    assert report.gaps[0].geometry["type"] == "MultiPolygon"


def test_a_run_keeps_each_place_and_facility(connection, lay, wards, run, catalogue):
    served, far = lay("post_office", point(0, 500), asset_code="BC-1"), lay("post_office", point(50_000, 500))
    first, second = house(lay, 500, 500, 5), house(lay, 1500, 500, 7)
    report = run()
    assert [
        (each.id, each.code, each.people, each.places, each.unit_code, each.state) for each in report.facilities
    ] == [
        (served, "BC-1", 5, 1, "26701", "kept"),
        (far, None, 0, 0, None, "kept"),
    ]
    page = reading.read_places(connection, report.run.id, Reader(SYSTEM, catalogue))
    told = {each.place_id: (each.distance, each.facility_id, each.served, each.unit_code) for each in page.places}
    assert told == {first: (500, served, 1, "26701"), second: (1500, served, 0, "26702")}
    place = connection.execute(select(func.st_transform(COVERAGE_PLACE.c.geom, 4326), COVERAGE_PLACE.c.lonlat)).first()
    assert connection.execute(select(func.st_distance(*place))).scalar_one() < 1e-8  # 1 mm is 9e-9 degrees
    shown = reading.read_places(connection, report.run.id, Reader(SYSTEM, catalogue), served=False, limit=1)
    assert shown.matched == 1 and shown.places[0].place_id == second and report.has_places


def test_a_what_if_counts_in_and_out_and_is_no_part_of_the_series(connection, lay, wards, run, catalogue):
    out, planned = lay("post_office", point(0, 500)), lay("post_office", point(1900, 500), status="proposed")
    house(lay, 100, 500, 5)
    house(lay, 1800, 500, 7)
    drawn = Drawn(Point(EAST + 1000, NORTH + 500), reach=950.0)
    report = run(what_if=WhatIf(drawn=(drawn,), without=(out,)), title="Thử")
    assert (report.city.people_served, report.run.official, report.run.shared) == (12, False, False)
    states = {(each.id, each.state, each.people) for each in report.facilities}
    assert states == {(None, "drawn", 12), (out, "out", 0)}
    assert report.run.what_if["without"] == [out] and report.run.title == "Thử"
    counted = run(what_if=WhatIf(planned=True))
    assert {(each.id, each.state) for each in counted.facilities} == {(out, "kept"), (planned, "planned")}
    assert reading.read_latest(connection, ["post_office"], Reader(SYSTEM, catalogue)) == {}


def test_a_run_keeps_what_is_needed_to_repeat_it(lay, wards, run):
    lay("post_office", point(0, 500))
    first, again = run(), run()
    assert first.run.digest == again.run.digest and len(first.run.digest) == 32
    assert first.run.service_as_it_stood["distance_m"] == 1000
    assert {each.layer: each.rows for each in first.run.data} == {"admin_unit": 3, "building": 0, "post_office": 1}
    house(lay, 500, 500, 5)
    later = run()
    assert later.run.digest != first.run.digest
    assert first.run.parameters["demand"]["id"] == "residents"


def test_two_runs_are_compared_by_unit_and_reason(connection, lay, wards, run, catalogue, tables):
    office = lay("post_office", point(0, 500))
    moved, grew, stays = house(lay, 500, 500, 5), house(lay, 600, 500, 4), house(lay, 1500, 500, 7)
    before = run()
    table = tables.get("building")
    connection.execute(table.update().where(table.c.id == grew).values(residents=6))
    connection.execute(table.delete().where(table.c.id == moved))
    other = lay("post_office", point(2000, 500))
    after = run()
    compared = comparing.compare_runs(connection, before.run.id, after.run.id, Reader(SYSTEM, catalogue))
    city = compared.city
    assert (city.served_before, city.served_after) == (9, 13)
    assert (city.came, city.went, city.changed, city.newly, city.no_longer) == (0, 5, 2, 7, 0)
    assert [(each.code, each.state, each.newly) for each in compared.units] == [
        ("26701", "same", 0),
        ("26702", "same", 7),
    ]
    told = {each.kind: (each.count, each.ids) for each in compared.reasons}
    assert told == {"facility_came": (1, (other,)), "data": (2, ())} and stays and office
    words = [each.words["en"] for each in compared.reasons]
    assert words == ["1 facilities came", "Data were edited: building, post_office"]
    back = comparing.compare_runs(connection, after.run.id, before.run.id, Reader(SYSTEM, catalogue))
    assert (back.city.no_longer, back.city.came) == (7, 5)


def test_units_of_two_days_are_new_or_gone(connection, lay, wards, run, catalogue):
    lay("post_office", point(0, 500))
    house(lay, 500, 500, 5)
    before, after = run(day=datetime.date(2025, 6, 30)), run()
    compared = comparing.compare_runs(connection, before.run.id, after.run.id, Reader(SYSTEM, catalogue))
    told = [(each.code, each.state, each.came, each.went) for each in compared.units]
    assert told == [("26600", "gone", 0, 5), ("26701", "new", 5, 0), ("26702", "new", 0, 0)]
    assert compared.city.came == compared.city.went == 5
    assert [each.kind for each in compared.reasons] == ["units"]


def test_runs_of_two_services_are_not_compared(connection, lay, wards, run, catalogue):
    first, second = run(), run("green_space")
    with pytest.raises(InvalidParameter, match="compare runs of one service"):
        comparing.compare_runs(connection, first.run.id, second.run.id, Reader(SYSTEM, catalogue))
