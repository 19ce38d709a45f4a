"""The part of the API definition that is about changing features: only of layers the caller may edit."""

from collections.abc import Iterable

from gis_infra.catalogue.definitions import Layer
from gis_infra.features.splitting import LINE
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import bodies, media
from gis_infra.web.ogcapi.openapi.features import make_features_answer
from gis_infra.web.ogcapi.openapi.parts import (
    ADDRESS,
    COUNT,
    TEXT,
    Document,
    Operation,
    add_headers,
    list_problems,
    make_header_parameter,
    make_response,
    refer,
    refer_all,
)

TAG = "editing"
# What comes back of a change may be asked for as a feature is read.
READING = ("crs", "properties", "skipGeometry", "zoom-level", "max-allowable-offset", "as-of", "format", "lang")
SENDING = ("Content-Crs", "Prefer")
CONDITIONS = ("If-Match", "If-Unmodified-Since")
VALIDATORS = ("ETag", "Last-Modified", "Preference-Applied")
SENT_PROBLEMS = ("403", "404", "409", "413", "415")

PARAMETERS: Document = {
    "Content-Crs": make_header_parameter(
        "Content-Crs", "CRS of the coordinates sent, its URI with or without <>.", ADDRESS
    ),
    "Prefer": make_header_parameter(
        "Prefer", "return=representation or return=minimal; handling=strict or handling=lenient."
    ),
    "If-Match": make_header_parameter("If-Match", "Change it only if it is still of this version; not demanded."),
    "If-Unmodified-Since": make_header_parameter(
        "If-Unmodified-Since", "Change it only if it is still as it was then."
    ),
}
FAULT = {"type": "object"}
REMARKS = {"type": "array", "items": FAULT}
LINK_LIST = {"type": "array", "items": refer("schemas", "link")}
IDENTIFIER = {"type": "integer", "format": "int64"}
SCHEMAS: Document = {
    "made": {
        "type": "object",
        "required": ["id", "links"],
        "properties": {"id": IDENTIFIER, "links": LINK_LIST, "warnings": REMARKS},
    },
    "madeTogether": {
        "type": "object",
        "required": ["ids", "numberCreated", "links"],
        "properties": {
            "ids": {"type": "array", "items": IDENTIFIER},
            "numberCreated": COUNT,
            "links": LINK_LIST,
            "warnings": REMARKS,
        },
    },
    "half": {
        "type": "object",
        "required": ["id", "etag", "links"],
        "properties": {"id": IDENTIFIER, "etag": TEXT, "links": LINK_LIST},
    },
    "halves": {
        "type": "object",
        "required": ["kept", "piece"],
        "properties": dict.fromkeys(("kept", "piece"), refer("schemas", "half")),
    },
    "cut": {
        "type": "object",
        "required": ["at"],
        "properties": {
            "at": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            "asset_code": {"type": "string", "nullable": True},
        },
    },
    "uncut": {
        "type": "object",
        "required": ["version", "piece"],
        "properties": {
            "version": {"type": "integer", "minimum": 1},
            "piece": IDENTIFIER,
            "etag": {"type": "string", "nullable": True},
        },
    },
}


def list_writing_paths(layer: Layer) -> dict[str, dict[str, Operation]]:
    """The operations that change features of a layer, by path and method."""
    title, path = layer.title.get_in(choose_language()), f"/collections/{layer.id}/items"
    splitting = {
        f"{path}/{{featureId}}/split": {"post": make_split(layer, title)},
        f"{path}/{{featureId}}/unsplit": {"post": make_unsplit(layer, title)},
    }
    return {
        **(splitting if layer.geometry == LINE else {}),
        path: {"post": make_create(layer, title)},
        f"{path}/{{featureId}}": {
            "put": make_replace(layer, title),
            "patch": make_update(layer, title),
            "delete": make_delete(layer, title),
        },
    }


