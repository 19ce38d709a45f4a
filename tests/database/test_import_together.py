"""Two imports into one layer at once, and imports beside edits of single rows: each ends right, none waits for ever."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from tests.imports import count, write_pipes
from tests.stopping import stopping, wait_for, wait_for_stop

OWNER = {"owner": "SAWACO"}
ROW = "BEFORE INSERT ON infra.water_pipe FOR EACH ROW WHEN (NEW.asset_code = 'WP-2')"
WAITING = text(
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)"
    " WHERE relation = 'infra.water_pipe'::regclass AND NOT granted AND datname = current_database()"
)


@pytest.fixture
def write(tmp_path):
    """A file of pipes, in a folder of its own."""

    def write(**sizes):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        rows = [{"MA_ONG": code.replace("_", "-"), "DN": size} for code, size in sizes.items()]
        return write_pipes(folder, rows)

    return write


@pytest.fixture
def pool():
    """Two threads."""
    with ThreadPoolExecutor(2) as pool:
        yield pool


def run_both(importer, pool, first, second, **more):
    """The reports of two imports of which the second begins when the first has rows in and is not done."""
    with stopping(importer, ROW) as holder:
        one = pool.submit(importer.load, first, **OWNER)
        wait_for_stop(importer, one.done)
        other = pool.submit(importer.load, second, **OWNER, **more)
        wait_for(importer, WAITING, lambda waiting: waiting > 0)
        holder.invalidate()
        return one.result(60), other.result(60)


def read_sizes(importer):
    return {row["asset_code"]: row["nominal_diameter_mm"] for row in importer.read_rows()}


def test_of_the_same_file_at_once_the_second_finds_everything_unchanged(importer, pool, write):
    path = write(WP_1=100, WP_2=100, WP_3=100)
    one, other = run_both(importer, pool, path, path)
    assert (count(one), count(other)) == ({"inserted": 3}, {"unchanged": 3})
    assert len(importer.read_rows()) == 3


def test_of_two_files_at_once_the_second_sees_the_rows_of_the_first(importer, pool, write):
    one, other = run_both(importer, pool, write(WP_1=100, WP_2=100), write(WP_1=300, WP_9=300))
    assert (count(one), count(other)) == ({"inserted": 2}, {"inserted": 1, "updated": 1})
    assert read_sizes(importer) == {"WP-1": 300, "WP-2": 100, "WP-9": 300}


def test_one_that_replaces_deletes_what_the_one_before_it_brought(importer, pool, write):
    one, other = run_both(importer, pool, write(WP_1=100, WP_2=100), write(WP_1=100), replace=True)
    assert (count(one), count(other)) == ({"inserted": 2}, {"unchanged": 1, "deleted": 1})
    assert importer.undo(other.import_id).is_done
    assert read_sizes(importer) == {"WP-1": 100, "WP-2": 100}


def test_of_two_undoings_at_once_one_is_told_that_it_was_done(importer, pool, write):
    report = importer.load(write(WP_1=100), **OWNER)
    both = [pool.submit(importer.undo, report.import_id) for _ in range(2)]
    errors = [str(each.exception()) for each in both if each.exception() is not None]
    assert len(errors) == 1 and "was undone already" in errors[0]
    assert importer.read_rows() == []


# What an edit of single rows may do in one transaction, in an order that two can wait for each other in.
EDITS = {
    "read for update, then written": [
        "SELECT id FROM infra.water_pipe WHERE asset_code = 'WP-1' FOR UPDATE",
        "UPDATE infra.water_pipe SET remarks = 'x' WHERE asset_code = 'WP-1'",
    ],
    "in two layers": [
        "INSERT INTO infra.fire_hydrant (asset_code) VALUES ('H-1')",
        "UPDATE infra.water_pipe SET remarks = 'x' WHERE asset_code = 'WP-1'",
    ],
    "read, then written": [
        "SELECT count(*) FROM infra.water_pipe",
        "UPDATE infra.water_pipe SET remarks = 'x' WHERE asset_code = 'WP-1'",
    ],
}


@pytest.mark.parametrize("kind", EDITS)
def test_an_import_beside_an_edit_ends_and_so_does_the_edit(importer, pool, write, kind):
    importer.load(write(WP_1=50), **OWNER)
    begun = threading.Event()

    def edit_slowly():
        with importer.engine.begin() as connection:
            connection.execute(text(EDITS[kind][0]))
            begun.set()
            time.sleep(0.5)  # the import comes between
            connection.execute(text(EDITS[kind][1]))

    editing = pool.submit(edit_slowly)
    assert begun.wait(60)
    report = importer.load(write(WP_1=100, WP_2=100), **OWNER)
    assert editing.result(60) is None
    assert count(report) == {"inserted": 1, "updated": 1}
    (row, _) = importer.read_rows()
    assert (row["nominal_diameter_mm"], row["remarks"]) == (100, "x")


def test_readers_go_on_while_an_import_is_under_way(importer, pool, write):
    importer.load(write(WP_1=50), **OWNER)
    with stopping(importer, ROW) as holder:
        importing = pool.submit(importer.load, write(WP_1=100, WP_2=100), **OWNER)
        wait_for_stop(importer, importing.done)
        assert read_sizes(importer) == {"WP-1": 50}
        assert count(importer.load(write(WP_1=100), dry_run=True, **OWNER)) == {"updated": 1}
        holder.invalidate()
        importing.result(60)
    assert read_sizes(importer) == {"WP-1": 100, "WP-2": 100}
