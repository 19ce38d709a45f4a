"""An import that is killed in the middle leaves the layer as it was, and the next one works."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import geopandas
import numpy as np
import pyogrio
import pytest
import shapely
from sqlalchemy import delete, func, select, text

from gis_infra.storage.transactions import reading, writing
from gis_infra.transfer.tables import IMPORT_BATCH
from tests.builders import insert

ROWS = 30_000
COMMAND = Path(sys.executable).with_name("gis-infra")
DEADLINE_S = 60
COPYING = text(
    "SELECT pid, tuples_processed FROM pg_stat_progress_copy"
    " WHERE relid = 'infra.water_pipe'::regclass AND datname = current_database()"
)
OTHERS = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE relation = 'infra.water_pipe'::regclass AND mode = 'ShareRowExclusiveLock'"
    " AND datname = current_database()"
)


@pytest.fixture(scope="module")
def many_pipes(tmp_path_factory):
    """A shapefile of 30,000 short lines in the city, several batches of the importer's."""
    random = np.random.default_rng(7)
    starts = random.uniform((590_000, 1_180_000), (620_000, 1_200_000), (ROWS, 2))
    lines = shapely.linestrings(np.stack([starts, starts + np.array([20.0, 5.0])], axis=1))
    frame = geopandas.GeoDataFrame({"MA_ONG": [f"N-{row}" for row in range(ROWS)]}, geometry=lines, crs=9210)
    path = tmp_path_factory.mktemp("many") / "many.shp"
    pyogrio.write_dataframe(frame, path)
    return path


@pytest.fixture
def earlier(engine, tables):
    """A pipe that is in the layer before; everything is gone afterwards."""
    with writing(engine) as connection:
        row = insert(connection, tables, "water_pipe", asset_code="old", owner="SAWACO", wkt="LINESTRING(0 0, 1 1)")
    yield row
    with writing(engine) as connection:
        connection.execute(delete(tables.get("water_pipe")))
        connection.execute(delete(IMPORT_BATCH))


@pytest.fixture
def start(settings, many_pipes):
    """Start the import as a process of its own; it is ended with the test."""
    started = []

    def start():
        environment = {
            **os.environ,
            "GIS_INFRA_DATABASE_URL": settings.database_url,
            "GIS_INFRA_HOME": str(settings.home),
        }
        # The tests may run with Ctrl-C ignored, as jobs in the background do; the import must not inherit that.
        heeding = ["env", "--default-signal=INT"]
        arguments = [*heeding, COMMAND, "import", many_pipes, "--layer", "water_pipe", "--owner", "SAWACO"]
        process = subprocess.Popen(
            arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def wait_for_copy(engine, process, rows):
    """The server process that copies, once it has taken so many rows."""
    give_up = time.monotonic() + DEADLINE_S
    while time.monotonic() < give_up:
        assert process.poll() is None, "the import was over before it could be killed"
        with reading(engine) as connection:
            found = connection.execute(COPYING).one_or_none()
        if found is not None and found.tuples_processed >= rows:
            return found.pid
        time.sleep(0.005)
    pytest.fail(f"no import was seen at work within {DEADLINE_S} s")


def wait_until_free(engine):
    """Return when the server has noticed that the importer is gone."""
    give_up = time.monotonic() + DEADLINE_S
    while time.monotonic() < give_up:
        with reading(engine) as connection:
            if connection.execute(OTHERS).scalar_one() == 0:
                return
        time.sleep(0.02)
    pytest.fail(f"the lock of a dead import is still held after {DEADLINE_S} s")


def read_ids(engine, tables):
    table = tables.get("water_pipe")
    with reading(engine) as connection:
        batches = connection.execute(select(func.count()).select_from(IMPORT_BATCH)).scalar_one()
        return [row.id for row in connection.execute(select(table.c.id))], batches


@pytest.mark.parametrize("rows", [1, 15_000])
def test_a_killed_import_leaves_the_layer_as_it_was(engine, tables, start, earlier, rows):
    process = start()
    wait_for_copy(engine, process, rows)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    wait_until_free(engine)
    assert read_ids(engine, tables) == ([earlier], 0)


def test_the_import_after_a_killed_one_works_and_earlier_ids_stay(engine, tables, start, earlier):
    process = start()
    wait_for_copy(engine, process, 1)
    process.kill()
    process.communicate()
    again = start()
    output, errors = again.communicate(timeout=DEADLINE_S)
    assert (again.returncode, errors) == (0, "")
    assert "30,000 of 30,000 rows went into water_pipe, 0 rejected" in output
    ids, batches = read_ids(engine, tables)
    assert (len(ids), batches) == (ROWS + 1, 1)
    assert earlier in ids


def test_a_server_process_that_ends_under_the_import_is_one_line_and_exit_2(engine, tables, start, earlier):
    process = start()
    pid = wait_for_copy(engine, process, 1)
    with writing(engine) as connection:
        connection.execute(select(func.pg_terminate_backend(pid)))
    output, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 2
    assert errors.startswith("gis-infra: the database ")
    assert errors.count("\n") == 1
    assert output == ""
    assert read_ids(engine, tables) == ([earlier], 0)


def test_ctrl_c_leaves_the_layer_as_it_was(engine, tables, start, earlier):
    process = start()
    wait_for_copy(engine, process, 1)
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode != 0
    assert "Traceback" not in errors + output
    wait_until_free(engine)
    assert read_ids(engine, tables) == ([earlier], 0)
