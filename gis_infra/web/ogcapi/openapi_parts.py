"""The parts of the API definition that are the same for every collection: tables of parameters and schemas."""

from collections.abc import Mapping
from typing import Any

from gis_infra.web.ogcapi import systems

Document = dict[str, Any]

COMMON_PARAMETERS = ("f", "lang")
TEXT = {"type": "string"}
LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}

SCHEMAS: Mapping[str, Document] = {
    "link": {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {"href": TEXT, "rel": TEXT, "type": TEXT, "hreflang": TEXT, "title": TEXT},
    },
    "landingPage": {
        "type": "object",
        "required": ["links"],
        "properties": {"title": TEXT, "description": TEXT, "links": LINKS},
    },
    "confClasses": {
        "type": "object",
        "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": TEXT}},
    },
    "collection": {
        "type": "object",
        "required": ["id", "links"],
        "properties": {
            "id": TEXT,
            "title": TEXT,
            "description": TEXT,
            "links": LINKS,
            "extent": {"$ref": "#/components/schemas/extent"},
            "itemType": TEXT,
            "itemCount": {"type": "integer", "minimum": 0},
            "crs": {"type": "array", "items": TEXT},
            "storageCrs": TEXT,
        },
    },
    "collections": {
        "type": "object",
        "required": ["links", "collections"],
        "properties": {
            "links": LINKS,
            "crs": {"type": "array", "items": TEXT},
            "collections": {"type": "array", "items": {"$ref": "#/components/schemas/collection"}},
        },
    },
    "extent": {
        "type": "object",
        "properties": {
            "spatial": {
                "type": "object",
                "properties": {
                    "bbox": {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "array", "minItems": 4, "maxItems": 6, "items": {"type": "number"}},
                    },
                    "crs": TEXT,
                },
            }
        },
    },
    "feature": {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"type": "string", "enum": ["Feature"]},
            "id": {"type": "integer"},
            "geometry": {"type": "object", "nullable": True},
            "properties": {"type": "object", "nullable": True},
            "links": LINKS,
        },
    },
    "featureCollection": {
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"type": "string", "enum": ["FeatureCollection"]},
            "features": {"type": "array", "items": {"$ref": "#/components/schemas/feature"}},
            "links": LINKS,
            "timeStamp": {"type": "string", "format": "date-time"},
            "numberMatched": {"type": "integer", "minimum": 0},
            "numberReturned": {"type": "integer", "minimum": 0},
        },
    },
    "problem": {
        "type": "object",
        "required": ["title", "status", "detail"],
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "where": {"type": "string", "description": "The parameter at fault."},
        },
    },
}


def make_parameters(max_page: int, city_srid: int) -> Document:
    """Every shared parameter, by its name."""
    whole = {"type": "integer", "minimum": 0, "default": 0}
    crs = {"type": "string", "format": "uri", "enum": systems.list_uris(city_srid), "default": systems.CRS84}
    limit = {"type": "integer", "minimum": 1, "maximum": max_page, "default": 10}
    names = {"type": "array", "items": TEXT}
    made = (
        make_parameter("f", "Form of the answer.", {"type": "string", "enum": ["json", "html"]}),
        make_parameter("lang", "Language of titles.", {"type": "string", "enum": ["vi", "en"]}),
        make_parameter("limit", "Most features on a page.", limit),
        make_parameter("offset", "Features to skip.", whole),
        make_parameter("cursor", "Where the page begins, as a `next` or `prev` link says it.", TEXT),
        make_parameter("bbox", "xmin,ymin,xmax,ymax in the CRS and axis order of bbox-crs.", make_bbox()),
        make_parameter("bbox-crs", "CRS of bbox.", crs),
        make_parameter("crs", "CRS of the answer.", crs),
        make_parameter("datetime", "A moment or an interval, RFC 3339; `..` is open.", TEXT),
        make_parameter("properties", "Properties wanted, comma-separated.", names),
        make_parameter("skipGeometry", "Leave the geometry out.", {"type": "boolean", "default": False}),
        make_parameter("sortby", "Properties to sort by, comma-separated; a minus is downwards.", names),
    )
    found: Document = {each["name"]: each for each in made}
    found["featureId"] = {
        "name": "featureId",
        "in": "path",
        "required": True,
        "description": "Id of a feature.",
        "schema": TEXT,
    }
    return found


def make_bbox() -> Document:
    """The schema of a box. Source: OGC 17-069r4, /req/core/fc-bbox-definition."""
    counts = [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]
    return {"type": "array", "oneOf": counts, "items": {"type": "number"}}


def make_parameter(name: str, description: str, schema: Mapping[str, Any]) -> Document:
    """One optional parameter of the query string."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "style": "form",
        "explode": False,
        "schema": dict(schema),
    }


def make_response(description: str, mimetype: str, schema: str = "") -> Document:
    """An answer of one type; `schema` names it under components.schemas, "" is any object."""
    body = {"$ref": f"#/components/schemas/{schema}"} if schema else {"type": "object"}
    return {"description": description, "content": {mimetype: {"schema": body}}}


def refer(part: str, name: str) -> Document:
    """A reference to components.`part`.`name`."""
    return {"$ref": f"#/components/{part}/{name}"}
