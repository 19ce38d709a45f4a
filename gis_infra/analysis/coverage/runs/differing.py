"""What of the people served differs between two runs, place by place. Pure numpy.

Meaning: docs/coverage.md, Compare. Together the parts are the difference, so that nobody is made or lost.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Seen:
    """The places of one run. unit: int64[n], number of its unit among those of both runs, 0 for none."""

    ids: NDArray[np.int64]
    unit: NDArray[np.int64]
    people: NDArray[np.float64]
    served: NDArray[np.float64]


@dataclass(frozen=True)
class Parts:
    """By unit, float64: people served who came and went, whose place changed, newly served and no longer served.

    None is below 0 but `changed`, and served after = served before + came - went + changed + newly - no_longer.
    """

    came: NDArray[np.float64]
    went: NDArray[np.float64]
    changed: NDArray[np.float64]
    newly: NDArray[np.float64]
    no_longer: NDArray[np.float64]


def differ(before: Seen, after: Seen, units: int) -> Parts:
    """The parts by unit. A place that lies in another unit went there and came here."""
    old_at, new_at = match(before, after)
    gone = np.setdiff1d(np.arange(len(before.ids)), old_at, assume_unique=True)
    come = np.setdiff1d(np.arange(len(after.ids)), new_at, assume_unique=True)
    share = after.served[new_at] - before.served[old_at]
    moved = share * after.people[new_at]
    grown = (after.people[new_at] - before.people[old_at]) * before.served[old_at]
    return Parts(
        came=add(after.unit[come], (after.people * after.served)[come], units),
        went=add(before.unit[gone], (before.people * before.served)[gone], units),
        changed=add(before.unit[old_at], grown, units),
        newly=add(after.unit[new_at], np.where(share > 0, moved, 0.0), units),
        no_longer=add(after.unit[new_at], np.where(share < 0, -moved, 0.0), units),
    )


def match(before: Seen, after: Seen) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows, in both, of places that stand in the same unit of both."""
    # One number a place and unit: ids may be too large to be multiplied.
    _, member = np.unique(np.concatenate([before.ids, after.ids]), return_inverse=True)
    units = 1 + max((int(each.unit.max()) for each in (before, after) if len(each.unit)), default=0)
    keys = member * units + np.concatenate([before.unit, after.unit])
    _, old_at, new_at = np.intersect1d(keys[: len(before.ids)], keys[len(before.ids) :], return_indices=True)
    return old_at, new_at


def add(unit: NDArray[np.int64], people: NDArray[np.float64], units: int) -> NDArray[np.float64]:
    """The sum of people by unit."""
    return np.bincount(unit, weights=people, minlength=units).astype(np.float64)
