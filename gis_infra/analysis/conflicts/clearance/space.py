"""Distances in space between lines that run side by side.

The root of the squares of the distance in the plan and of the gap in height at the worst place, neither below 0.
"""

from dataclasses import dataclass, replace

import numpy as np

from gis_infra.analysis.conflicts.clearance.along import divide, place_between
from gis_infra.analysis.conflicts.clearance.assets import UNKNOWN, Assets
from gis_infra.analysis.conflicts.clearance.pairs import Pairs
from gis_infra.analysis.conflicts.clearance.pieces import Asked, Pieces, find_gap, to_side
from gis_infra.analysis.conflicts.clearance.segments import Facing, Segments
from gis_infra.analysis.ragged import Columns, Numbers, Places

ROUNDS = 6  # each ten times closer: then the place is known to a hundred thousandth of the piece
STEPS = 40
DECIMALS = 7  # of metres: what differs by less is as near


@dataclass(frozen=True)
class Two(Columns):
    """Both segments of a piece: metres along the left one and across it as in `Facing`, heights as in `Segments`.

    up, down: what to add to left less right reference for how far the left one is over, and under, the right one.
    """

    low: Numbers
    high: Numbers
    right_m: Numbers
    near_along: Numbers
    near_across: Numbers
    cosine: Numbers
    sine: Numbers
    radii_m: Numbers
    left_start: Numbers
    left_slope: Numbers
    right_start: Numbers
    right_slope: Numbers
    over: Numbers
    under: Numbers


@dataclass(frozen=True)
class Tried(Columns):
    """Places along left segments: how far in space (nan: not known), in the plan and in height, and where they face."""

    at: Numbers
    apart_m: Numbers
    plan_m: Numbers
    gap_m: Numbers
    facing_m: Numbers


def measure_space(
    assets: Assets, segments: Segments, pairs: Pairs, facing: Facing, asked: Asked, pieces: Pieces
) -> Pieces:
    """The pieces, those that a rule asks about in space measured there; nan where heights cannot be compared."""
    spatial = np.flatnonzero(asked.is_spatial[pieces.asked])
    if not len(spatial):
        return pieces
    measured = replace(pieces, **{name: getattr(pieces, name).copy() for name in vars(pieces)})
    measured.measured_m[spatial] = np.nan
    pair = asked.pair[pieces.asked[spatial]]
    left, right = assets.frame[pairs.left[pair]], assets.frame[pairs.right[pair]]
    rows = spatial[(left != UNKNOWN) & (left == right)]
    worst = find_worst(describe(assets, segments, pairs, facing, asked, pieces.take(rows)))
    known = ~np.isnan(worst.apart_m)
    rows, worst = rows[known], worst.take(known)
    faced, ours = pieces.facing[rows], pieces.left[rows]
    across = facing.near_across[faced] + worst.facing_m * facing.sine[faced]
    along = facing.near_along[faced] + worst.facing_m * facing.cosine[faced]
    x, y = place_between(segments, ours, worst.at, along, across)
    told = (worst.apart_m, worst.plan_m, worst.gap_m, segments.start_m[ours] + worst.at, to_side(across), x, y)
    for name, values in zip(("measured_m", "plan_m", "gap_m", "at_m", "side", "x", "y"), told, strict=True):
        getattr(measured, name)[rows] = values
    return measured


def describe(assets: Assets, segments: Segments, pairs: Pairs, facing: Facing, asked: Asked, pieces: Pieces) -> Two:
    """Both segments of each piece."""
    pair, faced, ours, theirs = asked.pair[pieces.asked], pieces.facing, pieces.left, pieces.right
    left, right = pairs.left[pair], pairs.right[pair]
    start_m = segments.start_m[ours]
    return Two(
        low=pieces.from_m - start_m,
        high=pieces.to_m - start_m,
        right_m=segments.length_m[theirs],
        near_along=facing.near_along[faced],
        near_across=facing.near_across[faced],
        cosine=facing.cosine[faced],
        sine=facing.sine[faced],
        radii_m=pairs.radii_m[pair],
        left_start=segments.ref_start[ours],
        left_slope=find_slope(segments, ours),
        right_start=segments.ref_start[theirs],
        right_slope=find_slope(segments, theirs),
        over=assets.bottom_over[left] - assets.top_over[right],
        under=assets.bottom_over[right] - assets.top_over[left],
    )


def find_slope(segments: Segments, rows: Places) -> Numbers:
    """How much the reference height of segments rises on each metre."""
    slope: Numbers = (segments.ref_end[rows] - segments.ref_start[rows]) / segments.length_m[rows]
    return slope


def find_worst(two: Two) -> Tried:
    """The worst place of each piece.

    Among evenly spread places, then among those around the worst of them, each time closer. The distance has one hollow
    between two places tried, because both its parts do.
    """
    low, high = two.low, two.high
    best = measure(two, low)
    # Beside the ends of the right segment, where the nearest place stops moving along, and where they cross.
    shifts = two.near_across * two.sine / two.cosine
    spots = (
        two.near_along,
        two.near_along + two.right_m * two.cosine,
        two.near_along + shifts,
        two.near_along + shifts + two.right_m / two.cosine,
        two.near_along - divide(two.near_across * two.cosine, two.sine),
    )
    for _ in range(ROUNDS):
        places = [low + (high - low) * step / STEPS for step in range(STEPS + 1)]
        places += [np.where(np.isnan(spot), low, np.clip(spot, low, high)) for spot in spots]
        best = measure(two, places[0])
        for at in places[1:]:
            best = choose(best, measure(two, at))
        around = (high - low) / 20
        low, high = np.maximum(two.low, best.at - around), np.minimum(two.high, best.at + around)
    return best


def measure(two: Two, at: Numbers) -> Tried:
    """How far the right segment is in space from places along the left one."""
    facing_m = (at - two.near_along) * two.cosine - two.near_across * two.sine
    facing_m = np.minimum(np.maximum(facing_m, 0), two.right_m)
    ahead = two.near_along + facing_m * two.cosine - at
    plan_m = np.sqrt(ahead**2 + (two.near_across + facing_m * two.sine) ** 2) - two.radii_m
    higher = two.left_start + two.left_slope * at - (two.right_start + two.right_slope * facing_m)
    gap_m = find_gap(higher + two.over, two.under - higher)
    apart_m = np.sqrt(np.maximum(plan_m, 0) ** 2 + np.maximum(gap_m, 0) ** 2)
    return Tried(at, apart_m, plan_m, gap_m, facing_m)


def choose(one: Tried, other: Tried) -> Tried:
    """The nearer of two places each, of equally near ones the first along the line; what is not known comes last."""
    ones, others = (np.where(np.isnan(each.apart_m), np.inf, np.round(each.apart_m, DECIMALS)) for each in (one, other))
    better = (others < ones) | ((others == ones) & (other.at < one.at))
    return Tried(*(np.where(better, getattr(other, name), getattr(one, name)) for name in vars(one)))
