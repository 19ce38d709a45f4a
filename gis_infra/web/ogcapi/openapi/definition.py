"""The API definition: OpenAPI 3.0, complete in itself, with a literal path per collection the actor may see.

QGIS takes its page size from `components.parameters.limit` and the properties it can filter by from the parameters of
`/collections/{id}/items`; it follows no reference out of the document. What the caller may not do is not in it. It is
made once for all who see and may do the same, and kept.
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from gis_infra import __version__
from gis_infra.accounts.actor import Actor
from gis_infra.catalogue.definitions import Catalogue, Layer
from gis_infra.features.formats import geojson
from gis_infra.settings import Settings
from gis_infra.web.actors import get_actor
from gis_infra.web.context import get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.landing import make_title
from gis_infra.web.ogcapi.openapi import processes, versions, writing
from gis_infra.web.ogcapi.openapi.exports import list_export_paths
from gis_infra.web.ogcapi.openapi.features import list_layer_paths, list_universal_parameters, make_page
from gis_infra.web.ogcapi.openapi.parts import (
    COMMON_PARAMETERS,
    HEADERS,
    SCHEMAS,
    Document,
    Operation,
    list_problems,
    make_parameters,
    make_problems,
    make_response,
    refer_all,
)
from gis_infra.web.ogcapi.openapi.processes import list_process_paths
from gis_infra.web.ogcapi.openapi.register import list_register_paths
from gis_infra.web.ogcapi.openapi.schedules import list_schedule_paths
from gis_infra.web.ogcapi.openapi.schemas import list_schemas
from gis_infra.web.ogcapi.openapi.tiles import list_tile_paths
from gis_infra.web.ogcapi.openapi.versions import list_history_paths, list_restoring_paths
from gis_infra.web.ogcapi.openapi.writing import list_writing_paths
from gis_infra.web.ogcapi.parameters import require_known

MEMORY = "gis_infra_openapi"
KEPT = 8  # documents; one of every layer is about a megabyte
TAGS = ("capabilities", "features", "editing", "history", "schemas", "tiles", "processes", "conflicts", "coverage")


@dataclass(frozen=True)
class Scope:
    """For whom a definition is made: what they see, what of it they may change, how they read and reach it.

    base: the address of the landing page.
    """

    readable: tuple[str, ...]
    editable: frozenset[str]
    language: str
    base: str


def register(blueprint: Blueprint) -> None:
    """Give each application that uses the blueprint a memory of definitions of its own."""
    blueprint.record_once(make_memory)


def make_memory(state: BlueprintSetupState) -> None:
    """Put an empty memory of definitions into the application."""
    memory: OrderedDict[Scope, bytes] = OrderedDict()
    state.app.extensions[MEMORY] = memory


def show_api() -> Response:
    """The API definition. Source: OGC 17-069r4, clauses 7.3 and 9."""
    require_known(request.args)
    scope = find_scope(get_services().catalogue, get_actor())
    if media.choose_form() == "html":
        return media.answer_html("api.html", document=make_document(get_services().settings, scope))
    return media.answer_bytes(render_kept(scope), media.OPENAPI)


def find_scope(catalogue: Catalogue, actor: Actor) -> Scope:
    """For whom the definition of this request is made."""
    layers = actor.list_readable(catalogue)
    editable = frozenset(layer.id for layer in layers if actor.is_allowed("edit", layer))
    return Scope(tuple(layer.id for layer in layers), editable, choose_language(), links.get_base())


def render_kept(scope: Scope) -> bytes:
    """The definition for `scope`, made unless it is among those made last."""
    memory: OrderedDict[Scope, bytes] = current_app.extensions[MEMORY]
    body = memory.get(scope)
    if body is None:
        body = memory[scope] = geojson.render(make_document(get_services().settings, scope))
        while len(memory) > KEPT:
            memory.popitem(last=False)
    return body


def render_for_all(settings: Settings, layers: Sequence[str], language: str) -> bytes:
    """The definition as somebody sees it who may do everything with these layers, without a server's address.

    Runs in a request of an application. Raises UnknownLayer.
    """
    scope = Scope(tuple(layers), frozenset(layers), language, "/ogc")
    return geojson.render(make_document(settings, scope))


def make_document(settings: Settings, scope: Scope) -> Document:
    """The whole definition."""
    catalogue = get_services().catalogue
    layers = [catalogue.get_layer(each) for each in scope.readable]
    return {
        "openapi": "3.0.3",
        "info": {"title": make_title(choose_language()), "version": __version__, "license": {"name": "MIT"}},
        "servers": [{"url": scope.base}],
        "tags": [{"name": name} for name in TAGS],
        "paths": make_paths(layers, scope.editable),
        "components": make_components(settings, layers),
        "security": [{}, {"basic": []}, {"bearer": []}],
    }


def make_paths(layers: Sequence[Layer], editable: Collection[str]) -> Document:
    """Every path with its operations. editable: ids of the layers that may be changed."""
    own = {**list_common_paths(), **list_register_paths(), **list_schedule_paths()}
    paths: Document = {**render_paths(own), **list_process_paths()}
    for layer in layers:
        paths.update(render_paths({**list_layer_paths(layer), **list_history_paths(layer)}))
        if layer.id in editable:
            for path, operations in render_paths({**list_writing_paths(layer), **list_restoring_paths(layer)}).items():
                paths[path] = {**paths.get(path, {}), **operations}
        paths.update(list_tile_paths(layer))
        paths.update(render_paths(list_export_paths(layer)))
    return paths


def render_paths(paths: Mapping[str, Mapping[str, Operation]]) -> Document:
    """The operations as OpenAPI has them."""
    return {
        path: {method: operation.render() for method, operation in operations.items()}
        for path, operations in paths.items()
    }


def make_components(settings: Settings, layers: Sequence[Layer]) -> Document:
    """What paths refer to."""
    return {
        "parameters": {
            **make_parameters(settings.max_page, settings.city_srid),
            **list_universal_parameters(layers),
            **writing.PARAMETERS,
            **versions.PARAMETERS,
        },
        "headers": dict(HEADERS),
        "schemas": {
            **SCHEMAS,
            **processes.SCHEMAS,
            **writing.SCHEMAS,
            **versions.SCHEMAS,
            **list_schemas(layers, settings.city_extent),
        },
        "responses": make_problems(),
        "securitySchemes": {
            "basic": {"type": "http", "scheme": "basic"},
            "bearer": {"type": "http", "scheme": "bearer"},
        },
    }


def list_common_paths() -> dict[str, dict[str, Operation]]:
    """The paths that belong to no collection."""
    style = make_response("a MapLibre style of every layer", media.STYLE)
    return {
        "/": make_get("getLandingPage", "Landing page", make_page(make_response("links", media.JSON, "landingPage"))),
        "/conformance": make_get(
            "getConformance", "Conformance", make_page(make_response("classes", media.JSON, "confClasses"))
        ),
        "/api": make_get("getApi", "This definition", make_page(make_response("OpenAPI 3.0", media.OPENAPI))),
        "/collections": make_get(
            "getCollections", "Collections", make_page(make_response("collections", media.JSON, "collections"))
        ),
        "/functions": make_get(
            "getFunctions", "Functions of filters", make_page(make_response("functions", media.JSON, "functions"))
        ),
        "/styles/infra": make_get("getStyle", "Style of the map", style),
    }


def make_get(name: str, summary: str, answer: Document) -> dict[str, Operation]:
    """A path that is only read."""
    answers = {"200": answer, **list_problems()}
    return {"get": Operation(name, "capabilities", summary, answers, refer_all(COMMON_PARAMETERS))}
