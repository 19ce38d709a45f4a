"""Tiles of a collection, their metadata (which is also TileJSON), and the list of a collection's tile sets."""

import gzip
from collections.abc import Mapping
from typing import Any, cast

from flask import Blueprint, Flask, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import MissingError
from gis_infra.features.state import get_tally
from gis_infra.spatial.boxes import Bbox
from gis_infra.storage.transactions import reading
from gis_infra.tiles.addresses import DEEPEST_ZOOM, TileAddress, parse_address
from gis_infra.tiles.making import get_least_zoom, list_columns
from gis_infra.tiles.query import TileQuery
from gis_infra.tiles.serving import get_tile
from gis_infra.tiles.shelf import Shelf, make_shelf
from gis_infra.tiles.source import TileSource
from gis_infra.web.actors import get_actor
from gis_infra.web.context import EXTENSION, Services, get_services
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.collections import get_layer
from gis_infra.web.ogcapi.parameters import FILTERS, parse_filter, require_known
from gis_infra.web.ogcapi.ready_tiles import GIVEN, REFUSED, ReadyTiles

# Tiles of a part of a layer have a shelf of their own, so that however many filters are asked for, whole ones stay.
SHELF, FILTERED = "gis_infra_tiles", "gis_infra_filtered_tiles"
MEMORY_BYTES: Mapping[str, int] = {SHELF: 256 * 1024 * 1024, FILTERED: 64 * 1024 * 1024}
# Of what whole tiles are made; those of a part are made by the database.
SHEET_BYTES: Mapping[str, int] = {SHELF: 128 * 1024 * 1024, FILTERED: 0}
DISK_BYTES_OF_MEGABYTE: Mapping[str, int] = {SHELF: 750_000, FILTERED: 250_000}
FOLDERS: Mapping[str, str] = {SHELF: "tiles", FILTERED: "filtered_tiles"}
MATRIX_SET = "WebMercatorQuad"
MATRIX_SET_URI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
WEB_MERCATOR_URI = "http://www.opengis.net/def/crs/EPSG/0/3857"
# Deeper tiles show no more: at zoom 16 a tile unit is 15 cm; maps stretch these.
LAST_ZOOM = 16


def register(blueprint: Blueprint) -> None:
    """Give each application that uses the blueprint shelves for its tiles."""
    blueprint.record_once(set_up)


def set_up(state: BlueprintSetupState) -> None:
    """Put the shelves into the application: a memory of its own, and the files of all processes with this home."""
    services: Services = state.app.extensions[EXTENSION]
    for name, folder in FOLDERS.items():
        room = services.settings.tile_cache_mb * DISK_BYTES_OF_MEGABYTE[name]
        home = services.settings.home / "cache" / folder
        shelf = make_shelf(home, MEMORY_BYTES[name], room, SHEET_BYTES[name])
        state.app.extensions[name] = shelf
    app = cast(Flask, state.app)
    source = make_source(services, app.extensions[SHELF])
    app.wsgi_app = ReadyTiles(app.wsgi_app, source)  # type: ignore[method-assign]  # as Flask recommends


def make_source(services: Services, shelf: Shelf) -> TileSource:
    """Where the tiles of a shelf come from."""
    return TileSource(services.engine, services.tables, shelf, services.settings.read_limit_s)


def show_tile(collection_id: str, matrix_set: str, zoom: str, row: str, column: str) -> Response:
    """One tile, 200 even if empty; 304 if the client's is still right.

    Raises UnknownLayer, InvalidParameter, MissingError, BusyError; FilterError, UnknownProperty, InvalidCrs.
    Source: OGC 20-057, /req/core/tc-success; OGC 19-079r2, clause 8; Mapbox Vector Tile Specification 2.1.
    """
    require_known(request.args, FILTERS)
    require_matrix_set(matrix_set)
    if REFUSED in request.environ:
        raise request.environ[REFUSED]
    services, layer = get_services(), get_layer(collection_id)
    query = parse_query(request.args, layer, parse_address(zoom, row, column))
    shelf: Shelf = current_app.extensions[SHELF if query.condition is None else FILTERED]
    tile = get_tile(make_source(services, shelf), query, frozenset(request.if_none_match.as_set(include_weak=True)))
    if query.actor.is_anonymous and query.condition is None:
        request.environ[GIVEN] = layer
    # "no-cache" lets a browser keep the tile but makes it ask each time whether it is still right.
    kept_by = "no-cache" if query.actor.is_anonymous else "private, no-cache"
    headers = {"Cache-Control": kept_by, "ETag": f'"{tile.tag}"'}
    if tile.body is None:
        return Response(status=304, headers=headers)
    return answer_compressed(tile.body, headers)


