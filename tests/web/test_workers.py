"""What becomes of a job when its worker is told to end, is killed, or was too late; and what is cleaned up."""

import pytest
from sqlalchemy import select, text, update

from gis_infra.accounts.people import get_actor
from gis_infra.processes.jobs import job_process, records, runs, upkeep
from gis_infra.processes.jobs.tables import JOB
from gis_infra.processes.uploads import store
from gis_infra.storage.transactions import writing
from tests import workers
from tests.web.import_city import (
    WATER,
    count,
    get_status,
    make_points,
    put_off,
    start_import,
    upload,
    wait_for_end,
    wait_for_status,
)
from tests.workers import wait_for, working


@pytest.fixture(scope="module")
def ground(settings, catalogue, tables):
    """What jobs stand on."""
    return job_process.Ground(settings, catalogue, tables)


def read(engine, job_id):
    """A job's row."""
    with engine.connect() as connection:
        return connection.execute(select(JOB).where(JOB.c.id == job_id)).one()


def test_a_job_that_takes_too_long_is_given_up(client, settings, engine, tables):
    with put_off(engine), working(settings, job_limit_s=4):
        told = wait_for_end(client, start_import(client, make_points(3)))
    assert told["message"].startswith("it took longer than the 4 s a job may take here")


def test_jobs_wait_for_a_worker_and_are_taken_up_again_after_a_kill(client, settings, engine, tables):
    job_id = start_import(client, make_points(3))
    assert get_status(client, job_id)["status"] == "accepted"
    with put_off(engine) as lock:
        with working(settings) as first:
            wait_for_status(client, job_id, "running")
            processes = workers.list_children(first.pid)
            first.kill()
            first.wait()
        wait_for(lambda: not any(map(workers.is_there, processes)), "the end of its processes with it")
        assert get_status(client, job_id)["status"] == "running"
        with working(settings):
            wait_for(lambda: read(engine, job_id).attempts == 2, "a second attempt")
            lock.close()
            assert wait_for_end(client, job_id)["status"] == "successful"
    assert count(engine, tables) == 3


def test_a_worker_that_is_told_to_end_leaves_its_job_to_the_next(client, settings, engine, tables):
    with put_off(engine) as lock:
        job_id = start_import(client, make_points(3))
        with working(settings):
            wait_for_status(client, job_id, "running")
        row = read(engine, job_id)
        assert (row.status, row.attempts) == ("accepted", 0)
        with working(settings):
            lock.close()
            assert wait_for_end(client, job_id)["status"] == "successful"


def test_two_jobs_into_one_layer_at_once_both_end_right(client, settings, engine, tables):
    with working(settings, jobs_at_once=2):
        with put_off(engine):
            first, second = (start_import(client, make_points(2_000, prefix)) for prefix in "AB")
            wait_for(lambda: {get_status(client, each)["status"] for each in (first, second)} == {"running"}, "both")
        assert [wait_for_end(client, each)["status"] for each in (first, second)] == ["successful"] * 2
    assert count(engine, tables) == 4_000


def test_a_job_that_cost_two_workers_is_not_tried_again(client, settings, engine):
    job_id = start_import(client, make_points(1))
    with writing(engine) as connection:
        connection.execute(update(JOB).values(status="running", attempts=2))
        connection.execute(text("DELETE FROM jobs.procrastinate_jobs"))
    assert runs.recover_lost(engine, 1) == 1
    told = get_status(client, job_id)
    assert told["status"] == "failed" and "ended before it was done; nothing was changed" in told["message"]


def test_what_was_dismissed_at_the_last_moment_is_not_stored(client, ground, engine, tables):
    """The mark and the changes are one transaction: the dismissal finds the mark, or the commit the dismissal."""
    job_id = start_import(client, make_points(3))
    number = read(engine, job_id).id
    assert runs.claim(engine, number)
    with writing(engine) as connection:
        records.dismiss(connection, get_actor(connection, "water"), job_id, 1)
    with pytest.raises(runs.Dismissed):
        job_process.run(ground, engine, number)
    assert count(engine, tables) == 0


def test_what_was_stored_is_not_run_again_though_its_worker_died(client, ground, engine, tables):
    job_id = start_import(client, make_points(3))
    number = read(engine, job_id).id
    assert runs.claim(engine, number)
    job_process.run(ground, engine, number)
    assert client.delete(f"/ogc/jobs/{job_id}", auth=WATER).status_code == 409
    with writing(engine) as connection:
        connection.execute(text("DELETE FROM jobs.procrastinate_jobs"))
    assert runs.recover_lost(engine, 1) == 1
    told = get_status(client, job_id)
    assert told["status"] == "failed" and told["message"].startswith("it changed the database, but its worker ended")
    assert count(engine, tables) == 3


def test_a_closed_account_runs_nothing(client, ground, engine):
    number = read(engine, start_import(client, make_points(3))).id
    runs.claim(engine, number)
    with writing(engine) as connection:
        connection.execute(text("UPDATE gis.person SET active = false WHERE username = 'water'"))
    try:
        with pytest.raises(Exception, match="the account of who asked for this was closed"):
            job_process.run(ground, engine, number)
    finally:
        with writing(engine) as connection:
            connection.execute(text("UPDATE gis.person SET active = true"))


def test_what_is_over_its_time_is_cleaned_up(client, settings, engine):
    old, kept = (upload(client, make_points(1)).json["id"] for _ in range(2))
    job_id = start_import(client, make_points(1))
    waiting = read(engine, job_id).inputs["upload"]
    for each in (old, waiting):
        age(settings, each)
    made = store.get_job_folder(settings, read(engine, job_id).id)
    store.make_private(made)
    upkeep.care(engine, settings)
    assert {each.id for each in store.read_all(settings)} == {kept, waiting} and made.is_dir()
    with writing(engine) as connection:
        expired = {"status": "failed", "expires_at": text("now() - interval '1 second'")}
        connection.execute(update(JOB).values(expired))
    upkeep.care(engine, settings)
    assert {each.id for each in store.read_all(settings)} == {kept} and not made.is_dir()
    assert client.get(f"/ogc/jobs/{job_id}", auth=WATER).status_code == 404


def age(settings, upload_id):
    """Make an upload one whose time is over."""
    folder = settings.uploads / upload_id
    about = (folder / store.ABOUT).read_text(encoding="utf-8")
    expires = store.read(folder).expires
    (folder / store.ABOUT).write_text(about.replace(expires, "2020-01-01T00:00:00Z"), encoding="utf-8")
