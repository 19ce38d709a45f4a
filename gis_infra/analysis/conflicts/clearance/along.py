"""Where two lines run side by side nearer than the limit of a rule, in the plan.

Each straight segment of the left one with each of the right one whose directions, without sense, differ by at most
PARALLEL_DEGREES: the part of the left one within the limit, exactly, and their least distance with the first place
along the left one that has it.
"""

import math
from dataclasses import dataclass

import numpy as np

from gis_infra.analysis.conflicts.clearance.pairs import Pairs
from gis_infra.analysis.conflicts.clearance.pieces import Asked, Pieces, to_side
from gis_infra.analysis.conflicts.clearance.segments import Facing, Segments
from gis_infra.analysis.ragged import Columns, Marks, Numbers, Places, spread
from gis_infra.analysis.rules.model import PARALLEL_DEGREES

# The last factor lets exactly PARALLEL_DEGREES count as side by side.
PARALLEL = math.cos(math.radians(PARALLEL_DEGREES)) * (1 - 1e-12)
ALIKE = 1e-12  # sine of an angle that is none
DECIMALS = 6  # of metres: what differs by less is as near


@dataclass(frozen=True)
class Beside(Columns):
    """Segments that run side by side, each with one rule; metres along the left one and across it as in `Facing`.

    far_along, far_across: where the right one ends.
    """

    asked: Places
    facing: Places
    limit_m: Numbers
    length_m: Numbers
    right_m: Numbers
    near_along: Numbers
    near_across: Numbers
    far_along: Numbers
    far_across: Numbers
    cosine: Numbers
    sine: Numbers


def measure_along(segments: Segments, pairs: Pairs, facing: Facing, asked: Asked, rows: Places) -> Pieces:
    """The pieces of left lines within the limits, measured in the plan.

    rows: of what is asked, those of pairs of two lines.
    """
    beside = list_beside(segments, facing, asked, rows)
    at, facing_m, axis_m = find_nearest(beside)
    near = axis_m < beside.limit_m
    beside, at, facing_m, axis_m = beside.take(near), at[near], facing_m[near], axis_m[near]
    from_m, to_m = find_reach(beside)
    kept = from_m <= to_m
    beside, at, facing_m, axis_m = beside.take(kept), at[kept], facing_m[kept], axis_m[kept]
    left = facing.left[beside.facing]
    start_m, plan_m = segments.start_m[left], axis_m - pairs.radii_m[asked.pair[beside.asked]]
    across = beside.near_across + facing_m * beside.sine
    x, y = place_between(segments, left, at, beside.near_along + facing_m * beside.cosine, across)
    return Pieces(
        asked=beside.asked,
        left=left,
        right=facing.right[beside.facing],
        facing=beside.facing,
        from_m=start_m + from_m[kept],
        to_m=start_m + to_m[kept],
        at_m=start_m + at,
        plan_m=plan_m,
        measured_m=plan_m.copy(),
        gap_m=np.full(len(beside), np.nan),
        side=to_side(across),
        x=x,
        y=y,
    )


def list_beside(segments: Segments, facing: Facing, asked: Asked, rows: Places) -> Beside:
    """The segments that run side by side, once for each rule that asks about their pair."""
    parallel = np.flatnonzero(np.abs(facing.cosine) >= PARALLEL)
    order = rows[np.argsort(asked.pair[rows], kind="stable")]
    begins = np.searchsorted(asked.pair[order], facing.pair[parallel])
    counts = np.searchsorted(asked.pair[order], facing.pair[parallel], side="right") - begins
    owners, places = spread(counts)
    row, rule = parallel[owners], order[begins[owners] + places]
    right_m = segments.length_m[facing.right[row]]
    cosine, sine = facing.cosine[row], facing.sine[row]
    near_along, near_across = facing.near_along[row], facing.near_across[row]
    return Beside(
        rule, row, asked.limit_m[rule], segments.length_m[facing.left[row]], right_m, near_along, near_across,
        near_along + right_m * cosine, near_across + right_m * sine, cosine, sine,
    )  # fmt: skip


