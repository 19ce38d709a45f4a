"""The API definition: OpenAPI 3.0, complete in itself, with a literal path per collection the actor may see.

QGIS takes its page size from `components.parameters.limit` and the properties it can filter by from the parameters of
`/collections/{id}/items`; it follows no reference out of the document.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request

from gis_infra import __version__
from gis_infra.catalogue.definitions import Field, FieldType, Layer
from gis_infra.settings import Settings
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media, openapi_processes
from gis_infra.web.ogcapi.landing import make_title
from gis_infra.web.ogcapi.openapi_export import list_export_paths
from gis_infra.web.ogcapi.openapi_parts import (
    COMMON_PARAMETERS,
    SCHEMAS,
    make_parameter,
    make_parameters,
    make_response,
    refer,
)
from gis_infra.web.ogcapi.openapi_processes import list_process_paths
from gis_infra.web.ogcapi.openapi_tiles import list_tile_paths
from gis_infra.web.ogcapi.parameters import require_known

Document = dict[str, Any]

ITEMS_PARAMETERS = (
    "limit",
    "offset",
    "cursor",
    "bbox",
    "bbox-crs",
    "crs",
    "datetime",
    "properties",
    "skipGeometry",
    "sortby",
)
TYPES: Mapping[FieldType, str] = {"integer": "integer", "number": "number", "boolean": "boolean"}
FORMATS: Mapping[FieldType, str] = {"date": "date", "timestamp": "date-time"}


@dataclass(frozen=True)
class Operation:
    """A GET: its id, what it gives, the type and schema (a name under components.schemas) of its answer.

    may_miss: whether it can be "not found". has_html: whether there is a page of it too.
    """

    id: str
    summary: str
    mimetype: str = media.JSON
    schema: str = ""
    may_miss: bool = False
    has_html: bool = True


def show_api() -> Response:
    """The API definition. Source: OGC 17-069r4, clause 7.3."""
    require_known(request.args)
    services = get_services()
    layers = get_actor().list_readable(services.catalogue)
    document = make_document(services.settings, layers, make_title(choose_language()), links.get_base())
    return media.answer(document, "api.html", mimetype=media.OPENAPI)


def make_document(settings: Settings, layers: list[Layer], title: str, base: str) -> Document:
    """The whole definition. base: the address of the landing page."""
    paths: Document = {**list_common_paths(), **list_process_paths()}
    for layer in layers:
        paths.update(list_layer_paths(layer))
        paths.update(list_tile_paths(layer))
        paths.update(list_export_paths(layer, list_property_parameters(layer)))
    return {
        "openapi": "3.0.3",
        "info": {"title": title, "version": __version__, "license": {"name": "MIT"}},
        "servers": [{"url": base}],
        "tags": [{"name": "capabilities"}, {"name": "features"}, {"name": "tiles"}, {"name": "processes"}],
        "paths": paths,
        "components": {
            "parameters": make_parameters(settings.max_page, settings.city_srid),
            "schemas": {**SCHEMAS, **openapi_processes.SCHEMAS},
            "responses": {"problem": make_response("what is wrong, and what is allowed", media.PROBLEM, "problem")},
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic"},
                "bearer": {"type": "http", "scheme": "bearer"},
            },
        },
        "security": [{}, {"basic": []}, {"bearer": []}],
    }


def list_common_paths() -> Document:
    """The paths that belong to no collection."""
    return {
        "/": make_path(Operation("getLandingPage", "Landing page", schema="landingPage")),
        "/conformance": make_path(Operation("getConformance", "Conformance declaration", schema="confClasses")),
        "/api": make_path(Operation("getApi", "This definition", media.OPENAPI)),
        "/collections": make_path(Operation("getCollections", "Collections", schema="collections")),
        "/styles/infra": make_path(
            Operation("getStyle", "A MapLibre style of every layer", media.STYLE, has_html=False)
        ),
    }


def list_layer_paths(layer: Layer) -> Document:
    """The paths of a collection, its items and its schemas."""
    name, title, path = layer.id, layer.title.get_in(choose_language()), f"/collections/{layer.id}"
    one = [refer("parameters", "featureId"), refer("parameters", "crs")]
    items = Operation(f"getFeatures.{name}", f"{title}: features", media.GEOJSON, "featureCollection", True)
    item = Operation(f"getFeature.{name}", f"{title}: one feature", media.GEOJSON, "feature", True)
    return {
        path: make_path(Operation(f"describe.{name}", title, schema="collection", may_miss=True)),
        f"{path}/items": make_path(items, list_items_parameters(layer)),
        f"{path}/items/{{featureId}}": make_path(item, one),
        f"{path}/schema": make_path(
            Operation(f"getSchema.{name}", f"{title}: schema", media.SCHEMA_JSON, may_miss=True)
        ),
        f"{path}/queryables": make_path(
            Operation(f"getQueryables.{name}", f"{title}: queryables", media.SCHEMA_JSON, may_miss=True)
        ),
    }


def make_path(operation: Operation, parameters: Sequence[Document] = ()) -> Document:
    """A path with its one operation, GET."""
    answers: Document = {"200": make_response("success", operation.mimetype, operation.schema)}
    if operation.has_html:
        answers["200"]["content"][media.HTML] = {"schema": {"type": "string"}}
    for status in ("400", *(["404"] if operation.may_miss else []), "500"):
        answers[status] = refer("responses", "problem")
    common = [refer("parameters", name) for name in COMMON_PARAMETERS]
    return {
        "get": {
            "operationId": operation.id,
            "tags": ["features" if operation.may_miss else "capabilities"],
            "summary": operation.summary,
            "parameters": [*parameters, *common],
            "responses": answers,
        }
    }


def list_items_parameters(layer: Layer) -> list[Document]:
    """The parameters of a collection's items: those of every collection, then the layer's own properties."""
    return [*(refer("parameters", name) for name in ITEMS_PARAMETERS), *list_property_parameters(layer)]


def list_property_parameters(layer: Layer) -> list[Document]:
    """The layer's own properties as parameters: each takes the features that have that value."""
    return [make_parameter(each.name, each.title.get_in(choose_language()), make_type(each)) for each in layer.fields]


def make_type(field: Field) -> Document:
    """The schema of a property as a parameter. QGIS filters by it only if it says a plain type."""
    schema: Document = {"type": TYPES.get(field.type, "string")}
    if field.type in FORMATS:
        schema["format"] = FORMATS[field.type]
    if field.codes:
        schema["enum"] = list(field.codes)
    return schema
