"""Constant geometries of a filter, from GML 3.2, 3.1 and 2.1 into shapely.

Pure. Coordinates come out easting first, whatever order the CRS's name asks of the document; heights are left out,
because every relation asked of a filter is one on the ground plan.
"""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, cast

import shapely
from lxml import etree
from shapely.geometry.base import BaseGeometry

from gis_infra.errors import InvalidParameter
from gis_infra.filters.fes.document import get_local_name, get_text
from gis_infra.spatial import boxes
from gis_infra.spatial.boxes import Bbox
from gis_infra.spatial.crs import CrsReference, parse_crs

Position = tuple[float, float]

ENVELOPES = frozenset({"Envelope", "Box"})
EXTERIORS = frozenset({"exterior", "outerBoundaryIs"})
INTERIORS = frozenset({"interior", "innerBoundaryIs"})
MEMBERS = frozenset(
    f"{kind}Member{plural}"
    for kind in ("point", "curve", "lineString", "surface", "polygon", "geometry")
    for plural in ("", "s")
)


def read_envelope(element: etree._Element, default: CrsReference, *, easting_first: bool = False) -> Bbox:
    """The box of a gml:Envelope or gml:Box, easting first, in the CRS its srsName gives.

    default: the CRS and axis order meant where there is no srsName. easting_first: as of `read_geometry`.
    Raises InvalidParameter or InvalidBbox if it has not two corners in order, InvalidCrs for an unknown srsName.
    """
    crs = find_crs(element, default, easting_first=easting_first)
    corners = [position for child in element for position in read_positions(child)]
    if len(corners) != 2:
        raise refuse(f"gml:{get_local_name(element)} needs two corners, got {len(corners)}")
    lower, upper = order_axes(corners, crs)
    return boxes.make(*lower, *upper, srid=crs.srid)


def read_geometry(
    element: etree._Element, default: CrsReference, *, easting_first: bool = False
) -> tuple[BaseGeometry, int]:
    """A geometry, easting first, and the EPSG code of its CRS.

    default: the CRS and axis order meant where there is no srsName.
    easting_first: whether coordinates come so whatever the srsName says, as QGIS sends them in version 1.0.0.
    Raises InvalidParameter for a kind of geometry that is not read or broken coordinates, InvalidCrs for an unknown
    srsName. A ring may cross itself: whoever asks the database mends it.
    """
    crs = find_crs(element, default, easting_first=easting_first)
    if get_local_name(element) in ENVELOPES:
        box = read_envelope(element, default, easting_first=easting_first)
        return shapely.box(box.xmin, box.ymin, box.xmax, box.ymax), box.srid
    geometry = build_geometry(element, crs)
    if geometry.is_empty:
        raise refuse(f"gml:{get_local_name(element)} has no coordinates")
    return geometry, crs.srid


def find_crs(element: etree._Element, default: CrsReference, *, easting_first: bool) -> CrsReference:
    """The CRS of the outermost srsName in `element`, `default` if none is written. Raises InvalidCrs."""
    for each in element.iter():
        name = each.get("srsName")
        if name:
            crs = parse_crs(name)
            return CrsReference(crs.srid, swap_axes=False) if easting_first else crs
    return default


def build_geometry(element: etree._Element, crs: CrsReference) -> BaseGeometry:
    """The shape an element stands for, axes in order. Raises InvalidParameter for a kind that is not read."""
    build = BUILDERS.get(get_local_name(element))
    if build is None:
        known = ", ".join(sorted(ENVELOPES | BUILDERS.keys()))
        raise refuse(f"gml:{get_local_name(element)} is not read in a filter; these are: {known}")
    try:
        return build(element, crs)
    except (ValueError, shapely.errors.GEOSException) as error:
        raise refuse(f"gml:{get_local_name(element)} is broken: {error}") from None


def build_point(element: etree._Element, crs: CrsReference) -> BaseGeometry:
    """One position. Raises ValueError for any other number of them."""
    positions = [position for child in element for position in read_positions(child)]
    if len(positions) != 1:
        raise ValueError(f"a point has one position, got {len(positions)}")
    return shapely.Point(order_axes(positions, crs)[0])


def build_line(element: etree._Element, crs: CrsReference) -> BaseGeometry:
    """A gml:LineString or one of its segments."""
    return shapely.LineString(read_vertices(element, crs))


def build_curve(element: etree._Element, crs: CrsReference) -> BaseGeometry:
    """A gml:Curve of straight segments, end to end. Raises InvalidParameter for arcs."""
    positions: list[Position] = []
    for segments in element:
        for segment in segments:
            if get_local_name(segment) != "LineStringSegment":
                raise refuse(f"gml:{get_local_name(segment)} is not read in a filter; only straight segments are")
            vertices = read_vertices(segment, crs)
            positions += vertices[1:] if positions and positions[-1] == vertices[0] else vertices
    return shapely.LineString(positions)


def build_polygon(element: etree._Element, crs: CrsReference) -> BaseGeometry:
    """A gml:Polygon or a patch of a surface. Raises ValueError unless it has one exterior and closed rings."""
    shells = [read_ring(ring, crs) for ring in iterate_inside(element, EXTERIORS)]
    holes = [read_ring(ring, crs) for ring in iterate_inside(element, INTERIORS)]
    if len(shells) != 1:
        raise ValueError(f"a polygon has one exterior, got {len(shells)}")
    return shapely.Polygon(shells[0], holes)


