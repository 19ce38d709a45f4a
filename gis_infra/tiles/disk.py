"""Tiles kept in files, so that every process of this machine, and the next start, finds what one has made.

A file is one tile with the tag of the state it was made from, and it is given out with that tag only: nothing here can
be stale. It holds what some may see and others may not, so that only its owner may read it. Where nothing can be
written, nothing is kept, and tiles are served all the same.
"""

import hashlib
import json
import logging
import os
import threading
import zlib
from collections import Counter
from contextlib import ExitStack
from functools import lru_cache, partial
from pathlib import Path

from gis_infra.errors import StorageError
from gis_infra.storage.locks import hold_lock
from gis_infra.tiles.behind import Behind
from gis_infra.tiles.cache import CachedTile, TileKey

log = logging.getLogger(__name__)

# Files stand in so many folders, each with its part of the room, so that looking for the oldest looks at few.
FOLDERS = 256
FOLDER_LETTERS = 2
# As many tiles can be made at once by all processes together without waiting for one another by mere chance.
LOCK_LETTERS = 2
LOCK_PAUSE_S = 0.003
# A folder is looked through whenever this part of its room was written, and cleared down to the second one.
SWEPT_AFTER, LEFT_AFTERWARDS = 1 / 16, 3 / 4
BLOCK_BYTES = 512  # of st_blocks
CHECK_BYTES = 4
KNOWN_NAMES = 1000  # each is asked for several times while a tile is made
MOST_UNWRITTEN = 100  # tiles; beyond, who makes one writes it
# Tiles that may wait for a moment in which none is made; beyond, they are not written at all.
MOST_SPARE, QUIET_S = 300, 0.5


class DiskCache:
    """The most recently used tiles in a folder, up to a number of bytes on the disk; for several processes at once.

    capacity_bytes: 0 keeps nothing. Up to four processes that write at once stay below it.
    """

    def __init__(self, folder: Path, capacity_bytes: int) -> None:
        self._folder = folder
        self._room = capacity_bytes // FOLDERS
        self._written: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._writer = Behind(MOST_UNWRITTEN)
        self._spare = Behind(MOST_SPARE, QUIET_S)

    def find(self, key: TileKey) -> CachedTile | None:
        """The tile that is kept, of whatever state; None if there is none, or what is there is no whole tile."""
        if not self._room:
            return None
        path = self._get_path(to_name(key))
        try:
            data = path.read_bytes()
            os.utime(path)  # the least recently used goes first
        except OSError:
            return None
        return unpack(data)

    def store(self, key: TileKey, tile: CachedTile) -> None:
        """Keep the tile in place of an older one, and let go of others where there is no room."""
        data = pack(tile)
        if len(data) > self._room:
            return
        name = to_name(key)
        path = self._get_path(name)
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_whole(path, data)
            if self._is_due(name[:FOLDER_LETTERS], len(data)):
                sweep(path.parent, int(self._room * LEFT_AFTERWARDS))
        except OSError as error:
            log.warning("no tile can be kept in %s: %s", self._folder, error.strerror)

    def store_later(self, key: TileKey, tile: CachedTile, turn: ExitStack) -> None:
        """Keep the tile from another thread, and end the turn that was taken for it when that is done."""
        work = partial(self._store_in_turn, key, tile, turn)
        if not self._writer.add(work):
            work()

    def store_sometime(self, key: TileKey, tile: CachedTile) -> None:
        """Keep a tile that is made again as quickly as it is written, once no others are made for a moment."""
        if self._room:
            self._spare.note()
            self._spare.add(partial(self.store, key, tile))

    def take_turn(self, stack: ExitStack, key: TileKey, limit_s: float) -> None:
        """Have no other process make this tile until `stack` ends. Raises BusyError after `limit_s` seconds."""
        if not self._room:
            return
        try:
            lock = self._folder / "locks" / to_name(key)[:LOCK_LETTERS]
            stack.enter_context(hold_lock(lock, limit_s, LOCK_PAUSE_S))
        except StorageError as error:
            log.warning("tiles are made without taking turns: %s", error)

    def _store_in_turn(self, key: TileKey, tile: CachedTile, turn: ExitStack) -> None:
        with turn:
            self.store(key, tile)

    def _get_path(self, name: str) -> Path:
        return self._folder / name[:FOLDER_LETTERS] / name[FOLDER_LETTERS:]

    def _is_due(self, folder: str, size: int) -> bool:
        """Whether a folder is to be looked through: at its first tile from this process, and now and then after."""
        with self._lock:
            first = folder not in self._written
            self._written[folder] += size
            due = first or self._written[folder] > self._room * SWEPT_AFTER
            if due:
                self._written[folder] = 0
            return due


@lru_cache(KNOWN_NAMES)
def to_name(key: TileKey) -> str:
    """A file's name that no other tile has."""
    address = key.address
    parts = [key.layer_id, key.view, address.zoom, address.row, address.column, key.words]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:40]


def pack(tile: CachedTile) -> bytes:
    """The bytes of a file: a checksum of the rest, the tag in a line of its own, the tile."""
    rest = tile.tag.encode() + b"\n" + tile.body
    return zlib.crc32(rest).to_bytes(CHECK_BYTES) + rest


def unpack(data: bytes) -> CachedTile | None:
    """The tile in the bytes of a file; None if they are not as `pack` wrote them, as after a loss of power."""
    rest = data[CHECK_BYTES:]
    tag, newline, body = rest.partition(b"\n")
    if not newline or zlib.crc32(rest) != int.from_bytes(data[:CHECK_BYTES]):
        return None
    return CachedTile(tag.decode(), body)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, and that has its name when it is whole. Raises OSError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(data)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise


def sweep(folder: Path, left_bytes: int) -> None:
    """Delete the least recently used files until the rest takes no more than `left_bytes`. Raises OSError.

    A draft that a killed process left behind goes like any other when its time comes.
    """
    files = []
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                found = entry.stat()
            except FileNotFoundError:
                continue  # another process was quicker
            files.append((found.st_mtime_ns, found.st_blocks * BLOCK_BYTES, entry.path))
    taken = sum(size for _, size, _ in files)
    for _, size, path in sorted(files):
        if taken <= left_bytes:
            return
        Path(path).unlink(missing_ok=True)
        taken -= size
