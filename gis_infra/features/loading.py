"""The bulk way in: many rows by COPY, in the caller's transaction. The importer uses it.

The rows must be valid already; the table's own constraints and triggers still hold for every one of them. Values travel
in PostgreSQL's binary form, made from Arrow columns as a whole; nothing of a value ever becomes part of a statement.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import psycopg
import pyarrow as pa
import sqlalchemy as sa
from geoalchemy2 import Geometry
from pgpq import ArrowToPostgresBinaryEncoder
from pgpq.encoders import StringEncoderBuilder
from pgpq.schema import Jsonb
from psycopg import sql
from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import JSONB

# The server takes exactly the bytes of a column's type. The first that fits counts: BigInteger is an Integer too.
ARROW_TYPES: Mapping[type[sa.types.TypeEngine[Any]], pa.DataType] = {
    sa.BigInteger: pa.int64(),
    sa.SmallInteger: pa.int16(),
    sa.Integer: pa.int32(),
    sa.Double: pa.float64(),
    sa.Boolean: pa.bool_(),
    sa.Date: pa.date32(),
    sa.DateTime: pa.timestamp("us", tz="UTC"),
    sa.Text: pa.string(),
    JSONB: pa.string(),
    sa.LargeBinary: pa.binary(),
    Geometry: pa.binary(),
}


def copy_batches(connection: Connection, table: Table, batches: Iterable[pa.RecordBatch]) -> Iterator[int]:
    """Add the rows of Arrow batches, all with the same columns, named as the table's; yield the rows sent so far.

    table: any table, a temporary one too, of the column types in ARROW_TYPES. Geometries are EWKB, JSON is text.
    Runs as it is iterated, and is done only when it came to its end.
    Raises psycopg.Error, which `storage.transactions.writing` translates, for what the table refuses.
    """
    each = iter(batches)
    first = next(each, None)
    if first is None:
        return
    schema = make_schema(table, first.schema.names)
    encoder = make_encoder(table, schema)
    count = 0
    with open_cursor(connection).copy(make_copy(table, schema.names)) as copy:
        copy.write(encoder.write_header())
        batch: pa.RecordBatch | None = first
        while batch is not None:
            copy.write(encoder.write_batch(fit(batch, schema)))
            count += batch.num_rows
            yield count
            batch = next(each, None)
        copy.write(encoder.finish())


def lock_for_load(connection: Connection, table: Table) -> None:
    """Hold off other writers of the table until the transaction ends; readers go on. Waits for those at work.

    Without it two loads could each find an asset code free and the later one fail as a whole. Also those who only lock
    rows are waited for: one of them could wait for this load to write a row of its own, and this load for that row.
    """
    statement = sql.SQL("LOCK TABLE {} IN EXCLUSIVE MODE").format(make_name(table))
    open_cursor(connection).execute(statement)


def make_schema(table: Table, names: Sequence[str]) -> pa.Schema:
    """The Arrow types whose bytes the table's columns take."""
    return pa.schema([(name, get_arrow_type(table.c[name])) for name in names])


def get_arrow_type(column: sa.Column[Any]) -> pa.DataType:
    """The Arrow type of a column. Raises TypeError for one that no batch can fill."""
    for kind, arrow in ARROW_TYPES.items():
        if isinstance(column.type, kind):
            return arrow
    raise TypeError(f"rows cannot be copied into a column of type {column.type!r}")


def make_encoder(table: Table, schema: pa.Schema) -> ArrowToPostgresBinaryEncoder:
    """What turns batches of a schema into the rows of a binary COPY."""
    encoders = {field.name: ArrowToPostgresBinaryEncoder.infer_encoder(field) for field in schema}
    for field in schema:
        if isinstance(table.c[field.name].type, JSONB):
            encoders[field.name] = StringEncoderBuilder.new_with_output(field, Jsonb())
    return ArrowToPostgresBinaryEncoder.new_with_encoders(schema, encoders)


def fit(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The batch in the table's types. Raises pyarrow.ArrowInvalid for a value that its column cannot hold."""
    return batch if batch.schema.equals(schema) else batch.select(schema.names).cast(schema)


def open_cursor(connection: Connection) -> psycopg.Cursor[Any]:
    """A cursor of the driver's own, in the connection's transaction."""
    # Of psycopg, the only driver here.
    cursor: psycopg.Cursor[Any] = connection.connection.cursor()  # type: ignore[assignment]
    return cursor


def make_copy(table: Table, columns: Sequence[str]) -> sql.Composed:
    """The COPY statement; every name in it is one of the table's own columns, quoted."""
    return sql.SQL("COPY {table} ({columns}) FROM STDIN (FORMAT BINARY)").format(
        table=make_name(table),
        columns=sql.SQL(", ").join(sql.Identifier(table.c[name].name) for name in columns),
    )


def make_name(table: Table) -> sql.Identifier:
    """The table's quoted name; a temporary one has no schema of its own and is found first."""
    return sql.Identifier(table.schema, table.name) if table.schema else sql.Identifier(table.name)
