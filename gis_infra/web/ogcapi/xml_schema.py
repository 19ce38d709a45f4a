"""The schema of a collection as XML Schema, which is what GDAL reads field types and the geometry type from.

Its JSON Schema reader knows no geometry type, so that an empty collection would have none.
"""

from collections.abc import Mapping

from flask import Response, request
from lxml import etree
from lxml.builder import ElementMaker

from gis_infra.catalogue.definitions import FieldType, GeometryType, Layer
from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.collections import find_layer
from gis_infra.web.ogcapi.parameters import require_known

XML = "application/xml"
XSD = "http://www.w3.org/2001/XMLSchema"
GML = "http://www.opengis.net/gml/3.2"
GML_SCHEMA = "http://schemas.opengis.net/gml/3.2.1/gml.xsd"
TYPES: Mapping[FieldType, str] = {
    "text": "xsd:string",
    "code": "xsd:string",
    "integer": "xsd:long",
    "number": "xsd:double",
    "boolean": "xsd:boolean",
    "date": "xsd:date",
    "timestamp": "xsd:dateTime",
}
GEOMETRY_TYPES: Mapping[GeometryType, str] = {
    "Point": "gml:PointPropertyType",
    "MultiPoint": "gml:MultiPointPropertyType",
    "LineString": "gml:CurvePropertyType",
    "MultiLineString": "gml:MultiCurvePropertyType",
    "Polygon": "gml:SurfacePropertyType",
    "MultiPolygon": "gml:MultiSurfacePropertyType",
}


def show_xml_schema(collection_id: str) -> Response:
    """The schema of the features of a collection. Raises UnknownLayer. Source: OGC 07-036, clause 21."""
    require_known(request.args)
    layer = find_layer(collection_id)
    return media.answer_bytes(render_xml_schema(layer, f"{links.get_base()}/collections/{layer.id}"), XML)


def render_xml_schema(layer: Layer, namespace: str) -> bytes:
    """The GML application schema of one layer, its properties as they are called in GeoJSON."""
    xsd = ElementMaker(namespace=XSD, nsmap={"xsd": XSD, "gml": GML, "infra": namespace})
    fields = [(field.name, TYPES[field.type]) for field in layer.fields]
    elements = [
        xsd.element(name=name, type=kind, minOccurs="0")
        for name, kind in (*fields, ("geometry", GEOMETRY_TYPES[layer.geometry]))
    ]
    feature_type = f"{layer.id}Type"
    root = xsd.schema(
        getattr(xsd, "import")(namespace=GML, schemaLocation=GML_SCHEMA),
        xsd.element(name=layer.id, type=f"infra:{feature_type}", substitutionGroup="gml:AbstractFeature"),
        xsd.complexType(
            xsd.complexContent(xsd.extension(xsd.sequence(*elements), base="gml:AbstractFeatureType")),
            name=feature_type,
        ),
        targetNamespace=namespace,
        elementFormDefault="qualified",
    )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
