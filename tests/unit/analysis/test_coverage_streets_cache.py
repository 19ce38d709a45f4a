"""What is kept on disk between runs: whole or not at all, whoever writes, and never something else than asked for."""

import os
import subprocess
import sys
import time

import numpy as np
import pytest

from gis_infra.analysis.coverage.streets import caching
from gis_infra.analysis.coverage.streets.caching import Cache, make_key

COLUMNS = {"edge": np.arange(5, dtype=np.int32), "along_m": np.linspace(0.0, 1.0, 5)}


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache" / "coverage")


def same(found):
    return found is not None and all(np.array_equal(found[name], COLUMNS[name]) for name in COLUMNS)


def test_what_was_kept_is_found_as_it_was(cache):
    cache.keep("streets-1", COLUMNS)
    found = cache.find("streets-1")
    assert same(found) and found["edge"].dtype == np.int32


def test_what_was_not_kept_is_not_found(cache):
    assert cache.find("streets-1") is None


def test_nobody_else_may_read_what_is_kept(cache):
    cache.keep("streets-1", COLUMNS)
    assert cache.folder.stat().st_mode & 0o077 == 0
    assert (cache.folder / "streets-1.npz").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 and no more", b"something else"])
def test_a_file_that_is_no_more_whole_is_as_none(cache, content):
    cache.keep("streets-1", COLUMNS)
    (cache.folder / "streets-1.npz").write_bytes(content)
    assert cache.find("streets-1") is None
    cache.keep("streets-1", COLUMNS)
    assert same(cache.find("streets-1"))


def test_a_file_that_lost_its_end_is_as_none(cache):
    cache.keep("streets-1", COLUMNS)
    path = cache.folder / "streets-1.npz"
    path.write_bytes(path.read_bytes()[:-40])
    assert cache.find("streets-1") is None


def test_columns_that_would_run_code_when_read_are_as_none(cache):
    cache.folder.mkdir(parents=True)
    np.savez(cache.folder / "streets-1.npz", edge=np.array([{}], dtype=object))
    assert cache.find("streets-1") is None


def test_where_nothing_can_be_kept_the_run_goes_on(tmp_path):
    (tmp_path / "file").write_text("in the way")
    cache = Cache(tmp_path / "file" / "coverage")
    cache.keep("streets-1", COLUMNS)
    assert cache.find("streets-1") is None


def test_what_was_not_asked_for_for_longest_makes_room(cache, monkeypatch):
    cache.keep("streets-1", COLUMNS)
    size = (cache.folder / "streets-1.npz").stat().st_size
    monkeypatch.setattr(caching, "LARGEST_BYTES", 2 * size)
    cache.keep("streets-2", COLUMNS)
    for name, age_s in (("streets-1", 100), ("streets-2", 50)):
        os.utime(cache.folder / f"{name}.npz", (time.time() - age_s,) * 2)
    cache.find("streets-1")
    cache.keep("streets-3", COLUMNS)
    assert [cache.find(f"streets-{number}") is not None for number in (1, 2, 3)] == [True, False, True]


def test_what_a_killed_writer_left_is_removed_and_what_another_writes_is_not(cache):
    cache.folder.mkdir(parents=True)
    left, other = cache.folder / "a.part", cache.folder / "b.part"
    left.write_bytes(b"half")
    other.write_bytes(b"half")
    os.utime(left, (time.time() - 2 * caching.LEFT_BEHIND_S,) * 2)
    cache.keep("streets-1", COLUMNS)
    assert not left.exists() and other.exists()


WRITER = """
import sys
from pathlib import Path
import numpy as np
from gis_infra.analysis.coverage.streets.caching import Cache
while True:
    Cache(Path(sys.argv[1])).keep("streets-1", {"edge": np.full(200_000, int(sys.argv[2]))})
"""


def test_two_who_write_and_are_killed_leave_whole_files_only(cache):
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, cache.folder, str(number)]) for number in (1, 2)]
    try:
        found = []
        deadline = time.monotonic() + 20
        while len(found) < 30 and time.monotonic() < deadline:
            columns = cache.find("streets-1")
            if columns is not None:
                found.append(columns["edge"])
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    assert found and all(len(each) == 200_000 and len(np.unique(each)) == 1 for each in found)
    assert cache.find("streets-1") is not None


def test_a_key_tells_apart_all_that_went_into_it():
    some = np.array([1.0, 2.0])
    keys = [
        make_key("streets", ("ab", "c")),
        make_key("streets", ("a", "bc")),
        make_key("places", ("ab", "c")),
        make_key("places", (some,)),
        make_key("places", (some.astype(np.int64),)),
        make_key("places", (some.reshape(1, 2),)),
        make_key("places", (b"ab", "c", "")),
    ]
    assert len(set(keys)) == len(keys) and make_key("places", (some.copy(),)) == keys[3]
