"""Facilities that take only so many people: who goes where.

Pairs of place and facility within reach, in order of distance, then of place and of facility; each takes what is left
on both sides.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.coverage.methods.model import Assigned, Facilities, Reached
from gis_infra.analysis.coverage.methods.nearest import TIE_M, Floats, Pairs

TOGETHER = 1_000_000  # pairs that are looked at in one go


@dataclasses.dataclass
class Left:
    """What is left on both sides: people of each place, and room of each facility (inf: without limit)."""

    people: Floats
    room: Floats


def make_left(people: Floats, capacity: Floats) -> Left:
    """All people and all room. capacity: nan without limit."""
    return Left(people.astype(np.float64, copy=True), np.where(np.isnan(capacity), np.inf, capacity))


def to_steps(distance: Floats) -> NDArray[np.int64]:
    """Distances as whole numbers of the least difference that counts, so that equals are equal."""
    return np.rint(distance / TIE_M).astype(np.int64)


def share_pairs(reached: Reached, people: Floats, facilities: Facilities, pairs: Pairs) -> Reached:
    """What was reached without limits, after all pairs within reach were served in order. people: of each place."""
    left = make_left(people, facilities.capacity)
    return fill(reached, people, assign(pairs, left))


def assign(pairs: Pairs, left: Left) -> Assigned:
    """Who goes where of these pairs; takes it from what is left."""
    order = np.lexsort((pairs.facility, pairs.place, to_steps(pairs.distance)))
    parts = []
    for start in range(0, len(order), TOGETHER):
        part = order[start : start + TOGETHER]
        # Most pairs come to nothing once places are served and facilities full.
        open_ones = (left.people[pairs.place[part]] > 0) & (left.room[pairs.facility[part]] > 0)
        parts.append(take(pairs.keep(part[open_ones]), left))
    return join(parts)


def take(pairs: Pairs, left: Left) -> Assigned:
    """Who goes where of pairs in the order given."""
    people, room = left.people.tolist(), left.room.tolist()
    taken: list[float] = []
    for place, facility in zip(pairs.place.tolist(), pairs.facility.tolist(), strict=True):
        number = min(people[place], room[facility])
        people[place] -= number
        room[facility] -= number
        taken.append(number)
    left.people[:], left.room[:] = people, room
    numbers = np.array(taken, dtype=np.float64)
    some = pairs.keep(numbers > 0)
    return Assigned(some.place, some.facility, numbers[numbers > 0], some.distance)


def join(parts: Sequence[Assigned]) -> Assigned:
    """Several in one, in order."""
    nothing = Assigned(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0), np.empty(0))
    every = [nothing, *parts]
    return Assigned(
        np.concatenate([each.place for each in every]),
        np.concatenate([each.facility for each in every]),
        np.concatenate([each.people for each in every]),
        np.concatenate([each.distance for each in every]),
    )


def fill(reached: Reached, people: Floats, assigned: Assigned) -> Reached:
    """What was reached without limits, with who goes where.

    A place is served by the share of its people that go somewhere; one without people, when it is within reach. Its
    facility is the nearest it goes to, else the one it had.
    people: float64[n], of each place.
    """
    gone = np.bincount(assigned.place, weights=assigned.people, minlength=len(people))
    share = np.divide(gone, people, out=reached.served.copy(), where=people > 0)
    within = reached.served > 0
    distance, facility = reached.distance.copy(), reached.facility.copy()
    places, first = np.unique(assigned.place, return_index=True)
    distance[places], facility[places] = assigned.distance[first], assigned.facility[first]
    return dataclasses.replace(
        reached,
        distance=distance,
        facility=facility,
        served=np.clip(share, 0.0, 1.0),
        unassigned=np.where(within, np.maximum(people - gone, 0.0), 0.0),
        assigned=assigned,
        told={**reached.told, "people_unassigned": float(np.maximum(people - gone, 0.0)[within].sum())},
    )
