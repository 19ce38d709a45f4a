"""How points and shapes come onto the streets: straight to the nearest street, across no barrier."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.coverage.streets.barriers import is_crossed
from gis_infra.analysis.coverage.streets.joining import EQUAL_M
from gis_infra.analysis.coverage.streets.model import SAME_M, Barriers, Floats, Graph, Objects, Snapped
from gis_infra.analysis.coverage.streets.stretches import Stretches, list_walked

TOGETHER = 50_000  # how many points or shapes are looked at together, which bounds the memory

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Surroundings:
    """The stretches of streets, a tree of them, and the barriers among them; within_m: how far off one may be."""

    stretches: Stretches
    tree: shapely.STRtree
    barriers: Barriers
    within_m: float


@dataclass(frozen=True)
class Feet:
    """The point of a stretch that is nearest to another point: xy float64[k,2], at_m along the stretch, off_m."""

    xy: Floats
    at_m: Floats
    off_m: Floats


def snap_points(graph: Graph, barriers: Barriers, xy: Floats, snap_m: float) -> Snapped:
    """The access of each point (float64[n,2]): the nearest point of a street it can walk to straight.

    Of all straight stretches of streets within `snap_m`, the nearest point of each is tried, the nearest first, of
    equals the one of the street with the smaller id; the way to it must not cross a barrier.
    """
    around = look_around(graph, barriers, snap_m)
    point, stretch = find_nearest(around, xy)
    feet = project(around.stretches, stretch, xy[point])
    blocked = is_crossed(barriers, xy[point], feet.xy)
    open_point, open_stretch = find_open(around, xy, point[blocked])
    point = np.concatenate([point[~blocked], open_point])
    stretch = np.concatenate([stretch[~blocked], open_stretch])
    order = np.argsort(point, kind="stable")
    point, stretch = point[order], stretch[order]
    return to_snapped(around.stretches, len(xy), point, stretch, project(around.stretches, stretch, xy[point]))


def snap_shapes(graph: Graph, barriers: Barriers, shapes: Objects, snap_m: float) -> Snapped:
    """The accesses of each shape (object[m]): of points as of places, of lines and areas from every side.

    A line or an area is entered from every straight stretch within `snap_m`, at the first and the last of the points of
    it that are nearest, across no barrier.
    """
    is_point = shapely.get_type_id(shapes) == shapely.GeometryType.POINT
    flat, wide = np.flatnonzero(is_point), np.flatnonzero(~is_point)
    points = snap_points(graph, barriers, shapely.get_coordinates(shapes[flat]), snap_m)
    around = look_around(graph, barriers, snap_m)
    parts = [points_of(points, flat, len(shapes))]
    for rows in np.array_split(wide, 1 + len(wide) // 1000):
        parts.append(points_of(enter_shapes(around, shapes[rows]), rows, len(shapes)))
    joined = put_together(parts)
    return joined.take(np.lexsort((joined.along_m, joined.edge, joined.row)))


def look_around(graph: Graph, barriers: Barriers, snap_m: float) -> Surroundings:
    """The stretches of streets and a tree of them."""
    stretches = list_walked(graph)
    return Surroundings(stretches, shapely.STRtree(stretches.to_lines()), barriers, snap_m + SAME_M)


def find_nearest(around: Surroundings, xy: Floats) -> tuple[Indices, Indices]:
    """Points that have a street near them, and the stretch nearest to each, of those equally near the first.

    Looked for ever further off: most points lie near a street, and few stretches are near both.
    """
    rows = np.arange(len(xy))
    points, found = [], []
    for part in (8, 4, 2, 1):
        point, stretch = find_within(around, xy, rows, around.within_m / part)
        points.append(point)
        found.append(stretch)
        rows = np.setdiff1d(rows, point, assume_unique=True)
    return np.concatenate(points), np.concatenate(found)


def find_within(around: Surroundings, xy: Floats, rows: Indices, within_m: float) -> tuple[Indices, Indices]:
    """Of some points (rows of `xy`) those that have a street so near, and the stretch nearest to each of them."""
    points, found = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
    for part in np.array_split(rows, 1 + len(rows) // TOGETHER):
        # A stretch that is as near as the nearest may come to lie just beyond the limit.
        pair, stretch = list_near(around, xy[part], within_m + EQUAL_M)
        off_m = project(around.stretches, stretch, xy[part[pair]]).off_m
        chosen, first, least = take_nearest(len(part), pair, stretch, off_m)
        near = least <= within_m
        points.append(part[chosen[near]])
        found.append(first[near])
    return np.concatenate(points), np.concatenate(found)


def find_open(around: Surroundings, xy: Floats, rows: Indices) -> tuple[Indices, Indices]:
    """Of some points (rows of `xy`) those that can walk to a street, and the nearest stretch they can walk to."""
    points, found = [np.empty(0, dtype=np.intp)], [np.empty(0, dtype=np.intp)]
    for part in np.array_split(rows, 1 + len(rows) // TOGETHER):
        pair, stretch = list_near(around, xy[part], around.within_m)
        feet = project(around.stretches, stretch, xy[part[pair]])
        near = np.flatnonzero(feet.off_m <= around.within_m)
        near = near[~is_crossed(around.barriers, xy[part[pair[near]]], feet.xy[near])]
        chosen, first, _ = take_nearest(len(part), pair[near], stretch[near], feet.off_m[near])
        points.append(part[chosen])
        found.append(first)
    return np.concatenate(points), np.concatenate(found)


def list_near(around: Surroundings, xy: Floats, within_m: float) -> tuple[Indices, Indices]:
    """Pairs of a point and a stretch whose box comes so near to it."""
    (x, y) = xy.T
    boxes = shapely.box(x - within_m, y - within_m, x + within_m, y + within_m)
    point, stretch = around.tree.query(boxes)
    return point, stretch


def take_nearest(count: int, point: Indices, stretch: Indices, off_m: Floats) -> tuple[Indices, Indices, Floats]:
    """Of pairs of a point (of so many) and a stretch: points with one, the nearest, how near it is.

    Of those equally near the first counts.
    """
    least = np.full(count, np.inf)
    np.minimum.at(least, point, off_m)
    equal = off_m <= least[point] + EQUAL_M
    first = np.full(count, np.iinfo(np.intp).max)
    np.minimum.at(first, point[equal], stretch[equal])
    chosen = np.flatnonzero(np.isfinite(least))
    return chosen, first[chosen], least[chosen]


def project(stretches: Stretches, rows: Indices, xy: Floats) -> Feet:
    """The foot of each point (float64[k,2]) on a stretch (rows of `stretches`)."""
    start, way = stretches.starts[rows], stretches.ends[rows] - stretches.starts[rows]
    square = (way**2).sum(axis=1)
    share = np.divide(((xy - start) * way).sum(axis=1), square, out=np.zeros(len(xy)), where=square > 0)
    share = np.clip(share, 0.0, 1.0)
    feet = start + share[:, None] * way
    return Feet(feet, share * np.sqrt(square), np.hypot(*(xy - feet).T))


def enter_shapes(around: Surroundings, shapes: Objects) -> Snapped:
    """Where lines and areas are entered."""
    lines = around.stretches.to_lines()
    shape, stretch = around.tree.query(shapes, predicate="dwithin", distance=around.within_m)
    pair, xy = list_candidates(shapes, shape, lines, stretch)
    feet = project(around.stretches, stretch[pair], xy)
    off_m = np.asarray(shapely.distance(shapes[shape[pair]], shapely.points(feet.xy)))
    least = np.full(len(shape), np.inf)
    np.minimum.at(least, pair, off_m)
    near = np.flatnonzero(off_m <= least[pair] + EQUAL_M)
    near = near[np.lexsort((feet.at_m[near], pair[near]))]
    opens = np.diff(pair[near], prepend=-1) != 0
    closes = np.diff(pair[near], append=len(shape)) != 0
    taken = near[opens | closes]
    ways = shapely.get_coordinates(shapely.shortest_line(shapes[shape[pair[taken]]], shapely.points(feet.xy[taken])))
    starts = ways.reshape(-1, 2, 2)[:, 0]
    taken = taken[~is_crossed(around.barriers, starts, feet.xy[taken])]
    chosen = Feet(feet.xy[taken], feet.at_m[taken], off_m[taken])
    return to_snapped(around.stretches, len(shapes), shape[pair[taken]], stretch[pair[taken]], chosen)


def list_candidates(shapes: Objects, shape: Indices, lines: Objects, stretch: Indices) -> tuple[Indices, Floats]:
    """Points near which a stretch may be nearest to a shape, and the pair (row of `shape` and `stretch`) each is for.

    The ends of the stretch, the corners of the shape, and where they meet: between these nothing changes.
    """
    near, far = shapes[shape], lines[stretch]
    corners, of_corner = shapely.get_coordinates(near, return_index=True)
    ends, of_end = shapely.get_coordinates(far, return_index=True)
    met, of_met = shapely.get_coordinates(shapely.intersection(near, far), return_index=True)
    return np.concatenate([of_corner, of_end, of_met]), np.concatenate([corners, ends, met])


def to_snapped(stretches: Stretches, count: int, rows: Indices, stretch: Indices, feet: Feet) -> Snapped:
    """Accesses at the feet on stretches."""
    along_m = stretches.along_m[stretch] + feet.at_m
    return Snapped(count, rows.astype(np.int32), stretches.edge[stretch], along_m, feet.off_m)


def points_of(snapped: Snapped, rows: Indices, count: int) -> Snapped:
    """The same accesses, counted as those of some rows of a longer list."""
    return Snapped(count, rows[snapped.row].astype(np.int32), snapped.edge, snapped.along_m, snapped.off_m)


def put_together(parts: list[Snapped]) -> Snapped:
    """The accesses of several parts of one list."""
    return Snapped(
        parts[0].count,
        np.concatenate([each.row for each in parts]),
        np.concatenate([each.edge for each in parts]),
        np.concatenate([each.along_m for each in parts]),
        np.concatenate([each.off_m for each in parts]),
    )
