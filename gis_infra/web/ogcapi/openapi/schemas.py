"""The part of the API definition that says what a feature of each layer looks like, read and written.

OpenAPI 3.0 knows an older JSON Schema than /schema is in: null is said by `nullable`, codes by `enum`, a constant by an
`enum` of one. What every layer has is told once, under `universal.`, so that the whole stays small.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from gis_infra.catalogue.definitions import Field, FieldType, GeometryType, Layer
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi.openapi.parts import COUNT, LINKS, MOMENT, Document, refer

Extent = tuple[float, float, float, float]

TYPES: Mapping[FieldType, str] = {"integer": "integer", "number": "number", "boolean": "boolean"}
FORMATS: Mapping[FieldType, str] = {"integer": "int64", "number": "double", "date": "date", "timestamp": "date-time"}
POSITION: Document = {"type": "array", "minItems": 2, "maxItems": 3, "items": {"type": "number"}}
# How deep the positions of each type are nested, and how many stand at least in the innermost list.
NESTING: Mapping[GeometryType, tuple[int, int]] = {
    "Point": (0, 0),
    "MultiPoint": (1, 1),
    "LineString": (1, 2),
    "MultiLineString": (2, 2),
    "Polygon": (2, 4),
    "MultiPolygon": (3, 4),
}


def list_schemas(layers: Iterable[Layer], extent: Extent) -> Document:
    """Every schema that depends on the layers, by its name under components.schemas.

    extent: xmin, ymin, xmax, ymax of the city in degrees, in the middle of which the examples lie.
    """
    wanted = list(layers)
    universal = [field for layer in wanted[:1] for field in layer.fields if field.universal]
    made = {f"universal.{field.name}": to_property(field) for field in universal}
    shapes = {each: make_shape(each, extent) for each in sorted({layer.geometry for layer in wanted})}
    made |= {f"geometry.{kind}": {**make_geometry(kind), "example": shape} for kind, shape in shapes.items()}
    for layer in wanted:
        made |= list_layer_schemas(layer, shapes[layer.geometry])
    return made


def list_layer_schemas(layer: Layer, shape: Document) -> Document:
    """What a feature of the layer has, one feature, and a page of them; and what is sent to make or change one.

    shape: one that a feature may have, for the examples.
    """
    name = layer.id
    properties = {each.name: refer_property(each) for each in layer.fields}
    required = [each.name for each in layer.fields if each.required]
    whole = refer("schemas", f"{name}.properties")
    written = {"allOf": [whole, {"type": "object", "required": required}]} if required else whole
    geometry = refer("schemas", f"geometry.{layer.geometry}")
    return {
        f"{name}.properties": {"type": "object", "properties": properties, "additionalProperties": False},
        f"{name}.feature": make_read(geometry, whole),
        f"{name}.page": make_page(name),
        f"{name}.new": {**make_written(geometry, written), "example": make_example(shape)},
        f"{name}.batch": make_batch(name),
        f"{name}.patch": {**make_patch(geometry, whole), "example": {"properties": {"remarks": "checked"}}},
    }


def make_read(geometry: Document, properties: Document) -> Document:
    """A feature as it is answered."""
    members: Document = {
        "type": make_constant("Feature"),
        "id": {"type": "integer", "format": "int64"},
        "geometry": geometry,
        "properties": properties,
        "links": LINKS,
    }
    return {"type": "object", "required": ["type", "geometry", "properties"], "properties": members}


def make_page(name: str) -> Document:
    """A page of features of a layer as it is answered."""
    members: Document = {
        "type": make_constant("FeatureCollection"),
        "features": {"type": "array", "items": refer("schemas", f"{name}.feature")},
        "links": LINKS,
        "timeStamp": MOMENT,
        "numberMatched": COUNT,
        "numberReturned": COUNT,
    }
    return {"type": "object", "required": ["type", "features"], "properties": members}


def make_written(geometry: Document, properties: Document) -> Document:
    """A feature as it is sent to be made, or in place of another."""
    members: Document = {"type": make_constant("Feature"), "geometry": geometry, "properties": properties}
    return {"type": "object", "required": ["type", "geometry", "properties"], "properties": members}


def make_batch(name: str) -> Document:
    """Features sent to be made together, all or none."""
    features = {"type": "array", "minItems": 1, "items": refer("schemas", f"{name}.new")}
    members: Document = {"type": make_constant("FeatureCollection"), "features": features}
    return {"type": "object", "required": ["type", "features"], "properties": members}


def make_patch(geometry: Document, properties: Document) -> Document:
    """What is to change of a feature: null empties a property. Source: RFC 7396."""
    return {"type": "object", "properties": {"geometry": geometry, "properties": properties}}


def make_geometry(kind: GeometryType) -> Document:
    """A geometry of one type, heights where given, or null. Source: RFC 7946, clause 3.1."""
    depth, least = NESTING[kind]
    coordinates: Document = POSITION
    for level in range(depth):
        coordinates = {"type": "array", "minItems": least if level == 0 else 1, "items": coordinates}
    members = {"type": make_constant(kind), "coordinates": coordinates}
    return {"type": "object", "nullable": True, "required": ["type", "coordinates"], "properties": members}


def make_shape(kind: GeometryType, extent: Extent) -> Document:
    """A small shape in the middle of the city."""
    xmin, ymin, xmax, ymax = extent
    x, y = round((xmin + xmax) / 2, 3), round((ymin + ymax) / 2, 3)
    ring = [[x, y], [round(x + 0.001, 3), y], [x, round(y + 0.001, 3)], [x, y]]
    depth, _ = NESTING[kind]
    coordinates: Any = ring[0] if depth == 0 else ring[:2] if kind.endswith("LineString") else ring
    if kind == "MultiPoint":
        coordinates = ring[:1]
    for _ in range(depth - 1):
        coordinates = [coordinates]
    return {"type": kind, "coordinates": coordinates}


def make_example(shape: Document) -> Document:
    """A feature as it may be sent to be made."""
    return {"type": "Feature", "geometry": shape, "properties": {"remarks": "measured"}}


def make_constant(text: str) -> Document:
    """The schema of exactly this text."""
    return {"type": "string", "enum": [text]}


def refer_property(field: Field) -> Document:
    """A property of a layer: its own in place, one that every layer has by reference."""
    return refer("schemas", f"universal.{field.name}") if field.universal else to_property(field)


def to_property(field: Field) -> Document:
    """A property as it is answered and written: what it allows, or null."""
    made: Document = {"title": field.title.get_in(choose_language()), **to_type(field), "nullable": True}
    if field.codes:
        made["enum"] = [*field.codes, None]
    limits = {
        "minimum": field.minimum,
        "maximum": field.maximum,
        "pattern": field.pattern,
        "maxLength": field.max_length,
        "readOnly": True if field.system else None,
    }
    return made | {name: value for name, value in limits.items() if value is not None}


def to_type(field: Field) -> Document:
    """The schema of a property as a parameter. QGIS filters by it only if it says a plain type."""
    schema: Document = {"type": TYPES.get(field.type, "string")}
    if field.type in FORMATS:
        schema["format"] = FORMATS[field.type]
    if field.codes:
        schema["enum"] = list(field.codes)
    return schema
