"""A tile for a request: from memory if the layer has not changed since, else made, compressed and kept."""

import gzip
import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, Engine

from gis_infra import __version__
from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.tables import LayerTables
from gis_infra.features.state import LayerState, get_state_of
from gis_infra.storage.faults import translated
from gis_infra.storage.transactions import reading
from gis_infra.tiles.addresses import TileAddress
from gis_infra.tiles.cache import CachedTile, TileCache, make_key
from gis_infra.tiles.making import get_least_zoom, list_columns, make_tile

# Vector tiles shrink little more at higher levels, and level 9 takes three times as long.
GZIP_LEVEL = 5


@dataclass(frozen=True)
class TileSource:
    """Where tiles come from. limit_s: seconds a tile may take."""

    engine: Engine
    tables: LayerTables
    cache: TileCache
    limit_s: float


@dataclass(frozen=True)
class Tile:
    """A tile, gzip-compressed, and the tag that changes whenever it may differ; no body if the caller has it."""

    tag: str
    body: bytes | None


def get_tile(source: TileSource, layer: Layer, actor: Actor, address: TileAddress, known: frozenset[str]) -> Tile:
    """The tile as `actor` may see it, never older than the last committed change of the layer.

    known: tags the caller holds; if the tile's is among them there is no body.
    Raises UnknownLayer; BusyError at the time limit, StorageError.
    """
    actor.require("read", layer)
    key = make_key(layer, actor, address)
    with translated(), source.engine.connect() as plain:
        # One statement, no transaction around it: this is all an unchanged tile costs.
        tag = make_tag(get_state_of(plain.execution_options(isolation_level="AUTOCOMMIT"), layer), layer, actor)
    if tag in known:
        return Tile(tag, None)
    body = source.cache.find(key, tag)
    if body is None:
        with reading(source.engine, source.limit_s) as connection:
            fresh = make_fresh(connection, source.tables, layer, actor, address)
        source.cache.store(key, fresh)
        return Tile(fresh.tag, fresh.body)
    return Tile(tag, body)


def make_fresh(
    connection: Connection, tables: LayerTables, layer: Layer, actor: Actor, address: TileAddress
) -> CachedTile:
    """The tile and the tag of the state it is made from, both of one moment: `connection` sees a single snapshot."""
    tag = make_tag(get_state_of(connection, layer), layer, actor)
    body = make_tile(connection, tables, layer, actor, address)
    return CachedTile(tag, gzip.compress(body, GZIP_LEVEL, mtime=0))


def make_tag(state: LayerState, layer: Layer, actor: Actor) -> str:
    """A short text that changes with the layer's rows, with its definition, with the program and with who sees what."""
    parts = (
        layer.id,
        str(state.revision),
        state.changed_at.isoformat() if state.changed_at else "",
        ",".join(actor.get_view(layer)),
        ",".join(list_columns(layer)),
        str(get_least_zoom(layer)),
        __version__,
    )
    return hashlib.sha256("|".join(parts).encode()).hexdigest()[:20]
