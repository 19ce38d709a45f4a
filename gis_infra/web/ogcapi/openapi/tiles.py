"""The part of the API definition that is about tiles."""

from typing import Any

from gis_infra.catalogue.definitions import Layer
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import media

Document = dict[str, Any]
FILTERS = ("filter", "filter-lang", "filter-crs")
AXES = {"tileMatrix": "Zoom.", "tileRow": "Row, from the north.", "tileCol": "Column, from the west."}


def list_tile_paths(layer: Layer) -> Document:
    """The paths of a collection's tile sets. Source: OGC 20-057, clause 10 (operation identifiers)."""
    title = layer.title.get_in(choose_language())
    path = f"/collections/{layer.id}/tiles"
    lists = f"{layer.id}.collection.vector.getTileSetsList"
    return {
        path: {"get": make_get(lists, f"{title}: tile sets")},
        f"{path}/WebMercatorQuad": {"get": make_get(f"{layer.id}.collection.vector.getTileSet", f"{title}: tile set")},
        f"{path}/WebMercatorQuad/{{tileMatrix}}/{{tileRow}}/{{tileCol}}": {
            "get": {
                **make_get(f"{layer.id}.collection.vector.getTile", f"{title}: a vector tile", media.MVT),
                "parameters": [
                    *(make_axis(name, words) for name, words in AXES.items()),
                    *({"$ref": f"#/components/parameters/{name}"} for name in FILTERS),
                ],
            }
        },
    }


def make_get(operation: str, summary: str, mimetype: str = media.JSON) -> Document:
    """A GET that answers with one type."""
    problem = {"$ref": "#/components/responses/problem"}
    body = {"type": "string", "format": "binary"} if mimetype == media.MVT else {"type": "object"}
    return {
        "operationId": operation,
        "tags": ["tiles"],
        "summary": summary,
        "responses": {
            "200": {"description": "success", "content": {mimetype: {"schema": body}}},
            "400": problem,
            "404": problem,
        },
    }


def make_axis(name: str, description: str) -> Document:
    """One of the three numbers of a tile's address."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "integer", "minimum": 0},
    }
