"""An import that fills a disk leaves the city as it was, and the next one works when there is room again.

The cluster of these tests lies on a small file system in memory, which can really be full. Making one takes the right
to mount; where that is not given, the tests are skipped and say so.
"""

import os
import subprocess
import time
from contextlib import contextmanager

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from gis_infra.errors import StorageError
from gis_infra.storage import places, schema
from gis_infra.storage.cluster import PrivateCluster
from gis_infra.storage.engine import make_engine
from tests.conftest import make_settings
from tests.homes import make_home
from tests.imports import Importer, count, write_pipes

ROWS = 12_000
ROOM_MB = 240
LEFT_BYTES = 3_000_000  # less than the file takes
OWNER = {"owner": "SAWACO"}


@contextmanager
def mounted(folder, size_mb, account):
    """Run a block with a small file system at a folder, owned by an account. Skips the test if that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size_mb}m,mode=755", "tmpfs", str(folder)]
    try:
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no mount, so no small disk to fill")
    if done.returncode != 0:
        pytest.skip(f"no small disk can be made to fill: {done.stderr.strip()}")
    try:
        os.chown(folder, account.uid, account.gid)
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture(scope="module")
def disk():
    """The folder of a cluster that lies on a disk of its own, with its home."""
    with make_home() as home:
        where = places.choose_places(home)
        with mounted(where.base, ROOM_MB, where.account) as base:
            yield home, base
            PrivateCluster(home).stop()


@pytest.fixture(scope="module")
def importer(disk, catalogue, tables):
    """Who imports into that cluster."""
    home, _ = disk
    url = PrivateCluster(home).ensure_running()
    engine = make_engine(url)
    schema.upgrade(engine, 9210)
    yield Importer(engine, make_settings(url, home), catalogue, tables)
    engine.dispose()


@pytest.fixture
def path(tmp_path):
    """A file of more rows than there will be room for."""
    random = np.random.default_rng(7)
    starts = random.uniform((590_000, 1_180_000), (620_000, 1_200_000), (ROWS, 2))
    lines = shapely.linestrings(np.stack([starts, starts + np.array([20.0, 5.0])], axis=1))
    rows = [{"MA_ONG": f"N-{number}", "DN": 100} for number in range(ROWS)]
    return write_pipes(tmp_path, rows, list(lines))


@pytest.fixture
def before(importer):
    """What is in the city, one pipe among it."""
    importer.run("TRUNCATE infra.water_pipe")
    importer.run("TRUNCATE history.water_pipe")
    importer.run("INSERT INTO infra.water_pipe (asset_code, owner) VALUES ('old', 'SAWACO')")
    return read(importer)


@pytest.fixture
def filled(importer, disk, before):
    """The disk with hardly any room left. What it is given calls makes room again."""
    filler = disk[1] / "filler"
    importer.run("CHECKPOINT")
    room = os.statvfs(disk[1])
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, room.f_bavail * room.f_frsize - LEFT_BYTES)
    yield filler.unlink
    filler.unlink(missing_ok=True)


@pytest.fixture
def small(importer, disk, before):
    """The table of the pipes on a disk of 2 MB, a part of what the file takes. What it is given makes it larger."""
    folder = disk[0] / "small"
    engine = importer.engine.execution_options(isolation_level="AUTOCOMMIT")
    with mounted(folder, 2, places.choose_places(disk[0]).account), engine.connect() as connection:
        connection.execute(text(f"CREATE TABLESPACE small LOCATION '{folder}'"))
        connection.execute(text("ALTER TABLE infra.water_pipe SET TABLESPACE small"))
        yield lambda: subprocess.run(["mount", "-o", "remount,size=64m", str(folder)], check=True)
        connection.execute(text("ALTER TABLE infra.water_pipe SET TABLESPACE pg_default"))
        connection.execute(text("DROP TABLESPACE small"))


def test_a_full_table_space_is_told_as_a_full_disk_and_leaves_everything_as_it_was(importer, path, before, small):
    with pytest.raises(StorageError, match="the disk of the database is full"):
        importer.load(path, **OWNER)
    assert read(importer) == before
    small()
    assert count(importer.load(path, **OWNER)) == {"inserted": ROWS}


def test_a_full_disk_of_the_server_leaves_everything_as_it_was(importer, disk, path, before, filled):
    # Where there is no room for the log either, PostgreSQL ends rather than promise what it cannot keep.
    with pytest.raises(StorageError, match=r"the disk of the database is full|the database (cannot be reached|is st)"):
        importer.load(path, **OWNER)
    filled()
    importer.engine.dispose()
    wait_until_up(disk[0])
    assert read(importer) == before
    assert count(importer.load(path, **OWNER)) == {"inserted": ROWS}
    assert len(importer.read_batches()) == len(before[1]) + 1


def read(importer):
    """What is in the city, without shapes: one row has none."""
    with importer.engine.connect() as connection:
        rows = connection.execute(text("SELECT id, asset_code, updated_at FROM infra.water_pipe ORDER BY id")).all()
        tally = connection.execute(text("SELECT * FROM gis.layer_tally ORDER BY 1, 2")).all()
    return rows, importer.read_batches(), importer.read_versions(), tally


def wait_until_up(home):
    """Return when the server lets clients in; without room it may have ended."""
    give_up = time.monotonic() + 60
    while True:
        try:
            PrivateCluster(home).ensure_running()
        except StorageError:
            assert time.monotonic() < give_up, "the server did not come back"
            time.sleep(0.1)
        else:
            return
