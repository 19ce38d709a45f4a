"""A data set that stands ready, described: by the drivers, or by us where we read it ourselves.

Fiona describes shapefiles, which were looked through before. The rest is described by pyogrio: a damaged GeoPackage
ended Fiona 1.10 in a segmentation fault (a message of SQLite that is no UTF-8), and it cannot count some formats.
pyogrio cannot be told which driver to use, so what it opens is made sure of before, and its answer after.
"""

import math
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import fiona
import fiona.errors
import pyogrio
from fiona.model import to_dict
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FieldError
from pyproj import CRS

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.description import SHAPEFILE, Box, Source, SourceField
from gis_infra.transfer.sources.formats import Format
from gis_infra.transfer.sources.staging import Layout, Staged

# What LIBKML adds to every placemark; none of it is of the writer.
KML_OWN = frozenset({"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "id"})
STAGED_PATH = re.compile(r"\S*/gis-infra-[\w./-]*")
NOWHERE = ("LOCAL_CS", "ENGCRS", "ENGINEERINGCRS")  # of MapInfo's "Nonearth", and its like
OF_QGIS = ("layer_styles", "qgis_projects")  # tables it keeps its own things in
UNDEFINED = "Undefined"  # what GeoPackage calls the systems -1 and 0
KINDS = {
    "object": "str",
    "int64": "int",
    "float64": "float",
    "datetime64[D]": "date",
    "datetime64[ms]": "datetime",
}


def list_inner(name: str, staged: Staged) -> tuple[str, ...]:
    """The layers within a file. Raises InvalidSource if it cannot be read."""
    with translated(name):
        return tuple(str(layer) for layer, _ in pyogrio.list_layers(staged.path) if layer not in OF_QGIS)


def describe(name: str, kind: Format, staged: Staged, layer: str, inner: str | None) -> Source:
    """One layer of a data set that stands ready. Raises InvalidSource if it cannot be read."""
    with translated(name):
        layout, count, wkt = look(kind, staged, inner)
    if kind.driver != "DXF":  # whose blocks may stand for any number of features
        require_possible(name, staged, count)
    return Source(
        name=name,
        path=staged.path,
        parts=staged.parts,
        remarks=staged.remarks,
        layer=layer,
        inner=inner,
        driver=kind.driver,
        fields=layout.fields,
        count=count,
        geometry=layout.geometry,
        bounds=layout.bounds if staged.bounds is None else staged.bounds,
        wkt=wkt if staged.wkt is None else staged.wkt,
        declared=staged.declared,
        has_text=staged.has_text,
    )


def look(kind: Format, staged: Staged, inner: str | None) -> tuple[Layout, int, str]:
    """Columns and extent, number of features, and coordinate system."""
    if staged.layout is not None:
        return staged.layout, staged.count or 0, ""
    if kind.driver == SHAPEFILE:
        return look_by_fiona(staged)
    info = pyogrio.read_info(
        f"{kind.prefix}{staged.path}", layer=inner, force_feature_count=True, force_total_bounds=True, **kind.options
    )
    if info["driver"] != kind.driver:
        raise DataSourceError(f"it is taken for {info['driver']}, not {kind.driver}")
    fields = tuple(
        SourceField(str(name), KINDS.get(str(dtype), str(dtype)))
        for name, dtype in zip(info["fields"], info["dtypes"], strict=True)
        if kind.driver != "LIBKML" or name not in KML_OWN
    )
    count = kind.count(staged.path, str(info["layer_name"])) if kind.count is not None else int(info["features"])
    bounds = find_finite(info["total_bounds"]) if count and info["total_bounds"] is not None else None
    return Layout(fields, name_kind(str(info["geometry_type"])), bounds), count, to_wkt(info["crs"])


def look_by_fiona(staged: Staged) -> tuple[Layout, int, str]:
    """The same of a shapefile, whose text comes as bytes."""
    with fiona.open(staged.path, driver=SHAPEFILE, encoding="ISO-8859-1") as collection:
        schema = to_dict(collection.schema) if not isinstance(collection.schema, dict) else collection.schema
        fields = tuple(SourceField(name, kind) for name, kind in schema["properties"].items())
        return Layout(fields, str(schema["geometry"]), None), staged.count or 0, ""


def to_wkt(crs: str | None) -> str:
    """The definition of what pyogrio calls a coordinate system, "" if there is none or it is of no place on Earth."""
    if not crs or crs.startswith(NOWHERE) or UNDEFINED in crs[:60]:
        return ""
    return crs if not crs.startswith("EPSG:") else str(CRS.from_user_input(crs).to_wkt())


def name_kind(kind: str) -> str:
    """The kind of shapes as Fiona names it."""
    bare = kind.removesuffix(" Z").removeprefix("2.5D ")
    return f"3D {bare}" if bare != kind else kind


def find_finite(bounds: Any) -> Box | None:
    """A box of four numbers, None if they are not finite."""
    west, south, east, north = (float(number) for number in bounds)
    return (west, south, east, north) if all(map(math.isfinite, (west, south, east, north))) else None


def require_possible(name: str, staged: Staged, count: int) -> None:
    """Return if a file is large enough for as many features as it says. Raises InvalidSource."""
    size = sum(part.stat().st_size for part in staged.parts)
    if count > size:
        message = f"{name} says it has {count:,} features, and holds {size:,} bytes in all; it is damaged"
        raise InvalidSource(message, where=name)


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Run a block; what the drivers raise in it comes out as InvalidSource, and their warnings are not shown."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what GDAL finds odd shows again row by row, as problems of the rows
            yield
    except (
        fiona.errors.FionaError,
        DataSourceError,
        DataLayerError,
        FieldError,
        CRSError,
        ValueError,
        OSError,
        RuntimeError,
        AttributeError,
        TypeError,
        LookupError,
    ) as error:
        raise InvalidSource(f"{name} cannot be read: {tell(error, name)}", where=name) from error


def tell(error: BaseException, name: str) -> str:
    """The first line of a foreign error, with the file's name in place of the path of the machine."""
    lines = STAGED_PATH.sub(name, str(error)).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
