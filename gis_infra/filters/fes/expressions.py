"""What has a value in an XML filter: properties, literals, functions, arithmetic, geometries.

A literal is text; which value it stands for is said by what it stands beside, so it is typed there.
"""

from collections.abc import Mapping

import shapely
from lxml import etree

from gis_infra.catalogue.definitions import Field
from gis_infra.errors import InvalidParameter
from gis_infra.filters import tree
from gis_infra.filters.fes.document import get_local_name, get_text
from gis_infra.filters.fes.frames import FilterFrame, UnsupportedFilter, is_name, read_property, refuse
from gis_infra.filters.fes.geometry import ENVELOPES, read_envelope, read_geometry
from gis_infra.filters.fes.values import GEOMETRY_NAME, parse_as, parse_literal, parse_number, parse_resource_id
from gis_infra.filters.functions import ArgumentKind, FunctionDefinition
from gis_infra.filters.sql.functions import find_definition
from gis_infra.filters.sql.terms import ID, KIND_OF_FIELD, Kind
from gis_infra.filters.tree import ArithmeticOperator
from gis_infra.spatial.crs import CrsReference

# In Filter 1.0 and 1.1; FES 2.0 has functions alone, and QGIS sends these in its namespace all the same.
ARITHMETIC: Mapping[str, ArithmeticOperator] = {"Add": "+", "Sub": "-", "Mul": "*", "Div": "/"}
OPERANDS = ("ValueReference", "PropertyName", "Literal", "Function", *ARITHMETIC)
KINDS_OF_LITERAL: tuple[Kind, ...] = ("text", "integer", "number", "boolean", "date", "timestamp")


def read_pair(
    left: etree._Element, right: etree._Element, frame: FilterFrame
) -> tuple[tree.Expression, tree.Expression]:
    """Two operands that are compared with each other; a literal has the type of the other one.

    Raises InvalidParameter, UnsupportedFilter, UnknownProperty.
    """
    if is_literal(left) and is_literal(right):
        return read_guess(left), read_guess(right)
    if is_literal(left):
        other = read_value(right, frame)
        return read_beside(left, other, frame), other
    first = read_value(left, frame)
    return first, read_beside(right, first, frame) if is_literal(right) else read_value(right, frame)


def read_value(element: etree._Element, frame: FilterFrame) -> tree.Expression:
    """An operand that has one value and is no literal. Raises UnsupportedFilter for a geometry and what is none."""
    name = get_local_name(element)
    if is_name(element):
        found = read_property(element, frame)
        if found.name == GEOMETRY_NAME:
            message = f"{GEOMETRY_NAME} is a geometry; compare it with BBOX or a relation"
            raise UnsupportedFilter(message, where=GEOMETRY_NAME)
        return found
    if name == "Function":
        return read_function(element, frame)
    if name in ARITHMETIC:
        return read_arithmetic(element, frame)
    raise UnsupportedFilter(
        f"{name} is not supported as operand; these are: {', '.join(OPERANDS)}", where="filter"
    )  # fmt: skip


def read_arithmetic(element: etree._Element, frame: FilterFrame) -> tree.Expression:
    """Two numbers made one. Source: OGC 04-095 clause 12."""
    name = get_local_name(element)
    if len(element) != 2:
        raise refuse(f"{name} is of two operands, got {len(element)}")
    left, right = (
        read_as(each, ("number",), name) if is_literal(each) else read_value(each, frame) for each in element
    )
    return tree.Arithmetic(ARITHMETIC[name], left, right)


def read_function(element: etree._Element, frame: FilterFrame) -> tree.Function:
    """A function and its arguments. Raises InvalidParameter for an unknown one, which lists what there is."""
    written = element.get("name", "").rpartition(":")[2]
    given = list(element)
    if written == "round" and len(given) == 2 and is_zero(given[1]):
        del given[1]  # QGIS says how many decimals it rounds to, also where the person did not
    definition = find_definition(written, len(given), None)
    arguments = zip(given, definition.arguments, strict=True)
    return tree.Function(
        definition.name, tuple(read_argument(each, wanted.kinds, definition, frame) for each, wanted in arguments)
    )


def is_zero(element: etree._Element) -> bool:
    """Whether an operand is the number 0."""
    return is_literal(element) and get_text(element) == "0"


