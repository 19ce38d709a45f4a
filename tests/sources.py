"""Files as surveyors bring them, made in code: in any encoding, with or without the parts they should have.

write_shapefile, write_mapinfo (.tab, .mif), write_drawing (.dxf), write_delimited (.csv), write_unicode (.gpkg,
.geojson, .geojsonl, .fgb, .kml), write_zip, zip_files; damage with cut, flip, put.
"""

import csv
import io
import struct
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
from shapely.geometry.base import BaseGeometry

from gis_infra.transfer.text.encodings import cp1258, tcvn3, viscii, vni, vps

ENCODERS = {
    "TCVN3": tcvn3.encode,
    "VNI": vni.encode,
    "CP1258": cp1258.encode,
    "VISCII": viscii.encode,
    "VPS": vps.encode,
}
LANGUAGE_DRIVER_AT = 29
UNICODE_DRIVERS = {
    ".gpkg": "GPKG",
    ".geojson": "GeoJSON",
    ".geojsonl": "GeoJSONSeq",
    ".fgb": "FlatGeobuf",
    ".kml": "LIBKML",
}

# What hand-made .prj files of the city say: an ESRI definition without authority, with any name and datum.
TM3_ESRI = (
    'PROJCS["{name}",GEOGCS["GCS_{datum}",DATUM["D_{datum}",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],'
    'PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)


def encode(text: str, encoding: str) -> bytes:
    """The bytes of `text` in one of our encodings or Python's."""
    return ENCODERS[encoding](text) if encoding in ENCODERS else text.encode(encoding)


def write_shapefile(
    path: Path,
    columns: Mapping[str, Sequence[Any]],
    shapes: Sequence[BaseGeometry | None],
    *,
    encoding: str = "UTF-8",
    cpg: str | None = None,
    prj: str | int | None = None,
    geometry_type: str | None = None,
) -> Path:
    """A shapefile with text and column names in `encoding`.

    cpg: what the .cpg says, None for no such file. prj: the text of the .prj, or an EPSG code; None for no such file.
    """
    frame = make_frame(columns, shapes, encoding, prj if isinstance(prj, int) else None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyogrio remarks that no CRS was given
        pyogrio.write_dataframe(frame, path, encoding="ISO-8859-1", geometry_type=geometry_type)
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    if isinstance(prj, str):
        path.with_suffix(".prj").write_text(prj)
    set_language_driver(path.with_suffix(".dbf"), 0)
    return path


def to_surface(value: Any, encoding: str) -> Any:
    """Text as the characters its bytes are in ISO-8859-1, which is how the writer puts those bytes into the file."""
    return encode(value, encoding).decode("latin-1") if isinstance(value, str) else value


def set_language_driver(dbf: Path, code: int) -> None:
    """Write byte 29 of a .dbf."""
    content = bytearray(dbf.read_bytes())
    content[LANGUAGE_DRIVER_AT] = code
    dbf.write_bytes(content)


def write_mapinfo(
    path: Path,
    columns: Mapping[str, Sequence[Any]],
    shapes: Sequence[BaseGeometry | None],
    *,
    encoding: str = "UTF-8",
    charset: str = "Neutral",
    srid: int | None = None,
) -> Path:
    """A MapInfo table (.tab) or exchange file (.mif) with text in `encoding`, whatever character set it names."""
    frame = make_frame(columns, shapes, encoding, srid)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(frame, path, driver="MapInfo File", layer_options={"ENCODING": "ISO-8859-1"})
    path.write_bytes(path.read_bytes().replace(b"ISO8859_1", charset.encode("ascii")))
    return path


def write_unicode(
    path: Path,
    columns: Mapping[str, Sequence[Any]],
    shapes: Sequence[BaseGeometry | None],
    *,
    srid: int | None = 4326,
    layer: str | None = None,
) -> Path:
    """A file of a format that is Unicode by itself, by the suffix of its path. layer: added to a GeoPackage."""
    frame = geopandas.GeoDataFrame(dict(columns), geometry=list(shapes), crs=srid)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pyogrio.write_dataframe(frame, path, driver=UNICODE_DRIVERS[path.suffix], layer=layer)
    return path


def make_frame(
    columns: Mapping[str, Sequence[Any]], shapes: Sequence[BaseGeometry | None], encoding: str, srid: int | None
) -> geopandas.GeoDataFrame:
    """Columns and shapes with the text as surfaces."""
    surfaces = {
        to_surface(name, encoding): [to_surface(value, encoding) for value in values]
        for name, values in columns.items()
    }
    return geopandas.GeoDataFrame(surfaces, geometry=list(shapes), crs=srid)


def write_drawing(
    path: Path,
    entities: Iterable[Sequence[tuple[int, Any]]],
    *,
    encoding: str = "UTF-8",
    version: str = "AC1015",
    code_page: str | None = "ANSI_1252",
) -> Path:
    """A drawing (.dxf) of entities, each a list of group codes and values: [(0, "LINE"), (8, "ONG"), (10, 1.5), …]."""
    head: list[tuple[int, Any]] = [(0, "SECTION"), (2, "HEADER"), (9, "$ACADVER"), (1, version)]
    head += [(9, "$DWGCODEPAGE"), (3, code_page)] if code_page is not None else []
    groups = [*head, (0, "ENDSEC"), (0, "SECTION"), (2, "ENTITIES")]
    groups += [group for entity in entities for group in entity]
    lines = (line for group in [*groups, (0, "ENDSEC"), (0, "EOF")] for line in group)
    path.write_bytes(b"".join(encode(str(line), encoding) + b"\r\n" for line in lines))
    return path


def draw_line(layer: str, *points: tuple[float, float]) -> list[tuple[int, Any]]:
    """A line of a drawing."""
    corners = [group for x, y in points for group in ((10, x), (20, y))]
    return [(0, "LWPOLYLINE"), (8, layer), (90, len(points)), (70, 0), *corners]


def draw_text(layer: str, point: tuple[float, float], text: str) -> list[tuple[int, Any]]:
    """A text of a drawing."""
    return [(0, "TEXT"), (8, layer), (10, point[0]), (20, point[1]), (40, 2.5), (1, text)]


def write_delimited(
    path: Path,
    rows: Iterable[Sequence[Any]],
    *,
    encoding: str = "UTF-8",
    separator: str = ",",
    mark: bytes = b"",
) -> Path:
    """A table of text, its first row the names of the columns. mark: bytes before it, such as that of Unicode."""
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(rows)
    path.write_bytes(mark + encode(text.getvalue(), encoding))
    return path


def zip_files(path: Path, files: Mapping[str, Path]) -> Path:
    """A zip archive of files under the names given, which may have folders."""
    return write_zip(path, {name: file.read_bytes() for name, file in files.items()})


def zip_shapefile(path: Path, shapefile: Path, name: str) -> Path:
    """A zip archive of all parts of a shapefile, as `name` without suffix."""
    parts = shapefile.parent.glob(f"{shapefile.stem}.*")
    return zip_files(path, {f"{name}{part.suffix}": part for part in parts if part != path})


def write_zip(path: Path, members: Mapping[str | bytes, bytes]) -> Path:
    """A zip archive of members; names given as bytes stand there as they are, without a word on their encoding."""
    raw_names = {}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(members.items()):
            # A placeholder of the same length, because zipfile writes bytes beyond ASCII only as UTF-8.
            placeholder = name if isinstance(name, str) else f"{number:x}".rjust(len(name), "~")
            raw_names[placeholder] = name
            archive.writestr(placeholder, content)
    packed = path.read_bytes()
    for placeholder, name in raw_names.items():
        if isinstance(name, bytes):
            packed = packed.replace(placeholder.encode("ascii"), name)
    path.write_bytes(packed)
    return path


def cut(path: Path, size: int) -> None:
    """Leave out the last `size` bytes of a file."""
    path.write_bytes(path.read_bytes()[:-size])


def put(path: Path, at: int, content: bytes) -> None:
    """Write bytes at a place of a file."""
    whole = bytearray(path.read_bytes())
    whole[at : at + len(content)] = content
    path.write_bytes(whole)


def resize_dbf(dbf: Path, rows: int) -> None:
    """Take rows off the end of a .dbf, or put copies of its last one there."""
    content = dbf.read_bytes()
    count, offset, width = struct.unpack("<IHH", content[4:12])
    last = content[offset + (count - 1) * width : offset + count * width]
    body = (content[offset : offset + count * width] + last * max(rows - count, 0))[: rows * width]
    dbf.write_bytes(content[:4] + struct.pack("<I", rows) + content[8:offset] + body + b"\x1a")


def delete_row(dbf: Path, row: int) -> None:
    """Mark a row of a .dbf, counted from 1, as deleted."""
    offset, width = struct.unpack("<HH", dbf.read_bytes()[8:12])
    put(dbf, offset + (row - 1) * width, b"*")
