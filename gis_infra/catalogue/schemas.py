"""A layer as JSON Schema: what clients take field types, titles, units, codes and roles from.

One schema says what is given out and what is taken in (`to_schema`), one by what may be filtered (`to_queryables`), one
by what may be sorted (`to_sortables`). All codes are told with their meanings in place, and all bounds are those of
what is valid, not of what is there: `PROFILES` names both choices.
Source: OGC 23-058r2 (Features Part 5, also Common Part 3), clauses 7, 8, 10 to 12, 15 and 16.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from gis_infra.catalogue.definitions import Field, FieldType, Language, Layer
from gis_infra.catalogue.units import UNITS

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ID = "id"
GEOMETRY = "geometry"
PROFILES = ("codelist-inline", "valid-domain")
INT4_LIMIT = 2**31 - 1
TYPES: Mapping[FieldType, Mapping[str, str]] = {
    "text": {"type": "string"},
    "code": {"type": "string"},
    "integer": {"type": "integer", "format": "int64"},
    "number": {"type": "number", "format": "double"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {"type": "string", "format": "date-time"},
}
ID_TITLES: Mapping[Language, str] = {"vi": "Mã đối tượng", "en": "Identifier"}
GEOMETRY_TITLES: Mapping[Language, str] = {"vi": "Hình học", "en": "Geometry"}


def to_schema(layer: Layer, language: Language) -> Schema:
    """What a feature of the layer has, and what may be written: all but what says "readOnly".

    The id comes first, then the geometry, then the fields in the layer's order, titles in `language`; new values on
    every call. Without "$id": who publishes the schema knows its address.
    Source: /req/schemas/*, /req/advanced-property-roles/*, /req/returnables-and-receivables/response.
    """
    properties = {ID: to_id(language), GEOMETRY: to_geometry(layer, language), **to_properties(layer.fields, language)}
    required = [field.name for field in layer.fields if field.required]
    return to_object(layer, language, add_roles(layer, properties)) | ({"required": required} if required else {})


def to_queryables(layer: Layer, language: Language) -> Schema:
    """What may be filtered by: everything the schema has. Source: /req/queryables/response."""
    schema = to_schema(layer, language)
    schema.pop("required", None)
    for each in schema["properties"].values():
        each.pop("readOnly", None)
    return schema


def to_sortables(layer: Layer, language: Language) -> Schema:
    """What may be sorted by: every field; a geometry has no order. Source: /req/sortables/response C to E."""
    properties = to_properties(layer.fields, language)
    for each in properties.values():
        each.pop("readOnly", None)
    return to_object(layer, language, add_roles(layer, properties))


def to_object(layer: Layer, language: Language, properties: Schema) -> Schema:
    """A schema of these properties and of no others, numbered in their order."""
    for place, each in enumerate(properties.values()):
        each["x-ogc-propertySeq"] = place
    schema = {"$schema": DIALECT, "type": "object", "title": layer.title.get_in(language)}
    if layer.description is not None:
        schema["description"] = layer.description.get_in(language)
    return {**schema, "properties": properties, "additionalProperties": False}


def to_properties(fields: Iterable[Field], language: Language) -> Schema:
    """The fields by name."""
    return {field.name: to_property(field, language) for field in fields}


def to_id(language: Language) -> Schema:
    """The id as a property: ours to give, so nobody writes it. Source: /req/schemas/role-id."""
    return {"title": ID_TITLES[language], **TYPES["integer"], "readOnly": True, "x-ogc-role": "id"}


def to_geometry(layer: Layer, language: Language) -> Schema:
    """The geometry as a property, which has a format and no type. Source: /req/schemas/properties B and C."""
    kind = f"geometry-{layer.geometry.lower()}"
    return {"title": GEOMETRY_TITLES[language], "x-ogc-role": "primary-geometry", "format": kind}


def add_roles(layer: Layer, properties: Schema) -> Schema:
    """The same properties, of which two say from when to when a feature is there, as `datetime` has it.

    Source: /req/advanced-property-roles/role-primary-interval-start and the following two.
    """
    pair = layer.find_time_fields()
    if pair is not None:
        properties[pair[0]]["x-ogc-role"] = "primary-interval-start"
        properties[pair[1]]["x-ogc-role"] = "primary-interval-end"
    return properties


def to_property(field: Field, language: Language) -> Schema:
    """One field: its title, type, unit and what is allowed in it; each code with its meaning.

    Source: /req/schemas/properties and /unit, /req/profile-codelists/codelist-inline.
    """
    schema: Schema = {"title": field.title.get_in(language), **get_type(field)}
    if field.description is not None:
        schema["description"] = field.description.get_in(language)
    if field.unit is not None:
        schema |= {"x-ogc-unit": UNITS[field.unit].ucum, "x-ogc-unitLang": "UCUM"}
    if field.codes:
        schema["oneOf"] = [{"const": code, "title": title.get_in(language)} for code, title in field.codes.items()]
    return schema | get_limits(field)


def get_type(field: Field) -> Mapping[str, str]:
    """The type of a field, a whole number said to be of four bytes where its bounds are."""
    bounds = (field.minimum, field.maximum)
    if field.type == "integer" and all(each is not None and abs(each) <= INT4_LIMIT for each in bounds):
        return {"type": "integer", "format": "int32"}
    return TYPES[field.type]


def get_limits(field: Field) -> Schema:
    """What bounds the field's values, by the keywords of JSON Schema."""
    limits = {
        "minimum": field.minimum,
        "maximum": field.maximum,
        "pattern": field.pattern,
        "maxLength": field.max_length,
        "readOnly": True if field.system else None,
    }
    return {key: value for key, value in limits.items() if value is not None}
