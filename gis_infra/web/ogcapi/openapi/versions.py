"""The part of the API definition that is about the versions of features; `history` says what each answer means."""

from gis_infra.catalogue.definitions import Layer
from gis_infra.features.versions.records import DEFAULT_LIMIT, MOST_VERSIONS
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import media
from gis_infra.web.ogcapi.openapi.features import make_page
from gis_infra.web.ogcapi.openapi.parts import (
    COUNT,
    LINKS,
    MOMENT,
    TEXT,
    Document,
    Operation,
    add_headers,
    list_problems,
    make_parameter,
    make_path_parameter,
    make_response,
    refer,
    refer_all,
)
from gis_infra.web.ogcapi.openapi.writing import CONDITIONS, make_answers

TAG = "history"
WHOLE = {"type": "integer", "minimum": 1}
NUMBER = {"type": "number", "nullable": True}
NAMED = {"type": "string", "nullable": True}
PARAMETERS: Document = {
    "versionLimit": make_parameter(
        "limit", "Most versions on a page.", {**WHOLE, "maximum": MOST_VERSIONS, "default": DEFAULT_LIMIT}
    ),
    "before": make_parameter("before", "Only versions with a lower number.", {**WHOLE, "maximum": 10**9}),
    "versionNumber": make_path_parameter("versionNumber", "Number of a version, from 1.", WHOLE),
}
SCHEMAS: Document = {
    "author": {
        "type": "object",
        "nullable": True,
        "properties": {"by": NAMED, "via": NAMED, "import": {"type": "integer", "nullable": True}},
    },
    "version": {
        "type": "object",
        "required": ["number", "from", "to", "links"],
        "properties": {
            "number": WHOLE,
            "from": {**MOMENT, "nullable": True},
            "to": {**MOMENT, "nullable": True},
            "made": refer("schemas", "author"),
            "ended": refer("schemas", "author"),
            "created": {"type": "boolean"},
            "changes": {
                "type": "array",
                "items": {"type": "object", "required": ["property"], "properties": {"property": TEXT}},
            },
            "geometry": {
                "type": "object",
                "nullable": True,
                "properties": dict.fromkeys(("moved_m", "length_change_m", "area_change_m2"), NUMBER),
            },
            "links": LINKS,
        },
    },
    "versions": {
        "type": "object",
        "required": ["id", "collection", "versions", "links"],
        "properties": {
            "id": {"type": "integer", "format": "int64"},
            "collection": TEXT,
            "deleted": {"type": "boolean"},
            "numberMatched": COUNT,
            "numberReturned": COUNT,
            "versions": {"type": "array", "items": refer("schemas", "version")},
            "links": LINKS,
        },
    },
}


def list_history_paths(layer: Layer) -> dict[str, dict[str, Operation]]:
    """The operations that read the versions of a collection's features."""
    title, path = layer.title.get_in(choose_language()), f"/collections/{layer.id}/items/{{featureId}}/history"
    return {path: {"get": make_list(layer, title)}, f"{path}/{{versionNumber}}": {"get": make_version(layer, title)}}


def list_restoring_paths(layer: Layer) -> dict[str, dict[str, Operation]]:
    """The operation that makes a version current again, for who may edit."""
    title, path = layer.title.get_in(choose_language()), f"/collections/{layer.id}/items/{{featureId}}/history"
    return {f"{path}/{{versionNumber}}/restore": {"post": make_restore(layer, title)}}


def make_list(layer: Layer, title: str) -> Operation:
    """The versions of a feature, the newest first."""
    answers = {"200": make_page(make_response("versions", media.JSON, "versions")), **list_problems("404")}
    parameters = refer_all(("featureId", "versionLimit", "before", "f", "lang"))
    return Operation(f"getVersions.{layer.id}", TAG, f"{title}: versions of a feature", answers, parameters)


def make_version(layer: Layer, title: str) -> Operation:
    """One version of a feature."""
    answer = make_response("the feature as it was", media.GEOJSON, f"{layer.id}.feature")
    answers = {
        "200": add_headers(answer, "Content-Crs", "ETag", "Last-Modified", "Link"),
        "303": {"description": "the page of versions, where it has its place"},
        "304": {"description": "it is still what If-None-Match says"},
        **list_problems("404"),
    }
    parameters = refer_all(("featureId", "versionNumber", "crs", "f", "lang"))
    return Operation(f"getVersion.{layer.id}", TAG, f"{title}: a feature as it was", answers, parameters)


def make_restore(layer: Layer, title: str) -> Operation:
    """A version made current again, as a new one."""
    answers = {**make_answers(layer), "303": {"description": "it is done; the page of versions, for a form"}}
    parameters = refer_all(("featureId", "versionNumber", "crs", "f", "lang", "Prefer", *CONDITIONS))
    return Operation(f"restoreVersion.{layer.id}", TAG, f"{title}: a version made current", answers, parameters)
