"""Rows of a file in a temporary table, where one statement can set them against the layer's."""

from itertools import chain
from typing import Any

from sqlalchemy import BigInteger, Column, Connection, Identity, MetaData, Table, text

from gis_infra.features.loading import copy_batches
from gis_infra.transfer.loading.spool import Spool

ROW = "import_row"


def fill(connection: Connection, name: str, layer: Table, spool: Spool) -> Table | None:
    """A temporary table with the rows of a spool and `import_row`, which counts them; None if there are none.

    name: of the new table. layer: the table whose columns the spool's are.
    """
    batches = spool.read()
    first = next(batches, None)
    if first is None:
        return None
    table = create(connection, name, *(Column(each, layer.c[each].type) for each in first.schema.names))
    for _ in copy_batches(connection, table, chain([first], batches)):
        pass
    analyze(connection, table)
    return table


def create(connection: Connection, name: str, *columns: Column[Any]) -> Table:
    """An empty temporary table that is dropped with the transaction."""
    table = Table(
        name,
        MetaData(),
        Column(ROW, BigInteger, Identity(), primary_key=True),
        *columns,
        prefixes=["TEMPORARY"],
        postgresql_on_commit="DROP",
    )
    table.create(connection)
    return table


def analyze(connection: Connection, table: Table) -> None:
    """Let the planner know what is in a table; of a temporary one nothing else tells it, of others that comes late."""
    name = connection.dialect.identifier_preparer.format_table(table)
    connection.execute(text("ANALYZE " + name))


def list_columns(scratch: Table) -> list[str]:
    """The columns the file has."""
    return [column.name for column in scratch.columns if column.name != ROW]
