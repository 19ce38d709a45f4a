"""How an analysis makes the temporary tables it works in; they end with its transaction.

Geometries are in the city's CRS, easting first, without heights.
"""

from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, insert

SCRATCH = MetaData()


def make_table(name: str, *columns: Column[object]) -> Table:
    """A temporary table that is dropped when the transaction ends."""
    return Table(name, SCRATCH, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


def make_scratch(connection: Connection, *tables: Table) -> None:
    """Make the temporary tables in the connection's transaction."""
    SCRATCH.create_all(connection, tables=list(tables), checkfirst=False)


def insert_from(connection: Connection, table: Table, rows: Any) -> None:
    """Put the rows of a SELECT, whose columns are those of the table in order, into a temporary table."""
    connection.execute(insert(table).from_select([column.name for column in table.columns], rows))
