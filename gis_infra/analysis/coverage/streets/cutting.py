"""Streets cut by what blocks streets: inside an area they are taken out, a line parts them where it crosses."""

import dataclasses
import itertools
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.coverage.streets.joining import EQUAL_M
from gis_infra.analysis.coverage.streets.model import SAME_M, STEP, Barriers, Floats, Graph, Objects, Rows
from gis_infra.analysis.coverage.streets.stretches import list_stretches

EDGE_COLUMNS = ("tail", "head", "length_m", "forward", "backward", "street", "first", "last")


@dataclasses.dataclass(frozen=True)
class Piece:
    """What is left of an edge between two of its metres. tail, head: its nodes, None where it was cut."""

    edge: int
    from_m: float
    to_m: float
    tail: int | None
    head: int | None


def cut_graph(graph: Graph, barriers: Barriers) -> Graph:
    """The graph without ways through a barrier that cuts; at a node on one, every edge ends for itself."""
    walls = barriers.shapes[barriers.cuts]
    if not len(walls) or not len(graph):
        return graph
    closed = find_nodes_on(graph, walls)
    edge, at_m = find_crossings(graph, walls)
    touched = np.unique(np.concatenate([edge, np.flatnonzero(closed[graph.tail] | closed[graph.head])]))
    whole = np.setdiff1d(np.arange(len(graph)), touched)
    walked = touched[graph.street[touched] != STEP]
    order = np.argsort(edge, kind="stable")
    from_row, to_row = (np.searchsorted(edge[order], walked, side=side) for side in ("left", "right"))
    pieces = []
    for each, from_at, to_at in zip(walked, from_row, to_row, strict=True):
        pieces += list_pieces(graph, int(each), at_m[order[from_at:to_at]], closed)
    return add_pieces(take_edges(graph, whole), graph, take_outside(graph, pieces, walls))


def find_nodes_on(graph: Graph, walls: Objects) -> NDArray[np.bool_]:
    """bool[v]: which nodes lie on or inside a barrier, to 1 mm."""
    closed = np.zeros(len(graph.nodes), dtype=np.bool_)
    tree = shapely.STRtree(np.asarray(shapely.points(graph.nodes)))
    closed[tree.query(walls, predicate="dwithin", distance=SAME_M)[1]] = True
    return closed


def find_crossings(graph: Graph, walls: Objects) -> tuple[Rows, Floats]:
    """Where edges meet the barriers or their borders: edge and metres along it, one row for each place."""
    stretches = list_stretches(graph, np.arange(len(graph), dtype=np.int32))
    lines = stretches.to_lines()
    is_area = shapely.get_dimensions(walls) > 1
    borders = walls.copy()
    borders[is_area] = shapely.boundary(walls[is_area])
    border, row = shapely.STRtree(lines).query(borders, predicate="intersects")
    met, which = shapely.get_coordinates(shapely.intersection(lines[row], borders[border]), return_index=True)
    row = row[which]
    at_m = stretches.along_m[row] + np.hypot(*(met - stretches.starts[row]).T)
    return stretches.edge[row], at_m


def list_pieces(graph: Graph, edge: int, at_m: Floats, closed: NDArray[np.bool_]) -> list[Piece]:
    """What an edge falls into when it is cut so many metres along it."""
    length_m = float(graph.length_m[edge])
    inner = np.unique(at_m[(at_m > EQUAL_M) & (at_m < length_m - EQUAL_M)])
    marks = [0.0, *inner.tolist(), length_m]
    tail, head = int(graph.tail[edge]), int(graph.head[edge])
    opens = None if closed[tail] else tail
    closes = None if closed[head] else head
    return [
        Piece(edge, a, b, opens if i == 0 else None, closes if i == len(marks) - 2 else None)
        for i, (a, b) in enumerate(itertools.pairwise(marks))
        if b - a > EQUAL_M
    ]


def take_outside(graph: Graph, pieces: list[Piece], walls: Objects) -> list[Piece]:
    """The pieces that do not lie inside an area."""
    if not pieces:
        return []
    middles = np.array([to_coordinates(graph, each)[1] for each in pieces])
    areas = walls[shapely.get_dimensions(walls) > 1]
    inside = shapely.STRtree(np.asarray(shapely.points(middles))).query(areas, predicate="contains")[1]
    kept = np.setdiff1d(np.arange(len(pieces)), inside)
    return [pieces[each] for each in kept]


