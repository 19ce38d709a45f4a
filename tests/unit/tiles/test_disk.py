"""Tiles in files: what is given out, what is let go, and what happens where nothing can be written."""

import os
import stat
import time
from contextlib import ExitStack

import pytest

from gis_infra.errors import BusyError
from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.behind import Behind
from gis_infra.tiles.cache import CachedTile, TileKey
from gis_infra.tiles.disk import FOLDERS, DiskCache, to_name

ROOM = 64 * 1024


def key(column, *, view=("public",)):
    return TileKey("water_pipe", view, TileAddress(14, 7700, column))


@pytest.fixture
def disk(tmp_path):
    return DiskCache(tmp_path / "tiles", ROOM * FOLDERS)


def list_files(folder):
    return [each for each in folder.rglob("*") if each.is_file()]


def test_what_one_process_keeps_another_finds(disk, tmp_path):
    disk.store(key(1), CachedTile("seven", b"\n\x00body\n"))
    assert DiskCache(tmp_path / "tiles", ROOM * FOLDERS).find(key(1)) == CachedTile("seven", b"\n\x00body\n")
    assert disk.find(key(2)) is None


def test_a_later_tile_takes_the_place_of_an_earlier(disk, tmp_path):
    disk.store(key(1), CachedTile("seven", b"old"))
    disk.store(key(1), CachedTile("eight", b"new"))
    assert disk.find(key(1)) == CachedTile("eight", b"new")
    assert len(list_files(tmp_path)) == 1


def test_people_who_see_different_rows_have_different_files(disk):
    disk.store(key(1), CachedTile("t", b"public"))
    assert disk.find(key(1, view=("public", "shared"))) is None
    assert to_name(key(1, view=("a", "b"))) != to_name(key(1, view=('a", "b',)))


def test_only_the_owner_may_read_a_tile(disk, tmp_path):
    disk.store(key(1), CachedTile("t", b"secret"))
    assert [stat.S_IMODE(each.stat().st_mode) for each in list_files(tmp_path)] == [0o600]


@pytest.mark.parametrize("damage", [lambda data: data[:-1], lambda data: b"", lambda data: bytes(len(data))])
def test_a_file_that_is_not_whole_is_no_tile(disk, tmp_path, damage):
    disk.store(key(1), CachedTile("t", b"body"))
    (file,) = list_files(tmp_path)
    file.write_bytes(damage(file.read_bytes()))
    assert disk.find(key(1)) is None


def test_the_files_not_used_for_longest_go_where_there_is_no_room(disk, tmp_path):
    # The columns whose files stand in one folder, enough of them to fill it twice over.
    first = to_name(key(0))[:2]
    columns = [column for column in range(20_000) if to_name(key(column))[:2] == first][:32]
    for age, column in enumerate(columns):
        disk.store(key(column), CachedTile("t", bytes(4000)))
        if disk.find(key(column)):
            path = tmp_path / "tiles" / first / to_name(key(column))[2:]
            os.utime(path, (age, age))
    taken = sum(each.stat().st_blocks * 512 for each in list_files(tmp_path))
    assert taken <= ROOM
    assert disk.find(key(columns[0])) is None and disk.find(key(columns[-1])) is not None


def test_what_others_left_in_a_folder_counts_from_the_first_tile_on(disk, tmp_path):
    first = to_name(key(0))[:2]
    columns = [column for column in range(20_000) if to_name(key(column))[:2] == first][:33]
    larger = DiskCache(tmp_path / "tiles", 10 * ROOM * FOLDERS)
    for column in columns[:-1]:
        larger.store(key(column), CachedTile("t", bytes(4000)))
    disk.store(key(columns[-1]), CachedTile("t", bytes(4000)))
    assert sum(each.stat().st_blocks * 512 for each in list_files(tmp_path)) <= ROOM


def test_a_cache_without_room_keeps_nothing_and_takes_no_turns(tmp_path):
    disk = DiskCache(tmp_path / "tiles", 0)
    with ExitStack() as turn:
        disk.take_turn(turn, key(1), 0.0)
        disk.store(key(1), CachedTile("t", b"body"))
    assert disk.find(key(1)) is None and not (tmp_path / "tiles").exists()


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path, caplog):
    (tmp_path / "tiles").write_text("a file where the folder should be")
    disk = DiskCache(tmp_path / "tiles", ROOM * FOLDERS)
    with ExitStack() as turn:
        disk.take_turn(turn, key(1), 0.0)
        disk.store(key(1), CachedTile("t", b"body"))
    assert disk.find(key(1)) is None
    assert [each.levelname for each in caplog.records] == ["WARNING", "WARNING"]


def test_two_makers_of_a_tile_take_turns(disk):
    with ExitStack() as mine, ExitStack() as other:
        disk.take_turn(mine, key(1), 0.0)
        with pytest.raises(BusyError, match="another process has held"):
            disk.take_turn(other, key(1), 0.01)
        mine.close()
        disk.take_turn(other, key(1), 0.0)


def test_a_tile_that_is_written_later_ends_its_turn_when_it_is_there(disk, tmp_path):
    turn, other = ExitStack(), DiskCache(tmp_path / "tiles", ROOM * FOLDERS)
    disk.take_turn(turn, key(1), 1)
    disk.store_later(key(1), CachedTile("t", b"body"), turn)
    with ExitStack() as next_turn:
        other.take_turn(next_turn, key(1), 10)
        assert other.find(key(1)) == CachedTile("t", b"body")


def test_a_spare_tile_is_written_when_no_other_is_made_for_a_moment(disk, monkeypatch):
    monkeypatch.setattr(disk, "_spare", Behind(2, 0.1))
    disk.store_sometime(key(1), CachedTile("t", b"body"))
    assert disk.find(key(1)) is None
    deadline = time.monotonic() + 30
    while disk.find(key(1)) != CachedTile("t", b"body"):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_spare_tiles_beyond_the_room_to_wait_are_let_go(disk, monkeypatch):
    waiting = Behind(2, 60)
    monkeypatch.setattr(disk, "_spare", waiting)
    for number in range(5):
        disk.store_sometime(key(number), CachedTile("t", b"body"))
    assert not waiting.add(lambda: None)
    assert all(disk.find(key(number)) is None for number in range(5))


def test_nothing_spare_waits_where_nothing_is_kept(tmp_path, monkeypatch):
    nowhere = DiskCache(tmp_path / "tiles", 0)
    monkeypatch.setattr(nowhere, "_spare", None)
    nowhere.store_sometime(key(1), CachedTile("t", b"body"))
