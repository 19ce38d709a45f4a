"""Contiguous stretches of a left asset that lie too near to a right one, and their worst places."""

from collections.abc import Iterable
from dataclasses import dataclass

import shapely
import shapely.ops
from shapely import LineString, Point

from tests.database.oracle.assets import Asset
from tests.database.oracle.segments import Segment, find_nearest_along, find_span, list_segments, runs_along

APART = 1.0 - 0.001  # metres along the left line: nearer parts are one stretch; exactly a metre apart are two
SAME = 1e-6


@dataclass(frozen=True)
class Part:
    """One piece of the left line within the limit, with the least distance between the axes or outlines on it.

    start, end, worst: metres along the left line; left, right: the two places that are `distance` apart.
    """

    start: float
    end: float
    distance: float
    worst: float
    left: Point
    right: Point
    one: Segment | None = None
    other: Segment | None = None

    @property
    def place(self) -> Point:
        return Point((self.left.x + self.right.x) / 2, (self.left.y + self.right.y) / 2)


@dataclass(frozen=True)
class Stretch:
    """Parts that are one finding."""

    parts: tuple[Part, ...]

    @property
    def distance(self) -> float:
        return min(part.distance for part in self.parts)

    @property
    def worst(self) -> list[Part]:
        """The parts with the least distance, the first along the left line first."""
        least = [part for part in self.parts if part.distance <= self.distance + SAME]
        return sorted(least, key=lambda part: part.worst)

    @property
    def length(self) -> float:
        """Metres of the left line; what several parts share counts once."""
        total, reached = 0.0, float("-inf")
        for part in sorted(self.parts, key=lambda each: each.start):
            total += max(0.0, part.end - max(part.start, reached))
            reached = max(reached, part.end)
        return total


def find_stretches(left: Asset, right: Asset, limit: float) -> list[Stretch]:
    """The stretches of a pair in the plan, in order along the left line; one without parts' length for other shapes."""
    if not left.is_line:
        one, other = shapely.ops.nearest_points(left.flat, right.flat)
        distance = left.flat.distance(right.flat)
        return [Stretch((Part(0, 0, distance, 0, one, other),))] if distance < limit else []
    if right.is_line:
        parts = list_parallel_parts(left.flat, right.flat, limit)
    else:
        parts = list_plain_parts(left.flat, right.flat, limit)
    return [Stretch(tuple(each)) for each in chain(parts)]


def list_parallel_parts(left: LineString, right: LineString, limit: float) -> Iterable[Part]:
    """The parts of each left segment near each right one that runs along it."""
    for one in list_segments(left):
        for other in list_segments(right):
            span = find_span(one, other, limit) if runs_along(one, other) else None
            if span is not None:
                along = find_nearest_along(one, other)
                here = one.at(along)
                there = other.at(other.project(here))
                yield Part(
                    one.start + span[0], one.start + span[1], here.distance(there), one.start + along, here, there,
                    one, other,
                )  # fmt: skip


def list_plain_parts(left: LineString, right: shapely.Geometry, limit: float) -> Iterable[Part]:
    """The parts of each left segment near a point or an area."""
    near = right.buffer(limit, quad_segs=90)
    for one in list_segments(left):
        pieces = shapely.get_parts(one.line.intersection(near))
        for piece in pieces:
            if piece.geom_type == "LineString" and right.distance(piece) < limit:
                here, there = shapely.ops.nearest_points(piece, right)
                ends = sorted(one.start + one.project(Point(each)) for each in piece.coords)
                yield Part(ends[0], ends[-1], here.distance(there), one.start + one.project(here), here, there, one)


def chain(parts: Iterable[Part]) -> list[list[Part]]:
    """Parts in groups, those less than a metre apart along the left line together."""
    groups: list[list[Part]] = []
    reached = float("-inf")
    for part in sorted(parts, key=lambda each: each.start):
        if part.start - reached < APART:
            groups[-1].append(part)
        else:
            groups.append([part])
        reached = max(reached, part.end)
    return groups
