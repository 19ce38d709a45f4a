"""XML filters of OGC (Filter Encoding 2.0, Filter 1.1 and 1.0) into the one tree.

The three versions differ in names, not in meaning, so elements are known by their local name. What the tree cannot say
(functions, arithmetic, properties compared with each other, distance, time) is refused by name.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import shapely
from lxml import etree

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.errors import InvalidParameter
from gis_infra.filters.fes.document import XmlLimits, get_local_name, get_text, parse_xml
from gis_infra.filters.fes.geometry import read_envelope, read_geometry
from gis_infra.filters.fes.values import GEOMETRY_NAME, parse_literal, parse_property_name, parse_resource_id
from gis_infra.filters.tree import (
    And,
    Between,
    Casei,
    ComparisonOperator,
    Condition,
    IdIn,
    InBox,
    IsNull,
    Like,
    Literal,
    Not,
    Or,
    Property,
    Shape,
    Spatial,
    SpatialOperator,
    compare,
)
from gis_infra.spatial.crs import CrsReference

LIMITS = XmlLimits(size=1_000_000, depth=64, elements=10_000)

COMPARISONS: Mapping[str, ComparisonOperator] = {
    "PropertyIsEqualTo": "=",
    "PropertyIsNotEqualTo": "<>",
    "PropertyIsLessThan": "<",
    "PropertyIsLessThanOrEqualTo": "<=",
    "PropertyIsGreaterThan": ">",
    "PropertyIsGreaterThanOrEqualTo": ">=",
}
MIRRORED: Mapping[ComparisonOperator, ComparisonOperator] = {
    "=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<=",
}  # fmt: skip
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
TEXTS = frozenset({"text", "code"})
PROPERTY_NAMES = frozenset({"ValueReference", "PropertyName"})
ID_ATTRIBUTES = ("rid", "fid", "{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id", "id")


class UnsupportedFilter(InvalidParameter):
    """A filter uses an operator that is in the standard and not in this program."""


@dataclass(frozen=True)
class FilterFrame:
    """What a filter is read against: the layer asked, and the CRS meant where a geometry names none."""

    layer: Layer
    default_crs: CrsReference


def parse_filter(text: str, frame: FilterFrame) -> Condition:
    """The condition that a filter says, literals typed by the layer's properties.

    text: a Filter element as XML, in any of the three versions.
    Raises InvalidParameter (UnsupportedFilter for operators that are not here), UnknownProperty, InvalidCrs and
    InvalidBbox.
    Source: OGC 09-026r2; OGC 04-095; OGC 02-059.
    """
    return read_filter(parse_xml(text.encode(), "filter", LIMITS), frame)


def read_filter(root: etree._Element, frame: FilterFrame) -> Condition:
    """The condition of a Filter element: one condition, or any number of feature ids. Raises as `parse_filter` does."""
    if get_local_name(root) != "Filter":
        raise refuse(f"filter must be a Filter element, got {get_local_name(root)}")
    conditions = [read_condition(child, frame) for child in root]
    if conditions and all(isinstance(each, IdIn) for each in conditions):
        return IdIn(tuple(id for each in conditions if isinstance(each, IdIn) for id in each.ids))
    if len(conditions) != 1:
        raise refuse(f"filter must hold one condition or feature ids, got {len(conditions)} conditions")
    return conditions[0]


def read_condition(element: etree._Element, frame: FilterFrame) -> Condition:
    """The condition of one element. Raises UnsupportedFilter if it is none that is known."""
    name = get_local_name(element)
    if name in COMPARISONS:
        return read_comparison(element, frame)
    if name in RELATIONS:
        return read_relation(element, frame)
    read = READERS.get(name)
    if read is None:
        known = ", ".join([*READERS, *COMPARISONS, *RELATIONS])
        raise UnsupportedFilter(f"{name} is not supported in a filter; these are: {known}", where="filter")
    return read(element, frame)


def read_and(element: etree._Element, frame: FilterFrame) -> Condition:
    """All the parts."""
    return And(tuple(read_condition(child, frame) for child in get_parts(element)))


def read_or(element: etree._Element, frame: FilterFrame) -> Condition:
    """Any of the parts."""
    return Or(tuple(read_condition(child, frame) for child in get_parts(element)))


def read_not(element: etree._Element, frame: FilterFrame) -> Condition:
    """The contrary of the one part. Raises InvalidParameter for any other number."""
    if len(element) != 1:
        raise refuse(f"Not holds one condition, got {len(element)}")
    return Not(read_condition(element[0], frame))


def get_parts(element: etree._Element) -> etree._Element:
    """The element, whose children are conditions. Raises InvalidParameter if it has none."""
    if not len(element):
        raise refuse(f"{get_local_name(element)} holds no condition")
    return element


def read_comparison(element: etree._Element, frame: FilterFrame) -> Condition:
    """A property beside a literal, in either order. Raises InvalidParameter or UnsupportedFilter for other operands."""
    operator = COMPARISONS[get_local_name(element)]
    if len(element) != 2:
        raise refuse(f"{get_local_name(element)} compares a property with a literal, got {len(element)} operands")
    first, second = element
    if get_local_name(first) == "Literal":
        first, second, operator = second, first, MIRRORED[operator]
    field = read_field(first, frame)
    value = parse_literal(read_literal(second), field)
    return compare(field.name, operator, value, match_case=field.type not in TEXTS or read_match_case(element))


def read_between(element: etree._Element, frame: FilterFrame) -> Condition:
    """A property from a lower to an upper bound, both included."""
    parts = {get_local_name(child): child for child in element}
    names = [child for name, child in parts.items() if name in PROPERTY_NAMES]
    bounds = [parts.get("LowerBoundary"), parts.get("UpperBoundary")]
    if len(names) != 1 or any(bound is None or len(bound) != 1 for bound in bounds):
        raise refuse("PropertyIsBetween holds a property, a LowerBoundary and an UpperBoundary with one literal each")
    field = read_field(names[0], frame)
    low, high = (parse_literal(read_literal(bound[0]), field) for bound in bounds if bound is not None)
    return Between(Property(field.name), Literal(low), Literal(high))


def read_like(element: etree._Element, frame: FilterFrame) -> Condition:
    """A text property like a pattern. Raises InvalidParameter if the property is not text."""
    if len(element) != 2:
        raise refuse("PropertyIsLike holds a property and a literal")
    field = read_field(element[0], frame)
    if field.type not in TEXTS:
        raise InvalidParameter(f"PropertyIsLike needs text, and {field.name} is of type {field.type}", where=field.name)
    escape = element.get("escapeChar", element.get("escape", "\\"))
    wildcards = {element.get("wildCard", "*"): "%", element.get("singleChar", "?"): "_"}
    text, pattern = Property(field.name), Literal(to_sql_pattern(read_literal(element[1]), wildcards, escape))
    return Like(text, pattern) if read_match_case(element) else Like(Casei(text), Casei(pattern))


def to_sql_pattern(pattern: str, wildcards: Mapping[str, str], escape: str) -> str:
    """The same pattern in the wildcards of SQL, with the backslash as escape.

    wildcards: the pattern's own characters for any run and for one character -> % and _.
    """
    result: list[str] = []
    characters = iter(pattern)
    for character in characters:
        if character == escape:
            result.append(escape_for_sql(next(characters, escape)))
        elif character in wildcards:
            result.append(wildcards[character])
        else:
            result.append(escape_for_sql(character))
    return "".join(result)


def escape_for_sql(character: str) -> str:
    """A character of a LIKE pattern that stands for itself."""
    return f"\\{character}" if character in "%_\\" else character


def read_null(element: etree._Element, frame: FilterFrame) -> Condition:
    """A property without value: a feature's element is left out then, so nil and null are one."""
    if len(element) != 1:
        raise refuse(f"{get_local_name(element)} holds one property")
    return IsNull(Property(read_field(element[0], frame).name))


