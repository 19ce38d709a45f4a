"""What lies within reach as an area, and how much of other areas lies in it. Shapes are shapely, metres, 2D."""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_infra.analysis.coverage.methods.model import Objects

QUARTER = 32  # segments in a quarter of a circle: 128 sides, whose area is 0.04 % short
MOST_POINTS = 400  # of a part that an area is cut into


def draw_reach(shapes: Objects, reach: NDArray[np.float64]) -> BaseGeometry:
    """What lies within each shape's own reach: circles around points, bands around lines and areas."""
    bands = shapely.buffer(shapes, reach, quad_segs=QUARTER)
    return merge(bands)


def merge(areas: Objects) -> BaseGeometry:
    """The union of areas; empty if there is none."""
    return shapely.union_all(areas) if len(areas) else shapely.MultiPolygon()


def cut(area: BaseGeometry) -> Objects:
    """An area as parts that do not overlap, each of few points, so that small things can be held against it fast."""
    done: list[BaseGeometry] = []
    left = list(shapely.get_parts(area))
    while left:
        part = left.pop()
        if shapely.get_dimensions(part) < 2:
            continue
        if shapely.get_num_coordinates(part) <= MOST_POINTS:
            done.append(part)
        else:
            left.extend(halve(part))
    parts = np.empty(len(done), dtype=object)
    parts[:] = done
    return parts


def halve(area: BaseGeometry) -> list[BaseGeometry]:
    """The parts of an area on both sides of a line through its middle, across its longer side."""
    xmin, ymin, xmax, ymax = area.bounds
    middle_x, middle_y = (xmin + xmax) / 2, (ymin + ymax) / 2
    if xmax - xmin > ymax - ymin:
        boxes = [shapely.box(xmin, ymin, middle_x, ymax), shapely.box(middle_x, ymin, xmax, ymax)]
    else:
        boxes = [shapely.box(xmin, ymin, xmax, middle_y), shapely.box(xmin, middle_y, xmax, ymax)]
    return list(shapely.get_parts(shapely.intersection(area, np.array(boxes, dtype=object))))


def share_areas(shapes: Objects, area: BaseGeometry) -> NDArray[np.float64]:
    """The share, from 0 to 1, of each shape's area that lies in `area`; 0 for what has no area."""
    parts = cut(area)
    tree = shapely.STRtree(parts)
    shape, part = tree.query(shapes, predicate="intersects")
    inside = np.zeros(len(shapes))
    np.add.at(inside, shape, shapely.area(shapely.intersection(shapes[shape], parts[part])))
    whole = shapely.area(shapes)
    return np.clip(np.divide(inside, whole, out=np.zeros(len(shapes)), where=whole > 0), 0.0, 1.0)
