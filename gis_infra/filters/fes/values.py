"""Names, identifiers and literals of an XML filter, read against the layer that is asked.

A filter's literals are text; which value they stand for is said by the type of the property they are compared with.
"""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from types import MappingProxyType

from gis_infra.catalogue.definitions import Field, Layer
from gis_infra.errors import InvalidParameter, UnknownProperty
from gis_infra.filters.sql.terms import Kind
from gis_infra.filters.tree import Value

GEOMETRY_NAME = "geom"
ID_NAME = "@gml:id"
GML_NAMESPACES = frozenset({"http://www.opengis.net/gml", "http://www.opengis.net/gml/3.2"})
NOTHING: Mapping[str | None, str] = MappingProxyType({})

# The standard properties of every GML feature, and the attribute that is published as each.
GML_PROPERTIES: Mapping[str, str] = {"name": "name", "description": "remarks", "identifier": "asset_code"}

BIGINT_LIMIT = 2**63
SHOWN = 100  # characters of a name in a message; no name here is as long
# A step of a path: whether it is an attribute, prefix, name, position. The last says which property: layers are flat.
SCHEMA_ELEMENT = re.compile(r"schema-element\(([^()/]*)\)")
STEP = re.compile(r"(?P<attribute>@)?(?:(?P<prefix>[\w.-]+):)?(?P<name>[^\W\d][\w.-]*)(?:\[(?P<position>\d+)\])?")
RESOURCE_ID = re.compile(r"(?P<layer>[a-z][a-z0-9_]*)\.(?P<id>\d{1,19})")


def parse_resource_id(text: str) -> tuple[str, int] | None:
    """Layer and id of a feature written as "water_pipe.123"; None for what cannot be the id of any feature."""
    match = RESOURCE_ID.fullmatch(text.strip())
    if match is None or int(match["id"]) >= BIGINT_LIMIT:
        return None
    return match["layer"], int(match["id"])


def parse_property_name(path: str, layer: Layer, bindings: Mapping[str | None, str] = NOTHING) -> str:
    """The attribute (or "geom", or "@gml:id") that a path of a request names.

    path: "nominal_diameter_mm", "infra:nominal_diameter_mm", "infra:water_pipe/infra:name[1]", "*/name",
        "gml:identifier".
    bindings: namespaces by prefix where the request says them; without them `gml` is GML.
    Raises UnknownProperty, which lists what there is, for anything else.
    Source: OGC 09-026r2 clause 7.4.4 and annex D.
    """
    return resolve_step(path, parse_path(path)[-1], layer, bindings)


def parse_path(path: str) -> list[str]:
    """The steps of a path, at least one; it may begin at the feature or above it.

    `schema-element(name)` is the name: no property here stands in the place of another.
    """
    return SCHEMA_ELEMENT.sub(r"\1", path).strip().lstrip("/").split("/")


def require_own(path: str, steps: Sequence[str], layer: Layer) -> None:
    """Refuse a path whose last step but one is the name of another type.

    Without prefix it may be an alias, and in a schema-element() one of the types that stand for what was asked.
    QGIS asks how many features a join of two types has as if it were of the first, with the filter of both.
    """
    match = STEP.fullmatch(steps[-2].strip()) if len(steps) > 1 and "schema-element(" not in path else None
    if match is not None and match["prefix"] and match["name"] != layer.id:
        raise UnknownProperty(f"{path[:SHOWN]!r} is of another type than {layer.id}", where=path[:SHOWN])


def resolve_step(path: str, step: str, layer: Layer, bindings: Mapping[str | None, str]) -> str:
    """What the last step of a path names. Raises as `parse_property_name`, which shows the whole path."""
    match = STEP.fullmatch(step.strip())
    if match is None or match["position"] not in {None, "1"}:
        raise UnknownProperty(f"{path[:SHOWN]!r} is not the name of a property of {layer.id}", where=path[:SHOWN])
    name = match["name"]
    if match["attribute"]:
        if name != "id":
            raise UnknownProperty(f"features of {layer.id} have the attribute gml:id alone", where=path[:SHOWN])
        return ID_NAME
    if is_gml_path(step, bindings) or is_borrowed(name, layer):
        return parse_gml_name(name, layer)
    return GEOMETRY_NAME if name == GEOMETRY_NAME else layer.get_field(name[:SHOWN]).name


