"""Features as CSV by RFC 4180: id, attributes, then the geometry as WKT. UTF-8, without formulas.

A null is an empty field, empty text stands in quotes.
"""

from collections.abc import Generator, Iterable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import shapely

from gis_infra.features.batches import GEOMETRY, make_schema
from gis_infra.features.formats.frame import Frame
from gis_infra.features.selection import get_decimals

WKT = "WKT"
OPTIONS = {"quoting_style": "needed", "quoting_header": "needed", "eol": "\r\n"}
# What makes a spreadsheet take text for a formula. Source: OWASP, CSV Injection.
FORMULA = r"^[=+\-@\t\r]"

Shapes = npt.NDArray[np.object_]


def write(batches: Iterable[pa.RecordBatch], frame: Frame) -> Generator[bytes, None, None]:
    """The header, with the lines of the first batch of `features.batches` if there is one; then those of each other."""
    nothing = pa.RecordBatch.from_pylist([], schema=make_schema(frame.query))
    header = render(to_lines(nothing, frame), has_header=True)
    for batch in batches:
        yield header + render(to_lines(batch, frame), has_header=False)
        header = b""
    if header:
        yield header


def render(lines: pa.RecordBatch, *, has_header: bool) -> bytes:
    """A batch as text."""
    sink = pa.BufferOutputStream()
    pyarrow.csv.write_csv(lines, sink, pyarrow.csv.WriteOptions(include_header=has_header, **OPTIONS))
    return bytes(sink.getvalue())


def to_lines(batch: pa.RecordBatch, frame: Frame) -> pa.RecordBatch:
    """The batch as it is written: text that is no formula, and WKT in the axis order of the CRS."""
    query = frame.query
    names = [name for name in batch.schema.names if name != GEOMETRY]
    columns = [disarm(batch.column(name)) for name in names]
    if not query.skip_geometry:
        shapes = shapely.from_wkb(batch.column(GEOMETRY).to_numpy(zero_copy_only=False))
        columns.append(render_shapes(swap_axes(shapes) if query.swap_axes else shapes, get_decimals(query)))
        names.append(WKT)
    return pa.RecordBatch.from_arrays(columns, names=names)


def disarm(column: pa.Array) -> pa.Array:
    """Text that a spreadsheet would run as a formula, with an apostrophe before it; other columns as they are."""
    if not pa.types.is_string(column.type):
        return column
    return pc.replace_substring_regex(column, f"({FORMULA})", r"'\1")


def swap_axes(shapes: Shapes) -> Shapes:
    """The same shapes, northing first; heights stay where they are."""
    swapped, high = shapes.copy(), shapely.has_z(shapes)
    swapped[high] = shapely.transform(shapes[high], lambda each: each[:, [1, 0, 2]], include_z=True)
    swapped[~high] = shapely.transform(shapes[~high], lambda each: each[:, [1, 0]])
    return swapped


def render_shapes(shapes: Shapes, decimals: int) -> pa.Array:
    """Geometries as WKT, with heights where they have them."""
    return pa.array(shapely.to_wkt(shapes, rounding_precision=decimals, output_dimension=3), pa.string())
