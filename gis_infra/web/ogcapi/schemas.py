"""The schema of a collection and the properties it can be filtered by, as JSON Schema.

QGIS and GDAL take field types and the geometry type from here; without it they guess from the first ten features.
"""

from typing import Any

from flask import Response, request

from gis_infra.catalogue.definitions import Layer
from gis_infra.catalogue.schemas import to_json_schema
from gis_infra.web.languages import choose_language
from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.collections import get_layer
from gis_infra.web.ogcapi.parameters import require_known
from gis_infra.web.ogcapi.words import get_words


def show_schema(collection_id: str) -> Response:
    """The schema of the features of a collection. Raises UnknownLayer. Source: OGC 23-058, clause 7."""
    return answer_schema(get_layer(collection_id), "schema")


def show_queryables(collection_id: str) -> Response:
    """The properties usable as query parameters. Raises UnknownLayer. Source: OGC 19-079r2, clause 6.2."""
    return answer_schema(get_layer(collection_id), "queryables")


def answer_schema(layer: Layer, kind: str) -> Response:
    """The layer's JSON Schema under the address of its `kind`."""
    require_known(request.args)
    heading = get_words(choose_language())[kind]
    return media.answer(
        make_schema(layer, kind), "schema.html", mimetype=media.SCHEMA_JSON, layer=layer, heading=heading
    )


def make_schema(layer: Layer, kind: str) -> dict[str, Any]:
    """The schema as a document of its own; among the queryables nothing is required and nothing else exists."""
    document = {
        **to_json_schema(layer, choose_language()),
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": links.make_url(f"/collections/{layer.id}/{kind}"),
    }
    if kind == "queryables":
        document.pop("required", None)
        document["additionalProperties"] = False
    return document
