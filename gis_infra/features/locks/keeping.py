"""A lock in the hands of who made it: presented with a change, renewed, released in part or as a whole."""

import uuid
from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, exists, func, select, update

from gis_infra.accounts.actor import Actor
from gis_infra.errors import LockExpired, UnknownLock
from gis_infra.features.locks.holding import PRESENTED, Key, is_live, unnest
from gis_infra.features.locks.tables import LOCK, LOCKED
from gis_infra.features.locks.taking import Lock, require_duration


def present(connection: Connection, lock_id: str, actor: Actor) -> None:
    """Let changes touch what a lock holds, from here to the end of the transaction.

    lock_id: as it was sent. Raises UnknownLock for one that the actor does not have, LockExpired for one that ended.
    """
    found = find(connection, lock_id, actor)
    if found is None:
        raise UnknownLock(f"there is no lock {lock_id[:60]!r}", where="lockId")
    if not found:
        raise LockExpired(f"lock {lock_id[:60]} has expired; lock the features again", where="lockId")
    connection.execute(select(func.set_config(PRESENTED, str(parse(lock_id)), True)))


def settle(connection: Connection, lock_id: str, touched: Collection[Key], *, releases_all: bool) -> None:
    """Release what a lock holds, after the changes made with it: all of it, or what they touched.

    lock_id: of one that was presented. touched: layer id and id of the features changed. What is left of a lock begins
    to last anew; one that holds nothing any more is gone.
    Source: OGC 09-025r2 clause 15.2.3.1.
    """
    connection.execute(renewal(lock_id))
    if touched and not releases_all:
        keys = unnest(touched)
        is_touched = and_(LOCKED.c.layer == keys.c.layer, LOCKED.c.feature_id == keys.c.id)
        connection.execute(delete(LOCKED).where(LOCKED.c.lock_id == parse(lock_id), is_touched))
    is_empty = ~exists().where(LOCKED.c.lock_id == LOCK.c.id)
    gone: list[ColumnElement[bool]] = [] if releases_all else [is_empty]
    connection.execute(delete(LOCK).where(LOCK.c.id == parse(lock_id), *gone))


def renew(connection: Connection, lock_id: str, actor: Actor, duration_s: int) -> Lock:
    """A lock that lasts anew from now on, with all that it holds.

    Raises LockExpired for one that has ended, or that there is not; InvalidParameter for a duration that cannot be.
    Source: OGC 09-025r2 clause 12.2.4.2, which tells the two alike.
    """
    require_duration(duration_s)
    renewed = renewal(lock_id, duration_s).where(LOCK.c.username == actor.username, is_live()).returning(LOCK.c.id)
    if connection.execute(renewed).one_or_none() is None:
        raise LockExpired(f"lock {lock_id[:60]!r} has expired, or never was", where="lockId")
    return Lock(str(parse(lock_id)), read_features(connection, lock_id))


def find(connection: Connection, lock_id: str, actor: Actor) -> bool | None:
    """Whether a lock of the actor's lasts; None if there is none of that id."""
    mine: Select[Any] = select(is_live()).where(LOCK.c.id == parse(lock_id), LOCK.c.username == actor.username)
    found: bool | None = connection.execute(mine).scalar_one_or_none()
    return found


def read_features(connection: Connection, lock_id: str) -> tuple[Key, ...]:
    """What a lock holds, by layer id and id."""
    rows = select(LOCKED.c.layer, LOCKED.c.feature_id).where(LOCKED.c.lock_id == parse(lock_id))
    held = connection.execute(rows.order_by(LOCKED.c.layer, LOCKED.c.feature_id))
    return tuple((row.layer, row.feature_id) for row in held)


def renewal(lock_id: str, duration_s: int | None = None) -> Any:
    """The statement by which a lock lasts anew, as long as it was made for or as is said."""
    length = LOCK.c.duration_s if duration_s is None else duration_s
    ends = func.clock_timestamp() + func.make_interval(0, 0, 0, 0, 0, 0, length)
    return update(LOCK).where(LOCK.c.id == parse(lock_id)).values(expires_at=ends, duration_s=length)


def parse(lock_id: str) -> uuid.UUID:
    """The id as the database has it; that of no lock for text that is no id."""
    try:
        return uuid.UUID(lock_id.strip())
    except ValueError:
        return uuid.UUID(int=0)
