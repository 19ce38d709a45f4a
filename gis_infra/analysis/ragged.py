"""Rows that are one row each across several arrays, and lists of unequal length laid end to end. Knows no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]
Marks = NDArray[np.bool_]
Objects = NDArray[np.object_]


@dataclass(frozen=True)
class Columns:
    """Arrays of one length; row i of all of them is one thing."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, rows: Marks | Places) -> Self:
        """The rows that are marked True, or those at the places, in their order."""
        return replace(self, **{each.name: getattr(self, each.name)[rows] for each in fields(self)})

    @classmethod
    def join(cls, parts: Sequence[Self]) -> Self:
        """The rows of all parts, of which there is at least one."""
        if len(parts) == 1:
            return parts[0]
        return cls(**{each.name: np.concatenate([getattr(one, each.name) for one in parts]) for each in fields(cls)})


def spread(counts: NDArray[Any]) -> tuple[Places, Places]:
    """For lists of these lengths laid end to end: of every item the list it is in, and its place there."""
    owners = np.repeat(np.arange(len(counts)), counts)
    begins = np.cumsum(counts) - counts
    return owners, np.arange(len(owners)) - np.repeat(begins, counts)


def mark_first(*keys: NDArray[Any]) -> Marks:
    """True for each row whose keys are not those of the row before; rows of equal keys lie together."""
    first = np.ones(len(keys[0]), dtype=bool)
    if len(first):
        first[1:] = np.logical_or.reduce([each[1:] != each[:-1] for each in keys])
    return first


def list_once(values: Places) -> Places:
    """Each value once, in rising order; sorting is sooner done than numpy's own way by hashes."""
    ordered = np.sort(values)
    return ordered[mark_first(ordered)]


def number_from_one(first: Marks) -> Places:
    """The place of each row in its group, from 1; groups lie together, and the first row of each is marked."""
    begins = np.maximum.accumulate(np.where(first, np.arange(len(first)), 0))
    return np.arange(len(first)) - begins + 1


def reach_farthest(values: Numbers, groups: Places) -> Numbers:
    """The largest value up to each row within its group, exactly; groups lie together and are numbered upwards."""
    if not len(values):
        return values
    order = np.argsort(values, kind="stable")
    rank = np.empty(len(values), dtype=np.int64)
    rank[order] = np.arange(len(values))
    farthest = np.maximum.accumulate(groups * len(values) + rank) - groups * len(values)
    return values[order[farthest]]


def to_objects(values: Iterable[Any]) -> Objects:
    """Values as a column of objects, also where they are lists themselves."""
    listed = list(values)
    column = np.empty(len(listed), dtype=object)
    column[:] = listed
    return column
