"""What a run found, brought into the register: what is new, what is still there, what is gone, what came back.

Run it in a short transaction of READ COMMITTED: people work in the register while a run goes on, and what they did in
the meantime has to be seen here and kept.
"""

import datetime
from dataclasses import dataclass

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    DateTime,
    Text,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    null,
    or_,
    select,
    text,
    update,
)

from gis_infra.analysis.conflicts.focus import FOCUS, Focus
from gis_infra.analysis.register.naming import NAMED, name_findings
from gis_infra.analysis.register.tables import CONFLICT, CONFLICT_EVENT
from gis_infra.analysis.statements import read_statement
from gis_infra.catalogue.tables import LayerTables

# Writers wait, readers do not.
LOCK = text("LOCK TABLE gis.conflict IN SHARE ROW EXCLUSIVE MODE")


@dataclass(frozen=True)
class Entry:
    """Which run enters what it found.

    actor: user name of who asked for it. now: the moment it looked at. packs: whose conflicts it would have found.
    unchecked: rules of them that it could not check, whose conflicts stay as they are.
    focus: what it was narrowed to; None is the whole city. The temporary table `focus` has to be there with it, and
    names assets that are deleted, too.
    """

    run_id: int
    actor: str
    now: datetime.datetime
    packs: tuple[str, ...]
    unchecked: tuple[str, ...] = ()
    focus: Focus | None = None


@dataclass(frozen=True)
class Entered:
    """How many conflicts a run found, and what became of the register by it.

    changed: those that were there and stayed, but are another answer or another distance now.
    """

    found: int
    found_new: int
    reopened: int
    changed: int
    resolved: int


def enter(connection: Connection, tables: LayerTables, entry: Entry) -> Entered:
    """Bring the register up to date with the temporary tables `finding` and `said`; all of it, or nothing.

    Raises BusyError where somebody holds the register for longer than the transaction may wait.
    """
    connection.execute(LOCK)
    name_findings(connection, tables)
    moment = {"run_id": entry.run_id, "now": entry.now, "actor": entry.actor}
    statement = read_statement("register/enter").bindparams(bindparam("whole", type_=Boolean))
    counts = connection.execute(statement, {**moment, "whole": entry.focus is None}).one()
    resolved = resolve_gone(connection, entry)
    return Entered(counts.found, counts.found_new, counts.reopened, counts.changed, resolved)


def resolve_gone(connection: Connection, entry: Entry) -> int:
    """Resolve what the run would have found and did not, and tell so; returns how many."""
    gone = select_gone(entry)
    told = select(
        CONFLICT.c.id,
        literal(entry.now, DateTime(timezone=True)),
        literal("gone", Text),
        literal(entry.actor, Text),
        literal(entry.run_id),
        func.jsonb_build_object("status", func.jsonb_build_array(CONFLICT.c.status, "resolved")),
    )
    names = ["conflict_id", "happened_at", "action", "actor", "run_id", "changes"]
    connection.execute(insert(CONFLICT_EVENT).from_select(names, told.where(gone).order_by(CONFLICT.c.id)))
    values = {
        "status": "resolved",
        "resolved_on": entry.now,
        "status_on": entry.now,
        "status_by": null(),
        "reason": null(),
        "version": CONFLICT.c.version + 1,
    }
    return connection.execute(update(CONFLICT).where(gone).values(values)).rowcount


def select_gone(entry: Entry) -> ColumnElement[bool]:
    """True for open conflicts that the run looked for and did not find."""
    conditions = [
        CONFLICT.c.pack.in_(entry.packs),
        CONFLICT.c.rule.not_in(entry.unchecked),
        ~exists().where(NAMED.c.fingerprint == CONFLICT.c.fingerprint),
        CONFLICT.c.status != "resolved",
    ]
    if entry.focus is not None:
        conditions.append(or_(is_in_focus("left"), is_in_focus("right")))
    return and_(*conditions)


def is_in_focus(side: str) -> ColumnElement[bool]:
    """True for conflicts whose asset on one side is among those the run was narrowed to."""
    return exists().where(FOCUS.c.layer == CONFLICT.c[f"{side}_layer"], FOCUS.c.id == CONFLICT.c[f"{side}_id"])