def make_create(layer: Layer, title: str) -> Operation:
    """New features, one or several together."""
    schemas = [refer("schemas", f"{layer.id}.{kind}") for kind in ("new", "batch")]
    several = [refer("schemas", "made"), refer("schemas", "madeTogether")]
    made = make_response("they are made; the feature itself where that is preferred", media.JSON)
    made["content"] = {media.JSON: {"schema": {"oneOf": several}}, **make_representation(layer)}
    answers = {"201": add_headers(made, "Location", *VALIDATORS), **list_problems(*SENT_PROBLEMS)}
    body = make_body(bodies.ANNOUNCED, {"oneOf": schemas})
    parameters = refer_all((*READING, *SENDING))
    return Operation(f"createFeatures.{layer.id}", TAG, f"{title}: new features", answers, parameters, body)


def make_replace(layer: Layer, title: str) -> Operation:
    """A feature in the place of another."""
    body = make_body(bodies.ANNOUNCED, refer("schemas", f"{layer.id}.new"))
    parameters = refer_all(("featureId", *READING, *SENDING, *CONDITIONS))
    return Operation(
        f"replaceFeature.{layer.id}", TAG, f"{title}: another in its place", make_answers(layer), parameters, body
    )


def make_update(layer: Layer, title: str) -> Operation:
    """Some of a feature changed."""
    body = make_body((bodies.MERGE_PATCH,), refer("schemas", f"{layer.id}.patch"))
    parameters = refer_all(("featureId", *READING, *SENDING, *CONDITIONS))
    return Operation(
        f"updateFeature.{layer.id}", TAG, f"{title}: a feature changed", make_answers(layer), parameters, body
    )


def make_delete(layer: Layer, title: str) -> Operation:
    """A feature taken away."""
    answers = {"204": {"description": "it is gone"}, **list_problems("403", "404", "412", "423")}
    parameters = refer_all(("featureId", "f", "lang", *CONDITIONS))
    return Operation(f"deleteFeature.{layer.id}", TAG, f"{title}: a feature taken away", answers, parameters)


def make_split(layer: Layer, title: str) -> Operation:
    """A line split in two."""
    made = make_response("the line, which is shorter, and the new one", media.JSON, "halves")
    answers = {"201": add_headers(made, "Location"), **list_problems(*SENT_PROBLEMS, "412", "423")}
    body = make_body((media.JSON,), refer("schemas", "cut"))
    parameters = refer_all(("featureId", "f", "lang", *CONDITIONS))
    return Operation(f"splitFeature.{layer.id}", TAG, f"{title}: a line split in two", answers, parameters, body)


def make_unsplit(layer: Layer, title: str) -> Operation:
    """A split taken back."""
    made = make_response("the line as it was before", media.JSON, "half")
    answers = {"200": made, **list_problems(*SENT_PROBLEMS, "412", "423")}
    body = make_body((media.JSON,), refer("schemas", "uncut"))
    parameters = refer_all(("featureId", "f", "lang", *CONDITIONS))
    return Operation(f"unsplitFeature.{layer.id}", TAG, f"{title}: a split taken back", answers, parameters, body)


def make_answers(layer: Layer) -> Document:
    """What a change of one feature is answered with: nothing, a remark, or the feature where that is preferred."""
    told = {media.JSON: {"schema": refer("schemas", "made")}, **make_representation(layer)}
    return {
        "200": add_headers({"description": "it is changed", "content": told}, *VALIDATORS),
        "204": add_headers({"description": "it is changed, and there is nothing to say"}, *VALIDATORS),
        **list_problems(*SENT_PROBLEMS, "412", "423"),
    }


def make_representation(layer: Layer) -> Document:
    """The feature, as it is read."""
    content: Document = make_features_answer("the feature", f"{layer.id}.feature")["content"]
    return content


def make_body(types: Iterable[str], schema: Document) -> Document:
    """What is sent, of any of these types."""
    return {"required": True, "content": {each: {"schema": schema} for each in types}}
