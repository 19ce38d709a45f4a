"""Rows of a SELECT as columns, never as Python objects, texts and shapes with them.

Binary COPY sends each row as its values one after the other, each after its length. Those of fixed width come first, so
they lie at one place of every row; those of varying width follow, and of each the place is known once the lengths of
those before it are.
"""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

import numpy as np
import psycopg
import pyarrow as pa
import shapely
from numpy.typing import NDArray
from psycopg import sql
from psycopg.abc import Buffer
from sqlalchemy import BigInteger, Boolean, ColumnElement, Connection, Double, Integer, Select, cast, func, literal
from sqlalchemy.types import TypeEngine

from gis_infra.analysis.ragged import Objects, Places, spread, to_objects
from gis_infra.features.loading import open_cursor

HEAD_BYTES = 19  # signature (11), flags (4), length of the extension (4), which is none; before the first row
END = b"\xff\xff"  # a row of -1 values
LENGTH_BYTES = 4
# The width of a value as PostgreSQL sends it, and how numpy reads it.
WIDTHS: Mapping[type[TypeEngine[Any]], str] = {BigInteger: ">i8", Double: ">f8", Integer: ">i4", Boolean: "?"}
TOGETHER = 1 << 16  # rows of one block


# A line as PostGIS sends it, up to its vertices, and what the bits of its type say.
EWKB_LINE = np.dtype([("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("count", "<u4")])
LITTLE_END, KIND, LINE = 1, 0xFF, 2
HAS_Z, HAS_M, HAS_SRID = 0x80000000, 0x40000000, 0x20000000


@dataclass(frozen=True)
class Lines:
    """Lines among shapes: the rows they are in, and their vertices (v, 3), x, y and z or nan.

    Those of line i are from first[i] to first[i + 1].
    """

    rows: Places
    first: Places
    vertices: NDArray[np.float64]


@dataclass(frozen=True)
class Copied:
    """Rows of one SELECT.

    numbers: the values of fixed width, one array a column, by its name. content: the bytes of all rows. begins,
    lengths: where each value of varying width lies in them, (columns, rows); a length of -1 is null.
    """

    numbers: Mapping[str, NDArray[Any]]
    content: bytes
    begins: Places
    lengths: Places

    def to_texts(self, column: int) -> pa.Array:
        """A column of varying width as texts."""
        begins, lengths = self.begins[column], self.lengths[column]
        if not (lengths >= 0).any():
            return pa.nulls(len(begins), pa.string())
        kept = np.maximum(lengths, 0)
        owners, places = spread(kept)
        data = np.frombuffer(self.content, np.uint8)[begins[owners] + places]
        offsets = np.concatenate([[0], np.cumsum(kept)]).astype(np.int32)
        known = pa.py_buffer(np.packbits(lengths >= 0, bitorder="little"))
        return pa.StringArray.from_buffers(len(kept), pa.py_buffer(offsets), pa.py_buffer(data), known)

    def to_shapes(self, column: int, rows: Places | None = None) -> Objects:
        """A column of varying width as shapes, heights kept; of all rows or some, of which none is null."""
        begins, lengths = (each[column] if rows is None else each[column][rows] for each in (self.begins, self.lengths))
        ends = (begins + lengths).tolist()
        texts = to_objects(self.content[one:other] for one, other in zip(begins.tolist(), ends, strict=True))
        return np.asarray(shapely.from_wkb(texts), dtype=object)

    def to_lines(self, column: int) -> Lines:
        """The lines of a column of shapes, of which none is null, faster than as shapes."""
        begins = self.begins[column]
        head = gather(self.content, begins, EWKB_LINE)
        is_line = (head["order"] == LITTLE_END) & (head["type"] & KIND == LINE) & (head["type"] & HAS_SRID > 0)
        rows = np.flatnonzero(is_line)
        counts, has_z = head["count"][rows].astype(np.int64), head["type"][rows] & HAS_Z > 0
        width = 2 + has_z + (head["type"][rows] & HAS_M > 0)
        first = np.concatenate([[0], np.cumsum(counts)])
        vertices = np.full((first[-1], 3), np.nan)
        alike, sort = np.unique(counts * 16 + width * 2 + has_z, return_inverse=True)
        for number, (count, wide, z) in enumerate((key // 16, key % 16 // 2, key % 2) for key in alike.tolist()):
            some = np.flatnonzero(sort == number)
            record = np.dtype([("vertices", "<f8", (count, wide))])
            found = gather(self.content, begins[rows[some]] + EWKB_LINE.itemsize, record)["vertices"]
            vertices[first[some][:, None] + np.arange(count), : 2 + z] = found[:, :, : 2 + z]
        return Lines(rows, first, vertices)


def copy_rows(connection: Connection, statement: Select[Any], varying: int = 0) -> Iterator[Copied]:
    """The rows of a SELECT, in blocks of TOGETHER; at least one block, which is empty if there is no row.

    statement: first columns of BigInteger, Integer, Double or Boolean, labelled and never null but for a Double, whose
    null is nan; then as many others as `varying`, texts or geometries. Tables stand where the connection says.
    Raises ValueError if another value is null.
    """
    columns = list(statement.selected_columns)
    fixed = columns[: len(columns) - varying]
    record = make_record([(each.name, each.type) for each in fixed])
    for content, lengths in list_blocks(connection, statement):
        begins = np.cumsum(lengths) - lengths
        names = [each.name for each in fixed]
        # A row that lacks a value may be too short to be read as a record.
        values = gather(content, begins, record) if (lengths >= record.itemsize).all() else None
        if values is None or not is_whole(values, names, len(columns)):
            raise ValueError(f"a row of {', '.join(names)} has a value that is null")
        numbers = {each.name: values[each.name].astype(record[each.name].newbyteorder("=")) for each in fixed}
        yield Copied(numbers, content, *locate(content, begins + record.itemsize, varying))


def list_blocks(connection: Connection, statement: Select[Any]) -> Iterator[tuple[bytes, Places]]:
    """The rows of a binary COPY end to end, and the length of each, in blocks; the server sends one message a row."""
    # Joined as they come: to keep every message by itself takes four times as long.
    block, lengths = bytearray(), []
    with open_copy(connection, statement) as copy:
        take = copy.connection.pgconn.get_copy_data
        message: Buffer = memoryview(copy.read())[HEAD_BYTES:]
        while len(message) > len(END):
            block += message
            lengths.append(len(message))
            if len(lengths) == TOGETHER:
                yield bytes(block), np.array(lengths, dtype=np.int64)
                block.clear()
                lengths.clear()
            # What has come already is taken without the driver, which for each message gets ready to wait.
            size, message = take(1)
            if size <= 0:
                message = wait_for_message(copy, size)
        copy.read()
    yield bytes(block), np.array(lengths, dtype=np.int64)


def wait_for_message(copy: psycopg.Copy, size: int) -> Buffer:
    """The next message of a COPY. size: 0 if it has not come, below if the server ended, whose error is raised."""
    if size == 0:
        return copy.read()
    # All there are have to be asked for, until there is none: only then is the connection free again.
    result, *_ = list(iter(copy.connection.pgconn.get_result, None))
    raise psycopg.errors.error_from_result(result)


def open_copy(connection: Connection, statement: Select[Any]) -> AbstractContextManager[psycopg.Copy]:
    """A binary COPY of the rows of a SELECT, to be read."""
    translated = connection.get_execution_options().get("schema_translate_map")
    compiled = statement.compile(
        dialect=connection.dialect,
        schema_translate_map=translated,
        render_schema_translate=translated is not None,
        compile_kwargs={"render_postcompile": True},
    )
    # The text is SQLAlchemy's; its values are in `params`, and quoted by the driver.
    command = sql.SQL("COPY ({}) TO STDOUT (FORMAT BINARY)").format(sql.SQL(str(compiled)))
    return open_cursor(connection).copy(command, compiled.params)


def make_record(columns: list[tuple[str, TypeEngine[Any]]]) -> np.dtype[np.void]:
    """The fixed part of a row as binary COPY sends it: how many values, then of each its length and itself."""
    fields = [("columns", ">i2")]
    for name, type_ in columns:
        width = WIDTHS.get(type(type_))
        if width is None:
            raise ValueError(f"column {name} is {type_}, whose length is not fixed")
        fields += [(f"length {name}", ">i4"), (name, width)]
    return np.dtype(fields)


def gather(content: bytes, begins: Places, record: np.dtype[np.void]) -> NDArray[np.void]:
    """What lies at these places of the bytes, each as one record."""
    if not len(begins):
        return np.empty(0, record)
    # A view that has a record at every byte; those asked for are copied whole.
    everywhere: NDArray[np.void] = np.ndarray((len(content) - record.itemsize + 1,), record, content, strides=(1,))
    return everywhere[begins]


def is_whole(values: NDArray[np.void], names: list[str], columns: int) -> bool:
    """Whether every row has so many values, and none of these is null."""
    records = values.dtype
    lacks = [(values[f"length {name}"] != records[name].itemsize).any() for name in names]
    return bool((values["columns"] == columns).all() and not any(lacks))


def locate(content: bytes, begins: Places, columns: int) -> tuple[Places, Places]:
    """Where each value of varying width begins, and its length, (columns, rows); the first one's place is given."""
    places, lengths = np.empty((columns, len(begins)), np.int64), np.empty((columns, len(begins)), np.int64)
    record = np.dtype([("length", ">i4")])
    at = begins
    for column in range(columns):
        lengths[column] = gather(content, at, record)["length"]
        places[column] = at + LENGTH_BYTES
        at = places[column] + np.maximum(lengths[column], 0)
    return places, lengths


def fill_null(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A Double column with nan instead of null."""
    return func.coalesce(cast(column, Double), cast(literal("NaN"), Double))
