"""The schema of a collection as XML Schema, which is what GDAL reads field types and the geometry type from.

Its JSON Schema reader knows no geometry type, so that an empty collection would have none.
"""

from collections.abc import Mapping

from flask import Response, request
from lxml import etree

from gis_infra.catalogue.definitions import FieldType, GeometryType, Layer
from gis_infra.web.ogcapi import links, media
from gis_infra.web.ogcapi.collections import get_layer
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
    layer = get_layer(collection_id)
    return media.answer_bytes(render_xml_schema(layer, f"{links.get_base()}/collections/{layer.id}"), XML)


def render_xml_schema(layer: Layer, namespace: str) -> bytes:
    """The GML application schema of one layer, its properties as they are called in GeoJSON."""
    names = {"xsd": XSD, "gml": GML, "infra": namespace}
    root = etree.Element(f"{{{XSD}}}schema", nsmap=names, targetNamespace=namespace, elementFormDefault="qualified")
    add(root, "import", namespace=GML, schemaLocation=GML_SCHEMA)
    feature = {"name": layer.id, "type": f"infra:{layer.id}Type", "substitutionGroup": "gml:AbstractFeature"}
    add(root, "element", **feature)
    content = add(add(root, "complexType", name=f"{layer.id}Type"), "complexContent")
    sequence = add(add(content, "extension", base="gml:AbstractFeatureType"), "sequence")
    for field in layer.fields:
        add(sequence, "element", name=field.name, type=TYPES[field.type], minOccurs="0")
    add(sequence, "element", name="geometry", type=GEOMETRY_TYPES[layer.geometry], minOccurs="0")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def add(parent: etree._Element, tag: str, **attributes: str) -> etree._Element:
    """A new element of XML Schema at the end of `parent`."""
    return etree.SubElement(parent, f"{{{XSD}}}{tag}", attributes)
