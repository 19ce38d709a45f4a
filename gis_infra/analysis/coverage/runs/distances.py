"""How far people have it: percentiles weighted by people, and classes of distance, by group. Pure numpy."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.rules.model import TOLERANCE_M

CLASSES = 10
# As far as people are served in a class of twice the reach: its upper end is twice the reach.
CLASSES_UP_TO = 2.0
# What is left of equality after some million additions.
ROUNDING = 1e-12


@dataclass(frozen=True)
class Spread:
    """Distances of a group, weighted by people; all None where nobody has one."""

    mean: float | None = None
    median: float | None = None
    p90: float | None = None
    largest: float | None = None


def spread(distance: NDArray[np.float64], people: NDArray[np.float64]) -> Spread:
    """The spread of distances in ascending order.

    A percentile is the smallest distance within which that share of the people live who have one.
    """
    known = ~np.isnan(distance) & (people > 0)
    distance, people = distance[known], people[known]
    if len(distance) == 0:
        return Spread()
    within = np.cumsum(people)
    total = within[-1]
    median, p90 = (float(distance[np.searchsorted(within, share * total * (1 - ROUNDING))]) for share in (0.5, 0.9))
    return Spread(float(np.dot(distance, people) / total), median, p90, float(distance[-1]))


def spread_by_group(
    distance: NDArray[np.float64], people: NDArray[np.float64], group: NDArray[np.int32], groups: int
) -> list[Spread]:
    """The spread of each group from 0 to groups - 1, then that of all together."""
    order = np.lexsort((distance, group))
    edges = np.searchsorted(group[order], np.arange(groups + 1))
    found = [spread(distance[order[low:high]], people[order[low:high]]) for low, high in pairwise(edges)]
    whole = np.argsort(distance, kind="stable")
    return [*found, spread(distance[whole], people[whole])]


def list_bounds(reach: float | None) -> list[float]:
    """The upper ends of the classes, metres or minutes; none without a reach."""
    if reach is None:
        return []
    return [CLASSES_UP_TO * reach * number / CLASSES for number in range(1, CLASSES + 1)]


def classify(distance: NDArray[np.float64], bounds: Sequence[float], *, in_metres: bool) -> NDArray[np.int32]:
    """int32[n]: the class of each distance from 0, the last one for what is beyond all bounds, -1 without a distance.

    A distance at an upper end, or 1 mm over it, belongs to that class.
    """
    ends = np.asarray(bounds) + (TOLERANCE_M if in_metres else 0.0)
    found = np.searchsorted(ends, distance, side="left").astype(np.int32)
    found[np.isnan(distance)] = -1
    return found
