"""Straight segments of a line, and where one runs within a distance of another."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from math import atan2, degrees, hypot

from shapely import LineString, Point

SAME = 1e-7  # metres: what differs by less is a difference of rounding


@dataclass(frozen=True)
class Segment:
    """From (x, y) to (x + dx, y + dy); it begins `start` metres along its line."""

    start: float
    x: float
    y: float
    dx: float
    dy: float

    @property
    def length(self) -> float:
        return hypot(self.dx, self.dy)

    @property
    def line(self) -> LineString:
        return LineString([(self.x, self.y), (self.x + self.dx, self.y + self.dy)])

    def at(self, along: float) -> Point:
        """The place that many metres from the segment's begin."""
        share = along / self.length
        return Point(self.x + self.dx * share, self.y + self.dy * share)

    def project(self, point: Point) -> float:
        """How far along the segment the place nearest to a point lies, metres from its begin."""
        along = ((point.x - self.x) * self.dx + (point.y - self.y) * self.dy) / self.length
        return min(max(along, 0.0), self.length)

    def distance(self, point: Point) -> float:
        near = self.at(self.project(point))
        return hypot(near.x - point.x, near.y - point.y)

    def find_offset(self, point: Point) -> float:
        """Metres from the endless straight line to the point, positive on the left."""
        return (self.dx * (point.y - self.y) - self.dy * (point.x - self.x)) / self.length


def list_segments(line: LineString) -> list[Segment]:
    """The segments of a line in the plan; repeated vertices make none."""
    segments, start = [], 0.0
    for (ax, ay), (bx, by) in pairwise(line.coords):
        if (ax, ay) != (bx, by):
            segments.append(Segment(start, ax, ay, bx - ax, by - ay))
            start += segments[-1].length
    return segments


def find_angle(one: Segment, other: Segment) -> float:
    """Degrees between two directions, without sense: 0 to 90."""
    turn = abs(degrees(atan2(one.dy, one.dx) - atan2(other.dy, other.dx))) % 180
    return min(turn, 180 - turn)


def runs_along(one: Segment, other: Segment) -> bool:
    return find_angle(one, other) <= 30 + 1e-9


def find_meeting(one: Segment, other: Segment, tolerance: float = SAME) -> Point | None:
    """Where two segments that are not parallel meet, on the first; an end that falls short by `tolerance` meets."""
    cross = one.dx * other.dy - one.dy * other.dx
    share = ((other.x - one.x) * other.dy - (other.y - one.y) * other.dx) / cross
    along = share * one.length
    place = one.at(min(max(along, 0.0), one.length))
    if other.distance(place) <= SAME:
        return place
    # Not crossing: then the least distance is at an end of one of the two.
    places = [one.at(0), one.at(one.length), *(one.at(one.project(other.at(end))) for end in (0, other.length))]
    nearest = min(places, key=other.distance)
    return nearest if other.distance(nearest) <= tolerance else None


def find_nearest_along(one: Segment, other: Segment) -> float:
    """The first place along `one`, metres from its begin, that is nearest to `other`."""
    ends = [other.at(0), other.at(other.length)]
    meeting = find_meeting(one, other) if find_angle(one, other) > 1e-6 else None
    candidates = [0.0, one.length, *map(one.project, ends), *([one.project(meeting)] if meeting else [])]
    least = min(other.distance(one.at(along)) for along in candidates)
    return min(along for along in candidates if other.distance(one.at(along)) <= least + SAME)


def find_span(one: Segment, other: Segment, limit: float) -> tuple[float, float] | None:
    """From where to where along `one` it lies within `limit` of `other`; None where nowhere.

    The distance to a segment is convex along another, so the part is in one piece around the nearest place.
    """
    nearest = find_nearest_along(one, other)

    def is_within(along: float) -> bool:
        return other.distance(one.at(along)) < limit

    if not is_within(nearest):
        return None
    return find_edge(nearest, 0.0, is_within), find_edge(nearest, one.length, is_within)


def find_edge(inside: float, outside: float, is_within: Callable[[float], bool]) -> float:
    """Where a condition that holds at `inside` ends on the way to `outside`, or `outside` if it holds there too."""
    if is_within(outside):
        return outside
    while abs(outside - inside) > 1e-9:
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if is_within(middle) else (inside, middle)
    return inside
