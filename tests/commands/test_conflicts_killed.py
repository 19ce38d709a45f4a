"""`gis-infra conflicts run` and a server with a job at work, killed (-9) in the middle: nothing is half done."""

import signal
import subprocess
from contextlib import contextmanager

import pytest
from sqlalchemy import delete, select, text, update

from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_EVENT, CONFLICT_RUN
from gis_infra.analysis.runs.tables import CHANGE
from gis_infra.processes.jobs.tables import JOB
from gis_infra.settings import ROOT
from gis_infra.storage.engine import make_engine
from gis_infra.storage.transactions import writing
from tests.builders import insert
from tests.commands.test_serve import LIMIT_S, PROGRAM, make_environment, serve
from tests.workers import wait_for

# Whom nothing can pass: a run that looks at the pipes, and one that enters what it found.
HELD = {"looking": "LOCK infra.water_pipe", "entering": "LOCK gis.conflict IN ROW EXCLUSIVE MODE"}
WAITING = text(
    "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = cast(:table AS regclass)"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@pytest.fixture
def own(copy_database, tables):
    """A database of the test's own: an engine, with two shallow pipes in it."""
    engine = make_engine(copy_database("killed"))
    for north in (0, 50):
        lay(engine, tables, north)
    yield engine
    engine.dispose()


def lay(engine, tables, north):
    with writing(engine) as connection:
        wkt = f"LINESTRING(603000 {1191500 + north}, 603100 {1191500 + north})"
        insert(connection, tables, "water_pipe", wkt=wkt, cover_m=0.1)


def get_address(engine):
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def start_run(engine, home):
    environment = make_environment(get_address(engine), home)
    return subprocess.Popen([PROGRAM, "conflicts", "run"], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True)


def run(engine, home):
    """What a whole run says."""
    told, _ = start_run(engine, home).communicate(timeout=LIMIT_S)
    return told


def read_all(engine):
    """The register, its history, and the runs."""
    with engine.connect() as connection:
        kept = (CONFLICT, CONFLICT_EVENT, CONFLICT_RUN)
        return [connection.execute(select(each).order_by(each.c.id)).all() for each in kept]


def count_open(engine):
    with engine.connect() as connection:
        return len(connection.execute(select(CONFLICT.c.id).where(CONFLICT.c.status != "resolved")).all())


@contextmanager
def holding(engine, when):
    """Hold what a run needs until the block ends; gives what to call until one waits for it."""
    table = HELD[when].split()[1]
    with engine.connect() as connection:
        connection.execute(text(HELD[when]))

        def is_waited_for():
            with engine.connect() as other:
                return other.execute(WAITING, {"table": table}).scalar_one() > 0

        yield is_waited_for


def edit_city(engine, tables):
    """One conflict approved; then one pipe goes and another comes, which a run would enter."""
    with writing(engine) as connection:
        first = select(CONFLICT.c.id).order_by(CONFLICT.c.id).limit(1).scalar_subquery()
        connection.execute(update(CONFLICT).where(CONFLICT.c.id == first).values(status="approved", reason="kept"))
        pipe = tables.get("water_pipe")
        last = select(pipe.c.id).order_by(pipe.c.id.desc()).limit(1).scalar_subquery()
        connection.execute(delete(pipe).where(pipe.c.id == last))
    lay(engine, tables, 90)


@pytest.mark.parametrize("when", HELD)
def test_a_run_that_is_killed_leaves_the_register_and_the_next_is_whole(own, tables, tmp_path, when):
    assert "2 conflicts (2 violation): 2 new" in run(own, tmp_path)
    edit_city(own, tables)
    before = read_all(own)
    with holding(own, when) as is_waited_for:
        process = start_run(own, tmp_path)
        wait_for(is_waited_for, "the run in its middle")
        process.kill()
        process.communicate(timeout=LIMIT_S)
    # Its session notices that nobody is there any more, and lets the next one have its turn.
    told = wait_for(lambda: run(own, tmp_path), "the next run")
    assert "2 conflicts (2 violation): 1 new, 0 reopened; 1 resolved since" in told
    conflicts, _, runs = read_all(own)
    assert [each.status for each in conflicts] == ["approved", "resolved", "new"] and len(runs) == 2
    assert runs[0] == before[2][0] and conflicts[0].reason == "kept"


def test_a_server_that_is_killed_with_a_job_at_work_leaves_it_to_the_next(own, tables, tmp_path):
    run(own, tmp_path)
    edit_city(own, tables)
    before = read_all(own)
    with holding(own, "entering") as is_waited_for, serve(get_address(own), tmp_path) as server:
        wait_for(is_waited_for, "the job in its middle")
        server.process.send_signal(signal.SIGKILL)
        server.process.wait(LIMIT_S)
        assert read_all(own) == before
    with serve(get_address(own), tmp_path):
        wait_for(lambda: len(read_all(own)[2]) == 2, "the run of the next server")
    assert [each.status for each in read_all(own)[0]] == ["approved", "resolved", "new"]
    with own.connect() as connection:
        assert connection.execute(select(JOB.c.status)).scalars().all() == ["successful"]
        assert connection.execute(select(CHANGE.c.id)).all() == []
