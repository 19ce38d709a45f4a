"""Rows as they were before an import: what it inserted is removed, what it changed or deleted is as history has it.

A row keeps its id and its day of birth. The history goes on: what is undone is a version like any other.
"""

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, delete, func, insert, select, update

from gis_infra.transfer.loading.changes import Scene

KEPT = frozenset({"id", "created_at", "updated_at", "lonlat"})  # what an update does not set


def select_there(found: Table) -> Select[int]:
    """The ids of the rows that are there and are to be changed or deleted. found: as `changes.find` gives it."""
    return select(found.c.id).where(found.c.step != "bring_back", found.c.is_free)


def remove(connection: Connection, scene: Scene, found: Table) -> int:
    """Delete the rows the import inserted; how many. found: as `changes.find` gives it."""
    inserted = select(found.c.id).where(found.c.step == "remove", found.c.is_free)
    return connection.execute(delete(scene.table).where(scene.table.c.id.in_(inserted))).rowcount


def restore(connection: Connection, scene: Scene, found: Table) -> int:
    """Give the rows the import updated the values they had; how many."""
    table, before = scene.table, scene.versions
    values = {column.name: before.c[column.name] for column in table.c if column.name not in KEPT}
    chosen = and_(is_before(before, found, "restore"), table.c.id == found.c.id)
    return connection.execute(update(table).where(chosen).values(values)).rowcount


def bring_back(connection: Connection, scene: Scene, found: Table) -> int:
    """Put in again the rows the import deleted, under their ids; how many. A new version of them begins now."""
    table, before = scene.table, scene.versions
    names = [column.name for column in table.c if column.name not in {"updated_at", "lonlat"}]
    chosen = is_before(before, found, "bring_back")
    rows = select(*(before.c[name] for name in names), func.clock_timestamp()).where(chosen)
    statement = insert(table).from_select([*names, "updated_at"], rows)
    # Of an INSERT the number of rows is forgotten unless it is asked for.
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount


def is_before(before: Table, found: Table, step: str) -> ColumnElement[bool]:
    """True for the version a row had before the import, where a step is to be done and nothing stands in its way."""
    is_it = and_(before.c.id == found.c.id, before.c.ended_at == found.c.ended_at)
    return and_(is_it, found.c.step == step, found.c.is_free)
