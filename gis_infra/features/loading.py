"""The bulk way in: many rows by COPY, in the caller's transaction. The importer uses it.

The rows must be valid already; the table's own constraints and triggers still hold for every one of them. Values travel
as CSV, in which an unquoted empty field is null; nothing of a value ever becomes part of a statement.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv
from psycopg import sql
from sqlalchemy import Connection, Table

CSV = pyarrow.csv.WriteOptions(include_header=False, quoting_style="needed", batch_size=8192)


def copy_batches(connection: Connection, table: Table, batches: Iterable[pa.RecordBatch]) -> Iterator[int]:
    """Add the rows of Arrow batches, all with the same columns, named as the table's; yield the rows sent so far.

    Geometries are hex EWKB, JSON is text. Runs as it is iterated, and is done only when it came to its end.
    Raises psycopg.Error, which `storage.transactions.writing` translates, for what the table refuses.
    """
    each = iter(batches)
    first = next(each, None)
    if first is None:
        return
    count = 0
    with open_cursor(connection).copy(make_copy(table, first.schema.names)) as copy:
        batch: pa.RecordBatch | None = first
        while batch is not None:
            copy.write(render_csv(batch))
            count += batch.num_rows
            yield count
            batch = next(each, None)


def lock_for_load(connection: Connection, table: Table) -> None:
    """Hold off other writers of the table until the transaction ends; readers go on. Waits for those at work.

    Without it two loads could each find an asset code free and the later one fail as a whole.
    """
    name = sql.Identifier(table.schema or "public", table.name)
    open_cursor(connection).execute(sql.SQL("LOCK TABLE {} IN SHARE ROW EXCLUSIVE MODE").format(name))


def render_csv(batch: pa.RecordBatch) -> bytes:
    """The rows as CSV: null is empty, empty text is quoted."""
    buffer = io.BytesIO()
    pyarrow.csv.write_csv(batch, buffer, CSV)
    return buffer.getvalue()


def open_cursor(connection: Connection) -> psycopg.Cursor[Any]:
    """A cursor of the driver's own, in the connection's transaction."""
    # Of psycopg, the only driver here.
    cursor: psycopg.Cursor[Any] = connection.connection.cursor()  # type: ignore[assignment]
    return cursor


def make_copy(table: Table, columns: Sequence[str]) -> sql.Composed:
    """The COPY statement; every name in it is one of the table's own columns, quoted."""
    return sql.SQL("COPY {table} ({columns}) FROM STDIN (FORMAT CSV)").format(
        table=sql.Identifier(table.schema or "public", table.name),
        columns=sql.SQL(", ").join(sql.Identifier(table.c[name].name) for name in columns),
    )
