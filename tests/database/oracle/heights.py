"""Where the outside of an asset lies up and down, from what is recorded first in the order of docs/conflicts.md."""

from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from tests.database.oracle.answers import TOLERANCE
from tests.database.oracle.assets import Asset
from tests.database.oracle.book import Book

KNOWN_BY = {"crown": "top", "invert": "inner bottom", "axis": "middle"}


@dataclass(frozen=True)
class Profile:
    """Heights along a line, metres: (distance along the plan, height) of one part of it, and what follows from it.

    kind: "level" or "depth"; part: top, inner bottom or middle; height, wall: outer height and wall thickness.
    """

    kind: str
    datum: str | None
    part: str
    heights: tuple[tuple[float, float], ...]
    height: float | None
    wall: float

    def find_at(self, along: float) -> tuple[float | None, float | None]:
        """Bottom and top of the outside there; None for one that does not follow from what is known."""
        said = interpolate(self.heights, along)
        if self.part == "top":
            return (None if self.height is None else said - self.height), said
        if self.part == "inner bottom":
            bottom = said - self.wall
            return bottom, (None if self.height is None else bottom + self.height)
        if self.height is None:
            return None, None
        return said - self.height / 2, said + self.height / 2


def interpolate(heights: tuple[tuple[float, float], ...], along: float) -> float:
    """The height at a distance along the line, straight between the two known places around it."""
    for (start, low), (end, high) in pairwise(heights):
        if along <= end and end > start:
            return low + (high - low) * max(0.0, along - start) / (end - start)
    return heights[-1][1]


def find_profile(book: Book, asset: Asset) -> Profile | None:
    """What is known of an asset's height; None where nothing is recorded."""
    known = find_vertices(asset) or find_inverts(asset) or find_constant(asset)
    if known is None:
        return None
    kind, part, heights = known
    datum = asset.get("vertical_datum")
    return Profile(
        kind, None if datum == "unknown" else datum, part, heights, book.find_height(asset), find_wall(book, asset)
    )


Known = tuple[str, str, tuple[tuple[float, float], ...]]


def find_vertices(asset: Asset) -> Known | None:
    """1. Z of the vertices, where it is said what it means."""
    part = KNOWN_BY.get(asset.get("level_reference"))
    if part is None or not asset.shape.has_z:
        return None
    heights, along = [], 0.0
    points = list(asset.shape.coords)
    for before, (x, y, z) in zip([points[0], *points], points, strict=False):
        along += hypot(x - before[0], y - before[1])
        heights.append((along, z))
    return "level", part, tuple(heights)


def find_inverts(asset: Asset) -> Known | None:
    """2. The inverts of both ends."""
    first, last = asset.get("invert_up_m"), asset.get("invert_down_m")
    if first is None or last is None or not asset.is_line:
        return None
    return "level", "inner bottom", ((0.0, first), (asset.flat.length, last))


def find_constant(asset: Asset) -> Known | None:
    """3. and 4. One level or one cover for the whole asset; a cover is a depth below the ground, which counts as 0."""
    for kind, part, name, sign in (
        ("level", "top", "crown_level_m", 1),
        ("level", "inner bottom", "invert_level_m", 1),
        ("depth", "top", "cover_m", -1),
    ):
        if asset.get(name) is not None:
            return kind, part, ((0.0, sign * asset.get(name)),)
    return None


def find_wall(book: Book, asset: Asset) -> float:
    """Half of the outer width less the bore; 0 where one of them is not recorded."""
    outer, inner = book.find_width(asset), book.find_bore(asset)
    return 0.0 if outer is None or inner is None else (outer - inner) / 2


@dataclass(frozen=True)
class Gap:
    """Bottom of the upper less top of the lower, metres, and whether the right asset is the upper one."""

    metres: float
    right_above: bool


def find_gap(
    book: Book, left: Profile | None, left_along: float, right: Profile | None, right_along: float
) -> Gap | None:
    """The vertical gap between a place of the left and a place of the right asset; None where not comparable."""
    offset = find_offset(book, left, right)
    if left is None or right is None or offset is None:
        return None
    bottom, top = left.find_at(left_along)
    other_bottom, other_top = (None if z is None else z + offset for z in right.find_at(right_along))
    above = None if top is None or other_bottom is None else Gap(other_bottom - top, True)
    below = None if bottom is None or other_top is None else Gap(bottom - other_top, False)
    if above is not None and below is not None:
        return above if above.metres > below.metres else below
    # One of the two is enough where it shows that the one asset lies wholly above the other.
    return next((gap for gap in (above, below) if gap is not None and gap.metres >= -TOLERANCE), None)


def find_offset(book: Book, left: Profile | None, right: Profile | None) -> float | None:
    """What is added to heights of the right one so that they can be compared with the left; None: they cannot."""
    if left is None or right is None or left.kind != right.kind:
        return None
    if left.kind == "depth" or left.datum == right.datum:
        return 0.0
    offsets = book.accuracy["datums"]["metres"]
    if left.datum not in offsets or right.datum not in offsets:
        return None
    return offsets[right.datum] - offsets[left.datum]
