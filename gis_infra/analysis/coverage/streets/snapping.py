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
    parts = np.array_split(point[blocked], 1 + int(blocked.sum()) // TOGETHER)
    other = [find_open(around, xy, rows) for rows in parts if len(rows)]
    point = np.concatenate([point[~blocked], *(rows for rows, _ in other)])
    stretch = np.concatenate([stretch[~blocked], *(found for _, found in other)])
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
    """Points that have a street near them, and the stretch nearest to each, the first of those equally near."""
    points = np.asarray(shapely.points(xy), dtype=object)
    near, off_m = around.tree.query_nearest(
        points, max_distance=around.within_m, all_matches=False, return_distance=True
    )
    rows = near[0]
    as_far = np.asarray(off_m + EQUAL_M, dtype=np.float64)
    found, stretch = around.tree.query(points[rows], predicate="dwithin", distance=as_far)
    first = np.full(len(rows), len(around.stretches.edge), dtype=np.intp)
    np.minimum.at(first, found, stretch)
    return rows, first


def find_open(around: Surroundings, xy: Floats, rows: Indices) -> tuple[Indices, Indices]:
    """Of some points (rows of `xy`) those that can walk to a street, and the nearest stretch they can walk to."""
    found, stretch = around.tree.query(shapely.points(xy[rows]), predicate="dwithin", distance=around.within_m)
    feet = project(around.stretches, stretch, xy[rows[found]])
    is_open = ~is_crossed(around.barriers, xy[rows[found]], feet.xy)
    found, stretch, off_m = found[is_open], stretch[is_open], feet.off_m[is_open]
    least = np.full(len(rows), np.inf)
    np.minimum.at(least, found, off_m)
    equal = off_m <= least[found] + EQUAL_M
    first = np.full(len(rows), len(around.stretches.edge), dtype=np.intp)
    np.minimum.at(first, found[equal], stretch[equal])
    walks = np.isfinite(least)
    return rows[walks], first[walks]


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
