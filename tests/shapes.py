"""Shapes of a drawn city as text: metres east and north of its corner, to the millimetre."""

from typing import Any

EAST, NORTH = 603000, 1191500
Row = tuple[str, dict[str, Any]]


def line(points: list[tuple[float, float]], heights: list[float] | None = None) -> str:
    """WKT of a line, to the millimetre, in 3D if there are heights."""
    if heights is None:
        return f"LINESTRING({', '.join(f'{EAST + x:.3f} {NORTH + y:.3f}' for x, y in points)})"
    places = zip(points, heights, strict=True)
    return f"LINESTRING Z({', '.join(f'{EAST + x:.3f} {NORTH + y:.3f} {z:.3f}' for (x, y), z in places)})"


def area(ring: list[tuple[float, float]]) -> str:
    """WKT of a multipolygon with one ring."""
    return f"MULTIPOLYGON((({', '.join(f'{EAST + x:.3f} {NORTH + y:.3f}' for x, y in ring)})))"


def box(x: float, y: float, width: float) -> list[tuple[float, float]]:
    """The ring of a square, from its corner with the least coordinates."""
    return [(x, y), (x + width, y), (x + width, y + width), (x, y + width), (x, y)]


def point(x: float, y: float) -> str:
    """WKT of a point."""
    return f"POINT({EAST + x:.3f} {NORTH + y:.3f})"
