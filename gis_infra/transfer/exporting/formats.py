"""The kinds of file an export can be."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gis_infra.errors import InvalidParameter
from gis_infra.spatial.crs import WGS84

FormatId = Literal["gpkg", "shp", "geojson", "fgb", "csv", "parquet"]


@dataclass(frozen=True)
class Format:
    """One kind of file.

    suffix: of its name. longest_text: bytes of text a column holds, None for any; where it is bounded there is no place
    for what an imported file had besides. is_lonlat: whether it is in longitude/latitude unless asked otherwise.
    says_heights: whether it says of all shapes at once if they have heights.
    """

    id: FormatId
    title: str
    suffix: str
    mimetype: str
    longest_text: int | None = None
    is_lonlat: bool = False
    says_heights: bool = False


FORMATS: Mapping[str, Format] = {
    each.id: each
    for each in (
        Format("gpkg", "GeoPackage", ".gpkg", "application/geopackage+sqlite3", says_heights=True),
        Format("shp", "Shapefile", ".zip", "application/zip", longest_text=254, says_heights=True),
        Format("geojson", "GeoJSON", ".geojson", "application/geo+json", is_lonlat=True),
        Format("fgb", "FlatGeobuf", ".fgb", "application/vnd.flatgeobuf", says_heights=True),
        Format("csv", "CSV", ".csv", "text/csv; charset=utf-8"),
        Format("parquet", "GeoParquet", ".parquet", "application/vnd.apache.parquet"),
    )
}
BARE_SHAPEFILE = ".shp"


def get_format(name: str, where: str = "f") -> Format:
    """The format called so. Raises InvalidParameter, which lists what there is."""
    if name not in FORMATS:
        raise InvalidParameter(f"{where} must be one of {', '.join(FORMATS)}, got {name[:40]!r}", where=where)
    return FORMATS[name]


def find_by_name(path: Path) -> Format:
    """The format a file's name asks for. Raises InvalidParameter, which lists the endings."""
    suffix = path.suffix.lower()
    for each in FORMATS.values():
        if each.suffix == suffix:
            return each
    if suffix == BARE_SHAPEFILE:
        hint = f"a shapefile is several files, which come in one zip: name it {path.stem}.zip"
    else:
        hint = "allowed: " + ", ".join(f"{each.suffix} ({each.title})" for each in FORMATS.values())
    raise InvalidParameter(f"{path.name} has no ending of a file that is written here; {hint}", where="file")


def choose_srid(wanted: Format, asked: int | None, city_srid: int) -> int:
    """The EPSG code of the file: as asked, else longitude/latitude for GeoJSON (RFC 7946) and the city's for others."""
    if asked is not None:
        return asked
    return WGS84 if wanted.is_lonlat else city_srid
