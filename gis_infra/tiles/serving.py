"""A tile for a request: from memory or disk if nothing near it has changed since, else made, compressed and kept.

However many ask at once for a tile that is not kept, it is made once: threads of a process wait for the first of them,
processes of a machine take turns and look on the disk when theirs has come.
"""

import gzip
import hashlib
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from sqlalchemy import Connection, Engine

from gis_infra import __version__
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.state import LayerState, get_state_of
from gis_infra.storage.faults import translated
from gis_infra.storage.transactions import reading
from gis_infra.tiles.areas import read_version
from gis_infra.tiles.cache import CachedTile, TileKey, make_key
from gis_infra.tiles.making import get_least_zoom, list_columns, make_tile
from gis_infra.tiles.query import TileQuery
from gis_infra.tiles.shelf import Shelf
from gis_infra.tiles.watching import Watch

# Vector tiles shrink little more at higher levels, and level 9 takes three times as long.
GZIP_LEVEL = 5


@dataclass(frozen=True)
class TileSource:
    """Where tiles come from. limit_s: seconds a tile may take."""

    engine: Engine
    tables: LayerTables
    shelf: Shelf
    limit_s: float


@dataclass(frozen=True)
class Tile:
    """A tile, gzip-compressed, and the tag that changes whenever it may differ; no body if the caller has it."""

    tag: str
    body: bytes | None


def get_tile(source: TileSource, query: TileQuery, known: frozenset[str]) -> Tile:
    """The tile as its actor may see it, never older than the last change that was committed before the call.

    known: tags the caller holds; if the tile's is among them there is no body.
    Raises what `make_tile` does; BusyError at the time limit, StorageError.
    """
    query.actor.require("read", query.layer)
    key = make_key(query)
    # This is all an unchanged tile costs, and requests that come together share it.
    state = source.shelf.watches.setdefault(query.layer.id, Watch()).look(partial(read_state, source, query.layer))
    kept = source.shelf.memory.find_at(key, state)
    if kept is None:
        return find_changed(source, query, key, state, known)
    return Tile(kept.tag, None if kept.tag in known else kept.body)


def read_state(source: TileSource, layer: Layer) -> LayerState:
    """The state of all that decides what anybody sees of a layer, by one statement with no transaction around it."""
    with translated(), source.engine.connect() as plain:
        return get_state_of(plain.execution_options(isolation_level="AUTOCOMMIT"), layer)


def find_changed(source: TileSource, query: TileQuery, key: TileKey, state: LayerState, known: frozenset[str]) -> Tile:
    """The tile of a layer that has changed since it was looked for, if ever it was; most of its tiles have not.

    state: of the layer, read before the call.
    """
    with translated(), source.engine.connect() as plain:
        tag = read_tag(plain.execution_options(isolation_level="AUTOCOMMIT"), query)
    if tag in known:
        return Tile(tag, None)
    body = source.shelf.memory.find(key, tag, state)
    if body is not None:
        return Tile(tag, body)
    # Who asks after a change has another tag, and does not wait for what was begun before it.
    found = source.shelf.making.get((key, tag), partial(find_or_make, source, query, key, tag), source.limit_s)
    source.shelf.memory.store(key, found, state)
    return Tile(found.tag, found.body)


def find_or_make(source: TileSource, query: TileQuery, key: TileKey, tag: str) -> CachedTile:
    """The tile of the state `tag`, or of a later one: from the disk, where another process may just put it, or new."""
    kept = source.shelf.disk.find(key)
    if kept is not None and kept.tag == tag:
        return kept
    with ExitStack() as turn:
        source.shelf.disk.take_turn(turn, key, source.limit_s)
        fresh = read_fresh(source, query, source.shelf.disk.find(key))
        source.shelf.disk.store(key, fresh)
    return fresh


def read_fresh(source: TileSource, query: TileQuery, kept: CachedTile | None) -> CachedTile:
    """The tile as it is now, with its tag: the one that is kept if it is still right."""
    with reading(source.engine, source.limit_s) as connection:
        # Both of one moment: the connection sees a single snapshot.
        tag = read_tag(connection, query)
        if kept is not None and kept.tag == tag:
            return kept
        body = make_tile(connection, source.tables, query)
    return CachedTile(tag, gzip.compress(body, GZIP_LEVEL, mtime=0))


def read_tag(connection: Connection, query: TileQuery) -> str:
    """The tag of the tile as it is now."""
    return make_tag(read_version(connection, query.layer, query.address), query)


def make_tag(state: LayerState, query: TileQuery) -> str:
    """A short text that changes with the rows, the layer's definition, the program, who sees what, and the condition.

    state: of what the tile shows.
    """
    layer = query.layer
    parts = (
        layer.id,
        state.revision,
        state.changed_at.isoformat() if state.changed_at else "",
        query.actor.get_view(layer),
        list_columns(layer),
        get_least_zoom(layer),
        query.words,
        __version__,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]
