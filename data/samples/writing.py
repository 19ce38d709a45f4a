"""The shapefiles: coordinates in the department's system, text in its encoding, the same bytes on every run.

Fiona writes them with text as an ISO-8859-1 surface, so that the bytes in the .dbf are ours; the .prj and the .cpg are
written here, because what they say is part of the sample. Numbers are rounded, so that no last digit depends on the
machine.
"""

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from gis_infra.spatial.crs import get_transformer
from samples.assets import Asset, Value
from samples.encodings import ENCODERS
from samples.files import WORDS, SampleFile

CITY_SRID = 9210
WRITTEN_ON = "2025-12-31"  # the day in every .dbf header
DATUMS = {"D_Vietnam_2000": "GCS_VN-2000", "D_WGS_1984": "GCS_WGS_1984"}


@dataclass(frozen=True)
class System:
    """A coordinate system as a department has it: its true EPSG code, what the .prj says, decimals kept.

    prj: None for no file at all.
    """

    srid: int
    prj: str | None
    decimals: int = 4


def write_geographic(datum: str) -> str:
    """The ESRI text of a geographic system."""
    return (
        f'GEOGCS["{DATUMS[datum]}",DATUM["{datum}",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
        'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
    )


def write_grid(name: str, datum: str, meridian: float, scale: float) -> str:
    """The ESRI text of a transverse Mercator grid, without any authority, as field software writes it."""
    return (
        f'PROJCS["{name}",{write_geographic(datum)},PROJECTION["Transverse_Mercator"],'
        f'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",{meridian}],'
        f'PARAMETER["Scale_Factor",{scale}],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
    )


SYSTEMS = {
    "tm3_105_45": System(9210, write_grid("VN2000_TM3_105-45", "D_Vietnam_2000", 105.75, 0.9999)),
    "tm3_107_45": System(5899, write_grid("VN_2000_TM-3_107-45", "D_Vietnam_2000", 107.75, 0.9999)),
    "tm3_wrong_datum": System(9210, write_grid("TM3_HCM_105-45", "D_WGS_1984", 105.75, 0.9999)),
    "utm_48n": System(32648, write_grid("WGS_1984_UTM_Zone_48N", "D_WGS_1984", 105.0, 0.9996)),
    "degrees": System(4326, write_geographic("D_WGS_1984"), decimals=10),
    "no_prj": System(9210, None),
}


def write_file(folder: Path, sample: SampleFile, assets: list[Asset]) -> None:
    """Write one layer's assets as one shapefile with all its parts."""
    path = folder / sample.path
    path.parent.mkdir(parents=True, exist_ok=True)
    system = SYSTEMS[sample.style.system]
    rows = [speak(sample, asset) for asset in assets]
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {name: describe_column(sample, [row.get(name) for row in rows]) for name in names}
    shapes = move([asset.geometry for asset in assets], system)
    schema = {
        "geometry": get_geometry_type(shapes),
        "properties": [(sample.name_column(name), columns[name]) for name in names],
    }
    records = (
        {
            "geometry": shape.__geo_interface__,
            "properties": {
                sample.name_column(name): to_written(sample, row.get(name), columns[name]) for name in names
            },
        }
        for row, shape in zip(rows, shapes, strict=True)
    )
    write_records(path, schema, records)
    finish(path, sample, system)


def speak(sample: SampleFile, asset: Asset) -> dict[str, Value]:
    """An asset's values in the department's words: codes, yes and no, dates that it writes as text."""
    values = asset.get_values()
    for name, value in values.items():
        if isinstance(value, bool):
            values[name] = ("Có" if value else "Không") if sample.style.words else str(int(value))
        elif isinstance(value, date) and sample.style.text_dates:
            values[name] = value.strftime("%d/%m/%Y")
        elif isinstance(value, str) and sample.style.words:
            values[name] = WORDS.get(f"{name}.{value}", WORDS.get(value, value))
    return values


