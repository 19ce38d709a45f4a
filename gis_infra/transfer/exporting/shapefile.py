"""A shapefile in a zip: its parts, and a list of the columns, whose names are cut to ten letters.

What a shapefile cannot hold is refused before a byte is written, or said in the list: text of more than 254 bytes,
parts of more than 2 GB, moments, and whatever an imported file had besides.
"""

import zipfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa

from gis_infra.catalogue.definitions import Field
from gis_infra.errors import InvalidParameter, OurError
from gis_infra.features.batches import GEOMETRY
from gis_infra.transfer.exporting import gdal
from gis_infra.transfer.exporting.content import Content
from gis_infra.transfer.exporting.formats import FORMATS
from gis_infra.transfer.exporting.names import shorten
from gis_infra.transfer.sources.declarations import find_dbf_header
from gis_infra.transfer.sources.shape_index import ENTRY_BYTES, HEADER_BYTES, LENGTH_AT, WORD_BYTES

LARGEST_PART = 2**31 - 1  # bytes of a .shp or .dbf
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
LIST_NAME = "NAMES.txt"
ADVICE = "take GeoPackage (.gpkg), or a part of the layer"
WIDTH_KEY = "GDAL:OGR:width"
WIDTHS: Mapping[str, int] = {"integer": 18, "number": 24, "boolean": 1, "date": 8, "timestamp": 32}
# Bytes of a record in the .shp, without heights and with them: of a point; of any other shape, and of a vertex of it.
POINT_BYTES, SHAPE_BYTES, VERTEX_BYTES = (28, 36), (56, 72), (16, 24)
DIGITS = 15
TOO_LARGE = 10**DIGITS
LONG_TEXT_ADVICE = "take GeoPackage, or leave the attribute out with --properties"


def write_shapefile(path: Path, content: Content) -> tuple[str, ...]:
    """A zip of .shp, .shx, .dbf, .prj (as ESRI writes it), .cpg (UTF-8) and NAMES.txt.

    Raises InvalidParameter for text that is too long and parts that would be too large.
    """
    names = shorten(content.layer, content.columns)
    schema = describe(content, names)
    require_texts(content)
    require_numbers(content)
    require_sizes(estimate_sizes(content, schema))
    heighted = " Z" if content.survey.heighted else ""
    target = gdal.Target(
        "ESRI Shapefile", content.layer.id, schema, content.layer.geometry + heighted, encoding="UTF-8"
    )
    shp = path.with_name(f"{content.layer.id}.shp")
    gdal.write(shp, content, target, (to_dbf(each, content, schema) for each in content.batches))
    require_whole(shp, content.batches.rows)
    require_sizes({suffix: shp.with_suffix(suffix).stat().st_size for suffix in PARTS})
    notes = list_notes(content, names)
    pack(path, shp, render_list(content, names, notes))
    return notes


def describe(content: Content, names: Mapping[str, str]) -> pa.Schema:
    """The columns of the .dbf, no wider than their values."""
    types = {each.name: each.type for each in content.fields}
    columns = []
    for name in content.columns:
        kind = types.get(name, "integer")  # the id is no field
        width = content.survey.widths.get(name, 1) if kind in {"text", "code"} else WIDTHS[kind]
        # A width without decimals, which Arrow cannot say, would make whole numbers of them.
        metadata = None if kind == "number" else {WIDTH_KEY: str(width)}
        source = content.schema.field(name).type
        columns.append(pa.field(names[name], pa.string() if kind == "timestamp" else source, metadata=metadata))
    return pa.schema([*columns, content.schema.field(GEOMETRY)])


