"""Circular arcs as lines of chords, because the layers hold straight lines only; and collections, which may hold some.

No library here does it: GEOS reads curves, but Shapely refuses them, and GDAL's road to it is not open from Arrow.
"""

import math
import struct
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis_infra.features.shapes import headers
from gis_infra.features.shapes.shaping import Floats

STEP_DEG = 1.0  # of arc a chord stands for: at a radius of 10 m it is 0.4 mm from it
DEEPEST = 8  # levels of parts within parts
POINT, LINE, POLYGON, CIRCULAR, COMPOUND, CURVE_POLYGON = 1, 2, 3, 8, 9, 10
MAKERS: Mapping[str, Callable[[list[BaseGeometry]], Any]] = {
    "Point": shapely.multipoints,
    "LineString": shapely.multilinestrings,
    "Polygon": shapely.multipolygons,
}
STRAIGHT = 1e-12  # of the square of an arc's extent: below it, its three points lie on a line


class Unreadable(ValueError):
    """The bytes are no shape, or one that is not drawn."""

    def __init__(self, reason: str = "the shape cannot be read") -> None:
        super().__init__(reason)


@dataclass
class Reader:
    """WKB being read from front to back. has_curves: whether one was met."""

    content: bytes
    at: int = 0
    has_curves: bool = False

    def take(self, form: str) -> tuple[float, ...]:
        """The next values by a form of `struct`. Raises Unreadable at the end."""
        size = struct.calcsize(form)
        if self.at + size > len(self.content):
            raise Unreadable
        values = struct.unpack_from(form, self.content, self.at)
        self.at += size
        return values

    def take_coordinates(self, order: str, dimensions: int) -> Floats:
        """A counted run of vertices, a row each. Raises Unreadable."""
        count = int(self.take(f"{order}I")[0])
        if count * dimensions * 8 > len(self.content) - self.at:
            raise Unreadable
        return np.array(self.take(f"{order}{count * dimensions}d")).reshape(count, dimensions)


def draw(wkb: bytes) -> tuple[BaseGeometry, bool]:
    """A shape with curves as one without, and whether it had any. Measures are dropped.

    A collection of shapes of one kind becomes one shape of several parts. Raises Unreadable.
    """
    reader = Reader(wkb)
    try:
        return read_shape(reader, 0), reader.has_curves
    except Unreadable:
        raise
    except (shapely.errors.GEOSException, ValueError):  # what Shapely has against too few vertices
        raise Unreadable from None


def read_shape(reader: Reader, depth: int) -> BaseGeometry:
    """The shape that comes next. Raises Unreadable."""
    if depth > DEEPEST:
        raise Unreadable
    order, kind, has_z, dimensions = read_head(reader)
    reader.has_curves |= kind in headers.CURVED
    if kind == POINT:
        return shapely.Point(np.array(reader.take(f"{order}{dimensions}d"))[: 3 if has_z else 2])
    if kind in (LINE, CIRCULAR):
        vertices = reader.take_coordinates(order, dimensions)[:, : 3 if has_z else 2]
        return shapely.LineString(draw_arcs(vertices) if kind == CIRCULAR else vertices)
    if kind == POLYGON:
        rings = [reader.take_coordinates(order, dimensions) for _ in range(int(reader.take(f"{order}I")[0]))]
        return make_area([shapely.LineString(ring[:, : 3 if has_z else 2]) for ring in rings])
    parts = [read_shape(reader, depth + 1) for _ in range(int(reader.take(f"{order}I")[0]))]
    if kind == COMPOUND:
        return join(parts)
    return make_area(parts) if kind == CURVE_POLYGON else gather(parts)


def read_head(reader: Reader) -> tuple[str, int, bool, int]:
    """The order of bytes by `struct`'s sign, the type, whether there are heights, how many numbers a vertex has."""
    order = "<" if reader.take("B")[0] == 1 else ">"
    code = int(reader.take(f"{order}I")[0])
    if code & headers.HAS_SRID:
        reader.take(f"{order}I")
    plain = code & 0x0FFFFFFF
    has_z = bool(code & headers.HAS_Z) or plain // 1000 in (1, 3)
    has_m = bool(code & headers.HAS_M) or plain // 1000 in (2, 3)
    kind = plain % 1000
    if plain < 4000 and kind in headers.SOLIDS:
        raise Unreadable(f"holds a {headers.SOLIDS[kind]}, which no layer takes")
    if plain >= 4000 or kind not in (*headers.LINEAR, headers.COLLECTION, *headers.CURVED):
        raise Unreadable
    return order, kind, has_z, 2 + has_z + has_m


