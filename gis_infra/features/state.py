"""What is known of a layer without reading it: its revision, and what an actor may see of its count and extent.

Triggers keep these rows with every insert, update, delete and truncate, plain SQL included, so they are exact.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import ACCESS_LEVELS, Kept, Layer
from gis_infra.features.tables import LAYER_STATE, LAYER_TALLY
from gis_infra.spatial.boxes import Bbox


@dataclass(frozen=True)
class LayerState:
    """The number of changes a layer has seen, and the moment of the last; 0 and None if it never held anything."""

    revision: int
    changed_at: datetime | None


@dataclass(frozen=True)
class Tally:
    """What one actor may see of one layer: how many features, and where (longitude/latitude; None if nowhere)."""

    features: int
    extent: Bbox | None


def get_state(connection: Connection, layer_id: str) -> LayerState:
    """The layer's revision and the moment of its last change, in one lookup by key."""
    statement = select(LAYER_STATE.c.revision, LAYER_STATE.c.changed_at).where(LAYER_STATE.c.layer == layer_id)
    row = connection.execute(statement).one_or_none()
    return LayerState(0, None) if row is None else LayerState(row.revision, row.changed_at)


def get_state_of(connection: Connection, layer: Layer) -> LayerState:
    """The state of all that decides what anybody sees of a layer.

    That is its own; of a layer that the program keeps, those of all, because its rows are seen by who sees others.
    """
    if layer.kept is None:
        return get_state(connection, layer.id)
    whole = select(func.coalesce(func.sum(LAYER_STATE.c.revision), 0), func.max(LAYER_STATE.c.changed_at))
    revision, changed_at = connection.execute(whole).one()
    return LayerState(int(revision), changed_at)


def get_changes(connection: Connection, layers: Iterable[Layer], actor: Actor) -> Mapping[str, datetime]:
    """When each layer was changed last, by id; only of layers of which the actor may see every row.

    A change of rows one may not see must not show. A layer that never held anything is left out.
    """
    own = [layer for layer in layers if layer.kept is None]
    seen = [layer.id for layer in own if actor.get_visible_levels(layer) == ACCESS_LEVELS]
    statement = select(LAYER_STATE.c.layer, LAYER_STATE.c.changed_at).where(LAYER_STATE.c.layer.in_(seen))
    return {row.layer: row.changed_at for row in connection.execute(statement)} if seen else {}


def get_tally(connection: Connection, layer: Layer, actor: Actor) -> Tally:
    """How many features of the layer the actor may see, and their extent. Raises UnknownLayer."""
    return get_tallies(connection, [layer], actor)[layer.id]


def get_tallies(connection: Connection, layers: Iterable[Layer], actor: Actor) -> Mapping[str, Tally]:
    """The tally of each layer, by id, in one question to the database, and one for each that the program keeps.

    Raises UnknownLayer if one of them may not be seen.
    """
    wanted = tuple(layers)
    for layer in wanted:
        actor.require("read", layer)
    tallied = tuple(layer for layer in wanted if layer.kept is None)
    found = {row.layer: row for row in connection.execute(select_tallies(tallied, actor))} if tallied else {}
    for layer in wanted:
        if layer.kept is not None:
            found[layer.id] = connection.execute(select_kept(layer.kept, actor)).one()
    return {each.id: to_tally(found.get(each.id)) for each in wanted}


def select_tallies(layers: tuple[Layer, ...], actor: Actor) -> Select[Any]:
    """One row per layer that holds anything the actor may see."""
    tally = LAYER_TALLY.c
    by_sight: dict[tuple[str, ...], list[str]] = {}
    for layer in layers:
        by_sight.setdefault(actor.get_visible_levels(layer), []).append(layer.id)
    seen = (tally.layer.in_(ids) & tally.sensitivity.in_(["", *levels]) for levels, ids in by_sight.items())
    return (
        select(
            tally.layer,
            func.sum(tally.features).label("features"),
            func.min(tally.west).label("west"),
            func.min(tally.south).label("south"),
            func.max(tally.east).label("east"),
            func.max(tally.north).label("north"),
        )
        .where(or_(*seen))
        .group_by(tally.layer)
    )


def select_kept(kept: Kept, actor: Actor) -> Select[Any]:
    """The one row that `to_tally` reads, counted from the rows themselves: no trigger knows who may see them."""
    box = func.st_extent(kept.table.c.lonlat)
    edges = {"west": func.st_xmin, "south": func.st_ymin, "east": func.st_xmax, "north": func.st_ymax}
    columns = [edge(box).label(name) for name, edge in edges.items()]
    return select(func.count().label("features"), *columns).where(kept.select_visible(kept.table, actor))


def to_tally(row: Row[Any] | None) -> Tally:
    """The tally in a row of `select_tallies`; nothing where there is no row."""
    if row is None:
        return Tally(0, None)
    extent = None if row.west is None else Bbox(row.west, row.south, row.east, row.north, 4326)
    return Tally(int(row.features), extent)