def build_surface(element: etree._Element, crs: CrsReference) -> BaseGeometry:
    """A gml:Surface of flat patches, joined."""
    patches = [build_polygon(patch, crs) for patches in element for patch in patches]
    joined: BaseGeometry = shapely.union_all(patches)
    return joined


def build_collection(element: etree._Element, crs: CrsReference) -> BaseGeometry:
    """A multi-geometry, of the kind its members are; a geometry collection if they differ."""
    members = [build_geometry(member, crs) for member in iterate_inside(element, MEMBERS)]
    parts = [part for member in members for part in shapely.get_parts(member)]
    kinds = {part.geom_type for part in parts}
    make = COLLECTIONS[kinds.pop()] if len(kinds) == 1 else shapely.geometrycollections
    return cast(BaseGeometry, make(parts))


COLLECTIONS: Mapping[str, Callable[..., Any]] = {
    "Point": shapely.multipoints,
    "LineString": shapely.multilinestrings,
    "Polygon": shapely.multipolygons,
}
BUILDERS: Mapping[str, Callable[[etree._Element, CrsReference], BaseGeometry]] = {
    "Point": build_point,
    "LineString": build_line,
    "Curve": build_curve,
    "Polygon": build_polygon,
    "Surface": build_surface,
    "MultiPoint": build_collection,
    "MultiLineString": build_collection,
    "MultiCurve": build_collection,
    "MultiPolygon": build_collection,
    "MultiSurface": build_collection,
    "MultiGeometry": build_collection,
}


def iterate_inside(element: etree._Element, names: frozenset[str]) -> Iterator[etree._Element]:
    """What stands inside the children of these names, in order."""
    for child in element:
        if get_local_name(child) in names:
            yield from child


def read_ring(element: etree._Element, crs: CrsReference) -> list[Position]:
    """The vertices of a gml:LinearRing. Raises ValueError if it is another thing, or not closed."""
    if get_local_name(element) != "LinearRing":
        raise ValueError(f"a boundary must be a gml:LinearRing, got gml:{get_local_name(element)}")
    vertices = read_vertices(element, crs)
    if len(vertices) < 4 or vertices[0] != vertices[-1]:
        raise ValueError("a ring has at least four positions and ends where it starts")
    return vertices


def read_vertices(element: etree._Element, crs: CrsReference) -> list[Position]:
    """The vertices written inside an element, easting first."""
    return order_axes([position for child in element for position in read_positions(child)], crs)


def read_positions(element: etree._Element) -> list[Position]:
    """The positions one element holds, in the order of the document's axes; heights are left out.

    Raises InvalidParameter for text that is not finite numbers, or the wrong number of them.
    """
    name = get_local_name(element)
    if name == "coordinates":
        return read_coordinates(element)
    if name == "coord":
        numbers = to_numbers(get_text(axis) for axis in element)
        return group(numbers, len(numbers))
    if name == "pointProperty":
        return [position for point in element for child in point for position in read_positions(child)]
    numbers = to_numbers(get_text(element).split())
    if name in {"pos", "lowerCorner", "upperCorner"}:
        return group(numbers, len(numbers))
    if name == "posList":
        return group(numbers, find_dimension(element))
    raise refuse(f"gml:{name} is not read as coordinates; gml:pos, gml:posList and gml:coordinates are")


def read_coordinates(element: etree._Element) -> list[Position]:
    """The positions of a gml:coordinates of GML 2, whose separators are attributes."""
    between_axes, between_positions = element.get("cs", ","), element.get("ts", " ")
    text = get_text(element)
    parts = text.split() if between_positions.isspace() else text.split(between_positions)
    tuples = [to_numbers(part.split(between_axes or None)) for part in parts]
    return [position for numbers in tuples for position in group(numbers, len(numbers))]


def find_dimension(element: etree._Element) -> int:
    """The number of axes of a gml:posList: srsDimension on it or on what it stands in, else 2."""
    for each in (element, *element.iterancestors()):
        written = each.get("srsDimension")
        if written:
            if written not in {"2", "3"}:
                raise refuse(f"srsDimension must be 2 or 3, got {written[:20]!r}")
            return int(written)
    return 2


def to_numbers(texts: Iterable[str]) -> list[float]:
    """Finite numbers. Raises InvalidParameter for anything else."""
    found = list(texts)
    try:
        numbers = [float(text) for text in found]
    except ValueError:
        raise refuse(f"coordinates must be numbers, got {' '.join(found)[:60]!r}") from None
    if not all(map(math.isfinite, numbers)):
        raise refuse(f"coordinates must be finite, got {' '.join(found)[:60]!r}")
    return numbers


def group(numbers: Sequence[float], dimension: int) -> list[Position]:
    """Positions of two or three axes, the first two of each kept. Raises InvalidParameter if the numbers do not fit."""
    if dimension not in {2, 3} or len(numbers) % dimension:
        raise refuse(f"{len(numbers)} coordinates do not make positions of 2 or 3 axes")
    return list(zip(numbers[::dimension], numbers[1::dimension], strict=True))


def order_axes(positions: list[Position], crs: CrsReference) -> list[Position]:
    """The positions easting first."""
    return [(second, first) for first, second in positions] if crs.swap_axes else positions


def refuse(reason: str) -> InvalidParameter:
    """The error to raise for a geometry that cannot be used."""
    return InvalidParameter(reason, where="filter")
