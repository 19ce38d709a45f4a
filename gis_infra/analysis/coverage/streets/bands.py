"""How far streets are reached, as straight bands: what is left at either end of each, in metres off the street."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.coverage.streets.arcs import Journey
from gis_infra.analysis.coverage.streets.joining import EQUAL_M
from gis_infra.analysis.coverage.streets.measuring import Spread
from gis_infra.analysis.coverage.streets.model import STEP, Floats, Objects, Rows, Snapped
from gis_infra.analysis.coverage.streets.stretches import list_stretches


@dataclass(frozen=True)
class Runs:
    """Ways along one edge that begin with so much left.

    edge: int32[r]. begin_m: float64[r], from the tail. sign: 1 in the direction drawn, -1 against it. left: float64[r],
    cost that may still be spent at the beginning. rate: float64[r], cost of a metre.
    """

    edge: Rows
    begin_m: Floats
    sign: Floats
    left: Floats
    rate: Floats


@dataclass(frozen=True)
class Bands:
    """Straight parts of streets, float64[b,2] from start to end, and how far off one may go there, in metres."""

    starts: Floats
    ends: Floats
    start_m: Floats
    end_m: Floats

    def __len__(self) -> int:
        return len(self.starts)

    def take(self, rows: NDArray[Any]) -> "Bands":
        """Some of the bands, indices or bool[b]."""
        return Bands(self.starts[rows], self.ends[rows], self.start_m[rows], self.end_m[rows])

    def to_lines(self) -> Objects:
        """object[b]: the street in the middle of each; a point where it has no length: no tree finds such a line."""
        lines: Objects = np.asarray(shapely.linestrings(np.stack([self.starts, self.ends], axis=1)), dtype=object)
        short = (self.starts == self.ends).all(axis=1)
        lines[short] = shapely.points(self.starts[short])
        return lines

    def to_areas(self, quarter: int) -> Objects:
        """object[b]: what each covers; `quarter`: sides of a quarter of a circle."""
        # What surrounds a point by nothing would be empty, and the band would lack its end.
        ends = ((self.starts, self.start_m), (self.ends, self.end_m))
        near, far = (shapely.buffer(shapely.points(xy), np.maximum(m, EQUAL_M), quad_segs=quarter) for xy, m in ends)
        return np.asarray(shapely.convex_hull(shapely.union(near, far)))


def list_runs(journey: Journey, facilities: Snapped, left: Floats, spread: Spread, most: float) -> Runs:
    """Every way along a street that begins at a node or at a facility with something left.

    left: float64, what may be spent from each access of a facility. spread: what the nodes cost, of `most`.
    """
    graph = journey.graph
    walked = np.flatnonzero(graph.street != STEP).astype(np.int32)
    at, tails, heads = facilities.edge, graph.tail[walked], graph.head[walked]
    edge = np.concatenate([walked, walked, at, at])
    begin_m = np.concatenate([np.zeros(len(walked)), graph.length_m[walked], facilities.along_m, facilities.along_m])
    counts = [len(walked), len(walked), len(at), len(at)]
    sign = np.repeat([1.0, -1.0, 1.0, -1.0], counts)
    spare = np.concatenate([most - spread.cost[tails], most - spread.cost[heads], left, left])
    cost = np.where(sign > 0, journey.forward[edge], journey.backward[edge])
    rate = np.divide(cost, graph.length_m[edge], out=np.zeros(len(edge)), where=graph.length_m[edge] > 0)
    usable = (spare >= 0) & np.isfinite(rate) & (rate > 0)
    return Runs(edge[usable], begin_m[usable], sign[usable], spare[usable], rate[usable])


def list_bands(journey: Journey, runs: Runs, snap_m: float) -> tuple[Bands, Bands]:
    """The bands in which one may go off by the whole of `snap_m`, and those in which what may be left shrinks."""
    off_cost = journey.graph.off_cost
    runs = leave_out_second(journey, runs, snap_m * off_cost)
    far_m = measure_far(journey, runs)
    full_m = np.clip((runs.left - snap_m * off_cost) / runs.rate, 0.0, far_m)
    whole = np.flatnonzero(full_m > 0)
    width = np.full(len(whole), snap_m)
    wide = cut_bands(journey, take_runs(runs, whole), np.zeros(len(whole)), full_m[whole], (width, width))
    some_m = np.minimum(runs.left / runs.rate, far_m)
    rest = np.flatnonzero(some_m > full_m)
    from_m, to_m = full_m[rest], some_m[rest]
    widths = [np.maximum(runs.left[rest] - runs.rate[rest] * each, 0.0) / off_cost for each in (from_m, to_m)]
    return wide, cut_bands(journey, take_runs(runs, rest), from_m, to_m, (widths[0], widths[1]))


def measure_far(journey: Journey, runs: Runs) -> Floats:
    """float64[r]: metres from where each run begins to the end of its edge."""
    return np.where(runs.sign > 0, journey.graph.length_m[runs.edge] - runs.begin_m, runs.begin_m)


def leave_out_second(journey: Journey, runs: Runs, full_cost: float) -> Runs:
    """The runs without others on an edge that one of them passes whole with so much left: they reach nothing more."""
    far_m, length_m = measure_far(journey, runs), journey.graph.length_m[runs.edge]
    passes = (far_m >= length_m) & (runs.left - far_m * runs.rate >= full_cost)
    passed = np.zeros(len(journey.graph), dtype=np.bool_)
    passed[runs.edge[passes]] = True
    one = np.flatnonzero(passes)
    one = one[np.unique(runs.edge[one], return_index=True)[1]]
    return take_runs(runs, np.union1d(one, np.flatnonzero(~passed[runs.edge])))


def take_runs(runs: Runs, rows: NDArray[np.intp]) -> Runs:
    """Some of the runs."""
    return Runs(runs.edge[rows], runs.begin_m[rows], runs.sign[rows], runs.left[rows], runs.rate[rows])


def cut_bands(journey: Journey, runs: Runs, from_m: Floats, to_m: Floats, widths: tuple[Floats, Floats]) -> Bands:
    """The straight parts of runs between two of their metres; widths: what may be gone off at these, in metres."""
    stretches = list_stretches(journey.graph, runs.edge)
    counts = journey.graph.last[runs.edge] - journey.graph.first[runs.edge]
    run = np.repeat(np.arange(len(runs.edge)), counts)
    ends_m = runs.begin_m + runs.sign * np.stack([from_m, to_m])
    length_m = stretches.length_m
    low = np.maximum(ends_m.min(axis=0)[run], stretches.along_m)
    high = np.minimum(ends_m.max(axis=0)[run], stretches.along_m + length_m)
    kept = np.flatnonzero(high > low)
    run, low, high = run[kept], low[kept], high[kept]
    way = (stretches.ends[kept] - stretches.starts[kept]) / length_m[kept][:, None]
    sides = []
    for at_m in (low, high):
        xy = stretches.starts[kept] + way * (at_m - stretches.along_m[kept])[:, None]
        gone_m = np.abs(at_m - ends_m[0][run])
        share = np.divide(gone_m, (to_m - from_m)[run])
        sides.append((xy, widths[0][run] + share * (widths[1] - widths[0])[run]))
    return Bands(sides[0][0], sides[1][0], sides[0][1], sides[1][1])