def write_records(path: Path, schema: dict[str, Any], records: Iterable[dict[str, Any]]) -> None:
    """Let Fiona write the .shp, the .shx and the .dbf."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no CRS is given to GDAL on purpose
        with fiona.open(
            path, "w", driver="ESRI Shapefile", schema=schema, encoding="ISO-8859-1", DBF_DATE_LAST_UPDATE=WRITTEN_ON
        ) as target:
            target.writerecords(records)


def finish(path: Path, sample: SampleFile, system: System) -> None:
    """Say of the system and the encoding what the department says: a .prj or none, a .cpg for UTF-8 only."""
    for suffix in (".prj", ".cpg"):
        path.with_suffix(suffix).unlink(missing_ok=True)
    if system.prj is not None:
        path.with_suffix(".prj").write_text(system.prj, encoding="ascii", newline="")
    if sample.style.encoding == "UTF-8":
        path.with_suffix(".cpg").write_text("UTF-8", encoding="ascii", newline="")
    with path.with_suffix(".dbf").open("r+b") as table:
        table.seek(29)  # the language driver: none, as old programs leave it
        table.write(b"\0")


def describe_column(sample: SampleFile, values: list[Value]) -> str:
    """The column's type for Fiona, as wide as its widest value."""
    present = [value for value in values if value is not None]
    if any(isinstance(value, str) for value in present) or not present:
        return f"str:{max([len(encode(sample, str(value))) for value in present], default=1)}"
    if any(isinstance(value, date) for value in present):
        return "date"
    numbers = [float(value) for value in present if isinstance(value, int | float)]
    decimals = max(len(f"{number:.4f}".rstrip("0").partition(".")[2]) for number in numbers)
    width = max(len(f"{number:.{decimals}f}") for number in numbers)
    return f"float:{width}.{decimals}" if decimals else f"int:{width}"


def encode(sample: SampleFile, text: str) -> str:
    """The bytes the department writes for a text, as an ISO-8859-1 surface."""
    return encode_once(sample.style.encoding, text)


@lru_cache(maxsize=50_000)
def encode_once(encoding: str, text: str) -> str:
    """The surface of a text; most texts come back thousands of times."""
    return ENCODERS[encoding](text).decode("latin-1")


def to_written(sample: SampleFile, value: Value, column: str) -> object:
    """A value as Fiona is to write it."""
    if value is None:
        return None
    if column.startswith("str"):
        return encode(sample, str(value))
    if column.startswith("int"):
        return round(float(value))  # type: ignore[arg-type]  # an int column holds numbers
    return value.isoformat() if isinstance(value, date) else value


def move(shapes: list[BaseGeometry], system: System) -> list[BaseGeometry]:
    """Shapes in the department's system, so that the program's own conversion brings back what was drawn."""
    parts = [shape.geoms[0] if shape.geom_type == "MultiPolygon" else shape for shape in shapes]
    if system.srid == CITY_SRID:
        return parts
    out, back = get_transformer(CITY_SRID, system.srid), get_transformer(system.srid, CITY_SRID)
    return list(shapely.transform(parts, lambda points: invert(points, out, back, system.decimals)))


def invert(points: np.ndarray, out: Transformer, back: Transformer, decimals: int) -> np.ndarray:
    """Coordinates that `back` brings to `points` within a tenth of a millimetre.

    The shift between two datums loses about a millimetre there and back, because heights are left out; a step of
    correction takes that away.
    """
    aim = points.copy()
    for _ in range(3):
        moved = np.column_stack(out.transform(aim[:, 0], aim[:, 1]))
        aim += points - np.column_stack(back.transform(moved[:, 0], moved[:, 1]))
    return np.round(np.column_stack(out.transform(aim[:, 0], aim[:, 1])), decimals)


def get_geometry_type(shapes: list[BaseGeometry]) -> str:
    """The type Fiona is to give the file; with Z if any shape has one."""
    return f"3D {shapes[0].geom_type}" if any(shape.has_z for shape in shapes) else str(shapes[0].geom_type)
