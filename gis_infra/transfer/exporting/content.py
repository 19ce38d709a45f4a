"""What goes into a file: columns and rows, prepared alike for every format, and an eye on how far they are read."""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.features.batches import GEOMETRY, ID
from gis_infra.spatial import crs
from gis_infra.transfer.exporting.survey import Survey


@dataclass
class Watched:
    """An iterator that counts, and remembers what broke it: C code between it and its reader would keep only words.

    look: called with the rows handed out so far, before each batch; what it raises ends the export.
    """

    batches: Generator[pa.RecordBatch, None, None]
    look: Callable[[int], None]
    rows: int = 0
    error: BaseException | None = None

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        return self

    def __next__(self) -> pa.RecordBatch:
        try:
            self.look(self.rows)
            batch = next(self.batches)
        except StopIteration:
            raise
        except BaseException as error:  # GDAL's writer tells of any error only that there was one; it is raised there
            self.error = error
            raise
        self.rows += batch.num_rows
        return batch

    def close(self) -> None:
        """Let go of the database's cursor."""
        self.batches.close()


@dataclass(frozen=True)
class Content:
    """What a writer writes.

    fields: the attributes, in order. schema: the columns of `batches`: the id first, the geometry last as WKB in
    EPSG:`srid`, easting first. with_id: whether the id is wanted as a column. excel: see `request.ExportRequest`.
    left_out: features whose attributes from their source have no place in the file.
    """

    layer: Layer
    fields: tuple[Field, ...]
    srid: int
    schema: pa.Schema
    batches: Watched
    survey: Survey
    with_id: bool = False
    excel: bool = False
    left_out: int = 0

    @property
    def columns(self) -> list[str]:
        """The names of the columns a file has, without the geometry, and without the id unless it is wanted."""
        names = [name for name in self.schema.names if name != GEOMETRY]
        return names if self.with_id else [name for name in names if name != ID]

    @property
    def is_geographic(self) -> bool:
        """Whether coordinates are degrees."""
        return crs.is_geographic(self.srid)

    @property
    def decimals(self) -> int:
        """Digits after the point of a coordinate written as text that keep a tenth of a millimetre."""
        return 9 if self.is_geographic else 4


Writer = Callable[[Path, Content], tuple[str, ...]]
