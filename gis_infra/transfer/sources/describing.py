"""A data set that stands ready, described: by Fiona, by pyogrio where Fiona cannot, by us where we read it ourselves.

Fiona is told the one driver to use. pyogrio cannot be, so what it opens is made sure of before, and its answer after.
"""

import math
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import fiona
import fiona.errors
import pyogrio
from fiona.model import to_dict
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FieldError

from gis_infra.errors import InvalidSource
from gis_infra.transfer.sources.description import Box, Source, SourceField
from gis_infra.transfer.sources.formats import Format
from gis_infra.transfer.sources.staging import Layout, Staged

# What LIBKML adds to every placemark; none of it is of the writer.
KML_OWN = frozenset({"altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon", "id"})
STAGED_PATH = re.compile(r"\S*/gis-infra-[\w./-]*")
KINDS = {
    "object": "str",
    "int64": "int",
    "float64": "float",
    "datetime64[D]": "date",
    "datetime64[ms]": "datetime",
}


def list_inner(name: str, kind: Format, staged: Staged) -> tuple[str, ...]:
    """The layers within a file. Raises InvalidSource if it cannot be read."""
    with translated(name):
        if kind.by_pyogrio:
            return tuple(str(layer) for layer, _ in pyogrio.list_layers(staged.path))
        return tuple(fiona.listlayers(staged.path))


def describe(name: str, kind: Format, staged: Staged, layer: str, inner: str | None) -> Source:
    """One layer of a data set that stands ready. Raises InvalidSource if it cannot be read."""
    with translated(name):
        layout, count, wkt = look(kind, staged, inner)
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
    if kind.by_pyogrio:
        return look_by_pyogrio(kind, staged.path, inner)
    # The encoding is heard by the shapefile driver alone, which then hands over bytes.
    with fiona.open(staged.path, driver=kind.driver, layer=inner, encoding="ISO-8859-1") as collection:
        schema = to_dict(collection.schema) if not isinstance(collection.schema, dict) else collection.schema
        fields = tuple(SourceField(name, kind) for name, kind in schema["properties"].items())
        count = len(collection) if staged.count is None else staged.count
        bounds = find_bounds(collection) if count else None
        return Layout(fields, str(schema["geometry"]), bounds), count, str(collection.crs_wkt)


def find_bounds(collection: Any) -> Box | None:
    """The box of a layer, None where no row has a shape."""
    try:
        return find_finite(collection.bounds)
    except fiona.errors.DriverError:
        return None


def look_by_pyogrio(kind: Format, path: Path, inner: str | None) -> tuple[Layout, int, str]:
    """The same by pyogrio. Raises DataSourceError if another driver took the file for its own."""
    info = pyogrio.read_info(path, layer=inner, force_feature_count=True, force_total_bounds=True)
    if info["driver"] != kind.driver:
        raise DataSourceError(f"it is taken for {info['driver']}, not {kind.driver}")
    fields = tuple(
        SourceField(str(name), KINDS.get(str(dtype), str(dtype)))
        for name, dtype in zip(info["fields"], info["dtypes"], strict=True)
        if kind.driver != "LIBKML" or name not in KML_OWN
    )
    count = int(info["features"])
    bounds = find_finite(info["total_bounds"]) if count and info["total_bounds"] is not None else None
    return Layout(fields, name_kind(str(info["geometry_type"])), bounds), count, info["crs"] or ""


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
    ) as error:
        raise InvalidSource(f"{name} cannot be read: {tell(error, name)}", where=name) from error


def tell(error: BaseException, name: str) -> str:
    """The first line of a foreign error, with the file's name in place of the path of the machine."""
    lines = STAGED_PATH.sub(name, str(error)).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
