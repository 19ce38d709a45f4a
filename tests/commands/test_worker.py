"""`gis-infra worker`, and the one `gis-infra serve` keeps beside itself."""

import os
import signal
import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text

from gis_infra.settings import ROOT
from gis_infra.storage.engine import make_engine
from tests.commands.test_serve import LIMIT_S, PROGRAM, make_environment, serve
from tests.workers import is_there, list_children, wait_for


@pytest.fixture(scope="module")
def used(copy_database):
    """The address of a database with a tree in it, which is therefore given no samples."""
    engine = make_engine(copy_database("worker"))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO infra.tree (asset_code) VALUES ('T1')"))
    engine.dispose()
    return str(engine.url.set(drivername="postgresql").render_as_string(hide_password=False))


def find_worker(server):
    """The worker of a server and the process that keeps it; None while there is none."""
    for keeper in list_children(server.process.pid):
        for each in list_children(keeper):
            if is_worker(each):
                return keeper, each
    return None


def is_worker(pid):
    """Whether a process is a worker, and not about to become one."""
    try:
        return b"--with-parent" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False


def test_a_worker_that_is_killed_is_replaced_and_gone_with_its_server(used, tmp_path):
    with serve(used, tmp_path) as server:
        keeper, first = wait_for(lambda: find_worker(server), "a worker")
        os.kill(first, signal.SIGKILL)
        found = wait_for(lambda: (now := find_worker(server)) and now[1] != first and now, "another worker")
        assert found[0] == keeper
        children = wait_for(lambda: list_children(found[1]), "a process of the worker")
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(LIMIT_S) == 0
        assert not any(map(is_there, (keeper, found[1])))
        wait_for(lambda: not any(map(is_there, children)), "the end of the worker's process")


def test_a_server_that_is_killed_leaves_no_worker_behind(used, tmp_path):
    with serve(used, tmp_path) as server:
        keeper, worker = wait_for(lambda: find_worker(server), "a worker")
        children = wait_for(lambda: list_children(worker), "a process of the worker")
        server.process.kill()
        server.process.wait(LIMIT_S)
        wait_for(lambda: not any(map(is_there, (keeper, worker, *children))), "the end of the worker")


def test_a_machine_that_runs_no_jobs_has_no_worker(used, tmp_path):
    environment = {**make_environment(used, tmp_path), "GIS_INFRA_JOBS_AT_ONCE": "0"}
    done = subprocess.run(
        [PROGRAM, "worker"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LIMIT_S
    )
    assert (done.returncode, done.stderr) == (2, "gis-infra: GIS_INFRA_JOBS_AT_ONCE is 0: no jobs are run here\n")
