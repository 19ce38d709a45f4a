"""Plain geometry of the plane: offsets, stations along a line, rounding. Metres, easting first; no state.

Written out instead of left to GEOS where the exact distance between two parallel lines is what is promised.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

Pair = tuple[float, ...]  # easting, northing: as many numbers as Shapely says a vertex may have
DECIMALS = 4  # a tenth of a millimetre: distances are stated to the millimetre


def snap(x: float, y: float) -> tuple[float, float]:
    """The point rounded to a tenth of a millimetre, so that shared ends are equal numbers."""
    return round(x, DECIMALS) + 0.0, round(y, DECIMALS) + 0.0


def snap_line(points: Sequence[Sequence[float]]) -> LineString:
    """A line with every vertex rounded."""
    return LineString([snap(point[0], point[1]) for point in points])


def take_polygon(shape: BaseGeometry) -> Polygon:
    """The largest polygon of a shape; an empty one if it has none."""
    polygons = [part for part in getattr(shape, "geoms", [shape]) if isinstance(part, Polygon)]
    return max(polygons, key=lambda part: part.area, default=Polygon())


def find_sides(shape: Polygon, longer_first: bool = True) -> tuple[Pair, Pair, Pair]:
    """Three corners of the smallest rectangle around a shape: its longer side and then its shorter one, or turned."""
    a, b, c, d = take_polygon(shape.minimum_rotated_rectangle).exterior.coords[:4]
    return (b, c, d) if (math.dist(a, b) < math.dist(b, c)) == longer_first else (a, b, c)


def make_square(centre: Pair, half_m: float) -> Polygon:
    """A square along the axes, its corners rounded."""
    (x1, y1), (x2, y2) = snap(centre[0] - half_m, centre[1] - half_m), snap(centre[0] + half_m, centre[1] + half_m)
    return Polygon([(x1, y1), (x2, y1), (x2, y2), (x1, y2)])


def snap_polygon(shape: BaseGeometry) -> Polygon:
    """The outer ring of a shape's largest polygon, vertices rounded, repeated ones dropped, no holes."""
    ring: list[Pair] = []
    for x, y in take_polygon(shape).exterior.coords[:-1]:
        point = snap(x, y)
        if not ring or math.dist(point, ring[-1]) > 0.02:
            ring.append(point)
    if len(ring) > 1 and math.dist(ring[0], ring[-1]) <= 0.02:
        ring.pop()
    return Polygon(ring) if len(ring) >= 3 else Polygon()


def get_direction(start: Pair, end: Pair) -> Pair:
    """The unit vector from `start` to `end`."""
    length = math.dist(start, end)
    return (end[0] - start[0]) / length, (end[1] - start[1]) / length


def offset_line(line: LineString, distance_m: float) -> LineString:
    """A line at `distance_m` to the left (negative: right), mitred, so that two offsets are parallel throughout."""
    points = list(line.coords)
    ways = [get_direction(a, b) for a, b in pairwise(points)]
    result = []
    for index, (x, y) in enumerate(points):
        before, after = ways[max(index - 1, 0)], ways[min(index, len(ways) - 1)]
        share = 1.0 + before[0] * after[0] + before[1] * after[1]
        nx, ny = -(before[1] + after[1]) / share, (before[0] + after[0]) / share
        result.append((x + nx * distance_m, y + ny * distance_m))
    return LineString(result)


def extend_line(line: LineString, before_m: float, after_m: float) -> LineString:
    """The line made longer in its own direction at its start and its end."""
    points = list(line.coords)
    first, last = get_direction(points[1], points[0]), get_direction(points[-2], points[-1])
    start = (points[0][0] + first[0] * before_m, points[0][1] + first[1] * before_m)
    end = (points[-1][0] + last[0] * after_m, points[-1][1] + last[1] * after_m)
    inner = points[1:-1]
    return LineString([start if before_m else points[0], *inner, end if after_m else points[-1]])


def cut_line(line: LineString, start_m: float, end_m: float) -> LineString:
    """The part of the line between two stations, rounded; its inner vertices kept."""
    points, station = [], 0.0
    coords = list(line.coords)
    for a, b in pairwise(coords):
        station += math.dist(a, b)
        if start_m + 1e-6 < station < end_m - 1e-6:
            points.append(b)
    first, last = line.interpolate(start_m), line.interpolate(end_m)
    return snap_line([(first.x, first.y), *points, (last.x, last.y)])


def get_heading(line: LineString, station_m: float) -> Pair:
    """The unit vector of the line's direction at a station."""
    coords = list(line.coords)
    walked = 0.0
    for a, b in pairwise(coords):
        walked += math.dist(a, b)
        if station_m <= walked + 1e-9:
            return get_direction(a, b)
    return get_direction(coords[-2], coords[-1])


def get_place(line: LineString, station_m: float, offset_m: float) -> Pair:
    """The rounded point beside a line: at a station, `offset_m` to the left (negative: right)."""
    point, way = line.interpolate(station_m), get_heading(line, station_m)
    return snap(point.x - way[1] * offset_m, point.y + way[0] * offset_m)


def get_angle(a: Pair, b: Pair) -> float:
    """The angle between two directions, 0 to 90 degrees, whichever way they point."""
    return math.degrees(math.acos(min(1.0, abs(a[0] * b[0] + a[1] * b[1]))))


def find_crossings(line: LineString, other: LineString) -> list[Pair]:
    """The points where two lines cross or touch, in the order of `line`."""
    shared = line.intersection(other)
    parts = getattr(shared, "geoms", [shared])
    points = [(part.x, part.y) for part in parts if isinstance(part, Point) and not part.is_empty]
    return sorted(points, key=lambda point: line.project(Point(point)))
