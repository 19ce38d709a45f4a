"""Spatial operators of XML filters: boxes, relations, distances."""

from collections.abc import Callable, Mapping

from lxml import etree

from gis_infra.filters import tree
from gis_infra.filters.fes.document import get_local_name, get_text
from gis_infra.filters.fes.expressions import get_default, read_place
from gis_infra.filters.fes.frames import FilterFrame, UnsupportedFilter, is_name, refuse
from gis_infra.filters.fes.geometry import read_envelope, to_numbers
from gis_infra.filters.fes.values import GEOMETRY_NAME
from gis_infra.filters.tree import Condition, SpatialOperator

RELATIONS: Mapping[str, SpatialOperator] = {
    "Intersects": "intersects",
    "Disjoint": "disjoint",
    "Within": "within",
    "Contains": "contains",
    "Touches": "touches",
    "Crosses": "crosses",
    "Overlaps": "overlaps",
    "Equals": "equals",
}
# Lengths by their names in UCUM, in EPSG and as clients write them, in metres.
METRES: Mapping[str, float] = {
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters", "9001"), 1.0),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers", "9036"), 1000.0),
    **dict.fromkeys(("cm", "centimetre", "centimeter", "1033"), 0.01),
    **dict.fromkeys(("mm", "millimetre", "millimeter", "1025"), 0.001),
    **dict.fromkeys(("ft", "foot", "feet", "[ft_i]", "9002"), 0.3048),
    **dict.fromkeys(("mi", "mile", "miles", "[mi_i]", "9093"), 1609.344),
    **dict.fromkeys(("nmi", "nautical mile", "nautical miles", "[nmi_i]", "9030"), 1852.0),
}


def read_bbox(element: etree._Element, frame: FilterFrame) -> Condition:
    """The geometry meets a box; the property may be left out. Source: OGC 09-026r2 clause 7.8.3.2."""
    if len(element) not in {1, 2}:
        raise refuse(f"BBOX holds a property, which may be left out, and a box, got {len(element)} operands")
    envelope = element[-1]
    if is_name(envelope):
        raise UnsupportedFilter("BBOX of two properties is not supported; Intersects is", where="filter")
    of = ""
    if len(element) == 2:
        of = getattr(read_place(element[0], frame), "of", "")
    elif frame.joined:
        raise refuse("BBOX in a join names the geometry of one of the types")
    return tree.InBox(read_envelope(envelope, get_default(frame), easting_first=frame.easting_first), of=of)


def read_relation(element: etree._Element, frame: FilterFrame) -> Condition:
    """Two geometries in a relation, of which one may be constant. Source: OGC 09-026r2 clause 7.8.3.2."""
    name = get_local_name(element)
    left, right = read_places(name, list(element), frame)
    return tree.Spatial(RELATIONS[name], left, right)


def read_places(
    name: str, elements: list[etree._Element], frame: FilterFrame
) -> tuple[tree.Expression, tree.Expression]:
    """The two geometries of an operator; the feature's own where only the other is written. Raises InvalidParameter.

    name: of the operator, for messages.
    """
    places = [read_place(each, frame) for each in elements[:3]]
    if len(places) == 1 and not isinstance(places[0], tree.Property) and not frame.joined:
        places.insert(0, tree.Property(GEOMETRY_NAME))
    if len(places) != 2 or not any(isinstance(each, tree.Property) for each in places):
        raise refuse(f"{name} holds two geometries, of which one at least is a property's, got {len(elements)}")
    return places[0], places[1]


def read_near(element: etree._Element, frame: FilterFrame) -> tree.Near:
    """DWithin: two geometries come as close as a distance, on the ground plan. Source: OGC 09-026r2 clause 7.8.3.3."""
    name = get_local_name(element)
    if not len(element) or get_local_name(element[-1]) != "Distance":
        raise refuse(f"{name} holds two geometries and, last, a Distance")
    *places, distance = element
    left, right = read_places(name, places, frame)
    return tree.Near(left, right, read_distance(distance))


def read_beyond(element: etree._Element, frame: FilterFrame) -> Condition:
    """Beyond: two geometries come nowhere as close as a distance; the contrary of DWithin."""
    return tree.Not(read_near(element, frame))


def read_distance(element: etree._Element) -> float:
    """A length in metres; one without a unit is in metres.

    Raises InvalidParameter for a unit that is not known, degrees among them: they are no length.
    Source: OGC 09-026r2 clause 7.8.3.3 (uom); OGC 02-059 clause 11 (units).
    """
    (number,) = to_numbers([get_text(element)])
    written = element.get("uom", element.get("units", "m"))
    unit = written.strip().rpartition("#")[2].rpartition("/")[2]
    unit = unit if unit.startswith("[") else unit.rpartition(":")[2]
    if unit.lower() not in METRES:
        known = ", ".join(name for name in METRES if not name.isdigit())
        raise refuse(f"Distance has the unit {written[:60]!r}; these are known: {known}")
    return number * METRES[unit.lower()]


READERS: Mapping[str, Callable[[etree._Element, FilterFrame], Condition]] = {
    "BBOX": read_bbox,
    **dict.fromkeys(RELATIONS, read_relation),
    "DWithin": read_near,
    "Beyond": read_beyond,
}
