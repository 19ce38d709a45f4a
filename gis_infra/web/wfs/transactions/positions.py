"""The coordinates written in GML 2, 3.1 and 3.2, as they stand there: heights are kept, axes are not turned.

Pure. Raises ValueError for what are no coordinates, in words that follow the name of the geometry.
"""

import math
from collections.abc import Iterable

from lxml import etree

from gis_infra.filters.fes.document import get_local_name, get_text

Position = list[float]
WITHIN = frozenset({"pointProperty", "pointRep"})


def read_positions(element: etree._Element) -> list[Position]:
    """The vertices written in the children of a geometry, in order. Raises ValueError."""
    return [position for child in element for position in read_part(child)]


def read_part(element: etree._Element) -> list[Position]:
    """The vertices that one element holds. Raises ValueError for an element that holds none."""
    name = get_local_name(element)
    if name == "posList":
        return group(to_numbers(get_text(element).split()), find_dimension(element))
    if name == "pos":
        return [require_position(to_numbers(get_text(element).split()))]
    if name == "coordinates":
        return read_coordinates(element)
    if name == "coord":
        return [require_position(to_numbers(get_text(axis) for axis in element))]
    if name in WITHIN:
        return [position for point in element for position in read_positions(point)]
    raise ValueError(f"has no coordinates in {name[:60]}; pos, posList and coordinates are read")


def read_coordinates(element: etree._Element) -> list[Position]:
    """The vertices of a gml:coordinates, whose separators are attributes. Source: OGC 02-069 clause 4.3."""
    between_axes, between_positions = element.get("cs", ","), element.get("ts", " ")
    point, text = element.get("decimal", "."), get_text(element)
    tuples = text.split() if not between_positions.strip() else text.split(between_positions)
    parts = ((each.split(between_axes) if between_axes.strip() else each.split()) for each in tuples if each.strip())
    return [
        require_position(to_numbers(axis.replace(point, ".") if point else axis for axis in part)) for part in parts
    ]


def find_dimension(element: etree._Element) -> int:
    """The number of axes of a gml:posList, as it or what it stands in says; else 2. Raises ValueError."""
    for each in (element, *element.iterancestors()):
        written = each.get("srsDimension") or each.get("dimension")
        if written:
            if written.strip() not in {"2", "3"}:
                raise ValueError(f"has srsDimension {written[:20]!r}; 2 and 3 are read")
            return int(written)
    return 2


def to_numbers(texts: Iterable[str]) -> list[float]:
    """Finite numbers. Raises ValueError."""
    numbers = []
    for text in texts:
        try:
            numbers.append(float(text))
        except ValueError:
            numbers.append(math.nan)
        if not math.isfinite(numbers[-1]) or "_" in text:
            raise ValueError(f"has the coordinate {text[:40]!r}, which is no finite number")
    return numbers


def require_position(numbers: list[float]) -> Position:
    """The numbers, if they are one vertex. Raises ValueError."""
    if len(numbers) not in {2, 3}:
        raise ValueError(f"has a position of {len(numbers)} numbers; 2 and 3 are read")
    return numbers


def group(numbers: list[float], dimension: int) -> list[Position]:
    """The vertices of so many axes each. Raises ValueError if the numbers do not come out even."""
    if len(numbers) % dimension:
        raise ValueError(f"has {len(numbers)} coordinates, which are no positions of {dimension}")
    return [numbers[at : at + dimension] for at in range(0, len(numbers), dimension)]
