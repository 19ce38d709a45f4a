"""Eyes and what they see: which places lie in an eye's sector, and which of those nothing hides.

Ground is flat; heights are metres above it. Coordinates: float64[n,2], easting first, metres. Knows no database.
"""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from gis_infra.analysis.coverage.methods.model import Objects
from gis_infra.analysis.coverage.methods.nearest import Floats, Pairs, to_points
from gis_infra.analysis.rules.model import TOLERANCE_M

PASSES_OVER = "T********"  # what lies inside of one lies inside of the other: to touch the edge is not enough
PIECE_M = 30.0  # of a line that buildings are looked for at
MARGIN_M = 1e-6
Truths = NDArray[np.bool_]


@dataclass(frozen=True)
class Eyes:
    """Cameras or masts. height: float64[m]; direction, half: degrees clockwise from north, half 180 for all round."""

    xy: Floats
    height: Floats
    direction: Floats
    half: Floats
    reach: Floats

    def __len__(self) -> int:
        return len(self.reach)


@dataclass(frozen=True)
class Blocks:
    """Buildings of known height that hide what lies behind them. height: float64[b], of the roof; shapes: areas."""

    ids: NDArray[np.int64]
    shapes: Objects
    height: Floats

    @cached_property
    def tree(self) -> shapely.STRtree:
        """All of them, made ready to be asked often."""
        shapely.prepare(self.shapes)
        return shapely.STRtree(self.shapes)

    @cached_property
    def middles(self) -> Floats:
        """A point near the middle of each: float64[b,2]."""
        return np.asarray(shapely.get_coordinates(shapely.centroid(self.shapes)), dtype=np.float64)

    def __len__(self) -> int:
        return len(self.ids)

    def list_covering(self, xy: Floats) -> NDArray[np.int64]:
        """Which points which buildings cover, edges too: a key point x buildings + building each, rising."""
        point, block = self.tree.query(to_points(xy), predicate="intersects")
        return np.unique(point.astype(np.int64) * len(self) + block)


@dataclass(frozen=True)
class Scene:
    """Eyes, places that they look at, and what stands between. own: int64[n], the building a place is itself; -1."""

    eyes: Eyes
    blocks: Blocks
    target_m: float
    xy: Floats
    own: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    @cached_property
    def over_eyes(self) -> NDArray[np.int64]:
        """Which buildings cover which eyes."""
        return self.blocks.list_covering(self.eyes.xy)


@dataclass(frozen=True)
class Lines:
    """Sight lines, from eyes at a height to places: float64[k,2] each, and float64[k]."""

    starts: Floats
    ends: Floats
    height: Floats

    def find_point(self, rows: NDArray[np.intp], share: Floats) -> Floats:
        """The point of some lines at a share of their length, exactly at both ends."""
        starts, ends = self.starts[rows], self.ends[rows]
        return np.where((share == 1.0)[:, None], ends, starts + share[:, None] * (ends - starts))


def is_in_sector(eyes: Eyes, xy: Floats, pairs: Pairs) -> Truths:
    """Whether the place of each pair lies within the eye's reach and angle, or at most 1 mm beside it."""
    across = xy[pairs.place] - eyes.xy[pairs.facility]
    bearing = np.degrees(np.arctan2(across[:, 0], across[:, 1]))
    half = eyes.half[pairs.facility]
    turned = np.abs((bearing - eyes.direction[pairs.facility] + 180.0) % 360.0 - 180.0)
    beside = pairs.distance * np.sin(np.radians(np.clip(turned - half, 0.0, 90.0)))
    inside = (half >= 180.0) | (turned <= half) | (beside <= TOLERANCE_M)
    return inside & (pairs.distance <= eyes.reach[pairs.facility] + TOLERANCE_M)


def is_hidden(scene: Scene, pairs: Pairs) -> Truths:
    """Whether a building hides the place of each pair from its eye: bool[k]."""
    hidden = np.zeros(len(pairs.place), dtype=np.bool_)
    if len(scene.blocks) == 0 or len(hidden) == 0:
        return hidden
    lines = Lines(scene.eyes.xy[pairs.facility], scene.xy[pairs.place], scene.eyes.height[pairs.facility])
    pair, block = find_near(scene, lines)
    counts = ~is_looked_over(scene, pairs.place[pair], pairs.facility[pair], block)
    pair, block = pair[counts], block[counts]
    low, high = find_below(lines.height[pair], scene.target_m, scene.blocks.height[block])
    some = high > low
    pair, block, low, high = pair[some], block[some], low[some], high[some]
    starts, ends = lines.find_point(pair, low), lines.find_point(pair, high)
    hidden[pair[is_surely_over(scene.blocks, block, starts, ends)]] = True
    open_ones = ~hidden[pair]
    pair, block, starts, ends = pair[open_ones], block[open_ones], starts[open_ones], ends[open_ones]
    # The ends of the part below the roof are rounded; the whole line is not.
    met = is_over(scene.blocks, block, starts, ends)
    met[met] = is_over(scene.blocks, block[met], lines.starts[pair[met]], lines.ends[pair[met]])
    hidden[pair[met]] = True
    return hidden


