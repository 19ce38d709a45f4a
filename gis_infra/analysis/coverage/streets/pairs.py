"""Every pair of a facility and a place within its reach along streets, facility by facility."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from gis_infra.analysis.coverage.standards.kinds import Direction
from gis_infra.analysis.coverage.streets.arcs import Journey, Ways, cost_beside, cost_ways, sort_arcs, start_journey
from gis_infra.analysis.coverage.streets.measuring import allow_rounding
from gis_infra.analysis.coverage.streets.model import Floats, Graph, Snapped, StreetPairs
from gis_infra.errors import InvalidParameter

LARGEST_PAIRS = 100_000_000
TOGETHER = 64  # facilities that are near each other are measured together
LARGEST_TABLE = 8_000_000  # numbers in the table of facilities and places that is looked through at once

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Travellers:
    """Facilities and places on the streets of a journey, and what the way along their edges costs.

    at_access: float64, what each access of a facility pays to come onto the street. within: float64[m], the reach.
    """

    journey: Journey
    facilities: Snapped
    leaving: Ways
    at_access: Floats
    within: Floats
    places: Snapped
    arriving: Ways


@dataclass(frozen=True)
class Part:
    """Some facilities (rows) and what lies around them: numbers of nodes, rows of places. matrix: the facilities after
    the nodes; what may be used from each of them."""

    facilities: Indices
    nodes: Indices
    places: Indices
    matrix: csr_array


def measure_each(
    graph: Graph, facilities: Snapped, places: Snapped, reach: Floats, direction: Direction = "from"
) -> StreetPairs:
    """All pairs of a facility and a place that it reaches within its `reach` (float64[m]), with their distance.

    Raises InvalidParameter if there are more than LARGEST_PAIRS.
    """
    journey = start_journey(graph, direction)
    around = Travellers(
        journey, facilities, cost_ways(journey, facilities), facilities.off_m * graph.off_cost,
        allow_rounding(graph, reach), places, cost_ways(journey, places),
    )  # fmt: skip
    found: list[StreetPairs] = []
    for pairs in list_pairs(around):
        found.append(pairs)
        if sum(map(len, found)) > LARGEST_PAIRS:
            message = f"more than {LARGEST_PAIRS} pairs of a facility and a place lie within reach; take a shorter one"
            raise InvalidParameter(message, where="distance")
    return keep_least(found)


def list_pairs(around: Travellers) -> Iterator[StreetPairs]:
    """The pairs, part by part; a pair may come twice, with different distances."""
    if not len(around.facilities) or not len(around.places):
        return
    for owners in split_near(around):
        yield measure_beside(around, owners)
        yield from measure_part(around, look_around(around, owners))


def split_near(around: Travellers) -> list[Indices]:
    """The facilities that have an access, in groups that lie near each other."""
    facilities, graph = around.facilities, around.journey.graph
    owners, first = np.unique(facilities.row, return_index=True)
    xy = graph.nodes[graph.tail[facilities.edge[first]]]
    side_m = 1.0 + 2.0 * float(np.median(around.within[owners])) / find_least_cost(graph)
    band = np.floor(xy[:, 1] / side_m)
    block = np.floor(xy[:, 0] / side_m)
    order = np.lexsort((block, band))
    return [np.sort(owners[order[at : at + TOGETHER]]).astype(np.intp) for at in range(0, len(order), TOGETHER)]


def find_least_cost(graph: Graph) -> float:
    """The least that a metre of way may cost."""
    costs = np.minimum(graph.forward, graph.backward)
    rates = np.divide(costs, graph.length_m, out=np.full(len(graph), np.inf), where=graph.length_m > 0)
    return float(min(rates.min(initial=np.inf), graph.off_cost))


def look_around(around: Travellers, owners: Indices) -> Part:
    """The nodes and places that facilities (rows) may reach, by the boxes that no way within their reach leaves."""
    graph, facilities = around.journey.graph, around.facilities
    mine = np.flatnonzero(np.isin(facilities.row, owners))
    edge = facilities.edge[mine]
    wide_m = (around.within[facilities.row[mine]] / find_least_cost(graph) + graph.length_m[edge])[:, None]
    xy = graph.nodes[graph.tail[edge]]
    low, high = (xy - wide_m).min(axis=0), (xy + wide_m).max(axis=0)
    inside = ((graph.nodes >= low) & (graph.nodes <= high)).all(axis=1)
    inside[graph.tail[edge]] = inside[graph.head[edge]] = True
    near = inside[graph.tail[around.places.edge]] | inside[graph.head[around.places.edge]]
    nodes = np.flatnonzero(inside)
    return Part(owners, nodes, np.flatnonzero(near), make_matrix(around, owners, mine, nodes))


def make_matrix(around: Travellers, owners: Indices, mine: Indices, nodes: Indices) -> csr_array:
    """What may be used among some nodes, and from some facilities (rows; `mine`: their accesses) onto them."""
    graph, arcs = around.journey.graph, around.journey.arcs
    number = np.full(len(graph.nodes), -1, dtype=np.int32)
    number[nodes] = np.arange(len(nodes))
    counts = arcs.starts[nodes + 1] - arcs.starts[nodes]
    row = np.repeat(np.arange(len(nodes)), counts)
    at = np.arange(len(row)) + np.repeat(arcs.starts[nodes] - (np.cumsum(counts) - counts), counts)
    edge = around.facilities.edge[mine]
    owner = np.searchsorted(owners, around.facilities.row[mine]) + len(nodes)
    paid = around.at_access[mine]
    tails = np.concatenate([row, owner, owner])
    heads = np.concatenate([number[arcs.head[at]], number[graph.tail[edge]], number[graph.head[edge]]])
    costs = np.concatenate([arcs.cost[at], paid + around.leaving.to_tail[mine], paid + around.leaving.to_head[mine]])
    usable = (heads >= 0) & np.isfinite(costs)
    size = len(nodes) + len(owners)
    kept = sort_arcs(tails[usable], heads[usable], costs[usable], size)
    return csr_array((kept.cost, kept.head, kept.starts), shape=(size, size))


def measure_part(around: Travellers, part: Part) -> Iterator[StreetPairs]:
    """The pairs of the part's facilities with places they come to over an end of the place's edge."""
    graph, places = around.journey.graph, around.places.take(part.places)
    size = len(part.nodes) + len(part.facilities)
    number = np.full(len(graph.nodes), size)
    number[part.nodes] = np.arange(len(part.nodes))
    tail, head = number[graph.tail[places.edge]], number[graph.head[places.edge]]
    by_tail, by_head = around.arriving.from_tail[part.places], around.arriving.from_head[part.places]
    off = places.off_m * graph.off_cost
    step = max(1, LARGEST_TABLE // max(size, len(places), 1))
    for at in range(0, len(part.facilities), step):
        owners = part.facilities[at : at + step]
        within = around.within[owners]
        sources = np.arange(at, at + len(owners)) + len(part.nodes)
        cost = dijkstra(part.matrix, directed=True, indices=sources, limit=float(within.max()))
        cost = np.column_stack([cost, np.full(len(owners), np.inf)])
        distance = np.minimum(cost[:, tail] + by_tail, cost[:, head] + by_head) + off
        one, other = np.nonzero(distance <= within[:, None])
        yield to_pairs(owners[one], places.row[other], distance[one, other])


def measure_beside(around: Travellers, owners: Indices) -> StreetPairs:
    """The pairs of some facilities with places on the same edge, straight along it."""
    facilities, places = around.facilities, around.places
    order = np.argsort(places.edge, kind="stable")
    edges = places.edge[order]
    mine = np.flatnonzero(np.isin(facilities.row, owners))
    first, last = (np.searchsorted(edges, facilities.edge[mine], side=side) for side in ("left", "right"))
    counts = last - first
    access = np.repeat(mine, counts)
    place = order[np.arange(len(access)) + np.repeat(first - (np.cumsum(counts) - counts), counts)]
    way_m = places.along_m[place] - facilities.along_m[access]
    distance = around.at_access[access] + cost_beside(around.journey, places.edge[place], way_m)
    distance = distance + places.off_m[place] * around.journey.graph.off_cost
    near = distance <= around.within[facilities.row[access]]
    return to_pairs(facilities.row[access[near]], places.row[place[near]], distance[near])


def to_pairs(facility: NDArray[np.integer], place: NDArray[np.integer], distance: Floats) -> StreetPairs:
    """Pairs of columns of any kind of whole number."""
    return StreetPairs(facility.astype(np.int32), place.astype(np.int32), distance)


def keep_least(parts: list[StreetPairs]) -> StreetPairs:
    """All pairs once, with their least distance, by facility, then place."""
    facility = np.concatenate([np.empty(0, dtype=np.int32), *(each.facility for each in parts)])
    place = np.concatenate([np.empty(0, dtype=np.int32), *(each.place for each in parts)])
    distance = np.concatenate([np.empty(0), *(each.distance for each in parts)])
    order = np.lexsort((distance, place, facility))
    facility, place, distance = facility[order], place[order], distance[order]
    first = (np.diff(facility, prepend=-1) != 0) | (np.diff(place, prepend=-1) != 0)
    return StreetPairs(facility[first], place[first], distance[first])
