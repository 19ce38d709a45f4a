"""The way from a facility to a place on the same edge, straight along it, without coming to an end of the edge."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.coverage.streets.arcs import Journey
from gis_infra.analysis.coverage.streets.model import SAME_M, Floats, Snapped

Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Row:
    """Accesses of facilities in the order in which they are passed: by edge, then along it in one direction.

    access: intp[k], which access. key: float64[k], rising. begins: intp[e], first row of each edge, else -1.
    """

    access: Indices
    key: Floats
    begins: Indices


def measure_beside(journey: Journey, facilities: Snapped, at_access: Floats, places: Snapped) -> tuple[Floats, Indices]:
    """What it costs to each place from the cheapest facility on its own edge, and which access: float64[a], intp[a].

    at_access: float64, what is paid when a facility comes onto the street. inf and -1 where there is none, or where the
    edge may not be used that way. Who stands within 1 mm of each other needs no way.
    """
    cost, access = np.full(len(places), np.inf), np.full(len(places), -1, dtype=np.intp)
    has_one = np.zeros(len(journey.graph), dtype=np.bool_)
    has_one[facilities.edge] = True
    rows = np.flatnonzero(has_one[places.edge])
    if not len(rows):
        return cost, access
    near = places.take(rows)
    for edge_cost, sign in ((journey.forward, 1.0), (journey.backward, -1.0)):
        one_cost, one = pass_along(journey, edge_cost, sign, facilities, at_access, near)
        nearer = one_cost < cost[rows]
        cost[rows] = np.where(nearer, one_cost, cost[rows])
        access[rows] = np.where(nearer, one, access[rows])
    return cost, access


def pass_along(
    journey: Journey, edge_cost: Floats, sign: float, facilities: Snapped, at_access: Floats, places: Snapped
) -> tuple[Floats, Indices]:
    """The same in one direction: sign 1 in the direction drawn, -1 against it."""
    length_m = journey.graph.length_m
    rate = np.divide(edge_cost, length_m, out=np.zeros(len(length_m)), where=length_m > 0)
    row = put_in_row(journey, sign, facilities)
    edge = facilities.edge[row.access]
    usable_rate = np.where(np.isfinite(rate), rate, 0.0)
    worth = at_access[row.access] - usable_rate[edge] * sign * facilities.along_m[row.access]
    best = find_least_so_far(worth, edge)
    width = 2.0 * (length_m.max() + 1.0)
    last = np.searchsorted(row.key, places.edge * width + sign * places.along_m + SAME_M, side="right") - 1
    begins = row.begins[places.edge]
    found = last >= begins
    chosen = row.access[best[np.maximum(last, 0)]]
    way_m = sign * (places.along_m - facilities.along_m[chosen])
    way = usable_rate[places.edge] * np.maximum(way_m, 0.0)
    allowed = found & np.isfinite(rate[places.edge])
    return np.where(allowed, at_access[chosen] + way, np.inf), np.where(allowed, chosen, -1)


def put_in_row(journey: Journey, sign: float, facilities: Snapped) -> Row:
    """The accesses in the order in which they are passed."""
    width = 2.0 * (journey.graph.length_m.max() + 1.0)
    key = facilities.edge * width + sign * facilities.along_m
    access = np.argsort(key, kind="stable")
    edge = facilities.edge[access]
    begins = np.full(len(journey.graph), len(access), dtype=np.intp)
    first = np.diff(edge, prepend=-1) != 0
    begins[edge[first]] = np.flatnonzero(first)
    return Row(access, key[access], begins)


def find_least_so_far(worth: Floats, group: NDArray[np.int32]) -> Indices:
    """intp[k]: of the rows of its group up to and with each row, the one that is worth least, of equals the first."""
    order = np.argsort(worth, kind="stable")
    rank = np.empty(len(worth), dtype=np.int64)
    rank[order] = np.arange(len(worth))
    # Each group lies below all before it, so that none of those is less.
    floor = np.cumsum(np.diff(group, prepend=-1) != 0) * np.int64(len(worth) + 1)
    least = np.minimum.accumulate(rank - floor) + floor
    return order[least]
