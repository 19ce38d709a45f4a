"""Heights that are real, and those that programs write where nobody measured."""

from dataclasses import dataclass

import numpy as np
import shapely

from gis_infra.features.shapes.shaping import Floats, Mask, Shaping

NO_HEIGHT = -9999.0  # what programs write for a height nobody measured
ABSURD_M = 1e6  # beyond it, a placeholder such as -1.79e308


@dataclass(frozen=True)
class Heights:
    """What the heights of each shape are worth: of how many vertices, how many lack one, whether none has one."""

    vertices: np.ndarray
    missing: np.ndarray
    nothing: Mask


def are_false(heights: Floats) -> Mask:
    """Whether a height is none: -9999, absurdly large, or not a number."""
    false: Mask = ~(np.abs(heights) < ABSURD_M) | (heights == NO_HEIGHT)
    return false


def judge(heights: Floats, owners: np.ndarray, size: int) -> Heights:
    """What the heights of `size` shapes are worth. heights: in metres; owners: the shape each belongs to."""
    false = are_false(heights)
    vertices = np.bincount(owners, minlength=size)
    missing = np.bincount(owners[false], minlength=size)
    nothing = np.bincount(owners[false | (heights == 0)], minlength=size) == vertices
    return Heights(vertices, missing, nothing)


def drop_false(shaping: Shaping) -> None:
    """Heights that nobody measured: all 0, -9999, absurdly large, or not a number.

    A shape of which only some vertices have a height keeps none, and is told.
    """
    heighted = shapely.has_z(shaping.shapes)
    if not heighted.any():
        return
    coordinates, owners = shapely.get_coordinates(shaping.shapes, include_z=True, return_index=True)
    found = judge(coordinates[:, 2], owners, len(heighted))
    for index in map(int, np.flatnonzero(heighted & (found.missing > 0) & ~found.nothing)):
        lacking = f"{found.missing[index]} of {found.vertices[index]} vertices have no height"
        shaping.warn(index, f"{lacking}, so none was kept")
    flatten = heighted & ((found.missing > 0) | found.nothing)
    shaping.shapes[flatten] = shapely.force_2d(shaping.shapes[flatten])
    shaping.notes["placeholder heights treated as missing"] += int((heighted & found.nothing).sum())
