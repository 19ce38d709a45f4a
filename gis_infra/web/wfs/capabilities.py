"""GetCapabilities: what the service can do and which types the actor may see. It says nothing that is not so.

Pure. The hrefs are used literally by clients, so they must be the address the client can reach.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lxml import etree

from gis_infra.catalogue.definitions import Layer
from gis_infra.errors import InvalidParameter
from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX
from gis_infra.filters.fes import COMPARISONS, RELATIONS
from gis_infra.spatial import crs
from gis_infra.spatial.boxes import Bbox
from gis_infra.web.wfs.names import (
    GET_FEATURE_BY_ID,
    NAMESPACES,
    OUTPUT_FORMATS,
    VERSION,
    WFS,
    WFS_LOCATION,
    XML_LANG,
    fes,
    ows,
    wfs,
    xlink,
    xsi,
)

# Source: OGC 09-025r2 table 13.
CONSTRAINTS: Mapping[str, bool] = {
    "ImplementsSimpleWFS": True,
    "ImplementsBasicWFS": False,
    "ImplementsTransactionalWFS": False,
    "ImplementsLockingWFS": False,
    "KVPEncoding": True,
    "XMLEncoding": True,
    "SOAPEncoding": False,
    "ImplementsInheritance": False,
    "ImplementsRemoteResolve": False,
    "ImplementsResultPaging": True,
    "ImplementsStandardJoins": False,
    "ImplementsSpatialJoins": False,
    "ImplementsTemporalJoins": False,
    "ImplementsFeatureVersioning": False,
    "ManageStoredQueries": False,
}
# Source: OGC 09-026r2 table 1.
FILTER_CONFORMANCE: Mapping[str, bool] = {
    "ImplementsQuery": True,
    "ImplementsAdHocQuery": True,
    "ImplementsFunctions": False,
    "ImplementsResourceId": True,
    "ImplementsMinStandardFilter": True,
    "ImplementsStandardFilter": True,
    "ImplementsMinSpatialFilter": True,
    "ImplementsSpatialFilter": False,
    "ImplementsMinTemporalFilter": False,
    "ImplementsTemporalFilter": False,
    "ImplementsVersionNav": False,
    "ImplementsSorting": True,
    "ImplementsExtendedOperators": False,
    "ImplementsMinimumXPath": True,
    "ImplementsSchemaElementFunc": False,
}
OPERATORS = (*COMPARISONS, "PropertyIsLike", "PropertyIsNull", "PropertyIsNil", "PropertyIsBetween")
GEOMETRY_OPERANDS = (
    *("Point", "LineString", "Curve", "Polygon", "Surface", "Envelope"),
    *("MultiPoint", "MultiCurve", "MultiSurface", "MultiGeometry"),
)
OPERATIONS = ("GetCapabilities", "DescribeFeatureType", "GetFeature", "ListStoredQueries", "DescribeStoredQueries")
PARAMETERS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "GetCapabilities": {
        "AcceptVersions": (VERSION,),
        "Sections": (
            *("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList"),
            "Filter_Capabilities",
        ),
    },
    "GetFeature": {"resultType": ("results", "hits"), "outputFormat": OUTPUT_FORMATS, "resolve": ("local",)},
    "DescribeFeatureType": {"outputFormat": OUTPUT_FORMATS[:3]},
}


@dataclass(frozen=True)
class TypeEntry:
    """A feature type the actor may see, and the longitude/latitude box of its features (None if it has none)."""

    layer: Layer
    extent: Bbox | None


@dataclass(frozen=True)
class ServiceDescription:
    """What the capabilities tell.

    address: of the service, as the client reaches it. srids: CRSs on offer, the default first.
    """

    address: str
    city_name: str
    srids: tuple[int, ...]
    max_page: int
    types: tuple[TypeEntry, ...]


def render_capabilities(service: ServiceDescription, sections: frozenset[str]) -> bytes:
    """The capabilities document. sections: names of those wanted; "All" is all of them.

    Raises InvalidParameter for a section that does not exist.
    Source: OGC 09-025r2 clause 8.3.
    """
    unknown = sections - SECTIONS.keys() - {"All"}
    if unknown:
        raise InvalidParameter(
            f"sections are {', '.join(SECTIONS)} or All, got {', '.join(sorted(unknown))[:60]!r}", where="sections"
        )
    root = etree.Element(wfs("WFS_Capabilities"), {"version": VERSION}, nsmap=NAMESPACES)
    root.set(xsi("schemaLocation"), f"{WFS} {WFS_LOCATION}")
    for name, add in SECTIONS.items():
        if name in sections or "All" in sections:
            add(root, service)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def add_identification(root: etree._Element, service: ServiceDescription) -> None:
    """What the service is."""
    section = etree.SubElement(root, ows("ServiceIdentification"))
    add_text(section, ows("Title"), f"Infrastructure of {service.city_name}")
    add_text(section, ows("Abstract"), "Telecom, power, water, drainage and environment of one city, layer by layer.")
    add_text(section, ows("ServiceType"), "WFS")
    add_text(section, ows("ServiceTypeVersion"), VERSION)
    add_text(section, ows("Fees"), "NONE")
    add_text(section, ows("AccessConstraints"), "NONE")


def add_provider(root: etree._Element, service: ServiceDescription) -> None:
    """Who runs the service."""
    section = etree.SubElement(root, ows("ServiceProvider"))
    add_text(section, ows("ProviderName"), service.city_name)
    etree.SubElement(section, ows("ServiceContact"))


def add_operations(root: etree._Element, service: ServiceDescription) -> None:
    """The operations, their addresses and the constraints of the service."""
    section = etree.SubElement(root, ows("OperationsMetadata"))
    for name in OPERATIONS:
        operation = etree.SubElement(section, ows("Operation"), {"name": name})
        http = etree.SubElement(etree.SubElement(operation, ows("DCP")), ows("HTTP"))
        for method in ("Get", "Post"):
            etree.SubElement(http, ows(method), {xlink("href"): service.address})
        for parameter, values in PARAMETERS.get(name, {}).items():
            add_allowed(etree.SubElement(operation, ows("Parameter"), {"name": parameter}), values)
    add_allowed(etree.SubElement(section, ows("Parameter"), {"name": "version"}), (VERSION,))
    for name, holds in CONSTRAINTS.items():
        add_constraint(section, name, to_flag(holds))
    add_constraint(section, "CountDefault", str(service.max_page))
    add_allowed(
        etree.SubElement(section, ows("Constraint"), {"name": "QueryExpressions"}), ("wfs:Query", "wfs:StoredQuery")
    )


def add_types(root: etree._Element, service: ServiceDescription) -> None:
    """The feature types, in the order of the catalogue."""
    section = etree.SubElement(root, wfs("FeatureTypeList"))
    for entry in service.types:
        add_type(section, entry, service.srids)


def add_type(section: etree._Element, entry: TypeEntry, srids: tuple[int, ...]) -> None:
    """One feature type. QGIS looks for the binding of its prefix on the element itself."""
    layer = entry.layer
    element = etree.SubElement(section, wfs("FeatureType"), nsmap={PREFIX: NAMESPACE})
    add_text(element, wfs("Name"), f"{PREFIX}:{layer.id}")
    for language in ("vi", "en"):
        add_text(element, wfs("Title"), layer.title.get_in(language), language)
    if layer.description is not None:
        add_text(element, wfs("Abstract"), layer.description.vi, "vi")
        add_text(element, wfs("Abstract"), layer.description.en, "en")
    keywords = etree.SubElement(element, ows("Keywords"))
    add_text(keywords, ows("Keyword"), layer.sector)
    add_text(element, wfs("DefaultCRS"), crs.to_urn(srids[0]))
    for srid in srids[1:]:
        add_text(element, wfs("OtherCRS"), crs.to_urn(srid))
    formats = etree.SubElement(element, wfs("OutputFormats"))
    for name in OUTPUT_FORMATS:
        add_text(formats, wfs("Format"), name)
    if entry.extent is not None:
        add_extent(element, entry.extent)


def add_extent(element: etree._Element, extent: Bbox) -> None:
    """The box a type's features lie in, longitude first. Source: OGC 06-121r9 clause 10.2.2."""
    box = etree.SubElement(element, ows("WGS84BoundingBox"))
    add_text(box, ows("LowerCorner"), f"{extent.xmin:.7f} {extent.ymin:.7f}")
    add_text(box, ows("UpperCorner"), f"{extent.xmax:.7f} {extent.ymax:.7f}")


