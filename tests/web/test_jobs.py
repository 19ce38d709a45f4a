"""Jobs with a real worker: run, told of, dismissed in the middle, survived."""

import os
import signal

import pytest

from tests import workers
from tests.web.import_city import (
    CHIEF,
    WATER,
    count,
    execute,
    get_status,
    make_points,
    put_off,
    start_import,
    wait_for_end,
    wait_for_status,
)
from tests.workers import wait_for, working

MANY = 60_000


@pytest.fixture(scope="module")
def worker(settings, engine):
    """A worker that tests leave running."""
    with working(settings) as worker:
        yield worker


def test_an_import_is_run_and_reported(client, worker, engine, tables):
    job_id = start_import(client, make_points(3))
    told = wait_for_end(client, job_id)
    assert (told["status"], told["progress"], told["message"]) == ("successful", 100, "done")
    report = client.get(f"/ogc/jobs/{job_id}/results", auth=WATER).json["report"]
    assert (report["rows"], report["accepted"], report["rejected"]) == (3, 3, 0)
    assert count(engine, tables) == 3


def test_the_conflict_analysis_is_run_as_a_job_too(client, worker):
    job_id = execute(client, {}, "conflicts", CHIEF).json["jobID"]
    wait_for(lambda: get_status(client, job_id, CHIEF)["status"] == "successful", "the end of the run")
    assert client.get(f"/ogc/jobs/{job_id}/results", auth=CHIEF).json["run"]["found"] == 0


def test_a_file_that_cannot_be_imported_fails_in_words_for_who_asked(client, worker):
    job_id = start_import(client, make_points(1), crs="EPSG:99")
    told = wait_for_end(client, job_id)
    results = client.get(f"/ogc/jobs/{job_id}/results", auth=WATER)
    assert told["status"] == "failed" and "99" in told["message"]
    assert (results.status_code, results.json["detail"]) == (400, told["message"])


def test_a_job_dismissed_in_the_middle_leaves_the_layer_as_it_was(client, worker, engine, tables):
    job_id = start_import(client, make_points(MANY))
    wait_for(lambda: get_status(client, job_id)["progress"] > 0, "progress")
    process = workers.find_job(worker)
    assert client.delete(f"/ogc/jobs/{job_id}", auth=WATER).json["status"] == "dismissed"
    wait_for(lambda: not workers.is_there(process), "the end of the job's process")
    assert (get_status(client, job_id)["status"], count(engine, tables)) == ("dismissed", 0)


def test_a_job_that_does_not_end_by_itself_when_dismissed_is_ended(client, worker, engine, tables):
    with put_off(engine):
        job_id = start_import(client, make_points(3))
        wait_for_status(client, job_id, "running")
        process = workers.find_job(worker)
        client.delete(f"/ogc/jobs/{job_id}", auth=WATER)
        wait_for(lambda: not workers.is_there(process), "the end of the job's process")
    assert (get_status(client, job_id)["status"], count(engine, tables)) == ("dismissed", 0)


def test_a_job_whose_process_breaks_off_fails_and_the_worker_goes_on(client, worker, engine, tables):
    with put_off(engine):
        job_id = start_import(client, make_points(3))
        wait_for_status(client, job_id, "running")
        process = workers.find_job(worker)
        os.kill(process, signal.SIGKILL)
        told = wait_for_end(client, job_id)
    assert told["message"] == "the process that ran it broke off (SIGKILL); nothing was changed"
    assert wait_for_end(client, start_import(client, make_points(2)))["status"] == "successful"
    assert count(engine, tables) == 2
