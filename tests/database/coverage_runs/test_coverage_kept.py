"""What is kept of a run, for how long, and what comes of holding two against each other."""

import datetime

import pytest
from sqlalchemy import func, select

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.coverage.runs import comparing, reading
from gis_infra.analysis.coverage.runs.tables import COVERAGE_PLACE, COVERAGE_RUN
from gis_infra.analysis.coverage.runs.visibility import Reader
from gis_infra.errors import ConflictError, InvalidParameter
from tests.builders import make_actor
from tests.database.coverage_runs.scene import NOW, house, point


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
    assert words == ["facilities that came: 1", "Data were edited: building, post_office"]
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


def test_a_period_has_one_run(connection, tables, book, order, wards, run):
    report = run(period="month")
    assert (report.run.period, report.run.period_from) == ("month", datetime.date(2026, 10, 1))
    with pytest.raises(ConflictError, match="the month from 2026-10-01 has its run of post_office already"):
        run(period="month")


def test_single_places_are_kept_of_the_latest_runs_and_of_a_series(connection, tables, book, order, lay, wards, run):
    house(lay, 500, 500, 5)

    def ago(days):
        return {"now": NOW - datetime.timedelta(days=days)}

    monthly, old_monthly = run(period="month", **ago(380)), run(period="month", **ago(410))
    others = [run(actor=make_actor(), **ago(days)).run.id for days in (40, 20)]
    official = [run(**ago(days)).run.id for days in (30, 20, 10, 0)]
    kept = connection.execute(select(COVERAGE_PLACE.c.run_id).distinct()).scalars().all()
    assert set(kept) == {monthly.run.id, others[1], *official[1:]} and old_monthly.run.id not in kept
    runs = connection.execute(select(func.count()).select_from(COVERAGE_RUN)).scalar_one()
    assert runs == 8


def test_where_places_are_gone_a_comparison_says_that_it_does_not_know(connection, lay, wards, run, catalogue):
    lay("post_office", point(0, 500))
    house(lay, 500, 500, 5)
    before, after = run(), run()
    connection.execute(COVERAGE_PLACE.delete().where(COVERAGE_PLACE.c.run_id == before.run.id))
    city = comparing.compare_runs(connection, before.run.id, after.run.id, Reader(SYSTEM, catalogue)).city
    assert (city.served_before, city.served_after, city.newly) == (5, 5, None)
