"""What changed from one version of a feature to the next. Pure."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_infra.catalogue.definitions import Layer
from gis_infra.features.versions.records import FieldChange, ShapeChange, Values

CHANGES_ALWAYS = "updated_at"


def compare_fields(layer: Layer, old: Values, new: Values) -> tuple[FieldChange, ...]:
    """The properties whose values differ, in the layer's order, but for the time of the change itself."""
    names = (field.name for field in layer.fields if field.name != CHANGES_ALWAYS)
    return tuple(FieldChange(name, old[name], new[name]) for name in names if old[name] != new[name])


def compare_shapes(old: bytes | None, new: bytes | None) -> ShapeChange | None:
    """How two shapes differ, None if they are the same byte by byte. WKB in the city's CRS."""
    if old == new:
        return None
    if old is None or new is None:
        return ShapeChange(None)
    before, after = shapely.from_wkb([old, new])
    if before.is_empty or after.is_empty:
        return ShapeChange(None)
    moved = max(measure_farthest(before, after), measure_farthest(after, before))
    return ShapeChange(
        moved_m=moved,
        length_change_m=after.length - before.length if shapely.get_dimensions(after) == 1 else None,
        area_change_m2=after.area - before.area if shapely.get_dimensions(after) == 2 else None,
    )


def measure_farthest(shape: BaseGeometry, other: BaseGeometry) -> float:
    """How far the vertex of `shape` that lies farthest from the outline of `other` lies from it, on the plan.

    By a tree of the other's sides: GEOS's own distance of Hausdorff looks at every pair, minutes for a large shape.
    """
    vertices = np.unique(shapely.get_coordinates(shape), axis=0)
    _, distances = shapely.STRtree(list_sides(other)).query_nearest(
        shapely.points(vertices), all_matches=False, return_distance=True
    )
    return float(distances.max())


def list_sides(shape: BaseGeometry) -> NDArray[np.object_]:
    """The sides of lines and rings, each a line of two points; the points of a shape that has only those."""
    if shapely.get_dimensions(shape) == 0:
        return shapely.get_parts(shape)
    strings = shapely.get_parts(shapely.boundary(shape) if shapely.get_dimensions(shape) == 2 else shape)
    points, string = shapely.get_coordinates(strings, return_index=True)
    follows = string[1:] == string[:-1]
    sides: NDArray[np.object_] = shapely.linestrings(np.stack([points[:-1], points[1:]], axis=1)[follows])
    return sides