def to_coordinates(graph: Graph, piece: Piece) -> tuple[Floats, Floats]:
    """The corners of a piece, float64[k,2], and the point in its middle, float64[2]."""
    rows = slice(int(graph.first[piece.edge]), int(graph.last[piece.edge]) + 1)
    measure = graph.measure[rows] - graph.measure[rows.start]
    xy = graph.corners[rows]
    inner = (measure > piece.from_m + EQUAL_M) & (measure < piece.to_m - EQUAL_M)
    at_m = [piece.from_m, (piece.from_m + piece.to_m) / 2, piece.to_m]
    begin, middle, end = np.column_stack([np.interp(at_m, measure, xy[:, 0]), np.interp(at_m, measure, xy[:, 1])])
    return np.concatenate([[begin], xy[inner], [end]]), middle


def take_edges(graph: Graph, edges: NDArray[np.intp]) -> Graph:
    """The graph with only some of its edges; nodes and corners stay."""
    return dataclasses.replace(graph, **{name: getattr(graph, name)[edges] for name in EDGE_COLUMNS})


def add_pieces(kept: Graph, graph: Graph, pieces: list[Piece]) -> Graph:
    """The kept edges and pieces of former ones, by street and along it; where a piece was cut it ends at a new node."""
    rows = np.array([each.edge for each in pieces], dtype=np.intp)
    shapes = [to_coordinates(graph, each)[0] for each in pieces]
    sizes = np.array([len(each) for each in shapes], dtype=np.int32)
    last = np.cumsum(sizes, dtype=np.int32) + np.int32(len(kept.corners) - 1)
    first = last - sizes + np.int32(1)
    new = [(shape[0], each.tail) for each, shape in zip(pieces, shapes, strict=True)]
    new += [(shape[-1], each.head) for each, shape in zip(pieces, shapes, strict=True)]
    nodes, ends = place_ends(kept.nodes, new)
    length_m = np.array([each.to_m - each.from_m for each in pieces])
    part = np.divide(length_m, graph.length_m[rows])
    from_m = np.array([each.from_m for each in pieces]) + graph.measure[graph.first[rows]]
    added = dataclasses.replace(
        take_edges(graph, rows),
        nodes=nodes,
        tail=ends[: len(pieces)],
        head=ends[len(pieces) :],
        length_m=length_m,
        forward=graph.forward[rows] * part,
        backward=graph.backward[rows] * part,
        first=first,
        last=last,
        corners=np.concatenate([kept.corners, *shapes]),
        measure=np.concatenate([kept.measure, *map(measure_from, from_m, shapes)]),
    )
    return put_in_order(put_together(kept, added))


def place_ends(nodes: Floats, ends: list[tuple[Floats, int | None]]) -> tuple[Floats, Rows]:
    """The nodes with one more for each end (where it is, its node) that has none, and the node of each end."""
    fresh = [xy for xy, node in ends if node is None]
    numbers = iter(range(len(nodes), len(nodes) + len(fresh)))
    which = [next(numbers) if node is None else node for _, node in ends]
    return np.concatenate([nodes, np.array(fresh).reshape(-1, 2)]), np.array(which, dtype=np.int32)


def measure_from(from_m: float, xy: Floats) -> Floats:
    """float64[k]: metres along the street of each corner of a piece that begins at `from_m`."""
    stretch: Floats = np.hypot(*np.diff(xy, axis=0, prepend=xy[:1]).T)
    return from_m + np.cumsum(stretch)


def put_together(kept: Graph, added: Graph) -> Graph:
    """The edges of both; nodes and corners are those of `added`."""
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(kept, name), getattr(added, name)]) for name in EDGE_COLUMNS
    }
    return dataclasses.replace(added, **joined)


def put_in_order(graph: Graph) -> Graph:
    """The edges by street and along it, steps last."""
    street = np.where(graph.street == STEP, np.iinfo(np.int64).max, graph.street)
    return take_edges(graph, np.lexsort((graph.measure[graph.first], street)))
