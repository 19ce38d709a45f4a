"""Pairs to be measured: what the rules ask of each, and which are left out at first sight."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gis_infra.analysis.conflicts.clearance.answers import MEASURES, NONE, Answers
from gis_infra.analysis.conflicts.clearance.assets import UNKNOWN, Assets
from gis_infra.analysis.conflicts.clearance.meeting import Met
from gis_infra.analysis.ragged import Columns, Marks, Numbers, Places
from gis_infra.analysis.rules.model import TOLERANCE_M


@dataclass(frozen=True)
class Pairs(Columns):
    """Two assets each, as rows of the assets.

    is_lines: measured by their segments. horizontal_number and so on: place of the rule that counts, NONE if none asks;
    vertical and spatial are NONE too where the heights are known to keep the distance everywhere. plan_accuracy_m,
    height_accuracy_m: sums of both. radii_m: sum of both half widths. reach_m: what is farther apart than this in the
    plan is clear.
    """

    left: Places
    right: Places
    is_lines: Marks
    horizontal_number: NDArray[np.int32]
    horizontal_m: Numbers
    vertical_number: NDArray[np.int32]
    vertical_m: Numbers
    spatial_number: NDArray[np.int32]
    spatial_m: Numbers
    plan_accuracy_m: Numbers
    plan_known: Marks
    height_accuracy_m: Numbers
    height_known: Marks
    radii_m: Numbers
    reach_m: Numbers


def list_near(assets: Assets, answers: Answers, met: Iterable[Met]) -> Iterator[Met]:
    """Those that met of which some rule asks something and whose boxes are near enough; exempt are two in one duct."""
    unsure_m, asks, farthest_m = assets.unsure_m, answers.asks, answers.farthest_m
    for left, right in met:
        sorts = assets.sort[left], assets.sort[right]
        kept = asks[sorts] & ((assets.duct[left] == UNKNOWN) | (assets.duct[left] != assets.duct[right]))
        kept &= find_gap(assets, left, right) <= farthest_m[sorts] + unsure_m[left] + unsure_m[right]
        yield left[kept], right[kept]


def ask(assets: Assets, answers: Answers, left: Places, right: Places) -> Pairs:
    """What the rules ask of pairs of assets, those whose boxes are within what is clear."""
    pairs = describe(assets, answers, left, right)
    return pairs.take(find_gap(assets, left, right) <= pairs.reach_m)


def describe(assets: Assets, answers: Answers, left: Places, right: Places) -> Pairs:
    """What the rules ask of pairs of assets."""
    sorts = assets.sort[left], assets.sort[right]
    number, required_m = ({name: table[place][sorts] for place, name in enumerate(MEASURES)}
                          for table in (answers.number, answers.required_m))  # fmt: skip
    plan_m, height_m = assets.plan_m[left] + assets.plan_m[right], assets.height_m[left] + assets.height_m[right]
    radii_m, apart_m = assets.radius_m[left] + assets.radius_m[right], find_apart(assets, left, right)
    is_lines = (assets.dimension[left] == 1) & (assets.dimension[right] == 1)
    # Also where it is not known how far apart they are in height, which is nan.
    crosses = is_lines & (number["vertical"] != NONE) & ~(apart_m >= required_m["vertical"] + height_m)
    wider_m = np.maximum(plan_m, height_m)
    is_open = (number["spatial"] != NONE) & ~(apart_m >= required_m["spatial"] + wider_m)
    spatial_m = np.where(is_open, required_m["spatial"], np.nan)
    limits = (
        required_m["horizontal"] + radii_m + plan_m,
        spatial_m + radii_m + wider_m,
        np.where(crosses, TOLERANCE_M, np.nan),
    )
    return Pairs(
        left=left,
        right=right,
        is_lines=is_lines,
        horizontal_number=number["horizontal"],
        horizontal_m=required_m["horizontal"],
        vertical_number=np.where(crosses, number["vertical"], NONE),
        vertical_m=np.where(crosses, required_m["vertical"], np.nan),
        spatial_number=np.where(is_open, number["spatial"], NONE),
        spatial_m=spatial_m,
        plan_accuracy_m=plan_m,
        plan_known=assets.plan_known[left] & assets.plan_known[right],
        height_accuracy_m=height_m,
        height_known=assets.height_known[left] & assets.height_known[right],
        radii_m=radii_m,
        reach_m=np.fmax(np.fmax(limits[0], limits[1]), limits[2]),
    )


def find_apart(assets: Assets, left: Places, right: Places) -> Numbers:
    """The least gap in height anywhere along both; nan where heights cannot be compared.

    A gap known from one side alone is a true one if it is positive.
    """
    above = assets.lowest_m[left] - assets.highest_m[right]
    below = assets.lowest_m[right] - assets.highest_m[left]
    comparable = (assets.frame[left] != UNKNOWN) & (assets.frame[left] == assets.frame[right])
    return np.where(comparable, np.fmax(above, below), np.nan)


def find_gap(assets: Assets, left: Places, right: Places) -> Numbers:
    """How far apart the boxes of two assets are at least, along the axes."""
    one, other = assets.boxes[left], assets.boxes[right]
    gaps = np.maximum(one[:, :2] - other[:, 2:], other[:, :2] - one[:, 2:])
    found: Numbers = gaps.max(axis=1)
    return found
