"""The straight segments of lines, and those of two lines that are near each other. No database, no rules."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.conflicts.clearance.assets import UNKNOWN, Assets
from gis_infra.analysis.conflicts.clearance.pairs import Pairs
from gis_infra.analysis.ragged import Columns, Marks, Numbers, Places, mark_first, number_from_one, spread
from gis_infra.analysis.rules.model import CONNECTED_M

MANY = 4096  # so many segments of two lines are not compared each with each
TOGETHER = 1 << 20


@dataclass(frozen=True)
class Segments(Columns):
    """Segments that have a length, those of one line together and in order.

    asset: the row of the line. start_m: where it begins along its line, in the plan. along_x, along_y: its direction,
    of length 1. ref_start, ref_end: reference heights, nan where not known. at_start, at_end: the line ends there; one
    that is closed has no end.
    """

    asset: Places
    start_m: Numbers
    length_m: Numbers
    x: Numbers
    y: Numbers
    end_x: Numbers
    end_y: Numbers
    along_x: Numbers
    along_y: Numbers
    ref_start: Numbers
    ref_end: Numbers
    at_start: Marks
    at_end: Marks


@dataclass(frozen=True)
class Facing(Columns):
    """Segments of two lines of a pair that are near each other, as rows of the segments.

    near_along, near_across: where the right one begins, as metres along the left one and across it. cosine, sine: of
    the angle from the left one to the right one.
    """

    pair: Places
    left: Places
    right: Places
    near_along: Numbers
    near_across: Numbers
    cosine: Numbers
    sine: Numbers


def cut(assets: Assets, lines: Places) -> Segments:
    """The segments of some lines, whose rows are given in rising order."""
    owners, places = spread(assets.first[lines + 1] - assets.first[lines] - 1)
    at = assets.first[lines][owners] + places
    (x, y), (end_x, end_y) = assets.vertices[at, :2].T, assets.vertices[at + 1, :2].T
    length_m = np.sqrt((end_x - x) ** 2 + (end_y - y) ** 2)
    kept = length_m > 0
    owners, at, length_m = owners[kept], at[kept], length_m[kept]
    x, y, end_x, end_y = x[kept], y[kept], end_x[kept], end_y[kept]
    asset, is_first = lines[owners], mark_first(owners)
    is_last, is_open = np.roll(is_first, -1), ~mark_closed(assets, lines)[owners]
    start_m = add_up(length_m, number_from_one(is_first))
    whole_m = (start_m + length_m)[is_last][np.cumsum(is_first) - 1]
    ref_start, ref_end = find_references(assets, asset, at, (start_m / whole_m, (start_m + length_m) / whole_m))
    return Segments(
        asset, start_m, length_m, x, y, end_x, end_y, (end_x - x) / length_m, (end_y - y) / length_m, ref_start,
        ref_end, is_first & is_open, is_last & is_open,
    )  # fmt: skip


def mark_closed(assets: Assets, lines: Places) -> Marks:
    """True for lines that end where they begin, in height too."""
    starts, ends = assets.vertices[assets.first[lines]], assets.vertices[assets.first[lines + 1] - 1]
    same = (starts == ends) | (np.isnan(starts) & np.isnan(ends))
    closed: Marks = same.all(axis=1)
    return closed


def add_up(lengths: Numbers, number: Places) -> Numbers:
    """What comes before each segment on its line, added up line by line: the same whatever lies beside it in the array.

    number: of each segment on its line, from 1.
    """
    before = np.zeros(len(lengths))
    order = np.argsort(number, kind="stable")
    begins = np.searchsorted(number[order], np.arange(2, number.max(initial=1) + 2))
    for begin, end in pairwise(begins.tolist()):
        rows = order[begin:end]
        before[rows] = before[rows - 1] + lengths[rows - 1]
    return before


def find_references(
    assets: Assets, asset: Places, at: Places, shares: tuple[Numbers, Numbers]
) -> tuple[Numbers, Numbers]:
    """The reference heights at both ends of segments, nan where not known.

    at: the vertex each begins at. shares: how far along the line its ends are, 0 to 1.
    """
    up, down = assets.ref_up[asset], assets.ref_down[asset]
    known, by_z = assets.frame[asset] != UNKNOWN, assets.by_z[asset]
    ends = [np.where(by_z, assets.vertices[at + step, 2] + up, up + (down - up) * shares[step]) for step in (0, 1)]
    return np.where(known, ends[0], np.nan), np.where(known, ends[1], np.nan)


def face(assets: Assets, segments: Segments, pairs: Pairs) -> Facing:
    """The segments of the two lines of each pair whose boxes are nearer than what is clear, or than what is joined."""
    lines = np.flatnonzero(pairs.is_lines)
    same_sector = assets.sector[pairs.left] == assets.sector[pairs.right]
    reach_m = np.where(same_sector, np.maximum(pairs.reach_m, CONNECTED_M), pairs.reach_m)
    boxes = np.stack([
        np.minimum(segments.x, segments.end_x), np.minimum(segments.y, segments.end_y),
        np.maximum(segments.x, segments.end_x), np.maximum(segments.y, segments.end_y),
    ])  # fmt: skip
    found = list(list_candidates(segments, pairs, lines, boxes, reach_m))
    pair, left, right = (np.concatenate([each[part] for each in found]) for part in range(3))
    return turn(segments, pair, left, right)


def list_candidates(
    segments: Segments, pairs: Pairs, lines: Places, boxes: Numbers, reach_m: Numbers
) -> Iterator[tuple[Places, Places, Places]]:
    """Pair, left and right segment of those whose boxes are within reach; by pair, and in order along both lines."""
    yield (np.zeros(0, dtype=np.int64),) * 3
    begins = np.searchsorted(segments.asset, [pairs.left[lines], pairs.right[lines]])
    counts = np.searchsorted(segments.asset, [pairs.left[lines], pairs.right[lines]], side="right") - begins
    many = counts[0] * counts[1]
    few = np.flatnonzero(many <= MANY)
    ends = np.cumsum(many[few])
    for some in np.split(few, np.searchsorted(ends, np.arange(TOGETHER, ends[-1] if len(ends) else 0, TOGETHER))):
        owners, places = spread(many[some])
        left = begins[0][some][owners] + places // counts[1][some][owners]
        right = begins[1][some][owners] + places % counts[1][some][owners]
        pair = lines[some][owners]
        reach = reach_m[pair]
        near = (boxes[0][left] - reach <= boxes[2][right]) & (boxes[0][right] - reach <= boxes[2][left])
        near &= (boxes[1][left] - reach <= boxes[3][right]) & (boxes[1][right] - reach <= boxes[3][left])
        yield pair[near], left[near], right[near]
    for each in np.flatnonzero(many > MANY).tolist():
        left, right = search(boxes, (begins[:, each], counts[:, each]), reach_m[lines[each]])
        yield np.full(len(left), lines[each]), left, right


def search(boxes: Numbers, sides: tuple[NDArray[np.int64], NDArray[np.int64]], reach_m: float) -> tuple[Places, Places]:
    """The segments of two lines of many whose boxes are within reach; sides: where those of each begin, how many."""
    (left, right), (lefts, rights) = sides
    west, south, east, north = boxes
    here, there = slice(left, left + lefts), slice(right, right + rights)
    tree = shapely.STRtree(shapely.box(west[there], south[there], east[there], north[there]))
    asked = shapely.box(west[here] - reach_m, south[here] - reach_m, east[here] + reach_m, north[here] + reach_m)
    one, other = tree.query(asked)
    order = np.lexsort((other, one))
    return left + one[order], right + other[order]


def turn(segments: Segments, pair: Places, left: Places, right: Places) -> Facing:
    """How segments lie to each other."""
    along_x, along_y = segments.along_x[left], segments.along_y[left]
    over_x, over_y = segments.along_x[right], segments.along_y[right]
    away_x, away_y = segments.x[right] - segments.x[left], segments.y[right] - segments.y[left]
    return Facing(
        pair=pair,
        left=left,
        right=right,
        near_along=away_x * along_x + away_y * along_y,
        near_across=away_y * along_x - away_x * along_y,
        cosine=along_x * over_x + along_y * over_y,
        sine=along_x * over_y - along_y * over_x,
    )


def measure_off(segments: Segments, rows: Places, x: Numbers, y: Numbers) -> Numbers:
    """How far places are from segments, one from one, metres."""
    away_x, away_y = x - segments.x[rows], y - segments.y[rows]
    along_x, along_y = segments.along_x[rows], segments.along_y[rows]
    along = np.clip(away_x * along_x + away_y * along_y, 0, segments.length_m[rows])
    off: Numbers = np.sqrt((away_x - along * along_x) ** 2 + (away_y - along * along_y) ** 2)
    return off
