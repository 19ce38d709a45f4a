"""What an import did to each row, and whether a later edit stands in the way of undoing it.

Read from the history of the layer. The version an import left is known by its moment: it began when the one before it
was ended by the import. Where the row is not that version any more, the edits since stand in the way, unless the row is
the same again in every value, as after an edit and its undoing.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    DateTime,
    FromClause,
    Select,
    Table,
    Text,
    and_,
    exists,
    func,
    insert,
    literal,
    not_,
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on

from gis_infra.transfer.loading import scratch

IMPORTED = "import"  # the road, as history names it
UNCOMPARED = frozenset({"id", "updated_at", "lonlat"})


@dataclass(frozen=True)
class Scene:
    """The layer's table, its history, and the import that is looked at."""

    table: Table
    versions: Table
    import_id: int


def find(connection: Connection, scene: Scene) -> Table:
    """A temporary table with a line for each row to be undone; one that is gone already has none.

    id: of the feature. step: "remove" for one that was inserted, "restore" for one that was updated, "bring_back" for
    one that was deleted. is_free: whether nothing stands in the way. asset_code, owner: of the row. ended_at: of the
    version it had before, null for one that was inserted.
    """
    # Both have changed a great deal, it may be a moment ago, and the planner would go by what they were before.
    for each in (scene.table, scene.versions):
        scratch.analyze(connection, each)
    columns: list[Column[Any]] = [Column("step", Text), Column("id", BigInteger), Column("is_free", Boolean)]
    columns += [Column("asset_code", Text), Column("owner", Text), Column("ended_at", DateTime(timezone=True))]
    found = scratch.create(connection, "undo_change", *columns)
    names = [column.name for column in columns]
    for query in (select_untouched(scene), select_touched(scene), select_updated(scene), select_deleted(scene)):
        connection.execute(insert(found).from_select(names, query))
    scratch.analyze(connection, found)
    return found


def describe(step: str, row: FromClause, is_free: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """A line of `find`, with the names of `row`, which is a version unless the step is "remove"."""
    ended_at = row.c.ended_at if step != "remove" else null()
    return select(literal(step), row.c.id, is_free, row.c.asset_code, row.c.owner, ended_at)


def select_untouched(scene: Scene) -> Select[*tuple[Any, ...]]:
    """Rows the import inserted that have no history. One that was edited before history was kept is not free."""
    table, versions = scene.table, scene.versions
    is_first = table.c.updated_at == table.c.created_at
    has_history = exists().where(versions.c.id == table.c.id)
    return describe("remove", table, is_first).where(table.c.import_id == scene.import_id, not_(has_history))


def select_touched(scene: Scene) -> Select[*tuple[Any, ...]]:
    """Rows the import inserted that were changed since and are there: free if they are the same again."""
    table, versions = scene.table, scene.versions
    theirs = select(versions.c.id).where(versions.c.import_id == scene.import_id)
    every = select(versions).where(versions.c.id.in_(theirs))
    first = every.order_by(versions.c.id, versions.c.ended_at).ext(distinct_on(versions.c.id)).subquery()
    both = table.join(first, table.c.id == first.c.id)
    line = describe("remove", table, is_same(table, first)).select_from(both)
    return line.where(first.c.import_id == scene.import_id)


def select_updated(scene: Scene) -> Select[*tuple[Any, ...]]:
    """Rows the import updated: free if they are as it left them, or the same again; not if they are gone."""
    table, before, after = scene.table, scene.versions, scene.versions.alias("after")
    is_left = func.coalesce(table.c.updated_at == before.c.ended_at, False)
    left = and_(after.c.id == before.c.id, after.c.updated_at == before.c.ended_at)
    same_again = and_(table.c.id.is_not(None), exists().where(left, is_same(table, after)))
    both = before.outerjoin(table, table.c.id == before.c.id)
    line = describe("restore", before, or_(is_left, same_again)).select_from(both)
    return line.where(ended_by(scene), or_(is_left, exists().where(left)))


def select_deleted(scene: Scene) -> Select[*tuple[Any, ...]]:
    """Rows the import deleted: free unless they are there again, or another has their owner and asset code by now."""
    table, before, after = scene.table, scene.versions, scene.versions.alias("after")
    was_updated = or_(
        exists().where(table.c.id == before.c.id, table.c.updated_at == before.c.ended_at),
        exists().where(after.c.id == before.c.id, after.c.updated_at == before.c.ended_at),
    )
    same_key = and_(table.c.owner == before.c.owner, table.c.asset_code == before.c.asset_code)
    stands_there = exists().where(or_(table.c.id == before.c.id, same_key))
    return describe("bring_back", before, not_(stands_there)).where(ended_by(scene), not_(was_updated))


def ended_by(scene: Scene) -> ColumnElement[bool]:
    """True for versions that the import ended."""
    return and_(scene.versions.c.ended_import == scene.import_id, scene.versions.c.ended_via == IMPORTED)


def is_same(row: FromClause, version: FromClause) -> ColumnElement[bool]:
    """True where a row has every value of a version."""
    names = [column.name for column in row.c if column.name not in UNCOMPARED]
    return and_(*(row.c[name].is_not_distinct_from(version.c[name]) for name in names))
