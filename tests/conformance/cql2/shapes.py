"""Geometries of CQL2 as Shapely values in the plane of the coordinate system they are given in.

The relations are those of the nine-intersection model as GEOS computes them; on whole coordinates nothing is rounded.
Source: OGC 21-065r2, clause 7.5, and OGC 06-103r4, clause 6.1.15.
"""

from typing import Any

import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from tests.conformance.cql2.truth import Truth

RELATIONS = {
    "s_contains": shapely.contains,
    "s_crosses": shapely.crosses,
    "s_disjoint": shapely.disjoint,
    "s_equals": shapely.equals,
    "s_intersects": shapely.intersects,
    "s_overlaps": shapely.overlaps,
    "s_touches": shapely.touches,
    "s_within": shapely.within,
}


def is_literal(document: Any) -> bool:
    """Whether this part of a CQL2 JSON document is a GeoJSON geometry or a box."""
    return isinstance(document, dict) and ("bbox" in document or "coordinates" in document or "geometries" in document)


def read(document: dict[str, Any]) -> BaseGeometry:
    """The geometry of a literal; a box of six numbers is its ground plan."""
    if "type" in document:
        return shape(document)
    numbers = document["bbox"]
    half = len(numbers) // 2
    return shapely.box(numbers[0], numbers[1], numbers[half], numbers[half + 1])


def compare(name: str, one: BaseGeometry | None, two: BaseGeometry | None) -> Truth:
    """Whether the relation `name`, in small letters, holds; unknown where a geometry is."""
    if one is None or two is None:
        return None
    return bool(RELATIONS[name](one, two))
