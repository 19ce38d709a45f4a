"""CQL2 JSON into the tree. Errors point at the part by JSON pointer.

Source: OGC 21-065r2, annex C (JSON Schema) and /req/cql2-json.
"""

import json
from collections.abc import Mapping
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from gis_infra.filters import tree
from gis_infra.filters.cql2 import geometries, moments
from gis_infra.filters.cql2.calls import Node, build, build_interval, require_bounded, take_condition
from gis_infra.filters.cql2.geometries import Frame
from gis_infra.filters.cql2.scanning import MAX_DIGITS, MAX_NESTING, require_text
from gis_infra.filters.spots import Spot, refuse

MAX_CHARACTERS = 1_000_000
MAX_DEPTH = 2 * MAX_NESTING + 8  # an operator takes an object and a list; a geometry has lists of its own
MAX_PARTS = 250_000


def parse_document(found: str | bytes | Mapping[str, Any], frame: Frame) -> tree.Condition:
    """The condition a CQL2 JSON document says.

    found: its text, or the document already read. frame: the CRS and axis order of its geometries.
    Raises FilterError, which points at the part, for a document that is too large, too deep or not CQL2.
    """
    document = load(found) if isinstance(found, str | bytes) else found
    require_readable(document)
    root = Spot(pointer="")
    condition = take_condition(read_node(document, root, frame), root)
    require_bounded(condition)
    return condition


def load(text: str | bytes) -> Any:
    """The JSON of a text. Raises FilterError."""
    if len(text) > MAX_CHARACTERS:
        raise refuse(f"the filter has {len(text)} characters, at most {MAX_CHARACTERS} are read", None)
    try:
        return json.loads(text, parse_int=to_whole, parse_constant=refuse_constant)
    except RecursionError:
        raise refuse(f"the filter has parts within more than {MAX_DEPTH} others", None) from None
    except UnicodeDecodeError:
        raise refuse("the filter is not JSON in UTF-8", None) from None
    except json.JSONDecodeError as error:
        raise refuse(f"the filter is not JSON: {error.msg}", Spot(error.doc, error.pos)) from None


def to_whole(digits: str) -> int:
    """A whole number with all its digits. Raises FilterError for one that no double can hold."""
    if len(digits) > MAX_DIGITS or abs(int(digits)) > 1.7e308:
        raise refuse("a number is larger than any that can be compared", None)
    return int(digits)


def refuse_constant(name: str) -> float:
    """Never returns: NaN and Infinity are no JSON. Raises FilterError."""
    raise refuse(f"{name} is no number of JSON", None)


def require_readable(document: Any) -> None:
    """Return if the document is not too deep, has not too many parts and no text that is none. Raises FilterError."""
    level, depth, parts = [document], 0, 0
    while level:
        depth, parts = depth + 1, parts + len(level)
        if depth > MAX_DEPTH:
            raise refuse(f"the filter has parts within more than {MAX_DEPTH} others", None)
        if parts > MAX_PARTS:
            raise refuse(f"the filter has more than {MAX_PARTS} parts", None)
        for each in level:
            require_text(each if isinstance(each, str) else "".join(each) if isinstance(each, Mapping) else "")
        level = [child for each in level for child in list_children(each)]


def list_children(value: Any) -> list[Any]:
    """What stands in an object or list."""
    if isinstance(value, Mapping):
        return list(value.values())
    return value if isinstance(value, list) else []


def step(spot: Spot, *names: str | int) -> Spot:
    """The spot of a part. Source: RFC 6901, clause 3."""
    parts = [str(name).replace("~", "~0").replace("/", "~1") for name in names]
    return Spot(pointer="/".join([spot.pointer or "", *parts]))


def read_node(value: Any, spot: Spot, frame: Frame) -> Node:
    """The node of a part. Raises FilterError."""
    match value:
        case bool() | int() | float() | str():
            return read_scalar(value, spot)
        case list():
            items = [read_value(each, step(spot, number), frame) for number, each in enumerate(value)]
            return tree.Items(tuple(items), spot)
        case {"op": str(operator)}:
            return read_call(operator, value, spot, frame)
        case {"property": str(name), **rest} if not rest:
            return tree.Property(name, spot)
        case {"date": str(text), **rest} if not rest:
            return moments.parse_date(text, spot)
        case {"timestamp": str(text), **rest} if not rest:
            return moments.parse_timestamp(text, spot)
        case {"interval": [start, end], **rest} if not rest:
            first = read_end(start, step(spot, "interval", 0), frame)
            return build_interval(first, read_end(end, step(spot, "interval", 1), frame), spot)
        case {"bbox": list(numbers), **rest} if not rest:
            return geometries.build_box(numbers, frame, spot)
        case {"type": str()}:
            return geometries.to_shape(read_geometry(value, spot, frame), frame, spot)
        case None:
            raise refuse('null is no value; ask with the operator "isNull"', spot)
        case _:
            raise refuse(f"{json.dumps(value, ensure_ascii=False, default=str)[:60]} is nothing that CQL2 knows", spot)


def read_scalar(value: bool | float | str, spot: Spot) -> tree.Literal:
    """A literal. Raises FilterError for a number too large to compare."""
    if isinstance(value, float | int) and not abs(value) <= 1.7e308:
        raise refuse("the number is larger than any that can be compared", spot)
    return tree.Literal(value, spot)


def read_value(value: Any, spot: Spot, frame: Frame) -> tree.Expression:
    """A part that must have a value. Raises FilterError for a condition."""
    node = read_node(value, spot, frame)
    if isinstance(node, tree.Condition):
        raise refuse("a value is needed here, and got a condition", spot)
    return node


def read_call(operator: str, call: Mapping[str, Any], spot: Spot, frame: Frame) -> Node:
    """An operator or function with its operands. Raises FilterError."""
    operands = call.get("args")
    if not isinstance(operands, list) or len(call) != 2:
        raise refuse(f'{{"op": {json.dumps(operator)[:60]}}} has a list "args" beside it, and nothing else', spot)
    nodes = [read_node(each, step(spot, "args", number), frame) for number, each in enumerate(operands)]
    return build(operator, nodes, spot)


def read_end(value: Any, spot: Spot, frame: Frame) -> Node:
    """One end of an interval. Raises FilterError."""
    return moments.parse_end(value, spot) if isinstance(value, str) else read_node(value, spot, frame)


def read_geometry(value: Any, spot: Spot, frame: Frame) -> BaseGeometry:
    """A GeoJSON geometry. Raises FilterError."""
    match value:
        case {"type": geometries.COLLECTION, "geometries": [_, *_] as parts}:
            each = [read_geometry(part, step(spot, "geometries", number), frame) for number, part in enumerate(parts)]
            return shapely.GeometryCollection(each)
        case {"type": str(kind), "coordinates": list(coordinates)} if kind in geometries.LEVELS:
            return geometries.build_simple(kind, coordinates, frame, step(spot, "coordinates"))
        case _:
            known = ", ".join([*geometries.LEVELS, geometries.COLLECTION])
            raise refuse(f"a geometry is one of {known}, with its coordinates", spot)
