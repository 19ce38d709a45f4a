"""What stands against a change: features that somebody holds by a lock which the change does not present.

Every road asks here once it has the rows: OGC API, WFS and the restoring of versions through `changing.applying`,
imports and their undoing where they change rows that are there. Plain SQL does not; who has the database's password
answers for it.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    cast,
    column,
    func,
    literal,
    select,
)
from sqlalchemy.sql.selectable import FromClause

from gis_infra.errors import FeatureLocked, LockedByAnother
from gis_infra.features.locks.tables import LOCK, LOCKED

Key = tuple[str, int]
# The name of the setting in which a transaction has the lock it was given.
PRESENTED = "gis_infra.lock_id"


def require_free(connection: Connection, keys: Collection[Key]) -> None:
    """Return if no lock but the one presented holds any of the features. keys: layer id and id, of locked rows.

    Raises FeatureLocked, which names the first of them, by whom it is held and until when; LockedByAnother if a lock
    was presented.
    """
    if not keys:
        return
    wanted = unnest(keys)
    same = (LOCKED.c.layer == wanted.c.layer) & (LOCKED.c.feature_id == wanted.c.id)
    require_none(connection, select_held().join_from(LOCKED, wanted, same))


def require_free_rows(connection: Connection, layer_id: str, ids: Select[Any]) -> None:
    """The same of the features of a layer whose ids a statement selects, whose rows nobody else can change."""
    held = select_held().where(LOCKED.c.layer == layer_id)
    if connection.execute(held.limit(1)).one_or_none() is None:
        return  # mostly so, and the statement may be a long one
    require_none(connection, held.where(LOCKED.c.feature_id.in_(ids)))


def unnest(keys: Collection[Key]) -> FromClause:
    """Features as a table of the columns `layer` and `id`."""
    layers, ids = zip(*sorted(keys), strict=True)
    both = func.unnest(literal(list(layers), ARRAY(Text)), literal(list(ids), ARRAY(BigInteger)))
    return both.table_valued(column("layer", Text), column("id", BigInteger), name="wanted").render_derived()


def select_held() -> Select[Any]:
    """Features under a lock that has not ended and was not presented: layer, id, whose it is and until when."""
    presented = func.nullif(func.current_setting(PRESENTED, True), "")
    is_other = cast(LOCK.c.id, Text).is_distinct_from(presented)
    columns = (LOCKED.c.layer, LOCKED.c.feature_id, LOCK.c.username, LOCK.c.expires_at)
    held = select(*columns, presented.is_not(None).label("is_presented")).join_from(LOCKED, LOCK)
    return held.where(is_live(), is_other)


def is_live() -> ColumnElement[bool]:
    """True for a lock that has not ended. By the clock: a transaction may be older than the lock it meets."""
    live: ColumnElement[bool] = LOCK.c.expires_at > func.clock_timestamp()
    return live


def require_none(connection: Connection, held: Select[Any]) -> None:
    """Return if a statement of `select_held` finds nothing. Raises FeatureLocked, LockedByAnother."""
    first = connection.execute(held.order_by(LOCKED.c.layer, LOCKED.c.feature_id).limit(1)).one_or_none()
    if first is not None:
        refuse(first)


def refuse(row: Row[Any]) -> NoReturn:
    """Raise what a row of `select_held` says."""
    kind = LockedByAnother if row.is_presented else FeatureLocked
    raise kind(f"feature {name(row)} is locked by {tell(row.username, row.expires_at)}", where="lockId")


def name(row: Row[Any]) -> str:
    """The feature of a row of `select_held`, as every protocol knows it."""
    return f"{row.layer}.{row.feature_id}"


def tell(username: str, expires_at: datetime) -> str:
    """Whose a lock is, and when it ends if it is not ended before."""
    return f"{username} until {expires_at:%Y-%m-%d %H:%M:%S} {expires_at:%Z}".rstrip()
