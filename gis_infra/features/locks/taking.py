"""Features locked for somebody, all that are asked for or those that can be.

The rows are locked first, as writers lock them: so a change that is under way is waited for, and the lock is on what it
left.
"""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Connection,
    Interval,
    any_,
    delete,
    func,
    literal,
    not_,
    select,
)
from sqlalchemy.dialects.postgresql import insert

from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import CannotLock, ConflictError, InvalidParameter
from gis_infra.features.locks.holding import Key, is_live, name, select_held, tell, unnest
from gis_infra.features.locks.tables import LOCK, LOCKED
from gis_infra.features.query import FeatureQuery
from gis_infra.features.selection import select_page

DURATION_S = 300  # where none is asked for. Source: OGC 09-025r2 clause 12.2.4.3
LONGEST_S = 86_400
MOST_FEATURES = 100_000
MOST_LOCKS = 1_000  # of one person at a time
REMEMBERED = timedelta(days=1)  # how long it can be told that a lock has ended


@dataclass(frozen=True)
class Terms:
    """How features are to be locked. duration_s: at most LONGEST_S. takes_all: whether it is all of them or none."""

    duration_s: int = DURATION_S
    takes_all: bool = True


@dataclass(frozen=True)
class Lock:
    """A lock. locked: what it holds; refused: what was asked for and another lock holds; both in order."""

    id: str
    locked: tuple[Key, ...]
    refused: tuple[Key, ...] = ()


def take(
    connection: Connection, tables: LayerTables, queries: Sequence[FeatureQuery], actor: Actor, terms: Terms
) -> Lock:
    """A new lock on the features on the pages of queries, of which there may be none.

    connection: of `storage.transactions.writing`; when this raises, nothing of it may be kept.
    Raises UnknownLayer, SignInNeeded or NotPermitted for who may not edit a layer; CannotLock if all are wanted and
    some are locked; InvalidParameter for more than MOST_FEATURES or a duration that cannot be; ConflictError for
    somebody who holds MOST_LOCKS; what `selection.select_page` raises.
    """
    for query in queries:
        actor.require("edit", query.layer)
    require_duration(terms.duration_s)
    require_room(connection, actor)
    wanted = hold_rows(connection, tables, queries)
    lock_id = enter(connection, actor, terms)
    locked = enter_features(connection, lock_id, wanted)
    refused = sorted(set(wanted) - set(locked))
    if refused and terms.takes_all:
        raise make_error(connection, wanted, refused)
    forget(connection)
    return Lock(str(lock_id), tuple(locked), tuple(refused))


def require_duration(duration_s: int) -> None:
    """Return if a lock may last that long. Raises InvalidParameter."""
    if not 1 <= duration_s <= LONGEST_S:
        raise InvalidParameter(
            f"a lock lasts from 1 second to {LONGEST_S} seconds, which is a day; asked for are {duration_s}",
            where="expiry",
        )


def require_room(connection: Connection, actor: Actor) -> None:
    """Return if the actor may have another lock. Raises ConflictError."""
    mine = select(func.count()).select_from(LOCK).where(LOCK.c.username == actor.username, is_live())
    if connection.execute(mine).scalar_one() >= MOST_LOCKS:
        raise ConflictError(f"{actor.username} holds {MOST_LOCKS} locks; release some of them first", where="lockId")


def hold_rows(connection: Connection, tables: LayerTables, queries: Sequence[FeatureQuery]) -> list[Key]:
    """The features on the pages of queries, in order, their rows locked until the transaction ends."""
    found = find(connection, tables, queries)
    by_layer: dict[str, list[int]] = defaultdict(list)
    for layer_id, id_ in sorted(found):
        by_layer[layer_id].append(id_)
    for layer_id, ids in by_layer.items():
        table = tables.get(layer_id)
        rows = select(table.c.id).where(table.c.id == any_(literal(ids, ARRAY(BigInteger))))
        connection.execute(rows.order_by(table.c.id).with_for_update()).all()
    # Who was waited for may have made of them what is not asked for.
    return sorted(found & find(connection, tables, queries)) if found else []


def find(connection: Connection, tables: LayerTables, queries: Iterable[FeatureQuery]) -> set[Key]:
    """The features on the pages of queries. Raises InvalidParameter if they are too many."""
    found: set[Key] = set()
    for query in queries:
        bare = replace(query, properties=(), skip_geometry=True, limit=min(query.limit, MOST_FEATURES + 1))
        found |= {(query.layer.id, row.id) for row in connection.execute(select_page(tables, bare))}
        if len(found) > MOST_FEATURES:
            raise InvalidParameter(
                f"a lock holds at most {MOST_FEATURES} features, and more are asked for", where="typeNames"
            )
    return found


def enter(connection: Connection, actor: Actor, terms: Terms) -> uuid.UUID:
    """The id of a new lock, which nobody can guess."""
    lock_id = uuid.uuid4()
    ends = func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, terms.duration_s)
    values = {"id": lock_id, "username": actor.username, "duration_s": terms.duration_s, "expires_at": ends}
    connection.execute(LOCK.insert().values(values))
    return lock_id


def enter_features(connection: Connection, lock_id: uuid.UUID, wanted: Collection[Key]) -> list[Key]:
    """Those of the features that the lock holds from now on: all but those that another lock holds, by id."""
    if not wanted:
        return []
    keys = unnest(wanted)
    is_wanted = (LOCKED.c.layer == keys.c.layer) & (LOCKED.c.feature_id == keys.c.id)
    # A lock that has ended may just be renewed: whoever does it is waited for, and what they did is seen.
    theirs = select(LOCKED.c.lock_id).join_from(LOCKED, keys, is_wanted)
    connection.execute(select(LOCK.c.id).where(LOCK.c.id.in_(theirs)).order_by(LOCK.c.id).with_for_update()).all()
    ended = select(LOCK.c.id).where(not_(is_live()))
    connection.execute(delete(LOCKED).where(is_wanted, LOCKED.c.lock_id.in_(ended)))
    rows = select(keys.c.layer, keys.c.id, literal(lock_id)).order_by(keys.c.layer, keys.c.id)
    added = insert(LOCKED).from_select([LOCKED.c.layer, LOCKED.c.feature_id, LOCKED.c.lock_id], rows)
    found = connection.execute(added.on_conflict_do_nothing().returning(LOCKED.c.layer, LOCKED.c.feature_id))
    return sorted((row.layer, row.feature_id) for row in found)


def make_error(connection: Connection, wanted: Sequence[Key], refused: Sequence[Key]) -> CannotLock:
    """That some of the features are locked already: how many, the first of them, by whom and until when."""
    layer_id, id_ = refused[0]
    first = select_held().where(LOCKED.c.layer == layer_id, LOCKED.c.feature_id == id_)
    row = connection.execute(first).one_or_none()
    told = f"; {name(row)} is, by {tell(row.username, row.expires_at)}" if row is not None else ""
    return CannotLock(f"{len(refused)} of {len(wanted)} features are locked already{told}", where=f"{layer_id}.{id_}")


def forget(connection: Connection) -> None:
    """Take away the locks that ended long ago, but for those that somebody is just looking at."""
    long_ago = LOCK.c.expires_at < func.clock_timestamp() - literal(REMEMBERED, Interval)
    old = select(LOCK.c.id).where(long_ago).with_for_update(skip_locked=True)
    connection.execute(delete(LOCK).where(LOCK.c.id.in_(old)))
