"""Facilities that take only so many people, straight on the plan: pairs are found ring after ring.

All pairs within reach may be more than memory holds; who is served and what is full needs no more pairs, so rings grow
as places and facilities fall away.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.coverage.methods.capacity import Left, assign, join, make_left, to_steps
from gis_infra.analysis.coverage.methods.model import Assigned, Facilities
from gis_infra.analysis.coverage.methods.nearest import (
    MOST_PAIRS,
    TIE_M,
    Floats,
    Index,
    Pairs,
    list_pairs,
    make_indexes,
)
from gis_infra.analysis.coverage.places.model import Places
from gis_infra.analysis.rules.model import TOLERANCE_M

SAMPLE = 500
THINNEST_M = 0.01


@dataclass(frozen=True)
class Open:
    """Places with people left and facilities with room left: rows of both (rising), the places' xy, and indexes."""

    places: NDArray[np.intp]
    xy: Floats
    indexes: list[Index]


def assign_straight(facilities: Facilities, places: Places) -> Assigned:
    """Who goes where, straight on the plan, each place in its point."""
    left = make_left(places.people, facilities.capacity)
    farthest = float(facilities.reach.max(initial=0.0)) + TOLERANCE_M
    inner, parts = -THINNEST_M, []
    while inner < farthest:
        here = find_open(facilities, places, left)
        if len(here.places) == 0 or not here.indexes:
            break
        outer = choose_ring(here, inner, farthest)
        pairs = find_ring(here, facilities.reach, inner, outer)
        parts.append(assign(pairs, left))
        inner = outer
    return join(parts)


def find_open(facilities: Facilities, places: Places, left: Left) -> Open:
    """What is left on both sides."""
    some = np.flatnonzero(left.people > 0)
    rows = np.flatnonzero(left.room > 0).astype(np.int32)
    return Open(some, places.xy[some], make_indexes(facilities.shapes, rows))


def choose_ring(here: Open, inner: float, farthest: float) -> float:
    """How far the next ring goes: as far as there are few enough pairs, told by some of the places."""
    sample = here.xy[:: max(1, len(here.xy) // SAMPLE)]
    most = MOST_PAIRS * len(sample) / len(here.xy)
    near, far = inner, farthest
    if count_pairs(here, sample, farthest) <= most:
        return farthest
    while far - near > max(THINNEST_M, (far - max(inner, 0.0)) / 16):
        middle = (near + far) / 2
        if count_pairs(here, sample, middle) <= most:
            near = middle
        else:
            far = middle
    return max(near, inner + THINNEST_M)


def count_pairs(here: Open, xy: Floats, limit: float) -> int:
    """How many pairs of these places lie within `limit`."""
    return sum(index.count_pairs(xy, limit) for index in here.indexes) if limit > 0 else 0


def find_ring(here: Open, reach: Floats, inner: float, outer: float) -> Pairs:
    """The pairs within reach that are farther than `inner` and at most `outer`, as far as differences count."""
    limit = outer + 2 * TIE_M
    bounds = to_steps(np.array([inner, outer]))
    parts = [Pairs(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0))]
    for index in here.indexes:
        for found in list_pairs(index, here.xy, limit):
            steps = to_steps(found.distance)
            within = found.distance <= reach[found.facility] + TOLERANCE_M
            parts.append(found.keep((steps > bounds[0]) & (steps <= bounds[1]) & within))
    place = np.concatenate([each.place for each in parts])
    return Pairs(
        here.places[place].astype(np.int32),
        np.concatenate([each.facility for each in parts]),
        np.concatenate([each.distance for each in parts]),
    )
