"""What changed since the last run, as a transaction sees it; and what is done with it afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from gis_infra.analysis.register.tables import CONFLICT_RUN
from gis_infra.analysis.runs.tables import CHANGE


@dataclass(frozen=True)
class Changes:
    """Lines of the table of changes that a transaction sees.

    ids: of the lines. layers: they speak of. emptied: those of them of which nobody knows which rows changed.
    """

    ids: tuple[int, ...] = ()
    layers: frozenset[str] = frozenset()
    emptied: frozenset[str] = frozenset()


def read_changes(connection: Connection) -> Changes:
    """What changed up to the moment the transaction sees, and is not looked at yet."""
    rows = connection.execute(select(CHANGE.c.id, CHANGE.c.layer, CHANGE.c.ids.is_(None).label("whole"))).all()
    return Changes(
        tuple(row.id for row in rows),
        frozenset(row.layer for row in rows),
        frozenset(row.layer for row in rows if row.whole),
    )


def forget_changes(connection: Connection, changes: Changes) -> None:
    """Be done with what a transaction saw; what came later stays."""
    if changes.ids:
        connection.execute(delete(CHANGE).where(CHANGE.c.id == func.any(list(changes.ids))))


def find_base(connection: Connection, packs: Sequence[str]) -> str | None:
    """The version of the rules by which the whole city was last looked at with these packs, None if it never was."""
    last = (
        select(CONFLICT_RUN.c.rules_version)
        .where(CONFLICT_RUN.c.scope == "city", CONFLICT_RUN.c.packs == list(packs))
        .order_by(CONFLICT_RUN.c.id.desc())
        .limit(1)
    )
    found: str | None = connection.execute(last).scalar_one_or_none()
    return found
