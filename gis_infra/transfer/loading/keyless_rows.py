"""Rows of a file without a key: those the layer has already, the same in every column the file has, are left alone.

Of several rows that are alike in the file as many are new as the layer has fewer of them.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Select,
    Subquery,
    Table,
    Text,
    cast,
    func,
    insert,
    select,
)

from gis_infra.transfer.loading import scratch
from gis_infra.transfer.loading.known_rows import STAMPS
from gis_infra.transfer.loading.scratch import ROW, list_columns


def match(connection: Connection, table: Table, keyless: Table, import_id: int | None) -> Table:
    """Pair each row with one of the layer that is the same: a temporary table of `row` (of the file) and `id`.

    import_id: of the import under way, whose own rows are not looked at; None if it has none yet.
    """
    matched = scratch.create(connection, "import_matched", Column("row", BigInteger), Column("id", BigInteger))
    ours = rank(select_alike(table, keyless, import_id))
    theirs = rank(select(keyless.c[ROW].label("id"), fingerprint(keyless, keyless)))
    same = (ours.c.likeness == theirs.c.likeness) & (ours.c.number == theirs.c.number)
    pairs = select(theirs.c.id, ours.c.id).select_from(theirs.join(ours, same))
    connection.execute(insert(matched).from_select(["row", "id"], pairs))
    scratch.analyze(connection, matched)
    return matched


def select_alike(table: Table, keyless: Table, import_id: int | None) -> Select[tuple[int, str]]:
    """The rows of the layer that have the shape of some row of the file, with what they are like."""
    alike = select(table.c.id, fingerprint(table, keyless)).where(table.c.geom.in_(select(keyless.c.geom)))
    return alike if import_id is None else alike.where(table.c.import_id.is_distinct_from(import_id))


def fingerprint(table: Table, keyless: Table) -> ColumnElement[str]:
    """A hash of a row's values in the columns the file has: the same only where all of them are."""
    compared = [table.c[name] for name in list_columns(keyless) if name not in STAMPS]
    return func.md5(cast(func.row(*compared), Text)).label("likeness")


def rank(rows: Select[tuple[int, str]]) -> Subquery:
    """The rows with their number, from 1, among those that are the same."""
    each = rows.subquery()
    number = func.row_number().over(partition_by=each.c.likeness, order_by=each.c.id)
    return select(each.c.id, each.c.likeness, number.label("number")).subquery()


def count(connection: Connection, table: Table) -> int:
    """How many rows a table has."""
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def add_new(connection: Connection, table: Table, keyless: Table, matched: Table) -> None:
    """Put in the rows that were not matched, in file order."""
    names = list_columns(keyless)
    new = select(*(keyless.c[name] for name in names)).where(keyless.c[ROW].not_in(select(matched.c.row)))
    connection.execute(insert(table).from_select(names, new.order_by(keyless.c[ROW])))
