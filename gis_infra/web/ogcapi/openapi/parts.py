"""The parts of the API definition that are the same for every collection: tables of parameters, schemas and answers.

And the values from which every path is made: `Operation`, and functions for its parts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gis_infra.filters import cql2
from gis_infra.web.ogcapi import media, systems
from gis_infra.web.ogcapi.parameters import MOST_TOLERANCE_M, MOST_ZOOM

Document = dict[str, Any]

COMMON_PARAMETERS = ("f", "lang")
TEXT = {"type": "string"}
ADDRESS = {"type": "string", "format": "uri-reference"}
MOMENT = {"type": "string", "format": "date-time"}
COUNT = {"type": "integer", "minimum": 0}
LINKS = {"type": "array", "items": {"$ref": "#/components/schemas/link"}}
# What any request may meet: credentials that are wrong, a fault of ours, a limit of time or load.
ALWAYS_POSSIBLE = ("400", "401", "500", "503")
# The answers that are told in words of their own, because a header comes with them; others are all alike.
OWN_PROBLEMS = {"401": "problem-401", "503": "problem-503"}

SCHEMAS: Mapping[str, Document] = {
    "link": {
        "type": "object",
        "required": ["href", "rel"],
        "properties": {
            **dict.fromkeys(("href", "rel", "type", "hreflang", "title"), TEXT),
            "templated": {"type": "boolean"},
        },
    },
    "landingPage": {
        "type": "object",
        "required": ["links"],
        "properties": {"title": TEXT, "description": TEXT, "attribution": TEXT, "links": LINKS},
    },
    "confClasses": {
        "type": "object",
        "required": ["conformsTo"],
        "properties": {"conformsTo": {"type": "array", "items": TEXT}, "links": LINKS},
    },
    "collection": {
        "type": "object",
        "required": ["id", "links"],
        "properties": {
            **dict.fromkeys(("id", "title", "description", "attribution", "itemType", "storageCrs"), TEXT),
            "keywords": {"type": "array", "items": TEXT},
            "links": LINKS,
            "extent": {"$ref": "#/components/schemas/extent"},
            "itemCount": {"type": "integer", "minimum": 0},
            "crs": {"type": "array", "items": TEXT},
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
    "jsonSchema": {
        "type": "object",
        "required": ["$schema", "$id", "type", "properties"],
        "properties": {"$schema": TEXT, "$id": TEXT, "type": {"type": "string", "enum": ["object"]}},
    },
    "functions": {
        "type": "object",
        "required": ["functions"],
        "properties": {
            "functions": {"type": "array", "items": {"$ref": "#/components/schemas/function"}},
            "links": LINKS,
        },
    },
    "function": {
        "type": "object",
        "required": ["name", "returns"],
        "properties": {
            "name": TEXT,
            "description": TEXT,
            "arguments": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["type"],
                    "properties": {"title": TEXT, "description": TEXT, "type": {"type": "array", "items": TEXT}},
                },
            },
            "returns": {"type": "array", "items": TEXT},
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
            "where": {"type": "string", "description": "The parameter or property at fault."},
            "faults": {"type": "array", "items": {"type": "object"}, "description": "All that is wrong in a body."},
        },
    },
}

# Headers of answers, by name.
HEADERS: Mapping[str, Document] = {
    "Allow": {"description": "The methods the caller may use here.", "schema": TEXT},
    "Content-Crs": {"description": "The CRS of the coordinates, as <URI>.", "schema": TEXT},
    "ETag": {"description": "The version of the feature in this form, for If-Match.", "schema": TEXT},
    "Last-Modified": {"description": "Since when the feature is so, for If-Unmodified-Since.", "schema": TEXT},
    "Link": {"description": "The links of the document, as RFC 8288 has them.", "schema": TEXT},
    "Location": {"description": "The address of what was made.", "schema": ADDRESS},
    "OGC-NumberMatched": {"description": "How many features match.", "schema": {"type": "integer", "minimum": 0}},
    "OGC-NumberReturned": {"description": "How many are here.", "schema": {"type": "integer", "minimum": 0}},
    "Preference-Applied": {"description": "What of Prefer was heeded.", "schema": TEXT},
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 0}},
    "WWW-Authenticate": {"description": "How to sign in.", "schema": TEXT},
}


@dataclass(frozen=True)
class Operation:
    """One method of one path.

    answers: what may be answered, by status. body: what is sent with it, None for nothing.
    """

    id: str
    tag: str
    summary: str
    answers: Mapping[str, Document]
    parameters: Sequence[Document] = ()
    body: Document | None = None
    description: str = ""

    def render(self) -> Document:
        """The operation as OpenAPI has it."""
        made: Document = {"operationId": self.id, "tags": [self.tag], "summary": self.summary}
        if self.description:
            made["description"] = self.description
        if self.parameters:
            made["parameters"] = list(self.parameters)
        if self.body is not None:
            made["requestBody"] = self.body
        return {**made, "responses": dict(self.answers)}


def make_parameters(max_page: int, city_srid: int) -> Document:
    """Every shared parameter, by its name."""
    crs = {"type": "string", "format": "uri", "enum": systems.list_uris(city_srid), "default": systems.CRS84}
    limit = {"type": "integer", "minimum": 1, "maximum": max_page, "default": 10}
    names = {"type": "array", "items": TEXT}
    cursor = "Where the page begins: how `next` and `prev` links go; opaque. Not with offset."
    tolerance = {"type": "number", "minimum": 0, "maximum": MOST_TOLERANCE_M}
    zoom = {"type": "integer", "minimum": 0, "maximum": MOST_ZOOM}
    made = (
        make_parameter("f", "Form of the answer.", {"type": "string", "enum": ["json", "html"]}),
        make_parameter("id", "The one feature of this id.", {"type": "integer", "format": "int64", "minimum": 0}),
        make_parameter("lang", "Language of titles.", {"type": "string", "enum": ["vi", "en"]}),
        make_parameter("profile", "Profiles wanted; what is not had is passed over.", names),
        make_parameter("limit", "Most features on a page; more than the most is taken as the most.", limit),
        make_parameter("offset", "Features to skip.", {"type": "integer", "minimum": 0, "default": 0}),
        make_parameter("cursor", cursor, TEXT),
        make_parameter("bbox", "xmin,ymin,xmax,ymax in the CRS and axis order of bbox-crs.", make_bbox()),
        make_parameter("bbox-crs", "CRS of bbox.", crs),
        make_parameter("crs", "CRS of the answer.", crs),
        make_parameter("datetime", "A moment or an interval, RFC 3339; `..` is open.", TEXT),
        make_parameter("filter", "A condition in CQL2 on the queryables.", TEXT),
        make_parameter("filter-lang", "Language of filter.", make_choice(cql2.LANGUAGES, cql2.TEXT)),
        make_parameter("filter-crs", "CRS of the coordinates in filter.", crs),
        make_parameter("properties", "Properties wanted, comma-separated.", names),
        make_parameter("skipGeometry", "Leave the geometry out.", {"type": "boolean", "default": False}),
        make_parameter("sortby", "Properties to sort by, comma-separated; a minus is downwards.", names),
        make_parameter("as-of", "The layer as it was at this moment or on this day.", TEXT),
        make_parameter("zoom-level", "Shapes simplified for this zoom of the web map.", zoom),
        make_parameter(
            "max-allowable-offset", "Shapes simplified by at most so many metres; not with zoom-level.", tolerance
        ),
    )
    found: Document = {each["name"]: each for each in made}
    found["format"] = make_parameter("f", "Format of the features.", make_choice(media.ITEM_FORMS, "json"))
    return {**found, "featureId": {**make_path_parameter("featureId", "Id of a feature."), "example": "1"}}


def make_bbox() -> Document:
    """The schema of a box. Source: OGC 17-069r4, /req/core/fc-bbox-definition."""
    counts = [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]
    return {"type": "array", "oneOf": counts, "items": {"type": "number"}}


def make_choice(choices: Iterable[str], default: str = "") -> Document:
    """The schema of one of several words."""
    made: Document = {"type": "string", "enum": list(choices)}
    return {**made, "default": default} if default else made


def make_parameter(name: str, description: str, schema: Mapping[str, Any]) -> Document:
    """One optional parameter of the query string."""
    return {
        "name": name,
        "in": "query",
        "description": description,
        "style": "form",
        "explode": False,
        "schema": dict(schema),
    }


def make_path_parameter(name: str, description: str, schema: Mapping[str, Any] = TEXT) -> Document:
    """One parameter in the path."""
    return {"name": name, "in": "path", "required": True, "description": description, "schema": dict(schema)}


def make_header_parameter(name: str, description: str, schema: Mapping[str, Any] = TEXT) -> Document:
    """One optional header of the request."""
    return {"name": name, "in": "header", "required": False, "description": description, "schema": dict(schema)}


def make_response(description: str, mimetype: str, schema: str = "") -> Document:
    """An answer of one type; `schema` names it under components.schemas, "" is any object."""
    body = refer("schemas", schema) if schema else {"type": "object"}
    return {"description": description, "content": {mimetype: {"schema": body}}}


def add_headers(answer: Document, *names: str) -> Document:
    """The answer with these headers, which are described under components.headers."""
    return {**answer, "headers": {name: refer("headers", name) for name in names}}


def make_problems() -> Document:
    """Every answer that is a problem, by its name under components.responses."""
    plain, unsigned, busy = (
        make_problem(description)
        for description in (
            "what is wrong, and what is allowed",
            "the credentials are wrong, or there are none and this needs some",
            "a limit of time or load was hit; come again",
        )
    )
    return {
        "problem": plain,
        "problem-401": add_headers(unsigned, "WWW-Authenticate"),
        "problem-503": add_headers(busy, "Retry-After"),
    }


def make_problem(description: str) -> Document:
    """A problem, which browsers are told as a page."""
    made = make_response(description, media.PROBLEM, "problem")
    return {**made, "content": {**made["content"], media.HTML: {"schema": TEXT}}}


def list_problems(*statuses: str) -> Document:
    """The problems an operation may answer with: those of every one, and these."""
    wanted = sorted({*ALWAYS_POSSIBLE, *statuses})
    return {status: refer("responses", OWN_PROBLEMS.get(status, "problem")) for status in wanted}


def refer(part: str, name: str) -> Document:
    """A reference to components.`part`.`name`."""
    return {"$ref": f"#/components/{part}/{name}"}


def refer_all(names: Iterable[str]) -> list[Document]:
    """References to shared parameters."""
    return [refer("parameters", name) for name in names]
