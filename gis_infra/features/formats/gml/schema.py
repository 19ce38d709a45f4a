"""The application schema: what XML Schema says of the features that `features.py` writes.

Flat, with plain types and a concrete type of geometry: with inline restrictions QGIS makes a field text or falls back
to its reader of complex features, with gml:GeometryPropertyType it has to guess.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from gis_infra.catalogue.definitions import Field, FieldType, Layer
from gis_infra.features.formats.gml.dialects import GML32, Dialect
from gis_infra.features.formats.gml.names import GEOMETRY_NAME, NAMESPACE, PREFIX

XSD_NAMESPACE = "http://www.w3.org/2001/XMLSchema"
INT_LIMIT = 2**31 - 1

XSD_TYPES: Mapping[FieldType, str] = {
    "text": "xsd:string",
    "code": "xsd:string",
    "number": "xsd:double",
    "boolean": "xsd:boolean",
    "date": "xsd:date",
    "timestamp": "xsd:dateTime",
}


@dataclass(frozen=True)
class SchemaForm:
    """What protocols and versions call differently.

    namespace: of the features. geometry_name: of the property that holds the geometry. fits_integers: whether a whole
    number whose bounds fit 32 bits is an int; else every one is a long. dialect: the version of GML.
    """

    namespace: str = NAMESPACE
    geometry_name: str = GEOMETRY_NAME
    fits_integers: bool = True
    dialect: Dialect = GML32


WFS_FORM = SchemaForm()


def render_schema(layers: Iterable[Layer], form: SchemaForm = WFS_FORM) -> bytes:
    """The XML Schema of these layers' features.

    Source: OGC 07-036 (GML 3.2.1) clause 21; OGC 03-105r1 (GML 3.1.1) clause 23; OGC 02-069 (GML 2.1.2) clause 5.
    """
    dialect = form.dialect
    schema = etree.Element(
        name("schema"),
        {"targetNamespace": form.namespace, "elementFormDefault": "qualified"},
        nsmap={"xsd": XSD_NAMESPACE, "gml": dialect.namespace, PREFIX: form.namespace},
    )
    etree.SubElement(schema, name("import"), {"namespace": dialect.namespace, "schemaLocation": dialect.schema})
    for layer in layers:
        add_layer(schema, layer, form)
    return etree.tostring(schema, xml_declaration=True, encoding="UTF-8")


def add_layer(schema: etree._Element, layer: Layer, form: SchemaForm) -> None:
    """Declare the element of a layer and its type, in the order in which features are written."""
    etree.SubElement(
        schema,
        name("element"),
        {
            "name": layer.id,
            "type": f"{PREFIX}:{layer.id}Type",
            "substitutionGroup": form.dialect.abstract_feature,
        },
    )
    definition = etree.SubElement(schema, name("complexType"), {"name": f"{layer.id}Type"})
    content = etree.SubElement(definition, name("complexContent"))
    extension = etree.SubElement(content, name("extension"), {"base": "gml:AbstractFeatureType"})
    sequence = etree.SubElement(extension, name("sequence"))
    for field in layer.fields:
        add_property(sequence, field.name, to_xsd_type(field, form), nillable="true")
    add_property(sequence, form.geometry_name, form.dialect.property_types[layer.geometry])


def add_property(sequence: etree._Element, property_name: str, type_name: str, **more: str) -> None:
    """Declare one property; it is left out of a feature that has no value for it.

    more: further attributes. A property may be nil in what a client sends, which takes its value away.
    """
    declared = {"name": property_name, "type": type_name, "minOccurs": "0", **more}
    etree.SubElement(sequence, name("element"), declared)


def to_xsd_type(field: Field, form: SchemaForm) -> str:
    """The type of a property; a whole number is int only when its bounds say that it fits."""
    if field.type != "integer":
        return XSD_TYPES[field.type]
    bounds = (field.minimum, field.maximum)
    fits = form.fits_integers and all(bound is not None and abs(bound) <= INT_LIMIT for bound in bounds)
    return "xsd:int" if fits else "xsd:long"


def name(local: str) -> str:
    """A name of XML Schema."""
    return f"{{{XSD_NAMESPACE}}}{local}"
