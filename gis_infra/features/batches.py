"""The one way to read features, in bulk: the SELECT of a page without its end, as Arrow batches.

Rows come by COPY and are read as columns, never as Python objects: of 300,000 features of 34 attributes reading took
1.3 s, and 2.7 s one by one. Permission, box, filter and CRS are those of `selection`, as for every other reader.
"""

import binascii
from collections.abc import Generator, Iterator, Mapping
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from psycopg import sql
from sqlalchemy import Connection, Select

from gis_infra.catalogue.tables import LayerTables
from gis_infra.errors import StorageError
from gis_infra.features.arrow_types import ARROW_TYPES
from gis_infra.features.bookmarks import Bookmarks, Marks
from gis_infra.features.loading import open_cursor
from gis_infra.features.plans import prefer_plain
from gis_infra.features.query import Cursor, FeatureQuery
from gis_infra.features.selection import list_fields, select_page
from gis_infra.storage.transactions import require_time

ID = "id"
GEOMETRY = "geometry"
SOURCE_ATTRIBUTES = "source_attributes"
BATCH_ROWS = 8_000
BATCH_BYTES = 4_000_000
# Of a page that is sent as it is read: so that the client waits for no more, and memory holds no more.
FIRST_ROWS, NEXT_ROWS = 1000, 2000
HEX_PREFIX = 2  # letters: PostgreSQL writes bytes as \x0102


def make_schema(query: FeatureQuery, *, with_source: bool = False) -> pa.Schema:
    """The columns of `read_batches`. Raises UnknownProperty."""
    fields = [pa.field(each.name, ARROW_TYPES[each.type]) for each in list_fields(query)]
    source = [pa.field(SOURCE_ATTRIBUTES, pa.string())] if with_source else []
    return pa.schema([pa.field(ID, pa.int64()), *fields, *source, pa.field(GEOMETRY, pa.binary())])


def make_text_schema(query: FeatureQuery) -> pa.Schema:
    """The same columns with every attribute as text. Raises UnknownProperty."""
    typed = make_schema(query)
    return pa.schema([each if each.name in (ID, GEOMETRY) else pa.field(each.name, pa.string()) for each in typed])


def read_batches(
    connection: Connection, tables: LayerTables, query: FeatureQuery, *, with_source: bool = False
) -> Generator[pa.RecordBatch, None, None]:
    """The features the query asks for, by id unless sorted: id, attributes, geometry as WKB in the query's CRS.

    with_source: add what the imported file had besides, as JSON text, in column `source_attributes`; no protocol shows
    it. Close the generator before the transaction ends: until then the connection is busy with it.
    Raises, at the first batch, as `reading.read_page` does; StorageError for a value Arrow cannot hold.
    """
    statement = select_page(tables, query, [SOURCE_ATTRIBUTES] if with_source else [])
    schema = make_schema(query, with_source=with_source)
    for block in copy_blocks(connection, statement, BATCH_ROWS, BATCH_ROWS):
        yield parse_block(block, schema)


def read_page_batches(
    connection: Connection,
    tables: LayerTables,
    query: FeatureQuery,
    bookmarks: Bookmarks | None = None,
    *,
    as_text: bool = False,
) -> Generator[pa.RecordBatch, None, None]:
    """The same for a page of a protocol: a small first batch, so that the client waits for no more; far pages cheap.

    bookmarks: as of `reading.read_page`. as_text: leave attributes as PostgreSQL writes them, for who writes them
    again, unless the page is sorted by some. Raises as `read_batches`.
    """
    prefer_plain(connection)
    marks = Marks.open(connection, tables, query, bookmarks)
    schema, found = make_text_schema(query) if as_text and not query.sort else make_schema(query), 0
    for block in copy_blocks(connection, select_page(tables, marks.nearest), FIRST_ROWS, NEXT_ROWS):
        require_time(connection)
        batch = parse_block(block, schema)
        if not found:
            marks.keep(0, find_cursor(query, batch, 0, before=1))
        found += len(batch)
        yield batch
        marks.keep(found, find_cursor(query, batch, len(batch) - 1))


