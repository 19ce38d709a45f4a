"""A change in a layer, by whatever road, is looked at by a worker within seconds, once, and whatever becomes of it."""

import datetime
import signal

import pytest
from sqlalchemy import delete, select, update

from gis_infra.accounts.actor import SYSTEM
from gis_infra.analysis.conflicts.ground import Ground
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_RUN
from gis_infra.analysis.rules.reading import read_rules
from gis_infra.analysis.runs import running
from gis_infra.analysis.runs.orders import RunOrder
from gis_infra.analysis.runs.tables import CHANGE
from gis_infra.analysis.runs.turns import taking_turn
from gis_infra.processes.jobs import runs, watching
from gis_infra.processes.jobs.tables import JOB
from gis_infra.storage.transactions import writing
from tests import workers
from tests.builders import insert

NOW = datetime.datetime(2026, 11, 23, 8, 0, tzinfo=datetime.UTC)
EAST, NORTH = 603000, 1191500


@pytest.fixture
def begun(engine, settings, catalogue, tables):
    """An empty city whose register somebody began; what a test leaves is taken away."""
    clear(engine, tables)
    ground = Ground(read_rules(settings.layers, catalogue), catalogue, tables)
    running.run_conflicts(engine, ground, RunOrder(SYSTEM, settings.rule_packs, NOW.astimezone(), keeps_up=True))
    yield
    clear(engine, tables)


def clear(engine, tables):
    with writing(engine) as connection:
        for table in (CONFLICT, CONFLICT_RUN, tables.get("water_pipe"), CHANGE, JOB):
            connection.execute(delete(table))


def lay(engine, tables, north=0, cover_m=0.1):
    with writing(engine) as connection:
        wkt = f"LINESTRING({EAST} {NORTH + north}, {EAST + 100} {NORTH + north})"
        return insert(connection, tables, "water_pipe", wkt=wkt, cover_m=cover_m)


def read(engine, *columns):
    with engine.connect() as connection:
        return connection.execute(select(*columns)).all()


def count_open(engine):
    with engine.connect() as connection:
        return len(connection.execute(select(CONFLICT.c.id).where(CONFLICT.c.status != "resolved")).all())


def test_a_worker_looks_at_changes_as_they_come_and_at_those_that_came_before_it(engine, settings, tables, begun):
    lay(engine, tables)
    with workers.working(settings):
        workers.wait_for(lambda: count_open(engine) == 1, "the change before the worker")
        pipe = lay(engine, tables, 50)
        workers.wait_for(lambda: count_open(engine) == 2, "a conflict of a new pipe")
        table = tables.get("water_pipe")
        with writing(engine) as connection:
            connection.execute(update(table).where(table.c.id == pipe).values(cover_m=2.0))
        workers.wait_for(lambda: count_open(engine) == 1, "a conflict that went")
        workers.wait_for(lambda: not read(engine, CHANGE.c.id), "nothing to be left")
        # Changes go with what is entered, a moment before the job itself is told to be done.
        workers.wait_for(lambda: {row.status for row in read(engine, JOB.c.status)} == {"successful"}, "the jobs")
    assert {row.scope for row in read(engine, CONFLICT_RUN.c.scope)} == {"city", "changes"}
    jobs = read(engine, JOB.c.person_id, JOB.c.process, JOB.c.status, JOB.c.expires_at - JOB.c.finished_at)
    assert {tuple(each[:3]) for each in jobs} == {(0, "conflicts", "successful")}
    assert {each[3] for each in jobs} == {datetime.timedelta(hours=1)}


def test_changes_are_asked_for_once_and_not_before_the_register_is_begun(engine, settings, tables, begun):
    assert not watching.ask(engine, settings)
    lay(engine, tables)
    assert watching.ask(engine, settings) and not watching.ask(engine, settings)
    assert [tuple(row) for row in read(engine, JOB.c.status, JOB.c.inputs)] == [("accepted", {"changes": True})]
    with writing(engine) as connection:
        for table in (JOB, CONFLICT, CONFLICT_RUN):
            connection.execute(delete(table))
    with taking_turn(engine, 0):  # somebody begins it just now, and may not have seen the change
        assert not watching.ask(engine, settings) and len(read(engine, CHANGE.c.id)) == 1
    assert not watching.ask(engine, settings) and read(engine, CHANGE.c.id) == []


def test_after_a_look_that_failed_the_clock_is_patient_and_a_change_is_not(engine, settings, tables, begun):
    lay(engine, tables)
    watching.ask(engine, settings)
    with writing(engine) as connection:
        connection.execute(update(JOB).values(status="failed", finished_at=datetime.datetime.now(datetime.UTC)))
    assert not watching.ask(engine, settings, by_clock=True)
    assert watching.ask(engine, settings)


def test_a_look_that_is_killed_is_taken_up_again(engine, settings, tables, begun):
    lay(engine, tables)
    watching.ask(engine, settings)
    with taking_turn(engine, 0):
        worker = workers.start(settings)
        try:
            workers.wait_for(lambda: read(engine, JOB.c.status) == [("running",)], "the job at work")
        finally:
            worker.send_signal(signal.SIGKILL)
            worker.wait(workers.LIMIT_S)
    assert count_open(engine) == 0 and len(read(engine, CHANGE.c.id)) == 1
    workers.wait_for(lambda: runs.recover_lost(engine, 1), "the lock of the dead worker to go")
    with workers.working(settings):
        workers.wait_for(lambda: count_open(engine) == 1, "the change")
    assert read(engine, CHANGE.c.id) == []
