"""Geometries of GML 2, 3.1 and 3.2 as GeoJSON has them: all six types, heights, and arcs as the importer draws them.

Pure. Whether a ring is closed or a line has two vertices is judged where the shapes of files are; only what is no
geometry, or one of a kind that cannot be drawn, is refused here, by ValueError. Coordinates stay in their order.
Source: OGC 07-036 clauses 10 and 11; OGC 03-105r1; OGC 02-069.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import shapely
from lxml import etree
from shapely.geometry import mapping, shape

from gis_infra.features.shapes import curves
from gis_infra.filters.fes.document import get_local_name
from gis_infra.filters.fes.values import GML_NAMESPACES
from gis_infra.web.wfs.transactions.positions import Position, read_positions

Geometry = dict[str, Any]
EXTERIORS = frozenset({"exterior", "outerBoundaryIs"})
INTERIORS = frozenset({"interior", "innerBoundaryIs"})
# A whole, the elements its parts stand in, and what GeoJSON calls it.
WHOLES: Mapping[str, tuple[frozenset[str], str]] = {
    "MultiPoint": (frozenset({"pointMember", "pointMembers"}), "MultiPoint"),
    "MultiLineString": (frozenset({"lineStringMember"}), "MultiLineString"),
    "MultiCurve": (frozenset({"curveMember", "curveMembers"}), "MultiLineString"),
    "MultiPolygon": (frozenset({"polygonMember"}), "MultiPolygon"),
    "MultiSurface": (frozenset({"surfaceMember", "surfaceMembers"}), "MultiPolygon"),
}
GEOMETRY_MEMBERS = frozenset({"geometryMember", "geometryMembers"})


def read_geometry(element: etree._Element) -> Geometry:
    """A GeoJSON geometry. Raises ValueError, which says what is wrong with it."""
    name = require_gml(element)
    if name in WHOLES:
        return read_whole(element)
    if name not in READERS:
        raise ValueError(f"is a gml:{name[:60]}; these are read: {', '.join([*READERS, *WHOLES])}")
    return READERS[name](element)


def require_gml(element: etree._Element) -> str:
    """The local name of an element of GML that is written out here. Raises ValueError."""
    if etree.QName(element).namespace not in GML_NAMESPACES:
        raise ValueError(f"must be a geometry of GML, and is {element.tag[:100]}")
    return get_local_name(element)


def read_point(element: etree._Element) -> Geometry:
    """One vertex, or none. Raises ValueError for several."""
    positions = read_positions(element)
    if len(positions) > 1:
        raise ValueError(f"is a point of {len(positions)} positions")
    return {"type": "Point", "coordinates": positions[0] if positions else []}


def read_line(element: etree._Element) -> Geometry:
    """A line of any kind."""
    return {"type": "LineString", "coordinates": read_run(element)}


def read_polygon(element: etree._Element) -> Geometry:
    """An area: the exterior ring, then the interior ones. Raises ValueError for several exteriors, or none."""
    shells = [read_run(ring) for ring in list_inside(element, EXTERIORS)]
    holes = [read_run(ring) for ring in list_inside(element, INTERIORS)]
    if len(shells) > 1 or (holes and not shells):
        raise ValueError(f"is an area with {len(shells)} exteriors")
    return {"type": "Polygon", "coordinates": shells + holes}


def read_surface(element: etree._Element) -> Geometry:
    """An area of flat patches; several that meet are made one."""
    patches = [read_patch(patch) for patches in element for patch in patches]
    return patches[0] if len(patches) == 1 else unite(patches)


def read_patch(element: etree._Element) -> Geometry:
    """One patch of a surface. Raises ValueError for those that are not polygons."""
    name = get_local_name(element)
    if name in {"Triangle", "Rectangle", "PolygonPatch"}:
        return read_polygon(element)
    raise ValueError(f"has a gml:{name[:60]}; PolygonPatch is read")


def unite(areas: list[Geometry]) -> Geometry:
    """What several areas cover. Raises ValueError for rings that are none."""
    try:
        united = shapely.union_all([shape(area) for area in areas])
    except shapely.errors.GEOSException as error:
        raise ValueError(f"has patches that cannot be put together: {error}") from error
    found: Geometry = json.loads(json.dumps(mapping(united)))  # lists for tuples, every digit kept
    return found


def read_whole(element: etree._Element) -> Geometry:
    """Several points, lines or areas as one shape. Raises ValueError for a part of another kind."""
    members, name = WHOLES[get_local_name(element)]
    part = name.removeprefix("Multi")
    coordinates: list[Any] = []
    for found in map(read_geometry, list_inside(element, members)):
        if found["type"] not in {part, name}:
            raise ValueError(f"is a gml:{get_local_name(element)} with a {found['type']} in it")
        coordinates += [found["coordinates"]] if found["type"] == part else found["coordinates"]
    return {"type": name, "coordinates": coordinates}


def read_collection(element: etree._Element) -> Geometry:
    """Shapes of any kind."""
    return {
        "type": "GeometryCollection",
        "geometries": [read_geometry(each) for each in list_inside(element, GEOMETRY_MEMBERS)],
    }


def list_inside(element: etree._Element, names: frozenset[str]) -> Iterator[etree._Element]:
    """What stands inside the children of these names. Raises ValueError for a child that is only pointed to."""
    for child in element:
        if get_local_name(child) in names:
            if not len(child):
                raise ValueError(f"has an empty {get_local_name(child)}; a geometry is written out, not linked to")
            yield from child


# --- Runs of vertices: lines, rings and what they are put together of ---


def read_run(element: etree._Element) -> list[Position]:
    """The vertices of a line or a ring, arcs drawn as chords. Raises ValueError for a kind that cannot be drawn."""
    name = require_gml(element)
    if name in {"LineString", "LinearRing"}:
        return read_positions(element)
    if name == "Curve":
        return join([read_segment(segment) for segments in element for segment in segments])
    if name in {"Ring", "CompositeCurve"}:
        return join([read_run(curve) for curve in list_inside(element, frozenset({"curveMember"}))])
    if name == "OrientableCurve":
        run = join([read_run(curve) for curve in list_inside(element, frozenset({"baseCurve"}))])
        return run[::-1] if element.get("orientation") == "-" else run
    raise ValueError(f"has a gml:{name[:60]} for a line; LineString, Curve, CompositeCurve and rings are read")


def read_segment(element: etree._Element) -> list[Position]:
    """The vertices of one segment of a curve. Raises ValueError for a kind that cannot be drawn."""
    name = get_local_name(element)
    positions = read_positions(element) if name in SEGMENTS else []
    if name == "LineStringSegment":
        return positions
    if name == "Circle":
        positions = complete_circle(positions)
    if name not in SEGMENTS:
        raise ValueError(f"has a gml:{name[:60]}; these segments are read: {', '.join(SEGMENTS)}")
    if len({len(each) for each in positions}) > 1 or len(positions) < 3 or len(positions) % 2 == 0:
        raise ValueError(f"has a gml:{name} of {len(positions)} positions, through which no arcs go")
    drawn: list[Position] = curves.draw_arcs(np.array(positions)).tolist()
    return drawn


SEGMENTS = ("LineStringSegment", "Arc", "ArcString", "Circle")


def complete_circle(positions: list[Position]) -> list[Position]:
    """A vertex, the one opposite, and the vertex again, of the circle through three. Raises ValueError."""
    if len(positions) != 3:
        raise ValueError(f"has a gml:Circle of {len(positions)} positions; it has three")
    start, middle, end = (np.array(each[:2]) for each in positions)
    centre = curves.find_centre(start, middle, end)
    if centre is None:
        raise ValueError("has a gml:Circle whose positions lie on a line")
    return [positions[0], [*(2 * centre - start).tolist(), *positions[0][2:]], positions[0]]


def join(runs: list[list[Position]]) -> list[Position]:
    """Runs of vertices as one; each begins where the one before it ends. Raises ValueError."""
    joined: list[Position] = []
    for run in runs:
        if joined and run and joined[-1] != run[0]:
            raise ValueError("has segments of which one does not begin where the one before it ends")
        joined += run[1:] if joined else run
    return joined


READERS: Mapping[str, Callable[[etree._Element], Geometry]] = {
    "Point": read_point,
    "LineString": read_line,
    "Curve": read_line,
    "CompositeCurve": read_line,
    "OrientableCurve": read_line,
    "LinearRing": read_line,
    "Polygon": read_polygon,
    "Surface": read_surface,
    "MultiGeometry": read_collection,
}
