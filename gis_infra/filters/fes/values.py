"""Names, identifiers and literals of an XML filter, read against the layer that is asked.

A filter's literals are text; which value they stand for is said by the type of the property they are compared with.
"""

import math
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time

from gis_infra.catalogue.definitions import Field, FieldType, Layer
from gis_infra.errors import InvalidParameter, UnknownProperty
from gis_infra.filters.tree import Value

GEOMETRY_NAME = "geom"

# The standard properties of every GML feature, and the attribute that is published as each.
GML_PROPERTIES: Mapping[str, str] = {"name": "name", "description": "remarks", "identifier": "asset_code"}

BIGINT_LIMIT = 2**63
# A step of a path: prefix, name, position. Only the last step counts: layers are flat.
STEP = re.compile(r"(?:(?P<prefix>[\w.-]+):)?(?P<name>[^\W\d][\w.-]*)(?:\[(?P<position>\d+)\])?")
RESOURCE_ID = re.compile(r"(?P<layer>[a-z][a-z0-9_]*)\.(?P<id>\d{1,19})")


def parse_resource_id(text: str) -> tuple[str, int] | None:
    """Layer and id of a feature written as "water_pipe.123"; None for what cannot be the id of any feature."""
    match = RESOURCE_ID.fullmatch(text.strip())
    if match is None or int(match["id"]) >= BIGINT_LIMIT:
        return None
    return match["layer"], int(match["id"])


def parse_property_name(path: str, layer: Layer) -> str:
    """The attribute (or "geom") that a path of a request names.

    path: "nominal_diameter_mm", "infra:nominal_diameter_mm", "infra:water_pipe/infra:name[1]", "gml:identifier".
    Raises UnknownProperty, which lists what there is, for anything else.
    """
    match = STEP.fullmatch(path.strip().rsplit("/", 1)[-1])
    if match is None or match["position"] not in {None, "1"}:
        raise UnknownProperty(f"{path[:100]!r} is not the name of a property of {layer.id}", where=path[:100])
    if match["prefix"] == "gml":
        return parse_gml_name(match["name"], layer)
    if match["name"] == GEOMETRY_NAME:
        return GEOMETRY_NAME
    return layer.get_field(match["name"]).name


def parse_gml_name(name: str, layer: Layer) -> str:
    """The attribute published as a standard property of GML. Raises UnknownProperty if there is none."""
    if name in GML_PROPERTIES:
        return layer.get_field(GML_PROPERTIES[name]).name
    if name == "boundedBy":
        return GEOMETRY_NAME
    known = ", ".join(f"gml:{each}" for each in GML_PROPERTIES)
    raise UnknownProperty(f"features of {layer.id} have no gml:{name}; of GML they have {known}", where=f"gml:{name}")


def parse_literal(text: str, field: Field) -> Value:
    """The value a literal stands for beside a property.

    Raises InvalidParameter, which names the property and its type, if it stands for none.
    """
    if field.type in {"text", "code"}:
        return text
    try:
        return PARSERS[field.type](text.strip())
    except ValueError:
        message = f"{field.name} is of type {field.type}, which {text[:60]!r} is not"
        raise InvalidParameter(message, where=field.name) from None


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


PARSERS: Mapping[FieldType, Callable[[str], Value]] = {
    "integer": parse_integer,
    "number": parse_number,
    "boolean": parse_boolean,
    "date": parse_date,
    "timestamp": parse_timestamp,
}
