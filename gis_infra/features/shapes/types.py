"""Shapes of the type a layer has: single or multiple, and nothing else."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely

from gis_infra.catalogue.definitions import GeometryType
from gis_infra.features.shapes.shaping import Shaping

TYPE_IDS: Mapping[str, int] = {
    "Point": 0,
    "LineString": 1,
    "Polygon": 3,
    "MultiPoint": 4,
    "MultiLineString": 5,
    "MultiPolygon": 6,
    "GeometryCollection": 7,
}
NAMES = {number: name for name, number in TYPE_IDS.items()}
COLLECTION = TYPE_IDS["GeometryCollection"]
DEEPEST = 8  # collections within collections


def fit(shaping: Shaping, wanted: GeometryType) -> None:
    """Single shapes made multiple, and multiple ones of one part single, as the layer has them; others refused."""
    open_collections(shaping)
    if wanted.startswith("Multi"):
        wrap(shaping, TYPE_IDS[wanted.removeprefix("Multi")], wanted)
    else:
        unwrap(shaping, TYPE_IDS[f"Multi{wanted}"], wanted)
    kinds = shapely.get_type_id(shaping.shapes)
    for kind in np.unique(kinds[(kinds != TYPE_IDS[wanted]) & (kinds >= 0)]):
        shaping.refuse(kinds == kind, f"is a {NAMES[int(kind)]}; the layer takes {wanted}")


def open_collections(shaping: Shaping) -> None:
    """A collection of one shape is that shape."""
    for _ in range(DEEPEST):
        found = shapely.get_type_id(shaping.shapes) == COLLECTION
        lone = found & (shapely.get_num_geometries(shaping.shapes) == 1)
        if not lone.any():
            return
        shaping.shapes[lone] = shapely.get_geometry(shaping.shapes[lone], 0)


def wrap(shaping: Shaping, single: int, wanted: str) -> None:
    """Single shapes as multiple ones of one part."""
    makers: Mapping[str, Any] = {
        "MultiPoint": shapely.multipoints,
        "MultiLineString": shapely.multilinestrings,
        "MultiPolygon": shapely.multipolygons,
    }
    chosen = np.flatnonzero(shapely.get_type_id(shaping.shapes) == single)
    if len(chosen):
        shaping.shapes[chosen] = makers[wanted](shaping.shapes[chosen], indices=np.arange(len(chosen)))


def unwrap(shaping: Shaping, multiple: int, wanted: str) -> None:
    """Multiple shapes of one part as single ones; lines that run on end to start are one line."""
    if wanted == "LineString":
        join_lines(shaping)
    several = shapely.get_type_id(shaping.shapes) == multiple
    parts = shapely.get_num_geometries(shaping.shapes)
    one = several & (parts == 1)
    shaping.shapes[one] = shapely.get_geometry(shaping.shapes[one], 0)
    shaping.refuse(
        several & (parts > 1),
        lambda index: f"has {parts[index]} separate parts; the layer takes {wanted}, one part a row",
    )


def join_lines(shaping: Shaping) -> None:
    """Lines of several parts that run on end to start, as lines of one; said how often.

    Only where each vertex comes out of it, but for those at which parts meet: GEOS drops a vertex straight above the
    one before, which is how a drop in a sewer is drawn.
    """
    parts = shapely.get_num_geometries(shaping.shapes)
    several = (shapely.get_type_id(shaping.shapes) == TYPE_IDS["MultiLineString"]) & (parts > 1)
    merged = shapely.line_merge(shaping.shapes[several], directed=True)
    wanted = shapely.get_num_coordinates(shaping.shapes[several]) - parts[several] + 1
    whole = (shapely.get_type_id(merged) == TYPE_IDS["LineString"]) & (shapely.get_num_coordinates(merged) == wanted)
    shaping.shapes[np.flatnonzero(several)[whole]] = merged[whole]
    shaping.notes["lines of parts that run on, joined"] += int(whole.sum())