def add_filters(root: etree._Element, service: ServiceDescription) -> None:
    """What a filter may say. Source: OGC 09-026r2 clause 7.13."""
    section = etree.SubElement(root, fes("Filter_Capabilities"))
    conformance = etree.SubElement(section, fes("Conformance"))
    for name, holds in FILTER_CONFORMANCE.items():
        constraint = etree.SubElement(conformance, fes("Constraint"), {"name": name})
        etree.SubElement(constraint, ows("NoValues"))
        add_text(constraint, ows("DefaultValue"), to_flag(holds))
    ids = etree.SubElement(section, fes("Id_Capabilities"))
    etree.SubElement(ids, fes("ResourceIdentifier"), {"name": "fes:ResourceId"})
    scalar = etree.SubElement(section, fes("Scalar_Capabilities"))
    etree.SubElement(scalar, fes("LogicalOperators"))
    operators = etree.SubElement(scalar, fes("ComparisonOperators"))
    for name in OPERATORS:
        etree.SubElement(operators, fes("ComparisonOperator"), {"name": name})
    spatial = etree.SubElement(section, fes("Spatial_Capabilities"))
    operands = etree.SubElement(spatial, fes("GeometryOperands"))
    for name in GEOMETRY_OPERANDS:
        etree.SubElement(operands, fes("GeometryOperand"), {"name": f"gml:{name}"})
    relations = etree.SubElement(spatial, fes("SpatialOperators"))
    for name in ("BBOX", *RELATIONS):
        etree.SubElement(relations, fes("SpatialOperator"), {"name": name})


