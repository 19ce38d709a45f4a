"""The capabilities of WFS 1.0.0. Source: OGC 02-058 clause 12."""

from lxml import etree

from gis_infra.features.formats.gml.names import NAMESPACE, PREFIX
from gis_infra.spatial import crs
from gis_infra.spatial.boxes import Bbox
from gis_infra.web.wfs.capabilities.declared import DeclaredOperation, list_operations
from gis_infra.web.wfs.capabilities.description import ServiceDescription, TypeEntry
from gis_infra.web.wfs.capabilities.elements import add, make_root
from gis_infra.web.wfs.capabilities.filter_1_0 import add_filters
from gis_infra.web.wfs.capabilities.wfs_1_1 import list_type_operations
from gis_infra.web.wfs.names import NAMESPACES_1_0, WFS_1, WFS_1_0_LOCATION, wfs_1
from gis_infra.web.wfs.requests.versions import Version

VERSION: Version = "1.0.0"


def make_document(service: ServiceDescription) -> etree._Element:
    """The root of the document. This version has neither sections nor, in a request, an updateSequence."""
    root = make_root(wfs_1("WFS_Capabilities"), NAMESPACES_1_0, f"{WFS_1} {WFS_1_0_LOCATION}", VERSION)
    add_service(root, service)
    requests = add(add(root, wfs_1("Capability")), wfs_1("Request"))
    for each in list_operations(service, VERSION):
        add_operation(requests, each, service.address)
    types = add(root, wfs_1("FeatureTypeList"))
    add(add(types, wfs_1("Operations")), wfs_1("Query"))
    for entry in service.types:
        add_type(types, entry, service)
    add_filters(root)
    return root


def add_service(root: etree._Element, service: ServiceDescription) -> None:
    """What the service is."""
    section = add(root, wfs_1("Service"))
    add(section, wfs_1("Name"), "WFS")
    add(section, wfs_1("Title"), service.title)
    add(section, wfs_1("Abstract"), service.abstract)
    add(section, wfs_1("Keywords"), ", ".join(service.keywords))
    add(section, wfs_1("OnlineResource"), service.address)
    add(section, wfs_1("Fees"), "NONE")
    add(section, wfs_1("AccessConstraints"), service.terms)


def add_operation(requests: etree._Element, operation: DeclaredOperation, address: str) -> None:
    """One operation. A format is an element here; the schema has but one, and others can be asked for too."""
    element = add(requests, wfs_1(operation.name))
    if operation.name == "DescribeFeatureType":
        add(add(element, wfs_1("SchemaDescriptionLanguage")), wfs_1("XMLSCHEMA"))
    if operation.name in {"GetFeature", "GetFeatureWithLock"}:
        add(add(element, wfs_1("ResultFormat")), wfs_1("GML2"))
    for method in operation.methods:
        http = add(add(element, wfs_1("DCPType")), wfs_1("HTTP"))
        add(http, wfs_1(method), onlineResource=address)


def add_type(section: etree._Element, entry: TypeEntry, service: ServiceDescription) -> None:
    """One feature type, with what the actor may do to it."""
    element = etree.SubElement(section, wfs_1("FeatureType"), nsmap={PREFIX: NAMESPACE})
    add(element, wfs_1("Name"), entry.name)
    add(element, wfs_1("Title"), entry.layer.title.vi)
    add(element, wfs_1("Abstract"), entry.summary)
    add(element, wfs_1("Keywords"), ", ".join(service.list_keywords(entry.layer)))
    add(element, wfs_1("SRS"), f"EPSG:{service.srids[0]}")
    operations = add(element, wfs_1("Operations"))
    for name in list_type_operations(entry, service, VERSION):
        add(operations, wfs_1(name))
    add(element, wfs_1("LatLongBoundingBox"), **to_edges(entry.extent or service.extent, service.srids[0]))


def to_edges(box: Bbox, srid: int) -> dict[str, str]:
    """The attributes of a LatLongBoundingBox, which is in the SRS of its type whatever its name says.

    box: longitude/latitude. Servers that give degrees make clients guess; OWSLib takes them for metres.
    Source: the comment on LatLongBoundingBoxType in the schema WFS-capabilities.xsd.
    """
    edges = crs.get_transformer(crs.WGS84, srid).transform_bounds(box.xmin, box.ymin, box.xmax, box.ymax)
    digits = 7 if crs.is_geographic(srid) else 2
    return {name: f"{edge:.{digits}f}" for name, edge in zip(("minx", "miny", "maxx", "maxy"), edges, strict=True)}
