"""The locks that last, for who runs the city's machine; and taking one away whose holder has gone home."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from gis_infra.errors import UnknownLock
from gis_infra.features.locks.holding import is_live
from gis_infra.features.locks.keeping import parse
from gis_infra.features.locks.tables import LOCK, LOCKED

MOST = 1_000


@dataclass(frozen=True)
class LiveLock:
    """A lock that lasts. features: how many it holds; layers: of which layers, by id."""

    id: str
    username: str
    created_at: datetime
    expires_at: datetime
    features: int
    layers: tuple[str, ...]


def list_live(connection: Connection) -> tuple[LiveLock, ...]:
    """The locks that last, those that end first at the top; at most MOST."""
    layers = func.array_agg(LOCKED.c.layer.distinct()).filter(LOCKED.c.layer.is_not(None))
    columns = (LOCK.c.id, LOCK.c.username, LOCK.c.created_at, LOCK.c.expires_at)
    counted = select(*columns, func.count(LOCKED.c.feature_id), func.coalesce(layers, [])).outerjoin_from(LOCK, LOCKED)
    rows = connection.execute(
        counted.where(is_live()).group_by(LOCK.c.id).order_by(LOCK.c.expires_at, LOCK.c.id).limit(MOST)
    )
    return tuple(
        LiveLock(str(id_), username, begun, ends, features, tuple(found))
        for id_, username, begun, ends, features, found in rows
    )


def dismiss(connection: Connection, lock_id: str) -> None:
    """Take a lock away, whosever it is; what it held is free. Raises UnknownLock if there is none of that id."""
    gone = connection.execute(delete(LOCK).where(LOCK.c.id == parse(lock_id)).returning(LOCK.c.id))
    if gone.one_or_none() is None:
        raise UnknownLock(f"there is no lock {lock_id[:60]!r}", where=lock_id[:60])