def find_nearest(beside: Beside) -> tuple[Numbers, Numbers, Numbers]:
    """The first place along each left segment that is nearest: metres along it and the right one, and the distance."""
    crossing = beside.near_along - divide(beside.near_across * beside.cosine, beside.sine)
    zero = np.zeros(len(beside))
    spots = [zero, beside.length_m, beside.near_along, beside.far_along, crossing]
    best_at, best_m, best_facing = zero, np.full(len(beside), np.inf), zero
    for spot in spots:
        at = np.minimum(np.maximum(spot, 0), beside.length_m)
        facing_m, axis_m = measure_at(beside, at)
        rounded, best = np.round(axis_m, DECIMALS), np.round(best_m, DECIMALS)
        better = (rounded < best) | ((rounded == best) & (at < best_at))
        best_at, best_m = np.where(better, at, best_at), np.where(better, axis_m, best_m)
        best_facing = np.where(better, facing_m, best_facing)
    return best_at, best_facing, best_m


def measure_at(beside: Beside, at: Numbers) -> tuple[Numbers, Numbers]:
    """For places along left segments: the nearest place of the right one, metres along that, and how far it is."""
    facing_m = (at - beside.near_along) * beside.cosine - beside.near_across * beside.sine
    facing_m = np.minimum(np.maximum(facing_m, 0), beside.right_m)
    ahead = beside.near_along + facing_m * beside.cosine - at
    return facing_m, np.sqrt(ahead**2 + (beside.near_across + facing_m * beside.sine) ** 2)


def divide(number: Numbers, sine: Numbers) -> Numbers:
    """The number by the sine of an angle, nan where there is no angle."""
    turned: Marks = np.abs(sine) > ALIKE
    divided: Numbers = np.divide(number, sine, out=np.full(len(sine), np.nan), where=turned)
    return divided


def find_reach(beside: Beside) -> tuple[Numbers, Numbers]:
    """From where to where along each left segment it is within the limit; the first above the second where nowhere.

    What lies within the limit of a segment is a strip with round ends. Along the left segment it begins where the first
    of these begins and ends where the last one ends: the circle about either end of the right one, and the strip
    between.
    """
    limit_m, sine, cosine = beside.limit_m, beside.sine, beside.cosine
    half = [find_half(limit_m, across) for across in (beside.near_across, beside.far_across)]
    # Where the left segment is between the two ends of the right one, and where it is within the limit of its line.
    ends = [along + across * sine / cosine for along, across in (
        (beside.near_along, beside.near_across), (beside.far_along, beside.far_across))]  # fmt: skip
    edges = [beside.near_along + divide(way * limit_m - beside.near_across * cosine, sine) for way in (1, -1)]
    begins = np.fmax(np.fmin(*ends), np.fmin(*edges))
    finishes = np.fmin(np.fmax(*ends), np.fmax(*edges))
    begins, finishes = (np.where(begins <= finishes, each, np.nan) for each in (begins, finishes))
    from_m = np.fmin(np.fmin(beside.near_along - half[0], beside.far_along - half[1]), begins)
    to_m = np.fmax(np.fmax(beside.near_along + half[0], beside.far_along + half[1]), finishes)
    return np.fmax(from_m, 0), np.fmin(to_m, beside.length_m)


def find_half(limit_m: Numbers, across: Numbers) -> Numbers:
    """Half of what a circle about a place so far across cuts out of the left line, nan where it does not reach it."""
    squared = limit_m**2 - across**2
    half: Numbers = np.sqrt(squared, out=np.full(len(squared), np.nan), where=np.abs(across) <= limit_m)
    return half


def place_between(
    segments: Segments, left: Places, at: Numbers, other_along: Numbers, other_across: Numbers
) -> tuple[Numbers, Numbers]:
    """The place half-way between one along the left segment and another, told along and across it."""
    along_x, along_y = segments.along_x[left], segments.along_y[left]
    middle, aside = (at + other_along) / 2, other_across / 2
    return segments.x[left] + along_x * middle - along_y * aside, segments.y[left] + along_y * middle + along_x * aside
