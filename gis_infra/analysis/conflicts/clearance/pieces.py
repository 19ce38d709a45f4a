"""What is measured of pairs, before it is gathered to findings."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.conflicts.clearance.answers import NONE
from gis_infra.analysis.conflicts.clearance.pairs import Pairs
from gis_infra.analysis.ragged import Columns, Marks, Numbers, Objects, Places
from gis_infra.analysis.rules.model import TOLERANCE_M

SIDES = (None, "left", "right", "inside", "above", "below", "across")
NEITHER, LEFT, RIGHT, INSIDE, ABOVE, BELOW, ACROSS = range(len(SIDES))
ANSWERS = ("violation", "possible", "vertical_unknown", "clear")
VIOLATION, POSSIBLE, VERTICAL_UNKNOWN, CLEAR = range(len(ANSWERS))
STRAIGHT_M = 0.001  # less than this to the side is straight ahead
KNOWN_M = -0.001  # a gap in height known from one side alone is a true one if it is at least this


@dataclass(frozen=True)
class Asked(Columns):
    """One rule that asks something of a pair beside another asset, in the plan or in space.

    limit_m: distance between the axes or outlines within which the pair is not clear.
    """

    pair: Places
    number: NDArray[np.int32]
    is_spatial: Marks
    required_m: Numbers
    accuracy_m: Numbers
    accuracy_known: Marks
    limit_m: Numbers


@dataclass(frozen=True)
class Pieces(Columns):
    """Parts of left lines along which the right asset is near; where the left one is no line, all of it.

    asked: the row of `Asked`. left: the segment, or -1 where the left one is no line. right: the one of the right line,
    or a number that orders. facing: the row of `Facing`, or -1. from_m, to_m, at_m: along the left line, at_m the worst
    place; nan where it is no line. plan_m: distance between the outsides in the plan there. measured_m: what the rule
    asks about; nan where heights cannot be compared. gap_m: between the heights there. x, y: the worst place.
    """

    asked: Places
    left: Places
    right: Places
    facing: Places
    from_m: Numbers
    to_m: Numbers
    at_m: Numbers
    plan_m: Numbers
    measured_m: Numbers
    gap_m: Numbers
    side: NDArray[np.int8]
    x: Numbers
    y: Numbers


@dataclass(frozen=True)
class Found(Columns):
    """Findings, as columns of `finding`; left, right: rows of the assets; reach: EWKB or None."""

    number: NDArray[np.int32]
    answer: NDArray[np.int8]
    side: NDArray[np.int8]
    stretch: NDArray[np.int32]
    required_m: Numbers
    distance_m: Numbers
    accuracy_m: Numbers
    accuracy_known: Marks
    vertical_m: Numbers
    length_m: Numbers
    x: Numbers
    y: Numbers
    reach: Objects
    left: Places
    right: Places


def list_asked(pairs: Pairs, chosen: Marks) -> Asked:
    """What is asked of the chosen pairs in the plan and in space."""
    wider_m = np.maximum(pairs.plan_accuracy_m, pairs.height_accuracy_m)
    parts = []
    for is_spatial, number, required_m, accuracy_m, known in (
        (False, pairs.horizontal_number, pairs.horizontal_m, pairs.plan_accuracy_m, pairs.plan_known),
        (True, pairs.spatial_number, pairs.spatial_m, wider_m, pairs.plan_known & pairs.height_known),
    ):
        rows = np.flatnonzero(chosen & (number != NONE))
        limit_m = required_m[rows] + pairs.radii_m[rows] + accuracy_m[rows] - TOLERANCE_M
        parts.append(
            Asked(
                rows,
                number[rows],
                np.full(len(rows), is_spatial),
                required_m[rows],
                accuracy_m[rows],
                known[rows],
                limit_m,
            )
        )
    return Asked.join(parts)


def answer(measured_m: Numbers, required_m: Numbers, accuracy_m: Numbers) -> NDArray[np.int8]:
    """The answer for each measure; the lower, the worse. nan: heights cannot be compared."""
    return np.select(
        [
            measured_m + accuracy_m < required_m - TOLERANCE_M,
            measured_m < required_m + accuracy_m - TOLERANCE_M,
            np.isnan(measured_m),
        ],
        [VIOLATION, POSSIBLE, VERTICAL_UNKNOWN],
        CLEAR,
    ).astype(np.int8)


def find_gap(over_m: Numbers, under_m: Numbers) -> Numbers:
    """The gap in height from how far the left one is over and under the right one; nan where not known.

    One that is known from one side alone is a true one if it is positive.
    """
    gap = np.fmax(over_m, under_m)
    known = (~np.isnan(over_m) & ~np.isnan(under_m)) | (gap >= KNOWN_M)
    return np.where(known, gap, np.nan)


def to_side(across_m: Numbers) -> NDArray[np.int8]:
    """Left or right by how far to the left of the left line something lies; neither where that is nan."""
    return np.select([across_m > STRAIGHT_M, across_m < -STRAIGHT_M], [LEFT, RIGHT], NEITHER).astype(np.int8)
