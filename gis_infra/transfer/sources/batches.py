"""The features of a source as Arrow batches, so that a file of any size passes in bounded memory.

Shapefiles are read as ISO-8859-1, which turns each byte into one character and loses none; `text` decides what the
bytes mean. GDAL's own recoding is not asked: it trusts declarations that are often wrong.
"""

import warnings
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import pyarrow as pa
import pyogrio
from pyogrio.errors import DataSourceError

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.source import Source, readable, tell

ROWS = 8_000


def read_batches(source: Source, rows: int = ROWS) -> Iterator[pa.RecordBatch]:
    """The rows of a layer in file order, `rows` at a time: all its columns, and last the geometry as WKB.

    Raises InvalidSource when the file breaks off or cannot be read.
    """
    yield from stream(source, rows, columns=None, read_geometry=True)


def read_text_columns(source: Source, rows: int = ROWS) -> Iterator[pa.Array]:
    """Each text column of each batch, without geometries."""
    names = [field.name for field in source.fields if field.is_text]
    if not names:
        return
    for batch in stream(source, rows, columns=names, read_geometry=False):
        for index, kind in enumerate(batch.schema.types):
            if pa.types.is_string(kind) or pa.types.is_large_string(kind):
                yield batch.column(index)


def stream(
    source: Source, rows: int, *, columns: Sequence[str] | None, read_geometry: bool
) -> Iterator[pa.RecordBatch]:
    """Batches of some columns. Raises InvalidSource."""
    with ExitStack() as stack:
        with translated(source):
            opened = pyogrio.open_arrow(
                stack.enter_context(readable(source.path)),
                layer=None if source.is_shapefile else source.layer,
                encoding="ISO-8859-1" if source.is_surface else None,
                columns=columns,
                read_geometry=read_geometry,
                batch_size=rows,
                use_pyarrow=True,
            )
            reader = iter(stack.enter_context(opened)[1])
        while (batch := read_next(source, reader)) is not None:
            yield batch


def read_next(source: Source, reader: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    """The next batch, None at the end. Raises InvalidSource."""
    with translated(source):
        return next(reader, None)


@contextmanager
def translated(source: Source) -> Iterator[None]:
    """Run a block; what GDAL or Arrow raise in it comes out as InvalidSource, and their warnings are not shown."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # oddities show as problems of the rows they are in
            yield
    except (DataSourceError, pa.ArrowException, OSError, RuntimeError, ValueError) as error:
        raise InvalidSource(f"{source.name} cannot be read: {tell(error)}", where=source.name) from error
