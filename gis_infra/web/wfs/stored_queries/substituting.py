"""Values put in the place of parameters, in the tree of a query and never in its text.

A value therefore stays a text or the value of one attribute, whatever letters are in it; only a geometry, read by
itself, becomes elements. Pure.
"""

import re
from collections.abc import Mapping
from copy import deepcopy

from lxml import etree

from gis_infra.errors import InvalidParameter
from gis_infra.filters.fes.document import get_local_name
from gis_infra.filters.fes.values import GML_NAMESPACES
from gis_infra.web.wfs.faults import MissingParameter
from gis_infra.web.wfs.stored_queries import types
from gis_infra.web.wfs.stored_queries.definitions import PLACEHOLDER, Definition, iterate, list_texts

Element = etree._Element
Value = str | Element
LARGEST = 2_000_000


def fill(definition: Definition, given: Mapping[str, Value]) -> list[Element]:
    """The queries of a definition with the values of its parameters. given: by name, without regard to case.

    Raises MissingParameter for one that is not given, InvalidParameter for one that is not of its type.
    """
    known = {name.upper(): value for name, value in given.items()}
    values = {name: require_value(name, kind, known.get(name.upper())) for name, kind in definition.parameters.items()}
    require_small(definition, values)
    # As a whole: the prefixes that its paths are written with are bound at its root.
    root = deepcopy(definition.element)
    queries = [query for text in iterate(root, "QueryExpressionText") for query in text]
    for query in queries:
        for element in list(query.iter()):
            fill_element(element, values)
    return queries


def require_small(definition: Definition, values: Mapping[str, Value]) -> None:
    """Return if the queries with the values in them are not too long. Raises InvalidParameter."""
    sizes = {name: len(each) if isinstance(each, str) else len(etree.tostring(each)) for name, each in values.items()}
    named = (name for written in list_texts(definition.element) for name in PLACEHOLDER.findall(written))
    if sum(sizes.get(name, 0) for name in named) > LARGEST:
        raise InvalidParameter(f"a stored query has at most {LARGEST} letters with its values", where="storedQuery_id")


def require_value(name: str, kind: str, value: Value | None) -> Value:
    """The value of a parameter. Raises MissingParameter, InvalidParameter."""
    if value is None or (isinstance(value, str) and not value.strip()):
        raise MissingParameter(f"parameter {name} of the stored query is missing", where=name)
    if (kind == types.GEOMETRY) != isinstance(value, etree._Element):
        what = "a geometry in GML" if kind == types.GEOMETRY else "a text"
        raise InvalidParameter(f"parameter {name} is {what}", where=name)
    if isinstance(value, etree._Element):
        if etree.QName(value).namespace not in GML_NAMESPACES:
            raise InvalidParameter(
                f"parameter {name} is a geometry in GML, got {get_local_name(value)[:60]}", where=name
            )
        return value
    text = value if kind == "string" else value.strip()
    if not types.is_of_type(text, kind):
        raise InvalidParameter(f"parameter {name} is not of type {kind}, got {text[:60]!r}", where=name)
    return text


def fill_element(element: Element, values: Mapping[str, Value]) -> None:
    """Put values into one element: its text, what follows it, its attributes."""
    alone = PLACEHOLDER.fullmatch((element.text or "").strip())
    shape = values[alone[1]] if alone is not None else None
    if isinstance(shape, etree._Element):
        element.text = None
        element.insert(0, deepcopy(shape))
    elif element.text:
        element.text = put(element.text, values)
    if element.tail:
        element.tail = put(element.tail, values)
    for name, written in element.attrib.items():
        element.set(name, put(str(written), values))


def put(written: str, values: Mapping[str, Value]) -> str:
    """A text with values in it. Raises InvalidParameter for a geometry, which is no part of a text."""

    def get_value(match: re.Match[str]) -> str:
        """The value for one placeholder."""
        value = values[match[1]]
        if not isinstance(value, str):
            raise InvalidParameter(f"parameter {match[1]} is a geometry, and stands within a text", where=match[1])
        return value

    return PLACEHOLDER.sub(get_value, written)