def is_borrowed(name: str, layer: Layer) -> bool:
    """Whether a name that was said to be the layer's own can only be that of a standard property of GML.

    QGIS shows gml:description and gml:identifier as fields since 3.28, and writes both as if they were the layer's.
    """
    return name in GML_PROPERTIES and all(each.name != name for each in layer.fields)


def is_gml_path(path: str, bindings: Mapping[str | None, str] = NOTHING) -> bool:
    """Whether the last step of a path is a name of GML. bindings: as of `parse_property_name`."""
    prefix, colon, _ = parse_path(path)[-1].strip().removeprefix("@").rpartition(":")
    return bool(colon) and (bindings.get(prefix, "") in GML_NAMESPACES or (prefix == "gml" and prefix not in bindings))


def parse_gml_name(name: str, layer: Layer) -> str:
    """The attribute published as a standard property of GML. Raises UnknownProperty if there is none."""
    if name in GML_PROPERTIES:
        return layer.get_field(GML_PROPERTIES[name]).name
    if name == "boundedBy":
        return GEOMETRY_NAME
    known, name = ", ".join(f"gml:{each}" for each in GML_PROPERTIES), name[:SHOWN]
    raise UnknownProperty(f"features of {layer.id} have no gml:{name}; of GML they have {known}", where=f"gml:{name}")


def parse_literal(text: str, field: Field) -> Value:
    """The value a literal stands for beside a property.

    Raises InvalidParameter, which names the property and its type, if it stands for none.
    """
    return parse_as(text, "text" if field.type == "code" else field.type, field.name)


def parse_as(text: str, kind: Kind, name: str) -> Value:
    """The value a literal stands for beside something of that kind. name: of that, for messages.

    Raises InvalidParameter.
    """
    if kind == "text":
        return text
    try:
        return PARSERS[kind](text.strip())
    except ValueError:
        message = f"{name} is of type {kind}, which {text[:60]!r} is not"
        raise InvalidParameter(message, where=name) from None


def parse_integer(text: str) -> Value:
    """A whole number where it is one that the database can hold, else a float. Raises ValueError."""
    if re.fullmatch(r"[+-]?\d{1,19}", text, re.ASCII):
        whole = int(text)  # not by way of a float, which loses digits above 2**53
        return whole if -BIGINT_LIMIT <= whole < BIGINT_LIMIT else float(whole)
    number = parse_number(text)
    return int(number) if number.is_integer() and abs(number) < BIGINT_LIMIT else number


def parse_number(text: str) -> float:
    """A finite number. Raises ValueError."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def parse_boolean(text: str) -> bool:
    """A truth value as XML Schema writes it. Raises ValueError."""
    values = {"true": True, "1": True, "false": False, "0": False}
    if text.lower() not in values:
        raise ValueError(text)
    return values[text.lower()]


def parse_date(text: str) -> date:
    """A day; of a time, its day. Raises ValueError."""
    return datetime.fromisoformat(text).date() if "T" in text else date.fromisoformat(text.removesuffix("Z"))


def parse_timestamp(text: str) -> datetime:
    """A moment, in UTC where no zone is written; of a day, its start. Raises ValueError."""
    if "T" not in text and " " not in text:
        return datetime.combine(parse_date(text), time(), UTC)
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


PARSERS: Mapping[Kind, Callable[[str], Value]] = {
    "integer": parse_integer,
    "number": parse_number,
    "boolean": parse_boolean,
    "date": parse_date,
    "timestamp": parse_timestamp,
}
