"""From streets as they are drawn to the graph that distances are measured on."""

import dataclasses

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.coverage.streets.cutting import cut_graph
from gis_infra.analysis.coverage.streets.joining import Joints, join_lines
from gis_infra.analysis.coverage.streets.model import STEP, Barriers, Floats, Graph, Pace, Rows, StreetLines


@dataclasses.dataclass(frozen=True)
class Corners:
    """The corners and splits of lines, by line, then along it.

    xy: float64[c,2]. measure: float64[c], metres along the line. line: int32[c]. node: int32[c], -1 where none is.
    """

    xy: Floats
    measure: Floats
    line: Rows
    node: Rows


def build_graph(lines: StreetLines, barriers: Barriers, pace: Pace, join_m: float) -> Graph:
    """The graph of the streets that `pace` may use, joined within `join_m` metres and cut at the barriers that cut.

    Streets of excluded classes are left out before anything is joined. Of no lines a graph without edges.
    Source: docs/coverage.md, streets.
    """
    usable = np.array([each not in pace.profile.excluded for each in lines.classes], dtype=np.bool_)
    kept = lines.take(usable & ~shapely.is_empty(lines.shapes))
    kept = kept.take(np.argsort(kept.ids, kind="stable"))
    joints = join_lines(kept.shapes, join_m)
    graph = add_steps(make_edges(kept, joints, pace), joints.steps)
    return cut_graph(graph, barriers)


def make_edges(lines: StreetLines, joints: Joints, pace: Pace) -> Graph:
    """The edges from joint to joint of every line."""
    corners = list_corners(lines, joints)
    at = np.flatnonzero(corners.node >= 0)
    same = corners.line[at[:-1]] == corners.line[at[1:]]
    first, last = at[:-1][same], at[1:][same]
    line = corners.line[first]
    length_m = corners.measure[last] - corners.measure[first]
    cost = length_m * np.array([pace.get_cost(each) for each in lines.classes], dtype=np.float64)[line]
    closed = lines.one_way[line] & pace.profile.one_way
    return Graph(
        nodes=joints.nodes,
        tail=corners.node[first],
        head=corners.node[last],
        length_m=length_m,
        forward=cost,
        backward=np.where(closed, np.inf, cost),
        street=lines.ids[line],
        first=first.astype(np.int32),
        last=last.astype(np.int32),
        corners=corners.xy,
        measure=corners.measure,
        off_cost=pace.off_cost,
    )


def list_corners(lines: StreetLines, joints: Joints) -> Corners:
    """Every corner of the lines and every split, in the order in which they come along their lines."""
    xy, line = shapely.get_coordinates(lines.shapes, return_index=True)
    opens = np.diff(line, prepend=-1) != 0
    closes = np.diff(line, append=-1) != 0
    node = np.full(len(xy), -1, dtype=np.int32)
    node[opens], node[closes] = joints.start, joints.end
    both = Corners(
        np.concatenate([xy, joints.nodes[joints.node]]),
        np.concatenate([measure_along(xy, opens), joints.at_m]),
        np.concatenate([line, joints.line]).astype(np.int32),
        np.concatenate([node, joints.node]),
    )
    # A line's own first and last corner stay so, whatever a split's metres were rounded to.
    place = np.concatenate([closes.astype(np.int8) - opens, np.zeros(len(joints.line), dtype=np.int8)])
    order = np.lexsort((both.measure, place, both.line))
    return Corners(both.xy[order], both.measure[order], both.line[order], both.node[order])


def measure_along(xy: Floats, opens: NDArray[np.bool_]) -> Floats:
    """float64[c]: metres along its line of each corner; `opens`: where a line begins."""
    if not len(xy):
        return np.empty(0)
    stretch = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    stretch[opens] = 0.0
    total = np.cumsum(stretch)
    starts = np.flatnonzero(opens)
    along: Floats = total - np.repeat(total[starts], np.diff(starts, append=len(xy)))
    return along


def add_steps(graph: Graph, steps: Rows) -> Graph:
    """The graph with an edge both ways for each step (int32[s,2]), as long as the straight line between its nodes."""
    tail, head = steps[:, 0], steps[:, 1]
    length_m = np.hypot(*(graph.nodes[tail] - graph.nodes[head]).T)
    cost = length_m * graph.off_cost
    at = np.arange(len(steps), dtype=np.int32) * 2 + np.int32(len(graph.corners))
    return dataclasses.replace(
        graph,
        tail=np.concatenate([graph.tail, tail]),
        head=np.concatenate([graph.head, head]),
        length_m=np.concatenate([graph.length_m, length_m]),
        forward=np.concatenate([graph.forward, cost]),
        backward=np.concatenate([graph.backward, cost]),
        street=np.concatenate([graph.street, np.full(len(steps), STEP, dtype=np.int64)]),
        first=np.concatenate([graph.first, at]),
        last=np.concatenate([graph.last, at + np.int32(1)]),
        corners=np.concatenate([graph.corners, graph.nodes[steps.reshape(-1)]]),
        measure=np.concatenate([graph.measure, np.column_stack([np.zeros(len(steps)), length_m]).reshape(-1)]),
    )
