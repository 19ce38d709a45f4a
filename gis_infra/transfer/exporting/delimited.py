"""CSV by RFC 4180: attributes, then the geometry as WKT and the name of its coordinate system, which an import reads.

UTF-8; for Excel with a mark of it, and without formulas.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import shapely

from gis_infra.features.batches import GEOMETRY
from gis_infra.features.formats.delimited import disarm
from gis_infra.transfer.exporting.content import Content

WKT, SYSTEM = "WKT", "CRS"
UTF8_MARK = b"\xef\xbb\xbf"
OPTIONS = pyarrow.csv.WriteOptions(quoting_style="needed", quoting_header="needed", eol="\r\n")
# What makes a spreadsheet take text for a formula. Source: OWASP, CSV Injection.


def write_csv(path: Path, content: Content) -> tuple[str, ...]:
    """A header, then a feature a line: null is an empty field, text stands in quotes."""
    names = content.columns
    last = [pa.field(WKT, pa.string()), pa.field(SYSTEM, pa.string())]
    schema = pa.schema([*(content.schema.field(name) for name in names), *last])
    system = pa.scalar(f"EPSG:{content.srid}")
    with path.open("wb") as file:
        if content.excel:
            file.write(UTF8_MARK)
        with pyarrow.csv.CSVWriter(file, schema, write_options=OPTIONS) as writer:
            for batch in content.batches:
                columns = [batch.column(name) for name in names]
                columns = [disarm(each) for each in columns] if content.excel else columns
                wkt = render_shapes(batch.column(GEOMETRY), content.decimals)
                writer.write_batch(
                    pa.RecordBatch.from_arrays([*columns, wkt, pa.repeat(system, len(wkt))], schema=schema)
                )
    return ("text that begins like a formula has an apostrophe before it",) if content.excel else ()


def render_shapes(wkb: pa.Array, decimals: int) -> pa.Array:
    """Geometries as WKT."""
    shapes = shapely.from_wkb(wkb.to_numpy(zero_copy_only=False))
    return pa.array(shapely.to_wkt(shapes, rounding_precision=decimals, output_dimension=3), pa.string())
