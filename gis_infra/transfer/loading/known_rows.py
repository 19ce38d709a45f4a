"""Rows of a file whose key, owner and asset code, the layer has: the layer's rows become what the file says."""

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, false, func, or_, select, update

from gis_infra.transfer.loading.scratch import list_columns

STAMPS = frozenset({"import_id", "source_srid"})  # how a row came in; nothing of the row itself


def change(connection: Connection, table: Table, known: Table) -> int:
    """Set the columns the file has in the rows whose key it has; return how many were not so already.

    A row that would stay the same is not written: it gets no version in its history and keeps the import it came by.
    """
    values = {name: known.c[name] for name in list_columns(known)}
    statement = update(table).where(is_same_key(table, known), differs(table, known)).values(values)
    return connection.execute(statement).rowcount


def count_changes(connection: Connection, table: Table, known: Table) -> int:
    """How many rows `change` would write."""
    return connection.execute(select(func.count()).select_from(select_changing(table, known).subquery())).scalar_one()


def select_changing(table: Table, known: Table) -> Select[int]:
    """The ids of those rows."""
    both = table.join(known, is_same_key(table, known))
    return select(table.c.id).select_from(both).where(differs(table, known))


def is_same_key(table: Table, known: Table) -> ColumnElement[bool]:
    """True where a row of the layer and one of the file are the same asset."""
    return and_(table.c.owner == known.c.owner, table.c.asset_code == known.c.asset_code)


def differs(table: Table, known: Table) -> ColumnElement[bool]:
    """True where a row of the layer is not as the file has it; shapes differ if any digit of any vertex does."""
    compared = [name for name in list_columns(known) if name not in STAMPS]
    return or_(false(), *(table.c[name].is_distinct_from(known.c[name]) for name in compared))
