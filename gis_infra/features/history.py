"""Who changes rows, said to the triggers that keep the versions of every feature.

The triggers write history whoever changes a row; this only tells them the name. Without it a change is entered as made
by the database's account, via "sql".
"""

from datetime import UTC, datetime
from typing import Literal

from sqlalchemy import Connection, func, select

Via = Literal["api", "wfs", "import", "undo"]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = EPOCH.resolution


def to_version(updated_at: datetime) -> str:
    """The name of a feature's version: when it began, in microseconds since 1970, as digits."""
    return str((updated_at - EPOCH) // MICROSECOND)


def tag(connection: Connection, username: str, via: Via, import_id: int | None = None) -> None:
    """Enter every change of the open transaction, up to its end, as made by `username`.

    via: the road by which it came. import_id: of the import that makes it, or is undone by it.
    """
    said = {
        "gis_infra.username": username,
        "gis_infra.via": via,
        "gis_infra.import_id": "" if import_id is None else str(import_id),
    }
    connection.execute(select(*(func.set_config(name, value, True) for name, value in said.items())))