def to_dbf(batch: pa.RecordBatch, content: Content, schema: pa.Schema) -> pa.RecordBatch:
    """The batch under the short names, moments as text."""
    columns = [batch.column(name) for name in [*content.columns, GEOMETRY]]
    cast = [column.cast(wanted.type) for column, wanted in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(cast, schema=schema)


def require_texts(content: Content) -> None:
    """Return if every text is short enough. Raises InvalidParameter, which names the attributes."""
    wanted = [name for name in content.columns if content.survey.too_long.get(name)]
    if wanted:
        survey, longest = content.survey, FORMATS["shp"].longest_text
        found = ", ".join(f"{name} ({survey.too_long[name]:,}, the longest {survey.widths[name]:,})" for name in wanted)
        message = f"a shapefile holds {longest} bytes of text in a column, and longer are values of {found}"
        raise InvalidParameter(f"{message}; nothing is cut: {LONG_TEXT_ADVICE}", where="f")


def require_numbers(content: Content) -> None:
    """Return if every number fits with all its digits. Raises InvalidParameter, which names the attributes."""
    wanted = [name for name in content.columns if content.survey.largest.get(name, 0) >= TOO_LARGE]
    if wanted:
        found = ", ".join(f"{name} ({content.survey.largest[name]:g})" for name in wanted)
        message = f"a shapefile holds numbers of at most {DIGITS} digits, and larger are values of {found}"
        raise InvalidParameter(f"{message}; {LONG_TEXT_ADVICE}", where="f")


def estimate_sizes(content: Content, schema: pa.Schema) -> dict[str, int]:
    """The least bytes the .shp and the .dbf will have."""
    survey = content.survey
    row = sum(int((each.metadata or {}).get(WIDTH_KEY.encode(), WIDTHS["number"])) for each in list(schema)[:-1])
    form = int(survey.heighted > 0)
    vertices = survey.shaped * SHAPE_BYTES[form] + survey.points * VERTEX_BYTES[form]
    shapes = survey.shaped * POINT_BYTES[form] if content.layer.geometry == "Point" else vertices
    return {".shp": shapes, ".dbf": survey.features * (row + 1)}


def require_sizes(sizes: Mapping[str, int]) -> None:
    """Return if no part is larger than programs read. Raises InvalidParameter with advice."""
    for suffix, size in sizes.items():
        if size > LARGEST_PART:
            message = f"the {suffix} of the shapefile would have {size / 1e9:.1f} GB, and 2 GB is all it may have"
            raise InvalidParameter(f"{message}; {ADVICE}", where="f")


def require_whole(shp: Path, rows: int) -> None:
    """Return if the parts have the bytes that so many rows take, by their own headers. Raises OurError.

    GDAL closes a .dbf whose last bytes did not fit on the disk without a word, and reads it as if they were empty.
    """
    with shp.open("rb") as file:
        words = int.from_bytes(file.read(LENGTH_AT.stop)[LENGTH_AT], "big")
    header = find_dbf_header(shp.with_suffix(".dbf"))
    least = {
        ".shp": words * WORD_BYTES,
        ".shx": HEADER_BYTES + rows * ENTRY_BYTES,
        ".dbf": header.data_offset + rows * header.row_bytes if header is not None else 1,
    }
    for suffix, size in least.items():
        found = shp.with_suffix(suffix).stat().st_size
        if found < size or words == 0:
            raise OurError(f"the {suffix} was not written whole: {found:,} of {size:,} bytes; is the disk full?")


def list_notes(content: Content, names: Mapping[str, str]) -> tuple[str, ...]:
    """What is not in the file as it is in the layer."""
    cut = sum(name != short for name, short in names.items())
    renamed = (
        (f"{cut} names of columns are shortened to ten letters; {LIST_NAME} in the zip lists them",) if cut else ()
    )
    left = (f"attributes of the source that are no field of the layer are left out, of {content.left_out:,} features",)
    return renamed + gdal.list_height_notes(content) + (left if content.left_out else ())


def render_list(content: Content, names: Mapping[str, str], notes: tuple[str, ...]) -> str:
    """Every column, the attribute it is and its title; then the notes. Tab-separated, UTF-8."""
    fields: dict[str, Field] = {each.name: each for each in content.fields}
    lines = ["column\tattribute\ttên\ttitle"]
    for name, short in names.items():
        title = fields[name].title if name in fields else None
        lines.append(f"{short}\t{name}\t{title.vi if title else ''}\t{title.en if title else ''}")
    return "\r\n".join([*lines, "", *notes, ""])


def pack(path: Path, shp: Path, names: str) -> None:
    """The parts and the list in one zip; the parts are taken away as they are packed."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for suffix in PARTS:
            part = shp.with_suffix(suffix)
            archive.write(part, part.name)
            part.unlink()
        archive.writestr(LIST_NAME, names)
