"""Shapes that are wrong in themselves: mended where that keeps them what they are, else refused with the place.

A repair keeps a shape if its area changes by at most a part in 10,000 and its length, or that of its outline, by at
most a part in 100. A line may cross itself; that is no fault, and is not told.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from gis_infra.features.shapes.places import Places
from gis_infra.features.shapes.shaping import Floats, Shapes, Shaping
from gis_infra.features.shapes.types import TYPE_IDS

SHORTEST_M = 0.001  # of a line; what is shorter is a slip of the hand
SMALLEST_M2 = SHORTEST_M**2  # of an area
AREA_KEPT = 1e-4  # share by which a repair may change an area
LENGTH_KEPT = 1e-2  # share by which it may change a length
EXTENDED = [TYPE_IDS[name] for name in ("LineString", "MultiLineString", "Polygon", "MultiPolygon")]
MAKERS: Mapping[str, Callable[[Shapes], Any]] = {
    "MultiLineString": shapely.multilinestrings,
    "MultiPolygon": shapely.multipolygons,
}
REASON = re.compile(r"(?P<reason>[^\[]*)\[(?P<x>\S+) (?P<y>\S+)[^\]]*\]")


def drop_repeated(shaping: Shaping) -> None:
    """A vertex of a line or area that is the one before it all over again, heights too, is dropped; said how often."""
    chosen = find_repeating(shaping)
    for index in chosen:
        shaping.shapes[index] = drop_repeated_of(shaping.shapes[index])
    shaping.notes["repeated vertices dropped"] += len(chosen)


def find_repeating(shaping: Shaping) -> list[int]:
    """The lines and areas with a vertex that is the one before it."""
    extended = np.isin(shapely.get_type_id(shaping.shapes), EXTENDED)
    runs, owners = list_runs(shaping.shapes[extended])
    coordinates, of_run = shapely.get_coordinates(runs, include_z=True, return_index=True)
    repeated = are_repeated(coordinates, of_run)
    return np.flatnonzero(extended)[np.unique(owners[of_run[repeated]])].tolist() if repeated.any() else []


def list_runs(shapes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lines and rings that lines and areas are made of, and of which shape each is."""
    parts, of_shape = shapely.get_parts(shapes, return_index=True)
    is_area = shapely.get_type_id(parts) == TYPE_IDS["Polygon"]
    rings, of_part = shapely.get_rings(parts[is_area], return_index=True)
    runs = np.concatenate([parts[~is_area], rings])
    return runs, np.concatenate([of_shape[~is_area], of_shape[is_area][of_part]])


def are_repeated(coordinates: Floats, owners: np.ndarray) -> np.ndarray:
    """Whether each vertex is the one before it in the same run; no height is equal to no height."""
    same = np.zeros(len(coordinates), dtype=bool)
    before, after = coordinates[:-1], coordinates[1:]
    equal = ((before == after) | (np.isnan(before) & np.isnan(after))).all(axis=1)
    same[1:] = equal & (owners[1:] == owners[:-1])
    return same


def drop_repeated_of(shape: BaseGeometry) -> BaseGeometry:
    """A line or area without repeated vertices; as it is if too few would be left, which is then told otherwise."""
    if isinstance(shape, Polygon):
        return Polygon(thin(shape.exterior, 4), [thin(ring, 4) for ring in shape.interiors])
    if isinstance(shape, MultiPolygon | MultiLineString):
        parts = np.array([drop_repeated_of(part) for part in shape.geoms], dtype=object)
        kept: BaseGeometry = MAKERS[shape.geom_type](parts)
        return kept
    return LineString(thin(shape, 2))


def thin(run: BaseGeometry, least: int) -> Floats:
    """The vertices of a line or ring without repeated ones; all of them if fewer than `least` would be left."""
    coordinates: Floats = shapely.get_coordinates(run, include_z=run.has_z)
    kept = coordinates[~are_repeated(coordinates, np.zeros(len(coordinates)))]
    return kept if len(kept) >= least else coordinates


