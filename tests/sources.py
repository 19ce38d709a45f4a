"""Files as surveyors bring them, made in code: in any encoding, with or without the parts they should have."""

import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas
import pyogrio
from shapely.geometry.base import BaseGeometry

from gis_infra.transfer.text.encodings import cp1258, tcvn3, vni

ENCODERS = {"TCVN3": tcvn3.encode, "VNI": vni.encode, "CP1258": cp1258.encode}
LANGUAGE_DRIVER_AT = 29

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
    surfaces = {
        to_surface(name, encoding): [to_surface(value, encoding) for value in values]
        for name, values in columns.items()
    }
    frame = geopandas.GeoDataFrame(surfaces, geometry=list(shapes), crs=prj if isinstance(prj, int) else None)
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