def read_bbox(element: etree._Element, frame: FilterFrame) -> Condition:
    """The geometry meets a box; the property may be left out. Raises InvalidParameter for another property."""
    *names, envelope = get_parts(element)
    for name in names:
        require_geometry_name(name, frame)
    return InBox(read_envelope(envelope, frame.default_crs))


def read_relation(element: etree._Element, frame: FilterFrame) -> Condition:
    """The geometry in a relation to a constant one. Raises UnsupportedFilter when both are properties."""
    if len(element) != 2:
        raise refuse(f"{get_local_name(element)} holds the geometry property and a geometry")
    require_geometry_name(element[0], frame)
    if get_local_name(element[1]) in PROPERTY_NAMES:
        raise UnsupportedFilter(f"{get_local_name(element)} of two properties is not supported", where="filter")
    geometry, srid = read_geometry(element[1], frame.default_crs)
    return Spatial(RELATIONS[get_local_name(element)], Property(GEOMETRY_NAME), Shape(shapely.to_wkb(geometry), srid))


def read_ids(element: etree._Element, frame: FilterFrame) -> Condition:
    """The feature of an id; none when the id is of another layer or of no feature at all."""
    written = next((element.get(name) for name in ID_ATTRIBUTES if element.get(name) is not None), None)
    if written is None:
        raise refuse(f"{get_local_name(element)} has no id")
    found = parse_resource_id(written)
    return IdIn((found[1],) if found is not None and found[0] == frame.layer.id else ())


