"""Runs of coverage by the calendar: each period once, what was missed made up once, by administrators only."""

import datetime

import pytest
from sqlalchemy import delete, select

from gis_infra.accounts.actor import ANONYMOUS, SYSTEM
from gis_infra.analysis.coverage.runs import schedules
from gis_infra.analysis.coverage.runs.tables import COVERAGE_RUN
from gis_infra.errors import InvalidParameter, MissingError, NotPermitted, SignInNeeded
from gis_infra.processes.jobs import calendar
from gis_infra.processes.jobs.queue import JOBS
from gis_infra.processes.jobs.tables import JOB, QUEUED
from tests.builders import make_actor


def day(text):
    return datetime.date.fromisoformat(text)


def add(connection, period="month", on="2026-10-15"):
    schedules.add_schedule(connection, SYSTEM, "post_office", period, day(on))


def list_due(connection, on):
    return [(each.period, each.first.isoformat()) for each in schedules.list_due(connection, day(on))]


def store_run(connection, period, first):
    moment = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
    values = {"service": "post_office", "started_at": moment, "finished_at": moment, "actor": "system", "method": "x"}
    told = {"parameters": {}, "facilities": 0, "period": period, "period_from": day(first)}
    connection.execute(COVERAGE_RUN.insert().values(values | told))


def test_a_period_is_due_once_it_has_ended(connection):
    add(connection)
    assert list_due(connection, "2026-10-31") == []  # the month before it was planned is not asked for
    assert list_due(connection, "2026-11-01") == [("month", "2026-10-01")]
    store_run(connection, "month", "2026-10-01")
    assert list_due(connection, "2026-11-30") == []


def test_of_periods_that_were_missed_only_the_last_is_made_up(connection):
    add(connection)
    add(connection, "half_year")
    store_run(connection, "month", "2026-10-01")
    assert list_due(connection, "2027-03-02") == [("half_year", "2026-07-01"), ("month", "2027-02-01")]
    listed = schedules.list_schedules(connection, SYSTEM, day("2027-03-02"))
    assert [(each.period, each.latest, each.next_on.isoformat()) for each in listed] == [
        ("half_year", None, "2027-07-01"),
        ("month", day("2026-10-01"), "2027-04-01"),
    ]


def test_only_administrators_plan(connection):
    for actor, error in ((ANONYMOUS, SignInNeeded), (make_actor(("post_office", "admin")), NotPermitted)):
        with pytest.raises(error):
            schedules.add_schedule(connection, actor, "post_office", "month", day("2026-10-15"))
        with pytest.raises(error):
            schedules.list_schedules(connection, actor, day("2026-10-15"))
        with pytest.raises(error):
            schedules.remove_schedule(connection, actor, "post_office", "month")
    with pytest.raises(InvalidParameter, match="period must be one of month, half_year, year, got 'week'"):
        schedules.add_schedule(connection, SYSTEM, "post_office", "week", day("2026-10-15"))


def test_a_schedule_can_be_taken_back(connection):
    add(connection)
    add(connection)
    schedules.remove_schedule(connection, SYSTEM, "post_office", "month")
    assert list_due(connection, "2027-03-02") == []
    with pytest.raises(MissingError, match="post_office is not run by the month"):
        schedules.remove_schedule(connection, SYSTEM, "post_office", "month")


def test_the_worker_asks_once_for_what_is_due(engine):
    with engine.begin() as connection:
        add(connection)
    try:
        assert [calendar.ask(engine, day("2026-11-01")) for _ in range(2)] == [1, 0]
        with engine.connect() as connection:
            job = connection.execute(select(JOB).where(JOB.c.process == "coverage")).one()
            lane = connection.execute(select(QUEUED.c.queue_name).where(QUEUED.c.id == job.queue_id)).scalar_one()
        assert job.inputs == {"service": "post_office", "period": "month"}
        assert (job.person_id, lane) == (SYSTEM.person_id, JOBS)
    finally:
        with engine.begin() as connection:
            connection.execute(delete(JOB).where(JOB.c.process == "coverage"))
            connection.execute(delete(QUEUED).where(QUEUED.c.queue_name == JOBS))
            schedules.remove_schedule(connection, SYSTEM, "post_office", "month")
