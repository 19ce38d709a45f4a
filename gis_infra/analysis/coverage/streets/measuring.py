"""Distances along streets from many facilities at once: to each place the nearest, or the nearest that reaches it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis_infra.analysis.coverage.standards.kinds import Direction
from gis_infra.analysis.coverage.streets.arcs import Journey, cost_ways, sort_arcs, start_journey
from gis_infra.analysis.coverage.streets.beside import measure_beside
from gis_infra.analysis.coverage.streets.model import SAME_M, Floats, Graph, Nearest, Rows, Snapped

# Of facilities equally near the first in order counts: each is put off by this part of a metre more than the one before
# it, all of them together by no more than LARGEST_BIAS_M, and the distance is told without it.
BIAS_M = 1e-8
LARGEST_BIAS_M = 1e-4


@dataclass(frozen=True)
class Spread:
    """What it costs from the facility that is nearest to each node, float64[v], inf for none; int32[v], -1 for none."""

    cost: Floats
    facility: Rows


def measure(
    graph: Graph, facilities: Snapped, places: Snapped, direction: Direction = "from", lead: Floats | None = None
) -> Nearest:
    """The facility nearest to each place along streets, way off the streets included at both ends.

    direction: `from` the facility, or `to` it; they differ where streets are one-way.
    lead: float64[m], what is added at each facility; None for nothing.
    """
    return find_nearest(start_journey(graph, direction), facilities, places, lead)


def measure_reached(
    graph: Graph, facilities: Snapped, places: Snapped, reach: Floats, direction: Direction = "from"
) -> tuple[Nearest, NDArray[np.bool_]]:
    """The nearest of the facilities that reach a place, each within its own `reach` (float64[m]), else of all.

    The second is bool[n]: whether one reaches it.
    """
    journey = start_journey(graph, direction)
    nearest = find_nearest(journey, facilities, places)
    within = allow_rounding(graph, reach)
    served = is_reached(nearest, within)
    if len(np.unique(within[facilities.row])) < 2:
        return nearest, served
    # How much is left where most is left tells whom any of them reaches, also one behind the nearest.
    left = find_nearest(journey, facilities, places, within.max() - within)
    further = np.flatnonzero(~served & (left.distance <= within.max()))
    other = measure_further(journey, facilities, places, within, further)
    found = other.facility >= 0
    served[further[found]] = True
    other = Nearest(other.distance[found], other.facility[found])
    return replace_rows(nearest, further[found], other), served


def allow_rounding(graph: Graph, reach: Floats) -> Floats:
    """The reach of each facility and 1 mm more, float64[m], metres or minutes."""
    within: Floats = reach + SAME_M * graph.off_cost
    return within


def is_reached(nearest: Nearest, within: Floats) -> NDArray[np.bool_]:
    """bool[n]: whether the nearest facility of each place reaches it."""
    reached: NDArray[np.bool_] = nearest.distance <= np.append(within, -np.inf)[nearest.facility]
    return reached


def measure_further(
    journey: Journey, facilities: Snapped, places: Snapped, within: Floats, rows: NDArray[np.intp]
) -> Nearest:
    """For some places (rows), the nearest of the facilities that reach them, looked for reach by reach."""
    found = Nearest(np.full(len(rows), np.inf), np.full(len(rows), -1, dtype=np.int32))
    wanted = places.take(np.isin(places.row, rows))
    for limit in np.unique(within[facilities.row]) if len(rows) else ():
        like = facilities.take(within[facilities.row] == limit)
        other = find_nearest(journey, like, wanted, limit=float(limit))
        distance, facility = other.distance[rows], other.facility[rows]
        bias = give_bias(journey.graph, facilities.count)
        nearer = (distance <= limit) & (distance + bias[facility] < found.distance + bias[found.facility])
        found = Nearest(np.where(nearer, distance, found.distance), np.where(nearer, facility, found.facility))
    return found


def replace_rows(nearest: Nearest, rows: NDArray[np.intp], other: Nearest) -> Nearest:
    """The same with some rows as in `other`."""
    distance, facility = nearest.distance.copy(), nearest.facility.copy()
    distance[rows], facility[rows] = other.distance, other.facility
    return Nearest(distance, facility)


def find_nearest(
    journey: Journey, facilities: Snapped, places: Snapped, lead: Floats | None = None, limit: float = np.inf
) -> Nearest:
    """The nearest facility of each place; nothing further than `limit` is looked for, but may be told."""
    bias = give_bias(journey.graph, facilities.count)
    extra = bias if lead is None else lead + bias
    at_access = extra[facilities.row] + facilities.off_m * journey.graph.off_cost
    cost, facility = arrive(journey, places, spread_costs(journey, facilities, at_access, limit + LARGEST_BIAS_M))
    beside, access = measure_beside(journey, facilities, at_access, places)
    nearer = beside < cost
    facility = np.where(nearer, np.append(facilities.row, -1)[access], facility)
    found = np.flatnonzero(facility >= 0)
    row, owner = places.row[found], facility[found]
    distance, nearest = np.full(places.count, np.inf), np.full(places.count, -1, dtype=np.int32)
    distance[row] = np.minimum(cost, beside)[found] - bias[owner] + places.off_m[found] * journey.graph.off_cost
    nearest[row] = owner
    return Nearest(distance, nearest)


def give_bias(graph: Graph, count: int) -> Floats:
    """float64[m]: by how little each facility is put off so that of equals the first counts."""
    return np.arange(count, dtype=np.float64) * (min(BIAS_M, LARGEST_BIAS_M / max(count, 1)) * graph.off_cost)


def spread_costs(journey: Journey, facilities: Snapped, at_access: Floats, limit: float) -> Spread:
    """What it costs from the nearest facility to every node; `at_access`: what is paid when a street is come onto."""
    graph, base = journey.graph, journey.arcs
    ways = cost_ways(journey, facilities)
    tails = np.concatenate([facilities.row, facilities.row])
    heads = np.concatenate([graph.tail[facilities.edge], graph.head[facilities.edge]])
    costs = np.concatenate([at_access + ways.to_tail, at_access + ways.to_head])
    usable = np.isfinite(costs)
    # Every facility is a node of its own, after all others, that nothing leads to: the graph's arcs stay as they are.
    own = sort_arcs(tails[usable], heads[usable], costs[usable], facilities.count)
    nodes = len(graph.nodes)
    starts = np.concatenate([base.starts, own.starts[1:] + base.starts[-1]])
    matrix = csr_array(
        (np.concatenate([base.cost, own.cost]), np.concatenate([base.head, own.head]), starts),
        shape=(nodes + facilities.count, nodes + facilities.count),
    )
    sources = np.unique(facilities.row) + nodes
    if not len(sources):
        return Spread(np.full(nodes, np.inf), np.full(nodes, -1, dtype=np.int32))
    cost, _, source = dijkstra(
        matrix, directed=True, indices=sources, min_only=True, return_predecessors=True, limit=limit
    )
    facility = np.where(np.isfinite(cost), source - nodes, -1)
    return Spread(cost[:nodes], facility[:nodes].astype(np.int32))


def arrive(journey: Journey, places: Snapped, spread: Spread) -> tuple[Floats, Rows]:
    """What it costs to come to each access over an end of its edge, and from which facility: float64[a], int32[a]."""
    ways = cost_ways(journey, places)
    tail, head = journey.graph.tail[places.edge], journey.graph.head[places.edge]
    by_tail, by_head = spread.cost[tail] + ways.from_tail, spread.cost[head] + ways.from_head
    cost = np.minimum(by_tail, by_head)
    facility = np.where(by_tail <= by_head, spread.facility[tail], spread.facility[head])
    return cost, np.where(np.isfinite(cost), facility, -1).astype(np.int32)