def refuse_degenerate(shaping: Shaping, places: Places) -> None:
    """Lines without length and areas without area."""
    dimensions = shapely.get_dimensions(shaping.shapes)
    lengths, areas = shapely.length(shaping.shapes), np.abs(shapely.area(shaping.shapes))
    starts = shapely.bounds(shaping.shapes)
    shaping.refuse(
        (dimensions == 1) & (lengths < SHORTEST_M),
        lambda index: f"is a line shorter than 1 mm{places.tell(*starts[index, :2].tolist())}",
    )
    shaping.refuse(
        (dimensions == 2) & (areas < SMALLEST_M2),
        lambda index: f"is an area of nothing{places.tell(*starts[index, :2].tolist())}",
    )


def mend_invalid(shaping: Shaping, places: Places) -> None:
    """Invalid shapes repaired where that keeps them; else refused with the place that is wrong."""
    wrong = np.flatnonzero(~shapely.is_valid(shaping.shapes) & ~shapely.is_missing(shaping.shapes))
    for index in map(int, wrong):
        shape = shaping.shapes[index]
        reason = tell_invalid(shape, places)
        mended = next(list_mended(shape), None)
        if mended is None:
            shaping.faults[index] = f"is not valid, and a repair would change it: {reason}"
            shaping.warnings.pop(index, None)
        else:
            shaping.warn(index, f"was repaired: {reason}")
        shaping.shapes[index] = mended


def tell_invalid(shape: BaseGeometry, places: Places) -> str:
    """What is wrong with a shape, and where."""
    words = shapely.is_valid_reason(shape)
    match = REASON.fullmatch(words)
    return f"{match['reason']}{places.tell(float(match['x']), float(match['y']))}" if match else str(words)


def list_mended(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """The repairs that keep a shape: of rings by what each is said to be, and by which lies in which."""
    methods = ({"method": "structure", "keep_collapsed": False}, {"method": "linework"})
    for method in methods:
        repaired = to_type(shapely.make_valid(shape, **method), shape.geom_type)
        if repaired is not None and keeps(shape, repaired):
            yield repaired


def to_type(repaired: BaseGeometry, wanted: str) -> BaseGeometry | None:
    """The repaired shape as one of the type it had; None if it is of another."""
    if wanted == "MultiPolygon" and isinstance(repaired, Polygon):
        return MultiPolygon([repaired])
    return repaired if repaired.geom_type == wanted else None


def keeps(shape: BaseGeometry, repaired: BaseGeometry) -> bool:
    """Whether a repaired shape is what the other was meant to be, within AREA_KEPT and LENGTH_KEPT, heights and all."""
    heights = shapely.get_coordinates(repaired, include_z=True)[:, 2]
    if shape.has_z and not np.isfinite(heights).all():
        return False
    if abs(repaired.length - shape.length) > LENGTH_KEPT * shape.length:
        return False
    if is_close(repaired.area, shape.area):
        return True
    # Outlines and holes mixed up: what was a hole must not become a part of its own.
    fewer = shapely.get_num_geometries(repaired) <= shapely.get_num_geometries(shape)
    return bool(fewer) and is_close(repaired.area, find_wound_area(shape))


def is_close(area: float, wanted: float) -> bool:
    """Whether two areas are the same, within AREA_KEPT."""
    return abs(area - wanted) <= AREA_KEPT * wanted


def find_wound_area(shape: BaseGeometry) -> float:
    """The area by the sense in which rings run, holes the other way round, whatever they are given as.

    It is what files mean whose outlines and holes are mixed up; 0 for lines, as is their area.
    """
    total = 0.0
    for ring in list_runs(np.array([shape], dtype=object))[0]:
        if ring.geom_type == "LinearRing":
            total += shapely.area(shapely.polygons(ring)) * (1 if ring.is_ccw else -1)
    return abs(total)


def turn_rings(shaping: Shaping) -> None:
    """Outlines run counter-clockwise and holes clockwise, as GeoJSON and GML have them; said how often.

    Shapefiles have them the other way round: turned, a file imported again from either is the same.
    """
    is_area = shapely.get_dimensions(shaping.shapes) == 2
    if not is_area.any():
        return
    before = shaping.shapes[is_area]
    turned = shapely.orient_polygons(before)
    shaping.notes["rings turned to run counter-clockwise"] += int((~shapely.equals_identical(before, turned)).sum())
    shaping.shapes[is_area] = turned
