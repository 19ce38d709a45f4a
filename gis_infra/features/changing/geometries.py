"""GeoJSON geometries as WKB, exactly as they are given: unclosed, empty or crossing ones are judged where files' are.

Only what is no geometry at all is refused here. Heights are taken; a vertex without one, among others that have one,
gets none (not a number). Source: RFC 7946 clause 3.1; ISO 13249-3 for the bytes.
"""

import math
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Any

DEEPEST = 8  # collections within collections, as in `shapes.types`
CODES: Mapping[str, int] = {
    "Point": 1,
    "LineString": 2,
    "Polygon": 3,
    "MultiPoint": 4,
    "MultiLineString": 5,
    "MultiPolygon": 6,
    "GeometryCollection": 7,
}
PARTS: Mapping[str, str] = {"MultiPoint": "Point", "MultiLineString": "LineString", "MultiPolygon": "Polygon"}
HEIGHTS = 1000  # added to the code of a shape that has them
NUMBERS = (int, float)


def render_wkb(geometry: Any) -> bytes:
    """The WKB of a GeoJSON geometry. Raises ValueError, which says what is wrong with it."""
    has_heights = any(len(position) > 2 for position in list_positions(geometry, 0))
    return render(geometry, has_heights)


def list_positions(geometry: Any, depth: int) -> Iterator[list[float]]:
    """Every vertex of a geometry, checked. Raises ValueError for what is no geometry."""
    name = take_type(geometry)
    if name == "GeometryCollection":
        if depth == DEEPEST:
            raise ValueError(f"has collections within collections, deeper than {DEEPEST}")
        for part in take_list(geometry.get("geometries"), "geometries"):
            yield from list_positions(part, depth + 1)
        return
    levels = {"Point": 0, "MultiPoint": 1, "LineString": 1, "MultiPolygon": 3}.get(name, 2)
    yield from walk(take_list(geometry.get("coordinates"), "coordinates"), levels, name)


def take_type(geometry: Any) -> str:
    """The type of a geometry. Raises ValueError."""
    name = geometry.get("type") if isinstance(geometry, dict) else None
    if not isinstance(name, str) or name not in CODES:
        raise ValueError(f"must be a GeoJSON geometry of type {', '.join(CODES)}, got {str(name)[:40]!r}")
    return name


def take_list(value: Any, member: str) -> list[Any]:
    """A member of a geometry that is a list. Raises ValueError."""
    if not isinstance(value, list):
        raise ValueError(f"must have a list of {member}")
    return value


def walk(coordinates: list[Any], levels: int, name: str) -> Iterator[list[float]]:
    """The vertices in coordinates nested so many levels deep. Raises ValueError."""
    if levels == 0:
        if coordinates or name != "Point":
            yield check_position(coordinates, name)
        return
    for each in coordinates:
        if not isinstance(each, list):
            raise ValueError(f"has coordinates that are not nested as those of a {name} are")
        if levels == 1:
            yield check_position(each, name)
        else:
            yield from walk(each, levels - 1, name)


def check_position(position: list[Any], name: str) -> list[float]:
    """A vertex of two numbers, or three with a height; what follows them is not looked at. Raises ValueError."""
    if len(position) < 2 or not all(type(number) in NUMBERS for number in position):
        raise ValueError(f"has coordinates that are not nested as those of a {name} are, or a position of no numbers")
    return position


def render(geometry: Mapping[str, Any], has_heights: bool) -> bytes:
    """The WKB of a checked geometry, least byte first."""
    name = geometry["type"]
    code = CODES[name] + (HEIGHTS if has_heights else 0)
    head = struct.pack("<BI", 1, code)
    if name == "GeometryCollection":
        return head + count(geometry["geometries"], lambda part: render(part, has_heights))
    coordinates = geometry["coordinates"]
    if name in PARTS:
        part = PARTS[name]
        return head + count(coordinates, lambda each: render({"type": part, "coordinates": each}, has_heights))
    if name == "Point":
        size = 3 if has_heights else 2
        return head + (
            render_run([coordinates], has_heights) if coordinates else struct.pack(f"<{size}d", *[math.nan] * size)
        )
    if name == "LineString":
        return head + render_counted(coordinates, has_heights)
    return head + count(coordinates, lambda ring: render_counted(ring, has_heights))


def count(parts: list[Any], render_part: Callable[[Any], bytes]) -> bytes:
    """The number of parts, and each."""
    return struct.pack("<I", len(parts)) + b"".join(map(render_part, parts))


def render_counted(positions: list[list[float]], has_heights: bool) -> bytes:
    """The number of vertices, and each."""
    return struct.pack("<I", len(positions)) + render_run(positions, has_heights)


def render_run(positions: list[list[float]], has_heights: bool) -> bytes:
    """The coordinates of vertices one after the other. Raises ValueError for a number no float can hold."""
    try:
        if has_heights:
            flat = [
                number for each in positions for number in (each[0], each[1], each[2] if len(each) > 2 else math.nan)
            ]
        else:
            flat = [number for each in positions for number in each[:2]]
        return struct.pack(f"<{len(flat)}d", *flat)
    except OverflowError:
        raise ValueError("has a coordinate that is not a finite number") from None
