"""The formats read here: by which suffix they are known, what belongs to them, and how each is made ready."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from gis_infra.transfer.sources import containers, drawings, geojson, mapinfo, markup, shapefiles, tables
from gis_infra.transfer.sources.description import SHAPEFILE
from gis_infra.transfer.sources.staging import Parts, Staged


class Stage(Protocol):
    """Makes a data set ready in a folder."""

    def __call__(self, parts: Parts, folder: Path, *, bare_geometry: bool) -> Staged:
        """The data set, ready. Raises InvalidSource or OurError."""


@dataclass(frozen=True)
class Format:
    """A format.

    driver: GDAL's name of it. suffixes: of the file it is named by. beside: suffixes of what belongs to it. prefix: put
    before a path so that pyogrio asks no driver but this. has_layers: whether a file may hold several. recognise: why a
    file with its suffix is none, asked where it was not named itself, as for a .json or .txt among other files.
    count: how many features a layer has, where the driver cannot be believed. options: how the driver is to read.
    """

    driver: str
    suffixes: tuple[str, ...]
    stage: Stage
    beside: tuple[str, ...] = ()
    prefix: str = ""
    has_layers: bool = False
    recognise: Callable[[Parts], str | None] | None = None
    count: Callable[[Path, str], int] | None = None
    options: Mapping[str, str] = field(default_factory=dict)


FORMATS = (
    Format(SHAPEFILE, (".shp",), shapefiles.stage, beside=(".dbf", ".shx", ".prj", ".cpg")),
    Format(
        "GPKG",
        (".gpkg",),
        containers.stage_geopackage,
        beside=containers.JOURNALS,
        has_layers=True,
        count=containers.count_rows,
    ),
    Format(
        "GeoJSON",
        (".geojson", ".json"),
        geojson.stage,
        prefix="GeoJSON:",
        recognise=geojson.recognise,
        options=geojson.OPTIONS,
    ),
    Format(
        "GeoJSONSeq",
        (".geojsonl", ".geojsons", ".ndjson", ".jsonl"),
        geojson.stage,
        prefix="GeoJSONSeq:",
        options=geojson.OPTIONS,
    ),
    Format("FlatGeobuf", (".fgb",), containers.stage_flatgeobuf),
    Format(
        "MapInfo File", (".tab",), mapinfo.stage_tab, beside=(*mapinfo.TAB_DATA, ".dbf"), recognise=mapinfo.recognise
    ),
    Format("MapInfo File", (".mif",), mapinfo.stage_mif, beside=(".mid",)),
    Format("DXF", (".dxf",), drawings.stage),
    Format("LIBKML", (".kml",), markup.stage, has_layers=True),
    Format("CSV", (".csv", ".tsv", ".txt"), tables.stage, recognise=tables.recognise),
)
BY_SUFFIX: Mapping[str, Format] = {suffix: each for each in FORMATS for suffix in each.suffixes}
PARTS: Mapping[str, str] = {
    **{suffix: each.suffixes[0] for each in reversed(FORMATS) for suffix in each.beside},
    ".sbn": ".shp",
    ".sbx": ".shp",
    ".qix": ".shp",
    ".qpj": ".shp",
    ".ind": ".tab",
}
# Data that is not read here -> what to do with it.
UNREAD: Mapping[str, str] = {
    ".dwg": "save it as DXF",
    ".dgn": "save it as DXF",
    ".rar": "unpack it first",
    ".7z": "unpack it first",
    ".tar": "unpack it first",
    ".gz": "unpack it first",
    ".tgz": "unpack it first",
    ".xls": "save it as CSV",
    ".xlsx": "save it as CSV",
    ".ods": "save it as CSV",
    ".mdb": "export it as GeoPackage",
    ".gdb": "export it as GeoPackage",
    ".sqlite": "export it as GeoPackage",
    ".gml": "export it as GeoPackage",
    ".gpx": "export it as GeoPackage or KML",
    ".tif": "it is a picture",
    ".tiff": "it is a picture",
}
