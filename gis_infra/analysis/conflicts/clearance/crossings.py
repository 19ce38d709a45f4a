"""Where two axes cross in the plan at more than PARALLEL_DEGREES, and come too near in height."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.conflicts.clearance.along import PARALLEL
from gis_infra.analysis.conflicts.clearance.answers import NONE
from gis_infra.analysis.conflicts.clearance.assets import UNKNOWN, Assets
from gis_infra.analysis.conflicts.clearance.pairs import Pairs
from gis_infra.analysis.conflicts.clearance.pieces import ABOVE, ACROSS, BELOW, CLEAR, Found, answer, find_gap
from gis_infra.analysis.conflicts.clearance.segments import Facing, Segments, measure_off
from gis_infra.analysis.conflicts.clearance.stretches import APART_M
from gis_infra.analysis.ragged import Columns, Marks, Numbers, Places, mark_first, number_from_one
from gis_infra.analysis.rules.model import TOLERANCE_M

DECIMALS = 6  # of metres: gaps that differ by less are alike


@dataclass(frozen=True)
class Crossings(Columns):
    """Places where the segments of a pair meet; left: the segment; left_at: metres along it, at_m along its line.

    over_m, under_m: how far the left one is over, and under, the right one; nan where not known.
    """

    pair: Places
    left: Places
    left_at: Numbers
    at_m: Numbers
    over_m: Numbers
    under_m: Numbers

    @property
    def gap_m(self) -> Numbers:
        """Between the heights, nan where not known."""
        return find_gap(self.over_m, self.under_m)


def find_crossings(assets: Assets, segments: Segments, pairs: Pairs, facing: Facing) -> Found:
    """The crossings that are not clear: those near each other along the left line are one, the worst of them."""
    crossings = list_crossings(assets, segments, pairs, facing)
    order = np.lexsort((crossings.at_m, crossings.pair))
    crossings = crossings.take(order)
    answers = answer(crossings.gap_m, pairs.vertical_m[crossings.pair], pairs.height_accuracy_m[crossings.pair])
    begins = mark_first(crossings.pair)
    begins[1:] |= np.diff(crossings.at_m) >= APART_M
    worst = find_worst(crossings, answers, np.cumsum(begins))
    worst = worst[answers[worst] != CLEAR]
    return tell(segments, pairs, crossings.take(worst), answers[worst])


def list_crossings(assets: Assets, segments: Segments, pairs: Pairs, facing: Facing) -> Crossings:
    """Every place where a rule asks about the heights of two axes that meet."""
    crossing = facing.take((np.abs(facing.cosine) < PARALLEL) & (pairs.vertical_number[facing.pair] != NONE))
    left_m, right_m = segments.length_m[crossing.left], segments.length_m[crossing.right]
    left_at = crossing.near_along - crossing.near_across * crossing.cosine / crossing.sine
    right_at = -crossing.near_across / crossing.sine
    met = mark_met(segments, crossing, left_at, right_at)
    crossing, left_at, right_at = crossing.take(met), left_at[met], right_at[met]
    left_at, right_at = np.clip(left_at, 0, left_m[met]), np.clip(right_at, 0, right_m[met])
    left, right = pairs.left[crossing.pair], pairs.right[crossing.pair]
    references = (
        segments.ref_start[rows] + (segments.ref_end[rows] - segments.ref_start[rows]) * (at / segments.length_m[rows])
        for rows, at in ((crossing.left, left_at), (crossing.right, right_at))
    )
    higher = np.subtract(*references)
    comparable = (assets.frame[left] != UNKNOWN) & (assets.frame[left] == assets.frame[right])
    over_m = higher + assets.bottom_over[left] - assets.top_over[right]
    under_m = assets.bottom_over[right] - assets.top_over[left] - higher
    return Crossings(
        pair=crossing.pair,
        left=crossing.left,
        left_at=left_at,
        at_m=segments.start_m[crossing.left] + left_at,
        over_m=np.where(comparable, over_m, np.nan),
        under_m=np.where(comparable, under_m, np.nan),
    )


def mark_met(segments: Segments, crossing: Facing, left_at: Numbers, right_at: Numbers) -> Marks:
    """True for segments that meet; an end that falls short by the tolerance meets too."""
    left_m, right_m = segments.length_m[crossing.left], segments.length_m[crossing.right]
    met: Marks = (left_at >= 0) & (left_at <= left_m) & (right_at >= 0) & (right_at <= right_m)
    # At so sharp an angle as counts, lines that are so near meet no farther off than this.
    far_m = 3 * TOLERANCE_M
    close = (left_at >= -far_m) & (left_at <= left_m + far_m) & (right_at >= -far_m) & (right_at <= right_m + far_m)
    rows = np.flatnonzero(close & ~met)
    one, other = crossing.left[rows], crossing.right[rows]
    off = [
        measure_off(segments, line, x[end], y[end])
        for line, end in ((one, other), (other, one))
        for x, y in ((segments.x, segments.y), (segments.end_x, segments.end_y))
    ]
    met[rows] = np.minimum.reduce(off) <= TOLERANCE_M
    return met


def find_worst(crossings: Crossings, answers: NDArray[np.int8], groups: Places) -> Places:
    """The row of the worst crossing of each group, of equally bad ones the first along the left line."""
    order = np.lexsort((crossings.at_m, np.round(crossings.gap_m, DECIMALS), answers, groups))
    return order[mark_first(groups[order])]


def tell(segments: Segments, pairs: Pairs, crossings: Crossings, answers: NDArray[np.int8]) -> Found:
    """Crossings as findings, in order along the left line, pair by pair."""
    pair, gap_m = crossings.pair, crossings.gap_m
    is_above = np.nan_to_num(crossings.under_m, nan=-np.inf) > np.nan_to_num(crossings.over_m, nan=-np.inf)
    along_x, along_y = segments.along_x[crossings.left], segments.along_y[crossings.left]
    return Found(
        number=pairs.vertical_number[pair],
        answer=answers,
        side=np.where(np.isnan(gap_m), ACROSS, np.where(is_above, ABOVE, BELOW)).astype(np.int8),
        stretch=number_from_one(mark_first(pair)).astype(np.int32),
        required_m=pairs.vertical_m[pair],
        distance_m=gap_m,
        accuracy_m=pairs.height_accuracy_m[pair],
        accuracy_known=pairs.height_known[pair],
        vertical_m=gap_m,
        length_m=np.zeros(len(pair)),
        x=segments.x[crossings.left] + along_x * crossings.left_at,
        y=segments.y[crossings.left] + along_y * crossings.left_at,
        reach=np.full(len(pair), None, dtype=object),
        left=pairs.left[pair],
        right=pairs.right[pair],
    )
