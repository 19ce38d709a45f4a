"""GeoJSON features as a file somebody takes away: GeoJSON, GeoPackage or CSV, by the ending of its name."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
from shapely.geometry import shape

from gis_infra.errors import InvalidParameter

ENDINGS = (".geojson", ".gpkg", ".csv")
LONLAT = "EPSG:4326"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

Feature = Mapping[str, Any]


def write_features(path: Path, features: Iterable[Feature], layer: str) -> int:
    """Write features with geometries in longitude/latitude; returns how many.

    path: .geojson, .gpkg (one layer called `layer`) or .csv (UTF-8 with a mark, so that spreadsheets read Vietnamese;
    columns longitude and latitude of the feature's centroid; one feature after the other, those after the first with
    no other attributes than it). An existing file is replaced.
    Raises InvalidParameter for another ending, or where the file cannot be written.
    """
    require_target(path)
    try:
        if path.suffix == ".csv":
            return write_csv(path, features)
        held = list(features)
        if path.suffix == ".gpkg":
            write_geopackage(path, held, layer)
        else:
            path.write_bytes(orjson.dumps({"type": "FeatureCollection", "features": held}))
        return len(held)
    except OSError as error:
        raise InvalidParameter(f"{path} cannot be written: {error.strerror}", where=str(path)) from error


def require_target(path: Path, endings: Sequence[str] = ENDINGS) -> None:
    """Return if a file of this ending can be written there. Raises InvalidParameter."""
    if path.suffix not in endings:
        raise InvalidParameter(f"{path.name} must end in {', '.join(endings)}", where=str(path))
    if not path.parent.is_dir():
        raise InvalidParameter(f"{path} cannot be written: there is no folder {path.parent}", where=str(path))


def write_csv(path: Path, features: Iterable[Feature]) -> int:
    """One row a feature: its attributes, then the longitude and latitude of its centroid; returns how many."""
    rows = ({**flatten(each["properties"]), **to_lonlat(each["geometry"])} for each in features)
    first = next(rows, None)
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, ["id"] if first is None else list(first))
        writer.writeheader()
        for row in chain(() if first is None else (first,), rows):
            writer.writerow({name: to_cell(value) for name, value in row.items()})
            count += 1
    return count


def to_cell(value: Any) -> Any:
    """A value for a cell; text that a spreadsheet would take for a formula has an apostrophe before it.

    Source: OWASP, "CSV Injection".
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def write_geopackage(path: Path, features: Sequence[Feature], layer: str) -> None:
    """One layer in longitude/latitude. An empty one has the geometry and no attributes."""
    path.unlink(missing_ok=True)
    rows = [flatten(each["properties"]) for each in features]
    shapes = [shape(each["geometry"]) if each["geometry"] is not None else None for each in features]
    # GeoPackage keeps a column `fid` of its own; `id` stays an attribute.
    import geopandas  # only here: it takes as long to load as a short command takes

    geopandas.GeoDataFrame(rows, geometry=shapes, crs=LONLAT).to_file(path, layer=layer, driver="GPKG")


def flatten(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes as plain columns: a title in two languages becomes two, anything else nested becomes text."""
    flat: dict[str, Any] = {}
    for name, value in properties.items():
        if isinstance(value, Mapping) and set(value) == {"vi", "en"}:
            flat |= {f"{name}_{language}": text for language, text in value.items()}
        else:
            flat[name] = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value
    return flat


def to_lonlat(geometry: Mapping[str, Any] | None) -> dict[str, float | None]:
    """The centroid of a geometry, 8 decimals."""
    if geometry is None:
        return {"longitude": None, "latitude": None}
    centre = shape(dict(geometry)).centroid
    return {"longitude": round(centre.x, 8), "latitude": round(centre.y, 8)}
