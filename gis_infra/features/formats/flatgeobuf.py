"""Features as FlatGeobuf without an index, so that the first are sent before the last are read.

GDAL writes each batch as a file of its own; sent are the header of the first, corrected, and the features of all. A
shape is easting first here in any CRS, as the format has it.
"""

import io
import struct
from collections.abc import Generator, Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyogrio
import shapely

from gis_infra.features.batches import GEOMETRY, make_schema
from gis_infra.features.formats.frame import Frame

MAGIC_BYTES = 8
SIZE_BYTES = 4
# Places of fields in the table Header. Source: FlatGeobuf 3.0, header.fbs.
ENVELOPE, FEATURES_COUNT = 1, 8


@dataclass(frozen=True)
class Kind:
    """What the header says of all shapes: their type, whether they have heights, and the EPSG code of their CRS."""

    layer: str
    geometry_type: str
    has_heights: bool
    srid: int


def write(batches: Iterable[pa.RecordBatch], frame: Frame, *, has_heights: bool) -> Generator[bytes, None, None]:
    """The header with the features of the first batch of `features.batches`, then the features of each other.

    has_heights: whether any shape has; then all must.
    """
    layer = frame.query.layer
    kind = Kind(layer.id, f"{layer.geometry} Z" if has_heights else layer.geometry, has_heights, frame.query.srid)
    nothing = pa.RecordBatch.from_pylist([], schema=make_schema(frame.query))
    header = correct_header(split(render(nothing, kind))[0])
    for batch in batches:
        yield header + split(render(batch, kind))[1]
        header = b""
    if header:
        yield header


def render(batch: pa.RecordBatch, kind: Kind) -> bytes:
    """A batch as a whole file."""
    sink = io.BytesIO()
    pyogrio.write_arrow(
        pa.Table.from_batches([level(batch) if kind.has_heights else batch]),
        sink,
        layer=kind.layer,
        driver="FlatGeobuf",
        geometry_name=GEOMETRY,
        geometry_type=kind.geometry_type,
        crs=f"EPSG:{kind.srid}",
        layer_options={"SPATIAL_INDEX": "NO"},
    )
    return sink.getvalue()


def level(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The batch with heights on all shapes: 0 where there was none, which an import takes for none."""
    shapes = shapely.from_wkb(batch.column(GEOMETRY).to_numpy(zero_copy_only=False))
    raised = pa.array(shapely.to_wkb(shapely.force_3d(shapes)), pa.binary())
    return batch.set_column(batch.schema.get_field_index(GEOMETRY), GEOMETRY, raised)


def split(file: bytes) -> tuple[bytes, bytes]:
    """A file's beginning up to the end of its header, and its features. Source: FlatGeobuf 3.0, Specification."""
    (size,) = struct.unpack_from("<I", file, MAGIC_BYTES)
    end = MAGIC_BYTES + SIZE_BYTES + size
    return file[:end], file[end:]


def correct_header(beginning: bytes) -> bytes:
    """The same header that says nothing of how many features follow or where they lie, which is not known yet.

    A field of a table is left out by a zero in the table's list of places. Source: FlatBuffers Internals, Tables.
    """
    corrected, start = bytearray(beginning), MAGIC_BYTES + SIZE_BYTES
    table = start + struct.unpack_from("<I", corrected, start)[0]
    places = table - struct.unpack_from("<i", corrected, table)[0]
    for field in (ENVELOPE, FEATURES_COUNT):
        struct.pack_into("<H", corrected, places + 4 + 2 * field, 0)
    return bytes(corrected)