SECTIONS: Mapping[str, Callable[[etree._Element, ServiceDescription], None]] = {
    "ServiceIdentification": add_identification,
    "ServiceProvider": add_provider,
    "OperationsMetadata": add_operations,
    "FeatureTypeList": add_types,
    "Filter_Capabilities": add_filters,
}


def render_stored_queries(types: Sequence[Layer]) -> bytes:
    """The answer to ListStoredQueries: the one that every WFS has. Source: OGC 09-025r2 clause 14.3."""
    root = etree.Element(wfs("ListStoredQueriesResponse"), nsmap=NAMESPACES)
    root.set(xsi("schemaLocation"), f"{WFS} {WFS_LOCATION}")
    query = etree.SubElement(root, wfs("StoredQuery"), {"id": GET_FEATURE_BY_ID})
    add_text(query, wfs("Title"), "Feature by its id", "en")
    for layer in types:
        add_text(query, wfs("ReturnFeatureType"), f"{PREFIX}:{layer.id}")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def render_stored_query(types: Sequence[Layer]) -> bytes:
    """The answer to DescribeStoredQueries. Source: OGC 09-025r2 clause 14.4."""
    root = etree.Element(wfs("DescribeStoredQueriesResponse"), nsmap=NAMESPACES)
    root.set(xsi("schemaLocation"), f"{WFS} {WFS_LOCATION}")
    query = etree.SubElement(root, wfs("StoredQueryDescription"), {"id": GET_FEATURE_BY_ID})
    add_text(query, wfs("Title"), "Feature by its id", "en")
    etree.SubElement(query, wfs("Parameter"), {"name": "id", "type": "xsd:string"}, nsmap={"xsd": XSD})
    definition = {
        "returnFeatureTypes": " ".join(f"{PREFIX}:{layer.id}" for layer in types),
        "language": "urn:ogc:def:queryLanguage:OGC-WFS::WFSQueryExpression",
        "isPrivate": "true",
    }
    etree.SubElement(query, wfs("QueryExpressionText"), definition)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


XSD = "http://www.w3.org/2001/XMLSchema"


def add_text(parent: etree._Element, name: str, text: str, language: str = "") -> None:
    """Add an element that holds text, in a language if one is said."""
    element = etree.SubElement(parent, name)
    element.text = text
    if language:
        element.set(XML_LANG, language)


def add_allowed(element: etree._Element, values: Sequence[str]) -> None:
    """Add the values a parameter may have."""
    allowed = etree.SubElement(element, ows("AllowedValues"))
    for value in values:
        add_text(allowed, ows("Value"), value)


def add_constraint(section: etree._Element, name: str, value: str) -> None:
    """Add a constraint of the service with its value."""
    constraint = etree.SubElement(section, ows("Constraint"), {"name": name})
    etree.SubElement(constraint, ows("NoValues"))
    add_text(constraint, ows("DefaultValue"), value)


def to_flag(holds: bool) -> str:
    """A truth value as clients compare it, letter by letter."""
    return "TRUE" if holds else "FALSE"
