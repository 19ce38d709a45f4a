"""Pieces less than a metre apart along the left line are one stretch; each that is not clear is one finding."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.conflicts.clearance.pairs import Pairs
from gis_infra.analysis.conflicts.clearance.pieces import CLEAR, Asked, Found, Pieces, answer
from gis_infra.analysis.conflicts.clearance.segments import Segments
from gis_infra.analysis.ragged import (
    Columns,
    Numbers,
    Objects,
    Places,
    mark_first,
    number_from_one,
    reach_farthest,
    spread,
)
from gis_infra.analysis.rules.model import TOLERANCE_M

STRETCH_M = 1.0  # what is nearer to each other along a line than this is one conflict
APART_M = STRETCH_M - TOLERANCE_M
DECIMALS = 6  # of metres: what differs by less is alike
SAME_M = 1e-9


@dataclass(frozen=True)
class Spans(Columns):
    """Parts of left lines: the stretch each is of, first and last segment, and from where to where along the line."""

    stretch: Places
    first: Places
    last: Places
    from_m: Numbers
    to_m: Numbers


def find_stretches(segments: Segments, pairs: Pairs, asked: Asked, pieces: Pieces, srid: int) -> Found:
    """The stretches that are not clear, as findings."""
    pieces = pieces.take(np.lexsort((pieces.right, pieces.left, pieces.to_m, pieces.from_m, pieces.asked)))
    rule = pieces.asked
    answers = answer(pieces.measured_m, asked.required_m[rule], asked.accuracy_m[rule])
    begins = mark_first(rule)
    reached_m = reach_farthest(pieces.to_m, np.cumsum(begins))
    begins[1:] |= pieces.from_m[1:] - reached_m[:-1] >= APART_M
    groups = np.cumsum(begins) - 1
    worst = find_worst(pieces, answers, groups)
    kept = np.flatnonzero(answers[worst] != CLEAR)
    spans = list_spans(pieces, groups)
    length_m = np.bincount(spans.stretch, spans.to_m - spans.from_m, minlength=len(worst)).astype(np.float64)
    reach = draw_spans(segments, spans.take(np.isin(spans.stretch, kept)), len(worst), srid)
    return tell(pairs, asked, pieces.take(worst[kept]), answers[worst[kept]], length_m[kept], reach[kept])


def find_worst(pieces: Pieces, answers: NDArray[np.int8], groups: Places) -> Places:
    """The row of the worst piece of each stretch, of equally bad ones the first along the left line."""
    # Of the bends of the right one that face the same place of the left one, the nearest.
    rounded_m = np.round(pieces.measured_m, DECIMALS)
    order = np.lexsort((pieces.right, pieces.left, pieces.measured_m, pieces.at_m, rounded_m, answers, groups))
    return order[mark_first(groups[order])]


def list_spans(pieces: Pieces, groups: Places) -> Spans:
    """The parts of the left lines, those that overlap made one.

    What is measured in space keeps apart where it is clear in the plan alone; there the parts are told as they lie in
    the plan. pieces: in order of their stretches and of where they begin.
    """
    lines = pieces.left >= 0
    pieces, groups = pieces.take(lines), groups[lines]
    from_m, to_m = np.round(pieces.from_m, DECIMALS), np.round(pieces.to_m, DECIMALS)
    reached_m = reach_farthest(to_m, groups)
    begins = mark_first(groups)
    begins[1:] |= from_m[1:] > reached_m[:-1]
    first = np.flatnonzero(begins)
    if not len(first):
        return Spans(groups, pieces.left, pieces.left, from_m, to_m)
    spans = Spans(
        groups[first],
        np.minimum.reduceat(pieces.left, first),
        np.maximum.reduceat(pieces.left, first),
        from_m[first],
        np.maximum.reduceat(to_m, first),
    )
    return spans.take(spans.from_m < spans.to_m)


def draw_spans(segments: Segments, spans: Spans, stretches: int, srid: int) -> Objects:
    """The parts of each stretch as EWKB of one MULTILINESTRING, None where there is none.

    spans: those of one stretch together.
    """
    reach = np.full(stretches, None, dtype=object)
    if not len(spans):
        return reach
    owners, places = spread(spans.last - spans.first + 2)
    is_end = np.append(places[1:] == 0, True)
    row = np.where(is_end, spans.last[owners], spans.first[owners] + places)
    # From where the part begins, over every vertex in between, to where it ends.
    at_m = np.select([places == 0, is_end], [spans.from_m[owners], spans.to_m[owners]], segments.start_m[row])
    within = np.clip(at_m - segments.start_m[row], 0, segments.length_m[row])
    x, y = segments.x[row] + segments.along_x[row] * within, segments.y[row] + segments.along_y[row] * within
    between = (at_m > spans.from_m[owners] + SAME_M) & (at_m < spans.to_m[owners] - SAME_M)
    kept = (places == 0) | is_end | between
    lines = np.asarray(shapely.linestrings(np.stack([x[kept], y[kept]], axis=1), indices=owners[kept]), dtype=object)
    stretch, place = np.unique(spans.stretch, return_inverse=True)
    drawn = shapely.set_srid(shapely.multilinestrings(lines, indices=place), srid)
    reach[stretch] = shapely.to_wkb(drawn, include_srid=True)
    return reach


def tell(
    pairs: Pairs, asked: Asked, worst: Pieces, answers: NDArray[np.int8], length_m: Numbers, reach: Objects
) -> Found:
    """Stretches as findings, numbered along the left line; those of one rule and pair lie together and in order."""
    rule = worst.asked
    pair = asked.pair[rule]
    return Found(
        number=asked.number[rule],
        answer=answers,
        side=worst.side,
        stretch=number_from_one(mark_first(rule)).astype(np.int32),
        required_m=asked.required_m[rule],
        distance_m=worst.measured_m,
        accuracy_m=asked.accuracy_m[rule],
        accuracy_known=asked.accuracy_known[rule],
        vertical_m=worst.gap_m,
        length_m=length_m,
        x=worst.x,
        y=worst.y,
        reach=reach,
        left=pairs.left[pair],
        right=pairs.right[pair],
    )