def find_near(scene: Scene, lines: Lines) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The pairs of line and building that may hide something of it: near to the part that the tallest roof is above.

    Lines are looked for in pieces, because the box around a long one holds much that is far from it.
    """
    tallest = np.full(len(lines.height), scene.blocks.height.max())
    low, high = find_below(lines.height, scene.target_m, tallest)
    every = np.arange(len(low))
    starts, ends = lines.find_point(every, low), lines.find_point(every, high)
    count = np.where(high > low, np.ceil(np.hypot(*(ends - starts).T) / PIECE_M), 0).astype(np.int64)
    line = np.repeat(every, count)
    number = np.arange(len(line)) - np.repeat(np.cumsum(count) - count, count)
    step = (ends - starts)[line] / count[line][:, None]
    first = starts[line] + number[:, None] * step
    corners = np.stack([first, first + step])
    least, most = corners.min(axis=0) - MARGIN_M, corners.max(axis=0) + MARGIN_M
    piece, block = scene.blocks.tree.query(shapely.box(*least.T, *most.T))
    found = np.unique(line[piece] * len(scene.blocks) + block)
    return found // len(scene.blocks), found % len(scene.blocks)


def is_surely_over(blocks: Blocks, block: NDArray[np.intp], starts: Floats, ends: Floats) -> Truths:
    """Whether the point of each line that is nearest to the middle of a building lies in it, and not just at its edge.

    Tells most of those that pass over, and is asked quickly.
    """
    across = ends - starts
    length = np.maximum(np.hypot(*across.T), MARGIN_M)
    ahead = across / length[:, None]
    along = np.clip(((blocks.middles[block] - starts) * ahead).sum(axis=1), 0.0, length)
    point = starts + along[:, None] * ahead
    beside = MARGIN_M * ahead[:, ::-1] * (1.0, -1.0)
    shapes = blocks.shapes[block]
    over = shapely.contains_xy(shapes, *(point + beside).T)
    over[over] = shapely.contains_xy(shapes[over], *(point - beside)[over].T)
    return np.asarray(over, dtype=np.bool_)


def is_over(blocks: Blocks, block: NDArray[np.intp], starts: Floats, ends: Floats) -> Truths:
    """Whether each line passes over a building: to touch its edge is not enough."""
    lines = np.asarray(shapely.linestrings(np.stack([starts, ends], axis=1)), dtype=object)
    shapes = blocks.shapes[block]
    over = np.asarray(shapely.intersects(shapes, lines), dtype=np.bool_)
    over[over] = shapely.relate_pattern(lines[over], shapes[over], PASSES_OVER)
    return over


def is_looked_over(scene: Scene, place: NDArray[np.int32], eye: NDArray[np.int32], block: NDArray[np.intp]) -> Truths:
    """Whether a building hides nothing of this place from this eye: it covers one of them, or is the place itself."""
    count = len(scene.blocks)
    under_eye = np.isin(eye.astype(np.int64) * count + block, scene.over_eyes)
    asked, row = np.unique(place, return_inverse=True)
    under_place = np.isin(row.astype(np.int64) * count + block, scene.blocks.list_covering(scene.xy[asked]))
    if len(scene.own) == 0:
        return under_eye | under_place
    return np.asarray(under_eye | under_place | (scene.own[place] == scene.blocks.ids[block]))


def find_below(eye_m: Floats, target_m: float, roof_m: Floats) -> tuple[Floats, Floats]:
    """The part of each sight line, as shares of its length from the eye, that runs below a roof; none if high <= low.

    The line is at eye_m + share x (target_m - eye_m).
    """
    fall = eye_m - target_m
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = np.clip((eye_m - roof_m) / fall, 0.0, 1.0)
    level = np.where(roof_m > eye_m, 1.0, 0.0)
    low = np.where(fall > 0, crossing, 0.0)
    high = np.where(fall > 0, 1.0, np.where(fall < 0, crossing, level))
    return low, high
