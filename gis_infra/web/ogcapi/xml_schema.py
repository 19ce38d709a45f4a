"""The schema of a collection as XML Schema, which is what GDAL reads field types and the geometry type from.

Its JSON Schema reader knows no geometry type, so that an empty collection would have none.
"""

from flask import Response, request

from gis_infra.catalogue.definitions import Layer
from gis_infra.features.formats.gml.schema import SchemaForm, render_schema
from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.collections import get_layer
from gis_infra.web.ogcapi.parameters import require_known

XML = "application/xml"


def show_xml_schema(collection_id: str) -> Response:
    """The schema of the features of a collection. Raises UnknownLayer. Source: OGC 07-036, clause 21."""
    require_known(request.args)
    layer = get_layer(collection_id)
    return media.answer_bytes(render_layer(layer, f"{links.get_base()}/collections/{layer.id}"), XML)


def render_layer(layer: Layer, namespace: str) -> bytes:
    """The GML application schema of one layer, its properties as they are called in GeoJSON."""
    return render_schema([layer], SchemaForm(namespace, "geometry", fits_integers=False))
