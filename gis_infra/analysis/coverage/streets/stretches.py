"""The straight stretches of a graph's edges, from one corner to the next."""

from dataclasses import dataclass

import numpy as np
import shapely

from gis_infra.analysis.coverage.streets.model import STEP, Floats, Graph, Objects, Rows


@dataclass(frozen=True)
class Stretches:
    """Straight parts of edges, by edge, then along it.

    edge: int32[s]. starts, ends: float64[s,2]. along_m: float64[s], metres from the edge's tail to the start.
    """

    edge: Rows
    starts: Floats
    ends: Floats
    along_m: Floats

    @property
    def length_m(self) -> Floats:
        """float64[s]: how long each is."""
        lengths: Floats = np.hypot(*(self.ends - self.starts).T)
        return lengths

    def to_lines(self) -> Objects:
        """object[s]: each as a line."""
        lines: Objects = np.asarray(shapely.linestrings(np.stack([self.starts, self.ends], axis=1)))
        return lines


def list_stretches(graph: Graph, edges: Rows) -> Stretches:
    """The straight stretches of some edges, in the order of the edges."""
    first = graph.first[edges]
    count = graph.last[edges] - first
    edge = np.repeat(edges, count)
    step = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    corner = np.repeat(first, count) + step
    along_m = graph.measure[corner] - graph.measure[graph.first[edge]]
    return Stretches(edge, graph.corners[corner], graph.corners[corner + 1], along_m)


def list_walked(graph: Graph) -> Stretches:
    """The straight stretches of streets, in the order of the edges; none of the steps between joined ends."""
    return list_stretches(graph, np.flatnonzero(graph.street != STEP).astype(np.int32))