READERS: Mapping[str, Callable[[etree._Element, FilterFrame], Condition]] = {
    "And": read_and,
    "Or": read_or,
    "Not": read_not,
    "PropertyIsBetween": read_between,
    "PropertyIsLike": read_like,
    "PropertyIsNull": read_null,
    "PropertyIsNil": read_null,
    "BBOX": read_bbox,
    "ResourceId": read_ids,
    "FeatureId": read_ids,
    "GmlObjectId": read_ids,
}


def read_field(element: etree._Element, frame: FilterFrame) -> Field:
    """The attribute an operand names. Raises UnsupportedFilter for an expression, UnknownProperty."""
    require_name(element)
    name = parse_property_name(get_text(element), frame.layer)
    if name == GEOMETRY_NAME:
        raise InvalidParameter(
            f"{GEOMETRY_NAME} is a geometry; compare it with BBOX or a relation", where=GEOMETRY_NAME
        )
    return frame.layer.get_field(name)


def require_geometry_name(element: etree._Element, frame: FilterFrame) -> None:
    """Return if the operand names the geometry. Raises InvalidParameter otherwise."""
    require_name(element)
    name = parse_property_name(get_text(element), frame.layer)
    if name != GEOMETRY_NAME:
        raise InvalidParameter(f"{name} is not a geometry; the geometry of {frame.layer.id} is geom", where=name)


def require_name(element: etree._Element) -> None:
    """Return if the operand is the name of a property. Raises UnsupportedFilter for a function or arithmetic."""
    if get_local_name(element) not in PROPERTY_NAMES:
        raise UnsupportedFilter(
            f"{get_local_name(element)} is not supported as operand; a property and a literal are", where="filter"
        )


def read_literal(element: etree._Element) -> str:
    """The text of a Literal, its spaces kept. Raises UnsupportedFilter for any other operand."""
    if get_local_name(element) != "Literal":
        raise UnsupportedFilter(
            f"{get_local_name(element)} is not supported beside a property; a Literal is", where="filter"
        )
    return "".join(str(text) for text in element.itertext())


def read_match_case(element: etree._Element) -> bool:
    """Whether case counts; it does unless the filter says otherwise."""
    return element.get("matchCase", "true").lower() not in {"false", "0"}


def refuse(reason: str) -> InvalidParameter:
    """The error to raise for a filter that is not as the standard has it."""
    return InvalidParameter(reason, where="filter")
