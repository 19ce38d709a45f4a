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
        """All of them."""
        return shapely.STRtree(self.shapes)

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

    @cached_property
    def over_places(self) -> NDArray[np.int64]:
        """Which buildings cover which places."""
        return self.blocks.list_covering(self.xy)


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
    starts, ends = scene.eyes.xy[pairs.facility], scene.xy[pairs.place]
    lines = np.asarray(shapely.linestrings(np.stack([starts, ends], axis=1)), dtype=object)
    pair, block = scene.blocks.tree.query(lines, predicate="intersects")
    counts = ~is_looked_over(scene, pairs.place[pair], pairs.facility[pair], block)
    pair, block = pair[counts], block[counts]
    low, high = find_below(scene.eyes.height[pairs.facility[pair]], scene.target_m, scene.blocks.height[block])
    some = high > low
    pair, block, low, high = pair[some], block[some], low[some], high[some]
    across = ends[pair] - starts[pair]
    below = np.stack([starts[pair] + low[:, None] * across, starts[pair] + high[:, None] * across], axis=1)
    shapes = scene.blocks.shapes[block]
    met = shapely.relate_pattern(shapely.linestrings(below), shapes, PASSES_OVER)
    # The ends of the part below the roof are rounded; the whole line is not.
    met[met] = shapely.relate_pattern(lines[pair[met]], shapes[met], PASSES_OVER)
    hidden[pair[met]] = True
    return hidden


def is_looked_over(scene: Scene, place: NDArray[np.int32], eye: NDArray[np.int32], block: NDArray[np.intp]) -> Truths:
    """Whether a building hides nothing of this place from this eye: it covers one of them, or is the place itself."""
    count = len(scene.blocks)
    under_eye = np.isin(eye.astype(np.int64) * count + block, scene.over_eyes)
    under_place = np.isin(place.astype(np.int64) * count + block, scene.over_places)
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
