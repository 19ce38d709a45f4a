"""The graph as what may be used from each node, and what it costs from a place on an edge to the ends of that edge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.coverage.standards.kinds import Direction
from gis_infra.analysis.coverage.streets.model import SAME_M, Floats, Graph, Rows, Snapped


@dataclass(frozen=True)
class Arcs:
    """What may be used from each node: arcs of node i are rows starts[i] to starts[i+1]; head: int32; cost: float64."""

    starts: NDArray[np.int32]
    head: Rows
    cost: Floats


@dataclass(frozen=True)
class Journey:
    """The graph as it is travelled from facilities, or, turned round, to them."""

    graph: Graph
    forward: Floats
    backward: Floats
    arcs: Arcs


@dataclass(frozen=True)
class Ways:
    """What it costs each access to come along its edge to the tail, to the head, and from these; inf: not allowed."""

    to_tail: Floats
    to_head: Floats
    from_tail: Floats
    from_head: Floats


def start_journey(graph: Graph, direction: Direction) -> Journey:
    """The graph as it is travelled from facilities; `to` them, every street is turned round."""
    forward, backward = graph.forward, graph.backward
    if direction == "to":
        forward, backward = backward, forward
    tails = np.concatenate([graph.tail, graph.head])
    heads = np.concatenate([graph.head, graph.tail])
    costs = np.concatenate([forward, backward])
    usable = np.isfinite(costs)
    return Journey(graph, forward, backward, sort_arcs(tails[usable], heads[usable], costs[usable], len(graph.nodes)))


def sort_arcs(tail: Rows, head: Rows, cost: Floats, nodes: int) -> Arcs:
    """Arcs by the node they leave; of two between the same nodes both stay, unlike in a matrix that adds them up."""
    order = np.argsort(tail, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=nodes))]).astype(np.int32)
    return Arcs(starts, head[order], cost[order])


def cost_ways(journey: Journey, accesses: Snapped) -> Ways:
    """What it costs between each access and the ends of its edge; who is within 1 mm of an end stands at it."""
    edge, length_m = accesses.edge, journey.graph.length_m[accesses.edge]
    share = np.divide(accesses.along_m, length_m, out=np.zeros(len(edge)), where=length_m > 0)
    share = np.clip(share, 0.0, 1.0)
    at_tail, at_head = accesses.along_m <= SAME_M, length_m - accesses.along_m <= SAME_M
    forward, backward = journey.forward[edge], journey.backward[edge]
    return Ways(
        to_tail=take_part(backward, share, at_tail),
        to_head=take_part(forward, 1.0 - share, at_head),
        from_tail=take_part(forward, share, at_tail),
        from_head=take_part(backward, 1.0 - share, at_head),
    )


def take_part(cost: Floats, share: Floats, is_there: NDArray[np.bool_]) -> Floats:
    """That share of each cost; inf stays inf, but who is there already needs no way."""
    part = np.where(np.isfinite(cost), np.where(np.isfinite(cost), cost, 0.0) * share, np.inf)
    return np.where(is_there & ~np.isfinite(part), 0.0, part)


def cost_beside(journey: Journey, edge: Rows, way_m: Floats) -> Floats:
    """What it costs to go so many metres along an edge, those below 0 against its direction; inf if not allowed.

    Who stands within 1 mm of each other needs no way.
    """
    length_m = journey.graph.length_m[edge]
    cost = np.where(way_m >= 0, journey.forward[edge], journey.backward[edge])
    share = np.divide(np.abs(way_m), length_m, out=np.zeros(len(edge)), where=length_m > 0)
    return take_part(cost, share, np.abs(way_m) <= SAME_M)