def find_cursor(query: FeatureQuery, batch: pa.RecordBatch, row: int, before: int = 0) -> Cursor | None:
    """The place of a row of a batch; None where the batch lacks what the query sorts by.

    before: 1 for the place just before the row.
    """
    names = [key.name for key in query.sort]
    if not set(names) <= set(batch.schema.names):
        return None
    values = tuple(batch.column(name)[row].as_py() for name in names)
    return Cursor(values, batch.column(ID)[row].as_py() - before)


def copy_blocks(
    connection: Connection, statement: Select[Any], first_rows: int, next_rows: int
) -> Generator[bytes, None, None]:
    """The rows of a statement as CSV, some thousands at a time; the driver hands over whole rows.

    first_rows, next_rows: the most rows of the first block and of each other.
    """
    compiled = statement.compile(connection, compile_kwargs={"render_postcompile": True})
    # The text is SQLAlchemy's; its values are in `params`, and quoted by the driver.
    inner = sql.SQL(str(compiled))
    command = sql.SQL("COPY ({}) TO STDOUT (FORMAT CSV)").format(inner)
    with open_cursor(connection).copy(command, compiled.params) as rows:
        yield from join_rows(rows, first_rows, next_rows)


def join_rows(rows: psycopg.Copy, most: int, next_rows: int) -> Iterator[bytes]:
    """Rows put together to blocks of at most `most` rows, later `next_rows`, and about BATCH_BYTES or one long row."""
    block, size = bytearray(), 0
    for row in rows:
        block += row
        size += 1
        if size == most or len(block) >= BATCH_BYTES:
            yield bytes(block)
            block, size, most = bytearray(), 0, next_rows
    if block:
        yield bytes(block)


def parse_block(block: bytes, schema: pa.Schema) -> pa.RecordBatch:
    """Rows as `select_page` has them (id, geometry, attributes), as a batch of `schema`. Raises StorageError."""
    wanted = [schema.field(ID), pa.field(GEOMETRY, pa.string()), *list(schema)[1:-1]]
    try:
        table = pyarrow.csv.read_csv(
            pa.BufferReader(block),
            pyarrow.csv.ReadOptions(
                column_names=[each.name for each in wanted], use_threads=False, block_size=len(block)
            ),
            pyarrow.csv.ParseOptions(newlines_in_values=True),
            make_reading({each.name: each.type for each in wanted}),
        )
    except pa.ArrowInvalid as error:
        raise StorageError(f"the layer holds a value that cannot be read: {error}") from error
    columns = {each.name: combine(table.column(each.name)) for each in wanted}
    columns[GEOMETRY] = read_wkb(columns[GEOMETRY])
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def make_reading(types: Mapping[str, pa.DataType]) -> pyarrow.csv.ConvertOptions:
    """How PostgreSQL's CSV is understood: an empty field is null, quoted it is empty text; yes and no are t and f."""
    return pyarrow.csv.ConvertOptions(
        column_types=types,
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
        true_values=["t"],
        false_values=["f"],
        timestamp_parsers=[pyarrow.csv.ISO8601],
    )


def combine(column: pa.ChunkedArray) -> pa.Array:
    """A column as one array that begins at its first value."""
    return pa.concat_arrays(column.chunks)


def read_wkb(column: pa.Array) -> pa.Array:
    """Bytes written as hex digits behind a prefix, as bytes; null stays null."""
    digits = pc.utf8_slice_codeunits(column, HEX_PREFIX)
    validity, offsets, values = digits.buffers()
    ends = np.frombuffer(offsets, np.int32, len(digits) + 1)
    content = binascii.unhexlify(memoryview(values)[ends[0] : ends[-1]]) if values is not None else b""
    halved = ((ends - ends[0]) // 2).astype(np.int32)
    return pa.Array.from_buffers(pa.binary(), len(digits), [validity, pa.py_buffer(halved), pa.py_buffer(content)])