def join(parts: list[BaseGeometry]) -> BaseGeometry:
    """Lines of which each begins where the one before ends, as one line. Raises Unreadable if one is no line."""
    if not parts or any(part.geom_type != "LineString" for part in parts):
        raise Unreadable
    runs = [shapely.get_coordinates(part, include_z=part.has_z) for part in parts]
    if len({run.shape[1] for run in runs}) > 1:
        raise Unreadable
    return shapely.LineString(np.vstack([runs[0], *(run[1:] for run in runs[1:])]))


def make_area(rings: list[BaseGeometry]) -> BaseGeometry:
    """The area within the first ring and without the others. Raises Unreadable."""
    if any(ring.geom_type != "LineString" for ring in rings):
        raise Unreadable
    closed = [shapely.LinearRing(ring.coords) for ring in rings]
    return shapely.Polygon(closed[0], closed[1:]) if closed else shapely.Polygon()


def gather(parts: list[BaseGeometry]) -> BaseGeometry:
    """Several shapes of a kind as one of several parts; a collection if they are of several kinds."""
    kinds = {part.geom_type for part in parts}
    maker = MAKERS.get(kinds.pop()) if len(kinds) == 1 else None
    gathered: BaseGeometry = (maker or shapely.GeometryCollection)(parts)
    return gathered


def draw_arcs(vertices: Floats) -> Floats:
    """The vertices of chords for a run of arcs, each from a vertex through the next to the one after.

    Raises Unreadable if there are not three vertices, or five, or seven, ....
    """
    if len(vertices) < 3 or len(vertices) % 2 == 0:
        raise Unreadable
    if not np.isfinite(vertices).all():
        return vertices  # to be refused with the vertex that is none
    runs = [vertices[:1]]
    for at in range(0, len(vertices) - 2, 2):
        runs.extend(draw_arc(*vertices[at : at + 3]))
    return np.vstack(runs)


def draw_arc(start: Floats, middle: Floats, end: Floats) -> Iterator[Floats]:
    """What comes after the start of one arc; it goes through all three vertices, which stay as they are."""
    centre = find_centre(start[:2], middle[:2], end[:2])
    if centre is None:
        yield np.vstack([middle, end])
        return
    angles = [math.atan2(*(vertex[1::-1] - centre[::-1])) for vertex in (start, middle, end)]
    is_left = (angles[1] - angles[0]) % math.tau < (angles[2] - angles[0]) % math.tau or np.array_equal(start, end)
    for (before, after), (angle, next_angle) in zip(pairwise((start, middle, end)), pairwise(angles), strict=True):
        swing = (next_angle - angle) % math.tau
        yield draw_swing(before, after, centre, swing if is_left else swing - math.tau)


def draw_swing(start: Floats, end: Floats, centre: Floats, swing: float) -> Floats:
    """Vertices around a centre, after the start and up to the end, in steps that are equal; heights rise evenly."""
    steps = max(1, math.ceil(abs(math.degrees(swing)) / STEP_DEG))
    share = np.arange(1, steps + 1)[:, None] / steps
    run = start + (end - start) * share
    x, y = start[:2] - centre
    turn = share[:, 0] * swing
    run[:, 0] = centre[0] + x * np.cos(turn) - y * np.sin(turn)
    run[:, 1] = centre[1] + x * np.sin(turn) + y * np.cos(turn)
    run[-1] = end
    return run


def find_centre(start: Floats, middle: Floats, end: Floats) -> Floats | None:
    """The centre of the circle through three points, of a whole one if it ends where it began; None on a line."""
    if np.array_equal(start, end):
        return None if np.array_equal(start, middle) else (start + middle) / 2
    a, b = middle - start, end - start
    cross = 2 * (a[0] * b[1] - a[1] * b[0])
    if abs(cross) <= STRAIGHT * max(a @ a, b @ b):
        return None
    centre: Floats = start + np.array([b[1] * (a @ a) - a[1] * (b @ b), a[0] * (b @ b) - b[0] * (a @ a)]) / cross
    return centre if np.isfinite(centre).all() else None
