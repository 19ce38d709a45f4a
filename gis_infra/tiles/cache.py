"""Tiles kept in memory, compressed, each with the state of what it shows that it was made from.

A tile is given out only for the very state it was made from, which the caller reads at each request; so nothing here
can be stale, and nothing needs to be told of edits.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

from gis_infra.features.state import LayerState
from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.query import TileQuery

# What Python keeps beside the bytes of one entry, roughly.
ENTRY_OVERHEAD = 600
WORD_BYTES = 4  # of a letter of a condition, at most


class TileKey(NamedTuple):
    """Which tile, for whom: actors who see the same rows of a layer see the same tile.

    words: of the condition on its features; none if it holds all.
    """

    layer_id: str
    view: tuple[str, ...]
    address: TileAddress
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class CachedTile:
    """A tile, gzip-compressed, and the tag of the layer's state it was made from."""

    tag: str
    body: bytes


class TileCache:
    """The most recently used tiles, up to a number of bytes; safe to use from several threads."""

    def __init__(self, capacity_bytes: int) -> None:
        self._capacity = capacity_bytes
        self._size = 0
        self._entries: OrderedDict[TileKey, CachedTile] = OrderedDict()
        self._states: dict[TileKey, LayerState] = {}
        self._lock = threading.Lock()

    def find_at(self, key: TileKey, state: LayerState) -> CachedTile | None:
        """The tile if it is known to be right for this state of its layer."""
        with self._lock:
            if self._states.get(key) != state:
                return None
            self._entries.move_to_end(key)
            return self._entries[key]

    def find(self, key: TileKey, tag: str, state: LayerState | None = None) -> bytes | None:
        """The compressed tile, None unless it is kept and has this tag.

        state: of its layer, read before the tag was; the tile is known to be right for it from now on.
        """
        with self._lock:
            entry = self._entries.get(key)
            if entry is None or entry.tag != tag:
                return None
            self._entries.move_to_end(key)
            if state is not None:
                self._states[key] = state
            return entry.body

    def store(self, key: TileKey, tile: CachedTile, state: LayerState | None = None) -> None:
        """Keep the tile, and let go of those not used for longest where there is no room.

        state: of its layer, read before the tile was.
        """
        with self._lock:
            self._remove(key)
            self._entries[key] = tile
            if state is not None:
                self._states[key] = state
            self._size += measure(key, tile)
            while self._size > self._capacity and self._entries:
                self._remove(next(iter(self._entries)))

    def _remove(self, key: TileKey) -> None:
        entry = self._entries.pop(key, None)
        self._states.pop(key, None)
        if entry is not None:
            self._size -= measure(key, entry)


def measure(key: TileKey, tile: CachedTile) -> int:
    """The bytes a tile takes in memory, roughly."""
    return len(tile.body) + sum(map(len, key.words)) * WORD_BYTES + ENTRY_OVERHEAD


def make_key(query: TileQuery) -> TileKey:
    """The key of the tile as its actor sees it."""
    return TileKey(query.layer.id, query.actor.get_view(query.layer), query.address, query.words)
