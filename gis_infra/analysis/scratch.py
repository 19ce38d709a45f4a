"""How an analysis makes the temporary tables it works in; they end with its transaction.

Geometries are in the city's CRS, easting first, without heights.
"""

from typing import Any

from sqlalchemy import Column, Connection, Executable, MetaData, SelectBase, Table, insert
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ClauseElement

SCRATCH = MetaData()


def make_table(name: str, *columns: Column[object]) -> Table:
    """A temporary table that is dropped when the transaction ends."""
    return Table(name, SCRATCH, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


def make_scratch(connection: Connection, *tables: Table) -> None:
    """Make the temporary tables in the connection's transaction."""
    for table in tables:
        # Of copies: GeoAlchemy writes into the table it makes, and threads may be making the same one.
        columns = [Column(each.name, each.type) for each in table.columns]
        copy = Table(table.name, MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
        copy.create(connection, checkfirst=False)


def insert_from(connection: Connection, table: Table, rows: Any) -> None:
    """Put the rows of a SELECT, whose columns are those of the table in order, into a temporary table."""
    connection.execute(insert(table).from_select([column.name for column in table.columns], rows))


class MakeFrom(Executable, ClauseElement):
    """Makes a temporary table of the rows of a SELECT; what writes into a table is never shared among processes."""

    inherit_cache = False

    def __init__(self, table: Table, rows: SelectBase) -> None:
        self.table = table
        self.rows = rows


@compiles(MakeFrom)
def compile_make_from(made: MakeFrom, compiler: SQLCompiler, **known: Any) -> str:
    """CREATE TEMPORARY TABLE ... AS, which the planner may share among processes."""
    names = ", ".join(compiler.preparer.quote(column.name) for column in made.table.columns)
    return (
        f"CREATE TEMPORARY TABLE {compiler.preparer.format_table(made.table)} ({names}) ON COMMIT DROP AS "
        f"{compiler.process(made.rows, **known)}"
    )


def make_from(connection: Connection, table: Table, rows: SelectBase) -> None:
    """Make a temporary table of the rows of a SELECT, whose columns are those of the table in order."""
    connection.execute(MakeFrom(table, rows))