def parse_query(arguments: Mapping[str, str], layer: Layer, address: TileAddress) -> TileQuery:
    """What a request for a tile asks. Raises InvalidParameter, FilterError, InvalidCrs."""
    condition = parse_filter(arguments, get_services().settings.city_srid)
    asked = sorted(FILTERS.intersection(arguments)) if condition is not None else ()
    words = tuple(part for name in asked for part in (name, arguments[name]))
    return TileQuery(layer, get_actor(), address, condition, words)


def answer_compressed(body: bytes, headers: dict[str, str]) -> Response:
    """A gzip-compressed tile as it is kept, or unpacked for a client that does not take gzip."""
    headers["Vary"] = "Accept-Encoding"
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        return Response(body, content_type=media.MVT, headers={**headers, "Content-Encoding": "gzip"})
    return Response(gzip.decompress(body), content_type=media.MVT, headers=headers)


def require_matrix_set(matrix_set: str) -> None:
    """Return if tiles are cut so. Raises MissingError."""
    if matrix_set != MATRIX_SET:
        raise MissingError(
            f"there is no tile matrix set {matrix_set[:40]!r}, there is {MATRIX_SET}", where="tileMatrixSetId"
        )


def show_tilesets(collection_id: str) -> Response:
    """The list of a collection's tile sets.

    Raises UnknownLayer. Source: OGC 20-057, /req/tilesets-list/tileset-links.
    """
    require_known(request.args)
    layer = get_layer(collection_id)
    path = f"/collections/{layer.id}/tiles"
    tileset = {
        "title": layer.title.get_in(choose_language()),
        "dataType": "vector",
        "crs": WEB_MERCATOR_URI,
        "tileMatrixSetURI": MATRIX_SET_URI,
        # Clients follow each of these; the template of the tiles stands in the tile set itself.
        "links": [links.make_link("self", links.make_url(f"{path}/{MATRIX_SET}"), media.JSON)],
    }
    document = {"links": links.list_self_links(path), "tilesets": [tileset]}
    return media.answer(document, "tilesets.html", layer=layer, address=make_template(layer))


def show_tileset(collection_id: str, matrix_set: str) -> Response:
    """What a tile set is, for OGC clients and, in the same document, for TileJSON ones.

    Raises UnknownLayer, MissingError. Source: OGC 17-083r4, clause 9 (TileSet); TileJSON 3.0.0.
    """
    require_known(request.args)
    require_matrix_set(matrix_set)
    services, layer = get_services(), get_layer(collection_id)
    with reading(services.engine, services.settings.read_limit_s) as connection:
        tally = get_tally(connection, layer, get_actor())
    path = f"/collections/{layer.id}/tiles/{MATRIX_SET}"
    document = {
        **make_tilejson(layer, tally.extent),
        "title": layer.title.get_in(choose_language()),
        "dataType": "vector",
        "crs": WEB_MERCATOR_URI,
        "tileMatrixSetURI": MATRIX_SET_URI,
        "tileMatrixSetLimits": list_limits(),
        "links": [*links.list_self_links(path), *list_tile_links(layer)],
    }
    return media.answer(document, "tilesets.html", layer=layer, address=make_template(layer))


def list_limits() -> list[dict[str, Any]]:
    """Which tiles there are at each zoom: all of them, empty where the layer has nothing."""
    return [
        {"tileMatrix": f"{zoom}", "minTileRow": 0, "maxTileRow": last, "minTileCol": 0, "maxTileCol": last}
        for zoom in range(DEEPEST_ZOOM + 1)
        for last in (2**zoom - 1,)
    ]


def make_tilejson(layer: Layer, extent: Bbox | None) -> dict[str, Any]:
    """The members TileJSON asks for. extent: longitude/latitude, None if there is nothing."""
    fields = {name: layer.get_field(name).title.get_in(choose_language()) for name in list_columns(layer)}
    document: dict[str, Any] = {
        "tilejson": "3.0.0",
        "name": layer.id,
        "tiles": [make_template(layer)],
        "minzoom": min(get_least_zoom(layer), LAST_ZOOM),
        "maxzoom": LAST_ZOOM,
        "vector_layers": [{"id": layer.id, "fields": fields}],
    }
    if extent is not None:
        document["bounds"] = [extent.xmin, extent.ymin, extent.xmax, extent.ymax]
    return document


def make_template(layer: Layer) -> str:
    """The address of the layer's tiles as map libraries write it."""
    return links.make_url(f"/collections/{layer.id}/tiles/{MATRIX_SET}/{{z}}/{{y}}/{{x}}")


def list_tile_links(layer: Layer) -> list[links.Link]:
    """Links from a tile set to its tiles and to the scheme they are cut by."""
    template = make_template(layer).replace("{z}/{y}/{x}", "{tileMatrix}/{tileRow}/{tileCol}")
    return [
        {**links.make_link("item", template, media.MVT), "templated": True},
        links.make_link(links.REL_TILING_SCHEME, MATRIX_SET_URI, media.JSON),
        links.make_link("geodata", links.make_url(f"/collections/{layer.id}"), media.JSON),
    ]
