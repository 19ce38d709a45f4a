"""Runs of numbers that lie behind one another in one array, of which some are wanted. Pure."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]
Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]


def take_runs(starts: NDArray[np.signedinteger[Any]], counts: NDArray[np.signedinteger[Any]]) -> Integers:
    """The places of all members of some runs. starts, counts: int[n], where each begins and how long it is."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if ends.size else 0
    return np.repeat(starts - ends + counts, counts) + np.arange(total)


def get_starts(counts: Integers) -> Integers:
    """Where each of some runs begins that lie behind one another. counts: int64[n], their lengths."""
    return np.cumsum(counts) - counts


def sum_runs(values: NDArray[np.generic], counts: Integers) -> Integers:
    """The sum of each run, int64[n]; none is empty. values: those of all runs. counts: int64[n], their lengths."""
    if not counts.size:
        return np.zeros(0, np.int64)
    return np.add.reduceat(values, get_starts(counts), dtype=np.int64)