def read_argument(
    element: etree._Element, kinds: tuple[ArgumentKind, ...], function: FunctionDefinition, frame: FilterFrame
) -> tree.Expression:
    """One argument; a literal is of the kind that is wanted, a geometry may stand bare or in a literal."""
    if "geometry" in kinds:
        return read_place(element, frame)
    if is_literal(element):
        return read_as(element, tuple(kind for kind in KINDS_OF_LITERAL if kind in kinds), function.name)
    return read_value(element, frame)


def read_place(element: etree._Element, frame: FilterFrame) -> tree.Expression:
    """An operand that is a geometry: the property or a constant one, bare or in a Literal. Raises as `read_pair`."""
    name = get_local_name(element)
    if is_name(element):
        found = read_property(element, frame)
        if found.name != GEOMETRY_NAME:
            layer = frame.find_layer(found.of)
            message = f"{found.name} is not a geometry; the geometry of {layer.id} is {GEOMETRY_NAME}"
            raise InvalidParameter(message, where=found.name)
        return found
    if is_literal(element) and len(element) == 1:
        return read_place(element[0], frame)
    default = get_default(frame)
    if name in ENVELOPES:
        return tree.Box(read_envelope(element, default, easting_first=frame.easting_first))
    if name in OPERANDS:
        raise UnsupportedFilter(f"{name} is not supported where a geometry stands", where="filter")
    geometry, srid = read_geometry(element, default, easting_first=frame.easting_first)
    return tree.Shape(shapely.to_wkb(geometry), srid)


def get_default(frame: FilterFrame) -> CrsReference:
    """The CRS meant where a geometry names none."""
    return CrsReference(frame.default_crs.srid, frame.default_crs.swap_axes and not frame.easting_first)


def is_literal(element: etree._Element) -> bool:
    """Whether an operand is a constant."""
    return get_local_name(element) == "Literal"


def read_text(element: etree._Element) -> str:
    """The text of a Literal, its spaces kept. Raises UnsupportedFilter for any other operand."""
    if not is_literal(element):
        raise UnsupportedFilter(f"{get_local_name(element)} stands where only a Literal is supported", where="filter")
    return "".join(str(text) for text in element.itertext())


def read_beside(element: etree._Element, other: tree.Expression, frame: FilterFrame) -> tree.Literal:
    """A literal as the type of what it is compared with. Raises InvalidParameter if it is none of that type."""
    text = read_text(element)
    match other:
        case tree.Property(name) if name == ID:
            return tree.Literal(parse_id(text, frame.find_layer(other.of).id))
        case tree.Property():
            return tree.Literal(parse_literal(text, get_field(other, frame)))
        case tree.Function(name):
            return tree.Literal(parse_as(text, find_kind(other, frame), name))
        case _:
            return tree.Literal(parse_as(text, "number", "arithmetic"))


def parse_id(text: str, layer_id: str) -> int:
    """The number in a feature's id; 0, which no feature has, for the id of none of this layer."""
    found = parse_resource_id(text)
    return found[1] if found is not None and found[0] == layer_id else 0


def get_field(found: tree.Property, frame: FilterFrame) -> Field:
    """The attribute a property is."""
    return frame.find_layer(found.of).get_field(found.name)


def find_kind(expression: tree.Expression, frame: FilterFrame) -> Kind:
    """The kind of values an expression has."""
    match expression:
        case tree.Property(name):
            return "integer" if name == ID else KIND_OF_FIELD[get_field(expression, frame).type]
        case tree.Function(name, arguments):
            returns = find_definition(name, len(arguments), None).returns
            return "number" if returns in {"integer", "geometry"} else returns  # type: ignore[return-value]
        case _:
            return "number"


def read_as(element: etree._Element, kinds: tuple[Kind, ...], name: str) -> tree.Literal:
    """A literal as the first of these kinds that it is. Raises InvalidParameter, which names what it is for."""
    text = read_text(element)
    for kind in kinds[:-1]:
        try:
            return tree.Literal(parse_as(text, kind, name))
        except InvalidParameter:
            continue
    return tree.Literal(parse_as(text, kinds[-1], name))


def read_guess(element: etree._Element) -> tree.Literal:
    """A literal beside another: a number if it can be one, else text."""
    text = read_text(element)
    try:
        return tree.Literal(parse_number(text.strip()))
    except ValueError:
        return tree.Literal(text)
