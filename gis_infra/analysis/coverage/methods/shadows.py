"""The ground that eyes see: their sectors less the shadows of the buildings in them.

The shadow of a building is what its footprint sweeps when it is scaled about the eye, from where the sight line goes
below its roof to where it rises above it: of roof b, eye h and target t, by 1 to (h - t) / (h - b), without end if the
roof is not below the eye. Ground inside the footprint is no part of it: who stands there is looked at.
"""

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from gis_infra.analysis.coverage.methods import areas
from gis_infra.analysis.coverage.methods.model import Objects
from gis_infra.analysis.coverage.methods.nearest import Floats, to_points
from gis_infra.analysis.coverage.methods.sight import Scene, find_below

SIDES = 4 * areas.QUARTER
BEYOND = 2.0  # a shadow without end goes on to so many times the reach
THINNEST_M2 = 1e-9


def draw_seen(scene: Scene) -> BaseGeometry:
    """What any of the eyes sees of the ground."""
    blocks = scene.blocks
    sectors = draw_sectors(scene)
    if len(blocks):
        # What stands beside a sector casts its shadow beside it.
        eye, block = blocks.tree.query(sectors, predicate="intersects")
        counts = ~np.isin(eye.astype(np.int64) * len(blocks) + block, scene.over_eyes)
        owners, shadows = draw_shadows(scene, eye[counts], block[counts])
        for each in np.unique(owners):
            sectors[each] = sectors[each].difference(shapely.union_all(shadows[owners == each]))
    return areas.merge(sectors)


def draw_sectors(scene: Scene) -> Objects:
    """What each eye would see if nothing hid it: circles, and parts of them."""
    eyes = scene.eyes
    sectors = np.asarray(shapely.buffer(to_points(eyes.xy), eyes.reach, quad_segs=areas.QUARTER), dtype=object)
    for row in np.flatnonzero(eyes.half < 180.0):
        sectors[row] = draw_sector(eyes.xy[row], eyes.reach[row], eyes.direction[row], eyes.half[row])
    return sectors


def draw_sector(xy: Floats, reach: float, direction: float, half: float) -> BaseGeometry:
    """One part of a circle: its two corners, and between them the corners that the circle has."""
    step = 360.0 / SIDES
    first, last = direction - half, direction + half
    between = np.arange(np.floor(first / step) + 1, np.ceil(last / step)) * step
    angles = np.radians([first, *between, last])
    arc = xy + reach * np.stack([np.sin(angles), np.cos(angles)], axis=1)
    return shapely.Polygon(np.vstack([xy, arc])) if half > 0 and reach > 0 else shapely.Polygon()


def draw_shadows(scene: Scene, eye: NDArray[np.intp], block: NDArray[np.intp]) -> tuple[NDArray[np.intp], Objects]:
    """The parts of the shadow of each pair of eye and building: the eye of each part, and its shape."""
    low, high = find_below(scene.eyes.height[eye], scene.target_m, scene.blocks.height[block])
    some = high > low
    eye, block, low, high = eye[some], block[some], low[some], high[some]
    centres, shapes = scene.eyes.xy[eye], scene.blocks.shapes[block]
    apart = shapely.distance(to_points(centres), shapes)
    nearest, farthest = 1.0 / high, BEYOND * scene.eyes.reach[eye] / np.maximum(apart, 1e-9)
    with np.errstate(divide="ignore"):
        farthest = np.minimum(farthest, 1.0 / low)
    farthest = np.maximum(farthest, nearest)
    parts, owners = draw_swept(shapes, centres, nearest, farthest)
    return eye[owners], np.asarray(shapely.difference(parts, shapes[owners]), dtype=object)


def draw_swept(shapes: Objects, centres: Floats, nearest: Floats, farthest: Floats) -> tuple[Objects, NDArray[np.intp]]:
    """What shapes sweep when they are scaled from `nearest` to `farthest`, in parts, and the row each is of."""
    # The union of all scaled copies of a convex shape is convex.
    whole = np.asarray(shapely.convex_hull(shapes), dtype=object)
    convex = shapely.area(whole) - shapely.area(shapes) < THINNEST_M2
    rows, others = np.flatnonzero(convex), np.flatnonzero(~convex)
    near, far = (scale(shapes[rows], centres[rows], factors[rows]) for factors in (nearest, farthest))
    hulls = shapely.convex_hull(shapely.geometrycollections(np.stack([near, far], axis=1)))
    edge_of, quads = sweep_edges(shapes[others], centres[others], nearest[others], farthest[others])
    risen = others[nearest[others] > 1.0]
    scaled = scale(shapes[risen], centres[risen], nearest[risen])
    return np.concatenate([hulls, quads, scaled]), np.concatenate([rows, others[edge_of], risen])


def sweep_edges(
    shapes: Objects, centres: Floats, nearest: Floats, farthest: Floats
) -> tuple[NDArray[np.intp], Objects]:
    """What the edges that a line from the centre leaves a shape by sweep: the row of each, and a quadrangle."""
    row, start, end = list_edges(shapes)
    start, end = start - centres[row], end - centres[row]
    # Counter-clockwise, the inside is to the left of an edge: such an edge faces away from the centre.
    turn = start[:, 0] * end[:, 1] - start[:, 1] * end[:, 0]
    grown = farthest[row] ** 2 - nearest[row] ** 2
    away = turn * grown / 2 > THINNEST_M2
    row, start, end = row[away], start[away], end[away]
    near, far = nearest[row][:, None], farthest[row][:, None]
    corners = np.stack([start * near, start * far, end * far, end * near], axis=1) + centres[row][:, None, :]
    return row, np.asarray(shapely.polygons(corners), dtype=object)


def list_edges(shapes: Objects) -> tuple[NDArray[np.intp], Floats, Floats]:
    """All edges of areas, outer rings counter-clockwise and holes clockwise: row of the shape, start and end."""
    parts, owner = shapely.get_parts(shapes, return_index=True)
    polygons = shapely.get_dimensions(parts) == 2
    parts, owner = parts[polygons], owner[polygons]
    rings, part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    inside = ring[1:] == ring[:-1]
    return owner[part[ring[1:][inside]]], xy[:-1][inside], xy[1:][inside]


def scale(shapes: Objects, centres: Floats, factors: Floats) -> Objects:
    """Shapes scaled about a point each."""
    row = np.repeat(np.arange(len(shapes)), shapely.get_num_coordinates(shapes))
    xy = centres[row] + factors[row, None] * (shapely.get_coordinates(shapes) - centres[row])
    return np.asarray(shapely.set_coordinates(shapes.copy(), xy), dtype=object)
