"""A layer as JSON Schema: what clients take field types, titles, units and codes from.

Source: OGC API – Features – Part 5, OGC 23-058 (schemas, geometry formats, roles and units).
"""

from collections.abc import Mapping
from typing import Any

from gis_infra.catalogue.definitions import Field, FieldType, Language, Layer
from gis_infra.catalogue.units import UNITS

TYPES: Mapping[FieldType, Mapping[str, str]] = {
    "text": {"type": "string"},
    "code": {"type": "string"},
    "integer": {"type": "integer"},
    "number": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {"type": "string", "format": "date-time"},
}


def to_json_schema(layer: Layer, language: Language) -> dict[str, Any]:
    """The schema of a feature's properties and geometry, titles in `language`; new values on every call.

    The geometry is called "geometry" and comes first, then the fields in the layer's order. Without "$schema" and
    "$id": who publishes the schema knows its address.
    """
    properties = {"geometry": to_geometry(layer)} | {field.name: to_property(field, language) for field in layer.fields}
    for place, schema in enumerate(properties.values()):
        schema["x-ogc-propertySeq"] = place
    schema = {"type": "object", "title": layer.title.get_in(language), "properties": properties}
    if layer.description is not None:
        schema["description"] = layer.description.get_in(language)
    required = [field.name for field in layer.fields if field.required]
    return schema | ({"required": required} if required else {})


def to_geometry(layer: Layer) -> dict[str, Any]:
    """The geometry as a property, "format" being "geometry-" and the type in lower case."""
    return {"x-ogc-role": "primary-geometry", "format": f"geometry-{layer.geometry.lower()}"}


def to_property(field: Field, language: Language) -> dict[str, Any]:
    """One field: its title, type, unit and what is allowed in it; `x-code-titles` says what its codes mean."""
    schema: dict[str, Any] = {"title": field.title.get_in(language), **TYPES[field.type]}
    if field.description is not None:
        schema["description"] = field.description.get_in(language)
    if field.unit is not None:
        schema |= {"x-ogc-unit": UNITS[field.unit].ucum, "x-ogc-unitLang": "UCUM"}
    if field.codes:
        schema["enum"] = list(field.codes)
        schema["x-code-titles"] = {code: title.get_in(language) for code, title in field.codes.items()}
    limits = {
        "minimum": field.minimum,
        "maximum": field.maximum,
        "pattern": field.pattern,
        "maxLength": field.max_length,
        "readOnly": True if field.system else None,
    }
    return schema | {key: value for key, value in limits.items() if value is not None}
