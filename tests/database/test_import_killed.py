"""An import that is killed, at whatever point, leaves the city as it was, and the next one works.

The points are made from outside: a trigger of the test's own stops the import where a lock is held. The database is on
a cluster of its own, for killing one of its processes restarts all of it.
"""

import multiprocessing
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from shapely import LineString
from sqlalchemy import select

from gis_infra.errors import StorageError
from gis_infra.features.tables import LAYER_STATE, LAYER_TALLY
from gis_infra.storage import schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine
from tests.conftest import make_settings
from tests.homes import make_home
from tests.imports import Importer, X, Y, count, import_alone, write_pipes
from tests.stopping import DEADLINE_S, stopping, wait_for_stop, wait_until_free

REPLACE = {"owner": "SAWACO", "replace": True}
BECOMES = {"inserted": 6, "updated": 2, "unchanged": 1, "deleted": 1}

# Where the import stands -> what the trigger is on.
POINTS = {
    "entering itself in the list": "BEFORE INSERT ON gis.import_batch FOR EACH ROW",
    "copying the first row": "BEFORE INSERT ON infra.water_pipe FOR EACH ROW WHEN (NEW.asset_code = 'new-1')",
    "copying a row": "BEFORE INSERT ON infra.water_pipe FOR EACH ROW WHEN (NEW.asset_code = 'new-3')",
    "copying the last row": "BEFORE INSERT ON infra.water_pipe FOR EACH ROW WHEN (NEW.asset_code = 'new-5')",
    "counting what was copied": "BEFORE UPDATE ON gis.layer_tally FOR EACH ROW",
    "changing a row": "BEFORE UPDATE ON infra.water_pipe FOR EACH ROW WHEN (NEW.asset_code = 'old-2')",
    "keeping a version": "BEFORE INSERT ON history.water_pipe FOR EACH ROW",
    "adding a row without code": "BEFORE INSERT ON infra.water_pipe FOR EACH ROW WHEN (NEW.asset_code IS NULL)",
    "deleting a row": "BEFORE DELETE ON infra.water_pipe FOR EACH ROW",
    "entering what became of it": "BEFORE UPDATE ON gis.import_batch FOR EACH ROW",
}


@dataclass(frozen=True)
class Snapshot:
    """All that an import changes."""

    rows: list
    versions: list
    batches: list
    tally: list
    revision: int


@pytest.fixture(scope="module")
def cluster():
    """A cluster of these tests' own."""
    with make_home() as home:
        yield PrivateCluster(home)


@pytest.fixture(scope="module")
def importer(cluster, catalogue, tables):
    """Who imports into that cluster."""
    settings = make_settings(cluster.ensure_running(), cluster.home)
    engine = make_engine(cluster.ensure_running())
    schema.upgrade(engine, settings.city_srid)
    yield Importer(engine, settings, catalogue, tables)
    engine.dispose()


@pytest.fixture
def second_file(importer, tmp_path):
    """A file that adds, changes, keeps and lacks rows of the layer, which an earlier one brought."""
    importer.empty()
    old = [{"MA_ONG": f"old-{number}", "DN": 100} for number in range(1, 5)]
    importer.load(write_pipes(tmp_path, old), owner="SAWACO")
    sizes = {"old-1": 200, "old-2": 200, "old-3": 100, "": 15, **{f"new-{number}": 100 for number in range(1, 6)}}
    shape = LineString([(X, Y), (X - 500, Y + 700)])  # beyond the extent there was
    rows = [{"MA_ONG": code, "DN": size} for code, size in sizes.items()]
    shapes = [LineString([(X, Y), (X + 10, Y + 5)]) if row["MA_ONG"] == "old-3" else shape for row in rows]
    return write_pipes(tmp_path, rows, shapes)


def take_snapshot(importer):
    with importer.engine.connect() as connection:
        tally = connection.execute(select(LAYER_TALLY).where(LAYER_TALLY.c.layer == "water_pipe")).all()
        state = select(LAYER_STATE.c.revision).where(LAYER_STATE.c.layer == "water_pipe")
        revision = connection.execute(state).scalar_one()
    found = (importer.read_rows(), importer.read_versions(), importer.read_batches())
    return Snapshot(*found, list(map(tuple, tally)), revision)


def wait_for_recovery(cluster):
    """Return when the server, which restarts all its processes, lets clients in again."""
    give_up = time.monotonic() + DEADLINE_S
    while time.monotonic() < give_up:
        try:
            cluster.ensure_running()
        except StorageError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"the server did not recover in {DEADLINE_S} s")


def start(importer, path):
    """Import in a process of its own. It is forked from one that has loaded the program already."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.imports"])
    url = importer.engine.url.render_as_string(hide_password=False)
    process = context.Process(target=import_alone, args=(url, importer.settings.home, path, REPLACE))
    process.start()
    return process


def require_next_works(importer, path):
    assert count(importer.load(path, **REPLACE)) == BECOMES
    assert [batch["undone_at"] for batch in importer.read_batches()] == [None, None]


@pytest.mark.parametrize("point", POINTS)
def test_a_client_killed_at_any_point_leaves_everything_as_it_was(importer, second_file, point):
    before = take_snapshot(importer)
    with stopping(importer, POINTS[point]) as holder:
        process = start(importer, second_file)
        wait_for_stop(importer, lambda: not process.is_alive())
        os.kill(process.pid, signal.SIGKILL)
        process.join()
        holder.invalidate()
        wait_until_free(importer)
        assert take_snapshot(importer) == before
    require_next_works(importer, second_file)


@pytest.mark.parametrize("point", POINTS)
def test_a_server_process_killed_at_any_point_leaves_everything_as_it_was(cluster, importer, second_file, point):
    before = take_snapshot(importer)
    with ThreadPoolExecutor(1) as pool, stopping(importer, POINTS[point]) as holder:
        importing = pool.submit(importer.load, second_file, **REPLACE)
        os.kill(wait_for_stop(importer, importing.done), signal.SIGKILL)
        with pytest.raises(StorageError, match="database"):
            importing.result(DEADLINE_S)
        holder.invalidate()
        importer.engine.dispose()
        wait_for_recovery(cluster)
        assert take_snapshot(importer) == before
    require_next_works(importer, second_file)
