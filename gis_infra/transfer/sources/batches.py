"""The features of a source as Arrow batches, so that a file of any size passes in bounded memory.

Shapefiles are read as ISO-8859-1, which turns each byte into one character and loses none; `text` decides what the
bytes mean. GDAL's own recoding is not asked: it trusts declarations that are often wrong. Other formats whose text is
bytes were made ready so that they come alike.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import pyarrow as pa
import pyogrio

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.describing import translated
from gis_infra.transfer.sources.description import Source
from gis_infra.transfer.sources.formats import FORMATS
from gis_infra.transfer.sources.tables import GEOMETRY

ROWS = 8_000


def read_batches(source: Source, rows: int = ROWS) -> Iterator[pa.RecordBatch]:
    """The rows of a layer in file order, `rows` at a time: all its columns, and last the geometry as WKB.

    Raises InvalidSource when the file breaks off or cannot be read; at the end, when there were not as many rows as it
    says: GDAL ends without a word at a row it cannot read.
    """
    count = 0
    for batch in stream(source, rows, columns=None, read_geometry=True):
        count += batch.num_rows
        yield batch
    if count != source.count:
        message = f"{source.name} says it has {source.count:,} features, but {count:,} can be read; it is damaged"
        raise InvalidSource(f"{message}, ask for it again", where=source.name)


def read_text_columns(source: Source, rows: int = ROWS) -> Iterator[tuple[str, pa.Array]]:
    """Each text column of each batch with its name, without geometries."""
    names = [field.name for field in source.fields if field.is_text]
    if not names:
        return
    for batch in stream(source, rows, columns=names, read_geometry=False):
        for index, kind in enumerate(batch.schema.types):
            if pa.types.is_string(kind) or pa.types.is_large_string(kind):
                yield batch.schema.names[index], batch.column(index)


def stream(
    source: Source, rows: int, *, columns: Sequence[str] | None, read_geometry: bool
) -> Iterator[pa.RecordBatch]:
    """Batches of some columns. Raises InvalidSource."""
    with ExitStack() as stack:
        with translated(source.name):
            if source.driver == "CSV":
                reader = read_arrow_file(stack, source, rows, columns, read_geometry=read_geometry)
            else:
                reader = open_by_pyogrio(stack, source, rows, columns, read_geometry=read_geometry)
        while (batch := read_next(source, reader)) is not None:
            yield batch


def open_by_pyogrio(
    stack: ExitStack, source: Source, rows: int, columns: Sequence[str] | None, *, read_geometry: bool
) -> Iterator[pa.RecordBatch]:
    """The batches as GDAL gives them."""
    kind = next(each for each in FORMATS if each.driver == source.driver)
    opened = pyogrio.open_arrow(
        f"{kind.prefix}{source.path}",
        layer=source.inner,
        encoding="ISO-8859-1" if source.is_shapefile else None,
        columns=columns,
        read_geometry=read_geometry,
        batch_size=rows,
        use_pyarrow=True,
        **kind.options,
    )
    return iter(stack.enter_context(opened)[1])


def read_arrow_file(
    stack: ExitStack, source: Source, rows: int, columns: Sequence[str] | None, *, read_geometry: bool
) -> Iterator[pa.RecordBatch]:
    """The batches of a file of our own."""
    file = stack.enter_context(pa.ipc.open_file(source.path))
    names = [*([field.name for field in source.fields] if columns is None else columns)]
    wanted = [*names, GEOMETRY] if read_geometry else names
    for number in range(file.num_record_batches):
        batch = file.get_batch(number).select(wanted)
        for start in range(0, batch.num_rows, rows):
            yield batch.slice(start, rows)


def read_next(source: Source, reader: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    """The next batch, None at the end. Raises InvalidSource."""
    with translated(source.name):
        batch = next(reader, None)
    if batch is not None and not source.is_surface:
        require_unicode(source, batch)
    return batch


def require_unicode(source: Source, batch: pa.RecordBatch) -> None:
    """Return if all text of a batch is Unicode, as its format says. Raises InvalidSource, which names the column."""
    for field, column in zip(batch.schema, batch.columns, strict=True):
        if not pa.types.is_string(field.type) and not pa.types.is_large_string(field.type):
            continue
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            message = f"{source.name}: column {field.name} holds text that is not Unicode, as {source.driver} has to be"
            advice = "export it as a shapefile or CSV, whose text may be in any encoding"
            raise InvalidSource(f"{message}; {advice}", where=source.name) from None
