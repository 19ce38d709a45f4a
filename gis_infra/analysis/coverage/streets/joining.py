"""Where streets meet: which ends are joined to which, and where an end splits another street's line."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from gis_infra.analysis.coverage.streets.model import SAME_M, Floats, Objects, Rows

EQUAL_M = 1e-6  # what computing with coordinates may be off by


@dataclass(frozen=True)
class Joints:
    """The nodes of a graph and what lies between them.

    nodes: float64[v,2]. start, end: int32[k], the node at either end of each line. line, node, at_m: the splits, each a
    node on a line so many metres along it, by line, then along it. steps: int32[s,2], nodes that a step joins.
    """

    nodes: Floats
    start: Rows
    end: Rows
    line: Rows
    node: Rows
    at_m: Floats
    steps: Rows


@dataclass(frozen=True)
class Ends:
    """The different ends of lines: xy float64[v,2]; start, end: int32[k], which of them each line has."""

    xy: Floats
    start: Rows
    end: Rows


def join_lines(shapes: Objects, join_m: float) -> Joints:
    """Where lines (object[k]) meet: at ends within `join_m` of each other, and at an end within it of another line.

    An end is not joined to a line that has an end within `join_m` of it: there the ends are joined.
    """
    within_m = join_m + SAME_M
    ends = find_ends(shapes)
    between = cKDTree(ends.xy).query_pairs(within_m, output_type="ndarray") if len(shapes) else np.empty((0, 2))
    return split_lines(shapes, ends, between.astype(np.int32), within_m)


def find_ends(shapes: Objects) -> Ends:
    """The ends of lines, those with the same coordinates once."""
    both = np.concatenate([shapely.get_point(shapes, 0), shapely.get_point(shapes, -1)])
    xy = shapely.get_coordinates(both)
    packed, which = np.unique(xy[:, 0] + 1j * xy[:, 1], return_inverse=True)
    node = which.reshape(2, -1).astype(np.int32)
    return Ends(np.column_stack([packed.real, packed.imag]), node[0], node[1])


def split_lines(shapes: Objects, ends: Ends, between: Rows, within_m: float) -> Joints:
    """Split each line where the end of another one meets it; the steps are those between ends and those to splits."""
    end, line = find_touching(shapes, ends, within_m)
    at_m = shapely.line_locate_point(shapes[line], shapely.points(ends.xy[end]))
    order = np.lexsort((end, at_m, line))
    end, line, at_m = end[order], line[order], at_m[order]
    xy = shapely.get_coordinates(shapely.line_interpolate_point(shapes[line], at_m))
    off_m = np.hypot(*(xy - ends.xy[end]).T)
    group = group_splits(line, at_m)
    first = np.flatnonzero(np.diff(group, prepend=-1))
    # A split that lies at an end is that end's node, so that no step of no length is made.
    node = np.arange(len(first), dtype=np.int32) + np.int32(len(ends.xy))
    exact = np.flatnonzero(off_m <= EQUAL_M)
    node[group[exact[::-1]]] = end[exact[::-1]]
    steps = np.column_stack([end, node[group]])
    steps = steps[steps[:, 0] != steps[:, 1]]
    nodes = np.concatenate([ends.xy, xy[first]])
    return Joints(
        nodes, ends.start, ends.end, line[first].astype(np.int32), node, at_m[first],
        np.concatenate([between, steps]).astype(np.int32),
    )  # fmt: skip


def find_touching(shapes: Objects, ends: Ends, within_m: float) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of an end and a line within reach of it that has no end of its own within reach of it."""
    if not len(shapes):
        return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
    tree = shapely.STRtree(shapes)
    end, line = tree.query(shapely.points(ends.xy), predicate="dwithin", distance=within_m)
    apart = np.ones(len(end), dtype=np.bool_)
    for other in (ends.start, ends.end):
        apart &= np.hypot(*(ends.xy[end] - ends.xy[other[line]]).T) > within_m
    return end[apart], line[apart]


def group_splits(line: NDArray[np.intp], at_m: Floats) -> NDArray[np.intp]:
    """intp[n]: a number for each place on a line, of splits by line and along it; the same where they coincide."""
    if not len(line):
        return np.empty(0, dtype=np.intp)
    differs = (np.diff(line) != 0) | (np.diff(at_m) > EQUAL_M)
    return np.concatenate([[0], np.cumsum(differs)]).astype(np.intp)
